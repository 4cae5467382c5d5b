//! Which account a run is for: the rules of profiles and credentials, seen from the server's side.

use crate::assert_run;
use crate::harness::{Run, World};
use crate::servers::{Canned, Sandbox, Seen, answer, profile};

const VENDORS: [&str; 3] = ["tencent", "aliyun", "volcengine"];

/// A profile file with one default profile of Tencent and one profile of each other vendor.
pub fn file(endpoint: &str) -> String {
    let profiles = [
        profile("home", "tencent", "AKIDdefaultprofile", "s1", endpoint),
        profile("work", "tencent", "AKIDnamedprofile", "s2", endpoint) + "region = \"ap-shanghai\"\n",
        profile("ali", "aliyun", "LTAIonlyprofile", "s3", endpoint),
        profile("volc", "volcengine", "AKLTonlyprofile", "s4", endpoint),
    ];
    format!("default_profile = \"home\"\n{}", profiles.concat())
}

/// A machine with that file, and a server that has seen nothing yet.
pub fn machine() -> (World, Canned) {
    let server = Canned::empty_accounts();
    let world = World::empty().set("LIVECTL_ENDPOINT", &server.endpoint);
    world.profiles(&file(&server.endpoint));
    (world, server)
}

fn keys(world: World, id: &str, secret: &str, value: &str) -> World {
    world.set(id, value).set(secret, "s")
}

fn tencent_keys(world: World) -> World {
    keys(world, "TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", "AKIDvendorvariable")
}

fn own_keys(world: World) -> World {
    keys(world, "LIVECTL_ACCESS_KEY_ID", "LIVECTL_ACCESS_KEY_SECRET", "AKIDownvariable")
}

/// The one request that a command line sends.
#[track_caller]
fn sent(world: &World, server: &Canned, line: &str) -> Seen {
    world.run(line).ok();
    server.only()
}

/// A refusal before anything was sent.
#[track_caller]
pub fn refused(world: &World, server: &Canned, line: &str, code: i32) -> Run {
    let run = world.run(line).fails(code);
    assert!(server.take().is_empty(), "something was sent: {run}");
    run
}

#[track_caller]
pub fn says(run: &Run, words: &[&str]) {
    for word in words {
        assert!(run.stderr.contains(word), "`{word}` is not in: {run}");
    }
}

#[test]
fn right_keys_succeed_and_wrong_ones_fail_visibly() {
    let sandbox = Sandbox::start(&[]);
    let cases = [
        ("tencent", "AuthFailure.SignatureFailure", "AuthFailure.SecretIdNotFound"),
        ("aliyun", "SignatureDoesNotMatch", "InvalidAccessKeyId.NotFound"),
        ("volcengine", "SignatureDoesNotMatch", "InvalidAccessKey"),
    ];
    for (vendor, wrong_secret, unknown_key) in cases {
        let world = World::empty();
        world.profiles(&format!(
            "{}{}{}",
            sandbox.profile("right", vendor),
            profile("secret", vendor, &sandbox.key_id, "not-the-secret", &sandbox.endpoint),
            profile("key", vendor, "AKIDofsomebodyelse00", &sandbox.secret, &sandbox.endpoint),
        ));
        let added = world.run(&format!("-p right domain add {vendor}.example.com --type push -o json")).ok().json();
        assert_eq!((&added["profile"], &added["changed"]), (&"right".into(), &true.into()));
        let listed = world.run("-p right domain list -o json").ok().json();
        assert_eq!(listed[0]["name"], format!("{vendor}.example.com"));
        for (profile, code) in [("secret", wrong_secret), ("key", unknown_key)] {
            let error = world.run(&format!("-p {profile} domain list -o json")).fails(3).error();
            assert_eq!((&error["class"], &error["code"]), (&"auth".into(), &code.into()), "{error}");
            assert_eq!((&error["profile"], &error["vendor"]), (&profile.into(), &vendor.into()), "{error}");
            assert_eq!(error["outcome"], "refused");
            assert!(error["request_id"].is_string(), "{error}");
        }
    }
}

#[test]
fn a_wrong_secret_is_told_to_people() {
    let sandbox = Sandbox::start(&[]);
    let world = World::empty();
    world.profiles(&profile("prod", "tencent", &sandbox.key_id, "not-the-secret", &sandbox.endpoint));
    assert_run!(world.run("-p prod domain list").fails(3));
}

#[test]
fn the_environment_alone_is_enough() {
    let sandbox = Sandbox::start(&[]);
    for vendor in VENDORS {
        let world = World::empty()
            .set("LIVECTL_VENDOR", vendor)
            .set("LIVECTL_ENDPOINT", &sandbox.endpoint)
            .set("LIVECTL_ACCESS_KEY_ID", &sandbox.key_id)
            .set("LIVECTL_ACCESS_KEY_SECRET", &sandbox.secret);
        let run = world.run("domain list -o json").ok();
        assert_eq!(run.json(), serde_json::json!([]));
        assert_eq!(world.set("LIVECTL_ACCESS_KEY_SECRET", "wrong").run("domain list").code, 3);
    }
}

/// Every source at once; a step takes the first away.
#[test]
fn the_first_source_wins() {
    let tccli = r#"{"secretId":"AKIDofficialtool","secretKey":"s"}"#;
    let all = || {
        let (world, server) = machine();
        world.write(".tccli/default.credential", tccli);
        (own_keys(tencent_keys(world)), server)
    };
    let (world, server) = all();
    assert_eq!(sent(&world, &server, "--profile work domain list").key_id(), "AKIDnamedprofile");
    let (world, server) = all();
    let world = world.set("LIVECTL_PROFILE", "work");
    assert_eq!(sent(&world, &server, "domain list").key_id(), "AKIDnamedprofile");
    assert_eq!(sent(&world, &server, "--profile home domain list").key_id(), "AKIDdefaultprofile");
    let (world, server) = all();
    assert_eq!(sent(&world, &server, "--vendor tencent domain list").key_id(), "AKIDownvariable");
    let (world, server) = machine();
    world.write(".tccli/default.credential", tccli);
    let world = tencent_keys(world);
    assert_eq!(sent(&world, &server, "--vendor tencent domain list").key_id(), "AKIDvendorvariable");
    assert_eq!(sent(&world, &server, "domain list").key_id(), "AKIDvendorvariable");
    let (world, server) = machine();
    world.write(".tccli/default.credential", tccli);
    assert_eq!(sent(&world, &server, "domain list").key_id(), "AKIDdefaultprofile");
    assert_eq!(sent(&world, &server, "--vendor aliyun domain list").key_id(), "LTAIonlyprofile");
    assert_eq!(sent(&world, &server, "--vendor volcengine domain list").key_id(), "AKLTonlyprofile");
    std::fs::remove_file(world.home().join(".config/livectl/config.toml")).unwrap();
    assert_eq!(sent(&world, &server, "domain list").key_id(), "AKIDofficialtool");
    std::fs::remove_file(world.home().join(".tccli/default.credential")).unwrap();
    let run = refused(&world, &server, "--vendor tencent domain list", 3);
    says(&run, &["TENCENTCLOUD_SECRET_ID", "--sandbox"]);
}

#[test]
fn a_source_is_used_whole() {
    // A profile takes neither token nor region from the environment.
    let (world, server) = machine();
    let world = tencent_keys(world).set("TENCENTCLOUD_TOKEN", "stray").set("TENCENTCLOUD_REGION", "ap-beijing");
    let world = world.set("LIVECTL_SESSION_TOKEN", "stray");
    let seen = sent(&world, &server, "-p home domain list");
    assert_eq!((seen.key_id(), seen.token()), ("AKIDdefaultprofile", None));
    assert_ne!(seen.region(), Some("ap-beijing"));
    assert_eq!(sent(&world, &server, "-p work api tencent DescribeLiveDomains").region(), Some("ap-shanghai"));
    // The vendor's variables bring their own token and region, and nothing of the default profile.
    let seen = sent(&world, &server, "--vendor tencent api tencent DescribeLiveDomains");
    assert_eq!((seen.key_id(), seen.token(), seen.region()), ("AKIDvendorvariable", Some("stray"), Some("ap-beijing")));
    // Our own variables take nothing of the vendor's.
    let world = own_keys(tencent_keys(machine().0)).set("TENCENTCLOUD_TOKEN", "stray");
    let world = world.set("TENCENTCLOUD_REGION", "ap-beijing").set("LIVECTL_ENDPOINT", &server.endpoint);
    let seen = sent(&world, &server, "--vendor tencent domain list");
    assert_eq!((seen.key_id(), seen.token()), ("AKIDownvariable", None));
    assert_ne!(seen.region(), Some("ap-beijing"));
}

#[test]
fn no_endpoint_or_region_of_another_source_is_in_force() {
    let world = World::empty();
    world.profiles(
        &(profile("home", "tencent", "AKIDdefaultprofile", "s1", "https://other.example.com")
            + "region = \"ap-shanghai\"\nsession_token = \"t\"\n"),
    );
    let rows = tencent_keys(world).run("config show --effective -o json").ok().json();
    let field = |name: &str| rows.as_array().unwrap().iter().find(|row| row["field"] == name).cloned();
    for (name, usual) in [("endpoint", "https://live.tencentcloudapi.com"), ("region", "ap-guangzhou")] {
        let row = field(name).unwrap();
        assert_eq!((&row["value"], &row["source"]), (&usual.into(), &"default".into()), "{row}");
    }
    assert_eq!(field("session_token"), None);
    assert_eq!(field("access_key_id").unwrap()["source"], "environment TENCENTCLOUD_SECRET_ID");
}

#[test]
fn half_a_pair_is_an_error_and_never_completed_from_elsewhere() {
    let (world, server) = machine();
    let run = refused(&world.set("TENCENTCLOUD_SECRET_ID", "AKID"), &server, "domain list", 3);
    says(&run, &["TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY"]);
    let world = tencent_keys(machine().0).set("LIVECTL_ACCESS_KEY_SECRET", "s");
    says(&refused(&world, &server, "--vendor tencent domain list", 3), &["LIVECTL_ACCESS_KEY_ID"]);
}

#[test]
fn the_vendor_asked_for_must_be_the_profiles() {
    let (world, server) = machine();
    for line in ["--vendor aliyun -p work domain list", "-p work api aliyun DescribeLiveUserDomains"] {
        let run = refused(&world, &server, line, 2);
        says(&run, &["`work`", "tencent", "aliyun"]);
    }
    let named = machine().0.set("LIVECTL_PROFILE", "volc");
    says(&refused(&named, &server, "--vendor tencent domain list", 2), &["`volc`", "volcengine"]);
    says(&refused(&world, &server, "--vendor aliyun api tencent DescribeLiveDomains", 2), &["--vendor"]);
}

#[test]
fn the_vendor_variable_counts_only_without_a_profile() {
    let (world, server) = machine();
    let world = world.set("LIVECTL_VENDOR", "aliyun");
    assert_eq!(sent(&world, &server, "domain list").key_id(), "LTAIonlyprofile");
    assert_eq!(sent(&world, &server, "-p work domain list").key_id(), "AKIDnamedprofile");
    assert_eq!(sent(&world, &server, "--vendor volcengine domain list").key_id(), "AKLTonlyprofile");
    let world = world.set("LIVECTL_PROFILE", "work");
    assert_eq!(sent(&world, &server, "domain list").key_id(), "AKIDnamedprofile");
}

#[test]
fn keys_of_several_vendors_and_none_named_are_a_question() {
    let server = Canned::empty_accounts();
    let world = || {
        let world = World::empty().set("LIVECTL_ENDPOINT", &server.endpoint);
        keys(tencent_keys(world), "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "LTAIvariable")
    };
    let run = refused(&world(), &server, "domain list", 2);
    assert_run!(run);
    assert_eq!(sent(&world(), &server, "--vendor aliyun domain list").key_id(), "LTAIvariable");
    assert_eq!(sent(&world().set("LIVECTL_VENDOR", "qcloud"), &server, "domain list").key_id(), "AKIDvendorvariable");
    let own = own_keys(World::empty().set("LIVECTL_ENDPOINT", &server.endpoint));
    says(&refused(&own, &server, "domain list", 2), &["--vendor", "LIVECTL_VENDOR"]);
}

#[test]
fn keys_in_the_environment_that_shadow_a_profile_are_told() {
    let (world, _server) = machine();
    let world = tencent_keys(world);
    assert_run!(world.run("domain list").ok());
    let named = world.run("-p home domain list").ok();
    assert!(!named.stderr.contains("warning"), "{named}");
}

#[test]
fn a_named_profile_that_cannot_be_used_is_the_end() {
    let (world, server) = machine();
    let broken = "[profiles.half]\nvendor = \"tencent\"\naccess_key_id = \"AKIDhalf\"\n\
                  [profiles.ring]\nvendor = \"tencent\"\nkeyring = true\n\
                  [profiles.bare]\nvendor = \"tencent\"\n\
                  [profiles.prefix]\nvendor = \"tencent\"\nenv_prefix = \"NOT_SET\"\n\
                  [profiles.gone]\nvendor = \"tencent\"\ncredential_process = [\"/no/such/program\"]\n\
                  [profiles.nobody]\naccess_key_id = \"AKIDnobody\"\naccess_key_secret = \"s\"\n";
    world.profiles(&(file(&server.endpoint) + broken));
    let world = own_keys(tencent_keys(world));
    world.write(".tccli/default.credential", r#"{"secretId":"AKIDofficialtool","secretKey":"s"}"#);
    let cases = [
        ("wrok", 2, "did you mean `work`?"),
        ("half", 3, "access_key_secret"),
        ("ring", 3, "credential_process"),
        ("bare", 3, "has none"),
        ("prefix", 3, "NOT_SET_ACCESS_KEY_ID"),
        ("gone", 3, "/no/such/program"),
        ("nobody", 2, "vendor"),
        ("home,half", 3, "access_key_secret"),
    ];
    for (name, code, word) in cases {
        says(&refused(&world, &server, &format!("-p {name} domain list"), code), &[word]);
    }
    // The default profile is no different.
    let (world, server) = machine();
    world.profiles("default_profile = \"half\"\n[profiles.half]\nvendor = \"tencent\"\naccess_key_id = \"AKIDhalf\"\n");
    world.write(".tccli/default.credential", r#"{"secretId":"AKIDofficialtool","secretKey":"s"}"#);
    says(&refused(&world, &server, "domain list", 3), &["access_key_secret"]);
    world.profiles("default_profile = \"gone\"\n");
    says(&refused(&world, &server, "domain list", 2), &["`gone`", "default_profile"]);
}

#[test]
fn a_profile_may_fetch_its_keys_from_a_program() {
    let (world, server) = machine();
    let program = world.write(
        "keys.sh",
        "printf '{\"Version\":1,\"AccessKeyId\":\"AKIDof%s\",\"SecretAccessKey\":\"s\",\"SessionToken\":\"tok\",\
         \"Expiration\":\"2999-01-01T00:00:00Z\"}' \"$1\"\n",
    );
    let of = |name: &str, command: &str| {
        format!("[profiles.{name}]\nvendor = \"tencent\"\ncredential_process = {command}\n")
    };
    let shown = program.display();
    world.profiles(&(of("vault", &format!("[\"sh\", \"{shown}\", \"vault\"]"))
        + &of("locked", "[\"sh\", \"-c\", \"echo the vault is locked >&2; exit 7\"]")
        + &of("expired", "[\"echo\", '{\"AccessKeyId\":\"AKIDold\",\"SecretAccessKey\":\"s\",\"Expiration\":\"2020-01-01T00:00:00Z\"}']")));
    let seen = sent(&world, &server, "-p vault domain list");
    assert_eq!((seen.key_id(), seen.token()), ("AKIDofvault", Some("tok")));
    says(&refused(&world, &server, "-p locked domain list", 3), &["the vault is locked", "exit status: 7"]);
    says(&refused(&world, &server, "-p expired domain list", 3), &["expired"]);
}

#[test]
fn a_profile_may_name_its_variables() {
    let (world, server) = machine();
    world.profiles("[profiles.ci]\nvendor = \"volcengine\"\nenv_prefix = \"PROD_VE\"\nregion = \"cn-north-1\"\n");
    let world = keys(world, "PROD_VE_ACCESS_KEY_ID", "PROD_VE_ACCESS_KEY_SECRET", "AKLTprefix");
    let world = world.set("PROD_VE_SESSION_TOKEN", "tok").set("VOLCENGINE_SESSION_TOKEN", "stray");
    let seen = sent(&world, &server, "-p ci domain list");
    assert_eq!((seen.vendor(), seen.key_id(), seen.token()), ("volcengine", "AKLTprefix", Some("tok")));
}

#[test]
fn each_variable_may_name_a_file() {
    let (world, server) = machine();
    let id = world.write("run/id", "AKIDinafile\n");
    let secret = world.write("run/secret", "s\r\n");
    let path = |file: &std::path::Path| file.display().to_string();
    let pair = |world: World, names: [&str; 2]| world.set(names[0], &path(&id)).set(names[1], &path(&secret));
    for (vendor, names) in [
        ("tencent", ["LIVECTL_ACCESS_KEY_ID_FILE", "LIVECTL_ACCESS_KEY_SECRET_FILE"]),
        ("tencent", ["TENCENTCLOUD_SECRET_ID_FILE", "TENCENTCLOUD_SECRET_KEY_FILE"]),
        ("aliyun", ["ALIBABA_CLOUD_ACCESS_KEY_ID_FILE", "ALIBABA_CLOUD_ACCESS_KEY_SECRET_FILE"]),
        ("volcengine", ["VOLCENGINE_ACCESS_KEY_FILE", "VOLCENGINE_SECRET_KEY_FILE"]),
    ] {
        let world = pair(World::empty().set("LIVECTL_ENDPOINT", &server.endpoint), names);
        let seen = sent(&world, &server, &format!("--vendor {vendor} domain list"));
        assert_eq!((seen.vendor(), seen.key_id()), (vendor, "AKIDinafile"));
    }
    let gone = World::empty().set("LIVECTL_ENDPOINT", &server.endpoint);
    let gone = gone.set("LIVECTL_ACCESS_KEY_ID_FILE", "/no/such/file").set("LIVECTL_ACCESS_KEY_SECRET", "s");
    says(&refused(&gone, &server, "--vendor tencent domain list", 3), &["LIVECTL_ACCESS_KEY_ID_FILE", "/no/such/file"]);
}

#[test]
fn a_token_that_the_vendor_does_not_know_is_refused_by_it() {
    let sandbox = Sandbox::start(&[]);
    for (vendor, code) in [
        ("tencent", "AuthFailure.TokenFailure"),
        ("aliyun", "InvalidSecurityToken.Expired"),
        ("volcengine", "InvalidSecretToken"),
    ] {
        let world = World::empty();
        world.profiles(&(sandbox.profile("temporary", vendor) + "session_token = \"not-the-token\"\n"));
        let error = world.run("-p temporary domain list -o json").fails(3).error();
        assert_eq!((&error["class"], &error["code"]), (&"auth".into(), &code.into()), "{error}");
    }
}

#[test]
fn a_vendor_that_answers_with_arrears_is_class_auth() {
    let body = r#"{"Response":{"Error":{"Code":"UnauthorizedOperation","Message":"in arrears"},"RequestId":"r-1"}}"#;
    let server = Canned::start(move |_| answer("200 OK", body));
    let world = World::empty();
    world.profiles(&profile("p", "tencent", "AKID", "s", &server.endpoint));
    let error = world.run("-p p domain list -o json").fails(3).error();
    assert_eq!((&error["class"], &error["request_id"]), (&"auth".into(), &"r-1".into()));
}
