//! The points of `stats` as series: told apart by domain and account, added up, summed up.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::commands::api::object;
use crate::model::time::to_row;
use crate::model::{Row, StatsArgs, StatsVerb};

/// The points of one domain of one account.
pub(super) struct Series {
    /// The vendor; null, as the next two, where several are added up.
    pub(super) vendor: Value,
    pub(super) profile: Value,
    pub(super) domain: Value,
    /// Where each begins, and its value; in the order of time.
    pub(super) points: Vec<(Timestamp, u64)>,
}

/// The points of rows, told apart by whose they are; in the order in which each was met first.
pub(super) fn series(rows: &[Row]) -> Vec<Series> {
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
pub(super) fn sum(all: Vec<Series>) -> Series {
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
    /// One row a point.
    pub(super) fn rows(&self, verb: StatsVerb) -> Vec<Row> {
        let row = |(at, value): &(Timestamp, u64)| {
            object(json!({
                "vendor": self.vendor, "profile": self.profile, "domain": self.domain, "time": to_row(*at),
                "metric": verb.name(), "value": value, "unit": verb.unit(),
            }))
        };
        self.points.iter().map(row).collect()
    }

    /// Whose it is.
    pub(super) fn name(&self) -> String {
        let parts = [&self.domain, &self.vendor, &self.profile].into_iter().filter_map(Value::as_str);
        let whose = parts.collect::<Vec<_>>().join(" ");
        if whose.is_empty() { "all together".to_owned() } else { whose }
    }

    /// The value at a percentile, as it is billed; `None` where there is no point.
    pub(super) fn percentile(&self, percentile: u8) -> Option<u64> {
        at_percentile(self.points.iter().map(|(_, value)| *value).collect(), percentile)
    }

    /// The highest point; of several the first.
    pub(super) fn peak(&self) -> Option<(Timestamp, u64)> {
        self.points.iter().copied().max_by_key(|(at, value)| (*value, std::cmp::Reverse(*at)))
    }

    /// One row for all of it.
    pub(super) fn summary(&self, verb: StatsVerb, args: &StatsArgs, percentile: u8) -> Row {
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
