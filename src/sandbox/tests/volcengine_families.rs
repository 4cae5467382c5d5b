//! Volcengine's families of one shape: made, refused when made twice, listed, changed, missed and deleted.

use serde_json::{Value, json};

use super::{ok, pair, refused, sandbox};
use crate::model::Vendor::Volcengine;

/// The life of one preset. `NAME` in a request stands for the name that creating it answered.
struct Life {
    create: (&'static str, Value),
    list: (&'static str, Value),
    /// Where the listing has the item.
    item: &'static str,
    /// Values in the item after it is created: place and value.
    created: Vec<(&'static str, Value)>,
    update: (&'static str, Value),
    /// Values in the item after the change.
    updated: Vec<(&'static str, Value)>,
    delete: (&'static str, Value),
}

fn named(mut params: Value, name: &Value) -> Value {
    for value in params.as_object_mut().unwrap().values_mut().filter(|value| **value == "NAME") {
        *value = name.clone();
    }
    params
}

fn assert_values(item: &Value, values: &[(&str, Value)], step: &str) {
    for (place, value) in values {
        assert_eq!(item.pointer(place), Some(value), "{place} {step}: {item}");
    }
}

fn live_through(life: &Life) {
    let shared = sandbox();
    let call = |(action, params): &(&'static str, Value)| ok(&shared, Volcengine, action, params.clone());
    let refused = |(action, params): &(&'static str, Value)| refused(&shared, Volcengine, action, params.clone());
    let missing = pair(404, "ResourceNotFound");

    let before = named(life.update.1.clone(), &json!("nobody"));
    assert_eq!(refused(&(life.update.0, before)), missing, "changed before it is there");
    let name = call(&life.create)["PresetName"].clone();
    assert_eq!(refused(&life.create), pair(400, "InvalidParam"), "{} twice", life.create.0);
    assert_values(&call(&life.list).pointer(life.item).unwrap().clone(), &life.created, "after it was created");
    call(&(life.update.0, named(life.update.1.clone(), &name)));
    assert_values(&call(&life.list).pointer(life.item).unwrap().clone(), &life.updated, "after the change");
    let delete = (life.delete.0, named(life.delete.1.clone(), &name));
    call(&delete);
    assert_eq!(call(&life.list).pointer(life.item), None, "{}", life.delete.0);
    assert_eq!(refused(&delete), missing, "{} twice", life.delete.0);
}

fn space(more: Value) -> Value {
    let mut params = json!({"Vhost": "example.com"});
    params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    params
}

#[test]
fn record_presets_live() {
    live_through(&Life {
        create: (
            "CreateRecordPresetV2",
            space(json!({"App": "live", "RecordPresetConfig": {
                "OriginRecord": 1, "HlsParam": {"Enable": true, "TOSParam": {"Enable": true, "Bucket": "b1"}},
            }})),
        ),
        list: ("ListVhostRecordPresetV2", space(json!({}))),
        item: "/PresetList/0",
        created: vec![
            ("/Vhost", json!("example.com")),
            ("/App", json!("live")),
            ("/Stream", json!("")),
            ("/SlicePresetV2/Name", json!("record-1")),
            ("/SlicePresetV2/ID", json!(1)),
            ("/SlicePresetV2/RecordPresetConfig/SliceDuration", json!(10)),
            ("/SlicePresetV2/RecordPresetConfig/HlsParam/Duration", json!(7200)),
            ("/SlicePresetV2/RecordPresetConfig/HlsParam/TOSParam", json!({"Bucket": "b1", "Enable": true})),
        ],
        update: (
            "UpdateRecordPresetV2",
            space(json!({"Preset": "NAME", "RecordPresetConfig": {"HlsParam": {"Duration": -1}}})),
        ),
        updated: vec![
            ("/SlicePresetV2/RecordPresetConfig/HlsParam/Duration", json!(-1)),
            ("/SlicePresetV2/RecordPresetConfig/HlsParam/TOSParam/Bucket", json!("b1")),
        ],
        delete: ("DeleteRecordPreset", json!({"Preset": "NAME"})),
    });
}

#[test]
fn recordings_need_a_format_and_a_place_and_are_listed_by_it() {
    let shared = sandbox();
    let create = |format: Value| space(json!({"App": "live", "RecordPresetConfig": {"FlvParam": format}}));
    let vod = json!({"Enable": true, "VodNamespace": "v"});
    for wrong in [
        json!({"Enable": false}),
        json!({"Enable": true}),
        json!({"Enable": true, "Duration": 10, "VODParam": vod}),
        json!({"Enable": true, "VODParam": vod, "TOSParam": {"Enable": true, "Bucket": "b"}}),
    ] {
        let told = refused(&shared, Volcengine, "CreateRecordPresetV2", create(wrong.clone()));
        assert_eq!(told, pair(400, "InvalidParam"), "{wrong}");
    }
    ok(&shared, Volcengine, "CreateRecordPresetV2", create(json!({"Enable": true, "VODParam": vod})));
    let count = |params: Value| {
        ok(&shared, Volcengine, "ListVhostRecordPresetV2", space(params))["PresetList"].as_array().unwrap().len()
    };
    assert_eq!((count(json!({})), count(json!({"Type": "tos"})), count(json!({"Type": "vod"}))), (0, 0, 1));
}

#[test]
fn transcode_presets_live() {
    let app = || space(json!({"App": "live"}));
    live_through(&Life {
        create: ("CreateTranscodePreset", {
            let mut params = app();
            params["SuffixName"] = json!("hd");
            params["Vcodec"] = json!("h264");
            params["VideoBitrate"] = json!(1_500_000);
            params
        }),
        list: ("ListVhostTransCodePreset", space(json!({}))),
        item: "/CustomizePresetList/0",
        created: vec![
            ("/Vhost", json!("example.com")),
            ("/TranscodePreset/Preset", json!("transcode-1")),
            ("/TranscodePreset/SuffixName", json!("hd")),
            ("/TranscodePreset/VideoBitrate", json!(1_500_000)),
            ("/TranscodePreset/AudioBitrate", json!(128)),
            ("/TranscodePreset/Acodec", json!("aac")),
        ],
        update: ("UpdateTranscodePreset", space(json!({"Preset": "NAME", "Height": 720}))),
        updated: vec![
            ("/TranscodePreset/Height", json!(720)),
            ("/TranscodePreset/VideoBitrate", json!(1_500_000)),
            ("/TranscodePreset/Preset", json!("transcode-1")),
        ],
        delete: ("DeleteTranscodePreset", space(json!({"App": "live", "Preset": "NAME"}))),
    });
    let built_in = ok(&sandbox(), Volcengine, "ListCommonTransPresetDetail", json!({"PresetList": ["hd"]}));
    assert_eq!(built_in["StandardPresetDetail"][0]["VideoBitrate"], 1_500_000);
    assert_eq!(built_in["NarrowBandHDPresetDetail"], json!([]));
}

#[test]
fn snapshot_presets_live() {
    let tos = |format: &str| json!({format: {"Enable": true, "TOSParam": {"Enable": true, "Bucket": "b1"}}});
    live_through(&Life {
        create: ("CreateSnapshotPresetV2", space(json!({"App": "live", "SnapshotPresetConfig": tos("JpegParam")}))),
        list: ("ListVhostSnapshotPresetV2", space(json!({"Type": "tos"}))),
        item: "/PresetList/0",
        created: vec![
            ("/SlicePresetV2/Name", json!("snapshot-1")),
            ("/SlicePresetV2/Status", json!(1)),
            ("/SlicePresetV2/SnapshotPresetConfig/Interval", json!(10)),
            ("/SlicePresetV2/SnapshotPresetConfig/JpegParam/TOSParam/StorageDir", json!("")),
        ],
        update: (
            "UpdateSnapshotPresetV2",
            space(json!({"App": "live", "Preset": "NAME", "Status": 0, "SnapshotPresetConfig": tos("JpgParam")})),
        ),
        updated: vec![
            ("/SlicePresetV2/Status", json!(0)),
            ("/SlicePresetV2/SnapshotPresetConfig/JpgParam/Enable", json!(true)),
        ],
        delete: ("DeleteSnapshotPreset", space(json!({"App": "live", "Preset": "NAME"}))),
    });
    let none = space(json!({"App": "live", "SnapshotPresetConfig": {"Interval": 5}}));
    assert_eq!(refused(&sandbox(), Volcengine, "CreateSnapshotPresetV2", none), pair(400, "InvalidParam"));
}

#[test]
fn audit_presets_live() {
    live_through(&Life {
        create: (
            "CreateSnapshotAuditPreset",
            json!({"Domain": "push.example.com", "App": "live", "Interval": 1.5, "StorageStrategy": 0, "Bucket": "b1", "Label": ["301"]}),
        ),
        list: ("ListVhostSnapshotAuditPreset", space(json!({}))),
        item: "/PresetList/0",
        created: vec![
            ("/Vhost", json!("example.com")),
            ("/AuditPreset/PresetName", json!("audit-1")),
            ("/AuditPreset/Interval", json!(1.5)),
            ("/AuditPreset/SnapshotObject", json!("{audit}/{PushDomain}/{App}/{Stream}/{UnixTimestamp}")),
            ("/AuditPreset/UpdateTime", json!("2023-11-14T22:13:20Z")),
            ("/AuditPreset/CallbackDetailList", json!([])),
        ],
        update: (
            "UpdateSnapshotAuditPreset",
            space(json!({"App": "live", "PresetName": "NAME", "Bucket": "b2", "Description": "night"})),
        ),
        updated: vec![("/AuditPreset/Bucket", json!("b2")), ("/AuditPreset/Description", json!("night"))],
        delete: ("DeleteSnapshotAuditPreset", space(json!({"App": "live", "PresetName": "NAME"}))),
    });
}

#[test]
fn watermark_presets_live() {
    let app = |more: Value| {
        let mut params = space(json!({"App": "live"}));
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        params
    };
    live_through(&Life {
        create: (
            "CreateWatermarkPreset",
            app(json!({"PosX": 0.1, "PosY": 0.2, "PictureUrl": "http://p.example.com/w.png"})),
        ),
        list: ("ListVhostWatermarkPreset", space(json!({}))),
        item: "/WatermarkPresetList/0",
        created: vec![
            ("/ID", json!(1)),
            ("/PosX", json!(0.1)),
            ("/PictureURL", json!("http://p.example.com/w.png")),
            ("/AccountID", json!("prod")),
        ],
        update: ("UpdateWatermarkPreset", app(json!({"PosX": 0.5}))),
        updated: vec![("/PosX", json!(0.5)), ("/PictureURL", json!("http://p.example.com/w.png"))],
        delete: ("DeleteWatermarkPreset", app(json!({}))),
    });
    let shared = sandbox();
    let of_stream = app(json!({"Stream": "s1", "PosX": 0, "PosY": 0, "PictureUrl": "http://p.example.com/w.png"}));
    ok(&shared, Volcengine, "CreateWatermarkPreset", of_stream);
    let shown = ok(&shared, Volcengine, "ListWatermarkPreset", app(json!({"Stream": "s1"})));
    assert_eq!(shown["Preset"]["Stream"], "s1");
    assert_eq!(refused(&shared, Volcengine, "ListWatermarkPreset", app(json!({}))), pair(404, "ResourceNotFound"));
}

#[test]
fn watermark_templates_live() {
    live_through(&Life {
        create: (
            "CreateWatermarkPresetV2",
            json!({"PresetName": "logo", "PictureUrl": "http://p.example.com/w.png", "RelativeWidth": 0.2}),
        ),
        list: ("ListWatermarkPresetDetail", json!({"PresetNameList": ["logo"]})),
        item: "/WatermarkPresetList/0",
        created: vec![("/ID", json!(1)), ("/Name", json!("logo")), ("/PosX", json!(0.0))],
        update: (
            "UpdateWatermarkPresetV2",
            json!({"PresetName": "NAME", "PictureUrl": "http://p.example.com/v.png", "RelativeWidth": 0.3}),
        ),
        updated: vec![("/RelativeWidth", json!(0.3)), ("/PictureURL", json!("http://p.example.com/v.png"))],
        delete: ("DeleteWatermarkPresetV2", json!({"ID": 1})),
    });
    let shared = sandbox();
    assert_eq!(refused(&shared, Volcengine, "DeleteWatermarkPresetV2", json!({})), pair(400, "InvalidParam"));
}

#[test]
fn time_shift_presets_live() {
    let app = |seconds: i64| space(json!({"App": "live", "MaxShiftTime": seconds}));
    live_through(&Life {
        create: ("CreateTimeShiftPresetV3", {
            let mut params = app(86_400);
            params["PullDomain"] = json!("play.example.com");
            params
        }),
        list: ("ListTimeShiftPresetV2", space(json!({"Type": "vod"}))),
        item: "/List/0",
        created: vec![
            ("/Name", json!("timeshift-1")),
            ("/Domain", json!("play.example.com")),
            ("/Status", json!(1)),
            ("/Bucket", json!("")),
        ],
        update: ("UpdateTimeShiftPresetV3", app(259_200)),
        updated: vec![("/MaxShiftTime", json!(259_200)), ("/Domain", json!("play.example.com"))],
        delete: ("DeleteTimeShiftPresetV3", space(json!({"App": "live"}))),
    });
}

#[test]
fn no_two_transcode_presets_of_an_app_have_one_suffix() {
    let shared = sandbox();
    let create = |suffix: &str| space(json!({"App": "live", "SuffixName": suffix, "Vcodec": "h264"}));
    ok(&shared, Volcengine, "CreateTranscodePreset", create("sd"));
    let hd = ok(&shared, Volcengine, "CreateTranscodePreset", create("hd"))["PresetName"].clone();
    let taken = space(json!({"Preset": hd, "SuffixName": "sd"}));
    assert_eq!(refused(&shared, Volcengine, "UpdateTranscodePreset", taken), pair(400, "InvalidParam"));
    let elsewhere = space(json!({"App": "other", "Preset": hd, "SuffixName": "uhd"}));
    assert_eq!(refused(&shared, Volcengine, "UpdateTranscodePreset", elsewhere), pair(404, "ResourceNotFound"));
    ok(&shared, Volcengine, "UpdateTranscodePreset", space(json!({"Preset": hd, "SuffixName": "uhd"})));
    let list = ok(&shared, Volcengine, "ListVhostTransCodePreset", space(json!({})))["AllPresetList"].clone();
    let suffixes: Vec<&Value> =
        list.as_array().unwrap().iter().map(|it| &it["TranscodePreset"]["SuffixName"]).collect();
    assert_eq!(suffixes, ["sd", "uhd"]);
}
