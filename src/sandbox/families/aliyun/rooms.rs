//! Aliyun's interactive rooms, and whose pushes are forbidden. The reference lists no code for a room that is not there.

use serde_json::{Value, json};

use crate::model::{Params, time};
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::house::{House, text};

use super::shape;

const ROOMS: &str = "rooms";
const KEY: [(&str, &str); 2] = [("AppId", "AppId"), ("RoomId", "RoomId")];

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("CreateRoom", Changes(create)),
    ("DeleteRoom", Changes(delete)),
    ("DescribeRoomStatus", Reads(status)),
    ("DescribeRoomList", Reads(list)),
    ("ForbidPushStream", Changes(forbid)),
    ("AllowPushStream", Changes(allow)),
    ("DescribeForbidPushStreamRoomList", Reads(forbidden)),
];

/// Makes a room, or gives one that is there to another anchor.
fn create(asked: &Asked<'_>, house: &mut House) -> Performed {
    let row = json!({
        "AppId": asked.text("AppId"),
        "RoomId": asked.text("RoomId"),
        "AnchorId": asked.text("AnchorId"),
        "RoomStatus": 1,
        "CreateTime": time::to_row(asked.now),
    });
    let row = members(row);
    house.put(ROOMS, &asked.key(&KEY), row.clone());
    Ok(shape::answer(asked, std::iter::once(&row)))
}

fn delete(asked: &Asked<'_>, house: &mut House) -> Performed {
    match house.remove(ROOMS, &asked.key(&KEY)) {
        0 => Err(missing(asked)),
        _ => Ok(done()),
    }
}

fn status(asked: &Asked<'_>, house: &House) -> Performed {
    let row = house.find(ROOMS, &asked.key(&KEY)).ok_or_else(|| missing(asked))?;
    Ok(shape::answer(asked, std::iter::once(row)))
}

fn list(asked: &Asked<'_>, house: &House) -> Performed {
    Ok(shape::answer(asked, house.rows(ROOMS).iter().filter(|row| shape::asked_for(asked, row))))
}

fn forbid(asked: &Asked<'_>, house: &mut House) -> Performed {
    let row = house.find_mut(ROOMS, &asked.key(&KEY)).ok_or_else(|| missing(asked))?;
    row.insert("OpStartTime".to_owned(), json!(time::to_row(asked.now)));
    row.insert("OpEndTime".to_owned(), asked.or("EndTime", ""));
    Ok(done())
}

fn allow(asked: &Asked<'_>, house: &mut House) -> Performed {
    let row = house.find_mut(ROOMS, &asked.key(&KEY)).ok_or_else(|| missing(asked))?;
    row.shift_remove("OpStartTime");
    row.shift_remove("OpEndTime");
    Ok(done())
}

/// The rooms whose pushes are forbidden now: for ever, or until a time to come.
fn forbidden(asked: &Asked<'_>, house: &House) -> Performed {
    let lasts = |row: &Params| match row.get("OpEndTime") {
        None => false,
        Some(Value::String(end)) if !end.is_empty() => end.parse::<jiff::Timestamp>().is_ok_and(|end| end > asked.now),
        Some(_) => true,
    };
    let rows = house.rows(ROOMS).iter().filter(|row| text(row, "AppId") == asked.text("AppId") && lasts(row));
    Ok(shape::answer(asked, rows))
}

fn missing(asked: &Asked<'_>) -> Refusal {
    asked.refuse_listed(&["InvalidResource.NotFound"], format!("The room {} does not exist.", asked.text("RoomId")))
}
