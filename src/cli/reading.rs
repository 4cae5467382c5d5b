//! Reads a command line with no more of the tree than it can mean; what is refused, with all that it may have meant.

use std::ffi::OsString;
use std::mem::ManuallyDrop;

use clap::builder::Styles;
use clap::error::ErrorKind;
use clap::{Command, Error, FromArgMatches};

use crate::cli::{self, Cli, Global, Many, Noun, Part, global, help, lean, tree};

/// Reads a command line, and the variables that stand for options, less those in `blank`: a variable that is set
/// to nothing counts as absent.
///
/// # Errors
/// What is wrong with the command line; also where it asks for help or the version.
pub fn parse(words: impl IntoIterator<Item = OsString>, blank: &[&str]) -> Result<Cli, Error> {
    read(&words.into_iter().collect::<Vec<_>>(), Surroundings { blank, variables: true, colors: true })
}

/// What a command line is read in.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    /// Variables that are set to nothing: they count as absent.
    pub blank: &'a [&'a str],
    /// Whether there are variables that may stand for options.
    pub variables: bool,
    /// Whether help has colours: to make it without costs less than to take them out.
    pub colors: bool,
}

/// As [`parse`].
///
/// # Errors
/// As [`parse`].
pub fn read(words: &[OsString], surroundings: Surroundings<'_>) -> Result<Cli, Error> {
    if let Some(asked) = help::as_option(words) {
        return read(&asked, surroundings);
    }
    let blank = surroundings.blank;
    // Help tells of the command before it; what stands behind it is not read.
    let helped = words.iter().position(|word| word == "--help" || word == "-h").map(|at| &words[..=at]);
    // A tree is read once and holds no secret: wiping what each part of it occupied would cost more than reading it.
    let read = |tree| ManuallyDrop::new(without_env(tree, blank)).try_get_matches_from_mut(words);
    let styles = if surroundings.colors { Styles::styled() } else { Styles::plain() };
    if let Some(helped) = helped
        && let Err(help) = read(cli::branch(helped).styles(styles))
        && help.kind() == ErrorKind::DisplayHelp
    {
        return Err(help);
    }
    let bare = !surroundings.variables && global::none_is_named(words);
    let (matches, bare) = match read(lean(words, bare)) {
        Err(refusal) if refusal.kind() != ErrorKind::DisplayVersion => {
            let names = global::without_values(words);
            let entered = || tree(Part::Entered(&names));
            match read(entered()) {
                // A variable that stands for an option is no word: without a word there is help, whatever is set.
                Err(error) if error.kind() == ErrorKind::MissingSubcommand => {
                    (read(entered().mut_args(|arg| arg.env(None::<&'static str>))), false)
                }
                matches => (matches, false),
            }
        }
        matches => (matches, bare),
    };
    let mut matches = match matches {
        // What a slip was meant to be may stand in a part that its words do not enter.
        Err(error) if error.kind() == ErrorKind::InvalidSubcommand => {
            read(tree(Part::Whole)).map_err(help::with_the_likeliest)?
        }
        matches => matches?,
    };
    let many = Many::of(&matches, words, blank)?;
    let global = if bare { Global::default() } else { Global::from_arg_matches_mut(&mut matches)? };
    let command = Noun::from_arg_matches(&matches)?;
    if let Some((kind, what)) = global.contradiction() {
        return Err(Error::raw(kind, format!("{what}\n")));
    }
    if !global.fault.is_empty() && !global.sandbox && !matches!(command, Noun::Sandbox(_)) {
        return Err(Error::raw(ErrorKind::MissingRequiredArgument, "`--fault` is for `--sandbox`, which is missing\n"));
    }
    Ok(Cli { global, command, many })
}

/// The tree, whose options do not look at variables that are set to nothing.
pub(super) fn without_env(command: Command, blank: &[&str]) -> Command {
    if blank.is_empty() {
        return command;
    }
    let is_blank = |arg: &clap::Arg| arg.get_env().is_some_and(|name| blank.iter().any(|blank| name == *blank));
    command.mut_args(|arg| if is_blank(&arg) { arg.env(None::<&'static str>) } else { arg })
}
