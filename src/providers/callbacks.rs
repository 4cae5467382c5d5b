//! Callbacks: what the vendors send to a user's server, read into one event.
//!
//! Each vendor's words are a table of [`Shape`]s in a file of its own; the reading here knows none of them. Field
//! names are compared without case and `_`, since a sheet's `StreamId` travels as `stream_id`.

mod play;
mod proof;
mod read;

use std::borrow::Cow;
use std::time::Duration;

use jiff::tz::Offset;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::model::{self, Columns, Vendor};
use crate::providers::{aliyun, rows, tencent, volcengine};

pub use play::{Played, Scene, Seal, Written, play, playable, signed_fields};
pub use proof::{Doubt, Moment, WINDOW, prove};
pub use read::{LARGEST, Read, read};

/// The fields of one callback, in the order they came.
pub type Fields = Map<String, Value>;

/// One callback, in our words.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CallbackEvent {
    /// Whose callback.
    pub vendor: Vendor,
    /// Always null: a callback does not tell the account.
    pub profile: Option<String>,
    /// What happened; null where the facts do not know the vendor's word.
    pub event: Option<&'static str>,
    /// The domain.
    pub domain: Option<String>,
    /// The app.
    pub app: Option<String>,
    /// The stream.
    pub stream: Option<String>,
    /// When, RFC 3339, UTC.
    pub time: Option<String>,
    /// The vendor's other fields, as they came.
    pub detail: Fields,
    /// The answer that the vendor waits for.
    pub expects: Option<&'static str>,
}

impl CallbackEvent {
    /// The promised columns.
    pub const COLUMNS: Columns =
        &["vendor", "profile", "event", "domain", "app", "stream", "time", "detail", "expects"];
}

/// What tells the event of a shape.
pub(super) enum Told {
    /// The shape itself.
    Always(&'static str),
    /// The word in one of these fields; without names, in any field.
    Word(&'static [&'static str], &'static [(&'static str, &'static str)]),
    /// A number in one of these fields that no other shape knows.
    UnknownNumber(&'static [&'static str]),
}

/// One kind of callback of a vendor. Field names are in lower case, without `_`.
pub(super) struct Shape {
    pub(super) told: Told,
    /// Fields that must all be there.
    pub(super) needs: &'static [&'static str],
    pub(super) domain: &'static [&'static str],
    pub(super) app: &'static [&'static str],
    pub(super) stream: &'static [&'static str],
    pub(super) time: &'static [&'static str],
    /// The answer that the vendor waits for.
    pub(super) expects: Option<&'static str>,
    /// A whole answer, where more than a status is wanted.
    pub(super) answer: Option<&'static str>,
}

/// What a vendor's callbacks look like, and how they are sent.
pub(super) struct House {
    pub(super) shapes: &'static [Shape],
    /// What is read of a callback of this vendor that has none of the shapes.
    pub(super) other: Shape,
    /// What a time without a zone means.
    pub(super) zone: Offset,
    /// Objects whose members are read as if they stood beside them, outermost first.
    pub(super) nested: &'static [&'static str],
    /// How they are signed.
    pub(super) scheme: Scheme,
    /// The body of an answer that takes a callback.
    pub(super) taken: &'static str,
    /// How long an answer is waited for, and after which pauses a callback is sent again.
    pub(super) manner: fn(model::CallbackEvent) -> Manner,
    /// One callback of each event.
    pub(super) samples: &'static [Sample],
}

/// How callbacks are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    /// `sign` and `t` in the body: [`crate::sign::callback_expiry`].
    Expiry,
    /// Two headers: [`crate::sign::callback_host`].
    Host,
}

/// How a vendor goes about a callback that is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manner {
    /// It waits so long for an answer.
    pub patience: Duration,
    /// The pauses before its further attempts.
    pub pauses: Vec<Duration>,
}

impl Manner {
    /// So many further attempts, with the same pause before each.
    pub(super) fn steady(patience: u64, further: usize, pause: u64) -> Manner {
        Manner { patience: Duration::from_secs(patience), pauses: vec![Duration::from_secs(pause); further] }
    }
}

/// A callback of one event, as a vendor sends it.
pub(super) struct Sample {
    pub(super) event: model::CallbackEvent,
    pub(super) form: Form,
    /// Its fields as a JSON object. In texts, `{domain}`, `{app}` and `{stream}` stand for the place; a text that is
    /// `{time}` or `{time_ms}` for the number of seconds or milliseconds, `{time_text}` for the seconds as a text.
    pub(super) fields: &'static str,
}

impl Sample {
    /// One whose fields are the body.
    pub(super) const fn json(event: model::CallbackEvent, fields: &'static str) -> Sample {
        Sample { event, form: Form::Json, fields }
    }
}

/// How the fields of a callback travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A GET, in the query of the address.
    Query,
    /// A POST, as JSON.
    Json,
}

fn house(vendor: Vendor) -> &'static House {
    match vendor {
        Vendor::Tencent => &tencent::callbacks::HOUSE,
        Vendor::Aliyun => &aliyun::callbacks::HOUSE,
        Vendor::Volcengine => &volcengine::callbacks::HOUSE,
    }
}

/// Whose callback it is, by its fields; `None` where they do not tell.
pub fn recognise(fields: &Fields) -> Option<Vendor> {
    let has_shape = |vendor: &Vendor| {
        let house = house(*vendor);
        let fields = house.flat(fields);
        house.shapes.iter().any(|shape| shape.fits(&fields).is_some())
    };
    // Where two could be meant nobody guesses.
    let mut found = Vendor::ALL.into_iter().filter(has_shape);
    found.next().filter(|_| found.next().is_none())
}

/// Reads a callback of a vendor.
pub fn decode(vendor: Vendor, fields: &Fields) -> CallbackEvent {
    let house = house(vendor);
    let fields = house.flat(fields);
    let (shape, told) = house.find(&fields);
    let mut rest = Rest(fields.into_owned());
    let event = told.as_ref().and_then(|told| told.event);
    if let (Some(_), Some(field)) = (event, told.and_then(|told| told.field)) {
        rest.0.shift_remove(&field);
    }
    CallbackEvent {
        vendor,
        profile: None,
        event,
        domain: rest.take(shape.domain),
        app: rest.take(shape.app),
        stream: rest.take(shape.stream),
        time: rest.take_time(shape.time, house.zone),
        detail: rest.0,
        expects: shape.expects,
    }
}

/// A whole answer to a callback that wants more than a status.
pub fn answer(vendor: Vendor, fields: &Fields) -> Option<&'static str> {
    let house = house(vendor);
    house.find(&house.flat(fields)).0.answer
}

/// The body of the answer that takes a callback. `record`: what to say where the vendor asks whether to record.
pub fn taken(vendor: Vendor, fields: &Fields, record: bool) -> String {
    match answer(vendor, fields) {
        Some(_) => format!("{{\"ApiVersion\":\"1.0\",\"NeedRecord\":{record}}}"),
        None => house(vendor).taken.to_owned(),
    }
}

/// How a vendor goes about a callback of this event that is not taken.
pub fn manner(vendor: Vendor, event: model::CallbackEvent) -> Manner {
    (house(vendor).manner)(event)
}

impl House {
    /// The fields with those of nested objects beside them; an outer one is kept where both have it.
    fn flat<'a>(&self, fields: &'a Fields) -> Cow<'a, Fields> {
        let mut flat = Cow::Borrowed(fields);
        for name in self.nested {
            let Some(Value::Object(_)) = flat.get(*name) else { continue };
            let all = flat.to_mut();
            if let Some(Value::Object(inner)) = all.shift_remove(*name) {
                inner.into_iter().for_each(|(name, value)| {
                    all.entry(name).or_insert(value);
                });
            }
        }
        flat
    }

    fn find(&self, fields: &Fields) -> (&Shape, Option<Fit>) {
        let fitting = self.shapes.iter().find_map(|shape| Some((shape, Some(shape.fits(fields)?))));
        fitting.unwrap_or((&self.other, None))
    }
}

/// How a shape fits: the event, and the field that told it.
struct Fit {
    event: Option<&'static str>,
    field: Option<String>,
}

impl Shape {
    fn fits(&self, fields: &Fields) -> Option<Fit> {
        if !self.needs.iter().all(|name| field(fields, &[name]).is_some()) {
            return None;
        }
        match &self.told {
            Told::Always(event) => Some(Fit { event: Some(event), field: None }),
            Told::Word(names, words) => {
                let asked = fields.iter().filter(|(name, _)| names.is_empty() || names.contains(&&*plain(name)));
                asked.into_iter().find_map(|(name, value)| {
                    let text = text(value)?;
                    let (_, event) = words.iter().find(|(word, _)| *word == text)?;
                    Some(Fit { event: Some(event), field: Some(name.clone()) })
                })
            }
            Told::UnknownNumber(names) => {
                let text = text(&fields[field(fields, names)?])?;
                text.parse::<u64>().is_ok().then_some(Fit { event: None, field: None })
            }
        }
    }
}

/// What of the fields is not yet told.
struct Rest(Fields);

impl Rest {
    /// Takes the first of these fields that holds a text.
    fn take(&mut self, names: &[&str]) -> Option<String> {
        let (name, text) = names.iter().find_map(|name| {
            let name = field(&self.0, &[name])?;
            let text = text(&self.0[name]).filter(|text| !text.is_empty())?;
            Some((name.to_owned(), text))
        })?;
        self.0.shift_remove(&name);
        Some(text)
    }

    /// Takes the first of these fields that holds a time.
    fn take_time(&mut self, names: &[&str], zone: Offset) -> Option<String> {
        let (name, time) = names.iter().find_map(|name| {
            let name = field(&self.0, &[name])?.to_owned();
            let last = Map::from_iter([(name.clone(), Value::from(text(&self.0[&name])?))]);
            Some((name.clone(), rows::time(&Value::Object(last), &name, zone)?))
        })?;
        self.0.shift_remove(&name);
        Some(time)
    }
}

/// The very name of the first of these fields that is there.
fn field<'a>(fields: &'a Fields, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|wanted| fields.keys().find(|name| plain(name) == *wanted)).map(String::as_str)
}

/// A field's name, without case and `_`.
fn plain(name: &str) -> String {
    name.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect()
}

/// A value as text. Of an argument that came several times the last counts: vendors append theirs to the address.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(several) => several.last().filter(|last| !last.is_array()).and_then(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
