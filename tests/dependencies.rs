//! What is in the tree is what `deny.toml` allows: licences, bans and sources, held without cargo-deny and without a
//! network. `just deny` runs the tool itself, which also asks the advisory database.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use toml::Table;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> Table {
    std::fs::read_to_string(root().join(name)).unwrap().parse().unwrap()
}

/// The texts of a list in `deny.toml`; of tables among them, the value of `key`.
fn list<'a>(rules: &'a Table, section: &str, name: &str, key: &str) -> Vec<&'a str> {
    let items = rules[section][name].as_array().unwrap();
    items.iter().map(|item| item.as_str().or_else(|| item.get(key)?.as_str()).unwrap()).collect()
}

/// Every package of Cargo.lock, of all platforms and features: its name, and its source where it is none of ours.
fn locked() -> Vec<(String, Option<String>)> {
    let lock = read("Cargo.lock");
    let text = |package: &toml::Value, key: &str| package.get(key).and_then(|value| value.as_str()).map(str::to_owned);
    let packages = lock["package"].as_array().unwrap();
    packages.iter().map(|package| (text(package, "name").unwrap(), text(package, "source"))).collect()
}

/// The packages that are built on this platform, with their licences.
fn built() -> Vec<Value> {
    let told = Command::new(std::env::var("RUSTC").unwrap_or_else(|_| "rustc".into())).arg("-vV").output().unwrap();
    let told = String::from_utf8(told.stdout).unwrap();
    let host = told.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let output = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()))
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", host])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

#[test]
fn nothing_that_is_banned_is_in_the_tree() {
    let rules = read("deny.toml");
    let banned = list(&rules, "bans", "deny", "crate");
    for one in ["aws-lc-rs", "aws-lc-sys", "openssl-sys", "native-tls"] {
        assert!(banned.contains(&one), "{one} is banned no more");
    }
    let packages = locked();
    assert!(packages.iter().any(|(name, _)| name == "ring"), "Cargo.lock was not read");
    let found: Vec<_> = packages.iter().filter(|(name, _)| banned.contains(&name.as_str())).collect();
    assert!(found.is_empty(), "{found:?}: `cargo tree --all-features --target all -i NAME` tells who wants it");
}

#[test]
fn everything_comes_from_the_registry() {
    let elsewhere = |source: &String| !source.starts_with("registry+");
    let found: Vec<_> = locked().into_iter().filter(|(_, source)| source.as_ref().is_some_and(elsewhere)).collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn every_licence_is_one_that_is_allowed() {
    let rules = read("deny.toml");
    let allowed = list(&rules, "licenses", "allow", "");
    let packages = built();
    assert!(packages.len() > 100, "{} packages", packages.len());
    let mut wrong = Vec::new();
    for package in packages {
        let name = package["name"].as_str().unwrap();
        let Some(licence) = package["license"].as_str() else {
            wrong.push(format!("{name}: it names no licence"));
            continue;
        };
        if !permits(licence, &[&allowed[..], &excepted(&rules, name)].concat()) {
            wrong.push(format!("{name}: {licence}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The licences that are allowed for one package alone.
fn excepted<'a>(rules: &'a Table, name: &str) -> Vec<&'a str> {
    let exceptions = rules["licenses"]["exceptions"].as_array().unwrap();
    let of_it = exceptions.iter().filter(|exception| exception["crate"].as_str() == Some(name));
    of_it.flat_map(|exception| exception["allow"].as_array().unwrap()).filter_map(toml::Value::as_str).collect()
}

/// Whether an expression can be met by the allowed licences alone.
fn permits(licence: &str, allowed: &[&str]) -> bool {
    let expression = spdx::Expression::parse_mode(licence, spdx::ParseMode::LAX).unwrap();
    expression.evaluate(|wanted| {
        let wanted = wanted.to_string();
        allowed.contains(&wanted.as_str())
    })
}

#[test]
fn an_expression_is_met_by_what_it_offers() {
    let allowed = ["MIT", "Apache-2.0 WITH LLVM-exception"];
    for (licence, met) in [
        ("MIT OR GPL-3.0-only", true),
        ("MIT/Apache-2.0", true),
        ("MIT AND GPL-3.0-only", false),
        ("(Apache-2.0 WITH LLVM-exception) AND MIT", true),
        ("Apache-2.0", false),
    ] {
        assert_eq!(permits(licence, &allowed), met, "{licence}");
    }
}
