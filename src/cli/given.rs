//! Options that grow from the facts: what a command's Action takes beside the options written by hand.

use clap::{ArgMatches, Args, Command, Error, FromArgMatches};

use crate::cli::grown;
use crate::providers::homes;

/// What was given for the options of a command that grew from the facts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// Options, without dashes, with their values in the order they were given.
    pub options: Vec<(String, Vec<String>)>,
}

impl Given {
    /// Takes out the value of an option.
    pub fn take(&mut self, option: &str) -> Option<String> {
        let at = self.options.iter().position(|(name, _)| name == option)?;
        self.options.remove(at).1.pop()
    }
}

impl Given {
    /// What was typed in its place, else what was given for the option of a parameter that stands for it.
    pub fn in_place(&mut self, command: &str, argument: &str, typed: Option<String>) -> Option<String> {
        let options = homes::options_in_place(command, argument);
        typed.or_else(|| options.iter().find_map(|option| self.take(option)))
    }
}

impl FromArgMatches for Given {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut given = Given::default();
        given.update_from_arg_matches(matches)?;
        Ok(given)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        for id in matches.ids() {
            let Some(option) = grown::option_of(id.as_str()) else { continue };
            let values = matches.get_many::<String>(id.as_str()).into_iter().flatten().cloned();
            match self.options.iter_mut().find(|(name, _)| name == option) {
                Some((_, known)) => known.extend(values),
                None => self.options.push((option.to_owned(), values.collect())),
            }
        }
        Ok(())
    }
}

impl Args for Given {
    fn augment_args(command: Command) -> Command {
        grown::options(command)
    }

    fn augment_args_for_update(command: Command) -> Command {
        grown::options(command)
    }
}
