//! `stream` on Volcengine Live: what is live, what is banned, what ended; banning, resuming and cutting.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::space;
use crate::error::{Class, Error};
use crate::model::time::{BEIJING, to_row};
use crate::model::{Answer, Call, Change, Item, Road, StreamArgs, StreamRow, StreamState, StreamVerb, Support, Vendor};
use crate::providers::intent::Complaints;
use crate::providers::paging::Pages;
use crate::providers::rows::{self, Place};
use crate::providers::{change, walk};

#[cfg(test)]
mod tests;
mod top;

const VENDOR: Vendor = Vendor::Volcengine;

const WHICH_DOMAIN: &str = "on Volcengine the domain is the push domain, or --vhost names its whole domain space";

/// The longest ban, and the one that is meant where no end is given.
const LONGEST_BAN: SignedDuration = SignedDuration::from_hours(90 * 24);

/// How far back a list of ended streams looks: the vendor wants both ends of a time.
const LOOKING_BACK: SignedDuration = SignedDuration::from_hours(7 * 24);

pub(super) fn support(verb: StreamVerb) -> Support<StreamArgs> {
    match verb {
        StreamVerb::List => Support::Does(|road, args| Box::pin(list(road, args))),
        StreamVerb::Show => Support::Does(|road, args| Box::pin(show(road, args))),
        StreamVerb::Forbid => Support::Does(|road, args| Box::pin(forbid(road, args))),
        StreamVerb::Resume => Support::Does(|road, args| Box::pin(resume(road, args))),
        StreamVerb::Drop => Support::Does(|road, args| Box::pin(cut(road, args))),
        StreamVerb::Top => Support::Does(|road, args| Box::pin(top::top(road, args))),
    }
}

/// One stream: on a domain, else on any of a domain space.
struct Stream {
    place: Place,
    vhost: Option<String>,
}

impl Stream {
    /// The stream that a command names. All that is missing is told, with `complaints`.
    fn of(doing: &str, args: &StreamArgs, complaints: Complaints) -> Result<Stream, Error> {
        let stream = Stream::named(args)?;
        let needed = complaints
            .wrong("ID", stream.place.tail.as_ref().map(|tail| format!("#{tail}")), "DOMAIN/APP/STREAM")
            .need("--domain", stream.place.domain.is_some() || stream.vhost.is_some())
            .need("--app", stream.place.app.is_some())
            .need("--stream", stream.place.stream.is_some());
        let hint = needed.concern("--domain").then_some(WHICH_DOMAIN);
        needed.refuse(doing, hint)?;
        Ok(stream)
    }

    fn named(args: &StreamArgs) -> Result<Stream, Error> {
        let vhost = args.vhost.clone().filter(|vhost| !vhost.is_empty());
        Ok(Stream { place: Place::of(&args.target)?.without_tail(), vhost })
    }

    /// A call about it. The vendor wants a domain or a domain space, and refuses both.
    fn call(&self, action: &str) -> Call {
        let space = self.vhost.as_deref().filter(|_| self.place.domain.is_none());
        Call::new(VENDOR, action)
            .with_some("Domain", self.place.domain.as_deref())
            .with_some("Vhost", space)
            .with_some("App", self.place.app.as_deref())
            .with_some("Stream", self.place.stream.as_deref())
    }

    /// What it is called in questions and answers.
    fn id(&self) -> String {
        let domain = self.place.domain.clone().or_else(|| self.vhost.clone());
        Place { domain, ..self.place.clone() }.selector()
    }

    fn name(&self) -> &str {
        self.place.stream.as_deref().unwrap_or_default()
    }

    /// How it is now, with the vendor's own words.
    async fn look(&self, road: &dyn Road) -> Result<(StreamRow, Value), Error> {
        let told = road.read(self.call("DescribeLiveStreamState")).await?.result;
        let state = match rows::text(&told, "stream_state").as_deref() {
            Some("online") => Some(StreamState::Live),
            Some("forbidden") => Some(StreamState::Forbidden),
            Some("offline") => Some(StreamState::Offline),
            _ => None,
        };
        if let Some(state @ (StreamState::Live | StreamState::Forbidden)) = state {
            let (action, read) = listing(state);
            let items = Pages::all(self.call(action), road).await?;
            // Nothing where it changed in between.
            if let Some((row, raw)) = items.into_iter().find_map(|raw| Some((read(&raw)?, raw))) {
                return Ok((row, raw));
            }
        }
        let row = StreamRow {
            domain: self.place.domain.clone(),
            app: self.place.app.clone(),
            stream: self.place.stream.clone(),
            state,
            ..nowhere()
        };
        Ok((row, told))
    }

    async fn send(&self, road: &dyn Road, call: Call, changes: Vec<Change>) -> Result<Answer, Error> {
        change::send(road, call, &self.id(), self.name(), changes).await
    }
}

/// A row of which nothing is known.
fn nowhere() -> StreamRow {
    StreamRow {
        vendor: VENDOR,
        profile: None,
        domain: None,
        app: None,
        stream: None,
        state: None,
        since: None,
        until: None,
    }
}

/// An item's row; `None`: it is not what is listed.
type Read = fn(&Value) -> Option<StreamRow>;

/// The Action that lists the streams of a state, and how to read its items.
fn listing(state: StreamState) -> (&'static str, Read) {
    match state {
        StreamState::Live => ("DescribeLiveStreamInfoByPage", |raw| {
            Some(StreamRow { since: rows::time(raw, "SessionStartTime", BEIJING), ..read(raw, StreamState::Live) })
        }),
        StreamState::Forbidden => ("DescribeForbiddenStreamInfoByPage", |raw| {
            let row = StreamRow {
                since: rows::time(raw, "CreateTime", BEIJING),
                until: rows::time(raw, "EndTime", BEIJING),
                ..read(raw, StreamState::Forbidden)
            };
            (rows::flag(raw, "Status") != Some(false)).then_some(row)
        }),
        StreamState::Offline => ("DescribeClosedStreamInfoByPage", |raw| {
            Some(StreamRow { since: rows::time(raw, "EndTime", BEIJING), ..read(raw, StreamState::Offline) })
        }),
    }
}

fn read(raw: &Value, state: StreamState) -> StreamRow {
    StreamRow {
        domain: rows::text(raw, "Domain"),
        app: rows::text(raw, "App"),
        stream: rows::text(raw, "Stream"),
        state: Some(state),
        ..nowhere()
    }
}

async fn list(road: &dyn Road, args: &StreamArgs) -> Result<Answer, Error> {
    let state = args.state.unwrap_or(StreamState::Live);
    let (action, read) = listing(state);
    let mut call = Stream::named(args)?.call(action);
    if state == StreamState::Offline {
        let from = road.now().saturating_sub(LOOKING_BACK).unwrap_or(road.now());
        call = call.with("EndTimeFrom", to_row(from)).with("EndTimeTo", to_row(road.now()));
        road.note("streams that ended in the last 7 days: `livectl stream published list` takes other times");
    }
    walk::emit_listing(road, call, |raw| Some(Item { row: rows::row(&read(&raw)?), raw })).await
}

async fn show(road: &dyn Road, args: &StreamArgs) -> Result<Answer, Error> {
    let stream = Stream::of("reading the stream", args, Complaints::none())?;
    let (row, raw) = stream.look(road).await?;
    Ok(Answer::One(Item { row: rows::row(&row), raw }))
}

async fn forbid(road: &dyn Road, args: &StreamArgs) -> Result<Answer, Error> {
    let latest = road.now().saturating_add(LONGEST_BAN).unwrap_or(road.now());
    let late = args.until.filter(|until| *until > latest).map(to_row);
    let complaints = Complaints::none()
        .beyond(road, "--until", late, format!("at most 90 days from now, {} at the latest", to_row(latest)))
        .foreign("--reason", args.reason.as_ref(), "Tencent");
    let stream = Stream::of("forbidding the stream", args, complaints)?;
    let (before, _) = stream.look(road).await?;
    let until: Timestamp = args.until.unwrap_or(latest);
    let after = StreamRow { state: Some(StreamState::Forbidden), until: Some(to_row(until)), ..before.clone() };
    let changes = differences(&before, &after);
    if change::unneeded(road, "ForbidStream", &changes) {
        return Ok(change::nothing(VENDOR, &stream.id(), stream.name()));
    }
    road.confirm(&format!("forbid the stream {} until {}", stream.id(), to_row(until)))?;
    let call = stream.call("ForbidStream").with_some("EndTime", args.until.map(to_row));
    stream.send(road, call, changes).await
}

async fn resume(road: &dyn Road, args: &StreamArgs) -> Result<Answer, Error> {
    let stream = Stream::of("resuming the stream", args, Complaints::none())?;
    let (before, _) = stream.look(road).await?;
    let banned = before.state == Some(StreamState::Forbidden);
    let after = StreamRow { state: Some(StreamState::Offline), until: None, ..before.clone() };
    let changes = if banned { differences(&before, &after) } else { Vec::new() };
    if change::unneeded(road, "ResumeStream", &changes) {
        return Ok(change::nothing(VENDOR, &stream.id(), stream.name()));
    }
    stream.send(road, stream.call("ResumeStream"), changes).await
}

/// Cuts a stream. Its state is not looked at first: a push that has just begun may not be told of yet. The vendor says
/// itself where there is none.
async fn cut(road: &dyn Road, args: &StreamArgs) -> Result<Answer, Error> {
    let stream = Stream::of("dropping the stream", args, Complaints::none())?;
    let space = space::placed(road, stream.place.clone(), stream.vhost.as_ref()).await?.domain;
    road.confirm(&format!("drop the stream {}", stream.id()))?;
    let call = Call::new(VENDOR, "KillStream")
        .with_some("Vhost", space)
        .with_some("App", stream.place.app.as_deref())
        .with_some("Stream", stream.place.stream.as_deref());
    let changes = vec![Change::new("state", json!(StreamState::Live), json!(StreamState::Offline))];
    match stream.send(road, call, changes).await {
        Err(error) if error.class() == Class::NotFound => Ok(change::nothing(VENDOR, &stream.id(), stream.name())),
        answer => answer,
    }
}

fn differences(before: &StreamRow, after: &StreamRow) -> Vec<Change> {
    rows::changes(&rows::row(before), &rows::row(after), &["state", "until"])
}
