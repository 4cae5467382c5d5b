//! `livectl callback send`: callbacks as a vendor sends them, to an address of the user's.

use std::time::Duration;

use serde_json::{Value, json};

use crate::cli::SendCallbacks;
use crate::commands::api::object;
use crate::commands::faults::Faults;
use crate::commands::sender::{Trust, sender};
use crate::commands::session::Session;
use crate::commands::{Ending, decode, proof, redact, secret};
use crate::error::{Class, Error, Result};
use crate::model::time::{TIME_FORMS, parse_time};
use crate::model::{CallbackEvent, Columns, Response, Row, Secret, Vendor};
use crate::output::{self, Shape};
use crate::providers::callbacks::{self, Fields, Manner, Played, Scene, Seal, Written};
use crate::send::{Parcel, Sender, WebAddress};

const COLUMNS: Columns =
    &["vendor", "profile", "event", "domain", "app", "stream", "url", "status", "accepted", "attempts", "answer"];

/// So much of an answer is shown, and handed on: Aliyun reads as much.
const SHOWN_ANSWER: usize = 2048;

/// The beginning of an answer, as far as it is looked at.
pub(super) fn excerpt(body: &[u8]) -> &[u8] {
    &body[..body.len().min(SHOWN_ANSWER)]
}

/// An address of the user's, and what sends there.
pub(super) struct Goal {
    pub(super) address: WebAddress,
    sender: Sender,
}

impl Goal {
    /// Reads an address; what is none is noted.
    pub(super) fn read(faults: &mut Faults, option: &str, given: Option<&str>) -> Option<WebAddress> {
        faults.read(option, given, "an address that begins with http:// or https://", WebAddress::of)
    }

    /// Makes what sends to an address.
    ///
    /// # Errors
    /// Usage: a variable that names no proxy.
    pub(super) fn of(session: &Session, address: WebAddress) -> Result<Goal> {
        let roots = session.global.ca_bundle.clone();
        let roots = roots.or_else(|| session.environment.var("SSL_CERT_FILE").map(Into::into));
        let trust = Trust { roots: roots.as_deref(), system: false, this_machine: address.this_machine };
        let sender = sender(session, &address.url, trust, String::new())?;
        Ok(Goal { address, sender })
    }

    /// Hands something over, once, and waits no longer than that for an answer.
    ///
    /// # Errors
    /// The network's; no answer in time.
    pub(super) async fn deliver(&self, parcel: Parcel<'_>, patience: Duration) -> Result<Response> {
        match tokio::time::timeout(patience, self.sender.deliver(parcel)).await {
            Ok(answered) => answered,
            Err(_) => {
                let seconds = patience.as_secs_f64();
                Err(Error::new(Class::Network, format!("no answer within {seconds} s")))
            }
        }
    }
}

/// Carries out `livectl callback send`.
///
/// # Errors
/// Usage: wrong values, all told at once; network: nobody answers.
pub(super) async fn run(session: &Session, asked: &SendCallbacks) -> Result<Ending> {
    let play = Play::of(session, asked).await?;
    if session.global.dry_run {
        for event in &play.events {
            let (url, played) = play.request(*event)?;
            let line = output::json_line(&view(session, play.vendor, &url, &played));
            output::write_text(&line, false, &mut std::io::stdout().lock())?;
        }
        return Ok(Ending::Done);
    }
    let shape = if play.events.len() == 1 { Shape::One } else { Shape::List };
    let mut sink = session.sink(shape, COLUMNS, 2);
    let mut all = true;
    for event in &play.events {
        let sent = play.send(*event).await?;
        all &= sent.accepted();
        if !sink.push(proof::shown(session, play.row(*event, &sent)))? {
            break;
        }
    }
    sink.finish()?;
    Ok(if all { Ending::Done } else { Ending::No })
}

struct Play<'a> {
    session: &'a Session,
    vendor: Vendor,
    events: Vec<CallbackEvent>,
    goal: Goal,
    scene: Scene,
    seal: Option<Seal>,
    written: Written,
    retries: bool,
    speed: u32,
}

/// What became of an event: the last answer, and at which attempt it came.
struct Sent {
    answer: Result<Response>,
    attempts: usize,
}

impl Sent {
    /// Only a 200 takes a callback.
    fn accepted(&self) -> bool {
        self.answer.as_ref().is_ok_and(|response| response.status == 200)
    }
}

impl<'a> Play<'a> {
    async fn of(session: &'a Session, asked: &'a SendCallbacks) -> Result<Self> {
        let mut faults = Faults::default();
        let selection = session.selection(None, false)?;
        let vendor = session.vendor_of(&selection)?;
        if vendor.is_none() {
            faults.add("--vendor", None, "required: tencent, aliyun or volcengine");
        }
        let events = events(&mut faults, vendor, asked);
        let address = Goal::read(&mut faults, "--url", Some(&asked.url));
        let mut instant = |option: &str, given: &str| {
            faults.read(option, Some(given), TIME_FORMS, |text| parse_time(text, session.now).ok())
        };
        let times = (instant("--at", &asked.at), instant("--expires", &asked.expires), instant("--sent", &asked.sent));
        let set = set(&mut faults, &asked.set);
        let is_signed = asked.key.is_some() || asked.key_of.is_some();
        let signed = vendor.filter(|_| is_signed).map(callbacks::signed_fields).unwrap_or_default();
        for name in signed.iter().filter(|name| set.contains_key(**name)) {
            faults.add("--set", Some(name), "a field that the signature does not make; without --key it may be set");
        }
        faults.finish("sending a callback")?;
        let (Some(vendor), Some(address), (Some(at), Some(expires), Some(sent))) = (vendor, address, times) else {
            return Err(Error::internal("send a callback: a value is missing"));
        };
        let seal = key(session, vendor, asked).await?.map(|key| Seal {
            key,
            host: asked.host.clone().unwrap_or_else(|| address.host.clone()),
            host_is_given: asked.host.is_some(),
            sent,
            expires,
        });
        if seal.is_none() {
            session.stderr.note("without --key the callback is not signed");
        }
        let written = Written { body: asked.body.as_deref().map(body).transpose()?, set };
        let place = |text: &String| text.clone();
        let scene = Scene { domain: place(&asked.domain), app: place(&asked.app), stream: place(&asked.stream), at };
        let goal = Goal::of(session, address)?;
        let (retries, speed) = (asked.vendor_retries, asked.speed);
        Ok(Play { session, vendor, events, goal, scene, seal, written, retries, speed })
    }

    fn request(&self, event: CallbackEvent) -> Result<(String, Played)> {
        let played = callbacks::play(self.vendor, event, &self.scene, &self.written, self.seal.as_ref());
        let played = played.ok_or_else(|| {
            let (vendor, event) = (self.vendor, event.name());
            Error::usage(format!("sending a callback: no document at hand tells what `{event}` of {vendor} looks like"))
                .hint("give its body with `--body @FILE`; it is signed as the vendor signs it")
        })?;
        Ok((self.goal.address.with(&played.query), played))
    }

    async fn send(&self, event: CallbackEvent) -> Result<Sent> {
        let (url, played) = self.request(event)?;
        if self.session.global.show_request || self.session.global.verbose > 1 {
            self.session.stderr.line(&output::json_line(&view(self.session, self.vendor, &url, &played)));
        }
        let Manner { patience, pauses } = callbacks::manner(self.vendor, event);
        let mut pauses = pauses.into_iter().filter(|_| self.retries);
        let mut attempts = 0;
        loop {
            attempts += 1;
            let parcel = Parcel {
                method: played.method.name(),
                url: &url,
                headers: &played.headers,
                body: played.body.as_bytes(),
            };
            let sent = Sent { answer: self.goal.deliver(parcel, patience).await, attempts };
            if sent.accepted() {
                return Ok(sent);
            }
            let Some(pause) = pauses.next() else { return self.given_up(sent) };
            let pause = pause / self.speed;
            let why = match &sent.answer {
                Ok(response) => format!("HTTP {}", response.status),
                Err(error) => error.to_string(),
            };
            let seconds = pause.as_secs_f64();
            self.session.stderr.note(&format!("attempt {attempts} of {}: {why}; next in {seconds} s", event.name()));
            tokio::time::sleep(pause).await;
        }
    }

    /// An event that nobody took: an answer is a row, no answer at all an error where it was all there was to send.
    fn given_up(&self, sent: Sent) -> Result<Sent> {
        match sent.answer {
            Err(error) if self.events.len() == 1 => Err(error.hint("look whether somebody listens at `--url`")),
            answer => Ok(Sent { answer, ..sent }),
        }
    }

    fn row(&self, event: CallbackEvent, sent: &Sent) -> Row {
        let (status, answer) = match &sent.answer {
            Ok(response) => (Some(response.status), String::from_utf8_lossy(excerpt(&response.body)).into_owned()),
            Err(error) => (None, error.to_string()),
        };
        object(json!({
            "vendor": self.vendor, "profile": null, "event": event.name(), "domain": self.scene.domain,
            "app": self.scene.app, "stream": self.scene.stream, "url": self.goal.address.url, "status": status,
            "accepted": sent.accepted(), "attempts": sent.attempts, "answer": answer,
        }))
    }
}

/// The key that signs: as it was given, or as the account has it.
async fn key(session: &Session, vendor: Vendor, asked: &SendCallbacks) -> Result<Option<Secret>> {
    if let Some(domain) = &asked.key_of {
        let keys = proof::keys_of(session, domain).await?;
        return Ok(keys.into_iter().find(|(whose, _)| *whose == vendor).map(|(_, key)| key));
    }
    asked.key.as_ref().map(|given| secret::of_option(session, "--key", given)).transpose()
}

fn events(faults: &mut Faults, vendor: Option<Vendor>, asked: &SendCallbacks) -> Vec<CallbackEvent> {
    let known: Vec<(&str, CallbackEvent)> = CallbackEvent::ALL.iter().map(|event| (event.name(), *event)).collect();
    let mut events = Vec::new();
    for word in &asked.event {
        match (word.as_str(), vendor) {
            ("all", vendor) => events.extend(vendor.into_iter().flat_map(callbacks::playable)),
            _ => events.extend(faults.pick("--event", Some(word), &known)),
        }
    }
    if asked.body.is_some() && events.len() > 1 {
        faults.add("--body", None, "one event only: the body is its");
    }
    events
}

/// The fields of `--set`: `NAME=TEXT`, `NAME:=JSON`.
fn set(faults: &mut Faults, given: &[String]) -> Fields {
    let read = |text: &str| {
        let (name, value) = text.split_once('=').filter(|(name, _)| !name.is_empty())?;
        match name.strip_suffix(':') {
            Some(name) => Some((name.to_owned(), serde_json::from_str(value).ok()?)),
            None => Some((name.to_owned(), Value::from(value))),
        }
    };
    given.iter().filter_map(|text| faults.read("--set", Some(text), "NAME=TEXT or NAME:=JSON", read)).collect()
}

/// The fields of `--body`.
fn body(given: &str) -> Result<Fields> {
    let mut read = callbacks::read(&decode::input(Some(given))?)?;
    read.callbacks.pop().filter(|_| !read.list).ok_or_else(|| Error::usage("reading --body: it is not one object"))
}

fn view(session: &Session, vendor: Vendor, url: &str, played: &Played) -> Value {
    let headers = played.headers.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str())));
    let body: Value = serde_json::from_str(&played.body).unwrap_or(Value::Null);
    let mut view = json!({
        "vendor": vendor, "action": null, "method": played.method.name(), "url": url,
        "headers": Value::Object(headers.collect()), "body": body, "step": 1, "changes": [],
    });
    if !session.global.reveal {
        redact::value(&mut view);
    }
    view
}
