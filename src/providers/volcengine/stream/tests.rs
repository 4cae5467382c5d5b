use super::*;
use crate::error::{Class, Outcome};
use crate::model::Selector;
use crate::providers::script::Script;

/// The script's instant is 2023-05-09T00:00:00Z.
fn script() -> Script {
    Script::new(VENDOR)
}

fn args(id: &str) -> StreamArgs {
    StreamArgs { target: Selector { id: Some(id.into()), ..Selector::default() }, ..StreamArgs::default() }
}

fn place() -> Value {
    json!({"Domain": "push.example.com", "App": "live", "Stream": "s1"})
}

fn with(mut value: Value, more: Value) -> Value {
    value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    value
}

/// The stream is live since, or forbidden until, or neither.
fn looked(script: Script, state: &str, item: Option<Value>) -> Script {
    let script = script.answers("DescribeLiveStreamState", place(), json!({"stream_state": state, "type": "push"}));
    let Some(item) = item else { return script };
    let list = if state == "online" { "DescribeLiveStreamInfoByPage" } else { "DescribeForbiddenStreamInfoByPage" };
    let asked = with(place(), json!({"PageNum": 1, "PageSize": 1000}));
    script.answers(list, asked, json!({"RoughCount": 1, "StreamInfoList": [with(place(), item)]}))
}

fn ban(until: &str) -> Option<Value> {
    Some(json!({"CreateTime": "2023-05-08T08:00:00+08:00", "EndTime": until, "Status": true, "Vhost": "example"}))
}

fn day() -> Option<Timestamp> {
    "2023-05-10T00:00:00Z".parse().ok()
}

fn options(error: &Error) -> Vec<&str> {
    error.details().faults.iter().map(|fault| fault.option.as_str()).collect()
}

#[test]
fn live_streams_are_listed_account_wide_or_where_they_are_named() {
    let item = with(place(), json!({"SessionStartTime": "2023-05-08T11:54:18+08:00", "Vhost": "example"}));
    let answer = json!({"RoughCount": 1, "StreamInfoList": [item]});
    let asked = json!({"PageNum": 1, "PageSize": 1000});
    let script = script().answers("DescribeLiveStreamInfoByPage", asked.clone(), answer.clone());
    assert_eq!(
        script.rows(list(&script, &StreamArgs::default()))[0],
        json!({"vendor": "volcengine", "profile": null, "domain": "push.example.com", "app": "live", "stream": "s1",
               "state": "live", "since": "2023-05-08T03:54:18Z", "until": null})
    );
    let asked = with(asked, json!({"Vhost": "example", "App": "live"}));
    let script = self::script().answers("DescribeLiveStreamInfoByPage", asked, answer);
    let wanted = StreamArgs { vhost: Some("example".into()), ..args("/live/") };
    assert_eq!(script.rows(list(&script, &wanted)).as_array().map(Vec::len), Some(1));
}

#[test]
fn bans_are_listed_with_their_ends_unless_they_are_lifted() {
    let lifted = with(place(), json!({"Status": false}));
    let banned = with(place(), ban("2023-05-10T08:00:00+08:00").unwrap());
    let asked = json!({"PageNum": 1, "PageSize": 1000, "Domain": "push.example.com"});
    let answer = json!({"RoughCount": 2, "StreamInfoList": [lifted, banned]});
    let script = script().answers("DescribeForbiddenStreamInfoByPage", asked, answer);
    let wanted = StreamArgs { state: Some(StreamState::Forbidden), ..args("push.example.com") };
    assert_eq!(
        script.rows(list(&script, &wanted)),
        json!([{"vendor": "volcengine", "profile": null, "domain": "push.example.com", "app": "live", "stream": "s1",
                "state": "forbidden", "since": "2023-05-08T00:00:00Z", "until": "2023-05-10T00:00:00Z"}])
    );
}

#[test]
fn what_ended_is_asked_for_the_last_days_and_that_is_told() {
    let asked = json!({"PageNum": 1, "PageSize": 1000, "EndTimeFrom": "2023-05-02T00:00:00Z",
                       "EndTimeTo": "2023-05-09T00:00:00Z"});
    let ended = with(place(), json!({"EndTime": "2023-05-08T08:00:00+08:00"}));
    let answer = json!({"RoughCount": 1, "StreamInfoList": [ended]});
    let script = script().answers("DescribeClosedStreamInfoByPage", asked, answer);
    let wanted = StreamArgs { state: Some(StreamState::Offline), ..StreamArgs::default() };
    let rows = script.rows(list(&script, &wanted));
    assert_eq!((&rows[0]["state"], &rows[0]["since"]), (&json!("offline"), &json!("2023-05-08T00:00:00Z")));
    assert!(script.notes.borrow()[0].contains("7 days"));
}

#[test]
fn one_stream_is_shown_in_any_state() {
    let live = Some(json!({"SessionStartTime": "2023-05-08T11:54:18+08:00"}));
    for (word, item, shown) in [
        ("online", live, json!(["live", "2023-05-08T03:54:18Z", null])),
        (
            "forbidden",
            ban("2023-05-10T00:00:00Z"),
            json!(["forbidden", "2023-05-08T00:00:00Z", "2023-05-10T00:00:00Z"]),
        ),
        ("offline", None, json!(["offline", null, null])),
        ("unheard-of", None, json!([null, null, null])),
    ] {
        let script = looked(script(), word, item);
        let rows = script.rows(show(&script, &args("push.example.com/live/s1")));
        assert_eq!(json!([rows[0]["state"], rows[0]["since"], rows[0]["until"]]), shown, "{word}");
        assert_eq!(rows[0]["stream"], "s1");
    }
}

#[test]
fn forbidding_asks_and_sends_the_end_only_where_it_is_named() {
    let sent = with(place(), json!({"EndTime": "2023-05-10T00:00:00Z"}));
    let script = looked(script(), "offline", None).answers("ForbidStream", sent, Value::Null);
    let wanted = StreamArgs { until: day(), ..args("push.example.com/live/s1") };
    let changed = script.changed(forbid(&script, &wanted));
    assert_eq!(
        changed.changes,
        [Change::new("state", "offline", "forbidden"), Change::new("until", Value::Null, "2023-05-10T00:00:00Z")]
    );
    assert_eq!((changed.id.as_deref(), changed.name.as_deref()), (Some("push.example.com/live/s1"), Some("s1")));
    assert_eq!(*script.questions.borrow(), ["forbid the stream push.example.com/live/s1 until 2023-05-10T00:00:00Z"]);

    // 90 days are what the vendor does where nothing is said.
    let script = looked(self::script(), "offline", None).answers("ForbidStream", place(), Value::Null);
    let changed = script.changed(forbid(&script, &args("push.example.com/live/s1")));
    assert_eq!(changed.changes[1].to, "2023-08-07T00:00:00Z");

    let script = looked(self::script().unwilling(), "offline", None);
    assert!(script.run(forbid(&script, &wanted)).is_err());
    assert_eq!(script.actions(), ["DescribeLiveStreamState"]);
}

#[test]
fn a_ban_or_a_freedom_that_is_there_is_left_alone() {
    let script = looked(script(), "forbidden", ban("2023-05-10T08:00:00+08:00"));
    let wanted = StreamArgs { until: day(), ..args("push.example.com/live/s1") };
    assert!(!script.changed(forbid(&script, &wanted)).changed);
    let script = looked(self::script(), "offline", None);
    let changed = script.changed(resume(&script, &args("push.example.com/live/s1")));
    assert!(!changed.changed && changed.action.is_none());
}

#[test]
fn resuming_lifts_the_ban() {
    let script = looked(script(), "forbidden", ban("2023-05-10T08:00:00+08:00"));
    let script = script.answers("ResumeStream", place(), Value::Null);
    let changed = script.changed(resume(&script, &args("push.example.com/live/s1")));
    assert_eq!(changed.changes[0], Change::new("state", "forbidden", "offline"));
    assert_eq!(changed.changes[1], Change::new("until", "2023-05-10T00:00:00Z", Value::Null));
    assert!(script.questions.borrow().is_empty());
}

#[test]
fn dropping_looks_up_the_domain_space_unless_it_is_named() {
    let killed = json!({"Vhost": "example", "App": "live", "Stream": "s1"});
    let found = json!({"Total": 1, "DomainList": [{"Domain": "push.example.com", "Vhost": "example"}]});
    let asked = json!({"PageNum": 1, "PageSize": 1000, "DomainNameList": ["push.example.com"]});
    let script = script().answers("ListDomainDetail", asked, found).answers("KillStream", killed.clone(), Value::Null);
    let changed = script.changed(cut(&script, &args("push.example.com/live/s1")));
    assert_eq!(changed.changes, [Change::new("state", "live", "offline")]);
    assert_eq!(*script.questions.borrow(), ["drop the stream push.example.com/live/s1"]);

    let gone = Error::new(Class::NotFound, "not online").outcome(Outcome::Refused);
    let script = self::script().fails("KillStream", killed, gone);
    let wanted = StreamArgs { vhost: Some("example".into()), ..args("/live/s1") };
    let changed = script.changed(cut(&script, &wanted));
    assert!(!changed.changed && changed.action.is_none());
}

#[test]
fn all_that_is_missing_or_wrong_is_told_at_once() {
    let script = script();
    let wanted =
        StreamArgs { until: "2023-08-07T00:00:01Z".parse().ok(), reason: Some("noise".into()), ..args("//#x") };
    let error = script.run(forbid(&script, &wanted)).unwrap_err();
    assert_eq!(options(&error), ["--until", "--reason", "ID", "--domain", "--app", "--stream"]);
    assert_eq!(error.details().hints, [WHICH_DOMAIN, crate::providers::intent::INSIST]);
    assert!(script.calls.borrow().is_empty());
}
