//! The two scenes of an Aliyun production studio: a preview (PVW) and the program that is on air (PGM).

use serde_json::{Value, json};

use crate::model::Params;
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::house::{House, Key, text};
use crate::sandbox::random;

use super::caster_parts::{LAYOUTS, RESOURCES};
use super::{casters, shape};

pub(super) const SCENES: &str = "caster_scenes";

const PREVIEW: i64 = 0;
const PROGRAM: i64 = 1;

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("DescribeCasterScenes", Reads(list)),
    ("DescribeCasterStreamUrl", Reads(list)),
    ("SetCasterSceneConfig", Changes(set)),
    ("UpdateCasterSceneConfig", Changes(update)),
    ("DeleteCasterSceneConfig", Changes(clear)),
    ("CopyCasterSceneConfig", Changes(copy)),
    ("StartCasterScene", Changes(start)),
    ("StopCasterScene", Changes(stop)),
    ("EffectCasterUrgent", Changes(urgent)),
    ("EffectCasterVideoResource", Changes(effect)),
    ("UpdateCasterSceneAudio", Changes(set_audio)),
    ("DescribeCasterSceneAudio", Reads(show_audio)),
];

/// Opens the program of a studio that starts, and makes its scenes where they are missing.
pub(super) fn open(asked: &Asked<'_>, house: &mut House, domain: &str) -> Params {
    let mut answer = Params::new();
    for (kind, name, member) in [(PREVIEW, "scene1", "PvwSceneInfos"), (PROGRAM, "scene2", "PgmSceneInfos")] {
        let key: Vec<_> = casters::key(asked).into_iter().chain([("OutputType", json!(kind))]).collect();
        let made = house.find(SCENES, &key).cloned();
        let mut row = made.unwrap_or_else(|| {
            members(json!({
                "CasterId": asked.or("CasterId", ""),
                "SceneId": random::uuid(),
                "SceneName": name,
                "OutputType": kind,
                "FollowEnable": 1,
                "Status": 0,
            }))
        });
        let url = format!("rtmp://{domain}/caster/{}", text(&row, "SceneId"));
        row.insert("StreamUrl".to_owned(), json!(url));
        if kind == PROGRAM {
            row.insert("Status".to_owned(), json!(1));
        }
        let info = json!({ "SceneInfo": [{"SceneId": row.get("SceneId"), "StreamUrl": url}] });
        answer.insert(member.to_owned(), info);
        house.put(SCENES, &key, row);
    }
    answer
}

/// Closes both scenes of a studio that stops, and forgets what they show.
pub(super) fn close(asked: &Asked<'_>, house: &mut House) {
    for kind in [PREVIEW, PROGRAM] {
        let key: Vec<_> = casters::key(asked).into_iter().chain([("OutputType", json!(kind))]).collect();
        if let Some(row) = house.find_mut(SCENES, &key) {
            row.insert("Status".to_owned(), json!(0));
            for member in ["LayoutId", "ComponentId", "StreamUrl"] {
                row.shift_remove(member);
            }
        }
    }
}

/// Whether an open scene shows something.
pub(super) fn uses(house: &House, member: &str, id: &str) -> bool {
    let shows = |row: &Params| match row.get(member) {
        Some(Value::Array(ids)) => ids.iter().any(|one| one == id),
        other => other.is_some_and(|one| one == id),
    };
    house.rows(SCENES).iter().any(|row| row.get("Status") == Some(&json!(1)) && shows(row))
}

fn key(asked: &Asked<'_>, param: &str) -> Vec<(&'static str, Value)> {
    casters::key(asked).into_iter().chain([("SceneId", asked.or(param, ""))]).collect()
}

fn find<'h>(asked: &Asked<'_>, house: &'h House, key: &Key<'_>) -> Result<&'h Params, Refusal> {
    casters::caster(asked, house)?;
    house.find(SCENES, key).ok_or_else(|| missing(asked))
}

fn missing(asked: &Asked<'_>) -> Refusal {
    asked.refuse_listed(&["InvalidScene.NotFound"], "The specified scene does not exist.")
}

fn is(scene: &Params, kind: i64) -> bool {
    scene.get("OutputType") == Some(&json!(kind))
}

fn wrong_status(asked: &Asked<'_>, message: &str) -> Refusal {
    asked.refuse_listed(&["IncorrectSceneStatus"], message)
}

fn list(asked: &Asked<'_>, house: &House) -> Performed {
    casters::caster(asked, house)?;
    let rows = house.rows(SCENES).iter().filter(|row| shape::asked_for(asked, row));
    let mut answer = shape::answer(asked, rows);
    if asked.action.response.iter().any(|field| field.name == "CasterId") {
        answer.insert("CasterId".to_owned(), asked.or("CasterId", ""));
    }
    Ok(answer)
}

/// The layout that is asked for belongs to the studio.
fn check_layout(asked: &Asked<'_>, house: &House) -> Result<(), Refusal> {
    let key: Vec<_> = casters::key(asked).into_iter().chain([("LayoutId", asked.or("LayoutId", ""))]).collect();
    match house.find(LAYOUTS, &key) {
        Some(_) => Ok(()),
        None => Err(asked.refuse_listed(&["InvalidLayout.NotFound"], "The specified LayoutId does not exist.")),
    }
}

fn set(asked: &Asked<'_>, house: &mut House) -> Performed {
    let key = key(asked, "SceneId");
    find(asked, house, &key)?;
    check_layout(asked, house)?;
    let row = house.find_mut(SCENES, &key).ok_or_else(|| missing(asked))?;
    row.insert("LayoutId".to_owned(), asked.or("LayoutId", ""));
    row.insert("ComponentId".to_owned(), asked.or("ComponentId", json!([])));
    Ok(done())
}

fn update(asked: &Asked<'_>, house: &mut House) -> Performed {
    let key = key(asked, "SceneId");
    find(asked, house, &key)?;
    check_layout(asked, house)?;
    let row = house.find_mut(SCENES, &key).ok_or_else(|| missing(asked))?;
    for name in ["LayoutId", "ComponentId"] {
        if let Some(value) = asked.given(name) {
            row.insert(name.to_owned(), value.clone());
        }
    }
    Ok(done())
}

fn clear(asked: &Asked<'_>, house: &mut House) -> Performed {
    let key = key(asked, "SceneId");
    find(asked, house, &key)?;
    check_started(asked, house)?;
    let row = house.find_mut(SCENES, &key).ok_or_else(|| missing(asked))?;
    for (kind, member) in [("Component", "ComponentId"), ("Layout", "LayoutId")] {
        if matches!(asked.text("Type"), "All") || asked.text("Type") == kind {
            row.shift_remove(member);
        }
    }
    Ok(done())
}

fn check_started(asked: &Asked<'_>, house: &House) -> Result<(), Refusal> {
    let started = casters::is_started(casters::caster(asked, house)?);
    started.then_some(()).ok_or_else(|| wrong_status(asked, "The specified caster is not started."))
}

fn copy(asked: &Asked<'_>, house: &mut House) -> Performed {
    let (from, to) = (key(asked, "FromSceneId"), key(asked, "ToSceneId"));
    let source = find(asked, house, &from)?.clone();
    if !is(&source, PREVIEW) || !is(find(asked, house, &to)?, PROGRAM) {
        return Err(wrong_status(asked, "A scene is copied from the preview to the program."));
    }
    if text(&source, "LayoutId").is_empty() {
        return Err(asked.refuse_listed(&["InvalidLayout.NotFound"], "The preview has no layout."));
    }
    let row = house.find_mut(SCENES, &to).ok_or_else(|| missing(asked))?;
    for name in ["LayoutId", "ComponentId"] {
        match source.get(name) {
            Some(value) => drop(row.insert(name.to_owned(), value.clone())),
            None => drop(row.shift_remove(name)),
        }
    }
    Ok(done())
}

fn start(asked: &Asked<'_>, house: &mut House) -> Performed {
    let key = key(asked, "SceneId");
    let scene = find(asked, house, &key)?;
    if !is(scene, PREVIEW) {
        return Err(wrong_status(asked, "Only the preview is started by itself."));
    }
    if text(scene, "LayoutId").is_empty() {
        return Err(asked.refuse_listed(&["InvalidLayout.NotFound"], "The preview has no layout."));
    }
    check_started(asked, house)?;
    let row = house.find_mut(SCENES, &key).ok_or_else(|| missing(asked))?;
    row.insert("Status".to_owned(), json!(1));
    Ok(members(json!({ "StreamUrl": text(row, "StreamUrl") })))
}

fn stop(asked: &Asked<'_>, house: &mut House) -> Performed {
    let key = key(asked, "SceneId");
    if !is(find(asked, house, &key)?, PREVIEW) {
        return Err(wrong_status(asked, "Only the preview is stopped by itself."));
    }
    let row = house.find_mut(SCENES, &key).ok_or_else(|| missing(asked))?;
    row.insert("Status".to_owned(), json!(0));
    Ok(done())
}

fn urgent(asked: &Asked<'_>, house: &mut House) -> Performed {
    let key = key(asked, "SceneId");
    if !is(find(asked, house, &key)?, PROGRAM) {
        return Err(wrong_status(asked, "Only the program is switched to the standby video."));
    }
    let config = casters::config(asked, house);
    let standby = ["UrgentMaterialId", "UrgentImageId", "UrgentImageUrl", "UrgentLiveStreamUrl"];
    if standby.iter().all(|name| text(&config, name).is_empty()) {
        return Err(asked.refuse_listed(&["UrgentMaterialNotFound"], "The caster has no standby video."));
    }
    check_started(asked, house)?;
    Ok(done())
}

fn effect(asked: &Asked<'_>, house: &mut House) -> Performed {
    find(asked, house, &key(asked, "SceneId"))?;
    let resource: Vec<_> =
        casters::key(asked).into_iter().chain([("ResourceId", asked.or("ResourceId", ""))]).collect();
    if house.find(RESOURCES, &resource).is_none() {
        return Err(asked.refuse_listed(&["InvalidResource.NotFound"], "The specified ResourceId does not exist."));
    }
    check_started(asked, house)?;
    Ok(done())
}

fn set_audio(asked: &Asked<'_>, house: &mut House) -> Performed {
    let key = key(asked, "SceneId");
    find(asked, house, &key)?;
    if asked.list("AudioLayer").len() != asked.list("MixList").len() {
        let message = "The specified AudioLayer and MixList have different lengths.";
        return Err(asked.refuse_listed(&["InvalidAudioLayersAndMixListSize.Mismatch"], message));
    }
    check_started(asked, house)?;
    let row = house.find_mut(SCENES, &key).ok_or_else(|| missing(asked))?;
    for name in ["FollowEnable", "AudioLayer", "MixList"] {
        if let Some(value) = asked.given(name) {
            row.insert(name.to_owned(), value.clone());
        }
    }
    Ok(done())
}

fn show_audio(asked: &Asked<'_>, house: &House) -> Performed {
    let scene = find(asked, house, &key(asked, "SceneId"))?;
    let list = |member: &str| scene.get(member).cloned().unwrap_or_else(|| json!([]));
    Ok(members(json!({
        "CasterId": asked.text("CasterId"),
        "FollowEnable": scene.get("FollowEnable"),
        "AudioLayers": {"AudioLayer": list("AudioLayer")},
        "MixList": {"LocationId": list("MixList")},
    })))
}
