//! From vendor members to rows, and what the portable functions of all vendors share around rows.

use jiff::tz::Offset;
use jiff::{Timestamp, civil};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::error::{Class, Error};
use crate::model::time::{BEIJING, to_row};
use crate::model::{Change, DomainKind, DomainRow, RelayRow, RelayStatus, Row, Vendor};

mod place;

pub use place::{Place, is_whole, meant, only_one};

/// A member of an item as text: a text that is not empty, or a number or flag written out.
pub fn text(item: &Value, name: &str) -> Option<String> {
    match item.get(name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// A member of an item as a whole number, whether it came as `60`, `60.0` or `"60"`.
pub fn number(item: &Value, name: &str) -> Option<u64> {
    whole(item.get(name)?)
}

/// A member of an item as yes or no, whether it came as a flag, as 1 or 0, or as a word.
pub fn flag(item: &Value, name: &str) -> Option<bool> {
    match item.get(name)? {
        Value::Bool(flag) => Some(*flag),
        Value::String(word) => match word.to_ascii_lowercase().as_str() {
            "true" | "on" | "yes" | "1" => Some(true),
            "false" | "off" | "no" | "0" => Some(false),
            _ => None,
        },
        other => whole(other).map(|number| number != 0),
    }
}

/// A member of an item as a list of texts: a bare list, the only list in a wrapper object, or one text.
pub fn texts(item: &Value, name: &str) -> Vec<String> {
    let one = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    match item.get(name) {
        Some(Value::Array(items)) => items.iter().filter_map(one).collect(),
        Some(Value::Object(wrapper)) => match wrapper.values().find(|inner| inner.is_array()) {
            Some(Value::Array(items)) => items.iter().filter_map(one).collect(),
            _ => Vec::new(),
        },
        Some(Value::String(text)) if !text.is_empty() => vec![text.clone()],
        _ => Vec::new(),
    }
}

/// A member of an item as an instant; null, 0 and empty are none. `zone` is what a zoneless time means.
///
/// Read are Unix seconds and milliseconds (as number or digits), RFC 3339 with seconds or without, and
/// `2006-01-02 15:04:05` with a space or a `T`.
pub fn instant(item: &Value, name: &str, zone: Offset) -> Option<Timestamp> {
    instant_of(item.get(name)?, zone)
}

/// A value as an instant. See [`instant`].
pub fn instant_of(value: &Value, zone: Offset) -> Option<Timestamp> {
    if let Some(number) = whole(value) {
        let number = i64::try_from(number).ok().filter(|number| *number > 0)?;
        // Seconds reach this size only in the year 5138.
        let milliseconds = number >= 100_000_000_000;
        return if milliseconds { Timestamp::from_millisecond(number) } else { Timestamp::from_second(number) }.ok();
    }
    let text = value.as_str()?.trim();
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    let local: civil::DateTime = text.parse().ok()?;
    zone.to_timestamp(local).ok()
}

/// A member of an item whose digits are those of a clock in Beijing. See [`beijing_digits_of`].
pub fn beijing_digits(item: &Value, name: &str) -> Option<Timestamp> {
    beijing_digits_of(item.get(name)?.as_str()?)
}

/// An instant whose digits are those of a clock in Beijing, even where a `Z` stands behind them.
pub fn beijing_digits_of(written: &str) -> Option<Timestamp> {
    let written = written.trim();
    instant_of(&Value::from(written.strip_suffix('Z').unwrap_or(written)), BEIJING)
}

/// A member of an item in the form of every time in a row. See [`instant`].
pub fn time(item: &Value, name: &str, zone: Offset) -> Option<String> {
    instant(item, name, zone).map(to_row)
}

/// A row out of its typed form. The typed rows are flat, so this cannot fail.
pub fn row(typed: &impl Serialize) -> Row {
    match serde_json::to_value(typed) {
        Ok(Value::Object(row)) => row,
        _ => Map::new(),
    }
}

/// The field-level difference of two rows in the named fields.
pub fn changes(before: &Row, after: &Row, fields: &[&str]) -> Vec<Change> {
    let of = |row: &Row, field: &str| row.get(field).cloned().unwrap_or(Value::Null);
    let pairs = fields.iter().map(|field| Change::new(field, of(before, field), of(after, field)));
    pairs.filter(|change| change.from != change.to).collect()
}

/// The difference that making a thing is: every named field that has a value, from nothing.
pub fn created(after: &Row, fields: &[&str]) -> Vec<Change> {
    changes(&Map::new(), after, fields)
}

/// The difference that removing a thing is: every named field that had a value, to nothing.
pub fn removed(before: &Row, fields: &[&str]) -> Vec<Change> {
    changes(before, &Map::new(), fields)
}

/// The row of a domain of which only the name is known.
pub fn named_domain(vendor: Vendor, name: &str) -> DomainRow {
    DomainRow {
        vendor,
        profile: None,
        name: name.to_owned(),
        kind: None,
        status: None,
        status_detail: None,
        cname: None,
        cname_ok: None,
        area: None,
        created_at: None,
    }
}

/// A domain for a question or a message: `push domain push.example.com`.
pub fn domain_title(row: &DomainRow) -> String {
    let kind = match row.kind {
        Some(DomainKind::Push) => "push ",
        Some(DomainKind::Play) => "playback ",
        None => "",
    };
    format!("{kind}domain {}", row.name)
}

/// The account has no such domain, as the answer of an Action tells.
pub fn no_domain(vendor: Vendor, action: &str, name: &str) -> Error {
    let message = format!("looking up the domain `{name}`: it is not in this account");
    Error::new(Class::NotFound, message).hint("`livectl domain list` shows the account's domains").with(|details| {
        details.vendor = Some(vendor);
        details.action = Some(action.to_owned());
    })
}

/// The row of a relay into a place that it is addressed by: no state.
pub fn placed_relay(
    vendor: Vendor,
    place: &Place,
    sources: &[String],
    start: Option<Timestamp>,
    end: Option<Timestamp>,
) -> RelayRow {
    RelayRow {
        vendor,
        profile: None,
        id: place.selector(),
        domain: place.domain.clone(),
        app: place.app.clone(),
        stream: place.stream.clone(),
        sources: sources.to_vec(),
        start_time: start.map(to_row),
        end_time: end.map(to_row),
        status: None,
    }
}

/// What a window says about a relay's state; without an end it is permanent.
pub fn window_status(start: Option<Timestamp>, end: Option<Timestamp>, now: Timestamp) -> RelayStatus {
    if start.is_some_and(|start| now < start) {
        return RelayStatus::Scheduled;
    }
    if end.is_some_and(|end| now >= end) { RelayStatus::Ended } else { RelayStatus::Active }
}

/// A whole number that is not negative, in any of its spellings.
fn whole(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64().or_else(|| {
            let written = number.as_f64().filter(|number| number.fract() == 0.0)?.to_string();
            written.parse().ok()
        }),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn times_of_every_vendor_become_utc() {
        for (form, expected) in [
            (json!(1_683_518_058), Some("2023-05-08T03:54:18Z")),
            (json!("1683518058"), Some("2023-05-08T03:54:18Z")),
            (json!(1_683_518_058_000_u64), Some("2023-05-08T03:54:18Z")),
            (json!("2023-05-08T03:54:18Z"), Some("2023-05-08T03:54:18Z")),
            (json!("2023-05-08T03:54Z"), Some("2023-05-08T03:54:00Z")),
            (json!("2023-05-08T11:54:18+08:00"), Some("2023-05-08T03:54:18Z")),
            (json!("2023-05-08T11:54:18+0800"), Some("2023-05-08T03:54:18Z")),
            (json!("2023-05-08 11:54:18"), Some("2023-05-08T03:54:18Z")),
            (json!("2023-05-08T11:54:18"), Some("2023-05-08T03:54:18Z")),
            (json!(0), None),
            (json!("0"), None),
            (json!(""), None),
            (json!(null), None),
            (json!("0000-00-00 00:00:00"), None),
            (json!("soon"), None),
        ] {
            let item = json!({ "T": form });
            assert_eq!(time(&item, "T", BEIJING).as_deref(), expected, "{item}");
        }
    }

    #[test]
    fn a_z_behind_the_digits_of_beijing_is_no_utc() {
        let expected = "2023-05-08T03:54:18Z".parse().ok();
        for written in ["2023-05-08T11:54:18Z", "2023-05-08T11:54:18", "2023-05-08 11:54:18"] {
            assert_eq!(beijing_digits(&json!({ "T": written }), "T"), expected, "{written}");
        }
        for none in [json!(""), json!("Z"), json!(null), json!("soon")] {
            assert_eq!(beijing_digits(&json!({ "T": none }), "T"), None, "{none}");
        }
    }

    #[test]
    fn members_are_read_in_any_spelling() {
        for spelling in [json!(60), json!(60.0), json!("60"), json!(" 60 ")] {
            assert_eq!(number(&json!({ "N": spelling }), "N"), Some(60));
        }
        for none in [json!(null), json!(-1), json!(1.5), json!("x"), json!([])] {
            assert_eq!(number(&json!({ "N": none }), "N"), None);
        }
        for (spelling, meant) in [(json!(1), true), (json!("on"), true), (json!(false), false), (json!("False"), false)]
        {
            assert_eq!(flag(&json!({ "F": spelling }), "F"), Some(meant));
        }
        for list in [json!(["a", "b"]), json!({"Url": ["a", "b"]})] {
            assert_eq!(texts(&json!({ "L": list }), "L"), ["a", "b"]);
        }
        assert_eq!(texts(&json!({"L": null}), "L"), [""; 0]);
        assert_eq!(text(&json!({"A": ""}), "A"), None);
        assert_eq!(text(&json!({"A": 7}), "A").as_deref(), Some("7"));
    }

    #[test]
    fn a_window_tells_the_state() {
        let at = |seconds| Timestamp::from_second(seconds).ok();
        let now = Timestamp::from_second(100).unwrap();
        assert_eq!(window_status(at(101), at(200), now), RelayStatus::Scheduled);
        assert_eq!(window_status(at(100), at(101), now), RelayStatus::Active);
        assert_eq!(window_status(at(50), at(100), now), RelayStatus::Ended);
        assert_eq!(window_status(None, None, now), RelayStatus::Active);
    }
}
