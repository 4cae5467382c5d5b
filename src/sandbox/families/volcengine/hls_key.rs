//! Volcengine's encryption of HLS: the account's setting, the bindings of apps, and the keys.

use serde_json::{Value, json};

use crate::sandbox::answer::Performed;
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::house::{House, shown, text};
use crate::sign::digest;

const SETTING: &str = "hls_encryption";
const BINDINGS: &str = "drm_bindings";

const APP: [(&str, &str); 2] = [("Vhost", "Vhost"), ("App", "App")];

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("UpdateEncryptHLS", Changes(update)),
    ("DescribeEncryptHLS", Reads(show)),
    ("BindEncryptDRM", Changes(bind)),
    ("UnBindEncryptDRM", Changes(unbind)),
    ("ListBindEncryptDRM", Reads(list)),
    ("GetHLSEncryptDataKey", Reads(data_key)),
];

/// The service puts `key_id=…` behind the address, which therefore ends in `?` or `&`.
fn update(asked: &Asked<'_>, house: &mut House) -> Performed {
    let url = asked.text("URL");
    let web = url.starts_with("http://") || url.starts_with("https://");
    if !web || !(url.ends_with('?') || url.ends_with('&')) || url.chars().any(char::is_whitespace) {
        return Err(asked.refuse("InvalidParam.Format", "URL is an HTTP address that ends with ? or &"));
    }
    let seconds: u64 = asked
        .text("CycleTime")
        .parse()
        .map_err(|_| asked.refuse("InvalidParam", "CycleTime holds the digits of a number from 60 to 604800"))?;
    house.put(SETTING, &[], members(json!({"URL": url, "CycleTime": seconds})));
    Ok(done())
}

fn show(_asked: &Asked<'_>, house: &House) -> Performed {
    let setting = house.rows(SETTING).first().map(shown);
    Ok(members(setting.unwrap_or_else(|| json!({"URL": "", "CycleTime": 0}))))
}

fn bind(asked: &Asked<'_>, house: &mut House) -> Performed {
    let systems = asked.list("DRMSystems");
    let clear = systems.contains(&json!("ClearKey"));
    if systems.is_empty() || (clear && systems.len() > 1) {
        return Err(asked.refuse("InvalidParam", "DRMSystems holds ClearKey alone, or others without it"));
    }
    let on = |name: &str| asked.params.get(name) == Some(&json!(true));
    if !on("EncryptOriginStream") && !on("EncryptTranscodeStream") {
        let message = "one of EncryptOriginStream and EncryptTranscodeStream is true";
        return Err(asked.refuse("InvalidParam", message));
    }
    let binding = json!({
        "App": asked.text("App"),
        "DRMSystems": systems,
        "EncryptOriginStream": on("EncryptOriginStream"),
        "EncryptTranscodeStream": on("EncryptTranscodeStream"),
        "EncryptTranscodeSuffix": asked.list("EncryptTranscodeSuffix"),
        "Vhost": asked.text("Vhost"),
    });
    house.put(BINDINGS, &asked.key(&APP), members(binding));
    Ok(done())
}

fn unbind(asked: &Asked<'_>, house: &mut House) -> Performed {
    match house.remove(BINDINGS, &asked.key(&APP)) {
        0 => Err(asked.refuse("ResourceNotFound", "the app has no encryption bound")),
        _ => Ok(done()),
    }
}

fn list(asked: &Asked<'_>, house: &House) -> Performed {
    let app = asked.given("App");
    let rows = house
        .rows(BINDINGS)
        .iter()
        .filter(|row| text(row, "Vhost") == asked.text("Vhost") && app.is_none_or(|app| row.get("App") == Some(app)));
    let rows: Vec<Value> = rows.map(shown).collect();
    Ok(members(json!({ "DRMBindingList": rows })))
}

/// Every plausible key id has a key, always the same one for an account: 16 characters.
fn data_key(asked: &Asked<'_>, _house: &House) -> Performed {
    let id = asked.text("KeyID");
    let plausible = (8..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !plausible {
        return Err(asked.refuse("ResourceNotFound", "the key does not exist"));
    }
    let mut key = digest::sha256_hex(format!("livectl sandbox key {} {id}", asked.account).as_bytes());
    key.truncate(16);
    Ok(members(json!({ "DataKey": key })))
}
