//! `livectl callback`.

use clap::Subcommand;

use super::decode::{DECODE_EXAMPLES, DecodeCallback};

/// The verbs of `callback`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum CallbackCommand {
    /// Read a callback of any vendor into one event. Sends nothing.
    #[command(after_help = DECODE_EXAMPLES)]
    Decode(DecodeCallback),
}
