//! `callback` on Volcengine Live: one setting for each domain space, app and event.

use serde_json::{Value, json};

use super::space;
use crate::error::{Class, Error};
use crate::model::{
    Answer, Call, CallbackArgs, CallbackEvent, CallbackRow, CallbackVerb, Change, Item, Reply, Road, Secret, Support,
    Vendor,
};
use crate::providers::change;
use crate::providers::events::{self, Named};
use crate::providers::intent::Complaints;
use crate::providers::paging::Pages;
use crate::providers::rows::{self, Place};

#[cfg(test)]
mod tests;

const VENDOR: Vendor = Vendor::Volcengine;

/// The events there are, with the vendor's words for them.
const EVENTS: [(CallbackEvent, &str); 5] = [
    (CallbackEvent::StreamBegin, "push"),
    (CallbackEvent::StreamEnd, "push_end"),
    (CallbackEvent::Record, "record"),
    (CallbackEvent::Snapshot, "snapshot"),
    (CallbackEvent::Audit, "audit_snapshot"),
];

pub(super) fn support(verb: CallbackVerb) -> Support<CallbackArgs> {
    match verb {
        CallbackVerb::List => Support::Does(|road, args| Box::pin(list(road, args))),
        CallbackVerb::Show => Support::Does(|road, args| Box::pin(show(road, args))),
        CallbackVerb::Set => Support::Does(|road, args| Box::pin(set(road, args))),
        CallbackVerb::Delete => Support::Does(|road, args| Box::pin(delete(road, args))),
    }
}

/// One event's callback, typed.
#[derive(Debug, Clone, PartialEq)]
struct Callback {
    place: Place,
    event: CallbackEvent,
    urls: Vec<String>,
    auth: Option<bool>,
    key: Option<Secret>,
    /// `TranscodeCallback`: no option of ours, sent back as it was.
    transcoded: Option<Value>,
}

impl Callback {
    /// Reads an item of the list; `None`: an event that the facts do not know.
    fn read(space: &str, raw: &Value) -> Option<Callback> {
        let word = rows::text(raw, "MessageType")?;
        let event = EVENTS.iter().find(|(_, theirs)| *theirs == word).map(|(event, _)| *event)?;
        let details = raw.get("CallbackDetailList").and_then(Value::as_array);
        Some(Callback {
            urls: details.into_iter().flatten().filter_map(|detail| rows::text(detail, "URL")).collect(),
            auth: rows::flag(raw, "AuthEnable"),
            key: rows::text(raw, "AuthKeyPrimary").map(Secret::new),
            transcoded: raw.get("TranscodeCallback").filter(|value| !value.is_null()).cloned(),
            ..Callback::new(space::place_of(space, raw), event)
        })
    }

    /// A callback that tells nobody yet.
    fn new(place: Place, event: CallbackEvent) -> Callback {
        let place = Place { stream: None, tail: Some(event.name().to_owned()), ..place };
        Callback { place, event, urls: Vec::new(), auth: None, key: None, transcoded: None }
    }

    fn row(&self) -> CallbackRow {
        CallbackRow {
            vendor: VENDOR,
            profile: None,
            id: self.place.selector(),
            domain: self.place.domain.clone(),
            app: self.place.app.clone(),
            event: self.event,
            url: self.urls.first().cloned(),
            auth: self.auth,
        }
    }

    fn item(&self, raw: Value) -> Item {
        Item { row: rows::row(&self.row()), raw }
    }

    /// With what the user named.
    fn with_named(&self, args: &CallbackArgs) -> Callback {
        let mut after = self.clone();
        if let Some(url) = &args.url {
            after.urls = vec![url.clone()];
        }
        if args.key.is_some() {
            after.key.clone_from(&args.key);
            after.auth = Some(true);
        }
        after
    }

    /// The differences, each under the name of the event.
    fn changes_to(&self, after: &Callback) -> Vec<Change> {
        let named = |field: &str| format!("{}.{field}", self.event.name());
        let (old, new) = (rows::row(&self.row()), rows::row(&after.row()));
        let mut changes = rows::changes(&old, &new, &["url", "auth"]);
        changes.iter_mut().for_each(|change| change.field = named(&change.field));
        if self.key != after.key {
            let (from, to) = (events::masked(self.key.as_ref()), events::masked(after.key.as_ref()));
            changes.push(Change::new(&named("key"), from, to));
        }
        changes
    }

    fn call(&self, action: &str) -> Call {
        let word = EVENTS.iter().find(|(event, _)| *event == self.event).map(|(_, word)| *word);
        Call::new(VENDOR, action)
            .with_some("Vhost", self.place.domain.as_deref())
            .with_some("App", self.place.app.as_deref())
            .with_some("MessageType", word)
    }

    /// The call that puts it: what is left out there is as if it had never been.
    fn put(&self) -> Call {
        let details = self.urls.iter().map(|url| json!({"URL": url, "CallbackType": "HTTP"}));
        self.call("UpdateCallback")
            .with("CallbackDetailList", details.collect::<Value>())
            .with_some("AuthEnable", self.auth)
            .with_some("AuthKeyPrimary", self.key.as_ref().map(Secret::expose))
            .with_some("TranscodeCallback", self.transcoded.clone())
    }
}

async fn list(road: &dyn Road, args: &CallbackArgs) -> Result<Answer, Error> {
    let asked = Asked::of(args)?;
    asked.complaints.clone().refuse("listing callbacks", None)?;
    let place = space::placed(road, asked.place.clone(), args.vhost.as_ref()).await?;
    space::emit(road, &place, async |space| {
        let found = matching(road, space, &place, &asked.events).await?;
        Ok(found.into_iter().map(|(callback, raw)| callback.item(raw)).collect())
    })
    .await
}

async fn show(road: &dyn Road, args: &CallbackArgs) -> Result<Answer, Error> {
    let doing = "reading the callback";
    let (place, asked, found) = find(road, doing, args).await?;
    let what = format!("{doing} `{}`", asked.wanted(&place).selector());
    let (callback, raw) = rows::only_one(&what, found, |(callback, _)| callback.place.selector())?;
    Ok(Answer::One(callback.item(raw)))
}

async fn set(road: &dyn Road, args: &CallbackArgs) -> Result<Answer, Error> {
    let doing = "setting callbacks";
    let (place, asked, found) = find(road, doing, args).await?;
    let there: Vec<Callback> = found.into_iter().map(|(callback, _)| callback).collect();
    if asked.events.is_empty() && there.is_empty() {
        return Err(missing(doing, &place));
    }
    // What is named is set just there; a key alone is set wherever there is a callback.
    let at = |event: &CallbackEvent| {
        let known = there.iter().find(|known| known.event == *event && known.place.app == place.app);
        known.cloned().unwrap_or_else(|| Callback::new(place.clone(), *event))
    };
    let before: Vec<Callback> =
        if asked.events.is_empty() { there.clone() } else { asked.events.iter().map(at).collect() };
    let pairs: Vec<(Callback, Callback)> = before.into_iter().map(|one| (one.with_named(args), one)).collect();
    let unaddressed = pairs.iter().any(|(after, _)| after.urls.is_empty());
    let unsigned = pairs.iter().any(|(after, _)| after.auth == Some(true) && after.key.is_none());
    Complaints::none()
        .need_unless("--url", !unaddressed, "required: nobody is told yet")
        .need_unless("--key", !unsigned, "required: the vendor does not show the present one, and a change replaces it")
        .refuse(doing, None)?;
    let steps = pairs.iter().map(|(after, before)| (after, before.changes_to(after), after.put()));
    let steps = steps.filter(|(_, changes, _)| !changes.is_empty());
    let id = asked.id(&place, pairs.iter().map(|(after, _)| after));
    send_each(road, &id, steps.collect()).await
}

async fn delete(road: &dyn Road, args: &CallbackArgs) -> Result<Answer, Error> {
    let doing = "deleting callbacks";
    let (place, asked, found) = find(road, doing, args).await?;
    let there: Vec<Callback> = found.into_iter().map(|(callback, _)| callback).collect();
    let Some(first) = there.first() else {
        return Err(missing(doing, &asked.wanted(&place)));
    };
    if there.iter().any(|other| other.place.app != first.place.app) {
        let ids: Vec<String> = there.iter().map(|callback| callback.place.selector()).collect();
        return Err(Error::usage(format!("{doing}: several apps have such callbacks"))
            .hint(format!("name --app, or one of them:\n  {}", ids.join("\n  "))));
    }
    let id = asked.id(&place, there.iter());
    let events: Vec<&str> = there.iter().map(|callback| callback.event.name()).collect();
    let at = Place { tail: None, ..first.place.clone() };
    let them = if events.len() == 1 { "callback" } else { "callbacks" };
    road.confirm(&format!("delete the {them} {} of {}", events.join(", "), at.selector()))?;
    let steps = there.iter().map(|callback| {
        let none = Callback::new(callback.place.clone(), callback.event);
        (callback, callback.changes_to(&none), callback.call("DeleteCallback"))
    });
    send_each(road, &id, steps.collect()).await
}

/// Sends one call an event. Where one fails, the error tells which are done.
async fn send_each(road: &dyn Road, id: &str, steps: Vec<(&Callback, Vec<Change>, Call)>) -> Result<Answer, Error> {
    let mut last: Option<(String, Reply)> = None;
    let mut all = Vec::new();
    let mut done: Vec<&str> = Vec::new();
    for (callback, changes, call) in steps {
        let action = call.action.clone();
        let reply = road.change(call, &changes).await.map_err(|error| {
            let (event, done) = (callback.event.name(), done.join(", "));
            match done.is_empty() {
                true => error,
                false => {
                    error.hint(format!("this was `{event}`; done before it: {done}. Repeat the command for the rest"))
                }
            }
        })?;
        last = Some((action, reply));
        all.extend(changes);
        done.push(callback.event.name());
    }
    Ok(match last {
        Some((action, reply)) => change::told(VENDOR, action, Some(id.to_owned()), "", all, reply),
        None => change::nothing(VENDOR, id, ""),
    })
}

/// What a command asks for: where, and which events.
struct Asked {
    /// Without a tail: that is among the events.
    place: Place,
    /// None: every one that is there.
    events: Vec<CallbackEvent>,
    complaints: Complaints,
}

impl Asked {
    fn of(args: &CallbackArgs) -> Result<Asked, Error> {
        let Named { place, events, complaints } = events::named(args, &EVENTS.map(|(event, _)| event))?;
        let complaints = complaints
            .wrong("--stream", place.stream.as_ref(), "none: on Volcengine a callback is for all streams of an app")
            .foreign("--shared", args.shared.then_some("given"), "Tencent");
        Ok(Asked { place, events, complaints })
    }

    /// The place with the event, where it is one.
    fn wanted(&self, place: &Place) -> Place {
        let tail = match self.events.as_slice() {
            [event] => Some(event.name().to_owned()),
            _ => None,
        };
        Place { tail, ..place.clone() }
    }

    /// What a change of these callbacks is called: the selector of the only one, else their place.
    fn id<'a>(&self, place: &Place, mut callbacks: impl Iterator<Item = &'a Callback>) -> String {
        match (callbacks.next(), callbacks.next()) {
            (Some(only), None) => only.place.selector(),
            _ => place.selector(),
        }
    }
}

fn missing(doing: &str, wanted: &Place) -> Error {
    Error::new(Class::NotFound, format!("{doing} `{}`: nothing matches", wanted.selector()))
}

/// What is there at the place that a command means.
async fn find(
    road: &dyn Road,
    doing: &str,
    args: &CallbackArgs,
) -> Result<(Place, Asked, Vec<(Callback, Value)>), Error> {
    let asked = Asked::of(args)?;
    let complaints = asked.complaints.clone();
    let space = space::addressed(road, doing, &args.target, args.vhost.as_ref(), complaints).await?;
    let place = Place { tail: None, ..space };
    let mut found = matching(road, place.domain.as_deref().unwrap_or_default(), &place, &asked.events).await?;
    found.retain(|(callback, _)| !rows::is_whole(&args.target) || callback.place.app == place.app);
    Ok((place, asked, found))
}

/// The callbacks of a domain space that are meant.
async fn matching(
    road: &dyn Road,
    space: &str,
    wanted: &Place,
    events: &[CallbackEvent],
) -> Result<Vec<(Callback, Value)>, Error> {
    let call = Call::new(VENDOR, "DescribeCallback").with("Vhost", space).with_some("App", wanted.app.as_deref());
    let items = Pages::all(call, road).await?;
    let callbacks = items.into_iter().filter_map(|raw| Some((Callback::read(space, &raw)?, raw)));
    let wanted = |callback: &Callback| {
        wanted.matches(&callback.place) && (events.is_empty() || events.contains(&callback.event))
    };
    Ok(callbacks.filter(|(callback, _)| wanted(callback)).collect())
}
