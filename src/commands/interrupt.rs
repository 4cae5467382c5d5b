//! Ctrl-C, and a request to end: the first ends the work and tells what is not known, the second ends the program.

use std::cell::Cell;
#[cfg(unix)]
use std::sync::{Arc, atomic::AtomicBool};

use tokio::sync::Notify;

use crate::commands::stderr::Stderr;
#[cfg(unix)]
use crate::error::Class;

/// Whether the run is to stop, and how.
#[derive(Default)]
pub(super) struct Stop {
    graceful: Cell<bool>,
    quiet: Cell<bool>,
    wanted: Cell<bool>,
    told: Notify,
}

impl Stop {
    /// From here on the first interrupt only stops new work: what has begun is finished.
    pub(super) fn be_graceful(&self) {
        self.graceful.set(true);
    }

    /// From here on the first interrupt is how the run is meant to end: nothing is told of it.
    pub(super) fn be_quiet(&self) {
        self.graceful.set(true);
        self.quiet.set(true);
    }

    /// Whether what has begun is finished first.
    pub(super) fn is_graceful(&self) -> bool {
        self.graceful.get()
    }

    /// Whether no new work shall begin.
    pub(super) fn is_wanted(&self) -> bool {
        self.wanted.get()
    }

    /// Ready once no new work shall begin.
    pub(super) async fn wanted(&self) {
        let told = self.told.notified();
        if !self.is_wanted() {
            told.await;
        }
    }

    /// Ready at an interrupt that ends the run at once; one that only stops new work is told.
    pub(super) async fn asked_for<I>(&self, interrupt: impl Future<Output = I>, stderr: &Stderr) {
        interrupt.await;
        if !self.is_graceful() {
            return;
        }
        if !self.quiet.get() {
            stderr.warn("interrupted: nothing new is begun, what is under way is finished; again to end at once");
        }
        self.wanted.set(true);
        self.told.notify_waiters();
        std::future::pending().await
    }
}

/// Ready at the first interrupt. From the moment it is first polled, interrupts no longer end the program by
/// themselves; but the second does so at once, also where the program is held up by something that cannot be waited
/// for: a name that is slow to resolve, a reader that does not read.
pub async fn interrupted() {
    let mut signals = Signals::caught();
    signals.next().await;
}

/// What asks the program to end: Ctrl-C, and the system's own request. A signal is not lost between two looks.
#[derive(Default)]
struct Signals {
    #[cfg(unix)]
    streams: Option<(tokio::signal::unix::Signal, tokio::signal::unix::Signal)>,
}

impl Signals {
    /// From here on the first signal does not end the program by itself.
    fn caught() -> Self {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let (interrupt, terminate) = (SignalKind::interrupt(), SignalKind::terminate());
            let streams = signal(interrupt).ok().zip(signal(terminate).ok());
            let heard = Arc::new(AtomicBool::new(false));
            for kind in [interrupt, terminate] {
                // Where the second cannot be told from the first, the program still ends when the first is through.
                let _ = end_at_the_second(kind.as_raw_value(), &heard);
            }
            Signals { streams }
        }
        #[cfg(not(unix))]
        Signals {}
    }

    /// Ready at the next one.
    async fn next(&mut self) {
        #[cfg(unix)]
        if let Some((interrupt, terminate)) = &mut self.streams {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
        let _ = tokio::signal::ctrl_c().await;
    }
}

/// Ends the program right where a signal finds it, if another was heard before. The handler needs no thread: one for
/// this alone would cost each command more than reading its profile.
#[cfg(unix)]
fn end_at_the_second(signal: i32, heard: &Arc<AtomicBool>) -> std::io::Result<()> {
    let status = i32::from(Class::Interrupted.exit_code());
    // In this order, so that the first is not taken for the second.
    signal_hook::flag::register_conditional_shutdown(signal, status, Arc::clone(heard))?;
    signal_hook::flag::register(signal, Arc::clone(heard))?;
    Ok(())
}
