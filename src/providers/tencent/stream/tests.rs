use super::*;
use crate::error::Error;
use crate::model::Selector;
use crate::providers::script::Script;

fn s1() -> StreamArgs {
    let id = Some("push.example.com/live/s1".into());
    StreamArgs { target: Selector { id, ..Selector::default() }, ..StreamArgs::default() }
}

fn in_state(state: StreamState) -> StreamArgs {
    let target = Selector { domain: Some("push.example.com".into()), ..Selector::default() };
    StreamArgs { target, state: Some(state), ..StreamArgs::default() }
}

fn named() -> Value {
    json!({"DomainName": "push.example.com", "AppName": "live", "StreamName": "s1"})
}

fn with(mut base: Value, more: Value) -> Value {
    if let (Value::Object(base), Value::Object(more)) = (&mut base, more) {
        base.extend(more);
    }
    base
}

fn being(state: &str) -> Script {
    Script::new(VENDOR).answers("DescribeLiveStreamState", named(), json!({"StreamState": state, "RequestId": "1"}))
}

/// The ban of the reference's example.
fn ban(stream: &str) -> Value {
    json!({"StreamName": stream, "CreateTime": "2019-01-16T12:00:00Z", "ExpireTime": "2019-04-16T12:00:00Z",
           "AppName": "live", "DomainName": null})
}

fn bans(script: Script, filter: Value) -> Script {
    let bans = json!({"TotalNum": 2, "ForbidStreamList": [ban("s1"), ban("other")]});
    script.answers(BANS, with(json!({"PageNum": 1, "PageSize": 100}), filter), bans)
}

fn push(stream: &str, ended: &str) -> Value {
    json!({"AppName": "live", "DomainName": "push.example.com", "StreamName": stream,
           "StreamStartTime": "2023-05-08T00:00:00Z", "StreamEndTime": ended})
}

fn row(stream: &str, state: &str, since: Value, until: Value) -> Value {
    json!({"vendor": "tencent", "profile": null, "domain": "push.example.com", "app": "live", "stream": stream,
           "state": state, "since": since, "until": until})
}

#[test]
fn live_streams_are_listed_with_their_latest_push() {
    let online = json!({"TotalNum": 1, "OnlineInfo": [{
        "StreamName": "s1", "AppName": "live", "DomainName": "push.example.com",
        "PublishTimeList": [{"PublishTime": "2017-10-24T12:00:00Z"}, {"PublishTime": "2017-10-24T13:00:00Z"}],
    }]});
    let asked = json!({"DomainName": "push.example.com", "PageNum": 1, "PageSize": 100});
    let script = Script::new(VENDOR).answers(ONLINE, asked, online);
    let rows = script.rows(list(&script, &StreamArgs { state: None, ..in_state(StreamState::Live) }));
    assert_eq!(rows, json!([row("s1", "live", json!("2017-10-24T13:00:00Z"), json!(null))]));
}

#[test]
fn bans_have_the_digits_of_beijing() {
    let script = bans(Script::new(VENDOR), json!({}));
    let rows = script.rows(list(&script, &in_state(StreamState::Forbidden)));
    let mut told = row("s1", "forbidden", json!("2019-01-16T04:00:00Z"), json!("2019-04-16T04:00:00Z"));
    told["domain"] = json!(null);
    assert_eq!((&rows[0], rows.as_array().map(Vec::len)), (&told, Some(2)));
    let script = bans(being("forbid"), json!({"StreamName": "s1"}));
    assert_eq!(
        script.rows(show(&script, &s1())),
        json!([row("s1", "forbidden", json!("2019-01-16T04:00:00Z"), json!("2019-04-16T04:00:00Z"))])
    );
    let asked = json!({"PageNum": 1, "PageSize": 100, "StreamName": "s1"});
    let script = being("forbid").fails(BANS, asked, Error::new(Class::Usage, "no such Action"));
    assert_eq!(script.rows(show(&script, &s1())), json!([row("s1", "forbidden", json!(null), json!(null))]));
    assert_eq!(script.notes.borrow().len(), 1);
}

#[test]
fn a_stream_is_offline_once_and_only_where_it_is_neither_live_nor_forbidden() {
    let pages = json!({"PageNum": 1, "PageSize": 100});
    let domain = json!({"DomainName": "push.example.com"});
    let period = json!({"StartTime": "2023-05-02T00:00:00Z", "EndTime": "2023-05-09T00:00:00Z"});
    let live = json!({"StreamName": "s2", "AppName": "live", "DomainName": "push.example.com"});
    let mut banned = ban("s3");
    banned["DomainName"] = json!("push.example.com");
    let pushes = json!([
        push("s1", "2023-05-08T01:00:00Z"),
        push("s1", "2023-05-08T03:00:00Z"),
        push("s1", "2023-05-08T02:00:00Z"),
        push("s2", "2023-05-08T01:00:00Z"),
        push("s3", "2023-05-08T01:00:00Z"),
    ]);
    let script = Script::new(VENDOR)
        .answers(ONLINE, with(pages.clone(), domain.clone()), json!({"TotalNum": 1, "OnlineInfo": [live]}))
        .answers(BANS, pages.clone(), json!({"TotalNum": 1, "ForbidStreamList": [banned]}))
        .answers(HISTORY, with(with(pages, domain), period), json!({"TotalNum": 5, "PublishInfo": pushes}));
    assert_eq!(
        script.rows(list(&script, &in_state(StreamState::Offline))),
        json!([row("s1", "offline", json!("2023-05-08T03:00:00Z"), json!(null))])
    );
    assert!(script.notes.borrow()[0].contains("7 days"), "{:?}", script.notes.borrow());
}

#[test]
fn without_a_domain_every_push_domain_is_looked_through_and_one_that_fails_is_told() {
    let pages = json!({"PageNum": 1, "PageSize": 100});
    let asked = |domain: &str| {
        let period = json!({"StartTime": "2023-05-02T00:00:00Z", "EndTime": "2023-05-09T00:00:00Z"});
        with(with(pages.clone(), period), json!({ "DomainName": domain }))
    };
    let domains = json!({"AllCount": 2, "DomainList": [{"Name": "bad.example.com"}, {"Name": "push.example.com"}]});
    let pushes = json!({"TotalNum": 1, "PublishInfo": [push("s1", "2023-05-08T01:00:00Z")]});
    let script = Script::new(VENDOR)
        .answers("DescribeLiveDomains", with(pages.clone(), json!({"DomainType": 0})), domains)
        .answers(ONLINE, pages.clone(), json!({"TotalNum": 0, "OnlineInfo": []}))
        .fails(BANS, pages.clone(), Error::new(Class::Usage, "no such Action"))
        .fails(HISTORY, asked("bad.example.com"), Error::new(Class::Vendor, "broken"))
        .answers(HISTORY, asked("push.example.com"), pushes);
    let args = StreamArgs { state: Some(StreamState::Offline), ..StreamArgs::default() };
    let rows = script.rows(list(&script, &args));
    assert_eq!(rows, json!([row("s1", "offline", json!("2023-05-08T01:00:00Z"), json!(null))]));
    assert_eq!(script.failures.borrow()[0].0, "domain bad.example.com");
    assert_eq!(script.notes.borrow().len(), 3, "{:?}", script.notes.borrow());
}

#[test]
fn a_stream_is_forbidden_until_a_time_after_a_question() {
    let args = StreamArgs { until: "2023-05-10T00:00:00Z".parse().ok(), reason: Some("spam".into()), ..s1() };
    let sent = with(named(), json!({"ResumeTime": "2023-05-10T00:00:00Z", "Reason": "spam"}));
    let script = being("active").answers("ForbidLiveStream", sent, json!({}));
    let changed = script.changed(forbid(&script, &args));
    let told: Vec<(&str, &Value)> = changed.changes.iter().map(|change| (change.field.as_str(), &change.to)).collect();
    let expected = [("state", json!("forbidden")), ("until", json!("2023-05-10T00:00:00Z")), ("reason", json!("spam"))];
    assert_eq!(told, expected.iter().map(|(field, to)| (*field, to)).collect::<Vec<_>>());
    assert_eq!(changed.id.as_deref(), Some("push.example.com/live/s1"));
    let script = being("active").unwilling();
    assert!(script.run(forbid(&script, &args)).is_err());
    script.finish();
    let script = being("forbid");
    assert!(!script.changed(forbid(&script, &s1())).changed);
}

#[test]
fn another_reason_keeps_the_end_of_a_ban() {
    let sent = with(named(), json!({"ResumeTime": "2019-04-16T04:00:00Z", "Reason": "spam"}));
    let script = bans(being("forbid"), json!({"StreamName": "s1"})).answers("ForbidLiveStream", sent, json!({}));
    let changed = script.changed(forbid(&script, &StreamArgs { reason: Some("spam".into()), ..s1() }));
    assert_eq!((changed.changes.len(), changed.changes[0].field.as_str()), (1, "reason"));
}

#[test]
fn what_is_as_wanted_is_left_alone() {
    let script = being("forbid").answers("ResumeLiveStream", named(), json!({}));
    assert_eq!(script.changed(resume(&script, &s1())).action.as_deref(), Some("ResumeLiveStream"));
    assert!(script.questions.borrow().is_empty());
    let script = being("active").answers("DropLiveStream", named(), json!({}));
    assert_eq!(script.changed(drop(&script, &s1())).action.as_deref(), Some("DropLiveStream"));
    assert_eq!(script.questions.borrow().len(), 1);
    for state in ["active", "inactive"] {
        let script = being(state);
        assert!(!script.changed(resume(&script, &s1())).changed, "{state}");
    }
    for state in ["forbid", "inactive"] {
        let script = being(state);
        assert!(!script.changed(drop(&script, &s1())).changed, "{state}");
    }
    // A state that nobody knows is no reason to do nothing.
    let script = being("new").answers("DropLiveStream", named(), json!({}));
    assert!(script.changed(drop(&script, &s1())).changed);
}

#[test]
fn a_stream_is_named_in_full() {
    let script = Script::new(VENDOR);
    let error = script.run(drop(&script, &in_state(StreamState::Live))).unwrap_err();
    let options: Vec<&str> = error.details().faults.iter().map(|fault| fault.option.as_str()).collect();
    assert_eq!(options, ["--app", "--stream"]);
}
