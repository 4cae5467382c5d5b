//! The checks before anything is sent.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use livectl::model::{Params, Vendor};
use livectl::providers::catalog::{self, Action};
use livectl::providers::validate::{Verdict, validate};
use serde_json::{Value, json};

use super::params;

fn now() -> Timestamp {
    "2026-01-31T12:00:00Z".parse().unwrap()
}

fn check(vendor: Vendor, action: &str, given: Value) -> Verdict {
    let facts = catalog::find(vendor, action).unwrap();
    let region = facts.regions.first().copied();
    validate(vendor, &facts, &params(given), region, now())
}

/// The faults as `option: allowed`.
fn faults(vendor: Vendor, action: &str, given: Value) -> Vec<String> {
    check(vendor, action, given).faults.into_iter().map(|f| format!("{}: {}", f.option, f.allowed)).collect()
}

/// What the reference requires and the current SDK does not, or the other way round: optional here.
const NOT_REQUIRED_AFTER_ALL: [(&str, &str); 11] = [
    ("SetLiveStreamsNotifyUrlConfig", "NotifyUrl"),
    ("AddCustomLiveStreamTranscode", "FPS"),
    ("AddCustomLiveStreamTranscode", "Height"),
    ("AddCustomLiveStreamTranscode", "VideoBitrate"),
    ("AddCustomLiveStreamTranscode", "Width"),
    ("DescribeLiveDomainSnapshotData", "DomainName"),
    ("AddCasterVideoResource", "LocationId"),
    ("SetCasterSceneConfig", "LayoutId"),
    ("SetCasterSceneConfig", "ComponentId"),
    ("SetCasterChannel", "ResourceId"),
    ("AddLiveRecordVodConfig", "VodTranscodeGroupId"),
];

#[test]
fn every_action_names_exactly_what_it_misses() {
    for vendor in Vendor::ALL {
        for action in catalog::actions(vendor) {
            let region = action.regions.first().copied();
            let verdict = validate(vendor, &action, &Params::new(), region, now());
            let told: BTreeSet<String> =
                verdict.faults.iter().filter(|f| f.allowed == "required").map(|f| f.option.clone()).collect();
            let expected: BTreeSet<String> = action
                .params
                .iter()
                .filter(|p| p.required && !p.sdk_only && !NOT_REQUIRED_AFTER_ALL.contains(&(action.name, p.name)))
                .map(|p| p.name.to_owned())
                .collect();
            assert_eq!(told, expected, "{vendor} {}", action.name);
            // Beside them only rules of the kind `one of these` can complain.
            let others = verdict.faults.iter().filter(|f| f.allowed != "required");
            assert!(others.clone().all(|f| f.allowed.starts_with("one of these given")), "{}", action.name);
        }
    }
}

/// Examples that break the limits of their own page, with what is wrong in each, as the sheets' notes say.
const BROKEN_EXAMPLES: [(&str, &[&str]); 12] = [
    // Printed with 600 where 500 is the most.
    ("ModifyLiveTranscodeTemplate", &["AudioBitrate"]),
    // Placeholders: xx and 1.
    ("CreateLiveTimeShiftTemplate", &["ItemDuration", "Area"]),
    ("ModifyLiveTimeShiftTemplate", &["ItemDuration", "Area"]),
    // The content of the component is empty in the printed example.
    (
        "AddCasterComponent",
        &[
            "ComponentLayer.HeightNormalized",
            "ComponentLayer.WidthNormalized",
            "ComponentLayer.PositionNormalized",
            "ComponentLayer.PositionRefer",
            "ImageLayerContent.MaterialId",
        ],
    ),
    (
        "ModifyCasterComponent",
        &[
            "ComponentLayer.HeightNormalized",
            "ComponentLayer.WidthNormalized",
            "ComponentLayer.PositionNormalized",
            "ComponentLayer.PositionRefer",
            "ImageLayerContent.MaterialId",
        ],
    ),
    // Asks for six months where 30 days are the most.
    ("DescribeLiveStreamsPublishList", &["EndTime"]),
    // The same, for six months and for five.
    ("DescribeLiveStreamPublishedList", &["EndTime"]),
    ("DescribeLiveStreamsControlHistory", &["EndTime"]),
    // xxx for a time.
    ("CreateLiveStreamRecordIndexFiles", &["StartTime", "EndTime"]),
    ("DescribeLiveStreamRecordContent", &["StartTime", "EndTime"]),
    ("DescribeLiveStreamRecordIndexFiles", &["StartTime", "EndTime"]),
    ("DescribeLiveStreamSnapshotInfo", &["StartTime", "EndTime"]),
];

/// A moment at which the example made sense: an hour before its first time.
fn moment(example: &Params) -> Timestamp {
    let named = ["StartTime", "QueryTime", "DayTime", "StartDayTime", "ResumeTime", "ExpireTime", "EndTime"]
        .iter()
        .find_map(|name| example.get(*name));
    let Some(named) = named.filter(|value| value.as_str() != Some("")) else { return now() };
    let text = named.as_str().map_or_else(|| named.to_string(), str::to_owned);
    let seconds = text.parse().ok().filter(|_| text.len() == 10).and_then(|n| Timestamp::from_second(n).ok());
    let day = |text: &str| text.get(..10).and_then(|day| format!("{day}T00:00:00Z").parse().ok());
    let digits = || Some(format!("{}-{}-{}", text.get(..4)?, text.get(4..6)?, text.get(6..8)?));
    let first = seconds
        .or_else(|| text.parse().ok())
        .or_else(|| day(&text))
        .or_else(|| digits().and_then(|text| day(&text)))
        .unwrap_or_else(now);
    first - SignedDuration::from_hours(1)
}

#[test]
fn every_example_of_the_references_passes() {
    let mut surprises = Vec::new();
    for vendor in Vendor::ALL {
        for action in catalog::actions(vendor) {
            let Some(example) = catalog::example(vendor, action.name).filter(|e| !e.request.is_empty()) else {
                continue;
            };
            let example = params(serde_json::from_str(example.request).unwrap());
            let verdict = validate(vendor, &action, &example, action.regions.first().copied(), moment(&example));
            let told: Vec<&str> = verdict.faults.iter().map(|fault| fault.option.as_str()).collect();
            let known =
                BROKEN_EXAMPLES.iter().find(|(name, _)| *name == action.name).map_or(&[][..], |(_, wrong)| wrong);
            if told != known {
                surprises.push(format!("{vendor} {}: {:?}", action.name, verdict.faults));
            }
        }
    }
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
}

#[test]
fn unknown_parameters_are_refused_with_the_nearest_name() {
    assert_eq!(
        faults(Vendor::Volcengine, "UpdateEncryptHLS", json!({"Url": "http://x/?", "CycleTime": "60"})),
        ["Url: no parameter of UpdateEncryptHLS; did you mean `URL`?", "URL: required"]
    );
    assert_eq!(
        faults(Vendor::Volcengine, "DescribeEncryptHLS", json!({"Zzz": 1})),
        ["Zzz: left out: DescribeEncryptHLS takes no parameters"]
    );
    assert_eq!(
        faults(Vendor::Aliyun, "DescribeLiveUserDomains", json!({"RegionId": "cn-beijing"})),
        Vec::<String>::new()
    );
}

#[test]
fn enums_and_ranges_are_firm_where_the_sheet_is() {
    let wrong = json!({"DomainName": "a.com", "DomainType": 7});
    assert_eq!(faults(Vendor::Tencent, "AddLiveDomain", wrong), ["DomainType: one of 0 (push), 1 (playback)"]);
    let wrong = json!({"URL": "http://x/?", "CycleTime": "59"});
    assert_eq!(faults(Vendor::Volcengine, "UpdateEncryptHLS", wrong), ["CycleTime: a number from 60 to 604800"]);
    let wrong = json!({"URL": "http://x/?", "CycleTime": "soon"});
    assert_eq!(faults(Vendor::Volcengine, "UpdateEncryptHLS", wrong), ["CycleTime: a text of digits"]);
    // Aliyun: ranges firm, enums only doubtful.
    let wrong = json!({"DomainName": "a.com", "LiveDomainType": "liveNew", "Region": "cn-beijing", "Scope": "moon"});
    let verdict = check(Vendor::Aliyun, "AddLiveDomain", wrong);
    assert_eq!((verdict.faults.len(), verdict.warnings.len()), (0, 2), "{verdict:?}");
    assert!(verdict.warnings[0].starts_with("`LiveDomainType` is `liveNew`; as far as known it must be one of"));
    let wrong = json!({"DomainName": "a.com", "AppName": "x", "OssBucket": "b", "OssEndpoint": "e", "TimeInterval": 4});
    assert_eq!(faults(Vendor::Aliyun, "AddLiveAppSnapshotConfig", wrong), ["TimeInterval: a number from 5 to 3600"]);
    // Not in the reference: only doubtful.
    let verdict = check(Vendor::Volcengine, "ListPullToPushTask", json!({"Size": 501}));
    assert_eq!((verdict.faults.len(), verdict.warnings.len()), (0, 1), "{verdict:?}");
}

#[test]
fn the_wider_of_reference_and_sdk_is_allowed() {
    let custom = |fps: u32| {
        json!({"App": "a", "Domain": "d", "Template": "t", "TemplateType": "h265", "FPS": fps,
            "Height": 1080, "Width": 1920, "VideoBitrate": 1500})
    };
    let verdict = check(Vendor::Aliyun, "AddCustomLiveStreamTranscode", custom(60));
    assert_eq!(verdict, Verdict::default());
    assert_eq!(faults(Vendor::Aliyun, "AddCustomLiveStreamTranscode", custom(61)), ["FPS: a number from 1 to 60"]);
    let template = json!({"TemplateName": "t", "VideoBitrate": 0, "DRMType": "", "DRMTracks": "SD|AUDIO"});
    assert_eq!(check(Vendor::Tencent, "CreateLiveTranscodeTemplate", template), Verdict::default());
    let template = json!({"TemplateName": "t", "VideoBitrate": 100, "DRMTracks": "SD|RADIO"});
    assert_eq!(faults(Vendor::Tencent, "CreateLiveTranscodeTemplate", template).len(), 1);
}

#[test]
fn types_hold_inside_objects_too() {
    let given = json!({"TemplateName": "t", "FlvParam": {"Enable": "1", "RecordIntervall": 60}, "HlsParam": []});
    assert_eq!(
        faults(Vendor::Tencent, "CreateLiveRecordTemplate", given),
        [
            "FlvParam.Enable: an integer",
            "FlvParam.RecordIntervall: no parameter of FlvParam; did you mean `RecordInterval`?",
            "HlsParam: a JSON object"
        ]
    );
    // Everything is text on Aliyun's wire, so a text may stand for the number it spells.
    let text = json!({"App": "a", "Domain": "d", "Template": "t", "TemplateType": "h264", "FPS": "25"});
    assert_eq!(check(Vendor::Aliyun, "AddCustomLiveStreamTranscode", text), Verdict::default());
}

#[test]
fn lengths_count_characters() {
    let relay = |app: &str| json!({"App": app, "Stream": "s", "Domain": "d.com", "SrcAddrS": ["rtmp://x/y/z"]});
    assert!(faults(Vendor::Volcengine, "CreateRelaySourceV4", relay(&"直".repeat(30))).is_empty());
    let long = faults(Vendor::Volcengine, "CreateRelaySourceV4", relay(&"直".repeat(31)));
    assert_eq!(long, ["App: 1 to 30 characters long"]);
}

#[test]
fn times_relate_to_each_other_and_to_now() {
    let relay = |start: Value, end: Value| {
        let mut call = json!({"App": "a", "Stream": "s", "Domain": "d.com", "SrcAddrS": ["rtmp://x/y/z"]});
        call["StartTime"] = start;
        call["EndTime"] = end;
        params(call).into_iter().filter(|(_, value)| !value.is_null()).collect::<Params>()
    };
    for (start, end, wrong) in [
        (json!(1_769_860_800), json!(1_770_465_600), None),
        (json!(1_769_860_800), json!(1_770_465_601), Some("EndTime: at most 7 days after StartTime")),
        (json!(1_769_860_800), json!(1_769_860_800), Some("EndTime: after StartTime")),
        (json!(1_769_860_800), json!(null), Some("EndTime: given together with StartTime, or both left out")),
        (json!(null), json!(null), None),
    ] {
        let told = faults(Vendor::Volcengine, "CreateRelaySourceV4", Value::Object(relay(start, end)));
        assert_eq!(told.first().map(String::as_str), wrong);
    }
    let pull = |end: &str| {
        json!({"SourceType": "PullLivePushLive", "SourceUrls": ["rtmp://x/y/z"], "DomainName": "d.com", "AppName": "a",
            "StreamName": "s", "Operator": "o", "StartTime": "2026-01-01T00:00:00Z", "EndTime": end})
    };
    let told = faults(Vendor::Tencent, "CreateLivePullStreamTask", pull("2026-01-31T00:00:00Z"));
    assert_eq!(told, ["EndTime: later than now"]);
    // 30 days, as the SDK says, not 7.
    let told = faults(Vendor::Tencent, "CreateLivePullStreamTask", pull("2026-01-31T13:00:00Z"));
    assert_eq!(told, ["EndTime: at most 30 days after StartTime"]);
}

#[test]
fn parameters_that_need_or_exclude_each_other() {
    let told = faults(Vendor::Aliyun, "SetLiveDomainCertificate", json!({"DomainName": "a.com", "SSLProtocol": "on"}));
    assert_eq!(told, ["SSLPub: given where SSLProtocol is on", "SSLPri: given where SSLProtocol is on"]);
    let mark = json!({"PictureUrl": "http://x/y.png", "WatermarkName": "w", "Width": 1, "Height": 1});
    assert_eq!(faults(Vendor::Tencent, "AddLiveWatermark", mark), ["Height: left out where Width is given"]);
    let told = faults(Vendor::Tencent, "CreateLiveCallbackTemplate", json!({"TemplateName": "t"}));
    assert!(told[0].contains("one of these given"), "{told:?}");
    let told = faults(Vendor::Volcengine, "UpdateEncryptHLS", json!({"URL": "http://x/key", "CycleTime": "60"}));
    assert_eq!(told, ["URL: a text that ends with `?` or `&`"]);
}

#[test]
fn tencent_regions_are_those_of_the_action() {
    let regions = |action: &str, region: Option<&str>| {
        let facts: Action<'_> = catalog::find(Vendor::Tencent, action).unwrap();
        let verdict = validate(Vendor::Tencent, &facts, &Params::new(), region, now());
        verdict.faults.into_iter().filter(|f| f.option == "--region").map(|f| f.allowed).collect::<Vec<_>>()
    };
    assert!(regions("DescribeLivePullStreamTasks", None).is_empty());
    assert!(regions("AddLiveDomain", Some("mars")).is_empty());
    assert_eq!(regions("DescribeTimeShiftStreamList", None), ["one of ap-singapore, eu-frankfurt"]);
    assert_eq!(regions("DescribeTimeShiftStreamList", Some("ap-guangzhou")).len(), 1);
}

#[test]
fn a_secret_value_is_not_repeated() {
    let given = json!({"TemplateName": "t", "CallbackKey": 12_345, "StreamEndNotifyUrl": "http://x/"});
    let verdict = check(Vendor::Tencent, "CreateLiveCallbackTemplate", given);
    assert_eq!(verdict.faults[0].given.as_deref(), Some("***"));
}
