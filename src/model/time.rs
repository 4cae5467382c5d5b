//! Times and durations as people type them, and as rows show them.

use jiff::{SignedDuration, Timestamp, tz::Offset};

/// Beijing time, which some of the vendors' zoneless times mean.
pub const BEIJING: Offset = Offset::constant(8);

/// The forms that a time is accepted in, for messages.
pub const TIME_FORMS: &str =
    "RFC 3339 (2026-01-31T20:00:00+08:00), `20:00+08:00` (today), Unix seconds, `now`, `+2h` or `-7d`";

/// Parses a time as a user types it: RFC 3339, `20:00+08:00` (today, where that zone is), Unix seconds, `now`, `+2h`,
/// `-7d`.
///
/// # Errors
/// A sentence naming the accepted forms.
pub fn parse_time(text: &str, now: Timestamp) -> Result<Timestamp, String> {
    let refused = || format!("`{text}` is no time: use {TIME_FORMS}");
    if text == "now" {
        return Ok(now);
    }
    if let Some(rest) = text.strip_prefix('+') {
        let span = parse_duration(rest).map_err(|_| refused())?;
        return now.checked_add(span).map_err(|_| refused());
    }
    if let Some(rest) = text.strip_prefix('-') {
        let span = parse_duration(rest).map_err(|_| refused())?;
        return now.checked_sub(span).map_err(|_| refused());
    }
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        let seconds = text.parse::<i64>().map_err(|_| refused())?;
        return Timestamp::from_second(seconds).map_err(|_| refused());
    }
    time_of_day(text, now).or_else(|| text.parse::<Timestamp>().ok()).ok_or_else(refused)
}

/// `20:00+08:00` or `12:00Z`: that time today, as the date is where that zone is.
fn time_of_day(text: &str, now: Timestamp) -> Option<Timestamp> {
    let (time, zone) = text.split_at_checked("20:00".len())?;
    let offset = match zone {
        "Z" => Offset::UTC,
        _ => {
            let (hours, minutes) = zone.split_once(':')?;
            let (sign, hours) = match hours.strip_prefix('-') {
                Some(hours) => (-1, hours),
                None => (1, hours.strip_prefix('+')?),
            };
            let number = |text: &str| match text.as_bytes() {
                [b'0'..=b'9', b'0'..=b'9'] => text.parse::<u8>().ok(),
                _ => None,
            };
            let (hours, minutes) = (number(hours)?, number(minutes).filter(|n| *n < 60)?);
            Offset::from_seconds(sign * (i32::from(hours) * 3_600 + i32::from(minutes) * 60)).ok()?
        }
    };
    let today = offset.to_datetime(now).date();
    format!("{today}T{time}:00{zone}").parse().ok()
}

/// Parses a duration as a user types it: `90`, `90s`, `30m`, `1h30m`, `7d`, `2w`. A bare number is seconds.
///
/// # Errors
/// A sentence naming the accepted forms.
pub fn parse_duration(text: &str) -> Result<SignedDuration, String> {
    let refused = || format!("`{text}` is no duration: use 90s, 30m, 1h30m or 7d");
    let mut total: i64 = 0;
    let mut number: Option<i64> = None;
    for c in text.chars() {
        if let Some(digit) = c.to_digit(10) {
            let value = number.unwrap_or(0).checked_mul(10).and_then(|n| n.checked_add(i64::from(digit)));
            number = Some(value.ok_or_else(refused)?);
            continue;
        }
        let unit = match c {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            'w' => 604_800,
            _ => return Err(refused()),
        };
        let part = number.take().and_then(|n| n.checked_mul(unit)).ok_or_else(refused)?;
        total = total.checked_add(part).ok_or_else(refused)?;
    }
    if let Some(rest) = number {
        if total != 0 {
            return Err(refused());
        }
        total = rest;
    } else if text.is_empty() {
        return Err(refused());
    }
    Ok(SignedDuration::from_secs(total))
}

/// Parses a time limit: a duration, or milliseconds as `200ms`.
///
/// # Errors
/// A sentence naming the accepted forms.
pub fn parse_limit(text: &str) -> Result<SignedDuration, String> {
    let millis = text.strip_suffix("ms").filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
    match millis.and_then(|digits| digits.parse().ok()) {
        Some(millis) => Ok(SignedDuration::from_millis(millis)),
        None => parse_duration(text),
    }
}

/// The form of every time in a row: RFC 3339 in UTC, whole seconds.
pub fn to_row(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_is_today_where_its_zone_is() {
        let now: Timestamp = "2026-01-31T20:00:00Z".parse().unwrap();
        for (text, meant) in [
            ("20:00Z", "2026-01-31T20:00:00Z"),
            ("08:30+08:00", "2026-02-01T00:30:00Z"),
            ("23:15-03:30", "2026-02-01T02:45:00Z"),
        ] {
            assert_eq!(parse_time(text, now).map(to_row).as_deref(), Ok(meant), "{text}");
        }
        for text in ["20:00", "24:00Z", "20:00+8", "20:00+08:60", "8:00Z", "20:00+99:00", "20:00++8:00", "２0:00Z"] {
            assert!(parse_time(text, now).is_err(), "{text}");
        }
    }

    #[test]
    fn times_as_people_type_them() {
        let now = Timestamp::from_second(1_700_000_000).unwrap();
        for (text, seconds) in [
            ("now", 1_700_000_000),
            ("+2h", 1_700_007_200),
            ("-7d", 1_699_395_200),
            ("1683518058", 1_683_518_058),
            ("2023-05-08T03:54:18Z", 1_683_518_058),
            ("2023-05-08T11:54:18+08:00", 1_683_518_058),
        ] {
            assert_eq!(parse_time(text, now).map(|t| t.as_second()), Ok(seconds), "{text}");
        }
        for text in ["", "tomorrow", "+", "2023-05-08", "99999999999999999999", "+99999999999w", "-h"] {
            assert!(parse_time(text, now).is_err(), "{text}");
        }
    }

    #[test]
    fn time_limits_may_be_shorter_than_a_second() {
        for (text, millis) in [("200ms", 200), ("0ms", 0), ("30s", 30_000), ("1m", 60_000), ("2", 2_000)] {
            assert_eq!(parse_limit(text).map(|limit| limit.as_millis()), Ok(millis), "{text}");
        }
        for text in ["ms", "-1ms", "1s200ms", "1.5ms"] {
            assert!(parse_limit(text).is_err(), "{text}");
        }
    }

    #[test]
    fn durations_as_people_type_them() {
        for (text, seconds) in [("90", 90), ("90s", 90), ("30m", 1800), ("1h30m", 5400), ("7d", 604_800), ("0", 0)] {
            assert_eq!(parse_duration(text).map(|d| d.as_secs()), Ok(seconds), "{text}");
        }
        for text in ["", "h", "1x", "1h30", "-1", "1.5h", "99999999999999999999s"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}
