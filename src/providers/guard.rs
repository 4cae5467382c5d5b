//! What the keys and lists of `auth` have in common on all vendors: states, their difference, their rows.

use serde_json::Value;

use crate::error::{Class, Error};
use crate::model::{
    AccessArgs, Change, IpRow, Item, KeyScope, ListKind, RefererRow, Road, UrlKeyArgs, UrlKeyRow, UrlScheme, Vendor,
};
use crate::providers::intent::Complaints;
use crate::providers::rows;

/// The signing of a domain's addresses. Holds secrets: it cannot be printed by accident.
#[derive(Clone, Default, PartialEq)]
pub struct Keys {
    /// Whether addresses must be signed.
    pub enabled: Option<bool>,
    /// What signs them.
    pub key: Option<String>,
    /// What signs them as well.
    pub backup_key: Option<String>,
    /// How long a signed address is valid.
    pub valid_seconds: Option<u64>,
    /// How addresses are signed, in our word or the vendor's; none where the vendor has one way only.
    pub scheme: Option<String>,
}

impl Keys {
    /// The same with what the user named, but the scheme: its words are the vendor's matter.
    #[must_use]
    pub fn with(&self, args: &UrlKeyArgs) -> Keys {
        let named = |key: &Option<crate::model::Secret>| key.as_ref().map(|key| key.expose().to_owned());
        Keys {
            enabled: args.enabled.or(self.enabled),
            key: named(&args.key).or_else(|| self.key.clone()),
            backup_key: named(&args.backup_key).or_else(|| self.backup_key.clone()),
            valid_seconds: args.valid_seconds.or(self.valid_seconds),
            scheme: self.scheme.clone(),
        }
    }

    /// Tells where signed addresses would be valid for no time at all.
    pub fn note_moment(&self, road: &dyn Road) {
        if self.enabled == Some(true) && self.valid_seconds == Some(0) {
            road.note("signed addresses end at their own time: `set --valid TIME` lets them last longer");
        }
    }

    /// Field by field.
    pub fn changes(&self, after: &Keys) -> Vec<Change> {
        let all = [
            Change::new("enabled", self.enabled, after.enabled),
            Change::new("key", self.key.clone(), after.key.clone()),
            Change::new("backup_key", self.backup_key.clone(), after.backup_key.clone()),
            Change::new("valid_seconds", self.valid_seconds, after.valid_seconds),
            Change::new("scheme", self.scheme.clone(), after.scheme.clone()),
        ];
        all.into_iter().filter(|change| change.from != change.to).collect()
    }

    /// The row and the vendor's own item.
    pub fn item(&self, vendor: Vendor, scope: KeyScope, domain: &str, raw: Value) -> Item {
        let row = UrlKeyRow {
            vendor,
            profile: None,
            domain: Some(domain.to_owned()),
            scope,
            enabled: self.enabled,
            key: self.key.clone(),
            backup_key: self.backup_key.clone(),
            valid_seconds: self.valid_seconds,
        };
        Item { row: rows::row(&row), raw }
    }
}

/// The schemes in our words.
pub const SCHEMES: [(UrlScheme, &str); 3] = [(UrlScheme::A, "a"), (UrlScheme::B, "b"), (UrlScheme::C, "c")];

/// The word of a scheme.
pub fn scheme_word(scheme: UrlScheme) -> String {
    let known = SCHEMES.iter().find(|(known, _)| *known == scheme);
    known.map_or_else(String::new, |(_, word)| (*word).to_owned())
}

/// Complains where no domain is named, and of keys without a letter.
pub fn check_keys(args: &UrlKeyArgs) -> Complaints {
    let empty =
        |key: &Option<crate::model::Secret>| key.as_ref().filter(|key| key.expose().is_empty()).map(|_| String::new());
    let allowed = "a key; `--disable` turns signing off";
    Complaints::none().need("--domain", args.domain.is_some()).wrong("--key", empty(&args.key), allowed).wrong(
        "--backup-key",
        empty(&args.backup_key),
        allowed,
    )
}

/// Who may embed the streams of a domain, or use it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Access {
    /// Whether the list is in force.
    pub enabled: Option<bool>,
    /// Which list it is.
    pub kind: Option<ListKind>,
    /// Whether those pass that name no site.
    pub allow_empty: Option<bool>,
    /// Sites or addresses.
    pub entries: Vec<String>,
}

impl Access {
    /// The same with what the user named. Naming a list puts it in force.
    #[must_use]
    pub fn with(&self, args: &AccessArgs) -> Access {
        let listed = args.list.as_ref();
        Access {
            enabled: args.enabled.or(listed.map(|_| true)).or(self.enabled),
            kind: listed.map(|list| list.kind).or(self.kind),
            allow_empty: args.allow_empty.or(self.allow_empty),
            entries: listed.map_or_else(|| self.entries.clone(), |list| list.entries.clone()),
        }
    }

    /// Field by field; `entries` is what the row calls them.
    pub fn changes(&self, after: &Access, entries: &str) -> Vec<Change> {
        let kind = |kind: Option<ListKind>| serde_json::json!(kind);
        let all = [
            Change::new("enabled", self.enabled, after.enabled),
            Change::new("kind", kind(self.kind), kind(after.kind)),
            Change::new("allow_empty", self.allow_empty, after.allow_empty),
            Change::new(entries, self.entries.clone(), after.entries.clone()),
        ];
        all.into_iter().filter(|change| change.from != change.to).collect()
    }

    /// The difference that removing the list is.
    pub fn removed(&self, entries: &str) -> Vec<Change> {
        self.changes(&Access { enabled: Some(false), ..Access::default() }, entries)
    }

    /// The row of `auth referer` and the vendor's own item.
    pub fn referer(&self, vendor: Vendor, domain: &str, raw: Value) -> Item {
        let row = RefererRow {
            vendor,
            profile: None,
            domain: Some(domain.to_owned()),
            enabled: self.enabled,
            kind: self.kind,
            allow_empty: self.allow_empty,
            domains: self.entries.clone(),
        };
        Item { row: rows::row(&row), raw }
    }

    /// The row of `auth ip` and the vendor's own item.
    pub fn ip(&self, vendor: Vendor, domain: &str, raw: Value) -> Item {
        let row = IpRow {
            vendor,
            profile: None,
            domain: Some(domain.to_owned()),
            enabled: self.enabled,
            kind: self.kind,
            addresses: self.entries.clone(),
        };
        Item { row: rows::row(&row), raw }
    }
}

/// Complains of a switch where a list is in force as long as it is there.
pub fn no_switch(complaints: Complaints, args: &AccessArgs, noun: &str) -> Complaints {
    let off = args.enabled.filter(|on| !on).map(|_| "");
    complaints.wrong("--disable", off, format!("`livectl {noun} delete`: the list is in force as long as it is there"))
}

/// There is no list to delete.
pub fn no_list(vendor: Vendor, action: &str, what: &str, domain: &str) -> Error {
    let message = format!("deleting {what} of `{domain}`: it has none");
    Error::new(Class::NotFound, message).with(|details| {
        details.vendor = Some(vendor);
        details.action = Some(action.to_owned());
    })
}
