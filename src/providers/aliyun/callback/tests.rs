use serde_json::json;

use super::*;
use crate::error::Outcome;
use crate::model::{Change, Selector};
use crate::providers::script::Script;

const D: &str = "play.example.com";

fn at(id: &str, events: &[CallbackEvent]) -> CallbackArgs {
    CallbackArgs {
        target: Selector { id: Some(id.into()), ..Selector::default() },
        events: events.to_vec(),
        ..CallbackArgs::default()
    }
}

fn telling(events: &[CallbackEvent], url: &str) -> CallbackArgs {
    CallbackArgs { url: Some(url.into()), ..at(D, events) }
}

fn options(error: &Error) -> Vec<&str> {
    error.details().faults.iter().map(|fault| fault.option.as_str()).collect()
}

fn domain() -> Value {
    json!({ "DomainName": D })
}

fn streams(script: Script, config: Value) -> Script {
    script.answers("DescribeLiveStreamsNotifyUrlConfig", domain(), json!({ "LiveStreamsNotifyConfig": config }))
}

fn records(script: Script, config: Value) -> Script {
    script.answers("DescribeLiveRecordNotifyConfig", domain(), json!({ "LiveRecordNotifyConfig": config }))
}

fn set_streams() -> Value {
    json!({"DomainName": D, "NotifyUrl": "http://a.example.com/s", "ExceptionNotifyUrl": "http://a.example.com/x",
           "NotifyReqAuth": "yes", "NotifyAuthKey": "0123456789abcdef"})
}

fn set_records() -> Value {
    json!({"DomainName": D, "NotifyUrl": "https://a.example.com/r", "NeedStatusNotify": false,
           "OnDemandUrl": "http://a.example.com/d"})
}

/// Nothing set but what `streams` and `records` say.
fn all(config_of_streams: Value, config_of_records: Value) -> Script {
    let missing =
        Error::new(Class::NotFound, "none").with(|details| details.code = Some("InvalidConfig.NotFound".into()));
    records(streams(Script::new(VENDOR), config_of_streams), config_of_records)
        .fails("DescribeLiveSnapshotNotifyConfig", domain(), missing)
        .answers("DescribeLiveDetectNotifyConfig", domain(), json!({"LiveDetectNotifyConfig": {}}))
        .answers(
            "DescribeLiveAudioAuditNotifyConfig",
            domain(),
            json!({"LiveAudioAuditNotifyConfigList": {"LiveAudioAuditNotifyConfig": [
                {"DomainName": D, "Callback": "http://a.example.com/aa", "CallbackTemplate": "{}"}]}}),
        )
}

#[test]
fn every_event_that_is_told_is_a_row() {
    let script = all(set_streams(), set_records());
    let rows = script.rows(list(&script, &at(D, &[])));
    let told: Vec<Value> =
        rows.as_array().unwrap().iter().map(|row| json!([row["id"], row["url"], row["auth"]])).collect();
    assert_eq!(
        told,
        [
            json!(["play.example.com//#stream-begin", "http://a.example.com/s", true]),
            json!(["play.example.com//#stream-end", "http://a.example.com/s", true]),
            json!(["play.example.com//#push-exception", "http://a.example.com/x", true]),
            json!(["play.example.com//#record", "https://a.example.com/r", null]),
            json!(["play.example.com//#record-on-demand", "http://a.example.com/d", null]),
            json!(["play.example.com//#audio-audit", "http://a.example.com/aa", false]),
        ]
    );
    assert_eq!(
        (&rows[0]["event"], &rows[0]["domain"], &rows[0]["app"]),
        (&json!("stream-begin"), &json!(D), &json!(null))
    );
}

#[test]
fn one_event_is_shown_by_its_selector() {
    let script = streams(Script::new(VENDOR), set_streams());
    assert_eq!(script.rows(show(&script, &at("play.example.com//#stream-end", &[])))[0]["event"], json!("stream-end"));
    let script = streams(Script::new(VENDOR), json!({}));
    let error = script.run(show(&script, &at("play.example.com//#stream-end", &[]))).unwrap_err();
    assert_eq!(error.class(), Class::NotFound);
    let script = Script::new(VENDOR);
    assert_eq!(options(&script.run(show(&script, &at("play.example.com//#ended", &[]))).unwrap_err()), ["ID"]);
}

#[test]
fn a_domain_that_is_not_there_is_no_empty_setting() {
    let missing =
        Error::new(Class::NotFound, "no").with(|details| details.code = Some("InvalidDomain.NotFound".into()));
    let script = Script::new(VENDOR).fails("DescribeLiveSnapshotNotifyConfig", domain(), missing);
    let error = script.run(list(&script, &at(D, &[CallbackEvent::Snapshot]))).unwrap_err();
    assert_eq!(error.class(), Class::NotFound);
}

#[test]
fn setting_replaces_the_address_and_keeps_the_rest() {
    let both = [CallbackEvent::StreamBegin, CallbackEvent::StreamEnd];
    let script = streams(Script::new(VENDOR), set_streams()).answers(
        "SetLiveStreamsNotifyUrlConfig",
        json!({"DomainName": D, "NotifyUrl": "http://b.example.com", "ExceptionNotifyUrl": "http://a.example.com/x",
               "NotifyReqAuth": "yes", "NotifyAuthKey": "0123456789abcdef"}),
        json!({}),
    );
    let changed = script.changed(set(&script, &telling(&both, "http://b.example.com")));
    assert_eq!(changed.id.as_deref(), Some("play.example.com//"));
    assert_eq!(
        changed.changes,
        [
            Change::new("stream-begin.url", "http://a.example.com/s", "http://b.example.com"),
            Change::new("stream-end.url", "http://a.example.com/s", "http://b.example.com"),
        ]
    );
    assert!(script.notes.borrow()[0].contains("SwitchNotifyUrl"));
    let script = streams(Script::new(VENDOR), set_streams());
    assert!(!script.changed(set(&script, &telling(&both, "http://a.example.com/s"))).changed);
}

#[test]
fn a_key_signs_and_is_never_told() {
    let script = records(Script::new(VENDOR), set_records()).answers(
        "UpdateLiveRecordNotifyConfig",
        json!({"DomainName": D, "NotifyUrl": "https://a.example.com/r", "OnDemandUrl": "http://a.example.com/d",
               "NeedStatusNotify": false, "NotifyReqAuth": true, "NotifyAuthKey": "fedcba9876543210"}),
        json!({}),
    );
    let asked = CallbackArgs { key: Some(Secret::new("fedcba9876543210")), ..at(D, &[CallbackEvent::Record]) };
    let changed = script.changed(set(&script, &asked));
    assert_eq!(
        changed.changes,
        [
            Change::new("record.auth", Value::Null, true),
            Change::new("record-on-demand.auth", Value::Null, true),
            Change::new("record.key", Value::Null, "***"),
        ]
    );
    let script = records(Script::new(VENDOR), json!({"NotifyUrl": "http://a", "NotifyReqAuth": true}));
    let error = script.run(set(&script, &telling(&[CallbackEvent::Record], "http://b"))).unwrap_err();
    assert_eq!(options(&error), ["--key"]);
}

#[test]
fn what_callbacks_lack_or_aliyun_cannot_is_refused() {
    use CallbackEvent::{Audit, Relay, StreamBegin, StreamEnd};
    let script = Script::new(VENDOR);
    let refused = |args: &CallbackArgs| {
        let error = script.run(set(&script, args)).unwrap_err();
        error.details().faults.iter().map(|fault| format!("{} {:?}", fault.option, fault.given)).collect::<Vec<_>>()
    };
    assert_eq!(refused(&telling(&[StreamEnd], "http://a")), ["--event Some(\"stream-end\")"]);
    assert_eq!(refused(&telling(&[StreamBegin, StreamEnd], "https://a")), ["--url Some(\"https://a\")"]);
    let asked = CallbackArgs {
        key: Some(Secret::new("fedcba9876543210")),
        vhost: Some("v".into()),
        target: Selector { id: Some("/live".into()), ..Selector::default() },
        ..telling(&[Audit, Relay], "http://a")
    };
    assert_eq!(
        refused(&asked),
        [
            "--event Some(\"relay\")",
            "--app Some(\"live\")",
            "--vhost Some(\"v\")",
            "--key Some(\"*** for audit\")",
            "--domain None"
        ]
    );
    assert_eq!(refused(&at(D, &[])), ["--url or --key None"]);
    assert_eq!(refused(&telling(&[], "http://a")), ["--event None"]);
}

#[test]
fn what_recordings_are_told_hangs_together() {
    use CallbackEvent::{Record, RecordOnDemand, RecordStatus};
    for (config, events, option) in [
        (json!({}), &[RecordOnDemand][..], "--event"),
        (set_records(), &[RecordStatus][..], "--url"),
        (json!({}), &[RecordStatus][..], "--url"),
    ] {
        let script = records(Script::new(VENDOR), config);
        assert_eq!(options(&script.run(set(&script, &telling(events, "http://b"))).unwrap_err()), [option]);
    }
    let script = records(Script::new(VENDOR), set_records());
    assert_eq!(options(&script.run(delete(&script, &at(D, &[Record]))).unwrap_err()), ["--event"]);
}

#[test]
fn an_address_that_an_update_would_keep_is_taken_away_by_a_new_setting() {
    let script = records(Script::new(VENDOR), set_records())
        .answers("DeleteLiveRecordNotifyConfig", domain(), json!({}))
        .answers(
            "AddLiveRecordNotifyConfig",
            json!({"DomainName": D, "NotifyUrl": "https://a.example.com/r", "NeedStatusNotify": false}),
            json!({}),
        );
    let changed = script.changed(delete(&script, &at("play.example.com//#record-on-demand", &[])));
    assert_eq!(changed.changes, [Change::new("record-on-demand.url", "http://a.example.com/d", Value::Null)]);
    assert_eq!(*script.questions.borrow(), ["delete the callbacks record-on-demand of play.example.com"]);
}

fn two_steps(outcome: Outcome) -> Script {
    let failure = Error::new(Class::Vendor, "no").outcome(outcome);
    records(streams(Script::new(VENDOR), json!({})), json!({}))
        .answers("SetLiveStreamsNotifyUrlConfig", json!({"DomainName": D, "NotifyUrl": "http://b"}), json!({}))
        .fails(
            "AddLiveRecordNotifyConfig",
            json!({"DomainName": D, "NotifyUrl": "http://b", "NeedStatusNotify": false}),
            failure,
        )
}

#[test]
fn a_later_step_that_certainly_failed_undoes_the_first() {
    let asked = telling(&[CallbackEvent::StreamBegin, CallbackEvent::StreamEnd, CallbackEvent::Record], "http://b");
    let script = two_steps(Outcome::Refused).answers("DeleteLiveStreamsNotifyUrlConfig", domain(), json!({}));
    let error = script.run(set(&script, &asked)).unwrap_err();
    script.finish();
    assert_eq!(error.details().hints, ["undone again, since this failed: SetLiveStreamsNotifyUrlConfig"]);

    let script = two_steps(Outcome::Unknown);
    let error = script.run(set(&script, &asked)).unwrap_err();
    script.finish();
    assert_eq!(error.details().hints, ["done before this, and left as it is: SetLiveStreamsNotifyUrlConfig"]);
}

#[test]
fn deleting_without_an_event_takes_all() {
    let script = all(set_streams(), json!({}))
        .answers("DeleteLiveStreamsNotifyUrlConfig", domain(), json!({}))
        .answers("DeleteLiveAudioAuditNotifyConfig", domain(), json!({}));
    let changed = script.changed(delete(&script, &at(D, &[])));
    assert_eq!(changed.action.as_deref(), Some("DeleteLiveAudioAuditNotifyConfig"));
    assert_eq!(
        *script.questions.borrow(),
        ["delete the callbacks stream-begin, stream-end, push-exception, audio-audit of play.example.com"]
    );
    let script = streams(Script::new(VENDOR), json!({}));
    let both = [CallbackEvent::StreamBegin, CallbackEvent::StreamEnd];
    assert_eq!(script.run(delete(&script, &at(D, &both))).unwrap_err().class(), Class::NotFound);
}
