//! A series as a chart for a terminal: filled columns, eight steps a line, labels beside and below.

use jiff::Timestamp;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::plain;

/// Lines of a chart's columns.
const HEIGHT: usize = 8;

/// The steps of one character.
const STEPS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The columns beside their labels are no fewer than this, or the labels go.
const FEWEST_COLUMNS: usize = 16;

/// What is charted.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart<'a> {
    /// Above it.
    pub title: &'a str,
    /// Behind the title; below it, where the terminal is too narrow for both.
    pub figures: &'a str,
    /// Where each point begins, and its value; in the order of time.
    pub points: &'a [(Timestamp, u64)],
    /// The width of a point in seconds.
    pub width_of_point: i64,
    /// From when on.
    pub since: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// `bit/s`, `bytes` or `viewers`.
    pub unit: &'a str,
}

impl Chart<'_> {
    /// The lines of the chart, none wider than `width`, which is two at least.
    pub fn lines(&self, width: usize) -> Vec<String> {
        let top = self.points.iter().map(|(_, value)| *value).max().unwrap_or(0);
        let (most, half) = (amount(top, self.unit), amount(top / 2, self.unit));
        let label = most.width().max(half.width()).max(1);
        let labelled = width >= label + 2 + FEWEST_COLUMNS;
        let columns = if labelled { width - label - 2 } else { width.saturating_sub(1).max(1) };
        let heights = self.heights(columns, top);
        let mut lines = self.heading(width);
        for line in (0..HEIGHT).rev() {
            let text = match line {
                line if line == HEIGHT - 1 => most.as_str(),
                line if line == HEIGHT / 2 - 1 => half.as_str(),
                _ => "",
            };
            let joint = if text.is_empty() { '│' } else { '┤' };
            let cells: String = heights
                .iter()
                .map(|height| match height {
                    Some(height) => STEPS[height.saturating_sub(line * 8).min(8)],
                    None => ' ',
                })
                .collect();
            let text = if labelled { format!("{}{text} ", " ".repeat(label - text.width())) } else { String::new() };
            lines.push(format!("{text}{joint}{cells}").trim_end().to_owned());
        }
        let left = if labelled { format!("{}0 ", " ".repeat(label - 1)) } else { String::new() };
        // Where nothing is told, the line of the ground is broken.
        let ground: String = heights.iter().map(|height| if height.is_some() { '─' } else { '╌' }).collect();
        lines.push(format!("{left}└{ground}"));
        lines.push(self.times(if labelled { label + 2 } else { 1 }, columns));
        lines
    }

    fn heading(&self, width: usize) -> Vec<String> {
        let title = plain(self.title);
        let both = format!("{title}: {}", self.figures);
        match self.figures {
            "" => vec![cut(&title, width)],
            _ if both.width() <= width => vec![both],
            figures => vec![cut(&title, width), cut(figures, width)],
        }
    }

    /// How high each column is, in steps; `None` where there is no point.
    fn heights(&self, columns: usize, top: u64) -> Vec<Option<usize>> {
        let (begin, span) = (self.since.as_second(), (self.until.as_second() - self.since.as_second()).max(1));
        let count = i64::try_from(columns).unwrap_or(1).max(1);
        let edge = |column: i64| begin + span * column / count;
        let steps = u128::try_from(HEIGHT * 8).unwrap_or(1);
        (0..count)
            .map(|column| {
                let (from, to) = (edge(column), edge(column + 1).max(edge(column) + 1));
                let inside = |at: i64| at < to && at + self.width_of_point.max(1) > from;
                let here = self.points.iter().filter(|(at, _)| inside(at.as_second()));
                let value = here.map(|(_, value)| *value).max()?;
                let height = (u128::from(value) * steps).div_ceil(u128::from(top.max(1)));
                usize::try_from(height).ok()
            })
            .collect()
    }

    /// The times below: the first, the last, and one in the middle where there is room.
    fn times(&self, left: usize, columns: usize) -> String {
        let day = self.until.as_second() - self.since.as_second() <= 24 * 3600;
        let form = if day { "%H:%M" } else { "%m-%d %H:%M" };
        let middle = Timestamp::from_second(i64::midpoint(self.since.as_second(), self.until.as_second()));
        let text = |time: Timestamp| time.strftime(form).to_string();
        let (first, last) = (text(self.since), format!("{} UTC", text(self.until)));
        let mut line = format!("{}{first}", " ".repeat(left));
        if columns < first.len() + last.len() + 2 {
            return if columns < first.len() { String::new() } else { line };
        }
        let centre = middle.map(text).unwrap_or_default();
        let at = left + columns / 2 - centre.len() / 2;
        if columns > first.len() + last.len() + centre.len() + 6 {
            line.push_str(&" ".repeat(at.saturating_sub(line.len())));
            line.push_str(&centre);
        }
        let end = left + columns;
        line.push_str(&" ".repeat((end - last.len()).saturating_sub(line.len())));
        line + &last
    }
}

/// A number as people read it: three digits, a prefix, the unit.
pub fn amount(value: u64, unit: &str) -> String {
    let short = match unit {
        "bytes" => "B",
        "viewers" => "",
        other => other,
    };
    let mut rest = value;
    let mut below = 0;
    let mut prefixes = ["", "k", "M", "G", "T", "P", "E"].into_iter();
    let mut prefix = prefixes.next().unwrap_or_default();
    while rest >= 1000 {
        let Some(next) = prefixes.next() else { break };
        below = rest % 1000;
        rest /= 1000;
        prefix = next;
    }
    let number = match (prefix, rest) {
        ("", _) | (_, 100..) => rest.to_string(),
        (_, 10..) => format!("{rest}.{}", below / 100),
        _ => format!("{rest}.{:02}", below / 10),
    };
    let blank = if prefix.is_empty() && short.is_empty() { "" } else { " " };
    format!("{number}{blank}{prefix}{short}")
}

/// A text cut to so many columns of a terminal.
pub(super) fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut room = width.saturating_sub(1);
    let mut kept = String::new();
    for letter in text.chars() {
        let wide = letter.width().unwrap_or(0);
        if wide > room {
            break;
        }
        room -= wide;
        kept.push(letter);
    }
    kept + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn chart<'a>(points: &'a [(Timestamp, u64)], until: i64, unit: &'a str) -> Chart<'a> {
        Chart { title: "", figures: "", points, width_of_point: 300, since: at(0), until: at(until), unit }
    }

    #[test]
    fn figures_stand_behind_the_title_or_below_it() {
        let chart = Chart { title: "直播.中国", figures: "peak 1", ..chart(&[], 300, "bytes") };
        assert_eq!(chart.heading(17), ["直播.中国: peak 1"]);
        assert_eq!(chart.heading(16), ["直播.中国", "peak 1"]);
        assert_eq!(chart.heading(8), ["直播.中…", "peak 1"]);
    }

    #[test]
    fn amounts_have_three_digits_and_a_prefix() {
        for (value, unit, expected) in [
            (0, "bit/s", "0 bit/s"),
            (999, "bit/s", "999 bit/s"),
            (1000, "bit/s", "1.00 kbit/s"),
            (12_345_678, "bit/s", "12.3 Mbit/s"),
            (117_042_495_000, "bit/s", "117 Gbit/s"),
            (4_389_093_551_000, "bytes", "4.38 TB"),
            (42, "viewers", "42"),
            (130_171, "viewers", "130 k"),
            (u64::MAX, "bytes", "18.4 EB"),
        ] {
            assert_eq!(amount(value, unit), expected);
        }
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let points: Vec<(Timestamp, u64)> = (0..288).map(|n| (at(n * 300), (n * n) as u64 * 1_000_000)).collect();
        let (title, figures) = ("bandwidth of 直播域名.例子.中国 tencent", "peak 82.3 Gbit/s, p95 74.2 Gbit/s");
        let chart = Chart { title, figures, ..chart(&points, 86_400, "bit/s") };
        for width in 2..200 {
            for line in chart.lines(width) {
                assert!(line.width() <= width, "{width}: {line}");
            }
        }
    }

    #[test]
    fn columns_are_as_high_as_their_highest_point_and_gaps_are_seen() {
        let points = [(at(0), 8), (at(300), 4), (at(600), 0), (at(1200), 1)];
        let chart = Chart { title: "t", ..chart(&points, 1500, "viewers") };
        assert_eq!(chart.heights(5, 8), [Some(64), Some(32), Some(0), None, Some(8)]);
        assert_eq!(chart.heights(1, 8), [Some(64)]);
        let lines = chart.lines(28);
        assert_eq!(lines[0], "t");
        assert!(lines[1].starts_with("8 ┤█████"), "{lines:#?}");
        assert!(lines[HEIGHT + 1].starts_with("0 └") && lines[HEIGHT + 1].contains('╌'), "{lines:#?}");
    }

    #[test]
    fn nothing_at_all_is_an_empty_chart() {
        assert_eq!(chart(&[], 300, "bytes").lines(40).len(), HEIGHT + 3);
    }
}
