//! What a failed attempt means: what became of the request, whether another may follow, and when.

use std::time::Duration;

use jiff::Timestamp;

use crate::error::{Class, Error, Outcome};
use crate::model::{Repeatable, Response};
use crate::send::{NetworkFault, Refusal};

/// How far an attempt came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    /// Nothing left this machine.
    Nothing,
    /// Sent, and no whole answer came.
    Unanswered,
    /// Answered.
    Answered,
}

/// A failed attempt.
pub(super) struct Failure {
    pub(super) error: Error,
    pub(super) response: Option<Response>,
    pub(super) sent: Sent,
}

impl Failure {
    pub(super) fn before_sending(error: Error) -> Self {
        Failure { error: error.outcome(Outcome::NotSent), response: None, sent: Sent::Nothing }
    }

    pub(super) fn of_network(fault: NetworkFault) -> Self {
        let (error, sent) = match fault {
            NetworkFault::Local(error) => (error, Sent::Nothing),
            NetworkFault::NotConnected(refusal, why) => (not_connected(refusal, &why), Sent::Nothing),
            NetworkFault::TimedOut(why) => (
                Error::new(Class::Network, format!("wait for the vendor's answer: {why}"))
                    .hint("a longer time is given with `--timeout 60s`"),
                Sent::Unanswered,
            ),
            NetworkFault::Broken(why) => {
                (Error::new(Class::Network, format!("read the vendor's answer: {why}")), Sent::Unanswered)
            }
            NetworkFault::Unreadable(why) => {
                (Error::new(Class::Vendor, format!("read the vendor's answer: it is no HTTP: {why}")), Sent::Unanswered)
            }
            NetworkFault::TooLarge(most) => {
                let message = format!("read the vendor's answer: it is larger than {}", spelled(most));
                (Error::new(Class::Vendor, message), Sent::Unanswered)
            }
        };
        Failure { error, response: None, sent }
    }
}

/// A number of bytes in words.
fn spelled(bytes: usize) -> String {
    if bytes >= 1 << 20 { format!("{} MiB", bytes >> 20) } else { format!("{bytes} bytes") }
}

/// Why no connection came about, with what helps. What another try cannot change is not retryable: a proxy may lock a
/// user out who comes with a wrong password again and again.
fn not_connected(refusal: Refusal, why: &str) -> Error {
    let error = Error::new(Class::Network, format!("connect to {why}"));
    let stays = |details: &mut crate::error::Details| details.retryable = Some(false);
    match refusal {
        Refusal::Unreached => error.hint("check the network, the proxy variables and `--endpoint`"),
        Refusal::ProxyLogin => error
            .hint("write them into the proxy's address: `HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT`, percent-encoded")
            .with(stays),
        Refusal::Certificate => error
            .hint("a company's own roots are named with `--ca-bundle FILE`; the platform's with `trust = \"system\"` in the profile")
            .with(stays),
    }
}

/// Fills in what became of the request, and how often it was tried. `lost`: an attempt before this one went out whose
/// fate nobody knows, so that no refusal of this one tells that nothing happened.
pub(super) fn judge(error: Error, sent: Sent, repeatable: Repeatable, number: u32, lost: bool) -> Error {
    error.with(|details| {
        details.attempts = Some(number);
        details.retryable = details.retryable.or(Some(match details.class {
            Class::Network | Class::Throttled => true,
            class => class == Class::Vendor && details.http_status >= Some(500),
        }));
        details.outcome = match (sent, details.outcome) {
            _ if lost => Some(Outcome::Unknown),
            (Sent::Nothing, _) => Some(Outcome::NotSent),
            (_, Some(outcome)) => Some(outcome),
            (_, None) => (repeatable != Repeatable::Read).then_some(Outcome::Unknown),
        };
    })
}

/// Whether an attempt that failed so may be followed by another.
pub(super) fn worth_repeating(error: &Error, sent: Sent, repeatable: Repeatable) -> bool {
    if sent == Sent::Nothing {
        return error.class() == Class::Network && error.details().retryable != Some(false);
    }
    let details = error.details();
    match details.class {
        // A refusal for the rate, or for a lock, comes before anything is done; so where its code is known.
        Class::Throttled => details.retryable.unwrap_or(repeatable != Repeatable::Never),
        Class::Conflict => details.retryable == Some(true),
        Class::Network => repeatable != Repeatable::Never,
        Class::Vendor => {
            repeatable != Repeatable::Never && details.retryable.unwrap_or(details.http_status >= Some(500))
        }
        _ => false,
    }
}

/// How long the vendor asks us to wait: `Retry-After` in seconds or until a moment, `x-acs-retry-after` in
/// milliseconds.
pub(super) fn asked_wait(response: Option<&Response>, now: Timestamp) -> Option<Duration> {
    let response = response?;
    let text = response.header("retry-after").map(str::trim);
    let seconds = text.and_then(|text| text.parse().ok()).map(Duration::from_secs);
    let until = || {
        let moment = jiff::fmt::rfc2822::parse(text?).ok()?.timestamp();
        Some(Duration::try_from(moment.duration_since(now)).unwrap_or_default())
    };
    let millis =
        response.header("x-acs-retry-after").and_then(|text| text.trim().parse().ok()).map(Duration::from_millis);
    seconds.or_else(until).or(millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(headers: &[(&str, &str)]) -> Response {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Response { status: 429, headers, body: Vec::new() }
    }

    #[test]
    fn a_vendor_says_how_long_to_wait() {
        let noon: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let asked = |name, value| asked_wait(Some(&with(&[(name, value)])), noon);
        assert_eq!(asked("retry-after", " 7 "), Some(Duration::from_secs(7)));
        assert_eq!(asked("retry-after", "Sat, 21 Nov 2026 12:00:30 GMT"), Some(Duration::from_secs(30)));
        assert_eq!(asked("retry-after", "Sat, 21 Nov 2026 11:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(asked("x-acs-retry-after", "1500"), Some(Duration::from_millis(1500)));
        assert_eq!(asked("retry-after", "soon"), None);
        assert_eq!(asked("retry-after", "-3"), None);
        assert_eq!(asked_wait(None, noon), None);
    }

    #[test]
    fn after_a_lost_attempt_no_refusal_tells_that_nothing_happened() {
        let refusal = || Error::new(Class::Auth, "no").outcome(Outcome::Refused);
        let judged = |lost| judge(refusal(), Sent::Answered, Repeatable::Write, 2, lost).details().outcome;
        assert_eq!((judged(false), judged(true)), (Some(Outcome::Refused), Some(Outcome::Unknown)));
        let unsent = judge(Error::new(Class::Network, "no"), Sent::Nothing, Repeatable::Write, 2, true);
        assert_eq!(unsent.details().outcome, Some(Outcome::Unknown));
    }

    #[test]
    fn only_what_had_no_effect_or_may_happen_twice_is_repeated() {
        let failed = |class, retryable, status| {
            Error::new(class, "no").with(|details| {
                details.retryable = retryable;
                details.http_status = status;
            })
        };
        let worth = |error: &Error, sent| {
            [Repeatable::Read, Repeatable::Write, Repeatable::Removal, Repeatable::Never]
                .map(|repeatable| worth_repeating(error, sent, repeatable))
        };
        let (all, none, safe) = ([true; 4], [false; 4], [true, true, true, false]);
        let (yes, no) = (Some(true), Some(false));
        for (error, sent, expected) in [
            (failed(Class::Network, None, None), Sent::Nothing, all),
            (failed(Class::Network, no, None), Sent::Nothing, none),
            (failed(Class::Internal, None, None), Sent::Nothing, none),
            (failed(Class::Network, None, None), Sent::Unanswered, safe),
            (failed(Class::Throttled, yes, Some(429)), Sent::Answered, all),
            (failed(Class::Throttled, no, Some(400)), Sent::Answered, none),
            (failed(Class::Throttled, None, Some(400)), Sent::Answered, safe),
            (failed(Class::Conflict, yes, Some(400)), Sent::Answered, all),
            (failed(Class::Conflict, no, Some(400)), Sent::Answered, none),
            (failed(Class::Vendor, yes, Some(200)), Sent::Answered, safe),
            (failed(Class::Vendor, no, Some(500)), Sent::Answered, none),
            (failed(Class::Vendor, None, Some(500)), Sent::Answered, safe),
            (failed(Class::Vendor, None, Some(200)), Sent::Answered, none),
            (failed(Class::Auth, no, Some(403)), Sent::Answered, none),
        ] {
            assert_eq!(worth(&error, sent), expected, "{error:?} {sent:?}");
        }
    }
}
