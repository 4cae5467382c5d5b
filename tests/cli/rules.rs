//! The safety catch of a profile: what its rules forbid, ask about and let pass, seen from the vendor's side.

use serde_json::json;

use crate::assert_run;
use crate::harness::World;
use crate::server::{Answer, Server};

/// A vendor on which one domain is there, and everything succeeds.
fn vendor() -> Server {
    Server::by(|_, request| {
        Answer::json(match request.action().as_str() {
            "DescribeLiveDomain" | "DescribeLiveDomains" => {
                let domain =
                    json!({"Name": "a.example.com", "Type": 0, "Status": 1, "CreateTime": "2026-01-01 00:00:00"});
                json!({"Response": {"RequestId": "r", "AllCount": 1, "DomainList": [domain], "DomainInfo": domain}})
            }
            _ => json!({"Response": {"RequestId": "r", "TemplateId": 7}}),
        })
    })
}

/// A machine whose profile `prod` is that vendor, with these rules.
fn ruled(server: &Server, rules: &str) -> World {
    let world = World::empty();
    let endpoint = server.endpoint();
    world.profiles(&format!(
        "default_profile = \"prod\"\n[profiles.prod]\nvendor = \"tencent\"\naccess_key_id = \"AKID\"\n\
         access_key_secret = \"s\"\nendpoint = \"{endpoint}\"\n[profiles.prod.rules]\n{rules}\n"
    ));
    world
}

/// The changing Actions that the vendor was asked for.
fn changes(server: &Server) -> Vec<String> {
    let asked = server.requests().into_iter().map(|request| request.action());
    asked.filter(|action| !action.starts_with("Describe")).collect()
}

const DELETE: &str = "domain delete a.example.com --yes";
const DELETE_BY_API: &str = "api tencent DeleteLiveDomain DomainName=a.example.com DomainType=0 --yes";

#[test]
fn what_is_denied_is_not_sent_under_any_of_its_names() {
    for rule in ["domain delete", "* delete", "Domain *", "tencent:DeleteLiveDomain", "*:Delete*", "*"] {
        let server = vendor();
        let world = ruled(&server, &format!("deny = [\"{rule}\"]"));
        for line in [DELETE, DELETE_BY_API] {
            let run = world.run(line).fails(2);
            let told = format!("the rule `{rule}` in `rules.deny` of profile `prod`");
            assert!(run.stderr.contains(&told), "{run}");
        }
        assert_eq!(changes(&server), [""; 0], "{rule}");
    }
    let server = vendor();
    let world = ruled(&server, "deny = [\"domain delete\"]");
    assert_run!(world.run(DELETE).fails(2));
    assert_eq!(server.count(), 0);
    // What the rule does not name goes on, and a dry run sends nothing that changes anything.
    world.run("domain list").ok();
    world.run("domain disable a.example.com --yes").ok();
    world.run(&format!("{DELETE} --dry-run")).ok();
    assert_eq!(changes(&server), ["ForbidLiveDomain"]);
}

#[test]
fn where_one_step_is_forbidden_none_is_taken() {
    // A recording on Tencent is a template, made first, and the rule that binds it.
    let line = "record add --domain a.example.com --app live --format mp4 --segment 30m";
    for rules in [
        "deny = [\"tencent:CreateLiveRecordRule\"]",
        "allow = [\"tencent:CreateLiveRecordTemplate\"]",
        "confirm = [\"tencent:CreateLiveRecordRule\"]",
    ] {
        let server = vendor();
        let run = ruled(&server, rules).run(line).fails(2);
        assert!(run.stderr.contains("tencent:CreateLiveRecordRule"), "{run}");
        assert_eq!(changes(&server), [""; 0], "{run}");
    }
    let server = vendor();
    ruled(&server, "deny = [\"tencent:Delete*\"]").run(line).ok();
    assert_eq!(changes(&server), ["CreateLiveRecordTemplate", "CreateLiveRecordRule"]);
}

#[test]
fn a_read_may_be_denied_too() {
    let server = vendor();
    for (rule, line) in [
        ("domain list", "domain list"),
        ("tencent:DescribeLiveDomains", "domain list"),
        ("api tencent *", "api tencent DescribeLiveDomains"),
        ("tencent:Describe*", "domain list --dry-run"),
    ] {
        ruled(&server, &format!("deny = [\"{rule}\"]")).run(line).fails(2);
    }
    assert_eq!(server.count(), 0);
}

#[test]
fn only_what_is_allowed_may_change_anything() {
    for (allow, line, goes) in [
        ("domain *", DELETE, true),
        ("domain *", DELETE_BY_API, true),
        ("tencent:DeleteLiveDomain", DELETE, true),
        ("tencent:DeleteLiveDomain", DELETE_BY_API, true),
        ("domain add", DELETE, false),
        ("domain add", DELETE_BY_API, false),
        ("aliyun:*", DELETE, false),
        ("tencent:AddLiveDomain", DELETE, false),
        ("tencent:AddLiveDomain", DELETE_BY_API, false),
    ] {
        let server = vendor();
        let world = ruled(&server, &format!("allow = [\"{allow}\"]"));
        world.run("domain list").ok();
        let run = world.run(line);
        match goes {
            true => drop(run.ok()),
            false => assert!(run.fails(2).stderr.contains("no rule in `rules.allow` of profile `prod`"), "{line}"),
        }
        assert_eq!(changes(&server).is_empty(), !goes, "{allow}: {line}");
    }
}

#[test]
fn what_is_to_be_confirmed_asks_where_it_would_not() {
    let add = "domain add b.example.com --type push";
    for rule in ["domain add", "tencent:AddLiveDomain"] {
        let server = vendor();
        let world = ruled(&server, &format!("confirm = [\"{rule}\"]"));
        let run = world.run(add).fails(2);
        assert!(run.stderr.contains(&format!("which the rule `{rule}` of profile `prod` asks about")), "{run}");
        assert_eq!(changes(&server), [""; 0]);
        world.run(&format!("{add} --yes")).ok();
        world.run("api tencent AddLiveDomain DomainName=c.example.com DomainType=0").fails(2);
        assert_eq!(changes(&server), ["AddLiveDomain"]);
    }
    let server = vendor();
    let world = ruled(&server, "confirm = [\"domain list\", \"domain delete\"]");
    world.run("domain list").fails(2);
    assert_eq!(server.count(), 0);
    world.run("domain list --yes").ok();
    // One question is enough: the command's own names what it is about.
    let run = world.run(DELETE).ok();
    assert!(!run.stderr.contains("asks about"), "{run}");
}

#[test]
fn a_rule_that_fits_nothing_is_told_before_anything_changes() {
    let server = vendor();
    let world = ruled(&server, "deny = [\"domain delte\"]");
    assert_run!(world.run(DELETE).fails(2));
    assert_eq!(server.count(), 0);
    let run = world.run("domain list").ok();
    assert!(
        run.stderr.contains("warning: reading the rules of profile `prod`: `domain delte` fits no command"),
        "{run}"
    );
}

#[test]
fn rules_are_set_with_the_other_keys_and_may_be_tried_in_the_sandbox() {
    let world = World::empty().set("LIVECTL_SANDBOX", "1");
    world.run_words(&["config", "set", "prod", "vendor=tencent", "rules.deny=domain delete,stream *"]).ok();
    let run = world.run("domain delete a.example.com --yes").fails(2);
    assert!(run.stderr.contains("the rule `domain delete`"), "{run}");
    world.run("domain add a.example.com --type push").ok();
}
