//! `livectl callback …`

use crate::cli::{CallbackCommand, CallbackEvents, CallbackScope, CallbackSetting, Target};
use crate::commands::faults::Faults;
use crate::commands::portable::{Portable, Tolerance};
use crate::commands::session::Session;
use crate::commands::{secret, target};
use crate::error::{Error, Result};
use crate::model::{CallbackArgs, CallbackEvent, CallbackRow, CallbackVerb};
use crate::providers::Provider;

/// Reads `livectl callback …`.
///
/// # Errors
/// Wrong values, all told at once.
pub(super) fn verb(session: &Session, command: CallbackCommand) -> Result<Portable> {
    let portable = match command {
        CallbackCommand::Decode(_)
        | CallbackCommand::Listen(_)
        | CallbackCommand::Send(_)
        | CallbackCommand::Verify(_) => {
            return Err(Error::internal("read a command of callbacks: it asks nothing of a vendor"));
        }
        CallbackCommand::List(scope) => list(scope)?,
        CallbackCommand::Show { target, which } => {
            prepare(CallbackVerb::Show, one(target, which, "showing a callback")?)
        }
        CallbackCommand::Set(setting) => set(session, setting)?,
        CallbackCommand::Delete { target, which, shared, removal } => {
            let args = CallbackArgs { shared: shared.shared, ..one(target, which, "deleting callbacks")? };
            Portable { tolerant: Tolerance::missing(removal.if_exists), ..prepare(CallbackVerb::Delete, args) }
        }
    };
    Ok(portable)
}

fn prepare(verb: CallbackVerb, args: CallbackArgs) -> Portable {
    let id = target::shown(&args.target);
    Portable { id, ..Portable::new("callback", (verb, verb.name()), CallbackRow::COLUMNS, args, Provider::callback) }
}

fn list(scope: CallbackScope) -> Result<Portable> {
    let mut faults = Faults::default();
    let args = scoped(&mut faults, scope.which);
    faults.finish("listing callbacks")?;
    Ok(prepare(CallbackVerb::List, CallbackArgs { target: target::placed(scope.place), ..args }))
}

fn one(asked: Target, which: CallbackEvents, doing: &str) -> Result<CallbackArgs> {
    let mut faults = Faults::default();
    let target = target::named(&mut faults, asked);
    let args = scoped(&mut faults, which);
    faults.finish(doing)?;
    Ok(CallbackArgs { target, ..args })
}

fn set(session: &Session, setting: CallbackSetting) -> Result<Portable> {
    let mut faults = Faults::default();
    let args = scoped(&mut faults, setting.which);
    let in_selector = setting.target.id.as_ref().is_some_and(|id| id.contains('#'));
    if args.events.is_empty() && !in_selector && setting.key.is_none() && faults.is_empty() {
        faults.add("--event", None, format!("required: one or more of {}", words()));
    }
    let target = target::named(&mut faults, setting.target);
    if setting.url.is_none() && setting.key.is_none() {
        faults.add("--url", None, "required: whom to tell");
    }
    faults.finish("setting callbacks")?;
    let key = setting.key.map(|key| secret::of_option(session, "--key", &key)).transpose()?;
    let args = CallbackArgs { target, url: setting.url, key, shared: setting.shared.shared, ..args };
    Ok(prepare(CallbackVerb::Set, args))
}

fn scoped(faults: &mut Faults, which: CallbackEvents) -> CallbackArgs {
    let known: Vec<(&str, CallbackEvent)> = CallbackEvent::ALL.iter().map(|event| (event.name(), *event)).collect();
    let mut events = Vec::new();
    for word in &which.event {
        if let Some(event) = faults.pick("--event", Some(word), &known).filter(|event| !events.contains(event)) {
            events.push(event);
        }
    }
    CallbackArgs { events, vhost: which.vhost, ..CallbackArgs::default() }
}

fn words() -> String {
    CallbackEvent::ALL.iter().map(|event| event.name()).collect::<Vec<_>>().join(", ")
}
