//! Tencent's streams: what is live, what was live, and bans. The pull tasks push as well.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::model::{Params, time};
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::families::beijing;
use crate::sandbox::families::live::{self, Ban, End, Live, StreamKey};
use crate::sandbox::families::rates::Rates;
use crate::sandbox::families::tencent::{beijing_z, delay, relay};
use crate::sandbox::house::House;

/// How long a ban lasts when nothing is said.
const USUAL_BAN: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How long a ban lasts at most.
const LONGEST_BAN: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The longest period that a history is asked for.
const LONGEST_PERIOD: SignedDuration = SignedDuration::from_hours(30 * 24);

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("DescribeLiveStreamOnlineList", Reads(online)),
    ("DescribeLiveStreamPushInfoList", Reads(rates)),
    ("DescribeLiveStreamState", Reads(state)),
    ("DescribeLiveStreamPublishedList", Reads(published)),
    ("DescribeLiveStreamEventList", Reads(events)),
    ("DescribeLiveForbidStreamList", Reads(bans)),
    ("ForbidLiveStream", Changes(forbid)),
    ("ResumeLiveStream", Changes(resume)),
    ("DropLiveStream", Changes(drop)),
];

/// Everything that is live: pushes, and pull tasks in their time. A banned stream is not.
pub(super) fn live_now(house: &House, now: Timestamp) -> Vec<Live> {
    let mut all: Vec<Live> = live::live(house).collect();
    for pulled in relay::pushing(house, now) {
        let known = all.iter().any(|push| push.stream == pulled.stream);
        if !known && live::banned(house, &pulled.stream, now).is_none() {
            all.push(pulled);
        }
    }
    all
}

fn online(asked: &Asked<'_>, house: &House) -> Performed {
    let exact = |param: &str, value: &str| asked.given(param).is_none_or(|wanted| wanted == value);
    let pushes = live_now(house, asked.now).into_iter().filter(|push| {
        let StreamKey { domain, app, stream } = &push.stream;
        exact("DomainName", domain) && exact("AppName", app) && exact("StreamName", stream)
    });
    let items = pushes.map(|push| {
        members(json!({
            "StreamName": push.stream.stream,
            "PublishTimeList": [{ "PublishTime": time::to_row(push.started_at) }],
            "AppName": push.stream.app,
            "DomainName": push.stream.domain,
            "PushToDelay": i64::from(delay::delayed(house, &push.stream, asked.now)),
        }))
    });
    Ok(paged(asked, "OnlineInfo", &items.collect::<Vec<_>>()))
}

fn rates(asked: &Asked<'_>, house: &House) -> Performed {
    let exact = |param: &str, value: &str| asked.given(param).is_none_or(|wanted| wanted == value);
    let pushes = live_now(house, asked.now).into_iter();
    let pushes = pushes.filter(|push| exact("PushDomain", &push.stream.domain) && exact("AppName", &push.stream.app));
    let items = pushes.map(|push| {
        let Rates { frames, video, audio } = Rates::of(&push.stream);
        members(json!({
            "StreamName": push.stream.stream,
            "AppName": push.stream.app,
            "PushDomain": push.stream.domain,
            "ClientIp": "192.0.2.1",
            "ServerIp": "192.0.2.2",
            "VideoFps": frames,
            "VideoSpeed": video,
            "AudioFps": 43,
            "AudioSpeed": audio,
            "BeginPushTime": beijing(push.started_at),
            "Vcodec": "H264",
            "Acodec": "AAC",
            "Resolution": "1280*720",
            "AsampleRate": 44_100,
            "MetaFps": 25,
            "MetaVideoSpeed": video,
            "MetaAudioSpeed": audio,
        }))
    });
    Ok(paged(asked, "DataInfoList", &items.collect::<Vec<_>>()))
}

fn state(asked: &Asked<'_>, house: &House) -> Performed {
    let stream = stream(asked);
    let state = if live::banned(house, &stream, asked.now).is_some() {
        "forbid"
    } else if live_now(house, asked.now).iter().any(|push| push.stream == stream) {
        "active"
    } else {
        "inactive"
    };
    Ok(members(json!({ "StreamState": state })))
}

fn published(asked: &Asked<'_>, house: &House) -> Performed {
    let pushes = ended(asked, house, asked.text("DomainName"), false)?;
    Ok(paged(asked, "PublishInfo", &pushes.iter().map(history_item).collect::<Vec<_>>()))
}

fn events(asked: &Asked<'_>, house: &House) -> Performed {
    let mut pushes = ended(asked, house, asked.text("DomainName"), asked.number("IsStrict") == Some(1))?;
    pushes.sort_by_key(|push| push.ended_at);
    if asked.number("IsAsc") != Some(1) {
        pushes.reverse();
    }
    Ok(paged(asked, "EventList", &pushes.iter().map(history_item).collect::<Vec<_>>()))
}

/// The pushes that ended in the period asked for; a push that goes on is in no history.
fn ended(asked: &Asked<'_>, house: &House, domain: &str, strict: bool) -> Result<Vec<Live>, Refusal> {
    let refused = |why: &str| asked.refuse("InvalidParameter", format!("The period is wrong: {why}."));
    let read = |name: &str| {
        let text = asked.text(name).parse::<Timestamp>();
        text.map_err(|_| refused(&format!("{name} is no UTC time like 2026-01-31T12:00:00Z")))
    };
    let (start, end) = (read("StartTime")?, read("EndTime")?);
    if end <= start {
        return Err(refused("EndTime is not after StartTime"));
    }
    if end.duration_since(start) > LONGEST_PERIOD {
        return Err(refused("it is longer than 30 days"));
    }
    let (app, name) = (asked.text("AppName"), asked.text("StreamName"));
    let wanted = |push: &Live| {
        let in_period = push.ended_at.is_some_and(|ended| start <= ended && ended <= end);
        let named = if strict { push.stream.stream == name } else { push.stream.stream.contains(name) };
        let placed = |wanted: &str, value: &str| wanted.is_empty() || wanted == value;
        in_period && named && placed(domain, &push.stream.domain) && placed(app, &push.stream.app)
    };
    Ok(live::published(house).filter(wanted).collect())
}

fn history_item(push: &Live) -> Params {
    let ended = push.ended_at.unwrap_or(push.started_at);
    // The first as the reference prints it, the others as the table of document 440/35256.
    let reason = match push.end {
        End::Closed => "The client actively interrupts the stream",
        End::Lost => "推流链路网络异常",
        End::Cut => "收到客户调用的断流请求",
        End::Banned => "收到客户调用的禁播请求",
    };
    members(json!({
        "AppName": push.stream.app,
        "ClientIp": "192.0.2.1",
        "DomainName": push.stream.domain,
        "Duration": ended.duration_since(push.started_at).as_secs(),
        "Resolution": "1280*720",
        "StopReason": reason,
        "StreamEndTime": time::to_row(ended),
        "StreamName": push.stream.stream,
        "StreamStartTime": time::to_row(push.started_at),
    }))
}

fn bans(asked: &Asked<'_>, house: &House) -> Performed {
    let wanted = |ban: &Ban| asked.given("StreamName").is_none_or(|name| *name == *ban.stream.stream);
    let items = live::forbidden(house, asked.now).filter(wanted).map(|ban| {
        members(json!({
            "StreamName": ban.stream.stream,
            "CreateTime": beijing_z(ban.since),
            "ExpireTime": ban.until.map(beijing_z).unwrap_or_default(),
            "AppName": ban.stream.app,
            "DomainName": ban.stream.domain,
        }))
    });
    Ok(paged(asked, "ForbidStreamList", &items.collect::<Vec<_>>()))
}

fn forbid(asked: &Asked<'_>, house: &mut House) -> Performed {
    let refused = |why: &str| asked.refuse("InvalidParameterValue", format!("ResumeTime {why}."));
    let later = |span: SignedDuration| asked.now.saturating_add(span).unwrap_or(asked.now);
    let until = match asked.given("ResumeTime").and_then(Value::as_str) {
        None => later(USUAL_BAN),
        Some(text) => text.parse().map_err(|_| refused("is no UTC time like 2026-01-31T12:00:00Z"))?,
    };
    if until > later(LONGEST_BAN) {
        return Err(refused("is more than 90 days away"));
    }
    let (stream, reason) = (stream(asked), asked.text("Reason").to_owned());
    live::forbid(house, &Ban { stream, since: asked.now, until: Some(until), reason });
    Ok(done())
}

/// Lifting what is not banned changes nothing, and the sheets know no code for it.
fn resume(asked: &Asked<'_>, house: &mut House) -> Performed {
    live::resume(house, &stream(asked), asked.now);
    Ok(done())
}

/// Cutting what is not live succeeds, too. A pull task pushes again at once.
fn drop(asked: &Asked<'_>, house: &mut House) -> Performed {
    live::unpublish(house, &stream(asked), End::Cut, asked.now);
    Ok(done())
}

fn stream(asked: &Asked<'_>) -> StreamKey {
    StreamKey::new(asked.text("DomainName"), asked.text("AppName"), asked.text("StreamName"))
}

/// One page of items under their member, with the numbers around it.
fn paged(asked: &Asked<'_>, list: &str, items: &[Params]) -> Params {
    let page = asked.page(items.iter(), |item| Value::Object(item.clone()));
    let pages = page.pages();
    members(json!({
        list: page.items,
        "PageNum": page.number,
        "PageSize": page.size,
        "TotalNum": page.total,
        "TotalPage": pages,
    }))
}
