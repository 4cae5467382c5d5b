//! `livectl callback …`

use crate::cli::{CallbackCommand, CallbackEvents, CallbackScope, CallbackSetting, Target};
use crate::commands::Ending;
use crate::commands::faults::Faults;
use crate::commands::portable::{self, Portable, Tolerance};
use crate::commands::session::Session;
use crate::commands::{decode, secret, target};
use crate::error::Result;
use crate::model::{CallbackArgs, CallbackEvent, CallbackRow, CallbackVerb};
use crate::providers::Provider;

/// Carries out `livectl callback …`.
///
/// # Errors
/// Wrong values, all told at once; the portable command's own.
pub(super) async fn run(session: &Session, command: CallbackCommand) -> Result<Ending> {
    let portable = match command {
        CallbackCommand::Decode(asked) => return decode::run(session, &asked),
        CallbackCommand::List(scope) => list(scope)?,
        CallbackCommand::Show { target, which } => one(CallbackVerb::Show, target, which, "showing a callback")?,
        CallbackCommand::Set(setting) => set(session, setting)?,
        CallbackCommand::Delete { target, which, shared, removal } => {
            let mut verb = one(CallbackVerb::Delete, target, which, "deleting callbacks")?;
            verb.args.shared = shared.shared;
            Portable { tolerant: Tolerance::missing(removal.if_exists), ..verb }
        }
    };
    portable::run(session, portable).await
}

type Verb = Portable<CallbackArgs, CallbackVerb>;

fn prepare(verb: CallbackVerb, args: CallbackArgs) -> Verb {
    let id = target::shown(&args.target);
    Portable { id, ..Portable::new("callback", (verb, verb.name()), CallbackRow::COLUMNS, args, Provider::callback) }
}

fn list(scope: CallbackScope) -> Result<Verb> {
    let mut faults = Faults::default();
    let args = scoped(&mut faults, scope.which);
    faults.finish("listing callbacks")?;
    Ok(prepare(CallbackVerb::List, CallbackArgs { target: target::placed(scope.place), ..args }))
}

fn one(verb: CallbackVerb, asked: Target, which: CallbackEvents, doing: &str) -> Result<Verb> {
    let mut faults = Faults::default();
    let target = target::named(&mut faults, asked);
    let args = scoped(&mut faults, which);
    faults.finish(doing)?;
    Ok(prepare(verb, CallbackArgs { target, ..args }))
}

fn set(session: &Session, setting: CallbackSetting) -> Result<Verb> {
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
