//! The forms in which the vendors' parameters write a time.

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, tz::TimeZone};

use crate::model::time::{BEIJING, TIME_FORMS, parse_time};

/// One written form of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Digits since 1970.
    UnixSeconds,
    /// Digits since 1970, a thousand a second.
    UnixMilliseconds,
    /// `2026-01-31T12:00:00Z`.
    Utc,
    /// `2026-01-31T12:00Z`.
    UtcMinute,
    /// `2026-01-31 20:00:00` in Beijing.
    BeijingTime,
    /// `2026-01-31`, a Beijing day.
    BeijingDate,
    /// `20260131`, a Beijing day.
    BeijingDigits,
    /// With any numeric zone.
    Rfc3339,
}

/// Milliseconds have at least this many digits since 2001, seconds will not reach it before the year 5138.
const MILLISECOND_DIGITS: usize = 12;

impl Form {
    /// The forms that a sheet's format allows; the first is the one to write. Empty: no format of a time.
    fn of(format: &str) -> &'static [Form] {
        match format {
            "unix-seconds" => &[Form::UnixSeconds],
            "unix-milliseconds" => &[Form::UnixMilliseconds],
            "iso8601-utc" => &[Form::Utc],
            "iso8601-utc-minute" => &[Form::UtcMinute],
            "iso8601-utc|date-time-cst" => &[Form::Utc, Form::BeijingTime],
            "date-time-cst" => &[Form::BeijingTime],
            "date-cst" => &[Form::BeijingDate],
            "yyyymmdd-cst" => &[Form::BeijingDigits],
            "rfc3339" => &[Form::Rfc3339],
            _ => &[],
        }
    }

    fn pattern(self) -> &'static str {
        match self {
            Form::UnixSeconds => "%s",
            Form::UnixMilliseconds => "",
            Form::Utc | Form::Rfc3339 => "%Y-%m-%dT%H:%M:%SZ",
            Form::UtcMinute => "%Y-%m-%dT%H:%MZ",
            Form::BeijingTime => "%Y-%m-%d %H:%M:%S",
            Form::BeijingDate => "%Y-%m-%d",
            Form::BeijingDigits => "%Y%m%d",
        }
    }

    fn example(self) -> &'static str {
        match self {
            Form::UnixSeconds => "1769860800",
            Form::UnixMilliseconds => "1769860800000",
            Form::Utc => "2026-01-31T12:00:00Z",
            Form::UtcMinute => "2026-01-31T12:00Z",
            Form::BeijingTime => "2026-01-31 20:00:00",
            Form::BeijingDate => "2026-01-31",
            Form::BeijingDigits => "20260131",
            Form::Rfc3339 => "2026-01-31T20:00:00+08:00",
        }
    }

    fn read(self, text: &str) -> Option<Timestamp> {
        let digits = |at_least: usize| text.len() >= at_least && text.bytes().all(|b| b.is_ascii_digit());
        let in_beijing = |time: DateTime| BEIJING.to_timestamp(time).ok();
        match self {
            Form::UnixSeconds => {
                let seconds = digits(1).then(|| text.parse().ok()).flatten()?;
                Timestamp::from_second(seconds).ok()
            }
            Form::UnixMilliseconds => {
                let milliseconds = digits(MILLISECOND_DIGITS).then(|| text.parse().ok()).flatten()?;
                Timestamp::from_millisecond(milliseconds).ok()
            }
            // The forms have fixed widths; a fraction or a lower-case letter is another form.
            Form::Utc | Form::UtcMinute => {
                let time = DateTime::strptime(self.pattern(), text).ok()?;
                let same = text.len() == self.example().len();
                same.then(|| TimeZone::UTC.to_timestamp(time).ok()).flatten()
            }
            Form::BeijingTime => {
                // `CreateLiveRecord` wants the sign between and the colons URL-encoded.
                let text = text.replace("%3A", ":").replace("%3a", ":").replace("%20", " ").replace('+', " ");
                let time = DateTime::strptime(self.pattern(), &text).ok()?;
                (text.len() == self.example().len()).then(|| in_beijing(time)).flatten()
            }
            Form::BeijingDate | Form::BeijingDigits => {
                let day = Date::strptime(self.pattern(), text).ok()?;
                (text.len() == self.example().len()).then(|| in_beijing(day.at(0, 0, 0, 0))).flatten()
            }
            Form::Rfc3339 => text.contains('T').then(|| text.parse().ok()).flatten(),
        }
    }

    fn write(self, time: Timestamp) -> String {
        match self {
            Form::UnixSeconds => time.as_second().to_string(),
            Form::UnixMilliseconds => time.as_millisecond().to_string(),
            Form::Utc | Form::UtcMinute | Form::Rfc3339 => time.strftime(self.pattern()).to_string(),
            Form::BeijingTime | Form::BeijingDate | Form::BeijingDigits => {
                BEIJING.to_datetime(time).strftime(self.pattern()).to_string()
            }
        }
    }
}

/// Whether a sheet's format is one of a time.
pub fn is_time(format: &str) -> bool {
    !Form::of(format).is_empty()
}

/// The instant that a text in the vendor's own form means; a day means its beginning in Beijing.
pub(in crate::providers) fn read(format: &str, text: &str) -> Option<Timestamp> {
    Form::of(format).iter().find_map(|form| form.read(text))
}

/// A time as a user types it, in the form that the parameter wants. What already has the form stays as it is.
///
/// # Errors
/// A sentence naming the accepted forms.
pub(in crate::providers) fn rewrite(format: &str, text: &str, now: Timestamp) -> Result<String, String> {
    if read(format, text).is_some() {
        return Ok(text.to_owned());
    }
    let Some(form) = Form::of(format).first() else { return Ok(text.to_owned()) };
    parse_time(text, now)
        .map(|time| form.write(time))
        .map_err(|_| format!("{TIME_FORMS}; or as the vendor writes it: {}", forms(format)))
}

/// The vendor's forms of a format by example, for messages.
pub(in crate::providers) fn forms(format: &str) -> String {
    let examples: Vec<String> = Form::of(format).iter().map(|form| format!("`{}`", form.example())).collect();
    examples.join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;

    // 2023-05-08T03:54:18Z, the start time in the reference's example of CreateRelaySourceV4.
    const START: i64 = 1_683_518_058;

    #[test]
    fn every_form_is_written_and_read_back() {
        let time = Timestamp::from_second(START).unwrap();
        for (format, written) in [
            ("unix-seconds", "1683518058"),
            ("unix-milliseconds", "1683518058000"),
            ("iso8601-utc", "2023-05-08T03:54:18Z"),
            ("iso8601-utc|date-time-cst", "2023-05-08T03:54:18Z"),
            ("date-time-cst", "2023-05-08 11:54:18"),
            ("rfc3339", "2023-05-08T03:54:18Z"),
        ] {
            assert_eq!(rewrite(format, "now", time).as_deref(), Ok(written), "{format}");
            assert_eq!(read(format, written), Some(time), "{format}");
        }
        for (format, written) in
            [("iso8601-utc-minute", "2023-05-08T03:54Z"), ("date-cst", "2023-05-08"), ("yyyymmdd-cst", "20230508")]
        {
            assert_eq!(rewrite(format, "now", time).as_deref(), Ok(written), "{format}");
            assert!(read(format, written).is_some(), "{format}");
        }
    }

    #[test]
    fn a_day_is_the_one_in_beijing() {
        // 16:30 UTC is half past midnight of the next day there.
        let late = "2023-05-08T16:30:00Z".parse().unwrap();
        assert_eq!(rewrite("yyyymmdd-cst", "now", late).as_deref(), Ok("20230509"));
        assert_eq!(read("date-cst", "2023-05-09"), Some("2023-05-08T16:00:00Z".parse().unwrap()));
    }

    #[test]
    fn what_has_the_wanted_form_stays() {
        let now = Timestamp::from_second(START).unwrap();
        for (format, text) in [
            ("iso8601-utc|date-time-cst", "2020-04-17 12:02:00"),
            ("yyyymmdd-cst", "20230508"),
            ("rfc3339", "2023-05-08T11:54:18+08:00"),
            ("unix-milliseconds", "1683518058999"),
        ] {
            assert_eq!(rewrite(format, text, now).as_deref(), Ok(text));
        }
        assert_eq!(rewrite("unix-milliseconds", "1683518058", now).as_deref(), Ok("1683518058000"));
        assert_eq!(rewrite("iso8601-utc", "2023-05-08T11:54:18.5+08:00", now).as_deref(), Ok("2023-05-08T03:54:18Z"));
        assert!(rewrite("iso8601-utc", "2023-05-08", now).is_err());
        assert!(rewrite("date-cst", "2023-5-8", now).is_err());
    }
}
