//! Tencent's pull tasks: `CreateLivePullStreamTask` and its like.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::model::{Params, time};
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::families::live::{End, Live, StreamKey};
use crate::sandbox::house::{House, shown, text};
use crate::sandbox::later;

const TASKS: &str = "pull_tasks";

/// Longest window in seconds: 30 days in the current SDK, where the reference says 7.
const LONGEST: i64 = 30 * 86_400;

/// The first task is `10000`, as in the reference's examples.
const FIRST: u64 = 9_999;

const EVENTS: [&str; 5] = ["TaskStart", "TaskExit", "VodSourceFileStart", "VodSourceFileFinish", "ResetTaskConfig"];

/// What a change takes over as it is given.
const CHANGEABLE: [&str; 14] = [
    "SourceUrls",
    "StartTime",
    "EndTime",
    "VodLoopTimes",
    "VodRefreshType",
    "Status",
    "CallbackEvents",
    "CallbackUrl",
    "Comment",
    "BackupSourceType",
    "BackupSourceUrl",
    "WatermarkList",
    "VodLocalMode",
    "BackupToUrl",
];

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("CreateLivePullStreamTask", Changes(create)),
    ("DescribeLivePullStreamTasks", Reads(list)),
    ("DescribeLivePullStreamTaskStatus", Reads(state)),
    ("ModifyLivePullStreamTask", Changes(modify)),
    ("DeleteLivePullStreamTask", Changes(delete)),
    ("RestartLivePullStreamTask", Changes(restart)),
];

/// What active tasks push in their time.
pub(super) fn pushing(house: &House, now: Timestamp) -> Vec<Live> {
    let time = |row: &Params, member: &str| text(row, member).parse::<Timestamp>().ok();
    let pushes = house.rows(TASKS).iter().filter_map(|row| {
        let (start, end) = (time(row, "StartTime")?, time(row, "EndTime")?);
        let stream = StreamKey::new(text(row, "DomainName"), text(row, "AppName"), text(row, "StreamName"));
        let active = text(row, "Status") == "enable" && start <= now && now < end && !stream.domain.is_empty();
        let started_at = start.max(time(row, "CreateTime").unwrap_or(start));
        active.then_some(Live { stream, started_at, ended_at: None, end: End::Closed })
    });
    pushes.collect()
}

fn create(asked: &Asked<'_>, house: &mut House) -> Performed {
    check_sources(asked)?;
    check_window(asked, asked.text("StartTime"), asked.text("EndTime"))?;
    let own_id = asked.text("SpecifyTaskId");
    if !own_id.is_empty() && house.find(TASKS, &[("_specified", json!(own_id))]).is_some() {
        return Err(asked.refuse("InvalidParameter", format!("SpecifyTaskId `{own_id}` is in use.")));
    }
    let id = (FIRST + house.next_id()).to_string();
    let loops = asked.text("VodLoopTimes").parse::<i64>().unwrap_or(-1);
    let now = time::to_row(asked.now);
    let mut task = members(json!({
        "TaskId": id,
        "SourceType": asked.text("SourceType"),
        "SourceUrls": asked.list("SourceUrls"),
        "DomainName": asked.text("DomainName"),
        "AppName": asked.text("AppName"),
        "StreamName": asked.text("StreamName"),
        "PushArgs": asked.text("PushArgs"),
        "StartTime": asked.text("StartTime"),
        "EndTime": asked.text("EndTime"),
        "Region": asked.region.as_deref().unwrap_or_default(),
        "VodLoopTimes": loops,
        "VodRefreshType": asked.or("VodRefreshType", "ImmediateNewSource"),
        "CreateTime": now,
        "UpdateTime": now,
        "CreateBy": asked.text("Operator"),
        "UpdateBy": "",
        "CallbackUrl": asked.text("CallbackUrl"),
        "CallbackEvents": asked.or("CallbackEvents", json!(EVENTS)),
        "CallbackInfo": "",
        "ErrorInfo": "",
        "Status": "enable",
        "Comment": asked.text("Comment"),
        "BackupSourceType": asked.text("BackupSourceType"),
        "BackupSourceUrl": asked.text("BackupSourceUrl"),
        "WatermarkList": asked.list("WatermarkList"),
        "VodLocalMode": asked.or("VodLocalMode", 0),
        "RecordTemplateId": asked.text("RecordTemplateId"),
        "BackupToUrl": asked.text("BackupToUrl"),
        "TranscodeTemplateName": asked.text("TranscodeTemplateName"),
    }));
    task.insert("_specified".to_owned(), json!(own_id));
    task.insert("_updated".to_owned(), json!(asked.now.as_millisecond()));
    later::takes(asked, &mut task, json!({"_runs": false}), json!({"_runs": false}));
    house.add(TASKS, task);
    Ok(members(json!({ "TaskId": id })))
}

fn list(asked: &Asked<'_>, house: &House) -> Performed {
    let mut rows: Vec<&Params> = house.rows(TASKS).iter().filter(|row| wanted(asked, row)).collect();
    rows.reverse();
    rows.sort_by_key(|row| std::cmp::Reverse(row.get("_updated").and_then(Value::as_i64)));
    let one = asked.given("TaskId").is_some();
    let item = |row: &Params| {
        let mut item = shown(row);
        if one {
            let source = row.get("SourceUrls").and_then(|urls| urls.get(0)).cloned().unwrap_or_default();
            let at = time::to_row(asked.now);
            item["RecentPullInfo"] = json!({"FileUrl": source, "OffsetTime": 0, "ReportTime": at, "LoopedTimes": 0});
        }
        item
    };
    let page = asked.page(rows.into_iter(), item);
    let pages = page.pages();
    Ok(members(json!({
        "TaskInfos": page.items,
        "PageNum": page.number,
        "PageSize": page.size,
        "TotalNum": page.total,
        "TotalPage": pages,
        "LimitTaskNum": 20,
    })))
}

/// Whether a task is the one that is named, by either of its ids.
fn wanted(asked: &Asked<'_>, row: &Params) -> bool {
    let same = |param: &str, member: &str| asked.given(param).is_none_or(|id| row.get(member) == Some(id));
    same("TaskId", "TaskId") && same("SpecifyTaskId", "_specified")
}

fn modify(asked: &Asked<'_>, house: &mut House) -> Performed {
    let row = house.find(TASKS, &asked.key(&[("TaskId", "TaskId")])).ok_or_else(|| missing(asked))?;
    if asked.params.contains_key("SourceUrls") {
        check_sources(asked)?;
    }
    let time = |name: &str| asked.given(name).and_then(Value::as_str).unwrap_or(text(row, name)).to_owned();
    if asked.params.contains_key("StartTime") || asked.params.contains_key("EndTime") {
        check_window(asked, &time("StartTime"), &time("EndTime"))?;
    }
    let row = house.find_mut(TASKS, &asked.key(&[("TaskId", "TaskId")])).ok_or_else(|| missing(asked))?;
    for name in CHANGEABLE {
        if let Some(value) = asked.params.get(name) {
            row.insert(name.to_owned(), value.clone());
        }
    }
    if row.get("BackupSourceType") == Some(&json!("")) {
        row.insert("BackupSourceUrl".to_owned(), json!(""));
    }
    touch(asked, row);
    Ok(done())
}

fn delete(asked: &Asked<'_>, house: &mut House) -> Performed {
    match house.remove(TASKS, &asked.key(&[("TaskId", "TaskId")])) {
        0 => Err(missing(asked)),
        _ => Ok(done()),
    }
}

fn restart(asked: &Asked<'_>, house: &mut House) -> Performed {
    let row = house.find_mut(TASKS, &asked.key(&[("TaskId", "TaskId")])).ok_or_else(|| missing(asked))?;
    touch(asked, row);
    row.shift_remove("_runs");
    later::takes(asked, row, json!({"_runs": false}), json!({"_runs": false}));
    Ok(done())
}

/// Whether a task pulls now: it is in its window and not paused.
fn state(asked: &Asked<'_>, house: &House) -> Performed {
    let row = house.find(TASKS, &asked.key(&[("TaskId", "TaskId")])).ok_or_else(|| missing(asked))?;
    let row = later::now(asked, row);
    let time = |member: &str| text(&row, member).parse::<Timestamp>().ok();
    let within =
        time("StartTime").is_none_or(|start| start <= asked.now) && time("EndTime").is_none_or(|end| asked.now < end);
    let runs = within && text(&row, "Status") == "enable" && row.get("_runs") != Some(&json!(false));
    let source = row.get("SourceUrls").and_then(|urls| urls.get(0)).cloned().unwrap_or_default();
    Ok(members(json!({ "TaskStatusInfo": {
        "FileUrl": source,
        "LoopedTimes": 0,
        "OffsetTime": 0,
        "ReportTime": time::to_row(asked.now),
        "RunStatus": if runs { "active" } else { "inactive" },
        "FileDuration": 0,
        "NextFileUrl": "",
    }})))
}

fn touch(asked: &Asked<'_>, row: &mut Params) {
    row.insert("UpdateBy".to_owned(), json!(asked.text("Operator")));
    row.insert("UpdateTime".to_owned(), json!(time::to_row(asked.now)));
    row.insert("_updated".to_owned(), json!(asked.now.as_millisecond()));
}

fn check_sources(asked: &Asked<'_>) -> Result<(), Refusal> {
    let sources = asked.list("SourceUrls");
    let readable = sources.iter().all(|url| url.as_str().is_some_and(|url| url.contains("://")));
    if sources.is_empty() || !readable {
        return Err(asked.refuse("InvalidParameter.InvalidSourceUrl", "SourceUrls holds no URL, or none that is one."));
    }
    Ok(())
}

fn check_window(asked: &Asked<'_>, start: &str, end: &str) -> Result<(), Refusal> {
    let refused =
        |why: &str| asked.refuse("InvalidParameter.InvalidTaskTime", format!("The task time is wrong: {why}."));
    let read =
        |text: &str| text.parse::<Timestamp>().map_err(|_| refused("it is no UTC time like 2026-01-31T12:00:00Z"));
    let (start, end) = (read(start)?.as_second(), read(end)?.as_second());
    if end <= start {
        return Err(refused("EndTime is not after StartTime"));
    }
    if end <= asked.now.as_second() {
        return Err(refused("EndTime has passed"));
    }
    if end - start > LONGEST {
        return Err(refused("EndTime is too far from StartTime"));
    }
    Ok(())
}

fn missing(asked: &Asked<'_>) -> Refusal {
    asked.refuse("InvalidParameter.TaskNotExist", format!("The task `{}` does not exist.", asked.text("TaskId")))
}
