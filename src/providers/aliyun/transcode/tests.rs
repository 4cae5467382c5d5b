use serde_json::json;

use super::*;
use crate::error::Class;
use crate::model::{Change, Selector};
use crate::providers::script::Script;

fn at(id: &str) -> TranscodeArgs {
    TranscodeArgs { target: Selector { id: Some(id.into()), ..Selector::default() }, ..TranscodeArgs::default() }
}

fn options(error: &Error) -> Vec<&str> {
    error.details().faults.iter().map(|fault| fault.option.as_str()).collect()
}

fn own(name: &str) -> Value {
    json!({
        "TranscodeApp": "live", "TranscodeName": "play.example.com", "TranscodeTemplate": name, "IsLazy": false,
        "CustomTranscodeParameters": {
            "TemplateType": "h264", "Width": 1280, "Height": 720, "FPS": 25, "VideoBitrate": 1500, "AudioBitrate": 0,
            "Gop": "2", "VideoProfile": "3", "Bframes": "2", "ResWithSource": {"Type": "short", "Value": "720"},
        },
        "EncryptParameters": {"EncryptType": "aliyun", "KmsKeyID": "k1", "KmsKeyExpireInterval": "3600"},
    })
}

fn reading() -> Script {
    let standard = json!({"TranscodeApp": "live", "TranscodeName": "play.example.com", "TranscodeTemplate": "ld"});
    Script::new(VENDOR).answers(
        "DescribeLiveStreamTranscodeInfo",
        json!({"DomainTranscodeName": "play.example.com"}),
        json!({"DomainTranscodeList": {"DomainTranscodeInfo": [standard, own("hd720")]}}),
    )
}

#[test]
fn custom_and_standard_templates_are_rows() {
    let script = reading();
    let rows = script.rows(list(&script, &at("play.example.com")));
    assert_eq!(
        rows,
        json!([
            {"vendor": "aliyun", "profile": null, "id": "play.example.com/live/#ld", "name": "ld",
             "domain": "play.example.com", "app": "live", "codec": null, "width": null, "height": null, "fps": null,
             "video_kbps": null, "audio_kbps": null},
            {"vendor": "aliyun", "profile": null, "id": "play.example.com/live/#hd720", "name": "hd720",
             "domain": "play.example.com", "app": "live", "codec": "h264", "width": 1280, "height": 720, "fps": 25,
             "video_kbps": 1500, "audio_kbps": null},
        ])
    );
}

#[test]
fn adding_makes_a_custom_template() {
    let script = Script::new(VENDOR).answers(
        "AddCustomLiveStreamTranscode",
        json!({"Domain": "play.example.com", "App": "live", "Template": "hd720", "TemplateType": "h264",
               "Width": 1280, "Height": 720, "FPS": 25, "VideoBitrate": 1500}),
        json!({}),
    );
    let asked = TranscodeArgs {
        name: Some("hd720".into()),
        codec: Some("h264".into()),
        width: Some(1280),
        height: Some(720),
        fps: Some(25),
        video_kbps: Some(1500),
        ..at("play.example.com/live")
    };
    let changed = script.changed(add(&script, &asked));
    assert_eq!(changed.id.as_deref(), Some("play.example.com/live/#hd720"));
    assert_eq!((changed.name.as_deref(), changed.changes.len()), (Some("hd720"), 8));
}

#[test]
fn what_a_rendition_lacks_or_aliyun_cannot_is_refused() {
    let script = Script::new(VENDOR);
    let error = script.run(add(&script, &TranscodeArgs::default())).unwrap_err();
    assert_eq!(options(&error), ["--domain", "--app", "--name", "--codec"]);
    let asked = TranscodeArgs {
        name: Some("ld".into()),
        codec: Some("h264".into()),
        vhost: Some("v".into()),
        ..at("play.example.com/*/s1")
    };
    let error = script.run(add(&script, &asked)).unwrap_err();
    assert_eq!(options(&error), ["--stream", "--vhost", "--app", "--name"]);
    assert_eq!(script.run(show(&script, &at("/live"))).unwrap_err().class(), Class::Usage);
}

#[test]
fn an_update_sends_back_what_is_not_named_and_the_encryption() {
    let script = reading().answers(
        "UpdateCustomLiveStreamTranscode",
        json!({
            "Domain": "play.example.com", "App": "live", "Template": "hd720", "TemplateType": "h264", "Width": 1280,
            "Height": 720, "FPS": 25, "VideoBitrate": 2000, "Gop": "2", "Profile": 3, "Lazy": "no",
            "ResWithSource": r#"{"Type":"short","Value":"720"}"#,
            "EncryptParameters": r#"{"EncryptType":"aliyun","KmsKeyID":"k1","KmsKeyExpireInterval":"3600"}"#,
        }),
        json!({}),
    );
    let asked = TranscodeArgs { video_kbps: Some(2000), ..at("play.example.com/live/#hd720") };
    let changed = script.changed(update(&script, &asked));
    assert_eq!(changed.changes, [Change::new("video_kbps", 1500, 2000)]);

    let script = reading();
    let asked = TranscodeArgs { video_kbps: Some(1500), name: Some("hd720".into()), ..at("play.example.com//#hd720") };
    assert!(!script.changed(update(&script, &asked)).changed);
}

#[test]
fn names_and_standard_templates_stay() {
    let script = reading();
    let asked = TranscodeArgs { name: Some("other".into()), ..at("play.example.com/live/#hd720") };
    assert_eq!(options(&script.run(update(&script, &asked)).unwrap_err()), ["--name"]);
    let script = reading();
    let asked = TranscodeArgs { fps: Some(30), ..at("play.example.com/live/#ld") };
    let error = script.run(update(&script, &asked)).unwrap_err();
    assert_eq!(error.class(), Class::Usage);
    assert!(error.details().hints[1].contains("livectl transcode standard update"));
}

#[test]
fn deleting_asks_and_one_is_meant() {
    let script = reading().answers(
        "DeleteLiveStreamTranscode",
        json!({"Domain": "play.example.com", "App": "live", "Template": "hd720"}),
        json!({}),
    );
    let changed = script.changed(delete(&script, &at("play.example.com/live/#hd720")));
    assert_eq!(changed.changes.len(), 8);
    assert_eq!(*script.questions.borrow(), ["delete the rendition play.example.com/live/#hd720"]);
    let script = reading();
    let error = script.run(delete(&script, &at("play.example.com/live"))).unwrap_err();
    assert!(error.details().hints[0].contains("play.example.com/live/#ld"), "{error:?}");
}
