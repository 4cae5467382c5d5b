//! One item on its way: nothing of it is sent before it stands in the journal, nor again where an earlier run may have
//! sent it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_util::future::LocalBoxFuture;
use serde_json::{Map, Value};
use tokio::sync::Notify;

use crate::commands::bulk::journal::{Begun, Journal};
use crate::commands::exchange::Permit;
use crate::commands::link::Link;
use crate::commands::waiting;
use crate::error::{Class, Error, Outcome, Result};
use crate::model::{Call, Effect, Repeatable, Reply, Vendor, Watch};
use crate::providers::fate::Fate;
use crate::providers::{catalog, repeat};

/// What all items of a run share.
pub(super) struct Shared {
    /// The record of the run.
    pub(super) journal: Option<Journal>,
    /// What is asked once for all of them.
    pub(super) question: String,
    /// Why nothing new is begun any more.
    pub(super) halted: RefCell<Option<Error>>,
}

impl Shared {
    /// Begins nothing new from here on; the first reason counts.
    pub(super) fn halt(&self, why: Error) {
        self.halted.borrow_mut().get_or_insert(why);
    }
}

/// One item.
pub(super) struct Keeper {
    pub(super) shared: Rc<Shared>,
    /// What the journal knows it by.
    key: String,
    /// What earlier runs have begun and not brought to an end.
    before: Begun,
    begun: RefCell<Vec<String>>,
    /// The journal tells that something of it has begun.
    recorded: Cell<bool>,
    has_read: Cell<bool>,
    /// All of it has taken effect, and is waited for.
    waits: RefCell<Option<Watch>>,
    rested: Notify,
}

impl Keeper {
    /// An item, with what earlier runs have begun of it.
    pub(super) fn new(shared: Rc<Shared>, key: String, before: Begun) -> Self {
        Keeper {
            shared,
            key,
            before,
            begun: RefCell::default(),
            recorded: Cell::default(),
            has_read: Cell::default(),
            waits: RefCell::default(),
            rested: Notify::new(),
        }
    }

    /// Whether something of it was sent that may have had an effect.
    pub(super) fn has_begun(&self) -> bool {
        !self.begun.borrow().is_empty()
    }

    /// Whether the journal tells that something of it has begun.
    pub(super) fn is_recorded(&self) -> bool {
        self.recorded.get()
    }

    /// Ready once it can be let go of: nothing of it was sent, or it only waits for what was.
    pub(super) async fn can_be_left(&self) -> Error {
        loop {
            let rested = self.rested.notified();
            match self.has_begun() {
                false => return not_begun(),
                true => {
                    if let Some(watch) = &*self.waits.borrow() {
                        return waiting::interrupted(watch);
                    }
                    rested.await;
                }
            }
        }
    }

    /// Whether a refusal says that an earlier run had done it: what it was to make is there, or what it was to remove
    /// is not.
    pub(super) fn was_done_before(&self, vendor: Vendor, error: &Error) -> bool {
        let begun = |effect: Effect| {
            let is = |name: &String| catalog::known(vendor, name).is_some_and(|action| action.effect_kind() == effect);
            self.before.actions.iter().any(is)
        };
        let refused = !matches!(error.details().outcome, Some(Outcome::Unknown | Outcome::Applied));
        error.details().already_exists && refused && begun(Effect::Create)
            || error.class() == Class::NotFound && begun(Effect::Delete)
    }

    /// Whether repeating a call is in order although an earlier run may have sent it.
    fn may_repeat(&self, call: &Call) -> bool {
        match repeat::repeatable(call) {
            Repeatable::Read | Repeatable::Write | Repeatable::Removal => true,
            // What was read just now is not yet as it is to become: the earlier call had no effect.
            Repeatable::Never => {
                let effect = catalog::known(call.vendor, &call.action).map(|action| action.effect_kind());
                effect == Some(Effect::Update) && self.has_read.get()
            }
        }
    }
}

impl Permit for Keeper {
    fn made_before<'a>(&'a self, link: &'a Link<'_>, call: &'a Call) -> LocalBoxFuture<'a, Result<Option<Reply>>> {
        Box::pin(async move {
            if !self.before.actions.contains(&call.action) || self.may_repeat(call) {
                return Ok(None);
            }
            let made = || Reply { result: Value::Object(Map::new()), request_id: None, body: String::new() };
            if self.before.applied {
                return Ok(Some(made()));
            }
            let unknown = |error: Error| {
                let missing = "what is missing there goes into a file of its own, with a journal of its own";
                link.own(error.outcome(Outcome::Unknown).hint(missing), &call.action)
            };
            let under_way = format!("{}: it was under way when an earlier run broke off", call.action);
            match link.look_for(call, link.session.global.retries).await {
                Some((question, Ok(Fate::Made))) => {
                    link.session.stderr.detail(1, &format!("{under_way}: {question} shows that it took effect"));
                    Ok(Some(made()))
                }
                // Whoever calls a thing by a name of his own may ask for it again: twice there is none.
                Some((_, Ok(Fate::Absent))) => Ok(None),
                Some((question, Ok(Fate::Other(how)))) => {
                    let message = format!("{under_way}, and {question} shows one of that name, and another: {how}");
                    let error = Error::new(Class::Network, message).with(|details| details.already_exists = true);
                    Err(unknown(error))
                }
                Some((_, Err(error))) => {
                    Err(unknown(error.with(|details| details.message = format!("{under_way}: {}", details.message))))
                }
                None => {
                    let message = format!("{under_way}, and is not sent again");
                    Err(unknown(Error::new(Class::Network, message)))
                }
            }
        })
    }

    fn send<'a>(&'a self, link: &'a Link<'_>, call: &'a Call, changing: bool) -> LocalBoxFuture<'a, Result<()>> {
        Box::pin(async move {
            if !changing {
                self.has_read.set(true);
                return Ok(());
            }
            if self.begun.borrow().contains(&call.action) {
                return Ok(());
            }
            let halted = || link.session.stop.is_wanted() || self.shared.halted.borrow().is_some();
            if !self.has_begun() && halted() {
                return Err(not_begun());
            }
            if let Some(journal) = &self.shared.journal {
                self.recorded.set(true);
                journal.begin(&self.key, &call.action).await.inspect_err(|error| self.shared.halt(error.clone()))?;
            }
            // The way to the disk takes time.
            if !self.has_begun() && halted() {
                return Err(not_begun());
            }
            self.begun.borrow_mut().push(call.action.clone());
            Ok(())
        })
    }

    fn confirm(&self, link: &Link<'_>, _: &str) -> Result<()> {
        match link.confirmed.get() {
            true => Ok(()),
            false => link.confirm(&self.shared.question).inspect_err(|error| self.shared.halt(error.clone())),
        }
    }

    fn watch(&self, _: &Link<'_>, seen: Option<&Watch>) {
        self.waits.replace(seen.cloned());
        self.rested.notify_one();
    }
}

/// The error of an item that was not begun because the run ends.
fn not_begun() -> Error {
    Error::new(Class::Interrupted, "not begun: the run was to end").outcome(Outcome::NotSent)
}
