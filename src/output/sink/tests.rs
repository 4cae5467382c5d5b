use std::cell::RefCell;
use std::io;
use std::rc::Rc;

use serde_json::json;

use super::*;
use crate::output::is_closed_pipe;

const COLUMNS: Columns = &["vendor", "profile", "name", "size", "about"];

/// A writer whose bytes can be read while the sink has it; it fails once it holds `room` bytes.
#[derive(Clone)]
struct Pipe {
    bytes: Rc<RefCell<Vec<u8>>>,
    room: usize,
}

impl Pipe {
    fn new(room: usize) -> Self {
        Pipe { bytes: Rc::default(), room }
    }

    fn text(&self) -> String {
        String::from_utf8(self.bytes.borrow().clone()).unwrap()
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.borrow().len() >= self.room {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        self.bytes.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn row(value: Value) -> Row {
    value.as_object().unwrap().clone()
}

fn three() -> Vec<Row> {
    [("b", json!(10), json!({"key": "x"})), ("a", json!(9), json!(null)), ("直播", json!(null), json!({"key": [1, 2]}))]
        .into_iter()
        .map(|(name, size, about)| {
            row(json!({"vendor": "tencent", "profile": null, "name": name, "size": size, "about": about}))
        })
        .collect()
}

fn style(format: &str) -> Style {
    Style { format: format.parse().unwrap(), ..Style::default() }
}

fn columns(names: &[&str]) -> Option<Vec<String>> {
    Some(names.iter().map(|name| (*name).to_owned()).collect())
}

fn run(style: Style, shape: Shape, promised: Columns, rows: Vec<Row>) -> Result<String, Error> {
    let pipe = Pipe::new(usize::MAX);
    let mut sink = Sink::new(style, shape, promised, pipe.clone());
    for row in rows {
        if !sink.push(row)? {
            break;
        }
    }
    sink.finish()?;
    Ok(pipe.text())
}

fn list(style: Style) -> String {
    run(style, Shape::List, COLUMNS, three()).unwrap()
}

#[test]
fn one_row_serves_every_format() {
    let small = |format: &str| list(Style { columns: columns(&["name", "about.key"]), ..style(format) });
    assert_eq!(small("table"), "NAME  ABOUT.KEY\nb     x\na\n直播  1, 2\n");
    assert_eq!(small("csv"), "name,about.key\nb,x\na,\n直播,\"1,2\"\n");
    assert_eq!(small("tsv"), "name\tabout.key\nb\tx\na\t\n直播\t1,2\n");
    assert_eq!(
        small("yaml"),
        "- name: b\n  about.key: x\n- name: a\n  about.key: null\n- name: 直播\n  about.key:\n  - 1\n  - 2\n"
    );
    let lines = "{\"name\":\"b\",\"about.key\":\"x\"}\n{\"name\":\"a\",\"about.key\":null}\n{\"name\":\"直播\",\"about.key\":[1,2]}\n";
    assert_eq!(small("ndjson"), lines);
    let json: Value = serde_json::from_str(&small("json")).unwrap();
    let each: String = json.as_array().unwrap().iter().map(|item| format!("{item}\n")).collect();
    assert_eq!(each, lines);
    assert!(small("json").starts_with("[\n  {\n    \"name\": \"b\",\n    \"about.key\": \"x\"\n  },\n  {\n"));
    assert!(small("json").ends_with("    ]\n  }\n]\n"));
}

#[test]
fn without_columns_data_formats_have_all_and_tables_what_differs() {
    assert_eq!(
        list(style("table")),
        "NAME  SIZE  ABOUT\nb     10    {\"key\":\"x\"}\na     9\n直播        {\"key\":[1,2]}\n"
    );
    let shown = list(Style { show_vendor: true, show_profile: true, ..style("table") });
    assert!(shown.starts_with("VENDOR   PROFILE  NAME  SIZE  ABOUT\ntencent           b     10"));
    assert!(list(Style { columns: columns(&["VENDOR", "name"]), ..style("table") }).starts_with("VENDOR   NAME\n"));
    assert!(
        list(style("csv")).starts_with("vendor,profile,name,size,about\ntencent,,b,10,\"{\"\"key\"\":\"\"x\"\"}\"\n")
    );
    assert!(list(style("ndjson")).starts_with("{\"vendor\":\"tencent\",\"profile\":null,\"name\":\"b\""));
}

#[test]
fn no_header() {
    for (format, wanted) in [("table", "b\na\n直播\n"), ("csv", "b\na\n直播\n"), ("tsv", "b\na\n直播\n")] {
        assert_eq!(list(Style { header: false, columns: columns(&["name"]), ..style(format) }), wanted);
    }
}

#[test]
fn one_thing() {
    let one = |format: &str| run(style(format), Shape::One, COLUMNS, three().drain(..1).collect()).unwrap();
    assert_eq!(one("table"), "name   b\nsize   10\nabout  {\"key\":\"x\"}\n");
    assert_eq!(one("csv"), "vendor,profile,name,size,about\ntencent,,b,10,\"{\"\"key\"\":\"\"x\"\"}\"\n");
    assert_eq!(one("yaml"), "vendor: tencent\nprofile: null\nname: b\nsize: 10\nabout:\n  key: x\n");
    let object = "{\n  \"vendor\": \"tencent\",\n  \"profile\": null,\n  \"name\": \"b\",\n  \"size\": 10,\n  \"about\": {\n    \"key\": \"x\"\n  }\n}\n";
    assert_eq!(one("json"), object);
    assert_eq!(one("ndjson").matches('\n').count(), 1);
    let mut sink = Sink::new(style("json"), Shape::One, COLUMNS, Vec::new());
    assert_eq!(sink.push(three().remove(0)), Ok(false));
    assert_eq!(sink.push(three().remove(0)).unwrap_err().class().exit_code(), 1);
}

#[test]
fn an_empty_list() {
    let table = [
        ("json", "[]\n"),
        ("yaml", "[]\n"),
        ("ndjson", ""),
        ("table", ""),
        ("csv", "vendor,profile,name,size,about\n"),
        ("tsv", "vendor\tprofile\tname\tsize\tabout\n"),
    ];
    for (format, wanted) in table {
        assert_eq!(run(style(format), Shape::List, COLUMNS, vec![]).unwrap(), wanted, "{format}");
        let unknown = Style { columns: columns(&["nmae"]), ..style(format) };
        let error = run(unknown, Shape::List, COLUMNS, vec![]).unwrap_err();
        assert_eq!(error.class().exit_code(), 2);
        assert_eq!(
            error.details().faults[0].allowed,
            "name (did you mean that?), or one of vendor, profile, name, size, about"
        );
        assert_eq!(run(style("csv"), Shape::List, &[], vec![]).unwrap(), "");
    }
}

#[test]
fn the_limit_keeps_the_first_of_what_was_sorted() {
    for format in ["ndjson", "json", "yaml", "csv", "table"] {
        let limited =
            Style { limit: Some(2), sort_by: Some("NAME".into()), columns: columns(&["name"]), ..style(format) };
        let text = list(limited);
        assert!(text.find('a') < text.rfind('b') && !text.contains("直播"), "{format}: {text}");
        let down =
            Style { limit: Some(1), sort_by: Some("-name".into()), columns: columns(&["name"]), ..style(format) };
        assert!(list(down).contains("直播"), "{format}: the last comes last, whatever the limit");
    }
    let mut sink = Sink::new(Style { limit: Some(1), ..style("ndjson") }, Shape::List, COLUMNS, Vec::new());
    assert_eq!([sink.push(three().remove(0)).unwrap(), sink.push(three().remove(1)).unwrap()], [false, false]);
    assert_eq!(run(Style { limit: Some(0), ..style("json") }, Shape::List, COLUMNS, three()).unwrap(), "[]\n");
}

#[test]
fn sorting_by_a_column_that_is_not_shown() {
    let by = |sort: &str| {
        list(Style { sort_by: Some(sort.into()), columns: columns(&["name"]), header: false, ..style("csv") })
    };
    assert_eq!(by("size"), "a\nb\n直播\n");
    assert_eq!(by("-size"), "b\na\n直播\n");
    let unknown = Style { sort_by: Some("-sze".into()), ..style("csv") };
    assert_eq!(run(unknown, Shape::List, COLUMNS, three()).unwrap_err().details().faults[0].option, "--sort-by");
}

#[test]
fn columns_that_nobody_promised_are_those_that_occur() {
    let rows = || vec![row(json!({"B": 1, "vendor": "x"})), row(json!({"A": 2, "B": 3}))];
    assert_eq!(run(style("csv"), Shape::List, &[], rows()).unwrap(), "B,vendor,A\n1,x,\n3,,2\n");
    assert_eq!(run(style("table"), Shape::List, &[], rows()).unwrap(), "B  A\n1\n3  2\n");
    let picked = Style { columns: columns(&["b"]), ..style("tsv") };
    assert_eq!(run(picked, Shape::List, &[], rows()).unwrap(), "B\n1\n3\n");
}

#[test]
fn rows_appear_as_they_arrive() {
    for format in ["ndjson", "csv", "tsv", "yaml", "json"] {
        let pipe = Pipe::new(usize::MAX);
        let mut sink = Sink::new(style(format), Shape::List, COLUMNS, pipe.clone());
        let mut seen = 0;
        for row in three() {
            let name = row["name"].as_str().unwrap().to_owned();
            sink.push(row).unwrap();
            assert!(pipe.text()[seen..].contains(&name), "{format}");
            assert!(sink.kept.is_empty(), "{format} keeps rows");
            seen = pipe.text().len();
        }
    }
}

#[test]
fn a_reader_that_went_away_is_told_from_other_faults() {
    let mut sink = Sink::new(style("ndjson"), Shape::List, COLUMNS, Pipe::new(1));
    assert!(sink.push(three().remove(0)).is_ok());
    assert!(is_closed_pipe(&sink.push(three().remove(0)).unwrap_err()));
}

#[test]
fn hostile_rows_break_no_format() {
    let text = "a\u{1b}[2J\u{202e}\u{9b}\0\r\n\tb";
    let hostile =
        || vec![row(json!({"vendor": text, "profile": null, "name": text, "size": [text], "about": {text: text}})); 2];
    for format in ["table", "json", "ndjson", "yaml", "csv", "tsv"] {
        for shape in [Shape::List, Shape::One] {
            for promised in [COLUMNS, &[]] {
                let rows = if shape == Shape::One { hostile().drain(..1).collect() } else { hostile() };
                let shown =
                    run(Style { terminal: true, width: Some(60), ..style(format) }, shape, promised, rows).unwrap();
                let kept = |c: char| c == '\n' || (c == '\t' && format == "tsv");
                assert_eq!(
                    shown.chars().find(|c| !kept(*c) && crate::output::plain::is_hostile(*c)),
                    None,
                    "{format}: {shown:?}"
                );
                if shape == Shape::List && matches!(format, "table" | "ndjson" | "tsv") {
                    assert_eq!(shown.lines().count(), if format == "ndjson" { 2 } else { 3 }, "{format}: {shown:?}");
                }
            }
        }
    }
    let json = run(style("json"), Shape::List, COLUMNS, hostile()).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&json).unwrap()[1]["about"][text], text);
}

#[cfg(feature = "jq")]
#[test]
fn filtering() {
    let jq = |format: &str, program: &str| Style { jq: Some(program.into()), ..style(format) };
    assert_eq!(list(jq("json", "map(.size) | add")), "19\n");
    assert_eq!(list(jq("json", ".[].name")), "b\na\n直播\n");
    assert_eq!(list(jq("json", ".[0].about")), "{\n  \"key\": \"x\"\n}\n");
    assert_eq!(list(jq("ndjson", ".about")), "{\"key\":\"x\"}\nnull\n{\"key\":[1,2]}\n");
    assert_eq!(list(jq("ndjson", "select(.size == 9) | .name")), "a\n");
    assert_eq!(
        list(Style {
            columns: columns(&["name"]),
            sort_by: Some("name".into()),
            limit: Some(2),
            ..jq("json", "map(keys[] as $k | .[$k])[]")
        }),
        "a\nb\n"
    );
    assert_eq!(run(jq("json", ".name"), Shape::One, COLUMNS, three().drain(..1).collect()).unwrap(), "b\n");
    assert_eq!(run(jq("json", "length"), Shape::List, COLUMNS, vec![]).unwrap(), "0\n");
    assert_eq!(run(jq("table", "."), Shape::List, COLUMNS, three()).unwrap_err().class().exit_code(), 2);
    assert_eq!(run(jq("ndjson", ".name.x"), Shape::List, COLUMNS, three()).unwrap_err().class().exit_code(), 2);
    let raw = vec![row(json!({"name": "a\u{1b}\tb\n"}))];
    assert_eq!(run(jq("ndjson", ".name"), Shape::List, &[], raw.clone()).unwrap(), "a\u{1b}\tb\n\n");
    assert_eq!(
        run(Style { terminal: true, ..jq("ndjson", ".name") }, Shape::List, &[], raw).unwrap(),
        "a\\u{1b}\tb\n\n"
    );
}
