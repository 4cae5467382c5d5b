//! What grows for a line, and that it means what it means with all that could grow.

use clap::ArgMatches;

use super::*;
use crate::cli::{for_items, lean};

fn words(line: &str) -> Vec<OsString> {
    line.split(' ').map(OsString::from).collect()
}

/// The options of the command at the end that grew.
fn built(mut root: Command) -> Vec<String> {
    root.build();
    let mut command = &root;
    while let Some(below) = command.get_subcommands().next() {
        command = below;
    }
    command.get_arguments().filter_map(|arg| arg.get_id().as_str().strip_prefix(OPTION)).map(str::to_owned).collect()
}

#[test]
fn what_no_word_names_does_not_grow() {
    for (line, grown) in [
        ("livectl domain list", &[][..]),
        ("livectl domain list --type=push -o json --limit 3", &[]),
        ("livectl domain list --page-size 5 --status enabled", &["page-size"]),
        ("livectl snapshot template create --template-name a --width=3", &["template-name", "width", IF_NOT_EXISTS]),
    ] {
        assert_eq!(built(lean(&words(line), false)), grown, "{line}");
    }
    assert!(built(for_items(&words("livectl domain list"))).contains(&"page-num".to_owned()));
}

/// The values at the end of a line, as any of its options told them.
fn read(root: Command, line: &[OsString]) -> Option<String> {
    let matches = root.try_get_matches_from(line).ok()?;
    let mut leaf: &ArgMatches = &matches;
    while let Some((_, below)) = leaf.subcommand() {
        leaf = below;
    }
    let values = |id: &clap::Id| leaf.get_raw(id.as_str()).map(|raw| (id.to_string(), raw.collect::<Vec<_>>()));
    let mut told: Vec<_> = leaf.ids().filter_map(values).collect();
    told.sort();
    Some(format!("{told:?}"))
}

/// Where a line is accepted without what it does not name, it means what it means with all of it.
#[test]
fn what_is_accepted_means_the_same() {
    for line in [
        "livectl domain list --page-size 5 --type push",
        "livectl domain add a.example.com --type push --verify-owner-type dnsCheck",
        "livectl domain add --name a.example.com --tags [] --domain-region cn-shanghai",
        "livectl domain list --typ push",
        "livectl domain list -- --type",
        "livectl snapshot template create --template-name a --width=-3 --ValueOfNobody",
        "livectl snapshot template create --template-name a --width=-3",
        "livectl snapshot template delete 17 --if-exists",
    ] {
        let words = words(line);
        let whole = read(for_items(&words), &words);
        let named = read(lean(&words, false), &words);
        assert!(named.is_none() || named == whole, "{line}: {named:?}, {whole:?}");
    }
}
