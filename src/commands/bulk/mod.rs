//! One command for many items: read and checked whole, then as many at once as the rates allow.

mod check;
mod entry;
mod item;
mod journal;
mod results;
mod run;
mod tally;

use std::cell::{Cell, RefCell};
use std::path::Path;
use std::rc::Rc;

use tokio::time::Instant;

use crate::cli::{ApiCommand, Bulk, Many, Noun, Template};
use crate::commands::Ending;
use crate::commands::api::Called;
use crate::commands::link::Link;
use crate::commands::portable::Portable;
use crate::commands::rules::Typed;
use crate::commands::session::Session;
use crate::config::Account;
use crate::error::{Error, Result};
use crate::model::Vendor;
use entry::Entry;
use item::Shared;
use journal::{FORM, Identity, Journal, Past};
use results::Printer;
use run::Run;
use tally::Tally;

/// How many items are under way at once where nobody says: the rates hold them back, not this.
const IN_FLIGHT: u16 = 32;

/// How many items a question names.
const NAMED: usize = 5;

/// What is done for one item.
pub(super) enum Work {
    /// A portable verb, or a vendor's command.
    Verb(Portable),
    /// An Action by its own name.
    Call(Box<Called>),
}

/// Verbs of portable nouns that ask before they do what cannot be taken back.
const ASKING: [&str; 6] = ["delete", "disable", "forbid", "drop", "unmap", "rotate"];

/// Carries out one command for the items of a file.
///
/// # Errors
/// Usage, with all that is wrong with the file, before anything is sent; `partial` where some items failed;
/// interrupted; the journal's and the output's own.
pub(super) async fn run(session: &Session, many: Many) -> Result<Ending> {
    let Many { options, template } = many;
    let file = options.from_file.clone().unwrap_or_default();
    refuse_contradictions(session, &options)?;
    let command = template.path();
    let entries = entry::read(session, &file, &template, options.journal.is_some())?;
    if entries.is_empty() {
        session.stderr.note(&format!("{command}: there are no items in {}", entry::shown(&file)));
    }
    let (vendor, typed) = whose(&template);
    let told = typed.names.first().cloned().unwrap_or_default();
    let mut accounts = session.accounts(vendor, typed.changing)?;
    if accounts.len() != 1 {
        return Err(
            Error::usage(format!("{command}: many items are for one account")).hint("name one with `--profile`")
        );
    }
    let reads = !typed.changing;
    session.enter(&accounts, typed)?;
    let printer = Printer::new(session, template.is_portable())?;
    let identity = identity(&template, accounts.first(), session.global.sandbox);
    let link = Rc::new(Link::open(session, accounts.remove(0)).await?);
    let template = RefCell::new(template);
    let work_of = |entry: &Entry| read(session, &template, entry);
    let asks = check::all(&link, &file, &entries, work_of).await?;
    let (journal, past) = match &options.journal {
        Some(path) => Journal::open(path, &identity).map(|(journal, past)| (Some(journal), past))?,
        None => (None, Past::default()),
    };
    let left: Vec<&Entry> = entries.iter().filter(|entry| !past.done.contains(&entry.key)).collect();
    let question = question(&told, &file, &left);
    let verb = command.rsplit(' ').next().unwrap_or_default();
    let asks = asks || vendor.is_none() && (ASKING.contains(&verb) || command == "hls-key set");
    if asks && !session.global.dry_run && !left.is_empty() {
        link.confirm(&question)?;
    }
    session.stop.be_graceful();
    let before = (entries.len() - left.len()) as u64;
    let tally = Tally { reads, items: entries.len() as u64, before, ..Tally::default() };
    let shared = Rc::new(Shared { journal, question, halted: RefCell::default() });
    let run = Run {
        session,
        link,
        shared,
        past,
        printer,
        most_failures: if options.fail_fast { Some(1) } else { options.max_failures },
        tally: RefCell::new(tally),
        planned: Cell::default(),
    };
    let began = Instant::now();
    run.all(&left, usize::from(options.in_flight.unwrap_or(IN_FLIGHT)), &work_of).await;
    run.end(&told, began)
}

/// Refuses options that make no sense together.
fn refuse_contradictions(session: &Session, options: &Bulk) -> Result<()> {
    let global = &session.global;
    let contradiction = |other: &str, why: &str| Err(Error::usage(format!("read the options: {other}: {why}")));
    if global.limit.is_some() {
        return contradiction("`--limit` with `--from-file`", "a file has as many items as it has");
    }
    if global.dry_run && options.journal.is_some() {
        return contradiction("`--journal` with `--dry-run`", "a dry run does nothing that could be recorded");
    }
    Ok(())
}

/// For `api` the vendor and the Action.
fn called(template: &Template) -> (Option<Vendor>, Option<&str>) {
    let vendor = template.path().strip_prefix("api ").and_then(|vendor| vendor.parse().ok());
    let action = template.given().iter().find(|(id, _)| id == "action").and_then(|(_, values)| values.first());
    (vendor, action.map(String::as_str))
}

/// For `api` the vendor, and what rules may call the command.
fn whose(template: &Template) -> (Option<Vendor>, Typed) {
    match called(template) {
        (Some(vendor), Some(action)) => (Some(vendor), crate::commands::api::typed(vendor, action)),
        (vendor, _) => (vendor, Typed { names: vec![template.path()], changing: true }),
    }
}

/// What a journal knows the run by.
fn identity(template: &Template, account: Option<&Account>, sandbox: bool) -> Identity {
    let given = template
        .given()
        .iter()
        .flat_map(|(id, values)| std::iter::once(id.as_str()).chain(values.iter().map(String::as_str)));
    let named = account.and_then(|account| account.profile.as_ref()).map(|name| format!("profile `{name}`"));
    let keyed = || {
        let role = account.and_then(|account| account.role.as_ref());
        let keys = account.and_then(|account| account.credentials.as_ref());
        role.map(|role| format!("the role `{}`", role.name)).or_else(|| {
            Some(keys?).map(|keys| {
                format!("the key with the digest {}", entry::digest(std::iter::once(keys.access_key_id.as_str())))
            })
        })
    };
    let elsewhere = account.map(|account| {
        let told = [("at", &account.endpoint), ("in", &account.region)];
        told.into_iter().filter_map(|(word, place)| Some(format!(" {word} {}", place.as_ref()?))).collect::<String>()
    });
    let account_name = named.or_else(keyed).unwrap_or_else(|| "the account without a name".to_owned());
    let account_name = account_name + &elsewhere.unwrap_or_default();
    Identity {
        livectl_journal: FORM,
        command: template.path(),
        vendor: account.map(|account| account.vendor.to_string()).unwrap_or_default(),
        account: if sandbox { format!("the sandbox, {account_name}") } else { account_name },
        options: entry::digest(given),
    }
}

/// The work for one item.
fn read(session: &Session, template: &RefCell<Template>, entry: &Entry) -> Result<Work> {
    let noun = template.borrow_mut().read(&entry.words).map_err(|refusal| {
        let text = refusal.render().to_string();
        let line = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
        Error::usage(line.to_owned())
    })?;
    let boxed = |called| Work::Call(Box::new(called));
    match noun {
        Noun::Api(ApiCommand::Tencent(call)) => Called::of(session, Vendor::Tencent, call).map(boxed),
        Noun::Api(ApiCommand::Aliyun(call)) => Called::of(session, Vendor::Aliyun, call).map(boxed),
        Noun::Api(ApiCommand::Volcengine(call)) => Called::of(session, Vendor::Volcengine, call).map(boxed),
        noun => crate::commands::verb(session, noun).map(Work::Verb),
    }
}

/// What is asked once for all items.
fn question(command: &str, file: &Path, left: &[&Entry]) -> String {
    let named: Vec<&str> = left.iter().take(NAMED).map(|entry| entry.label.as_str()).collect();
    let more = left.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let items = if left.len() == 1 { "1 item".to_owned() } else { format!("{} items", left.len()) };
    let loss = match command {
        "auth rotate" => " which refuses addresses signed with the backup keys that they have now,",
        _ => "",
    };
    format!("carry out `{command}` for {items} of {}: {}{more},{loss}", entry::shown(file), named.join(", "))
}
