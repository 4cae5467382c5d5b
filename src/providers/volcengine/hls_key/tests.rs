use super::setting::{rotate, set};
use super::*;
use crate::error::Outcome;
use crate::providers::script::Script;

const URL: &str = "http://example.kms.com/get_key?";

fn script() -> Script {
    Script::new(VENDOR)
}

/// `DescribeEncryptHLS` answers the period as a number, `UpdateEncryptHLS` takes it as digits.
fn stands(script: Script, url: &str, seconds: u64) -> Script {
    script.answers("DescribeEncryptHLS", json!({}), json!({"URL": url, "CycleTime": seconds}))
}

fn bound(script: Script, bindings: &[Value]) -> Script {
    script.answers(
        "ListBindEncryptDRM",
        json!({"Vhost": "example", "App": "live"}),
        json!({"DRMBindingList": bindings}),
    )
}

fn binding(systems: &[&str]) -> Value {
    json!({"Vhost": "example", "App": "live", "DRMSystems": systems, "EncryptOriginStream": false,
           "EncryptTranscodeStream": true, "EncryptTranscodeSuffix": ["_hd"]})
}

fn app() -> HlsKeyArgs {
    HlsKeyArgs { vhost: Some("example".into()), app: Some("live".into()), ..HlsKeyArgs::default() }
}

fn cycle(seconds: u64) -> HlsKeyArgs {
    HlsKeyArgs { cycle_seconds: Some(seconds), ..HlsKeyArgs::default() }
}

fn options(error: &Error) -> Vec<String> {
    error.details().faults.iter().map(|fault| fault.option.clone()).collect()
}

#[test]
fn setting_sends_what_the_reference_shows() {
    let script = script().answers("DescribeEncryptHLS", json!({}), Value::Null).answers(
        "UpdateEncryptHLS",
        json!({"URL": URL, "CycleTime": "60"}),
        Value::Null,
    );
    let args = HlsKeyArgs { key_url: Some(URL.into()), ..cycle(60) };
    let changed = script.changed(set(&script, &args));
    assert_eq!(
        changed.changes,
        [Change::new("key_url", Value::Null, URL), Change::new("cycle_seconds", Value::Null, 60)]
    );
    let sent = Value::Object(script.calls.borrow()[1].params.clone()).to_string();
    assert_eq!(sent, r#"{"URL":"http://example.kms.com/get_key?","CycleTime":"60"}"#);
    assert!(script.questions.borrow()[0].contains("account-wide"));
}

#[test]
fn what_is_not_named_is_sent_as_it_was() {
    let script =
        stands(script(), URL, 3600).answers("UpdateEncryptHLS", json!({"URL": URL, "CycleTime": "600"}), Value::Null);
    assert_eq!(script.changed(set(&script, &cycle(600))).changes, [Change::new("cycle_seconds", 3600, 600)]);

    let script = stands(self::script(), URL, 600);
    let changed = script.changed(set(&script, &cycle(600)));
    assert!(!changed.changed && changed.action.is_none() && script.questions.borrow().is_empty());
}

#[test]
fn wrong_and_missing_values_are_told_before_anything_is_sent() {
    for seconds in [59, 604_801] {
        let script = script();
        let error = script.run(set(&script, &cycle(seconds))).unwrap_err();
        assert_eq!(options(&error), ["--cycle"]);
        assert!(script.calls.borrow().is_empty());
    }
    let script = script();
    assert_eq!(options(&script.run(set(&script, &HlsKeyArgs::default())).unwrap_err()), ["--key-url", "--cycle"]);
    let error =
        script.run(set(&script, &HlsKeyArgs { domain: Some("a.example.com".into()), ..cycle(60) })).unwrap_err();
    assert_eq!(options(&error), ["--domain"]);

    let bare = HlsKeyArgs { key_url: Some("https://kms.example.com/get_key".into()), ..cycle(60) };
    let error = script.run(set(&script, &bare)).unwrap_err();
    assert_eq!(options(&error), ["--key-url"]);
    assert!(error.details().faults[0].allowed.contains("ends with `?` or `&`"));
    assert!(script.calls.borrow().is_empty());

    let script = self::script().answers("DescribeEncryptHLS", json!({}), json!({"URL": "", "CycleTime": 0}));
    assert_eq!(options(&script.run(set(&script, &cycle(60))).unwrap_err()), ["--key-url"]);
    let script = stands(self::script(), "https://kms.example.com/get_key", 3600);
    assert_eq!(options(&script.run(set(&script, &cycle(60))).unwrap_err()), ["--key-url"]);
    assert!(script.questions.borrow().is_empty());
}

#[test]
fn without_consent_the_setting_stays() {
    let script = stands(script().unwilling(), URL, 3600);
    assert!(script.run(set(&script, &cycle(600))).is_err());
    assert_eq!(script.actions(), ["DescribeEncryptHLS"]);
}

#[test]
fn rotating_reads_back_and_tells_old_and_new() {
    let sent = json!({"URL": URL, "CycleTime": "600"});
    let script = stands(script(), URL, 3600).answers("UpdateEncryptHLS", sent.clone(), Value::Null);
    let script = stands(script, URL, 600);
    assert_eq!(script.changed(rotate(&script, &cycle(600))).changes, [Change::new("cycle_seconds", 3600, 600)]);
    assert_eq!(script.actions(), ["DescribeEncryptHLS", "UpdateEncryptHLS", "DescribeEncryptHLS"]);

    let script = stands(self::script().dry(), URL, 3600).answers("UpdateEncryptHLS", sent, Value::Null);
    assert!(script.changed(rotate(&script, &cycle(600))).changed);
    assert_eq!(script.actions(), ["DescribeEncryptHLS", "UpdateEncryptHLS"]);
}

#[test]
fn a_read_back_that_differs_is_an_error_of_its_own() {
    let script =
        stands(script(), URL, 3600).answers("UpdateEncryptHLS", json!({"URL": URL, "CycleTime": "600"}), Value::Null);
    let script = stands(script, URL, 3601);
    let error = script.run(rotate(&script, &cycle(600))).unwrap_err();
    assert_eq!((error.class(), error.details().outcome), (Class::Differs, Some(Outcome::Applied)));
    assert!(error.to_string().contains("cycle_seconds 3601 → 600"), "{error}");
    assert!(error.details().hints[1].contains("3600 s"));
    assert_eq!(error.details().request_id.as_deref(), Some("request-2"));
}

#[test]
fn enabling_binds_the_app_of_the_domains_space() {
    let found = json!({"Total": 1, "DomainList": [{"Domain": "pull.example.com", "Vhost": "example"}]});
    let script = script().answers(
        "ListDomainDetail",
        json!({"PageNum": 1, "PageSize": 1000, "DomainNameList": ["pull.example.com"]}),
        found,
    );
    let sent = json!({"Vhost": "example", "App": "live", "DRMSystems": ["ClearKey"], "EncryptOriginStream": true,
                      "EncryptTranscodeStream": false});
    let script = bound(script, &[]).answers("BindEncryptDRM", sent, Value::Null);
    let args = HlsKeyArgs { vhost: None, domain: Some("pull.example.com".into()), ..app() };
    let changed = script.changed(binding::enable(&script, &args));
    assert_eq!((changed.id.as_deref(), changed.action.as_deref()), (Some("example/live"), Some("BindEncryptDRM")));
    assert!(script.questions.borrow().is_empty());
}

#[test]
fn enabling_keeps_the_rest_of_a_binding_that_is_off() {
    let mut off = binding(&["ClearKey"]);
    off["Enable"] = json!(false);
    let sent = json!({"Vhost": "example", "App": "live", "DRMSystems": ["ClearKey"], "EncryptOriginStream": false,
                      "EncryptTranscodeStream": true, "EncryptTranscodeSuffix": ["_hd"]});
    let script = bound(script(), &[off]).answers("BindEncryptDRM", sent, Value::Null);
    assert!(script.changed(binding::enable(&script, &app())).changed);

    let script = bound(self::script(), &[binding(&["ClearKey"])]);
    assert!(!script.changed(binding::enable(&script, &app())).changed);
}

#[test]
fn commercial_drm_is_never_touched() {
    for commercial in [vec!["Widevine", "FairPlay"], vec!["PlayReady"]] {
        let script = bound(script(), &[binding(&commercial)]);
        assert_eq!(script.run(binding::enable(&script, &app())).unwrap_err().class(), Class::Conflict);
        let script = bound(self::script(), &[binding(&commercial)]);
        assert_eq!(script.run(binding::disable(&script, &app())).unwrap_err().class(), Class::Conflict);
    }
}

#[test]
fn disabling_unbinds_what_is_bound() {
    let script = bound(script(), &[binding(&["ClearKey"])]).answers(
        "UnBindEncryptDRM",
        json!({"App": "live", "Vhost": "example"}),
        Value::Null,
    );
    assert_eq!(script.changed(binding::disable(&script, &app())).changes, [Change::new("enabled", true, false)]);
    assert_eq!(*script.questions.borrow(), ["turn HLS encryption off for example/live"]);
    let script = bound(self::script(), &[]);
    assert!(!script.changed(binding::disable(&script, &app())).changed);
    let error = script.run(binding::disable(&script, &HlsKeyArgs::default())).unwrap_err();
    assert_eq!(options(&error), ["--domain", "--app"]);
}

#[test]
fn the_setting_and_the_bindings_are_shown_as_rows() {
    let script = bound(stands(script(), URL, 60), &[binding(&["ClearKey"])]);
    assert_eq!(
        script.rows(show(&script, &app())),
        json!([
            {"vendor": "volcengine", "profile": null, "scope": "account", "domain": null, "app": null,
             "template": null, "key_url": URL, "cycle_seconds": 60, "enabled": null},
            {"vendor": "volcengine", "profile": null, "scope": "binding", "domain": "example", "app": "live",
             "template": null, "key_url": null, "cycle_seconds": null, "enabled": true}
        ])
    );
    let script = stands(self::script(), URL, 60);
    let Ok(Answer::One(account)) = script.run(show(&script, &HlsKeyArgs::default())) else { panic!("no one thing") };
    assert_eq!((&account.row["scope"], &account.row["cycle_seconds"]), (&json!("account"), &json!(60)));
}

#[test]
fn a_key_is_handed_over_as_a_secret() {
    let args = HlsKeyArgs { key_id: Some("08e765a4da".into()), ..HlsKeyArgs::default() };
    let asked = json!({"KeyID": "08e765a4da"});
    let script = script().answers("GetHLSEncryptDataKey", asked.clone(), json!({"DataKey": "2131dadfad23123asd"}));
    let Ok(Answer::Key { value, about }) = script.run(get(&script, &args)) else { panic!("no key") };
    assert_eq!(value.expose(), "2131dadfad23123asd");
    assert_eq!(Value::Object(about), json!({"vendor": "volcengine", "profile": null, "key_id": "08e765a4da"}));

    let script = self::script().answers("GetHLSEncryptDataKey", asked, json!({"DataKey": ""}));
    assert_eq!(script.run(get(&script, &args)).unwrap_err().class(), Class::NotFound);
    assert_eq!(options(&script.run(get(&script, &HlsKeyArgs::default())).unwrap_err()), ["KEY_ID"]);
}
