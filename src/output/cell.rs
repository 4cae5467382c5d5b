//! One value as the text of a cell.

use serde_json::Value;

use super::json::compact;

/// How the elements of a list are put between each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lists {
    /// `a, b`: for eyes.
    Spaced,
    /// `a,b`: what `--from-file` reads. A list that holds a comma itself is written as JSON, so that nothing is lost.
    Tight,
}

/// The text of a value: null is empty, a list of scalars is joined, everything nested is compact JSON.
pub(super) fn text(value: &Value, lists: Lists) -> String {
    match value {
        Value::Array(items) => match (joined(items, lists), lists) {
            (Some(joined), _) => joined,
            (None, _) => compact(value),
        },
        Value::Object(_) => compact(value),
        scalar => scalar_text(scalar),
    }
}

fn joined(items: &[Value], lists: Lists) -> Option<String> {
    let mut texts = Vec::with_capacity(items.len());
    for item in items {
        if item.is_array() || item.is_object() {
            return None;
        }
        let text = scalar_text(item);
        if lists == Lists::Tight && text.contains(',') {
            return None;
        }
        texts.push(text);
    }
    Some(texts.join(match lists {
        Lists::Spaced => ", ",
        Lists::Tight => ",",
    }))
}

fn scalar_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn texts() {
        let table = [
            (json!(null), "", ""),
            (json!(true), "true", "true"),
            (json!(false), "false", "false"),
            (json!(18_446_744_073_709_551_615_u64), "18446744073709551615", "18446744073709551615"),
            (json!(1.5), "1.5", "1.5"),
            (json!("直播"), "直播", "直播"),
            (json!([]), "", ""),
            (json!(["hls", "mp4"]), "hls, mp4", "hls,mp4"),
            (json!([1, null, true]), "1, , true", "1,,true"),
            (json!(["rtmp://a/b?x=1,2"]), "rtmp://a/b?x=1,2", r#"["rtmp://a/b?x=1,2"]"#),
            (json!([{"a": 1}]), r#"[{"a":1}]"#, r#"[{"a":1}]"#),
            (json!({"a": ["b"]}), r#"{"a":["b"]}"#, r#"{"a":["b"]}"#),
        ];
        for (value, spaced, tight) in table {
            assert_eq!(text(&value, Lists::Spaced), spaced);
            assert_eq!(text(&value, Lists::Tight), tight);
        }
    }
}
