//! Constraints between parameters: tables in the vendors' houses, checked here.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::Verdict;
use crate::error::Fault;
use crate::model::{Params, Vendor};
use crate::providers::catalog::Action;
use crate::providers::items::{is_secret, times};
use crate::providers::wire::scalar;
use crate::providers::{aliyun, tencent, volcengine};

/// A name of a parameter.
type Name = &'static str;

/// What must hold between parameters. A rule about a parameter that was not given holds, unless it says otherwise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::providers) enum Rule {
    /// The second time is later than the first.
    After(Name, Name),
    /// The second time is not earlier than the first: one and the same day is a range too.
    NotBefore(Name, Name),
    /// The two times are at most so many hours apart.
    Span(Name, Name, i64),
    /// The time is still to come.
    Future(Name),
    /// The time is at most so many days from now.
    Within(Name, i64),
    /// The time is at most so many days ago.
    Since(Name, i64),
    /// At least one of them is given and not empty.
    OneOf(&'static [Name]),
    /// Not both.
    NotBoth(Name, Name),
    /// Both or none.
    Together(Name, Name),
    /// With the first at this value, the second is given.
    When(Name, &'static str, Name),
    /// The same, unless the last is given.
    WhenWithout(Name, &'static str, Name, Name),
    /// Lists of one length.
    SameLength(Name, Name),
    /// A list of at most so many.
    AtMost(Name, usize),
    /// With the first at this value, the list has at most so many.
    AtMostWhen(Name, &'static str, Name, usize),
    /// A place in the list, counted from 1.
    PlaceIn(Name, Name),
    /// An even number.
    Even(Name),
    /// The longer and the shorter of two lengths stay within these.
    Sides(Name, Name, f64, f64),
    /// The text ends with one of these signs.
    EndsWith(Name, &'static [&'static str]),
}

/// Actions and what must hold for each of them.
pub(in crate::providers) type Row = (&'static [Name], &'static [Rule]);

/// Clocks differ, and a request takes a while.
const SLACK: SignedDuration = SignedDuration::from_mins(5);

fn rows(vendor: Vendor) -> &'static [Row] {
    match vendor {
        Vendor::Tencent => tencent::constraints::ROWS,
        Vendor::Aliyun => aliyun::constraints::ROWS,
        Vendor::Volcengine => volcengine::constraints::ROWS,
    }
}

/// Checks every rule of the Action.
pub(super) fn check(vendor: Vendor, action: &Action<'_>, params: &Params, now: Timestamp, verdict: &mut Verdict) {
    let call = Given { action, params, now };
    let rules = rows(vendor).iter().filter(|(actions, _)| actions.contains(&action.name)).flat_map(|(_, rules)| *rules);
    for rule in rules {
        let Some((option, allowed)) = call.broken(rule) else { continue };
        // One complaint about a parameter is enough: the rule may only echo it.
        if verdict.faults.iter().all(|fault| fault.option != option) {
            let given = params.get(option).filter(|_| !is_secret(option, None)).and_then(scalar);
            verdict.complain(action.documented, Fault { option: option.to_owned(), given, allowed });
        }
    }
}

struct Given<'a> {
    action: &'a Action<'a>,
    params: &'a Params,
    now: Timestamp,
}

impl Given<'_> {
    /// The parameter to blame and what is allowed, if the rule does not hold.
    fn broken(&self, rule: &Rule) -> Option<(Name, String)> {
        match *rule {
            Rule::After(start, end) => self.later(start, end, false),
            Rule::NotBefore(start, end) => self.later(start, end, true),
            Rule::Span(start, end, hours) => {
                let span = self.time(end)?.duration_since(self.time(start)?);
                (span > SignedDuration::from_hours(hours))
                    .then(|| (end, format!("at most {} after {start}", in_words(hours))))
            }
            Rule::Future(at) => (self.time(at)? <= self.now).then(|| (at, "later than now".to_owned())),
            Rule::Within(at, days) => (self.time(at)?.duration_since(self.now) > of_days(days) + SLACK)
                .then(|| (at, format!("at most {days} days from now"))),
            Rule::Since(at, days) => (self.now.duration_since(self.time(at)?) > of_days(days) + of_days(1))
                .then(|| (at, format!("at most {days} days ago"))),
            Rule::OneOf(names) => {
                let none = !names.iter().any(|name| self.has(name));
                none.then(|| (*names.first().unwrap_or(&""), format!("one of these given: {}", names.join(", "))))
            }
            Rule::NotBoth(one, other) => {
                (self.has(one) && self.has(other)).then(|| (other, format!("left out where {one} is given")))
            }
            Rule::Together(one, other) if self.has(one) != self.has(other) => {
                let (missing, given) = if self.has(one) { (other, one) } else { (one, other) };
                Some((missing, format!("given together with {given}, or both left out")))
            }
            Rule::When(one, value, other) => (self.text(one).as_deref() == Some(value) && !self.has(other))
                .then(|| (other, format!("given where {one} is {value}"))),
            Rule::WhenWithout(one, value, other, escape) => {
                if self.has(escape) {
                    None
                } else {
                    self.broken(&Rule::When(one, value, other))
                }
            }
            Rule::Together(..) => None,
            _ => self.broken_shape(rule),
        }
    }

    /// The same for rules about one value's shape or size.
    fn broken_shape(&self, rule: &Rule) -> Option<(Name, String)> {
        match *rule {
            Rule::SameLength(one, other) => {
                let (a, b) = (self.list(one)?, self.list(other)?);
                (a != b).then(|| (other, format!("as long as {one}, {a} long")))
            }
            Rule::AtMost(name, most) => (self.list(name)? > most).then(|| (name, format!("at most {most} of them"))),
            Rule::AtMostWhen(one, value, name, most) => (self.text(one).as_deref() == Some(value)
                && self.list(name)? > most)
                .then(|| (name, format!("at most {most} of them where {one} is {value}"))),
            Rule::PlaceIn(name, list) => {
                let last = self.list(list)?;
                let inside = self.text(name)?.parse::<usize>().is_ok_and(|place| (1..=last).contains(&place));
                (!inside).then(|| (name, format!("from 1 to {last}, the number of {list}")))
            }
            Rule::Even(name) => (self.number(name)? % 2.0 != 0.0).then(|| (name, "an even number".to_owned())),
            Rule::Sides(one, other, longer, shorter) => {
                let (a, b) = (self.number(one)?, self.number(other)?);
                (a.max(b) > longer || a.min(b) > shorter)
                    .then(|| (other, format!("within {longer} by {shorter} together with {one}")))
            }
            Rule::EndsWith(name, signs) => {
                let text = self.text(name)?;
                (!signs.iter().any(|sign| text.ends_with(sign)))
                    .then(|| (name, format!("a text that ends with `{}`", signs.join("` or `"))))
            }
            _ => None,
        }
    }

    fn later(&self, start: Name, end: Name, same: bool) -> Option<(Name, String)> {
        let (from, to) = (self.time(start)?, self.time(end)?);
        let wrong = if same { to < from } else { to <= from };
        let words = if same { "not before" } else { "after" };
        wrong.then(|| (end, format!("{words} {start}")))
    }

    /// Given, and neither empty text nor an empty list.
    fn has(&self, name: &str) -> bool {
        self.params.get(name).is_some_and(|value| match value {
            Value::Null => false,
            Value::String(text) => !text.is_empty(),
            Value::Array(items) => !items.is_empty(),
            _ => true,
        })
    }

    fn text(&self, name: &str) -> Option<String> {
        self.params.get(name).and_then(scalar)
    }

    fn number(&self, name: &str) -> Option<f64> {
        self.text(name)?.parse().ok()
    }

    fn list(&self, name: &str) -> Option<usize> {
        self.params.get(name)?.as_array().map(Vec::len)
    }

    fn time(&self, name: &str) -> Option<Timestamp> {
        times::read(self.action.param(name)?.format?, &self.text(name)?)
    }
}

fn of_days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(days * 24)
}

fn in_words(hours: i64) -> String {
    match hours {
        1 => "an hour".to_owned(),
        24 => "a day".to_owned(),
        hours if hours % 24 == 0 => format!("{} days", hours / 24),
        hours => format!("{hours} hours"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::catalog;

    /// The names in a rule that must be parameters.
    fn names(rule: &Rule) -> Vec<Name> {
        match *rule {
            Rule::After(a, b) | Rule::NotBefore(a, b) | Rule::Span(a, b, _) | Rule::NotBoth(a, b) => vec![a, b],
            Rule::Together(a, b) | Rule::SameLength(a, b) | Rule::Sides(a, b, ..) => vec![a, b],
            Rule::When(a, _, b) | Rule::AtMostWhen(a, _, b, _) | Rule::PlaceIn(a, b) => vec![a, b],
            Rule::WhenWithout(a, _, b, c) => vec![a, b, c],
            Rule::Future(a) | Rule::Within(a, _) | Rule::Since(a, _) | Rule::AtMost(a, _) => vec![a],
            Rule::Even(a) | Rule::EndsWith(a, _) => vec![a],
            Rule::OneOf(all) => all.to_vec(),
        }
    }

    #[test]
    fn every_rule_is_about_parameters_that_are_there() {
        for vendor in Vendor::ALL {
            for (actions, rules) in rows(vendor) {
                for action in *actions {
                    let facts = catalog::find(vendor, action).unwrap_or_else(|| panic!("{vendor} has no {action}"));
                    for rule in *rules {
                        for name in names(rule) {
                            let param = facts.param(name).unwrap_or_else(|| panic!("{action} has no {name}"));
                            let timed = !matches!(
                                rule,
                                Rule::After(..)
                                    | Rule::NotBefore(..)
                                    | Rule::Span(..)
                                    | Rule::Future(_)
                                    | Rule::Within(..)
                                    | Rule::Since(..)
                            );
                            assert!(timed || param.format.is_some_and(times::is_time), "{action}.{name} is no time");
                        }
                    }
                }
            }
        }
    }
}
