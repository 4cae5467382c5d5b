//! `livectl help …`: topics that belong to no command, and the help of any command.

use std::ffi::OsString;
use std::io::Read;

use clap::error::{ContextKind, ContextValue};
use clap::{Error, Subcommand};
use flate2::read::DeflateDecoder;

use crate::providers::words;

/// The topics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
#[command(defer = true)]
pub enum HelpCommand {
    /// What each exit code means.
    ExitCodes,
    /// The variables that are read.
    Environment,
    /// Formats, columns and filters.
    Output,
    /// Accounts and where credentials come from.
    Profiles,
    /// One command for a file of items.
    Bulk,
}

/// All topics (`topics/*.txt`), each before a NUL, in the order of their names.
const DEFLATED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/topics.deflate"));

impl HelpCommand {
    /// Every topic, in the order of the stored texts.
    pub const STORED: [HelpCommand; 5] = [
        HelpCommand::Bulk,
        HelpCommand::Environment,
        HelpCommand::ExitCodes,
        HelpCommand::Output,
        HelpCommand::Profiles,
    ];

    /// The topic's text.
    pub fn text(self) -> String {
        let mut texts = String::new();
        // What the build compressed can be read; where it could not, there would be no text.
        let _ = DeflateDecoder::new(DEFLATED).read_to_string(&mut texts);
        let at = HelpCommand::STORED.iter().position(|topic| *topic == self).unwrap_or_default();
        texts.split('\0').nth(at).unwrap_or_default().to_owned()
    }
}

/// Words that are commands elsewhere, and what does the same here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("help", "`--help` behind a command, or `livectl help` before it, gives its help"),
    ("version", "`livectl --version` tells it"),
    ("completions", "`livectl completion bash` prints the script of a shell"),
];

/// How much less like the mistyped word than the best one another proposal may be.
const NEARLY_AS_LIKE: f64 = 0.05;

/// The refusal of a mistyped command that says what does the same here, or proposes the likeliest ones only, best first.
pub(super) fn with_the_likeliest(mut refusal: Error) -> Error {
    let Some(ContextValue::String(typed)) = refusal.get(ContextKind::InvalidSubcommand) else { return refusal };
    if let Some((_, hint)) = ELSEWHERE.iter().find(|(word, _)| word == typed) {
        refusal.remove(ContextKind::SuggestedSubcommand);
        refusal.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![(*hint).into()]));
        return refusal;
    }
    let Some(ContextValue::Strings(proposed)) = refusal.get(ContextKind::SuggestedSubcommand) else { return refusal };
    let mut scored: Vec<(f64, String)> = proposed.iter().map(|word| (likeness(typed, word), word.clone())).collect();
    scored.sort_by(|one, other| other.0.total_cmp(&one.0));
    let best = scored.first().map_or(0.0, |(score, _)| *score);
    scored.retain(|(score, _)| *score >= best - NEARLY_AS_LIKE);
    let words = scored.into_iter().map(|(_, word)| word).collect();
    refusal.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(words));
    refusal
}

/// How like two words are, where letters that changed places count as one slip.
fn likeness(one: &str, other: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(one, other)
}

/// `help domain add` as `domain add --help`, and `help` alone as `-h`; `None` where a topic is asked for, or no help.
pub(super) fn as_option(words: &[OsString]) -> Option<Vec<OsString>> {
    match words {
        [program, help] if help == "help" => Some(vec![program.clone(), "-h".into()]),
        [program, help, command @ ..] if help == "help" && command.first().is_some_and(|word| !is_topic(word)) => {
            Some([program.clone()].into_iter().chain(command.iter().cloned()).chain(["--help".into()]).collect())
        }
        _ => None,
    }
}

/// Whether a word behind `help` is a topic, or was meant to be one, or is an option.
fn is_topic(word: &OsString) -> bool {
    const TOPICS: [&str; 5] = ["exit-codes", "environment", "output", "profiles", "bulk"];
    let word = word.to_string_lossy();
    word.starts_with('-') || !words::similar(&word, TOPICS.into_iter()).is_empty()
}
