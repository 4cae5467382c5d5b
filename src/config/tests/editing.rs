use std::sync::Arc;

use super::*;
use crate::config::{KeyRow, NewValue, Written, list, remove, set, show, use_profile};
use crate::model::Secret;

const FILE: &str = "# keys of the live team\ndefault_profile = \"p\" # ours\n\n# production\n[profiles.p]\nvendor = \"tencent\" # since 2024\nsecret_id = \"AKIDAKIDAKID1234\" # rotated\nsecret_key = \"hush\"\n\n# trial\n[profiles.q]\nvendor = \"aliyun\"\nregoin = \"hush\"\n";

fn text(world: &World) -> String {
    fs::read_to_string(world.path(".config/livectl/config.toml")).unwrap()
}

fn put(world: &World, selection: &Selection, profile: &str, entries: &[(&str, &str)]) -> Result<Written, Error> {
    let entries: Vec<_> =
        entries.iter().map(|(key, value)| (key.to_string(), NewValue::Text(value.to_string()))).collect();
    set(&world.environment(), selection, profile, &entries)
}

#[test]
fn a_new_profile_in_a_new_file() {
    let world = World::new();
    let entries = [
        ("vendor".to_owned(), NewValue::Text("qcloud".into())),
        ("access_key_id".to_owned(), NewValue::Text("AKID".into())),
        ("access_key_secret".to_owned(), NewValue::Secret(Secret::new("hush"))),
    ];
    let written = set(&world.environment(), &nothing_named(), "prod", &entries).unwrap();
    assert!(written.created && written.changed);
    assert_eq!(written.path, world.path(".config/livectl/config.toml"));
    assert_eq!(
        text(&world),
        "[profiles.prod]\nvendor = \"tencent\"\naccess_key_id = \"AKID\"\naccess_key_secret = \"hush\"\n"
    );
    assert_eq!(world.key_id(&named(&["prod"])), "AKID");
    assert!(!format!("{entries:?} {written:?}").contains("hush"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &str| fs::metadata(world.path(path)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(".config/livectl/config.toml"), mode(".config/livectl")), (0o600, 0o700));
    }
}

#[test]
fn comments_and_spellings_stay() {
    let world = World::new().config(FILE);
    let written =
        put(&world, &nothing_named(), "p", &[("access_key_id", "AKIDnew"), ("region", "ap-beijing")]).unwrap();
    assert!(!written.created && written.changed);
    let expected = FILE
        .replace("AKIDAKIDAKID1234", "AKIDnew")
        .replace("secret_key = \"hush\"\n", "secret_key = \"hush\"\nregion = \"ap-beijing\"\n");
    assert_eq!(text(&world), expected);
    assert!(!put(&world, &nothing_named(), "p", &[("region", "ap-beijing")]).unwrap().changed);
    assert!(put(&world, &nothing_named(), "p", &[("region", "")]).unwrap().changed);
    assert_eq!(text(&world), expected.replace("region = \"ap-beijing\"\n", ""));
    use_profile(&world.environment(), &nothing_named(), "q").unwrap();
    assert!(text(&world).starts_with("# keys of the live team\ndefault_profile = \"q\" # ours\n"));
}

#[test]
fn values_are_typed_and_checked() {
    let world = World::new();
    let entries = [
        ("vendor", "tencent"),
        ("credential_process", r#"["helper", "a b"]"#),
        ("read_only", "true"),
        ("rules.deny", "Delete*, Drop*"),
        ("endpoint", "http://127.0.0.1:80"),
    ];
    put(&world, &nothing_named(), "p", &entries).unwrap();
    assert_eq!(
        text(&world),
        "[profiles.p]\nvendor = \"tencent\"\ncredential_process = [\"helper\", \"a b\"]\nread_only = true\n\
         endpoint = \"http://127.0.0.1:80\"\n\n[profiles.p.rules]\ndeny = [\"Delete*\", \"Drop*\"]\n"
    );
    let wrong = [
        ("regin", "x"),
        ("vendor", "aws"),
        ("read_only", "yes"),
        ("credential_process", "helper hush"),
        ("endpoint", "http://a"),
    ];
    let refusal = told(&put(&world, &nothing_named(), "p", &wrong).unwrap_err());
    assert!(!refusal.1.contains("hush"));
    assert_told(
        refusal,
        Class::Usage,
        &["`regin`", "did you mean `region`?", "`vendor`", "`read_only`", "`credential_process`", "`endpoint`"],
    );
    for (key, value, word) in [
        ("access_key_secret", "hu sh", "without spaces"),
        ("signature", "rpc", "tc3"),
        ("env_prefix", "X", "one way"),
        ("trust", "all", "`system`"),
    ] {
        let refusal = told(&put(&world, &nothing_named(), "p", &[(key, value)]).unwrap_err());
        assert_told(refusal, Class::Usage, &[key, word]);
    }
    assert!(put(&world, &nothing_named(), "a,b", &[("vendor", "aliyun")]).is_err());
}

#[test]
fn a_new_profile_needs_a_vendor() {
    let world = World::new().config(FILE);
    let refusal = told(&put(&world, &nothing_named(), "new", &[("region", "cn-shanghai")]).unwrap_err());
    assert_told(refusal, Class::Usage, &["--vendor"]);
    assert_eq!(text(&world), FILE);
    put(&world, &of(Vendor::Aliyun), "new", &[("region", "cn-shanghai")]).unwrap();
    assert!(
        text(&world).ends_with("\n[profiles.new]\nvendor = \"aliyun\"\nregion = \"cn-shanghai\"\n"),
        "{}",
        text(&world)
    );
    let refusal = told(&put(&world, &of(Vendor::Aliyun), "p", &[("region", "x")]).unwrap_err());
    assert_told(refusal, Class::Usage, &["tencent", "aliyun"]);
}

#[test]
fn removing_the_default_clears_it() {
    let world = World::new().config(FILE);
    let written = remove(&world.environment(), &nothing_named(), "p").unwrap();
    assert!(written.notes[0].contains("default"), "{:?}", written.notes);
    assert_eq!(
        text(&world),
        "# keys of the live team\n\n# trial\n[profiles.q]\nvendor = \"aliyun\"\nregoin = \"hush\"\n"
    );
    for refused in
        [remove(&world.environment(), &nothing_named(), "p"), use_profile(&world.environment(), &nothing_named(), "p")]
    {
        assert_told(told(&refused.unwrap_err()), Class::Usage, &["profile `p`", "profiles: q"]);
    }
    assert_eq!(remove(&world.environment(), &nothing_named(), "q").unwrap().notes, Vec::<String>::new());
    assert_eq!(text(&world), "# keys of the live team\n\n");
}

#[test]
fn the_head_of_the_file_outlives_the_first_profile() {
    let world =
        World::new().config("# head\n\n# of a\n[profiles.a]\nvendor = \"aliyun\"\n[profiles.b]\nvendor = \"aliyun\"\n");
    remove(&world.environment(), &nothing_named(), "a").unwrap();
    assert_eq!(text(&world), "# head\n\n[profiles.b]\nvendor = \"aliyun\"\n");
}

#[test]
fn what_is_written_is_listed_and_shown_masked() {
    let world = World::new().config(&format!("{FILE}[profiles.r]\nvendor = 5\n"));
    let summaries = list(&world.environment(), &nothing_named()).unwrap();
    let short: Vec<_> = summaries.iter().map(|s| (s.name.as_str(), s.vendor, s.credentials, s.default)).collect();
    assert_eq!(
        short,
        [
            ("p", Some(Vendor::Tencent), "static", true),
            ("q", Some(Vendor::Aliyun), "none", false),
            ("r", None, "invalid", false)
        ]
    );
    assert_eq!(list(&world.environment(), &of(Vendor::Aliyun)).unwrap().len(), 1);
    let row = |key: &str, value: &str| KeyRow { key: key.into(), value: value.into() };
    let rows = show(&world.environment(), &nothing_named(), "p").unwrap();
    assert_eq!(rows, [row("vendor", "tencent"), row("secret_id", "***1234"), row("secret_key", "***")]);
    let rows = show(&world.environment(), &nothing_named(), "q").unwrap();
    assert_eq!(rows, [row("vendor", "aliyun"), row("regoin", "***")]);
    assert!(show(&world.environment(), &nothing_named(), "x").is_err());
}

#[test]
fn several_writers_lose_nothing() {
    let world = Arc::new(World::new());
    let threads: Vec<_> = (0..8)
        .map(|number| {
            let world = Arc::clone(&world);
            std::thread::spawn(move || {
                put(&world, &of(Vendor::Aliyun), &format!("p{number}"), &[("region", "cn-shanghai")]).unwrap()
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| assert!(thread.join().unwrap().created));
    assert_eq!(list(&world.environment(), &nothing_named()).unwrap().len(), 8);
    let left: Vec<_> = fs::read_dir(world.path(".config/livectl")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "the file and its lock: {left:?}");
}

#[test]
fn what_cannot_be_written_says_why() {
    let world = World::new().file("file", "").file("broken.toml", "a = hush");
    let to = |path: &str| Selection {
        config_file: Some(world.path(path)),
        vendor: Some(Vendor::Aliyun),
        ..Selection::default()
    };
    let refusal = |path: &str| told(&put(&world, &to(path), "p", &[("region", "x")]).unwrap_err());
    assert_told(refusal("file/config.toml"), Class::Internal, &["~/file/config.toml", "--config"]);
    assert_told(refusal(""), Class::Usage, &["no regular file"]);
    assert_told(refusal("broken.toml"), Class::Usage, &["broken.toml:1:5:"]);
    assert!(!refusal("broken.toml").1.contains("hush"));
    let homeless = set(&Environment::new([("A", "b")], None), &of(Vendor::Aliyun), "p", &[]).unwrap_err();
    assert_told(told(&homeless), Class::Usage, &["--config"]);
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link() {
    let world = World::new().config("").file("dotfiles/livectl.toml", "# mine\n");
    let link = world.path(".config/livectl/config.toml");
    fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink("../../dotfiles/livectl.toml", &link).unwrap();
    put(&world, &of(Vendor::Aliyun), "p", &[]).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    let text = fs::read_to_string(world.path("dotfiles/livectl.toml")).unwrap();
    assert!(text.contains("# mine") && text.contains("[profiles.p]"), "{text}");
}
