use serde_json::json;

use super::*;
use crate::model::{AccessList, Secret};
use crate::providers::script::Script;

const PUSH: &str = "5000.livepush.example.com";
const PLAY: &str = "5000.liveplay.example.com";

fn script() -> Script {
    Script::new(VENDOR)
}

fn push_keys(script: Script) -> Script {
    script.answers(
        "DescribeLivePushAuthKey",
        json!({"DomainName": PUSH}),
        json!({"PushAuthKeyInfo": {"DomainName": PUSH, "Enable": 0, "MasterAuthKey": "first", "BackupAuthKey": "",
               "AuthDelta": 300}}),
    )
}

fn play_keys(script: Script) -> Script {
    script.answers(
        "DescribeLivePlayAuthKey",
        json!({"DomainName": PLAY}),
        json!({"PlayAuthKeyInfo": {"DomainName": PLAY, "Enable": 1, "AuthKey": "first", "AuthBackKey": "second",
               "AuthDelta": 300}}),
    )
}

fn referers(script: Script) -> Script {
    script.answers(
        "DescribeLiveDomainReferer",
        json!({"DomainName": PLAY}),
        json!({"RefererAuthConfig": {"DomainName": PLAY, "Enable": 0, "Type": 0, "AllowEmpty": 1,
               "Rules": "xxx.com;yyy.com"}}),
    )
}

fn push() -> UrlKeyArgs {
    UrlKeyArgs { domain: Some(PUSH.into()), ..UrlKeyArgs::default() }
}

fn play() -> UrlKeyArgs {
    UrlKeyArgs { scope: KeyScope::Play, domain: Some(PLAY.into()), ..UrlKeyArgs::default() }
}

fn sites() -> AccessArgs {
    AccessArgs { domain: Some(PLAY.into()), ..AccessArgs::default() }
}

fn allowing(sites: &[&str]) -> Option<AccessList> {
    Some(AccessList { kind: ListKind::Allow, entries: sites.iter().map(|site| (*site).to_owned()).collect() })
}

#[test]
fn keys_are_shown_with_their_state() {
    let script = push_keys(script());
    assert_eq!(
        script.rows(show_keys(&script, &push())),
        json!([{"vendor": "tencent", "profile": null, "domain": PUSH, "scope": "push", "enabled": false,
                "key": "first", "backup_key": null, "valid_seconds": 300}])
    );
    let script = play_keys(self::script());
    assert_eq!(
        script.rows(show_keys(&script, &play())),
        json!([{"vendor": "tencent", "profile": null, "domain": PLAY, "scope": "play", "enabled": true,
                "key": "first", "backup_key": "second", "valid_seconds": 300}])
    );
}

#[test]
fn only_what_is_named_is_sent_and_the_time_that_would_be_reset() {
    let script = push_keys(script()).answers(
        "ModifyLivePushAuthKey",
        json!({"DomainName": PUSH, "Enable": 1, "MasterAuthKey": "third", "AuthDelta": 300}),
        json!({}),
    );
    let args = UrlKeyArgs { enabled: Some(true), key: Some(Secret::new("third")), ..push() };
    let changed = script.changed(set_keys(&script, &args));
    assert_eq!(changed.action.as_deref(), Some("ModifyLivePushAuthKey"));
    assert_eq!(
        json!(changed.changes),
        json!([{"field": "enabled", "from": false, "to": true}, {"field": "key", "from": "first", "to": "third"}])
    );
    let script = play_keys(self::script()).answers(
        "ModifyLivePlayAuthKey",
        json!({"DomainName": PLAY, "AuthBackKey": "third", "AuthDelta": 600}),
        json!({}),
    );
    let args = UrlKeyArgs { backup_key: Some(Secret::new("third")), valid_seconds: Some(600), ..play() };
    let fields: Vec<String> =
        script.changed(set_keys(&script, &args)).changes.into_iter().map(|change| change.field).collect();
    assert_eq!(fields, ["backup_key", "valid_seconds"]);
}

#[test]
fn a_time_of_nothing_is_told() {
    let info = json!({"PushAuthKeyInfo": {"Enable": 0, "MasterAuthKey": "first", "AuthDelta": 0}});
    let script = script().answers("DescribeLivePushAuthKey", json!({"DomainName": PUSH}), info).answers(
        "ModifyLivePushAuthKey",
        json!({"DomainName": PUSH, "Enable": 1, "AuthDelta": 0}),
        json!({}),
    );
    assert!(script.changed(set_keys(&script, &UrlKeyArgs { enabled: Some(true), ..push() })).changed);
    assert_eq!(
        *script.notes.borrow(),
        ["signed addresses end at their own time: `set --valid TIME` lets them last longer"]
    );
}

#[test]
fn keys_that_are_as_asked_for_are_left_alone() {
    let script = play_keys(script());
    let args = UrlKeyArgs { enabled: Some(true), valid_seconds: Some(300), ..play() };
    assert!(!script.changed(set_keys(&script, &args)).changed);
}

#[test]
fn all_that_is_wrong_with_keys_is_told_before_anything_is_sent() {
    let args =
        UrlKeyArgs { key: Some(Secret::new("")), scheme: Some(crate::model::UrlScheme::B), ..UrlKeyArgs::default() };
    let script = script();
    let error = script.run(set_keys(&script, &args)).unwrap_err();
    let options: Vec<&str> = error.details().faults.iter().map(|fault| fault.option.as_str()).collect();
    assert_eq!(options, ["--domain", "--key", "--scheme"]);
}

#[test]
fn naming_a_list_of_sites_puts_it_in_force_and_keeps_the_rest() {
    let script = referers(script()).answers(
        "ModifyLiveDomainReferer",
        json!({"DomainName": PLAY, "Enable": 1, "Type": 1, "AllowEmpty": 1, "Rules": "www.example.com;example.com"}),
        json!({}),
    );
    let args = AccessArgs { list: allowing(&["www.example.com", "example.com"]), ..sites() };
    let changed = script.changed(set_referer(&script, &args));
    assert_eq!(
        json!(changed.changes),
        json!([{"field": "enabled", "from": false, "to": true}, {"field": "kind", "from": "block", "to": "allow"},
               {"field": "domains", "from": ["xxx.com", "yyy.com"], "to": ["www.example.com", "example.com"]}])
    );
    assert_eq!(script.notes.borrow().len(), 1);
}

#[test]
fn turning_the_check_off_keeps_the_list() {
    let script = script()
        .answers(
            "DescribeLiveDomainReferer",
            json!({"DomainName": PLAY}),
            json!({"RefererAuthConfig": {"Enable": 1, "Type": 1, "AllowEmpty": 0, "Rules": "a.com"}}),
        )
        .answers(
            "ModifyLiveDomainReferer",
            json!({"DomainName": PLAY, "Enable": 0, "Type": 1, "AllowEmpty": 0, "Rules": "a.com"}),
            json!({}),
        );
    let args = AccessArgs { enabled: Some(false), ..sites() };
    assert_eq!(script.changed(set_referer(&script, &args)).changes.len(), 1);
}

#[test]
fn what_tencent_does_not_tell_has_to_be_named() {
    let script = script().answers("DescribeLiveDomainReferer", json!({"DomainName": PLAY}), json!({}));
    let args = AccessArgs { list: allowing(&["a.com"]), ..sites() };
    let error = script.run(set_referer(&script, &args)).unwrap_err();
    let options: Vec<&str> = error.details().faults.iter().map(|fault| fault.option.as_str()).collect();
    assert_eq!(options, ["--allow-empty"]);
}
