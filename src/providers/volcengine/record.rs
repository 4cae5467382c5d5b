//! `record` on Volcengine Live: record presets (V2) of a domain space, addressed by app and stream.

use serde_json::{Map, Value};

use super::domain::{as_existing, is_refusal};
use super::space;
use crate::error::Error;
use crate::model::{
    Answer, Call, Item, RecordArgs, RecordFormat, RecordRow, RecordVerb, Road, Storage, StorageKind, Support, Vendor,
};
use crate::providers::change;
use crate::providers::intent::Complaints;
use crate::providers::paging::Pages;
use crate::providers::rows::{self, Place};

mod settings;
#[cfg(test)]
mod tests;

use settings::{FORMATS, Settings};

const VENDOR: Vendor = Vendor::Volcengine;

/// The list of presets tells those that store in one place at a time, and an unnamed place is not every one.
const STORES: [&str; 2] = ["tos", "vod"];

/// The length of one file, in seconds.
const SEGMENT: std::ops::RangeInclusive<u64> = 300..=86_400;

/// The fields that an update can change.
const FIELDS: &[&str] = &["formats", "segment_seconds", "storage"];

/// The fields that appear when a recording is made and vanish with it.
const ALL_FIELDS: &[&str] = &["domain", "app", "stream", "formats", "segment_seconds", "storage"];

pub(super) fn support(verb: RecordVerb) -> Support<RecordArgs> {
    match verb {
        RecordVerb::List => Support::Does(|road, args| Box::pin(list(road, args))),
        RecordVerb::Show => Support::Does(|road, args| Box::pin(show(road, args))),
        RecordVerb::Add => Support::Does(|road, args| Box::pin(add(road, args))),
        RecordVerb::Update => Support::Does(|road, args| Box::pin(update(road, args))),
        RecordVerb::Delete => Support::Does(|road, args| Box::pin(delete(road, args))),
    }
}

/// A record preset, typed.
#[derive(Debug, Clone, PartialEq)]
struct Recording {
    /// Its tail is the name that the service gave it.
    place: Place,
    settings: Settings,
}

impl Recording {
    fn read(space: &str, raw: &Value) -> Recording {
        let preset = raw.get("SlicePresetV2").unwrap_or(&Value::Null);
        let place = Place { tail: rows::text(preset, "Name"), ..space::place_of(space, raw) };
        Recording { place, settings: Settings::read(preset.get("RecordPresetConfig").unwrap_or(&Value::Null)) }
    }

    fn row(&self) -> RecordRow {
        RecordRow {
            vendor: VENDOR,
            profile: None,
            id: self.place.selector(),
            domain: self.place.domain.clone(),
            app: self.place.app.clone(),
            stream: self.place.stream.clone(),
            formats: Some(self.settings.formats.clone()),
            segment_seconds: self.settings.segment,
            storage: self.settings.storage.as_ref().map(Storage::to_string),
            created_at: None,
        }
    }

    fn name(&self) -> &str {
        self.place.tail.as_deref().unwrap_or_default()
    }

    fn item(&self, raw: Value) -> Item {
        Item { row: rows::row(&self.row()), raw }
    }

    /// A call about what is recorded.
    fn call(&self, action: &str) -> Call {
        Call::new(VENDOR, action)
            .with_some("Vhost", self.place.domain.as_deref())
            .with_some("App", self.place.app.as_deref())
            .with_some("Stream", self.place.stream.as_deref())
            .with_some("Preset", self.place.tail.as_deref())
    }
}

async fn list(road: &dyn Road, args: &RecordArgs) -> Result<Answer, Error> {
    let wanted = space::placed(road, Place::of(&args.target)?, args.vhost.as_ref()).await?;
    space::emit(road, &wanted, async |space| {
        let found = matching(road, space, &wanted).await?;
        Ok(found.into_iter().map(|(recording, raw)| recording.item(raw)).collect())
    })
    .await
}

async fn show(road: &dyn Road, args: &RecordArgs) -> Result<Answer, Error> {
    let (recording, raw) = find(road, "reading the recording", args).await?;
    Ok(Answer::One(recording.item(raw)))
}

async fn add(road: &dyn Road, args: &RecordArgs) -> Result<Answer, Error> {
    let doing = "adding a recording";
    let place = Place::of(&args.target)?;
    let complaints = check(road, args)
        .need_unless("--app", place.app.is_some() || place.stream.is_none(), "required beside --stream")
        .need("--format", !args.formats.is_empty())
        .need("--storage", args.storage.is_some());
    let place = space::addressed(road, doing, &args.target, args.vhost.as_ref(), complaints).await?;
    let settings = Settings {
        formats: in_order(&args.formats),
        segment: args.segment_seconds,
        storage: args.storage.clone(),
        raw: Map::new(),
    };
    let recording = Recording { place, settings };
    let changes = rows::created(&rows::row(&recording.row()), ALL_FIELDS);
    let call = recording.call("CreateRecordPresetV2").with("RecordPresetConfig", recording.settings.created());
    match road.change(call, &changes).await {
        Ok(reply) => {
            let place = Place { tail: rows::text(&reply.result, "PresetName"), ..recording.place };
            let name = place.tail.clone().unwrap_or_default();
            let (action, id) = ("CreateRecordPresetV2".to_owned(), Some(place.selector()));
            Ok(change::told(VENDOR, action, id, &name, changes, reply))
        }
        Err(error) if is_refusal(&error) => match at(road, &recording.place).await {
            Some(there) => {
                let id = there.place.selector();
                let error =
                    as_existing(error, &format!("{doing}: `{}` is recorded already", recording.place.selector()));
                Err(error.hint(format!("change it with `livectl record update '{id}'`")))
            }
            None => Err(error),
        },
        Err(error) => Err(error),
    }
}

async fn update(road: &dyn Road, args: &RecordArgs) -> Result<Answer, Error> {
    let doing = "updating the recording";
    let (before, _) = find(road, doing, args).await?;
    let mut after = before.clone();
    if !args.formats.is_empty() {
        after.settings.formats = in_order(&args.formats);
    }
    after.settings.segment = args.segment_seconds.or(before.settings.segment);
    after.settings.storage = args.storage.clone().or_else(|| before.settings.storage.clone());
    let changes = rows::changes(&rows::row(&before.row()), &rows::row(&after.row()), FIELDS);
    if changes.is_empty() {
        return Ok(change::nothing(VENDOR, &before.place.selector(), before.name()));
    }
    let config = before.settings.updated(&after.settings.formats, args.segment_seconds, args.storage.as_ref());
    let call = before.call("UpdateRecordPresetV2").with("RecordPresetConfig", config);
    change::send(road, call, &before.place.selector(), before.name(), changes).await
}

async fn delete(road: &dyn Road, args: &RecordArgs) -> Result<Answer, Error> {
    let (recording, _) = find(road, "deleting the recording", args).await?;
    let id = recording.place.selector();
    road.confirm(&format!("delete the recording {id}"))?;
    let changes = rows::removed(&rows::row(&recording.row()), ALL_FIELDS);
    change::send(road, recording.call("DeleteRecordPreset"), &id, recording.name(), changes).await
}

/// The one recording that the selector means, with the vendor's own item.
async fn find(road: &dyn Road, doing: &str, args: &RecordArgs) -> Result<(Recording, Value), Error> {
    let wanted = space::addressed(road, doing, &args.target, args.vhost.as_ref(), check(road, args)).await?;
    let found = matching(road, wanted.domain.as_deref().unwrap_or_default(), &wanted).await?;
    rows::meant(doing, &args.target, &wanted, found, |(recording, _)| &recording.place)
}

/// The presets of a domain space that are meant, wherever they store.
async fn matching(road: &dyn Road, space: &str, wanted: &Place) -> Result<Vec<(Recording, Value)>, Error> {
    let mut found: Vec<(Recording, Value)> = Vec::new();
    for store in STORES {
        let call = Call::new(VENDOR, "ListVhostRecordPresetV2").with("Vhost", space).with("Type", store);
        for raw in Pages::all(call, road).await? {
            let recording = Recording::read(space, &raw);
            // One that stores in both places stands in both lists.
            if wanted.matches(&recording.place) && !found.iter().any(|(known, _)| known.place == recording.place) {
                found.push((recording, raw));
            }
        }
    }
    Ok(found)
}

/// The recording that is at a place already.
async fn at(road: &dyn Road, place: &Place) -> Option<Recording> {
    let found = matching(road, place.domain.as_deref()?, place).await.ok()?;
    found.into_iter().map(|(recording, _)| recording).find(|there| space::same_place(&there.place, place))
}

fn in_order(formats: &[RecordFormat]) -> Vec<RecordFormat> {
    FORMATS.iter().map(|(format, _)| *format).filter(|format| formats.contains(format)).collect()
}

/// Complains of what Volcengine does not know or allow.
fn check(road: &dyn Road, args: &RecordArgs) -> Complaints {
    let odd = args.formats.iter().filter(|format| !FORMATS.iter().any(|(known, _)| known == *format));
    let odd: Vec<&str> = odd.map(|format| format.name()).collect();
    let storage = args.storage.as_ref().filter(|storage| match storage.kind {
        StorageKind::Tos => false,
        StorageKind::Vod => storage.bucket.is_empty() || !storage.path.is_empty(),
        StorageKind::Cos | StorageKind::Oss => true,
    });
    Complaints::none()
        .wrong("--format", (!odd.is_empty()).then(|| odd.join(",")), "flv, hls or mp4")
        .beyond(
            road,
            "--segment",
            args.segment_seconds.filter(|seconds| !SEGMENT.contains(seconds)).map(|seconds| format!("{seconds} s")),
            "5m to 24h",
        )
        .wrong("--storage", storage, "tos://BUCKET/DIR or vod://SPACE")
        .foreign("--template", args.template.as_ref(), "Tencent")
        .foreign("--shared", args.shared.then_some("given"), "Tencent")
}
