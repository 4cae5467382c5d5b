//! What holds of every error, whoever made it.

use livectl::error::Error;
use livectl::output::{Format, Remark, write_error, write_note};

/// Longest text of an error in characters, beside what it repeats of the input.
const LONGEST: usize = 8 * 1024;

/// Asserts that an error can be shown: its texts are bounded, on one line each and without control characters where
/// a person reads them, and one JSON object on one line where a program does.
pub fn error(error: &Error, input: usize) {
    let details = error.details();
    let texts = [Some(&details.message), details.code.as_ref(), details.request_id.as_ref()];
    for text in texts.into_iter().flatten().chain(&details.hints) {
        assert!(text.len() <= LONGEST + 10 * input, "{} bytes of text from {input}", text.len());
    }
    assert!(!details.message.is_empty(), "{error:?}");
    let shown = shown(error, Format::Table);
    assert!(!shown.contains(is_hostile), "{shown:?}");
    assert!(shown.starts_with("error: "), "{shown}");
    let json = shown_json(error);
    assert!(json["error"]["class"].is_string(), "{json}");
}

/// Asserts that a warning stands on one line without control characters.
pub fn warning(text: &str) {
    let mut line = Vec::new();
    write_note(text, Remark::Warning, false, &mut line).expect("memory takes all");
    let line = String::from_utf8(line).expect("a warning is text");
    assert!(!line.contains(is_hostile) && line.matches('\n').count() == 1, "{line:?}");
}

fn shown(error: &Error, format: Format) -> String {
    let mut out = Vec::new();
    write_error(error, format, false, &mut out).expect("memory takes all");
    String::from_utf8(out).expect("errors are text")
}

fn shown_json(error: &Error) -> serde_json::Value {
    let line = shown(error, Format::Json);
    assert_eq!(line.matches('\n').count(), 1, "{line:?}");
    serde_json::from_str(&line).expect("the JSON form of an error is JSON")
}

/// Control characters and those that turn text around, line feeds apart.
pub fn is_hostile(c: char) -> bool {
    c.is_control() && c != '\n'
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
