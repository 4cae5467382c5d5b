//! Answers that mean harm, or that nobody expects.

use serde_json::Value;

use crate::answers::READS;
use crate::harness::World;
use crate::servers::{Canned, answer, ok, profile};

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

/// A list of one domain, all of whose texts, and the name of one member, are this.
fn list(vendor: &str, name: &Value) -> String {
    let more = format!(r#"{name}:{name},"Nested":[{{{name}:[{name}]}}]"#);
    match vendor {
        "tencent" => format!(
            r#"{{"Response":{{"AllCount":1,"DomainList":[{{"Name":{name},"Type":0,"Status":1,"CurrentCName":{name},{more}}}],"RequestId":{name}}}}}"#
        ),
        "aliyun" => format!(
            r#"{{"TotalCount":1,"PageNumber":1,"PageSize":50,"Domains":{{"PageData":[{{"DomainName":{name},"LiveDomainType":"liveEdge","LiveDomainStatus":{name},"Cname":{name},{more}}}]}},"RequestId":{name}}}"#
        ),
        _ => format!(
            r#"{{"ResponseMetadata":{{"RequestId":{name}}},"Result":{{"Total":1,"DomainList":[{{"Domain":{name},"Type":"push","Status":{name},"CNAME":{name},{more}}}]}}}}"#
        ),
    }
}

/// A refusal in each envelope that a vendor has.
fn refusals(vendor: &str, told: &str) -> Vec<Vec<u8>> {
    let text = Value::from(told).to_string();
    let xml = |told: &str| {
        let body = format!("<Error><RequestId>{told}</RequestId><Code>{told}</Code><Message>{told}</Message></Error>");
        String::from_utf8(answer("404 Not Found", body)).unwrap().replace("application/json", "text/xml").into_bytes()
    };
    match vendor {
        "tencent" => {
            vec![ok(format!(r#"{{"Response":{{"Error":{{"Code":{text},"Message":{text}}},"RequestId":{text}}}}}"#))]
        }
        "aliyun" => vec![
            answer(
                "400 Bad Request",
                format!(r#"{{"Code":{text},"Message":{text},"RequestId":{text},"Recommend":{text}}}"#),
            ),
            xml(told),
            xml(&told.chars().map(|c| format!("&#{};", u32::from(c))).collect::<String>()),
            xml(&told.chars().filter(|c| !c.is_control()).chain("]]>&lt;".chars()).collect::<String>()),
            xml(&format!("<![CDATA[{told}]]>")),
        ],
        _ => vec![answer(
            "400 Bad Request",
            format!(r#"{{"ResponseMetadata":{{"RequestId":{text},"Error":{{"Code":{text},"Message":{text}}}}}}}"#),
        )],
    }
}

fn vendor_at(vendor: &str, server: &Canned) -> World {
    let world = World::empty().set("LIVECTL_RETRIES", "0").set("LIVECTL_PROFILE", "p");
    world.profiles(&profile("p", vendor, "AKID", "s", &server.endpoint));
    world
}

#[test]
fn hostile_lists_do_no_harm_with_any_vendor_in_any_format() {
    for vendor in ["tencent", "aliyun", "volcengine"] {
        let world = vendor_at(vendor, &Canned::saying(list(vendor, &Value::from(HOSTILE))));
        for flags in
            ["-o table", "-o table --raw", "-o json --raw", "-o ndjson", "-o json -vv", "-o table --show-request"]
        {
            let run = world.run(&format!("domain list {flags}")).ok();
            harmless(&run.stdout);
            harmless(&run.stderr);
        }
        for flags in ["-o csv --raw", "-o tsv --raw", "-o csv", "-o tsv", "-o yaml --raw", "-o yaml"] {
            let run = world.run(&format!("domain list {flags}")).ok();
            harmless(&run.stderr);
            match flags.split(' ').nth(1) {
                Some("csv") => {
                    let mut records = csv::Reader::from_reader(run.stdout.as_bytes());
                    let columns = records.headers().unwrap().len();
                    let records: Vec<_> = records.records().map(Result::unwrap).collect();
                    assert_eq!((records.len(), records[0].len()), (1, columns), "{run}");
                }
                Some("tsv") => {
                    let tabs: Vec<usize> = run.stdout.lines().map(|line| line.matches('\t').count()).collect();
                    assert!(tabs.len() == 2 && tabs[0] == tabs[1], "{run}");
                }
                _ => assert!(!run.stdout.contains(['\u{1b}', '\u{7}', '\u{9b}', '\0']), "{run}"),
            }
        }
        // What a program asked for it gets as it came.
        let raw = world.run(READS[["tencent", "aliyun", "volcengine"].iter().position(|v| *v == vendor).unwrap()].1);
        assert_eq!(raw.ok().stdout.trim_end_matches('\n'), list(vendor, &Value::from(HOSTILE)));
    }
}

#[test]
fn hostile_refusals_do_no_harm_in_any_envelope() {
    for (at, vendor) in ["tencent", "aliyun", "volcengine"].into_iter().enumerate() {
        for refusal in refusals(vendor, HOSTILE) {
            let world = vendor_at(vendor, &Canned::start(move |_| refusal.clone()));
            for line in ["domain list", "domain add a.example.com --type push --area mainland", READS[at].1] {
                for flags in ["", "-vv", "-o json", "-v -o ndjson --show-request"] {
                    let run = world.run(&format!("{line} {flags}"));
                    assert!(run.code > 1 && run.stdout.is_empty() && !run.stderr.contains("panicked"), "{run}");
                    harmless(&run.stderr);
                    assert!(!run.stderr.lines().any(|line| line.starts_with("error: fake")), "{run}");
                }
            }
        }
    }
}

#[test]
fn what_is_typed_is_shown_as_harmlessly_as_what_is_answered() {
    let world = World::sandbox("tencent");
    let name = format!("DomainName={}", HOSTILE.replace('\0', ""));
    for flags in [&["--dry-run"][..], &["--show-request"], &["-vv"], &[], &["-o", "json"]] {
        let words = ["api", "tencent", "AddLiveDomain", &name, "DomainType=push", "--no-validate"];
        let run = world.run_words(&[&words[..], flags].concat());
        harmless(&run.stderr);
        // A dry run prints JSON, in which what is harmful is written as an escape.
        harmless(&run.stdout);
    }
}

#[test]
fn xml_that_means_harm_costs_nothing() {
    let entities = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\">".to_owned()
        + &(b'b'..=b'j')
            .map(|c| format!("<!ENTITY {} \"{}\">", c as char, format!("&{};", (c - 1) as char).repeat(10)))
            .collect::<String>()
        + "]><Error><Code>&j;</Code><Message>&j;</Message></Error>";
    let outside =
        "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><Error><Code>X</Code><Message>&a;</Message></Error>";
    let deep = "<a>".repeat(200_000) + &"</a>".repeat(200_000);
    let long = format!("<Error><Code>X</Code><Message>{}</Message></Error>", "x".repeat(10 << 20));
    for body in [entities, outside.to_owned(), deep, long, "<Error>".to_owned(), "<Error\0/>".to_owned()] {
        let start: String = body.chars().take(60).collect();
        let text = answer("400 Bad Request", body);
        let world = vendor_at("aliyun", &Canned::start(move |_| text.clone()));
        let run = world.run("domain list -o json");
        assert!((2..=8).contains(&run.code), "{start}: {run}");
        assert!(!run.stderr.contains("root:") && run.stderr.len() < 4000, "{start}: {}", run.stderr.len());
    }
}

/// What a filter reads in a vendor's text, and what a filter of one's own does: neither ends the run by surprise.
#[test]
fn a_filter_that_goes_too_deep_is_an_error() {
    let text = format!("{}{}", "[".repeat(1 << 20), "]".repeat(1 << 20));
    let world = at(&hostile_server(&Value::from(text)));
    for (filter, message) in [
        (".[].name | fromjson", "cannot parse JSON that nests deeper than 128 levels"),
        ("def f: 1 + f; f", "it goes too deep: a definition calls itself without end, or too much is nested"),
    ] {
        let run = world.run_words(&["domain", "list", "-o", "json", "--jq", filter]).fails(2);
        assert_eq!(run.error()["message"], format!("filter the output with `--jq`: {message}"));
        assert_eq!(run.stdout, "");
    }
}
