//! Envelopes, refusals before the Action, limits, faults, and answers from the facts.

use std::time::Duration;

use serde_json::{Value, json};

use super::{NOW, call, clock, code, ok, pair, react, refused, sandbox, sandbox_with};
use crate::model::Vendor::{self, Aliyun, Tencent, Volcengine};
use crate::providers::catalog::{self, Action};
use crate::sandbox::asked::Asked;
use crate::sandbox::dispatch::{Ending, handle};
use crate::sandbox::{generic, parse_faults};
use crate::sign::Received;

#[test]
fn envelopes_are_the_vendors_own() {
    let shared = sandbox();
    let (_, body) = call(&shared, Tencent, "AddLiveDomain", json!({"DomainName": "a.example.com", "DomainType": 0}));
    assert_eq!(body.as_object().unwrap().keys().collect::<Vec<_>>(), ["Response"]);
    assert_eq!(body["Response"]["RequestId"].as_str().unwrap().len(), 36);
    let (status, body) = call(&shared, Aliyun, "DescribeLiveDomainDetail", json!({"DomainName": "a.example.com"}));
    assert_eq!(status, 404);
    let keys: Vec<_> = body.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["Code", "HostId", "Message", "RequestId"]);
    let (_, body) =
        call(&shared, Volcengine, "UpdateEncryptHLS", json!({"URL": "http://k.example.com/?", "CycleTime": "60"}));
    assert_eq!(body.get("Result"), None);
    assert_eq!(body["ResponseMetadata"]["Action"], "UpdateEncryptHLS");
    let (status, body) = call(&shared, Volcengine, "Nonsense", json!({}));
    assert_eq!((status, &body["ResponseMetadata"]["Error"]["CodeN"]), (404, &json!(100_008)));
}

#[test]
fn aliyun_answers_xml_unless_json_is_asked_for() {
    let shared = sandbox();
    let received = Received {
        method: "GET",
        path: "/",
        raw_query: "Action=DescribeLiveDomainDetail&Version=2016-11-01&AccessKeyId=x&Signature=y&DomainName=a.example.com",
        headers: &[("host".to_owned(), "live.aliyuncs.com".to_owned())],
        body: b"",
    };
    let text = String::from_utf8(handle(&received, &shared).answer.body).unwrap();
    let document = roxmltree::Document::parse(&text).unwrap();
    assert_eq!(document.root_element().tag_name().name(), "Error");
    let member = |name| document.descendants().find(|n| n.has_tag_name(name)).and_then(|n| n.text());
    assert_eq!((member("Code"), member("HostId")), (Some("InvalidDomain.NotFound"), Some("live.aliyuncs.com")));
}

#[test]
fn unknown_actions_have_each_vendors_code() {
    let shared = sandbox();
    assert_eq!(refused(&shared, Tencent, "Nonsense", json!({})), pair(200, "InvalidAction"));
    assert_eq!(refused(&shared, Aliyun, "Nonsense", json!({})), pair(404, "InvalidAction.NotFound"));
    assert_eq!(refused(&shared, Volcengine, "Nonsense", json!({})), pair(404, "InvalidActionOrVersion"));
}

#[test]
fn doubts_have_each_vendors_code() {
    let shared = sandbox();
    let action = ["DescribeLiveDomains", "DescribeLiveUserDomains", "DescribeEncryptHLS"];
    let hour = (NOW - 3600).to_string();
    for (header, value, codes) in [
        ("test-key", "AKIDother", ["AuthFailure.SecretIdNotFound", "InvalidAccessKeyId.NotFound", "InvalidAccessKey"]),
        ("test-at", hour.as_str(), ["AuthFailure.SignatureExpire", "InvalidTimeStamp.Expired", "InvalidTimestamp"]),
        ("test-bad", "1", ["AuthFailure.SignatureFailure", "SignatureDoesNotMatch", "SignatureDoesNotMatch"]),
        ("test-token", "old", ["AuthFailure.TokenFailure", "InvalidSecurityToken.Expired", "InvalidSecretToken"]),
    ] {
        for (at, vendor) in Vendor::ALL.into_iter().enumerate() {
            let answer = react(&shared, vendor, action[at], &json!({}), &[(header, value)]).answer;
            let body: Value = serde_json::from_slice(&answer.body).unwrap();
            assert_eq!(code(&body).as_deref(), Some(codes[at]), "{body}");
        }
    }
    let answer = react(&shared, Aliyun, action[1], &json!({}), &[("test-bad", "1")]).answer;
    assert!(String::from_utf8(answer.body).unwrap().contains("server string to sign is:GET&%2F&a%3Db"));
}

#[test]
fn a_known_token_is_believed_and_a_nonce_only_once() {
    let shared = sandbox_with(|options| options.session_token = Some(crate::model::Secret::new("good")));
    let body = |more: &[(&str, &str)]| -> Value {
        serde_json::from_slice(&react(&shared, Aliyun, "DescribeLiveUserDomains", &json!({}), more).answer.body)
            .unwrap()
    };
    assert_eq!(code(&body(&[("test-token", "good"), ("test-nonce", "n1")])), None);
    assert_eq!(code(&body(&[("test-nonce", "n1")])).as_deref(), Some("SignatureNonceUsed"));
    assert_eq!(code(&body(&[("test-nonce", "n2")])), None);
}

#[test]
fn parameters_are_refused_as_the_vendor_does() {
    let shared = sandbox();
    let tencent = |params| refused(&shared, Tencent, "AddLiveDomain", params).1;
    assert_eq!(tencent(json!({"DomainType": 0})), "MissingParameter");
    assert_eq!(tencent(json!({"DomainName": null, "DomainType": 0})), "MissingParameter");
    assert_eq!(tencent(json!({"DomainName": "a.cn", "DomainType": 0, "Nope": 1})), "UnknownParameter");
    assert_eq!(tencent(json!({"DomainName": "a.cn", "DomainType": "0"})), "InvalidParameter");
    assert_eq!(tencent(json!({"DomainName": "a.cn", "DomainType": 5})), "InvalidParameterValue");
    assert_eq!(refused(&shared, Tencent, "DescribeLiveDomains", json!({"PageSize": 9})).1, "InvalidParameterValue");
    assert_eq!(refused(&shared, Aliyun, "StopLiveDomain", json!({})), pair(400, "MissingDomainName"));
    assert_eq!(refused(&shared, Aliyun, "AddLiveDomain", json!({"DomainName": "a.cn"})), pair(400, "MissingParameter"));
    let volcengine = |params| refused(&shared, Volcengine, "UpdateEncryptHLS", params);
    assert_eq!(volcengine(json!({"URL": "http://a/?"})), pair(400, "InvalidParam"));
    assert_eq!(volcengine(json!({"URL": "http://a/?", "CycleTime": 60})), pair(400, "InvalidParam.BindError"));
    assert_eq!(volcengine(json!({"URL": "http://a/?", "CycleTime": "59"})), pair(400, "InvalidParam"));
    assert_eq!(volcengine(json!({"URL": "http://a/?", "CycleTime": "x"})), pair(400, "InvalidParam"));
    assert_eq!(volcengine(json!({"URL": "http://a/", "CycleTime": "60"})), pair(400, "InvalidParam.Format"));
    ok(&shared, Volcengine, "UpdateEncryptHLS", json!({"URL": "http://a/?", "CycleTime": "60", "Nope": 1}));
}

#[test]
fn tencents_region_is_required_where_the_sheet_says_so() {
    let shared = sandbox();
    let with = |region: &str| -> Value {
        let more = [("x-tc-region", region)];
        let answer = react(&shared, Tencent, "DescribeLivePullStreamTasks", &json!({}), &more).answer;
        serde_json::from_slice(&answer.body).unwrap()
    };
    assert_eq!(code(&with("")).as_deref(), Some("MissingParameter"));
    assert_eq!(code(&with("mars")).as_deref(), Some("UnsupportedRegion"));
    assert_eq!(code(&with("ap-beijing")), None);
}

#[test]
fn hostile_input_is_refused_and_never_panics() {
    let shared = sandbox();
    let deep = "[".repeat(100_000);
    let bodies: [&[u8]; 6] = [b"{", b"[]", b"\xff\xfe", deep.as_bytes(), b"{\"a\":1e999}", b"null"];
    for (name, action) in [("x-tc-action", "AddLiveDomain"), ("x-date", "UpdateEncryptHLS")] {
        for body in bodies {
            let headers = [(name.to_owned(), action.to_owned()), ("x-tc-version".to_owned(), "2018-08-01".to_owned())];
            let query = "Action=UpdateEncryptHLS&Version=2023-01-01";
            let received = Received { method: "POST", path: "/", raw_query: query, headers: &headers, body };
            let answer = handle(&received, &shared).answer;
            let body: Value = serde_json::from_slice(&answer.body).unwrap();
            assert!(code(&body).is_some(), "{body}");
        }
    }
    for query in [
        "Action=AddLiveDomain&Version=2016-11-01&Signature=x&Tag.1=a&Tag.1.Key=b",
        "%%%&=&Signature&Version=2016-11-01&Action=AddLiveDomain",
        "Signature=1&a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r=1&Action=StopLiveDomain&Version=2016-11-01",
    ] {
        let received = Received { method: "GET", path: "/", raw_query: query, headers: &[], body: b"" };
        assert_eq!(handle(&received, &shared).answer.status, 400, "{query}");
    }
    let received = Received { method: "DELETE", path: "/x", raw_query: "", headers: &[], body: b"" };
    assert_eq!(handle(&received, &shared).answer.status, 400);
}

#[test]
fn tencents_flattened_form_and_aliyuns_repeats_are_typed() {
    let shared = sandbox();
    let query =
        "Action=AddLiveDomain&Version=2018-08-01&SecretId=x&DomainName=form.example.com&DomainType=1&PlayType=3";
    let received = Received { method: "GET", path: "/", raw_query: query, headers: &[], body: b"" };
    assert_eq!(handle(&received, &shared).answer.status, 200);
    let list = ok(&shared, Tencent, "DescribeLiveDomains", json!({}));
    assert_eq!((&list["AllCount"], &list["DomainList"][0]["PlayType"]), (&json!(1), &json!(3)));
    let params = json!({
        "DomainName": "a.example.com", "LiveDomainType": "liveEdge", "Region": "cn-shanghai",
        "Tag.1.Key": "team", "Tag.1.Value": "x",
    });
    ok(&shared, Aliyun, "AddLiveDomain", params);
}

#[test]
fn a_body_counts_where_volcengine_documents_a_query() {
    let headers = [("host", "127.0.0.1:1"), ("x-date", "20231114T221320Z"), ("content-type", "application/json")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let listed = |raw_query: &str, body: &str| {
        let received = Received { method: "POST", path: "/", raw_query, headers: &headers, body: body.as_bytes() };
        let body: Value = serde_json::from_slice(&handle(&received, &sandbox()).answer.body).unwrap();
        code(&body)
    };
    let query = "Action=GetHLSEncryptDataKey&Version=2023-01-01";
    assert_eq!(listed(query, ""), Some("InvalidParam".to_owned()));
    assert_eq!(listed(query, r#"{"KeyID": "08e765a4da"}"#), None);
    assert_eq!(listed(&format!("{query}&KeyID=08e765a4da"), ""), None);
    assert_eq!(listed(query, r#"{"KeyID": 7}"#), Some("InvalidParam.BindError".to_owned()));
    assert_eq!(listed(query, "{"), Some("InvalidParam.BindError".to_owned()));
}

#[test]
fn a_rate_is_kept_per_action() {
    let shared = sandbox_with(|options| options.throttle = true);
    let update = || json!({"URL": "http://a/?", "CycleTime": "60"});
    ok(&shared, Volcengine, "UpdateEncryptHLS", update());
    assert_eq!(refused(&shared, Volcengine, "UpdateEncryptHLS", update()), pair(429, "FlowLimitExceeded"));
    ok(&shared, Volcengine, "DescribeEncryptHLS", json!({}));
    for _ in 0..10 {
        ok(&shared, Aliyun, "DescribeLiveUserDomains", json!({}));
    }
    assert_eq!(refused(&shared, Aliyun, "DescribeLiveUserDomains", json!({})), pair(400, "Throttling.User"));
}

#[test]
fn every_fault_does_what_it_says() {
    let fault = "volcengine:UpdateEncryptHLS:throttle,expired,error,error=CommonErr,html,html=500,empty,drop,cut,silence,drip=20ms,truncate,slow=2s,clock*1";
    let shared = sandbox_with(|options| options.faults = vec![parse_faults(fault).unwrap()]);
    let params = json!({"URL": "http://a/?", "CycleTime": "60"});
    let next = || react(&shared, Volcengine, "UpdateEncryptHLS", &params, &[]);
    for expected in [
        pair(429, "FlowLimitExceeded"),
        pair(401, "InvalidSecretToken"),
        pair(500, "InternalError"),
        pair(200, "CommonErr"),
    ] {
        let answer = next().answer;
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!((answer.status, code(&body).unwrap()), expected);
    }
    let html = next().answer;
    assert!(html.status == 502 && html.body.starts_with(b"<html>"));
    assert_eq!(next().answer.status, 500);
    assert!(next().answer.body.is_empty());
    assert_eq!(ok(&shared, Volcengine, "DescribeEncryptHLS", json!({}))["URL"], "");
    assert_eq!(next().ending, Ending::Nothing);
    assert_eq!(ok(&shared, Volcengine, "DescribeEncryptHLS", json!({}))["URL"], "http://a/?");
    assert_eq!(next().ending, Ending::Half);
    assert_eq!(next().ending, Ending::Never);
    assert_eq!(next().ending, Ending::Drip(Duration::from_millis(20)));
    assert!(serde_json::from_slice::<Value>(&next().answer.body).is_err());
    assert_eq!(next().delay, Duration::from_secs(2));
    let clock = next().answer;
    assert!(clock.headers.contains(&("date".to_owned(), "Tue, 14 Nov 2023 23:13:20 GMT".to_owned())));
    assert_eq!(code(&serde_json::from_slice(&clock.body).unwrap()).as_deref(), Some("InvalidTimestamp"));
    assert_eq!(next().answer.status, 200);
}

#[test]
fn every_other_action_answers_from_the_facts() {
    let shared = sandbox();
    let asked = |vendor, action: Action<'static>, params: Value| Asked {
        vendor,
        action,
        params: crate::sandbox::asked::members(params),
        region: None,
        now: clock(),
        settle: 0,
        settling: None,
        account: "prod",
    };
    for vendor in Vendor::ALL {
        for action in catalog::actions(vendor) {
            let fields: Vec<&str> =
                action.response.iter().map(|field| field.name).filter(|name| *name != "RequestId").collect();
            let exampled = catalog::example(vendor, action.name).is_some_and(|example| !example.response.is_empty());
            let name = action.name;
            let result = generic::answer(&asked(vendor, action, json!({}))).unwrap();
            assert!(!result.contains_key("RequestId"), "{name}");
            if !exampled {
                assert_eq!(result.keys().map(String::as_str).collect::<Vec<_>>(), fields, "{vendor} {name}");
            }
        }
    }
    let list = ok(&shared, Tencent, "DescribeLiveForbidStreamList", json!({}));
    assert_eq!(Some(list["ForbidStreamList"].as_array().unwrap().len() as u64), list["TotalNum"].as_u64());
    let later = ok(&shared, Tencent, "DescribeLiveForbidStreamList", json!({"PageNum": 2}));
    assert_eq!(later["ForbidStreamList"], json!([]));
}

/// Examples that break the reference's own limits or leave out what it requires; their sheets say so.
const BROKEN_EXAMPLES: [&str; 3] = ["LiveTimeShiftTemplate", "ModifyLiveTranscodeTemplate", "SetCasterSceneConfig"];

#[test]
fn the_references_own_requests_are_accepted() {
    let mut refused = Vec::new();
    for vendor in Vendor::ALL {
        for action in catalog::actions(vendor).filter(|action| action.documented) {
            let Some(example) = catalog::example(vendor, action.name).filter(|example| !example.request.is_empty())
            else {
                continue;
            };
            let Ok(Value::Object(params)) = serde_json::from_str(example.request) else { continue };
            let region = action.regions.first().copied();
            if let Err(refusal) = crate::sandbox::parameters::check(vendor, &action, &params, region) {
                refused.push(format!("{vendor} {}: {} {}", action.name, refusal.code, refusal.message));
            }
        }
    }
    refused.retain(|line| !BROKEN_EXAMPLES.iter().any(|name| line.contains(name)));
    assert_eq!(refused, Vec::<String>::new());
}

#[test]
fn aliyuns_flattened_examples_are_read_back_nested_and_typed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/providers/aliyun/facts.json");
    let sheet: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let wire = sheet["wire_examples"].as_object().unwrap();
    assert!(wire.len() > 5);
    for (name, flat) in wire {
        let query: Vec<String> = flat
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| format!("{name}={}", crate::sign::percent::encode(value.as_str().unwrap())))
            .collect();
        let query = query.join("&");
        let received = Received { method: "POST", path: "/", raw_query: &query, headers: &[], body: b"" };
        let action = catalog::find(Aliyun, name).unwrap();
        let pairs = crate::sandbox::wire::Pairs::of(&received);
        let params = crate::sandbox::parameters::decode(Aliyun, &action, &received, &pairs).unwrap();
        let example = catalog::example(Aliyun, name).unwrap().request;
        let expected: Value = serde_json::from_str(example).unwrap();
        assert_eq!(Value::Object(params), expected, "{name}");
    }
}
