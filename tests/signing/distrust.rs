//! Requests that must not be believed, and requests that must not be signed.

use jiff::Timestamp;
use livectl::error::Class;
use livectl::model::{Credentials, Header, Method, Request, Vendor};
use livectl::sign::{Distrust, Moment, Received, Scheme, claims, detect_vendor, sign};

use crate::support::{Sent, credentials};
use crate::vectors::all_sent;

pub const SCHEMES: [Scheme; 6] = [
    Scheme::Tc3,
    Scheme::TencentHmacSha1,
    Scheme::TencentHmacSha256,
    Scheme::AliyunRpc,
    Scheme::AliyunAcs3,
    Scheme::Volcengine,
];

/// A request in the wire form of the scheme, with one business parameter where that form has it.
pub fn request(scheme: Scheme, method: Method, name: &str, value: &str) -> Request {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut query = Vec::new();
    let mut headers = Vec::new();
    let mut body = String::new();
    match scheme {
        Scheme::Tc3 => {
            headers = vec![pair("X-TC-Action", "A"), pair("X-TC-Version", "2018-08-01")];
            if method == Method::Get {
                headers.push(pair("Content-Type", "application/x-www-form-urlencoded"));
                query.push(pair(name, value));
            } else {
                headers.push(pair("Content-Type", "application/json"));
                body = serde_json::json!({ name: value }).to_string();
            }
        }
        Scheme::TencentHmacSha1 | Scheme::TencentHmacSha256 | Scheme::AliyunRpc | Scheme::AliyunAcs3 => {
            let tencent = !matches!(scheme, Scheme::AliyunRpc | Scheme::AliyunAcs3);
            let version = if tencent { "2018-08-01" } else { "2016-11-01" };
            let mut pairs = vec![pair("Action", "A"), pair("Version", version)];
            if method == Method::Post {
                headers.push(pair("Content-Type", "application/x-www-form-urlencoded"));
                body = livectl::sign::percent::encode_pairs([(name, value)]);
                if tencent {
                    body = livectl::sign::percent::encode_pairs(std::mem::take(&mut pairs)) + "&" + &body;
                }
            } else {
                pairs.push(pair(name, value));
            }
            query = pairs;
        }
        Scheme::Volcengine => {
            query = vec![pair("Action", "A"), pair("Version", "2023-01-01")];
            if method == Method::Get {
                query.push(pair(name, value));
            } else {
                headers.push(pair("Content-Type", "application/json"));
                body = serde_json::json!({ name: value }).to_string();
            }
        }
    }
    let (scheme, host, path) = ("http".to_owned(), "127.0.0.1:4433".to_owned(), "/".to_owned());
    Request { method, scheme, host, path, query, headers, body: body.into_bytes() }
}

/// A moment in the present of these tests.
pub fn moment() -> Moment<'static> {
    Moment { at: Timestamp::constant(1_781_641_170, 0), nonce: "20260616", region: "cn-north-1" }
}

/// The same requests, each with one byte changed, without regard to what the byte means.
fn flipped(sent: &Sent, signed_headers: &[&str]) -> Vec<(String, Sent)> {
    let mut all = Vec::new();
    for place in 0..sent.body.len() {
        let mut altered = sent.clone();
        altered.body[place] ^= 1;
        all.push((format!("body {place}"), altered));
    }
    let flip = |text: &str, place: usize| {
        let mut bytes = text.as_bytes().to_vec();
        bytes[place] ^= 1;
        String::from_utf8(bytes).ok()
    };
    for place in 0..sent.raw_query.len() {
        if let Some(raw_query) = flip(&sent.raw_query, place) {
            all.push((format!("query {place}"), Sent { raw_query, ..sent.clone() }));
        }
    }
    for (index, (name, value)) in sent.headers.iter().enumerate() {
        let places = if signed_headers.contains(&name.as_str()) { value.len() } else { 0 };
        for place in 0..places {
            let mut altered = sent.clone();
            altered.headers[index].1 = flip(value, place).unwrap();
            all.push((format!("{name} {place}"), altered));
        }
    }
    all.push(("method".to_owned(), Sent { method: "PUT".to_owned(), ..sent.clone() }));
    all.push(("path".to_owned(), Sent { path: "/x".to_owned(), ..sent.clone() }));
    all
}

#[test]
fn no_byte_can_be_changed() {
    for (_, sent, key) in all_sent() {
        let mut covered = vec!["authorization", "x-tc-timestamp"];
        if let Some(authorization) = sent.header("authorization") {
            let names = authorization.split("SignedHeaders=").nth(1).unwrap().split(',').next().unwrap();
            covered.extend(names.split(';'));
        }
        for (place, altered) in flipped(&sent, &covered) {
            let verdict = altered.judge(&key);
            assert!(verdict.is_err(), "{place} of {} {}", sent.raw_query, String::from_utf8_lossy(&sent.body));
        }
    }
}

#[test]
fn nothing_can_be_added_to_parameters() {
    for (_, sent, key) in all_sent() {
        let raw_query = format!("{}&Extra=1", sent.raw_query);
        assert!(Sent { raw_query, ..sent.clone() }.judge(&key).is_err());
        // A second value of a signed header would be read by some servers, and was not signed.
        let mut doubled = sent.clone();
        doubled.headers.push(("host".to_owned(), "evil.example.com".to_owned()));
        if sent.header("authorization").is_some() {
            assert!(doubled.judge(&key).is_err());
        }
    }
}

#[test]
fn tokens_travel_with_the_request() {
    let token = "Tok/en+with=signs&more";
    let key = credentials("AKID", "secret", Some(token));
    for scheme in SCHEMES {
        for method in [Method::Get, Method::Post] {
            let signed = sign(request(scheme, method, "P", "v"), scheme, &key, &moment()).unwrap();
            let sent = Sent::from_signed(&signed);
            let claims = sent.judge(&key).unwrap();
            assert_eq!(claims.session_token.as_deref(), Some(token), "{scheme:?}");
            assert_eq!(claims.at, moment().at);
            assert_eq!(claims.scheme, scheme);
            let other = credentials("AKID", "secret", None);
            let without = sign(request(scheme, method, "P", "v"), scheme, &other, &moment()).unwrap();
            assert_eq!(Sent::from_signed(&without).judge(&key).unwrap().session_token, None);
        }
    }
}

#[test]
fn every_missing_part_has_the_vendors_name() {
    let parts: [(Scheme, &[&'static str]); 5] = [
        (Scheme::Tc3, &["Authorization", "X-TC-Timestamp"]),
        (Scheme::TencentHmacSha256, &["SecretId", "Timestamp", "Nonce", "Signature"]),
        (
            Scheme::AliyunRpc,
            &["AccessKeyId", "Timestamp", "SignatureMethod", "SignatureVersion", "SignatureNonce", "Signature"],
        ),
        (Scheme::AliyunAcs3, &["Authorization", "x-acs-date", "x-acs-signature-nonce"]),
        (Scheme::Volcengine, &["Authorization", "X-Date"]),
    ];
    let key = credentials("AKID", "secret", None);
    for (scheme, names) in parts {
        let signed = sign(request(scheme, Method::Get, "P", "v"), scheme, &key, &moment()).unwrap();
        let sent = Sent::from_signed(&signed);
        for name in names {
            let mut lacking = sent.clone();
            lacking.headers.retain(|(header, _)| !header.eq_ignore_ascii_case(name));
            let pieces = sent.raw_query.split('&').filter(|piece| !piece.starts_with(&format!("{name}=")));
            lacking.raw_query = pieces.collect::<Vec<_>>().join("&");
            assert_eq!(lacking.judge(&key).unwrap_err(), Distrust::Missing(name), "{scheme:?}");
        }
    }
    for (part, name) in
        [("Credential=", "Credential"), ("SignedHeaders=", "SignedHeaders"), ("Signature=", "Signature")]
    {
        for scheme in [Scheme::Tc3, Scheme::AliyunAcs3, Scheme::Volcengine] {
            let signed = sign(request(scheme, Method::Get, "P", "v"), scheme, &key, &moment()).unwrap();
            let mut sent = Sent::from_signed(&signed);
            let authorization = sent.headers.iter_mut().find(|(header, _)| header == "authorization").unwrap();
            authorization.1 = authorization.1.replace(part, "Other=");
            assert_eq!(sent.judge(&key).unwrap_err(), Distrust::Missing(name), "{scheme:?}");
        }
    }
}

fn with_header(sent: &Sent, name: &str, value: &str) -> Sent {
    let mut sent = sent.clone();
    for header in sent.headers.iter_mut().filter(|(key, _)| key == name) {
        header.1 = value.to_owned();
    }
    sent
}

#[test]
fn unreadable_parts_have_the_vendors_name() {
    let key = credentials("AKID", "secret", None);
    let of = |scheme: Scheme| {
        Sent::from_signed(&sign(request(scheme, Method::Get, "P", "v"), scheme, &key, &moment()).unwrap())
    };
    let judge = |sent: Sent| sent.judge(&key).unwrap_err();
    for text in ["now", "17e8", "-1", "99999999999999999999"] {
        assert_eq!(judge(with_header(&of(Scheme::Tc3), "x-tc-timestamp", text)), Distrust::Malformed("X-TC-Timestamp"));
        let rpc = of(Scheme::AliyunRpc);
        let raw_query = rpc.raw_query.replace("2026-06-16T20%3A19%3A30Z", text);
        assert_ne!(raw_query, rpc.raw_query);
        assert_eq!(judge(Sent { raw_query, ..rpc }), Distrust::Malformed("Timestamp"));
    }
    // The day of the scope is the day of the time, in UTC.
    let late = with_header(&of(Scheme::Tc3), "x-tc-timestamp", "1781740800");
    assert_eq!(judge(late), Distrust::Malformed("Credential"));
    for text in ["20260616T2019Z", "2026-06-16T20:19:30Z", "20261616T201930Z", "20260616T201930"] {
        assert_eq!(judge(with_header(&of(Scheme::Volcengine), "x-date", text)), Distrust::Malformed("X-Date"));
        let volcengine = with_header(&of(Scheme::Volcengine), "x-date", "20260617T000000Z");
        assert_eq!(judge(volcengine), Distrust::Malformed("Credential"));
    }
    for scheme in [Scheme::Tc3, Scheme::AliyunAcs3, Scheme::Volcengine] {
        let sent = of(scheme);
        let authorization = sent.header("authorization").unwrap();
        let bare = authorization.replace("host;", "").replace(";host", "");
        assert_eq!(judge(with_header(&sent, "authorization", &bare)), Distrust::Malformed("SignedHeaders"));
        let absent = authorization.replace("host", "host;x-absent");
        assert_eq!(judge(with_header(&sent, "authorization", &absent)), Distrust::Malformed("SignedHeaders"));
        let vendor = detect_vendor(&sent.received()).unwrap();
        let basic = with_header(&sent, "authorization", "Basic QUtJRDpzZWNyZXQ=");
        assert_eq!(claims(vendor, &basic.received()), Err(Distrust::Malformed("Authorization")));
    }
    let rpc = of(Scheme::AliyunRpc);
    let raw_query = rpc.raw_query.replace("2026-06-16T", "2026-6-16T");
    assert_eq!(judge(Sent { raw_query, ..rpc }), Distrust::Malformed("Timestamp"));
    let mut v1 = of(Scheme::TencentHmacSha1);
    v1.raw_query = v1.raw_query.replace("Nonce=20260616", "Nonce=0x20");
    assert_eq!(judge(v1), Distrust::Malformed("Nonce"));
    let mut rpc = of(Scheme::AliyunRpc);
    rpc.raw_query = rpc.raw_query.replace("P=v", "P=%zz");
    assert_eq!(claims(Vendor::Aliyun, &rpc.received()), Err(Distrust::Malformed("query")));
}

#[test]
fn a_signature_in_another_spelling_is_another() {
    let key = credentials("AKID", "secret", None);
    for scheme in [Scheme::Tc3, Scheme::AliyunAcs3, Scheme::Volcengine] {
        let signed = sign(request(scheme, Method::Get, "P", "v"), scheme, &key, &moment()).unwrap();
        let (sent, signature) = (Sent::from_signed(&signed), &signed.forms().signature);
        for other in [signature.to_uppercase(), signature[..62].to_owned(), format!("{signature}0"), "x".to_owned()] {
            let authorization = sent.header("authorization").unwrap().replace(signature, &other);
            let verdict = with_header(&sent, "authorization", &authorization).judge(&key);
            assert_eq!(verdict, Err(Distrust::Mismatch(signed.forms().string_to_sign.clone())), "{scheme:?} {other}");
        }
    }
}

#[test]
fn acs3_carries_action_and_version_in_headers() {
    let key = credentials("AKID", "secret", None);
    let signed = sign(request(Scheme::AliyunAcs3, Method::Get, "P", "v"), Scheme::AliyunAcs3, &key, &moment()).unwrap();
    let sent = Sent::from_signed(&signed);
    assert_eq!(sent.raw_query, "P=v");
    assert_eq!((sent.header("x-acs-action"), sent.header("x-acs-version")), (Some("A"), Some("2016-11-01")));
}

/// Signed by `tencentcloud-sdk-python` 3.1.195 with its option `unsignedPayload`.
#[test]
fn a_body_that_tencents_sdk_leaves_unsigned_is_believed() {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let signature = "3fcdb8cd6016f121446ea9ab94472654102702d5d1dc114afe2da4f8b488b2ce";
    let scope = "AKIDEXAMPLE/2023-11-14/live/tc3_request";
    let authorization =
        format!("TC3-HMAC-SHA256 Credential={scope}, SignedHeaders=content-type;host, Signature={signature}");
    let mut sent = Sent {
        method: "POST".to_owned(),
        path: "/".to_owned(),
        raw_query: String::new(),
        headers: vec![
            header("content-type", "application/json"),
            header("host", "live.tencentcloudapi.com"),
            header("x-tc-timestamp", "1700000000"),
            header("authorization", &authorization),
            header("x-tc-content-sha256", "UNSIGNED-PAYLOAD"),
        ],
        body: br#"{"DomainPrefix": "a"}"#.to_vec(),
    };
    let key = credentials("AKIDEXAMPLE", "made-up-secret", None);
    assert!(sent.judge(&key).is_ok());
    sent.headers.pop();
    assert!(matches!(sent.judge(&key), Err(Distrust::Mismatch(_))));
}

#[test]
fn headers_unsigned_by_an_acs3_client_do_not_count() {
    let key = credentials("AKID", "secret", None);
    let signed = sign(request(Scheme::AliyunAcs3, Method::Get, "P", "v"), Scheme::AliyunAcs3, &key, &moment()).unwrap();
    let mut sent = Sent::from_signed(&signed);
    sent.headers.push(("user-agent".to_owned(), "anything".to_owned()));
    assert!(sent.judge(&key).is_ok());
    sent.headers.push(("x-acs-security-token".to_owned(), "smuggled".to_owned()));
    assert_eq!(sent.judge(&key), Err(Distrust::Malformed("SignedHeaders")));
}

#[test]
fn what_cannot_be_signed_is_refused() {
    let key = credentials("AKID", "secret", None);
    let refused = |request: Request, scheme: Scheme, moment: Moment<'_>| {
        let error = sign(request, scheme, &key, &moment).unwrap_err();
        assert_eq!(error.class(), Class::Internal, "{scheme:?}");
    };
    for scheme in SCHEMES {
        let mut signed_before = request(scheme, Method::Get, "P", "v");
        signed_before.headers.push(("authorization".to_owned(), "TC3-HMAC-SHA256 x".to_owned()));
        refused(signed_before, scheme, moment());
    }
    for scheme in [Scheme::TencentHmacSha1, Scheme::AliyunRpc] {
        for method in [Method::Get, Method::Post] {
            refused(request(scheme, method, "Signature", "c2lnbmVk"), scheme, moment());
        }
        let mut json = request(scheme, Method::Post, "P", "v");
        json.headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
        refused(json, scheme, moment());
    }
    let tc3 = |method| request(Scheme::Tc3, method, "P", "v");
    let mut no_type = tc3(Method::Get);
    no_type.headers.retain(|(name, _)| name != "Content-Type");
    refused(no_type, Scheme::Tc3, moment());
    let mut query_of_post = tc3(Method::Post);
    query_of_post.query.push(("P".to_owned(), "v".to_owned()));
    refused(query_of_post, Scheme::Tc3, moment());
    let words = Moment { nonce: "c2fe8fbb-2977", ..moment() };
    refused(request(Scheme::TencentHmacSha1, Method::Get, "P", "v"), Scheme::TencentHmacSha1, words);
    let nowhere = Moment { region: "", ..moment() };
    refused(request(Scheme::Volcengine, Method::Get, "P", "v"), Scheme::Volcengine, nowhere);
}

#[test]
fn debug_shows_no_secret() {
    let key = credentials("AKIDvisible", "hidden-secret", Some("hidden-token"));
    for scheme in SCHEMES {
        let signed = sign(request(scheme, Method::Post, "P", "hidden-value"), scheme, &key, &moment()).unwrap();
        let claims = Sent::from_signed(&signed).judge(&key).unwrap();
        let shown = format!("{signed:?} {claims:?} {key:?}");
        assert!(!shown.contains("hidden"), "{shown}");
        assert!(!shown.contains(&signed.forms().signature), "{shown}");
        assert!(shown.contains("http://127.0.0.1:4433/"), "{shown}");
        assert!(!format!("{:?}", signed.forms()).contains("hidden-secret"));
    }
}

#[test]
fn one_port_serves_three_vendors() {
    for (vendor, sent, _) in all_sent() {
        assert_eq!(detect_vendor(&sent.received()), Some(vendor));
    }
    let table: [(&str, &str, &str, Option<Vendor>); 9] = [
        ("x-tc-action", "AddLiveDomain", "", Some(Vendor::Tencent)),
        ("host", "h", "Action=A&Version=2018-08-01", Some(Vendor::Tencent)),
        ("x-acs-action", "A", "", Some(Vendor::Aliyun)),
        ("host", "h", "Action=A&Version=2016-11-01", Some(Vendor::Aliyun)),
        ("host", "h", "Signature=x", Some(Vendor::Aliyun)),
        ("x-date", "20260616T201930Z", "", Some(Vendor::Volcengine)),
        ("host", "h", "Action=A&Version=2023-01-01", Some(Vendor::Volcengine)),
        ("host", "h", "Action=A", None),
        ("host", "h", "%", None),
    ];
    for (name, value, raw_query, vendor) in table {
        let headers: Vec<Header> = vec![(name.to_owned(), value.to_owned())];
        let received = Received { method: "GET", path: "/", raw_query, headers: &headers, body: b"" };
        assert_eq!(detect_vendor(&received), vendor, "{name} {raw_query}");
    }
}

#[test]
fn a_session_needs_its_own_key() {
    let mine: Credentials = credentials("AKID", "mine", None);
    let theirs = credentials("AKID", "theirs", None);
    for scheme in SCHEMES {
        let signed = sign(request(scheme, Method::Post, "P", "v"), scheme, &mine, &moment()).unwrap();
        let verdict = Sent::from_signed(&signed).judge(&theirs);
        assert!(matches!(verdict, Err(Distrust::Mismatch(_))), "{scheme:?}");
    }
}
