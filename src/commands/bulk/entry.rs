//! The items of a run, read from their file.

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::cli::Template;
use crate::cli::records::{self, Cell, Form, Record};
use crate::commands::redact;
use crate::commands::session::Session;
use crate::error::{Error, Fault, Result};
use crate::providers::catalog;
use crate::sign::digest::hex;

/// A file of items may have so many bytes.
const LARGEST_FILE: u64 = 256 << 20;

/// One item of a run.
pub(super) struct Entry {
    /// The line on which it begins.
    pub(super) line: u64,
    /// What it is called in messages; nothing secret.
    pub(super) label: String,
    /// Its part of the command line.
    pub(super) words: Vec<String>,
    /// What a journal knows it by: the same content is the same item, wherever in the file it stands. Empty without one.
    pub(super) key: String,
}

/// The file's name for messages.
pub(super) fn shown(file: &Path) -> String {
    if file.as_os_str() == "-" { "stdin".to_owned() } else { format!("`{}`", file.display()) }
}

/// Reads the items of a file for a command; `keyed`: each with the key that a journal knows it by.
///
/// # Errors
/// Usage: the file cannot be read; everything that is wrong with it.
pub(super) fn read(session: &Session, file: &Path, template: &Template, keyed: bool) -> Result<Vec<Entry>> {
    let text = text_of(session, file)?;
    let ending = file.extension().and_then(|ending| ending.to_str());
    let form = records::form(ending, &text, |name| template.has_column(name) || template.takes_pairs());
    let records = records::read(form, &text).map_err(|wrong| {
        let fault =
            |wrong: records::Wrong| Fault { option: format!("line {}", wrong.line), given: None, allowed: wrong.why };
        refused(file, wrong.into_iter().map(fault).collect())
    })?;
    // Where no item follows, the only line may be meant for one.
    let header = records::header(&text).filter(|_| form == Form::Csv && records.is_empty());
    let mut wrong = template.wrong_columns(header.as_slice());
    wrong.extend(header.iter().flat_map(|header| unknown_parameters(template, header)));
    wrong.extend(template.wrong_columns(&records));
    if !wrong.is_empty() {
        return Err(refused(file, wrong).hint(format!("`livectl {} --help` tells the options", template.path())));
    }
    let (mut entries, mut faults) = (Vec::with_capacity(records.len()), Vec::new());
    let mut seen: HashMap<[u8; DIGEST], u32> = HashMap::new();
    // Each record is let go of at once: what is kept takes its place, and no holes are left between the items.
    for record in records {
        match template.words_of(&record) {
            Ok(words) => {
                let mut numbered = |content: [u8; DIGEST]| {
                    let before = seen.entry(content).and_modify(|count| *count += 1).or_default();
                    format!("{}-{before}", hex(&content))
                };
                let key = if keyed { numbered(digest_of(&record, template)) } else { String::new() };
                entries.push(Entry { line: record.line, label: label_of(&record, template), words, key });
            }
            Err(wrong) => faults.extend(wrong.into_iter().map(|fault| at_line(record.line, fault))),
        }
    }
    if faults.is_empty() { Ok(entries) } else { Err(refused(file, faults)) }
}

/// The columns of a header that the Action which `api` is to call has no parameter for.
fn unknown_parameters(template: &Template, header: &Record) -> Vec<Fault> {
    let (Some(vendor), Some(action)) = super::called(template) else { return Vec::new() };
    let Some(action) = catalog::known(vendor, action) else { return Vec::new() };
    let unknown = header.cells.iter().filter(|(name, _)| action.param(name).is_none());
    let fault = |(name, _): &(String, Cell)| Fault {
        option: format!("column `{name}`"),
        given: None,
        allowed: format!("a parameter of {}: the file has a header and no item below it", action.name),
    };
    unknown.map(fault).collect()
}

/// The refusal of a file with all that is wrong with it.
pub(super) fn refused(file: &Path, faults: Vec<Fault>) -> Error {
    Error::wrong_values(&format!("reading the items in {}", shown(file)), faults)
}

/// A fault of one item, with its line.
pub(super) fn at_line(line: u64, fault: Fault) -> Fault {
    Fault { option: format!("line {line}: {}", fault.option), ..fault }
}

fn text_of(session: &Session, file: &Path) -> Result<String> {
    let failed = |why: &str| Error::usage(format!("reading the items in {}: {why}", shown(file)));
    let mut text = String::new();
    let read = if file.as_os_str() == "-" {
        session.items_on_stdin.set(true);
        std::io::stdin().lock().take(LARGEST_FILE + 1).read_to_string(&mut text)
    } else {
        std::fs::File::open(file).and_then(|handle| handle.take(LARGEST_FILE + 1).read_to_string(&mut text))
    };
    match read {
        Ok(length) if length as u64 > LARGEST_FILE => Err(failed("it is larger than 256 MiB")),
        // A byte order mark is no part of the first line.
        Ok(_) if text.starts_with('\u{feff}') => Ok(text.split_off('\u{feff}'.len_utf8())),
        Ok(_) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => Err(failed("it is no UTF-8 text")),
        Err(error) => Err(failed(&error.to_string())),
    }
}

/// A digest of what an item says, however its columns are called and in whatever order they stand, less its secrets:
/// whoever reads it learns nothing about them by guessing.
fn digest_of(record: &Record, template: &Template) -> [u8; DIGEST] {
    let open = record.cells.iter().filter(|(name, cell)| !template.is_secret(name, cell));
    let mut parts: Vec<(String, String)> = open
        .map(|(name, cell)| {
            let mut value = Value::from(cell.text());
            redact::value(&mut value);
            (template.canonical(name, cell), value.as_str().unwrap_or_default().to_owned())
        })
        .collect();
    parts.sort_unstable();
    short(parts.iter().flat_map(|(name, text)| [name.as_str(), text.as_str()]))
}

/// So many bytes of a digest tell items apart, and can be read.
const DIGEST: usize = 16;

/// A digest of texts, as it is read.
pub(super) fn digest<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    hex(&short(parts))
}

fn short<'a>(parts: impl Iterator<Item = &'a str>) -> [u8; DIGEST] {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    digest.finalize().first_chunk().copied().unwrap_or_default()
}

/// Columns that name a thing, the best first.
const NAMING: [&str; 9] = ["name", "id", "at", "place", "domain", "domain-name", "DomainName", "Domain", "stream"];

/// No message needs more of what an item is called.
const LONGEST_LABEL: usize = 80;

/// What an item is called: its name, else the first of its values that is no secret.
fn label_of(record: &Record, template: &Template) -> String {
    let open = |(name, cell): &&(String, Cell)| !template.is_secret(name, cell);
    let named = NAMING.iter().find_map(|name| record.cells.iter().find(|(known, _)| known == name));
    let cell = named.or_else(|| record.cells.iter().find(open)).map(|(_, cell)| cell);
    let label = cell.map(Cell::text).unwrap_or_default();
    match label.char_indices().nth(LONGEST_LABEL) {
        Some((end, _)) => format!("{}…", label.get(..end).unwrap_or_default()),
        None => label,
    }
}
