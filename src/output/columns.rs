//! `--columns`: names and dotted paths, checked and picked.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::error::{Class, Error, Fault};
use crate::model::Row;

/// How like a column a word must be that is taken for it.
const ALIKE: f64 = 0.85;

/// The canonical names of what a user typed, without repetitions.
///
/// Known are the promised columns and the members of the first row; with neither, every name is taken.
/// A name may be typed in another case, as the heads of a table show it. A dotted path goes into objects, into
/// a list by position (`sources.0`) or through all its elements (`changes.field`); below a null nothing is known,
/// so nothing is refused there.
///
/// # Errors
/// Usage, with one fault for each unknown name.
pub(super) fn resolve<'a>(
    option: &str,
    typed: impl IntoIterator<Item = &'a str>,
    promised: &[&str],
    first: Option<&Row>,
) -> Result<Vec<String>, Error> {
    let mut typed = typed.into_iter().peekable();
    if typed.peek().is_none() {
        return Ok(Vec::new());
    }
    let mut known: Row = promised.iter().map(|name| ((*name).to_owned(), Value::Null)).collect();
    known.extend(first.into_iter().flatten().map(|(name, value)| (name.clone(), value.clone())));
    let mut names: Vec<String> = Vec::new();
    let mut faults = Vec::new();
    for name in typed {
        let found = canonical(&known, name).or_else(|| (known.is_empty() && !name.is_empty()).then(|| name.to_owned()));
        match found {
            Some(found) if names.contains(&found) => {}
            Some(found) => names.push(found),
            None => faults.push(unknown(option, name, &known)),
        }
    }
    if faults.is_empty() {
        return Ok(names);
    }
    let given: Vec<String> = faults.iter().filter_map(|f| f.given.as_ref()).map(|name| format!("`{name}`")).collect();
    let message = format!("read `{option}`: there is no column {}", given.join(", "));
    Err(Error::new(Class::Usage, message).faults(faults))
}

fn unknown(option: &str, name: &str, known: &Row) -> Fault {
    let (parent, members) = nearest(known, name);
    let names: Vec<String> = members.keys().map(|key| format!("{parent}{key}")).collect();
    let likeness = |known: &&String| strsim::jaro_winkler(name, known);
    let nearest = names.iter().max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    let meant = nearest.filter(|known| names.len() > 1 && likeness(known) > ALIKE);
    let meant = meant.map(|meant| format!("{meant} (did you mean that?), or ")).unwrap_or_default();
    let allowed = match names.is_empty() {
        true => "a column of the rows".to_owned(),
        false => format!("{meant}one of {}", names.join(", ")),
    };
    Fault { option: option.to_owned(), given: Some(name.to_owned()), allowed }
}

/// The deepest object that the path still reaches, with the path to it.
fn nearest<'a>(known: &'a Row, name: &str) -> (String, &'a Row) {
    if let Some((head, tail)) = name.split_once('.')
        && let Some(head) = key(known, head)
        && let Some(Value::Object(inner)) = known.get(head)
    {
        let (parent, members) = nearest(inner, tail);
        return (format!("{head}.{parent}"), members);
    }
    (String::new(), known)
}

fn canonical(known: &Map<String, Value>, path: &str) -> Option<String> {
    if let Some(key) = key(known, path) {
        return Some(key.to_owned());
    }
    path.match_indices('.').find_map(|(dot, _)| {
        let key = key(known, &path[..dot])?;
        let tail = &path[dot + 1..];
        match known.get(key)? {
            _ if tail.is_empty() => None,
            Value::Object(inner) => canonical(inner, tail).map(|tail| format!("{key}.{tail}")),
            Value::Array(_) | Value::Null => Some(format!("{key}.{tail}")),
            _ => None,
        }
    })
}

/// The member of exactly that name, else the first that differs only in case.
fn key<'a>(known: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    let exact = known.get_key_value(name).map(|(key, _)| key);
    exact.or_else(|| known.keys().find(|key| key.eq_ignore_ascii_case(name))).map(String::as_str)
}

/// The value at a canonical path.
pub(super) fn find<'a>(row: &'a Map<String, Value>, path: &str) -> Option<Cow<'a, Value>> {
    if let Some(value) = row.get(path) {
        return Some(Cow::Borrowed(value));
    }
    path.match_indices('.').find_map(|(dot, _)| below(row.get(&path[..dot])?, &path[dot + 1..]))
}

fn below<'a>(value: &'a Value, path: &str) -> Option<Cow<'a, Value>> {
    match value {
        Value::Object(members) => find(members, path),
        Value::Array(items) => {
            let (head, tail) = path.split_once('.').map_or((path, None), |(head, tail)| (head, Some(tail)));
            if let Ok(position) = head.parse::<usize>() {
                let item = items.get(position)?;
                return tail.map_or(Some(Cow::Borrowed(item)), |tail| below(item, tail));
            }
            let each = items.iter().map(|item| below(item, path).map_or(Value::Null, Cow::into_owned));
            Some(Cow::Owned(each.collect()))
        }
        _ => None,
    }
}

/// A row of the named columns, in their order; what is absent is null.
pub(super) fn pick(row: &Row, names: &[String]) -> Row {
    names.iter().map(|name| (name.clone(), find(row, name).map_or(Value::Null, Cow::into_owned))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn row(value: Value) -> Row {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn names_and_paths_resolve_against_promise_and_first_row() {
        let first = row(
            json!({"name": "a", "about": {"Key": 1, "inner": {"x": 2}}, "list": [{"f": 1}], "a.b": 3, "none": null}),
        );
        let table: [(&[&str], &[&str]); 8] = [
            (&["name"], &["name"]),
            (&["NAME", "name", "Name"], &["name"]),
            (&["about.key"], &["about.Key"]),
            (&["about.inner.x", "name"], &["about.inner.x", "name"]),
            (&["list.0", "list.f", "list.0.f"], &["list.0", "list.f", "list.0.f"]),
            (&["a.b"], &["a.b"]),
            (&["none.deeper"], &["none.deeper"]),
            (&["status"], &["status"]),
        ];
        for (typed, names) in table {
            let found = resolve("--columns", typed.iter().copied(), &["name", "status"], Some(&first)).unwrap();
            assert_eq!(found, names);
        }
    }

    #[test]
    fn an_unknown_name_lists_what_there_is() {
        let first = row(json!({"name": "a", "about": {"key": 1}}));
        let table = [
            ("nmae", "name (did you mean that?), or one of name, status, about"),
            ("size", "one of name, status, about"),
            ("about.kye", "one of about.key"),
            ("name.x", "name (did you mean that?), or one of name, status, about"),
            ("about.", "one of about.key"),
            ("", "one of name, status, about"),
        ];
        for (typed, allowed) in table {
            let error = resolve("--columns", [typed], &["name", "status"], Some(&first)).unwrap_err();
            assert_eq!(error.class().exit_code(), 2, "{typed}");
            assert_eq!(error.details().faults[0].given.as_deref(), Some(typed));
            assert_eq!(error.details().faults[0].allowed, allowed);
        }
        let error = resolve("--columns", ["x", "name", "y"], &["name"], None).unwrap_err();
        assert_eq!(error.to_string(), "read `--columns`: there is no column `x`, `y`");
    }

    #[test]
    fn without_a_promise_and_without_a_row_every_name_is_taken() {
        assert_eq!(resolve("--columns", ["Anything"], &[], None).unwrap(), ["Anything"]);
        assert!(resolve("--columns", [""], &[], None).is_err());
    }

    #[test]
    fn picking() {
        let given = row(json!({"a": {"b": 1}, "list": [{"f": 1}, {"g": 2}], "s": "text", "x.y": 5}));
        let names = ["s", "a.b", "a.c", "list.f", "list.1.g", "list.9", "s.t", "x.y"].map(str::to_owned);
        let picked = json!({"s": "text", "a.b": 1, "a.c": null, "list.f": [1, null], "list.1.g": 2, "list.9": null, "s.t": null, "x.y": 5});
        assert_eq!(Value::Object(pick(&given, &names)).to_string(), picked.to_string());
    }
}
