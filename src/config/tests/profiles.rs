use super::*;

fn world(body: &str) -> World {
    World::new().config(&format!("[profiles.p]\n{body}\n"))
}

#[test]
fn the_vendors_own_names_are_accepted() {
    for (vendor, body) in [
        (Vendor::Tencent, "secret_id = \"K\"\nsecret_key = \"S\"\ntoken = \"T\"\nregion = \"r\""),
        (Vendor::Aliyun, "access_key_id = \"K\"\naccess_key_secret = \"S\"\nsts_token = \"T\"\nregion_id = \"r\""),
        (Vendor::Volcengine, "access_key = \"K\"\nsecret_key = \"S\"\nsession_token = \"T\"\nregion = \"r\""),
        (Vendor::Volcengine, "access-key = \"K\"\nsecret-key = \"S\"\nsession-token = \"T\"\nregion = \"r\""),
        (Vendor::Tencent, "secretId = \"K\"\nsecretKey = \"S\"\ntoken = \"T\"\nregion = \"r\""),
    ] {
        let world = world(&format!("vendor = \"{vendor}\"\n{body}"));
        let resolved = world.resolve(&named(&["p"])).unwrap();
        assert_eq!(resolved.warnings, Vec::<String>::new(), "{body}");
        let account = &resolved.accounts[0];
        let credentials = account.credentials.as_ref().unwrap();
        assert_eq!((credentials.access_key_id.as_str(), credentials.access_key_secret.expose()), ("K", "S"));
        assert_eq!(credentials.session_token.as_ref().map(|t| t.expose()), Some("T"));
        assert_eq!(account.region.as_deref(), Some("r"));
    }
}

#[test]
fn every_key_of_a_profile_arrives() {
    let world = world(
        "vendor = \"qcloud\"\naccess_key_id = \"K\"\naccess_key_secret = \"S\"\nendpoint = \"https://live.example.com\"\n\
         signature = \"hmac-sha256\"\nca_bundle = \"company.pem\"\ntrust = \"system\"\nread_only = true\n\
         [profiles.p.rules]\nallow = [\"Describe*\"]\nconfirm = [\"Modify*\"]\ndeny = [\"Delete*\", \"Drop*\"]",
    );
    let account = world.account(&named(&["p"]));
    assert_eq!(account.endpoint.as_deref(), Some("https://live.example.com"));
    assert_eq!(account.signature.as_deref(), Some("hmac-sha256"));
    assert_eq!(account.ca_bundle, Some(world.path(".config/livectl/company.pem")));
    assert!(account.system_trust && account.read_only);
    assert_eq!((account.rules.allow.len(), account.rules.confirm.len(), account.rules.deny.len()), (1, 1, 2));
    assert_eq!(source_of(&account, "signature"), "profile p in ~/.config/livectl/config.toml");

    let roots = world.var("SSL_CERT_FILE", "/roots.pem");
    assert_eq!(roots.account(&named(&["p"])).ca_bundle, Some(roots.path(".config/livectl/company.pem")));
    let plain = World::new().var("VOLC_ACCESSKEY", "K").var("VOLC_SECRETKEY", "S").var("SSL_CERT_FILE", "/roots.pem");
    let account = plain.account(&nothing_named());
    assert_eq!(
        (account.ca_bundle.as_deref(), source_of(&account, "ca_bundle")),
        (Some(std::path::Path::new("/roots.pem")), "environment SSL_CERT_FILE")
    );
    let world = roots;

    let over = Selection { ca_bundle: Some("other.pem".into()), ..named(&["p"]) };
    assert_eq!(world.account(&over).ca_bundle, Some("other.pem".into()));
}

#[test]
fn variables_with_a_prefix() {
    let prefixed = || world("vendor = \"aliyun\"\nenv_prefix = \"PROD_TC\"");
    let keys = prefixed()
        .var("PROD_TC_ACCESS_KEY_ID", "LTAI")
        .var("PROD_TC_ACCESS_KEY_SECRET", "s")
        .var("PROD_TC_SESSION_TOKEN", "t");
    let account = keys.account(&named(&["p"]));
    assert_eq!(account.credentials.as_ref().unwrap().session_token.as_ref().map(|t| t.expose()), Some("t"));
    assert_eq!(source_of(&account, "access_key_id"), "environment PROD_TC_ACCESS_KEY_ID");
    assert_told(
        prefixed().refusal(&named(&["p"])),
        Class::Auth,
        &["PROD_TC_ACCESS_KEY_ID", "PROD_TC_ACCESS_KEY_SECRET"],
    );
    let half = prefixed().var("PROD_TC_ACCESS_KEY_ID", "LTAI");
    assert_told(half.refusal(&named(&["p"])), Class::Auth, &["`PROD_TC_ACCESS_KEY_SECRET` is not"]);
    let wrong = world("vendor = \"aliyun\"\nenv_prefix = \"PROD-TC\"");
    assert_told(wrong.refusal(&named(&["p"])), Class::Usage, &["env_prefix"]);
}

#[test]
fn what_a_profile_may_not_say() {
    let pair = "access_key_id = \"K\"\naccess_key_secret = \"hush\"\n";
    for (body, words) in [
        ("access_key_id = \"K\"\nsecret_id = \"L\"".to_owned(), vec!["access_key_id", "twice"]),
        (format!("{pair}env_prefix = \"X\""), vec!["access_key_id", "env_prefix", "one way"]),
        (format!("{pair}credential_process = [\"helper\"]\nkeyring = true"), vec!["credential_process", "keyring"]),
        (format!("{pair}signature = \"rpc\""), vec!["tc3, hmac-sha1, hmac-sha256"]),
        (format!("{pair}trust = \"all\""), vec!["trust", "system"]),
        (format!("{pair}read_only = \"yes\""), vec!["read_only", "true"]),
        (format!("{pair}endpoint = \"http://live.example.com\""), vec!["https://", "profile p"]),
        ("access_key_id = 5\naccess_key_secret = \"hush\"".to_owned(), vec!["access_key_id", "quotes"]),
        ("credential_process = \"helper hush\"".to_owned(), vec!["credential_process", "array"]),
        ("credential_process = []".to_owned(), vec!["credential_process", "no program"]),
    ] {
        let refusal = world(&format!("vendor = \"tencent\"\n{body}")).refusal(&named(&["p"]));
        assert!(!refusal.1.contains("hush"), "{}", refusal.1);
        assert_told(refusal, Class::Usage, &words);
    }
    assert_told(
        world("vendor = \"tencnet\"").refusal(&named(&["p"])),
        Class::Usage,
        &["tencent, aliyun or volcengine"],
    );
    let volcengine = world(&format!("vendor = \"volc\"\n{pair}signature = \"tc3\""));
    assert_told(volcengine.refusal(&named(&["p"])), Class::Usage, &["signature", "leave it out"]);
}

#[test]
fn without_a_vendor_the_option_says_it() {
    let world = world("access_key_id = \"K\"\naccess_key_secret = \"S\"").var("LIVECTL_VENDOR", "aliyun");
    assert_told(world.refusal(&named(&["p"])), Class::Usage, &["--vendor"]);
    assert_eq!(world.account(&Selection { vendor: Some(Vendor::Aliyun), ..named(&["p"]) }).vendor, Vendor::Aliyun);
}

#[test]
fn what_needs_the_network_is_refused_by_its_name() {
    for (body, mode) in [
        ("mode = \"EcsRamRole\"", "EcsRamRole"),
        ("access_key_id = \"K\"\naccess_key_secret = \"S\"\nram_role_name = \"r\"", "ram_role_name"),
    ] {
        let world = world(&format!("vendor = \"aliyun\"\n{body}"));
        assert_told(world.refusal(&named(&["p"])), Class::Auth, &[mode, "credential_process"]);
    }
    // With the feature `tests/keyring.rs` asks a real bus.
    let keyring = world("vendor = \"aliyun\"\nkeyring = true");
    if cfg!(not(feature = "keyring")) {
        assert_told(keyring.refusal(&named(&["p"])), Class::Auth, &["keyring", "credential_process = ["]);
    }
    let nothing = world("vendor = \"aliyun\"\nregion = \"cn-shanghai\"");
    assert_told(nothing.refusal(&named(&["p"])), Class::Auth, &["has none", "--sandbox"]);
}

#[test]
fn unknown_keys_warn() {
    let world = World::new().config(
        "defualt_profile = \"p\"\nregion = \"x\"\n[profiles.p]\nvendor = \"aliyun\"\naccess_key_id = \"K\"\n\
         access_key_secret = \"S\"\nregoin = \"cn-beijing\"\ncolour = 3\n[profiles.p.rules]\nalow = []\n",
    );
    let warnings = world.resolve(&named(&["p"])).unwrap().warnings.join("\n");
    for words in [
        "`defualt_profile` in `~/.config/livectl/config.toml`: did you mean `default_profile`?",
        "`region` in `~/.config/livectl/config.toml`: it belongs below `[profiles.NAME]`",
        "`regoin` in profile p in ~/.config/livectl/config.toml: did you mean `region`?",
        "`rules.alow`",
        "`colour` in profile p in ~/.config/livectl/config.toml",
    ] {
        assert!(warnings.contains(words), "{words}: {warnings}");
    }
}

#[test]
fn rules_are_read_and_kept_in_the_sandbox() {
    let keys = "vendor = \"aliyun\"\naccess_key_id = \"K\"\naccess_key_secret = \"S\"";
    let ruled = world(&format!("{keys}\n[profiles.p.rules]\ndeny = [\"* delete\"]\nallow = [\"domain *\"]"));
    for sandbox in [false, true] {
        for selection in [named(&["p"]), nothing_named()] {
            let resolved = ruled.resolve(&Selection { sandbox, ..selection }).unwrap();
            assert_eq!(resolved.warnings, Vec::<String>::new());
            let rules = &resolved.accounts[0].rules;
            assert_eq!(
                (&rules.deny[..], &rules.allow[..]),
                (&["* delete".to_owned()][..], &["domain *".to_owned()][..])
            );
        }
    }
}

#[test]
fn a_look_at_the_file_tells_what_is_odd_about_it() {
    let world = World::new().config(
        "colour = 1\n[profiles.a]\nregoin = \"x\"\n[profiles.b]\nsignature = 3\n[profiles.c.rules]\nalow = [\"Describe*\"]\n",
    );
    chmod(&world.path(".config/livectl/config.toml"), 0o644);
    let told = |profile| super::super::oddities(&world.environment(), &nothing_named(), profile).unwrap().join("\n");
    let all = told(None);
    for words in ["`colour`", "did you mean `region`", "profile b", "did you mean `rules.allow`"] {
        assert!(all.contains(words), "{words}: {all}");
    }
    let one = told(Some("a"));
    assert!(one.contains("`regoin`") && one.contains("`colour`"), "{one}");
    assert!(!one.contains("profile b") && !one.contains("profile c"), "{one}");
    if cfg!(unix) {
        assert!(one.contains("mode 0644"), "{one}");
    }
}
