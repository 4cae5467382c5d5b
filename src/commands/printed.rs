//! How the answer of a portable verb is printed.

use serde_json::{Map, Value, json};

use crate::commands::portable::Portable;
use crate::commands::redact;
use crate::commands::road::LiveRoad;
use crate::commands::session::Session;
use crate::error::{Class, Error, Outcome, Result};
use crate::model::{Answer, Changed, Columns, Item, Row};
use crate::output::{self, Format, Shape};
use crate::providers::results;

/// Prints the answer for the one account that there is.
///
/// # Errors
/// The output's own.
pub(super) fn answer(session: &Session, road: &LiveRoad<'_>, answer: Answer, asked: &Portable) -> Result<()> {
    match answer {
        Answer::Listed => Ok(()),
        Answer::One(one) => item(road, one, asked.columns),
        // A dry run prints requests, and nothing where there are none; what it imagines to have changed is no data.
        Answer::Changed(_) if session.global.dry_run => Ok(()),
        Answer::Changed(changed) => {
            let row = row_of(session, road, *changed);
            let told = row.clone();
            print_changed(session, row).map_err(|error| unprinted(error, &told))
        }
        Answer::Key { value, mut about } => {
            about.insert("profile".to_owned(), road.profile().into());
            match &asked.print_key {
                Some(print) => print(session, &value, about),
                None => Err(Error::internal("print the answer: this verb prints no key")),
            }
        }
    }
}

/// Prints one thing that a road answered.
///
/// # Errors
/// The output's own.
fn item(road: &LiveRoad<'_>, item: Item, columns: Columns) -> Result<()> {
    let row = road.shown(item);
    let shown = if columns.is_empty() { results::leaves(&row) } else { Vec::new() };
    let mut sink = road.link.session.sink(Shape::One, columns, 1).showing(shown);
    sink.push(row)?;
    sink.finish()
}

/// What was changed, as a row, with secrets masked.
pub(super) fn row_of(session: &Session, road: &LiveRoad<'_>, mut changed: Changed) -> Row {
    changed.profile = road.profile().map(str::to_owned);
    let mut row = json!(changed);
    if !session.global.reveal {
        redact::value(&mut row);
        session.secrets.borrow().mask_value(&mut row);
    }
    object(row)
}

/// What was changed: whole for scripts; for people a line a field, and nothing that says nothing.
fn print_changed(session: &Session, mut row: Row) -> Result<()> {
    if session.format(Format::Table) != Format::Table || session.global.columns.is_some() {
        let promised = if row.contains_key("result") { &[] } else { Changed::COLUMNS };
        return session.print_one(row, promised);
    }
    let changes = row.shift_remove("changes").unwrap_or_default();
    let result = object(row.shift_remove("result").unwrap_or_default());
    row.retain(|name, value| !value.is_null() && name != "vendor");
    for change in changes.as_array().into_iter().flatten() {
        let field = change["field"].as_str().unwrap_or_default();
        let line = format!("{} → {}", shown(&change["from"]), shown(&change["to"]));
        row.insert(format!("  {field}"), line.into());
    }
    let leaves = results::leaves(&result);
    let mut shown: Vec<String> = row.keys().cloned().collect();
    shown.extend(leaves.iter().filter(|name| !row.contains_key(*name)).cloned());
    result.into_iter().for_each(|(name, value)| {
        row.entry(name).or_insert(value);
    });
    let mut sink = session.sink(Shape::One, &[], 1).showing(shown);
    sink.push(row)?;
    sink.finish()
}

/// Why a change could not be printed, which is no reason to think that it was not made: with what is known of it.
fn unprinted(error: Error, row: &Row) -> Error {
    let text = |name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
    let made = row.get("changed").and_then(Value::as_bool) == Some(true);
    if !made || output::is_closed_pipe(&error) {
        return error;
    }
    let (action, id) = (text("action").unwrap_or_default(), text("id").unwrap_or_default());
    let message = format!("{action} of `{id}`: done, but not printed: {}", error.details().message);
    Error::new(Class::Partial, message).outcome(Outcome::Applied).with(|details| {
        details.vendor = text("vendor").and_then(|vendor| vendor.parse().ok());
        details.profile = text("profile");
        details.action = Some(action);
        details.request_id = text("request_id");
        details.hints.clone_from(&error.details().hints);
    })
}

/// A value in the line of a change; nothing is a dash.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::String(text) if text.is_empty() => "–".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "–".to_owned(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
