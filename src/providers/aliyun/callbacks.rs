//! Aliyun's callbacks: sections 7.4, 11.13 and 11.14 of its reference.

use jiff::tz::Offset;

use crate::providers::callbacks::{House, Shape, Told};

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
    ],
    other: Shape { needs: &[], ..PLACED },
    zone: Offset::UTC,
};
