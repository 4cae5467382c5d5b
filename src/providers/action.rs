//! A vendor's Action as a command: the one portable function that all Actions share.

use serde_json::Value;

use crate::error::{Fault, Result};
use crate::model::{Answer, Call, Change, Changed, Effect, Item, Params, Road, Support, Vendor};
use crate::providers::catalog::Action;
use crate::providers::items::{self, Parsed};
use crate::providers::paging::Pages;
use crate::providers::{homes, keeps, naming, results, rows, settle};

/// What the user asked of an Action's command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActionArgs {
    /// The command's words, with a blank between them.
    pub command: String,
    /// Options, without dashes, with their values in the order they were given.
    pub options: Vec<(String, Vec<String>)>,
}

/// Whether a vendor has an Action at a command.
pub fn support(vendor: Vendor, command: &str) -> Support<ActionArgs> {
    match homes::action_at(vendor, command) {
        Some(_) => Support::Does(|road, args| Box::pin(perform(road, args))),
        None => Support::Cannot { why: "it has no such Action", instead: None },
    }
}

async fn perform(road: &dyn Road, args: &ActionArgs) -> Result<Answer> {
    let vendor = road.vendor();
    let Some(action) = homes::action_at(vendor, &args.command) else {
        return Err(crate::error::Error::internal("perform an Action that the vendor does not have"));
    };
    let Parsed { params, mut unreadable, untyped, unknown } =
        items::from_options(vendor, &action, &args.options, road.now());
    unreadable.extend(unknown.iter().map(|option| foreign(vendor, &args.command, option)));
    let call = Call { vendor, action: action.name.to_owned(), params };
    let named = call.params.clone();
    let call = keeps::completed(road, call).await?;
    let kind = results::kind(vendor, &action);
    let first = if kind == results::Kind::List { Pages::first(&call) } else { call.clone() };
    road.check(&first, unreadable, untyped)?;
    if road.is_dry_run() && action.effect_kind() == Effect::Read {
        // Nothing is read for a plan of one request: it is shown as every other.
        road.change(first, &[]).await?;
        return Ok(Answer::Listed);
    }
    match kind {
        results::Kind::List => list(road, &action, call).await,
        results::Kind::One => {
            let reply = road.read(call).await?;
            let raw = results::thing(&reply.result);
            let beijing = results::beijing_members(vendor, &action);
            Ok(Answer::One(Item { row: titled(vendor, results::row(&raw, &beijing)), raw }))
        }
        results::Kind::Change => change(road, &args.command, &action, call, &named).await,
    }
}

/// The complaint about an option that only other vendors have.
pub fn foreign(vendor: Vendor, command: &str, option: &str) -> Fault {
    let others: Vec<&str> = homes::vendors_with(command, option).into_iter().map(Vendor::name).collect();
    let allowed = format!("none on {vendor}: it is only for {}", others.join(" and "));
    Fault { option: format!("--{option}"), given: None, allowed }
}

/// The row with the account in front.
fn titled(vendor: Vendor, members: crate::model::Row) -> crate::model::Row {
    let mut row = crate::model::Row::new();
    row.insert("vendor".to_owned(), vendor.name().into());
    row.insert("profile".to_owned(), Value::Null);
    row.extend(members);
    row
}

async fn list(road: &dyn Road, action: &Action<'static>, call: Call) -> Result<Answer> {
    let vendor = call.vendor;
    let mut pages = Pages::new(call);
    let mut told = false;
    let beijing = results::beijing_members(vendor, action);
    while let Some(page) = pages.next(road).await? {
        if !std::mem::replace(&mut told, true) {
            let summary = results::summary(vendor, action, &page.reply.result);
            let told: Vec<String> = summary.iter().map(|(name, value)| format!("{name} {}", plain(value))).collect();
            if !told.is_empty() {
                road.note(&told.join(", "));
            }
        }
        let details = results::details(vendor, action, &page.reply.result);
        for raw in page.items.into_iter().chain(details) {
            if !road.emit(Item { row: titled(vendor, results::row(&raw, &beijing)), raw })? {
                return Ok(Answer::Listed);
            }
        }
    }
    Ok(Answer::Listed)
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Sends a change. `named` are the parameters that the user named: the others are kept as they are.
async fn change(
    road: &dyn Road,
    command: &str,
    action: &Action<'static>,
    call: Call,
    named: &Params,
) -> Result<Answer> {
    let vendor = call.vendor;
    if homes::asks_first(action) {
        road.confirm(&format!("{command}{}", targets(vendor, action.name, named)))?;
    }
    let mut changes: Vec<Change> = match action.effect_kind() {
        Effect::Delete => Vec::new(),
        _ => named.iter().map(|(name, value)| Change::new(&naming::snake(name), Value::Null, value.clone())).collect(),
    };
    let reply = road.change(call.clone(), &changes).await?;
    settle::after(road, &call, &reply, &mut changes).await?;
    let thing = results::thing(&reply.result);
    let of = |ends: &[&str]| member(&thing, ends).or_else(|| member(&Value::Object(named.clone()), ends));
    let row = results::row(&thing, &results::beijing_members(vendor, action));
    Ok(Answer::Changed(Box::new(Changed {
        vendor,
        profile: None,
        action: Some(action.name.to_owned()),
        id: of(&["Id", "ID"]),
        name: of(&["Name"]),
        changed: true,
        changes,
        request_id: reply.request_id,
        result: (!row.is_empty() && !thing.is_null()).then_some(row),
    })))
}

/// The first member whose name ends so.
fn member(thing: &Value, ends: &[&str]) -> Option<String> {
    let names = thing.as_object()?.keys().filter(|name| ends.iter().any(|end| name.ends_with(end)));
    names.into_iter().find_map(|name| rows::text(thing, name))
}

/// What a question names: the texts and numbers among the parameters, but no secrets.
fn targets(vendor: Vendor, action: &str, params: &Params) -> String {
    let open =
        params.iter().filter(|(name, value)| !items::is_secret(name, None) && (value.is_string() || value.is_number()));
    let shown: Vec<String> =
        open.map(|(name, value)| format!("{} {}", homes::option(vendor, action, name), plain(value))).collect();
    if shown.is_empty() { String::new() } else { format!(" {}", shown.join(" ")) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::providers::script::Script;

    #[test]
    fn what_is_kept_is_sent_and_not_told_as_changed() {
        let script = Script::new(Vendor::Tencent)
            .answers(
                "DescribeLiveTranscodeTemplate",
                json!({"TemplateId": 1001}),
                json!({"Template": {"TemplateId": 1001, "DRMType": "normalaes", "DRMTracks": "SD"}}),
            )
            .answers(
                "ModifyLiveTranscodeTemplate",
                json!({"TemplateId": 1001, "VideoBitrate": 1500, "DRMType": "normalaes", "DRMTracks": "SD"}),
                json!({}),
            );
        let option = |name: &str, value: &str| (name.to_owned(), vec![value.to_owned()]);
        let args = ActionArgs {
            command: "transcode template update".to_owned(),
            options: vec![option("template-id", "1001"), option("video-bitrate", "1500")],
        };
        let changed = script.changed(perform(&script, &args));
        assert_eq!(
            changed.changes,
            [Change::new("template_id", Value::Null, 1001), Change::new("video_bitrate", Value::Null, 1500)]
        );
    }
}
