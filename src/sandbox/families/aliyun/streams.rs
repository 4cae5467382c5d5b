//! Aliyun's streams: what is pushed or pulled, what was, and what may not be.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::model::{Params, time};
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::families::live::{self, Ban, End, StreamKey};
use crate::sandbox::families::rates::Rates;
use crate::sandbox::house::{House, text};

use super::mapping::MAPPINGS;
use super::{relay, shape};

const CONTROLS: &str = "stream_controls";

/// How many streams may be forbidden at a time.
const MOST_FORBIDDEN: usize = 10_000;

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("DescribeLiveStreamsOnlineList", Reads(online)),
    ("DescribeLiveStreamsPublishList", Reads(pushed)),
    ("DescribeLiveStreamsBlockList", Reads(blocked)),
    ("DescribeLiveStreamsControlHistory", Reads(history)),
    ("DescribeLiveStreamState", Reads(state)),
    ("DescribeLiveDomainPublishErrorCode", Reads(statuses)),
    ("DescribeLiveDomainFrameRateAndBitRateData", Reads(rates)),
    ("ForbidLiveStream", Changes(forbid)),
    ("ResumeLiveStream", Changes(resume)),
];

/// One push or pull.
struct Push {
    stream: StreamKey,
    kind: &'static str,
    start: Timestamp,
    end: Option<Timestamp>,
}

/// A domain and those that are mapped to it: they name the same streams.
fn names(house: &House, domain: &str) -> Vec<String> {
    let others = house.rows(MAPPINGS).iter().filter_map(|row| match (text(row, "Push"), text(row, "Pull")) {
        (push, pull) if push == domain => Some(pull),
        (push, pull) if pull == domain => Some(push),
        _ => None,
    });
    std::iter::once(domain).chain(others).map(str::to_owned).collect()
}

/// What is or was pushed or pulled on a domain, the oldest first.
pub(super) fn pushes(house: &House, domain: &str, now: Timestamp) -> Vec<(StreamKey, Timestamp, Option<Timestamp>)> {
    all(house, domain, now).into_iter().map(|push| (push.stream, push.start, push.end)).collect()
}

fn all(house: &House, domain: &str, now: Timestamp) -> Vec<Push> {
    let published = live::published(house).map(|push| Push {
        stream: push.stream,
        kind: "edge",
        start: push.started_at,
        end: push.ended_at,
    });
    let pulled = relay::windows(house).filter(|(_, start, _)| *start <= now).map(|(stream, start, end)| {
        let cut = live::banned(house, &stream, now).map(|ban| ban.since.max(start));
        let end = cut.into_iter().chain((end <= now).then_some(end)).min();
        Push { stream, kind: "center", start, end }
    });
    let names = names(house, domain);
    let mut pushes: Vec<Push> = published.chain(pulled).filter(|push| names.contains(&push.stream.domain)).collect();
    pushes.sort_by_key(|push| push.start);
    pushes
}

/// A push as all the members that the two lists show.
fn row(domain: &str, push: &Push) -> Params {
    let StreamKey { domain: published, app, stream } = &push.stream;
    let mut row = members(json!({
        "DomainName": domain,
        "AppName": app,
        "StreamName": stream,
        "PublishTime": time::to_row(push.start),
        "PublishUrl": format!("rtmp://{published}/{app}/{stream}"),
        "PublishDomain": published,
        "PublishType": push.kind,
        "StreamUrl": format!("http://{domain}/{app}/{stream}.flv"),
        "ClientIp": "127.0.0.1",
        "ClientAddr": "127.0.0.1",
        "ServerIp": "127.0.0.1",
        "EdgeNodeAddr": "127.0.0.1",
        "Transcoded": "no",
    }));
    if let Some(end) = push.end {
        row.insert("StopTime".to_owned(), json!(time::to_row(end)));
    }
    row
}

/// Whether a list of streams is about this one.
fn wanted(asked: &Asked<'_>, push: &Push) -> bool {
    let (app, name) = (asked.text("AppName"), asked.text("StreamName"));
    let strict = asked.text("QueryType") == "strict";
    let named = if strict { name.is_empty() || push.stream.stream == name } else { push.stream.stream.contains(name) };
    named && (app.is_empty() || push.stream.app == app) && asked.text("StreamType") != "trans"
}

fn online(asked: &Asked<'_>, house: &House) -> Performed {
    let (from, to) = (moment(asked, "StartTime")?, moment(asked, "EndTime")?);
    let domain = asked.text("DomainName");
    let within = |push: &Push| from.is_none_or(|from| push.start >= from) && to.is_none_or(|to| push.start <= to);
    let pushes = all(house, domain, asked.now);
    let rows = pushes.iter().filter(|push| push.end.is_none() && within(push) && wanted(asked, push));
    let rows: Vec<Params> = rows.map(|push| row(domain, push)).collect();
    Ok(shape::answer(asked, rows.iter()))
}

/// The rates of what is live, whatever the time that is asked for: nobody waits five minutes for a rehearsal.
fn rates(asked: &Asked<'_>, house: &House) -> Performed {
    moment(asked, "QueryTime")?;
    let domain = asked.text("DomainName");
    let live = all(house, domain, asked.now).into_iter().filter(|push| push.end.is_none());
    let infos = live.map(|push| {
        let rates = Rates::of(&push.stream);
        json!({
            "VideoFrameRate": rates.frames,
            "AudioFrameRate": 43,
            // Bytes a second, as the vendor's reference says.
            "BitRate": rates.all() / 8,
            "StreamUrl": format!("rtmp://{domain}/{}/{}", push.stream.app, push.stream.stream),
        })
    });
    Ok(members(json!({"FrameRateAndBitRateInfos": {"FrameRateAndBitRateInfo": infos.collect::<Vec<_>>()}})))
}

fn pushed(asked: &Asked<'_>, house: &House) -> Performed {
    let (from, to) = range(asked)?;
    let domain = asked.text("DomainName");
    let mut pushes = all(house, domain, asked.now);
    pushes.retain(|push| push.start <= to && push.end.is_none_or(|end| end >= from) && wanted(asked, push));
    let order = asked.text("OrderBy");
    if order.starts_with("stream_name") {
        pushes.sort_by(|one, other| one.stream.stream.cmp(&other.stream.stream));
    }
    if order.ends_with("_desc") {
        pushes.reverse();
    }
    let rows: Vec<Params> = pushes.iter().map(|push| row(domain, push)).collect();
    Ok(shape::answer(asked, rows.iter()))
}

fn blocked(asked: &Asked<'_>, house: &House) -> Performed {
    let domain = asked.text("DomainName");
    let bans = live::forbidden(house, asked.now).filter(|ban| ban.stream.domain == domain);
    let url = |ban: Ban| json!({ "url": format!("{domain}/{}/{}", ban.stream.app, ban.stream.stream) });
    let urls: Vec<Params> = bans.map(|ban| members(url(ban))).collect();
    let page = asked.page(urls.iter(), |row| row.get("url").cloned().unwrap_or_default());
    let pages = page.pages();
    Ok(members(json!({
        "DomainName": domain,
        "StreamUrls": {"StreamUrl": page.items},
        "PageNum": page.number,
        "PageSize": page.size,
        "TotalNum": page.total,
        "TotalPage": pages,
    })))
}

fn history(asked: &Asked<'_>, house: &House) -> Performed {
    let (from, to) = range(asked)?;
    let (domain, app) = (asked.text("DomainName"), asked.text("AppName"));
    let within = |row: &Params| {
        let at = text(row, "TimeStamp").parse::<Timestamp>().ok();
        at.is_some_and(|at| from <= at && at <= to)
    };
    let rows = house.rows(CONTROLS).iter().filter(|row| {
        text(row, "DomainName") == domain && (app.is_empty() || text(row, "AppName") == app) && within(row)
    });
    Ok(shape::answer(asked, rows))
}

fn state(asked: &Asked<'_>, house: &House) -> Performed {
    let key = key(asked);
    let pushes = all(house, &key.domain, asked.now);
    let mine = |push: &&Push| push.stream.app == key.app && push.stream.stream == key.stream;
    let found = pushes.iter().rev().find(mine).ok_or_else(|| {
        asked.refuse_listed(&["InvalidStream.NotFound"], "The specified stream was never pushed to this domain.")
    })?;
    let state = if found.end.is_none() { "online" } else { "offline" };
    Ok(members(json!({ "StreamState": state, "Type": found.kind })))
}

/// What pushes met, a minute: 200 where one began, 3 where a connection broke.
fn statuses(asked: &Asked<'_>, house: &House) -> Performed {
    let hour = asked.now.saturating_sub(SignedDuration::from_hours(1)).unwrap_or(asked.now);
    let from = moment(asked, "StartTime")?.unwrap_or(hour);
    let to = moment(asked, "EndTime")?.unwrap_or(asked.now);
    let (domains, app) = (asked.text("DomainName").split(',').collect::<Vec<_>>(), asked.text("AppName"));
    let mut minutes: BTreeMap<i64, BTreeMap<&str, u64>> = BTreeMap::new();
    for push in live::published(house) {
        let StreamKey { domain, app: pushed, .. } = &push.stream;
        if !domains.contains(&domain.as_str()) || !(app.is_empty() || app == pushed) {
            continue;
        }
        let lost = push.ended_at.filter(|_| push.end == End::Lost).map(|at| (at, "3"));
        for (at, code) in std::iter::once((push.started_at, "200")).chain(lost) {
            let minute = at.as_second() - at.as_second().rem_euclid(60);
            if from.as_second() <= minute && minute <= to.as_second() {
                *minutes.entry(minute).or_default().entry(code).or_default() += 1;
            }
        }
    }
    let points = minutes.into_iter().map(|(minute, codes)| {
        let all: u64 = codes.values().sum();
        let code = |(code, count): (&str, u64)| {
            let percent = count * 10_000 / all;
            let proportion = format!("{}.{:02}", percent / 100, percent % 100);
            json!({"Code": code, "Count": count.to_string(), "Proportion": proportion})
        };
        let at = Timestamp::from_second(minute).map(time::to_row).unwrap_or_default();
        json!({"TimeStamp": at, "CodeData": codes.into_iter().map(code).collect::<Vec<_>>()})
    });
    Ok(members(json!({
        "DomainName": asked.text("DomainName"), "DataInterval": "60",
        "StartTime": time::to_row(from), "EndTime": time::to_row(to),
        "RealTimeCodeData": points.collect::<Vec<_>>(),
    })))
}

fn key(asked: &Asked<'_>) -> StreamKey {
    StreamKey::new(asked.text("DomainName"), asked.text("AppName"), asked.text("StreamName"))
}

/// The stream by every domain that names it.
fn keys(asked: &Asked<'_>, house: &House) -> Vec<StreamKey> {
    let key = key(asked);
    names(house, &key.domain).iter().map(|domain| StreamKey::new(domain, &key.app, &key.stream)).collect()
}

fn forbid(asked: &Asked<'_>, house: &mut House) -> Performed {
    let until = moment(asked, "ResumeTime")?;
    if until.is_some_and(|until| until <= asked.now) {
        return Err(asked.refuse_listed(&["InvalidTime.Malformed"], "The specified ResumeTime has passed."));
    }
    if live::forbidden(house, asked.now).count() >= MOST_FORBIDDEN {
        let message = "At most 10000 streams are forbidden at a time.";
        return Err(asked.refuse_listed(&["ResourceNumberExceed"], message));
    }
    for stream in keys(asked, house) {
        if asked.text("Oneshot") == "yes" {
            live::unpublish(house, &stream, End::Cut, asked.now);
        } else {
            live::forbid(house, &Ban { stream, since: asked.now, until, reason: String::new() });
        }
    }
    note(asked, house);
    Ok(done())
}

fn resume(asked: &Asked<'_>, house: &mut House) -> Performed {
    for stream in keys(asked, house) {
        live::resume(house, &stream, asked.now);
    }
    note(asked, house);
    Ok(done())
}

/// Remembers what was done to a stream.
fn note(asked: &Asked<'_>, house: &mut House) {
    let row = json!({
        "DomainName": asked.text("DomainName"),
        "AppName": asked.text("AppName"),
        "StreamName": asked.text("StreamName"),
        "Action": asked.action.name,
        "ClientIP": "127.0.0.1",
        "TimeStamp": time::to_row(asked.now),
    });
    house.add(CONTROLS, members(row));
}

/// A time that may be left out.
pub(super) fn moment(asked: &Asked<'_>, name: &str) -> Result<Option<Timestamp>, Refusal> {
    let Some(Value::String(given)) = asked.given(name) else { return Ok(None) };
    let code =
        if name == "ResumeTime" { "InvalidTime.Malformed".to_owned() } else { format!("Invalid{name}.Malformed") };
    let refused = |_| asked.refuse_listed(&[&code], format!("The specified {name} is malformed."));
    given.parse().map(Some).map_err(refused)
}

/// The range of time that a list is about.
pub(super) fn range(asked: &Asked<'_>) -> Result<(Timestamp, Timestamp), Refusal> {
    let start = moment(asked, "StartTime")?.unwrap_or(Timestamp::MIN);
    let end = moment(asked, "EndTime")?.unwrap_or(Timestamp::MAX);
    if end <= start {
        return Err(asked.refuse_listed(&["InvalidEndTime.Mismatch"], "The specified EndTime is before StartTime."));
    }
    Ok((start, end))
}
