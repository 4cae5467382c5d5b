//! `livectl wait …`: looks at one thing until it is as wanted.

mod wanted;

use std::rc::Rc;
use std::time::Duration;

use jiff::SignedDuration;
use serde_json::Value;

use crate::cli::{
    CallbackCommand, CertCommand, CertTarget, DomainCommand, Given, HlsKeyCommand, KeyPlace, OneDomain, RecordCommand,
    RelayCommand, RelayTarget, StreamCommand, StreamTarget, TranscodeCommand, WaitCommand, Wanted as Asked,
};
use crate::commands::Ending;
use crate::commands::link::Link;
use crate::commands::portable::Portable;
use crate::commands::printed;
use crate::commands::road::LiveRoad;
use crate::commands::rules::Typed;
use crate::commands::session::Session;
use crate::commands::{callback, cert, domain, hls_key, record, relay, stream, transcode};
use crate::error::{Class, Error, Result};
use crate::model::{Answer, Item, Patience, Road, Row, Vendor, Watch};
use crate::output::Format;
use crate::providers::settle::{self, Ended, Seen, last_seen, spelled};
use wanted::{States, Wanted};

/// Waits for one thing of one account to be as wanted, and prints it.
///
/// # Errors
/// Usage: no such state, several accounts; not-found where it is not there and that is not what is waited for;
/// `differs` where it never will be as wanted; `timeout`.
pub(super) async fn run(session: &Session, command: WaitCommand) -> Result<Ending> {
    let (show, states, asked) = read(session, command);
    let doing = format!("waiting for a {}", states.called);
    let wanted = Wanted::read(asked.state.as_deref(), states);
    let (show, wanted) = match (show, wanted) {
        (Ok(show), Ok(wanted)) => (show, wanted),
        (Err(error), Err(fault)) if !error.details().faults.is_empty() => {
            let faults = [error.details().faults.as_slice(), &[fault]].concat();
            return Err(Error::wrong_values(&doing, faults));
        }
        (Err(error), _) => return Err(error),
        (_, Err(fault)) => return Err(Error::wrong_values(&doing, vec![fault])),
    };
    let mut accounts = session.accounts(None, false)?;
    let account = match (accounts.pop(), accounts.is_empty()) {
        (Some(account), true) => account,
        _ => {
            return Err(Error::usage(format!("{doing}: one account at a time")).hint("name one with `--profile NAME`"));
        }
    };
    let names = vec![format!("wait {}", show.noun), show.command()];
    session.enter(std::slice::from_ref(&account), Typed { names, changing: false })?;
    show.refuse_impossible(account.vendor)?;
    if !session.global.raw {
        session.style(Format::Table, 1).check_columns(show.columns)?;
    }
    session.waited.set(true);
    let road = LiveRoad::new(Rc::new(Link::open(session, account).await?), None);
    let found = Wait { session, road: &road, show: &show, wanted: &wanted, states }.done(asked.interval).await?;
    printed::answer(session, &road, Answer::One(found), &show)?;
    Ok(Ending::Done)
}

/// The verb that shows the thing, the states that its noun knows, and what was asked.
fn read(session: &Session, command: WaitCommand) -> (Result<Portable>, &'static States, Asked) {
    let further = Given::default;
    match command {
        WaitCommand::Domain { name, wanted } => {
            let show = DomainCommand::Show(OneDomain { name, further: further() });
            (domain::verb(show), &wanted::DOMAIN, wanted)
        }
        WaitCommand::Record { target, wanted } => (record::verb(RecordCommand::Show(target)), &wanted::RECORD, wanted),
        WaitCommand::Transcode { target, wanted } => {
            (transcode::verb(TranscodeCommand::Show(target)), &wanted::TRANSCODE, wanted)
        }
        WaitCommand::Relay { target, wanted } => {
            let show = RelayCommand::Show(RelayTarget { target, further: further() });
            (relay::verb(session, show), &wanted::RELAY, wanted)
        }
        WaitCommand::HlsKey { target, wanted } => {
            let show = HlsKeyCommand::Show(KeyPlace { target, further: further() });
            (hls_key::verb(show), &wanted::HLS_KEY, wanted)
        }
        WaitCommand::Callback { target, which, wanted } => {
            (callback::verb(session, CallbackCommand::Show { target, which }), &wanted::CALLBACK, wanted)
        }
        WaitCommand::Stream { target, wanted } => {
            let asked = StreamTarget { target: target.target, vhost: target.vhost, further: further() };
            (stream::verb(session, StreamCommand::Show(asked)), &wanted::STREAM, wanted)
        }
        WaitCommand::Cert { id, wanted } => {
            let show = CertCommand::Show(CertTarget { id, further: further() });
            (cert::verb(show), &wanted::CERT, wanted)
        }
    }
}

/// The words that can be waited for at a noun.
pub(super) fn states(noun: &str) -> Vec<String> {
    let states = match noun {
        "domain" => &wanted::DOMAIN,
        "record" => &wanted::RECORD,
        "transcode" => &wanted::TRANSCODE,
        "relay" => &wanted::RELAY,
        "hls-key" => &wanted::HLS_KEY,
        "callback" => &wanted::CALLBACK,
        "stream" => &wanted::STREAM,
        "cert" => &wanted::CERT,
        _ => return Vec::new(),
    };
    states.proposed()
}

/// One wait.
struct Wait<'a> {
    session: &'a Session,
    road: &'a LiveRoad<'a>,
    show: &'a Portable,
    wanted: &'a Wanted,
    states: &'static States,
}

impl Wait<'_> {
    /// The thing as it was when it was as wanted.
    async fn done(&self, interval: Option<SignedDuration>) -> Result<Item> {
        let global = &self.session.global;
        let interval = interval.or(global.wait_interval).map(SignedDuration::unsigned_abs);
        let patience = Patience { limit: global.wait_timeout.unsigned_abs(), interval };
        let title = self.title();
        let goes_on = "repeat the command to go on waiting, or wait longer with `--wait-timeout`";
        let watch = Watch {
            what: title.clone(),
            state: None,
            elapsed: Duration::ZERO,
            limit: patience.limit,
            applied: None,
            resume: goes_on.to_owned(),
        };
        let began = self.road.elapsed();
        match settle::poll(self.road, patience, watch, async || self.look().await).await? {
            Ended::Settled(state, item) => {
                let took = self.road.elapsed().saturating_sub(began);
                self.session.stderr.note(&format!("{title} is {state} after {}", spelled(took)));
                Ok(item.unwrap_or_else(|| self.gone()))
            }
            Ended::Final(state, _) => {
                let shows = self.road.addressed(&format!("{} {}", self.show.command(), settle::quoted(&self.show.id)));
                let message = format!("waiting for {title}: it is {state}, and by itself never {}", self.wanted);
                Err(self.error(Class::Differs, message).hint(format!("`{shows}` shows it")))
            }
            Ended::Late(state, failure) => {
                let seen = last_seen(state.as_deref(), failure.as_deref());
                let limit = spelled(patience.limit);
                let message = format!("waiting for {title}: not {} within {limit}{seen}", self.wanted);
                Err(self.error(Class::Timeout, message).hint(goes_on))
            }
        }
    }

    /// What is waited for, as a message calls it.
    fn title(&self) -> String {
        format!("{} {}", self.show.noun, self.show.id).trim_end().to_owned()
    }

    fn error(&self, class: Class, message: String) -> Error {
        Error::new(class, message).with(|details| {
            details.vendor = Some(self.road.vendor());
            details.profile = self.road.profile().map(str::to_owned);
        })
    }

    async fn look(&self) -> Result<Seen<Option<Item>>> {
        match self.show.perform(self.road).await {
            Ok(Answer::One(item)) if settle::is_gone(self.show.noun, self.road.vendor(), &item.raw) => {
                self.missing(None)
            }
            Ok(Answer::One(item)) => Ok(self.wanted.judge(self.states, item)),
            Ok(_) => Err(Error::usage(format!("waiting for a {}: several are meant", self.states.called))
                .hint("name one of them")),
            Err(error) if error.class() == Class::NotFound => self.missing(Some(error)),
            Err(error) => Err(error),
        }
    }

    /// It is not there, as an answer or an error told.
    fn missing(&self, error: Option<Error>) -> Result<Seen<Option<Item>>> {
        let late = settle::appears_late(self.show.noun, self.road.vendor());
        match (self.wanted, error) {
            (Wanted::Deleted, _) => Ok(Seen::Settled("deleted".to_owned(), None)),
            (Wanted::Present, _) => Ok(Seen::UnderWay("not there yet".to_owned())),
            (_, None) => Ok(Seen::Final("deleted".to_owned(), None)),
            (_, Some(_)) if late => Ok(Seen::UnderWay("not there yet".to_owned())),
            (_, Some(error)) => {
                Err(error.hint("`--for present` waits until it is there, `--for deleted` until it is gone"))
            }
        }
    }

    /// The row of what is gone: what it was called, and nothing more.
    fn gone(&self) -> Item {
        let mut row: Row = self.show.columns.iter().map(|column| ((*column).to_owned(), Value::Null)).collect();
        row.insert("vendor".to_owned(), Vendor::name(self.road.vendor()).into());
        let mut names = ["id", "name"].into_iter();
        if let Some(name) = names.find(|name| self.show.columns.contains(name)) {
            row.insert(name.to_owned(), self.show.id.as_str().into());
        }
        if self.show.id.contains('/') {
            for (column, part) in ["domain", "app", "stream"].into_iter().zip(self.show.id.split('/')) {
                let known = self.show.columns.contains(&column) && !part.is_empty();
                known.then(|| row.insert(column.to_owned(), part.into()));
            }
        }
        Item { row, raw: Value::Object(Row::new()) }
    }
}
