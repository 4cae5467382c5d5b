//! What is typed: help, slips, variables.

use std::ffi::OsString;

use clap::error::ErrorKind;
use livectl::cli::{self, Part};

use crate::assert_run;
use crate::harness::{PROGRAM, World};
use crate::servers::{Canned, profile};
use crate::tree::every_command;

#[test]
fn the_tree_is_sound() {
    cli::tree(Part::Whole).debug_assert();
    assert!(every_command(100).len() >= 300, "the walk lost its branches: {}", every_command(100).len());
}

#[test]
fn every_command_has_help_in_two_lengths() {
    let globals: Vec<String> = cli::tree(Part::Whole)
        .get_arguments()
        .filter(|arg| arg.is_global_set())
        .filter_map(|arg| arg.get_long().map(|long| format!("--{long}")))
        .collect();
    assert!(globals.len() >= 25, "{globals:?}");
    for (words, command) in every_command(100) {
        has_help_in_two_lengths(&words, &command, &globals);
    }
}

/// What the program answers to a command line that asks for help.
fn help(words: &[String], flag: &str) -> String {
    let line = ["livectl"].into_iter().chain(words.iter().map(String::as_str)).chain([flag]);
    let asked = livectl::cli::parse(line.map(OsString::from), &[]).unwrap_err();
    assert_eq!(asked.kind(), ErrorKind::DisplayHelp, "{words:?}");
    asked.render().to_string()
}

fn has_help_in_two_lengths(words: &[String], command: &clap::Command, globals: &[String]) {
    let (short, long) = (help(words, "-h"), help(words, "--help"));
    for help in [&short, &long] {
        assert!(help.contains("Usage: livectl"), "{help}");
    }
    // What only holds other commands shows those, and says where the options are told.
    if command.has_subcommands() && !words.is_empty() {
        assert!(long.contains("`livectl --help`") && !long.contains("ptions:"), "{long}");
        return;
    }
    let own: Vec<_> =
        command.get_arguments().filter(|arg| !arg.is_global_set()).filter_map(|arg| arg.get_long()).collect();
    for global in globals.iter().filter(|global| !own.contains(&&global[2..])) {
        let stands = |text: &str| text.split([' ', '\n', ',', '.']).any(|word| word == global);
        let options: String = short.split("\n\n").filter(|part| part.contains("ptions:")).collect();
        assert!(!stands(&options), "{global}: {short}");
        assert!(stands(&long), "{global}: {long}");
    }
}

#[test]
fn help_goes_to_stdout_without_colours() {
    for line in ["-h", "--help", "record -h", "record template create --help"] {
        let run = World::empty().run(line).ok();
        assert!(run.stderr.is_empty() && run.stdout.contains("Usage: livectl"), "{run}");
        assert!(!run.stdout.contains('\u{1b}'), "{run}");
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
        ("record tempalte list", "similar subcommand exists: 'template'"),
        ("domain list --status enabeld --sandbox --vendor tencent", "enabled (did you mean that?)"),
        ("domain list --columns nmae --sandbox --vendor tencent", "name (did you mean that?)"),
        ("stream list --state lvie --sandbox --vendor aliyun", "live (did you mean that?)"),
        ("api list --group doamin", "did you mean `domain`?"),
        ("config import --from tcli x", "tccli (did you mean that?)"),
        ("--color sometimes domain list", "always"),
    ] {
        let run = world.run(line).fails(2);
        assert!(run.stderr.contains(meant), "{meant}: {run}");
        let json = world.run_words(&["-o", "json"].into_iter().chain(line.split(' ')).collect::<Vec<_>>());
        if !line.contains("-o ") {
            let error = json.fails(2).error();
            assert_eq!((&error["class"], &error["outcome"]), (&"usage".into(), &"not-sent".into()), "{line}");
            let told = format!("{} {} {}", error["message"], error["hint"], error["faults"]);
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

#[test]
fn what_is_a_command_elsewhere_is_told_by_what_does_it_here() {
    for (line, hint) in [
        ("version", "`livectl --version`"),
        ("domain help", "`--help`"),
        ("completions bash", "`livectl completion bash`"),
    ] {
        let run = World::empty().run(line).fails(2);
        assert!(run.stderr.contains(&format!("tip: {hint}")), "{run}");
        let run = World::empty().run(&format!("{line} -o json")).fails(2);
        assert!(run.error()["hint"].as_str().is_some_and(|told| told.contains(hint)), "{run}");
    }
}

#[test]
fn what_was_typed_cannot_speak_to_the_terminal() {
    for color in ["always", "never"] {
        for words in [["domain", "r\u{202e}ed\u{1b}[2Jx"], ["--output", "\u{1b}]0;x\u{7}\u{200b}"]] {
            let run = World::empty().run_words(&[&["--color", color], &words[..]].concat()).fails(2);
            let bad = |c: char| (c.is_control() && c != '\n') || "\u{202e}\u{200b}".contains(c);
            assert!(!run.stderr.contains(bad), "{:?}", run.stderr);
        }
    }
    assert!(World::empty().run("--color always domain lst").fails(2).stderr.contains("\u{1b}["));
}

#[test]
fn an_empty_name_or_no_time_means_no_default() {
    let world = World::sandbox("tencent");
    for words in [["-p", ""], ["-p", " "], ["-p", ","], ["--timeout", "0"], ["--connect-timeout", "0s"]] {
        let run =
            world.run_words(&[&words[..], &["domain", "add", "a.example.com", "--type", "push"]].concat()).fails(2);
        assert!(run.stderr.contains(words[0].trim_start_matches("-p")), "{run}");
    }
    assert_eq!(world.run("domain list -o json").ok().stdout, "[]\n");
    // A variable that is there and empty is not there.
    World::sandbox("tencent").set("LIVECTL_PROFILE", "").run("domain list").ok();
}

#[test]
fn help_tells_of_all_commands_whatever_an_option_is_called() {
    let whole = |line: &str| World::empty().run(line).ok().stdout;
    let root = whole("--help");
    for line in ["--help domain", "-p stream --help", "help", "-v --help stream"] {
        let told = whole(line);
        assert!(told.contains("\n  relay ") && told.contains("\n  stream "), "{line}: {told}");
    }
    assert_eq!(whole("-p stream --help"), root);
    assert_eq!(whole("domain --region list --help"), whole("domain --help"));
    assert_eq!(whole("-v domain list --help"), whole("domain list --help"));
    assert_eq!(whole("-p domain domain list --help"), whole("domain list --help"));
}

#[test]
fn a_variable_is_no_word_where_help_answers_no_word() {
    for line in ["", "domain"] {
        let (bare, set) = (World::empty().run(line), World::empty().set("LIVECTL_RETRIES", "3").run(line));
        assert_eq!((bare.code, &bare.stdout, &bare.stderr), (set.code, &set.stdout, &set.stderr), "{line}");
    }
}

#[test]
fn options_that_speak_of_one_another_may_stand_on_either_side() {
    let world = World::sandbox("tencent");
    let add = "domain add a.example.com --type push";
    for line in [format!("--dry-run {add} --exit-code"), format!("--exit-code {add} --dry-run")] {
        assert_eq!(world.run(&line).code, 10, "{line}");
    }
    for (line, words) in [
        (format!("--exit-code {add}"), "`--exit-code` is for `--dry-run`"),
        ("--all-profiles domain list -p a".to_owned(), "cannot be used with `--profile`"),
        ("-q domain list -v".to_owned(), "cannot be used with `--verbose`"),
    ] {
        assert!(world.run(&line).fails(2).stderr.contains(words), "{line}");
    }
    let run = World::empty().run("domain list --fault tencent:*:error").fails(2);
    assert!(run.stderr.contains("`--fault` is for `--sandbox`"), "{run}");
    let run = world.run_words(&["domain", "list", "--region", "a\nb"]).fails(2);
    assert!(run.stderr.contains("--region"), "{run}");
}
