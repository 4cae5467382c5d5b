//! `hls-key` on Tencent Cloud CSS: the DRM fields of a transcode template.
//!
//! `DRMType` `normalaes` is the standard encryption of HLS; `fairplay` and `widevine` are commercial schemes
//! in the same field. `DRMTracks` names what is encrypted, joined by a bar.

use serde_json::Value;

use crate::error::{Class, Error, Result};
use crate::model::{Answer, Call, Change, HlsKeyArgs, HlsKeyRow, HlsKeyScope, HlsKeyVerb, Item, Road, Support, Vendor};
use crate::providers::intent::Complaints;
use crate::providers::{change, rows, walk};

const VENDOR: Vendor = Vendor::Tencent;
const STANDARD: &str = "normalaes";
const HINT: &str = "Tencent encrypts per transcode template: `--template ID`, as `livectl hls-key show` lists them";
const UPDATE: &str = "ModifyLiveTranscodeTemplate";

/// What is encrypted where neither the user nor the template says: the track of Tencent's own examples.
const TRACKS: &str = "SD";

pub(super) fn support(verb: HlsKeyVerb) -> Support<HlsKeyArgs> {
    match verb {
        HlsKeyVerb::Show => Support::Does(|road, args| Box::pin(show(road, args))),
        HlsKeyVerb::Enable => Support::Does(|road, args| Box::pin(enable(road, args))),
        HlsKeyVerb::Disable => Support::Does(|road, args| Box::pin(disable(road, args))),
        HlsKeyVerb::Set | HlsKeyVerb::Rotate => Support::Cannot {
            why: "Tencent makes and rotates the keys itself: a transcode template only says whether it encrypts",
            instead: Some("livectl hls-key enable --template ID"),
        },
        HlsKeyVerb::Get => {
            Support::Cannot { why: "Tencent makes the keys itself and has no Action that tells one", instead: None }
        }
    }
}

async fn show(road: &dyn Road, args: &HlsKeyArgs) -> Result<Answer> {
    let doing = "reading the encryption of transcode templates";
    check(args).refuse(doing, Some(HINT))?;
    if args.template.is_some() {
        return Ok(Answer::One(item(read(road, args, doing).await?)));
    }
    walk::emit_listing(road, Call::new(VENDOR, "DescribeLiveTranscodeTemplates"), |raw| Some(item(raw))).await
}

async fn enable(road: &dyn Road, args: &HlsKeyArgs) -> Result<Answer> {
    let doing = "enabling the encryption of HLS";
    let asked = args.tracks.as_deref().map(tracks).transpose();
    check(args)
        .need("--template", args.template.is_some())
        .wrong(
            "--tracks",
            args.tracks.as_ref().filter(|_| asked.is_err()),
            "AUDIO and at most one of SD, HD, UHD1, UHD2, joined by `|`",
        )
        .refuse(doing, Some(HINT))?;
    let template = read(road, args, doing).await?;
    let before = Setting::of(&template);
    before.refuse_commercial(doing, &template)?;
    let after = Setting { scheme: Some(STANDARD.into()), tracks: asked.unwrap_or_default().or(before.tracks.clone()) };
    let after = match after.tracks {
        Some(_) => after,
        None => {
            road.note(&format!("the track `{TRACKS}` is encrypted: --tracks chooses others"));
            Setting { tracks: Some(TRACKS.into()), ..after }
        }
    };
    write(road, &template, &before, &after).await
}

async fn disable(road: &dyn Road, args: &HlsKeyArgs) -> Result<Answer> {
    let doing = "disabling the encryption of HLS";
    check(args)
        .need("--template", args.template.is_some())
        .wrong("--tracks", args.tracks.as_ref(), "none: all tracks are switched off")
        .refuse(doing, Some(HINT))?;
    let template = read(road, args, doing).await?;
    let before = Setting::of(&template);
    before.refuse_commercial(doing, &template)?;
    let after = Setting::default();
    if before.scheme.is_some() {
        road.confirm(&format!("disable the encryption of HLS by transcode template {}", title(&template)))?;
    }
    write(road, &template, &before, &after).await
}

/// Sends the template back with another setting, if it is another.
async fn write(road: &dyn Road, template: &Value, before: &Setting, after: &Setting) -> Result<Answer> {
    let id = rows::text(template, "TemplateId").unwrap_or_default();
    let name = rows::text(template, "TemplateName").unwrap_or_default();
    if before.scheme == after.scheme && (after.scheme.is_none() || before.track_set() == after.track_set()) {
        return Ok(change::nothing(VENDOR, &id, &name));
    }
    // The Action resets the DRM fields when they are left out; what else it resets is not told, so all goes back.
    let mut params = change::kept(VENDOR, UPDATE, template, &[]);
    params.insert("DRMType".into(), after.scheme.clone().unwrap_or_default().into());
    params.insert("DRMTracks".into(), after.tracks.clone().unwrap_or_default().into());
    let call = Call { vendor: VENDOR, action: UPDATE.into(), params };
    change::send(road, call, &id, &name, before.changes(after)).await
}

/// The DRM fields of a template; empty and null are none.
#[derive(Debug, Clone, Default, PartialEq)]
struct Setting {
    scheme: Option<String>,
    tracks: Option<String>,
}

impl Setting {
    fn of(template: &Value) -> Self {
        Setting { scheme: rows::text(template, "DRMType"), tracks: rows::text(template, "DRMTracks") }
    }

    fn enabled(&self) -> bool {
        self.scheme.as_deref() == Some(STANDARD)
    }

    fn track_set(&self) -> Vec<&str> {
        let mut tracks: Vec<&str> = self.tracks.iter().flat_map(|tracks| tracks.split('|')).collect();
        tracks.sort_unstable();
        tracks
    }

    fn changes(&self, after: &Setting) -> Vec<Change> {
        let all = [
            Change::new("enabled", self.enabled(), after.enabled()),
            Change::new("tracks", self.tracks.clone(), after.tracks.clone()),
        ];
        all.into_iter().filter(|change| change.from != change.to).collect()
    }

    /// Commercial DRM stands in the same field: replacing or clearing it would be a surprise.
    fn refuse_commercial(&self, doing: &str, template: &Value) -> Result<()> {
        let Some(scheme) = self.scheme.as_deref().filter(|scheme| *scheme != STANDARD) else { return Ok(()) };
        let title = title(template);
        let id = rows::text(template, "TemplateId").unwrap_or_default();
        let message = format!("{doing}: transcode template {title} has the commercial DRM `{scheme}`, which stays");
        Err(Error::new(Class::Conflict, message)
            .hint(format!("clear it first: `livectl api tencent {UPDATE} TemplateId={id} DRMType= DRMTracks=`"))
            .with(|details| details.vendor = Some(VENDOR)))
    }
}

/// The tracks as Tencent wants them; the error is that they are not tracks.
fn tracks(given: &str) -> std::result::Result<String, ()> {
    let tracks: Vec<String> = given.split(['|', ',']).map(|track| track.trim().to_ascii_uppercase()).collect();
    let videos = tracks.iter().filter(|track| ["SD", "HD", "UHD1", "UHD2"].contains(&track.as_str())).count();
    let audios = tracks.iter().filter(|track| *track == "AUDIO").count();
    let fine = videos <= 1 && audios <= 1 && videos + audios == tracks.len();
    if fine { Ok(tracks.join("|")) } else { Err(()) }
}

async fn read(road: &dyn Road, args: &HlsKeyArgs, doing: &str) -> Result<Value> {
    let id = args.template.as_deref().and_then(|id| id.parse::<u64>().ok());
    let reply = road.read(Call::new(VENDOR, "DescribeLiveTranscodeTemplate").with_some("TemplateId", id)).await?;
    match reply.result.get("Template") {
        Some(template) if template.is_object() => Ok(template.clone()),
        _ => {
            Err(Error::new(Class::NotFound, format!("{doing}: Tencent has no transcode template {}", id.unwrap_or(0)))
                .hint("`livectl hls-key show` lists the templates")
                .with(|details| details.vendor = Some(VENDOR)))
        }
    }
}

fn item(raw: Value) -> Item {
    let row = HlsKeyRow {
        vendor: VENDOR,
        profile: None,
        scope: HlsKeyScope::Template,
        domain: None,
        app: None,
        template: rows::text(&raw, "TemplateId"),
        key_url: None,
        cycle_seconds: None,
        enabled: Some(Setting::of(&raw).enabled()),
    };
    Item { row: rows::row(&row), raw }
}

fn title(template: &Value) -> String {
    let text = |name| rows::text(template, name).unwrap_or_default();
    format!("{} (`{}`)", text("TemplateId"), text("TemplateName"))
}

/// Complains of options that a template has nothing to do with.
fn check(args: &HlsKeyArgs) -> Complaints {
    let whole = "none on Tencent: a template encrypts wherever it is used";
    let odd = args.template.as_ref().filter(|id| id.parse::<u64>().is_err());
    Complaints::none()
        .wrong("--template", odd, "a template id, which is a number")
        .wrong("--domain", args.domain.as_ref(), whole)
        .wrong("--app", args.app.as_ref(), whole)
        .foreign("--vhost", args.vhost.as_ref(), "Volcengine")
        .foreign("--key-url", args.key_url.as_ref(), "Volcengine")
        .wrong("--cycle", args.cycle_seconds, "none: Tencent rotates the keys itself")
        .foreign("--kms-key-id", args.kms_key_id.as_ref(), "Aliyun")
}

#[cfg(test)]
mod tests;
