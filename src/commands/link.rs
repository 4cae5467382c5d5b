//! One account, ready to be called: what is the same for all that a run sends to it.

use std::cell::Cell;

use jiff::Timestamp;

use crate::commands::assume::Keys;
use crate::commands::exchange::{Exchange, Permit};
use crate::commands::redact;
use crate::commands::rules;
use crate::commands::sender::{Trust, sender, split_endpoint};
use crate::commands::session::Session;
use crate::config::Account;
use crate::error::{Class, Error, Fault, Outcome, Result};
use crate::model::{Call, Change, Credentials, Reading, Repeatable, Reply, Vendor};
use crate::providers::fate::Fate;
use crate::providers::intent::INSIST;
use crate::providers::validate::validate;
use crate::providers::{self, Provider, catalog, codes, fate, homes};
use crate::sandbox::{self, Running};
use crate::send::{Attempt, Sender};

/// One account, ready to be called.
pub(super) struct Link<'a> {
    pub(super) session: &'a Session,
    pub(super) account: Account,
    /// What signs.
    pub(super) keys: Keys,
    pub(super) provider: &'static Provider,
    pub(super) scheme: String,
    pub(super) host: String,
    sender: Sender,
    /// The user has said yes.
    pub(super) confirmed: Cell<bool>,
    /// The sandbox serves as long as this lives.
    _sandbox: Option<Running>,
}

impl<'a> Link<'a> {
    /// Opens the way to an account: in the sandbox, by starting it.
    ///
    /// # Errors
    /// No credentials, a bad endpoint, a sandbox that does not start.
    pub(super) async fn open(session: &'a Session, mut account: Account) -> Result<Self> {
        let provider = providers::provider(account.vendor);
        let mut sandbox = None;
        if session.global.sandbox {
            let running = crate::commands::sandbox::start_for(session, &account).await?;
            account.endpoint = Some(format!("http://{}", running.address));
            account.credentials = Some(sandbox_credentials());
            sandbox = Some(running);
        }
        let keys = Keys::of(session, &account)?;
        let (scheme, host) = match &account.endpoint {
            Some(url) => split_endpoint(url)?,
            None => ("https".to_owned(), provider.endpoint(account.region.as_deref())),
        };
        // In the sandbox all profiles have one key pair, and each has a vendor of its own.
        let played = account.profile.as_deref().filter(|_| sandbox.is_some()).unwrap_or_default();
        let whose = format!("{}/{}/{played}", account.vendor, keys.identity());
        let sender = sender(session, &format!("{scheme}://{host}"), Trust::of(&account, &scheme), whose)?;
        let confirmed = Cell::default();
        Ok(Link { session, account, keys, provider, scheme, host, sender, confirmed, _sandbox: sandbox })
    }

    /// Whose account.
    pub(super) fn vendor(&self) -> Vendor {
        self.account.vendor
    }

    /// The profile's name.
    pub(super) fn profile(&self) -> Option<&str> {
        self.account.profile.as_deref()
    }

    /// The time of the run, by the vendor's clock where an answer showed that this machine's is off.
    pub(super) fn now(&self) -> Timestamp {
        let now = self.session.now;
        now.checked_add(self.sender.correction()).unwrap_or(now)
    }

    /// The vendor, and the profile where there is one, for a question.
    pub(super) fn whose(&self) -> String {
        match self.profile() {
            Some(profile) => format!("{} (profile `{profile}`)", self.vendor()),
            None => self.vendor().to_string(),
        }
    }

    /// Sends a call as it is, without the checks of a portable command, once `permit` agrees.
    ///
    /// # Errors
    /// The sender's; why it was not permitted.
    pub(super) async fn send(
        &self,
        call: &Call,
        changes: &[Change],
        permit: &dyn Permit,
        reading: Reading,
    ) -> Result<Reply> {
        self.session.learn(&call.params);
        self.obey_rules(call, permit).map_err(|error| self.own(error, &call.action))?;
        let exchange = Exchange::new(self, call, changes, permit, reading);
        let changing = exchange.repeatable() != Repeatable::Read;
        if changing {
            let lost = Error::new(Class::Interrupted, format!("{}: interrupted while it was under way", call.action))
                .outcome(Outcome::Unknown);
            self.session.under_way.replace(Some(self.own_call(lost, call)));
        }
        let mut answer = self.sender.perform(&exchange).await;
        if let Err(error) = answer {
            answer = Err(self.looked_up(call, error).await);
        }
        self.session.under_way.replace(None);
        if answer.is_ok() && changing && !self.session.stop.is_graceful() {
            self.session.applied.borrow_mut().push(call.action.clone());
        }
        answer.map_err(|error| {
            let remedy = error.details().code.as_deref().and_then(|code| codes::remedy(call, code));
            let error = self.own_call(error, call);
            remedy.iter().fold(error, |error, command| error.hint(format!("`{}`", self.addressed(command))))
        })
    }

    /// Holds a call against the rules of the profile; one question is enough for a command.
    ///
    /// # Errors
    /// Usage: a rule forbids it, or nobody said yes.
    pub(super) fn obey_rules(&self, call: &Call, permit: &dyn Permit) -> Result<()> {
        match self.session.rule_for(&self.account, call)? {
            Some(rule) if !self.confirmed.get() => {
                let names = [format!("{}:{}", call.vendor, call.action)];
                permit.confirm(self, &rules::question(&names, rule, self.profile()))
            }
            _ => Ok(()),
        }
    }

    /// The error of a create whose answer was lost, with what one look at the vendor tells about it.
    async fn looked_up(&self, create: &Call, error: Error) -> Error {
        if error.details().outcome != Some(Outcome::Unknown) {
            return error;
        }
        match self.look_for(create, 0).await {
            Some((question, Ok(Fate::Made))) => error
                .outcome(Outcome::Applied)
                .hint(format!("{question} shows it as it was asked for"))
                .with(|details| (details.retryable, details.already_exists) = (Some(false), true)),
            Some((question, Ok(Fate::Other(how)))) => error
                .hint(format!("{question} shows one of that name, and another: {how}"))
                .with(|details| details.already_exists = true),
            _ => error,
        }
    }

    /// Looks whether the vendor shows what a create was to make, and with which Action; `None` where no Action tells.
    pub(super) async fn look_for(&self, create: &Call, retries: u32) -> Option<(String, Result<Fate>)> {
        let question = fate::question(create)?;
        if !matches!(self.session.rule_for(&self.account, &question), Ok(None)) {
            return None;
        }
        let look = Exchange::new(self, &question, &[], &(), Reading::Members);
        let found = match self.sender.perform_within(&look, retries).await {
            Ok(reply) => Ok(fate::fate(create, &reply.result)),
            Err(error) if error.class() == Class::NotFound => Ok(Fate::Absent),
            Err(error) => Err(error),
        };
        Some((question.action, found))
    }

    /// Refuses, before anything is sent, what cannot be read and what the facts know to be wrong.
    pub(super) fn refuse(&self, call: &Call, unreadable: Vec<Fault>, untyped: Vec<Fault>) -> Result<()> {
        self.session.learn(&call.params);
        let mut faults = unreadable;
        let mut hint = None;
        if !self.session.global.no_validate {
            hint = Some(INSIST);
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
        let Some(action) = catalog::known(call.vendor, &call.action) else { return Vec::new() };
        let mut verdict = validate(call.vendor, action, &call.params, self.account.region.as_deref(), self.session.now);
        // What only an earlier step can tell has no type yet.
        verdict.faults.retain(|fault| !fault.given.as_deref().is_some_and(|given| given.starts_with("<step ")));
        for warning in &verdict.warnings {
            self.session.stderr.warn_once(&format!("{}: {warning}", call.action));
        }
        verdict.faults
    }

    /// The error with this account's facts filled in.
    pub(super) fn own(&self, error: Error, action: &str) -> Error {
        self.own_call(error, &Call::new(self.vendor(), action))
    }

    /// The same where what was asked is known.
    fn own_call(&self, error: Error, call: &Call) -> Error {
        let action = call.action.as_str();
        error.with(|details| {
            details.vendor = Some(self.account.vendor);
            details.profile = self.account.profile.clone();
            details.action = details.action.take().or_else(|| Some(action.to_owned()));
            if self.session.global.sandbox && details.message.contains(sandbox::NOT_KEPT) {
                details.outcome = Some(Outcome::Refused);
                details.hints = vec![sandbox::MAKE_ROOM.to_owned()];
            }
            if details.outcome == Some(Outcome::Unknown) {
                details.hints.insert(0, self.who_tells(call));
            }
        })
    }

    /// Which command tells whether a write whose answer never came took effect.
    fn who_tells(&self, call: &Call) -> String {
        let Some(command) = homes::reader(call.vendor, &call.action) else {
            return "look in the vendor's console whether it took effect, before you repeat it".to_owned();
        };
        // Keys and lists are shown of one domain, which is to be named.
        let domain = ["Domain", "DomainName", "DomainNames"].iter().find_map(|name| call.params.get(*name)?.as_str());
        let plain = |name: &&str| name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-.*".contains(letter));
        let command = match domain.filter(plain) {
            Some(domain) if command.starts_with("auth ") => format!("{command} --domain {domain}"),
            _ => command,
        };
        format!("`{}` tells whether it took effect: look before you repeat it", self.addressed(&command))
    }

    /// A command as the user types it for this account.
    pub(super) fn addressed(&self, command: &str) -> String {
        let account = match self.profile() {
            Some(profile) => format!(" --profile {profile}"),
            None if command.starts_with("api ") => String::new(),
            None => format!(" --vendor {}", self.vendor()),
        };
        // What stands in the environment holds for the next command too.
        let typed = self.session.global.sandbox && !self.session.environment.is_on("LIVECTL_SANDBOX");
        let sandbox = if typed { " --sandbox" } else { "" };
        format!("livectl {command}{account}{sandbox}")
    }

    /// Asks a question, with whose account it is about. `--yes` and the sandbox answer yes.
    ///
    /// # Errors
    /// Usage where the answer is no, or nobody is there to ask.
    pub(super) fn confirm(&self, question: &str) -> Result<()> {
        let global = &self.session.global;
        let question = redact::words(&format!("{question} on {}", self.whose()));
        if global.yes || global.sandbox {
            self.session.stderr.note(&question);
            self.confirmed.set(true);
            return Ok(());
        }
        let otherwise = "repeat the command with `--yes` to do it without a question, or with `--dry-run` to see it";
        self.session.stderr.aside(|| crate::commands::confirm::ask(&question, otherwise)).map_err(|error| {
            error.with(|details| {
                details.vendor = Some(self.vendor());
                details.profile = self.account.profile.clone();
            })
        })?;
        self.confirmed.set(true);
        Ok(())
    }
}

fn sandbox_credentials() -> Credentials {
    let keys = sandbox::Keys::built_in();
    Credentials { access_key_id: keys.access_key_id, access_key_secret: keys.access_key_secret, session_token: None }
}
