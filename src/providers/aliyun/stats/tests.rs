use serde_json::json;

use super::*;
use crate::error::Class;
use crate::providers::script::Script;

fn args(domains: &[&str]) -> StatsArgs {
    StatsArgs {
        domains: domains.iter().map(|domain| (*domain).to_owned()).collect(),
        since: "2017-12-10T20:00:00Z".parse().unwrap(),
        until: "2017-12-10T21:00:00Z".parse().unwrap(),
        interval: SignedDuration::from_mins(5),
        now: "2017-12-10T21:00:00Z".parse().unwrap(),
    }
}

fn asked<'a>(road: &'a dyn Road, verb: StatsVerb, args: &'a StatsArgs) -> impl Future<Output = Result<Answer>> + 'a {
    match support(verb) {
        Support::Does(handler) => handler(road, args),
        Support::Cannot { why, .. } => panic!("{why}"),
    }
}

#[test]
fn the_printed_example_is_told_as_it_is() {
    // The example of DescribeLiveDomainBpsData: numbers come as texts.
    let params = json!({"DomainName": "test.com", "StartTime": "2017-12-10T20:00:00Z",
        "EndTime": "2017-12-10T21:00:00Z", "Interval": "300"});
    let answer = json!({"DataInterval": "300", "BpsDataPerInterval": {"DataModule": [
        {"BpsValue": "11288111", "HttpBpsValue": "11286111", "HttpsBpsValue": "2000", "TimeStamp": "2017-12-10T20:00:00Z"},
        {"BpsValue": "1288111", "HttpBpsValue": "1286111", "HttpsBpsValue": "2000", "TimeStamp": "2017-12-10T20:05:00Z"},
    ]}});
    let script = Script::new(VENDOR).answers("DescribeLiveDomainBpsData", params, answer);
    let row = |time: &str, value: u64| {
        json!({"vendor": "aliyun", "profile": null, "domain": "test.com", "time": time, "metric": "bandwidth",
            "value": value, "unit": "bit/s"})
    };
    let expected = json!([row("2017-12-10T20:00:00Z", 11_288_111), row("2017-12-10T20:05:00Z", 1_288_111)]);
    assert_eq!(script.rows(asked(&script, StatsVerb::Bandwidth, &args(&["test.com"]))), expected);
}

#[test]
fn several_domains_are_asked_one_by_one_and_one_that_fails_is_told() {
    let params = |domain: &str| {
        json!({"DomainName": domain, "StartTime": "2017-12-10T20:00:00Z", "EndTime": "2017-12-10T21:00:00Z",
            "Interval": "300"})
    };
    let script = Script::new(VENDOR)
        .answers(
            "DescribeLiveDomainTrafficData",
            params("a.com"),
            json!({"TrafficDataPerInterval": {"DataModule": [
            {"TrafficValue": "423304182", "TimeStamp": "2017-12-10T20:00:00Z"}]}}),
        )
        .answers("DescribeLiveDomainTrafficData", params("b.com"), json!({}));
    let rows = script.rows(asked(&script, StatsVerb::Traffic, &args(&["a.com", "b.com"])));
    assert_eq!((rows.as_array().unwrap().len(), &rows[0]["value"]), (1, &json!(423_304_182)));
}

#[test]
fn viewers_are_told_of_named_domains_at_one_moment() {
    let script = Script::new(VENDOR).answers(
        "DescribeLiveDomainOnlineUserNum",
        json!({"DomainName": "a.com", "QueryTime": "2017-12-10T21:00:00Z"}),
        json!({"UserCount": 7, "StreamCount": 1}),
    );
    let rows = script.rows(asked(&script, StatsVerb::Online, &args(&["a.com"])));
    assert_eq!((&rows[0]["value"], &rows[0]["time"]), (&json!(7), &json!("2017-12-10T21:00:00Z")));
    let script = Script::new(VENDOR);
    let error = script.run(asked(&script, StatsVerb::Online, &args(&[]))).unwrap_err();
    assert_eq!((error.class(), error.details().faults[0].option.as_str()), (Class::Usage, "--domain"));
}

#[test]
fn viewers_that_are_not_told_are_not_none() {
    for answer in [json!({}), json!({"UserCount": null}), json!({"UserCount": "NaN"}), json!({"UserCount": -5})] {
        let params = json!({"DomainName": "a.com", "QueryTime": "2017-12-10T21:00:00Z"});
        let script = Script::new(VENDOR).answers("DescribeLiveDomainOnlineUserNum", params, answer.clone());
        let error = script.run(asked(&script, StatsVerb::Online, &args(&["a.com"]))).unwrap_err();
        assert_eq!(error.class(), Class::Vendor, "{answer}");
    }
}
