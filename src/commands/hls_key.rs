//! `livectl hls-key …`

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use url::Url;

use crate::cli::{GetKey, HlsKeyCommand, KeySettings, KeyTarget, RotatedKey};
use crate::commands::Ending;
use crate::commands::faults::Faults;
use crate::commands::hls_check::{self, Source};
use crate::commands::portable::{self, KeyPrinter, Portable, Tolerance};
use crate::commands::private_file;
use crate::commands::redact;
use crate::commands::session::Session;
use crate::commands::waiting;
use crate::error::{Class, Error, Outcome, Result};
use crate::model::time::parse_duration;
use crate::model::{Columns, HlsKeyArgs, HlsKeyRow, HlsKeyVerb, Row, Secret};
use crate::output::{self, Format};
use crate::providers::Provider;

/// How `hls-key get` prints the key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum KeyFormat {
    /// What the vendor sent.
    #[default]
    Text,
    /// The 16 key bytes as 32 hex digits.
    Hex,
    /// The 16 key bytes as Base64.
    Base64,
    /// The 16 key bytes.
    Raw,
}

/// What `hls-key get` prints as JSON and the like.
const KEY_COLUMNS: Columns = &["vendor", "profile", "key_id", "key"];

pub(super) const FORMATS: &[(&str, KeyFormat)] =
    &[("text", KeyFormat::Text), ("hex", KeyFormat::Hex), ("base64", KeyFormat::Base64), ("raw", KeyFormat::Raw)];

/// Reads `livectl hls-key …`.
///
/// # Errors
/// Wrong values, all told at once.
pub(super) fn verb(command: HlsKeyCommand) -> Result<Portable> {
    let portable = match command {
        HlsKeyCommand::Show(key) => {
            Portable { further: key.further, ..prepare(HlsKeyVerb::Show, targeted(key.target)) }
        }
        HlsKeyCommand::Disable { key, removal } => {
            let tolerant = Tolerance::missing(removal.if_exists);
            Portable { further: key.further, tolerant, ..prepare(HlsKeyVerb::Disable, targeted(key.target)) }
        }
        HlsKeyCommand::Enable(settings) => with_settings(HlsKeyVerb::Enable, settings)?,
        HlsKeyCommand::Set(settings) => with_settings(HlsKeyVerb::Set, settings)?,
        HlsKeyCommand::Rotate(RotatedKey { check: Some(_), .. }) => {
            return Err(Error::usage("hls-key rotate: `--check` is for one rotation").hint("leave `--from-file` out"));
        }
        HlsKeyCommand::Rotate(rotated) => with_settings(HlsKeyVerb::Rotate, rotated.settings)?,
        HlsKeyCommand::Check(_) => return Err(Error::internal("read `hls-key check`: it asks nothing of a vendor")),
        HlsKeyCommand::Get(get) => return fetch(get),
    };
    Ok(portable)
}

/// Rotates, and then looks at a stream that must show it; with `--wait` until it does.
///
/// # Errors
/// The rotation's; `differs` where the stream does not show it.
pub(super) async fn rotate_and_check(session: &Session, settings: KeySettings, url: &str) -> Result<Ending> {
    let url = hls_check::address(url)?;
    let key_url = settings.key_url.clone();
    let cycle = settings.cycle.as_deref().and_then(|text| parse_duration(text).ok());
    let cycle = cycle.and_then(|cycle| u64::try_from(cycle.as_secs()).ok());
    let ending = portable::run(session, with_settings(HlsKeyVerb::Rotate, settings)?).await?;
    if session.global.dry_run {
        return Ok(ending);
    }
    let patience = waiting::patience(session);
    let began = session.began.elapsed();
    loop {
        let looked = hls_check::look(session, &url, &Source::Playlist).await;
        let lacking = match &looked {
            Ok(found) => hls_check::lacking(found, key_url.as_deref(), cycle),
            Err(error) => Some(error.details().message.clone()),
        };
        let Some(lacking) = lacking else {
            session.stderr.note("the stream shows it: encrypted, by the key that its playlist names");
            return Ok(ending);
        };
        let step = patience.and_then(|patience| patience.interval).unwrap_or(LOOK_AGAIN);
        let gone = session.began.elapsed().saturating_sub(began);
        if patience.is_none_or(|patience| gone.saturating_add(step) > patience.limit) {
            return Err(not_shown(looked.err(), &lacking, &url, patience.is_some()));
        }
        session.stderr.note_once(&format!("waiting for the stream to show it: {lacking}"));
        waiting::pause(session, step).await;
    }
}

/// The error of a rotation that took effect and that the stream does not show: of its own class where it was waited
/// for, else that of the look where it failed.
fn not_shown(failed: Option<Error>, lacking: &str, url: &Url, waited: bool) -> Error {
    let told = format!("checking the stream after the rotation, which took effect: {lacking}");
    let error = match failed {
        Some(error) => error.with(|details| details.message = told),
        None => Error::new(Class::Differs, told).hint(
            "a change reaches a stream with its next key: `--wait` looks again until it does, for `--wait-timeout`",
        ),
    };
    let mut shown = Value::from(url.as_str());
    redact::value(&mut shown);
    let again = format!("`livectl hls-key check '{}'` looks again", shown.as_str().unwrap_or_default());
    error.outcome(Outcome::Applied).hint(again).with(|details| {
        if waited {
            details.class = Class::Timeout;
        }
    })
}

/// The time between two looks at a stream.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

fn prepare(verb: HlsKeyVerb, args: HlsKeyArgs) -> Portable {
    let id = args.template.clone().unwrap_or_default();
    let portable = Portable::new("hls-key", (verb, verb.name()), HlsKeyRow::COLUMNS, args, Provider::hls_key);
    Portable { name: id.clone(), id, lister: "show", ..portable }
}

fn targeted(target: KeyTarget) -> HlsKeyArgs {
    let KeyTarget { domain, app, template, vhost } = target;
    HlsKeyArgs { domain, app, template, vhost, ..HlsKeyArgs::default() }
}

fn with_settings(verb: HlsKeyVerb, settings: KeySettings) -> Result<Portable> {
    let mut faults = Faults::default();
    let seconds = |text: &str| u64::try_from(parse_duration(text).ok()?.as_secs()).ok();
    let cycle_seconds = faults.read("--cycle", settings.cycle.as_deref(), "90s, 30m, 1h30m or 7d", seconds);
    faults.finish(&format!("hls-key {}", verb.name()))?;
    let KeySettings { target, key_url, kms_key_id, tracks, further, .. } = settings;
    let args = HlsKeyArgs { cycle_seconds, key_url, kms_key_id, tracks, ..targeted(target) };
    Ok(Portable { further, ..prepare(verb, args) })
}

fn fetch(get: GetKey) -> Result<Portable> {
    let mut faults = Faults::default();
    let format = faults.pick("--format", Some(&get.format), FORMATS).unwrap_or_default();
    let mut further = get.further;
    let key_id = further.in_place("hls-key get", "KEY_ID", get.key_id);
    if key_id.is_none() {
        faults.add("KEY_ID", None, "required: the id that the playlist names");
    }
    faults.finish("getting a key")?;
    if format == KeyFormat::Raw && get.out.is_none() && std::io::stdout().is_terminal() {
        return Err(Error::usage("getting a key: raw bytes are not written to a terminal")
            .hint("use `--out FILE`, a pipe, or `--format hex`"));
    }
    let out = get.out;
    let args = HlsKeyArgs { key_id, ..HlsKeyArgs::default() };
    let print_key: KeyPrinter =
        Box::new(move |session, key, about| print_key(session, key, format, out.as_deref(), about));
    let portable = prepare(HlsKeyVerb::Get, args);
    Ok(Portable { columns: KEY_COLUMNS, further, print_key: Some(print_key), ..portable })
}

/// Prints a key that the user asked for, to stdout or to a new file of mode 0600.
///
/// # Errors
/// Class `vendor` where the key has another form than 16 bytes and bytes were asked for; the file's own.
fn print_key(session: &Session, key: &Secret, format: KeyFormat, out: Option<&Path>, about: Row) -> Result<()> {
    let printed = match format {
        KeyFormat::Text => key.expose().as_bytes().to_vec(),
        KeyFormat::Raw => key_bytes(key)?.to_vec(),
        KeyFormat::Hex => crate::sign::digest::hex(&key_bytes(key)?).into_bytes(),
        KeyFormat::Base64 => STANDARD.encode(key_bytes(key)?).into_bytes(),
    };
    if let Some(file) = out {
        return private_file::write(file, &printed, "the key");
    }
    if format != KeyFormat::Raw && session.format(Format::Table) != Format::Table {
        let mut row = about;
        row.insert("key".to_owned(), Value::from(String::from_utf8_lossy(&printed).into_owned()));
        return session.print_one(row, KEY_COLUMNS);
    }
    let mut stdout = std::io::stdout().lock();
    if format == KeyFormat::Raw {
        return stdout.write_all(&printed).and_then(|()| stdout.flush()).map_err(output::write_failed);
    }
    output::write_text(&String::from_utf8_lossy(&printed), stdout.is_terminal(), &mut stdout)
}

/// The 16 bytes of an AES-128 key, from 32 hex digits, Base64 or 16 characters.
pub(super) fn key_bytes(key: &Secret) -> Result<[u8; 16]> {
    let text = key.expose();
    let from_hex = || {
        let digits: Option<Vec<u8>> =
            (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect();
        digits
    };
    let bytes = match text.len() {
        32 => from_hex(),
        16 => Some(text.as_bytes().to_vec()),
        _ => STANDARD.decode(text).ok(),
    };
    bytes.and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| {
        Error::new(
            Class::Vendor,
            "read the key: it is neither 32 hex digits, nor Base64 of 16 bytes, nor 16 characters",
        )
        .hint("`--format text` prints it as the vendor sent it")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_bytes_in_three_spellings() {
        let expected = *b"0123456789abcdef";
        for text in ["30313233343536373839616263646566", "MDEyMzQ1Njc4OWFiY2RlZg==", "0123456789abcdef"] {
            assert_eq!(key_bytes(&Secret::new(text)).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn anything_else_is_the_vendors_fault() {
        for text in ["", "2131dadfad23123asd", "zz313233343536373839616263646566", "MDEy", "钥钥钥钥钥钥钥钥钥钥a"]
        {
            assert_eq!(key_bytes(&Secret::new(text)).unwrap_err().class(), Class::Vendor, "{text}");
        }
    }
}
