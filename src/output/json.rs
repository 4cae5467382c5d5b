//! JSON text: pretty with two blanks, or compact on one line.

use serde_json::Value;

use super::plain::is_hostile;

/// One line without blanks, safe to show.
pub fn compact(value: &Value) -> String {
    escaped(value.to_string())
}

/// Several lines, two blanks a level.
pub(super) fn pretty(value: &Value) -> String {
    escaped(format!("{value:#}"))
}

/// One item of an array that is written piece by piece: pretty, one level in.
pub(super) fn item(value: &Value) -> String {
    // A line feed inside a string is written `\n`, so each one here is between tokens.
    format!("  {}", pretty(value).replace('\n', "\n  "))
}

/// The same JSON, with the characters that serde_json leaves alone and a terminal does not.
fn escaped(text: String) -> String {
    let outside = |c: char| c != '\n' && is_hostile(c);
    if !text.contains(outside) {
        return text;
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        // Outside a string JSON is ASCII, so what stands here is inside one; all of them have four digits.
        if outside(character) {
            safe.push_str(&format!("\\u{:04x}", u32::from(character)));
        } else {
            safe.push(character);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn forms() {
        let value = json!({"name": "a", "sources": ["x", 1], "none": null, "empty": [], "nothing": {}});
        assert_eq!(compact(&value), r#"{"name":"a","sources":["x",1],"none":null,"empty":[],"nothing":{}}"#);
        let lines = "{\n  \"name\": \"a\",\n  \"sources\": [\n    \"x\",\n    1\n  ],\n  \"none\": null,\n  \"empty\": [],\n  \"nothing\": {}\n}";
        assert_eq!(pretty(&value), lines);
        assert_eq!(item(&json!({"a": "b\nc"})), "  {\n    \"a\": \"b\\nc\"\n  }");
    }

    #[test]
    fn hostile_text_is_escaped_and_stays_the_same_value() {
        let text = "\u{0}\u{1b}\n\u{7f}\u{85}\u{9b}\u{202e}\u{2066}\u{2028}\u{200f}\u{feff}直播👨\u{200d}👩";
        let value = json!({ text: [text] });
        for written in [compact(&value), pretty(&value), item(&value)] {
            assert_eq!(written.replace('\n', "").find(is_hostile), None, "{written:?}");
            assert!(written.contains("\\u202e") && written.contains("直播👨\u{200d}👩"));
            assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), value);
        }
    }
}
