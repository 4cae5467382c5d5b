//! Vendor commands, used wrongly and at their edges.

use serde_json::{Value, json};

use crate::harness::{Run, World};
use crate::servers::{Canned, profile};

const CREATE: &[&str] = &["record", "template", "create"];

/// Runs a command of several words and further ones that may hold blanks.
fn run(world: &World, command: &str, more: &[&str]) -> Run {
    let words: Vec<&str> = command.split(' ').chain(more.iter().copied()).collect();
    world.run_words(&words)
}

/// The faults of a refusal as `option: given: allowed`.
fn faults(run: &Run) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let faults = run.error()["faults"].as_array().cloned().unwrap_or_default();
    faults.iter().map(|f| format!("{}: {}: {}", text(&f["option"]), text(&f["given"]), text(&f["allowed"]))).collect()
}

#[test]
fn every_wrong_value_is_told_once_and_by_its_option() {
    let world = World::sandbox("tencent");
    let create = |more: &[&str]| {
        let words: Vec<&str> = CREATE.iter().chain(more).chain(&["-o", "json"]).copied().collect();
        faults(&world.run_words(&words).fails(2))
    };
    assert_eq!(create(&["--template-name", "a", "--template-name", "b"]), ["--template-name: a`, `b: one value only"]);
    assert_eq!(
        create(&["--template-name", "a", "--hls-param", "{\"Enable\": 1"]),
        ["--hls-param: {\"Enable\": 1: JSON (line 1, column 12 is not)"]
    );
    assert_eq!(create(&["--template-name", "a", "--hls-param", "[]"]), ["--hls-param: []: a JSON object"]);
    assert_eq!(
        create(&["--hls-param", "{\"RecordInterval\": \"x\", \"Foo\": 1}"]),
        [
            "--hls-param.RecordInterval: x: an integer",
            "--hls-param.Foo: : no parameter of HlsParam: `livectl api describe tencent CreateLiveRecordTemplate` lists them",
            "--template-name: : required",
        ]
    );
    assert_eq!(create(&["--template-name", "a", "--is-delay-live", "x"]).len(), 1);
}

#[test]
fn what_stands_in_files_is_read_from_there() {
    let world = World::sandbox("tencent");
    world.write("hls.json", "{\"Enable\": 1, \"RecordInterval\": 1800}\n");
    let create = "record template create --dry-run --template-name a --hls-param";
    let body = |run: Run| run.ok().json()["body"].clone();
    assert_eq!(body(run(&world, create, &["@hls.json"]))["HlsParam"]["RecordInterval"], 1800);
    let missing = run(&world, create, &["@missing.json"]).fails(2);
    assert!(missing.stderr.contains("read --hls-param from `missing.json`"), "{missing}");
    let piped = world.run_with_input(&format!("{create} -"), "{\"Enable\": 0}\n").ok();
    assert_eq!(piped.json()["body"]["HlsParam"], json!({"Enable": 0}));
}

#[test]
fn secrets_are_given_on_the_side_and_never_shown() {
    let server = Canned::saying(r#"{"Response":{"RequestId":"r"}}"#);
    let world = World::empty();
    world.profiles(&profile("p", "tencent", "AKIDprofile", "s", &server.endpoint));
    let set = "callback template create --template-name t --stream-end-notify-url http://h.example.com";
    for (given, input, sent) in [
        ("-", "s3cretkey\n", "s3cretkey"),
        ("@key.txt", "", "from-a-file"),
        ("@@s3cretkey", "", "@s3cretkey"),
        ("", "", ""),
    ] {
        world.write("key.txt", "from-a-file\n");
        let run = world.run_with_input(&format!("{set} -v --show-request --callback-key={given}"), input).ok();
        let body: Value = serde_json::from_slice(&server.only().body).unwrap();
        assert_eq!(body["CallbackKey"], sent);
        let shown = format!("{}{}", run.stdout, run.stderr);
        assert!(!shown.contains("s3cret") && (sent.is_empty() || !shown.contains(sent)), "{run}");
    }
    let empty = world.run_with_input(&format!("{set} --callback-key -"), "").fails(2);
    assert!(empty.stderr.contains("--callback-key"), "{empty}");
}

#[test]
fn secrets_in_answers_are_masked_under_our_names_too() {
    for (vendor, line, answer, open) in [
        (
            "tencent",
            "auth play-key show --domain a.example.com",
            r#"{"Response":{"PlayAuthKeyInfo":{"DomainName":"a.example.com","Enable":1,"AuthKey":"s3cret","AuthBackKey":"s3cret"},"RequestId":"r"}}"#,
            "a.example.com",
        ),
        (
            "aliyun",
            "domain config show --domain a.example.com",
            r#"{"DomainConfigs":{"DomainConfig":[{"FunctionName":"aliauth","FunctionArgs":{"FunctionArg":[
                {"ArgName":"auth_type","ArgValue":"type_a"},{"ArgName":"auth_key1","ArgValue":"s3cret"}]}}]},"RequestId":"r"}"#,
            "type_a",
        ),
        (
            "volcengine",
            "hls-key drm show",
            r#"{"ResponseMetadata":{"RequestId":"r"},"Result":{"PrivateKey":"s3cret","CertificateName":"fairplay","APIKey":"s3cret"}}"#,
            "fairplay",
        ),
    ] {
        let server = Canned::saying(answer);
        let world = World::empty();
        world.profiles(&profile("p", vendor, "AKIDprofile", "s", &server.endpoint));
        for more in ["", " -o json", " -o yaml", " -o csv", " --raw", " -o json --jq .", " -o json --columns vendor"] {
            let run = world.run(&format!("{line}{more}")).ok();
            assert!(!run.stdout.contains("s3cret"), "{run}");
            assert!(run.stdout.contains(open) || more.contains("columns"), "{run}");
        }
        for more in [" --reveal", " --reveal --raw"] {
            assert!(world.run(&format!("{line}{more} -o json")).ok().stdout.contains("s3cret"));
        }
    }
}

#[test]
fn a_switch_stands_alone_or_with_its_value() {
    let world = World::sandbox("volcengine");
    let line = "transcode preset create --dry-run --vhost v --app a --vcodec h264 --suffix-name hd";
    for (given, sent) in [
        ("--roi", json!(true)),
        ("--roi --fps 25", json!(true)),
        ("--roi true", json!(true)),
        ("--roi=no", json!(false)),
        ("--roi off", json!(false)),
    ] {
        assert_eq!(world.run(&format!("{line} {given}")).ok().json()["body"]["Roi"], sent, "{given}");
    }
    let refused = world.run(&format!("{line} --roi maybe -o json")).fails(2);
    assert_eq!(faults(&refused), ["--roi: maybe: true or false"]);
}

#[test]
fn slips_and_options_of_other_vendors_are_told() {
    let world = World::sandbox("tencent");
    for (line, meant) in [
        ("record template create --template-nam a", "'--template-name'"),
        ("record template creat --template-name a", "'create'"),
        ("record templat list", "'template'"),
        ("snapshot template list --vhost v", "only for volcengine"),
        ("snapshot template create --app live", "only for aliyun and volcengine"),
        ("caster list", "works on: aliyun"),
    ] {
        let run = world.run(line).fails(2);
        assert!(run.stderr.contains(meant), "{meant}: {run}");
    }
}

#[test]
fn another_name_of_a_verb_and_of_an_option_does_the_same() {
    let world = World::sandbox("tencent");
    let body = |line: &str| world.run(line).ok().json()["body"].clone();
    assert_eq!(
        body("record template add --dry-run --template-name a"),
        body("record template create --dry-run --template-name a")
    );
    assert_eq!(
        body("stats play history --dry-run --domain p.example.com --start-time -1h --end-time now")["PlayDomain"],
        body("stats play history --dry-run --play-domain p.example.com --start -1h --end now")["PlayDomain"]
    );
}

#[test]
fn what_is_given_in_its_place_is_the_same_as_its_option() {
    let world = World::sandbox("tencent");
    let body = |line: &str| world.run(line).ok().json()["body"].clone();
    assert_eq!(body("record template delete --dry-run 1001"), json!({"TemplateId": 1001}));
    assert_eq!(body("record template delete --dry-run --template-id 1001"), json!({"TemplateId": 1001}));
    let both = world.run("record template delete 1 --template-id 2 --dry-run -o json").fails(2);
    assert_eq!(faults(&both).len(), 1);
}

#[test]
fn a_list_is_picked_from_filtered_and_cut() {
    let world = World::sandbox("tencent");
    for name in ["one", "two"] {
        run(
            &world,
            "record template create --template-name",
            &[name, "--hls-param", "{\"Enable\": 1, \"RecordInterval\": 1800}"],
        )
        .ok();
    }
    let list = |more: &str| world.run(&format!("record template list {more}")).ok().stdout;
    assert_eq!(list("-o csv --columns template_name,hls_param.record_interval --limit 1").lines().count(), 2);
    assert_eq!(list("-o json --jq .[].hls_param.enable"), "1\n1\n");
    assert_eq!(list("--raw --jq .[0].HlsParam.RecordInterval"), "1800\n");
    assert!(list("").starts_with("TEMPLATE_ID  TEMPLATE_NAME  HLS_PARAM.ENABLE"));
    let unknown = world.run("record template list --columns nonsense").fails(2);
    assert!(unknown.stderr.contains("template_name"), "{unknown}");
    let plan = world.run("record template list --dry-run --exit-code -o json").ok().json();
    assert_eq!(plan["action"], "DescribeLiveRecordTemplates");
}

#[test]
fn what_the_facts_know_to_be_wrong_is_sent_only_when_told_to() {
    let world = World::sandbox("tencent");
    let line =
        "snapshot template create --dry-run --template-name a --cos-app-id 1 --bucket b --cos-region r --interval";
    let refused = world.run(&format!("{line} 1 -o json")).fails(2);
    assert_eq!(faults(&refused).len(), 1, "{refused}");
    assert!(refused.error()["hint"].as_str().unwrap().contains("--no-validate"));
    assert_eq!(world.run(&format!("{line} 1 --no-validate")).ok().json()["body"]["SnapshotInterval"], 1);
}

#[test]
fn one_list_of_several_vendors_has_the_columns_of_each() {
    let world = World::empty().set("LIVECTL_SANDBOX", "1");
    world.profiles("[profiles.t]\nvendor = \"tencent\"\n[profiles.v]\nvendor = \"volcengine\"\n");
    world.run("-p t watermark create --name logo --picture-url http://a.example.com/l.png").ok();
    let all = world.run("--all-profiles watermark list").ok();
    assert!(all.stdout.starts_with("VENDOR   PROFILE  WATERMARK_ID"), "{all}");
    let some = world.run("--all-profiles snapshot template list -o json").fails_partly();
    assert!(some.stderr.contains("--vhost"), "{some}");
    assert_eq!(world.run("--all-profiles caster list").fails(2).stdout, "");
}

#[test]
fn an_answer_that_is_no_list_is_the_vendors_fault() {
    for answer in [r#"{"Response":{"Templates":"none","RequestId":"r"}}"#, r#"{"Response":{"Templates":7}}"#] {
        let server = Canned::saying(answer);
        let world = World::empty();
        world.profiles(&profile("p", "tencent", "AKIDprofile", "s", &server.endpoint));
        let error = world.run("record template list -o json").fails(8).error();
        assert_eq!(error["action"], "DescribeLiveRecordTemplates", "{error}");
    }
}

#[test]
fn a_listing_of_the_sandbox_that_pages_by_time_ends() {
    let world = World::sandbox("aliyun");
    let line = "snapshot file list --domain play.example.com --app live --stream s1 --start -1h --end now -o json";
    let listed = world.run(line).ok().json();
    assert!(listed.as_array().is_some_and(|rows| !rows.is_empty()), "{listed}");
}
