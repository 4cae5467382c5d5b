//! Aliyun's production studios (casters): made, set up, started, stopped and deleted.

use serde_json::{Value, json};

use crate::model::{Params, time};
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::house::{House, text};
use crate::sandbox::random;

use super::shape::{self, plain};
use super::{caster_parts, caster_scenes};

const CASTERS: &str = "casters";
const CONFIGS: &str = "caster_configs";

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("CreateCaster", Changes(create)),
    ("CopyCaster", Changes(copy)),
    ("DescribeCasters", Reads(list)),
    ("SetCasterConfig", Changes(set_config)),
    ("DescribeCasterConfig", Reads(show_config)),
    ("StartCaster", Changes(start)),
    ("StopCaster", Changes(stop)),
    ("RestartCaster", Changes(start)),
    ("DeleteCaster", Changes(delete)),
    ("UpdateCasterResourceGroup", Changes(set_group)),
];

/// The key of the studio that is asked for.
pub(super) fn key(asked: &Asked<'_>) -> [(&'static str, Value); 1] {
    [("CasterId", asked.or("CasterId", ""))]
}

/// The studio that is asked for.
pub(super) fn caster<'h>(asked: &Asked<'_>, house: &'h House) -> Result<&'h Params, Refusal> {
    house.find(CASTERS, &key(asked)).ok_or_else(|| missing(asked))
}

/// Whether the studio is on air.
pub(super) fn is_started(caster: &Params) -> bool {
    caster.get("Status") == Some(&json!(1))
}

/// The settings of the studio that is asked for; empty where there are none.
pub(super) fn config(asked: &Asked<'_>, house: &House) -> Params {
    house.find(CONFIGS, &key(asked)).cloned().unwrap_or_default()
}

fn missing(asked: &Asked<'_>) -> Refusal {
    let codes =
        ["InvalidCaster.NotFound", "InvalidLayout.NotFound", "InvalidResource.NotFound", "InvalidScene.NotFound"];
    asked.refuse_listed(&codes, "The specified caster does not exist.")
}

/// A time as the list of studios shows it.
fn shown_time(asked: &Asked<'_>) -> Value {
    json!(asked.now.strftime("%Y-%m-%d %H:%M:%S.0").to_string())
}

fn create(asked: &Asked<'_>, house: &mut House) -> Performed {
    if asked.text("ChargeType") == "PrePaid" && asked.given("CasterTemplate").is_none() {
        return Err(
            asked.refuse_listed(&["MissingParameter"], "CasterTemplate is mandatory when ChargeType is PrePaid.")
        );
    }
    let token = [("ClientTokenId", asked.or("ClientToken", ""))];
    if let Some(made) = house.find(CASTERS, &token) {
        return Ok(members(json!({ "CasterId": made.get("CasterId") })));
    }
    let id = random::uuid();
    let name = match asked.text("CasterName") {
        "" => id.clone(),
        name => name.to_owned(),
    };
    let mut row = members(json!({
        "CasterId": id,
        "CasterName": name,
        "ClientTokenId": asked.text("ClientToken"),
        "Status": 0,
        "ChannelEnable": 0,
        "CreateTime": shown_time(asked),
        "LastModified": time::to_row(asked.now),
    }));
    for param in ["NormType", "ChargeType", "CasterTemplate", "PurchaseTime", "ExpireTime", "ResourceGroupId"] {
        if let Some(value) = asked.given(param) {
            row.insert(param.to_owned(), value.clone());
        }
    }
    house.add(CASTERS, row);
    house.add(CONFIGS, members(json!({ "CasterId": id, "CasterName": name })));
    Ok(members(json!({ "CasterId": id })))
}

fn copy(asked: &Asked<'_>, house: &mut House) -> Performed {
    let source = [("CasterId", asked.or("SrcCasterId", ""))];
    let mut row = house.find(CASTERS, &source).cloned().ok_or_else(|| missing(asked))?;
    let token = [("ClientTokenId", asked.or("ClientToken", ""))];
    if let Some(made) = house.find(CASTERS, &token) {
        return Ok(members(json!({ "CasterId": made.get("CasterId") })));
    }
    let id = random::uuid();
    let fresh = json!({
        "CasterId": id,
        "CasterName": asked.text("CasterName"),
        "ClientTokenId": asked.text("ClientToken"),
        "Status": 0,
        "CreateTime": shown_time(asked),
    });
    row.extend(members(fresh));
    row.shift_remove("StartTime");
    let mut config = house.find(CONFIGS, &source).cloned().unwrap_or_default();
    config.extend(members(json!({ "CasterId": id, "CasterName": asked.text("CasterName") })));
    house.add(CASTERS, row);
    house.add(CONFIGS, config);
    caster_parts::copy(house, asked.text("SrcCasterId"), &id);
    Ok(members(json!({ "CasterId": id })))
}

fn list(asked: &Asked<'_>, house: &House) -> Performed {
    let same = |row: &&Params, name: &str| {
        asked.given(name).is_none_or(|wanted| row.get(name).is_some_and(|value| plain(value) == plain(wanted)))
    };
    let named = |row: &&Params| text(row, "CasterName").contains(asked.text("CasterName"));
    let rows = house.rows(CASTERS).iter().filter(|row| {
        named(row) && ["CasterId", "Status", "NormType", "ResourceGroupId"].iter().all(|name| same(row, name))
    });
    Ok(shape::answer(asked, rows))
}

/// Replaces every setting: what is left out is cleared.
fn set_config(asked: &Asked<'_>, house: &mut House) -> Performed {
    let started = is_started(caster(asked, house)?);
    let old = config(asked, house);
    let enable = |row: &Params| row.get("ChannelEnable") == Some(&json!(1));
    if enable(&asked.params) && !enable(&old) && started {
        let message = "Channels are turned on while the caster is stopped.";
        return Err(asked.refuse_listed(&["IllegalOperation"], message));
    }
    let known = asked.params.iter().filter(|(name, _)| asked.action.param(name).is_some());
    let mut row: Params = known.map(|(name, value)| (name.clone(), value.clone())).collect();
    for (name, value) in [("CasterName", old.get("CasterName")), ("ChannelEnable", old.get("ChannelEnable"))] {
        if let Some(value) = value.filter(|_| !row.contains_key(name)) {
            row.insert(name.to_owned(), value.clone());
        }
    }
    if let Some(caster) = house.find_mut(CASTERS, &key(asked)) {
        for name in ["CasterName", "ChannelEnable"] {
            if let Some(value) = row.get(name) {
                caster.insert(name.to_owned(), value.clone());
            }
        }
        if let Some(template) = row.get("TranscodeConfig").and_then(|config| config.get("CasterTemplate")) {
            caster.insert("CasterTemplate".to_owned(), template.clone());
        }
        caster.insert("LastModified".to_owned(), json!(time::to_row(asked.now)));
    }
    house.put(CONFIGS, &key(asked), row);
    Ok(members(json!({ "CasterId": asked.text("CasterId") })))
}

fn show_config(asked: &Asked<'_>, house: &House) -> Performed {
    caster(asked, house)?;
    let config = config(asked, house);
    Ok(shape::answer(asked, std::iter::once(&config)))
}

fn start(asked: &Asked<'_>, house: &mut House) -> Performed {
    caster(asked, house)?;
    let config = config(asked, house);
    let templated = config.get("TranscodeConfig").and_then(|set| set.get("CasterTemplate")).is_some();
    if text(&config, "DomainName").is_empty() || !templated {
        let message = "A caster is started with a DomainName and a CasterTemplate in its settings.";
        return Err(asked.refuse_listed(&["InvalidConfiguration.NotFound"], message));
    }
    if let Some(row) = house.find_mut(CASTERS, &key(asked)) {
        row.insert("Status".to_owned(), json!(1));
        row.insert("StartTime".to_owned(), json!(time::to_row(asked.now)));
    }
    Ok(caster_scenes::open(asked, house, text(&config, "DomainName")))
}

fn stop(asked: &Asked<'_>, house: &mut House) -> Performed {
    caster(asked, house)?;
    if let Some(row) = house.find_mut(CASTERS, &key(asked)) {
        row.insert("Status".to_owned(), json!(0));
        row.shift_remove("StartTime");
    }
    caster_scenes::close(asked, house);
    Ok(done())
}

fn delete(asked: &Asked<'_>, house: &mut House) -> Performed {
    if is_started(caster(asked, house)?) {
        let message = "The specified caster is on air: stop it first.";
        return Err(asked.refuse_listed(&["IncorrectCasterStatus"], message));
    }
    let tables = caster_parts::tables().chain([CASTERS, CONFIGS, caster_scenes::SCENES]);
    for table in tables {
        house.remove(table, &key(asked));
    }
    Ok(members(json!({ "CasterId": asked.text("CasterId") })))
}

fn set_group(asked: &Asked<'_>, house: &mut House) -> Performed {
    let row = house.find_mut(CASTERS, &key(asked)).ok_or_else(|| missing(asked))?;
    row.insert("ResourceGroupId".to_owned(), asked.or("NewResourceGroupId", ""));
    Ok(done())
}
