//! The examples are those of the vendors' references; where they print none, they are written by hand.

use serde_json::{Value, json};

use super::*;
use crate::error::Error;

fn one(text: &str) -> Fields {
    let Read { mut callbacks, list } = read(text.as_bytes()).unwrap();
    assert!(!list && callbacks.len() == 1, "{text}");
    callbacks.remove(0)
}

#[track_caller]
fn told(text: &str, expected: Value) {
    let fields = one(text);
    let vendor = recognise(&fields).unwrap();
    let row = Value::Object(rows::row(&decode(vendor, &fields)));
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&row[name], value, "{name} of {row}");
    }
    let names: Vec<&String> = row.as_object().unwrap().keys().collect();
    assert_eq!(names, CallbackEvent::COLUMNS);
}

#[test]
fn aliyun_tells_of_pushes_in_a_query() {
    // Section 7.4, whose example has no time.
    let query =
        "action=publish&app=xc.cdnpe.com&appname=hello&id=world&ip=42.120.74.183&node=cdnvideocenter010207116011.cm3";
    let detail = json!({"ip": "42.120.74.183", "node": "cdnvideocenter010207116011.cm3"});
    let expected = json!({
        "vendor": "aliyun", "profile": null, "event": "stream-begin", "domain": "xc.cdnpe.com", "app": "hello",
        "stream": "world", "time": null, "detail": detail, "expects": "HTTP 200 within 5 s",
    });
    for text in [
        format!("http://1.1.1.1?{query}"),
        format!("http://1.1.1.1/notify?{query}#top"),
        format!("GET /notify?{query} HTTP/1.1"),
        query.to_owned(),
    ] {
        told(&text, expected.clone());
    }
    told(
        "http://1.1.1.1?action=publish_done&app=a.example.com&appname=live&id=s%201&time=1488985786&usrargs=vhost%3Da",
        json!({"event": "stream-end", "stream": "s 1", "time": "2017-03-08T15:09:46Z", "detail": {"usrargs": "vhost=a"}}),
    );
}

#[test]
fn arguments_of_the_users_own_address_do_not_hide_the_vendors() {
    told(
        "http://1.1.1.1?action=streamBegin&action=publish&app=a.example.com&appname=live&id=s1",
        json!({"event": "stream-begin", "stream": "s1", "detail": {}}),
    );
}

#[test]
fn aliyun_asks_whether_to_record() {
    // Section 11.13.
    let text = "GET /?app=seq_all&domain=qt01.alivecdn.com&stream=ondemand8&vbitrate=2000&codec=h264 HTTP/1.1";
    told(
        text,
        json!({
            "vendor": "aliyun", "event": "record-on-demand", "domain": "qt01.alivecdn.com", "app": "seq_all",
            "stream": "ondemand8", "time": null, "detail": {"vbitrate": "2000", "codec": "h264"},
            "expects": "HTTP 200 and JSON with NeedRecord",
        }),
    );
    assert!(answer(Vendor::Aliyun, &one(text)).unwrap().contains("\"NeedRecord\":true"));
}

#[test]
fn aliyun_tells_of_recordings_in_json() {
    // Section 11.14.
    told(
        r#"{"domain": "qt01.alivecdn.com", "app": "mp4flvtest_flv", "stream": "callback_test",
            "uri": "mp4flvtest_flv/callback_test/0_2017-03-08-23:09:46_2017-03-08-23:10:40.flv",
            "duration": 69.403, "start_time": 1488985786, "stop_time": 1488985840}"#,
        json!({
            "event": "record", "domain": "qt01.alivecdn.com", "app": "mp4flvtest_flv", "stream": "callback_test",
            "time": null, "expects": null,
            "detail": {
                "uri": "mp4flvtest_flv/callback_test/0_2017-03-08-23:09:46_2017-03-08-23:10:40.flv",
                "duration": 69.403, "start_time": 1_488_985_786, "stop_time": 1_488_985_840,
            },
        }),
    );
    for (word, event) in
        [("record_started", "record-started"), ("record_paused", "record-paused"), ("record_resumed", "record-resumed")]
    {
        told(
            &json!({"domain": "gs_domain", "app": "gs_app", "stream": "gs_stream", "event": word}).to_string(),
            json!({"event": event, "domain": "gs_domain", "app": "gs_app", "stream": "gs_stream", "detail": {}}),
        );
    }
}

#[test]
fn tencent_numbers_its_events() {
    for (number, event) in [(0, "stream-end"), (1, "stream-begin"), (100, "record"), (200, "snapshot")] {
        told(
            &json!({"event_type": number, "stream_id": "s1", "sign": "d7", "t": 1_757_066_192}).to_string(),
            json!({
                "vendor": "tencent", "event": event, "domain": null, "app": null, "stream": "s1", "time": null,
                "detail": {"sign": "d7", "t": 1_757_066_192},
                "expects": "HTTP 200 within 20 s, best with the body {\"code\":0}",
            }),
        );
    }
    // A number that the facts do not list stays the vendor's.
    told(r#"{"event_type":999}"#, json!({"vendor": "tencent", "event": null, "detail": {"event_type": 999}}));
    told(
        r#"{"event":"TaskExit","TaskId":"7"}"#,
        json!({"vendor": "tencent", "event": "relay", "detail": {"TaskId": "7"}}),
    );
}

#[test]
fn records_of_deliveries_are_read_as_what_was_delivered() {
    told(
        r#"{"EventTime":"2026-11-21 12:00:00","EventType":1,"StreamId":"s1","ResultCode":0}"#,
        json!({"vendor": "tencent", "event": "stream-begin", "stream": "s1", "time": "2026-11-21T04:00:00Z",
            "detail": {"ResultCode": 0}}),
    );
    told(
        r#"{"App":"live","Stream":"s1","Domain":"push.example.com","CallbackEventType":"push_end","CallbackTime":"2026-11-21T12:00:00+08:00"}"#,
        json!({"vendor": "volcengine", "event": "stream-end", "domain": "push.example.com", "app": "live",
            "stream": "s1", "time": "2026-11-21T04:00:00Z", "detail": {}, "expects": "HTTP 200 within 4 s"}),
    );
}

#[test]
fn volcengine_has_two_words_for_most_events() {
    for (word, event) in [
        ("push", "stream-begin"),
        ("push_start", "stream-begin"),
        ("push_end", "stream-end"),
        ("snapshot", "snapshot"),
        ("snapshot_event", "snapshot"),
        ("record", "record"),
        ("record_event", "record"),
        ("audit_snapshot", "audit"),
    ] {
        told(&json!({ "MessageType": word }).to_string(), json!({"vendor": "volcengine", "event": event}));
    }
}

#[test]
fn fields_that_several_vendors_have_do_not_tell_the_vendor() {
    for text in [r#"{"t":1757066192,"sign":"d7"}"#, "a=b", r#"{"domain":"a","app":"b","stream":"c"}"#] {
        assert_eq!(recognise(&one(text)), None, "{text}");
    }
    let event = decode(Vendor::Tencent, &one(r#"{"t":1757066192,"sign":"d7","stream_id":"s1"}"#));
    assert_eq!((event.event, event.stream.as_deref()), (None, Some("s1")));
}

#[test]
fn what_has_not_the_form_of_its_field_stays_in_the_detail() {
    let event =
        decode(Vendor::Aliyun, &one(r#"{"action":"publish","app":{"x":1},"appname":[[1]],"id":"","time":"soon"}"#));
    let detail = json!({"app": {"x": 1}, "appname": [[1]], "id": "", "time": "soon"});
    assert_eq!(Value::Object(event.detail), detail);
    assert_eq!((event.domain, event.app, event.stream, event.time), (None, None, None, None));
}

#[test]
fn lists_are_arrays_or_several_callbacks() {
    for (text, count, list) in [
        (r#"[{"a":1},{"a":2}]"#, 2, true),
        (r#"[{"a":1}]"#, 1, true),
        ("[]", 0, true),
        ("{\"a\":1}\n{\"a\":2}\n", 2, true),
        ("{\"a\":1}\n", 1, false),
        ("\u{feff} {\n\"a\":1\n} ", 1, false),
        ("a=1\n\n/notify?a=2\r\n{\"a\":3}", 3, true),
    ] {
        let read = read(text.as_bytes()).unwrap();
        assert_eq!((read.callbacks.len(), read.list), (count, list), "{text}");
    }
}

#[track_caller]
fn refusal(bytes: &[u8]) -> Error {
    let error = read(bytes).unwrap_err();
    assert_eq!(error.class().exit_code(), 2);
    error
}

#[test]
fn what_cannot_be_read_is_told_in_one_error_without_quoting_it() {
    let deep = format!("{{\"a\":{}", "[".repeat(100_000));
    for (bytes, message) in [
        (&b""[..], "reading the callback: there is nothing in it"),
        (b" \n", "reading the callback: there is nothing in it"),
        (b"{\"a\":\"\xff\"}", "reading the callback: it is not UTF-8 from byte 7 on"),
        (b"{\"sign\":s3cret}", "reading the callback: no JSON at line 1, column 9"),
        (b"{\"a\":1} s3cret", "reading the callback: no JSON at line 1, column 9"),
        (b"s3cret", "reading the callback: one value is missing or wrong"),
        (b"http://s3cret.example.com/", "reading the callback: one value is missing or wrong"),
        (b"a=%zz", "reading the callback: one value is missing or wrong"),
        (b"a=%ff", "reading the callback: one value is missing or wrong"),
        (b"{}", "reading the callback: one value is missing or wrong"),
        (b"[1,{\"a\":1},null]", "reading the callback: 2 values are missing or wrong"),
        (deep.as_bytes(), "reading the callback: it nests too deeply at line 1, column 132"),
        (&[b'a'; LARGEST + 1], "reading the callback: it is larger than 1 MiB"),
    ] {
        let error = refusal(bytes);
        assert_eq!(error.to_string(), message);
        assert!(!error.to_json().to_string().contains("s3cret"), "{error:?}");
    }
    let places: Vec<String> =
        refusal(b"[1,{\"a\":1},null]").details().faults.iter().map(|fault| fault.option.clone()).collect();
    assert_eq!(places, ["item 1", "item 3"]);
}

#[test]
fn of_many_faults_the_first_are_told() {
    let faults = refusal(format!("[{}1]", "1,".repeat(9_999)).as_bytes()).details().faults.clone();
    assert_eq!((faults.len(), faults[19].option.as_str(), faults[20].option.as_str()), (21, "item 20", "9980 more"));
}

#[test]
fn the_largest_callback_is_still_read() {
    let text = format!("a={}", "x".repeat(LARGEST - 2));
    assert_eq!(read(text.as_bytes()).unwrap().callbacks.len(), 1);
}
