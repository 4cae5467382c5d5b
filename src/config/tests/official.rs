use super::*;

const ALIYUN: &str = r#"{"current":"prod","meta_path":"","profiles":[
 {"name":"prod","mode":"AK","access_key_id":"LTAIprod","access_key_secret":"s","region_id":"cn-shanghai","sts_token":"",
  "output_format":"json","language":"en","ram_role_arn":""},
 {"name":"sts","mode":"stsTOKEN","access_key_id":"STS.1","access_key_secret":"s","sts_token":"t"},
 {"name":"role","mode":"RamRoleArn","access_key_id":"a","access_key_secret":"b","ram_role_arn":"acs:ram::1:role/r"},
 {"name":"ecs","mode":"EcsRamRole","ram_role_name":"r"},
 {"name":"half","mode":"AK","access_key_id":"LTAI"},
 {"name":"ext","mode":"External","process_command":"cat  EXTERNAL"}]}"#;

const VOLCENGINE: &str = r#"{"current":"prod","enableColor":false,"sso-session":{},"profiles":{
 "prod":{"name":"prod","mode":"ak","access-key":"AKLTprod","secret-key":"s","session-token":"","region":"cn-beijing",
  "endpoint":"","disable-ssl":false},
 "sts":{"name":"sts","mode":"","access-key":"AKTP","secret-key":"s","session-token":"t","region":"",
  "endpoint":"open.volcengineapi.com"},
 "sso":{"name":"sso","mode":"sso"}}}"#;

#[test]
fn tccli() {
    let configure = r#"{"_sys_param":{"region":"ap-guangzhou","output":"json","arrayCount":10},
        "live":{"endpoint":"live.tencentcloudapi.com","version":"2018-08-01"}}"#;
    let world = || {
        World::new()
            .file(".tccli/default.credential", r#"{"type":"default","secretId":"AKIDdefault","secretKey":"s"}"#)
            .file(".tccli/default.configure", configure)
            .file(".tccli/other.credential", r#"{"secretId":"AKIDother","secretKey":"s","token":"t"}"#)
            .file(".tccli/oauth.credential", r#"{"type":"oauth","secretId":"A","secretKey":"s","token":"t"}"#)
            .file(
                ".tccli/role.credential",
                r#"{"secretId":"A","secretKey":"s","role-arn":"qcs::cam::uin/1:roleName/r"}"#,
            )
    };
    let account = world().account(&nothing_named());
    assert_eq!(account.credentials.as_ref().unwrap().access_key_id, "AKIDdefault");
    assert_eq!((account.region.as_deref(), account.endpoint.as_deref()), (Some("ap-guangzhou"), None));
    assert_eq!(source_of(&account, "access_key_id"), "profile default in ~/.tccli/default.credential");
    let other = world().var("TCCLI_PROFILE", "other").var("TENCENTCLOUD_PROFILE", "oauth").account(&nothing_named());
    assert_eq!(other.credentials.unwrap().session_token.unwrap().expose(), "t");
    assert_eq!(other.region, None);
    let role = world().var("TCCLI_PROFILE", "role").account(&nothing_named()).role.unwrap();
    assert_eq!((role.name.as_str(), role.kind()), ("qcs::cam::uin/1:roleName/r", "role"));
    assert_eq!(role.keys().unwrap().access_key_id, "A");
    for (profile, word) in [("oauth", "`oauth`"), ("gone", "gone.credential")] {
        assert_told(world().var("TCCLI_PROFILE", profile).refusal(&of(Vendor::Tencent)), Class::Auth, &[word]);
    }
    let elsewhere = World::new().file("keys/default.credential", r#"{"secretId":"AKIDelse","secretKey":"s"}"#);
    assert_eq!(elsewhere.var("TENCENTCLOUD_SHARED_CREDENTIALS_DIR", "~/keys").key_id(&nothing_named()), "AKIDelse");
}

#[test]
fn aliyun() {
    let world = || World::new().file(".aliyun/config.json", ALIYUN);
    let account = world().account(&nothing_named());
    assert_eq!(account.credentials.as_ref().unwrap().access_key_id, "LTAIprod");
    assert_eq!(account.credentials.as_ref().unwrap().session_token, None);
    assert_eq!(account.region.as_deref(), Some("cn-shanghai"));
    assert_eq!(source_of(&account, "region"), "profile prod in ~/.aliyun/config.json");
    let sts = world().var("ALICLOUD_PROFILE", "role").var("ALIBABA_CLOUD_PROFILE", "sts");
    let resolved = sts.resolve(&nothing_named()).unwrap();
    assert_eq!(resolved.accounts[0].credentials.as_ref().unwrap().session_token.as_ref().unwrap().expose(), "t");
    assert!(resolved.warnings[0].contains("ALICLOUD_PROFILE"), "{:?}", resolved.warnings);
    for (profile, word) in
        [("ecs", "`EcsRamRole`"), ("half", "`access_key_secret`"), ("gone", "`ALIBABACLOUD_PROFILE`")]
    {
        assert_told(world().var("ALIBABACLOUD_PROFILE", profile).refusal(&nothing_named()), Class::Auth, &[word]);
    }
    let moved = World::new().file("a.json", ALIYUN).var("ALIBABA_CLOUD_CONFIG_FILE", "~/a.json");
    assert_eq!(moved.key_id(&nothing_named()), "LTAIprod");
    let ignored = world().var("ALIBABA_CLOUD_IGNORE_PROFILE", "TRUE");
    assert_told(ignored.refusal(&nothing_named()), Class::Auth, &["there are none"]);
    // As `aliyun configure` leaves it when it is interrupted.
    let empty = r#"{"current":"default","profiles":[{"name":"default","mode":"AK","access_key_id":"","access_key_secret":""}]}"#;
    assert_told(
        World::new().file(".aliyun/config.json", empty).refusal(&nothing_named()),
        Class::Auth,
        &["there are none"],
    );
}

#[cfg(unix)]
#[test]
fn aliyun_external() {
    let world = World::new().file("answer", r#"{"mode":"AK","access_key_id":"LTAIext","access_key_secret":"s"}"#);
    let path = world.path("answer").display().to_string();
    let world =
        world.file(".aliyun/config.json", &ALIYUN.replace("EXTERNAL", &path)).var("ALIBABACLOUD_PROFILE", "ext");
    assert_eq!(world.key_id(&nothing_named()), "LTAIext");
    let world = world.var("ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS", "1");
    assert_told(world.refusal(&nothing_named()), Class::Auth, &["ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS"]);
}

#[test]
fn ve() {
    let world = |file: &str| World::new().file(".volcengine/config.json", file);
    let account = world(VOLCENGINE).account(&nothing_named());
    assert_eq!(account.credentials.as_ref().unwrap().access_key_id, "AKLTprod");
    assert_eq!((account.region.as_deref(), account.endpoint), (Some("cn-beijing"), None));
    // `current` stands above the variable, as in `ve`; that is told.
    let resolved = world(VOLCENGINE).var("VOLCENGINE_PROFILE", "sts").resolve(&nothing_named()).unwrap();
    assert_eq!(resolved.accounts[0].credentials.as_ref().unwrap().access_key_id, "AKLTprod");
    assert!(resolved.warnings[0].contains("VOLCENGINE_PROFILE"), "{:?}", resolved.warnings);
    let uncurrent = VOLCENGINE.replace(r#""current":"prod""#, r#""current":"""#);
    let account = world(&uncurrent).var("VOLCSTACK_PROFILE", "sts").account(&nothing_named());
    assert_eq!(account.credentials.unwrap().session_token.unwrap().expose(), "t");
    assert_eq!(account.endpoint.as_deref(), Some("https://open.volcengineapi.com"));
    let moved = World::new().file("v.json", VOLCENGINE).var("VOLCENGINE_CLI_CONFIG_FILE", "~/v.json");
    assert_eq!(moved.key_id(&nothing_named()), "AKLTprod");
    let sso = VOLCENGINE.replace(r#""current":"prod""#, r#""current":"sso""#);
    assert_told(world(&sso).refusal(&nothing_named()), Class::Auth, &["`sso`", "credential_process"]);
    let gone = VOLCENGINE.replace(r#""current":"prod""#, r#""current":"gone""#);
    assert_told(world(&gone).refusal(&nothing_named()), Class::Auth, &["`current`", "gone"]);
}

#[test]
fn the_older_sdks_of_volcengine() {
    let ini = "# keys\n[other]\naccess_key_id = no\n[default]\naccess_key_id = AKLTini\nsecret_access_key : s=\n";
    let json = r#"{"ak":"AKLTjson","sk":"s"}"#;
    assert_eq!(World::new().file(".volc/config", json).key_id(&nothing_named()), "AKLTjson");
    let both = World::new().file(".volc/config", json).file(".volc/credentials", ini);
    assert_eq!(both.key_id(&nothing_named()), "AKLTini");
    assert_eq!(both.account(&nothing_named()).credentials.unwrap().access_key_secret.expose(), "s=");
    let platform = World::new().file(".volc/config", "[default]\nregion=cn-north-1\n").file(".volc/credentials", ini);
    assert_eq!(platform.account(&nothing_named()).region.as_deref(), Some("cn-north-1"));
    let half = World::new().file(".volc/credentials", "[default]\naccess_key_id = AKLT\n");
    assert_told(half.refusal(&nothing_named()), Class::Auth, &["`secret_access_key`"]);
}

#[test]
fn a_configuration_is_imported() {
    let world = World::new().file(".volcengine/config.json", VOLCENGINE).file(".aliyun/config.json", ALIYUN);
    let import =
        |world: &World, vendor, name| crate::config::import(&world.environment(), &nothing_named(), vendor, name);
    let written = import(&world, Vendor::Volcengine, "volc").unwrap();
    assert_eq!(written.notes, ["taken from profile prod in ~/.volcengine/config.json"]);
    assert_eq!(
        fs::read_to_string(world.path(".config/livectl/config.toml")).unwrap(),
        "[profiles.volc]\nvendor = \"volcengine\"\naccess_key_id = \"AKLTprod\"\naccess_key_secret = \"s\"\n\
         region = \"cn-beijing\"\n"
    );
    assert_told(told(&import(&world, Vendor::Aliyun, "volc").unwrap_err()), Class::Conflict, &["`volc`"]);
    assert_told(told(&import(&world, Vendor::Tencent, "tx").unwrap_err()), Class::Auth, &["tencent"]);
    let world = world.var("ALIBABA_CLOUD_PROFILE", "ext");
    import(&world, Vendor::Aliyun, "ext").unwrap();
    let text = fs::read_to_string(world.path(".config/livectl/config.toml")).unwrap();
    assert!(text.contains("credential_process = [\"cat\", \"EXTERNAL\"]"), "{text}");
}

#[test]
fn a_file_that_is_no_json_is_told_and_not_shown() {
    for path in [".tccli/default.credential", ".aliyun/config.json", ".volcengine/config.json"] {
        let refusal = World::new().file(path, "{\n \"secretKey\": hush }").refusal(&nothing_named());
        assert!(!refusal.1.contains("hush"), "{}", refusal.1);
        assert_told(refusal, Class::Auth, &[&format!("~/{path}:2:")]);
    }
}
