//! Requests to the sandbox, of whatever bytes: each is answered in the envelope of the vendor it speaks to.
//!
//! One request is `SCHEME METHOD /path?query`, headers, an empty line and the body, as in HTTP. With a scheme (`tc3`,
//! `hmac-sha1`, `hmac-sha256`, `rpc`, `acs3`, `volcengine`) it is signed with the sandbox's own key; with `-` it goes as
//! it is. Several requests to one sandbox have a line `%%` between them.

use jiff::Timestamp;
use livectl::model::{Credentials, Header, Method, Reading, Request, Response, Vendor};
use livectl::providers::provider;
use livectl::sandbox::{Direct, Keys, Options};
use livectl::sign::{self, Moment, Received, Scheme};
use serde_json::Value;

/// Most requests of one input.
const MOST: usize = 6;
const HOST: &str = "127.0.0.1:1";

fn clock() -> Timestamp {
    Timestamp::from_second(1_700_000_000).expect("a time")
}

/// One request as it is written in an input.
struct Asked {
    scheme: Option<Scheme>,
    method: String,
    path: String,
    query: String,
    headers: Vec<Header>,
    body: Vec<u8>,
}

/// Runs one input.
pub fn run(data: &[u8]) {
    let sandbox = Direct::new(Options { clock, ..Options::new("fuzz") });
    let mut timelines = 0;
    for (at, one) in split(data, b"\n%%\n").into_iter().take(MOST).enumerate() {
        let asked = read(one);
        // A week of segments is a long answer, and one of them is enough for one input.
        timelines += usize::from(asked.path.contains("timeline"));
        if timelines > 1 {
            continue;
        }
        let Some(asked) = signed(asked, at) else { continue };
        let received = Received {
            method: &asked.method,
            path: &asked.path,
            raw_query: &asked.query,
            headers: &asked.headers,
            body: &asked.body,
        };
        let vendor = sign::detect_vendor(&received);
        judge(&sandbox.answer(&received), vendor, asked.scheme.is_some());
    }
}

fn split<'a>(mut data: &'a [u8], separator: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    while let Some(at) = data.windows(separator.len()).position(|window| window == separator) {
        parts.push(&data[..at]);
        data = &data[at + separator.len()..];
    }
    parts.push(data);
    parts
}

fn read(data: &[u8]) -> Asked {
    let end = data.windows(2).position(|window| window == b"\n\n");
    let (head, body) = end.map_or((data, &[][..]), |end| (&data[..end], &data[end + 2..]));
    let head = String::from_utf8_lossy(head).into_owned();
    let mut lines = head.split('\n');
    let mut words = lines.next().unwrap_or_default().splitn(3, ' ');
    let scheme = words.next().and_then(scheme);
    let method = words.next().unwrap_or("GET").to_owned();
    let target = words.next().unwrap_or("/");
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let header = |line: &str| {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        (name.trim().to_ascii_lowercase(), value.trim().to_owned())
    };
    let headers = lines.map(header).filter(|(name, _)| !name.is_empty()).collect();
    Asked { scheme, method, path: path.to_owned(), query: query.to_owned(), headers, body: body.to_vec() }
}

fn scheme(word: &str) -> Option<Scheme> {
    let named = Vendor::ALL.into_iter().find_map(|vendor| Scheme::named(vendor, word));
    named.or((word == "volcengine").then_some(Scheme::Volcengine))
}

/// The request with the sandbox's signature where one is asked for; `None` where the scheme cannot sign it.
fn signed(asked: Asked, at: usize) -> Option<Asked> {
    let Some(scheme) = asked.scheme else { return Some(asked) };
    let keys = Keys::built_in();
    let credentials = Credentials {
        access_key_id: keys.access_key_id,
        access_key_secret: keys.access_key_secret,
        session_token: None,
    };
    let request = Request {
        method: if asked.method == "GET" { Method::Get } else { Method::Post },
        scheme: "http".to_owned(),
        host: HOST.to_owned(),
        path: asked.path,
        query: sign::percent::decode_pairs(&asked.query)?,
        headers: asked.headers.into_iter().filter(|(name, _)| name != "host").collect(),
        body: asked.body,
    };
    let nonce = (1000 + at).to_string();
    let moment = Moment { at: clock(), nonce: &nonce, region: "cn-north-1" };
    let signed = sign::sign(request, scheme, &credentials, &moment).ok()?;
    let target = signed.url().split_once(HOST)?.1;
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut headers: Vec<Header> =
        signed.headers().iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect();
    headers.push(("host".to_owned(), HOST.to_owned()));
    Some(Asked {
        scheme: asked.scheme,
        method: signed.method().name().to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers,
        body: signed.body().to_vec(),
    })
}

/// The answer is one that the vendor's client can read, and a success only where somebody signed.
fn judge(answer: &Response, vendor: Option<Vendor>, signed: bool) {
    assert!((200..600).contains(&answer.status), "{}", answer.status);
    assert!(answer.header("date").is_some(), "{:?}", answer.headers);
    assert!(answer.headers.iter().all(|(_, value)| !value.contains(['\r', '\n', '\0'])), "{:?}", answer.headers);
    let kind = answer.header("content-type").expect("a media type");
    let text = std::str::from_utf8(&answer.body).expect("answers are text");
    if kind.starts_with("text/xml") {
        assert_eq!(vendor.unwrap_or(Vendor::Aliyun), Vendor::Aliyun, "{text}");
        assert!(text.starts_with("<?xml"), "{text}");
        if answer.status != 200 {
            refused(Vendor::Aliyun, answer, text);
        } else {
            assert!(signed && text.ends_with("Response>"), "{text}");
        }
        return;
    }
    let body: Value = serde_json::from_str(text).expect("JSON is JSON");
    let speaks = [
        ("Response", Some(Vendor::Tencent)),
        ("ResponseMetadata", Some(Vendor::Volcengine)),
        ("RequestId", Some(Vendor::Aliyun)),
        // What speaks no vendor's protocol, and the query of a playback domain.
        ("sandbox", None),
        ("retCode", None),
    ];
    let (_, spoken) = speaks.into_iter().find(|(member, _)| body.get(*member).is_some()).expect("an envelope");
    let Some(spoken) = spoken else { return };
    // Without a mark in the request the host tells.
    assert_eq!(vendor.unwrap_or(spoken), spoken, "{text}");
    match provider(spoken).decode("Fuzz", answer, Reading::Members) {
        Ok(_) => assert!(signed, "nobody signed it: {text}"),
        Err(_) => refused(spoken, answer, text),
    }
}

fn refused(vendor: Vendor, answer: &Response, text: &str) {
    let error = provider(vendor).decode("Fuzz", answer, Reading::Members).expect_err("it was refused");
    let details = error.details();
    assert!(details.code.as_ref().is_some_and(|code| !code.is_empty()), "no code of the vendor: {text}");
    assert!(details.request_id.is_some(), "no request id: {text}");
}
