//! Tencent's templates of recording, screencapture, callbacks, time shift and transcoding.

use serde_json::{Value, json};

use crate::model::{Params, Vendor};
use crate::providers::catalog::{self, Param};
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::families::tencent::kinds::{self, Kind};
use crate::sandbox::families::tencent::rules::in_use;
use crate::sandbox::house::{House, shown};

/// The first template is `1000`, as in the reference's examples.
pub(super) const FIRST: u64 = 999;

/// How deep types nest in templates.
const DEEPEST: usize = 3;

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("CreateLiveRecordTemplate", Changes(create)),
    ("CreateLiveSnapshotTemplate", Changes(create)),
    ("CreateLiveCallbackTemplate", Changes(create)),
    ("CreateLiveTimeShiftTemplate", Changes(create)),
    ("CreateLiveTranscodeTemplate", Changes(create)),
    ("DescribeLiveRecordTemplate", Reads(show)),
    ("DescribeLiveSnapshotTemplate", Reads(show)),
    ("DescribeLiveCallbackTemplate", Reads(show)),
    ("DescribeLiveTranscodeTemplate", Reads(show)),
    ("DescribeLiveRecordTemplates", Reads(list)),
    ("DescribeLiveSnapshotTemplates", Reads(list)),
    ("DescribeLiveCallbackTemplates", Reads(list)),
    ("DescribeLiveTimeShiftTemplates", Reads(list)),
    ("DescribeLiveTranscodeTemplates", Reads(list)),
    ("ModifyLiveRecordTemplate", Changes(modify)),
    ("ModifyLiveSnapshotTemplate", Changes(modify)),
    ("ModifyLiveCallbackTemplate", Changes(modify)),
    ("ModifyLiveTimeShiftTemplate", Changes(modify)),
    ("ModifyLiveTranscodeTemplate", Changes(modify)),
    ("DeleteLiveRecordTemplate", Changes(delete)),
    ("DeleteLiveSnapshotTemplate", Changes(delete)),
    ("DeleteLiveCallbackTemplate", Changes(delete)),
    ("DeleteLiveTimeShiftTemplate", Changes(delete)),
    ("DeleteLiveTranscodeTemplate", Changes(delete)),
];

fn create(asked: &Asked<'_>, house: &mut House) -> Performed {
    let kind = kinds::of(asked)?;
    (kind.check)(asked)?;
    let name = asked.text("TemplateName");
    if !kind.name_taken.is_empty() && house.find(kind.templates, &[("TemplateName", json!(name))]).is_some() {
        return Err(asked.refuse_listed(kind.name_taken, format!("The template `{name}` exists already.")));
    }
    if house.rows(kind.templates).len() >= kinds::MOST {
        let message = format!("There are {} templates already.", kinds::MOST);
        return Err(asked.refuse_listed(&["InternalError.ConfOutLimit"], message));
    }
    let id = FIRST + house.next_id();
    let mut template = members(json!({ kind.id: id }));
    for member in catalog::type_members(Vendor::Tencent, kind.item).unwrap_or_default() {
        if member.name != kind.id {
            let default = asked.action.param(member.name).and_then(|param| param.default);
            template.insert(member.name.to_owned(), filled(&member, default, asked.params.get(member.name), 0));
        }
    }
    house.add(kind.templates, template);
    Ok(members(json!({ "TemplateId": id })))
}

/// What is given of a member; where nothing is, the reference's default, else the nothing of its kind. What an object
/// leaves out is filled in the same way.
fn filled(member: &Param<'_>, default: Option<&str>, given: Option<&Value>, depth: usize) -> Value {
    let inner = member.kind.strip_prefix("object<").and_then(|rest| rest.strip_suffix('>'));
    if let Some(name) = inner.filter(|_| depth < DEEPEST) {
        let inside = catalog::type_members(Vendor::Tencent, name).unwrap_or_default();
        let filled = inside.iter().map(|member| {
            let given = given.and_then(|given| given.get(member.name));
            (member.name.to_owned(), filled(member, member.default, given, depth + 1))
        });
        return Value::Object(filled.collect());
    }
    given.cloned().unwrap_or_else(|| match member.kind {
        "integer" => json!(default.and_then(|text| text.parse::<i64>().ok()).unwrap_or(0)),
        "float" => json!(default.and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0)),
        "boolean" => json!(default == Some("true")),
        "string" => json!(default.unwrap_or_default()),
        kind if kind.starts_with("array<") => json!([]),
        _ => json!({}),
    })
}

fn show(asked: &Asked<'_>, house: &House) -> Performed {
    let kind = kinds::of(asked)?;
    let row = house.find(kind.templates, &named(asked, kind)).ok_or_else(|| missing(asked))?;
    Ok(members(json!({ "Template": shown(row) })))
}

fn list(asked: &Asked<'_>, house: &House) -> Performed {
    let kind = kinds::of(asked)?;
    let wanted = kind.narrowed.and_then(|(param, member)| {
        let default = || asked.action.param(param).and_then(|param| param.default).and_then(|text| text.parse().ok());
        asked.number(param).or_else(default).map(|value| (member, value))
    });
    let kept = |row: &&Params| wanted.is_none_or(|(member, value)| row.get(member) == Some(&json!(value)));
    let templates: Vec<Value> = house.rows(kind.templates).iter().filter(kept).map(shown).collect();
    Ok(members(json!({ "Templates": templates })))
}

fn modify(asked: &Asked<'_>, house: &mut House) -> Performed {
    let kind = kinds::of(asked)?;
    (kind.check)(asked)?;
    let row = house.find_mut(kind.templates, &named(asked, kind)).ok_or_else(|| missing(asked))?;
    for name in kind.reset {
        row.insert((*name).to_owned(), json!(""));
    }
    for member in catalog::type_members(Vendor::Tencent, kind.item).unwrap_or_default() {
        if let Some(given) = asked.params.get(member.name) {
            row.insert(member.name.to_owned(), filled(&member, None, Some(given), 0));
        }
    }
    Ok(done())
}

fn delete(asked: &Asked<'_>, house: &mut House) -> Performed {
    let kind = kinds::of(asked)?;
    let named = named(asked, kind);
    if house.find(kind.templates, &named).is_none() {
        return Err(missing(asked));
    }
    if in_use(house, kind.rules, &asked.or("TemplateId", 0)) {
        let message = format!("The template {} is bound by a rule.", id(asked));
        return Err(asked.refuse_listed(&["FailedOperation.ConfInUsed", "InternalError.ConfInUsed"], message));
    }
    house.remove(kind.templates, &named);
    Ok(done())
}

fn named(asked: &Asked<'_>, kind: &Kind) -> [(&'static str, Value); 1] {
    [(kind.id, asked.or("TemplateId", 0))]
}

fn id(asked: &Asked<'_>) -> i64 {
    asked.number("TemplateId").unwrap_or(0)
}

fn missing(asked: &Asked<'_>) -> Refusal {
    let codes = ["FailedOperation.NotFound", "InternalError.NotFound"];
    asked.refuse_listed(&codes, format!("No template {}.", id(asked)))
}
