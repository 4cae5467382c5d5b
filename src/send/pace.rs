//! The documented rate of each Action, kept on our side, so that the vendor need not refuse.
//!
//! The vendor counts when requests arrive, and nobody here knows when that is: only that it lies between the start of
//! a request and its answer. So a place among those of one second is free again a second after the *answer*. However
//! long or unevenly requests travel, no more than allowed arrive within any second.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;
use std::time::Duration;

use tokio::sync::{Mutex, Notify};
use tokio::time::Instant;

/// A second of the vendor's clock, which may run a little faster than ours and tells milliseconds.
const SECOND: Duration = Duration::from_millis(1005);

/// However low a rate, a run goes on after this long.
const LONGEST_WINDOW: Duration = Duration::from_secs(3600);

/// The requests of each Action of each account that still count: shared by all that a run sends.
#[derive(Default)]
pub struct Pace(RefCell<HashMap<(String, String), Rc<Lane>>>);

/// The requests of one Action of one account.
#[derive(Default)]
struct Lane {
    count: RefCell<Count>,
    /// Those who wait do so one behind the other.
    turn: Mutex<()>,
    /// Told when a request has ended.
    ended: Notify,
}

/// The requests that still count.
#[derive(Debug, Default)]
struct Count {
    under_way: usize,
    ended: VecDeque<Instant>,
    halved: bool,
}

/// So many requests in so long a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Allowance {
    most: usize,
    window: Duration,
}

/// A request's place among those that count, from before its start until its end.
pub(super) struct Place(Rc<Lane>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.count.borrow_mut().end(Instant::now());
        self.0.ended.notify_one();
    }
}

impl Pace {
    /// Waits until the Action of an account may start again, `rate` times a second, and takes that place. Whoever
    /// comes first goes first.
    pub(super) async fn keep(&self, account: &str, action: &str, rate: f64) -> Place {
        let lane = self.lane(account, action);
        let turn = lane.turn.lock().await;
        loop {
            // Taken note of before looking, so that no end is missed.
            let ended = lane.ended.notified();
            let taken = lane.count.borrow_mut().take(rate, Instant::now());
            match taken {
                Ok(()) => break,
                Err(Some(free)) => tokio::time::sleep_until(free).await,
                Err(None) => ended.await,
            }
        }
        drop(turn);
        Place(lane)
    }

    /// Halves the rate of an Action for the rest of the run. What is allowed from now on, the first time.
    pub(super) fn halve(&self, account: &str, action: &str, rate: f64) -> Option<String> {
        let lane = self.lane(account, action);
        if std::mem::replace(&mut lane.count.borrow_mut().halved, true) {
            return None;
        }
        let Allowance { most, window } = Allowance::of(rate, true);
        Some(match window <= SECOND {
            true => format!("{most} a second"),
            false => format!("one in {:.0} s", window.as_secs_f64() / SECOND.as_secs_f64()),
        })
    }

    fn lane(&self, account: &str, action: &str) -> Rc<Lane> {
        let mut lanes = self.0.borrow_mut();
        Rc::clone(lanes.entry((account.to_owned(), action.to_owned())).or_default())
    }
}

impl Count {
    /// Takes a place. Where none is free: the moment at which one will be, unless that depends on a request whose end
    /// is not known yet.
    fn take(&mut self, rate: f64, now: Instant) -> Result<(), Option<Instant>> {
        let Allowance { most, window } = Allowance::of(rate, self.halved);
        while self.ended.front().is_some_and(|end| *end + window <= now) {
            self.ended.pop_front();
        }
        let over = (self.under_way + self.ended.len() + 1).saturating_sub(most);
        match over.checked_sub(1) {
            None => {
                self.under_way += 1;
                Ok(())
            }
            Some(last) => Err(self.ended.get(last).map(|end| *end + window)),
        }
    }

    fn end(&mut self, now: Instant) {
        self.under_way -= 1;
        self.ended.push_back(now);
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

    /// The largest number of arrivals within any one second.
    fn densest(arrivals: &[Instant]) -> usize {
        let within = |first: &Instant| {
            arrivals.iter().filter(|one| *one >= first && **one < *first + Duration::from_secs(1)).count()
        };
        arrivals.iter().map(within).max().unwrap_or_default()
    }

    /// Requests one after the other as early as each may start, each with the time it travels and the time until its
    /// answer; when each arrived.
    fn arrivals(rate: f64, halved: bool, requests: &[(u64, u64)]) -> Vec<Instant> {
        let millis = Duration::from_millis;
        let (mut now, mut count) = (Instant::now(), Count { halved, ..Count::default() });
        let (mut arrived, mut ends): (Vec<Instant>, Vec<Instant>) = (Vec::new(), Vec::new());
        for (travels, answered) in requests {
            while let Err(free) = count.take(rate, now) {
                ends.sort_unstable_by(|one, other| other.cmp(one));
                // Either a place becomes free, or a request ends.
                let end = ends.last().copied().filter(|end| free.is_none_or(|free| *end <= free));
                match (end, free) {
                    (Some(end), _) => {
                        ends.pop();
                        now = now.max(end);
                        count.end(now);
                    }
                    (None, Some(free)) => now = now.max(free),
                    (None, None) => unreachable!("nothing is under way and no place is free"),
                }
            }
            arrived.push(now + millis(*travels));
            ends.push(now + millis(travels + answered));
        }
        arrived
    }

    proptest! {
        #[test]
        fn never_more_than_allowed_arrive_within_any_one_second(
            rate in 1_u32..40,
            halved in any::<bool>(),
            requests in prop::collection::vec((0_u64..900, 0_u64..900), 1..150),
        ) {
            let allowed = if halved { (rate / 2).max(1) } else { rate };
            let arrived = arrivals(f64::from(rate), halved, &requests);
            prop_assert!(densest(&arrived) <= allowed as usize);
        }
    }

    #[test]
    fn what_is_allowed_is_used() {
        for (rate, requests) in [(10.0, 300), (20.0, 600), (100.0, 3000)] {
            let arrived = arrivals(rate, false, &vec![(0, 1); requests]);
            let taken = arrived.last().unwrap().duration_since(arrived[0]).as_secs_f64();
            #[allow(clippy::cast_precision_loss)]
            let achieved = requests as f64 / (taken + 1.0);
            assert!(achieved >= 0.98 * rate, "{achieved} of {rate}");
        }
    }

    fn taken(count: &mut Count, rate: f64, now: Instant) -> usize {
        std::iter::repeat_with(|| count.take(rate, now)).take_while(Result::is_ok).count()
    }

    #[test]
    fn nobody_waits_below_the_rate() {
        let (mut count, now) = (Count::default(), Instant::now());
        assert_eq!(taken(&mut count, 10.0, now), 10);
        // Nobody knows when one of those ends.
        assert_eq!(count.take(10.0, now), Err(None));
        let later = now + SECOND;
        count.end(later);
        assert_eq!(count.take(10.0, later), Err(Some(later + SECOND)));
        assert_eq!(count.take(10.0, later + SECOND), Ok(()));
    }

    #[test]
    fn a_rate_below_one_a_second_has_a_longer_time() {
        for (rate, wait) in [(0.5, SECOND * 2), (1e-12, LONGEST_WINDOW)] {
            let (mut count, now) = (Count::default(), Instant::now());
            assert_eq!(count.take(rate, now), Ok(()));
            count.end(now);
            assert_eq!(count.take(rate, now), Err(Some(now + wait)));
        }
    }

    #[test]
    fn a_vendor_that_refuses_halves_the_rate_once_and_is_told_once() {
        let pace = Pace::default();
        assert_eq!(pace.halve("a", "X", 10.0).as_deref(), Some("5 a second"));
        assert_eq!(pace.halve("a", "X", 10.0), None);
        assert_eq!(pace.halve("b", "X", 1.0).as_deref(), Some("one in 2 s"));
        let lane = pace.lane("a", "X");
        assert_eq!(taken(&mut lane.count.borrow_mut(), 10.0, Instant::now()), 5);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_comes_first_goes_first_and_others_do_not_wait_for_them() {
        let (pace, order) = (Pace::default(), RefCell::new(Vec::new()));
        let ask = |name: &'static str, account: &'static str, action: &'static str| {
            let (pace, order) = (&pace, &order);
            async move {
                let place = pace.keep(account, action, 1.0).await;
                tokio::time::sleep(Duration::from_millis(100)).await;
                drop(place);
                order.borrow_mut().push((name, Instant::now()));
            }
        };
        let began = Instant::now();
        tokio::join!(
            ask("1", "a", "X"),
            ask("2", "a", "X"),
            ask("3", "a", "X"),
            ask("Y", "a", "Y"),
            ask("b", "b", "X")
        );
        let mut order: Vec<(&str, u128)> =
            order.into_inner().into_iter().map(|(name, at)| (name, at.duration_since(began).as_millis())).collect();
        order.sort_unstable_by_key(|(name, at)| (*at, *name));
        assert_eq!(order, [("1", 100), ("Y", 100), ("b", 100), ("2", 1205), ("3", 2310)]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_is_given_up_leaves_the_way_to_the_next() {
        let pace = Pace::default();
        let first = pace.keep("a", "X", 1.0).await;
        let given_up = tokio::time::timeout(Duration::from_millis(10), pace.keep("a", "X", 1.0)).await;
        assert!(given_up.is_err());
        drop(first);
        let began = Instant::now();
        let _second = pace.keep("a", "X", 1.0).await;
        assert_eq!(began.elapsed(), SECOND);
    }
}
