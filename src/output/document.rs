//! Single documents that are no rows: a description, a text.

use std::borrow::Cow;
use std::io::Write;

use serde_json::Value;

use super::filter::Results;
use super::format::Format;
use super::outlet::Outlet;
use super::plain::visible;
use super::style::Style;
use super::{json, yaml};
use crate::error::Error;

/// Writes one JSON value in the chosen format, through `--jq` where given; table, CSV and TSV have no form for it
/// and give pretty JSON.
///
/// # Errors
/// As [`Style::check`]; usage when the filter fails; those of the writer.
pub fn write_json_value(value: &Value, style: &Style, writer: &mut dyn Write) -> Result<(), Error> {
    let mut out = Outlet::new(writer);
    let written = match (style.filter()?, style.format) {
        (Some(filter), _) => Results::of(style).write(&filter, value, &mut out),
        (None, Format::Ndjson) => out.put(json::compact(value) + "\n"),
        (None, Format::Yaml) => out.put(yaml::document(value)?),
        (None, _) => out.put(json::pretty(value) + "\n"),
    };
    out.drain().and(written)
}

/// Writes a text as it is, with a line feed at its end; on a terminal its control characters are shown as escapes,
/// line feeds and tabs kept.
///
/// # Errors
/// Those of the writer.
pub fn write_text(text: &str, terminal: bool, writer: &mut dyn Write) -> Result<(), Error> {
    let shown = if terminal { visible(text, &['\n', '\t']) } else { Cow::Borrowed(text) };
    let end = if shown.ends_with('\n') { "" } else { "\n" };
    let mut out = Outlet::new(writer);
    out.put(format!("{shown}{end}"))?;
    out.drain()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_in_each_format() {
        let value = json!({"a": "b"});
        let pretty = "{\n  \"a\": \"b\"\n}\n";
        let table = [
            (Format::Json, pretty),
            (Format::Table, pretty),
            (Format::Csv, pretty),
            (Format::Tsv, pretty),
            (Format::Ndjson, "{\"a\":\"b\"}\n"),
            (Format::Yaml, "a: b\n"),
        ];
        for (format, wanted) in table {
            let mut out = Vec::new();
            write_json_value(&value, &Style { format, ..Style::default() }, &mut out).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), wanted, "{format}");
        }
    }

    #[test]
    fn text_ends_in_one_line_feed_and_is_safe_on_a_terminal() {
        let table = [
            ("key", false, "key\n"),
            ("key\n", false, "key\n"),
            ("", false, "\n"),
            ("a\u{1b}\nb\tc", false, "a\u{1b}\nb\tc\n"),
            ("a\u{1b}\nb\tc", true, "a\\u{1b}\nb\tc\n"),
        ];
        for (text, terminal, wanted) in table {
            let mut out = Vec::new();
            write_text(text, terminal, &mut out).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), wanted);
        }
    }
}
