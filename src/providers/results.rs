//! What the answer of an Action is to a person: rows of a list, one thing, or a change.

use serde_json::{Map, Value};

use crate::model::time::{BEIJING, to_row};
use crate::model::{Effect, Row, Vendor};
use crate::providers::catalog::{self, Action, Field};
use crate::providers::{homes, items, naming, paging, rows};

/// What an Action answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A list.
    List,
    /// One thing.
    One,
    /// That something was changed.
    Change,
}

/// The most members beside a list that are still no thing of their own.
const MOST_BESIDE: usize = 5;

/// The most columns of a table that nobody chose.
const MOST_COLUMNS: usize = 8;

/// What an Action answers, by the facts: a list where it pages, or where nothing but a list, counts, and what was
/// asked stands in the answer.
pub fn kind(vendor: Vendor, action: &Action<'_>) -> Kind {
    if action.effect_kind() != Effect::Read {
        return Kind::Change;
    }
    let Some(path) = paging::list_of(vendor, action) else { return Kind::One };
    if action.pagination.is_some() {
        return Kind::List;
    }
    let beside: Vec<&Field<'_>> = beside(action, &path).collect();
    let scalars = beside.iter().all(|field| !field.kind.starts_with("array<") && !field.kind.starts_with("object<"));
    if scalars && beside.len() <= MOST_BESIDE { Kind::List } else { Kind::One }
}

/// The members of an answer beside its list that tell something: neither counts and marks of paging, nor what was asked.
fn beside<'a>(action: &'a Action<'_>, path: &str) -> impl Iterator<Item = &'a Field<'a>> {
    let list = path.split('.').next().unwrap_or_default().to_owned();
    action.response.iter().filter(move |field| {
        let counts = ["Page", "Next"].iter().any(|word| field.name.starts_with(word)) || field.name.ends_with("Count");
        let marks = matches!(
            field.name,
            "RequestId"
                | "Total"
                | "TotalNum"
                | "TotalPage"
                | "TotalSize"
                | "Order"
                | "ScrollToken"
                | "HasMore"
                | "Limit"
                | "Size"
                | "Num"
        );
        field.name != list && !counts && !marks && action.param(field.name).is_none()
    })
}

/// What stands beside the list of an answer and tells something, such as a peak or a sum.
pub fn summary(vendor: Vendor, action: &Action<'_>, result: &Value) -> Row {
    let Some(path) = paging::list_of(vendor, action) else { return Map::new() };
    let told = beside(action, &path).filter_map(|field| {
        let value = result.get(field.name).filter(|value| !value.is_null() && value.as_str() != Some(""))?;
        Some((naming::snake(field.name), tidy(field.name, value)))
    });
    told.collect()
}

/// An item of a list, or a thing, as a row: members in snake_case, times in UTC.
pub fn row(item: &Value) -> Row {
    match tidy("", item) {
        Value::Object(members) => members,
        other => Map::from_iter([("value".to_owned(), other)]),
    }
}

/// The one thing of an answer: what stands beside the id of the request, out of its wrapper.
pub fn thing(result: &Value) -> Value {
    let Value::Object(members) = result else { return result.clone() };
    let mut members = members.clone();
    members.shift_remove("RequestId");
    let mut values = members.values();
    match (values.next(), values.next()) {
        (Some(only @ Value::Object(_)), None) => only.clone(),
        _ => Value::Object(members),
    }
}

fn tidy(name: &str, value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, value)| (naming::snake(name), tidy(name, value))).collect())
        }
        Value::Array(items) => items.iter().map(|item| tidy(name, item)).collect(),
        _ if is_time(name) => time(value).unwrap_or_else(|| value.clone()),
        _ => value.clone(),
    }
}

/// Whether a member is called as a time is.
fn is_time(name: &str) -> bool {
    ["Time", "TimeStamp", "Timestamp", "At", "Date", "After", "Before"].iter().any(|end| name.ends_with(end))
        || name.starts_with("Time")
        || ["CreateTime", "StartTime", "EndTime"].iter().any(|part| name.contains(part))
}

/// A value that is an instant, in the form of every time in a row: other numbers under such a name are lengths, and
/// days stay days.
fn time(value: &Value) -> Option<Value> {
    const FIRST_SECOND: f64 = 1e9;
    match value {
        Value::Number(number) if number.as_f64().is_none_or(|number| number < FIRST_SECOND) => None,
        Value::String(text) if text.len() < "2006-01-02 15:04".len() && text.parse::<u64>().is_err() => None,
        Value::String(text) if text.parse::<f64>().is_ok_and(|number| number < FIRST_SECOND) => None,
        _ => rows::instant_of(value, BEIJING).map(|instant| Value::String(to_row(instant))),
    }
}

/// The columns of a list's table: those a person chose, else the first members of its items that are no lists or
/// objects. Empty: those that occur.
pub fn columns(vendor: Vendor, action: &Action<'_>) -> Vec<String> {
    if let Some(chosen) = homes::columns(vendor, action.name) {
        return chosen.split(',').map(|name| name.trim().to_owned()).collect();
    }
    let Some(path) = paging::list_of(vendor, action) else { return Vec::new() };
    let Some(members) = item_members(vendor, action, &path) else { return Vec::new() };
    let plain = members
        .iter()
        .filter(|field| items::element(field.kind).is_none() && items::members_type(field.kind).is_none());
    plain.take(MOST_COLUMNS).map(|field| naming::snake(field.name)).collect()
}

/// The members of an item of the list at a path, where the facts know its type.
fn item_members(vendor: Vendor, action: &Action<'_>, path: &str) -> Option<Vec<catalog::Param<'static>>> {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let mut kind = action.response.iter().find(|field| field.name == first)?.kind.to_owned();
    for name in rest.into_iter().flat_map(|rest| rest.split('.')) {
        let members = catalog::type_members(vendor, items::members_type(&kind)?)?;
        kind = members.iter().find(|member| member.name == name)?.kind.to_owned();
    }
    let element = items::element(&kind)?;
    catalog::type_members(vendor, items::members_type(element)?)
}

/// The dotted paths of all plain values of a row, for the two columns of one thing.
pub fn leaves(row: &Row) -> Vec<String> {
    let mut paths = Vec::new();
    for (name, value) in row {
        gather(name, value, &mut paths);
    }
    paths
}

fn gather(path: &str, value: &Value, paths: &mut Vec<String>) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            members.iter().for_each(|(name, value)| gather(&format!("{path}.{name}"), value, paths));
        }
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            items.iter().enumerate().for_each(|(at, item)| gather(&format!("{path}.{at}"), item, paths));
        }
        _ => paths.push(path.to_owned()),
    }
}
