//! The road of a real run and of a dry run, for one account.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::commands::exchange::Exchange;
use crate::commands::redact;
use crate::commands::request_view;
use crate::commands::rules;
use crate::commands::sender::{sender, split_endpoint};
use crate::commands::session::Session;
use crate::config::Account;
use crate::error::{Class, Error, Fault, Outcome, Result};
use crate::model::{Call, Change, Credentials, Item, Params, Repeatable, Reply, Road, Vendor};
use crate::output::{self, Sink};
use crate::providers::validate::validate;
use crate::providers::{self, Provider, catalog, change, fate, homes};
use crate::sandbox::{self, Running};
use crate::send::{Attempt, Sender};

/// Where the rows of all roads of one command go.
pub(super) type SharedSink = Rc<RefCell<Sink<Box<dyn std::io::Write>>>>;

/// One account, ready to be called.
pub(super) struct LiveRoad<'a> {
    pub(super) session: &'a Session,
    pub(super) account: Account,
    pub(super) credentials: Credentials,
    pub(super) provider: &'static Provider,
    pub(super) scheme: String,
    pub(super) host: String,
    /// What was named beside our own options for one Action.
    pub(super) further: Option<(&'static str, Params)>,
    sender: Sender,
    sink: Option<SharedSink>,
    step: Cell<u32>,
    failures: Cell<u32>,
    emitted: Cell<usize>,
    /// The user has said yes.
    confirmed: Cell<bool>,
    unprinted: RefCell<Option<Error>>,
    /// The sandbox serves as long as this lives.
    _sandbox: Option<Running>,
}

impl<'a> LiveRoad<'a> {
    /// Opens the road to an account: in the sandbox, by starting it.
    ///
    /// # Errors
    /// No credentials, a bad endpoint, a sandbox that does not start.
    pub(super) async fn open(session: &'a Session, mut account: Account, sink: Option<SharedSink>) -> Result<Self> {
        let provider = providers::provider(account.vendor);
        let mut sandbox = None;
        if session.global.sandbox {
            let running = crate::commands::sandbox::start_for(session, &account).await?;
            account.endpoint = Some(format!("http://{}", running.address));
            account.credentials = Some(sandbox_credentials());
            sandbox = Some(running);
        }
        let credentials = account
            .credentials
            .clone()
            .ok_or_else(|| Error::internal("open the account: no credentials were resolved"))?;
        let (scheme, host) = match &account.endpoint {
            Some(url) => split_endpoint(url)?,
            None => ("https".to_owned(), provider.endpoint(account.region.as_deref())),
        };
        let loopback = scheme == "http";
        // In the sandbox all profiles have one key pair, and each has a vendor of its own.
        let played = account.profile.as_deref().filter(|_| sandbox.is_some()).unwrap_or_default();
        let whose = format!("{}/{}/{played}", account.vendor, credentials.access_key_id);
        let sender = sender(session, account.ca_bundle.as_deref(), account.system_trust, loopback, whose);
        let (step, failures, emitted) = (Cell::new(0), Cell::new(0), Cell::new(0));
        Ok(LiveRoad {
            session,
            account,
            credentials,
            provider,
            scheme,
            host,
            further: None,
            sender,
            sink,
            step,
            failures,
            emitted,
            confirmed: Cell::default(),
            unprinted: RefCell::default(),
            _sandbox: sandbox,
        })
    }

    /// The profile's name.
    pub(super) fn profile(&self) -> Option<&str> {
        self.account.profile.as_deref()
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

    /// Sends a call as it is, without the checks of a portable command.
    ///
    /// # Errors
    /// The sender's.
    pub(super) async fn send(&self, call: &Call, changes: &[Change]) -> Result<Reply> {
        self.session.learn(&call.params);
        self.obey_rules(call).map_err(|error| self.own(error, &call.action))?;
        let exchange = Exchange { road: self, call, changes };
        if exchange.repeatable() != Repeatable::Read {
            let lost = Error::new(Class::Interrupted, format!("{}: interrupted while it was under way", call.action))
                .outcome(Outcome::Unknown)
                .hint("look whether it took effect before you repeat it");
            self.session.under_way.replace(Some(self.own(lost, &call.action)));
        }
        let mut answer = self.sender.perform(&exchange).await;
        if let Err(error) = answer {
            answer = Err(self.looked_up(call, error).await);
        }
        self.session.under_way.replace(None);
        if answer.is_ok() && exchange.repeatable() != Repeatable::Read {
            self.session.applied.borrow_mut().push(call.action.clone());
        }
        answer.map_err(|error| self.own(error, &call.action))
    }

    /// Holds a call against the rules of the profile; one question is enough for a command.
    fn obey_rules(&self, call: &Call) -> Result<()> {
        match self.session.rule_for(&self.account, call)? {
            Some(rule) if !self.confirmed.get() => {
                let names = [format!("{}:{}", call.vendor, call.action)];
                self.confirm(&rules::question(&names, rule, self.profile()))
            }
            _ => Ok(()),
        }
    }

    /// The error of a create whose answer was lost, with what one look at the vendor tells about it.
    async fn looked_up(&self, create: &Call, error: Error) -> Error {
        if error.details().outcome != Some(Outcome::Unknown) {
            return error;
        }
        let Some(question) = fate::question(create) else { return error };
        if !matches!(self.session.rule_for(&self.account, &question), Ok(None)) {
            return error;
        }
        let look = Exchange { road: self, call: &question, changes: &[] };
        let Ok(reply) = self.sender.perform_within(&look, 0).await else { return error };
        if !fate::shows(create, &reply.result) {
            return error;
        }
        error.outcome(Outcome::Applied).hint(format!("{} shows it: it took effect", question.action)).with(|details| {
            details.retryable = Some(false);
        })
    }

    /// Prints a changing call instead of sending it.
    ///
    /// # Errors
    /// What makes the request impossible, and the output's own.
    pub(super) fn plan(&self, call: &Call, changes: &[Change]) -> Result<Reply> {
        self.session.learn(&call.params);
        self.step.set(self.step.get() + 1);
        let signed = Exchange { road: self, call, changes }.sign(Timestamp::now())?;
        let mut view = request_view::view(call, &signed, Some(self.step.get()), changes);
        let secrets = self.session.secrets.borrow();
        secrets.mask_value(&mut view);
        let line = secrets.mask(&view.to_string());
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

    /// Refuses, before anything is sent, what cannot be read and what the facts know to be wrong.
    fn refuse(&self, call: &Call, unreadable: Vec<Fault>, untyped: Vec<Fault>) -> Result<()> {
        self.session.learn(&call.params);
        let mut faults = unreadable;
        let mut hint = None;
        if !self.session.global.no_validate {
            hint = Some("`--no-validate` sends all the same: the vendor may be newer than the facts");
            faults.extend(untyped);
            let told: Vec<String> = faults.iter().map(|fault| fault.option.clone()).collect();
            let known = self.known_faults(call).into_iter().map(|fault| homes::as_typed(call, fault));
            faults.extend(known.filter(|fault| !told.contains(&fault.option)));
        }
        if faults.is_empty() {
            return Ok(());
        }
        let doing = format!("check the parameters of {}: nothing was sent", call.action);
        // Who typed options reads on in the help of the command; `api` has its own.
        let help = homes::command(call.vendor, &call.action)
            .filter(|_| faults.iter().any(|fault| fault.option.starts_with("--")))
            .map(|command| format!("`livectl {command} --help` tells what each option takes"));
        let refusal = help.into_iter().fold(Error::usage(doing).faults(faults), Error::hint);
        Err(self.own(hint.into_iter().fold(refusal, Error::hint), &call.action))
    }

    /// What the facts know to be wrong in a call; what is only doubtful is told at once.
    fn known_faults(&self, call: &Call) -> Vec<Fault> {
        let Some(action) = catalog::find(call.vendor, &call.action) else { return Vec::new() };
        let mut verdict =
            validate(call.vendor, &action, &call.params, self.account.region.as_deref(), self.session.now);
        // What only an earlier step can tell has no type yet.
        verdict.faults.retain(|fault| !fault.given.as_deref().is_some_and(|given| given.starts_with("<step ")));
        for warning in &verdict.warnings {
            self.session.stderr.warn(&format!("{}: {warning}", call.action));
        }
        verdict.faults
    }

    /// The error with this account's facts filled in.
    fn own(&self, error: Error, action: &str) -> Error {
        error.with(|details| {
            details.vendor = Some(self.account.vendor);
            details.profile = self.account.profile.clone();
            details.action = details.action.take().or_else(|| Some(action.to_owned()));
            if self.session.global.sandbox && details.message.contains(sandbox::NOT_KEPT) {
                details.outcome = Some(Outcome::Refused);
                details.hints = vec![sandbox::MAKE_ROOM.to_owned()];
            }
            if details.outcome == Some(Outcome::Unknown) {
                details.hints.insert(0, self.who_tells(action));
            }
        })
    }

    /// Which command tells whether a write whose answer never came took effect.
    fn who_tells(&self, action: &str) -> String {
        let vendor = self.vendor();
        let Some(command) = homes::reader(vendor, action) else {
            return "look in the vendor's console whether it took effect, before you repeat it".to_owned();
        };
        let account = match self.profile() {
            Some(profile) => format!("--profile {profile}"),
            None => format!("--vendor {vendor}"),
        };
        let account =
            if command.starts_with("api ") && self.profile().is_none() { String::new() } else { format!(" {account}") };
        format!("`livectl {command}{account}` tells whether it took effect: look before you repeat it")
    }
}

impl Road for LiveRoad<'_> {
    fn vendor(&self) -> Vendor {
        self.account.vendor
    }

    fn now(&self) -> Timestamp {
        self.session.now
    }

    fn read<'a>(&'a self, call: Call) -> LocalBoxFuture<'a, Result<Reply>> {
        Box::pin(async move {
            let call = change::completed(self, call);
            self.refuse(&call, Vec::new(), Vec::new())?;
            self.send(&call, &[]).await
        })
    }

    fn change<'a>(&'a self, call: Call, changes: &'a [Change]) -> LocalBoxFuture<'a, Result<Reply>> {
        Box::pin(async move {
            let call = change::completed(self, call);
            self.refuse(&call, Vec::new(), Vec::new())?;
            if self.session.global.dry_run {
                return self.plan(&call, changes);
            }
            self.send(&call, changes).await
        })
    }

    fn confirm(&self, question: &str) -> Result<()> {
        let global = &self.session.global;
        if global.dry_run {
            return Ok(());
        }
        let whose = match self.profile() {
            Some(profile) => format!("{} (profile `{profile}`)", self.vendor()),
            None => self.vendor().to_string(),
        };
        let question = redact::words(&format!("{question} on {whose}"));
        if global.yes || global.sandbox {
            self.session.stderr.note(&question);
            self.confirmed.set(true);
            return Ok(());
        }
        let otherwise = "repeat the command with `--yes` to do it without a question, or with `--dry-run` to see it";
        crate::commands::confirm::ask(&question, otherwise).map_err(|error| {
            error.with(|details| {
                details.vendor = Some(self.vendor());
                details.profile = self.account.profile.clone();
            })
        })?;
        self.confirmed.set(true);
        Ok(())
    }

    fn is_dry_run(&self) -> bool {
        self.session.global.dry_run
    }

    fn emit(&self, item: Item) -> Result<bool> {
        let Some(sink) = &self.sink else { return Ok(false) };
        self.emitted.set(self.emitted.get() + 1);
        // That rows cannot be printed is no account's fault: it ends the list, and then the whole command.
        sink.borrow_mut().push(self.shown(item)).or_else(|error| {
            self.unprinted.replace(Some(error));
            Ok(false)
        })
    }

    fn tell_failure(&self, what: &str, error: Error) {
        self.failures.set(self.failures.get() + 1);
        let error = error.with(|details| details.message = format!("{what}: {}", details.message));
        self.session.stderr.failure(&self.session.without_secrets(error));
    }

    fn note(&self, text: &str) {
        self.session.stderr.note(text);
    }

    fn further(&self, action: &str) -> Option<&Params> {
        self.further.as_ref().filter(|(name, _)| *name == action).map(|(_, params)| params)
    }

    fn check(&self, call: &Call, unreadable: Vec<Fault>, untyped: Vec<Fault>) -> Result<()> {
        self.refuse(call, unreadable, untyped)
    }

    fn region(&self) -> Option<&str> {
        self.account.region.as_deref()
    }

    fn patience(&self) -> Option<Duration> {
        let global = &self.session.global;
        self.session.waited.set(global.wait);
        global.wait.then(|| global.wait_timeout.unsigned_abs())
    }

    fn pause(&self, time: Duration) -> LocalBoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(time))
    }
}

impl LiveRoad<'_> {
    /// The row or the vendor's own item, with the profile filled in and secrets masked.
    pub(super) fn shown(&self, item: Item) -> Map<String, Value> {
        let mut shown = if self.session.global.raw {
            item.raw
        } else {
            let mut row = item.row;
            row.insert("profile".to_owned(), self.account.profile.clone().into());
            Value::Object(row)
        };
        if !self.session.global.reveal {
            redact::value(&mut shown);
            self.session.secrets.borrow().mask_value(&mut shown);
        }
        match shown {
            Value::Object(members) => members,
            other => Map::from_iter([("value".to_owned(), other)]),
        }
    }
}

fn sandbox_credentials() -> Credentials {
    let keys = sandbox::Keys::built_in();
    Credentials { access_key_id: keys.access_key_id, access_key_secret: keys.access_key_secret, session_token: None }
}
