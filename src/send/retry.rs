//! One call, as many attempts as are safe.
//!
//! A read is repeated on network faults, 5xx and throttling. A write is repeated only where the attempt
//! certainly had no effect, or where repeating it is harmless; otherwise the error says `outcome: unknown`.

use std::rc::Rc;
use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::error::{Class, Error, Outcome};
use crate::model::{Repeatable, Reply, Response};
use crate::send::Transport;
use crate::send::clock::{Clock, Correction};
use crate::send::pace::Pace;
use crate::send::verdict::{Failure, Sent, asked_wait, judge, worth_repeating};
use crate::sign::Signed;

/// Longest wait between two attempts that the exponent says; a vendor may ask for more.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// How a call is tried.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// Further attempts after the first.
    pub retries: u32,
    /// No further attempt begins later than this after the first, less what they waited for their turn.
    pub longest: Duration,
    /// Wait before the first further attempt; doubled each time, then spread over zero to that ("full jitter").
    pub first_wait: Duration,
    /// A random number from 0 to 1, new at each call.
    pub random: fn() -> f64,
}

/// One call, as the sender needs it.
pub trait Attempt {
    /// Waits until the attempt may go out: asked right before it does.
    ///
    /// # Errors
    /// Why it must not.
    fn permit(&self) -> LocalBoxFuture<'_, Result<(), Error>>;
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
    /// Whether the refusal says that temporary credentials have expired, and others are used from here on.
    fn renews(&self, _error: &Error) -> bool {
        false
    }
    /// What may be repeated.
    fn repeatable(&self) -> Repeatable;
    /// The Action, whose documented rate is kept.
    fn action(&self) -> &str;
    /// How many requests of this Action may start in a second.
    fn rate(&self) -> f64;
    /// Told before each attempt, with its number from 1: for `-vv`.
    fn sending(&self, number: u32, signed: &Signed);
    /// Told after each response.
    fn received(&self, response: &Response);
    /// Tells the user something, such as a corrected clock.
    fn note(&self, text: &str);
}

/// Sends calls for one account.
pub struct Sender {
    pub(super) transport: Rc<Transport>,
    clock: Clock,
    pub(super) policy: Policy,
    account: String,
    pace: Rc<Pace>,
}

/// What the attempts of one call have come to.
struct Course {
    retries: u32,
    number: u32,
    began: Instant,
    /// By how much the clock was corrected as the request was signed.
    clock: SignedDuration,
    /// The same of the attempt that was refused for its time.
    corrected: Option<SignedDuration>,
    /// Credentials that had expired were replaced.
    renewed: bool,
    /// An attempt went out whose fate nobody knows.
    lost: bool,
}

impl Course {
    fn new(retries: u32) -> Self {
        Course {
            retries,
            number: 0,
            began: Instant::now(),
            clock: SignedDuration::ZERO,
            corrected: None,
            renewed: false,
            lost: false,
        }
    }
}

/// What follows a failed attempt.
enum Next {
    /// Another, after a wait.
    Again(Error, Duration),
    /// Another at once.
    AtOnce,
    /// None: an attempt before it had done it.
    Done(Reply),
    /// None.
    Failed(Error),
}

impl Sender {
    /// A sender for an account over a transport, which keeps the pace with all other senders for that account.
    pub fn new(transport: Rc<Transport>, clock: Clock, policy: Policy, account: String, pace: Rc<Pace>) -> Self {
        Sender { transport, clock, policy, account, pace }
    }

    /// By how much the machine's clock was found to be off; zero: as far as is known it is right.
    pub fn correction(&self) -> SignedDuration {
        self.clock.offset()
    }

    /// Performs one call.
    ///
    /// # Errors
    /// The last attempt's, with the number of attempts and what became of the request.
    pub async fn perform(&self, attempt: &dyn Attempt) -> Result<Reply, Error> {
        self.perform_within(attempt, self.policy.retries).await
    }

    /// Performs one call with another number of further attempts than the policy's.
    ///
    /// # Errors
    /// As [`Sender::perform`].
    pub async fn perform_within(&self, attempt: &dyn Attempt, retries: u32) -> Result<Reply, Error> {
        let mut course = Course::new(retries);
        loop {
            course.number += 1;
            let queued = Instant::now();
            let place = self.pace.keep(&self.account, attempt.action(), attempt.rate()).await;
            // Waiting for its turn is no part of the call.
            course.began += queued.elapsed();
            course.clock = self.clock.offset();
            let failure = match self.once(attempt, course.number).await {
                Ok(reply) => return Ok(reply),
                Err(failure) => failure,
            };
            drop(place);
            match self.after(failure, attempt, &mut course) {
                Next::Again(error, wait) => {
                    let wait_seconds = wait.as_secs_f64();
                    attempt.note(&format!("attempt {}: {error}; next in {wait_seconds:.1} s", course.number));
                    tokio::time::sleep(wait).await;
                }
                Next::AtOnce => {}
                Next::Done(reply) => return Ok(reply),
                Next::Failed(error) => return Err(error),
            }
        }
    }

    fn after(&self, failure: Failure, attempt: &dyn Attempt, course: &mut Course) -> Next {
        let Failure { error, response, sent } = failure;
        if attempt.blames_clock(&error) && self.corrected(response.as_ref(), attempt, course) {
            return Next::AtOnce;
        }
        if !course.renewed && attempt.renews(&error) {
            course.renewed = true;
            attempt.note("the temporary credentials have expired: new ones are asked for");
            return Next::AtOnce;
        }
        let repeatable = attempt.repeatable();
        if course.lost && repeatable == Repeatable::Removal && error.class() == Class::NotFound {
            attempt.note(&format!(
                "{}: gone at attempt {}: one before it took effect",
                attempt.action(),
                course.number
            ));
            return Next::Done(gone(&error, response.as_ref()));
        }
        if error.class() == Class::Throttled && error.details().retryable == Some(true) {
            self.halve(attempt);
        }
        let worth = worth_repeating(&error, sent, repeatable);
        let error = judge(error, sent, repeatable, course.number, course.lost);
        course.lost |=
            !matches!(sent, Sent::Nothing | Sent::NotPermitted) && error.details().outcome == Some(Outcome::Unknown);
        if course.number > course.retries || !worth {
            return Next::Failed(error);
        }
        let asked = asked_wait(response.as_ref(), self.clock.now());
        let wait = asked.unwrap_or_else(|| self.backoff(course.number));
        match course.began.elapsed().saturating_add(wait) <= self.policy.longest {
            true => Next::Again(error, wait),
            false => Next::Failed(self.out_of_time(error, asked)),
        }
    }

    /// Whether a request that was refused for its time may be sent once more, under a better clock.
    fn corrected(&self, response: Option<&Response>, attempt: &dyn Attempt, course: &mut Course) -> bool {
        if let Some(before) = course.corrected {
            self.clock.restore(course.clock, before);
            return false;
        }
        let Some(answer) = response else { return false };
        let correction = self.clock.correct(answer, course.clock);
        if let Correction::Now(seconds) = correction {
            attempt.note(&format!(
                "this machine's clock is off by {seconds} s against the vendor's; corrected for this run"
            ));
        }
        course.corrected = Some(course.clock);
        correction != Correction::None
    }

    /// The vendor refused for the rate although the documented one was kept: half of it, for the rest of the run.
    fn halve(&self, attempt: &dyn Attempt) {
        if let Some(rate) = self.pace.halve(&self.account, attempt.action(), attempt.rate()) {
            attempt.note(&format!("{}: throttled: from here on at most {rate}", attempt.action()));
        }
    }

    pub(super) fn out_of_time(&self, error: Error, asked: Option<Duration>) -> Error {
        let most = self.policy.longest.as_secs();
        error.hint(match asked {
            Some(wait) => format!("the vendor asks to wait {} s: repeat the command then", wait.as_secs()),
            None => format!("no further attempt: {most} s after the first the call is given up"),
        })
    }

    async fn once(&self, attempt: &dyn Attempt, number: u32) -> Result<Reply, Failure> {
        attempt.permit().await.map_err(Failure::not_permitted)?;
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

/// The reply of a removal that an attempt before this one had performed: the vendor's own words that the thing is gone.
fn gone(error: &Error, response: Option<&Response>) -> Reply {
    Reply {
        result: serde_json::Value::Object(serde_json::Map::new()),
        request_id: error.details().request_id.clone(),
        body: response.map(|answer| String::from_utf8_lossy(&answer.body).into_owned()).unwrap_or_default(),
    }
}
