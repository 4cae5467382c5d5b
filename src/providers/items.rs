//! `Key=value` and `Key:=json` items of `api`, turned into typed parameters by the facts.

pub(in crate::providers) mod meaning;
mod place;
pub(in crate::providers) mod times;

use jiff::Timestamp;
use serde_json::Value;

use crate::error::Fault;
use crate::model::{Params, Vendor};
use crate::providers::catalog::{Action, Param};
use crate::providers::homes;
use crate::providers::secrets::is_secret_name;
pub use meaning::{list as values, words_for};
use place::Place;
pub use times::is_time;

/// The items of a command line, read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parsed {
    /// The parameters; what is not of its type stands here as text.
    pub params: Params,
    /// Items that are none, or contradict each other.
    pub unreadable: Vec<Fault>,
    /// Values that are not of the type that the facts want.
    pub untyped: Vec<Fault>,
    /// Options that stand for no parameter of the Action, without dashes.
    pub unknown: Vec<String>,
}

/// Turns the items of a command line into typed parameters.
///
/// `Key=value` is typed by the facts: numbers, truth values, enum meanings and times as people write them;
/// repeated, it makes a list where the parameter is one; `Key.Member=` and `Key[0].Member=` reach into objects.
/// `Key:=json` is taken as it is. Without an Action
/// (`--force`) a plain value stays text. Every wrong item is told.
pub fn parse(vendor: Vendor, action: Option<&Action<'_>>, items: &[String], now: Timestamp) -> Parsed {
    let mut parsed = Parsed::default();
    for item in items {
        let Some((key, is_json, text)) = split(item) else {
            let name = item.split(['=', ':']).next().unwrap_or_default();
            let option = if name.is_empty() { "an item without a name".to_owned() } else { name.to_owned() };
            let allowed = "an item of the form `Key=value` or `Key:=json`".to_owned();
            parsed.unreadable.push(Fault { option, given: None, allowed });
            continue;
        };
        let place = Place::of(vendor, action, key);
        let fault = |allowed| {
            let secret = is_secret(key, place.format());
            let given = if secret { "***".to_owned() } else { text.to_owned() };
            Fault { option: key.to_owned(), given: Some(given), allowed }
        };
        let value = match if is_json { json(text) } else { place.convert(text, now) } {
            Err(allowed) if is_json => Err(allowed),
            Err(allowed) => {
                parsed.untyped.push(fault(allowed));
                Ok(Value::String(text.to_owned()))
            }
            value => value,
        };
        if let Err(allowed) = value.and_then(|value| place.put(&mut parsed.params, value)) {
            parsed.unreadable.push(fault(allowed));
        }
    }
    parsed
}

/// Turns the options of an Action's home command, without dashes, into typed parameters.
///
/// A list takes each value, or all of them as a JSON list; anything else is given once. Every wrong value is told.
pub fn from_options(
    vendor: Vendor,
    action: &Action<'static>,
    options: &[(String, Vec<String>)],
    now: Timestamp,
) -> Parsed {
    let mut parsed = Parsed::default();
    for (option, texts) in options {
        let Some(param) = homes::param_of(vendor, action, option) else {
            parsed.unknown.push(option.clone());
            continue;
        };
        let secret = is_secret(param.name, param.format);
        let fault = |text: &str, allowed: String| {
            let given = if secret { "***".to_owned() } else { text.to_owned() };
            Fault { option: format!("--{option}"), given: Some(given), allowed }
        };
        let mut values = Vec::new();
        for text in texts {
            match convert(param, text, now) {
                Ok(value) => values.push(value),
                Err(allowed) => {
                    parsed.untyped.push(fault(text, allowed));
                    values.push(Value::String(text.clone()));
                }
            }
        }
        let last = values.last().cloned();
        let value = match element(param.kind) {
            Some(_) => values.into_iter().flat_map(as_list).collect(),
            None => match values.pop() {
                Some(value) if values.is_empty() => value,
                _ => {
                    parsed.unreadable.push(fault(&texts.join("`, `"), "one value only".to_owned()));
                    last.unwrap_or_default()
                }
            },
        };
        parsed.params.insert(param.name.to_owned(), value);
    }
    parsed
}

fn as_list(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        one => vec![one],
    }
}

/// Turns one text into the value that a parameter wants. A list takes one item, or all as a JSON list.
///
/// # Errors
/// What is allowed, in words.
pub fn convert(param: &Param<'_>, text: &str, now: Timestamp) -> Result<Value, String> {
    if let Some(element) = element(param.kind) {
        if text.trim_start().starts_with('[') {
            let value = json(text)?;
            return if value.is_array() { Ok(value) } else { Err("a JSON list".to_owned()) };
        }
        return single(param, element, text, now).map(|value| Value::Array(vec![value]));
    }
    if param.allowed.is_empty() {
        return single(param, param.kind, text, now);
    }
    match separator(param.format) {
        Some(separator) => Ok(Value::String(by_meaning(param, text, separator))),
        None => single(param, param.kind, text, now),
    }
}

/// The sign between the values of one text, for formats that hold several.
pub(in crate::providers) fn separator(format: Option<&str>) -> Option<char> {
    match format {
        Some("csv") => Some(','),
        Some("bar-list") => Some('|'),
        Some("semicolon-list") => Some(';'),
        _ => None,
    }
}

/// What a list holds: `string` of `array<string>`.
pub fn element(kind: &str) -> Option<&str> {
    kind.strip_prefix("array<").and_then(|rest| rest.strip_suffix('>'))
}

/// The name of the type of an object: `T` of `object<T>`; a bare name is one itself, as the element of a list.
pub(crate) fn members_type(kind: &str) -> Option<&str> {
    match kind {
        "string" | "integer" | "float" | "boolean" | "datetime" | "any" => None,
        kind if kind.starts_with("array<") => None,
        kind => Some(kind.strip_prefix("object<").and_then(|rest| rest.strip_suffix('>')).unwrap_or(kind)),
    }
}

/// A value that must not be repeated in a message: by the parameter's name and format.
pub fn is_secret(name: &str, format: Option<&str>) -> bool {
    is_secret_name(name) || format == Some("pem")
}

/// One item of a command line, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item<'a> {
    /// The parameter, or the way to a member of it.
    pub key: &'a str,
    /// `:=`: the text is JSON.
    pub is_json: bool,
    /// What follows.
    pub text: &'a str,
    /// The text may stand in a file: a secret, or PEM.
    pub may_be_file: bool,
}

/// The parts of `Key=value` or `Key:=json`; `None` where it is neither.
pub fn item<'a>(vendor: Vendor, action: Option<&Action<'_>>, item: &'a str) -> Option<Item<'a>> {
    let (key, is_json, text) = split(item)?;
    let may_be_file = is_json || is_secret(key, Place::of(vendor, action, key).format());
    Some(Item { key, is_json, text, may_be_file })
}

/// Key, whether JSON follows, and the text. The first `=` separates.
fn split(item: &str) -> Option<(&str, bool, &str)> {
    let (key, text) = item.split_once('=')?;
    let (key, is_json) = key.strip_suffix(':').map_or((key, false), |key| (key, true));
    (!key.is_empty()).then_some((key, is_json, text))
}

fn json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|e| format!("JSON (line {}, column {} is not)", e.line(), e.column()))
}

/// One value of a kind that is no list.
fn single(param: &Param<'_>, kind: &str, text: &str, now: Timestamp) -> Result<Value, String> {
    if let Some(format) = param.format.filter(|format| times::is_time(format)) {
        // An empty time is a value of its own for some parameters: for ever.
        let written = if text.is_empty() { String::new() } else { times::rewrite(format, text, now)? };
        return scalar(kind, &written).map_err(|_| format!("a time such as {}", times::forms(format)));
    }
    let meant = meaning::value_of(param, text).unwrap_or(text);
    scalar(kind, meant).map_err(|allowed| match param.allowed.is_empty() {
        true => allowed,
        false => format!("one of {}", meaning::list(param)),
    })
}

fn scalar(kind: &str, text: &str) -> Result<Value, String> {
    match kind {
        "string" | "datetime" => Ok(Value::String(text.to_owned())),
        "integer" => {
            let number = text.parse::<i64>().map(Value::from).or_else(|_| text.parse::<u64>().map(Value::from));
            number.map_err(|_| "an integer".to_owned())
        }
        "float" => text
            .parse::<f64>()
            .ok()
            .filter(|number| number.is_finite())
            .and_then(|_| serde_json::from_str(text).ok())
            .ok_or_else(|| "a number".to_owned()),
        "boolean" => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Ok(Value::Bool(true)),
            "false" | "no" | "off" | "0" => Ok(Value::Bool(false)),
            _ => Err("true or false".to_owned()),
        },
        "any" => Ok(serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))),
        // Everything else is an object, given as JSON.
        _ => match json(text)? {
            object @ Value::Object(_) => Ok(object),
            _ => Err("a JSON object".to_owned()),
        },
    }
}

fn by_meaning(param: &Param<'_>, text: &str, separator: char) -> String {
    let values: Vec<&str> = text.split(separator).map(|word| meaning::value_of(param, word).unwrap_or(word)).collect();
    values.join(separator.encode_utf8(&mut [0; 4]))
}
