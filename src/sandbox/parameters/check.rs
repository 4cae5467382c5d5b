//! What the vendors refuse about parameters, in the order in which they look: missing, unknown, type, value.

use serde_json::Value;

use crate::model::{Params, Vendor};
use crate::providers::catalog::{self, Action, Param};
use crate::providers::validate::amended;
use crate::sandbox::answer::Refusal;

use super::{inner, item_kind};

/// A fault of one parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flaw {
    Missing,
    Unknown,
    Type,
    Value,
}

/// Ranges that the vendor's current SDK states required than its reference: parameter, smallest, largest.
const WIDER: &[(&str, &str, f64, f64)] = &[
    ("CreateLiveTranscodeTemplate", "VideoBitrate", 0.0, 8000.0),
    ("ModifyLiveTranscodeTemplate", "VideoBitrate", 0.0, 8000.0),
    ("CreateLiveTranscodeTemplate", "Gop", 1.0, 6.0),
    ("ModifyLiveTranscodeTemplate", "Gop", 1.0, 6.0),
    ("CreateLiveTranscodeTemplate", "AdaptBitratePercent", 0.0, 0.9),
    ("ModifyLiveTranscodeTemplate", "AdaptBitratePercent", 0.0, 0.9),
    ("AddCustomLiveStreamTranscode", "FPS", 1.0, 60.0),
];

/// Checks typed parameters against the facts of their Action.
///
/// # Errors
/// The vendor's refusal of the first one that is wrong.
pub(in crate::sandbox) fn check(
    vendor: Vendor,
    action: &Action<'_>,
    params: &Params,
    region: Option<&str>,
) -> Result<(), Refusal> {
    let checker = Checker { vendor, action: action.name };
    checker.object(params, action.name, &action.params, "")?;
    match region {
        _ if vendor != Vendor::Tencent || action.regions.is_empty() => Ok(()),
        None => Err(checker.refusal(Flaw::Missing, "X-TC-Region", "")),
        Some(region) if action.regions.contains(&region) => Ok(()),
        Some(region) => Err(Refusal::new(
            vendor,
            "UnsupportedRegion",
            format!("The action does not support the region `{region}`."),
        )),
    }
}

/// What a number of a range is.
fn range(min: Option<f64>, max: Option<f64>) -> String {
    match (min, max) {
        (Some(min), Some(max)) => format!("a number from {min} to {max}"),
        (Some(min), None) => format!("a number of {min} or more"),
        (None, Some(max)) => format!("a number of {max} or less"),
        (None, None) => "a number".to_owned(),
    }
}

struct Checker<'a> {
    vendor: Vendor,
    action: &'a str,
}

impl Checker<'_> {
    /// `owner` is the Action, or `@` and the type.
    fn object(&self, object: &Params, owner: &str, facts: &[Param<'_>], path: &str) -> Result<(), Refusal> {
        let required = |fact: &Param<'_>| amended(self.vendor, owner, fact).required;
        if let Some(fact) = facts.iter().find(|fact| required(fact) && !object.contains_key(fact.name)) {
            return Err(self.refusal(Flaw::Missing, &format!("{path}{}", fact.name), ""));
        }
        let any_key = facts.iter().any(|fact| fact.name == "*");
        for (name, value) in object {
            let place = format!("{path}{name}");
            match facts.iter().find(|fact| fact.name == name) {
                Some(fact) => self.value(value, fact.kind, &amended(self.vendor, owner, fact), &place)?,
                None if self.vendor == Vendor::Tencent && !any_key => {
                    return Err(self.refusal(Flaw::Unknown, &place, ""));
                }
                None => {}
            }
        }
        Ok(())
    }

    fn value(&self, value: &Value, kind: &str, fact: &Param<'_>, place: &str) -> Result<(), Refusal> {
        if let Some(item) = inner(kind, "array") {
            let Value::Array(items) = value else { return Err(self.refusal(Flaw::Type, place, "a list")) };
            let kind = item_kind(item);
            return items
                .iter()
                .enumerate()
                .try_for_each(|(at, v)| self.value(v, &kind, fact, &format!("{place}.{at}")));
        }
        if let Some(name) = inner(kind, "object") {
            let Value::Object(object) = value else { return Err(self.refusal(Flaw::Type, place, "an object")) };
            let facts = catalog::type_members(self.vendor, name);
            // Aliyun's own examples leave out members that its types call required.
            let facts = facts.filter(|_| self.vendor != Vendor::Aliyun);
            return facts
                .map_or(Ok(()), |facts| self.object(object, &format!("@{name}"), &facts, &format!("{place}.")));
        }
        let right = match kind {
            "string" | "datetime" => value.is_string(),
            "integer" => value.is_i64() || value.is_u64() || self.is_quoted_time(value, fact),
            "float" => value.is_number(),
            "boolean" => value.is_boolean(),
            _ => true,
        };
        if !right {
            return Err(self.refusal(Flaw::Type, place, kind));
        }
        self.allowed(value, fact, place)
    }

    /// Volcengine's own example of `CreateRelaySourceV4` quotes its Unix seconds.
    fn is_quoted_time(&self, value: &Value, fact: &Param<'_>) -> bool {
        let digits = value.as_str().is_some_and(|text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()));
        digits && self.vendor == Vendor::Volcengine && fact.format == Some("unix-seconds")
    }

    fn allowed(&self, value: &Value, fact: &Param<'_>, place: &str) -> Result<(), Refusal> {
        let text = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        if text.is_empty() {
            return Ok(());
        }
        let separator = match fact.format {
            Some("bar-list") => '|',
            Some("semicolon-list") => ';',
            _ => ',',
        };
        let listed = |part: &str| fact.allowed.contains(&part);
        let in_list = fact.allowed.is_empty() || listed(&text) || text.split(separator).all(listed);
        if !in_list && self.vendor != Vendor::Aliyun {
            return Err(self.refusal(Flaw::Value, place, &format!("one of {}", fact.allowed.join(", "))));
        }
        let required = WIDER.iter().find(|(action, name, ..)| *action == self.action && *name == fact.name);
        let (min, max) = required.map_or((fact.min, fact.max), |(_, _, min, max)| (Some(*min), Some(*max)));
        if min.is_some() || max.is_some() {
            let number = text.parse::<f64>().ok();
            let inside = number.is_some_and(|n| min.is_none_or(|min| n >= min) && max.is_none_or(|max| n <= max));
            if !inside {
                return Err(self.refusal(Flaw::Value, place, &range(min, max)));
            }
        }
        self.length(value, fact, place)
    }

    fn length(&self, value: &Value, fact: &Param<'_>, place: &str) -> Result<(), Refusal> {
        let Some(text) = value.as_str().filter(|_| self.vendor != Vendor::Aliyun) else { return Ok(()) };
        let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let (min, max) = (fact.min_length.unwrap_or(0), fact.max_length.unwrap_or(u32::MAX));
        if (min..=max).contains(&length) {
            return Ok(());
        }
        Err(self.refusal(Flaw::Value, place, &format!("a text of {min} to {max} characters")))
    }

    /// The vendor's code and words for a flaw.
    fn refusal(&self, flaw: Flaw, place: &str, wanted: &str) -> Refusal {
        let (code, message) = match (self.vendor, flaw) {
            (Vendor::Tencent, Flaw::Missing) => {
                ("MissingParameter".to_owned(), format!("The request is missing a required parameter `{place}`."))
            }
            (Vendor::Tencent, Flaw::Unknown) => {
                ("UnknownParameter".to_owned(), format!("The parameter `{place}` is not recognized."))
            }
            (Vendor::Tencent, Flaw::Type) => (
                "InvalidParameter".to_owned(),
                format!("The type of the parameter `{place}` is wrong: it is {wanted}."),
            ),
            (Vendor::Tencent, Flaw::Value) => {
                ("InvalidParameterValue".to_owned(), format!("The value of `{place}` is wrong: it is {wanted}."))
            }
            (Vendor::Aliyun, Flaw::Missing) => (
                self.known(&format!("Missing{place}"), "MissingParameter"),
                format!("{place} is mandatory for this action."),
            ),
            (Vendor::Aliyun, _) => {
                let code = self.known(&format!("Invalid{place}.Malformed"), "InvalidParameter");
                (code, format!("The specified {place} is not valid: it is {wanted}."))
            }
            (Vendor::Volcengine, Flaw::Missing) => ("InvalidParam".to_owned(), format!("{place} is required")),
            (Vendor::Volcengine, Flaw::Type) => {
                ("InvalidParam.BindError".to_owned(), format!("{place} cannot be bound: it is {wanted}"))
            }
            (Vendor::Volcengine, _) => ("InvalidParam".to_owned(), format!("{place} is invalid: it is {wanted}")),
        };
        Refusal::new(self.vendor, &code, message)
    }

    fn known(&self, code: &str, otherwise: &str) -> String {
        let known = catalog::error_fact(self.vendor, code).is_some();
        if known { code.to_owned() } else { otherwise.to_owned() }
    }
}
