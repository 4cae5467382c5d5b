//! `--jq`: a filter over the JSON, without an installed jq.

use std::io::Write;

use serde_json::Value;

use super::format::Format;
use super::json::{compact, pretty};
use super::outlet::Outlet;
use super::plain::visible;
use super::style::Style;
use crate::error::Error;

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

    pub(super) fn run(&self, _input: &Value, _each: &mut dyn FnMut(Value) -> Result<(), Error>) -> Result<(), Error> {
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

    /// Runs the filter over one input and puts out each result, a line feed after each.
    ///
    /// # Errors
    /// Usage when the filter fails (what came before is in `out`); those of the writer.
    pub(super) fn write(self, filter: &Filter, input: &Value, out: &mut Outlet<impl Write>) -> Result<(), Error> {
        filter.run(input, &mut |result| {
            let mut text = match result {
                Value::String(text) if self.terminal => visible(&text, &['\n', '\t']).into_owned(),
                Value::String(text) => text,
                other if self.compact => compact(&other),
                other => pretty(&other),
            };
            text.push('\n');
            out.put(text)
        })
    }
}
