//! The wire forms of the three vendors: calls to requests, answers to replies, codes to classes, and the checks
//! before anything is sent. Expected values come from the fact sheets and the vendors' references.

#![allow(clippy::unwrap_used, reason = "a test may end that way, in its helping functions too")]

mod checks;
mod classes;
mod decode;
mod encode;
mod items;

use livectl::model::{Call, Params, Request, Response, Vendor};
use livectl::providers::{Target, provider};
use livectl::sign::Scheme;
use serde_json::Value;

/// Encodes for the vendor's own host and default signature.
fn encode(vendor: Vendor, action: &str, params: Params, region: Option<&str>) -> Request {
    encode_with(Scheme::default_of(vendor), vendor, action, params, region)
}

fn encode_with(signature: Scheme, vendor: Vendor, action: &str, params: Params, region: Option<&str>) -> Request {
    let host = provider(vendor).endpoint(region);
    let target = Target { scheme: "https", host: &host, region, signature };
    let call = Call { vendor, action: action.to_owned(), params };
    provider(vendor).encode(&call, &target).unwrap_or_else(|e| panic!("{action}: {e}"))
}

/// An object as parameters.
fn params(value: Value) -> Params {
    match value {
        Value::Object(members) => members,
        other => panic!("{other} is no object"),
    }
}

fn response(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Response {
    Response { status, headers: vec![("content-type".to_owned(), content_type.to_owned())], body: body.into() }
}

/// The pairs of a percent-encoded form or query.
fn pairs(text: &str) -> Vec<(String, String)> {
    let decode = |part: &str| {
        let mut bytes = Vec::new();
        let mut rest = part.as_bytes();
        while let Some((first, after)) = rest.split_first() {
            rest = after;
            if *first == b'%' {
                bytes.push(u8::from_str_radix(std::str::from_utf8(&rest[..2]).unwrap(), 16).unwrap());
                rest = &rest[2..];
            } else {
                bytes.push(*first);
            }
        }
        String::from_utf8(bytes).unwrap()
    };
    let parts = text.split('&').filter(|part| !part.is_empty());
    parts.map(|part| part.split_once('=').unwrap()).map(|(name, value)| (decode(name), decode(value))).collect()
}

fn owned(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The header of that name, as it is sent.
fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}
