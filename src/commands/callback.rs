//! `livectl callback …`

use crate::cli::CallbackCommand;
use crate::commands::session::Session;
use crate::commands::{Ending, decode};
use crate::error::Result;

/// Carries out `livectl callback …`.
///
/// # Errors
/// Each verb's own.
pub(super) fn run(session: &Session, command: CallbackCommand) -> Result<Ending> {
    match command {
        CallbackCommand::Decode(asked) => decode::run(session, &asked),
    }
}
