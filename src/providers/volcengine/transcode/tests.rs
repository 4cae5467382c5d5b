use super::*;
use crate::error::{Class, Outcome};
use crate::model::{Change, Selector};
use crate::providers::script::Script;

fn script() -> Script {
    Script::new(VENDOR)
}

/// Everything is in the domain space `space`, named without a look-up.
fn args(id: &str) -> TranscodeArgs {
    let target = Selector { id: Some(id.into()), ..Selector::default() };
    TranscodeArgs { target, vhost: Some("space".into()), ..TranscodeArgs::default() }
}

fn preset(suffix: &str, app: &str) -> Value {
    json!({"Vhost": "space", "App": app, "TranscodePreset": {
        "Preset": format!("made-{suffix}"), "SuffixName": suffix, "Vcodec": "h264", "Acodec": "aac", "Width": 1280,
        "Height": 720, "FPS": 25, "VideoBitrate": 1500, "AudioBitrate": 128, "GOP": 4, "BFrames": 0, "As": "0",
        "StopInterval": 60, "TransType": "Push", "Roi": false, "LongSide": 0, "ShortSide": 0, "ParamType": "x",
    }})
}

fn listed(script: Script, items: &[Value]) -> Script {
    script.answers("ListVhostTransCodePreset", json!({"Vhost": "space"}), json!({"AllPresetList": items}))
}

fn options(error: &Error) -> Vec<&str> {
    error.details().faults.iter().map(|fault| fault.option.as_str()).collect()
}

#[test]
fn adding_sends_bits_for_kilobits() {
    let sent = json!({"Vhost": "space", "App": "live", "SuffixName": "hd720", "Vcodec": "h264", "Width": 1280,
                      "Height": 720, "FPS": 25, "VideoBitrate": 1_500_000, "AudioBitrate": 96});
    let script = script().answers("CreateTranscodePreset", sent, json!({"PresetName": "p-1"}));
    let args = TranscodeArgs {
        name: Some("hd720".into()),
        codec: Some("h264".into()),
        width: Some(1280),
        height: Some(720),
        fps: Some(25),
        video_kbps: Some(1500),
        audio_kbps: Some(96),
        ..args("space/live")
    };
    let changed = script.changed(add(&script, &args));
    assert_eq!((changed.id.as_deref(), changed.name.as_deref()), (Some("space/live/#hd720"), Some("hd720")));
    assert!(changed.changes.contains(&Change::new("video_kbps", Value::Null, 1500)));
}

#[test]
fn all_that_is_missing_or_wrong_is_told_at_once() {
    let script = script();
    let error = script.run(add(&script, &TranscodeArgs::default())).unwrap_err();
    assert_eq!(options(&error), ["--app", "--name", "--codec", "--domain"]);
    assert_eq!(error.details().hints, [space::WHICH]);

    let args = TranscodeArgs {
        name: Some("elevenchars".into()),
        codec: Some("av1".into()),
        width: Some(1921),
        fps: Some(61),
        video_kbps: Some(30_001),
        audio_kbps: Some(1001),
        shared: true,
        ..args("space//s1")
    };
    let error = script.run(add(&script, &args)).unwrap_err();
    let expected =
        ["--stream", "--name", "--codec", "--shared", "--width", "--fps", "--video-kbps", "--audio-kbps", "--app"];
    assert_eq!(options(&error), expected);
    let allowed = |at: usize| error.details().faults[at].allowed.as_str();
    assert_eq!((allowed(2), allowed(6)), ("h264, h265, h266, copy", "at most 30000"));
    assert!(script.calls.borrow().is_empty());
}

#[test]
fn rates_are_kilobits_whatever_the_list_says_and_unset_is_nothing() {
    let mut bits = preset("bits", "live");
    bits["TranscodePreset"]["VideoBitrate"] = json!(800_000);
    bits["TranscodePreset"]["Width"] = json!(0);
    let script = listed(script(), &[preset("hd", "live"), bits]);
    let rows = script.rows(list(&script, &args("space")));
    assert_eq!(
        rows[0],
        json!({"vendor": "volcengine", "profile": null, "id": "space/live/#hd", "name": "hd", "domain": "space",
               "app": "live", "codec": "h264", "width": 1280, "height": 720, "fps": 25, "video_kbps": 1500,
               "audio_kbps": 128})
    );
    assert_eq!((&rows[1]["video_kbps"], &rows[1]["width"]), (&json!(800), &Value::Null));
}

#[test]
fn a_rendition_is_found_by_its_suffix_or_by_the_name_of_its_preset() {
    for selector in ["space/live/#hd", "space/live/#made-hd", "space/live"] {
        let script = listed(script(), &[preset("hd", "live"), preset("hd", "other")]);
        assert_eq!(script.rows(show(&script, &args(selector)))[0]["id"], "space/live/#hd", "{selector}");
    }
    let script = listed(script(), &[preset("hd", "live"), preset("hd", "other")]);
    let error = script.run(show(&script, &args("space//#hd"))).unwrap_err();
    assert!(error.class() == Class::Usage && error.details().hints[0].contains("space/other/#hd"));
    let script = listed(self::script(), &[]);
    assert_eq!(script.run(show(&script, &args("space/live/#hd"))).unwrap_err().class(), Class::NotFound);
}

#[test]
fn an_update_sends_back_what_is_not_named() {
    let sent = json!({"Vhost": "space", "App": "live", "Preset": "made-hd", "SuffixName": "hd", "Vcodec": "h265",
                      "Acodec": "aac", "Width": 1280, "Height": 720, "FPS": 25, "VideoBitrate": 2_000_000,
                      "AudioBitrate": 128, "GOP": 4, "BFrames": 0, "As": "0", "StopInterval": 60,
                      "TransType": "Push", "Roi": false, "LongSide": 0, "ShortSide": 0});
    let script = listed(script(), &[preset("hd", "live")]).answers("UpdateTranscodePreset", sent.clone(), Value::Null);
    let wanted = TranscodeArgs { video_kbps: Some(2000), codec: Some("h265".into()), ..args("space/live/#hd") };
    let changed = script.changed(update(&script, &wanted));
    assert_eq!(changed.changes, [Change::new("codec", "h264", "h265"), Change::new("video_kbps", 1500, 2000)]);

    let mut renamed = sent;
    renamed["SuffixName"] = json!("full");
    renamed["Vcodec"] = json!("h264");
    renamed["VideoBitrate"] = json!(1_500_000);
    let script = listed(self::script(), &[preset("hd", "live")]).answers("UpdateTranscodePreset", renamed, Value::Null);
    let wanted = TranscodeArgs { name: Some("full".into()), ..args("space/live/#hd") };
    assert_eq!(script.changed(update(&script, &wanted)).id.as_deref(), Some("space/live/#full"));
}

#[test]
fn an_update_that_changes_nothing_sends_nothing() {
    let script = listed(script(), &[preset("hd", "live")]);
    let wanted = TranscodeArgs { video_kbps: Some(1500), height: Some(720), ..args("space/live/#hd") };
    let changed = script.changed(update(&script, &wanted));
    assert!(!changed.changed && changed.action.is_none());
}

#[test]
fn deleting_asks_and_names_the_preset() {
    let address = json!({"Vhost": "space", "App": "live", "Preset": "made-hd"});
    let script = listed(script(), &[preset("hd", "live")]).answers("DeleteTranscodePreset", address, Value::Null);
    assert!(script.changed(delete(&script, &args("space/live/#hd"))).changed);
    assert_eq!(*script.questions.borrow(), ["delete the rendition space/live/#hd"]);

    let script = listed(self::script().unwilling(), &[preset("hd", "live")]);
    assert!(script.run(delete(&script, &args("space/live/#hd"))).is_err());
    assert_eq!(script.actions(), ["ListVhostTransCodePreset"]);
}

#[test]
fn a_refused_rendition_that_is_there_is_a_conflict() {
    let refusal = Error::new(Class::Usage, "no").outcome(Outcome::Refused);
    let sent = json!({"Vhost": "space", "App": "live", "SuffixName": "hd", "Vcodec": "copy"});
    let args = TranscodeArgs { name: Some("hd".into()), codec: Some("copy".into()), ..args("space/live") };
    for (app, class) in [("live", Class::Conflict), ("other", Class::Usage)] {
        let script = script().fails("CreateTranscodePreset", sent.clone(), refusal.clone());
        let script = listed(script, &[preset("hd", app)]);
        let error = script.run(add(&script, &args)).unwrap_err();
        assert_eq!((error.class(), error.details().already_exists), (class, class == Class::Conflict));
    }
}
