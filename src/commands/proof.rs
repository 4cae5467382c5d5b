//! `livectl callback verify`, and what it has in common with `callback listen`: keys, verdicts, rows.

use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::cli::{CallbackKeys, VerifyCallbacks};
use crate::commands::faults::Faults;
use crate::commands::link::Link;
use crate::commands::road::LiveRoad;
use crate::commands::session::Session;
use crate::commands::{Ending, decode, redact, secret};
use crate::config::Selection;
use crate::error::{Class, Error, Result};
use crate::model::time::{TIME_FORMS, parse_time};
use crate::model::{CallbackArgs, CallbackVerb, Columns, Header, Row, Secret, Selector, Support, Vendor};
use crate::output::Shape;
use crate::providers::callbacks::{self, Fields, Moment, prove};
use crate::providers::rows;
use crate::sign::callback_host;

const COLUMNS: Columns =
    &["vendor", "profile", "event", "domain", "app", "stream", "time", "verified", "reason", "detail"];

/// The keys that callbacks are held against.
pub(super) struct Keyring {
    keys: Vec<(Option<Vendor>, Secret)>,
    hosts: Vec<String>,
    window: SignedDuration,
}

impl Keyring {
    /// Reads the keys of a command line: each for one vendor, or for all.
    ///
    /// # Errors
    /// Usage: one that cannot be read.
    pub(super) async fn of(session: &Session, asked: &CallbackKeys) -> Result<Self> {
        let read = |given: &String| {
            let named = given.split_once('=').and_then(|(word, rest)| Some((word.parse::<Vendor>().ok()?, rest)));
            let (vendor, rest) = named.map_or((None, given.as_str()), |(vendor, rest)| (Some(vendor), rest));
            Ok((vendor, secret::of_option(session, "--key", rest)?))
        };
        let mut keys = asked.key.iter().map(read).collect::<Result<Vec<_>>>()?;
        if keys.iter().any(|(_, key)| key.expose().is_empty()) {
            return Err(Error::usage("read --key: there is nothing in it"));
        }
        for domain in &asked.key_of {
            let named = keys_of(session, domain).await?;
            keys.extend(named.into_iter().map(|(vendor, key)| (Some(vendor), key)));
        }
        Ok(Keyring { keys, hosts: asked.host.clone(), window: asked.window })
    }

    /// Whether there is no key at all: then nothing can be verified.
    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    fn keys_of(&self, vendor: Vendor) -> Vec<Secret> {
        let fits = |named: &Option<Vendor>| named.is_none_or(|named| named == vendor);
        self.keys.iter().filter(|(named, _)| fits(named)).map(|(_, key)| key.clone()).collect()
    }

    /// The vendor whose keys they all are.
    fn sole_vendor(&self) -> Option<Vendor> {
        let first = self.keys.first()?.0?;
        self.keys.iter().all(|(named, _)| *named == Some(first)).then_some(first)
    }

    /// Holds a callback against the keys, and its time against `now` where that is given.
    pub(super) fn judge(&self, vendor: Vendor, came: &Came, now: Option<Timestamp>) -> Verdict {
        if self.is_empty() {
            return Verdict::Unasked;
        }
        let keys = self.keys_of(vendor);
        if keys.is_empty() {
            return Verdict::Refused("no-key");
        }
        let hosts = if self.hosts.is_empty() { came.hosts() } else { self.hosts.clone() };
        let moment = now.map(|now| Moment { now, window: self.window });
        match prove(vendor, &came.fields, &came.headers, &hosts, &keys, moment) {
            Ok(()) => Verdict::Verified,
            Err(_) if came.is_masked() => Verdict::Refused("masked"),
            Err(doubt) => Verdict::Refused(doubt.name()),
        }
    }
}

/// Members of the vendors' callback settings that hold a key, in lower case.
const KEY_NAMES: &[&str] = &["callbackkey", "authkeyprimary", "authkeysecondary", "notifyauthkey"];

/// The keys that sign the callbacks of a domain, by the account's own settings.
///
/// # Errors
/// The account's and the vendor's; not found, where no callback of the domain has a key.
pub(super) async fn keys_of(session: &Session, domain: &str) -> Result<Vec<(Vendor, Secret)>> {
    let mut keys: Vec<(Vendor, Secret)> = Vec::new();
    for account in session.accounts(None, false)? {
        let link = Rc::new(Link::open(session, account).await?);
        let road = LiveRoad::gathering(Rc::clone(&link));
        let target = Selector { domain: Some(domain.to_owned()), ..Selector::default() };
        let args = CallbackArgs { target, ..CallbackArgs::default() };
        let Support::Does(list) = link.provider.callback(CallbackVerb::List) else { continue };
        list(&road, &args).await.map_err(|error| link.own(error, ""))?;
        for item in road.gathered() {
            let mut found = Vec::new();
            gather(&item.raw, &mut found);
            for key in found {
                session.secrets.borrow_mut().add(&key);
                let key = (link.vendor(), Secret::new(key));
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
        }
    }
    if keys.is_empty() {
        return Err(Error::new(
            Class::NotFound,
            format!("reading the callback keys of {domain}: none of its callbacks has one"),
        )
        .hint("`livectl callback list --domain DOMAIN` shows which are signed; `--key @FILE` gives a key"));
    }
    Ok(keys)
}

fn gather(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(key) if KEY_NAMES.contains(&name.to_lowercase().as_str()) && !key.is_empty() => {
                        found.push(key.clone());
                    }
                    member => gather(member, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, found)),
        _ => {}
    }
}

/// A callback as it came.
pub(super) struct Came {
    pub(super) fields: Fields,
    pub(super) headers: Vec<Header>,
}

impl Came {
    /// Reads one request: what stands in its body, or else behind its address.
    ///
    /// # Errors
    /// Usage: neither holds one callback.
    pub(super) fn of(target: &str, headers: Vec<Header>, body: &[u8]) -> Result<Came> {
        let bytes = if body.iter().all(u8::is_ascii_whitespace) { target.as_bytes() } else { body };
        let mut read = callbacks::read(bytes)?;
        match (read.list, read.callbacks.pop(), read.callbacks.is_empty()) {
            (false, Some(fields), true) => Ok(Came { fields, headers }),
            _ => Err(Error::usage("reading the callback: it is not one object")),
        }
    }

    /// The names by which the address that it came to may be known to the vendor.
    fn hosts(&self) -> Vec<String> {
        let Some((_, host)) = self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("host")) else {
            return Vec::new();
        };
        let host = host.trim();
        let bare = host.rsplit_once(':').filter(|(bare, port)| {
            !bare.is_empty() && !bare.ends_with(':') && port.bytes().all(|byte| byte.is_ascii_digit())
        });
        bare.map(|(bare, _)| bare.to_owned()).into_iter().chain([host.to_owned()]).collect()
    }

    /// Whether its signature was masked when it was stored.
    fn is_masked(&self) -> bool {
        let header = self
            .headers
            .iter()
            .any(|(name, value)| name.eq_ignore_ascii_case(callback_host::SIGNATURE_HEADER) && value == redact::MASK);
        header || Value::Object(self.fields.clone()).to_string().contains("\"sign\":\"***\"")
    }
}

/// What became of a callback that was held against the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// There is no key.
    Unasked,
    /// Its sender knows the key.
    Verified,
    /// It is not believed, in a word.
    Refused(&'static str),
}

/// Whose a callback is: as the command line says, else as its fields, its headers, or the only keys say.
pub(super) fn whose(selection: &Selection, keyring: &Keyring, came: &Came) -> Option<Vendor> {
    let signed = came.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(callback_host::SIGNATURE_HEADER));
    let recognised = callbacks::recognise(&came.fields).or(signed.then_some(Vendor::Aliyun));
    selection.vendor.or(recognised).or(keyring.sole_vendor()).or(selection.env_vendor)
}

/// The row of an event, with what became of it; its secrets masked unless they are asked for.
pub(super) fn event_row(session: &Session, vendor: Vendor, came: &Came, verdict: Verdict) -> Row {
    let mut row = rows::row(&callbacks::decode(vendor, &came.fields));
    let detail = row.shift_remove("detail").unwrap_or_default();
    row.shift_remove("expects");
    let (verified, reason) = match verdict {
        Verdict::Unasked => (Value::Null, None),
        Verdict::Verified => (true.into(), None),
        Verdict::Refused(reason) => (false.into(), Some(reason)),
    };
    row.insert("verified".to_owned(), verified);
    row.insert("reason".to_owned(), reason.into());
    row.insert("detail".to_owned(), detail);
    shown(session, row)
}

/// A row with its secrets masked, unless they are asked for.
pub(super) fn shown(session: &Session, row: Row) -> Row {
    if session.global.reveal {
        return row;
    }
    let mut shown = Value::Object(row);
    redact::value(&mut shown);
    match shown {
        Value::Object(row) => row,
        _ => Row::new(),
    }
}

/// Carries out `livectl callback verify`.
///
/// # Errors
/// Usage: what cannot be read, no key, and where nobody can tell whose callback it is.
pub(super) async fn run(session: &Session, asked: &VerifyCallbacks) -> Result<Ending> {
    let mut faults = Faults::default();
    let now = faults.read("--at", asked.at.as_deref(), TIME_FORMS, |text| parse_time(text, session.now).ok());
    let headers: Vec<Header> =
        asked.header.iter().filter_map(|given| faults.read("--header", Some(given), "NAME: VALUE", header)).collect();
    if asked.keys.key.is_empty() && asked.keys.key_of.is_empty() {
        faults.add("--key", None, "required, or --key-of: what signs the callbacks");
    }
    faults.finish("verifying the callback")?;
    let keyring = Keyring::of(session, &asked.keys).await?;
    let selection = session.selection(None, false)?;
    let read = callbacks::read(&decode::input(asked.input.as_deref())?)?;
    if read.callbacks.is_empty() {
        // Nothing that was verified must not look as if all was.
        return Err(Error::usage("verifying the callback: the list is empty").hint("give one callback at least"));
    }
    let shape = if read.list { Shape::List } else { Shape::One };
    let judged = read.callbacks.into_iter().enumerate().map(|(number, fields)| {
        let came = stored(fields, &headers)?;
        let vendor = whose(&selection, &keyring, &came).ok_or_else(|| {
            let place = if read.list { format!("callback {}", number + 1) } else { "the callback".to_owned() };
            Error::usage(format!("verifying the callback: the fields of {place} do not tell the vendor"))
                .hint("say it with `--vendor`")
        })?;
        Ok((vendor, keyring.judge(vendor, &came, now), came))
    });
    // A list is judged whole before the first row is printed.
    let judged = judged.collect::<Result<Vec<_>>>()?;
    let all = judged.iter().all(|(_, verdict, _)| *verdict == Verdict::Verified);
    if judged.iter().any(|(_, verdict, _)| *verdict == Verdict::Refused("masked")) {
        session.stderr.warn("the signature is masked; store callbacks with `callback listen --raw --reveal`");
    }
    if now.is_none() {
        session.stderr.note("the signature alone was looked at; `--at TIME` holds the time against one too");
    }
    let mut sink = session.sink(shape, COLUMNS, 2);
    for (vendor, verdict, came) in judged {
        let row = match session.global.raw {
            true => shown(session, came.fields),
            false => event_row(session, vendor, &came, verdict),
        };
        if !sink.push(row)? {
            break;
        }
    }
    sink.finish()?;
    Ok(if all { Ending::Done } else { Ending::No })
}

fn header(text: &str) -> Option<Header> {
    let (name, value) = text.split_once(':')?;
    let name = name.trim();
    (!name.is_empty()).then(|| (name.to_ascii_lowercase(), value.trim().to_owned()))
}

/// A callback out of what was stored: a request as [`record`] writes it, or the callback alone.
fn stored(mut fields: Fields, given: &[Header]) -> Result<Came> {
    let whole = matches!(
        (fields.get("method"), fields.get("target"), fields.get("headers")),
        (Some(Value::String(_)), Some(Value::String(_)), Some(Value::Object(_)))
    );
    if !whole {
        return Ok(Came { fields, headers: given.to_vec() });
    }
    let text = |value: Option<Value>| match value {
        Some(Value::String(text)) => text,
        _ => String::new(),
    };
    let target = text(fields.shift_remove("target"));
    let body = match fields.shift_remove("body_base64") {
        Some(Value::String(encoded)) => STANDARD
            .decode(encoded)
            .map_err(|_| Error::usage("reading the stored request: its `body_base64` is no Base64"))?,
        _ => text(fields.shift_remove("body")).into_bytes(),
    };
    let mut headers: Vec<Header> = given.to_vec();
    if let Some(Value::Object(all)) = fields.shift_remove("headers") {
        headers.extend(all.into_iter().map(|(name, value)| (name, text(Some(value)))));
    }
    Came::of(&target, headers, &body)
}

/// A request as it came, to be stored: what [`stored`] reads.
pub(super) fn record(method: &str, target: &str, headers: &[Header], body: &[u8]) -> Row {
    let mut named = Row::new();
    for (name, value) in headers {
        let value = match named.get(name).and_then(Value::as_str) {
            Some(before) => format!("{before}, {value}"),
            None => value.clone(),
        };
        named.insert(name.clone(), value.into());
    }
    let body = match std::str::from_utf8(body) {
        Ok(text) => ("body".to_owned(), Value::from(text)),
        Err(_) => ("body_base64".to_owned(), STANDARD.encode(body).into()),
    };
    let parts = [("method", json!(method)), ("target", json!(target)), ("headers", Value::Object(named))];
    parts.into_iter().map(|(name, value)| (name.to_owned(), value)).chain([body]).collect()
}
