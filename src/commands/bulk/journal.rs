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
    /// Items that are not through, with what had begun of them.
    pub(super) begun: HashMap<String, Begun>,
}

/// What had begun of an item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Begun {
    /// The Actions, in their order.
    pub(super) actions: Vec<String>,
    /// They are known to have taken effect, and something after that went wrong.
    pub(super) applied: bool,
}

impl Past {
    fn take(&mut self, line: Line) {
        match line {
            Line::Begun { item, action } => {
                let begun = self.begun.entry(item).or_default();
                begun.actions.push(action);
                begun.applied = false;
            }
            Line::Ended { item, state: End::Done } => {
                self.begun.remove(&item);
                self.done.insert(item);
            }
            Line::Ended { item, state: End::Applied } => self.begun.entry(item).or_default().applied = true,
            Line::Ended { item, state: End::Refused } => drop(self.begun.remove(&item)),
            Line::Ended { state: End::Unknown, .. } => {}
        }
    }
}

/// A record that is written, and locked against other runs.
pub(super) struct Journal {
    file: Arc<File>,
    path: PathBuf,
    /// The length of what was written whole.
    length: Cell<u64>,
    /// A line could not be written: none follows it.
    broken: Cell<bool>,
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
        let failed = |why: io::Error| {
            Error::usage(format!("open the journal `{}`: {why}", path.display()))
                .hint("name a file that can be written, in a folder that is there")
        };
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
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;
        let text = String::from_utf8(bytes).map_err(|_| no_journal(path))?;
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
            length: Cell::new(whole as u64),
            broken: Cell::new(false),
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
        if self.broken.get() {
            return Err(refused(&self.path, &io::Error::other("a line before this one could not be written")));
        }
        if let Err(why) = (&*self.file).write_all(text.as_bytes()) {
            // What follows half a line could not be read.
            self.broken.set(self.file.set_len(self.length.get()).is_err());
            return Err(refused(&self.path, &why));
        }
        self.length.set(self.length.get() + text.len() as u64);
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
            let under_way = Syncing(self);
            let (file, reached) = (Arc::clone(&self.file), self.written.get());
            let synced = tokio::task::spawn_blocking(move || file.sync_data()).await;
            drop(under_way);
            synced.map_err(io::Error::other).and_then(|synced| synced).map_err(|why| refused(&self.path, &why))?;
            self.synced.set(self.synced.get().max(reached));
        }
        Ok(())
    }
}

/// A way to the disk that others wait for; whoever goes it may be given up half-way.
struct Syncing<'a>(&'a Journal);

impl Drop for Syncing<'_> {
    fn drop(&mut self) {
        self.0.syncing.set(false);
        self.0.sync_ended.notify_waiters();
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
mod tests;
