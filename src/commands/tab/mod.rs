//! What a Tab proposes: words that are known here, and names that the vendor knows, from a cache of a few minutes.
//!
//! A Tab is silent and quick: whatever goes wrong, it proposes less.

mod cache;
mod known;
mod live;

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;
use std::sync::Arc;

use clap::{Arg, Command, ValueEnum, ValueHint};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::{self, EnvCompleter, Shells};

use crate::cli::{self, Shell};
use crate::config::Environment;
use crate::error::Error;
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

    /// The proposal as a shell may have it, if it may. It takes the word as it is, so that one with anything else than
    /// plain letters in it is left out: a name must not be able to become a command, a pattern, a comment or an option.
    fn shown(self) -> Option<Self> {
        let plain = |c: char| c.is_alphanumeric() || ".-_/:#@,=+%".contains(c);
        let fits =
            !self.word.is_empty() && !self.word.starts_with(['-', '#', '=', '@']) && self.word.chars().all(plain);
        let about = self.about.map(|about| crate::output::plain(&about).into_owned());
        fits.then_some(Proposal { word: self.word, about })
    }
}

/// Bash, whose script must not take what is proposed for patterns of file names.
struct Bash;

impl EnvCompleter for Bash {
    fn name(&self) -> &'static str {
        env::Bash.name()
    }

    fn is(&self, name: &str) -> bool {
        env::Bash.is(name)
    }

    fn write_registration(
        &self,
        variable: &str,
        name: &str,
        program: &str,
        completer: &str,
        script: &mut dyn io::Write,
    ) -> io::Result<()> {
        let mut text = Vec::new();
        env::Bash.write_registration(variable, name, program, completer, &mut text)?;
        let text = String::from_utf8_lossy(&text);
        let text = text
            .replace("    COMPREPLY=( $( \\\n", "    local answer\n    answer=$( \\\n")
            .replace("    ) )\n", "    )\n");
        script.write_all(text.replace("        unset COMPREPLY\n    elif", READ_ANSWER).as_bytes())
    }

    fn write_complete(
        &self,
        command: &mut Command,
        arguments: Vec<OsString>,
        folder: Option<&Path>,
        answer: &mut dyn io::Write,
    ) -> io::Result<()> {
        env::Bash.write_complete(command, arguments, folder, answer)
    }
}

/// An assignment of words would look for files that fit them; `read` takes them as they are.
const READ_ANSWER: &str = r#"        unset COMPREPLY
        return
    fi
    read -r -d '' -a COMPREPLY < <(printf '%s' "$answer")
    if"#;

/// The shells that may ask.
pub const SHELLS: Shells<'_> = Shells(&[&Bash, &env::Elvish, &env::Fish, &env::Powershell, &env::Zsh]);

/// The script that makes a shell ask the program found on the path.
///
/// # Errors
/// Internal: a shell that nobody asks for here.
pub(super) fn script(shell: Shell) -> Result<String, Error> {
    let name = shell.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    let failed = || Error::internal(format!("write the script of `{name}`"));
    let completer = SHELLS.completer(&name).ok_or_else(failed)?;
    let mut script = Vec::new();
    completer.write_registration("COMPLETE", "livectl", "livectl", "livectl", &mut script).map_err(|_| failed())?;
    String::from_utf8(script).map_err(|_| failed())
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
    let entered = cli::names(before.get(1..).unwrap_or_default());
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
        let begun = begun.filter_map(Proposal::shown);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_become_a_command() {
        let shown = |word: &str| Proposal::new(word).shown().map(|proposal| proposal.word);
        for word in ["a.example.com", "push.example.com/live/#hd", "region=", "user@host", "名字", "50%"] {
            assert_eq!(shown(word).as_deref(), Some(word));
        }
        for word in [
            "$(reboot)",
            "a;b",
            "`id`",
            "a b",
            "-rf",
            "",
            "a\\nb",
            "a|b",
            "a>b",
            "\u{1b}[2J",
            "a'b",
            "*.example.com",
            "#a",
            "=ls",
            "@file",
            "a\nb",
            "a\u{202e}b",
            "~root",
            "a?b",
            "[ab]",
            "{a,b}",
            "!1",
        ] {
            assert_eq!(shown(word), None, "{word:?}");
        }
        let told = Proposal::new("a").about("x\u{1b}[2J\u{202e}\ty").shown().and_then(|proposal| proposal.about);
        assert_eq!(told.as_deref(), Some("x\\u{1b}[2J\\u{202e}\\ty"));
    }
}
