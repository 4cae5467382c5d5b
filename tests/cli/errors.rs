//! What goes wrong before or because of the account: each with its class, exit code, JSON form and true cause.

use serde_json::{Value, json};

use crate::assert_run;
use crate::harness::{Run, World};
use crate::server::{Answer, SECRET, Server};

/// The members that every JSON error has, in their order.
const PROMISED: [&str; 12] = [
    "class",
    "message",
    "vendor",
    "profile",
    "action",
    "code",
    "request_id",
    "http_status",
    "attempts",
    "retryable",
    "outcome",
    "hint",
];

/// The JSON error of a run that failed in this way: the last line of stderr, nothing on stdout, every promised
/// member there and of its type.
#[track_caller]
pub fn failed(run: Run, class: &str, exit: i32) -> Value {
    let run = run.fails(exit);
    let error = run.error();
    let members = error.as_object().unwrap();
    let names: Vec<&str> = members.keys().map(String::as_str).filter(|name| *name != "faults").collect();
    assert_eq!(names, PROMISED, "{run}");
    assert_eq!(error["class"], class, "{run}");
    for (name, value) in members {
        let fits = match name.as_str() {
            "class" | "message" => value.as_str().is_some_and(|text| !text.is_empty()),
            "http_status" | "attempts" => value.is_null() || value.is_u64(),
            "retryable" => value.is_null() || value.is_boolean(),
            "faults" => value.as_array().is_some_and(|faults| !faults.is_empty()),
            _ => value.is_null() || value.as_str().is_some_and(|text| !text.is_empty()),
        };
        assert!(fits, "{name}: {run}");
    }
    assert!(!run.stderr.contains(SECRET), "{run}");
    error
}

/// What each wrong value was: option and what was given.
fn faults(error: &Value) -> Vec<(&str, Option<&str>)> {
    let faults = error["faults"].as_array().unwrap_or_else(|| panic!("{error}"));
    faults.iter().map(|fault| (fault["option"].as_str().unwrap(), fault["given"].as_str())).collect()
}

/// The sandbox as a vendor of its own, with an account whose keys a test chooses.
fn account(sandbox: &Served, vendor: &str, id: &str, secret: &str) -> World {
    World::empty()
        .set("LIVECTL_VENDOR", vendor)
        .set("LIVECTL_ACCESS_KEY_ID", id)
        .set("LIVECTL_ACCESS_KEY_SECRET", secret)
        .set("LIVECTL_ENDPOINT", &sandbox.endpoint)
        .set("LIVECTL_RETRIES", "0")
}

/// `livectl sandbox serve` in the background, ended with the test.
pub struct Served {
    child: std::process::Child,
    pub endpoint: String,
    pub id: String,
    pub secret: String,
    _world: World,
}

impl Served {
    /// Starts it and waits for the line that tells address and keys.
    pub fn start(options: &str) -> Self {
        use std::io::BufRead;
        let world = World::empty();
        let mut command = world.command(crate::harness::PROGRAM);
        command.args(["sandbox", "serve", "-o", "ndjson"]).args(options.split_whitespace());
        let mut child = command.stdout(std::process::Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        std::io::BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let text = |name: &str| told[name].as_str().unwrap().to_owned();
        let (endpoint, id, secret) = (text("endpoint"), text("access_key_id"), text("access_key_secret"));
        Served { child, endpoint, id, secret, _world: world }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const VENDORS: [&str; 3] = ["tencent", "aliyun", "volcengine"];

#[test]
fn a_wrong_secret_and_an_unknown_key_are_told_apart() {
    let sandbox = Served::start("");
    let cases = [
        ("tencent", "AuthFailure.SignatureFailure", "AuthFailure.SecretIdNotFound"),
        ("aliyun", "SignatureDoesNotMatch", "InvalidAccessKeyId.NotFound"),
        ("volcengine", "SignatureDoesNotMatch", "InvalidAccessKey"),
    ];
    for (vendor, wrong, unknown) in cases {
        for (id, secret, code) in [(sandbox.id.as_str(), SECRET, wrong), ("AKIDSTRANGER", &*sandbox.secret, unknown)] {
            let run = account(&sandbox, vendor, id, secret).run("domain list -o json");
            let error = failed(run, "auth", 3);
            assert_eq!((&error["code"], &error["outcome"]), (&json!(code), &json!("refused")), "{error}");
            assert!(error["message"].as_str().unwrap().contains("the credentials are not accepted"), "{error}");
            assert!(error["hint"].as_str().unwrap().contains("config show --effective"), "{error}");
            assert!(!error.to_string().contains(&sandbox.secret) && error["request_id"].is_string(), "{error}");
        }
        account(&sandbox, vendor, &sandbox.id, &sandbox.secret).run("domain list").ok();
    }
}

#[test]
fn an_expired_token_is_told_as_one() {
    for (vendor, code) in [
        ("tencent", "AuthFailure.TokenFailure"),
        ("aliyun", "InvalidSecurityToken.Expired"),
        ("volcengine", "InvalidSecretToken"),
    ] {
        let run = World::sandbox(vendor).run(&format!("domain list -o json --fault {vendor}:*:expired"));
        let error = failed(run, "auth", 3);
        assert_eq!((&error["code"], &error["attempts"]), (&json!(code), &json!(1)), "{error}");
        let hint = error["hint"].as_str().unwrap();
        assert!(hint.contains("token") && hint.contains("get a new one"), "{error}");
    }
}

#[test]
fn a_clock_that_is_an_hour_off_is_corrected_and_told() {
    for vendor in VENDORS {
        let run = World::sandbox(vendor).run(&format!("domain list -o json --fault {vendor}:*:clock")).ok();
        assert_eq!(run.stdout, "[]\n");
        let warnings: Vec<&str> = run.stderr.lines().filter(|line| line.starts_with("warning: ")).collect();
        assert_eq!(warnings.len(), 1, "{run}");
        assert!(warnings[0].contains("this machine's clock is off by 3"), "{run}");
        // A write too: it was refused before anything happened.
        let line = format!("domain add a.example.com --type push -o json --fault {vendor}:*:clock");
        assert_eq!(World::sandbox(vendor).run(&line).ok().json()["changed"], true);
    }
}

#[test]
fn a_clock_that_cannot_be_corrected_is_the_cause_that_is_told() {
    // The vendor's own date agrees with this machine's: there is nothing to correct by.
    let refusals = [
        (
            "tencent",
            Answer::json(json!({"Response": {"RequestId": "r-1", "Error":
                {"Code": "AuthFailure.SignatureExpire", "Message": "Signature expired."}}})),
        ),
        (
            "aliyun",
            Answer::status(
                400,
                "application/json",
                json!({"RequestId": "r-1", "Code": "InvalidTimeStamp.Expired", "Message": "Expired."}),
            ),
        ),
        (
            "volcengine",
            Answer::status(
                400,
                "application/json",
                json!({"ResponseMetadata": {"RequestId": "r-1", "Error":
                    {"Code": "InvalidTimestamp", "Message": "The signature expired."}}}),
            ),
        ),
    ];
    for (vendor, refusal) in refusals {
        let server = Server::answering([refusal]);
        let error = failed(server.world(vendor).run("domain list -o json"), "auth", 3);
        assert!(error["hint"].as_str().unwrap().contains("clock may be off"), "{error}");
        assert_eq!((&error["outcome"], server.count()), (&json!("refused"), 1), "{error}");
    }
}

#[test]
fn an_unknown_action_names_those_it_looks_like() {
    let server = Server::answering([Answer::json("{}")]);
    for (vendor, wrong, right) in [
        ("tencent", "DescribeLiveDomian", "DescribeLiveDomain"),
        ("aliyun", "AddLiveDomainn", "AddLiveDomain"),
        ("volcengine", "updateencrypthls", "UpdateEncryptHLS"),
    ] {
        for line in [format!("api {vendor} {wrong} -o json"), format!("api describe {vendor} {wrong} -o json")] {
            let error = failed(server.world(vendor).run(&line), "usage", 2);
            assert!(error["message"].as_str().unwrap().contains(&format!("`{wrong}`")), "{error}");
            assert!(error["hint"].as_str().unwrap().starts_with(&format!("did you mean {right}")), "{error}");
            assert_eq!((&error["vendor"], &error["outcome"]), (&json!(vendor), &json!("not-sent")), "{error}");
        }
    }
    let elsewhere = failed(server.world("aliyun").run("api aliyun UpdateEncryptHLS -o json"), "usage", 2);
    let hint = elsewhere["hint"].as_str().unwrap();
    assert!(hint.contains("volcengine has it: `livectl api volcengine UpdateEncryptHLS`"), "{hint}");
    assert_eq!(server.count(), 0);
}

#[test]
fn every_wrong_value_is_told_at_once_and_nothing_is_sent() {
    let server = Server::answering([Answer::json("{}")]);
    let world = server.world("tencent");
    // Wrong in type, by enum, unknown, and missing.
    let line = "api tencent AddLiveDomain DomainType=sideways PlayType=9 IsDelayLive=x Colour=red -o json";
    let error = failed(world.run(line), "usage", 2);
    let mut found = faults(&error);
    found.sort_unstable();
    assert_eq!(
        found,
        [
            ("Colour", None),
            ("DomainName", None),
            ("DomainType", Some("sideways")),
            ("IsDelayLive", Some("x")),
            ("PlayType", Some("9")),
        ]
    );
    assert_eq!((&error["vendor"], &error["action"]), (&json!("tencent"), &json!("AddLiveDomain")));
    assert_eq!(error["outcome"], "not-sent");
    assert!(error["hint"].as_str().unwrap().contains("--no-validate"), "{error}");
    assert_eq!(server.count(), 0);
}

#[test]
fn types_enums_ranges_lengths_and_constraints_are_checked() {
    let server = Server::answering([Answer::json("{}")]);
    let hls = "URL=https://kms.example.com/get_key?";
    let relay = "App=live Stream=s1 Domain=push.example.com SrcAddrS=rtmp://a.example.com/live/s1";
    for (call, option, given, allowed) in [
        ("tencent AddLiveDomain DomainName=a.example.com DomainType:=\"0\"", "DomainType", Some("0"), "an integer"),
        (
            "tencent AddLiveDomain DomainName=a.example.com DomainType=2",
            "DomainType",
            Some("2"),
            "one of 0 (push), 1 (playback)",
        ),
        ("tencent AddLiveDomain DomainName:=7 DomainType=push", "DomainName", Some("7"), "a text"),
        ("tencent DescribeLiveDomains PageSize=5", "PageSize", Some("5"), "a number from 10 to 100"),
        (
            &format!("volcengine UpdateEncryptHLS {hls} CycleTime=59"),
            "CycleTime",
            Some("59"),
            "a number from 60 to 604800",
        ),
        (
            &format!("volcengine UpdateEncryptHLS {hls} CycleTime=604801"),
            "CycleTime",
            Some("604801"),
            "a number from 60 to 604800",
        ),
        (&format!("volcengine UpdateEncryptHLS {hls} CycleTime=1h"), "CycleTime", Some("1h"), "a text of digits"),
        (&format!("volcengine UpdateEncryptHLS {hls} CycleTime:=60"), "CycleTime", Some("60"), "a text of digits"),
        (&format!("volcengine CreateRelaySourceV4 {relay} App:=\"\""), "App", Some("\"\""), "given once"),
        (
            &format!("volcengine CreateRelaySourceV4 {relay} StartTime=1683518058 EndTime=1684122859"),
            "EndTime",
            Some("1684122859"),
            "at most 7 days after StartTime",
        ),
        (
            &format!("volcengine CreateRelaySourceV4 {relay} StartTime=1683777258 EndTime=1683518058"),
            "EndTime",
            Some("1683518058"),
            "after StartTime",
        ),
    ] {
        let vendor = call.split(' ').next().unwrap();
        let error = failed(server.world(vendor).run(&format!("api {call} -o json")), "usage", 2);
        assert_eq!(error["faults"], json!([{"option": option, "given": given, "allowed": allowed}]), "{call}");
    }
    assert_eq!(server.count(), 0);
}

#[test]
fn what_is_not_stated_firmly_is_sent_with_a_warning() {
    let server = Server::answering([Answer::json(json!({"RequestId": "r-1"}))]);
    let line = "api aliyun AddLiveDomain DomainName=a.example.com LiveDomainType=liveAudio Region=cn-shanghai";
    let run = server.world("aliyun").run(line).ok();
    assert!(run.stderr.starts_with("warning: `LiveDomainType` is `liveAudio`;"), "{run}");
    assert_eq!(server.requests()[0].query("LiveDomainType").as_deref(), Some("liveAudio"));
}

#[test]
fn the_profile_file_and_the_profile() {
    let world = World::empty();
    let error = failed(world.run("-p nobody domain list -o json"), "usage", 2);
    assert!(error["message"].as_str().unwrap().contains("`nobody`"), "{error}");
    assert_eq!(error["profile"], "nobody");

    world.profiles(
        "[profiles.prod]\nvendor = \"tencent\"\naccess_key_id = \"AKIDEXAMPLE\"\naccess_key_secret = \"s\"\n",
    );
    let error = failed(world.run("-p prdo domain list -o json"), "usage", 2);
    assert!(error["hint"].as_str().unwrap().contains("prod"), "{error}");
    assert_eq!(error["outcome"], "not-sent");

    world.profiles("[profiles.prod\nvendor = tencent\n");
    let error = failed(world.run("-p prod domain list -o json"), "usage", 2);
    assert!(error["message"].as_str().unwrap().contains("config.toml:1:"), "{error}");

    let error = failed(world.run("--config /nowhere/at-all.toml domain list -o json"), "usage", 2);
    assert!(error["message"].as_str().unwrap().contains("`/nowhere/at-all.toml`: there is no such file"), "{error}");

    // A folder where the file should be can be read by nobody, not even by root.
    let folder = World::empty();
    std::fs::create_dir_all(folder.home().join(".config/livectl/config.toml")).unwrap();
    let error = failed(folder.run("-p prod domain list -o json"), "usage", 2);
    assert!(error["message"].as_str().unwrap().contains("config.toml`"), "{error}");
}

#[test]
fn a_plain_endpoint_is_for_this_machine_only() {
    let world = Server::answering([Answer::json("{}")]).world("tencent");
    for endpoint in ["http://live.tencentcloudapi.com", "http://10.0.0.1:8700", "http://127.0.0.1.example.com"] {
        let run = world.run(&format!("domain list -o json --endpoint {endpoint}"));
        let error = failed(run, "usage", 2);
        assert!(error["message"].as_str().unwrap().contains("loopback"), "{error}");
        assert_eq!(faults(&error), [("--endpoint", Some(endpoint))]);
        assert_eq!(error["outcome"], "not-sent");
    }
}

#[test]
fn no_credentials_at_all() {
    for vendor in VENDORS {
        let error = failed(World::empty().run(&format!("--vendor {vendor} domain list -o json")), "auth", 3);
        assert_eq!((&error["vendor"], &error["outcome"]), (&json!(vendor), &json!("not-sent")), "{error}");
        assert!(error["hint"].as_str().unwrap().contains("--sandbox"), "{error}");
    }
}

#[test]
fn a_command_line_that_cannot_be_parsed_is_told_in_json_too() {
    let world = World::empty();
    for line in [
        "domain lst -o json",
        "domain list --colour -o json",
        "api tencent -o json",
        "domain list --timeout soon -ojson",
        "domain list --retries -1 --output=ndjson",
        "domain list --retries x -o=json",
        "--vendor aws domain list -o json",
    ] {
        failed(world.run(line), "usage", 2);
    }
    failed(World::empty().set("LIVECTL_OUTPUT", "json").run("domain lst"), "usage", 2);
    failed(World::empty().set("LIVECTL_VENDOR", "aws").run("domain list -o json"), "usage", 2);
}

#[test]
fn for_people() {
    let sandbox = Served::start("");
    let server = Server::answering([Answer::json("{}")]);
    let world = server.world("tencent");
    assert_run!(account(&sandbox, "tencent", &sandbox.id, SECRET).run("domain list"));
    assert_run!(account(&sandbox, "aliyun", "AKIDSTRANGER", SECRET).run("domain list"));
    assert_run!(World::sandbox("tencent").run("domain list --fault tencent:*:expired"));
    assert_run!(world.run("api tencent DescribeLiveDomian"));
    assert_run!(world.run("api tencent AddLiveDomain DomainType=sideways PlayType=9 Colour=red"));
    assert_run!(world.run("api volcengine UpdateEncryptHLS URL=https://kms.example.com/get_key CycleTime=1"));
    assert_run!(world.run("domain list --endpoint http://live.tencentcloudapi.com"));
    assert_run!(world.run("-p nobody domain list"));
    assert_run!(World::empty().run("--vendor volcengine domain list"));
    assert_run!(world.run("api tencent DeleteLiveDomain DomainName=a.example.com DomainType=push"));
}

#[test]
fn what_exists_already_is_accepted_only_where_a_command_can() {
    let world = World::sandbox("tencent");
    let add = "domain add a.example.com --type push";
    world.run(add).ok();
    let error = failed(world.run(&format!("{add} -o json")), "conflict", 5);
    assert_eq!(error["hint"], "`--if-not-exists` accepts what is there");
    assert_eq!(world.run(&format!("{add} --if-not-exists -o json")).ok().json()["changed"], false);
    let line = "api tencent AddLiveDomain DomainName=a.example.com DomainType=push -o json";
    assert_eq!(failed(world.run(line), "conflict", 5)["hint"], Value::Null);
}
