//! `--jq`: a filter over the JSON, without an installed jq.

use serde_json::Value;

use super::format::Format;
use super::json::{compact, pretty};
use super::plain::visible;
use super::style::Style;
use crate::error::{Class, Error};

#[cfg(feature = "jq")]
mod language;

#[cfg(feature = "jq")]
pub(super) use language::Filter;

/// What stands for the filter in a build without it.
#[cfg(not(feature = "jq"))]
#[derive(Debug)]
pub(super) enum Filter {}

#[cfg(not(feature = "jq"))]
impl Filter {
    pub(super) fn compile(_program: &str) -> Result<Self, Error> {
        Err(Error::usage("filter the output: this build of livectl has no `--jq`").hint("pipe `-o json` into jq"))
    }

    pub(super) fn run(&self, _input: &Value, _each: &mut dyn FnMut(Value)) -> Result<(), Error> {
        match *self {}
    }
}

/// How the results of a filter are written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Results {
    /// One line a result (ndjson), or pretty (json).
    pub compact: bool,
    /// Strings come out raw; a terminal gets their control characters as visible escapes.
    pub terminal: bool,
}

impl Results {
    /// What the output options ask for.
    pub(super) fn of(style: &Style) -> Self {
        Results { compact: style.format == Format::Ndjson, terminal: style.terminal }
    }

    /// Runs the filter over one input and appends each result to `out`, a line feed after each.
    ///
    /// # Errors
    /// Usage when the filter fails. What came before is in `out`.
    pub(super) fn write(self, filter: &Filter, input: &Value, out: &mut Vec<u8>) -> Result<(), Error> {
        filter.run(input, &mut |result| {
            let text = match &result {
                Value::String(text) if self.terminal => visible(text, &['\n', '\t']).into_owned(),
                Value::String(text) => text.clone(),
                other if self.compact => compact(other),
                other => pretty(other),
            };
            out.extend_from_slice(text.as_bytes());
            out.push(b'\n');
        })
    }
}

/// The error of a filter that does not parse or fails on the data.
#[cfg_attr(not(feature = "jq"), allow(dead_code, reason = "only the filter language makes these errors"))]
fn failed(what: &str, why: impl std::fmt::Display) -> Error {
    Error::new(Class::Usage, format!("{what} `--jq`: {why}"))
}
