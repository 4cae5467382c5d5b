use serde_json::json;

use super::*;
use crate::providers::script::Script;

const DOMAIN: &str = "push.example.com";

fn args() -> RotateArgs {
    let lasting = SignedDuration::from_hours(24);
    RotateArgs { domain: Some(DOMAIN.into()), scope: Some(KeyScope::Push), key: Some(Secret::new("new")), lasting }
}

async fn run(road: &Script, args: &RotateArgs) -> Result<Answer> {
    match provider(road.vendor()).rotation(crate::model::RotateVerb::Rotate) {
        Support::Does(rotate) => rotate(road, args).await,
        Support::Cannot { why, .. } => panic!("{why}"),
    }
}

/// A vendor that is asked for its keys.
fn holds(script: Script, key: &str, spare: &str) -> Script {
    match script.vendor() {
        Vendor::Tencent => script.answers(
            "DescribeLivePushAuthKey",
            json!({"DomainName": DOMAIN}),
            json!({"PushAuthKeyInfo": {"Enable": 1, "MasterAuthKey": key, "BackupAuthKey": spare, "AuthDelta": 60}}),
        ),
        Vendor::Aliyun => script.answers(
            "DescribeLiveDomainConfigs",
            json!({"DomainName": DOMAIN, "FunctionNames": "aliauth"}),
            json!({"DomainConfigs": {"DomainConfig": [{"FunctionName": "aliauth", "FunctionArgs": {"FunctionArg":
                arguments(key, spare).map(|[name, value]| json!({"ArgName": name, "ArgValue": value}))}}]}}),
        ),
        Vendor::Volcengine => {
            let details = [key, spare].into_iter().filter(|key| !key.is_empty()).map(detail).collect::<Vec<_>>();
            script.answers(
                "DescribeAuth",
                json!({"SceneType": "push", "Domain": DOMAIN}),
                json!({"AuthList": [{"Domain": DOMAIN, "AuthStatus": true, "ValidDuration": 60, "TimeStampBase": 10,
                                     "AuthDetailList": details}]}),
            )
        }
    }
}

/// A vendor that is given its keys: all of them; `None`: only the spare one.
fn takes(script: Script, key: Option<&str>, old: &str, spare: &str) -> Script {
    let first = key.unwrap_or(old);
    match script.vendor() {
        Vendor::Tencent => {
            let mut params = json!({"DomainName": DOMAIN, "BackupAuthKey": spare, "AuthDelta": 60});
            if let Some(key) = key {
                params["MasterAuthKey"] = json!(key);
            }
            script.answers("ModifyLivePushAuthKey", params, json!({}))
        }
        Vendor::Aliyun => {
            let arguments = arguments(first, spare).map(|[name, value]| json!({"argName": name, "argValue": value}));
            script.answers(
                "BatchSetLiveDomainConfigs",
                json!({"DomainNames": DOMAIN, "Functions": [{"functionName": "aliauth", "functionArgs": arguments}]}),
                json!({}),
            )
        }
        Vendor::Volcengine => script.answers(
            "UpdateAuthKey",
            json!({"Domain": DOMAIN, "SceneType": "push", "PushPullEnable": true, "TimeStampBase": 10, "ValidDuration": 60,
                   "AuthDetailList": [detail(first), detail(spare)]}),
            json!({}),
        ),
    }
}

fn arguments<'a>(key: &'a str, spare: &'a str) -> [[&'a str; 2]; 4] {
    [["auth_type", "type_a"], ["auth_key1", key], ["auth_key2", spare], ["ali_auth_delta", "60"]]
}

fn detail(key: &str) -> Value {
    json!({"AuthType": "TypeB", "EncryptionAlgorithm": "md5", "SecretKey": key})
}

#[test]
fn the_new_key_goes_into_the_spare_place_and_is_swapped() {
    for vendor in Vendor::ALL {
        let script = holds(holds(Script::new(vendor), "old", "older"), "old", "older");
        let script = holds(holds(takes(script, None, "old", "new"), "old", "new"), "old", "new");
        let script = holds(takes(script, Some("new"), "old", "old"), "new", "old");
        let changed = script.changed(run(&script, &args()));
        // A day and the domain's minute after the script's instant; Volcengine's type B ends at its own time.
        let until = if vendor == Vendor::Volcengine { "2023-05-10T00:00:00Z" } else { "2023-05-10T00:01:00Z" };
        let changes = [
            Change::new("key", "old", "new"),
            Change::new("backup_key", "older", "old"),
            Change::new("old_key_until", Value::Null, until),
        ];
        assert_eq!((changed.changed, changed.changes.as_slice()), (true, &changes[..]), "{vendor}");
        let questions = script.questions.borrow();
        assert_eq!(questions.len(), 1, "{questions:?}");
        assert!(questions[0].contains("backup key are refused"), "{questions:?}");
        assert!(script.notes.borrow().iter().any(|note| note.contains(until)), "{:?}", script.notes.borrow());
    }
}

#[test]
fn a_rotation_that_was_interrupted_goes_on() {
    for vendor in Vendor::ALL {
        // The new key is in the spare place: only the swap is left.
        let script = holds(holds(holds(Script::new(vendor), "old", "new"), "old", "new"), "old", "new");
        let script = holds(takes(script, Some("new"), "old", "old"), "new", "old");
        let changed = script.changed(run(&script, &args()));
        assert_eq!(changed.changes[0], Change::new("key", "old", "new"));
        // Nothing is left.
        let script = holds(Script::new(vendor), "new", "old");
        let nothing = script.changed(run(&script, &args()));
        assert!(!nothing.changed && script.questions.borrow().is_empty(), "{nothing:?}");
    }
}

#[test]
fn a_dry_run_shows_both_changes() {
    for vendor in Vendor::ALL {
        let script = holds(holds(Script::new(vendor).dry(), "old", ""), "old", "");
        let script = holds(takes(script, None, "old", "new"), "old", "");
        let script = takes(script, Some("new"), "old", "old");
        script.changed(run(&script, &args()));
        assert!(script.notes.borrow().is_empty(), "{:?}", script.notes.borrow());
    }
}

#[test]
fn what_the_vendor_does_not_hold_is_not_swapped() {
    for vendor in Vendor::ALL {
        let script = holds(holds(Script::new(vendor), "old", ""), "old", "");
        let script = holds(takes(script, None, "old", "new"), "old", "theirs");
        let error = script.run(run(&script, &args())).unwrap_err();
        script.finish();
        assert_eq!(error.class(), Class::Differs, "{error}");
        assert_eq!(error.details().outcome, Some(Outcome::Applied));
        assert!(error.details().hints.iter().any(|hint| hint.contains("in the spare place")), "{error:?}");
    }
}

#[test]
fn a_failure_behind_a_step_tells_what_stands() {
    let asked = || json!({"DomainName": DOMAIN});
    let refused = |outcome| Error::new(Class::Auth, "no").outcome(outcome);
    let started = || {
        let script = holds(holds(Script::new(Vendor::Tencent), "old", ""), "old", "");
        takes(script, None, "old", "new")
    };
    // The look between the steps is refused.
    let script = started().fails("DescribeLivePushAuthKey", asked(), refused(Outcome::Refused));
    let error = script.run(run(&script, &args())).unwrap_err();
    assert_eq!((error.class(), error.details().outcome), (Class::Auth, Some(Outcome::Applied)));
    assert!(error.details().hints[0].contains("the new key is in the spare place"), "{error:?}");
    // Whether the swap was made is not known.
    let swap = json!({"DomainName": DOMAIN, "MasterAuthKey": "new", "BackupAuthKey": "old", "AuthDelta": 60});
    let script = holds(holds(started(), "old", "new"), "old", "new");
    let script = script.fails("ModifyLivePushAuthKey", swap, refused(Outcome::Unknown));
    let error = script.run(run(&script, &args())).unwrap_err();
    assert_eq!(error.details().outcome, Some(Outcome::Unknown));
    assert!(error.details().hints[0].contains("goes on"), "{error:?}");
    // What was swapped cannot be read back.
    let script = holds(holds(started(), "old", "new"), "old", "new");
    let script = takes(script, Some("new"), "old", "old");
    let script = script.fails("DescribeLivePushAuthKey", asked(), refused(Outcome::Refused));
    let error = script.run(run(&script, &args())).unwrap_err();
    assert_eq!(error.details().outcome, Some(Outcome::Applied));
    assert!(error.details().hints[0].contains("were swapped"), "{error:?}");
}

#[test]
fn without_consent_a_key_or_a_domain_nothing_is_set() {
    for vendor in Vendor::ALL {
        let script = holds(Script::new(vendor).unwilling(), "old", "older");
        assert_eq!(script.run(run(&script, &args())).unwrap_err().class(), Class::Usage);
        let script = holds(Script::new(vendor), "", "");
        assert_eq!(script.run(run(&script, &args())).unwrap_err().class(), Class::NotFound);
        let script = Script::new(vendor);
        let nothing = RotateArgs { domain: None, key: None, ..args() };
        let error = script.run(run(&script, &nothing)).unwrap_err();
        assert_eq!(error.details().faults.len(), 2, "{error}");
    }
}

#[test]
fn a_list_without_a_spare_place_is_refused() {
    let other = json!({"AuthType": "TypeA", "EncryptionAlgorithm": "md5", "SecretKey": "x"});
    for list in [json!([detail("old"), other]), json!([detail("old"), detail("b"), detail("c")])] {
        let script = Script::new(Vendor::Volcengine).answers(
            "DescribeAuth",
            json!({"SceneType": "push", "Domain": DOMAIN}),
            json!({"AuthList": [{"Domain": DOMAIN, "AuthStatus": true, "AuthDetailList": list}]}),
        );
        let error = script.run(run(&script, &args())).unwrap_err();
        script.finish();
        assert_eq!(error.class(), Class::Usage, "{error}");
    }
}

#[test]
fn the_facts_have_a_spare_place_on_every_vendor() {
    let has = |vendor, action, name| {
        crate::providers::catalog::find(vendor, action).is_some_and(|action| action.param(name).is_some())
    };
    assert!(has(Vendor::Tencent, "ModifyLivePushAuthKey", "BackupAuthKey"));
    assert!(has(Vendor::Tencent, "ModifyLivePlayAuthKey", "AuthBackKey"));
    let signing = crate::providers::domain_functions::find("aliauth").unwrap();
    assert!(signing.arguments.iter().any(|(name, _)| *name == "auth_key2"));
    let action = crate::providers::catalog::find(Vendor::Volcengine, "UpdateAuthKey").unwrap();
    assert!(action.param("AuthDetailList").unwrap().kind.starts_with("array"));
}
