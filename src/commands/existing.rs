//! What `--if-not-exists` accepts: the thing that is there, under its own id, and how it differs from what was asked.

use std::rc::Rc;

use serde_json::Value;

use crate::commands::portable::{Portable, Verb};
use crate::commands::redact;
use crate::commands::road::LiveRoad;
use crate::model::{Answer, Road, Row};
use crate::providers::rows::{self, Place};

/// How the thing that is there is found and compared.
pub(super) struct Existing {
    /// Shows it, or lists what is where it stands.
    look: Box<dyn Verb>,
    /// Its app and stream, where it has a place.
    place: Option<Place>,
    /// Its name, where several may be at one place.
    name: Option<String>,
    /// The fields that were asked for.
    asked: Row,
}

impl Existing {
    /// What `show` finds.
    pub(super) fn shown(show: Portable, asked: Row) -> Self {
        Existing { look: show.verb, place: None, name: None, asked }
    }

    /// The one that `list` finds with this app and stream, and this name where one is given.
    pub(super) fn listed(
        list: Portable,
        (app, stream): (Option<&str>, Option<&str>),
        name: Option<&str>,
        asked: Row,
    ) -> Self {
        let part = |part: Option<&str>| part.filter(|part| !part.is_empty() && *part != "*").map(str::to_owned);
        let place = Some(Place { app: part(app), stream: part(stream), ..Place::default() });
        Existing { look: list.verb, place, name: name.map(str::to_owned), asked }
    }

    /// The id of the thing that is there; how it differs is told. `None`: it was not found, or not for certain.
    pub(super) async fn compare(&self, road: &LiveRoad<'_>, known: Option<&str>) -> Option<String> {
        let looking = LiveRoad::gathering(Rc::clone(&road.link));
        let mut found = match self.look.begin(&looking).await.ok()? {
            Answer::One(item) => vec![item.row],
            _ => looking.gathered().into_iter().map(|item| item.row).filter(|row| self.is_meant(row)).collect(),
        };
        if let Some(same) =
            found.iter().position(|row| rows::text(&Value::Object(row.clone()), "id").as_deref() == known)
        {
            found.swap(0, same);
            found.truncate(1);
        }
        let [row] = found.as_slice() else { return None };
        let id = ["id", "name"].iter().find_map(|name| row.get(*name)?.as_str()).map(str::to_owned)?;
        let differing = differences(&self.asked, row);
        if !differing.is_empty() {
            let text = format!("`{id}` is there already, and is left as it is: {}", differing.join(", "));
            road.warn(&road.link.session.secrets.borrow().mask(&redact::words(&text)));
        }
        Some(id)
    }

    fn is_meant(&self, row: &Row) -> bool {
        let id = row.get("id").and_then(Value::as_str).map(Place::parse).unwrap_or_default();
        let part = |name: &str, told: Option<String>| match row.get(name) {
            Some(value) => value.as_str().filter(|part| !part.is_empty() && *part != "*").map(str::to_owned),
            None => told,
        };
        let place = Place { app: part("app", id.app), stream: part("stream", id.stream), ..Place::default() };
        let named = self.name.as_deref().is_none_or(|name| row.get("name").and_then(Value::as_str) == Some(name));
        named && self.place.as_ref().is_none_or(|wanted| *wanted == place)
    }
}

/// What a row has otherwise than was asked, as far as it tells.
fn differences(asked: &Row, row: &Row) -> Vec<String> {
    let sorted = |value: &Value| match value {
        Value::Array(items) => {
            let mut items: Vec<String> = items.iter().map(Value::to_string).collect();
            items.sort();
            Value::from(items)
        }
        other => other.clone(),
    };
    let told = |(field, wanted): (&String, &Value)| {
        let there = row.get(field).filter(|there| !there.is_null() && !wanted.is_null())?;
        (sorted(there) != sorted(wanted)).then(|| format!("{field} is {}, not {}", words(there), words(wanted)))
    };
    asked.iter().filter_map(told).collect()
}

fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(words).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_was_asked_and_is_told_differs() {
        let row = |value: Value| value.as_object().cloned().unwrap();
        let asked = row(json!({"height": 1080, "fps": 25, "codec": null, "formats": ["mp4", "hls"]}));
        for (there, expected) in [
            (json!({"height": 720, "fps": 25, "codec": "h264", "formats": ["hls", "mp4"]}), "height is 720, not 1080"),
            (json!({"height": null, "formats": ["flv"]}), "formats is flv, not mp4,hls"),
            (json!({"height": 1080, "width": 1}), ""),
        ] {
            assert_eq!(differences(&asked, &row(there)).join("; "), expected);
        }
    }
}
