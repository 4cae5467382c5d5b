//! Rows and items in the shapes that the facts give: defaults put in when something is kept, and the members of
//! the answer's type picked out when it is shown.

use serde_json::{Value, json};

use crate::model::{Params, Vendor};
use crate::providers::catalog::{self, Param};
use crate::sandbox::asked::Asked;

/// The parameters of a request with the defaults of those that are left out.
pub(super) fn completed(asked: &Asked<'_>) -> Params {
    with_defaults(&asked.action.params, &asked.params)
}

fn with_defaults(facts: &[Param<'_>], given: &Params) -> Params {
    let mut whole = given.clone();
    for fact in facts {
        if let Some(value) = whole.get_mut(fact.name) {
            default_inside(fact.kind, value);
        } else if let Some(default) = fact.default {
            whole.insert(fact.name.to_owned(), typed(fact.kind, default));
        }
    }
    whole
}

fn default_inside(kind: &str, value: &mut Value) {
    let Some(facts) = type_of(kind).and_then(|name| catalog::type_members(Vendor::Volcengine, name)) else { return };
    match value {
        Value::Object(members) => *members = with_defaults(&facts, members),
        Value::Array(items) => items.iter_mut().for_each(|item| {
            if let Value::Object(members) = item {
                *members = with_defaults(&facts, members);
            }
        }),
        _ => {}
    }
}

/// The type in the brackets of `array<X>` or `object<X>`.
fn type_of(kind: &str) -> Option<&str> {
    kind.split_once('<').and_then(|(_, rest)| rest.strip_suffix('>'))
}

fn typed(kind: &str, text: &str) -> Value {
    match kind {
        "integer" | "float" | "boolean" => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
        _ => json!(text),
    }
}

/// An item of an answer's list (or its object) out of a kept row: the members that its type has, and blanks for
/// those of them that are always there.
pub(super) fn item(asked: &Asked<'_>, answer: &str, kept: &Params) -> Value {
    let field = asked.action.response.iter().find(|field| field.name == answer);
    let name = field.and_then(|field| type_of(field.kind)).unwrap_or_default();
    of_type(name, kept)
}

/// A value of a type out of what is kept.
pub(super) fn of_type(name: &str, kept: &Params) -> Value {
    let facts = catalog::type_members(Vendor::Volcengine, name).unwrap_or_default();
    if facts.iter().any(|fact| fact.name == "*") {
        return Value::Object(kept.clone());
    }
    let members = facts.iter().filter_map(|fact| {
        let value = match kept.get(fact.name) {
            Some(value) => shaped(fact.kind, value),
            None if fact.required => blank(fact.kind),
            None => return None,
        };
        Some((fact.name.to_owned(), value))
    });
    Value::Object(members.collect())
}

fn shaped(kind: &str, value: &Value) -> Value {
    let known = type_of(kind).filter(|name| catalog::type_members(Vendor::Volcengine, name).is_some());
    match (known, value) {
        (Some(name), Value::Object(members)) => of_type(name, members),
        (Some(_), Value::Array(items)) => items.iter().map(|item| shaped(kind, item)).collect(),
        _ => value.clone(),
    }
}

fn blank(kind: &str) -> Value {
    match kind {
        "integer" => json!(0),
        "float" => json!(0.0),
        "boolean" => json!(false),
        _ if kind.starts_with("array") => json!([]),
        _ if kind.starts_with("object") => of_type(type_of(kind).unwrap_or_default(), &Params::new()),
        _ => json!(""),
    }
}
