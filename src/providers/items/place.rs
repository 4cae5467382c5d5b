//! Where the value of an item belongs: a parameter, or a member inside one.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::model::{Params, Vendor};
use crate::providers::catalog::{self, Action, Param};
use crate::providers::items::{convert, element, members_type};

/// One step of a path below the parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Member(String),
    Index(usize),
}

/// A parameter's name, the steps below it, and what the facts know of the value there.
pub(super) struct Place<'a> {
    name: &'a str,
    steps: Vec<Step>,
    param: Option<Param<'a>>,
}

impl<'a> Place<'a> {
    /// The place of a key: the parameter of that name, else the member that `A.B` or `A[0].B` names.
    pub(super) fn of(vendor: Vendor, action: Option<&Action<'a>>, key: &'a str) -> Place<'a> {
        let known =
            |name: &str| action.and_then(|action| action.params.iter().find(|param| param.name == name).cloned());
        let whole = Place { name: key, steps: Vec::new(), param: known(key) };
        if whole.param.is_some() || action.is_none() {
            return whole;
        }
        let Some((name, steps)) = split(key) else { return whole };
        match known(name) {
            Some(param) => Place { name, param: descend(vendor, param, &steps), steps },
            None => whole,
        }
    }

    /// The text as the value that belongs here.
    ///
    /// # Errors
    /// What is allowed, in words.
    pub(super) fn convert(&self, text: &str, now: Timestamp) -> Result<Value, String> {
        match &self.param {
            Some(param) => convert(param, text, now),
            None => Ok(Value::String(text.to_owned())),
        }
    }

    /// The format that the facts give the value here.
    pub(super) fn format(&self) -> Option<&str> {
        self.param.as_ref().and_then(|param| param.format)
    }

    /// Puts a value here: lists grow, anything else stands once.
    ///
    /// # Errors
    /// What is allowed, in words.
    pub(super) fn put(&self, params: &mut Params, value: Value) -> Result<(), String> {
        let Some((last, path)) = self.steps.split_last() else {
            return self.put_in(params, self.name, value);
        };
        let mut here = params.entry(self.name).or_insert_with(|| empty_for(&self.steps[0]));
        for (step, next) in path.iter().zip(&self.steps[1..]) {
            here = step_into(here, step, next)?;
        }
        match (last, here) {
            (Step::Member(member), Value::Object(members)) => self.put_in(members, member, value),
            (Step::Index(at), Value::Array(items)) if *at == items.len() => {
                items.push(value);
                Ok(())
            }
            (Step::Index(_), Value::Array(items)) => Err(format!("index {} next", items.len())),
            _ => Err("given either whole or member by member".to_owned()),
        }
    }

    fn put_in(&self, members: &mut Map<String, Value>, name: &str, value: Value) -> Result<(), String> {
        let Some(old) = members.get_mut(name) else {
            members.insert(name.to_owned(), value);
            return Ok(());
        };
        match (old, value, &self.param) {
            (Value::Array(items), Value::Array(more), _) => items.extend(more),
            (Value::Array(items), one, None) => items.push(one),
            // Nobody knows the parameter (`--force`): two of a kind make a list.
            (old, one, None) => *old = Value::Array(vec![old.take(), one]),
            _ => return Err("given once".to_owned()),
        }
        Ok(())
    }
}

/// Most steps below a parameter; the sheets have six. A value that nests without end brings down whoever walks it.
const MOST_STEPS: usize = 32;

/// The name before the first `.` or `[`, and the steps after it.
fn split(key: &str) -> Option<(&str, Vec<Step>)> {
    let at = key.find(['.', '['])?;
    let (name, mut rest) = key.split_at(at);
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if steps.len() == MOST_STEPS {
            return None;
        }
        if let Some(after) = rest.strip_prefix('[') {
            let (index, after) = after.split_once(']')?;
            steps.push(Step::Index(index.parse().ok()?));
            rest = after;
        } else {
            let after = rest.strip_prefix('.')?;
            let end = after.find(['.', '[']).unwrap_or(after.len());
            let (member, after) = after.split_at(end);
            steps.push(Step::Member((!member.is_empty()).then(|| member.to_owned())?));
            rest = after;
        }
    }
    Some((name, steps))
}

/// What the facts know of the value at the end of the steps.
fn descend<'a>(vendor: Vendor, mut param: Param<'a>, steps: &[Step]) -> Option<Param<'a>> {
    for step in steps {
        param = match step {
            Step::Index(_) => {
                let element = element(param.kind)?;
                Param { kind: element, ..param }
            }
            Step::Member(name) => {
                let members = catalog::type_members(vendor, members_type(param.kind)?)?;
                members.into_iter().find(|member| member.name == name)?
            }
        };
    }
    Some(param)
}

fn empty_for(step: &Step) -> Value {
    match step {
        Step::Member(_) => Value::Object(Map::new()),
        Step::Index(_) => Value::Array(Vec::new()),
    }
}

/// Goes one step down, making what is not there yet.
fn step_into<'v>(here: &'v mut Value, step: &Step, next: &Step) -> Result<&'v mut Value, String> {
    match (step, here) {
        (Step::Member(member), Value::Object(members)) => {
            Ok(members.entry(member.as_str()).or_insert_with(|| empty_for(next)))
        }
        (Step::Index(at), Value::Array(items)) => {
            let length = items.len();
            if *at == length {
                items.push(empty_for(next));
            }
            items.get_mut(*at).ok_or_else(|| format!("index {length} next"))
        }
        _ => Err("given either whole or member by member".to_owned()),
    }
}
