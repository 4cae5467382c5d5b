//! The record of a run for many items: appended line by line, and on the disk before anything is sent that it tells of.
//!
//! The first line says of which command, options and account it is. `begun` stands before a change goes out, `ended`
//! after its item is through. An item that has begun and not ended was under way when the run broke off.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::error::{Error, Result};

/// Whose record it is: another command, option or account is another record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Identity {
    /// The form of the file.
    pub(super) livectl_journal: u32,
    /// The words of the command.
    pub(super) command: String,
    /// Whose account.
    pub(super) vendor: String,
    /// Which account.
    pub(super) account: String,
    /// A digest of the options that are the same for all items.
    pub(super) options: String,
}

/// The form that this program writes.
pub(super) const FORM: u32 = 1;

/// How the record tells that an item is through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum End {
    /// As asked for.
    Done,
    /// It took effect, and something after that went wrong.
    Applied,
    /// It had no effect: it may be done again.
    Refused,
    /// Nobody knows whether it took effect.
    Unknown,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Line {
    Begun { item: String, action: String },
    Ended { item: String, state: End },
}

/// What earlier runs have left.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Past {
    /// Items that are through.
    pub(super) done: HashSet<String>,
    /// Items whose fate is not known, with the Actions that had begun.
    pub(super) begun: HashMap<String, Vec<String>>,
}

impl Past {
    fn take(&mut self, line: Line) {
        match line {
            Line::Begun { item, action } => self.begun.entry(item).or_default().push(action),
            Line::Ended { item, state: End::Done | End::Applied } => {
                self.begun.remove(&item);
                self.done.insert(item);
            }
            Line::Ended { item, state: End::Refused } => drop(self.begun.remove(&item)),
            Line::Ended { state: End::Unknown, .. } => {}
        }
    }
}

/// A record that is written, and locked against other runs.
pub(super) struct Journal {
    file: Arc<File>,
    path: PathBuf,
    written: Cell<u64>,
    synced: Cell<u64>,
    syncing: Cell<bool>,
    sync_ended: Notify,
}

impl Journal {
    /// Opens the record of a run, a new one where there is none, and reads what earlier runs have left.
    ///
    /// # Errors
    /// Usage: another run writes it, it is of something else, it is no record. Internal: the disk's refusal.
    pub(super) fn open(path: &Path, identity: &Identity) -> Result<(Self, Past)> {
        let failed = |why: io::Error| refused(path, &why);
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(failed)?;
        if !file.metadata().map_err(failed)?.is_file() {
            return Err(no_journal(path));
        }
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::usage(format!("open the journal `{}`: another run is writing it", path.display()))
                    .hint("wait for that run, or give this one a journal of its own"));
            }
            Err(TryLockError::Error(why)) => return Err(failed(why)),
        }
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(failed)?;
        // A line that a crash cut off was never relied on.
        let whole = text.rfind('\n').map_or(0, |at| at + 1);
        let (text, rest) = text.split_at(whole);
        if text.is_empty() && !START.starts_with(rest) && !rest.starts_with(START) {
            return Err(no_journal(path));
        }
        let past = if text.is_empty() { Past::default() } else { read(path, text, identity)? };
        if !rest.is_empty() {
            file.set_len(whole as u64).map_err(failed)?;
        }
        let journal = Journal {
            file: Arc::new(file),
            path: path.to_owned(),
            written: Cell::new(0),
            synced: Cell::new(0),
            syncing: Cell::new(false),
            sync_ended: Notify::new(),
        };
        if text.is_empty() {
            journal.append(identity)?;
            journal.file.sync_all().and_then(|()| sync_folder(path)).map_err(failed)?;
        }
        Ok((journal, past))
    }

    /// Records that an Action of an item is about to be sent. On return that is on the disk.
    ///
    /// # Errors
    /// Internal: the disk's refusal.
    pub(super) async fn begin(&self, item: &str, action: &str) -> Result<()> {
        self.append(&Line::Begun { item: item.to_owned(), action: action.to_owned() })?;
        self.sync(self.written.get()).await
    }

    /// Records that an item is through.
    ///
    /// # Errors
    /// Internal: the disk's refusal.
    pub(super) fn end(&self, item: &str, state: End) -> Result<()> {
        self.append(&Line::Ended { item: item.to_owned(), state })
    }

    /// Brings all that was recorded to the disk.
    ///
    /// # Errors
    /// Internal: the disk's refusal.
    pub(super) fn close(&self) -> Result<()> {
        self.file.sync_all().map_err(|why| refused(&self.path, &why))
    }

    fn append(&self, line: &impl Serialize) -> Result<()> {
        let mut text =
            serde_json::to_string(line).map_err(|why| Error::internal(format!("write the journal: {why}")))?;
        text.push('\n');
        (&*self.file).write_all(text.as_bytes()).map_err(|why| refused(&self.path, &why))?;
        self.written.set(self.written.get() + 1);
        Ok(())
    }

    /// Waits until the first `wanted` lines are on the disk; those who wait at the same time share one way there.
    async fn sync(&self, wanted: u64) -> Result<()> {
        while self.synced.get() < wanted {
            let ended = self.sync_ended.notified();
            if self.syncing.replace(true) {
                ended.await;
                continue;
            }
            let (file, reached) = (Arc::clone(&self.file), self.written.get());
            let synced = tokio::task::spawn_blocking(move || file.sync_data()).await;
            self.syncing.set(false);
            self.sync_ended.notify_waiters();
            synced.map_err(io::Error::other).and_then(|synced| synced).map_err(|why| refused(&self.path, &why))?;
            self.synced.set(self.synced.get().max(reached));
        }
        Ok(())
    }
}

/// How every record begins.
const START: &str = "{\"livectl_journal\":";

fn read(path: &Path, text: &str, identity: &Identity) -> Result<Past> {
    let mut lines = text.lines();
    let recorded: Identity =
        lines.next().and_then(|line| serde_json::from_str(line).ok()).ok_or_else(|| no_journal(path))?;
    if recorded.livectl_journal != FORM {
        return Err(Error::usage(format!("open the journal `{}`: another version wrote it", path.display())));
    }
    compare(path, &recorded, identity)?;
    let mut past = Past::default();
    for (number, line) in (2..).zip(lines) {
        let line = serde_json::from_str(line).map_err(|_| {
            Error::usage(format!("open the journal `{}`: line {number} is damaged", path.display()))
                .hint("without it nobody knows what was done: look at the vendor, and begin a new journal")
        })?;
        past.take(line);
    }
    Ok(past)
}

fn compare(path: &Path, recorded: &Identity, this: &Identity) -> Result<()> {
    let account = |identity: &Identity| format!("{} of {}", identity.account, identity.vendor);
    let differs = if recorded.command != this.command {
        format!("it records `{}`, and this is `{}`", recorded.command, this.command)
    } else if account(recorded) != account(this) {
        format!("it is of {}, and this is for {}", account(recorded), account(this))
    } else if recorded.options != this.options {
        format!("it records `{}` with other options than these", recorded.command)
    } else {
        return Ok(());
    };
    Err(Error::usage(format!("open the journal `{}`: {differs}", path.display()))
        .hint("go on with the same command, options and account, or give this run a journal of its own"))
}

fn no_journal(path: &Path) -> Error {
    Error::usage(format!("open the journal `{}`: it is no journal of livectl", path.display()))
        .hint("name a file that is not there yet, or the journal of an interrupted run")
}

fn refused(path: &Path, why: &io::Error) -> Error {
    Error::internal(format!("write the journal `{}`: {why}", path.display()))
}

/// A new file is there after a power cut only once its folder is on the disk.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Class;

    fn identity() -> Identity {
        Identity {
            livectl_journal: FORM,
            command: "domain add".to_owned(),
            vendor: "tencent".to_owned(),
            account: "profile `a`".to_owned(),
            options: "00".to_owned(),
        }
    }

    fn folder() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.journal");
        (folder, path)
    }

    fn why(path: &Path, identity: &Identity) -> String {
        let error = Journal::open(path, identity).err().unwrap();
        assert_eq!(error.class(), Class::Usage);
        error.to_string().replace(&path.display().to_string(), "J")
    }

    #[tokio::test]
    async fn what_began_and_did_not_end_is_known_later() {
        let (_folder, path) = folder();
        let (journal, past) = Journal::open(&path, &identity()).unwrap();
        assert_eq!(past, Past::default());
        for item in ["done", "applied", "refused", "unknown", "under way", "again"] {
            journal.begin(item, "AddLiveDomain").await.unwrap();
        }
        journal.end("done", End::Done).unwrap();
        journal.end("applied", End::Applied).unwrap();
        journal.end("refused", End::Refused).unwrap();
        journal.end("unknown", End::Unknown).unwrap();
        journal.end("again", End::Refused).unwrap();
        journal.begin("again", "EnableLiveDomain").await.unwrap();
        drop(journal);
        let (_journal, past) = Journal::open(&path, &identity()).unwrap();
        let mut done: Vec<&str> = past.done.iter().map(String::as_str).collect();
        done.sort_unstable();
        assert_eq!(done, ["applied", "done"]);
        let mut begun: Vec<(&str, &[String])> =
            past.begun.iter().map(|(item, actions)| (item.as_str(), actions.as_slice())).collect();
        begun.sort_unstable();
        let (add, enable) = (["AddLiveDomain".to_owned()], ["EnableLiveDomain".to_owned()]);
        assert_eq!(begun, [("again", enable.as_slice()), ("under way", add.as_slice()), ("unknown", add.as_slice())]);
    }

    #[test]
    fn a_line_that_was_cut_off_is_forgotten() {
        let (_folder, path) = folder();
        drop(Journal::open(&path, &identity()).unwrap());
        let whole = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{whole}{{\"ended\":{{\"item\":\"a\",\"sta")).unwrap();
        assert_eq!(Journal::open(&path, &identity()).unwrap().1, Past::default());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), whole);
        // The very first line as well.
        std::fs::write(&path, &whole[..30]).unwrap();
        drop(Journal::open(&path, &identity()).unwrap());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), whole);
    }

    #[test]
    fn what_is_of_something_else_is_refused_and_left_alone() {
        let (_folder, path) = folder();
        let journal = Journal::open(&path, &identity()).unwrap();
        assert_eq!(why(&path, &identity()), "open the journal `J`: another run is writing it");
        drop(journal);
        for (other, told) in [
            (
                Identity { command: "domain delete".to_owned(), ..identity() },
                "open the journal `J`: it records `domain add`, and this is `domain delete`",
            ),
            (
                Identity { account: "profile `b`".to_owned(), ..identity() },
                "open the journal `J`: it is of profile `a` of tencent, and this is for profile `b` of tencent",
            ),
            (
                Identity { options: "01".to_owned(), ..identity() },
                "open the journal `J`: it records `domain add` with other options than these",
            ),
        ] {
            assert_eq!(why(&path, &other), told);
        }
        for (text, told) in [
            ("a.example.com\n", "open the journal `J`: it is no journal of livectl"),
            ("a.example.com", "open the journal `J`: it is no journal of livectl"),
        ] {
            std::fs::write(&path, text).unwrap();
            assert_eq!(why(&path, &identity()), told);
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
        std::fs::remove_file(&path).unwrap();
        drop(Journal::open(&path, &identity()).unwrap());
        let damaged = std::fs::read_to_string(&path).unwrap() + "nothing\n";
        std::fs::write(&path, damaged).unwrap();
        assert_eq!(why(&path, &identity()), "open the journal `J`: line 2 is damaged");
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_reads_it() {
        use std::os::unix::fs::PermissionsExt;
        let (_folder, path) = folder();
        drop(Journal::open(&path, &identity()).unwrap());
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
