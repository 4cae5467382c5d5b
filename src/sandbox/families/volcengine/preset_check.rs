//! What Volcengine wants of a preset beyond its parameters' own limits, and which presets a listing shows.

use serde_json::{Value, json};

use crate::model::Params;
use crate::sandbox::asked::Asked;

/// What is wrong with a request.
type Wrong = Option<&'static str>;

pub(super) fn nothing(_asked: &Asked<'_>, _row: &Params) -> Wrong {
    None
}

fn is_on(setting: Option<&Value>) -> bool {
    setting.and_then(|setting| setting.get("Enable")) == Some(&Value::Bool(true))
}

fn enabled<'r>(row: &'r Params, config: &str, formats: &[&str]) -> Vec<&'r Value> {
    let config = row.get(config);
    let settings = formats.iter().filter_map(|format| config?.get(*format));
    settings.filter(|setting| is_on(Some(setting))).collect()
}

const RECORD_FORMATS: [&str; 3] = ["FlvParam", "HlsParam", "Mp4Param"];
const PICTURE_FORMATS: [&str; 2] = ["JpegParam", "JpgParam"];

pub(super) fn record(_asked: &Asked<'_>, row: &Params) -> Wrong {
    let formats = enabled(row, "RecordPresetConfig", &RECORD_FORMATS);
    let lengths = |format: &&Value| {
        let length = format.get("Duration").and_then(Value::as_i64).unwrap_or(-1);
        length == -1 || (300..=86_400).contains(&length)
    };
    if formats.is_empty() {
        Some("one of FlvParam, HlsParam and Mp4Param is to be enabled")
    } else if !formats.iter().all(|format| is_on(format.get("TOSParam")) != is_on(format.get("VODParam"))) {
        Some("each format that is enabled has exactly one of TOSParam and VODParam enabled")
    } else if !formats.iter().all(lengths) {
        Some("Duration is -1 or 300 to 86400")
    } else {
        None
    }
}

/// A listing shows the presets that store on TOS unless it is asked for those that store on VOD.
pub(super) fn record_is_stored(asked: &Asked<'_>, row: &Params) -> bool {
    let storage = if asked.text("Type") == "vod" { "VODParam" } else { "TOSParam" };
    enabled(row, "RecordPresetConfig", &RECORD_FORMATS).iter().any(|format| is_on(format.get(storage)))
}

pub(super) fn snapshot(_asked: &Asked<'_>, row: &Params) -> Wrong {
    match enabled(row, "SnapshotPresetConfig", &PICTURE_FORMATS).as_slice() {
        [format] if is_on(format.get("TOSParam")) != is_on(format.get("ImageXParam")) => None,
        [_] => Some("exactly one of TOSParam and ImageXParam is to be enabled"),
        _ => Some("exactly one of JpegParam and JpgParam is to be enabled"),
    }
}

pub(super) fn snapshot_is_stored(asked: &Asked<'_>, row: &Params) -> bool {
    let storage = match asked.text("Type") {
        "tos" => "TOSParam",
        "imageX" => "ImageXParam",
        _ => return true,
    };
    enabled(row, "SnapshotPresetConfig", &PICTURE_FORMATS).iter().any(|format| is_on(format.get(storage)))
}

fn both_or_neither(asked: &Asked<'_>, one: &str, other: &str) -> bool {
    asked.given(one).is_some() == asked.given(other).is_some()
}

pub(super) fn audit(asked: &Asked<'_>, _row: &Params) -> Wrong {
    if both_or_neither(asked, "Domain", "Vhost") {
        Some("exactly one of Domain and Vhost is to be given")
    } else if both_or_neither(asked, "Bucket", "ServiceID") {
        Some("exactly one of Bucket and ServiceID is to be given")
    } else {
        None
    }
}

pub(super) fn watermark_template(asked: &Asked<'_>, _row: &Params) -> Wrong {
    if both_or_neither(asked, "Picture", "PictureUrl") {
        Some("exactly one of Picture and PictureUrl is to be given")
    } else if both_or_neither(asked, "RelativeHeight", "RelativeWidth") {
        Some("exactly one of RelativeHeight and RelativeWidth is to be given")
    } else {
        None
    }
}

pub(super) fn watermark_is_asked_for(asked: &Asked<'_>, row: &Params) -> bool {
    let (ids, names) = (asked.list("PresetIDList"), asked.list("PresetNameList"));
    let in_list = |list: &[Value], member: &str| row.get(member).is_some_and(|value| list.contains(value));
    (ids.is_empty() && names.is_empty()) || in_list(ids, "ID") || in_list(names, "Name")
}

pub(super) fn time_shift_is_stored(asked: &Asked<'_>, row: &Params) -> bool {
    row.get("Type") == Some(&asked.or("Type", json!("vod")))
}
