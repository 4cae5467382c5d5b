//! `stream` on Tencent Cloud CSS.
//!
//! Whether a stream is live, forbidden or neither is told by `DescribeLiveStreamState`; the lists around it are for
//! display. The list of forbidden streams is missing from newer SDKs and may be withdrawn: what only it tells is left
//! empty where it fails.

use std::collections::BTreeMap;

use futures_util::{StreamExt, stream};
use jiff::SignedDuration;
use jiff::tz::Offset;
use serde_json::{Value, json};

use crate::error::{Class, Result};
use crate::model::time::to_row;
use crate::model::{Answer, Call, Change, Item, Road, StreamArgs, StreamRow, StreamState, StreamVerb, Support, Vendor};
use crate::providers::intent::Complaints;
use crate::providers::paging::Pages;
use crate::providers::rows::Place;
use crate::providers::{change, rows, walk};

mod top;

const VENDOR: Vendor = Vendor::Tencent;
const HINT: &str = "on Tencent a stream is published under a push domain";
const ONLINE: &str = "DescribeLiveStreamOnlineList";
const BANS: &str = "DescribeLiveForbidStreamList";
const HISTORY: &str = "DescribeLiveStreamPublishedList";

/// How far back the history goes that `--state offline` lists; 30 days are the most that Tencent answers at once.
const BACK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How many domains are asked at the same time.
const SIDE_BY_SIDE: usize = 4;

pub(super) fn support(verb: StreamVerb) -> Support<StreamArgs> {
    match verb {
        StreamVerb::List => Support::Does(|road, args| Box::pin(list(road, args))),
        StreamVerb::Show => Support::Does(|road, args| Box::pin(show(road, args))),
        StreamVerb::Forbid => Support::Does(|road, args| Box::pin(forbid(road, args))),
        StreamVerb::Resume => Support::Does(|road, args| Box::pin(resume(road, args))),
        StreamVerb::Drop => Support::Does(|road, args| Box::pin(drop(road, args))),
        StreamVerb::Top => Support::Does(|road, args| Box::pin(top::top(road, args))),
    }
}

async fn list(road: &dyn Road, args: &StreamArgs) -> Result<Answer> {
    check(args).refuse("listing streams", Some(HINT))?;
    let wanted = Place::of(&args.target)?;
    match args.state.unwrap_or(StreamState::Live) {
        StreamState::Live => walk::emit_listing(road, placed(ONLINE, &wanted), |raw| Some(live(raw))).await,
        StreamState::Forbidden => {
            let call = Call::new(VENDOR, BANS).with_some("StreamName", wanted.stream.as_deref());
            let item = |raw: Value| may_be(&wanted, &place(&raw)).then(|| banned(raw));
            walk::emit_listing(road, call, item).await.map_err(|error| {
                error.hint("this list may be withdrawn: `livectl stream show` tells the state of one stream")
            })
        }
        StreamState::Offline => list_offline(road, &wanted).await,
    }
}

/// Lists what was published in the last days and is neither live nor forbidden now, one row a stream.
async fn list_offline(road: &dyn Road, wanted: &Place) -> Result<Answer> {
    road.note("listing the streams of the last 7 days that are neither live nor forbidden");
    let domains = match &wanted.domain {
        Some(domain) => vec![domain.clone()],
        None => {
            let push = Call::new(VENDOR, "DescribeLiveDomains").with("DomainType", 0);
            let all = Pages::all(push, road).await?;
            let all: Vec<String> = all.iter().filter_map(|domain| rows::text(domain, "Name")).collect();
            if all.len() > 1 {
                road.note(&format!("looking through the streams of {} push domains", all.len()));
            }
            all
        }
    };
    let mut others: Vec<Place> = Pages::all(placed(ONLINE, wanted), road).await?.iter().map(place).collect();
    match Pages::all(Call::new(VENDOR, BANS), road).await {
        Ok(bans) => others.extend(bans.iter().map(place)),
        Err(error) if error.class() == Class::Interrupted => return Err(error),
        Err(_) => road.note("Tencent does not tell which streams are forbidden: they may be among these"),
    }
    let asked = domains.iter().map(|domain| async move { (domain, published(road, domain, wanted).await) });
    let mut answers = stream::iter(asked).buffered(SIDE_BY_SIDE);
    while let Some((domain, answer)) = answers.next().await {
        let pushes = match answer {
            Ok(pushes) => pushes,
            Err(error) if error.class() == Class::Interrupted || wanted.domain.is_some() => return Err(error),
            Err(error) => {
                road.tell_failure(&format!("domain {domain}"), error);
                continue;
            }
        };
        for raw in pushes.into_iter().filter(|raw| !others.contains(&place(raw))) {
            let row = StreamRow {
                since: rows::time(&raw, "StreamEndTime", Offset::UTC),
                ..row(&place(&raw), Some(StreamState::Offline))
            };
            if !road.emit(Item { row: rows::row(&row), raw })? {
                return Ok(Answer::Listed);
            }
        }
    }
    Ok(Answer::Listed)
}

/// The last push of every stream that was published under a domain, by app and stream.
async fn published(road: &dyn Road, domain: &str, wanted: &Place) -> Result<Vec<Value>> {
    let start = road.now().checked_sub(BACK).unwrap_or(road.now());
    let call = placed(HISTORY, &Place { domain: Some(domain.to_owned()), ..wanted.clone() })
        .with("StartTime", to_row(start))
        .with("EndTime", to_row(road.now()));
    let mut last: BTreeMap<String, Value> = BTreeMap::new();
    // The Action's filter by stream also finds what only contains the name.
    for push in Pages::all(call, road).await?.into_iter().filter(|push| wanted.matches(&place(push))) {
        let ended = |push: &Value| rows::instant(push, "StreamEndTime", Offset::UTC);
        let key = place(&push).selector();
        if last.get(&key).is_none_or(|known| ended(known) < ended(&push)) {
            last.insert(key, push);
        }
    }
    Ok(last.into_values().collect())
}

async fn show(road: &dyn Road, args: &StreamArgs) -> Result<Answer> {
    let wanted = one(args, "showing a stream")?;
    let (state, mut raw) = state(road, &wanted).await?;
    let row = match state {
        Some(StreamState::Live) => {
            let pushes = Pages::all(placed(ONLINE, &wanted), road).await?;
            let push = pushes.into_iter().find(|push| place(push) == wanted).unwrap_or_default();
            StreamRow { since: since(&push), ..extended(&mut raw, push, row(&wanted, state)) }
        }
        Some(StreamState::Forbidden) => {
            let ban = ban(road, &wanted).await?.unwrap_or_default();
            let (since, until) = (beijing(&ban, "CreateTime"), beijing(&ban, "ExpireTime"));
            StreamRow { since, until, ..extended(&mut raw, ban, row(&wanted, state)) }
        }
        _ => row(&wanted, state),
    };
    Ok(Answer::One(Item { row: rows::row(&row), raw }))
}

/// Adds the members of a list's item to what the state's own Action answered.
fn extended(raw: &mut Value, item: Value, row: StreamRow) -> StreamRow {
    if let (Value::Object(raw), Value::Object(item)) = (raw, item) {
        raw.extend(item);
    }
    row
}

async fn forbid(road: &dyn Road, args: &StreamArgs) -> Result<Answer> {
    let wanted = one(args, "forbidding a stream")?;
    let action = "ForbidLiveStream";
    let (before, _) = state(road, &wanted).await?;
    let until = args.until.map(to_row);
    let mut changes = state_change(before, StreamState::Forbidden);
    let forbidden = before == Some(StreamState::Forbidden);
    let known = match forbidden && (until.is_some() || args.reason.is_some()) {
        true => ban(road, &wanted).await?.and_then(|ban| beijing(&ban, "ExpireTime")),
        false => None,
    };
    if until.is_some() && until != known {
        changes.push(Change::new("until", known.clone(), until.clone()));
    }
    if let Some(reason) = &args.reason {
        changes.push(Change::new("reason", Value::Null, reason.as_str()));
    }
    if change::unneeded(road, action, &changes) {
        return Ok(change::nothing(VENDOR, &wanted.selector(), &name(&wanted)));
    }
    // A new reason alone must not move the end of the ban.
    let until = until.or(known);
    let call =
        placed(action, &wanted).with_some("ResumeTime", until.as_deref()).with_some("Reason", args.reason.as_deref());
    road.check(&change::completed(road, call.clone()), Vec::new(), Vec::new())?;
    match &until {
        Some(until) => road.confirm(&format!("forbid the stream {} until {until}", wanted.selector()))?,
        None => {
            road.confirm(&format!("forbid the stream {}", wanted.selector()))?;
            road.note("Tencent lifts the ban after 7 days: --until chooses the time, 90 days away at most");
        }
    }
    change::send(road, call, &wanted.selector(), &name(&wanted), changes).await
}

async fn resume(road: &dyn Road, args: &StreamArgs) -> Result<Answer> {
    let wanted = one(args, "resuming a stream")?;
    let action = "ResumeLiveStream";
    let (before, _) = state(road, &wanted).await?;
    let changes = match before {
        Some(StreamState::Live | StreamState::Offline) => Vec::new(),
        forbidden => state_change(forbidden, StreamState::Offline),
    };
    if change::unneeded(road, action, &changes) {
        return Ok(change::nothing(VENDOR, &wanted.selector(), &name(&wanted)));
    }
    change::send(road, placed(action, &wanted), &wanted.selector(), &name(&wanted), changes).await
}

async fn drop(road: &dyn Road, args: &StreamArgs) -> Result<Answer> {
    let wanted = one(args, "dropping a stream")?;
    let action = "DropLiveStream";
    let (before, _) = state(road, &wanted).await?;
    let changes = match before {
        Some(StreamState::Forbidden | StreamState::Offline) => Vec::new(),
        live => state_change(live, StreamState::Offline),
    };
    if change::unneeded(road, action, &changes) {
        return Ok(change::nothing(VENDOR, &wanted.selector(), &name(&wanted)));
    }
    road.confirm(&format!("drop the stream {}", wanted.selector()))?;
    change::send(road, placed(action, &wanted), &wanted.selector(), &name(&wanted), changes).await
}

fn state_change(before: Option<StreamState>, after: StreamState) -> Vec<Change> {
    let change = Change::new("state", json!(before), json!(after));
    if change.from == change.to { Vec::new() } else { vec![change] }
}

/// The state of a stream, none where the vendor's word is new, with the answer that told it.
async fn state(road: &dyn Road, wanted: &Place) -> Result<(Option<StreamState>, Value)> {
    let reply = road.read(placed("DescribeLiveStreamState", wanted)).await?;
    let state = match rows::text(&reply.result, "StreamState").as_deref() {
        Some("active") => Some(StreamState::Live),
        Some("inactive") => Some(StreamState::Offline),
        Some("forbid") => Some(StreamState::Forbidden),
        _ => None,
    };
    let mut raw = reply.result;
    if let Value::Object(members) = &mut raw {
        members.shift_remove("RequestId");
    }
    Ok((state, raw))
}

/// The ban of a stream, as far as the list of forbidden streams tells it.
async fn ban(road: &dyn Road, wanted: &Place) -> Result<Option<Value>> {
    let call = Call::new(VENDOR, BANS).with_some("StreamName", wanted.stream.as_deref());
    match Pages::all(call, road).await {
        Ok(bans) => Ok(bans.into_iter().find(|ban| may_be(wanted, &place(ban)))),
        Err(error) if error.class() == Class::Interrupted => Err(error),
        Err(_) => {
            road.note("Tencent does not tell since when and until when it is forbidden");
            Ok(None)
        }
    }
}

/// The only stream that a command is about.
fn one(args: &StreamArgs, doing: &str) -> Result<Place> {
    let wanted = Place::of(&args.target)?.without_tail();
    check(args)
        .need("--domain", wanted.domain.is_some())
        .need("--app", wanted.app.is_some())
        .need("--stream", wanted.stream.is_some())
        .refuse(doing, Some(HINT))?;
    Ok(Place { tail: None, ..wanted })
}

/// Complains of what Tencent does not know.
fn check(args: &StreamArgs) -> Complaints {
    Complaints::none().foreign("--vhost", args.vhost.as_ref(), "Volcengine")
}

/// A call with the parts of a place that are named.
fn placed(action: &str, place: &Place) -> Call {
    Call::new(VENDOR, action)
        .with_some("DomainName", place.domain.as_deref())
        .with_some("AppName", place.app.as_deref())
        .with_some("StreamName", place.stream.as_deref())
}

fn name(place: &Place) -> String {
    place.stream.clone().unwrap_or_default()
}

fn place(item: &Value) -> Place {
    let part = |name| rows::text(item, name);
    Place { domain: part("DomainName"), app: part("AppName"), stream: part("StreamName"), tail: None }
}

/// Whether an item is meant whose domain or app the vendor may leave empty.
fn may_be(wanted: &Place, item: &Place) -> bool {
    let same = |wanted: &Option<String>, got: &Option<String>| wanted.is_none() || got.is_none() || wanted == got;
    same(&wanted.domain, &item.domain)
        && same(&wanted.app, &item.app)
        && wanted.stream.as_ref().is_none_or(|stream| item.stream.as_ref() == Some(stream))
}

fn row(place: &Place, state: Option<StreamState>) -> StreamRow {
    StreamRow {
        vendor: VENDOR,
        profile: None,
        domain: place.domain.clone(),
        app: place.app.clone(),
        stream: place.stream.clone(),
        state,
        since: None,
        until: None,
    }
}

fn live(raw: Value) -> Item {
    let row = StreamRow { since: since(&raw), ..row(&place(&raw), Some(StreamState::Live)) };
    Item { row: rows::row(&row), raw }
}

fn banned(raw: Value) -> Item {
    let row = StreamRow {
        since: beijing(&raw, "CreateTime"),
        until: beijing(&raw, "ExpireTime"),
        ..row(&place(&raw), Some(StreamState::Forbidden))
    };
    Item { row: rows::row(&row), raw }
}

/// Since when a stream is live: the latest of its pushes.
fn since(push: &Value) -> Option<String> {
    let times = push.get("PublishTimeList")?.as_array()?;
    times.iter().filter_map(|time| rows::time(time, "PublishTime", Offset::UTC)).max()
}

/// A time that is written with a `Z` and means Beijing.
fn beijing(item: &Value, name: &str) -> Option<String> {
    rows::beijing_digits(item, name).map(to_row)
}

#[cfg(test)]
mod tests;
