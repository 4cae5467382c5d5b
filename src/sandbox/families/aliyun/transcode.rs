//! Aliyun's transcode templates of an app, which hold the encryption of HLS (`EncryptParameters`).

use serde_json::{Value, json};

use crate::model::Params;
use crate::providers::catalog;
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::house::{House, shown, text};

const TRANSCODES: &str = "transcodes";

const KEY: [(&str, &str); 3] =
    [("TranscodeName", "Domain"), ("TranscodeApp", "App"), ("TranscodeTemplate", "Template")];

/// The template names that Aliyun itself defines.
const STANDARD: [&str; 8] = ["lld", "lsd", "lhd", "lud", "ld", "sd", "hd", "ud"];

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("AddLiveStreamTranscode", Changes(add_standard)),
    ("AddCustomLiveStreamTranscode", Changes(add_custom)),
    ("UpdateLiveStreamTranscode", Changes(update)),
    ("UpdateCustomLiveStreamTranscode", Changes(update)),
    ("DescribeLiveStreamTranscodeInfo", Reads(list)),
    ("DeleteLiveStreamTranscode", Changes(delete)),
];

fn add_standard(asked: &Asked<'_>, house: &mut House) -> Performed {
    if !STANDARD.contains(&asked.text("Template")) {
        let message = format!("The specified Template is one of {}.", STANDARD.join(", "));
        return Err(asked.refuse("InvalidParameter", message));
    }
    add(asked, house)
}

fn add_custom(asked: &Asked<'_>, house: &mut House) -> Performed {
    if STANDARD.contains(&asked.text("Template")) {
        return Err(asked.refuse("InvalidParameter", "The specified Template is a standard template's name."));
    }
    add(asked, house)
}

fn add(asked: &Asked<'_>, house: &mut House) -> Performed {
    let encryption = encryption(asked)?;
    if house.find(TRANSCODES, &asked.key(&KEY)).is_some() {
        return Err(asked.refuse("ConfigAlreadyExists", "The app has this transcode template already."));
    }
    let mut row: Params = asked.key(&KEY).into_iter().map(|(member, value)| (member.to_owned(), value)).collect();
    row.insert("IsLazy".to_owned(), json!(asked.text("Lazy") != "no"));
    fill(asked, &mut row, encryption);
    house.add(TRANSCODES, row);
    Ok(done())
}

fn update(asked: &Asked<'_>, house: &mut House) -> Performed {
    let encryption = encryption(asked)?;
    let row = house.find_mut(TRANSCODES, &asked.key(&KEY)).ok_or_else(|| missing(asked))?;
    if asked.given("Lazy").is_some() {
        row.insert("IsLazy".to_owned(), json!(asked.text("Lazy") == "yes"));
    }
    fill(asked, row, encryption);
    Ok(done())
}

/// Puts what is given into a row: the encryption, and the numbers of a custom template.
fn fill(asked: &Asked<'_>, row: &mut Params, encryption: Option<Params>) {
    match encryption {
        Some(settings) if settings.is_empty() => drop(row.shift_remove("EncryptParameters")),
        Some(settings) => drop(row.insert("EncryptParameters".to_owned(), Value::Object(settings))),
        None => {}
    }
    let known = catalog::type_members(asked.vendor, "DescribeLiveStreamTranscodeInfoCustomTranscodeParameters");
    let mut custom = row.get("CustomTranscodeParameters").and_then(Value::as_object).cloned().unwrap_or_default();
    for member in known.unwrap_or_default() {
        if let Some(value) = asked.params.get(member.name) {
            custom.insert(member.name.to_owned(), value.clone());
        }
    }
    if let Some(profile) = asked.params.get("Profile") {
        custom.insert("VideoProfile".to_owned(), json!(profile.to_string()));
    }
    if !custom.is_empty() {
        row.insert("CustomTranscodeParameters".to_owned(), Value::Object(custom));
    }
}

/// The encryption settings that are given; empty ones turn it off.
fn encryption(asked: &Asked<'_>) -> Result<Option<Params>, Refusal> {
    let mut settings = match asked.params.get("EncryptParameters").and_then(Value::as_str) {
        None => Params::new(),
        Some("") => return Ok(Some(Params::new())),
        Some(text) => match serde_json::from_str(text) {
            Ok(Value::Object(settings)) => settings,
            _ => {
                let message = "The specified EncryptParameters is no JSON object.";
                return Err(asked.refuse("InvalidParameter.Malformed", message));
            }
        },
    };
    let given = asked.params.contains_key("EncryptParameters");
    for name in ["KmsKeyID", "KmsKeyExpireInterval"] {
        if let Some(value) = asked.given(name) {
            settings.insert(name.to_owned(), value.clone());
        }
    }
    // The interval is a number or a text on the way in, and a text in the answer.
    if let Some(interval) = settings.get_mut("KmsKeyExpireInterval") {
        let seconds = interval.as_i64().or_else(|| interval.as_str().and_then(|text| text.parse().ok()));
        let seconds = seconds.filter(|seconds| (60..=3600).contains(seconds)).ok_or_else(|| {
            asked.refuse("InvalidParameter", "The specified KmsKeyExpireInterval is from 60 to 3600 seconds.")
        })?;
        *interval = json!(seconds.to_string());
    }
    Ok((given || !settings.is_empty()).then_some(settings))
}

fn list(asked: &Asked<'_>, house: &House) -> Performed {
    let app = asked.given("AppName");
    let rows = house.rows(TRANSCODES).iter().filter(|row| {
        text(row, "TranscodeName") == asked.text("DomainTranscodeName")
            && app.is_none_or(|app| row.get("TranscodeApp") == Some(app))
    });
    let rows: Vec<Value> = rows.map(shown).collect();
    Ok(members(json!({ "DomainTranscodeList": {"DomainTranscodeInfo": rows} })))
}

fn delete(asked: &Asked<'_>, house: &mut House) -> Performed {
    match house.remove(TRANSCODES, &asked.key(&KEY)) {
        0 => Err(missing(asked)),
        _ => Ok(done()),
    }
}

fn missing(asked: &Asked<'_>) -> Refusal {
    asked.refuse("InvalidConfig.NotFound", "The app has no such transcode template.")
}
