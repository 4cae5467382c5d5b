//! What a Tab proposes: the words that commands accept, and names that the vendor knows, without a word of complaint.

use std::fs;

use crate::harness::{PROGRAM, World};
use crate::server::{Answer, Server};
use crate::servers::{Canned, answer, ok, profile};

/// What is proposed behind these words, the last of which is begun; nothing may be said beside it.
#[track_caller]
fn proposed(world: &World, line: &str) -> Vec<String> {
    let words: Vec<&str> = line.split(' ').collect();
    let mut command = world.command(PROGRAM);
    command.env("COMPLETE", "fish").args(["--", "livectl"]).args(&words);
    let output = command.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{line}");
    assert!(output.status.success(), "{line}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| line.split('\t').next().unwrap_or_default().to_owned()).collect()
}

/// Lines with a wrong value, whose refusal lists the right ones.
const PICKED: &[&str] = &[
    "domain add a.example.com --type",
    "domain list --type",
    "domain list --status",
    "domain list --area",
    "domain add a.example.com --type push --area",
    "domain delete a.example.com --type",
    "stream list --state",
    "record add push.example.com/live --format",
    "callback set --domain a.example.com --app live --url http://a.example.com --event",
    "hls-key get 08e765a4da --format",
    "auth play-key set --domain a.example.com --scheme",
    "--vendor aliyun timeshift url --domain a.example.com --app live --stream s1 --offset 2h --scheme",
    "--vendor aliyun timeshift url --domain a.example.com --app live --stream s1 --offset 2h --form",
    "--vendor aliyun timeshift url --domain a.example.com --app live --stream s1 --offset 2h --unit",
    "--vendor aliyun timeshift timeline --domain a.example.com --app live --stream s1 --since -1h --format",
    "config import prod --from",
];

#[test]
fn the_words_that_are_accepted_are_proposed() {
    let world = World::sandbox("tencent");
    for line in PICKED {
        let refusal = world.run(&format!("{line} nonsense")).fails(2).stderr;
        let (_, listed) = refusal.split_once("use one of ").unwrap_or_else(|| panic!("{line}: {refusal}"));
        let listed: Vec<&str> = listed.lines().next().unwrap().split(", ").collect();
        assert!(listed.len() >= 2, "{line}: {refusal}");
        assert_eq!(proposed(&world, &format!("{line} ")), listed, "{line}");
    }
}

#[test]
fn states_that_can_be_waited_for_are_proposed() {
    let world = World::sandbox("tencent");
    for noun in ["domain", "record", "transcode", "relay", "hls-key", "callback", "stream", "cert"] {
        let refusal = world.run(&format!("wait {noun} x --for nonsense")).stderr;
        let known = proposed(&world, &format!("wait {noun} x --for "));
        let (states, columns): (Vec<_>, Vec<_>) = known.iter().partition(|word| !word.ends_with('='));
        let columns: Vec<&str> = columns.iter().map(|column| column.trim_end_matches('=')).collect();
        let states: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
        let told = format!("one of {}, or COLUMN=VALUE with a column of {}", states.join(", "), columns.join(", "));
        assert!(refusal.contains(&told) || noun == "hls-key", "{told}: {refusal}");
        assert!(states.contains(&"present") && columns.contains(&"vendor"), "{known:?}");
    }
}

#[test]
fn facts_profiles_and_actions_are_proposed() {
    let world = World::empty();
    world.profiles("[profiles.prod]\nvendor = \"tencent\"\n[profiles.test]\nvendor = \"aliyun\"\n");
    let formats = ["table", "json", "ndjson", "yaml", "csv", "tsv"];
    for (line, expected) in [
        ("--vendor ", &["tencent", "aliyun", "volcengine"][..]),
        ("domain list -o ", &formats),
        ("domain list --output=js", &["--output=json"]),
        ("domain list --color ", &["auto", "always", "never"]),
        ("-p ", &["prod", "test"]),
        ("-p prod,", &["prod,prod", "prod,test"]),
        ("config use t", &["test"]),
        ("config remove ", &["prod", "test"]),
        ("config set prod reg", &["region="]),
        ("domain list --columns name,stat", &["name,status", "name,status_detail"]),
        ("domain list --sort-by cr", &["created_at"]),
        ("domain enable a.example.com --columns ch", &["changed", "changes"]),
        ("stream top --columns stream,bit", &["stream,bit_rate"]),
        ("record template list --vendor tencent --sort-by temp", &["template_id", "template_name"]),
        ("api tencent AddLiveDom", &["AddLiveDomain"]),
        ("api volcengine UpdateEncryptH", &["UpdateEncryptHLS"]),
        ("api describe aliyun AddLiveDomainM", &["AddLiveDomainMapping"]),
        ("api tencent AddLiveDomain DomainT", &["DomainType="]),
        ("api list --vendor volcengine --group hls", &["hls-key"]),
        ("domain add --verify-owner dns", &["dnsCheck"]),
        ("snapshot template create --porn-flag ", &["no", "yes"]),
        ("auth ip set --enable ", &["true", "false"]),
    ] {
        assert_eq!(proposed(&world, line), expected, "{line}");
    }
    // Another file is another set of profiles.
    world.write("other.toml", "[profiles.third]\nvendor = \"aliyun\"\n");
    assert_eq!(proposed(&world, "--config other.toml -p "), ["third"]);
}

#[test]
fn options_are_proposed_where_nothing_else_is_or_a_dash_was_typed() {
    let world = World::empty();
    let verbs = proposed(&world, "domain ");
    assert!(verbs.contains(&"list".to_owned()) && !verbs.iter().any(|word| word.starts_with('-')), "{verbs:?}");
    assert!(proposed(&world, "domain list ").contains(&"--type".to_owned()));
    let dashed = proposed(&world, "domain show --");
    assert!(dashed.iter().all(|word| word.starts_with("--")) && dashed.contains(&"--vendor".to_owned()), "{dashed:?}");
}

#[cfg(unix)]
#[test]
fn whatever_a_shell_says_a_tab_is_silent() {
    use std::os::unix::ffi::OsStrExt;
    let world = World::sandbox("tencent");
    for (shell, index, words) in [
        ("bash", "99", vec!["livectl", "domain"]),
        ("bash", "x", vec!["livectl", "dom"]),
        ("zsh", "3", vec!["livectl"]),
        ("nonsense", "1", vec!["livectl", "dom"]),
        ("fish", "1", vec![]),
    ] {
        let mut command = world.command(PROGRAM);
        command.env("COMPLETE", shell).env("_CLAP_COMPLETE_INDEX", index).arg("--").args(&words);
        let output = command.output().unwrap();
        assert!(words.is_empty() || output.stderr.is_empty(), "{shell} {index} {words:?}: {output:?}");
    }
    let mut command = world.command(PROGRAM);
    command.env("COMPLETE", "fish").args(["--", "livectl", "domain"]).arg(std::ffi::OsStr::from_bytes(b"a\xff"));
    assert!(command.output().unwrap().stderr.is_empty());
    let unknown = world.command(PROGRAM).env("COMPLETE", "nonsense").output().unwrap();
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("`bash`"), "{unknown:?}");
}

/// An account of Tencent with domains of these names.
fn account(names: &'static [&'static str]) -> Canned {
    Canned::start(move |_| {
        let domains: Vec<String> = names
            .iter()
            .map(|name| format!(r#"{{"Name":{},"Type":1,"Status":1}}"#, serde_json::Value::from(*name)))
            .collect();
        ok(format!(
            r#"{{"Response":{{"AllCount":{},"DomainList":[{}],"RequestId":"r"}}}}"#,
            names.len(),
            domains.join(",")
        ))
    })
}

fn known_to(server: &Canned) -> World {
    let world = World::empty();
    world.profiles(&profile("prod", "tencent", "AKIDprod", "secret", &server.endpoint));
    world
}

#[test]
fn names_come_from_the_vendor_once_and_then_from_the_cache() {
    let server = account(&["a.example.com", "b.example.com"]);
    let world = known_to(&server);
    let names = ["a.example.com", "b.example.com"];
    assert_eq!(proposed(&world, "domain show "), names);
    assert_eq!(server.only().key_id(), "AKIDprod");
    for line in ["domain show ", "domain delete ", "-p prod domain disable ", "wait domain ", "relay list --domain "] {
        let found = proposed(&world, line);
        let asked = server.take().len();
        // Whoever names the profile asks another question, once.
        assert_eq!((found, asked), (names.map(str::to_owned).into(), usize::from(line.starts_with("-p"))), "{line}");
        assert_eq!(proposed(&world, &format!("{line}b")), ["b.example.com"], "{line}");
    }
    assert!(server.take().is_empty(), "a Tab with a filled cache calls nobody");
    assert!(!proposed(&world, "domain add ").contains(&"a.example.com".to_owned()), "a new name is nobody's yet");
    assert!(server.take().is_empty());
}

#[cfg(unix)]
#[test]
fn what_is_kept_is_for_its_owner_only_and_names_no_key() {
    use std::os::unix::fs::PermissionsExt;
    let server = account(&["a.example.com"]);
    let world = known_to(&server);
    proposed(&world, "domain show ");
    let folder = world.home().join(".cache/livectl/names");
    let kept: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&kept[0])), (0o700, 0o600));
    assert_eq!(fs::read_to_string(&kept[0]).unwrap(), "a.example.com\tplay\n");
    assert!(!kept[0].to_string_lossy().contains("AKIDprod"));
}

#[test]
fn nobody_is_asked_without_credentials_for_several_accounts_or_by_another_program() {
    let server = account(&["a.example.com"]);
    let silent = |world: &World, line: &str| {
        let found = proposed(world, line);
        assert!(!found.contains(&"a.example.com".to_owned()), "{line}: {found:?}");
        assert!(server.take().is_empty(), "{line}");
    };
    silent(&World::empty().set("LIVECTL_ENDPOINT", &server.endpoint), "--vendor tencent domain show ");
    let several = World::empty();
    let both = ["one", "two"].map(|name| profile(name, "tencent", "AKID", "s", &server.endpoint));
    several.profiles(&both.concat());
    silent(&several, "domain show ");
    silent(&several, "-p one,two domain show ");
    silent(&several, "-p nobody domain show ");
    let world = World::empty();
    world.profiles(&format!(
        "[profiles.p]\nvendor = \"tencent\"\nendpoint = \"{}\"\ncredential_process = [\"touch\", \"was-run\"]\n",
        server.endpoint
    ));
    silent(&world, "domain show ");
    assert!(!world.home().join("was-run").exists());
    let broken = World::empty();
    broken.profiles("[profiles.p\n");
    silent(&broken, "domain show ");
    silent(&broken, "-p ");
}

#[test]
fn a_vendor_who_fails_or_never_answers_is_not_asked_again_at_once() {
    for (what, server) in [
        ("refused", Server::by(|_, _| Answer::Raw(answer("403 Forbidden", "<html>no</html>")))),
        ("silent", Server::by(|_, _| Answer::Silence)),
    ] {
        let world = World::empty();
        world.profiles(&profile("prod", "tencent", "AKIDprod", "secret", &server.endpoint()));
        assert!(proposed(&world, "domain show ").contains(&"--vendor".to_owned()), "{what}");
        assert_eq!(server.take().len(), 1, "{what}");
        proposed(&world, "domain show ");
        assert!(server.take().is_empty(), "{what}");
    }
}

#[test]
fn a_name_that_a_shell_would_carry_out_is_left_out() {
    let server = account(&["$(touch pwned).example.com", "a;b", "good.example.com", "-rf", "e\u{1b}[2J"]);
    assert_eq!(proposed(&known_to(&server), "domain show "), ["good.example.com"]);
}

#[test]
fn a_profile_that_a_shell_would_carry_out_is_left_out() {
    let world = World::empty();
    let names = ["$(touch${IFS}pwned)", "e\\u001b[2J", "r\\u202eb", "two\\nlines", "*", "#note", "good"];
    world.profiles(&names.map(|name| format!("[profiles.\"{name}\"]\nvendor = \"tencent\"\n")).concat());
    for line in ["-p ", "-p good,", "config use "] {
        let expected = if line.ends_with(',') { "good,good" } else { "good" };
        assert_eq!(proposed(&world, line), [expected], "{line}");
    }
}

#[test]
fn a_stray_variable_takes_no_command_over() {
    let world = World::sandbox("tencent").set("COMPLETE", "bash");
    world.run("domain add a.example.com --type play").ok();
    assert!(world.run("domain list -o tsv").ok().stdout.contains("a.example.com"));
    world.run("domain delete a.example.com --yes").ok();
    assert!(!world.run("domain list -o tsv").ok().stdout.contains("a.example.com"));
    assert_eq!(world.run("--version").ok().stdout, World::empty().run("--version").ok().stdout);
    assert!(world.run("").ok().stdout.contains("complete -o nospace"));
}

#[test]
fn streams_templates_and_things_are_proposed_by_the_list_that_has_them() {
    let world = World::sandbox("tencent");
    world.run("domain add push.example.com --type push").ok();
    world.run("sandbox publish push.example.com/live/room1").ok();
    assert_eq!(proposed(&world, "stream drop "), ["push.example.com/live/room1"]);
    assert_eq!(proposed(&world, "relay list --app "), ["live"]);
    assert_eq!(proposed(&world, "relay list --domain push.example.com --stream "), ["room1"]);
    let made = world.run("record template create --template-name hls30 -o json").ok().json();
    let id = made["result"]["template_id"].to_string();
    assert_eq!(proposed(&world, "record template delete "), std::slice::from_ref(&id));
    assert_eq!(proposed(&world, "record template show --template-id "), [id]);
    let added = world.run("record add push.example.com/live --format mp4 --segment 30m --storage vod:// -o json");
    let id = added.ok().json()["id"].as_str().unwrap().to_owned();
    assert_eq!(proposed(&world, "record show "), [id]);
}
