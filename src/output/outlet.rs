//! The way out: bytes are gathered, then written and flushed at once.

use std::io::Write;

use super::error::write_failed;
use crate::error::Error;

/// Bytes that are gathered at most.
const CHUNK: usize = 64 * 1024;

/// A writer with the bytes that wait for it.
pub(super) struct Outlet<W: Write> {
    writer: W,
    waiting: Vec<u8>,
}

impl<W: Write> Outlet<W> {
    /// An outlet with nothing waiting.
    pub(super) fn new(writer: W) -> Self {
        Outlet { writer, waiting: Vec::new() }
    }

    /// Appends bytes; writes when many are waiting.
    ///
    /// # Errors
    /// Those of the writer.
    pub(super) fn put(&mut self, bytes: impl AsRef<[u8]>) -> Result<(), Error> {
        self.waiting.extend_from_slice(bytes.as_ref());
        if self.waiting.len() > CHUNK { self.drain() } else { Ok(()) }
    }

    /// Writes what waits, and flushes the writer.
    ///
    /// # Errors
    /// Those of the writer.
    pub(super) fn drain(&mut self) -> Result<(), Error> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let sent = self.writer.write_all(&self.waiting).and_then(|()| self.writer.flush());
        self.waiting.clear();
        sent.map_err(write_failed)
    }
}
