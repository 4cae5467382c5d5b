//! Asks before something that cannot be taken back.

use std::io::IsTerminal;

use crate::error::{Class, Error};

/// Asks on the terminal; without one, refuses and says what to do otherwise.
///
/// # Errors
/// Usage where nobody is there to ask, or the answer is no.
pub(super) fn ask(question: &str, otherwise: &str) -> Result<(), Error> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Err(Error::usage(format!("{question}: this asks first, and nobody is at the terminal")).hint(otherwise));
    }
    let prompt = format!("{}?", capitalised(question));
    let answer = dialoguer::Confirm::new().with_prompt(crate::output::plain(&prompt)).default(false).interact();
    match answer {
        Ok(true) => Ok(()),
        Ok(false) => Err(Error::usage(format!("{question}: not confirmed, nothing was sent"))),
        Err(error) => Err(Error::new(Class::Interrupted, format!("{question}: no answer: {error}"))),
    }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
