//! A faithful answer of an Action whose state the sandbox does not keep: the reference's own example, else one
//! built from the facts. Nothing is stored.

use serde_json::{Value, json};

use crate::model::{Effect, Params, Vendor};
use crate::providers::catalog;
use crate::sandbox::answer::Performed;
use crate::sandbox::asked::Asked;

/// How deep built values nest: types may hold themselves.
const DEEPEST: usize = 6;

/// Answers from the facts.
pub(super) fn answer(asked: &Asked<'_>) -> Performed {
    let mut result = from_example(asked).unwrap_or_else(|| built(asked));
    result.shift_remove("RequestId");
    even_out(asked, &mut result);
    Ok(result)
}

fn from_example(asked: &Asked<'_>) -> Option<Params> {
    let example = catalog::example(asked.vendor, asked.action.name)?;
    let Value::Object(mut body) = serde_json::from_str(example.response).ok()? else { return None };
    let inner = match asked.vendor {
        Vendor::Tencent => body.get_mut("Response"),
        Vendor::Volcengine => body.get_mut("Result"),
        Vendor::Aliyun => return Some(body).filter(|body| !body.is_empty()),
    };
    match inner?.take() {
        Value::Object(members) => Some(members),
        _ => None,
    }
}

/// One value for each member of the answer, echoing parameters of the same name and kind.
fn built(asked: &Asked<'_>) -> Params {
    let fields = asked.action.response.iter();
    fields.map(|field| (field.name.to_owned(), value(asked, field.name, field.kind, &[], 0))).collect()
}

fn value(asked: &Asked<'_>, name: &str, kind: &str, allowed: &[&str], depth: usize) -> Value {
    let inside = |outer: &str| kind.strip_prefix(outer).and_then(|rest| rest.strip_suffix('>'));
    if let Some(item) = inside("array<") {
        let full = depth < DEEPEST;
        let item = full.then(|| scalar(asked, name, item, allowed).unwrap_or_else(|| object(asked, item, depth + 1)));
        return Value::Array(item.into_iter().collect());
    }
    if let Some(type_name) = inside("object<") {
        return if depth < DEEPEST { object(asked, type_name, depth + 1) } else { json!({}) };
    }
    let echo = asked.params.get(name).filter(|given| fits(given, kind));
    echo.cloned().or_else(|| scalar(asked, name, kind, allowed)).unwrap_or(Value::Null)
}

fn object(asked: &Asked<'_>, type_name: &str, depth: usize) -> Value {
    let members = catalog::type_members(asked.vendor, type_name).unwrap_or_default();
    let members = members.iter().filter(|member| member.name != "*");
    members.map(|m| (m.name.to_owned(), value(asked, m.name, m.kind, &m.allowed, depth))).collect::<Params>().into()
}

fn fits(given: &Value, kind: &str) -> bool {
    match kind {
        "string" | "datetime" => given.is_string(),
        "integer" => given.is_i64(),
        "float" => given.is_number(),
        "boolean" => given.is_boolean(),
        _ => false,
    }
}

/// Texts by the end of a member's name, the first that fits.
const TEXTS: &[(&str, &str)] = &[
    ("Url", "https://example.com/live/stream1.flv"),
    ("URL", "https://example.com/live/stream1.flv"),
    ("Vhost", "example.com"),
    ("Domain", "live.example.com"),
    ("DomainName", "live.example.com"),
    ("App", "live"),
    ("AppName", "live"),
    ("Stream", "stream1"),
    ("StreamName", "stream1"),
    ("Message", "success"),
    ("Code", "0"),
    ("Id", "10001"),
    ("ID", "10001"),
    ("Token", ""),
];

/// A plausible scalar; `None` where the kind is no scalar.
fn scalar(asked: &Asked<'_>, name: &str, kind: &str, allowed: &[&str]) -> Option<Value> {
    let first = allowed.first().copied();
    Some(match kind {
        "string" if name.ends_with("Time") && first.is_none() => json!(iso(asked)),
        "string" => {
            let usual = TEXTS.iter().find(|(end, _)| name.ends_with(end)).map_or("sandbox", |(_, text)| *text);
            json!(first.unwrap_or(usual))
        }
        "datetime" => json!(iso(asked)),
        "integer" if name == "Code" => json!(0),
        "integer" if name.ends_with("Time") && first.is_none() => json!(asked.now.as_second()),
        "integer" => json!(first.and_then(|text| text.parse::<i64>().ok()).unwrap_or(1)),
        "float" => json!(1.0),
        "boolean" => json!(true),
        "any" => Value::Null,
        _ => return None,
    })
}

fn iso(asked: &Asked<'_>) -> String {
    crate::model::time::to_row(asked.now)
}

/// Makes a listing end: totals count the items, later pages are empty, and no cursor leads on.
fn even_out(asked: &Asked<'_>, result: &mut Params) {
    let Some(facts) = asked.action.pagination.as_ref().filter(|_| asked.action.effect_kind() == Effect::Read) else {
        return;
    };
    let first_page = match facts.style {
        "page" => asked.number(facts.page_param).is_none_or(|page| page <= 1),
        "offset" => asked.number(facts.page_param).is_none_or(|offset| offset <= 0),
        _ => asked.given(facts.page_param).is_none() || facts.page_param == "StartTime",
    };
    let count = facts.items_field.and_then(|path| at(result, path)).and_then(|items| {
        let items = items.as_array_mut()?;
        let count = items.len();
        if !first_page {
            items.clear();
        }
        Some(count)
    });
    if let (Some(count), Some(total)) = (count, facts.total_field.and_then(|path| at(result, path))) {
        *total = if total.is_string() { json!(count.to_string()) } else { json!(count) };
    }
    if facts.style == "cursor" {
        // What leads on may have `Next` before it; a `StartTime` alone is the page's own.
        for name in [facts.page_param.to_owned(), format!("Next{}", facts.page_param)] {
            if let Some(cursor) = result.get_mut(&name).filter(|_| name != "StartTime") {
                *cursor = json!("");
            }
        }
    }
}

fn at<'a>(result: &'a mut Params, path: &str) -> Option<&'a mut Value> {
    let mut steps = path.split('.');
    let first = result.get_mut(steps.next()?)?;
    steps.try_fold(first, |value, step| value.get_mut(step))
}
