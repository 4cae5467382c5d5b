//! Aliyun's families: what is added is listed, changed, taken, missing and deleted, as the reference's examples show.

use std::time::Duration;

use serde_json::{Value, json};

use super::{NOW, ok, pair, refused, sandbox, sandbox_with};
use crate::model::Vendor::Aliyun;
use crate::sandbox::dispatch::Shared;

/// One kind of setting, from its first to its last day.
struct Life {
    add: (&'static str, Value),
    /// `None`: the Action that adds also changes, so nothing is taken.
    change: Option<(&'static str, Value)>,
    list: (&'static str, Value),
    /// Where the answer holds what, after the change.
    shows: Vec<(&'static str, Value)>,
    delete: (&'static str, Value),
}

fn live(life: &Life) {
    let shared = sandbox();
    let call = |(action, params): &(&str, Value)| ok(&shared, Aliyun, action, params.clone());
    let refusal = |(action, params): &(&str, Value)| refused(&shared, Aliyun, action, params.clone());
    let missing = pair(404, "InvalidConfig.NotFound");
    assert_eq!(refusal(&life.delete), missing, "{}", life.delete.0);
    if let Some(change) = &life.change {
        assert_eq!(refusal(change), missing, "{}", change.0);
    }
    call(&life.add);
    match &life.change {
        Some(change) => {
            assert_eq!(refusal(&life.add), pair(400, "ConfigAlreadyExists"), "{}", life.add.0);
            call(change);
        }
        None => drop(call(&life.add)),
    }
    let listed = call(&life.list);
    for (pointer, value) in &life.shows {
        assert_eq!(listed.pointer(pointer), Some(value), "{} {pointer}: {listed}", life.list.0);
    }
    call(&life.delete);
    assert_eq!(refusal(&life.delete), missing, "{}", life.delete.0);
}

/// `NOW` as the vendor writes it.
const BORN: &str = "2023-11-14T22:13:20Z";

#[test]
fn recording_into_a_bucket_lives() {
    let place = json!({"DomainName": "test.com", "AppName": "test123"});
    let format = json!({"Format": "m3u8", "CycleDuration": 1, "OssObjectPrefix": "record/{AppName}/{StreamName}",
        "SliceOssObjectPrefix": "record/{UnixTimestamp}_{Sequence}"});
    let mut add = place.clone();
    add["OssBucket"] = json!("test123");
    add["OssEndpoint"] = json!("oss-cn-shanghai.aliyuncs.com");
    add["RecordFormat"] = json!([format]);
    let mut change = place.clone();
    change["OssEndpoint"] = json!("oss-cn-hangzhou.aliyuncs.com");
    change["OnDemand"] = json!(1);
    let at = "/LiveAppRecordList/LiveAppRecord/0";
    let shared = sandbox();
    ok(&shared, Aliyun, "AddLiveAppRecordConfig", add.clone());
    assert_eq!(refused(&shared, Aliyun, "AddLiveAppRecordConfig", add.clone()), pair(400, "ConfigAlreadyExists"));
    ok(&shared, Aliyun, "UpdateLiveAppRecordConfig", change);
    let listed = ok(&shared, Aliyun, "DescribeLiveRecordConfig", json!({"DomainName": "test.com"}));
    assert_eq!(
        listed.pointer(at).unwrap(),
        &json!({
            "DomainName": "test.com", "AppName": "test123", "StreamName": "", "OssBucket": "test123",
            "OssEndpoint": "oss-cn-hangzhou.aliyuncs.com", "CreateTime": BORN, "OnDemond": 1,
            "RecordFormatList": {"RecordFormat": [format]},
        })
    );
    assert_eq!((&listed["TotalNum"], &listed["TotalPage"], &listed["Order"]), (&json!(1), &json!(1), &json!("asc")));

    let vod = json!({"DomainName": "test.com", "AppName": "test123", "VodTranscodeGroupId": "e2d7", "StreamName": "s"});
    assert_eq!(refused(&shared, Aliyun, "AddLiveRecordVodConfig", vod.clone()), pair(400, "ConfigAlreadyExists"));
    ok(&shared, Aliyun, "DeleteLiveAppRecordConfig", place.clone());
    let gone = refused(&shared, Aliyun, "DeleteLiveAppRecordConfig", place);
    assert_eq!(gone, pair(404, "InvalidConfig.NotFound"));
    let mut whole = vod.clone();
    whole["AutoCompose"] = json!("ON");
    assert_eq!(refused(&shared, Aliyun, "AddLiveRecordVodConfig", whole), pair(400, "MissingParameter"));
    ok(&shared, Aliyun, "AddLiveRecordVodConfig", vod);
    assert_eq!(refused(&shared, Aliyun, "AddLiveAppRecordConfig", add), pair(400, "ConfigAlreadyExists"));
    let listed = ok(&shared, Aliyun, "DescribeLiveRecordVodConfigs", json!({"DomainName": "test.com"}));
    assert_eq!(listed["Total"], "1", "a text in the answer");
    let first = &listed["LiveRecordVodConfigs"]["LiveRecordVodConfig"][0];
    assert_eq!((&first["VodTranscodeGroupId"], &first["RecordContent"]), (&json!("e2d7"), &json!("raw")));
}

#[test]
fn snapshots_and_their_audit_live() {
    let place = json!({"DomainName": "test101.aliyunlive.com", "AppName": "xxx"});
    let with = |more: Value| {
        let mut params = place.clone();
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        params
    };
    let bucket = json!({"OssEndpoint": "endpoint", "OssBucket": "bucket", "TimeInterval": 10,
        "OverwriteOssObject": "object", "SequenceOssObject": "object"});
    let at = "/LiveStreamSnapshotConfigList/LiveStreamSnapshotConfig/0";
    live(&Life {
        add: ("AddLiveAppSnapshotConfig", with(bucket)),
        change: Some(("UpdateLiveAppSnapshotConfig", with(json!({"TimeInterval": 5, "OverwriteOssObject": "-"})))),
        list: ("DescribeLiveSnapshotConfig", json!({"DomainName": "test101.aliyunlive.com"})),
        shows: vec![
            (
                at,
                json!({"DomainName": "test101.aliyunlive.com", "AppName": "xxx", "TimeInterval": 5, "CreateTime": BORN,
                    "OssEndpoint": "endpoint", "OssBucket": "bucket", "SequenceOssObject": "object"}),
            ),
            ("/TotalNum", json!(1)),
        ],
        delete: ("DeleteLiveAppSnapshotConfig", place.clone()),
    });
    let bucket = json!({"OssEndpoint": "oss-cn-hangzhou.aliyuncs.com", "OssBucket": "bucket"});
    let at = "/LiveSnapshotDetectPornConfigList/LiveSnapshotDetectPornConfig/0";
    live(&Life {
        add: ("AddLiveSnapshotDetectPornConfig", with(bucket)),
        change: Some((
            "UpdateLiveSnapshotDetectPornConfig",
            with(json!({"Interval": 30, "Scene.1": "porn", "Scene.2": "ad"})),
        )),
        list: ("DescribeLiveSnapshotDetectPornConfig", place.clone()),
        shows: vec![(
            at,
            json!({"AppName": "xxx", "DomainName": "test101.aliyunlive.com", "Interval": 30, "OssBucket": "bucket",
                "OssEndpoint": "oss-cn-hangzhou.aliyuncs.com", "Scenes": {"scene": ["porn", "ad"]},
                "OssObject": "{AppName}/{StreamName}/{Date}/{Hour}/{Minute}_{Second}.jpg"}),
        )],
        delete: ("DeleteLiveSnapshotDetectPornConfig", place.clone()),
    });
}

#[test]
fn callbacks_of_a_domain_live() {
    let domain = || json!({"DomainName": "test101.cdnpe.com"});
    let url = |url: &str| json!({"DomainName": "test101.cdnpe.com", "NotifyUrl": url});
    let both = |extra: &str, value: Value| {
        let mut params = url("http://b.cn");
        params[extra] = value;
        params
    };
    live(&Life {
        add: ("AddLiveRecordNotifyConfig", url("http://a.cn")),
        change: Some(("UpdateLiveRecordNotifyConfig", url("http://b.cn"))),
        list: ("DescribeLiveRecordNotifyConfig", domain()),
        shows: vec![(
            "/LiveRecordNotifyConfig",
            json!({"DomainName": "test101.cdnpe.com", "NeedStatusNotify": false, "NotifyUrl": "http://b.cn",
                "NotifyReqAuth": false}),
        )],
        delete: ("DeleteLiveRecordNotifyConfig", domain()),
    });
    live(&Life {
        add: ("AddLiveDetectNotifyConfig", url("http://a.cn")),
        change: Some(("UpdateLiveDetectNotifyConfig", url("http://b.cn"))),
        list: ("DescribeLiveDetectNotifyConfig", domain()),
        shows: vec![("/LiveDetectNotifyConfig", url("http://b.cn"))],
        delete: ("DeleteLiveDetectNotifyConfig", domain()),
    });
    live(&Life {
        add: ("AddLiveSnapshotNotifyConfig", url("http://a.cn")),
        change: Some(("UpdateLiveSnapshotNotifyConfig", url("http://b.cn"))),
        list: ("DescribeLiveSnapshotNotifyConfig", domain()),
        shows: vec![("/NotifyUrl", json!("http://b.cn")), ("/NotifyReqAuth", json!("no"))],
        delete: ("DeleteLiveSnapshotNotifyConfig", domain()),
    });
    live(&Life {
        add: ("SetLiveStreamsNotifyUrlConfig", both("NotifyReqAuth", json!("no"))),
        change: None,
        list: ("DescribeLiveStreamsNotifyUrlConfig", domain()),
        shows: vec![(
            "/LiveStreamsNotifyConfig",
            json!({"DomainName": "test101.cdnpe.com", "NotifyUrl": "http://b.cn", "NotifyReqAuth": "no"}),
        )],
        delete: ("DeleteLiveStreamsNotifyUrlConfig", domain()),
    });
    let callback = |url: &str| json!({"DomainName": "test101.cdnpe.com", "Callback": url});
    live(&Life {
        add: ("AddLiveAudioAuditNotifyConfig", callback("http://a.cn")),
        change: Some(("UpdateLiveAudioAuditNotifyConfig", callback("http://b.cn"))),
        list: ("DescribeLiveAudioAuditNotifyConfig", domain()),
        shows: vec![("/LiveAudioAuditNotifyConfigList/LiveAudioAuditNotifyConfig", json!([callback("http://b.cn")]))],
        delete: ("DeleteLiveAudioAuditNotifyConfig", domain()),
    });
    let shared = sandbox();
    let none = ok(&shared, Aliyun, "DescribeLiveRecordNotifyConfig", domain());
    assert_eq!(none["LiveRecordNotifyConfig"], json!({}));
    let keyless = both("NotifyReqAuth", json!("yes"));
    let why = refused(&shared, Aliyun, "SetLiveStreamsNotifyUrlConfig", keyless);
    assert_eq!(why, pair(400, "MissingParameter"));
}

#[test]
fn settings_of_streams_live() {
    let long = json!({"DomainName": "d.cn", "AppName": "live", "StreamName": "s1"});
    let short = json!({"Domain": "d.cn", "App": "live", "Stream": "s1"});
    let with = |place: &Value, more: Value| {
        let mut params = place.clone();
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        params
    };
    live(&Life {
        add: ("AddLiveAudioAuditConfig", with(&long, json!({"BizType": "one"}))),
        change: Some(("UpdateLiveAudioAuditConfig", with(&long, json!({"BizType": "two"})))),
        list: ("DescribeLiveAudioAuditConfig", json!({"DomainName": "d.cn"})),
        shows: vec![(
            "/LiveAudioAuditConfigList/LiveAudioAuditConfig",
            json!([with(&long, json!({"BizType": "two"}))]),
        )],
        delete: ("DeleteLiveAudioAuditConfig", long.clone()),
    });
    let delay = json!({"DelayTime": 20, "TaskTriggerMode": "CONFIG_ONLY"});
    live(&Life {
        add: ("CreateLiveDelayConfig", with(&short, delay)),
        change: Some(("UpdateLiveDelayConfig", with(&short, json!({"DelayTime": 30})))),
        list: ("ListLiveDelayConfig", json!({"Domain": "d.cn"})),
        shows: vec![
            (
                "/DelayConfigList/DelayConfig",
                json!([with(&short, json!({"DelayTime": "30", "TaskTriggerMode": "CONFIG_ONLY"}))]),
            ),
            ("/Total", json!(1)),
        ],
        delete: ("DeleteLiveDelayConfig", short),
    });
    let pull = json!({"DomainName": "d.cn", "AppName": "live", "PullDomainName": "o.cn", "PullProtocol": "rtmp"});
    live(&Life {
        add: ("SetLiveLazyPullStreamInfoConfig", pull.clone()),
        change: None,
        list: ("DescribeLiveLazyPullStreamConfig", json!({"DomainName": "d.cn"})),
        shows: vec![(
            "/LiveLazyPullConfigList/LiveLazyPullConfig",
            json!([with(&pull, json!({"TranscodeLazy": "no"}))]),
        )],
        delete: ("DeleteLiveLazyPullStreamInfoConfig", json!({"DomainName": "d.cn", "AppName": "live"})),
    });
    live(&Life {
        add: ("SetLiveStreamBlock", with(&long, json!({"BlockType": "blacklist", "LocationList": "CN_110000"}))),
        change: None,
        list: ("DescribeStreamLocationBlock", json!({"DomainName": "d.cn", "PageSize": 5})),
        shows: vec![
            ("/StreamBlockList/StreamBlock/0/LocationList", json!("CN_110000")),
            ("/Count", json!(1)),
            ("/TotalPage", json!(1)),
        ],
        delete: ("DeleteLiveStreamBlock", long.clone()),
    });
    let shared = sandbox();
    ok(&shared, Aliyun, "OpenLiveShift", long.clone());
    assert_eq!(refused(&shared, Aliyun, "OpenLiveShift", long.clone()), pair(400, "ConfigAlreadyExists"));
    let shifts = ok(&shared, Aliyun, "DescribeLiveShiftConfigs", json!({"DomainName": "d.cn"}));
    assert_eq!(shifts["Content"]["Config"], json!([with(&long, json!({"IgnoreTranscode": true, "Vision": 7}))]));
    ok(&shared, Aliyun, "CloseLiveShift", long.clone());
    assert_eq!(refused(&shared, Aliyun, "CloseLiveShift", long), pair(404, "InvalidConfig.NotFound"));
    ok(&shared, Aliyun, "SetLiveStreamDelayConfig", json!({"DomainName": "d.cn", "FlvDelay": 3, "HlsLevel": "long"}));
    let delays = ok(&shared, Aliyun, "DescribeLiveStreamDelayConfig", json!({"DomainName": "d.cn"}));
    assert_eq!(delays["LiveStreamFlvDelayConfig"], json!({"Delay": 3, "Level": "short"}));
    assert_eq!(delays["LiveStreamHlsDelayConfig"], json!({"Level": "long"}));
}

#[test]
fn watermarks_in_use_stay() {
    let shared = sandbox();
    let picture = json!({"Name": "logo", "Domain": "d.cn", "Height": 20, "OffsetCorner": "TopLeft", "Type": 0,
        "PictureUrl": "http://a.cn/a.png", "RefHeight": 720, "RefWidth": 1280, "Transparency": 255,
        "XOffset": 1.5, "YOffset": 2.5});
    let template = ok(&shared, Aliyun, "AddLiveStreamWatermark", picture)["TemplateId"].clone();
    let mut rule = json!({"Domain": "d.cn", "App": "live", "Stream": "*", "Name": "all", "TemplateId": "none"});
    let unknown = refused(&shared, Aliyun, "AddLiveStreamWatermarkRule", rule.clone());
    assert_eq!(unknown, pair(404, "InvalidConfig.NotFound"));
    rule["TemplateId"] = template.clone();
    let id = ok(&shared, Aliyun, "AddLiveStreamWatermarkRule", rule.clone())["RuleId"].clone();
    assert_eq!(refused(&shared, Aliyun, "AddLiveStreamWatermarkRule", rule.clone()), pair(400, "ConfigAlreadyExists"));
    let rules = ok(&shared, Aliyun, "DescribeLiveStreamWatermarkRules", json!({"Domain": "d.cn"}));
    rule["RuleId"] = id.clone();
    assert_eq!((&rules["RuleInfoList"]["RuleInfo"], &rules["Total"]), (&json!([rule]), &json!(1)));
    let used = refused(&shared, Aliyun, "DeleteLiveStreamWatermark", json!({"TemplateId": template}));
    assert_eq!(used, pair(400, "UnsupportedOperation"));
    ok(&shared, Aliyun, "UpdateLiveStreamWatermark", json!({"TemplateId": template, "Transparency": 100}));
    let listed = ok(&shared, Aliyun, "DescribeLiveStreamWatermarks", json!({"KeyWord": "log"}));
    let first = &listed["WatermarkList"]["Watermark"][0];
    assert_eq!((&first["RuleCount"], &first["Transparency"], &first["XOffset"]), (&json!(1), &json!(100), &json!(1.5)));
    assert_eq!(ok(&shared, Aliyun, "DescribeLiveStreamWatermarks", json!({"KeyWord": "x"}))["Total"], 0);
    ok(&shared, Aliyun, "DeleteLiveStreamWatermarkRule", json!({"Domain": "d.cn", "RuleId": id}));
    ok(&shared, Aliyun, "DeleteLiveStreamWatermark", json!({"TemplateId": template}));
}

fn add_domain(shared: &Shared, name: &str, kind: &str) {
    let params = json!({"DomainName": name, "LiveDomainType": kind, "Region": "cn-shanghai"});
    ok(shared, Aliyun, "AddLiveDomain", params);
}

#[test]
fn streams_are_live_until_forbidden() {
    let shared = sandbox();
    let stream = |name: &str| json!({"DomainName": "play.example.com", "AppName": "live", "StreamName": name, "LiveStreamType": "publisher"});
    for name in ["s1", "s2"] {
        let mut pull = stream(name);
        pull["SourceUrl"] = json!("rtmp://a.example.com/l/s");
        pull["StartTime"] = json!(BORN);
        pull["EndTime"] = json!("2023-11-15T22:13:20Z");
        ok(&shared, Aliyun, "AddLivePullStreamInfoConfig", pull);
    }
    let online = |more: Value| {
        let mut params = json!({"DomainName": "play.example.com"});
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        ok(&shared, Aliyun, "DescribeLiveStreamsOnlineList", params)
    };
    let all = online(json!({"PageSize": 1, "PageNum": 2}));
    assert_eq!((&all["TotalNum"], &all["TotalPage"]), (&json!(2), &json!(2)));
    let first = &all["OnlineInfo"]["LiveStreamOnlineInfo"][0];
    assert_eq!((&first["StreamName"], &first["PublishTime"]), (&json!("s2"), &json!(BORN)));
    assert_eq!(first["PublishUrl"], "rtmp://play.example.com/live/s2");
    assert_eq!(online(json!({"StreamName": "s", "QueryType": "strict"}))["TotalNum"], 0);
    assert_eq!(online(json!({"StreamName": "s", "AppName": "live"}))["TotalNum"], 2);

    let mut past = stream("s1");
    past["ResumeTime"] = json!("2023-11-14T22:13:19Z");
    assert_eq!(refused(&shared, Aliyun, "ForbidLiveStream", past), pair(400, "InvalidTime.Malformed"));
    ok(&shared, Aliyun, "ForbidLiveStream", stream("s1"));
    assert_eq!(online(json!({}))["OnlineInfo"]["LiveStreamOnlineInfo"][0]["StreamName"], "s2");
    let blocked = || ok(&shared, Aliyun, "DescribeLiveStreamsBlockList", json!({"DomainName": "play.example.com"}));
    assert_eq!(blocked()["StreamUrls"]["StreamUrl"], json!(["play.example.com/live/s1"]));
    let past = json!({"DomainName": "play.example.com", "StartTime": "2023-11-14T00:00:00Z", "EndTime": "2023-11-15T00:00:00Z"});
    let pushed = ok(&shared, Aliyun, "DescribeLiveStreamsPublishList", past.clone());
    let pushes = &pushed["PublishInfo"]["LiveStreamPublishInfo"];
    assert_eq!((&pushes[0]["StopTime"], pushes[1].get("StopTime")), (&json!(BORN), None));
    ok(&shared, Aliyun, "ResumeLiveStream", stream("s1"));
    assert_eq!((&blocked()["TotalNum"], &online(json!({}))["TotalNum"]), (&json!(0), &json!(2)));
    let history = ok(&shared, Aliyun, "DescribeLiveStreamsControlHistory", past);
    assert_eq!(
        history["ControlInfo"]["LiveStreamControlInfo"],
        json!([
            {"StreamName": "s1", "ClientIP": "127.0.0.1", "Action": "ForbidLiveStream", "TimeStamp": BORN},
            {"StreamName": "s1", "ClientIP": "127.0.0.1", "Action": "ResumeLiveStream", "TimeStamp": BORN},
        ])
    );
    let state = ok(&shared, Aliyun, "DescribeLiveStreamState", stream("s2"));
    assert_eq!(state["StreamState"], "online");
    assert_eq!(refused(&shared, Aliyun, "DescribeLiveStreamState", stream("s9")), pair(404, "InvalidStream.NotFound"));
}

#[test]
fn functions_of_domains_live() {
    let shared = sandbox_with(|options| options.settle = Duration::ZERO);
    let set = |functions: Value| json!({"DomainNames": "www.xxx.org.cn", "Functions": functions.to_string()});
    let host = json!([{"functionName": "set_req_host_header",
        "functionArgs": [{"argName": "domain_name", "argValue": "testscdn3.cdnpe.com"}]}]);
    let set_them = "BatchSetLiveDomainConfigs";
    assert_eq!(refused(&shared, Aliyun, set_them, set(host.clone())), pair(404, "InvalidDomain.NotFound"));
    add_domain(&shared, "www.xxx.org.cn", "liveVideo");
    for (function, argument, value, code) in [
        ("nope", "enable", "on", "InvalidFunctionName.ValueNotSupported"),
        ("gzip", "enable", "on", "InvalidFunctionName.ValueNotSupported"),
        ("https_force", "nope", "on", "InvalidArgName.ValueNotSupported"),
        ("https_force", "enable", "yes", "InvalidArgValue.Malformed"),
        ("path_based_ttl_set", "weight", "100", "InvalidArgValue.Malformed"),
    ] {
        let wrong = json!([{"functionName": function, "functionArgs": [{"argName": argument, "argValue": value}]}]);
        assert_eq!(refused(&shared, Aliyun, set_them, set(wrong)), pair(400, code), "{function}");
    }
    ok(&shared, Aliyun, set_them, set(host.clone()));
    ok(&shared, Aliyun, set_them, set(host));
    let ttl = |types: &str, id: Option<i64>| {
        let mut one = json!({"functionName": "filetype_based_ttl_set", "functionArgs": [
            {"argName": "file_type", "argValue": types}, {"argName": "ttl", "argValue": "13"}]});
        if let Some(id) = id {
            one["configId"] = json!(id);
        }
        set(json!([one]))
    };
    ok(&shared, Aliyun, set_them, ttl("txt", None));
    ok(&shared, Aliyun, set_them, ttl("jpg", None));
    let list = |names: &str| {
        let params = json!({"DomainName": "www.xxx.org.cn", "FunctionNames": names});
        ok(&shared, Aliyun, "DescribeLiveDomainConfigs", params)["DomainConfigs"]["DomainConfig"].clone()
    };
    assert_eq!(list("").as_array().unwrap().len(), 3, "one host header, two times to live");
    let kept = list("set_req_host_header");
    assert_eq!(
        kept[0]["FunctionArgs"],
        json!({"FunctionArg": [{"ArgName": "domain_name", "ArgValue": "testscdn3.cdnpe.com"}]})
    );
    assert_eq!((&kept[0]["Status"], kept[0]["ConfigId"].is_string()), (&json!("success"), true));
    let second = list("filetype_based_ttl_set")[1]["ConfigId"].as_str().unwrap().parse::<i64>().unwrap();
    ok(&shared, Aliyun, set_them, ttl("png", Some(second)));
    assert_eq!(list("filetype_based_ttl_set")[1]["FunctionArgs"]["FunctionArg"][0]["ArgValue"], "png");
    assert_eq!(refused(&shared, Aliyun, set_them, ttl("png", Some(7))), pair(404, "InvalidConfig.NotFound"));
    let one = json!({"DomainName": "www.xxx.org.cn", "ConfigId": second.to_string()});
    ok(&shared, Aliyun, "DeleteLiveSpecificConfig", one.clone());
    assert_eq!(refused(&shared, Aliyun, "DeleteLiveSpecificConfig", one), pair(404, "InvalidConfig.NotFound"));
    let all = json!({"DomainNames": "www.xxx.org.cn", "FunctionNames": "filetype_based_ttl_set,set_req_host_header"});
    ok(&shared, Aliyun, "BatchDeleteLiveDomainConfigs", all);
    assert_eq!(list(""), json!([]));
    let kept = json!({"DomainNames": "www.xxx.org.cn", "FunctionNames": "tmd_signature"});
    let why = refused(&shared, Aliyun, "BatchDeleteLiveDomainConfigs", kept);
    assert_eq!(why, pair(400, "InvalidFunctionName.ValueNotSupported"));
}

#[test]
fn certificates_of_domains_live() {
    let shared = sandbox();
    let (public, private) = (
        "-----BEGIN CERTIFICATE-----XXX-----END CERTIFICATE-----",
        "-----BEGIN PRIVATE KEY-----X-----END PRIVATE KEY-----",
    );
    let mut set =
        json!({"DomainName": "test.com", "SSLProtocol": "on", "SSLPub": public, "SSLPri": private, "CertName": "c1"});
    let action = "SetLiveDomainCertificate";
    assert_eq!(refused(&shared, Aliyun, action, set.clone()), pair(404, "InvalidDomain.NotFound"));
    add_domain(&shared, "test.com", "liveVideo");
    let without = |name: &str| {
        let mut params = set.clone();
        params.as_object_mut().unwrap().shift_remove(name);
        refused(&shared, Aliyun, action, params)
    };
    assert_eq!(without("SSLPub"), pair(400, "SSLPub.MissingParameter"));
    assert_eq!(without("SSLPri"), pair(400, "SSLPri.MissingParameter"));
    let named =
        |name: &str| json!({"DomainName": "test.com", "SSLProtocol": "on", "CertType": "cas", "CertName": name});
    assert_eq!(refused(&shared, Aliyun, action, named("c1")).1, "Certificate.NotFind");
    ok(&shared, Aliyun, action, set.clone());
    let detail =
        || ok(&shared, Aliyun, "DescribeLiveDomainDetail", json!({"DomainName": "test.com"}))["DomainDetail"].clone();
    assert_eq!((&detail()["SSLProtocol"], &detail()["CertName"]), (&json!("on"), &json!("c1")));
    let listed = ok(&shared, Aliyun, "DescribeLiveCertificateList", json!({"DomainName": "test.com"}));
    let model = &listed["CertificateListModel"];
    assert_eq!((&model["Count"], &model["CertList"]["Cert"][0]["LastTime"]), (&json!(1), &json!(NOW + 365 * 86_400)));
    let shown = ok(&shared, Aliyun, "DescribeLiveCertificateDetail", json!({"CertName": "c1"}));
    assert_eq!(shown["Cert"], public);
    let over = ok(&shared, Aliyun, "DescribeLiveHttpsDomainList", json!({"Keyword": "test"}));
    let first = &over["CertInfos"]["CertInfo"][0];
    assert_eq!((&over["TotalCount"], &first["CertExpireTime"]), (&json!(1), &json!("2024-11-13T22:13:20Z")));
    assert!(!format!("{shown}{over}{}", detail()).contains("PRIVATE"));

    set["SSLPub"] = json!("-----BEGIN CERTIFICATE-----YYY-----END CERTIFICATE-----");
    assert_eq!(refused(&shared, Aliyun, action, set.clone()), pair(400, "Certificate.Duplicated"));
    set["ForceSet"] = json!("1");
    ok(&shared, Aliyun, action, set);
    ok(&shared, Aliyun, action, json!({"DomainName": "test.com", "SSLProtocol": "off"}));
    assert_eq!(detail()["SSLProtocol"], "off");
    ok(&shared, Aliyun, action, named("c1"));
    ok(&shared, Aliyun, "StopLiveDomain", json!({"DomainName": "test.com"}));
    assert_eq!(refused(&shared, Aliyun, action, named("c1")), pair(400, "InvalidDomain.Offline"));
}

#[test]
fn recordings_of_what_was_live() {
    let shared = sandbox();
    let stream = |more: Value| {
        let mut params = json!({"DomainName": "d.cn", "AppName": "live", "StreamName": "s1"});
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        params
    };
    let range = || stream(json!({"StartTime": "2023-11-14T22:00:00Z", "EndTime": "2023-11-14T23:00:00Z"}));
    let command = |word: &str| stream(json!({"Command": word}));
    let file = || {
        let mut params = range();
        params["OssBucket"] = json!("bucket");
        params["OssEndpoint"] = json!("oss-cn-hangzhou.aliyuncs.com");
        params["OssObject"] = json!("atestObject.m3u8");
        params
    };
    let create = "CreateLiveStreamRecordIndexFiles";
    assert_eq!(refused(&shared, Aliyun, create, file()), pair(404, "InvalidStream.NotFound"));
    assert_eq!(
        refused(&shared, Aliyun, "RealTimeRecordCommand", command("start")),
        pair(404, "InvalidStream.NotFound")
    );
    let window = json!({"SourceUrl": "rtmp://a.cn/l/s", "StartTime": BORN, "EndTime": "2023-11-15T22:13:20Z"});
    ok(&shared, Aliyun, "AddLivePullStreamInfoConfig", stream(window));
    assert_eq!(
        refused(&shared, Aliyun, "RealTimeRecordCommand", command("start")),
        pair(404, "InvalidConfig.NotFound")
    );
    let config = json!({"DomainName": "d.cn", "AppName": "live", "OssBucket": "b", "OssEndpoint": "e"});
    ok(&shared, Aliyun, "AddLiveAppRecordConfig", config);
    ok(&shared, Aliyun, "RealTimeRecordCommand", command("start"));
    assert_eq!(refused(&shared, Aliyun, "RealTimeRecordCommand", command("start")), pair(409, "TaskAlreadyStarted"));
    ok(&shared, Aliyun, "RealTimeRecordCommand", command("stop"));
    let content = ok(&shared, Aliyun, "DescribeLiveStreamRecordContent", range());
    let piece = &content["RecordContentInfoList"]["RecordContentInfo"][0];
    assert_eq!((&piece["OssBucket"], &piece["StartTime"]), (&json!("b"), &json!(BORN)));
    let made = ok(&shared, Aliyun, create, file())["RecordInfo"].clone();
    assert_eq!(made["RecordUrl"], "http://bucket.oss-cn-hangzhou.aliyuncs.com/atestObject.m3u8");
    let listed = ok(&shared, Aliyun, "DescribeLiveStreamRecordIndexFiles", range());
    assert_eq!(listed["RecordIndexInfoList"]["RecordIndexInfo"][0]["RecordId"], made["RecordId"]);
    let one = || stream(json!({"RecordId": made["RecordId"]}));
    let shown = ok(&shared, Aliyun, "DescribeLiveStreamRecordIndexFile", one());
    assert_eq!(shown["RecordIndexInfo"]["OssObject"], "atestObject.m3u8");
    let delete = stream(json!({"RecordId.1": made["RecordId"], "RemoveFile": "true"}));
    ok(&shared, Aliyun, "DeleteLiveStreamRecordIndexFiles", delete);
    assert_eq!(
        refused(&shared, Aliyun, "DescribeLiveStreamRecordIndexFile", one()),
        pair(404, "InvalidConfig.NotFound")
    );
}
