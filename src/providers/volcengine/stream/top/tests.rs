use serde_json::json;

use super::*;
use crate::model::Selector;
use crate::providers::script::Script;

const METRICS: &str = "DescribeLiveBatchPushStreamMetrics";

/// The script's instant is 2023-05-09T00:00:00Z.
fn live(params: Value, items: Value) -> Script {
    let mut asked = json!({"StreamType": "origin", "PageNum": 1, "PageSize": 1000});
    asked.as_object_mut().unwrap().extend(params.as_object().unwrap().clone());
    let total = items.as_array().unwrap().len();
    let answer = json!({"RoughCount": total, "StreamInfoList": items});
    Script::new(VENDOR).answers("DescribeLiveStreamInfoByPage", asked, answer)
}

fn stream(domain: &str, name: &str) -> Value {
    json!({"Domain": domain, "App": "live", "Stream": name, "Vhost": "example", "SourceType": "push",
           "SessionStartTime": "2023-05-08T11:54:18+08:00"})
}

fn asked(domain: &str) -> Value {
    json!({"Domain": domain, "StartTime": "2023-05-08T23:55:00Z", "EndTime": "2023-05-09T00:00:00Z",
           "Aggregation": 30, "AggType": "avg"})
}

fn metrics(domain: &str, name: &str, points: Value) -> Value {
    json!({"Domain": domain, "App": "live", "Stream": name, "SessionID": "1", "StreamPriority": "0",
           "MetricList": points})
}

fn point(time: &str, frames: f64, video: f64, audio: f64) -> Value {
    json!({"TimeStamp": time, "Framerate": frames, "Bitrate": video, "AudioBitrate": audio,
           "ClientIp": "203.0.113.7", "StreamBeginTime": 1_683_518_058_000_i64})
}

fn args(id: &str) -> StreamArgs {
    StreamArgs { target: Selector { id: Some(id.into()), ..Selector::default() }, ..StreamArgs::default() }
}

#[test]
fn the_latest_point_of_each_push_is_what_is_now() {
    let script = live(json!({}), json!([stream("b.example.com", "s1"), stream("a.example.com", "s2")]))
        .answers(
            METRICS,
            asked("a.example.com"),
            json!({"StreamMetricList": [metrics("a.example.com", "s2", json!([
                point("2023-05-09T07:59:30+08:00", 25.0, 2500.5, 128.0),
                point("2023-05-09T07:58:30+08:00", 30.0, 9000.0, 128.0),
            ]))]}),
        )
        .answers(
            METRICS,
            asked("b.example.com"),
            json!({"StreamMetricList": [
                // The same name elsewhere is another stream.
                metrics("b.example.com", "s2", json!([point("2023-05-09T07:59:30+08:00", 1.0, 1.0, 1.0)])),
                metrics("b.example.com", "s1", json!([point("2023-05-09T07:59:30+08:00", 0.0, 0.0, 64.0)])),
            ]}),
        );
    assert_eq!(
        script.rows(top(&script, &StreamArgs::default())),
        json!([
            {"vendor": "volcengine", "profile": null, "domain": "a.example.com", "app": "live", "stream": "s2",
             "frame_rate": 25, "bit_rate": 2_628_500, "since": "2023-05-08T03:54:18Z", "client_ip": "203.0.113.7"},
            {"vendor": "volcengine", "profile": null, "domain": "b.example.com", "app": "live", "stream": "s1",
             "frame_rate": 0, "bit_rate": 64_000, "since": "2023-05-08T03:54:18Z", "client_ip": "203.0.113.7"},
        ])
    );
    assert_eq!(script.items.borrow()[0].raw["Metric"]["Bitrate"], 2500.5);
}

#[test]
fn of_two_pushes_that_stand_in_for_each_other_the_newer_or_faster_counts() {
    let one = |time: &str, video: f64| metrics("a.example.com", "s1", json!([point(time, 25.0, video, 0.0)]));
    for (pushes, told) in [
        (json!([one("2023-05-09T07:59:30+08:00", 1.0), one("2023-05-09T07:59:00+08:00", 2.0)]), 1_000),
        (json!([one("2023-05-09T07:59:30+08:00", 1.0), one("2023-05-09T07:59:30+08:00", 2.0)]), 2_000),
    ] {
        let script = live(json!({}), json!([stream("a.example.com", "s1")])).answers(
            METRICS,
            asked("a.example.com"),
            json!({"StreamMetricList": pushes}),
        );
        let rows = script.rows(top(&script, &StreamArgs::default()));
        assert_eq!((rows.as_array().map(Vec::len), &rows[0]["bit_rate"]), (Some(1), &json!(told)));
    }
}

#[test]
fn what_is_named_is_asked_for_and_a_stream_without_points_is_shown() {
    let named = json!({"Domain": "a.example.com", "App": "live", "Stream": "s1"});
    let mut item = stream("a.example.com", "s1");
    item["SessionStartTime"] = json!("");
    let mut params = asked("a.example.com");
    params["App"] = json!("live");
    params["Stream"] = json!("s1");
    for answer in [json!({"StreamMetricList": null}), json!({}), json!({"StreamMetricList": [{}, 7]})] {
        let script = live(named.clone(), json!([item])).answers(METRICS, params.clone(), answer);
        let rows = script.rows(top(&script, &args("a.example.com/live/s1")));
        assert_eq!(
            rows,
            json!([{"vendor": "volcengine", "profile": null, "domain": "a.example.com", "app": "live", "stream": "s1",
                    "frame_rate": null, "bit_rate": null, "since": null, "client_ip": null}])
        );
    }
    let point = point("2023-05-09T07:59:30+08:00", 25.0, 1.0, 0.0);
    let answer = json!({"StreamMetricList": [metrics("a.example.com", "s1", json!([point]))]});
    let script = live(named.clone(), json!([item])).answers(METRICS, params.clone(), answer);
    let rows = script.rows(top(&script, &args("a.example.com/live/s1")));
    // 1683518058 is 2023-05-08T03:54:18Z.
    assert_eq!(rows[0]["since"], "2023-05-08T03:54:18Z");
    let script = live(named, json!([item])).answers(METRICS, params, json!({"StreamMetricList": "none"}));
    assert_eq!(script.run(top(&script, &args("a.example.com/live/s1"))).unwrap_err().class(), Class::Vendor);
}

#[test]
fn where_nothing_is_live_no_domain_is_asked_and_a_domain_space_is_named_whole() {
    let script = live(json!({"Vhost": "example"}), json!([]));
    let wanted = StreamArgs { vhost: Some("example".into()), ..StreamArgs::default() };
    assert_eq!(script.rows(top(&script, &wanted)), json!([]));
    assert_eq!(script.actions(), ["DescribeLiveStreamInfoByPage"]);
}

#[test]
fn one_of_several_domains_that_fails_is_told() {
    let refused = Error::new(Class::Vendor, "internal error");
    let point = point("2023-05-09T07:59:30+08:00", 25.0, 1.0, 0.0);
    let script = live(json!({}), json!([stream("a.example.com", "s1"), stream("b.example.com", "s2")]))
        .fails(METRICS, asked("a.example.com"), refused)
        .answers(
            METRICS,
            asked("b.example.com"),
            json!({"StreamMetricList": [metrics("b.example.com", "s2", json!([point]))]}),
        );
    let rows = script.rows(top(&script, &StreamArgs::default()));
    assert_eq!((&rows[0]["stream"], &rows[1]["bit_rate"]), (&json!("s2"), &Value::Null));
    assert_eq!(script.failures.borrow()[0].0, "domain a.example.com");
}
