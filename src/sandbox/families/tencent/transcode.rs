//! Tencent's transcode templates, which hold the encryption of HLS (`DRMType`, `DRMTracks`).

use serde_json::{Value, json};

use crate::model::{Params, Vendor};
use crate::providers::catalog;
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::house::{House, shown};

const TEMPLATES: &str = "transcode_templates";

/// The first template is `1000`, as in the reference's examples.
const FIRST: u64 = 999;

/// What a template loses when a change does not name it again.
const RESET: [&str; 2] = ["DRMType", "DRMTracks"];

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("CreateLiveTranscodeTemplate", Changes(create)),
    ("DescribeLiveTranscodeTemplate", Reads(show)),
    ("DescribeLiveTranscodeTemplates", Reads(list)),
    ("ModifyLiveTranscodeTemplate", Changes(modify)),
    ("DeleteLiveTranscodeTemplate", Changes(delete)),
];

fn create(asked: &Asked<'_>, house: &mut House) -> Performed {
    check(asked, &asked.params)?;
    let name = asked.text("TemplateName");
    if house.find(TEMPLATES, &[("TemplateName", json!(name))]).is_some() {
        let message = format!("The template `{name}` exists already.");
        return Err(asked.refuse_listed(&["InvalidParameter.ProcessorAlreadyExist"], message));
    }
    let id = FIRST + house.next_id();
    let mut template = members(json!({ "TemplateId": id }));
    for member in catalog::type_members(Vendor::Tencent, "TemplateInfo").unwrap_or_default() {
        if member.name != "TemplateId" {
            template.insert(member.name.to_owned(), asked.or(member.name, usual(asked, member.name, member.kind)));
        }
    }
    house.add(TEMPLATES, template);
    Ok(members(json!({ "TemplateId": id })))
}

/// The reference's default of a member, else the nothing of its kind.
fn usual(asked: &Asked<'_>, name: &str, kind: &str) -> Value {
    let default = asked.action.param(name).and_then(|param| param.default);
    match kind {
        "integer" => json!(default.and_then(|text| text.parse::<i64>().ok()).unwrap_or(0)),
        "float" => json!(default.and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0)),
        "string" => json!(default.unwrap_or_default()),
        _ => json!([]),
    }
}

/// What holds between parameters.
fn check(asked: &Asked<'_>, params: &Params) -> Result<(), Refusal> {
    let odd = ["Width", "Height"]
        .into_iter()
        .find(|name| params.get(*name).and_then(Value::as_i64).is_some_and(|pixels| pixels % 2 != 0));
    if let Some(name) = odd {
        return Err(asked.refuse("InvalidParameter", format!("{name} is an even number.")));
    }
    let video = asked.text("DRMTracks").split('|').filter(|track| !matches!(*track, "" | "AUDIO")).count();
    if video > 1 {
        return Err(asked.refuse("InvalidParameter", "DRMTracks names one video track at most."));
    }
    Ok(())
}

fn show(asked: &Asked<'_>, house: &House) -> Performed {
    let row = house.find(TEMPLATES, &asked.key(&[("TemplateId", "TemplateId")])).ok_or_else(|| missing(asked))?;
    Ok(members(json!({ "Template": shown(row) })))
}

fn list(asked: &Asked<'_>, house: &House) -> Performed {
    let kind = asked.number("TemplateType");
    let same = |row: &&Params| kind.is_none_or(|kind| row.get("IsAdaptiveBitRate") == Some(&json!(kind)));
    let templates: Vec<Value> = house.rows(TEMPLATES).iter().filter(same).map(shown).collect();
    Ok(members(json!({ "Templates": templates })))
}

fn modify(asked: &Asked<'_>, house: &mut House) -> Performed {
    check(asked, &asked.params)?;
    let row = house.find_mut(TEMPLATES, &asked.key(&[("TemplateId", "TemplateId")])).ok_or_else(|| missing(asked))?;
    for name in RESET {
        row.insert(name.to_owned(), json!(""));
    }
    row.extend(asked.params.clone());
    Ok(done())
}

fn delete(asked: &Asked<'_>, house: &mut House) -> Performed {
    match house.remove(TEMPLATES, &asked.key(&[("TemplateId", "TemplateId")])) {
        0 => Err(missing(asked)),
        _ => Ok(done()),
    }
}

fn missing(asked: &Asked<'_>) -> Refusal {
    let id = asked.number("TemplateId").unwrap_or(0);
    asked.refuse_listed(&["FailedOperation.NotFound", "InternalError.NotFound"], format!("No template {id}."))
}
