//! How a wait is told: a line that is rewritten on a terminal, elsewhere a note when the state changes.

use std::time::Duration;

use crate::commands::session::Session;
use crate::error::{Class, Error, Outcome};
use crate::model::{Patience, Watch};
use crate::providers::settle;

/// How often the line of progress is written anew.
const TICK: Duration = Duration::from_secs(1);

/// How long the user wants to wait with `--wait`. Who asks has something to wait for.
pub(super) fn patience(session: &Session) -> Option<Patience> {
    let global = &session.global;
    session.waited.set(global.wait);
    global.wait.then(|| Patience {
        limit: global.wait_timeout.unsigned_abs(),
        interval: global.wait_interval.map(jiff::SignedDuration::unsigned_abs),
    })
}

/// Tells how a wait goes; `None`: it is over.
pub(super) fn tell(session: &Session, seen: Option<&Watch>) {
    let before = session.watch.replace(seen.cloned());
    let Some(watch) = seen else { return session.stderr.status(None) };
    if session.stderr.shows_progress() {
        return session.stderr.status(Some(&line(watch)));
    }
    if let Some(state) = &watch.state
        && before.is_none_or(|before| before.state != watch.state)
    {
        let limit = settle::spelled(watch.limit);
        session.stderr.note(&format!("waiting for {}: {state}; at most {limit} in all", watch.what));
    }
}

/// Lets time pass, and the line of progress with it.
pub(super) async fn pause(session: &Session, time: Duration) {
    let watch = session.watch.borrow().clone().filter(|_| session.stderr.shows_progress());
    let Some(mut watch) = watch else { return tokio::time::sleep(time).await };
    let mut left = time;
    while !left.is_zero() {
        let step = TICK.min(left);
        tokio::time::sleep(step).await;
        left = left.saturating_sub(step);
        watch.elapsed = watch.elapsed.saturating_add(step);
        session.stderr.status(Some(&line(&watch)));
    }
}

fn line(watch: &Watch) -> String {
    let whole = |time: Duration| settle::spelled(Duration::from_secs(time.as_secs()));
    let state = watch.state.as_deref().unwrap_or("looking");
    let left = whole(watch.limit.saturating_sub(watch.elapsed));
    format!("{}: {state}, {} gone by, {left} left", watch.what, whole(watch.elapsed))
}

/// The error of a wait that the user ended.
pub(super) fn interrupted(watch: &Watch) -> Error {
    let seen = settle::last_seen(watch.state.as_deref(), None);
    let message = match &watch.applied {
        Some(action) => format!("waiting for {}: interrupted; {action} took effect{seen}", watch.what),
        None => format!("waiting for {}: interrupted{seen}", watch.what),
    };
    let error = Error::new(Class::Interrupted, message).hint(watch.resume.clone());
    if watch.applied.is_some() { error.outcome(Outcome::Applied) } else { error }
}
