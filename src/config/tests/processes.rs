#![cfg(unix)]

use std::time::Duration;

use super::*;
use crate::config::process::run;

/// Runs a shell line as the credential process, at noon of the first of May 2026.
fn shell(line: &str) -> Result<crate::model::Credentials, (Class, String)> {
    let command = ["/bin/sh", "-c", line].map(str::to_owned);
    run(&command, "profile p", "2026-05-01T12:00:00Z".parse().unwrap(), Duration::from_secs(20))
        .map(|keys| keys.credentials())
        .map_err(|error| told(&error))
}

#[test]
fn both_forms_of_the_answer() {
    let keys = shell(
        r#"echo '{"Version":1,"AccessKeyId":"K","SecretAccessKey":"S","SessionToken":"T","Expiration":"2026-05-01T12:00:01Z"}'"#,
    )
    .unwrap();
    assert_eq!((keys.access_key_id.as_str(), keys.access_key_secret.expose()), ("K", "S"));
    assert_eq!(keys.session_token.unwrap().expose(), "T");
    let keys = shell(r#"echo '{"AccessKeyId":"K","SecretAccessKey":"S","SessionToken":null}'"#).unwrap();
    assert_eq!(keys.session_token, None);
    let keys =
        shell(r#"echo '{"mode":"StsToken","access_key_id":"K","access_key_secret":"S","sts_token":"T"}'"#).unwrap();
    assert_eq!(keys.session_token.unwrap().expose(), "T");
    let keys = shell(r#"echo '{"mode":"AK","access_key_id":"K","access_key_secret":"S"}'"#).unwrap();
    assert_eq!(keys.session_token, None);
}

#[test]
fn what_is_no_answer() {
    for (line, word) in [
        ("echo hush", "no JSON object"),
        ("echo '[\"hush\"]'", "no JSON object"),
        (r#"echo '{"Version":1,"AccessKeyId":"K"}'"#, "`SecretAccessKey`"),
        (r#"echo '{"Version":2,"AccessKeyId":"K","SecretAccessKey":"hush"}'"#, "`Version`"),
        (r#"echo '{"mode":"EcsRamRole","access_key_id":"","access_key_secret":"hush"}'"#, "`mode`"),
        (r#"echo '{"mode":"StsToken","access_key_id":"K","access_key_secret":"hush"}'"#, "`sts_token`"),
        (r#"echo '{"AccessKeyId":"K","SecretAccessKey":"hush","Expiration":"2026-05-01T12:00:00Z"}'"#, "expired"),
        (r#"echo '{"AccessKeyId":"K","SecretAccessKey":"hush","Expiration":"soon"}'"#, "`Expiration`"),
        (r#"echo '{"AccessKeyId":"K","SecretAccessKey":"hu sh"}'"#, "a space"),
    ] {
        let refusal = shell(line).unwrap_err();
        assert!(!refusal.1.contains("hu"), "{}", refusal.1);
        assert_told(refusal, Class::Auth, &[word, "`/bin/sh`", "profile p"]);
    }
}

#[test]
fn a_failure_tells_its_last_line_and_no_argument() {
    let refusal = shell("printf 'first\\nlocked \\033[31m vault\\n\\n' >&2; echo hush; exit 3 # argument").unwrap_err();
    assert!(
        !refusal.1.contains("hush") && !refusal.1.contains("first") && !refusal.1.contains("argument"),
        "{}",
        refusal.1
    );
    assert_told(refusal, Class::Auth, &["exit status: 3", r"locked \u{1b}[31m vault"]);
    let gone = run(&["/no/such/program".into()], "profile p", jiff::Timestamp::UNIX_EPOCH, Duration::from_secs(20));
    assert_told(told(&gone.unwrap_err()), Class::Auth, &["`/no/such/program`", "there is no such file"]);
}

#[test]
fn it_is_not_waited_for_longer_than_the_limit() {
    for line in ["exec sleep 30", "exec sleep 30 >&-"] {
        let command = ["/bin/sh", "-c", line].map(str::to_owned);
        let refused = run(&command, "profile p", jiff::Timestamp::UNIX_EPOCH, Duration::from_millis(20));
        assert_told(told(&refused.unwrap_err()), Class::Auth, &["no answer within 0.02 s"]);
    }
}

#[test]
fn what_it_leaves_behind_is_not_waited_for() {
    let began = std::time::Instant::now();
    let keys = shell(r#"sleep 15 & echo '{"AccessKeyId":"K","SecretAccessKey":"S"}'"#).unwrap();
    assert_eq!(keys.access_key_id, "K");
    let refusal = shell("sleep 15 & echo locked >&2; exit 3").unwrap_err();
    assert_told(refusal, Class::Auth, &["exit status: 3", "locked"]);
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}

#[test]
fn a_profile_runs_it_and_only_when_it_is_used() {
    let file = "default_profile = \"p\"\n[profiles.p]\nvendor = \"aliyun\"\n\
                credential_process = [\"echo\", '{\"AccessKeyId\":\"K\",\"SecretAccessKey\":\"S\"}']\n\
                [profiles.q]\nvendor = \"aliyun\"\ncredential_process = [\"/no/such/program\"]\n";
    let account = World::new().config(file).account(&nothing_named());
    assert_eq!(
        source_of(&account, "access_key_secret"),
        "credential process of profile p in ~/.config/livectl/config.toml"
    );
    assert_told(World::new().config(file).refusal(&named(&["q"])), Class::Auth, &["/no/such/program"]);
}
