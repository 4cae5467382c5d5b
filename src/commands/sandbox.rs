//! `livectl sandbox …`, and the sandbox inside a run.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use jiff::Timestamp;
use serde_json::json;

use crate::cli::SandboxCommand;
use crate::commands::Ending;
use crate::commands::api::object;
use crate::commands::faults::Faults;
use crate::commands::session::Session;
use crate::config::{Account, Selection};
use crate::error::{Class, Error, Result};
use crate::sandbox::{self, DEFAULT_ACCOUNT, Keys, Options, Running};

/// Carries out `livectl sandbox …`.
///
/// # Errors
/// The server's and the state file's.
pub(super) async fn run(session: &Session, command: SandboxCommand) -> Result<Ending> {
    match command {
        SandboxCommand::Serve { listen } => serve(session, listen).await,
        SandboxCommand::Reset => reset(session),
        SandboxCommand::Publish { stream } => push(session, &stream, Pushed::Begins),
        SandboxCommand::Unpublish { stream, lost } => push(session, &stream, Pushed::Ends { lost }),
    }
}

/// Starts the sandbox for one account of this run.
///
/// # Errors
/// The server's.
pub(super) async fn start_for(session: &Session, account: &Account) -> Result<Running> {
    let name = account.profile.as_deref().unwrap_or(DEFAULT_ACCOUNT);
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let mut options = options(session, listen, name)?;
    options.offline = options.faults.iter().any(|rule| rule.is_offline(account.vendor));
    let running = sandbox::start(options).await?;
    for note in &running.notes {
        session.stderr.note(note);
    }
    Ok(running)
}

fn options(session: &Session, listen: SocketAddr, account: &str) -> Result<Options> {
    let faults = session.global.fault.iter().map(|text| sandbox::parse_faults(text)).collect::<Result<Vec<_>>>()?;
    Ok(Options { listen, state_file: state_file(session), faults, clock: Timestamp::now, ..Options::new(account) })
}

fn state_file(session: &Session) -> Option<PathBuf> {
    let named = session.global.sandbox_state.clone();
    named.or_else(|| session.environment.state_dir().map(|folder| sandbox::default_state_file(&folder)))
}

async fn serve(session: &Session, listen: SocketAddr) -> Result<Ending> {
    let running = sandbox::start(options(session, listen, DEFAULT_ACCOUNT)?).await?;
    let keys = Keys::built_in();
    for note in &running.notes {
        session.stderr.note(note);
    }
    session.print_one(
        object(json!({
            "endpoint": format!("http://{}", running.address),
            "access_key_id": keys.access_key_id,
            "access_key_secret": keys.access_key_secret.expose(),
        })),
        &["endpoint", "access_key_id", "access_key_secret"],
    )?;
    std::future::pending().await
}

/// The state file that is to be changed.
///
/// # Errors
/// Usage where there is none, and with `--dry-run`: there is no request to show, and the file must stay as it is.
fn written_state_file(session: &Session, doing: &str) -> Result<PathBuf> {
    if session.global.dry_run {
        return Err(Error::usage(format!("{doing}: `--dry-run` shows requests, and this sends none")));
    }
    state_file(session).ok_or_else(|| {
        Error::new(Class::Usage, format!("{doing}: there is no state folder"))
            .hint("name the file with `--sandbox-state FILE`")
    })
}

/// What is done to a push.
#[derive(Clone, Copy)]
enum Pushed {
    Begins,
    Ends { lost: bool },
}

/// Begins or ends a push in the state file, which a server that runs sees at once.
fn push(session: &Session, stream: &str, what: Pushed) -> Result<Ending> {
    let (doing, begins) = match what {
        Pushed::Begins => ("publishing in the sandbox", true),
        Pushed::Ends { .. } => ("ending a push in the sandbox", false),
    };
    let mut faults = Faults::default();
    let parts = faults.read("STREAM", Some(stream), "domain/app/stream, as in push.example.com/live/room1", place);
    faults.finish(doing)?;
    let Some([domain, app, name]) = parts else { return Ok(Ending::Done) };
    let selection = Selection { sandbox: true, ..session.selection(None, true)? };
    let file = written_state_file(session, doing)?;
    for account in session.resolve(&selection)? {
        let profile = account.profile.as_deref().unwrap_or(DEFAULT_ACCOUNT);
        let named =
            sandbox::Push { account: profile, vendor: account.vendor, domain: &domain, app: &app, stream: &name };
        let changed = match what {
            Pushed::Begins => sandbox::publish(&file, &named, session.now)?,
            Pushed::Ends { lost } => sandbox::unpublish(&file, &named, lost, session.now)?,
        };
        let row = json!({
            "vendor": account.vendor.name(),
            "profile": account.profile,
            "stream": stream,
            "live": begins,
            "changed": changed,
        });
        session.print_one(object(row), &["vendor", "profile", "stream", "live", "changed"])?;
    }
    Ok(Ending::Done)
}

/// The three parts of a stream's name, cut as those of a relay are.
fn place(text: &str) -> Option<[String; 3]> {
    let (domain, rest) = text.split_once('/')?;
    let (app, stream) = rest.split_once('/')?;
    let whole = [domain, app, stream].iter().all(|part| !part.is_empty());
    whole.then(|| [domain, app, stream].map(str::to_owned))
}

fn reset(session: &Session) -> Result<Ending> {
    let file = written_state_file(session, "resetting the sandbox")?;
    let account = session.global.profile.first().map(String::as_str);
    sandbox::reset(&file, account)?;
    let shown = session.environment.display(&file);
    session.stderr.note(&match account {
        Some(account) => format!("the sandbox has forgotten the state of `{account}` in {shown}"),
        None => format!("the sandbox has forgotten everything in {shown}"),
    });
    Ok(Ending::Done)
}
