//! Volcengine's streams: what is pushed or relayed, what was, and what is banned.

use std::cmp::Reverse;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::model::Params;
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::families::beijing_offset;
use crate::sandbox::families::live::{self, Ban, End, Live, StreamKey};
use crate::sandbox::families::rates::Rates;
use crate::sandbox::families::volcengine::domain::{self, DOMAINS};
use crate::sandbox::families::volcengine::{relay, shape, space};
use crate::sandbox::house::{House, text};

/// The longest ban, and the one that is meant when no end is given.
const LONGEST_BAN: SignedDuration = SignedDuration::from_hours(90 * 24);

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("DescribeLiveStreamInfoByPage", Reads(list_live)),
    ("DescribeLiveStreamGroupByPage", Reads(list_live)),
    ("DescribeForbiddenStreamInfoByPage", Reads(list_forbidden)),
    ("DescribeForbiddenStreamGroupByPage", Reads(list_forbidden)),
    ("DescribeClosedStreamInfoByPage", Reads(list_closed)),
    ("DescribeLivePushStreamInfoData", Reads(sessions)),
    ("DescribeLiveStreamState", Reads(state)),
    ("DescribeLiveBatchPushStreamMetrics", Reads(metrics)),
    ("ForbidStream", Changes(forbid)),
    ("ResumeStream", Changes(resume)),
    ("KillStream", Changes(kill)),
];

/// What is live, the oldest first: pushes, and what an active fixed relay brings.
fn live_rows(asked: &Asked<'_>, house: &House) -> Vec<Params> {
    let pushed = live::live(house).map(|push| (push, "push"));
    let relayed = relay::active(house, asked.now).map(|(stream, started_at)| {
        let push = Live { stream, started_at, ended_at: None, end: End::Closed };
        (push, "relay")
    });
    let relayed = relayed.filter(|(push, _)| live::banned(house, &push.stream, asked.now).is_none());
    let mut all: Vec<(Live, &str)> = pushed.collect();
    for (push, source) in relayed {
        if !all.iter().any(|(earlier, _)| earlier.stream == push.stream) {
            all.push((push, source));
        }
    }
    let row = |(at, (push, source)): (usize, (Live, &str))| {
        let started = beijing_offset(push.started_at);
        let id = at + 1;
        let mut row = place(house, &push.stream);
        row.extend(members(json!({
            "ID": id,
            "IsRelay": source == "relay",
            "SessionStartTime": started,
            "SourceType": source,
            "StreamInfoDetails": [{
                "ID": id, "IsBackUp": false, "IsForcePriority": false, "Priority": "0", "SessionStartTime": started,
            }],
            "StreamType": "origin",
        })));
        row
    };
    all.into_iter().enumerate().map(row).collect()
}

/// The members that say where a stream is.
fn place(house: &House, stream: &StreamKey) -> Params {
    members(json!({
        "App": stream.app,
        "Domain": stream.domain,
        "Stream": stream.stream,
        "Vhost": domain::space_of(house, &stream.domain),
    }))
}

fn list_live(asked: &Asked<'_>, house: &House) -> Performed {
    let rows = live_rows(asked, house).into_iter();
    Ok(listed(
        asked,
        rows.filter(|row| ["SourceType", "StreamType"].iter().all(|name| same(asked, name, row))).collect(),
    ))
}

/// The latest point of each push on a domain; what a relay brings has none.
fn metrics(asked: &Asked<'_>, house: &House) -> Performed {
    let (from, to) = (time(asked, "StartTime")?, time(asked, "EndTime")?);
    let width = asked.number("Aggregation").unwrap_or(60).max(1);
    let named = |name: &str, value: &str| asked.text(name).is_empty() || asked.text(name) == value;
    let pushes = live::live(house).filter(|Live { stream, .. }| {
        stream.domain == asked.text("Domain") && named("App", &stream.app) && named("Stream", &stream.stream)
    });
    let last = to.unwrap_or(asked.now).min(asked.now).as_second();
    let at = Timestamp::from_second(last - last.rem_euclid(width)).unwrap_or(asked.now);
    let told = pushes.filter(|_| from.is_none_or(|from| from <= at)).map(|push| {
        let mut row = place(house, &push.stream);
        row.shift_remove("Vhost");
        row.extend(members(json!({
            "SessionID": format!("sandbox-{}", push.started_at.as_second()),
            "StreamPriority": "0",
            "MetricList": [point(&push, at)],
        })));
        row
    });
    let told: Vec<Params> = told.collect();
    Ok(members(json!({
        "Domain": asked.text("Domain"), "StartTime": asked.text("StartTime"), "EndTime": asked.text("EndTime"),
        "Aggregation": width, "StreamMetricList": told,
    })))
}

/// What is told of a push in one point of time.
fn point(push: &Live, at: Timestamp) -> Value {
    let rates = Rates::of(&push.stream);
    json!({
        "TimeStamp": beijing_offset(at),
        "StreamBeginTime": push.started_at.as_millisecond(),
        "Framerate": rates.frames,
        // Kilobits a second, as the vendor's SDK says.
        "Bitrate": rates.video / 1_000,
        "AudioBitrate": rates.audio / 1_000,
        "AudioFramerate": 43,
        "VCodec": "h264",
        "ACodec": "aac",
        "Resolution": "720p",
        "ClientIp": "192.0.2.1",
        "ServerIp": "192.0.2.2",
        "FirstFrameTime": 120,
        "VideoFrameGap": if rates.frames == 0 { 0 } else { 40 },
        "AudioFrameGap": 23,
        "PtsDelta": 0,
        "VideoPts": 0,
        "AudioPts": 0,
    })
}

fn list_forbidden(asked: &Asked<'_>, house: &House) -> Performed {
    let bans = live::forbidden(house, asked.now).map(|ban| {
        let (since, until) = (beijing_offset(ban.since), ban.until.map(beijing_offset).unwrap_or_default());
        let mut row = place(house, &ban.stream);
        row.extend(members(json!({
            "CreateTime": since,
            "EndTime": until,
            "ForbiddenInfoDetails": [{"CreateTime": since, "EndTime": until, "Priority": 0}],
            "Status": true,
            "_order": ban.since.as_second(),
        })));
        row
    });
    let rows = sorted(asked, bans.collect());
    Ok(listed(asked, rows))
}

fn list_closed(asked: &Asked<'_>, house: &House) -> Performed {
    let (from, to) = (time(asked, "EndTimeFrom")?, time(asked, "EndTimeTo")?);
    let ended = live::published(house).filter_map(|push| push.ended_at.map(|end| (push, end)));
    let ended = ended.filter(|(_, end)| from.is_none_or(|from| from <= *end) && to.is_none_or(|to| *end <= to));
    let rows = ended.map(|(push, end)| {
        let mut row = place(house, &push.stream);
        row.extend(members(json!({
            "EndTime": beijing_offset(end),
            "SourceType": "push",
            "StartTime": beijing_offset(push.started_at),
            "_order": end.as_second(),
        })));
        row
    });
    let rows = rows.filter(|row| same(asked, "SourceType", row)).collect();
    Ok(listed(asked, sorted(asked, rows)))
}

/// The pushes that ended. What the vendor's reasons are called is written nowhere: these are the sandbox's.
fn sessions(asked: &Asked<'_>, house: &House) -> Performed {
    let (from, to) = (time(asked, "StartTime")?, time(asked, "EndTime")?);
    let (domains, priorities) = (asked.list("DomainList"), asked.list("StreamPriority"));
    let wanted = |push: &Live| {
        let StreamKey { domain, app, stream } = &push.stream;
        let named = |param: &str, name: &str| asked.given(param).is_none_or(|wanted| wanted == name);
        let in_time =
            push.ended_at.is_some_and(|end| from.is_none_or(|from| from <= end) && to.is_none_or(|to| end <= to));
        let placed = domains.is_empty() || domains.iter().any(|wanted| wanted == domain);
        in_time && placed && named("App", app) && named("Stream", stream)
    };
    let rows = live::published(house).filter(wanted).map(|push| {
        let end = push.ended_at.unwrap_or(push.started_at);
        let reason = match push.end {
            End::Closed => "closed by the client",
            End::Lost => "connection lost",
            End::Cut => "killed",
            End::Banned => "forbidden",
        };
        members(json!({
            "App": push.stream.app, "Stream": push.stream.stream, "IP": "192.0.2.1", "StreamPriority": "",
            "StartTime": beijing_offset(push.started_at), "EndTime": beijing_offset(end),
            "Duration": end.duration_since(push.started_at).as_secs(), "StreamBreakReason": reason,
        }))
    });
    let rows: Vec<Params> = rows.collect();
    let page = asked.page(rows.iter(), |row| Value::Object(row.clone()));
    Ok(members(json!({
        "StartTime": asked.text("StartTime"), "EndTime": asked.text("EndTime"),
        "App": asked.text("App"), "Stream": asked.text("Stream"), "DomainList": domains, "StreamPriority": priorities,
        "PushStreamInfoDataList": page.items,
        "Pagination": {"PageCur": page.number, "PageSize": page.size, "TotalCount": page.total},
    })))
}

/// The newest first, unless the oldest are asked for first.
fn sorted(asked: &Asked<'_>, mut rows: Vec<Params>) -> Vec<Params> {
    let order = |row: &Params| row.get("_order").and_then(Value::as_i64).unwrap_or(0);
    if asked.text("Sort") == "asc" {
        rows.sort_by_key(order);
    } else {
        rows.sort_by_key(|row| Reverse(order(row)));
    }
    rows
}

/// One page of the rows whose names are asked for.
fn listed(asked: &Asked<'_>, rows: Vec<Params>) -> Params {
    let fuzzy = asked.text("QueryType") == "fuzzy";
    let fits = |row: &Params| {
        ["Vhost", "Domain", "App", "Stream"].iter().all(|name| {
            let wanted = asked.text(name);
            wanted.is_empty() || text(row, name) == wanted || (fuzzy && text(row, name).contains(wanted))
        })
    };
    let named = asked.list("StreamList");
    let in_list = |row: &Params| named.is_empty() || row.get("Stream").is_some_and(|name| named.contains(name));
    let rows: Vec<Params> = rows.into_iter().filter(|row| fits(row) && in_list(row)).collect();
    let page = asked.page(rows.iter(), |row| shape::item(asked, "StreamInfoList", row));
    members(json!({ "RoughCount": page.total, "StreamInfoList": page.items }))
}

fn same(asked: &Asked<'_>, name: &str, row: &Params) -> bool {
    asked.given(name).is_none_or(|wanted| row.get(name) == Some(wanted))
}

fn time(asked: &Asked<'_>, name: &str) -> Result<Option<Timestamp>, Refusal> {
    match asked.text(name) {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| {
            asked
                .refuse("InvalidParam.Format", format!("{name} is a time with an offset, as 2026-01-02T15:04:05+08:00"))
        }),
    }
}

/// The streams that a request can mean: on the domain that it names, else on every domain of the space.
fn meant(asked: &Asked<'_>, house: &House) -> Vec<StreamKey> {
    let (app, stream) = (asked.text("App"), asked.text("Stream"));
    let mut domains = vec![asked.text("Domain").to_owned()];
    if domains.iter().all(String::is_empty) {
        let space = asked.text("Vhost");
        let known = house.rows(DOMAINS).iter().filter(|row| text(row, "Vhost") == space && text(row, "Type") == "push");
        domains = known.map(|row| text(row, "Domain").to_owned()).collect();
        let live = live_rows(asked, house).into_iter().filter(|row| text(row, "Vhost") == space);
        domains.extend(live.map(|row| text(&row, "Domain").to_owned()));
        if domains.is_empty() {
            domains.push(space.to_owned());
        }
        domains.sort();
        domains.dedup();
    }
    domains.iter().map(|domain| StreamKey::new(domain, app, stream)).collect()
}

fn state(asked: &Asked<'_>, house: &House) -> Performed {
    space::exactly_one(asked, "Domain", "Vhost")?;
    let meant = meant(asked, house);
    let rows = live_rows(asked, house);
    let live = rows
        .iter()
        .find(|row| meant.contains(&StreamKey::new(text(row, "Domain"), text(row, "App"), text(row, "Stream"))));
    let relayed = live.is_some_and(|row| text(row, "SourceType") == "relay");
    let state = if live.is_some() {
        "online"
    } else if meant.iter().any(|stream| live::banned(house, stream, asked.now).is_some()) {
        "forbidden"
    } else {
        "offline"
    };
    Ok(members(json!({ "stream_state": state, "type": if relayed { "pull" } else { "push" } })))
}

fn forbid(asked: &Asked<'_>, house: &mut House) -> Performed {
    space::exactly_one(asked, "Domain", "Vhost")?;
    let latest = asked.now.saturating_add(LONGEST_BAN).unwrap_or(asked.now);
    let until = time(asked, "EndTime")?.unwrap_or(latest);
    if until <= asked.now || until > latest {
        return Err(asked.refuse("InvalidParam", "EndTime is to come, in 90 days at the latest"));
    }
    for stream in meant(asked, house) {
        live::forbid(house, &Ban { stream, since: asked.now, until: Some(until), reason: String::new() });
    }
    Ok(done())
}

fn resume(asked: &Asked<'_>, house: &mut House) -> Performed {
    space::exactly_one(asked, "Domain", "Vhost")?;
    let mut lifted = 0;
    for stream in meant(asked, house) {
        lifted += usize::from(live::resume(house, &stream, asked.now));
    }
    if lifted == 0 { Err(missing(asked, "the stream is not banned")) } else { Ok(done()) }
}

/// Cuts the push; a relay connects anew at once.
fn kill(asked: &Asked<'_>, house: &mut House) -> Performed {
    let mut cut = 0;
    for stream in meant(asked, house) {
        let ended = live::unpublish(house, &stream, End::Cut, asked.now);
        cut += usize::from(ended || relay::is_active(house, &stream, asked.now));
    }
    if cut == 0 { Err(missing(asked, "the stream is not online")) } else { Ok(done()) }
}

fn missing(asked: &Asked<'_>, message: &str) -> Refusal {
    asked.refuse("ResourceNotFound", message)
}
