//! `record`, `transcode`, `callback`, `stream` and `cert` on Tencent, in the sandbox.

use serde_json::{Value, json};

use crate::assert_run;
use crate::harness::World;

const PUSH: &str = "--domain push.example.com --app live";
const PLAY: &str = "--domain play.example.com --app live";

fn tencent() -> World {
    World::sandbox("tencent")
}

fn json(world: &World, line: &str) -> Value {
    world.run(&format!("{line} -o json")).ok().json()
}

/// How many templates and rules of a noun there are.
fn kept(world: &World, noun: &str) -> (usize, usize) {
    let count = |what: &str| json(world, &format!("{noun} {what} list")).as_array().unwrap().len();
    (count("template"), count("rule"))
}

fn differences(changed: &Value) -> Vec<(&str, &Value, &Value)> {
    let changes = changed["changes"].as_array().unwrap().iter();
    changes.map(|change| (change["field"].as_str().unwrap(), &change["from"], &change["to"])).collect()
}

fn options(error: &Value) -> Vec<&str> {
    error["faults"].as_array().unwrap().iter().map(|fault| fault["option"].as_str().unwrap()).collect()
}

#[test]
fn a_recording_is_added_found_changed_and_deleted() {
    let world = tencent();
    let add = format!("record add {PUSH} --format mp4,hls --segment 30m");
    let made = json(&world, &add);
    assert_eq!(
        (&made["action"], &made["id"], &made["name"]),
        (&json!("CreateLiveRecordRule"), &json!("push.example.com/live/#1000"), &json!("push-example-com_live"))
    );
    let row = json(&world, "record list")[0].clone();
    let created = row["created_at"].as_str().unwrap();
    assert!(created.ends_with('Z'), "{row}");
    assert_eq!(
        row,
        json!({"vendor": "tencent", "profile": null, "id": "push.example.com/live/#1000", "domain": "push.example.com",
               "app": "live", "stream": null, "formats": ["hls", "mp4"], "segment_seconds": 1800, "storage": "vod://",
               "created_at": created})
    );
    for selector in ["push.example.com/live/#1000", "push.example.com/live/", "push.example.com", PUSH] {
        assert_eq!(json(&world, &format!("record show {selector}")), row, "{selector}");
    }
    let change = "record update push.example.com/live/ --format mp4,flv --segment 1h --storage vod://1500000000";
    let changed = json(&world, change);
    assert_eq!(
        differences(&changed),
        [
            ("formats", &json!(["hls", "mp4"]), &json!(["flv", "mp4"])),
            ("segment_seconds", &json!(1800), &json!(3600)),
            ("storage", &json!("vod://"), &json!("vod://1500000000")),
        ]
    );
    let again = json(&world, change);
    assert_eq!((&again["changed"], &again["action"]), (&json!(false), &Value::Null));

    assert_run!(world.run(&add).fails(5));
    assert_eq!(json(&world, &format!("{add} --if-not-exists"))["changed"], false);
    let gone = json(&world, "record delete push.example.com/live/");
    assert_eq!(gone["action"], "DeleteLiveRecordTemplate");
    assert_eq!(kept(&world, "record"), (0, 0));
    world.run("record delete push.example.com/live/").fails(4);
    assert_eq!(json(&world, "record delete push.example.com/live/ --if-exists")["changed"], false);
}

#[test]
fn recordings_of_an_account_are_told_apart_by_empty_parts() {
    let world = tencent();
    json(&world, "record add --domain push.example.com --format flv --storage cos://rec/a?region=ap-guangzhou");
    json(&world, &format!("record add {PUSH} --format mp4"));
    assert_run!(world.run("record list --columns id,app,formats,storage").ok());
    assert_run!(world.run("record delete --domain push.example.com").fails(2));
    assert_eq!(json(&world, "record show push.example.com//")["formats"], json!(["flv"]));
    assert_run!(world.run("record update push.example.com// --storage vod://").fails(2));
    assert_eq!(json(&world, "record delete push.example.com//")["id"], "push.example.com//#1000");
    assert_eq!(json(&world, "record list")[0]["app"], "live");
    let one = json(&world, &format!("record add {PUSH} --stream s1 --format mp4"));
    assert_eq!(
        (&one["id"], &one["name"]),
        (&json!("push.example.com/live/s1#1002"), &json!("push-example-com_live_s1"))
    );
    assert_eq!(json(&world, "record delete push.example.com/live/s1")["id"], one["id"]);
    assert_eq!(json(&world, &format!("record list {PUSH}")).as_array().unwrap().len(), 1);
}

#[test]
fn a_rule_that_fails_leaves_nothing_behind() {
    for (noun, add, rule) in [
        ("record", format!("record add {PUSH} --format mp4"), "CreateLiveRecordRule"),
        ("transcode", format!("transcode add {PLAY} --name hd720 --video-kbps 1500"), "CreateLiveTranscodeRule"),
        (
            "callback",
            format!("callback set {PUSH} --event record --url http://hooks.example.com"),
            "CreateLiveCallbackRule",
        ),
    ] {
        let world = tencent();
        let refused =
            world.run(&format!("{add} -o json --fault tencent:{rule}:error=InvalidParameterValue")).fails(2).error();
        assert_eq!((&refused["outcome"], &refused["action"]), (&json!("refused"), &json!(rule)), "{noun}");
        assert_eq!(kept(&world, noun), (0, 0), "{noun}");
        // The answer is lost, but the rule is seen to be there: both stay.
        let lost = world.run(&format!("{add} -o json --fault tencent:{rule}:drop*forever")).fails(7).error();
        assert_eq!(lost["outcome"], "applied");
        assert!(!lost["hint"].as_str().unwrap().contains("template delete"), "{lost}");
        assert_eq!(kept(&world, noun), (1, 1), "{noun}");
    }
    let world = tencent();
    let add =
        format!("record add {PUSH} --format mp4 --fault tencent:CreateLiveRecordRule:error=InvalidParameterValue");
    assert_run!(world.run(&format!("{add} --fault tencent:DeleteLiveRecordTemplate:error=InvalidParameter")).fails(2));
    assert_eq!(kept(&world, "record"), (1, 0));
}

#[test]
fn a_template_of_several_rules_is_changed_only_on_demand() {
    let world = tencent();
    json(&world, &format!("record add {PUSH} --format mp4"));
    let bound = json(&world, "record add --domain push.example.com --app b --template 1000");
    assert_eq!(bound["id"], "push.example.com/b/#1000");
    let update = "record update push.example.com/live/ --segment 1h";
    assert_run!(world.run(update).fails(5));
    assert_run!(world.run(&format!("{update} --shared")).ok());
    for row in json(&world, "record list").as_array().unwrap() {
        assert_eq!(row["segment_seconds"], 3600, "{row}");
    }
    assert_eq!(json(&world, "record delete push.example.com/live/")["action"], "DeleteLiveRecordRule");
    assert_eq!(kept(&world, "record"), (1, 1));
    assert_eq!(json(&world, "record delete push.example.com/b/")["action"], "DeleteLiveRecordTemplate");
    assert_eq!(kept(&world, "record"), (0, 0));
}

#[test]
fn a_template_that_somebody_else_made_stays() {
    let world = tencent();
    world.run("record template create --template-name mine --description test").ok();
    json(&world, &format!("record add {PUSH} --template 1000"));
    assert_eq!(json(&world, "record delete push.example.com/live/")["action"], "DeleteLiveRecordRule");
    assert_eq!(kept(&world, "record"), (1, 0));
}

#[test]
fn a_rendition_is_added_found_changed_and_deleted() {
    let world = tencent();
    let add =
        format!("transcode add {PLAY} --name hd720 --codec h264 --width 1280 --height 720 --fps 25 --video-kbps 1500");
    let made = json(&world, &add);
    assert_eq!((&made["id"], &made["name"]), (&json!("play.example.com/live/#1000"), &json!("hd720")));
    let row = json(&world, "transcode show play.example.com/live/#hd720");
    assert_eq!(
        row,
        json!({"vendor": "tencent", "profile": null, "id": "play.example.com/live/#1000", "name": "hd720",
               "domain": "play.example.com", "app": "live", "codec": "h264", "width": 1280, "height": 720, "fps": 25,
               "video_kbps": 1500, "audio_kbps": null})
    );
    assert_eq!(json(&world, "transcode list"), json!([row]));
    world.run(&add).fails(5);
    assert_eq!(json(&world, &format!("{add} --if-not-exists"))["changed"], false);
    // The name is taken by a template that is not bound there.
    assert_run!(
        world.run("transcode add --domain play.example.com --name hd720 --video-kbps 900 --if-not-exists").fails(5)
    );

    json(&world, "hls-key enable --template 1000 --tracks HD");
    let update = "transcode update play.example.com/live/#hd720 --video-kbps 2000";
    assert_eq!(differences(&json(&world, update)), [("video_kbps", &json!(1500), &json!(2000))]);
    assert_eq!(json(&world, update)["changed"], false);
    let template = json(&world, "transcode template show --template-id 1000").to_string();
    assert!(template.contains("normalaes") && template.contains("\"HD\""), "{template}");

    assert_eq!(json(&world, "transcode delete play.example.com/live/")["action"], "DeleteLiveTranscodeTemplate");
    assert_eq!(kept(&world, "transcode"), (0, 0));
}

#[test]
fn all_that_is_missing_or_wrong_is_told_at_once() {
    let world = tencent();
    let mut told = world.run("transcode add").fails(2).to_string();
    told += &world
        .run(&format!("transcode add {PLAY} --name hd --codec vp9 --width 1281 --video-kbps 9000"))
        .fails(2)
        .to_string();
    told += &world.run("transcode add --domain play.example.com --template 7").fails(4).to_string();
    told += &world.run("record add --format aac --segment 3h --storage oss://b").fails(2).to_string();
    told += &world.run(&format!("record add {PUSH} --format mp4 --segment 20s")).fails(2).to_string();
    told +=
        &world.run("callback set push.example.com/live/s1 --event relay --url hooks.example.com").fails(2).to_string();
    told += &world.run("stream drop push.example.com").fails(2).to_string();
    told += &world.run("stream forbid push.example.com/live/s1 --until +91d").fails(2).to_string();
    assert_run!(told);
    for noun in ["record", "transcode", "callback"] {
        assert_eq!(kept(&world, noun), (0, 0), "{noun}");
    }
}

#[test]
fn callbacks_are_one_template_and_a_row_an_event() {
    let world = tencent();
    let key = world.write("key.txt", "callback-k3y");
    let set = format!(
        "callback set {PUSH} --event stream-begin,stream-end --url http://hooks.example.com/live --key @{}",
        key.display()
    );
    let made = world.run(&set).ok();
    assert!(!made.to_string().contains("callback-k3y"), "{made}");
    assert_run!(made);
    assert_eq!(json(&world, &set)["changed"], false);
    json(&world, "callback set push.example.com/live/#record --url https://hooks.example.com/files");
    assert_run!(world.run("callback list").ok());
    let row = json(&world, "callback show push.example.com/live/#record");
    assert_eq!(
        row,
        json!({"vendor": "tencent", "profile": null, "id": "push.example.com/live/#record", "domain": "push.example.com",
               "app": "live", "event": "record", "url": "https://hooks.example.com/files", "auth": true})
    );
    assert_run!(world.run("callback show push.example.com/live").fails(2));
    assert_run!(world.run("callback set push.example.com/live --key another").ok());

    let cleared = json(&world, "callback delete push.example.com/live/#record");
    assert_eq!(cleared["action"], "ModifyLiveCallbackTemplate");
    assert_eq!(differences(&cleared), [("record.url", &json!("https://hooks.example.com/files"), &Value::Null)]);
    json(&world, "callback delete push.example.com/live --event stream-begin");
    let last = json(&world, "callback delete push.example.com/live --event stream-end");
    assert_eq!(last["action"], "DeleteLiveCallbackTemplate");
    assert_eq!(kept(&world, "callback"), (0, 0));
    assert_eq!(json(&world, "callback delete push.example.com/live --if-exists")["changed"], false);
}

#[test]
fn a_stream_is_listed_forbidden_resumed_and_dropped() {
    let world = tencent();
    world.run("domain add push.example.com --type push").ok();
    world.run("sandbox publish push.example.com/live/s1").ok();
    let state = |stream: &str| json(&world, &format!("stream show push.example.com/live/{stream}"))["state"].clone();
    let row = json(&world, "stream list")[0].clone();
    assert_eq!(
        row,
        json!({"vendor": "tencent", "profile": null, "domain": "push.example.com", "app": "live", "stream": "s1",
               "state": "live", "since": row["since"], "until": null})
    );
    assert!(row["since"].is_string(), "{row}");

    let forbidden = json(&world, "stream forbid push.example.com/live/s1 --until +1d --reason spam");
    let until = forbidden["changes"][1]["to"].clone();
    assert_eq!(forbidden["changes"][0], json!({"field": "state", "from": "live", "to": "forbidden"}));
    let row = json(&world, "stream list --state forbidden")[0].clone();
    assert_eq!((&row["state"], &row["until"]), (&json!("forbidden"), &until));
    assert_eq!(json(&world, "stream show push.example.com/live/s1"), row);
    assert_eq!(json(&world, "stream list"), json!([]));
    assert_eq!(json(&world, "stream forbid push.example.com/live/s1")["changed"], false);
    world.run("sandbox publish push.example.com/live/s1").fails(5);
    // Forbidden streams are not offline.
    assert_eq!(json(&world, "stream list --state offline"), json!([]));

    assert_eq!(json(&world, "stream resume push.example.com/live/s1")["action"], "ResumeLiveStream");
    assert_eq!(json(&world, "stream resume push.example.com/live/s1")["changed"], false);
    assert_eq!(state("s1"), "offline");
    world.run("sandbox publish push.example.com/live/s1").ok();
    assert_eq!(json(&world, "stream list --state offline"), json!([]));
    assert_eq!(json(&world, "stream kick push.example.com/live/s1")["action"], "DropLiveStream");
    assert_eq!(json(&world, "stream drop push.example.com/live/s1")["changed"], false);
    assert_eq!(state("s1"), "offline");
    let offline = json(&world, "stream list --state offline");
    assert_eq!((offline.as_array().unwrap().len(), &offline[0]["stream"]), (1, &json!("s1")));
}

#[test]
fn what_only_the_list_of_bans_tells_may_be_missing() {
    let world = tencent();
    world.run("stream forbid push.example.com/live/s1").ok();
    let withdrawn = "--fault tencent:DescribeLiveForbidStreamList:error=InvalidAction*forever";
    let row = json(&world, &format!("stream show push.example.com/live/s1 {withdrawn}"));
    assert_eq!((&row["state"], &row["until"]), (&json!("forbidden"), &Value::Null));
    assert_run!(world.run(&format!("stream list --state forbidden {withdrawn}")).fails(2));
}

#[test]
fn options_of_the_action_go_along_with_ours() {
    let world = tencent();
    let line = "stream forbid push.example.com/live/s1 --resume-time 2020-01-01T00:00:00Z -o json";
    assert_eq!(options(&world.run(line).fails(2).error()), ["--until"]);
}

#[test]
fn certificates_are_listed_and_shown() {
    let world = tencent();
    let rows = json(&world, "cert list");
    assert_eq!(rows.as_array().unwrap().len(), 2);
    let row = json(&world, "cert show 1");
    assert_eq!(row, rows[0]);
    assert_eq!((&row["name"], &row["not_after"]), (&json!("example.com until 2036"), &json!("2035-12-31T16:00:00Z")));
    assert_eq!(json(&world, "cert list --domain nowhere.example.com"), json!([]));
    assert_eq!(options(&world.run("cert show one -o json").fails(2).error()), ["ID"]);
    world.run("cert show 77").fails(4);
}

#[test]
fn a_dry_run_shows_both_steps_and_changes_nothing() {
    let world = tencent();
    let mut bodies = Vec::new();
    for line in [
        format!("record add {PUSH} --format mp4 --dry-run"),
        format!("transcode add {PLAY} --name hd720 --height 720 --video-kbps 1500 --dry-run"),
        format!("callback set {PUSH} --event record --url http://hooks.example.com --dry-run"),
    ] {
        for step in world.run(&line).ok().stdout.lines() {
            let step: Value = serde_json::from_str(step).unwrap();
            bodies.push(format!("{} {} {} {}", step["step"], step["action"], step["body"], step["changes"]));
        }
    }
    assert_run!(bodies.join("\n"));
    for noun in ["record", "transcode", "callback"] {
        assert_eq!(kept(&world, noun), (0, 0), "{noun}");
    }
    json(&world, &format!("record add {PUSH} --format mp4"));
    let delete = world.run("record delete push.example.com/live/ --dry-run --exit-code");
    assert_eq!((delete.code, delete.stdout.lines().count()), (10, 2), "{delete}");
    assert_eq!(kept(&world, "record"), (1, 1));
}

#[test]
fn times_of_beijing_that_end_in_z_are_the_same_in_every_command() {
    let world = tencent();
    world.run("sandbox publish push.example.com/live/s1").ok();
    world.run("stream forbid push.example.com/live/s1 --until +1d --yes").ok();
    let (portable, own) = (json(&world, "stream list --state forbidden"), json(&world, "stream forbidden list"));
    assert_eq!((&portable[0]["until"], &portable[0]["since"]), (&own[0]["expire_time"], &own[0]["create_time"]));
    let (shown, listed) = (json(&world, "cert show 1"), json(&world, "cert list"));
    assert_eq!(shown["not_after"], listed[0]["not_after"]);
}

#[test]
fn a_certificate_is_bound_by_its_id_in_the_certificate_service() {
    let world = World::sandbox("tencent");
    world.run("domain add play.example.com --type play -q").ok();
    let listed = world.run("cert list -o json --jq .[0].id").ok().stdout;
    let bind = |id: &str| {
        let infos = r#"[{"DomainName":"play.example.com","Status":1}]"#;
        world.run_words(&["cert", "bind", "--domain-infos", infos, "--cert-id", id, "-o", "json"])
    };
    let hint = bind(listed.trim()).fails(4).error()["hint"].as_str().unwrap().to_owned();
    assert!(hint.contains("CloudCertId") && hint.contains("never an ID of `cert list`"), "{hint}");
    assert!(hint.contains("livectl cert binding list --columns domain_name,cert_id,cloud_cert_id"), "{hint}");
    assert!(!hint.contains("`livectl cert list` shows what there is"), "{hint}");
    bind("sandboxA").ok();
    let columns = "cert binding list --columns domain_name,cert_id,cloud_cert_id --no-header -o tsv";
    assert_eq!(world.run(columns).ok().stdout, "play.example.com\t1\tsandboxA\n");
}
