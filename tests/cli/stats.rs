//! `stats bandwidth`, `traffic`, `online` and `metrics`: one shape and unit over the three vendors.

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::assert_run;
use crate::harness::World;

// Far back, so that a snapshot stays; nearer than a vendor keeps its data it is only for the real one.
const DAY: &str = "--since 2026-01-01T00:00:00Z --until 2026-01-02T00:00:00Z --no-validate";

fn rows(vendor: &str, line: &str) -> Vec<Value> {
    let run = World::sandbox(vendor).run(&format!("stats {line} {DAY} -o json")).ok();
    run.json().as_array().unwrap().clone()
}

fn values(rows: &[Value]) -> Vec<u64> {
    rows.iter().map(|row| row["value"].as_u64().unwrap()).collect()
}

#[test]
fn what_the_vendors_tell_in_units_of_their_own_is_the_same_rows() {
    for (metric, unit) in [("bandwidth", "bit/s"), ("traffic", "bytes")] {
        let line = format!("{metric} --domain play.example.com");
        let [tencent, aliyun, volcengine] = ["tencent", "aliyun", "volcengine"].map(|vendor| rows(vendor, &line));
        assert_eq!(tencent.len(), 288);
        assert_eq!(values(&tencent), values(&aliyun));
        assert_eq!(values(&tencent), values(&volcengine));
        for (vendor, rows) in [("tencent", tencent), ("aliyun", aliyun), ("volcengine", volcengine)] {
            let first = rows[0].as_object().unwrap();
            let names: Vec<&str> = first.keys().map(String::as_str).collect();
            assert_eq!(names, ["vendor", "profile", "domain", "time", "metric", "value", "unit"]);
            assert_eq!((&first["vendor"], &first["unit"]), (&json!(vendor), &json!(unit)));
            assert_eq!(
                (&first["time"], &rows[287]["time"]),
                (&json!("2026-01-01T00:00:00Z"), &json!("2026-01-01T23:55:00Z"))
            );
        }
    }
}

#[test]
fn a_summary_is_what_one_computes_by_hand_from_the_same_rows() {
    for vendor in ["tencent", "aliyun", "volcengine"] {
        for (metric, total) in [("bandwidth", false), ("traffic", true)] {
            let all = rows(vendor, &format!("{metric} --domain play.example.com"));
            let summary = rows(vendor, &format!("{metric} --domain play.example.com --summary"));
            let mut by_hand = values(&all);
            by_hand.sort_unstable();
            // 5 % of 288 points are 14.4: the 14 highest are dropped, and the highest that is left counts.
            let ninety_fifth = by_hand[288 - 14 - 1];
            let sum: u64 = by_hand.iter().sum();
            assert_eq!(summary.len(), 1);
            let told = |name: &str| summary[0][name].clone();
            assert_eq!(told("percentile_value"), json!(ninety_fifth));
            assert_eq!(
                (told("points"), told("peak"), told("average")),
                (json!(288), json!(by_hand[287]), json!(sum / 288))
            );
            assert_eq!(told("total"), if total { json!(sum) } else { Value::Null });
            let peak = all.iter().find(|row| row["value"] == json!(by_hand[287])).unwrap();
            assert_eq!(told("peak_time"), peak["time"]);
            let half = rows(vendor, &format!("{metric} --domain play.example.com --summary --percentile 50"));
            assert_eq!(half[0]["percentile_value"], json!(by_hand[288 - 144 - 1]));
        }
    }
}

#[test]
fn domains_and_vendors_are_added_up_at_each_time() {
    let world = World::empty().set("LIVECTL_SANDBOX", "1");
    world.profiles(
        "[profiles.a]\nvendor = \"tencent\"\n[profiles.b]\nvendor = \"aliyun\"\n[profiles.c]\nvendor = \"volcengine\"\n",
    );
    let domains = "--domain play.example.com,b.example.com";
    let line = format!("stats bandwidth {domains} {DAY} --profile a,b,c -o json");
    let all = world.run(&line).ok().json();
    assert_eq!(all.as_array().unwrap().len(), 3 * 2 * 288);
    let sum = world.run(&format!("{line} --sum")).ok().json();
    let sum = sum.as_array().unwrap();
    assert_eq!(sum.len(), 288);
    for row in sum {
        let here = all.as_array().unwrap().iter().filter(|one| one["time"] == row["time"]);
        let by_hand: u64 = here.map(|one| one["value"].as_u64().unwrap()).sum();
        assert_eq!((&row["value"], &row["vendor"], &row["domain"]), (&json!(by_hand), &Value::Null, &Value::Null));
    }
}

#[test]
fn a_domain_that_is_named_twice_counts_once() {
    for vendor in ["tencent", "aliyun", "volcengine"] {
        let once = rows(vendor, "traffic --domain play.example.com,b.example.com --sum");
        let twice =
            rows(vendor, "traffic --domain play.example.com,b.example.com,PLAY.example.com,b.example.com --sum");
        assert_eq!((once.len(), values(&once)), (288, values(&twice)), "{vendor}");
        assert!(values(&once).iter().any(|value| *value > 0), "{vendor}");
    }
    let world = World::sandbox("tencent");
    let line = "metrics --collect bandwidth --domain play.example.com,Play.example.com";
    let run = world.run(line).ok();
    assert_eq!(run.stdout.matches("livectl_bandwidth_bytes_per_second{").count(), 1, "{run}");
}

#[test]
fn viewers_that_are_told_otherwise_are_warned_of_in_a_sum() {
    let world = World::empty().set("LIVECTL_SANDBOX", "1");
    world.profiles("[profiles.a]\nvendor = \"tencent\"\n[profiles.b]\nvendor = \"aliyun\"\n");
    let line = format!("stats online --domain play.example.com {DAY} -o json");
    let warned = |more: &str| {
        let run = world.run(&format!("{line} {more}")).ok();
        run.stderr.contains("warning: Aliyun tells the viewers at one moment")
    };
    assert!(warned("--sum --profile a,b"));
    assert!(!warned("--sum --profile a") && !warned("--sum --profile b") && !warned("--profile a,b"));
}

#[test]
fn options_about_rows_are_refused_where_there_are_none() {
    let world = World::sandbox("tencent");
    for more in
        ["--plot --raw", "--plot --jq .", "--plot --columns time", "--plot --limit 3", "--summary --raw", "--sum --raw"]
    {
        let run = world.run(&format!("stats traffic {DAY} {more}")).fails(2);
        assert!(run.stderr.contains("leave out"), "{more}: {run}");
    }
    world.run(&format!("stats traffic {DAY} --summary --jq . --limit 3")).ok();
    for more in ["-o json", "--columns vendor", "--raw", "--jq .", "--limit 1"] {
        let run = world.run(&format!("metrics --collect streams {more}")).fails(2);
        assert!(run.stderr.contains("leave out"), "{more}: {run}");
    }
    World::sandbox("tencent").set("LIVECTL_OUTPUT", "json").run("metrics --collect streams").ok();
}

#[test]
fn series_are_shown_to_people() {
    let world = World::sandbox("tencent");
    assert_run!(
        world
            .run("stats bandwidth --domain play.example.com --since 2026-01-01T00:00:00Z --until 2026-01-01T00:14:00Z --no-validate")
            .ok()
    );
    assert_run!(world.run(&format!("stats traffic --domain play.example.com {DAY} --plot")).ok());
    assert_run!(world.run(&format!("stats online --domain 直播.example.com {DAY} --interval 1h --plot --sum")).ok());
    assert_run!(world.run(&format!("stats traffic {DAY} --plot -o json")).fails(2));
    assert_run!(world.run("stats traffic --since soon --until now --interval 7m").fails(2));
    assert_run!(world.run("stats traffic --since now --until now").fails(2));
    assert_run!(World::sandbox("aliyun").run(&format!("stats online {DAY}")).fails(2));
}

#[test]
fn a_vendor_that_fails_leaves_the_others() {
    let world = World::empty().set("LIVECTL_SANDBOX", "1");
    world.profiles("[profiles.a]\nvendor = \"tencent\"\n[profiles.b]\nvendor = \"aliyun\"\n");
    let fault = "--fault aliyun:DescribeLiveDomainBpsData:error*forever --retries 0 --profile a,b";
    let run = world.run(&format!("stats bandwidth {DAY} --summary -o json {fault}")).fails_partly();
    assert_eq!(run.json().as_array().unwrap().len(), 1);
}

#[test]
fn metrics_are_accepted_by_the_checker_where_it_is_installed_and_have_their_form_everywhere() {
    let world = World::sandbox("tencent");
    world.run("sandbox publish push.example.com/live/s1").ok();
    let run = world.run("metrics --domain 直播.example.com,play.example.com").ok();
    let mut families: Vec<&str> = Vec::new();
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.last(), Some(&"# EOF"));
    for line in &lines[..lines.len() - 1] {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            families.push(rest.strip_suffix(" gauge").unwrap());
        } else if !line.starts_with("# HELP ") {
            let (name, value) = (line.split(['{', ' ']).next().unwrap(), line.rsplit(' ').next().unwrap());
            assert_eq!(Some(&name), families.last(), "{line}");
            assert!(value.parse::<f64>().is_ok(), "{line}");
        }
    }
    assert_eq!(
        families,
        [
            "livectl_streams_online",
            "livectl_bandwidth_bytes_per_second",
            "livectl_viewers",
            "livectl_push_faults",
            "livectl_certificate_expiry_timestamp_seconds",
            "livectl_collector_success",
        ]
    );
    assert!(run.stdout.contains("livectl_streams_online{vendor=\"tencent\",domain=\"push.example.com\"} 1\n"), "{run}");
    let checker = std::env::var("PROMTOOL").unwrap_or_else(|_| "promtool".to_owned());
    let Ok(mut checking) = Command::new(checker).args(["check", "metrics"]).stdin(Stdio::piped()).spawn() else {
        return;
    };
    std::io::Write::write_all(&mut checking.stdin.take().unwrap(), run.stdout.as_bytes()).unwrap();
    assert!(checking.wait().unwrap().success(), "{run}");
}

#[test]
fn what_the_vendor_tells_of_named_domains_only_is_told() {
    let run = World::sandbox("aliyun").run("metrics --collect viewers,push-faults").ok();
    assert!(run.stderr.contains("by --domain") && run.stderr.contains("by --push-domain"), "{run}");
    assert!(!World::sandbox("tencent").run("metrics").ok().stderr.contains("named domains"));
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_there() {
    let world = World::sandbox("tencent");
    let run = world.run("metrics --fault tencent:DescribeLiveCerts:error*forever --retries 0").fails_partly();
    assert!(
        run.stdout.contains("livectl_collector_success{vendor=\"tencent\",collector=\"certificates\"} 0\n"),
        "{run}"
    );
    assert!(run.stdout.contains("livectl_bandwidth_bytes_per_second{"), "{run}");
    assert!(run.stdout.ends_with("# EOF\n"), "{run}");
    let some = world.run("metrics --collect streams").ok();
    assert!(!some.stdout.contains("bandwidth"), "{some}");
    assert_run!(world.run("metrics --collect everything").fails(2));
}
