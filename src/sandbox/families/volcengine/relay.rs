//! Volcengine's relay sources: fixed ones (V4) by domain, app and stream, play-triggered ones (V3) by vhost and app.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::model::Params;
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::families::live::StreamKey;
use crate::sandbox::house::{House, shown, text};

const FIXED: &str = "relay_sources_v4";
const TRIGGERED: &str = "relay_sources_v3";

const STREAM: [(&str, &str); 3] = [("Domain", "Domain"), ("App", "App"), ("Stream", "Stream")];
const APP: [(&str, &str); 2] = [("Vhost", "Vhost"), ("App", "App")];

/// Longest window, in seconds.
const LONGEST: i64 = 7 * 86_400;

/// How many addresses one source tries.
const MOST_ADDRESSES: usize = 10;

/// Task ids have this many digits, as the reference's example does.
const FIRST_TASK: u64 = 161_200_000_000;

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("CreateRelaySourceV4", Changes(create)),
    ("ListRelaySourceV4", Reads(list)),
    ("UpdateRelaySourceV4", Changes(update)),
    ("DeleteRelaySourceV4", Changes(delete)),
    ("UpdateRelaySourceV3", Changes(put_triggered)),
    ("DescribeRelaySourceV3", Reads(show_triggered)),
    ("DeleteRelaySourceV3", Changes(delete_triggered)),
];

fn create(asked: &Asked<'_>, house: &mut House) -> Performed {
    let row = source(asked)?;
    if house.find(FIXED, &asked.key(&STREAM)).is_some() {
        return Err(invalid(asked, "the relay source of this domain, app and stream already exists"));
    }
    let task = FIRST_TASK + house.next_id();
    house.add(FIXED, row);
    Ok(members(json!({ "TaskId": task.to_string() })))
}

fn update(asked: &Asked<'_>, house: &mut House) -> Performed {
    let row = source(asked)?;
    let place = house.find_mut(FIXED, &asked.key(&STREAM)).ok_or_else(|| missing(asked))?;
    *place = row;
    Ok(done())
}

/// The row that the parameters describe. A permanent source has 0 for both times.
fn source(asked: &Asked<'_>) -> Result<Params, Refusal> {
    let addresses = asked.list("SrcAddrS");
    if addresses.is_empty() || addresses.len() > MOST_ADDRESSES {
        return Err(invalid(asked, &format!("SrcAddrS holds 1 to {MOST_ADDRESSES} addresses")));
    }
    if !addresses.iter().all(|address| address.as_str().is_some_and(is_source)) {
        return Err(invalid(asked, "SrcAddrS holds an address that is not RTMP, HTTP, HTTPS or SRT"));
    }
    let app = asked.text("App");
    if !app.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte)) {
        return Err(invalid(asked, "App takes letters, digits, underscores, hyphens and dots"));
    }
    let (start, end) = window(asked)?;
    Ok(members(json!({
        "App": app,
        "Domain": asked.text("Domain"),
        "EndTime": end,
        "SrcAddrS": addresses,
        "StartTime": start,
        "Stream": asked.text("Stream"),
        "_since": asked.now.as_second(),
    })))
}

fn is_source(address: &str) -> bool {
    ["rtmp://", "http://", "https://", "srt://"].iter().any(|scheme| address.starts_with(scheme))
}

fn window(asked: &Asked<'_>) -> Result<(i64, i64), Refusal> {
    let time = |name: &str| {
        let value = asked.params.get(name)?;
        value.as_i64().or_else(|| value.as_str().and_then(|text| text.parse().ok()))
    };
    match (time("StartTime").unwrap_or(0), time("EndTime").unwrap_or(0)) {
        (0, 0) => Ok((0, 0)),
        (0, _) | (_, 0) => Err(invalid(asked, "StartTime and EndTime go together")),
        (start, end) if end <= start => Err(invalid(asked, "EndTime is not after StartTime")),
        (start, end) if end - start > LONGEST => Err(invalid(asked, "EndTime is over 7 days after StartTime")),
        window => Ok(window),
    }
}

/// What the fixed relays bring at a moment, and since when.
pub(super) fn active(house: &House, now: Timestamp) -> impl Iterator<Item = (StreamKey, Timestamp)> + '_ {
    let time = |row: &Params, name: &str| row.get(name).and_then(Value::as_i64).unwrap_or(0);
    house.rows(FIXED).iter().filter_map(move |row| {
        let (start, end) = (time(row, "StartTime"), time(row, "EndTime"));
        let permanent = (start, end) == (0, 0);
        let brings = permanent || (start..end).contains(&now.as_second());
        let since = Timestamp::from_second(start.max(time(row, "_since"))).ok()?;
        brings.then(|| (StreamKey::new(text(row, "Domain"), text(row, "App"), text(row, "Stream")), since))
    })
}

/// Whether a fixed relay brings this stream.
pub(super) fn is_active(house: &House, stream: &StreamKey, now: Timestamp) -> bool {
    active(house, now).any(|(relayed, _)| relayed == *stream)
}

fn list(asked: &Asked<'_>, house: &House) -> Performed {
    let rows = house.rows(FIXED).iter().filter(|row| text(row, "Domain") == asked.text("Domain"));
    let page = asked.page(rows, shown);
    let pages = page.pages();
    Ok(members(json!({
        "List": page.items,
        "Pagination": {
            "PageCur": page.number, "PageSize": page.size, "PageTotal": pages, "TotalCount": page.total,
        },
    })))
}

fn delete(asked: &Asked<'_>, house: &mut House) -> Performed {
    match house.remove(FIXED, &asked.key(&STREAM)) {
        0 => Err(missing(asked)),
        _ => Ok(done()),
    }
}

fn put_triggered(asked: &Asked<'_>, house: &mut House) -> Performed {
    let groups = asked.list("GroupDetails");
    let empty = groups.iter().any(|group| group.get("Servers").and_then(Value::as_array).is_none_or(Vec::is_empty));
    if groups.is_empty() || empty {
        return Err(invalid(asked, "GroupDetails holds groups, and each holds servers"));
    }
    let row = json!({"Vhost": asked.text("Vhost"), "App": asked.text("App"), "GroupDetails": groups});
    house.put(TRIGGERED, &asked.key(&APP), members(row));
    Ok(done())
}

fn show_triggered(asked: &Asked<'_>, house: &House) -> Performed {
    let app = asked.given("App");
    let rows = house
        .rows(TRIGGERED)
        .iter()
        .filter(|row| text(row, "Vhost") == asked.text("Vhost") && app.is_none_or(|app| row.get("App") == Some(app)));
    let rows: Vec<Value> = rows.filter_map(|row| of_group(asked, row)).map(|row| shown(&row)).collect();
    Ok(members(json!({ "RelaySourceConfigList": rows })))
}

/// The row with only the group that is asked for; `None` when it has none of that name.
fn of_group(asked: &Asked<'_>, row: &Params) -> Option<Params> {
    let Some(wanted) = asked.given("Group") else { return Some(row.clone()) };
    let mut row = row.clone();
    let groups = row.get_mut("GroupDetails")?.as_array_mut()?;
    groups.retain(|group| group.get("Group") == Some(wanted));
    (!groups.is_empty()).then_some(row)
}

fn delete_triggered(asked: &Asked<'_>, house: &mut House) -> Performed {
    let key = if asked.given("App").is_some() { asked.key(&APP) } else { asked.key(&[("Vhost", "Vhost")]) };
    let Some(group) = asked.given("Group") else {
        return if house.remove(TRIGGERED, &key) == 0 { Err(missing(asked)) } else { Ok(done()) };
    };
    let row = house.find_mut(TRIGGERED, &key).ok_or_else(|| missing(asked))?;
    let groups = row.get_mut("GroupDetails").and_then(Value::as_array_mut).ok_or_else(|| missing(asked))?;
    let before = groups.len();
    groups.retain(|each| each.get("Group") != Some(group));
    let (after, left) = (groups.len(), groups.is_empty());
    if left {
        house.remove(TRIGGERED, &key);
    }
    if after == before { Err(missing(asked)) } else { Ok(done()) }
}

fn invalid(asked: &Asked<'_>, message: &str) -> Refusal {
    asked.refuse("InvalidParam", message)
}

fn missing(asked: &Asked<'_>) -> Refusal {
    asked.refuse("ResourceNotFound", "there is no such relay source")
}
