//! Asks at the terminal: before something that cannot be taken back, and for a secret that nobody shall see.

use std::io::IsTerminal;
use std::sync::mpsc::{self, Sender};
#[cfg(unix)]
use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicBool, Ordering},
};

use dialoguer::console::{self, Term};
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{Confirm, Input, Password, Select};

use crate::error::{Class, Error, Outcome};
use crate::model::Secret;

/// Asks on the terminal; without one, refuses and says what to do otherwise.
///
/// # Errors
/// Usage where nobody is there to ask, or the answer is no; interrupted.
pub(super) fn ask(question: &str, otherwise: &str) -> Result<(), Error> {
    if !terminal() {
        return Err(Error::usage(format!("{question}: this asks first, and nobody is at the terminal")).hint(otherwise));
    }
    let prompt = crate::output::plain(&format!("{}?", capitalised(question))).into_owned();
    match answer(question, move || Confirm::new().with_prompt(prompt).default(false).interact())? {
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
    answer(&format!("read {key}"), move || Password::new().with_prompt(prompt).interact())
}

/// How questions with more than one line look.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    /// In colour.
    pub(super) color: bool,
}

impl Look {
    fn theme(self) -> Box<dyn Theme> {
        console::set_colors_enabled_stderr(self.color);
        match self.color {
            true => Box::new(ColorfulTheme::default()),
            false => Box::new(SimpleTheme),
        }
    }
}

/// Which of several items, by the arrow keys; the first is chosen already.
///
/// # Errors
/// Interrupted, and what the terminal refuses.
pub(super) fn choose(look: Look, question: &str, items: &[String]) -> Result<usize, Error> {
    let prompt = crate::output::plain(question).into_owned();
    // One line each, whatever the window: a line that wraps is not cleared whole.
    let room = Term::stderr().size_checked().map_or(80, |(_, columns)| usize::from(columns)).saturating_sub(4).max(8);
    let fitted = |item: &String| console::truncate_str(&crate::output::plain(item), room, "…").into_owned();
    let items: Vec<String> = items.iter().map(fitted).collect();
    answer(question, move || Select::with_theme(&*look.theme()).with_prompt(prompt).items(&items).default(0).interact())
}

/// A line of text, held against a check until it fits; `default` is what an empty line means.
///
/// # Errors
/// Interrupted, and what the terminal refuses.
pub(super) fn text(
    look: Look,
    question: &str,
    default: Option<String>,
    check: impl Fn(&str) -> Result<(), String> + Send + 'static,
) -> Result<String, Error> {
    let prompt = question.to_owned();
    answer(&format!("read {question}"), move || {
        let theme = look.theme();
        let input = Input::<String>::with_theme(&*theme).with_prompt(prompt).allow_empty(true);
        let input = match default {
            Some(default) => input.default(default),
            None => input,
        };
        input.validate_with(|text: &String| check(text.trim())).interact_text().map(|text| text.trim().to_owned())
    })
}

/// A secret that is not shown as it is typed, held against a check until it fits. What may be left out leaves no stars
/// behind.
///
/// # Errors
/// Interrupted, and what the terminal refuses.
pub(super) fn secret(
    look: Look,
    question: &str,
    needed: bool,
    check: impl Fn(&str) -> Result<(), String> + Send + 'static,
) -> Result<Secret, Error> {
    let prompt = question.to_owned();
    answer(&format!("read {question}"), move || {
        Password::with_theme(&*look.theme())
            .with_prompt(prompt)
            .allow_empty_password(true)
            .report(needed)
            .validate_with(|text: &String| check(text))
            .interact()
            .map(Secret::new)
    })
}

/// Yes or no.
///
/// # Errors
/// Interrupted, and what the terminal refuses.
pub(super) fn yes(look: Look, question: &str, default: bool) -> Result<bool, Error> {
    let prompt = crate::output::plain(question).into_owned();
    answer(question, move || Confirm::with_theme(&*look.theme()).with_prompt(prompt).default(default).interact())
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
    let before = Before::now();
    listen(sender.clone()).map_err(failed)?;
    std::thread::spawn(move || sender.send(Some(prompt())));
    match answers.recv() {
        Ok(Some(Ok(answer))) => Ok(answer),
        Ok(Some(Err(dialoguer::Error::IO(why)))) if why.kind() != std::io::ErrorKind::Interrupted => {
            before.restore();
            Err(failed(why))
        }
        _ => {
            before.restore();
            let message = format!("{doing}: interrupted, nothing was changed");
            Err(Error::new(Class::Interrupted, message).outcome(Outcome::NotSent))
        }
    }
}

/// Sends `None` at the next interrupt, request to end or hang-up. On return, they end the program no longer.
fn listen<T: Send + 'static>(sender: Sender<Option<T>>) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (ready, listening) = mpsc::channel();
    std::thread::spawn(move || {
        runtime.block_on(async move {
            tokio::select! {
                // The first look at the signals is what begins to catch them.
                biased;
                () = asked_to_end() => {}
                () = async { let _ = ready.send(()); std::future::pending().await } => {}
            }
        });
        sender.send(None)
    });
    // An error means that the thread is gone: then an interrupt was there already.
    let _ = listening.recv();
    Ok(())
}

/// Ready at the first of what asks the program to end.
async fn asked_to_end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let other = |kind: SignalKind| async move {
            match signal(kind) {
                Ok(mut signals) => signals.recv().await,
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = other(SignalKind::terminate()) => {}
            _ = other(SignalKind::hangup()) => {}
        }
    }
    #[cfg(not(unix))]
    let _ = tokio::signal::ctrl_c().await;
}

/// The terminal before a prompt.
struct Before {
    #[cfg(unix)]
    modes: Option<rustix::termios::Termios>,
}

impl Before {
    fn now() -> Self {
        #[cfg(unix)]
        {
            hang_up_ends(false);
            Before { modes: rustix::termios::tcgetattr(std::io::stdin()).ok() }
        }
        #[cfg(not(unix))]
        Before {}
    }

    /// The terminal as it was, where a prompt was left without an answer.
    fn restore(&self) {
        let terminal = Term::stderr();
        // A terminal that has gone away needs none of this.
        let _ = terminal.show_cursor();
        #[cfg(unix)]
        if let Some(modes) = &self.modes {
            let _ = rustix::termios::tcsetattr(std::io::stdin(), rustix::termios::OptionalActions::Now, modes);
        }
        let _ = terminal.write_line("");
    }
}

impl Drop for Before {
    fn drop(&mut self) {
        #[cfg(unix)]
        hang_up_ends(true);
    }
}

/// Whether a hang-up ends the program by itself: not while a prompt is up, which has the terminal to put right first.
#[cfg(unix)]
fn hang_up_ends(ends: bool) {
    static ENDS: OnceLock<Arc<AtomicBool>> = OnceLock::new();
    let flag = ENDS.get_or_init(|| {
        let flag = Arc::<AtomicBool>::default();
        // Where it cannot be caught, it goes on to end the program.
        let hang_up = tokio::signal::unix::SignalKind::hangup().as_raw_value();
        let _ = signal_hook::flag::register_conditional_default(hang_up, Arc::clone(&flag));
        flag
    });
    flag.store(ends, Ordering::SeqCst);
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
