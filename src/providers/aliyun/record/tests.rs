use serde_json::json;

use super::*;
use crate::error::{Class, Error};
use crate::model::Selector;
use crate::providers::script::Script;

const FILE: &str = "record/{AppName}/{StreamName}/{EscapedStartTime}_{EscapedEndTime}";
const SLICE: &str = "record/{AppName}/{StreamName}/{UnixTimestamp}_{Sequence}";

fn at(id: &str) -> RecordArgs {
    RecordArgs { target: Selector { id: Some(id.into()), ..Selector::default() }, ..RecordArgs::default() }
}

fn options(error: &Error) -> Vec<&str> {
    error.details().faults.iter().map(|fault| fault.option.as_str()).collect()
}

fn hls() -> Value {
    json!({"Format": "m3u8", "CycleDuration": 1800, "SliceDuration": 20, "OssObjectPrefix": format!("rec/{FILE}"),
           "SliceOssObjectPrefix": format!("rec/{SLICE}")})
}

fn config(app: &str, stream: &str) -> Value {
    json!({
        "DomainName": "play.example.com", "AppName": app, "StreamName": stream, "OssBucket": "bucket",
        "OssEndpoint": "oss-cn-shanghai.aliyuncs.com", "CreateTime": "2016-05-20T09:33:38Z", "OnDemond": 7,
        "DelayTime": 60, "TranscodeTemplates": {"Templates": ["hd720"]},
        "RecordFormatList": {"RecordFormat": [hls(), {"Format": "cmaf", "CycleDuration": 1800}]},
        "TranscodeRecordFormatList": {"RecordFormat": [{"Format": "mp4", "CycleDuration": 900, "OssObjectPrefix": "x"}]},
    })
}

fn reading(configs: Value) -> Script {
    Script::new(VENDOR).answers(
        "DescribeLiveRecordConfig",
        json!({"DomainName": "play.example.com", "PageNum": 1, "PageSize": 30}),
        json!({"TotalNum": configs.as_array().unwrap().len(), "LiveAppRecordList": {"LiveAppRecord": configs}}),
    )
}

#[test]
fn a_config_is_a_row() {
    let script = reading(json!([config("*", ""), config("live", "s1")]));
    let rows = script.rows(list(&script, &at("play.example.com")));
    assert_eq!(
        rows[0],
        json!({
            "vendor": "aliyun", "profile": null, "id": "play.example.com//", "domain": "play.example.com", "app": null,
            "stream": null, "formats": ["hls"], "segment_seconds": 1800,
            "storage": "oss://bucket/rec?endpoint=oss-cn-shanghai.aliyuncs.com", "created_at": "2016-05-20T09:33:38Z",
        })
    );
    assert_eq!((&rows[1]["id"], &rows[1]["stream"]), (&json!("play.example.com/live/s1"), &json!("s1")));
}

#[test]
fn the_folder_is_read_from_any_names_of_objects() {
    for (name, folder) in [
        (json!(FILE), ""),
        (json!(format!("a/b/{FILE}")), "a/b"),
        (json!("record/{AppName}/{StreamName}/{Sequence}{EscapedStartTime}{EscapedEndTime}"), "record"),
        (json!("{AppName}/{StreamName}"), ""),
        (json!("plain"), ""),
        (Value::Null, ""),
    ] {
        let list = json!([{"Format": "flv", "OssObjectPrefix": name}]);
        assert_eq!(output::folder(&Output::read_all(Some(&list))), folder, "{name}");
    }
}

#[test]
fn adding_names_the_objects_of_hls_and_shows_the_names() {
    let script = Script::new(VENDOR).answers(
        "AddLiveAppRecordConfig",
        json!({
            "DomainName": "play.example.com", "AppName": "*", "OssBucket": "bucket",
            "OssEndpoint": "oss-cn-shanghai.aliyuncs.com",
            "RecordFormat": [
                {"Format": "m3u8", "CycleDuration": 1800, "OssObjectPrefix": format!("rec/{FILE}"),
                 "SliceOssObjectPrefix": format!("rec/{SLICE}")},
                {"Format": "mp4", "CycleDuration": 1800, "OssObjectPrefix": format!("rec/{FILE}")},
            ],
        }),
        json!({}),
    );
    let asked = RecordArgs {
        formats: vec![RecordFormat::Hls, RecordFormat::Mp4],
        segment_seconds: Some(1800),
        storage: Some("oss://bucket/rec/?endpoint=oss-cn-shanghai.aliyuncs.com".parse().unwrap()),
        ..at("play.example.com")
    };
    let changed = script.changed(add(&script, &asked));
    assert_eq!(changed.id.as_deref(), Some("play.example.com//"));
    let told: Vec<(&str, &Value)> = changed.changes.iter().map(|change| (change.field.as_str(), &change.to)).collect();
    assert_eq!(
        told,
        [
            ("domain", &json!("play.example.com")),
            ("formats", &json!(["hls", "mp4"])),
            ("segment_seconds", &json!(1800)),
            ("storage", &json!("oss://bucket/rec?endpoint=oss-cn-shanghai.aliyuncs.com")),
            ("object_name", &json!(format!("rec/{FILE}"))),
            ("slice_name", &json!(format!("rec/{SLICE}"))),
        ]
    );
}

#[test]
fn files_alone_in_a_bucket_keep_the_vendors_own_names() {
    let script = Script::new(VENDOR).answers(
        "AddLiveAppRecordConfig",
        json!({
            "DomainName": "play.example.com", "AppName": "live", "StreamName": "s1", "OssBucket": "bucket",
            "OssEndpoint": "oss-cn-shanghai.aliyuncs.com", "RecordFormat": [{"Format": "flv"}],
        }),
        json!({}),
    );
    let asked = RecordArgs {
        formats: vec![RecordFormat::Flv],
        storage: Some("oss://bucket?endpoint=oss-cn-shanghai.aliyuncs.com".parse().unwrap()),
        ..at("play.example.com/live/s1")
    };
    assert_eq!(script.changed(add(&script, &asked)).name.as_deref(), Some("s1"));
}

#[test]
fn what_a_recording_lacks_or_aliyun_cannot_is_refused() {
    let script = Script::new(VENDOR);
    let error = script.run(add(&script, &RecordArgs::default())).unwrap_err();
    assert_eq!(options(&error), ["--format", "--storage", "--domain"]);
    assert!(error.details().hints[0].contains("playback domain"));
    let asked = RecordArgs {
        formats: vec![RecordFormat::Aac, RecordFormat::Mp4],
        storage: Some("vod://".parse().unwrap()),
        template: Some("1".into()),
        ..at("play.example.com")
    };
    let error = script.run(add(&script, &asked)).unwrap_err();
    assert_eq!(options(&error), ["--format", "--storage", "--template"]);
    assert!(error.details().hints[1].contains("livectl vod create"), "{error:?}");
    let asked = RecordArgs { storage: Some("oss://bucket".parse().unwrap()), ..at("play.example.com") };
    assert_eq!(options(&script.run(update(&script, &asked)).unwrap_err()), ["--storage"]);
}

#[test]
fn an_update_sends_back_what_is_not_named() {
    let script = reading(json!([config("live", "s1")])).answers(
        "UpdateLiveAppRecordConfig",
        json!({
            "DomainName": "play.example.com", "AppName": "live", "StreamName": "s1",
            "OssEndpoint": "oss-cn-shanghai.aliyuncs.com", "OnDemand": 7, "DelayTime": 60,
            "TranscodeTemplates": ["hd720"],
            "RecordFormat": [
                {"Format": "m3u8", "CycleDuration": 3600, "SliceDuration": 20},
                {"Format": "cmaf", "CycleDuration": 3600},
            ],
            "TranscodeRecordFormat": [{"Format": "mp4", "CycleDuration": 900}],
        }),
        json!({}),
    );
    let asked = RecordArgs { segment_seconds: Some(3600), ..at("play.example.com/live") };
    let changed = script.changed(update(&script, &asked));
    assert_eq!(changed.changes, [Change::new("segment_seconds", 1800, 3600)]);

    let script = reading(json!([config("live", "s1")]));
    let asked = RecordArgs {
        formats: vec![RecordFormat::Hls],
        segment_seconds: Some(1800),
        storage: Some("oss://bucket/rec?endpoint=oss-cn-shanghai.aliyuncs.com".parse().unwrap()),
        ..at("play.example.com/live/s1")
    };
    assert!(!script.changed(update(&script, &asked)).changed);
}

#[test]
fn what_an_update_cannot_do_is_refused_with_the_commands() {
    for asked in [
        RecordArgs { storage: Some("oss://other/rec?endpoint=e".parse().unwrap()), ..at("play.example.com/live/s1") },
        RecordArgs { storage: Some("oss://bucket/b?endpoint=e".parse().unwrap()), ..at("play.example.com/live/s1") },
        RecordArgs { formats: vec![RecordFormat::Mp4, RecordFormat::Hls], ..at("play.example.com/live/s1") },
    ] {
        let script = reading(json!([config("live", "s1")]));
        let error = script.run(update(&script, &asked)).unwrap_err();
        assert_eq!(error.class(), Class::Usage);
        let hint = &error.details().hints[0];
        assert!(hint.contains("livectl record delete 'play.example.com/live/s1' && livectl record add"), "{hint}");
        let lost = "`record add` does not set OnDemand, DelayTime, TranscodeTemplates, TranscodeRecordFormat again";
        assert!(error.details().hints[2].starts_with(lost), "{error:?}");
        assert_eq!(script.actions(), ["DescribeLiveRecordConfig"]);
    }
}

#[test]
fn deleting_asks_and_names_the_stream_only_where_there_is_one() {
    let script = reading(json!([config("*", ""), config("live", "")])).answers(
        "DeleteLiveAppRecordConfig",
        json!({"DomainName": "play.example.com", "AppName": "*"}),
        json!({}),
    );
    assert_eq!(script.changed(delete(&script, &at("play.example.com//"))).changes.len(), 4);
    assert_eq!(*script.questions.borrow(), ["delete the recording play.example.com//"]);

    // The same again is never another one.
    let script = reading(json!([config("live", "")]));
    assert_eq!(script.run(delete(&script, &at("play.example.com//"))).unwrap_err().class(), Class::NotFound);
    let script = reading(json!([config("*", ""), config("live", "")])).unwilling();
    assert_eq!(script.run(delete(&script, &at("play.example.com/live/"))).unwrap_err().class(), Class::Usage);
    let script = reading(json!([config("*", ""), config("live", "")]));
    let error = script.run(show(&script, &at("play.example.com"))).unwrap_err();
    assert!(error.details().hints[0].contains("play.example.com/live/"), "{error:?}");
}
