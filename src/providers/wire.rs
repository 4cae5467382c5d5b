//! What the vendors' wire forms share: flattening, values as text, and reading an answer's body.

pub(in crate::providers) mod answer;
mod excerpt;
mod outline;

use std::fmt::Write as _;

use serde_json::Value;

use crate::error::{Error, Fault};
use crate::model::{Call, Method, Params, Request};
use crate::providers::Target;

/// Decoded name-value pairs of a query or form, in sending order.
pub(in crate::providers) type Pairs = Vec<(String, String)>;

/// Media type of a form body.
pub(in crate::providers) const FORM: &str = "application/x-www-form-urlencoded";

/// A request to the target with nothing in it yet. All three vendors have one path, `/`.
pub(in crate::providers) fn request(method: Method, target: &Target<'_>) -> Request {
    Request {
        method,
        scheme: target.scheme.to_owned(),
        host: target.host.to_owned(),
        path: "/".to_owned(),
        query: Vec::new(),
        headers: Vec::new(),
        body: Vec::new(),
    }
}

/// A scalar as it stands in a query: text as it is, `true`/`false`, numbers as JSON writes them.
pub(in crate::providers) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Flattens one parameter into `Name.0.Member` pairs, counting from `first` (0: Tencent version 1, 1: Aliyun).
///
/// # Errors
/// The path of a null, or of an empty list or object: a flat form has no way to write them.
pub(in crate::providers) fn flatten(
    name: &str,
    value: &Value,
    first: usize,
    into: &mut Pairs,
) -> Result<(), (String, &'static str)> {
    match value {
        Value::Array(items) if items.is_empty() => return Err((name.to_owned(), "an empty list")),
        Value::Object(members) if members.is_empty() => return Err((name.to_owned(), "an empty object")),
        Value::Null => return Err((name.to_owned(), "null")),
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                flatten(&format!("{name}.{}", first + at), item, first, into)?;
            }
        }
        Value::Object(members) => {
            for (member, value) in members {
                flatten(&format!("{name}.{member}"), value, first, into)?;
            }
        }
        flat => into.extend(scalar(flat).map(|text| (name.to_owned(), text))),
    }
    Ok(())
}

/// Every parameter of a call flattened, in order.
///
/// # Errors
/// Usage, naming the first parameter that cannot be written.
pub(in crate::providers) fn flatten_all(call: &Call, params: &Params, first: usize) -> Result<Pairs, Error> {
    let mut pairs = Pairs::new();
    for (name, value) in params {
        flatten(name, value, first, &mut pairs).map_err(|(path, what)| unwritable(&call.action, &path, what))?;
    }
    Ok(pairs)
}

/// The error for a value that the wire form has no way to write.
pub(in crate::providers) fn unwritable(action: &str, path: &str, what: &str) -> Error {
    Error::usage(format!("{action}: `{path}` is {what}, which cannot be sent as a flat parameter"))
        .faults(vec![Fault {
            option: path.to_owned(),
            given: Some(what.to_owned()),
            allowed: "text, a number, true or false, or a list or object of them".to_owned(),
        }])
        .hint("leave the parameter out, or give it a value")
}

/// Pairs as a form body (or query string): everything but letters, digits and `-_.~` percent-encoded.
pub(in crate::providers) fn form(pairs: &[(String, String)]) -> String {
    let mut text = String::new();
    for (at, (name, value)) in pairs.iter().enumerate() {
        if at > 0 {
            text.push('&');
        }
        percent_encode(name, &mut text);
        text.push('=');
        percent_encode(value, &mut text);
    }
    text
}

fn percent_encode(text: &str, into: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            into.push(char::from(byte));
        } else {
            // Writing into a String cannot fail.
            let _ = write!(into, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_form_keeps_only_unreserved_characters() {
        let pairs = [("A b".to_owned(), "1+1=2 & 中~".to_owned()), ("c".to_owned(), String::new())];
        assert_eq!(form(&pairs), "A%20b=1%2B1%3D2%20%26%20%E4%B8%AD~&c=");
    }

    #[test]
    fn lists_count_from_where_the_vendor_counts() {
        let value = json!([{"Name": "a", "Ids": [7, 8]}, {"Name": "b"}]);
        for (first, expected) in [
            (0, [("L.0.Name", "a"), ("L.0.Ids.0", "7"), ("L.0.Ids.1", "8"), ("L.1.Name", "b")]),
            (1, [("L.1.Name", "a"), ("L.1.Ids.1", "7"), ("L.1.Ids.2", "8"), ("L.2.Name", "b")]),
        ] {
            let mut pairs = Pairs::new();
            flatten("L", &value, first, &mut pairs).unwrap();
            assert_eq!(pairs, expected.map(|(name, text)| (name.to_owned(), text.to_owned())));
        }
    }

    #[test]
    fn what_a_flat_form_cannot_say_is_named() {
        for (value, path, what) in [
            (json!({"a": [1, null]}), "P.a.2", "null"),
            (json!([]), "P", "an empty list"),
            (json!([{}]), "P.1", "an empty object"),
        ] {
            let refused = flatten("P", &value, 1, &mut Pairs::new());
            assert_eq!(refused, Err((path.to_owned(), what)));
        }
        let shown = unwritable("AddX", "P.1", "null").to_string();
        assert_eq!(shown, "AddX: `P.1` is null, which cannot be sent as a flat parameter");
    }
}
