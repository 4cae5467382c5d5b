use serde_json::json;

use super::*;
use crate::error::Result;
use crate::model::{Answer, Road};
use crate::providers::script::Script;

fn asked<'a>(road: &'a dyn Road, verb: StatsVerb, args: &'a StatsArgs) -> impl Future<Output = Result<Answer>> + 'a {
    match support(verb) {
        Support::Does(handler) => handler(road, args),
        Support::Cannot { why, .. } => panic!("{why}"),
    }
}

#[test]
fn megabits_and_gigabytes_become_bits_and_bytes() {
    let args = StatsArgs {
        domains: vec!["a.example.com".to_owned()],
        since: "2026-01-01T00:00:00Z".parse().unwrap(),
        until: "2026-01-01T01:00:00Z".parse().unwrap(),
        interval: SignedDuration::from_mins(5),
        now: "2026-01-02T00:00:00Z".parse().unwrap(),
    };
    let params = json!({"StartTime": "2026-01-01T00:00:00Z", "EndTime": "2026-01-01T01:00:00Z", "Aggregation": 300,
        "DomainList": ["a.example.com"]});
    let at = "2026-01-01T08:00:00+08:00";
    for (verb, action, answer, value) in [
        (
            StatsVerb::Bandwidth,
            "DescribeLiveMetricBandwidthData",
            json!({"BandwidthDataList": [{"TimeStamp": at, "DownBandwidth": 12.5, "UpBandwidth": 99.0}]}),
            12_500_000,
        ),
        (
            StatsVerb::Traffic,
            "DescribeLiveMetricTrafficData",
            json!({"TrafficDataList": [{"TimeStamp": at, "DownTraffic": 0.46875, "UpTraffic": 99.0}]}),
            468_750_000,
        ),
        (
            StatsVerb::Online,
            "DescribeLiveStreamSessionData",
            json!({"SessionDataList": [{"TimeStamp": at, "OnlineUser": 42, "Request": 99}]}),
            42,
        ),
    ] {
        let script = Script::new(VENDOR).answers(action, params.clone(), answer);
        let expected = json!([{"vendor": "volcengine", "profile": null, "domain": "a.example.com",
            "time": "2026-01-01T00:00:00Z", "metric": verb.name(), "value": value, "unit": verb.unit()}]);
        assert_eq!(script.rows(asked(&script, verb, &args)), expected);
    }
}
