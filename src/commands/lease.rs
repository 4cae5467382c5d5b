//! Temporary credentials, of a role or from a program: fetched once something is to be sent, kept in memory, and fetched
//! again before they expire. However many calls are under way, one of them fetches, and the others wait for it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use crate::error::{Error, Result};
use crate::model::Credentials;

/// New ones are fetched so long before the old ones expire, at most.
const LONGEST_MARGIN: SignedDuration = SignedDuration::from_mins(5);

/// Credentials to sign with.
pub(super) struct Held {
    /// The key pair, with its token.
    pub(super) credentials: Credentials,
    /// Which fetch they came from.
    number: u64,
}

/// What a fetch gives.
pub(super) struct Fetched {
    /// The key pair, with its token.
    pub(super) credentials: Credentials,
    /// How long they live from the moment that the fetch began.
    pub(super) life: SignedDuration,
}

/// What is held, and how long it is good for.
struct Current {
    held: Rc<Held>,
    /// From then on new ones are fetched.
    renew_at: Timestamp,
    /// From then on these are of no use.
    expires_at: Timestamp,
}

/// The temporary credentials of one role, or of one program, in one run.
#[derive(Default)]
pub(super) struct Lease {
    current: RefCell<Option<Current>>,
    fetching: Mutex<()>,
    /// How many fetches have ended.
    ended: Cell<u64>,
    /// Why the last one failed.
    failure: RefCell<Option<Error>>,
}

impl Lease {
    /// Credentials that are good at `now`, fetched if there are none. Where new ones cannot be had while the old ones
    /// still live, these go on, and `warn` is told why.
    ///
    /// # Errors
    /// The fetch's. Those who waited for it share it.
    pub(super) async fn held(
        &self,
        now: Timestamp,
        fetch: impl AsyncFnOnce() -> Result<Fetched>,
        warn: impl FnOnce(&Error),
    ) -> Result<Rc<Held>> {
        if let Some(held) = self.fresh(now) {
            return Ok(held);
        }
        let before = self.ended.get();
        let _turn = self.fetching.lock().await;
        if let Some(held) = self.fresh(now) {
            return Ok(held);
        }
        if self.ended.get() != before
            && let Some(failure) = &*self.failure.borrow()
        {
            return Err(failure.clone());
        }
        let fetched = fetch().await;
        self.ended.set(self.ended.get() + 1);
        match fetched {
            Ok(fetched) => {
                self.failure.replace(None);
                Ok(self.keep(now, fetched))
            }
            Err(error) => match self.go_on(now) {
                Some(held) => {
                    warn(&error);
                    Ok(held)
                }
                None => {
                    self.failure.replace(Some(error.clone()));
                    Err(error)
                }
            },
        }
    }

    /// Holds what was fetched, from `now` on.
    pub(super) fn keep(&self, now: Timestamp, fetched: Fetched) -> Rc<Held> {
        let Fetched { credentials, life } = fetched;
        let margin = (life / 5).min(LONGEST_MARGIN);
        let after = |span: SignedDuration| now.saturating_add(span).unwrap_or(now);
        let held = Rc::new(Held { credentials, number: self.ended.get() });
        let current = Current { held: Rc::clone(&held), renew_at: after(life - margin), expires_at: after(life) };
        self.current.replace(Some(current));
        held
    }

    /// The credentials, unless it is time for new ones.
    fn fresh(&self, now: Timestamp) -> Option<Rc<Held>> {
        let current = self.current.borrow();
        current.as_ref().filter(|current| now < current.renew_at).map(|current| Rc::clone(&current.held))
    }

    /// The old credentials, where they still live: the next try comes at half of what is left to them.
    fn go_on(&self, now: Timestamp) -> Option<Rc<Held>> {
        let mut current = self.current.borrow_mut();
        let current = current.as_mut().filter(|current| now < current.expires_at)?;
        let left = current.expires_at.duration_since(now) / 2;
        current.renew_at = now.saturating_add(left).unwrap_or(now);
        Some(Rc::clone(&current.held))
    }

    /// The vendor says that these have expired: they are used no more.
    pub(super) fn expired(&self, held: &Held) {
        let mut current = self.current.borrow_mut();
        if current.as_ref().is_some_and(|current| current.held.number == held.number) {
            *current = None;
        }
    }
}

impl Held {
    /// Keys that stay.
    pub(super) fn for_good(credentials: Credentials) -> Self {
        Held { credentials, number: 0 }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;

    use super::*;
    use crate::error::Class;
    use crate::model::Secret;

    fn fetched(id: u32, seconds: i64) -> Fetched {
        let credentials = Credentials {
            access_key_id: id.to_string(),
            access_key_secret: Secret::new("s"),
            session_token: Some(Secret::new("t")),
        };
        Fetched { credentials, life: SignedDuration::from_secs(seconds) }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_777_636_800 + seconds).unwrap()
    }

    /// Asks a lease, whose fetches give keys that live so long, or fail; tells the key id and counts the fetches.
    async fn ask(lease: &Lease, now: i64, life: Option<i64>, fetches: &Cell<u32>) -> Result<String> {
        let fetch = async || {
            fetches.set(fetches.get() + 1);
            tokio::task::yield_now().await;
            life.map(|life| fetched(fetches.get(), life)).ok_or_else(|| Error::new(Class::Auth, "no"))
        };
        lease.held(at(now), fetch, |_| ()).await.map(|held| held.credentials.access_key_id.clone())
    }

    #[tokio::test]
    async fn they_are_fetched_again_before_they_expire() {
        let (lease, fetches) = (Lease::default(), Cell::new(0));
        // An hour: five minutes before its end. A quarter of an hour: three.
        for (now, life, id) in [
            (0, 3600, "1"),
            (3299, 3600, "1"),
            (3300, 900, "2"),
            (4019, 900, "2"),
            (4020, 900, "3"),
            (99_999, 900, "4"),
        ] {
            assert_eq!(ask(&lease, now, Some(life), &fetches).await.unwrap(), id, "{now}");
        }
    }

    #[tokio::test]
    async fn all_that_are_under_way_share_one_fetch_and_its_failure() {
        let (lease, fetches) = (Lease::default(), Cell::new(0));
        let told = join_all((0..20).map(|_| ask(&lease, 0, Some(900), &fetches))).await;
        assert!(told.iter().all(|id| id.as_deref().unwrap() == "1"));
        let told = join_all((0..20).map(|_| ask(&lease, 950, None, &fetches))).await;
        assert!(told.iter().all(|id| id.as_ref().unwrap_err().class() == Class::Auth));
        assert_eq!(fetches.get(), 2);
        // Who comes later tries again.
        assert_eq!(ask(&lease, 951, Some(900), &fetches).await.unwrap(), "3");
    }

    #[tokio::test]
    async fn old_ones_go_on_while_they_live() {
        let (lease, fetches) = (Lease::default(), Cell::new(0));
        assert_eq!(ask(&lease, 0, Some(1000), &fetches).await.unwrap(), "1");
        assert_eq!(ask(&lease, 800, None, &fetches).await.unwrap(), "1");
        // 200 s were left: the next try is not before half of them are gone.
        assert_eq!(ask(&lease, 899, None, &fetches).await.unwrap(), "1");
        assert_eq!(fetches.get(), 2);
        assert_eq!(ask(&lease, 900, Some(1000), &fetches).await.unwrap(), "3");
        assert!(ask(&lease, 5000, None, &fetches).await.is_err());
    }

    #[tokio::test]
    async fn what_the_vendor_calls_expired_is_dropped_once() {
        let (lease, fetches) = (Lease::default(), Cell::new(0));
        let hold = async || {
            let fetch = async || {
                fetches.set(fetches.get() + 1);
                Ok(fetched(fetches.get(), 900))
            };
            lease.held(at(0), fetch, |_| ()).await.unwrap()
        };
        let (first, same) = (hold().await, hold().await);
        lease.expired(&first);
        let second = hold().await;
        // Another call that was under way with the first ones does no harm to the second.
        lease.expired(&same);
        assert_eq!(hold().await.credentials.access_key_id, second.credentials.access_key_id);
        assert_eq!(fetches.get(), 2);
    }
}
