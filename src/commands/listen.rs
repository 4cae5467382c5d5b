//! `livectl callback listen`: a server that takes the vendors' callbacks.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::Timestamp;
use serde_json::Value;

use crate::cli::ListenCallbacks;
use crate::commands::Ending;
use crate::commands::deliver::{Goal, excerpt};
use crate::commands::faults::Faults;
use crate::commands::proof::{self, Came, Keyring, Verdict};
use crate::commands::session::Session;
use crate::config::Selection;
use crate::error::{Error, Result};
use crate::model::time::to_row;
use crate::model::{Columns, Header, Row, Vendor};
use crate::output::{Format, Shape, Sink, Style};
use crate::providers::callbacks;
use crate::receive::{self, Answer, Arrived, Receiver};
use crate::send::Parcel;

const COLUMNS: Columns = &[
    "vendor",
    "profile",
    "event",
    "domain",
    "app",
    "stream",
    "time",
    "verified",
    "reason",
    "received_at",
    "from",
    "path",
    "forwarded",
    "detail",
];

/// A forward must be answered within this: the most patient vendor waits 20 s, the least patient 4.
const FORWARD_PATIENCE: Duration = Duration::from_millis(3500);

/// The reason in the row of a callback that was taken, and that nobody answered where it was to be handed on to.
const NOT_FORWARDED: &str = "not-forwarded";

/// So many forwards are under way at once.
const FORWARDS: usize = 32;

/// So many refusals a minute are told; the others are counted.
const TOLD: u32 = 60;

/// Headers that are handed on beside those of the vendor's signature.
const HANDED_ON: &[&str] = &["content-type", "user-agent"];

/// Carries out `livectl callback listen`, until it is ended.
///
/// # Errors
/// Usage: wrong options, an address that cannot be listened on; the output's own.
pub(super) async fn run(session: &Session, asked: &ListenCallbacks) -> Result<Ending> {
    let listener = Listener::of(session, asked).await?;
    let address = SocketAddr::new(asked.bind, asked.port);
    let mut receiver = receive::listen(address).await.map_err(|why| {
        Error::usage(format!("listening for callbacks: cannot listen on {address}: {why}"))
            .hint("`--port 0` takes any free port; `--bind` takes an address of this machine")
    })?;
    listener.greet(asked, receiver.address);
    session.stop.be_quiet();
    let mut sink = listener.sink();
    let served = listener.serve(&mut receiver, &mut sink).await;
    receiver.close().await;
    listener.refusals.borrow_mut().flush(session);
    served.and_then(|()| sink.finish()).map(|()| Ending::Done)
}

struct Listener<'a> {
    session: &'a Session,
    asked: &'a ListenCallbacks,
    selection: Selection,
    keyring: Keyring,
    forward: Option<Goal>,
    refusals: RefCell<Refusals>,
}

/// A callback that is taken, on its way to be printed and answered.
struct Taken {
    arrived: Arrived,
    vendor: Vendor,
    came: Came,
    verdict: Verdict,
}

/// A callback that is not taken.
struct Refused {
    status: u16,
    reason: &'static str,
    vendor: Option<Vendor>,
    came: Option<Came>,
}

impl<'a> Listener<'a> {
    async fn of(session: &'a Session, asked: &'a ListenCallbacks) -> Result<Self> {
        check_streams(session)?;
        let mut faults = Faults::default();
        if asked.path.as_ref().is_some_and(|path| !path.starts_with('/')) {
            faults.add("--path", asked.path.as_deref(), "a path that begins with /");
        }
        if session.global.limit == Some(0) {
            faults.add("--limit", Some("0"), "1 or more: so many events are waited for");
        }
        let goal = Goal::read(&mut faults, "--forward", asked.forward.as_deref());
        faults.finish("listening for callbacks")?;
        let forward = goal.map(|address| Goal::of(session, address)).transpose()?;
        let keyring = Keyring::of(session, &asked.keys).await?;
        let selection = session.selection(None, false)?;
        Ok(Listener { session, asked, selection, keyring, forward, refusals: RefCell::default() })
    }

    fn greet(&self, asked: &ListenCallbacks, address: SocketAddr) {
        let path = asked.path.as_deref().unwrap_or_default();
        self.session.stderr.note(&format!("listening on http://{address}{path}; Ctrl-C ends"));
        if self.keyring.is_empty() {
            self.session.stderr.warn("without --key nothing is verified: anybody's callback is taken");
        }
        if !asked.bind.is_loopback() {
            self.session.stderr.warn("others than this machine can connect, and in plain HTTP");
        }
    }

    fn sink(&self) -> Sink<Box<dyn std::io::Write>> {
        let columns: Columns = if self.session.global.raw { &[] } else { COLUMNS };
        let format = self.session.global.output.unwrap_or(Format::Ndjson);
        let style = Style { show_vendor: true, format, ..self.session.style(Format::Ndjson, 1) };
        let writer: Box<dyn std::io::Write> = Box::new(std::io::BufWriter::new(std::io::stdout()));
        Sink::new(style, Shape::List, columns, writer)
    }

    /// Takes callbacks until no more are wanted.
    async fn serve(&self, receiver: &mut Receiver, sink: &mut Sink<Box<dyn std::io::Write>>) -> Result<()> {
        let mut forwards = FuturesUnordered::new();
        loop {
            tokio::select! {
                biased;
                () = self.session.stop.wanted() => return Ok(()),
                Some((taken, answered)) = forwards.next(), if !forwards.is_empty() => {
                    if !self.end(sink, taken, Some(answered))? {
                        return Ok(());
                    }
                }
                arrived = receiver.next(), if forwards.len() < FORWARDS => {
                    let Some(arrived) = arrived else { return Ok(()) };
                    match self.judge(&arrived) {
                        Err(refused) => if !self.refuse(sink, arrived, refused)? {
                            return Ok(());
                        },
                        Ok((vendor, came, verdict)) => {
                            let taken = Taken { arrived, vendor, came, verdict };
                            match &self.forward {
                                Some(goal) => forwards.push(self.hand_on(goal, taken)),
                                None => if !self.end(sink, taken, None)? {
                                    return Ok(());
                                },
                            }
                        }
                    }
                }
            }
        }
    }

    fn judge(&self, arrived: &Arrived) -> Result<(Vendor, Came, Verdict), Refused> {
        let refused = |status, reason| Refused { status, reason, vendor: None, came: None };
        let path = arrived.target.split('?').next().unwrap_or_default();
        if self.asked.path.as_ref().is_some_and(|wanted| wanted != path) {
            return Err(refused(404, "another-path"));
        }
        if !matches!(arrived.method.as_str(), "GET" | "POST") {
            return Err(refused(405, "another-method"));
        }
        let came = Came::of(&arrived.target, arrived.headers.clone(), &arrived.body);
        let came = came.map_err(|_| refused(400, "unreadable"))?;
        let Some(vendor) = proof::whose(&self.selection, &self.keyring, &came) else {
            return Err(Refused { came: Some(came), ..refused(400, "unknown-vendor") });
        };
        match self.keyring.judge(vendor, &came, Some(Timestamp::now())) {
            Verdict::Refused(reason) => Err(Refused { status: 403, reason, vendor: Some(vendor), came: Some(came) }),
            verdict => Ok((vendor, came, verdict)),
        }
    }

    /// Answers what is not taken, and tells of it. Whether more is wanted.
    fn refuse(&self, sink: &mut Sink<Box<dyn std::io::Write>>, arrived: Arrived, refused: Refused) -> Result<bool> {
        let Refused { status, reason, vendor, came } = refused;
        self.refusals.borrow_mut().tell(self.session, &arrived, reason);
        let mut more = true;
        if let (true, Some(came)) = (self.asked.show_refused, came) {
            let vendor = vendor.or_else(|| callbacks::recognise(&came.fields));
            if let Some(vendor) = vendor {
                more = sink.push(self.row(&arrived, vendor, &came, Verdict::Refused(reason), None))?;
            }
        }
        arrived.answer(Answer { status, body: format!("{reason}\n").into_bytes() });
        Ok(more)
    }

    /// Prints what is taken, and then answers it: what nobody could read is not taken. Whether more is wanted.
    fn end(
        &self,
        sink: &mut Sink<Box<dyn std::io::Write>>,
        taken: Taken,
        forwarded: Option<Result<(u16, Vec<u8>)>>,
    ) -> Result<bool> {
        let Taken { arrived, vendor, came, verdict } = taken;
        let status = forwarded.as_ref().map(|answer| answer.as_ref().ok().map(|(status, _)| *status));
        let mut row = self.row(&arrived, vendor, &came, verdict, status.flatten());
        if let (Some(Err(_)), Some(reason)) = (&forwarded, row.get_mut("reason")) {
            *reason = NOT_FORWARDED.into();
        }
        let more = sink.push(row)?;
        let answer = match forwarded {
            None => {
                let body = callbacks::taken(vendor, &came.fields, self.asked.need_record).into_bytes();
                Answer { status: 200, body }
            }
            Some(Ok((status, body))) => Answer { status, body },
            Some(Err(error)) => {
                self.session.stderr.warn(&format!("forwarding failed: {error}"));
                Answer { status: 502, body: b"not forwarded\n".to_vec() }
            }
        };
        arrived.answer(answer);
        Ok(more)
    }

    fn row(&self, arrived: &Arrived, vendor: Vendor, came: &Came, verdict: Verdict, forwarded: Option<u16>) -> Row {
        let when = Value::from(to_row(Timestamp::now()));
        let from = Value::from(arrived.from.to_string());
        if self.session.global.raw {
            let mut row = Row::from_iter([("received_at".to_owned(), when), ("from".to_owned(), from)]);
            row.extend(proof::record(&arrived.method, &arrived.target, &arrived.headers, &arrived.body));
            return proof::shown(self.session, row);
        }
        let mut row = proof::event_row(self.session, vendor, came, verdict);
        let detail = row.shift_remove("detail").unwrap_or_default();
        let path = arrived.target.split('?').next().unwrap_or_default();
        row.extend([
            ("received_at".to_owned(), when),
            ("from".to_owned(), from),
            ("path".to_owned(), path.into()),
            ("forwarded".to_owned(), forwarded.into()),
            ("detail".to_owned(), detail),
        ]);
        row
    }

    async fn hand_on(&self, goal: &Goal, taken: Taken) -> (Taken, Result<(u16, Vec<u8>)>) {
        let arrived = &taken.arrived;
        let query = arrived.target.split_once('?').map_or("", |(_, query)| query);
        let is_handed_on =
            |header: &&Header| HANDED_ON.contains(&header.0.as_str()) || header.0.starts_with("ali-live-");
        let headers: Vec<Header> = arrived.headers.iter().filter(is_handed_on).cloned().collect();
        let url = goal.address.with(query);
        let parcel = Parcel { method: &arrived.method, url: &url, headers: &headers, body: &arrived.body };
        let answered = goal.deliver(parcel, FORWARD_PATIENCE).await;
        (taken, answered.map(|response| (response.status, excerpt(&response.body).to_vec())))
    }
}

/// Refuses options that keep all rows until the end, which nobody waits for.
///
/// # Errors
/// Usage, naming what to do.
fn check_streams(session: &Session) -> Result<()> {
    let global = &session.global;
    let kept = match global.output.unwrap_or(Format::Ndjson) {
        _ if global.limit.is_some() => None,
        _ if global.sort_by.is_some() => Some("--sort-by"),
        Format::Table => Some("--output table"),
        Format::Json if global.jq.is_some() => Some("--output json with --jq"),
        Format::Csv | Format::Tsv if global.raw && global.columns.is_none() => Some("--output csv with --raw"),
        _ => None,
    };
    match kept {
        None => Ok(()),
        Some(option) => Err(Error::usage(format!("listening for callbacks: {option} prints only at the end"))
            .hint("use `-o ndjson`, or `--limit N`, which ends after so many events")),
    }
}

/// Refusals that were told, and those that were only counted.
#[derive(Default)]
struct Refusals {
    minute: i64,
    told: u32,
    counted: u64,
}

impl Refusals {
    fn tell(&mut self, session: &Session, arrived: &Arrived, reason: &str) {
        let minute = Timestamp::now().as_second() / 60;
        if minute != self.minute {
            self.flush(session);
            self.minute = minute;
            self.told = 0;
        }
        if self.told >= TOLD {
            self.counted += 1;
            return;
        }
        self.told += 1;
        let path = arrived.target.split('?').next().unwrap_or_default();
        let path: String = path.chars().take(80).collect();
        session.stderr.warn(&format!("refused {} {path} of {}: {reason}", arrived.method, arrived.from));
    }

    fn flush(&mut self, session: &Session) {
        if self.counted > 0 {
            session.stderr.warn(&format!("refused {} more", self.counted));
            self.counted = 0;
        }
    }
}
