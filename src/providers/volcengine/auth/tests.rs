use serde_json::{Value, json};

use super::lists::{delete_ip, delete_referer, set_ip, set_referer, show_ip, show_referer};
use super::*;
use crate::model::{AccessList, ListKind, Secret};
use crate::providers::script::Script;

const DOMAIN: &str = "push.example.com";

fn stands(auth: &[Value]) -> Script {
    Script::new(VENDOR).answers(
        "DescribeAuth",
        json!({"SceneType": "push", "Domain": DOMAIN}),
        json!({"AuthList": auth}),
    )
}

fn played(auth: &[Value]) -> Script {
    let asked = json!({"SceneType": "pull", "Domain": DOMAIN});
    Script::new(VENDOR).answers("DescribeAuth", asked, json!({ "AuthList": auth }))
}

fn auth() -> Value {
    json!({"Domain": DOMAIN, "Vhost": "example", "App": "", "SceneType": "push", "AuthStatus": true,
           "TimeStampBase": 16, "ValidDuration": 600, "AuthDetailList": [
               {"AuthType": "TypeCustom", "EncryptionAlgorithm": "md5_custom", "SecretKey": "first",
                "AuthField": {"volcSecret": "sign", "volcTime": "expire"}, "EncryptField": ["SecretKey", "App"]},
               {"AuthType": "TypeCustom", "EncryptionAlgorithm": "md5_custom", "SecretKey": "second",
                "AuthField": null, "EncryptField": ["SecretKey"]}]})
}

fn push() -> UrlKeyArgs {
    UrlKeyArgs { domain: Some(DOMAIN.into()), ..UrlKeyArgs::default() }
}

fn access() -> AccessArgs {
    AccessArgs { domain: Some(DOMAIN.into()), vhost: Some("example".into()), ..AccessArgs::default() }
}

fn listing(kind: ListKind, entries: &[&str]) -> AccessArgs {
    let entries = entries.iter().map(|entry| (*entry).to_owned()).collect();
    AccessArgs { list: Some(AccessList { kind, entries }), ..access() }
}

fn referers(rules: &[Value]) -> Script {
    let list = json!([{"Domain": DOMAIN, "Vhost": "example", "App": "", "RefererInfoList": rules}]);
    let list = if rules.is_empty() { json!([]) } else { list };
    Script::new(VENDOR).answers("DescribeReferer", json!({"Domain": DOMAIN}), json!({ "RefererList": list }))
}

fn addresses(rule: &Value) -> Script {
    let list = if rule.is_null() { json!([]) } else { json!([{"Domain": DOMAIN, "IPAccessRule": rule}]) };
    let asked = json!({"Domain": DOMAIN, "Vhost": "example"});
    Script::new(VENDOR).answers("DescribeIPAccessRule", asked, json!({ "AccessRuleLists": list }))
}

#[test]
fn keys_are_shown_and_a_domain_without_them_does_not_sign() {
    let script = stands(&[auth()]);
    assert_eq!(
        script.rows(show(&script, &push())),
        json!([{"vendor": "volcengine", "profile": null, "domain": DOMAIN, "scope": "push", "enabled": true,
                "key": "first", "backup_key": "second", "valid_seconds": 600}])
    );
    let script = stands(&[]);
    assert_eq!(script.rows(show(&script, &push()))[0]["enabled"], false);
}

#[test]
fn the_update_replaces_everything_so_everything_goes_along() {
    let script = stands(&[auth()]).answers(
        "UpdateAuthKey",
        json!({"Domain": DOMAIN, "SceneType": "push", "PushPullEnable": true, "TimeStampBase": 16,
               "ValidDuration": 600, "AuthDetailList": [
                   {"AuthType": "TypeCustom", "EncryptionAlgorithm": "md5_custom", "SecretKey": "third",
                    "AuthField": {"volcSecret": "sign", "volcTime": "expire"}, "EncryptField": ["SecretKey", "App"]},
                   {"AuthType": "TypeCustom", "EncryptionAlgorithm": "md5_custom", "SecretKey": "second",
                    "EncryptField": ["SecretKey"]}]}),
        json!({}),
    );
    let args = UrlKeyArgs { key: Some(Secret::new("third")), ..push() };
    assert_eq!(
        json!(script.changed(set(&script, &args)).changes),
        json!([{"field": "key", "from": "first", "to": "third"}])
    );
}

#[test]
fn the_first_key_brings_a_scheme_and_another_scheme_its_own_algorithm() {
    let script = stands(&[]).answers(
        "UpdateAuthKey",
        json!({"Domain": DOMAIN, "SceneType": "push", "PushPullEnable": true, "AuthDetailList": [
            {"AuthType": "TypeB", "EncryptionAlgorithm": "md5", "SecretKey": "third"}]}),
        json!({}),
    );
    let args = UrlKeyArgs { enabled: Some(true), key: Some(Secret::new("third")), ..push() };
    assert!(script.changed(set(&script, &args)).changed);
    let script = played(&[]).answers(
        "UpdateAuthKey",
        json!({"Domain": DOMAIN, "SceneType": "pull", "PushPullEnable": true, "AuthDetailList": [
            {"AuthType": "TypeA", "EncryptionAlgorithm": "md5", "SecretKey": "third"}]}),
        json!({}),
    );
    assert!(script.changed(set(&script, &UrlKeyArgs { scope: KeyScope::Play, ..args })).changed);
    assert_eq!(*script.notes.borrow(), ["addresses are signed by scheme a: --scheme chooses b or c"]);
    let script = played(&[auth()]).answers(
        "UpdateAuthKey",
        json!({"Domain": DOMAIN, "SceneType": "pull", "PushPullEnable": true, "TimeStampBase": 16,
               "ValidDuration": 600, "AuthDetailList": [
                   {"AuthType": "TypeC", "EncryptionAlgorithm": "md5", "SecretKey": "first"},
                   {"AuthType": "TypeC", "EncryptionAlgorithm": "md5", "SecretKey": "second"}]}),
        json!({}),
    );
    let refused = UrlKeyArgs { scheme: Some(UrlScheme::C), ..push() };
    let nothing_sent = Script::new(VENDOR);
    let error = nothing_sent.run(set(&nothing_sent, &refused)).unwrap_err();
    assert_eq!(error.details().faults[0].option, "--scheme");
    let args = UrlKeyArgs { scope: KeyScope::Play, ..refused };
    assert_eq!(
        json!(script.changed(set(&script, &args)).changes),
        json!([{"field": "scheme", "from": "TypeCustom", "to": "c"}])
    );
}

#[test]
fn a_setting_without_a_key_is_refused_and_one_that_stands_is_left_alone() {
    let script = stands(&[]);
    let error = script.run(set(&script, &UrlKeyArgs { enabled: Some(true), ..push() })).unwrap_err();
    assert_eq!(error.details().faults.iter().map(|fault| fault.option.as_str()).collect::<Vec<_>>(), ["--key"]);
    let script = stands(&[auth()]);
    let args = UrlKeyArgs { enabled: Some(true), valid_seconds: Some(600), ..push() };
    assert!(!script.changed(set(&script, &args)).changed);
}

#[test]
fn sites_are_shown_and_rules_that_stood_keep_what_else_they_say() {
    let old = json!({"Key": "refer", "Type": "allow", "Priority": 3, "Value": "www.example.com"});
    let script = referers(std::slice::from_ref(&old));
    assert_eq!(
        script.rows(show_referer(&script, &access())),
        json!([{"vendor": "volcengine", "profile": null, "domain": DOMAIN, "enabled": true, "kind": "allow",
                "allow_empty": null, "domains": ["www.example.com"]}])
    );
    let script = referers(std::slice::from_ref(&old)).answers(
        "UpdateReferer",
        json!({"Vhost": "example", "Domain": DOMAIN, "RefererInfoList": [
            {"Key": "refer", "Type": "allow", "Priority": 3, "Value": "www.example.com"},
            {"Key": "refer", "Type": "allow", "Value": "example.com"}]}),
        json!({}),
    );
    let args = listing(ListKind::Allow, &["www.example.com", "example.com"]);
    assert_eq!(script.changed(set_referer(&script, &args)).changes.len(), 1);
}

#[test]
fn the_first_list_of_sites_and_its_end() {
    let script = referers(&[]).answers(
        "UpdateReferer",
        json!({"Vhost": "example", "Domain": DOMAIN, "RefererInfoList": [
            {"Key": "referer", "Type": "deny", "Value": "bad.example.com"}]}),
        json!({}),
    );
    assert!(script.changed(set_referer(&script, &listing(ListKind::Block, &["bad.example.com"]))).changed);
    let old = json!({"Key": "referer", "Type": "deny", "Priority": 0, "Value": "bad.example.com"});
    let script = referers(&[old]).answers("DeleteReferer", json!({"Vhost": "example", "Domain": DOMAIN}), json!({}));
    assert!(script.changed(delete_referer(&script, &access())).changed);
    assert_eq!(*script.questions.borrow(), ["delete the list of embedding sites of push.example.com"]);
    let script = referers(&[]);
    assert_eq!(script.run(delete_referer(&script, &access())).unwrap_err().class(), Class::NotFound);
}

#[test]
fn rules_of_both_kinds_are_no_one_kind() {
    let rules = [
        json!({"Key": "referer", "Type": "deny", "Priority": 0, "Value": "a.com"}),
        json!({"Key": "referer", "Type": "allow", "Priority": 0, "Value": "b.com"}),
    ];
    let script = referers(&rules);
    let rows = script.rows(show_referer(&script, &access()));
    assert_eq!((&rows[0]["kind"], &rows[0]["domains"]), (&Value::Null, &json!(["a.com", "b.com"])));
}

#[test]
fn an_app_needs_its_space_and_has_no_domain() {
    let script = Script::new(VENDOR);
    let args = AccessArgs { app: Some("live".into()), ..AccessArgs::default() };
    let error = script.run(show_referer(&script, &args)).unwrap_err();
    assert_eq!(error.details().faults.iter().map(|fault| fault.option.as_str()).collect::<Vec<_>>(), ["--vhost"]);
    let args = AccessArgs { app: Some("live".into()), ..access() };
    let error = script.run(show_referer(&script, &args)).unwrap_err();
    assert_eq!(error.details().faults.iter().map(|fault| fault.option.as_str()).collect::<Vec<_>>(), ["--app"]);
}

#[test]
fn the_space_of_addresses_is_looked_up_and_other_settings_stay() {
    let rule =
        json!({"Enable": false, "IPList": ["192.0.2.1"], "Type": "allow", "DenyHTTPStatusCode": 451, "EnableTS": true});
    let script = addresses(&rule)
        .answers(
            "ListDomainDetail",
            json!({"DomainNameList": [DOMAIN], "PageNum": 1, "PageSize": 1000}),
            json!({"DomainList": [{"Domain": DOMAIN, "Vhost": "example"}], "Total": 1}),
        )
        .answers(
            "UpdateIPAccessRule",
            json!({"Domain": DOMAIN, "Vhost": "example", "IPAccessRule": {"Enable": true, "IPList": ["192.0.2.7"],
                   "Type": "deny", "DenyHTTPStatusCode": 451, "EnableTS": true}}),
            json!({}),
        );
    let args = AccessArgs { vhost: None, ..listing(ListKind::Block, &["192.0.2.7"]) };
    let changed = script.changed(set_ip(&script, &args));
    assert_eq!(
        json!(changed.changes),
        json!([{"field": "enabled", "from": false, "to": true}, {"field": "kind", "from": "allow", "to": "block"},
               {"field": "addresses", "from": ["192.0.2.1"], "to": ["192.0.2.7"]}])
    );
}

#[test]
fn addresses_are_shown_deleted_and_missed() {
    let rule =
        json!({"Enable": true, "IPList": ["192.0.2.1"], "Type": "allow", "DenyHTTPStatusCode": 0, "EnableTS": false});
    let script = addresses(&rule);
    assert_eq!(
        script.rows(show_ip(&script, &access())),
        json!([{"vendor": "volcengine", "profile": null, "domain": DOMAIN, "enabled": true, "kind": "allow",
                "addresses": ["192.0.2.1"]}])
    );
    let script =
        addresses(&rule).answers("DeleteIPAccessRule", json!({"Domain": DOMAIN, "Vhost": "example"}), json!({}));
    assert!(script.changed(delete_ip(&script, &access())).changed);
    let script = addresses(&Value::Null);
    assert_eq!(script.run(delete_ip(&script, &access())).unwrap_err().class(), Class::NotFound);
}
