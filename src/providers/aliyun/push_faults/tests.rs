use serde_json::json;

use super::*;
use crate::error::Class;
use crate::providers::script::Script;

fn args(domains: &[&str]) -> StatsArgs {
    StatsArgs {
        domains: domains.iter().map(|domain| (*domain).to_owned()).collect(),
        since: "2016-06-29T09:00:00Z".parse().unwrap(),
        until: "2016-06-29T09:10:00Z".parse().unwrap(),
        interval: jiff::SignedDuration::ZERO,
        now: "2016-06-29T10:00:00Z".parse().unwrap(),
    }
}

#[test]
fn every_status_but_success_is_a_fault_with_its_meaning() {
    // The values are those that the vendor's document has as examples.
    let script = Script::new(Vendor::Aliyun).answers(
        "DescribeLiveDomainPublishErrorCode",
        json!({"DomainName": "example1.aliyundoc.com", "StartTime": "2016-06-29T09:00:00Z",
            "EndTime": "2016-06-29T09:10:00Z"}),
        json!({"DataInterval": "60", "DomainName": "example1.aliyundoc.com", "RealTimeCodeData": [
            {"TimeStamp": "2016-06-29T09:01:00Z", "CodeData": [
                {"Code": "200", "Count": "20", "Proportion": "66.04"},
                {"Code": "403", "Count": "7", "Proportion": "23.10"},
                {"Code": "599", "Count": "3", "Proportion": "9.90"},
                {"Code": "500", "Count": "0", "Proportion": "0"}]},
            {"TimeStamp": "2016-06-29T09:00:00Z", "CodeData": [{"Code": "3", "Count": 1, "Proportion": "100"}]},
            {"TimeStamp": "2016-06-29T09:02:00Z", "CodeData": []},
            {"TimeStamp": "2016-06-29T09:10:00Z", "CodeData": [{"Code": "3", "Count": "1", "Proportion": "100"}]}]}),
    );
    let rows = script.rows(emit(&script, &args(&["example1.aliyundoc.com"])));
    let row = |time: &str, reason: &str, count: u64| {
        json!({"vendor": "aliyun", "profile": null, "domain": "example1.aliyundoc.com", "app": null, "stream": null,
            "time": time, "reason": reason, "count": count})
    };
    let expected = json!([
        row("2016-06-29T09:00:00Z", "3: nothing came in time", 1),
        row("2016-06-29T09:01:00Z", "403: the push is not allowed: its signature", 7),
        row("2016-06-29T09:01:00Z", "599", 3),
    ]);
    assert_eq!(rows, expected);
}

#[test]
fn domains_are_named() {
    let script = Script::new(Vendor::Aliyun);
    let error = script.run(emit(&script, &args(&[]))).unwrap_err();
    assert_eq!((error.class(), error.details().faults[0].option.as_str()), (Class::Usage, "--domain"));
}

#[test]
fn what_cannot_be_read_is_told() {
    for (raw, wrong) in [
        (json!({"TimeStamp": "2016-06-29T09:00:00Z", "CodeData": {}}), "the `CodeData` of a point is no list"),
        (json!({"CodeData": []}), "the `TimeStamp` of a point is no time"),
        (
            json!({"TimeStamp": "2016-06-29T09:00:00Z", "CodeData": [{"Count": "1"}]}),
            "a point has a count without its `Code`",
        ),
        (
            json!({"TimeStamp": "2016-06-29T09:00:00Z", "CodeData": [{"Code": "3"}]}),
            "the `Count` of a code is no number",
        ),
    ] {
        assert_eq!(read(&raw), Err(wrong.to_owned()), "{raw}");
    }
}
