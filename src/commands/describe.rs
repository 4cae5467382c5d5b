//! `livectl api list` and `livectl api describe`, from the tables that the program itself runs on.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::commands::Ending;
use crate::commands::api::{object, unknown_action};
use crate::commands::session::Session;
use crate::error::{Error, Result};
use crate::model::{Columns, Vendor};
use crate::output::{Format, Shape};
use crate::providers::catalog::{self, Action, Param};
use crate::providers::{homes, validate, words};

const ACTION_COLUMNS: Columns = &["vendor", "action", "group", "effect", "documented", "command"];
const PARAM_COLUMNS: Columns = &["name", "option", "type", "required", "enum", "min", "max", "default", "summary"];

/// Every Action, of one vendor or of all.
///
/// # Errors
/// The output's own; usage where no group of that name is known.
pub(super) fn list(session: &Session, group: Option<&str>) -> Result<Ending> {
    let vendors = match session.selection(None, false)?.vendor {
        Some(vendor) => vec![vendor],
        None => Vendor::ALL.to_vec(),
    };
    // The vendor is a column of the answer itself here: several are shown.
    let mut sink = session.sink(Shape::List, ACTION_COLUMNS, 2);
    let mut found = false;
    'all: for vendor in vendors.iter().copied() {
        for action in catalog::actions(vendor).filter(|action| group.is_none_or(|group| action.group == group)) {
            found = true;
            let row = json!({
                "vendor": vendor.name(), "action": action.name, "group": action.group,
                "effect": action.effect, "documented": action.documented,
                "command": command(session, vendor, action.name),
            });
            if !sink.push(object(row))? {
                break 'all;
            }
        }
    }
    if let (Some(group), false) = (group, found) {
        let groups: BTreeSet<&str> =
            vendors.iter().flat_map(|vendor| catalog::actions(*vendor).map(|action| action.group)).collect();
        let groups: Vec<&str> = groups.into_iter().collect();
        let meant =
            words::similar(group, groups.iter().copied()).first().map(|meant| format!("did you mean `{meant}`?"));
        let refusal = Error::usage(format!("list the Actions of `{group}`: there is no such group"));
        let refusal = meant.into_iter().fold(refusal, Error::hint);
        return Err(refusal.hint(format!("groups: {}", groups.join(", "))));
    }
    sink.finish()?;
    Ok(Ending::Done)
}

/// All about one Action.
///
/// # Errors
/// Usage where the vendor has no such Action; the output's own.
pub(super) fn describe(session: &Session, vendor: Vendor, name: &str) -> Result<Ending> {
    let action = catalog::find(vendor, name).ok_or_else(|| unknown_action(vendor, name))?;
    let params: Vec<Value> = action.params.iter().map(|param| describe_param(vendor, &action, param)).collect();
    let mut about = json!({
        "vendor": vendor.name(),
        "action": action.name,
        "version": vendor.api_version(),
        "method": action.method,
        "effect": action.effect,
        "rate_limit_per_second": action.rate_limit_per_second.map(number),
        "command": command(session, vendor, name),
        "params": params,
        "response": action.response.iter().map(|field| json!({"name": field.name, "type": field.kind})).collect::<Vec<_>>(),
        "errors": action.errors,
    });
    if session.format(Format::Table) != Format::Table {
        session.print_one(object(about), &[])?;
        return Ok(Ending::Done);
    }
    let rows = about["params"].take();
    about["params"] = json!(action.params.len());
    about["summary"] = json!(action.summary);
    about["errors"] = json!(in_short(&action.errors));
    about["response"] = json!(action.response.iter().map(|field| field.name).collect::<Vec<_>>());
    session.print_one(object(about), &[])?;
    let mut sink = session.sink(Shape::List, PARAM_COLUMNS, 1);
    for row in rows.as_array().into_iter().flatten() {
        sink.push(object(row.clone()))?;
    }
    sink.finish()?;
    Ok(Ending::Done)
}

/// The portable command of an Action: its words for scripts, for people as they are typed.
fn command(session: &Session, vendor: Vendor, action: &str) -> Value {
    let words = homes::command(vendor, action);
    match session.format(Format::Table) {
        Format::Table => json!(words),
        _ => json!(words.map(|words| words.split(' ').collect::<Vec<_>>())),
    }
}

/// The first codes of a list that may be long; the formats for scripts have them all.
fn in_short(codes: &[&str]) -> String {
    const SHOWN: usize = 5;
    let first = codes.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    match codes.len().saturating_sub(SHOWN) {
        0 => first,
        more => format!("{first} and {more} more (`-o json` has all)"),
    }
}

fn describe_param(vendor: Vendor, action: &Action<'_>, param: &Param<'_>) -> Value {
    let in_force = validate::amended(vendor, action.name, param);
    let is_length = in_force.min.is_none() && in_force.max.is_none();
    let (min, max) = if is_length {
        (in_force.min_length.map(f64::from), in_force.max_length.map(f64::from))
    } else {
        (in_force.min, in_force.max)
    };
    json!({
        "name": param.name,
        "option": homes::command(vendor, action.name).map(|_| homes::option(vendor, action.name, param.name)),
        "type": param.kind,
        "required": in_force.required,
        "enum": in_force.allowed,
        "min": min.map(number),
        "max": max.map(number),
        "default": in_force.default,
        "summary": param.summary,
    })
}

/// Whole numbers without a fraction.
#[allow(clippy::cast_possible_truncation, reason = "only whole numbers within the exact range of f64 are cast")]
fn number(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 9e15 { json!(value as i64) } else { json!(value) }
}
