//! What the user chose about the output.

use std::sync::Arc;

use super::columns::resolve;
use super::filter::{Filter, Program};
use super::format::Format;
use super::sort::Order;
use crate::error::{Error, Fault};

/// The output options, and what they meet: a terminal or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Style {
    /// `--output`.
    pub format: Format,
    /// `--columns`, as typed.
    pub columns: Option<Vec<String>>,
    /// The line of column names of table, CSV and TSV; off with `--no-header`.
    pub header: bool,
    /// `--sort-by`, as typed: a leading `-` reverses.
    pub sort_by: Option<String>,
    /// `--jq`.
    pub jq: Option<Program>,
    /// `--limit`: at most so many rows, taken as the vendor gives them, before they are sorted.
    pub limit: Option<usize>,
    /// Columns of the terminal, where known.
    pub width: Option<usize>,
    /// ANSI colours.
    pub color: bool,
    /// The writer is a terminal: control characters are shown as escapes, too wide tables are shortened.
    pub terminal: bool,
    /// Show the column `vendor` in a table.
    pub show_vendor: bool,
    /// Show the column `profile` in a table.
    pub show_profile: bool,
    /// `--reveal`. Rows arrive masked or not; this only carries the choice.
    pub reveal: bool,
}

impl Default for Style {
    /// A table without colours, for a pipe.
    fn default() -> Self {
        Style {
            format: Format::Table,
            columns: None,
            header: true,
            sort_by: None,
            jq: None,
            limit: None,
            width: None,
            color: false,
            terminal: false,
            show_vendor: false,
            show_profile: false,
            reveal: false,
        }
    }
}

/// Whether a command answers with a list or with one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Any number of rows: an array.
    List,
    /// Exactly one row: an object.
    One,
}

impl Style {
    /// Checks what can be checked without rows, before anything is sent.
    ///
    /// # Errors
    /// Usage: `--jq` with a format that is not JSON, or a filter that does not compile.
    pub fn check(&self) -> Result<(), Error> {
        self.filter().map(|_| ())
    }

    /// The filter of `--jq`, compiled.
    ///
    /// # Errors
    /// As [`Style::check`].
    pub(super) fn filter(&self) -> Result<Option<Arc<Filter>>, Error> {
        let Some(program) = &self.jq else { return Ok(None) };
        if !self.format.is_json() {
            let allowed = "json or ndjson with `--jq`".to_owned();
            let fault = Fault { option: "--output".to_owned(), given: Some(self.format.name().to_owned()), allowed };
            let message = format!("filter the output: `--jq` works on JSON, not on {}", self.format);
            return Err(Error::usage(message).faults(vec![fault]).hint("leave `--output` out, or use `-o json`"));
        }
        program.filter().map(Some)
    }

    /// Checks `--columns` and `--sort-by` against the promised columns of a command, before anything is sent.
    /// Without a promise (an empty slice) there is nothing to check yet.
    ///
    /// # Errors
    /// Usage, naming the columns that there are.
    pub fn check_columns(&self, promised: &[&str]) -> Result<(), Error> {
        let sorted = self.sort_by.as_deref().map(|typed| Order::parse(typed).column);
        let picked = self.columns.iter().flatten().map(String::as_str);
        resolve("--columns", picked, promised, None)
            .and_then(|_| resolve("--sort-by", sorted, promised, None))
            .map(|_| ())
            .map_err(|error| error.outcome(crate::error::Outcome::NotSent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jq_needs_a_json_format() {
        for format in Format::ALL {
            let style = Style { format, jq: Some(".".into()), ..Style::default() };
            let result = style.check();
            let jq = cfg!(feature = "jq");
            assert_eq!(result.is_ok(), jq && matches!(format, Format::Json | Format::Ndjson), "{format}");
            assert!(result.is_ok() || result.unwrap_err().class().exit_code() == 2);
        }
        assert_eq!(Style::default().check(), Ok(()));
        let broken = Style { format: Format::Json, jq: Some(".[".into()), ..Style::default() };
        assert_eq!(broken.check().unwrap_err().class().exit_code(), 2);
    }

    #[cfg(feature = "jq")]
    #[test]
    fn a_program_is_compiled_once() {
        let style = Style { format: Format::Json, jq: Some(".".into()), ..Style::default() };
        let later = style.clone();
        assert_eq!(style.check(), Ok(()));
        assert!(Arc::ptr_eq(&style.filter().unwrap().unwrap(), &later.filter().unwrap().unwrap()));
    }

    #[test]
    fn columns_are_checked_against_the_promise() {
        let style = |columns: &[&str], sort: Option<&str>| Style {
            columns: Some(columns.iter().map(|c| (*c).to_owned()).collect()),
            sort_by: sort.map(str::to_owned),
            ..Style::default()
        };
        assert_eq!(style(&["NAME"], Some("-status")).check_columns(&["name", "status"]), Ok(()));
        assert_eq!(style(&["anything"], Some("-x")).check_columns(&[]), Ok(()));
        assert!(style(&["nmae"], None).check_columns(&["name"]).is_err());
        assert!(style(&["name"], Some("-nmae")).check_columns(&["name"]).is_err());
        assert!(style(&[""], None).check_columns(&["name"]).is_err());
    }
}
