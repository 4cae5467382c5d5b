//! Volcengine's settings of domains and apps that are put as a whole, shown and deleted: callbacks, referers, IP
//! rules, keys of signed addresses, quotas and HTTP headers. They work alike, so each family is one row.

use serde_json::{Value, json};

use crate::model::Params;
use crate::model::time::to_row;
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::families::beijing;
use crate::sandbox::families::volcengine::{shape, space};
use crate::sandbox::house::House;

/// One family of settings.
struct Setting {
    /// Where its rows are kept, and what messages call it.
    table: &'static str,
    /// There is one setting of these members; what a request leaves out is empty.
    key: &'static [&'static str],
    /// More members of the key; a deletion that leaves them out means all.
    further: &'static [&'static str],
    /// Pairs of parameters of which exactly one is given, where the Action has both.
    one_of: &'static [(&'static str, &'static str)],
    /// Parameters that items call otherwise.
    renamed: &'static [(&'static str, &'static str)],
    /// The list in the answer.
    list: &'static str,
    /// The list that is put, and how many entries it may hold.
    most: (&'static str, usize),
}

const CALLBACK: Setting = Setting {
    table: "callback",
    key: &["Vhost", "App"],
    further: &["MessageType"],
    one_of: &[("Domain", "Vhost")],
    renamed: &[],
    list: "CallbackList",
    most: ("CallbackDetailList", usize::MAX),
};

const REFERER: Setting = Setting {
    table: "referer",
    key: &["Vhost", "App", "Domain"],
    further: &[],
    one_of: &[("App", "Domain")],
    list: "RefererList",
    most: ("RefererInfoList", 100),
    ..CALLBACK
};

const IP_RULE: Setting = Setting {
    table: "ip_access_rule",
    key: &["Vhost", "Domain"],
    further: &[],
    one_of: &[],
    list: "AccessRuleLists",
    most: ("IPAccessRule.IPList", 500),
    ..CALLBACK
};

/// Where the keys of signed addresses are kept.
pub(super) const AUTH_SETTINGS: &str = "auth";

const AUTH: Setting = Setting {
    table: AUTH_SETTINGS,
    key: &["Domain", "SceneType"],
    further: &[],
    renamed: &[("PushPullEnable", "AuthStatus")],
    list: "AuthList",
    most: ("AuthDetailList", usize::MAX),
    ..CALLBACK
};

const QUOTA: Setting = Setting {
    table: "stream_quota",
    key: &["Domain"],
    further: &[],
    one_of: &[],
    list: "QuotaList",
    most: ("QuotaDetailList", usize::MAX),
    ..CALLBACK
};

const HEADERS: Setting = Setting {
    table: "http_header",
    key: &["Vhost", "Domain", "Phase"],
    further: &[],
    one_of: &[],
    renamed: &[("HeaderConfigList", "HeaderDetailList")],
    list: "HeaderConfigList",
    most: ("HeaderConfigList", usize::MAX),
};

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("UpdateCallback", Changes(|asked, house| CALLBACK.put(asked, house))),
    ("DescribeCallback", Reads(|asked, house| CALLBACK.show(asked, house))),
    ("DeleteCallback", Changes(|asked, house| CALLBACK.delete(asked, house))),
    ("UpdateReferer", Changes(|asked, house| REFERER.put(asked, house))),
    ("DescribeReferer", Reads(show_referer)),
    ("DeleteReferer", Changes(|asked, house| REFERER.delete(asked, house))),
    ("UpdateIPAccessRule", Changes(|asked, house| IP_RULE.put(asked, house))),
    ("DescribeIPAccessRule", Reads(|asked, house| IP_RULE.show(asked, house))),
    ("DeleteIPAccessRule", Changes(|asked, house| IP_RULE.delete(asked, house))),
    ("UpdateAuthKey", Changes(|asked, house| AUTH.put(asked, house))),
    ("DescribeAuth", Reads(|asked, house| AUTH.show(asked, house))),
    ("UpdateStreamQuotaConfig", Changes(|asked, house| QUOTA.put(asked, house))),
    ("DescribeStreamQuotaConfig", Reads(|asked, house| QUOTA.show(asked, house))),
    ("DeleteStreamQuotaConfig", Changes(|asked, house| QUOTA.delete(asked, house))),
    ("UpdateHTTPHeaderConfig", Changes(|asked, house| HEADERS.put(asked, house))),
    ("EnableHTTPHeaderConfig", Changes(enable_headers)),
    ("DescribeHTTPHeaderConfig", Reads(|asked, house| HEADERS.show(asked, house))),
    ("DeleteHTTPHeaderConfig", Changes(|asked, house| HEADERS.delete(asked, house))),
];

impl Setting {
    /// Puts the whole setting: what is left out has its default again.
    fn put(&self, asked: &Asked<'_>, house: &mut House) -> Performed {
        self.check(asked)?;
        let (list, most) = self.most;
        let steps = list.split('.').collect::<Vec<_>>().join("/");
        let entries = json!(asked.params).pointer(&format!("/{steps}")).and_then(Value::as_array).map_or(0, Vec::len);
        if entries == 0 || entries > most {
            return Err(asked.refuse("InvalidParam", format!("{list} is empty or holds more than {most} entries")));
        }
        let mut row = Params::new();
        for (name, value) in shape::completed(asked) {
            let renamed = self.renamed.iter().find(|(param, _)| *param == name);
            row.insert(renamed.map_or(name, |(_, member)| (*member).to_owned()), value);
        }
        let mut key = self.place(asked, house);
        key.extend(space::given(asked, self.further));
        for (member, value) in &key {
            row.insert((*member).to_owned(), value.clone());
        }
        row.insert("Vhost".to_owned(), json!(space::of(asked, house)));
        row.insert("CreateTime".to_owned(), json!(beijing(asked.now)));
        row.insert("CreateTimeUTC".to_owned(), json!(to_row(asked.now)));
        for member in ["CreateTime", "CreateTimeUTC"] {
            if let Some(first) = house.find(self.table, &key).and_then(|old| old.get(member)) {
                row.insert(member.to_owned(), first.clone());
            }
        }
        house.put(self.table, &key, row);
        Ok(done())
    }

    fn show(&self, asked: &Asked<'_>, house: &House) -> Performed {
        self.check(asked)?;
        let mut filter = space::given(asked, self.key);
        filter.extend(space::given(asked, self.further));
        if !self.key.contains(&"Domain") || !filter.iter().any(|(member, _)| *member == "Domain") {
            filter.retain(|(member, _)| *member != "Vhost");
            filter.extend(Some(space::of(asked, house)).filter(|it| !it.is_empty()).map(|it| ("Vhost", json!(it))));
        }
        let rows = house.rows(self.table).iter();
        let rows = rows.filter(|row| filter.iter().all(|(member, value)| row.get(*member) == Some(value)));
        let items: Vec<Value> = rows.map(|row| shape::item(asked, self.list, row)).collect();
        Ok(members(json!({ self.list: items })))
    }

    fn delete(&self, asked: &Asked<'_>, house: &mut House) -> Performed {
        self.check(asked)?;
        let mut key = self.place(asked, house);
        key.extend(space::given(asked, self.further));
        match house.remove(self.table, &key) {
            0 => Err(self.missing(asked)),
            _ => Ok(done()),
        }
    }

    /// The key of a setting; the space is that of the domain where none is named.
    fn place(&self, asked: &Asked<'_>, house: &House) -> Vec<(&'static str, Value)> {
        let value = |member: &str| match member {
            "Vhost" => json!(space::of(asked, house)),
            _ => asked.or(member, ""),
        };
        self.key.iter().map(|member| (*member, value(member))).collect()
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let optional = |name: &str| asked.action.param(name).is_some_and(|param| !param.required);
        let pairs = self.one_of.iter().filter(|(one, other)| optional(one) && optional(other));
        pairs.clone().try_for_each(|(one, other)| space::exactly_one(asked, one, other))
    }

    fn missing(&self, asked: &Asked<'_>) -> Refusal {
        asked.refuse("ResourceNotFound", format!("there is no such setting ({})", self.table))
    }
}

/// An app or a domain, of a space or of that domain's.
fn show_referer(asked: &Asked<'_>, house: &House) -> Performed {
    if asked.given("App").is_none() && asked.given("Domain").is_none() {
        return Err(asked.refuse("InvalidParam", "App or Domain is to be given"));
    }
    space::exactly_one(asked, "Domain", "Vhost")?;
    Setting { one_of: &[], ..REFERER }.show(asked, house)
}

fn enable_headers(asked: &Asked<'_>, house: &mut House) -> Performed {
    let key = HEADERS.place(asked, house);
    let row = house.find_mut(HEADERS.table, &key).ok_or_else(|| HEADERS.missing(asked))?;
    row.insert("Enable".to_owned(), asked.or("Enable", false));
    Ok(done())
}
