use clap::{Error, FromArgMatches};

use super::*;
use crate::cli::{Part, Surroundings, lean, parse, read, tree};

/// Each global option as it may be typed.
const TYPED: &[&[&str]] = &[
    &[],
    &["--vendor", "tencent"],
    &["-pone,two"],
    &["--profile=one", "-q"],
    &["--all-profiles", "--quiet"],
    &["--config", "c.toml", "--region=ap-guangzhou", "--endpoint", "http://127.0.0.1:1"],
    &["--ca-bundle", "roots.pem"],
    &["-ojson", "--columns", "a,b", "--no-header", "--sort-by", "-name"],
    &["--jq", ".", "--limit=3", "--raw", "--reveal"],
    &["--dry-run", "--exit-code"],
    &["--dry-run"],
    &["--show-request", "-y", "--no-validate"],
    &["--timeout", "1s", "--connect-timeout=2s", "--retries", "0", "--rate", "2.5"],
    &["--wait", "--wait-timeout", "1m", "--wait-interval=3s"],
    &["-vvy", "--color=always"],
    &["--sandbox", "--sandbox-state", "s.json", "--fault", "tencent:AddLiveDomain:throttle"],
];

fn lines() -> impl Iterator<Item = Vec<OsString>> {
    let placed = |options: &[&str]| {
        let behind = ["livectl", "relay", "list"].iter().chain(options).copied();
        let before = ["livectl"].iter().chain(options).chain(&["relay", "list"]).copied();
        [behind.map(OsString::from).collect(), before.map(OsString::from).collect()]
    };
    TYPED.iter().flat_map(move |options| placed(options))
}

#[test]
fn every_option_is_typed_in_these_tests() {
    for arg in added(Command::new("livectl")).get_arguments() {
        let typed =
            TYPED.iter().any(|words| may_name(&words.iter().map(|word| (*word).into()).collect::<Vec<_>>(), arg));
        assert!(typed, "{arg}");
    }
}

#[test]
fn what_no_word_names_means_the_same_at_the_root() {
    for words in lines() {
        let whole = tree(Part::Entered(&words)).try_get_matches_from(&words);
        let whole = whole.and_then(|matches| Global::from_arg_matches(&matches)).unwrap();
        let read = parse(words.clone(), &[]).unwrap().global;
        assert_eq!(format!("{read:?}"), format!("{whole:?}"), "{words:?}");
        lean(&words, false).debug_assert();
    }
}

#[test]
fn where_nothing_is_named_the_defaults_are_what_is_read() {
    let words: Vec<OsString> = ["livectl", "relay", "list"].map(OsString::from).to_vec();
    let whole = tree(Part::Entered(&words)).try_get_matches_from(&words);
    let whole = whole.and_then(|matches| Global::from_arg_matches(&matches)).unwrap();
    assert_eq!(format!("{:?}", Global::default()), format!("{whole:?}"));
    let bare = Surroundings { blank: &[], variables: false, colors: false };
    assert_eq!(format!("{:?}", read(&words, bare).unwrap().global), format!("{whole:?}"));
    assert!(lean(&words, true).get_arguments().next().is_none());
    for named in lines().filter(|line| line.len() > words.len()) {
        let read = read(&named, bare).unwrap().global;
        assert_eq!(format!("{read:?}"), format!("{:?}", parse(named.clone(), &[]).unwrap().global), "{named:?}");
    }
}

#[test]
fn below_the_root_stands_only_what_may_be_named() {
    for (words, named) in [
        (["livectl", "relay", "list", "x"], &[][..]),
        (["livectl", "relay", "list", "--limit=3"], &["limit"]),
        (["livectl", "relay", "list", "-vy"], &["yes", "quiet", "verbose"]),
        (["livectl", "relay", "list", "--exit-code"], &["exit_code"]),
    ] {
        let mut root = lean(&words.map(OsString::from), false);
        root.build();
        let list = root.find_subcommand("relay").unwrap().find_subcommand("list").unwrap();
        let below: Vec<&str> =
            list.get_arguments().filter(|arg| arg.is_global_set()).map(|arg| arg.get_id().as_str()).collect();
        assert_eq!(below, named, "{words:?}");
    }
}

#[test]
fn a_slip_is_told_with_all_that_it_may_have_meant() {
    let refusal = |words: [&str; 4]| -> Error { parse(words.map(OsString::from), &[]).unwrap_err() };
    let told = refusal(["livectl", "relay", "list", "--sandbx"]).to_string();
    assert!(told.contains("'--sandbox'"), "{told}");
    let told = refusal(["livectl", "relay", "list", "--exit-code"]).to_string();
    assert!(told.contains("--dry-run"), "{told}");
}
