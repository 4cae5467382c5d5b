use serde_json::json;

use super::*;
use crate::error::{Class, Error};
use crate::model::{Change, Window};
use crate::providers::script::Script;

fn at(text: &str) -> Option<Timestamp> {
    Some(text.parse().unwrap())
}

fn tasks_of(items: Value) -> Value {
    json!({"LiveAppRecordList": {"LiveAppRecord": items}})
}

/// The script's instant is 2023-05-09T00:00:00Z.
fn task(app: &str) -> Value {
    json!({
        "DomainName": "play.example.com", "AppName": app, "StreamName": "s1",
        "SourceUrl": "rtmp://a.example.com/live/s1;rtmp://b.example.com/live/s1",
        "StartTime": "2023-05-10T00:00:00Z", "EndTime": "2023-05-12T00:00:00Z",
    })
}

fn named(domain: &str) -> Value {
    json!({ "DomainName": domain })
}

fn by_id(id: &str) -> RelayArgs {
    RelayArgs { target: Selector { id: Some(id.into()), ..Selector::default() }, ..RelayArgs::default() }
}

fn reading() -> Script {
    Script::new(VENDOR).answers(
        "DescribeLivePullStreamConfig",
        named("play.example.com"),
        tasks_of(json!([task("live"), task("other")])),
    )
}

#[test]
fn one_domain_is_asked_when_it_is_named() {
    let script = reading();
    let rows = script.rows(list(&script, &by_id("play.example.com/live/")));
    assert_eq!(
        rows,
        json!([{
            "vendor": "aliyun", "profile": null, "id": "play.example.com/live/s1", "domain": "play.example.com",
            "app": "live", "stream": "s1",
            "sources": ["rtmp://a.example.com/live/s1", "rtmp://b.example.com/live/s1"],
            "start_time": "2023-05-10T00:00:00Z", "end_time": "2023-05-12T00:00:00Z", "status": "scheduled",
        }])
    );
}

#[test]
fn without_a_domain_every_domain_is_asked_and_a_failure_is_told() {
    let domains: Vec<Value> = ["a.com", "b.com", "c.com"].iter().map(|name| named(name)).collect();
    let script = Script::new(VENDOR)
        .answers(
            "DescribeLiveUserDomains",
            json!({"PageSize": 50, "PageNumber": 1}),
            json!({"TotalCount": 3, "Domains": {"PageData": domains}}),
        )
        .answers("DescribeLivePullStreamConfig", named("a.com"), tasks_of(json!([task("live")])))
        .fails("DescribeLivePullStreamConfig", named("b.com"), Error::new(Class::Vendor, "no"))
        .answers("DescribeLivePullStreamConfig", named("c.com"), tasks_of(json!([task("live")])));
    let rows = script.rows(list(&script, &RelayArgs::default()));
    assert_eq!(rows.as_array().map(Vec::len), Some(2));
    let failed: Vec<String> = script.failures.borrow().iter().map(|(what, _)| what.clone()).collect();
    assert_eq!(failed, ["domain b.com"]);
}

#[test]
fn enough_items_end_the_walk() {
    let script = reading().limited(1);
    assert_eq!(script.rows(list(&script, &by_id("play.example.com"))).as_array().map(Vec::len), Some(1));
}

#[test]
fn adding_joins_the_sources() {
    let script = Script::new(VENDOR).answers(
        "AddLivePullStreamInfoConfig",
        json!({
            "DomainName": "play.example.com", "AppName": "live", "StreamName": "s1",
            "SourceUrl": "rtmp://a.example.com/live/s1;rtmp://b.example.com/live/s1",
            "StartTime": "2023-05-09T00:00:00Z", "EndTime": "2023-05-16T00:00:00Z",
        }),
        json!({}),
    );
    let asked = RelayArgs {
        target: Selector {
            id: None,
            domain: Some("play.example.com".into()),
            app: Some("live".into()),
            stream: Some("s1".into()),
        },
        sources: vec!["rtmp://a.example.com/live/s1".into(), "rtmp://b.example.com/live/s1".into()],
        window: Window { start: Some(script.now()), end: at("2023-05-16T00:00:00Z"), permanent: false },
        ..RelayArgs::default()
    };
    let changed = script.changed(add(&script, &asked));
    assert_eq!((changed.id.as_deref(), changed.changes.len()), (Some("play.example.com/live/s1"), 6));
}

#[test]
fn what_a_relay_lacks_or_aliyun_cannot_is_refused() {
    let script = Script::new(VENDOR);
    let error = script.run(add(&script, &RelayArgs::default())).unwrap_err();
    let options: Vec<&str> = error.details().faults.iter().map(|fault| fault.option.as_str()).collect();
    assert_eq!(options, ["--domain", "--app", "--stream", "--source", "--start", "--end"]);
    assert!(error.details().hints[0].contains("playback domain"));

    let asked = RelayArgs {
        sources: vec!["rtmp://a;rtmp://b".into()],
        window: Window { permanent: true, ..Window::default() },
        ..by_id("play.example.com/live/s1")
    };
    let error = script.run(update(&script, &asked)).unwrap_err();
    let options: Vec<&str> = error.details().faults.iter().map(|fault| fault.option.as_str()).collect();
    assert_eq!(options, ["--source", "--permanent"]);
    assert!(error.details().faults.iter().any(|fault| fault.allowed.contains("only Volcengine")));
    assert!(matches!(support(RelayVerb::Restart), Support::Cannot { .. }));
}

#[test]
fn an_update_sends_every_field() {
    let script = reading().answers(
        "UpdateLivePullStreamInfoConfig",
        json!({
            "DomainName": "play.example.com", "AppName": "live", "StreamName": "s1",
            "SourceUrl": "rtmp://a.example.com/live/s1;rtmp://b.example.com/live/s1",
            "StartTime": "2023-05-10T00:00:00Z", "EndTime": "2023-05-13T00:00:00Z",
        }),
        json!({}),
    );
    let mut asked = by_id("play.example.com/live/s1");
    asked.window.end = at("2023-05-13T00:00:00Z");
    let changed = script.changed(update(&script, &asked));
    assert_eq!(changed.changes, [Change::new("end_time", "2023-05-12T00:00:00Z", "2023-05-13T00:00:00Z")]);

    let script = reading();
    asked.window.end = at("2023-05-12T00:00:00Z");
    assert!(!script.changed(update(&script, &asked)).changed);
}

#[test]
fn one_task_is_meant_and_deleting_it_asks() {
    let script = reading();
    let error = script.run(show(&script, &by_id("play.example.com//s1"))).unwrap_err();
    assert_eq!(error.class(), Class::Usage);
    assert!(error.details().hints[0].contains("play.example.com/other/s1"));

    let script = reading();
    assert_eq!(script.run(show(&script, &by_id("play.example.com/live/s9"))).unwrap_err().class(), Class::NotFound);
    let script = Script::new(VENDOR);
    assert_eq!(script.run(show(&script, &RelayArgs::default())).unwrap_err().class(), Class::Usage);

    let script = reading().answers(
        "DeleteLivePullStreamInfoConfig",
        json!({"DomainName": "play.example.com", "AppName": "other", "StreamName": "s1"}),
        json!({}),
    );
    assert_eq!(script.changed(delete(&script, &by_id("play.example.com/other/s1"))).changes.len(), 6);
    assert_eq!(*script.questions.borrow(), ["delete the relay into play.example.com/other/s1"]);
}
