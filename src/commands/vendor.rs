//! A command that is one Action of each vendor that has it.

use crate::cli::{Given, VendorCommand};
use crate::commands::portable::{Portable, Tolerance};
use crate::commands::session::Session;
use crate::commands::values;
use crate::error::Result;
use crate::model::Effect;
use crate::providers::Provider;
use crate::providers::action::{self, ActionArgs};
use crate::providers::homes;

/// Reads a command that grew from the facts.
///
/// # Errors
/// Usage: a file that cannot be read.
pub(super) fn verb(session: &Session, asked: VendorCommand) -> Result<Portable> {
    let VendorCommand { command, mut given } = asked;
    let switched = |given: &mut Given, name: &str| given.take(name).is_some();
    let tolerant = match (switched(&mut given, "if-not-exists"), switched(&mut given, "if-exists")) {
        (true, _) => Tolerance::Exists,
        (_, true) => Tolerance::Missing,
        _ => Tolerance::Nothing,
    };
    let options = values::read(session, &command, &given)?;
    let words: &'static str = homes::canonical(&command);
    let (noun, verb_name) = words.rsplit_once(' ').unwrap_or((words, ""));
    let id = options.iter().flat_map(|(_, values)| values.first()).next().cloned().unwrap_or_default();
    let args = ActionArgs { command: words.to_owned(), options };
    let support = |provider: &Provider, words| action::support(provider.vendor(), words);
    let changing = homes::effects(words).any(|effect| effect != Effect::Read);
    Ok(Portable { id, changing, tolerant, ..Portable::new(noun, (words, verb_name), &[], args, support) })
}
