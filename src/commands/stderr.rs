//! What people read beside the data.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::io::Write;
use std::rc::Rc;

use dialoguer::console::{Term, truncate_str};

use crate::commands::redact::KnownSecrets;
use crate::error::Error;
use crate::output::{self, Format, Remark};

/// Everything that goes to stderr passes here, with known secrets cut out.
pub(super) struct Stderr {
    pub(super) format: Format,
    pub(super) color: bool,
    pub(super) quiet: bool,
    pub(super) verbose: u8,
    /// Whether a line can be rewritten in place.
    pub(super) terminal: bool,
    /// Whether a line of progress stands there.
    pub(super) line: Cell<bool>,
    pub(super) secrets: Rc<RefCell<KnownSecrets>>,
    /// What is told once however often it comes up.
    pub(super) told: RefCell<HashSet<String>>,
}

impl Stderr {
    /// Something worth knowing; `--quiet` hides it.
    pub(super) fn note(&self, text: &str) {
        if !self.quiet {
            self.write(text, Remark::Note);
        }
    }

    /// Something that may be wrong.
    pub(super) fn warn(&self, text: &str) {
        self.write(text, Remark::Warning);
    }

    /// Something that may be wrong, told once.
    pub(super) fn warn_once(&self, text: &str) {
        if self.told.borrow_mut().insert(text.to_owned()) {
            self.warn(text);
        }
    }

    /// For `-v` (level 1) and `-vv` (level 2).
    pub(super) fn detail(&self, level: u8, text: &str) {
        if self.verbose >= level {
            self.write(text, Remark::Note);
        }
    }

    /// A line of progress in the place of the one before; `None` takes it away. Only on a terminal, and not with
    /// `--quiet`.
    pub(super) fn progress(&self, text: Option<&str>) {
        if !self.terminal || self.quiet || (text.is_none() && !self.line.get()) {
            return;
        }
        let text = text.map(|text| self.secrets.borrow().mask(text));
        self.line.set(text.is_some());
        let text = output::plain(text.as_deref().unwrap_or_default()).into_owned();
        let width = Term::stderr().size_checked().map_or(80, |(_, columns)| usize::from(columns));
        // A line that is broken could not be taken away.
        let text = truncate_str(&text, width.saturating_sub(1), "…");
        let mut stderr = std::io::stderr().lock();
        // To the start of the line, and nothing of what stood there.
        let _ = write!(stderr, "\r\x1b[2K{text}");
        let _ = stderr.flush();
    }

    /// One line as it is, such as a request in JSON.
    pub(super) fn line(&self, text: &str) {
        self.progress(None);
        // A closed stderr leaves nobody to tell.
        let _ = writeln!(std::io::stderr().lock(), "{}", self.secrets.borrow().mask(text));
    }

    /// One of several failures, told while the others go on.
    pub(super) fn failure(&self, error: &Error) {
        self.progress(None);
        let _ = output::write_error(error, self.format, self.color, &mut std::io::stderr().lock());
    }

    fn write(&self, text: &str, kind: Remark) {
        self.progress(None);
        let text = self.secrets.borrow().mask(text);
        let _ = output::write_note(&text, kind, self.color, &mut std::io::stderr().lock());
    }
}
