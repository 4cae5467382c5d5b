//! `livectl config`: the profile file as a user keeps it.

use std::fs;

use crate::assert_run;
use crate::harness::{Run, World};

const SECRET: &str = "S+e/c=r%t-of-the-test";

const FILE: &str = r#"# Accounts of the live team.
default_profile = "prod"

# Do not touch without asking.
[profiles.prod]
vendor = "tencent"
secret_id = "AKIDz8krbsJ5yKBZQpn74WFk" # the team's
secret_key = "S+e/c=r%t-of-the-test"
region = "ap-guangzhou"

[profiles.ali]
vendor = "aliyun"
credential_process = ["vault", "--token", "S+e/c=r%t-of-the-test"]

[profiles.role]
vendor = "volcengine"
role_name = "admin"

[profiles.empty]
vendor = "aliyun"
"#;

fn machine() -> World {
    let world = World::empty();
    world.profiles(FILE);
    world
}

fn file(world: &World) -> String {
    fs::read_to_string(world.home().join(".config/livectl/config.toml")).unwrap()
}

#[track_caller]
fn quiet(run: &Run) {
    assert!(![&run.stdout, &run.stderr].iter().any(|text| text.contains("of-the-test")), "{run}");
}

#[test]
fn profiles_are_listed() {
    let run = machine().run("config list").ok();
    quiet(&run);
    assert_run!(run);
    assert_eq!(machine().run("config list --vendor aliyun --jq .[].name").ok().stdout, "ali\nempty\n");
    assert_run!(World::empty().run("config list").ok());
    assert_eq!(World::empty().run("config list -o json").ok().stdout, "[]\n");
}

#[test]
fn a_profile_is_shown_without_its_secrets() {
    let run = machine().run("config show").ok();
    quiet(&run);
    assert_run!(run);
    let run = machine().run("config show ali").ok();
    quiet(&run);
    assert_run!(run);
    assert_run!(machine().run("config show prdo").fails(2));
}

#[test]
fn what_is_in_force_is_shown_with_its_source() {
    let world = machine().set("LIVECTL_REGION", "ap-shanghai");
    let run = world.run("config show --effective --endpoint https://live.example.com").ok();
    quiet(&run);
    assert_run!(run);
    let world = machine().set("VOLCENGINE_ACCESS_KEY", "AKLTofenvironment").set("VOLCENGINE_SECRET_KEY", SECRET);
    let run = world.set("VOLCENGINE_SESSION_TOKEN", SECRET).run("config show --effective --vendor volcengine").ok();
    quiet(&run);
    assert_run!(run);
}

#[test]
fn of_all_profiles_those_that_cannot_be_used_are_told() {
    let run = machine().run("config show --effective --all-profiles --columns profile,field,source");
    assert_eq!(run.code, 9, "{run}");
    quiet(&run);
    assert_run!(run);
}

#[test]
fn a_profile_is_made_used_and_removed() {
    let world = World::empty();
    world.write("secret.txt", &format!("{SECRET}\n"));
    let words = "config set prod vendor=tencent access_key_id=AKIDz8krbsJ5yKBZQpn74WFk access_key_secret=@secret.txt";
    assert_run!(world.run(words).ok());
    assert_eq!(
        file(&world),
        format!(
            "[profiles.prod]\nvendor = \"tencent\"\naccess_key_id = \"AKIDz8krbsJ5yKBZQpn74WFk\"\naccess_key_secret = \"{SECRET}\"\n"
        )
    );
    assert_run!(world.run("config use prod").ok());
    assert!(file(&world).starts_with("default_profile = \"prod\"\n"));
    assert_run!(world.run("config set prod region=ap-shanghai").ok());
    assert_run!(world.run("config set prod region=ap-shanghai").ok());
    assert_run!(world.run("config remove prod").fails(2));
    assert!(file(&world).contains("[profiles.prod]"));
    assert_run!(world.run("config remove prod --yes").ok());
    assert!(!file(&world).contains("prod"));
    assert_run!(world.run("config remove prod --yes").fails(2));
}

#[test]
fn a_secret_comes_from_a_file_from_stdin_or_as_it_is() {
    let world = World::empty();
    let of = |input: &str, value: &str| {
        let line = format!("config set p vendor=aliyun access_key_secret={value}");
        let run = world.run_with_input(&line, input).ok();
        let table: toml::Table = file(&world).parse().unwrap();
        (table["profiles"]["p"]["access_key_secret"].as_str().unwrap().to_owned(), run.stderr)
    };
    world.write("one", "from-a-file\n");
    world.write("two", "from-a-file\n\n");
    world.write("dos", "from-a-file\r\n");
    assert_eq!(of("", "@one").0, "from-a-file");
    // One newline only: a second one is no part of a key.
    world.run("config set p access_key_secret=@two").fails(2);
    assert_eq!(of("", "@dos").0, "from-a-file");
    assert_eq!(of("from-stdin\n", "-").0, "from-stdin");
    assert_eq!(of("from-stdin", "-").0, "from-stdin");
    assert!(!of("", "@one").1.contains("history"));
    let (secret, told) = of("", "@@home");
    assert_eq!(secret, "@home");
    assert!(told.contains("access_key_secret was typed as an argument"), "{told}");
    assert_eq!(of("", "a=b=c").0, "a=b=c");
}

#[test]
fn a_secret_that_is_not_there_changes_nothing() {
    let world = machine();
    world.write("empty", "");
    world.write("line", "\n");
    for line in [
        "config set prod access_key_secret=@empty",
        "config set prod access_key_secret=@line",
        "config set prod access_key_secret=@missing",
        "config set prod access_key_secret=-",
    ] {
        assert!(world.run(line).fails(2).stderr.contains("access_key_secret"));
    }
    let twice = world.run_with_input("config set prod access_key_secret=- session_token=-", "one").fails(2);
    assert!(twice.stderr.contains("access_key_secret has taken it"), "{twice}");
    assert_eq!(file(&world), FILE);
}

#[test]
fn comments_order_and_spelling_are_kept() {
    let world = machine();
    world.run("config set prod access_key_id=AKIDnew region=").ok();
    let expected = FILE.replace("AKIDz8krbsJ5yKBZQpn74WFk", "AKIDnew").replace("region = \"ap-guangzhou\"\n", "");
    assert_eq!(file(&world), expected);
    world.run("config remove ali --yes").ok();
    let at = expected.find("[profiles.ali]").unwrap();
    let next = expected.find("[profiles.role]").unwrap();
    assert_eq!(file(&world), format!("{}{}", &expected[..at], &expected[next..]));
}

#[cfg(unix)]
#[test]
fn the_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let world = World::empty();
    world.run("config set p vendor=aliyun").ok();
    let folder = world.home().join(".config/livectl");
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join("config.toml")), 0o600);
    // One that is open to others is used, and told.
    let world = World::empty();
    let path =
        world.profiles("[profiles.p]\nvendor = \"tencent\"\naccess_key_id = \"AKID\"\naccess_key_secret = \"s\"\n");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    assert_run!(world.run("config show --effective --columns field,value").ok());
    // Changing it closes it.
    world.run("config set p region=ap-guangzhou").ok();
    assert_eq!(mode(&path), 0o600);
    // Nothing but the file and its lock stays behind.
    let mut left: Vec<_> =
        fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["config.toml", "config.toml.lock"]);
}

#[test]
fn two_at_once_lose_nothing() {
    let world = machine();
    let children: Vec<_> = (0..12)
        .map(|number| {
            let mut command = world.command(crate::harness::PROGRAM);
            command.args(["config", "set", &format!("p{number}"), "vendor=aliyun", "region=cn-shanghai"]);
            command.stderr(std::process::Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let table: toml::Table = file(&world).parse().unwrap();
    let profiles = table["profiles"].as_table().unwrap();
    assert_eq!(profiles.len(), 4 + 12);
    assert!((0..12).all(|number| profiles[&format!("p{number}")]["region"].as_str() == Some("cn-shanghai")));
    assert!(file(&world).contains("# Do not touch without asking."));
}

#[test]
fn wrong_values_are_told_at_once_and_nothing_is_written() {
    let world = machine();
    assert_run!(
        world.run("config set prod regoin=x keyring=maybe endpoint=http://live.example.com vendor=aws").fails(2)
    );
    assert_run!(world.run("config set prod signature=rpc").fails(2));
    assert_run!(world.run("config set new region=x").fails(2));
    assert_run!(world.run("config set prod env_prefix=PROD").fails(2));
    for line in [
        "config set access_key_secret=S+e/c=r%t-of-the-test vendor=tencent",
        "config set -- -x vendor=tencent",
        "config set a,b vendor=tencent",
        "config set prod --vendor aliyun region=x",
        "config use nobody",
        "config set prod region=x --dry-run",
        "config use ali --dry-run",
        "config remove prod --yes --dry-run",
    ] {
        quiet(&world.run(line).fails(2));
    }
    assert_eq!(file(&world), FILE);
}

#[test]
fn an_import_keeps_to_dry_run_and_vendor() {
    let world = World::empty();
    world.write(
        ".aliyun/config.json",
        r#"{"current":"p","profiles":[{"name":"p","mode":"AK","access_key_id":"LTAI1","access_key_secret":"hush"}]}"#,
    );
    for line in ["--dry-run config import --from aliyun new", "--vendor tencent config import --from aliyun new"] {
        world.run(line).fails(2);
        assert!(!world.home().join(".config/livectl").exists(), "{line}");
    }
    world.run("--vendor aliyun --config made.toml config import --from aliyun new").ok();
    let made = fs::read_to_string(world.home().join("made.toml")).unwrap();
    assert!(made.contains("[profiles.new]") && made.contains("LTAI1"), "{made}");
}

#[test]
fn a_profile_is_named_once() {
    let world = machine();
    for line in [
        "config test prod -p ali",
        "config test prod --all-profiles",
        "config show prod -p ali",
        "config show prod -p prod,ali",
        "config set prod -p ali region=x",
        "config use prod -p ali",
        "config remove prod --yes --all-profiles",
        "config init --all-profiles",
        "config init prod -p new",
    ] {
        let run = world.run(line).fails(2);
        assert!(run.stderr.contains("-profile"), "{run}");
    }
    assert_eq!(file(&world), FILE);
    world.run("config show prod -p prod").ok();
    world.set("LIVECTL_PROFILE", "ali").run("config show prod").ok();
}

#[test]
fn unknown_keys_warn() {
    let world = World::empty();
    world.profiles(
        "defualt_profile = \"p\"\n[profiles.p]\nvendor = \"tencent\"\naccess_key_id = \"AKIDz8krbsJ5yKBZQpn74WFk\"\n\
         secret_key = \"s\"\nsesion_token = \"S+e/c=r%t-of-the-test\"\n",
    );
    let run = world.run("config show --effective --columns field,value").ok();
    quiet(&run);
    assert_run!(run);
    quiet(&world.run("config show p").ok());
}

#[test]
fn a_file_that_is_no_toml_is_told_by_its_place_only() {
    for (text, place) in [
        ("[profiles.p]\nsecret_key = S+e/c=r%t-of-the-test\n", ":2:"),
        ("[profiles.p]\nsecret_key = \"S+e/c=r%t-of-the-test\n", ":2:"),
        ("[profiles.p]\nsecret_key = \"\\S+e/c=r%t-of-the-test\"\n", ":2:"),
        ("[profiles.p]\nvendor = \"tencent\"\nS+e/c=r%t-of-the-test\n", ":3:"),
        ("[profiles.p]\nsecret_key = \"a\"\nsecret_key = \"S+e/c=r%t-of-the-test\"\n", ":3:"),
    ] {
        let world = World::empty();
        world.profiles(text);
        for line in ["config list", "domain list --vendor tencent", "config show p", "config set p region=x"] {
            let run = world.run(line).fails(2);
            assert!(run.stderr.contains(&format!("config.toml{place}")), "{run}");
            quiet(&run);
        }
        assert_eq!(file(&world), text);
    }
    let world = World::empty();
    world.profiles("[profiles.p]\nsecret_key = S+e/c=r%t-of-the-test\n");
    assert_run!(world.run("domain list").fails(2));
    let error = world.run("domain list -o json").fails(2).error();
    assert_eq!((&error["class"], &error["outcome"]), (&"usage".into(), &"not-sent".into()));
}

#[test]
fn values_of_the_wrong_kind_are_told_without_the_value() {
    for text in [
        "[profiles.p]\nvendor = \"tencent\"\naccess_key_id = \"AKID\"\naccess_key_secret = 12345678\n",
        "[profiles.p]\nvendor = \"tencent\"\ncredential_process = \"12345678\"\n",
        "[profiles.p]\nvendor = \"tencent\"\nsecret_id = \"12345678\"\naccess_key_id = \"12345678\"\n",
        "[profiles]\np = 12345678\n",
        "profiles = 12345678\n",
    ] {
        let world = World::empty();
        world.profiles(text);
        let run = world.run("-p p domain list").fails(2);
        assert!(!run.stderr.contains("12345678"), "{run}");
    }
}

#[test]
fn a_file_that_was_named_must_be_there() {
    let world = World::empty();
    assert_run!(world.run("--config nowhere.toml config list").fails(2));
    let named = World::empty().set("LIVECTL_CONFIG", "/no/such/file.toml");
    assert!(named.run("--vendor tencent domain list").fails(2).stderr.contains("/no/such/file.toml"));
    // `config set` makes it.
    world.run("--config here.toml config set p vendor=aliyun").ok();
    assert!(world.home().join("here.toml").exists());
}

#[test]
fn a_read_only_profile_sends_nothing_that_changes() {
    let world = World::empty();
    world.profiles(
        "default_profile = \"audit\"\n[profiles.audit]\nvendor = \"tencent\"\naccess_key_id = \"AKID\"\n\
         access_key_secret = \"s\"\nendpoint = \"http://127.0.0.1:9\"\nread_only = true\n",
    );
    assert_run!(world.run("domain add a.example.com --type push").fails(2));
    for line in ["domain delete a.example.com --yes", "api tencent ForbidLiveDomain DomainName=a.example.com --yes"] {
        assert!(world.run(line).fails(2).stderr.contains("read-only"));
    }
    world.run("domain list --retries 0").fails(7);
    world.run("api tencent AddLiveDomain DomainName=a.example.com DomainType=0 --dry-run").ok();
}

#[test]
fn looking_at_profiles_warns_of_what_is_odd() {
    let world = World::empty();
    world.profiles("[profiles.p]\nvendor = \"tencent\"\nregoin = \"ap-guangzhou\"\n");
    for line in ["config list", "config show p"] {
        let run = world.run(line).ok();
        assert!(run.stderr.contains("warning: unknown key `regoin`"), "{run}");
        assert!(!run.stdout.contains("warning"), "{run}");
    }
}

#[test]
fn help_names_every_key() {
    let help = World::empty().run("config set -h").ok().stdout;
    for key in livectl::config::key_names() {
        assert!(help.contains(key), "{key}: {help}");
    }
}
