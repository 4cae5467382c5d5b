//! `livectl timeshift url` and `timeline`: addresses, not Actions. No account is needed.

use std::io::IsTerminal;

use jiff::Timestamp;
use serde_json::json;

use crate::cli::{PlayedStream, ShiftedUrl, TimelineQuery, TimeshiftCommand};
use crate::commands::Ending;
use crate::commands::api::object;
use crate::commands::faults::Faults;
use crate::commands::redact;
use crate::commands::secret;
use crate::commands::sender::{Trust, sender, split_endpoint};
use crate::commands::session::Session;
use crate::config::{self, Selection};
use crate::error::{Error, Result};
use crate::model::time::{TIME_FORMS, parse_duration, parse_time, to_row};
use crate::model::{Columns, Row, Vendor};
use crate::output::{self, Format, Shape};
use crate::providers::time_shift::{self, Form, Place, Point, Slice, Spelling, Unit};
use crate::sandbox::Running;
use crate::send::Bound;

const FORMS: &[(&str, Form)] = &[("unix", Form::Unix), ("human", Form::Human)];
const UNITS: &[(&str, Unit)] =
    &[("s", Unit::Seconds), ("ms", Unit::Milliseconds), ("us", Unit::Microseconds), ("ns", Unit::Nanoseconds)];
const SCHEMES: &[(&str, &str)] = &[("https", "https"), ("http", "http")];
const KEPT_FORMATS: &[(&str, &str)] = &[("ts", "ts"), ("flv", "flv")];

/// A timeline is read up to so many bytes: more than all segments of 15 days.
const LARGEST_TIMELINE: usize = 64 << 20;

const URL_COLUMNS: Columns = &["vendor", "profile", "domain", "app", "stream", "url"];
const SLICE_COLUMNS: Columns = &["vendor", "profile", "start", "end", "seconds"];

/// Carries out `livectl timeshift …`.
///
/// # Errors
/// Wrong values, all told at once; a vendor without such addresses; the playback domain's own.
pub(super) async fn run(session: &Session, command: TimeshiftCommand) -> Result<Ending> {
    match command {
        TimeshiftCommand::Url(asked) => url(session, &asked),
        TimeshiftCommand::Timeline(asked) => timeline(session, &asked).await,
    }
}

/// Whose time shift is asked for: as the command line, the profile or the environment says, else whose it can be.
///
/// # Errors
/// Usage: a vendor without such addresses, a profile that is not there.
fn vendor(session: &Session, verb: &str) -> Result<(Vendor, Option<String>)> {
    let selection = session.selection(None, false)?;
    let mut vendors: Vec<Vendor> = selection.vendor.into_iter().collect();
    if !selection.profiles.is_empty() {
        let everybody = Selection { vendor: None, ..selection.clone() };
        let known = config::list(&session.environment, &everybody)?;
        for name in &selection.profiles {
            // A name that is not there is told with those that are.
            config::show(&session.environment, &everybody, name)?;
            vendors.extend(known.iter().filter(|profile| profile.name == *name).filter_map(|profile| profile.vendor));
        }
    } else if vendors.is_empty() {
        vendors.extend(selection.env_vendor);
    }
    vendors.into_iter().try_for_each(|vendor| time_shift::check(vendor, verb))?;
    let profile = selection.profiles.into_iter().next();
    Ok((time_shift::OFFERED_BY, profile))
}

fn url(session: &Session, asked: &ShiftedUrl) -> Result<Ending> {
    let (vendor, profile) = vendor(session, "url")?;
    let mut faults = Faults::default();
    check_place(&mut faults, &asked.place);
    let points = points(session, &mut faults, asked);
    let spelling = spelling(&mut faults, asked);
    let scheme = faults.pick("--scheme", Some(&asked.scheme), SCHEMES).unwrap_or_default();
    faults.finish("building the address")?;
    let url = time_shift::playback_url(&place(&asked.place, scheme), &points, spelling);
    let url = authenticated(session, &asked.place, url)?;
    if session.format(Format::Table) == Format::Table {
        let mut stdout = std::io::stdout().lock();
        output::write_text(&url, stdout.is_terminal(), &mut stdout)?;
        return Ok(Ending::Done);
    }
    let PlayedStream { domain, app, stream, .. } = &asked.place;
    let row = json!({"vendor": vendor, "profile": profile, "domain": domain, "app": app, "stream": stream, "url": url});
    session.print_one(object(row), URL_COLUMNS)?;
    Ok(Ending::Done)
}

/// The address, signed where a key is given.
fn authenticated(session: &Session, played: &PlayedStream, url: String) -> Result<String> {
    let Some(given) = &played.auth_key else { return Ok(url) };
    let key = secret::of_option(session, "--auth-key", given)?;
    Ok(time_shift::authenticated(&url, &key, session.now))
}

fn place<'a>(played: &'a PlayedStream, scheme: &'a str) -> Place<'a> {
    Place { scheme, domain: &played.domain, app: &played.app, stream: &played.stream }
}

fn check_place(faults: &mut Faults, place: &PlayedStream) {
    let is_host = !place.domain.ends_with('/') && config::check_endpoint(&format!("https://{}", place.domain)).is_ok();
    if !is_host {
        faults.add("--domain", Some(&place.domain), "a domain such as play.example.com");
    }
    for (option, name) in [("--app", &place.app), ("--stream", &place.stream)] {
        if name.is_empty() {
            faults.add(option, Some(name), "a name that is not empty");
        }
    }
}

fn points(session: &Session, faults: &mut Faults, asked: &ShiftedUrl) -> Vec<Point> {
    let mut instant = |option: &str, given: &Option<String>| {
        faults.read(option, given.as_deref(), TIME_FORMS, |text| parse_time(text, session.now).ok())
    };
    let start = instant("--start", &asked.start);
    let end = instant("--end", &asked.end);
    let vod_end = instant("--vod-end", &asked.vod_end);
    let span = |text: &str| parse_duration(text).ok().filter(|span| span.is_positive());
    let offset = faults.read("--offset", asked.offset.as_deref(), "90s, 30m, 1h30m or 7d", span);
    if [&asked.start, &asked.end, &asked.vod_end, &asked.offset].iter().all(|given| given.is_none()) {
        faults.add("--offset", None, "required, or --start, --end or --vod-end");
    }
    if asked.vod_end.is_some() && asked.start.is_none() {
        faults.add("--start", None, "required with --vod-end");
    }
    for (option, given, end) in [("--end", &asked.end, end), ("--vod-end", &asked.vod_end, vod_end)] {
        if let (Some(start), Some(end)) = (start, end)
            && end <= start
        {
            faults.add(option, given.as_deref(), "a time later than --start");
        }
    }
    let back = start.map(|start| session.now.duration_since(start));
    for (option, given, back) in [("--start", &asked.start, back), ("--offset", &asked.offset, offset)] {
        if back.is_some_and(|back| back > time_shift::LONGEST_KEPT) && !session.global.no_validate {
            faults.add(option, given.as_deref(), "at most 15 days back (`--no-validate` goes further)");
        } else if back.is_some_and(|back| back > time_shift::USUALLY_KEPT) && faults.is_empty() {
            session.stderr.warn(&format!("{option} is more than 7 days back: a domain keeps more only where agreed"));
        }
    }
    let times = [start.map(Point::Start), end.map(Point::End), vod_end.map(Point::VodEnd), offset.map(Point::Offset)];
    times.into_iter().flatten().collect()
}

fn spelling(faults: &mut Faults, asked: &ShiftedUrl) -> Spelling {
    let form = faults.pick("--form", Some(&asked.form), FORMS).unwrap_or_default();
    let unit = faults.pick("--unit", Some(&asked.unit), UNITS).unwrap_or_default();
    if form == Form::Human && unit != Unit::Seconds {
        faults.add("--unit", Some(&asked.unit), "s with `--form human`");
    }
    let hours = |text: &str| text.parse::<u8>().ok().filter(|hours| *hours <= 9);
    let zone = faults.read("--zone", Some(&asked.zone), "hours east of UTC, 0 to 9", hours).unwrap_or_default();
    Spelling { form, unit, zone }
}

async fn timeline(session: &Session, asked: &TimelineQuery) -> Result<Ending> {
    let (vendor, profile) = vendor(session, "timeline")?;
    let mut faults = Faults::default();
    check_place(&mut faults, &asked.place);
    let mut instant = |option: &str, given: &str| {
        faults.read(option, Some(given), TIME_FORMS, |text| parse_time(text, session.now).ok())
    };
    let window = instant("--since", &asked.since).zip(instant("--until", &asked.until));
    if window.is_some_and(|(since, until)| until <= since) {
        faults.add("--until", Some(&asked.until), "a time later than --since");
    }
    let format = faults.pick("--format", Some(&asked.format), KEPT_FORMATS).unwrap_or_default();
    let scheme = faults.pick("--scheme", Some(&asked.scheme), SCHEMES).unwrap_or_default();
    faults.finish("querying the timeline")?;
    let (since, until) = window.unwrap_or_default();
    if !session.global.raw {
        session.style(Format::Table, 1).check_columns(SLICE_COLUMNS)?;
    }
    let goal = Goal::of(session, vendor, &asked.place, scheme).await?;
    let url = time_shift::timeline_url(&place(&asked.place, &goal.scheme), &goal.authority, format, since, until);
    let url = authenticated(session, &asked.place, url)?;
    if show(session, vendor, &url)? {
        return Ok(Ending::Done);
    }
    let kept = fetch(session, vendor, &url, goal.loopback).await?;
    let mut sink = session.sink(Shape::List, SLICE_COLUMNS, 1);
    for slice in &kept.slices {
        if !sink.push(row(session, vendor, profile.as_deref(), slice))? {
            break;
        }
    }
    sink.finish()?;
    tell(session, &asked.place, kept.current, kept.slices.is_empty());
    Ok(Ending::Done)
}

/// Where the query goes.
struct Goal {
    scheme: String,
    authority: String,
    /// Plain HTTP to this machine.
    loopback: bool,
    /// The sandbox serves as long as this lives.
    _sandbox: Option<Running>,
}

impl Goal {
    /// The sandbox, or what `--endpoint` names in the domain's place, or the domain itself.
    async fn of(session: &Session, vendor: Vendor, played: &PlayedStream, scheme: &str) -> Result<Goal> {
        if session.global.sandbox {
            let account = session.accounts(Some(vendor), false)?.into_iter().next();
            let account =
                account.ok_or_else(|| Error::internal("querying the timeline: the sandbox has no account"))?;
            let running = crate::commands::sandbox::start_for(session, &account).await?;
            let (scheme, authority) = ("http".to_owned(), running.address.to_string());
            return Ok(Goal { scheme, authority, loopback: true, _sandbox: Some(running) });
        }
        let (scheme, authority, loopback) = match &session.global.endpoint {
            Some(endpoint) => {
                let (scheme, host) = split_endpoint(endpoint)?;
                let loopback = scheme == "http";
                (scheme, host, loopback)
            }
            None => (scheme.to_owned(), played.domain.clone(), false),
        };
        Ok(Goal { scheme, authority, loopback, _sandbox: None })
    }
}

/// Prints the query where it is asked for; whether that is all, in a dry run.
fn show(session: &Session, vendor: Vendor, url: &str) -> Result<bool> {
    let view = || {
        let mut view = json!({
            "vendor": vendor, "action": null, "method": "GET", "url": url, "headers": {}, "body": null, "step": 1,
            "changes": [],
        });
        redact::value(&mut view);
        output::json_line(&view)
    };
    if session.global.dry_run {
        output::write_text(&view(), false, &mut std::io::stdout().lock())?;
        return Ok(true);
    }
    if session.global.show_request || session.global.verbose > 1 {
        session.stderr.line(&view());
    }
    Ok(false)
}

async fn fetch(session: &Session, vendor: Vendor, url: &str, loopback: bool) -> Result<time_shift::Timeline> {
    let roots = session.global.ca_bundle.clone();
    let roots = roots.or_else(|| session.environment.var("SSL_CERT_FILE").map(Into::into));
    let trust = Trust { roots: roots.as_deref(), system: false, this_machine: loopback };
    let sender = sender(session, url, trust, String::new())?;
    let response = sender
        .get_public(url, Bound::Whole(LARGEST_TIMELINE), &|text| session.stderr.warn(text))
        .await
        .map_err(|error| {
            let unreached = error.details().message.starts_with("connect to ");
            error.with(|details| {
                details.vendor = Some(vendor);
                if unreached {
                    details.hints = vec![
                    "check the network, and that `--domain` is the playback domain; one without a certificate wants \
                     `--scheme http`"
                        .to_owned(),
                ];
                }
            })
        })?;
    session.stderr.detail(1, &format!("timeline query: HTTP {}", response.status));
    if session.global.verbose > 1 {
        session.stderr.detail(2, &String::from_utf8_lossy(&response.body));
    }
    time_shift::read_timeline(&response)
}

fn row(session: &Session, vendor: Vendor, profile: Option<&str>, slice: &Slice) -> Row {
    if session.global.raw {
        return slice.raw.clone();
    }
    let seconds = slice.end.as_second() - slice.start.as_second();
    let (start, end) = (to_row(slice.start), to_row(slice.end));
    object(json!({"vendor": vendor, "profile": profile, "start": start, "end": end, "seconds": seconds}))
}

fn tell(session: &Session, place: &PlayedStream, current: Option<Timestamp>, nothing: bool) {
    if nothing {
        let PlayedStream { domain, app, stream, .. } = place;
        session.stderr.note(&format!("timeshift timeline: nothing is kept of {domain}/{app}/{stream} in that time"));
    }
    if let Some(current) = current {
        session.stderr.note(&format!("the playback domain's clock says {}", to_row(current)));
    }
}
