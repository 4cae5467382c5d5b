use serde_json::json;

use super::*;
use crate::error::{Class, Outcome};
use crate::model::{Change, Selector};
use crate::providers::script::Script;

fn script() -> Script {
    Script::new(VENDOR)
}

/// Everything is in the domain space `space`, named without a look-up.
fn args(id: &str) -> RecordArgs {
    let target = Selector { id: Some(id.into()), ..Selector::default() };
    RecordArgs { target, vhost: Some("space".into()), ..RecordArgs::default() }
}

fn tos(bucket: &str, dir: &str) -> Value {
    json!({"Enable": true, "Bucket": bucket, "StorageDir": dir})
}

fn preset(name: &str, stream: &str, config: Value) -> Value {
    json!({"Vhost": "space", "App": "live", "Stream": stream,
           "SlicePresetV2": {"ID": 1, "Name": name, "RecordPresetConfig": config}})
}

/// HLS into TOS, as the service shows it: what is not set is empty or 0.
fn hls() -> Value {
    let off = json!({"Enable": false, "Duration": 0, "TOSParam": {"Enable": false, "Bucket": ""}});
    json!({
        "OriginRecord": 1, "SliceDuration": 50, "FlvParam": off, "Mp4Param": off,
        "HlsParam": {"Enable": true, "Duration": 1800, "RealtimeRecordDuration": 0, "Splice": -1,
                     "TOSParam": {"Enable": true, "Bucket": "b", "StorageDir": "rec", "ExactObject": "{App}/x"},
                     "VODParam": {"Enable": false, "VodNamespace": ""}},
    })
}

fn listed(script: Script, in_tos: &[Value], in_vod: &[Value]) -> Script {
    script
        .answers("ListVhostRecordPresetV2", json!({"Vhost": "space", "Type": "tos"}), json!({"PresetList": in_tos}))
        .answers("ListVhostRecordPresetV2", json!({"Vhost": "space", "Type": "vod"}), json!({"PresetList": in_vod}))
}

fn options(error: &Error) -> Vec<&str> {
    error.details().faults.iter().map(|fault| fault.option.as_str()).collect()
}

#[test]
fn adding_enables_the_formats_each_with_its_storage_and_records_the_source_stream() {
    let one = json!({"Enable": true, "Duration": 1800, "TOSParam": tos("b", "rec")});
    let sent = json!({"Vhost": "space", "App": "live",
                      "RecordPresetConfig": {"OriginRecord": 1, "HlsParam": one, "Mp4Param": one}});
    let script = script().answers("CreateRecordPresetV2", sent, json!({"PresetName": "p-1"}));
    let args = RecordArgs {
        formats: vec![RecordFormat::Mp4, RecordFormat::Hls],
        segment_seconds: Some(1800),
        storage: "tos://b/rec".parse().ok(),
        ..args("space/live/")
    };
    let changed = script.changed(add(&script, &args));
    assert_eq!((changed.id.as_deref(), changed.name.as_deref()), (Some("space/live/#p-1"), Some("p-1")));
    let told: Vec<&str> = changed.changes.iter().map(|change| change.field.as_str()).collect();
    assert_eq!(told, ["domain", "app", "formats", "segment_seconds", "storage"]);
    assert_eq!(changed.changes[2], Change::new("formats", Value::Null, json!(["hls", "mp4"])));
}

#[test]
fn all_that_is_missing_or_wrong_is_told_at_once() {
    let script = script();
    let error = script.run(add(&script, &RecordArgs::default())).unwrap_err();
    assert_eq!(options(&error), ["--format", "--storage", "--domain"]);
    assert_eq!(error.details().hints, [space::WHICH]);
    let empty = RecordArgs { vhost: Some(String::new()), ..args("/live/") };
    assert_eq!(options(&script.run(show(&script, &empty)).unwrap_err()), ["--domain"]);

    for storage in ["vod://", "vod://s/x", "cos://b/x?region=y", "oss://b"] {
        let args = RecordArgs {
            formats: vec![RecordFormat::Aac, RecordFormat::Flv],
            segment_seconds: Some(299),
            storage: storage.parse().ok(),
            template: Some("1".into()),
            ..args("//s1")
        };
        let error = script.run(add(&script, &args)).unwrap_err();
        assert_eq!(options(&error), ["--format", "--segment", "--storage", "--template", "--app"], "{storage}");
    }
    assert!(script.calls.borrow().is_empty());
}

#[test]
fn the_domain_space_is_looked_up_and_a_printed_selector_names_it_itself() {
    let asked = |param: &str, name: &str| json!({"PageNum": 1, "PageSize": 1000, param: [name]});
    let push = json!({"Total": 1, "DomainList": [{"Domain": "push.example.com", "Vhost": "space"}]});
    let none = json!({"Total": 0, "DomainList": []});
    let named = |id: &str| RecordArgs { vhost: None, ..args(id) };

    let script = script().answers("ListDomainDetail", asked("DomainNameList", "push.example.com"), push.clone());
    let script = listed(script, &[preset("p-1", "", hls())], &[]);
    assert_eq!(script.rows(show(&script, &named("push.example.com/live/")))[0]["id"], "space/live/#p-1");

    let script = self::script().answers("ListDomainDetail", asked("DomainNameList", "space"), none.clone());
    let script = script.answers("ListDomainDetail", asked("VhostList", "space"), push);
    let script = listed(script, &[preset("p-1", "", hls())], &[]);
    assert_eq!(script.rows(show(&script, &named("space/live/#p-1")))[0]["id"], "space/live/#p-1");

    let script = self::script().answers("ListDomainDetail", asked("DomainNameList", "no"), none.clone());
    let script = script.answers("ListDomainDetail", asked("VhostList", "no"), none);
    assert_eq!(script.run(show(&script, &named("no/live/"))).unwrap_err().class(), Class::NotFound);
}

#[test]
fn both_storages_are_listed_and_what_stores_in_both_once() {
    let mut both = hls();
    both["Mp4Param"] = json!({"Enable": true, "Duration": -1, "VODParam": {"Enable": true, "VodNamespace": "films"}});
    let vod =
        json!({"FlvParam": {"Enable": true, "Duration": 600, "VODParam": {"Enable": true, "VodNamespace": "films"}}});
    let (both, vod) = (preset("both", "", both), preset("vod", "s1", vod));
    let script = listed(script(), &[preset("tos", "", hls()), both.clone()], &[both, vod]);
    let rows = script.rows(list(&script, &args("space")));
    assert_eq!(
        rows[0],
        json!({"vendor": "volcengine", "profile": null, "id": "space/live/#tos", "domain": "space", "app": "live",
               "stream": null, "formats": ["hls"], "segment_seconds": 1800, "storage": "tos://b/rec",
               "created_at": null})
    );
    assert_eq!(rows[1]["formats"], json!(["hls", "mp4"]));
    assert_eq!((&rows[1]["segment_seconds"], &rows[1]["storage"]), (&Value::Null, &Value::Null));
    assert_eq!((&rows[2]["id"], &rows[2]["storage"]), (&json!("space/live/s1#vod"), &json!("vod://films")));
    assert_eq!(rows.as_array().map(Vec::len), Some(3));
}

#[test]
fn without_a_domain_every_space_is_walked_and_one_failure_does_not_stop_it() {
    let found = [("a", "one", 0), ("b", "space", 2), ("c", "space", 0), ("gone", "old", 3)]
        .map(|(name, space, state)| json!({"Domain": name, "Vhost": space, "Status": state}));
    let domains = json!({"Total": 4, "DomainList": found});
    let refusal = Error::new(Class::Auth, "no permission").outcome(Outcome::Refused);
    let script = script().answers("ListDomainDetail", json!({"PageNum": 1, "PageSize": 1000}), domains).fails(
        "ListVhostRecordPresetV2",
        json!({"Vhost": "one", "Type": "tos"}),
        refusal,
    );
    let script = listed(script, &[preset("p-1", "", hls())], &[]);
    assert_eq!(script.rows(list(&script, &RecordArgs::default())).as_array().map(Vec::len), Some(1));
    assert_eq!(script.failures.borrow()[0].0, "vhost one");
    assert_eq!(*script.notes.borrow(), ["looking through 2 vhosts"]);
}

#[test]
fn an_update_sends_the_touched_formats_and_keeps_the_rest() {
    let sent = json!({"Enable": true, "Duration": 3600, "Splice": -1, "VODParam": {"Enable": false},
                      "TOSParam": {"Enable": true, "Bucket": "b", "StorageDir": "rec", "ExactObject": "{App}/x"}});
    let config = json!({"HlsParam": sent});
    let params = json!({"Vhost": "space", "App": "live", "Preset": "p-1", "RecordPresetConfig": config});
    let script =
        listed(script(), &[preset("p-1", "", hls())], &[]).answers("UpdateRecordPresetV2", params, Value::Null);
    let args = RecordArgs { segment_seconds: Some(3600), ..args("space/live/") };
    let changed = script.changed(update(&script, &args));
    assert_eq!(changed.changes, [Change::new("segment_seconds", 1800, 3600)]);
    assert_eq!(changed.id.as_deref(), Some("space/live/#p-1"));
}

#[test]
fn a_format_that_is_new_takes_after_one_that_is_there() {
    let config = json!({
        "HlsParam": {"Enable": false},
        "FlvParam": {"Enable": true, "Duration": 1800, "TOSParam": {"Enable": true, "Bucket": "b", "StorageDir": "rec"}},
    });
    let params = json!({"Vhost": "space", "App": "live", "Preset": "p-1", "RecordPresetConfig": config});
    let script =
        listed(script(), &[preset("p-1", "", hls())], &[]).answers("UpdateRecordPresetV2", params, Value::Null);
    let args = RecordArgs { formats: vec![RecordFormat::Flv], ..args("space/live/") };
    let changed = script.changed(update(&script, &args));
    assert_eq!(changed.changes, [Change::new("formats", json!(["hls"]), json!(["flv"]))]);
}

#[test]
fn another_storage_turns_the_old_one_off() {
    let sent = json!({"Enable": true, "Duration": 1800, "Splice": -1,
                      "VODParam": {"Enable": true, "VodNamespace": "films"},
                      "TOSParam": {"Enable": false, "Bucket": "b", "StorageDir": "rec", "ExactObject": "{App}/x"}});
    let params =
        json!({"Vhost": "space", "App": "live", "Preset": "p-1", "RecordPresetConfig": json!({"HlsParam": sent})});
    let script =
        listed(script(), &[preset("p-1", "", hls())], &[]).answers("UpdateRecordPresetV2", params, Value::Null);
    let args = RecordArgs { storage: "vod://films".parse().ok(), ..args("space/live/") };
    let changed = script.changed(update(&script, &args));
    assert_eq!(changed.changes, [Change::new("storage", "tos://b/rec", "vod://films")]);
}

#[test]
fn an_update_that_changes_nothing_sends_nothing() {
    let script = listed(script(), &[preset("p-1", "", hls())], &[]);
    let args = RecordArgs { segment_seconds: Some(1800), formats: vec![RecordFormat::Hls], ..args("space/live/") };
    let changed = script.changed(update(&script, &args));
    assert!(!changed.changed && changed.action.is_none());
}

#[test]
fn deleting_asks_and_several_are_refused() {
    let address = json!({"Vhost": "space", "App": "live", "Stream": "s1", "Preset": "p-2"});
    let both = [preset("p-1", "", hls()), preset("p-2", "s1", hls())];
    let script = listed(script(), &both, &[]).answers("DeleteRecordPreset", address, Value::Null);
    assert!(script.changed(delete(&script, &args("space/live/s1#p-2"))).changed);
    assert_eq!(*script.questions.borrow(), ["delete the recording space/live/s1#p-2"]);

    let script = listed(self::script(), &both, &[]);
    let error = script.run(delete(&script, &args("space/live"))).unwrap_err();
    assert_eq!(error.class(), Class::Usage);
    assert!(error.details().hints[0].contains("space/live/#p-1"));

    let script = listed(self::script().unwilling(), &both, &[]);
    assert!(script.run(delete(&script, &args("space/live/s1"))).is_err());
    assert_eq!(script.actions(), ["ListVhostRecordPresetV2", "ListVhostRecordPresetV2"]);
}

#[test]
fn a_refused_recording_whose_place_is_taken_is_a_conflict() {
    let refusal = Error::new(Class::Usage, "no").outcome(Outcome::Refused);
    let config =
        json!({"OriginRecord": 1, "HlsParam": {"Enable": true, "VODParam": {"Enable": true, "VodNamespace": "f"}}});
    let sent = json!({"Vhost": "space", "App": "live", "RecordPresetConfig": config});
    let args = RecordArgs { formats: vec![RecordFormat::Hls], storage: "vod://f".parse().ok(), ..args("space/live/") };
    for (there, class) in [(preset("p-1", "", hls()), Class::Conflict), (preset("p-2", "s1", hls()), Class::Usage)] {
        let script = script().fails("CreateRecordPresetV2", sent.clone(), refusal.clone());
        let script = listed(script, &[there], &[]);
        let error = script.run(add(&script, &args)).unwrap_err();
        assert_eq!((error.class(), error.details().already_exists), (class, class == Class::Conflict));
    }
}
