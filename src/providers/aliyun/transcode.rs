//! `transcode` on Alibaba Cloud ApsaraVideo Live: transcode templates of a playback domain and an app. What is made
//! and changed are custom templates; the standard ones are shown.

use serde_json::Value;

use super::playback;
use crate::error::{Error, Result};
use crate::model::{Answer, Call, Item, Road, Support, TranscodeArgs, TranscodeRow, TranscodeVerb, Vendor};
use crate::providers::intent::Complaints;
use crate::providers::paging::Pages;
use crate::providers::rows::{self, Place};
use crate::providers::{change, walk};

const VENDOR: Vendor = Vendor::Aliyun;

/// The fields that an update can change.
const SETTINGS: &[&str] = &["codec", "width", "height", "fps", "video_kbps", "audio_kbps"];

/// The fields that appear when a rendition is made and vanish with it.
const FIELDS: &[&str] = &["name", "domain", "app", "codec", "width", "height", "fps", "video_kbps", "audio_kbps"];

/// The names that stand for Aliyun's own templates.
const STANDARD: [&str; 8] = ["lld", "lsd", "lhd", "lud", "ld", "sd", "hd", "ud"];

/// Sound without pictures, among the kinds of templates.
const AUDIO: &str = "audio";

pub(super) fn support(verb: TranscodeVerb) -> Support<TranscodeArgs> {
    match verb {
        TranscodeVerb::List => Support::Does(|road, args| Box::pin(list(road, args))),
        TranscodeVerb::Show => Support::Does(|road, args| Box::pin(show(road, args))),
        TranscodeVerb::Add => Support::Does(|road, args| Box::pin(add(road, args))),
        TranscodeVerb::Update => Support::Does(|road, args| Box::pin(update(road, args))),
        TranscodeVerb::Delete => Support::Does(|road, args| Box::pin(delete(road, args))),
    }
}

async fn list(road: &dyn Road, args: &TranscodeArgs) -> Result<Answer> {
    let wanted = Place::of(&args.target)?;
    check(args, &wanted).refuse("listing renditions", Some(playback::HINT))?;
    let item = |domain: &str, raw| {
        let rendition = Rendition::read(raw, domain);
        wanted.matches(&rendition.place).then(|| rendition.item())
    };
    match &wanted.domain {
        Some(domain) => walk::emit_listing(road, listing(domain), |raw| item(domain, raw)).await,
        None => walk::emit_listings(road, &playback::domains(road).await?, "playback domains", listing, item).await,
    }
}

fn listing(domain: &str) -> Call {
    Call::new(VENDOR, "DescribeLiveStreamTranscodeInfo").with("DomainTranscodeName", domain)
}

async fn show(road: &dyn Road, args: &TranscodeArgs) -> Result<Answer> {
    Ok(Answer::One(find(road, args, "reading the rendition").await?.item()))
}

async fn add(road: &dyn Road, args: &TranscodeArgs) -> Result<Answer> {
    let mut place = Place::of(&args.target)?;
    let standard = args.name.as_ref().filter(|name| STANDARD.contains(&name.as_str()));
    let every = place.app.as_ref().filter(|app| *app == playback::ALL_APPS);
    let lacking = check(args, &place)
        .need("--domain", place.domain.is_some())
        .need("--app", place.app.is_some())
        .wrong("--app", every, "the name of one app: Aliyun transcodes app by app")
        .need("--name", args.name.is_some())
        .wrong(
            "--name",
            standard,
            "another name: these are Aliyun's own templates, which `livectl transcode standard create` adds",
        )
        .need_unless("--codec", args.codec.is_some(), "required: h264, h265, h264-nbhd or h265-nbhd");
    lacking.refuse("adding a rendition", Some(playback::HINT))?;
    place.tail.clone_from(&args.name);
    let rendition = Rendition { place, settings: Settings::default().with(args), raw: Value::Null };
    let call = rendition.settings.fill(rendition.address("AddCustomLiveStreamTranscode"));
    let changes = rows::created(&rows::row(&rendition.row()), FIELDS);
    change::send(road, call, &rendition.place.selector(), rendition.name(), changes).await
}

async fn update(road: &dyn Road, args: &TranscodeArgs) -> Result<Answer> {
    let doing = "updating the rendition";
    let before = find(road, args, doing).await?;
    let id = before.place.selector();
    let other = args.name.as_ref().filter(|name| Some(*name) != before.place.tail.as_ref());
    Complaints::none()
        .wrong("--name", other, format!("`{}`: Aliyun's templates keep their names", before.name()))
        .refuse(&format!("{doing} `{id}`"), None)?;
    let after = Rendition { settings: before.settings.with(args), ..before.clone() };
    let changes = rows::changes(&rows::row(&before.row()), &rows::row(&after.row()), SETTINGS);
    if changes.is_empty() {
        return Ok(change::nothing(VENDOR, &id, before.name()));
    }
    if custom(&before.raw).is_none() {
        let message = format!("{doing} `{id}`: it is one of Aliyun's own templates, whose pictures cannot be changed");
        return Err(Error::usage(message)
            .hint("add a template of your own: `livectl transcode add --help`")
            .hint(
                "its encryption, and whether it waits for viewers, are changed by `livectl transcode standard update`",
            )
            .with(|details| details.vendor = Some(VENDOR)));
    }
    let call = sent_back(&before.raw, before.address("UpdateCustomLiveStreamTranscode"));
    // What is encrypted must stay so: nothing tells what leaving this out does.
    let encryption = before.raw.get("EncryptParameters").filter(|set| set.as_object().is_some_and(|m| !m.is_empty()));
    let call = call.with_some("EncryptParameters", encryption.map(Value::to_string));
    change::send(road, after.settings.fill(call), &id, before.name(), changes).await
}

async fn delete(road: &dyn Road, args: &TranscodeArgs) -> Result<Answer> {
    let rendition = find(road, args, "deleting the rendition").await?;
    let id = rendition.place.selector();
    road.confirm(&format!("delete the rendition {id}"))?;
    let changes = rows::removed(&rows::row(&rendition.row()), FIELDS);
    change::send(road, rendition.address("DeleteLiveStreamTranscode"), &id, rendition.name(), changes).await
}

async fn find(road: &dyn Road, args: &TranscodeArgs, doing: &str) -> Result<Rendition> {
    let wanted = Place::of(&args.target)?;
    let wanted = playback::named(&args.target, doing, check(args, &wanted))?;
    let domain = wanted.domain.as_deref().unwrap_or_default();
    let all = Pages::all(listing(domain), road).await?.into_iter().map(|raw| Rendition::read(raw, domain));
    let found = all.filter(|rendition| wanted.matches(&rendition.place)).collect();
    rows::only_one(&format!("{doing} `{}`", wanted.selector()), found, |rendition: &Rendition| {
        rendition.place.selector()
    })
}

/// One transcode template of an app; its place has the template behind `#`.
#[derive(Debug, Clone)]
struct Rendition {
    place: Place,
    settings: Settings,
    raw: Value,
}

impl Rendition {
    fn read(raw: Value, domain: &str) -> Self {
        Rendition {
            place: Place {
                domain: Some(domain.to_owned()),
                app: rows::text(&raw, "TranscodeApp"),
                stream: None,
                tail: rows::text(&raw, "TranscodeTemplate").or_else(|| rows::text(&raw, "TranscodeName")),
            },
            settings: custom(&raw).map(Settings::read).unwrap_or_default(),
            raw,
        }
    }

    fn name(&self) -> &str {
        self.place.tail.as_deref().unwrap_or_default()
    }

    fn row(&self) -> TranscodeRow {
        let settings = &self.settings;
        TranscodeRow {
            vendor: VENDOR,
            profile: None,
            id: self.place.selector(),
            name: self.place.tail.clone(),
            domain: self.place.domain.clone(),
            app: self.place.app.clone(),
            codec: settings.codec.clone().filter(|codec| codec != AUDIO),
            width: settings.width,
            height: settings.height,
            fps: settings.fps,
            video_kbps: settings.video_kbps,
            audio_kbps: settings.audio_kbps,
        }
    }

    fn item(self) -> Item {
        Item { row: rows::row(&self.row()), raw: self.raw }
    }

    /// A call with what addresses the template.
    fn address(&self, action: &str) -> Call {
        addressed(action, self.place.domain.as_deref(), self.place.app.as_deref(), self.place.tail.as_deref())
    }
}

/// A call about one template of an app.
pub(super) fn addressed(action: &str, domain: Option<&str>, app: Option<&str>, template: Option<&str>) -> Call {
    Call::new(VENDOR, action).with_some("Domain", domain).with_some("App", app).with_some("Template", template)
}

/// What a custom template is made of; a standard one tells nothing of the kind.
pub(super) fn custom(raw: &Value) -> Option<&Value> {
    raw.get("CustomTranscodeParameters").filter(|custom| custom.as_object().is_some_and(|m| !m.is_empty()))
}

/// An updating call with all that was read of a template, but its encryption.
///
/// `Bframes` and `RtsFlag` of the answer have no parameter: no update can touch them.
pub(super) fn sent_back(raw: &Value, call: Call) -> Call {
    let mut call = call.with_some("Lazy", rows::flag(raw, "IsLazy").map(|lazy| if lazy { "yes" } else { "no" }));
    if let Some(custom) = custom(raw) {
        call.params.extend(change::kept(VENDOR, &call.action, custom, &[]));
        call =
            call.with_some("Profile", rows::text(custom, "VideoProfile").and_then(|profile| profile_number(&profile)));
    }
    call
}

/// The codec profile as the update wants it; the answer holds it as a text.
fn profile_number(profile: &str) -> Option<u8> {
    match profile {
        "1" | "baseline" => Some(1),
        "2" | "main" => Some(2),
        "3" | "high" => Some(3),
        _ => None,
    }
}

/// What the pictures and the sound of a rendition are like.
#[derive(Debug, Clone, Default)]
struct Settings {
    codec: Option<String>,
    width: Option<u64>,
    height: Option<u64>,
    fps: Option<u64>,
    video_kbps: Option<u64>,
    audio_kbps: Option<u64>,
}

impl Settings {
    fn read(custom: &Value) -> Self {
        // 0 is what was never set.
        let number = |name: &str| rows::number(custom, name).filter(|number| *number > 0);
        Settings {
            codec: rows::text(custom, "TemplateType").map(|kind| kind.to_lowercase()),
            width: number("Width"),
            height: number("Height"),
            fps: number("FPS"),
            video_kbps: number("VideoBitrate"),
            audio_kbps: number("AudioBitrate"),
        }
    }

    /// The same with what the user named.
    fn with(&self, args: &TranscodeArgs) -> Self {
        Settings {
            codec: args.codec.clone().or_else(|| self.codec.clone()),
            width: args.width.or(self.width),
            height: args.height.or(self.height),
            fps: args.fps.or(self.fps),
            video_kbps: args.video_kbps.or(self.video_kbps),
            audio_kbps: args.audio_kbps.or(self.audio_kbps),
        }
    }

    /// The call with every setting that is known.
    fn fill(&self, call: Call) -> Call {
        call.with_some("TemplateType", self.codec.as_deref())
            .with_some("Width", self.width)
            .with_some("Height", self.height)
            .with_some("FPS", self.fps)
            .with_some("VideoBitrate", self.video_kbps)
            .with_some("AudioBitrate", self.audio_kbps)
    }
}

/// Complains of what Aliyun cannot do.
fn check(args: &TranscodeArgs, place: &Place) -> Complaints {
    Complaints::none()
        .wrong("--stream", place.stream.as_ref(), "none: Aliyun transcodes all streams of an app")
        .foreign("--template", args.template.as_ref(), "Tencent")
        .foreign("--vhost", args.vhost.as_ref(), "Volcengine")
        .foreign("--shared", args.shared.then_some("true"), "Tencent")
}

#[cfg(test)]
mod tests;
