//! One value after the other: known, there, of the right type, within its limits.

use serde_json::{Map, Value};

use super::Verdict;
use super::amend::{INTEGER_OR_DIGITS, amended, is_open};
use crate::error::Fault;
use crate::model::Vendor;
use crate::providers::catalog::{self, Action, Param};
use crate::providers::items::{element, is_secret, meaning, members_type, separator, times};
use crate::providers::wire::scalar;
use crate::providers::words;

/// Parameters that every Aliyun Action takes beside its own.
const ALIYUN_COMMON: [&str; 4] = ["RegionId", "OwnerId", "OwnerAccount", "ResourceOwnerAccount"];

/// Walks the parameters of one call and collects what is wrong with them.
pub(super) struct Checker {
    vendor: Vendor,
    action: String,
    documented: bool,
    /// What was found so far.
    pub(super) verdict: Verdict,
}

impl Checker {
    pub(super) fn new(vendor: Vendor, action: &Action<'_>) -> Self {
        Checker { vendor, action: action.name.to_owned(), documented: action.documented, verdict: Verdict::default() }
    }

    /// Checks the members of an object. `owner` is the Action, or `@` and the type; `path` ends with a dot, or is
    /// empty at the top.
    pub(super) fn members(&mut self, owner: &str, known: &[Param<'_>], given: &Map<String, Value>, path: &str) {
        let known: Vec<Param<'_>> = known.iter().map(|param| amended(self.vendor, owner, param)).collect();
        let any = known.iter().find(|param| param.name == "*");
        for (name, value) in given {
            match known.iter().find(|param| param.name == name).or(any) {
                Some(param) => self.value(param, value, &format!("{path}{name}")),
                None if is_open(self.vendor, owner) => {}
                None if path.is_empty() && self.vendor == Vendor::Aliyun && ALIYUN_COMMON.contains(&name.as_str()) => {}
                None => self.unknown(name, &known, path, owner),
            }
        }
        for param in known.iter().filter(|param| param.required && !given.contains_key(param.name)) {
            // A parameter that only the SDK knows is a hint, also where it is said to be required.
            let missing =
                Fault { option: format!("{path}{}", param.name), given: None, allowed: "required".to_owned() };
            self.verdict.complain(!param.sdk_only, missing);
        }
    }

    fn unknown(&mut self, name: &str, known: &[Param<'_>], path: &str, owner: &str) {
        let wanted = name.to_lowercase();
        let score = |param: &Param<'_>| strsim::jaro_winkler(&wanted, &param.name.to_lowercase());
        let nearest = known.iter().map(|param| (score(param), param.name)).max_by(|a, b| a.0.total_cmp(&b.0));
        let of = owner.strip_prefix('@').map_or(self.action.as_str(), |_| path.trim_end_matches('.'));
        let allowed = match nearest.filter(|(score, _)| *score > 0.8) {
            Some((_, near)) => format!("no parameter of {of}; did you mean `{near}`?"),
            None if known.is_empty() => format!("left out: {of} takes no parameters"),
            None => format!("no parameter of {of}: `livectl api describe {} {}` lists them", self.vendor, self.action),
        };
        self.verdict.faults.push(Fault { option: format!("{path}{name}"), given: None, allowed });
    }

    fn value(&mut self, param: &Param<'_>, value: &Value, path: &str) {
        let Some(element) = element(param.kind) else {
            return self.one(param, param.kind, value, path);
        };
        match self.items(param, value) {
            Some(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.one(param, element, item, &format!("{path}[{at}]"));
                }
            }
            None => self.wrong_type(param, value, path, "a list"),
        }
    }

    /// The items of a list; on Aliyun also those of the text that a list becomes on the wire.
    fn items(&self, param: &Param<'_>, value: &Value) -> Option<Vec<Value>> {
        match (value, param.format) {
            (Value::Array(items), _) => Some(items.clone()),
            (Value::String(text), Some("json")) if self.vendor == Vendor::Aliyun => serde_json::from_str(text).ok(),
            (Value::String(text), Some("csv")) => Some(text.split(',').map(Value::from).collect()),
            _ => None,
        }
    }

    fn one(&mut self, param: &Param<'_>, kind: &str, value: &Value, path: &str) {
        if let Some(name) = members_type(kind).filter(|_| kind != INTEGER_OR_DIGITS) {
            return self.object(param, name, value, path);
        }
        if kind == "any" {
            return;
        }
        match typed(self.vendor, param, kind, value) {
            Err(allowed) => self.wrong_type(param, value, path, allowed),
            Ok(None) => {}
            Ok(Some(text)) => {
                self.time(param, &text, path);
                self.length(param, &text, path);
                self.allowed(param, &text, path);
                self.range(param, &text, path);
            }
        }
    }

    fn object(&mut self, param: &Param<'_>, name: &str, value: &Value, path: &str) {
        let parsed = match value {
            Value::String(text) if self.vendor == Vendor::Aliyun && param.format == Some("json") => {
                serde_json::from_str(text).ok()
            }
            other => Some(other.clone()),
        };
        let Some(Value::Object(members)) = parsed else {
            return self.wrong_type(param, value, path, "a JSON object");
        };
        if let Some(known) = catalog::type_members(self.vendor, name) {
            self.members(&format!("@{name}"), &known, &members, &format!("{path}."));
        }
    }

    fn wrong_type(&mut self, param: &Param<'_>, value: &Value, path: &str, allowed: &str) {
        let given = scalar(value).unwrap_or_else(|| value.to_string());
        self.verdict.faults.push(fault(param, path, &given, allowed.to_owned()));
    }

    fn time(&mut self, param: &Param<'_>, text: &str, path: &str) {
        let Some(format) = param.format.filter(|format| times::is_time(format)) else { return };
        // Empty is a value of its own for some parameters: for ever.
        if !text.is_empty() && times::read(format, text).is_none() {
            let allowed = format!("a time such as {}", times::forms(format));
            self.verdict.complain(self.documented && !param.sdk_only, fault(param, path, text, allowed));
        }
    }

    fn length(&mut self, param: &Param<'_>, text: &str, path: &str) {
        let length = text.chars().count();
        let within = |limit: Option<u32>| limit.and_then(|n| usize::try_from(n).ok());
        let (least, most) = (within(param.min_length), within(param.max_length));
        if least.is_some_and(|least| length < least) || most.is_some_and(|most| length > most) {
            let allowed = match (least, most) {
                (Some(least), Some(most)) => format!("{least} to {most} characters long"),
                (Some(least), None) => format!("at least {least} characters long"),
                (_, most) => format!("at most {} characters long", most.unwrap_or_default()),
            };
            self.verdict.faults.push(fault(param, path, text, allowed));
        }
    }

    fn allowed(&mut self, param: &Param<'_>, text: &str, path: &str) {
        if param.allowed.is_empty() || param.allowed.contains(&text) {
            return;
        }
        let split = separator(param.format);
        if split.is_some_and(|sign| text.split(sign).all(|part| param.allowed.contains(&part))) {
            return;
        }
        let firm = self.documented && self.vendor != Vendor::Aliyun && !param.sdk_only;
        let one = match split {
            Some(sign) => format!("one or several of {}, joined by `{sign}`", meaning::list(param)),
            // Where the sheet may be older than the vendor nobody is corrected.
            None if !firm => format!("one of {}", meaning::list(param)),
            None => {
                let known = meaning::words_for(param);
                let meant = words::meant(text, known.iter().map(|(word, _)| word.as_str()));
                format!("{meant}one of {}", meaning::list(param))
            }
        };
        self.verdict.complain(firm, fault(param, path, text, one));
    }

    fn range(&mut self, param: &Param<'_>, text: &str, path: &str) {
        let (Some(number), true) = (text.parse::<f64>().ok(), param.min.is_some() || param.max.is_some()) else {
            return;
        };
        if param.min.is_some_and(|min| number < min) || param.max.is_some_and(|max| number > max) {
            let allowed = match (param.min, param.max) {
                (Some(min), Some(max)) => format!("a number from {min} to {max}"),
                (Some(min), None) => format!("a number from {min} on"),
                (_, max) => format!("a number up to {}", max.unwrap_or_default()),
            };
            self.verdict.complain(self.documented && !param.sdk_only, fault(param, path, text, allowed));
        }
    }
}

/// The text of a scalar of the right type; `None` for a truth value, which has no further limits.
///
/// Aliyun's values all travel as text, so there a text may stand for what it spells, and the other way round.
fn typed(vendor: Vendor, param: &Param<'_>, kind: &str, value: &Value) -> Result<Option<String>, &'static str> {
    let as_text = vendor == Vendor::Aliyun;
    let text = scalar(value);
    let spells = |parses: fn(&str) -> bool| text.as_deref().is_some_and(parses);
    let is_integer = |text: &str| text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok();
    let in_json = as_text && param.format == Some("json") && (value.is_object() || value.is_array());
    let (right, allowed) = match kind {
        "integer" => (value.is_i64() || value.is_u64() || as_text && spells(is_integer), "an integer"),
        INTEGER_OR_DIGITS => (value.is_string() && spells(is_integer) || value.is_u64(), "an integer"),
        "float" => (value.is_number() || as_text && spells(|text| text.parse::<f64>().is_ok()), "a number"),
        "boolean" => {
            (value.is_boolean() || as_text && spells(|text| text == "true" || text == "false"), "true or false")
        }
        _ if param.min.is_some() || param.max.is_some() => {
            (value.is_string() && spells(is_integer), "a text of digits")
        }
        _ => (value.is_string() || in_json || as_text && text.is_some(), "a text"),
    };
    match right {
        true if kind == "boolean" || in_json => Ok(None),
        true => Ok(text),
        false => Err(allowed),
    }
}

/// A fault with the value shown, unless the value is a secret; long ones are cut.
fn fault(param: &Param<'_>, path: &str, given: &str, allowed: String) -> Fault {
    let shown = if is_secret(param.name, param.format) {
        "***".to_owned()
    } else if given.chars().count() > 80 {
        given.chars().take(80).chain(['…']).collect()
    } else {
        given.to_owned()
    };
    Fault { option: path.to_owned(), given: Some(shown), allowed }
}
