//! The noun `auth`: the keys that sign addresses, and who may embed and play.

use jiff::SignedDuration;
use serde::Serialize;

use crate::model::verb::verbs;
use crate::model::{Columns, Secret, Vendor};

verbs! {
    /// The verbs of `auth push-key` and `auth play-key`.
    UrlKeyVerb { Show = "show", Set = "set" }
}

verbs! {
    /// The verb of `auth` itself.
    RotateVerb { Rotate = "rotate" }
}

verbs! {
    /// The verbs of `auth referer` and `auth ip`.
    AccessVerb { Show = "show", Set = "set", Delete = "delete" }
}

/// Which addresses a key signs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyScope {
    /// Those that streams are pushed to.
    #[default]
    Push,
    /// Those that streams are played from.
    Play,
}

impl KeyScope {
    /// The word for messages: `push` or `play`.
    pub const fn name(self) -> &'static str {
        match self {
            KeyScope::Push => "push",
            KeyScope::Play => "play",
        }
    }
}

/// What goes into a signature, as Aliyun and Volcengine number their schemes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlScheme {
    /// One parameter that holds all.
    A,
    /// Two parts in front of the path, the time readable.
    B,
    /// Two parts in front of the path, the time in hexadecimal digits.
    C,
}

/// What the user asked of `auth push-key` or `auth play-key`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UrlKeyArgs {
    /// Which of the two.
    pub scope: KeyScope,
    /// `--domain`.
    pub domain: Option<String>,
    /// `--enable`, `--disable`.
    pub enabled: Option<bool>,
    /// `--key`.
    pub key: Option<Secret>,
    /// `--backup-key`.
    pub backup_key: Option<Secret>,
    /// `--valid`, in seconds.
    pub valid_seconds: Option<u64>,
    /// `--scheme` (Aliyun, Volcengine).
    pub scheme: Option<UrlScheme>,
}

/// What the user asked of `auth rotate`.
#[derive(Debug, Clone, PartialEq)]
pub struct RotateArgs {
    /// `--domain`.
    pub domain: Option<String>,
    /// `--scope`; none: as the domain's kind says.
    pub scope: Option<KeyScope>,
    /// `--key` or `--key-file`: the new key.
    pub key: Option<Secret>,
    /// `--for`: how long the addresses last that were signed with the old key.
    pub lasting: SignedDuration,
}

/// The keys of a domain. The texts are secrets: what prints a row masks them.
#[derive(Clone, PartialEq, Serialize)]
pub struct UrlKeyRow {
    /// Whose account.
    pub vendor: Vendor,
    /// The profile. Filled in by the command.
    pub profile: Option<String>,
    /// The domain.
    pub domain: Option<String>,
    /// Which addresses are signed.
    pub scope: KeyScope,
    /// Whether addresses must be signed.
    pub enabled: Option<bool>,
    /// What signs them.
    pub key: Option<String>,
    /// What signs them as well.
    pub backup_key: Option<String>,
    /// How long a signed address is valid.
    pub valid_seconds: Option<u64>,
}

impl UrlKeyRow {
    /// The promised columns.
    pub const COLUMNS: Columns =
        &["vendor", "profile", "domain", "scope", "enabled", "key", "backup_key", "valid_seconds"];
}

/// Whether a list names those who may, or those who may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ListKind {
    /// Only those that are named.
    Allow,
    /// All but those that are named.
    Block,
}

/// A list as the user named it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessList {
    /// Which list it is.
    pub kind: ListKind,
    /// Sites or addresses.
    pub entries: Vec<String>,
}

/// What the user asked of `auth referer` or `auth ip`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AccessArgs {
    /// `--domain`.
    pub domain: Option<String>,
    /// `--app` (Volcengine's referer).
    pub app: Option<String>,
    /// `--vhost`: Volcengine's domain space, instead of looking it up.
    pub vhost: Option<String>,
    /// `--enable`, `--disable`.
    pub enabled: Option<bool>,
    /// `--allow` or `--block`.
    pub list: Option<AccessList>,
    /// `--allow-empty` (referer).
    pub allow_empty: Option<bool>,
}

/// Which sites may embed the streams of a domain.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RefererRow {
    /// Whose account.
    pub vendor: Vendor,
    /// The profile. Filled in by the command.
    pub profile: Option<String>,
    /// The domain.
    pub domain: Option<String>,
    /// Whether the list is in force.
    pub enabled: Option<bool>,
    /// Which list it is; null where there is none, or where both stand side by side.
    pub kind: Option<ListKind>,
    /// Whether a player that tells no site may play.
    pub allow_empty: Option<bool>,
    /// The sites.
    pub domains: Vec<String>,
}

impl RefererRow {
    /// The promised columns.
    pub const COLUMNS: Columns = &["vendor", "profile", "domain", "enabled", "kind", "allow_empty", "domains"];
}

/// Which addresses may use a domain.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IpRow {
    /// Whose account.
    pub vendor: Vendor,
    /// The profile. Filled in by the command.
    pub profile: Option<String>,
    /// The domain.
    pub domain: Option<String>,
    /// Whether the list is in force.
    pub enabled: Option<bool>,
    /// Which list it is.
    pub kind: Option<ListKind>,
    /// The addresses and ranges.
    pub addresses: Vec<String>,
}

impl IpRow {
    /// The promised columns.
    pub const COLUMNS: Columns = &["vendor", "profile", "domain", "enabled", "kind", "addresses"];
}
