//! Volcengine's callbacks. The facts tell the kinds of events, in two spellings, and how a callback is signed (`t`,
//! `sign`); its members are taken by the names that `DescribeLiveCallbackData` has for the same.

use crate::model::time::BEIJING;
use crate::providers::callbacks::{House, Shape, Told};

/// The words of `MessageType` and of `CallbackEventType`.
const EVENTS: &[(&str, &str)] = &[
    ("push", "stream-begin"),
    ("push_start", "stream-begin"),
    ("push_end", "stream-end"),
    ("snapshot", "snapshot"),
    ("snapshot_event", "snapshot"),
    ("record", "record"),
    ("record_event", "record"),
    ("audit_snapshot", "audit"),
];

const ANY: Shape = Shape {
    told: Told::Word(&["messagetype", "callbackeventtype", "eventtype"], EVENTS),
    needs: &[],
    domain: &["domain"],
    app: &["app"],
    stream: &["stream"],
    time: &["callbacktime"],
    expects: Some("HTTP 200 within 4 s"),
    answer: None,
};

pub(in crate::providers) static HOUSE: House = House { shapes: &[ANY], other: ANY, zone: BEIJING };
