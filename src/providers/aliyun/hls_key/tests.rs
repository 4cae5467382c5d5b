use serde_json::{Value, json};

use super::*;
use crate::model::Change;
use crate::providers::script::Script;

const KEY: &str = "afce5722-81d2-43c3-9930-7601da110000";

fn encryption(cycle: &str) -> Value {
    json!({"EncryptType": "aliyun", "KmsKeyID": KEY, "KmsKeyExpireInterval": cycle})
}

/// `EncryptParameters` as the reference's example writes it: a JSON text, the interval a text in it.
fn parameter(cycle: u64) -> String {
    format!(r#"{{"EncryptType":"aliyun","KmsKeyID":"{KEY}","KmsKeyExpireInterval":"{cycle}"}}"#)
}

fn standard(encryption: Value) -> Value {
    json!({
        "TranscodeApp": "live", "TranscodeName": "lsd", "TranscodeTemplate": "lsd", "IsLazy": true,
        "EncryptParameters": encryption,
    })
}

fn custom(encryption: Value) -> Value {
    json!({
        "TranscodeApp": "live", "TranscodeName": "hd720", "TranscodeTemplate": "hd720", "IsLazy": false,
        "EncryptParameters": encryption,
        "CustomTranscodeParameters": {
            "TemplateType": "h264", "FPS": 25, "Height": 720, "Width": 1280, "VideoBitrate": 2000, "Gop": "2",
            "VideoProfile": "high", "AudioCodec": "aac", "AudioRate": 44100, "AudioBitrate": 64, "AudioChannelNum": 2,
            "DeInterlaced": false, "Bframes": "3", "RtsFlag": "", "ResWithSource": {"Type": "short", "Value": "720"},
        },
    })
}

fn reading(script: Script, templates: &Value) -> Script {
    script.answers(
        "DescribeLiveStreamTranscodeInfo",
        json!({"DomainTranscodeName": "play.example.com"}),
        json!({"DomainTranscodeList": {"DomainTranscodeInfo": templates}}),
    )
}

fn args(template: &str) -> HlsKeyArgs {
    HlsKeyArgs {
        domain: Some("play.example.com".into()),
        app: Some("live".into()),
        template: Some(template.into()),
        ..HlsKeyArgs::default()
    }
}

fn cycling(template: &str, seconds: u64) -> HlsKeyArgs {
    HlsKeyArgs { cycle_seconds: Some(seconds), ..args(template) }
}

fn rotate<'a>(script: &'a Script, args: &'a HlsKeyArgs) -> impl Future<Output = Result<Answer>> + 'a {
    set(script, args, "rotating")
}

#[test]
fn templates_of_a_domain_are_rows() {
    let both = json!([standard(encryption("600")), custom(Value::Null)]);
    let script = reading(Script::new(VENDOR), &both);
    let asked = HlsKeyArgs { domain: Some("play.example.com".into()), ..HlsKeyArgs::default() };
    let rows = script.rows(show(&script, &asked));
    assert_eq!(
        rows[0],
        json!({"vendor": "aliyun", "profile": null, "scope": "template", "domain": "play.example.com", "app": "live",
               "template": "lsd", "key_url": null, "cycle_seconds": 600, "enabled": true})
    );
    assert_eq!((&rows[1]["enabled"], &rows[1]["cycle_seconds"]), (&json!(false), &Value::Null));

    let script = reading(Script::new(VENDOR), &both);
    assert_eq!(script.rows(show(&script, &args("hd720")))[0]["template"], "hd720");
    let script = reading(Script::new(VENDOR), &both);
    assert_eq!(script.run(show(&script, &args("nope"))).unwrap_err().class(), Class::NotFound);
}

#[test]
fn enabling_a_standard_template_keeps_whether_it_is_lazy() {
    let script = reading(Script::new(VENDOR), &json!([standard(Value::Null)])).answers(
        "UpdateLiveStreamTranscode",
        json!({
            "Domain": "play.example.com", "App": "live", "Template": "lsd", "Lazy": "yes",
            "EncryptParameters": parameter(3600),
        }),
        json!({}),
    );
    let asked = HlsKeyArgs { kms_key_id: Some(KEY.into()), ..args("lsd") };
    let changed = script.changed(enable(&script, &asked));
    assert_eq!((changed.id.as_deref(), changed.name.as_deref()), (Some("play.example.com/live/#lsd"), Some("lsd")));
    assert_eq!(
        changed.changes,
        [
            Change::new("enabled", false, true),
            Change::new("kms_key_id", Value::Null, KEY),
            Change::new("cycle_seconds", Value::Null, 3600),
        ]
    );
    assert_eq!((script.notes.borrow().len(), script.questions.borrow().len()), (1, 0));
}

#[test]
fn enabling_a_custom_template_sends_all_of_it_back() {
    let script = reading(Script::new(VENDOR), &json!([custom(json!({}))])).answers(
        "UpdateCustomLiveStreamTranscode",
        json!({
            "Domain": "play.example.com", "App": "live", "Template": "hd720", "Lazy": "no", "TemplateType": "h264",
            "FPS": 25, "Height": 720, "Width": 1280, "VideoBitrate": 2000, "Gop": "2", "Profile": 3,
            "AudioCodec": "aac", "AudioRate": 44100, "AudioBitrate": 64, "AudioChannelNum": 2, "DeInterlaced": false,
            "ResWithSource": r#"{"Type":"short","Value":"720"}"#,
            "EncryptParameters": parameter(60),
        }),
        json!({}),
    );
    let asked = HlsKeyArgs { kms_key_id: Some(KEY.into()), ..cycling("hd720", 60) };
    assert!(script.changed(enable(&script, &asked)).changed);
    assert!(script.notes.borrow().is_empty());
}

#[test]
fn what_encrypts_already_needs_no_key_and_no_request() {
    let script = reading(Script::new(VENDOR), &json!([standard(encryption("600"))]));
    assert!(!script.changed(enable(&script, &args("lsd"))).changed);

    let script = reading(Script::new(VENDOR), &json!([standard(Value::Null)]));
    let error = script.run(enable(&script, &args("lsd"))).unwrap_err();
    assert_eq!((error.class(), error.details().faults[0].option.as_str()), (Class::Usage, "--kms-key-id"));
}

#[test]
fn rotating_reads_asks_sets_and_reads_back() {
    let script = reading(Script::new(VENDOR), &json!([standard(encryption("3600"))])).answers(
        "UpdateLiveStreamTranscode",
        json!({
            "Domain": "play.example.com", "App": "live", "Template": "lsd", "Lazy": "yes",
            "EncryptParameters": parameter(600),
        }),
        json!({}),
    );
    let script = reading(script, &json!([standard(encryption("600"))]));
    let asked = cycling("lsd", 600);
    let changed = script.changed(rotate(&script, &asked));
    assert_eq!(changed.changes, [Change::new("cycle_seconds", 3600, 600)]);
    assert_eq!(
        *script.questions.borrow(),
        ["change the encryption of HLS by transcode template `lsd` of play.example.com/live"]
    );
    assert_eq!(script.actions().len(), 3);

    let script = reading(Script::new(VENDOR), &json!([standard(encryption("600"))]));
    assert!(!script.changed(rotate(&script, &asked)).changed);
    assert!(script.questions.borrow().is_empty());
}

fn disabling(script: Script) -> Script {
    reading(script, &json!([standard(encryption("600"))])).answers(
        "UpdateLiveStreamTranscode",
        json!({
            "Domain": "play.example.com", "App": "live", "Template": "lsd", "Lazy": "yes", "EncryptParameters": "{}",
        }),
        json!({}),
    )
}

#[test]
fn disabling_asks_and_looks_whether_it_was_understood() {
    let script = reading(disabling(Script::new(VENDOR)), &json!([standard(json!({}))]));
    let changed = script.changed(disable(&script, &args("lsd")));
    assert_eq!(changed.changes.len(), 3);
    assert_eq!(script.questions.borrow().len(), 1);

    let script = reading(disabling(Script::new(VENDOR)), &json!([standard(encryption("600"))]));
    let error = script.run(disable(&script, &args("lsd"))).unwrap_err();
    assert_eq!((error.class(), error.details().outcome), (Class::Differs, Some(Outcome::Applied)));

    let script = disabling(Script::new(VENDOR)).dry();
    assert!(script.changed(disable(&script, &args("lsd"))).changed);

    let script = reading(Script::new(VENDOR), &json!([standard(Value::Null)]));
    assert!(!script.changed(disable(&script, &args("lsd"))).changed);
}

#[test]
fn setting_wants_a_template_that_encrypts_by_hls() {
    let script = reading(Script::new(VENDOR), &json!([standard(Value::Null)]));
    let asked = cycling("lsd", 600);
    assert_eq!(script.run(rotate(&script, &asked)).unwrap_err().class(), Class::Conflict);

    let other = json!({"EncryptType": "drm", "KmsKeyID": "k"});
    let script = reading(Script::new(VENDOR), &json!([standard(other)]));
    let error = script.run(rotate(&script, &asked)).unwrap_err();
    assert_eq!(error.class(), Class::Conflict);
    assert!(error.to_string().contains("`drm`"));
}

#[test]
fn all_that_is_missing_or_wrong_is_told_at_once() {
    let script = Script::new(VENDOR);
    let asked = HlsKeyArgs {
        key_url: Some("https://kms.example.com/?".into()),
        cycle_seconds: Some(59),
        ..HlsKeyArgs::default()
    };
    let options = |error: &Error| error.details().faults.iter().map(|f| f.option.clone()).collect::<Vec<_>>();
    let error = script.run(enable(&script, &asked)).unwrap_err();
    assert_eq!(options(&error), ["--cycle", "--key-url", "--domain", "--app", "--template", "--kms-key-id"]);
    let error = script.run(rotate(&script, &HlsKeyArgs::default())).unwrap_err();
    assert_eq!(options(&error), ["--domain", "--app", "--template", "--cycle or --kms-key-id"]);
    assert!(matches!(support(HlsKeyVerb::Get), Support::Cannot { .. }));
}
