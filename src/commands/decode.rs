//! `livectl callback decode`: a callback of any vendor as one event. Nothing is sent.

use std::fs::File;
use std::io::{BufWriter, IsTerminal, Read as _, Write};

use crate::cli::DecodeCallback;
use crate::commands::Ending;
use crate::commands::faults::Faults;
use crate::commands::proof;
use crate::commands::session::Session;
use crate::error::{Error, Result};
use crate::model::{Columns, Row, Vendor};
use crate::output::{Format, Shape, Sink, Style};
use crate::providers::callbacks::{self, CallbackEvent, Fields};
use crate::providers::rows;

/// Carries out `livectl callback decode`.
///
/// # Errors
/// Usage: what cannot be read, and where nobody can tell whose callback it is.
pub(super) fn run(session: &Session, asked: &DecodeCallback) -> Result<Ending> {
    let read = callbacks::read(&input(asked.input.as_deref())?)?;
    let vendors = vendors(session, &read.callbacks, read.list)?;
    let shape = if read.list { Shape::List } else { Shape::One };
    let mut sink = sink(session, shape);
    let mut told: Vec<&str> = Vec::new();
    for (fields, vendor) in read.callbacks.into_iter().zip(vendors) {
        // The same question is explained once.
        if let Some(answer) = callbacks::answer(vendor, &fields).filter(|answer| !told.contains(answer)) {
            told.push(answer);
            session.stderr.note(answer);
        }
        if !sink.push(row(session, vendor, fields))? {
            break;
        }
    }
    sink.finish()?;
    Ok(Ending::Done)
}

/// The bytes of the callback, hardly more than are read of it.
pub(super) fn input(given: Option<&str>) -> Result<Vec<u8>> {
    let bound = u64::try_from(callbacks::LARGEST).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    let (shown, result) = match given {
        None if std::io::stdin().is_terminal() => {
            return Err(Error::usage("reading the callback: none was given").hint(
                "give it as an argument, in quotes, or as `@FILE`, or through a pipe; `-` reads what you type here",
            ));
        }
        None | Some("-") => ("stdin", std::io::stdin().lock().take(bound).read_to_end(&mut bytes)),
        Some(text) => match text.strip_prefix('@') {
            Some(file) => (file, File::open(file).and_then(|file| file.take(bound).read_to_end(&mut bytes))),
            None => return Ok(text.as_bytes().to_vec()),
        },
    };
    result.map_err(|error| Error::usage(format!("reading the callback from `{shown}`: {error}")))?;
    Ok(bytes)
}

/// Whose each callback is: as the command line says, else as its fields say, else as the environment says.
fn vendors(session: &Session, all: &[Fields], list: bool) -> Result<Vec<Vendor>> {
    let selection = session.selection(None, false)?;
    let mut open: Vec<usize> = Vec::new();
    let mut vendors = Vec::with_capacity(all.len());
    for (number, fields) in all.iter().enumerate() {
        let place = if list { format!("callback {}", number + 1) } else { "the callback".to_owned() };
        let recognised = callbacks::recognise(fields);
        if let (Some(vendor), Some(other)) = (selection.vendor, recognised)
            && vendor != other
        {
            session
                .stderr
                .warn(&format!("{place} looks like one of {other}; `--vendor {vendor}` reads it all the same"));
        }
        match selection.vendor.or(recognised).or(selection.env_vendor) {
            Some(vendor) => vendors.push(vendor),
            None => open.push(number + 1),
        }
    }
    if open.is_empty() {
        return Ok(vendors);
    }
    let mut faults = Faults::default();
    faults.add("--vendor", None, format!("required: the fields of {} do not tell the vendor", in_short(&open, list)));
    faults.finish("decoding the callback")?;
    Ok(vendors)
}

/// The callbacks of these numbers, in words; nobody reads a hundred thousand numbers.
fn in_short(numbers: &[usize], list: bool) -> String {
    const SHOWN: usize = 5;
    if !list {
        return "the callback".to_owned();
    }
    let first: Vec<String> = numbers.iter().take(SHOWN).map(ToString::to_string).collect();
    let more = match numbers.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("callback {}{more}", first.join(", "))
}

fn sink(session: &Session, shape: Shape) -> Sink<Box<dyn Write>> {
    let columns: Columns = if session.global.raw { &[] } else { CallbackEvent::COLUMNS };
    let writer: Box<dyn Write> = Box::new(BufWriter::new(std::io::stdout()));
    // The vendor is what was found out.
    Sink::new(Style { show_vendor: true, ..session.style(Format::Table, 1) }, shape, columns, writer)
}

/// The event, or the fields as they came, with the signatures masked.
fn row(session: &Session, vendor: Vendor, fields: Fields) -> Row {
    let row = if session.global.raw { fields } else { rows::row(&callbacks::decode(vendor, &fields)) };
    proof::shown(session, row)
}
