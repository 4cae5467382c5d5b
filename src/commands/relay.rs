//! `livectl relay …`

use crate::cli::{NewRelay, RelayCommand, RelayContent, RelayTarget, RelayUpdate, RelayWhere};
use crate::commands::Ending;
use crate::commands::faults::Faults;
use crate::commands::portable::{self, Portable, Tolerance};
use crate::commands::session::Session;
use crate::error::Result;
use crate::model::time::parse_time;
use crate::model::{RelayArgs, RelayRow, RelaySelector, RelayVerb, Window};

/// The forms that a time is accepted in.
const TIMES: &str = "RFC 3339 (2026-01-31T20:00:00+08:00), Unix seconds, `now`, `+2h` or `-7d`";

/// Carries out `livectl relay …`.
///
/// # Errors
/// Wrong values, all told at once; the portable command's own.
pub(super) async fn run(session: &Session, command: RelayCommand) -> Result<Ending> {
    let portable = match command {
        RelayCommand::List(place) => prepare(RelayVerb::List, placed(place)),
        RelayCommand::Show(target) => prepare(RelayVerb::Show, targeted(target, None, "showing a relay")?),
        RelayCommand::Add(new) => add(session, new)?,
        RelayCommand::Update(update) => change(session, update)?,
        RelayCommand::Delete { target, operator, removal } => {
            let mut portable = prepare(RelayVerb::Delete, targeted(target, operator, "deleting a relay")?);
            portable.tolerant = Tolerance::missing(removal.if_exists);
            portable
        }
        RelayCommand::Restart { target, operator } => {
            prepare(RelayVerb::Restart, targeted(target, operator, "restarting a relay")?)
        }
    };
    portable::run(session, portable).await
}

type Verb = Portable<RelayArgs, RelayVerb>;

fn prepare(verb: RelayVerb, args: RelayArgs) -> Verb {
    let target = &args.target;
    let place = [&target.domain, &target.app, &target.stream].map(|part| part.clone().unwrap_or_default());
    let id = target.id.clone().unwrap_or_else(|| place.join("/"));
    Portable {
        noun: "relay",
        verb,
        verb_name: verb.name(),
        // A relay is called by its stream, the last part of a selector.
        name: id.splitn(3, '/').last().unwrap_or_default().to_owned(),
        id,
        lister: "list",
        args,
        columns: RelayRow::COLUMNS,
        changing: !matches!(verb, RelayVerb::List | RelayVerb::Show),
        tolerant: Tolerance::Nothing,
        support: |provider, verb| provider.relay(verb),
    }
}

fn placed(place: RelayWhere) -> RelayArgs {
    let target = RelaySelector { id: None, domain: place.domain, app: place.app, stream: place.stream };
    RelayArgs { target, ..RelayArgs::default() }
}

/// One relay that is named.
fn targeted(target: RelayTarget, operator: Option<String>, doing: &str) -> Result<RelayArgs> {
    let mut faults = Faults::default();
    let args = named(&mut faults, target);
    faults.finish(doing)?;
    Ok(RelayArgs { operator, ..args })
}

/// One relay: by id or by place, and at least one of them.
fn named(faults: &mut Faults, target: RelayTarget) -> RelayArgs {
    let mut args = placed(target.place);
    args.target.id = target.id;
    if args.target == RelaySelector::default() {
        faults.add("ID", None, "required: the vendor's id or domain/app/stream, or --domain, --app and --stream");
    }
    args
}

fn add(session: &Session, new: NewRelay) -> Result<Verb> {
    let (mut faults, content) = (Faults::default(), &new.content);
    let window = read_window(session, &mut faults, content);
    let times = [("--start", &content.start), ("--end", &content.end)].map(|(option, time)| (option, time.is_some()));
    let args = filled(placed(new.place), window, new.content);
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
    let mut portable = prepare(RelayVerb::Add, RelayArgs { if_not_exists: new.creation.if_not_exists, ..args });
    portable.tolerant = Tolerance::existing(new.creation.if_not_exists);
    Ok(portable)
}

fn change(session: &Session, update: RelayUpdate) -> Result<Verb> {
    let (mut faults, content) = (Faults::default(), &update.content);
    let args = named(&mut faults, update.target);
    if content.source.is_empty() && content.start.is_none() && content.end.is_none() && !content.permanent {
        faults.add("--source", None, "required, or --start, --end or --permanent");
    }
    let window = read_window(session, &mut faults, content);
    faults.finish("updating a relay")?;
    Ok(prepare(RelayVerb::Update, filled(args, window, update.content)))
}

fn filled(args: RelayArgs, window: Window, content: RelayContent) -> RelayArgs {
    RelayArgs { sources: content.source, window, operator: content.operator, ..args }
}

fn read_window(session: &Session, faults: &mut Faults, content: &RelayContent) -> Window {
    let mut instant = |option: &str, given: &Option<String>| {
        let reader = |text: &str| parse_time(text, session.now).ok();
        faults.read(option, given.as_deref(), TIMES, reader)
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
