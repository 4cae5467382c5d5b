//! `callback` on Tencent Cloud CSS: a callback template, bound by a rule to a push domain and an app.
//!
//! A template has one address an event and one key for all of them.

use serde_json::{Value, json};

use crate::error::{Class, Error, Result};
use crate::model::{
    Answer, CallbackArgs, CallbackEvent, CallbackRow, CallbackVerb, Change, Item, Params, Road, Secret, Support, Vendor,
};
use crate::providers::events::{self, Named, words};
use crate::providers::intent::Complaints;
use crate::providers::rows::Place;
use crate::providers::tencent::shared_template::{self, Bound, Found, Kind, Modification, NewRule, Rule, Wanted};
use crate::providers::{change, rows};

const VENDOR: Vendor = Vendor::Tencent;
const KEY: &str = "CallbackKey";

const KIND: Kind = Kind {
    word: "Callback",
    noun: "callback",
    thing: "callbacks",
    title: "callback template",
    narrowed: None,
    keyed_by_template: false,
    names_templates: false,
    hint: "on Tencent callbacks belong to a push domain",
    options: &[("-notify-url", "--url"), ("--callback-key", "--key"), ("--template-id", "--template")],
};

pub(super) fn support(verb: CallbackVerb) -> Support<CallbackArgs> {
    match verb {
        CallbackVerb::List => Support::Does(|road, args| Box::pin(list(road, args))),
        CallbackVerb::Show => Support::Does(|road, args| Box::pin(show(road, args))),
        CallbackVerb::Set => Support::Does(|road, args| Box::pin(set(road, args))),
        CallbackVerb::Delete => Support::Does(|road, args| Box::pin(delete(road, args))),
    }
}

async fn list(road: &dyn Road, args: &CallbackArgs) -> Result<Answer> {
    let asked = Asked::of(args, "listing callbacks", false)?;
    let items = |rule: &Rule, template: Option<&Value>| asked.items(rule, template);
    shared_template::list(road, &KIND, &asked.wanted, items).await
}

async fn show(road: &dyn Road, args: &CallbackArgs) -> Result<Answer> {
    let doing = "reading the callback";
    let asked = Asked::of(args, doing, false)?;
    let found = shared_template::find(road, &KIND, &asked.wanted, doing).await?;
    let items = asked.items(&found.rule, found.known());
    let what = format!("{doing} `{}`", id_of(&found.rule.place, &asked.events));
    rows::only_one(&what, items, |item| rows::text(&Value::Object(item.row.clone()), "id").unwrap_or_default())
        .map(Answer::One)
}

async fn set(road: &dyn Road, args: &CallbackArgs) -> Result<Answer> {
    let doing = "setting callbacks";
    let asked = Asked::of(args, doing, true)?;
    let all = shared_template::rules(road, &KIND, None).await?;
    match all.iter().find(|rule| rule.place == asked.wanted.place) {
        Some(rule) => {
            let found = shared_template::with_template(road, &KIND, rule.clone(), &all).await?;
            set_there(road, args, &asked, &found).await
        }
        None => set_new(road, args, &asked, doing).await,
    }
}

/// Sets callbacks where there are none: with a template and a rule.
async fn set_new(road: &dyn Road, args: &CallbackArgs, asked: &Asked, doing: &str) -> Result<Answer> {
    Complaints::none()
        .need_unless("--event", !asked.events.is_empty(), "required: this place has no callbacks yet")
        .need_unless("--url", args.url.is_some(), "required: this place has no callbacks yet")
        .refuse(doing, Some(KIND.hint))?;
    let place = &asked.wanted.place;
    let Settings { mut params, changes } = Settings::of(args, &asked.events, &Value::Null);
    asked.tell_unshown(road);
    params.insert("TemplateName".to_owned(), shared_template::name_for(place).into());
    let id = Some(id_of(place, &asked.events));
    let new = NewRule { doing, place, binds: Bound::New(params), settings: changes, id };
    shared_template::add(road, &KIND, new).await
}

/// Sets callbacks by changing the template of a rule that is there.
async fn set_there(road: &dyn Road, args: &CallbackArgs, asked: &Asked, found: &Found) -> Result<Answer> {
    let doing = format!("setting callbacks of `{}`", found.rule.place.selector());
    let template = found.template(&KIND, &doing)?;
    let events = if asked.events.is_empty() { told(template) } else { asked.events.clone() };
    Complaints::none()
        .need_unless("--event", args.url.is_none() || !events.is_empty(), "required: nobody is told of anything yet")
        .refuse(&doing, Some(KIND.hint))?;
    let Settings { params, changes } = Settings::of(args, &events, template);
    let (id, name) = (id_of(&found.rule.place, &asked.events), shared_template::name(template));
    if changes.is_empty() {
        return Ok(change::nothing(VENDOR, &id, &name));
    }
    asked.tell_unshown(road);
    if params.contains_key(KEY) {
        road.note(&format!("the key signs every event's callbacks of {} {}", KIND.title, found.rule.template()));
    }
    let wanted = Modification { doing: &doing, params, changes, question: None, shared: args.shared, id, name };
    shared_template::modify(road, &KIND, found, wanted).await
}

async fn delete(road: &dyn Road, args: &CallbackArgs) -> Result<Answer> {
    let doing = "deleting callbacks";
    let asked = Asked::of(args, doing, false)?;
    let found = shared_template::find(road, &KIND, &asked.wanted, doing).await?;
    let there = found.known().map(told).unwrap_or_default();
    let goes = |event: &CallbackEvent| asked.events.is_empty() || asked.events.contains(event);
    let id = id_of(&found.rule.place, &asked.events);
    let doing = format!("{doing} `{id}`");
    if let Some(absent) = asked.events.iter().find(|event| !there.contains(event) && told_at_all(**event)) {
        return Err(Error::new(Class::NotFound, format!("{doing}: nobody is told of {}", absent.name())));
    }
    let template = found.known().unwrap_or(&Value::Null);
    let gone: Vec<CallbackEvent> = CallbackEvent::ALL.iter().copied().filter(|event| goes(event)).collect();
    let changes: Vec<Change> = gone.iter().filter_map(|event| cleared(template, *event)).collect();
    if there.iter().all(goes) {
        if !asked.events.is_empty() && !asked.events.contains(&CallbackEvent::RecordStatus) {
            road.note(
                "nothing else is told of: the whole rule goes, and with it record-status, which Tencent does not tell",
            );
        }
        return shared_template::remove(road, &KIND, &found, &id, changes).await;
    }
    let fixed = gone.iter().find(|event| **event == CallbackEvent::StreamMix).map(|event| event.name());
    Complaints::none()
        .wrong("--event", fixed, "others: Tencent clears it only with the whole rule")
        .refuse(&doing, None)?;
    let clear = |event: &CallbackEvent| Some((parameter(*event)?.to_owned(), Value::from("")));
    let (params, name) = (asked.events.iter().filter_map(clear).collect(), shared_template::name(template));
    let several = if asked.events.len() > 1 { format!(" ({})", words(&asked.events)) } else { String::new() };
    let question = Some(format!("delete the callbacks {id}{several}"));
    let wanted = Modification { doing: &doing, params, changes, question, shared: args.shared, id, name };
    shared_template::modify(road, &KIND, &found, wanted).await
}

/// What a command is about: which rules, and which of their events; none: all.
struct Asked {
    wanted: Wanted,
    events: Vec<CallbackEvent>,
}

impl Asked {
    fn of(args: &CallbackArgs, doing: &str, sets: bool) -> Result<Self> {
        let known: Vec<CallbackEvent> =
            CallbackEvent::ALL.iter().copied().filter(|event| parameter(*event).is_some()).collect();
        let Named { place, events, complaints } = events::named(args, &known)?;
        let wanted = Wanted { place, ..Wanted::of(&args.target)? };
        let disused = events.iter().find(|event| sets && **event == CallbackEvent::StreamMix);
        let keyed = args.key.is_some() && args.url.is_none() && sets;
        let complaints = complaints
            .foreign("--vhost", args.vhost.as_ref(), "Volcengine")
            .wrong(
                "--stream",
                wanted.place.stream.as_ref(),
                "none: on Tencent callbacks tell of every stream of an app",
            )
            .wrong("--event", disused.map(|event| event.name()), "others: Tencent no longer has it")
            .wrong(
                "--event",
                (keyed && !events.is_empty()).then(|| words(&events)),
                "none without --url: on Tencent one key signs the callbacks of all events",
            );
        let complaints = if sets { complaints.need("--domain", wanted.place.domain.is_some()) } else { complaints };
        complaints.refuse(doing, Some(KIND.hint))?;
        Ok(Asked { wanted, events })
    }

    fn items(&self, rule: &Rule, template: Option<&Value>) -> Vec<Item> {
        let Some(known) = template else { return Vec::new() };
        let wanted = |event: &CallbackEvent| self.events.is_empty() || self.events.contains(event);
        let one = |event| Item { row: rows::row(&row(rule, known, event)), raw: shared_template::raw(rule, template) };
        told(known).into_iter().filter(wanted).map(one).collect()
    }

    fn tell_unshown(&self, road: &dyn Road) {
        if self.events.iter().any(|event| !told_at_all(*event)) {
            road.note("Tencent does not tell the address of record-status: lists may leave it out");
        }
    }
}

/// What a template is to have, as parameters and as differences.
struct Settings {
    params: Params,
    changes: Vec<Change>,
}

impl Settings {
    fn of(args: &CallbackArgs, events: &[CallbackEvent], template: &Value) -> Self {
        let (mut params, mut changes) = (Params::new(), Vec::new());
        for (event, url) in events.iter().zip(args.url.iter().cycle()) {
            let (Some(name), before) = (parameter(*event), url_of(template, *event)) else { continue };
            if before.as_ref() != Some(url) {
                params.insert(name.to_owned(), url.as_str().into());
                changes.push(Change::new(&field(*event), before, url.as_str()));
            }
        }
        let before = Secret::new(rows::text(template, KEY).unwrap_or_default());
        if let Some(key) = args.key.as_ref().filter(|key| before.expose() != key.expose()) {
            params.insert(KEY.to_owned(), key.expose().into());
            changes.push(Change::new("key", events::masked(Some(&before)), events::masked(Some(key))));
        }
        Settings { params, changes }
    }
}

fn row(rule: &Rule, template: &Value, event: CallbackEvent) -> CallbackRow {
    CallbackRow {
        vendor: VENDOR,
        profile: None,
        id: id_of(&rule.place, &[event]),
        domain: rule.place.domain.clone(),
        app: rule.place.app.clone(),
        event,
        url: url_of(template, event),
        auth: Some(rows::text(template, KEY).is_some()),
    }
}

/// The selector of a place, with the event behind `#` where it is one.
fn id_of(place: &Place, events: &[CallbackEvent]) -> String {
    let tail = match events {
        [only] => Some(only.name().to_owned()),
        _ => None,
    };
    Place { tail, ..place.clone() }.selector()
}

/// The events that a template has an address for.
fn told(template: &Value) -> Vec<CallbackEvent> {
    CallbackEvent::ALL.iter().copied().filter(|event| url_of(template, *event).is_some()).collect()
}

fn url_of(template: &Value, event: CallbackEvent) -> Option<String> {
    rows::text(template, parameter(event)?)
}

/// The name of an event's address in a difference.
fn field(event: CallbackEvent) -> String {
    format!("{}.url", event.name())
}

/// The difference that clearing an event's address is.
fn cleared(template: &Value, event: CallbackEvent) -> Option<Change> {
    Some(Change::new(&field(event), url_of(template, event)?, json!(null)))
}

/// The parameter of an event's address; none where Tencent has no such callback.
fn parameter(event: CallbackEvent) -> Option<&'static str> {
    match event {
        CallbackEvent::StreamBegin => Some("StreamBeginNotifyUrl"),
        CallbackEvent::StreamEnd => Some("StreamEndNotifyUrl"),
        CallbackEvent::PushException => Some("PushExceptionNotifyUrl"),
        CallbackEvent::Record => Some("RecordNotifyUrl"),
        CallbackEvent::RecordStatus => Some("RecordStatusNotifyUrl"),
        CallbackEvent::RecordException => Some("RecordExceptionNotifyUrl"),
        CallbackEvent::Snapshot => Some("SnapshotNotifyUrl"),
        CallbackEvent::Audit => Some("PornCensorshipNotifyUrl"),
        CallbackEvent::AudioAudit => Some("AudioAuditNotifyUrl"),
        CallbackEvent::StreamMix => Some("StreamMixNotifyUrl"),
        CallbackEvent::Relay | CallbackEvent::RecordOnDemand => None,
    }
}

/// Whether a template that was read tells an event's address: the one of `record-status` it does not name.
fn told_at_all(event: CallbackEvent) -> bool {
    event != CallbackEvent::RecordStatus
}

#[cfg(test)]
mod tests;
