//! Volcengine's callbacks: document 6469/1126932. The facts tell the kinds of events, in two spellings, and how a
//! callback is signed (`t`, `sign`); in older ones all stands in `data` and what is special to the event in `detail`.
//! Records of deliveries have the names of `DescribeLiveCallbackData`.

use std::time::Duration;

use crate::model::CallbackEvent;
use crate::model::time::BEIJING;
use crate::providers::callbacks::{House, Manner, Sample, Scheme, Shape, Told};

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
    time: &["callbacktime", "time", "timems"],
    expects: Some("HTTP 200 within 4 s"),
    answer: None,
};

pub(in crate::providers) static HOUSE: House = House {
    shapes: &[ANY],
    other: ANY,
    zone: BEIJING,
    nested: &["data", "detail"],
    scheme: Scheme::Expiry,
    taken: "",
    // Three times three seconds apart, then from a queue for ten minutes in all, whose pauses are not told: a minute
    // here.
    manner: |_| {
        let mut manner = Manner::steady(4, 3, 3);
        manner.pauses.extend([Duration::from_secs(60); 9]);
        manner
    },
    samples: SAMPLES,
};

/// What the document tells of every event; of pushes also the rest.
const SAMPLES: &[Sample] = &[
    Sample::json(
        CallbackEvent::StreamBegin,
        r#"{"vhost":"{domain}","domain":"{domain}","app":"{app}","stream":"{stream}","event_type":"push_start",
            "priority":0,"backup_count":"0","time":"{time}","time_ms":"{time_ms}","transcoded":false,
            "fp_node_ip":"203.0.113.7","fp_client_ip":"198.51.100.2","fp_user_url":"",
            "session_id":"3693930911_1","sequence_id":"3693930911"}"#,
    ),
    Sample::json(
        CallbackEvent::StreamEnd,
        r#"{"vhost":"{domain}","domain":"{domain}","app":"{app}","stream":"{stream}","event_type":"push_end",
            "time":"{time}","time_ms":"{time_ms}","transcoded":false,"fp_node_ip":"203.0.113.7",
            "fp_client_ip":"198.51.100.2","session_id":"3693930911_1","sequence_id":"3693930911"}"#,
    ),
    Sample::json(
        CallbackEvent::Record,
        r#"{"vhost":"{domain}","domain":"{domain}","app":"{app}","stream":"{stream}","event_type":"record_event",
            "time":"{time}"}"#,
    ),
    Sample::json(
        CallbackEvent::Snapshot,
        r#"{"vhost":"{domain}","domain":"{domain}","app":"{app}","stream":"{stream}","event_type":"snapshot_event",
            "time":"{time}"}"#,
    ),
    Sample::json(
        CallbackEvent::Audit,
        r#"{"vhost":"{domain}","domain":"{domain}","app":"{app}","stream":"{stream}","event_type":"audit_snapshot",
            "time":"{time}"}"#,
    ),
];
