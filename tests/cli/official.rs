//! The variables and files of the vendors' own tools, read in place. Names: the tools' documentation and sources.

use crate::harness::World;
use crate::servers::Canned;

/// One family of variables: the vendor, key id, secret, and where there are such, token and region.
type Family = (&'static str, &'static str, &'static str, Option<&'static str>, Option<&'static str>);

const VARIABLES: &[Family] = &[
    (
        "tencent",
        "TENCENTCLOUD_SECRET_ID",
        "TENCENTCLOUD_SECRET_KEY",
        Some("TENCENTCLOUD_TOKEN"),
        Some("TENCENTCLOUD_REGION"),
    ),
    ("tencent", "TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", Some("TENCENTCLOUD_SECURITY_TOKEN"), None),
    ("tencent", "TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", Some("TENCENTCLOUD_SESSION_TOKEN"), None),
    (
        "aliyun",
        "ALIBABA_CLOUD_ACCESS_KEY_ID",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
        Some("ALIBABA_CLOUD_SECURITY_TOKEN"),
        None,
    ),
    (
        "aliyun",
        "ALIBABACLOUD_ACCESS_KEY_ID",
        "ALIBABACLOUD_ACCESS_KEY_SECRET",
        Some("ALIBABACLOUD_SECURITY_TOKEN"),
        None,
    ),
    ("aliyun", "ALICLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY_SECRET", Some("ALICLOUD_SECURITY_TOKEN"), None),
    ("aliyun", "ACCESS_KEY_ID", "ACCESS_KEY_SECRET", Some("SECURITY_TOKEN"), None),
    (
        "volcengine",
        "VOLCENGINE_ACCESS_KEY",
        "VOLCENGINE_SECRET_KEY",
        Some("VOLCENGINE_SESSION_TOKEN"),
        Some("VOLCENGINE_REGION"),
    ),
    (
        "volcengine",
        "VOLCSTACK_ACCESS_KEY_ID",
        "VOLCSTACK_SECRET_ACCESS_KEY",
        Some("VOLCSTACK_SESSION_TOKEN"),
        Some("VOLCSTACK_REGION"),
    ),
    ("volcengine", "VOLCSTACK_ACCESS_KEY", "VOLCSTACK_SECRET_KEY", None, None),
    ("volcengine", "VOLC_ACCESSKEY", "VOLC_SECRETKEY", None, None),
];

#[test]
fn the_variables_of_the_official_tools() {
    let server = Canned::empty_accounts();
    for (vendor, id, secret, token, region) in VARIABLES {
        let mut world =
            World::empty().set("LIVECTL_ENDPOINT", &server.endpoint).set(id, "KEYofvariable").set(secret, "s");
        for (name, value) in [(token, "tok"), (region, "region-1")] {
            if let Some(name) = name {
                world = world.set(name, value);
            }
        }
        // A read that is regional on Tencent, so that the region travels.
        let line = if *vendor == "tencent" { "api tencent DescribeLiveDomains" } else { "domain list" };
        world.run(line).ok();
        let seen = server.only();
        assert_eq!(
            (seen.vendor(), seen.key_id(), seen.token()),
            (*vendor, "KEYofvariable", token.map(|_| "tok")),
            "{id}"
        );
        if region.is_some() {
            assert_eq!(seen.region(), Some("region-1"), "{region:?}");
        }
    }
}

#[test]
fn of_two_spellings_the_first_is_used_and_the_other_told() {
    let server = Canned::empty_accounts();
    let world = World::empty()
        .set("LIVECTL_ENDPOINT", &server.endpoint)
        .set("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAIfirst")
        .set("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "s")
        .set("ALICLOUD_ACCESS_KEY_ID", "LTAIsecond")
        .set("ALICLOUD_ACCESS_KEY_SECRET", "s");
    let run = world.run("domain list").ok();
    assert_eq!(server.only().key_id(), "LTAIfirst");
    assert!(run.stderr.contains("`ALICLOUD_ACCESS_KEY_ID` says something else"), "{run}");
}

#[test]
fn a_role_in_the_variables_is_no_reason_to_go_without_it() {
    let server = Canned::empty_accounts();
    let world = World::empty()
        .set("LIVECTL_ENDPOINT", &server.endpoint)
        .set("TENCENTCLOUD_SECRET_ID", "AKID")
        .set("TENCENTCLOUD_SECRET_KEY", "s")
        .set("TENCENTCLOUD_ROLE_ARN", "qcs::cam::uin/1:roleName/r")
        .set("TENCENTCLOUD_ROLE_SESSION_NAME", "s")
        // Nobody is there: the vendor's own service is not bothered.
        .set("HTTPS_PROXY", "http://127.0.0.1:9");
    let run = world.run("domain list --retries 0").fails(7);
    assert!(run.stderr.contains("assume the role `qcs::cam::uin/1:roleName/r`"), "{run}");
    assert!(run.stderr.contains("sts.tencentcloudapi.com"), "{run}");
    assert!(server.take().is_empty());
}

/// A file of an official tool, and who signs by it: key id, token, region.
type FileCase = (&'static str, &'static str, &'static str, (&'static str, Option<&'static str>, Option<&'static str>));

const FILES: &[FileCase] = &[
    (
        "tencent",
        ".tccli/default.credential",
        r#"{"type":"default","secretId":"AKIDtccli","secretKey":"s","token":"tok"}"#,
        ("AKIDtccli", Some("tok"), None),
    ),
    (
        "aliyun",
        ".aliyun/config.json",
        r#"{"current":"prod","meta_path":"","profiles":[{"name":"other","mode":"AK","access_key_id":"LTAIother","access_key_secret":"s"},
            {"name":"prod","mode":"AK","access_key_id":"LTAIprod","access_key_secret":"s","region_id":"cn-shanghai"}]}"#,
        ("LTAIprod", None, None),
    ),
    (
        "aliyun",
        ".aliyun/config.json",
        r#"{"current":"sts","profiles":[{"name":"sts","mode":"StsToken","access_key_id":"STSid","access_key_secret":"s","sts_token":"tok"}]}"#,
        ("STSid", Some("tok"), None),
    ),
    (
        "aliyun",
        ".aliyun/config.json",
        r#"{"current":"ext","profiles":[{"name":"ext","mode":"External","process_command":"cat keys.json"}]}"#,
        ("LTAIprocess", Some("tok"), None),
    ),
    (
        "volcengine",
        ".volcengine/config.json",
        r#"{"current":"prod","profiles":{"prod":{"name":"prod","mode":"ak","access-key":"AKLTve","secret-key":"s","session-token":"tok",
            "region":"cn-beijing","endpoint":"","disable-ssl":false,"sts-expiration":0}}}"#,
        ("AKLTve", Some("tok"), Some("cn-beijing")),
    ),
    ("volcengine", ".volc/config", r#"{"ak":"AKLTsdk","sk":"s"}"#, ("AKLTsdk", None, None)),
    (
        "volcengine",
        ".volc/credentials",
        "[default]\naccess_key_id = AKLTini\nsecret_access_key = s\nsession_token = tok\n",
        ("AKLTini", Some("tok"), None),
    ),
];

#[test]
fn the_files_of_the_official_tools_are_read_in_place() {
    let server = Canned::empty_accounts();
    for (vendor, file, text, (key_id, token, region)) in FILES {
        let world = World::empty().set("LIVECTL_ENDPOINT", &server.endpoint);
        world.write(
            "keys.json",
            r#"{"mode":"StsToken","access_key_id":"LTAIprocess","access_key_secret":"s","sts_token":"tok"}"#,
        );
        let file = world.write(file, text);
        world.run("domain list").ok();
        let seen = server.only();
        assert_eq!((seen.vendor(), seen.key_id(), seen.token()), (*vendor, *key_id, *token), "{text}");
        if region.is_some() {
            assert_eq!(seen.region(), *region);
        }
        assert_eq!(std::fs::read_to_string(file).unwrap(), *text, "never written");
    }
}

#[test]
fn the_official_tools_own_choice_of_a_profile_counts() {
    let server = Canned::empty_accounts();
    let tccli = World::empty().set("LIVECTL_ENDPOINT", &server.endpoint).set("TCCLI_PROFILE", "prod");
    tccli.write(".tccli/default.credential", r#"{"secretId":"AKIDdefault","secretKey":"s"}"#);
    tccli.write(".tccli/prod.credential", r#"{"secretId":"AKIDprod","secretKey":"s"}"#);
    tccli.write(".tccli/prod.configure", r#"{"_sys_param":{"region":"ap-shanghai"}}"#);
    tccli.run("api tencent DescribeLiveDomains").ok();
    let seen = server.only();
    assert_eq!((seen.key_id(), seen.region()), ("AKIDprod", Some("ap-shanghai")));
    // A profile that was named there and is not there is an error, too.
    let run = tccli.set("TCCLI_PROFILE", "gone").run("domain list").fails(3);
    assert!(run.stderr.contains("`TCCLI_PROFILE` names profile gone"), "{run}");
}

#[test]
fn ways_that_need_the_network_are_named() {
    let aliyun = |mode: &str| format!(r#"{{"current":"p","profiles":[{{"name":"p","mode":"{mode}"}}]}}"#);
    let volcengine = |mode: &str| format!(r#"{{"current":"p","profiles":{{"p":{{"mode":"{mode}"}}}}}}"#);
    let tencent = |mode: &str| format!(r#"{{"type":"{mode}","secretId":"AKID","secretKey":"hush"}}"#);
    let mut cases = Vec::new();
    for mode in ["EcsRamRole", "CloudSSO", "OAuth", "CredentialsURI"] {
        cases.push((".aliyun/config.json", aliyun(mode), mode));
    }
    for mode in ["sso", "console-login", "ecsrole"] {
        cases.push((".volcengine/config.json", volcengine(mode), mode));
    }
    for mode in ["oauth", "sso", "cvm-role"] {
        cases.push((".tccli/default.credential", tencent(mode), mode));
    }
    let server = Canned::empty_accounts();
    for (file, text, mode) in cases {
        let world = World::empty().set("LIVECTL_ENDPOINT", &server.endpoint);
        world.write(file, &text);
        let run = world.run("domain list").fails(3);
        for word in [&format!("`{mode}`"), "credential_process", file] {
            assert!(run.stderr.contains(word), "{word}: {run}");
        }
        assert!(!run.stderr.contains("hush"));
    }
    // Roles that are set up by half.
    let halves = ["RamRoleArn", "ChainableRamRoleArn", "OIDC"].map(|mode| (".aliyun/config.json", aliyun(mode)));
    let others = ["ramrolearn", "oidc"].map(|mode| (".volcengine/config.json", volcengine(mode)));
    for (file, text) in halves.into_iter().chain(others) {
        let world = World::empty().set("LIVECTL_ENDPOINT", &server.endpoint);
        world.write(file, &text);
        let run = world.run("domain list").fails(3);
        assert!(run.stderr.contains(file), "{text}: {run}");
    }
    assert!(server.take().is_empty());
}

#[test]
fn a_broken_file_of_theirs_is_told_by_its_place() {
    for (file, text) in [
        (".aliyun/config.json", "{\"current\": \"p\",\n \"profiles\": [hush]}"),
        (".volcengine/config.json", "{\"current\": \"p\",\n \"profiles\": {\"p\": hush}}"),
        (".tccli/default.credential", "{\"secretId\": \"AKID\",\n \"secretKey\": hush}"),
    ] {
        let world = World::empty();
        world.write(file, text);
        let run = world.run("domain list").fails(3);
        assert!(run.stderr.contains(&format!("{file}:2:")), "{run}");
        assert!(!run.stderr.contains("hush"), "{run}");
    }
}
