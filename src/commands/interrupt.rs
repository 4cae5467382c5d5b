//! Ctrl-C, and a request to end: the first ends the work and tells what is not known, the second ends the program.

use std::cell::Cell;
use std::sync::mpsc;

use tokio::sync::{Notify, oneshot};

use crate::commands::stderr::Stderr;
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
    let (sender, first) = oneshot::channel();
    // Without a thread of its own to listen, the first interrupt is still heard here.
    match listen(sender) {
        Ok(()) => drop(first.await),
        Err(_) => Signals::default().next().await,
    }
}

/// What asks the program to end: Ctrl-C, and the system's own request. A signal is not lost between two looks.
#[derive(Default)]
struct Signals {
    #[cfg(unix)]
    streams: Option<(tokio::signal::unix::Signal, tokio::signal::unix::Signal)>,
}

impl Signals {
    /// From here on the signals end the program no longer by themselves.
    fn caught() -> Self {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let streams = signal(SignalKind::interrupt()).ok().zip(signal(SignalKind::terminate()).ok());
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

/// Listens in a thread of its own; on return the system leaves interrupts to it.
fn listen(first: oneshot::Sender<()>) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (ready, listening) = mpsc::channel();
    let hear = async move {
        let mut signals = Signals::caught();
        let _ = ready.send(());
        signals.next().await;
        let _ = first.send(());
        signals.next().await;
        std::process::exit(i32::from(Class::Interrupted.exit_code()));
    };
    std::thread::Builder::new().name("interrupts".to_owned()).spawn(move || runtime.block_on(hear))?;
    // An error means that the thread is gone: then an interrupt was there already.
    let _ = listening.recv();
    Ok(())
}
