//! The noun `callback`: who is told of what happens.

use serde::Serialize;

use crate::model::verb::verbs;
use crate::model::{Columns, Secret, Selector, Vendor};

verbs! {
    /// The verbs of `callback`.
    CallbackVerb { List = "list", Show = "show", Set = "set", Delete = "delete" }
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CallbackEvent {
    /// A push began.
    StreamBegin,
    /// A push ended.
    StreamEnd,
    /// A push is unwell.
    PushException,
    /// A pulled source began, ended or failed.
    Relay,
    /// A recording file is there.
    Record,
    /// A recording began, paused or ended.
    RecordStatus,
    /// A recording is unwell.
    RecordException,
    /// Asks whether to record.
    RecordOnDemand,
    /// A picture was taken.
    Snapshot,
    /// A picture was found offensive.
    Audit,
    /// Sound was found offensive.
    AudioAudit,
    /// A mixed stream changed.
    StreamMix,
}

impl CallbackEvent {
    /// Every event, in the order of rows.
    pub const ALL: &[CallbackEvent] = &[
        CallbackEvent::StreamBegin,
        CallbackEvent::StreamEnd,
        CallbackEvent::PushException,
        CallbackEvent::Relay,
        CallbackEvent::Record,
        CallbackEvent::RecordStatus,
        CallbackEvent::RecordException,
        CallbackEvent::RecordOnDemand,
        CallbackEvent::Snapshot,
        CallbackEvent::Audit,
        CallbackEvent::AudioAudit,
        CallbackEvent::StreamMix,
    ];

    /// The word a user types.
    pub const fn name(self) -> &'static str {
        match self {
            CallbackEvent::StreamBegin => "stream-begin",
            CallbackEvent::StreamEnd => "stream-end",
            CallbackEvent::PushException => "push-exception",
            CallbackEvent::Relay => "relay",
            CallbackEvent::Record => "record",
            CallbackEvent::RecordStatus => "record-status",
            CallbackEvent::RecordException => "record-exception",
            CallbackEvent::RecordOnDemand => "record-on-demand",
            CallbackEvent::Snapshot => "snapshot",
            CallbackEvent::Audit => "audit",
            CallbackEvent::AudioAudit => "audio-audit",
            CallbackEvent::StreamMix => "stream-mix",
        }
    }
}

/// What the user asked of `callback`, whichever verb.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CallbackArgs {
    /// Whose callbacks.
    pub target: Selector,
    /// `--event`, in order; empty: every one that is there.
    pub events: Vec<CallbackEvent>,
    /// `--url`: whom to tell.
    pub url: Option<String>,
    /// `--key`: what signs the callbacks.
    pub key: Option<Secret>,
    /// `--vhost`: Volcengine's domain space, instead of looking it up.
    pub vhost: Option<String>,
    /// `--shared`: change a template although other rules use it.
    pub shared: bool,
}

/// One event that somebody is told of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CallbackRow {
    /// Whose account.
    pub vendor: Vendor,
    /// The profile. Filled in by the command.
    pub profile: Option<String>,
    /// Selector: `domain/app/stream`, with the event behind `#`.
    pub id: String,
    /// Domain whose events are told; the vhost on Volcengine.
    pub domain: Option<String>,
    /// App; null: all apps.
    pub app: Option<String>,
    /// What happened.
    pub event: CallbackEvent,
    /// Who is told.
    pub url: Option<String>,
    /// Whether the callbacks are signed.
    pub auth: Option<bool>,
}

impl CallbackRow {
    /// The promised columns.
    pub const COLUMNS: Columns = &["vendor", "profile", "id", "domain", "app", "event", "url", "auth"];
}
