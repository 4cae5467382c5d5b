//! `livectl relay …`

use serde_json::json;

use crate::cli::{Given, NewRelay, RelayCommand, RelayContent, RelayUpdate, Target};
use crate::commands::existing::Existing;
use crate::commands::faults::Faults;
use crate::commands::portable::{Portable, Tolerance};
use crate::commands::session::Session;
use crate::commands::target;
use crate::error::Result;
use crate::model::time::{TIME_FORMS, parse_time};
use crate::model::{RelayArgs, RelayRow, RelayVerb, Selector, Window};
use crate::providers::{Provider, rows};

/// Reads `livectl relay …`.
///
/// # Errors
/// Wrong values, all told at once.
pub(super) fn verb(session: &Session, command: RelayCommand) -> Result<Portable> {
    let portable = match command {
        RelayCommand::List(filter) => {
            let args = RelayArgs { target: target::placed(filter.place), ..RelayArgs::default() };
            Portable { further: filter.further, ..prepare(RelayVerb::List, args) }
        }
        RelayCommand::Show(relay) => one(RelayVerb::Show, relay.target, None, relay.further, "showing a relay")?,
        RelayCommand::Add(new) => add(session, new)?,
        RelayCommand::Update(update) => change(session, update)?,
        RelayCommand::Delete { target, operator, removal, further } => {
            let verb = one(RelayVerb::Delete, target, operator, further, "deleting a relay")?;
            Portable { tolerant: Tolerance::missing(removal.if_exists), ..verb }
        }
        RelayCommand::Restart { target, operator, further } => {
            one(RelayVerb::Restart, target, operator, further, "restarting a relay")?
        }
    };
    Ok(portable)
}

fn prepare(verb: RelayVerb, args: RelayArgs) -> Portable {
    let id = target::shown(&args.target);
    // A relay is called by its stream, the last part of a selector.
    let name = id.splitn(3, '/').last().unwrap_or_default().to_owned();
    Portable { id, name, ..Portable::new("relay", (verb, verb.name()), RelayRow::COLUMNS, args, Provider::relay) }
}

/// One relay that is named.
fn one(verb: RelayVerb, target: Target, operator: Option<String>, mut further: Given, doing: &str) -> Result<Portable> {
    let mut faults = Faults::default();
    let target = named(&mut faults, verb, target, &mut further);
    faults.finish(doing)?;
    Ok(Portable { further, ..prepare(verb, RelayArgs { target, operator, ..RelayArgs::default() }) })
}

/// One relay: by id or by place, and at least one of them.
fn named(faults: &mut Faults, verb: RelayVerb, target: Target, further: &mut Given) -> Selector {
    let command = format!("relay {}", verb.name());
    let id = further.in_place(&command, "ID", target.id);
    target::named(faults, Target { id, place: target.place })
}

fn add(session: &Session, new: NewRelay) -> Result<Portable> {
    let (mut faults, content) = (Faults::default(), &new.content);
    let window = read_window(session, &mut faults, content);
    let times = [("--start", &content.start), ("--end", &content.end)].map(|(option, time)| (option, time.is_some()));
    let placed = RelayArgs { target: target::located(&mut faults, new.place), ..RelayArgs::default() };
    let args = filled(placed, window, new.content);
    if !faults.is_empty() {
        // Where nothing else is wrong the vendor tells what is missing, with the kind of domain that it wants.
        let target = &args.target;
        let place = [("--domain", &target.domain), ("--app", &target.app), ("--stream", &target.stream)];
        let place = place.map(|(option, part)| (option, part.is_some()));
        let source = [("--source", !args.sources.is_empty())];
        let times = times.map(|(option, given)| (option, given || args.window.permanent));
        for (option, _) in place.into_iter().chain(source).chain(times).filter(|(_, given)| !given) {
            faults.add(option, None, "required");
        }
    }
    faults.finish("adding a relay")?;
    let there = RelayArgs { target: args.target.clone(), ..RelayArgs::default() };
    let place = (args.target.app.as_deref(), args.target.stream.as_deref());
    // The times are left out: `now` and `+7d` are others each time.
    let asked = rows::row(&json!({ "sources": args.sources }));
    let existing = Existing::listed(prepare(RelayVerb::List, there), place, None, asked);
    let mut portable = prepare(RelayVerb::Add, RelayArgs { if_not_exists: new.creation.if_not_exists, ..args });
    portable.tolerant = Tolerance::existing(new.creation.if_not_exists);
    portable.existing = Some(Box::new(existing));
    portable.further = new.further;
    Ok(portable)
}

fn change(session: &Session, update: RelayUpdate) -> Result<Portable> {
    let (mut faults, content) = (Faults::default(), &update.content);
    let mut further = update.further;
    let target = named(&mut faults, RelayVerb::Update, update.target, &mut further);
    let args = RelayArgs { target, ..RelayArgs::default() };
    let untouched = content.source.is_empty() && content.start.is_none() && content.end.is_none();
    if untouched && !content.permanent && further.options.is_empty() {
        faults.add("--source", None, "required, or --start, --end or --permanent");
    }
    let window = read_window(session, &mut faults, content);
    faults.finish("updating a relay")?;
    Ok(Portable { further, ..prepare(RelayVerb::Update, filled(args, window, update.content)) })
}

fn filled(args: RelayArgs, window: Window, content: RelayContent) -> RelayArgs {
    RelayArgs { sources: content.source, window, operator: content.operator, ..args }
}

fn read_window(session: &Session, faults: &mut Faults, content: &RelayContent) -> Window {
    let mut instant = |option: &str, given: &Option<String>| {
        let reader = |text: &str| parse_time(text, session.now).ok();
        faults.read(option, given.as_deref(), TIME_FORMS, reader)
    };
    let window = Window {
        start: instant("--start", &content.start),
        end: instant("--end", &content.end),
        permanent: content.permanent,
    };
    if let (Some(start), Some(end)) = (window.start, window.end)
        && end <= start
    {
        faults.add("--end", content.end.as_deref(), "a time later than --start");
    }
    window
}
