//! `relay` on Volcengine Live: the fixed relay sources (V4), addressed by domain, app and stream.

use jiff::Timestamp;
use jiff::tz::Offset;
use serde_json::{Value, json};

use crate::error::{Class, Error};
use crate::model::{Answer, Call, Item, RelayArgs, RelayRow, RelayVerb, Road, Support, Vendor, Window, time};
use crate::providers::intent::Complaints;
use crate::providers::paging::Pages;
use crate::providers::rows::{self, Place};
use crate::providers::volcengine::domain::{self, as_existing, is_refusal};
use crate::providers::{change, walk};

#[cfg(test)]
mod tests;

const VENDOR: Vendor = Vendor::Volcengine;

/// The most sources that one relay tries in order (from the vendor's SDK; the reference gives no limit).
const MOST_SOURCES: usize = 10;

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
            status: Some(rows::window_status(self.start, self.end, now)),
            ..rows::placed_relay(VENDOR, &self.place, &self.sources, self.start, self.end)
        }
    }

    fn name(&self) -> &str {
        self.place.stream.as_deref().unwrap_or_default()
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
    fn check(&self, road: &dyn Road, permanent: bool, complaints: Complaints) -> Complaints {
        let many = Some(self.sources.len()).filter(|count| *count > MOST_SOURCES);
        let unless = "required, unless --permanent is given";
        complaints
            .beyond(
                road,
                "--source",
                many.map(|count| format!("{count} sources")),
                format!("at most {MOST_SOURCES}, tried in order"),
            )
            .need_window(permanent || self.start.is_some(), permanent || self.end.is_some(), unless)
    }
}

async fn list(road: &dyn Road, args: &RelayArgs) -> Result<Answer, Error> {
    let wanted = Place::of(&args.target)?;
    let item = |domain: &str, raw: Value| {
        let relay = read(domain, &raw);
        wanted.matches(&relay.place).then(|| relay.item(raw, road.now()))
    };
    let asked = match &wanted.domain {
        Some(domain) => return walk::emit_listing(road, listing(domain), |raw| item(domain, raw)).await,
        None => domains(road).await?,
    };
    walk::emit_listings(road, &asked, "domains", listing, item).await
}

async fn show(road: &dyn Road, args: &RelayArgs) -> Result<Answer, Error> {
    let (relay, raw) = find(road, "reading the relay", args).await?;
    Ok(Answer::One(relay.item(raw, road.now())))
}

async fn add(road: &dyn Road, args: &RelayArgs) -> Result<Answer, Error> {
    let place = Place::of(&args.target)?;
    let doing = "adding a relay";
    let window = &args.window;
    let needed = check(args).need_relay(&place, &args.sources);
    let hint = needed.concern("--domain").then_some(WHICH_DOMAIN);
    let relay = Relay { place, sources: args.sources.clone(), start: window.start, end: window.end };
    relay.check(road, window.permanent, needed).refuse(doing, hint)?;
    let relay = if window.permanent { Relay { start: None, end: None, ..relay } } else { relay };
    let changes = rows::created(&rows::row(&relay.row(road.now())), ALL_FIELDS);
    match change::send(road, relay.call("CreateRelaySourceV4"), &relay.place.selector(), relay.name(), changes).await {
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
    after.check(road, args.window.permanent || untouched, Complaints::none()).refuse(doing, None)?;
    let row = |relay: &Relay| rows::row(&relay.row(road.now()));
    let changes = rows::changes(&row(&before), &row(&after), FIELDS);
    if changes.is_empty() {
        return Ok(change::nothing(VENDOR, &before.place.selector(), before.name()));
    }
    change::send(road, after.call("UpdateRelaySourceV4"), &after.place.selector(), after.name(), changes).await
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
    change::send(road, call, &relay.place.selector(), relay.name(), changes).await
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

/// Every domain of the account that can have relays.
async fn domains(road: &dyn Road) -> Result<Vec<String>, Error> {
    Ok(domain::living(road).await?.iter().filter_map(|item| rows::text(item, "Domain")).collect())
}

/// The one relay that the selector means, with the vendor's own item.
async fn find(road: &dyn Road, doing: &str, args: &RelayArgs) -> Result<(Relay, Value), Error> {
    let wanted = Place::of(&args.target)?.without_tail();
    Complaints::none().need("--domain", wanted.domain.is_some()).refuse(doing, Some(WHICH_DOMAIN))?;
    let found = matching(road, &wanted).await?;
    let what = format!("{doing} `{}`", wanted.selector());
    rows::only_one(&what, found, |(relay, _)| relay.place.selector()).map_err(|error| match error.class() {
        Class::NotFound => error.hint("`livectl relay list` shows what there is").hint(WHICH_DOMAIN),
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
