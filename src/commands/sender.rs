//! What sends for one account, and where to, as the command line wants it.

use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use jiff::Timestamp;

use crate::commands::session::Session;
use crate::config::{self, Account};
use crate::error::Result;
use crate::send::{Clock, Options, Policy, Sender, Transport};

/// No further attempt of a call begins later than this after its first.
const LONGEST_CALL: Duration = Duration::from_secs(120);

/// What sends for an account to one address, `https://HOST…` or `http://HOST…`, with the command line's times, retries
/// and proxy.
///
/// # Errors
/// Usage: a variable that names no proxy.
pub(super) fn sender(session: &Session, address: &str, trust: Trust<'_>, whose: String) -> Result<Sender> {
    let Trust { roots, system, this_machine } = trust;
    let proxy = if this_machine { None } else { config::proxy_for(&session.environment, address)? };
    if let Some((_, password)) = proxy.as_ref().and_then(|proxy| proxy.login.as_ref()) {
        session.secrets.borrow_mut().add(password.expose());
    }
    let options = Options {
        timeout: session.global.timeout.unsigned_abs(),
        connect_timeout: session.global.connect_timeout.unsigned_abs(),
        // Reading roots would cost more than a call that needs none.
        roots: roots.iter().filter(|_| !this_machine).map(|file| file.to_path_buf()).collect(),
        system_trust: system && !this_machine,
        proxy,
        user_agent: concat!("livectl/", env!("CARGO_PKG_VERSION")),
    };
    let retries = session.global.retries;
    let policy = Policy { retries, longest: LONGEST_CALL, first_wait: Duration::from_millis(500), random };
    let clock = Clock::new(Timestamp::now);
    Ok(Sender::new(transport(session, options), clock, policy, whose, Rc::clone(&session.pace)))
}

/// What all accounts share that are reached in the same way: of a thousand, each would have a client and connections of
/// its own.
fn transport(session: &Session, options: Options) -> Rc<Transport> {
    let mut transports = session.transports.borrow_mut();
    if let Some(known) = transports.iter().find(|known| known.is_for(&options)) {
        return Rc::clone(known);
    }
    let transport = Rc::new(Transport::new(options));
    transports.push(Rc::clone(&transport));
    transport
}

/// Whom a connection trusts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trust<'a> {
    /// A PEM file of more roots.
    pub(super) roots: Option<&'a Path>,
    /// The platform's own store.
    pub(super) system: bool,
    /// Plain HTTP to this machine.
    pub(super) this_machine: bool,
}

impl<'a> Trust<'a> {
    /// As an account wants it. Its endpoint is plain HTTP on this machine only.
    pub(super) fn of(account: &'a Account, scheme: &str) -> Self {
        Trust { roots: account.ca_bundle.as_deref(), system: account.system_trust, this_machine: scheme == "http" }
    }
}

/// A number from 0 to 1, for the jitter of waits.
fn random() -> f64 {
    getrandom::u32().map_or(1.0, |number| f64::from(number) / f64::from(u32::MAX))
}

/// `https` or `http`, and the host with its port.
///
/// # Errors
/// Usage: what is no endpoint.
pub(super) fn split_endpoint(url: &str) -> Result<(String, String)> {
    crate::config::check_endpoint(url)?;
    let (scheme, rest) = url.split_once("://").unwrap_or(("https", url));
    Ok((scheme.to_owned(), rest.trim_end_matches('/').to_owned()))
}
