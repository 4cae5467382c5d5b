//! `auth` and `domain config`: what is refused, what is sent, and that no key is shown.

use serde_json::{Value, json};

use crate::assert_run;
use crate::harness::{Run, World};

const KEY: &str = "s3cretSigningKey";

/// A vendor's account with one playback domain.
fn world(vendor: &str) -> World {
    let world = World::sandbox(vendor);
    world.run("domain add play.example.com --type play --area mainland").ok();
    world.write("key.txt", &format!("{KEY}\n"));
    world
}

/// The body of the last request that a dry run printed.
fn body(run: &Run) -> Value {
    let line = run.stdout.lines().last().unwrap_or_default();
    let request: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {run}"));
    request["body"].clone()
}

#[test]
fn what_a_vendor_cannot_do_names_what_comes_nearest() {
    assert_run!(World::sandbox("tencent").run("auth referer delete --domain play.example.com").fails(2));
    assert_run!(World::sandbox("tencent").run("auth ip set --domain play.example.com --block 192.0.2.7").fails(2));
    assert_run!(World::sandbox("volcengine").run("domain config show --domain play.example.com").fails(2));
}

#[test]
fn every_wrong_value_is_told_at_once() {
    let world = World::sandbox("tencent");
    assert_run!(world.run("auth push-key set --enable maybe --valid soon --scheme x").fails(2));
    assert_run!(world.run("auth play-key set --scheme b --key @missing.txt").fails(2));
    assert_run!(world.run("auth referer set --allow a.com,,b.com --allow-empty perhaps").fails(2));
}

#[test]
fn keys_come_from_files_and_are_never_shown() {
    for vendor in ["tencent", "aliyun", "volcengine"] {
        let world = world(vendor);
        let set = "auth play-key set --domain play.example.com --enable --key @key.txt --valid 1h";
        let plan = world.run(&format!("{set} --dry-run")).ok();
        assert!(plan.stdout.contains("***"), "{plan}");
        for run in [plan, world.run(&format!("{set} -o json -vv")).ok()] {
            assert!(!run.to_string().contains(KEY), "{run}");
        }
    }
}

#[test]
fn the_vendors_own_names_are_options_too() {
    let world = world("tencent");
    let own =
        "auth play-key set --domain-name play.example.com --auth-key @key.txt --auth-delta 900 --enable 0 --dry-run";
    let sent = body(&world.run(own).ok());
    assert_eq!((&sent["AuthKey"], &sent["AuthDelta"], &sent["Enable"]), (&json!("***"), &json!(900), &json!(0)));
    let own = "auth referer set --domain-name play.example.com --enable 1 --type 1 --rules a.com;b.com --allow-empty 0 --dry-run";
    let sent = body(&world.run(own).ok());
    assert_eq!((&sent["Rules"], &sent["Type"], &sent["AllowEmpty"]), (&json!("a.com;b.com"), &json!(1), &json!(0)));
}

#[test]
fn the_commands_that_grow_stand_beside_those_written_by_hand() {
    let world = World::sandbox("volcengine");
    let shown = world.run("auth key show --domain play.example.com --scene-type pull -o json").ok().json();
    assert!(shown.is_array(), "{shown}");
    let help = World::empty().run("auth --help").ok().stdout;
    for word in ["push-key", "play-key", "referer", "ip", "key", "check"] {
        assert!(help.lines().any(|line| line.split_whitespace().next() == Some(word)), "{word}: {help}");
    }
    assert!(World::empty().run("domain config -h").ok().stdout.contains("entry"));
}

#[test]
fn functions_and_their_arguments_are_checked() {
    let world = World::sandbox("aliyun");
    assert_run!(world.run("domain config set --domain play.example.com url-atuh auth_type=type_a").fails(2));
    assert_run!(
        world.run("domain config set --domain play.example.com url-auth auth_type=type_z auth_key9=x weight").fails(2)
    );
    assert_run!(
        world.run("domain config set --domain play.example.com url-auth auth_type=type_z auth_key9=x").fails(2)
    );
    assert_run!(world.run("domain config delete --domain play.example.com private-oss").fails(2));
}

#[test]
fn what_is_not_documented_is_sent_when_the_user_insists() {
    let world = world("aliyun");
    let set = "domain config set --domain play.example.com brand_new_function level=9 --no-validate --dry-run";
    let plan = world.run(set).ok();
    assert!(plan.stdout.contains("brand_new_function") && plan.stdout.contains("level"), "{plan}");
}

#[test]
fn whole_functions_may_be_given_as_json() {
    let world = world("aliyun");
    let functions = r#"[{"functionName":"https_force","functionArgs":[{"argName":"enable","argValue":"on"}]}]"#;
    world.write("functions.json", functions);
    let set = "domain config set --domain-names play.example.com,b.example.com --functions @functions.json --dry-run";
    let plan = world.run(set).ok();
    assert!(plan.stdout.contains("BatchSetLiveDomainConfigs") && plan.stdout.contains("https_force"), "{plan}");
    let both = "domain config set --domain play.example.com url-auth auth_type=no_auth --functions @functions.json";
    assert_run!(world.run(both).fails(2));
}

#[test]
fn an_unproven_owner_is_told_the_record() {
    let world = World::sandbox("tencent");
    let fault = "--fault tencent:AddLiveDomain:error=FailedOperation.DomainNeedVerifyOwner*forever \
                 --fault tencent:AuthenticateDomainOwner:error=FailedOperation*forever";
    assert_run!(world.run(&format!("domain add live.example.com --type push {fault}")).fails(3));
    // The sandbox finds every record: the domain is added at the second try.
    let fault = "--fault tencent:AddLiveDomain:error=FailedOperation.DomainNeedVerifyOwner";
    let added = world.run(&format!("domain add live.example.com --type push --wait -o json {fault}")).ok();
    assert_eq!(added.json()["changed"], true);
}

#[test]
fn waiting_where_there_is_nothing_to_wait_for_ends_at_once() {
    let listed = World::sandbox("tencent").run("domain list --wait --wait-timeout 1h").ok();
    assert!(listed.stderr.contains("note: nothing to wait for"), "{listed}");
    let wrong = World::sandbox("tencent").run("domain list --wait --wait-timeout soon").fails(2);
    assert!(wrong.stderr.contains("--wait-timeout"), "{wrong}");
}

/// What is rotated on a vendor: the command's end, the Actions that read and set.
const ROTATED: [(&str, &str, &str, &str); 3] = [
    ("tencent", "play", "DescribeLivePlayAuthKey", "ModifyLivePlayAuthKey"),
    ("aliyun", "play", "DescribeLiveDomainConfigs", "BatchSetLiveDomainConfigs"),
    ("volcengine", "play", "DescribeAuth", "UpdateAuthKey"),
];

/// A playback domain that signs with an old key.
fn signing(vendor: &str) -> World {
    let world = world(vendor);
    world.write("old.txt", "oldSigningKey0001\n");
    let scheme = if vendor == "volcengine" { "--scheme b" } else { "" };
    world.run(&format!("auth play-key set --domain play.example.com --enable --key @old.txt --valid 1h {scheme}")).ok();
    world
}

fn held(world: &World) -> (Value, Value) {
    let shown = world.run("auth play-key show --domain play.example.com -o json --reveal").ok().json();
    (shown["key"].clone(), shown["backup_key"].clone())
}

#[test]
fn a_rotation_that_is_interrupted_anywhere_ends_as_one_that_is_not() {
    let rotate = "auth rotate --domain play.example.com --key @key.txt --yes -o json";
    for (vendor, _, read, write) in ROTATED {
        let refused = "error=InvalidParameter";
        let mut faults: Vec<String> = ["drop", "slow=1ms,drop", refused, &format!("slow=1ms,{refused}")]
            .map(|fault| format!("{vendor}:{write}:{fault}"))
            .into();
        faults.extend((0..5).map(|reads| match reads {
            0 => format!("{vendor}:{read}:{refused}"),
            reads => format!("{vendor}:{read}:slow=1ms*{reads},{refused}"),
        }));
        for fault in faults {
            let world = signing(vendor);
            let broken = world.run(&format!("{rotate} --retries 0 --fault {fault}"));
            assert_ne!(broken.code, 0, "{broken}");
            let again = world.run(rotate).ok();
            assert_eq!(held(&world), (json!(KEY), json!("oldSigningKey0001")), "{fault}: {again}");
            assert!(!format!("{broken}{again}").contains("SigningKey"), "{broken}{again}");
        }
    }
}

#[test]
fn a_key_is_made_once_and_kept_for_its_owner() {
    for (vendor, ..) in ROTATED {
        let world = signing(vendor);
        let rotate = "auth rotate --domain play.example.com --key-file new.key --yes";
        let planned = world.run(&format!("{rotate} --dry-run")).ok();
        assert_eq!(planned.stdout.lines().count(), 2, "{planned}");
        assert!(!world.home().join("new.key").exists(), "{planned}");
        let rotated = world.run(&format!("{rotate} -o json")).ok();
        let key = std::fs::read_to_string(world.home().join("new.key")).unwrap();
        assert_eq!((key.len(), held(&world).0), (33, json!(key.trim())), "{rotated}");
        assert!(!format!("{planned}{rotated}").contains(key.trim()), "{rotated}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(world.home().join("new.key")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let again = world.run(&format!("{rotate} -o json")).ok();
        assert_eq!(again.json()["changed"], false, "{again}");
        let url = world.run("url play play.example.com/live/s1 --protocol flv").ok().stdout;
        assert_eq!(world.run_words(&["url", "check", url.trim(), "--key", "@new.key"]).code, 0, "{url}");
    }
}

#[test]
fn a_rotation_that_breaks_off_tells_what_stands() {
    let world = signing("tencent");
    let rotate = "auth rotate --domain play.example.com --key @key.txt --yes -o json --retries 0";
    // The second change is refused, then its answer is lost.
    let fault = "tencent:ModifyLivePlayAuthKey:slow=1ms";
    let refused = world.run(&format!("{rotate} --fault {fault},error=InvalidParameter")).error();
    assert_eq!(refused["outcome"], "applied", "{refused}");
    assert!(refused["hint"].as_str().unwrap().contains("the new key is in the spare place"), "{refused}");
    let lost = world.run(&format!("{rotate} --fault tencent:ModifyLivePlayAuthKey:drop")).error();
    let hint = lost["hint"].as_str().unwrap().to_owned();
    let shown = hint.split('`').nth(1).unwrap().strip_prefix("livectl ").unwrap();
    assert_eq!(shown.split(" --vendor").next(), Some("auth play-key show --domain play.example.com"), "{hint}");
    world.run(shown).ok();
}

#[test]
fn many_rotations_tell_what_is_lost_and_a_file_that_others_read() {
    let world = signing("tencent");
    world.write("domains.csv", "domain\nplay.example.com\n");
    let rotated = world.run("auth rotate --from-file domains.csv --key @key.txt --yes").ok();
    assert!(rotated.stderr.contains("refuses addresses signed with the backup keys"), "{rotated}");
    assert!(!rotated.stderr.contains("get one key"), "{rotated}");
    let one = world.run("auth rotate --from-file domains.csv --key-file key.txt --yes").ok();
    assert!(one.stderr.contains("get one key: that of `key.txt`"), "{one}");
    let single = world.run("auth rotate --domain play.example.com --key-file key.txt --yes").ok();
    assert!(!single.stderr.contains("get one key"), "{single}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let warned = |mode| {
            let file = world.home().join("key.txt");
            std::fs::set_permissions(file, std::fs::Permissions::from_mode(mode)).unwrap();
            let run = world.run("auth rotate --domain play.example.com --key-file key.txt --yes").ok();
            run.stderr.contains("is open to other users")
        };
        assert!(warned(0o644) && !warned(0o600));
    }
}

#[test]
fn what_a_rotation_says() {
    let world = signing("tencent");
    assert_run!(world.run("auth rotate --domain play.example.com").fails(2));
    assert_run!(world.run("auth rotate --domain gone.example.com --key @key.txt").fails(4));
    assert_run!(world.run("auth rotate --scope both --for soon --key @key.txt").fails(2));
    assert_run!(world.run("auth rotate --domain play.example.com --key @key.txt --for 12h").ok());
    assert_run!(world.run("auth rotate --domain play.example.com --key @key.txt").ok());
}

#[test]
fn setting_nothing_is_refused() {
    for (vendor, line) in [
        ("tencent", "auth play-key set --domain play.example.com"),
        ("aliyun", "auth push-key set --domain push.example.com"),
        ("volcengine", "auth play-key set --domain play.example.com"),
        ("tencent", "auth referer set --domain play.example.com"),
        ("aliyun", "auth ip set --domain play.example.com"),
    ] {
        let refused = World::sandbox(vendor).run(&format!("{line} -o json")).fails(2).error();
        assert!(refused["faults"][0]["allowed"].as_str().unwrap().starts_with("required, or "), "{refused}");
        let help = World::sandbox(vendor).run(&format!("{} -h", line.split(" --").next().unwrap())).ok().stdout;
        assert!(!help.contains(&format!("livectl {line}\n")), "{help}");
    }
    let all = World::sandbox("tencent").run("auth push-key set -o json").fails(2).error();
    assert_eq!(all["faults"].as_array().map(Vec::len), Some(2), "{all}");
    let example = World::sandbox("tencent").run("auth play-key set -h").ok().stdout;
    assert!(example.contains("--domain play.example.com --enable --key @key.txt"), "{example}");
}
