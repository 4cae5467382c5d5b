//! `record`, `transcode`, `callback`, `stream` and `cert` on Aliyun, in the sandbox.

use serde_json::{Value, json};

use crate::assert_run;
use crate::harness::World;

const STORAGE: &str = "oss://bucket/rec?endpoint=oss-cn-shanghai.aliyuncs.com";
const RENDITION: &str = "play.example.com/live/#hd720";

/// A world with two playback domains.
fn world() -> World {
    let world = World::sandbox("aliyun");
    for domain in ["play.example.com", "other.example.com"] {
        world.run(&format!("domain add {domain} --type play --area mainland -q")).ok();
    }
    world
}

fn options(error: &Value) -> Vec<&str> {
    error["faults"].as_array().unwrap().iter().map(|fault| fault["option"].as_str().unwrap()).collect()
}

fn told(run: &Value) -> (&Value, &Value, &Value) {
    (&run["action"], &run["changed"], &run["changes"])
}

fn record_live() -> String {
    format!("record add --domain play.example.com --app live --format hls,mp4 --segment 30m --storage {STORAGE}")
}

fn add_rendition() -> &'static str {
    "transcode add --domain play.example.com --app live --name hd720 --codec h264 --width 1280 --height 720 --fps 25 \
     --video-kbps 1500"
}

#[test]
fn a_recording_is_added_found_changed_and_deleted() {
    let world = world();
    assert_run!(world.run(&record_live()).ok());
    world.run("record add --domain play.example.com --format flv --storage oss://b?endpoint=e.example.com -q").ok();
    assert_run!(world.run("record list").ok());
    for selector in ["play.example.com/live/", "play.example.com/live", "--domain play.example.com --app live"] {
        let row = world.run(&format!("record show {selector} -o json")).ok().json();
        assert_eq!((&row["id"], &row["storage"]), (&json!("play.example.com/live/"), &json!(STORAGE)), "{selector}");
    }
    let every = world.run("record show play.example.com// -o json").ok().json();
    assert_eq!((&every["id"], &every["app"]), (&json!("play.example.com//"), &json!(null)));
    assert_run!(world.run("record show play.example.com").fails(2));

    let update = "record update play.example.com/live/ --segment 1h -o json";
    let expected = json!([{"field": "segment_seconds", "from": 1800, "to": 3600}]);
    let changed = world.run(update).ok().json();
    assert_eq!(told(&changed), (&json!("UpdateLiveAppRecordConfig"), &json!(true), &expected));
    assert_eq!(told(&world.run(update).ok().json()), (&json!(null), &json!(false), &json!([])));
    let names = "api aliyun DescribeLiveRecordConfig DomainName=play.example.com --jq \
                 .LiveAppRecordList.LiveAppRecord[0].RecordFormatList.RecordFormat[0].SliceOssObjectPrefix";
    let kept = "rec/record/{AppName}/{StreamName}/{UnixTimestamp}_{Sequence}\n";
    assert_eq!(world.run(names).ok().stdout, kept);
    assert_run!(world.run("record update play.example.com/live/ --storage oss://b/rec?endpoint=e").fails(2));

    let gone = world.run("record delete play.example.com// -o json").ok().json();
    assert_eq!(gone["action"], "DeleteLiveAppRecordConfig");
    // The same again must not hit the one that is left.
    world.run("record delete play.example.com//").fails(4);
    world.run("record delete play.example.com/live/").ok();
    assert_eq!(world.run("record list -o json").ok().json(), json!([]));
    let nothing = world.run("record delete play.example.com/live/ --if-exists -o json").ok().json();
    assert_eq!(told(&nothing), (&json!(null), &json!(false), &json!([])));
}

#[test]
fn what_is_missing_or_impossible_is_told_in_one_message() {
    let world = world();
    assert_run!(world.run("record add --format mp3,mp4 --storage vod:// --template 7").fails(2));
    assert_run!(world.run("transcode add --stream s1").fails(2));
    assert_run!(world.run("callback set --app live --event stream-end,relay --url https://h.example.com").fails(2));
    let keyed =
        "callback set --domain play.example.com --event audit,record --url http://h.example.com --key abc -o json";
    let error = world.run(keyed).fails(2).error();
    assert_eq!(options(&error), ["--key"]);
    assert!(!error.to_string().contains("abc"), "{error}");
    assert_run!(world.run("stream forbid play.example.com/live --reason why").fails(2));
    assert_eq!(options(&world.run("cert show -o json").fails(2).error()), ["ID"]);
}

#[test]
fn a_changed_bitrate_keeps_the_encryption() {
    let world = world();
    let made = world.run(&format!("{} -o json", add_rendition())).ok().json();
    assert_eq!((&made["id"], &made["action"]), (&json!(RENDITION), &json!("AddCustomLiveStreamTranscode")));
    let exists = world.run(&format!("{} -o json", add_rendition())).fails(5).error();
    assert!(exists["hint"].as_str().unwrap().contains("--if-not-exists"), "{exists}");
    world.run("api aliyun AddLiveStreamTranscode Domain=play.example.com App=live Template=ld").ok();
    let place = "--domain play.example.com --app live --template hd720";
    world.run(&format!("hls-key enable {place} --kms-key-id k1 --cycle 600s")).ok();
    let before = world.run(&format!("hls-key show {place} -o json")).ok().json();
    assert_eq!((&before["enabled"], &before["cycle_seconds"]), (&json!(true), &json!(600)));

    let update = format!("transcode update {RENDITION} --video-kbps 2000 -o json");
    let changed = world.run(&update).ok().json();
    let expected = json!([{"field": "video_kbps", "from": 1500, "to": 2000}]);
    assert_eq!(told(&changed), (&json!("UpdateCustomLiveStreamTranscode"), &json!(true), &expected));
    assert_eq!(world.run(&update).ok().json()["changed"], false);
    assert_eq!(world.run(&format!("hls-key show {place} -o json")).ok().json(), before);
    let key = "api aliyun DescribeLiveStreamTranscodeInfo DomainTranscodeName=play.example.com --jq \
               .DomainTranscodeList.DomainTranscodeInfo[0].EncryptParameters.KmsKeyID";
    assert_eq!(world.run(key).ok().stdout, "k1\n");

    assert_run!(world.run("transcode list --domain play.example.com").ok());
    assert_run!(world.run("transcode update play.example.com/live/#ld --fps 30").fails(2));
    assert_run!(world.run("transcode delete play.example.com/live").fails(2));
    world.run(&format!("transcode delete {RENDITION}")).ok();
    world.run(&format!("transcode show {RENDITION}")).fails(4);
}

#[test]
fn callbacks_are_set_listed_and_deleted() {
    let world = world();
    let key = world.write("key.txt", "0123456789abcdef\n");
    let streams = "callback set --domain play.example.com --event stream-begin,stream-end,record";
    let set = format!("{streams} --url http://hooks.example.com/live --key @{}", key.display());
    assert_run!(world.run(&set).ok());
    world.run("callback set --domain play.example.com --event audit,audio-audit --url http://h.example.com/a").ok();
    world.run("callback set --domain play.example.com --event record-on-demand --url http://h.example.com/d").ok();
    assert_run!(world.run("callback list").ok());
    assert_eq!(world.run(&format!("{set} -o json")).ok().json()["changed"], false);
    let row = world.run("callback show play.example.com//#record -o json").ok().json();
    assert_eq!((&row["url"], &row["auth"]), (&json!("http://hooks.example.com/live"), &json!(true)));
    let raw = world.run("callback show play.example.com//#stream-end --raw");
    assert!(!raw.to_string().contains("0123456789abcdef"), "{raw}");

    assert_run!(world.run("callback delete play.example.com//#stream-begin").fails(2));
    let gone = world.run("callback delete play.example.com//#record-on-demand -o json").ok().json();
    assert_eq!((&gone["action"], &gone["changed"]), (&json!("AddLiveRecordNotifyConfig"), &json!(true)));
    let kept = world.run("callback list --event record,record-on-demand -o json").ok().json();
    assert_eq!((kept.as_array().map(Vec::len), &kept[0]), (Some(1), &row));
    assert_run!(world.run("callback delete --domain play.example.com").ok());
    world.run("callback delete --domain play.example.com").fails(4);
}

#[test]
fn a_second_step_that_fails_leaves_nothing_behind() {
    let world = world();
    let set =
        "callback set --domain play.example.com --event stream-begin,stream-end,record --url http://h.example.com";
    let fault = "--fault aliyun:AddLiveRecordNotifyConfig:error=InvalidParameter";
    let error = world.run(&format!("{set} {fault} -o json")).fails(2).error();
    let hint = error["hint"].as_str().unwrap();
    assert!(hint.contains("undone again, since this failed: SetLiveStreamsNotifyUrlConfig"), "{error}");
    assert_eq!(world.run("callback list -o json").ok().json(), json!([]));

    // An answer that never came may have been a success.
    let lost = "--fault aliyun:AddLiveRecordNotifyConfig:drop*forever --retries 0";
    let error = world.run(&format!("{set} {lost} -o json")).fails(7).error();
    let hint = error["hint"].as_str().unwrap();
    assert!(hint.contains("done before this, and left as it is: SetLiveStreamsNotifyUrlConfig"), "{error}");
    assert_eq!(world.run("callback list -o json").ok().json().as_array().map(Vec::len), Some(3));
}

#[test]
fn a_published_stream_is_listed_forbidden_and_resumed() {
    let world = world();
    let publish = "sandbox publish play.example.com/live/s1 -q";
    world.run(publish).ok();
    world.run("sandbox publish play.example.com/live/s10 -q").ok();
    assert_run!(world.run("stream list").ok());
    let one = world.run("stream list --stream s1 -o json").ok().json();
    assert_eq!(one.as_array().map(Vec::len), Some(1));

    let forbid = "stream forbid play.example.com/live/s1";
    let forbidden = world.run(&format!("{forbid} --until +1d -o json")).ok().json();
    assert_eq!(
        (&forbidden["action"], &forbidden["changes"][0]["to"]),
        (&json!("ForbidLiveStream"), &json!("forbidden"))
    );
    assert_eq!(forbidden["changes"][1]["field"], "until");
    assert_run!(world.run(forbid).ok());
    let state = |wanted: &str| {
        let rows = world.run(&format!("stream list --state {wanted} -o json")).ok().json();
        rows.as_array().unwrap().iter().map(|row| row["stream"].clone()).collect::<Value>()
    };
    assert_eq!((state("live"), state("forbidden"), state("offline")), (json!(["s10"]), json!(["s1"]), json!([])));
    world.run(publish).fails(5);
    assert_eq!(world.run("stream show play.example.com/live/s1 -o json").ok().json()["state"], "forbidden");

    let resumed = world.run("stream resume play.example.com/live/s1 -o json").ok().json();
    let expected = json!([{"field": "state", "from": "forbidden", "to": "offline"}]);
    assert_eq!(told(&resumed), (&json!("ResumeLiveStream"), &json!(true), &expected));
    assert_eq!(world.run("stream resume play.example.com/live/s1 -o json").ok().json()["changed"], false);
    assert_eq!((state("live"), state("offline")), (json!(["s10"]), json!(["s1"])));
    world.run(publish).ok();
    // Kicked, and free to come back.
    world.run("stream drop play.example.com/live/s1").ok();
    assert_eq!(world.run("stream kick play.example.com/live/s1 -o json").ok().json()["changed"], false);
    world.run(publish).ok();
    // An option of the Action alone is a change too.
    let once = world.run("stream forbid play.example.com/live/s10 --oneshot yes -o json").ok().json();
    assert_eq!(once["changes"], json!([{"field": "oneshot", "from": null, "to": "yes"}]));
    assert_eq!((state("live"), state("forbidden")), (json!(["s1"]), json!([])));
}

#[test]
fn a_domain_that_fails_is_told_and_the_others_are_listed() {
    let world = world();
    for domain in ["play.example.com", "other.example.com"] {
        world.run(&format!("sandbox publish {domain}/live/s1 -q")).ok();
    }
    // Both are asked side by side: either may meet the fault.
    let run = world.run("stream list --fault aliyun:DescribeLiveStreamsOnlineList:error=InvalidParameter -o json");
    assert_eq!(run.code, 9, "{run}");
    assert_eq!(run.json().as_array().map(Vec::len), Some(1), "{run}");
    assert!(run.stderr.contains(".example.com: DescribeLiveStreamsOnlineList"), "{run}");
}

#[test]
fn what_stands_on_push_domains_is_listed_and_nothing_twice() {
    let world = world();
    world.run("domain add push.example.com --type push -q").ok();
    world.run("domain add mapped.example.com --type push -q").ok();
    world.run("domain map mapped.example.com play.example.com -q").ok();
    let of = |line: &str, column: &str| {
        let rows = world.run(&format!("{line} -q -o json")).ok().json();
        rows.as_array().unwrap().iter().map(|row| row[column].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for domain in ["push.example.com", "play.example.com"] {
        let place = format!("--domain {domain} --app live");
        world.run(&format!("record add {place} --format mp4 --storage {STORAGE} -q")).ok();
        let source = "--source rtmp://o.example.com/live/s1 --start now --end +1d";
        world.run(&format!("relay add {place} --stream pulled {source} -q")).ok();
        world.run(&format!("callback set --domain {domain} --event record --url http://h.example.com -q")).ok();
    }
    let both = ["play.example.com", "push.example.com"];
    assert_eq!(of("record list", "domain"), both);
    assert_eq!(of("relay list", "domain"), both);
    assert_eq!(of("callback list", "domain"), both);
    assert_eq!(of("relay list --limit 1", "domain"), both[..1]);

    world.run("sandbox publish mapped.example.com/live/s1 -q").ok();
    world.run("sandbox publish push.example.com/live/s1 -q").ok();
    let streams = |state: &str| {
        let rows = world.run(&format!("stream list --app live --state {state} -q -o json")).ok().json();
        let one = |row: &Value| format!("{}/{}", row["domain"].as_str().unwrap(), row["stream"].as_str().unwrap());
        rows.as_array().unwrap().iter().map(one).filter(|id| !id.ends_with("/pulled")).collect::<Vec<_>>()
    };
    let expected = ["play.example.com/s1", "push.example.com/s1"];
    assert_eq!(streams("live"), expected);
    let metrics = world.run("metrics -q").ok().stdout;
    for domain in both {
        let online = format!("livectl_streams_online{{vendor=\"aliyun\",domain=\"{domain}\"}} 2");
        assert!(metrics.contains(&online), "{metrics}");
    }
    for id in ["mapped.example.com/live/s1", "push.example.com/live/s1"] {
        world.run(&format!("stream forbid {id} -q")).ok();
    }
    assert_eq!(streams("forbidden"), expected);
}

#[test]
fn a_dry_run_shows_every_request_and_changes_nothing() {
    let world = world();
    world.run(&record_live()).ok();
    world.run(add_rendition()).ok();
    world.run("callback set --domain play.example.com --event record --url http://h.example.com").ok();
    world.run("callback set --domain play.example.com --event record-on-demand --url http://d.example.com").ok();
    world.run("sandbox publish play.example.com/live/s1 -q").ok();
    let key = world.write("key.txt", "0123456789abcdef\n");
    let callbacks = "callback set --domain play.example.com --event stream-begin,stream-end,snapshot";
    let cases: Vec<(String, &[&str])> = vec![
        (record_live().replace("--app live", ""), &["AddLiveAppRecordConfig"]),
        ("record update play.example.com/live/ --segment 2h".into(), &["UpdateLiveAppRecordConfig"]),
        ("record delete play.example.com/live/".into(), &["DeleteLiveAppRecordConfig"]),
        (add_rendition().replace("hd720", "hd2"), &["AddCustomLiveStreamTranscode"]),
        (format!("transcode update {RENDITION} --fps 30"), &["UpdateCustomLiveStreamTranscode"]),
        (format!("transcode delete {RENDITION}"), &["DeleteLiveStreamTranscode"]),
        (
            format!("{callbacks} --url http://h.example.com --key @{}", key.display()),
            &["SetLiveStreamsNotifyUrlConfig", "AddLiveSnapshotNotifyConfig"],
        ),
        (
            "callback delete play.example.com//#record-on-demand".into(),
            &["DeleteLiveRecordNotifyConfig", "AddLiveRecordNotifyConfig"],
        ),
        ("stream forbid play.example.com/live/s1".into(), &["ForbidLiveStream"]),
        ("stream drop play.example.com/live/s1".into(), &["ForbidLiveStream"]),
    ];
    let state =
        || ["record list", "transcode list", "callback list", "stream list"].map(|list| world.run(list).ok().stdout);
    let before = state();
    for (line, actions) in cases {
        let run = world.run(&format!("{line} --dry-run --exit-code"));
        assert_eq!(run.code, 10, "{run}");
        let requests: Vec<Value> = run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let sent: Vec<&str> = requests.iter().map(|request| request["action"].as_str().unwrap()).collect();
        assert_eq!(sent, actions, "{line}");
        assert_ne!(requests.last().unwrap()["changes"], json!([]), "{line}");
        assert!(!run.to_string().contains("0123456789abcdef"), "{run}");
    }
    assert_eq!(state(), before);
}

#[test]
fn certificates_are_listed_and_shown_by_name() {
    let world = world();
    let text = |kind: &str| format!("-----BEGIN {kind}-----\nAAAA\n-----END {kind}-----\n");
    let certificate = world.write("c.pem", &text("CERTIFICATE"));
    let key = world.write("k.pem", &text("PRIVATE KEY"));
    let bind = "cert bind --domain play.example.com --ssl-protocol on --cert-name mine";
    let files = format!("--certificate @{} --private-key @{}", certificate.display(), key.display());
    world.run(&format!("{bind} {files}")).ok();
    let rows = world.run("cert list -o json").ok().json();
    assert_eq!((&rows[0]["id"], &rows[0]["domains"]), (&json!("mine"), &json!(["play.example.com"])));
    assert_run!(world.run("cert show mine").ok());
    assert_eq!(world.run("cert show mine -o json").ok().json(), rows[0]);
    assert_eq!(world.run("cert list --domain other.example.com -o json").ok().json(), json!([]));
    assert!(!world.run("cert show mine --raw").ok().stdout.contains("PRIVATE"));
    world.run("cert show other").fails(4);
}

#[test]
fn a_push_domain_that_has_no_such_settings_is_no_failure_and_a_lacking_permission_is() {
    let world = World::sandbox("aliyun");
    world.run("domain add push.example.com --type push").ok();
    for (code, exit) in [("InvalidDomain.NotFound", 0), ("DomainType.Malformed", 0), ("Forbidden.RAM", 9)] {
        let run =
            world.run(&format!("record list -o json --fault aliyun:DescribeLiveRecordConfig:error={code}*forever"));
        assert_eq!((run.code, run.stdout.as_str()), (exit, "[]\n"), "{code}: {run}");
    }
}
