//! A request as `--dry-run` and `--show-request` print it: one JSON object a line, secrets and signature masked.

use serde_json::{Map, Value, json};

use crate::commands::redact::{self, MASK};
use crate::model::{Call, Change};
use crate::sign::{Signed, percent};

/// The request that would be sent, or is.
pub(super) fn view(call: &Call, signed: &Signed, step: Option<u32>, changes: &[Change]) -> Value {
    let mut headers = Map::new();
    for (name, value) in signed.headers() {
        let shown = if redact::is_secret_name(name) { MASK } else { value };
        headers.insert(name.clone(), json!(shown));
    }
    let mut body = serde_json::from_slice::<Value>(signed.body())
        .unwrap_or_else(|_| json!(masked_pairs(&String::from_utf8_lossy(signed.body()))));
    if signed.body().is_empty() {
        body = Value::Null;
    }
    redact::value(&mut body);
    let mut changes = json!(changes);
    redact::value(&mut changes);
    json!({
        "vendor": call.vendor.name(),
        "action": call.action,
        "method": signed.method().name(),
        "url": masked_url(signed.url()),
        "headers": headers,
        "body": body,
        "step": step,
        "changes": changes,
    })
}

fn masked_url(url: &str) -> String {
    match url.split_once('?') {
        Some((head, query)) => format!("{head}?{}", masked_pairs(query)),
        None => url.to_owned(),
    }
}

/// Masks the secret values of `name=value&…`, leaving the encoding of the others as it is.
fn masked_pairs(pairs: &str) -> String {
    let masked = pairs.split('&').map(|pair| {
        let read = |text: &str| percent::decode(text).unwrap_or_else(|| text.to_owned());
        let Some((name, value)) = pair.split_once('=') else { return pair.to_owned() };
        let mut shown = Value::Object(Map::from_iter([(read(name), Value::from(read(value)))]));
        let before = shown.clone();
        redact::value(&mut shown);
        if shown == before {
            return pair.to_owned();
        }
        let text = shown.as_object().and_then(|members| members.values().next()).and_then(Value::as_str);
        // The mask stays readable: stars are legal in a query.
        format!("{name}={}", percent::encode(text.unwrap_or(MASK)).replace("%2A", "*"))
    });
    masked.collect::<Vec<_>>().join("&")
}
