//! What the nouns of playback domains share: the domains that are asked, and which thing at a domain is meant.

use super::domain;
use crate::error::Result;
use crate::model::{Answer, Call, Item, Road, Selector, Vendor};
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
    let call = Call::new(Vendor::Aliyun, "DescribeLiveUserDomains")
        .with("LiveDomainType", "liveVideo")
        .with("PageSize", domain::PAGE_SIZE);
    let domains = Pages::all(call, road).await?;
    Ok(domains.iter().filter_map(|domain| rows::text(domain, "DomainName")).collect())
}

/// Emits what `fetch` finds at the domain that is named, else at each of the account's playback domains.
pub(super) async fn emit(
    road: &dyn Road,
    domain: Option<&String>,
    fetch: impl AsyncFn(&str) -> Result<Vec<Item>>,
) -> Result<Answer> {
    match domain {
        Some(domain) => walk::emit_all(road, fetch(domain).await?),
        None => walk::emit_each(road, &domains(road).await?, "playback domains", fetch).await,
    }
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
