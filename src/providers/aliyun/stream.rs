//! `stream` on Alibaba Cloud ApsaraVideo Live: what is pushed to a domain now, what was, and what may not be.

use jiff::{SignedDuration, tz::Offset};
use serde_json::{Value, json};

use super::{domain, playback};
use crate::error::Result;
use crate::model::time::to_row;
use crate::model::{Answer, Call, Change, Item, Road, StreamArgs, StreamRow, StreamState, StreamVerb, Support, Vendor};
use crate::providers::change;
use crate::providers::intent::{Complaints, word};
use crate::providers::paging::Pages;
use crate::providers::rows::{self, Place};

mod top;

const VENDOR: Vendor = Vendor::Aliyun;

/// How far back the list of what was published looks.
const PAST: SignedDuration = SignedDuration::from_hours(7 * 24);

pub(super) fn support(verb: StreamVerb) -> Support<StreamArgs> {
    match verb {
        StreamVerb::List => Support::Does(|road, args| Box::pin(list(road, args))),
        StreamVerb::Show => Support::Does(|road, args| Box::pin(show(road, args))),
        StreamVerb::Forbid => Support::Does(|road, args| Box::pin(forbid(road, args))),
        StreamVerb::Resume => Support::Does(|road, args| Box::pin(resume(road, args))),
        StreamVerb::Drop => Support::Does(|road, args| Box::pin(drop_once(road, args))),
        StreamVerb::Top => Support::Does(|road, args| Box::pin(top::top(road, args))),
    }
}

async fn list(road: &dyn Road, args: &StreamArgs) -> Result<Answer> {
    check(args).refuse("listing streams", None)?;
    let wanted = Place::of(&args.target)?;
    let fetch = async |domain: &str| {
        let found = match args.state.unwrap_or(StreamState::Live) {
            StreamState::Live => live(road, domain, &wanted).await,
            StreamState::Forbidden => forbidden(road, domain, &wanted).await,
            StreamState::Offline => offline(road, domain, &wanted).await,
        }?;
        Ok(found.into_iter().map(Stream::item).collect())
    };
    // Mapped domains name the same streams.
    let shares = async |push: &str| domain::mapped(road, push).await;
    playback::emit_mapped(road, wanted.domain.as_ref(), fetch, shares).await
}

async fn show(road: &dyn Road, args: &StreamArgs) -> Result<Answer> {
    let place = addressed(args, "reading the stream")?;
    let domain = place.domain.as_deref().unwrap_or_default();
    let mut found = live(road, domain, &place).await?;
    if found.is_empty() {
        found = forbidden(road, domain, &place).await?;
    }
    if found.is_empty() {
        found = published(road, domain, &place).await?;
    }
    // Whoever asks about a stream knows its name: what nobody pushes is offline, whether it ever was live or not.
    let unknown = Stream { place, state: StreamState::Offline, since: None, raw: json!({}) };
    Ok(Answer::One(found.into_iter().next().unwrap_or(unknown).item()))
}

async fn forbid(road: &dyn Road, args: &StreamArgs) -> Result<Answer> {
    let action = "ForbidLiveStream";
    let place = addressed(args, "forbidding a stream")?;
    let (id, name) = (place.selector(), place.stream.clone().unwrap_or_default());
    let before = forbidden(road, place.domain.as_deref().unwrap_or_default(), &place).await?.pop();
    let once = road.further(action).and_then(|further| further.get("Oneshot")).is_some_and(|once| once == "yes");
    let mut changes = Vec::new();
    if before.is_none() && !once {
        changes.push(Change::new("state", Value::Null, word(&StreamState::Forbidden)));
    }
    changes.extend(args.until.map(|until| Change::new("until", Value::Null, to_row(until))));
    if change::unneeded(road, action, &changes) {
        road.note("it is forbidden already; until when, Aliyun does not tell: --until sets it anew");
        return Ok(change::nothing(VENDOR, &id, &name));
    }
    let until = args.until.map_or(String::new(), |until| format!(" until {}", to_row(until)));
    road.confirm(&format!("forbid the stream {id}{until}"))?;
    let call = control(action, &place).with_some("ResumeTime", args.until.map(to_row));
    change::send(road, call, &id, &name, changes).await
}

async fn resume(road: &dyn Road, args: &StreamArgs) -> Result<Answer> {
    let action = "ResumeLiveStream";
    let place = addressed(args, "resuming a stream")?;
    let (id, name) = (place.selector(), place.stream.clone().unwrap_or_default());
    let before = forbidden(road, place.domain.as_deref().unwrap_or_default(), &place).await?.pop();
    let change = Change::new("state", word(&StreamState::Forbidden), word(&StreamState::Offline));
    let changes: Vec<Change> = before.map(|_| change).into_iter().collect();
    if change::unneeded(road, action, &changes) {
        return Ok(change::nothing(VENDOR, &id, &name));
    }
    change::send(road, control(action, &place), &id, &name, changes).await
}

/// Kicks a stream without keeping it away.
async fn drop_once(road: &dyn Road, args: &StreamArgs) -> Result<Answer> {
    let place = addressed(args, "dropping a stream")?;
    let (id, name) = (place.selector(), place.stream.clone().unwrap_or_default());
    if live(road, place.domain.as_deref().unwrap_or_default(), &place).await?.is_empty() {
        return Ok(change::nothing(VENDOR, &id, &name));
    }
    road.confirm(&format!("drop the stream {id}"))?;
    let call = control("ForbidLiveStream", &place).with("Oneshot", "yes");
    let change = Change::new("state", word(&StreamState::Live), word(&StreamState::Offline));
    change::send(road, call, &id, &name, vec![change]).await
}

/// A call that keeps a stream away or lets it in.
fn control(action: &str, place: &Place) -> Call {
    Call::new(VENDOR, action)
        .with_some("DomainName", place.domain.as_deref())
        .with_some("AppName", place.app.as_deref())
        .with_some("StreamName", place.stream.as_deref())
        .with("LiveStreamType", "publisher")
}

/// A listing of a domain's streams that keeps to the app and stream that are named.
fn listing(action: &str, domain: &str, wanted: &Place) -> Call {
    Call::new(VENDOR, action)
        .with("DomainName", domain)
        .with_some("AppName", wanted.app.as_deref())
        .with_some("StreamName", wanted.stream.as_deref())
        // Names would else match where they contain what is asked for.
        .with_some("QueryType", wanted.stream.as_ref().map(|_| "strict"))
}

/// What is being pushed, renditions left out.
async fn live(road: &dyn Road, domain: &str, wanted: &Place) -> Result<Vec<Stream>> {
    let call = listing("DescribeLiveStreamsOnlineList", domain, wanted).with("StreamType", "raw");
    let read = |raw| Stream::read(raw, domain, StreamState::Live, "PublishTime");
    Ok(Pages::all(call, road).await?.into_iter().map(read).filter(|stream| wanted.matches(&stream.place)).collect())
}

/// What may not be pushed. The list tells nothing but where.
async fn forbidden(road: &dyn Road, domain: &str, wanted: &Place) -> Result<Vec<Stream>> {
    let call = Call::new(VENDOR, "DescribeLiveStreamsBlockList").with("DomainName", domain);
    let read = |raw: Value| {
        let place = Place::parse(raw.as_str().unwrap_or_default());
        Stream { place, state: StreamState::Forbidden, since: None, raw }
    };
    Ok(Pages::all(call, road).await?.into_iter().map(read).filter(|stream| wanted.matches(&stream.place)).collect())
}

/// What was pushed and ended, each stream once, the last to begin first.
async fn published(road: &dyn Road, domain: &str, wanted: &Place) -> Result<Vec<Stream>> {
    let start = road.now().checked_sub(PAST).unwrap_or(jiff::Timestamp::MIN);
    let call = listing("DescribeLiveStreamsPublishList", domain, wanted)
        .with("StartTime", to_row(start))
        .with("EndTime", to_row(road.now()))
        .with("OrderBy", "publish_time_desc");
    let mut streams: Vec<Stream> = Vec::new();
    for raw in Pages::all(call, road).await? {
        let stream = Stream::read(raw, domain, StreamState::Offline, "StopTime");
        let known = streams.iter().any(|other| other.place == stream.place);
        if !known && stream.since.is_some() && wanted.matches(&stream.place) {
            streams.push(stream);
        }
    }
    Ok(streams)
}

/// What was pushed, and is now neither live nor forbidden.
async fn offline(road: &dyn Road, domain: &str, wanted: &Place) -> Result<Vec<Stream>> {
    let mut streams = published(road, domain, wanted).await?;
    let others = [live(road, domain, wanted).await?, forbidden(road, domain, wanted).await?].concat();
    let same = |one: &Place, other: &Place| one.app == other.app && one.stream == other.stream;
    streams.retain(|stream| !others.iter().any(|other| same(&other.place, &stream.place)));
    Ok(streams)
}

/// One stream of a domain.
#[derive(Debug, Clone)]
struct Stream {
    place: Place,
    state: StreamState,
    since: Option<String>,
    raw: Value,
}

impl Stream {
    fn read(raw: Value, domain: &str, state: StreamState, since: &str) -> Self {
        Stream {
            place: Place {
                domain: rows::text(&raw, "DomainName").or_else(|| Some(domain.to_owned())),
                app: rows::text(&raw, "AppName"),
                stream: rows::text(&raw, "StreamName"),
                tail: None,
            },
            state,
            since: rows::time(&raw, since, Offset::UTC),
            raw,
        }
    }

    fn item(self) -> Item {
        let row = StreamRow {
            vendor: VENDOR,
            profile: None,
            domain: self.place.domain,
            app: self.place.app,
            stream: self.place.stream,
            state: Some(self.state),
            since: self.since,
            until: None,
        };
        Item { row: rows::row(&row), raw: self.raw }
    }
}

/// The one stream that is named, in all its parts.
fn addressed(args: &StreamArgs, doing: &str) -> Result<Place> {
    let place = Place::of(&args.target)?.without_tail();
    let complaints = check(args)
        .need("--domain", place.domain.is_some())
        .need("--app", place.app.is_some())
        .need("--stream", place.stream.is_some());
    complaints.refuse(doing, Some("name it whole: DOMAIN/APP/STREAM, with a playback domain of the account"))?;
    Ok(place)
}

/// Complains of options that only other vendors have.
fn check(args: &StreamArgs) -> Complaints {
    Complaints::none().foreign("--reason", args.reason.as_ref(), "Tencent").foreign(
        "--vhost",
        args.vhost.as_ref(),
        "Volcengine",
    )
}

#[cfg(test)]
mod tests;
