//! `livectl metrics`: what is now, for Prometheus.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::rc::Rc;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::cli::MetricsQuery;
use crate::commands::Ending;
use crate::commands::faults::Faults;
use crate::commands::link::Link;
use crate::commands::portable::Portable;
use crate::commands::road::LiveRoad;
use crate::commands::rules::Typed;
use crate::commands::session::Session;
use crate::commands::stats::{self, distinct};
use crate::error::{Class, Error, Result};
use crate::model::{
    CertArgs, CertRow, CertVerb, Row, StatsArgs, StatsVerb, StreamArgs, StreamRow, StreamState, StreamVerb, Vendor,
};
use crate::output::{self, Family, Sample, Twice};
use crate::providers::Provider;

/// A point is told so long after its time at the latest; an older one is not what is now.
const LATEST: SignedDuration = SignedDuration::from_mins(60);

/// The width of the points that are looked at.
const INTERVAL: SignedDuration = SignedDuration::from_mins(5);

/// How far back faults of pushes are counted: Aliyun tells of them three to five minutes late.
const LATELY: SignedDuration = SignedDuration::from_mins(10);

/// What can be collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Collector {
    Streams,
    Bandwidth,
    Viewers,
    PushFaults,
    Certificates,
}

const COLLECTORS: &[(&str, Collector)] = &[
    ("streams", Collector::Streams),
    ("bandwidth", Collector::Bandwidth),
    ("viewers", Collector::Viewers),
    ("push-faults", Collector::PushFaults),
    ("certificates", Collector::Certificates),
];

/// Carries out `livectl metrics`.
///
/// # Errors
/// Wrong values; no account; `partial`, where something could not be read.
pub(super) async fn run(session: &Session, asked: &MetricsQuery) -> Result<Ending> {
    let mut faults = Faults::default();
    let mut wanted = Vec::new();
    for word in &asked.collect {
        wanted.extend(faults.pick("--collect", Some(word), COLLECTORS));
    }
    for (option, domains) in [("--domain", &asked.domain), ("--push-domain", &asked.push_domain)] {
        stats::check_domains(&mut faults, option, domains);
    }
    faults.finish("collecting metrics")?;
    check_output(session)?;
    let asked = &MetricsQuery {
        domain: distinct(&asked.domain),
        push_domain: distinct(&asked.push_domain),
        collect: Vec::new(),
    };
    let accounts = session.accounts(None, false)?;
    session.enter(&accounts, Typed { names: vec!["metrics".to_owned()], changing: false })?;
    let mut families = Families::new();
    let mut failed = session.unusable.get();
    for account in accounts {
        let link = Rc::new(Link::open(session, account).await?);
        for (name, collector) in COLLECTORS {
            if !(wanted.is_empty() || wanted.contains(collector)) {
                continue;
            }
            if let Some(option) = collector.lacks(link.vendor(), asked) {
                session.stderr.note(&format!("{name}: Aliyun tells them of named domains only, by {option}"));
                continue;
            }
            let road = LiveRoad::gathering(Rc::clone(&link));
            let collected = collector.verb(session, asked).perform(&road).await;
            let well = collected.is_ok() && road.failures() == 0;
            if let Err(error) = collected {
                session.stderr.failure(&session.without_secrets(error));
            }
            let rows: Vec<Row> = road.gathered().into_iter().map(|item| item.row).collect();
            let whose = Whose { vendor: link.vendor(), profile: link.profile().map(str::to_owned) };
            if well {
                families.add(*collector, &whose, &rows);
            } else {
                failed += 1;
            }
            families.success.samples.push(whose.sample(&[("collector", Some((*name).to_owned()))], f64::from(well)));
        }
    }
    let mut stdout = std::io::stdout().lock();
    output::write_text(&output::open_metrics(&families.all()), stdout.is_terminal(), &mut stdout)?;
    match failed {
        0 => Ok(Ending::Done),
        failed => Err(Error::new(Class::Partial, format!("metrics: {failed} could not be read, each is told above"))),
    }
}

/// Refuses options about rows: the output is one text, whose form is Prometheus'.
///
/// # Errors
/// Usage, naming them all.
fn check_output(session: &Session) -> Result<()> {
    let mut given = session.about_rows();
    if session.own_format().is_some() {
        given.push("--output");
    }
    if given.is_empty() {
        return Ok(());
    }
    Err(Error::usage(format!("collecting metrics: they are one text for Prometheus; leave out {}", given.join(", "))))
}

impl Collector {
    /// The option without which there is nothing to read: Aliyun tells viewers, and faults of pushes, of named domains only.
    fn lacks(self, vendor: Vendor, asked: &MetricsQuery) -> Option<&'static str> {
        let (option, named) = match self {
            Collector::Viewers => ("--domain", &asked.domain),
            Collector::PushFaults => ("--push-domain", &asked.push_domain),
            Collector::Streams | Collector::Bandwidth | Collector::Certificates => return None,
        };
        (vendor == Vendor::Aliyun && named.is_empty()).then_some(option)
    }

    /// The command whose rows it counts.
    fn verb(self, session: &Session, asked: &MetricsQuery) -> Portable {
        match self {
            Collector::Streams => {
                let args = StreamArgs { state: Some(StreamState::Live), ..StreamArgs::default() };
                Portable::new("stream", (StreamVerb::List, "list"), StreamRow::COLUMNS, args, Provider::stream)
            }
            Collector::Bandwidth => points(StatsVerb::Bandwidth, session.now, asked),
            Collector::Viewers => points(StatsVerb::Online, session.now, asked),
            Collector::PushFaults => {
                let (domains, now) = (asked.push_domain.clone(), session.now);
                let args = StatsArgs { domains, since: now - LATELY, until: now, interval: INTERVAL, now };
                stats::portable(StatsVerb::Faults, args)
            }
            Collector::Certificates => {
                Portable::new("cert", (CertVerb::List, "list"), CertRow::COLUMNS, CertArgs::default(), Provider::cert)
            }
        }
    }
}

fn points(verb: StatsVerb, now: Timestamp, asked: &MetricsQuery) -> Portable {
    let second = now.as_second() - now.as_second().rem_euclid(INTERVAL.as_secs());
    let until = Timestamp::from_second(second).unwrap_or(now);
    let args = StatsArgs { domains: asked.domain.clone(), since: until - LATEST, until, interval: INTERVAL, now };
    stats::portable(verb, args)
}

struct Whose {
    vendor: Vendor,
    profile: Option<String>,
}

impl Whose {
    fn sample(&self, more: &[(&'static str, Option<String>)], value: f64) -> Sample {
        let mut labels = vec![("vendor", Some(self.vendor.to_string())), ("profile", self.profile.clone())];
        labels.extend(more.iter().cloned());
        Sample { labels, value }
    }
}

struct Families {
    streams: Family,
    bandwidth: Family,
    viewers: Family,
    push_faults: Family,
    certificates: Family,
    success: Family,
}

impl Families {
    fn new() -> Self {
        let family = |name, help| Family { name, help, samples: Vec::new(), twice: Twice::Sum };
        Families {
            streams: family("livectl_streams_online", "Streams that are being pushed now."),
            bandwidth: family(
                "livectl_bandwidth_bytes_per_second",
                "Bandwidth that was played in the latest five minutes that the vendor tells of.",
            ),
            viewers: family("livectl_viewers", "Viewers in the latest five minutes that the vendor tells of."),
            push_faults: family(
                "livectl_push_faults",
                "Pushes that failed or broke off in the last ten minutes, by the vendor's reason.",
            ),
            certificates: Family {
                twice: Twice::Least,
                ..family(
                    "livectl_certificate_expiry_timestamp_seconds",
                    "When a certificate ends, in seconds since 1970.",
                )
            },
            success: family("livectl_collector_success", "Whether this could be read from the vendor."),
        }
    }

    fn all(self) -> [Family; 6] {
        [self.streams, self.bandwidth, self.viewers, self.push_faults, self.certificates, self.success]
    }

    fn add(&mut self, collector: Collector, whose: &Whose, rows: &[Row]) {
        match collector {
            Collector::Streams => {
                let mut counts: BTreeMap<Option<String>, u32> = BTreeMap::new();
                rows.iter().for_each(|row| *counts.entry(text(row, "domain")).or_default() += 1);
                if counts.is_empty() {
                    counts.insert(None, 0);
                }
                let samples =
                    counts.into_iter().map(|(domain, count)| whose.sample(&[("domain", domain)], count.into()));
                self.streams.samples.extend(samples);
            }
            Collector::Bandwidth => {
                let latest = latest(rows).into_iter();
                let samples = latest.map(|(domain, value)| whose.sample(&[("domain", domain)], value / 8.0));
                self.bandwidth.samples.extend(samples);
            }
            Collector::Viewers => {
                let latest = latest(rows).into_iter();
                self.viewers.samples.extend(latest.map(|(domain, value)| whose.sample(&[("domain", domain)], value)));
            }
            Collector::PushFaults => {
                let samples = faults(rows)
                    .into_iter()
                    .map(|((domain, reason), count)| whose.sample(&[("domain", domain), ("reason", reason)], count));
                self.push_faults.samples.extend(samples);
            }
            Collector::Certificates => {
                let sample = |row: &Row| {
                    let end: Timestamp = text(row, "not_after")?.parse().ok()?;
                    #[allow(clippy::cast_precision_loss, reason = "seconds stay below 2^53")]
                    let end = end.as_second() as f64;
                    Some(whose.sample(&[("id", text(row, "id")), ("name", text(row, "name"))], end))
                };
                self.certificates.samples.extend(rows.iter().filter_map(sample));
            }
        }
    }
}

/// How many pushes of each domain failed for each reason; none at all is a count, too.
fn faults(rows: &[Row]) -> BTreeMap<(Option<String>, Option<String>), f64> {
    let mut counts = BTreeMap::new();
    for row in rows {
        let count = row.get("count").and_then(Value::as_f64).unwrap_or_default();
        *counts.entry((text(row, "domain"), text(row, "reason"))).or_default() += count;
    }
    if counts.is_empty() {
        counts.insert((None, None), 0.0);
    }
    counts
}

/// The last value of each domain; the rows stand in the order of time.
fn latest(rows: &[Row]) -> BTreeMap<Option<String>, f64> {
    let values = rows.iter().filter_map(|row| Some((text(row, "domain"), row.get("value")?.as_f64()?)));
    values.collect()
}

fn text(row: &Row, name: &str) -> Option<String> {
    row.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}
