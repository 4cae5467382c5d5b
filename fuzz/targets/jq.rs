//! `--jq`: any program over any document.
//!
//! The first line is the document, in JSON; the rest is the program. Where it is no JSON, all is the program.

use livectl::error::{Class, Error};
use livectl::output::{Format, Program, Style, write_json_value};
use serde_json::Value;

use crate::judge;

/// Steps that a program may take: few, for a fuzzer has no minute for each.
const STEPS: u64 = 2_000;

/// Runs one input: the program is refused, or ends within its bounds.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (document, program) = text.split_once('\n').unwrap_or(("null", text));
    let (document, program) = match serde_json::from_str::<Value>(document) {
        Ok(document) => (document, program),
        Err(_) => (Value::Null, text),
    };
    let jq = Program::from(program).within(STEPS);
    for (format, terminal) in [(Format::Ndjson, false), (Format::Json, true)] {
        let style = Style { format, jq: Some(jq.clone()), terminal, ..Style::default() };
        let checked = style.check();
        let mut out = Vec::new();
        let written = write_json_value(&document, &style, &mut out);
        let out = String::from_utf8(out).expect("what is written is text");
        assert!(out.is_empty() || out.ends_with('\n'), "{out:?}");
        assert!(!terminal || !out.contains(|c: char| judge::is_hostile(c) && c != '\t'), "{out:?}");
        match (checked, written) {
            (Err(refused), written) => {
                assert_eq!(written.as_ref(), Err(&refused), "a program that is refused does not run");
                failed(&refused, data.len());
            }
            (Ok(()), Err(error)) => failed(&error, 64 * 1024),
            (Ok(()), Ok(())) => {}
        }
    }
}

fn failed(error: &Error, size: usize) {
    assert_eq!(error.class(), Class::Usage, "{error:?}");
    assert!(error.to_string().contains("`--jq`"), "{error}");
    judge::error(error, size);
}
