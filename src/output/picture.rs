//! Series as a picture for a report: an SVG file with axes, a line for each series, and a legend below.

use jiff::Timestamp;
use svg::Document;
use svg::node::element::{Group, Line, Path, Rectangle, Text, Title};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::chart::{amount, cut};
use super::plain;
use super::ticks::{levels, times};

/// Lengths are tenths of a pixel: whole numbers are the same on every machine.
const PIXEL: i64 = 10;

const WIDTH: i64 = 960 * PIXEL;
const LEFT: i64 = 92 * PIXEL;
const RIGHT: i64 = WIDTH - 40 * PIXEL;
const TOP: i64 = 70 * PIXEL;
const BOTTOM: i64 = 390 * PIXEL;

/// From the ground to the first line of the legend.
const LEGEND: i64 = 82 * PIXEL;

/// From one line of the legend to the next.
const LINE: i64 = 20 * PIXEL;

/// Where the highest points and the percentiles end.
const PEAKS: i64 = RIGHT - 110 * PIXEL;

/// What stands alone is drawn so wide at least, or nobody would see it.
const NARROWEST: i64 = 3 * PIXEL;

/// Columns of a name that are shown; all of it is the title of its line.
const LONGEST: usize = 88;

/// So many of them are its end, which tells the vendor and the profile.
const LONGEST_END: usize = 32;

/// The colours of Okabe and Ito, which people who see fewer colours tell apart; without those too pale for a white ground.
const COLOURS: [&str; 7] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];

/// How lines are broken where the colours come again.
const DASHES: [&str; 5] = ["none", "6 3", "2 3", "10 3 2 3", "14 6"];

const INK: &str = "#222222";
const PALE_INK: &str = "#555555";
const GRID: &str = "#e0e0e0";
const ALARM: &str = "#b3261e";

/// Latin letters first, then what has Chinese ones on macOS, Windows and Linux.
const FONTS: &str =
    "Helvetica, Arial, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', sans-serif";

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture<'a> {
    /// Above it.
    pub title: &'a str,
    /// `bit/s`, `bytes` or `viewers`.
    pub unit: &'a str,
    /// From when on.
    pub since: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// The width of a point in seconds.
    pub width_of_point: i64,
    /// Which percentile the legend tells.
    pub percentile: u8,
    /// Whether something could not be read, and is missing.
    pub incomplete: bool,
    /// The lines, in the order of the legend.
    pub series: Vec<Drawn<'a>>,
}

/// One line of a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn<'a> {
    /// Whose it is.
    pub name: String,
    /// Its highest value.
    pub peak: Option<u64>,
    /// Its value at the percentile.
    pub percentile: Option<u64>,
    /// Where each point begins, and its value; in the order of time.
    pub points: &'a [(Timestamp, u64)],
}

/// Points that follow each other without a gap.
#[derive(Debug, PartialEq)]
struct Run {
    /// Where each value begins, and how high it is; values that are the same are one.
    steps: Vec<(i64, i64)>,
    /// Where the last one ends.
    end: i64,
    /// The same in seconds.
    until: i64,
}

impl Picture<'_> {
    /// The picture as the text of an SVG file: the same bytes for the same points.
    pub fn svg(&self) -> String {
        let highest = self.series.iter().flat_map(|one| one.points).map(|(_, value)| *value).max();
        let levels = levels(highest.unwrap_or(0));
        let top = levels.last().copied().unwrap_or(1);
        let lines = i64::try_from(self.series.len()).unwrap_or(0);
        let height = BOTTOM + LEGEND + lines * LINE + LINE / 2;
        let mut document = Document::new()
            .set("version", "1.1")
            .set("width", px(WIDTH))
            .set("height", px(height))
            .set("viewBox", format!("0 0 {} {}", px(WIDTH), px(height)))
            .set("font-family", FONTS)
            .set("font-size", "12")
            .set("fill", INK)
            .add(Title::new(clean(self.title)))
            .add(Rectangle::new().set("width", "100%").set("height", "100%").set("fill", "#ffffff"))
            .add(self.heading())
            .add(self.levels(&levels, top))
            .add(self.times());
        for (at, one) in self.series.iter().enumerate() {
            document = document.add(self.line(at, one, top));
        }
        document = document.add(ground());
        if highest.is_none() {
            let middle = Text::new("no points").set("font-size", "16").set("fill", PALE_INK);
            document = document.add(placed(middle, i64::midpoint(LEFT, RIGHT), i64::midpoint(TOP, BOTTOM), "middle"));
        } else {
            document = document.add(self.legend());
        }
        format!("{document}\n")
    }

    fn heading(&self) -> Group {
        let time = |time: Timestamp| time.strftime("%Y-%m-%d %H:%M").to_string();
        let title = Text::new(shortened(&clean(self.title))).set("font-size", "17").set("font-weight", "bold");
        let width = match self.width_of_point {
            3600 => "1 hour".to_owned(),
            seconds => format!("{} minutes", seconds / 60),
        };
        let window = format!("{} to {} UTC, points of {width}", time(self.since), time(self.until));
        let mut heading = Group::new().add(placed(title, LEFT, 30 * PIXEL, "start")).add(placed(
            Text::new(window).set("fill", PALE_INK),
            LEFT,
            50 * PIXEL,
            "start",
        ));
        if self.incomplete {
            let told = Text::new("incomplete: a part could not be read").set("fill", ALARM);
            heading = heading.add(placed(told.set("font-weight", "bold"), RIGHT, 50 * PIXEL, "end"));
        }
        heading
    }

    /// The lines across, and what they mean.
    fn levels(&self, levels: &[u64], top: u64) -> Group {
        let mut group = Group::new().set("fill", PALE_INK).set("stroke-width", "1");
        for level in levels {
            let y = height(*level, top);
            let label = Text::new(amount(*level, self.unit));
            group = group.add(rule((LEFT, y), (RIGHT, y)).set("stroke", GRID)).add(placed(
                label,
                LEFT - 8 * PIXEL,
                y + 4 * PIXEL,
                "end",
            ));
        }
        group
    }

    /// The ticks of time, and what they mean.
    fn times(&self) -> Group {
        let mut group = Group::new().set("fill", PALE_INK).set("stroke-width", "1");
        for tick in times(self.since, self.until) {
            let x = self.across(tick.at.as_second());
            group = group
                .add(rule((x, TOP), (x, BOTTOM)).set("stroke", GRID))
                .add(rule((x, BOTTOM), (x, BOTTOM + 5 * PIXEL)).set("stroke", PALE_INK))
                .add(placed(Text::new(tick.label), x, BOTTOM + 18 * PIXEL, "middle"));
            if let Some(below) = tick.below {
                group = group.add(placed(Text::new(below), x, BOTTOM + 33 * PIXEL, "middle"));
            }
        }
        group
    }

    /// The line of a series; of a single one also the area below it.
    fn line(&self, at: usize, one: &Drawn<'_>, top: u64) -> Group {
        let runs = self.runs(one.points, top);
        let (colour, dash) = look(at);
        let mut group = Group::new().set("fill", "none").add(Title::new(clean(&one.name)));
        if self.series.len() == 1 {
            let area: String = runs.iter().map(Run::area).collect();
            group = group
                .add(Path::new().set("class", "area").set("fill", colour).set("fill-opacity", "0.15").set("d", area));
        }
        let outline: String = runs.iter().map(Run::outline).collect();
        let path =
            Path::new().set("class", "series").set("d", outline).set("stroke", colour).set("stroke-width", "1.5");
        group.add(path.set("stroke-dasharray", dash).set("stroke-linecap", "round").set("stroke-linejoin", "round"))
    }

    /// The points as steps: each value holds from where its point begins to where the next one does.
    fn runs(&self, points: &[(Timestamp, u64)], top: u64) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for (at, value) in points {
            let from = at.as_second();
            let until = from.saturating_add(self.width_of_point.max(1));
            if until <= self.since.as_second() || from >= self.until.as_second() {
                continue;
            }
            let (start, end, y) = (self.across(from), self.across(until), height(*value, top));
            match runs.last_mut() {
                Some(run) if run.until >= from => {
                    if run.steps.last().is_none_or(|(_, last)| *last != y) {
                        run.steps.push((start, y));
                    }
                    (run.end, run.until) = (end, until);
                }
                _ => runs.push(Run { steps: vec![(start, y)], end, until }),
            }
        }
        runs
    }

    fn legend(&self) -> Group {
        let mut legend = Group::new();
        let mut y = BOTTOM + LEGEND - LINE;
        let percentile = format!("p{}", self.percentile);
        for (head, x) in [("peak", PEAKS), (percentile.as_str(), RIGHT)] {
            legend = legend.add(placed(Text::new(head).set("fill", PALE_INK), x, y, "end"));
        }
        for (at, one) in self.series.iter().enumerate() {
            y += LINE;
            let (colour, dash) = look(at);
            let (name, middle) = (clean(&one.name), y - 4 * PIXEL);
            let sample = rule((LEFT, middle), (LEFT + 32 * PIXEL, middle)).set("stroke", colour);
            let mut group = Group::new()
                .add(Title::new(name.as_str()))
                .add(sample.set("stroke-width", "3").set("stroke-dasharray", dash))
                .add(placed(Text::new(shortened(&name)), LEFT + 42 * PIXEL, y, "start"));
            for (value, x) in [(one.peak, PEAKS), (one.percentile, RIGHT)] {
                let value = value.map_or_else(|| "–".to_owned(), |value| amount(value, self.unit));
                group = group.add(placed(Text::new(value), x, y, "end"));
            }
            legend = legend.add(group);
        }
        legend
    }

    /// Where a second stands from the left.
    fn across(&self, second: i64) -> i64 {
        let (since, until) = (self.since.as_second(), self.until.as_second());
        LEFT + (second.clamp(since, until.max(since)) - since) * (RIGHT - LEFT) / (until - since).max(1)
    }
}

impl Run {
    fn outline(&self) -> String {
        let (start, y) = self.steps.first().copied().unwrap_or_default();
        format!("M{} {}{}", px(start), px(y), self.course())
    }

    fn area(&self) -> String {
        let (start, y) = self.steps.first().copied().unwrap_or_default();
        format!("M{} {}V{}{}V{}Z", px(start), px(BOTTOM), px(y), self.course(), px(BOTTOM))
    }

    /// The way from the first value to the end.
    fn course(&self) -> String {
        let start = self.steps.first().map_or(self.end, |(start, _)| *start);
        let end = self.end.max(start + NARROWEST).min(RIGHT);
        let steps = self.steps.iter().skip(1).map(|(x, y)| format!("H{}V{}", px(*x), px(*y)));
        steps.chain([format!("H{}", px(end))]).collect()
    }
}

/// How high a value stands, from above.
fn height(value: u64, top: u64) -> i64 {
    let whole = u128::from((BOTTOM - TOP).unsigned_abs());
    let up = (u128::from(value) * whole + u128::from(top) / 2) / u128::from(top.max(1));
    BOTTOM - i64::try_from(up).unwrap_or(0)
}

/// The colour and the dashes of a line.
fn look(at: usize) -> (&'static str, &'static str) {
    (COLOURS[at % COLOURS.len()], DASHES[at / COLOURS.len() % DASHES.len()])
}

/// The two axes.
fn ground() -> Group {
    let axes = Group::new().set("stroke", PALE_INK).set("stroke-width", "1");
    axes.add(rule((LEFT, BOTTOM), (RIGHT, BOTTOM))).add(rule((LEFT, TOP), (LEFT, BOTTOM)))
}

fn rule(from: (i64, i64), to: (i64, i64)) -> Line {
    Line::new().set("x1", px(from.0)).set("y1", px(from.1)).set("x2", px(to.0)).set("y2", px(to.1))
}

fn placed(text: Text, x: i64, y: i64, anchor: &str) -> Text {
    text.set("x", px(x)).set("y", px(y)).set("text-anchor", anchor)
}

/// A length in pixels.
fn px(tenths: i64) -> String {
    match tenths % PIXEL {
        0 => (tenths / PIXEL).to_string(),
        rest => format!("{}.{}", tenths / PIXEL, rest.abs()),
    }
}

/// A name without its middle, where it is too long: its beginning and its end tell it from others.
fn shortened(name: &str) -> String {
    if name.width() <= LONGEST {
        return name.to_owned();
    }
    let mut room = LONGEST_END;
    let fits = |letter: &char| {
        let wide = letter.width().unwrap_or(0);
        let fits = wide <= room;
        room = room.saturating_sub(wide);
        fits
    };
    let end: Vec<char> = name.chars().rev().take_while(fits).collect();
    let begin = cut(name, LONGEST - LONGEST_END);
    begin.chars().chain(end.into_iter().rev()).collect()
}

/// A text without what cannot stand in XML, or would steer who reads it.
fn clean(text: &str) -> String {
    plain(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

#[cfg(test)]
mod tests;
