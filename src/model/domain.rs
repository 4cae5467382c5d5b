//! The noun `domain`: intent, row and columns.

use serde::Serialize;

use crate::model::verb::verbs;
use crate::model::{Columns, Vendor};

verbs! {
    /// The verbs of `domain`.
    DomainVerb { List = "list", Show = "show", Add = "add", Enable = "enable", Disable = "disable", Delete = "delete", Map = "map", Unmap = "unmap" }
}

/// What a domain serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DomainKind {
    /// Streams are pushed to it.
    Push,
    /// Streams are played from it.
    Play,
}

/// Where a domain is accelerated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Area {
    /// The Chinese mainland.
    Mainland,
    /// Everywhere but the Chinese mainland.
    Overseas,
    /// Everywhere.
    Global,
}

/// State of a domain, in our words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DomainStatus {
    /// Serving.
    Enabled,
    /// Turned off by its owner.
    Disabled,
    /// A change is being rolled out.
    Configuring,
    /// The vendor is reviewing it.
    Checking,
    /// Set-up or review failed.
    Failed,
    /// Stopped by the vendor: arrears, no ICP filing, deleted.
    Blocked,
}

/// What the user asked of `domain`, whichever verb: each verb reads its own fields.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DomainArgs {
    /// The domain (for `map`: the push domain).
    pub name: String,
    /// The playback domain of `map` and `unmap`.
    pub play: Option<String>,
    /// `--type`: of a new domain, or a filter of a list.
    pub kind: Option<DomainKind>,
    /// `--area`: of a new domain, or a filter of a list.
    pub area: Option<Area>,
    /// `--status`: a filter of a list.
    pub status: Option<DomainStatus>,
    /// `--domain-region`: Aliyun's live centre.
    pub domain_region: Option<String>,
    /// `--vhost`: Volcengine's domain space; `add` is `CreateDomainV2` then.
    pub vhost: Option<String>,
    /// `--verify-owner`: how Tencent checks the ownership (`dnsCheck`, `fileCheck`, `dbCheck`).
    pub verify_owner: Option<String>,
}

/// One domain.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DomainRow {
    /// Whose account.
    pub vendor: Vendor,
    /// The profile. Filled in by the command.
    pub profile: Option<String>,
    /// The domain name.
    pub name: String,
    /// What it serves.
    #[serde(rename = "type")]
    pub kind: Option<DomainKind>,
    /// State in our words.
    pub status: Option<DomainStatus>,
    /// State in the vendor's words.
    pub status_detail: Option<String>,
    /// Where the DNS record must point.
    pub cname: Option<String>,
    /// Whether it does.
    pub cname_ok: Option<bool>,
    /// Where it is accelerated.
    pub area: Option<Area>,
    /// RFC 3339, UTC.
    pub created_at: Option<String>,
}

impl DomainRow {
    /// The promised columns.
    pub const COLUMNS: Columns =
        &["vendor", "profile", "name", "type", "status", "status_detail", "cname", "cname_ok", "area", "created_at"];
}
