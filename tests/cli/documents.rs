//! The parts of the documents that are made from the tables, and are what those say today.
//!
//! After a change: `LIVECTL_ACCEPT=1 cargo test --test cli documents`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::{Arg, Command};
use livectl::model::{
    AccessVerb, CallbackVerb, CertVerb, DomainConfigVerb, DomainVerb, HlsKeyVerb, RecordVerb, RelayVerb, RotateVerb,
    StatsVerb, StreamVerb, Support, TranscodeVerb, UrlKeyVerb, Vendor,
};
use livectl::providers::{Provider, catalog, homes, provider};

use crate::tree::every_command;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Compares a document with what it should be, or writes it.
fn fresh(name: &str, wanted: &str) {
    if std::env::var_os("LIVECTL_ACCEPT").is_some() {
        std::fs::create_dir_all(file(name).parent().unwrap()).unwrap();
        std::fs::write(file(name), wanted).unwrap();
    }
    let stored = std::fs::read_to_string(file(name)).unwrap_or_default();
    let line = stored.lines().zip(wanted.lines()).position(|(old, new)| old != new).unwrap_or_default() + 1;
    assert!(stored == wanted, "{name} is stale at line {line}: LIVECTL_ACCEPT=1 cargo test --test cli documents");
}

/// The document with what stands between two markers replaced.
fn replaced(text: &str, marker: &str, part: &str) -> String {
    let (open, close) = (format!("<!-- {marker} -->\n"), format!("<!-- end of {marker} -->"));
    let (before, rest) = text.split_once(&open).unwrap_or_else(|| panic!("no {open}"));
    let (_, after) = rest.split_once(&close).unwrap_or_else(|| panic!("no {close}"));
    format!("{before}{open}{part}{close}{after}")
}

fn title(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::Tencent => "Tencent",
        Vendor::Aliyun => "Aliyun",
        Vendor::Volcengine => "Volcengine",
    }
}

/// The verbs of a portable noun that a vendor has.
fn does<V: Copy, A>(all: &[V], decide: impl Fn(V) -> Support<A>) -> Vec<bool> {
    all.iter().map(|verb| matches!(decide(*verb), Support::Does(_))).collect()
}

/// A portable noun, its verbs, and which of them each vendor has.
struct Portable {
    noun: &'static str,
    verbs: Vec<&'static str>,
    decisions: Vec<(Vendor, Vec<bool>)>,
}

macro_rules! portable {
    ($noun:literal, $verbs:ty, $decide:ident) => {
        Portable {
            noun: $noun,
            verbs: <$verbs>::ALL.iter().map(|verb| verb.name()).collect(),
            decisions: Vendor::ALL
                .into_iter()
                .map(|vendor| (vendor, does(<$verbs>::ALL, |verb| Provider::$decide(provider(vendor), verb))))
                .collect(),
        }
    };
}

fn portable() -> Vec<Portable> {
    vec![
        portable!("domain", DomainVerb, domain),
        portable!("domain config", DomainConfigVerb, domain_config),
        portable!("record", RecordVerb, record),
        portable!("transcode", TranscodeVerb, transcode),
        portable!("relay", RelayVerb, relay),
        portable!("hls-key", HlsKeyVerb, hls_key),
        portable!("callback", CallbackVerb, callback),
        portable!("stream", StreamVerb, stream),
        portable!("cert", CertVerb, cert),
        portable!("stats", StatsVerb, stats),
        portable!("auth", RotateVerb, rotation),
        portable!("auth push-key", UrlKeyVerb, url_key),
        portable!("auth play-key", UrlKeyVerb, url_key),
        portable!("auth referer", AccessVerb, referer),
        portable!("auth ip", AccessVerb, ip),
    ]
}

/// What each vendor can do: the verbs that mean the same everywhere, and how many of its Actions a noun holds.
fn support() -> String {
    let mut text = String::from("| the same on every vendor | Tencent | Aliyun | Volcengine |\n|---|---|---|---|\n");
    for noun in portable() {
        let cell = |(_, does): &(Vendor, Vec<bool>)| {
            let lacking: Vec<&str> =
                noun.verbs.iter().zip(does).filter(|(_, does)| !**does).map(|(verb, _)| *verb).collect();
            match lacking.len() {
                0 => "all".to_owned(),
                all if all == noun.verbs.len() => "–".to_owned(),
                _ => format!("all but {}", lacking.join(", ")),
            }
        };
        let cells: Vec<String> = noun.decisions.iter().map(cell).collect();
        writeln!(text, "| `{} {}` | {} |", noun.noun, noun.verbs.join("`, `"), cells.join(" | ")).unwrap();
    }
    text.push_str("\n| Actions with a command | Tencent | Aliyun | Volcengine |\n|---|---|---|---|\n");
    let mut counts: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for vendor in Vendor::ALL {
        for command in catalog::action_names(vendor).filter_map(|action| homes::command(vendor, action)) {
            let noun = command.split(' ').next().unwrap();
            *counts.entry(noun).or_default().entry(vendor.name()).or_default() += 1;
        }
    }
    let mut sums = [0; 3];
    for (noun, of) in counts {
        let row = Vendor::ALL.map(|vendor| of.get(vendor.name()).copied().unwrap_or_default());
        sums.iter_mut().zip(row).for_each(|(sum, count)| *sum += count);
        let cells = row.map(|count| if count == 0 { "–".to_owned() } else { count.to_string() });
        writeln!(text, "| `{noun}` | {} |", cells.join(" | ")).unwrap();
    }
    writeln!(text, "| all | {} |", sums.map(|sum| sum.to_string()).join(" | ")).unwrap();
    text
}

/// A text inside a cell or a line of Markdown.
fn plain(text: &str) -> String {
    text.replace('\n', " ").replace('<', "\\<").replace('|', "\\|")
}

/// One option or value of a command, as a line.
fn describe(arg: &Arg) -> String {
    let value = arg.get_value_names().unwrap_or_default().iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let takes = arg.get_num_args().is_none_or(|range| range.takes_values()) && arg.get_action().takes_values();
    let mut name = match arg.get_long() {
        Some(long) if takes && !value.is_empty() => format!("--{long} {value}"),
        Some(long) => format!("--{long}"),
        None => value,
    };
    if let Some(short) = arg.get_short() {
        name = format!("-{short}, {name}");
    }
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let required = if arg.is_required_set() { " [required]" } else { "" };
    format!("- `{name}`: {}{required}\n", plain(&help))
}

/// One command: what it does, how it is typed, its Actions, its options by heading.
fn command_part(words: &[String], command: &mut Command) -> String {
    let path = words.join(" ");
    let mut text = format!("### `{path}`\n\n{}\n\n", plain(&command.get_about().unwrap().to_string()));
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ");
    let usage = if usage.starts_with("livectl") { usage.to_owned() } else { format!("livectl {path} {usage}") };
    writeln!(text, "    {}\n", usage.split_whitespace().collect::<Vec<_>>().join(" ")).unwrap();
    let actions = Vendor::ALL.into_iter().filter_map(|vendor| Some((vendor, homes::action_at(vendor, &path)?)));
    let actions: Vec<String> = actions.map(|(vendor, action)| format!("{} `{}`", title(vendor), action.name)).collect();
    if !actions.is_empty() {
        writeln!(text, "Actions: {}.\n", actions.join(", ")).unwrap();
    }
    let mut headings: Vec<(String, String)> = Vec::new();
    for arg in command.get_arguments().filter(|arg| !arg.is_global_set() && !arg.is_hide_set()) {
        if matches!(arg.get_id().as_str(), "help" | "version") || arg.get_help_heading() == Some("Many at once") {
            continue;
        }
        let heading = arg.get_help_heading().unwrap_or_default().to_owned();
        match headings.iter_mut().find(|(known, _)| *known == heading) {
            Some((_, lines)) => lines.push_str(&describe(arg)),
            None => headings.push((heading, describe(arg))),
        }
    }
    headings.sort_by_key(|(heading, _)| !heading.is_empty());
    for (heading, lines) in headings {
        if !heading.is_empty() {
            writeln!(text, "{heading}:\n").unwrap();
        }
        writeln!(text, "{lines}").unwrap();
    }
    text
}

/// The whole tree as a document.
fn reference() -> String {
    let mut commands = every_command(100);
    let nouns: Vec<String> = commands[0].1.get_subcommands().map(|noun| noun.get_name().to_owned()).collect();
    let place = |words: &[String]| nouns.iter().position(|noun| words.first() == Some(noun));
    commands.sort_by_key(|(words, _)| (place(words), words.clone()));
    let mut text = String::from(
        "# Commands\n\nEvery command with its options. This file is made from the program itself; do not edit it:\n\
         `LIVECTL_ACCEPT=1 cargo test --test cli documents` writes it anew. A heading with a vendor's name holds the\n\
         options that only that vendor has. `livectl --help` tells the global options. Each command that changes\n\
         something, and `api`, also takes `--from-file` and its companions: see `livectl domain add --help`.\n\n",
    );
    for noun in &nouns {
        writeln!(text, "- [`{noun}`](#{noun})").unwrap();
    }
    text.push('\n');
    for (words, mut command) in commands {
        match (words.len(), command.has_subcommands()) {
            (0, _) => {}
            (1, true) => {
                writeln!(text, "## {}\n\n{}\n", words[0], plain(&command.get_about().unwrap().to_string())).unwrap();
            }
            (_, true) => {}
            (1, false) => {
                writeln!(text, "## {}\n", words[0]).unwrap();
                text.push_str(&command_part(&words, &mut command));
            }
            _ => text.push_str(&command_part(&words, &mut command)),
        }
    }
    text.trim_end().to_owned() + "\n"
}

#[test]
fn the_support_table_of_the_readme_is_fresh() {
    let text = std::fs::read_to_string(file("README.md")).unwrap();
    fresh("README.md", &replaced(&text, "support", &support()));
}

#[test]
fn the_reference_of_commands_is_fresh() {
    let text = reference();
    let named: BTreeSet<&str> = text.lines().filter_map(|line| line.strip_prefix("### `")).collect();
    for vendor in Vendor::ALL {
        for action in catalog::action_names(vendor) {
            let Some(command) = homes::command(vendor, action) else { continue };
            assert!(named.contains(format!("{command}`").as_str()), "{command} is not told");
        }
    }
    fresh("docs/commands.md", &text);
}
