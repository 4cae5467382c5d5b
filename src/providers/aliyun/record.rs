//! `record` on Alibaba Cloud ApsaraVideo Live: record configs of a playback domain that write into an OSS bucket.

use jiff::tz::Offset;
use serde_json::Value;

use super::playback;
use crate::error::{Error, Result};
use crate::model::{
    Answer, Call, Change, Item, RecordArgs, RecordFormat, RecordRow, RecordVerb, Road, Storage, StorageKind, Support,
    Vendor,
};
use crate::providers::intent::Complaints;
use crate::providers::paging::Pages;
use crate::providers::rows::{self, Place};
use crate::providers::{change, walk};

mod output;

use output::Output;

const VENDOR: Vendor = Vendor::Aliyun;
const FIELDS: &[&str] = &["domain", "app", "stream", "formats", "segment_seconds", "storage"];

/// The form of `--storage`, for a refusal.
const STORAGE: &str = "oss://BUCKET/PREFIX?endpoint=HOST, such as oss-cn-shanghai.aliyuncs.com";

pub(super) fn support(verb: RecordVerb) -> Support<RecordArgs> {
    match verb {
        RecordVerb::List => Support::Does(|road, args| Box::pin(list(road, args))),
        RecordVerb::Show => Support::Does(|road, args| Box::pin(show(road, args))),
        RecordVerb::Add => Support::Does(|road, args| Box::pin(add(road, args))),
        RecordVerb::Update => Support::Does(|road, args| Box::pin(update(road, args))),
        RecordVerb::Delete => Support::Does(|road, args| Box::pin(delete(road, args))),
    }
}

async fn list(road: &dyn Road, args: &RecordArgs) -> Result<Answer> {
    check(args).refuse("listing recordings", Some(playback::HINT))?;
    let wanted = Place::of(&args.target)?;
    let item = |domain: &str, raw| {
        let recording = Recording::read(raw, domain);
        playback::matches(&wanted, &recording.place).then(|| recording.item())
    };
    match &wanted.domain {
        Some(domain) => walk::emit_listing(road, listing(domain), |raw| item(domain, raw)).await,
        None => playback::emit_listings(road, listing, item).await,
    }
}

fn listing(domain: &str) -> Call {
    Call::new(VENDOR, "DescribeLiveRecordConfig").with("DomainName", domain)
}

async fn show(road: &dyn Road, args: &RecordArgs) -> Result<Answer> {
    Ok(Answer::One(find(road, args, "reading the recording").await?.item()))
}

async fn add(road: &dyn Road, args: &RecordArgs) -> Result<Answer> {
    let doing = "adding a recording";
    let place = playback::named(
        &args.target,
        doing,
        check(args).need("--format", !args.formats.is_empty()).need_unless(
            "--storage",
            args.storage.is_some(),
            &format!("required: {STORAGE}"),
        ),
    )
    .map_err(|error| error_with_vod(error, args))?;
    let place = Place { app: place.app.filter(|app| app != playback::ALL_APPS), ..place };
    let storage = wanted_storage(args);
    let path = storage.as_ref().map(|storage| storage.path.as_str()).unwrap_or_default();
    // Slices need names of their own, and then all files stand together.
    let named = !path.is_empty() || args.formats.contains(&RecordFormat::Hls);
    let outputs: Vec<Output> =
        args.formats.iter().map(|format| Output::new(*format, args.segment_seconds, named.then_some(path))).collect();
    let recording = Recording { place, outputs, storage: storage.clone(), raw: Value::Null };
    let call = recording
        .address("AddLiveAppRecordConfig")
        .with_some("OssBucket", storage.as_ref().map(|storage| storage.bucket.as_str()))
        .with_some("OssEndpoint", storage.as_ref().and_then(|storage| storage.location.as_deref()))
        .with("RecordFormat", recording.outputs.iter().map(Output::created).collect::<Value>());
    let mut changes = rows::created(&rows::row(&recording.row()), FIELDS);
    changes
        .extend(output::patterns(&recording.outputs).map(|(field, pattern)| Change::new(field, Value::Null, pattern)));
    change::send(road, call, &recording.place.selector(), recording.name(), changes).await
}

async fn update(road: &dyn Road, args: &RecordArgs) -> Result<Answer> {
    let doing = "updating the recording";
    let before = find(road, args, doing).await?;
    let mut after = before.clone();
    after.storage = wanted_storage(args).or(after.storage);
    if !args.formats.is_empty() {
        after.outputs = before.outputs_as(&args.formats, args.segment_seconds);
    }
    if args.segment_seconds.is_some() {
        after.outputs.iter_mut().for_each(|output| output.cycle = args.segment_seconds);
    }
    before.refuse_moved(&after, doing)?;
    let changes = rows::changes(&rows::row(&before.row()), &rows::row(&after.row()), FIELDS);
    let id = before.place.selector();
    // Several formats of different lengths show none, so the row alone does not tell.
    if changes.is_empty() && before.outputs == after.outputs {
        return Ok(change::nothing(VENDOR, &id, before.name()));
    }
    change::send(road, after.update(), &id, before.name(), changes).await
}

async fn delete(road: &dyn Road, args: &RecordArgs) -> Result<Answer> {
    let recording = find(road, args, "deleting the recording").await?;
    let id = recording.place.selector();
    road.confirm(&format!("delete the recording {id}"))?;
    let changes = rows::removed(&rows::row(&recording.row()), FIELDS);
    change::send(road, recording.address("DeleteLiveAppRecordConfig"), &id, recording.name(), changes).await
}

async fn find(road: &dyn Road, args: &RecordArgs, doing: &str) -> Result<Recording> {
    let wanted = playback::named(&args.target, doing, check(args)).map_err(|error| error_with_vod(error, args))?;
    let wanted = wanted.without_tail();
    let domain = wanted.domain.as_deref().unwrap_or_default();
    let all = Pages::all(listing(domain), road).await?.into_iter().map(|raw| Recording::read(raw, domain));
    let found = all.filter(|recording| playback::matches(&wanted, &recording.place)).collect();
    playback::meant(doing, &args.target, &wanted, found, |recording: &Recording| &recording.place)
}

/// One record config, as the vendor has it or as it shall become.
#[derive(Debug, Clone)]
struct Recording {
    place: Place,
    outputs: Vec<Output>,
    storage: Option<Storage>,
    raw: Value,
}

impl Recording {
    fn read(raw: Value, domain: &str) -> Self {
        let outputs = Output::read_all(raw.get("RecordFormatList"));
        let bucket = rows::text(&raw, "OssBucket");
        Recording {
            place: Place {
                domain: rows::text(&raw, "DomainName").or_else(|| Some(domain.to_owned())),
                app: rows::text(&raw, "AppName").filter(|app| app != playback::ALL_APPS),
                stream: rows::text(&raw, "StreamName"),
                tail: None,
            },
            storage: bucket.map(|bucket| Storage {
                kind: StorageKind::Oss,
                bucket,
                path: output::folder(&outputs),
                location: rows::text(&raw, "OssEndpoint"),
            }),
            outputs,
            raw,
        }
    }

    fn row(&self) -> RecordRow {
        let formats = RecordFormat::ALL.into_iter();
        RecordRow {
            vendor: VENDOR,
            profile: None,
            id: self.place.selector(),
            domain: self.place.domain.clone(),
            app: self.place.app.clone(),
            stream: self.place.stream.clone(),
            formats: Some(formats.filter(|format| self.outputs.iter().any(|output| output.is(*format))).collect()),
            segment_seconds: output::common_cycle(&self.outputs),
            storage: self.storage.as_ref().map(Storage::to_string),
            created_at: rows::time(&self.raw, "CreateTime", Offset::UTC),
        }
    }

    fn item(self) -> Item {
        Item { row: rows::row(&self.row()), raw: self.raw }
    }

    fn name(&self) -> &str {
        self.place.stream.as_deref().unwrap_or_default()
    }

    /// A call with what addresses the config.
    fn address(&self, action: &str) -> Call {
        Call::new(VENDOR, action)
            .with_some("DomainName", self.place.domain.as_deref())
            .with("AppName", self.place.app.as_deref().unwrap_or(playback::ALL_APPS))
            .with_some("StreamName", self.place.stream.as_deref())
    }

    /// The outputs in the named formats: those that are there as they are, and those that no name stands for.
    fn outputs_as(&self, formats: &[RecordFormat], cycle: Option<u64>) -> Vec<Output> {
        let cycle = cycle.or_else(|| output::common_cycle(&self.outputs));
        let kept = |output: &&Output| formats.iter().any(|format| output.is(*format)) || output.is_unnamed();
        let new = formats.iter().filter(|format| !self.outputs.iter().any(|output| output.is(**format)));
        let kept: Vec<Output> = self.outputs.iter().filter(kept).cloned().collect();
        kept.into_iter().chain(new.map(|format| Output::new(*format, cycle, None))).collect()
    }

    /// The update knows neither the bucket nor the names of objects. Deleting and adding would do, but what is
    /// live in between is not recorded, and an adding that fails would leave nothing: the user decides.
    fn refuse_moved(&self, after: &Recording, doing: &str) -> Result<()> {
        let place = |recording: &Recording| {
            recording.storage.as_ref().map(|storage| (storage.bucket.clone(), storage.path.clone()))
        };
        let moved = place(self) != place(after);
        let named = after.storage.as_ref().is_some_and(|storage| !storage.path.is_empty());
        let unnamed = after.outputs.iter().any(|output| {
            let new = !self.outputs.iter().any(|other| other.format == output.format);
            new && (named || output.is(RecordFormat::Hls))
        });
        if !moved && !unnamed {
            return Ok(());
        }
        let what = if moved { "move it into another bucket or folder" } else { "name the files of a further format" };
        let message = format!("{doing} `{}`: Aliyun's update cannot {what}", self.place.selector());
        let error = Error::usage(message)
            .hint(format!("delete it and add it anew: `{}`", self.made_anew(after)))
            .hint("what is live in between is not recorded");
        let lost = self.beyond_adding();
        let error = match lost.is_empty() {
            true => error,
            false => error.hint(format!(
                "`record add` does not set {} again: `livectl record config create` does",
                lost.join(", ")
            )),
        };
        Err(error.with(|details| details.vendor = Some(VENDOR)))
    }

    /// The commands that delete the config and add it as it shall become.
    fn made_anew(&self, after: &Recording) -> String {
        let row = after.row();
        let quoted = |option: &str, value: &Option<String>| {
            value.as_ref().map_or(String::new(), |value| format!(" {option} '{value}'"))
        };
        let formats: Vec<&str> = row.formats.iter().flatten().map(|format| format.name()).collect();
        format!(
            "livectl record delete '{}' && livectl record add{}{}{} --format {}{}{}",
            self.place.selector(),
            quoted("--domain", &row.domain),
            quoted("--app", &row.app),
            quoted("--stream", &row.stream),
            formats.join(","),
            row.segment_seconds.map_or(String::new(), |seconds| format!(" --segment {seconds}s")),
            quoted("--storage", &row.storage),
        )
    }

    /// What is set of the config that `record add` has no option for, as parameters of adding.
    fn beyond_adding(&self) -> Vec<&'static str> {
        let set = |member: &str| match self.raw.get(member) {
            Some(Value::Array(items)) => !items.is_empty(),
            Some(Value::Object(wrapper)) => {
                wrapper.values().any(|inner| inner.as_array().is_none_or(|i| !i.is_empty()))
            }
            Some(Value::String(text)) => !text.is_empty(),
            Some(Value::Number(number)) => number.as_u64() != Some(0),
            _ => false,
        };
        let members = [
            ("OnDemond", "OnDemand"),
            ("DelayTime", "DelayTime"),
            ("StartTime", "StartTime"),
            ("EndTime", "EndTime"),
            ("TranscodeTemplates", "TranscodeTemplates"),
            ("TranscodeRecordFormatList", "TranscodeRecordFormat"),
        ];
        members.into_iter().filter(|(member, _)| set(member)).map(|(_, parameter)| parameter).collect()
    }

    /// The update with the whole config: what is not named goes back as it was read.
    fn update(&self) -> Call {
        let action = "UpdateLiveAppRecordConfig";
        let mut call = self.address(action);
        let lists = ["RecordFormat", "TranscodeRecordFormat", "TranscodeTemplates"];
        let kept = change::kept(VENDOR, action, &self.raw, &[("OnDemand", "OnDemond")]);
        let addressed = call.params.clone();
        call.params.extend(
            kept.into_iter()
                .filter(|(name, _)| !lists.contains(&name.as_str()) && !addressed.contains_key(name.as_str())),
        );
        let transcoded = Output::read_all(self.raw.get("TranscodeRecordFormatList"));
        let templates = rows::texts(&self.raw, "TranscodeTemplates");
        call.with_some("OssEndpoint", self.storage.as_ref().and_then(|storage| storage.location.as_deref()))
            .with("RecordFormat", self.outputs.iter().map(Output::updated).collect::<Value>())
            .with_some(
                "TranscodeRecordFormat",
                (!transcoded.is_empty()).then(|| transcoded.iter().map(Output::updated).collect::<Value>()),
            )
            .with_some("TranscodeTemplates", (!templates.is_empty()).then_some(templates))
    }
}

/// The storage that is asked for, its folder without slashes around it.
fn wanted_storage(args: &RecordArgs) -> Option<Storage> {
    let storage = args.storage.clone()?;
    Some(Storage { path: storage.path.trim_matches('/').to_owned(), ..storage })
}

/// Complains of what Aliyun cannot do.
fn check(args: &RecordArgs) -> Complaints {
    let other: Vec<&str> =
        args.formats.iter().filter(|format| output::word(**format).is_none()).map(|format| format.name()).collect();
    let storage =
        args.storage.as_ref().filter(|storage| storage.kind != StorageKind::Oss || storage.location.is_none());
    Complaints::none()
        .wrong(
            "--format",
            (!other.is_empty()).then(|| other.join(",")),
            "flv, hls or mp4: Aliyun records no sound alone",
        )
        .wrong("--storage", storage, STORAGE)
        .foreign("--template", args.template.as_ref(), "Tencent")
        .foreign("--vhost", args.vhost.as_ref(), "Volcengine")
        .foreign("--shared", args.shared.then_some("true"), "Tencent")
}

/// A refusal that tells where recording into the video-on-demand product is.
fn error_with_vod(error: Error, args: &RecordArgs) -> Error {
    match &args.storage {
        Some(storage) if storage.kind == StorageKind::Vod => {
            error.hint("recording into VOD is a setting of its own on Aliyun: `livectl vod create --help`")
        }
        _ => error,
    }
}

#[cfg(test)]
mod tests;
