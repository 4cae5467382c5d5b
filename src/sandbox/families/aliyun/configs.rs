//! Aliyun's settings of a place (domain, application, stream), which are all kept alike: one row each in [`FAMILIES`].
//!
//! The domain need not be in the account: a fresh sandbox takes a setting at once.

mod rows;

use serde_json::{Value, json};

use crate::model::{Params, time};
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done};
use crate::sandbox::families::Handler::{self, Reads};
use crate::sandbox::house::{House, text};
use crate::sandbox::random;

use super::shape::{self, CHANGED, CREATED};
use rows::FAMILIES;

const RECORDS: &str = "record_configs";

/// One kind of setting.
struct Family {
    /// Where it is kept.
    table: &'static str,
    /// The parameters that say which one; the rows' members have the same names.
    key: &'static [&'static str],
    /// The id that the vendor gives it.
    id: Option<&'static str>,
    /// A table that may not hold the same application too.
    beside: Option<&'static str>,
    /// A table whose rows name it by its id: it is in use then.
    users: Option<&'static str>,
    /// A table and the id in it that a new one must name.
    names: Option<(&'static str, &'static str)>,
    /// Its Actions.
    actions: &'static [(&'static str, Handler)],
}

const PLAIN: Family =
    Family { table: "", key: &["DomainName"], id: None, beside: None, users: None, names: None, actions: &[] };

const ACTIONS: usize = {
    let (mut family, mut count) = (0, 0);
    while family < FAMILIES.len() {
        count += FAMILIES[family].actions.len();
        family += 1;
    }
    count
};

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &{
    let mut table = [("", Reads(list as fn(&Asked<'_>, &House) -> Performed)); ACTIONS];
    let (mut family, mut at) = (0, 0);
    while family < FAMILIES.len() {
        let mut action = 0;
        while action < FAMILIES[family].actions.len() {
            table[at] = FAMILIES[family].actions[action];
            at += 1;
            action += 1;
        }
        family += 1;
    }
    table
};

/// Parameters that another one asks for: parameter, its value, and what must be given then.
const NEEDS: [(&str, &str, &str); 3] = [
    ("AutoCompose", "ON", "ComposeVodTranscodeGroupId"),
    ("NotifyReqAuth", "yes", "NotifyAuthKey"),
    ("NotifyReqAuth", "true", "NotifyAuthKey"),
];

fn family(asked: &Asked<'_>) -> Result<&'static Family, Refusal> {
    let mine = |family: &&Family| family.actions.iter().any(|(name, _)| *name == asked.action.name);
    FAMILIES.iter().find(mine).ok_or_else(|| asked.refuse("InternalError", "Nothing is kept for this action."))
}

/// Which row is meant: by its id where that is given, else by its place.
fn key(asked: &Asked<'_>, family: &Family) -> Vec<(&'static str, Value)> {
    if let Some((id, value)) = family.id.and_then(|id| asked.given(id).map(|value| (id, value))) {
        return vec![(id, value.clone())];
    }
    family.key.iter().map(|name| (*name, asked.or(name, ""))).collect()
}

fn add(asked: &Asked<'_>, house: &mut House) -> Performed {
    let family = family(asked)?;
    check_needs(asked)?;
    if let Some((table, id)) = family.names {
        find_named(asked, house, table, id)?;
    }
    let place: Vec<(&str, Value)> = family.key.iter().map(|name| (*name, asked.or(name, ""))).collect();
    let app: Vec<(&str, Value)> = place.iter().filter(|(name, _)| *name != "StreamName").cloned().collect();
    let taken = !place.is_empty() && house.find(family.table, &place).is_some();
    if taken || family.beside.is_some_and(|table| house.find(table, &app).is_some()) {
        return Err(asked.refuse_listed(&["ConfigAlreadyExists"], "The setting of this place exists already."));
    }
    let mut row = fresh(asked, &place);
    let mut answer = reported(asked);
    if let Some(id) = family.id {
        let value = json!(random::uuid());
        row.insert(id.to_owned(), value.clone());
        answer.insert(id.to_owned(), value);
    }
    house.add(family.table, row);
    Ok(answer)
}

/// A new row: what is given, the vendor's defaults, and the place, which an empty text ends.
fn fresh(asked: &Asked<'_>, place: &[(&'static str, Value)]) -> Params {
    let mut row: Params = place.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    for param in &asked.action.params {
        let default = || param.default.and_then(|text| default_value(param.kind, text));
        if let Some(value) = asked.params.get(param.name).cloned().or_else(default) {
            row.insert(param.name.to_owned(), value);
        }
    }
    let now = json!(time::to_row(asked.now));
    row.insert(CREATED.to_owned(), now.clone());
    row.insert(CHANGED.to_owned(), now);
    row
}

fn default_value(kind: &str, text: &str) -> Option<Value> {
    match kind {
        "string" => Some(json!(text)),
        "integer" => text.parse::<i64>().ok().map(Value::from),
        "boolean" => text.to_ascii_lowercase().parse::<bool>().ok().map(Value::Bool),
        "array<string>" => Some(json!([text])),
        _ => None,
    }
}

fn check_needs(asked: &Asked<'_>) -> Result<(), Refusal> {
    let meant = |name: &str, value: &str| asked.given(name).is_some_and(|given| shape::plain(given) == value);
    let missing = NEEDS.iter().find(|(name, value, other)| {
        asked.action.param(other).is_some() && meant(name, value) && asked.given(other).is_none()
    });
    match missing {
        Some((name, value, other)) => {
            let message = format!("{other} is mandatory when {name} is {value}.");
            Err(asked.refuse("MissingParameter", message))
        }
        None => Ok(()),
    }
}

fn find_named(asked: &Asked<'_>, house: &House, table: &str, id: &str) -> Result<(), Refusal> {
    match asked.given(id) {
        Some(value) if house.find(table, &[(id, value.clone())]).is_none() => {
            let message = format!("The specified {id} does not exist.");
            Err(asked.refuse_listed(&["InvalidConfig.NotFound"], message))
        }
        _ => Ok(()),
    }
}

fn set(asked: &Asked<'_>, house: &mut House) -> Performed {
    let family = family(asked)?;
    check_needs(asked)?;
    let place = key(asked, family);
    house.put(family.table, &place, fresh(asked, &place));
    Ok(reported(asked))
}

fn update(asked: &Asked<'_>, house: &mut House) -> Performed {
    let family = family(asked)?;
    if let Some((table, id)) = family.names {
        find_named(asked, house, table, id)?;
    }
    let row = house.find_mut(family.table, &key(asked, family)).ok_or_else(|| missing(asked))?;
    for (name, value) in asked.params.iter().filter(|(name, _)| asked.action.param(name).is_some()) {
        match value.as_str() {
            Some("-") if name.ends_with("OssObject") => drop(row.shift_remove(name)),
            _ => {
                let value = row.get(name).map_or_else(|| value.clone(), |old| formats(old, value));
                row.insert(name.clone(), value);
            }
        }
    }
    row.insert(CHANGED.to_owned(), json!(time::to_row(asked.now)));
    Ok(done())
}

/// Formats as they are given, with what an update cannot name: what the objects of a format are called stays.
fn formats(old: &Value, new: &Value) -> Value {
    let (Value::Array(old), Value::Array(new)) = (old, new) else { return new.clone() };
    let merged = |item: &Value| {
        let same = |other: &&Value| item.get("Format").is_some() && other.get("Format") == item.get("Format");
        let mut members = old.iter().find(same).and_then(Value::as_object).cloned().unwrap_or_default();
        members.extend(item.as_object()?.clone());
        Some(Value::Object(members))
    };
    new.iter().map(|item| merged(item).unwrap_or_else(|| item.clone())).collect()
}

fn delete(asked: &Asked<'_>, house: &mut House) -> Performed {
    let family = family(asked)?;
    let key = key(asked, family);
    let used = family.users.is_some_and(|users| house.find(users, &key).is_some());
    if used {
        return Err(asked.refuse_listed(&["UnsupportedOperation"], "Rules use the specified template."));
    }
    match house.remove(family.table, &key) {
        0 => Err(missing(asked)),
        _ => Ok(reported(asked)),
    }
}

fn list(asked: &Asked<'_>, house: &House) -> Performed {
    let family = family(asked)?;
    let rows = house.rows(family.table).iter().filter(|row| shape::asked_for(asked, row));
    let Some((users, id)) = family.users.zip(family.id) else { return Ok(shape::answer(asked, rows)) };
    let counted = rows.cloned().map(|mut row| {
        let count = house.rows(users).iter().filter(|user| user.get(id) == row.get(id)).count();
        row.insert("RuleCount".to_owned(), json!(count));
        row
    });
    let counted: Vec<Params> = counted.collect();
    Ok(shape::answer(asked, counted.iter()))
}

/// One setting without a wrapper; there must be one.
fn show(asked: &Asked<'_>, house: &House) -> Performed {
    let family = family(asked)?;
    let row = house.find(family.table, &key(asked, family)).ok_or_else(|| missing(asked))?;
    Ok(shape::answer(asked, std::iter::once(row)))
}

/// The delay of each playback protocol in an object of its own.
fn playback_delays(asked: &Asked<'_>, house: &House) -> Performed {
    let family = family(asked)?;
    let row = house.find(family.table, &key(asked, family));
    let mut answer = Params::new();
    for protocol in ["Flv", "Hls", "Rtmp"] {
        let mut one = Params::new();
        for member in ["Delay", "Level"] {
            if let Some(value) = row.and_then(|row| row.get(&format!("{protocol}{member}"))) {
                one.insert(member.to_owned(), value.clone());
            }
        }
        answer.insert(format!("LiveStream{protocol}DelayConfig"), Value::Object(one));
    }
    Ok(answer)
}

/// Some changes answer how they went.
fn reported(asked: &Asked<'_>) -> Params {
    let words = [("Status", "0"), ("Description", "OK")];
    let told = words.iter().filter(|(name, _)| asked.action.response.iter().any(|field| field.name == *name));
    told.map(|(name, word)| ((*name).to_owned(), json!(word))).collect()
}

fn missing(asked: &Asked<'_>) -> Refusal {
    asked.refuse_listed(&["InvalidConfig.NotFound"], "The specified setting does not exist.")
}

/// The buckets that an app or stream is recorded into: pairs of endpoint and bucket, the most special first.
pub(super) fn record_target(house: &House, domain: &str, app: &str, stream: &str) -> Option<(String, String)> {
    let rows = house.rows(RECORDS).iter().filter(|row| text(row, "DomainName") == domain);
    let fits = |row: &&Params| {
        (text(row, "AppName") == app || text(row, "AppName") == "*")
            && (text(row, "StreamName").is_empty() || text(row, "StreamName") == stream)
    };
    let special = |row: &&Params| (text(row, "AppName") == app, text(row, "StreamName") == stream);
    let row = rows.filter(fits).max_by_key(special)?;
    Some((text(row, "OssEndpoint").to_owned(), text(row, "OssBucket").to_owned()))
}
