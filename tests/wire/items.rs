//! `Key=value` items to typed parameters.

use jiff::Timestamp;
use livectl::error::Fault;
use livectl::model::{Params, Vendor};
use livectl::providers::{catalog, items};
use serde_json::{Value, json};

fn now() -> Timestamp {
    "2026-01-31T12:00:00Z".parse().unwrap()
}

fn parse(vendor: Vendor, action: &str, given: &[&str]) -> Result<Params, Vec<Fault>> {
    let given: Vec<String> = given.iter().map(|item| (*item).to_owned()).collect();
    let parsed = items::parse(vendor, catalog::find(vendor, action).as_ref(), &given, now());
    let faults = [parsed.untyped, parsed.unreadable].concat();
    if faults.is_empty() { Ok(parsed.params) } else { Err(faults) }
}

fn parsed(vendor: Vendor, action: &str, given: &[&str]) -> Value {
    parse(vendor, action, given).map(Value::Object).unwrap_or_else(|faults| panic!("{faults:?}"))
}

#[test]
fn values_get_the_types_of_the_facts() {
    let given = ["DomainName=1234", "DomainType=push", "PlayType=3", "IsDelayLive:=1"];
    assert_eq!(
        parsed(Vendor::Tencent, "AddLiveDomain", &given),
        json!({"DomainName": "1234", "DomainType": 0, "PlayType": 3, "IsDelayLive": 1})
    );
    assert_eq!(
        parsed(Vendor::Volcengine, "UpdateEncryptHLS", &["URL=http://x/?a=b", "CycleTime=60"]),
        json!({"URL": "http://x/?a=b", "CycleTime": "60"})
    );
    assert_eq!(
        parsed(Vendor::Tencent, "CreateLiveTranscodeTemplate", &["AdaptBitratePercent=0.5", "DRMTracks=audio|HD"]),
        json!({"AdaptBitratePercent": 0.5, "DRMTracks": "AUDIO|HD"})
    );
}

#[test]
fn repeated_items_make_a_list_where_one_is_wanted() {
    let given = ["TemplateIds=1", "TemplateIds=2"];
    assert_eq!(parsed(Vendor::Tencent, "DescribeLiveTranscodeRules", &given), json!({"TemplateIds": [1, 2]}));
    let given = ["TemplateIds=[1,2]", "TemplateIds=3"];
    assert_eq!(parsed(Vendor::Tencent, "DescribeLiveTranscodeRules", &given), json!({"TemplateIds": [1, 2, 3]}));
    let faults = parse(Vendor::Tencent, "AddLiveDomain", &["DomainName=a", "DomainName=b"]).unwrap_err();
    assert_eq!((faults[0].option.as_str(), faults[0].allowed.as_str()), ("DomainName", "given once"));
}

#[test]
fn objects_come_as_json_or_member_by_member() {
    let whole = [r#"FlvParam={"Enable":1,"RecordInterval":60}"#];
    let members = ["FlvParam.Enable=yes", "FlvParam.RecordInterval=60"];
    let expected = json!({"FlvParam": {"Enable": 1, "RecordInterval": 60}});
    for given in [&whole[..], &members[..]] {
        assert_eq!(parsed(Vendor::Tencent, "CreateLiveRecordTemplate", given), expected);
    }
    let given = ["RecordFormat[0].Format=flv", "RecordFormat[0].CycleDuration=60", "RecordFormat[1].Format=mp4"];
    assert_eq!(
        parsed(Vendor::Aliyun, "AddLiveAppRecordConfig", &given),
        json!({"RecordFormat": [{"Format": "flv", "CycleDuration": 60}, {"Format": "mp4"}]})
    );
    assert!(parse(Vendor::Aliyun, "AddLiveAppRecordConfig", &["RecordFormat[1].Format=flv"]).is_err());
    let mixed = ["RecordFormat[0].Format=flv", "RecordFormat.Format=mp4"];
    assert!(parse(Vendor::Aliyun, "AddLiveAppRecordConfig", &mixed).is_err());
}

#[test]
fn times_are_written_as_each_parameter_wants_them() {
    for (vendor, action, item, expected) in [
        (Vendor::Tencent, "CreateLivePullStreamTask", "EndTime=+7d", json!({"EndTime": "2026-02-07T12:00:00Z"})),
        (Vendor::Tencent, "CreateRecordTask", "EndTime=+2h", json!({"EndTime": 1_769_868_000})),
        (Vendor::Tencent, "CreateRecordTask", "EndTime=1769868000", json!({"EndTime": 1_769_868_000})),
        (Vendor::Tencent, "DescribeLiveTranscodeDetailInfo", "DayTime=now", json!({"DayTime": "20260131"})),
        (
            Vendor::Tencent,
            "DescribeProIspPlaySumInfoList",
            "StartTime=-1h",
            json!({"StartTime": "2026-01-31 19:00:00"}),
        ),
        (
            Vendor::Aliyun,
            "ForbidLiveStream",
            "ResumeTime=2026-02-01T08:00:00+08:00",
            json!({"ResumeTime": "2026-02-01T00:00:00Z"}),
        ),
        (Vendor::Aliyun, "ForbidPushStream", "EndTime=", json!({"EndTime": ""})),
        (Vendor::Volcengine, "CreateRelaySourceV4", "StartTime=now", json!({"StartTime": 1_769_860_800})),
    ] {
        assert_eq!(parsed(vendor, action, &[item]), expected, "{action} {item}");
    }
}

#[test]
fn all_that_is_wrong_is_told_at_once_and_no_secret_with_it() {
    let given = ["DomainType=sideways", "PlayType:=[", "nonsense", "=x"];
    let faults = parse(Vendor::Tencent, "AddLiveDomain", &given).unwrap_err();
    let told: Vec<(&str, &str)> = faults.iter().map(|f| (f.option.as_str(), f.allowed.as_str())).collect();
    assert_eq!(
        told,
        [
            ("DomainType", "one of 0 (push), 1 (playback)"),
            ("PlayType", "JSON (line 1, column 1 is not)"),
            ("nonsense", "an item of the form `Key=value` or `Key:=json`"),
            ("an item without a name", "an item of the form `Key=value` or `Key:=json`"),
        ]
    );
    let faults = parse(Vendor::Tencent, "CreateLiveCallbackTemplate", &["CallbackKey:=hunter2"]).unwrap_err();
    assert_eq!(faults[0].given.as_deref(), Some("***"));
}

#[test]
fn without_facts_a_plain_value_stays_text() {
    let given = ["A=1", "B:=1", "C=x", "C=y", "D.E=1"];
    assert_eq!(parsed(Vendor::Tencent, "NewAction", &given), json!({"A": "1", "B": 1, "C": ["x", "y"], "D.E": "1"}));
}

/// An argument is long enough for a value that nests deeper than the stack goes.
#[test]
fn a_key_reaches_only_so_deep() {
    let item = |steps: usize| format!("WatermarkList{}=x", "[0]".repeat(steps));
    let mut value = parsed(Vendor::Tencent, "CreateLivePullStreamTask", &[&item(32)])["WatermarkList"].take();
    for _ in 0..32 {
        value = value[0].take();
    }
    assert_eq!(value, "x");
    // Deeper than that it is the name of a parameter that there is not.
    for steps in [33, 40_000] {
        let item = item(steps);
        let name = item.strip_suffix("=x").unwrap();
        assert_eq!(parsed(Vendor::Tencent, "CreateLivePullStreamTask", &[&item]), json!({ name: "x" }), "{steps}");
    }
}
