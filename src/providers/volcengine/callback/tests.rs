use super::*;
use crate::error::{Class, Outcome};
use crate::model::Selector;
use crate::providers::script::Script;

const URL: &str = "http://hooks.example.com/live";

fn script() -> Script {
    Script::new(VENDOR)
}

/// Everything is in the domain space `space`, named without a look-up.
fn args(id: &str) -> CallbackArgs {
    let target = Selector { id: Some(id.into()), ..Selector::default() };
    CallbackArgs { target, vhost: Some("space".into()), ..CallbackArgs::default() }
}

fn setting(word: &str, app: &str, key: &str) -> Value {
    json!({"Vhost": "space", "App": app, "MessageType": word, "AuthEnable": !key.is_empty(), "AuthKeyPrimary": key,
           "TranscodeCallback": 1, "CallbackDetailList": [{"URL": URL, "CallbackType": "HTTP"}]})
}

fn there(script: Script, app: Option<&str>, items: &[Value]) -> Script {
    let mut asked = json!({"Vhost": "space"});
    if let Some(app) = app {
        asked["App"] = json!(app);
    }
    script.answers("DescribeCallback", asked, json!({"CallbackList": items}))
}

fn put(word: &str, url: &str) -> Value {
    json!({"Vhost": "space", "App": "live", "MessageType": word,
           "CallbackDetailList": [{"URL": url, "CallbackType": "HTTP"}]})
}

fn options(error: &Error) -> Vec<&str> {
    error.details().faults.iter().map(|fault| fault.option.as_str()).collect()
}

#[test]
fn each_event_is_a_call_and_a_key_turns_signing_on() {
    let signed = |word: &str| {
        let mut put = put(word, URL);
        put["AuthEnable"] = json!(true);
        put["AuthKeyPrimary"] = json!("sesame");
        put
    };
    let script = there(script(), Some("live"), &[]).answers("UpdateCallback", signed("push"), Value::Null).answers(
        "UpdateCallback",
        signed("push_end"),
        Value::Null,
    );
    let wanted = CallbackArgs {
        events: vec![CallbackEvent::StreamBegin, CallbackEvent::StreamEnd],
        url: Some(URL.into()),
        key: Some(Secret::new("sesame")),
        ..args("space/live/")
    };
    let changed = script.changed(set(&script, &wanted));
    assert_eq!((changed.id.as_deref(), changed.name), (Some("space/live/"), None));
    let fields = |event: &str| {
        [
            Change::new(&format!("{event}.url"), Value::Null, URL),
            Change::new(&format!("{event}.auth"), Value::Null, true),
            Change::new(&format!("{event}.key"), Value::Null, "***"),
        ]
    };
    assert_eq!(changed.changes, [fields("stream-begin"), fields("stream-end")].concat());
    assert_eq!(changed.request_id.as_deref(), Some("request-3"));
}

#[test]
fn what_is_not_named_is_sent_back_as_it_was() {
    let mut after = put("push", "https://new.example.com/");
    after["AuthEnable"] = json!(true);
    after["AuthKeyPrimary"] = json!("sesame");
    after["TranscodeCallback"] = json!(1);
    let script = there(script(), Some("live"), &[setting("push", "live", "sesame")]);
    let script = script.answers("UpdateCallback", after, Value::Null);
    let wanted = CallbackArgs { url: Some("https://new.example.com/".into()), ..args("space/live/#stream-begin") };
    let changed = script.changed(set(&script, &wanted));
    assert_eq!(changed.changes, [Change::new("stream-begin.url", URL, "https://new.example.com/")]);
    assert_eq!(changed.id.as_deref(), Some("space/live/#stream-begin"));
}

#[test]
fn a_key_alone_goes_to_every_callback_that_is_there() {
    let signed = |word: &str| {
        let mut put = put(word, URL);
        put["AuthEnable"] = json!(true);
        put["AuthKeyPrimary"] = json!("new");
        put["TranscodeCallback"] = json!(1);
        put
    };
    let found = [setting("push", "live", "old"), setting("record", "live", "")];
    let script = there(script(), Some("live"), &found).answers("UpdateCallback", signed("push"), Value::Null).answers(
        "UpdateCallback",
        signed("record"),
        Value::Null,
    );
    let wanted = CallbackArgs { key: Some(Secret::new("new")), ..args("space/live/") };
    let changed = script.changed(set(&script, &wanted));
    assert_eq!(
        changed.changes,
        [
            Change::new("stream-begin.key", "***", "***"),
            Change::new("record.auth", false, true),
            Change::new("record.key", Value::Null, "***"),
        ]
    );
    let script = there(self::script(), Some("live"), &[]);
    assert_eq!(script.run(set(&script, &wanted)).unwrap_err().class(), Class::NotFound);
}

#[test]
fn a_setting_that_stands_is_not_sent_again() {
    let script = there(script(), Some("live"), &[setting("push", "live", "sesame")]);
    let wanted = CallbackArgs {
        url: Some(URL.into()),
        key: Some(Secret::new("sesame")),
        events: vec![CallbackEvent::StreamBegin],
        ..args("space/live/")
    };
    let changed = script.changed(set(&script, &wanted));
    assert!(!changed.changed && changed.action.is_none());
}

#[test]
fn what_is_missing_or_wrong_is_told_at_once() {
    let script = script();
    let wanted = CallbackArgs {
        events: vec![CallbackEvent::Relay],
        url: Some("ftp://x".into()),
        shared: true,
        vhost: None,
        ..args("/live/s1#nothing")
    };
    let error = script.run(set(&script, &wanted)).unwrap_err();
    assert_eq!(options(&error), ["ID", "--url", "--event", "--stream", "--shared", "--domain"]);
    assert_eq!(error.details().faults[2].allowed, "stream-begin, stream-end, record, snapshot, audit");
    assert!(script.calls.borrow().is_empty());

    let script = there(self::script(), Some("live"), &[]);
    let wanted = CallbackArgs { key: Some(Secret::new("k")), ..args("space/live/#record") };
    assert_eq!(options(&script.run(set(&script, &wanted)).unwrap_err()), ["--url"]);

    // Signed, but the answer does not tell by what: sending it back would sign by nothing.
    let mut hidden = setting("push", "live", "sesame");
    hidden["AuthKeyPrimary"] = json!("");
    let script = there(self::script(), Some("live"), &[hidden]);
    let wanted = CallbackArgs { url: Some("http://x.example.com/".into()), ..args("space/live/#stream-begin") };
    assert_eq!(options(&script.run(set(&script, &wanted)).unwrap_err()), ["--key"]);
}

#[test]
fn when_one_of_several_fails_the_error_tells_what_is_done() {
    let lost = Error::new(Class::Network, "no answer").outcome(Outcome::Unknown);
    let script = there(script(), Some("live"), &[]).answers("UpdateCallback", put("push", URL), Value::Null).fails(
        "UpdateCallback",
        put("push_end", URL),
        lost,
    );
    let events = vec![CallbackEvent::StreamBegin, CallbackEvent::StreamEnd];
    let wanted = CallbackArgs { events, url: Some(URL.into()), ..args("space/live/") };
    let error = script.run(set(&script, &wanted)).unwrap_err();
    assert_eq!(error.details().outcome, Some(Outcome::Unknown));
    assert!(error.details().hints[0].contains("done before it: stream-begin"), "{:?}", error.details().hints);
}

#[test]
fn events_are_listed_one_a_row_without_their_keys() {
    let found = [setting("push", "live", "sesame"), setting("push_end", "", ""), setting("other", "live", "")];
    let script = there(script(), None, &found);
    let rows = script.rows(list(&script, &args("space")));
    assert_eq!(
        rows[0],
        json!({"vendor": "volcengine", "profile": null, "id": "space/live/#stream-begin", "domain": "space",
               "app": "live", "event": "stream-begin", "url": URL, "auth": true})
    );
    assert_eq!((&rows[1]["id"], &rows[1]["app"]), (&json!("space//#stream-end"), &Value::Null));
    assert_eq!(rows.as_array().map(Vec::len), Some(2));

    let script = there(self::script(), None, &found);
    let wanted = CallbackArgs { events: vec![CallbackEvent::StreamEnd], ..args("space") };
    assert_eq!(script.rows(list(&script, &wanted)).as_array().map(Vec::len), Some(1));
}

#[test]
fn one_is_shown_and_several_are_refused() {
    let found = [setting("push", "live", ""), setting("push_end", "live", "")];
    let script = there(script(), Some("live"), &found);
    assert_eq!(script.rows(show(&script, &args("space/live/#stream-end")))[0]["event"], "stream-end");
    let script = there(self::script(), Some("live"), &found);
    let error = script.run(show(&script, &args("space/live/"))).unwrap_err();
    assert!(error.class() == Class::Usage && error.details().hints[0].contains("space/live/#stream-begin"));
    let script = there(self::script(), Some("live"), &found);
    let error = script.run(show(&script, &args("space/live/#audit"))).unwrap_err();
    assert!(error.class() == Class::NotFound && error.to_string().contains("space/live/#audit"), "{error}");
}

#[test]
fn deleting_asks_once_and_clears_each_event() {
    let address = |word: &str| json!({"Vhost": "space", "App": "live", "MessageType": word});
    let found = [setting("push", "live", "k"), setting("record", "live", "")];
    let script = there(script(), Some("live"), &found).answers("DeleteCallback", address("push"), Value::Null).answers(
        "DeleteCallback",
        address("record"),
        Value::Null,
    );
    let changed = script.changed(delete(&script, &args("space/live/")));
    assert_eq!(*script.questions.borrow(), ["delete the callbacks stream-begin, record of space/live/"]);
    assert!(changed.changes.contains(&Change::new("stream-begin.key", "***", Value::Null)));

    let script = there(self::script().unwilling(), Some("live"), &found);
    assert!(script.run(delete(&script, &args("space/live/#record"))).is_err());
    assert_eq!(script.actions(), ["DescribeCallback"]);

    let script = there(self::script(), None, &[setting("push", "live", ""), setting("push", "", "")]);
    assert_eq!(script.run(delete(&script, &args("space"))).unwrap_err().class(), Class::Usage);
    let script = there(self::script(), None, &[]);
    assert_eq!(script.run(delete(&script, &args("space"))).unwrap_err().class(), Class::NotFound);
}
