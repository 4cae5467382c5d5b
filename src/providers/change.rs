//! What changing portable functions share: sending the change and telling it, and sending back what must stay.

use serde_json::{Value, json};

use crate::error::Result;
use crate::model::{Answer, Call, Change, Changed, DomainRow, DomainStatus, Params, Reply, Road, Vendor};
use crate::providers::catalog::{self, Param};
use crate::providers::{naming, rows, settle};

/// The call with what the user named for its Action beside our own options.
pub fn completed(road: &dyn Road, mut call: Call) -> Call {
    if let Some(further) = road.further(&call.action) {
        call.params.extend(further.clone());
    }
    call
}

/// Whether a change needs no call: nothing differs, and nothing was named for the Action beside our own options.
pub fn unneeded(road: &dyn Road, action: &str, changes: &[Change]) -> bool {
    changes.is_empty() && road.further(action).is_none()
}

/// The changes, with what the user named beside our own options: nobody knows what that was before.
fn with_further(road: &dyn Road, action: &str, mut changes: Vec<Change>) -> Vec<Change> {
    let further = road.further(action).into_iter().flatten();
    changes.extend(further.map(|(name, value)| Change::new(&naming::snake(name), Value::Null, value.clone())));
    changes
}

/// Sends one change, and waits for its effect where the user wants that.
async fn settled(road: &dyn Road, call: Call, changes: Vec<Change>) -> Result<(Reply, Vec<Change>)> {
    let mut changes = with_further(road, &call.action, changes);
    let reply = road.change(call.clone(), &changes).await?;
    settle::after(road, &completed(road, call), &reply, &mut changes).await?;
    Ok((reply, changes))
}

/// Sends one change and tells it.
///
/// # Errors
/// The road's own, and those of the wait.
pub async fn send(road: &dyn Road, call: Call, id: &str, name: &str, changes: Vec<Change>) -> Result<Answer> {
    let (vendor, action) = (call.vendor, call.action.clone());
    let (reply, changes) = settled(road, call, changes).await?;
    Ok(told(vendor, action, Some(id.to_owned()), name, changes, reply))
}

/// Sends one change that makes a thing whose id only the answer tells, in the member `id`.
///
/// # Errors
/// The road's own, and those of the wait.
pub async fn send_new(road: &dyn Road, call: Call, id: &str, name: &str, changes: Vec<Change>) -> Result<Answer> {
    let (vendor, action) = (call.vendor, call.action.clone());
    let (reply, changes) = settled(road, call, changes).await?;
    let id = rows::text(&reply.result, id);
    Ok(told(vendor, action, id, name, changes, reply))
}

/// Enables or disables a domain by `call`, unless it is as wanted. Disabling asks first.
///
/// # Errors
/// The road's own; usage without consent.
pub async fn turn(road: &dyn Road, before: &DomainRow, wanted: DomainStatus, call: Call) -> Result<Answer> {
    if before.status == Some(wanted) {
        return Ok(nothing(before.vendor, &before.name, &before.name));
    }
    if wanted == DomainStatus::Disabled {
        road.confirm(&format!("disable the {}", rows::domain_title(before)))?;
    }
    let changes = vec![Change::new("status", json!(before.status), json!(wanted))];
    send(road, call, &before.name, &before.name, changes).await
}

/// Nothing needs to change. An empty name is none.
pub fn nothing(vendor: Vendor, id: &str, name: &str) -> Answer {
    Answer::Changed(Box::new(Changed { name: named(name), ..Changed::nothing(vendor, id, name) }))
}

/// What a change did, as its reply tells it. An empty name is none.
pub fn told(
    vendor: Vendor,
    action: String,
    id: Option<String>,
    name: &str,
    changes: Vec<Change>,
    reply: Reply,
) -> Answer {
    Answer::Changed(Box::new(Changed {
        vendor,
        profile: None,
        action: Some(action),
        id,
        name: named(name),
        changed: true,
        changes,
        request_id: reply.request_id,
        result: None,
    }))
}

fn named(name: &str) -> Option<String> {
    (!name.is_empty()).then(|| name.to_owned())
}

/// The parameters of an updating Action as a thing that was just read has them, so that an update which
/// names a few fields sends the others back as they are.
///
/// Members are found by the parameter's name, or by another where `renamed` pairs (parameter, member). A
/// member that is null, empty, or 0 where the parameter begins above 0 is the vendor's "not set": it is left out.
pub fn kept(vendor: Vendor, action: &str, item: &Value, renamed: &[(&str, &str)]) -> Params {
    let Some(action) = catalog::find(vendor, action) else { return Params::new() };
    let member = |param: &Param<'_>| {
        let other = renamed.iter().find(|(name, _)| *name == param.name).map(|(_, member)| *member);
        item.get(other.unwrap_or(param.name))
    };
    let one = |param: &Param<'_>| Some((param.name.to_owned(), as_param(param, member(param)?)?));
    action.params.iter().filter_map(one).collect()
}

/// The same for the members of a type that is a parameter: an object that goes back with a few members changed.
pub fn kept_members(vendor: Vendor, kind: &str, item: &Value) -> Params {
    let members = catalog::type_members(vendor, kind).unwrap_or_default();
    let one = |param: &Param<'_>| Some((param.name.to_owned(), as_param(param, item.get(param.name)?)?));
    members.iter().filter_map(one).collect()
}

/// A member of an answer in the type that the parameter has: the two sometimes differ.
fn as_param(param: &Param<'_>, value: &Value) -> Option<Value> {
    let typed = match (param.kind, value) {
        (_, Value::Null) => None,
        ("integer", Value::String(text)) => text.trim().parse::<i64>().ok().map(Value::from),
        ("float", Value::String(text)) => text.trim().parse::<f64>().ok().map(Value::from),
        ("boolean", Value::String(text)) => text.trim().to_ascii_lowercase().parse::<bool>().ok().map(Value::from),
        ("string", Value::String(text)) if text.is_empty() => None,
        ("string", Value::String(_)) => Some(value.clone()),
        ("string", other) => Some(Value::String(other.to_string())),
        (_, Value::Array(items)) if items.is_empty() => None,
        _ => Some(value.clone()),
    }?;
    let unset = typed.as_f64() == Some(0.0) && param.min.is_some_and(|least| least > 0.0);
    (!unset).then_some(typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_is_sent_back_in_the_types_of_the_parameters() {
        let read = json!({
            "FPS": "25", "Gop": 2, "Height": 720, "AudioBitrate": 0, "TemplateType": "h264", "AudioCodec": "",
            "DeInterlaced": "true", "ResWithSource": {"Type": "short", "Value": "720"}, "VideoProfile": "2",
            "Width": null, "Bframes": "3",
        });
        let kept = kept(Vendor::Aliyun, "UpdateCustomLiveStreamTranscode", &read, &[("Profile", "VideoProfile")]);
        assert_eq!(
            Value::Object(kept),
            json!({
                "FPS": 25, "Gop": "2", "Height": 720, "TemplateType": "h264", "DeInterlaced": true,
                "ResWithSource": r#"{"Type":"short","Value":"720"}"#, "Profile": 2,
            })
        );
    }
}
