//! A profile that is not written yet, to be tried first.

use toml::{Table, Value};

use super::account::{Account, Selection};
use super::edit::{NewValue, checked_table};
use super::environment::Environment;
use super::file::ProfileFile;
use super::resolve::of_file;
use crate::error::Error;

/// The account that a profile of these keys would be, beside those of the file. Nothing is written.
///
/// # Errors
/// Usage: a name, key or value that may not be. Otherwise those of [`resolve`](super::resolve).
pub fn draft(
    environment: &Environment,
    selection: &Selection,
    profile: &str,
    entries: &[(String, NewValue)],
) -> Result<Account, Error> {
    let table: Table = checked_table(profile, entries)?;
    let mut file = ProfileFile::load(environment, selection)?;
    file.warnings.clear();
    file.profiles.insert(profile.to_owned(), Value::Table(table));
    let selection = Selection { profiles: vec![profile.to_owned()], all_profiles: false, ..selection.clone() };
    let mut resolved = of_file(environment, &selection, file)?;
    match resolved.accounts.len() {
        0 => Err(Error::internal("trying a profile: it is no account")),
        _ => Ok(resolved.accounts.remove(0)),
    }
}

/// Whether a profile of that name may be made: the name fits, and there is none yet.
///
/// # Errors
/// A sentence of what is wrong with it.
pub fn check_new_name(environment: &Environment, selection: &Selection, name: &str) -> Result<(), String> {
    super::edit::check_name(name).map_err(|error| error.to_string())?;
    let file = ProfileFile::load(environment, selection).map_err(|error| error.to_string())?;
    match file.names().any(|known| known == name) {
        true => Err(format!("`{}` has a profile `{name}` already", file.shown)),
        false => Ok(()),
    }
}
