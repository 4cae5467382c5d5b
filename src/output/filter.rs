//! `--jq`: a filter over the JSON, without an installed jq.

use std::fmt;
use std::io::Write;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use super::format::Format;
use super::json::{compact, pretty};
use super::outlet::Outlet;
use super::plain::visible;
use super::style::Style;
use crate::error::Error;

#[cfg(feature = "jq")]
mod bounds;
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
    pub(super) fn compile(_program: &str, _steps: u64) -> Result<Self, Error> {
        Err(Error::usage("filter the output: this build of livectl has no `--jq`").hint("pipe `-o json` into jq"))
    }

    pub(super) fn run(&self, _input: &Value, _each: &mut dyn FnMut(Value) -> Result<(), Error>) -> Result<(), Error> {
        match *self {}
    }
}

/// How many steps a filter may take over one input: some minute of work, far more than the largest answer asks for.
const STEPS: u64 = 100_000_000;

/// The program of `--jq`, compiled once, when it is first needed; clones share what was compiled.
#[derive(Clone)]
pub struct Program {
    text: String,
    steps: u64,
    compiled: Arc<OnceLock<Arc<Filter>>>,
}

impl Program {
    /// The same program, which may take so many steps over one input; a step is a call of a definition, a `|` or a turn
    /// of a fold. Not yet compiled.
    #[must_use]
    pub fn within(self, steps: u64) -> Self {
        Program { steps, compiled: Arc::default(), ..self }
    }

    /// The compiled filter.
    ///
    /// # Errors
    /// Usage with the place where the program is wrong.
    pub(super) fn filter(&self) -> Result<Arc<Filter>, Error> {
        if let Some(filter) = self.compiled.get() {
            return Ok(Arc::clone(filter));
        }
        let filter = Arc::new(Filter::compile(&self.text, self.steps)?);
        Ok(Arc::clone(self.compiled.get_or_init(|| filter)))
    }
}

impl From<String> for Program {
    fn from(text: String) -> Self {
        Program { text, steps: STEPS, compiled: Arc::default() }
    }
}

impl From<&str> for Program {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl PartialEq for Program {
    fn eq(&self, other: &Self) -> bool {
        (&self.text, self.steps) == (&other.text, other.steps)
    }
}

impl Eq for Program {}

impl fmt::Debug for Program {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Program").field(&self.text).finish()
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
