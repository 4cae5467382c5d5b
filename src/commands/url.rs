//! `livectl url push`, `play`, `sign` and `check`: signed addresses. With a key at hand nothing is sent.

mod signer;

use std::io::IsTerminal;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::cli::{BuiltUrl, CheckedUrl, NewPlace, SignedUrl, UrlCommand, UrlSigning, UrlTime};
use crate::commands::Ending;
use crate::commands::api::object;
use crate::commands::faults::Faults;
use crate::commands::session::Session;
use crate::commands::target;
use crate::error::{Error, Result};
use crate::model::time::{TIME_FORMS, parse_duration, parse_time, to_row};
use crate::model::{Columns, KeyScope, Row, Vendor};
use crate::output::{self, Format, Shape};
use crate::providers::addresses::{Address, Form, Protocol, Wish};
use crate::providers::{guard, provider};
use crate::sign::address::{self, Hash, Rule};
use signer::{Asked, Keys, Signer};

const COLUMNS: Columns = &["vendor", "profile", "protocol", "domain", "app", "stream", "url", "ends_at"];
const CHECK_COLUMNS: Columns =
    &["vendor", "profile", "protocol", "domain", "path", "accepted", "reasons", "told", "signed_by", "ends_at"];

const HASHES: &[(&str, Hash)] = &[("md5", Hash::Md5), ("sha256", Hash::Sha256)];
const SCOPES: &[(&str, KeyScope)] = &[("push", KeyScope::Push), ("play", KeyScope::Play)];
const SPANS: &str = "90s, 30m, 1h30m or 7d";

/// How long an address is good where nothing is said.
const USUAL: SignedDuration = SignedDuration::from_hours(24);

/// Carries out `livectl url …`.
///
/// # Errors
/// Wrong values, all told at once; the account's, where its key is asked for.
pub(super) async fn run(session: &Session, command: UrlCommand) -> Result<Ending> {
    match command {
        UrlCommand::Push(asked) => build(session, KeyScope::Push, asked).await,
        UrlCommand::Play(asked) => build(session, KeyScope::Play, asked).await,
        UrlCommand::Sign(asked) => sign(session, asked).await,
        UrlCommand::Check(asked) => check(session, asked).await,
    }
}

async fn build(session: &Session, scope: KeyScope, asked: BuiltUrl) -> Result<Ending> {
    let mut faults = Faults::default();
    let place = place(&mut faults, asked.place);
    let known: Vec<(&str, Protocol)> = Protocol::ALL.iter().map(|protocol| (protocol.name(), *protocol)).collect();
    let protocols: Vec<Protocol> =
        asked.protocol.iter().filter_map(|word| faults.pick("--protocol", Some(word), &known)).collect();
    ending(session.now, &mut faults, &asked.time);
    let wish = wish(&mut faults, &asked.signing);
    let verb = scope.name();
    faults.finish(&format!("building the addresses to {verb} a stream"))?;
    let [domain, app, stream] = place;
    let keys = asked.time.key.clone().map(Keys::Given).unwrap_or(Keys::Account);
    let command = format!("url {verb}");
    let asked_for = Asked { command: &command, scope: Some(scope), domain: &domain, vendor: None };
    let signer = Signer::find(session, asked_for, keys, wish).await?;
    let addresses = provider(signer.vendor).addresses();
    let forms = forms(&signer, scope, &protocols)?;
    let at = signed_until(session, &signer, &asked.time);
    if forms.iter().any(|form| form.suffix.is_empty()) && signer.rule.shortens(&stream) {
        session.stderr.warn(&format!(
            "`{stream}` ends as an address of a protocol does: it is signed without that ending, as the vendor does"
        ));
    }
    let rows = forms.iter().map(|form| {
        let address = addresses.address(form, &domain, &app, &stream, asked.http);
        let url = addresses.write(&signer.signed(address, at));
        let row = json!({
            "vendor": signer.vendor, "profile": signer.profile, "protocol": form.protocol.name(), "domain": domain,
            "app": app, "stream": stream, "url": url, "ends_at": signer.end(at).map(to_row),
        });
        (url, object(row))
    });
    print(session, rows.collect(), protocols.len() == 1)
}

/// The forms that are wanted; all where none is named.
fn forms(signer: &Signer, scope: KeyScope, protocols: &[Protocol]) -> Result<Vec<Form>> {
    let addresses = provider(signer.vendor).addresses();
    let known = addresses.forms(scope);
    if let Some(lacking) = protocols.iter().find(|wanted| !known.iter().any(|form| form.protocol == **wanted)) {
        let message =
            format!("building the addresses to {} a stream: no {} on {}", scope.name(), lacking.name(), signer.vendor);
        let vendor = signer.vendor;
        return Err(Error::usage(message).hint(addresses.lacks()).with(|details| details.vendor = Some(vendor)));
    }
    let wanted = |form: &&Form| protocols.is_empty() || protocols.contains(&form.protocol);
    Ok(known.iter().filter(wanted).copied().collect())
}

/// For people and for `$(…)` one address as it is, or a line a protocol, never shortened; else rows.
fn print(session: &Session, rows: Vec<(String, Row)>, one: bool) -> Result<Ending> {
    let plain = session.format(Format::Table) == Format::Table && session.global.columns.is_none();
    if plain {
        let mut stdout = std::io::stdout().lock();
        for (url, row) in rows.into_iter().take(session.global.limit.unwrap_or(usize::MAX)) {
            let protocol = row.get("protocol").and_then(Value::as_str).unwrap_or_default();
            let line = if one { url } else { format!("{protocol:<8}{url}") };
            output::write_text(&line, stdout.is_terminal(), &mut stdout)?;
        }
        return Ok(Ending::Done);
    }
    if one {
        rows.into_iter().try_for_each(|(_, row)| session.print_one(row, COLUMNS))?;
        return Ok(Ending::Done);
    }
    let mut sink = session.sink(Shape::List, COLUMNS, 1);
    for (_, row) in rows {
        if !sink.push(row)? {
            break;
        }
    }
    sink.finish()?;
    Ok(Ending::Done)
}

async fn sign(session: &Session, asked: SignedUrl) -> Result<Ending> {
    let mut faults = Faults::default();
    let address = faults.read_told("URL", &asked.url, Address::read);
    let scope = faults.pick("--scope", asked.scope.as_deref(), SCOPES);
    ending(session.now, &mut faults, &asked.time);
    let wish = wish(&mut faults, &asked.signing);
    faults.finish("signing an address")?;
    let Some(address) = address else { return Err(Error::internal("sign an address: there is none")) };
    let keys = asked.time.key.clone().map(Keys::Given).unwrap_or(Keys::Account);
    let scope = scope.or(address.scope());
    let time = asked.time;
    let asked = Asked { command: "url sign", scope, domain: &address.host, vendor: None };
    let signer = Signer::find(session, asked, keys, wish).await?;
    let at = signed_until(session, &signer, &time);
    let (protocol, domain) = (address.protocol().map(Protocol::name), address.host.clone());
    let path = address.path.clone();
    let (app, stream) = named(&path);
    let url = provider(signer.vendor).addresses().write(&signer.signed(address, at));
    let row = json!({
        "vendor": signer.vendor, "profile": signer.profile, "protocol": protocol, "domain": domain, "app": app,
        "stream": stream, "url": url, "ends_at": signer.end(at).map(to_row),
    });
    print(session, vec![(url, object(row))], true)
}

/// The app and the stream of a path.
fn named(path: &str) -> (Option<&str>, Option<&str>) {
    let mut parts = path.trim_start_matches('/').rsplitn(2, '/');
    let stream = parts.next().map(|name| name.split('.').next().unwrap_or_default());
    (parts.next(), stream)
}

async fn check(session: &Session, asked: CheckedUrl) -> Result<Ending> {
    let mut faults = Faults::default();
    let address = faults.read_told("URL", &asked.url, Address::read);
    let scope = faults.pick("--scope", asked.scope.as_deref(), SCOPES);
    let read = |text: &str| parse_time(text, session.now).ok();
    let at = faults.read("--at", asked.at.as_deref(), TIME_FORMS, read);
    let wish = wish(&mut faults, &asked.signing);
    faults.finish("checking an address")?;
    let Some(address) = address else { return Err(Error::internal("check an address: there is none")) };
    let keys = if asked.key.is_empty() { Keys::Account } else { Keys::Several(asked.key) };
    let scope = scope.or(address.scope());
    let asked = Asked { command: "url check", scope, domain: &address.host, vendor: address.signer() };
    let signer = Signer::find(session, asked, keys, wish).await?;
    let rule = if wish.hash.is_some() { signer.rule.clone() } else { signer.rule.fitting(&address.params) };
    let now = at.unwrap_or(signer.now);
    let found = match signer.keys.is_empty() {
        true => address::Checked::default(),
        false => address::check(&rule, &address.path, &address.params, &signer.keys, now),
    };
    let accepted = found.refusals.is_empty() || !signer.enabled;
    if !signer.enabled {
        session.stderr.note("the domain does not sign: every address is accepted");
    }
    if found.ends.is_some() && rule.valid.is_none() && rule.time_name.as_deref() != Some("volcTime") {
        session.stderr.note("how much longer the domain accepts an address is not known: --valid tells");
    }
    let row = json!({
        "vendor": signer.vendor, "profile": signer.profile, "protocol": address.protocol().map(Protocol::name),
        "domain": address.host, "path": address.path, "accepted": accepted,
        "reasons": found.refusals.iter().map(|refusal| refusal.word()).collect::<Vec<_>>(),
        "told": told(&rule, &found.refusals),
        "signed_by": found.signed_by.and_then(|at| signer.names.get(at)),
        "ends_at": found.ends.map(to_row),
    });
    session.print_one(object(row), CHECK_COLUMNS)?;
    Ok(if accepted { Ending::Done } else { Ending::Differs })
}

fn told(rule: &Rule, refusals: &[address::Refusal]) -> Option<String> {
    let told: Vec<String> = refusals.iter().map(|refusal| refusal.told(rule)).collect();
    (!told.is_empty()).then(|| told.join("; "))
}

/// Domain, app and stream, as names that stand in an address as they are.
fn place(faults: &mut Faults, place: NewPlace) -> [String; 3] {
    let selector = target::located(faults, place);
    let named = [("--domain", selector.domain), ("--app", selector.app), ("--stream", selector.stream)];
    named.map(|(option, name)| {
        let Some(name) = name else {
            faults.add(option, None, "required, or all three as PLACE: push.example.com/live/room1");
            return String::new();
        };
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.~+!$*()".contains(letter);
        if name.is_empty() || !name.chars().all(plain) {
            faults.add(option, Some(&name), "a name of letters, digits and - _ . ~ + ! $ * ( )");
        }
        name
    })
}

/// The time of an address that is signed at `now`.
fn ending(now: Timestamp, faults: &mut Faults, time: &UrlTime) -> Timestamp {
    let until = faults.read("--until", time.until.as_deref(), TIME_FORMS, |text| parse_time(text, now).ok());
    let in_future = |text: &str| {
        let span = parse_duration(text).ok().filter(|span| span.is_positive())?;
        now.checked_add(span).ok()
    };
    let lasting = faults.read("--for", time.lasting.as_deref(), SPANS, in_future);
    until.or(lasting).unwrap_or_else(|| now.saturating_add(USUAL).unwrap_or(Timestamp::MAX))
}

/// The same once the keys are read: only then is the vendor's clock known, by which the address ends.
fn signed_until(session: &Session, signer: &Signer, time: &UrlTime) -> Timestamp {
    let at = ending(signer.now, &mut Faults::default(), time);
    if at <= signer.now && time.until.is_some() {
        session.stderr.warn("the address has ended before it begins: --until is in the past");
    }
    at
}

fn wish(faults: &mut Faults, signing: &UrlSigning) -> Wish {
    let schemes: Vec<(&str, _)> = guard::SCHEMES.iter().map(|(scheme, word)| (*word, *scheme)).collect();
    let span = |text: &str| parse_duration(text).ok().filter(|span| !span.is_negative());
    Wish {
        scope: None,
        scheme: faults.pick("--scheme", signing.scheme.as_deref(), &schemes),
        hash: faults.pick("--hash", signing.hash.as_deref(), HASHES),
        valid: faults.read("--valid", signing.valid.as_deref(), SPANS, span),
    }
}

/// The vendor in a message.
fn whose(vendor: Vendor) -> impl FnOnce(&mut crate::error::Details) {
    move |details| details.vendor = Some(vendor)
}
