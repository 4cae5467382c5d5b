//! `hls-key` on the three vendors, in the sandbox.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::assert_run;
use crate::harness::{PROGRAM, World};

/// The fields of a row, in the order that scripts may rely on.
const FIELDS: [&str; 9] =
    ["vendor", "profile", "scope", "domain", "app", "template", "key_url", "cycle_seconds", "enabled"];

const URL: &str = "https://kms.example.com/get_key?";
const KMS: &str = "afce5722-81d2-43c3-9930-7601da11";
const ALIYUN: &str = "--domain play.example.com --app live --template hd720";

fn keys(row: &Value) -> Vec<&str> {
    row.as_object().unwrap().keys().map(String::as_str).collect()
}

fn options(error: &Value) -> Vec<&str> {
    error["faults"].as_array().unwrap().iter().map(|fault| fault["option"].as_str().unwrap()).collect()
}

/// Volcengine's account with an address and a period of an hour.
fn volcengine() -> World {
    let world = World::sandbox("volcengine");
    world.run(&format!("hls-key set --key-url {URL} --cycle 1h")).ok();
    world
}

/// Tencent's account with the transcode template 1000.
fn tencent() -> World {
    let world = World::sandbox("tencent");
    let made = world.run("api tencent CreateLiveTranscodeTemplate TemplateName=hd VideoBitrate=1500").ok().json();
    assert_eq!(made["Response"]["TemplateId"], 1000);
    world
}

/// Aliyun's account with a transcode template of one app.
fn aliyun() -> World {
    let world = World::sandbox("aliyun");
    let template = "Domain=play.example.com App=live Template=hd720 TemplateType=h264 Width=1280 Height=720 FPS=25 \
                    VideoBitrate=1500";
    world.run(&format!("api aliyun AddCustomLiveStreamTranscode {template}")).ok();
    world
}

fn unchanged(vendor: &str, id: &str, name: Option<&str>) -> Value {
    json!({"vendor": vendor, "profile": null, "action": null, "id": id, "name": name, "changed": false, "changes": [],
           "request_id": null})
}

#[test]
fn rotating_tells_old_and_new_and_does_nothing_twice() {
    let world = World::sandbox("volcengine");
    let set = world.run(&format!("hls-key set --key-url {URL} --cycle 1h -o json")).ok().json();
    assert_eq!(
        set["changes"],
        json!([{"field": "key_url", "from": null, "to": URL}, {"field": "cycle_seconds", "from": null, "to": 3600}])
    );
    let mut first = world.run("hls-key rotate --cycle 10m --yes -o json").ok().json();
    assert!(first.as_object_mut().unwrap().remove("request_id").unwrap().is_string());
    assert_eq!(
        first,
        json!({"vendor": "volcengine", "profile": null, "action": "UpdateEncryptHLS", "id": "account", "name": null,
               "changed": true, "changes": [{"field": "cycle_seconds", "from": 3600, "to": 600}]})
    );
    let second = world.run("hls-key rotate --cycle 10m --yes -o json").ok();
    assert_eq!((second.json(), second.stderr.as_str()), (unchanged("volcengine", "account", None), ""));
    assert_run!(world.run("hls-key update --cycle 20m").ok());

    let row = world.run("hls-key show -o json").ok().json();
    assert_eq!(keys(&row), FIELDS);
    assert_eq!(
        row,
        json!({"vendor": "volcengine", "profile": null, "scope": "account", "domain": null, "app": null,
               "template": null, "key_url": URL, "cycle_seconds": 1200, "enabled": null})
    );
}

#[test]
fn a_read_back_that_differs_is_exit_10() {
    let world = volcengine();
    // The change is made at once and answered late: time for another job to change it again.
    let mut slow = world.command(PROGRAM);
    slow.args(["hls-key", "rotate", "--cycle", "10m", "-o", "json", "--fault", "volcengine:UpdateEncryptHLS:slow=4s"]);
    let slow = slow.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    let cycle = || world.run("hls-key show -o json").ok().json()["cycle_seconds"].clone();
    let made = (0..200).any(|_| cycle() == 600);
    assert!(made, "the slow change was never made");
    world.run("hls-key set --cycle 20m").ok();
    let output = slow.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(10), 0), "{stderr}");
    let error: Value = serde_json::from_str(stderr.lines().last().unwrap()).unwrap();
    let error = &error["error"];
    assert_eq!((&error["class"], &error["outcome"]), (&json!("differs"), &json!("applied")));
    assert!(error["message"].as_str().unwrap().contains("cycle_seconds 1200 → 600"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("3600 s"), "{error}");
    assert_eq!(cycle(), 1200);
}

#[test]
fn volcengine_binds_and_unbinds_apps() {
    let world = World::sandbox("volcengine");
    world.run("domain add play.example.com --type play").ok();
    let place = "--domain play.example.com --app live -o json";
    let on = world.run(&format!("hls-key enable {place}")).ok();
    assert!(on.stderr.contains("takes effect in 3 to 5 minutes"), "{on}");
    let answer = on.json();
    assert_eq!((&answer["action"], &answer["changed"]), (&json!("BindEncryptDRM"), &json!(true)));
    assert_eq!(answer["changes"], json!([{"field": "enabled", "from": false, "to": true}]));
    let id = answer["id"].as_str().unwrap();
    let vhost = id.strip_suffix("/live").unwrap();
    assert_eq!(world.run(&format!("hls-key enable {place}")).ok().json(), unchanged("volcengine", id, None));
    let rows = world.run(&format!("hls-key show {place}")).ok().json();
    assert_eq!(
        rows[1],
        json!({"vendor": "volcengine", "profile": null, "scope": "binding", "domain": vhost, "app": "live",
               "template": null, "key_url": null, "cycle_seconds": null, "enabled": true})
    );
    let off = world.run(&format!("hls-key disable {place}")).ok().json();
    assert_eq!((&off["action"], &off["id"]), (&json!("UnBindEncryptDRM"), &json!(id)));
    assert_eq!(world.run(&format!("hls-key disable {place}")).ok().json(), unchanged("volcengine", id, None));
    assert_eq!(world.run(&format!("hls-key show {place}")).ok().json().as_array().unwrap().len(), 1);
    // The domain space itself may be named, without a look at the domain.
    world.run("hls-key enable --vhost space.example.com --app live").ok();
    let missing = world.run("hls-key enable --domain other.example.com --app live -o json").fails(4).error();
    assert!(missing["hint"].is_string(), "{missing}");
}

#[test]
fn tencent_encrypts_by_template() {
    let world = tencent();
    let rows = world.run("hls-key show -o json").ok().json();
    let row = json!({"vendor": "tencent", "profile": null, "scope": "template", "domain": null, "app": null,
                     "template": "1000", "key_url": null, "cycle_seconds": null, "enabled": false});
    assert_eq!(rows, json!([row]));
    assert_eq!(world.run("hls-key show --template 1000 -o json").ok().json(), row);

    let on = world.run("hls-key enable --template 1000 --tracks AUDIO|HD -o json").ok().json();
    assert_eq!(
        (&on["action"], &on["id"], &on["name"]),
        (&json!("ModifyLiveTranscodeTemplate"), &json!("1000"), &json!("hd"))
    );
    assert_eq!(on["changes"][0], json!({"field": "enabled", "from": false, "to": true}));
    let again = world.run("hls-key enable --template 1000 --tracks HD|AUDIO -o json").ok().json();
    assert_eq!(again, unchanged("tencent", "1000", Some("hd")));
    assert_eq!(world.run("hls-key show -o json").ok().json()[0]["enabled"], true);
    let raw = world.run("hls-key show --template 1000 --raw").ok().json();
    assert_eq!(
        (&raw["DRMType"], &raw["DRMTracks"], &raw["VideoBitrate"]),
        (&json!("normalaes"), &json!("AUDIO|HD"), &json!(1500))
    );

    let off = world.run("hls-key disable --template 1000 -o json").ok().json();
    assert_eq!(off["changes"][0], json!({"field": "enabled", "from": true, "to": false}));
    assert_eq!(
        world.run("hls-key disable --template 1000 -o json").ok().json(),
        unchanged("tencent", "1000", Some("hd"))
    );
    assert_eq!(world.run("hls-key show -o json").ok().json()[0]["enabled"], false);
    assert!(world.run("hls-key enable --template 77 -o json").fails(4).error()["hint"].is_string());
}

#[test]
fn aliyun_encrypts_by_template_with_a_kms_key() {
    let world = aliyun();
    let id = "play.example.com/live/#hd720";
    let row = |cycle: Value, enabled: bool| {
        json!({"vendor": "aliyun", "profile": null, "scope": "template", "domain": "play.example.com", "app": "live",
               "template": "hd720", "key_url": null, "cycle_seconds": cycle, "enabled": enabled})
    };
    let show = || world.run(&format!("hls-key show {ALIYUN} -o json")).ok().json();
    assert_eq!(show(), row(Value::Null, false));
    let off = world.run(&format!("hls-key rotate {ALIYUN} --cycle 10m -o json")).fails(5).error();
    assert!(off["hint"].as_str().unwrap().contains("hls-key enable"), "{off}");

    let on = world.run(&format!("hls-key enable {ALIYUN} --kms-key-id {KMS} --cycle 1h -o json")).ok().json();
    assert_eq!((&on["action"], &on["id"]), (&json!("UpdateCustomLiveStreamTranscode"), &json!(id)));
    assert_eq!(
        on["changes"],
        json!([{"field": "enabled", "from": false, "to": true}, {"field": "kms_key_id", "from": null, "to": KMS},
               {"field": "cycle_seconds", "from": null, "to": 3600}])
    );
    assert_eq!(show(), row(json!(3600), true));
    let rotate = || world.run(&format!("hls-key rotate {ALIYUN} --cycle 10m -o json")).ok();
    let first = rotate();
    assert!(first.stderr.contains("`hd720`"), "the template is named: {first}");
    assert_eq!(first.json()["changes"], json!([{"field": "cycle_seconds", "from": 3600, "to": 600}]));
    assert_eq!(rotate().json(), unchanged("aliyun", id, Some("hd720")));
    let set = world.run(&format!("hls-key update {ALIYUN} --kms-key-id other -o json")).ok().json();
    assert_eq!(set["changes"], json!([{"field": "kms_key_id", "from": KMS, "to": "other"}]));
    // The numbers of the template are as they were.
    let raw = world.run(&format!("hls-key show {ALIYUN} --raw")).ok().json();
    assert_eq!(raw["CustomTranscodeParameters"]["VideoBitrate"], 1500);

    world.run(&format!("hls-key disable {ALIYUN}")).ok();
    assert_eq!(show(), row(Value::Null, false));
    let again = world.run(&format!("hls-key disable {ALIYUN} -o json")).ok().json();
    assert_eq!(again, unchanged("aliyun", id, Some("hd720")));
    let missing = world.run("hls-key enable --domain play.example.com --app live --template no --kms-key-id k -o json");
    assert!(missing.fails(4).error()["hint"].is_string());
}

#[test]
fn what_a_vendor_cannot_do_names_who_can() {
    let mut told = String::new();
    for (vendor, verb) in [
        ("tencent", "set --cycle 10m"),
        ("tencent", "rotate --cycle 10m"),
        ("tencent", "get 08e765a4da"),
        ("aliyun", "get 08e765a4da"),
    ] {
        told += &World::sandbox(vendor).run(&format!("hls-key {verb}")).fails(2).to_string();
    }
    assert_run!(told);
}

#[test]
fn all_that_is_missing_or_wrong_is_told_in_one_message() {
    for (vendor, line, expected) in [
        ("tencent", "enable", vec!["--template"]),
        ("tencent", "disable --domain a.example.com", vec!["--domain", "--template"]),
        ("tencent", "enable --template z --cycle 10m --tracks X", vec!["--template", "--cycle", "--tracks"]),
        ("aliyun", "show", vec!["--domain"]),
        ("aliyun", "enable", vec!["--domain", "--app", "--template", "--kms-key-id"]),
        ("aliyun", "set --cycle 10m", vec!["--domain", "--app", "--template"]),
        ("aliyun", "rotate --cycle 59", vec!["--cycle", "--domain", "--app", "--template"]),
        ("aliyun", &format!("set {ALIYUN} --cycle 3601"), vec!["--cycle"]),
        ("volcengine", "enable --cycle 10m --template t", vec!["--cycle", "--template", "--domain", "--app"]),
        ("volcengine", "disable --template t", vec!["--template", "--domain", "--app"]),
        ("volcengine", "show --template t", vec!["--template"]),
        ("volcengine", "set", vec!["--key-url", "--cycle"]),
        ("volcengine", "rotate --cycle 59s", vec!["--cycle"]),
        ("volcengine", "rotate --cycle 604801", vec!["--cycle"]),
        ("volcengine", "set --cycle 8d --domain a.example.com", vec!["--domain", "--cycle"]),
        // The first setting needs both.
        ("volcengine", "rotate --cycle 10m", vec!["--key-url"]),
    ] {
        let error = World::sandbox(vendor).run(&format!("hls-key {line} -o json")).fails(2).error();
        assert_eq!((options(&error), &error["outcome"]), (expected, &json!("not-sent")), "{vendor} {line}");
    }
    assert_run!(World::sandbox("volcengine").run("hls-key rotate --cycle often").fails(2));
}

#[test]
fn a_key_is_printed_in_four_forms() {
    let world = World::sandbox("volcengine");
    let get = |format: &str| world.run(&format!("hls-key get 08e765a4da --format {format}")).ok().stdout;
    let text = get("text");
    let key = text.strip_suffix('\n').unwrap();
    assert_eq!(key.len(), 16, "the sandbox's keys are 16 characters");
    let hex: String = key.bytes().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(get("hex"), format!("{hex}\n"));
    assert_eq!(get("base64"), format!("{}\n", STANDARD.encode(key)));
    assert_eq!(get("raw"), key, "the bytes and nothing else");
    assert_eq!(
        world.run("hls-key get 08e765a4da -o json").ok().json(),
        json!({"vendor": "volcengine", "profile": null, "key_id": "08e765a4da", "key": key})
    );
    assert_eq!(options(&world.run("hls-key get 08e765a4da --format jpeg -o json").fails(2).error()), ["--format"]);
    assert_run!(world.run("hls-key get nope").fails(4));
}

#[test]
fn a_key_file_is_the_owners_alone_and_never_overwritten() {
    let world = World::sandbox("volcengine");
    let key = world.run("hls-key get 08e765a4da").ok().stdout;
    let run = world.run("hls-key get 08e765a4da --format raw --out key.bin").ok();
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
    let file = world.home().join("key.bin");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), key.trim_end());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let refused = world.run("hls-key get 0123456789 --out key.bin").fails(2);
    assert!(refused.stderr.contains("key.bin"), "{refused}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), key.trim_end());
}

#[test]
fn what_is_not_there_on_aliyun_is_shown_by_a_command_that_works() {
    let world = World::sandbox("aliyun");
    let place = "--domain play.example.com --app live --template none";
    for verb in ["enable --kms-key-id k1", "disable", "set --cycle 10m", "show"] {
        let error = world.run(&format!("hls-key {verb} {place} -o json")).fails(4).error();
        let hint = error["hint"].as_str().unwrap();
        assert!(hint.contains("`livectl hls-key show --domain play.example.com` shows what there is"), "{error}");
    }
    assert_eq!(world.run("hls-key show --domain play.example.com -o json").ok().json(), json!([]));
}

#[test]
fn what_only_one_vendor_takes_stands_under_its_name() {
    let help = World::empty().run("hls-key enable -h").ok().stdout;
    let heading = help.find("\nVolcengine:\n").expect(&help);
    for option in ["--drm-systems", "--encrypt-origin-stream", "--encrypt-transcode-suffix", "--vhost"] {
        assert!(help.find(option).unwrap() > heading, "{option}\n{help}");
    }
}
