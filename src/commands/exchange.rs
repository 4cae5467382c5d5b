//! One call on its way: signed anew for every attempt, decoded, and shown to those who want to see.

use std::cell::RefCell;
use std::rc::Rc;

use futures_util::future::LocalBoxFuture;
use jiff::Timestamp;
use serde_json::Value;

use crate::commands::lease::Held;
use crate::commands::link::Link;
use crate::commands::redact;
use crate::commands::request_view;
use crate::commands::waiting;
use crate::error::{Error, Result};
use crate::model::{Call, Change, Credentials, Reading, Repeatable, Reply, Response, Secret, Watch};
use crate::output;
use crate::providers::{self, Target, catalog, repeat};
use crate::send::Attempt;
use crate::sign::{self, Moment, Scheme, Signed};

/// Requests a second of an Action whose rate nobody states.
pub(super) const UNSTATED_RATE: f64 = 10.0;

/// One call on its way.
pub(super) struct Exchange<'a> {
    pub(super) link: &'a Link<'a>,
    pub(super) call: &'a Call,
    pub(super) changes: &'a [Change],
    pub(super) permit: &'a dyn Permit,
    /// How much of the answer is wanted.
    pub(super) reading: Reading,
    /// What signs the attempt that goes out next.
    held: RefCell<Option<Rc<Held>>>,
}

impl<'a> Exchange<'a> {
    /// One call that is to go out once `permit` agrees.
    pub(super) fn new(
        link: &'a Link<'a>,
        call: &'a Call,
        changes: &'a [Change],
        permit: &'a dyn Permit,
        reading: Reading,
    ) -> Self {
        Exchange { link, call, changes, permit, reading, held: RefCell::default() }
    }
}

/// What stands for temporary credentials in a request that is only shown.
fn unfetched() -> Held {
    let secret = || Secret::new("not-fetched");
    Held::for_good(Credentials {
        access_key_id: "TEMPORARY".to_owned(),
        access_key_secret: secret(),
        session_token: Some(secret()),
    })
}

/// Who must agree before something is sent: nobody, or the keeper of an item of many.
pub(super) trait Permit {
    /// Asked before each attempt of a call, right before it goes out.
    ///
    /// # Errors
    /// Why it must not go out.
    fn send<'a>(&'a self, link: &'a Link<'_>, call: &'a Call, changing: bool) -> LocalBoxFuture<'a, Result<()>>;

    /// Asked before a call: the reply where an earlier run has made it.
    ///
    /// # Errors
    /// Nobody knows whether an earlier run has made it.
    fn made_before<'a>(&'a self, link: &'a Link<'_>, call: &'a Call) -> LocalBoxFuture<'a, Result<Option<Reply>>>;

    /// Asks the user before something that cannot be taken back.
    ///
    /// # Errors
    /// Usage where the answer is no, or nobody is there to ask.
    fn confirm(&self, link: &Link<'_>, question: &str) -> Result<()>;

    /// Told how a wait goes; `None`: it is over.
    fn watch(&self, link: &Link<'_>, seen: Option<&Watch>);
}

impl Permit for () {
    fn send<'a>(&'a self, _: &'a Link<'_>, _: &'a Call, _: bool) -> LocalBoxFuture<'a, Result<()>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn made_before<'a>(&'a self, _: &'a Link<'_>, _: &'a Call) -> LocalBoxFuture<'a, Result<Option<Reply>>> {
        Box::pin(std::future::ready(Ok(None)))
    }

    fn confirm(&self, link: &Link<'_>, question: &str) -> Result<()> {
        link.confirm(question)
    }

    fn watch(&self, link: &Link<'_>, seen: Option<&Watch>) {
        waiting::tell(link.session, seen);
    }
}

impl Attempt for Exchange<'_> {
    fn permit(&self) -> LocalBoxFuture<'_, Result<()>> {
        Box::pin(async move {
            // First: once the permit is given, the call is on its way.
            let held = self.link.keys.held(self.link.session, &self.link.account).await?;
            self.held.replace(Some(held));
            self.permit.send(self.link, self.call, self.repeatable() != Repeatable::Read).await
        })
    }

    fn renews(&self, error: &Error) -> bool {
        let code = error.details().code.as_deref();
        let told = code.is_some_and(|code| providers::codes::is_token_error(self.call.vendor, code));
        let held = self.held.borrow();
        told && held.as_ref().is_some_and(|held| self.link.keys.expired(held))
    }

    fn sign(&self, at: Timestamp) -> Result<Signed> {
        let account = &self.link.account;
        let signature = match account.signature.as_deref() {
            Some(name) => Scheme::named(account.vendor, name)
                .ok_or_else(|| Error::usage(format!("sign: {} has no signature `{name}`", account.vendor)))?,
            None => Scheme::default_of(account.vendor),
        };
        let region = account.region.as_deref();
        let target = Target { scheme: &self.link.scheme, host: &self.link.host, region, signature };
        let request = self.link.provider.encode(self.call, &target)?;
        let region = region.or(self.link.provider.default_region()).unwrap_or_default();
        let nonce = if signature.has_nonce() { nonce()? } else { String::new() };
        let held = self.held.borrow().clone();
        let held = held.or_else(|| self.link.keys.at_hand()).unwrap_or_else(|| Rc::new(unfetched()));
        sign::sign(request, signature, &held.credentials, &Moment { at, nonce: &nonce, region })
    }

    fn decode(&self, response: &Response) -> Result<Reply> {
        let decode = |response: &Response| self.link.provider.decode(&self.call.action, response, self.reading);
        // An error quotes the answer, and may cut it in the middle of a secret: masked before that.
        decode(response).map_err(|error| {
            let masked = self.link.session.secrets.borrow().masked(response);
            masked.and_then(|masked| decode(&masked).err()).unwrap_or(error)
        })
    }

    fn blames_clock(&self, error: &Error) -> bool {
        let code = error.details().code.as_deref();
        code.is_some_and(|code| providers::codes::is_clock_error(self.call.vendor, code))
    }

    fn repeatable(&self) -> Repeatable {
        repeat::repeatable(self.call)
    }

    fn action(&self) -> &str {
        &self.call.action
    }

    /// From `--rate`, else from the facts.
    fn rate(&self) -> f64 {
        let documented = || catalog::known(self.call.vendor, &self.call.action)?.rate_limit_per_second;
        let rate = self.link.session.global.rate.or_else(documented);
        rate.filter(|rate| *rate > 0.0).unwrap_or(UNSTATED_RATE)
    }

    fn sending(&self, number: u32, signed: &Signed) {
        let session = self.link.session;
        if session.global.show_request || session.global.verbose > 1 {
            let mut view = request_view::view(self.call, signed, Some(number), self.changes);
            session.secrets.borrow().mask_value(&mut view);
            session.stderr.line(&output::json_line(&view));
        }
    }

    fn received(&self, response: &Response) {
        let session = self.link.session;
        if session.global.verbose > 1 {
            let mut body = serde_json::from_slice(&response.body)
                .unwrap_or_else(|_| Value::from(String::from_utf8_lossy(&response.body).into_owned()));
            redact::value(&mut body);
            session.secrets.borrow().mask_value(&mut body);
            let line = format!("{} answered {}: {body}", self.call.vendor, response.status);
            session.stderr.detail(2, &line);
        } else {
            session.stderr.detail(1, &format!("{} {}: HTTP {}", self.call.vendor, self.call.action, response.status));
        }
    }

    fn note(&self, text: &str) {
        self.link.session.stderr.warn(text);
    }
}

/// A new nonce: decimal digits suit every scheme.
pub(super) fn nonce() -> Result<String> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|error| Error::internal(format!("draw a nonce: {error}")))?;
    Ok((u64::from_le_bytes(bytes) >> 1).to_string())
}
