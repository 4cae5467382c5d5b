//! Items are checked whole before the first call: each is carried out up to where it would first ask the vendor.

use std::cell::Cell;
use std::path::Path;
use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use jiff::Timestamp;

use crate::commands::bulk::Work;
use crate::commands::bulk::entry::{Entry, at_line, refused};
use crate::commands::further;
use crate::commands::known_secrets::ITEM;
use crate::commands::link::Link;
use crate::error::{Error, Fault, Result};
use crate::model::{Call, Change, Item, Params, Patience, Reply, Road, Vendor, Watch};
use crate::providers::change;

/// At most so many faults are told.
const MOST_FAULTS: usize = 100;

/// Checks every item.
///
/// # Errors
/// Usage, with every fault of every item.
pub(super) async fn all(
    link: &Link<'_>,
    file: &Path,
    entries: &[Entry],
    work_of: impl Fn(&Entry) -> Result<Work>,
) -> Result<bool> {
    let (mut asks, mut faults, mut wrong) = (false, Vec::new(), 0);
    for (number, entry) in entries.iter().enumerate() {
        match ITEM.scope(number, one(link, entry, &work_of)).await {
            Ok(asked) => {
                link.session.secrets.borrow_mut().forget(number);
                asks |= asked;
            }
            Err(error) => {
                wrong += 1;
                faults.extend(faults_of(&error).into_iter().map(|fault| at_line(entry.line, fault)));
            }
        }
    }
    if faults.is_empty() {
        return Ok(asks);
    }
    let more = faults.len().saturating_sub(MOST_FAULTS);
    faults.truncate(MOST_FAULTS);
    let mut error = refused(file, faults)
        .with(|details| {
            details.message =
                format!("{}: nothing was sent ({wrong} of {} items are wrong)", details.message, entries.len());
        })
        .hint("`--no-validate` sends all the same what only the facts know to be wrong");
    if more > 0 {
        error = error.hint(format!("{more} more are not shown"));
    }
    Err(error)
}

fn faults_of(error: &Error) -> Vec<Fault> {
    let details = error.details();
    match details.faults.is_empty() {
        false => details.faults.clone(),
        true => vec![Fault { option: "the item".to_owned(), given: None, allowed: details.message.clone() }],
    }
}

/// Checks one item. Whether it would ask before its first call.
async fn one(link: &Link<'_>, entry: &Entry, work_of: &impl Fn(&Entry) -> Result<Work>) -> Result<bool> {
    match work_of(entry)? {
        Work::Call(called) => {
            called.check(link.session, Some(&link.account))?;
            Ok(called.asks_first())
        }
        Work::Verb(verb) => {
            verb.refuse_impossible(link.vendor())?;
            let further = further::read(link.session, link.vendor(), &verb.command(), &verb.further)?;
            let road = Rehearsal { link, further, reached: Cell::default(), asked: Cell::default() };
            match verb.begin(&road).await {
                Err(error) if !road.reached.get() && !verb.tolerates(&error) => Err(error),
                _ => Ok(road.asked.get()),
            }
        }
    }
}

/// A road that ends where the first call would go out.
struct Rehearsal<'a> {
    link: &'a Link<'a>,
    further: Option<(&'static str, Params)>,
    /// The first call was well.
    reached: Cell<bool>,
    asked: Cell<bool>,
}

impl Rehearsal<'_> {
    fn halt(&self, call: Call) -> LocalBoxFuture<'_, Result<Reply>> {
        let call = change::completed(self, call);
        let checked = self.link.refuse(&call, Vec::new(), Vec::new());
        self.reached.set(checked.is_ok());
        let end = checked.and_then(|()| Err(Error::internal("check the items: what follows asks the vendor")));
        Box::pin(std::future::ready(end))
    }
}

impl Road for Rehearsal<'_> {
    fn vendor(&self) -> Vendor {
        self.link.vendor()
    }

    fn now(&self) -> Timestamp {
        self.link.session.now
    }

    fn read<'a>(&'a self, call: Call) -> LocalBoxFuture<'a, Result<Reply>> {
        self.halt(call)
    }

    fn change<'a>(&'a self, call: Call, _: &'a [Change]) -> LocalBoxFuture<'a, Result<Reply>> {
        self.halt(call)
    }

    fn confirm(&self, _: &str) -> Result<()> {
        self.asked.set(true);
        Ok(())
    }

    fn is_dry_run(&self) -> bool {
        self.link.session.global.dry_run
    }

    fn emit(&self, _: Item) -> Result<bool> {
        Ok(false)
    }

    fn tell_failure(&self, _: &str, _: Error) {}

    fn note(&self, _: &str) {}

    fn further(&self, action: &str) -> Option<&Params> {
        self.further.as_ref().filter(|(name, _)| *name == action).map(|(_, params)| params)
    }

    fn check(&self, call: &Call, unreadable: Vec<Fault>, untyped: Vec<Fault>) -> Result<()> {
        self.link.refuse(call, unreadable, untyped)
    }

    fn region(&self) -> Option<&str> {
        self.link.account.region.as_deref()
    }

    fn warn(&self, _: &str) {}

    fn patience(&self) -> Option<Patience> {
        None
    }

    fn elapsed(&self) -> Duration {
        self.link.session.began.elapsed()
    }

    fn pause(&self, _: Duration) -> LocalBoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }

    fn watch(&self, _: Option<&Watch>) {}

    fn addressed(&self, command: &str) -> String {
        self.link.addressed(command)
    }
}
