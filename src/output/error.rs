//! Errors, warnings and notes, for people and for programs.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style as Ansi};

use super::format::Format;
use super::json::compact;
use super::plain::plain;
use crate::error::{Details, Error, Fault, Outcome};
use crate::model::Vendor;

/// The message that stands for a reader who went away; see [`is_closed_pipe`].
const CLOSED_PIPE: &str = "write the output: the reader closed the pipe";

/// Something for a person's eyes that is no error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remark {
    /// Good to know.
    Note,
    /// Something may be wrong.
    Warning,
}

/// The error for output that could not be written.
pub fn write_failed(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Error::internal(CLOSED_PIPE),
        _ => Error::internal(format!("write the output: {error}")),
    }
}

/// Whether the error only says that nobody reads the output any more (`livectl … | head`): end quietly, exit 0.
pub fn is_closed_pipe(error: &Error) -> bool {
    error.details().message == CLOSED_PIPE
}

/// Writes an error: a block of lines, or for the JSON formats one line of JSON.
///
/// # Errors
/// Those of the writer.
pub fn write_error(error: &Error, format: Format, color: bool, writer: &mut dyn Write) -> io::Result<()> {
    if format.is_json() {
        return writeln!(writer, "{}", compact(&error.to_json()));
    }
    let details = error.details();
    let (red, strong) = (ansi(AnsiColor::Red.on_default().bold(), color), ansi(Ansi::new().bold(), color));
    writeln!(writer, "{red}error{red:#}: {}", plain(&details.message))?;
    for facts in [whose(details), answer(details)] {
        let facts: Vec<String> =
            facts.into_iter().filter_map(|(name, value)| Some(format!("{name}: {}", plain(&value?)))).collect();
        if !facts.is_empty() {
            writeln!(writer, "  {}", facts.join("  "))?;
        }
    }
    for fault in &details.faults {
        writeln!(writer, "  {}", plain(&fault_text(fault)))?;
    }
    for hint in details.hints.iter().flat_map(|hint| hint.lines()) {
        writeln!(writer, "  {strong}next{strong:#}: {}", plain(hint))?;
    }
    Ok(())
}

/// Writes a note or a warning on one line.
///
/// # Errors
/// Those of the writer.
pub fn write_note(text: &str, kind: Remark, color: bool, writer: &mut dyn Write) -> io::Result<()> {
    let (word, style) = match kind {
        Remark::Note => ("note", Ansi::new().bold()),
        Remark::Warning => ("warning", AnsiColor::Yellow.on_default().bold()),
    };
    let style = ansi(style, color);
    writeln!(writer, "{style}{word}{style:#}: {}", plain(text))
}

fn ansi(style: Ansi, color: bool) -> Ansi {
    if color { style } else { Ansi::new() }
}

type Fact = (&'static str, Option<String>);

fn whose(details: &Details) -> Vec<Fact> {
    vec![
        ("vendor", details.vendor.map(Vendor::name).map(str::to_owned)),
        ("profile", details.profile.clone()),
        ("action", details.action.clone()),
    ]
}

fn answer(details: &Details) -> Vec<Fact> {
    // That a refused or unsent request changed nothing goes without saying; the other two fates do not.
    let outcome = details.outcome.filter(|outcome| matches!(outcome, Outcome::Applied | Outcome::Unknown));
    vec![
        ("code", details.code.clone()),
        ("request id", details.request_id.clone()),
        ("http", details.http_status.map(|status| status.to_string())),
        ("attempts", details.attempts.filter(|attempts| *attempts > 1).map(|attempts| attempts.to_string())),
        ("outcome", outcome.map(Outcome::name).map(str::to_owned)),
    ]
}

fn fault_text(fault: &Fault) -> String {
    let Fault { option, given, allowed } = fault;
    match given {
        Some(given) => format!("{option}: `{given}` is not allowed: use {allowed}"),
        None => format!("{option}: {allowed}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Class;

    fn conflict() -> Error {
        Error::new(Class::Conflict, "add domain `a.example.com`: the domain exists already")
            .with(|details| {
                details.vendor = Some(Vendor::Tencent);
                details.profile = Some("prod".into());
                details.action = Some("AddLiveDomain".into());
                details.code = Some("InvalidParameter.DomainAlreadyExist".into());
                details.request_id = Some("eac6b301".into());
                details.http_status = Some(200);
                details.attempts = Some(1);
                details.outcome = Some(Outcome::Refused);
            })
            .faults(vec![
                Fault {
                    option: "--area".into(),
                    given: Some("moon".into()),
                    allowed: "one of mainland, overseas, global".into(),
                },
                Fault { option: "--type".into(), given: None, allowed: "required".into() },
            ])
            .hint("livectl domain show a.example.com")
    }

    fn written(error: &Error, format: Format, color: bool) -> String {
        let mut bytes = Vec::new();
        write_error(error, format, color, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn the_block_for_people() {
        let block = "error: add domain `a.example.com`: the domain exists already\n  \
            vendor: tencent  profile: prod  action: AddLiveDomain\n  \
            code: InvalidParameter.DomainAlreadyExist  request id: eac6b301  http: 200\n  \
            --area: `moon` is not allowed: use one of mainland, overseas, global\n  \
            --type: required\n  \
            next: livectl domain show a.example.com\n";
        for format in [Format::Table, Format::Yaml, Format::Csv, Format::Tsv] {
            assert_eq!(written(&conflict(), format, false), block);
        }
        let bare = written(&Error::usage("read the command line: no verb"), Format::Table, true);
        assert_eq!(bare, "\u{1b}[1m\u{1b}[31merror\u{1b}[0m: read the command line: no verb\n");
    }

    #[test]
    fn an_unknown_fate_and_several_attempts_are_told() {
        let lost = Error::new(Class::Network, "add domain: no answer")
            .outcome(Outcome::Unknown)
            .with(|d| d.attempts = Some(4));
        assert_eq!(
            written(&lost, Format::Table, false),
            "error: add domain: no answer\n  attempts: 4  outcome: unknown\n"
        );
    }

    #[test]
    fn one_line_of_json_for_programs() {
        for format in [Format::Json, Format::Ndjson] {
            let line = written(&conflict(), format, true);
            assert_eq!(line.matches('\n').count(), 1);
            assert_eq!(serde_json::from_str::<serde_json::Value>(&line).unwrap(), conflict().to_json());
        }
    }

    #[test]
    fn a_hostile_vendor_cannot_write_to_the_terminal() {
        let text = "x\u{1b}[2J\nerror: fake\u{202e}\u{9b}\r";
        let error = Error::new(Class::Vendor, text).hint(text).with(|d| {
            d.code = Some(text.into());
            d.request_id = Some(text.into());
            d.profile = Some(text.into());
            d.faults = vec![Fault { option: text.into(), given: Some(text.into()), allowed: text.into() }];
        });
        for format in [Format::Table, Format::Json] {
            let shown = written(&error, format, false);
            assert!(!shown.contains(|c: char| c != '\n' && super::super::plain::is_hostile(c)), "{shown:?}");
            assert_eq!(
                shown.lines().filter(|line| line.starts_with("error")).count(),
                usize::from(format == Format::Table)
            );
        }
        let mut note = Vec::new();
        write_note(text, Remark::Warning, false, &mut note).unwrap();
        assert_eq!(String::from_utf8(note).unwrap(), "warning: x\\u{1b}[2J\\nerror: fake\\u{202e}\\u{9b}\\r\n");
    }

    #[test]
    fn a_closed_pipe_is_told_from_other_faults() {
        assert!(is_closed_pipe(&write_failed(io::ErrorKind::BrokenPipe.into())));
        assert!(!is_closed_pipe(&write_failed(io::ErrorKind::StorageFull.into())));
        assert!(!is_closed_pipe(&Error::internal("x")));
    }
}
