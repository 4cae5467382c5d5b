//! The forms that a callback comes in: JSON, an address with a query, a request line, a form body.

use serde_json::{Deserializer, Value};

use super::Fields;
use crate::error::{Error, Fault, Result};
use crate::sign::percent;

/// Callbacks are read up to this many bytes.
pub const LARGEST: usize = 1 << 20;

/// What was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// The callbacks, in their order.
    pub callbacks: Vec<Fields>,
    /// Whether it is a list: an array, or several callbacks.
    pub list: bool,
}

/// Reads callbacks: a JSON object, an array of them, one after the other; or addresses and form bodies, one a line.
///
/// # Errors
/// Usage, telling all that cannot be read by its place, never by what it holds: a callback carries signatures.
pub fn read(bytes: &[u8]) -> Result<Read> {
    if bytes.len() > LARGEST {
        return Err(refused("it is larger than 1 MiB").hint("a callback is a few hundred bytes; decode fewer at once"));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| refused(&format!("it is not UTF-8 from byte {} on", error.valid_up_to() + 1)))?;
    let text = text.trim_start_matches('\u{feff}').trim();
    let (found, array) = if text.starts_with(['{', '[']) { json(text)? } else { (lines(text), false) };
    if found.is_empty() && !array {
        return Err(refused("there is nothing in it").hint(FORMS));
    }
    let list = array || found.len() > 1;
    let (mut callbacks, mut faults) = (Vec::with_capacity(found.len()), Vec::new());
    for (number, (place, one)) in found.into_iter().enumerate() {
        match one {
            Ok(fields) if !fields.is_empty() => callbacks.push(fields),
            Ok(_) => faults.push(fault(place, number, list, "a callback with fields")),
            Err(allowed) => faults.push(fault(place, number, list, allowed)),
        }
    }
    if faults.is_empty() {
        return Ok(Read { callbacks, list });
    }
    let more = faults.len().saturating_sub(MOST_TOLD);
    faults.truncate(MOST_TOLD);
    if more > 0 {
        let option = format!("{more} more");
        faults.push(Fault { option, given: None, allowed: "required: as above".to_owned() });
    }
    Err(Error::wrong_values("reading the callback", faults))
}

/// What is accepted.
const FORMS: &str = "give an address with its query, a JSON or form body, `@FILE`, or `-` for stdin";

/// So many places are told; nobody reads a hundred thousand.
const MOST_TOLD: usize = 20;

const NO_OBJECT: &str = "a JSON object";

fn refused(why: &str) -> Error {
    Error::usage(format!("reading the callback: {why}"))
}

fn fault(place: &str, number: usize, list: bool, allowed: &str) -> Fault {
    let option = if list { format!("{place} {}", number + 1) } else { "INPUT".to_owned() };
    Fault { option, given: None, allowed: format!("required: {allowed}") }
}

/// One callback, or what it should have been.
type One = (&'static str, Result<Fields, &'static str>);

fn json(text: &str) -> Result<(Vec<One>, bool)> {
    let mut found = Vec::new();
    let mut array = false;
    for value in Deserializer::from_str(text).into_iter::<Value>() {
        let value = value.map_err(|error| {
            let place = format!("at line {}, column {}", error.line(), error.column());
            // The library has no other mark for it.
            match error.to_string().starts_with("recursion limit") {
                true => refused(&format!("it nests too deeply {place}")),
                false => refused(&format!("no JSON {place}")).hint(FORMS),
            }
        })?;
        match value {
            Value::Array(items) => {
                array = true;
                found.extend(items.into_iter().map(object));
            }
            one => found.push(object(one)),
        }
    }
    Ok((found, array))
}

fn object(value: Value) -> One {
    match value {
        Value::Object(fields) => ("item", Ok(fields)),
        _ => ("item", Err(NO_OBJECT)),
    }
}

fn lines(text: &str) -> Vec<One> {
    let filled = text.lines().map(str::trim).filter(|line| !line.is_empty());
    filled.map(|line| ("line", pairs(line).ok_or("an address with a query, a form body or a JSON object"))).collect()
}

/// The arguments of an address, a request line (`GET /?… HTTP/1.1`) or a form body. One that comes several times
/// is a list.
fn pairs(line: &str) -> Option<Fields> {
    if line.starts_with('{') {
        return serde_json::from_str(line).ok();
    }
    let line = ["GET ", "POST "].iter().find_map(|method| line.strip_prefix(method)).unwrap_or(line);
    let line = line.rsplit_once(" HTTP/").map_or(line, |(target, _)| target).trim();
    let query = match line.split_once('?') {
        Some((before, query)) if !before.contains('=') => query.split('#').next()?,
        _ if line.starts_with('/') || line.contains("://") => return None,
        _ => line,
    };
    if !query.contains('=') {
        return None;
    }
    let mut fields = Fields::new();
    for (name, value) in percent::decode_pairs(query)? {
        match fields.get_mut(&name) {
            Some(Value::Array(several)) => several.push(value.into()),
            Some(first) => *first = Value::Array(vec![first.take(), value.into()]),
            None => drop(fields.insert(name, value.into())),
        }
    }
    Some(fields)
}
