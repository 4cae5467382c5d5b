//! One call, as many attempts as are safe.
//!
//! A read is repeated on network faults, 5xx and throttling. A write is repeated only where the attempt
//! certainly had no effect, or where repeating it is harmless; otherwise the error says `outcome: unknown`.

use std::time::Duration;

use jiff::Timestamp;

use crate::error::{Class, Error, Outcome};
use crate::model::{Reply, Response};
use crate::send::pace::Pace;
use crate::send::{Clock, NetworkFault, Transport};
use crate::sign::Signed;

/// Longest wait between two attempts, whatever the vendor or the exponent says.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// What may be repeated after an attempt whose fate is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeatable {
    /// A read: always.
    Read,
    /// A write whose repetition does no harm.
    HarmlessWrite,
    /// A write that must not happen twice.
    Never,
}

/// How a call is tried.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// Further attempts after the first.
    pub retries: u32,
    /// Wait before the first further attempt; doubled each time, then spread over zero to that ("full jitter").
    pub first_wait: Duration,
    /// A random number from 0 to 1, new at each call.
    pub random: fn() -> f64,
}

/// One call, as the sender needs it.
pub trait Attempt {
    /// Signs the request anew, for this moment.
    ///
    /// # Errors
    /// Whatever makes the request impossible to sign.
    fn sign(&self, at: Timestamp) -> Result<Signed, Error>;
    /// Decodes the vendor's response.
    ///
    /// # Errors
    /// The vendor's refusal, or that nobody can read it.
    fn decode(&self, response: &Response) -> Result<Reply, Error>;
    /// Whether the refusal says that the clock is off.
    fn blames_clock(&self, error: &Error) -> bool;
    /// What may be repeated.
    fn repeatable(&self) -> Repeatable;
    /// The Action, whose documented rate is kept.
    fn action(&self) -> &str;
    /// The time from one request of this Action to the next.
    fn interval(&self) -> Duration;
    /// Told before each attempt, with its number from 1: for `-vv`.
    fn sending(&self, number: u32, signed: &Signed);
    /// Told after each response.
    fn received(&self, response: &Response);
    /// Tells the user something, such as a corrected clock.
    fn note(&self, text: &str);
}

/// Sends calls for one account.
pub struct Sender {
    pub(super) transport: Transport,
    clock: Clock,
    pub(super) policy: Policy,
    pace: Pace,
}

impl Sender {
    /// A sender over a transport.
    pub fn new(transport: Transport, clock: Clock, policy: Policy) -> Self {
        Sender { transport, clock, policy, pace: Pace::default() }
    }

    /// Performs one call.
    ///
    /// # Errors
    /// The last attempt's, with the number of attempts and what became of the request.
    pub async fn perform(&self, attempt: &dyn Attempt) -> Result<Reply, Error> {
        let mut corrected = false;
        let mut number = 0;
        loop {
            number += 1;
            self.pace.keep(attempt.action(), attempt.interval()).await;
            let (error, wait) = match self.once(attempt, number).await {
                Ok(reply) => return Ok(reply),
                Err(Failure { error, response, sent }) => {
                    if !corrected && attempt.blames_clock(&error) {
                        corrected = true;
                        if let Some(seconds) = response.as_ref().and_then(|answer| self.clock.correct(answer)) {
                            attempt.note(&format!(
                                "this machine's clock is off by {seconds} s against the vendor's; corrected for this run"
                            ));
                            continue;
                        }
                    }
                    if error.class() == Class::Throttled {
                        self.pace.slow_down(attempt.action());
                    }
                    let error = judge(error, sent, attempt.repeatable(), number);
                    if number > self.policy.retries || !worth_repeating(&error, sent, attempt.repeatable()) {
                        return Err(error);
                    }
                    (error, asked_wait(response.as_ref()))
                }
            };
            let wait = wait.unwrap_or_else(|| self.backoff(number));
            attempt.note(&format!("attempt {number}: {error}; next in {:.1} s", wait.as_secs_f64()));
            tokio::time::sleep(wait).await;
        }
    }

    async fn once(&self, attempt: &dyn Attempt, number: u32) -> Result<Reply, Failure> {
        let signed = attempt.sign(self.clock.now()).map_err(Failure::before_sending)?;
        attempt.sending(number, &signed);
        let response = match self.transport.exchange(&signed).await {
            Ok(response) => response,
            Err(fault) => return Err(Failure::of_network(fault)),
        };
        attempt.received(&response);
        attempt.decode(&response).map_err(|error| Failure { error, response: Some(response), sent: Sent::Answered })
    }

    pub(super) fn backoff(&self, number: u32) -> Duration {
        let ceiling = self.policy.first_wait.saturating_mul(1 << number.saturating_sub(1).min(10)).min(LONGEST_WAIT);
        ceiling.mul_f64((self.policy.random)().clamp(0.0, 1.0))
    }
}

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
    response: Option<Response>,
    pub(super) sent: Sent,
}

impl Failure {
    fn before_sending(error: Error) -> Self {
        Failure { error: error.outcome(Outcome::NotSent), response: None, sent: Sent::Nothing }
    }

    pub(super) fn of_network(fault: NetworkFault) -> Self {
        let (error, sent) = match fault {
            NetworkFault::Local(error) => (error, Sent::Nothing),
            NetworkFault::NotConnected(why) => (
                Error::new(Class::Network, format!("connect to {why}"))
                    .hint("check the network, the proxy variables and `--endpoint`"),
                Sent::Nothing,
            ),
            NetworkFault::TimedOut(why) => (
                Error::new(Class::Network, format!("wait for the vendor's answer: {why}"))
                    .hint("a longer time is given with `--timeout 60s`"),
                Sent::Unanswered,
            ),
            NetworkFault::Broken(why) => {
                (Error::new(Class::Network, format!("read the vendor's answer: {why}")), Sent::Unanswered)
            }
            NetworkFault::TooLarge => {
                (Error::new(Class::Vendor, "read the vendor's answer: it is larger than 64 MiB"), Sent::Unanswered)
            }
        };
        Failure { error, response: None, sent }
    }
}

/// Fills in what became of the request, and how often it was tried.
pub(super) fn judge(error: Error, sent: Sent, repeatable: Repeatable, number: u32) -> Error {
    let class = error.class();
    let known = error.details().outcome;
    error.with(|details| {
        details.attempts = Some(number);
        details.retryable = details.retryable.or(Some(matches!(class, Class::Network | Class::Throttled)));
        details.outcome = match (sent, known) {
            (Sent::Nothing, _) => Some(Outcome::NotSent),
            (_, Some(outcome)) => Some(outcome),
            (_, None) => (repeatable != Repeatable::Read).then_some(Outcome::Unknown),
        };
    })
}

/// Whether an attempt that failed so may be followed by another.
pub(super) fn worth_repeating(error: &Error, sent: Sent, repeatable: Repeatable) -> bool {
    if sent == Sent::Nothing {
        return error.class() == Class::Network;
    }
    let details = error.details();
    match details.class {
        Class::Throttled => details.retryable != Some(false),
        Class::Network => repeatable != Repeatable::Never,
        Class::Vendor => {
            repeatable != Repeatable::Never && details.retryable.unwrap_or(details.http_status >= Some(500))
        }
        Class::Conflict => details.retryable == Some(true),
        _ => false,
    }
}

/// How long the vendor asks us to wait: `Retry-After` in seconds, `x-acs-retry-after` in milliseconds.
pub(super) fn asked_wait(response: Option<&Response>) -> Option<Duration> {
    let response = response?;
    let seconds = response.header("retry-after").and_then(|text| text.trim().parse().ok()).map(Duration::from_secs);
    let millis =
        response.header("x-acs-retry-after").and_then(|text| text.trim().parse().ok()).map(Duration::from_millis);
    seconds.or(millis).map(|wait| wait.min(LONGEST_WAIT))
}
