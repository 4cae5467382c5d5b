//! One command for the items of a file.

use std::collections::HashMap;
use std::process::Stdio;
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::assert_run;
use crate::errors::failed;
use crate::harness::{PROGRAM, Run, World};
use crate::server::{Answer, Received, Server};

/// What Tencent answers where all is well.
fn fine() -> Answer {
    Answer::Kept(json!({"Response": {"RequestId": "r"}}))
}

fn refused(code: &str) -> Answer {
    Answer::Kept(json!({"Response": {"RequestId": "r", "Error": {"Code": code, "Message": "no"}}}))
}

/// The stderr of a run without the time it took.
fn timeless(mut run: Run) -> Run {
    let mut parts = run.stderr.split(" in ");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(" s: ").filter(|(time, _)| time.parse::<f64>().is_ok()) {
            Some((_, rest)) => text += &format!(" in <time>: {rest}"),
            None => text += &format!(" in {part}"),
        }
    }
    run.stderr = text;
    run
}

#[test]
fn a_table_objects_and_names_are_items() {
    let world = World::sandbox("tencent");
    world.write("new.csv", "name,type,area\na.example.com,push,\nb.example.com,play,overseas\n");
    assert_run!(timeless(world.run("domain add --from-file new.csv -o csv --columns line,id,changed").ok()));
    let lines = "{\"name\":\"c.example.com\",\"type\":\"push\"}\n{\"name\":\"d.example.com\",\"type\":\"0\"}\n";
    assert_run!(timeless(
        world.run_with_input("domain add --from-file - -o csv --columns line,id,changed", lines).ok()
    ));
    world.write("old.txt", "a.example.com\n\nc.example.com\n");
    assert_run!(timeless(world.run("domain disable --from-file old.txt --yes -o csv --columns line,id,changed").ok()));
    let run = world.run("domain list -o csv --columns name,type,status,area --sort-by name --no-header").ok();
    assert_eq!(
        run.stdout,
        "a.example.com,push,disabled,\nb.example.com,play,enabled,overseas\nc.example.com,push,disabled,\n\
         d.example.com,push,enabled,\n"
    );
    // A list of the program itself may be given back to it.
    let names = world.run("domain list -o json --columns name").ok().stdout;
    world.write("all.json", &names);
    let run = world.run("domain delete --from-file all.json --yes -o ndjson").ok();
    assert_eq!(run.stdout.lines().count(), 4, "{run}");
    assert_eq!(world.run("domain list -o json").ok().json(), json!([]));
}

#[test]
fn lists_switches_and_objects_have_their_place_in_a_cell() {
    let server = Server::by(|_, _| fine());
    let world = server.world("tencent");
    let table = "TemplateName,StreamBeginNotifyUrl,Description\nt1,http://a.example.com/x?a=1&b=2,\"one, two\"\n";
    let run = world.run_with_input("api tencent CreateLiveCallbackTemplate --from-file -", table).ok();
    assert_eq!(run.stdout, "{\"line\":2,\"body\":{\"Response\":{\"RequestId\":\"r\"}}}\n");
    let expected = json!({"TemplateName": "t1", "StreamBeginNotifyUrl": "http://a.example.com/x?a=1&b=2",
        "Description": "one, two"});
    assert_eq!(server.take()[0].json(), expected);
    world.write("t.csv", "template-name,flv-param,description\nt2,\"{\"\"Enable\"\": 1}\",\"one, two\"\n");
    world.run("record template create --from-file t.csv").ok();
    let expected = json!({"TemplateName": "t2", "FlvParam": {"Enable": 1}, "Description": "one, two"});
    assert_eq!(server.take()[0].json(), expected);
    let run = World::sandbox("volcengine");
    run.write("l.csv", "domain,app,event,url\np.example.com,live,\"stream-begin,stream-end\",http://h.example.com/x\n");
    run.run("domain add p.example.com --type push").ok();
    run.run("callback set --from-file l.csv").ok();
    let events =
        run.run("callback list --domain p.example.com -o csv --columns event --no-header --sort-by event").ok();
    assert_eq!(events.stdout, "stream-begin\nstream-end\n");
    world.write(
        "t.ndjson",
        "{\"DomainNames\":[\"a.example.com\",\"b.example.com\"],\"StartTime\":\"2026-01-01 00:00:00\"}\n",
    );
    let run = world.run("api tencent DescribeLiveStreamPushInfoList --from-file t.ndjson --no-validate").ok();
    assert_eq!(run.stdout, "{\"line\":1,\"body\":{\"Response\":{\"RequestId\":\"r\"}}}\n");
    let sent = server.requests()[0].json();
    assert_eq!(sent["DomainNames"], json!(["a.example.com", "b.example.com"]));
}

#[test]
fn all_that_is_wrong_is_told_before_anything_is_sent() {
    let server = Server::by(|_, _| fine());
    let world = server.world("tencent");
    world.write("columns.csv", "nmae,profile,type,type\na,b,c,d\n");
    world.write("columns2.csv", "nmae,profile,area\na,b,mainland\n");
    world.write(
        "values.csv",
        "name,type,area\na.example.com,push,\nb.example.com,pull2,moon\n,play,\nd.example.com,,\n",
    );
    world.write("broken.ndjson", "{\"name\":\"a\",\"type\":\"push\"}\n{\"name\":\"b\"\n[1]\n");
    assert_run!(world.run("domain add --from-file columns.csv").fails(2));
    assert_run!(world.run("domain add --area mainland --from-file columns2.csv").fails(2));
    assert_run!(world.run("domain add --from-file values.csv").fails(2));
    assert_run!(world.run("domain add --from-file broken.ndjson -o json").fails(2));
    assert_run!(world.run("domain add --from-file nowhere.csv").fails(2));
    assert_run!(world.run_with_input("stream forbid --from-file -", "a\nb\n").fails(2));
    assert_run!(world.run_with_input("api tencent ForbidLiveDomain --from-file -", "DomainNam\nx\n").fails(2));
    assert_eq!(server.count(), 0);
}

#[test]
fn options_that_do_not_go_with_many_items_are_refused() {
    let server = Server::by(|_, _| fine());
    let world = server.world("tencent");
    world.write("d.txt", "a.example.com\nb.example.com\n");
    for (line, told) in [
        ("domain enable --from-file d.txt --limit 1", "`--limit`"),
        ("domain enable --from-file d.txt --dry-run --journal j", "`--journal`"),
        ("domain enable --journal j a.example.com", "--from-file"),
        ("domain enable --from-file d.txt --fail-fast --max-failures 3", "cannot be used with"),
        ("domain enable --from-file d.txt --in-flight 0", "0"),
        ("domain list --from-file d.txt", "unexpected argument"),
        ("auth push-key set --domain x.example.com --key - --from-file -", "stdin"),
    ] {
        let run = world.run_with_input(line, "domain\na.example.com\n").fails(2);
        assert!(run.stderr.contains(told), "{run}");
    }
    let run = world.run("domain disable --from-file d.txt").fails(2);
    assert!(run.stderr.contains("2 items of `d.txt`: a.example.com, b.example.com"), "{run}");
    assert!(run.stderr.contains("nobody is at the terminal"), "{run}");
    assert_eq!(server.count(), 0);
}

#[test]
fn an_empty_file_is_no_work() {
    let world = World::sandbox("tencent");
    world.write("none.csv", "name,type\n");
    let run = world.run("domain add --from-file none.csv -o json").ok();
    assert_eq!(run.json(), json!([]));
}

/// A vendor that refuses some domains, one request after the other.
fn picky() -> Server {
    Server::by(|_, request| match request.json()["DomainName"].as_str().unwrap_or_default() {
        name if name.starts_with("bad") => refused("InvalidParameter"),
        _ => fine(),
    })
}

#[test]
fn the_others_go_on_unless_somebody_says_otherwise() {
    let items = "good1.example.com\nbad1.example.com\ngood2.example.com\nbad2.example.com\ngood3.example.com\n";
    for (options, sent) in
        [("", 5), ("--keep-going", 5), ("--fail-fast", 2), ("--max-failures 1", 2), ("--max-failures 2", 4)]
    {
        let server = picky();
        let world = server.world("tencent");
        world.write("d.txt", items);
        let line = format!("api tencent EnableLiveDomain --from-file d.csv --in-flight 1 {options}");
        world.write("d.csv", &format!("DomainName\n{items}"));
        let run = world.run(&line).fails_partly();
        assert_eq!(server.count(), sent, "{run}");
        assert_eq!(run.stdout.lines().count(), sent - run.stderr.matches("InvalidParameter").count(), "{run}");
        if options != "--keep-going" {
            assert_run!(timeless(run));
        }
    }
}

#[test]
fn no_more_fail_than_may_however_many_are_under_way() {
    for (options, most) in [("--fail-fast", 1), ("--max-failures 3", 3)] {
        let world = World::sandbox("tencent");
        world.write("d.txt", &(0..40).map(|number| format!("d{number}.example.com\n")).collect::<String>());
        let run = world.run(&format!("domain enable --from-file d.txt {options} --in-flight 16")).fails_partly();
        assert_eq!(run.stderr.matches("not found").count(), most, "{run}");
    }
}

#[test]
fn a_header_without_items_is_looked_at() {
    let world = World::sandbox("tencent");
    world.write("lone", "f1.example.com\n");
    let run = world.run("api tencent DescribeLiveDomain --from-file lone").fails(2);
    assert!(run.stderr.contains("`f1.example.com`") && run.stderr.contains("no item below it"), "{run}");
    world.write("mistyped.csv", "nam,type\n");
    assert!(world.run("domain add --from-file mistyped.csv").fails(2).stderr.contains("column `nam`"));
    for (file, line) in [("DomainName\n", "api tencent DescribeLiveDomain"), ("name,type\n", "domain add")] {
        world.write("none.csv", file);
        let run = world.run(&format!("{line} --from-file none.csv")).ok();
        assert!(run.stderr.contains("there are no items") && run.stderr.contains(": 0 items\n"), "{run}");
    }
}

#[test]
fn a_dry_run_shows_every_request_in_order() {
    let server = Server::by(|_, _| fine());
    let world = server.world("tencent");
    world.write("d.csv", "DomainName\nb.example.com\na.example.com\n");
    let run = world.run("api tencent EnableLiveDomain --from-file d.csv --dry-run --exit-code");
    assert_eq!(run.code, 10, "{run}");
    let names: Vec<Value> = run
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|shown| shown["body"]["DomainName"].clone())
        .collect();
    assert_eq!(names, [json!("b.example.com"), json!("a.example.com")], "{run}");
    assert_eq!(server.count(), 0);
}

#[test]
fn what_the_line_of_an_api_call_says_holds_for_every_item() {
    let server = Server::answering(vec![fine()]);
    let world = server.world("tencent");
    // With dashes before the line's own items, with an option of the call as a column, without either.
    for (line, items) in [
        ("api tencent DescribeLiveDomains DomainType=1 --from-file -", "DomainPrefix,PageSize\na,10\n"),
        ("api tencent DescribeLiveDomains --from-file - -- DomainType=1", "DomainPrefix,PageSize\na,10\n"),
        ("api tencent DescribeLiveDomains DomainType=1 --from-file -", "{\"DomainPrefix\":\"a\",\"PageSize\":10}\n"),
        ("api tencent DescribeLiveDomains DomainType=1 --from-file -", "DomainPrefix,PageSize,force\na,10,true\n"),
    ] {
        world.run_with_input(line, items).ok();
        let sent: Value = serde_json::from_slice(&server.take()[0].body).unwrap();
        assert_eq!(sent, json!({"DomainType": 1, "DomainPrefix": "a", "PageSize": 10}), "{line}: {items}");
    }
}

#[test]
fn a_failed_account_check_sends_nothing() {
    let server = Server::by(|_, _| fine());
    let world = World::empty();
    let profile = |name: &str| {
        format!(
            "[profiles.{name}]\nvendor = \"tencent\"\naccess_key_id = \"AKID\"\naccess_key_secret = \"s\"\n\
             endpoint = \"{}\"\n",
            server.endpoint()
        )
    };
    world.profiles(&format!("{}read_only = true\n{}", profile("look"), profile("b")));
    world.write("d.txt", "a.example.com\n");
    world.run("-p look domain enable --from-file d.txt").fails(2);
    world.run("-p look,b domain enable --from-file d.txt").fails(2);
    let denied = format!("{}[profiles.c.rules]\ndeny = [\"domain delete\"]\n", profile("c"));
    world.profiles(&denied);
    world.run("-p c domain delete --from-file d.txt --yes").fails(2);
    assert_eq!(server.count(), 0);
}

/// A vendor that keeps domains: how often each was really made, and who is told of every request before its answer.
struct Domains {
    made: Mutex<HashMap<String, u32>>,
    asked: Mutex<u32>,
    told: Mutex<mpsc::Sender<u32>>,
}

impl Domains {
    fn new() -> (Arc<Self>, mpsc::Receiver<u32>) {
        let (told, hears) = mpsc::channel();
        let domains = Domains { made: Mutex::default(), asked: Mutex::default(), told: Mutex::new(told) };
        (Arc::new(domains), hears)
    }

    fn answer(&self, request: &Received, silent_at: &[u32]) -> Answer {
        let number = {
            let mut asked = self.asked.lock().unwrap();
            *asked += 1;
            *asked
        };
        let name = request.json()["DomainName"].as_str().unwrap_or_default().to_owned();
        let mut made = self.made.lock().unwrap();
        let answer = match request.action().as_str() {
            "DescribeLiveDomain" if made.contains_key(&name) => Answer::Kept(
                json!({"Response": {"RequestId": "r", "DomainInfo": {"Name": name, "Type": 0, "Status": 1}}}),
            ),
            "DescribeLiveDomain" => refused("ResourceNotFound.DomainNotExist"),
            _ if made.contains_key(&name) => refused("FailedOperation.DomainAdded"),
            _ => {
                *made.entry(name).or_default() += 1;
                fine()
            }
        };
        drop(made);
        let _ = self.told.lock().unwrap().send(number);
        // Who is killed in the middle of it never sees the answer.
        if silent_at.contains(&number) { Answer::Silence } else { answer }
    }
}

#[test]
fn what_was_killed_goes_on_without_doing_anything_twice() {
    let (domains, hears) = Domains::new();
    // Five requests at which the run is killed: each is performed, and its answer never seen.
    let kills = [3, 17, 31, 52, 71];
    let server = {
        let domains = Arc::clone(&domains);
        Server::by(move |_, request| domains.answer(request, &kills))
    };
    let world = server.world("tencent");
    let names: Vec<String> = (1..=60).map(|number| format!("d{number}.example.com")).collect();
    world.write(
        "new.csv",
        &format!("name,type\n{}", names.iter().map(|name| format!("{name},push\n")).collect::<String>()),
    );
    let line = "domain add --from-file new.csv --journal run.journal --in-flight 4 --rate 1000 --retries 0";
    for kill in kills {
        let mut command = world.command(PROGRAM);
        command.args(line.split(' ')).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        while hears.recv_timeout(Duration::from_secs(30)).expect("the run ends before it is killed") < kill {}
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let run = world.run(&format!("{line} -o json")).ok();
    let made = domains.made.lock().unwrap().clone();
    assert_eq!(made.len(), names.len(), "{run}");
    assert!(names.iter().all(|name| made.get(name) == Some(&1)), "{made:?}");
    // And once more there is nothing left to do.
    let before = server.count();
    let run = world.run(line).ok();
    assert!(run.stderr.contains("60 items") && run.stderr.contains("60 done by an earlier run"), "{run}");
    assert_eq!(server.count(), before);
    // Another command does not go on with it.
    world.write("names.txt", "d1.example.com\n");
    let run = world.run("domain delete --from-file names.txt --journal run.journal --yes").fails(2);
    assert!(run.stderr.contains("it records `domain add`, and this is `domain delete`"), "{run}");
}

#[test]
fn what_nobody_can_look_up_is_told_and_not_repeated() {
    let (sender, hears) = mpsc::channel();
    let sender = Mutex::new(sender);
    let server = Server::by(move |number, _| {
        let _ = sender.lock().unwrap().send(number);
        if number == 1 {
            Answer::Silence
        } else {
            Answer::Kept(json!({"Response": {"TemplateId": 7, "RequestId": "r"}}))
        }
    });
    let world = server.world("tencent");
    world.write("t.csv", "template-name\none\ntwo\nthree\n");
    let line = "record template create --from-file t.csv --journal j --in-flight 1";
    let mut command = world.command(PROGRAM);
    command.args(line.split(' ')).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    while hears.recv_timeout(Duration::from_secs(30)).unwrap() < 1 {}
    child.kill().unwrap();
    child.wait().unwrap();
    for _ in 0..2 {
        let run = world.run(&format!("{line} -o json")).fails_partly();
        let told: Vec<Value> = run.stderr.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        assert_eq!(told[0]["error"]["outcome"], "unknown", "{run}");
        assert!(told[0]["error"]["message"].as_str().unwrap().starts_with("line 3 (two): "), "{run}");
        assert!(told[0]["error"]["hint"].as_str().unwrap().contains("livectl record template"), "{run}");
    }
    let sent: Vec<Value> = server.requests().iter().map(|request| request.json()["TemplateName"].clone()).collect();
    assert_eq!(sent, [json!("one"), json!("two"), json!("three")]);
}

#[cfg(unix)]
fn interrupt(id: u32, signal: &str) {
    std::process::Command::new("kill").args([signal, &id.to_string()]).status().unwrap();
}

#[cfg(unix)]
#[test]
fn an_interrupt_finishes_what_is_under_way_and_begins_nothing() {
    for signal in ["-INT", "-TERM"] {
        let (domains, hears) = Domains::new();
        let (open, gate) = mpsc::channel::<()>();
        let gate = Mutex::new(gate);
        let server = {
            let domains = Arc::clone(&domains);
            Server::by(move |number, request| {
                let answer = domains.answer(request, &[]);
                // The third answer waits until the run has heard of the interrupt.
                if number == 2 {
                    let _ = gate.lock().unwrap().recv_timeout(Duration::from_secs(30));
                }
                answer
            })
        };
        let world = server.world("tencent");
        let names: String = (1..=20).map(|number| format!("d{number}.example.com,push\n")).collect();
        world.write("new.csv", &format!("name,type\n{names}"));
        let line = "domain add --from-file new.csv --journal j --in-flight 1 -o ndjson";
        let mut command = world.command(PROGRAM);
        command.args(line.split(' ')).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        while hears.recv_timeout(Duration::from_secs(30)).unwrap() < 3 {}
        interrupt(child.id(), signal);
        // It says so at once, while the answer is still to come.
        let mut stderr = std::io::BufReader::new(child.stderr.take().unwrap());
        let mut first = String::new();
        std::io::BufRead::read_line(&mut stderr, &mut first).unwrap();
        assert!(first.contains("nothing new is begun"), "{first}");
        open.send(()).unwrap();
        let output = child.wait_with_output().unwrap();
        let mut rest = String::new();
        std::io::Read::read_to_string(&mut stderr, &mut rest).unwrap();
        assert_eq!(output.status.code(), Some(130), "{rest}");
        let error: Value = serde_json::from_str(rest.lines().last().unwrap()).unwrap();
        assert_eq!((&error["error"]["class"], &error["error"]["outcome"]), (&json!("interrupted"), &json!("applied")));
        let done = domains.made.lock().unwrap().len();
        assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), done);
        assert!((1..20).contains(&done), "{done}");
        world.run(line).ok();
        let made = domains.made.lock().unwrap().clone();
        assert!(made.len() == 20 && made.values().all(|count| *count == 1), "{made:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_second_interrupt_ends_it_at_once_and_the_journal_knows() {
    let (domains, hears) = Domains::new();
    let server = {
        let domains = Arc::clone(&domains);
        Server::by(move |_, request| domains.answer(request, &[2]))
    };
    let world = server.world("tencent");
    world.write("new.csv", "name,type\na.example.com,push\nb.example.com,push\nc.example.com,push\n");
    let line = "domain add --from-file new.csv --journal j --in-flight 1 --retries 0";
    let mut command = world.command(PROGRAM);
    command.args(line.split(' ')).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    while hears.recv_timeout(Duration::from_secs(30)).unwrap() < 2 {}
    interrupt(child.id(), "-INT");
    let mut stderr = std::io::BufReader::new(child.stderr.take().unwrap());
    std::io::BufRead::read_line(&mut stderr, &mut String::new()).unwrap();
    let began = Instant::now();
    interrupt(child.id(), "-INT");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(began.elapsed() < Duration::from_secs(10));
    world.run(line).ok();
    let made = domains.made.lock().unwrap().clone();
    assert!(made.len() == 3 && made.values().all(|count| *count == 1), "{made:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_journal_that_cannot_be_written_stops_the_run_before_anything_is_sent() {
    let server = Server::by(|_, _| fine());
    let world = server.world("tencent");
    world.write("d.csv", "DomainName\na.example.com\n");
    for odd in ["/dev/full", "/dev/zero"] {
        let run = world.run(&format!("api tencent EnableLiveDomain --from-file d.csv --journal {odd}")).fails(2);
        assert!(run.stderr.contains("it is no journal of livectl"), "{run}");
    }
    let run = world.run("api tencent EnableLiveDomain --from-file d.csv --journal nowhere/j").fails(2);
    assert!(run.stderr.contains("open the journal `nowhere/j`: No such file"), "{run}");
    std::fs::write(world.home().join("latin"), b"\xff\xfe\n").unwrap();
    world.run("api tencent EnableLiveDomain --from-file d.csv --journal latin").fails(2);
    assert_eq!(server.count(), 0);
    world.write("notes.txt", "my notes\n");
    world.run("api tencent EnableLiveDomain --from-file d.csv --journal notes.txt").fails(2);
    assert_eq!(std::fs::read_to_string(world.home().join("notes.txt")).unwrap(), "my notes\n");
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_full_stops_the_run_and_nothing_is_done_twice() {
    let (domains, _hears) = Domains::new();
    let server = {
        let domains = Arc::clone(&domains);
        Server::by(move |_, request| domains.answer(request, &[]))
    };
    let world = server.world("tencent");
    let names: String = (1..=30).map(|number| format!("d{number}.example.com,push\n")).collect();
    world.write("new.csv", &format!("name,type\n{names}"));
    let line = "domain add --from-file new.csv --journal j --in-flight 4 --rate 1000";
    // No file may grow beyond two blocks: the journal is full after some items.
    let limited = format!("trap '' XFSZ; ulimit -f 2; exec {PROGRAM} {line}");
    let output = world.command("sh").args(["-c", &limited]).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("write the journal `j`: File too large"), "{stderr}");
    let done = domains.made.lock().unwrap().len();
    assert!((1..30).contains(&done), "{done}");
    world.run(line).ok();
    let made = domains.made.lock().unwrap().clone();
    assert!(made.len() == 30 && made.values().all(|count| *count == 1), "{made:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_ends_the_run_and_is_told() {
    let (domains, _hears) = Domains::new();
    let server = {
        let domains = Arc::clone(&domains);
        Server::by(move |_, request| domains.answer(request, &[]))
    };
    let world = server.world("tencent");
    let names: String = (1..=50).map(|number| format!("d{number}.example.com,push\n")).collect();
    world.write("new.csv", &format!("name,type\n{names}"));
    let line = "domain add --from-file new.csv --journal j --in-flight 1 -o ndjson";
    let mut command = world.command(PROGRAM);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = command.args(line.split(' ')).stdout(full).stderr(Stdio::piped()).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("write the output") && stderr.contains("1 done, 49 not begun"), "{stderr}");
    world.run(line).ok();
    assert!(domains.made.lock().unwrap().values().all(|count| *count == 1));
}

#[test]
fn an_item_whose_name_another_thing_has_is_not_taken_for_done() {
    let world = World::sandbox("tencent");
    world.run("domain add pr.example.com --type play -q").ok();
    world.write("new.csv", "name,type\npr.example.com,push\n");
    let line = "domain add --from-file new.csv --journal j --retries 0 -o json";
    let lost = world.run(&format!("{line} --fault tencent:AddLiveDomain:drop*forever")).fails_partly();
    assert!(lost.stderr.contains("DomainType is 1 (playback), not 0 (push)"), "{lost}");
    let again = world.run(line).fails_partly();
    assert!(again.stderr.contains("shows one of that name, and another: DomainType is 1 (playback)"), "{again}");
    let accepted = world.run(&format!("{line} --if-not-exists").replace(" --journal j", "")).ok();
    assert_eq!(accepted.json()[0]["changed"], false);
}

/// The largest number of moments within any one second.
fn densest(moments: &[Instant]) -> usize {
    let within = |first: &Instant, at: &Instant| at >= first && *at < *first + Duration::from_secs(1);
    moments.iter().map(|first| moments.iter().filter(|at| within(first, at)).count()).max().unwrap_or_default()
}

#[test]
fn a_limit_is_kept_and_used() {
    let (limit, items) = (20, 620);
    let moments = Arc::new(Mutex::new(Vec::new()));
    let server = {
        let moments = Arc::clone(&moments);
        Server::by(move |_, _| {
            moments.lock().unwrap().push(Instant::now());
            fine()
        })
    };
    let world = server.world("tencent");
    let names: String = (0..items).map(|number| format!("d{number}.example.com\n")).collect();
    world.write("d.csv", &format!("DomainName\n{names}"));
    let line = format!("api tencent EnableLiveDomain --from-file d.csv --rate {limit}");
    let run = world.run(&line).ok();
    assert!(!run.stderr.contains("throttled"), "{run}");
    let moments = moments.lock().unwrap();
    assert!(densest(&moments) <= limit, "{} in a second", densest(&moments));
    // Over thirty seconds from the first on, on a machine that has other tests to run: what is possible is proved beside
    // the pace itself, and measured by the benchmark.
    let end = moments[0] + Duration::from_secs(30);
    let used = moments.iter().filter(|at| **at < end).count();
    assert!(used * 100 >= limit * 30 * 85, "{used} of {}", limit * 30);
}

#[test]
fn a_thousand_items_are_not_throttled_by_a_vendor_that_counts() {
    let world = World::sandbox("tencent");
    let names: String = (0..1000).map(|number| format!("d{number}.example.com,push\n")).collect();
    world.write("new.csv", &format!("name,type\n{names}"));
    let run = world.run("domain add --from-file new.csv -o ndjson").ok();
    assert_eq!(run.stdout.lines().count(), 1000);
    assert!(!run.stderr.contains("throttled") && run.stderr.contains("1000 done"), "{}", run.stderr);
    let count = world.run("domain list -o json --jq length").ok();
    assert_eq!(count.stdout, "1000\n");
}

#[test]
fn the_same_item_is_known_in_whatever_order_its_columns_stand() {
    let world = World::sandbox("tencent");
    world.run("domain add push.example.com --type push").ok();
    let line = "relay add --domain push.example.com --app live --start now --end +7d --from-file r --journal j";
    for text in [
        "{\"stream\":\"s1\",\"source\":\"rtmp://o.example.com/live/s1\"}\n",
        "{\"source\":\"rtmp://o.example.com/live/s1\",\"stream\":\"s1\"}\n",
        "\u{feff}{\"Source\":\"rtmp://o.example.com/live/s1\",\"stream\":\"s1\"}\n",
    ] {
        world.write("r", text);
        world.run(line).ok();
    }
    assert_eq!(world.run("relay list -o json --jq length").ok().stdout, "1\n");
    // A byte order mark is no part of the first name, nor of a header.
    for (text, expected) in [("\u{feff}a.example.com\n", "1"), ("\u{feff}name\nb.example.com\n", "2")] {
        world.write("names", text);
        let run = world.run("domain add --type push --from-file names -o csv --columns line,id --no-header").ok();
        assert!(run.stdout.starts_with(&format!("{expected},")) && run.stdout.lines().count() == 1, "{run}");
    }
}

#[test]
fn what_took_effect_and_did_not_settle_is_no_success_when_it_goes_on() {
    let world = World::sandbox("aliyun");
    world.write("w.txt", "w.example.com\n");
    let line = "domain add --type push --from-file w.txt --journal j --wait --wait-interval 10ms";
    let fault = "--fault aliyun:AddLiveDomain:fail=0s*forever -o json";
    for _ in 0..2 {
        let run = world.run(&format!("{line} {fault}")).fails_partly();
        assert_eq!(run.error()["outcome"], "applied", "{run}");
        assert!(run.stderr.contains("of which 1 took effect"), "{run}");
    }
    assert_eq!(world.run("domain list -o json --jq length").ok().stdout, "1\n");
}

#[test]
fn a_rule_that_asks_is_answered_once_for_all() {
    let server = Server::by(|_, _| fine());
    let world = World::empty();
    world.profiles(&format!(
        "[profiles.p]\nvendor = \"tencent\"\naccess_key_id = \"AKID\"\naccess_key_secret = \"s\"\nendpoint = \"{}\"\n\
         [profiles.p.rules]\nconfirm = [\"domain add\", \"tencent:EnableLiveDomain\"]\ndeny = [\"*:Drop*\"]\n",
        server.endpoint()
    ));
    world.write("d.csv", "name,type\na.example.com,push\nb.example.com,push\n");
    world.write("e.csv", "DomainName\na.example.com\nb.example.com\n");
    for line in ["domain add --from-file d.csv", "api tencent EnableLiveDomain --from-file e.csv"] {
        let run = world.run(&format!("-p p {line}")).fails(2);
        assert!(run.stderr.contains("2 items of") && run.stderr.contains("--yes"), "{run}");
        assert_eq!((run.stderr.matches("error").count(), server.count()), (1, 0), "{run}");
        world.run(&format!("-p p {line} --yes")).ok();
        assert!(server.take().len() >= 2);
    }
    world.write("s.txt", "a.example.com/live/s1\nb.example.com/live/s1\n");
    world.run("-p p stream drop --from-file s.txt --yes").fails_partly();
    assert!(server.requests().iter().all(|request| !request.action().starts_with("Drop")));
}

#[test]
fn a_journal_says_nothing_about_secrets() {
    let server = Server::by(|_, _| fine());
    let world = server.world("tencent");
    let journal = |table: &str, more: &str| {
        world.write("t.csv", table);
        let line = format!(
            "callback template create --stream-begin-notify-url http://h.example.com/x --from-file t.csv --journal j{more}"
        );
        world.run(&line).ok();
        let text = std::fs::read_to_string(world.home().join("j")).unwrap();
        std::fs::remove_file(world.home().join("j")).unwrap();
        text
    };
    // The same but for a secret, in the table or on the command line, is the same to the journal.
    let one = journal("template-name,callback-key\na,secret-one\n", "");
    assert_eq!(one, journal("template-name,callback-key\na,secret-two\n", ""));
    assert_ne!(one, journal("template-name,callback-key\nb,secret-one\n", ""));
    let one = journal("template-name\na\n", " --callback-key secret-one");
    assert_eq!(one, journal("template-name\na\n", " --callback-key secret-two"));
    assert_ne!(one, journal("template-name\na\n", " --callback-key secret-one --description other"));
}

#[test]
fn an_error_of_many_is_one_line_of_json_at_the_end() {
    let server = picky();
    let world = server.world("tencent");
    world.write("d.csv", "DomainName\nbad.example.com\ngood.example.com\n");
    let run = world.run("api tencent EnableLiveDomain --from-file d.csv -o json --in-flight 1");
    assert_eq!(run.code, 9, "{run}");
    let error = run.error();
    assert_eq!(error["message"], "api tencent EnableLiveDomain: of 2 items 1 done, 1 failed");
    assert_eq!(
        (&error["class"], &error["outcome"], &error["vendor"]),
        (&json!("partial"), &json!("applied"), &json!("tencent"))
    );
    let error = failed(world.run("domain add --from-file d.csv -o json"), "usage", 2);
    assert!(error["faults"].as_array().is_some_and(|faults| !faults.is_empty()), "{error}");
}
