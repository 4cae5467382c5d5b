//! A new file for a secret, readable by its owner only.

use std::io::Write;
use std::path::Path;

use crate::error::{Error, Result};

/// Writes a file that must not be there yet, to the disk. `what` it is, for the message: `the key`.
///
/// # Errors
/// Usage: the file's own.
pub(super) fn write(file: &Path, bytes: &[u8], what: &str) -> Result<()> {
    let failed = |error: std::io::Error| Error::usage(format!("write {what} to `{}`: {error}", file.display()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut handle = options.open(file).map_err(failed)?;
    handle.write_all(bytes).and_then(|()| handle.sync_all()).map_err(failed)
}
