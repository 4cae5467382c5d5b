//! Every case of `tests/vectors`, stage by stage: as the official SDK sent it, and as livectl sends it.

use jiff::Timestamp;
use livectl::model::{Credentials, Secret, Vendor};
use livectl::sign::{Distrust, Forms, Moment, Scheme, Signed, digest, sign, tc3};

use crate::support::{Case, Sent, cases, credentials};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const RPC_OWN: [&str; 7] =
    ["AccessKeyId", "SignatureMethod", "SignatureVersion", "SignatureNonce", "Timestamp", "SecurityToken", "Signature"];
const V1_OWN: [&str; 6] = ["SecretId", "Timestamp", "Nonce", "SignatureMethod", "Token", "Signature"];
const TC3_OWN: [&str; 3] = ["Host", "X-TC-Timestamp", "X-TC-Token"];
const ACS3_OWN: [&str; 5] =
    ["host", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256", "x-acs-security-token"];
const VOLC_OWN: [&str; 4] = ["Host", "X-Date", "X-Content-Sha256", "X-Security-Token"];

/// The sent request and whose it is: what other tests alter.
pub fn all_sent() -> Vec<(Vendor, Sent, Credentials)> {
    let tencent = cases(&["tencent"], "vectors").into_iter().map(|case| match case.text("scheme") {
        "TC3-HMAC-SHA256" => (Vendor::Tencent, tc3_sent(&case), tencent_key(&case)),
        _ => (Vendor::Tencent, v1_sent(&case), tencent_key(&case)),
    });
    let rpc = cases(&["aliyun", "reference_aliyun"], "rpc_hmac_sha1");
    let rpc = rpc.into_iter().map(|case| (Vendor::Aliyun, rpc_sent(&case), aliyun_key(&case)));
    let acs3 = cases(&["aliyun"], "acs3_hmac_sha256");
    let acs3 = acs3.into_iter().map(|case| (Vendor::Aliyun, acs3_sent(&case), aliyun_key(&case)));
    let volcengine = cases(&["volcengine", "reference_volcengine"], "vectors");
    let volcengine = volcengine.into_iter().map(|case| (Vendor::Volcengine, volc_sent(&case), volc_key(&case)));
    tencent.chain(rpc).chain(acs3).chain(volcengine).collect()
}

fn tencent_key(case: &Case) -> Credentials {
    credentials(case.text("secret_id"), case.text("secret_key"), case.given("token"))
}

fn aliyun_key(case: &Case) -> Credentials {
    credentials(case.text("access_key_id"), case.text("access_key_secret"), case.given("security_token"))
}

fn volc_key(case: &Case) -> Credentials {
    credentials(case.text("access_key_id"), case.text("secret_access_key"), case.given("session_token"))
}

fn tc3_sent(case: &Case) -> Sent {
    let headers = case.pairs_but("headers", &[]);
    case.sent(case.text("query_string"), case.text("body"), headers, &[("authorization", case.text("authorization"))])
}

fn v1_sent(case: &Case) -> Sent {
    case.sent(case.text("query_string"), case.text("body"), case.pairs_but("headers", &[]), &[])
}

fn rpc_sent(case: &Case) -> Sent {
    case.sent(case.text("sent_query_string"), case.text("sent_body"), Vec::new(), &[FORM])
}

fn acs3_sent(case: &Case) -> Sent {
    // The cases give no sent query; its canonical form stands in the third line.
    let raw_query = case.text("canonical_request").lines().nth(2).unwrap();
    let headers = case.pairs_but("headers", &[]);
    case.sent(raw_query, case.text("body"), headers, &[("authorization", case.text("authorization"))])
}

fn volc_sent(case: &Case) -> Sent {
    let more = [("authorization", case.text("authorization")), ("x-forwarded-for", "203.0.113.9")];
    case.sent(case.text("sent_query_string"), case.text("body"), case.pairs_but("headers", &[]), &more)
}

/// The time of a case, in one of the forms the vendors have.
fn time(text: &str, form: &str) -> Timestamp {
    jiff::civil::DateTime::strptime(form, text).unwrap().to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp()
}

fn same_forms(case: &Case, canonical: &str, forms: &Forms) {
    for (stage, ours) in
        [(canonical, &forms.canonical), ("string_to_sign", &forms.string_to_sign), ("signature", &forms.signature)]
    {
        if let Some(expected) = case.given(stage) {
            assert_eq!(ours, expected, "{} of {}", stage, case.text("id"));
        }
    }
}

/// The SDK's request is believed, says who signed it, and with another secret shows the SDK's string to sign.
fn believed(case: &Case, sent: &Sent, key: &Credentials, scheme: Scheme) {
    let id = case.text("id");
    let claims = sent.judge(key).unwrap_or_else(|why| panic!("{id}: {why:?}"));
    assert_eq!(claims.scheme, scheme, "{id}");
    assert_eq!(claims.session_token.as_deref(), key.session_token.as_ref().map(Secret::expose), "{id}");
    let thief = credentials(&key.access_key_id, "another secret", None);
    match sent.judge(&thief) {
        Err(Distrust::Mismatch(shown)) => assert_eq!(case.given("string_to_sign").unwrap_or(&shown), shown, "{id}"),
        other => panic!("{id}: {other:?}"),
    }
}

/// What we send has the SDK's signature, and is believed.
fn signs_alike(case: &Case, canonical: &str, signed: &Signed, key: &Credentials) {
    same_forms(case, canonical, signed.forms());
    let sent = Sent::from_signed(signed);
    if let Some(expected) = case.given("authorization") {
        assert_eq!(sent.header("authorization"), Some(expected), "{}", case.text("id"));
    } else {
        let expected = ("Signature".to_owned(), case.text("signature").to_owned());
        assert!(sent.parameters().contains(&expected), "{}", case.text("id"));
    }
    sent.judge(key).unwrap_or_else(|why| panic!("{}: {why:?}", case.text("id")));
}

#[test]
fn tencent_tc3() {
    for case in cases(&["tencent", "reference_tencent"], "vectors") {
        if case.text("scheme") != "TC3-HMAC-SHA256" {
            continue;
        }
        let (sent, key) = (tc3_sent(&case), tencent_key(&case));
        let at = Timestamp::from_second(i64::try_from(case.number("timestamp")).unwrap()).unwrap();
        let names = case.given("signed_headers").unwrap_or("content-type;host");
        let draft = tc3::draft(&sent.received(), names, at, case.text("service"), &key.access_key_secret);
        same_forms(&case, "canonical_request", &draft.unwrap().forms());
        if case.text("service") != "live" {
            // A key for another product is not believed, whatever it signed.
            assert_eq!(sent.judge(&key), Err(Distrust::Malformed("Credential")));
            continue;
        }
        believed(&case, &sent, &key, Scheme::Tc3);
        if case.text("method") == "POST" {
            let request = case.request(Vec::new(), case.pairs_but("headers", &TC3_OWN), case.text("body"));
            let signed = sign(request, Scheme::Tc3, &key, &Moment { at, nonce: "1", region: "" }).unwrap();
            signs_alike(&case, "canonical_request", &signed, &key);
        }
    }
}

#[test]
fn tencent_version_1() {
    for case in cases(&["tencent", "reference_tencent"], "vectors") {
        let scheme = match case.text("scheme") {
            "HmacSHA1" => Scheme::TencentHmacSha1,
            "HmacSHA256" => Scheme::TencentHmacSha256,
            _ => continue,
        };
        let (sent, key) = (v1_sent(&case), tencent_key(&case));
        believed(&case, &sent, &key, scheme);
        let parameters = case.pairs_but("signed_params", &V1_OWN);
        if !case.pairs_but("signed_params", &[]).iter().any(|(name, _)| name == "SignatureMethod") {
            continue; // We always name the method, so our string to sign is another.
        }
        let at = Timestamp::from_second(i64::try_from(case.number("timestamp")).unwrap()).unwrap();
        let nonce = case.number("nonce").to_string();
        let headers = vec![(FORM.0.to_owned(), FORM.1.to_owned())];
        let request = if case.text("method") == "GET" {
            case.request(parameters, headers, "")
        } else {
            case.request(Vec::new(), headers, &livectl::sign::percent::encode_pairs(parameters))
        };
        let signed = sign(request, scheme, &key, &Moment { at, nonce: &nonce, region: "" }).unwrap();
        signs_alike(&case, "", &signed, &key);
    }
}

#[test]
fn aliyun_rpc() {
    for case in cases(&["aliyun", "reference_aliyun"], "rpc_hmac_sha1") {
        let (sent, key) = (rpc_sent(&case), aliyun_key(&case));
        believed(&case, &sent, &key, Scheme::AliyunRpc);
        let form: Vec<String> = case.pairs_but("body_params", &[]).into_iter().map(|(name, _)| name).collect();
        let mut query = case.pairs_but("signed_params", &RPC_OWN);
        query.retain(|(name, _)| !form.contains(name));
        let request = case.request(query, vec![(FORM.0.to_owned(), FORM.1.to_owned())], case.text("sent_body"));
        let at = time(case.text("timestamp"), "%Y-%m-%dT%H:%M:%SZ");
        let moment = Moment { at, nonce: case.text("nonce"), region: "" };
        let signed = sign(request, Scheme::AliyunRpc, &key, &moment).unwrap();
        signs_alike(&case, "canonicalized_query", &signed, &key);
    }
}

#[test]
fn aliyun_acs3() {
    for case in cases(&["aliyun"], "acs3_hmac_sha256") {
        let (sent, key) = (acs3_sent(&case), aliyun_key(&case));
        assert_eq!(digest::sha256_hex(&sent.body), case.text("hashed_payload"));
        believed(&case, &sent, &key, Scheme::AliyunAcs3);
        let at = time(case.text("date"), "%Y-%m-%dT%H:%M:%SZ");
        let moment = Moment { at, nonce: case.text("nonce"), region: "" };
        let headers = case.pairs_but("headers", &ACS3_OWN);
        let request = case.request(case.pairs_but("query", &[]), headers, case.text("body"));
        let signed = sign(request, Scheme::AliyunAcs3, &key, &moment).unwrap();
        signs_alike(&case, "canonical_request", &signed, &key);
    }
}

#[test]
fn volcengine() {
    for case in cases(&["volcengine", "reference_volcengine"], "vectors") {
        let (sent, key) = (volc_sent(&case), volc_key(&case));
        let secret = key.access_key_secret.expose();
        let parts = [&case.text("x_date")[..8], case.text("region"), case.text("service"), "request"];
        assert_eq!(digest::hex(&digest::derived_key(secret, &parts)), case.text("signing_key_hex"));
        for (steps, expected) in case.list("key_chain_hex").into_iter().enumerate() {
            assert_eq!(digest::hex(&digest::derived_key(secret, &parts[..=steps])), expected);
        }
        believed(&case, &sent, &key, Scheme::Volcengine);
        let at = time(case.text("x_date"), "%Y%m%dT%H%M%SZ");
        let request =
            case.request(case.pairs_but("query", &[]), case.pairs_but("headers", &VOLC_OWN), case.text("body"));
        let moment = Moment { at, nonce: "", region: case.text("region") };
        let signed = sign(request, Scheme::Volcengine, &key, &moment).unwrap();
        signs_alike(&case, "canonical_request", &signed, &key);
    }
}

/// What official clients do differently from livectl, and from each other, and what proxies do to their requests.
#[test]
fn other_clients_habits_are_believed() {
    let moment = crate::distrust::moment();
    let key = credentials("AKID", "secret", None);
    // TC3: another order of the signed headers.
    let request = crate::distrust::request(Scheme::Tc3, livectl::model::Method::Post, "P", "v");
    let mut sent = Sent::from_signed(&sign(request, Scheme::Tc3, &key, &moment).unwrap());
    let names = "x-tc-action;host;content-type";
    let draft = tc3::draft(&sent.received(), names, moment.at, "live", &key.access_key_secret).unwrap();
    let authorization = format!(
        "TC3-HMAC-SHA256 Credential=AKID/2026-06-16/live/tc3_request,SignedHeaders={names},Signature={}",
        draft.forms().signature
    );
    sent.headers.retain(|(name, _)| name != "authorization");
    sent.headers.push(("authorization".to_owned(), authorization));
    assert!(sent.judge(&key).is_ok());
    // Volcengine: the well-known port in the Host header is not signed, any other is.
    for case in cases(&["volcengine"], "vectors") {
        for (port, believed) in [(":443", true), (":80", true), (":8443", false), (":4433", false)] {
            let mut sent = volc_sent(&case);
            sent.headers.iter_mut().find(|(name, _)| name == "host").unwrap().1.push_str(port);
            assert_eq!(sent.judge(&volc_key(&case)).is_ok(), believed, "{port}");
        }
    }
    for case in cases(&["aliyun"], "rpc_hmac_sha1") {
        let key = aliyun_key(&case);
        // A charset in the content type, blanks around it, and headers nobody asked for.
        let more = [("content-type", " Application/x-www-form-urlencoded;charset=utf-8 "), ("x-forwarded-for", "::1")];
        let sent = case.sent(case.text("sent_query_string"), case.text("sent_body"), Vec::new(), &more);
        assert!(sent.judge(&key).is_ok());
        // Everything in the form body of a POST, as some clients send it.
        if case.text("method") == "POST" {
            let all = format!("{}&{}", case.text("sent_body"), case.text("sent_query_string"));
            assert!(case.sent("", &all, Vec::new(), &[FORM]).judge(&key).is_ok());
            // A body that is no form would not be signed, so it is not believed.
            let json =
                case.sent(case.text("sent_query_string"), "{}", Vec::new(), &[("content-type", "application/json")]);
            assert_eq!(json.judge(&key), Err(Distrust::Malformed("Content-Type")));
        }
    }
}

#[test]
fn keys_longer_than_a_block_are_hashed_first() {
    // From Python's hmac module: keys of `k`, text `text`.
    for (length, expected) in [
        (64, "0414bb1d8c0c4556cdb2028727b16610ae377b1a194b6db1f853d4297f2329bc"),
        (65, "5b69580123e3d7e788b7e8352ac37a3247b911c5ec0837147b74109a6382d3f5"),
        (100, "5964a5c58b736800917a8e85cf03892e9ab8a997a15175b1d876119624a9b699"),
    ] {
        assert_eq!(digest::hex(&digest::derived_key(&"k".repeat(length), &["text"])), expected);
    }
}

#[test]
fn schemes_have_the_names_of_the_profile() {
    assert_eq!(Scheme::named(Vendor::Tencent, "tc3"), Some(Scheme::default_of(Vendor::Tencent)));
    assert_eq!(Scheme::named(Vendor::Aliyun, "rpc"), Some(Scheme::default_of(Vendor::Aliyun)));
    assert_eq!(Scheme::named(Vendor::Aliyun, "acs3"), Some(Scheme::AliyunAcs3));
    assert_eq!(Scheme::named(Vendor::Tencent, "hmac-sha1"), Some(Scheme::TencentHmacSha1));
    assert_eq!(Scheme::named(Vendor::Tencent, "hmac-sha256"), Some(Scheme::TencentHmacSha256));
    for (vendor, name) in [(Vendor::Aliyun, "tc3"), (Vendor::Tencent, "rpc"), (Vendor::Volcengine, "hmac-sha256")] {
        assert_eq!(Scheme::named(vendor, name), None);
    }
}
