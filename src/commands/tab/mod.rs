//! What a Tab proposes: words that are known here, and names that the vendor knows, from a cache of a few minutes.
//!
//! A Tab is silent and quick: whatever goes wrong, it proposes less.

mod cache;
mod known;
mod live;

use std::ffi::{OsStr, OsString};
use std::sync::Arc;

use clap::{Arg, Command, ValueHint};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};

use crate::cli;
use crate::config::Environment;
use crate::model::Vendor;

/// One proposal, and what is told beside it.
struct Proposal {
    word: String,
    about: Option<String>,
}

impl Proposal {
    fn new(word: impl Into<String>) -> Self {
        Proposal { word: word.into(), about: None }
    }

    fn about(self, about: impl Into<String>) -> Self {
        Proposal { about: Some(about.into()).filter(|about| !about.is_empty()), ..self }
    }
}

/// What is on the command line at a Tab.
struct Line {
    /// The program, and all that was typed before the word at the cursor.
    before: Vec<OsString>,
    environment: Environment,
}

/// The tree for a Tab, whose options and arguments know their values. `arguments` are those of the process: what the
/// shell's script says, `--`, and the words of the command line.
pub fn tree(arguments: &[OsString], environment: &Environment) -> Command {
    let mut command = cli::branch(arguments);
    let Some(start) = arguments.iter().position(|word| word == "--") else { return command };
    let words = arguments.get(start + 1..).unwrap_or_default();
    // Some shells say which word the cursor is in, others end with that word.
    let index = environment.var("_CLAP_COMPLETE_INDEX").and_then(|index| index.parse::<usize>().ok());
    let at = index.unwrap_or(words.len().saturating_sub(1)).min(words.len());
    let before = words.get(..at).unwrap_or_default().to_vec();
    let is_empty = words.get(at).is_none_or(|word| word.is_empty());
    command.build();
    let entered = before.get(1..).unwrap_or_default().to_vec();
    let line = Arc::new(Line { before, environment: environment.clone() });
    with_values(command, &entered, String::new(), is_empty, &line)
}

/// Gives values to the arguments of a command, and of the one below it that is entered.
fn with_values(command: Command, words: &[OsString], path: String, is_empty: bool, line: &Arc<Line>) -> Command {
    let below = words.iter().enumerate().find_map(|(at, word)| {
        let below = command.find_subcommand(word)?;
        Some((below.get_name().to_owned(), at + 1))
    });
    let command = command.mut_args(|arg| with_value(arg, &path, is_empty, line));
    let Some((name, rest)) = below else { return command };
    let path = if path.is_empty() { name.clone() } else { format!("{path} {name}") };
    command
        .mut_subcommand(name, |below| with_values(below, words.get(rest..).unwrap_or_default(), path, is_empty, line))
}

fn with_value(arg: Arg, path: &str, is_empty: bool, line: &Arc<Line>) -> Arg {
    // Before a word is begun options are proposed where there is nothing else.
    let arg = if is_empty && !arg.is_positional() { arg.hide(true) } else { arg };
    let takes = arg.get_num_args().is_some_and(|range| range.takes_values());
    if !takes || arg.get_value_hint() != ValueHint::Unknown || !arg.get_possible_values().is_empty() {
        return arg;
    }
    let asked = Asked {
        path: path.to_owned(),
        id: arg.get_id().to_string(),
        option: arg.get_long().map(str::to_owned),
        line: Arc::clone(line),
    };
    arg.add(ArgValueCompleter::new(move |current: &OsStr| asked.propose(current)))
}

/// An argument whose value is asked for.
struct Asked {
    /// The words of its command.
    path: String,
    /// Its id in the tree.
    id: String,
    /// Its name, without dashes, where it is an option.
    option: Option<String>,
    line: Arc<Line>,
}

impl Asked {
    fn propose(&self, current: &OsStr) -> Vec<CompletionCandidate> {
        let Some(current) = current.to_str() else { return Vec::new() };
        let mut proposals = known::values(self, current);
        if proposals.is_empty() {
            proposals = live::names(self);
        }
        let begun = proposals.into_iter().filter(|proposal| proposal.word.starts_with(current));
        begun.map(|Proposal { word, about }| CompletionCandidate::new(word).help(about.map(Into::into))).collect()
    }

    /// The option of an Action's parameter that is meant, without dashes.
    fn grown(&self) -> Option<&str> {
        cli::grown_option(&self.id).or(self.option.as_deref())
    }
}

impl Line {
    /// The words behind the program that are text.
    fn words(&self) -> impl Iterator<Item = &str> {
        self.before.iter().skip(1).filter_map(|word| word.to_str())
    }

    /// The value of an option, as `--option VALUE` or `--option=VALUE`.
    fn value(&self, option: &str) -> Option<&str> {
        let mut words = self.words();
        while let Some(word) = words.next() {
            match word.strip_prefix(option) {
                Some("") => return words.next(),
                Some(joined) if joined.starts_with('=') => return joined.get(1..),
                _ => {}
            }
        }
        None
    }

    /// The vendor that is named.
    fn vendor(&self) -> Option<Vendor> {
        self.value("--vendor").or_else(|| self.environment.var("LIVECTL_VENDOR"))?.parse().ok()
    }
}
