//! The noun `record`: streams recorded into files.

use serde::Serialize;

use crate::model::verb::verbs;
use crate::model::{Columns, Selector, Storage, Vendor};

verbs! {
    /// The verbs of `record`.
    RecordVerb { List = "list", Show = "show", Add = "add", Update = "update", Delete = "delete" }
}

/// What a recording is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the formats are the words a user types")]
pub enum RecordFormat {
    Flv,
    Hls,
    Mp4,
    Aac,
    Mp3,
}

impl RecordFormat {
    /// Every format, in the order of rows.
    pub const ALL: [RecordFormat; 5] =
        [RecordFormat::Flv, RecordFormat::Hls, RecordFormat::Mp4, RecordFormat::Aac, RecordFormat::Mp3];

    /// The word a user types.
    pub const fn name(self) -> &'static str {
        match self {
            RecordFormat::Flv => "flv",
            RecordFormat::Hls => "hls",
            RecordFormat::Mp4 => "mp4",
            RecordFormat::Aac => "aac",
            RecordFormat::Mp3 => "mp3",
        }
    }
}

/// What the user asked of `record`, whichever verb.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RecordArgs {
    /// Which recording, or what a new one records.
    pub target: Selector,
    /// `--format`, in order; empty in an update keeps what is there.
    pub formats: Vec<RecordFormat>,
    /// `--segment`: the length of one file, in seconds.
    pub segment_seconds: Option<u64>,
    /// `--storage`: where the files go.
    pub storage: Option<Storage>,
    /// `--template`: an existing template (Tencent) to bind instead of making one.
    pub template: Option<String>,
    /// `--vhost`: Volcengine's domain space, instead of looking it up.
    pub vhost: Option<String>,
    /// `--shared`: change a template although other rules use it.
    pub shared: bool,
}

/// One recording: what is recorded, and how.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RecordRow {
    /// Whose account.
    pub vendor: Vendor,
    /// The profile. Filled in by the command.
    pub profile: Option<String>,
    /// Selector: `domain/app/stream`, with the template or preset behind `#`.
    pub id: String,
    /// Domain whose streams are recorded; the vhost on Volcengine.
    pub domain: Option<String>,
    /// App; null: all apps.
    pub app: Option<String>,
    /// Stream; null: all streams.
    pub stream: Option<String>,
    /// What it is recorded as.
    pub formats: Option<Vec<RecordFormat>>,
    /// Length of one file, in seconds.
    pub segment_seconds: Option<u64>,
    /// Where the files go, as a URI.
    pub storage: Option<String>,
    /// RFC 3339, UTC.
    pub created_at: Option<String>,
}

impl RecordRow {
    /// The promised columns.
    pub const COLUMNS: Columns =
        &["vendor", "profile", "id", "domain", "app", "stream", "formats", "segment_seconds", "storage", "created_at"];
}
