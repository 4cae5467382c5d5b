//! `livectl api …`: any Action, by its own name and parameters.

use std::io::Write;
use std::path::Path;
use std::rc::Rc;

use serde_json::{Map, Value, json};

use crate::cli::{ApiCall, ApiCommand};
use crate::commands::Ending;
use crate::commands::describe;
use crate::commands::link::Link;
use crate::commands::road::LiveRoad;
use crate::commands::rules::Typed;
use crate::commands::secret;
use crate::commands::session::Session;
use crate::config::Account;
use crate::error::{Error, Fault, Result};
use crate::model::{Call, Effect, Params, Reading, Road, Secret, Vendor};
use crate::output::{self, Format};
use crate::providers::catalog::{self, Action};
use crate::providers::items::{self, Parsed};
use crate::providers::{homes, paging, validate};

/// Carries out `livectl api …`.
///
/// # Errors
/// An unknown Action, wrong parameters, the vendor's refusal.
pub(super) async fn run(session: &Session, command: ApiCommand) -> Result<Ending> {
    match command {
        ApiCommand::List { group } => describe::list(session, group.as_deref()),
        ApiCommand::Describe { vendor, action } => describe::describe(session, vendor, &action),
        ApiCommand::Tencent(call) => perform(session, Vendor::Tencent, call).await,
        ApiCommand::Aliyun(call) => perform(session, Vendor::Aliyun, call).await,
        ApiCommand::Volcengine(call) => perform(session, Vendor::Volcengine, call).await,
    }
}

async fn perform(session: &Session, vendor: Vendor, asked: ApiCall) -> Result<Ending> {
    refuse_rows(session)?;
    let called = Called::of(session, vendor, asked)?;
    let accounts = session.accounts(Some(vendor), called.is_changing());
    // A wrong call is told as one also where no account can be used.
    called.check(session, accounts.as_ref().ok().and_then(|all| all.first()))?;
    let mut accounts = accounts?;
    if accounts.len() != 1 {
        return Err(Error::usage(format!("call {}: `api` calls one account at a time", called.call.action))
            .hint("name one with `--profile NAME`"));
    }
    session.enter(&accounts, typed(vendor, &called.call.action))?;
    let road = LiveRoad::new(Rc::new(Link::open(session, accounts.remove(0)).await?), None);
    if session.global.dry_run {
        road.plan(&called.first(), &[])?;
        let would_change = called.is_changing() && session.global.exit_code;
        return Ok(if would_change { Ending::WouldChange } else { Ending::Done });
    }
    if called.asks_first() {
        let named = |error: Error| error.with(|details| details.action = Some(called.call.action.clone()));
        road.confirm(&called.question()).map_err(named)?;
    }
    let print = |body: &str| print_body(session, body, &mut std::io::stdout().lock());
    called.send(&road, &print).await?;
    Ok(Ending::Done)
}

/// Refuses options about rows: what is printed is the vendor's answer, as it comes, whatever the format.
///
/// # Errors
/// Usage, naming them all.
fn refuse_rows(session: &Session) -> Result<()> {
    let mut given = session.about_rows();
    given.retain(|option| !matches!(*option, "--raw" | "--jq"));
    if given.is_empty() {
        return Ok(());
    }
    Err(Error::usage(format!("calling an Action: its answer is printed as it comes; leave out {}", given.join(", ")))
        .hint("`--jq` makes something else of it; the command that `livectl api describe` names has rows"))
}

/// A call as the command line has it.
pub(super) struct Called {
    /// The call.
    pub(super) call: Call,
    action: Option<&'static Action<'static>>,
    /// Items that cannot be read, or are not of the type that the facts want.
    wrong: Vec<Fault>,
    paginate: bool,
}

impl Called {
    /// Reads a call.
    ///
    /// # Errors
    /// Usage: an unknown Action, an unreadable file.
    pub(super) fn of(session: &Session, vendor: Vendor, asked: ApiCall) -> Result<Self> {
        let action = catalog::known(vendor, &asked.action);
        if action.is_none() && !asked.force {
            return Err(unknown_action(vendor, &asked.action));
        }
        let Parsed { params, unreadable, untyped, .. } = parameters(session, vendor, action, &asked)?;
        if let Some(param) = action.filter(|_| asked.paginate).and_then(|action| turned_by_hand(action, &params)) {
            session.stderr.note(&format!("{}: `{param}` is given, so this is that page only", asked.action));
        }
        session.learn(&params);
        let wrong = if session.global.no_validate { unreadable } else { [untyped, unreadable].concat() };
        Ok(Called { call: Call { vendor, action: asked.action, params }, action, wrong, paginate: asked.paginate })
    }

    /// Whether it may change something.
    pub(super) fn is_changing(&self) -> bool {
        is_changing(self.action)
    }

    /// Refuses what is wrong with it. Without an account nobody knows the region.
    ///
    /// # Errors
    /// Usage, with every fault.
    pub(super) fn check(&self, session: &Session, account: Option<&Account>) -> Result<()> {
        let Call { vendor, action, params } = &self.first();
        check(session, *vendor, action, params, account, self.wrong.clone())
    }

    /// The call as it is sent first: where the pages are turned here, with what the vendor requires for that.
    pub(super) fn first(&self) -> Call {
        if self.paginate { paging::Pages::first(&self.call) } else { self.call.clone() }
    }

    /// Whether it is asked about before it is sent.
    pub(super) fn asks_first(&self) -> bool {
        self.action.map_or_else(|| homes::sounds_final(&self.call.action), homes::asks_first)
    }

    /// What is asked before it is sent.
    pub(super) fn question(&self) -> String {
        format!("call {}{}", self.call.action, targets(&self.call.params))
    }

    /// Sends it, and hands over the body of the answer, or of each page.
    ///
    /// # Errors
    /// The vendor's refusal; the printer's own.
    pub(super) async fn send(&self, road: &LiveRoad<'_>, print: &dyn Fn(&str) -> Result<()>) -> Result<()> {
        if !self.paginate {
            return print(&road.send(&self.call, &[], Reading::Verdict).await?.body);
        }
        let mut pages = paging::Pages::new(self.call.clone());
        while let Some(page) = pages.next(road).await? {
            // A line break in JSON stands between members only: inside a text it is escaped.
            print(&page.reply.body.replace(['\n', '\r'], " "))?;
        }
        Ok(())
    }
}

/// The parameter that names one page, where it is given.
fn turned_by_hand<'a>(action: &Action<'a>, params: &Params) -> Option<&'a str> {
    let paging = action.pagination.as_ref().filter(|paging| paging.style != "cursor")?;
    params.contains_key(paging.page_param).then_some(paging.page_param)
}

/// What a rule may call a call: as it is typed, by its Action, by the command that does the same.
pub(super) fn typed(vendor: Vendor, action: &str) -> Typed {
    let home = homes::command(vendor, action).map(str::to_owned);
    let names = [format!("api {vendor} {action}"), format!("{vendor}:{action}")].into_iter().chain(home).collect();
    Typed { names, changing: is_changing(catalog::known(vendor, action)) }
}

/// Whether an Action may change something; one that nobody knows may.
fn is_changing(action: Option<&Action<'_>>) -> bool {
    action.is_none_or(|action| action.effect_kind() != Effect::Read)
}

/// An Action that no fact sheet knows, with those it looks like.
pub(super) fn unknown_action(vendor: Vendor, name: &str) -> Error {
    let mut error = Error::usage(format!("find the Action `{name}`: {vendor} has none of that name"));
    let similar = catalog::similar_actions(vendor, name);
    if !similar.is_empty() {
        error = error.hint(format!("did you mean {}?", similar.join(", ")));
    }
    let elsewhere = Vendor::ALL.into_iter().find(|other| *other != vendor && catalog::find(*other, name).is_some());
    if let Some(other) = elsewhere {
        error = error.hint(format!("{other} has it: `livectl api {other} {name}`"));
    }
    error
        .hint(format!("`livectl api list --vendor {vendor}` lists them; `--force` sends an Action that no sheet knows"))
        .with(|details| details.vendor = Some(vendor))
}

/// Parameters from `--input` and from the items of the command line, which win.
fn parameters(session: &Session, vendor: Vendor, action: Option<&Action<'_>>, asked: &ApiCall) -> Result<Parsed> {
    let mut params = match &asked.input {
        Some(file) => read_input(session, file)?,
        None => Params::new(),
    };
    let items = secret::of_items(session, vendor, action, &asked.items)?;
    let mut parsed = items::parse(vendor, action, &items, session.now);
    params.append(&mut parsed.params);
    Ok(Parsed { params, ..parsed })
}

fn read_input(session: &Session, file: &Path) -> Result<Params> {
    let shown = file.display();
    let failed = |why: String| Error::usage(format!("read parameters from `{shown}`: {why}"));
    let text = match file.as_os_str() == "-" {
        true => secret::of_stdin(session, "the parameters", false)?,
        false => Secret::new(std::fs::read_to_string(file).map_err(|error| failed(error.to_string()))?),
    };
    match serde_json::from_str(text.expose()) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(failed("it is JSON, but no object".to_owned())),
        Err(error) => Err(failed(format!("no JSON at line {}, column {}", error.line(), error.column()))),
    }
}

/// Refuses what cannot be read (`wrong`) together with what the facts know to be wrong. Without an account nobody
/// knows the region.
fn check(
    session: &Session,
    vendor: Vendor,
    name: &str,
    params: &Params,
    account: Option<&Account>,
    wrong: Vec<Fault>,
) -> Result<()> {
    let mut faults = wrong;
    let facts = catalog::known(vendor, name).filter(|_| !session.global.no_validate);
    if let Some(action) = facts {
        let region = account.and_then(|account| account.region.as_deref());
        let mut verdict = validate::validate(vendor, action, params, region, session.now);
        verdict.faults.retain(|fault| account.is_some() || fault.option != "--region");
        for warning in &verdict.warnings {
            session.stderr.warn(warning);
        }
        let told: Vec<String> = faults.iter().map(|fault| fault.option.clone()).collect();
        faults.extend(verdict.faults.into_iter().filter(|fault| !told.contains(&fault.option)));
    }
    if faults.is_empty() {
        return Ok(());
    }
    let mut error = Error::usage(format!("check the parameters of {name}: nothing was sent")).faults(faults);
    if facts.is_some() {
        error = error
            .hint(format!("`livectl api describe {vendor} {name}` tells its parameters"))
            .hint("`--no-validate` sends all the same: the vendor may be newer than the facts");
    }
    Err(error.with(|details| {
        details.vendor = Some(vendor);
        details.action = Some(name.to_owned());
    }))
}

/// What a question names: the texts and numbers among the parameters.
fn targets(params: &Params) -> String {
    let shown: Vec<String> = params
        .iter()
        .filter(|(name, value)| {
            !crate::commands::redact::is_secret_name(name) && (value.is_string() || value.is_number())
        })
        .map(|(name, value)| format!("{name}={}", value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    if shown.is_empty() { String::new() } else { format!(" with {}", shown.join(" ")) }
}

/// The vendor's body unchanged, or what `--jq` makes of it.
fn print_body(session: &Session, body: &str, writer: &mut dyn Write) -> Result<()> {
    let style = session.style(Format::Json, 1);
    if style.jq.is_none() {
        return output::write_text(body, style.terminal, writer);
    }
    let body: Value = serde_json::from_str(body).unwrap_or_else(|_| json!(body));
    output::write_json_value(&body, &style, writer)
}

/// A JSON object of members, for the printers.
pub(super) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        other => Map::from_iter([("value".to_owned(), other)]),
    }
}
