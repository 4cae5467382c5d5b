//! What all portable commands share: choosing accounts, refusing, running side by side, printing.

use std::cell::RefCell;
use std::rc::Rc;

use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;

use crate::cli::{Given, READING};
use crate::commands::Ending;
use crate::commands::existing::Existing;
use crate::commands::further;
use crate::commands::link::Link;
use crate::commands::printed;
use crate::commands::road::{LiveRoad, SharedSink};
use crate::commands::rules::Typed;
use crate::commands::session::Session;
use crate::config::Account;
use crate::error::{Class, Error, Outcome, Result};
use crate::model::{Answer, Changed, Columns, Road, Row, Secret, Support, Vendor};
use crate::output::{Format, Shape};
use crate::providers::{Provider, homes, provider, results};

/// One portable verb, as the command line asked for it.
pub(super) struct Portable {
    /// `domain`, `relay`, …
    pub(super) noun: &'static str,
    /// The word a user types for the verb: `add`, `list`, …
    pub(super) verb_name: &'static str,
    /// The verb, with what the user asked.
    pub(super) verb: Box<dyn Verb>,
    /// The promised columns.
    pub(super) columns: Columns,
    /// Whether the verb changes something: one account only.
    pub(super) changing: bool,
    /// `--if-not-exists` or `--if-exists`.
    pub(super) tolerant: Tolerance,
    /// How the thing is found that `--if-not-exists` accepts.
    pub(super) existing: Option<Box<Existing>>,
    /// The selector to print where a tolerated state means that nothing was done.
    pub(super) id: String,
    /// The name beside it.
    pub(super) name: String,
    /// The verb that shows what there is.
    pub(super) lister: &'static str,
    /// What was given for the options that the facts add.
    pub(super) further: Given,
    /// How a key is printed that the user asked for.
    pub(super) print_key: Option<KeyPrinter>,
}

/// How a key is printed that the user asked for.
pub(super) type KeyPrinter = Box<dyn Fn(&Session, &Secret, Row) -> Result<()>>;

/// Why a vendor does not do a verb, and the command that comes nearest.
type Lack = (&'static str, Option<&'static str>);

/// A verb with what the user asked of it.
pub(super) trait Verb {
    /// Whether a vendor does it.
    ///
    /// # Errors
    /// Why not.
    fn decision(&self, vendor: Vendor) -> std::result::Result<(), Lack>;

    /// The vendor's function, begun.
    ///
    /// # Errors
    /// Internal, where the vendor does not do it; the function's own.
    fn begin<'a>(&'a self, road: &'a dyn Road) -> LocalBoxFuture<'a, Result<Answer>>;
}

/// A verb of one noun, with the arguments of that noun.
struct Asked<A: 'static, V> {
    verb: V,
    args: A,
    support: fn(&Provider, V) -> Support<A>,
}

impl<A, V: Copy> Verb for Asked<A, V> {
    fn decision(&self, vendor: Vendor) -> std::result::Result<(), Lack> {
        match (self.support)(provider(vendor), self.verb) {
            Support::Does(_) => Ok(()),
            Support::Cannot { why, instead } => Err((why, instead)),
        }
    }

    fn begin<'a>(&'a self, road: &'a dyn Road) -> LocalBoxFuture<'a, Result<Answer>> {
        match (self.support)(provider(road.vendor()), self.verb) {
            Support::Does(handler) => handler(road, &self.args),
            Support::Cannot { .. } => Box::pin(async { Err(Error::internal("run a verb that the vendor refuses")) }),
        }
    }
}

impl Portable {
    /// A verb as most are: `list` shows what there is, no state is tolerated, and nothing is named beside our options.
    pub(super) fn new<A: 'static, V: Copy + 'static>(
        noun: &'static str,
        (verb, verb_name): (V, &'static str),
        columns: Columns,
        args: A,
        support: fn(&Provider, V) -> Support<A>,
    ) -> Self {
        Portable {
            noun,
            verb_name,
            verb: Box::new(Asked { verb, args, support }),
            columns,
            changing: !READING.contains(&verb_name),
            tolerant: Tolerance::Nothing,
            existing: None,
            id: String::new(),
            name: String::new(),
            lister: "list",
            further: Given::default(),
            print_key: None,
        }
    }

    /// The words of the command.
    pub(super) fn command(&self) -> String {
        format!("{} {}", self.noun, self.verb_name)
    }

    /// The vendor's function, begun: nothing of its answer is looked at.
    ///
    /// # Errors
    /// The function's own.
    pub(super) fn begin<'a>(&'a self, road: &'a dyn Road) -> LocalBoxFuture<'a, Result<Answer>> {
        self.verb.begin(road)
    }

    /// Whether an error is a state that counts as success.
    pub(super) fn tolerates(&self, error: &Error) -> bool {
        self.tolerant.covers(error)
    }

    /// Performs the verb: a tolerated state is no error, and an error tells what to do next.
    ///
    /// # Errors
    /// The vendor's function's.
    pub(super) async fn perform(&self, road: &LiveRoad<'_>) -> Result<Answer> {
        if self.changing {
            road.look_ahead(self).await?;
        }
        match self.begin(road).await {
            Err(error) if self.tolerates(&error) => {
                let nothing = Changed::nothing(road.vendor(), &self.id, &self.name);
                // Whose answer was lost, and what it was to make is there.
                let applied = error.details().outcome == Some(Outcome::Applied);
                let action = error.details().action.clone().filter(|_| applied);
                Ok(self.accepted(road, Changed { action, changed: applied, ..nothing }).await)
            }
            Ok(Answer::Changed(changed)) if self.tolerant == Tolerance::Exists && !changed.changed => {
                Ok(self.accepted(road, *changed).await)
            }
            Err(error) => Err(error.with(|details| {
                details.vendor = details.vendor.or(Some(road.vendor()));
                details.profile = details.profile.take().or_else(|| road.profile().map(str::to_owned));
                let applied = details.outcome == Some(Outcome::Applied);
                if details.already_exists && !applied && self.verb_name == "add" {
                    details.hints.push("`--if-not-exists` accepts what is there".to_owned());
                }
                if details.class == Class::NotFound && details.hints.is_empty() {
                    details.hints.push(format!("`livectl {} {}` shows what there is", self.noun, self.lister));
                }
            })),
            answer => answer,
        }
    }

    /// A state that is accepted: under the id of what is there, and with a warning where that is another.
    async fn accepted(&self, road: &LiveRoad<'_>, mut changed: Changed) -> Answer {
        if let Some(existing) = &self.existing
            && let Some(id) = existing.compare(road, changed.id.as_deref()).await
        {
            changed.id = Some(id);
        }
        Answer::Changed(Box::new(changed))
    }

    /// Refuses a verb that the vendor does not have, naming who does and what comes nearest.
    ///
    /// # Errors
    /// Usage.
    pub(super) fn refuse_impossible(&self, vendor: Vendor) -> Result<()> {
        let Err((why, instead)) = self.verb.decision(vendor) else { return Ok(()) };
        let able = Vendor::ALL.into_iter().filter(|other| self.verb.decision(*other).is_ok());
        let able: Vec<&str> = able.map(Vendor::name).collect();
        let mut error = Error::usage(format!("{} on {vendor}: {why}", self.command()))
            .hint(format!("`{}` works on: {}", self.command(), able.join(", ")))
            .with(|details| details.vendor = Some(vendor));
        if let Some(instead) = instead {
            error = error.hint(format!("nearest on {vendor}: `{instead}`"));
        }
        Err(error)
    }
}

/// Which state counts as success with nothing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tolerance {
    /// None.
    Nothing,
    /// `--if-not-exists`: the thing is there already.
    Exists,
    /// `--if-exists`: the thing is not there.
    Missing,
}

impl Tolerance {
    /// `--if-not-exists`.
    pub(super) fn existing(flag: bool) -> Self {
        if flag { Tolerance::Exists } else { Tolerance::Nothing }
    }

    /// `--if-exists`.
    pub(super) fn missing(flag: bool) -> Self {
        if flag { Tolerance::Missing } else { Tolerance::Nothing }
    }

    fn covers(self, error: &Error) -> bool {
        match self {
            Tolerance::Nothing => false,
            Tolerance::Exists => error.details().already_exists,
            Tolerance::Missing => error.class() == Class::NotFound,
        }
    }
}

/// How many accounts are asked at once: a thousand connections would be more than most machines allow a program, and
/// the last would wait for the first ones' handshakes until it is given up.
const AT_ONCE: usize = 64;

/// Runs a verb for the accounts in force and prints its answer.
///
/// # Errors
/// Refusals, the vendor's errors, `partial` where some of several failed.
pub(super) async fn run(session: &Session, portable: Portable) -> Result<Ending> {
    let accounts = session.accounts(None, portable.changing)?;
    session.enter(&accounts, Typed { names: vec![portable.command()], changing: portable.changing })?;
    for account in &accounts {
        portable.refuse_impossible(account.vendor)?;
    }
    check_columns(session, &portable, accounts.len())?;
    let many = accounts.len();
    let columns = table_columns(&portable, &accounts, session.global.raw);
    let sink = session.sink(Shape::List, portable.columns, many).showing(columns);
    let sink: SharedSink = Rc::new(RefCell::new(sink));
    let roads = open_roads(session, &portable, accounts, &sink).await?;
    let runs = roads.iter().map(|road| portable.perform(road));
    let outcomes: Vec<Result<Answer>> = futures_util::stream::iter(runs).buffered(AT_ONCE).collect().await;
    if let Some(error) = roads.iter().find_map(LiveRoad::unprinted) {
        return Err(error);
    }
    let mut failed = session.unusable.get();
    let mut listed = false;
    for (road, outcome) in roads.iter().zip(outcomes) {
        match outcome {
            // What was only planned is printed already.
            Ok(Answer::Listed) => listed |= road.planned() == 0,
            Ok(answer) if many == 1 => printed::answer(session, road, answer, &portable)?,
            Ok(Answer::One(item)) => {
                listed = true;
                sink.borrow_mut().push(road.shown(item))?;
            }
            Ok(_) => return Err(Error::internal("print the answers: a change for several accounts")),
            Err(error) if many == 1 => return Err(error),
            Err(error) => {
                failed += 1;
                session.stderr.failure(&session.without_secrets(error));
            }
        }
    }
    let inner: u32 = roads.iter().map(LiveRoad::failures).sum();
    let planned: u32 = roads.iter().map(LiveRoad::planned).sum();
    let emitted: usize = roads.iter().map(LiveRoad::emitted).sum();
    drop(roads);
    if listed && emitted == 0 && inner == 0 && failed == 0 {
        session.stderr.note(&format!("{}: nothing there", portable.command()));
    }
    finish_list(sink, listed)?;
    if failed + inner > 0 {
        let what = portable.command();
        let message = format!("{what}: {} of several failed, each is told above", failed + inner);
        return Err(Error::new(Class::Partial, message));
    }
    Ok(ending(session, &portable, planned))
}

/// Runs a verb that lists, for the accounts in force, and hands over its rows; and whether all went well.
///
/// # Errors
/// Refusals; the vendor's errors, where there is one account only.
pub(super) async fn gather(session: &Session, portable: Portable) -> Result<(Vec<Row>, Result<()>)> {
    let accounts = session.accounts(None, portable.changing)?;
    session.enter(&accounts, Typed { names: vec![portable.command()], changing: portable.changing })?;
    for account in &accounts {
        portable.refuse_impossible(account.vendor)?;
    }
    let many = accounts.len();
    let mut roads = Vec::with_capacity(many);
    for account in accounts {
        roads.push(LiveRoad::gathering(Rc::new(Link::open(session, account).await?)));
    }
    let runs = roads.iter().map(|road| portable.perform(road));
    let outcomes: Vec<Result<Answer>> = futures_util::stream::iter(runs).buffered(AT_ONCE).collect().await;
    let mut rows = Vec::new();
    let mut failed = session.unusable.get();
    for (road, outcome) in roads.iter().zip(outcomes) {
        match outcome {
            Err(error) if many == 1 => return Err(error),
            Err(error) => {
                failed += 1;
                session.stderr.failure(&session.without_secrets(error));
            }
            Ok(_) => rows.extend(road.gathered().into_iter().map(|item| road.shown(item))),
        }
        failed += road.failures();
    }
    let outcome = match failed {
        0 => Ok(()),
        failed => {
            let what = portable.command();
            Err(Error::new(Class::Partial, format!("{what}: {failed} of several failed, each is told above")))
        }
    };
    Ok((rows, outcome))
}

/// Refuses columns that the rows will not have, where that is known.
fn check_columns(session: &Session, portable: &Portable, accounts: usize) -> Result<()> {
    let promised = match portable.columns {
        _ if session.global.raw => return Ok(()),
        [] => &[],
        _ if portable.changing => Changed::COLUMNS,
        columns => columns,
    };
    session.style(Format::Table, accounts).check_columns(promised)
}

/// The roads to the accounts, each with what was named for its vendor beside our own options.
async fn open_roads<'a>(
    session: &'a Session,
    portable: &Portable,
    accounts: Vec<Account>,
    sink: &SharedSink,
) -> Result<Vec<LiveRoad<'a>>> {
    let mut roads = Vec::with_capacity(accounts.len());
    for account in accounts {
        let further = further::read(session, account.vendor, &portable.command(), &portable.further)?;
        let link = Rc::new(Link::open(session, account).await?);
        let mut road = LiveRoad::new(link, Some(Rc::clone(sink)));
        road.further = further;
        roads.push(road);
    }
    Ok(roads)
}

/// What the table of an Action's list shows, where nothing is promised: the columns of each vendor's Action.
fn table_columns(portable: &Portable, accounts: &[Account], raw: bool) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    for account in accounts.iter().filter(|_| portable.columns.is_empty() && !raw) {
        let action = homes::action_at(account.vendor, &portable.command());
        let named = action.map(|action| results::columns(account.vendor, &action)).unwrap_or_default();
        let new: Vec<String> = named.into_iter().filter(|name| !columns.contains(name)).collect();
        columns.extend(new);
    }
    match columns.is_empty() {
        true => columns,
        false => ["vendor", "profile"].into_iter().map(str::to_owned).chain(columns).collect(),
    }
}

fn ending(session: &Session, portable: &Portable, planned: u32) -> Ending {
    let global = &session.global;
    if global.dry_run && portable.changing && planned == 0 {
        session.stderr.note("nothing would change");
    }
    if global.exit_code && portable.changing && planned > 0 { Ending::WouldChange } else { Ending::Done }
}

fn finish_list(sink: SharedSink, listed: bool) -> Result<()> {
    match Rc::into_inner(sink) {
        Some(sink) if listed => sink.into_inner().finish(),
        _ => Ok(()),
    }
}
