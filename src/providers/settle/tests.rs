use serde_json::json;

use super::*;
use crate::providers::catalog;
use crate::providers::script::Script;

const MINUTE: Duration = Duration::from_secs(60);

/// A script of a change that was made, and its call.
fn made(vendor: Vendor, action: &str, params: Value) -> (Script, Call) {
    let Value::Object(params) = params else { panic!("parameters are no object") };
    (Script::new(vendor).patient(MINUTE), Call { vendor, action: action.to_owned(), params })
}

fn reply(result: Value) -> Reply {
    Reply { body: result.to_string(), result, request_id: Some("request-0".to_owned()) }
}

/// Waits, and tells what changed as (field, to).
fn settled(script: &Script, call: &Call, answer: Value) -> Result<Vec<(String, Value)>> {
    let mut changes = vec![Change::new("name", Value::Null, "a")];
    let ended = script.run(after(script, call, &reply(answer), &mut changes));
    script.finish();
    ended.map(|()| changes.into_iter().map(|change| (change.field, change.to)).collect())
}

fn name() -> Value {
    json!({"DomainName": "a.example.com"})
}

fn status(state: &str) -> Value {
    json!({"DomainDetail": {"DomainName": "a.example.com", "DomainStatus": state}})
}

fn not_found() -> Error {
    Error::new(Class::NotFound, "InvalidDomain.NotFound")
}

#[test]
fn a_new_domain_of_aliyun_is_waited_for_until_it_is_online() {
    let (script, call) = made(Vendor::Aliyun, "AddLiveDomain", name());
    let script = script
        .fails("DescribeLiveDomainDetail", name(), not_found())
        .answers("DescribeLiveDomainDetail", name(), status("configuring"))
        .answers("DescribeLiveDomainDetail", name(), status("online"));
    let changes = settled(&script, &call, json!({})).unwrap();
    assert_eq!(changes, [("name".to_owned(), json!("a")), ("status".to_owned(), json!("enabled"))]);
    assert_eq!(*script.notes.borrow(), ["domain a.example.com is enabled after 5s"]);
    let states: Vec<Option<String>> = script.watched.borrow().iter().flatten().map(|seen| seen.state.clone()).collect();
    assert_eq!(states, [None, Some("not there yet".to_owned()), Some("configuring".to_owned())]);
}

#[test]
fn a_domain_that_ends_badly_is_applied_and_differs() {
    let (script, call) = made(Vendor::Aliyun, "StopLiveDomain", name());
    let script = script.answers("DescribeLiveDomainDetail", name(), status("configuring")).answers(
        "DescribeLiveDomainDetail",
        name(),
        status("configure_failed"),
    );
    let error = settled(&script, &call, json!({})).unwrap_err();
    assert_eq!((error.class(), error.details().outcome), (Class::Differs, Some(Outcome::Applied)));
    assert_eq!(error.to_string(), "waiting for domain a.example.com: applied, but it ended as failed");
    assert_eq!(error.details().hints, ["`livectl domain show a.example.com --vendor aliyun` shows it"]);
}

#[test]
fn what_does_not_settle_in_time_is_applied_and_names_the_command_that_goes_on() {
    let (script, call) = made(Vendor::Aliyun, "AddLiveDomain", name());
    let looks = 8;
    let configuring = |script: Script, _| script.answers("DescribeLiveDomainDetail", name(), status("configuring"));
    let script = (0..=looks).fold(script, configuring);
    let error = settled(&script, &call, json!({})).unwrap_err();
    assert_eq!((error.class(), error.details().outcome), (Class::Timeout, Some(Outcome::Applied)));
    let message = "waiting for domain a.example.com: applied, but not settled within 1m, last seen configuring";
    assert_eq!(error.to_string(), message);
    let hint = "`livectl wait domain a.example.com --for enabled --vendor aliyun` goes on waiting";
    assert_eq!(error.details().hints, [hint]);
    assert_eq!(error.details().action.as_deref(), Some("AddLiveDomain"));
    assert_eq!(error.details().request_id.as_deref(), Some("request-0"));
    assert_eq!(script.elapsed(), MINUTE);
}

#[test]
fn a_deletion_has_settled_when_nothing_is_there() {
    let (script, call) = made(Vendor::Aliyun, "DeleteLiveDomain", name());
    let script = script.answers("DescribeLiveDomainDetail", name(), status("configuring")).fails(
        "DescribeLiveDomainDetail",
        name(),
        not_found(),
    );
    let changes = settled(&script, &call, json!({})).unwrap();
    assert_eq!(changes, [("name".to_owned(), json!("a"))], "what is gone has no state");
    let asked = json!({"PageNum": 1, "PageSize": 1000, "DomainNameList": ["a.example.com"]});
    for listed in [json!([]), json!([{"Domain": "a.example.com", "Status": 3}])] {
        let (script, call) = made(Vendor::Volcengine, "DeleteDomain", json!({"Domain": "a.example.com"}));
        let script = script.answers("ListDomainDetail", asked.clone(), json!({"Total": 1, "DomainList": listed}));
        assert!(settled(&script, &call, json!({})).is_ok());
    }
}

#[test]
fn all_domains_of_a_call_must_settle() {
    let domains = json!({"Vhost": "space", "Domains": [{"DomainName": "a.cn"}, {"DomainName": "b.cn"}]});
    let (script, call) = made(Vendor::Volcengine, "CreateDomainV2", domains);
    let asked = json!({"PageNum": 1, "PageSize": 1000, "DomainNameList": ["a.cn", "b.cn"]});
    let listed = |a: u8, b: u8| {
        json!({"Total": 3, "DomainList": [{"Domain": "A.cn", "Status": a}, {"Domain": "b.cn", "Status": b},
            {"Domain": "c.cn", "Status": 4}]})
    };
    let script = script.answers("ListDomainDetail", asked.clone(), listed(0, 1)).answers(
        "ListDomainDetail",
        asked.clone(),
        listed(0, 0),
    );
    let changes = settled(&script, &call, json!({})).unwrap();
    assert_eq!(changes.last(), Some(&("status".to_owned(), json!("enabled"))));
    assert_eq!(*script.notes.borrow(), ["domain a.cn, b.cn is enabled after 2s"]);
}

#[test]
fn functions_of_several_domains_are_looked_at_one_by_one() {
    let functions = json!([{"functionName": "aliauth", "functionArgs": []}]);
    let params = json!({"DomainNames": "a.cn, b.cn", "Functions": functions});
    let (script, call) = made(Vendor::Aliyun, "BatchSetLiveDomainConfigs", params);
    let configs = |status: &str| {
        json!({"DomainConfigs": {"DomainConfig": [{"FunctionName": "aliauth", "Status": status},
            {"FunctionName": "range", "Status": "failed"}]}})
    };
    let of = |domain: &str| json!({"DomainName": domain});
    let script = script
        .answers("DescribeLiveDomainConfigs", of("a.cn"), configs("success"))
        .answers("DescribeLiveDomainConfigs", of("b.cn"), configs("testing"))
        .answers("DescribeLiveDomainConfigs", of("a.cn"), configs("success"))
        .answers("DescribeLiveDomainConfigs", of("b.cn"), configs("success"));
    let changes = settled(&script, &call, json!({})).unwrap();
    assert_eq!(changes.last(), Some(&("status".to_owned(), json!("success"))));
}

#[test]
fn a_task_that_starts_soon_is_waited_for_and_one_that_starts_later_is_not() {
    let task = |start: &str| json!({"StartTime": start, "SourceType": "PullLivePushLive"});
    let (script, call) = made(Vendor::Tencent, "CreateLivePullStreamTask", task("2023-05-09T00:00:30Z"));
    let id = || json!({"TaskId": "10054"});
    let runs = |state: &str| json!({"TaskStatusInfo": {"RunStatus": state}});
    let script = script.answers("DescribeLivePullStreamTaskStatus", id(), runs("inactive")).answers(
        "DescribeLivePullStreamTaskStatus",
        id(),
        runs("active"),
    );
    let changes = settled(&script, &call, id()).unwrap();
    assert_eq!(changes.last(), Some(&("status".to_owned(), json!("active"))));

    let (script, call) = made(Vendor::Tencent, "CreateLivePullStreamTask", task("2023-05-10T00:00:00Z"));
    assert!(settled(&script, &call, id()).is_ok());
    assert_eq!(*script.notes.borrow(), ["nothing to wait for: it starts at 2023-05-10T00:00:00Z"]);
}

#[test]
fn a_look_that_is_not_allowed_says_that_the_change_is_made() {
    let (script, call) = made(Vendor::Tencent, "EnableLiveDomain", name());
    let forbidden = Error::new(Class::Auth, "no permission").hint("ask for the right to read");
    let script = script.fails("DescribeLiveDomain", name(), forbidden);
    let error = settled(&script, &call, json!({})).unwrap_err();
    assert_eq!((error.class(), error.details().outcome), (Class::Auth, Some(Outcome::Applied)));
    let message = "waiting for domain a.example.com: applied, but its state cannot be read: no permission";
    assert_eq!(error.to_string(), message);
    assert_eq!(error.details().hints.len(), 2);
}

#[test]
fn where_no_livectl_wait_goes_on_a_command_that_tells_the_state_is_named() {
    for (vendor, action, params, hint) in [
        (Vendor::Tencent, "RestartLivePullStreamTask", json!({"TaskId": "1"}), "livectl relay state show --task-id 1"),
        (Vendor::Volcengine, "CreateDomain", json!({"Domain": "*.a.cn"}), "livectl wait domain '*.a.cn' --for enabled"),
    ] {
        let (script, call) = made(vendor, action, params);
        let Some(Shown::By(look)) = shown(vendor, action) else { panic!("{action} is seen by nothing") };
        let reply = reply(json!({}));
        let resume = Made { call: &call, reply: &reply, look }.resume(&script);
        assert!(resume.starts_with(&format!("`{hint} --vendor ")), "{resume}");
    }
}

#[test]
fn nothing_is_read_in_a_dry_run_or_where_nobody_waits() {
    let (script, call) = made(Vendor::Aliyun, "AddLiveDomain", name());
    assert!(settled(&script.dry(), &call, json!({})).is_ok());
    assert!(settled(&Script::new(Vendor::Aliyun), &call, json!({})).is_ok());
    let (script, call) = made(Vendor::Volcengine, "UpdateAuthKey", json!({"Domain": "a.cn"}));
    assert!(settled(&script, &call, json!({})).is_ok());
    assert!(script.notes.borrow()[0].starts_with("nothing to wait for: a change of signed addresses takes about 5"));
}

/// The first names of the parameters that a look or a name takes from a change.
fn of_change(source: &str) -> Option<&str> {
    let path = source.trim_end_matches(',').split('.').next().unwrap_or_default();
    (!path.starts_with('=')).then(|| path.trim_end_matches("[]"))
}

#[test]
fn every_row_agrees_with_the_facts() {
    for vendor in Vendor::ALL {
        let mut known = std::collections::HashSet::new();
        for effect in effects::of(vendor) {
            for name in effect.after {
                assert!(known.insert(*name), "{name} stands twice");
                let change = catalog::find(vendor, name).unwrap_or_else(|| panic!("{vendor} has no {name}"));
                assert_ne!(change.effect_kind(), crate::model::Effect::Read, "{name}");
                let Shown::By(look) = &effect.seen else { continue };
                let sources = look.asked.iter().chain(look.items).map(|(_, source)| source).chain(look.name);
                for param in sources.filter_map(|source| of_change(source)) {
                    assert!(change.param(param).is_some(), "{name} has no {param}");
                }
                let action = catalog::find(vendor, look.action).unwrap_or_else(|| panic!("no {}", look.action));
                assert_eq!(action.effect_kind(), crate::model::Effect::Read, "{}", look.action);
                for (param, _) in look.asked {
                    assert!(action.param(param.trim_end_matches("[]")).is_some(), "{} has no {param}", look.action);
                }
                let given: Params =
                    look.asked.iter().map(|(param, _)| (param.trim_end_matches("[]").to_owned(), json!("x"))).collect();
                let missing = action.params.iter().filter(|param| param.required && !given.contains_key(param.name));
                let paged = |name: &str| ["PageNum", "PageSize", "PageNumber"].contains(&name);
                assert!(missing.clone().all(|param| paged(param.name)), "{} lacks parameters", look.action);
            }
        }
    }
}
