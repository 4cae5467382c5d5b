//! What the nouns of playback domains share: the domains that are asked, and which thing at a domain is meant.
//!
//! The sheet wants playback domains, and the vendor takes settings of push domains as well: lists look at both.

use std::cell::RefCell;
use std::collections::HashSet;

use serde_json::Value;

use super::domain;
use crate::error::{Class, Error, Result};
use crate::model::{Answer, Call, DomainKind, Item, Road, Selector};
use crate::providers::intent::Complaints;
use crate::providers::paging::Pages;
use crate::providers::rows::{self, Place};
use crate::providers::walk;

/// Which domains these nouns are about, for the hint of a refusal.
pub(super) const HINT: &str = "on Aliyun this is a setting of a playback domain of the account";

/// What stands for every app, as a parameter and as a user may type it.
pub(super) const ALL_APPS: &str = "*";

/// The account's playback domains.
pub(super) async fn domains(road: &dyn Road) -> Result<Vec<String>> {
    let call = domain::listing(Some(DomainKind::Play));
    let domains = Pages::all(call, road).await?;
    Ok(domains.iter().filter_map(|domain| rows::text(domain, "DomainName")).collect())
}

/// Emits what `fetch` finds at the domain that is named, else at each of the account's domains, the playback domains
/// first: settings of push domains are taken too.
pub(super) async fn emit(
    road: &dyn Road,
    domain: Option<&String>,
    fetch: impl AsyncFn(&str) -> Result<Vec<Item>>,
) -> Result<Answer> {
    emit_mapped(road, domain, fetch, async |_| Ok(Vec::new())).await
}

/// Emits a listing of each of the account's domains. See [`emit`].
pub(super) async fn emit_listings(
    road: &dyn Road,
    listing: impl Fn(&str) -> Call,
    item: impl Fn(&str, Value) -> Option<Item>,
) -> Result<Answer> {
    let fetch = async |domain: &str| {
        let items = Pages::all(listing(domain), road).await?;
        Ok(items.into_iter().filter_map(|raw| item(domain, raw)).collect())
    };
    emit(road, None, fetch).await
}

/// As [`emit`], of things that a push domain shares with the playback domains that `shares` answers: what was told there
/// is not told again.
pub(super) async fn emit_mapped(
    road: &dyn Road,
    domain: Option<&String>,
    fetch: impl AsyncFn(&str) -> Result<Vec<Item>>,
    shares: impl AsyncFn(&str) -> Result<Vec<String>>,
) -> Result<Answer> {
    if let Some(domain) = domain {
        return walk::emit_all(road, fetch(domain).await?);
    }
    let domains = Pages::all(domain::listing(None), road).await?;
    let (push, play): (Vec<&Value>, Vec<&Value>) = domains.iter().partition(|domain| domain::is_push(domain));
    let names = |domains: Vec<&Value>| -> Vec<String> {
        domains.into_iter().filter_map(|domain| rows::text(domain, "DomainName")).collect()
    };
    let told: RefCell<HashSet<Place>> = RefCell::default();
    let first = async |domain: &str| {
        let items = fetch(domain).await?;
        told.borrow_mut().extend(items.iter().map(place_of));
        Ok(items)
    };
    if walk::emit_while_wanted(road, &names(play), "playback domains", first).await? {
        let second = async |domain: &str| match fetch(domain).await {
            Err(error) if is_for_playback_only(&error) => Ok(Vec::new()),
            Err(error) => Err(error),
            Ok(items) => untold(domain, items, &told, &shares).await,
        };
        walk::emit_while_wanted(road, &names(push), "push domains", second).await?;
    }
    Ok(Answer::Listed)
}

/// Whether the vendor refuses to tell a setting of a push domain because such a domain has none. Which code it has for
/// that is written down for some Actions only (`DomainType.Malformed`): a refusal of the domain is taken for it, and not one
/// of the account, the network or the vendor itself.
fn is_for_playback_only(error: &Error) -> bool {
    error.details().code.is_some() && matches!(error.class(), Class::NotFound | Class::Usage)
}

/// The items of a push domain that were not told at a playback domain.
async fn untold(
    domain: &str,
    mut items: Vec<Item>,
    told: &RefCell<HashSet<Place>>,
    shares: &impl AsyncFn(&str) -> Result<Vec<String>>,
) -> Result<Vec<Item>> {
    items.retain(|item| !told.borrow().contains(&place_of(item)));
    let beside = |place: &Place, domain: Option<String>| Place { domain, ..place.clone() };
    let named: HashSet<Place> = told.borrow().iter().map(|place| beside(place, None)).collect();
    if !items.iter().any(|item| named.contains(&beside(&place_of(item), None))) {
        return Ok(items);
    }
    let shared = shares(domain).await?;
    let told = told.borrow();
    items.retain(|item| {
        let place = place_of(item);
        !shared.iter().any(|playback| told.contains(&beside(&place, Some(playback.clone()))))
    });
    Ok(items)
}

/// Where a thing of a row stands.
fn place_of(item: &Item) -> Place {
    let part = |name: &str| item.row.get(name).and_then(Value::as_str).map(str::to_owned);
    let tail = part("id").and_then(|id| Place::parse(&id).tail);
    Place { domain: part("domain"), app: part("app"), stream: part("stream"), tail }
}

/// The place that a selector or options name, which must tell at least the domain.
pub(super) fn named(target: &Selector, doing: &str, complaints: Complaints) -> Result<Place> {
    let wanted = Place::of(target)?;
    complaints.need("--domain", wanted.domain.is_some()).refuse(doing, Some(HINT))?;
    Ok(wanted)
}

/// Whether a thing is meant: parts that are not named match everything, `*` only what is for all apps.
pub(super) fn matches(wanted: &Place, thing: &Place) -> bool {
    match wanted.app.as_deref() {
        Some(ALL_APPS) => thing.app.is_none() && Place { app: None, ..wanted.clone() }.matches(thing),
        _ => wanted.matches(thing),
    }
}

/// The one thing that is meant; `*` is for all apps.
///
/// # Errors
/// As [`rows::meant`].
pub(super) fn meant<T>(
    doing: &str,
    target: &Selector,
    wanted: &Place,
    found: Vec<T>,
    place: impl Fn(&T) -> &Place,
) -> Result<T> {
    let wanted = Place { app: wanted.app.clone().filter(|app| app != ALL_APPS), ..wanted.clone() };
    rows::meant(doing, target, &wanted, found, place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Class;

    fn choose(typed: &str) -> Result<Place> {
        let target = Selector { id: Some(typed.to_owned()), ..Selector::default() };
        let wanted = Place::of(&target).unwrap();
        let all = ["d//", "d/live/", "d/live/s1", "d//s1", "d/live/s2"].map(Place::parse);
        let found = all.into_iter().filter(|thing| matches(&wanted, thing)).collect();
        meant("showing", &target, &wanted, found, |thing| thing)
    }

    #[test]
    fn a_whole_selector_means_itself_and_a_part_all_that_match() {
        for (typed, expected) in
            [("d//", "d//"), ("d/*/", "d//"), ("d/live/", "d/live/"), ("d/live/s1", "d/live/s1"), ("d/*/s1", "d//s1")]
        {
            assert_eq!(choose(typed).map(|place| place.selector()).as_deref(), Ok(expected), "{typed}");
        }
        for (typed, class) in [
            ("d", Class::Usage),
            ("d/live", Class::Usage),
            ("d/other/", Class::NotFound),
            // Never the one stream of that name that there is.
            ("d//s2", Class::NotFound),
        ] {
            assert_eq!(choose(typed).unwrap_err().class(), class, "{typed}");
        }
    }
}
