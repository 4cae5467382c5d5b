//! Secrets that an option is given: as `@FILE`, as `-` for stdin or a hidden prompt, or as they are.

use std::io::Read;

use serde_json::Value;
use zeroize::Zeroizing;

use crate::commands::confirm;
use crate::commands::redact;
use crate::commands::session::Session;
use crate::error::{Error, Result};
use crate::model::{Secret, Vendor};
use crate::providers::catalog::Action;
use crate::providers::items;
use crate::providers::secrets::is_secret_name;

/// The secret that an option means. It is known from here on, and cut out of what is shown.
///
/// # Errors
/// Usage: it cannot be read, or there is nothing in it.
pub(super) fn of_option(session: &Session, option: &str, given: &str) -> Result<Secret> {
    // Nothing typed is a value of its own: it clears the vendor's.
    if given.is_empty() {
        return Ok(Secret::new(""));
    }
    let secret = match given.strip_prefix('@') {
        Some(literal) if literal.starts_with('@') => typed(session, option, literal),
        Some(file) => read(option, file)?,
        None if given == "-" => of_stdin(session, option, true)?,
        None => typed(session, option, given),
    };
    if secret.expose().is_empty() {
        return Err(Error::usage(format!("read {option}: there is nothing in it")));
    }
    session.secrets.borrow_mut().add(secret.expose());
    Ok(secret)
}

/// What stands on stdin for an option, or is typed at a hidden prompt where that is meant and somebody is there. It is
/// read once, however many items of a run want it.
///
/// # Errors
/// Usage: it cannot be read, or the items of the run stand there.
pub(super) fn of_stdin(session: &Session, what: &str, prompt: bool) -> Result<Secret> {
    if let Some(known) = session.stdin.borrow().get(what) {
        return Ok(known.clone());
    }
    if session.items_on_stdin.get() {
        return Err(Error::usage(format!("read {what} from `-`: the items of `--from-file -` stand on stdin"))
            .hint(format!("give {what} as `@FILE`, or the items in a file")));
    }
    let secret = match prompt && confirm::terminal() {
        true => confirm::hidden(what).map(Secret::new)?,
        false => read(what, "-")?,
    };
    session.stdin.borrow_mut().insert(what.to_owned(), secret.clone());
    Ok(secret)
}

fn typed(session: &Session, option: &str, given: &str) -> Secret {
    warn(session, option, given);
    Secret::new(given)
}

/// Warns of a secret on the command line, and not of one in a file of items. `option`: `--key`, or the `CallbackKey` of
/// an item `CallbackKey=…`.
fn warn(session: &Session, option: &str, given: &str) {
    if !std::env::args_os().any(|word| word.to_string_lossy().contains(given)) {
        return;
    }
    let joint = if option.starts_with("--") { ' ' } else { '=' };
    session.stderr.warn_once(&format!(
        "{option} was typed as an argument: it stands in the shell's history; better `{option}{joint}@FILE` or \
         `{option}{joint}-`"
    ));
}

/// The items of `api`, those whose value stands in a file or on stdin with it in its place: `CallbackKey=@FILE`,
/// `Rsa.Prikey=-`, `AuthDetailList:=@FILE`.
///
/// # Errors
/// Usage: it cannot be read.
pub(super) fn of_items(
    session: &Session,
    vendor: Vendor,
    action: Option<&Action<'_>>,
    given: &[String],
) -> Result<Vec<String>> {
    let read_one = |whole: &String| {
        let Some(item) = items::item(vendor, action, whole).filter(|item| item.may_be_file) else {
            return Ok(whole.clone());
        };
        let text = if item.is_json {
            json(session, item.key, item.text)?
        } else if is_secret_name(item.key) {
            of_option(session, item.key, item.text)?
        } else {
            from_place(session, item.key, item.text)?.unwrap_or_else(|| Secret::new(item.text))
        };
        Ok(format!("{}{}={}", item.key, if item.is_json { ":" } else { "" }, text.expose()))
    };
    given.iter().map(read_one).collect()
}

/// An object in JSON that an option is given: as it is, in a file or on stdin.
///
/// # Errors
/// Usage: it cannot be read.
pub(super) fn json(session: &Session, option: &str, given: &str) -> Result<Secret> {
    if let Some(text) = from_place(session, option, given)? {
        return Ok(text);
    }
    if let Ok(value) = serde_json::from_str::<Value>(given)
        && redact::holds_secret(option, &value)
    {
        warn(session, option, given);
    }
    Ok(Secret::new(given))
}

/// What stands in the file of `@FILE` or on stdin; `None`: the value is no such place.
fn from_place(session: &Session, option: &str, given: &str) -> Result<Option<Secret>> {
    match given.strip_prefix('@') {
        Some(literal) if literal.starts_with('@') => Ok(Some(Secret::new(literal))),
        Some(file) => read(option, file).map(Some),
        None if given == "-" => of_stdin(session, option, false).map(Some),
        None => Ok(None),
    }
}

/// A value is read up to so many bytes: more would be a device or the wrong file.
const LARGEST: u64 = 1 << 20;

/// Most values are no larger.
const USUAL: usize = 8 << 10;

/// Stdin without the buffer that the standard library keeps for as long as the program runs.
fn unbuffered_stdin() -> std::io::Result<impl Read> {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd;
        std::io::stdin().as_fd().try_clone_to_owned().map(std::fs::File::from)
    }
    #[cfg(not(unix))]
    Ok(std::io::stdin().lock())
}

/// A secret from a file, or from stdin for `-`; one newline at its end is dropped, but not in PEM.
///
/// # Errors
/// Usage: it cannot be read.
pub(super) fn read(what: &str, file: &str) -> Result<Secret> {
    // Room from the start: what an empty vector is first read into stays on the stack.
    let mut bytes = Zeroizing::new(Vec::with_capacity(USUAL));
    let read = if file == "-" {
        unbuffered_stdin().and_then(|stdin| stdin.take(LARGEST + 1).read_to_end(&mut bytes))
    } else {
        std::fs::File::open(file).and_then(|handle| handle.take(LARGEST + 1).read_to_end(&mut bytes))
    };
    let failed = |why: &str| Error::usage(format!("read {what} from `{file}`: {why}"));
    let count = read.map_err(|error| failed(&error.to_string()))?;
    if u64::try_from(count).is_ok_and(|count| count > LARGEST) {
        return Err(failed("it is larger than 1 MiB, and no value is").hint("name the file that holds the value alone"));
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| failed("stream did not contain valid UTF-8"))?;
    if text.contains("-----BEGIN ") {
        return Ok(Secret::new(text));
    }
    Ok(Secret::new(text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text))))
}
