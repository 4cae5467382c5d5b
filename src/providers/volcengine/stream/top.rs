//! `stream top` on Volcengine Live: what is live, and the latest point of its push domain's metrics.
//!
//! Only the domains on which something is live are asked for metrics.

use std::collections::HashMap;

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{Stream, VENDOR};
use crate::error::{Class, Error};
use crate::model::time::{BEIJING, to_row};
use crate::model::{Answer, Call, Road, StreamArgs, StreamTopRow};
use crate::providers::paging::Pages;
use crate::providers::rows::{self, Place};
use crate::providers::{top, walk};

/// The width of a point in seconds: the vendor has 5, 30 and 60.
const WIDTH: u32 = 30;

/// How far back the latest point may lie. What ended meanwhile is not listed as live.
const BACK: SignedDuration = SignedDuration::from_mins(5);

pub(super) async fn top(road: &dyn Road, args: &StreamArgs) -> Result<Answer, Error> {
    let wanted = Stream::named(args)?;
    // Without what the vendor transcoded.
    let call = wanted.call("DescribeLiveStreamInfoByPage").with("StreamType", "origin");
    let live = Pages::all(call, road).await?;
    let mut domains: Vec<String> = live.iter().filter_map(|raw| rows::text(raw, "Domain")).collect();
    domains.sort_unstable();
    domains.dedup();
    let now = top::instant(road);
    let fetch = async |domain: &str| latest(road, &wanted, domain, now).await;
    let points = walk::gather_each(road, &domains, "push domains", fetch).await?;
    let mut points = by_stream(points);
    let joined = live.into_iter().map(|raw| {
        let point = points.remove(&selector(&raw)).unwrap_or_default();
        joined(raw, point)
    });
    top::emit(road, joined.collect())
}

/// The latest point of each push on a domain, by the selector of its stream.
async fn latest(road: &dyn Road, wanted: &Stream, domain: &str, now: Timestamp) -> Result<Vec<(String, Value)>, Error> {
    let from = now.saturating_sub(BACK).unwrap_or(now);
    let call = Call::new(VENDOR, "DescribeLiveBatchPushStreamMetrics")
        .with("Domain", domain)
        .with_some("App", wanted.place.app.as_deref())
        .with_some("Stream", wanted.place.stream.as_deref())
        .with("StartTime", to_row(from))
        .with("EndTime", to_row(now))
        .with("Aggregation", WIDTH)
        .with("AggType", "avg");
    let reply = road.read(call).await?;
    let streams = match reply.result.get("StreamMetricList") {
        Some(Value::Array(streams)) => streams.as_slice(),
        None | Some(Value::Null) => &[],
        Some(_) => {
            let message = "reading the metrics of the pushed streams: `StreamMetricList` is no list";
            return Err(Error::new(Class::Vendor, message));
        }
    };
    Ok(streams.iter().filter_map(|stream| Some((selector(stream), latest_of(stream)?))).collect())
}

fn latest_of(stream: &Value) -> Option<Value> {
    let points = stream.get("MetricList")?.as_array()?;
    points.iter().max_by_key(|point| time(point)).cloned()
}

fn time(point: &Value) -> Option<Timestamp> {
    rows::instant(point, "TimeStamp", BEIJING)
}

fn selector(stream: &Value) -> String {
    let part = |name| rows::text(stream, name);
    Place { domain: part("Domain"), app: part("App"), stream: part("Stream"), tail: None }.selector()
}

/// The latest point of each stream: of two pushes that stand in for each other, that of the second counts only where it
/// is newer, or as new and faster.
fn by_stream(points: Vec<(String, Value)>) -> HashMap<String, Value> {
    let order = |point: &Value| (time(point), rate(point));
    let mut latest: HashMap<String, Value> = HashMap::with_capacity(points.len());
    for (stream, point) in points {
        if latest.get(&stream).is_none_or(|known| order(known) < order(&point)) {
            latest.insert(stream, point);
        }
    }
    latest
}

/// A stream that is live, with its latest point; null: it has none.
fn joined(mut raw: Value, point: Value) -> (StreamTopRow, Value) {
    let since = rows::time(&raw, "SessionStartTime", BEIJING);
    let row = StreamTopRow {
        vendor: VENDOR,
        profile: None,
        domain: rows::text(&raw, "Domain"),
        app: rows::text(&raw, "App"),
        stream: rows::text(&raw, "Stream"),
        frame_rate: top::frame_rate(&point, "Framerate"),
        bit_rate: rate(&point),
        since: since.or_else(|| rows::time(&point, "StreamBeginTime", Offset::UTC)),
        client_ip: rows::text(&point, "ClientIp"),
    };
    if let (Value::Object(members), Value::Object(_)) = (&mut raw, &point) {
        members.insert("Metric".to_owned(), point);
    }
    (row, raw)
}

fn rate(point: &Value) -> Option<u64> {
    top::bit_rate(point, &["Bitrate", "AudioBitrate"], top::KILO)
}

#[cfg(test)]
mod tests;
