//! Listings that go straight to the output: one call's pages, or the same call for many domains.

use futures_util::{StreamExt, stream};
use serde_json::Value;

use crate::error::{Class, Result};
use crate::model::{Answer, Call, Item, Road};
use crate::providers::paging::Pages;

/// How many domains are asked at the same time.
const SIDE_BY_SIDE: usize = 4;

/// Emits what `item` makes of every element of a listing, page by page, until the output has enough.
///
/// `item` answers `None` for what is not wanted.
///
/// # Errors
/// Those of [`Pages::next`] and of the output.
pub async fn emit_listing(road: &dyn Road, call: Call, item: impl Fn(Value) -> Option<Item>) -> Result<Answer> {
    let mut pages = Pages::new(call);
    while let Some(page) = pages.next(road).await? {
        if !emit(road, page.items, &item)? {
            break;
        }
    }
    Ok(Answer::Listed)
}

/// Emits a listing of each domain, in their order. A domain that fails is told, and the others go on.
///
/// Where there are several, it is noted how many are looked through: `kind` is what they are, in the plural.
///
/// # Errors
/// The output's own, and the interruption.
pub async fn emit_listings(
    road: &dyn Road,
    domains: &[String],
    kind: &str,
    listing: impl Fn(&str) -> Call,
    item: impl Fn(&str, Value) -> Option<Item>,
) -> Result<Answer> {
    if domains.len() > 1 {
        road.note(&format!("looking through the relays of {} {kind}", domains.len()));
    }
    let asked = domains.iter().map(|domain| {
        let call = listing(domain);
        async move { (domain, Pages::all(call, road).await) }
    });
    let mut answers = stream::iter(asked).buffered(SIDE_BY_SIDE);
    while let Some((domain, answer)) = answers.next().await {
        match answer {
            Ok(items) => {
                if !emit(road, items, |raw| item(domain, raw))? {
                    break;
                }
            }
            Err(error) if error.class() == Class::Interrupted => return Err(error),
            Err(error) => road.tell_failure(&format!("domain {domain}"), error),
        }
    }
    Ok(Answer::Listed)
}

/// Hands items to the output; false: enough.
fn emit(road: &dyn Road, items: Vec<Value>, item: impl Fn(Value) -> Option<Item>) -> Result<bool> {
    for item in items.into_iter().filter_map(item) {
        if !road.emit(item)? {
            return Ok(false);
        }
    }
    Ok(true)
}
