//! What an Aliyun production studio is made of: layouts, video sources, components, episodes and channels.

use serde_json::{Value, json};

use crate::model::Params;
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::house::{House, text};
use crate::sandbox::random;

use super::{caster_scenes, casters, shape};

const EPISODES: &str = "caster_episodes";
const CHANNELS: &str = "caster_channels";
const GROUPS: &str = "caster_episode_groups";
pub(super) const LAYOUTS: &str = "caster_layouts";
pub(super) const RESOURCES: &str = "caster_resources";

/// One kind of part: where it is kept, its id, the member that names it, the codes that are its own.
struct Part {
    /// What the names of its Actions hold.
    word: &'static str,
    table: &'static str,
    id: &'static str,
    name: &'static str,
    missing: &'static str,
}

const PARTS: &[Part] = &[
    Part { word: "CasterLayout", table: LAYOUTS, id: "LayoutId", name: "", missing: "InvalidLayout.NotFound" },
    Part {
        word: "CasterVideoResource",
        table: RESOURCES,
        id: "ResourceId",
        name: "ResourceName",
        missing: "InvalidResource.NotFound",
    },
    Part {
        word: "CasterComponent",
        table: "caster_components",
        id: "ComponentId",
        name: "ComponentName",
        missing: "InvalidResource.NotFound",
    },
    Part {
        word: "CasterEpisode",
        table: EPISODES,
        id: "EpisodeId",
        name: "EpisodeName",
        missing: "InvalidResource.NotFound",
    },
    Part {
        word: "CasterProgram",
        table: EPISODES,
        id: "EpisodeId",
        name: "EpisodeName",
        missing: "InvalidResource.NotFound",
    },
    Part { word: "CasterChannel", table: CHANNELS, id: "ChannelId", name: "", missing: "InvalidResource.NotFound" },
];

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("AddCasterLayout", Changes(add)),
    ("ModifyCasterLayout", Changes(modify)),
    ("DeleteCasterLayout", Changes(delete)),
    ("DescribeCasterLayouts", Reads(list)),
    ("AddCasterVideoResource", Changes(add)),
    ("ModifyCasterVideoResource", Changes(modify)),
    ("DeleteCasterVideoResource", Changes(delete)),
    ("DescribeCasterVideoResources", Reads(list)),
    ("AddCasterComponent", Changes(add)),
    ("ModifyCasterComponent", Changes(modify)),
    ("DeleteCasterComponent", Changes(delete)),
    ("DescribeCasterComponents", Reads(list)),
    ("AddCasterEpisode", Changes(add)),
    ("ModifyCasterEpisode", Changes(modify)),
    ("DeleteCasterEpisode", Changes(delete)),
    ("AddCasterProgram", Changes(add_program)),
    ("ModifyCasterProgram", Changes(modify_program)),
    ("DeleteCasterProgram", Changes(delete_program)),
    ("DescribeCasterProgram", Reads(list)),
    ("SetCasterChannel", Changes(set_channel)),
    ("DescribeCasterChannels", Reads(list)),
    ("AddCasterEpisodeGroup", Changes(add_group)),
    ("AddCasterEpisodeGroupContent", Changes(add_group)),
    ("DeleteCasterEpisodeGroup", Changes(delete_group)),
];

/// The tables of the parts.
pub(super) fn tables() -> impl Iterator<Item = &'static str> {
    PARTS.iter().map(|part| part.table)
}

fn part(asked: &Asked<'_>) -> Result<&'static Part, Refusal> {
    let named = PARTS.iter().filter(|part| asked.action.name.contains(part.word));
    let longest = named.max_by_key(|part| part.word.len());
    longest.ok_or_else(|| asked.refuse("InternalError", "Nothing is kept for this action."))
}

/// The key of a part of the studio that is asked for.
fn key(asked: &Asked<'_>, part: &Part) -> Vec<(&'static str, Value)> {
    casters::key(asked).into_iter().chain([(part.id, asked.or(part.id, ""))]).collect()
}

fn missing(asked: &Asked<'_>, part: &Part) -> Refusal {
    asked.refuse(part.missing, format!("The specified {} does not exist.", part.id))
}

fn add(asked: &Asked<'_>, house: &mut House) -> Performed {
    let part = part(asked)?;
    casters::caster(asked, house)?;
    check(asked, house, part, None)?;
    let row = fresh(asked, part, &asked.params);
    let answer = shape::answer(asked, std::iter::once(&row));
    house.add(part.table, row);
    Ok(answer)
}

fn fresh(asked: &Asked<'_>, part: &Part, given: &Params) -> Params {
    let id = random::uuid();
    let mut row = given.clone();
    row.insert("CasterId".to_owned(), asked.or("CasterId", ""));
    row.insert(part.id.to_owned(), json!(id));
    if !part.name.is_empty() && text(&row, part.name).is_empty() {
        row.insert(part.name.to_owned(), json!(id));
    }
    if part.table == EPISODES {
        row.insert("Status".to_owned(), json!(0));
    }
    row
}

/// What the vendor refuses about a part; `own`: the slot that it has already.
fn check(asked: &Asked<'_>, house: &House, part: &Part, own: Option<&Value>) -> Result<(), Refusal> {
    for (layers, locations) in [("VideoLayer", "BlendList"), ("AudioLayer", "MixList")] {
        if asked.list(layers).len() != asked.list(locations).len() {
            let message = format!("The specified {layers} and {locations} have different lengths.");
            return Err(asked.refuse_listed(&["InvalidVideoLayersAndBlendListSize.Mismatch"], message));
        }
    }
    let position = |layer: &Value| layer.get("PositionNormalized").and_then(Value::as_array).map(Vec::len);
    if asked.list("VideoLayer").iter().filter_map(position).any(|count| count != 2) {
        let message = "The specified PositionNormalized has two numbers.";
        return Err(asked.refuse_listed(&["InvalidPositionNormalized.Malformed"], message));
    }
    if part.table == RESOURCES && own.is_none() {
        let sources = ["LiveStreamUrl", "VodUrl", "MaterialId", "ImageId", "ImageUrl"];
        if sources.iter().all(|name| asked.given(name).is_none()) {
            let message = "One of LiveStreamUrl, VodUrl and MaterialId is mandatory.";
            return Err(asked.refuse_listed(&["InvalidLiveStreamUrl.Malformed"], message));
        }
    }
    let Some(slot) = asked.given("LocationId").filter(|slot| Some(*slot) != own) else { return Ok(()) };
    let taken: Vec<_> = casters::key(asked).into_iter().chain([("LocationId", slot.clone())]).collect();
    if house.find(part.table, &taken).is_some() {
        return Err(asked.refuse_listed(&["DuplicateLocationID"], "The specified LocationId is taken."));
    }
    Ok(())
}

fn modify(asked: &Asked<'_>, house: &mut House) -> Performed {
    let part = part(asked)?;
    casters::caster(asked, house)?;
    let key = key(asked, part);
    let slot = house.find(part.table, &key).ok_or_else(|| missing(asked, part))?.get("LocationId").cloned();
    check(asked, house, part, Some(&slot.unwrap_or_default()))?;
    let row = house.find_mut(part.table, &key).ok_or_else(|| missing(asked, part))?;
    row.extend(asked.params.clone());
    Ok(shape::answer(asked, std::iter::once(&*row)))
}

fn delete(asked: &Asked<'_>, house: &mut House) -> Performed {
    let part = part(asked)?;
    casters::caster(asked, house)?;
    let key = key(asked, part);
    let row = house.find(part.table, &key).cloned().ok_or_else(|| missing(asked, part))?;
    if caster_scenes::uses(house, part.id, text(&row, part.id)) {
        let message = format!("A scene on air shows the specified {}.", part.id);
        return Err(asked.refuse_listed(&["IllegalOperation"], message));
    }
    house.remove(part.table, &key);
    Ok(shape::answer(asked, std::iter::once(&row)))
}

fn list(asked: &Asked<'_>, house: &House) -> Performed {
    let part = part(asked)?;
    casters::caster(asked, house)?;
    let same = |row: &&Params, name: &str| asked.given(name).is_none_or(|wanted| row.get(name) == Some(wanted));
    let rows = house.rows(part.table).iter();
    let rows = rows.filter(|row| ["CasterId", part.id, "EpisodeType", "Status"].iter().all(|name| same(row, name)));
    let mut answer = shape::answer(asked, rows);
    let config = casters::config(asked, house);
    for name in ["CasterId", "ProgramName", "ProgramEffect"] {
        let answered = asked.action.response.iter().any(|field| field.name == name);
        if let Some(value) = config.get(name).filter(|_| answered) {
            answer.insert(name.to_owned(), value.clone());
        }
    }
    Ok(answer)
}

fn episodes<'a>(asked: &'a Asked<'_>) -> impl Iterator<Item = &'a Params> {
    asked.list("Episode").iter().filter_map(Value::as_object)
}

fn add_program(asked: &Asked<'_>, house: &mut House) -> Performed {
    let part = part(asked)?;
    casters::caster(asked, house)?;
    let mut ids = Vec::new();
    for episode in episodes(asked) {
        let row = fresh(asked, part, episode);
        ids.push(json!({ "EpisodeId": row.get("EpisodeId") }));
        house.add(EPISODES, row);
    }
    Ok(members(json!({ "EpisodeIds": {"EpisodeId": ids} })))
}

fn modify_program(asked: &Asked<'_>, house: &mut House) -> Performed {
    let part = part(asked)?;
    casters::caster(asked, house)?;
    for episode in episodes(asked) {
        let id = episode.get("EpisodeId").cloned().unwrap_or_default();
        let key: Vec<_> = casters::key(asked).into_iter().chain([("EpisodeId", id)]).collect();
        house.find_mut(EPISODES, &key).ok_or_else(|| missing(asked, part))?.extend(episode.clone());
    }
    Ok(members(json!({ "CasterId": asked.text("CasterId") })))
}

fn delete_program(asked: &Asked<'_>, house: &mut House) -> Performed {
    casters::caster(asked, house)?;
    house.remove(EPISODES, &casters::key(asked));
    Ok(members(json!({ "CasterId": asked.text("CasterId") })))
}

fn set_channel(asked: &Asked<'_>, house: &mut House) -> Performed {
    let part = part(asked)?;
    casters::caster(asked, house)?;
    let [caster] = casters::key(asked);
    let resource = ("ResourceId", asked.or("ResourceId", ""));
    let Some(found) = house.find(RESOURCES, &[caster.clone(), resource.clone()]) else {
        return Err(asked.refuse_listed(&["InvalidResource.NotFound"], "The specified ResourceId does not exist."));
    };
    let url = found.get("LiveStreamUrl").or_else(|| found.get("VodUrl")).cloned();
    let key = key(asked, part);
    let elsewhere = house.find(CHANNELS, &[caster, resource]);
    if elsewhere.is_some_and(|row| row.get("ChannelId") != asked.params.get("ChannelId")) {
        let message = "The specified resource is in another channel.";
        return Err(asked.refuse_listed(&["ResourceOfChannelExist"], message));
    }
    let mut row = asked.params.clone();
    if let Some(url) = url {
        row.insert("StreamUrl".to_owned(), url);
    }
    house.put(CHANNELS, &key, row);
    Ok(done())
}

fn add_group(asked: &Asked<'_>, house: &mut House) -> Performed {
    let content = asked.params.get("Content").and_then(|content| content.get("Items")).and_then(Value::as_array);
    let items = content.map_or_else(|| asked.list("Item"), Vec::as_slice);
    let ids: Vec<String> = items.iter().map(|_| random::uuid()).collect();
    let row = members(json!({ "ProgramId": random::uuid(), "ItemIds": {"ItemId": ids} }));
    house.add(GROUPS, row.clone());
    Ok(row)
}

fn delete_group(asked: &Asked<'_>, house: &mut House) -> Performed {
    match house.remove(GROUPS, &asked.key(&[("ProgramId", "ProgramId")])) {
        0 => Err(asked.refuse_listed(&["InvalidResource.NotFound"], "The specified ProgramId does not exist.")),
        _ => Ok(members(json!({ "retCode": 0, "description": "OK" }))),
    }
}

/// Gives a new studio the parts of another one, under ids of their own.
pub(super) fn copy(house: &mut House, from: &str, to: &str) {
    let mut names = vec![(from.to_owned(), to.to_owned())];
    let mut copies = Vec::new();
    for part in PARTS.iter().filter(|part| part.word != "CasterProgram") {
        for row in house.rows(part.table).iter().filter(|row| text(row, "CasterId") == from) {
            if part.table != CHANNELS {
                names.push((text(row, part.id).to_owned(), random::uuid()));
            }
            copies.push((part.table, row.clone()));
        }
    }
    for (table, row) in copies {
        let row = row.into_iter().map(|(name, value)| (name, renamed(value, &names))).collect();
        house.add(table, row);
    }
}

/// A value with new names in the place of old ones.
fn renamed(value: Value, names: &[(String, String)]) -> Value {
    match value {
        Value::String(text) => {
            let new = names.iter().find(|(old, _)| *old == text).map(|(_, new)| new.clone());
            json!(new.unwrap_or(text))
        }
        Value::Array(items) => items.into_iter().map(|item| renamed(item, names)).collect(),
        other => other,
    }
}
