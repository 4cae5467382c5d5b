//! Tencent's watermarks: pictures that `CreateLiveWatermarkRule` lays over streams.

use serde_json::{Value, json};

use crate::model::Params;
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::families::tencent::beijing_z;
use crate::sandbox::families::tencent::rules::in_use;
use crate::sandbox::families::tencent::templates::FIRST;
use crate::sandbox::house::{House, shown};

pub(super) const WATERMARKS: &str = "watermarks";
pub(super) const RULES: &str = "watermark_rules";

/// How many watermarks there may be.
const MOST: usize = 100;

/// What must not stand in a picture's address.
const FORBIDDEN: &str = ";(){}$>`#\"";

/// What a change takes over as it is given.
const CHANGEABLE: [&str; 8] =
    ["PictureUrl", "XPosition", "YPosition", "WatermarkName", "Width", "Height", "BackgroundWidth", "BackgroundHeight"];

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("AddLiveWatermark", Changes(add)),
    ("DescribeLiveWatermark", Reads(show)),
    ("DescribeLiveWatermarks", Reads(list)),
    ("UpdateLiveWatermark", Changes(update)),
    ("DeleteLiveWatermark", Changes(delete)),
];

fn add(asked: &Asked<'_>, house: &mut House) -> Performed {
    check(asked)?;
    if house.rows(WATERMARKS).len() >= MOST {
        let message = format!("There are {MOST} watermarks already.");
        return Err(asked.refuse_listed(&["InternalError.ConfOutLimit"], message));
    }
    let id = FIRST + house.next_id();
    house.add(
        WATERMARKS,
        members(json!({
            "WatermarkId": id,
            "PictureUrl": asked.text("PictureUrl"),
            "XPosition": asked.or("XPosition", 0),
            "YPosition": asked.or("YPosition", 0),
            "WatermarkName": asked.text("WatermarkName"),
            "CreateTime": beijing_z(asked.now),
            "Width": asked.or("Width", 0),
            "Height": asked.or("Height", 0),
            "BackgroundWidth": asked.or("BackgroundWidth", 1920),
            "BackgroundHeight": asked.or("BackgroundHeight", 1080),
        })),
    );
    Ok(members(json!({ "WatermarkId": id })))
}

fn show(asked: &Asked<'_>, house: &House) -> Performed {
    let row = house.find(WATERMARKS, &named(asked)).ok_or_else(|| missing(asked))?;
    Ok(members(json!({ "Watermark": item(house, row) })))
}

fn list(asked: &Asked<'_>, house: &House) -> Performed {
    let wanted = |row: &&Params| asked.given("Name").is_none_or(|name| row.get("WatermarkName") == Some(name));
    let page = asked.page(house.rows(WATERMARKS).iter().filter(wanted), |row| item(house, row));
    Ok(members(json!({ "TotalNum": page.total, "WatermarkList": page.items })))
}

/// A watermark with its state: whether a rule uses it.
fn item(house: &House, row: &Params) -> Value {
    let used = row.get("WatermarkId").is_some_and(|id| in_use(house, RULES, id));
    let mut item = shown(row);
    item["Status"] = json!(i64::from(used));
    item
}

fn update(asked: &Asked<'_>, house: &mut House) -> Performed {
    check(asked)?;
    let row = house.find_mut(WATERMARKS, &named(asked)).ok_or_else(|| missing(asked))?;
    for name in CHANGEABLE {
        if let Some(value) = asked.params.get(name) {
            row.insert(name.to_owned(), value.clone());
        }
    }
    Ok(done())
}

fn delete(asked: &Asked<'_>, house: &mut House) -> Performed {
    if house.find(WATERMARKS, &named(asked)).is_none() {
        return Err(missing(asked));
    }
    if in_use(house, RULES, &asked.or("WatermarkId", 0)) {
        let codes = ["InvalidParameter.ConfInUsed", "InternalError.ConfInUsed"];
        return Err(asked.refuse_listed(&codes, "A rule uses the watermark."));
    }
    house.remove(WATERMARKS, &named(asked));
    Ok(done())
}

fn named(asked: &Asked<'_>) -> [(&'static str, Value); 1] {
    [("WatermarkId", asked.or("WatermarkId", 0))]
}

fn check(asked: &Asked<'_>) -> Result<(), Refusal> {
    if asked.text("PictureUrl").contains(|char| FORBIDDEN.contains(char)) {
        return Err(asked.refuse("InvalidParameter", format!("PictureUrl must hold none of {FORBIDDEN}")));
    }
    Ok(())
}

fn missing(asked: &Asked<'_>) -> Refusal {
    let codes = ["ResourceNotFound.WatermarkNotExist", "FailedOperation.NotFound"];
    let id = asked.number("WatermarkId").unwrap_or(0);
    asked.refuse_listed(&codes, format!("The watermark {id} does not exist."))
}
