//! What the user types, carried out: one file a noun. No vendor's word is spoken here.

mod api;
mod config;
mod confirm;
mod describe;
mod domain;
mod exchange;
mod faults;
mod hls_key;
mod portable;
mod redact;
mod relay;
mod request_view;
mod road;
mod sandbox;
mod session;
mod stderr;

use std::io::IsTerminal;

use crate::cli::{Cli, Global, Noun};
use crate::config::Environment;
use crate::error::Error;
use session::Session;

/// How a command that did not fail ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Exit 0.
    Done,
    /// Exit 10: a dry run that would change something, with `--exit-code`.
    WouldChange,
}

/// Carries out one command line.
///
/// # Errors
/// Whatever the command failed at, with its class and exit code.
pub async fn run(cli: Cli, environment: Environment) -> Result<Ending, Error> {
    let session = Session::new(cli.global, environment)?;
    let ending = match cli.command {
        Noun::Domain(command) => domain::run(&session, command).await,
        Noun::Relay(command) => relay::run(&session, command).await,
        Noun::HlsKey(command) => hls_key::run(&session, command).await,
        Noun::Api(command) => api::run(&session, command).await,
        Noun::Config(command) => config::run(&session, command),
        Noun::Sandbox(command) => sandbox::run(&session, command).await,
    };
    ending.map_err(|error| session.without_secrets(error))
}

/// Whether stderr is coloured.
pub fn colors_stderr(global: &Global, environment: &Environment) -> bool {
    session::colored(global.color, environment, std::io::stderr().is_terminal())
}
