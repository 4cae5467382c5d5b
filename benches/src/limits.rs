//! What `limits.toml` says, and the gate that holds the program to it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::figures::millions_of_instructions;
use crate::world::World;

/// Rows of the largest list that is measured.
pub const MANY_ROWS: usize = 100_000;

/// The limits, by command line where they are of one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    millions_of_instructions: BTreeMap<String, f64>,
    peak_mib: BTreeMap<String, f64>,
    peak_mib_of_100000_rows: BTreeMap<String, f64>,
    size_mb: BTreeMap<String, f64>,
    /// Where what was to be reached is missed: how much it may be until then, by the figure's name.
    held: BTreeMap<String, f64>,
    /// Of one call's time.
    pub wall: Wall,
    /// Of many at once.
    pub bulk: Bulk,
    /// Of a larger sheet of facts.
    pub growth: Growth,
}

/// Limits of time.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wall {
    /// One call, as part of curl's.
    pub of_curl: f64,
    /// The same as part of tccli's.
    pub of_tccli: f64,
    /// One Tab.
    pub tab_milliseconds: f64,
}

/// Limits of many at once: at least so much.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bulk {
    /// Calls a second for each of curl's.
    pub of_curl_at_least: f64,
    /// How much of an allowed rate is used.
    pub percent_of_the_limit_at_least: f64,
}

/// Limits of growth.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Growth {
    /// Millions of instructions that finding one among many adds.
    pub finding_an_action: f64,
}

/// One figure beside its limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// What it is.
    pub name: String,
    /// What it may be.
    pub limit: f64,
    /// Whether the limit is the least that is asked for, and not the most.
    pub at_least: bool,
    /// What it is.
    pub measured: f64,
    /// In what it is told, such as `MiB`.
    pub unit: &'static str,
}

impl Figure {
    /// A figure that may be so much at most.
    pub fn at_most(name: impl Into<String>, limit: f64, measured: f64, unit: &'static str) -> Self {
        Figure { name: name.into(), limit, at_least: false, measured, unit }
    }

    /// A figure that must be so much at least.
    pub fn at_least(name: impl Into<String>, limit: f64, measured: f64, unit: &'static str) -> Self {
        Figure { name: name.into(), limit, at_least: true, measured, unit }
    }

    /// Whether it is as it should be.
    pub fn holds(&self) -> bool {
        if self.at_least { self.measured >= self.limit } else { self.measured <= self.limit }
    }
}

impl Limits {
    /// Reads the file beside the measuring program's sources.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn read() -> Result<Self> {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/limits.toml");
        let text = std::fs::read_to_string(file).with_context(|| format!("read {file}"))?;
        toml::from_str(&text).with_context(|| format!("read {file}"))
    }

    /// Whether a figure may be as it is: it is reached, or at least no further away than it was.
    pub fn allows(&self, figure: &Figure) -> bool {
        figure.holds() || self.held.get(&figure.name).is_some_and(|held| figure.measured <= *held)
    }

    /// Takes the figures that repeat on any machine: instructions, memory, size.
    ///
    /// # Errors
    /// What cannot be measured.
    pub fn repeatable(&self, world: &World) -> Result<Vec<Figure>> {
        let mut figures = Vec::new();
        for (words, limit) in &self.millions_of_instructions {
            let count = millions_of_instructions(world, &world.livectl(words))?;
            figures.push(Figure::at_most(format!("instructions of `{words}`"), *limit, count, "million"));
        }
        for (words, limit) in &self.peak_mib {
            let peak = world.peak_mib(&world.livectl(words))?;
            figures.push(Figure::at_most(format!("peak memory of `{words}`"), *limit, peak, "MiB"));
        }
        world.server.vendor.set_domains(MANY_ROWS);
        for (words, limit) in &self.peak_mib_of_100000_rows {
            let peak = world.used(&world.livectl(&format!("{words} --rate 1000000")))?.peak_mib();
            let name = format!("peak memory of `{words}`, 100,000 rows");
            figures.push(Figure::at_most(name, *limit, peak, "MiB"));
        }
        world.server.vendor.set_domains(crate::vendor::DOMAINS_OF_ONE_CALL);
        for limit in self.size_mb.values() {
            let size = megabytes(std::fs::metadata(&world.livectl)?.len());
            figures.push(Figure::at_most("size of the stripped program", *limit, size, "MB"));
        }
        Ok(figures)
    }
}

#[allow(clippy::cast_precision_loss, reason = "a size below 2^53")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// The figures as a Markdown table.
pub fn table(figures: &[Figure]) -> String {
    let mut text = "| figure | to reach | measured | |\n|---|---:|---:|---|\n".to_owned();
    for figure in figures {
        let Figure { name, limit, at_least, measured, unit } = figure;
        let sign = if *at_least { "≥" } else { "≤" };
        let mark = if figure.holds() { "" } else { "**missed**" };
        let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
        let _ = writeln!(text, "| {name} | {sign} {limit}{unit} | {}{unit} | {mark} |", shown(*measured));
    }
    text
}

/// A number with three digits that count.
pub fn shown(number: f64) -> String {
    match number.abs() {
        size if size >= 1e4 => grouped(number),
        size if size >= 100.0 => format!("{number:.0}"),
        size if size >= 10.0 => format!("{number:.1}"),
        size if size >= 1.0 => format!("{number:.2}"),
        _ => format!("{number:.3}"),
    }
}

/// A large number, rounded, with commas between the thousands.
pub fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 && !text.ends_with('-') {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limits_can_be_read() {
        let limits = Limits::read().unwrap();
        assert!(limits.millions_of_instructions.contains_key("--version"));
        assert!(!limits.size_mb.is_empty());
    }

    #[test]
    fn what_is_missed_must_not_grow() {
        let limits = Limits::read().unwrap();
        let (name, held) = limits.held.iter().next().unwrap();
        let figure = |measured| Figure::at_most(name.clone(), held / 2.0, measured, "million");
        assert!(limits.allows(&figure(*held)) && limits.allows(&figure(0.0)));
        assert!(!limits.allows(&figure(held * 1.01)));
        assert!(!limits.allows(&Figure::at_most("another", held / 2.0, *held, "million")));
    }

    #[test]
    fn a_limit_is_the_most_or_the_least() {
        assert!(Figure::at_most("a", 2.0, 2.0, "").holds());
        assert!(!Figure::at_most("a", 2.0, 2.1, "").holds());
        assert!(Figure::at_least("a", 2.0, 2.0, "").holds());
        assert!(!Figure::at_least("a", 2.0, 1.9, "").holds());
    }

    #[test]
    fn numbers_have_three_digits_that_count() {
        let shown = [0.0271, 3.456, 25.04, 104.6, 27_900.4, 1_234_567.0].map(shown);
        assert_eq!(shown, ["0.027", "3.46", "25.0", "105", "27,900", "1,234,567"]);
    }
}
