//! Who may push and play on Tencent: keys of push and play domains, and referers.

use serde_json::{Value, json};

use crate::model::Params;
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::families::tencent::domain::DOMAINS;
use crate::sandbox::house::{House, shown, text};

const PUSH: &Setting = &Setting {
    table: "push_keys",
    shown_in: "PushAuthKeyInfo",
    kind: 0,
    // The vendor guards pushing from the start, with a key of its own making.
    usual: |domain| {
        json!({
            "DomainName": text(domain, "Name"),
            "Enable": 1,
            "MasterAuthKey": text(domain, "_push_key"),
            "BackupAuthKey": "",
            "AuthDelta": 0,
        })
    },
    missing: &["ResourceNotFound.PushDomainNoRecord"],
    empty_keeps: true,
};

const PLAY: &Setting = &Setting {
    table: "play_keys",
    shown_in: "PlayAuthKeyInfo",
    kind: 1,
    usual: |domain| json!({ "DomainName": text(domain, "Name"), "Enable": 0, "AuthKey": "", "AuthDelta": 0, "AuthBackKey": "" }),
    missing: &["ResourceNotFound.PlayDomainNoRecord"],
    empty_keeps: true,
};

const REFERER: &Setting = &Setting {
    table: "referers",
    shown_in: "RefererAuthConfig",
    kind: 1,
    usual: |domain| json!({ "DomainName": text(domain, "Name"), "Enable": 0, "Type": 0, "AllowEmpty": 1, "Rules": "" }),
    missing: &["ResourceNotFound.DomainNotExist"],
    empty_keeps: false,
};

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("DescribeLivePushAuthKey", Reads(|asked, house| show(asked, house, PUSH))),
    ("ModifyLivePushAuthKey", Changes(|asked, house| modify(asked, house, PUSH))),
    ("DescribeLivePlayAuthKey", Reads(|asked, house| show(asked, house, PLAY))),
    ("ModifyLivePlayAuthKey", Changes(|asked, house| modify(asked, house, PLAY))),
    ("DescribeLiveDomainReferer", Reads(|asked, house| show(asked, house, REFERER))),
    ("ModifyLiveDomainReferer", Changes(|asked, house| modify(asked, house, REFERER))),
];

/// A setting of a domain that is there from the start.
struct Setting {
    /// The table of what was changed.
    table: &'static str,
    /// The member of the answer that holds it.
    shown_in: &'static str,
    /// The kind of domain that has it.
    kind: i64,
    /// What a new domain has.
    usual: fn(&Params) -> Value,
    /// The vendor's codes where the domain is not there, or is of the other kind.
    missing: &'static [&'static str],
    /// Whether an empty text changes nothing.
    empty_keeps: bool,
}

/// Forgets the settings of a domain that is deleted.
pub(super) fn forget(house: &mut House, domain: &str) {
    for setting in [PUSH, PLAY, REFERER] {
        house.remove(setting.table, &[("DomainName", json!(domain))]);
    }
}

fn show(asked: &Asked<'_>, house: &House, setting: &Setting) -> Performed {
    let now = current(asked, house, setting)?;
    Ok(members(json!({ setting.shown_in: shown(&now) })))
}

fn modify(asked: &Asked<'_>, house: &mut House, setting: &Setting) -> Performed {
    let mut row = current(asked, house, setting)?;
    for (name, value) in &asked.params {
        if !(setting.empty_keeps && value.as_str() == Some("")) {
            row.insert(name.clone(), value.clone());
        }
    }
    house.put(setting.table, &asked.key(&[("DomainName", "DomainName")]), row);
    Ok(done())
}

/// What holds for the domain now.
fn current(asked: &Asked<'_>, house: &House, setting: &Setting) -> Result<Params, Refusal> {
    let domain = house.find(DOMAINS, &asked.key(&[("Name", "DomainName")]));
    let right_kind = |row: &&Params| row.get("Type") == Some(&json!(setting.kind));
    let domain = domain.filter(right_kind).ok_or_else(|| {
        let message = format!("There is no such domain `{}`.", asked.text("DomainName"));
        asked.refuse_listed(setting.missing, message)
    })?;
    let changed = house.find(setting.table, &asked.key(&[("DomainName", "DomainName")]));
    Ok(changed.cloned().unwrap_or_else(|| members((setting.usual)(domain))))
}
