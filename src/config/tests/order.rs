use super::*;

const FILE: &str = r#"
default_profile = "home"
[profiles.home]
vendor = "tencent"
access_key_id = "AKIDdefault"
access_key_secret = "s1"
[profiles.work]
vendor = "tencent"
access_key_id = "AKIDnamed"
access_key_secret = "s2"
region = "ap-shanghai"
[profiles.ali]
vendor = "aliyun"
access_key_id = "LTAIonly"
access_key_secret = "s3"
"#;

/// Every source at once; a step takes the first away.
#[test]
fn the_first_source_wins() {
    let tccli = r#"{"secretId":"AKIDtccli","secretKey":"s"}"#;
    let bare = || World::new().file(".tccli/default.credential", tccli);
    let filed = || bare().config(FILE);
    let vendors = |world: World| world.var("TENCENTCLOUD_SECRET_ID", "AKIDvendor").var("TENCENTCLOUD_SECRET_KEY", "s");
    let own = |world: World| world.var("LIVECTL_ACCESS_KEY_ID", "AKIDown").var("LIVECTL_ACCESS_KEY_SECRET", "s");
    let tencent = of(Vendor::Tencent);

    let everything = own(vendors(filed()));
    assert_eq!(everything.key_id(&named(&["work"])), "AKIDnamed");
    assert_eq!(own(vendors(filed())).var("LIVECTL_PROFILE", "work").key_id(&nothing_named()), "AKIDnamed");
    assert_eq!(everything.key_id(&tencent), "AKIDown");
    assert_eq!(vendors(filed()).key_id(&tencent), "AKIDvendor");
    assert_eq!(filed().key_id(&tencent), "AKIDdefault");
    assert_eq!(bare().key_id(&tencent), "AKIDtccli");
    assert_told(
        World::new().refusal(&tencent),
        Class::Auth,
        &["TENCENTCLOUD_SECRET_ID", "--sandbox", "config set NAME"],
    );
}

#[test]
fn without_a_vendor_the_sources_say_it() {
    assert_eq!(World::new().config(FILE).account(&nothing_named()).vendor, Vendor::Tencent);
    let world = World::new().var("VOLC_ACCESSKEY", "AKLT").var("VOLC_SECRETKEY", "s");
    assert_eq!(world.account(&nothing_named()).vendor, Vendor::Volcengine);
    assert_told(World::new().refusal(&nothing_named()), Class::Auth, &["--sandbox"]);
}

#[test]
fn the_only_profile_of_the_vendor_is_taken() {
    assert_eq!(World::new().config(FILE).key_id(&of(Vendor::Aliyun)), "LTAIonly");
    let env_vendor = Selection { env_vendor: Some(Vendor::Aliyun), ..Selection::default() };
    assert_eq!(World::new().config(FILE).key_id(&env_vendor), "LTAIonly");
    assert_eq!(World::new().config(FILE).var("LIVECTL_VENDOR", "alibaba").key_id(&nothing_named()), "LTAIonly");
}

#[test]
fn several_profiles_and_no_default_are_a_question() {
    let world = World::new().config(&FILE.replace("default_profile", "#"));
    assert_told(world.refusal(&of(Vendor::Tencent)), Class::Usage, &["home, work", "--profile"]);
    assert_told(world.refusal(&nothing_named()), Class::Usage, &["ali, home, work"]);
}

#[test]
fn a_named_profile_never_gives_way() {
    let keys = |world: World| world.var("TENCENTCLOUD_SECRET_ID", "AKID").var("TENCENTCLOUD_SECRET_KEY", "s");
    assert_told(
        keys(World::new().config(FILE)).refusal(&named(&["wrok"])),
        Class::Usage,
        &["did you mean `work`?", "ali, home, work"],
    );
    assert_told(keys(World::new()).refusal(&named(&["work"])), Class::Usage, &["config set NAME"]);
    let half = "[profiles.half]\nvendor = \"tencent\"\naccess_key_id = \"AKID\"\n";
    assert_told(keys(World::new().config(half)).refusal(&named(&["half"])), Class::Auth, &["access_key_secret"]);
    // A default profile that cannot be used is the end, too.
    assert_told(World::new().config(half).refusal(&nothing_named()), Class::Auth, &["access_key_secret"]);
}

#[test]
fn the_vendor_asked_for_must_be_the_profiles() {
    let world = World::new().config(FILE).var("LIVECTL_VENDOR", "aliyun");
    let against = Selection { vendor: Some(Vendor::Aliyun), ..named(&["work"]) };
    assert_told(world.refusal(&against), Class::Usage, &["work", "tencent", "aliyun"]);
    let variable = Selection { env_vendor: Some(Vendor::Aliyun), ..named(&["work"]) };
    assert_eq!(world.account(&variable).vendor, Vendor::Tencent);
}

#[test]
fn a_source_is_used_whole_and_options_lie_over_it() {
    let world = || World::new().config(FILE).var("TENCENTCLOUD_REGION", "ap-beijing").var("TENCENTCLOUD_TOKEN", "t");
    let account = world().account(&named(&["work"]));
    assert_eq!(account.region.as_deref(), Some("ap-shanghai"));
    assert_eq!(account.credentials.unwrap().session_token, None);
    assert_eq!(world().account(&named(&["home"])).region, None);

    let keys = world().var("TENCENTCLOUD_SECRET_ID", "AKID").var("TENCENTCLOUD_SECRET_KEY", "s");
    let account = keys.account(&of(Vendor::Tencent));
    assert_eq!(account.region.as_deref(), Some("ap-beijing"));
    assert_eq!(account.credentials.as_ref().unwrap().session_token.as_ref().unwrap().expose(), "t");
    assert_eq!(account.profile, None);

    let over = Selection {
        region: Some("ap-hongkong".into()),
        endpoint: Some("http://127.0.0.1:9/".into()),
        ..named(&["work"])
    };
    let account = world().account(&over);
    assert_eq!((account.region.as_deref(), source_of(&account, "region")), (Some("ap-hongkong"), "--region"));
    assert_eq!(account.endpoint.as_deref(), Some("http://127.0.0.1:9/"));
    let account = world().var("LIVECTL_REGION", "ap-hongkong").account(&over);
    assert_eq!(source_of(&account, "region"), "environment LIVECTL_REGION");
}

#[test]
fn several_vendors_and_none_named_are_a_question() {
    let world = World::new()
        .var("TENCENTCLOUD_SECRET_ID", "AKID")
        .var("TENCENTCLOUD_SECRET_KEY", "s")
        .var("ALICLOUD_ACCESS_KEY_ID", "LTAI")
        .var("ALICLOUD_ACCESS_KEY_SECRET", "s");
    assert_told(world.refusal(&nothing_named()), Class::Usage, &["tencent", "aliyun", "--vendor"]);
    assert_eq!(world.key_id(&of(Vendor::Aliyun)), "LTAI");
    let official = World::new()
        .file(".tccli/default.credential", r#"{"secretId":"AKID","secretKey":"s"}"#)
        .file(".volc/config", r#"{"ak":"AKLT","sk":"s"}"#);
    assert_told(official.refusal(&nothing_named()), Class::Usage, &["tencent", "volcengine", "--vendor"]);
    let own = World::new().var("LIVECTL_ACCESS_KEY_ID", "AKID").var("LIVECTL_ACCESS_KEY_SECRET", "s");
    assert_told(own.refusal(&nothing_named()), Class::Usage, &["LIVECTL_VENDOR"]);
}

#[test]
fn keys_in_the_environment_over_a_default_profile_are_told() {
    let world = World::new().config(FILE).var("TENCENTCLOUD_SECRET_ID", "AKID").var("TENCENTCLOUD_SECRET_KEY", "s");
    let warnings = world.resolve(&nothing_named()).unwrap().warnings;
    assert_eq!(
        warnings,
        [
            "the keys of environment TENCENTCLOUD_SECRET_ID are used, not the default profile home in ~/.config/livectl/config.toml"
        ]
    );
    assert_eq!(world.resolve(&named(&["home"])).unwrap().warnings, Vec::<String>::new());
}

#[test]
fn several_profiles_are_for_reading() {
    let world = World::new().config(FILE);
    let both = named(&["home", "ali", "home"]);
    let vendors: Vec<_> =
        world.resolve(&both).unwrap().accounts.iter().map(|a| (a.profile.clone().unwrap(), a.vendor)).collect();
    assert_eq!(vendors, [("home".into(), Vendor::Tencent), ("ali".into(), Vendor::Aliyun)]);
    assert_told(world.refusal(&Selection { changing: true, ..both }), Class::Usage, &["home, ali"]);
    assert!(world.resolve(&Selection { changing: true, ..named(&["home"]) }).is_ok());
}

#[test]
fn all_profiles_go_on_past_one_that_cannot_be_used() {
    let broken = format!("{FILE}\n[profiles.ring]\nvendor = \"aliyun\"\nkeyring = true\n");
    let all = Selection { all_profiles: true, ..Selection::default() };
    let resolved = World::new().config(&broken).resolve(&all).unwrap();
    assert_eq!(resolved.accounts.len(), 3);
    assert_eq!(resolved.failures.len(), 1);
    assert_eq!((resolved.failures[0].profile.as_str(), resolved.failures[0].error.class()), ("ring", Class::Auth));
    let aliyun = Selection { vendor: Some(Vendor::Aliyun), ..all.clone() };
    assert_eq!(World::new().config(FILE).key_id(&aliyun), "LTAIonly");
    assert_told(World::new().refusal(&all), Class::Usage, &["config set NAME"]);
}
