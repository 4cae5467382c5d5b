//! `Key=value` and `Key:=json` items: parsed, checked, put into the wire form, signed, and believed by the other side.
//!
//! The first line is a vendor and an Action, `tencent AddLiveDomain`; each further line is one item.

use jiff::Timestamp;
use livectl::error::{Class, Error, Fault};
use livectl::model::{Call, Credentials, Header, Params, Request, Secret, Vendor};
use livectl::providers::items::{self, Parsed};
use livectl::providers::{Target, catalog, provider, validate};
use livectl::sign::{self, Moment, Received, Scheme, Signed};
use serde_json::Value;

use crate::judge;

const SCHEMES: [(Vendor, Scheme); 6] = [
    (Vendor::Tencent, Scheme::Tc3),
    (Vendor::Tencent, Scheme::TencentHmacSha1),
    (Vendor::Tencent, Scheme::TencentHmacSha256),
    (Vendor::Aliyun, Scheme::AliyunRpc),
    (Vendor::Aliyun, Scheme::AliyunAcs3),
    (Vendor::Volcengine, Scheme::Volcengine),
];

/// Runs one input.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut lines = text.split('\n');
    let (vendor, name) = lines.next().unwrap_or_default().split_once(' ').unwrap_or(("tencent", "AddLiveDomain"));
    let vendor = vendor.parse().unwrap_or(Vendor::Tencent);
    // Without facts (`--force`) an item is text; the name is another question.
    let action = catalog::find(vendor, name);
    let name = if action.is_some() { name } else { "DoSomethingNew" };
    let words: Vec<String> = lines.map(str::to_owned).collect();
    let now = Timestamp::from_second(1_700_000_000).expect("a time");
    let parsed = items::parse(vendor, action.as_ref(), &words, now);
    assert!(parsed.params.len() <= words.len(), "{parsed:?}");
    faults(&parsed, data.len());
    if let Some(action) = &action {
        let verdict = validate::validate(vendor, action, &parsed.params, Some("ap-guangzhou"), now);
        told(&verdict.faults, data.len());
        assert!(verdict.warnings.iter().all(|warning| !warning.is_empty()));
    }
    if parsed.unreadable.is_empty() {
        every_item_is_there(&parsed.params, &words);
    }
    for (_, scheme) in SCHEMES.into_iter().filter(|(whose, _)| *whose == vendor) {
        let call = Call { vendor, action: name.to_owned(), params: parsed.params.clone() };
        send(&call, scheme, now, data.len());
    }
}

/// Faults are told without secrets, and as one error.
fn faults(parsed: &Parsed, size: usize) {
    for fault in parsed.unreadable.iter().chain(&parsed.untyped) {
        let shown = fault.given.as_deref().unwrap_or("***");
        assert!(!items::is_secret(&fault.option, None) || shown == "***", "{fault:?}");
    }
    told(&[parsed.unreadable.clone(), parsed.untyped.clone()].concat(), size);
}

fn told(faults: &[Fault], size: usize) {
    assert!(faults.iter().all(|fault| !fault.allowed.is_empty()), "{faults:?}");
    judge::error(&Error::wrong_values("check the items", faults.to_vec()), size);
}

/// The parameter that an item's key begins with is there.
fn every_item_is_there(params: &Params, words: &[String]) {
    for word in words {
        let key = word.split_once('=').map_or(word.as_str(), |(key, _)| key);
        let key = key.strip_suffix(':').unwrap_or(key);
        let first = key.split(['.', '[']).next().unwrap_or_default();
        assert!(params.contains_key(key) || params.contains_key(first), "`{key}` is not in {params:?}");
    }
}

/// Encodes and signs: it is refused as a wrong value, or the vendor's side reads what was meant.
fn send(call: &Call, scheme: Scheme, now: Timestamp, size: usize) {
    let host = provider(call.vendor).endpoint(Some("ap-guangzhou"));
    let target = Target { scheme: "https", host: &host, region: Some("ap-guangzhou"), signature: scheme };
    let request = match provider(call.vendor).encode(call, &target) {
        Ok(request) => request,
        Err(error) => {
            judge::error(&error, size);
            assert_eq!(error.class(), Class::Usage, "{error:?}");
            return;
        }
    };
    meant(call, &request);
    let credentials =
        Credentials { access_key_id: "AKID".to_owned(), access_key_secret: Secret::new("secret"), session_token: None };
    let moment = Moment { at: now, nonce: "1234567890", region: "ap-guangzhou" };
    match sign::sign(request, scheme, &credentials, &moment) {
        Ok(signed) => believed(call.vendor, &host, &signed, &credentials),
        // A parameter has the name of one that signing sets.
        Err(error) => judge::error(&error, size),
    }
}

/// No header holds more than it should, and the parameters are in the request.
fn meant(call: &Call, request: &Request) {
    assert!(request.headers.iter().all(|(name, value)| !format!("{name}{value}").contains(['\r', '\n', '\0'])));
    if request.headers.iter().any(|(_, value)| value.starts_with("application/json")) && !request.body.is_empty() {
        match serde_json::from_slice::<Value>(&request.body) {
            Ok(body) => assert_eq!(body, Value::Object(call.params.clone()), "the body is the parameters"),
            // JSON below a path may nest deeper than this reader goes.
            Err(error) => assert!(error.to_string().starts_with("recursion limit"), "{error}"),
        }
        return;
    }
    let form = if request.body.is_empty() { Vec::new() } else { form(&request.body) };
    let sent: Vec<&(String, String)> = request.query.iter().chain(&form).collect();
    for (name, value) in &call.params {
        if let Value::String(text) = value {
            assert!(sent.iter().any(|(key, sent)| key == name && sent == text), "{name}={text} is not in {sent:?}");
        }
    }
}

fn form(body: &[u8]) -> Vec<(String, String)> {
    let text = std::str::from_utf8(body).expect("a form is text");
    sign::percent::decode_pairs(text).expect("a form can be decoded")
}

/// The other side takes the signature for right.
fn believed(vendor: Vendor, host: &str, signed: &Signed, credentials: &Credentials) {
    let target = signed.url().split_once(host).map(|(_, target)| target).expect("the URL has the host");
    let (path, raw_query) = target.split_once('?').unwrap_or((target, ""));
    let lower = |(name, value): &Header| (name.to_ascii_lowercase(), value.clone());
    let mut headers: Vec<Header> = signed.headers().iter().map(lower).collect();
    headers.push(("host".to_owned(), host.to_owned()));
    let received = Received { method: signed.method().name(), path, raw_query, headers: &headers, body: signed.body() };
    let claims = sign::claims(vendor, &received).expect("what was signed makes claims");
    sign::verify(&claims, &received, credentials).expect("what was signed is believed");
}
