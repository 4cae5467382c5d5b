//! What the user types, carried out: one file a noun. No vendor's word is spoken here.

mod api;
mod assume;
mod auth;
mod bulk;
mod callback;
mod cert;
mod config;
mod confirm;
mod decode;
mod deliver;
mod describe;
mod doctor;
mod domain;
mod domain_config;
mod exchange;
mod existing;
mod faults;
mod further;
mod hls_check;
mod hls_key;
mod init;
mod interrupt;
mod known_secrets;
mod lease;
mod link;
mod listen;
mod metrics;
mod portable;
mod printed;
mod private_file;
mod proof;
mod record;
mod redact;
mod relay;
mod request_view;
mod road;
mod rules;
mod sandbox;
mod secret;
mod sender;
mod session;
mod stats;
mod stderr;
mod stream;
pub mod tab;
mod target;
mod timeshift;
mod top;
mod transcode;
mod trial;
mod url;
mod values;
mod vendor;
mod wait;
mod waiting;
mod whole_file;

use crate::cli::{CallbackCommand, Cli, HlsKeyCommand, Many, Noun, RotatedKey, StreamCommand, When};
use crate::config::Environment;
use crate::error::Error;
use crate::output;
pub use interrupt::interrupted;
use portable::Portable;
use session::Session;

/// How a command that did not fail ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Exit 0.
    Done,
    /// Exit 10: a dry run that would change something, with `--exit-code`.
    WouldChange,
    /// Exit 1: the answer is no.
    No,
    /// Exit 10: what was checked is not as it should be; what is wrong is printed.
    Differs,
}

/// Carries out one command line, until `interrupt` is there.
///
/// # Errors
/// Whatever the command failed at, with its class and exit code.
pub async fn run<I>(cli: Cli, environment: Environment, interrupt: impl Future<Output = I>) -> Result<Ending, Error> {
    let session = Session::new(cli.global, environment)?;
    let ending = tokio::select! {
        // The command first: what it reads before it sends anything (stdin, a credential process) blocks, and until
        // then an interrupt is the system's to handle.
        biased;
        ending = perform(&session, cli.command, cli.many) => ending,
        () = session.stop.asked_for(interrupt, &session.stderr) => Err(session.interrupted()),
    };
    if ending.is_ok() && session.global.wait && !session.global.dry_run && !session.waited.get() {
        session.stderr.note("nothing to wait for: what was asked is done");
    }
    ending.map_err(|error| session.without_secrets(error))
}

async fn perform(session: &Session, command: Noun, many: Option<Many>) -> Result<Ending, Error> {
    if let Some(many) = many {
        return bulk::run(session, many).await;
    }
    match command {
        Noun::Timeshift(command) => timeshift::run(session, command).await,
        Noun::Api(command) => api::run(session, command).await,
        Noun::Config(command) => config::run(session, command).await,
        Noun::Sandbox(command) => sandbox::run(session, command).await,
        Noun::Url(command) => url::run(session, command).await,
        Noun::Completion(asked) => {
            let script = tab::script(asked.shell)?;
            output::write_text(&script, false, &mut std::io::stdout().lock())?;
            Ok(Ending::Done)
        }
        Noun::Doctor => doctor::run(session).await,
        Noun::Wait(command) => wait::run(session, command).await,
        Noun::Stats(command) => stats::run(session, command).await,
        Noun::Metrics(asked) => metrics::run(session, &asked).await,
        Noun::Stream(StreamCommand::Top(asked)) if asked.watch.is_some() => top::run(session, asked).await,
        Noun::HlsKey(HlsKeyCommand::Check(asked)) => hls_check::run(session, asked).await,
        Noun::HlsKey(HlsKeyCommand::Rotate(RotatedKey { settings, check: Some(url) })) => {
            hls_key::rotate_and_check(session, settings, &url).await
        }
        Noun::Help(topic) => {
            output::write_text(&topic.text(), false, &mut std::io::stdout().lock())?;
            Ok(Ending::Done)
        }
        Noun::Callback(CallbackCommand::Decode(asked)) => decode::run(session, &asked),
        Noun::Callback(CallbackCommand::Listen(asked)) => listen::run(session, &asked).await,
        Noun::Callback(CallbackCommand::Send(asked)) => deliver::run(session, &asked).await,
        Noun::Callback(CallbackCommand::Verify(asked)) => proof::run(session, &asked).await,
        command => portable::run(session, verb(session, command)?).await,
    }
}

/// The portable verb, or the vendor's command, that a command line asks for.
///
/// # Errors
/// Wrong values, all told at once.
fn verb(session: &Session, command: Noun) -> Result<Portable, Error> {
    match command {
        Noun::Domain(command) => domain::verb(command),
        Noun::DomainConfig(command) => domain_config::verb(session, command),
        Noun::Record(command) => record::verb(command),
        Noun::Transcode(command) => transcode::verb(command),
        Noun::Relay(command) => relay::verb(session, command),
        Noun::HlsKey(command) => hls_key::verb(command),
        Noun::Callback(command) => callback::verb(session, command),
        Noun::Stream(command) => stream::verb(session, command),
        Noun::Auth(command) => auth::verb(session, command),
        Noun::Cert(command) => cert::verb(command),
        Noun::Vendor(command) => vendor::verb(session, command),
        Noun::Metrics(_)
        | Noun::Timeshift(_)
        | Noun::Api(_)
        | Noun::Config(_)
        | Noun::Completion(_)
        | Noun::Doctor
        | Noun::Sandbox(_)
        | Noun::Help(_)
        | Noun::Url(_)
        | Noun::Wait(_)
        | Noun::Stats(_) => Err(Error::internal("read the command: it is no verb of a vendor")),
    }
}

/// Whether what goes to a stream is coloured.
pub fn colors(when: When, environment: &Environment, terminal: bool) -> bool {
    session::colored(when, environment, terminal)
}
