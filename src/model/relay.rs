//! The noun `relay`: a source pulled into a stream.

use serde::Serialize;

use crate::model::{Columns, Vendor};

/// The verbs of `relay`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the verbs are the words a user types")]
pub enum RelayVerb {
    List,
    Show,
    Add,
    Update,
    Delete,
    Restart,
}

impl RelayVerb {
    /// Every verb, in help order.
    pub const ALL: [RelayVerb; 6] =
        [RelayVerb::List, RelayVerb::Show, RelayVerb::Add, RelayVerb::Update, RelayVerb::Delete, RelayVerb::Restart];

    /// The word a user types.
    pub const fn name(self) -> &'static str {
        match self {
            RelayVerb::List => "list",
            RelayVerb::Show => "show",
            RelayVerb::Add => "add",
            RelayVerb::Update => "update",
            RelayVerb::Delete => "delete",
            RelayVerb::Restart => "restart",
        }
    }
}

/// Which relay: by id, or by where it publishes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RelaySelector {
    /// The vendor's id (Tencent's task), or `domain/app/stream` as typed.
    pub id: Option<String>,
    /// `--domain`.
    pub domain: Option<String>,
    /// `--app`.
    pub app: Option<String>,
    /// `--stream`.
    pub stream: Option<String>,
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
    pub target: RelaySelector,
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
