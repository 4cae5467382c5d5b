//! Files of items (`--from-file`): CSV, NDJSON, a JSON list, a name a line.
//!
//! The first line is the file's ending and the number of a command, `csv 0`; the rest is the file. Where it is none, all
//! is the file.

use std::cell::RefCell;

use livectl::cli::records::{Cell, Form, Record, Wrong, form, read};
use livectl::cli::{Template, parse};
use livectl::error::Error;
use serde_json::Value;

use crate::judge;

/// A portable verb with a list, a vendor's command with JSON options, and any Action.
const COMMANDS: [&str; 3] = [
    "livectl --vendor tencent domain add --from-file x",
    "livectl --vendor aliyun record template create --from-file x",
    "livectl api volcengine CreateDomain --from-file x",
];

thread_local! {
    static TEMPLATES: Vec<RefCell<Template>> = COMMANDS.iter().map(|line| RefCell::new(template(line))).collect();
}

fn template(line: &str) -> Template {
    let words = line.split(' ').map(Into::into);
    parse(words, &[]).expect("it is a command").many.expect("it is for many items").template
}

/// Runs one input.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let head = text.split_once('\n').and_then(|(line, file)| {
        let (ending, number) = line.split_once(' ')?;
        Some((Some(ending), number.parse::<usize>().ok()?, file))
    });
    let (ending, number, file) = head.unwrap_or((None, 0, text));
    TEMPLATES.with(|templates| {
        let template = &templates[number % COMMANDS.len()];
        let form = form(ending, file, |name| template.borrow().has_column(name));
        match read(form, file) {
            Err(wrong) => refused(file, &wrong),
            Ok(records) => {
                told(form, file, &records);
                given(&mut template.borrow_mut(), &records, file.len());
            }
        }
    });
}

/// Every fault has a line of the file, and one line of words.
fn refused(file: &str, wrong: &[Wrong]) {
    assert!(!wrong.is_empty());
    let last = last_line(file);
    for Wrong { line, why } in wrong {
        assert!((1..=last).contains(line), "line {line} of {last}: {why}");
        assert!(!why.is_empty());
        judge::error(&Error::usage(why), file.len());
    }
}

/// The number of the last line, however lines end.
fn last_line(file: &str) -> u64 {
    file.replace("\r\n", "\n").matches(['\r', '\n']).count() as u64 + 1
}

/// Records stand in the order of their lines, hold nothing empty and nothing twice, and what stands on the line.
fn told(form: Form, file: &str, records: &[Record]) {
    let lines: Vec<&str> = file.strip_prefix('\u{feff}').unwrap_or(file).lines().collect();
    let order: Vec<u64> = records.iter().map(|record| record.line).collect();
    let last = last_line(file);
    assert!(order.iter().all(|line| (1..=last).contains(line)), "{order:?} of {last}");
    // Several items of a JSON list may stand on one line.
    let ascending = |pair: &[u64]| if form == Form::Json { pair[0] <= pair[1] } else { pair[0] < pair[1] };
    assert!(order.windows(2).all(ascending), "{order:?}");
    for record in records {
        let line = *lines.get(usize::try_from(record.line - 1).expect("a short file")).unwrap_or(&"");
        let names: Vec<&String> = record.cells.iter().map(|(name, _)| name).collect();
        assert!(names.iter().enumerate().all(|(at, name)| !names[..at].contains(name)), "{record:?}");
        for (name, cell) in &record.cells {
            match cell {
                Cell::Name(text) => assert!(!text.is_empty() && line.contains(text.as_str()), "{record:?}"),
                Cell::Text(text) => assert!(!text.is_empty(), "{record:?}"),
                Cell::Json(value) => assert!(!value.is_null(), "{record:?}"),
            }
            if let (Ok(Value::Object(members)), Cell::Json(value)) = (serde_json::from_str(line), cell) {
                assert_eq!(members.get(name), Some(value), "line {}", record.line);
            }
        }
    }
}

/// The words of an item are options by their full names and, behind `--`, arguments: no value becomes an option.
fn given(template: &mut Template, records: &[Record], size: usize) {
    let wrong = template.wrong_columns(records);
    if !wrong.is_empty() {
        return judge::error(&Error::wrong_values("read the items", wrong), size);
    }
    for record in records.iter().take(16) {
        let words = match template.words_of(record) {
            Ok(words) => words,
            Err(faults) => {
                judge::error(&Error::wrong_values("read the items", faults), size);
                continue;
            }
        };
        let options = words.iter().take_while(|word| *word != "--");
        for option in options {
            let name = option.strip_prefix("--").map(|rest| rest.split('=').next().unwrap_or_default());
            assert!(name.is_some_and(|name| template.has_column(name)), "{option} of {record:?}");
        }
        if let Err(error) = template.read(&words) {
            assert!(error.use_stderr(), "help was asked for by {record:?}");
        }
    }
}
