use serde_json::json;

use super::*;
use crate::error::Class;
use crate::model::Selector;
use crate::providers::script::Script;

fn at(id: &str) -> TranscodeArgs {
    TranscodeArgs { target: Selector { id: Some(id.into()), ..Selector::default() }, ..TranscodeArgs::default() }
}

fn new() -> TranscodeArgs {
    TranscodeArgs {
        target: Selector { domain: Some("play.example.com".into()), app: Some("live".into()), ..Selector::default() },
        name: Some("hd720".into()),
        codec: Some("h264".into()),
        width: Some(1280),
        video_kbps: Some(1500),
        ..TranscodeArgs::default()
    }
}

fn rule(app: &str, template: u64) -> Value {
    json!({"CreateTime": "2018-09-12 15:52:01", "TemplateId": template, "DomainName": "play.example.com",
           "AppName": app, "StreamName": ""})
}

/// The template of the reference's example, encrypted.
fn template() -> Value {
    json!({"Width": 250, "Fps": 30, "TemplateId": 1000, "Gop": 3, "Acodec": "aac", "Profile": "main",
           "Description": "test", "VideoBitrate": 900, "BitrateToOrig": 0, "AiTransCode": 0, "HeightToOrig": 0,
           "AudioBitrate": 0, "Rotate": 0, "TemplateName": "900m", "AdaptBitratePercent": 0.0, "Vcodec": "H264",
           "NeedAudio": 1, "DRMTracks": "SD", "NeedVideo": 1, "DRMType": "normalaes", "ShortEdgeAsHeight": null,
           "Height": 0, "FpsToOrig": 0})
}

fn there(rules: &[Value]) -> Script {
    Script::new(VENDOR).answers("DescribeLiveTranscodeRules", json!({}), json!({ "Rules": rules })).answers(
        "DescribeLiveTranscodeTemplate",
        json!({"TemplateId": 1000}),
        json!({ "Template": template() }),
    )
}

/// A script in which the rules of the domain and all templates are read.
fn looked(rules: &[Value]) -> Script {
    Script::new(VENDOR)
        .answers("DescribeLiveTranscodeRules", json!({"DomainNames": ["play.example.com"]}), json!({ "Rules": rules }))
        .answers("DescribeLiveTranscodeTemplates", json!({"TemplateType": 0}), json!({"Templates": [template()]}))
        .answers("DescribeLiveTranscodeTemplates", json!({"TemplateType": 1}), json!({"Templates": []}))
}

#[test]
fn rows_tell_numbers_that_are_set() {
    let script = there(&[rule("live", 1000)]);
    assert_eq!(
        script.rows(show(&script, &at("play.example.com/live/"))),
        json!([{"vendor": "tencent", "profile": null, "id": "play.example.com/live/#1000", "name": "900m",
                "domain": "play.example.com", "app": "live", "codec": "h264", "width": 250, "height": null, "fps": 30,
                "video_kbps": 900, "audio_kbps": null}])
    );
}

#[test]
fn a_rendition_is_found_by_the_name_of_its_template() {
    let script = there(&[rule("live", 1000), rule("live", 1001)])
        .answers("DescribeLiveTranscodeTemplates", json!({"TemplateType": 0}), json!({"Templates": [template()]}))
        .answers("DescribeLiveTranscodeTemplates", json!({"TemplateType": 1}), json!({"Templates": []}));
    assert_eq!(script.rows(show(&script, &at("play.example.com/live/#900m")))[0]["name"], "900m");
}

#[test]
fn a_bitrate_changes_and_the_encryption_stays() {
    let script = there(&[rule("live", 1000)]).answers(
        "ModifyLiveTranscodeTemplate",
        json!({"TemplateId": 1000, "VideoBitrate": 2000, "Width": 250, "Height": 0, "Fps": 30, "Gop": 3,
               "Acodec": "aac", "Profile": "main", "Description": "test", "BitrateToOrig": 0, "HeightToOrig": 0,
               "AudioBitrate": 0, "Rotate": 0, "AdaptBitratePercent": 0.0, "Vcodec": "H264", "NeedAudio": 1,
               "NeedVideo": 1, "FpsToOrig": 0, "DRMType": "normalaes", "DRMTracks": "SD"}),
        json!({}),
    );
    let args = TranscodeArgs { video_kbps: Some(2000), ..at("play.example.com/live/#1000") };
    let changed = script.changed(update(&script, &args));
    assert_eq!((changed.changes.len(), changed.changes[0].field.as_str()), (1, "video_kbps"));
    let script = there(&[rule("live", 1000)]);
    let same = TranscodeArgs { width: Some(250), name: Some("900m".into()), ..at("play.example.com/live/") };
    assert!(!script.changed(update(&script, &same)).changed);
    let script = there(&[rule("live", 1000)]);
    let renamed = TranscodeArgs { name: Some("other".into()), ..at("play.example.com/live/") };
    assert_eq!(script.run(update(&script, &renamed)).unwrap_err().class(), Class::Usage);
}

#[test]
fn a_rule_sends_its_empty_parts_and_its_template() {
    let whole = TranscodeArgs { target: Selector { app: None, ..new().target }, ..new() };
    let script = looked(&[])
        .answers(
            "CreateLiveTranscodeTemplate",
            json!({"TemplateName": "hd720", "Vcodec": "h264", "Width": 1280, "VideoBitrate": 1500,
                   "Description": "made-by-livectl"}),
            json!({"TemplateId": 1001}),
        )
        .answers(
            "CreateLiveTranscodeRule",
            json!({"DomainName": "play.example.com", "AppName": "", "StreamName": "", "TemplateId": 1001}),
            json!({}),
        );
    let changed = script.changed(add(&script, &whole));
    assert_eq!((changed.id.as_deref(), changed.name.as_deref()), (Some("play.example.com//#1001"), Some("hd720")));
    let script = there(&[rule("", 1000)]).answers(
        "DeleteLiveTranscodeRule",
        json!({"DomainName": "play.example.com", "AppName": "", "StreamName": "", "TemplateId": 1000}),
        json!({}),
    );
    script.changed(delete(&script, &at("play.example.com//")));
}

#[test]
fn a_name_that_is_taken_is_the_rendition_or_a_template_elsewhere() {
    let args = TranscodeArgs { name: Some("900m".into()), ..new() };
    for (rules, exists) in [(vec![rule("live", 1000)], true), (vec![rule("b", 1000)], false)] {
        let script = looked(&rules);
        let error = script.run(add(&script, &args)).unwrap_err();
        assert_eq!((error.class(), error.details().already_exists), (Class::Conflict, exists));
        script.finish();
    }
}

#[test]
fn what_tencent_needs_is_told_at_once() {
    let script = Script::new(VENDOR);
    let options = |args: &TranscodeArgs| {
        let error = script.run(add(&script, args)).unwrap_err();
        error.details().faults.iter().map(|fault| fault.option.clone()).collect::<Vec<_>>()
    };
    assert_eq!(options(&TranscodeArgs::default()), ["--domain", "--name", "--video-kbps"]);
    let args = TranscodeArgs { template: Some("x".into()), vhost: Some("v".into()), ..new() };
    let expected = ["--vhost", "--template", "--name", "--codec", "--width", "--video-kbps"];
    assert_eq!(options(&args), expected);
}
