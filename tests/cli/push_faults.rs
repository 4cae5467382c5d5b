//! `stats faults` and the push faults of `metrics`: what ended badly at each vendor, and nothing else.

use serde_json::{Value, json};

use crate::harness::World;

/// A world in which of three pushes one broke, one was ended by its pusher and one was banned.
fn after_a_bad_day(vendor: &str) -> World {
    let world = World::sandbox(vendor);
    for stream in ["broken", "ended", "banned"] {
        world.run(&format!("sandbox publish push.example.com/live/{stream}")).ok();
    }
    world.run("sandbox unpublish push.example.com/live/broken --lost").ok();
    world.run("sandbox unpublish push.example.com/live/ended").ok();
    world.run("stream forbid push.example.com/live/banned --yes").ok();
    world
}

#[test]
fn each_vendor_tells_of_what_broke_in_the_same_columns() {
    for (vendor, expected) in [
        ("tencent", json!([["banned", "收到客户调用的禁播请求", 1], ["broken", "推流链路网络异常", 1]])),
        ("aliyun", json!([[null, "3: nothing came in time", 1]])),
        (
            "volcengine",
            json!([["banned", "forbidden", 1], ["broken", "connection lost", 1], ["ended", "closed by the client", 1]]),
        ),
    ] {
        let world = after_a_bad_day(vendor);
        let line = "stats faults --domain push.example.com --since -10m --until +1m -o json";
        let rows = world.run(line).ok().json();
        let mut told: Vec<Value> = Vec::new();
        for row in rows.as_array().unwrap() {
            let columns: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(columns, ["vendor", "profile", "domain", "app", "stream", "time", "reason", "count"]);
            assert_eq!((&row["vendor"], &row["domain"]), (&json!(vendor), &json!("push.example.com")));
            told.push(json!([row["stream"], row["reason"], row["count"]]));
        }
        told.sort_by_key(Value::to_string);
        assert_eq!(Value::Array(told), expected, "{vendor}");
        let other = world.run(&line.replace("push.example.com", "other.example.com")).ok();
        assert_eq!(other.json(), json!([]), "{vendor}");
        let earlier = world.run(&line.replace("--since -10m --until +1m", "--since -2d --until -1d")).ok();
        assert_eq!(earlier.json(), json!([]), "{vendor}");
    }
}

#[test]
fn metrics_count_them_by_reason_and_none_is_a_count_too() {
    let count = |world: &World, more: &str| {
        let run = world.run(&format!("metrics --collect push-faults {more}")).ok();
        let lines = run.stdout.lines().filter(|line| line.starts_with("livectl_push_faults{")).map(str::to_owned);
        lines.collect::<Vec<_>>()
    };
    let world = after_a_bad_day("tencent");
    let labels = "vendor=\"tencent\",domain=\"push.example.com\"";
    let expected = [
        format!("livectl_push_faults{{{labels},reason=\"推流链路网络异常\"}} 1"),
        format!("livectl_push_faults{{{labels},reason=\"收到客户调用的禁播请求\"}} 1"),
    ];
    assert_eq!(count(&world, ""), expected);
    let none = ["livectl_push_faults{vendor=\"tencent\"} 0"];
    assert_eq!(count(&world, "--push-domain other.example.com"), none);
    let world = after_a_bad_day("aliyun");
    assert_eq!(count(&world, ""), [""; 0], "Aliyun tells of named domains only");
    let run = world.run("metrics --collect push-faults").ok();
    assert!(!run.stdout.contains("collector="), "{run}");
    // The minute that is told may have begun before the ten minutes, but not here: the push has only just ended.
    let expected =
        "livectl_push_faults{vendor=\"aliyun\",domain=\"push.example.com\",reason=\"3: nothing came in time\"} 1";
    assert_eq!(count(&world, "--push-domain push.example.com,PUSH.example.com"), [expected]);
}

#[test]
fn what_is_wrong_is_told_at_once() {
    let run = World::sandbox("tencent").run("stats faults --domain , --since soon").fails(2);
    assert!(run.stderr.contains("--domain") && run.stderr.contains("--since"), "{run}");
    let run = World::sandbox("tencent").run("stats faults --since now --until now").fails(2);
    assert!(run.stderr.contains("a time later than --since\n"), "{run}");
    let run = World::sandbox("aliyun").run("stats faults").fails(2);
    assert!(run.stderr.contains("--domain: required"), "{run}");
}

#[test]
fn what_an_unset_variable_leaves_is_refused() {
    let world = World::sandbox("aliyun");
    for words in [["--push-domain", ""], ["--domain", " "]] {
        let run = world.run_words(&[&["metrics"], &words[..]].concat()).fails(2);
        assert!(run.stderr.contains(words[0]), "{run}");
    }
    let run = world.run("stats traffic --domain a.example.com --plot-file x.svg/").fails(2);
    assert!(run.stderr.contains("names a folder"), "{run}");
}

#[test]
fn reads_of_many_items_have_changed_nothing() {
    let world = World::sandbox("tencent");
    world.run("domain add a.example.com --type push").ok();
    world.write("d.csv", "DomainName\na.example.com\nnope.example.com\n");
    let run = world.run("api tencent DescribeLiveDomain --from-file d.csv");
    assert!(!run.stderr.contains("outcome: applied"), "{run}");
}
