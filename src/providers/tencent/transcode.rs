//! `transcode` on Tencent Cloud CSS: a transcoding template, bound by a rule to a playback domain, an app and a stream.
//!
//! Numbers of a template that are 0 keep what the source has.

use serde_json::Value;

use crate::error::Result;
use crate::model::{Answer, Item, Params, Road, Support, TranscodeArgs, TranscodeRow, TranscodeVerb, Vendor};
use crate::providers::intent::Complaints;
use crate::providers::rows::Place;
use crate::providers::tencent::shared_template::{self, Bound, Kind, Modification, NewRule, Rule, Wanted};
use crate::providers::{change, rows};

const VENDOR: Vendor = Vendor::Tencent;
const SETTINGS: &[&str] = &["name", "codec", "width", "height", "fps", "video_kbps", "audio_kbps"];
const UPDATE: &str = "ModifyLiveTranscodeTemplate";

const KIND: Kind = Kind {
    word: "Transcode",
    noun: "transcode",
    thing: "rendition",
    title: "transcoding template",
    narrowed: Some("TemplateType"),
    keyed_by_template: true,
    names_templates: true,
    hint: "on Tencent a rendition belongs to a playback domain",
    options: &[
        ("--template-name", "--name"),
        ("--vcodec", "--codec"),
        ("--video-bitrate", "--video-kbps"),
        ("--audio-bitrate", "--audio-kbps"),
        ("--template-id", "--template"),
    ],
};

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
    check(road, args).refuse("listing renditions", Some(KIND.hint))?;
    let items = |rule: &Rule, template: Option<&Value>| {
        vec![Item { row: rows::row(&row(rule, template)), raw: shared_template::raw(rule, template) }]
    };
    shared_template::list(road, &KIND, &Wanted::of(&args.target)?, items).await
}

async fn show(road: &dyn Road, args: &TranscodeArgs) -> Result<Answer> {
    let doing = "reading the rendition";
    check(road, args).refuse(doing, Some(KIND.hint))?;
    let found = shared_template::find(road, &KIND, &Wanted::of(&args.target)?, doing).await?;
    Ok(Answer::One(Item { row: rows::row(&row(&found.rule, found.known())), raw: found.raw() }))
}

async fn add(road: &dyn Road, args: &TranscodeArgs) -> Result<Answer> {
    let (doing, place) = ("adding a rendition", Place::of(&args.target)?);
    let makes = args.template.is_none();
    let mut complaints = check(road, args)
        .need("--domain", place.domain.is_some())
        .need_unless("--name", !makes || args.name.is_some(), "required, unless --template is given")
        .need_unless("--video-kbps", !makes || args.video_kbps.is_some(), "required, unless --template is given")
        .wrong("--template", args.template.as_ref().filter(|id| id.parse::<u64>().is_err()), "a template id, a number");
    if !makes {
        for (option, given) in given(args) {
            complaints =
                complaints.wrong(option, given, "none beside --template: a template that is there keeps its settings");
        }
    }
    complaints.refuse(doing, Some(KIND.hint))?;
    let (binds, settings) = match &args.template {
        Some(id) => (Bound::Existing(id.clone()), Vec::new()),
        None => {
            let mut params = settings(args);
            params.extend(args.name.iter().map(|name| ("TemplateName".to_owned(), Value::from(name.as_str()))));
            let made = wanted(row_of(&Value::Null), args);
            (Bound::New(params), rows::created(&rows::row(&made), SETTINGS))
        }
    };
    let new = NewRule { doing, place: &place, binds, settings, id: None };
    shared_template::refuse_existing(road, &KIND, &new).await?;
    shared_template::add(road, &KIND, new).await
}

async fn update(road: &dyn Road, args: &TranscodeArgs) -> Result<Answer> {
    let doing = "updating the rendition";
    check(road, args).refuse(doing, Some(KIND.hint))?;
    let found = shared_template::find(road, &KIND, &Wanted::of(&args.target)?, doing).await?;
    let doing = format!("{doing} `{}`", found.rule.id());
    let template = found.template(&KIND, &doing)?;
    let name = shared_template::name(template);
    let renamed = args.name.as_ref().filter(|wanted| **wanted != name);
    Complaints::none()
        .wrong("--name", renamed, format!("`{name}`: Tencent renames no template"))
        .refuse(&doing, None)?;
    let before = row(&found.rule, Some(template));
    let after = wanted(before.clone(), args);
    let changes = rows::changes(&rows::row(&before), &rows::row(&after), SETTINGS);
    if changes.is_empty() {
        return Ok(change::nothing(VENDOR, &found.rule.id(), &name));
    }
    // The Action resets the DRM fields when they are left out; what else it resets is not told, so all goes back.
    let mut params = change::kept(VENDOR, UPDATE, template, &[]);
    params.extend(settings(args));
    let id = found.rule.id();
    let wanted = Modification { doing: &doing, params, changes, question: None, shared: args.shared, id, name };
    shared_template::modify(road, &KIND, &found, wanted).await
}

async fn delete(road: &dyn Road, args: &TranscodeArgs) -> Result<Answer> {
    let doing = "deleting the rendition";
    check(road, args).refuse(doing, Some(KIND.hint))?;
    let found = shared_template::find(road, &KIND, &Wanted::of(&args.target)?, doing).await?;
    let before = rows::row(&row(&found.rule, found.known()));
    let changes = rows::removed(&before, &[&["domain", "app"], SETTINGS].concat());
    shared_template::remove(road, &KIND, &found, &found.rule.id(), changes).await
}

fn row(rule: &Rule, template: Option<&Value>) -> TranscodeRow {
    TranscodeRow {
        id: rule.id(),
        domain: rule.place.domain.clone(),
        app: rule.place.app.clone(),
        ..row_of(template.unwrap_or(&Value::Null))
    }
}

/// What a template tells of a row.
fn row_of(template: &Value) -> TranscodeRow {
    let number = |name| rows::number(template, name).filter(|number| *number > 0);
    TranscodeRow {
        vendor: VENDOR,
        profile: None,
        id: String::new(),
        name: rows::text(template, "TemplateName"),
        domain: None,
        app: None,
        codec: rows::text(template, "Vcodec").map(|codec| codec.to_lowercase()),
        width: number("Width"),
        height: number("Height"),
        fps: number("Fps"),
        video_kbps: number("VideoBitrate"),
        audio_kbps: number("AudioBitrate"),
    }
}

/// The row with what the user named.
fn wanted(before: TranscodeRow, args: &TranscodeArgs) -> TranscodeRow {
    TranscodeRow {
        name: args.name.clone().or(before.name),
        codec: args.codec.clone().or(before.codec),
        width: args.width.or(before.width),
        height: args.height.or(before.height),
        fps: args.fps.or(before.fps),
        video_kbps: args.video_kbps.or(before.video_kbps),
        audio_kbps: args.audio_kbps.or(before.audio_kbps),
        ..before
    }
}

/// The parameters of a template that the user named, but for its name.
fn settings(args: &TranscodeArgs) -> Params {
    let numbers = [
        ("Width", args.width),
        ("Height", args.height),
        ("Fps", args.fps),
        ("VideoBitrate", args.video_kbps),
        ("AudioBitrate", args.audio_kbps),
    ];
    let codec = args.codec.as_deref().map(|codec| ("Vcodec".to_owned(), Value::from(codec)));
    let numbers = numbers.into_iter().filter_map(|(name, number)| Some((name.to_owned(), Value::from(number?))));
    codec.into_iter().chain(numbers).collect()
}

/// The options of a template's settings that were given.
fn given(args: &TranscodeArgs) -> Vec<(&'static str, Option<String>)> {
    let number = |number: Option<u64>| number.map(|number| number.to_string());
    vec![
        ("--name", args.name.clone()),
        ("--codec", args.codec.clone()),
        ("--width", number(args.width)),
        ("--height", number(args.height)),
        ("--fps", number(args.fps)),
        ("--video-kbps", number(args.video_kbps)),
        ("--audio-kbps", number(args.audio_kbps)),
    ]
}

/// Complains of what Tencent does not know.
fn check(road: &dyn Road, args: &TranscodeArgs) -> Complaints {
    let unnamed = args.name.as_ref().filter(|name| !name.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    Complaints::none().foreign("--vhost", args.vhost.as_ref(), "Volcengine").beyond(
        road,
        "--name",
        unnamed,
        "1 to 10 letters and digits on Tencent",
    )
}

#[cfg(test)]
mod tests;
