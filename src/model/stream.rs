//! The noun `stream`: what is published now, and what may not be.

use serde::Serialize;
use serde_json::Number;

use crate::model::verb::verbs;
use crate::model::{Columns, Selector, Vendor};

verbs! {
    /// The verbs of `stream`.
    StreamVerb { List = "list", Show = "show", Forbid = "forbid", Resume = "resume", Drop = "drop", Top = "top" }
}

/// State of a stream, in our words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StreamState {
    /// Being published.
    Live,
    /// May not be published.
    Forbidden,
    /// Neither.
    Offline,
}

/// What the user asked of `stream`, whichever verb.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StreamArgs {
    /// Which stream, or which streams a list keeps.
    pub target: Selector,
    /// `--state`: what a list keeps; live where it is not named.
    pub state: Option<StreamState>,
    /// `--until`: when a stream that is forbidden may be published again.
    pub until: Option<jiff::Timestamp>,
    /// `--reason`: why it is forbidden.
    pub reason: Option<String>,
    /// `--vhost`: Volcengine's domain space, instead of looking it up.
    pub vhost: Option<String>,
}

/// One stream.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StreamRow {
    /// Whose account.
    pub vendor: Vendor,
    /// The profile. Filled in by the command.
    pub profile: Option<String>,
    /// Domain it is published under.
    pub domain: Option<String>,
    /// App it is published under.
    pub app: Option<String>,
    /// Its name.
    pub stream: Option<String>,
    /// State in our words.
    pub state: Option<StreamState>,
    /// Since when it is live or forbidden; when it ended. RFC 3339, UTC.
    pub since: Option<String>,
    /// Until when it is forbidden. RFC 3339, UTC.
    pub until: Option<String>,
}

impl StreamRow {
    /// The promised columns.
    pub const COLUMNS: Columns = &["vendor", "profile", "domain", "app", "stream", "state", "since", "until"];
}

/// One stream that is pushed now, and how fast.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StreamTopRow {
    /// Whose account.
    pub vendor: Vendor,
    /// The profile. Filled in by the command.
    pub profile: Option<String>,
    /// Domain it is listed under, as in [`StreamRow`].
    pub domain: Option<String>,
    /// App it is published under.
    pub app: Option<String>,
    /// Its name.
    pub stream: Option<String>,
    /// Video frames a second; 0 where it is live and no picture comes.
    pub frame_rate: Option<Number>,
    /// Video and audio together, bit/s.
    pub bit_rate: Option<u64>,
    /// Since when it is pushed. RFC 3339, UTC.
    pub since: Option<String>,
    /// Where it is pushed from.
    pub client_ip: Option<String>,
}

impl StreamTopRow {
    /// The promised columns.
    pub const COLUMNS: Columns =
        &["vendor", "profile", "domain", "app", "stream", "frame_rate", "bit_rate", "since", "client_ip"];
}
