//! Answers that mean harm, or that nobody expects.

use serde_json::Value;

use crate::harness::World;
use crate::servers::{Canned, profile};

/// A name with all that moves a cursor, turns text round or breaks a line.
const HOSTILE: &str = "x\u{1b}[2J\u{1b}]0;t\u{7}\u{9b}31m\u{202e}moc\u{2066}\nerror: fake\r\t\0\u{7f}\u{2028}y";

fn hostile_server(name: &Value) -> Canned {
    Canned::saying(format!(
        r#"{{"Response":{{"AllCount":1,"DomainList":[{{"Name":{name},"Type":0,"Status":1,"CurrentCName":{name}}}],"RequestId":{name}}}}}"#
    ))
}

fn at(server: &Canned) -> World {
    let world = World::empty();
    world.profiles(&profile("p", "tencent", "AKID", "s", &server.endpoint));
    world
}

#[track_caller]
fn harmless(text: &str) {
    let bad = text.chars().find(|c| (c.is_control() && *c != '\n') || "\u{202e}\u{2066}\u{2028}".contains(*c));
    assert_eq!(bad, None, "{text:?}");
}

#[test]
fn a_hostile_name_does_no_harm_in_any_format() {
    let server = hostile_server(&Value::from(HOSTILE));
    let world = at(&server);
    let table = world.run("domain list -vv").ok();
    harmless(&table.stdout);
    harmless(&table.stderr);
    assert_eq!(table.stdout.lines().count(), 2, "{table}");
    harmless(&world.run("domain list --color always --no-header").ok().stderr);
    // Programs get the very name.
    assert_eq!(world.run("domain list -o json").ok().json()[0]["name"], HOSTILE);
    let ndjson = world.run("domain list -o ndjson").ok();
    assert_eq!(ndjson.stdout.lines().count(), 1);
    assert_eq!(ndjson.json()["name"], HOSTILE);
    let yaml = world.run("domain list -o yaml").ok();
    harmless(&yaml.stdout.replace("\u{202e}", "").replace("\u{2066}", "").replace("\u{2028}", ""));
    let tsv = world.run("domain list -o tsv --columns name,status").ok();
    assert_eq!(tsv.stdout.lines().map(|line| line.matches('\t').count()).collect::<Vec<_>>(), [1, 1], "{tsv}");
    let csv = world.run("domain list -o csv --columns name").ok();
    let mut records = csv::Reader::from_reader(csv.stdout.as_bytes());
    let record = records.records().next().unwrap().unwrap();
    assert_eq!(&record[0], HOSTILE);
}

#[test]
fn a_hostile_error_does_no_harm() {
    let told = Value::from(HOSTILE);
    let body = format!(r#"{{"Response":{{"Error":{{"Code":{told},"Message":{told}}},"RequestId":{told}}}}}"#);
    let world = at(&Canned::saying(body));
    for flags in ["", "-vv", "-o json", "--color=always"] {
        let run = world.run(&format!("domain list --retries 0 {flags}"));
        assert!(run.code > 1, "{run}");
        harmless(&run.stderr.replace("\u{1b}[0m", "").replace("\u{1b}[1m", "").replace("\u{1b}[31m", ""));
        assert!(run.stderr.lines().filter(|line| line.starts_with("error")).count() <= 1, "{run}");
    }
}

#[test]
fn answers_of_any_shape_do_no_harm() {
    let long = "x".repeat(10 << 20);
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let ok_with = |part: &str| format!(r#"{{"Response":{{"AllCount":1,"DomainList":[{part}],"RequestId":"r"}}}}"#);
    let cases = [
        (ok_with(&format!(r#"{{"Name":"{long}","Type":0,"Status":1}}"#)), Some(0)),
        (ok_with(r#"{"Name":"a","Name":"b","Type":0,"Status":1}"#), Some(0)),
        (ok_with(r#"{"Name":{"a":1},"Type":"?","Status":[]}"#), None),
        (ok_with(r#"null,1,"x",[]"#), None),
        (ok_with(&deep), None),
        (deep.clone(), None),
        (format!("{{\"Response\":{deep}}}"), None),
        (r#"{"Response":null}"#.to_owned(), Some(8)),
        (r#"{"Response":{"AllCount":"many","DomainList":{},"RequestId":7}}"#.to_owned(), None),
        ("\0\0\0".to_owned(), Some(8)),
        (format!("{{\"Response\":{{\"RequestId\":\"{long}"), Some(8)),
        (String::new(), Some(8)),
    ];
    for (body, code) in cases {
        let start: String = body.chars().take(80).collect();
        // A debug build takes its time over the long one.
        let formats: &[&str] =
            if body.len() > 1 << 20 { &["table", "csv"] } else { &["table", "json", "ndjson", "yaml", "csv", "tsv"] };
        let world = at(&Canned::saying(body));
        for format in formats {
            let run = world.run(&format!("domain list --retries 0 -o {format}"));
            assert!(
                matches!(run.code, 0 | 8),
                "{start}: {} {}",
                run.code,
                run.stderr.chars().take(300).collect::<String>()
            );
            assert!(code.is_none_or(|code| code == run.code), "{start} {format}: {}", run.code);
            assert!(!run.stderr.contains("panicked") && run.stderr.len() < 4000, "{start}");
        }
    }
}
