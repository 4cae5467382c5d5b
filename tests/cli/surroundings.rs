//! Odd surroundings: no home, a full disk, a reader who goes away, an interrupt, a hostile vendor, a mistyped line.

use std::io::Read;
use std::process::Stdio;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::assert_run;
use crate::harness::{PROGRAM, Run, World};
use crate::servers::{Canned, Sandbox, profile};
/// The sandbox's own keys in the environment, and a home that is `home`.
fn without_disk(sandbox: &Sandbox, home: Option<&str>) -> std::process::Command {
    let mut command = World::empty().command(PROGRAM);
    command.env_clear().current_dir("/");
    command.env("TENCENTCLOUD_SECRET_ID", &sandbox.key_id).env("TENCENTCLOUD_SECRET_KEY", &sandbox.secret);
    command.env("LIVECTL_ENDPOINT", &sandbox.endpoint).env("LIVECTL_VENDOR", "tencent");
    // Without a home the system's own record of the user is asked, whose files are none of this test's business.
    command.env("XDG_CONFIG_HOME", "/proc/nowhere").env("XDG_STATE_HOME", "/proc/nowhere");
    if let Some(home) = home {
        command.env("HOME", home);
    }
    command
}

#[cfg(target_os = "linux")]
#[test]
fn no_home_and_no_writable_disk_are_needed() {
    let sandbox = Sandbox::start(&[]);
    for home in [None, Some(""), Some("/proc/nowhere"), Some("/dev/null"), Some("/dev/full"), Some("relative")] {
        for line in ["domain list -o json", "api tencent DescribeLiveDomains", "config list", "api list --limit 1"] {
            let output = without_disk(&sandbox, home).args(line.split(' ')).output().unwrap();
            assert!(output.status.success(), "{home:?} {line}: {}", String::from_utf8_lossy(&output.stderr));
        }
        let output = without_disk(&sandbox, home).args(["--sandbox", "domain", "list"]).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && stderr.contains("in memory only"), "{home:?}: {stderr}");
        let output = without_disk(&sandbox, home).args(["config", "set", "p", "vendor=aliyun"]).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{home:?}: {stderr}");
        assert!(stderr.contains("config.toml") && stderr.contains("LIVECTL_CONFIG"), "{stderr}");
    }
}

/// Where the machine lets one, in a mount namespace whose disk is read-only.
#[cfg(target_os = "linux")]
#[test]
fn a_read_only_disk_does_no_harm() {
    let sandbox = Sandbox::start(&[]);
    let world = World::empty();
    let script = "mount --make-rprivate / && mount --bind \"$1\" \"$1\" && mount -o remount,ro,bind \"$1\" || exit 77; \
                  touch \"$1/x\" 2>/dev/null && exit 77; shift; exec \"$@\"";
    let inside = |line: &str| {
        let mut command = std::process::Command::new("unshare");
        command.args(["-rm", "sh", "-c", script, "sh"]).arg(world.home()).arg(PROGRAM).args(line.split(' '));
        for (name, value) in without_disk(&sandbox, None).get_envs() {
            command.env(name, value.unwrap_or_default());
        }
        command.env("HOME", world.home()).env_remove("XDG_CONFIG_HOME").env_remove("XDG_STATE_HOME").output()
    };
    for line in [
        "domain list -o json",
        "api tencent DescribeLiveDomains",
        "--sandbox domain list",
        "domain add a.example.com --type push",
    ] {
        let Ok(output) = inside(line) else { return };
        if output.status.code() == Some(77) || String::from_utf8_lossy(&output.stderr).starts_with("unshare:") {
            return;
        }
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Lines of every kind that print something, in the sandbox.
const PRINTING: [&str; 12] = [
    "domain list",
    "domain list -o json",
    "domain list -o ndjson",
    "domain list -o yaml",
    "domain list -o csv",
    "domain show a.example.com",
    "domain add b.example.com --type push --dry-run",
    "api tencent DescribeLiveDomains",
    "api list",
    "api list -o ndjson",
    "api describe tencent AddLiveDomain -o json",
    "--help",
];

fn furnished() -> World {
    let world = World::sandbox("tencent");
    world.run("domain add a.example.com --type push").ok();
    world
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let world = furnished();
    for line in PRINTING {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = world.command(PROGRAM).args(line.split(' ')).stdout(writer).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{line}");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!told.contains("error") && !told.contains("panicked"), "{line}: {told}");
    }
    // Also where several accounts write into the same pipe.
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let server = Canned::saying(
        r#"{"Response":{"AllCount":1,"DomainList":[{"Name":"a","Type":0,"Status":1}],"RequestId":"r"}}"#,
    );
    let world = World::empty();
    world.profiles(&["a", "b"].map(|name| profile(name, "tencent", "AKID", "s", &server.endpoint)).concat());
    let output =
        world.command(PROGRAM).args(["--all-profiles", "domain", "list", "-o", "ndjson"]).stdout(writer).output();
    let output = output.unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn head_takes_what_it_wants() {
    let output = World::empty()
        .command("sh")
        .args(["-c", "livectl api list -o ndjson | head -1; livectl api list | head -2 | tail -1"])
        .output();
    let output = output.unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 2);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let world = furnished();
    for line in PRINTING.iter().chain(&["--version", "config list -o json"]) {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let output = world.command(PROGRAM).args(line.split(' ')).stdout(full).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{line}: {told}");
        assert!(told.contains("write the output: No space left on device"), "{line}: {told}");
    }
}

/// A file size limit stands for the full disk: the sandbox can make its file, and write nothing into it.
#[cfg(target_os = "linux")]
#[test]
fn a_sandbox_on_a_full_disk_names_the_disk() {
    let world = World::sandbox("tencent");
    let line = format!("trap '' XFSZ; ulimit -f 0; exec {PROGRAM} domain add a.example.com --type play -o json");
    let output = world.command("sh").args(["-c", &line]).output().unwrap();
    let told: Value = serde_json::from_slice(&output.stderr).unwrap();
    let error = &told["error"];
    assert_eq!((output.status.code(), &error["outcome"]), (Some(8), &json!("refused")), "{told}");
    assert!(error["message"].as_str().unwrap().contains("sandbox state `/"), "{told}");
    let hint = error["hint"].as_str().unwrap();
    assert!(hint.contains("disk") && hint.contains("--sandbox-state") && !hint.contains("support"), "{told}");
}

/// Starts a command that waits for an answer which never comes, and interrupts it then.
#[cfg(unix)]
fn interrupted(line: &str) -> Run {
    let (asked, waiting) = mpsc::channel();
    let asked = std::sync::Mutex::new(asked);
    let (never, forever) = mpsc::channel::<()>();
    let forever = std::sync::Mutex::new(forever);
    let server = Canned::start(move |_| {
        asked.lock().unwrap().send(()).unwrap();
        let _ = forever.lock().unwrap().recv();
        Vec::new()
    });
    let world = World::empty();
    world.profiles(&profile("p", "tencent", "AKID", "s", &server.endpoint));
    let mut command = world.command(PROGRAM);
    let mut child = command.args(line.split(' ')).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    waiting.recv_timeout(Duration::from_secs(20)).unwrap();
    let start = Instant::now();
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    let code = child.wait().unwrap().code().unwrap_or(-1);
    assert!(start.elapsed() < Duration::from_secs(5), "it did not end promptly");
    drop(never);
    let mut text = [String::new(), String::new()];
    child.stdout.take().unwrap().read_to_string(&mut text[0]).unwrap();
    child.stderr.take().unwrap().read_to_string(&mut text[1]).unwrap();
    let [stdout, stderr] = text;
    Run { command: line.to_owned(), stdout, stderr, code }
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_the_wait_at_once() {
    let run = interrupted("domain list").fails(130);
    assert_run!(run);
    let error = interrupted("domain list -o json").fails(130).error();
    assert_eq!(error["class"], "interrupted");
    interrupted("api tencent DescribeLiveDomains").fails(130);
    interrupted("-p p,p domain list").fails(130);
    // The fate of a change that was under way is not known.
    let error =
        interrupted("api tencent AddLiveDomain DomainName=a.example.com DomainType:=0 -o json").fails(130).error();
    assert_eq!(error["outcome"], "unknown");
    assert_eq!((&error["action"], &error["profile"]), (&"AddLiveDomain".into(), &"p".into()));
}

#[test]
fn stdout_holds_data_and_nothing_else() {
    let world = World::sandbox("volcengine");
    let json =
        |line: &str| world.run_words(&line.split(' ').chain(["-o", "json", "-vv"]).collect::<Vec<_>>()).ok().json();
    let silent = |line: &str| assert_eq!(world.run(line).ok().stdout, "", "{line}");
    assert_eq!(json("domain list"), json!([]));
    silent("domain list");
    json("domain add push.example.com --type push");
    json("domain show push.example.com");
    json("relay add --domain push.example.com --app live --stream s --source rtmp://o.example.com/live/s --permanent");
    assert_eq!(json("relay list --domain push.example.com").as_array().unwrap().len(), 1);
    json("relay update push.example.com/live/s --source rtmp://o.example.com/live/t");
    json("hls-key set --key-url https://kms.example.com/k? --cycle 1h --yes");
    json("hls-key rotate --cycle 10m --yes");
    json("hls-key show");
    json("api volcengine DescribeEncryptHLS");
    json("api list");
    json("api describe volcengine UpdateEncryptHLS");
    json("relay delete push.example.com/live/s --yes");
    json("domain disable push.example.com --yes");
    let plan = world.run("domain delete push.example.com --dry-run").ok().stdout;
    assert!(plan.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{plan}");
    json("domain delete push.example.com --yes");
    for line in ["config set p vendor=aliyun", "config use p", "config remove p --yes", "sandbox reset"] {
        silent(line);
    }
    assert_eq!(json("config list"), json!([]));
}

#[test]
fn nothing_ever_asks_where_nobody_is() {
    let server = Canned::saying(
        r#"{"Response":{"AllCount":1,"DomainList":[{"Name":"a.example.com","Type":0,"Status":1}],"DomainInfo":{"Name":"a.example.com","Type":0,"Status":1},"RequestId":"r"}}"#,
    );
    let world = World::empty();
    world.profiles(&profile("p", "tencent", "AKID", "s", &server.endpoint));
    for line in [
        "domain delete a.example.com",
        "domain disable a.example.com",
        "api tencent DeleteLiveDomain DomainName=a.example.com DomainType:=0",
        "api tencent ForbidLiveDomain DomainName=a.example.com",
        "config remove p",
    ] {
        // Even a `y` on stdin is no answer: it is data.
        let run = world.run_with_input(line, "y\ny\n").fails(2);
        assert!(run.stderr.contains("--yes"), "{run}");
        let changing =
            |seen: &crate::servers::Seen| !seen.header("x-tc-action").unwrap_or_default().starts_with("Describe");
        assert!(!server.take().iter().any(changing), "{line}");
    }
    assert_run!(world.run("domain delete a.example.com").fails(2));
}

#[test]
fn colours_are_for_those_who_ask() {
    let colored = |world: World, line: &str| world.run(line).stderr.contains("\u{1b}[");
    for line in ["config show nobody", "domain lst"] {
        let world = World::empty;
        let with = |option: &str| format!("--color={option} {line}");
        assert!(!colored(world(), line), "{line}");
        assert!(colored(world(), &with("always")), "{line}");
        assert!(colored(world().set("CLICOLOR_FORCE", "1"), line), "{line}");
        assert!(!colored(world().set("CLICOLOR_FORCE", "0"), line), "{line}");
        assert!(!colored(world().set("CLICOLOR_FORCE", "1").set("NO_COLOR", "1"), line), "{line}");
        assert!(!colored(world().set("CLICOLOR_FORCE", "1"), &with("never")), "{line}");
        assert!(colored(world().set("NO_COLOR", "1"), &with("always")), "{line}");
    }
    // Errors in JSON and data for programs are never coloured.
    let world = World::sandbox("tencent");
    world.run("domain add a.example.com --type push").ok();
    for line in ["domain list -o json", "domain list -o csv", "domain list -o yaml", "domain show nobody -o json"] {
        let run = world.run(&format!("--color=always {line}"));
        assert!(!run.stderr.contains('\u{1b}'), "{run}");
        assert!(line.contains("json") || !run.stdout.contains('\u{1b}'), "{run}");
    }
}

#[test]
fn quiet_and_verbose() {
    let world = World::sandbox("tencent");
    assert_eq!(world.run("domain list -q").ok().stderr, "");
    assert!(world.run("domain list").ok().stderr.contains("nothing there"));
    let two = World::empty().set("LIVECTL_SANDBOX", "1");
    two.profiles("[profiles.a]\nvendor = \"tencent\"\n[profiles.b]\nvendor = \"aliyun\"\n");
    assert!(two.run("-p a,b domain list").ok().stderr.contains("nothing there"));
    let error = world.run("domain show nobody.example.com -q").fails(4);
    assert!(error.stderr.starts_with("error: "), "{error}");
    let once = world.run("domain list -v").ok().stderr;
    assert!(once.contains("DescribeLiveDomains: HTTP 200"), "{once}");
    let twice = world.run("domain list -vv").ok().stderr;
    assert!(twice.contains(r#""action":"DescribeLiveDomains""#) && twice.contains("answered 200"), "{twice}");
    world.run("domain list -q -v").fails(2);
}
