//! Ownership of domains. The sandbox believes it of every domain but those that begin with `unverified.`: these need
//! `AuthenticateDomainOwner` first, by `dnsCheck` or `fileCheck`, where the new domain asks for a check.

use serde_json::json;

use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, members};
use crate::sandbox::families::Handler::{self, Changes};
use crate::sandbox::families::is_domain;
use crate::sandbox::house::{House, text};
use crate::sandbox::random;

const OWNERS: &str = "owners";

const DOUBTED: &str = "unverified.";

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] =
    &[("AuthenticateDomainOwner", Changes(authenticate))];

/// Refuses a new domain whose owner is in doubt.
pub(super) fn check(asked: &Asked<'_>, house: &House) -> Result<(), Refusal> {
    let name = asked.text("DomainName");
    let proven = || house.find(OWNERS, &[("_domain", json!(name)), ("_proven", json!(true))]).is_some();
    if asked.given("VerifyOwnerType").is_none() || !name.starts_with(DOUBTED) || proven() {
        return Ok(());
    }
    let message = format!("Prove first that `{name}` is yours.");
    Err(asked.refuse_listed(&["FailedOperation.DomainNeedVerifyOwner"], message))
}

fn authenticate(asked: &Asked<'_>, house: &mut House) -> Performed {
    let name = asked.text("DomainName");
    if !is_domain(name) {
        let message = format!("The domain name `{name}` is malformed.");
        return Err(asked.refuse_listed(&["InvalidParameter.DomainFormatError"], message));
    }
    let key = asked.key(&[("_domain", "DomainName")]);
    let known = house.find(OWNERS, &key);
    let before = known.is_some_and(|row| row.get("_proven") == Some(&json!(true)));
    // The record or file that the vendor looks for counts as made when it is looked for.
    let proven = before || !name.starts_with(DOUBTED) || asked.text("VerifyType") != "dbCheck";
    let content = known.map(|row| text(row, "_content").to_owned());
    let content = content.unwrap_or_else(|| format!("cssauth_{}", random::hex(16)));
    let row = json!({ "_domain": name, "_proven": proven, "_content": content });
    house.put(OWNERS, &key, members(row));
    Ok(members(json!({
        "Content": content,
        "Status": if proven { 0 } else { -1 },
        "MainDomain": main_domain(name),
    })))
}

/// The last two labels.
fn main_domain(name: &str) -> &str {
    let mut dots = name.rmatch_indices('.');
    dots.nth(1).map_or(name, |(at, _)| name.get(at + 1..).unwrap_or(name))
}
