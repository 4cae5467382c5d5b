//! Volcengine's recordings, renditions, callbacks, streams and certificates, in the sandbox, as a user meets them.

use serde_json::{Value, json};

use crate::assert_run;
use crate::harness::World;

/// A world whose account has a push domain and a playback domain in the domain space `example.com`.
fn world() -> World {
    let world = World::sandbox("volcengine");
    world.run("domain add push.example.com --type push --area mainland").ok();
    world.run("domain add play.example.com --type play --area mainland").ok();
    world
}

fn fields(changed: &Value) -> Vec<&str> {
    changed["changes"].as_array().unwrap().iter().map(|change| change["field"].as_str().unwrap()).collect()
}

fn options(error: &Value) -> Vec<&str> {
    error["faults"].as_array().unwrap().iter().map(|fault| fault["option"].as_str().unwrap()).collect()
}

/// The error of a command that must end with this exit code.
#[track_caller]
fn refused(world: &World, line: &str, code: i32) -> Value {
    let line = line.trim_end_matches(" -o json");
    world.run(&format!("{line} -o json")).fails(code).error()
}

/// What a change prints when nothing needs to change.
fn untouched(id: &str, name: Value) -> Value {
    json!({"vendor": "volcengine", "profile": null, "action": null, "id": id, "name": name, "changed": false,
           "changes": [], "request_id": null})
}

#[test]
fn a_recording_is_added_found_changed_and_deleted() {
    let world = world();
    assert_run!(world.run("record list").ok());
    let add = "record add --domain push.example.com --app live --format hls,mp4 --segment 30m --storage tos://bucket/rec -o json";
    let made = world.run(add).ok().json();
    assert_eq!((&made["id"], &made["name"]), (&json!("example.com/live/#record-1"), &json!("record-1")));
    assert_eq!(fields(&made), ["domain", "app", "formats", "segment_seconds", "storage"]);
    assert_eq!(refused(&world, add, 5)["class"], "conflict");
    assert_eq!(world.run(&format!("{add} --if-not-exists")).ok().json()["changed"], false);
    world.run("record add --domain play.example.com --app live --stream s1 --format flv --storage vod://films").ok();
    assert_run!(world.run("record list").ok());

    let id = "example.com/live/#record-1";
    let row = json!({"vendor": "volcengine", "profile": null, "id": id, "domain": "example.com", "app": "live",
                     "stream": null, "formats": ["hls", "mp4"], "segment_seconds": 1800,
                     "storage": "tos://bucket/rec", "created_at": null});
    for selector in [id, "push.example.com/live/#record-1", "/live/#record-1 --vhost example.com"] {
        assert_eq!(world.run(&format!("record show {selector} -o json")).ok().json(), row, "{selector}");
    }
    assert_run!(world.run("record show push.example.com/live").fails(2));

    let update = "record update push.example.com/live/s1 --segment 1h --storage tos://other/dir -o json";
    let changed = world.run(update).ok().json();
    assert_eq!(
        changed["changes"],
        json!([{"field": "segment_seconds", "from": 7200, "to": 3600},
               {"field": "storage", "from": "vod://films", "to": "tos://other/dir"}])
    );
    let id = "example.com/live/s1#record-2";
    assert_eq!(world.run(update).ok().json(), untouched(id, json!("record-2")));
    let kept =
        world.run(&format!("record show {id} --raw --jq .SlicePresetV2.RecordPresetConfig.FlvParam")).ok().json();
    assert_eq!((&kept["RealtimeRecordDuration"], &kept["VODParam"]["Enable"]), (&json!(1800), &json!(false)));

    let dry = world.run(&format!("record delete {id} --dry-run --exit-code"));
    assert_eq!(dry.code, 10, "{dry}");
    let dry = dry.json();
    assert_eq!(dry["body"], json!({"Vhost": "example.com", "App": "live", "Stream": "s1", "Preset": "record-2"}));
    world.run(&format!("record delete {id}")).ok();
    assert_eq!(refused(&world, &format!("record delete {id}"), 4)["class"], "not-found");
    assert_eq!(world.run(&format!("record delete {id} --if-exists -o json")).ok().json()["changed"], false);
}

#[test]
fn what_a_recording_lacks_is_told_at_once() {
    let world = world();
    assert_run!(world.run("record add --stream s1 --format aac,mp4 --segment 1m --template 7").fails(2));
    let aliyuns = "record add --domain push.example.com --app live --format mp4 --storage oss://bucket/rec?endpoint=oss-cn-shanghai.aliyuncs.com";
    assert_eq!(options(&refused(&world, aliyuns, 2)), ["--storage"]);
    let line = "record add --domain nobody.example.net --app live --format mp4 --storage tos://b/d";
    assert_run!(world.run(line).fails(4));
    assert_run!(world.run("record update push.example.com/live/ --segment 1h").fails(4));
}

#[test]
fn a_rendition_is_added_found_changed_and_deleted() {
    let world = world();
    let add = "transcode add --domain play.example.com --app live --name hd720 --codec h264 --width 1280 --height 720 --fps 25 --video-kbps 1500 -o json";
    let made = world.run(add).ok().json();
    let id = "example.com/live/#hd720";
    assert_eq!((&made["id"], &made["action"]), (&json!(id), &json!("CreateTranscodePreset")));
    assert_eq!(refused(&world, add, 5)["class"], "conflict");
    assert_eq!(world.run(&format!("{add} --if-not-exists")).ok().json()["changed"], false);
    assert_run!(world.run("transcode list").ok());
    let row = json!({"vendor": "volcengine", "profile": null, "id": id, "name": "hd720", "domain": "example.com",
                     "app": "live", "codec": "h264", "width": 1280, "height": 720, "fps": 25, "video_kbps": 1500,
                     "audio_kbps": 128});
    for selector in [id, "play.example.com/live/#hd720", "--domain push.example.com --app live"] {
        assert_eq!(world.run(&format!("transcode show {selector} -o json")).ok().json(), row, "{selector}");
    }
    let update = "transcode update play.example.com/live/#hd720 --video-kbps 2000 -o json";
    let dry = world.run(&format!("{update} --dry-run")).ok().json();
    assert_eq!((&dry["body"]["VideoBitrate"], &dry["body"]["StopInterval"]), (&json!(2_000_000), &json!(60)));
    assert_eq!(world.run(update).ok().json()["changes"], json!([{"field": "video_kbps", "from": 1500, "to": 2000}]));
    assert_eq!(world.run(update).ok().json(), untouched(id, json!("hd720")));
    assert_run!(world.run("transcode add --name elevenchars --codec av1 --video-kbps 30001").fails(2));
    world.run("transcode delete play.example.com/live/#hd720").ok();
    assert_run!(world.run("transcode delete play.example.com/live/#hd720").fails(4));
}

#[test]
fn callbacks_are_set_shown_changed_and_deleted_and_their_key_stays_hidden() {
    let world = world();
    world.write("key.txt", "sesame-sesame\n");
    let set = "callback set --domain push.example.com --app live --event stream-begin,stream-end --url http://hooks.example.com/live --key @key.txt -o json";
    let made = world.run(set).ok();
    assert!(!made.stdout.contains("sesame") && !made.stderr.contains("sesame"), "{made}");
    let made = made.json();
    assert_eq!((&made["id"], &made["action"]), (&json!("example.com/live/"), &json!("UpdateCallback")));
    assert_eq!(
        fields(&made),
        [
            "stream-begin.url",
            "stream-begin.auth",
            "stream-begin.key",
            "stream-end.url",
            "stream-end.auth",
            "stream-end.key"
        ]
    );
    assert_eq!(world.run(set).ok().json(), untouched("example.com/live/", Value::Null));
    assert_run!(world.run("callback list").ok());

    let one = "push.example.com/live/#stream-begin";
    let moved = format!("callback set {one} --event stream-begin --url https://new.example.com/hook");
    let dry = world.run(&format!("{moved} --dry-run")).ok().json();
    // The key that is not named is sent back.
    assert_eq!((&dry["body"]["AuthEnable"], &dry["body"]["AuthKeyPrimary"]), (&json!(true), &json!("***")));
    assert_eq!(fields(&dry), ["stream-begin.url"]);
    world.run(&moved).ok();
    let shown = world.run(&format!("callback show {one} -o json")).ok().json();
    assert_eq!(
        shown,
        json!({"vendor": "volcengine", "profile": null, "id": "example.com/live/#stream-begin",
               "domain": "example.com", "app": "live", "event": "stream-begin",
               "url": "https://new.example.com/hook", "auth": true})
    );
    let raw = world.run("callback list --raw").ok();
    assert!(raw.stdout.contains("AuthKeyPrimary") && !raw.stdout.contains("sesame"), "{raw}");
    assert_eq!(
        world.run(&format!("callback show {one} --raw --reveal --jq .AuthKeyPrimary")).ok().stdout,
        "sesame-sesame\n"
    );

    assert_run!(world.run("callback show push.example.com/live/").fails(2));
    assert_run!(world.run("callback set push.example.com/live/s1 --event relay --url ftp://x").fails(2));
    world.run("callback delete push.example.com/live --event stream-end").ok();
    assert_eq!(refused(&world, "callback delete push.example.com/live --event stream-end", 4)["class"], "not-found");
    assert_eq!(world.run("callback list -o json").ok().json().as_array().unwrap().len(), 1);
    world.run("callback delete push.example.com/live").ok();
    assert_run!(world.run("callback list").ok());
}

#[test]
fn a_stream_is_live_forbidden_resumed_and_dropped() {
    let world = world();
    let stream = "push.example.com/live/s1";
    let state = || world.run(&format!("stream show {stream} --jq .state")).ok().stdout;
    assert_eq!(state(), "offline\n");
    world.run(&format!("sandbox publish {stream}")).ok();
    assert_eq!(state(), "live\n");
    let row = &world.run("stream list -o json").ok().json()[0];
    assert!(row["since"].as_str().unwrap().ends_with('Z'), "{row}");
    assert_eq!(
        (&row["domain"], &row["state"], &row["until"]),
        (&json!("push.example.com"), &json!("live"), &Value::Null)
    );

    let dry = world.run(&format!("stream forbid {stream} --until +1d --priority 3 --dry-run")).ok().json();
    assert_eq!((&dry["body"]["Domain"], &dry["body"]["Priority"]), (&json!("push.example.com"), &json!(3)));
    assert_eq!(state(), "live\n");
    let until = "2040-01-01T00:00:00Z";
    assert_eq!(options(&refused(&world, &format!("stream forbid {stream} --until {until}"), 2)), ["--until"]);
    let changed = world.run(&format!("stream forbid {stream} --until +1d -o json")).ok().json();
    assert_eq!((fields(&changed), &changed["action"]), (vec!["state", "until"], &json!("ForbidStream")));
    assert_eq!(state(), "forbidden\n");
    let banned = &world.run("stream list --state forbidden -o json").ok().json()[0];
    assert_eq!(banned["until"], changed["changes"][1]["to"]);
    let same = banned["until"].as_str().unwrap();
    let again = world.run(&format!("stream forbid {stream} --until {same} -o json")).ok().json();
    assert_eq!(again, untouched(stream, json!("s1")));
    assert_eq!(world.run("stream list --state offline -o json").ok().json()[0]["state"], "offline");

    let resumed = world.run(&format!("stream resume {stream} -o json")).ok().json();
    assert_eq!((&resumed["action"], state()), (&json!("ResumeStream"), "offline\n".to_owned()));
    assert_eq!(world.run(&format!("stream resume {stream} -o json")).ok().json(), untouched(stream, json!("s1")));
    assert_eq!(world.run(&format!("stream drop {stream} -o json")).ok().json(), untouched(stream, json!("s1")));
    world.run(&format!("sandbox publish {stream}")).ok();
    assert_eq!(world.run(&format!("stream drop {stream} -o json")).ok().json()["action"], "KillStream");
    assert_eq!(state(), "offline\n");
    assert_run!(world.run("stream drop push.example.com").fails(2));
    assert_run!(world.run("stream forbid push.example.com/live/#x --reason noise").fails(2));
}

#[test]
fn certificates_are_listed_and_shown_without_their_private_part() {
    let world = world();
    assert_run!(world.run("cert list").ok());
    let pem = |kind: &str, text: &str| format!("-----BEGIN {kind}-----\n{text}\n-----END {kind}-----\n");
    let pair = json!({"Pubkey": pem("CERTIFICATE", "public"), "Prikey": pem("PRIVATE KEY", "hush")});
    world.write("pair.json", &pair.to_string());
    let made = world.run("cert create --rsa @pair.json --use-way https --cert-name films -o json").ok().json();
    let id = made["id"].as_str().unwrap();
    world.run(&format!("cert bind --domain play.example.com --cert-id {id}")).ok();

    let rows = world.run("cert list --domain play.example.com -o json").ok().json();
    let end = rows[0]["not_after"].as_str().unwrap();
    let row = json!({"vendor": "volcengine", "profile": null, "id": id, "name": "films",
                     "domains": ["play.example.com"], "issuer": null, "not_after": end});
    assert_eq!(rows, json!([row]));
    assert_eq!(world.run("cert list --domain push.example.com -o json").ok().json(), json!([]));
    assert_eq!(world.run(&format!("cert show {id} -o json")).ok().json(), row);
    let raw = world.run(&format!("cert show {id} --raw")).ok();
    assert!(raw.stdout.contains("public") && !raw.stdout.contains("hush"), "{raw}");
    let own = world.run("cert list --raw --jq .[0].CertID").ok().stdout;
    assert_eq!(world.run(&format!("cert show {} -o json", own.trim())).ok().json(), row);
    assert_eq!(refused(&world, "cert show chain-0", 4)["class"], "not-found");
}

#[test]
fn a_selector_and_an_option_may_not_differ() {
    let world = world();
    assert_run!(world.run("record show push.example.com/live/ --app other").fails(2));
    assert_run!(world.run("callback delete push.example.com/live/#nothing").fails(2));
}

#[test]
fn without_a_domain_every_space_is_walked_and_one_failure_is_exit_9() {
    let world = world();
    world.run("domain add push.example.net --type push --area mainland").ok();
    world.run("transcode add --vhost example.net --app live --name hd --codec copy").ok();
    assert_run!(world.run("transcode list").ok());
    let one = world.run("transcode list --fault volcengine:ListVhostTransCodePreset:error=RequestForbidden*1");
    assert_eq!(one.code, 9, "{one}");
    assert_eq!(one.stderr.matches("RequestForbidden").count(), 1, "{one}");
    // A domain that is named is no walk.
    let line =
        "transcode list --domain push.example.net --fault volcengine:ListVhostTransCodePreset:error=RequestForbidden*1";
    assert_eq!(refused(&world, line, 3)["code"], "RequestForbidden");
}

#[test]
fn a_change_whose_answer_never_came_is_told_as_unknown() {
    let world = world();
    for (line, action) in [
        ("record add --vhost example.com --app live --format mp4 --storage tos://b/d", "CreateRecordPresetV2"),
        ("transcode add --vhost example.com --app live --name hd --codec copy", "CreateTranscodePreset"),
        ("stream drop --vhost example.com --app live --stream s1", "KillStream"),
    ] {
        let error = refused(&world, &format!("{line} --fault volcengine:{action}:cut"), 7);
        assert_eq!((&error["outcome"], &error["action"]), (&json!("unknown"), &json!(action)));
        assert!(error["hint"].as_str().unwrap().contains("tells whether it took effect"), "{error}");
    }
}

#[test]
fn a_dry_run_of_something_new_sends_nothing() {
    let world = world();
    for (line, action) in [
        ("record add --domain push.example.com --app live --format mp4 --storage tos://b/d", "CreateRecordPresetV2"),
        ("transcode add --domain push.example.com --app live --name hd --codec copy", "CreateTranscodePreset"),
        (
            "callback set --domain push.example.com --app live --event record --url http://a.example.com",
            "UpdateCallback",
        ),
    ] {
        let planned = world.run(&format!("{line} --dry-run")).ok().json();
        assert_eq!((&planned["action"], &planned["body"]["Vhost"]), (&json!(action), &json!("example.com")));
        let noun = line.split(' ').next().unwrap();
        assert_eq!(world.run(&format!("{noun} list -o json")).ok().json(), json!([]), "{noun}");
    }
}
