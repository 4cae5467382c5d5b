//! How figures are taken: instructions by callgrind, wall times in shuffled rounds, medians.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::world::{Line, World};

/// The instructions of a whole process in user space, in millions.
///
/// # Errors
/// No valgrind, a command that ends badly.
pub fn millions_of_instructions(world: &World, line: &Line) -> Result<f64> {
    let callgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"];
    let told = world.run_under(line, &callgrind)?;
    collected(&told).with_context(|| format!("read callgrind's count of {}:\n{told}", line.name))
}

#[allow(clippy::cast_precision_loss, reason = "a count below 2^53")]
fn collected(told: &str) -> Option<f64> {
    let (_, count) = told.lines().find(|line| line.contains("Collected :"))?.rsplit_once(' ')?;
    Some(count.parse::<u64>().ok()? as f64 / 1e6)
}

/// A command line that takes part in every so many rounds.
pub struct Contestant {
    /// The command line.
    pub line: Line,
    /// 1: in each round.
    pub every: usize,
}

/// Median wall times: all command lines in turn in so many rounds, each round in another order, so that all see the
/// same machine. One round before counts for nothing.
///
/// # Errors
/// A command that ends badly.
pub fn wall_times(world: &World, contestants: &[Contestant], rounds: usize) -> Result<Vec<Duration>> {
    let mut times = vec![Vec::new(); contestants.len()];
    for round in 0..=rounds {
        for index in shuffled(contestants.len())? {
            let Some(contestant) = contestants.get(index) else { continue };
            if round % contestant.every != 0 {
                continue;
            }
            let taken = wall_time(world, &contestant.line)?;
            if round > 0
                && let Some(times) = times.get_mut(index)
            {
                times.push(taken);
            }
        }
    }
    Ok(times.into_iter().map(median).collect())
}

fn wall_time(world: &World, line: &Line) -> Result<Duration> {
    let mut command = world.command(line, &[])?;
    let began = Instant::now();
    let status = command.status().with_context(|| format!("start {:?}", line.words))?;
    let taken = began.elapsed();
    if !status.success() {
        // What it says is worth another run.
        world.run_under(line, &[])?;
        bail!("{}: {status}", line.name);
    }
    Ok(taken)
}

/// The middle one; of an even number the lower of the two.
pub fn median<T: Ord + Copy + Default>(mut all: Vec<T>) -> T {
    all.sort_unstable();
    all.get(all.len().saturating_sub(1) / 2).copied().unwrap_or_default()
}

/// The numbers below `many` in another order each time.
fn shuffled(many: usize) -> Result<Vec<usize>> {
    let mut order: Vec<usize> = (0..many).collect();
    for last in (1..many).rev() {
        let drawn = getrandom::u32().map_err(|error| anyhow::anyhow!("draw a number: {error}"))?;
        order.swap(last, usize::try_from(drawn)? % (last + 1));
    }
    Ok(order)
}

/// Milliseconds.
pub fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callgrind_is_read() {
        let told = "==7== \n==7== Events    : Ir\n==7== Collected : 5012345\n==7== \n==7== I   refs:      5,012,345\n";
        assert_eq!(collected(told), Some(5.012_345));
        assert_eq!(collected("valgrind: no such tool"), None);
    }

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(vec![9, 1, 5]), 5);
        assert_eq!(median(vec![9, 1, 5, 7]), 5);
        assert_eq!(median::<u8>(Vec::new()), 0);
    }

    #[test]
    fn shuffling_loses_nobody() {
        let mut order = shuffled(9).unwrap();
        order.sort_unstable();
        assert_eq!(order, (0..9).collect::<Vec<_>>());
    }
}
