//! `livectl stream …`

use crate::cli::{StreamCommand, StreamFilter, StreamForbidden, StreamTarget, StreamTop};
use crate::commands::faults::Faults;
use crate::commands::portable::Portable;
use crate::commands::session::Session;
use crate::commands::target;
use crate::error::Result;
use crate::model::time::{TIME_FORMS, parse_time};
use crate::model::{StreamArgs, StreamRow, StreamState, StreamTopRow, StreamVerb};
use crate::providers::Provider;

pub(super) const STATES: &[(&str, StreamState)] =
    &[("live", StreamState::Live), ("forbidden", StreamState::Forbidden), ("offline", StreamState::Offline)];

/// Reads `livectl stream …`.
///
/// # Errors
/// Wrong values, all told at once.
pub(super) fn verb(session: &Session, command: StreamCommand) -> Result<Portable> {
    let portable = match command {
        StreamCommand::List(filter) => list(filter)?,
        StreamCommand::Show(target) => one(StreamVerb::Show, target, "showing a stream")?,
        StreamCommand::Forbid(forbidden) => forbid(session, forbidden)?,
        StreamCommand::Resume(target) => one(StreamVerb::Resume, target, "resuming a stream")?,
        StreamCommand::Drop(target) => one(StreamVerb::Drop, target, "dropping a stream")?,
        StreamCommand::Top(asked) => top(asked),
    };
    Ok(portable)
}

fn prepare(verb: StreamVerb, args: StreamArgs) -> Portable {
    let id = target::shown(&args.target);
    Portable { id, ..Portable::new("stream", (verb, verb.name()), StreamRow::COLUMNS, args, Provider::stream) }
}

/// What lists the streams that are over.
const PAST: &str = "`livectl stream published list --start -1d --end now` for streams that are over";

fn list(filter: StreamFilter) -> Result<Portable> {
    let mut faults = Faults::default();
    let state = match filter.state.as_deref() {
        Some(word @ ("published" | "ended" | "past")) => {
            faults.add("--state", Some(word), PAST);
            None
        }
        word => faults.pick("--state", word, STATES),
    };
    faults.finish("listing streams")?;
    let args = StreamArgs { target: target::placed(filter.place), state, vhost: filter.vhost, ..StreamArgs::default() };
    Ok(prepare(StreamVerb::List, args))
}

/// Reads `livectl stream top`, one look of it.
pub(super) fn top(asked: StreamTop) -> Portable {
    let args = StreamArgs { target: target::placed(asked.place), vhost: asked.vhost, ..StreamArgs::default() };
    Portable { columns: StreamTopRow::COLUMNS, ..prepare(StreamVerb::Top, args) }
}

fn one(verb: StreamVerb, asked: StreamTarget, doing: &str) -> Result<Portable> {
    let mut faults = Faults::default();
    let target = target::named(&mut faults, asked.target);
    faults.finish(doing)?;
    let args = StreamArgs { target, vhost: asked.vhost, ..StreamArgs::default() };
    Ok(Portable { further: asked.further, ..prepare(verb, args) })
}

fn forbid(session: &Session, asked: StreamForbidden) -> Result<Portable> {
    let mut faults = Faults::default();
    let target = target::named(&mut faults, asked.target);
    let until = faults.read("--until", asked.until.as_deref(), TIME_FORMS, |text| parse_time(text, session.now).ok());
    if until.is_some_and(|until| until <= session.now) {
        faults.add("--until", asked.until.as_deref(), "a time that is not over");
    }
    faults.finish("forbidding a stream")?;
    let args = StreamArgs { target, until, reason: asked.reason, vhost: asked.vhost, ..StreamArgs::default() };
    Ok(Portable { further: asked.further, ..prepare(StreamVerb::Forbid, args) })
}
