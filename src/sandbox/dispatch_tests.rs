//! Requests through [`handle`] without a socket. Signatures are believed unless a test says otherwise.

use serde_json::{Value, json};

use super::*;
use crate::model::{Credentials, Header};
use crate::sandbox::parse_faults;
use crate::sign::{Distrust, Scheme};

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

use Vendor::{Aliyun, Tencent, Volcengine};

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
    let fault = "volcengine:UpdateEncryptHLS:throttle,expired,error,error=CommonErr,html,empty,drop,cut,truncate,slow=2s,clock*1";
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
    assert!(next().answer.body.is_empty());
    assert_eq!(ok(&shared, Volcengine, "DescribeEncryptHLS", json!({}))["URL"], "");
    assert_eq!(next().ending, Ending::Nothing);
    assert_eq!(ok(&shared, Volcengine, "DescribeEncryptHLS", json!({}))["URL"], "http://a/?");
    assert_eq!(next().ending, Ending::Half);
    assert!(serde_json::from_slice::<Value>(&next().answer.body).is_err());
    assert_eq!(next().delay, Duration::from_secs(2));
    let clock = next().answer;
    assert!(clock.headers.contains(&("date".to_owned(), "Tue, 14 Nov 2023 23:13:20 GMT".to_owned())));
    assert_eq!(code(&serde_json::from_slice(&clock.body).unwrap()).as_deref(), Some("InvalidTimestamp"));
    assert_eq!(next().answer.status, 200);
}

#[test]
fn tencents_domains_live() {
    let shared = sandbox();
    for at in 0..23 {
        ok(
            &shared,
            Tencent,
            "AddLiveDomain",
            json!({"DomainName": format!("d{at}.example.com"), "DomainType": at % 2}),
        );
    }
    let again = json!({"DomainName": "d0.example.com", "DomainType": 0});
    assert_eq!(refused(&shared, Tencent, "AddLiveDomain", again).1, "InvalidParameter.DomainAlreadyExist");
    let bad = json!({"DomainName": "no domain", "DomainType": 0});
    assert_eq!(refused(&shared, Tencent, "AddLiveDomain", bad).1, "InvalidParameter.DomainFormatError");
    let page = |number: i64| ok(&shared, Tencent, "DescribeLiveDomains", json!({"PageNum": number, "PageSize": 10}));
    let counts: Vec<usize> = (1..=4).map(|number| page(number)["DomainList"].as_array().unwrap().len()).collect();
    assert_eq!((counts, &page(1)["AllCount"]), (vec![10, 10, 3, 0], &json!(23)));
    let push = ok(&shared, Tencent, "DescribeLiveDomains", json!({"DomainType": 0, "DomainPrefix": "d1"}));
    assert_eq!(push["AllCount"], 5);
    ok(&shared, Tencent, "ForbidLiveDomain", json!({"DomainName": "d3.example.com"}));
    let one = ok(&shared, Tencent, "DescribeLiveDomain", json!({"DomainName": "d3.example.com"}));
    assert_eq!(
        (&one["DomainInfo"]["Status"], &one["DomainInfo"]["CreateTime"]),
        (&json!(0), &json!("2023-11-15 06:13:20"))
    );
    let wrong = json!({"DomainName": "d3.example.com", "DomainType": 0});
    assert_eq!(refused(&shared, Tencent, "DeleteLiveDomain", wrong).1, "ResourceNotFound.DomainNotExist");
    ok(&shared, Tencent, "DeleteLiveDomain", json!({"DomainName": "d3.example.com", "DomainType": 1}));
    let gone = |action| refused(&shared, Tencent, action, json!({"DomainName": "d3.example.com"})).1;
    assert_eq!(gone("DescribeLiveDomain"), "ResourceNotFound.DomainNotExist");
    assert_eq!(gone("EnableLiveDomain"), "ResourceNotFound.DomainNoRecord");
    assert_eq!(gone("ForbidLiveDomain"), "ResourceNotFound");
}

#[test]
fn aliyuns_domains_settle() {
    let shared = sandbox_with(|options| options.settle = Duration::ZERO);
    let add = |name: &str, kind: &str| json!({"DomainName": name, "LiveDomainType": kind, "Region": "cn-shanghai"});
    ok(&shared, Aliyun, "AddLiveDomain", add("play.example.com", "liveVideo"));
    ok(&shared, Aliyun, "AddLiveDomain", add("push.example.com", "liveEdge"));
    let again = refused(&shared, Aliyun, "AddLiveDomain", add("play.example.com", "liveVideo"));
    assert_eq!(again, pair(400, "DomainAlreadyExist"));
    let name = || json!({"DomainName": "play.example.com"});
    ok(&shared, Aliyun, "StopLiveDomain", name());
    assert_eq!(ok(&shared, Aliyun, "DescribeLiveDomainDetail", name())["DomainDetail"]["DomainStatus"], "offline");
    let map = json!({"PushDomain": "push.example.com", "PullDomain": "play.example.com"});
    ok(&shared, Aliyun, "AddLiveDomainMapping", map.clone());
    let turned = json!({"PushDomain": "play.example.com", "PullDomain": "push.example.com"});
    assert_eq!(refused(&shared, Aliyun, "AddLiveDomainMapping", turned), pair(400, "DomainType.Malformed"));
    let mapped = ok(&shared, Aliyun, "DescribeLiveDomainMapping", name());
    assert_eq!(
        mapped["LiveDomainModels"]["LiveDomainModel"],
        json!([{"DomainName": "push.example.com", "Type": "push"}])
    );
    ok(&shared, Aliyun, "DeleteLiveDomain", name());
    assert_eq!(refused(&shared, Aliyun, "StopLiveDomain", name()), pair(404, "InvalidDomain.NotFound"));
    let list = ok(&shared, Aliyun, "DescribeLiveUserDomains", json!({"DomainName": "push", "PageSize": 1}));
    assert_eq!(
        (&list["TotalCount"], &list["Domains"]["PageData"][0]["LiveDomainStatus"]),
        (&json!(1), &json!("online"))
    );

    let slow = sandbox();
    ok(&slow, Aliyun, "AddLiveDomain", add("play.example.com", "liveVideo"));
    assert_eq!(ok(&slow, Aliyun, "DescribeLiveDomainDetail", name())["DomainDetail"]["DomainStatus"], "configuring");
}

#[test]
fn volcengines_domains_live() {
    let shared = sandbox();
    let page = || json!({"PageNum": 1, "PageSize": 10});
    assert_eq!(ok(&shared, Volcengine, "ListDomainDetail", page()), json!({"Total": 0, "DomainList": []}));
    ok(&shared, Volcengine, "CreateDomain", json!({"Domain": "push.example.com", "Type": "push"}));
    let again = json!({"Domain": "push.example.com", "Type": "push"});
    assert_eq!(refused(&shared, Volcengine, "CreateDomain", again), pair(400, "InvalidParam"));
    let domains = json!([{"DomainName": "p.a.cn", "Type": "push", "Region": "cn"}, {"DomainName": "v.a.cn", "Type": "pull-flv", "Region": "cn-global"}]);
    ok(&shared, Volcengine, "CreateDomainV2", json!({"Domains": domains, "Vhost": "space"}));
    ok(&shared, Volcengine, "DisableDomain", json!({"Domain": "v.a.cn"}));
    let mut filtered = page();
    filtered["VhostList"] = json!(["space"]);
    filtered["DomainStatusList"] = json!([2]);
    let list = ok(&shared, Volcengine, "ListDomainDetail", filtered);
    assert_eq!((&list["Total"], &list["DomainList"][0]["Region"]), (&json!(1), &json!("cn-global")));
    let shown = ok(&shared, Volcengine, "DescribeDomain", json!({"DomainList": ["push.example.com"]}));
    assert_eq!(shown["DomainList"][0]["Vhost"], "example.com");
    ok(&shared, Volcengine, "DeleteDomain", json!({"Domain": "v.a.cn"}));
    assert_eq!(
        refused(&shared, Volcengine, "DeleteDomain", json!({"Domain": "v.a.cn"})),
        pair(404, "ResourceNotFound")
    );
}

#[test]
fn tencents_pull_tasks_live() {
    let shared = sandbox();
    let mut task = json!({
        "SourceType": "PullLivePushLive", "SourceUrls": ["rtmp://o.example.com/live/s1"], "DomainName": "push.example.com",
        "AppName": "live", "StreamName": "s1", "StartTime": "2023-11-14T22:13:20Z", "EndTime": "2023-11-21T22:13:20Z",
        "Operator": "livectl",
    });
    let id = ok(&shared, Tencent, "CreateLivePullStreamTask", task.clone())["TaskId"].clone();
    assert_eq!(id, "10000");
    task["EndTime"] = json!("2023-11-14T22:13:20Z");
    assert_eq!(refused(&shared, Tencent, "CreateLivePullStreamTask", task).1, "InvalidParameter.InvalidTaskTime");
    let change = json!({"TaskId": id, "Operator": "me", "Status": "pause", "Comment": "x"});
    ok(&shared, Tencent, "ModifyLivePullStreamTask", change);
    let list = ok(&shared, Tencent, "DescribeLivePullStreamTasks", json!({"TaskId": id}));
    let item = &list["TaskInfos"][0];
    assert_eq!(
        (&item["Status"], &item["UpdateBy"], &item["Region"]),
        (&json!("pause"), &json!("me"), &json!("ap-guangzhou"))
    );
    assert_eq!((&item["StreamName"], &list["TotalPage"]), (&json!("s1"), &json!(1)));
    assert!(item.as_object().unwrap().keys().all(|name| !name.starts_with('_')));
    ok(&shared, Tencent, "RestartLivePullStreamTask", json!({"TaskId": id, "Operator": "me"}));
    ok(&shared, Tencent, "DeleteLivePullStreamTask", json!({"TaskId": id, "Operator": "me"}));
    let gone = refused(&shared, Tencent, "DeleteLivePullStreamTask", json!({"TaskId": id, "Operator": "me"}));
    assert_eq!(gone.1, "InvalidParameter.TaskNotExist");
}

#[test]
fn aliyuns_pulls_live() {
    let shared = sandbox();
    let stream = || json!({"DomainName": "play.example.com", "AppName": "live", "StreamName": "s1"});
    let mut pull = stream();
    pull["SourceUrl"] = json!("rtmp://a.example.com/l/s;rtmp://b.example.com/l/s");
    pull["StartTime"] = json!("2023-11-14T22:13:20Z");
    pull["EndTime"] = json!("2023-11-21T22:13:20Z");
    ok(&shared, Aliyun, "AddLivePullStreamInfoConfig", pull.clone());
    assert_eq!(refused(&shared, Aliyun, "AddLivePullStreamInfoConfig", pull.clone()), pair(400, "ConfigAlreadyExists"));
    let mut long = pull.clone();
    long["EndTime"] = json!("2023-11-21T22:13:21Z");
    assert_eq!(refused(&shared, Aliyun, "UpdateLivePullStreamInfoConfig", long).1, "InvalidEndTime.Mismatch");
    pull["SourceUrl"] = json!("rtmp://c.example.com/l/s");
    ok(&shared, Aliyun, "UpdateLivePullStreamInfoConfig", pull);
    let list = ok(&shared, Aliyun, "DescribeLivePullStreamConfig", json!({"DomainName": "play.example.com"}));
    assert_eq!(list["LiveAppRecordList"]["LiveAppRecord"][0]["SourceUrl"], "rtmp://c.example.com/l/s");
    ok(&shared, Aliyun, "DeleteLivePullStreamInfoConfig", stream());
    assert_eq!(
        refused(&shared, Aliyun, "DeleteLivePullStreamInfoConfig", stream()),
        pair(404, "InvalidConfig.NotFound")
    );
}

#[test]
fn volcengines_fixed_relays_live() {
    let shared = sandbox();
    let stream = || json!({"Domain": "push.example.com", "App": "live", "Stream": "s1"});
    let mut relay = stream();
    relay["SrcAddrS"] = json!(["rtmp://o.example.com/live/s1"]);
    let task = ok(&shared, Volcengine, "CreateRelaySourceV4", relay.clone())["TaskId"].clone();
    assert!(task.as_str().unwrap().bytes().all(|byte| byte.is_ascii_digit()));
    assert_eq!(refused(&shared, Volcengine, "CreateRelaySourceV4", relay.clone()), pair(400, "InvalidParam"));
    relay["StartTime"] = json!("1683518058");
    relay["EndTime"] = json!("1683777258");
    ok(&shared, Volcengine, "UpdateRelaySourceV4", relay.clone());
    let list = ok(&shared, Volcengine, "ListRelaySourceV4", json!({"Domain": "push.example.com"}));
    assert_eq!(list["List"][0]["StartTime"], 1_683_518_058);
    assert_eq!(list["Pagination"], json!({"PageCur": 1, "PageSize": 20, "PageTotal": 1, "TotalCount": 1}));
    relay["EndTime"] = json!(1_684_122_859);
    assert_eq!(refused(&shared, Volcengine, "UpdateRelaySourceV4", relay.clone()), pair(400, "InvalidParam"));
    ok(&shared, Volcengine, "DeleteRelaySourceV4", stream());
    assert_eq!(refused(&shared, Volcengine, "UpdateRelaySourceV4", relay).1, "InvalidParam");
    assert_eq!(refused(&shared, Volcengine, "DeleteRelaySourceV4", stream()), pair(404, "ResourceNotFound"));
}

#[test]
fn volcengines_other_relays_live() {
    let shared = sandbox();
    let group = |name: &str| json!({"Group": name, "Servers": [{"RelaySourceDomain": "o.example.com", "RelaySourceProtocol": "rtmp"}]});
    let put = json!({"Vhost": "example.com", "App": "live", "GroupDetails": [group("a"), group("b")]});
    ok(&shared, Volcengine, "UpdateRelaySourceV3", put);
    ok(&shared, Volcengine, "DeleteRelaySourceV3", json!({"Vhost": "example.com", "App": "live", "Group": "a"}));
    let shown = ok(&shared, Volcengine, "DescribeRelaySourceV3", json!({"Vhost": "example.com"}));
    assert_eq!(shown["RelaySourceConfigList"][0]["GroupDetails"], json!([group("b")]));
    ok(&shared, Volcengine, "DeleteRelaySourceV3", json!({"Vhost": "example.com"}));
    assert_eq!(refused(&shared, Volcengine, "DeleteRelaySourceV3", json!({"Vhost": "example.com"})).0, 404);

    let task = json!({
        "StartTime": NOW, "EndTime": NOW + 60, "Type": 0, "SrcAddr": "rtmp://o.example.com/a/b",
        "Domain": "p.example.com", "App": "live", "Stream": "s", "Title": "night",
    });
    let id = ok(&shared, Volcengine, "CreatePullToPushTask", task)["TaskId"].clone();
    let status =
        || ok(&shared, Volcengine, "ListPullToPushTaskV2", json!({"Title": "nig"}))["List"][0]["Status"].clone();
    assert_eq!(status(), "生效中");
    ok(&shared, Volcengine, "StopPullToPushTask", json!({"TaskId": id}));
    assert_eq!(status(), "停用");
    ok(&shared, Volcengine, "ContinuePullToPushTask", json!({"TaskId": id}));
    assert_eq!(status(), "生效中");
    ok(&shared, Volcengine, "DeletePullToPushTask", json!({"TaskId": id}));
    assert_eq!(
        refused(&shared, Volcengine, "StopPullToPushTask", json!({"TaskId": id})),
        pair(404, "ResourceNotFound")
    );
}

#[test]
fn volcengines_encryption_lives() {
    let shared = sandbox();
    assert_eq!(ok(&shared, Volcengine, "DescribeEncryptHLS", json!({})), json!({"URL": "", "CycleTime": 0}));
    ok(
        &shared,
        Volcengine,
        "UpdateEncryptHLS",
        json!({"URL": "https://kms.example.com/get_key?", "CycleTime": "3600"}),
    );
    let setting = ok(&shared, Volcengine, "DescribeEncryptHLS", json!({}));
    assert_eq!(setting, json!({"URL": "https://kms.example.com/get_key?", "CycleTime": 3600}));
    let bind = |systems: Value, origin: bool| json!({"Vhost": "example.com", "App": "live", "DRMSystems": systems, "EncryptOriginStream": origin, "EncryptTranscodeStream": false});
    assert_eq!(refused(&shared, Volcengine, "BindEncryptDRM", bind(json!(["ClearKey", "FairPlay"]), true)).0, 400);
    assert_eq!(refused(&shared, Volcengine, "BindEncryptDRM", bind(json!(["ClearKey"]), false)).0, 400);
    ok(&shared, Volcengine, "BindEncryptDRM", bind(json!(["FairPlay"]), true));
    ok(&shared, Volcengine, "BindEncryptDRM", bind(json!(["ClearKey"]), true));
    let list = ok(&shared, Volcengine, "ListBindEncryptDRM", json!({"Vhost": "example.com"}));
    assert_eq!(list["DRMBindingList"].as_array().unwrap().len(), 1);
    assert_eq!(list["DRMBindingList"][0]["DRMSystems"], json!(["ClearKey"]));
    let app = || json!({"Vhost": "example.com", "App": "live"});
    ok(&shared, Volcengine, "UnBindEncryptDRM", app());
    assert_eq!(refused(&shared, Volcengine, "UnBindEncryptDRM", app()), pair(404, "ResourceNotFound"));
    let key = |id: &str| ok(&shared, Volcengine, "GetHLSEncryptDataKey", json!({"KeyID": id}))["DataKey"].clone();
    let first = key("08e765a4da");
    assert_eq!((first.as_str().unwrap().len(), &first), (16, &key("08e765a4da")));
    assert_ne!(first, key("08e765a4db"));
    assert_eq!(
        refused(&shared, Volcengine, "GetHLSEncryptDataKey", json!({"KeyID": "nokey"})),
        pair(404, "ResourceNotFound")
    );
}

#[test]
fn transcode_templates_keep_and_lose_encryption_as_the_vendors_do() {
    let shared = sandbox();
    let new = json!({"TemplateName": "hd", "VideoBitrate": 900, "DRMType": "normalaes", "DRMTracks": "AUDIO|HD"});
    let id = ok(&shared, Tencent, "CreateLiveTranscodeTemplate", new)["TemplateId"].clone();
    let show = || ok(&shared, Tencent, "DescribeLiveTranscodeTemplate", json!({"TemplateId": id}))["Template"].clone();
    assert_eq!(
        (&show()["DRMType"], &show()["Vcodec"], &show()["NeedVideo"]),
        (&json!("normalaes"), &json!("origin"), &json!(1))
    );
    ok(&shared, Tencent, "ModifyLiveTranscodeTemplate", json!({"TemplateId": id, "VideoBitrate": 800}));
    assert_eq!((&show()["DRMType"], &show()["VideoBitrate"]), (&json!(""), &json!(800)));
    let two = json!({"TemplateId": id, "DRMType": "normalaes", "DRMTracks": "SD|HD"});
    assert_eq!(refused(&shared, Tencent, "ModifyLiveTranscodeTemplate", two).1, "InvalidParameter");
    ok(&shared, Tencent, "DeleteLiveTranscodeTemplate", json!({"TemplateId": id}));
    let gone = refused(&shared, Tencent, "DeleteLiveTranscodeTemplate", json!({"TemplateId": id}));
    assert_eq!(gone.1, "FailedOperation.NotFound");

    let app = || json!({"Domain": "play.example.com", "App": "live", "Template": "lhd"});
    let with = |encrypt: &str| {
        let mut params = app();
        params["EncryptParameters"] = json!(encrypt);
        params
    };
    let list = || {
        ok(&shared, Aliyun, "DescribeLiveStreamTranscodeInfo", json!({"DomainTranscodeName": "play.example.com"}))["DomainTranscodeList"]["DomainTranscodeInfo"].clone()
    };
    ok(
        &shared,
        Aliyun,
        "AddLiveStreamTranscode",
        with(r#"{"EncryptType":"aliyun","KmsKeyID":"k","KmsKeyExpireInterval":600}"#),
    );
    assert_eq!(list()[0]["EncryptParameters"]["KmsKeyExpireInterval"], "600");
    let mut lazy = app();
    lazy["Lazy"] = json!("no");
    ok(&shared, Aliyun, "UpdateLiveStreamTranscode", lazy);
    assert_eq!((&list()[0]["IsLazy"], &list()[0]["EncryptParameters"]["KmsKeyID"]), (&json!(false), &json!("k")));
    ok(&shared, Aliyun, "UpdateLiveStreamTranscode", with("{}"));
    assert_eq!(list()[0].get("EncryptParameters"), None);
    assert_eq!(refused(&shared, Aliyun, "UpdateLiveStreamTranscode", with("[")).0, 400);
    ok(&shared, Aliyun, "DeleteLiveStreamTranscode", app());
    assert_eq!(refused(&shared, Aliyun, "DeleteLiveStreamTranscode", app()), pair(404, "InvalidConfig.NotFound"));
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
