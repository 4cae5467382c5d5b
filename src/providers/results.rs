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

/// As many columns say enough: with fewer, those with a structure of their own are shown too.
const ENOUGH_COLUMNS: usize = 5;

/// Members beside a list that say how it was cut.
const MARKS: &[&str] = &[
    "RequestId",
    "Order",
    "ScrollToken",
    "HasMore",
    "Limit",
    "Size",
    "Num",
    "Pagination",
    "Total",
    "TotalNum",
    "TotalPage",
    "TotalSize",
];

/// What a person looks for first in a row, in this order; the rest stands between.
const FIRST: &[&str] =
    &["time", "time_stamp", "date", "domain", "domain_name", "app", "app_name", "stream", "stream_name"];

/// What an Action answers, by the facts: a list where it pages, where its list was chosen, or where nothing but a
/// list, its details, counts, and what was asked stands in the answer.
pub fn kind(vendor: Vendor, action: &Action<'_>) -> Kind {
    if action.effect_kind() != Effect::Read {
        return Kind::Change;
    }
    let Some(path) = paging::list_of(vendor, action) else { return Kind::One };
    if action.pagination.is_some() || homes::list(vendor, action.name).is_some() {
        return Kind::List;
    }
    let beside: Vec<&Field<'_>> = beside(action, &path).collect();
    let plain = |field: &&&Field<'_>| !field.kind.starts_with("array<") && !field.kind.starts_with("object<");
    let lists = beside.iter().filter(|field| !plain(field));
    let known = lists.clone().all(|field| is_detail(field) || is_summary(field));
    if known && beside.iter().filter(plain).count() <= MOST_BESIDE { Kind::List } else { Kind::One }
}

/// A list that has the same figures as the main one, once for each domain, carrier, and so on.
fn is_detail(field: &Field<'_>) -> bool {
    field.kind.starts_with("array<") && (field.name.ends_with("DetailDataList") || field.name.ends_with("DetailData"))
}

/// A list of sums, or of what went wrong.
fn is_summary(field: &Field<'_>) -> bool {
    field.kind.starts_with("array<") && (field.name.contains("Summary") || field.name.contains("ErrMsg"))
}

/// The members of an answer beside its list that tell something: neither counts and marks of paging, nor what was asked.
fn beside<'a>(action: &'a Action<'_>, path: &str) -> impl Iterator<Item = &'a Field<'a>> {
    let list = path.split('.').next().unwrap_or_default().to_owned();
    action.response.iter().filter(move |field| {
        let counts = ["Page", "Next"].iter().any(|word| field.name.starts_with(word)) || field.name.ends_with("Count");
        field.name != list && !counts && !MARKS.contains(&field.name) && action.param(field.name).is_none()
    })
}

/// What stands beside the list of an answer and tells something, such as a peak or a sum.
pub fn summary(vendor: Vendor, action: &Action<'_>, result: &Value) -> Row {
    let Some(path) = paging::list_of(vendor, action) else { return Map::new() };
    let chosen = homes::list(vendor, action.name).is_some();
    let told = beside(action, &path).filter(|field| !is_detail(field)).filter_map(|field| {
        let value = result.get(field.name)?;
        let tells = match value {
            Value::Null | Value::Object(_) => false,
            Value::String(text) => !text.is_empty(),
            Value::Array(items) => !items.is_empty() && (!chosen || is_summary(field)),
            _ => true,
        };
        tells.then(|| (naming::snake(field.name), tidy(field.name, value, &[])))
    });
    told.collect()
}

/// The items of the lists of details: each with what its detail is about.
pub fn details(vendor: Vendor, action: &Action<'_>, result: &Value) -> Vec<Value> {
    let Some(path) = paging::list_of(vendor, action) else { return Vec::new() };
    let lists = beside(action, &path).filter(|field| is_detail(field)).filter_map(|field| result.get(field.name));
    lists.filter_map(Value::as_array).flatten().flat_map(unfolded).collect()
}

/// The items of the one list in an object, each with the plain members beside it.
fn unfolded(detail: &Value) -> Vec<Value> {
    let members = detail.as_object().into_iter().flatten();
    let (lists, about): (Vec<_>, Vec<_>) = members.partition(|(_, value)| value.is_array());
    let [(_, Value::Array(items))] = lists.as_slice() else { return vec![detail.clone()] };
    let whole = |item: &Value| {
        let about = about.iter().map(|(name, value)| ((*name).clone(), (*value).clone()));
        about.chain(item.as_object().cloned().unwrap_or_default()).collect::<Map<String, Value>>().into()
    };
    items.iter().map(whole).collect()
}

/// The members of an Action's answer whose digits are those of a clock in Beijing, even where a `Z` stands behind them:
/// the format `cst-loose` of the facts.
pub fn beijing_members(vendor: Vendor, action: &Action<'_>) -> Vec<&'static str> {
    let mut members = Vec::new();
    let mut kinds: Vec<String> = action.response.iter().map(|field| field.kind.to_owned()).collect();
    let mut next = 0;
    while let Some(kind) = kinds.get(next) {
        next += 1;
        let kind = items::element(kind).unwrap_or(kind);
        let Some(known) = items::members_type(kind).and_then(|name| catalog::type_members(vendor, name)) else {
            continue;
        };
        members.extend(known.iter().filter(|member| member.format == Some("cst-loose")).map(|member| member.name));
        let below: Vec<String> = known.iter().map(|member| member.kind.to_owned()).collect();
        kinds.extend(below.into_iter().filter(|kind| !kinds.contains(kind)).collect::<Vec<_>>());
    }
    members
}

/// An item of a list, or a thing, as a row: members in snake_case, times in UTC. `beijing` are those of
/// [`beijing_members`].
pub fn row(item: &Value, beijing: &[&str]) -> Row {
    match tidy("", item, beijing) {
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

fn tidy(name: &str, value: &Value, beijing: &[&str]) -> Value {
    match value {
        Value::Object(members) => {
            let tidied = members.iter().map(|(name, value)| (naming::snake(name), tidy(name, value, beijing)));
            Value::Object(tidied.collect())
        }
        Value::Array(items) => items.iter().map(|item| tidy(name, item, beijing)).collect(),
        Value::String(text) if beijing.contains(&name) && text.len() > "2006-01-02".len() => {
            rows::beijing_digits_of(text).map_or_else(|| value.clone(), |instant| Value::String(to_row(instant)))
        }
        _ if is_time(name) => time(value).unwrap_or_else(|| value.clone()),
        _ => value.clone(),
    }
}

/// Whether a member is called as a time is.
fn is_time(name: &str) -> bool {
    ["Time", "TimeStamp", "Timestamp", "At", "Date", "After", "Before", "Stopped"].iter().any(|end| name.ends_with(end))
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
    let Some(mut members) = item_members(vendor, action, &path) else { return Vec::new() };
    for detail in beside(action, &path).filter(|field| is_detail(field)) {
        let about = items::element(detail.kind).and_then(|kind| catalog::type_members(vendor, kind));
        members.extend(about.into_iter().flatten().filter(|field| field.kind == "string"));
    }
    let (plain, nested): (Vec<_>, Vec<_>) = members
        .iter()
        .partition(|field| items::members_type(items::element(field.kind).unwrap_or(field.kind)).is_none());
    let mut names: Vec<String> = plain.iter().map(|field| naming::snake(field.name)).collect();
    let place = |name: &String| FIRST.iter().position(|first| first == name).unwrap_or(FIRST.len());
    names.sort_by_key(|name| (name == "vhost", place(name)));
    names.truncate(MOST_COLUMNS);
    let missing = ENOUGH_COLUMNS.saturating_sub(names.len());
    names.extend(nested.iter().take(missing).map(|field| naming::snake(field.name)));
    names
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

/// Whether the rows of an Action have a member at a dotted path.
#[cfg(test)]
pub(in crate::providers) fn has_member(vendor: Vendor, action: &Action<'_>, column: &str) -> bool {
    let Some(mut members) = paging::list_of(vendor, action).and_then(|path| item_members(vendor, action, &path)) else {
        return column == "value";
    };
    for name in column.split('.') {
        let Some(member) = members.iter().find(|member| naming::snake(member.name) == name) else { return false };
        let inner = items::members_type(items::element(member.kind).unwrap_or(member.kind));
        members = inner.and_then(|kind| catalog::type_members(vendor, kind)).unwrap_or_default();
    }
    true
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn digits_of_beijing_are_those_that_the_facts_call_so() {
        let facts: Value = serde_json::from_str(include_str!("tencent/facts.json")).unwrap();
        let loose = |kind: &Value| {
            let name =
                kind.as_str().and_then(|kind| kind.strip_prefix("array<")).and_then(|kind| kind.strip_suffix('>'));
            let members = name.and_then(|name| facts["types"][name].as_array()).into_iter().flatten();
            let loose = members.filter(|member| member["format"] == "cst-loose");
            loose.map(|member| member["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let mut found = 0;
        for action in facts["actions"].as_array().unwrap() {
            let direct: Vec<String> =
                action["response"].as_array().unwrap().iter().flat_map(|field| loose(&field["type"])).collect();
            let known = catalog::find(Vendor::Tencent, action["name"].as_str().unwrap()).unwrap();
            let members = beijing_members(Vendor::Tencent, &known);
            assert!(direct.iter().all(|name| members.contains(&name.as_str())), "{}: {members:?}", known.name);
            found += usize::from(!members.is_empty());
        }
        assert!(found >= 8, "{found}");
        let none = |vendor| catalog::actions(vendor).all(|action| beijing_members(vendor, &action).is_empty());
        assert!(none(Vendor::Aliyun) && none(Vendor::Volcengine));
    }

    #[test]
    fn a_row_has_its_times_in_utc() {
        let item = json!({"ExpireTime": "2026-11-30T03:17:28Z", "CreateTime": "2026-11-28 03:17", "Day": "2026-11-28"});
        let told = |beijing: &[&str]| Value::Object(row(&item, beijing));
        let expected =
            json!({"expire_time": "2026-11-29T19:17:28Z", "create_time": "2026-11-27T19:17:00Z", "day": "2026-11-28"});
        assert_eq!(told(&["ExpireTime", "CreateTime"]), expected);
        assert_eq!(told(&[])["expire_time"], "2026-11-30T03:17:28Z");
        let day = json!({"ExpireTime": "2026-11-30"});
        assert_eq!(row(&day, &["ExpireTime"])["expire_time"], "2026-11-30", "a day stays a day");
    }
}
