//! The profile file: read, shown, used, edited and read again.
//!
//! The input is the file. Where its first line is a comment `# set NAME KEY=VALUE …` that is the edit, else it is one
//! of a region.

use std::fs;
use std::path::PathBuf;

use livectl::config::{self, Environment, NewValue, Selection};
use livectl::error::{Class, Error};
use toml::{Table, Value};

use crate::judge;

/// One made-up home folder with the file in it.
struct World {
    _home: tempfile::TempDir,
    file: PathBuf,
    environment: Environment,
    selection: Selection,
    size: usize,
}

/// Runs one input.
pub fn run(data: &[u8]) {
    let home = tempfile::tempdir().expect("a folder for temporary files");
    let file = home.path().join("config.toml");
    fs::write(&file, data).expect("a file in it");
    let environment = Environment::new([("FUZZ_SECRET", "s")], Some(home.path().to_owned()));
    let selection = Selection { config_file: Some(file.clone()), ..Selection::default() };
    let world = World { _home: home, file, environment, selection, size: data.len() };
    let (name, entries) = edit(data);
    let (environment, selection) = (&world.environment, &world.selection);
    let profiles = match config::list(environment, selection) {
        Ok(profiles) => profiles,
        Err(error) => {
            world.judge(&error);
            let refused =
                config::set(environment, selection, &name, &entries).expect_err("a broken file is not edited");
            world.judge(&refused);
            assert_eq!(fs::read(&world.file).expect("it is there"), data, "a broken file is left alone");
            return;
        }
    };
    let before = world.table();
    let names: Vec<&String> =
        before.get("profiles").and_then(Value::as_table).into_iter().flat_map(Table::keys).collect();
    assert_eq!(profiles.iter().map(|profile| &profile.name).collect::<Vec<_>>(), names);
    world.remarks(config::oddities(environment, selection, None));
    for profile in profiles.iter().take(4) {
        // A credential process is a program: none is run here.
        world.look(&profile.name, profile.credentials != "credential_process");
    }
    world.set(&before, &name, &entries);
    if let Some(profile) = profiles.first() {
        world.choose_and_remove(&profile.name);
    }
}

/// The profile and the values of the edit.
fn edit(data: &[u8]) -> (String, Vec<(String, NewValue)>) {
    let first = data.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = std::str::from_utf8(first).unwrap_or_default().trim_start_matches('\u{feff}');
    let mut words = line.strip_prefix("# set ").unwrap_or("p region=ap-guangzhou").split_whitespace();
    let name = words.next().unwrap_or("p").to_owned();
    let entry = |word: &str| {
        let (key, value) = word.split_once('=').unwrap_or((word, ""));
        (key.to_owned(), NewValue::Text(value.to_owned()))
    };
    (name, words.map(entry).collect())
}

/// A profile without the keys of an edit, in whichever spelling they stand there.
fn others(profile: Option<&Value>, entries: &[(String, NewValue)]) -> Table {
    let fold = |name: &str| name.replace(['_', '-'], "").to_ascii_lowercase();
    let edited =
        |name: &str| entries.iter().any(|(key, _)| fold(key) == fold(name) || fold(&format!("{key}_id")) == fold(name));
    let table = profile.and_then(Value::as_table).cloned().unwrap_or_default();
    table.into_iter().filter(|(name, _)| name != "vendor" && name != "rules" && !edited(name)).collect()
}

impl World {
    fn judge(&self, error: &Error) {
        judge::error(error, self.size + self.file.as_os_str().len());
        assert!(matches!(error.class(), Class::Usage | Class::Auth), "{error:?}");
    }

    fn remarks(&self, told: Result<Vec<String>, Error>) {
        match told {
            Err(error) => self.judge(&error),
            Ok(remarks) => remarks.iter().for_each(|remark| judge::warning(remark)),
        }
    }

    /// The file as another reader sees it.
    fn table(&self) -> Table {
        let text = fs::read_to_string(&self.file).expect("what was read is text");
        toml::from_str(text.trim_start_matches('\u{feff}')).expect("what was read is TOML")
    }

    fn profiles(&self) -> Table {
        self.table().get("profiles").and_then(Value::as_table).cloned().unwrap_or_default()
    }

    /// Shows and uses one profile.
    fn look(&self, name: &str, also_outside_the_sandbox: bool) {
        let rows = config::show(&self.environment, &self.selection, name);
        for row in rows.into_iter().flatten() {
            assert!(!config::is_secret_key(&row.key) || row.value == "***", "{row:?}");
        }
        for sandbox in [true, false] {
            if !sandbox && !also_outside_the_sandbox {
                continue;
            }
            let profiles = vec![name.to_owned()];
            let selection = Selection { profiles, sandbox, ..self.selection.clone() };
            match config::resolve(&self.environment, &selection) {
                Ok(resolved) => {
                    assert!(resolved.accounts.len() + resolved.failures.len() <= 1, "{resolved:?}");
                    self.remarks(Ok(resolved.warnings));
                }
                Err(error) => self.judge(&error),
            }
        }
    }

    /// Sets keys: what was not named stays, and a second time changes nothing.
    fn set(&self, before: &Table, name: &str, entries: &[(String, NewValue)]) {
        let bytes = fs::read(&self.file).expect("it is there");
        let written = match config::set(&self.environment, &self.selection, name, entries) {
            Ok(written) => written,
            Err(error) => {
                self.judge(&error);
                assert_eq!(fs::read(&self.file).expect("it is there"), bytes, "a refused edit writes nothing");
                return;
            }
        };
        let after = self.table();
        let profiles = |table: &Table| table.get("profiles").and_then(Value::as_table).cloned().unwrap_or_default();
        let (mut old, mut new) = (profiles(before), profiles(&after));
        let (old_profile, new_profile) = (old.remove(name), new.remove(name));
        assert_eq!(old, new, "the other profiles stay");
        assert_eq!(others(old_profile.as_ref(), entries), others(new_profile.as_ref(), entries), "the other keys stay");
        let top = |table: &Table| {
            table.iter().filter(|(key, _)| *key != "profiles").map(|(k, v)| (k.clone(), v.clone())).collect::<Table>()
        };
        assert_eq!(top(before), top(&after), "what stands outside of profiles stays");
        assert_eq!(written.created, old_profile.is_none());
        let bytes = fs::read(&self.file).expect("it is there");
        let again = config::set(&self.environment, &self.selection, name, entries).expect("it went well before");
        assert!(!again.changed && !again.created, "{again:?}");
        assert_eq!(fs::read(&self.file).expect("it is there"), bytes, "the same edit once more");
        let listed = config::list(&self.environment, &self.selection).expect("what was written can be read");
        assert!(listed.iter().any(|profile| profile.name == name && profile.credentials != "invalid"), "{listed:?}");
    }

    /// Makes a profile the default one, then removes it.
    fn choose_and_remove(&self, name: &str) {
        let before = self.profiles();
        match config::use_profile(&self.environment, &self.selection, name) {
            Ok(_) => {
                assert_eq!(before, self.profiles(), "a default changes no profile");
                let default = self.table().get("default_profile").and_then(Value::as_str).map(str::to_owned);
                assert_eq!(default.as_deref(), Some(name));
            }
            Err(error) => return self.judge(&error),
        }
        config::remove(&self.environment, &self.selection, name).expect("the default profile is there");
        let mut left = before;
        left.remove(name);
        assert_eq!(left, self.profiles(), "one profile is removed, the others stay");
        assert_eq!(self.table().get("default_profile"), None, "and with it the default");
    }
}
