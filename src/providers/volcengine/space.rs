//! Domain spaces (vhosts): what recordings, renditions and callbacks belong to on Volcengine Live.

use serde_json::{Value, json};

use super::domain;
use crate::error::{Class, Error};
use crate::model::{Answer, Call, Item, Road, Selector, Vendor};
use crate::providers::intent::Complaints;
use crate::providers::paging::Pages;
use crate::providers::rows::{self, Place};
use crate::providers::walk;

const VENDOR: Vendor = Vendor::Volcengine;

/// What the domain of a recording, a rendition or a callback is.
pub(super) const WHICH: &str = "on Volcengine this belongs to a domain space (vhost), looked up from any of its domains; \
                                --vhost names it";

/// The domain space that a domain is in.
///
/// # Errors
/// The road's own, and not-found.
pub(super) async fn of_domain(road: &dyn Road, name: &str) -> Result<String, Error> {
    let found = domain::find(road, name).await?;
    rows::text(&found, "Vhost").ok_or_else(|| {
        let message = format!("looking up the domain space of `{name}`: the vendor's answer does not name it");
        Error::new(Class::Vendor, message).hint("name it with --vhost")
    })
}

/// The place that a command names, with its domain space where it has a domain: the one that is named, else that of
/// the domain. A printed selector begins with a domain space, so the name of one does as well.
///
/// # Errors
/// The road's own, and not-found.
pub(super) async fn placed(road: &dyn Road, place: Place, vhost: Option<&String>) -> Result<Place, Error> {
    let space = match (vhost.filter(|vhost| !vhost.is_empty()), &place.domain) {
        (Some(vhost), _) => vhost.clone(),
        (None, None) => return Ok(place),
        (None, Some(name)) => match of_domain(road, name).await {
            Err(error) if error.class() == Class::NotFound => match is_space(road, name).await? {
                true => name.clone(),
                false => return Err(error.hint(WHICH)),
            },
            found => found?,
        },
    };
    Ok(Place { domain: Some(space), ..place })
}

async fn is_space(road: &dyn Road, name: &str) -> Result<bool, Error> {
    let call = Call::new(VENDOR, "ListDomainDetail").with("VhostList", json!([name]));
    Ok(!Pages::all(call, road).await?.is_empty())
}

/// As [`placed`], for what addresses one thing: the domain or its space must be named. `complaints` are told too.
///
/// # Errors
/// Usage; the road's own; not-found.
pub(super) async fn addressed(
    road: &dyn Road,
    doing: &str,
    target: &Selector,
    vhost: Option<&String>,
    complaints: Complaints,
) -> Result<Place, Error> {
    let place = Place::of(target)?;
    let named = place.domain.is_some() || vhost.is_some_and(|vhost| !vhost.is_empty());
    let needed = complaints.need("--domain", named);
    let hint = needed.concern("--domain").then_some(WHICH);
    needed.refuse(doing, hint)?;
    placed(road, place, vhost).await
}

/// Emits what `fetch` finds in the domain space of a place, or in every one of the account.
///
/// # Errors
/// The road's own; those of one of several are told.
pub(super) async fn emit(
    road: &dyn Road,
    place: &Place,
    fetch: impl AsyncFn(&str) -> Result<Vec<Item>, Error>,
) -> Result<Answer, Error> {
    match &place.domain {
        Some(space) => walk::emit_all(road, fetch(space).await?),
        None => walk::emit_each(road, &all(road).await?, "vhosts", fetch).await,
    }
}

/// Every domain space of the account that has a domain.
async fn all(road: &dyn Road) -> Result<Vec<String>, Error> {
    let mut spaces: Vec<String> = Vec::new();
    for space in domain::living(road).await?.iter().filter_map(|item| rows::text(item, "Vhost")) {
        if !spaces.contains(&space) {
            spaces.push(space);
        }
    }
    Ok(spaces)
}

/// The place of an item of a domain space's list. The space that was asked for is filled in where the item has none.
pub(super) fn place_of(space: &str, raw: &Value) -> Place {
    Place {
        domain: rows::text(raw, "Vhost").or_else(|| Some(space.to_owned())),
        app: rows::text(raw, "App"),
        stream: rows::text(raw, "Stream"),
        tail: None,
    }
}

/// Whether two places are the same up to what stands behind `#`.
pub(super) fn same_place(one: &Place, other: &Place) -> bool {
    (&one.domain, &one.app, &one.stream) == (&other.domain, &other.app, &other.stream)
}
