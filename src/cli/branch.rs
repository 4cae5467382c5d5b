//! The branch that a command line enters: what of the tree is built.

use std::ffi::OsString;

use clap::Command;

use crate::cli::{bulk, grown};
use crate::providers::homes;

/// Which part of the tree is built.
#[derive(Debug, Clone, Copy)]
pub enum Part<'a> {
    /// All of it.
    Whole,
    /// What these words of a command line can mean; where none of them is a name, the names only.
    Entered(&'a [OsString]),
}

impl Part<'_> {
    /// Whether a command of that name may be meant.
    pub(super) fn enters(self, name: &str) -> bool {
        match self {
            Part::Whole => true,
            Part::Entered(words) => words.iter().any(|word| word == name),
        }
    }

    /// Whether help is asked for.
    pub(super) fn asks_help(self) -> bool {
        matches!(self, Part::Entered(words) if words.iter().any(|word| word == "--help" || word == "-h"))
    }

    /// Whether the version is asked for.
    pub(super) fn asks_version(self) -> bool {
        matches!(self, Part::Entered(words) if words.iter().any(is_version))
    }

    /// Whether the version is the first thing that is asked for: then nothing behind it is read.
    pub(super) fn begins_with_version(self) -> bool {
        matches!(self, Part::Entered([_, first, ..]) if is_version(first))
    }
}

fn is_version(word: &OsString) -> bool {
    word == "--version" || word == "-V"
}

/// A command below another one, before anything of it is built.
pub(super) struct Below {
    /// Its words.
    path: String,
    /// A second name of one that grows.
    alias: Option<&'static str>,
    /// One that is written by hand: it builds its own options once it is entered.
    by_hand: Option<Box<Command>>,
}

impl Below {
    /// A command that grows.
    pub(super) fn growing(path: String, alias: Option<&'static str>) -> Below {
        Below { path, alias, by_hand: None }
    }

    fn name(&self) -> &str {
        self.path.rsplit_once(' ').map_or(self.path.as_str(), |(_, name)| name)
    }

    /// Whether a part enters it.
    fn is_in(&self, part: Part<'_>) -> bool {
        let mut others = self.by_hand.iter().flat_map(|command| command.get_all_aliases()).chain(self.alias);
        part.enters(self.name()) || others.any(|name| part.enters(name))
    }

    /// The command with its line, and nothing below it.
    fn line(self) -> Command {
        match self.by_hand {
            Some(command) => command.display_name(self.path),
            None => self.alias.into_iter().fold(grown::shallow(&self.path), Command::alias),
        }
    }

    /// The command with what stands below it.
    fn deepened(self, part: Part<'_>) -> Command {
        let path = self.path.clone();
        if let Some(single) = super::single(&path) {
            return (single.augment)(self.line());
        }
        let by_hand = self.by_hand.is_some();
        let command = self.line();
        match by_hand {
            false if !homes::is_command(&path) => group(command, part),
            true => bulk::options(command, &path, true),
            false => bulk::options(grown::leaf(command), &path, false),
        }
    }
}

/// Those of several commands that the part enters, with what stands below them; where it enters none, all of them
/// with their lines only.
pub(super) fn entered(commands: Vec<Below>, part: Part<'_>) -> Vec<Command> {
    let (entered, others): (Vec<Below>, Vec<Below>) = commands.into_iter().partition(|below| below.is_in(part));
    match entered.is_empty() {
        true => others.into_iter().map(Below::line).collect(),
        false => entered.into_iter().map(|below| below.deepened(part)).collect(),
    }
}

/// The commands below a noun or sub-noun: those written by hand, then those that the table of homes knows.
fn below(path: &str) -> Vec<Below> {
    let by_hand = super::by_hand(path).into_iter();
    let mut commands: Vec<Below> = by_hand
        .map(|command| Below {
            path: format!("{path} {}", command.get_name()),
            alias: None,
            by_hand: Some(Box::new(command)),
        })
        .collect();
    let words = homes::words_after(path);
    for word in &words {
        if !commands.iter().any(|known| known.name() == *word) {
            let twin = twin(word).filter(|twin| !words.contains(twin));
            commands.push(Below::growing(format!("{path} {word}"), twin));
        }
    }
    commands
}

/// How the help of a noun or sub-noun looks: what stands below it, and no options.
const GROUP_HELP: &str = "{about-with-newline}\n{usage-heading} {usage}\n\n{subcommands}{after-help}";

/// A command that only holds others.
fn group(command: Command, part: Part<'_>) -> Command {
    let path = grown::path_of(&command);
    let after = format!("`livectl {path} COMMAND -h` tells about one; `livectl --help` about the global options.");
    let command =
        command.subcommand_required(true).arg_required_else_help(true).help_template(GROUP_HELP).after_help(after);
    entered(below(&path), part).into_iter().fold(command, |command, below| command.subcommand(below))
}

/// `add` and `create`, `set` and `update` stand for each other.
fn twin(word: &str) -> Option<&'static str> {
    Some(match word {
        "add" => "create",
        "create" => "add",
        "set" => "update",
        "update" => "set",
        _ => return None,
    })
}
