//! The lock beside the state file, which processes take one after the other.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// How long another process may hold the state: each needs it for milliseconds, but one may have been stopped.
const PATIENCE: Duration = Duration::from_secs(10);

/// Pause between two tries.
const PAUSE: Duration = Duration::from_millis(2);

/// The lock file of one state file, open.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    patience: Duration,
}

impl Lock {
    /// Opens the lock file, and makes the folder where it is missing.
    ///
    /// # Errors
    /// The system's.
    pub(super) fn open(state: &Path) -> io::Result<Self> {
        fs::create_dir_all(super::folder(state))?;
        let mut name = state.as_os_str().to_owned();
        name.push(".lock");
        let file = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(PathBuf::from(name))?;
        Ok(Lock { file, patience: PATIENCE })
    }

    /// Holds the state as one of several readers, until the result is dropped.
    ///
    /// # Errors
    /// The system's; timed out where a writer does not let go.
    pub(super) fn shared(&self) -> io::Result<Held<'_>> {
        self.take(File::try_lock_shared)
    }

    /// Holds the state alone, until the result is dropped.
    ///
    /// # Errors
    /// The system's; timed out where others do not let go.
    pub(super) fn exclusive(&self) -> io::Result<Held<'_>> {
        self.take(File::try_lock)
    }

    fn take(&self, lock: fn(&File) -> Result<(), TryLockError>) -> io::Result<Held<'_>> {
        let begun = Instant::now();
        loop {
            match lock(&self.file) {
                Ok(()) => return Ok(Held(&self.file)),
                Err(TryLockError::Error(why)) => return Err(why),
                Err(TryLockError::WouldBlock) if begun.elapsed() < self.patience => thread::sleep(PAUSE),
                Err(TryLockError::WouldBlock) => {
                    let why = "another process holds it and does not let go; end that process";
                    return Err(io::Error::new(io::ErrorKind::TimedOut, why));
                }
            }
        }
    }
}

/// The state is this process's to read, or to change.
#[derive(Debug)]
pub(super) struct Held<'a>(&'a File);

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_does_not_let_go_is_not_waited_for_forever() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Lock { patience: Duration::ZERO, ..Lock::open(&folder.path().join("s")).unwrap() };
        let (one, other) = (open(), open());
        let held = one.exclusive().unwrap();
        for refused in [other.shared(), other.exclusive()] {
            assert_eq!(refused.unwrap_err().kind(), io::ErrorKind::TimedOut);
        }
        drop(held);
        let readers = (one.shared().unwrap(), other.shared().unwrap());
        drop(readers);
        assert!(other.exclusive().is_ok());
    }
}
