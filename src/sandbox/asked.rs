//! One understood request, and the questions that handlers ask it.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::model::{Params, Vendor};
use crate::providers::catalog::Action;
use crate::sandbox::answer::Refusal;
use crate::sandbox::later::Settling;

/// One Action with typed parameters: what a handler gets.
pub(super) struct Asked<'a> {
    /// Whose Action.
    pub(super) vendor: Vendor,
    /// Its facts.
    pub(super) action: Action<'static>,
    /// Its parameters, nested and typed.
    pub(super) params: Params,
    /// The API region that the request names.
    pub(super) region: Option<String>,
    /// The server's time.
    pub(super) now: Timestamp,
    /// Milliseconds that an asynchronous change of Aliyun takes.
    pub(super) settle: i64,
    /// How this change shall settle; `None`: as changes do.
    pub(super) settling: Option<Settling>,
    /// Whose state it works on.
    pub(super) account: &'a str,
}

impl Asked<'_> {
    /// When an asynchronous change has settled, in milliseconds.
    pub(super) fn settled_at(&self) -> i64 {
        let asked_for = self.settling.and_then(|settling| settling.after);
        self.now.as_millisecond().saturating_add(asked_for.unwrap_or(self.settle))
    }

    /// Whether this change shall fail after it was accepted.
    pub(super) fn fails(&self) -> bool {
        self.settling.is_some_and(|settling| settling.fails)
    }

    /// A parameter that is there and not an empty text.
    pub(super) fn given(&self, name: &str) -> Option<&Value> {
        self.params.get(name).filter(|value| value.as_str() != Some(""))
    }

    /// A text parameter; empty where it is absent.
    pub(super) fn text(&self, name: &str) -> &str {
        self.params.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// A number parameter.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.params.get(name).and_then(Value::as_i64)
    }

    /// A list parameter; empty where it is absent.
    pub(super) fn list(&self, name: &str) -> &[Value] {
        self.params.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// A parameter, or what stands for it when it is left out.
    pub(super) fn or(&self, name: &str, default: impl Into<Value>) -> Value {
        self.params.get(name).cloned().unwrap_or_else(|| default.into())
    }

    /// The key of a row: its members and the values of the parameters that they are called in this Action.
    pub(super) fn key<'k>(&self, members: &[(&'k str, &str)]) -> Vec<(&'k str, Value)> {
        members.iter().map(|(member, param)| (*member, self.or(param, ""))).collect()
    }

    /// A refusal with a code of this vendor.
    pub(super) fn refuse(&self, code: &str, message: impl Into<String>) -> Refusal {
        Refusal::new(self.vendor, code, message)
    }

    /// A refusal with the first of the codes that the reference lists for this Action, else the first of them.
    pub(super) fn refuse_listed(&self, codes: &[&str], message: impl Into<String>) -> Refusal {
        let listed = codes.iter().find(|code| self.action.errors.contains(code));
        self.refuse(listed.or(codes.first()).copied().unwrap_or("InternalError"), message)
    }

    /// Cuts one page out of a list, by the Action's own page parameters; only its rows are made into items.
    pub(super) fn page<'r>(&self, rows: impl Iterator<Item = &'r Params>, item: impl Fn(&Params) -> Value) -> Page {
        let facts = self.action.pagination.as_ref();
        let asked = |name: Option<&str>| name.and_then(|name| self.number(name)).and_then(|n| usize::try_from(n).ok());
        let size = asked(facts.and_then(|f| f.size_param))
            .filter(|size| *size > 0)
            .or_else(|| facts.and_then(|f| f.size_default).and_then(|size| usize::try_from(size).ok()))
            .unwrap_or(20);
        let number = asked(facts.map(|f| f.page_param)).unwrap_or(1).max(1);
        let first = (number - 1).saturating_mul(size);
        let (mut items, mut total) = (Vec::new(), 0);
        for row in rows {
            if total >= first && items.len() < size {
                items.push(item(row));
            }
            total += 1;
        }
        Page { items, total, number, size }
    }
}

/// One page of a list.
pub(super) struct Page {
    /// The items on it.
    pub(super) items: Vec<Value>,
    /// How many there are on all pages.
    pub(super) total: usize,
    /// Its number, from 1.
    pub(super) number: usize,
    /// How many fit on one.
    pub(super) size: usize,
}

impl Page {
    /// How many pages there are.
    pub(super) fn pages(&self) -> usize {
        self.total.div_ceil(self.size)
    }
}

/// The members of an object literal: `members(json!({…}))`.
pub(super) fn members(object: Value) -> Params {
    match object {
        Value::Object(members) => members,
        _ => Params::new(),
    }
}

/// A result without members.
pub(super) fn done() -> Params {
    members(json!({}))
}
