use super::*;
use crate::model::{Proof, Role};

const TENCENT: &str = "qcs::cam::uin/1:roleName/r";

fn world(body: &str) -> World {
    World::new().config(body)
}

fn role(world: &World, profile: &str) -> Role {
    world.account(&named(&[profile])).role.unwrap()
}

fn rows(account: &Account) -> Vec<(&str, &str, &str)> {
    let told = account.sources.iter().filter_map(|row| Some((row.field, row.value.as_deref()?, row.source.as_str())));
    told.filter(|(field, ..)| !matches!(*field, "vendor" | "trust" | "read_only")).collect()
}

#[test]
fn keys_of_the_profile_assume_its_role() {
    let world = world(
        "[profiles.p]\nvendor = \"tencent\"\nsecret_id = \"AKIDlonglong1234\"\nsecret_key = \"hush\"\n\
         role_arn = \"qcs::cam::uin/1:roleName/r\"\nrole_session_name = \"ci\"\nexternal_id = \"x-1\"\n\
         role_duration = \"1h\"\nsts_endpoint = \"https://sts.example.com\"\n",
    );
    let account = world.account(&named(&["p"]));
    assert_eq!(account.credentials, None);
    let place = "profile p in ~/.config/livectl/config.toml";
    assert_eq!(
        rows(&account),
        [
            ("credentials", "role", place),
            ("access_key_id", "***1234", place),
            ("role_arn", TENCENT, place),
            ("role_session_name", "ci", place),
            ("external_id", "x-1", place),
            ("role_duration", "3600s", place),
            ("sts_endpoint", "https://sts.example.com", place),
        ]
    );
    let role = account.role.unwrap();
    assert_eq!((role.duration, role.sts_endpoint.as_deref()), (Some(3600), Some("https://sts.example.com")));
    let shown = format!("{role:?} {:?}", role.keys());
    assert!(!shown.contains("hush") && !shown.contains("AKIDlong"), "{shown}");
}

#[test]
fn another_profile_may_assume_it_through_roles_of_its_own() {
    let world = world(
        "[profiles.base]\nvendor = \"aliyun\"\nenv_prefix = \"BASE\"\n\
         [profiles.middle]\nvendor = \"aliyun\"\nrole_arn = \"acs:ram::1:role/middle\"\nsource_profile = \"base\"\n\
         [profiles.top]\nvendor = \"aliyun\"\nram_role_arn = \"acs:ram::2:role/top\"\nsource_profile = \"middle\"\nduration = 900\n",
    );
    let world = world.var("BASE_ACCESS_KEY_ID", "LTAIbase").var("BASE_ACCESS_KEY_SECRET", "s");
    let top = role(&world, "top");
    assert_eq!((top.session_name.as_str(), top.duration), ("livectl", Some(900)));
    let Proof::Role(middle) = &top.proof else { panic!("{top:?}") };
    assert_eq!(middle.name, "acs:ram::1:role/middle");
    assert_eq!(top.keys().unwrap().access_key_id, "LTAIbase");
    let account = world.account(&named(&["top"]));
    assert!(
        rows(&account).contains(&("access_key_id", "***", "environment BASE_ACCESS_KEY_ID")),
        "{:?}",
        rows(&account)
    );
    assert!(
        rows(&account).iter().any(|(field, value, _)| (*field, *value) == ("assumed_by", "acs:ram::1:role/middle"))
    );
}

#[test]
fn a_token_file_is_named_and_not_read() {
    let world = world(
        "[profiles.p]\nvendor = \"aliyun\"\nrole_arn = \"acs:ram::1:role/r\"\n\
         oidc_provider_arn = \"acs:ram::1:oidc-provider/ci\"\noidc_token_file = \"nowhere/token\"\n",
    );
    let account = world.account(&named(&["p"]));
    let role = account.role.as_ref().unwrap();
    let file = world.path(".config/livectl/nowhere/token");
    assert_eq!(role.proof, Proof::Token { provider: Some("acs:ram::1:oidc-provider/ci".to_owned()), file });
    assert_eq!((role.kind(), role.keys()), ("oidc", None));
    assert_eq!(rows(&account)[0].1, "oidc");
}

#[test]
fn what_cannot_be_is_told_at_once() {
    let keys = "access_key_id = \"K\"\naccess_key_secret = \"hush\"\n";
    let token = "oidc_token_file = \"t\"\n";
    for (vendor, body, class, words) in [
        ("tencent", format!("{keys}role_arn = \"acs:ram::1:role/r\""), Class::Auth, vec!["`qcs::cam::`"]),
        ("aliyun", format!("{keys}external_id = \"x\""), Class::Auth, vec!["`role_arn` is missing"]),
        (
            "tencent",
            format!("role_arn = \"{TENCENT}\""),
            Class::Auth,
            vec!["nothing to assume it with", "source_profile"],
        ),
        (
            "tencent",
            format!("{token}role_arn = \"{TENCENT}\"\nexternal_id = \"x\"\nrole_policy = \"{{}}\""),
            Class::Auth,
            vec!["`oidc_provider` is missing", "`external_id`", "`role_policy`"],
        ),
        (
            "volcengine",
            format!("{token}role_trn = \"trn:iam::1:role/r\"\noidc_provider = \"x\""),
            Class::Auth,
            vec!["`oidc_provider` is unknown to volcengine"],
        ),
        (
            "aliyun",
            format!("{keys}{token}role_arn = \"acs:ram::1:role/r\""),
            Class::Usage,
            vec!["only one way", "`access_key_id` and `oidc_token_file`"],
        ),
        ("aliyun", "source_profile = \"q\"".to_owned(), Class::Usage, vec!["`role_arn` beside it"]),
        (
            "aliyun",
            format!("{keys}role_arn = \"acs:ram::1:role/r\"\nrole_duration = \"5m\""),
            Class::Usage,
            vec!["`15m` to `12h`"],
        ),
        (
            "aliyun",
            format!("{keys}role_arn = \"acs:ram::1:role/r\"\nrole_duration = 50000"),
            Class::Usage,
            vec!["`15m` to `12h`"],
        ),
        (
            "aliyun",
            format!("{keys}role_arn = \"acs:ram::1:role/r\"\nsts_endpoint = \"http://sts.example.com\""),
            Class::Usage,
            vec!["sts_endpoint", "https://"],
        ),
        (
            "aliyun",
            "role_arn = \"acs:ram::1:role/r\"\nsource_profile = \"gone\"".to_owned(),
            Class::Usage,
            vec!["`gone`"],
        ),
    ] {
        let world = world(&format!("[profiles.p]\nvendor = \"{vendor}\"\n{body}\n"));
        let refusal = world.refusal(&named(&["p"]));
        assert!(!refusal.1.contains("hush"), "{}", refusal.1);
        assert_told(refusal, class, &words);
    }
}

#[test]
fn a_chain_ends_and_stays_with_its_vendor() {
    let round = world(
        "[profiles.a]\nvendor = \"aliyun\"\nrole_arn = \"acs:ram::1:role/a\"\nsource_profile = \"b\"\n\
         [profiles.b]\nvendor = \"aliyun\"\nrole_arn = \"acs:ram::1:role/b\"\nsource_profile = \"a\"\n",
    );
    assert_told(round.refusal(&named(&["a"])), Class::Usage, &["goes round: a → b → a"]);
    let other = world(
        "[profiles.a]\nvendor = \"aliyun\"\nrole_arn = \"acs:ram::1:role/a\"\nsource_profile = \"b\"\n\
         [profiles.b]\nvendor = \"tencent\"\naccess_key_id = \"K\"\naccess_key_secret = \"S\"\n",
    );
    assert_told(other.refusal(&named(&["a"])), Class::Usage, &["`b` of tencent", "of aliyun"]);
}

#[test]
fn variables_of_the_official_tools_name_roles() {
    let aliyun = || {
        World::new()
            .var("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1:role/r")
            .var("ALIBABA_CLOUD_EXTERNAL_ID", "x")
            .var("ALIBABA_CLOUD_STS_ENDPOINT", "sts.cn-hangzhou.aliyuncs.com")
    };
    // A role alone may be meant for keys that another tool has.
    assert_told(aliyun().refusal(&nothing_named()), Class::Auth, &["there are none"]);
    let keys =
        |world: World| world.var("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI").var("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "s");
    let role = keys(aliyun()).account(&nothing_named()).role.unwrap();
    assert_eq!((role.kind(), role.external_id.as_deref()), ("role", Some("x")));
    assert_eq!(role.sts_endpoint.as_deref(), Some("https://sts.cn-hangzhou.aliyuncs.com"));
    let by_token = |world: World| {
        world
            .var("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "~/token")
            .var("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "acs:ram::1:oidc-provider/k8s")
    };
    let world = by_token(aliyun());
    let account = world.account(&nothing_named());
    let file = world.path("token");
    let proof = Proof::Token { provider: Some("acs:ram::1:oidc-provider/k8s".to_owned()), file };
    assert_eq!(account.role.as_ref().unwrap().proof, proof);
    assert_eq!(source_of(&account, "credentials"), "environment ALIBABA_CLOUD_OIDC_TOKEN_FILE");
    // Keys stand above the token, as in the official SDKs; that is told.
    let resolved = keys(by_token(aliyun())).resolve(&nothing_named()).unwrap();
    assert!(resolved.accounts[0].credentials.is_some());
    assert!(resolved.warnings[0].contains("ALIBABA_CLOUD_OIDC_TOKEN_FILE"), "{:?}", resolved.warnings);
    let half = World::new().var("TKE_WEB_IDENTITY_TOKEN_FILE", "/t").var("TKE_ROLE_ARN", TENCENT);
    assert_told(half.refusal(&nothing_named()), Class::Auth, &["`TKE_PROVIDER_ID` is not"]);
    assert_eq!(half.var("TKE_PROVIDER_ID", "tke").account(&nothing_named()).role.unwrap().kind(), "oidc");
    let volcengine = World::new()
        .var("VOLCENGINE_OIDC_TOKEN_FILE", "/t")
        .var("VOLCENGINE_OIDC_ROLE_TRN", "trn:iam::1:role/r")
        .var("VOLCENGINE_OIDC_ROLE_POLICY", "{}");
    let role = volcengine.account(&nothing_named()).role.unwrap();
    assert_eq!((role.policy.as_deref(), role.kind()), (Some("{}"), "oidc"));
}

const OFFICIAL: &str = r#"{"current":"chain","profiles":[
 {"name":"prod","mode":"AK","access_key_id":"LTAIprod","access_key_secret":"s","region_id":"cn-shanghai"},
 {"name":"role","mode":"RamRoleArn","access_key_id":"LTAIrole","access_key_secret":"s","ram_role_arn":"acs:ram::1:role/r",
  "ram_session_name":"s","expired_seconds":900,"external_id":"x","sts_region":"cn-hangzhou"},
 {"name":"chain","mode":"ChainableRamRoleArn","source_profile":"role","ram_role_arn":"acs:ram::2:role/c","ram_session_name":"t"},
 {"name":"round","mode":"ChainableRamRoleArn","source_profile":"round","ram_role_arn":"acs:ram::2:role/c"},
 {"name":"oidc","mode":"OIDC","oidc_provider_arn":"acs:ram::1:oidc-provider/ci","oidc_token_file":"~/token",
  "ram_role_arn":"acs:ram::1:role/r","ram_session_name":"s"}]}"#;

#[test]
fn the_official_tools_files_have_roles() {
    let world = || World::new().file(".aliyun/config.json", OFFICIAL);
    let chain = world().account(&nothing_named()).role.unwrap();
    let Proof::Role(base) = &chain.proof else { panic!("{chain:?}") };
    assert_eq!((chain.session_name.as_str(), base.name.as_str()), ("t", "acs:ram::1:role/r"));
    assert_eq!((base.duration, base.external_id.as_deref()), (Some(900), Some("x")));
    assert_eq!(base.sts_endpoint.as_deref(), Some("https://sts.cn-hangzhou.aliyuncs.com"));
    assert_eq!(base.keys().unwrap().access_key_id, "LTAIrole");
    let round = world().var("ALIBABA_CLOUD_PROFILE", "round");
    assert_told(round.refusal(&nothing_named()), Class::Auth, &["goes round"]);
    let oidc = world().var("ALIBABA_CLOUD_PROFILE", "oidc").account(&nothing_named()).role.unwrap();
    assert_eq!(oidc.kind(), "oidc");
    let ve = r#"{"current":"r","profiles":{
        "r":{"mode":"RamRoleArn","access-key":"AKLT","secret-key":"s","account-id":"21","role-name":"live","region":"cn-north-1"},
        "o":{"mode":"oidc","role-trn":"trn:iam::21:role/ci","oidc-token-file":"/t"}}}"#;
    let role = World::new().file(".volcengine/config.json", ve).account(&nothing_named()).role.unwrap();
    assert_eq!((role.name.as_str(), role.kind()), ("trn:iam::21:role/live", "role"));
    let ve = ve.replace("\"current\":\"r\"", "\"current\":\"o\"");
    let role = World::new().file(".volcengine/config.json", &ve).account(&nothing_named()).role.unwrap();
    assert_eq!((role.name.as_str(), role.kind()), ("trn:iam::21:role/ci", "oidc"));
}

#[test]
fn a_role_of_an_official_tool_is_imported_whole() {
    let world = World::new().file(".aliyun/config.json", OFFICIAL).var("ALIBABA_CLOUD_PROFILE", "role");
    let import =
        |world: &World, name: &str| crate::config::import(&world.environment(), &nothing_named(), Vendor::Aliyun, name);
    import(&world, "mine").unwrap();
    let text = fs::read_to_string(world.path(".config/livectl/config.toml")).unwrap();
    assert_eq!(
        text,
        "[profiles.mine]\nvendor = \"aliyun\"\naccess_key_id = \"LTAIrole\"\naccess_key_secret = \"s\"\n\
         role_arn = \"acs:ram::1:role/r\"\nrole_session_name = \"s\"\nrole_duration = \"900s\"\nexternal_id = \"x\"\n\
         sts_endpoint = \"https://sts.cn-hangzhou.aliyuncs.com\"\n"
    );
    assert_eq!(role(&world, "mine").keys().unwrap().access_key_id, "LTAIrole");
    let world = world.var("ALIBABACLOUD_PROFILE", "chain");
    assert_told(told(&import(&world, "chained").unwrap_err()), Class::Auth, &["profile role", "source_profile"]);
}
