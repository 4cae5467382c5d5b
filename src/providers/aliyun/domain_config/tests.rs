use serde_json::json;

use super::*;
use crate::providers::script::Script;

const DOMAIN: &str = "play.example.com";

fn config(function: &str, id: u64, arguments: &[(&str, &str)]) -> Value {
    let arguments: Vec<Value> =
        arguments.iter().map(|(name, value)| json!({"ArgName": name, "ArgValue": value})).collect();
    json!({"FunctionName": function, "ConfigId": id, "Status": "success", "FunctionArgs": {"FunctionArg": arguments}})
}

fn stands(functions: Option<&str>, configs: &[Value]) -> Script {
    let mut asked = json!({ "DomainName": DOMAIN });
    if let Some(functions) = functions {
        asked["FunctionNames"] = json!(functions);
    }
    let answer = json!({"DomainConfigs": {"DomainConfig": configs}});
    Script::new(VENDOR).answers("DescribeLiveDomainConfigs", asked, answer)
}

fn sets(script: Script, function: Value) -> Script {
    script.answers("BatchSetLiveDomainConfigs", json!({"DomainNames": DOMAIN, "Functions": [function]}), json!({}))
}

fn asked(functions: &[&str], arguments: &[(&str, &str)]) -> DomainConfigArgs {
    DomainConfigArgs {
        domain: Some(DOMAIN.into()),
        functions: functions.iter().map(|name| (*name).to_owned()).collect(),
        arguments: arguments.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        ..DomainConfigArgs::default()
    }
}

fn faults(error: &Error) -> Vec<(&str, &str)> {
    error.details().faults.iter().map(|fault| (fault.option.as_str(), fault.allowed.as_str())).collect()
}

#[test]
fn functions_are_listed_with_their_arguments() {
    let host = config("set_req_host_header", 5_003_576, &[("domain_name", "testscdn3.cdnpe.com")]);
    let limit = config("tmd_signature", 7, &[("path", "/a"), ("path", "/b"), ("count", "9")]);
    let script = stands(None, &[host, limit]);
    assert_eq!(
        script.rows(show(&script, &asked(&[], &[]))),
        json!([
            {"vendor": "aliyun", "profile": null, "domain": DOMAIN, "function": "set_req_host_header",
             "id": "5003576", "status": "success", "arguments": {"domain_name": "testscdn3.cdnpe.com"}},
            {"vendor": "aliyun", "profile": null, "domain": DOMAIN, "function": "tmd_signature", "id": "7",
             "status": "success", "arguments": {"path": "/a,/b", "count": "9"}},
        ])
    );
}

#[test]
fn our_names_are_sent_as_the_vendors() {
    let script = stands(Some("aliauth,gzip"), &[config("gzip", 1, &[("enable", "on")])]);
    assert_eq!(script.rows(show(&script, &asked(&["url-auth", "compression"], &[])))[0]["function"], "gzip");
}

#[test]
fn every_domain_is_looked_through_where_none_is_named() {
    let script = stands(None, &[config("gzip", 1, &[("enable", "on")])]).answers(
        "DescribeLiveUserDomains",
        json!({"PageSize": 50, "PageNumber": 1}),
        json!({"Domains": {"PageData": [{"DomainName": DOMAIN}]}, "TotalCount": 1, "PageNumber": 1, "PageSize": 50}),
    );
    let args = DomainConfigArgs { domain: None, ..asked(&[], &[]) };
    assert_eq!(script.rows(show(&script, &args))[0]["domain"], DOMAIN);
}

#[test]
fn setting_keeps_the_arguments_that_are_not_named() {
    let old = config("referer_white_list_set", 3, &[("refer_domain_allow_list", "a.com"), ("allow_empty", "on")]);
    let script = sets(
        stands(None, std::slice::from_ref(&old)),
        json!({"functionName": "referer_white_list_set", "functionArgs": [
            {"argName": "refer_domain_allow_list", "argValue": "b.com"}, {"argName": "allow_empty", "argValue": "on"}]}),
    );
    let changed = script.changed(set(&script, &asked(&["hotlink"], &[("refer-domain-allow-list", "b.com")])));
    assert_eq!(
        json!(changed.changes),
        json!([{"field": "referer_white_list_set.refer_domain_allow_list", "from": "a.com", "to": "b.com"}])
    );
    let script = stands(None, &[old]);
    assert!(!script.changed(set(&script, &asked(&["hotlink"], &[("allow_empty", "on")]))).changed);
}

#[test]
fn one_record_of_several_is_made_or_replaced() {
    let arguments = json!([{"argName": "ttl", "argValue": "18"}, {"argName": "file_type", "argValue": "jpg"}]);
    let made = json!({"functionName": "filetype_based_ttl_set", "functionArgs": arguments});
    let script = sets(Script::new(VENDOR), made);
    let args = asked(&["cache-by-type"], &[("ttl", "18"), ("file_type", "jpg")]);
    assert_eq!(script.changed(set(&script, &args)).changes.len(), 2);
    let records = [
        config("filetype_based_ttl_set", 5_068_995, &[("ttl", "13"), ("file_type", "jpg")]),
        config("filetype_based_ttl_set", 5_068_996, &[("ttl", "13"), ("file_type", "txt")]),
    ];
    let after = json!([{"argName": "ttl", "argValue": "18"}, {"argName": "file_type", "argValue": "txt"}]);
    let script = sets(
        stands(None, &records),
        json!({"functionName": "filetype_based_ttl_set", "functionArgs": after, "configId": 5_068_996}),
    );
    let args = DomainConfigArgs { id: Some(5_068_996), ..asked(&["cache-by-type"], &[("ttl", "18")]) };
    assert_eq!(script.changed(set(&script, &args)).changes.len(), 1);
    let script = stands(None, &records);
    let args = DomainConfigArgs { id: Some(9), ..asked(&["cache-by-type"], &[("ttl", "18")]) };
    assert_eq!(script.run(set(&script, &args)).unwrap_err().class(), Class::NotFound);
}

#[test]
fn every_wrong_argument_is_told_at_once() {
    let script = Script::new(VENDOR);
    let wrong = [("auth_type", "type_z"), ("auth_key3", "x"), ("auth_key1", "a"), ("auth_key1", "b")];
    let error = script.run(set(&script, &asked(&["url-auth"], &wrong))).unwrap_err();
    assert_eq!(
        faults(&error),
        [
            ("auth_type", "one of no_auth, type_a, type_b, type_c"),
            ("auth_key3", "an argument of aliauth: auth_type, auth_key1, auth_key2, ali_auth_delta"),
            ("auth_key1", "given once"),
        ]
    );
    let odd = DomainConfigArgs { odd: vec!["on".into()], ..asked(&["force-https"], &[("enable", "yes")]) };
    let error = script.run(set(&script, &odd)).unwrap_err();
    assert_eq!(faults(&error).iter().map(|(option, _)| *option).collect::<Vec<_>>(), ["NAME=VALUE", "enable"]);
    let wrong = [("ttl", "soon"), ("weight", "100"), ("path", "/a")];
    let error = script.run(set(&script, &asked(&["cache-by-path"], &wrong))).unwrap_err();
    assert_eq!(faults(&error), [("ttl", "a whole number, 0 or more"), ("weight", "a whole number, 1 to 99")]);
}

#[test]
fn an_unknown_function_is_answered_with_the_nearest() {
    let script = Script::new(VENDOR);
    let error = script.run(set(&script, &asked(&["url-atuh"], &[("x", "y")]))).unwrap_err();
    let allowed = faults(&error)[0].1;
    assert!(
        allowed.starts_with("url-auth (did you mean that?), or one of hotlink (referer_white_list_set), "),
        "{allowed}"
    );
    // What is listed for deleting only is not proposed for setting.
    let error = script.run(set(&script, &asked(&["gzip"], &[("enable", "on")]))).unwrap_err();
    let allowed = faults(&error)[0].1;
    assert!(allowed.starts_with("one of hotlink") && !allowed.contains("gzip"), "{allowed}");
    let error = script.run(delete(&script, &asked(&["private-oss"], &[]))).unwrap_err();
    assert_eq!(faults(&error)[0].0, "FUNCTION");
}

#[test]
fn what_is_missing_is_told() {
    let script = Script::new(VENDOR);
    let error = script.run(set(&script, &DomainConfigArgs::default())).unwrap_err();
    assert_eq!(faults(&error).iter().map(|(option, _)| *option).collect::<Vec<_>>(), ["--domain", "FUNCTION"]);
}

#[test]
fn deleting_asks_and_tells_what_goes() {
    let old = config("https_force", 4, &[("enable", "on")]);
    let script = stands(None, std::slice::from_ref(&old)).answers(
        "BatchDeleteLiveDomainConfigs",
        json!({"DomainNames": DOMAIN, "FunctionNames": "https_force"}),
        json!({}),
    );
    let changed = script.changed(delete(&script, &asked(&["force-https"], &[])));
    assert_eq!(json!(changed.changes), json!([{"field": "https_force.enable", "from": "on", "to": null}]));
    assert_eq!(*script.questions.borrow(), ["delete https_force of play.example.com, with all arguments"]);
    let script = stands(None, &[]);
    assert_eq!(script.run(delete(&script, &asked(&["force-https"], &[]))).unwrap_err().class(), Class::NotFound);
}

#[test]
fn names_are_found_one_way_only() {
    let mut names: Vec<&str> = FUNCTIONS.iter().flat_map(|one| [one.name, one.friendly]).collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!((names.len(), all), (48, 48));
    assert_eq!(FUNCTIONS.iter().filter(|one| one.sets).count(), 17);
}
