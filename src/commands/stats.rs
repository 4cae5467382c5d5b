//! `livectl stats bandwidth`, `traffic` and `online`: points of all accounts, as rows, sums, summaries or charts;
//! and `livectl stats faults`.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::cli::{FaultsQuery, StatsCommand, StatsQuery};
use crate::commands::Ending;
use crate::commands::api::object;
use crate::commands::faults::Faults;
use crate::commands::portable::{self, Portable};
use crate::commands::session::Session;
use crate::error::{Error, Result};
use crate::model::time::{TIME_FORMS, parse_time, to_row};
use crate::model::{Columns, PushFaultRow, Row, StatsArgs, StatsRow, StatsVerb, Vendor};
use crate::output::{self, Chart, Format, Shape, amount};
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

const SECOND: SignedDuration = SignedDuration::from_secs(1);

/// A chart where nobody says how wide the terminal is.
const WIDTH: usize = 80;

/// Carries out `livectl stats bandwidth`, `traffic`, `online` or `faults`.
///
/// # Errors
/// Wrong values, all told at once; the vendor's; `partial` where some of several failed.
pub(super) async fn run(session: &Session, command: StatsCommand) -> Result<Ending> {
    let (verb, asked) = match command {
        StatsCommand::Bandwidth(asked) => (StatsVerb::Bandwidth, asked),
        StatsCommand::Traffic(asked) => (StatsVerb::Traffic, asked),
        StatsCommand::Online(asked) => (StatsVerb::Online, asked),
        StatsCommand::Faults(asked) => return portable::run(session, faults(session, &asked)?).await,
    };
    check_output(session, &asked)?;
    let args = args(session, &asked)?;
    let portable = portable(verb, args.clone());
    if session.global.raw || !(asked.sum || asked.summary || asked.plot) {
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
    if asked.plot {
        plot(session, verb, &args, &asked, &all)?;
    } else {
        let columns = if asked.summary { SUMMARY } else { StatsRow::COLUMNS };
        let mut sink = session.sink(Shape::List, columns, 2);
        'all: for series in &all {
            let rows =
                if asked.summary { vec![series.summary(verb, &args, asked.percentile)] } else { series.rows(verb) };
            for row in rows {
                if !sink.push(row)? {
                    break 'all;
                }
            }
        }
        sink.finish()?;
    }
    outcome.map(|()| Ending::Done)
}

/// A verb of `stats`, to be run.
pub(super) fn portable(verb: StatsVerb, args: StatsArgs) -> Portable {
    let columns = if verb == StatsVerb::Faults { PushFaultRow::COLUMNS } else { StatsRow::COLUMNS };
    Portable { changing: false, ..Portable::new("stats", (verb, verb.name()), columns, args, Provider::stats) }
}

/// Reads `livectl stats faults`.
///
/// # Errors
/// Wrong values, all told at once.
fn faults(session: &Session, asked: &FaultsQuery) -> Result<Portable> {
    let mut faults = Faults::default();
    let (since, until) = window(session, &mut faults, (&asked.since, &asked.until), SECOND);
    check_domains(&mut faults, &asked.domain);
    faults.finish("reading the faults of pushes")?;
    // Nothing has an interval but points.
    let interval = SignedDuration::ZERO;
    let args = StatsArgs { domains: distinct(&asked.domain), since, until, interval, now: session.now };
    Ok(portable(StatsVerb::Faults, args))
}

/// Refuses options about rows where there are none, or not those of the vendor.
///
/// # Errors
/// Usage, naming what to leave out.
fn check_output(session: &Session, asked: &StatsQuery) -> Result<()> {
    if asked.plot && session.global.output.is_some_and(|format| format != Format::Table) {
        return Err(Error::usage("drawing the chart: it is for people; leave out `--output`, or `--plot`"));
    }
    let given = session.about_rows();
    let made = [("--plot", asked.plot), ("--summary", asked.summary), ("--sum", asked.sum)];
    let made = made.into_iter().find(|(_, asked)| *asked).map(|(option, _)| option);
    match (made, given.as_slice()) {
        (Some("--plot"), [_, ..]) => {
            Err(Error::usage(format!("drawing the chart: it has no rows; leave out {}", given.join(", "))))
        }
        (Some(option), ["--raw", ..]) => Err(Error::usage(format!(
            "reading the statistics: {option} is computed here, and no vendor's; leave out it, or --raw"
        ))),
        _ => Ok(()),
    }
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
    let interval = faults.pick("--interval", Some(&asked.interval), INTERVALS).unwrap_or_default();
    let (since, until) = window(session, &mut faults, (&asked.since, &asked.until), interval);
    check_domains(&mut faults, &asked.domain);
    faults.finish("reading the statistics")?;
    Ok(StatsArgs { domains: distinct(&asked.domain), since, until, interval, now: session.now })
}

/// The time from `--since` until `--until`, both where a point begins; what is wrong with them goes to the faults.
fn window(
    session: &Session,
    faults: &mut Faults,
    (since, until): (&str, &str),
    point: SignedDuration,
) -> (Timestamp, Timestamp) {
    let mut instant = |option: &str, given: &str| {
        let time = faults.read(option, Some(given), TIME_FORMS, |text| parse_time(text, session.now).ok())?;
        let second = time.as_second() - time.as_second().rem_euclid(point.as_secs().max(1));
        Timestamp::from_second(second).ok()
    };
    let window = instant("--since", since).zip(instant("--until", until));
    if window.is_some_and(|(since, until)| until <= since) {
        let by = if point > SECOND { ", by one point at least" } else { "" };
        faults.add("--until", Some(until), format!("a time later than --since{by}"));
    }
    window.unwrap_or_default()
}

fn check_domains(faults: &mut Faults, domains: &[String]) {
    if domains.iter().any(String::is_empty) {
        faults.add("--domain", Some(""), "a domain");
    }
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
        let name = |value: &Value| value.as_str().map(str::to_owned);
        let parts = [name(&one.domain), name(&one.vendor), name(&one.profile)];
        let whose = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let whose = if whose.is_empty() { "all together".to_owned() } else { whose };
        let values = one.points.iter().map(|(_, value)| *value).collect();
        let peak = one.peak().map(|(_, value)| format!("peak {}", amount(value, verb.unit())));
        let percentile = at_percentile(values, asked.percentile);
        let percentile = percentile.map(|value| format!("p{} {}", asked.percentile, amount(value, verb.unit())));
        let figures = peak.into_iter().chain(percentile).collect::<Vec<_>>().join(", ");
        let what = if verb == StatsVerb::Online { verb.unit() } else { verb.name() };
        let title = format!("{what} of {whose}");
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
