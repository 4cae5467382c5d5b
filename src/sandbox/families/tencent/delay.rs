//! Tencent's delayed playback: `AddDelayLiveStream` and its like.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::model::time;
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::families::live::StreamKey;
use crate::sandbox::house::{House, shown, text};

const DELAYS: &str = "delays";

/// How long a delay lasts when nothing is said, and at most.
const LONGEST: SignedDuration = SignedDuration::from_hours(7 * 24);

const NAMES: [(&str, &str); 3] = [("DomainName", "DomainName"), ("AppName", "AppName"), ("StreamName", "StreamName")];

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("AddDelayLiveStream", Changes(add)),
    ("ResumeDelayLiveStream", Changes(resume)),
    ("DescribeLiveDelayInfoList", Reads(list)),
];

/// Whether a stream is delayed at that moment.
pub(super) fn delayed(house: &House, stream: &StreamKey, now: Timestamp) -> bool {
    let key =
        [("DomainName", json!(stream.domain)), ("AppName", json!(stream.app)), ("StreamName", json!(stream.stream))];
    house.find(DELAYS, &key).is_some_and(|row| lasts(text(row, "ExpireTime"), now))
}

fn add(asked: &Asked<'_>, house: &mut House) -> Performed {
    let ends = expiry(asked)?;
    let key = asked.key(&NAMES);
    let mut row = members(json!({
        "DelayInterval": asked.number("DelayTime").unwrap_or(0),
        "CreateTime": time::to_row(asked.now),
        "ExpireTime": time::to_row(ends),
    }));
    row.extend(key.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    house.put(DELAYS, &key, row);
    Ok(done())
}

fn expiry(asked: &Asked<'_>) -> Result<Timestamp, Refusal> {
    let refused = |why: &str| asked.refuse("InvalidParameterValue", format!("ExpireTime {why}."));
    let latest = asked.now.saturating_add(LONGEST).unwrap_or(asked.now);
    let Some(given) = asked.given("ExpireTime").and_then(Value::as_str) else { return Ok(latest) };
    let given: Timestamp = given.parse().map_err(|_| refused("is no UTC time like 2026-01-31T12:00:00Z"))?;
    if given > latest { Err(refused("is more than 7 days away")) } else { Ok(given) }
}

fn resume(asked: &Asked<'_>, house: &mut House) -> Performed {
    match house.remove(DELAYS, &asked.key(&NAMES)) {
        0 => Err(asked.refuse_listed(&["ResourceNotFound"], "The stream is not delayed.")),
        _ => Ok(done()),
    }
}

fn list(asked: &Asked<'_>, house: &House) -> Performed {
    let items = house.rows(DELAYS).iter().map(|row| {
        let mut item = shown(row);
        item["Status"] = json!(if lasts(text(row, "ExpireTime"), asked.now) { 1 } else { -1 });
        item
    });
    Ok(members(json!({ "DelayInfoList": items.collect::<Vec<_>>() })))
}

fn lasts(ends: &str, now: Timestamp) -> bool {
    ends.parse::<Timestamp>().is_ok_and(|ends| ends > now)
}
