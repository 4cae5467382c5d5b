//! Values that stand elsewhere: `@FILE`, `-` for stdin or a hidden question, `@@` for a literal `@`.

use std::io::{IsTerminal, Read};
use std::path::Path;

use crate::cli::Given;
use crate::commands::confirm;
use crate::error::{Error, Fault, Result};
use crate::providers::homes;

/// The most that a value may have, in bytes: far more than any vendor takes.
const MOST: u64 = 16 << 20;

/// The values of a command's options, those of secrets and objects from where they stand.
///
/// # Errors
/// Usage, naming every file that cannot be read.
pub(super) fn read(command: &str, given: &Given) -> Result<Vec<(String, Vec<String>)>> {
    let mut faults = Vec::new();
    let mut options = Vec::new();
    for (option, values) in &given.options {
        let read = values.iter().map(|value| match homes::takes_files(command, option) {
            true => resolve(option, value),
            false => Ok(value.clone()),
        });
        match read.collect::<std::result::Result<Vec<String>, Fault>>() {
            Ok(values) => options.push((option.clone(), values)),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(options) } else { Err(Error::wrong_values("reading the values of options", faults)) }
}

/// One secret or large value: itself, or what `@FILE` or `-` holds. One line feed at its end is dropped, but not in
/// PEM.
///
/// # Errors
/// The complaint, with why it could not be read.
pub(super) fn resolve(option: &str, value: &str) -> std::result::Result<String, Fault> {
    let fault = |why: String| Fault { option: format!("--{option}"), given: Some(value.to_owned()), allowed: why };
    if let Some(rest) = value.strip_prefix("@@") {
        return Ok(format!("@{rest}"));
    }
    let text = if value == "-" {
        let stdin = std::io::stdin();
        if stdin.is_terminal() {
            return confirm::hidden(option).map_err(|error| fault(error.to_string()));
        }
        let mut text = String::new();
        stdin.lock().take(MOST).read_to_string(&mut text).map(|_| text)
    } else if let Some(file) = value.strip_prefix('@') {
        std::fs::read_to_string(Path::new(file))
    } else {
        return Ok(value.to_owned());
    };
    let text = text.map_err(|error| fault(format!("a file that can be read ({error})")))?;
    if text.contains("-----BEGIN ") {
        return Ok(text);
    }
    Ok(text.strip_suffix('\n').map_or(text.as_str(), |line| line.strip_suffix('\r').unwrap_or(line)).to_owned())
}
