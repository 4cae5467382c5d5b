//! `callback decode`: what the vendors send, as one event.

use crate::assert_run;
use crate::harness::World;

const PUSH: &str = "http://1.1.1.1?action=publish&app=xc.cdnpe.com&appname=hello&id=world&ip=42.120.74.183\
    &node=cdnvideocenter010207116011.cm3&usrargs=auth_key%3D1488985786-0-0-5552ff52";

const RECORD: &str = r#"{"domain":"qt01.alivecdn.com","app":"mp4flvtest_flv","stream":"callback_test","uri":"mp4flvtest_flv/a.flv","duration":69.403,"start_time":1488985786,"stop_time":1488985840}"#;

const SIGNED: &str = r#"{"event_type":1,"stream_id":"s1","sign":"74f3243857643bb52260665130d481dc","t":1757066192}"#;

#[test]
fn an_address_is_decoded_for_people_and_for_programs() {
    let world = World::empty();
    assert_run!(world.run_words(&["callback", "decode", PUSH]).ok());
    assert_run!(world.run_words(&["callback", "decode", PUSH, "-o", "json"]).ok());
}

#[test]
fn a_body_comes_from_a_file_or_from_stdin() {
    let world = World::empty();
    world.write("body.json", RECORD);
    let from_file = world.run("callback decode @body.json -o json").ok();
    assert_eq!(from_file.json()["event"], "record");
    assert_eq!(world.run_with_input("callback decode -o json", RECORD).ok().stdout, from_file.stdout);
    assert_eq!(world.run_with_input("callback decode - -o json", RECORD).ok().stdout, from_file.stdout);
    assert_run!(world.run("callback decode @missing.json").fails(2));
}

#[test]
fn the_question_of_record_on_demand_comes_with_its_answer() {
    let question = "/?app=seq_all&domain=qt01.alivecdn.com&stream=ondemand8&vbitrate=2000&codec=h264";
    assert_run!(World::empty().run_words(&["callback", "decode", question, "-o", "json"]).ok());
}

#[test]
fn several_callbacks_of_several_vendors_are_a_list() {
    let input = format!("{RECORD}\n{SIGNED}\n{{\"MessageType\":\"audit_snapshot\",\"App\":\"live\"}}\n");
    let world = World::empty();
    assert_run!(world.run_with_input("callback decode --columns vendor,event,app,stream", &input).ok());
    let array = world.run_with_input("callback decode -o json", &format!("[{RECORD}]")).ok();
    assert_eq!(array.json().as_array().unwrap().len(), 1);
    assert_eq!(world.run_with_input("callback decode -o json", "[]").ok().stdout, "[]\n");
    let limited = world.run_with_input("callback decode -o ndjson --limit 2", &input).ok();
    assert_eq!(limited.stdout.lines().count(), 2, "{limited}");
}

#[test]
fn signatures_are_masked_unless_they_are_asked_for() {
    let world = World::empty();
    for options in ["-o json", "--raw", "-o csv", "-vv"] {
        let run = world.run_with_input(&format!("callback decode {options}"), SIGNED).ok();
        assert!(!run.to_string().contains("74f3243857643bb5"), "{run}");
        let revealed = world.run_with_input(&format!("callback decode --reveal {options}"), SIGNED).ok();
        assert!(revealed.stdout.contains("74f3243857643bb5"), "{revealed}");
    }
    let pushed = "action=publish&app=a&appname=b&id=c%3FtxSecret%3Dd7e8f9&txSecret=d7e8f9&usrargs=%3Fauth_key%3Dd7e8f9";
    let run = world.run_words(&["callback", "decode", pushed, "--vendor", "aliyun", "-o", "json"]).ok();
    assert_eq!(run.stdout.matches("d7e8f9").count(), 0, "{run}");
    let raw = world.run_with_input("callback decode --raw --reveal", SIGNED).ok();
    assert_eq!(raw.json(), serde_json::from_str::<serde_json::Value>(SIGNED).unwrap());
}

#[test]
fn the_vendor_is_said_where_the_fields_leave_it_open() {
    let body = r#"{"t":1757066192,"sign":"74f3243857643bb52260665130d481dc"}"#;
    let world = World::empty();
    assert_run!(world.run_with_input("callback decode", body).fails(2));
    let said = world.run_with_input("callback decode --vendor volcengine -o json", body).ok();
    assert_eq!(said.json()["vendor"], "volcengine");
    let several = format!("[{}{body}]", format!("{body},").repeat(9));
    let run = world.run_with_input("callback decode", &several).fails(2);
    assert!(run.stderr.contains("the fields of callback 1, 2, 3, 4, 5 and 5 more do not tell the vendor"), "{run}");
    // A variable is for what the fields leave open, and no more.
    let with_variable = World::empty().set("LIVECTL_VENDOR", "volcengine");
    assert_eq!(with_variable.run_with_input("callback decode -o json", body).ok().json()["vendor"], "volcengine");
    assert_eq!(with_variable.run_with_input("callback decode -o json", RECORD).ok().json()["vendor"], "aliyun");
    assert_run!(world.run_with_input("callback decode --vendor tencent -o json --jq .vendor", RECORD).ok());
}

#[test]
fn hostile_input_is_one_clear_error_or_a_clean_row() {
    let world = World::empty();
    std::fs::write(world.home().join("large"), vec![b'{'; 10 << 20]).unwrap();
    std::fs::write(world.home().join("bytes"), b"{\"a\":\"\xff\xfe\"}").unwrap();
    std::fs::write(world.home().join("deep"), format!("{{\"a\":{}", "[".repeat(500_000))).unwrap();
    assert_run!(world.run("callback decode @large").fails(2));
    assert_run!(world.run("callback decode @bytes").fails(2));
    assert_run!(world.run("callback decode @deep").fails(2));
    let body =
        r#"{"action":"publish","app":"a\u001b[2J","appname":"x\u202ey","id":"\u0000\n","more":{"deep":["\u009b31m"]}}"#;
    let run = world.run_with_input("callback decode", body).ok();
    let hostile = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
    assert_eq!(run.stdout.find(hostile), None, "{run}");
    let row = world.run_with_input("callback decode -o json", body).ok();
    assert_eq!(row.json()["stream"], "\u{0}\n");
    assert_eq!(row.json()["detail"]["more"]["deep"][0], "\u{9b}31m");
}
