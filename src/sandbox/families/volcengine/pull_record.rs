//! Volcengine's tasks that pull a stream and record it.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::model::Params;
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::families::beijing_offset;
use crate::sandbox::families::volcengine::{shape, space};
use crate::sandbox::house::House;

const TASKS: &str = "pull_record_tasks";

/// Task ids have this many digits.
const FIRST_TASK: u64 = 361_200_000_000;

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("CreatePullRecordTask", Changes(create)),
    ("GetPullRecordTask", Reads(show)),
    ("ListPullRecordTask", Reads(list)),
    ("StopPullRecordTask", Changes(stop)),
];

fn create(asked: &Asked<'_>, house: &mut House) -> Performed {
    let address = asked.text("StreamURL");
    if !["rtmp://", "http://", "https://"].iter().any(|scheme| address.starts_with(scheme)) {
        return Err(asked.refuse("InvalidParam.Format", "StreamURL is an address of RTMP, HTTP or HTTPS"));
    }
    let start = time(asked, "StartTime")?.unwrap_or(asked.now);
    let end = time(asked, "EndTime")?;
    if end.is_some_and(|end| end <= start) {
        return Err(asked.refuse("InvalidParam", "EndTime is after StartTime"));
    }
    let id = (FIRST_TASK + house.next_id()).to_string();
    let mut row = asked.params.clone();
    row.insert("TaskId".to_owned(), json!(id));
    row.insert("Vhost".to_owned(), json!(space::of(asked, house)));
    row.insert("StartTime".to_owned(), json!(beijing_offset(start)));
    row.insert("EndTime".to_owned(), json!(end.map(beijing_offset).unwrap_or_default()));
    row.insert("_start".to_owned(), json!(start.as_second()));
    row.insert("_end".to_owned(), json!(end.map(Timestamp::as_second)));
    house.add(TASKS, row);
    Ok(members(json!({ "TaskId": id })))
}

/// A time of a request: with an offset, or seconds since 1970.
fn time(asked: &Asked<'_>, name: &str) -> Result<Option<Timestamp>, Refusal> {
    let text = asked.text(name);
    if text.is_empty() {
        return Ok(None);
    }
    let seconds = || text.parse().ok().and_then(|second| Timestamp::from_second(second).ok());
    let time = text.parse().ok().or_else(seconds);
    time.map(Some).ok_or_else(|| asked.refuse("InvalidParam.Format", format!("{name} is no time")))
}

fn show(asked: &Asked<'_>, house: &House) -> Performed {
    let row = house.find(TASKS, &asked.key(&[("TaskId", "TaskID")])).ok_or_else(|| missing(asked, "TaskID"))?;
    Ok(members(json!({ "TaskDetail": shape::item(asked, "TaskDetail", &whole(asked, row)) })))
}

fn list(asked: &Asked<'_>, house: &House) -> Performed {
    let filter = space::given(asked, &["Vhost", "Domain", "App", "Stream"]);
    let rows = house.rows(TASKS).iter();
    let rows = rows.filter(|row| filter.iter().all(|(member, value)| row.get(*member) == Some(value)));
    let page = asked.page(rows, |row| shape::item(asked, "List", &whole(asked, row)));
    let pages = page.pages();
    Ok(members(json!({
        "List": page.items,
        "Pagination": {
            "PageCur": page.number, "PageSize": page.size, "PageTotal": pages, "TotalCount": page.total,
        },
    })))
}

/// The task with its state in the vendor's words: stopped, not begun, running, ended.
fn whole(asked: &Asked<'_>, row: &Params) -> Params {
    let time = |name: &str| row.get(name).and_then(Value::as_i64);
    let now = asked.now.as_second();
    let status = if row.contains_key("_stopped") {
        "停用"
    } else if time("_end").is_some_and(|end| now >= end) {
        "已结束"
    } else if time("_start").is_some_and(|start| now < start) {
        "未开始"
    } else {
        "生效中"
    };
    let mut whole = row.clone();
    whole.insert("Status".to_owned(), json!(status));
    whole
}

fn stop(asked: &Asked<'_>, house: &mut House) -> Performed {
    let row = house.find_mut(TASKS, &asked.key(&[("TaskId", "TaskId")])).ok_or_else(|| missing(asked, "TaskId"))?;
    row.insert("_stopped".to_owned(), json!(true));
    Ok(done())
}

fn missing(asked: &Asked<'_>, name: &str) -> Refusal {
    asked.refuse("ResourceNotFound", format!("there is no task {}", asked.text(name)))
}
