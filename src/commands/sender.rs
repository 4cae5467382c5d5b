//! What sends for one account, and where to, as the command line wants it.

use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use jiff::Timestamp;

use crate::commands::session::Session;
use crate::error::Result;
use crate::send::{Clock, Options, Policy, Sender, Transport};

/// No further attempt of a call begins later than this after its first.
const LONGEST_CALL: Duration = Duration::from_secs(120);

/// What sends for an account, with the command line's times and retries. `loopback`: plain HTTP to this machine, which
/// trusts nobody.
pub(super) fn sender(
    session: &Session,
    roots: Option<&Path>,
    system_trust: bool,
    loopback: bool,
    whose: String,
) -> Sender {
    let options = Options {
        timeout: session.global.timeout.unsigned_abs(),
        connect_timeout: session.global.connect_timeout.unsigned_abs(),
        // Reading roots would cost more than a call that needs none.
        roots: roots.iter().filter(|_| !loopback).map(|file| file.to_path_buf()).collect(),
        system_trust: system_trust && !loopback,
        loopback,
        user_agent: concat!("livectl/", env!("CARGO_PKG_VERSION")),
    };
    let retries = session.global.retries;
    let policy = Policy { retries, longest: LONGEST_CALL, first_wait: Duration::from_millis(500), random };
    Sender::new(Transport::new(options), Clock::new(Timestamp::now), policy, whose, Rc::clone(&session.pace))
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
