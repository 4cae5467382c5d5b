//! The profile file: where it is, whether it can be read, what is in it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::account::Selection;
use super::bounded;
use super::environment::Environment;
use super::keys;
use crate::error::Error;
use crate::model::Vendor;

/// How one comes to a profile.
pub(super) const NEW_PROFILE: &str = "`livectl config init` sets up a profile, `livectl config set NAME vendor=… access_key_id=… access_key_secret=@FILE` does it without questions";

/// The profile file as read. Profiles are looked into only when one is used.
pub(super) struct ProfileFile {
    /// Where it is or would be; `None` without a home folder.
    pub path: Option<PathBuf>,
    /// The same for a person's eyes.
    pub shown: String,
    /// The key `default_profile`.
    pub default_profile: Option<String>,
    /// The tables below `profiles`.
    pub profiles: Table,
    /// What is odd about the file as a whole.
    pub warnings: Vec<String>,
    /// Why it could not be read, where the user did not name it and may do without.
    pub unreadable: Option<Error>,
}

/// Which profile the file itself chooses.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// The default one, or the only one.
    One(String),
    /// Nothing in the file fits.
    None,
    /// Several fit, and none is the default.
    Several(Vec<String>),
}

/// The path of the profile file: `--config`, `LIVECTL_CONFIG`, or the platform's place.
pub(super) fn path(environment: &Environment, selection: &Selection) -> Option<PathBuf> {
    selection.config_file.clone().or_else(|| environment.config_file())
}

/// Why a file could not be read or written, in words that do not change with the system.
pub(super) fn cause(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::IsADirectory => "it is a folder".into(),
        io::ErrorKind::InvalidData => "it is not UTF-8".into(),
        _ => error.to_string(),
    }
}

impl ProfileFile {
    /// Reads the file. One that is not there is empty, unless the user named it for something else than to write it.
    ///
    /// # Errors
    /// Usage: a file that was named and cannot be read; a file that is no TOML, or holds what it may not.
    pub(super) fn load(environment: &Environment, selection: &Selection) -> Result<Self, Error> {
        let path = path(environment, selection);
        let shown = path.as_deref().map_or_else(|| "the profile file".into(), |path| environment.display(path));
        let mut file = ProfileFile {
            path,
            shown,
            default_profile: None,
            profiles: Table::new(),
            warnings: Vec::new(),
            unreadable: None,
        };
        let Some(path) = file.path.clone() else { return Ok(file) };
        let named = selection.config_file.is_some() || environment.var("LIVECTL_CONFIG").is_some();
        match bounded::bytes(&path, bounded::LARGEST_FILE) {
            Ok(bytes) => file.fill(&bytes)?,
            Err(error) if is_absent(&error) && (!named || selection.new_file) => return Ok(file),
            Err(error) => {
                let error = Error::usage(format!("reading `{}`: {}", file.shown, cause(&error)));
                if named {
                    return Err(error.hint("`--config` and `LIVECTL_CONFIG` name the profile file"));
                }
                file.unreadable = Some(error);
            }
        }
        file.warnings.extend(loose_modes(&path, &file.shown));
        Ok(file)
    }

    fn fill(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let mut table = parse(bytes, &self.shown)?;
        let wrong = |what: &str, shown: &str| Error::usage(format!("reading `{shown}`: {what}"));
        match table.remove("default_profile") {
            None => {}
            Some(Value::String(name)) => self.default_profile = Some(name).filter(|name| !name.is_empty()),
            Some(_) => return Err(wrong("`default_profile` is the name of a profile, in quotes", &self.shown)),
        }
        match table.remove("profiles") {
            None => {}
            Some(Value::Table(profiles)) => self.profiles = profiles,
            Some(_) => return Err(wrong("`profiles` is a table: write `[profiles.NAME]`", &self.shown)),
        }
        for name in table.keys() {
            let hint = match keys::find(name) {
                Some(_) => Some("it belongs below `[profiles.NAME]`".to_owned()),
                None => keys::did_you_mean(name, ["default_profile", "profiles"]),
            };
            let hint = hint.map(|hint| format!(": {hint}")).unwrap_or_default();
            self.warnings.push(format!("unknown key `{name}` in `{}`{hint}", self.shown));
        }
        Ok(())
    }

    /// Refuses to go on where the file is needed and could not be read.
    pub(super) fn readable(&self) -> Result<&Self, Error> {
        self.unreadable.clone().map_or(Ok(self), Err)
    }

    /// The table of a profile.
    ///
    /// # Errors
    /// Usage: there is none of that name, with the nearest name and all names.
    pub(super) fn profile(&self, name: &str) -> Result<&Table, Error> {
        match self.readable()?.profiles.get(name) {
            Some(Value::Table(table)) => Ok(table),
            Some(_) => Err(Error::usage(format!(
                "reading `{}`: `profiles.{name}` is no table: write `[profiles.{name}]`",
                self.shown
            ))),
            None => Err(no_such_profile(name, &self.shown, &self.names().collect::<Vec<_>>())),
        }
    }

    /// All profiles' names, sorted.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.profiles.keys().map(String::as_str)
    }

    /// The vendor that a profile states.
    pub(super) fn vendor_of(&self, name: &str) -> Option<Vendor> {
        self.profiles.get(name)?.get("vendor")?.as_str()?.parse().ok()
    }

    /// The profile that is used where none is named: the default one if it is the vendor's, else the
    /// vendor's only one.
    ///
    /// # Errors
    /// Usage: `default_profile` names a profile that is not there.
    pub(super) fn choose(&self, vendor: Option<Vendor>) -> Result<Choice, Error> {
        if let Some(default) = &self.default_profile {
            self.profile(default)
                .map_err(|error| error.hint(format!("`default_profile` in `{}` names it", self.shown)))?;
            let stated = self.vendor_of(default);
            if vendor.is_none() || stated.is_none() || stated == vendor {
                return Ok(Choice::One(default.clone()));
            }
        }
        let fits = |name: &&str| vendor.is_none() || self.vendor_of(name) == vendor;
        let mut names: Vec<String> = self.names().filter(fits).map(str::to_owned).collect();
        Ok(match names.len() {
            0 => Choice::None,
            1 => Choice::One(names.remove(0)),
            _ => Choice::Several(names),
        })
    }
}

impl fmt::Debug for ProfileFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProfileFile").field("path", &self.path).finish_non_exhaustive()
    }
}

/// The refusal of a profile that is not there: with the nearest name, and all names.
pub(super) fn no_such_profile(name: &str, shown: &str, names: &[&str]) -> Error {
    let error = Error::usage(format!("looking for profile `{name}`: there is none in `{shown}`"));
    let error = keys::did_you_mean(name, names.iter().copied()).into_iter().fold(error, Error::hint);
    match names.is_empty() {
        true => error.hint(NEW_PROFILE),
        false => error.hint(format!("profiles: {}", names.join(", "))),
    }
}

/// Parses the text of a profile file. An error names the place and never shows the line.
pub(super) fn parse(bytes: &[u8], shown: &str) -> Result<Table, Error> {
    let broken = |offset: usize, what: &str| {
        let (line, column) = place(bytes, offset);
        Error::usage(format!("reading `{shown}`: {shown}:{line}:{column}: {what}"))
            .hint("texts stand in double quotes: `region = \"ap-guangzhou\"`")
    };
    let text = std::str::from_utf8(bytes).map_err(|error| broken(error.valid_up_to(), "it is not UTF-8"))?;
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    toml::from_str(&text[start..])
        .map_err(|error| broken(start + error.span().map_or(0, |span| span.start), error.message()))
}

/// Line and column, from 1, of a byte.
fn place(bytes: &[u8], offset: usize) -> (usize, usize) {
    let before = &bytes[..offset.min(bytes.len())];
    let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    (line, String::from_utf8_lossy(&before[line_start..]).chars().count() + 1)
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

#[cfg(unix)]
fn loose_modes(path: &Path, shown: &str) -> Vec<String> {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| std::fs::metadata(path).map(|meta| (meta.is_file(), meta.permissions().mode() & 0o7777));
    let mut warnings = Vec::new();
    if let Ok((true, file)) = mode(path)
        && file & 0o077 != 0
    {
        warnings.push(format!("`{shown}` is open to other users (mode {file:04o}): `chmod 600 {shown}`"));
    }
    // A folder where others may put another file in its place; one with the sticky bit, as /tmp, keeps owners apart.
    if let Some(Ok((false, folder))) = path.parent().map(mode)
        && folder & 0o022 != 0
        && folder & 0o1000 == 0
    {
        warnings
            .push(format!("the folder of `{shown}` can be written by other users (mode {folder:04o}): `chmod 700` it"));
    }
    warnings
}

#[cfg(not(unix))]
fn loose_modes(_path: &Path, _shown: &str) -> Vec<String> {
    Vec::new()
}
