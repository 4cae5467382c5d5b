//! Aliyun's settings of places: what is added is listed, changed, taken, missing and deleted, as the reference's examples show.

use serde_json::{Value, json};

use super::{ok, pair, refused, sandbox};
use crate::model::Vendor::Aliyun;

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
    let done = |(action, params): &(&str, Value)| ok(&shared, Aliyun, action, params.clone());
    let refusal = |(action, params): &(&str, Value)| refused(&shared, Aliyun, action, params.clone());
    let missing = pair(404, "InvalidConfig.NotFound");
    assert_eq!(refusal(&life.delete), missing, "{}", life.delete.0);
    if let Some(change) = &life.change {
        assert_eq!(refusal(change), missing, "{}", change.0);
    }
    done(&life.add);
    match &life.change {
        Some(change) => {
            assert_eq!(refusal(&life.add), pair(400, "ConfigAlreadyExists"), "{}", life.add.0);
            done(change);
        }
        None => drop(done(&life.add)),
    }
    let listed = done(&life.list);
    for (pointer, value) in &life.shows {
        assert_eq!(listed.pointer(pointer), Some(value), "{} {pointer}: {listed}", life.list.0);
    }
    done(&life.delete);
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
}

#[test]
fn time_shift_and_playback_delays_live() {
    let long = json!({"DomainName": "d.cn", "AppName": "live", "StreamName": "s1"});
    let mut shown = long.clone();
    shown["IgnoreTranscode"] = json!(true);
    shown["Vision"] = json!(7);
    let shared = sandbox();
    ok(&shared, Aliyun, "OpenLiveShift", long.clone());
    assert_eq!(refused(&shared, Aliyun, "OpenLiveShift", long.clone()), pair(400, "ConfigAlreadyExists"));
    let shifts = ok(&shared, Aliyun, "DescribeLiveShiftConfigs", json!({"DomainName": "d.cn"}));
    assert_eq!(shifts["Content"]["Config"], json!([shown]));
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
