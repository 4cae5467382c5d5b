//! A file of items: CSV with a header, NDJSON (or one JSON list), or a name a line.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;

/// One item of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// Its columns with their values; what is left empty or null does not stand here.
    pub cells: Vec<(String, Cell)>,
}

/// One value of an item.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A line of its own: the thing's name.
    Name(String),
    /// A cell of a CSV file.
    Text(String),
    /// A member of a JSON object.
    Json(Value),
}

impl Cell {
    /// The value as one word of a command line.
    pub fn text(&self) -> String {
        match self {
            Cell::Name(text) | Cell::Text(text) => text.clone(),
            Cell::Json(value) => plain(value),
        }
    }

    /// The parts of a list: of a cell of CSV those between its commas, unless it is JSON.
    pub fn parts(&self) -> Vec<String> {
        match self {
            Cell::Text(text) if !text.trim_start().starts_with(['[', '{']) => {
                text.split(',').map(|part| part.trim().to_owned()).collect()
            }
            Cell::Json(Value::Array(items)) => items.iter().map(plain).collect(),
            _ => vec![self.text()],
        }
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// How a file of items is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A header, then a line an item.
    Csv,
    /// An object an item: one a line, or one list of them.
    Json,
    /// A name an item.
    Names,
}

/// One thing that is wrong with a file, and the line, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The line.
    pub line: u64,
    /// What is wrong, in words.
    pub why: String,
}

/// The form of a file: what its ending says, else what its first line looks like. A header is one of CSV if `known`
/// has every name in it.
pub fn form(ending: Option<&str>, text: &str, known: impl Fn(&str) -> bool) -> Form {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    match ending.map(str::to_ascii_lowercase).as_deref() {
        Some("csv") => Form::Csv,
        Some("json" | "ndjson" | "jsonl") => Form::Json,
        _ if first.starts_with(['{', '[']) => Form::Json,
        _ if first.contains(',') || known(&first.trim_matches('"').to_ascii_lowercase()) => Form::Csv,
        _ => Form::Names,
    }
}

/// Reads the items of a file.
///
/// # Errors
/// All that is wrong with it, line by line.
pub fn read(form: Form, text: &str) -> Result<Vec<Record>, Vec<Wrong>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match form {
        Form::Csv => csv(text),
        Form::Json if text.trim_start().starts_with('[') => json_list(text),
        Form::Json => ndjson(text),
        Form::Names => Ok(names(text)),
    }
}

/// The header of a CSV file, as a record whose cells are all empty; none where the text is no CSV.
pub fn header(text: &str) -> Option<Record> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::Headers).from_reader(text.as_bytes());
    let header = reader.headers().ok()?;
    let cells = header.iter().map(|name| (name.to_owned(), Cell::Text(String::new())));
    Some(Record { line: 1, cells: cells.collect() })
}

fn lines(text: &str) -> impl Iterator<Item = (u64, &str)> {
    (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty())
}

fn names(text: &str) -> Vec<Record> {
    let name = |line: &str| ("name".to_owned(), Cell::Name(line.trim().to_owned()));
    lines(text).map(|(line, text)| Record { line, cells: vec![name(text)] }).collect()
}

fn csv(text: &str) -> Result<Vec<Record>, Vec<Wrong>> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::Headers).from_reader(text.as_bytes());
    let mut lines = Lines { text, at: 0, line: 1 };
    let told = |error: &csv::Error, lines: &mut Lines<'_>| {
        let line = error.position().map_or(1, |position| lines.at(position.byte()));
        let why = match error.kind() {
            csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                format!("{len} cells, where the header has {expected_len}")
            }
            _ => "no CSV".to_owned(),
        };
        Wrong { line, why }
    };
    let header = reader.headers().map_err(|error| vec![told(&error, &mut lines)])?.clone();
    let (mut records, mut wrong) = (Vec::new(), doubled(1, header.iter()));
    for row in reader.records() {
        match row {
            Ok(row) => {
                let cells = header.iter().zip(row.iter()).filter(|(_, text)| !text.is_empty());
                let cells = cells.map(|(name, text)| (name.to_owned(), Cell::Text(text.to_owned()))).collect();
                records.push(Record { line: row.position().map_or(1, |position| lines.at(position.byte())), cells });
            }
            Err(error) => wrong.push(told(&error, &mut lines)),
        }
    }
    if wrong.is_empty() { Ok(records) } else { Err(wrong) }
}

/// Which line a place of a text is on. A record begins after the ends of lines that stand before it.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line, from 1, of what begins at a byte or after the ends of lines there. Asked from front to back.
    fn at(&mut self, byte: u64) -> u64 {
        let begin = usize::try_from(byte).unwrap_or(self.text.len());
        let rest = self.text.as_bytes().get(begin..).unwrap_or_default();
        let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let passed = self.text.as_bytes().get(self.at..begin + blank).unwrap_or_default();
        self.line += ends(passed);
        self.at = self.at.max(begin + blank);
        self.line
    }
}

/// How many lines end in a part of a text; some systems end them with a carriage return alone.
fn ends(part: &[u8]) -> u64 {
    let is_end = |(at, byte): (usize, &u8)| match byte {
        b'\n' => true,
        b'\r' => part.get(at + 1) != Some(&b'\n'),
        _ => false,
    };
    part.iter().enumerate().filter(|place| is_end(*place)).count() as u64
}

/// Names that stand twice.
fn doubled<'a>(line: u64, names: impl Iterator<Item = &'a str>) -> Vec<Wrong> {
    let mut seen = HashSet::new();
    let again = names.filter(|name| !seen.insert(*name));
    again.map(|name| Wrong { line, why: format!("`{name}` stands twice") }).collect()
}

fn ndjson(text: &str) -> Result<Vec<Record>, Vec<Wrong>> {
    let (mut records, mut wrong) = (Vec::new(), Vec::new());
    for (line, text) in lines(text) {
        match serde_json::from_str::<Members>(text) {
            Ok(members) => add(line, members, &mut records, &mut wrong),
            Err(error) => wrong.push(Wrong { line, why: refused(&error) }),
        }
    }
    if wrong.is_empty() { Ok(records) } else { Err(wrong) }
}

fn json_list(text: &str) -> Result<Vec<Record>, Vec<Wrong>> {
    let items: Vec<&serde_json::value::RawValue> = serde_json::from_str(text)
        .map_err(|error| vec![Wrong { line: error.line() as u64, why: "no list of JSON objects".to_owned() }])?;
    let (mut records, mut wrong) = (Vec::new(), Vec::new());
    let mut lines = Lines { text, at: 0, line: 1 };
    for item in items {
        // The items are parts of the text itself: where one begins tells its line.
        let at = (item.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        let line = lines.at(at as u64);
        match serde_json::from_str::<Members>(item.get()) {
            Ok(members) => add(line, members, &mut records, &mut wrong),
            Err(error) => wrong.push(Wrong { line, why: refused(&error) }),
        }
    }
    if wrong.is_empty() { Ok(records) } else { Err(wrong) }
}

fn refused(error: &serde_json::Error) -> String {
    match error.classify() {
        serde_json::error::Category::Data => "JSON, but no object".to_owned(),
        _ => format!("no JSON at column {}", error.column()),
    }
}

fn add(line: u64, Members(members): Members, records: &mut Vec<Record>, wrong: &mut Vec<Wrong>) {
    wrong.extend(doubled(line, members.iter().map(|(name, _)| name.as_str())));
    let given = members.into_iter().filter(|(_, value)| !value.is_null());
    records.push(Record { line, cells: given.map(|(name, value)| (name, Cell::Json(value))).collect() });
}

/// The members of an object, those that stand twice as well.
struct Members(Vec<(String, Value)>);

impl<'de> serde::Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(All)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn text(name: &str, value: &str) -> (String, Cell) {
        (name.to_owned(), Cell::Text(value.to_owned()))
    }

    fn json(name: &str, value: Value) -> (String, Cell) {
        (name.to_owned(), Cell::Json(value))
    }

    #[test]
    fn a_form_is_told_by_its_ending_or_its_look() {
        let known = |name: &str| name == "name";
        for (ending, text, expected) in [
            (None, "a.example.com\nb.example.com\n", Form::Names),
            (None, "name\na.example.com\n", Form::Csv),
            (None, "\"Name\"\na.example.com\n", Form::Csv),
            (None, "name,type\n", Form::Csv),
            (None, "  \n{\"name\":\"a\"}\n", Form::Json),
            (None, "[{\"name\":\"a\"}]", Form::Json),
            (Some("csv"), "anything", Form::Csv),
            (Some("JSONL"), "anything", Form::Json),
            (Some("txt"), "name,type", Form::Csv),
            (None, "", Form::Names),
        ] {
            assert_eq!(form(ending, text, known), expected, "{ending:?} {text:?}");
        }
    }

    #[test]
    fn a_table_is_read_by_its_header() {
        let file = "\u{feff}name, type ,note\r\na,push,\"one, two\"\r\n\nb,,\"line\nbreak\"\nc,play,\n";
        assert_eq!(
            read(Form::Csv, file).unwrap(),
            [
                Record { line: 2, cells: vec![text("name", "a"), text("type", "push"), text("note", "one, two")] },
                Record { line: 4, cells: vec![text("name", "b"), text("note", "line\nbreak")] },
                Record { line: 6, cells: vec![text("name", "c"), text("type", "play")] },
            ]
        );
    }

    #[test]
    fn lines_end_as_on_any_system() {
        for file in ["name\na\n\nb\nc,d", "name\r\na\r\n\r\nb\r\nc,d", "name\ra\r\rb\rc,d"] {
            let wrong = read(Form::Csv, file).unwrap_err();
            assert_eq!(wrong, [Wrong { line: 5, why: "2 cells, where the header has 1".to_owned() }], "{file:?}");
            let lines: Vec<u64> =
                read(Form::Csv, &file[..file.len() - 2]).unwrap().iter().map(|item| item.line).collect();
            assert_eq!(lines, [2, 4, 5], "{file:?}");
        }
    }

    /// Neither the lines before an item nor the names before a name are looked through again for each.
    #[test]
    fn large_files_are_read_in_one_go() {
        let count = 200_000;
        let list = format!("[{}{{}}]", "{\"name\":\"a\"},\n".repeat(count));
        assert_eq!(read(Form::Json, &list).unwrap().last().map(|item| item.line), Some(count as u64 + 1));
        let header: Vec<String> = (0..count).map(|number| number.to_string()).collect();
        assert_eq!(read(Form::Csv, &header.join(",")).unwrap(), []);
    }

    #[test]
    fn objects_are_read_one_a_line_or_as_a_list() {
        let expected = |lines: [u64; 2]| {
            vec![
                Record { line: lines[0], cells: vec![json("name", json!("a")), json("n", json!([1, "x"]))] },
                Record { line: lines[1], cells: vec![json("name", json!("b"))] },
            ]
        };
        let lined = "{\"name\":\"a\",\"n\":[1,\"x\"]}\n\n{\"name\":\"b\",\"type\":null}\n";
        assert_eq!(read(Form::Json, lined).unwrap(), expected([1, 3]));
        let listed = "[\n  {\"name\":\"a\",\n   \"n\":[1,\"x\"]},\n  {\"name\":\"b\",\"type\":null}\n]\n";
        assert_eq!(read(Form::Json, listed).unwrap(), expected([2, 4]));
    }

    #[test]
    fn names_are_read_one_a_line() {
        let records = read(Form::Names, " a.example.com \r\n\r\nb/live/s#1\n").unwrap();
        let told: Vec<_> = records.iter().map(|record| (record.line, &record.cells[0].1)).collect();
        let (a, b) = (Cell::Name("a.example.com".to_owned()), Cell::Name("b/live/s#1".to_owned()));
        assert_eq!(told, [(1, &a), (3, &b)]);
    }

    #[test]
    fn all_that_is_wrong_is_told_with_its_line() {
        let wrong = |form, text: &str| {
            let wrong = read(form, text).unwrap_err();
            wrong.into_iter().map(|wrong| format!("{} {}", wrong.line, wrong.why)).collect::<Vec<_>>()
        };
        assert_eq!(
            wrong(Form::Csv, "a,b\n1\n1,2\n1,2,3\n"),
            ["2 1 cells, where the header has 2", "4 3 cells, where the header has 2"]
        );
        assert_eq!(wrong(Form::Csv, "a,a\n1,2\n"), ["1 `a` stands twice"]);
        assert_eq!(
            wrong(Form::Json, "{\"a\":1,\"a\":2}\n[1]\nnull\n{\"a\":\n{}x\n"),
            [
                "1 `a` stands twice",
                "2 JSON, but no object",
                "3 JSON, but no object",
                "4 no JSON at column 5",
                "5 no JSON at column 3",
            ]
        );
        assert_eq!(wrong(Form::Json, "[{}, 1]"), ["1 JSON, but no object"]);
        assert_eq!(wrong(Form::Json, "[{},"), ["1 no list of JSON objects"]);
    }
}
