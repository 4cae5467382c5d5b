//! Points over time, as every vendor has them: asked in windows that it takes, told in one unit.

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::error::{Class, Error, Result};
use crate::model::time::to_row;
use crate::model::{Answer, Call, Item, Reply, Road, StatsArgs, StatsRow, StatsVerb, Vendor};
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
/// As [`walk::emit_by_domain`].
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
            let call = call(domain, from, to);
            let action = call.action.clone();
            let reply = road.read(call).await?;
            let found = points.read(&reply.result).map_err(|what| unreadable(road.vendor(), &action, &reply, &what))?;
            let wanted = |point: &Point| point.at >= args.since && point.at < args.until;
            all.extend(found.into_iter().filter(wanted));
        }
        // A point on the border of two windows comes with both.
        all.sort_by_key(|point| point.at);
        all.dedup_by_key(|point| point.at);
        let all = widened(all, args.interval, verb);
        Ok(all.into_iter().map(|point| point.item(road.vendor(), domain, verb)).collect())
    };
    walk::emit_by_domain(road, &args.domains, series).await
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

/// An answer that holds no series: what is wrong with it.
pub fn unreadable(vendor: Vendor, action: &str, reply: &Reply, what: &str) -> Error {
    Error::new(Class::Vendor, format!("reading the statistics with `{action}`: {what}"))
        .hint(format!("`livectl api {vendor} {action} --raw` shows the answer as it comes"))
        .with(|details| {
            details.vendor = Some(vendor);
            details.action = Some(action.to_owned());
            details.request_id.clone_from(&reply.request_id);
        })
}

/// Points that are narrower than asked for, taken together: traffic adds up, of the others the highest counts. Each
/// begins where its interval begins, wherever the vendor's first point in it lies.
fn widened(points: Vec<Point>, interval: SignedDuration, verb: StatsVerb) -> Vec<Point> {
    let start = |at: Timestamp| at.as_second() - at.as_second().rem_euclid(interval.as_secs().max(1));
    let mut wide: Vec<Point> = Vec::with_capacity(points.len());
    for point in points {
        match wide.last_mut() {
            Some(last) if start(last.at) == start(point.at) => match verb {
                StatsVerb::Traffic => last.value = last.value.saturating_add(point.value),
                StatsVerb::Bandwidth | StatsVerb::Online | StatsVerb::Faults => {
                    last.value = last.value.max(point.value)
                }
            },
            _ => wide.push(Point { at: Timestamp::from_second(start(point.at)).unwrap_or(point.at), ..point }),
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
    /// A point; `None` where the value is no amount: below nothing, not finite, or beyond what a row can hold.
    pub fn new(at: Timestamp, value: f64, raw: Value) -> Option<Point> {
        // 2^64, which is a number of that kind exactly.
        let is_amount = (0.0..18_446_744_073_709_551_616.0).contains(&value);
        // Half a bit is nobody's concern.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the bounds are looked at")]
        is_amount.then(|| Point { at, value: value.round() as u64, raw })
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
    /// The points in an answer. A vendor that has none says so with an empty list, or null in its place; a point whose
    /// value is null is none.
    ///
    /// # Errors
    /// What is missing, or is no value.
    fn read(&self, result: &Value) -> Result<Vec<Point>, String> {
        let mut list = result;
        for name in self.path {
            match list.get(name) {
                Some(Value::Null) => return Ok(Vec::new()),
                Some(inner) => list = inner,
                None => return Err(format!("the answer has no `{name}`")),
            }
        }
        let list = list.as_array().ok_or_else(|| format!("`{}` is no list", self.path.join(".")))?;
        let points = list.iter().filter(|raw| !raw.get(self.value).is_some_and(Value::is_null));
        points.map(|raw| self.point(raw)).collect()
    }

    fn point(&self, raw: &Value) -> Result<Point, String> {
        let at = rows::time(raw, self.time, self.zone).and_then(|time| time.parse().ok());
        let at = at.ok_or_else(|| format!("the `{}` of a point is no time", self.time))?;
        let value = raw.get(self.value).and_then(number);
        let point = value.and_then(|value| Point::new(at, value * self.factor, raw.clone()));
        point.ok_or_else(|| format!("the `{}` of the point at {} is no amount", self.value, to_row(at)))
    }
}

/// A number, or the text of one.
pub fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn narrow_points_are_taken_together() {
        let point = |(second, value): &(i64, f64)| {
            Point::new(Timestamp::from_second(*second).unwrap(), *value, Value::Null).unwrap()
        };
        let given = [(0, 1.0), (60, 5.0), (299, 2.0), (300, 7.0), (900, 3.0)];
        let points = || given.iter().map(point).collect::<Vec<_>>();
        let told = |points: Vec<Point>| -> Vec<(i64, u64)> {
            points.iter().map(|point| (point.at.as_second(), point.value)).collect()
        };
        let five = SignedDuration::from_mins(5);
        assert_eq!(told(widened(points(), five, StatsVerb::Online)), [(0, 5), (300, 7), (900, 3)]);
        assert_eq!(told(widened(points(), five, StatsVerb::Traffic)), [(0, 8), (300, 7), (900, 3)]);
        assert_eq!(told(widened(points(), SignedDuration::from_hours(1), StatsVerb::Traffic)), [(0, 18)]);
        // Where the first minute is missing, the five minutes begin all the same where they begin.
        let late = [(120, 4.0), (240, 9.0), (360, 1.0)].iter().map(point).collect();
        assert_eq!(told(widened(late, five, StatsVerb::Online)), [(0, 9), (300, 1)]);
    }

    #[test]
    fn an_answer_that_is_no_series_is_no_fact() {
        let points = Points { path: &["Data", "List"], time: "Time", zone: Offset::UTC, value: "Value", factor: 2.0 };
        let one = |value: Value| json!({"Data": {"List": [{"Time": "2026-01-01T00:00:00Z", "Value": value}]}});
        for (answer, wrong) in [
            (json!({}), "the answer has no `Data`"),
            (json!({"Data": {}}), "the answer has no `List`"),
            (json!({"Data": {"List": {}}}), "`Data.List` is no list"),
            (json!({"Data": {"List": [{"Value": 1}]}}), "the `Time` of a point is no time"),
            (json!({"Data": {"List": [7]}}), "the `Time` of a point is no time"),
            (json!({"Data": {"List": [{"Time": "2026-01-01T00:00:00Z"}]}}), AT),
            (one(json!("NaN")), AT),
            (one(json!("inf")), AT),
            (one(json!("-5")), AT),
            (one(json!(-0.1)), AT),
            (one(json!(1e19)), AT),
            (one(json!("")), AT),
            (one(json!([1])), AT),
        ] {
            assert_eq!(points.read(&answer).err().as_deref(), Some(wrong), "{answer}");
        }
        for (answer, values) in [
            (json!({"Data": null}), vec![]),
            (json!({"Data": {"List": null}}), vec![]),
            (json!({"Data": {"List": []}}), vec![]),
            (one(Value::Null), vec![]),
            (one(json!(" 1.25 ")), vec![3]),
            (one(json!(0)), vec![0]),
        ] {
            let found: Vec<u64> = points.read(&answer).unwrap().iter().map(|point| point.value).collect();
            assert_eq!(found, values, "{answer}");
        }
    }

    const AT: &str = "the `Value` of the point at 2026-01-01T00:00:00Z is no amount";

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
