//! Tencent's callbacks. The facts tell the kinds of events and how a callback is signed (`t`, `sign`); the members
//! are those of its documents 267/38080 to 38084 (push, recording, screenshots), 58590 and 68622 (recording states and
//! faults), 58643 (sound), 42525 (relay) and 84046 (faults of a push), and those that `DescribeCallbackRecordsList` has
//! for the same.

use crate::model::CallbackEvent;
use crate::model::time::BEIJING;
use crate::providers::callbacks::{House, Manner, Sample, Scheme, Shape, Told};

const EXPECTS: Option<&str> = Some("HTTP 200 within 20 s, best with the body {\"code\":0}");

/// The numbers of `EventType`.
const EVENTS: &[(&str, &str)] = &[
    ("0", "stream-end"),
    ("1", "stream-begin"),
    ("100", "record"),
    ("200", "snapshot"),
    ("314", "relay"),
    ("315", "audio-audit"),
    ("317", "audit"),
    ("321", "push-exception"),
    ("332", "record-status"),
    ("341", "record-exception"),
];

/// The words of `CallbackEvents` of a pull task.
const TASK_EVENTS: &[(&str, &str)] = &[
    ("TaskStart", "relay"),
    ("TaskExit", "relay"),
    ("VodSourceFileStart", "relay"),
    ("VodSourceFileFinish", "relay"),
    ("ResetTaskConfig", "relay"),
    ("TaskAlarm", "relay"),
];

/// Here `app` is the domain and `appname`, or `path`, the app.
const ANY: Shape = Shape {
    told: Told::UnknownNumber(&["eventtype"]),
    needs: &[],
    domain: &["domainname", "domain", "app"],
    app: &["appname", "path"],
    stream: &["streamname", "streamid"],
    time: &["eventtime", "datatime", "sendtime", "createtime", "timestamp", "endtime"],
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
    nested: &[],
    scheme: Scheme::Expiry,
    taken: "{\"code\":0}",
    // Twelve times a minute apart, screenshots five times two minutes apart.
    manner: |event| match event {
        CallbackEvent::Snapshot => Manner::steady(20, 5, 120),
        _ => Manner::steady(20, 12, 60),
    },
    samples: SAMPLES,
};

const SAMPLES: &[Sample] = &[
    Sample::json(
        CallbackEvent::StreamBegin,
        r#"{"event_type":1,"appid":1250000000,"app":"{domain}","appname":"{app}","stream_id":"{stream}",
            "channel_id":"{stream}","event_time":"{time}","sequence":"2210464508206756938","node":"203.0.113.7",
            "user_ip":"198.51.100.2","stream_param":"","errcode":0,"errmsg":"ok","set_id":2,"width":0,"height":0}"#,
    ),
    Sample::json(
        CallbackEvent::StreamEnd,
        r#"{"event_type":0,"appid":1250000000,"app":"{domain}","appname":"{app}","stream_id":"{stream}",
            "channel_id":"{stream}","event_time":"{time}","sequence":"2210464508206756938","node":"203.0.113.7",
            "user_ip":"198.51.100.2","stream_param":"","push_duration":"60000","errcode":1,
            "errmsg":"recv rtmp deleteStream","set_id":2,"width":1280,"height":720}"#,
    ),
    Sample::json(
        CallbackEvent::PushException,
        r#"{"event_type":321,"appid":1250000000,"domain":"{domain}","path":"{app}","stream_id":"{stream}",
            "data_time":"{time_ms}","report_interval":5000,"sequence":"2210464508206756938","stream_param":"",
            "timeout":5000,"interface":"general_callback","abnormal_event":[{"type":6,"count":1,
            "type_desc_cn":"","type_desc_en":"two video frames arrive far apart",
            "detail":[{"desc":"interval=3046(msec)","occur_time":"{time_ms}"}]}]}"#,
    ),
    Sample::json(
        CallbackEvent::Relay,
        r#"{"event_type":314,"appid":1250000000,"callback_event":"TaskStart","interface":"general_callback",
            "product_name":"pullpush","source_urls":"[\"http://origin.example.com/{stream}.m3u8\"]",
            "to_url":"rtmp://{domain}/{app}/{stream}","stream_id":"{stream}","task_id":"118148",
            "msg":"{\"task_start_time\":0}","event_time":"{time_text}"}"#,
    ),
    Sample::json(
        CallbackEvent::Record,
        r#"{"event_type":100,"appid":1250000000,"app":"{domain}","appname":"{app}","stream_id":"{stream}",
            "channel_id":"{stream}","file_id":"5285890784000000000","record_file_id":"5285890784000000000",
            "file_format":"hls","task_id":"","start_time":"{time}","end_time":"{time}","duration":60,
            "file_size":277941,"stream_param":"","video_url":"http://vod.example.com/{stream}.m3u8"}"#,
    ),
    Sample::json(
        CallbackEvent::RecordStatus,
        r#"{"event_type":332,"appid":1250000000,"domain":"{domain}","appname":"{app}","stream_id":"{stream}",
            "event_time":"{time}","record_event":"record_start_succeeded","record_detail":"{\"file_format\":2}",
            "seq":"1","session_id":"1822899364"}"#,
    ),
    Sample::json(
        CallbackEvent::RecordException,
        r#"{"event_type":341,"appid":1250000000,"stream_id":"{stream}","session_id":"1822899364",
            "file_format":"hls","timestamp":"{time}","exception_level":"warning",
            "exception":[{"type":-9,"occurs":1,"desc":"the video timestamp leaps"}]}"#,
    ),
    Sample::json(
        CallbackEvent::Snapshot,
        r#"{"event_type":200,"app":"{domain}","appname":"{app}","stream_id":"{stream}","channel_id":"{stream}",
            "create_time":"{time}","file_size":30670,"width":1280,"height":720,"stream_param":"",
            "pic_url":"/{stream}/1280x720.jpg","pic_full_url":"http://cos.example.com/{stream}/1280x720.jpg"}"#,
    ),
    Sample::json(
        CallbackEvent::Audit,
        r#"{"event_type":317,"appid":1250000000,"app":"{domain}","appname":"{app}","streamId":"{stream}",
            "channelId":"{stream}","tid":20001,"img":"http://cos.example.com/{stream}.jpg","type":[2],
            "confidence":97,"normalScore":2,"hotScore":97,"pornScore":0,"level":0,"ocrMsg":"",
            "screenshotTime":"{time}","sendTime":"{time}","abductionRisk":[],"similarScore":0,"stream_param":""}"#,
    ),
    Sample::json(
        CallbackEvent::AudioAudit,
        r#"{"event_type":315,"appid":1250000000,"app":"{domain}","appname":"{app}","stream_id":"{stream}",
            "channel_id":"{stream}","event_time":"{time}","stream_param":""}"#,
    ),
];
