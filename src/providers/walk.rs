//! Listings that go straight to the output: one call's pages, or the same call for many domains.

use futures_util::future::LocalBoxFuture;
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
        if !hand_over(road, page.items.into_iter().filter_map(&item).collect())? {
            break;
        }
    }
    Ok(Answer::Listed)
}

/// Emits a listing of each domain, in their order. A domain that fails is told, and the others go on.
///
/// # Errors
/// As [`emit_each`].
pub async fn emit_listings(
    road: &dyn Road,
    domains: &[String],
    kind: &str,
    listing: impl Fn(&str) -> Call,
    item: impl Fn(&str, Value) -> Option<Item>,
) -> Result<Answer> {
    emit_each(road, domains, kind, async |domain| {
        let items = Pages::all(listing(domain), road).await?;
        Ok(items.into_iter().filter_map(|raw| item(domain, raw)).collect())
    })
    .await
}

/// Emits what `fetch` finds for each of several domains (or domain spaces), in their order. One that fails is told,
/// and the others go on.
///
/// Where there are several, it is noted how many are looked through: `kind` is what they are, in the plural.
///
/// # Errors
/// The output's own, and the interruption.
pub async fn emit_each(
    road: &dyn Road,
    domains: &[String],
    kind: &str,
    fetch: impl AsyncFn(&str) -> Result<Vec<Item>>,
) -> Result<Answer> {
    emit_while_wanted(road, domains, kind, fetch).await.map(|_| Answer::Listed)
}

/// The same, telling whether the output wants more.
///
/// # Errors
/// As [`emit_each`].
pub async fn emit_while_wanted(
    road: &dyn Road,
    domains: &[String],
    kind: &str,
    fetch: impl AsyncFn(&str) -> Result<Vec<Item>>,
) -> Result<bool> {
    let mut wanted = true;
    let mut take = |items| {
        wanted = hand_over(road, items)?;
        Ok(wanted)
    };
    each(road, domains, kind, &|domain| Box::pin(fetch(domain)), &mut take).await?;
    Ok(wanted)
}

/// What `fetch` finds for each of several domains, in their order. One that fails is told, and the others go on; where
/// only one is asked, its failure is that of all.
///
/// # Errors
/// That of the only domain, and the interruption.
pub async fn gather_each<T>(
    road: &dyn Road,
    domains: &[String],
    kind: &str,
    fetch: impl AsyncFn(&str) -> Result<Vec<T>>,
) -> Result<Vec<T>> {
    gathered(road, domains, kind, &|domain| Box::pin(fetch(domain))).await
}

async fn gathered<'a, T>(road: &dyn Road, domains: &'a [String], kind: &str, fetch: &Fetch<'a, T>) -> Result<Vec<T>> {
    if let [one] = domains {
        return fetch(one).await;
    }
    let mut all = Vec::new();
    let mut take = |found: Vec<T>| {
        all.extend(found);
        Ok(true)
    };
    each(road, domains, kind, fetch, &mut take).await.map(|()| all)
}

/// How something is fetched for one domain.
type Fetch<'a, T> = dyn Fn(&'a str) -> LocalBoxFuture<'a, Result<Vec<T>>> + 'a;

/// Hands what `fetch` finds for each domain to `take`, in their order, until that has enough. One that fails is told.
async fn each<'a, T>(
    road: &dyn Road,
    domains: &'a [String],
    kind: &str,
    fetch: &Fetch<'a, T>,
    take: &mut dyn FnMut(Vec<T>) -> Result<bool>,
) -> Result<()> {
    if domains.len() > 1 {
        road.note(&format!("looking through {} {kind}", domains.len()));
    }
    let one = kind.rsplit(' ').next().unwrap_or(kind).trim_end_matches('s');
    let asked = domains.iter().map(|domain| {
        let answer = fetch(domain);
        async move { (domain, answer.await) }
    });
    let mut answers = stream::iter(asked).buffered(SIDE_BY_SIDE);
    while let Some((domain, answer)) = answers.next().await {
        match answer {
            Ok(found) => {
                if !take(found)? {
                    break;
                }
            }
            Err(error) if error.class() == Class::Interrupted => return Err(error),
            Err(error) => road.tell_failure(&format!("{one} {domain}"), error),
        }
    }
    Ok(())
}

/// Emits what `fetch` finds for each domain, or for the account where none is named.
///
/// # Errors
/// As [`emit_each`]; of a single domain, and of the account, those of `fetch`.
pub async fn emit_by_domain(
    road: &dyn Road,
    domains: &[String],
    fetch: impl AsyncFn(Option<&str>) -> Result<Vec<Item>>,
) -> Result<Answer> {
    match domains {
        [] => emit_all(road, fetch(None).await?),
        [one] => emit_all(road, fetch(Some(one)).await?),
        several => emit_each(road, several, "domains", async |domain| fetch(Some(domain)).await).await,
    }
}

/// Emits items that are there already, until the output has enough.
///
/// # Errors
/// The output's own.
pub fn emit_all(road: &dyn Road, items: Vec<Item>) -> Result<Answer> {
    hand_over(road, items).map(|_| Answer::Listed)
}

/// Hands items to the output; false: enough.
fn hand_over(road: &dyn Road, items: Vec<Item>) -> Result<bool> {
    for item in items {
        if !road.emit(item)? {
            return Ok(false);
        }
    }
    Ok(true)
}
