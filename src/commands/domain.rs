//! `livectl domain …`

use crate::cli::{DomainCommand, DomainFilter, DomainPair, NewDomain};
use crate::commands::Ending;
use crate::commands::faults::Faults;
use crate::commands::portable::{self, Portable, Tolerance};
use crate::commands::session::Session;
use crate::error::Result;
use crate::model::{Area, DomainArgs, DomainKind, DomainRow, DomainStatus, DomainVerb};

const KINDS: &[(&str, DomainKind)] = &[("push", DomainKind::Push), ("play", DomainKind::Play)];
const AREAS: &[(&str, Area)] = &[("mainland", Area::Mainland), ("overseas", Area::Overseas), ("global", Area::Global)];
const STATUSES: &[(&str, DomainStatus)] = &[
    ("enabled", DomainStatus::Enabled),
    ("disabled", DomainStatus::Disabled),
    ("configuring", DomainStatus::Configuring),
    ("checking", DomainStatus::Checking),
    ("failed", DomainStatus::Failed),
    ("blocked", DomainStatus::Blocked),
];

/// Carries out `livectl domain …`.
///
/// # Errors
/// Wrong values, all told at once; the portable command's own.
pub(super) async fn run(session: &Session, command: DomainCommand) -> Result<Ending> {
    match command {
        DomainCommand::List(filter) => portable::run(session, list(filter)?).await,
        DomainCommand::Show { name } => portable::run(session, named(DomainVerb::Show, name)).await,
        DomainCommand::Add(new) => portable::run(session, add(new)?).await,
        DomainCommand::Enable { name } => portable::run(session, named(DomainVerb::Enable, name)).await,
        DomainCommand::Disable { name } => portable::run(session, named(DomainVerb::Disable, name)).await,
        DomainCommand::Delete { name, kind, removal } => {
            let mut faults = Faults::default();
            let kind = faults.pick("--type", kind.as_deref(), KINDS);
            faults.finish("deleting a domain")?;
            let mut portable = named(DomainVerb::Delete, name);
            portable.args.kind = kind;
            portable.tolerant = Tolerance::missing(removal.if_exists);
            portable::run(session, portable).await
        }
        DomainCommand::Map(pair) => portable::run(session, paired(DomainVerb::Map, pair)).await,
        DomainCommand::Unmap(pair) => portable::run(session, paired(DomainVerb::Unmap, pair)).await,
    }
}

type Verb = Portable<DomainArgs, DomainVerb>;

fn prepare(verb: DomainVerb, args: DomainArgs) -> Verb {
    Portable {
        noun: "domain",
        verb,
        verb_name: verb.name(),
        id: args.name.clone(),
        name: args.name.clone(),
        lister: "list",
        args,
        columns: DomainRow::COLUMNS,
        changing: !matches!(verb, DomainVerb::List | DomainVerb::Show),
        tolerant: Tolerance::Nothing,
        support: |provider, verb| provider.domain(verb),
    }
}

fn named(verb: DomainVerb, name: String) -> Verb {
    prepare(verb, DomainArgs { name, ..DomainArgs::default() })
}

fn paired(verb: DomainVerb, pair: DomainPair) -> Verb {
    prepare(verb, DomainArgs { name: pair.push, play: Some(pair.play), ..DomainArgs::default() })
}

fn list(filter: DomainFilter) -> Result<Verb> {
    let mut faults = Faults::default();
    let args = DomainArgs {
        kind: faults.pick("--type", filter.kind.as_deref(), KINDS),
        status: faults.pick("--status", filter.status.as_deref(), STATUSES),
        area: faults.pick("--area", filter.area.as_deref(), AREAS),
        ..DomainArgs::default()
    };
    faults.finish("listing domains")?;
    Ok(prepare(DomainVerb::List, args))
}

fn add(new: NewDomain) -> Result<Verb> {
    let mut faults = Faults::default();
    if new.kind.is_none() {
        faults.add("--type", None, "required: one of push, play");
    }
    let args = DomainArgs {
        kind: faults.pick("--type", new.kind.as_deref(), KINDS),
        area: faults.pick("--area", new.area.as_deref(), AREAS),
        name: new.name,
        domain_region: new.domain_region,
        vhost: new.vhost,
        verify_owner: new.verify_owner,
        ..DomainArgs::default()
    };
    faults.finish("adding a domain")?;
    let mut portable = prepare(DomainVerb::Add, args);
    portable.tolerant = Tolerance::existing(new.creation.if_not_exists);
    Ok(portable)
}
