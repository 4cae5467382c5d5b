//! `transcode` on Volcengine Live: transcode presets of a domain space, one for each app and suffix.

use serde_json::{Value, json};

use super::domain::{as_existing, is_refusal};
use super::space;
use crate::error::Error;
use crate::model::{Answer, Call, Item, Road, Row, Support, TranscodeArgs, TranscodeRow, TranscodeVerb, Vendor};
use crate::providers::intent::Complaints;
use crate::providers::paging::Pages;
use crate::providers::rows::{self, Place};
use crate::providers::{catalog, change};

#[cfg(test)]
mod tests;

const VENDOR: Vendor = Vendor::Volcengine;

const CREATE: &str = "CreateTranscodePreset";
const UPDATE: &str = "UpdateTranscodePreset";

/// The highest video bit rate in kilobits: what a list shows above it is bits.
const MOST_KBPS: u64 = 30_000;

/// The fields that an update can change.
const FIELDS: &[&str] = &["name", "codec", "width", "height", "fps", "video_kbps", "audio_kbps"];

/// The fields that appear when a rendition is made and vanish with it.
const ALL_FIELDS: &[&str] = &["name", "domain", "app", "codec", "width", "height", "fps", "video_kbps", "audio_kbps"];

pub(super) fn support(verb: TranscodeVerb) -> Support<TranscodeArgs> {
    match verb {
        TranscodeVerb::List => Support::Does(|road, args| Box::pin(list(road, args))),
        TranscodeVerb::Show => Support::Does(|road, args| Box::pin(show(road, args))),
        TranscodeVerb::Add => Support::Does(|road, args| Box::pin(add(road, args))),
        TranscodeVerb::Update => Support::Does(|road, args| Box::pin(update(road, args))),
        TranscodeVerb::Delete => Support::Does(|road, args| Box::pin(delete(road, args))),
    }
}

/// A transcode preset, typed.
#[derive(Debug, Clone, PartialEq)]
struct Rendition {
    /// Its tail is the suffix of the rendition's stream.
    place: Place,
    /// The name that the service gave it.
    preset: String,
    row: TranscodeRow,
}

impl Rendition {
    fn read(space: &str, raw: &Value) -> Rendition {
        let preset = settings(raw);
        let suffix = rows::text(preset, "SuffixName");
        let name = rows::text(preset, "Preset").unwrap_or_default();
        // A tier of the service may have no suffix of its own.
        let tail = suffix.clone().or_else(|| Some(name.clone()).filter(|name| !name.is_empty()));
        let place = Place { tail, stream: None, ..space::place_of(space, raw) };
        let set = |member: &str| rows::number(preset, member).filter(|number| *number > 0);
        let row = TranscodeRow {
            name: suffix.or_else(|| place.tail.clone()),
            codec: rows::text(preset, "Vcodec").map(|codec| codec.to_lowercase()),
            width: set("Width"),
            height: set("Height"),
            fps: set("FPS"),
            video_kbps: set("VideoBitrate").map(in_kbps),
            audio_kbps: set("AudioBitrate"),
            ..placed(&place)
        };
        Rendition { place, preset: name, row }
    }

    fn row(&self) -> Row {
        rows::row(&self.row)
    }

    fn name(&self) -> &str {
        self.row.name.as_deref().unwrap_or_default()
    }

    fn item(&self, raw: Value) -> Item {
        Item { row: self.row(), raw }
    }

    /// Whether it is meant: by its suffix, or by the name that the service gave it.
    fn is_meant(&self, wanted: &Place) -> bool {
        wanted.matches(&self.place) || wanted.matches(&Place { tail: Some(self.preset.clone()), ..self.place.clone() })
    }

    /// A call about a preset that is there.
    fn call(&self, action: &str) -> Call {
        Call::new(VENDOR, action)
            .with_some("Vhost", self.place.domain.as_deref())
            .with_some("App", self.place.app.as_deref())
            .with("Preset", self.preset.as_str())
    }
}

/// The row of a rendition of which only the place is known.
fn placed(place: &Place) -> TranscodeRow {
    TranscodeRow {
        vendor: VENDOR,
        profile: None,
        id: place.selector(),
        name: place.tail.clone(),
        domain: place.domain.clone(),
        app: place.app.clone(),
        codec: None,
        width: None,
        height: None,
        fps: None,
        video_kbps: None,
        audio_kbps: None,
    }
}

/// The settings in an item of the list.
fn settings(raw: &Value) -> &Value {
    raw.get("TranscodePreset").unwrap_or(&Value::Null)
}

/// A video bit rate of the list: the facts say kilobits, presets are made in bits.
const fn in_kbps(rate: u64) -> u64 {
    if rate > MOST_KBPS { rate / 1000 } else { rate }
}

/// The call with the settings as they were.
fn kept(mut call: Call, settings: &Value) -> Call {
    for (name, value) in change::kept(VENDOR, UPDATE, settings, &[]) {
        let value = match value.as_u64().filter(|rate| name == "VideoBitrate" && *rate <= MOST_KBPS) {
            Some(kilobits) => json!(kilobits * 1000),
            None => value,
        };
        call.params.entry(name).or_insert(value);
    }
    call
}

/// The settings of a row that are there, in the vendor's words.
fn in_words(call: Call, row: &TranscodeRow) -> Call {
    call.with_some("SuffixName", row.name.as_deref())
        .with_some("Vcodec", row.codec.as_deref())
        .with_some("Width", row.width)
        .with_some("Height", row.height)
        .with_some("FPS", row.fps)
        .with_some("VideoBitrate", row.video_kbps.map(|kilobits| kilobits.saturating_mul(1000)))
        .with_some("AudioBitrate", row.audio_kbps)
}

/// The row with what the user named.
fn with_named(row: TranscodeRow, args: &TranscodeArgs) -> TranscodeRow {
    TranscodeRow {
        name: args.name.clone().or(row.name),
        codec: args.codec.clone().or(row.codec),
        width: args.width.or(row.width),
        height: args.height.or(row.height),
        fps: args.fps.or(row.fps),
        video_kbps: args.video_kbps.or(row.video_kbps),
        audio_kbps: args.audio_kbps.or(row.audio_kbps),
        ..row
    }
}

async fn list(road: &dyn Road, args: &TranscodeArgs) -> Result<Answer, Error> {
    let wanted = Place::of(&args.target)?;
    check(road, &wanted, args).refuse("listing the renditions", None)?;
    let wanted = space::placed(road, wanted, args.vhost.as_ref()).await?;
    space::emit(road, &wanted, async |space| {
        let found = matching(road, space, &wanted).await?;
        Ok(found.into_iter().map(|(rendition, raw)| rendition.item(raw)).collect())
    })
    .await
}

async fn show(road: &dyn Road, args: &TranscodeArgs) -> Result<Answer, Error> {
    let (rendition, raw) = find(road, "reading the rendition", args).await?;
    Ok(Answer::One(rendition.item(raw)))
}

async fn add(road: &dyn Road, args: &TranscodeArgs) -> Result<Answer, Error> {
    let doing = "adding a rendition";
    let place = Place::of(&args.target)?;
    let complaints = check(road, &place, args)
        .need("--app", place.app.is_some())
        .need("--name", args.name.is_some())
        .need("--codec", args.codec.is_some());
    let place = space::addressed(road, doing, &args.target, args.vhost.as_ref(), complaints).await?;
    let place = Place { tail: args.name.clone(), ..place };
    let row = with_named(placed(&place), args);
    let changes = rows::created(&rows::row(&row), ALL_FIELDS);
    let call =
        Call::new(VENDOR, CREATE).with_some("Vhost", place.domain.as_deref()).with_some("App", place.app.as_deref());
    let id = place.selector();
    match change::send(road, in_words(call, &row), &id, row.name.as_deref().unwrap_or_default(), changes).await {
        Err(error) if is_refusal(&error) && exists(road, &place).await => {
            let error = as_existing(error, &format!("{doing}: `{id}` exists already"));
            Err(error.hint(format!("change it with `livectl transcode update '{id}'`")))
        }
        other => other,
    }
}

async fn update(road: &dyn Road, args: &TranscodeArgs) -> Result<Answer, Error> {
    let doing = "updating the rendition";
    let (before, raw) = find(road, doing, args).await?;
    let after = with_named(before.row.clone(), args);
    let changes = rows::changes(&before.row(), &rows::row(&after), FIELDS);
    let id = before.place.selector();
    if changes.is_empty() {
        return Ok(change::nothing(VENDOR, &id, before.name()));
    }
    let call = in_words(kept(before.call(UPDATE), settings(&raw)), &with_named(placed(&Place::default()), args));
    // Width and height count only where the resolution does not adapt.
    let sized = args.width.is_some() || args.height.is_some();
    let call = call.with_some("As", sized.then_some("0"));
    let place = Place { tail: after.name.clone(), ..before.place.clone() };
    change::send(road, call, &place.selector(), after.name.as_deref().unwrap_or_default(), changes).await
}

async fn delete(road: &dyn Road, args: &TranscodeArgs) -> Result<Answer, Error> {
    let (rendition, _) = find(road, "deleting the rendition", args).await?;
    let id = rendition.place.selector();
    road.confirm(&format!("delete the rendition {id}"))?;
    let changes = rows::removed(&rendition.row(), ALL_FIELDS);
    change::send(road, rendition.call("DeleteTranscodePreset"), &id, rendition.name(), changes).await
}

/// The one rendition that the selector means, with the vendor's own item.
async fn find(road: &dyn Road, doing: &str, args: &TranscodeArgs) -> Result<(Rendition, Value), Error> {
    let complaints = check(road, &Place::of(&args.target)?, args);
    let wanted = space::addressed(road, doing, &args.target, args.vhost.as_ref(), complaints).await?;
    let found = matching(road, wanted.domain.as_deref().unwrap_or_default(), &wanted).await?;
    rows::only_one(&format!("{doing} `{}`", wanted.selector()), found, |(rendition, _)| rendition.place.selector())
}

/// The presets of a domain space that are meant.
async fn matching(road: &dyn Road, space: &str, wanted: &Place) -> Result<Vec<(Rendition, Value)>, Error> {
    let items = Pages::all(Call::new(VENDOR, "ListVhostTransCodePreset").with("Vhost", space), road).await?;
    let renditions = items.into_iter().map(|raw| (Rendition::read(space, &raw), raw));
    Ok(renditions.filter(|(rendition, _)| rendition.is_meant(wanted)).collect())
}

async fn exists(road: &dyn Road, place: &Place) -> bool {
    let found = matching(road, place.domain.as_deref().unwrap_or_default(), place).await;
    found.is_ok_and(|found| !found.is_empty())
}

/// Complains of what Volcengine does not know or allow.
fn check(road: &dyn Road, place: &Place, args: &TranscodeArgs) -> Complaints {
    let Some(action) = catalog::find(VENDOR, CREATE) else { return Complaints::none() };
    let length = |name: &String| u32::try_from(name.chars().count()).unwrap_or(u32::MAX);
    let names = action.param("SuffixName").and_then(|param| param.max_length).unwrap_or(u32::MAX);
    let name = args.name.as_ref().filter(|name| name.is_empty() || length(name) > names);
    let codecs: Vec<String> =
        action.param("Vcodec").map(|param| param.allowed.iter().map(ToString::to_string).collect()).unwrap_or_default();
    let codec = args.codec.as_ref().filter(|codec| !codecs.contains(codec));
    let complaints = Complaints::none()
        .wrong("--stream", place.stream.as_ref(), "none: on Volcengine a rendition is for all streams of an app")
        .beyond(road, "--name", name, format!("1 to {names} characters: the suffix of the rendition's stream"))
        .beyond(road, "--codec", codec, codecs.join(", "))
        .foreign("--template", args.template.as_ref(), "Tencent")
        .foreign("--shared", args.shared.then_some("given"), "Tencent");
    let numbers = [
        ("--width", args.width, "Width", 1),
        ("--height", args.height, "Height", 1),
        ("--fps", args.fps, "FPS", 1),
        ("--video-kbps", args.video_kbps, "VideoBitrate", 1000),
        ("--audio-kbps", args.audio_kbps, "AudioBitrate", 1),
    ];
    numbers.into_iter().fold(complaints, |complaints, (option, given, name, unit)| {
        let most = action.param(name).and_then(|param| param.max).map(|most| most / f64::from(unit));
        let too_much = |given: &u64| most.is_some_and(|most| json!(given).as_f64().is_some_and(|given| given > most));
        complaints.beyond(road, option, given.filter(too_much), format!("at most {}", most.unwrap_or_default()))
    })
}
