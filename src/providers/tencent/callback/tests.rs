use super::*;
use crate::model::Selector;
use crate::providers::script::Script;

const URL: &str = "http://hooks.example.com/live";

fn at(id: &str, events: &[CallbackEvent]) -> CallbackArgs {
    let target = Selector { id: Some(id.into()), ..Selector::default() };
    CallbackArgs { target, events: events.to_vec(), ..CallbackArgs::default() }
}

fn setting(id: &str, events: &[CallbackEvent]) -> CallbackArgs {
    CallbackArgs { url: Some(URL.into()), ..at(id, events) }
}

fn rule(app: &str) -> Value {
    json!({"CreateTime": "2018-09-12 15:52:01", "TemplateId": 1000, "DomainName": "push.example.com", "AppName": app})
}

fn template() -> Value {
    json!({"TemplateId": 1000, "TemplateName": "n", "Description": "made-by-livectl", "StreamBeginNotifyUrl": URL,
           "StreamEndNotifyUrl": "http://hooks.example.com/end", "StreamMixNotifyUrl": "", "RecordNotifyUrl": "",
           "SnapshotNotifyUrl": "", "PornCensorshipNotifyUrl": "", "CallbackKey": "old-key",
           "PushExceptionNotifyUrl": null, "AudioAuditNotifyUrl": null})
}

fn there(rules: &[Value], template: &Value) -> Script {
    Script::new(VENDOR).answers("DescribeLiveCallbackRules", json!({}), json!({ "Rules": rules })).answers(
        "DescribeLiveCallbackTemplate",
        json!({"TemplateId": 1000}),
        json!({ "Template": template }),
    )
}

fn options(error: &Error) -> Vec<&str> {
    error.details().faults.iter().map(|fault| fault.option.as_str()).collect()
}

#[test]
fn a_row_is_an_event() {
    let listed = |events: &[CallbackEvent]| {
        let script = Script::new(VENDOR)
            .answers("DescribeLiveCallbackRules", json!({}), json!({"Rules": [rule("live")]}))
            .answers("DescribeLiveCallbackTemplates", json!({}), json!({"Templates": [template()]}));
        script.rows(list(&script, &CallbackArgs { events: events.to_vec(), ..CallbackArgs::default() }))
    };
    let row = |event: &str, url: &str| {
        json!({"vendor": "tencent", "profile": null, "id": format!("push.example.com/live/#{event}"),
               "domain": "push.example.com", "app": "live", "event": event, "url": url, "auth": true})
    };
    let (begin, end) = (row("stream-begin", URL), row("stream-end", "http://hooks.example.com/end"));
    assert_eq!(listed(&[]), json!([begin, end]));
    assert_eq!(listed(&[CallbackEvent::StreamEnd]), json!([end]));
    assert_eq!(listed(&[CallbackEvent::Audit]), json!([]));
    let script = there(&[rule("live")], &template());
    assert_eq!(script.rows(show(&script, &at("push.example.com/live/#stream-end", &[]))), json!([end]));
}

#[test]
fn places_that_match_are_told_as_they_may_be_typed() {
    let rules = json!({"Rules": [rule("live"), rule("")]});
    let script = Script::new(VENDOR).answers("DescribeLiveCallbackRules", json!({}), rules);
    let error = script.run(delete(&script, &at("push.example.com", &[]))).unwrap_err();
    assert_eq!(error.class(), Class::Usage);
    assert_eq!(error.details().hints[0], "name one of them:\n  push.example.com/live/\n  push.example.com//");
}

#[test]
fn the_first_callbacks_of_a_place_make_a_template_and_a_rule() {
    let script = Script::new(VENDOR)
        .answers("DescribeLiveCallbackRules", json!({}), json!({"Rules": [rule("live")]}))
        .answers(
            "CreateLiveCallbackTemplate",
            json!({"TemplateName": "push-example-com", "Description": "made-by-livectl", "CallbackKey": "k3y",
                   "StreamBeginNotifyUrl": URL, "PornCensorshipNotifyUrl": URL}),
            json!({"TemplateId": 1001}),
        )
        .answers(
            "CreateLiveCallbackRule",
            json!({"DomainName": "push.example.com", "AppName": "", "TemplateId": 1001}),
            json!({}),
        );
    let events = [CallbackEvent::StreamBegin, CallbackEvent::Audit];
    let args = CallbackArgs { key: Some(Secret::new("k3y")), ..setting("push.example.com", &events) };
    let changed = script.changed(set(&script, &args));
    assert_eq!(changed.id.as_deref(), Some("push.example.com//"));
    assert!(!json!(changed).to_string().contains("k3y"), "{changed:?}");
}

#[test]
fn an_event_is_set_and_the_others_stay() {
    let script = there(&[rule("live")], &template()).answers(
        "ModifyLiveCallbackTemplate",
        json!({"TemplateId": 1000, "RecordNotifyUrl": URL}),
        json!({}),
    );
    let changed = script.changed(set(&script, &setting("push.example.com/live/#record", &[])));
    assert_eq!(changed.changes, [Change::new("record.url", Value::Null, URL)]);
    let script = there(&[rule("live")], &template());
    let same = setting("push.example.com/live", &[CallbackEvent::StreamBegin]);
    assert!(!script.changed(set(&script, &same)).changed);
    // Without an event, every one that is there.
    let script = there(&[rule("live")], &template()).answers(
        "ModifyLiveCallbackTemplate",
        json!({"TemplateId": 1000, "StreamEndNotifyUrl": URL}),
        json!({}),
    );
    script.changed(set(&script, &setting("push.example.com/live", &[])));
}

#[test]
fn a_key_is_the_templates_and_never_told() {
    let key = |key: &str| CallbackArgs { key: Some(Secret::new(key)), ..at("push.example.com/live", &[]) };
    let script = there(&[rule("live")], &template()).answers(
        "ModifyLiveCallbackTemplate",
        json!({"TemplateId": 1000, "CallbackKey": "new-key"}),
        json!({}),
    );
    let changed = script.changed(set(&script, &key("new-key")));
    assert_eq!(changed.changes, [Change::new("key", "***", "***")]);
    assert!(script.notes.borrow()[0].contains("every event"), "{:?}", script.notes.borrow());
    let script = there(&[rule("live")], &template());
    assert!(!script.changed(set(&script, &key("old-key"))).changed);
    let error = script.run(set(&script, &CallbackArgs { events: vec![CallbackEvent::Audit], ..key("k") })).unwrap_err();
    assert_eq!(options(&error), ["--event"]);
}

#[test]
fn a_shared_template_is_changed_only_on_demand() {
    let script = there(&[rule("live"), rule("b")], &template());
    let record = setting("push.example.com/live", &[CallbackEvent::Record]);
    assert_eq!(script.run(set(&script, &record)).unwrap_err().class(), Class::Conflict);
    let script = there(&[rule("live"), rule("b")], &template());
    let end = at("push.example.com/live/#stream-end", &[]);
    assert_eq!(script.run(delete(&script, &end)).unwrap_err().class(), Class::Conflict);
    assert!(script.questions.borrow().is_empty());
    let script = there(&[rule("live"), rule("b")], &template()).answers(
        "ModifyLiveCallbackTemplate",
        json!({"TemplateId": 1000, "StreamEndNotifyUrl": ""}),
        json!({}),
    );
    script.changed(delete(&script, &CallbackArgs { shared: true, ..end }));
    assert!(script.questions.borrow()[0].contains("push.example.com/b/"), "{:?}", script.questions.borrow());
}

#[test]
fn the_last_event_takes_the_rule_along() {
    let gone = |script: Script| {
        script
            .answers("DeleteLiveCallbackRule", json!({"DomainName": "push.example.com", "AppName": "live"}), json!({}))
            .answers("DeleteLiveCallbackTemplate", json!({"TemplateId": 1000}), json!({}))
    };
    let both = [CallbackEvent::StreamBegin, CallbackEvent::StreamEnd];
    for events in [&both[..], &[]] {
        let script = gone(there(&[rule("live")], &template()));
        let changed = script.changed(delete(&script, &at("push.example.com/live", events)));
        assert_eq!((changed.action.as_deref(), changed.changes.len()), (Some("DeleteLiveCallbackTemplate"), 3));
    }
    let mut last = template();
    last["StreamBeginNotifyUrl"] = json!("");
    let script = gone(there(&[rule("live")], &last));
    script.changed(delete(&script, &at("push.example.com/live/#stream-end", &[])));
    let script = there(&[rule("live")], &last);
    let absent = at("push.example.com/live/#stream-begin", &[]);
    assert_eq!(script.run(delete(&script, &absent)).unwrap_err().class(), Class::NotFound);
}

#[test]
fn what_tencent_has_not_is_told_at_once() {
    let script = Script::new(VENDOR);
    let args = CallbackArgs {
        url: Some("hooks.example.com".into()),
        vhost: Some("v".into()),
        ..at("push.example.com/live/s1#bogus", &[CallbackEvent::Relay])
    };
    let error = script.run(set(&script, &args)).unwrap_err();
    assert_eq!(options(&error), ["ID", "--url", "--event", "--vhost", "--stream"]);
    let mix = setting("push.example.com/live", &[CallbackEvent::StreamMix]);
    assert_eq!(options(&script.run(set(&script, &mix)).unwrap_err()), ["--event"]);
    let other = setting("push.example.com/live/#audit", &[CallbackEvent::Record]);
    assert_eq!(options(&script.run(set(&script, &other)).unwrap_err()), ["--event"]);
    let script = Script::new(VENDOR).answers("DescribeLiveCallbackRules", json!({}), json!({"Rules": []}));
    let error = script.run(set(&script, &setting("push.example.com/live", &[]))).unwrap_err();
    assert_eq!(options(&error), ["--event"]);
}
