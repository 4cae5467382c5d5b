//! Looking again and again until a state has settled: the one loop behind `--wait` and `livectl wait`.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use jiff::SignedDuration;

use crate::error::{Class, Error, Result};
use crate::model::{Patience, Road, Watch};

/// The time between the first two looks, where the user names none.
const FIRST_STEP: Duration = Duration::from_secs(2);

/// The most that it grows to.
const LONGEST_STEP: Duration = Duration::from_secs(15);

/// What a look may take although the time is over: without it a short wait would never see anything.
const LAST_LOOK: Duration = Duration::from_secs(5);

/// What one look saw.
#[derive(Debug, Clone, PartialEq)]
pub enum Seen<T> {
    /// A state that will change, in words.
    UnderWay(String),
    /// What was waited for.
    Settled(String, T),
    /// A state that will not change by itself, and is not what was waited for.
    Final(String, T),
}

/// How a wait ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Ended<T> {
    /// What was waited for is there.
    Settled(String, T),
    /// It will not come.
    Final(String, T),
    /// The time was over: what the last look that saw something saw, and why the last look of all failed.
    Late(Option<String>, Option<Box<Error>>),
}

/// Looks until it settles, at first soon and then less often. A look that fails for a reason that passes is told
/// once, and the next one is awaited.
///
/// # Errors
/// Those of a look that will not pass by themselves: no permission, not there.
pub async fn poll<T>(
    road: &dyn Road,
    patience: Patience,
    mut watch: Watch,
    mut look: impl AsyncFnMut() -> Result<Seen<T>>,
) -> Result<Ended<T>> {
    let ended = looked(road, patience, &mut watch, &mut look).await;
    road.watch(None);
    ended
}

async fn looked<T>(
    road: &dyn Road,
    patience: Patience,
    watch: &mut Watch,
    look: &mut impl AsyncFnMut() -> Result<Seen<T>>,
) -> Result<Ended<T>> {
    let began = road.elapsed();
    let mut step = patience.interval.unwrap_or(FIRST_STEP);
    let (mut failure, mut warned) = (None, false);
    road.watch(Some(watch));
    loop {
        let left = patience.limit.saturating_sub(watch.elapsed);
        match within(road, left.max(LAST_LOOK), look).await {
            Some(Ok(Seen::Settled(state, found))) => return Ok(Ended::Settled(state, found)),
            Some(Ok(Seen::Final(state, found))) => return Ok(Ended::Final(state, found)),
            Some(Ok(Seen::UnderWay(state))) => {
                watch.state = Some(state);
                failure = None;
            }
            Some(Err(error)) if passes(&error) => {
                if !std::mem::replace(&mut warned, true) {
                    road.warn(&format!("a look at {} failed, and is repeated: {error}", watch.what));
                }
                failure = Some(Box::new(error));
            }
            Some(Err(error)) => return Err(error),
            None => return Ok(Ended::Late(watch.state.take(), failure)),
        }
        watch.elapsed = road.elapsed().saturating_sub(began);
        road.watch(Some(watch));
        if watch.elapsed >= patience.limit {
            return Ok(Ended::Late(watch.state.take(), failure));
        }
        road.pause(step.min(patience.limit.saturating_sub(watch.elapsed))).await;
        watch.elapsed = road.elapsed().saturating_sub(began);
        if patience.interval.is_none() {
            step = (step * 3 / 2).min(LONGEST_STEP);
        }
    }
}

/// One look, unless it takes longer than this.
async fn within<T>(
    road: &dyn Road,
    time: Duration,
    look: &mut impl AsyncFnMut() -> Result<Seen<T>>,
) -> Option<Result<Seen<T>>> {
    match select(pin!(look()), road.pause(time)).await {
        Either::Left((seen, _)) => Some(seen),
        Either::Right(_) => None,
    }
}

/// Whether the next look may see what this one could not.
pub fn passes(error: &Error) -> bool {
    matches!(error.class(), Class::Network | Class::Throttled | Class::Vendor)
}

/// A time as the user types it: `15m`, `1m 30s`.
pub fn spelled(time: Duration) -> String {
    let whole = match time.as_secs() {
        0 => Duration::from_millis(time.subsec_millis().into()),
        seconds => Duration::from_secs(seconds),
    };
    SignedDuration::try_from(whole).map_or_else(|_| format!("{} s", time.as_secs()), |time| format!("{time:#}"))
}

/// The end of a message about a wait that took too long: `, last seen configuring`.
pub fn last_seen(state: Option<&str>, failure: Option<&Error>) -> String {
    let seen = state.map(|state| format!(", last seen {state}")).unwrap_or_default();
    let failed = failure.map(|error| format!("; the last look failed: {error}")).unwrap_or_default();
    seen + &failed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Vendor;
    use crate::providers::script::Script;

    fn watch(limit: Duration) -> Watch {
        let (what, resume) = ("domain a.example.com".to_owned(), String::new());
        Watch { what, state: None, elapsed: Duration::ZERO, limit, applied: None, resume }
    }

    /// Polls a row of looks, and tells the pauses between them in seconds.
    fn polled(
        limit: u64,
        interval: Option<u64>,
        looks: Vec<Result<Seen<()>>>,
    ) -> (Result<Ended<()>>, Vec<u64>, Script) {
        let script = Script::new(Vendor::Aliyun);
        let mut looks = looks.into_iter();
        let limit = Duration::from_secs(limit);
        let patience = Patience { limit, interval: interval.map(Duration::from_secs) };
        let look = async || looks.next().unwrap_or(Ok(Seen::UnderWay("configuring".to_owned())));
        let ended = script.run(poll(&script, patience, watch(limit), look));
        let pauses = script.pauses.borrow().iter().map(Duration::as_secs).collect();
        (ended, pauses, script)
    }

    fn under_way(state: &str) -> Result<Seen<()>> {
        Ok(Seen::UnderWay(state.to_owned()))
    }

    fn settled() -> Result<Seen<()>> {
        Ok(Seen::Settled("enabled".to_owned(), ()))
    }

    #[test]
    fn what_has_settled_is_not_waited_for() {
        let (ended, pauses, script) = polled(900, None, vec![settled()]);
        assert_eq!(ended.unwrap(), Ended::Settled("enabled".to_owned(), ()));
        assert_eq!(pauses, [0; 0]);
        assert_eq!(script.watched.borrow().last(), Some(&None), "the line of progress is taken away");
    }

    #[test]
    fn looks_come_less_and_less_often_and_the_last_one_at_the_end() {
        let (ended, pauses, script) = polled(60, None, Vec::new());
        assert_eq!(ended.unwrap(), Ended::Late(Some("configuring".to_owned()), None));
        // 2 s grow by half to 15 s; the last step is what is left.
        let seconds: Vec<f64> = script.pauses.borrow().iter().map(Duration::as_secs_f64).collect();
        assert_eq!(seconds, [2.0, 3.0, 4.5, 6.75, 10.125, 15.0, 15.0, 3.625]);
        assert_eq!(pauses.len(), 8);
    }

    #[test]
    fn an_interval_that_was_named_stays() {
        let (ended, pauses, _) = polled(10, Some(4), Vec::new());
        assert!(matches!(ended, Ok(Ended::Late(..))));
        assert_eq!(pauses, [4, 4, 2]);
    }

    #[test]
    fn looks_that_fail_are_told_once_and_repeated() {
        let fails = |class| Err(Error::new(class, "ask the vendor: no answer"));
        let looks = vec![
            fails(Class::Network),
            under_way("configuring"),
            fails(Class::Throttled),
            fails(Class::Vendor),
            settled(),
        ];
        let (ended, pauses, script) = polled(900, Some(1), looks);
        assert_eq!(ended.unwrap(), Ended::Settled("enabled".to_owned(), ()));
        assert_eq!(pauses, [1; 4]);
        let told = "a look at domain a.example.com failed, and is repeated: ask the vendor: no answer";
        assert_eq!(*script.warnings.borrow(), [told]);
    }

    #[test]
    fn why_the_last_look_failed_is_told_at_the_end() {
        let fails = || Err(Error::new(Class::Network, "connect: refused"));
        let (ended, ..) = polled(2, Some(1), vec![under_way("checking"), fails(), fails()]);
        let Ok(Ended::Late(state, failure)) = ended else { panic!("{ended:?}") };
        let told = last_seen(state.as_deref(), failure.as_deref());
        assert_eq!(told, ", last seen checking; the last look failed: connect: refused");
    }

    #[test]
    fn what_will_not_pass_ends_the_wait() {
        for class in [Class::Auth, Class::NotFound, Class::Usage] {
            let (ended, pauses, script) = polled(900, None, vec![Err(Error::new(class, "no"))]);
            assert_eq!(ended.unwrap_err().class(), class);
            assert_eq!(pauses, [0; 0]);
            assert_eq!(script.watched.borrow().last(), Some(&None));
        }
        let (ended, pauses, _) =
            polled(900, None, vec![under_way("checking"), Ok(Seen::Final("failed".to_owned(), ()))]);
        assert_eq!((ended.unwrap(), pauses), (Ended::Final("failed".to_owned(), ()), vec![2]));
    }

    #[test]
    fn a_look_that_never_ends_is_given_up() {
        let script = Script::new(Vendor::Aliyun);
        let limit = Duration::from_secs(60);
        let look = async || std::future::pending::<Result<Seen<()>>>().await;
        let ended = script.run(poll(&script, Patience { limit, interval: None }, watch(limit), look));
        assert_eq!(ended.unwrap(), Ended::Late(None, None));
    }

    #[test]
    fn times_are_spelled_as_they_are_typed() {
        for (millis, text) in [(900_000, "15m"), (90_400, "1m 30s"), (200, "200ms"), (7_200_000, "2h"), (0, "0s")] {
            assert_eq!(spelled(Duration::from_millis(millis)), text);
        }
    }
}
