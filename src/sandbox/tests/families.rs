//! The Actions with state: what is added is listed, changed, shown and deleted, with the vendors' own refusals.

use std::time::Duration;

use serde_json::{Value, json};

use super::{NOW, ok, pair, refused, sandbox, sandbox_with};
use crate::model::Vendor::{Aliyun, Tencent, Volcengine};

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
    assert_eq!(gone("EnableLiveDomain"), "ResourceNotFound");
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
