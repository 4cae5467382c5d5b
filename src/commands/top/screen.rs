//! What the view of `stream top --watch` shows: a line on top, the streams, what could not be read.

use std::rc::Rc;
use std::time::Duration;

use dialoguer::console;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::Round;
use crate::commands::link::Link;
use crate::error::Result;
use crate::model::{Row, StreamTopRow};
use crate::output::{self, Format, Shape, Sink, Style, amount};
use crate::providers::settle;

/// So much of what there is to tell stands below the streams.
const TOLD: usize = 3;

/// Columns that go, one after the other, where the terminal has no room for all.
const DISPENSABLE: [&str; 4] = ["client_ip", "since", "vendor", "app"];

/// What was seen last, of each account.
pub(super) struct Screen {
    every: Duration,
    /// When an account last answered.
    at: Option<Timestamp>,
    accounts: Vec<Vec<Row>>,
}

impl Screen {
    /// A screen of accounts of which nothing is seen yet.
    pub(super) fn of(links: &[Rc<Link<'_>>], every: Duration) -> Self {
        Screen { every, at: None, accounts: vec![Vec::new(); links.len()] }
    }

    /// Takes in what a round saw. An account that gave no answer stays as it was.
    pub(super) fn take(&mut self, round: Round) {
        for (known, seen) in self.accounts.iter_mut().zip(round.accounts) {
            if let Some(seen) = seen {
                *known = seen;
                self.at = Some(round.at);
            }
        }
    }

    /// The lines for a terminal of so many lines and columns.
    ///
    /// # Errors
    /// Usage for a column that there is not.
    pub(super) fn lines(&self, style: &Style, (height, width): (u16, u16), told: &[String]) -> Result<Vec<String>> {
        let (height, width) = (usize::from(height).max(2), usize::from(width).max(1));
        let told: Vec<String> =
            told.iter().skip(told.len().saturating_sub(TOLD)).map(|text| fitted(text, width)).collect();
        let mut lines = vec![fitted(&self.head(), width)];
        let table = self.table(style, width)?;
        // The line of heads is none of the streams.
        let heads = usize::from(style.header && !table.is_empty());
        let room = height.saturating_sub(1 + told.len()).max(1);
        if room < table.len() {
            let shown = room.saturating_sub(1).max(heads.min(room));
            lines.extend(table.iter().take(shown).cloned());
            if room > shown {
                lines.push(fitted(&format!("… {} more", table.len() - shown), width));
            }
        } else {
            lines.extend(table);
        }
        lines.extend(told);
        lines.truncate(height);
        Ok(lines)
    }

    fn head(&self) -> String {
        let every = settle::spelled(self.every);
        let Some(at) = self.at else { return format!("no answer yet; every {every}, Ctrl-C ends") };
        let streams = self.accounts.iter().map(Vec::len).sum::<usize>();
        let rates = self.accounts.iter().flatten().filter_map(bit_rate);
        let sum = amount(rates.fold(0, u64::saturating_add), "bit/s");
        let streams = if streams == 1 { "1 stream".to_owned() } else { format!("{streams} streams") };
        format!("{} UTC  {streams}  {sum}  every {every}, Ctrl-C ends", at.strftime("%Y-%m-%d %H:%M:%S"))
    }

    /// The streams of all accounts together, as lines no wider than the terminal.
    fn table(&self, style: &Style, width: usize) -> Result<Vec<String>> {
        let mut rows: Vec<Row> = self.accounts.iter().flatten().cloned().collect();
        output::sort_by(&mut rows, "-bit_rate", StreamTopRow::COLUMNS)?;
        rows.truncate(style.limit.unwrap_or(usize::MAX));
        if let Some(typed) = &style.sort_by {
            output::sort_by(&mut rows, typed, StreamTopRow::COLUMNS)?;
        }
        let rows: Vec<Row> = rows.into_iter().map(|row| self.for_eyes(row)).collect();
        let whole = Style { format: Format::Table, sort_by: None, limit: None, width: None, ..style.clone() };
        let narrow = Style { width: Some(width), ..whole.clone() };
        let mut columns: Vec<&str> = StreamTopRow::COLUMNS.to_vec();
        let mut lines = grid(whole, &rows, &columns)?;
        for column in DISPENSABLE {
            // A column that was asked for stays.
            if style.columns.is_some() || widest(&lines) <= width {
                break;
            }
            columns.retain(|name| *name != column);
            lines = grid(narrow.clone(), &rows, &columns)?;
        }
        if style.columns.is_some() {
            lines = grid(narrow, &rows, &columns)?;
        }
        Ok(lines.iter().map(|line| console::truncate_str(line, width, "…").into_owned()).collect())
    }

    /// A row as people read it.
    fn for_eyes(&self, mut row: Row) -> Row {
        if let Some(rate) = bit_rate(&row) {
            // The unit stands in the line on top.
            row.insert("bit_rate".to_owned(), amount(rate, "").into());
        }
        let since = row.get("since").and_then(Value::as_str).and_then(|since| since.parse::<Timestamp>().ok());
        if let (Some(since), Some(at)) = (since, self.at) {
            row.insert("since".to_owned(), age(at.duration_since(since)).into());
        }
        row
    }
}

/// Rows as the lines of a table. What no row tells needs no room.
fn grid(style: Style, rows: &[Row], columns: &[&str]) -> Result<Vec<String>> {
    let mut text = Vec::new();
    let columns = columns.iter().map(|column| (*column).to_owned()).collect();
    let mut sink = Sink::new(style, Shape::List, &[], &mut text).showing(columns);
    for row in rows {
        sink.push(row.clone())?;
    }
    sink.finish()?;
    Ok(String::from_utf8_lossy(&text).lines().map(str::to_owned).collect())
}

fn widest(lines: &[String]) -> usize {
    lines.iter().map(|line| console::measure_text_width(line)).max().unwrap_or(0)
}

fn bit_rate(row: &Row) -> Option<u64> {
    row.get("bit_rate").and_then(Value::as_u64)
}

/// How long ago, in the two largest units: `45s`, `12m 5s`, `3h 12m`, `2d 4h`.
fn age(time: SignedDuration) -> String {
    let seconds = time.as_secs().max(0);
    match (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60) {
        (0, 0, 0, seconds) => format!("{seconds}s"),
        (0, 0, minutes, seconds) => format!("{minutes}m {seconds}s"),
        (0, hours, minutes, _) => format!("{hours}h {minutes}m"),
        (days, hours, ..) => format!("{days}d {hours}h"),
    }
}

/// A text on one line of a terminal, shortened to its width.
fn fitted(text: &str, width: usize) -> String {
    console::truncate_str(&output::plain(text), width, "…").into_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: &str = "2026-01-31T20:00:00Z";

    fn row(vendor: &str, stream: &str, bit_rate: Value, since: &str) -> Row {
        let row = json!({"vendor": vendor, "profile": "prod", "domain": "直播.例子.中国", "app": "live", "stream": stream,
                         "frame_rate": 25, "bit_rate": bit_rate, "since": since, "client_ip": "192.0.2.1"});
        row.as_object().unwrap().clone()
    }

    fn screen(accounts: Vec<Option<Vec<Row>>>) -> Screen {
        let mut screen =
            Screen { every: Duration::from_secs(10), at: None, accounts: vec![Vec::new(); accounts.len()] };
        screen.take(Round { at: NOW.parse().unwrap(), accounts });
        screen
    }

    fn two() -> Screen {
        screen(vec![
            Some(vec![
                row("tencent", "s1", json!(2_000_000), "2026-01-31T16:48:00Z"),
                row("tencent", "s2", Value::Null, "2026-01-31T19:59:15Z"),
            ]),
            Some(vec![row("aliyun", "s3", json!(4_190_000), "2026-01-29T16:00:00Z")]),
        ])
    }

    fn wide() -> Style {
        Style { terminal: true, show_vendor: true, show_profile: true, ..Style::default() }
    }

    #[test]
    fn all_accounts_stand_together_the_fastest_first() {
        let lines = two().lines(&wide(), (24, 100), &[]).unwrap();
        assert_eq!(
            lines,
            [
                "2026-01-31 20:00:00 UTC  3 streams  6.19 Mbit/s  every 10s, Ctrl-C ends",
                "VENDOR   PROFILE  DOMAIN          APP   STREAM  FRAME_RATE  BIT_RATE  SINCE   CLIENT_IP",
                "aliyun   prod     直播.例子.中国  live  s3      25          4.19 M    2d 4h   192.0.2.1",
                "tencent  prod     直播.例子.中国  live  s1      25          2.00 M    3h 12m  192.0.2.1",
                "tencent  prod     直播.例子.中国  live  s2      25                    45s     192.0.2.1",
            ]
        );
    }

    #[test]
    fn columns_go_where_there_is_no_room_and_no_line_is_too_wide() {
        let heads = |width| two().lines(&wide(), (24, width), &[]).unwrap()[1].clone();
        assert!(heads(87).ends_with("CLIENT_IP") && heads(86).ends_with("SINCE"), "{}", heads(86));
        assert!(heads(40).ends_with('…') || !heads(40).contains("SINCE"), "{}", heads(40));
        let told =
            ["error: domain 直播.例子.中国: the vendor did not answer in time, and was asked 4 times".to_owned()];
        for width in 1..120 {
            for picked in [None, Some(vec!["stream".to_owned(), "client_ip".to_owned(), "since".to_owned()])] {
                let style = Style { columns: picked, ..wide() };
                for line in two().lines(&style, (24, width), &told).unwrap() {
                    assert!(console::measure_text_width(&line) <= usize::from(width), "{width}: {line}");
                }
            }
        }
    }

    #[test]
    fn nothing_is_higher_than_the_terminal_and_what_is_left_out_is_counted() {
        let many = (0..40).map(|n| row("tencent", &format!("s{n}"), json!(n), "2026-01-31T19:00:00Z")).collect();
        let screen = screen(vec![Some(many)]);
        let told: Vec<String> = (0..5).map(|n| format!("error: {n}")).collect();
        for height in 2..50 {
            for told in [&told[..], &[]] {
                let lines = screen.lines(&wide(), (height, 100), told).unwrap();
                assert!(lines.len() <= usize::from(height), "{height}: {lines:#?}");
            }
        }
        let lines = screen.lines(&wide(), (10, 100), &told).unwrap();
        assert!(lines[2].contains("s39") && lines[5].contains("s36"), "{lines:#?}");
        // Ten lines: the top, the heads, four streams, and the last three of what is told.
        assert_eq!(lines[6..], ["… 36 more", "error: 2", "error: 3", "error: 4"].map(str::to_owned));
        assert_eq!(screen.lines(&wide(), (42, 100), &[]).unwrap().len(), 42, "all of them have room");
    }

    #[test]
    fn an_account_that_gives_no_answer_stays_as_it_was() {
        let mut screen = two();
        let later = "2026-01-31T20:00:10Z".parse().unwrap();
        let seen = vec![row("aliyun", "s4", json!(1_000), NOW)];
        screen.take(Round { at: later, accounts: vec![None, Some(seen)] });
        let lines = screen.lines(&wide(), (24, 100), &[]).unwrap();
        assert_eq!(lines[0], "2026-01-31 20:00:10 UTC  3 streams  2.00 Mbit/s  every 10s, Ctrl-C ends");
        assert!(lines[3].contains("s4"), "{lines:#?}");
        // Where nobody answers, the time is that of what is shown.
        screen.take(Round { at: "2026-01-31T20:00:20Z".parse().unwrap(), accounts: vec![None, None] });
        assert!(screen.head().starts_with("2026-01-31 20:00:10 UTC"));
    }

    #[test]
    fn before_the_first_answer_and_where_nothing_is_live_there_is_a_line_too() {
        let told = ["error: no answer".to_owned()];
        let none = screen(vec![None]).lines(&wide(), (24, 80), &told).unwrap();
        assert_eq!(none, ["no answer yet; every 10s, Ctrl-C ends", "error: no answer"]);
        let empty = screen(vec![Some(Vec::new())]).lines(&wide(), (24, 80), &[]).unwrap();
        assert_eq!(empty, ["2026-01-31 20:00:00 UTC  0 streams  0 bit/s  every 10s, Ctrl-C ends"]);
    }

    #[test]
    fn what_was_asked_of_the_rows_is_kept() {
        let sorted = Style { sort_by: Some("stream".to_owned()), limit: Some(2), header: false, ..wide() };
        let lines = two().lines(&sorted, (24, 100), &[]).unwrap();
        assert_eq!(lines.len(), 3, "of three streams the two fastest, by their names");
        assert!(lines[1].contains("s1") && lines[2].contains("s3"), "{lines:#?}");
    }

    #[test]
    fn what_a_vendor_tells_cannot_steer_the_terminal() {
        let hostile = screen(vec![Some(vec![row("tencent", "\u{1b}[2J\r\n", json!(1), NOW)])]);
        let lines = hostile.lines(&wide(), (24, 120), &["error: \u{1b}]0;title\u{7}".to_owned()]).unwrap();
        assert!(!lines.concat().contains(char::is_control), "{lines:?}");
    }

    #[test]
    fn times_gone_by_have_two_units() {
        for (seconds, told) in
            [(-5, "0s"), (0, "0s"), (59, "59s"), (725, "12m 5s"), (11_520, "3h 12m"), (187_200, "2d 4h")]
        {
            assert_eq!(age(SignedDuration::from_secs(seconds)), told);
        }
    }
}
