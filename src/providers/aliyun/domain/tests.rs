use serde_json::json;

use super::*;
use crate::providers::script::Script;

fn args(name: &str) -> DomainArgs {
    DomainArgs { name: name.into(), ..DomainArgs::default() }
}

fn detail(status: &str) -> Value {
    json!({"DomainDetail": {
        "Cname": "bb.test.com.scdn7mhp.com", "DomainName": "bb.test.com", "DomainStatus": status,
        "GmtCreated": "2017-11-27T06:51:25Z", "GmtModified": "2017-11-27T06:51:26Z", "LiveDomainType": "liveVideo",
        "Region": "cn-beijing", "Scope": "domestic",
    }})
}

fn named(name: &str) -> Value {
    json!({ "DomainName": name })
}

#[test]
fn a_list_tells_no_area_and_one_domain_does() {
    let script = Script::new(VENDOR).answers(
        "DescribeLiveUserDomains",
        json!({"LiveDomainType": "liveVideo", "PageSize": 50, "PageNumber": 1}),
        json!({"PageNumber": 1, "TotalCount": 1, "PageSize": 50, "Domains": {"PageData": [{
            "DomainName": "live.yourdomain.com", "Cname": "xingzu-bj.alivecdn.com.w.alikunlun.net",
            "LiveDomainType": "liveVideo", "GmtCreated": "2017-08-29T12:15:36Z", "LiveDomainStatus": "configure_failed",
            "RegionName": "cn-beijing",
        }]}}),
    );
    let asked = DomainArgs { kind: Some(DomainKind::Play), ..DomainArgs::default() };
    assert_eq!(
        script.rows(list(&script, &asked)),
        json!([{
            "vendor": "aliyun", "profile": null, "name": "live.yourdomain.com", "type": "play", "status": "failed",
            "status_detail": "configure_failed", "cname": "xingzu-bj.alivecdn.com.w.alikunlun.net", "cname_ok": null,
            "area": null, "created_at": "2017-08-29T12:15:36Z",
        }])
    );

    let script = Script::new(VENDOR).answers("DescribeLiveDomainDetail", named("bb.test.com"), detail("online"));
    let row = script.rows(show(&script, &args("bb.test.com")));
    assert_eq!((&row[0]["area"], &row[0]["status"]), (&json!("mainland"), &json!("enabled")));
}

#[test]
fn a_state_that_the_vendor_does_not_filter_by_is_filtered_here() {
    let page = json!({"TotalCount": 2, "Domains": {"PageData": [
        {"DomainName": "a.com", "LiveDomainStatus": "check_failed"},
        {"DomainName": "b.com", "LiveDomainStatus": "online"},
    ]}});
    let script = Script::new(VENDOR).answers("DescribeLiveUserDomains", json!({"PageSize": 50, "PageNumber": 1}), page);
    let asked = DomainArgs { status: Some(DomainStatus::Failed), ..DomainArgs::default() };
    let rows = script.rows(list(&script, &asked));
    assert_eq!((rows.as_array().map(Vec::len), &rows[0]["name"]), (Some(1), &json!("a.com")));

    let script = Script::new(VENDOR);
    let asked = DomainArgs { area: Some(Area::Global), ..DomainArgs::default() };
    assert_eq!(script.run(list(&script, &asked)).unwrap_err().class(), Class::Usage);
}

#[test]
fn the_live_centre_follows_the_area_and_is_told() {
    for (area, region, scope) in [
        (Area::Mainland, "cn-shanghai", "domestic"),
        (Area::Overseas, "ap-southeast-1", "overseas"),
        (Area::Global, "ap-southeast-1", "global"),
    ] {
        let script = Script::new(VENDOR).answers(
            "AddLiveDomain",
            json!({"DomainName": "a.com", "LiveDomainType": "liveEdge", "Region": region, "Scope": scope}),
            json!({}),
        );
        let asked = DomainArgs { kind: Some(DomainKind::Push), area: Some(area), ..args("a.com") };
        let changed = script.changed(add(&script, &asked));
        assert_eq!(changed.changes.last(), Some(&Change::new("domain_region", Value::Null, region)));
        assert!(script.notes.borrow()[0].contains(region));
    }
}

#[test]
fn a_chosen_centre_is_sent_silently_and_a_wildcard_begins_with_a_dot() {
    let script = Script::new(VENDOR).answers(
        "AddLiveDomain",
        json!({"DomainName": ".a.com", "LiveDomainType": "liveVideo", "Region": "cn-beijing"}),
        json!({}),
    );
    let asked =
        DomainArgs { kind: Some(DomainKind::Play), domain_region: Some("cn-beijing".into()), ..args("*.a.com") };
    assert_eq!(script.changed(add(&script, &asked)).id.as_deref(), Some(".a.com"));
    assert!(script.notes.borrow().is_empty());

    let script = Script::new(VENDOR);
    let asked = DomainArgs { verify_owner: Some("dnsCheck".into()), vhost: Some("v".into()), ..args("a.com") };
    assert_eq!(script.run(add(&script, &asked)).unwrap_err().details().faults.len(), 3);
}

#[test]
fn turning_on_and_off_and_deleting_read_first() {
    let one = named("bb.test.com");
    let script = Script::new(VENDOR).answers("DescribeLiveDomainDetail", one.clone(), detail("offline"));
    assert!(!script.changed(turn(&script, &args("bb.test.com"), DomainStatus::Disabled)).changed);

    let script = Script::new(VENDOR).answers("DescribeLiveDomainDetail", one.clone(), detail("offline")).answers(
        "StartLiveDomain",
        one.clone(),
        json!({}),
    );
    let changed = script.changed(turn(&script, &args("bb.test.com"), DomainStatus::Enabled));
    assert_eq!(changed.changes, [Change::new("status", "disabled", "enabled")]);
    assert!(script.questions.borrow().is_empty());

    let script = Script::new(VENDOR).answers("DescribeLiveDomainDetail", one.clone(), detail("online")).answers(
        "StopLiveDomain",
        one.clone(),
        json!({}),
    );
    script.changed(turn(&script, &args("bb.test.com"), DomainStatus::Disabled));
    assert_eq!(*script.questions.borrow(), ["disable the playback domain bb.test.com"]);

    let script = Script::new(VENDOR).answers("DescribeLiveDomainDetail", one.clone(), detail("online")).answers(
        "DeleteLiveDomain",
        one,
        json!({}),
    );
    assert_eq!(script.changed(delete(&script, &args("bb.test.com"))).changes.len(), 4);
    assert_eq!(script.questions.borrow().len(), 1);
}

#[test]
fn mapping_is_done_once_and_undone_once() {
    let pair = json!({"PushDomain": "push.com", "PullDomain": "play.com"});
    let bound = json!({"LiveDomainModels": {"LiveDomainModel": [{"DomainName": "play.com", "Type": "vhost"}]}});
    let free = json!({"LiveDomainModels": {"LiveDomainModel": []}});
    let asked = DomainArgs { play: Some("play.com".into()), ..args("push.com") };
    let reading =
        |answer: &Value| Script::new(VENDOR).answers("DescribeLiveDomainMapping", named("push.com"), answer.clone());

    let script = reading(&free).answers("AddLiveDomainMapping", pair.clone(), json!({}));
    assert_eq!(script.changed(map(&script, &asked)).changes, [Change::new("play", Value::Null, "play.com")]);
    let script = reading(&bound);
    assert!(!script.changed(map(&script, &asked)).changed);

    let script = reading(&bound).answers("DeleteLiveDomainMapping", pair, json!({}));
    assert_eq!(script.changed(unmap(&script, &asked)).changes, [Change::new("play", "play.com", Value::Null)]);
    assert_eq!(script.questions.borrow().len(), 1);
    let script = reading(&free);
    assert_eq!(script.run(unmap(&script, &asked)).unwrap_err().class(), Class::NotFound);

    let script = Script::new(VENDOR);
    assert_eq!(script.run(map(&script, &args("push.com"))).unwrap_err().class(), Class::Usage);
}
