//! Tests of `config`. Nothing here reads the environment of the test's own process.

mod editing;
mod endpoints;
mod files;
mod official;
mod order;
mod processes;
mod profiles;
mod roles;
mod sandbox;
mod variables;

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use super::{Account, Environment, Resolved, Selection, resolve};
use crate::error::{Class, Error};
use crate::model::Vendor;

/// A home folder and the variables of one made-up process.
struct World {
    home: TempDir,
    variables: Vec<(String, String)>,
}

impl World {
    fn new() -> Self {
        World { home: tempfile::tempdir().unwrap(), variables: Vec::new() }
    }

    fn var(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }

    /// A file below the home folder, mode 0600 in 0700 folders.
    fn file(self, path: &str, text: &str) -> Self {
        let path = self.path(path);
        let mut folders = fs::DirBuilder::new();
        folders.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut folders, 0o700);
        folders.create(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        chmod(&path, 0o600);
        self
    }

    fn config(self, text: &str) -> Self {
        self.file(".config/livectl/config.toml", text)
    }

    fn path(&self, path: &str) -> PathBuf {
        self.home.path().join(path)
    }

    fn environment(&self) -> Environment {
        Environment::new(self.variables.clone(), Some(self.home.path().to_owned()))
            .at("2026-05-01T12:00:00Z".parse().unwrap())
    }

    fn resolve(&self, selection: &Selection) -> Result<Resolved, Error> {
        resolve(&self.environment(), selection)
    }

    /// The only account, and the key id it signs with.
    fn account(&self, selection: &Selection) -> Account {
        let mut resolved = self.resolve(selection).unwrap();
        assert_eq!(resolved.accounts.len(), 1);
        resolved.accounts.remove(0)
    }

    fn key_id(&self, selection: &Selection) -> String {
        self.account(selection).credentials.unwrap().access_key_id
    }

    /// The class, and everything that the user would read.
    fn refusal(&self, selection: &Selection) -> (Class, String) {
        told(&self.resolve(selection).unwrap_err())
    }
}

fn told(error: &Error) -> (Class, String) {
    (error.class(), format!("{error}\n{}", error.details().hints.join("\n")))
}

fn nothing_named() -> Selection {
    Selection::default()
}

fn named(profiles: &[&str]) -> Selection {
    Selection { profiles: profiles.iter().map(ToString::to_string).collect(), ..Selection::default() }
}

fn of(vendor: Vendor) -> Selection {
    Selection { vendor: Some(vendor), ..Selection::default() }
}

fn source_of<'a>(account: &'a Account, field: &str) -> &'a str {
    &account.sources.iter().find(|sourced| sourced.field == field).unwrap().source
}

#[cfg(unix)]
fn chmod(path: &std::path::Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn chmod(_path: &std::path::Path, _mode: u32) {}

#[track_caller]
fn assert_told(refusal: (Class, String), class: Class, words: &[&str]) {
    assert_eq!(refusal.0, class, "{}", refusal.1);
    for word in words {
        assert!(refusal.1.contains(word), "`{word}` is not in: {}", refusal.1);
    }
}
