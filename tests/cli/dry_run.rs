//! `--dry-run`: what would be sent is printed, and nothing that changes anything is sent.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::harness::World;

/// What one request is printed as, in order.
const FIELDS: [&str; 8] = ["vendor", "action", "method", "url", "headers", "body", "step", "changes"];

const RELAY: &str = "relay add --domain push.example.com --app live --stream s1 --start +1h --end +2h \
                     --source rtmp://origin.example.com/live/s1?txSecret=f00dbabe";
const ALIYUN: &str = "--domain play.example.com --app live --template hd720";
const TEMPLATE: &str = "api aliyun AddCustomLiveStreamTranscode Domain=play.example.com App=live Template=hd720 \
                        TemplateType=h264 Width=1280 Height=720 FPS=25 VideoBitrate=1500";

/// A sandbox of the vendor in which every command of [`changing`] has something to change.
fn furnished(vendor: &str) -> World {
    let world = World::sandbox(vendor);
    let own: &[&str] = match vendor {
        "tencent" => &["api tencent CreateLiveTranscodeTemplate TemplateName=hd VideoBitrate=1500"],
        "aliyun" => &[TEMPLATE],
        _ => &["hls-key set --key-url https://kms.example.com/get_key? --cycle 1h"],
    };
    for line in
        own.iter().chain(&["domain add push.example.com --type push", "domain add play.example.com --type play", RELAY])
    {
        world.run(line).ok();
    }
    world
}

/// Commands that change something, with the Action that would be sent.
fn changing(vendor: &str) -> Vec<(String, &'static str)> {
    let row = |line: &str, action| (line.to_owned(), action);
    let relay = RELAY.replace("s1", "s2");
    let show = "push.example.com/live/s1";
    match vendor {
        "tencent" => vec![
            row("domain add a.example.com --type push", "AddLiveDomain"),
            row("domain disable play.example.com", "ForbidLiveDomain"),
            row("domain delete play.example.com", "DeleteLiveDomain"),
            row(&relay, "CreateLivePullStreamTask"),
            row(&format!("relay update {show} --end +3h"), "ModifyLivePullStreamTask"),
            row(&format!("relay restart {show}"), "RestartLivePullStreamTask"),
            row(&format!("relay delete {show}"), "DeleteLivePullStreamTask"),
            row("hls-key enable --template 1000", "ModifyLiveTranscodeTemplate"),
        ],
        "aliyun" => vec![
            row("domain add a.example.com --type push", "AddLiveDomain"),
            row("domain disable play.example.com", "StopLiveDomain"),
            row("domain delete play.example.com", "DeleteLiveDomain"),
            row("domain map push.example.com play.example.com", "AddLiveDomainMapping"),
            row(&relay, "AddLivePullStreamInfoConfig"),
            row(&format!("relay update {show} --end +3h"), "UpdateLivePullStreamInfoConfig"),
            row(&format!("relay delete {show}"), "DeleteLivePullStreamInfoConfig"),
            row(&format!("hls-key enable {ALIYUN} --kms-key-id k"), "UpdateCustomLiveStreamTranscode"),
        ],
        _ => vec![
            row("domain add a.example.com --type push", "CreateDomain"),
            row("domain disable play.example.com", "DisableDomain"),
            row("domain delete play.example.com", "DeleteDomain"),
            row(&relay, "CreateRelaySourceV4"),
            row(&format!("relay update {show} --end +3h"), "UpdateRelaySourceV4"),
            row(&format!("relay delete {show}"), "DeleteRelaySourceV4"),
            row("hls-key enable --domain play.example.com --app live", "BindEncryptDRM"),
            row("hls-key set --cycle 10m", "UpdateEncryptHLS"),
            row("hls-key rotate --cycle 10m", "UpdateEncryptHLS"),
        ],
    }
}

/// Every file below a folder, with its text.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path.clone(), std::fs::read(&path).unwrap());
        }
    }
    found
}

#[test]
fn every_change_is_shown_and_none_is_made() {
    for vendor in ["tencent", "aliyun", "volcengine"] {
        let world = furnished(vendor);
        let before = files(world.home());
        for (line, action) in changing(vendor) {
            let run = world.run(&format!("{line} --dry-run --exit-code"));
            assert_eq!(run.code, 10, "{run}");
            let requests: Vec<Value> = run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            assert_eq!(requests.len(), 1, "{run}");
            let request = &requests[0];
            let keys: Vec<&str> = request.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(keys, FIELDS);
            let method = if action == "UpdateLivePullStreamInfoConfig" { "GET" } else { "POST" };
            let head = (&request["vendor"], &request["action"], &request["method"], &request["step"]);
            assert_eq!(head, (&json!(vendor), &json!(action), &json!(method), &json!(1)));
            assert!(request["headers"].is_object() && request["changes"].is_array(), "{run}");
            let printed = format!("{}{}", run.stdout, run.stderr);
            assert!(!printed.contains("f00dbabe") && !printed.contains("opens-nothing"), "{run}");
            let signature = if vendor == "aliyun" { "&Signature=***" } else { "\"Authorization\":\"***\"" };
            assert!(run.stdout.contains(signature), "{run}");
        }
        assert!(files(world.home()) == before, "a dry run changed the state of {vendor}");
    }
}

#[test]
fn the_request_is_the_one_that_is_sent() {
    let world = World::sandbox("volcengine");
    let line =
        "relay add --domain push.example.com --app live --stream s1 --permanent --source https://a.example.com/s1.flv";
    let planned = world.run(&format!("{line} --dry-run")).ok().json();
    assert_eq!(
        planned["body"],
        json!({"App": "live", "Stream": "s1", "SrcAddrS": ["https://a.example.com/s1.flv"], "Domain": "push.example.com"})
    );
    assert!(planned["url"].as_str().unwrap().ends_with("/?Action=CreateRelaySourceV4&Version=2023-01-01"));
    assert_eq!(
        planned["changes"],
        json!([{"field": "domain", "from": null, "to": "push.example.com"}, {"field": "app", "from": null, "to": "live"},
               {"field": "stream", "from": null, "to": "s1"},
               {"field": "sources", "from": null, "to": ["https://a.example.com/s1.flv"]}])
    );
    let sent = world.run(&format!("{line} --show-request -o json")).ok();
    let shown: Value = serde_json::from_str(sent.stderr.lines().next().unwrap()).unwrap();
    for field in ["vendor", "action", "method", "body", "step", "changes"] {
        assert_eq!(shown[field], planned[field], "{field}");
    }
    assert_eq!(sent.json()["changed"], true);
}

#[test]
fn where_nothing_would_change_nothing_is_printed() {
    for vendor in ["tencent", "aliyun", "volcengine"] {
        let world = furnished(vendor);
        let mut lines =
            vec!["relay update push.example.com/live/s1 --source rtmp://origin.example.com/live/s1?txSecret=f00dbabe"];
        match vendor {
            "tencent" => lines.extend(["domain enable play.example.com", "hls-key disable --template 1000"]),
            "volcengine" => lines.extend(["domain enable play.example.com", "hls-key rotate --cycle 1h"]),
            _ => {}
        }
        for line in lines {
            let run = world.run(&format!("{line} --dry-run --exit-code -o json")).ok();
            assert_eq!(run.stdout, "", "{run}");
            assert!(run.stderr.contains("nothing would change"), "{run}");
        }
    }
}

#[test]
fn the_reads_of_a_plan_are_sent() {
    let world = furnished("tencent");
    let run = world.run("domain delete play.example.com --dry-run -v").ok();
    assert!(
        run.stderr.contains("DescribeLiveDomain: HTTP 200") && !run.stderr.contains("DeleteLiveDomain: HTTP"),
        "{run}"
    );
    // What is not there is found out, and `--if-exists` accepts it.
    world.run("domain delete other.example.com --dry-run").fails(4);
    let accepted = world.run("domain delete other.example.com --if-exists --dry-run --exit-code").ok();
    assert_eq!(accepted.stdout, "", "{accepted}");
    // A reading command is no change.
    assert_eq!(world.run("domain list --dry-run --exit-code --jq length").ok().stdout, "2\n");
    assert_eq!(world.run("domain delete play.example.com --exit-code").fails(2).code, 2);
}
