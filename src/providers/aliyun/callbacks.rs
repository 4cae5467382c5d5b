//! Aliyun's callbacks: sections 7.4, 11.13 and 11.14 of its reference, and the template of those about sound
//! (`AddLiveAudioAuditNotifyConfig`). What those about pictures and about faults of a push look like stands in no
//! document at hand.

use jiff::tz::Offset;

use crate::model::CallbackEvent;
use crate::providers::callbacks::{Form, House, Manner, Sample, Scheme, Shape, Told};

/// A callback about one stream, as sections 11.13 and 11.14 name its place.
const PLACED: Shape = Shape {
    told: Told::Always(""),
    needs: &["domain", "app", "stream"],
    domain: &["domain"],
    app: &["app"],
    stream: &["stream"],
    time: &[],
    expects: None,
    answer: None,
};

pub(in crate::providers) static HOUSE: House = House {
    shapes: &[
        // Here `app` is the domain and `appname` the app.
        Shape {
            told: Told::Word(&["action"], &[("publish", "stream-begin"), ("publish_done", "stream-end")]),
            needs: &["app", "appname", "id"],
            domain: &["app"],
            app: &["appname"],
            stream: &["id"],
            time: &["time"],
            expects: Some("HTTP 200 within 5 s"),
            answer: None,
        },
        Shape {
            told: Told::Always("record-on-demand"),
            needs: &["domain", "app", "stream", "codec", "vbitrate"],
            expects: Some("HTTP 200 and JSON with NeedRecord"),
            answer: Some(
                "the vendor asks whether to record: answer with HTTP 200 and at most 2048 bytes of JSON, such as \
                 {\"ApiVersion\":\"1.0\",\"NeedRecord\":true,\"Interval\":{\"Mp4\":300},\"Format\":[\"mp4\",\"flv\"]}; \
                 only NeedRecord is required, Interval is 5 to 21600 s",
            ),
            ..PLACED
        },
        Shape { told: Told::Always("record"), needs: &["domain", "app", "stream", "uri"], ..PLACED },
        Shape {
            told: Told::Word(
                &["event"],
                &[
                    ("record_started", "record-started"),
                    ("record_paused", "record-paused"),
                    ("record_resumed", "record-resumed"),
                ],
            ),
            ..PLACED
        },
        Shape {
            told: Told::Always("audio-audit"),
            needs: &["domain", "app", "stream", "timestamp", "result"],
            time: &["timestamp"],
            ..PLACED
        },
    ],
    other: Shape { needs: &[], ..PLACED },
    zone: Offset::UTC,
    nested: &[],
    scheme: Scheme::Host,
    taken: "",
    manner: |_| Manner::steady(5, 5, 1),
    samples: &[
        Sample {
            event: CallbackEvent::StreamBegin,
            form: Form::Query,
            fields: r#"{"action":"publish","app":"{domain}","appname":"{app}","id":"{stream}","time":"{time}",
                "ip":"198.51.100.2","node":"cdnvideocenter010207116011.cm3","usrargs":"","width":1280,"height":720}"#,
        },
        Sample {
            event: CallbackEvent::StreamEnd,
            form: Form::Query,
            fields: r#"{"action":"publish_done","app":"{domain}","appname":"{app}","id":"{stream}","time":"{time}",
                "ip":"198.51.100.2","node":"cdnvideocenter010207116011.cm3","usrargs":"","width":1280,"height":720}"#,
        },
        Sample::json(
            CallbackEvent::Record,
            r#"{"domain":"{domain}","app":"{app}","stream":"{stream}","uri":"{app}/{stream}/0.flv",
                "duration":69.403,"start_time":"{time}","stop_time":"{time}"}"#,
        ),
        Sample::json(
            CallbackEvent::RecordStatus,
            r#"{"domain":"{domain}","app":"{app}","stream":"{stream}","event":"record_started"}"#,
        ),
        Sample {
            event: CallbackEvent::RecordOnDemand,
            form: Form::Query,
            fields: r#"{"app":"{app}","domain":"{domain}","stream":"{stream}","vbitrate":"2000","codec":"h264"}"#,
        },
        Sample::json(
            CallbackEvent::AudioAudit,
            r#"{"domain":"{domain}","app":"{app}","stream":"{stream}","timestamp":"{time}",
                "result":[{"scene":"antispam","label":"ad","suggestion":"block","rate":99.91}]}"#,
        ),
    ],
};
