//! `livectl api`: items, input, dry runs, pages, bodies, questions, names and signatures.

use serde_json::{Value, json};

use crate::errors::{Served, failed};
use crate::harness::World;
use crate::server::{Answer, SECRET, Server};

const VENDORS: [&str; 3] = ["tencent", "aliyun", "volcengine"];

fn fine() -> Answer {
    // One body that each of the three envelopes takes for success.
    Answer::json(
        json!({"RequestId": "r-1", "Response": {"RequestId": "r-1"}, "ResponseMetadata": {"RequestId": "r-1"}}),
    )
}

/// The JSON body that a call sends.
fn body(line: &[&str]) -> Value {
    let server = Server::answering([fine()]);
    server.world(line[1]).run_words(line).ok();
    assert_eq!(server.count(), 1);
    server.requests()[0].json()
}

#[test]
fn plain_values_are_typed_by_the_facts_and_json_is_taken_as_it_is() {
    let call = |items: &[&str]| {
        let mut words = vec!["api", "tencent", "CreateLiveRecordTemplate"];
        words.extend(items);
        body(&words)
    };
    let items = [
        "TemplateName=7",
        "IsDelayLive=1",
        "FlvParam.Enable=1",
        "FlvParam.RecordInterval=1800",
        "HlsParam:={\"Enable\":0}",
    ];
    let expected = json!({"TemplateName": "7", "IsDelayLive": 1,
        "FlvParam": {"Enable": 1, "RecordInterval": 1800}, "HlsParam": {"Enable": 0}});
    assert_eq!(call(&items), expected);
    // The first `=` separates; everything after it belongs to the value.
    assert_eq!(call(&["TemplateName=a", "Description=a=b:=c"])["Description"], "a=b:=c");
}

#[test]
fn a_repeated_key_makes_a_list_where_the_parameter_is_one() {
    let relay = ["api", "volcengine", "CreateRelaySourceV4", "App=live", "Stream=s1", "Domain=a.example.com"];
    let sent = body(&[&relay[..], &["SrcAddrS=rtmp://a.example.com/1", "SrcAddrS=rtmp://b.example.com/2"]].concat());
    assert_eq!(sent["SrcAddrS"], json!(["rtmp://a.example.com/1", "rtmp://b.example.com/2"]));
    let sent = body(&[&relay[..], &["SrcAddrS:=[\"rtmp://a.example.com/1\"]"]].concat());
    assert_eq!(sent["SrcAddrS"], json!(["rtmp://a.example.com/1"]));
    let server = Server::answering([fine()]);
    let words = [&relay[..], &["SrcAddrS=rtmp://a.example.com/1", "App=other", "-o", "json"]].concat();
    let error = failed(server.world("volcengine").run_words(&words), "usage", 2);
    assert_eq!(error["faults"], json!([{"option": "App", "given": "other", "allowed": "given once"}]));
    assert_eq!(server.count(), 0);
}

#[test]
fn enums_are_taken_by_their_meaning() {
    for (word, value) in [("push", 0), ("playback", 1), ("1", 1), ("Playback", 1)] {
        let sent = body(&["api", "tencent", "DescribeLiveDomains", &format!("DomainType={word}")]);
        assert_eq!(sent, json!({"DomainType": value}));
    }
}

#[test]
fn times_are_written_as_the_parameter_wants_them() {
    let now = jiff::Timestamp::now().as_second();
    let near = |seconds: i64, expected: i64| (seconds - expected).abs() < 60;
    let relay = ["api", "volcengine", "CreateRelaySourceV4", "App=live", "Stream=s1", "Domain=a.example.com"];
    let items = ["SrcAddrS=rtmp://b.example.com/1", "StartTime=now", "EndTime=+2h"];
    let sent = body(&[relay.as_slice(), &items].concat());
    assert!(
        near(sent["StartTime"].as_i64().unwrap(), now) && near(sent["EndTime"].as_i64().unwrap(), now + 7200),
        "{sent}"
    );
    assert_eq!(sent["EndTime"].as_i64().unwrap() - sent["StartTime"].as_i64().unwrap(), 7200);

    // Fixed instants, in each form: the zone of the vendor is 8 hours ahead.
    for (line, name, expected) in [
        ("tencent DescribeLivePullStreamTasks --no-validate StartTime=1769860800", "StartTime", json!("1769860800")),
        (
            "tencent DescribeRecordTask StartTime=2026-01-31T12:00:00Z EndTime=1769868000 --no-validate",
            "StartTime",
            json!(1_769_860_800),
        ),
        (
            "tencent AddDelayLiveStream ExpireTime=2026-01-31T20:00:00+08:00 --no-validate",
            "ExpireTime",
            json!("2026-01-31T12:00:00Z"),
        ),
        (
            "tencent DescribeStreamDayPlayInfoList DayTime=2026-01-31T17:00:00Z --no-validate",
            "DayTime",
            json!("2026-02-01"),
        ),
        (
            "tencent DescribeLiveTranscodeDetailInfo DayTime=2026-01-31T17:00:00Z --no-validate",
            "DayTime",
            json!("20260201"),
        ),
    ] {
        let words: Vec<&str> = ["api"].into_iter().chain(line.split(' ')).collect();
        assert_eq!(body(&words)[name], expected, "{line}");
    }
    let server = Server::answering([fine()]);
    let line = "api aliyun ForbidLiveStream ResumeTime=2026-01-31T20:00:00+08:00 --no-validate --yes";
    server.world("aliyun").run(line).ok();
    assert_eq!(server.requests()[0].query("ResumeTime").as_deref(), Some("2026-01-31T12%3A00%3A00Z"));
}

#[test]
fn input_is_merged_with_items_which_win() {
    let server = Server::answering([fine()]);
    let world = server.world("tencent");
    world.write("in.json", r#"{"DomainName": "a.example.com", "DomainType": 1, "PlayType": 2}"#);
    world.run("api tencent AddLiveDomain --input in.json DomainType=push").ok();
    world
        .run_with_input("api tencent AddLiveDomain --input - PlayType:=3", r#"{"DomainName": "b", "DomainType": 1}"#)
        .ok();
    let sent: Vec<Value> = server.requests().iter().map(|request| request.json()).collect();
    assert_eq!(sent[0], json!({"DomainName": "a.example.com", "DomainType": 0, "PlayType": 2}));
    assert_eq!(sent[1], json!({"DomainName": "b", "DomainType": 1, "PlayType": 3}));
    for (text, cause) in [("[1]", "it is JSON, but no object"), ("{\"a\":\n ", "no JSON at line 2")] {
        let run = world.run_with_input("api tencent AddLiveDomain --input - -o json", text);
        let error = failed(run, "usage", 2);
        assert!(error["message"].as_str().unwrap().contains(cause), "{error}");
    }
    let error = failed(world.run("api tencent AddLiveDomain --input nowhere.json -o json"), "usage", 2);
    assert!(error["message"].as_str().unwrap().contains("`nowhere.json`"), "{error}");
    assert_eq!(server.count(), 2);
}

#[test]
fn force_sends_an_action_that_no_sheet_knows() {
    for vendor in VENDORS {
        let server = Server::answering([fine()]);
        let line = format!("api {vendor} DescribeNewThing --force Name=x Size:=2");
        server.world(vendor).run(&line).ok();
        let request = server.requests().remove(0);
        assert_eq!((request.method.as_str(), request.action().as_str()), ("POST", "DescribeNewThing"));
        if vendor == "aliyun" {
            assert_eq!((request.query("Name").as_deref(), request.query("Size").as_deref()), (Some("x"), Some("2")));
        } else {
            assert_eq!(request.json(), json!({"Name": "x", "Size": 2}));
        }
    }
}

#[test]
fn what_looks_deleting_asks_also_where_no_sheet_knows_it() {
    let server = Server::answering([fine()]);
    let world = server.world("tencent");
    let error = failed(world.run("api tencent DeleteNewThing --force Name=x -o json"), "usage", 2);
    assert!(error["hint"].as_str().unwrap().contains("--yes"), "{error}");
    assert_eq!(server.count(), 0);
    world.run("api tencent DeleteNewThing --force Name=x --yes").ok();
    assert_eq!(server.count(), 1);
}

#[test]
fn no_validate_sends_all_the_same() {
    let sent = body(&["api", "tencent", "AddLiveDomain", "DomainType=sideways", "Colour=red", "--no-validate"]);
    assert_eq!(sent, json!({"DomainType": "sideways", "Colour": "red"}));
    let sent = body(&["api", "volcengine", "UpdateEncryptHLS", "URL=x", "CycleTime=1", "--no-validate", "--yes"]);
    assert_eq!(sent, json!({"URL": "x", "CycleTime": "1"}));
}

#[test]
fn a_dry_run_prints_one_line_and_sends_nothing() {
    let server = Server::answering([fine()]);
    for (vendor, line, method) in [
        ("tencent", "AddLiveDomain DomainName=a.example.com DomainType=push", "POST"),
        ("aliyun", "AddLiveDomain DomainName=a.example.com LiveDomainType=liveVideo Region=cn-shanghai", "POST"),
        ("volcengine", "GetHLSEncryptDataKey KeyID=k1", "GET"),
        ("tencent", "DeleteLiveDomain DomainName=a.example.com DomainType=push", "POST"),
    ] {
        let world = server.world(vendor);
        let run = world.run(&format!("api {vendor} {line} --dry-run")).ok();
        assert_eq!(run.stdout.matches('\n').count(), 1, "{run}");
        let plan = run.json();
        let names: Vec<&str> = plan.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["vendor", "action", "method", "url", "headers", "body", "step", "changes"]);
        assert_eq!((&plan["vendor"], &plan["method"], &plan["step"]), (&json!(vendor), &json!(method), &json!(1)));
        assert!(plan["url"].as_str().unwrap().starts_with(&server.endpoint()), "{plan}");
        assert!(run.stdout.contains("***") && !run.stdout.contains(SECRET), "{run}");
        assert!(!run.stdout.contains("Signature=") || run.stdout.contains("Signature=***"), "{run}");
    }
    let world = server.world("tencent");
    let add = "api tencent AddLiveDomain DomainName=a.example.com DomainType=push --dry-run --exit-code";
    assert_eq!(world.run(add).code, 10);
    world.run("api tencent DescribeLiveDomains --dry-run --exit-code").ok();
    assert_eq!(server.count(), 0);
}

#[test]
fn show_request_prints_the_same_on_stderr_and_sends_it() {
    let server = Server::answering([fine()]);
    let run = server.world("tencent").run("api tencent DescribeLiveDomains DomainType=push --show-request").ok();
    let shown: Value = serde_json::from_str(run.stderr.lines().next().unwrap()).unwrap();
    assert_eq!((&shown["action"], &shown["body"]), (&json!("DescribeLiveDomains"), &json!({"DomainType": 0})));
    assert_eq!(shown["headers"]["Authorization"], "***");
    assert!(!run.stderr.contains(SECRET));
    assert_eq!(server.count(), 1);
}

#[test]
fn the_body_is_printed_as_it_came() {
    // Odd spacing, escapes, member order, big numbers and a repeated name survive; a missing line end is added.
    let text = "{ \"Response\" :\t{\"Z\":1.0e2,\"A\":12345678901234567890123,\"A\":\"\\u76f4\\/ \u{76f4}\"  ,\r\n\"RequestId\":\"r\"} }";
    for (sent, printed) in [(text.to_owned(), format!("{text}\n")), (format!("{text}\n"), format!("{text}\n"))] {
        let server = Server::answering([Answer::json(&sent)]);
        for format in ["table", "json", "yaml"] {
            let run = server.world("tencent").run(&format!("api tencent DescribeLiveDomains -o {format}")).ok();
            assert_eq!(run.stdout, printed);
            assert_eq!(run.stderr, "");
        }
    }
}

#[test]
fn jq_filters_the_body() {
    let answer = json!({"Response": {"RequestId": "r-1", "DomainList": [{"Name": "a"}, {"Name": "b"}]}});
    let server = Server::answering([Answer::json(answer)]);
    let world = server.world("tencent");
    let run = world.run("api tencent DescribeLiveDomains --jq .Response.DomainList[].Name").ok();
    assert_eq!(run.stdout, "a\nb\n");
    failed(world.run("api tencent DescribeLiveDomains --jq .[ -o json"), "usage", 2);
    assert_eq!(server.count(), 1);
}

#[test]
fn paginate_turns_pages_that_the_vendor_wants_a_number_of() {
    let world = World::sandbox("volcengine");
    world.write("d.txt", &(0..12).map(|number| format!("d{number}.example.com\n")).collect::<String>());
    world.run("domain add --type push --from-file d.txt").ok();
    let run = world.run("api volcengine ListDomainDetail --paginate PageSize=5").ok();
    let domains = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["Result"]["DomainList"].clone();
    let counts: Vec<usize> = run.stdout.lines().map(|line| domains(line).as_array().unwrap().len()).collect();
    assert_eq!(counts, [5, 5, 2], "{run}");
    let planned = world.run("api volcengine ListDomainDetail --paginate --dry-run").ok();
    assert!(planned.stdout.contains("PageNum"), "{planned}");
    // The user's own number is that page, and no more: said aloud.
    let run = world.run("api volcengine ListDomainDetail --paginate PageSize=5 PageNum=2").ok();
    assert_eq!(run.stdout.lines().count(), 1, "{run}");
    assert!(run.stderr.contains("that page only"), "{run}");
}

#[test]
fn options_about_rows_are_refused() {
    let world = World::sandbox("tencent");
    for more in ["--columns a", "--limit 3", "--sort-by a", "--no-header"] {
        let run = world.run(&format!("api tencent DescribeLiveDomains {more}")).fails(2);
        assert!(run.stderr.contains("leave out"), "{run}");
    }
    for more in ["-o json", "-o csv", "--raw", "--jq ."] {
        world.run(&format!("api tencent DescribeLiveDomains {more}")).ok();
    }
    World::sandbox("tencent").set("LIVECTL_OUTPUT", "csv").run("api tencent DescribeLiveDomains").ok();
}

#[test]
fn paginate_prints_every_page_one_a_line() {
    // 150 domains in two pages of at most 100.
    let server = Server::by(|_, request| {
        let asked = request.json();
        let (page, size) = (asked["PageNum"].as_u64().unwrap(), asked["PageSize"].as_u64().unwrap());
        let names = ((page - 1) * size..(page * size).min(150)).map(|n| json!({"Name": format!("d{n}.example.com")}));
        let list: Vec<Value> = names.collect();
        let body = json!({"Response": {"AllCount": 150, "DomainList": list, "RequestId": format!("r-{page}")}});
        Answer::json(format!("{body:#}"))
    });
    let run = server.world("tencent").run("api tencent DescribeLiveDomains --paginate").ok();
    let pages: Vec<Value> = run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let counts: Vec<usize> =
        pages.iter().map(|page| page["Response"]["DomainList"].as_array().unwrap().len()).collect();
    assert_eq!((counts, server.count()), (vec![100, 50], 2));
    let names = "--paginate --jq .Response.DomainList[].Name";
    let run = server.world("tencent").run(&format!("api tencent DescribeLiveDomains {names}")).ok();
    assert_eq!(run.stdout.lines().count(), 150);
    // A page that is named is the only one.
    let run = server.world("tencent").run("api tencent DescribeLiveDomains PageNum=2 PageSize=100 --paginate").ok();
    assert_eq!((run.stdout.lines().count(), server.count()), (1, 5));
}

#[test]
fn what_deletes_or_cuts_off_asks_first() {
    for (vendor, line) in [
        ("tencent", "DeleteLiveDomain DomainName=a.example.com DomainType=push"),
        ("tencent", "ForbidLiveDomain DomainName=a.example.com"),
        ("tencent", "DropLiveStream DomainName=a.example.com AppName=live StreamName=s1"),
        ("aliyun", "DeleteLiveDomain DomainName=a.example.com"),
        ("aliyun", "StopLiveDomain DomainName=a.example.com"),
        ("aliyun", "DeleteLiveDomainMapping PushDomain=a.example.com PullDomain=b.example.com"),
        ("volcengine", "DeleteDomain Domain=a.example.com"),
        ("volcengine", "DisableDomain Domain=a.example.com"),
        ("volcengine", "UpdateEncryptHLS URL=https://kms.example.com/get_key? CycleTime=60"),
    ] {
        let server = Server::answering([fine()]);
        let world = server.world(vendor);
        let error = failed(world.run(&format!("api {vendor} {line} -o json")), "usage", 2);
        assert_eq!((&error["outcome"], &error["vendor"]), (&json!("not-sent"), &json!(vendor)), "{error}");
        assert_eq!(error["action"].as_str(), line.split(' ').next());
        assert!(error["hint"].as_str().unwrap().contains("`--yes`"), "{error}");
        assert_eq!(server.count(), 0, "{line}");
        world.run(&format!("api {vendor} {line} --yes")).ok();
        assert_eq!(server.count(), 1, "{line}");
        // Not asked in the sandbox: there nothing real is lost.
        let asked = World::sandbox(vendor).run(&format!("api {vendor} {line}"));
        assert!(!asked.stderr.contains("asks first"), "{asked}");
    }
}

#[test]
fn actions_of_each_vendor_work_in_the_sandbox() {
    for (vendor, line, member) in [
        ("tencent", "AddLiveDomain DomainName=a.example.com DomainType=push", "Response"),
        ("tencent", "DescribeLiveDomains DomainType=push", "Response"),
        ("tencent", "DescribeLiveSnapshotTemplates", "Response"),
        ("aliyun", "AddLiveDomain DomainName=a.example.com LiveDomainType=liveVideo Region=cn-shanghai", "RequestId"),
        ("aliyun", "DescribeLiveUserDomains", "Domains"),
        ("aliyun", "DescribeCasters", "CasterList"),
        ("volcengine", "UpdateEncryptHLS URL=https://kms.example.com/get_key? CycleTime=60", "ResponseMetadata"),
        ("volcengine", "DescribeEncryptHLS", "Result"),
        ("volcengine", "ListVhostRecordPresetV2 Vhost=example.com", "ResponseMetadata"),
    ] {
        let run = World::sandbox(vendor).run(&format!("api {vendor} {line}")).ok();
        assert!(run.json().get(member).is_some(), "{run}");
    }
}

#[test]
fn what_is_missing_is_told_exactly_and_nothing_is_sent() {
    for (vendor, action, missing) in [
        ("tencent", "AddLiveDomain", &["DomainName", "DomainType"][..]),
        ("tencent", "DropLiveStream", &["AppName", "DomainName", "StreamName"]),
        ("aliyun", "AddLiveDomain", &["DomainName", "LiveDomainType", "Region"]),
        ("aliyun", "AddLiveDomainMapping", &["PullDomain", "PushDomain"]),
        ("volcengine", "CreateRelaySourceV4", &["App", "Domain", "SrcAddrS", "Stream"]),
        ("volcengine", "UpdateEncryptHLS", &["CycleTime", "URL"]),
        ("volcengine", "GetHLSEncryptDataKey", &["KeyID"]),
    ] {
        let server = Server::answering([fine()]);
        let error = failed(server.world(vendor).run(&format!("api {vendor} {action} -o json")), "usage", 2);
        let faults = error["faults"].as_array().unwrap();
        let mut told: Vec<&str> = faults.iter().map(|fault| fault["option"].as_str().unwrap()).collect();
        told.sort_unstable();
        assert_eq!(told, missing, "{action}");
        assert!(faults.iter().all(|fault| fault["given"].is_null() && fault["allowed"] == "required"), "{error}");
        assert_eq!(server.count(), 0);
    }
}

#[test]
fn vendors_have_other_names_too() {
    for (vendor, aliases) in
        [("tencent", &["qcloud"][..]), ("aliyun", &["alibaba", "alicloud"]), ("volcengine", &["volc"])]
    {
        for alias in aliases {
            let server = Server::answering([fine()]);
            let world = server.world(alias);
            world.run(&format!("api {alias} DescribeNewThing --force")).ok();
            world.run(&format!("--vendor {alias} api {vendor} DescribeNewThing --force")).ok();
            assert_eq!(server.count(), 2);
        }
    }
    let error = failed(World::empty().run("--vendor aliyun api tencent DescribeLiveDomains -o json"), "usage", 2);
    assert!(error["message"].as_str().unwrap().contains("aliyun"), "{error}");
}

#[test]
fn every_signature_works_against_a_served_sandbox() {
    let sandbox = Served::start("");
    for (vendor, signature, mark) in [
        ("tencent", "tc3", "X-TC-Action"),
        ("tencent", "hmac-sha1", "HmacSHA1"),
        ("tencent", "hmac-sha256", "HmacSHA256"),
        ("aliyun", "rpc", "SignatureMethod=HMAC-SHA1"),
        ("aliyun", "acs3", "x-acs-content-sha256"),
    ] {
        let profile = |secret: &str| {
            let world = World::empty();
            world.profiles(&format!(
                "[profiles.p]\nvendor = \"{vendor}\"\nsignature = \"{signature}\"\nendpoint = \"{}\"\n\
                 access_key_id = \"{}\"\naccess_key_secret = \"{secret}\"\n",
                sandbox.endpoint, sandbox.id
            ));
            world
        };
        let name = format!("{signature}.example.com");
        let world = profile(&sandbox.secret);
        world.run(&format!("-p p domain add {name} --type push")).ok();
        let run = world.run("-p p domain list --show-request -o json").ok();
        assert!(run.stderr.contains(mark), "{run}");
        assert!(run.json().as_array().unwrap().iter().any(|row| row["name"] == name.as_str()), "{run}");
        failed(profile(SECRET).run("-p p domain list -o json"), "auth", 3);
    }
}

#[test]
fn a_wrong_call_is_told_before_missing_credentials() {
    let world = World::empty();
    let run = world.run("api tencent CreateLiveTranscodeTemplate TemplateName=t1 VideoBitrate=abc Nope=1").fails(2);
    assert!(run.stderr.contains("VideoBitrate: `abc`") && run.stderr.contains("Nope: no parameter"), "{run}");
    world.run("api tencent CreateLiveTranscodeTemplate TemplateName=t1 VideoBitrate=1000").fails(3);
    assert_eq!(
        world.run("-p nobody api tencent DescribeLiveDomains Nope=1 -o json").fails(2).error()["faults"][0]["option"],
        "Nope"
    );
}
