//! `--wait` after changes that settle later, and `livectl wait`: against the sandbox of each vendor.

#[cfg(unix)]
use std::io::{BufRead, BufReader, Read};
#[cfg(unix)]
use std::process::Stdio;

use serde_json::{Value, json};

use crate::assert_run;
#[cfg(unix)]
use crate::harness::PROGRAM;
use crate::harness::{Run, World};

/// The options of a test: looks come one after the other.
const SOON: &str = "--wait-interval 5ms";

const VENDORS: [(&str, [&str; 4]); 3] = [
    ("tencent", ["AddLiveDomain", "ForbidLiveDomain", "EnableLiveDomain", "DeleteLiveDomain"]),
    ("aliyun", ["AddLiveDomain", "StopLiveDomain", "StartLiveDomain", "DeleteLiveDomain"]),
    ("volcengine", ["CreateDomain", "DisableDomain", "EnableDomain", "DeleteDomain"]),
];

fn add(vendor: &str) -> World {
    let world = World::sandbox(vendor);
    world.run("domain add a.example.com --type play --area mainland --fault aliyun:AddLiveDomain:settle=0s").ok();
    world
}

/// Where the field of a change went to.
fn to(run: &Run, field: &str) -> Value {
    let changed = run.json();
    let changes = changed["changes"].as_array().unwrap();
    changes.iter().find(|change| change["field"] == field).map(|change| change["to"].clone()).unwrap_or_default()
}

fn status(world: &World) -> String {
    world.run("domain show a.example.com --jq .status").ok().stdout.trim().to_owned()
}

#[test]
fn a_domain_is_waited_for_on_every_vendor() {
    for (vendor, [new, off, on, gone]) in VENDORS {
        let world = World::sandbox(vendor);
        let run = |line: &str, action: &str, time: &str| {
            world.run(&format!("{line} --wait {SOON} -o json --fault {vendor}:{action}:settle={time}")).ok()
        };
        let added = run("domain add a.example.com --type play --area mainland", new, "40ms");
        assert_eq!(to(&added, "status"), "enabled", "{added}");
        assert!(added.stderr.contains("note: domain a.example.com is enabled after "), "{added}");
        let disabled = run("domain disable a.example.com", off, "40ms");
        assert_eq!((to(&disabled, "status"), status(&world)), (json!("disabled"), "disabled".to_owned()), "{disabled}");
        let enabled = run("domain enable a.example.com", on, "40ms");
        assert_eq!((to(&enabled, "status"), status(&world)), (json!("enabled"), "enabled".to_owned()), "{enabled}");
        let deleted = run("domain delete a.example.com", gone, "40ms");
        assert!(deleted.stderr.contains("note: domain a.example.com is deleted after "), "{deleted}");
        assert_eq!(to(&deleted, "status"), Value::Null, "what is gone has no state: {deleted}");
    }
}

#[test]
fn without_wait_nobody_waits() {
    let world = World::sandbox("aliyun");
    let line = "domain add a.example.com --type play --fault aliyun:AddLiveDomain:settle=1h";
    let added = world.run(line).ok();
    assert!(!added.stderr.contains("waiting"), "{added}");
    assert_eq!(status(&world), "configuring");
}

#[test]
fn a_change_that_fails_later_was_applied() {
    for (vendor, [new, ..]) in VENDORS.into_iter().skip(1) {
        let world = World::sandbox(vendor);
        let line = "domain add a.example.com --type play --area mainland -o json --wait";
        let error = world.run(&format!("{line} {SOON} --fault {vendor}:{new}:fail=20ms")).fails(10).error();
        assert_eq!(
            (&error["class"], &error["outcome"], &error["action"]),
            (&json!("differs"), &json!("applied"), &json!(new))
        );
        assert_eq!(error["message"], "waiting for domain a.example.com: applied, but it ended as failed");
        assert_eq!(error["hint"], format!("`livectl domain show a.example.com --vendor {vendor}` shows it"));
        assert_eq!(status(&world), "failed");
    }
}

#[test]
fn what_does_not_settle_in_time_is_exit_11_and_can_be_waited_on() {
    for (vendor, [_, off, ..]) in VENDORS {
        let world = add(vendor);
        let line = format!("domain disable a.example.com --wait --wait-timeout 20ms {SOON} -o json");
        let error = world.run(&format!("{line} --fault {vendor}:{off}:settle=1h")).fails(11).error();
        assert_eq!(
            (&error["class"], &error["outcome"], &error["action"]),
            (&json!("timeout"), &json!("applied"), &json!(off))
        );
        let command = format!("livectl wait domain a.example.com --for disabled --vendor {vendor}");
        assert_eq!(error["hint"], format!("`{command}` goes on waiting"), "{error}");
        assert!(error["request_id"].is_string(), "{error}");
        let on = world.run(&format!("{} --wait-timeout 20ms --interval 5ms -o json", &command[8..])).fails(11).error();
        assert_eq!((&on["class"], &on["outcome"]), (&json!("timeout"), &Value::Null), "nothing was changed: {on}");
        assert!(on["message"].as_str().unwrap().contains("not disabled within 20ms, last seen "), "{on}");
    }
    let world = World::sandbox("aliyun");
    let line = "domain add a.example.com --type play --wait --wait-timeout 20ms --fault aliyun:AddLiveDomain:settle=1h";
    assert_run!(world.run(&format!("{line} {SOON}")).fails(11));
}

#[test]
fn a_look_that_fails_once_is_told_and_repeated() {
    for (vendor, [new, ..]) in VENDORS {
        let look = match vendor {
            "tencent" => "DescribeLiveDomain",
            "aliyun" => "DescribeLiveDomainDetail",
            _ => "ListDomainDetail",
        };
        for fault in ["drop", "html", "throttle"] {
            let world = World::sandbox(vendor);
            let line = "domain add a.example.com --type play --area mainland --retries 0 --wait -o json";
            let faults = format!("--fault {vendor}:{new}:settle=30ms --fault {vendor}:{look}:{fault}");
            let added = world.run(&format!("{line} {SOON} {faults}")).ok();
            assert_eq!(to(&added, "status"), "enabled", "{added}");
            let told = "warning: a look at domain a.example.com failed, and is repeated: ";
            assert_eq!(added.stderr.matches(told).count(), 1, "{added}");
        }
    }
    // What no repetition mends ends the wait, and the change stands.
    let world = add("aliyun");
    let line = "domain disable a.example.com --wait --retries 0 -o json";
    let faults = "--fault aliyun:DescribeLiveDomainDetail:slow=0s,error=Forbidden.RAM";
    let error = world.run(&format!("{line} {SOON} {faults}")).fails(3).error();
    assert_eq!((&error["class"], &error["outcome"]), (&json!("auth"), &json!("applied")), "{error}");
}

#[test]
fn functions_of_a_domain_are_waited_for() {
    let world = add("aliyun");
    let set = "domain config set --domain a.example.com origin-host domain_name=o.example.com --wait -o json";
    let fault = |ending: &str| format!("{SOON} --fault aliyun:BatchSetLiveDomainConfigs:{ending}");
    let done = world.run(&format!("{set} {}", fault("settle=30ms"))).ok();
    assert_eq!(to(&done, "status"), "success", "{done}");
    let other = "domain config set --domain a.example.com origin-host domain_name=p.example.com --wait";
    let failed = world.run(&format!("{other} -q {}", fault("fail=10ms"))).fails(10);
    assert_run!(failed);
    let late =
        "domain config set --domain a.example.com origin-host domain_name=q.example.com --wait --wait-timeout 10ms";
    assert_run!(world.run(&format!("{late} {}", fault("settle=1h"))).fails(11));
    let delete = "domain config delete --domain a.example.com origin-host --wait";
    let deleted = world.run(&format!("{delete} {SOON}")).ok();
    assert!(deleted.stderr.contains("note: configuration of a.example.com is deleted after "), "{deleted}");
}

#[test]
fn a_relay_of_tencent_is_waited_for_until_it_runs() {
    let world = World::sandbox("tencent");
    let add = "relay add push.example.com/live/s1 --source rtmp://o.example.com/live/s1 --end +1d --start";
    let later = world.run(&format!("{add} +1h --wait {SOON}")).ok();
    assert!(later.stderr.contains("note: nothing to wait for: it starts at "), "{later}");
    world.run(&format!("{add} -1h")).ok();
    let restart =
        |ending: &str| format!("relay restart 10001 --wait {SOON} --fault tencent:RestartLivePullStreamTask:{ending}");
    let restarted = world.run(&format!("{} -o json", restart("settle=30ms"))).ok();
    assert_eq!(to(&restarted, "status"), "active", "{restarted}");
    let late = world.run(&format!("{} --wait-timeout 20ms", restart("fail"))).fails(11);
    assert!(
        late.stderr.contains("`livectl relay state show --task-id 10001 --vendor tencent` tells the state"),
        "{late}"
    );
    let deleted = world.run(&format!("relay delete 10001 --wait {SOON}")).ok();
    assert!(deleted.stderr.contains("note: relay 10001 is deleted after "), "{deleted}");
}

#[test]
fn streams_are_waited_for() {
    for vendor in ["tencent", "volcengine"] {
        let world = World::sandbox(vendor);
        let area = if vendor == "volcengine" { "--area mainland" } else { "" };
        world.run(&format!("domain add push.example.com --type push {area}")).ok();
        let forbidden =
            world.run(&format!("stream forbid push.example.com/live/s1 --until +1d --wait {SOON} -o json")).ok();
        assert_eq!(to(&forbidden, "state"), "forbidden", "{forbidden}");
        assert!(forbidden.stderr.contains("note: stream push.example.com/live/s1 is forbidden after "), "{forbidden}");
        let resumed = world.run(&format!("stream resume push.example.com/live/s1 --wait {SOON} -o json")).ok();
        assert_eq!(to(&resumed, "state"), "offline", "{resumed}");
    }
}

#[test]
fn a_vendor_command_waits_where_its_effect_is_seen() {
    let world = add("aliyun");
    world.write("c.pem", "-----BEGIN CERTIFICATE-----\n");
    world.write("k.pem", "-----BEGIN PRIVATE KEY-----\n");
    let set =
        "cert bind --domain a.example.com --ssl-protocol on --certificate @c.pem --private-key @k.pem --wait -o json";
    let fault = "--fault aliyun:SetLiveDomainCertificate:settle=30ms";
    let done = world.run(&format!("{set} {SOON} {fault}")).ok();
    assert_eq!(to(&done, "status"), "enabled", "{done}");
}

#[test]
fn where_nothing_tells_there_is_nothing_to_wait_for() {
    let world = World::sandbox("tencent");
    let done = world.run("record template create --template-name t --wait").ok();
    assert!(done.stderr.contains("note: nothing to wait for: what was asked is done"), "{done}");
    let world = add("volcengine");
    let bound = world.run("hls-key enable --domain a.example.com --app live --wait").ok();
    assert!(bound.stderr.contains("note: nothing to wait for: a change of encryption takes 3 to 5 minutes"), "{bound}");
    assert_eq!(bound.stderr.matches("nothing to wait for").count(), 1, "{bound}");
    let plan = add("aliyun").run("domain disable a.example.com --wait --dry-run").ok();
    assert!(!plan.stderr.contains("wait"), "{plan}");
}

#[cfg(unix)]
#[test]
fn an_interrupt_while_waiting_says_that_it_is_applied() {
    let world = World::sandbox("aliyun");
    let line = "domain add a.example.com --type play --wait -o json --wait-interval 1h --wait-timeout 2h \
                --fault aliyun:AddLiveDomain:settle=1h";
    let mut command = world.command(PROGRAM);
    let mut child =
        command.args(line.split_whitespace()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut told = String::new();
    while !told.contains("waiting for domain a.example.com: configuring; at most 2h in all") {
        assert_ne!(stderr.read_line(&mut told).unwrap(), 0, "it ended: {told}");
    }
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    let code = child.wait().unwrap().code().unwrap_or(-1);
    stderr.read_to_string(&mut told).unwrap();
    let run = Run { command: line.to_owned(), stdout: String::new(), stderr: told, code };
    let error = run.fails(130).error();
    assert_eq!((&error["class"], &error["outcome"]), (&json!("interrupted"), &json!("applied")), "{error}");
    let message = "waiting for domain a.example.com: interrupted; AddLiveDomain took effect, last seen configuring";
    assert_eq!(error["message"], message);
    assert_eq!(error["hint"], "`livectl wait domain a.example.com --for enabled --vendor aliyun` goes on waiting");
}

#[test]
fn a_state_is_waited_for_and_the_row_is_printed() {
    let world = World::sandbox("aliyun");
    world.run("domain add a.example.com --type play --fault aliyun:AddLiveDomain:settle=50ms").ok();
    let waited = world.run("wait domain a.example.com --for enabled --interval 5ms -o json").ok();
    assert_eq!((&waited.json()["name"], &waited.json()["status"]), (&json!("a.example.com"), &json!("enabled")));
    for format in ["yaml", "csv", "tsv", "ndjson", "table"] {
        let waited = world.run(&format!("wait domain a.example.com --for status=enabled -o {format} -q")).ok();
        assert!(waited.stdout.contains("a.example.com") && waited.stderr.is_empty(), "{waited}");
    }
    let column = world.run("wait domain a.example.com --for type=play --columns name,type -o csv --no-header").ok();
    assert_eq!(column.stdout, "a.example.com,play\n");
    let raw = world.run("wait domain a.example.com --for present --raw").ok();
    assert_eq!(raw.json()["DomainStatus"], "online");
    let line = "domain delete a.example.com --fault aliyun:DeleteLiveDomain:settle=50ms";
    world.run(line).ok();
    let gone = world.run("wait domain a.example.com --for deleted --interval 5ms -o json").ok();
    assert_eq!((&gone.json()["name"], &gone.json()["status"]), (&json!("a.example.com"), &Value::Null), "{gone}");
}

#[test]
fn a_state_that_will_never_be_ends_the_wait() {
    for (vendor, [new, ..]) in VENDORS.into_iter().skip(1) {
        let world = World::sandbox(vendor);
        let line = "domain add a.example.com --type play --area mainland";
        world.run(&format!("{line} --fault {vendor}:{new}:fail=0s")).ok();
        let error = world.run("wait domain a.example.com --for enabled -o json").fails(10).error();
        assert_eq!((&error["class"], &error["outcome"]), (&json!("differs"), &Value::Null), "{error}");
        assert_eq!(error["message"], "waiting for domain a.example.com: it is failed, and by itself never enabled");
        world.run("wait domain a.example.com --for failed").ok();
    }
}

#[test]
fn what_is_not_there_is_told_at_once_unless_that_is_waited_for() {
    for vendor in ["tencent", "volcengine"] {
        let world = World::sandbox(vendor);
        let error = world.run("wait domain a.example.com --for enabled -o json").fails(4).error();
        assert!(error["hint"].as_str().unwrap().contains("`--for present` waits until it is there"), "{error}");
        world.run("wait domain a.example.com --for deleted").ok();
        world.run("wait domain a.example.com --for present --wait-timeout 10ms --interval 5ms").fails(11);
    }
    // Aliyun does not tell of a new domain until it is ready.
    let late = World::sandbox("aliyun").run("wait domain a.example.com --for enabled --wait-timeout 10ms").fails(11);
    assert!(late.stderr.contains("last seen not there yet"), "{late}");
    let volcengine = add("volcengine");
    volcengine.run("domain delete a.example.com --fault volcengine:DeleteDomain:settle=0s").ok();
    volcengine.run("wait domain a.example.com --for deleted").ok();
}

#[test]
fn wrong_states_are_refused_before_anything_is_sent() {
    let world = World::sandbox("tencent");
    assert_run!(world.run("wait domain a.example.com --for enabeld").fails(2));
    assert_run!(world.run("wait domain").fails(2));
    assert_run!(world.run("wait relay 1 --for colour=red").fails(2));
    let world = World::empty().set("LIVECTL_SANDBOX", "1");
    world.profiles("[profiles.a]\nvendor = \"tencent\"\n\n[profiles.b]\nvendor = \"aliyun\"\n");
    assert_run!(world.run("wait domain a.example.com --for enabled -p a,b").fails(2));
}

#[test]
fn other_nouns_are_waited_for_by_their_columns() {
    let world = World::sandbox("tencent");
    let add = "relay add push.example.com/live/s1 --source rtmp://o.example.com/live/s1 --start -1h --end +1d";
    world.run(add).ok();
    let relay = world.run("wait relay push.example.com/live/s1 --for active -o json").ok();
    assert_eq!(relay.json()["status"], "active");
    let stream = world.run("wait stream push.example.com/live/s1 --for live -o json").ok();
    assert_eq!(stream.json()["state"], "live");
    world.run("transcode add play.example.com/live --name hd --codec h264 --height 720 --video-kbps 1500").ok();
    world.run("wait transcode play.example.com/live/#hd --for video_kbps=1500").ok();
    world.run("wait cert 404 --for deleted").ok();
    world.run("wait record push.example.com/live/ --for present --wait-timeout 10ms --interval 5ms").fails(11);
}
