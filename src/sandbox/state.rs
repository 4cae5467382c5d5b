//! The state file: one JSON file for all accounts, safe between processes.
//!
//! A lock on a sibling `.lock` file guards it: shared to read, exclusive to read, change and write. A write
//! replaces the file whole. The `serial` at its start is new with every write, so that a process sees in the first
//! bytes whether what it remembers is still true.

mod lock;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::model::Vendor;
use crate::sandbox::house::House;
use crate::sandbox::random;
use lock::Lock;

const VERSION: u32 = 1;

/// How many bytes from the file's start are sure to hold its serial.
const HEAD: u64 = 64;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct State {
    serial: String,
    version: u32,
    accounts: BTreeMap<String, Account>,
}

impl State {
    fn new() -> Self {
        State { serial: String::new(), version: VERSION, accounts: BTreeMap::new() }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Account {
    tencent: House,
    aliyun: House,
    volcengine: House,
}

impl Account {
    fn house(&self, vendor: Vendor) -> &House {
        match vendor {
            Vendor::Tencent => &self.tencent,
            Vendor::Aliyun => &self.aliyun,
            Vendor::Volcengine => &self.volcengine,
        }
    }

    fn house_mut(&mut self, vendor: Vendor) -> &mut House {
        match vendor {
            Vendor::Tencent => &mut self.tencent,
            Vendor::Aliyun => &mut self.aliyun,
            Vendor::Volcengine => &mut self.volcengine,
        }
    }
}

/// Where the houses of all accounts are kept.
#[derive(Debug)]
pub(super) struct Store {
    file: Option<Kept>,
    /// The state itself in memory, or what was last seen of the file.
    state: Mutex<State>,
}

#[derive(Debug)]
struct Kept {
    path: PathBuf,
    lock: Lock,
}

impl Store {
    /// A store that ends with the process.
    pub(super) fn in_memory() -> Self {
        Store { file: None, state: Mutex::new(State::new()) }
    }

    /// A store in a file. Where the file's folder cannot be made or written: in memory, beginning with what the file
    /// holds, with a note that says so.
    ///
    /// # Errors
    /// A file that is there and is no state of a sandbox.
    pub(super) fn open(path: &Path) -> Result<(Self, Option<String>), Error> {
        check_kind(path)?;
        let lock = match Lock::open(path).and_then(|lock| writable(path).map(|()| lock)) {
            Ok(lock) => lock,
            Err(why) => {
                let note = format!("the sandbox keeps its state in memory only: `{}`: {why}", path.display());
                let mut state = State::new();
                if File::open(path).is_ok() {
                    refresh(path, &mut state)?;
                }
                return Ok((Store { file: None, state: Mutex::new(state) }, Some(note)));
            }
        };
        let file = Some(Kept { path: path.to_owned(), lock });
        let store = Store { file, state: Mutex::new(State::new()) };
        store.read("", Vendor::Tencent, |_| ())?;
        Ok((store, None))
    }

    /// Looks at one house.
    ///
    /// # Errors
    /// A state file that cannot be read.
    pub(super) fn read<T>(&self, account: &str, vendor: Vendor, look: impl FnOnce(&House) -> T) -> Result<T, Error> {
        let mut state = self.remembered();
        if let Some(kept) = &self.file {
            let _held = kept.lock.shared().map_err(|why| failed("locking", &kept.path, &why))?;
            refresh(&kept.path, &mut state)?;
        }
        let empty = House::default();
        Ok(look(state.accounts.get(account).map_or(&empty, |account| account.house(vendor))))
    }

    /// Changes one house. A refusal changes nothing, and nothing is written then.
    ///
    /// # Errors
    /// A state file that cannot be read or written.
    pub(super) fn change<T, E>(
        &self,
        account: &str,
        vendor: Vendor,
        work: impl FnOnce(&mut House) -> Result<T, E>,
    ) -> Result<Result<T, E>, Error> {
        let mut state = self.remembered();
        let Some(kept) = &self.file else { return Ok(changed(&mut state, account, vendor, work)) };
        let _held = kept.lock.exclusive().map_err(|why| failed("locking", &kept.path, &why))?;
        let worked = refresh(&kept.path, &mut state).and_then(|()| {
            let result = changed(&mut state, account, vendor, work);
            if result.is_ok() {
                state.serial = random::hex(8);
                write(&kept.path, &state)?;
            }
            Ok(result)
        });
        if worked.is_err() {
            *state = State::new();
        }
        worked
    }

    /// A panic in another thread leaves no half-made change: a change is made on a copy.
    fn remembered(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Works on a copy of the house, so that a refusal leaves it as it was.
fn changed<T, E>(
    state: &mut State,
    account: &str,
    vendor: Vendor,
    work: impl FnOnce(&mut House) -> Result<T, E>,
) -> Result<T, E> {
    let before = state.accounts.get(account).map(|account| account.house(vendor));
    let mut house = before.cloned().unwrap_or_default();
    let result = work(&mut house)?;
    *state.accounts.entry(account.to_owned()).or_default().house_mut(vendor) = house;
    Ok(result)
}

/// Forgets one account, or removes the whole file.
pub(super) fn reset(path: &Path, account: Option<&str>) -> Result<(), Error> {
    if !path.exists() {
        return Ok(());
    }
    check_kind(path)?;
    let lock = Lock::open(path).map_err(|why| failed("locking", path, &why))?;
    let _held = lock.exclusive().map_err(|why| failed("locking", path, &why))?;
    let Some(account) = account else {
        return fs::remove_file(path).map_err(|why| failed("removing", path, &why));
    };
    let mut state = State::new();
    refresh(path, &mut state)?;
    if state.accounts.remove(account).is_some() {
        state.serial = random::hex(8);
        write(path, &state)?;
    }
    Ok(())
}

/// Brings what is remembered up to date with the file, whose lock is held.
fn refresh(path: &Path, state: &mut State) -> Result<(), Error> {
    check_kind(path)?;
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(why) if why.kind() == ErrorKind::NotFound => {
            *state = State::new();
            return Ok(());
        }
        Err(why) => return Err(failed("reading", path, &why)),
    };
    let mut bytes = Vec::new();
    (&mut file).take(HEAD).read_to_end(&mut bytes).map_err(|why| failed("reading", path, &why))?;
    if !state.serial.is_empty() && bytes.starts_with(format!("{{\"serial\":\"{}\"", state.serial).as_bytes()) {
        return Ok(());
    }
    file.read_to_end(&mut bytes).map_err(|why| failed("reading", path, &why))?;
    let read: State = serde_json::from_slice(&bytes).map_err(|why| damaged(path, &why.to_string()))?;
    if read.version != VERSION {
        return Err(damaged(path, &format!("it has version {}, this program knows {VERSION}", read.version)));
    }
    *state = read;
    Ok(())
}

/// Replaces the file whole; the new one is the user's alone.
fn write(path: &Path, state: &State) -> Result<(), Error> {
    let text = serde_json::to_vec(state).map_err(|why| Error::internal(format!("writing the sandbox state: {why}")))?;
    let mut file = tempfile::NamedTempFile::new_in(folder(path)).map_err(|why| failed("writing", path, &why))?;
    file.write_all(&text).map_err(|why| failed("writing", path, &why))?;
    file.persist(path).map_err(|why| failed("writing", path, &why.error))?;
    Ok(())
}

/// A device may have no end, a pipe no beginning, and neither can be replaced.
fn check_kind(path: &Path) -> Result<(), Error> {
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        let message = format!("opening the sandbox state `{}`: it is no regular file", path.display());
        return Err(Error::usage(message).hint("name another one with `--sandbox-state FILE`"));
    }
    Ok(())
}

/// Whether a new file can be made beside the state: that is how it is written.
fn writable(path: &Path) -> std::io::Result<()> {
    tempfile::NamedTempFile::new_in(folder(path)).map(|_| ())
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn failed(doing: &str, path: &Path, why: &std::io::Error) -> Error {
    Error::internal(format!("{doing} the sandbox state `{}`: {why}", path.display()))
}

fn damaged(path: &Path, why: &str) -> Error {
    Error::internal(format!("reading the sandbox state `{}`: it is damaged: {why}", path.display()))
        .hint("`livectl sandbox reset` begins a new one; what was in it is lost")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::asked::members;
    use serde_json::json;

    fn add(store: &Store, name: &str) {
        let result: Result<Result<(), ()>, Error> = store.change("prod", Vendor::Tencent, |house| {
            house.add("domains", members(json!({ "Name": name })));
            Ok(())
        });
        assert_eq!(result.unwrap(), Ok(()));
    }

    fn count(store: &Store, account: &str) -> usize {
        store.read(account, Vendor::Tencent, |house| house.rows("domains").len()).unwrap()
    }

    #[test]
    fn two_processes_at_once_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/sandbox.json");
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let (store, note) = Store::open(&path).unwrap();
                assert_eq!(note, None);
                std::thread::spawn(move || (0..10).for_each(|n| add(&store, &format!("{writer}-{n}.example.com"))))
            })
            .collect();
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        let (store, _) = Store::open(&path).unwrap();
        assert_eq!((count(&store, "prod"), count(&store, "other")), (40, 0));
    }

    #[test]
    fn a_refusal_changes_nothing() {
        for store in [Store::in_memory(), Store::open(&tempfile::tempdir().unwrap().path().join("s")).unwrap().0] {
            let refused = store.change("prod", Vendor::Tencent, |house| {
                house.add("domains", members(json!({})));
                Err::<(), &str>("no")
            });
            assert_eq!(refused.unwrap(), Err("no"));
            assert_eq!(count(&store, "prod"), 0);
        }
    }

    #[test]
    fn another_process_is_seen_and_reset_forgets() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sandbox.json");
        let (one, _) = Store::open(&path).unwrap();
        let (two, _) = Store::open(&path).unwrap();
        add(&one, "a.example.com");
        assert_eq!(count(&two, "prod"), 1);
        reset(&path, Some("other")).unwrap();
        assert_eq!(count(&one, "prod"), 1);
        reset(&path, Some("prod")).unwrap();
        assert_eq!(count(&one, "prod"), 0);
        add(&two, "b.example.com");
        reset(&path, None).unwrap();
        assert_eq!((count(&one, "prod"), count(&two, "prod")), (0, 0));
    }

    #[test]
    fn a_damaged_file_is_named_with_the_way_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sandbox.json");
        for text in [
            "",
            "{",
            "[]",
            r#"{"serial":"x","version":9,"accounts":{}}"#,
            r#"{"serial":"x","version":1,"accounts":{"a":3}}"#,
        ] {
            fs::write(&path, text).unwrap();
            let error = Store::open(&path).unwrap_err();
            assert!(error.to_string().contains("sandbox.json"), "{error}");
            assert!(error.details().hints[0].contains("livectl sandbox reset"), "{text}");
        }
        reset(&path, None).unwrap();
        assert!(Store::open(&path).is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_the_users_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sandbox.json");
        add(&Store::open(&path).unwrap().0, "a.example.com");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn without_a_folder_it_works_in_memory_and_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let blocker = folder.path().join("file");
        fs::write(&blocker, "").unwrap();
        let (store, note) = Store::open(&blocker.join("sandbox.json")).unwrap();
        assert!(note.unwrap().contains("in memory only"));
        add(&store, "a.example.com");
        assert_eq!(count(&store, "prod"), 1);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_refused_before_it_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let endless = folder.path().join("endless");
        std::os::unix::fs::symlink("/dev/full", &endless).unwrap();
        for path in [&endless, folder.path()] {
            let error = Store::open(path).unwrap_err();
            assert_eq!(error.class().exit_code(), 2, "{error}");
            assert!(error.to_string().contains("no regular file"), "{error}");
            assert!(reset(path, None).is_err());
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn state_that_cannot_be_written_is_still_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sandbox.json");
        add(&Store::open(&path).unwrap().0, "a.example.com");
        fs::remove_file(folder.path().join("sandbox.json.lock")).unwrap();
        // A folder in the lock's place stands for a disk that cannot be written: root may write everywhere else.
        fs::create_dir(folder.path().join("sandbox.json.lock")).unwrap();
        let (store, note) = Store::open(&path).unwrap();
        assert!(note.unwrap().contains("in memory only"));
        assert_eq!(count(&store, "prod"), 1);
        let before = fs::read(&path).unwrap();
        add(&store, "b.example.com");
        assert_eq!((count(&store, "prod"), fs::read(&path).unwrap()), (2, before));
    }
}
