//! JSON members as XML: an element each, a list as elements of the same name.

use serde_json::Value;

/// A whole document.
pub(super) fn document(root: &str, value: &Value) -> String {
    let mut text = String::from("<?xml version='1.0' encoding='UTF-8'?>");
    element(&mut text, root, value);
    text
}

fn element(text: &mut String, name: &str, value: &Value) {
    if let Value::Array(items) = value {
        items.iter().for_each(|item| element(text, name, item));
        return;
    }
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    text.push_str(&format!("<{name}>"));
    match value {
        Value::Object(members) => members.iter().for_each(|(name, member)| element(text, name, member)),
        Value::String(content) => escape(text, content),
        Value::Null | Value::Array(_) => {}
        Value::Bool(_) | Value::Number(_) => text.push_str(&value.to_string()),
    }
    text.push_str(&format!("</{name}>"));
}

/// Escapes markup; characters that XML cannot hold are left out.
fn escape(text: &mut String, content: &str) {
    for c in content.chars() {
        match c {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\n' | '\t' | '\r' => text.push_str(&format!("&#{};", u32::from(c))),
            c if c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => text.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lists_repeat_and_markup_is_escaped() {
        let value = json!({"A": {"B": [1, "x<y & \u{1}z"]}, "C": true, "D": null});
        let text = document("R", &value);
        assert!(text.ends_with("<R><A><B>1</B><B>x&lt;y &amp; z</B></A><C>true</C><D></D></R>"), "{text}");
        let parsed = roxmltree::Document::parse(&text).unwrap();
        assert_eq!(parsed.descendants().filter(|n| n.has_tag_name("B")).count(), 2);
    }
}
