//! Odd surroundings: no home, a full disk, a reader who goes away, an interrupt, a hostile vendor, a mistyped line.

use std::io::Read;
use std::process::Stdio;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use clap::CommandFactory;
use livectl::cli::Cli;
use serde_json::{Value, json};

use crate::assert_run;
use crate::harness::{PROGRAM, Run, World};
use crate::servers::{Canned, Sandbox, profile};

/// Every command of the tree, from the root down.
fn every_command() -> Vec<(Vec<String>, clap::Command)> {
    let mut root = Cli::command();
    root.build();
    let mut found = Vec::new();
    let mut waiting = vec![(Vec::new(), root)];
    while let Some((words, command)) = waiting.pop() {
        for child in command.get_subcommands().filter(|child| child.get_name() != "help") {
            let mut deeper: Vec<String> = words.clone();
            deeper.push(child.get_name().to_owned());
            waiting.push((deeper, child.clone()));
        }
        found.push((words, command));
    }
    found
}

/// A run's end without its words, for those that differ from run to run.
fn run(world: &World, words: &[String], more: &[&str]) -> Run {
    let words: Vec<&str> = words.iter().map(String::as_str).chain(more.iter().copied()).collect();
    world.run_words(&words)
}

#[test]
fn the_tree_is_sound() {
    Cli::command().debug_assert();
    assert!(every_command().len() >= 35, "the walk lost its branches: {}", every_command().len());
}

#[test]
fn every_command_has_help_in_two_lengths() {
    let world = World::empty();
    let globals: Vec<String> = Cli::command()
        .get_arguments()
        .filter(|arg| arg.is_global_set())
        .filter_map(|arg| arg.get_long().map(|long| format!("--{long}")))
        .collect();
    assert!(globals.len() >= 25, "{globals:?}");
    for (words, command) in every_command() {
        let short = run(&world, &words, &["-h"]).ok();
        let long = run(&world, &words, &["--help"]).ok();
        for help in [&short, &long] {
            assert_eq!(help.stderr, "", "{help}");
            assert!(help.stdout.contains("Usage: livectl"), "{help}");
            assert!(!help.stdout.contains('\u{1b}'), "{help}");
        }
        let own: Vec<_> =
            command.get_arguments().filter(|arg| !arg.is_global_set()).filter_map(|arg| arg.get_long()).collect();
        for global in globals.iter().filter(|global| !own.contains(&&global[2..])) {
            let stands = |text: &str| text.split([' ', '\n', ',', '.']).any(|word| word == global);
            assert!(
                !stands(
                    short.stdout.split("\n\n").filter(|part| part.contains("ptions:")).collect::<String>().as_str()
                ),
                "{global}: {short}"
            );
            assert!(stands(&long.stdout), "{global}: {long}");
        }
        if !command.has_subcommands() && !words.is_empty() {
            assert!(command.get_about().is_some(), "{words:?} has no summary");
        }
    }
}

#[test]
fn a_command_that_is_cut_short_shows_its_help() {
    for line in ["", "domain", "config", "api", "sandbox"] {
        let run = World::empty().run(line).fails(2);
        assert!(run.stderr.contains("Usage: livectl"), "{run}");
    }
    assert!(World::empty().run("--version").ok().stdout.starts_with("livectl 0."));
}

#[test]
fn mistyped_words_are_answered_with_the_right_ones() {
    let world = World::empty();
    for (line, meant) in [
        ("doman list", "'domain'"),
        ("domain lst", "'list'"),
        ("hls-keys show", "'hls-key'"),
        ("domain list --stats x", "'--status'"),
        ("domain list --vendr tencent", "'--vendor'"),
        ("relay add --sorce x", "'--source'"),
        ("config shwo", "'show'"),
        ("--vendor tencnt domain list", "tencent"),
        ("-o jsn domain list", "json"),
        ("api describe tencent AddLiveDomian", "AddLiveDomain"),
        ("api aliyun AddLiveDomian", "AddLiveDomain"),
        ("--color sometimes domain list", "always"),
    ] {
        let run = world.run(line).fails(2);
        assert!(run.stderr.contains(meant), "{meant}: {run}");
        let json = world.run_words(&["-o", "json"].into_iter().chain(line.split(' ')).collect::<Vec<_>>());
        if !line.contains("-o ") {
            let error = json.fails(2).error();
            assert_eq!((&error["class"], &error["outcome"]), (&"usage".into(), &"not-sent".into()), "{line}");
            let told = format!("{} {}", error["message"], error["hint"]);
            assert!(told.contains(meant), "{meant}: {told}");
        }
    }
    assert_run!(world.run("domain lst").fails(2));
    assert_run!(world.run("domain lst -o json").fails(2));
}

#[test]
fn a_broken_line_is_json_however_the_format_is_asked_for() {
    for line in [
        "-o json domain lst",
        "-ojson domain lst",
        "-o=json domain lst",
        "domain lst --output json",
        "domain lst --output=ndjson",
    ] {
        assert_eq!(World::empty().run(line).fails(2).error()["class"], "usage", "{line}");
    }
    let variable = World::empty().set("LIVECTL_OUTPUT", "json");
    assert_eq!(variable.run("domain lst").fails(2).error()["class"], "usage");
    assert!(variable.run("domain lst -o table").fails(2).stderr.starts_with("error: "));
}

#[cfg(unix)]
#[test]
fn words_that_are_no_text_are_refused() {
    use std::os::unix::ffi::OsStrExt;
    let word = std::ffi::OsStr::from_bytes(b"a\xffb");
    let world = World::empty();
    for words in [vec![word], vec!["config".as_ref(), "show".as_ref(), word], vec!["--vendor".as_ref(), word]] {
        let output = world.command(PROGRAM).args(words).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(!stderr.contains("panicked"), "{stderr}");
    }
    let odd = world.command(PROGRAM).env("ODD", word).args(["config", "list"]).output().unwrap();
    assert!(odd.status.success());
}

#[test]
fn wrong_variables_are_told_by_their_name() {
    for (name, value) in [
        ("LIVECTL_OUTPUT", "xml"),
        ("LIVECTL_TIMEOUT", "soon"),
        ("LIVECTL_CONNECT_TIMEOUT", "-"),
        ("LIVECTL_RETRIES", "many"),
        ("LIVECTL_VENDOR", "aws"),
        ("LIVECTL_ENDPOINT", "http://live.example.com"),
        ("LIVECTL_PROFILE", "nobody"),
    ] {
        let world = World::empty().set("TENCENTCLOUD_SECRET_ID", "AKID").set("TENCENTCLOUD_SECRET_KEY", "s");
        let run = world.set(name, value).run("domain list").fails(2);
        let named = run.stderr.contains(name) || name == "LIVECTL_PROFILE";
        assert!(named && run.stderr.contains(value), "{name}: {run}");
    }
    assert_run!(World::empty().set("LIVECTL_TIMEOUT", "soon").run("domain list").fails(2));
}

#[test]
fn a_variable_that_is_set_to_nothing_is_absent() {
    let mut world = World::empty();
    for name in [
        "CONFIG",
        "PROFILE",
        "VENDOR",
        "REGION",
        "ENDPOINT",
        "CA_BUNDLE",
        "OUTPUT",
        "YES",
        "TIMEOUT",
        "CONNECT_TIMEOUT",
        "RETRIES",
        "SANDBOX",
        "SANDBOX_STATE",
        "ACCESS_KEY_ID",
        "ACCESS_KEY_SECRET",
        "SESSION_TOKEN",
    ] {
        world = world.set(&format!("LIVECTL_{name}"), "");
    }
    let server = Canned::empty_accounts();
    world.profiles(&profile("p", "tencent", "AKIDprofile", "s", &server.endpoint));
    world.run("domain list").ok();
    assert_eq!(server.only().key_id(), "AKIDprofile");
    let run = world.run("api tencent DeleteLiveDomain DomainName=a.example.com DomainType:=0").fails(2);
    assert!(run.stderr.contains("--yes"), "{run}");
}

#[test]
fn switches_among_the_variables() {
    let world = |value| World::empty().set("LIVECTL_VENDOR", "tencent").set("LIVECTL_SANDBOX", value);
    for value in ["1", "true", "yes", "on"] {
        world(value).run("domain list").ok();
    }
    for value in ["0", "false", "no", "off"] {
        world(value).run("domain list").fails(3);
    }
}

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

/// A name with all that moves a cursor, turns text round or breaks a line.
const HOSTILE: &str = "x\u{1b}[2J\u{1b}]0;t\u{7}\u{9b}31m\u{202e}moc\u{2066}\nerror: fake\r\t\0\u{7f}\u{2028}y";

fn hostile_server(name: &Value) -> Canned {
    Canned::saying(format!(
        r#"{{"Response":{{"AllCount":1,"DomainList":[{{"Name":{name},"Type":0,"Status":1,"CurrentCName":{name}}}],"RequestId":{name}}}}}"#
    ))
}

fn at(server: &Canned) -> World {
    let world = World::empty();
    world.profiles(&profile("p", "tencent", "AKID", "s", &server.endpoint));
    world
}

#[track_caller]
fn harmless(text: &str) {
    let bad = text.chars().find(|c| (c.is_control() && *c != '\n') || "\u{202e}\u{2066}\u{2028}".contains(*c));
    assert_eq!(bad, None, "{text:?}");
}

#[test]
fn a_hostile_name_does_no_harm_in_any_format() {
    let server = hostile_server(&Value::from(HOSTILE));
    let world = at(&server);
    let table = world.run("domain list -vv").ok();
    harmless(&table.stdout);
    harmless(&table.stderr);
    assert_eq!(table.stdout.lines().count(), 2, "{table}");
    harmless(&world.run("domain list --color always --no-header").ok().stderr);
    // Programs get the very name.
    assert_eq!(world.run("domain list -o json").ok().json()[0]["name"], HOSTILE);
    let ndjson = world.run("domain list -o ndjson").ok();
    assert_eq!(ndjson.stdout.lines().count(), 1);
    assert_eq!(ndjson.json()["name"], HOSTILE);
    let yaml = world.run("domain list -o yaml").ok();
    harmless(&yaml.stdout.replace("\u{202e}", "").replace("\u{2066}", "").replace("\u{2028}", ""));
    let tsv = world.run("domain list -o tsv --columns name,status").ok();
    assert_eq!(tsv.stdout.lines().map(|line| line.matches('\t').count()).collect::<Vec<_>>(), [1, 1], "{tsv}");
    let csv = world.run("domain list -o csv --columns name").ok();
    let mut records = csv::Reader::from_reader(csv.stdout.as_bytes());
    let record = records.records().next().unwrap().unwrap();
    assert_eq!(&record[0], HOSTILE);
}

#[test]
fn a_hostile_error_does_no_harm() {
    let told = Value::from(HOSTILE);
    let body = format!(r#"{{"Response":{{"Error":{{"Code":{told},"Message":{told}}},"RequestId":{told}}}}}"#);
    let world = at(&Canned::saying(body));
    for flags in ["", "-vv", "-o json", "--color=always"] {
        let run = world.run(&format!("domain list --retries 0 {flags}"));
        assert!(run.code > 1, "{run}");
        harmless(&run.stderr.replace("\u{1b}[0m", "").replace("\u{1b}[1m", "").replace("\u{1b}[31m", ""));
        assert!(run.stderr.lines().filter(|line| line.starts_with("error")).count() <= 1, "{run}");
    }
}

#[test]
fn answers_of_any_shape_do_no_harm() {
    let long = "x".repeat(10 << 20);
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let ok_with = |part: &str| format!(r#"{{"Response":{{"AllCount":1,"DomainList":[{part}],"RequestId":"r"}}}}"#);
    let cases = [
        (ok_with(&format!(r#"{{"Name":"{long}","Type":0,"Status":1}}"#)), Some(0)),
        (ok_with(r#"{"Name":"a","Name":"b","Type":0,"Status":1}"#), Some(0)),
        (ok_with(r#"{"Name":{"a":1},"Type":"?","Status":[]}"#), None),
        (ok_with(r#"null,1,"x",[]"#), None),
        (ok_with(&deep), None),
        (deep.clone(), None),
        (format!("{{\"Response\":{deep}}}"), None),
        (r#"{"Response":null}"#.to_owned(), Some(8)),
        (r#"{"Response":{"AllCount":"many","DomainList":{},"RequestId":7}}"#.to_owned(), None),
        ("\0\0\0".to_owned(), Some(8)),
        (format!("{{\"Response\":{{\"RequestId\":\"{long}"), Some(8)),
        (String::new(), Some(8)),
    ];
    for (body, code) in cases {
        let start: String = body.chars().take(80).collect();
        // A debug build takes its time over the long one.
        let formats: &[&str] =
            if body.len() > 1 << 20 { &["table", "csv"] } else { &["table", "json", "ndjson", "yaml", "csv", "tsv"] };
        let world = at(&Canned::saying(body));
        for format in formats {
            let run = world.run(&format!("domain list --retries 0 -o {format}"));
            assert!(
                matches!(run.code, 0 | 8),
                "{start}: {} {}",
                run.code,
                run.stderr.chars().take(300).collect::<String>()
            );
            assert!(code.is_none_or(|code| code == run.code), "{start} {format}: {}", run.code);
            assert!(!run.stderr.contains("panicked") && run.stderr.len() < 4000, "{start}");
        }
    }
}

#[test]
fn a_switch_that_says_neither_yes_nor_no_is_refused() {
    for name in ["LIVECTL_SANDBOX", "LIVECTL_YES"] {
        let with = |value: &str| World::sandbox("tencent").set(name, value).run("domain list");
        let run = with("maybe").fails(2);
        for words in ["maybe", "1, true, yes, on", "0, false, no, off", name] {
            assert!(run.stderr.contains(words), "{words}: {run}");
        }
        for value in ["1", "true", "YES", "on"] {
            with(value).ok();
        }
        for value in ["0", "false", "No", "off", ""] {
            with(value).fails(if name == "LIVECTL_SANDBOX" { 3 } else { 0 });
        }
    }
}
