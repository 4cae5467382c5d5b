//! What the vendors' `stream top` share: rates in one unit, the fastest first, and how often a vendor may be asked.

use std::cmp::Reverse;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Number, Value};

use crate::error::Result;
use crate::model::{Answer, Item, Road, StreamTopRow, Vendor};
use crate::providers::{rows, series, walk};

/// A thousand bits: what the vendors call kbps.
pub const KILO: f64 = 1e3;

/// How long the vendor wants to be left alone between two looks.
///
/// Tencent's SDK says of `DescribeLiveStreamPushInfoList`: about one call a minute. The others name a rate a second
/// only, which is kept anyway.
pub fn pace(vendor: Vendor) -> Duration {
    match vendor {
        Vendor::Tencent => Duration::from_secs(60),
        Vendor::Aliyun | Vendor::Volcengine => Duration::ZERO,
    }
}

/// The instant of this look: the run may have begun long ago.
pub fn instant(road: &dyn Road) -> Timestamp {
    let elapsed = SignedDuration::try_from(road.elapsed()).unwrap_or(SignedDuration::MAX);
    road.now().saturating_add(elapsed).unwrap_or(Timestamp::MAX)
}

/// A member as frames a second, two digits behind the point at most.
pub fn frame_rate(item: &Value, name: &str) -> Option<Number> {
    let rate = amount(item, name)?;
    let rate = (rate * 100.0).round() / 100.0;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the bounds are looked at")]
    match rate.fract() == 0.0 {
        true => Some(Number::from(rate as u64)),
        false => Number::from_f64(rate),
    }
}

/// Members as bit/s, added up; those that are not told do not count. `factor` makes bits of the vendor's unit.
pub fn bit_rate(item: &Value, names: &[&str], factor: f64) -> Option<u64> {
    let told = names.iter().filter_map(|name| amount(item, name));
    let sum = told.reduce(|one, other| one + other)? * factor;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the bounds are looked at")]
    (sum < MOST).then(|| sum.round() as u64)
}

/// Rates beyond are none: 2^53, up to which a double has every whole number.
const MOST: f64 = 9_007_199_254_740_992.0;

/// A member that counts something; none where it is below nothing, or no number.
fn amount(item: &Value, name: &str) -> Option<f64> {
    item.get(name).and_then(series::number).filter(|value| (0.0..MOST).contains(value))
}

/// Emits the rows of an account, the highest bit rate first; where none is told, last.
///
/// # Errors
/// The output's own.
pub fn emit(road: &dyn Road, mut found: Vec<(StreamTopRow, Value)>) -> Result<Answer> {
    found.sort_by_key(|(row, _)| Reverse(row.bit_rate));
    walk::emit_all(road, found.into_iter().map(|(row, raw)| Item { row: rows::row(&row), raw }).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rates_are_read_in_every_spelling() {
        let item = json!({"whole": 25, "float": 25.0, "odd": 24.976, "text": "30", "none": null, "word": "fast",
                          "below": -1, "huge": 1e300, "nothing": 0});
        for (name, told) in [
            ("whole", json!(25)),
            ("float", json!(25)),
            ("odd", json!(24.98)),
            ("text", json!(30)),
            ("nothing", json!(0)),
            ("none", Value::Null),
            ("word", Value::Null),
            ("below", Value::Null),
            ("huge", Value::Null),
            ("missing", Value::Null),
        ] {
            assert_eq!(json!(frame_rate(&item, name)), told, "{name}");
        }
    }

    #[test]
    fn bit_rates_are_added_where_they_are_told() {
        let item = json!({"video": 2048.5, "audio": 128, "none": null, "nothing": 0, "huge": 9e15});
        for (names, factor, told) in [
            (&["video", "audio"][..], KILO, Some(2_176_500)),
            (&["video", "none"], KILO, Some(2_048_500)),
            (&["none", "audio"], 1.0, Some(128)),
            (&["nothing"], 8.0, Some(0)),
            (&["none", "missing"], 8.0, None),
            (&["huge"], 8.0, None),
        ] {
            assert_eq!(bit_rate(&item, names, factor), told, "{names:?}");
        }
    }
}
