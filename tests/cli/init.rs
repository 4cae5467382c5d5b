//! `livectl config init` and `config test`: a first contact at a terminal.

use std::path::PathBuf;

use crate::assert_run;
use crate::harness::World;
use crate::servers::{Sandbox, profile};
use crate::terminal::Terminal;

const DOWN: &str = "\x1b[B";

fn path(world: &World) -> PathBuf {
    world.home().join(".config/livectl/config.toml")
}

fn file(world: &World) -> String {
    std::fs::read_to_string(path(world)).unwrap_or_default()
}

/// Goes through the questions for a typed pair of Volcengine, up to its check.
fn pair(terminal: &mut Terminal, id: &str, secret: &str) {
    terminal.asks("Credentials").types("\r").asks("Vendor").types(DOWN).types(DOWN).types("\r");
    terminal.asks("Access Key ID").types(&format!("{id}\r"));
    terminal.asks("Secret Access Key").types(&format!("{secret}\r"));
    terminal.asks("Session token").types("\r").asks("Role to assume").types("\r");
    terminal.asks("Name of the profile").types("\r");
}

#[test]
fn keys_that_are_typed_are_tried_and_written() {
    let sandbox = Sandbox::start(&[]);
    let world = World::empty();
    let mut terminal = Terminal::start(&world, &format!("config init --endpoint {}", sandbox.endpoint), 80);
    pair(&mut terminal, &sandbox.key_id, &sandbox.secret);
    let ended = terminal.ends().with(0);
    assert!(ended.is_colored() && !ended.shown.contains(&sandbox.secret), "{:?}", ended.shown);
    let text = ended.text();
    for words in [
        "asking volcengine …",
        "accepts the credentials",
        "`volcengine` is a new profile",
        "`volcengine` is the default profile",
    ] {
        assert!(text.contains(words), "{text}");
    }
    assert_eq!(
        file(&world),
        format!(
            "default_profile = \"volcengine\"\n{}",
            profile("volcengine", "volcengine", &sandbox.key_id, &sandbox.secret, &sandbox.endpoint)
        )
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(path(&world)).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_run!(world.run("config test").ok());
    assert_run!(world.run("domain list").ok());
}

#[test]
fn what_the_official_tools_have_is_offered() {
    let sandbox = Sandbox::start(&[]);
    let world =
        World::empty().set("VOLCENGINE_ACCESS_KEY", "AKLTlonglong9999").set("VOLCENGINE_SECRET_KEY", "hush-variable");
    let keys = format!(r#"{{"secretId":"{}","secretKey":"{}"}}"#, sandbox.key_id, sandbox.secret);
    world.write(".tccli/default.credential", &keys);
    world.write(
        ".aliyun/config.json",
        r#"{"current":"p","profiles":[{"name":"p","mode":"EcsRamRole","ram_role_name":"r"}]}"#,
    );
    let mut terminal = Terminal::start(&world, &format!("config init mine --endpoint {}", sandbox.endpoint), 100);
    terminal.asks("volcengine: keys ***9999 of environment VOLCENGINE_ACCESS_KEY").types("\r");
    let ended = terminal.ends().with(0);
    let text = ended.text();
    assert!(text.contains("tencent: keys ***0000 of profile default in ~/.tccli/default.credential"), "{text}");
    assert!(text.contains("not offered") && text.contains("`EcsRamRole`"), "{text}");
    assert!(!text.contains("hush-variable") && !text.contains(&sandbox.secret), "{text}");
    assert!(file(&world).contains("secret = \"sandbox-secret-that-opens-nothing\"\n"), "{}", file(&world));
}

#[test]
fn no_color_and_a_narrow_window_are_obeyed() {
    let sandbox = Sandbox::start(&[]);
    let world = World::empty().set("NO_COLOR", "1");
    let mut terminal = Terminal::start(&world, &format!("config init --endpoint {}", sandbox.endpoint), 28);
    pair(&mut terminal, &sandbox.key_id, &sandbox.secret);
    let ended = terminal.ends().with(0);
    assert!(!ended.is_colored(), "{:?}", ended.shown);
    assert!(ended.shown.contains("a role, by the token of…"), "{:?}", ended.shown);
    assert!(file(&world).contains(&sandbox.key_id));
}

#[test]
fn an_interrupt_at_any_question_leaves_nothing_behind() {
    let questions: [&[(&str, &str)]; 4] = [
        &[("Credentials", "\x03")],
        &[("Credentials", "\r"), ("Vendor", "\x03")],
        &[("Credentials", "\r"), ("Vendor", "\r"), ("SecretId", "AKID\x03")],
        &[("Credentials", "\r"), ("Vendor", "\r"), ("SecretId", "AKID\r"), ("SecretKey", "hush-typed\x03")],
    ];
    for typed in questions {
        let world = World::empty();
        let mut terminal = Terminal::start(&world, "config init", 80);
        for (question, keys) in typed {
            terminal.asks(question).types(keys);
        }
        let ended = terminal.ends().with(130);
        assert!(ended.text().contains("nothing was changed"), "{typed:?}: {:?}", ended.shown);
        assert!(!ended.shown.contains("hush-typed"), "{:?}", ended.shown);
        assert!(!path(&world).exists());
    }
}

#[test]
fn a_signal_at_any_question_leaves_the_terminal_as_it_was() {
    let questions: [&[&str]; 4] = [
        &["Credentials"],
        &["Credentials", "Vendor"],
        &["Credentials", "Vendor", "SecretId"],
        &["Credentials", "Vendor", "SecretId", "SecretKey"],
    ];
    for (asked, signal) in questions.iter().flat_map(|asked| ["INT", "TERM", "HUP"].map(|signal| (asked, signal))) {
        let world = World::empty();
        let mut terminal = Terminal::start(&world, "config init", 80);
        for (at, question) in asked.iter().enumerate() {
            if at > 0 {
                terminal.types(if at == 3 { "AKID\r" } else { "\r" });
            }
            terminal.asks(question);
        }
        terminal.signal(signal);
        assert!(terminal.ends().with(130).text().contains("nothing was changed"), "{asked:?} {signal}");
        assert!(!path(&world).exists());
    }
}

#[test]
fn what_cannot_be_a_key_is_asked_again() {
    let sandbox = Sandbox::start(&[]);
    let world = World::empty();
    let line = format!("config init p --vendor aliyun --endpoint {}", sandbox.endpoint);
    let mut terminal = Terminal::start(&world, &line, 80);
    terminal.asks("Credentials").types("\r").asks("AccessKey ID").types("two words\r");
    terminal.asks("without spaces").types(&"\x7f".repeat(9)).types(&format!("{}\r", sandbox.key_id));
    terminal.asks("AccessKey Secret").types("\r").asks("this is needed").types(&format!("{}\r", sandbox.secret));
    terminal.asks("Session token").types("\r").asks("Role to assume").types("\r");
    terminal.ends().with(0);
    assert!(file(&world).contains(&sandbox.key_id), "{}", file(&world));
}

#[test]
fn keys_that_are_refused_are_written_only_on_demand() {
    let sandbox = Sandbox::start(&[]);
    let world = World::empty();
    world.profiles(&profile("other", "tencent", "AKID", "s", &sandbox.endpoint));
    let before = file(&world);
    for (answer, code) in [("n", 3), ("\r", 3), ("y", 0)] {
        let mut terminal = Terminal::start(&world, &format!("config init --endpoint {}", sandbox.endpoint), 80);
        pair(&mut terminal, &sandbox.key_id, "hush-wrong");
        terminal.asks("Write the profile all the same?").types(answer);
        if code == 0 {
            terminal.asks("default profile?").types("n");
        } else {
            assert_eq!(file(&world), before);
        }
        let ended = terminal.ends().with(code);
        assert!(
            ended.text().contains("SignatureDoesNotMatch") && !ended.shown.contains("hush-wrong"),
            "{:?}",
            ended.shown
        );
    }
    assert!(file(&world).contains("[profiles.volcengine]") && !file(&world).contains("default_profile"));
}

#[test]
fn a_role_by_token_is_set_up() {
    let world = World::empty();
    let mut terminal = Terminal::start(&world, "config init ci --retries 0", 80);
    terminal.asks("Credentials").types(DOWN).types("\r").asks("Vendor").types("\r");
    terminal.asks("Role").types("qcs::cam::uin/1:roleName/ci\r").asks("Identity provider").types("ci\r");
    terminal.asks("File of the token").types("/no/such/token\r");
    terminal.asks("Write the profile all the same?").types("y");
    let ended = terminal.ends().with(0);
    assert!(ended.text().contains("read the token of the identity provider"), "{:?}", ended.shown);
    assert_eq!(
        file(&world),
        "default_profile = \"ci\"\n[profiles.ci]\nvendor = \"tencent\"\nrole_arn = \"qcs::cam::uin/1:roleName/ci\"\n\
         oidc_provider = \"ci\"\noidc_token_file = \"/no/such/token\"\n"
    );
}

#[test]
fn without_a_terminal_nothing_is_asked() {
    assert_run!(World::empty().run("config init").fails(2));
    let world = World::empty();
    world.profiles("[profiles.p]\nvendor = \"tencent\"\n");
    let ended = Terminal::start(&world, "config init p", 80).ends().with(2);
    assert!(ended.text().contains("has a profile `p` already"), "{:?}", ended.shown);
    let ended = Terminal::start(&world, "config init q --dry-run", 80).ends().with(2);
    assert!(ended.text().contains("--dry-run"), "{:?}", ended.shown);
}

#[test]
fn in_the_sandbox_there_is_nothing_to_set_up() {
    let world =
        World::empty().set("TENCENTCLOUD_SECRET_ID", "AKIDreal9999").set("TENCENTCLOUD_SECRET_KEY", "hush-real");
    let ended = Terminal::start(&world, "config init p --sandbox", 80).ends().with(2);
    assert!(ended.text().contains("(--sandbox)") && !ended.text().contains("9999"), "{:?}", ended.shown);
    let world = world.set("LIVECTL_SANDBOX", "1");
    let ended = Terminal::start(&world, "config init p", 80).ends().with(2);
    assert!(ended.text().contains("LIVECTL_SANDBOX"), "{:?}", ended.shown);
    assert!(!path(&world).exists());
}

#[test]
fn a_file_that_is_named_is_made() {
    let sandbox = Sandbox::start(&[]);
    let world = World::empty();
    let line = format!("config init -p named --vendor aliyun --config made.toml --endpoint {}", sandbox.endpoint);
    let mut terminal = Terminal::start(&world, &line, 80);
    terminal.asks("Credentials").types("\r");
    terminal.asks("AccessKey ID").types(&format!("{}\r", sandbox.key_id));
    terminal.asks("AccessKey Secret").types(&format!("{}\r", sandbox.secret));
    terminal.asks("Session token").types("\r").asks("Role to assume").types("\r");
    terminal.ends().with(0);
    let made = std::fs::read_to_string(world.home().join("made.toml")).unwrap();
    assert!(made.starts_with("default_profile = \"named\"\n[profiles.named]\n"), "{made}");
    assert!(!path(&world).exists());
    // To read it, it must be there.
    world.run("--config other.toml config list").fails(2);
}

#[test]
fn profiles_are_tested_with_one_read() {
    let sandbox = Sandbox::start(&["--fault", "aliyun:DescribeLiveUserDomains:error=Forbidden.RAM*forever"]);
    let world = World::empty();
    let wrong = profile("wrong", "volcengine", &sandbox.key_id, "another", &sandbox.endpoint);
    let denied = sandbox.profile("denied", "aliyun");
    world.profiles(&format!(
        "{}{wrong}{denied}[profiles.void]\nvendor = \"tencent\"\n",
        sandbox.profile("good", "tencent")
    ));
    assert_run!(world.run("config test good").ok());
    assert_run!(world.run("config test wrong").fails(3));
    assert_run!(world.run("config test denied").fails(3));
    assert_run!(world.run("config test void").fails(3));
    let run = world.run("config test --all-profiles -o json").fails_partly();
    let ok = |name: &str| {
        let rows = run.json();
        let row = rows.as_array().unwrap().iter().find(|row| row["profile"] == name).cloned();
        row.map(|row| row["ok"].as_bool().unwrap())
    };
    assert_eq!((ok("good"), ok("wrong"), ok("denied"), ok("void")), (Some(true), Some(false), Some(false), None));
    assert_run!(World::sandbox("aliyun").run("config test").ok());
}
