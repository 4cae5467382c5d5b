//! YAML text.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::json::compact;
use super::plain::is_hostile;
use crate::error::Error;

/// One value as a YAML document, ending in a line feed.
///
/// # Errors
/// Internal where the serializer refuses.
pub(super) fn document(value: &Value) -> Result<String, Error> {
    // The serializer writes bidirectional marks as they are, so a string with such a character is put in afterwards,
    // in JSON's spelling, which is a YAML double-quoted scalar too. Its place is held by a word that stands nowhere else.
    let Some(mark) = value.to_string().contains(is_hostile_or_escape).then(|| unused(&value.to_string())) else {
        return serialize(value);
    };
    let mut strings = Vec::new();
    let mut text = serialize(&held(value, mark, &mut strings))?;
    for (position, string) in strings.into_iter().enumerate() {
        text = text.replacen(&word(mark, position), &compact(&Value::String(string)), 1);
    }
    Ok(text)
}

/// One element of a list that is written piece by piece.
///
/// # Errors
/// Internal where the serializer refuses.
pub(super) fn item(value: Value) -> Result<String, Error> {
    document(&Value::Array(vec![value]))
}

fn serialize(value: &Value) -> Result<String, Error> {
    let options = serde_saphyr::ser_options! { prefer_block_scalars: false };
    serde_saphyr::to_string_with_options(value, options)
        .map_err(|error| Error::internal(format!("write the rows as YAML: {error}")))
}

/// Whether JSON text holds, or holds the escape of, a hostile character.
fn is_hostile_or_escape(character: char) -> bool {
    character == '\\' || is_hostile(character)
}

/// A private-use character that the text does not hold.
fn unused(text: &str) -> char {
    ('\u{e000}'..='\u{f8ff}').find(|mark| !text.contains(*mark)).unwrap_or('\u{10fffd}')
}

fn word(mark: char, position: usize) -> String {
    format!("{mark}{position}{mark}")
}

/// The same value with a word in place of each hostile string; the strings in the order of writing.
fn held(value: &Value, mark: char, strings: &mut Vec<String>) -> Value {
    match value {
        Value::String(text) => Value::String(hold(text, mark, strings).into_owned()),
        Value::Array(items) => items.iter().map(|item| held(item, mark, strings)).collect(),
        Value::Object(members) => {
            let held: Map<String, Value> = members
                .iter()
                .map(|(name, value)| (hold(name, mark, strings).into_owned(), held(value, mark, strings)))
                .collect();
            Value::Object(held)
        }
        other => other.clone(),
    }
}

fn hold<'a>(text: &'a str, mark: char, strings: &mut Vec<String>) -> Cow<'a, str> {
    if !text.contains(is_hostile) {
        return Cow::Borrowed(text);
    }
    strings.push(text.to_owned());
    Cow::Owned(word(mark, strings.len() - 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_document() {
        let value = json!({"name": "a.example.com", "ok": true, "none": null, "size": 5, "list": ["x", {"z": 1}], "empty": [], "nothing": {}});
        let wanted = "name: a.example.com\nok: true\nnone: null\nsize: 5\nlist:\n- x\n- z: 1\nempty: []\nnothing: {}\n";
        assert_eq!(document(&value).unwrap(), wanted);
        assert_eq!(item(json!({"a": 1, "b": 2})).unwrap(), "- a: 1\n  b: 2\n");
    }

    /// Words that YAML 1.1 or 1.2 reads as something else than text must be quoted.
    #[test]
    fn text_stays_text() {
        for text in [
            "no",
            "on",
            "true",
            "null",
            "~",
            "1",
            "1e3",
            "0x1f",
            "1:30",
            "2026-01-01",
            "",
            " a",
            "- a",
            "a: b",
            "#a",
            "a #b",
            "*a",
            "&a",
            "!a",
            "@a",
            "%a",
            "'a",
            "\"a",
            "{a",
            "[a",
            "---",
        ] {
            let written = document(&json!({ "k": text })).unwrap();
            let value = written.strip_prefix("k: ").unwrap().trim_end_matches('\n');
            assert!(value.starts_with(['"', '\'']), "{text:?} is written {value}");
        }
    }

    #[test]
    fn hostile_text_is_escaped_by_the_syntax() {
        let table = [
            ("a\nb", r#""a\nb""#),
            ("\u{1b}[31m", r#""\u001b[31m""#),
            ("\u{202e}evil \"x\" \\", r#""\u202eevil \"x\" \\""#),
            ("\u{85}\u{2028}\u{7f}", r#""\u0085\u2028\u007f""#),
            ("\0", r#""\u0000""#),
            ("C:\\dir", "C:\\dir"),
            ("直播 👨\u{200d}👩", "直播 👨\u{200d}👩"),
        ];
        for (text, wanted) in table {
            assert_eq!(document(&json!({"k": text, "z": "end"})).unwrap(), format!("k: {wanted}\nz: end\n"));
        }
        let value = json!([{"\u{202e}key": "\u{202e}1", "x": ["\u{e000}0\u{e000}", "\u{e001}1\u{e001}", "\u{202e}2"]}]);
        let wanted =
            "- \"\\u202ekey\": \"\\u202e1\"\n  x:\n  - \u{e000}0\u{e000}\n  - \u{e001}1\u{e001}\n  - \"\\u202e2\"\n";
        assert_eq!(document(&value).unwrap(), wanted);
    }
}
