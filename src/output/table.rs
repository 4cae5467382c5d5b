//! Tables for people, in the manner of kubectl and gh: no frame, two blanks between columns.

use anstyle::{AnsiColor, Style as Ansi};

use super::cell::{Lists, text};
use super::columns::find;
use super::fit::{narrow, shorten, width};
use super::plain::plain;
use crate::model::Row;

/// Blanks between two columns.
const GAP: usize = 2;
/// No column is made narrower than this, nor than its head, to fit a terminal.
const NARROWEST: usize = 8;

/// How a table looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    /// The line of heads, or the field names of one thing.
    pub header: bool,
    /// ANSI colours.
    pub color: bool,
    /// Columns of the terminal to fit into; `None` shows every value whole.
    pub width: Option<usize>,
}

/// A list: one line a row, the columns aligned.
pub(super) fn grid(rows: &[Row], columns: &[String], look: Look) -> String {
    let heads: Vec<String> = columns.iter().map(|name| plain(&name.to_uppercase()).into_owned()).collect();
    let cells: Vec<Vec<String>> =
        rows.iter().map(|row| columns.iter().map(|name| shown(row, name)).collect()).collect();
    let floors: Vec<usize> = heads.iter().map(|head| width(head).max(NARROWEST)).collect();
    let mut widths: Vec<usize> = (0..columns.len())
        .map(|column| {
            let head = if look.header { width(&heads[column]) } else { 0 };
            cells.iter().map(|row| width(&row[column])).max().unwrap_or(0).max(head)
        })
        .collect();
    if let Some(terminal) = look.width {
        narrow(&mut widths, &floors, terminal.saturating_sub(GAP * columns.len().saturating_sub(1)));
    }
    let mut out = String::new();
    if look.header {
        line(&mut out, &heads, &widths, |_, _| bold(look.color));
    }
    for row in &cells {
        line(&mut out, row, &widths, |column, cell| tone(&columns[column], cell, look.color));
    }
    out
}

/// One thing: a line for each field, name and value. Values are shown whole.
pub(super) fn fields(row: &Row, columns: &[String], look: Look) -> String {
    let names: Vec<String> = columns.iter().map(|name| plain(name).into_owned()).collect();
    let widest = names.iter().map(|name| width(name)).max().unwrap_or(0);
    let mut out = String::new();
    for (column, name) in columns.iter().zip(names) {
        let value = shown(row, column);
        let style = tone(column, &value, look.color);
        if look.header {
            let styles = [bold(look.color), style];
            line(&mut out, &[name, value], &[widest, usize::MAX], |position, _| styles[position]);
        } else {
            line(&mut out, &[value], &[usize::MAX], |_, _| style);
        }
    }
    out
}

fn shown(row: &Row, column: &str) -> String {
    find(row, column).map_or_else(String::new, |value| plain(&text(&value, Lists::Spaced)).into_owned())
}

/// One line. Blanks are written only before the next text, so that no line ends with them.
fn line(out: &mut String, cells: &[String], widths: &[usize], style: impl Fn(usize, &str) -> Ansi) {
    let mut blanks = 0_usize;
    for (column, (cell, allowed)) in cells.iter().zip(widths).enumerate() {
        if cell.is_empty() {
            blanks = allowed.saturating_add(GAP).saturating_add(blanks);
            continue;
        }
        let short = shorten(cell, *allowed);
        let style = style(column, cell);
        out.extend(std::iter::repeat_n(' ', blanks));
        out.push_str(&format!("{style}{short}{style:#}"));
        blanks = allowed.saturating_sub(width(&short)).saturating_add(GAP);
    }
    out.push('\n');
}

fn bold(color: bool) -> Ansi {
    if color { Ansi::new().bold() } else { Ansi::new() }
}

/// The colour of a status word; everything else has none.
fn tone(column: &str, cell: &str, color: bool) -> Ansi {
    if !color || !matches!(column, "status" | "state") {
        return Ansi::new();
    }
    match cell {
        "enabled" | "active" | "live" => AnsiColor::Green.on_default(),
        "configuring" | "checking" | "scheduled" | "paused" => AnsiColor::Yellow.on_default(),
        "disabled" | "failed" | "blocked" | "forbidden" => AnsiColor::Red.on_default(),
        "ended" | "offline" => Ansi::new().dimmed(),
        _ => Ansi::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use unicode_width::UnicodeWidthStr;

    const BARE: Look = Look { header: true, color: false, width: None };

    fn rows(list: Value) -> Vec<Row> {
        list.as_array().unwrap().iter().map(|row| row.as_object().unwrap().clone()).collect()
    }

    fn names(list: &[&str]) -> Vec<String> {
        list.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_plain_list() {
        let list = rows(json!([
            {"name": "a.example.com", "status": "enabled", "ok": true, "sources": ["x", "y"], "about": {"k": 1}},
            {"name": "b", "status": null, "ok": false, "sources": [], "about": null},
            {"name": "c", "status": "disabled"},
        ]));
        let wanted = "NAME           STATUS    OK     SOURCES  ABOUT\n\
                      a.example.com  enabled   true   x, y     {\"k\":1}\n\
                      b                        false\n\
                      c              disabled\n";
        assert_eq!(grid(&list, &names(&["name", "status", "ok", "sources", "about"]), BARE), wanted);
        let without = Look { header: false, ..BARE };
        assert_eq!(grid(&list[1..], &names(&["name", "ok"]), without), "b  false\nc\n");
    }

    /// Every second column must begin at the same display column on every line, whatever stands in the first.
    #[test]
    fn columns_align_in_every_script() {
        let first = [
            "ascii",
            "直播加速域名",
            "라이브 방송",
            "ライブ",
            "ﾊﾝｶｸ",
            "👨\u{200d}👩\u{200d}👧\u{200d}👦",
            "🇨🇳🇰🇷",
            "❤\u{fe0f}",
            "1\u{fe0f}\u{20e3}",
            "e\u{301}tude\u{301}",
            "مرحبا",
            "नमस्ते",
            "ไทย",
            "，。！",
            "a\u{1b}[31mred",
            "two\nlines",
            "\u{202e}evil",
            "👍🏽",
            "",
        ];
        let list: Vec<Row> =
            first.iter().map(|name| rows(json!([{"name": name, "status": "enabled"}])).remove(0)).collect();
        for look in [BARE, Look { color: true, ..BARE }, Look { width: Some(20), ..BARE }] {
            let table = grid(&list, &names(&["name", "status"]), look)
                .replace("\u{1b}[32m", "")
                .replace("\u{1b}[1m", "")
                .replace("\u{1b}[0m", "");
            let offsets: Vec<usize> = table
                .lines()
                .map(|line| {
                    UnicodeWidthStr::width(line.split("enabled").next().unwrap().split("STATUS").next().unwrap())
                })
                .collect();
            assert_eq!(offsets.len(), first.len() + 1);
            assert!(offsets.iter().all(|offset| *offset == offsets[0]), "{offsets:?}\n{table}");
            assert!(!table.contains('\u{1b}') && !table.contains('\u{202e}'));
        }
    }

    #[test]
    fn a_terminal_gets_shortened_cells_and_a_pipe_whole_ones() {
        let list = rows(json!([{"id": "1", "name": "直播".repeat(20), "cname": "c".repeat(60)}]));
        let columns = names(&["id", "name", "cname"]);
        let fitted = grid(&list, &columns, Look { width: Some(40), ..BARE });
        assert!(fitted.lines().all(|line| UnicodeWidthStr::width(line) <= 40), "{fitted}");
        assert_eq!(fitted.matches('…').count(), 2);
        assert!(grid(&list, &columns, BARE).contains(&"c".repeat(60)));
        assert_eq!(grid(&list, &columns, Look { width: Some(3), ..BARE }).lines().count(), 2);
    }

    #[test]
    fn one_thing_is_shown_field_by_field() {
        let one = rows(json!([{"name": "直播\n", "created_at": null, "status": "failed"}])).remove(0);
        let columns = names(&["name", "created_at", "status"]);
        assert_eq!(fields(&one, &columns, BARE), "name        直播\\n\ncreated_at\nstatus      failed\n");
        assert_eq!(fields(&one, &columns[..1], Look { header: false, width: Some(2), ..BARE }), "直播\\n\n");
        let colored = fields(&one, &columns[2..], Look { color: true, ..BARE });
        assert_eq!(colored, "\u{1b}[1mstatus\u{1b}[0m  \u{1b}[31mfailed\u{1b}[0m\n");
    }

    #[test]
    fn only_status_columns_are_coloured() {
        let list = rows(json!([{"name": "failed", "status": "odd"}]));
        let table = grid(&list, &names(&["name", "status"]), Look { color: true, header: false, width: None });
        assert_eq!(table, "failed  odd\n");
    }
}
