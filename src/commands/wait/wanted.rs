//! What is waited for: a state that a noun knows, a value of a column, or that the thing is there or gone.

use std::fmt;

use serde_json::Value;

use crate::error::Fault;
use crate::model::{
    CallbackRow, CertRow, Columns, DomainRow, HlsKeyRow, Item, RecordRow, RelayRow, StreamRow, TranscodeRow,
};
use crate::providers::settle::Seen;

/// How like a known word must be that is proposed instead.
const ALIKE: f64 = 0.75;

/// What can be waited for at a noun.
pub(super) struct States {
    /// What one of it is called.
    pub(super) called: &'static str,
    columns: Columns,
    /// The column of the state; empty: there is none.
    column: &'static str,
    words: &'static [&'static str],
    /// The states that nothing but a command changes.
    last: &'static [&'static str],
    /// The columns that hold true or false.
    flags: &'static [&'static str],
}

const fn stateless(called: &'static str, columns: Columns, flags: &'static [&'static str]) -> States {
    States { called, columns, column: "", words: &[], last: &[], flags }
}

pub(super) const DOMAIN: States = States {
    called: "domain",
    columns: DomainRow::COLUMNS,
    column: "status",
    words: &["enabled", "disabled", "configuring", "checking", "failed", "blocked"],
    last: &["failed", "blocked"],
    flags: &["cname_ok"],
};
pub(super) const RELAY: States = States {
    called: "relay",
    columns: RelayRow::COLUMNS,
    column: "status",
    words: &["scheduled", "active", "paused", "ended"],
    last: &["ended"],
    flags: &[],
};
pub(super) const STREAM: States = States {
    called: "stream",
    columns: StreamRow::COLUMNS,
    column: "state",
    words: &["live", "forbidden", "offline"],
    last: &[],
    flags: &[],
};
pub(super) const RECORD: States = stateless("recording", RecordRow::COLUMNS, &[]);
pub(super) const TRANSCODE: States = stateless("rendition", TranscodeRow::COLUMNS, &[]);
pub(super) const HLS_KEY: States = stateless("key setting", HlsKeyRow::COLUMNS, &["enabled"]);
pub(super) const CALLBACK: States = stateless("callback", CallbackRow::COLUMNS, &["auth"]);
pub(super) const CERT: States = stateless("certificate", CertRow::COLUMNS, &[]);

/// What is waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    /// That it is there.
    Present,
    /// That it is gone.
    Deleted,
    /// That a column has a value.
    Value(String, String),
}

impl Wanted {
    /// Reads what was typed.
    ///
    /// # Errors
    /// What can be waited for instead.
    pub(super) fn read(typed: Option<&str>, states: &States) -> Result<Wanted, Fault> {
        let refuse = |allowed: String| {
            let given = typed.map(str::to_owned);
            Err(Fault { option: "--for".to_owned(), given, allowed })
        };
        let Some(text) = typed else { return refuse(format!("required: {}", states.all())) };
        match text.split_once('=') {
            None if text == "present" => Ok(Wanted::Present),
            None if text == "deleted" => Ok(Wanted::Deleted),
            None if states.words.contains(&text) => Ok(Wanted::Value(states.column.to_owned(), text.to_owned())),
            None => {
                let known = ["present", "deleted"].iter().chain(states.words).copied();
                refuse(format!("{}{}", meant(text, known), states.all()))
            }
            Some((column, _)) if !states.columns.contains(&column) => {
                let known = states.columns.iter().copied();
                refuse(format!("{}a column: {}", meant(column, known), states.columns.join(", ")))
            }
            Some((column, value)) if column == states.column && !states.words.contains(&value) => refuse(format!(
                "{}{column}= one of {}",
                meant(value, states.words.iter().copied()),
                states.words.join(", ")
            )),
            Some((column, value)) if states.flags.contains(&column) && !matches!(value, "true" | "false") => {
                refuse(format!("{column}=true or {column}=false"))
            }
            Some((column, value)) => Ok(Wanted::Value(column.to_owned(), value.to_owned())),
        }
    }

    /// What a thing that is there means to who waits.
    pub(super) fn judge(&self, states: &States, item: Item) -> Seen<Option<Item>> {
        let of = |column: &str| item.row.get(column).map(text).unwrap_or_default();
        let state = of(states.column);
        match self {
            Wanted::Present => Seen::Settled("there".to_owned(), Some(item)),
            Wanted::Deleted if state.is_empty() => Seen::UnderWay("there".to_owned()),
            Wanted::Deleted => Seen::UnderWay(state),
            Wanted::Value(column, value) => {
                let now = of(column);
                let told = if column == states.column { now.clone() } else { format!("{column}={now}") };
                match now == *value {
                    true => Seen::Settled(told, Some(item)),
                    false if column == states.column && states.last.contains(&now.as_str()) => {
                        Seen::Final(told, Some(item))
                    }
                    false if told.is_empty() => Seen::UnderWay("in no known state".to_owned()),
                    false => Seen::UnderWay(told),
                }
            }
        }
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Wanted::Present => f.write_str("present"),
            Wanted::Deleted => f.write_str("deleted"),
            Wanted::Value(column, value) if matches!(column.as_str(), "status" | "state") => f.write_str(value),
            Wanted::Value(column, value) => write!(f, "{column}={value}"),
        }
    }
}

impl States {
    /// What is proposed to who has typed nothing yet: the states, then the columns.
    pub(super) fn proposed(&self) -> Vec<String> {
        let words = self.words.iter().chain(&["present", "deleted"]).map(|word| (*word).to_owned());
        words.chain(self.columns.iter().map(|column| format!("{column}="))).collect()
    }

    /// All that can be waited for.
    fn all(&self) -> String {
        let words: Vec<&str> = self.words.iter().chain(&["present", "deleted"]).copied().collect();
        format!("one of {}, or COLUMN=VALUE with a column of {}", words.join(", "), self.columns.join(", "))
    }
}

/// A value as it is compared: what is not told is empty, a list is joined by commas.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// The beginning of a complaint: what was probably meant.
fn meant<'a>(typed: &str, known: impl Iterator<Item = &'a str>) -> String {
    let likeness = |word: &str| strsim::jaro_winkler(&typed.to_lowercase(), word);
    let nearest = known.max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    let nearest = nearest.filter(|word| likeness(word) >= ALIKE);
    nearest.map(|word| format!("{word} (did you mean that?), or ")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn value(column: &str, value: &str) -> Wanted {
        Wanted::Value(column.to_owned(), value.to_owned())
    }

    #[test]
    fn states_are_words_of_the_noun_or_values_of_its_columns() {
        for (typed, states, wanted) in [
            ("enabled", &DOMAIN, value("status", "enabled")),
            ("status=failed", &DOMAIN, value("status", "failed")),
            ("cname_ok=true", &DOMAIN, value("cname_ok", "true")),
            ("cname=a=b", &DOMAIN, value("cname", "a=b")),
            ("deleted", &RECORD, Wanted::Deleted),
            ("present", &CERT, Wanted::Present),
            ("live", &STREAM, value("state", "live")),
            ("ended", &RELAY, value("status", "ended")),
            ("video_kbps=1500", &TRANSCODE, value("video_kbps", "1500")),
            ("enabled=false", &HLS_KEY, value("enabled", "false")),
        ] {
            assert_eq!(Wanted::read(Some(typed), states).as_ref(), Ok(&wanted), "{typed}");
        }
    }

    #[test]
    fn a_wrong_state_is_refused_with_what_there_is() {
        for (typed, states, told) in [
            ("enabeld", &DOMAIN, "enabled (did you mean that?), or one of enabled, disabled"),
            (
                "live",
                &DOMAIN,
                "one of enabled, disabled, configuring, checking, failed, blocked, present, deleted, or COL",
            ),
            ("status=on", &DOMAIN, "status= one of enabled"),
            ("statsu=on", &DOMAIN, "status (did you mean that?), or a column: vendor, "),
            ("cname_ok=yes", &DOMAIN, "cname_ok=true or cname_ok=false"),
            ("", &STREAM, "one of live, forbidden, offline, present, deleted"),
        ] {
            let fault = Wanted::read(Some(typed), states).unwrap_err();
            assert!(fault.allowed.starts_with(told), "{typed}: {}", fault.allowed);
            assert_eq!((fault.option.as_str(), fault.given.as_deref()), ("--for", Some(typed)));
        }
        assert!(Wanted::read(None, &RELAY).unwrap_err().allowed.starts_with("required: one of scheduled"));
    }

    #[test]
    fn what_is_seen_is_judged_by_what_is_wanted() {
        let item = |row: Value| Item { row: row.as_object().unwrap().clone(), raw: Value::Null };
        let seen = |wanted: &Wanted, states: &States, row: Value| match wanted.judge(states, item(row)) {
            Seen::UnderWay(state) => ("under way", state),
            Seen::Settled(state, _) => ("settled", state),
            Seen::Final(state, _) => ("final", state),
        };
        let enabled = value("status", "enabled");
        let domain = |status: &str| json!({"status": status, "cname_ok": false, "cname": null});
        for (wanted, row, expected) in [
            (&enabled, domain("enabled"), ("settled", "enabled")),
            (&enabled, domain("configuring"), ("under way", "configuring")),
            (&enabled, domain("disabled"), ("under way", "disabled")),
            (&enabled, domain("blocked"), ("final", "blocked")),
            (&value("status", "failed"), domain("failed"), ("settled", "failed")),
            (&value("cname_ok", "true"), domain("failed"), ("under way", "cname_ok=false")),
            (&value("cname_ok", "false"), domain("failed"), ("settled", "cname_ok=false")),
            (&value("cname", ""), domain("enabled"), ("settled", "cname=")),
            (&Wanted::Deleted, domain("blocked"), ("under way", "blocked")),
            (&Wanted::Present, domain("blocked"), ("settled", "there")),
            (&enabled, json!({}), ("under way", "in no known state")),
        ] {
            let (kind, state) = seen(wanted, &DOMAIN, row.clone());
            assert_eq!((kind, state.as_str()), expected, "{wanted:?} {row}");
        }
        let sources = json!({"sources": ["rtmp://a/b", "rtmp://c/d"], "status": "ended"});
        assert_eq!(seen(&value("sources", "rtmp://a/b,rtmp://c/d"), &RELAY, sources.clone()).0, "settled");
        assert_eq!(seen(&value("status", "active"), &RELAY, sources).0, "final");
    }
}
