//! Volcengine's settings that are put as a whole, and its certificates.

use serde_json::{Value, json};

use super::{ok, pair, refused, sandbox};
use crate::model::Vendor::Volcengine;

/// The life of one setting: put, shown, put anew as a whole, deleted, missed.
struct Life {
    put: (&'static str, Value),
    show: (&'static str, Value),
    /// What is shown, whole.
    shown: Value,
    /// Put in its place, and the values that are then shown in the first item.
    again: Value,
    then: Vec<(&'static str, Value)>,
    delete: Option<(&'static str, Value)>,
}

fn live_through(life: &Life) {
    let shared = sandbox();
    let call = |action: &str, params: &Value| ok(&shared, Volcengine, action, params.clone());
    let (show, params) = (life.show.0, &life.show.1);
    let list = life.shown.as_object().unwrap().keys().next().unwrap();
    assert_eq!(call(show, params), json!({ list: [] }), "before it is put");
    call(life.put.0, &life.put.1);
    assert_eq!(call(show, params), life.shown);
    call(life.put.0, &life.again);
    let now = call(show, params);
    assert_eq!(now[list].as_array().unwrap().len(), 1, "it took the place of the first: {now}");
    for (place, value) in &life.then {
        assert_eq!(now[list][0].pointer(place), Some(value), "{place} in {now}");
    }
    let Some((delete, params)) = &life.delete else { return };
    call(delete, params);
    assert_eq!(call(show, &life.show.1), json!({ list: [] }), "{delete}");
    assert_eq!(refused(&shared, Volcengine, delete, params.clone()), pair(404, "ResourceNotFound"));
}

#[test]
fn callbacks_live() {
    let address = |url: &str| json!([{"CallbackType": "HTTP", "URL": url}]);
    let put = |url: &str| json!({"Vhost": "example.com", "App": "live", "MessageType": "push", "CallbackDetailList": address(url)});
    let mut first = put("https://a.example.com/cb");
    first["AuthEnable"] = json!(true);
    first["AuthKeyPrimary"] = json!("key-one");
    live_through(&Life {
        put: ("UpdateCallback", first),
        show: ("DescribeCallback", json!({"Domain": "push.example.com"})),
        shown: json!({"CallbackList": [{
            "App": "live", "AuthEnable": true, "AuthKeyPrimary": "key-one", "CallbackDetailList": address("https://a.example.com/cb"),
            "CreateTime": "2023-11-15 06:13:20", "CreateTimeUTC": "2023-11-14T22:13:20Z", "MessageType": "push",
            "TranscodeCallback": 0, "Vhost": "example.com",
        }]}),
        again: put("https://b.example.com/cb"),
        then: vec![
            ("/AuthEnable", json!(false)),
            ("/AuthKeyPrimary", json!("")),
            ("/CallbackDetailList", address("https://b.example.com/cb")),
        ],
        delete: Some(("DeleteCallback", json!({"Vhost": "example.com", "App": "live"}))),
    });

    let shared = sandbox();
    let mut both = put("https://a.example.com/cb");
    both["Domain"] = json!("push.example.com");
    assert_eq!(refused(&shared, Volcengine, "UpdateCallback", both), pair(400, "InvalidParam"));
    assert_eq!(refused(&shared, Volcengine, "DescribeCallback", json!({})), pair(400, "InvalidParam"));
    for kind in ["push", "push_end"] {
        let mut params = put("https://a.example.com/cb");
        params["MessageType"] = json!(kind);
        ok(&shared, Volcengine, "UpdateCallback", params);
    }
    let one = json!({"Vhost": "example.com", "App": "live", "MessageType": "push"});
    ok(&shared, Volcengine, "DeleteCallback", one);
    let left = ok(&shared, Volcengine, "DescribeCallback", json!({"Vhost": "example.com"}));
    assert_eq!((&left["CallbackList"][0]["MessageType"], left["CallbackList"].get(1)), (&json!("push_end"), None));
}

#[test]
fn referers_and_ip_rules_live() {
    let rule = |kind: &str, value: &str| json!([{"Key": "referer", "Type": kind, "Value": value}]);
    let put = |rule: Value| json!({"Vhost": "example.com", "Domain": "play.example.com", "RefererInfoList": rule});
    live_through(&Life {
        put: ("UpdateReferer", put(rule("allow", "a.cn"))),
        show: ("DescribeReferer", json!({"Domain": "play.example.com"})),
        shown: json!({"RefererList": [{
            "App": "", "Domain": "play.example.com",
            "RefererInfoList": [{"Key": "referer", "Priority": 0, "Type": "allow", "Value": "a.cn"}],
            "Vhost": "example.com",
        }]}),
        again: put(rule("deny", "b.cn")),
        then: vec![("/RefererInfoList/0/Type", json!("deny")), ("/RefererInfoList/0/Value", json!("b.cn"))],
        delete: Some(("DeleteReferer", json!({"Vhost": "example.com", "Domain": "play.example.com"}))),
    });
    let shared = sandbox();
    let many: Vec<Value> =
        (0..101).map(|at| json!({"Key": "k", "Type": "deny", "Value": format!("{at}.cn")})).collect();
    assert_eq!(refused(&shared, Volcengine, "UpdateReferer", put(json!(many))), pair(400, "InvalidParam"));

    let domain = || json!({"Vhost": "example.com", "Domain": "play.example.com"});
    let put = |addresses: Value| {
        let mut params = domain();
        params["IPAccessRule"] = json!({"Enable": true, "Type": "allow", "IPList": addresses});
        params
    };
    live_through(&Life {
        put: ("UpdateIPAccessRule", put(json!(["192.0.2.1"]))),
        show: ("DescribeIPAccessRule", domain()),
        shown: json!({"AccessRuleLists": [{
            "Domain": "play.example.com",
            "IPAccessRule": {"DenyHTTPStatusCode": 0, "Enable": true, "EnableTS": false, "IPList": ["192.0.2.1"], "Type": "allow"},
            "Vhost": "example.com",
        }]}),
        again: put(json!(["198.51.100.0/24"])),
        then: vec![("/IPAccessRule/IPList", json!(["198.51.100.0/24"]))],
        delete: Some(("DeleteIPAccessRule", domain())),
    });
}

#[test]
fn keys_of_addresses_are_overwritten_as_a_whole() {
    let put = |secret: &str| {
        json!({
            "Domain": "push.example.com", "SceneType": "push",
            "AuthDetailList": [{"AuthType": "B", "EncryptionAlgorithm": "md5", "SecretKey": secret}],
        })
    };
    let mut first = put("one");
    first["PushPullEnable"] = json!(true);
    first["ValidDuration"] = json!(600);
    live_through(&Life {
        put: ("UpdateAuthKey", first),
        show: ("DescribeAuth", json!({"SceneType": "push", "Domain": "push.example.com"})),
        shown: json!({"AuthList": [{
            "App": "", "AuthDetailList": [{"AuthType": "B", "EncryptionAlgorithm": "md5", "SecretKey": "one"}],
            "AuthStatus": true, "Domain": "push.example.com", "SceneType": "push", "TimeStampBase": 10,
            "ValidDuration": 600, "Vhost": "example.com",
        }]}),
        again: put("two"),
        then: vec![
            ("/AuthStatus", json!(false)),
            ("/ValidDuration", json!(0)),
            ("/AuthDetailList/0/SecretKey", json!("two")),
        ],
        delete: None,
    });
    let shared = sandbox();
    ok(&shared, Volcengine, "UpdateAuthKey", put("one"));
    let count = |params: Value| ok(&shared, Volcengine, "DescribeAuth", params)["AuthList"].as_array().unwrap().len();
    assert_eq!(count(json!({"SceneType": "push", "Vhost": "example.com"})), 1);
    assert_eq!(count(json!({"SceneType": "pull", "Vhost": "example.com"})), 0);
    assert_eq!(refused(&shared, Volcengine, "DescribeAuth", json!({"SceneType": "push"})), pair(400, "InvalidParam"));
}

#[test]
fn quotas_and_headers_live() {
    let quota =
        |streams: u32| json!({"Domain": "push.example.com", "QuotaDetailList": [{"StreamConfig": {"Quota": streams}}]});
    live_through(&Life {
        put: ("UpdateStreamQuotaConfig", quota(10)),
        show: ("DescribeStreamQuotaConfig", json!({"Domain": "push.example.com"})),
        shown: json!({"QuotaList": [{
            "Domain": "push.example.com", "QuotaDetailList": [{"StreamConfig": {"Quota": 10}}], "Vhost": "example.com",
        }]}),
        again: quota(20),
        then: vec![("/QuotaDetailList/0/StreamConfig/Quota", json!(20))],
        delete: Some(("DeleteStreamQuotaConfig", json!({"Domain": "push.example.com"}))),
    });
    let place = || json!({"Vhost": "example.com", "Domain": "play.example.com", "Phase": 0});
    let put = |value: &str| {
        let mut params = place();
        params["Enable"] = json!(true);
        params["HeaderConfigList"] = json!([{"HeaderFieldType": 0, "HeaderKey": "X-A", "HeaderValue": value}]);
        params
    };
    live_through(&Life {
        put: ("UpdateHTTPHeaderConfig", put("1")),
        show: ("DescribeHTTPHeaderConfig", place()),
        shown: json!({"HeaderConfigList": [{
            "BlockOriginal": 0, "Domain": "play.example.com", "Enable": true,
            "HeaderDetailList": [{"HeaderFieldType": 0, "HeaderKey": "X-A", "HeaderValue": "1"}], "Vhost": "example.com",
        }]}),
        again: put("2"),
        then: vec![("/HeaderDetailList/0/HeaderValue", json!("2"))],
        delete: Some(("DeleteHTTPHeaderConfig", place())),
    });
    let shared = sandbox();
    let mut off = place();
    off["Enable"] = json!(false);
    assert_eq!(refused(&shared, Volcengine, "EnableHTTPHeaderConfig", off.clone()), pair(404, "ResourceNotFound"));
    ok(&shared, Volcengine, "UpdateHTTPHeaderConfig", put("1"));
    ok(&shared, Volcengine, "EnableHTTPHeaderConfig", off);
    assert_eq!(ok(&shared, Volcengine, "DescribeHTTPHeaderConfig", place())["HeaderConfigList"][0]["Enable"], false);
}

const PEM: &str = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const KEY: &str = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n";

#[test]
fn certificates_are_bound_and_not_deleted_in_use() {
    let shared = sandbox();
    let call = |action: &str, params: Value| ok(&shared, Volcengine, action, params);
    let no = |action: &str, params: Value| refused(&shared, Volcengine, action, params);
    let missing = pair(404, "ResourceNotFound");
    let new = |pem: &str| json!({"Rsa": {"Pubkey": pem, "Prikey": KEY}, "UseWay": "https", "CertName": "one"});
    assert_eq!(no("CreateCert", new("MIIB")), pair(400, "InvalidParam.Format"));
    let chain = call("CreateCert", new(PEM))["ChainID"].clone();
    assert_eq!(chain, "chain-1");
    let bind = json!({"ChainID": chain, "Domain": "play.example.com", "HTTPS": true, "HTTP2": true});
    assert_eq!(no("BindCert", bind.clone()), missing, "the domain is not there");
    call("CreateDomain", json!({"Domain": "play.example.com", "Type": "pull-flv"}));
    let wrong = json!({"ChainID": "chain-9", "Domain": "play.example.com"});
    assert_eq!(no("BindCert", wrong), missing, "the certificate is not there");
    call("BindCert", bind);
    let domain = call("DescribeDomain", json!({"DomainList": ["play.example.com"]}))["DomainList"][0].clone();
    assert_eq!((&domain["ChainID"], &domain["HTTP2"]), (&chain, &json!(true)));
    let list = call("ListCertV2", json!({}));
    assert_eq!(list["Total"], 1);
    assert_eq!(list["ExpirationInfo"], json!({"ActiveNum": 1, "ClosingExpireNum": 0, "ExpireNum": 0}));
    assert_eq!(
        list["CertList"][0],
        json!({
            "CertDomainList": ["play.example.com"], "CertID": "cert-1", "CertName": "one", "ChainID": "chain-1",
            "ChainIDVolc": "volc-1", "CreateTime": "2023-11-15 06:13:20", "NotAfter": "2024-02-12T22:13:20Z",
            "NotBefore": "2023-11-14T22:13:20Z", "ProjectName": "default", "Status": "OK",
        })
    );
    let shown = call("DescribeCertDetailSecretV2", json!({"ChainID": chain}));
    assert_eq!((&shown["SSL"]["Chain"], &shown["CertName"]), (&json!([PEM]), &json!("one")));
    assert!(!shown.to_string().contains("PRIVATE KEY"));
    assert_eq!(no("DescribeCertDetailSecretV2", json!({})), pair(400, "InvalidParam"));
    assert_eq!(no("DeleteCert", json!({"ChainID": chain})), pair(400, "InvalidParam"));
    call("UnbindCert", json!({"Domain": "play.example.com"}));
    assert_eq!(no("UnbindCert", json!({"Domain": "play.example.com"})), missing);
    call("DeleteCert", json!({"ChainID": chain}));
    assert_eq!(no("DeleteCert", json!({"ChainID": chain})), missing);
}

#[test]
fn a_certificate_takes_the_place_of_its_chain() {
    let shared = sandbox();
    let mut new =
        json!({"Rsa": {"Pubkey": PEM, "Prikey": KEY}, "UseWay": "https", "CertName": "one", "ChainID": "chain-7"});
    assert_eq!(refused(&shared, Volcengine, "CreateCert", new.clone()), pair(404, "ResourceNotFound"));
    new.as_object_mut().unwrap().remove("ChainID");
    ok(&shared, Volcengine, "CreateCert", new.clone());
    new["ChainID"] = json!("chain-1");
    new["CertName"] = json!("two");
    assert_eq!(ok(&shared, Volcengine, "CreateCert", new)["ChainID"], "chain-1");
    let list = ok(&shared, Volcengine, "ListCertV2", json!({"PageNum": 1, "PageSize": 1}));
    assert_eq!((&list["Total"], &list["CertList"][0]["CertName"]), (&json!(1), &json!("two")));
}
