//! Tencent's stream mixing: one session a name. What is mixed must be live.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes};
use crate::sandbox::families::tencent::stream::live_now;
use crate::sandbox::house::House;

const SESSIONS: &str = "mix_sessions";

/// How many inputs there may be.
const MOST: usize = 16;

/// How many inputs a layout has.
const LAYOUTS: &[(i64, usize)] = &[
    (10, 2),
    (20, 2),
    (30, 2),
    (40, 2),
    (50, 2),
    (310, 3),
    (390, 3),
    (391, 3),
    (410, 4),
    (510, 5),
    (590, 5),
    (610, 6),
];

/// Kinds of inputs that are streams: both, sound alone, picture alone.
const STREAMS: [i64; 3] = [0, 4, 5];

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] =
    &[("CreateCommonMixStream", Changes(create)), ("CancelCommonMixStream", Changes(cancel))];

/// Begins a session, or changes the one of that name.
fn create(asked: &Asked<'_>, house: &mut House) -> Performed {
    check(asked)?;
    let live: HashSet<String> = live_now(house, asked.now).into_iter().map(|push| push.stream.stream).collect();
    let absent = inputs(asked).find(|(name, kind, _)| STREAMS.contains(kind) && !live.contains(*name));
    if let Some((name, ..)) = absent {
        let message = format!("The stream `{name}` is not live.");
        return Err(asked.refuse_listed(&["FailedOperation.StreamNotExist"], message));
    }
    let key = asked.key(&[("_session", "MixStreamSessionId")]);
    let output = output(asked);
    if house.find(SESSIONS, &key).is_some_and(|row| row.get("_output") != Some(&output)) {
        let message = "The output of a session cannot change.";
        return Err(asked.refuse_listed(&["InvalidParameter.SessionOutputStreamChanged"], message));
    }
    let row = json!({ "_session": asked.text("MixStreamSessionId"), "_output": output });
    house.put(SESSIONS, &key, members(row));
    Ok(done())
}

fn check(asked: &Asked<'_>) -> Result<(), Refusal> {
    let count = asked.list("InputStreamList").len();
    if count > MOST {
        let message = format!("There may be {MOST} inputs at most.");
        return Err(asked.refuse_listed(&["InvalidParameter.InputNumLimitExceeded"], message));
    }
    let layout = LAYOUTS.iter().find(|(layout, _)| asked.number("MixStreamTemplateId") == Some(*layout));
    if let Some((layout, fits)) = layout.filter(|(_, fits)| *fits != count) {
        let message = format!("The layout {layout} has {fits} inputs, not {count}.");
        return Err(asked.refuse_listed(&["InvalidParameter.TemplateNotMatchInputNum"], message));
    }
    let mut layers = HashSet::new();
    if !inputs(asked).all(|(_, _, layer)| layers.insert(layer)) {
        let message = "Two inputs have the same ImageLayer.";
        return Err(asked.refuse_listed(&["InvalidParameter.InvalidLayerParam"], message));
    }
    let params = asked.params.get("OutputParams");
    let new_stream = params.and_then(|output| output.get("OutputStreamType")).and_then(Value::as_i64) == Some(1);
    if new_stream && inputs(asked).any(|(name, ..)| output(asked) == *name) {
        let message = "A new output stream has the name of an input.";
        return Err(asked.refuse_listed(&["InvalidParameter.InvalidOutputStreamID"], message));
    }
    Ok(())
}

/// Name, kind and layer of each input.
fn inputs<'a>(asked: &'a Asked<'_>) -> impl Iterator<Item = (&'a str, i64, i64)> {
    asked.list("InputStreamList").iter().map(|input| {
        let layout = |name: &str| input.get("LayoutParams").and_then(|layout| layout.get(name)).and_then(Value::as_i64);
        let name = input.get("InputStreamName").and_then(Value::as_str).unwrap_or_default();
        (name, layout("InputType").unwrap_or(0), layout("ImageLayer").unwrap_or(0))
    })
}

fn output(asked: &Asked<'_>) -> Value {
    asked.params.get("OutputParams").and_then(|output| output.get("OutputStreamName")).cloned().unwrap_or_default()
}

fn cancel(asked: &Asked<'_>, house: &mut House) -> Performed {
    match house.remove(SESSIONS, &asked.key(&[("_session", "MixStreamSessionId")])) {
        0 => Err(asked.refuse_listed(&["FailedOperation.CancelSessionNotExist"], "There is no such session.")),
        _ => Ok(done()),
    }
}
