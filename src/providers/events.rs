//! Which events a command about callbacks means: by `--event`, or by the part of a selector behind `#`.

use serde_json::Value;

use crate::error::Result;
use crate::model::{CallbackArgs, CallbackEvent, Secret};
use crate::providers::intent::Complaints;
use crate::providers::rows::Place;

/// A place, and the events of it that are meant.
pub struct Named {
    /// Where; without the part behind `#`.
    pub place: Place,
    /// The events; none: all.
    pub events: Vec<CallbackEvent>,
    /// What is wrong with them.
    pub complaints: Complaints,
}

/// Reads what a command names. `known` are the events that the vendor has.
///
/// # Errors
/// Those of [`Place::of`].
pub fn named(args: &CallbackArgs, known: &[CallbackEvent]) -> Result<Named> {
    let mut place = Place::of(&args.target)?;
    let tail = place.tail.take();
    let one = tail.as_deref().and_then(|tail| CallbackEvent::ALL.iter().copied().find(|event| event.name() == tail));
    let unknown = tail.filter(|_| one.is_none()).map(|tail| format!("#{tail}"));
    let other = one.is_some_and(|one| args.events.iter().any(|event| *event != one));
    let events = if args.events.is_empty() { one.into_iter().collect() } else { args.events.clone() };
    let odd: Vec<CallbackEvent> = events.iter().copied().filter(|event| !known.contains(event)).collect();
    let complaints = Complaints::none()
        .wrong("ID", unknown, format!("one of {} behind the #", words(known)))
        .wrong("--event", other.then(|| words(&args.events)), "the event behind the # of the selector")
        .wrong("--url", args.url.as_ref().filter(|url| !is_web(url)), "an address that begins with http:// or https://")
        .wrong("--event", (!odd.is_empty()).then(|| words(&odd)), words(known));
    Ok(Named { place, events, complaints })
}

fn is_web(url: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| url.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()))
}

/// Events as a user types them.
pub fn words(events: &[CallbackEvent]) -> String {
    events.iter().map(|event| event.name()).collect::<Vec<_>>().join(", ")
}

/// What a difference shows of a key that signs callbacks: that there is one, and never which.
pub fn masked(key: Option<&Secret>) -> Value {
    key.filter(|key| !key.expose().is_empty()).map_or(Value::Null, |_| "***".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Selector;

    #[test]
    fn the_selector_and_the_option_must_mean_the_same_events() {
        use CallbackEvent::{Record, StreamBegin, StreamEnd};
        for (id, given, events, wrong) in [
            ("d/a/", vec![], vec![], None),
            ("d/a/#record", vec![], vec![Record], None),
            ("d/a/#record", vec![Record], vec![Record], None),
            ("d/a/", vec![StreamBegin, Record], vec![StreamBegin, Record], None),
            ("d/a/#record", vec![Record, StreamBegin], vec![Record, StreamBegin], Some("--event")),
            ("d/a/#stream-begin", vec![Record], vec![Record], Some("--event")),
            ("d/a/#recording", vec![], vec![], Some("ID")),
            ("d/a/", vec![StreamEnd], vec![StreamEnd], Some("--event")),
            ("d/a/#stream-end", vec![], vec![StreamEnd], Some("--event")),
        ] {
            let target = Selector { id: Some(id.to_owned()), ..Selector::default() };
            let args = CallbackArgs { target, events: given, ..CallbackArgs::default() };
            let named = named(&args, &[StreamBegin, Record]).unwrap();
            assert_eq!((named.place.selector().as_str(), &named.events), ("d/a/", &events), "{id}");
            for option in ["ID", "--event"] {
                assert_eq!(named.complaints.concern(option), wrong == Some(option), "{id} {option}");
            }
        }
    }
}
