//! Rows: what every output format is made from.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::model::Vendor;

/// One row: JSON field names to values, in column order.
pub type Row = Map<String, Value>;

/// The columns of a noun, in order. The names are a promise to scripts.
pub type Columns = &'static [&'static str];

/// One field that a change touches.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// The row's field name.
    pub field: String,
    /// The value before; null where there was none.
    pub from: Value,
    /// The value after; null where there is none.
    pub to: Value,
}

impl Change {
    /// A change of `field` from one value to another.
    pub fn new(field: &str, from: impl Into<Value>, to: impl Into<Value>) -> Self {
        Change { field: field.to_owned(), from: from.into(), to: to.into() }
    }
}

/// What every creating, changing and deleting portable command prints.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Changed {
    /// Whose account.
    pub vendor: Vendor,
    /// The profile, null without one. Filled in by the command.
    pub profile: Option<String>,
    /// The last changing Action, null if none was sent.
    pub action: Option<String>,
    /// The thing's selector or vendor id.
    pub id: Option<String>,
    /// The thing's name.
    pub name: Option<String>,
    /// Whether anything was changed.
    pub changed: bool,
    /// Field by field.
    pub changes: Vec<Change>,
    /// The vendor's id of the last changing request.
    pub request_id: Option<String>,
    /// What the vendor answered, for a command that is one of its Actions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<Row>,
}

impl Changed {
    /// Columns of the JSON object, in order.
    pub const COLUMNS: Columns = &["vendor", "profile", "action", "id", "name", "changed", "changes", "request_id"];

    /// Nothing to do: the thing is already as asked for.
    ///
    /// An empty name is none.
    pub fn nothing(vendor: Vendor, id: impl Into<String>, name: impl Into<String>) -> Self {
        Changed {
            vendor,
            profile: None,
            action: None,
            id: Some(id.into()),
            name: Some(name.into()).filter(|name| !name.is_empty()),
            changed: false,
            changes: Vec::new(),
            request_id: None,
            result: None,
        }
    }
}
