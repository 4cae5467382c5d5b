//! The noun `relay`: a source pulled into a stream.

use serde::Serialize;

use crate::model::verb::verbs;
use crate::model::{Columns, Selector, Vendor};

verbs! {
    /// The verbs of `relay`.
    RelayVerb { List = "list", Show = "show", Add = "add", Update = "update", Delete = "delete", Restart = "restart" }
}

/// From when to when. `None` in an update keeps what is there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Window {
    /// Start of the relay.
    pub start: Option<jiff::Timestamp>,
    /// End of the relay.
    pub end: Option<jiff::Timestamp>,
    /// `--permanent`: no end.
    pub permanent: bool,
}

/// What the user asked of `relay`, whichever verb.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RelayArgs {
    /// Which relay, or where a new one publishes.
    pub target: Selector,
    /// `--source`, in order; empty in an update keeps what is there.
    pub sources: Vec<String>,
    /// When.
    pub window: Window,
    /// `--operator`: who Tencent notes as the author; `livectl` by default.
    pub operator: Option<String>,
    /// `--if-not-exists`, for a vendor that would add a second one to the same place.
    pub if_not_exists: bool,
}

/// State of a relay, in our words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RelayStatus {
    /// Its window has not begun.
    Scheduled,
    /// Running.
    Active,
    /// Paused by its owner.
    Paused,
    /// Its window is over.
    Ended,
}

/// One relay.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RelayRow {
    /// Whose account.
    pub vendor: Vendor,
    /// The profile. Filled in by the command.
    pub profile: Option<String>,
    /// Selector: the vendor's id, else `domain/app/stream`.
    pub id: String,
    /// Domain it publishes under.
    pub domain: Option<String>,
    /// App it publishes under.
    pub app: Option<String>,
    /// Stream it publishes as.
    pub stream: Option<String>,
    /// Source addresses, in order.
    pub sources: Vec<String>,
    /// RFC 3339, UTC; null: permanent.
    pub start_time: Option<String>,
    /// RFC 3339, UTC; null: permanent.
    pub end_time: Option<String>,
    /// State from the vendor or else from the window.
    pub status: Option<RelayStatus>,
}

impl RelayRow {
    /// The promised columns.
    pub const COLUMNS: Columns =
        &["vendor", "profile", "id", "domain", "app", "stream", "sources", "start_time", "end_time", "status"];
}
