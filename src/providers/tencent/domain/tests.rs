use std::time::Duration;

use serde_json::json;

use super::*;
use crate::providers::script::Script;

fn play(status: u8) -> Value {
    json!({"DomainInfo": {
        "Name": "abc.com", "Type": 1, "Status": status, "CreateTime": "2018-08-29 10:00:00", "BCName": 1,
        "TargetDomain": "abc.com.liveplay.myqcloud.com", "CurrentCName": "", "IsDelayLive": 0, "RentTag": 0,
        "RentExpireTime": "0000-00-00 00:00:00",
    }})
}

fn args(name: &str) -> DomainArgs {
    DomainArgs { name: name.into(), ..DomainArgs::default() }
}

#[test]
fn a_list_has_our_words_for_the_numbers() {
    let mut listed = play(1)["DomainInfo"].clone();
    listed["PlayType"] = json!(3);
    let push = json!({
        "Name": "push.com", "Type": 0, "Status": 0, "PlayType": 1, "BCName": 0, "CreateTime": "0000-00-00 00:00:00",
    });
    let script = Script::new(VENDOR).answers(
        "DescribeLiveDomains",
        json!({"PageNum": 1, "PageSize": 100}),
        json!({"AllCount": 2, "DomainList": [listed, push]}),
    );
    assert_eq!(
        script.rows(list(&script, &DomainArgs::default())),
        json!([
            {"vendor": "tencent", "profile": null, "name": "abc.com", "type": "play", "status": "enabled",
             "status_detail": "1", "cname": "abc.com.liveplay.myqcloud.com", "cname_ok": true, "area": "overseas",
             "created_at": "2018-08-29T02:00:00Z"},
            {"vendor": "tencent", "profile": null, "name": "push.com", "type": "push", "status": "disabled",
             "status_detail": "0", "cname": null, "cname_ok": false, "area": null, "created_at": null},
        ])
    );
}

#[test]
fn filters_are_sent_and_an_area_means_playback_domains() {
    let script = Script::new(VENDOR).answers(
        "DescribeLiveDomains",
        json!({"DomainStatus": 0, "DomainType": 1, "PlayType": 2, "PageNum": 1, "PageSize": 100}),
        json!({"AllCount": 0, "DomainList": []}),
    );
    let asked = DomainArgs { area: Some(Area::Global), status: Some(DomainStatus::Disabled), ..DomainArgs::default() };
    assert_eq!(script.rows(list(&script, &asked)), json!([]));

    let script = Script::new(VENDOR);
    let asked = DomainArgs { kind: Some(DomainKind::Push), status: Some(DomainStatus::Checking), ..asked };
    let error = script.run(list(&script, &asked)).unwrap_err();
    assert_eq!((error.class(), error.details().faults.len()), (Class::Usage, 2));
}

#[test]
fn a_domain_without_a_play_type_has_no_area() {
    let script = Script::new(VENDOR).answers("DescribeLiveDomain", json!({"DomainName": "abc.com"}), play(1));
    let row = script.rows(show(&script, &args("abc.com")));
    assert_eq!((&row[0]["area"], &row[0]["type"]), (&json!(null), &json!("play")));

    let script =
        Script::new(VENDOR).answers("DescribeLiveDomain", json!({"DomainName": "x.com"}), json!({"DomainInfo": null}));
    assert_eq!(script.run(show(&script, &args("x.com"))).unwrap_err().class(), Class::NotFound);
}

#[test]
fn adding_sends_numbers_and_tells_what_was_made() {
    let script = Script::new(VENDOR).answers(
        "AddLiveDomain",
        json!({"DomainName": "a.com", "DomainType": 1, "PlayType": 1, "VerifyOwnerType": "dnsCheck"}),
        json!({"RequestId": "r"}),
    );
    let asked = DomainArgs {
        kind: Some(DomainKind::Play),
        area: Some(Area::Mainland),
        verify_owner: Some("dnsCheck".into()),
        ..args("a.com")
    };
    let changed = script.changed(add(&script, &asked));
    assert_eq!(
        serde_json::to_value(changed).unwrap(),
        json!({
            "vendor": "tencent", "profile": null, "action": "AddLiveDomain", "id": "a.com", "name": "a.com",
            "changed": true, "request_id": "request-1",
            "changes": [
                {"field": "name", "from": null, "to": "a.com"},
                {"field": "type", "from": null, "to": "play"},
                {"field": "area", "from": null, "to": "mainland"},
            ],
        })
    );
}

#[test]
fn a_push_domain_has_no_area_and_says_so() {
    let script =
        Script::new(VENDOR).answers("AddLiveDomain", json!({"DomainName": "p.com", "DomainType": 0}), json!({}));
    let asked = DomainArgs { kind: Some(DomainKind::Push), area: Some(Area::Mainland), ..args("p.com") };
    assert_eq!(script.changed(add(&script, &asked)).changes.len(), 2);
    assert_eq!(script.notes.borrow().len(), 1);
}

#[test]
fn what_is_missing_or_foreign_is_told_before_anything_is_sent() {
    let script = Script::new(VENDOR);
    let asked = DomainArgs { vhost: Some("v".into()), domain_region: Some("cn-shanghai".into()), ..args("a.com") };
    let error = script.run(add(&script, &asked)).unwrap_err();
    let options: Vec<&str> = error.details().faults.iter().map(|fault| fault.option.as_str()).collect();
    assert_eq!(options, ["--domain-region", "--vhost", "--type"]);
}

const ADDED: &str = "AddLiveDomain";

fn refusal(code: &str) -> Error {
    Error::new(Class::Auth, "refused").hint("a vague one").with(|details| details.code = Some(code.to_owned()))
}

/// A push domain that Tencent does not add before its ownership is proved.
fn unproven() -> Script {
    let asked = json!({"DomainName": "live.a.com", "DomainType": 0});
    Script::new(VENDOR).fails(ADDED, asked, refusal("FailedOperation.DomainNeedVerifyOwner"))
}

fn looks(script: Script, how: &str, status: i64) -> Script {
    script.answers(
        "AuthenticateDomainOwner",
        json!({"DomainName": "live.a.com", "VerifyType": how}),
        json!({"Content": "cssauth_da06159e", "MainDomain": "a.com", "Status": status}),
    )
}

fn new_domain() -> DomainArgs {
    DomainArgs { kind: Some(DomainKind::Push), ..args("live.a.com") }
}

#[test]
fn an_unproven_owner_is_told_the_record_and_the_next_command() {
    let script = looks(unproven(), "dnsCheck", -1);
    let error = script.run(add(&script, &new_domain())).unwrap_err();
    script.finish();
    assert_eq!(
        error.details().hints,
        [
            "create the DNS record of type TXT with the value `cssauth_da06159e` for a.com: it proves the ownership",
            "`livectl domain owner verify --domain live.a.com --verify-type dnsCheck` tells whether Tencent sees it; \
             then `livectl domain add live.a.com --type push --verify-owner dbCheck`",
            "or let livectl wait for it: `livectl domain add live.a.com --type push --wait`",
        ]
    );
    let other = Script::new(VENDOR).fails(
        ADDED,
        json!({"DomainName": "live.a.com", "DomainType": 0}),
        refusal("FailedOperation.HostOutLimit"),
    );
    assert_eq!(other.run(add(&other, &new_domain())).unwrap_err().details().hints, ["a vague one"]);
}

#[test]
fn a_file_may_prove_it_and_what_cannot_be_asked_is_named() {
    let asked = json!({"DomainName": "live.a.com", "DomainType": 0, "VerifyOwnerType": "fileCheck"});
    let script = Script::new(VENDOR).fails(ADDED, asked.clone(), refusal("FailedOperation.DomainNeedVerifyOwner"));
    let script = looks(script, "fileCheck", -1);
    let by_file = DomainArgs { verify_owner: Some("fileCheck".into()), ..new_domain() };
    let error = script.run(add(&script, &by_file)).unwrap_err();
    assert!(error.details().hints[0].starts_with("publish the file `cssauth_da06159e`"), "{error:?}");
    let script = unproven().fails(
        "AuthenticateDomainOwner",
        json!({"DomainName": "live.a.com", "VerifyType": "dnsCheck"}),
        Error::new(Class::Vendor, "failed"),
    );
    let error = script.run(add(&script, &new_domain())).unwrap_err();
    assert_eq!(
        (error.class(), error.details().hints.last().map(String::as_str)),
        (
            Class::Auth,
            Some("`livectl domain owner verify --domain live.a.com --verify-type dnsCheck` tells what to publish")
        )
    );
}

#[test]
fn waiting_looks_again_until_the_proof_is_there() {
    let added = json!({"DomainName": "live.a.com", "DomainType": 0, "VerifyOwnerType": "dbCheck"});
    let script = looks(looks(looks(unproven(), "dnsCheck", -1), "dnsCheck", -1), "dnsCheck", 0)
        .answers(ADDED, added.clone(), json!({}))
        .answers("DescribeLiveDomain", json!({"DomainName": "live.a.com"}), json!({"DomainInfo": {"Status": 1}}))
        .patient(Duration::from_secs(900));
    let changed = script.changed(add(&script, &new_domain()));
    assert_eq!((changed.changed, changed.action.as_deref()), (true, Some(ADDED)));
    assert_eq!(*script.pauses.borrow(), [Duration::from_secs(15), Duration::from_secs(15)]);
    assert_eq!(script.notes.borrow().len(), 2, "what to publish, and that the domain is enabled");
    // A proof that is there already needs no waiting.
    let script = looks(unproven(), "dnsCheck", 1).answers(ADDED, added, json!({}));
    assert!(script.changed(add(&script, &new_domain())).changed);
    assert!(script.pauses.borrow().is_empty());
}

#[test]
fn waiting_ends() {
    let mut script = unproven();
    for _ in 0..3 {
        script = looks(script, "dnsCheck", -1);
    }
    let script = script.patient(Duration::from_secs(20));
    let error = script.run(add(&script, &new_domain())).unwrap_err();
    script.finish();
    assert_eq!((error.class(), error.class().exit_code()), (Class::Timeout, 11));
    assert_eq!(*script.pauses.borrow(), [Duration::from_secs(15), Duration::from_secs(5)]);
}

#[test]
fn turning_on_and_off_reads_first() {
    let one = json!({"DomainName": "abc.com"});
    let script = Script::new(VENDOR).answers("DescribeLiveDomain", one.clone(), play(1));
    let changed = script.changed(turn(&script, &args("abc.com"), DomainStatus::Enabled));
    assert_eq!((changed.changed, changed.action), (false, None));

    let script = Script::new(VENDOR).answers("DescribeLiveDomain", one.clone(), play(1)).answers(
        "ForbidLiveDomain",
        one.clone(),
        json!({}),
    );
    let changed = script.changed(turn(&script, &args("abc.com"), DomainStatus::Disabled));
    assert_eq!(changed.action.as_deref(), Some("ForbidLiveDomain"));
    assert_eq!(script.changes.borrow()[0], [crate::model::Change::new("status", "enabled", "disabled")]);
    assert_eq!(*script.questions.borrow(), ["disable the playback domain abc.com"]);

    let script = Script::new(VENDOR).answers("DescribeLiveDomain", one, play(1)).unwilling();
    let error = script.run(turn(&script, &args("abc.com"), DomainStatus::Disabled)).unwrap_err();
    assert_eq!((error.class(), script.actions()), (Class::Usage, vec!["DescribeLiveDomain".to_owned()]));
}

#[test]
fn deleting_needs_the_type_and_reads_it_unless_it_is_given() {
    let script = Script::new(VENDOR).answers("DescribeLiveDomain", json!({"DomainName": "abc.com"}), play(0)).answers(
        "DeleteLiveDomain",
        json!({"DomainName": "abc.com", "DomainType": 1}),
        json!({}),
    );
    let changed = script.changed(delete(&script, &args("abc.com")));
    assert_eq!(changed.changes.len(), 3);
    assert_eq!(*script.questions.borrow(), ["delete the playback domain abc.com"]);

    let script =
        Script::new(VENDOR).answers("DeleteLiveDomain", json!({"DomainName": "abc.com", "DomainType": 0}), json!({}));
    script.changed(delete(&script, &DomainArgs { kind: Some(DomainKind::Push), ..args("abc.com") }));
}
