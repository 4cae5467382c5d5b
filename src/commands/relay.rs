//! `livectl relay …`

use crate::cli::{NewRelay, RelayCommand, RelayContent, RelayTarget, RelayUpdate, RelayWhere};
use crate::commands::Ending;
use crate::commands::faults::Faults;
use crate::commands::portable::{self, Portable, Tolerance};
use crate::commands::session::Session;
use crate::error::Result;
use crate::model::time::parse_time;
use crate::model::{RelayArgs, RelayRow, RelaySelector, RelayVerb, Window};

/// Carries out `livectl relay …`.
///
/// # Errors
/// Wrong values, all told at once; the portable command's own.
pub(super) async fn run(session: &Session, command: RelayCommand) -> Result<Ending> {
    let portable = match command {
        RelayCommand::List(place) => prepare(RelayVerb::List, placed(place)),
        RelayCommand::Show(target) => prepare(RelayVerb::Show, targeted(target, None, "show a relay")?),
        RelayCommand::Add(new) => add(session, new)?,
        RelayCommand::Update(update) => change(session, update)?,
        RelayCommand::Delete { target, operator, removal } => {
            let mut portable = prepare(RelayVerb::Delete, targeted(target, operator, "delete a relay")?);
            portable.tolerant = Tolerance::missing(removal.if_exists);
            portable
        }
        RelayCommand::Restart { target, operator } => {
            prepare(RelayVerb::Restart, targeted(target, operator, "restart a relay")?)
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

/// One relay: by id or by place, and at least one of them.
fn targeted(target: RelayTarget, operator: Option<String>, doing: &str) -> Result<RelayArgs> {
    let mut args = placed(target.place);
    args.target.id = target.id;
    args.operator = operator;
    let mut faults = Faults::default();
    if args.target == RelaySelector::default() {
        faults.add("ID", None, "required: the vendor's id or domain/app/stream, or --domain, --app and --stream");
    }
    faults.finish(doing)?;
    Ok(args)
}

fn add(session: &Session, new: NewRelay) -> Result<Verb> {
    let args = filled(session, placed(new.place), new.content, "add a relay")?;
    let mut portable = prepare(RelayVerb::Add, args);
    portable.tolerant = Tolerance::existing(new.creation.if_not_exists);
    Ok(portable)
}

fn change(session: &Session, update: RelayUpdate) -> Result<Verb> {
    let args = targeted(update.target, None, "update a relay")?;
    Ok(prepare(RelayVerb::Update, filled(session, args, update.content, "update a relay")?))
}

fn filled(session: &Session, args: RelayArgs, content: RelayContent, doing: &str) -> Result<RelayArgs> {
    let mut faults = Faults::default();
    let mut instant = |option: &str, given: &Option<String>| {
        faults.read(option, given.as_deref(), |text| parse_time(text, session.now))
    };
    let window = Window {
        start: instant("--start", &content.start),
        end: instant("--end", &content.end),
        permanent: content.permanent,
    };
    if let (Some(start), Some(end)) = (window.start, window.end)
        && end <= start
    {
        faults.add("--end", content.end.as_deref(), "later than --start");
    }
    faults.finish(doing)?;
    Ok(RelayArgs { sources: content.source, window, operator: content.operator, ..args })
}
