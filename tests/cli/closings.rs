//! What every command's help ends with: an example that works, and what happens where something is changed.

use std::ffi::OsString;

use livectl::model::Vendor;
use livectl::providers::{catalog, homes, naming};

use crate::harness::{PROGRAM, World};
use crate::tree::{every_command, grown_commands};

/// What the program answers to a command line that asks for help.
fn help(path: &str) -> String {
    let line = ["livectl"].into_iter().chain(path.split(' ')).chain(["-h"]);
    livectl::cli::parse(line.map(OsString::from), &[]).unwrap_err().render().to_string()
}

fn long_help(path: &str) -> String {
    let line = ["livectl"].into_iter().chain(path.split(' ')).chain(["--help"]);
    livectl::cli::parse(line.map(OsString::from), &[]).unwrap_err().render().to_string()
}

/// The command lines of the examples in a help text, each on one line.
fn examples(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| !line.starts_with("Example")).skip(1);
    let block: Vec<&str> = lines.take_while(|line| line.starts_with("  ")).collect();
    let text = block.join("\n").replace("\\\n", " ");
    text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn every_command_shows_an_example_and_what_happens() {
    let mut lacking = Vec::new();
    for (words, command) in every_command(100) {
        let path = words.join(" ");
        if command.has_subcommands() || path.starts_with("help ") {
            continue;
        }
        assert!(command.get_about().is_some_and(|about| !about.to_string().is_empty()), "{path} says nothing");
        let help = help(&path);
        let many = command.get_arguments().any(|arg| arg.get_id() == "from_file");
        if examples(&help).is_empty() || many && !path.starts_with("api ") && !help.contains("What happens: ") {
            lacking.push(path);
        }
    }
    assert_eq!(lacking, [""; 0]);
}

#[test]
fn what_happens_is_what_the_command_does() {
    for (path, tells, keeps_quiet_of) in [
        ("domain add", &["the request is sent", "--wait"][..], &["asks first"][..]),
        ("domain delete", &["asks first"], &[]),
        ("hls-key rotate", &["asks first", "sends what differs"], &["--wait"]),
        ("transcode update", &["sends what differs"], &["asks first"]),
        ("caster start", &["the request is sent"], &["asks first"]),
        ("record template delete", &["asks first"], &["sends what differs"]),
    ] {
        let help = help(path);
        let (_, end) = help.split_once("What happens: ").unwrap_or_else(|| panic!("{path}: {help}"));
        tells.iter().for_each(|words| assert!(end.contains(words), "{path}: {end}"));
        keeps_quiet_of.iter().for_each(|words| assert!(!end.contains(words), "{path}: {end}"));
    }
    assert!(!help("domain list").contains("What happens"));
    for path in [
        "url push",
        "url play",
        "url sign",
        "url check",
        "stats bandwidth",
        "stats traffic",
        "stats online",
        "hls-key check",
        "callback listen",
        "callback send",
        "callback verify",
        "callback decode",
    ] {
        let (short, long) = (help(path), long_help(path));
        assert!(!short.contains("What happens") && !long.contains("--from-file"), "{path}");
    }
    assert!(long_help("callback set").contains("--from-file"));
}

/// Writes the files that an example names, as the reference's example of the Action has them.
fn write_files(world: &World, path: &str, line: &str) {
    for word in line.split(' ').filter_map(|word| word.strip_prefix('@')) {
        let of = |vendor: Vendor| {
            let action = homes::action_at(vendor, path)?;
            let text = catalog::example(vendor, action.name)?.request;
            let request: serde_json::Value = serde_json::from_str(text).ok()?;
            let named = |(name, _): &(&String, &serde_json::Value)| format!("{}.json", naming::kebab(name)) == word;
            request.as_object()?.iter().find(named).map(|(_, value)| match value {
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            })
        };
        let text = Vendor::ALL.into_iter().find_map(of).unwrap_or_else(|| "a-made-up-key-0123456789".to_owned());
        world.write(word, &text);
    }
}

#[test]
fn every_example_that_is_made_from_the_facts_is_accepted() {
    let world = World::empty().set("LIVECTL_SANDBOX", "1");
    let written = homes::commands_with_examples();
    let mut refused = Vec::new();
    for path in grown_commands().iter().filter(|path| homes::is_command(path) && !written.contains(path.as_str())) {
        let lines = examples(&help(path));
        assert_eq!(lines.len(), 1, "{path}: {lines:?}");
        write_files(&world, path, &lines[0]);
        let mut command = world.command(PROGRAM);
        let output = command.args(lines[0].split(' ').skip(1)).arg("--dry-run").output().unwrap();
        // What the sandbox does not have is not there: what was typed is well all the same.
        if !matches!(output.status.code(), Some(0 | 4)) {
            refused.push(format!("{}\n{}", lines[0], String::from_utf8_lossy(&output.stderr)));
        }
    }
    assert!(refused.is_empty(), "{} refused:\n{}", refused.len(), refused.join("\n"));
}
