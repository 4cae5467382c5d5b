//! `domain` on the three vendors, in the sandbox: every run is a process of its own.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::assert_run;
use crate::harness::{PROGRAM, Run, World};

/// The fields of a row, in the order that scripts may rely on.
const FIELDS: [&str; 10] =
    ["vendor", "profile", "name", "type", "status", "status_detail", "cname", "cname_ok", "area", "created_at"];

/// What a changing command prints, in order.
const CHANGED: [&str; 8] = ["vendor", "profile", "action", "id", "name", "changed", "changes", "request_id"];

const VENDORS: [&str; 3] = ["tencent", "aliyun", "volcengine"];

fn keys(row: &Value) -> Vec<&str> {
    row.as_object().unwrap().keys().map(String::as_str).collect()
}

/// The answer of a changing command, its fields in order, without the request id.
#[track_caller]
fn changed(run: Run) -> Value {
    let mut answer = run.ok().json();
    assert_eq!(keys(&answer), CHANGED);
    let request = answer.as_object_mut().unwrap().remove("request_id").unwrap();
    assert_eq!(request.is_string(), answer["changed"] == true, "a request id where a request was sent");
    answer
}

/// Waits until a domain has the status: Aliyun's changes settle after some seconds.
#[track_caller]
fn becomes(world: &World, name: &str, status: &str) {
    let patience = Instant::now() + Duration::from_secs(20);
    while Instant::now() < patience {
        if world.run(&format!("domain show {name} -o json")).ok().json()["status"] == status {
            return;
        }
    }
    panic!("`{name}` never became {status}");
}

fn names(run: Run) -> Vec<String> {
    let rows = run.ok().json();
    rows.as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_domain_is_added_shown_switched_and_deleted_on_every_vendor() {
    for (vendor, actions, cname) in [
        (
            "tencent",
            ["AddLiveDomain", "ForbidLiveDomain", "EnableLiveDomain", "DeleteLiveDomain"],
            "live.example.com.liveplay.myqcloud.com",
        ),
        (
            "aliyun",
            ["AddLiveDomain", "StopLiveDomain", "StartLiveDomain", "DeleteLiveDomain"],
            "live.example.com.w.alikunlun.net",
        ),
        (
            "volcengine",
            ["CreateDomain", "DisableDomain", "EnableDomain", "DeleteDomain"],
            "live.example.com.volccdn.example",
        ),
    ] {
        let world = World::sandbox(vendor);
        let name = "live.example.com";
        let answer = |action: Option<&str>, changes: Value| {
            json!({"vendor": vendor, "profile": null, "action": action, "id": name, "name": name,
                   "changed": action.is_some(), "changes": changes})
        };
        let turned = |from: &str, to: &str| json!([{"field": "status", "from": from, "to": to}]);

        let mut made = changed(world.run("domain add live.example.com --type play --area mainland -o json"));
        let changes = made["changes"].as_array_mut().unwrap();
        changes.retain(|change| change["field"] != "domain_region");
        let new = json!([{"field": "name", "from": null, "to": name}, {"field": "type", "from": null, "to": "play"},
                         {"field": "area", "from": null, "to": "mainland"}]);
        assert_eq!(made, answer(Some(actions[0]), new));

        becomes(&world, name, "enabled");
        let row = world.run("domain show live.example.com -o json").ok().json();
        assert_eq!(keys(&row), FIELDS);
        assert_eq!(
            (&row["vendor"], &row["profile"], &row["type"], &row["area"], &row["cname"]),
            (&json!(vendor), &Value::Null, &json!("play"), &json!("mainland"), &json!(cname))
        );
        let created = row["created_at"].as_str().unwrap();
        assert!(created.ends_with('Z') && created.len() == "2026-01-31T20:00:00Z".len(), "{created}");

        let off = changed(world.run("domain disable live.example.com -o json"));
        assert_eq!(off, answer(Some(actions[1]), turned("enabled", "disabled")));
        becomes(&world, name, "disabled");
        assert_eq!(changed(world.run("domain disable live.example.com -o json")), answer(None, json!([])));
        assert_eq!(names(world.run("domain list --status disabled -o json")), [name]);
        assert!(names(world.run("domain list --status enabled -o json")).is_empty());

        let on = changed(world.run("domain enable live.example.com -o json"));
        assert_eq!(on, answer(Some(actions[2]), turned("disabled", "enabled")));
        if vendor != "aliyun" {
            assert_eq!(changed(world.run("domain enable live.example.com -o json")), answer(None, json!([])));
        }

        let gone = changed(world.run("domain delete live.example.com -o json"));
        assert_eq!((&gone["action"], &gone["changed"]), (&json!(actions[3]), &json!(true)));
        assert_eq!(gone["changes"][0], json!({"field": "name", "from": name, "to": null}));
        assert_eq!(world.run("domain list -o json").ok().stdout, "[]\n");
        assert_eq!(world.run("domain show live.example.com -o json").fails(4).error()["class"], "not-found");
    }
}

#[test]
fn a_list_is_filtered_by_type_and_piped_through_jq() {
    for vendor in VENDORS {
        let world = World::sandbox(vendor);
        world.run("domain add push.example.com --type push").ok();
        world.run("domain create play.example.com --type play").ok();
        let rows = world.run("domain list -o json").ok().json();
        assert!(rows.as_array().unwrap().iter().all(|row| keys(row) == FIELDS), "{rows}");
        let pushed = world.run("domain list --type push -o json").ok().json();
        let found: Vec<_> = pushed.as_array().unwrap().iter().map(|row| (&row["name"], &row["type"])).collect();
        assert_eq!(found, [(&json!("push.example.com"), &json!("push"))]);

        let filter = r#"'.[] | select(.type == "play") | .name'"#;
        let installed = world.command("jq").arg("--version").output().is_ok_and(|output| output.status.success());
        let line = match installed {
            true => format!("livectl domain list -o json | jq -r {filter}"),
            false => format!("livectl domain list -o json --jq {filter}"),
        };
        let output = world.command("sh").args(["-c", &line]).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout), "play.example.com\n", "{vendor}: {line}");
        let own = world.run_words(&["domain", "list", "--jq", filter.trim_matches('\'')]).ok();
        assert_eq!(own.stdout, "play.example.com\n");
    }
}

#[test]
fn each_profile_has_its_own_state() {
    let world = World::empty().set("LIVECTL_SANDBOX", "1");
    world.profiles("[profiles.one]\nvendor = \"tencent\"\n[profiles.two]\nvendor = \"aliyun\"\n");
    world.run("domain add one.example.com --type push --profile one").ok();
    world.run("domain add two.example.com --type push --profile two").ok();
    world.run("domain add none.example.com --type push --vendor volcengine").ok();
    for (account, name) in [("-p one", "one"), ("-p two", "two"), ("--vendor volcengine", "none")] {
        let found = names(world.run(&format!("domain list -o json {account}")));
        assert_eq!(found, [format!("{name}.example.com")], "{account}");
    }
    let rows = world.run("domain list -p one,two --sort-by name -o json").ok().json();
    let whose: Vec<_> = rows.as_array().unwrap().iter().map(|row| (&row["vendor"], &row["profile"])).collect();
    assert_eq!(whose, [(&json!("tencent"), &json!("one")), (&json!("aliyun"), &json!("two"))]);
    let told = world.run("domain add x.example.com --type push -p one,two").fails(2);
    assert!(told.stderr.contains("one"), "{told}");
}

#[test]
fn many_processes_at_once_lose_nothing() {
    let world = World::empty().set("LIVECTL_SANDBOX", "1");
    let add = |vendor: &str, number: usize| {
        let mut command = world.command(PROGRAM);
        let name = format!("d{number:02}.example.com");
        command.args(["domain", "add", &name, "--type", "push", "-q", "--vendor", vendor]);
        command.stdout(std::process::Stdio::null()).spawn().unwrap()
    };
    let children: Vec<_> = (0..8).flat_map(|number| VENDORS.map(|vendor| add(vendor, number))).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let expected: Vec<String> = (0..8).map(|number| format!("d{number:02}.example.com")).collect();
    for vendor in VENDORS {
        assert_eq!(names(world.run(&format!("domain list --vendor {vendor} --sort-by name -o json"))), expected);
    }
}

#[test]
fn what_exists_already_and_what_is_not_there_can_be_accepted() {
    for vendor in VENDORS {
        let world = World::sandbox(vendor);
        let nothing = json!({"vendor": vendor, "profile": null, "action": null, "id": "a.example.com",
                             "name": "a.example.com", "changed": false, "changes": []});
        world.run("domain add a.example.com --type push").ok();
        let refused = world.run("domain add a.example.com --type push -o json").fails(5).error();
        assert_eq!((&refused["class"], &refused["outcome"]), (&json!("conflict"), &json!("refused")));
        assert!(refused["hint"].as_str().unwrap().contains("--if-not-exists"), "{refused}");
        assert_eq!(changed(world.run("domain add a.example.com --type push --if-not-exists -o json")), nothing);

        world.run("domain delete a.example.com").ok();
        let missing = world.run("domain delete a.example.com -o json").fails(4).error();
        assert!(missing["hint"].as_str().unwrap().contains("livectl domain list"), "{missing}");
        assert_eq!(changed(world.run("domain delete a.example.com --if-exists -o json")), nothing);
    }
}

#[test]
fn aliyun_maps_push_domains_to_playback_domains() {
    let world = World::sandbox("aliyun");
    world.run("domain add push.example.com --type push").ok();
    world.run("domain add play.example.com --type play").ok();
    let answer = |action: Option<&str>, changes: Value| {
        json!({"vendor": "aliyun", "profile": null, "action": action, "id": "push.example.com",
               "name": "push.example.com", "changed": action.is_some(), "changes": changes})
    };
    let (map, unmap) =
        ("domain map push.example.com play.example.com", "domain unmap push.example.com play.example.com");
    let bound = json!([{"field": "play", "from": null, "to": "play.example.com"}]);
    let map = || changed(world.run(&format!("{map} -o json")));
    assert_eq!(map(), answer(Some("AddLiveDomainMapping"), bound));
    assert_eq!(map(), answer(None, json!([])));
    let parted = json!([{"field": "play", "from": "play.example.com", "to": null}]);
    let unmapped = changed(world.run(&format!("{unmap} -o json")));
    assert_eq!(unmapped, answer(Some("DeleteLiveDomainMapping"), parted));
    assert_run!(world.run(unmap).fails(4));
}

#[test]
fn a_mapping_is_refused_where_there_is_none() {
    let mut told = String::new();
    for vendor in ["tencent", "volcengine"] {
        for verb in ["map", "unmap"] {
            let line = format!("domain {verb} push.example.com play.example.com");
            told += &World::sandbox(vendor).run(&line).fails(2).to_string();
        }
    }
    assert_run!(told);
}

#[test]
fn every_wrong_value_is_told_at_once() {
    let mut told =
        World::sandbox("tencent").run("domain add a.example.com --type show --area moon").fails(2).to_string();
    told += &World::sandbox("volcengine").run("domain add a.example.com").fails(2).to_string();
    assert_run!(told);
    for (vendor, given, refused) in [
        ("tencent", "--vhost v --domain-region r", ["--domain-region", "--vhost"]),
        ("aliyun", "--vhost v --verify-owner dnsCheck", ["--vhost", "--verify-owner"]),
        ("volcengine", "--domain-region r --verify-owner dnsCheck", ["--domain-region", "--verify-owner"]),
    ] {
        let world = World::sandbox(vendor);
        let error = world.run(&format!("domain add a.example.com --type push -o json {given}")).fails(2).error();
        let options: Vec<&str> =
            error["faults"].as_array().unwrap().iter().map(|f| f["option"].as_str().unwrap()).collect();
        assert_eq!(options, refused, "{vendor}");
        assert_eq!(error["outcome"], "not-sent");
        assert_eq!(world.run("domain list -o json").ok().stdout, "[]\n");
    }
}

/// A sandbox with three domains of Tencent.
fn three() -> World {
    let world = World::sandbox("tencent");
    world.run("domain add b.example.com --type push").ok();
    world.run("domain add a.example.com --type play --area mainland").ok();
    world.run("domain add c.example.com --type play --area global").ok();
    world
}

#[test]
fn a_list_reads_well_in_every_format() {
    let world = three();
    let formats = ["table", "json", "ndjson", "yaml", "csv", "tsv"];
    let all: String = formats.map(|format| world.run(&format!("domain list -o {format}")).ok().to_string()).concat();
    assert_run!(all);
}

#[test]
fn columns_order_limit_and_header_are_chosen() {
    let world = three();
    for (options, expected) in [
        (
            "--columns name,area --sort-by name -o csv",
            "name,area\na.example.com,mainland\nb.example.com,\nc.example.com,global\n",
        ),
        ("--columns name --sort-by -name --no-header", "c.example.com\nb.example.com\na.example.com\n"),
        ("--columns name --limit 2 -o tsv --no-header", "b.example.com\na.example.com\n"),
        ("--limit 1 --jq .[].name", "b.example.com\n"),
        ("-o ndjson --columns type,name --limit 1", "{\"type\":\"push\",\"name\":\"b.example.com\"}\n"),
    ] {
        assert_eq!(world.run(&format!("domain list {options}")).ok().stdout, expected, "{options}");
    }
    assert_run!(world.run("domain list --columns name,owner").fails(2));
    assert_eq!(world.run("domain list --jq .[] -o csv").fails(2).stdout, "");
}

#[test]
fn raw_shows_the_vendors_own_items() {
    for (vendor, name, time) in [
        ("tencent", "Name", "CreateTime"),
        ("aliyun", "DomainName", "GmtCreated"),
        ("volcengine", "Domain", "CreateTime"),
    ] {
        let world = World::sandbox(vendor);
        world.run("domain add a.example.com --type push").ok();
        let raw = world.run("domain list --raw").ok().json();
        assert_eq!(raw[0][name], "a.example.com");
        assert!(raw[0][time].is_string() && raw[0].get("vendor").is_none(), "{raw}");
        let one = world.run(&format!("domain show a.example.com --raw --jq .{name}")).ok();
        assert_eq!(one.stdout, "a.example.com\n");
    }
}

#[test]
fn help_shows_one_name_of_a_verb() {
    let world = World::empty();
    for (noun, shown, hidden) in [("domain", "add", "create"), ("relay", "update", "set"), ("hls-key", "set", "update")]
    {
        let help = world.run(&format!("{noun} --help")).ok().stdout;
        let verbs: Vec<&str> = help.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).collect();
        assert!(verbs.contains(&shown) && !verbs.contains(&hidden), "{help}");
        assert!(world.run(&format!("{noun} {hidden} --help")).ok().stdout.contains(shown));
    }
}

#[test]
fn a_mistyped_column_is_refused_before_anything_is_sent() {
    let world = World::sandbox("tencent");
    let run = world.run("domain add a.example.com --type push -o json --columns nmae").fails(2);
    assert_eq!(run.error()["outcome"], "not-sent", "{run}");
    world.run("domain list --sort-by nmae").fails(2);
    assert_eq!(world.run("domain list -o json").ok().json(), serde_json::json!([]));
}

#[test]
fn a_change_that_cannot_be_printed_is_told_as_made() {
    for format in ["-o json", "-o ndjson"] {
        let world = World::sandbox("tencent");
        let line = format!("domain add a.example.com --type play --jq error(\"boom\") {format}");
        let error = world.run(&line).fails(9).error();
        assert_eq!((&error["outcome"], &error["action"]), (&"applied".into(), &"AddLiveDomain".into()), "{error}");
        assert!(error["request_id"].is_string() && error["message"].as_str().unwrap().contains("boom"), "{error}");
        assert_eq!(world.run("domain list -o json --jq length").ok().stdout, "1\n");
        // What changes nothing is an error of the filter, and of nothing else.
        world.run("domain list --jq error(\"boom\")").fails(2);
    }
}

#[test]
fn a_refusal_does_not_ask_for_the_type_that_was_given() {
    for (vendor, wrong) in [("tencent", "--domain-region X"), ("tencent", "--vhost x"), ("aliyun", "--vhost x")] {
        let world = World::sandbox(vendor);
        let refused = world.run(&format!("domain add z.example.com --type play {wrong}")).fails(2);
        assert!(!refused.stderr.contains("use `--type push`"), "{refused}");
        let option = wrong.split(' ').next().unwrap();
        assert!(refused.stderr.contains(option), "{refused}");
    }
}
