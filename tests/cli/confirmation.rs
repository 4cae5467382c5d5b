//! Questions: asked of a vendor's account, never without a terminal. The account is a sandbox that runs by itself.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use serde_json::{Value, json};

use crate::assert_run;
use crate::harness::{PROGRAM, World};

/// A `sandbox serve` in the background.
struct Served(Child);

impl Served {
    /// Starts it, and a machine whose every command goes there.
    fn start() -> (Served, World) {
        let world = World::empty();
        let mut child = world
            .command(PROGRAM)
            .args(["sandbox", "serve", "--listen", "127.0.0.1:0", "-o", "ndjson"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line).unwrap();
        let text = |name: &str| told[name].as_str().unwrap().to_owned();
        let world = world
            .set("LIVECTL_ENDPOINT", &text("endpoint"))
            .set("LIVECTL_ACCESS_KEY_ID", &text("access_key_id"))
            .set("LIVECTL_ACCESS_KEY_SECRET", &text("access_key_secret"));
        (Served(child), world)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Commands of a vendor that prepare, without a question; then those that ask first.
fn commands(vendor: &str) -> (Vec<&'static str>, Vec<&'static str>) {
    let relay = "relay add --domain push.example.com --app live --stream s1 --source rtmp://a.example.com/s1 \
                 --start +1h --end +2h";
    let mut prepare = vec![
        "domain add push.example.com --type push",
        "domain add play.example.com --type play",
        relay,
        "relay update push.example.com/live/s1 --end +3h",
    ];
    let mut asking = vec!["relay delete push.example.com/live/s1", "domain disable push.example.com"];
    match vendor {
        "tencent" => {
            prepare.insert(0, "api tencent CreateLiveTranscodeTemplate TemplateName=hd VideoBitrate=1500");
            prepare.push("hls-key enable --template 1000");
            asking.push("hls-key disable --template 1000");
        }
        "aliyun" => {
            prepare.push("domain map push.example.com play.example.com");
            prepare.push(
                "api aliyun AddCustomLiveStreamTranscode Domain=play.example.com App=live Template=hd720 \
                 TemplateType=h264 Width=1280 Height=720 FPS=25 VideoBitrate=1500",
            );
            prepare
                .push("hls-key enable --domain play.example.com --app live --template hd720 --kms-key-id k --cycle 1h");
            asking.push("domain unmap push.example.com play.example.com");
            asking.push("hls-key set --domain play.example.com --app live --template hd720 --cycle 20m");
            asking.push("hls-key rotate --domain play.example.com --app live --template hd720 --cycle 10m");
            asking.push("hls-key disable --domain play.example.com --app live --template hd720");
        }
        _ => {
            prepare.push("hls-key enable --domain play.example.com --app live");
            asking.push("hls-key disable --domain play.example.com --app live");
            asking.push("hls-key rotate --key-url https://kms.example.com/get_key? --cycle 10m");
        }
    }
    asking.push("domain delete play.example.com");
    (prepare, asking)
}

#[test]
fn without_a_terminal_only_yes_lets_a_destructive_command_through() {
    for vendor in ["tencent", "aliyun", "volcengine"] {
        let (_served, world) = Served::start();
        let world = world.set("LIVECTL_VENDOR", vendor);
        let (prepare, asking) = commands(vendor);
        for line in prepare {
            world.run(line).ok();
        }
        for line in &asking {
            let run = world.run(&format!("{line} -o json --show-request")).fails(2);
            let error = run.error();
            assert_eq!((&error["class"], &error["outcome"]), (&json!("usage"), &json!("not-sent")), "{run}");
            assert!(error["hint"].as_str().unwrap().contains("--yes"), "{run}");
            let sent = run.stderr.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
            let sent: Vec<String> = sent.filter_map(|request| Some(request["action"].as_str()?.to_owned())).collect();
            assert!(sent.iter().all(|action| action.starts_with("Describe") || action.starts_with("List")), "{run}");
        }
        // Everything is as it was, so that every one of them still has something to do.
        for line in &asking {
            let run = world.run(&format!("{line} -o json --yes")).ok();
            assert_eq!(run.json()["changed"], true, "{run}");
        }
    }
}

#[test]
fn rotating_says_that_it_is_account_wide() {
    let (_served, world) = Served::start();
    let world = world.set("LIVECTL_VENDOR", "volcengine");
    let line = "hls-key rotate --key-url https://kms.example.com/get_key? --cycle 10m";
    assert_run!(world.run(line).fails(2));
    assert_run!(world.run(&format!("{line} --yes")).ok());
    assert_run!(world.run(line).ok());
}

#[test]
fn the_variable_answers_as_the_option_does() {
    let (_served, world) = Served::start();
    let world = world.set("LIVECTL_VENDOR", "tencent").set("LIVECTL_YES", "1");
    world.run("domain add push.example.com --type push").ok();
    world.run("domain delete push.example.com").ok();
}
