//! Aliyun's recordings of what was live: pieces, index files, and recording on command.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::model::{Params, time};
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::families::live::StreamKey;
use crate::sandbox::house::{House, text};
use crate::sandbox::random;

use super::streams::{pushes, range};
use super::{configs, shape};

const FILES: &str = "record_files";
const RUNNING: &str = "records_on_command";

const STREAM: [(&str, &str); 3] = [("DomainName", "DomainName"), ("AppName", "AppName"), ("StreamName", "StreamName")];

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("CreateLiveStreamRecordIndexFiles", Changes(create)),
    ("DescribeLiveStreamRecordIndexFile", Reads(show)),
    ("DescribeLiveStreamRecordIndexFiles", Reads(list)),
    ("DeleteLiveStreamRecordIndexFiles", Changes(delete)),
    ("DescribeLiveStreamRecordContent", Reads(content)),
    ("RealTimeRecordCommand", Changes(command)),
];

/// When the stream was live within a range of time.
fn spans(asked: &Asked<'_>, house: &House) -> Result<Vec<(Timestamp, Timestamp)>, Refusal> {
    let (from, to) = range(asked)?;
    let mine = pushes(house, asked.text("DomainName"), asked.now)
        .into_iter()
        .filter(|(stream, _, _)| stream.app == asked.text("AppName") && stream.stream == asked.text("StreamName"));
    let within = mine.map(|(_, start, end)| (start.max(from), end.unwrap_or(asked.now).min(to)));
    Ok(within.filter(|(start, end)| start <= end).collect())
}

fn seconds(start: Timestamp, end: Timestamp) -> Value {
    json!(f64::from(u32::try_from(end.as_second() - start.as_second()).unwrap_or(0)))
}

fn create(asked: &Asked<'_>, house: &mut House) -> Performed {
    let spans = spans(asked, house)?;
    let (Some((start, _)), Some((_, end))) = (spans.first(), spans.last()) else {
        let message = "The specified stream was not live in that time.";
        return Err(asked.refuse_listed(&["InvalidStream.NotFound"], message));
    };
    let (bucket, endpoint, object) = (asked.text("OssBucket"), asked.text("OssEndpoint"), asked.text("OssObject"));
    let mut row: Params = asked.key(&STREAM).into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    row.extend(members(json!({
        "RecordId": random::uuid(),
        "OssBucket": bucket,
        "OssEndpoint": endpoint,
        "OssObject": object,
        "RecordUrl": format!("http://{bucket}.{endpoint}/{object}"),
        "Format": "m3u8",
        "StartTime": time::to_row(*start),
        "EndTime": time::to_row(*end),
        "Duration": seconds(*start, *end),
        "CreateTime": time::to_row(asked.now),
        "Width": 1280,
        "Height": 720,
    })));
    let answer = shape::answer(asked, std::iter::once(&row));
    house.add(FILES, row);
    Ok(answer)
}

fn show(asked: &Asked<'_>, house: &House) -> Performed {
    let [domain, app, stream] = STREAM;
    let key = asked.key(&[domain, app, stream, ("RecordId", "RecordId")]);
    let row = house.find(FILES, &key).ok_or_else(|| missing(asked))?;
    Ok(shape::answer(asked, std::iter::once(row)))
}

fn list(asked: &Asked<'_>, house: &House) -> Performed {
    let (from, to) = range(asked)?;
    let key = asked.key(&STREAM);
    let rows = house.rows(FILES).iter().filter(|row| {
        let read = |member: &str| text(row, member).parse::<Timestamp>().ok();
        let within = read("StartTime").is_some_and(|at| at <= to) && read("EndTime").is_some_and(|at| at >= from);
        within && key.iter().all(|(member, value)| row.get(*member) == Some(value))
    });
    Ok(shape::answer(asked, rows))
}

fn delete(asked: &Asked<'_>, house: &mut House) -> Performed {
    let mut told = Vec::new();
    for id in asked.list("RecordId") {
        let mut key = asked.key(&STREAM);
        key.push(("RecordId", id.clone()));
        let message = if house.remove(FILES, &key) == 0 { "RecordNotFound" } else { "success" };
        told.push(json!({ "RecordId": id, "Message": message }));
    }
    let list = json!({ "RecordDeleteInfo": told });
    Ok(members(json!({ "Code": "OK", "Message": "success", "RecordDeleteInfoList": list })))
}

/// What was recorded: the time live of a stream whose place is recorded into a bucket.
fn content(asked: &Asked<'_>, house: &House) -> Performed {
    let spans = spans(asked, house)?;
    let (domain, app, stream) = (asked.text("DomainName"), asked.text("AppName"), asked.text("StreamName"));
    let target = configs::record_target(house, domain, app, stream);
    let pieces = target.iter().flat_map(|(endpoint, bucket)| {
        spans.iter().map(move |(start, end)| {
            json!({
                "OssEndpoint": endpoint,
                "OssBucket": bucket,
                "OssObjectPrefix": format!("record/{app}/{stream}"),
                "StartTime": time::to_row(*start),
                "EndTime": time::to_row(*end),
                "Duration": seconds(*start, *end),
            })
        })
    });
    let pieces: Vec<Value> = pieces.collect();
    Ok(members(json!({ "RecordContentInfoList": {"RecordContentInfo": pieces} })))
}

fn command(asked: &Asked<'_>, house: &mut House) -> Performed {
    let (domain, app, stream) = (asked.text("DomainName"), asked.text("AppName"), asked.text("StreamName"));
    let mine = |key: &StreamKey| key.app == app && key.stream == stream;
    let live = pushes(house, domain, asked.now).iter().any(|(key, _, end)| end.is_none() && mine(key));
    if !live {
        return Err(asked.refuse_listed(&["InvalidStream.NotFound"], "The specified stream is not live."));
    }
    if configs::record_target(house, domain, app, stream).is_none() {
        let message = "The specified stream has no recording setting.";
        return Err(asked.refuse_listed(&["InvalidConfig.NotFound"], message));
    }
    let key = asked.key(&STREAM);
    let running = house.find(RUNNING, &key).is_some();
    match asked.text("Command") {
        "start" if running => {
            let refusal = asked.refuse_listed(&["TaskAlreadyStarted"], "The specified stream is recorded already.");
            Err(Refusal { status: 409, ..refusal })
        }
        "start" => {
            house.add(RUNNING, key.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
            Ok(done())
        }
        _ => {
            house.remove(RUNNING, &key);
            Ok(done())
        }
    }
}

fn missing(asked: &Asked<'_>) -> Refusal {
    asked.refuse_listed(&["InvalidConfig.NotFound"], "The specified RecordId does not exist.")
}
