//! The noun `hls-key`: encryption of HLS, in its three scopes.

use serde::Serialize;

use crate::model::verb::verbs;
use crate::model::{Columns, Vendor};

verbs! {
    /// The verbs of `hls-key`.
    HlsKeyVerb { Show = "show", Enable = "enable", Disable = "disable", Set = "set", Rotate = "rotate", Get = "get" }
}

/// What the user asked of `hls-key`, whichever verb.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HlsKeyArgs {
    /// `--domain`: Aliyun's playback domain, Volcengine's domain of a binding.
    pub domain: Option<String>,
    /// `--app`.
    pub app: Option<String>,
    /// `--template`: Tencent's transcode template id, Aliyun's template name.
    pub template: Option<String>,
    /// `--vhost`: Volcengine's domain space, instead of looking it up.
    pub vhost: Option<String>,
    /// `--key-url`: the key service (Volcengine).
    pub key_url: Option<String>,
    /// `--cycle`, in seconds.
    pub cycle_seconds: Option<u64>,
    /// `--kms-key-id` (Aliyun).
    pub kms_key_id: Option<String>,
    /// `--tracks`: what Tencent encrypts (`SD`, `AUDIO|HD`, …).
    pub tracks: Option<String>,
    /// `get KEY_ID`.
    pub key_id: Option<String>,
}

/// What one setting applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum HlsKeyScope {
    /// The whole account (Volcengine).
    Account,
    /// One transcode template (Tencent, Aliyun).
    Template,
    /// One vhost and app (Volcengine).
    Binding,
}

/// One encryption setting.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HlsKeyRow {
    /// Whose account.
    pub vendor: Vendor,
    /// The profile. Filled in by the command.
    pub profile: Option<String>,
    /// What it applies to.
    pub scope: HlsKeyScope,
    /// Domain (Volcengine: the vhost of a binding).
    pub domain: Option<String>,
    /// App.
    pub app: Option<String>,
    /// Transcode template.
    pub template: Option<String>,
    /// Address of the key service.
    pub key_url: Option<String>,
    /// Seconds between two keys.
    pub cycle_seconds: Option<u64>,
    /// Whether streams are encrypted.
    pub enabled: Option<bool>,
}

impl HlsKeyRow {
    /// The promised columns.
    pub const COLUMNS: Columns =
        &["vendor", "profile", "scope", "domain", "app", "template", "key_url", "cycle_seconds", "enabled"];
}
