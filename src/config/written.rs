//! Values as a user types them, as the profile file has them.

use toml_edit::{Array, Value};

use super::endpoint::check_endpoint;
use super::keys::{Form, Key};
use super::reader::is_variable_name;
use super::role::check_life;
use super::source::check_characters;
use crate::model::{Vendor, time};

/// Checks a typed value and makes it a value of the file.
///
/// # Errors
/// What the key may hold. The value itself is not told: it may be a secret under the wrong key.
pub(super) fn to_toml(key: &Key, text: &str) -> Result<Value, String> {
    match key.form {
        Form::Text => word(key.name, text).map(Value::from),
        Form::Id | Form::Secret => match check_characters("it", text, key.name) {
            Ok(()) => Ok(Value::from(text)),
            Err(_) => Err("a text of ASCII characters without spaces and line breaks".into()),
        },
        Form::Flag => match text {
            "true" => Ok(Value::from(true)),
            "false" => Ok(Value::from(false)),
            _ => Err("`true` or `false`".into()),
        },
        Form::Duration => {
            let seconds = time::parse_duration(text).map_or(0, |limit| limit.as_secs());
            check_life(seconds).map(|_| Value::from(text))
        }
        Form::List if !text.trim_start().starts_with('[') => Ok(array(text.split(',').map(str::trim))),
        Form::List => items(text).map(|items| array(items.iter().map(String::as_str))),
        Form::Command => match items(text)? {
            items if items.first().is_none_or(String::is_empty) => Err("a command: it names no program".into()),
            items => Ok(array(items.iter().map(String::as_str))),
        },
    }
}

fn array<'a>(items: impl Iterator<Item = &'a str>) -> Value {
    Value::Array(items.filter(|item| !item.is_empty()).collect::<Array>())
}

fn items(text: &str) -> Result<Vec<String>, String> {
    serde_json::from_str(text).map_err(|_| "a JSON array of texts: `[\"program\", \"argument\"]`".into())
}

fn word(name: &str, text: &str) -> Result<String, String> {
    let fits = match name {
        "vendor" => {
            return text
                .parse::<Vendor>()
                .map(|vendor| vendor.name().to_owned())
                .map_err(|_| "a vendor: `tencent`, `aliyun` or `volcengine`".into());
        }
        "endpoint" | "sts_endpoint" => check_endpoint(text).is_ok(),
        "env_prefix" => is_variable_name(text),
        "trust" => matches!(text, "system" | "bundled"),
        "region" => text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'),
        "signature" => text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'),
        _ => !text.chars().any(char::is_control),
    };
    let allowed = match name {
        "endpoint" | "sts_endpoint" => "`https://HOST`, or `http://` for a loopback address",
        "env_prefix" => "the beginning of a variable's name: letters, digits and `_`",
        "trust" => "`system` or `bundled`",
        "region" => "a region such as `ap-guangzhou`",
        "signature" => "a signature such as `tc3`",
        _ => "a text on one line",
    };
    fits.then(|| text.to_owned()).ok_or_else(|| allowed.to_owned())
}
