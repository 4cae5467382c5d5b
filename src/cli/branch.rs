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
    /// The same, and of the options that grow no more than the words may name.
    Named(&'a [OsString]),
}

impl<'a> Part<'a> {
    /// The words of the command line; none for all of the tree.
    fn words(self) -> &'a [OsString] {
        match self {
            Part::Whole => &[],
            Part::Entered(words) | Part::Named(words) => words,
        }
    }

    /// Whether a command of that name may be meant.
    pub(super) fn enters(self, name: &str) -> bool {
        matches!(self, Part::Whole) || self.words().iter().any(|word| word == name)
    }

    /// Whether help is asked for.
    pub(super) fn asks_help(self) -> bool {
        self.words().iter().any(|word| word == "--help" || word == "-h")
    }

    /// Whether the version is asked for.
    pub(super) fn asks_version(self) -> bool {
        self.words().iter().any(is_version)
    }

    /// Whether the version is the first thing that is asked for: then nothing behind it is read.
    pub(super) fn begins_with_version(self) -> bool {
        matches!(self.words(), [_, first, ..] if is_version(first))
    }
}

fn is_version(word: &OsString) -> bool {
    word == "--version" || word == "-V"
}

/// A command below another one, before anything of it is built.
pub(super) struct Below<'a> {
    /// The words before its own; none before a noun.
    above: &'a str,
    what: What,
}

enum What {
    /// One that grows, with a second name.
    Growing { name: &'static str, alias: Option<&'static str> },
    /// One that is written by hand: it builds its own options once it is entered.
    ByHand(Box<Command>),
}

impl<'a> Below<'a> {
    /// A noun.
    pub(super) fn noun(name: &'static str) -> Below<'a> {
        Below { above: "", what: What::Growing { name, alias: None } }
    }

    fn name(&self) -> &str {
        match &self.what {
            What::Growing { name, .. } => name,
            What::ByHand(command) => command.get_name(),
        }
    }

    /// Its words.
    fn path(&self) -> String {
        match self.above {
            "" => self.name().to_owned(),
            above => format!("{above} {}", self.name()),
        }
    }

    /// Whether a part enters it.
    fn is_in(&self, part: Part<'_>) -> bool {
        part.enters(self.name())
            || match &self.what {
                What::Growing { alias, .. } => alias.is_some_and(|alias| part.enters(alias)),
                What::ByHand(command) => command.get_all_aliases().any(|alias| part.enters(alias)),
            }
    }

    /// The command with its line, and nothing below it.
    fn line(self) -> Command {
        let path = self.path();
        match self.what {
            What::ByHand(command) => command.display_name(path),
            What::Growing { alias, .. } => alias.into_iter().fold(grown::shallow(&path), Command::alias),
        }
    }

    /// The command with what stands below it.
    fn deepened(self, part: Part<'_>) -> Command {
        let path = self.path();
        if let Some(single) = super::single(&path) {
            return (single.augment)(self.line());
        }
        let by_hand = matches!(self.what, What::ByHand(_));
        let command = match part {
            Part::Named(words) => grown::named_by(self.line(), words),
            Part::Whole | Part::Entered(_) => self.line(),
        };
        match by_hand {
            false if !homes::is_command(&path) => group(command, part),
            true => bulk::options(command, &path, true),
            false => bulk::options(grown::leaf(command), &path, false),
        }
    }
}

/// Those of several commands that the part enters, with what stands below them; where it enters none, all of them
/// with their lines only.
pub(super) fn entered(commands: Vec<Below<'_>>, part: Part<'_>) -> Vec<Command> {
    let (entered, others): (Vec<_>, Vec<_>) = commands.into_iter().partition(|below| below.is_in(part));
    match entered.is_empty() {
        true => others.into_iter().map(Below::line).collect(),
        false => entered.into_iter().map(|below| below.deepened(part)).collect(),
    }
}

/// The commands below a noun or sub-noun: those written by hand, then those that the table of homes knows.
fn below(path: &str) -> Vec<Below<'_>> {
    let by_hand = super::by_hand(path);
    let mut commands: Vec<Below<'_>> =
        by_hand.map(|command| Below { above: path, what: What::ByHand(Box::new(command)) }).collect();
    let words = homes::words_after(path);
    for &name in &words {
        if !commands.iter().any(|known| known.name() == name) {
            let alias = twin(name).filter(|twin| !words.contains(twin));
            commands.push(Below { above: path, what: What::Growing { name, alias } });
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
