//! `relay` on Volcengine Live: the fixed relay sources (V4), addressed by domain, app and stream.

use futures_util::StreamExt;
use jiff::Timestamp;
use jiff::tz::Offset;
use serde_json::{Value, json};

use crate::error::{Class, Error};
use crate::model::{
    Answer, Call, Change, Changed, Item, RelayArgs, RelayRow, RelayVerb, Road, Support, Vendor, Window, time,
};
use crate::providers::intent::Complaints;
use crate::providers::paging::Pages;
use crate::providers::rows::{self, Place};
use crate::providers::volcengine::domain::{as_existing, is_refusal};

#[cfg(test)]
mod tests;

const VENDOR: Vendor = Vendor::Volcengine;

/// The most sources that one relay tries in order (from the vendor's SDK; the reference gives no limit).
const MOST_SOURCES: usize = 10;

/// How many domains a walk asks at the same time.
const SIDE_BY_SIDE: usize = 4;

/// The state of a domain that `ListDomainDetail` still lists after its deletion.
const DELETED: u64 = 3;

const WHICH_DOMAIN: &str = "on Volcengine the domain is the one the stream is published under, push or play";

/// The fields that an update can change.
const FIELDS: &[&str] = &["sources", "start_time", "end_time"];

/// The fields that appear when a relay is made and vanish with it.
const ALL_FIELDS: &[&str] = &["domain", "app", "stream", "sources", "start_time", "end_time"];

pub(super) fn support(verb: RelayVerb) -> Support<RelayArgs> {
    match verb {
        RelayVerb::List => Support::Does(|road, args| Box::pin(list(road, args))),
        RelayVerb::Show => Support::Does(|road, args| Box::pin(show(road, args))),
        RelayVerb::Add => Support::Does(|road, args| Box::pin(add(road, args))),
        RelayVerb::Update => Support::Does(|road, args| Box::pin(update(road, args))),
        RelayVerb::Delete => Support::Does(|road, args| Box::pin(delete(road, args))),
        RelayVerb::Restart => Support::Cannot {
            why: "Volcengine has nothing to restart a fixed relay with: it reconnects by itself inside its window",
            instead: Some("livectl relay update DOMAIN/APP/STREAM --start now --end +7d"),
        },
    }
}

/// A fixed relay source, typed.
#[derive(Debug, Clone, PartialEq)]
struct Relay {
    place: Place,
    sources: Vec<String>,
    start: Option<Timestamp>,
    end: Option<Timestamp>,
}

impl Relay {
    fn read(raw: &Value) -> Relay {
        let place = Place {
            domain: rows::text(raw, "Domain"),
            app: rows::text(raw, "App"),
            stream: rows::text(raw, "Stream"),
            tail: None,
        };
        Relay {
            place,
            sources: rows::texts(raw, "SrcAddrS"),
            start: rows::instant(raw, "StartTime", Offset::UTC),
            end: rows::instant(raw, "EndTime", Offset::UTC),
        }
    }

    fn row(&self, now: Timestamp) -> RelayRow {
        RelayRow {
            vendor: VENDOR,
            profile: None,
            id: self.place.selector(),
            domain: self.place.domain.clone(),
            app: self.place.app.clone(),
            stream: self.place.stream.clone(),
            sources: self.sources.clone(),
            start_time: self.start.map(time::to_row),
            end_time: self.end.map(time::to_row),
            status: Some(rows::window_status(self.start, self.end, now)),
        }
    }

    fn item(&self, raw: Value, now: Timestamp) -> Item {
        Item { row: rows::row(&self.row(now)), raw }
    }

    /// The call that makes or replaces it; without times it is permanent.
    fn call(&self, action: &str) -> Call {
        Call::new(VENDOR, action)
            .with_some("App", self.place.app.as_deref())
            .with_some("Stream", self.place.stream.as_deref())
            .with("SrcAddrS", json!(self.sources))
            .with_some("Domain", self.place.domain.as_deref())
            .with_some("StartTime", self.start.map(Timestamp::as_second))
            .with_some("EndTime", self.end.map(Timestamp::as_second))
    }

    /// Complains of its sources and its window, so far as the facts do not tell.
    fn check(&self, permanent: bool, complaints: Complaints) -> Complaints {
        let many = Some(self.sources.len()).filter(|count| *count > MOST_SOURCES);
        let unless = "required, unless --permanent is given";
        complaints
            .wrong(
                "--source",
                many.map(|count| format!("{count} sources")),
                format!("at most {MOST_SOURCES}, tried in order"),
            )
            .need_unless("--start", permanent || self.start.is_some(), unless)
            .need_unless("--end", permanent || self.end.is_some(), unless)
    }
}

async fn list(road: &dyn Road, args: &RelayArgs) -> Result<Answer, Error> {
    let wanted = Place::of(&args.target)?;
    if let Some(domain) = &wanted.domain {
        let mut pages = Pages::new(listing(domain));
        while let Some(page) = pages.next(road).await? {
            if !emit(road, domain, page.items, &wanted)? {
                break;
            }
        }
        return Ok(Answer::Listed);
    }
    let domains = domains(road).await?;
    if domains.len() > 1 {
        road.note(&format!("looking through the relays of {} domains", domains.len()));
    }
    let asked = domains.iter().map(|domain| async move { (domain, Pages::all(listing(domain), road).await) });
    let mut answers = futures_util::stream::iter(asked).buffered(SIDE_BY_SIDE);
    while let Some((domain, answer)) = answers.next().await {
        match answer {
            Ok(items) => {
                if !emit(road, domain, items, &wanted)? {
                    break;
                }
            }
            Err(error) if error.class() == Class::Interrupted => return Err(error),
            Err(error) => road.tell_failure(&format!("domain {domain}"), error),
        }
    }
    Ok(Answer::Listed)
}

async fn show(road: &dyn Road, args: &RelayArgs) -> Result<Answer, Error> {
    let (relay, raw) = find(road, "showing the relay", args).await?;
    Ok(Answer::One(relay.item(raw, road.now())))
}

async fn add(road: &dyn Road, args: &RelayArgs) -> Result<Answer, Error> {
    let place = Place::of(&args.target)?;
    let doing = "adding a relay";
    let window = &args.window;
    let needed = check(args)
        .need("--domain", place.domain.is_some())
        .need("--app", place.app.is_some())
        .need("--stream", place.stream.is_some())
        .need("--source", !args.sources.is_empty());
    let hint = needed.concern("--domain").then_some(WHICH_DOMAIN);
    let relay = Relay { place, sources: args.sources.clone(), start: window.start, end: window.end };
    relay.check(window.permanent, needed).refuse(doing, hint)?;
    let relay = if window.permanent { Relay { start: None, end: None, ..relay } } else { relay };
    let changes = rows::created(&rows::row(&relay.row(road.now())), ALL_FIELDS);
    match made(road, relay.call("CreateRelaySourceV4"), &relay, changes).await {
        Err(error) if is_refusal(&error) && exists(road, &relay.place).await => {
            let message = format!("{doing}: `{}` exists already", relay.place.selector());
            let error = as_existing(error, &message);
            Err(error.hint(format!("change it with `livectl relay update {}`", relay.place.selector())))
        }
        other => other,
    }
}

async fn update(road: &dyn Road, args: &RelayArgs) -> Result<Answer, Error> {
    let doing = "updating the relay";
    check(args).refuse(doing, None)?;
    let (before, _) = find(road, doing, args).await?;
    let mut after = before.clone();
    if !args.sources.is_empty() {
        after.sources.clone_from(&args.sources);
    }
    after.start = args.window.start.or(before.start);
    after.end = args.window.end.or(before.end);
    let untouched = args.window == Window::default();
    if args.window.permanent {
        (after.start, after.end) = (None, None);
    }
    after.check(args.window.permanent || untouched, Complaints::none()).refuse(doing, None)?;
    let row = |relay: &Relay| rows::row(&relay.row(road.now()));
    let changes = rows::changes(&row(&before), &row(&after), FIELDS);
    if changes.is_empty() {
        let id = before.place.selector();
        let name = before.place.stream.unwrap_or_default();
        return Ok(Answer::Changed(Box::new(Changed::nothing(VENDOR, id, name))));
    }
    made(road, after.call("UpdateRelaySourceV4"), &after, changes).await
}

async fn delete(road: &dyn Road, args: &RelayArgs) -> Result<Answer, Error> {
    let doing = "deleting the relay";
    check(args).refuse(doing, None)?;
    let (relay, _) = find(road, doing, args).await?;
    road.confirm(&format!("delete the relay {}", relay.place.selector()))?;
    let changes = rows::removed(&rows::row(&relay.row(road.now())), ALL_FIELDS);
    let call = Call::new(VENDOR, "DeleteRelaySourceV4")
        .with_some("App", relay.place.app.as_deref())
        .with_some("Domain", relay.place.domain.as_deref())
        .with_some("Stream", relay.place.stream.as_deref());
    made(road, call, &relay, changes).await
}

async fn made(road: &dyn Road, call: Call, relay: &Relay, changes: Vec<Change>) -> Result<Answer, Error> {
    let action = call.action.clone();
    let reply = road.change(call, &changes).await?;
    Ok(Answer::Changed(Box::new(Changed {
        vendor: VENDOR,
        profile: None,
        action: Some(action),
        id: Some(relay.place.selector()),
        name: relay.place.stream.clone(),
        changed: true,
        changes,
        request_id: reply.request_id,
    })))
}

fn listing(domain: &str) -> Call {
    Call::new(VENDOR, "ListRelaySourceV4").with("Domain", domain)
}

/// Reads one item of a domain's list. The domain that was asked for is filled in where the item has none.
fn read(domain: &str, raw: &Value) -> Relay {
    let mut relay = Relay::read(raw);
    relay.place.domain.get_or_insert_with(|| domain.to_owned());
    relay
}

/// Hands the wanted ones of a domain's items to the output; false: enough.
fn emit(road: &dyn Road, domain: &str, items: Vec<Value>, wanted: &Place) -> Result<bool, Error> {
    for raw in items {
        let relay = read(domain, &raw);
        if wanted.matches(&relay.place) && !road.emit(relay.item(raw, road.now()))? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Every domain of the account that can have relays.
async fn domains(road: &dyn Road) -> Result<Vec<String>, Error> {
    let items = Pages::all(Call::new(VENDOR, "ListDomainDetail"), road).await?;
    let living = items.iter().filter(|item| rows::number(item, "Status") != Some(DELETED));
    Ok(living.filter_map(|item| rows::text(item, "Domain")).collect())
}

/// The one relay that the selector means, with the vendor's own item.
async fn find(road: &dyn Road, doing: &str, args: &RelayArgs) -> Result<(Relay, Value), Error> {
    let wanted = Place::of(&args.target)?;
    Complaints::none().need("--domain", wanted.domain.is_some()).refuse(doing, Some(WHICH_DOMAIN))?;
    let found = matching(road, &wanted).await?;
    let what = format!("{doing} `{}`", wanted.selector());
    let one = rows::only_one(&what, found, |(relay, _)| relay.place.selector());
    one.map_err(|error| match error.class() {
        Class::NotFound => Error::new(Class::NotFound, format!("{doing}: there is no relay `{}`", wanted.selector()))
            .hint(WHICH_DOMAIN)
            .with(|details| details.vendor = Some(VENDOR)),
        _ => error,
    })
}

async fn matching(road: &dyn Road, wanted: &Place) -> Result<Vec<(Relay, Value)>, Error> {
    let domain = wanted.domain.as_deref().unwrap_or_default();
    let items = Pages::all(listing(domain), road).await?;
    let relays = items.into_iter().map(|raw| (read(domain, &raw), raw));
    Ok(relays.filter(|(relay, _)| wanted.matches(&relay.place)).collect())
}

async fn exists(road: &dyn Road, place: &Place) -> bool {
    matching(road, place).await.is_ok_and(|found| !found.is_empty())
}

/// Complains of options that do not belong here: those of other vendors, and a time beside `--permanent`.
fn check(args: &RelayArgs) -> Complaints {
    let beside = |side: Option<Timestamp>| side.filter(|_| args.window.permanent).map(time::to_row);
    Complaints::none()
        .foreign("--operator", args.operator.as_ref(), "Tencent")
        .wrong("--start", beside(args.window.start), "none beside --permanent")
        .wrong("--end", beside(args.window.end), "none beside --permanent")
}
