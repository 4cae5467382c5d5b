//! Changes that take a while where somebody asked for it: until then a row shows what it was, or what it is meanwhile.

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::model::Params;
use crate::sandbox::asked::Asked;

/// How a change comes to its end: what `settle` and `fail` of a `--fault` ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Settling {
    /// After how many milliseconds; `None`: as long as the vendor's changes take in the sandbox.
    pub(super) after: Option<i64>,
    /// Whether it fails then.
    pub(super) fails: bool,
}

const LATER: &str = "_later";

/// A change of a row takes a while, if that was asked for: until then it shows the members `meanwhile`, and where it
/// shall fail `failed` after that.
pub(super) fn takes(asked: &Asked<'_>, row: &mut Params, meanwhile: Value, failed: Value) {
    let Some(settling) = asked.settling else { return };
    let at = asked.now.as_millisecond().saturating_add(settling.after.unwrap_or(0));
    row.insert(LATER.to_owned(), json!({"at": at, "meanwhile": meanwhile}));
    if let (true, Value::Object(failed)) = (settling.fails, failed) {
        row.extend(failed);
    }
}

/// The row as it shows now.
pub(super) fn now<'r>(asked: &Asked<'_>, row: &'r Params) -> Cow<'r, Params> {
    let Some(later) = row.get(LATER) else { return Cow::Borrowed(row) };
    let over = later["at"].as_i64().is_none_or(|at| asked.now.as_millisecond() >= at);
    match &later["meanwhile"] {
        Value::Object(meanwhile) if !over => {
            let mut row = row.clone();
            row.extend(meanwhile.clone());
            Cow::Owned(row)
        }
        _ => Cow::Borrowed(row),
    }
}
