use super::*;

const GOOD: &str = "[profiles.p]\nvendor = \"tencent\"\naccess_key_id = \"K\"\naccess_key_secret = \"S\"\n";

#[test]
fn a_broken_file_names_the_place_and_shows_nothing() {
    for (text, place) in [
        ("[profiles.p]\nvendor = \"tencent\"\naccess_key_secret = hushhush\n", ":3:21:"),
        ("[profiles.p]\naccess_key_secret = \"hushhush\n", ":2:"),
        ("[profiles.p]\naccess_key_id = \"a\"\naccess_key_id = \"hushhush\"\n", ":3:1:"),
        ("hushhush\n", ":1:"),
    ] {
        let refusal = World::new().config(text).refusal(&named(&["p"]));
        assert!(!refusal.1.contains("hush"), "{}", refusal.1);
        assert_told(refusal, Class::Usage, &[&format!("~/.config/livectl/config.toml{place}")]);
    }
    // It stands in the way of every source: what it would say is unknown.
    let keys = World::new().config("[").var("TENCENTCLOUD_SECRET_ID", "K").var("TENCENTCLOUD_SECRET_KEY", "S");
    assert_told(keys.refusal(&nothing_named()), Class::Usage, &["config.toml:1:2:"]);
    let latin = World::new();
    std::fs::create_dir_all(latin.path(".config/livectl")).unwrap();
    std::fs::write(latin.path(".config/livectl/config.toml"), b"a = 1\nb = \"\xe4\"").unwrap();
    assert_told(latin.refusal(&nothing_named()), Class::Usage, &["config.toml:2:6: it is not UTF-8"]);
}

#[test]
fn the_named_file_is_the_file() {
    let world = World::new().config("[profiles.q]\n").file("other.toml", GOOD);
    let other = Selection { config_file: Some(world.path("other.toml")), ..named(&["p"]) };
    assert_eq!(world.key_id(&other), "K");
    let world = world.var("LIVECTL_CONFIG", "~/other.toml");
    assert_eq!(world.key_id(&named(&["p"])), "K");
    let gone = Selection { config_file: Some(world.path("gone.toml")), ..Selection::default() };
    assert_told(world.refusal(&gone), Class::Usage, &["~/gone.toml", "there is no such file"]);
    let folder = Selection { config_file: Some(world.path(".config")), ..Selection::default() };
    assert_told(world.refusal(&folder), Class::Usage, &["it is a folder"]);
}

#[test]
fn a_default_that_is_not_there_is_told() {
    let world = World::new().config(&format!("default_profile = \"q\"\n{GOOD}"));
    assert_told(world.refusal(&nothing_named()), Class::Usage, &["profile `q`", "`default_profile`", "profiles: p"]);
}

#[test]
fn tables_that_are_none() {
    assert_told(World::new().config("profiles = 3").refusal(&nothing_named()), Class::Usage, &["[profiles.NAME]"]);
    assert_told(World::new().config("[profiles]\np = 3").refusal(&named(&["p"])), Class::Usage, &["[profiles.p]"]);
    assert_told(
        World::new().config("default_profile = 3").refusal(&nothing_named()),
        Class::Usage,
        &["default_profile"],
    );
    // Written by a Windows editor.
    let windows = format!("\u{feff}{}", GOOD.replace('\n', "\r\n"));
    assert_eq!(World::new().config(&windows).key_id(&named(&["p"])), "K");
}

#[cfg(unix)]
#[test]
fn loose_modes_warn() {
    let world = World::new().config(GOOD);
    assert_eq!(world.resolve(&named(&["p"])).unwrap().warnings, Vec::<String>::new());
    chmod(&world.path(".config/livectl/config.toml"), 0o644);
    let warnings = world.resolve(&named(&["p"])).unwrap().warnings;
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].contains("mode 0644") && warnings[0].contains("chmod 600"), "{warnings:?}");
    chmod(&world.path(".config/livectl/config.toml"), 0o600);
    chmod(&world.path(".config/livectl"), 0o777);
    let warnings = world.resolve(&named(&["p"])).unwrap().warnings;
    assert!(warnings[0].contains("mode 0777"), "{warnings:?}");
}

/// As where the home folder belongs to somebody else: the keys of the environment do without.
#[test]
fn a_file_that_cannot_be_read_is_no_obstacle_to_keys_in_the_environment() {
    let world = || World::new().file(".config/livectl/config.toml/in-the-way", "");
    assert_told(world().refusal(&nothing_named()), Class::Usage, &["config.toml", "it is a folder"]);
    let keys = world().var("TENCENTCLOUD_SECRET_ID", "K").var("TENCENTCLOUD_SECRET_KEY", "S");
    let resolved = keys.resolve(&nothing_named()).unwrap();
    assert_eq!(resolved.warnings, ["reading `~/.config/livectl/config.toml`: it is a folder"]);
    assert_told(keys.refusal(&named(&["p"])), Class::Usage, &["it is a folder"]);
    let sandbox = Selection { sandbox: true, ..of(Vendor::Aliyun) };
    assert_eq!(world().account(&sandbox).vendor, Vendor::Aliyun);
}

#[cfg(unix)]
#[test]
fn a_file_without_an_end_is_refused() {
    let endless = World::new();
    let selection = Selection { config_file: Some("/dev/zero".into()), ..nothing_named() };
    assert_told(endless.refusal(&selection), Class::Usage, &["`/dev/zero`", "more than 4096 KiB"]);
    let endless = World::new().var("LIVECTL_ACCESS_KEY_ID", "AKID").var("LIVECTL_ACCESS_KEY_SECRET_FILE", "/dev/zero");
    assert_told(endless.refusal(&of(Vendor::Tencent)), Class::Auth, &["_SECRET_FILE", "more than 64 KiB"]);
    let endless = World::new();
    fs::create_dir(endless.path(".tccli")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", endless.path(".tccli/default.credential")).unwrap();
    assert_told(endless.refusal(&of(Vendor::Tencent)), Class::Auth, &["default.credential", "more than 4096 KiB"]);
}
