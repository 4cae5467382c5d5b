//! Callbacks as a vendor would send them, to test who receives them.

use jiff::Timestamp;
use serde_json::Value;

use super::{Fields, Form, Sample, Scheme, house};
use crate::model::{self, Header, Method, Secret, Vendor};
use crate::sign::{callback_expiry, callback_host, percent};

/// What a played callback tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scene {
    /// The domain.
    pub domain: String,
    /// The app.
    pub app: String,
    /// The stream.
    pub stream: String,
    /// When it happened.
    pub at: Timestamp,
}

/// With what a played callback is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// The key.
    pub key: Secret,
    /// The host of the address that it goes to; another one signs instead where the user says so.
    pub host: String,
    /// Whether the user said so.
    pub host_is_given: bool,
    /// When it is sent.
    pub sent: Timestamp,
    /// Until when it is to be believed, where the vendor signs that.
    pub expires: Timestamp,
}

/// A callback, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Played {
    /// How it is sent.
    pub method: Method,
    /// The arguments behind the address; empty without any.
    pub query: String,
    /// Headers beside the usual ones.
    pub headers: Vec<Header>,
    /// The body; empty in a GET.
    pub body: String,
}

/// What a user wrote of a callback.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Written {
    /// All its fields, instead of those of the sample.
    pub body: Option<Fields>,
    /// Fields that replace or join the others.
    pub set: Fields,
}

/// The fields that a vendor's signature takes, in callbacks of that vendor.
pub fn signed_fields(vendor: Vendor) -> &'static [&'static str] {
    match house(vendor).scheme {
        Scheme::Expiry => &["t", "sign"],
        Scheme::Host => &[],
    }
}

/// The events of a vendor that can be played without a body of one's own.
pub fn playable(vendor: Vendor) -> Vec<model::CallbackEvent> {
    house(vendor).samples.iter().map(|sample| sample.event).collect()
}

/// A callback of an event; `None` where the facts do not know what it looks like and nothing is `written`.
///
/// It travels as the sample does; without one, as JSON.
pub fn play(
    vendor: Vendor,
    event: model::CallbackEvent,
    scene: &Scene,
    written: &Written,
    seal: Option<&Seal>,
) -> Option<Played> {
    let house = house(vendor);
    let sample = house.samples.iter().find(|sample| sample.event == event);
    let form = sample.map_or(Form::Json, |sample| sample.form);
    let usual = || sample.map(|sample| sample.filled(scene)).unwrap_or_default();
    let mut all = written.body.clone().unwrap_or_else(usual);
    all.extend(written.set.clone());
    if all.is_empty() {
        return None;
    }
    let mut headers: Vec<Header> = Vec::new();
    match (house.scheme, seal) {
        (Scheme::Expiry, Some(seal)) => {
            let expires = seal.expires.as_second();
            all.insert("t".to_owned(), expires.into());
            all.insert("sign".to_owned(), callback_expiry::sign(&seal.key, &expires.to_string()).into());
        }
        (Scheme::Host, Some(seal)) => {
            // Callbacks about pushes are signed with the push domain.
            let host = if form == Form::Query && !seal.host_is_given { &scene.domain } else { &seal.host };
            let sent = seal.sent.as_second().to_string();
            let signature = callback_host::sign(&seal.key, host, &sent);
            headers.push((callback_host::TIME_HEADER.to_owned(), sent));
            headers.push((callback_host::SIGNATURE_HEADER.to_owned(), signature));
        }
        (_, None) => {}
    }
    Some(match form {
        Form::Query => {
            let pairs = all.iter().map(|(name, value)| (name.clone(), plain(value)));
            Played { method: Method::Get, query: percent::encode_pairs(pairs), headers, body: String::new() }
        }
        Form::Json => {
            headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
            let body = Value::Object(all).to_string();
            Played { method: Method::Post, query: String::new(), headers, body }
        }
    })
}

impl Sample {
    fn filled(&self, scene: &Scene) -> Fields {
        match serde_json::from_str(self.fields) {
            Ok(Value::Object(fields)) => fields.into_iter().map(|(name, value)| (name, fill(value, scene))).collect(),
            _ => Fields::new(),
        }
    }
}

fn fill(value: Value, scene: &Scene) -> Value {
    match value {
        Value::String(text) => match text.as_str() {
            "{time}" => scene.at.as_second().into(),
            "{time_ms}" => scene.at.as_millisecond().into(),
            "{time_text}" => scene.at.as_second().to_string().into(),
            text => named(text, scene).into(),
        },
        Value::Array(items) => items.into_iter().map(|item| fill(item, scene)).collect(),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(name, value)| (name, fill(value, scene))).collect())
        }
        other => other,
    }
}

fn named(text: &str, scene: &Scene) -> String {
    // One pass: a name may hold what looks like another place.
    let mut filled = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        filled.push_str(&rest[..start]);
        let places = [("{domain}", &scene.domain), ("{app}", &scene.app), ("{stream}", &scene.stream)];
        match places.iter().find(|(place, _)| rest[start..].starts_with(place)) {
            Some((place, name)) => {
                filled.push_str(name);
                rest = &rest[start + place.len()..];
            }
            None => {
                filled.push('{');
                rest = &rest[start + 1..];
            }
        }
    }
    filled + rest
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
