//! Tables for people, in the manner of kubectl and gh: no frame, two blanks between columns.
//!
//! comfy-table measures, aligns, narrows and shortens. It gets its cells prepared ([`begin`]), is told which width
//! a column keeps on a narrow terminal ([`keep_readable`]), and that the colours are decided already ([`empty`]).
//! It counts in u16, in time that grows with the square of a cell: a value of more than [`MOST_IN_A_PIPE`] characters
//! is shortened, with `…`, in a pipe too. The formats for scripts show it whole.

use std::borrow::Cow;

use comfy_table::presets::NOTHING;
use comfy_table::{Attribute, Cell, Color, ColumnConstraint, ContentArrangement, Row as Line, Table, Width};
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use super::cell::{Lists, text};
use super::columns::find;
use super::plain::{made_plain, plain};
use crate::model::Row;

/// Blanks between two columns.
const GAP: u16 = 2;
/// No column is made narrower than this, nor than its head, to fit a terminal.
const NARROWEST: u16 = 8;
/// Where the first column would be shortened otherwise, the others are made as narrow as this.
const BARELY: u16 = 5;
/// What cells are broken at before they are shortened: never in a cell, as [`plain`] makes line feeds visible. With a
/// blank here a cell would be shortened after a whole word, far from the end of its column.
const NO_BREAK: char = '\n';

/// Characters of a cell that the layout sees for each column of the terminal; joined emoji have more than one.
const CHARACTERS_A_COLUMN: usize = 4;
/// Never more characters than this, so that columns and gaps stay within the u16 of the layout.
const MOST_CHARACTERS: usize = 10_000;
/// The most that a table shows of one value where no terminal asks for less.
const MOST_IN_A_PIPE: usize = 30_000;

/// How a table looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    /// The line of heads, or the field names of one thing.
    pub header: bool,
    /// ANSI colours.
    pub color: bool,
    /// Columns of the terminal to fit into; `None` shows every value whole.
    pub width: Option<usize>,
    /// Whether the head of a dotted path is its last part, where that names one column only.
    pub short_heads: bool,
}

/// A list: one line a row, the columns aligned.
pub(super) fn grid(rows: &[Row], columns: &[String], look: Look) -> String {
    let mut table = empty(look.color);
    if look.header {
        table.set_header(line(titles(columns, look).iter().map(|title| head(title, look)), look));
    }
    table.add_rows(rows.iter().map(|row| line(values(row, columns, look), look)));
    gaps(&mut table);
    if let Some(width) = look.width {
        let width = u16::try_from(width).unwrap_or(u16::MAX);
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        let figures: Vec<Option<u16>> = columns.iter().map(|name| figures(rows, name)).collect();
        keep_readable(&mut table, width, &figures);
    }
    lines(&table)
}

/// The length of the longest number of a column, where it holds numbers and nothing else.
fn figures(rows: &[Row], column: &str) -> Option<u16> {
    let values = rows.iter().filter_map(|row| find(row, column)).filter(|value| !value.is_null());
    let lengths = values.map(|value| value.is_number().then(|| value.to_string().len()));
    let longest = lengths.collect::<Option<Vec<usize>>>()?.into_iter().max()?;
    u16::try_from(longest).ok()
}

/// What stands above each column.
fn titles(columns: &[String], look: Look) -> Vec<String> {
    let lasts: Vec<&str> = columns.iter().map(|name| name.rsplit('.').next().unwrap_or_default()).collect();
    let title = |(name, last): (&String, &&str)| {
        let alone = || lasts.iter().filter(|other| *other == last).count() == 1;
        if look.short_heads && alone() { last.to_uppercase() } else { name.to_uppercase() }
    };
    columns.iter().zip(&lasts).map(title).collect()
}

/// One thing: a line for each field, name and value. Values are shown whole.
pub(super) fn fields(row: &Row, columns: &[String], look: Look) -> String {
    let look = Look { width: None, ..look };
    let mut table = empty(look.color);
    table.add_rows(columns.iter().map(|name| {
        let name_cell = look.header.then(|| head(name, look));
        line(name_cell.into_iter().chain([value(row, name, look)]), look)
    }));
    gaps(&mut table);
    lines(&table)
}

/// A table without frame and cells, that asks nothing of the terminal and the environment.
fn empty(color: bool) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING).set_delimiter(NO_BREAK).force_no_tty();
    if color {
        // crossterm, which writes the colours, looks at `NO_COLOR` once more, and `--color always` outranks that.
        crossterm::style::force_color_output(true);
        table.enforce_styling().style_text_only();
    }
    table
}

/// The cells of one line; on a terminal a line stays one line.
fn line(cells: impl Iterator<Item = Cell>, look: Look) -> Line {
    let mut line = Line::from(cells.collect::<Vec<_>>());
    if look.width.is_some() {
        line.max_height(1);
    }
    line
}

/// Nothing before the first column and after the last, [`GAP`] blanks between the others.
fn gaps(table: &mut Table) {
    let last = table.column_count().saturating_sub(1);
    for column in table.column_iter_mut() {
        column.set_padding((0, if column.index == last { 0 } else { GAP }));
    }
}

/// Lets no column become narrower than its head or [`NARROWEST`], where its content is as wide: a column of mere `…`
/// says nothing. Where that does not fit, heads are shortened too; where even that does not, the lines stay too long: no
/// column is dropped. The first column, which names the row and is typed again, is shortened last, and figures never are:
/// a part of a number is another number.
fn keep_readable(table: &mut Table, width: u16, figures: &[Option<u16>]) {
    let heads: Vec<usize> =
        table.header().into_iter().flat_map(Line::cell_iter).map(|head| head.content().width()).collect();
    let contents = table.column_max_content_widths();
    let least = |column: usize, content: u16| {
        let head = heads.get(column).map_or(0, |head| u16::try_from(*head).unwrap_or(u16::MAX));
        content.min(head.max(NARROWEST))
    };
    let leasts = |least: &dyn Fn(usize, u16) -> u16| -> Vec<u16> {
        let whole = |column: usize| figures.get(column).copied().flatten().unwrap_or_default();
        let columns = contents.iter().enumerate();
        columns.map(|(column, content)| least(column, *content).max(whole(column))).collect()
    };
    let taken_by =
        |leasts: &[u16]| leasts.iter().fold(0_u16, |sum, least| sum.saturating_add(least.saturating_add(GAP)));
    let name = contents.first().copied().unwrap_or_default();
    // What is left to the first column beside the others.
    let first = |leasts: &[u16]| {
        let taken = taken_by(leasts.get(1..).unwrap_or_default());
        leasts.first().copied().unwrap_or_default().max(width.saturating_sub(taken).min(name))
    };
    let mut chosen = leasts(&least);
    if taken_by(&chosen).saturating_sub(GAP) > width {
        chosen = leasts(&|_, content| content.min(NARROWEST));
    }
    if first(&chosen) < name {
        chosen = leasts(&|column, content| content.min(if column == 0 { NARROWEST } else { BARELY }));
    }
    let named = first(&chosen);
    chosen.iter_mut().take(1).for_each(|least| *least = named);
    for (column, least) in table.column_iter_mut().zip(chosen) {
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(least + column.padding_width())));
    }
}

/// The finished lines, without blanks at their ends.
fn lines(table: &Table) -> String {
    let mut text = String::new();
    for line in table.lines() {
        text.push_str(line.trim_end_matches(' '));
        text.push('\n');
    }
    text
}

fn head(name: &str, look: Look) -> Cell {
    Cell::new_owned(begin(plain(name).into_owned(), look)).add_attribute(Attribute::Bold)
}

/// The cells of a row. Its members stand mostly in the order of the columns: the next one is looked at before one is looked
/// for.
fn values<'a>(row: &'a Row, columns: &'a [String], look: Look) -> impl Iterator<Item = Cell> + 'a {
    let mut members = row.iter();
    columns.iter().map(move |name| {
        let mut ahead = members.clone();
        match ahead.find(|(member, _)| *member == name) {
            Some((_, value)) => {
                members = ahead;
                cell(Some(Cow::Borrowed(value)), name, look)
            }
            None => value(row, name, look),
        }
    })
}

fn value(row: &Row, column: &str, look: Look) -> Cell {
    cell(find(row, column), column, look)
}

fn cell(value: Option<Cow<'_, Value>>, column: &str, look: Look) -> Cell {
    let shown = value.map_or_else(String::new, |value| made_plain(text(&value, Lists::Spaced)));
    let tone = if matches!(column, "status" | "state") { tone(&shown) } else { Tone::None };
    let cell = Cell::new_owned(begin(shown, look));
    match tone {
        Tone::None => cell,
        Tone::Color(color) => cell.fg(color),
        Tone::Dim => cell.add_attribute(Attribute::Dim),
    }
}

/// The beginning of a text that is too long for the table anyway: comfy-table breaks the whole cell into lines
/// before it drops all but the first, in time that grows with the square of the length (seconds for a long policy).
fn begin(mut text: String, look: Look) -> String {
    let on_terminal = |width: usize| width.saturating_mul(CHARACTERS_A_COLUMN).min(MOST_CHARACTERS);
    let most = look.width.map_or(MOST_IN_A_PIPE, on_terminal);
    // No text has more characters than bytes.
    if text.len() > most
        && let Some((end, _)) = text.char_indices().nth(most)
    {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// How a status word stands out.
enum Tone {
    None,
    Color(Color),
    Dim,
}

/// The tone of a status word. comfy-table calls the eight basic colours dark.
fn tone(status: &str) -> Tone {
    match status {
        "enabled" | "active" | "live" => Tone::Color(Color::DarkGreen),
        "configuring" | "checking" | "scheduled" | "paused" => Tone::Color(Color::DarkYellow),
        "disabled" | "failed" | "blocked" | "forbidden" => Tone::Color(Color::DarkRed),
        "ended" | "offline" => Tone::Dim,
        _ => Tone::None,
    }
}

#[cfg(test)]
mod tests;
