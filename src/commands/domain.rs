//! `livectl domain …`

use serde_json::json;

use crate::cli::{DomainCommand, DomainFilter, DomainPair, Given, NewDomain};
use crate::commands::existing::Existing;
use crate::commands::faults::Faults;
use crate::commands::portable::{Portable, Tolerance};
use crate::error::Result;
use crate::model::{Area, DomainArgs, DomainKind, DomainRow, DomainStatus, DomainVerb};
use crate::providers::{Provider, rows};

pub(super) const KINDS: &[(&str, DomainKind)] = &[("push", DomainKind::Push), ("play", DomainKind::Play)];
pub(super) const AREAS: &[(&str, Area)] =
    &[("mainland", Area::Mainland), ("overseas", Area::Overseas), ("global", Area::Global)];
pub(super) const STATUSES: &[(&str, DomainStatus)] = &[
    ("enabled", DomainStatus::Enabled),
    ("disabled", DomainStatus::Disabled),
    ("configuring", DomainStatus::Configuring),
    ("checking", DomainStatus::Checking),
    ("failed", DomainStatus::Failed),
    ("blocked", DomainStatus::Blocked),
];

/// Reads `livectl domain …`.
///
/// # Errors
/// Wrong values, all told at once.
pub(super) fn verb(command: DomainCommand) -> Result<Portable> {
    let portable = match command {
        DomainCommand::List(filter) => list(filter)?,
        DomainCommand::Show(one) => named(DomainVerb::Show, one.name, one.further, "showing a domain")?,
        DomainCommand::Add(new) => add(new)?,
        DomainCommand::Enable(one) => named(DomainVerb::Enable, one.name, one.further, "enabling a domain")?,
        DomainCommand::Disable(one) => named(DomainVerb::Disable, one.name, one.further, "disabling a domain")?,
        DomainCommand::Delete { name, kind, removal, further } => {
            let mut faults = Faults::default();
            let kind = faults.pick("--type", kind.as_deref(), KINDS);
            faults.finish("deleting a domain")?;
            let args = DomainArgs { kind, ..DomainArgs::default() };
            let portable = about(DomainVerb::Delete, args, name, further, "deleting a domain")?;
            Portable { tolerant: Tolerance::missing(removal.if_exists), ..portable }
        }
        DomainCommand::Map { pair, creation } => {
            let tolerant = Tolerance::existing(creation.if_not_exists);
            Portable { tolerant, ..paired(DomainVerb::Map, pair, "mapping domains")? }
        }
        DomainCommand::Unmap { pair, removal } => {
            let tolerant = Tolerance::missing(removal.if_exists);
            Portable { tolerant, ..paired(DomainVerb::Unmap, pair, "unmapping domains")? }
        }
    };
    Ok(portable)
}

fn prepare(verb: DomainVerb, args: DomainArgs) -> Portable {
    let (id, name) = (args.name.clone(), args.name.clone());
    Portable { id, name, ..Portable::new("domain", (verb, verb.name()), DomainRow::COLUMNS, args, Provider::domain) }
}

/// One domain that is named.
fn named(verb: DomainVerb, name: Option<String>, further: Given, doing: &str) -> Result<Portable> {
    about(verb, DomainArgs::default(), name, further, doing)
}

/// One domain that is named, with what is known of it.
fn about(
    verb: DomainVerb,
    known: DomainArgs,
    name: Option<String>,
    mut further: Given,
    doing: &str,
) -> Result<Portable> {
    let mut faults = Faults::default();
    let name = required(&mut faults, verb, "NAME", name, &mut further);
    faults.finish(doing)?;
    Ok(Portable { further, ..prepare(verb, DomainArgs { name, ..known }) })
}

fn paired(verb: DomainVerb, pair: DomainPair, doing: &str) -> Result<Portable> {
    let (mut faults, mut further) = (Faults::default(), pair.further);
    let name = required(&mut faults, verb, "PUSH", pair.push, &mut further);
    let play = Some(required(&mut faults, verb, "PLAY", pair.play, &mut further));
    faults.finish(doing)?;
    Ok(Portable { further, ..prepare(verb, DomainArgs { name, play, ..DomainArgs::default() }) })
}

/// A domain that must be named, in its place or by an option.
fn required(
    faults: &mut Faults,
    verb: DomainVerb,
    argument: &str,
    typed: Option<String>,
    further: &mut Given,
) -> String {
    let command = format!("domain {}", verb.name());
    further.in_place(&command, argument, typed).unwrap_or_else(|| {
        faults.add(argument, None, "required: the domain");
        String::new()
    })
}

fn list(filter: DomainFilter) -> Result<Portable> {
    let mut faults = Faults::default();
    let args = DomainArgs {
        kind: faults.pick("--type", filter.kind.as_deref(), KINDS),
        status: faults.pick("--status", filter.status.as_deref(), STATUSES),
        area: faults.pick("--area", filter.area.as_deref(), AREAS),
        ..DomainArgs::default()
    };
    faults.finish("listing domains")?;
    Ok(Portable { further: filter.further, ..prepare(DomainVerb::List, args) })
}

fn add(new: NewDomain) -> Result<Portable> {
    let (mut faults, mut further) = (Faults::default(), new.further);
    let name = required(&mut faults, DomainVerb::Add, "NAME", new.name, &mut further);
    if new.kind.is_none() {
        faults.add("--type", None, "required: one of push, play");
    }
    let args = DomainArgs {
        kind: faults.pick("--type", new.kind.as_deref(), KINDS),
        area: faults.pick("--area", new.area.as_deref(), AREAS),
        name,
        domain_region: new.domain_region,
        vhost: new.vhost,
        verify_owner: new.verify_owner,
        ..DomainArgs::default()
    };
    faults.finish("adding a domain")?;
    let show = prepare(DomainVerb::Show, DomainArgs { name: args.name.clone(), ..DomainArgs::default() });
    let asked = rows::row(&json!({"type": args.kind, "area": args.area}));
    let mut portable = prepare(DomainVerb::Add, args);
    portable.existing = Some(Box::new(Existing::shown(show, asked)));
    portable.tolerant = Tolerance::existing(new.creation.if_not_exists);
    portable.further = further;
    Ok(portable)
}
