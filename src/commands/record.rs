//! `livectl record …`

use serde_json::json;

use crate::cli::{RecordChange, RecordCommand, RecordContent, RecordSettings, TargetInSpace};
use crate::commands::existing::Existing;
use crate::commands::faults::Faults;
use crate::commands::portable::{Portable, Tolerance};
use crate::commands::target;
use crate::error::Result;
use crate::model::time::parse_duration;
use crate::model::{RecordArgs, RecordFormat, RecordRow, RecordVerb};
use crate::providers::{Provider, rows};

pub(super) const FORMATS: &[(&str, RecordFormat)] = &[
    ("flv", RecordFormat::Flv),
    ("hls", RecordFormat::Hls),
    ("m3u8", RecordFormat::Hls),
    ("mp4", RecordFormat::Mp4),
    ("aac", RecordFormat::Aac),
    ("mp3", RecordFormat::Mp3),
];

/// Reads `livectl record …`.
///
/// # Errors
/// Wrong values, all told at once.
pub(super) fn verb(command: RecordCommand) -> Result<Portable> {
    let portable = match command {
        RecordCommand::List(filter) => {
            let args =
                RecordArgs { target: target::placed(filter.place), vhost: filter.vhost, ..RecordArgs::default() };
            prepare(RecordVerb::List, args)
        }
        RecordCommand::Show(target) => one(RecordVerb::Show, target, "showing a recording")?,
        RecordCommand::Add(content) => add(content)?,
        RecordCommand::Update(change) => update(change)?,
        RecordCommand::Delete { target, removal } => {
            let verb = one(RecordVerb::Delete, target, "deleting a recording")?;
            Portable { tolerant: Tolerance::missing(removal.if_exists), ..verb }
        }
    };
    Ok(portable)
}

fn prepare(verb: RecordVerb, args: RecordArgs) -> Portable {
    let id = target::shown(&args.target);
    Portable { id, ..Portable::new("record", (verb, verb.name()), RecordRow::COLUMNS, args, Provider::record) }
}

fn one(verb: RecordVerb, asked: TargetInSpace, doing: &str) -> Result<Portable> {
    let mut faults = Faults::default();
    let args =
        RecordArgs { target: target::named(&mut faults, asked.target), vhost: asked.vhost, ..RecordArgs::default() };
    faults.finish(doing)?;
    Ok(prepare(verb, args))
}

fn add(content: RecordContent) -> Result<Portable> {
    let mut faults = Faults::default();
    let args = RecordArgs {
        target: target::located(&mut faults, content.place),
        template: content.template,
        vhost: content.vhost,
        ..settings(&mut faults, content.settings)
    };
    faults.finish("adding a recording")?;
    let there = RecordArgs { target: args.target.clone(), vhost: args.vhost.clone(), ..RecordArgs::default() };
    let asked = rows::row(&json!({
        "formats": args.formats, "segment_seconds": args.segment_seconds,
        "storage": args.storage.as_ref().map(ToString::to_string),
    }));
    let place = (args.target.app.as_deref(), args.target.stream.as_deref());
    let existing = Some(Box::new(Existing::listed(prepare(RecordVerb::List, there), place, None, asked)));
    let tolerant = Tolerance::existing(content.creation.if_not_exists);
    Ok(Portable { tolerant, existing, ..prepare(RecordVerb::Add, args) })
}

fn update(change: RecordChange) -> Result<Portable> {
    let mut faults = Faults::default();
    let args = settings(&mut faults, change.settings);
    if args == RecordArgs::default() && faults.is_empty() {
        faults.add("--format", None, "required, or --segment or --storage");
    }
    let target = target::named(&mut faults, change.target);
    faults.finish("updating a recording")?;
    Ok(prepare(RecordVerb::Update, RecordArgs { target, vhost: change.vhost, shared: change.shared, ..args }))
}

fn settings(faults: &mut Faults, settings: RecordSettings) -> RecordArgs {
    let mut formats = Vec::new();
    for word in &settings.format {
        if let Some(format) = faults.pick("--format", Some(word), FORMATS).filter(|format| !formats.contains(format)) {
            formats.push(format);
        }
    }
    let seconds =
        |text: &str| parse_duration(text).ok().and_then(|span| u64::try_from(span.as_secs()).ok()).filter(|n| *n > 0);
    let segment = faults.read("--segment", settings.segment.as_deref(), "a length such as 30m, 1h or 1800", seconds);
    let storage = settings.storage.as_deref().and_then(|text| match text.parse() {
        Ok(storage) => Some(storage),
        Err(allowed) => {
            faults.add("--storage", Some(text), allowed);
            None
        }
    });
    RecordArgs { formats, segment_seconds: segment, storage, ..RecordArgs::default() }
}
