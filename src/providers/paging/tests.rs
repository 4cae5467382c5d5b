use serde_json::json;

use super::*;
use crate::model::Vendor;
use crate::providers::script::Script;

fn names(first: usize, last: usize) -> Vec<Value> {
    (first..=last).map(|n| json!({ "Name": format!("d{n}") })).collect()
}

fn all(script: &Script, call: Call) -> Result<Vec<Value>, Error> {
    let items = script.run(Pages::all(call, script));
    script.finish();
    items
}

#[test]
fn the_first_call_of_every_list_has_what_the_vendor_requires_for_turning_pages() {
    let mut required = 0;
    for vendor in Vendor::ALL {
        for action in catalog::actions(vendor) {
            let Some(paging) = &action.pagination else { continue };
            let first = Pages::first(&Call::new(vendor, action.name));
            let names = [Some(paging.page_param), paging.size_param].into_iter().flatten();
            for name in names.filter(|name| action.param(name).is_some_and(|param| param.required)) {
                // A mark comes from an answer, and is asked of whoever begins in the middle.
                let mark = paging.style == "cursor";
                assert!(mark || first.params.contains_key(name), "{vendor} {}: {name}", action.name);
                required += usize::from(!mark);
            }
        }
    }
    assert!(required > 20, "{required}");
}

#[test]
fn pages_by_number_up_to_the_total() {
    let page = |n: u64, from, to| {
        (json!({"PageNum": n, "PageSize": 100}), json!({"AllCount": 150, "DomainList": names(from, to)}))
    };
    let ((one, first), (two, second)) = (page(1, 1, 100), page(2, 101, 150));
    let script = Script::new(Vendor::Tencent).answers("DescribeLiveDomains", one, first).answers(
        "DescribeLiveDomains",
        two,
        second,
    );
    let call = Call::new(Vendor::Tencent, "DescribeLiveDomains");
    assert_eq!(all(&script, call).unwrap(), names(1, 150));
}

#[test]
fn a_page_shorter_than_asked_is_no_end_while_the_total_is_not_reached() {
    let call = || Call::new(Vendor::Tencent, "DescribeLiveDomains").with("PageSize", 2);
    let script = Script::new(Vendor::Tencent)
        .answers(
            "DescribeLiveDomains",
            json!({"PageSize": 2, "PageNum": 1}),
            json!({"AllCount": "2", "DomainList": names(1, 1)}),
        )
        .answers(
            "DescribeLiveDomains",
            json!({"PageSize": 2, "PageNum": 2}),
            json!({"AllCount": "2", "DomainList": names(2, 2)}),
        );
    assert_eq!(all(&script, call()).unwrap(), names(1, 2));
}

#[test]
fn a_page_parameter_of_the_call_fetches_that_page_only() {
    let script = Script::new(Vendor::Tencent).answers(
        "DescribeLiveDomains",
        json!({"PageNum": 3}),
        json!({"AllCount": 150, "DomainList": names(21, 30)}),
    );
    let call = Call::new(Vendor::Tencent, "DescribeLiveDomains").with("PageNum", 3);
    assert_eq!(all(&script, call).unwrap(), names(21, 30));
}

#[test]
fn a_listing_that_repeats_ends_with_an_error() {
    let reply = json!({"AllCount": 9, "DomainList": names(1, 2)});
    let script = Script::new(Vendor::Tencent)
        .answers("DescribeLiveDomains", json!({"PageNum": 1, "PageSize": 100}), reply.clone())
        .answers("DescribeLiveDomains", json!({"PageNum": 2, "PageSize": 100}), reply);
    let error = all(&script, Call::new(Vendor::Tencent, "DescribeLiveDomains")).unwrap_err();
    assert_eq!(error.class(), Class::Vendor);
}

#[test]
fn an_estimated_total_does_not_cut_the_list() {
    let item = |n: usize| json!({ "Stream": n });
    let list = |from: usize, to: usize| (from..=to).map(item).collect::<Vec<_>>();
    let page = |from, to| json!({"RoughCount": 1, "StreamInfoList": list(from, to)});
    let asked = |n: u64| json!({"PageNum": n, "PageSize": 2});
    let script = Script::new(Vendor::Volcengine).answers("DescribeLiveStreamInfoByPage", asked(1), page(1, 2)).answers(
        "DescribeLiveStreamInfoByPage",
        asked(2),
        page(3, 3),
    );
    let call = Call::new(Vendor::Volcengine, "DescribeLiveStreamInfoByPage").with("PageSize", 2);
    assert_eq!(all(&script, call).unwrap().len(), 3);
}

#[test]
fn offsets_count_items_and_marks_are_handed_on() {
    let bindings = |n: u64| json!({"TotalNum": 51, "LiveDomainCertBindings": vec![n; if n == 0 { 50 } else { 1 }]});
    let script = Script::new(Vendor::Tencent)
        .answers("DescribeLiveDomainCertBindings", json!({"Offset": 0, "Length": 50}), bindings(0))
        .answers("DescribeLiveDomainCertBindings", json!({"Offset": 50, "Length": 50}), bindings(1));
    assert_eq!(all(&script, Call::new(Vendor::Tencent, "DescribeLiveDomainCertBindings")).unwrap().len(), 51);

    let range = json!({"StartTime": 1, "EndTime": 2});
    let mut second = range.clone();
    second["ScrollToken"] = json!("next");
    let script = Script::new(Vendor::Tencent)
        .answers("DescribeRecordTask", range, json!({"ScrollToken": "next", "TaskList": [1]}))
        .answers("DescribeRecordTask", second, json!({"ScrollToken": "", "TaskList": [2]}));
    let call = Call::new(Vendor::Tencent, "DescribeRecordTask").with("StartTime", 1).with("EndTime", 2);
    assert_eq!(all(&script, call).unwrap(), [json!(1), json!(2)]);
}

#[test]
fn a_required_start_time_that_is_the_mark_is_walked_on() {
    let asked = |start: &str| {
        json!({"AppName": "live", "DomainName": "d", "StreamName": "s", "EndTime": "2017-12-22T09:00:00Z",
               "StartTime": start, "Limit": 100})
    };
    let list = |n: u64| json!({"LiveStreamSnapshotInfo": [{ "OssObject": n }]});
    let script = Script::new(Vendor::Aliyun)
        .answers(
            "DescribeLiveStreamSnapshotInfo",
            asked("2017-12-22T08:00:00Z"),
            json!({"LiveStreamSnapshotInfoList": list(1), "NextStartTime": "2017-12-22T08:30:00Z"}),
        )
        .answers(
            "DescribeLiveStreamSnapshotInfo",
            asked("2017-12-22T08:30:00Z"),
            json!({"LiveStreamSnapshotInfoList": list(2)}),
        );
    let Value::Object(mut params) = asked("2017-12-22T08:00:00Z") else { unreachable!() };
    params.remove("Limit");
    let call = Call { vendor: Vendor::Aliyun, action: "DescribeLiveStreamSnapshotInfo".into(), params };
    assert_eq!(all(&script, call).unwrap().len(), 2);
}
