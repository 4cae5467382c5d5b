//! Many at once: as quickly as it goes, and under a limit that a vendor counts.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::figures::median;
use crate::server::Server;
use crate::vendor::{Seen, Vendor};
use crate::world::{Line, World};

/// Calls of one run as quickly as it goes.
pub const CALLS: usize = 4_000;

/// How many are under way at once.
pub const IN_FLIGHT: usize = 8;

/// Runs of each program; the middle one counts.
const RUNS: usize = 5;

/// So long a limit is kept.
const SECONDS_UNDER_A_LIMIT: usize = 30;

/// Calls a second, the middle of several runs.
#[derive(Debug, Clone, Copy)]
pub struct Rates {
    /// Of livectl.
    pub livectl: f64,
    /// Of `curl -Z`.
    pub curl: f64,
}

/// Items for `api`: a read each, whose answer is about 3.1 kB.
fn items(many: usize) -> String {
    let mut text = "DomainPrefix,PageSize\n".to_owned();
    for index in 0..many {
        let _ = writeln!(text, "play-{index:06},10");
    }
    text
}

/// A command line that reads so many times.
///
/// # Errors
/// The disk's refusal.
pub fn reads(world: &World, many: usize, in_flight: usize, rate: usize) -> Result<Line> {
    let file = world.write(&format!("items-{many}.csv"), &items(many))?;
    let file = file.display();
    let words = "api tencent DescribeLiveDomains --from-file";
    Ok(world.livectl(&format!("{words} {file} --in-flight {in_flight} --rate {rate}")))
}

/// The request that livectl sends, for curl: `urls` of them in one process.
pub fn curl(world: &World, urls: Option<usize>) -> Line {
    let mut words: Vec<OsString> =
        ["curl", "--silent", "--show-error", "--fail", "--http1.1", "--cacert"].map(OsString::from).to_vec();
    words.push(world.trust.roots.clone().into());
    let headers = ["content-type: application/json", "x-tc-action: DescribeLiveDomains", "x-tc-version: 2018-08-01"];
    words.extend(headers.iter().flat_map(|header| ["--header", header]).map(OsString::from));
    words.extend(["--data", r#"{"PageSize":10}"#].map(OsString::from));
    let host = &world.server.host;
    match urls {
        None => words.push(format!("https://{host}/").into()),
        Some(many) => {
            words.extend(["--parallel", "--parallel-immediate", "--parallel-max"].map(OsString::from));
            words.push(IN_FLIGHT.to_string().into());
            words.extend(["--output", "/dev/null"].map(OsString::from));
            words.push(format!("https://{host}/[1-{many}]").into());
        }
    }
    Line::new("curl", words)
}

/// As quickly as it goes: the same number of calls by both, in turn.
///
/// # Errors
/// A command that ends badly.
pub fn as_quickly_as_it_goes(world: &World) -> Result<Rates> {
    let livectl = reads(world, CALLS, IN_FLIGHT, 1_000_000)?;
    let curl = curl(world, Some(CALLS));
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for run in 0..RUNS {
        let mut pair = [(&livectl, &mut ours), (&curl, &mut theirs)];
        if run % 2 == 1 {
            pair.reverse();
        }
        for (line, times) in pair {
            let began = Instant::now();
            world.run_under(line, &[])?;
            times.push(began.elapsed());
        }
    }
    Ok(Rates { livectl: a_second(CALLS, median(ours)), curl: a_second(CALLS, median(theirs)) })
}

#[allow(clippy::cast_precision_loss, reason = "counts below 2^53")]
fn a_second(calls: usize, time: Duration) -> f64 {
    calls as f64 / time.as_secs_f64()
}

/// What a limit saw.
#[derive(Debug, Clone)]
pub struct UnderLimit {
    /// Requests that the vendor allows within any one second.
    pub limit: usize,
    /// How much of it was used, after the first second.
    pub percent: f64,
    /// What the vendor counted.
    pub seen: Seen,
}

/// Keeps each limit for half a minute, all at the same time, each at a vendor of its own.
///
/// # Errors
/// A command that ends badly.
pub fn under_limits(world: &World, limits: &[usize]) -> Result<Vec<UnderLimit>> {
    let mut running = Vec::new();
    for &limit in limits {
        let server = Server::start(&world.trust, Vendor::new(Some(limit)))?;
        let mut line = reads(world, limit * (SECONDS_UNDER_A_LIMIT + 1), 32, limit)?;
        line.words.extend(["--endpoint".into(), format!("https://{}", server.host).into()]);
        let child = world.command(&line, &[])?.spawn().with_context(|| format!("start {:?}", line.words))?;
        running.push((limit, server, child));
    }
    let mut all = Vec::new();
    for (limit, server, mut child) in running {
        // Refusals are counted by the vendor; how the run ends is another question.
        child.wait()?;
        let seen = server.vendor.seen();
        all.push(UnderLimit { limit, percent: percent_of(limit, &seen.passed), seen });
    }
    Ok(all)
}

/// How much of a rate was used: calls come in bursts of a second's worth, so it is counted from the first of the second
/// burst to the first of the last.
#[allow(clippy::cast_precision_loss, reason = "counts below 2^53")]
fn percent_of(limit: usize, passed: &[Instant]) -> f64 {
    let last = passed.len().saturating_sub(limit);
    match (passed.get(limit), passed.get(last)) {
        (Some(first), Some(end)) if last > limit => {
            100.0 * a_second(last - limit, end.duration_since(*first)) / limit as f64
        }
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_used_whole_where_each_burst_takes_a_second() {
        let began = Instant::now();
        let burst = |number: u64| std::iter::repeat_n(began + Duration::from_millis(1_000 * number), 5);
        let passed: Vec<Instant> = (0..10).flat_map(burst).collect();
        assert!((percent_of(5, &passed) - 100.0).abs() < 1e-9);
        let slow: Vec<Instant> = (0..10).flat_map(|number| burst(number * 2)).collect();
        assert!((percent_of(5, &slow) - 50.0).abs() < 1e-9);
    }

    #[test]
    fn what_never_ran_has_used_nothing() {
        assert!(percent_of(20, &[]).abs() < f64::EPSILON);
    }
}
