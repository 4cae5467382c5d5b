//! Tencent's callbacks. The facts tell the kinds of events and how a callback is signed (`t`, `sign`); its members
//! are taken by the names that `DescribeCallbackRecordsList` has for the same.

use crate::model::time::BEIJING;
use crate::providers::callbacks::{House, Shape, Told};

const EXPECTS: Option<&str> = Some("HTTP 200 within 20 s, best with the body {\"code\":0}");

/// The numbers of `EventType`.
const EVENTS: &[(&str, &str)] = &[("0", "stream-end"), ("1", "stream-begin"), ("100", "record"), ("200", "snapshot")];

/// The words of `CallbackEvents` of a pull task.
const TASK_EVENTS: &[(&str, &str)] = &[
    ("TaskStart", "relay"),
    ("TaskExit", "relay"),
    ("VodSourceFileStart", "relay"),
    ("VodSourceFileFinish", "relay"),
    ("ResetTaskConfig", "relay"),
    ("TaskAlarm", "relay"),
];

const ANY: Shape = Shape {
    told: Told::UnknownNumber(&["eventtype"]),
    needs: &[],
    domain: &["domainname", "domain"],
    app: &["appname"],
    stream: &["streamname", "streamid"],
    time: &["eventtime"],
    expects: EXPECTS,
    answer: None,
};

pub(in crate::providers) static HOUSE: House = House {
    shapes: &[
        Shape { told: Told::Word(&["eventtype"], EVENTS), ..ANY },
        Shape { told: Told::Word(&["event", "eventtype", "callbackevent"], TASK_EVENTS), ..ANY },
        ANY,
    ],
    other: ANY,
    zone: BEIJING,
};
