//! `livectl stats bandwidth`, `traffic` and `online`: points of all accounts, as rows, sums, summaries or charts;
//! and `livectl stats faults`.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use crate::cli::{FaultsQuery, StatsCommand, StatsQuery};
use crate::commands::Ending;
use crate::commands::faults::Faults;
use crate::commands::portable::{self, Portable};
use crate::commands::session::Session;
use crate::commands::whole_file;
use crate::error::{Error, Result};
use crate::model::time::{TIME_FORMS, parse_time};
use crate::model::{Columns, PushFaultRow, StatsArgs, StatsRow, StatsVerb, Vendor};
use crate::output::{self, Chart, Drawn, Format, Picture, Shape, amount};
use crate::providers::Provider;

mod series;

use series::{Series, series, sum};

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
    if let Some(file) = asked.plot_file.as_deref().filter(|file| !is_stdout(file)) {
        whole_file::check(file, "the chart")?;
    }
    let portable = portable(verb, args.clone());
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
    check_domains(&mut faults, "--domain", &asked.domain);
    faults.finish("reading the faults of pushes")?;
    // Nothing has an interval but points.
    let interval = SignedDuration::ZERO;
    let args = StatsArgs { domains: distinct(&asked.domain), since, until, interval, now: session.now };
    Ok(portable(StatsVerb::Faults, args))
}

/// Prints the points or the summary of each series.
fn print(session: &Session, verb: StatsVerb, args: &StatsArgs, asked: &StatsQuery, all: &[Series]) -> Result<()> {
    let columns = if asked.summary { SUMMARY } else { StatsRow::COLUMNS };
    let whose = |one: &Series| (one.vendor.clone(), one.profile.clone());
    let several = all.iter().any(|one| all.first().map(whose) != Some(whose(one)));
    let mut sink = session.sink(Shape::List, columns, if several { 2 } else { 1 });
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
    let interval = faults.pick("--interval", Some(&asked.interval), INTERVALS).unwrap_or_default();
    let (since, until) = window(session, &mut faults, (&asked.since, &asked.until), interval);
    check_domains(&mut faults, "--domain", &asked.domain);
    let can_be_drawn =
        |file: &Path| is_stdout(file) || file.extension().is_some_and(|end| end.eq_ignore_ascii_case("svg"));
    if let Some(file) = asked.plot_file.as_deref().filter(|file| !can_be_drawn(file)) {
        faults.add("--plot-file", Some(&file.display().to_string()), "a file that ends in .svg, or - for stdout");
    }
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

/// Domains that are no names, as from a variable that is not set.
pub(super) fn check_domains(faults: &mut Faults, option: &str, domains: &[String]) {
    if domains.iter().any(|domain| domain.trim().is_empty()) {
        faults.add(option, Some(""), "a domain");
    }
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
