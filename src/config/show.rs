//! What `config list` and `config show` tell.

use toml::{Table, Value};

use super::account::Selection;
use super::environment::Environment;
use super::file::ProfileFile;
use super::keys::{self, Form, KEYS};
use super::profile::{Profile, shown_value};
use super::written::to_toml;
use crate::error::Error;
use crate::model::Vendor;

/// One profile in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileSummary {
    /// Its name.
    pub name: String,
    /// Its vendor, where it states one.
    pub vendor: Option<Vendor>,
    /// How it comes to its credentials: `static`, `session`, `credential_process`, `env_prefix`, `keyring`, `role`,
    /// `oidc`, `unsupported`, `none`; `invalid` where the profile cannot be read.
    pub credentials: &'static str,
    /// Its region, where it states one.
    pub region: Option<String>,
    /// Whether it is the file's default.
    pub default: bool,
}

/// One key of a profile, as written, secrets masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    /// The key as it stands in the file; those of a table with a dot: `rules.allow`.
    pub key: String,
    /// Its value for a person's eyes; `***` for a secret and for a key that nobody knows.
    pub value: String,
}

/// All profiles of the file, sorted by name. A profile that cannot be read is listed too.
///
/// # Errors
/// Usage: the file cannot be read.
pub fn list(environment: &Environment, selection: &Selection) -> Result<Vec<ProfileSummary>, Error> {
    let file = ProfileFile::load(environment, selection)?;
    let file = file.readable()?;
    let summary = |name: &str| {
        let profile = file.profile(name).and_then(|table| Profile::parse(name, table, &file.shown)).ok();
        ProfileSummary {
            name: name.to_owned(),
            vendor: file.vendor_of(name),
            credentials: profile.as_ref().map_or("invalid", |profile| profile.kind.name()),
            region: profile.and_then(|profile| profile.region),
            default: file.default_profile.as_deref() == Some(name),
        }
    };
    let asked = |summary: &ProfileSummary| selection.vendor.is_none() || summary.vendor == selection.vendor;
    Ok(file.names().map(summary).filter(asked).collect())
}

/// The keys of a profile as they are written, the known ones first, secrets masked.
///
/// # Errors
/// Usage: the file cannot be read, or there is no such profile.
pub fn show(environment: &Environment, selection: &Selection, profile: &str) -> Result<Vec<KeyRow>, Error> {
    let file = ProfileFile::load(environment, selection)?;
    let mut rows = Vec::new();
    collect("", file.profile(profile)?, &mut rows);
    rows.sort_by_key(|(place, _)| *place);
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

/// What is odd about the file, and about one of its profiles or about all: loose modes, unknown keys,
/// a profile that cannot be read.
///
/// # Errors
/// Usage: the file cannot be read, or there is no such profile.
pub fn oddities(environment: &Environment, selection: &Selection, profile: Option<&str>) -> Result<Vec<String>, Error> {
    let mut file = ProfileFile::load(environment, selection)?;
    let mut found = std::mem::take(&mut file.warnings);
    let file = file.readable()?;
    for name in file.names().filter(|name| profile.is_none_or(|only| only == *name)) {
        let of_profile = file.profile(name).and_then(|table| Profile::parse(name, table, &file.shown));
        match of_profile {
            Ok(profile) => found.extend(profile.warnings),
            Err(error) => found.push(error.to_string()),
        }
    }
    Ok(found)
}

/// The names of every key that a profile may have, in order.
pub fn key_names() -> impl Iterator<Item = &'static str> {
    KEYS.iter().map(|key| key.name)
}

/// Whether the value of a key, in whichever spelling, is a secret: it is asked for with hidden input.
/// A key that nobody knows may be a misspelt secret, so it counts as one.
pub fn is_secret_key(name: &str) -> bool {
    keys::find(name).is_none_or(|key| key.form == Form::Secret)
}

/// Whether a key of a profile may hold a typed value.
///
/// # Errors
/// What it may hold. The value is not told.
pub fn check_value(key: &str, value: &str) -> Result<(), String> {
    let key = keys::find(key).ok_or_else(|| "a key of a profile".to_owned())?;
    to_toml(key, value).map(|_| ())
}

fn collect(prefix: &str, table: &Table, rows: &mut Vec<(usize, KeyRow)>) {
    for (word, value) in table {
        let path = format!("{prefix}{word}");
        match value {
            Value::Table(inner) if prefix.is_empty() => collect(&format!("{path}."), inner, rows),
            _ => {
                let key = keys::find(&path);
                let place = KEYS.iter().position(|known| Some(known) == key).unwrap_or(KEYS.len());
                let value = shown_value(key.map(|key| key.form), value);
                rows.push((place, KeyRow { key: path, value }));
            }
        }
    }
}
