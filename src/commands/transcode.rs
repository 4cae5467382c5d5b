//! `livectl transcode …`

use serde_json::json;

use crate::cli::{TargetInSpace, TranscodeChange, TranscodeCommand, TranscodeContent, TranscodeSettings};
use crate::commands::existing::Existing;
use crate::commands::faults::Faults;
use crate::commands::portable::{Portable, Tolerance};
use crate::commands::target;
use crate::error::Result;
use crate::model::{TranscodeArgs, TranscodeRow, TranscodeVerb};
use crate::providers::{Provider, rows};

/// Reads `livectl transcode …`.
///
/// # Errors
/// Wrong values, all told at once.
pub(super) fn verb(command: TranscodeCommand) -> Result<Portable> {
    let portable = match command {
        TranscodeCommand::List(filter) => {
            let target = target::placed(filter.place);
            prepare(TranscodeVerb::List, TranscodeArgs { target, vhost: filter.vhost, ..TranscodeArgs::default() })
        }
        TranscodeCommand::Show(target) => one(TranscodeVerb::Show, target, "showing a rendition")?,
        TranscodeCommand::Add(content) => add(content)?,
        TranscodeCommand::Update(change) => update(change)?,
        TranscodeCommand::Delete { target, removal } => {
            let verb = one(TranscodeVerb::Delete, target, "deleting a rendition")?;
            Portable { tolerant: Tolerance::missing(removal.if_exists), ..verb }
        }
    };
    Ok(portable)
}

fn prepare(verb: TranscodeVerb, args: TranscodeArgs) -> Portable {
    let id = target::shown(&args.target);
    let name = args.name.clone().unwrap_or_default();
    let portable = Portable::new("transcode", (verb, verb.name()), TranscodeRow::COLUMNS, args, Provider::transcode);
    Portable { id, name, ..portable }
}

fn one(verb: TranscodeVerb, asked: TargetInSpace, doing: &str) -> Result<Portable> {
    let mut faults = Faults::default();
    let target = target::named(&mut faults, asked.target);
    faults.finish(doing)?;
    Ok(prepare(verb, TranscodeArgs { target, vhost: asked.vhost, ..TranscodeArgs::default() }))
}

fn add(content: TranscodeContent) -> Result<Portable> {
    let mut faults = Faults::default();
    let args = TranscodeArgs {
        target: target::located(&mut faults, content.place),
        template: content.template,
        vhost: content.vhost,
        ..settings(&mut faults, content.settings)
    };
    faults.finish("adding a rendition")?;
    let tolerant = Tolerance::existing(content.creation.if_not_exists);
    let there = TranscodeArgs { target: args.target.clone(), vhost: args.vhost.clone(), ..TranscodeArgs::default() };
    let place = (args.target.app.as_deref(), args.target.stream.as_deref());
    let asked = rows::row(&json!({
        "codec": args.codec, "width": args.width, "height": args.height, "fps": args.fps,
        "video_kbps": args.video_kbps, "audio_kbps": args.audio_kbps,
    }));
    let existing = Existing::listed(prepare(TranscodeVerb::List, there), place, args.name.as_deref(), asked);
    let template = args.template.clone();
    let verb = prepare(TranscodeVerb::Add, args);
    // An app has several renditions, told apart by their names, or by the template where one is bound.
    let tail = template.filter(|_| verb.name.is_empty()).unwrap_or_else(|| verb.name.clone());
    let id = if tail.is_empty() { verb.id } else { format!("{}#{tail}", verb.id) };
    Ok(Portable { id, tolerant, existing: Some(Box::new(existing)), ..verb })
}

fn update(change: TranscodeChange) -> Result<Portable> {
    let mut faults = Faults::default();
    let args = settings(&mut faults, change.settings);
    if args == TranscodeArgs::default() && faults.is_empty() {
        faults.add("--video-kbps", None, "required, or --codec, --width, --height, --fps, --audio-kbps or --name");
    }
    let target = target::named(&mut faults, change.target);
    faults.finish("updating a rendition")?;
    Ok(prepare(TranscodeVerb::Update, TranscodeArgs { target, vhost: change.vhost, shared: change.shared, ..args }))
}

fn settings(faults: &mut Faults, settings: TranscodeSettings) -> TranscodeArgs {
    if settings.name.as_deref() == Some("") {
        faults.add("--name", Some(""), "a name: players find the rendition by it");
    }
    let mut number = |option: &str, given: &Option<String>| {
        faults.read(option, given.as_deref(), "a whole number above 0", |text| text.parse().ok().filter(|n| *n > 0))
    };
    TranscodeArgs {
        width: number("--width", &settings.width),
        height: number("--height", &settings.height),
        fps: number("--fps", &settings.fps),
        video_kbps: number("--video-kbps", &settings.video_kbps),
        audio_kbps: number("--audio-kbps", &settings.audio_kbps),
        name: settings.name,
        codec: settings.codec.map(|codec| codec.to_lowercase()),
        ..TranscodeArgs::default()
    }
}
