//! Asks at the terminal: before something that cannot be taken back, and for a secret that nobody shall see.

use std::io::IsTerminal;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Sender};

use dialoguer::console::Term;

use crate::error::{Class, Error, Outcome};

/// Asks on the terminal; without one, refuses and says what to do otherwise.
///
/// # Errors
/// Usage where nobody is there to ask, or the answer is no; interrupted.
pub(super) fn ask(question: &str, otherwise: &str) -> Result<(), Error> {
    if !terminal() {
        return Err(Error::usage(format!("{question}: this asks first, and nobody is at the terminal")).hint(otherwise));
    }
    let prompt = crate::output::plain(&format!("{}?", capitalised(question))).into_owned();
    match answer(question, move || dialoguer::Confirm::new().with_prompt(prompt).default(false).interact())? {
        true => Ok(()),
        false => Err(Error::usage(format!("{question}: not confirmed, nothing was changed"))),
    }
}

/// Asks for a secret, which is not shown as it is typed.
///
/// # Errors
/// Interrupted, and what the terminal refuses.
pub(super) fn hidden(key: &str) -> Result<String, Error> {
    let prompt = key.to_owned();
    answer(&format!("read {key}"), move || dialoguer::Password::new().with_prompt(prompt).interact())
}

/// Whether somebody is there to be asked.
pub(super) fn terminal() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// The answer to a prompt. It is waited for in a thread of its own: an interrupt ends no prompt by itself, and would
/// end the program with the terminal as the prompt made it, without echo or cursor.
fn answer<T: Send + 'static>(
    doing: &str,
    prompt: impl FnOnce() -> dialoguer::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let failed = |why: std::io::Error| Error::internal(format!("{doing}: {why}"));
    let (sender, answers) = mpsc::channel();
    listen(sender.clone()).map_err(failed)?;
    std::thread::spawn(move || sender.send(Some(prompt())));
    match answers.recv() {
        Ok(Some(Ok(answer))) => Ok(answer),
        Ok(Some(Err(dialoguer::Error::IO(why)))) if why.kind() != std::io::ErrorKind::Interrupted => {
            restore();
            Err(failed(why))
        }
        _ => {
            restore();
            let message = format!("{doing}: interrupted, nothing was changed");
            Err(Error::new(Class::Interrupted, message).outcome(Outcome::NotSent))
        }
    }
}

/// Sends `None` at the next interrupt. On return, interrupts end the program no longer.
fn listen<T: Send + 'static>(sender: Sender<Option<T>>) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (ready, listening) = mpsc::channel();
    std::thread::spawn(move || {
        runtime.block_on(async move {
            tokio::select! {
                // The first look at the signal is what begins to catch it.
                biased;
                _ = tokio::signal::ctrl_c() => {}
                () = async { let _ = ready.send(()); std::future::pending().await } => {}
            }
        });
        sender.send(None)
    });
    // An error means that the thread is gone: then an interrupt was there already.
    let _ = listening.recv();
    Ok(())
}

/// The terminal as it was before a prompt that was left without an answer.
fn restore() {
    let terminal = Term::stderr();
    // A terminal that has gone away needs none of this.
    let _ = terminal.show_cursor();
    if cfg!(unix) {
        let _ = Command::new("stty").arg("echo").stderr(Stdio::null()).status();
    }
    let _ = terminal.write_line("");
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
