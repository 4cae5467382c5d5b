//! Requests through [`handle`] without a socket. Signatures are believed unless a test says otherwise.

mod aliyun_casters;
mod aliyun_domains;
mod aliyun_families;
mod families;
mod protocol;
mod tencent_access;
mod tencent_families;
mod volcengine_families;
mod volcengine_settings;
mod volcengine_streams;

use jiff::Timestamp;
use serde_json::Value;

use crate::model::{Credentials, Header, Vendor};
use crate::providers::catalog;
use crate::sandbox::Options;
use crate::sandbox::auth::Signatures;
use crate::sandbox::dispatch::{Reaction, Shared, handle};
use crate::sandbox::state::Store;
use crate::sign::{Claims, Distrust, Received, Scheme};

const NOW: i64 = 1_700_000_000;

fn clock() -> Timestamp {
    Timestamp::from_second(NOW).unwrap()
}

/// Reads key, time, nonce and token from headers of the tests' own.
fn claims(vendor: Vendor, received: &Received<'_>) -> Result<Claims, Distrust> {
    let own = |name: &str| received.header(name).map(str::to_owned);
    let at = own("test-at").map_or(NOW, |at| at.parse().unwrap());
    Ok(Claims {
        scheme: Scheme::default_of(vendor),
        service: None,
        access_key_id: own("test-key").unwrap_or_else(|| crate::sandbox::Keys::built_in().access_key_id),
        at: Timestamp::from_second(at).unwrap(),
        nonce: own("test-nonce"),
        session_token: own("test-token"),
        region: None,
    })
}

fn verify(_: &Claims, received: &Received<'_>, _: &Credentials) -> Result<(), Distrust> {
    match received.header("test-bad") {
        Some(_) => Err(Distrust::Mismatch("GET&%2F&a%3Db".to_owned())),
        None => Ok(()),
    }
}

fn sandbox_with(change: impl FnOnce(&mut Options)) -> Shared {
    let mut options = Options::new("prod");
    options.clock = clock;
    options.throttle = false;
    change(&mut options);
    Shared::new(options, Store::in_memory(), Signatures { claims, verify })
}

fn sandbox() -> Shared {
    sandbox_with(|_| {})
}

/// Sends one Action in the vendor's ordinary form, with more headers.
fn react(shared: &Shared, vendor: Vendor, action: &str, params: &Value, more: &[(&str, &str)]) -> Reaction {
    let mut headers: Vec<Header> = more.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    headers.push(("host".to_owned(), "127.0.0.1:1".to_owned()));
    let (method, query, body) = match vendor {
        Vendor::Tencent => {
            headers.push(("x-tc-action".to_owned(), action.to_owned()));
            headers.push(("x-tc-version".to_owned(), "2018-08-01".to_owned()));
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
            if !more.iter().any(|(name, _)| *name == "x-tc-region") {
                headers.push(("x-tc-region".to_owned(), "ap-guangzhou".to_owned()));
            }
            ("POST", String::new(), params.to_string())
        }
        Vendor::Aliyun => {
            let mut query = format!("Action={action}&Version=2016-11-01&Format=JSON&AccessKeyId=x&Signature=y");
            for (name, value) in params.as_object().unwrap() {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                query
                    .push_str(&format!("&{name}={}", text.replace('%', "%25").replace('&', "%26").replace('+', "%2B")));
            }
            ("POST", query, String::new())
        }
        Vendor::Volcengine => {
            headers.push(("x-date".to_owned(), "20231114T221320Z".to_owned()));
            let get = catalog::find(vendor, action).is_some_and(|action| action.method == "GET");
            let mut query = format!("Action={action}&Version=2023-01-01");
            if get {
                for (name, value) in params.as_object().unwrap() {
                    query.push_str(&format!("&{name}={}", value.as_str().unwrap()));
                }
            }
            if get { ("GET", query, String::new()) } else { ("POST", query, params.to_string()) }
        }
    };
    let received = Received { method, path: "/", raw_query: &query, headers: &headers, body: body.as_bytes() };
    handle(&received, shared)
}

fn call(shared: &Shared, vendor: Vendor, action: &str, params: Value) -> (u16, Value) {
    let answer = react(shared, vendor, action, &params, &[]).answer;
    (answer.status, serde_json::from_slice(&answer.body).unwrap())
}

/// The result of a call that succeeds.
fn ok(shared: &Shared, vendor: Vendor, action: &str, params: Value) -> Value {
    let (status, mut body) = call(shared, vendor, action, params);
    assert_eq!(code(&body), None, "{action}: {body}");
    assert_eq!(status, 200, "{body}");
    match vendor {
        Vendor::Tencent => body["Response"].take(),
        Vendor::Aliyun => body,
        Vendor::Volcengine => body["Result"].take(),
    }
}

/// Status and code of a call that is refused.
fn refused(shared: &Shared, vendor: Vendor, action: &str, params: Value) -> (u16, String) {
    let (status, body) = call(shared, vendor, action, params);
    (status, code(&body).unwrap_or_else(|| panic!("{action} was not refused: {body}")))
}

fn code(body: &Value) -> Option<String> {
    let places = ["/Response/Error/Code", "/Code", "/ResponseMetadata/Error/Code"];
    places.iter().find_map(|place| body.pointer(place)).and_then(Value::as_str).map(str::to_owned)
}

fn pair(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}
