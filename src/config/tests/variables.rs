use super::*;
use crate::model::Secret;

#[test]
fn every_spelling_in_its_order() {
    // From the official tools' sources: (vendor, id, secret, token).
    let spellings = [
        (Vendor::Tencent, "TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", "TENCENTCLOUD_TOKEN"),
        (Vendor::Tencent, "TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", "TENCENTCLOUD_SECURITY_TOKEN"),
        (Vendor::Tencent, "TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", "TENCENTCLOUD_SESSION_TOKEN"),
        (
            Vendor::Aliyun,
            "ALIBABA_CLOUD_ACCESS_KEY_ID",
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
            "ALIBABA_CLOUD_SECURITY_TOKEN",
        ),
        (Vendor::Aliyun, "ALIBABACLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_SECURITY_TOKEN"),
        (Vendor::Aliyun, "ALICLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY_SECRET", "ALICLOUD_SECURITY_TOKEN"),
        (Vendor::Aliyun, "ACCESS_KEY_ID", "ACCESS_KEY_SECRET", "SECURITY_TOKEN"),
        (Vendor::Volcengine, "VOLCENGINE_ACCESS_KEY", "VOLCENGINE_SECRET_KEY", "VOLCENGINE_SESSION_TOKEN"),
        (Vendor::Volcengine, "VOLCSTACK_ACCESS_KEY_ID", "VOLCSTACK_SECRET_ACCESS_KEY", "VOLCSTACK_SESSION_TOKEN"),
        (Vendor::Volcengine, "VOLCSTACK_ACCESS_KEY", "VOLCSTACK_SECRET_KEY", "VOLCSTACK_SESSION_TOKEN"),
    ];
    for (vendor, id, secret, token) in spellings {
        let world = World::new().var(id, "the-id").var(secret, "the-secret").var(token, "the-token");
        let account = world.account(&nothing_named());
        let credentials = account.credentials.as_ref().unwrap();
        assert_eq!(account.vendor, vendor, "{id}");
        assert_eq!(credentials.access_key_id, "the-id");
        assert_eq!(credentials.access_key_secret, Secret::new("the-secret"));
        assert_eq!(credentials.session_token, Some(Secret::new("the-token")), "{token}");
        assert_eq!(source_of(&account, "access_key_id"), format!("environment {id}"));
        assert_eq!(source_of(&account, "session_token"), format!("environment {token}"));
    }
}

#[test]
fn the_earlier_spelling_wins_and_the_difference_is_told() {
    let world = World::new()
        .var("ALICLOUD_ACCESS_KEY_ID", "LTAIlater")
        .var("ALICLOUD_ACCESS_KEY_SECRET", "s")
        .var("ALICLOUD_SECURITY_TOKEN", "of the later key only")
        .var("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAIfirst")
        .var("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "s")
        .var("ALICLOUD_REGION_ID", "cn-beijing")
        .var("ALIBABA_CLOUD_REGION_ID", "cn-shanghai");
    let resolved = world.resolve(&of(Vendor::Aliyun)).unwrap();
    let credentials = resolved.accounts[0].credentials.as_ref().unwrap();
    assert_eq!((credentials.access_key_id.as_str(), &credentials.session_token), ("LTAIfirst", &None));
    assert_eq!(resolved.accounts[0].region.as_deref(), Some("cn-shanghai"));
    assert_eq!(
        resolved.warnings,
        [
            "`ALICLOUD_ACCESS_KEY_ID` says something else than environment ALIBABA_CLOUD_ACCESS_KEY_ID, which is used",
            "`ALICLOUD_REGION_ID` says something else than environment ALIBABA_CLOUD_REGION_ID, which is used",
        ]
    );
}

#[test]
fn half_a_pair_names_the_other_half() {
    for (set, missing) in [
        ("TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_ACCESS_KEY_ID"),
        ("VOLCSTACK_ACCESS_KEY", "VOLCSTACK_SECRET_ACCESS_KEY"),
    ] {
        let world = World::new().var(set, "half");
        assert_told(world.refusal(&nothing_named()), Class::Auth, &[set, &format!("`{missing}` is not")]);
    }
    let own = World::new().var("LIVECTL_ACCESS_KEY_ID", "half").var("LIVECTL_ACCESS_KEY_SECRET", "");
    assert_told(own.refusal(&of(Vendor::Aliyun)), Class::Auth, &["`LIVECTL_ACCESS_KEY_SECRET` is not"]);
    // Names that anything may have set say nothing until the vendor is named.
    let generic = World::new().var("ACCESS_KEY_ID", "minio");
    assert_told(generic.refusal(&nothing_named()), Class::Auth, &["there are none"]);
    assert_told(generic.refusal(&of(Vendor::Aliyun)), Class::Auth, &["`ACCESS_KEY_SECRET` is not"]);
}

#[test]
fn secrets_come_from_files_too() {
    let world = World::new().file("id", "AKIDfile\r\n").file("key", "se-cret\n").file("twice", "se-cret\n\n");
    let path = |world: &World, name: &str| world.path(name).display().to_string();
    let (id, key, twice) = (path(&world, "id"), path(&world, "key"), path(&world, "twice"));
    let world = world.var("TENCENTCLOUD_SECRET_ID_FILE", &id).var("TENCENTCLOUD_SECRET_KEY_FILE", &key);
    let account = world.account(&nothing_named());
    assert_eq!(account.credentials.as_ref().unwrap().access_key_id, "AKIDfile");
    assert_eq!(account.credentials.as_ref().unwrap().access_key_secret.expose(), "se-cret");
    assert_eq!(source_of(&account, "access_key_secret"), "environment TENCENTCLOUD_SECRET_KEY_FILE");

    let refused = World::new().var("LIVECTL_ACCESS_KEY_ID", "AKID").var("LIVECTL_ACCESS_KEY_SECRET_FILE", &twice);
    assert_told(refused.refusal(&of(Vendor::Tencent)), Class::Auth, &["LIVECTL_ACCESS_KEY_SECRET_FILE", "line break"]);
    let gone = World::new().var("LIVECTL_ACCESS_KEY_ID", "AKID").var("LIVECTL_ACCESS_KEY_SECRET_FILE", "/no/such");
    assert_told(gone.refusal(&of(Vendor::Tencent)), Class::Auth, &["`/no/such`", "there is no such file"]);
}

#[test]
fn what_cannot_be_a_key_is_refused_without_being_told() {
    for value in ["sec ret", "secret\n", "sécret", "secret\u{7}"] {
        let world = World::new().var("TENCENTCLOUD_SECRET_ID", "AKID").var("TENCENTCLOUD_SECRET_KEY", value);
        let refusal = world.refusal(&nothing_named());
        assert!(!refusal.1.contains(value), "{}", refusal.1);
        assert_told(refusal, Class::Auth, &["environment TENCENTCLOUD_SECRET_KEY"]);
    }
}

#[test]
fn a_region_or_endpoint_of_the_vendor_belongs_to_its_keys() {
    let keys = || World::new().var("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI").var("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "s");
    let account = keys().var("ALIBABA_CLOUD_ENDPOINT", "live.aliyuncs.com").account(&nothing_named());
    assert_eq!(account.endpoint.as_deref(), Some("https://live.aliyuncs.com"));
    // `REGION` says nothing about the vendor: it counts beside keys of the same kind of name.
    assert_eq!(keys().var("REGION", "us-east-1").account(&nothing_named()).region, None);
    let generic = World::new().var("ACCESS_KEY_ID", "LTAI").var("ACCESS_KEY_SECRET", "s").var("REGION", "cn-beijing");
    assert_eq!(generic.account(&nothing_named()).region.as_deref(), Some("cn-beijing"));
    let plain = keys().var("ALIBABA_CLOUD_ENDPOINT", "http://live.example.com");
    assert_told(plain.refusal(&nothing_named()), Class::Usage, &["ALIBABA_CLOUD_ENDPOINT", "https://"]);
}

#[test]
fn keys_meant_for_a_role_are_not_used_as_they_are() {
    let keys = World::new().var("TENCENTCLOUD_SECRET_ID", "AKID").var("TENCENTCLOUD_SECRET_KEY", "s");
    let role = keys.var("TENCENTCLOUD_ROLE_ARN", "qcs::cam::uin/1:roleName/r");
    // As the official tool has it: both or nothing.
    let resolved = role.resolve(&nothing_named()).unwrap();
    assert!(resolved.accounts[0].credentials.is_some());
    assert!(resolved.warnings[0].contains("TENCENTCLOUD_ROLE_SESSION_NAME"), "{:?}", resolved.warnings);
    let account = role.var("TENCENTCLOUD_ROLE_SESSION_NAME", "s").account(&nothing_named());
    assert_eq!(account.credentials, None);
    let role = account.role.unwrap();
    assert_eq!((role.name.as_str(), role.session_name.as_str()), ("qcs::cam::uin/1:roleName/r", "s"));
    assert_eq!(role.keys().unwrap().access_key_id, "AKID");
}

#[test]
fn no_home_and_no_file_are_needed() {
    let keys = [("VOLCENGINE_ACCESS_KEY", "AKLTlonglong1234"), ("VOLCENGINE_SECRET_KEY", "hush-hush")];
    let environment = Environment::new(keys, None);
    let resolved = resolve(&environment, &nothing_named()).unwrap();
    assert_eq!(resolved.warnings, Vec::<String>::new());
    assert_eq!((environment.config_file(), environment.state_dir()), (None, None));
    let none = resolve(&Environment::new([("A", "b")], None), &nothing_named()).unwrap_err();
    assert_eq!(none.class(), Class::Auth);

    let shown = format!("{environment:?} {resolved:?}");
    assert!(!shown.contains("hush-hush") && !shown.contains("AKLTlonglong"), "{shown}");
    let account = &resolved.accounts[0];
    let value = |field| account.sources.iter().find(|s| s.field == field).unwrap().value.clone();
    assert_eq!(value("access_key_id").as_deref(), Some("***1234"));
    assert_eq!(value("access_key_secret").as_deref(), Some("***"));
    assert_eq!((value("region"), source_of(account, "region")), (None, "default"));
}
