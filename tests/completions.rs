//! The scripts in `completions/` are those that the program itself gives, and they find commands.
//!
//! After a change: `LIVECTL_ACCEPT=1 cargo test --test completions`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;

use livectl::cli::{self, Part};

const SCRIPTS: &[(&str, &str)] =
    &[("bash", "livectl.bash"), ("zsh", "_livectl"), ("fish", "livectl.fish"), ("powershell", "livectl.ps1")];

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_livectl"));
    command.env_clear();
    command
}

/// The script a shell is given. It names the program by its path: the stored one by its name.
fn script(shell: &str) -> String {
    let output = program().env("COMPLETE", shell).output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().replace(env!("CARGO_BIN_EXE_livectl"), "livectl")
}

#[test]
fn every_script_is_fresh() {
    for (shell, name) in SCRIPTS {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions").join(name);
        let script = script(shell);
        if std::env::var_os("LIVECTL_ACCEPT").is_some() {
            std::fs::write(&file, &script).unwrap();
        }
        let stored = std::fs::read_to_string(&file).unwrap_or_default();
        let printed = program().args(["completion", shell]).output().unwrap();
        assert_eq!(String::from_utf8(printed.stdout).unwrap(), script, "livectl completion {shell}");
        assert!(stored == script, "completions/{name} is stale: LIVECTL_ACCEPT=1 cargo test --test completions");
    }
}

/// What bash proposes behind `stand-in `, by the script for a program that answers so.
#[cfg(unix)]
fn bash_proposes(answer: &str, ending: &str) -> String {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("name-of-a-file"), "").unwrap();
    let program = folder.path().join("livectl");
    std::fs::write(&program, format!("#!/bin/sh\nprintf '{answer}'\n{ending}\n")).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
    let asked = "COMP_WORDS=(livectl ''); COMP_CWORD=1; _clap_complete_livectl livectl '' livectl 2>/dev/null\n\
                 printf '<%s>' \"${COMPREPLY[@]}\"; echo \"$-\"";
    let text = format!("{}\n{asked}", script("bash"));
    let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
    let output = Command::new("bash").args(["--norc", "-c", &text]).env("PATH", path).current_dir(&folder).output();
    let shown = String::from_utf8(output.unwrap().stdout).unwrap();
    shown.rsplit_once('>').unwrap().0.to_owned() + ">"
}

#[cfg(unix)]
#[test]
fn bash_takes_proposals_as_they_are() {
    assert_eq!(bash_proposes("one\\013two words\\013*", ""), "<one><two words><*>");
    assert_eq!(bash_proposes("name*\\013[a-z]*", ""), "<name*><[a-z]*>");
    assert_eq!(bash_proposes("region=", ""), "<region=>");
    assert_eq!(bash_proposes("", ""), "<>");
    assert_eq!(bash_proposes("one", "exit 2"), "<>");
}

#[test]
fn a_tab_finds_verbs_and_options() {
    let complete = |words: &[&str]| {
        let mut command = program();
        command.env("COMPLETE", "fish").arg("--").args(words);
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    let verbs = complete(&["livectl", "relay", ""]);
    for verb in ["list", "show", "add", "update", "delete", "restart"] {
        assert!(verbs.lines().any(|line| line.split('\t').next() == Some(verb)), "{verbs}");
    }
    assert!(complete(&["livectl", "domain", "add", "--domain-r"]).contains("--domain-region"));
}

#[test]
fn the_whole_tree_is_sound() {
    // What clap checks only in debug builds, and never in branches that argv does not enter.
    let mut command = cli::tree(Part::Whole);
    command.build();
    command.debug_assert();
}
