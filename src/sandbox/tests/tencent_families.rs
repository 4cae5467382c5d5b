//! Tencent's families with state. What is expected is written by hand from the reference.

use serde_json::{Value, json};

use super::{NOW, ok, pair, refused, sandbox};
use crate::model::Vendor::Tencent;
use crate::sandbox::dispatch::Shared;

fn does(shared: &Shared, action: &str, params: Value) -> Value {
    ok(shared, Tencent, action, params)
}

fn refuses(shared: &Shared, action: &str, params: Value) -> String {
    let (status, code) = refused(shared, Tencent, action, params);
    assert_eq!(status, 200, "{action}");
    code
}

fn with(mut params: Value, more: Value) -> Value {
    if let (Some(params), Value::Object(more)) = (params.as_object_mut(), more) {
        params.extend(more);
    }
    params
}

/// One kind of template with its rules.
struct Kind {
    word: &'static str,
    new: Value,
    change: Value,
    shown: Value,
    changed: Value,
    place: Value,
    /// Codes of an absent template: shown, changed, deleted.
    missing: [&'static str; 3],
    /// Whether the vendor shows one template by its id.
    shows: bool,
    /// The parameters of a list that holds the new template.
    list: Value,
}

const NOT_FOUND: &str = "FailedOperation.NotFound";

fn kinds() -> Vec<Kind> {
    let place = || json!({"DomainName": "push.example.com", "AppName": "live", "StreamName": "s1"});
    vec![
        Kind {
            word: "Record",
            new: json!({"TemplateName": "a", "FlvParam": {"Enable": 1, "StorageTime": 600}, "IsDelayLive": 1}),
            change: json!({"Description": "d", "HlsParam": {"Enable": 1, "RecordInterval": 3600}}),
            shown: json!({"TemplateName": "a", "Description": "", "IsDelayLive": 1, "RemoveWatermark": false}),
            changed: json!({"TemplateName": "a", "Description": "d", "IsDelayLive": 1}),
            place: place(),
            missing: [NOT_FOUND, NOT_FOUND, "InternalError.NotFound"],
            shows: true,
            list: json!({"IsDelayLive": 1}),
        },
        Kind {
            word: "Snapshot",
            new: json!({"TemplateName": "a", "CosAppId": 1, "CosBucket": "b", "CosRegion": "r"}),
            change: json!({"CosAppId": 2, "CosBucket": "c", "CosRegion": "r", "SnapshotInterval": 20}),
            shown: json!({"CosAppId": 1, "CosBucket": "b", "SnapshotInterval": 10, "Width": 0, "PornFlag": 0}),
            changed: json!({"TemplateName": "a", "CosAppId": 2, "CosBucket": "c", "SnapshotInterval": 20}),
            place: place(),
            missing: [NOT_FOUND, NOT_FOUND, "InternalError.NotFound"],
            shows: true,
            list: json!({}),
        },
        Kind {
            word: "Callback",
            new: json!({"TemplateName": "a", "StreamBeginNotifyUrl": "http://e.example.com/b"}),
            change: json!({"StreamEndNotifyUrl": "http://e.example.com/e"}),
            shown: json!({"StreamBeginNotifyUrl": "http://e.example.com/b", "StreamEndNotifyUrl": "", "CallbackKey": ""}),
            changed: json!({"StreamBeginNotifyUrl": "http://e.example.com/b", "StreamEndNotifyUrl": "http://e.example.com/e"}),
            place: json!({"DomainName": "push.example.com", "AppName": "live"}),
            missing: [NOT_FOUND; 3],
            shows: true,
            list: json!({}),
        },
        Kind {
            word: "TimeShift",
            new: json!({"TemplateName": "a", "Duration": 86400}),
            change: json!({"ItemDuration": 8}),
            shown: json!({"TemplateName": "a", "Duration": 86400, "ItemDuration": 5, "Area": "Mainland", "TranscodeTemplateIds": []}),
            changed: json!({"TemplateName": "a", "Duration": 86400, "ItemDuration": 8}),
            place: place(),
            missing: ["", "InternalError.NotFound", NOT_FOUND],
            shows: false,
            list: json!({}),
        },
        Kind {
            word: "Transcode",
            new: json!({"TemplateName": "a", "VideoBitrate": 900}),
            change: json!({"VideoBitrate": 800}),
            shown: json!({"TemplateName": "a", "VideoBitrate": 900, "Vcodec": "origin"}),
            changed: json!({"TemplateName": "a", "VideoBitrate": 800, "Vcodec": "origin"}),
            place: json!({"DomainName": "play.example.com", "AppName": "", "StreamName": ""}),
            missing: [NOT_FOUND; 3],
            shows: true,
            list: json!({}),
        },
    ]
}

/// Whether a value holds these members.
#[track_caller]
fn holds(value: &Value, members: &Value) {
    for (name, wanted) in members.as_object().unwrap() {
        assert_eq!(&value[name], wanted, "{name} of {value}");
    }
}

#[test]
fn templates_and_rules_of_every_kind_live() {
    for kind in kinds() {
        let shared = sandbox();
        let action = |verb: &str, noun: &str| format!("{verb}Live{}{noun}", kind.word);
        let id = does(&shared, &action("Create", "Template"), kind.new.clone())["TemplateId"].clone();
        assert_eq!(id, 1000);
        let named = || json!({"TemplateId": id});
        let listed = || does(&shared, &action("Describe", "Templates"), kind.list.clone())["Templates"].clone();
        let show = || match kind.shows {
            true => does(&shared, &action("Describe", "Template"), named())["Template"].clone(),
            false => listed()[0].clone(),
        };
        assert_eq!(listed()[0], show());
        holds(&show(), &kind.shown);
        does(&shared, &action("Modify", "Template"), with(kind.change.clone(), named()));
        holds(&show(), &kind.changed);

        let rule = || with(kind.place.clone(), named());
        let lost = with(kind.place.clone(), json!({"TemplateId": 7}));
        assert_eq!(refuses(&shared, &action("Create", "Rule"), lost), confusing(kind.word));
        does(&shared, &action("Create", "Rule"), rule());
        assert_eq!(refuses(&shared, &action("Create", "Rule"), rule()), "FailedOperation.RuleAlreadyExist");
        let rules = does(&shared, &action("Describe", "Rules"), json!({}))["Rules"].clone();
        assert_eq!(rules.as_array().unwrap().len(), 1);
        holds(&rules[0], &with(rule(), json!({"CreateTime": "2023-11-15 06:13:20"})));
        assert_eq!(refuses(&shared, &action("Delete", "Template"), named()), "FailedOperation.ConfInUsed");

        let of_rule = || if kind.word == "Transcode" { rule() } else { kind.place.clone() };
        does(&shared, &action("Delete", "Rule"), of_rule());
        assert_eq!(refuses(&shared, &action("Delete", "Rule"), of_rule()), NOT_FOUND);
        does(&shared, &action("Delete", "Template"), named());
        assert_eq!(listed(), json!([]));
        let [shown, changed, deleted] = kind.missing;
        if kind.shows {
            assert_eq!(refuses(&shared, &action("Describe", "Template"), named()), shown);
        }
        let change = with(kind.change.clone(), named());
        assert_eq!(refuses(&shared, &action("Modify", "Template"), change), changed);
        assert_eq!(refuses(&shared, &action("Delete", "Template"), named()), deleted);
    }
}

/// The code of a rule whose template is not there.
fn confusing(word: &str) -> &'static str {
    if word == "TimeShift" { "InternalError.ConfNotFound" } else { "InvalidParameter.ConfNotFound" }
}

#[test]
fn objects_in_record_templates_are_shown_whole() {
    let shared = sandbox();
    let new = json!({"TemplateName": "a", "FlvParam": {"Enable": 1}});
    let id = does(&shared, "CreateLiveRecordTemplate", new)["TemplateId"].clone();
    let shown = does(&shared, "DescribeLiveRecordTemplate", json!({"TemplateId": id}))["Template"].clone();
    holds(&shown["FlvParam"], &json!({"Enable": 1, "RecordInterval": 1800, "StorageTime": 0, "Procedure": ""}));
    holds(&shown["HlsParam"], &json!({"Enable": 0, "RecordInterval": 1800}));
    assert_eq!(shown["HlsSpecialParam"], json!({"FlowContinueDuration": 0}));
    // Slow live is listed apart: a list that does not ask for it has none of it.
    let slow = json!({"TemplateName": "b", "IsDelayLive": 1});
    does(&shared, "CreateLiveRecordTemplate", slow);
    let names = |params: Value| {
        let list = does(&shared, "DescribeLiveRecordTemplates", params)["Templates"].clone();
        list.as_array().unwrap().iter().map(|row| row["TemplateName"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((names(json!({})), names(json!({"IsDelayLive": 1}))), (vec!["a".to_owned()], vec!["b".to_owned()]));
}

#[test]
fn limits_of_templates_and_rules_hold() {
    let shared = sandbox();
    let bare = json!({"TemplateName": "a", "Description": "x"});
    assert_eq!(refuses(&shared, "CreateLiveCallbackTemplate", bare), "InvalidParameter");
    let name = |at: i64| json!({"TemplateName": format!("t{at}")});
    for at in 0..50 {
        does(&shared, "CreateLiveTranscodeTemplate", with(name(at), json!({"VideoBitrate": 900})));
    }
    let again = with(name(7), json!({"VideoBitrate": 900}));
    let taken = refuses(&shared, "CreateLiveTranscodeTemplate", again);
    assert_eq!(taken, "InvalidParameter.ProcessorAlreadyExist");
    let more = with(name(50), json!({"VideoBitrate": 900}));
    assert_eq!(refuses(&shared, "CreateLiveTranscodeTemplate", more), "InternalError.ConfOutLimit");
    // One place may have several transcode rules, each with its template.
    let rule =
        |template: i64| json!({"DomainName": "d.example.com", "AppName": "", "StreamName": "", "TemplateId": template});
    for template in 1000..1050 {
        does(&shared, "CreateLiveTranscodeRule", rule(template));
    }
    let more = with(rule(1000), json!({"AppName": "other"}));
    assert_eq!(refuses(&shared, "CreateLiveTranscodeRule", more), "InternalError.RuleOutLimit");
    let filtered = json!({"TemplateIds": [1003, 1004, 7], "DomainNames": ["d.example.com"]});
    assert_eq!(does(&shared, "DescribeLiveTranscodeRules", filtered)["Rules"].as_array().unwrap().len(), 2);
    does(&shared, "DeleteLiveTranscodeRule", rule(1003));
    let wrong = with(rule(1004), json!({"AppName": "live"}));
    assert_eq!(refuses(&shared, "DeleteLiveTranscodeRule", wrong), NOT_FOUND);
    let odd = with(rule(1004), json!({"DomainName": "no domain"}));
    assert_eq!(refuses(&shared, "CreateLiveTranscodeRule", odd), "InvalidParameter.DomainFormatError");
}

#[test]
fn watermarks_live() {
    let shared = sandbox();
    let new = json!({"PictureUrl": "https://p.example.com/a.png", "WatermarkName": "logo", "XPosition": 80});
    let id = does(&shared, "AddLiveWatermark", new.clone())["WatermarkId"].clone();
    let named = || json!({"WatermarkId": id});
    let show = || does(&shared, "DescribeLiveWatermark", named())["Watermark"].clone();
    holds(&show(), &json!({"Status": 0, "YPosition": 0, "Width": 0, "CreateTime": "2023-11-15T06:13:20Z"}));
    let moved = json!({"PictureUrl": "https://p.example.com/b.png", "XPosition": 1, "YPosition": 2});
    does(&shared, "UpdateLiveWatermark", with(moved, named()));
    holds(&show(), &json!({"PictureUrl": "https://p.example.com/b.png", "XPosition": 1, "WatermarkName": "logo"}));
    let place = || json!({"DomainName": "push.example.com", "AppName": "live", "StreamName": "s1"});
    let rule = || with(place(), json!({"TemplateId": id}));
    does(&shared, "CreateLiveWatermarkRule", rule());
    assert_eq!(refuses(&shared, "CreateLiveWatermarkRule", rule()), "FailedOperation.RuleAlreadyExist");
    let rules = does(&shared, "DescribeLiveWatermarkRules", json!({}));
    assert_eq!(rules["Rules"][0]["CreateTime"], "2023-11-15T06:13:20Z");
    assert_eq!(show()["Status"], 1);
    assert_eq!(refuses(&shared, "DeleteLiveWatermark", named()), "InvalidParameter.ConfInUsed");
    does(&shared, "DeleteLiveWatermarkRule", place());
    assert_eq!(refuses(&shared, "DeleteLiveWatermarkRule", place()), NOT_FOUND);
    does(&shared, "AddLiveWatermark", with(new, json!({"WatermarkName": "other"})));
    let page = does(&shared, "DescribeLiveWatermarks", json!({"Name": "other"}));
    assert_eq!((&page["TotalNum"], &page["WatermarkList"][0]["WatermarkName"]), (&json!(1), &json!("other")));
    does(&shared, "DeleteLiveWatermark", named());
    assert_eq!(refuses(&shared, "DeleteLiveWatermark", named()), "ResourceNotFound.WatermarkNotExist");
    assert_eq!(refuses(&shared, "DescribeLiveWatermark", named()), NOT_FOUND);
    let odd = json!({"PictureUrl": "https://p.example.com/$(a).png", "WatermarkName": "odd"});
    assert_eq!(refuses(&shared, "AddLiveWatermark", odd), "InvalidParameter");
}

#[test]
fn delays_live() {
    let shared = sandbox();
    let place = || json!({"DomainName": "push.example.com", "AppName": "live", "StreamName": "s1"});
    let delay = |more: Value| with(with(place(), json!({"DelayTime": 30})), more);
    does(&shared, "AddDelayLiveStream", delay(json!({})));
    does(&shared, "AddDelayLiveStream", delay(json!({"DelayTime": 60})));
    let list = does(&shared, "DescribeLiveDelayInfoList", json!({}));
    assert_eq!(
        list["DelayInfoList"],
        json!([{"DelayInterval": 60, "CreateTime": "2023-11-14T22:13:20Z", "ExpireTime": "2023-11-21T22:13:20Z",
                "DomainName": "push.example.com", "AppName": "live", "StreamName": "s1", "Status": 1}])
    );
    let late = delay(json!({"ExpireTime": "2023-11-21T22:13:21Z"}));
    assert_eq!(refuses(&shared, "AddDelayLiveStream", late), "InvalidParameterValue");
    does(&shared, "AddDelayLiveStream", delay(json!({"ExpireTime": "2023-11-14T22:13:20Z"})));
    let list = does(&shared, "DescribeLiveDelayInfoList", json!({}));
    assert_eq!(list["DelayInfoList"][0]["Status"], -1);
    does(&shared, "ResumeDelayLiveStream", place());
    assert_eq!(refuses(&shared, "ResumeDelayLiveStream", place()), "ResourceNotFound");
}

#[test]
fn pull_tasks_make_streams_live_and_bans_end_them() {
    let shared = sandbox();
    let place = || json!({"DomainName": "push.example.com", "AppName": "live", "StreamName": "s1"});
    let state = || does(&shared, "DescribeLiveStreamState", place())["StreamState"].clone();
    assert_eq!(state(), "inactive");
    let task = json!({
        "SourceType": "PullLivePushLive", "SourceUrls": ["rtmp://o.example.com/live/s1"],
        "StartTime": "2023-11-14T22:13:20Z", "EndTime": "2023-11-21T22:13:20Z", "Operator": "livectl",
    });
    let id = does(&shared, "CreateLivePullStreamTask", with(task, place()))["TaskId"].clone();
    assert_eq!(state(), "active");
    does(&shared, "AddDelayLiveStream", with(place(), json!({"DelayTime": 30})));
    let online = || does(&shared, "DescribeLiveStreamOnlineList", json!({"DomainName": "push.example.com"}));
    assert_eq!(
        online()["OnlineInfo"],
        json!([{"StreamName": "s1", "PublishTimeList": [{"PublishTime": "2023-11-14T22:13:20Z"}], "AppName": "live",
                "DomainName": "push.example.com", "PushToDelay": 1}])
    );
    does(&shared, "ForbidLiveStream", with(place(), json!({"Reason": "music"})));
    assert_eq!((state(), online()["TotalNum"].clone()), (json!("forbid"), json!(0)));
    let bans = does(&shared, "DescribeLiveForbidStreamList", json!({"StreamName": "s1"}));
    assert_eq!(
        bans["ForbidStreamList"],
        json!([{"StreamName": "s1", "CreateTime": "2023-11-15T06:13:20Z", "ExpireTime": "2023-11-22T06:13:20Z",
                "AppName": "live", "DomainName": "push.example.com"}])
    );
    let late = with(place(), json!({"ResumeTime": "2024-02-12T22:13:21Z"}));
    assert_eq!(refuses(&shared, "ForbidLiveStream", late), "InvalidParameterValue");
    does(&shared, "ResumeLiveStream", place());
    assert_eq!(state(), "active");
    let pause = json!({"TaskId": id, "Operator": "livectl", "Status": "pause"});
    does(&shared, "ModifyLivePullStreamTask", pause);
    assert_eq!(state(), "inactive");
    does(&shared, "DropLiveStream", place());
    assert_eq!(pair(200, "InvalidParameter"), refused(&shared, Tencent, "DescribeLiveStreamEventList", backwards()));
}

/// A period that ends before it begins.
fn backwards() -> Value {
    assert_eq!(NOW, 1_700_000_000);
    json!({"StartTime": "2023-11-14T22:13:20Z", "EndTime": "2023-11-14T22:13:19Z"})
}
