use serde_json::json;

use super::*;
use crate::model::StatsArgs;
use crate::providers::push_faults::emit;
use crate::providers::script::Script;

#[test]
fn every_push_that_ended_is_told_with_its_reason_day_by_day() {
    let args = StatsArgs {
        domains: vec!["push.example.com".to_owned()],
        since: "2021-04-12T16:00:00Z".parse().unwrap(),
        until: "2021-04-13T20:00:00Z".parse().unwrap(),
        interval: jiff::SignedDuration::ZERO,
        now: "2021-04-14T00:00:00Z".parse().unwrap(),
    };
    let asked = |from: &str, to: &str| json!({"StartTime": from, "EndTime": to, "DomainList": ["push.example.com"], "PageSize": 1000, "PageNum": 1});
    let answer = |items: serde_json::Value| {
        let total = items.as_array().unwrap().len();
        json!({"PushStreamInfoDataList": items, "Pagination": {"PageCur": 1, "PageSize": 1000, "TotalCount": total}})
    };
    let push = |end: &str, reason: &str| {
        json!({"App": "live", "Stream": "example_stream", "StartTime": "2021-04-13T00:00:00+08:00", "EndTime": end,
            "Duration": 60, "IP": "192.0.2.1", "StreamBreakReason": reason, "StreamPriority": ""})
    };
    let script = Script::new(Vendor::Volcengine)
        .answers(
            "DescribeLivePushStreamInfoData",
            asked("2021-04-12T16:00:00Z", "2021-04-13T16:00:00Z"),
            answer(json!([
                push("2021-04-13T09:00:00+08:00", "one"),
                push("2021-04-13T08:00:00+08:00", ""),
                push("", "")
            ])),
        )
        .answers(
            "DescribeLivePushStreamInfoData",
            asked("2021-04-13T16:00:00Z", "2021-04-13T20:00:00Z"),
            answer(json!([push("2021-04-14T01:00:00+08:00", "two")])),
        );
    let rows = script.rows(emit(&script, &args, &TOLD));
    let row = |time: &str, reason: Option<&str>| {
        json!({"vendor": "volcengine", "profile": null, "domain": "push.example.com", "app": "live",
            "stream": "example_stream", "time": time, "reason": reason, "count": 1})
    };
    let expected = json!([
        row("2021-04-13T00:00:00Z", None),
        row("2021-04-13T01:00:00Z", Some("one")),
        row("2021-04-13T17:00:00Z", Some("two")),
    ]);
    assert_eq!(rows, expected);
}

#[test]
fn a_time_that_is_none_is_told() {
    let raw = json!({"EndTime": "soon", "StreamBreakReason": "x"});
    assert_eq!(read(&raw), Err("the `EndTime` of a push is no time".to_owned()));
}
