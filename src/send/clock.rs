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

    /// Corrects the clock by the `Date` header of an answer. The correction in seconds, or `None` where the
    /// answer shows no date or the clock is right to within half a minute.
    pub fn correct(&self, response: &Response) -> Option<i64> {
        let date = jiff::fmt::rfc2822::parse(response.header("date")?).ok()?.timestamp();
        let off = date.duration_since((self.source)());
        let moved = off.checked_sub(self.offset.get())?;
        if moved.as_secs().abs() < 30 {
            return None;
        }
        self.offset.set(off);
        Some(off.as_secs())
    }
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

    #[test]
    fn an_hour_off_is_corrected_once() {
        let clock = Clock::new(noon);
        let answer = dated("Sat, 21 Nov 2026 13:00:00 GMT");
        assert_eq!(clock.correct(&answer), Some(3600));
        assert_eq!(clock.now(), "2026-11-21T13:00:00Z".parse().unwrap());
        assert_eq!(clock.correct(&answer), None);
    }

    #[test]
    fn a_clock_that_is_right_or_unknown_stays() {
        let clock = Clock::new(noon);
        assert_eq!(clock.correct(&dated("Sat, 21 Nov 2026 12:00:05 GMT")), None);
        assert_eq!(clock.correct(&dated("yesterday")), None);
        assert_eq!(clock.correct(&Response { status: 200, headers: Vec::new(), body: Vec::new() }), None);
    }
}
