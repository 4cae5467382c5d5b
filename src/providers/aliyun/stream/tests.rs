use super::*;
use crate::error::{Class, Outcome};
use crate::model::Selector;
use crate::providers::script::Script;

const D: &str = "play.example.com";

fn at(id: &str) -> StreamArgs {
    StreamArgs { target: Selector { id: Some(id.into()), ..Selector::default() }, ..StreamArgs::default() }
}

/// A listing's parameters: the domain, its page, and those of `more`.
fn asked(more: Value) -> Value {
    let mut params = json!({"DomainName": D, "PageNum": 1, "PageSize": 3000});
    params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    params
}

fn one() -> Value {
    json!({"AppName": "live", "StreamName": "s1", "QueryType": "strict"})
}

fn with(script: Script, action: &str, more: Value, list: &str, items: Value) -> Script {
    let (outer, inner) = list.split_once('.').unwrap();
    let total = items.as_array().unwrap().len();
    script.answers(action, more, json!({"TotalNum": total, outer: {inner: items}}))
}

fn online(script: Script, more: &Value, items: Value) -> Script {
    let mut more = more.clone();
    more["StreamType"] = json!("raw");
    with(script, "DescribeLiveStreamsOnlineList", asked(more), "OnlineInfo.LiveStreamOnlineInfo", items)
}

fn blocked(script: Script, items: Value) -> Script {
    with(script, "DescribeLiveStreamsBlockList", asked(json!({})), "StreamUrls.StreamUrl", items)
}

/// The script's instant is 2023-05-09T00:00:00Z.
fn past(script: Script, more: &Value, items: Value) -> Script {
    let mut params = asked(more.clone());
    params["StartTime"] = json!("2023-05-02T00:00:00Z");
    params["EndTime"] = json!("2023-05-09T00:00:00Z");
    params["OrderBy"] = json!("publish_time_desc");
    params.as_object_mut().unwrap().remove("PageNum");
    params["PageNumber"] = json!(1);
    with(script, "DescribeLiveStreamsPublishList", params, "PublishInfo.LiveStreamPublishInfo", items)
}

fn push(stream: &str, stop: Option<&str>) -> Value {
    let mut item =
        json!({"DomainName": D, "AppName": "live", "StreamName": stream, "PublishTime": "2023-05-08T06:58:04Z"});
    if let Some(stop) = stop {
        item["StopTime"] = json!(stop);
    }
    item
}

fn control(more: Value) -> Value {
    let mut params = json!({"DomainName": D, "AppName": "live", "StreamName": "s1", "LiveStreamType": "publisher"});
    params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    params
}

const URL: &str = "play.example.com/live/s1";

#[test]
fn live_and_forbidden_streams_are_rows() {
    let script = online(Script::new(VENDOR), &json!({}), json!([push("s1", None)]));
    assert_eq!(
        script.rows(list(&script, &at(D))),
        json!([{"vendor": "aliyun", "profile": null, "domain": D, "app": "live", "stream": "s1", "state": "live",
                "since": "2023-05-08T06:58:04Z", "until": null}])
    );
    let script = blocked(Script::new(VENDOR), json!([URL, "play.example.com/other/s2"]));
    let asked = StreamArgs { state: Some(StreamState::Forbidden), ..at("play.example.com/live") };
    assert_eq!(
        script.rows(list(&script, &asked)),
        json!([{"vendor": "aliyun", "profile": null, "domain": D, "app": "live", "stream": "s1",
                "state": "forbidden", "since": null, "until": null}])
    );
}

#[test]
fn what_ended_is_listed_once_unless_it_is_live_again_or_forbidden() {
    let none = json!({});
    let pushes = json!([
        push("s1", Some("2023-05-08T08:00:00Z")),
        push("s1", Some("2023-05-07T08:00:00Z")),
        push("s2", None),
        push("s2", Some("2023-05-07T08:00:00Z")),
        push("s3", Some("2023-05-07T08:00:00Z")),
    ]);
    let script = past(Script::new(VENDOR), &none, pushes);
    let script = online(script, &none, json!([push("s2", None)]));
    let script = blocked(script, json!(["play.example.com/live/s3"]));
    let asked = StreamArgs { state: Some(StreamState::Offline), ..at(D) };
    let rows = script.rows(list(&script, &asked));
    assert_eq!(rows.as_array().map(Vec::len), Some(1));
    assert_eq!((&rows[0]["stream"], &rows[0]["since"]), (&json!("s1"), &json!("2023-05-08T08:00:00Z")));
}

#[test]
fn one_stream_is_looked_for_in_every_state() {
    let script = online(Script::new(VENDOR), &one(), json!([push("s1", None)]));
    assert_eq!(script.rows(show(&script, &at(URL)))[0]["state"], json!("live"));
    let script = blocked(online(Script::new(VENDOR), &one(), json!([])), json!([URL]));
    assert_eq!(script.rows(show(&script, &at(URL)))[0]["state"], json!("forbidden"));
    let nowhere = || blocked(online(Script::new(VENDOR), &one(), json!([])), json!([]));
    let script = past(nowhere(), &one(), json!([push("s1", Some("2023-05-08T08:00:00Z"))]));
    assert_eq!(script.rows(show(&script, &at(URL)))[0]["state"], json!("offline"));
    let script = past(nowhere(), &one(), json!([]));
    let unknown = script.rows(show(&script, &at(URL)));
    assert_eq!((&unknown[0]["stream"], &unknown[0]["state"]), (&json!("s1"), &json!("offline")));
    let error = script.run(show(&script, &at("play.example.com/live"))).unwrap_err();
    assert_eq!((error.class(), error.details().outcome), (Class::Usage, Some(Outcome::NotSent)));
}

#[test]
fn forbidding_asks_and_is_not_repeated_without_a_time() {
    let until: jiff::Timestamp = "2023-05-10T00:00:00Z".parse().unwrap();
    let script = blocked(Script::new(VENDOR), json!([])).answers(
        "ForbidLiveStream",
        control(json!({"ResumeTime": "2023-05-10T00:00:00Z"})),
        json!({}),
    );
    let changed = script.changed(forbid(&script, &StreamArgs { until: Some(until), ..at(URL) }));
    assert_eq!(
        changed.changes,
        [Change::new("state", Value::Null, "forbidden"), Change::new("until", Value::Null, "2023-05-10T00:00:00Z")]
    );
    assert_eq!(*script.questions.borrow(), ["forbid the stream play.example.com/live/s1 until 2023-05-10T00:00:00Z"]);

    let script = blocked(Script::new(VENDOR), json!([URL]));
    assert!(!script.changed(forbid(&script, &at(URL))).changed);
    assert_eq!(script.notes.borrow().len(), 1);
    let script = blocked(Script::new(VENDOR), json!([])).unwilling();
    assert_eq!(script.run(forbid(&script, &at(URL))).unwrap_err().class(), Class::Usage);
    let asked = StreamArgs { reason: Some("x".into()), vhost: Some("v".into()), ..at(URL) };
    assert_eq!(script.run(forbid(&script, &asked)).unwrap_err().details().faults.len(), 2);
}

#[test]
fn a_forbidden_stream_is_resumed() {
    let script = blocked(Script::new(VENDOR), json!([URL])).answers("ResumeLiveStream", control(json!({})), json!({}));
    let changed = script.changed(resume(&script, &at(URL)));
    assert_eq!(changed.changes, [Change::new("state", "forbidden", "offline")]);
    let script = blocked(Script::new(VENDOR), json!([]));
    assert!(!script.changed(resume(&script, &at(URL))).changed);
}

#[test]
fn a_live_stream_is_dropped_once() {
    let script = online(Script::new(VENDOR), &one(), json!([push("s1", None)])).answers(
        "ForbidLiveStream",
        control(json!({"Oneshot": "yes"})),
        json!({}),
    );
    assert_eq!(script.changed(drop_once(&script, &at(URL))).changes, [Change::new("state", "live", "offline")]);
    assert_eq!(*script.questions.borrow(), ["drop the stream play.example.com/live/s1"]);
    let script = online(Script::new(VENDOR), &one(), json!([]));
    assert!(!script.changed(drop_once(&script, &at(URL))).changed);
}
