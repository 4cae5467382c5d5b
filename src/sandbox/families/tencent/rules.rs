//! Tencent's rules: which template counts for which domain, path and stream. A rule is named by all of these together.

use serde_json::{Value, json};

use crate::model::Params;
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::families::is_domain;
use crate::sandbox::families::tencent::kinds::{self, Kind};
use crate::sandbox::house::{House, shown};

/// How many transcode rules there may be; the sheets say nothing of the others.
const MOST: usize = 50;

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("CreateLiveRecordRule", Changes(create)),
    ("CreateLiveSnapshotRule", Changes(create)),
    ("CreateLiveCallbackRule", Changes(create)),
    ("CreateLiveTimeShiftRule", Changes(create)),
    ("CreateLiveTranscodeRule", Changes(create)),
    ("CreateLiveWatermarkRule", Changes(create)),
    ("DescribeLiveRecordRules", Reads(list)),
    ("DescribeLiveSnapshotRules", Reads(list)),
    ("DescribeLiveCallbackRules", Reads(list)),
    ("DescribeLiveTimeShiftRules", Reads(list)),
    ("DescribeLiveTranscodeRules", Reads(list)),
    ("DescribeLiveWatermarkRules", Reads(list)),
    ("DeleteLiveRecordRule", Changes(delete)),
    ("DeleteLiveSnapshotRule", Changes(delete)),
    ("DeleteLiveCallbackRule", Changes(delete)),
    ("DeleteLiveTimeShiftRule", Changes(delete)),
    ("DeleteLiveTranscodeRule", Changes(delete)),
    ("DeleteLiveWatermarkRule", Changes(delete)),
];

/// Whether a rule of that table binds a template.
pub(super) fn in_use(house: &House, rules: &str, template: &Value) -> bool {
    house.find(rules, &[("TemplateId", template.clone())]).is_some()
}

fn create(asked: &Asked<'_>, house: &mut House) -> Performed {
    let kind = kinds::of(asked)?;
    let domain = asked.text("DomainName");
    if !is_domain(domain) {
        let message = format!("The domain name `{domain}` is malformed.");
        return Err(asked.refuse_listed(&["InvalidParameter.DomainFormatError"], message));
    }
    let template = asked.or("TemplateId", 0);
    if house.find(kind.templates, &[(kind.id, template.clone())]).is_none() {
        let codes = ["InvalidParameter.ConfNotFound", "InternalError.ConfNotFound"];
        return Err(asked.refuse_listed(&codes, format!("The template {template} does not exist.")));
    }
    let place = place(asked, kind);
    if house.find(kind.rules, &place).is_some() {
        let codes = ["FailedOperation.RuleAlreadyExist", "InternalError.RuleAlreadyExist"];
        return Err(asked.refuse_listed(&codes, "There is a rule for this place already."));
    }
    if asked.action.errors.contains(&"InternalError.RuleOutLimit") && house.rows(kind.rules).len() >= MOST {
        return Err(asked.refuse("InternalError.RuleOutLimit", format!("There are {MOST} rules already.")));
    }
    let at = (kind.time)(asked.now);
    let mut rule = members(json!({ "CreateTime": at, "UpdateTime": at, "TemplateId": template }));
    rule.extend(place.into_iter().map(|(name, value)| (name.to_owned(), value)));
    house.add(kind.rules, rule);
    Ok(done())
}

fn list(asked: &Asked<'_>, house: &House) -> Performed {
    let kind = kinds::of(asked)?;
    let among = |param: &str, row: &Params, member: &str| {
        let wanted = asked.list(param);
        wanted.is_empty() || row.get(member).is_some_and(|value| wanted.contains(value))
    };
    let kept = |row: &&Params| among("TemplateIds", row, "TemplateId") && among("DomainNames", row, "DomainName");
    let rules: Vec<Value> = house.rows(kind.rules).iter().filter(kept).map(shown).collect();
    Ok(members(json!({ "Rules": rules })))
}

fn delete(asked: &Asked<'_>, house: &mut House) -> Performed {
    let kind = kinds::of(asked)?;
    match house.remove(kind.rules, &place(asked, kind)) {
        0 => Err(missing(asked)),
        _ => Ok(done()),
    }
}

/// The place of a rule; a part that is left out is the empty one.
fn place(asked: &Asked<'_>, kind: &Kind) -> Vec<(&'static str, Value)> {
    kind.place.iter().map(|name| (*name, asked.or(name, ""))).collect()
}

fn missing(asked: &Asked<'_>) -> Refusal {
    let codes = ["FailedOperation.NotFound", "InternalError.RuleNotFound"];
    asked.refuse_listed(&codes, format!("There is no such rule for `{}`.", asked.text("DomainName")))
}
