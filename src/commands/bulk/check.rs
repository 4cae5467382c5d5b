//! Items are checked whole before the first call: each is carried out up to where it would first ask the vendor.

use std::path::Path;
use std::rc::Rc;

use crate::commands::bulk::Work;
use crate::commands::bulk::entry::{Entry, at_line, refused};
use crate::commands::further;
use crate::commands::known_secrets::ITEM;
use crate::commands::link::Link;
use crate::commands::road::LiveRoad;
use crate::error::{Error, Fault, Result};

/// At most so many faults are told.
const MOST_FAULTS: usize = 100;

/// Checks every item.
///
/// # Errors
/// Usage, with every fault of every item.
pub(super) async fn all(
    link: &Rc<Link<'_>>,
    file: &Path,
    entries: &[Entry],
    work_of: impl Fn(&Entry) -> Result<Work>,
) -> Result<bool> {
    let (mut asks, mut faults, mut wrong, mut hint) = (false, Vec::new(), 0, None);
    for (number, entry) in entries.iter().enumerate() {
        match ITEM.scope(number, one(link, entry, &work_of)).await {
            Ok(asked) => {
                link.session.secrets.borrow_mut().forget(number);
                asks |= asked;
            }
            Err(error) => {
                wrong += 1;
                hint = error.details().hints.iter().find(|hint| hint.contains("--no-validate")).cloned().or(hint);
                faults.extend(faults_of(&error).into_iter().map(|fault| at_line(entry.line, fault)));
            }
        }
    }
    if faults.is_empty() {
        return Ok(asks);
    }
    let more = faults.len().saturating_sub(MOST_FAULTS);
    faults.truncate(MOST_FAULTS);
    let mut error = refused(file, faults).with(|details| {
        details.message =
            format!("{}: nothing was sent ({wrong} of {} items are wrong)", details.message, entries.len());
        details.hints.extend(hint);
    });
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
async fn one(link: &Rc<Link<'_>>, entry: &Entry, work_of: &impl Fn(&Entry) -> Result<Work>) -> Result<bool> {
    match work_of(entry)? {
        Work::Call(called) => {
            called.check(link.session, Some(&link.account))?;
            let rule = link.session.rule_for(&link.account, &called.call)?;
            Ok(called.asks_first() || rule.is_some())
        }
        Work::Verb(verb) => {
            verb.refuse_impossible(link.vendor())?;
            let further = further::read(link.session, link.vendor(), &verb.command(), &verb.further)?;
            let mut road = LiveRoad::new(Rc::clone(link), None);
            road.further = further;
            road.check_first(&verb).await
        }
    }
}
