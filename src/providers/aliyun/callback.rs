//! `callback` on Alibaba Cloud ApsaraVideo Live: notify configs of a playback domain, one a family of events.

use serde_json::Value;

use super::playback;
use crate::error::{Class, Error, Result};
use crate::model::{
    Answer, CallbackArgs, CallbackEvent, CallbackRow, CallbackVerb, Item, Road, Secret, Support, Vendor,
};
use crate::providers::change;
use crate::providers::events::{self, Named};
use crate::providers::intent::Complaints;
use crate::providers::rows::{self, Place};

mod setting;
mod steps;

use setting::{FAMILIES, Family, Setting, Signing, Slot};
use steps::Step;

const VENDOR: Vendor = Vendor::Aliyun;

pub(super) fn support(verb: CallbackVerb) -> Support<CallbackArgs> {
    match verb {
        CallbackVerb::List => Support::Does(|road, args| Box::pin(list(road, args))),
        CallbackVerb::Show => Support::Does(|road, args| Box::pin(show(road, args))),
        CallbackVerb::Set => Support::Does(|road, args| Box::pin(set(road, args))),
        CallbackVerb::Delete => Support::Does(|road, args| Box::pin(delete(road, args))),
    }
}

async fn list(road: &dyn Road, args: &CallbackArgs) -> Result<Answer> {
    let asked = Asked::read(args)?;
    asked.complaints.clone().refuse("listing callbacks", Some(playback::HINT))?;
    let fetch = async |domain: &str| rows_of(road, domain, &asked.events).await;
    playback::emit(road, asked.place.domain.as_ref(), fetch).await
}

async fn show(road: &dyn Road, args: &CallbackArgs) -> Result<Answer> {
    let doing = "reading the callback";
    let asked = Asked::read(args)?;
    let domain = asked.domain(asked.complaints.clone(), doing)?;
    let found = rows_of(road, domain, &asked.events).await?;
    let id = |item: &Item| item.row.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok(Answer::One(rows::only_one(&format!("{doing} `{}`", asked.id()), found, id)?))
}

/// The events of a domain that somebody is told of; no events: any.
async fn rows_of(road: &dyn Road, domain: &str, events: &[CallbackEvent]) -> Result<Vec<Item>> {
    let mut items = Vec::new();
    let wanted = |event: CallbackEvent| events.is_empty() || events.contains(&event);
    for family in FAMILIES.iter().filter(|family| family.events.iter().any(|(event, _)| wanted(*event))) {
        let (setting, raw) = family.read(road, domain).await?;
        for (event, slot) in family.events.iter().filter(|(event, _)| wanted(*event)) {
            if let Some(url) = setting.address(*slot) {
                let row = CallbackRow {
                    vendor: VENDOR,
                    profile: None,
                    id: selector(domain, Some(*event)),
                    domain: Some(domain.to_owned()),
                    app: None,
                    event: *event,
                    url: Some(url.to_owned()),
                    auth: setting.signed,
                };
                items.push(Item { row: rows::row(&row), raw: raw.clone() });
            }
        }
    }
    Ok(items)
}

async fn set(road: &dyn Road, args: &CallbackArgs) -> Result<Answer> {
    let doing = "setting callbacks";
    let asked = Asked::read(args)?;
    let complaints = asked
        .halves()
        .need("--event", !asked.events.is_empty() || args.url.is_none())
        .need_unless("--url or --key", args.url.is_some() || args.key.is_some(), "required: whom to tell")
        .wrong("--url", asked.insecure_only(args), "http://…: Aliyun tells of streams over plain HTTP only")
        .wrong("--key", asked.unsigned(args).map(|events| format!("*** for {events}")), KEYS);
    let domain = asked.domain(complaints, doing)?;
    let mut plans = Vec::new();
    let mut complaints = Complaints::none();
    for family in asked.families() {
        let (before, _) = family.read(road, domain).await?;
        // Without an event, a key is meant for all that is there and can be signed.
        if asked.events.is_empty() && (!before.exists() || family.signing == Signing::Never) {
            continue;
        }
        let after = asked.applied(family, &before, args);
        complaints = judge(complaints, family, &after, &asked, args);
        plans.push((family, before, after));
    }
    complaints.refuse(doing, Some(playback::HINT))?;
    if plans.is_empty() {
        return Err(nothing_there(doing, &asked));
    }
    carry_out(road, domain, &asked, plans).await
}

async fn delete(road: &dyn Road, args: &CallbackArgs) -> Result<Answer> {
    let doing = "deleting callbacks";
    let asked = Asked::read(args)?;
    let domain = asked.domain(asked.halves(), doing)?;
    let mut plans = Vec::new();
    let mut gone: Vec<&str> = Vec::new();
    let mut complaints = Complaints::none();
    for family in asked.families() {
        let (before, _) = family.read(road, domain).await?;
        let mut after = before.clone();
        let wanted = |event: &CallbackEvent| asked.events.is_empty() || asked.events.contains(event);
        for (event, slot) in family.events.iter().filter(|(event, _)| wanted(event)) {
            gone.extend(before.address(*slot).map(|_| event.name()));
            after.put(*slot, None);
        }
        let orphan = family.main_needed && after.url.is_none() && after.second.is_some();
        complaints = complaints.wrong("--event", orphan.then_some("record"), BOTH);
        plans.push((family, before, after));
    }
    complaints.refuse(doing, None)?;
    if gone.is_empty() {
        return Err(nothing_there(doing, &asked));
    }
    road.confirm(&format!("delete the callbacks {} of {domain}", gone.join(", ")))?;
    carry_out(road, domain, &asked, plans).await
}

/// Makes of each setting what it shall be.
async fn carry_out(
    road: &dyn Road,
    domain: &str,
    asked: &Asked,
    plans: Vec<(&'static Family, Setting, Setting)>,
) -> Result<Answer> {
    let mut all = Vec::new();
    let mut steps = Vec::new();
    for (family, before, after) in plans {
        if family.forgets(&before, &after) {
            road.note("Aliyun does not tell `SwitchNotifyUrl`: where one was set for this domain, this clears it");
        }
        let changes = family.changes(&before, &after);
        all.extend(changes.clone());
        let mut state = before.clone();
        let mut calls = family.transition(domain, &before, &after).into_iter().peekable();
        while let Some((call, next)) = calls.next() {
            let undo = family.transition(domain, &next, &state).into_iter().map(|(call, _)| call).collect();
            let changes = if calls.peek().is_none() { changes.clone() } else { Vec::new() };
            steps.push(Step { call, changes, undo });
            state = next;
        }
    }
    let id = asked.id();
    match steps::perform(road, steps).await? {
        None => Ok(change::nothing(VENDOR, &id, "")),
        Some((action, reply)) => Ok(change::told(VENDOR, action, Some(id), "", all, reply)),
    }
}

/// Which events have keys, for a refusal.
const KEYS: &str = "it with stream-begin, stream-end, push-exception, record, record-status, record-on-demand and \
                    snapshot: Aliyun signs no others";

/// What the callbacks of recordings hang together by.
const BOTH: &str = "record,record-on-demand: Aliyun asks whether to record only beside telling of recordings";

fn nothing_there(doing: &str, asked: &Asked) -> Error {
    Error::new(Class::NotFound, format!("{doing} `{}`: nothing matches", asked.id()))
}

/// Complains of what a setting cannot become.
fn judge(complaints: Complaints, family: &Family, after: &Setting, asked: &Asked, args: &CallbackArgs) -> Complaints {
    let orphan = family.main_needed && after.url.is_none() && after.second.is_some();
    // Reports of the state go where those of files go.
    let status = asked.events.iter().any(|event| family.slot(*event) == Some(Slot::Status));
    let astray = args.url.as_ref().filter(|url| status && after.url.as_ref() != Some(*url));
    let astray_to = match &after.url {
        Some(url) => format!("`{url}`, where the recordings are told: Aliyun tells of both at one address"),
        None => "it with --event record,record-status: Aliyun tells of both at one address".to_owned(),
    };
    let keyless = after.signed == Some(true) && after.key.is_none();
    complaints
        .wrong("--event", orphan.then_some("record-on-demand"), BOTH)
        .wrong("--url", astray, astray_to)
        .need_unless("--key", !keyless, "required: these callbacks are signed, and Aliyun does not tell by what")
}

/// The selector of an event of a domain, or of all.
fn selector(domain: &str, event: Option<CallbackEvent>) -> String {
    let tail = event.map(|event| event.name().to_owned());
    Place { domain: Some(domain.to_owned()), app: None, stream: None, tail }.selector()
}

/// What the user means: a place, and the events out of the options and the selector.
struct Asked {
    place: Place,
    events: Vec<CallbackEvent>,
    complaints: Complaints,
}

impl Asked {
    fn read(args: &CallbackArgs) -> Result<Self> {
        let Named { place, events, complaints } = events::named(args, &known())?;
        let whole = "none: Aliyun's callbacks are for all streams of a domain";
        let complaints = complaints
            .wrong("--app", place.app.as_ref(), whole)
            .wrong("--stream", place.stream.as_ref(), whole)
            .foreign("--vhost", args.vhost.as_ref(), "Volcengine")
            .foreign("--shared", args.shared.then_some("true"), "Tencent");
        Ok(Asked { place, events, complaints })
    }

    /// The domain, which must be named.
    fn domain(&self, complaints: Complaints, doing: &str) -> Result<&str> {
        complaints.need("--domain", self.place.domain.is_some()).refuse(doing, Some(playback::HINT))?;
        Ok(self.place.domain.as_deref().unwrap_or_default())
    }

    /// Complains where only one of two events is named that are one setting.
    fn halves(&self) -> Complaints {
        let both = [CallbackEvent::StreamBegin, CallbackEvent::StreamEnd];
        let named: Vec<&str> =
            both.iter().filter(|event| self.events.contains(event)).map(|event| event.name()).collect();
        let half = (named.len() == 1).then(|| named.join(","));
        self.complaints.clone().wrong("--event", half, "stream-begin,stream-end: they are one setting on Aliyun")
    }

    /// The settings that the events stand in.
    fn families(&self) -> impl Iterator<Item = &'static Family> {
        let means =
            |family: &&Family| self.events.is_empty() || self.events.iter().any(|event| family.slot(*event).is_some());
        FAMILIES.iter().filter(means)
    }

    /// The address, where it is one that Aliyun does not tell of streams at.
    fn insecure_only<'a>(&self, args: &'a CallbackArgs) -> Option<&'a String> {
        let streams =
            self.events.contains(&CallbackEvent::StreamBegin) || self.events.contains(&CallbackEvent::StreamEnd);
        args.url.as_ref().filter(|url| streams && url.starts_with("https://"))
    }

    /// The events that a key is named for and that have none.
    fn unsigned(&self, args: &CallbackArgs) -> Option<String> {
        let none =
            |event: &&CallbackEvent| setting::slot(**event).is_some_and(|(family, _)| family.signing == Signing::Never);
        let events: Vec<&str> = self.events.iter().filter(none).map(|event| event.name()).collect();
        (args.key.is_some() && !events.is_empty()).then(|| events.join(", "))
    }

    /// A setting with the address and the key that are asked for.
    fn applied(&self, family: &Family, before: &Setting, args: &CallbackArgs) -> Setting {
        let mut after = before.clone();
        // The address first: the flag counts only beside one.
        let mut slots: Vec<Slot> = self.events.iter().filter_map(|event| family.slot(*event)).collect();
        slots.sort_by_key(|slot| *slot == Slot::Status);
        for slot in slots.into_iter().filter(|_| args.url.is_some()) {
            match slot {
                Slot::Status => after.status = true,
                slot => after.put(slot, args.url.as_deref()),
            }
        }
        if let Some(key) = &args.key {
            after.signed = Some(true);
            after.key = Some(Secret::clone(key));
        }
        after
    }

    /// The selector of what is meant.
    fn id(&self) -> String {
        let only = self.events.first().filter(|_| self.events.len() == 1);
        selector(self.place.domain.as_deref().unwrap_or_default(), only.copied())
    }
}

/// The events that Aliyun tells of.
fn known() -> Vec<CallbackEvent> {
    FAMILIES.iter().flat_map(|family| family.events).map(|(event, _)| *event).collect()
}

#[cfg(test)]
mod tests;
