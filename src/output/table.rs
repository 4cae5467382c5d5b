//! Tables for people, in the manner of kubectl and gh: no frame, two blanks between columns.
//!
//! comfy-table measures, aligns, narrows and shortens. It gets its cells prepared ([`begin`]), is told which width
//! a column keeps on a narrow terminal ([`keep_readable`]), and that the colours are decided already ([`empty`]).
//! It counts in u16, in time that grows with the square of a cell: a value of more than [`MOST_IN_A_PIPE`] characters
//! is shortened, with `…`, in a pipe too. The formats for scripts show it whole.

use comfy_table::presets::NOTHING;
use comfy_table::{Attribute, Cell, Color, ColumnConstraint, ContentArrangement, Row as Line, Table, Width};
use unicode_width::UnicodeWidthStr;

use super::cell::{Lists, text};
use super::columns::find;
use super::plain::{made_plain, plain};
use crate::model::Row;

/// Blanks between two columns.
const GAP: u16 = 2;
/// No column is made narrower than this, nor than its head, to fit a terminal.
const NARROWEST: u16 = 8;
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
    table.add_rows(rows.iter().map(|row| line(columns.iter().map(|name| value(row, name, look)), look)));
    gaps(&mut table);
    if let Some(width) = look.width {
        let width = u16::try_from(width).unwrap_or(u16::MAX);
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        keep_readable(&mut table, width);
    }
    lines(&table)
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
/// column is dropped. The first column, which names the row and is typed again, is shortened last.
fn keep_readable(table: &mut Table, width: u16) {
    let heads: Vec<usize> =
        table.header().into_iter().flat_map(Line::cell_iter).map(|head| head.content().width()).collect();
    let contents = table.column_max_content_widths();
    let least = |column: usize, content: u16| {
        let head = heads.get(column).map_or(0, |head| u16::try_from(*head).unwrap_or(u16::MAX));
        content.min(head.max(NARROWEST))
    };
    let taken_by =
        |leasts: &[u16]| leasts.iter().fold(0_u16, |sum, least| sum.saturating_add(least.saturating_add(GAP)));
    let mut leasts: Vec<u16> = contents.iter().enumerate().map(|(column, content)| least(column, *content)).collect();
    if taken_by(&leasts).saturating_sub(GAP) > width {
        leasts = contents.iter().map(|content| (*content).min(NARROWEST)).collect();
    }
    let taken = taken_by(leasts.get(1..).unwrap_or_default());
    if let (Some(first), Some(content)) = (leasts.first_mut(), contents.first()) {
        *first = (*first).max(width.saturating_sub(taken).min(*content));
    }
    for (column, least) in table.column_iter_mut().zip(leasts) {
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

fn value(row: &Row, column: &str, look: Look) -> Cell {
    let shown = find(row, column).map_or_else(String::new, |value| made_plain(text(&value, Lists::Spaced)));
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
mod tests {
    use std::env::current_exe;
    use std::process::Command;

    use super::*;
    use proptest::collection::vec;
    use proptest::{prop_assert, prop_assert_eq, proptest};
    use serde_json::{Value, json};

    const BARE: Look = Look { header: true, color: false, width: None, short_heads: false };

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
                .replace("\u{1b}[38;5;2m", "")
                .replace("\u{1b}[39m", "")
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
    fn the_head_of_a_path_is_its_last_part_where_that_is_enough() {
        let list = rows(json!([{"hls": {"enable": 1, "size": 2}, "flv": {"enable": 0}}]));
        let columns = names(&["hls.enable", "flv.enable", "hls.size"]);
        let short = grid(&list, &columns, Look { short_heads: true, ..BARE });
        assert_eq!(short, "HLS.ENABLE  FLV.ENABLE  SIZE\n1           0           2\n");
        assert!(grid(&list, &columns, BARE).starts_with("HLS.ENABLE  FLV.ENABLE  HLS.SIZE\n"));
    }

    #[test]
    fn one_thing_is_shown_field_by_field() {
        let one = rows(json!([{"name": "直播\n", "created_at": null, "status": "failed"}])).remove(0);
        let columns = names(&["name", "created_at", "status"]);
        assert_eq!(fields(&one, &columns, BARE), "name        直播\\n\ncreated_at\nstatus      failed\n");
        assert_eq!(fields(&one, &columns[..1], Look { header: false, width: Some(2), ..BARE }), "直播\\n\n");
        let colored = fields(&one, &columns[2..], Look { color: true, ..BARE });
        assert_eq!(colored, "\u{1b}[1mstatus\u{1b}[0m  \u{1b}[38;5;1mfailed\u{1b}[39m\n");
    }

    /// What `NO_COLOR` means was decided before; the library that writes the colours must not decide again.
    #[test]
    fn the_environment_has_no_say_in_the_colours() {
        let test = "output::table::tests::one_thing_is_shown_field_by_field";
        let run = Command::new(current_exe().unwrap()).args([test, "--exact"]).env("NO_COLOR", "1").output().unwrap();
        let told = String::from_utf8_lossy(&run.stdout);
        assert!(run.status.success() && told.contains("1 passed"), "{told}");
    }

    #[test]
    fn only_status_columns_are_coloured() {
        let list = rows(json!([{"name": "failed", "status": "odd"}]));
        let table = grid(&list, &names(&["name", "status"]), Look { color: true, header: false, ..BARE });
        assert_eq!(table, "failed  odd\n");
    }

    #[test]
    fn shortening_respects_what_is_seen_as_one() {
        let table = [
            ("a.example.com", 13, "a.example.com"),
            ("a.example.com", 12, "a.example.c…"),
            ("two words of text", 12, "two words o…"),
            ("直播加速域名", 12, "直播加速域名"),
            ("直播加速域名", 11, "直播加速域…"),
            ("直播加速域名", 10, "直播加速…"),
            ("직접 방송 시작", 10, "직접 방송…"),
            ("family 👨\u{200d}👩\u{200d}👧 photo", 10, "family 👨\u{200d}👩\u{200d}👧…"),
            ("family 👨\u{200d}👩\u{200d}👧 photo", 9, "family …"),
            ("🇨🇳🇰🇷🇫🇷🇨🇳🇰🇷🇫🇷", 9, "🇨🇳🇰🇷🇫🇷🇨🇳…"),
            ("🇨🇳🇰🇷🇫🇷🇨🇳🇰🇷🇫🇷", 8, "🇨🇳🇰🇷🇫🇷…"),
            ("1234567👍🏽👍🏽", 10, "1234567👍🏽…"),
            ("1234567e\u{301}e\u{301}e\u{301}", 9, "1234567e\u{301}…"),
        ];
        for (text, columns, wanted) in table {
            let list = rows(json!([{"name": text}]));
            let look = Look { header: false, width: Some(columns), ..BARE };
            assert_eq!(grid(&list, &names(&["name"]), look), format!("{wanted}\n"), "{text} in {columns}");
        }
    }

    #[test]
    fn the_widest_columns_give_way_and_heads_stay() {
        let list = rows(
            json!([{"id": "1", "first": "a".repeat(40), "a_rather_long_head": "b".repeat(40), "third": "c".repeat(12)}]),
        );
        let columns = names(&["id", "first", "a_rather_long_head", "third"]);
        let at = |width| grid(&list, &columns, Look { width: Some(width), ..BARE });
        let a_and_b = |a: usize, b: usize, third: &str| {
            format!(
                "ID  {:a$}  {:b$}  THIRD\n1   {}…  {}…  {third}\n",
                "FIRST",
                "A_RATHER_LONG_HEAD",
                "a".repeat(a - 1),
                "b".repeat(b - 1)
            )
        };
        assert_eq!(at(80), a_and_b(30, 30, "cccccccccccc"));
        assert_eq!(at(79), a_and_b(30, 29, "cccccccccccc"));
        assert_eq!(at(50), a_and_b(12, 18, "cccccccccccc"));
        // Less than the heads need: they give way too. Too long it is all the same, but no column is lost.
        assert_eq!(at(20), "ID  FIRST     A_RATHE…  THIRD\n1   aaaaaaa…  bbbbbbb…  ccccccc…\n");
    }

    #[test]
    fn the_first_column_is_shortened_last() {
        let list = rows(json!([{"id": "push.example.com/live/s1", "domain": "push.example.com", "app": "live"}]));
        let look = Look { width: Some(40), ..BARE };
        let wanted = "ID                        DOMAIN    APP\npush.example.com/live/s1  push.ex…  live\n";
        assert_eq!(grid(&list, &names(&["id", "domain", "app"]), look), wanted);
    }

    #[test]
    fn a_value_longer_than_the_layout_can_count_is_shortened_visibly() {
        let columns = names(&["name", "policy"]);
        for (given, kept) in [(30_000, 30_000), (30_001, 30_000), (10 << 20, 30_000)] {
            let list = rows(json!([{"name": "a", "policy": "v".repeat(given)}]));
            for text in [grid(&list, &columns, BARE), fields(&list[0], &columns, BARE)] {
                assert_eq!(text.matches('v').count(), kept);
                assert_eq!(text.contains('…'), given > kept);
            }
            let narrow = grid(&list, &columns, Look { width: Some(80), ..BARE });
            assert_eq!(narrow.lines().map(UnicodeWidthStr::width).max(), Some(80));
        }
    }

    proptest! {
        /// The terminal of 80 columns has room for the least width of each of these columns.
        #[test]
        fn no_line_is_wider_than_the_terminal(cells in vec(vec(r"[a-c ]{0,30}|\PC{0,40}|[直播👍🏽❤\u{200d}\u{fe0f}\u{301}🇨🇳ลำلاनम]{0,40}", 5), 1..4)) {
            let columns = names(&["a", "b", "status", "created_at", "cname"]);
            let list: Vec<Row> = cells
                .iter()
                .map(|row| columns.iter().zip(row).map(|(name, text)| (name.clone(), Value::from(text.as_str()))).collect())
                .collect();
            let table = grid(&list, &columns, Look { width: Some(80), ..BARE });
            prop_assert_eq!(table.lines().count(), list.len() + 1);
            for line in table.lines() {
                prop_assert!(UnicodeWidthStr::width(line) <= 80 && !line.ends_with(' '), "{}", table);
            }
        }
    }
}
