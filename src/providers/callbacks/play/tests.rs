use serde_json::json;

use super::*;
use crate::model::CallbackEvent::{self, *};
use crate::providers::callbacks::{Moment, WINDOW, decode, prove, read, recognise};

fn scene() -> Scene {
    Scene {
        domain: "push.example.com".to_owned(),
        app: "live".to_owned(),
        stream: "{app} 流 & 1".to_owned(),
        at: Timestamp::from_second(1_757_065_592).unwrap(),
    }
}

fn seal(host: &str, given: bool) -> Seal {
    Seal {
        key: Secret::new("testkey"),
        host: host.to_owned(),
        host_is_given: given,
        sent: Timestamp::from_second(1_757_065_592).unwrap(),
        expires: Timestamp::from_second(1_757_066_192).unwrap(),
    }
}

fn received(played: &Played) -> Fields {
    let text = if played.query.is_empty() { &played.body } else { &played.query };
    read(text.as_bytes()).unwrap().callbacks.remove(0)
}

/// What an event of `callback set` is called once it has come; `None`: it cannot be told from the facts.
fn comes_as(vendor: Vendor, event: CallbackEvent) -> Option<&'static str> {
    match (vendor, event) {
        (Vendor::Aliyun, RecordStatus) => Some("record-started"),
        (_, event) => Some(event.name()),
    }
}

#[test]
fn every_event_that_is_played_is_read_as_what_it_is_and_believed() {
    let moment = Some(Moment { now: Timestamp::from_second(1_757_065_600).unwrap(), window: WINDOW });
    for vendor in Vendor::ALL {
        for event in playable(vendor) {
            let played =
                play(vendor, event, &scene(), &Written::default(), Some(&seal("hooks.example.com", false))).unwrap();
            let fields = received(&played);
            assert_eq!(recognise(&fields), Some(vendor), "{vendor} {}", event.name());
            let row = decode(vendor, &fields);
            assert_eq!(row.event, comes_as(vendor, event), "{vendor}");
            assert_eq!(row.stream.as_deref(), Some("{app} 流 & 1"), "{vendor} {}", event.name());
            if !matches!((vendor, event), (Vendor::Tencent, Relay | RecordException)) {
                assert_eq!(row.domain.as_deref(), Some("push.example.com"), "{vendor} {}", event.name());
                assert_eq!(row.app.as_deref(), Some("live"), "{vendor} {}", event.name());
            }
            let hosts = ["hooks.example.com".to_owned()];
            let keys = [Secret::new("testkey")];
            assert_eq!(prove(vendor, &fields, &played.headers, &hosts, &keys, moment), Ok(()), "{vendor}");
        }
    }
}

#[test]
fn the_events_that_the_facts_cannot_tell_are_these() {
    let none = |vendor, known: &[CallbackEvent]| -> Vec<CallbackEvent> {
        known
            .iter()
            .copied()
            .filter(|event| play(vendor, *event, &scene(), &Written::default(), None).is_none())
            .collect()
    };
    let all = CallbackEvent::ALL;
    assert_eq!(none(Vendor::Tencent, all), [RecordOnDemand, StreamMix]);
    assert_eq!(none(Vendor::Aliyun, all), [PushException, Relay, RecordException, Snapshot, Audit, StreamMix]);
    assert_eq!(none(Vendor::Volcengine, &[StreamBegin, StreamEnd, Record, Snapshot, Audit]), []);
}

#[test]
fn the_signature_is_the_vendors() {
    // Computed by another implementation of MD5.
    let played = play(Vendor::Tencent, StreamBegin, &scene(), &Written::default(), Some(&seal("h", false))).unwrap();
    let fields = received(&played);
    assert_eq!(fields["sign"], "74f3243857643bb52260665130d481dc");
    assert_eq!(fields["t"], 1_757_066_192);
    let yours = Seal {
        key: Secret::new("yourkey"),
        sent: Timestamp::from_second(1_519_375_990).unwrap(),
        ..seal("learn.aliyundoc.com", false)
    };
    let played = play(Vendor::Aliyun, Record, &scene(), &Written::default(), Some(&yours)).unwrap();
    let signature = |played: &Played| played.headers[1].1.clone();
    assert_eq!(signature(&played), "9e226fc2c250be266e3657e156f68c12");
    // A callback about a push is signed with the domain, unless the user says otherwise.
    let push = Scene { domain: "learn.aliyundoc.com".to_owned(), ..scene() };
    let other = Seal { host: "hooks.example.com".to_owned(), ..yours.clone() };
    let played = play(Vendor::Aliyun, StreamEnd, &push, &Written::default(), Some(&other)).unwrap();
    assert_eq!(signature(&played), "9e226fc2c250be266e3657e156f68c12");
    let played =
        play(Vendor::Aliyun, StreamEnd, &scene(), &Written::default(), Some(&Seal { host_is_given: true, ..yours }))
            .unwrap();
    assert_eq!(signature(&played), "9e226fc2c250be266e3657e156f68c12");
}

fn own() -> Fields {
    let Value::Object(own) = json!({"errcode": 7, "extra": {"a": [1]}}) else { panic!() };
    own
}

#[test]
fn fields_that_are_set_replace_and_join_those_of_the_sample() {
    let set = Written { set: own(), ..Written::default() };
    let fields = received(&play(Vendor::Tencent, StreamBegin, &scene(), &set, None).unwrap());
    assert_eq!(
        (&fields["errcode"], &fields["extra"], &fields["event_type"]),
        (&json!(7), &json!({"a": [1]}), &json!(1))
    );
    assert!(!fields.contains_key("sign"));
    let alone = received(&play(Vendor::Aliyun, Snapshot, &scene(), &set, None).unwrap());
    assert_eq!(alone, own());
}

#[test]
fn a_body_of_ones_own_is_all_there_is_beside_what_is_set_and_the_signature() {
    let Value::Object(set) = json!({"errcode": 8}) else { panic!() };
    let written = Written { body: Some(own()), set };
    for (event, seal) in [(StreamBegin, None), (StreamBegin, Some(seal("h", false))), (RecordOnDemand, None)] {
        let fields = received(&play(Vendor::Tencent, event, &scene(), &written, seal.as_ref()).unwrap());
        let mut expected = json!({"errcode": 8, "extra": {"a": [1]}});
        if seal.is_some() {
            expected["t"] = json!(1_757_066_192);
            expected["sign"] = json!("74f3243857643bb52260665130d481dc");
        }
        assert_eq!(Value::Object(fields), expected);
    }
}
