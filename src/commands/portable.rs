//! What all portable commands share: choosing accounts, refusing, running side by side, printing.

use std::cell::RefCell;
use std::rc::Rc;

use serde_json::{Map, Value, json};

use crate::cli::Given;
use crate::commands::Ending;
use crate::commands::further;
use crate::commands::road::{LiveRoad, SharedSink};
use crate::commands::rules::Typed;
use crate::commands::session::Session;
use crate::config::Account;
use crate::error::{Class, Error, Result};
use crate::model::{Answer, Changed, Columns, Item, Road, Row, Secret, Support, Vendor};
use crate::output::{Format, Shape};
use crate::providers::{Provider, homes, provider, results};

/// One portable verb, as the command line asked for it.
pub(super) struct Portable<A: 'static, V> {
    /// `domain`, `relay`, …
    pub(super) noun: &'static str,
    /// The verb.
    pub(super) verb: V,
    /// The word a user types for it: `add`, `list`, …
    pub(super) verb_name: &'static str,
    /// What the user asked.
    pub(super) args: A,
    /// The promised columns.
    pub(super) columns: Columns,
    /// Whether the verb changes something: one account only.
    pub(super) changing: bool,
    /// `--if-not-exists` or `--if-exists`.
    pub(super) tolerant: Tolerance,
    /// The selector to print where a tolerated state means that nothing was done.
    pub(super) id: String,
    /// The name beside it.
    pub(super) name: String,
    /// The verb that shows what there is.
    pub(super) lister: &'static str,
    /// The vendor's decision.
    pub(super) support: fn(&Provider, V) -> Support<A>,
    /// What was given for the options that the facts add.
    pub(super) further: Given,
}

impl<A, V: Copy> Portable<A, V> {
    /// A verb as most are: `list` shows what there is, no state is tolerated, and nothing is named beside our options.
    pub(super) fn new(
        noun: &'static str,
        (verb, verb_name): (V, &'static str),
        columns: Columns,
        args: A,
        support: fn(&Provider, V) -> Support<A>,
    ) -> Self {
        Portable {
            noun,
            verb,
            verb_name,
            args,
            columns,
            changing: !READING.contains(&verb_name),
            tolerant: Tolerance::Nothing,
            id: String::new(),
            name: String::new(),
            lister: "list",
            support,
            further: Given::default(),
        }
    }

    /// The words of the command.
    fn command(&self) -> String {
        format!("{} {}", self.noun, self.verb_name)
    }

    fn decision(&self, vendor: Vendor) -> Support<A> {
        (self.support)(provider(vendor), self.verb)
    }
}

/// The verbs that change nothing.
const READING: [&str; 3] = ["list", "show", "get"];

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

/// Runs a verb for the accounts in force and prints its answer.
///
/// # Errors
/// Refusals, the vendor's errors, `partial` where some of several failed.
pub(super) async fn run<A, V: Copy>(session: &Session, portable: Portable<A, V>) -> Result<Ending> {
    let no_key = |_: &Secret, _: Row| Err(Error::internal("print the answer: this verb prints no key"));
    run_with(session, portable, &no_key).await
}

/// How a key is printed that the user asked for.
pub(super) type KeyPrinter<'a> = &'a dyn Fn(&Secret, Row) -> Result<()>;

/// As [`run`], for the verb that may answer with a key.
///
/// # Errors
/// As [`run`].
pub(super) async fn run_with<A, V: Copy>(
    session: &Session,
    portable: Portable<A, V>,
    print_key: KeyPrinter<'_>,
) -> Result<Ending> {
    let accounts = session.accounts(None, portable.changing)?;
    session.enter(&accounts, Typed { names: vec![portable.command()], changing: portable.changing })?;
    for account in &accounts {
        refuse_impossible(&portable, account.vendor)?;
    }
    check_columns(session, &portable, accounts.len())?;
    let many = accounts.len();
    let columns = table_columns(&portable, &accounts, session.global.raw);
    let sink = session.sink(Shape::List, portable.columns, many).showing(columns);
    let sink: SharedSink = Rc::new(RefCell::new(sink));
    let roads = open_roads(session, &portable, accounts, &sink).await?;
    let runs = roads.iter().map(|road| perform(road, &portable));
    let outcomes = futures_util::future::join_all(runs).await;
    if let Some(error) = roads.iter().find_map(LiveRoad::unprinted) {
        return Err(error);
    }
    let mut failed = session.unusable.get();
    let mut listed = false;
    for (road, outcome) in roads.iter().zip(outcomes) {
        match outcome {
            // What was only planned is printed already.
            Ok(Answer::Listed) => listed |= road.planned() == 0,
            Ok(answer) if many == 1 => print(session, road, answer, portable.columns, print_key)?,
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
        session.stderr.note(&format!("{} {}: nothing there", portable.noun, portable.verb_name));
    }
    finish_list(sink, listed)?;
    if failed + inner > 0 {
        let what = format!("{} {}", portable.noun, portable.verb_name);
        let message = format!("{what}: {} of several failed, each is told above", failed + inner);
        return Err(Error::new(Class::Partial, message));
    }
    Ok(ending(session, &portable, planned))
}

/// Refuses columns that the rows will not have, where that is known.
fn check_columns<A, V: Copy>(session: &Session, portable: &Portable<A, V>, accounts: usize) -> Result<()> {
    let promised = match portable.columns {
        _ if session.global.raw => return Ok(()),
        [] => &[],
        _ if portable.changing => Changed::COLUMNS,
        columns => columns,
    };
    session.style(Format::Table, accounts).check_columns(promised)
}

/// The roads to the accounts, each with what was named for its vendor beside our own options.
async fn open_roads<'a, A, V: Copy>(
    session: &'a Session,
    portable: &Portable<A, V>,
    accounts: Vec<Account>,
    sink: &SharedSink,
) -> Result<Vec<LiveRoad<'a>>> {
    let mut roads = Vec::with_capacity(accounts.len());
    for account in accounts {
        let further = further::read(session, account.vendor, &portable.command(), &portable.further)?;
        let mut road = LiveRoad::open(session, account, Some(Rc::clone(sink))).await?;
        road.further = further;
        roads.push(road);
    }
    Ok(roads)
}

/// What the table of an Action's list shows, where nothing is promised: the columns of each vendor's Action.
fn table_columns<A, V: Copy>(portable: &Portable<A, V>, accounts: &[Account], raw: bool) -> Vec<String> {
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

fn ending<A, V: Copy>(session: &Session, portable: &Portable<A, V>, planned: u32) -> Ending {
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

async fn perform<A, V: Copy>(road: &LiveRoad<'_>, portable: &Portable<A, V>) -> Result<Answer> {
    let Support::Does(handler) = portable.decision(road.vendor()) else {
        return Err(Error::internal("run a verb that the vendor refuses"));
    };
    match handler(road, &portable.args).await {
        Err(error) if portable.tolerant.covers(&error) => {
            Ok(Answer::Changed(Box::new(Changed::nothing(road.vendor(), &portable.id, &portable.name))))
        }
        Err(error) => Err(error.with(|details| {
            details.vendor = details.vendor.or(Some(road.vendor()));
            details.profile = details.profile.take().or_else(|| road.profile().map(str::to_owned));
            if details.already_exists && portable.verb_name == "add" {
                details.hints.push("`--if-not-exists` accepts what is there".to_owned());
            }
            if details.class == Class::NotFound && details.hints.is_empty() {
                details.hints.push(format!("`livectl {} {}` shows what there is", portable.noun, portable.lister));
            }
        })),
        answer => answer,
    }
}

/// Refuses a verb that the vendor does not have, naming who does and what comes nearest.
fn refuse_impossible<A, V: Copy>(portable: &Portable<A, V>, vendor: Vendor) -> Result<()> {
    let Support::Cannot { why, instead } = portable.decision(vendor) else { return Ok(()) };
    let able: Vec<&str> = Vendor::ALL
        .into_iter()
        .filter(|other| matches!(portable.decision(*other), Support::Does(_)))
        .map(Vendor::name)
        .collect();
    let mut error = Error::usage(format!("{} {} on {vendor}: {why}", portable.noun, portable.verb_name))
        .hint(format!("`{} {}` works on: {}", portable.noun, portable.verb_name, able.join(", ")))
        .with(|details| details.vendor = Some(vendor));
    if let Some(instead) = instead {
        error = error.hint(format!("nearest on {vendor}: `{instead}`"));
    }
    Err(error)
}

fn print(
    session: &Session,
    road: &LiveRoad<'_>,
    answer: Answer,
    columns: Columns,
    print_key: KeyPrinter<'_>,
) -> Result<()> {
    match answer {
        Answer::Listed => Ok(()),
        Answer::One(item) => print_item(road, item, columns),
        // A dry run prints requests, and nothing where there are none; what it imagines to have changed is no data.
        Answer::Changed(_) if session.global.dry_run => Ok(()),
        Answer::Changed(mut changed) => {
            changed.profile = road.profile().map(str::to_owned);
            print_changed(session, &changed)
        }
        Answer::Key { value, mut about } => {
            about.insert("profile".to_owned(), road.profile().into());
            print_key(&value, about)
        }
    }
}

/// Prints one thing that a road answered.
///
/// # Errors
/// The output's own.
fn print_item(road: &LiveRoad<'_>, item: Item, columns: Columns) -> Result<()> {
    let row = road.shown(item);
    let shown = if columns.is_empty() { results::leaves(&row) } else { Vec::new() };
    let mut sink = road.session.sink(Shape::One, columns, 1).showing(shown);
    sink.push(row)?;
    sink.finish()
}

/// What was changed: whole for scripts; for people a line a field, and nothing that says nothing.
fn print_changed(session: &Session, changed: &Changed) -> Result<()> {
    let mut row = json!(changed);
    if !session.global.reveal {
        crate::commands::redact::value(&mut row);
        session.secrets.borrow().mask_value(&mut row);
    }
    let mut row = object(row);
    if session.format(Format::Table) != Format::Table || session.global.columns.is_some() {
        let promised = if changed.result.is_some() { &[] } else { Changed::COLUMNS };
        return session.print_one(row, promised);
    }
    let changes = row.shift_remove("changes").unwrap_or_default();
    let result = object(row.shift_remove("result").unwrap_or_default());
    row.retain(|name, value| !value.is_null() && name != "vendor");
    for change in changes.as_array().into_iter().flatten() {
        let field = change["field"].as_str().unwrap_or_default();
        let line = format!("{} → {}", shown(&change["from"]), shown(&change["to"]));
        row.insert(format!("  {field}"), line.into());
    }
    let leaves = results::leaves(&result);
    let mut shown: Vec<String> = row.keys().cloned().collect();
    shown.extend(leaves.iter().filter(|name| !row.contains_key(*name)).cloned());
    result.into_iter().for_each(|(name, value)| {
        row.entry(name).or_insert(value);
    });
    let mut sink = session.sink(Shape::One, &[], 1).showing(shown);
    sink.push(row)?;
    sink.finish()
}

/// A value in the line of a change; nothing is a dash.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::String(text) if text.is_empty() => "–".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "–".to_owned(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
