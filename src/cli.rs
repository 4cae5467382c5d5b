//! The one tree: what a user may type. Only the branch that the command line enters is built.

mod callback;
mod decode;
mod domain;
mod global;
mod hls_key;
mod relay;
mod timeshift;
mod tools;

use std::ffi::OsString;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

pub use callback::CallbackCommand;
pub use decode::DecodeCallback;
pub use domain::{DomainCommand, DomainFilter, DomainPair, NewDomain};
pub use global::{Global, When};
pub use hls_key::{GetKey, HlsKeyCommand, KeySettings, KeyTarget};
pub use relay::{NewRelay, RelayCommand, RelayContent, RelayTarget, RelayUpdate, RelayWhere};
pub use timeshift::{PlayedStream, ShiftedUrl, TimelineQuery, TimeshiftCommand};
pub use tools::{ApiCall, ApiCommand, ConfigCommand, Creation, Removal, SandboxCommand};

/// One command line for live streaming on Tencent Cloud, Alibaba Cloud and Volcengine.
#[derive(Debug, Parser)]
#[command(
    name = "livectl",
    version,
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "First steps, without an account:\n  \
        livectl --sandbox --vendor tencent domain add live.example.com --type play\n  \
        livectl --sandbox --vendor tencent domain list\n\n\
        `--help` shows the global options, `-h` leaves them out."
)]
pub struct Cli {
    /// Options that every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Noun,
}

/// The nouns.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Noun {
    /// Push and playback domains.
    #[command(subcommand)]
    Domain(DomainCommand),
    /// Outside sources pulled into a stream, for a time or for good.
    #[command(subcommand)]
    Relay(RelayCommand),
    /// Encryption of HLS: per account, template or app, as the vendor has it.
    #[command(subcommand)]
    HlsKey(HlsKeyCommand),
    /// What vendors tell your server about streams.
    #[command(subcommand)]
    Callback(CallbackCommand),
    /// Playing a running stream from an earlier moment.
    #[command(subcommand)]
    Timeshift(TimeshiftCommand),
    /// Any Action of any vendor, by its own name and parameters.
    #[command(subcommand)]
    Api(ApiCommand),
    /// Profiles: which accounts there are, and where their values come from.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// The built-in vendors, for trying out and for tests.
    #[command(subcommand)]
    Sandbox(SandboxCommand),
}

/// Reads a command line, and the variables that stand for options, less those in `blank`: a variable that is set
/// to nothing counts as absent.
///
/// # Errors
/// What is wrong with the command line; also where it asks for help or the version.
pub fn parse(words: impl IntoIterator<Item = OsString>, blank: &[&str]) -> Result<Cli, clap::Error> {
    let mut command = Cli::command();
    if !blank.is_empty() {
        let is_blank = |arg: &clap::Arg| arg.get_env().is_some_and(|name| blank.iter().any(|blank| name == *blank));
        command = command.mut_args(|arg| if is_blank(&arg) { arg.env(None::<&'static str>) } else { arg });
    }
    Cli::from_arg_matches(&command.try_get_matches_from(words)?)
}
