//! Parameters: out of the wire form into nested, typed values by the facts, and checked as the vendor checks them.

mod check;

use std::collections::BTreeMap;

use serde_json::{Number, Value};

use crate::model::{Params, Vendor};
use crate::providers::catalog::{self, Action, Param};
use crate::sandbox::answer::Refusal;
use crate::sandbox::wire::{self, Node, Pairs};
use crate::sign::Received;

pub(super) use check::check;

/// Names that carry the call itself, not the Action's parameters.
const COMMON: [(Vendor, &[&str]); 3] = [
    (
        Vendor::Tencent,
        &[
            "Action",
            "Version",
            "Region",
            "Timestamp",
            "Nonce",
            "SecretId",
            "Signature",
            "SignatureMethod",
            "Token",
            "Language",
            "RequestClient",
        ],
    ),
    (
        Vendor::Aliyun,
        &[
            "Action",
            "Version",
            "AccessKeyId",
            "Signature",
            "SignatureMethod",
            "SignatureVersion",
            "SignatureNonce",
            "SignatureType",
            "Timestamp",
            "Format",
            "SecurityToken",
            "RegionId",
            "OwnerId",
            "OwnerAccount",
            "ResourceOwnerAccount",
            "ResourceOwnerId",
        ],
    ),
    (Vendor::Volcengine, &["Action", "Version"]),
];

/// Reads the parameters of an Action out of a request.
///
/// # Errors
/// The vendor's refusal of a body or a parameter that cannot be read.
pub(super) fn decode(
    vendor: Vendor,
    action: &Action<'_>,
    received: &Received<'_>,
    pairs: &Pairs,
) -> Result<Params, Refusal> {
    let json_body = received.method == "POST" && vendor != Vendor::Aliyun && !wire::is_form(received);
    let mut params = if json_body && action.params_in != "query" {
        json_object(vendor, received)?
    } else {
        flat(vendor, action, pairs)?
    };
    // Volcengine's older SDK posts a body to Actions whose parameters stand in the query.
    let body_too = vendor == Vendor::Aliyun || (json_body && action.params_in == "query");
    if body_too && is_json(received) {
        params.extend(json_object(vendor, received)?);
    }
    params.retain(|_, value| !value.is_null());
    Ok(params)
}

fn is_json(received: &Received<'_>) -> bool {
    received.header("content-type").is_some_and(|media| media.starts_with("application/json"))
}

fn json_object(vendor: Vendor, received: &Received<'_>) -> Result<Params, Refusal> {
    if received.body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Params::new());
    }
    match serde_json::from_slice::<Value>(received.body) {
        Ok(Value::Object(params)) => Ok(params),
        Ok(_) => Err(unreadable(vendor, "the request body is no JSON object")),
        Err(why) => Err(unreadable(vendor, &format!("the request body is no JSON: {why}"))),
    }
}

/// The vendor's code for a request that cannot be read at all.
fn unreadable(vendor: Vendor, what: &str) -> Refusal {
    let code = match vendor {
        Vendor::Tencent => "InvalidRequest",
        Vendor::Aliyun => "InvalidParameter.Malformed",
        Vendor::Volcengine => "InvalidParam.BindError",
    };
    Refusal::new(vendor, code, format!("The request cannot be read: {what}."))
}

fn flat(vendor: Vendor, action: &Action<'_>, pairs: &Pairs) -> Result<Params, Refusal> {
    let common = COMMON.iter().find(|(whose, _)| *whose == vendor).map_or(&[][..], |(_, names)| names);
    let own = pairs.iter().filter(|(name, _)| !common.contains(name) && !name.starts_with("X-"));
    let root = wire::nest(own).map_err(|name| {
        let short: String = name.chars().take(60).collect();
        unreadable(vendor, &format!("parameter {short} contradicts another one or nests too deeply"))
    })?;
    members(vendor, root, &action.params).map_err(|name| unreadable(vendor, &format!("parameter {name} is malformed")))
}

/// Types the members of an object; the error is the name of what cannot be read.
fn members(vendor: Vendor, branch: BTreeMap<String, Node>, facts: &[Param<'_>]) -> Result<Params, String> {
    let mut typed = Params::new();
    for (name, node) in branch {
        let fact = facts.iter().find(|fact| fact.name == name);
        let kind = fact.map_or("string", |fact| fact.kind);
        let value = value(vendor, node, kind, fact.and_then(|fact| fact.format)).map_err(|()| name.clone())?;
        typed.insert(name, value);
    }
    Ok(typed)
}

fn value(vendor: Vendor, node: Node, kind: &str, format: Option<&str>) -> Result<Value, ()> {
    if let Some(item) = inner(kind, "array") {
        return match node {
            Node::Branch(items) => {
                let items = wire::numbered(items).map_err(|_| ())?;
                let kind = item_kind(item);
                items.into_iter().map(|node| value(vendor, node, &kind, None)).collect()
            }
            Node::Leaf(text) if text.trim_start().starts_with('[') => serde_json::from_str(&text).map_err(|_| ()),
            Node::Leaf(text) => text.split(',').map(|part| Ok(scalar(part, item))).collect(),
        };
    }
    match (node, inner(kind, "object")) {
        (Node::Branch(branch), Some(name)) => {
            let facts = catalog::type_members(vendor, name).unwrap_or_default();
            members(vendor, branch, &facts).map(Value::Object).map_err(|_| ())
        }
        (Node::Branch(branch), None) => members(vendor, branch, &[]).map(Value::Object).map_err(|_| ()),
        (Node::Leaf(text), Some(_)) => serde_json::from_str(&text).map_err(|_| ()),
        (Node::Leaf(text), None) if format == Some("json") => Ok(Value::String(text)),
        (Node::Leaf(text), None) => Ok(scalar(&text, kind)),
    }
}

/// A text as the scalar it stands for; what does not read as one stays a text, and its type is refused later.
fn scalar(text: &str, kind: &str) -> Value {
    let read = match kind {
        "integer" => text.parse::<i64>().ok().map(Value::from),
        "float" => text.parse::<Number>().ok().map(Value::Number),
        "boolean" => text.to_ascii_lowercase().parse::<bool>().ok().map(Value::Bool),
        _ => None,
    };
    read.unwrap_or_else(|| Value::String(text.to_owned()))
}

/// What stands in the brackets of `array<X>` or `object<X>`.
fn inner<'a>(kind: &'a str, outer: &str) -> Option<&'a str> {
    kind.strip_prefix(outer)?.strip_prefix('<')?.strip_suffix('>')
}

/// The kind of an array's items: a scalar's own, else an object of that type.
fn item_kind(item: &str) -> String {
    let plain = matches!(item, "string" | "integer" | "float" | "boolean" | "datetime" | "any") || item.contains('<');
    if plain { item.to_owned() } else { format!("object<{item}>") }
}
