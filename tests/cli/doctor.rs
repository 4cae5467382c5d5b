//! `livectl doctor`: each thing that may be wrong, and what to do about it.

use serde_json::Value;

use crate::assert_run;
use crate::harness::{Run, World};
use crate::secured::Secured;
use crate::servers::{Canned, Sandbox, empty_account, profile};

/// Status and detail of a check.
#[track_caller]
fn found(run: &Run, check: &str) -> (String, String) {
    let rows = run.json();
    let row = rows.as_array().unwrap().iter().find(|row| row["check"] == check).cloned();
    let row = row.unwrap_or_else(|| panic!("no {check}: {run}"));
    let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
    (text("status"), format!("{} / {}", text("detail"), text("advice")))
}

#[track_caller]
fn is(run: &Run, check: &str, status: &str, words: &str) {
    let (seen, told) = found(run, check);
    assert!(seen == status && told.contains(words), "{check} is {seen}, {told}: {run}");
}

/// What goes wrong exits with its code and prints its rows all the same.
#[track_caller]
fn looked(world: &World, line: &str, code: i32) -> Run {
    let run = world.run(&format!("doctor -o json {line}"));
    assert_eq!(run.code, code, "{run}");
    run
}

#[test]
fn a_sound_setup_is_told_check_by_check() {
    let sandbox = Sandbox::start(&[]);
    let world = World::empty();
    world.profiles(&sandbox.profile("prod", "tencent"));
    assert_run!(world.run("doctor").ok());
    assert_run!(World::sandbox("aliyun").run("doctor").ok());
}

#[test]
fn without_an_account_it_says_how_to_begin() {
    assert_run!(World::empty().run("doctor"));
    let run = looked(&World::empty(), "--vendor tencent --endpoint http://127.0.0.1:9 --retries 0", 3);
    is(&run, "account", "failed", "livectl config init");
    is(&run, "dns", "ok", "is an address");
    is(&run, "tls", "failed", "check the network");
    is(&run, "credentials", "skipped", "nothing to sign with");
}

#[test]
fn a_file_that_cannot_be_read_comes_first() {
    let world = World::empty();
    world.profiles("[profiles.p]\nsecret_key = hush\n");
    let run = looked(&world, "", 2);
    is(&run, "config", "failed", "config.toml:2:");
    assert!(!run.stdout.contains("hush"), "{run}");
    let sandbox = Sandbox::start(&[]);
    world.profiles(&(sandbox.profile("p", "aliyun") + "regoin = \"x\"\n"));
    let run = looked(&world, "", 0);
    is(&run, "config", "warning", "did you mean `region`");
    is(&run, "permissions", "ok", "list domains");
}

#[test]
fn credentials_and_permissions_are_told_apart() {
    let sandbox = Sandbox::start(&["--fault", "aliyun:DescribeLiveUserDomains:error=Forbidden.RAM*forever"]);
    let world = World::empty();
    let role = sandbox.profile("role", "tencent")
        + &format!("role_arn = \"qcs::cam::uin/1:roleName/denied\"\nsts_endpoint = \"{}\"\n", sandbox.endpoint);
    let wrong = profile("wrong", "volcengine", &sandbox.key_id, "hush-wrong", &sandbox.endpoint);
    world.profiles(&format!(
        "{}{wrong}{role}{}",
        sandbox.profile("denied", "aliyun"),
        sandbox.profile("good", "tencent")
    ));
    let run = looked(&world, "--profile denied", 3);
    is(&run, "credentials", "ok", "accepted");
    is(&run, "permissions", "failed", "read-only policy");
    let run = looked(&world, "--profile wrong", 3);
    is(&run, "credentials", "failed", "config show --effective");
    is(&run, "permissions", "skipped", "");
    assert!(!run.stdout.contains("hush-wrong"), "{run}");
    let run = looked(&world, "--profile role", 3);
    is(&run, "account", "ok", "role");
    is(&run, "credentials", "failed", "must trust whoever assumes it");
    let run = world.run("doctor --all-profiles -o json");
    assert_eq!(run.code, 9, "{run}");
    let rows: Value = run.json();
    let of = |name: &str| rows.as_array().unwrap().iter().filter(|row| row["profile"] == name).count();
    assert_eq!(["denied", "good", "role", "wrong"].map(of), [7; 4], "{run}");
}

#[test]
fn several_vendors_that_fail_are_not_told_as_one() {
    let world = World::empty();
    let sandbox = Sandbox::start(&[]);
    let wrong = |name, vendor| profile(name, vendor, "AKID", "s", &sandbox.endpoint);
    world.profiles(&(wrong("a", "tencent") + &wrong("b", "aliyun")));
    let both = world.run("doctor --all-profiles -o json --retries 0");
    assert_eq!((both.code, both.error()["vendor"].as_str()), (9, None), "{both}");
    let one = world.run("doctor -p b -o json --retries 0");
    assert_eq!(one.error()["vendor"], "aliyun", "{one}");
}

#[cfg(unix)]
#[test]
fn a_loose_file_is_told_with_what_mends_it() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::start(&[]);
    let world = World::empty();
    let file = world.profiles(&sandbox.profile("p", "aliyun"));
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o644)).unwrap();
    is(&looked(&world, "", 0), "config", "warning", "/ `chmod 600 ~/.config/livectl/config.toml`");
}

#[test]
fn a_clock_that_is_off_is_seen_from_the_date() {
    for (date, words) in [("Wed, 01 Jan 2020 00:00:00 GMT", "ahead of"), ("Fri, 01 Jan 2100 00:00:00 GMT", "behind")] {
        let server = Canned::start(move |seen| {
            let body = empty_account(seen.vendor());
            let head = format!(
                "HTTP/1.1 200 OK\r\nDate: {date}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            (head + body).into_bytes()
        });
        let world = World::empty();
        world.profiles(&profile("p", "tencent", "AKID", "s", &server.endpoint));
        let run = looked(&world, "", 0);
        is(&run, "clock", "warning", words);
        is(&run, "clock", "warning", "set the clock");
    }
}

#[test]
fn certificates_names_and_proxies_are_told() {
    let vendor = Secured::start(&["localhost"], (2020, 2080));
    let endpoint = format!("https://localhost:{}", vendor.address.port());
    let world = vendor.world(&endpoint);
    let run = looked(&world, "--vendor tencent --ca-bundle roots.pem", 0);
    is(&run, "tls", "ok", "the certificate holds");
    is(&run, "dns", "ok", "localhost is ");
    let run = looked(&world, "--vendor tencent --retries 0", 7);
    is(&run, "tls", "failed", "signed by nobody whom livectl trusts");
    is(&run, "tls", "failed", "--ca-bundle FILE");
    is(&run, "credentials", "skipped", "not reached");
    let run = looked(&world.set("HTTPS_PROXY", "ftp://user:hush@proxy"), "--vendor tencent", 2);
    is(&run, "proxy", "failed", "HTTPS_PROXY");
    is(&run, "tls", "skipped", "");
    assert!(!run.stdout.contains("hush"), "{run}");
    // A name that nobody has (RFC 2606).
    let run = looked(&vendor.world("https://nowhere.invalid"), "--vendor tencent --retries 0", 7);
    is(&run, "dns", "failed", "HTTPS_PROXY");
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    let world = World::sandbox("tencent");
    let line = format!("{} doctor -o ndjson | head -1 > out; cat out", crate::harness::PROGRAM);
    let output = world.command("sh").args(["-c", &line]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(String::from_utf8_lossy(&output.stdout).contains("\"check\":\"config\""));
}
