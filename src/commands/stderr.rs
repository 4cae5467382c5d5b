//! What people read beside the data.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;
use std::io::Write;
use std::rc::Rc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::commands::known_secrets::KnownSecrets;
use crate::error::Error;
use crate::output::{self, Format, Remark};

/// How much is told, and to whom.
#[derive(Debug, Clone, Copy)]
pub(super) struct Loudness {
    /// `--quiet`.
    pub(super) quiet: bool,
    /// How often `-v` was given.
    pub(super) verbose: u8,
    /// Whether a line can be rewritten in place.
    pub(super) terminal: bool,
}

/// Everything that goes to stderr passes here, with known secrets cut out.
pub(super) struct Stderr {
    format: Format,
    color: bool,
    loudness: Loudness,
    secrets: Rc<RefCell<KnownSecrets>>,
    /// What is told once however often it comes up.
    told: RefCell<HashSet<String>>,
    /// How far a long run is, at the foot of a terminal.
    progress: RefCell<Option<ProgressBar>>,
    /// What a view shows in its own place; `None`: there is no view.
    held: RefCell<Option<Vec<String>>>,
}

impl Stderr {
    /// What people read of a run, as its options want it.
    pub(super) fn new(format: Format, color: bool, loudness: Loudness, secrets: Rc<RefCell<KnownSecrets>>) -> Self {
        let (told, progress, held) = (RefCell::default(), RefCell::default(), RefCell::default());
        Stderr { format, color, loudness, secrets, told, progress, held }
    }

    /// Whether somebody sees a line that is rewritten in place.
    pub(super) fn shows_progress(&self) -> bool {
        self.loudness.terminal && !self.loudness.quiet
    }

    /// Shows from here on how many of so many things are done, where somebody sees it.
    pub(super) fn begin_progress(&self, many: u64) {
        let bar = ProgressBar::with_draw_target(Some(many), ProgressDrawTarget::stderr());
        self.show(bar, "{wide_bar} {pos}/{len}  {rate}  {eta} left{msg}");
    }

    /// A line about what goes on, in the place of the one before; `None` takes it away.
    pub(super) fn status(&self, text: Option<&str>) {
        let Some(text) = text else { return self.end_progress() };
        let text = output::plain(&self.secrets.borrow().mask(text)).into_owned();
        if self.progress.borrow().is_none() {
            self.show(ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()), "{wide_msg}");
        }
        if let Some(bar) = &*self.progress.borrow() {
            bar.set_message(text);
            bar.tick();
        }
    }

    fn show(&self, bar: ProgressBar, look: &str) {
        if !self.shows_progress() {
            return;
        }
        let style = ProgressStyle::with_template(look).unwrap_or_else(|_| ProgressStyle::default_bar());
        let rate = |state: &ProgressState, text: &mut dyn fmt::Write| {
            // What cannot be written is not shown.
            let _ = write!(text, "{:.1}/s", state.per_sec());
        };
        bar.set_style(style.with_key("rate", rate));
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

    /// From here on, until this is dropped, failures and warnings are held for a view that has the terminal.
    pub(super) fn hold(&self) -> Held<'_> {
        self.held.replace(Some(Vec::new()));
        Held(self)
    }

    /// Whether a text was held.
    fn holds(&self, text: impl FnOnce() -> String) -> bool {
        match &mut *self.held.borrow_mut() {
            Some(held) => held.push(text()),
            None => return false,
        }
        true
    }

    /// Something worth knowing; `--quiet` hides it.
    pub(super) fn note(&self, text: &str) {
        if !self.loudness.quiet {
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
        if self.loudness.verbose >= level {
            self.write(text, Remark::Note);
        }
    }

    /// One line as it is, such as a request in JSON.
    pub(super) fn line(&self, text: &str) {
        let text = self.secrets.borrow().mask(text);
        if !self.holds(|| text.clone()) {
            // A closed stderr leaves nobody to tell.
            let _ = self.aside(|| writeln!(std::io::stderr().lock(), "{text}"));
        }
    }

    /// One of several failures, told while the others go on.
    pub(super) fn failure(&self, error: &Error) {
        if self.holds(|| format!("error: {}", error.details().message)) {
            return;
        }
        let _ = self.aside(|| output::write_error(error, self.format, self.color, &mut std::io::stderr().lock()));
    }

    fn write(&self, text: &str, kind: Remark) {
        let text = self.secrets.borrow().mask(text);
        // A view has no room for what is only good to know.
        if self.held.borrow().is_some() && kind == Remark::Note || self.holds(|| text.clone()) {
            return;
        }
        let _ = self.aside(|| output::write_note(&text, kind, self.color, &mut std::io::stderr().lock()));
    }
}

/// What is told while a view has the terminal.
pub(super) struct Held<'a>(&'a Stderr);

impl Held<'_> {
    /// What came since this was last asked.
    pub(super) fn take(&self) -> Vec<String> {
        self.0.held.borrow_mut().as_mut().map(std::mem::take).unwrap_or_default()
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        // What no view has shown is told now.
        for text in self.0.held.take().into_iter().flatten() {
            self.0.warn(&text);
        }
    }
}
