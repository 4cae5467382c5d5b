//! GETs that nobody signs: what a playback domain tells everybody. The same socket, bounds and retries as for a
//! vendor's API, which only ever gets what is signed.

use std::time::Duration;

use crate::error::Error;
use crate::model::{Repeatable, Response};
use crate::send::verdict::{Failure, asked_wait, judge, worth_repeating};
use crate::send::{Bound, Sender};

impl Sender {
    /// Fetches a public address. A server that is busy is asked again; its last answer is handed over, whatever its
    /// status.
    ///
    /// # Errors
    /// The network's, with the number of attempts.
    pub async fn get_public(&self, url: &str, bound: Bound, note: &dyn Fn(&str)) -> Result<Response, Error> {
        let began = tokio::time::Instant::now();
        let mut number = 0;
        loop {
            number += 1;
            let last = number > self.policy.retries;
            let in_time = |wait: Duration| !last && began.elapsed().saturating_add(wait) <= self.policy.longest;
            let backoff = self.backoff(number);
            let (why, wait) = match self.transport.get_public(url, bound).await {
                Ok(response) => {
                    let wait = asked_wait(Some(&response), jiff::Timestamp::now()).unwrap_or(backoff);
                    if !is_busy(&response) || !in_time(wait) {
                        return Ok(response);
                    }
                    (format!("HTTP {}", response.status), wait)
                }
                Err(fault) => {
                    let Failure { error, sent, .. } = Failure::of_network(fault);
                    let worth = worth_repeating(&error, sent, Repeatable::Read);
                    let error = judge(error, sent, Repeatable::Read, number, false);
                    if !worth || !in_time(backoff) {
                        return Err(error);
                    }
                    (error.to_string(), backoff)
                }
            };
            note(&format!("attempt {number}: {why}; next in {:.1} s", wait.as_secs_f64()));
            tokio::time::sleep(wait).await;
        }
    }
}

fn is_busy(response: &Response) -> bool {
    response.status == 429 || response.status >= 500
}
