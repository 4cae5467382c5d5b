//! `livectl api list` and `api describe`: the shapes that scripts rely on.

use serde_json::{Value, json};

use crate::errors::failed;
use crate::harness::World;

#[test]
fn the_list_of_actions_has_its_promised_shape() {
    let world = World::empty();
    let all = world.run("api list -o json").ok().json();
    let rows = all.as_array().unwrap();
    assert_eq!(rows.len(), 899);
    for row in rows {
        let names: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["vendor", "action", "group", "effect", "documented", "command"]);
        assert!(["read", "create", "update", "delete", "control"].contains(&row["effect"].as_str().unwrap()), "{row}");
        let words = row["command"].as_array().map(|words| words.iter().all(Value::is_string));
        assert!(row["documented"].is_boolean() && (row["command"].is_null() || words == Some(true)), "{row}");
    }
    let add = json!({"vendor": "tencent", "action": "AddLiveDomain", "group": "domain", "effect": "create",
        "documented": true, "command": ["domain", "add"]});
    assert!(rows.contains(&add));
    for (words, count) in
        [("--vendor tencent", 262), ("--vendor aliyun", 452), ("--vendor volc", 185), ("--vendor qcloud", 262)]
    {
        assert_eq!(world.run(&format!("api list {words} -o json")).ok().json().as_array().unwrap().len(), count);
    }
    let group = world.run("api list --vendor volcengine --group hls-key -o json --jq .[].action").ok();
    assert!(group.stdout.lines().any(|line| line == "GetHLSEncryptDataKey"), "{group}");
    let table = world.run("api list --vendor volcengine --group hls-key").ok().stdout;
    assert!(table.lines().any(|line| line.ends_with("  hls-key set")), "{table}");
    let run = world.run("api list --vendor tencent --group nothing").fails(2);
    assert!(run.stderr.contains("groups: ") && run.stderr.contains(" stream-pulling, "), "{run}");
    failed(world.run("api list --group nothing -o json"), "usage", 2);
    let csv = world.run("api list --vendor volcengine -o csv --columns action --no-header").ok();
    assert_eq!(csv.stdout.lines().count(), 185);
}

#[test]
fn the_description_of_an_action_has_its_promised_shape() {
    let world = World::empty();
    let about = world.run("api describe volcengine UpdateEncryptHLS -o json").ok().json();
    let names: Vec<&str> = about.as_object().unwrap().keys().map(String::as_str).collect();
    let promised = [
        "vendor",
        "action",
        "version",
        "method",
        "effect",
        "rate_limit_per_second",
        "command",
        "params",
        "response",
        "errors",
    ];
    assert_eq!(names, promised);
    let head = ["vendor", "action", "version", "method", "effect"].map(|name| about[name].as_str().unwrap());
    assert_eq!(head, ["volcengine", "UpdateEncryptHLS", "2023-01-01", "POST", "update"]);
    assert_eq!((&about["rate_limit_per_second"], &about["command"]), (&json!(1), &json!(["hls-key", "set"])));
    let mut cycle = about["params"][1].clone();
    assert!(cycle["summary"].take().is_string());
    let expected = json!({"name": "CycleTime", "option": "--cycle", "type": "string", "required": true, "enum": [],
        "min": 60, "max": 604_800, "default": null, "summary": null});
    assert_eq!(cycle, expected);
    assert!(about["errors"].as_array().unwrap().contains(&json!("InvalidParam.Format")), "{about}");
    // Every Action has the same members, documented or not.
    for call in [
        "aliyun StartEdgeTranscodeJob",
        "tencent DescribeLiveDomains",
        "qcloud AddLiveDomain",
        "alicloud AddLiveDomain",
    ] {
        let about = world.run(&format!("api describe {call} -o json")).ok().json();
        assert_eq!(about.as_object().unwrap().keys().collect::<Vec<_>>(), promised.iter().collect::<Vec<_>>());
    }
}
