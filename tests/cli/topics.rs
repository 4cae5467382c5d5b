//! `livectl help TOPIC` tells what the program does: each topic is held against the tables that it is about.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use livectl::cli::{self, HelpCommand, Part};
use livectl::config;
use livectl::error::Class;
use livectl::output::Format;

use crate::harness::World;
use crate::tree::every_command;

fn topic(name: &str) -> String {
    let run = World::empty().run(&format!("help {name}")).ok();
    assert_eq!(run.stderr, "");
    run.stdout
}

#[test]
fn every_topic_is_there_and_fits_a_terminal() {
    for name in ["exit-codes", "environment", "output", "profiles", "bulk"] {
        let text = topic(name);
        assert!(text.lines().count() >= 20, "{name}: {text}");
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{name}: {line}");
        }
    }
    for (stored, first) in HelpCommand::STORED.into_iter().zip(["Many at once", "Env", "Exit", "Output", "Profiles"]) {
        assert!(stored.text().starts_with(first), "{stored:?}");
    }
}

#[test]
fn every_exit_code_is_told_with_its_class() {
    let text = topic("exit-codes");
    let classes = [
        Class::Internal,
        Class::Usage,
        Class::Auth,
        Class::NotFound,
        Class::Conflict,
        Class::Throttled,
        Class::Network,
        Class::Vendor,
        Class::Partial,
        Class::Differs,
        Class::Timeout,
        Class::Interrupted,
    ];
    let told: Vec<(u8, String)> = text
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some((words.next()?.parse().ok()?, words.next()?.to_owned()))
        })
        .filter(|(code, _)| *code != 0)
        .collect();
    let known: Vec<(u8, String)> = classes.map(|class| (class.exit_code(), class.name().to_owned())).into();
    assert_eq!(told, known);
}

/// Every word in upper case that begins so, of a text.
fn names(text: &str, start: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_uppercase() && !c.is_ascii_digit() && c != '_');
    words.filter(|word| word.starts_with(start) && word.len() > start.len()).map(str::to_owned).collect()
}

fn sources(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, text);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            text.push_str(fs::read_to_string(&path).unwrap().split("#[cfg(test)]\nmod tests {").next().unwrap());
        }
    }
}

#[test]
fn every_variable_of_ours_is_told_and_no_other() {
    let mut text = String::new();
    for folder in ["src/cli", "src/commands", "src/config"] {
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut text);
    }
    assert_eq!(names(&topic("environment"), "LIVECTL_"), names(&text, "LIVECTL_"));
    for name in ["SSL_CERT_FILE", "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "NO_COLOR", "CLICOLOR_FORCE"] {
        assert!(topic("environment").contains(name) && text.contains(name), "{name}");
    }
}

/// The options that a text names.
fn options(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    words.filter_map(|word| word.strip_prefix("--")).filter(|name| !name.is_empty()).collect()
}

#[test]
fn what_is_told_of_options_formats_and_profiles_is_there() {
    let tree = cli::tree(Part::Whole);
    let known: BTreeSet<String> = every_command(100)
        .iter()
        .flat_map(|(_, command)| command.get_arguments().filter_map(|arg| arg.get_long()).map(str::to_owned))
        .collect();
    for name in ["exit-codes", "environment", "output", "profiles", "bulk"] {
        for option in options(&topic(name)) {
            assert!(known.contains(option), "{name}: --{option}");
        }
    }
    let output = topic("output");
    for format in Format::ALL {
        assert!(output.contains(&format!("-o {format} ")), "{format}");
    }
    let bulk = topic("bulk");
    let add = tree.find_subcommand("domain").and_then(|domain| domain.find_subcommand("add")).unwrap().clone();
    let mut add = add;
    add.build();
    for arg in add.get_arguments().filter(|arg| arg.get_help_heading() == Some("Many at once")) {
        let option = arg.get_long().unwrap();
        assert!(options(&bulk).contains(option), "--{option}");
    }
    let profiles = topic("profiles");
    let keys: BTreeSet<&str> = config::key_names().collect();
    for key in [
        "access_key_id",
        "access_key_secret",
        "credential_process",
        "env_prefix",
        "role_arn",
        "oidc_token_file",
        "read_only",
    ] {
        assert!(profiles.contains(key) && keys.contains(key), "{key}");
    }
}

#[cfg(unix)]
#[test]
fn the_lines_of_topics_can_be_typed() {
    let world = World::empty().set("LIVECTL_SANDBOX", "1").set("LIVECTL_VENDOR", "volcengine");
    for name in ["exit-codes", "environment", "output", "bulk"] {
        let text = topic(name);
        let lines: Vec<&str> = text
            .lines()
            .filter(|line| {
                ["livectl ", "printf ", "LIVECTL_SANDBOX=1 "].iter().any(|start| line.trim().starts_with(start))
            })
            .filter(|line| line.starts_with("  "))
            .collect();
        assert!(!lines.is_empty(), "{name}");
        let script = lines.join("\n");
        for line in script.replace("|\n", "| ").lines() {
            let output = world.command("sh").args(["-c", line]).output().unwrap();
            let code = output.status.code();
            let told = String::from_utf8_lossy(&output.stderr);
            // A rotation that would change something says so.
            assert!(code == Some(0) || line.contains("--exit-code") && code == Some(10), "{line}: {code:?} {told}");
        }
    }
}

#[test]
fn help_is_also_a_word_before_a_command() {
    let world = World::empty();
    let asked = |line: &str| world.run(line).ok().stdout;
    assert_eq!(asked("help"), asked("-h"));
    assert_eq!(asked("help domain add"), asked("domain add --help"));
    assert_eq!(asked("help record template"), asked("record template --help"));
    for (line, meant) in [("help doman", "'domain'"), ("help exit-code", "'exit-codes'"), ("help domain ad", "'add'")] {
        assert!(world.run(line).fails(2).stderr.contains(meant), "{line}");
    }
}
