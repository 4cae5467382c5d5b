//! Tencent's keys, certificates, tasks, mixing and ownership. What is expected is written by hand from the reference.

use serde_json::{Value, json};

use super::{NOW, ok, refused, sandbox, sandbox_with};
use crate::model::Vendor::Tencent;
use crate::sandbox::dispatch::Shared;
use crate::sandbox::{Push, publish, unpublish};

fn does(shared: &Shared, action: &str, params: Value) -> Value {
    ok(shared, Tencent, action, params)
}

fn refuses(shared: &Shared, action: &str, params: Value) -> String {
    refused(shared, Tencent, action, params).1
}

fn domain(shared: &Shared, name: &str, kind: i64) {
    does(shared, "AddLiveDomain", json!({"DomainName": name, "DomainType": kind}));
}

#[test]
fn keys_and_referers_are_there_from_the_start_and_change() {
    let shared = sandbox();
    domain(&shared, "push.example.com", 0);
    domain(&shared, "play.example.com", 1);
    let push = || json!({"DomainName": "push.example.com"});
    let play = || json!({"DomainName": "play.example.com"});
    let key = || does(&shared, "DescribeLivePushAuthKey", push())["PushAuthKeyInfo"].clone();
    let first = key();
    assert_eq!((first["MasterAuthKey"].as_str().unwrap().len(), &first["Enable"]), (32, &json!(1)));
    assert_eq!(first, key(), "a key stays");
    let change = json!({"DomainName": "push.example.com", "MasterAuthKey": "", "BackupAuthKey": "b", "AuthDelta": 60});
    does(&shared, "ModifyLivePushAuthKey", change);
    let now = json!({"DomainName": "push.example.com", "Enable": 1, "MasterAuthKey": first["MasterAuthKey"], "BackupAuthKey": "b", "AuthDelta": 60});
    assert_eq!(key(), now);

    let key = || does(&shared, "DescribeLivePlayAuthKey", play())["PlayAuthKeyInfo"].clone();
    assert_eq!(
        key(),
        json!({"DomainName": "play.example.com", "Enable": 0, "AuthKey": "", "AuthDelta": 0, "AuthBackKey": ""})
    );
    does(&shared, "ModifyLivePlayAuthKey", json!({"DomainName": "play.example.com", "Enable": 1, "AuthKey": "k"}));
    assert_eq!((&key()["Enable"], &key()["AuthKey"]), (&json!(1), &json!("k")));

    let referer = || does(&shared, "DescribeLiveDomainReferer", play())["RefererAuthConfig"].clone();
    assert_eq!(
        referer(),
        json!({"DomainName": "play.example.com", "Enable": 0, "Type": 0, "AllowEmpty": 1, "Rules": ""})
    );
    let set =
        json!({"DomainName": "play.example.com", "Enable": 1, "Type": 1, "AllowEmpty": 0, "Rules": "a.com;b.com"});
    does(&shared, "ModifyLiveDomainReferer", set.clone());
    assert_eq!(referer(), set);

    assert_eq!(refuses(&shared, "DescribeLivePushAuthKey", play()), "ResourceNotFound.PushDomainNoRecord");
    assert_eq!(refuses(&shared, "ModifyLivePlayAuthKey", push()), "ResourceNotFound.PlayDomainNoRecord");
    assert_eq!(refuses(&shared, "DescribeLiveDomainReferer", push()), "ResourceNotFound.DomainNotExist");
    does(&shared, "DeleteLiveDomain", json!({"DomainName": "play.example.com", "DomainType": 1}));
    domain(&shared, "play.example.com", 1);
    assert_eq!((&referer()["Enable"], &key()["AuthKey"]), (&json!(0), &json!("")), "a new domain begins anew");
}

/// A request that binds a certificate to domains, with the HTTPS switch of each.
fn bind(cert: Value, domains: &[(&str, i64)]) -> Value {
    let infos: Vec<Value> = domains.iter().map(|(name, on)| json!({"DomainName": name, "Status": on})).collect();
    let mut params = cert;
    params["DomainInfos"] = json!(infos);
    params
}

fn hosted(id: &str) -> Value {
    json!({ "CloudCertId": id })
}

const PEM: &str = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

#[test]
fn certificates_are_bound_switched_and_unbound() {
    let shared = sandbox();
    domain(&shared, "play.example.com", 1);
    domain(&shared, "play.example.net", 1);
    let all = [("play.example.com", 1), ("play.example.net", 1), ("lost.example.com", 1)];
    let answer = does(&shared, "ModifyLiveDomainCertBindings", bind(hosted("sandboxA"), &all));
    assert_eq!(answer["MismatchedDomainNames"], json!(["play.example.net"]));
    assert_eq!(
        (&answer["Errors"][0]["DomainName"], &answer["Errors"][0]["Code"]),
        (&json!("lost.example.com"), &json!("ResourceNotFound.DomainNotExist"))
    );
    let named = || json!({"DomainName": "play.example.com"});
    let show = || does(&shared, "DescribeLiveDomainCert", named())["DomainCertInfo"].clone();
    let shown = show();
    assert_eq!(
        (&shown["CertId"], &shown["CloudCertId"], &shown["Status"], &shown["CertType"]),
        (&json!(1), &json!("sandboxA"), &json!(1), &json!(1))
    );
    // Without a certificate only the switch changes, and `-1` keeps it.
    does(&shared, "ModifyLiveDomainCertBindings", bind(json!({}), &[("play.example.com", 0)]));
    does(&shared, "ModifyLiveDomainCertBindings", bind(hosted("sandboxA"), &[("play.example.com", -1)]));
    assert_eq!(show()["Status"], 0);
    let bare = does(&shared, "ModifyLiveDomainCertBindings", bind(json!({}), &[("play.example.net", 1)]));
    assert_eq!(bare["Errors"][0]["Code"], "ResourceNotFound.CrtDomainNotFound");
    for (cert, code) in [
        (hosted("sandboxB"), "InvalidParameter.CrtDateOverdue"),
        (hosted("lost"), "FailedOperation.CertificateNotFound"),
        (json!({"CertificatePublicKey": PEM}), "InvalidParameter.CrtOrKeyNotExist"),
    ] {
        let params = bind(cert, &[("play.example.com", 1)]);
        assert_eq!(refuses(&shared, "ModifyLiveDomainCertBindings", params), code);
    }
    does(&shared, "UnBindLiveDomainCert", named());
    for action in ["UnBindLiveDomainCert", "DescribeLiveDomainCert"] {
        assert_eq!(refuses(&shared, action, named()), "ResourceNotFound.CrtDomainNotFound", "{action}");
    }
    assert_eq!(does(&shared, "DescribeLiveCert", json!({"CertId": 1}))["CertInfo"]["DomainList"], json!([]));
    assert_eq!(refuses(&shared, "DescribeLiveCert", json!({"CertId": 9})), "ResourceNotFound.CrtDomainNotFound");
}

#[test]
fn certificates_are_uploaded_and_listed() {
    let shared = sandbox();
    domain(&shared, "play.example.com", 1);
    domain(&shared, "play.example.net", 1);
    does(&shared, "ModifyLiveDomainCertBindings", bind(hosted("sandboxA"), &[("play.example.com", 1)]));
    let own = json!({"CertificatePublicKey": PEM, "CertificatePrivateKey": PEM, "CertificateAlias": "mine"});
    does(&shared, "ModifyLiveDomainCertBindings", bind(own, &[("play.example.net", 1)]));
    let list = does(&shared, "DescribeLiveCerts", json!({}))["CertInfoSet"].clone();
    let row = |at: usize| (list[at]["CertName"].clone(), list[at]["DomainList"].clone());
    assert_eq!(list.as_array().unwrap().len(), 3);
    assert_eq!(row(0), (json!("example.com until 2036"), json!(["play.example.com"])));
    assert_eq!(row(2), (json!("mine"), json!(["play.example.net"])));
    let first = json!({"OrderBy": "ExpireTimeAsc", "Length": 1});
    let page = does(&shared, "DescribeLiveDomainCertBindings", first);
    assert_eq!(
        (&page["TotalNum"], &page["LiveDomainCertBindings"]),
        (
            &json!(2),
            &json!([{"DomainName": "play.example.net", "CertificateAlias": "mine", "CertType": 0, "Status": 1,
                     "CertExpireTime": "2024-11-14T06:13:20Z", "CertId": 1000, "CloudCertId": "",
                     "UpdateTime": "2023-11-15T06:13:20Z"}])
        )
    );
    let second = json!({"OrderBy": "ExpireTimeAsc", "Offset": 1, "DomainSearch": "example"});
    let page = does(&shared, "DescribeLiveDomainCertBindings", second);
    assert_eq!(page["LiveDomainCertBindings"][0]["DomainName"], "play.example.com");
}

#[test]
fn timed_tasks_live() {
    for word in ["Record", "Screenshot"] {
        let shared = sandbox();
        let action = |verb: &str| format!("{verb}{word}Task");
        let task = |start: i64, end: i64| json!({"DomainName": "push.example.com", "AppName": "live", "StreamName": "s1", "TemplateId": 7, "StartTime": start, "EndTime": end});
        let id = does(&shared, &action("Create"), task(NOW - 10, NOW + 60))["TaskId"].clone();
        let later = does(&shared, &action("Create"), task(NOW + 30, NOW + 90))["TaskId"].clone();
        does(&shared, &action("Create"), task(NOW + 30, NOW + 90));
        let fourth = refuses(&shared, &action("Create"), task(NOW + 30, NOW + 90));
        assert_eq!(fourth, "LimitExceeded.MaximumRunningTask");
        for (start, end) in [(NOW - 60, NOW), (NOW, NOW + 86_401), (NOW + 518_401, NOW + 518_500)] {
            assert_eq!(refuses(&shared, &action("Create"), task(start, end)), "InvalidParameter", "{start} {end}");
        }
        for id in [&id, &later] {
            does(&shared, &action("Stop"), json!({"TaskId": id}));
        }
        let list = |start: i64, end: i64| {
            let period = json!({"StartTime": start, "EndTime": end, "StreamName": "s1"});
            does(&shared, &action("Describe"), period)["TaskList"].clone()
        };
        let all = list(NOW - 100, NOW + 100);
        assert_eq!(all.as_array().unwrap().len(), 3);
        assert_eq!(
            all[0],
            json!({"TaskId": id, "DomainName": "push.example.com", "AppName": "live", "StreamName": "s1",
                   "StartTime": NOW - 10, "EndTime": NOW + 60, "TemplateId": 7, "Stopped": NOW})
        );
        assert_eq!(all[1]["Stopped"], 0, "what does not run cannot be stopped");
        assert_eq!(list(NOW, NOW + 70), json!([]), "a task lies inside the period");
        does(&shared, &action("Delete"), json!({"TaskId": id}));
        assert_eq!(refuses(&shared, &action("Delete"), json!({"TaskId": id})), "ResourceNotFound");
        assert_eq!(refuses(&shared, &action("Stop"), json!({"TaskId": id})), "ResourceNotFound");
    }
    let shared = sandbox();
    let id = does(&shared, "CreateLiveRecord", json!({"StreamName": "s1", "Highlight": 1}))["TaskId"].clone();
    assert!(id.is_i64());
    assert_eq!(refuses(&shared, "CreateLiveRecord", json!({"StreamName": "s1"})), "InvalidParameter");
    let named = || json!({"StreamName": "s1", "TaskId": id});
    does(&shared, "StopLiveRecord", named());
    does(&shared, "DeleteLiveRecord", named());
    assert_eq!(refuses(&shared, "StopLiveRecord", named()), "ResourceNotFound");
}

#[test]
fn only_what_is_live_is_mixed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.json");
    let (store, note) = crate::sandbox::state::Store::open(&path).unwrap();
    assert_eq!(note, None);
    let signatures = crate::sandbox::auth::Signatures { claims: super::claims, verify: super::verify };
    let mut options = crate::sandbox::Options::new("prod");
    (options.clock, options.throttle) = (super::clock, false);
    let shared = Shared::new(options, store, signatures);
    let push = |stream: &'static str| Push {
        account: "prod",
        vendor: Tencent,
        domain: "push.example.com",
        app: "live",
        stream,
    };
    assert!(publish(&path, &push("a"), super::clock()).unwrap());
    let input = |name: &str, layer: i64| json!({"InputStreamName": name, "LayoutParams": {"ImageLayer": layer}});
    let mix = |inputs: Value, layout: i64, output: &str, new: i64| {
        json!({"MixStreamSessionId": "room", "MixStreamTemplateId": layout, "InputStreamList": inputs,
               "OutputParams": {"OutputStreamName": output, "OutputStreamType": new}})
    };
    let two = || json!([input("a", 1), input("b", 2)]);
    let refused = |params: Value| refuses(&shared, "CreateCommonMixStream", params);
    assert_eq!(refused(mix(two(), 40, "a", 0)), "FailedOperation.StreamNotExist");
    assert!(publish(&path, &push("b"), super::clock()).unwrap());
    assert!(!publish(&path, &push("b"), super::clock()).unwrap(), "it is live already");
    does(&shared, "CreateCommonMixStream", mix(two(), 40, "a", 0));
    does(&shared, "CreateCommonMixStream", mix(two(), 10, "a", 0));
    assert_eq!(refused(mix(two(), 10, "b", 0)), "InvalidParameter.SessionOutputStreamChanged");
    assert_eq!(refused(mix(two(), 310, "a", 0)), "InvalidParameter.TemplateNotMatchInputNum");
    assert_eq!(refused(mix(two(), 40, "a", 1)), "InvalidParameter.InvalidOutputStreamID");
    let same = json!([input("a", 1), input("b", 1)]);
    assert_eq!(refused(mix(same, 40, "a", 0)), "InvalidParameter.InvalidLayerParam");
    let many: Vec<Value> = (0..17).map(|at| input("a", at % 16 + 1)).collect();
    assert_eq!(refused(mix(json!(many), 0, "a", 0)), "InvalidParameter.InputNumLimitExceeded");
    does(&shared, "CancelCommonMixStream", json!({"MixStreamSessionId": "room"}));
    let gone = refuses(&shared, "CancelCommonMixStream", json!({"MixStreamSessionId": "room"}));
    assert_eq!(gone, "FailedOperation.CancelSessionNotExist");

    let until = super::clock().saturating_add(jiff::SignedDuration::from_secs(30)).unwrap();
    assert!(unpublish(&path, &push("a"), false, until).unwrap());
    assert!(!unpublish(&path, &push("a"), false, until).unwrap(), "it has ended");
    let period = json!({"DomainName": "push.example.com", "StartTime": "2023-11-14T22:13:20Z", "EndTime": "2023-11-14T22:14:00Z"});
    let item = json!([{"AppName": "live", "ClientIp": "192.0.2.1", "DomainName": "push.example.com", "Duration": 30,
        "Resolution": "1280*720", "StopReason": "The client actively interrupts the stream",
        "StreamEndTime": "2023-11-14T22:13:50Z", "StreamName": "a", "StreamStartTime": "2023-11-14T22:13:20Z"}]);
    assert_eq!(does(&shared, "DescribeLiveStreamPublishedList", period.clone())["PublishInfo"], item);
    assert_eq!(does(&shared, "DescribeLiveStreamEventList", period)["EventList"], item);
    let place = json!({"DomainName": "push.example.com", "AppName": "live", "StreamName": "b"});
    does(&shared, "ForbidLiveStream", place);
    let error = publish(&path, &push("b"), super::clock()).unwrap_err();
    assert!(error.to_string().contains("forbidden until 2023-11-21T22:13:20Z"), "{error}");
}

#[test]
fn ownership_is_proven_where_it_is_in_doubt() {
    let shared = sandbox_with(|_| {});
    let add = |name: &str| json!({"DomainName": name, "DomainType": 0, "VerifyOwnerType": "dbCheck"});
    does(&shared, "AddLiveDomain", add("push.example.com"));
    let doubted = "unverified.example.com";
    let code = refuses(&shared, "AddLiveDomain", add(doubted));
    assert_eq!(code, "FailedOperation.DomainNeedVerifyOwner");
    let prove = |how: &str| {
        let params = json!({"DomainName": doubted, "VerifyType": how});
        does(&shared, "AuthenticateDomainOwner", params)
    };
    let before = prove("dbCheck");
    assert_eq!((&before["Status"], &before["MainDomain"]), (&json!(-1), &json!("example.com")));
    assert!(before["Content"].as_str().unwrap().starts_with("cssauth_"));
    let after = prove("dnsCheck");
    assert_eq!((&after["Status"], &after["Content"]), (&json!(0), &before["Content"]));
    does(&shared, "AddLiveDomain", add(doubted));
    let odd = json!({"DomainName": "no domain", "VerifyType": "dnsCheck"});
    assert_eq!(refuses(&shared, "AuthenticateDomainOwner", odd), "InvalidParameter.DomainFormatError");
}
