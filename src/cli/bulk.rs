//! One command for many items: the options for it.

#![allow(missing_docs, reason = "clap would take the doc comment of an argument group for its command's help")]

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Arg, ArgMatches, Args, Command, Error, FromArgMatches};

use crate::cli::READING;
use crate::cli::reading::without_env;
use crate::cli::template::Template;
use crate::model::Effect;
use crate::providers::homes;

const HEADING: &str = "Many at once";

// One command for many items.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = HEADING)]
#[group(skip)]
pub struct Bulk {
    /// Do it for each item of a file: CSV with a header, NDJSON, or a name a line; `-` for stdin
    #[arg(long, hide_short_help = true, value_name = "FILE")]
    pub from_file: Option<PathBuf>,
    /// Keep a record of what was done, and go on where an interrupted run with it ended
    #[arg(long, hide_short_help = true, value_name = "FILE", requires = "from_file")]
    pub journal: Option<PathBuf>,
    /// Go on with the others when an item fails (default)
    #[arg(long, hide_short_help = true, requires = "from_file", conflicts_with_all = ["fail_fast", "max_failures"])]
    pub keep_going: bool,
    /// End with the first item that fails: one after the other
    #[arg(long, hide_short_help = true, requires = "from_file", conflicts_with = "max_failures")]
    pub fail_fast: bool,
    /// End once so many have failed: no more are under way than may still fail
    #[arg(long, hide_short_help = true, value_name = "N", requires = "from_file", value_parser = clap::value_parser!(u64).range(1..))]
    pub max_failures: Option<u64>,
    /// At most so many items under way at once; the rate is kept all the same
    #[arg(long, hide_short_help = true, value_name = "N", requires = "from_file", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub in_flight: Option<u16>,
}

/// Adds the options for many items to a command that may be given for many.
pub(super) fn options(command: Command, path: &str, by_hand: bool) -> Command {
    match takes_many(path, by_hand) {
        // What a command adds later stands under its own heading.
        true => Bulk::augment_args(command).next_help_heading(None::<&'static str>),
        false => command,
    }
}

/// Whether a command has those options.
pub(super) fn is_in(command: &Command) -> bool {
    command.get_arguments().any(|arg| arg.get_id() == "from_file")
}

/// Whether a command changes something, or sends any Action: what is computed or listened to here is for one.
fn takes_many(path: &str, by_hand: bool) -> bool {
    let (noun, verb) = path.rsplit_once(' ').unwrap_or((path, ""));
    match noun {
        "config" | "help" | "sandbox" | "wait" => false,
        "timeshift" | "url" | "stats" if by_hand => false,
        "hls-key" | "callback" if matches!(verb, "check" | "listen" | "send" | "verify") => false,
        "api" => !matches!(verb, "list" | "describe"),
        _ if by_hand => !READING.contains(&verb) && verb != "decode",
        _ => homes::effects(path).any(|effect| effect != Effect::Read),
    }
}

/// A command line that is to be carried out for many items.
#[derive(Debug)]
pub struct Many {
    /// How.
    pub options: Bulk,
    /// The command line.
    pub template: Template,
}

impl Many {
    /// What a command line says about many items; `None` where it is for one.
    ///
    /// # Errors
    /// What is wrong with those options.
    pub(super) fn of(matches: &ArgMatches, words: &[OsString], blank: &[&str]) -> Result<Option<Self>, Error> {
        let (path, leaf) = entered(matches);
        if !matches!(leaf.try_contains_id("from_file"), Ok(true)) {
            return Ok(None);
        }
        let options = Bulk::from_arg_matches(leaf)?;
        let mut command = without_env(super::for_items(words), blank);
        command.build();
        Ok(Some(Many { options, template: Template::new(command, words.to_vec(), path, leaf) }))
    }
}

/// The words of the command that was entered, and its matches.
fn entered(matches: &ArgMatches) -> (Vec<String>, &ArgMatches) {
    let (mut path, mut leaf) = (Vec::new(), matches);
    while let Some((word, below)) = leaf.subcommand() {
        path.push(word.to_owned());
        leaf = below;
    }
    (path, leaf)
}

/// Whether an argument is one for many items.
pub(super) fn is_for_many(arg: &Arg) -> bool {
    arg.get_help_heading() == Some(HEADING)
}
