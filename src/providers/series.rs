//! Points over time, as every vendor has them: asked in windows that it takes, told in one unit.

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::error::Result;
use crate::model::time::to_row;
use crate::model::{Answer, Call, Item, Road, StatsArgs, StatsRow, StatsVerb, Vendor};
use crate::providers::rows;
use crate::providers::walk;

/// A million: vendors count megabits and megabytes, and Tencent's own example shows that these are of 1000.
pub const MEGA: f64 = 1e6;

/// A thousand million.
pub const GIGA: f64 = 1e9;

/// How the points of a series stand in an answer.
pub struct Points<'a> {
    /// The members on the way to the list.
    pub path: &'a [&'a str],
    /// The member with the time.
    pub time: &'a str,
    /// What a time without a zone means.
    pub zone: Offset,
    /// The member with the value.
    pub value: &'a str,
    /// What a value is multiplied with to be in our unit.
    pub factor: f64,
}

/// Emits the series of every domain that is asked for, or of all in one.
///
/// `fetch` asks for one window of one series.
///
/// # Errors
/// As [`walk::emit_each`]; of a single series its own.
pub async fn emit(
    road: &dyn Road,
    args: &StatsArgs,
    longest: SignedDuration,
    verb: StatsVerb,
    call: impl Fn(Option<&str>, Timestamp, Timestamp) -> Call,
    points: &Points<'_>,
) -> Result<Answer> {
    let series = async |domain: Option<&str>| -> Result<Vec<Item>> {
        let mut all: Vec<Point> = Vec::new();
        for (from, to) in windows(args.since, args.until, longest) {
            let reply = road.read(call(domain, from, to)).await?;
            let wanted = |point: &Point| point.at >= args.since && point.at < args.until;
            let found = points.read(&reply.result);
            all.extend(found.into_iter().filter(wanted));
        }
        // A point on the border of two windows comes with both.
        all.sort_by_key(|point| point.at);
        all.dedup_by_key(|point| point.at);
        let all = widened(all, args.interval, verb);
        Ok(all.into_iter().map(|point| point.item(road.vendor(), domain, verb)).collect())
    };
    match args.domains.as_slice() {
        [] => walk::emit_all(road, series(None).await?),
        [one] => walk::emit_all(road, series(Some(one)).await?),
        several => walk::emit_each(road, several, "domains", async |domain| series(Some(domain)).await).await,
    }
}

/// The windows that a time is asked in.
pub fn windows(since: Timestamp, until: Timestamp, longest: SignedDuration) -> Vec<(Timestamp, Timestamp)> {
    let mut windows = Vec::new();
    let mut from = since;
    while from < until {
        let to = from.checked_add(longest).map_or(until, |to| to.min(until));
        windows.push((from, to));
        from = to;
    }
    windows
}

/// Points that are narrower than asked for, taken together: traffic adds up, of the others the highest counts.
fn widened(points: Vec<Point>, interval: SignedDuration, verb: StatsVerb) -> Vec<Point> {
    let start = |at: Timestamp| at.as_second() - at.as_second().rem_euclid(interval.as_secs().max(1));
    let mut wide: Vec<Point> = Vec::with_capacity(points.len());
    for point in points {
        match wide.last_mut() {
            Some(last) if start(last.at) == start(point.at) => match verb {
                StatsVerb::Traffic => last.value = last.value.saturating_add(point.value),
                StatsVerb::Bandwidth | StatsVerb::Online => last.value = last.value.max(point.value),
            },
            _ => wide.push(point),
        }
    }
    wide
}

/// One value at one time.
pub struct Point {
    at: Timestamp,
    value: u64,
    raw: Value,
}

impl Point {
    /// A point.
    pub fn new(at: Timestamp, value: f64, raw: Value) -> Point {
        // Half a bit is nobody's concern; negative there is none.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
        let value = value.round() as u64;
        Point { at, value, raw }
    }

    /// The point as an item of a series.
    pub fn item(self, vendor: Vendor, domain: Option<&str>, verb: StatsVerb) -> Item {
        let row = StatsRow {
            vendor,
            profile: None,
            domain: domain.map(str::to_owned),
            time: to_row(self.at),
            metric: verb.name(),
            value: self.value,
            unit: verb.unit(),
        };
        Item { row: rows::row(&row), raw: self.raw }
    }
}

impl Points<'_> {
    fn read(&self, result: &Value) -> Vec<Point> {
        let list = self.path.iter().try_fold(result, |value, name| value.get(name)).and_then(Value::as_array);
        let point = |raw: &Value| {
            let at = rows::time(raw, self.time, self.zone)?.parse().ok()?;
            let number = raw.get(self.value)?;
            let value = number.as_f64().or_else(|| number.as_str()?.trim().parse().ok())?;
            Some(Point::new(at, value * self.factor, raw.clone()))
        };
        list.into_iter().flatten().filter_map(point).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrow_points_are_taken_together() {
        let point =
            |(second, value): &(i64, f64)| Point::new(Timestamp::from_second(*second).unwrap(), *value, Value::Null);
        let given = [(0, 1.0), (60, 5.0), (299, 2.0), (300, 7.0), (900, 3.0)];
        let points = || given.iter().map(point).collect::<Vec<_>>();
        let told = |points: Vec<Point>| -> Vec<(i64, u64)> {
            points.iter().map(|point| (point.at.as_second(), point.value)).collect()
        };
        let five = SignedDuration::from_mins(5);
        assert_eq!(told(widened(points(), five, StatsVerb::Online)), [(0, 5), (300, 7), (900, 3)]);
        assert_eq!(told(widened(points(), five, StatsVerb::Traffic)), [(0, 8), (300, 7), (900, 3)]);
        assert_eq!(told(widened(points(), SignedDuration::from_hours(1), StatsVerb::Traffic)), [(0, 18)]);
    }

    #[test]
    fn a_time_is_asked_in_windows_without_gap_or_overlap() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let day = SignedDuration::from_hours(24);
        for (since, until, expected) in [
            (0, 0, vec![]),
            (0, 1, vec![(0, 1)]),
            (0, 86_400, vec![(0, 86_400)]),
            (5, 86_406, vec![(5, 86_405), (86_405, 86_406)]),
            (0, 200_000, vec![(0, 86_400), (86_400, 172_800), (172_800, 200_000)]),
        ] {
            let found: Vec<(i64, i64)> = windows(at(since), at(until), day)
                .into_iter()
                .map(|(from, to)| (from.as_second(), to.as_second()))
                .collect();
            assert_eq!(found, expected);
        }
    }
}
