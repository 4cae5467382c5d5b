use super::*;
use crate::error::{Class, Error, Outcome};
use crate::model::Selector;
use crate::providers::script::Script;

fn at(id: &str) -> RecordArgs {
    RecordArgs { target: Selector { id: Some(id.into()), ..Selector::default() }, ..RecordArgs::default() }
}

fn new() -> RecordArgs {
    let target = Selector { domain: Some("push.example.com".into()), app: Some("live".into()), ..Selector::default() };
    RecordArgs { target, formats: vec![RecordFormat::Mp4], segment_seconds: Some(1800), ..RecordArgs::default() }
}

fn rule(app: &str, template: u64) -> Value {
    json!({"CreateTime": "2018-09-12 15:52:01", "UpdateTime": "2018-10-12 18:00:05", "TemplateId": template,
           "DomainName": "push.example.com", "AppName": app, "StreamName": ""})
}

/// A template that records FLV, with all that a parameter may hold.
fn template(id: u64, description: &str) -> Value {
    json!({"TemplateId": id, "TemplateName": "n", "Description": description, "IsDelayLive": 0,
           "FlvParam": {"Enable": 1, "RecordInterval": 1800, "StorageTime": 600, "VodSubAppId": 123_456,
                        "VodFileName": "{StreamID}", "Procedure": null, "StorageMode": "cold", "ClassId": 0},
           "Mp4Param": {"Enable": 0, "RecordInterval": 0, "StorageTime": 0, "VodSubAppId": 0},
           "HlsParam": null, "CosStore": 0})
}

/// A script in which these rules and the template 1000 are read.
fn there(rules: &[Value], description: &str) -> Script {
    Script::new(VENDOR).answers("DescribeLiveRecordRules", json!({}), json!({ "Rules": rules })).answers(
        "DescribeLiveRecordTemplate",
        json!({"TemplateId": 1000}),
        json!({ "Template": template(1000, description) }),
    )
}

fn made(script: Script) -> Script {
    script.answers("DescribeLiveRecordRules", json!({}), json!({"Rules": [rule("other", 1000)]})).answers(
        "CreateLiveRecordTemplate",
        json!({"TemplateName": "push-example-com_live", "Description": "made-by-livectl",
               "Mp4Param": {"Enable": 1, "RecordInterval": 1800}}),
        json!({"TemplateId": 1001}),
    )
}

fn binding() -> Value {
    json!({"DomainName": "push.example.com", "AppName": "live", "TemplateId": 1001})
}

#[test]
fn rows_join_rules_and_templates_of_both_kinds() {
    let mut slow = template(1001, "");
    slow["CosStore"] = json!(1);
    slow["FlvParam"] = json!({"Enable": 1, "RecordInterval": 900, "CosBucketName": "b", "CosBucketPath": "/live",
                             "CosBucketRegion": "ap-guangzhou"});
    slow["Mp4Param"] = json!({"Enable": 1, "RecordInterval": 60, "CosBucketName": "b", "CosBucketPath": "/live",
                             "CosBucketRegion": "ap-guangzhou"});
    let rules = json!([rule("live", 1000), rule("", 1001), rule("gone", 7)]);
    let script = Script::new(VENDOR)
        .answers("DescribeLiveRecordRules", json!({}), json!({ "Rules": rules }))
        .answers("DescribeLiveRecordTemplates", json!({"IsDelayLive": 0}), json!({"Templates": [template(1000, "")]}))
        .answers("DescribeLiveRecordTemplates", json!({"IsDelayLive": 1}), json!({ "Templates": [slow] }));
    let row = |id: &str, app: Value, formats: Value, segment: Value, storage: Value| {
        json!({"vendor": "tencent", "profile": null, "id": id, "domain": "push.example.com", "app": app, "stream": null,
               "formats": formats, "segment_seconds": segment, "storage": storage,
               "created_at": "2018-09-12T07:52:01Z"})
    };
    assert_eq!(
        script.rows(list(&script, &RecordArgs::default())),
        json!([
            row("push.example.com/live/#1000", json!("live"), json!(["flv"]), json!(1800), json!("vod://123456")),
            // The formats are cut differently: no one length is told.
            row(
                "push.example.com//#1001",
                json!(null),
                json!(["flv", "mp4"]),
                json!(null),
                json!("cos://b/live?region=ap-guangzhou")
            ),
            row("push.example.com/gone/#7", json!("gone"), json!(null), json!(null), json!(null)),
        ])
    );
}

#[test]
fn a_recording_is_a_template_and_a_rule() {
    let script = made(Script::new(VENDOR)).answers("CreateLiveRecordRule", binding(), json!({}));
    let changed = script.changed(add(&script, &new()));
    assert_eq!(changed.action.as_deref(), Some("CreateLiveRecordRule"));
    assert_eq!(changed.id.as_deref(), Some("push.example.com/live/#1001"));
    assert_eq!(changed.name.as_deref(), Some("push-example-com_live"));
    assert_eq!(changed.request_id.as_deref(), Some("request-3"));
    let fields: Vec<&str> = changed.changes.iter().map(|change| change.field.as_str()).collect();
    assert_eq!(fields, ["domain", "app", "template", "formats", "segment_seconds"]);
}

#[test]
fn a_rule_that_certainly_failed_takes_its_template_along() {
    let failing = |outcome| Error::new(Class::Usage, "no").outcome(outcome);
    for outcome in [Outcome::Refused, Outcome::NotSent] {
        let script = made(Script::new(VENDOR)).fails("CreateLiveRecordRule", binding(), failing(outcome)).answers(
            "DeleteLiveRecordTemplate",
            json!({"TemplateId": 1001}),
            json!({}),
        );
        let error = script.run(add(&script, &new())).unwrap_err();
        assert!(!format!("{:?}", error.details().hints).contains("1001"), "{error:?}");
        script.finish();
    }
    let script = made(Script::new(VENDOR)).fails("CreateLiveRecordRule", binding(), failing(Outcome::Unknown));
    let error = script.run(add(&script, &new())).unwrap_err();
    script.finish();
    assert!(format!("{:?}", error.details().hints).contains("livectl record template delete --template-id 1001"));
    let script = made(Script::new(VENDOR)).fails("CreateLiveRecordRule", binding(), failing(Outcome::Refused)).fails(
        "DeleteLiveRecordTemplate",
        json!({"TemplateId": 1001}),
        failing(Outcome::Unknown),
    );
    let error = script.run(add(&script, &new())).unwrap_err();
    assert!(format!("{:?}", error.details().hints).contains("livectl record template delete --template-id 1001"));
}

#[test]
fn what_is_there_is_not_added_again() {
    let rules = json!({"Rules": [rule("live", 1000)]});
    let script = Script::new(VENDOR).answers("DescribeLiveRecordRules", json!({}), rules);
    let error = script.run(add(&script, &new())).unwrap_err();
    assert_eq!((error.class(), error.details().already_exists), (Class::Conflict, true));
    script.finish();
}

#[test]
fn a_template_that_is_there_is_bound_as_it_is() {
    let args = RecordArgs { template: Some("1001".into()), target: new().target, ..RecordArgs::default() };
    let script = Script::new(VENDOR).answers("DescribeLiveRecordRules", json!({}), json!({"Rules": []})).answers(
        "CreateLiveRecordRule",
        binding(),
        json!({}),
    );
    assert_eq!(script.changed(add(&script, &args)).id.as_deref(), Some("push.example.com/live/#1001"));
    let both = RecordArgs { template: Some("x".into()), storage: "vod://".parse().ok(), ..new() };
    let error = script.run(add(&script, &both)).unwrap_err();
    let options: Vec<&str> = error.details().faults.iter().map(|fault| fault.option.as_str()).collect();
    assert_eq!(options, ["--format", "--segment", "--storage", "--template"]);
}

#[test]
fn an_update_keeps_what_is_not_named_inside_a_format() {
    let args = RecordArgs {
        formats: vec![RecordFormat::Mp4, RecordFormat::Flv],
        segment_seconds: Some(3600),
        ..at("push.example.com/live/")
    };
    let script = there(&[rule("live", 1000), rule("", 1001)], "").answers(
        "ModifyLiveRecordTemplate",
        json!({"TemplateId": 1000,
               "FlvParam": {"Enable": 1, "RecordInterval": 3600, "StorageTime": 600, "VodSubAppId": 123_456,
                            "VodFileName": "{StreamID}", "StorageMode": "cold", "ClassId": 0},
               "Mp4Param": {"Enable": 1, "RecordInterval": 3600, "StorageTime": 0, "VodSubAppId": 123_456}}),
        json!({}),
    );
    let changed = script.changed(update(&script, &args));
    let differences: Vec<(&str, &Value, &Value)> =
        changed.changes.iter().map(|change| (change.field.as_str(), &change.from, &change.to)).collect();
    assert_eq!(
        differences,
        [("formats", &json!(["flv"]), &json!(["flv", "mp4"])), ("segment_seconds", &json!(1800), &json!(3600))]
    );
    assert!(script.questions.borrow().is_empty());
    let same = RecordArgs { segment_seconds: Some(1800), ..at("push.example.com/live/") };
    let script = there(&[rule("live", 1000)], "");
    assert!(!script.changed(update(&script, &same)).changed);
}

#[test]
fn a_shared_template_is_changed_only_on_demand_and_after_a_question() {
    let rules = [rule("live", 1000), rule("b", 1000)];
    let args = RecordArgs { segment_seconds: Some(60), ..at("push.example.com/live/") };
    let script = there(&rules, "");
    let error = script.run(update(&script, &args)).unwrap_err();
    assert_eq!(error.class(), Class::Conflict);
    assert!(error.to_string().contains("push.example.com/b/") && !error.details().already_exists, "{error}");
    let shared = RecordArgs { shared: true, ..args };
    let script = there(&rules, "").unwilling();
    assert_eq!(script.run(update(&script, &shared)).unwrap_err().class(), Class::Usage);
    assert_eq!(script.questions.borrow().len(), 1);
}

#[test]
fn a_template_moves_not_between_vod_and_cos() {
    let storage = "cos://b/live?region=ap-guangzhou".parse().ok();
    let script = there(&[rule("live", 1000)], "");
    let error = script.run(update(&script, &RecordArgs { storage, ..at("push.example.com/live/") })).unwrap_err();
    assert_eq!((error.class(), error.details().faults.len()), (Class::Usage, 1));
}

#[test]
fn deleting_takes_only_a_template_that_livectl_made_and_nothing_else_binds() {
    let whole = json!({"DomainName": "push.example.com", "AppName": "live", "StreamName": ""});
    for (description, others, both) in [
        ("made-by-livectl", vec![], true),
        ("made-by-livectl", vec![rule("b", 1000)], false),
        ("test", vec![], false),
        ("not made-by-livectl", vec![], false),
    ] {
        let rules = [vec![rule("live", 1000)], others].concat();
        let mut script = there(&rules, description).answers("DeleteLiveRecordRule", whole.clone(), json!({}));
        if both {
            script = script.answers("DeleteLiveRecordTemplate", json!({"TemplateId": 1000}), json!({}));
        }
        let changed = script.changed(delete(&script, &at("push.example.com/live/#1000")));
        let last = if both { "DeleteLiveRecordTemplate" } else { "DeleteLiveRecordRule" };
        assert_eq!(changed.action.as_deref(), Some(last), "{description}");
        assert_eq!(script.questions.borrow()[0].contains("template 1000"), both, "{:?}", script.questions.borrow());
    }
    let script = there(&[rule("live", 1000)], "").unwilling();
    assert!(script.run(delete(&script, &at("push.example.com/live/"))).is_err());
    script.finish();
}

#[test]
fn a_rule_whose_template_is_gone_is_shown_and_deleted_but_not_changed() {
    let gone =
        || {
            Script::new(VENDOR)
                .answers("DescribeLiveRecordRules", json!({}), json!({"Rules": [rule("live", 7)]}))
                .fails("DescribeLiveRecordTemplate", json!({"TemplateId": 7}), Error::new(Class::NotFound, "gone"))
        };
    let script = gone();
    assert_eq!(script.rows(show(&script, &at("push.example.com")))[0]["formats"], json!(null));
    let script = gone();
    let args = RecordArgs { segment_seconds: Some(60), ..at("push.example.com") };
    assert_eq!(script.run(update(&script, &args)).unwrap_err().class(), Class::NotFound);
    let script = gone().answers(
        "DeleteLiveRecordRule",
        json!({"DomainName": "push.example.com", "AppName": "live", "StreamName": ""}),
        json!({}),
    );
    assert!(script.changed(delete(&script, &at("push.example.com"))).changed);
}

#[test]
fn a_selector_with_all_its_parts_means_just_that_rule() {
    let rules = json!({"Rules": [rule("live", 1000), rule("", 1000)]});
    let script = Script::new(VENDOR).answers("DescribeLiveRecordRules", json!({}), rules.clone());
    let error = script.run(show(&script, &at("push.example.com"))).unwrap_err();
    assert_eq!(error.class(), Class::Usage);
    assert!(error.details().hints[0].contains("push.example.com//#1000"), "{error:?}");
    let script = there(&[rule("live", 1000), rule("", 1000)], "");
    assert_eq!(script.rows(show(&script, &at("push.example.com//")))[0]["app"], json!(null));
    let script = Script::new(VENDOR).answers("DescribeLiveRecordRules", json!({}), rules);
    assert_eq!(script.run(show(&script, &at("push.example.com/live/s1"))).unwrap_err().class(), Class::NotFound);
}

#[test]
fn storages_are_those_that_tencent_has() {
    for (storage, fine) in [
        ("vod://", true),
        ("vod://1500000000", true),
        ("cos://rec/live?region=ap-guangzhou", true),
        ("vod://space", false),
        ("vod://1/path", false),
        ("cos://rec/live", false),
        ("cos://rec-1250000000?region=ap-guangzhou", false),
        ("oss://b", false),
        ("tos://b/d", false),
    ] {
        let args = RecordArgs { storage: storage.parse().ok(), ..RecordArgs::default() };
        assert_eq!(check(&Script::new(VENDOR), &args).concern("--storage"), !fine, "{storage}");
    }
    let cos = RecordArgs { storage: "cos://rec?region=ap-guangzhou".parse().ok(), segment_seconds: None, ..new() };
    let expected = json!({"Mp4Param": {"Enable": 1, "CosBucketName": "rec", "CosBucketRegion": "ap-guangzhou"},
                          "CosStore": 1});
    assert_eq!(Value::Object(Setting::default().with(&cos).created()), expected);
}
