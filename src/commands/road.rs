//! The road of a real run and of a dry run, for one account.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::commands::exchange::{Exchange, Permit};
use crate::commands::link::Link;
use crate::commands::portable::Portable;
use crate::commands::redact;
use crate::commands::request_view;
use crate::commands::rules;
use crate::commands::waiting;
use crate::error::{Error, Fault, Result};
use crate::model::{Call, Change, Item, Params, Patience, Reading, Reply, Road, Vendor, Watch};
use crate::output::{self, Sink};
use crate::providers::{catalog, change};
use crate::send::Attempt;

/// Where the rows of all roads of one command go.
pub(super) type SharedSink = Rc<RefCell<Sink<Box<dyn std::io::Write>>>>;

/// The way of one command to its account.
pub(super) struct LiveRoad<'a> {
    pub(super) link: Rc<Link<'a>>,
    /// What was named beside our own options for one Action.
    pub(super) further: Option<(&'static str, Params)>,
    /// Who must agree before something is sent.
    permit: Rc<dyn Permit + 'a>,
    sink: Option<SharedSink>,
    step: Cell<u32>,
    failures: Cell<u32>,
    emitted: Cell<usize>,
    unprinted: RefCell<Option<Error>>,
    /// What is gathered instead of being printed.
    gathered: Option<RefCell<Vec<Item>>>,
    manner: Manner,
}

/// What becomes of calls.
enum Manner {
    /// They are sent; in a dry run those that change something are shown.
    Real,
    /// Only reads are sent: does a rule forbid a step?
    Ahead {
        /// Why, where one does.
        forbidden: RefCell<Option<Error>>,
    },
    /// Nothing is sent, and the first call is the end: is all that comes before it well?
    Checked {
        /// The first call was reached, and is well itself.
        reached: Cell<bool>,
        /// A question came before it.
        asked: Cell<bool>,
    },
}

impl<'a> LiveRoad<'a> {
    /// The road of a command over a link.
    pub(super) fn new(link: Rc<Link<'a>>, sink: Option<SharedSink>) -> Self {
        LiveRoad {
            link,
            further: None,
            permit: Rc::new(()),
            sink,
            step: Cell::default(),
            failures: Cell::default(),
            emitted: Cell::default(),
            unprinted: RefCell::default(),
            gathered: None,
            manner: Manner::Real,
        }
    }

    /// A road that keeps what is emitted, for a command that makes something else of it.
    pub(super) fn gathering(link: Rc<Link<'a>>) -> Self {
        LiveRoad { gathered: Some(RefCell::default()), ..LiveRoad::new(link, None) }
    }

    /// What was emitted on a road that gathers.
    pub(super) fn gathered(&self) -> Vec<Item> {
        self.gathered.as_ref().map(|items| items.take()).unwrap_or_default()
    }

    /// The same road, on which nothing is sent before somebody agrees.
    #[must_use]
    pub(super) fn with_permit(self, permit: Rc<dyn Permit + 'a>) -> Self {
        LiveRoad { permit, ..self }
    }

    /// The profile's name.
    pub(super) fn profile(&self) -> Option<&str> {
        self.link.profile()
    }

    /// How many changing requests a dry run has printed.
    pub(super) fn planned(&self) -> u32 {
        self.step.get()
    }

    /// How many of several things failed.
    pub(super) fn failures(&self) -> u32 {
        self.failures.get()
    }

    /// How many items a list has handed over.
    pub(super) fn emitted(&self) -> usize {
        self.emitted.get()
    }

    /// Why the rows of a list could not be printed.
    pub(super) fn unprinted(&self) -> Option<Error> {
        self.unprinted.borrow().clone()
    }

    /// Goes through a verb without changing anything, where rules may forbid one of its steps: no step is taken before
    /// all are allowed.
    ///
    /// # Errors
    /// Usage: the rule that forbids a step. That the verb fails otherwise, it tells when it is carried out.
    pub(super) async fn look_ahead(&self, verb: &Portable) -> Result<()> {
        if !rules::name_actions(&self.link.account) || self.link.session.global.dry_run {
            return Ok(());
        }
        let manner = Manner::Ahead { forbidden: RefCell::default() };
        let ahead = LiveRoad {
            manner,
            further: self.further.clone(),
            permit: Rc::clone(&self.permit),
            ..LiveRoad::new(Rc::clone(&self.link), None)
        };
        let _ = verb.begin(&ahead).await;
        match ahead.manner {
            Manner::Ahead { forbidden } => forbidden.into_inner().map_or(Ok(()), Err),
            _ => Ok(()),
        }
    }

    /// Goes through a verb up to its first call, of which nothing is sent. Whether a question came before it.
    ///
    /// # Errors
    /// What is wrong with the verb's values, or with those of its first call.
    pub(super) async fn check_first(self, verb: &Portable) -> Result<bool> {
        let manner = Manner::Checked { reached: Cell::default(), asked: Cell::default() };
        let checked = LiveRoad { manner, ..self };
        let ended = verb.begin(&checked).await;
        match (ended, checked.manner) {
            (Err(error), Manner::Checked { reached, .. }) if !reached.get() && !verb.tolerates(&error) => Err(error),
            (_, Manner::Checked { asked, .. }) => Ok(asked.get()),
            _ => Ok(false),
        }
    }

    /// Whether what is done is only tried.
    fn is_trial(&self) -> bool {
        !matches!(self.manner, Manner::Real)
    }

    /// The end of a road that is only checked; `None` on any other.
    fn end_of_check(&self, call: &Call) -> Option<Error> {
        let Manner::Checked { reached, asked } = &self.manner else { return None };
        match self.link.session.rule_for(&self.link.account, call) {
            Ok(rule) => asked.set(asked.get() || rule.is_some()),
            Err(error) => return Some(error),
        }
        reached.set(true);
        Some(Error::internal("check a command: what follows asks the vendor"))
    }

    /// Sends a call as it is, without the checks of a portable command.
    ///
    /// # Errors
    /// The sender's.
    pub(super) async fn send(&self, call: &Call, changes: &[Change], reading: Reading) -> Result<Reply> {
        match self.permit.made_before(&self.link, call).await? {
            Some(reply) => Ok(reply),
            None => self.link.send(call, changes, &*self.permit, reading).await,
        }
    }

    /// Prints a changing call instead of sending it.
    ///
    /// # Errors
    /// What makes the request impossible, and the output's own.
    pub(super) fn plan(&self, call: &Call, changes: &[Change]) -> Result<Reply> {
        self.link.session.learn(&call.params);
        self.step.set(self.step.get() + 1);
        let signed = Exchange::new(&self.link, call, changes, &(), Reading::Verdict).sign(Timestamp::now())?;
        let mut view = request_view::view(call, &signed, Some(self.step.get()), changes);
        let secrets = self.link.session.secrets.borrow();
        secrets.mask_value(&mut view);
        let line = secrets.mask(&output::json_line(&view));
        output::write_text(&line, false, &mut std::io::stdout().lock())?;
        Ok(self.imagined_reply(call))
    }

    /// What a dry run answers: every member that the facts name tells which step will yield it.
    fn imagined_reply(&self, call: &Call) -> Reply {
        let fact = catalog::find(call.vendor, &call.action);
        let members: Map<String, Value> = fact
            .iter()
            .flat_map(|action| &action.response)
            .filter(|field| field.name != "RequestId")
            .map(|field| (field.name.to_owned(), Value::from(format!("<step {}: {}>", self.step.get(), field.name))))
            .collect();
        Reply { result: Value::Object(members), request_id: None, body: String::new() }
    }
}

impl Road for LiveRoad<'_> {
    fn vendor(&self) -> Vendor {
        self.link.vendor()
    }

    fn now(&self) -> Timestamp {
        self.link.now()
    }

    fn read<'a>(&'a self, call: Call) -> LocalBoxFuture<'a, Result<Reply>> {
        Box::pin(async move {
            let call = change::completed(self, call);
            self.link.refuse(&call, Vec::new(), Vec::new())?;
            match self.end_of_check(&call) {
                Some(end) => Err(end),
                None => self.send(&call, &[], Reading::Members).await,
            }
        })
    }

    fn change<'a>(&'a self, call: Call, changes: &'a [Change]) -> LocalBoxFuture<'a, Result<Reply>> {
        Box::pin(async move {
            let call = change::completed(self, call);
            self.link.refuse(&call, Vec::new(), Vec::new())?;
            if let Some(end) = self.end_of_check(&call) {
                return Err(end);
            }
            if let Manner::Ahead { forbidden } = &self.manner {
                self.link.obey_rules(&call, &*self.permit).map_err(|error| {
                    let error = self.link.own(error, &call.action);
                    forbidden.borrow_mut().get_or_insert(error).clone()
                })?;
                return Ok(self.imagined_reply(&call));
            }
            if self.link.session.global.dry_run {
                return self.plan(&call, changes);
            }
            self.send(&call, changes, Reading::Members).await
        })
    }

    fn confirm(&self, question: &str) -> Result<()> {
        if let Manner::Checked { asked, .. } = &self.manner {
            asked.set(true);
        }
        match self.is_dry_run() {
            true => Ok(()),
            false => self.permit.confirm(&self.link, question),
        }
    }

    fn is_dry_run(&self) -> bool {
        self.is_trial() || self.link.session.global.dry_run
    }

    fn emit(&self, item: Item) -> Result<bool> {
        if let Some(gathered) = &self.gathered {
            gathered.borrow_mut().push(item);
            return Ok(true);
        }
        let Some(sink) = &self.sink else { return Ok(false) };
        self.emitted.set(self.emitted.get() + 1);
        // That rows cannot be printed is no account's fault: it ends the list, and then the whole command.
        sink.borrow_mut().push(self.shown(item)).or_else(|error| {
            self.unprinted.replace(Some(error));
            Ok(false)
        })
    }

    fn tell_failure(&self, what: &str, error: Error) {
        if self.is_trial() {
            return;
        }
        self.failures.set(self.failures.get() + 1);
        let error = error.with(|details| details.message = format!("{what}: {}", details.message));
        self.link.session.stderr.failure(&self.link.session.without_secrets(error));
    }

    fn note(&self, text: &str) {
        if !self.is_trial() {
            self.link.session.stderr.note_once(text);
        }
    }

    fn further(&self, action: &str) -> Option<&Params> {
        self.further.as_ref().filter(|(name, _)| *name == action).map(|(_, params)| params)
    }

    fn check(&self, call: &Call, unreadable: Vec<Fault>, untyped: Vec<Fault>) -> Result<()> {
        self.link.refuse(call, unreadable, untyped)
    }

    fn insists(&self) -> bool {
        self.link.session.global.no_validate
    }

    fn region(&self) -> Option<&str> {
        self.link.account.region.as_deref()
    }

    fn warn(&self, text: &str) {
        if !self.is_trial() {
            self.link.session.stderr.warn(text);
        }
    }

    fn patience(&self) -> Option<Patience> {
        if self.is_trial() { None } else { waiting::patience(self.link.session) }
    }

    fn elapsed(&self) -> Duration {
        self.link.session.began.elapsed()
    }

    fn pause(&self, time: Duration) -> LocalBoxFuture<'_, ()> {
        Box::pin(waiting::pause(self.link.session, time))
    }

    fn watch(&self, seen: Option<&Watch>) {
        self.permit.watch(&self.link, seen);
    }

    fn addressed(&self, command: &str) -> String {
        self.link.addressed(command)
    }
}

impl LiveRoad<'_> {
    /// The row or the vendor's own item, with the profile filled in and secrets masked.
    pub(super) fn shown(&self, item: Item) -> Map<String, Value> {
        let mut shown = if self.link.session.global.raw {
            item.raw
        } else {
            let mut row = item.row;
            row.insert("profile".to_owned(), self.link.account.profile.clone().into());
            Value::Object(row)
        };
        if !self.link.session.global.reveal {
            redact::value(&mut shown);
            self.link.session.secrets.borrow().mask_value(&mut shown);
        }
        match shown {
            Value::Object(members) => members,
            other => Map::from_iter([("value".to_owned(), other)]),
        }
    }
}
