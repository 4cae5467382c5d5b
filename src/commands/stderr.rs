//! What people read beside the data.

use std::cell::RefCell;
use std::collections::HashSet;
use std::io::{IsTerminal, Write};
use std::rc::Rc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::commands::redact::KnownSecrets;
use crate::error::Error;
use crate::output::{self, Format, Remark};

/// Everything that goes to stderr passes here, with known secrets cut out.
pub(super) struct Stderr {
    format: Format,
    color: bool,
    quiet: bool,
    verbose: u8,
    secrets: Rc<RefCell<KnownSecrets>>,
    /// What is told once however often it comes up.
    told: RefCell<HashSet<String>>,
    /// How far a long run is, at the foot of a terminal.
    progress: RefCell<Option<ProgressBar>>,
}

impl Stderr {
    /// What people read of a run, as its options want it.
    pub(super) fn new(
        format: Format,
        color: bool,
        quiet: bool,
        verbose: u8,
        secrets: Rc<RefCell<KnownSecrets>>,
    ) -> Self {
        Stderr { format, color, quiet, verbose, secrets, told: RefCell::default(), progress: RefCell::default() }
    }

    /// Shows from here on how many of so many things are done, where somebody sees it.
    pub(super) fn begin_progress(&self, many: u64) {
        if self.quiet || !std::io::stderr().is_terminal() {
            return;
        }
        let bar = ProgressBar::with_draw_target(Some(many), ProgressDrawTarget::stderr());
        let look = "{wide_bar} {pos}/{len}  {per_sec}  {eta} left{msg}";
        bar.set_style(ProgressStyle::with_template(look).unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.enable_steady_tick(Duration::from_millis(250));
        self.progress.replace(Some(bar));
    }

    /// So many things are done, and so many of them have failed.
    pub(super) fn progress(&self, done: u64, failed: u64) {
        if let Some(bar) = &*self.progress.borrow() {
            bar.set_position(done);
            if failed > 0 {
                bar.set_message(format!("  {failed} failed"));
            }
        }
    }

    /// Nothing is shown of the progress any more.
    pub(super) fn end_progress(&self) {
        if let Some(bar) = self.progress.take() {
            bar.finish_and_clear();
        }
    }

    /// Writes something to the terminal that the progress must not garble.
    pub(super) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        match &*self.progress.borrow() {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Something worth knowing; `--quiet` hides it.
    pub(super) fn note(&self, text: &str) {
        if !self.quiet {
            self.write(text, Remark::Note);
        }
    }

    /// Something worth knowing, told once.
    pub(super) fn note_once(&self, text: &str) {
        if self.told.borrow_mut().insert(text.to_owned()) {
            self.note(text);
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

    /// One line as it is, such as a request in JSON.
    pub(super) fn line(&self, text: &str) {
        // A closed stderr leaves nobody to tell.
        let _ = self.aside(|| writeln!(std::io::stderr().lock(), "{}", self.secrets.borrow().mask(text)));
    }

    /// One of several failures, told while the others go on.
    pub(super) fn failure(&self, error: &Error) {
        let _ = self.aside(|| output::write_error(error, self.format, self.color, &mut std::io::stderr().lock()));
    }

    fn write(&self, text: &str, kind: Remark) {
        let text = self.secrets.borrow().mask(text);
        let _ = self.aside(|| output::write_note(&text, kind, self.color, &mut std::io::stderr().lock()));
    }
}
