//! `livectl stats bandwidth`, `traffic` and `online`: points of all accounts, as rows, sums, summaries or charts.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::cli::{StatsCommand, StatsQuery};
use crate::commands::Ending;
use crate::commands::api::object;
use crate::commands::faults::Faults;
use crate::commands::portable::{self, Portable};
use crate::commands::session::Session;
use crate::commands::whole_file;
use crate::error::{Error, Result};
use crate::model::time::{TIME_FORMS, parse_time, to_row};
use crate::model::{Columns, Row, StatsArgs, StatsRow, StatsVerb, Vendor};
use crate::output::{self, Chart, Drawn, Format, Picture, Shape, amount};
use crate::providers::Provider;

const INTERVALS: &[(&str, SignedDuration)] =
    &[("5m", SignedDuration::from_mins(5)), ("1h", SignedDuration::from_hours(1))];

const SUMMARY: Columns = &[
    "vendor",
    "profile",
    "domain",
    "metric",
    "unit",
    "since",
    "until",
    "points",
    "peak",
    "peak_time",
    "average",
    "percentile",
    "percentile_value",
    "total",
];

/// A chart where nobody says how wide the terminal is.
const WIDTH: usize = 80;

/// Carries out `livectl stats bandwidth`, `traffic` or `online`.
///
/// # Errors
/// Wrong values, all told at once; the vendor's; `partial` where some of several failed.
pub(super) async fn run(session: &Session, command: StatsCommand) -> Result<Ending> {
    let (verb, asked) = match command {
        StatsCommand::Bandwidth(asked) => (StatsVerb::Bandwidth, asked),
        StatsCommand::Traffic(asked) => (StatsVerb::Traffic, asked),
        StatsCommand::Online(asked) => (StatsVerb::Online, asked),
    };
    check_output(session, &asked)?;
    let args = args(session, &asked)?;
    if let Some(file) = asked.plot_file.as_deref().filter(|file| !is_stdout(file)) {
        whole_file::check(file, "the chart")?;
    }
    let portable = Portable {
        changing: false,
        ..Portable::new("stats", (verb, verb.name()), StatsRow::COLUMNS, args.clone(), Provider::stats)
    };
    let drawn = asked.plot || asked.plot_file.is_some();
    if session.global.raw || !(asked.sum || asked.summary || drawn) {
        return portable::run(session, portable).await;
    }
    let (rows, outcome) = portable::gather(session, portable).await?;
    let mut all = series(&rows);
    if asked.sum {
        if verb == StatsVerb::Online && tells_otherwise(&all) {
            session.stderr.warn(
                "Aliyun tells the viewers at one moment, that of --until: the sum has a row of Aliyun alone there, and \
                 nothing of Aliyun at the other times",
            );
        }
        all = vec![sum(all)];
    }
    if let Some(file) = &asked.plot_file
        // A picture of nothing would only replace one of something.
        && (outcome.is_ok() || all.iter().any(|one| !one.points.is_empty()))
    {
        draw(session, file, &picture(verb, &args, &asked, &all, outcome.is_err()))?;
    }
    if asked.plot {
        plot(session, verb, &args, &asked, &all)?;
    }
    if !drawn {
        print(session, verb, &args, &asked, &all)?;
    }
    outcome.map(|()| Ending::Done)
}

/// Prints the points or the summary of each series.
fn print(session: &Session, verb: StatsVerb, args: &StatsArgs, asked: &StatsQuery, all: &[Series]) -> Result<()> {
    let columns = if asked.summary { SUMMARY } else { StatsRow::COLUMNS };
    let mut sink = session.sink(Shape::List, columns, 2);
    'all: for series in all {
        let rows = if asked.summary { vec![series.summary(verb, args, asked.percentile)] } else { series.rows(verb) };
        for row in rows {
            if !sink.push(row)? {
                break 'all;
            }
        }
    }
    sink.finish()
}

/// Refuses options about rows where there are none, or not those of the vendor.
///
/// # Errors
/// Usage, naming what to leave out.
fn check_output(session: &Session, asked: &StatsQuery) -> Result<()> {
    let refused = |why: String| Err(Error::usage(format!("drawing the chart: {why}")));
    let drawn = match (asked.plot, asked.plot_file.is_some()) {
        (false, false) => None,
        (true, false) => Some(("it is for people", "`--plot`")),
        (false, true) => Some(("it is an SVG picture", "`--plot-file`")),
        (true, true) => Some(("it is for people", "`--plot` and `--plot-file`")),
    };
    if let Some((told, options)) = drawn
        && session.own_format().is_some_and(|format| format != Format::Table)
    {
        return refused(format!("{told}; leave out `--output`, or {options}"));
    }
    if asked.plot && asked.plot_file.as_deref().is_some_and(is_stdout) {
        return refused("both would be on stdout; leave out `--plot`, or name a file in `--plot-file FILE`".to_owned());
    }
    let given = session.about_rows();
    if drawn.is_some() && !given.is_empty() {
        return refused(format!("it has no rows; leave out {}", given.join(", ")));
    }
    let made = [("--summary", asked.summary), ("--sum", asked.sum)].into_iter().find(|(_, asked)| *asked);
    match (made, given.as_slice()) {
        (Some((option, _)), ["--raw", ..]) => Err(Error::usage(format!(
            "reading the statistics: {option} is computed here, and no vendor's; leave out it, or --raw"
        ))),
        _ => Ok(()),
    }
}

/// Whether `-` is given for a file.
fn is_stdout(file: &Path) -> bool {
    file == Path::new("-")
}

/// The domains without those that were named before: nobody wants their points twice.
pub(super) fn distinct(domains: &[String]) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for domain in domains {
        if !seen.iter().any(|known| known.eq_ignore_ascii_case(domain)) {
            seen.push(domain.clone());
        }
    }
    seen
}

/// Whether there are viewers of Aliyun beside those of another vendor.
fn tells_otherwise(all: &[Series]) -> bool {
    let is_aliyun = |one: &Series| one.vendor == Vendor::Aliyun.name();
    all.iter().any(is_aliyun) && !all.iter().all(is_aliyun)
}

fn args(session: &Session, asked: &StatsQuery) -> Result<StatsArgs> {
    let mut faults = Faults::default();
    let mut instant = |option: &str, given: &str| {
        faults.read(option, Some(given), TIME_FORMS, |text| parse_time(text, session.now).ok())
    };
    let window = instant("--since", &asked.since).zip(instant("--until", &asked.until));
    let interval = faults.pick("--interval", Some(&asked.interval), INTERVALS).unwrap_or_default();
    let whole = |time: Timestamp| {
        let second = time.as_second() - time.as_second().rem_euclid(interval.as_secs().max(1));
        Timestamp::from_second(second).unwrap_or(time)
    };
    let window = window.map(|(since, until)| (whole(since), whole(until)));
    if window.is_some_and(|(since, until)| until <= since) {
        faults.add("--until", Some(&asked.until), "a time later than --since, by one point at least");
    }
    if asked.domain.iter().any(String::is_empty) {
        faults.add("--domain", Some(""), "a domain");
    }
    let can_be_drawn =
        |file: &Path| is_stdout(file) || file.extension().is_some_and(|end| end.eq_ignore_ascii_case("svg"));
    if let Some(file) = asked.plot_file.as_deref().filter(|file| !can_be_drawn(file)) {
        faults.add("--plot-file", Some(&file.display().to_string()), "a file that ends in .svg, or - for stdout");
    }
    faults.finish("reading the statistics")?;
    let (since, until) = window.unwrap_or_default();
    Ok(StatsArgs { domains: distinct(&asked.domain), since, until, interval, now: session.now })
}

/// The points of one domain of one account.
struct Series {
    vendor: Value,
    profile: Value,
    domain: Value,
    points: Vec<(Timestamp, u64)>,
}

fn series(rows: &[Row]) -> Vec<Series> {
    let mut all: Vec<Series> = Vec::new();
    for row in rows {
        let part = |name: &str| row.get(name).cloned().unwrap_or_default();
        let (vendor, profile, domain) = (part("vendor"), part("profile"), part("domain"));
        let point = part("time").as_str().and_then(|time| time.parse().ok()).zip(part("value").as_u64());
        let is_its = |one: &&mut Series| one.vendor == vendor && one.profile == profile && one.domain == domain;
        match all.iter_mut().find(is_its) {
            Some(one) => one.points.extend(point),
            None => all.push(Series { vendor, profile, domain, points: point.into_iter().collect() }),
        }
    }
    all
}

/// All series added up at each time.
fn sum(all: Vec<Series>) -> Series {
    let mut points: Vec<(Timestamp, u64)> = all.into_iter().flat_map(|one| one.points).collect();
    points.sort_by_key(|(at, _)| *at);
    let mut added: Vec<(Timestamp, u64)> = Vec::new();
    for (at, value) in points {
        match added.last_mut() {
            Some((last, total)) if *last == at => *total = total.saturating_add(value),
            _ => added.push((at, value)),
        }
    }
    Series { vendor: Value::Null, profile: Value::Null, domain: Value::Null, points: added }
}

impl Series {
    fn rows(&self, verb: StatsVerb) -> Vec<Row> {
        let row = |(at, value): &(Timestamp, u64)| {
            object(json!({
                "vendor": self.vendor, "profile": self.profile, "domain": self.domain, "time": to_row(*at),
                "metric": verb.name(), "value": value, "unit": verb.unit(),
            }))
        };
        self.points.iter().map(row).collect()
    }

    /// Whose it is.
    fn name(&self) -> String {
        let parts = [&self.domain, &self.vendor, &self.profile].into_iter().filter_map(Value::as_str);
        let whose = parts.collect::<Vec<_>>().join(" ");
        if whose.is_empty() { "all together".to_owned() } else { whose }
    }

    fn percentile(&self, percentile: u8) -> Option<u64> {
        at_percentile(self.points.iter().map(|(_, value)| *value).collect(), percentile)
    }

    /// The highest point; of several the first.
    fn peak(&self) -> Option<(Timestamp, u64)> {
        self.points.iter().copied().max_by_key(|(at, value)| (*value, std::cmp::Reverse(*at)))
    }

    fn summary(&self, verb: StatsVerb, args: &StatsArgs, percentile: u8) -> Row {
        let values: Vec<u64> = self.points.iter().map(|(_, value)| *value).collect();
        let total: u128 = values.iter().map(|value| u128::from(*value)).sum();
        let average = total.checked_div(values.len() as u128).and_then(|average| u64::try_from(average).ok());
        let total = u64::try_from(total).ok().filter(|_| verb == StatsVerb::Traffic);
        let peak = self.peak();
        object(json!({
            "vendor": self.vendor, "profile": self.profile, "domain": self.domain, "metric": verb.name(),
            "unit": verb.unit(), "since": to_row(args.since), "until": to_row(args.until), "points": values.len(),
            "peak": peak.map(|(_, value)| value), "peak_time": peak.map(|(at, _)| to_row(at)), "average": average,
            "percentile": percentile, "percentile_value": at_percentile(values, percentile), "total": total,
        }))
    }
}

/// The value at a percentile as vendors bill it: of n points, n × (100 − percentile) / 100, rounded down, are dropped from
/// the top, and the highest that is left counts. Tencent's example of `P95PeakBandwidth` (three points, the highest
/// counts) agrees.
fn at_percentile(mut values: Vec<u64>, percentile: u8) -> Option<u64> {
    values.sort_unstable_by(|one, other| other.cmp(one));
    let dropped = values.len() * usize::from(100_u8.saturating_sub(percentile)) / 100;
    values.get(dropped).copied()
}

fn plot(session: &Session, verb: StatsVerb, args: &StatsArgs, asked: &StatsQuery, all: &[Series]) -> Result<()> {
    let width = session.style(Format::Table, 1).width.unwrap_or(WIDTH);
    let mut lines: Vec<String> = Vec::new();
    for one in all {
        let peak = one.peak().map(|(_, value)| format!("peak {}", amount(value, verb.unit())));
        let percentile = one.percentile(asked.percentile);
        let percentile = percentile.map(|value| format!("p{} {}", asked.percentile, amount(value, verb.unit())));
        let figures = peak.into_iter().chain(percentile).collect::<Vec<_>>().join(", ");
        let title = format!("{} of {}", subject(verb), one.name());
        let chart = Chart {
            title: &title,
            figures: &figures,
            points: &one.points,
            width_of_point: args.interval.as_secs(),
            since: args.since,
            until: args.until,
            unit: verb.unit(),
        };
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(chart.lines(width));
    }
    let text = lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    output::write_text(&text, false, &mut std::io::stdout().lock())
}

/// What a chart shows, for its title.
fn subject(verb: StatsVerb) -> &'static str {
    if verb == StatsVerb::Online { verb.unit() } else { verb.name() }
}

/// All series as one picture.
fn picture<'a>(verb: StatsVerb, args: &StatsArgs, asked: &StatsQuery, all: &'a [Series], incomplete: bool) -> String {
    let what = subject(verb);
    let drawn = |one: &'a Series| Drawn {
        name: one.name(),
        peak: one.peak().map(|(_, value)| value),
        percentile: one.percentile(asked.percentile),
        points: &one.points,
    };
    let title = match all {
        [one] => format!("{what} of {}", one.name()),
        _ => what.to_owned(),
    };
    let picture = Picture {
        title: &title,
        unit: verb.unit(),
        since: args.since,
        until: args.until,
        width_of_point: args.interval.as_secs(),
        percentile: asked.percentile,
        incomplete,
        series: all.iter().map(drawn).collect(),
    };
    picture.svg()
}

/// Writes the picture to its file, or to stdout.
fn draw(session: &Session, file: &Path, svg: &str) -> Result<()> {
    if is_stdout(file) {
        return output::write_text(svg, false, &mut std::io::stdout().lock());
    }
    whole_file::write(file, svg.as_bytes(), "the chart")?;
    session.stderr.note(&format!("wrote `{}`", file.display()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_percentile_is_the_highest_point_that_is_not_dropped() {
        // Tencent's printed example: P95PeakBandwidth 117042.495 of these three.
        assert_eq!(at_percentile(vec![117_042_495, 110_364_995, 99_380_978], 95), Some(117_042_495));
        // By hand: of 288 points, 14 are dropped (14.4 rounded down), so the fifteenth highest counts.
        assert_eq!(at_percentile((1..=288).collect(), 95), Some(274));
        assert_eq!(at_percentile((1..=20).collect(), 95), Some(19));
        assert_eq!(at_percentile((1..=19).collect(), 95), Some(19));
        assert_eq!(at_percentile((1..=100).rev().collect(), 50), Some(50));
        assert_eq!(at_percentile(vec![7], 1), Some(7));
        assert_eq!(at_percentile(vec![7, 8], 100), Some(8));
        assert_eq!(at_percentile(vec![], 95), None);
    }

    #[test]
    fn sums_are_made_time_by_time() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let one = |points: &[(i64, u64)]| Series {
            vendor: "tencent".into(),
            profile: Value::Null,
            domain: Value::Null,
            points: points.iter().map(|(second, value)| (at(*second), *value)).collect(),
        };
        let added = sum(vec![one(&[(0, 1), (300, 2)]), one(&[(300, 5), (600, u64::MAX)]), one(&[(600, 1)])]);
        assert_eq!(added.points, [(at(0), 1), (at(300), 7), (at(600), u64::MAX)]);
        assert_eq!(added.peak(), Some((at(600), u64::MAX)));
    }
}
