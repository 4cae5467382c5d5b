//! Tencent's timed tasks of recording and screencapture, which are alike, and the older recording calls.

use serde_json::{Value, json};

use crate::model::Params;
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::house::{House, shown, text};
use crate::sandbox::random;

const RECORDS: &str = "record_tasks";
const SCREENSHOTS: &str = "screenshot_tasks";
const OLD_RECORDS: &str = "live_records";

/// How far ahead a task may begin, in seconds.
const FURTHEST: i64 = 6 * 86_400;

/// How long a task may last, in seconds.
const LONGEST: i64 = 86_400;

/// The longest period that tasks are listed for, in seconds.
const LONGEST_PERIOD: i64 = 7 * 86_400;

/// How many tasks of one stream may overlap.
const MOST: usize = 3;

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("CreateRecordTask", Changes(|asked, house| create(asked, house, RECORDS))),
    ("StopRecordTask", Changes(|asked, house| stop(asked, house, RECORDS))),
    ("DeleteRecordTask", Changes(|asked, house| delete(asked, house, RECORDS))),
    ("DescribeRecordTask", Reads(|asked, house| list(asked, house, RECORDS))),
    ("CreateScreenshotTask", Changes(|asked, house| create(asked, house, SCREENSHOTS))),
    ("StopScreenshotTask", Changes(|asked, house| stop(asked, house, SCREENSHOTS))),
    ("DeleteScreenshotTask", Changes(|asked, house| delete(asked, house, SCREENSHOTS))),
    ("DescribeScreenshotTask", Reads(|asked, house| list(asked, house, SCREENSHOTS))),
    ("CreateLiveRecord", Changes(create_old)),
    ("StopLiveRecord", Changes(stop_old)),
    ("DeleteLiveRecord", Changes(delete_old)),
];

fn create(asked: &Asked<'_>, house: &mut House, table: &str) -> Performed {
    let now = asked.now.as_second();
    let start = asked.number("StartTime").filter(|start| *start > 0).unwrap_or(now);
    let end = asked.number("EndTime").unwrap_or(0);
    let refused = |why: &str| Err(asked.refuse("InvalidParameter", format!("The time of the task is wrong: {why}.")));
    if end <= now || end <= start {
        return refused("EndTime is not later than now and than StartTime");
    }
    if end - start > LONGEST {
        return refused("it lasts longer than 24 hours");
    }
    if start - now > FURTHEST {
        return refused("it begins in more than 6 days");
    }
    let same =
        |row: &&Params| ["DomainName", "AppName", "StreamName"].iter().all(|n| row.get(*n) == asked.params.get(*n));
    let overlaps = |row: &&Params| ending(row) > start && number(row, "StartTime") < end;
    if house.rows(table).iter().filter(same).filter(overlaps).count() >= MOST {
        let message = format!("{MOST} tasks of this stream overlap already.");
        return Err(asked.refuse_listed(&["LimitExceeded.MaximumRunningTask"], message));
    }
    let id = format!("{}{:08x}", random::hex(20), house.next_id());
    house.add(
        table,
        members(json!({
            "TaskId": id,
            "DomainName": asked.text("DomainName"),
            "AppName": asked.text("AppName"),
            "StreamName": asked.text("StreamName"),
            "StartTime": start,
            "EndTime": end,
            "TemplateId": asked.or("TemplateId", 0),
            "Stopped": 0,
        })),
    );
    Ok(members(json!({ "TaskId": id })))
}

/// A task that is stopped, over or not begun is left as it is: only one that runs ends.
fn stop(asked: &Asked<'_>, house: &mut House, table: &str) -> Performed {
    let now = asked.now.as_second();
    let row = house.find_mut(table, &named(asked)).ok_or_else(|| missing(asked))?;
    if number(row, "StartTime") <= now && now < ending(row) {
        row.insert("Stopped".to_owned(), json!(now));
    }
    Ok(done())
}

fn delete(asked: &Asked<'_>, house: &mut House, table: &str) -> Performed {
    match house.remove(table, &named(asked)) {
        0 => Err(missing(asked)),
        _ => Ok(done()),
    }
}

fn list(asked: &Asked<'_>, house: &House, table: &str) -> Performed {
    let (start, end) = (asked.number("StartTime").unwrap_or(0), asked.number("EndTime").unwrap_or(0));
    if end <= start || end - start > LONGEST_PERIOD {
        let message = "EndTime is after StartTime, and the period no longer than a week.";
        return Err(asked.refuse("InvalidParameter", message));
    }
    let wanted = |row: &&Params| {
        let named = |name: &str| asked.given(name).is_none_or(|value| row.get(name) == Some(value));
        let within = number(row, "StartTime") >= start && number(row, "EndTime") <= end;
        within && named("DomainName") && named("AppName") && named("StreamName")
    };
    let tasks: Vec<Value> = house.rows(table).iter().filter(wanted).map(shown).collect();
    Ok(members(json!({ "ScrollToken": "", "TaskList": tasks })))
}

/// When a task ends or has ended.
fn ending(row: &Params) -> i64 {
    match number(row, "Stopped") {
        0 => number(row, "EndTime"),
        stopped => stopped,
    }
}

fn number(row: &Params, member: &str) -> i64 {
    row.get(member).and_then(Value::as_i64).unwrap_or(0)
}

fn named(asked: &Asked<'_>) -> [(&'static str, Value); 1] {
    [("TaskId", asked.or("TaskId", ""))]
}

/// The sheets list no code for a task that is not there; this is the one of all Tencent's products.
fn missing(asked: &Asked<'_>) -> Refusal {
    asked.refuse("ResourceNotFound", format!("The task {} does not exist.", asked.or("TaskId", "")))
}

fn create_old(asked: &Asked<'_>, house: &mut House) -> Performed {
    if asked.number("Highlight") != Some(1) && asked.given("StartTime").is_none() {
        return Err(asked.refuse("InvalidParameter", "StartTime is needed when Highlight is 0."));
    }
    let id = house.next_id();
    let row = json!({ "TaskId": id, "StreamName": asked.text("StreamName"), "_stopped": "" });
    house.add(OLD_RECORDS, members(row));
    Ok(members(json!({ "TaskId": id })))
}

fn stop_old(asked: &Asked<'_>, house: &mut House) -> Performed {
    let row = house.find_mut(OLD_RECORDS, &named_old(asked)).ok_or_else(|| missing(asked))?;
    if text(row, "_stopped").is_empty() {
        row.insert("_stopped".to_owned(), json!(crate::model::time::to_row(asked.now)));
    }
    Ok(done())
}

fn delete_old(asked: &Asked<'_>, house: &mut House) -> Performed {
    match house.remove(OLD_RECORDS, &named_old(asked)) {
        0 => Err(missing(asked)),
        _ => Ok(done()),
    }
}

fn named_old(asked: &Asked<'_>) -> Vec<(&'static str, Value)> {
    asked.key(&[("TaskId", "TaskId"), ("StreamName", "StreamName")])
}
