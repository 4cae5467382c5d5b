//! `url push`, `play`, `sign` and `check`: the vendors' printed addresses, and why others are refused.

use crate::assert_run;
use crate::harness::{Run, World};

/// A machine with a key in a file.
fn world(key: &str) -> World {
    let world = World::empty();
    world.write("key.txt", &format!("{key}\n"));
    world
}

#[test]
fn addresses_are_those_that_the_vendors_print() {
    for (key, line, printed) in [
        (
            "e12c46f2612d5106e2034781ab261ca3",
            "url push livepush.tcloud.com/live/test --protocol rtmp --until 1546064025 --vendor tencent",
            "rtmp://livepush.tcloud.com/live/test?txSecret=f85a2ab363fe4deaffef9754d79da6fe&txTime=5C271099",
        ),
        (
            "aliyunliveexp1234",
            "url sign http://live.aliyunlive.com/video/standard --until 1622194197 --vendor aliyun",
            "http://live.aliyunlive.com/video/standard?auth_key=1622194197-0-0-5552ff52b5e4e20387c6dc18afce206b",
        ),
        (
            "A1B2C3d4e5f6",
            "url push push.example.com/live/livestream --protocol rtmp --until 1653632422 --vendor volcengine",
            "rtmp://push.example.com/live/livestream?volcTime=1653632422&volcSecret=e5bb77201cbaa2f9ccdd316fcda4c212",
        ),
        (
            "demoKey1234567890",
            "url play play.example.com/live/room1 --protocol flv --http --until 1767225600 --vendor aliyun",
            "http://play.example.com/live/room1.flv?auth_key=1767225600-0-0-963fc06b2fd7a0ad8f417689c14f0920",
        ),
        (
            "demoKey1234567890",
            "url push push.example.com/live/room1 --protocol srt --until 1767225600 --vendor volcengine",
            "srt://push.example.com:9000?streamid=#!::h=push.example.com,r=live/room1,m=publish,volcTime=1767225600,\
             volcSecret=4e74ddb5d6ebdb2cd26866df740ff378",
        ),
    ] {
        let run = world(key).run(&format!("{line} --key @key.txt")).ok();
        assert_eq!(run.stdout, format!("{printed}\n"), "{run}");
        assert!(!run.to_string().contains(key), "{run}");
    }
}

/// What an address is refused for.
fn reasons(world: &World, vendor: &str, url: &str, at: &str) -> (i32, String) {
    let words = ["url", "check", url, "--key", "@key.txt", "--vendor", vendor, "--at", at, "-o", "json"];
    let run = world.run_words(&words);
    let row = run.json();
    assert_eq!(row["accepted"], run.code == 0, "{run}");
    let reasons = row["reasons"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect::<Vec<_>>();
    (run.code, reasons.join(" "))
}

#[test]
fn each_broken_address_has_its_reason() {
    let world = world("demoKey1234567890");
    let tencent = "rtmp://push.example.com/live/room1?txSecret=a08ab2c70c012e9245581087450093e8&txTime=6955b900";
    let srt = "srt://push.example.com:1105?streamid=#!::h=push.example.com,r=/live/room1.flv?auth_key=1767225600-0-0-963fc06b2fd7a0ad8f417689c14f0920,m=publish";
    for (vendor, url, at, expected) in [
        ("tencent", tencent, "1767225600", ""),
        ("aliyun", srt, "1767225600", ""),
        ("tencent", tencent, "1767225601", "expired"),
        ("tencent", "rtmp://push.example.com/live/room1", "1767225600", "unsigned"),
        ("tencent", "rtmp://push.example.com/live/room1?txTime=6955b900", "1767225600", "missing"),
        ("tencent", &tencent.replace("room1", "room2"), "1767225600", "wrong-key"),
        ("tencent", &tencent.replace("6955b900", "6955B900"), "1767225600", "wrong-case"),
        (
            "tencent",
            &tencent.replace("a08ab2c70c012e9245581087450093e8", "A08AB2C70C012E9245581087450093E8"),
            "1767225600",
            "wrong-case",
        ),
        ("tencent", &tencent.replace("room1", "room1_hd"), "1767225600", "wrong-path"),
        ("tencent", &tencent.replace("txTime=6955b900", "txTime=soon"), "1767225600", "malformed wrong-key"),
        // The hash is right for the time that is meant.
        ("tencent", &tencent.replace("6955b900", "1767225600"), "1767225600", "wrong-time"),
        ("tencent", &tencent.replace("6955b900", "+6955b900"), "1767225600", "malformed wrong-key"),
        ("aliyun", &srt.replace(".flv", ".m3u8"), "1767225600", "wrong-path"),
        ("aliyun", tencent, "1767225600", "wrong-scheme"),
        (
            "volcengine",
            "rtmp://push.example.com/live/room1?volcTime=1767225600&volcSecret=492195b61f545dcad8d3874b78d76f9d",
            "0",
            "wrong-time",
        ),
        (
            "volcengine",
            "rtmp://push.example.com/live/room1?volcTime=1767225600&volcSecret=897ae0a540a7a6326d5382ca812865ab",
            "0",
            "wrong-order",
        ),
    ] {
        let code = if expected.is_empty() { 0 } else { 10 };
        assert_eq!(reasons(&world, vendor, url, at), (code, expected.to_owned()), "{vendor} {url}");
    }
    let words = ["url", "check", tencent, "--key", "@key.txt", "--at", "1767225601"];
    assert_run!(world.run_words(&words));
}

#[test]
fn the_accounts_key_signs_and_checks() {
    for vendor in ["tencent", "aliyun", "volcengine"] {
        let world = World::sandbox(vendor);
        world.run("domain add play.example.com --type play --area mainland").ok();
        world.write("key.txt", "mainSigningKey01\n");
        world.write("spare.txt", "spareSigningKey2\n");
        let scheme = if vendor == "volcengine" { "--scheme b" } else { "" };
        let set =
            "auth play-key set --domain play.example.com --enable --key @key.txt --backup-key @spare.txt --valid 1h";
        world.run(&format!("{set} {scheme}")).ok();
        let listed = world.run("url play play.example.com/live/room1 -o json").ok();
        let rows = listed.json();
        for row in rows.as_array().unwrap() {
            let url = row["url"].as_str().unwrap();
            let checked = world.run_words(&["url", "check", url, "--scope", "play", "-o", "json"]).ok().json();
            assert_eq!((&checked["accepted"], &checked["signed_by"]), (&true.into(), &"key".into()), "{url}");
            assert_eq!(checked["ends_at"], row["ends_at"], "{vendor} {url}");
        }
        let spare = "url sign https://play.example.com/live/room1.flv --key @spare.txt";
        let url = world.run(&format!("{spare} {scheme}")).ok().stdout;
        let checked = world.run_words(&["url", "check", url.trim(), "-o", "json"]).ok().json();
        assert_eq!(checked["signed_by"], "backup_key", "{url}");
        assert!(!listed.to_string().contains("SigningKey"), "{listed}");
    }
}

#[test]
fn a_domain_that_does_not_sign_needs_no_key() {
    let world = World::sandbox("tencent");
    world.run("domain add play.example.com --type play --area mainland").ok();
    let played = world.run("url play play.example.com/live/room1 --protocol flv -o json").ok();
    let row = played.json();
    assert_eq!(
        (&row["url"], &row["ends_at"]),
        (&"https://play.example.com/live/room1.flv".into(), &serde_json::Value::Null)
    );
    assert!(played.stderr.contains("does not look at signatures"), "{played}");
    let checked = world.run("url check https://play.example.com/live/room1.flv -o json").ok();
    assert_eq!((&checked.json()["accepted"], &checked.json()["reasons"]), (&true.into(), &serde_json::json!([])));
    assert!(checked.stderr.contains("every address is accepted"), "{checked}");
}

#[test]
fn a_push_to_volcengine_is_signed_by_type_b() {
    let world = World::sandbox("volcengine");
    world.run("domain add push.example.com --type push").ok();
    world.write("key.txt", "mainSigningKey01\n");
    let push = "url push push.example.com/live/room1 --protocol rtmp";
    world.run("auth push-key set --domain push.example.com --enable --key @key.txt").ok();
    let url = world.run(push).ok();
    assert!(url.stdout.contains("volcSecret=") && !url.stdout.contains("auth_key"), "{url}");
    world.run(&format!("{push} --scheme a")).fails(2);
    world.run("auth push-key set --domain push.example.com --scheme a").fails(2);
    // Somebody else set the domain up so.
    let list = r#"AuthDetailList:=[{"AuthType":"TypeA","EncryptionAlgorithm":"md5","SecretKey":"mainSigningKey01"}]"#;
    let words = [
        "api",
        "volcengine",
        "UpdateAuthKey",
        "Domain=push.example.com",
        "SceneType=push",
        "PushPullEnable:=true",
        list,
        "--yes",
    ];
    world.run_words(&words).ok();
    let warned = world.run(push).ok();
    assert!(warned.stdout.contains("auth_key=") && warned.stderr.contains("--scheme b"), "{warned}");
}

#[test]
fn a_name_that_ends_as_a_protocol_does_is_told() {
    let world = world("demoKey1234567890");
    let push = "--protocol rtmp --vendor tencent --key @key.txt";
    let run = world.run(&format!("url push push.example.com/live/room1.flv {push}")).ok();
    assert!(run.stderr.contains("signed without that ending"), "{run}");
    assert!(!world.run(&format!("url push push.example.com/live/room1 {push}")).ok().stderr.contains("ending"));
}

#[test]
fn a_key_is_read_up_to_a_limit() {
    let world = world("demoKey1234567890");
    world.write("huge.txt", &"k".repeat((1 << 20) + 1));
    let run = world.run("url push push.example.com/live/room1 --vendor tencent --key @huge.txt").fails(2);
    assert!(run.stderr.contains("larger than 1 MiB"), "{run}");
    #[cfg(target_os = "linux")]
    world.run("url push push.example.com/live/room1 --vendor tencent --key @/dev/zero").fails(2);
}

#[test]
fn an_address_ends_by_the_vendors_clock() {
    let world = World::sandbox("tencent");
    world.run("domain add push.example.com --type push").ok();
    world.write("key.txt", "mainSigningKey01\n");
    world.run("auth push-key set --domain push.example.com --enable --key @key.txt").ok();
    let push = "url push push.example.com/live/room1 --protocol rtmp -o json";
    let seconds = |line: &str| {
        let run = world.run(line).ok();
        let end: jiff::Timestamp = run.json()["ends_at"].as_str().unwrap().parse().unwrap();
        (end.as_second(), run.stderr)
    };
    for span in ["--for 30m", ""] {
        let (right, _) = seconds(&format!("{push} {span}"));
        let (corrected, told) = seconds(&format!("{push} {span} --fault tencent:*:clock"));
        assert!(told.contains("clock is off by"), "{told}");
        assert!((3500..3700).contains(&(corrected - right)), "{right} {corrected}");
    }
    // A time that is named is that time.
    let until = "--until 2030-01-01T00:00:00Z";
    let fault = "--fault tencent:*:clock";
    assert_eq!(seconds(&format!("{push} {until} {fault}")).0, seconds(&format!("{push} {until}")).0);
}

#[test]
fn an_address_that_the_vendor_signs_is_accepted() {
    let world = World::sandbox("volcengine");
    world.run("domain add push.example.com --type push").ok();
    world.write("key.txt", "mainSigningKey01\n");
    world.run("auth push-key set --domain push.example.com --enable --key @key.txt --valid 1h --scheme b").ok();
    let made = world.run("stream url push --vhost example.com --app live --stream s1 --reveal -o json").ok().json();
    for list in ["push_url_list", "ts_over_srt_url_list"] {
        let url = made[list][0].as_str().unwrap_or_else(|| panic!("{made}"));
        world.run_words(&["url", "check", url, "--scope", "push"]).ok();
    }
}

#[test]
fn what_cannot_be_signed_is_told() {
    let world = world("demoKey1234567890");
    let all: Vec<Run> = [
        "url push push.example.com/live/room1 --protocol rtp,hls --until soon --for -1h --hash sha1 --scheme d --valid x --vendor tencent --key @key.txt",
        "url push push.example.com/live/room1 --for 0 --hash sha1 --scheme d --protocol ftp --valid x --vendor tencent --key @key.txt",
        "url push --domain push.example.com --app a/b --vendor tencent --key @key.txt",
        "url push push.example.com/live/room1 --protocol flv --vendor tencent --key @key.txt",
        "url push push.example.com/live/room1 --protocol webrtc --vendor volcengine --key @key.txt",
        "url push push.example.com/live/room1 --vendor tencent --scheme a --key @key.txt",
        "url push push.example.com/live/room1 --vendor aliyun --scheme c --key @key.txt",
        "url push push.example.com/live/room1 --vendor volcengine --hash sha256 --key @key.txt",
        "url push push.example.com/live/room1 --key @key.txt",
        "url sign live/room1 --vendor tencent --key @key.txt",
        "url sign rtmp://d.example.com/live/s1 --vendor tencent",
        "url check srt://d.example.com:9000 --vendor tencent --key @key.txt",
    ]
    .into_iter()
    .map(|line| world.run(line).fails(2))
    .collect();
    let told: Vec<String> = all.iter().map(|run| format!("{}\n{}", run.command, run.stderr)).collect();
    insta::assert_snapshot!(told.join("\n"));
}
