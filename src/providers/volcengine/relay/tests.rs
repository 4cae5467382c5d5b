use serde_json::json;

use super::*;
use crate::error::Outcome;
use crate::model::Change;
use crate::model::Selector;
use crate::providers::script::Script;

fn script() -> Script {
    Script::new(VENDOR)
}

fn at(seconds: i64) -> Option<Timestamp> {
    Timestamp::from_second(seconds).ok()
}

fn args(id: &str) -> RelayArgs {
    RelayArgs { target: Selector { id: Some(id.into()), ..Selector::default() }, ..RelayArgs::default() }
}

/// The reference's own example of `CreateRelaySourceV4`, times as the integers its table asks for.
fn reference() -> RelayArgs {
    RelayArgs {
        sources: vec!["rtmp://live.example.com".into()],
        window: Window { start: at(1_683_518_058), end: at(1_683_777_258), permanent: false },
        ..args("live.push.com/live/stream1")
    }
}

fn stream1() -> Value {
    json!({"App": "live", "Stream": "stream1", "SrcAddrS": ["rtmp://live.example.com"], "Domain": "live.push.com",
           "StartTime": 1_683_518_058, "EndTime": 1_683_777_258})
}

fn forever() -> Value {
    json!({"App": "live", "Stream": "s2", "SrcAddrS": ["https://a.example.com/s.flv"], "Domain": "live.push.com",
           "StartTime": 0, "EndTime": 0})
}

fn listed(script: Script, domain: &str, items: &[Value]) -> Script {
    let pages = json!({"PageCur": 1, "PageSize": 500, "PageTotal": 1, "TotalCount": items.len()});
    let reply = json!({"List": items, "Pagination": pages});
    script.answers("ListRelaySourceV4", json!({"Domain": domain, "Page": 1, "Size": 500}), reply)
}

#[test]
fn adding_sends_what_the_reference_shows() {
    let script = script().answers("CreateRelaySourceV4", stream1(), json!({"TaskId": "1612*******1"}));
    let changed = script.changed(add(&script, &reference()));
    assert_eq!(changed.id.as_deref(), Some("live.push.com/live/stream1"));
    assert_eq!(changed.action.as_deref(), Some("CreateRelaySourceV4"));
    let end = changed.changes.iter().find(|change| change.field == "end_time").unwrap();
    assert_eq!((&end.from, &end.to), (&Value::Null, &json!("2023-05-11T03:54:18Z")));
}

#[test]
fn a_permanent_relay_has_no_times() {
    let params = json!({"App": "live", "Stream": "s2", "Domain": "push.example.com",
                        "SrcAddrS": ["https://origin.example.com/s2.flv"]});
    let script = script().answers("CreateRelaySourceV4", params, json!({"TaskId": "1"}));
    let window = Window { permanent: true, ..Window::default() };
    let sources = vec!["https://origin.example.com/s2.flv".to_owned()];
    let args = RelayArgs { sources, window, ..args("push.example.com/live/s2") };
    let fields: Vec<String> = script.changed(add(&script, &args)).changes.into_iter().map(|c| c.field).collect();
    assert_eq!(fields, ["domain", "app", "stream", "sources"]);
}

#[test]
fn all_that_is_missing_is_told_at_once() {
    let script = script();
    let error = script.run(add(&script, &RelayArgs::default())).unwrap_err();
    let options: Vec<_> = error.details().faults.iter().map(|fault| fault.option.as_str()).collect();
    assert_eq!(options, ["--domain", "--app", "--stream", "--source", "--start", "--end"]);
    assert_eq!((error.class(), error.details().outcome), (Class::Usage, Some(Outcome::NotSent)));
    assert_eq!(error.details().hints, [WHICH_DOMAIN]);

    let mut contradiction = reference();
    contradiction.window.permanent = true;
    contradiction.sources = vec!["rtmp://a.example.com/x".into(); 11];
    let error = script.run(add(&script, &contradiction)).unwrap_err();
    let options: Vec<_> = error.details().faults.iter().map(|fault| fault.option.as_str()).collect();
    assert_eq!(options, ["--start", "--end", "--source"]);
}

#[test]
fn a_refused_relay_that_is_there_is_a_conflict() {
    let refusal = Error::new(Class::Usage, "no").outcome(Outcome::Refused);
    let script = listed(script().fails("CreateRelaySourceV4", stream1(), refusal), "live.push.com", &[stream1()]);
    let error = script.run(add(&script, &reference())).unwrap_err();
    assert!(error.details().already_exists && error.class() == Class::Conflict);
}

#[test]
fn one_domain_is_listed_with_states_from_the_windows() {
    let mut over = stream1();
    over["Stream"] = json!("s0");
    over["EndTime"] = json!("1683590400");
    let script = listed(script(), "live.push.com", &[stream1(), over, forever()]);
    let rows = script.rows(list(&script, &args("live.push.com")));
    assert_eq!(
        rows[0],
        json!({"vendor": "volcengine", "profile": null, "id": "live.push.com/live/stream1", "domain": "live.push.com",
               "app": "live", "stream": "stream1", "sources": ["rtmp://live.example.com"],
               "start_time": "2023-05-08T03:54:18Z", "end_time": "2023-05-11T03:54:18Z", "status": "active"})
    );
    assert_eq!(rows[1]["status"], "ended");
    assert_eq!((&rows[2]["start_time"], &rows[2]["status"]), (&Value::Null, &json!("active")));
}

#[test]
fn without_a_domain_the_account_is_walked_and_one_failure_does_not_stop_it() {
    let found = [("a", 0), ("b", 2), ("gone", 3)].map(|(name, state)| json!({"Domain": name, "Status": state}));
    let domains = json!({"Total": 3, "DomainList": found});
    let refusal = Error::new(Class::Auth, "no permission").outcome(Outcome::Refused);
    let script = script().answers("ListDomainDetail", json!({"PageNum": 1, "PageSize": 1000}), domains).fails(
        "ListRelaySourceV4",
        json!({"Domain": "a", "Page": 1, "Size": 500}),
        refusal,
    );
    let script = listed(script, "b", &[forever()]);
    assert_eq!(script.rows(list(&script, &RelayArgs::default())).as_array().map(Vec::len), Some(1));
    assert_eq!(script.failures.borrow()[0].0, "domain a");
}

#[test]
fn a_list_stops_when_enough_is_shown() {
    let script = listed(script().limited(1), "live.push.com", &[stream1(), forever()]);
    assert_eq!(script.rows(list(&script, &args("live.push.com"))).as_array().map(Vec::len), Some(1));
}

#[test]
fn an_update_keeps_what_is_not_named() {
    let mut after = stream1();
    after["EndTime"] = json!(1_683_800_000);
    let script =
        listed(script(), "live.push.com", &[stream1(), forever()]).answers("UpdateRelaySourceV4", after, Value::Null);
    let window = Window { end: at(1_683_800_000), ..Window::default() };
    let args = RelayArgs { window, ..args("live.push.com/live/stream1") };
    let changed = script.changed(update(&script, &args));
    assert_eq!(changed.changes, [Change::new("end_time", "2023-05-11T03:54:18Z", "2023-05-11T10:13:20Z")]);
    assert_eq!(script.changes.borrow()[0], changed.changes);
}

#[test]
fn an_update_to_permanent_removes_both_times() {
    let mut after = stream1();
    after.as_object_mut().unwrap().retain(|name, _| !name.ends_with("Time"));
    let script = listed(script(), "live.push.com", &[stream1()]).answers("UpdateRelaySourceV4", after, Value::Null);
    let window = Window { permanent: true, ..Window::default() };
    let args = RelayArgs { window, ..args("live.push.com/live/stream1") };
    assert_eq!(script.changed(update(&script, &args)).changes.len(), 2);
}

#[test]
fn new_sources_of_a_permanent_relay_keep_it_permanent() {
    let mut after = forever();
    after.as_object_mut().unwrap().retain(|name, _| !name.ends_with("Time"));
    after["SrcAddrS"] = json!(["rtmp://b.example.com/live/s"]);
    let script = listed(script(), "live.push.com", &[forever()]).answers("UpdateRelaySourceV4", after, Value::Null);
    let args = RelayArgs { sources: vec!["rtmp://b.example.com/live/s".into()], ..args("live.push.com/live/s2") };
    assert_eq!(script.changed(update(&script, &args)).changes[0].field, "sources");

    let script = listed(self::script(), "live.push.com", &[forever()]);
    let window = Window { end: at(1_683_800_000), ..Window::default() };
    let error = script.run(update(&script, &RelayArgs { sources: Vec::new(), window, ..args })).unwrap_err();
    assert_eq!(error.details().faults[0].option, "--start");
}

#[test]
fn an_update_that_changes_nothing_sends_nothing() {
    let script = listed(script(), "live.push.com", &[stream1()]);
    let changed = script.changed(update(&script, &reference()));
    assert!(!changed.changed && changed.action.is_none());
}

#[test]
fn deleting_asks_and_addresses_by_place() {
    let address = json!({"App": "live", "Domain": "live.push.com", "Stream": "stream1"});
    let script = listed(script(), "live.push.com", &[stream1()]).answers("DeleteRelaySourceV4", address, Value::Null);
    assert!(script.changed(delete(&script, &args("live.push.com/live/stream1"))).changed);
    assert_eq!(*script.questions.borrow(), ["delete the relay live.push.com/live/stream1"]);
}

#[test]
fn none_or_several_are_refused() {
    let script = listed(script(), "live.push.com", &[stream1(), forever()]);
    let error = script.run(delete(&script, &args("live.push.com/live/"))).unwrap_err();
    assert_eq!(error.class(), Class::Usage);
    assert!(error.details().hints[0].contains("live.push.com/live/s2"));
    let script = listed(self::script(), "live.push.com", &[]);
    assert_eq!(script.run(show(&script, &args("live.push.com/live/x"))).unwrap_err().class(), Class::NotFound);
    let script = self::script();
    assert_eq!(script.run(show(&script, &RelayArgs::default())).unwrap_err().details().faults[0].option, "--domain");
}
