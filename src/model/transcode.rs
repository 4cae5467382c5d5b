//! The noun `transcode`: renditions of a stream.

use serde::Serialize;

use crate::model::verb::verbs;
use crate::model::{Columns, Selector, Vendor};

verbs! {
    /// The verbs of `transcode`.
    TranscodeVerb { List = "list", Show = "show", Add = "add", Update = "update", Delete = "delete" }
}

/// What the user asked of `transcode`, whichever verb.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TranscodeArgs {
    /// Which rendition, or what a new one is made of.
    pub target: Selector,
    /// `--name`: of the template or preset, the suffix of the rendition's stream.
    pub name: Option<String>,
    /// `--codec`: `h264`, `h265`, …, in lower case.
    pub codec: Option<String>,
    /// `--width`, in pixels.
    pub width: Option<u64>,
    /// `--height`, in pixels.
    pub height: Option<u64>,
    /// `--fps`.
    pub fps: Option<u64>,
    /// `--video-kbps`.
    pub video_kbps: Option<u64>,
    /// `--audio-kbps`.
    pub audio_kbps: Option<u64>,
    /// `--template`: an existing template (Tencent) to bind instead of making one.
    pub template: Option<String>,
    /// `--vhost`: Volcengine's domain space, instead of looking it up.
    pub vhost: Option<String>,
    /// `--shared`: change a template although other rules use it.
    pub shared: bool,
}

/// One rendition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TranscodeRow {
    /// Whose account.
    pub vendor: Vendor,
    /// The profile. Filled in by the command.
    pub profile: Option<String>,
    /// Selector: `domain/app/stream#template-or-preset`.
    pub id: String,
    /// Name of the template or preset.
    pub name: Option<String>,
    /// Playback domain; the vhost on Volcengine.
    pub domain: Option<String>,
    /// App; null: all apps.
    pub app: Option<String>,
    /// Video codec, in lower case.
    pub codec: Option<String>,
    /// In pixels.
    pub width: Option<u64>,
    /// In pixels.
    pub height: Option<u64>,
    /// Frames a second.
    pub fps: Option<u64>,
    /// Kilobits a second.
    pub video_kbps: Option<u64>,
    /// Kilobits a second.
    pub audio_kbps: Option<u64>,
}

impl TranscodeRow {
    /// The promised columns.
    pub const COLUMNS: Columns = &[
        "vendor",
        "profile",
        "id",
        "name",
        "domain",
        "app",
        "codec",
        "width",
        "height",
        "fps",
        "video_kbps",
        "audio_kbps",
    ];
}
