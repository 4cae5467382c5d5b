//! The clock of one run: the machine's, corrected once a vendor's answer shows that it is off.

use std::cell::Cell;

use jiff::{SignedDuration, Timestamp};

use crate::model::Response;

/// Where signatures take their time from.
pub struct Clock {
    source: fn() -> Timestamp,
    offset: Cell<SignedDuration>,
}

impl Clock {
    /// A clock over a source of time.
    pub fn new(source: fn() -> Timestamp) -> Self {
        Clock { source, offset: Cell::new(SignedDuration::ZERO) }
    }

    /// The present, corrected.
    pub fn now(&self) -> Timestamp {
        let now = (self.source)();
        now.checked_add(self.offset.get()).unwrap_or(now)
    }

    /// By how much the machine's clock is corrected now.
    pub(super) fn offset(&self) -> SignedDuration {
        self.offset.get()
    }

    /// Corrects the clock by the `Date` header of the answer to a request that was signed under the correction `under`.
    pub(super) fn correct(&self, response: &Response, under: SignedDuration) -> Correction {
        if self.offset.get() != under {
            return Correction::Before;
        }
        let Some(date) = response.header("date").and_then(plausible) else { return Correction::None };
        let off = date.duration_since((self.source)());
        match off.checked_sub(under) {
            Some(moved) if moved.as_secs().abs() >= 30 => {
                self.offset.set(off);
                Correction::Now(off.as_secs())
            }
            _ => Correction::None,
        }
    }

    /// Takes back a correction that did not help: other calls need not suffer from it.
    pub(super) fn restore(&self, failed: SignedDuration, before: SignedDuration) {
        if self.offset.get() == failed {
            self.offset.set(before);
        }
    }
}

/// What an answer said about the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Correction {
    /// Corrected by it, to so many seconds.
    Now(i64),
    /// Another answer has corrected it since the request was signed.
    Before,
    /// Nothing: it shows no date that can be, or the clock is right to within half a minute.
    None,
}

/// A date that a vendor's clock can show: no vendor answers from before this program was written.
fn plausible(date: &str) -> Option<Timestamp> {
    let date = jiff::fmt::rfc2822::parse(date).ok()?;
    (2026..2100).contains(&date.year()).then(|| date.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    fn dated(date: &str) -> Response {
        Response { status: 200, headers: vec![("date".into(), date.into())], body: Vec::new() }
    }

    const NEVER: SignedDuration = SignedDuration::ZERO;

    #[test]
    fn an_hour_off_is_corrected_once_for_all_that_are_in_flight() {
        let clock = Clock::new(noon);
        let answer = dated("Sat, 21 Nov 2026 13:00:00 GMT");
        assert_eq!(clock.correct(&answer, NEVER), Correction::Now(3600));
        assert_eq!(clock.now(), "2026-11-21T13:00:00Z".parse().unwrap());
        assert_eq!(clock.correct(&answer, NEVER), Correction::Before);
        assert_eq!(clock.correct(&answer, clock.offset()), Correction::None);
    }

    #[test]
    fn a_clock_that_is_right_or_unknown_stays() {
        let clock = Clock::new(noon);
        for date in [
            "Sat, 21 Nov 2026 12:00:05 GMT",
            "yesterday",
            "",
            "Thu, 01 Jan 1970 00:00:00 GMT",
            "Fri, 31 Dec 9999 23:59:59 GMT",
            "Sat, 21 Nov 2026 25:00:00 GMT",
        ] {
            assert_eq!(clock.correct(&dated(date), NEVER), Correction::None, "{date}");
        }
        let undated = Response { status: 200, headers: Vec::new(), body: Vec::new() };
        assert_eq!(clock.correct(&undated, NEVER), Correction::None);
        assert_eq!(clock.now(), noon());
    }

    #[test]
    fn a_correction_that_did_not_help_is_taken_back_unless_there_is_a_newer_one() {
        let clock = Clock::new(noon);
        clock.correct(&dated("Mon, 21 Nov 2050 12:00:00 GMT"), NEVER);
        let wrong = clock.offset();
        clock.restore(wrong, NEVER);
        assert_eq!(clock.now(), noon());
        clock.correct(&dated("Sat, 21 Nov 2026 13:00:00 GMT"), NEVER);
        clock.restore(wrong, NEVER);
        assert_eq!(clock.offset().as_secs(), 3600);
    }
}
