//! CSV (RFC 4180, LF line ends) and tab-separated values.

use std::borrow::Cow;

use csv::{Terminator, WriterBuilder};

use super::plain::{plain, visible};
use crate::error::Error;

/// One CSV record.
///
/// A value that a spreadsheet would take for a formula (`=…`, `+…`, `@…`) stays as it is: this is data for programs,
/// and a changed value would be a wrong one. On a terminal control characters are shown, line feeds are kept.
///
/// # Errors
/// Internal where the record cannot be formed.
pub(super) fn csv_record(cells: &[String], terminal: bool) -> Result<Vec<u8>, Error> {
    let failed = |error: &dyn std::fmt::Display| Error::internal(format!("write a row as CSV: {error}"));
    let shown = cells.iter().map(|cell| if terminal { visible(cell, &['\n']) } else { Cow::Borrowed(cell.as_str()) });
    let mut writer =
        WriterBuilder::new().terminator(Terminator::Any(b'\n')).buffer_capacity(512).from_writer(Vec::new());
    writer.write_record(shown.map(|cell| cell.into_owned().into_bytes())).map_err(|error| failed(&error))?;
    writer.into_inner().map_err(|error| failed(error.error()))
}

/// One line of tab-separated values.
pub(super) fn tsv_record(cells: &[String], terminal: bool) -> Vec<u8> {
    let escaped = cells.iter().map(|cell| {
        let cell = cell.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r");
        if terminal { plain(&cell).into_owned() } else { cell }
    });
    let mut line = escaped.collect::<Vec<_>>().join("\t").into_bytes();
    line.push(b'\n');
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_quotes_what_needs_it() {
        let table: [(&[&str], &str); 9] = [
            (&["a", "b"], "a,b\n"),
            (&["a,b", "c"], "\"a,b\",c\n"),
            (&["say \"hi\""], "\"say \"\"hi\"\"\"\n"),
            (&["two\nlines", "x"], "\"two\nlines\",x\n"),
            (&["cr\rlf"], "\"cr\rlf\"\n"),
            (&["", ""], ",\n"),
            (&[""], "\"\"\n"),
            (&["=1+1", "@x"], "=1+1,@x\n"),
            (&["直播", "\u{1b}[31m"], "直播,\u{1b}[31m\n"),
        ];
        for (cells, wanted) in table {
            let cells: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
            assert_eq!(String::from_utf8(csv_record(&cells, false).unwrap()).unwrap(), wanted);
        }
        let hostile = ["a\u{1b}[31m\nb\u{202e}\r".to_owned()];
        let shown = "\"a\\u{1b}[31m\nb\\u{202e}\\r\"\n";
        assert_eq!(String::from_utf8(csv_record(&hostile, true).unwrap()).unwrap(), shown);
    }

    #[test]
    fn tsv_escapes_what_would_break_a_line() {
        let cells = ["a\tb".to_owned(), "c\nd\r".to_owned(), "C:\\n".to_owned(), String::new(), "\u{1b}".to_owned()];
        assert_eq!(tsv_record(&cells, false), b"a\\tb\tc\\nd\\r\tC:\\\\n\t\t\x1b\n");
        assert_eq!(tsv_record(&cells, true), b"a\\tb\tc\\nd\\r\tC:\\\\n\t\t\\u{1b}\n");
    }
}
