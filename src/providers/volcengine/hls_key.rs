//! `hls-key` on Volcengine Live: one account-wide setting (key service, period), and a binding per
//! domain space and app that turns encryption on.

use serde_json::{Value, json};

use crate::error::{Class, Error};
use crate::model::{
    Answer, Call, Change, HlsKeyArgs, HlsKeyRow, HlsKeyScope, HlsKeyVerb, Item, Road, Secret, Support, Vendor,
};
use crate::providers::intent::Complaints;
use crate::providers::rows;

mod binding;
mod setting;
#[cfg(test)]
mod tests;

const VENDOR: Vendor = Vendor::Volcengine;

/// The word for HLS standard encryption among `DRMSystems`.
const CLEAR_KEY: &str = "ClearKey";

pub(super) fn support(verb: HlsKeyVerb) -> Support<HlsKeyArgs> {
    match verb {
        HlsKeyVerb::Show => Support::Does(|road, args| Box::pin(show(road, args))),
        HlsKeyVerb::Enable => Support::Does(|road, args| Box::pin(binding::enable(road, args))),
        HlsKeyVerb::Disable => Support::Does(|road, args| Box::pin(binding::disable(road, args))),
        HlsKeyVerb::Set => Support::Does(|road, args| Box::pin(setting::set(road, args))),
        HlsKeyVerb::Rotate => Support::Does(|road, args| Box::pin(setting::rotate(road, args))),
        HlsKeyVerb::Get => Support::Does(|road, args| Box::pin(get(road, args))),
    }
}

/// The account's setting; where a domain space is named, a list of it and the space's bindings.
async fn show(road: &dyn Road, args: &HlsKeyArgs) -> Result<Answer, Error> {
    let placed = args.app.is_none() || args.domain.is_some() || args.vhost.is_some();
    binding::check(args).need("--domain", placed).refuse("showing the HLS keys", Some(binding::WHICH))?;
    let vhost = binding::vhost(road, args).await?;
    let (setting, raw) = setting::read(road).await?;
    let account =
        HlsKeyRow { key_url: setting.url, cycle_seconds: setting.cycle, ..row(HlsKeyScope::Account, None, None, None) };
    let account = Item { row: rows::row(&account), raw };
    let Some(vhost) = vhost else { return Ok(Answer::One(account)) };
    if !road.emit(account)? {
        return Ok(Answer::Listed);
    }
    let bindings = binding::list(road, &vhost, args.app.as_deref()).await?;
    if bindings.is_empty() {
        road.note(&format!("nothing is encrypted in the domain space `{}`", binding::place(&vhost, args)));
    }
    for raw in bindings {
        let enabled = Some(binding::has_clear_key(&raw));
        let domain = rows::text(&raw, "Vhost").or_else(|| Some(vhost.clone()));
        let row = row(HlsKeyScope::Binding, domain, rows::text(&raw, "App"), enabled);
        if !road.emit(Item { row: rows::row(&row), raw })? {
            break;
        }
    }
    Ok(Answer::Listed)
}

async fn get(road: &dyn Road, args: &HlsKeyArgs) -> Result<Answer, Error> {
    let id = args.key_id.as_deref().unwrap_or_default();
    Complaints::none().need("KEY_ID", !id.is_empty()).refuse("fetching an HLS key", Some(KEY_ID_HINT))?;
    let reply = road.read(Call::new(VENDOR, "GetHLSEncryptDataKey").with("KeyID", id)).await;
    let reply = reply.map_err(|error| match error.class() {
        Class::NotFound => error.hint(KEY_ID_HINT),
        _ => error,
    })?;
    let Some(key) = rows::text(&reply.result, "DataKey") else {
        let message = format!("fetching the HLS key `{id}`: the vendor has no key of that id");
        return Err(Error::new(Class::NotFound, message).hint(KEY_ID_HINT).with(|details| {
            details.vendor = Some(VENDOR);
            details.action = Some("GetHLSEncryptDataKey".to_owned());
            details.request_id.clone_from(&reply.request_id);
        }));
    };
    let about = json!({"vendor": VENDOR, "profile": null, "key_id": id});
    Ok(Answer::Key { value: Secret::new(key), about: rows::row(&about) })
}

const KEY_ID_HINT: &str = "the key id stands in the EXT-X-KEY line of the playlist, behind `key_id=`";

fn row(scope: HlsKeyScope, domain: Option<String>, app: Option<String>, enabled: Option<bool>) -> HlsKeyRow {
    HlsKeyRow {
        vendor: VENDOR,
        profile: None,
        scope,
        domain,
        app,
        template: None,
        key_url: None,
        cycle_seconds: None,
        enabled,
    }
}

/// A change in words, for questions: `cycle_seconds 3600 → 600`.
fn in_words(changes: &[Change]) -> String {
    let side = |value: &Value| match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let each = changes.iter().map(|change| format!("{} {} → {}", change.field, side(&change.from), side(&change.to)));
    each.collect::<Vec<_>>().join(", ")
}
