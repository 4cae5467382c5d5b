//! What `config set`, `use` and `remove` do to the profile file.

use std::path::PathBuf;

use toml_edit::{DocumentMut, Item, Table, TableLike};

use super::account::Selection;
use super::comments;
use super::environment::Environment;
use super::file::{self, parse};
use super::keys::{self, Key};
use super::profile::Profile;
use super::role;
use super::store;
use super::written::to_toml;
use crate::error::{Error, Fault};
use crate::model::{Secret, Vendor};

/// A value to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewValue {
    /// As typed. A list is comma-separated or a JSON array. The empty text removes the key.
    Text(String),
    /// From hidden input or a file.
    Secret(Secret),
}

impl NewValue {
    pub(super) fn expose(&self) -> &str {
        match self {
            NewValue::Text(text) => text,
            NewValue::Secret(secret) => secret.expose(),
        }
    }
}

/// What became of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub path: PathBuf,
    /// The profile it was about.
    pub profile: String,
    /// Whether the profile is new.
    pub created: bool,
    /// Whether anything is different now.
    pub changed: bool,
    /// What the user should know.
    pub notes: Vec<String>,
}

/// Sets keys of a profile, and makes the profile if it is new: then a vendor is among the keys, or the
/// selection names one.
///
/// # Errors
/// Usage: a name, key or value that may not be (all of them are told), two ways to credentials in one profile,
/// a new profile without a vendor, a vendor that is not the profile's. Internal: the file cannot be written.
pub fn set(
    environment: &Environment,
    selection: &Selection,
    profile: &str,
    entries: &[(String, NewValue)],
) -> Result<Written, Error> {
    check_name(profile)?;
    let entries = check_entries(entries)?;
    edit(environment, selection, profile, |document, shown, written| {
        written.created = document.get("profiles").and_then(|profiles| profiles.get(profile)).is_none();
        let table = profile_table(document, profile, shown)?;
        let stated = table.get("vendor").and_then(Item::as_str).and_then(|text| text.parse::<Vendor>().ok());
        let among = entries.iter().any(|(key, item)| key.name == "vendor" && item.is_some());
        match (selection.vendor, stated) {
            (Some(asked), Some(stated)) if asked != stated && !among => {
                return Err(Error::usage(format!("setting profile `{profile}`: it is of {stated}, not of {asked}")));
            }
            (Some(asked), None) if !among => put(table, "vendor", toml_edit::value(asked.name())),
            (None, None) if !among && written.created => {
                return Err(Error::usage(format!("setting profile `{profile}`: it is new, and no vendor is named"))
                    .hint("add `--vendor`, or set `vendor=tencent` along with the rest"));
            }
            _ => {}
        }
        for (key, item) in entries {
            apply(table, key, item);
        }
        check_role(table).map_err(|why| {
            Error::usage(format!("setting profile `{profile}`: {why}"))
                .hint("nothing was written; an empty value removes a key")
        })
    })
}

/// Whether the role of a profile is one of its vendor, where both are stated.
fn check_role(table: &dyn TableLike) -> Result<(), String> {
    let text = |name: &str| table.get(name).and_then(Item::as_str);
    let vendor = text("vendor").and_then(|text| text.parse().ok());
    let role = table.iter().find(|(word, _)| keys::find(word).is_some_and(|key| key.name == "role_arn"));
    match vendor.zip(role.and_then(|(_, item)| item.as_str())) {
        Some((vendor, role)) => role::check_name(vendor, role),
        None => Ok(()),
    }
}

/// Makes a profile the default one.
///
/// # Errors
/// Usage: there is no such profile. Internal: the file cannot be written.
pub fn use_profile(environment: &Environment, selection: &Selection, profile: &str) -> Result<Written, Error> {
    edit(environment, selection, profile, |document, shown, _| {
        must_exist(document, profile, shown)?;
        put(document.as_table_mut(), "default_profile", toml_edit::value(profile));
        Ok(())
    })
}

/// Removes a profile. If it was the default one, there is none any more.
///
/// # Errors
/// Usage: there is no such profile. Internal: the file cannot be written.
pub fn remove(environment: &Environment, selection: &Selection, profile: &str) -> Result<Written, Error> {
    edit(environment, selection, profile, |document, shown, written| {
        must_exist(document, profile, shown)?;
        comments::keep_above(document, profile);
        if let Some(profiles) = document.get_mut("profiles").and_then(Item::as_table_like_mut) {
            profiles.remove(profile);
        }
        if document.get("default_profile").and_then(Item::as_str) == Some(profile) {
            comments::keep_above_default(document);
            document.remove("default_profile");
            written.notes.push(format!(
                "`{profile}` was the default profile: there is none now, `livectl config use NAME` chooses another"
            ));
        }
        Ok(())
    })
}

fn edit(
    environment: &Environment,
    selection: &Selection,
    profile: &str,
    change: impl FnOnce(&mut DocumentMut, &str, &mut Written) -> Result<(), Error>,
) -> Result<Written, Error> {
    let Some(path) = file::path(environment, selection) else {
        return Err(Error::usage("writing the profile file: there is no home folder to put it in")
            .hint("name a file with `--config` or `LIVECTL_CONFIG`"));
    };
    let shown = environment.display(&path);
    let mut written =
        Written { path: path.clone(), profile: profile.to_owned(), created: false, changed: false, notes: Vec::new() };
    store::change(environment, &path, |document| {
        let before = document.to_string();
        change(document, &shown, &mut written)?;
        let after = document.to_string();
        written.changed = before != after;
        // What was written must be readable: two ways to credentials, a signature of another vendor, …
        let table = parse(after.as_bytes(), &shown)?;
        if let Some(toml::Value::Table(table)) = table.get("profiles").and_then(|profiles| profiles.get(profile)) {
            Profile::parse(profile, table, &shown)
                .map_err(|error| error.hint("nothing was written; an empty value removes a key"))?;
        }
        Ok(())
    })?;
    Ok(written)
}

/// The table of a profile that is not written.
///
/// # Errors
/// As [`set`].
pub(super) fn checked_table(profile: &str, entries: &[(String, NewValue)]) -> Result<toml::Table, Error> {
    check_name(profile)?;
    let mut table = Table::new();
    for (key, item) in check_entries(entries)? {
        apply(&mut table, key, item);
    }
    let mut document = DocumentMut::new();
    *document.as_table_mut() = table;
    parse(document.to_string().as_bytes(), "the new profile")
}

/// A name that `--profile` and a table's header can hold.
pub(super) fn check_name(name: &str) -> Result<(), Error> {
    let fits = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, ',' | '=' | '"' | '\'' | '`');
    match !name.is_empty() && !name.starts_with('-') && name.chars().all(fits) {
        true => Ok(()),
        false => {
            Err(Error::usage("naming the profile: a name has no spaces, commas, quotes or `=`, and begins with no `-`")
                .hint("the name comes first: `livectl config set NAME KEY=VALUE`"))
        }
    }
}

type Entry = (&'static Key, Option<toml_edit::Value>);

fn check_entries(entries: &[(String, NewValue)]) -> Result<Vec<Entry>, Error> {
    let mut faults = Vec::new();
    let mut checked: Vec<Entry> = Vec::new();
    let mut hints = Vec::new();
    let mut unknown = false;
    for (name, value) in entries {
        let mut refuse = |allowed: String| faults.push(Fault { option: name.clone(), given: None, allowed });
        let Some(key) = keys::find(name) else {
            let hint = keys::did_you_mean(name, keys::KEYS.iter().map(|key| key.name));
            refuse("a key of a profile".into());
            hints.extend(hint);
            unknown = true;
            continue;
        };
        if checked.iter().any(|(known, _)| *known == key) {
            refuse("given once".into());
            continue;
        }
        match value.expose() {
            "" => checked.push((key, None)),
            text => match to_toml(key, text) {
                Ok(value) => checked.push((key, Some(value))),
                Err(allowed) => refuse(allowed),
            },
        }
    }
    if faults.is_empty() {
        return Ok(checked);
    }
    let told: Vec<_> = faults.iter().map(|fault| format!("`{}` is not {}", fault.option, fault.allowed)).collect();
    let mut error = Error::usage(format!("setting keys of a profile: {}", told.join("; "))).faults(faults);
    for hint in hints {
        error = error.hint(hint);
    }
    if unknown {
        let names: Vec<_> = keys::KEYS.iter().map(|key| key.name).collect();
        error = error.hint(format!("keys: {}", names.join(", ")));
    }
    Err(error)
}

fn profile_table<'a>(
    document: &'a mut DocumentMut,
    profile: &str,
    shown: &str,
) -> Result<&'a mut dyn TableLike, Error> {
    let no_table = |key: &str| Error::usage(format!("reading `{shown}`: `{key}` is no table"));
    let profiles = document.entry("profiles").or_insert_with(|| {
        let mut table = Table::new();
        // No header `[profiles]` of its own.
        table.set_implicit(true);
        Item::Table(table)
    });
    let profiles = profiles.as_table_like_mut().ok_or_else(|| no_table("profiles"))?;
    let table = profiles.entry(profile).or_insert_with(toml_edit::table);
    table.as_table_like_mut().ok_or_else(|| no_table(&format!("profiles.{profile}")))
}

fn must_exist(document: &DocumentMut, profile: &str, shown: &str) -> Result<(), Error> {
    let profiles = document.get("profiles").and_then(Item::as_table_like);
    let names: Vec<&str> = profiles.iter().flat_map(|profiles| profiles.iter().map(|(name, _)| name)).collect();
    match names.contains(&profile) {
        true => Ok(()),
        false => Err(file::no_such_profile(profile, shown, &names)),
    }
}

/// Writes or removes one key, under the spelling that the profile has already.
fn apply(table: &mut dyn TableLike, key: &Key, value: Option<toml_edit::Value>) {
    if let Some(name) = key.name.strip_prefix("rules.") {
        if table.get("rules").is_none() && value.is_none() {
            return;
        }
        let rules = table.entry("rules").or_insert_with(toml_edit::table);
        if let Some(rules) = rules.as_table_like_mut() {
            write(rules, name, value);
        }
        return;
    }
    let spelling = table.iter().map(|(word, _)| word).find(|word| keys::find(word) == Some(key)).map(str::to_owned);
    write(table, spelling.as_deref().unwrap_or(key.name), value);
}

fn write(table: &mut dyn TableLike, name: &str, value: Option<toml_edit::Value>) {
    match value {
        Some(value) => put(table, name, Item::Value(value)),
        None => {
            table.remove(name);
        }
    }
}

/// Sets a value and keeps the comment that stands behind the old one.
fn put(table: &mut dyn TableLike, name: &str, item: Item) {
    match (table.get_mut(name), item) {
        (Some(Item::Value(old)), Item::Value(mut new)) => {
            *new.decor_mut() = old.decor().clone();
            *old = new;
        }
        (_, item) => {
            table.insert(name, item);
        }
    }
}
