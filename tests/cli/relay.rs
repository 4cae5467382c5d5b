//! `relay` on the three vendors, in the sandbox.

use serde_json::{Value, json};

use crate::assert_run;
use crate::harness::{Run, World};

/// The fields of a row, in the order that scripts may rely on.
const FIELDS: [&str; 10] =
    ["vendor", "profile", "id", "domain", "app", "stream", "sources", "start_time", "end_time", "status"];

const PLACE: &str = "--domain push.example.com --app live";

/// Vendors with their Actions that add, change and remove a relay.
const VENDORS: [(&str, [&str; 3]); 3] = [
    ("tencent", ["CreateLivePullStreamTask", "ModifyLivePullStreamTask", "DeleteLivePullStreamTask"]),
    ("aliyun", ["AddLivePullStreamInfoConfig", "UpdateLivePullStreamInfoConfig", "DeleteLivePullStreamInfoConfig"]),
    ("volcengine", ["CreateRelaySourceV4", "UpdateRelaySourceV4", "DeleteRelaySourceV4"]),
];

fn adding(stream: &str) -> String {
    let source = format!("rtmp://origin.example.com/live/{stream}");
    format!("relay add {PLACE} --stream {stream} --source {source} --start +1h --end +2h")
}

fn keys(row: &Value) -> Vec<&str> {
    row.as_object().unwrap().keys().map(String::as_str).collect()
}

fn options(error: &Value) -> Vec<&str> {
    error["faults"].as_array().unwrap().iter().map(|fault| fault["option"].as_str().unwrap()).collect()
}

fn streams(run: &Run) -> Vec<String> {
    let rows = run.json();
    rows.as_array().unwrap().iter().map(|row| row["stream"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_relay_is_added_found_changed_and_deleted_on_every_vendor() {
    for (vendor, [add, update, delete]) in VENDORS {
        let world = World::sandbox(vendor);
        let made = world.run(&format!("{} -o json", adding("s1"))).ok().json();
        let id = made["id"].as_str().unwrap();
        let expected = if vendor == "tencent" { "10000" } else { "push.example.com/live/s1" };
        assert_eq!((id, &made["name"], &made["action"]), (expected, &json!("s1"), &json!(add)));
        let told: Vec<&str> =
            made["changes"].as_array().unwrap().iter().map(|change| change["field"].as_str().unwrap()).collect();
        assert_eq!(told, ["domain", "app", "stream", "sources", "start_time", "end_time"]);

        let rows = world.run(&format!("relay list {PLACE} -o json")).ok().json();
        let row = &rows[0];
        assert_eq!(keys(row), FIELDS);
        let window = (row["start_time"].as_str().unwrap(), row["end_time"].as_str().unwrap());
        assert_eq!(
            *row,
            json!({"vendor": vendor, "profile": null, "id": id, "domain": "push.example.com", "app": "live",
                   "stream": "s1", "sources": ["rtmp://origin.example.com/live/s1"], "start_time": window.0,
                   "end_time": window.1, "status": "scheduled"})
        );
        for selector in [id, "push.example.com/live/s1", &format!("{PLACE} --stream s1"), "push.example.com/live"] {
            assert_eq!(world.run(&format!("relay show {selector} -o json")).ok().json(), *row, "{vendor}: {selector}");
        }

        let change = "relay update push.example.com/live/s1 --source rtmp://other.example.com/live/s1 -o json";
        let changed = world.run(change).ok().json();
        assert_eq!((&changed["action"], &changed["id"]), (&json!(update), &json!(id)));
        let (old, new) = (["rtmp://origin.example.com/live/s1"], ["rtmp://other.example.com/live/s1"]);
        assert_eq!(changed["changes"], json!([{"field": "sources", "from": old, "to": new}]));
        let again = world.run(&change.replace("update", "set")).ok().json();
        assert_eq!(
            again,
            json!({"vendor": vendor, "profile": null, "action": null, "id": id, "name": "s1", "changed": false,
                   "changes": [], "request_id": null})
        );
        // What was not named stays.
        let kept = world.run(&format!("relay show {id} -o json")).ok().json();
        assert_eq!((kept["start_time"].as_str(), kept["end_time"].as_str()), (Some(window.0), Some(window.1)));
        let window = world.run(&format!("relay update {id} --end +3h -o json")).ok().json();
        assert_eq!(
            (&window["changes"][0]["field"], window["changes"].as_array().unwrap().len()),
            (&json!("end_time"), 1)
        );

        let gone = world.run("relay delete push.example.com/live/s1 -o json").ok().json();
        assert_eq!((&gone["action"], &gone["changed"], &gone["id"]), (&json!(delete), &json!(true), &json!(id)));
        let missing = world.run("relay delete push.example.com/live/s1 -o json").fails(4).error();
        assert!(missing["hint"].is_string(), "{missing}");
        let nothing = world.run("relay delete push.example.com/live/s1 --if-exists -o json").ok().json();
        assert_eq!(
            nothing,
            json!({"vendor": vendor, "profile": null, "action": null, "id": "push.example.com/live/s1", "name": "s1",
                   "changed": false, "changes": [], "request_id": null})
        );
    }
}

#[test]
fn several_that_match_are_listed_and_none_is_touched() {
    let mut told = String::new();
    for (vendor, _) in VENDORS {
        let world = World::sandbox(vendor);
        world.run(&format!("{} -q", adding("s1"))).ok();
        world.run(&format!("{} -q", adding("s2"))).ok();
        for verb in ["show", "delete"] {
            told += &world.run(&format!("relay {verb} push.example.com/live")).fails(2).to_string();
        }
        assert_eq!(streams(&world.run(&format!("relay list {PLACE} -o json"))).len(), 2);
        let other = world.run("relay show push.example.com/live/s1 --stream s2 -o json").fails(2).error();
        assert_eq!(options(&other), ["--stream"]);
        assert_eq!(world.run("relay show push.example.com/live/s3").fails(4).code, 4);
    }
    assert_run!(told);
}

#[test]
fn all_that_is_missing_is_told_in_one_message() {
    let all = ["--domain", "--app", "--stream", "--source", "--start", "--end"];
    for (vendor, domain) in [("tencent", "push domain"), ("aliyun", "playback domain"), ("volcengine", "domain")] {
        let world = World::sandbox(vendor);
        let error = world.run("relay add -o json").fails(2).error();
        assert_eq!((options(&error), &error["outcome"]), (all.to_vec(), &json!("not-sent")), "{vendor}");
        assert!(error["hint"].as_str().unwrap().contains(domain), "{error}");
        let wrong = world.run("relay add --app live --start soon --end +1h -o json").fails(2).error();
        assert_eq!(options(&wrong), ["--start", "--domain", "--stream", "--source"]);
        let nothing = world.run("relay update -o json").fails(2).error();
        assert_eq!(options(&nothing), ["ID", "--source"]);
        let nothing = world.run("relay update push.example.com/live/s1 -o json").fails(2).error();
        assert_eq!(options(&nothing), ["--source"]);
        assert_eq!(options(&world.run("relay show -o json").fails(2).error()), ["ID"]);
    }
    let world = World::sandbox("tencent");
    let mut told = world.run("relay add").fails(2).to_string();
    told += &world.run(&format!("relay add {PLACE} --start tomorrow --end yesterday")).fails(2).to_string();
    told += &world.run("relay update push.example.com/live/s1 --start +2h --end +1h").fails(2).to_string();
    assert_run!(told);
}

#[test]
fn only_volcengine_pulls_for_good() {
    let line = format!("relay add {PLACE} --stream s2 --source https://origin.example.com/s2.flv --permanent -o json");
    let world = World::sandbox("volcengine");
    world.run(&line).ok();
    let row = world.run("relay show push.example.com/live/s2 -o json").ok().json();
    assert_eq!((&row["start_time"], &row["end_time"], &row["status"]), (&Value::Null, &Value::Null, &json!("active")));
    let timed = world.run("relay update push.example.com/live/s2 --start now --end +1d -o json").ok().json();
    let fields: Vec<_> = timed["changes"].as_array().unwrap().iter().map(|change| &change["field"]).collect();
    assert_eq!(fields, ["start_time", "end_time"]);
    let back = world.run("relay update push.example.com/live/s2 --permanent -o json").ok().json();
    assert_eq!(back["changes"][1]["to"], Value::Null);
    for vendor in ["tencent", "aliyun"] {
        let error = World::sandbox(vendor).run(&line).fails(2).error();
        assert_eq!(options(&error), ["--permanent"]);
        assert!(error["faults"][0]["allowed"].as_str().unwrap().contains("Volcengine"), "{error}");
    }
}

#[test]
fn only_tencent_restarts_and_has_an_operator() {
    let world = World::sandbox("tencent");
    world.run(&adding("s1")).ok();
    let restarted = world.run("relay restart push.example.com/live/s1 -o json").ok().json();
    assert_eq!(
        (&restarted["action"], &restarted["id"], &restarted["changes"]),
        (&json!("RestartLivePullStreamTask"), &json!("10000"), &json!([]))
    );
    world.run("relay update 10000 --end +3h --operator ann").ok();
    let raw = world.run("relay show 10000 --raw").ok().json();
    assert_eq!(raw["CreateBy"], "livectl");
    let mut told = String::new();
    for vendor in ["aliyun", "volcengine"] {
        let world = World::sandbox(vendor);
        told += &world.run("relay restart push.example.com/live/s1").fails(2).to_string();
        let error = world.run(&format!("{} --operator ann -o json", adding("s1"))).fails(2).error();
        assert_eq!(options(&error), ["--operator"], "{vendor}");
    }
    assert_run!(told);
}

#[test]
fn tencent_takes_one_source_and_a_backup() {
    let world = World::sandbox("tencent");
    let two = "--source rtmp://b.example.com/live/s1";
    world.run(&format!("{} {two}", adding("s1"))).ok();
    let sources = || world.run("relay show 10000 -o json").ok().json()["sources"].clone();
    assert_eq!(sources(), json!(["rtmp://origin.example.com/live/s1", "rtmp://b.example.com/live/s1"]));
    // A change of the window leaves the backup where it is.
    world.run("relay update 10000 --end +3h").ok();
    assert_eq!(sources(), json!(["rtmp://origin.example.com/live/s1", "rtmp://b.example.com/live/s1"]));
    world.run("relay update 10000 --source rtmp://c.example.com/live/s1").ok();
    assert_eq!(sources(), json!(["rtmp://c.example.com/live/s1"]));
    let error = world.run(&format!("{} {two} --source rtmp://c.example.com/live/s1 -o json", adding("s1"))).fails(2);
    assert_eq!(options(&error.error()), ["--source"]);
}

#[test]
fn a_relay_that_is_there_is_not_added_again() {
    for (vendor, _) in VENDORS {
        let world = World::sandbox(vendor);
        let line = format!("{} -o json", adding("s1"));
        let id = world.run(&line).ok().json()["id"].clone();
        let nothing = world.run(&format!("{line} --if-not-exists")).ok().json();
        assert_eq!(
            nothing,
            json!({"vendor": vendor, "profile": null, "action": null, "id": id, "name": "s1", "changed": false,
                   "changes": [], "request_id": null})
        );
        // Tencent itself takes any number of tasks for one stream.
        if vendor != "tencent" {
            let refused = world.run(&line).fails(5).error();
            assert!(refused["hint"].as_str().unwrap().contains("--if-not-exists"), "{refused}");
        }
        assert_eq!(streams(&world.run(&format!("relay list {PLACE} -o json"))), ["s1"]);
    }
}

#[test]
fn without_a_domain_all_are_walked_and_one_failure_is_exit_9() {
    for (vendor, fault, code) in [
        ("aliyun", "aliyun:DescribeLivePullStreamConfig:error=InvalidDomain.NotFound", "InvalidDomain.NotFound"),
        ("volcengine", "volcengine:ListRelaySourceV4:error=AccessDenied", "AccessDenied"),
    ] {
        let world = World::sandbox(vendor);
        for name in ["a", "b"] {
            world.run(&format!("domain add {name}.example.com --type play")).ok();
            world.run(&adding(name).replace("push.", &format!("{name}."))).ok();
        }
        let all = world.run("relay list --sort-by stream -o json").ok();
        assert_eq!(streams(&all), ["a", "b"]);
        assert!(all.stderr.contains("2 "), "the walk is told: {all}");
        assert_eq!(streams(&world.run("relay list --stream b -o json").ok()), ["b"]);

        let partial = world.run(&format!("relay list -o json --fault {fault}"));
        assert_eq!((partial.code, streams(&partial).len()), (9, 1), "{partial}");
        assert_eq!(partial.error()["class"], "partial");
        let failures: Vec<Value> = partial.stderr.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        assert_eq!((failures.len(), &failures[0]["error"]["code"]), (2, &json!(code)));
        assert!(failures[0]["error"]["message"].as_str().unwrap().starts_with("domain "), "{partial}");
    }
}

#[test]
fn a_signed_source_is_masked_until_it_is_revealed() {
    for (vendor, _) in VENDORS {
        let world = World::sandbox(vendor);
        let line = adding("s1").replace("/live/s1 ", "/live/s1?txSecret=f00dbabe&txTime=5C271099 ");
        let made = world.run(&format!("{line} -o json -vv")).ok();
        assert!(!made.to_string().replace(&line, "").contains("f00dbabe"), "{made}");
        for format in ["table", "json", "csv", "yaml", "json --raw"] {
            let hidden = world.run(&format!("relay list {PLACE} -o {format}")).ok().stdout;
            assert!(hidden.contains("txSecret=***") && !hidden.contains("f00dbabe"), "{hidden}");
            let shown = world.run(&format!("relay list {PLACE} --reveal -o {format}")).ok().stdout;
            assert!(shown.contains("txSecret=f00dbabe"), "{shown}");
        }
    }
}

#[test]
fn the_commands_that_are_promised_work_as_written() {
    for vendor in ["tencent", "aliyun", "volcengine"] {
        let world = World::sandbox(vendor);
        for line in [
            "domain add live.example.com --type play --area mainland",
            "domain list --type push -o json",
            "relay add --domain push.example.com --app live --stream s1 --source rtmp://origin.example.com/live/s1 --start now --end +7d",
        ] {
            world.run(line).ok();
        }
    }
    let world = World::empty().set("LIVECTL_SANDBOX", "1");
    for line in [
        "livectl relay add --vendor volcengine --domain push.example.com --app live --stream s2 --source https://origin.example.com/s2.flv --permanent",
        "livectl hls-key set --vendor volcengine --key-url 'https://kms.example.com/get_key?' --cycle 1h --yes",
        "livectl hls-key rotate --vendor volcengine --cycle 10m --yes -o json",
        "livectl hls-key get --vendor volcengine 08e765a4da --format text",
    ] {
        let output = world.command("sh").args(["-c", line]).output().unwrap();
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
