//! The layers hold: who may import whom, read from every `use crate::…` and every path.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

/// A module and those it may import; `error` may be imported from anywhere.
const LAYERS: &[(&str, &[&str])] = &[
    ("cli", &["model", "output", "providers"]),
    ("commands", &["cli", "model", "providers", "send", "output", "config", "sandbox", "sign", "receive"]),
    ("config", &["model"]),
    ("error", &["model"]),
    ("model", &[]),
    ("output", &["model"]),
    ("providers", &["model", "sign"]),
    ("receive", &["model"]),
    ("sandbox", &["model", "providers", "sign"]),
    ("send", &["model", "sign"]),
    ("sign", &["model"]),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

fn all_sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&root, &mut found);
    found
        .into_iter()
        .map(|path| (path.strip_prefix(&root).unwrap().display().to_string(), fs::read_to_string(&path).unwrap()))
        .collect()
}

/// The code of a file: without comments, and without the tests at its end.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn nobody_imports_from_above() {
    let mut wrong = Vec::new();
    for (file, text) in all_sources() {
        let layer = file.split(['/', '.']).next().unwrap();
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == layer) else { continue };
        for part in code(&text).split("crate::").skip(1) {
            let target = part.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
            let known = LAYERS.iter().any(|(name, _)| *name == target);
            if known && target != layer && target != "error" && !allowed.contains(&target) {
                wrong.push(format!("{file} imports {target}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_vendor_knows_another() {
    let vendors = ["tencent", "aliyun", "volcengine"];
    for (file, text) in all_sources() {
        let Some(own) = vendors.iter().find(|vendor| file.starts_with(&format!("providers/{vendor}/"))) else {
            continue;
        };
        for other in vendors.iter().filter(|vendor| *vendor != own) {
            assert!(!code(&text).contains(&format!("providers::{other}")), "{file} imports {other}");
        }
    }
}

#[test]
fn files_have_one_subject() {
    for (file, text) in all_sources() {
        assert!(text.lines().count() <= 400 || file.ends_with("homes.rs"), "{file} has {} lines", text.lines().count());
    }
}

#[test]
fn nothing_is_left_open() {
    for (file, text) in all_sources() {
        for mark in ["todo!", "unimplemented!", "TODO", "FIXME", "XXX", "dbg!(", "#[ignore"] {
            assert!(!text.contains(mark), "{file} has `{mark}`");
        }
    }
}
