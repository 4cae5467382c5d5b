//! Roles: assumed with keys and by a token at the sandbox's security token services, and renewed in a long run.

use crate::assert_run;
use crate::harness::{Run, World};
use crate::server::{Answer, Server};
use crate::servers::{Sandbox, profile};

/// Vendor, a role, an identity provider, an Action that adds a domain, the Actions that give credentials.
const VENDORS: [(&str, &str, &str, &str, [&str; 2]); 3] = [
    (
        "tencent",
        "qcs::cam::uin/1:roleName/live",
        "oidc_provider = \"ci\"\n",
        "AddLiveDomain",
        ["AssumeRole", "AssumeRoleWithWebIdentity"],
    ),
    (
        "aliyun",
        "acs:ram::1:role/live",
        "oidc_provider = \"acs:ram::1:oidc-provider/ci\"\n",
        "AddLiveDomain",
        ["AssumeRole", "AssumeRoleWithOIDC"],
    ),
    ("volcengine", "trn:iam::1:role/live", "", "CreateDomain", ["AssumeRole", "AssumeRoleWithOIDC"]),
];

/// A token of somebody's identity provider that is good until 2100, and one that ran out in 1970.
const TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjaSIsImV4cCI6NDEwMjQ0NDgwMH0.c2lnbmVk";
const OLD_TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjaSIsImV4cCI6MX0.c2lnbmVk";

/// A machine whose profile `role` assumes a role with the sandbox's keys, and `ci` by a token.
fn machine(sandbox: &Sandbox, vendor: &str, role: &str, provider: &str) -> World {
    let world = World::empty();
    let endpoint = &sandbox.endpoint;
    let sts = format!("role_arn = \"{role}\"\nsts_endpoint = \"{endpoint}\"\n");
    world.profiles(&format!(
        "{}{sts}[profiles.ci]\nvendor = \"{vendor}\"\nendpoint = \"{endpoint}\"\noidc_token_file = \"token\"\n{provider}{sts}",
        sandbox.profile("role", vendor)
    ));
    world.write(".config/livectl/token", &format!("{TOKEN}\n"));
    world
}

/// How often the run was given credentials by this Action.
fn assumed(run: &Run, action: &str) -> usize {
    run.stderr.lines().filter(|line| line.ends_with(&format!(" {action}: HTTP 200"))).count()
}

#[test]
fn keys_and_tokens_assume_roles_of_every_vendor() {
    let sandbox = Sandbox::start(&[]);
    for (vendor, role, provider, add, [by_keys, by_token]) in VENDORS {
        let world = machine(&sandbox, vendor, role, provider);
        for (profile, action) in [("role", by_keys), ("ci", by_token)] {
            let run = world.run(&format!("-p {profile} -v domain list -o json")).ok();
            assert_eq!(assumed(&run, action), 1, "{run}");
            assert_eq!(run.stdout, "[]\n");
            let run = world.run(&format!("-p {profile} -v api {vendor} {add} --no-validate --dry-run")).ok();
            assert_eq!(assumed(&run, action), 0, "a dry run sends nothing: {run}");
            assert_eq!(run.stdout.lines().count(), 1, "{run}");
        }
        // A change, with what the role gives.
        let run = world.run(&format!("-p ci -vv domain add {vendor}.example.com --type push -o json")).ok();
        assert!(!run.stderr.contains("c2lnbmVk") && !run.stderr.contains("sts-"), "{run}");
        assert_eq!(run.json()["changed"], true);
    }
}

#[test]
fn a_role_that_may_not_be_assumed_is_told() {
    let sandbox = Sandbox::start(&[]);
    for (vendor, role, provider, ..) in VENDORS {
        let world = machine(&sandbox, vendor, &format!("{role}-denied"), provider);
        let run = world.run("-p role domain list").fails(3);
        if vendor == "tencent" {
            assert_run!(run);
        }
        let error = world.run("-p ci domain add a.example.com --type push -o json").fails(3).error();
        assert_eq!((&error["class"], &error["outcome"]), (&"auth".into(), &"not-sent".into()), "{error}");
        assert!(error["action"].as_str().unwrap().starts_with("AssumeRoleWith"), "{error}");
        let world = machine(&sandbox, vendor, role, provider);
        world.write(".config/livectl/token", OLD_TOKEN);
        let run = world.run("-p ci domain list").fails(3);
        assert!(run.stderr.contains("has expired") && run.stderr.contains("not have run out"), "{run}");
        assert!(!run.stderr.contains("c2lnbmVk"), "{run}");
    }
}

#[test]
fn a_token_that_is_none_is_told() {
    let sandbox = Sandbox::start(&[]);
    let (vendor, role, provider, ..) = VENDORS[1];
    let world = machine(&sandbox, vendor, role, provider);
    for (token, words) in [("", "there is nothing in it"), ("two words", "more than one word")] {
        world.write(".config/livectl/token", token);
        assert!(world.run("-p ci domain list").fails(3).stderr.contains(words));
    }
    std::fs::remove_file(world.home().join(".config/livectl/token")).unwrap();
    #[cfg(unix)]
    {
        // A file without an end.
        std::os::unix::fs::symlink("/dev/zero", world.home().join(".config/livectl/token")).unwrap();
        assert!(world.run("-p ci domain list").fails(3).stderr.contains("64 KiB"));
        std::fs::remove_file(world.home().join(".config/livectl/token")).unwrap();
    }
    let run = world.run("-p ci domain list").fails(3);
    assert!(run.stderr.contains("oidc_token_file"), "{run}");
}

#[test]
fn wrong_keys_and_no_network_are_told_apart() {
    let sandbox = Sandbox::start(&[]);
    for (vendor, role, ..) in VENDORS {
        let world = World::empty();
        let wrong = profile("p", vendor, &sandbox.key_id, "another", &sandbox.endpoint);
        world.profiles(&format!("{wrong}role_arn = \"{role}\"\nsts_endpoint = \"{}\"\n", sandbox.endpoint));
        world.run("-p p domain list").fails(3);
        world.profiles(&format!("{wrong}role_arn = \"{role}\"\nsts_endpoint = \"http://127.0.0.1:9\"\n"));
        let error = world.run("-p p domain list -o json --retries 1").fails(7).error();
        // Two attempts to reach the service, and none of the call itself.
        assert_eq!(error["attempts"], 2, "{error}");
    }
}

#[test]
fn one_role_assumes_another() {
    let sandbox = Sandbox::start(&[]);
    for (vendor, role, provider, _, [by_keys, _]) in VENDORS {
        let world = machine(&sandbox, vendor, role, provider);
        let file = std::fs::read_to_string(world.home().join(".config/livectl/config.toml")).unwrap();
        let endpoint = &sandbox.endpoint;
        world.profiles(&format!(
            "{file}[profiles.top]\nvendor = \"{vendor}\"\nendpoint = \"{endpoint}\"\nsts_endpoint = \"{endpoint}\"\n\
             role_arn = \"{role}-top\"\nsource_profile = \"role\"\n"
        ));
        let run = world.run("-p top -v domain list").ok();
        assert_eq!(assumed(&run, by_keys), 2, "{run}");
    }
}

#[test]
fn the_official_variables_assume_roles_too() {
    let sandbox = Sandbox::start(&[]);
    let world = |names: [(&str, &str); 5]| {
        let world = World::empty().set("LIVECTL_ENDPOINT", &sandbox.endpoint);
        world.write("token", TOKEN);
        names.into_iter().fold(world, |world, (name, value)| world.set(name, value))
    };
    let by_keys = world([
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", &sandbox.key_id),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", &sandbox.secret),
        ("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1:role/live"),
        ("ALIBABA_CLOUD_ROLE_SESSION_NAME", "ci"),
        ("ALIBABA_CLOUD_STS_ENDPOINT", &sandbox.endpoint),
    ]);
    assert_eq!(assumed(&by_keys.run("-v domain list").ok(), "AssumeRole"), 1);
    let by_token = world([
        ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "~/token"),
        ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "acs:ram::1:oidc-provider/ci"),
        ("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1:role/live"),
        ("ALIBABA_CLOUD_ROLE_SESSION_NAME", "ci"),
        ("ALIBABA_CLOUD_STS_ENDPOINT", &sandbox.endpoint),
    ]);
    assert_eq!(assumed(&by_token.run("-v domain list").ok(), "AssumeRoleWithOIDC"), 1);
    let by_token = world([
        ("VOLCENGINE_OIDC_TOKEN_FILE", "~/token"),
        ("VOLCENGINE_OIDC_ROLE_TRN", "trn:iam::1:role/live"),
        ("VOLCENGINE_OIDC_ROLE_SESSION_NAME", "ci"),
        ("VOLCENGINE_OIDC_ROLE_POLICY", "{}"),
        ("VOLCENGINE_OIDC_STS_ENDPOINT", &sandbox.endpoint),
    ]);
    assert_eq!(assumed(&by_token.run("-v domain list").ok(), "AssumeRoleWithOIDC"), 1);
}

/// So many new domains, one a line.
fn names(count: usize) -> String {
    (0..count).map(|number| format!("d{number}.example.com\n")).collect()
}

#[test]
fn a_long_run_renews_before_the_credentials_expire() {
    for (vendor, role, provider, _, actions) in VENDORS {
        let faults = actions.map(|action| format!("{vendor}:{action}:life=2s*forever"));
        let sandbox = Sandbox::start(&["--fault", &faults[0], "--fault", &faults[1]]);
        let world = machine(&sandbox, vendor, role, provider);
        world.write("new.txt", &names(36));
        for (profile, action) in [("role", actions[0]), ("ci", actions[1])] {
            let verb = if profile == "role" { "add" } else { "delete" };
            let kind = if profile == "role" { " --type push" } else { "" };
            let line = format!("-p {profile} -v --rate 12 domain {verb} --from-file new.txt{kind} --yes -o ndjson");
            let run = world.run(&line).ok();
            assert_eq!(run.stdout.lines().count(), 36, "{run}");
            // Three seconds of work with credentials that live two: renewed, and not for each call.
            let renewed = assumed(&run, action);
            assert!((2..=20).contains(&renewed), "{renewed}: {run}");
            assert!(!run.stderr.contains("have expired"), "{run}");
        }
    }
}

#[test]
fn credentials_that_the_vendor_calls_expired_are_renewed_once_for_all_calls_under_way() {
    for (vendor, role, provider, _, [by_keys, _]) in VENDORS {
        let sandbox = Sandbox::start(&["--fault", &format!("{vendor}:*:slow=0s,slow=0s,slow=0s,expired")]);
        let world = machine(&sandbox, vendor, role, provider);
        world.write("new.txt", &names(12));
        let run = world.run("-p role -v domain add --from-file new.txt --type push -o ndjson").ok();
        assert_eq!(run.stdout.lines().count(), 12, "{run}");
        assert_eq!(assumed(&run, by_keys), 2, "{run}");
        assert_eq!(run.stderr.matches("new ones are asked for").count(), 1, "{run}");
    }
    // A key pair that stays has no others.
    let sandbox = Sandbox::start(&["--fault", "tencent:DescribeLiveDomains:expired"]);
    let world = World::empty();
    world.profiles(&sandbox.profile("p", "tencent"));
    let run = world.run("-p p domain list").fails(3);
    assert!(!run.stderr.contains("new ones"), "{run}");
}

#[test]
fn roles_are_told_from_keys() {
    let world = World::empty();
    world.profiles(
        "[profiles.keys]\nvendor = \"aliyun\"\naccess_key_id = \"LTAIlonglong1234\"\naccess_key_secret = \"hush\"\n\
         [profiles.role]\nvendor = \"aliyun\"\nrole_arn = \"acs:ram::1:role/live\"\nsource_profile = \"keys\"\n\
         external_id = \"x-1\"\nrole_duration = \"1h\"\n\
         [profiles.ci]\nvendor = \"aliyun\"\nrole_arn = \"acs:ram::1:role/ci\"\noidc_provider = \"acs:ram::1:oidc-provider/ci\"\n\
         oidc_token_file = \"/run/ci/token\"\n",
    );
    assert_run!(world.run("config list").ok());
    assert_run!(world.run("config show role").ok());
    assert_run!(world.run("config show role --effective").ok());
    assert_run!(world.run("config show ci --effective").ok());
    for line in ["config show keys", "config show --effective keys"] {
        let run = world.run(line).ok();
        assert!(run.stdout.contains("static") && !run.stdout.contains("hush"), "{run}");
    }
}

#[test]
fn a_role_is_set_and_checked() {
    let world = World::empty();
    let line =
        "config set ci vendor=volcengine role_arn=trn:iam::1:role/ci oidc_token_file=/run/token role_duration=2h";
    world.run(line).ok();
    for line in ["config set ci role_duration=1m", "config set ci access_key_id=AKLT", "config set ci sts_endpoint=sts"]
    {
        world.run(line).fails(2);
    }
}

#[test]
fn a_role_of_another_vendor_is_refused_as_it_is_set() {
    let world = World::empty();
    world.profiles("[profiles.p]\nvendor = \"tencent\"\n");
    for line in [
        "config set new vendor=tencent role_arn=acs:ram::1:role/live source_profile=p",
        "config set p role_arn=trn:iam::1:role/ci source_profile=q",
    ] {
        let run = world.run(line).fails(2);
        assert!(run.stderr.contains("`role_arn` of tencent begins with `qcs::cam::`"), "{run}");
    }
    world.run("config set p role_arn=qcs::cam::uin/1:roleName/live source_profile=q").ok();
}

/// A machine whose profile `p` has its keys from a program, which writes a line at each run: the keys live as long as
/// the shell words `life` print.
#[cfg(unix)]
fn machine_with_a_program(sandbox: &Sandbox, life: &str) -> World {
    let world = World::empty();
    let (log, script) = (world.home().join("runs"), world.home().join("keys.sh"));
    world.write(
        "keys.sh",
        &format!(
            "echo run >> '{}'\nprintf '{{\"AccessKeyId\":\"{}\",\"SecretAccessKey\":\"{}\"%s}}' \"$({life})\"\n",
            log.display(),
            sandbox.key_id,
            sandbox.secret
        ),
    );
    world.profiles(&format!(
        "[profiles.p]\nvendor = \"tencent\"\nendpoint = \"{}\"\ncredential_process = [\"sh\", \"{}\"]\n",
        sandbox.endpoint,
        script.display()
    ));
    world
}

#[cfg(unix)]
fn runs_of_the_program(world: &World) -> usize {
    std::fs::read_to_string(world.home().join("runs")).unwrap().lines().count()
}

#[test]
#[cfg(unix)]
fn a_program_is_asked_again_before_its_keys_expire() {
    let sandbox = Sandbox::start(&[]);
    // Expiration is told in whole seconds: two to three of them are left.
    let life = "date -u -d '+3 seconds' '+,\"Expiration\":\"%Y-%m-%dT%H:%M:%SZ\"'";
    let world = machine_with_a_program(&sandbox, life);
    world.write("new.txt", &names(48));
    let run = world.run("-p p -v --rate 12 domain add --from-file new.txt --type push --yes -o ndjson").ok();
    assert_eq!(run.stdout.lines().count(), 48, "{run}");
    let runs = runs_of_the_program(&world);
    assert!((2..=8).contains(&runs), "{runs}: {run}");
    assert!(!run.stderr.contains("have expired"), "{run}");
    let one = world.run("-p p domain list -o json").ok();
    assert_eq!(one.json().as_array().unwrap().len(), 48);
    assert_eq!(runs_of_the_program(&world), runs + 1, "one call asks once");
}

#[test]
#[cfg(unix)]
fn keys_of_a_program_that_the_vendor_calls_expired_are_asked_for_once_more() {
    let sandbox = Sandbox::start(&["--fault", "tencent:*:slow=0s,slow=0s,slow=0s,expired"]);
    let world = machine_with_a_program(&sandbox, "true");
    world.write("new.txt", &names(12));
    let run = world.run("-p p -v domain add --from-file new.txt --type push -o ndjson").ok();
    assert_eq!(run.stdout.lines().count(), 12, "{run}");
    assert_eq!(runs_of_the_program(&world), 2, "{run}");
    assert_eq!(run.stderr.matches("new ones are asked for").count(), 1, "{run}");
}

#[test]
#[cfg(unix)]
fn a_program_that_fails_the_second_time_is_told() {
    let sandbox = Sandbox::start(&["--fault", "tencent:DescribeLiveDomains:expired"]);
    let world = machine_with_a_program(&sandbox, "test \"$(wc -l < runs)\" = 1 || { echo sorry >&2; kill $$; }");
    let run = world.run("-p p domain list").fails(3);
    assert!(run.stderr.contains("credential process") && run.stderr.contains("sorry"), "{run}");
    assert_eq!(runs_of_the_program(&world), 2, "the first keys were good: {run}");
}

#[test]
#[cfg(unix)]
fn what_a_program_printed_in_the_middle_of_a_run_is_cut_out_until_its_end() {
    // A vendor that says the token back to whoever sends it.
    let server = Server::by(|_, request| {
        let token = request.header("x-tc-token").unwrap_or_default().to_owned();
        let error = serde_json::json!({"Code": "InvalidParameter", "Message": format!("you sent {token}")});
        Answer::json(serde_json::json!({"Response": {"RequestId": "r", "Error": error}}))
    });
    let world = World::empty();
    world.write(
        "keys.sh",
        "n=$(cat n 2>/dev/null || echo 0); n=$((n+1)); echo $n > n\n\
         printf '{\"AccessKeyId\":\"K\",\"SecretAccessKey\":\"SECRETSECRET%s\",\"SessionToken\":\"TOKENTOKEN%s\"%s}' $n $n \\\n\
         \"$(date -u -d '+2 seconds' '+,\"Expiration\":\"%Y-%m-%dT%H:%M:%SZ\"')\"\n",
    );
    let (endpoint, script) = (server.endpoint(), world.home().join("keys.sh"));
    world.profiles(&format!(
        "[profiles.p]\nvendor = \"tencent\"\nendpoint = \"{endpoint}\"\ncredential_process = [\"sh\", \"{}\"]\n",
        script.display()
    ));
    world.write("new.txt", &names(24));
    let run = world.run("-p p -vv --rate 8 domain disable --from-file new.txt --yes").fails_partly();
    assert!(run.stderr.contains("you sent ***"), "{run}");
    assert!(!run.stderr.contains("TOKENTOKEN") && !run.stderr.contains("SECRETSECRET"), "{run}");
}
