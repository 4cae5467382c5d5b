//! Several accounts in one run: for reading, side by side, each told.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};

use serde_json::Value;

use crate::accounts::{file, machine, refused, says};
use crate::assert_run;
use crate::harness::World;
use crate::servers::{Canned, empty_account, ok, profile};

#[test]
fn several_profiles_are_for_reading() {
    let (world, server) = machine();
    for line in [
        "-p home,work domain add a.example.com --type push",
        "--all-profiles domain delete a.example.com --yes",
        "-p home,work api tencent ForbidLiveDomain DomainName=a.example.com --yes",
        "-p home,volc hls-key rotate --cycle 1h --yes",
    ] {
        says(&refused(&world, &server, line, 2), &["several"]);
    }
    says(
        &refused(&world.set("LIVECTL_PROFILE", "home,ali"), &server, "domain enable a.example.com", 2),
        &["home, ali"],
    );
}

/// One domain of Tencent, named after the account.
fn one_domain(key_id: &str) -> String {
    format!(
        r#"{{"Response":{{"AllCount":1,"DomainList":[{{"Name":"{}.example.com","Type":0,"Status":1}}],"RequestId":"r"}}}}"#,
        key_id.to_lowercase()
    )
}

#[test]
fn several_profiles_are_asked_side_by_side() {
    // Nobody is answered before both have asked: one after the other would never end.
    let both = Arc::new(Barrier::new(2));
    let server = Canned::start(move |seen| {
        both.wait();
        ok(one_domain(seen.key_id()))
    });
    let world = World::empty();
    let of = |name: &str, key_id: &str| profile(name, "tencent", key_id, "s", &server.endpoint);
    world.profiles(&(of("a", "AKIDone") + &of("b", "AKIDtwo")));
    let run = world.run("-p a,b domain list --sort-by name --retries 0 --timeout 10s").ok();
    assert_run!(run);
    let rows = world.run("--all-profiles domain list -o json --timeout 10s").ok().json();
    let mut rows: Vec<_> =
        rows.as_array().unwrap().iter().map(|row| (row["profile"].clone(), row["name"].clone())).collect();
    rows.sort_by_key(|(profile, _)| profile.to_string());
    assert_eq!(rows, [("a".into(), "akidone.example.com".into()), ("b".into(), "akidtwo.example.com".into())]);
}

#[test]
fn of_many_accounts_sixty_four_are_asked_at_a_time() {
    let (inside, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (within, highest, together) = (Arc::clone(&inside), Arc::clone(&most), Arc::new(Barrier::new(64)));
    // Nobody is answered before 64 have asked.
    let server = Canned::start(move |seen| {
        highest.fetch_max(within.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        together.wait();
        within.fetch_sub(1, Ordering::SeqCst);
        ok(one_domain(seen.key_id()))
    });
    let world = World::empty();
    let of = |number| profile(&format!("p{number:03}"), "tencent", &format!("AKID{number:03}"), "s", &server.endpoint);
    world.profiles(&(0..128).map(of).collect::<String>());
    let rows = world.run("--all-profiles domain list -o json --retries 0").ok().json();
    let mut names: Vec<_> = rows.as_array().unwrap().iter().map(|row| row["name"].clone()).collect();
    names.sort_by_key(ToString::to_string);
    assert_eq!(names, (0..128).map(|number| Value::from(format!("akid{number:03}.example.com"))).collect::<Vec<_>>());
    assert_eq!(most.load(Ordering::SeqCst), 64);
}

#[test]
fn an_account_that_fails_does_not_stop_the_others() {
    let server = Canned::start(|seen| match seen.key_id() {
        "AKIDbad" => ok(
            r#"{"Response":{"Error":{"Code":"AuthFailure.SecretIdNotFound","Message":"no such key"},"RequestId":"r"}}"#,
        ),
        key_id => ok(one_domain(key_id)),
    });
    let world = World::empty();
    let of = |name: &str, key_id: &str| profile(name, "tencent", key_id, "s", &server.endpoint);
    let ring = "[profiles.ring]\nvendor = \"aliyun\"\nkeyring = true\n";
    world.profiles(&(of("bad", "AKIDbad") + &of("good", "AKIDgood") + ring));
    let run = world.run("-p bad,good domain list -o json");
    assert_eq!(run.code, 9, "{run}");
    assert_eq!(run.json()[0]["profile"], "good");
    let told: serde_json::Value = serde_json::from_str(run.stderr.lines().next().unwrap()).unwrap();
    assert_eq!((&told["error"]["profile"], &told["error"]["class"]), (&"bad".into(), &"auth".into()), "{run}");
    assert_eq!(run.error()["class"], "partial");
    // One that cannot even be used is told beside the one that was refused.
    let run = world.run("--all-profiles domain list --columns profile,name");
    assert_eq!(run.code, 9, "{run}");
    assert_run!(run);
}

#[test]
fn several_vendors_answer_in_one_table() {
    let server = Canned::start(|seen| match seen.vendor() {
        "tencent" => ok(one_domain("tencent")),
        vendor => ok(empty_account(vendor)),
    });
    let world = World::empty();
    world.profiles(&file(&server.endpoint));
    let run = world.run("-p home,ali,volc domain list -o json").ok();
    assert_eq!(run.json().as_array().unwrap().len(), 1);
    let mut vendors: Vec<_> = server.take().iter().map(|seen| seen.vendor()).collect();
    vendors.sort_unstable();
    assert_eq!(vendors, ["aliyun", "tencent", "volcengine"]);
    let run = world.run("-p home,work domain list").ok();
    assert!(run.stdout.starts_with("VENDOR") && run.stdout.contains("PROFILE"), "{run}");
    assert!(!world.run("-p home domain list").ok().stdout.contains("PROFILE"));
}
