use serde_json::{Value, json};

use super::*;
use crate::error::Result;
use crate::model::{Answer, Road};
use crate::providers::script::Script;

fn args(domains: &[&str], since: &str, until: &str) -> StatsArgs {
    StatsArgs {
        domains: domains.iter().map(|domain| (*domain).to_owned()).collect(),
        since: since.parse().unwrap(),
        until: until.parse().unwrap(),
        interval: SignedDuration::from_mins(5),
        now: "2019-03-01T12:00:00Z".parse().unwrap(),
    }
}

fn asked<'a>(road: &'a dyn Road, verb: StatsVerb, args: &'a StatsArgs) -> impl Future<Output = Result<Answer>> + 'a {
    match support(verb) {
        Support::Does(handler) => handler(road, args),
        Support::Cannot { why, .. } => panic!("{why}"),
    }
}

fn values(rows: &Value) -> Vec<(String, u64)> {
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| (row["time"].as_str().unwrap().to_owned(), row["value"].as_u64().unwrap())).collect()
}

#[test]
fn the_printed_example_is_told_in_bits_and_bytes() {
    // The example of DescribeBillBandwidthAndFluxList; its times are Beijing's.
    let answer = json!({"PeakBandwidth": 117_042.495, "DataInfoList": [
        {"Bandwidth": 117_042.495, "Flux": 4_389_093.551, "Time": "2019-02-01 00:00:00", "PeakTime": "2019-02-01 00:00:00"},
        {"Bandwidth": 110_364.995, "Flux": 4_138_687.32, "Time": "2019-02-01 00:05:00", "PeakTime": "2019-02-01 00:05:00"},
        {"Bandwidth": 99_380.978, "Flux": 3_726_786.679, "Time": "2019-02-01 00:10:00", "PeakTime": "2019-02-01 00:10:00"},
    ]});
    let params = json!({"StartTime": "2019-01-31T16:00:00Z", "EndTime": "2019-01-31T16:10:00Z", "Granularity": 5,
        "PlayDomains": ["5000.playdomain.com"]});
    let wanted = args(&["5000.playdomain.com"], "2019-01-31T16:00:00Z", "2019-01-31T16:10:00Z");
    for (verb, first, second) in [
        (StatsVerb::Bandwidth, 117_042_495_000, 110_364_995_000),
        (StatsVerb::Traffic, 4_389_093_551_000, 4_138_687_320_000),
    ] {
        let script = Script::new(VENDOR).answers("DescribeBillBandwidthAndFluxList", params.clone(), answer.clone());
        let rows = script.rows(asked(&script, verb, &wanted));
        // The point at the end of the window is no longer in it.
        let expected = [("2019-01-31T16:00:00Z".to_owned(), first), ("2019-01-31T16:05:00Z".to_owned(), second)];
        assert_eq!(values(&rows), expected);
        assert_eq!((&rows[0]["unit"], &rows[0]["metric"]), (&json!(verb.unit()), &json!(verb.name())));
        assert_eq!(rows[0]["domain"], "5000.playdomain.com");
    }
}

#[test]
fn a_longer_time_is_asked_for_day_by_day_and_a_point_on_the_border_told_once() {
    let point = |time: &str| json!({"Bandwidth": 1.0, "Flux": 1.0, "Time": time});
    let day = |from: &str, to: &str| json!({"StartTime": from, "EndTime": to, "Granularity": 5});
    let script = Script::new(VENDOR)
        .answers(
            "DescribeBillBandwidthAndFluxList",
            day("2019-02-01T00:00:00Z", "2019-02-02T00:00:00Z"),
            json!({"DataInfoList": [point("2019-02-01 08:00:00"), point("2019-02-02 08:00:00")]}),
        )
        .answers(
            "DescribeBillBandwidthAndFluxList",
            day("2019-02-02T00:00:00Z", "2019-02-02T12:00:00Z"),
            json!({"DataInfoList": [point("2019-02-02 08:00:00"), point("2019-02-02 08:05:00")]}),
        );
    let wanted = args(&[], "2019-02-01T00:00:00Z", "2019-02-02T12:00:00Z");
    let rows = script.rows(asked(&script, StatsVerb::Bandwidth, &wanted));
    let times: Vec<String> = values(&rows).into_iter().map(|(time, _)| time).collect();
    assert_eq!(times, ["2019-02-01T00:00:00Z", "2019-02-02T00:00:00Z", "2019-02-02T00:05:00Z"]);
    assert_eq!(rows[0]["domain"], Value::Null);
}

#[test]
fn viewers_of_a_minute_make_five_minutes_and_the_last_minutes_are_not_asked_for() {
    let point = |time: &str, online: u64| json!({"Time": time, "Online": online, "Bandwidth": 1.0, "Flux": 1.0});
    let script = Script::new(VENDOR).answers(
        "DescribeStreamPlayInfoList",
        json!({"StartTime": "2019-03-01T11:50:00Z", "EndTime": "2019-03-01T11:56:00Z", "PlayDomain": "a.example.com"}),
        json!({"DataInfoList": [
            point("2019-03-01 19:50:00", 10), point("2019-03-01 19:52:00", 30), point("2019-03-01 19:53:00", 20),
            point("2019-03-01 19:55:00", 5),
        ]}),
    );
    let wanted = args(&["a.example.com"], "2019-03-01T11:50:00Z", "2019-03-01T12:00:00Z");
    let rows = script.rows(asked(&script, StatsVerb::Online, &wanted));
    let expected = [("2019-03-01T11:50:00Z".to_owned(), 30), ("2019-03-01T11:55:00Z".to_owned(), 5)];
    assert_eq!(values(&rows), expected);
}
