//! The results of the items, printed as they come.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use serde_json::{Value, json};

use crate::commands::bulk::entry::Entry;
use crate::commands::printed;
use crate::commands::road::{LiveRoad, SharedSink};
use crate::commands::session::Session;
use crate::error::{Error, Result};
use crate::model::{Answer, Columns, Row};
use crate::output::{self, Format, Shape, Style};

/// The columns of the results of a portable verb.
const COLUMNS: Columns = &["line", "vendor", "profile", "action", "id", "name", "changed", "changes", "request_id"];

/// Those that a table has room for.
const TABLE: [&str; 6] = ["line", "id", "name", "action", "changed", "request_id"];

/// Prints results.
pub(super) struct Printer<'a> {
    session: &'a Session,
    sink: SharedSink,
    /// How bodies are printed: asked of the system and the command line once, not for each item.
    bodies: Style,
}

impl<'a> Printer<'a> {
    /// A printer; `promised`: the rows have the columns of a portable verb and no others.
    ///
    /// # Errors
    /// Usage: columns that the rows will not have.
    pub(super) fn new(session: &'a Session, promised: bool) -> Result<Self> {
        let style = session.style(Format::Table, 1);
        if promised && !session.global.raw {
            style.check_columns(COLUMNS)?;
        }
        let table = style.format == Format::Table && style.columns.is_none();
        let columns = if promised && !table { COLUMNS } else { &[] };
        let shown = TABLE.iter().map(|name| (*name).to_owned()).collect();
        let sink = session.sink(Shape::List, columns, 1).showing(shown);
        Ok(Printer { session, sink: Rc::new(RefCell::new(sink)), bodies: session.style(Format::Json, 1) })
    }

    /// Where the rows of an item go that lists something.
    pub(super) fn sink(&self) -> SharedSink {
        Rc::clone(&self.sink)
    }

    /// Prints what a verb answered for an item.
    ///
    /// # Errors
    /// The output's own.
    pub(super) fn answer(&self, road: &LiveRoad<'_>, entry: &Entry, answer: Answer) -> Result<()> {
        let row = match answer {
            Answer::Changed(_) if self.session.global.dry_run => return Ok(()),
            Answer::Changed(changed) => printed::row_of(self.session, road, *changed),
            Answer::One(item) => road.shown(item),
            Answer::Listed => return Ok(()),
            Answer::Key { .. } => return Err(Error::internal("print the results: a key for an item of many")),
        };
        let mut numbered = Row::new();
        numbered.insert("line".to_owned(), entry.line.into());
        numbered.extend(row);
        self.beside_progress(|| self.sink.borrow_mut().push(numbered).map(drop))
    }

    /// Prints the body that an Action answered for an item: unchanged, or what `--jq` makes of it.
    ///
    /// # Errors
    /// The output's own.
    pub(super) fn body(&self, entry: &Entry, body: &str) -> Result<()> {
        let style = &self.bodies;
        self.beside_progress(|| {
            let mut stdout = std::io::stdout().lock();
            if style.jq.is_none() {
                // A line break in JSON stands between members only: inside a text it is escaped.
                let broken = memchr::memchr2(b'\n', b'\r', body.as_bytes()).is_some();
                let whole = if broken { Cow::from(body.replace(['\n', '\r'], " ")) } else { Cow::from(body) };
                let line = format!("{{\"line\":{},\"body\":{}}}", entry.line, whole.trim());
                return output::write_text(&line, style.terminal, &mut stdout);
            }
            let body: Value = serde_json::from_str(body).unwrap_or_else(|_| json!(body));
            output::write_json_value(&json!({ "line": entry.line, "body": body }), style, &mut stdout)
        })
    }

    fn beside_progress(&self, write: impl FnOnce() -> Result<()>) -> Result<()> {
        match self.bodies.terminal {
            true => self.session.stderr.aside(write),
            false => write(),
        }
    }

    /// Ends the output of a verb's results.
    ///
    /// # Errors
    /// The output's own.
    pub(super) fn finish(self) -> Result<()> {
        match Rc::into_inner(self.sink) {
            Some(sink) => sink.into_inner().finish(),
            None => Err(Error::internal("print the results: an item is still under way")),
        }
    }
}
