//! Rows in the shape of an answer, by the facts: lists and their wrappers, single objects, page numbers.
//!
//! Rows hold parameters as they were given; an answer often calls them otherwise (`Scene` comes back as
//! `Scenes.scene`), and a number may be a text there.

use serde_json::{Value, json};

use crate::model::{Params, Vendor};
use crate::providers::catalog;
use crate::sandbox::asked::{Asked, Page};
use crate::sandbox::house::text;

/// When a row was added.
pub(super) const CREATED: &str = "_created";
/// When a row was changed last.
pub(super) const CHANGED: &str = "_changed";

/// Members of answers and where they come from, beside their own name and its singular.
const SOURCES: [(&str, &str); 6] = [
    ("OnDemond", "OnDemand"),
    ("CreateTime", CREATED),
    ("UpdateTime", CHANGED),
    ("LastModified", CHANGED),
    ("LiveTemplateIds", "LiveTemplate"),
    ("RecordFormat", "VideoFormat"),
];

/// What an Action answers about rows: a page of them where it lists, else the first one.
pub(super) fn answer<'r>(asked: &Asked<'_>, rows: impl DoubleEndedIterator<Item = &'r Params>) -> Params {
    let mut rows: Vec<&Params> = rows.collect();
    if asked.text("Order") == "desc" {
        rows.reverse();
    }
    let fields = asked.action.response.iter().filter(|field| field.name != "RequestId");
    let list = fields.clone().find_map(|field| inside(field.kind, "object").and_then(wrapped));
    let page = list.map(|(_, kind)| page(asked, &rows, kind)).unwrap_or_else(|| Page {
        items: Vec::new(),
        total: rows.len(),
        number: 1,
        size: 1,
    });
    let mut result = Params::new();
    for field in fields {
        let counted = match field.name {
            "PageNum" | "PageNumber" => Some(json!(page.number)),
            "PageSize" => Some(json!(page.size)),
            "TotalNum" | "Total" | "TotalCount" | "Count" => Some(json!(page.total)),
            "TotalPage" => Some(json!(page.pages())),
            "Order" => Some(asked.or("Order", "asc")),
            _ => None,
        };
        let value = match (counted, inside(field.kind, "object")) {
            (Some(value), _) => Some(fitted(&value, field.kind)),
            (None, Some(kind)) => match wrapped(kind) {
                Some((member, _)) => Some(json!({ member: page.items })),
                None => Some(rows.first().map_or_else(
                    || json!({}),
                    |row| source(row, field.name).map_or_else(|| item(row, kind), |value| fitted(value, field.kind)),
                )),
            },
            (None, None) => rows.first().and_then(|row| source(row, field.name)).map(|value| fitted(value, field.kind)),
        };
        if let Some(value) = value {
            result.insert(field.name.to_owned(), value);
        }
    }
    result
}

/// One page; everything where the Action does not page.
fn page(asked: &Asked<'_>, rows: &[&Params], kind: &str) -> Page {
    let item = |row: &Params| item(row, kind);
    if asked.action.pagination.is_some() {
        return asked.page(rows.iter().copied(), item);
    }
    let items: Vec<Value> = rows.iter().map(|row| item(row)).collect();
    Page { total: items.len(), number: 1, size: items.len().max(1), items }
}

/// A row as an object of a type: the members of the type that the row holds.
pub(super) fn item(row: &Params, kind: &str) -> Value {
    let members = catalog::type_members(Vendor::Aliyun, kind).unwrap_or_default();
    let held = members.iter().filter_map(|member| {
        source(row, member.name).map(|value| (member.name.to_owned(), fitted(value, member.kind)))
    });
    Value::Object(held.collect())
}

/// Where a row holds a member of an answer.
fn source<'r>(row: &'r Params, member: &str) -> Option<&'r Value> {
    let other = SOURCES.iter().find(|(name, _)| *name == member).map(|(_, source)| *source);
    let singular = member.strip_suffix("List").or_else(|| member.strip_suffix('s'));
    row.get(member).or_else(|| row.get(other?)).or_else(|| row.get(singular?))
}

/// A value as the kind that the answer has.
fn fitted(value: &Value, kind: &str) -> Value {
    if let Some(inner) = inside(kind, "array") {
        let items = value.as_array().map_or(&[][..], Vec::as_slice);
        return items.iter().map(|value| object_or(value, inner).unwrap_or_else(|| fitted(value, inner))).collect();
    }
    if let Some(inner) = inside(kind, "object") {
        return match (wrapped(inner), value) {
            (Some((member, item)), Value::Array(_)) => json!({ member: fitted(value, &format!("array<{item}>")) }),
            _ => object_or(value, inner).unwrap_or_else(|| value.clone()),
        };
    }
    match (kind, value) {
        ("string", Value::Array(items)) => json!(items.iter().map(plain).collect::<Vec<_>>().join(",")),
        ("string", value) => json!(plain(value)),
        ("integer", Value::String(text)) => text.parse::<i64>().map_or_else(|_| value.clone(), Value::from),
        ("boolean", Value::String(text)) => json!(text == "true"),
        _ => value.clone(),
    }
}

/// An object as one of a type; an object may stand in a text.
fn object_or(value: &Value, kind: &str) -> Option<Value> {
    catalog::type_members(Vendor::Aliyun, kind)?;
    match value {
        Value::Object(members) => Some(item(members, kind)),
        Value::String(text) => serde_json::from_str::<Params>(text).ok().map(|members| item(&members, kind)),
        _ => None,
    }
}

/// A scalar without quotes.
pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The one member of a type that only wraps a list, and the kind of its items.
fn wrapped(kind: &str) -> Option<(&'static str, &'static str)> {
    match catalog::type_members(Vendor::Aliyun, kind)?.as_slice() {
        [only] => inside(only.kind, "array").map(|item| (only.name, item)),
        _ => None,
    }
}

/// What stands in the brackets of `array<X>` or `object<X>`.
fn inside<'a>(kind: &'a str, outer: &str) -> Option<&'a str> {
    kind.strip_prefix(outer)?.strip_prefix('<')?.strip_suffix('>')
}

/// Whether a row has what a listing asks for: every parameter that is a member of the row's key or of a filter.
pub(super) fn asked_for(asked: &Asked<'_>, row: &Params) -> bool {
    let pages = asked.action.pagination.as_ref();
    let free = |name: &str| {
        matches!(name, "Order" | "KeyWord")
            || pages.is_some_and(|facts| facts.page_param == name || facts.size_param == Some(name))
    };
    let word = asked.text("KeyWord");
    let named = word.is_empty() || text(row, "Name").contains(word);
    let known = |name: &str| asked.action.param(name).is_some();
    let wanted = asked.params.keys().filter(|name| !free(name) && known(name));
    named && wanted.filter_map(|name| asked.given(name).map(|value| (name, value))).all(|(n, v)| row.get(n) == Some(v))
}
