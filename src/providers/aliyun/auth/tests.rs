use serde_json::{Value, json};

use super::*;
use crate::error::Class;
use crate::model::{AccessList, KeyScope, ListKind, Secret};
use crate::providers::script::Script;

const DOMAIN: &str = "play.example.com";

fn config(function: &str, arguments: &[(&str, &str)]) -> Value {
    let arguments: Vec<Value> =
        arguments.iter().map(|(name, value)| json!({"ArgName": name, "ArgValue": value})).collect();
    json!({"FunctionName": function, "ConfigId": 5_003_576, "Status": "success",
           "FunctionArgs": {"FunctionArg": arguments}})
}

fn stands(functions: &str, configs: &[Value]) -> Script {
    Script::new(VENDOR).answers(
        "DescribeLiveDomainConfigs",
        json!({"DomainName": DOMAIN, "FunctionNames": functions}),
        json!({"DomainConfigs": {"DomainConfig": configs}}),
    )
}

fn sets(script: Script, function: &str, arguments: &[(&str, &str)]) -> Script {
    let arguments: Vec<Value> =
        arguments.iter().map(|(name, value)| json!({"argName": name, "argValue": value})).collect();
    let functions = json!([{"functionName": function, "functionArgs": arguments}]);
    script.answers("BatchSetLiveDomainConfigs", json!({"DomainNames": DOMAIN, "Functions": functions}), json!({}))
}

fn keys_of() -> UrlKeyArgs {
    UrlKeyArgs { scope: KeyScope::Play, domain: Some(DOMAIN.into()), ..UrlKeyArgs::default() }
}

fn access() -> AccessArgs {
    AccessArgs { domain: Some(DOMAIN.into()), ..AccessArgs::default() }
}

fn listing(kind: ListKind, entries: &[&str]) -> AccessArgs {
    let entries = entries.iter().map(|entry| (*entry).to_owned()).collect();
    AccessArgs { list: Some(AccessList { kind, entries }), ..access() }
}

const REFERERS: &str = "referer_white_list_set,referer_black_list_set";
const ADDRESSES: &str = "ip_white_list_set,ip_black_list_set";
const SIGNED: &[(&str, &str)] =
    &[("auth_type", "type_b"), ("auth_key1", "first"), ("auth_key2", "second"), ("ali_auth_delta", "60")];

#[test]
fn keys_are_shown_and_a_domain_without_them_does_not_sign() {
    let script = stands("aliauth", &[config("aliauth", SIGNED)]);
    assert_eq!(
        script.rows(show(&script, &keys_of())),
        json!([{"vendor": "aliyun", "profile": null, "domain": DOMAIN, "scope": "play", "enabled": true,
                "key": "first", "backup_key": "second", "valid_seconds": 60}])
    );
    let script = stands("aliauth", &[]);
    assert_eq!(script.rows(show(&script, &keys_of()))[0]["enabled"], false);
}

#[test]
fn the_first_key_brings_a_scheme_and_says_so() {
    let script = sets(stands("aliauth", &[]), "aliauth", &[("auth_type", "type_a"), ("auth_key1", "third")]);
    let args = UrlKeyArgs { enabled: Some(true), key: Some(Secret::new("third")), ..keys_of() };
    let changed = script.changed(set(&script, &args));
    let fields: Vec<&str> = changed.changes.iter().map(|change| change.field.as_str()).collect();
    assert_eq!(fields, ["enabled", "key", "scheme"]);
    assert_eq!(*script.notes.borrow(), ["addresses are signed by scheme a: --scheme chooses b or c"]);
}

#[test]
fn what_is_not_named_goes_along() {
    let after = &[("auth_type", "type_b"), ("auth_key1", "third"), ("auth_key2", "second"), ("ali_auth_delta", "60")];
    let script = sets(stands("aliauth", &[config("aliauth", SIGNED)]), "aliauth", after);
    let args = UrlKeyArgs { key: Some(Secret::new("third")), ..keys_of() };
    assert_eq!(
        json!(script.changed(set(&script, &args)).changes),
        json!([{"field": "key", "from": "first", "to": "third"}])
    );
    let off = &[("auth_type", "no_auth"), ("auth_key1", "first"), ("auth_key2", "second"), ("ali_auth_delta", "60")];
    let script = sets(stands("aliauth", &[config("aliauth", SIGNED)]), "aliauth", off);
    let args = UrlKeyArgs { enabled: Some(false), ..keys_of() };
    assert_eq!(
        json!(script.changed(set(&script, &args)).changes),
        json!([{"field": "enabled", "from": true, "to": false}, {"field": "scheme", "from": "b", "to": null}])
    );
}

#[test]
fn signing_needs_a_key() {
    let script = stands("aliauth", &[]);
    let error = script.run(set(&script, &UrlKeyArgs { enabled: Some(true), ..keys_of() })).unwrap_err();
    assert_eq!(error.details().faults.iter().map(|fault| fault.option.as_str()).collect::<Vec<_>>(), ["--key"]);
}

#[test]
fn embedding_is_forbidden_on_other_sites() {
    let arguments = &[("refer_domain_allow_list", "www.example.com")];
    let script = sets(stands(REFERERS, &[]), "referer_white_list_set", arguments);
    let changed = script.changed(lists::REFERER.set(&script, &listing(ListKind::Allow, &["www.example.com"])));
    assert_eq!(
        json!(changed.changes),
        json!([{"field": "enabled", "from": false, "to": true}, {"field": "kind", "from": null, "to": "allow"},
               {"field": "domains", "from": [], "to": ["www.example.com"]}])
    );
}

#[test]
fn a_list_keeps_what_is_not_named() {
    let old = config("referer_black_list_set", &[("refer_domain_deny_list", "a.com,b.com"), ("allow_empty", "on")]);
    let new = &[("refer_domain_deny_list", "a.com,b.com"), ("allow_empty", "off")];
    let script = sets(stands(REFERERS, std::slice::from_ref(&old)), "referer_black_list_set", new);
    let args = AccessArgs { allow_empty: Some(false), ..access() };
    assert_eq!(
        json!(script.changed(lists::REFERER.set(&script, &args)).changes),
        json!([{"field": "allow_empty", "from": true, "to": false}])
    );
    let script = stands(REFERERS, &[old]);
    let same = listing(ListKind::Block, &["a.com", "b.com"]);
    assert!(!script.changed(lists::REFERER.set(&script, &same)).changed);
}

#[test]
fn the_other_list_is_in_the_way() {
    let old = config("ip_black_list_set", &[("ip_list", "192.0.2.7")]);
    let script = stands(ADDRESSES, &[old]);
    let error = script.run(lists::IP.set(&script, &listing(ListKind::Allow, &["192.0.2.1"]))).unwrap_err();
    assert_eq!(error.class(), Class::Conflict);
    assert_eq!(error.details().hints, ["delete it first: `livectl auth ip delete --domain play.example.com`"]);
}

#[test]
fn deleting_asks_and_names_the_functions_that_are_there() {
    let old = config("ip_black_list_set", &[("ip_list", "192.0.2.7,192.0.2.8")]);
    let script = stands(ADDRESSES, std::slice::from_ref(&old)).answers(
        "BatchDeleteLiveDomainConfigs",
        json!({"DomainNames": DOMAIN, "FunctionNames": "ip_black_list_set"}),
        json!({}),
    );
    let changed = script.changed(lists::IP.delete(&script, &access()));
    assert_eq!(*script.questions.borrow(), ["delete the list of IP addresses of play.example.com"]);
    assert_eq!(changed.changes.len(), 3);
    let script = stands(ADDRESSES, &[old]).unwilling();
    assert!(script.run(lists::IP.delete(&script, &access())).is_err());
    let script = stands(ADDRESSES, &[]);
    let error = script.run(lists::IP.delete(&script, &access())).unwrap_err();
    assert_eq!(error.class(), Class::NotFound);
}

#[test]
fn both_lists_side_by_side_are_told() {
    let configs = [
        config("ip_white_list_set", &[("ip_list", "192.0.2.1")]),
        config("ip_black_list_set", &[("ip_list", "192.0.2.7")]),
    ];
    let script = stands(ADDRESSES, &configs);
    let rows = script.rows(lists::IP.show(&script, &access()));
    assert_eq!((&rows[0]["kind"], &rows[0]["addresses"]), (&Value::Null, &json!(["192.0.2.1", "192.0.2.7"])));
    assert_eq!(script.notes.borrow().len(), 1);
}

#[test]
fn a_list_is_in_force_as_long_as_it_is_there() {
    let args = AccessArgs { enabled: Some(false), vhost: Some("space".into()), ..access() };
    let script = Script::new(VENDOR);
    let error = script.run(lists::REFERER.set(&script, &args)).unwrap_err();
    let options: Vec<&str> = error.details().faults.iter().map(|fault| fault.option.as_str()).collect();
    assert_eq!(options, ["--vhost", "--disable"]);
}
