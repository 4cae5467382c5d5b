use serde_json::json;

use super::*;
use crate::providers::script::Script;

fn template(scheme: Value, tracks: Value) -> Value {
    json!({"Template": {
        "Profile": "main", "AudioBitrate": 128, "Rotate": 0, "BitrateToOrig": 0, "TemplateName": "hd720",
        "VideoBitrate": 1500, "ShortEdgeAsHeight": null, "Vcodec": "h264", "AdaptBitratePercent": 0.1,
        "AiTransCode": 0, "Height": 720, "Width": 0, "NeedAudio": 1, "FpsToOrig": 0, "Fps": 25, "TemplateId": 1000,
        "Description": "", "HeightToOrig": 0, "NeedVideo": 1, "Gop": 0, "Acodec": "aac",
        "DRMType": scheme, "DRMTracks": tracks, "AudienceThreshold": 0,
    }})
}

/// The template as `ModifyLiveTranscodeTemplate` takes it back: no name and no `AiTransCode` (they cannot be
/// changed), and without what is not set: `Gop` begins at 2, `AudienceThreshold` at 100.
fn sent(scheme: &str, tracks: &str) -> Value {
    json!({
        "TemplateId": 1000, "Vcodec": "h264", "Acodec": "aac", "AudioBitrate": 128, "VideoBitrate": 1500, "Width": 0,
        "NeedVideo": 1, "NeedAudio": 1, "Height": 720, "Fps": 25, "Rotate": 0, "Profile": "main", "BitrateToOrig": 0,
        "HeightToOrig": 0, "FpsToOrig": 0, "AdaptBitratePercent": 0.1, "DRMType": scheme, "DRMTracks": tracks,
    })
}

fn args() -> HlsKeyArgs {
    HlsKeyArgs { template: Some("1000".into()), ..HlsKeyArgs::default() }
}

fn reading(scheme: Value, tracks: Value) -> Script {
    Script::new(VENDOR).answers("DescribeLiveTranscodeTemplate", json!({"TemplateId": 1000}), template(scheme, tracks))
}

#[test]
fn every_template_is_a_row_and_one_is_one() {
    let all = [
        template(json!("normalaes"), json!("SD")),
        template(json!("widevine"), json!("HD")),
        template(Value::Null, Value::Null),
    ];
    let all: Vec<Value> = all.iter().map(|one| one["Template"].clone()).collect();
    let script = Script::new(VENDOR).answers("DescribeLiveTranscodeTemplates", json!({}), json!({"Templates": all}));
    let rows = script.rows(show(&script, &HlsKeyArgs::default()));
    assert_eq!(
        rows[0],
        json!({"vendor": "tencent", "profile": null, "scope": "template", "domain": null, "app": null,
               "template": "1000", "key_url": null, "cycle_seconds": null, "enabled": true})
    );
    assert_eq!((&rows[1]["enabled"], &rows[2]["enabled"]), (&json!(false), &json!(false)));

    let script = reading(json!("normalaes"), json!("SD"));
    assert_eq!(script.rows(show(&script, &args())).as_array().map(Vec::len), Some(1));
}

#[test]
fn enabling_sends_the_whole_template_back() {
    let script = reading(json!(""), json!("")).answers(UPDATE, sent("normalaes", "AUDIO|HD"), json!({}));
    let asked = HlsKeyArgs { tracks: Some("audio|hd".into()), ..args() };
    let changed = script.changed(enable(&script, &asked));
    assert_eq!((changed.id.as_deref(), changed.name.as_deref()), (Some("1000"), Some("hd720")));
    assert_eq!(changed.changes, [Change::new("enabled", false, true), Change::new("tracks", Value::Null, "AUDIO|HD")]);
    assert!(script.notes.borrow().is_empty());
}

#[test]
fn without_tracks_the_usual_one_is_taken_and_told() {
    let script = reading(Value::Null, Value::Null).answers(UPDATE, sent("normalaes", "SD"), json!({}));
    assert!(script.changed(enable(&script, &args())).changed);
    assert_eq!(script.notes.borrow().len(), 1);
}

#[test]
fn what_is_on_stays_on_with_its_tracks() {
    for tracks in [None, Some("HD|AUDIO")] {
        let script = reading(json!("normalaes"), json!("AUDIO|HD"));
        let asked = HlsKeyArgs { tracks: tracks.map(str::to_owned), ..args() };
        assert!(!script.changed(enable(&script, &asked)).changed, "{tracks:?}");
    }
}

#[test]
fn disabling_asks_and_clears_both_fields() {
    let script = reading(json!("normalaes"), json!("SD")).answers(UPDATE, sent("", ""), json!({}));
    let changed = script.changed(disable(&script, &args()));
    assert_eq!(changed.changes, [Change::new("enabled", true, false), Change::new("tracks", "SD", Value::Null)]);
    assert_eq!(script.questions.borrow().len(), 1);

    let script = reading(Value::Null, json!(""));
    assert!(!script.changed(disable(&script, &args())).changed);
    assert!(script.questions.borrow().is_empty());
}

#[test]
fn commercial_drm_is_never_replaced() {
    for scheme in ["fairplay", "widevine"] {
        let script = reading(json!(scheme), json!("SD"));
        let error = script.run(enable(&script, &args())).unwrap_err();
        assert_eq!(error.class(), Class::Conflict);
        assert!(error.to_string().contains(scheme));
        let script = reading(json!(scheme), json!("SD"));
        assert_eq!(script.run(disable(&script, &args())).unwrap_err().class(), Class::Conflict);
    }
}

#[test]
fn tracks_are_audio_and_at_most_one_video() {
    for (given, expected) in [
        ("SD", Some("SD")),
        ("audio | uhd1", Some("AUDIO|UHD1")),
        ("AUDIO,HD", Some("AUDIO|HD")),
        ("AUDIO", Some("AUDIO")),
    ] {
        assert_eq!(tracks(given).ok().as_deref(), expected, "{given}");
    }
    for given in ["", "SD|HD", "4K", "AUDIO|AUDIO", "SD|"] {
        assert!(tracks(given).is_err(), "{given}");
    }
}

#[test]
fn options_of_others_and_odd_values_are_refused_together() {
    let script = Script::new(VENDOR);
    let asked = HlsKeyArgs {
        template: Some("hd720".into()),
        domain: Some("a.com".into()),
        cycle_seconds: Some(600),
        tracks: Some("SD|HD".into()),
        ..HlsKeyArgs::default()
    };
    let error = script.run(enable(&script, &asked)).unwrap_err();
    let options: Vec<&str> = error.details().faults.iter().map(|fault| fault.option.as_str()).collect();
    assert_eq!(options, ["--template", "--domain", "--cycle", "--tracks"]);
    for verb in [HlsKeyVerb::Set, HlsKeyVerb::Rotate, HlsKeyVerb::Get] {
        assert!(matches!(support(verb), Support::Cannot { .. }));
    }
}
