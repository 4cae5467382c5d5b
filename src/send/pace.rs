//! The documented rate of each Action, kept on our side, so that the vendor need not refuse.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

/// When each Action may be sent next, for one account.
#[derive(Default)]
pub(super) struct Pace(RefCell<HashMap<String, Lane>>);

#[derive(Clone, Copy)]
struct Lane {
    next: Instant,
    slowdown: u32,
}

impl Pace {
    /// Waits until the Action may be sent, and takes that place: the next one waits `interval` longer.
    pub(super) async fn keep(&self, action: &str, interval: Duration) {
        let place = self.place(action, interval, Instant::now());
        tokio::time::sleep_until(place).await;
    }

    /// Halves the rate of an Action for the rest of the run: the vendor refused for it all the same.
    pub(super) fn slow_down(&self, action: &str) {
        if let Some(lane) = self.0.borrow_mut().get_mut(action) {
            lane.slowdown = 2;
        }
    }

    fn place(&self, action: &str, interval: Duration, now: Instant) -> Instant {
        let mut lanes = self.0.borrow_mut();
        let lane = lanes.entry(action.to_owned()).or_insert(Lane { next: now, slowdown: 1 });
        let place = lane.next.max(now);
        lane.next = place + interval * lane.slowdown;
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_of_one_action_keep_their_distance_and_others_do_not_wait() {
        let (pace, now, second) = (Pace::default(), Instant::now(), Duration::from_secs(1));
        let places = [("A", 0), ("A", 1), ("B", 0), ("A", 2)];
        for (action, seconds) in places {
            assert_eq!(pace.place(action, second, now), now + second * seconds, "{action}");
        }
        // A place that was not used does not add up to a burst.
        let later = now + second * 60;
        assert_eq!(pace.place("A", second, later), later);
        assert_eq!(pace.place("A", second, later), later + second);
    }

    #[test]
    fn a_vendor_that_refuses_halves_the_rate_once() {
        let (pace, now, second) = (Pace::default(), Instant::now(), Duration::from_secs(1));
        pace.place("A", second, now);
        pace.slow_down("A");
        pace.slow_down("A");
        assert_eq!(pace.place("A", second, now), now + second);
        assert_eq!(pace.place("A", second, now), now + second * 3);
    }
}
