use serde_json::{Value, json};

use super::*;
use crate::error::Class;
use crate::model::StatsArgs;
use crate::providers::push_faults::emit;
use crate::providers::script::Script;

fn args(domains: &[&str], since: &str, until: &str) -> StatsArgs {
    StatsArgs {
        domains: domains.iter().map(|domain| (*domain).to_owned()).collect(),
        since: since.parse().unwrap(),
        until: until.parse().unwrap(),
        interval: jiff::SignedDuration::ZERO,
        now: "2019-01-05T00:00:00Z".parse().unwrap(),
    }
}

/// The item of the reference's example, with an end and a reason of its own.
fn event(end: &str, reason: &str) -> Value {
    json!({"AppName": "live", "ClientIp": "180.163.8.244", "DomainName": "yourdomain.test.com", "Duration": 0,
        "Resolution": "640*352", "StopReason": reason, "StreamEndTime": end, "StreamName": "stream",
        "StreamStartTime": "2019-01-04T11:59:58Z"})
}

fn page(events: &[Value], total: u64) -> Value {
    json!({"EventList": events, "PageNum": 1, "PageSize": 100, "TotalNum": total, "TotalPage": 1})
}

fn asked(from: &str, to: &str, domain: Option<&str>) -> Value {
    let mut asked = json!({"StartTime": from, "EndTime": to, "PageNum": 1, "PageSize": 100});
    if let Some(domain) = domain {
        asked["DomainName"] = json!(domain);
    }
    asked
}

#[test]
fn what_the_pusher_ended_is_no_fault() {
    let events = [
        event("2019-01-04T11:59:58Z", "The client interrupted the stream"),
        event("2019-01-04T11:59:57Z", "The client actively interrupts the stream"),
        event("2019-01-04T11:59:56Z", "推流客户端主动断流"),
        event("2019-01-04T11:59:55Z", "推流链路网络异常"),
        event("", ""),
        event("2019-01-04T11:00:00Z", ""),
        // Just before and just behind what was asked for.
        event("2019-01-04T09:59:59Z", "推流链路网络异常"),
        event("2019-01-04T12:00:00Z", "推流链路网络异常"),
    ];
    let (since, until) = ("2019-01-04T10:00:00Z", "2019-01-04T12:00:00Z");
    let script = Script::new(Vendor::Tencent).answers(
        "DescribeLiveStreamEventList",
        asked(since, until, Some("yourdomain.test.com")),
        page(&events, 8),
    );
    let rows = script.rows(emit(&script, &args(&["yourdomain.test.com"], since, until), &TOLD));
    let row = |time: &str, reason: Value| {
        json!({"vendor": "tencent", "profile": null, "domain": "yourdomain.test.com", "app": "live", "stream": "stream",
            "time": time, "reason": reason, "count": 1})
    };
    let expected = [row("2019-01-04T11:00:00Z", Value::Null), row("2019-01-04T11:59:55Z", json!("推流链路网络异常"))];
    assert_eq!(rows, json!(expected));
}

#[test]
fn a_day_with_more_rows_than_are_answered_is_asked_for_in_halves() {
    let (since, middle, until) = ("2019-01-04T10:00:00Z", "2019-01-04T11:00:00Z", "2019-01-04T12:00:00Z");
    let on_the_border = event(middle, "a");
    let script = Script::new(Vendor::Tencent)
        .answers("DescribeLiveStreamEventList", asked(since, until, None), page(&[event(until, "b")], 10_001))
        .answers(
            "DescribeLiveStreamEventList",
            asked(since, middle, None),
            page(&[on_the_border.clone(), event("2019-01-04T10:30:00Z", "c")], 2),
        )
        .answers("DescribeLiveStreamEventList", asked(middle, until, None), page(&[on_the_border], 1));
    let rows = script.rows(emit(&script, &args(&[], since, until), &TOLD));
    let times: Vec<&Value> = rows.as_array().unwrap().iter().map(|row| &row["time"]).collect();
    assert_eq!(times, ["2019-01-04T10:30:00Z", "2019-01-04T11:00:00Z"]);
}

#[test]
fn a_second_that_holds_more_than_is_answered_is_told() {
    let (since, until) = ("2019-01-04T10:00:00Z", "2019-01-04T10:00:01Z");
    let script = Script::new(Vendor::Tencent).answers(
        "DescribeLiveStreamEventList",
        asked(since, until, None),
        page(&[event(since, "b")], 10_001),
    );
    let error = script.run(emit(&script, &args(&[], since, until), &TOLD)).unwrap_err();
    assert_eq!(error.class(), Class::Vendor);
    assert!(error.to_string().contains("2019-01-04T10:00:00Z"), "{error}");
}

#[test]
fn a_time_that_is_none_is_told() {
    assert_eq!(read(&event("soon", "x")), Err("the `StreamEndTime` of an event is no time".to_owned()));
}
