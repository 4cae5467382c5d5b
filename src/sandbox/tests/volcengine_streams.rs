//! Volcengine's streams, addresses and tasks.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{NOW, claims, clock, ok, pair, refused, sandbox, verify};
use crate::model::Vendor::Volcengine;
use crate::sandbox::Options;
use crate::sandbox::auth::Signatures;
use crate::sandbox::dispatch::Shared;
use crate::sandbox::families::live::{self, StreamKey};
use crate::sandbox::state::Store;

/// A sandbox to whose push domain these streams of app `live` are pushed since a minute before.
fn sandbox_with_pushes(streams: &[&str]) -> Shared {
    let mut options = Options::new("prod");
    options.clock = clock;
    options.throttle = false;
    let store = Store::in_memory();
    let since = Timestamp::from_second(NOW - 60).unwrap();
    for stream in streams {
        let key = StreamKey::new("push.example.com", "live", stream);
        store.change("prod", Volcengine, |house| live::publish(house, &key, since).map_err(|_| ())).unwrap().unwrap();
    }
    Shared::new(options, store, Signatures { claims, verify })
}

fn page(more: Value) -> Value {
    let mut params = json!({"PageNum": "1", "PageSize": "10"});
    params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    params
}

fn names(answer: &Value) -> Vec<&str> {
    answer["StreamInfoList"].as_array().unwrap().iter().map(|item| item["Stream"].as_str().unwrap()).collect()
}

fn stream(name: &str) -> Value {
    json!({"Domain": "push.example.com", "App": "live", "Stream": name})
}

fn state(shared: &Shared, name: &str) -> (String, String) {
    let answer = ok(shared, Volcengine, "DescribeLiveStreamState", stream(name));
    let text = |member: &str| answer[member].as_str().unwrap().to_owned();
    (text("stream_state"), text("type"))
}

fn words(state: &str, kind: &str) -> (String, String) {
    (state.to_owned(), kind.to_owned())
}

#[test]
fn pushes_are_listed_cut_and_closed() {
    let shared = sandbox_with_pushes(&["s1", "s2", "show"]);
    let live = |more: Value| ok(&shared, Volcengine, "DescribeLiveStreamInfoByPage", page(more));
    let all = live(json!({}));
    assert_eq!((names(&all), &all["RoughCount"]), (vec!["s1", "s2", "show"], &json!(3)));
    assert_eq!(
        all["StreamInfoList"][0],
        json!({
            "App": "live", "Domain": "push.example.com", "ID": 1, "SessionStartTime": "2023-11-15T06:12:20+08:00",
            "SourceType": "push", "Stream": "s1", "Vhost": "example.com",
        })
    );
    assert_eq!(names(&live(json!({"Stream": "s", "QueryType": "fuzzy", "PageSize": "2"}))), ["s1", "s2"]);
    assert_eq!(names(&live(json!({"Stream": "s"}))), Vec::<&str>::new());
    assert_eq!(names(&live(json!({"SourceType": "relay"}))), Vec::<&str>::new());
    let kill = json!({"Vhost": "example.com", "App": "live", "Stream": "s1"});
    ok(&shared, Volcengine, "KillStream", kill.clone());
    assert_eq!(refused(&shared, Volcengine, "KillStream", kill), pair(404, "ResourceNotFound"));
    assert_eq!((state(&shared, "s1"), state(&shared, "s2")), (words("offline", "push"), words("online", "push")));
    let closed = |from: &str, to: &str| {
        let params = page(json!({"EndTimeFrom": from, "EndTimeTo": to}));
        ok(&shared, Volcengine, "DescribeClosedStreamInfoByPage", params)
    };
    let hour = closed("2023-11-14T22:00:00Z", "2023-11-14T23:00:00Z");
    assert_eq!(
        (names(&hour), &hour["StreamInfoList"][0]["EndTime"]),
        (vec!["s1"], &json!("2023-11-15T06:13:20+08:00"))
    );
    assert_eq!(names(&closed("2023-11-14T21:00:00Z", "2023-11-14T22:00:00Z")), Vec::<&str>::new());
    let groups = json!({"PageNum": 1, "PageSize": 10, "StreamList": ["show"]});
    let grouped = ok(&shared, Volcengine, "DescribeLiveStreamGroupByPage", groups);
    assert_eq!((names(&grouped), &grouped["StreamInfoList"][0]["IsRelay"]), (vec!["show"], &json!(false)));
}

#[test]
fn a_banned_stream_ends_and_can_be_resumed() {
    let shared = sandbox_with_pushes(&["s1"]);
    let mut long = stream("s1");
    long["EndTime"] = json!("2024-02-12T22:13:21Z");
    assert_eq!(refused(&shared, Volcengine, "ForbidStream", long.clone()), pair(400, "InvalidParam"), "over 90 days");
    long["EndTime"] = json!("2024-02-12T22:13:20Z");
    ok(&shared, Volcengine, "ForbidStream", long);
    assert_eq!(state(&shared, "s1"), words("forbidden", "push"));
    let banned = ok(&shared, Volcengine, "DescribeForbiddenStreamInfoByPage", page(json!({"Vhost": "example.com"})));
    assert_eq!(
        banned,
        json!({"RoughCount": 1, "StreamInfoList": [{
            "App": "live", "CreateTime": "2023-11-15T06:13:20+08:00", "Domain": "push.example.com",
            "EndTime": "2024-02-13T06:13:20+08:00", "Status": true, "Stream": "s1", "Vhost": "example.com",
        }]})
    );
    let live = ok(&shared, Volcengine, "DescribeLiveStreamInfoByPage", page(json!({})));
    assert_eq!(live["RoughCount"], 0);
    ok(&shared, Volcengine, "ResumeStream", stream("s1"));
    assert_eq!(refused(&shared, Volcengine, "ResumeStream", stream("s1")), pair(404, "ResourceNotFound"));
    assert_eq!(state(&shared, "s1"), words("offline", "push"));
    let both = json!({"Domain": "push.example.com", "Vhost": "example.com", "App": "live", "Stream": "s1"});
    assert_eq!(refused(&shared, Volcengine, "ForbidStream", both), pair(400, "InvalidParam"));
    let space = json!({"Vhost": "example.com", "App": "live", "Stream": "s1"});
    ok(&shared, Volcengine, "CreateDomain", json!({"Domain": "push.example.com", "Type": "push"}));
    ok(&shared, Volcengine, "ForbidStream", space);
    assert_eq!(state(&shared, "s1"), words("forbidden", "push"));
}

#[test]
fn what_an_active_relay_brings_is_live() {
    let shared = sandbox();
    let relay = |name: &str, window: Value| {
        let mut params = stream(name);
        params["SrcAddrS"] = json!(["rtmp://o.example.com/live/s"]);
        params.as_object_mut().unwrap().extend(window.as_object().unwrap().clone());
        ok(&shared, Volcengine, "CreateRelaySourceV4", params);
    };
    relay("always", json!({}));
    relay("now", json!({"StartTime": NOW - 10, "EndTime": NOW + 10}));
    relay("over", json!({"StartTime": NOW - 10, "EndTime": NOW}));
    relay("later", json!({"StartTime": NOW + 1, "EndTime": NOW + 10}));
    let live = || ok(&shared, Volcengine, "DescribeLiveStreamInfoByPage", page(json!({"SourceType": "relay"})));
    assert_eq!(names(&live()), ["always", "now"]);
    assert_eq!((state(&shared, "now"), state(&shared, "over")), (words("online", "pull"), words("offline", "push")));
    ok(&shared, Volcengine, "ForbidStream", stream("always"));
    assert_eq!(names(&live()), ["now"]);
}

#[test]
fn addresses_are_signed_where_the_domain_signs() {
    let shared = sandbox();
    let push = || json!({"Vhost": "example.com", "App": "live", "Stream": "s1"});
    assert_eq!(refused(&shared, Volcengine, "GeneratePushURL", push()), pair(404, "ResourceNotFound"));
    ok(&shared, Volcengine, "CreateDomain", json!({"Domain": "push.example.com", "Type": "push"}));
    let plain = ok(&shared, Volcengine, "GeneratePushURL", push());
    assert_eq!((&plain["PushURLList"], &plain["AuthType"]), (&json!(["rtmp://push.example.com/live/s1"]), &json!("")));
    let auth = json!({
        "Domain": "push.example.com", "SceneType": "push", "PushPullEnable": true,
        "AuthDetailList": [{"AuthType": "B", "EncryptionAlgorithm": "md5", "SecretKey": "very-secret"}],
    });
    ok(&shared, Volcengine, "UpdateAuthKey", auth);
    let mut short = push();
    short["ValidDuration"] = json!(60);
    let signed = ok(&shared, Volcengine, "GeneratePushURL", short);
    let detail = &signed["PushURLListDetail"][0];
    let key = detail["StreamSign"].as_str().unwrap();
    assert_eq!((&detail["DomainApp"], &signed["AuthType"]), (&json!("rtmp://push.example.com/live"), &json!("B")));
    let hash = key.strip_prefix("s1?volcTime=1700000060&volcSecret=").unwrap_or_else(|| panic!("{key}"));
    assert!(hash.len() == 32 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{hash}");
    assert!(!signed.to_string().contains("very-secret"));

    let play =
        json!({"Domain": "play.example.com", "App": "live", "Stream": "s1", "StreamType": "origin", "Suffix": "hd"});
    let urls = ok(&shared, Volcengine, "GeneratePlayURL", play);
    let urls: Vec<&Value> = urls["URLList"].as_array().unwrap().iter().map(|item| &item["URL"]).collect();
    let wanted = [
        "rtmp://play.example.com/live/s1_hd",
        "http://play.example.com/live/s1_hd.flv",
        "http://play.example.com/live/s1_hd.m3u8",
    ];
    assert_eq!(urls, wanted);
}

#[test]
fn tasks_that_pull_and_record_live() {
    let shared = sandbox();
    let mut task = stream("s1");
    task["StreamURL"] = json!("ftp://o.example.com/s1");
    assert_eq!(refused(&shared, Volcengine, "CreatePullRecordTask", task.clone()), pair(400, "InvalidParam.Format"));
    task["StreamURL"] = json!("https://o.example.com/s1.flv");
    task["StartTime"] = json!("2023-11-15T06:13:21+08:00");
    task["EndTime"] = json!("2023-11-15T06:13:21+08:00");
    assert_eq!(refused(&shared, Volcengine, "CreatePullRecordTask", task.clone()), pair(400, "InvalidParam"));
    task["EndTime"] = json!("2023-11-15T07:13:21+08:00");
    let id = ok(&shared, Volcengine, "CreatePullRecordTask", task)["TaskId"].clone();
    let list = || ok(&shared, Volcengine, "ListPullRecordTask", json!({"PageNum": 1, "PageSize": 10, "App": "live"}));
    assert_eq!(
        list()["List"],
        json!([{
            "App": "live", "Domain": "push.example.com", "EndTime": "2023-11-15T07:13:21+08:00",
            "StartTime": "2023-11-15T06:13:21+08:00", "Status": "未开始", "Stream": "s1", "TaskId": id, "Vhost": "example.com",
        }])
    );
    ok(&shared, Volcengine, "StopPullRecordTask", json!({"TaskId": id}));
    let shown = ok(&shared, Volcengine, "GetPullRecordTask", json!({"TaskID": id}));
    assert_eq!((&shown["TaskDetail"]["Status"], &list()["Pagination"]["TotalCount"]), (&json!("停用"), &json!(1)));
    assert_eq!(
        refused(&shared, Volcengine, "StopPullRecordTask", json!({"TaskId": "1"})),
        pair(404, "ResourceNotFound")
    );
}

fn mix(height: u32) -> Value {
    json!({
        "InputSource": [{"ID": "a", "Layer": 1, "Type": "live", "Url": "rtmp://o.example.com/live/a"}],
        "InputLayout": {"Scene": {"Height": height, "Width": 1280, "Layout": [{"H": 720, "W": 1280, "X": 0, "Y": 0, "Layer": 1}]}},
        "Output": {
            "Url": ["rtmp://push.example.com/live/mix"],
            "Audio": {"BitRate": 128_000, "ChannelLayout": "stereo", "SampleRate": 44_100},
            "Video": {"BitRate": 2_000_000, "Codec": "h264", "FrameRate": 25, "GOP": 2},
        },
    })
}

#[test]
fn mix_tasks_live() {
    let shared = sandbox();
    let made = ok(&shared, Volcengine, "CreateCloudMixTask", json!({"Name": "duet", "MixedRules": mix(720)}));
    assert_eq!(made, json!({"Code": 0, "Data": {"TaskID": "mix-00000001"}, "Message": "success"}));
    let id = || json!({"TaskID": "mix-00000001"});
    let update = |rules: Value| json!({"TaskID": "mix-00000001", "MixedRules": rules});
    let mut moved = mix(480);
    moved["Output"]["Video"]["GOP"] = json!(4);
    assert_eq!(refused(&shared, Volcengine, "UpdateCloudMixTask", update(moved)), pair(400, "InvalidParam"));
    assert_eq!(ok(&shared, Volcengine, "UpdateCloudMixTask", update(mix(480)))["Data"], json!({"OptID": 1}));
    let shown = ok(&shared, Volcengine, "GetCloudMixTaskDetail", id())["Data"].clone();
    let rule: Value = serde_json::from_str(shown["Rule"].as_str().unwrap()).unwrap();
    assert_eq!((&rule["InputLayout"]["Scene"]["Height"], &shown["Status"]), (&json!(480), &json!("runing")));
    ok(&shared, Volcengine, "DeleteCloudMixTask", id());
    let list = ok(&shared, Volcengine, "ListCloudMixTask", json!({"Page": 1, "PageSize": 10}))["Data"].clone();
    let item = &list["Result"][0];
    assert_eq!((&list["Count"], &item["Status"], &item["Name"]), (&json!(1), &json!("done"), &json!("duet")));
    assert_eq!(refused(&shared, Volcengine, "DeleteCloudMixTask", id()), pair(404, "ResourceNotFound"));
}

#[test]
fn carousels_live() {
    let shared = sandbox();
    let source = |id: &str| json!({"ID": id, "Type": "vod", "Url": "https://o.example.com/a.mp4"});
    let rule = |sources: Value, from: i64| json!({"Name": "loop", "Rule": {"Loop": -1, "Mode": 0, "PlayTime": from, "Source": sources, "Output": {"Url": ["rtmp://p.example.com/live/c"]}}});
    let twice = rule(json!([source("a"), source("a")]), NOW);
    assert_eq!(refused(&shared, Volcengine, "CreateCarouselTask", twice), pair(400, "InvalidParam"));
    for (from, status, id) in [(NOW, "running", "carousel-00000001"), (NOW + 60, "pending", "carousel-00000002")] {
        let made = ok(&shared, Volcengine, "CreateCarouselTask", rule(json!([source("a")]), from));
        assert_eq!(made, json!({"Data": {"TaskID": id}}));
        assert_eq!(ok(&shared, Volcengine, "GetCarouselDetail", json!({"TaskID": id}))["Data"]["Status"], status);
    }
    let change = json!({"TaskID": "carousel-00000001", "Rule": {"Source": [source("b")]}});
    assert_eq!(ok(&shared, Volcengine, "UpdateCarouselTask", change), json!({"Data": {"OptID": 1}}));
    let shown = ok(&shared, Volcengine, "GetCarouselDetail", json!({"TaskID": "carousel-00000001"}))["Data"].clone();
    let rule: Value = serde_json::from_str(shown["Rule"].as_str().unwrap()).unwrap();
    assert_eq!(
        (&rule["Source"][0]["ID"], &rule["Loop"], &shown["LastOperationIndex"]),
        (&json!("b"), &json!(-1), &json!(1))
    );
    ok(&shared, Volcengine, "DeleteCarouselTask", json!({"TaskID": "carousel-00000001"}));
    let list = ok(&shared, Volcengine, "ListCarouselTask", json!({"Page": 1, "PageSize": 10}))["Data"].clone();
    let states: Vec<&Value> = list["Result"].as_array().unwrap().iter().map(|item| &item["Status"]).collect();
    assert_eq!(states, ["pending", "done"]);
    assert_eq!(
        refused(&shared, Volcengine, "GetCarouselDetail", json!({"TaskID": "x"})),
        pair(404, "ResourceNotFound")
    );
}
