//! The documented rate of each Action, kept on our side, so that the vendor need not refuse.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

/// The vendor counts when requests arrive, not when they start: a second of ours is a little longer.
const SECOND: Duration = Duration::from_millis(1050);

/// However low a rate, a run goes on after this long.
const LONGEST_WINDOW: Duration = Duration::from_secs(3600);

/// When requests of each Action of each account started: shared by all that a run sends.
#[derive(Default)]
pub struct Pace(RefCell<HashMap<(String, String), Lane>>);

/// The starts of one Action that still count, and those that are still to come.
#[derive(Default)]
struct Lane {
    starts: VecDeque<Instant>,
    halved: bool,
}

/// So many starts in so long a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Allowance {
    most: usize,
    window: Duration,
}

impl Pace {
    /// Waits until the Action of an account may start again, `rate` times a second, and takes that place.
    pub(super) async fn keep(&self, account: &str, action: &str, rate: f64) {
        let place = self.place(account, action, rate, Instant::now());
        tokio::time::sleep_until(place).await;
    }

    /// Halves the rate of an Action for the rest of the run. What is allowed from now on, the first time.
    pub(super) fn halve(&self, account: &str, action: &str, rate: f64) -> Option<String> {
        let mut lanes = self.0.borrow_mut();
        let lane = lanes.entry((account.to_owned(), action.to_owned())).or_default();
        if std::mem::replace(&mut lane.halved, true) {
            return None;
        }
        let Allowance { most, window } = Allowance::of(rate, true);
        Some(match window <= SECOND {
            true => format!("{most} a second"),
            false => format!("one in {:.0} s", window.as_secs_f64() / SECOND.as_secs_f64()),
        })
    }

    fn place(&self, account: &str, action: &str, rate: f64, now: Instant) -> Instant {
        let mut lanes = self.0.borrow_mut();
        let lane = lanes.entry((account.to_owned(), action.to_owned())).or_default();
        let Allowance { most, window } = Allowance::of(rate, lane.halved);
        while lane.starts.front().is_some_and(|start| *start + window <= now) {
            lane.starts.pop_front();
        }
        let waits_for = lane.starts.len().checked_sub(most).and_then(|at| lane.starts.get(at));
        let place = waits_for.map_or(now, |start| now.max(*start + window));
        lane.starts.push_back(place);
        place
    }
}

impl Allowance {
    /// A rate below one a second is one in a longer time.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a positive rate, rounded down")]
    fn of(rate: f64, halved: bool) -> Self {
        let (most, window) = match rate >= 1.0 {
            true => (rate as usize, SECOND),
            false => (1, Duration::try_from_secs_f64(SECOND.as_secs_f64() / rate).unwrap_or(LONGEST_WINDOW)),
        };
        let (most, window) = match (halved, most) {
            (false, _) => (most, window),
            (true, 1) => (1, window * 2),
            (true, _) => (most / 2, window),
        };
        Allowance { most, window: window.min(LONGEST_WINDOW) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The largest number of starts within any one second.
    fn densest(starts: &[Instant]) -> usize {
        let within = |first: &Instant| {
            starts.iter().filter(|start| *start >= first && **start < *first + Duration::from_secs(1)).count()
        };
        starts.iter().map(within).max().unwrap_or_default()
    }

    proptest! {
        #[test]
        fn never_more_than_allowed_start_within_any_one_second(
            rate in 1_u32..40,
            gaps in prop::collection::vec(0_u64..400, 1..120),
            refused_at in prop::option::of(0_usize..120),
        ) {
            let (pace, mut now, rate) = (Pace::default(), Instant::now(), f64::from(rate));
            let (mut full, mut half) = (Vec::new(), Vec::new());
            for (at, gap) in gaps.into_iter().enumerate() {
                now += Duration::from_millis(gap);
                if refused_at == Some(at) {
                    pace.halve("a", "X", rate);
                }
                let place = pace.place("a", "X", rate, now);
                prop_assert!(place >= now);
                match refused_at.is_some_and(|refused| at >= refused) {
                    true => half.push(place),
                    false => full.push(place),
                }
            }
            let allowed = rate as usize;
            prop_assert!(densest(&full) <= allowed);
            prop_assert!(densest(&half) <= (allowed / 2).max(1));
            full.extend(half);
            prop_assert!(densest(&full) <= allowed);
        }
    }

    #[test]
    fn nobody_waits_below_the_rate_or_for_others() {
        let (pace, now) = (Pace::default(), Instant::now());
        for _ in 0..10 {
            assert_eq!(pace.place("a", "X", 10.0, now), now);
        }
        assert_eq!(pace.place("a", "X", 10.0, now), now + SECOND);
        // Another Action, and the same Action of another account, have a pace of their own.
        assert_eq!(pace.place("a", "Y", 10.0, now), now);
        assert_eq!(pace.place("b", "X", 10.0, now), now);
        let later = now + SECOND * 2;
        assert_eq!(pace.place("a", "X", 10.0, later), later);
    }

    #[test]
    fn a_rate_below_one_a_second_has_a_longer_time() {
        let (pace, now) = (Pace::default(), Instant::now());
        for step in 0..4 {
            assert_eq!(pace.place("a", "X", 0.5, now), now + SECOND * 2 * step);
        }
        assert_eq!(pace.place("a", "Y", 1e-12, now), now);
        assert_eq!(pace.place("a", "Y", 1e-12, now), now + LONGEST_WINDOW);
    }

    #[test]
    fn a_vendor_that_refuses_halves_the_rate_once_and_is_told_once() {
        let pace = Pace::default();
        assert_eq!(pace.halve("a", "X", 10.0).as_deref(), Some("5 a second"));
        assert_eq!(pace.halve("a", "X", 10.0), None);
        assert_eq!(pace.halve("b", "X", 1.0).as_deref(), Some("one in 2 s"));
        let now = Instant::now();
        let waiting = (0..10).filter(|_| pace.place("a", "X", 10.0, now) > now).count();
        assert_eq!(waiting, 5);
    }
}
