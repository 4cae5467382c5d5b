//! Aliyun's pull configs. The domain need not be in the account: a fresh sandbox takes a relay at once.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::model::time;
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::families::live::StreamKey;
use crate::sandbox::house::{House, shown, text};

const PULLS: &str = "pull_streams";

const KEY: [(&str, &str); 3] = [("DomainName", "DomainName"), ("AppName", "AppName"), ("StreamName", "StreamName")];

/// Longest window, in seconds.
const LONGEST: i64 = 7 * 86_400;

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("AddLivePullStreamInfoConfig", Changes(add)),
    ("UpdateLivePullStreamInfoConfig", Changes(update)),
    ("DescribeLivePullStreamConfig", Reads(list)),
    ("DeleteLivePullStreamInfoConfig", Changes(delete)),
];

fn add(asked: &Asked<'_>, house: &mut House) -> Performed {
    let (start, end) = window(asked)?;
    check_source(asked)?;
    if house.find(PULLS, &asked.key(&KEY)).is_some() {
        return Err(asked.refuse("ConfigAlreadyExists", "The pull config of this stream exists already."));
    }
    house.add(
        PULLS,
        members(json!({
            "DomainName": asked.text("DomainName"),
            "AppName": asked.text("AppName"),
            "StreamName": asked.text("StreamName"),
            "SourceUrl": asked.text("SourceUrl"),
            "SourceUsing": asked.text("SourceUrl").split(';').next(),
            "StartTime": time::to_row(start),
            "EndTime": time::to_row(end),
        })),
    );
    Ok(done())
}

fn update(asked: &Asked<'_>, house: &mut House) -> Performed {
    let (start, end) = window(asked)?;
    check_source(asked)?;
    let row = house.find_mut(PULLS, &asked.key(&KEY)).ok_or_else(|| missing(asked))?;
    row.insert("SourceUrl".to_owned(), json!(asked.text("SourceUrl")));
    row.insert("SourceUsing".to_owned(), json!(asked.text("SourceUrl").split(';').next()));
    row.insert("StartTime".to_owned(), json!(time::to_row(start)));
    row.insert("EndTime".to_owned(), json!(time::to_row(end)));
    Ok(done())
}

fn list(asked: &Asked<'_>, house: &House) -> Performed {
    let rows = house.rows(PULLS).iter().filter(|row| text(row, "DomainName") == asked.text("DomainName"));
    let rows: Vec<Value> = rows.map(shown).collect();
    Ok(members(json!({ "LiveAppRecordList": {"LiveAppRecord": rows} })))
}

fn delete(asked: &Asked<'_>, house: &mut House) -> Performed {
    match house.remove(PULLS, &asked.key(&KEY)) {
        0 => Err(missing(asked)),
        _ => Ok(done()),
    }
}

fn window(asked: &Asked<'_>) -> Result<(Timestamp, Timestamp), Refusal> {
    let read = |name: &str| {
        let refused =
            || asked.refuse(&format!("Invalid{name}.Malformed"), format!("The specified {name} is malformed."));
        asked.text(name).parse::<Timestamp>().map_err(|_| refused())
    };
    let (start, end) = (read("StartTime")?, read("EndTime")?);
    let span = end.as_second() - start.as_second();
    if !(1..=LONGEST).contains(&span) {
        let message = "The specified EndTime is after StartTime, at most 7 days.";
        return Err(asked.refuse("InvalidEndTime.Mismatch", message));
    }
    if end <= asked.now {
        return Err(asked.refuse("InvalidEndTime.Malformed", "The specified EndTime has passed."));
    }
    Ok((start, end))
}

fn check_source(asked: &Asked<'_>) -> Result<(), Refusal> {
    let readable = asked.text("SourceUrl").split(';').all(|url| url.contains("://"));
    let refused = || asked.refuse("InvalidLiveStreamUrl.Malformed", "The specified SourceUrl is malformed.");
    readable.then_some(()).ok_or_else(refused)
}

/// The streams that are pulled, with their windows.
pub(super) fn windows(house: &House) -> impl Iterator<Item = (StreamKey, Timestamp, Timestamp)> + '_ {
    house.rows(PULLS).iter().filter_map(|row| {
        let key = StreamKey::new(text(row, "DomainName"), text(row, "AppName"), text(row, "StreamName"));
        Some((key, text(row, "StartTime").parse().ok()?, text(row, "EndTime").parse().ok()?))
    })
}

fn missing(asked: &Asked<'_>) -> Refusal {
    asked.refuse("InvalidConfig.NotFound", "The pull config of this stream does not exist.")
}
