//! Volcengine's pull-to-push tasks.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::model::Params;
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::families::beijing_offset;
use crate::sandbox::house::{House, shown, text};

const TASKS: &str = "pull_to_push_tasks";

/// Longest task, in seconds.
const LONGEST: i64 = 7 * 86_400;

/// Task ids have this many digits.
const FIRST_TASK: u64 = 261_200_000_000;

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("CreatePullToPushTask", Changes(create)),
    ("ListPullToPushTask", Reads(list)),
    ("ListPullToPushTaskV2", Reads(list)),
    ("UpdatePullToPushTask", Changes(update)),
    ("DeletePullToPushTask", Changes(delete)),
    ("StopPullToPushTask", Changes(|asked, house| set_stopped(asked, house, true))),
    ("ContinuePullToPushTask", Changes(|asked, house| set_stopped(asked, house, false))),
    ("RelaunchPullToPushTask", Changes(|asked, house| set_stopped(asked, house, false))),
];

fn create(asked: &Asked<'_>, house: &mut House) -> Performed {
    let mut task = describe(asked)?;
    let id = (FIRST_TASK + house.next_id()).to_string();
    task.insert("TaskId".to_owned(), json!(id));
    house.add(TASKS, task);
    Ok(members(json!({ "TaskId": id })))
}

fn update(asked: &Asked<'_>, house: &mut House) -> Performed {
    let task = describe(asked)?;
    let row = house.find_mut(TASKS, &asked.key(&[("TaskId", "TaskId")])).ok_or_else(|| missing(asked))?;
    row.extend(task);
    Ok(done())
}

/// The members of a task that the parameters describe, without its id.
fn describe(asked: &Asked<'_>) -> Result<Params, Refusal> {
    let (start, end) = (asked.number("StartTime").unwrap_or(0), asked.number("EndTime").unwrap_or(0));
    if end <= start || end - start > LONGEST {
        return Err(asked.refuse("InvalidParam", "EndTime is after StartTime, at most 7 days"));
    }
    let live = asked.number("Type") == Some(0);
    let files = asked.given("VodSrcAddrs").or_else(|| asked.given("SrcAddrS"));
    if live && asked.given("SrcAddr").is_none() {
        return Err(asked.refuse("InvalidParam", "SrcAddr is required for a live source"));
    }
    if !live && files.is_none() {
        return Err(asked.refuse("InvalidParam", "VodSrcAddrs is required for files"));
    }
    let (domain, app, stream) = (asked.text("Domain"), asked.text("App"), asked.text("Stream"));
    let own = ![domain, app, stream].contains(&"");
    let target = match asked.given("DstAddr").and_then(Value::as_str) {
        Some(target) => target.to_owned(),
        None if own => format!("rtmp://{domain}/{app}/{stream}"),
        None => return Err(asked.refuse("InvalidParam", "DstAddr, or Domain, App and Stream, is required")),
    };
    let mut task = members(json!({
        "CallbackURL": asked.text("CallbackURL"),
        "ContinueStrategy": asked.or("ContinueStrategy", 0),
        "CycleMode": asked.or("CycleMode", -1),
        "DstAddr": target,
        "DstAddrType": if own { 1 } else { 2 },
        "GroupName": asked.or("GroupName", "default"),
        "OffsetS": asked.list("OffsetS"),
        "PlayTimes": asked.or("PlayTimes", 0),
        "PreDownload": asked.or("PreDownload", 1),
        "SrcAddr": asked.text("SrcAddr"),
        "SrcAddrS": asked.list("SrcAddrS"),
        "Title": asked.text("Title"),
        "Type": asked.or("Type", 0),
        "VodSrcAddrs": asked.list("VodSrcAddrs"),
        "Watermark": asked.or("Watermark", json!({})),
        "_start": start,
        "_end": end,
    }));
    for (shown, seconds) in [("StartTime", start), ("EndTime", end)] {
        let time =
            Timestamp::from_second(seconds).map_err(|_| asked.refuse("InvalidParam", "a time is out of range"))?;
        task.insert(shown.to_owned(), json!(beijing_offset(time)));
    }
    Ok(task)
}

fn list(asked: &Asked<'_>, house: &House) -> Performed {
    let groups = asked.list("GroupNames");
    let rows = house.rows(TASKS).iter().filter(|row| {
        text(row, "Title").contains(asked.text("Title"))
            && (groups.is_empty() || row.get("GroupName").is_some_and(|group| groups.contains(group)))
    });
    let item = |row: &Params| {
        let mut item = shown(row);
        item["Status"] = json!(status(asked, row));
        item
    };
    let page = asked.page(rows, item);
    let pages = page.pages();
    Ok(members(json!({
        "List": page.items,
        "Pagination": {
            "PageCur": page.number, "PageSize": page.size, "PageTotal": pages, "TotalCount": page.total,
        },
    })))
}

/// The state in the vendor's words: stopped, not begun, running, ended.
fn status(asked: &Asked<'_>, row: &Params) -> &'static str {
    let time = |name: &str| row.get(name).and_then(Value::as_i64).unwrap_or(0);
    let now = asked.now.as_second();
    if now >= time("_end") {
        "已结束"
    } else if row.get("_stopped") == Some(&json!(true)) {
        "停用"
    } else if now < time("_start") {
        "未开始"
    } else {
        "生效中"
    }
}

fn set_stopped(asked: &Asked<'_>, house: &mut House, stopped: bool) -> Performed {
    let row = house.find_mut(TASKS, &asked.key(&[("TaskId", "TaskId")])).ok_or_else(|| missing(asked))?;
    row.insert("_stopped".to_owned(), json!(stopped));
    Ok(done())
}

fn delete(asked: &Asked<'_>, house: &mut House) -> Performed {
    match house.remove(TASKS, &asked.key(&[("TaskId", "TaskId")])) {
        0 => Err(missing(asked)),
        _ => Ok(done()),
    }
}

fn missing(asked: &Asked<'_>) -> Refusal {
    asked.refuse("ResourceNotFound", format!("there is no task {}", asked.text("TaskId")))
}
