//! Calls to requests.

use std::collections::BTreeMap;

use livectl::error::{Class, Outcome};
use livectl::model::{Call, Method, Params, Vendor};
use livectl::providers::{Target, catalog, provider};
use livectl::sign::Scheme;
use serde_json::{Value, json};

use super::{encode, encode_with, header, owned, pairs, params};

/// Every example request of a vendor's sheet.
fn examples(vendor: Vendor) -> impl Iterator<Item = (&'static str, Params)> {
    catalog::action_names(vendor).filter_map(move |name| {
        let text = catalog::example(vendor, name)?.request;
        (!text.is_empty()).then(|| (name, params(serde_json::from_str(text).unwrap())))
    })
}

#[test]
fn tencent_examples_travel_as_the_json_they_are() {
    for (action, example) in examples(Vendor::Tencent) {
        let request = encode(Vendor::Tencent, action, example.clone(), None);
        assert_eq!(request.method, Method::Post);
        assert_eq!((request.path.as_str(), request.host.as_str()), ("/", "live.tencentcloudapi.com"));
        assert!(request.query.is_empty());
        assert_eq!(serde_json::from_slice::<Value>(&request.body).unwrap(), Value::Object(example));
        assert_eq!(header(&request, "Content-Type"), Some("application/json; charset=utf-8"));
        assert_eq!(header(&request, "X-TC-Action"), Some(action));
        assert_eq!(header(&request, "X-TC-Version"), Some("2018-08-01"));
    }
}

#[test]
fn tencent_sends_a_region_only_where_one_is_chosen_or_needed() {
    let region = |action: &str, chosen: Option<&str>| {
        let request = encode(Vendor::Tencent, action, Params::new(), chosen);
        header(&request, "X-TC-Region").map(str::to_owned)
    };
    assert_eq!(region("AddLiveDomain", None), None);
    assert_eq!(region("AddLiveDomain", Some("eu-frankfurt")).as_deref(), Some("eu-frankfurt"));
    assert_eq!(region("DescribeLivePullStreamTasks", None).as_deref(), Some("ap-guangzhou"));
    // Not served in the default region: nothing is guessed.
    assert_eq!(region("DescribeTimeShiftStreamList", None), None);
}

#[test]
fn tencent_version_1_flattens_from_zero_into_a_form() {
    let call = json!({
        "DomainInfos": [{"DomainName": "a.example.com", "Status": 1}, {"DomainName": "b.example.com", "Status": -1}],
        "CloudCertId": "x y&z",
    });
    let request = encode_with(
        Scheme::TencentHmacSha1,
        Vendor::Tencent,
        "ModifyLiveDomainCertBindings",
        params(call),
        Some("ap-guangzhou"),
    );
    assert_eq!(header(&request, "Content-Type"), Some("application/x-www-form-urlencoded"));
    let expected = owned(&[
        ("Action", "ModifyLiveDomainCertBindings"),
        ("Version", "2018-08-01"),
        ("Region", "ap-guangzhou"),
        ("Language", "en-US"),
        ("DomainInfos.0.DomainName", "a.example.com"),
        ("DomainInfos.0.Status", "1"),
        ("DomainInfos.1.DomainName", "b.example.com"),
        ("DomainInfos.1.Status", "-1"),
        ("CloudCertId", "x y&z"),
    ]);
    assert_eq!(pairs(std::str::from_utf8(&request.body).unwrap()), expected);
}

#[test]
fn tencent_version_1_cannot_say_an_empty_list() {
    let target = Target {
        scheme: "https",
        host: "live.tencentcloudapi.com",
        region: None,
        signature: Scheme::TencentHmacSha256,
    };
    let call = Call::new(Vendor::Tencent, "ModifyLivePullStreamTask").with("WatermarkList", json!([]));
    let error = provider(Vendor::Tencent).encode(&call, &target).unwrap_err();
    assert_eq!((error.class(), error.details().outcome), (Class::Usage, Some(Outcome::NotSent)));
    assert_eq!(error.details().faults[0].option, "WatermarkList");
}

#[test]
fn aliyun_examples_flatten_as_the_sheet_shows() {
    let sheet: Value = serde_json::from_str(include_str!("../../src/providers/aliyun/facts.json")).unwrap();
    let shown = sheet["wire_examples"].as_object().unwrap();
    assert_eq!(shown.len(), 10);
    let mut compared = 0;
    for (action, example) in examples(Vendor::Aliyun) {
        let request = encode(Vendor::Aliyun, action, example, None);
        let sent: BTreeMap<String, Value> =
            request.query.iter().skip(3).map(|(name, value)| (name.clone(), json!(value))).collect();
        assert_eq!(request.query[..3], owned(&[("Action", action), ("Version", "2016-11-01"), ("Format", "JSON")]));
        if let Some(expected) = shown.get(action) {
            // JSON inside a parameter may order its members in another way.
            for (name, value) in expected.as_object().unwrap() {
                assert_eq!(unfold(&sent[name]), unfold(value), "{action}.{name}");
            }
            assert_eq!(sent.len(), expected.as_object().unwrap().len(), "{action}");
            compared += 1;
        }
    }
    assert_eq!(compared, 10);
}

/// JSON text as JSON, anything else as it is.
fn unfold(value: &Value) -> Value {
    let text = value.as_str().unwrap();
    if text.starts_with(['{', '[']) { serde_json::from_str(text).unwrap() } else { value.clone() }
}

#[test]
fn aliyun_methods_and_places_are_those_of_the_sheet() {
    let request = encode(
        Vendor::Aliyun,
        "DescribeLiveDomainRealTimeBpsData",
        params(json!({"DomainName": "a.example.com"})),
        Some("ap-southeast-1"),
    );
    assert_eq!((request.method, request.host.as_str()), (Method::Get, "live.ap-southeast-1.aliyuncs.com"));
    assert_eq!(request.query[3..], owned(&[("RegionId", "ap-southeast-1"), ("DomainName", "a.example.com")]));
    let form = catalog::actions(Vendor::Aliyun).find(|action| action.params_in == "form").unwrap();
    let request = encode(Vendor::Aliyun, form.name, params(json!({"AppId": "a b"})), Some("cn-beijing"));
    assert_eq!((request.method, request.host.as_str()), (Method::Post, "live.aliyuncs.com"));
    assert_eq!(request.body, b"AppId=a%20b");
    assert_eq!(request.query.len(), 4);
}

#[test]
fn aliyun_joins_lists_and_writes_truth_values_as_words() {
    let request = encode(
        Vendor::Aliyun,
        "BatchSetLiveDomainConfigs",
        params(json!({"DomainNames": ["a.com", "b.com"], "Functions": [{"functionName": "x"}], "DryRun": true})),
        None,
    );
    let expected = [("DomainNames", "a.com,b.com"), ("Functions", r#"[{"functionName":"x"}]"#), ("DryRun", "true")];
    assert_eq!(request.query[3..], owned(&expected));
}

#[test]
fn aliyun_keeps_private_keys_and_long_values_out_of_the_url() {
    let call = json!({"DomainName": "a.com", "SSLProtocol": "on", "SSLPub": "PUB", "SSLPri": "PRI"});
    let request = encode(Vendor::Aliyun, "SetLiveDomainCertificate", params(call), None);
    assert_eq!(request.query.len(), 3);
    assert_eq!(request.body, b"DomainName=a.com&SSLProtocol=on&SSLPub=PUB&SSLPri=PRI");
    let call = json!({"DomainNames": "a.com", "Functions": "x".repeat(4000)});
    assert_eq!(encode(Vendor::Aliyun, "BatchSetLiveDomainConfigs", params(call), None).query.len(), 3);
}

#[test]
fn aliyun_version_on_the_wire_is_the_api_version() {
    let target = Target { scheme: "https", host: "live.aliyuncs.com", region: None, signature: Scheme::AliyunRpc };
    let call = Call::new(Vendor::Aliyun, "AddCustomLiveStreamTranscode").with("Version", "2");
    let error = provider(Vendor::Aliyun).encode(&call, &target).unwrap_err();
    assert_eq!(error.class(), Class::Usage);
    let call = Call::new(Vendor::Aliyun, "AddCustomLiveStreamTranscode").with("Version", "2016-11-01");
    assert_eq!(provider(Vendor::Aliyun).encode(&call, &target).unwrap().query.len(), 3);
}

#[test]
fn volcengine_requests_are_those_of_the_reference() {
    let body = json!({"URL": "http://example.kms.com/get_key?", "CycleTime": "60"});
    let request = encode(Vendor::Volcengine, "UpdateEncryptHLS", params(body.clone()), None);
    assert_eq!((request.method, request.host.as_str()), (Method::Post, "live.volcengineapi.com"));
    assert_eq!(request.query, owned(&[("Action", "UpdateEncryptHLS"), ("Version", "2023-01-01")]));
    assert_eq!(header(&request, "Content-Type"), Some("application/json"));
    assert_eq!(serde_json::from_slice::<Value>(&request.body).unwrap(), body);

    let key = params(json!({"KeyID": "08e765a4da"}));
    let request = encode(Vendor::Volcengine, "GetHLSEncryptDataKey", key, None);
    assert_eq!((request.method, request.body.len()), (Method::Get, 0));
    let expected = [("Action", "GetHLSEncryptDataKey"), ("Version", "2023-01-01"), ("KeyID", "08e765a4da")];
    assert_eq!(request.query, owned(&expected));
}

#[test]
fn volcengine_bodies_are_empty_where_there_is_nothing_to_say() {
    assert!(encode(Vendor::Volcengine, "DescribeEncryptHLS", Params::new(), None).body.is_empty());
    assert_eq!(encode(Vendor::Volcengine, "ListDomainDetail", Params::new(), None).body, b"{}");
    // A POST whose parameters travel in the query.
    let licence = params(json!({"DRMType": "fp", "App": "live"}));
    let request = encode(Vendor::Volcengine, "DescribeLicenseDRM", licence, None);
    assert_eq!((request.method, request.body.len(), request.query.len()), (Method::Post, 0, 4));
}

#[test]
fn an_action_that_no_sheet_knows_is_posted_the_vendors_usual_way() {
    let call = || params(json!({"A": [1, {"B": "c"}]}));
    let tencent = encode(Vendor::Tencent, "NewAction", call(), None);
    assert_eq!(tencent.body, br#"{"A":[1,{"B":"c"}]}"#);
    let aliyun = encode(Vendor::Aliyun, "NewAction", call(), None);
    assert_eq!((aliyun.method, &aliyun.query[3..]), (Method::Post, &owned(&[("A.1", "1"), ("A.2.B", "c")])[..]));
    let volcengine = encode(Vendor::Volcengine, "NewAction", call(), None);
    assert_eq!((volcengine.method, volcengine.body), (Method::Post, br#"{"A":[1,{"B":"c"}]}"#.to_vec()));
}

#[test]
fn big_whole_numbers_travel_unchanged() {
    let call = || params(json!({"Id": 18_446_744_073_709_551_615u64, "Least": i64::MIN}));
    assert_eq!(
        encode(Vendor::Tencent, "NewAction", call(), None).body,
        br#"{"Id":18446744073709551615,"Least":-9223372036854775808}"#
    );
    assert_eq!(encode(Vendor::Aliyun, "NewAction", call(), None).query[3].1, "18446744073709551615");
}
