//! Where rows go: written as they arrive where the format allows, else when all are there.

use std::io::Write;
use std::sync::Arc;

use serde_json::Value;

use super::cell::{Lists, text};
use super::columns::{find, pick, resolve};
use super::filter::{Filter, Results};
use super::format::Format;
use super::outlet::Outlet;
use super::sort::{Order, sort};
use super::style::{Shape, Style};
use super::{json, separated, table, yaml};
use crate::error::Error;
use crate::model::{Columns, Row};

/// Writes the rows of one command.
///
/// `ndjson`, `yaml` and `json` without `--jq`, and `csv` and `tsv` whose columns are known, write and flush each row
/// as it arrives and keep none. A table, `--sort-by`, `--jq` over one document, and `csv` and `tsv` that must first
/// see which columns occur, keep the rows until [`Sink::finish`].
pub struct Sink<W: Write> {
    style: Style,
    shape: Shape,
    promised: Columns,
    /// What a table shows where nothing is promised and nothing picked.
    shown: Vec<String>,
    out: Outlet<W>,
    /// Set with the first row, or at the end where none comes.
    chosen: Option<Chosen>,
    kept: Vec<Row>,
    taken: usize,
    written: usize,
}

/// What the options mean for these rows.
struct Chosen {
    /// `--columns` in canonical names.
    picked: Option<Vec<String>>,
    /// Canonical name and direction of `--sort-by`.
    order: Option<(String, bool)>,
    filter: Option<Arc<Filter>>,
}

impl<W: Write> Sink<W> {
    /// A sink for rows of the promised columns; with an empty slice the columns are those that occur in the rows.
    pub fn new(style: Style, shape: Shape, columns: Columns, writer: W) -> Self {
        let out = Outlet::new(writer);
        Sink {
            style,
            shape,
            promised: columns,
            shown: Vec::new(),
            out,
            chosen: None,
            kept: Vec::new(),
            taken: 0,
            written: 0,
        }
    }

    /// The same sink, whose table shows these columns or dotted paths where nothing is promised. The other formats have
    /// all that occurs.
    #[must_use]
    pub fn showing(self, columns: Vec<String>) -> Self {
        Sink { shown: columns, ..self }
    }

    /// Takes one row. `false`: `--limit` is reached, no more are wanted.
    ///
    /// # Errors
    /// Usage for a column that the first row does not have, and for a filter that fails; those of the writer.
    pub fn push(&mut self, row: Row) -> Result<bool, Error> {
        let limit = match self.shape {
            // The first of those that are sorted are known when all are there.
            Shape::List if self.style.sort_by.is_some() => usize::MAX,
            Shape::List => self.style.limit.unwrap_or(usize::MAX),
            Shape::One => 1,
        };
        if self.taken >= limit {
            return match self.shape {
                Shape::List => Ok(false),
                Shape::One => Err(Error::internal("write the output: a second row where one thing was promised")),
            };
        }
        self.choose(Some(&row))?;
        self.taken += 1;
        if self.keeps() {
            self.kept.push(row);
        } else {
            let emitted = self.emit(row);
            // What a filter gave before it failed is shown.
            self.out.drain().and(emitted)?;
        }
        Ok(self.taken < limit)
    }

    /// Writes what was kept and the end of the document.
    ///
    /// # Errors
    /// As [`Sink::push`].
    pub fn finish(mut self) -> Result<(), Error> {
        self.choose(None)?;
        let mut rows = std::mem::take(&mut self.kept);
        if let Some((path, descending)) = self.chosen.as_ref().and_then(|chosen| chosen.order.as_ref()) {
            sort(&mut rows, path, *descending);
            rows.truncate(self.style.limit.unwrap_or(usize::MAX));
        }
        let whole = self.style.format == Format::Json && self.style.jq.is_some();
        let written = if whole {
            self.filter_all(rows)
        } else if self.style.format == Format::Table {
            self.table(&rows)
        } else {
            self.emit_all(rows)
        };
        self.out.drain().and(written)
    }

    fn keeps(&self) -> bool {
        let unknown_columns = self.promised.is_empty() && self.style.columns.is_none() && self.shape == Shape::List;
        self.style.sort_by.is_some()
            || match self.style.format {
                Format::Table => true,
                Format::Json => self.style.jq.is_some(),
                Format::Ndjson | Format::Yaml => false,
                Format::Csv | Format::Tsv => unknown_columns,
            }
    }

    fn choose(&mut self, first: Option<&Row>) -> Result<(), Error> {
        if self.chosen.is_some() {
            return Ok(());
        }
        let filter = self.style.filter()?;
        let typed = self.style.columns.as_ref().map(|names| names.iter().map(String::as_str));
        let picked = typed.map(|typed| resolve("--columns", typed, self.promised, first)).transpose()?;
        let order = self.style.sort_by.as_deref().map(Order::parse);
        let sorted = resolve("--sort-by", order.map(|order| order.column), self.promised, first)?;
        let order = sorted.into_iter().next().zip(order.map(|order| order.descending));
        self.chosen = Some(Chosen { picked, order, filter });
        Ok(())
    }

    fn picked(&self) -> Option<&Vec<String>> {
        self.chosen.as_ref().and_then(|chosen| chosen.picked.as_ref())
    }

    fn document(&self, row: Row) -> Value {
        Value::Object(match self.picked() {
            Some(names) => pick(&row, names),
            None => row,
        })
    }

    /// Puts out one row, with what must stand before it.
    fn emit(&mut self, row: Row) -> Result<(), Error> {
        let first = self.written == 0;
        self.written += 1;
        if matches!(self.style.format, Format::Csv | Format::Tsv) {
            return self.emit_record(&row, first);
        }
        let document = self.document(row);
        match (self.style.format, self.shape) {
            (Format::Ndjson, _) => match self.chosen.as_ref().and_then(|chosen| chosen.filter.as_ref()) {
                Some(filter) => Results::of(&self.style).write(filter, &document, &mut self.out),
                None => self.out.put(json::compact(&document) + "\n"),
            },
            (Format::Yaml, Shape::List) => self.out.put(yaml::item(document)?),
            (Format::Yaml, Shape::One) => self.out.put(yaml::document(&document)?),
            (_, Shape::List) => self.out.put((if first { "[\n" } else { ",\n" }).to_owned() + &json::item(&document)),
            (_, Shape::One) => self.out.put(json::pretty(&document) + "\n"),
        }
    }

    fn emit_record(&mut self, row: &Row, first: bool) -> Result<(), Error> {
        let columns = self.columns(std::slice::from_ref(row));
        if first {
            self.head(&columns)?;
        }
        let value = |name: &String| find(row, name).map_or_else(String::new, |value| text(&value, Lists::Tight));
        self.record(&columns.iter().map(value).collect::<Vec<_>>())
    }

    fn head(&mut self, columns: &[String]) -> Result<(), Error> {
        if self.style.header && !columns.is_empty() { self.record(columns) } else { Ok(()) }
    }

    fn record(&mut self, cells: &[String]) -> Result<(), Error> {
        let terminal = self.style.terminal;
        self.out.put(match self.style.format {
            Format::Csv => separated::csv_record(cells, terminal)?,
            _ => separated::tsv_record(cells, terminal),
        })
    }

    /// The columns of a table, CSV or TSV: the chosen ones, else the promised, else all that occur, in order of
    /// appearance.
    fn columns(&self, rows: &[Row]) -> Vec<String> {
        if let Some(picked) = self.picked() {
            return picked.clone();
        }
        if !self.promised.is_empty() {
            return self.promised.iter().map(|name| (*name).to_owned()).collect();
        }
        if self.style.format == Format::Table && !self.shown.is_empty() {
            return self.filled(rows);
        }
        let all: serde_json::Map<String, Value> =
            rows.iter().flat_map(Row::keys).map(|name| (name.clone(), Value::Null)).collect();
        all.into_iter().map(|(name, _)| name).collect()
    }

    /// The columns to show, of a list without those that no row fills.
    fn filled(&self, rows: &[Row]) -> Vec<String> {
        let blank = |value: &Value| match value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            _ => false,
        };
        let account = |name: &str| matches!(name, "vendor" | "profile");
        let filled = |name: &str| rows.iter().any(|row| find(row, name).is_some_and(|value| !blank(&value)));
        let said: Vec<String> = self.shown.iter().filter(|name| account(name) || filled(name)).cloned().collect();
        let nothing = said.iter().all(|name| account(name));
        if nothing || self.shape == Shape::One { self.shown.clone() } else { said }
    }

    fn emit_all(&mut self, rows: Vec<Row>) -> Result<(), Error> {
        let separated = matches!(self.style.format, Format::Csv | Format::Tsv);
        if separated && self.picked().is_none() && self.promised.is_empty() {
            // From here on the columns that occur are the chosen ones.
            let columns = self.columns(&rows);
            if let Some(chosen) = &mut self.chosen {
                chosen.picked = (!columns.is_empty()).then_some(columns);
            }
        }
        for row in rows {
            self.emit(row)?;
        }
        match (self.style.format, self.shape, self.written) {
            (Format::Json | Format::Yaml, Shape::List, 0) => self.out.put("[]\n"),
            (Format::Json, Shape::List, _) => self.out.put("\n]\n"),
            (Format::Csv | Format::Tsv, Shape::List, 0) => self.head(&self.columns(&[])),
            _ => Ok(()),
        }
    }

    fn filter_all(&mut self, rows: Vec<Row>) -> Result<(), Error> {
        let mut documents: Vec<Value> = rows.into_iter().map(|row| self.document(row)).collect();
        let input = match self.shape {
            Shape::List => Value::Array(documents),
            Shape::One => match documents.pop() {
                Some(document) => document,
                None => return Ok(()),
            },
        };
        match self.chosen.as_ref().and_then(|chosen| chosen.filter.as_ref()) {
            Some(filter) => Results::of(&self.style).write(filter, &input, &mut self.out),
            None => Ok(()),
        }
    }

    fn table(&mut self, rows: &[Row]) -> Result<(), Error> {
        let Some(first) = rows.first() else { return Ok(()) };
        let mut columns = self.columns(rows);
        if self.picked().is_none() {
            let hidden = |name: &str| {
                (name == "vendor" && !self.style.show_vendor) || (name == "profile" && !self.style.show_profile)
            };
            columns.retain(|name| !hidden(name));
        }
        let width = self.style.width.filter(|_| self.style.terminal);
        let look = table::Look {
            header: self.style.header,
            color: self.style.color,
            width,
            short_heads: self.picked().is_none(),
        };
        self.out.put(match self.shape {
            Shape::One => table::fields(first, &columns, look),
            Shape::List => table::grid(rows, &columns, look),
        })
    }
}

#[cfg(test)]
mod tests;
