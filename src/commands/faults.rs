//! Collects every wrong value of a command line, so that all are told at once.

use crate::error::{Error, Fault};
use crate::providers::words;

/// Wrong values found so far.
#[derive(Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    /// Notes one wrong value.
    pub(super) fn add(&mut self, option: &str, given: Option<&str>, allowed: impl Into<String>) {
        self.0.push(Fault { option: option.to_owned(), given: given.map(str::to_owned), allowed: allowed.into() });
    }

    /// Picks the value whose word was given, ours or a vendor's; an unknown word is noted with all the words.
    pub(super) fn pick<T: Copy>(&mut self, option: &str, given: Option<&str>, known: &[(&str, T)]) -> Option<T> {
        let text = given?;
        let named = words::ours(option, text).unwrap_or(text);
        let found = known.iter().find(|(word, _)| word.eq_ignore_ascii_case(named)).map(|(_, value)| *value);
        if found.is_none() {
            let known: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
            self.add(option, given, format!("one of {}", known.join(", ")));
        }
        found
    }

    /// Reads a value with a reader of its own; what cannot be read is noted with what can.
    pub(super) fn read<T>(
        &mut self,
        option: &str,
        given: Option<&str>,
        allowed: &str,
        reader: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let value = reader(given?);
        if value.is_none() {
            self.add(option, given, allowed);
        }
        value
    }

    /// Reads a value that is required with a reader that tells what is allowed.
    pub(super) fn read_told<T>(
        &mut self,
        option: &str,
        given: &str,
        reader: impl Fn(&str) -> Result<T, &'static str>,
    ) -> Option<T> {
        reader(given).map_err(|allowed| self.add(option, Some(given), allowed)).ok()
    }

    /// Whether nothing was noted yet.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Ends the collecting.
    ///
    /// # Errors
    /// Usage, naming every fault, where there is one.
    pub(super) fn finish(self, doing: &str) -> Result<(), Error> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(Error::wrong_values(doing, self.0))
    }
}
