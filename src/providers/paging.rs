//! Walks every page of a listing Action, whatever the vendor calls page, size, total and items.

use serde_json::Value;

use crate::error::{Class, Error};
use crate::model::{Call, Reply, Road, Vendor};
use crate::providers::catalog::{self, Action, Pagination, Param};
use crate::providers::{change, results};

mod list;

use list::member;
pub use list::{items_of, list_of};

/// The pages of one listing call.
pub struct Pages {
    call: Call,
    action: Option<&'static Action<'static>>,
    step: Step,
    size: Option<usize>,
    seen: usize,
    before: Option<Vec<Value>>,
}

/// One page.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The items, out of their wrapper objects.
    pub items: Vec<Value>,
    /// The reply they came in, its list empty by now.
    pub reply: Reply,
}

/// What the next request asks for.
#[derive(Debug, Clone, PartialEq)]
enum Step {
    /// Not begun.
    First,
    /// The call as it is; nothing after it.
    Single,
    /// The page of that number, from 1.
    Page(u64),
    /// The items from that place on, from 0.
    Offset,
    /// The page of that mark; `None`: the first.
    Cursor(Option<Value>),
    /// Nothing more.
    Done,
}

/// The size of a page where the vendor requires one and the facts know no largest.
const USUAL_SIZE: u32 = 100;

/// Whether a parameter is one that a list fills in itself, page after page.
pub fn turns_pages(vendor: Vendor, action: &Action<'static>, param: &str) -> bool {
    let ours = |paging: &Pagination<'_>| {
        paging.style != "cursor" && (paging.page_param == param || paging.size_param == Some(param))
    };
    results::kind(vendor, action) == results::Kind::List && action.pagination.as_ref().is_some_and(ours)
}

impl Pages {
    /// Prepares to walk. A page parameter that the call already gives fetches that page only
    /// (unless the vendor requires it: then it is where the walk begins).
    pub fn new(call: Call) -> Self {
        let action = catalog::known(call.vendor, &call.action);
        Pages { call, action, step: Step::First, size: None, seen: 0, before: None }
    }

    /// Finds out how to page, once it is known what the user named beside our own options.
    fn begin(&mut self, road: &dyn Road) -> Step {
        let empty = Call::new(self.call.vendor, "");
        self.call = change::completed(road, std::mem::replace(&mut self.call, empty));
        let Some((paging, given)) = self.paging() else { return Step::Single };
        let required = paging.style == "cursor" && self.param(paging.page_param).is_some_and(|p| p.required);
        let step = match paging.style {
            _ if given && !required => Step::Single,
            "cursor" => Step::Cursor(None),
            "offset" => Step::Offset,
            _ => Step::Page(1),
        };
        self.size = self.choose_size(paging);
        step
    }

    /// The call with what the vendor requires of the first page, as it is checked and shown before anything is read.
    pub fn first(call: &Call) -> Call {
        let mut pages = Pages::new(call.clone());
        let Some((paging, false)) = pages.paging() else { return call.clone() };
        let step = match paging.style {
            "cursor" => return call.clone(),
            "offset" => Step::Offset,
            _ => Step::Page(1),
        };
        let size = pages.choose_size(paging);
        let needed = |name: &&str| pages.param(name).is_some_and(|param| param.required);
        let names = [Some(paging.page_param), paging.size_param].into_iter().flatten().filter(needed);
        let names: Vec<&str> = names.collect();
        pages.size = size;
        let mut first = pages.request(&step).params;
        names.into_iter().fold(call.clone(), |call, name| match first.remove(name) {
            Some(value) => call.with(name, value),
            None => call,
        })
    }

    /// Fetches the next page; `None` after the last.
    ///
    /// # Errors
    /// The road's own, and class `vendor` where a listing does not end (a page that repeats).
    pub async fn next(&mut self, road: &dyn Road) -> Result<Option<Page>, Error> {
        let step = match std::mem::replace(&mut self.step, Step::Done) {
            Step::Done => return Ok(None),
            Step::First => self.begin(road),
            step => step,
        };
        let mut reply = road.read(self.request(&step)).await?;
        let items = items_of(self.call.vendor, &self.call.action, &mut reply.result)?;
        self.seen += items.len();
        self.step = self.after(step, &items, &reply.result)?;
        if self.step != Step::Done {
            self.before = Some(items.clone());
        }
        Ok(Some(Page { items, reply }))
    }

    /// Fetches all pages and puts their items together, for lists that are looked through, not shown.
    ///
    /// # Errors
    /// As [`Pages::next`].
    pub async fn all(call: Call, road: &dyn Road) -> Result<Vec<Value>, Error> {
        let mut pages = Pages::new(call);
        let mut items = Vec::new();
        while let Some(page) = pages.next(road).await? {
            items.extend(page.items);
        }
        Ok(items)
    }

    fn paging(&self) -> Option<(&Pagination<'static>, bool)> {
        let paging = self.action.as_ref()?.pagination.as_ref()?;
        Some((paging, self.call.params.contains_key(paging.page_param)))
    }

    fn param(&self, name: &str) -> Option<&Param<'_>> {
        self.action.as_ref()?.param(name)
    }

    /// The page size: as the call has it, else the largest the vendor allows.
    fn choose_size(&self, paging: &Pagination<'_>) -> Option<usize> {
        let name = paging.size_param?;
        if let Some(given) = self.call.params.get(name) {
            return number(given).and_then(|n| usize::try_from(n).ok());
        }
        let needed = self.param(name).is_some_and(|param| param.required);
        let largest = paging.size_max.or(paging.size_default).or(needed.then_some(USUAL_SIZE));
        largest.and_then(|size| usize::try_from(size).ok())
    }

    fn request(&self, step: &Step) -> Call {
        let mut call = self.call.clone();
        let Some((paging, _)) = self.paging() else { return call };
        let place = match step {
            Step::First | Step::Single | Step::Done => return call,
            Step::Page(number) => Some(Value::from(*number)),
            Step::Offset => Some(Value::from(self.seen)),
            Step::Cursor(mark) => mark.clone(),
        };
        if let Some(place) = place {
            call = call.with(paging.page_param, self.typed(paging.page_param, place));
        }
        match (paging.size_param, self.size) {
            (Some(name), Some(size)) if !call.params.contains_key(name) => {
                let size = self.typed(name, Value::from(size));
                call.with(name, size)
            }
            _ => call,
        }
    }

    /// A number as the parameter wants it: some vendors' page numbers are texts.
    fn typed(&self, name: &str, value: Value) -> Value {
        match self.param(name).map(|param| param.kind) {
            Some("string") if value.is_number() => Value::String(value.to_string()),
            Some("integer") => number(&value).map_or(value, Value::from),
            _ => value,
        }
    }

    fn after(&self, step: Step, items: &[Value], result: &Value) -> Result<Step, Error> {
        let Some((paging, _)) = self.paging() else { return Ok(Step::Done) };
        if step == Step::Single {
            return Ok(Step::Done);
        }
        if let Step::Cursor(mark) = step {
            let Some(next) = next_mark(paging, result) else { return Ok(Step::Done) };
            let asked = mark.as_ref().or_else(|| self.call.params.get(paging.page_param));
            let unmoved = asked == Some(&next) || self.repeats(items);
            return if unmoved { Err(self.endless()) } else { Ok(Step::Cursor(Some(next))) };
        }
        // A total that is only an estimate may be too small: it must not cut the list.
        let total = paging.total_field.filter(|path| !path.starts_with("Rough")).and_then(|path| total(result, path));
        let ended = match total {
            Some(total) if total > 0 => self.seen >= total,
            _ => self.size.is_some_and(|size| items.len() < size),
        };
        if items.is_empty() || ended {
            return Ok(Step::Done);
        }
        if self.repeats(items) {
            return Err(self.endless());
        }
        Ok(match step {
            Step::Page(number) => Step::Page(number + 1),
            other => other,
        })
    }

    fn repeats(&self, items: &[Value]) -> bool {
        !items.is_empty() && self.before.as_deref() == Some(items)
    }

    fn endless(&self) -> Error {
        let (vendor, action) = (self.call.vendor, &self.call.action);
        let message = format!("listing with `{action}`: {vendor} sent the same page twice, so the list has no end");
        let hint = self.paging().map_or(String::new(), |(paging, _)| {
            format!("fetch one page at a time: `livectl api {vendor} {action} {}=…`", paging.page_param)
        });
        Error::new(Class::Vendor, message).hint(hint).with(|details| {
            details.vendor = Some(vendor);
            details.action = Some(action.clone());
        })
    }
}

/// The total at a dotted path; of several, as where each domain tells its own, the largest.
fn total(value: &Value, path: &str) -> Option<usize> {
    if let Value::Array(several) = value {
        return several.iter().filter_map(|one| total(one, path)).max();
    }
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let inner = member(value.as_object()?, name)?;
    match rest {
        Some(rest) => total(inner, rest),
        None => number(inner).and_then(|n| usize::try_from(n).ok()),
    }
}

/// The mark of the next page. Vendors answer it under the parameter's own name or with `Next` before it
/// (Aliyun's `NextStartTime`), and some say `HasMore` beside it.
fn next_mark(paging: &Pagination<'_>, result: &Value) -> Option<Value> {
    let members = result.as_object()?;
    if member(members, "HasMore") == Some(&Value::Bool(false)) {
        return None;
    }
    let mark = member(members, &format!("Next{}", paging.page_param)).or_else(|| member(members, paging.page_param))?;
    let empty = mark.is_null() || mark.as_str() == Some("") || mark.as_i64() == Some(0);
    (!empty).then(|| mark.clone())
}

fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
}

#[cfg(test)]
mod tests;
