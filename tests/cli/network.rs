//! What a network does beside breaking: it drips, keeps connections and lets them go, answers without end, sends
//! elsewhere; and a user who will not wait.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::answers::{CREATES, READS};
use crate::errors::failed;
use crate::server::{Answer, Server};

#[test]
fn an_answer_that_drips_ends_with_the_time_limit() {
    for ((vendor, line), outcome) in [(READS[0], json!(null)), (CREATES[2], json!("unknown"))] {
        let server = Server::answering([Answer::Drip]);
        let began = Instant::now();
        let run = server.world(vendor).run(&format!("{line} -o json --timeout 400ms --retries 0"));
        assert!(began.elapsed() < Duration::from_secs(10));
        let error = failed(run, "network", 7);
        assert_eq!(error["message"], "wait for the vendor's answer: no whole answer within 0.4s");
        assert_eq!((&error["outcome"], server.count()), (&outcome, 1));
    }
}

#[test]
fn an_answer_without_end_is_read_up_to_64_mib() {
    let (largest, larger) = (64 << 20, (64 << 20) + 1);
    let padded = |length: usize| {
        let mut body = br#"{"Response": {"RequestId": "r-1"}}"#.to_vec();
        body.resize(length, b' ');
        Answer::Http(200, vec![("content-type", "application/json".to_owned())], body)
    };
    let server = Server::answering([padded(largest)]);
    let run = server.world("tencent").run(&format!("{} --jq .Response.RequestId", READS[0].1)).ok();
    assert_eq!(run.stdout, "r-1\n");
    let server = Server::answering([padded(larger)]);
    let error = failed(server.world("tencent").run(&format!("{} -o json", READS[0].1)), "vendor", 8);
    assert_eq!(error["message"], "read the vendor's answer: it is larger than 64 MiB");
    assert_eq!(server.count(), 1);
}

#[test]
fn nobody_is_sent_elsewhere() {
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = Server::answering([Answer::json(json!({"Response": {"RequestId": "r-1"}}))]);
        let server =
            Server::answering([Answer::Http(status, vec![("location", elsewhere.endpoint())], b"Found".to_vec())]);
        let error = failed(server.world("tencent").run(&format!("{} -o json", READS[0].1)), "vendor", 8);
        assert!(error["hint"].as_str().unwrap().contains("redirects are not followed"), "{error}");
        assert_eq!((server.count(), elsewhere.count()), (1, 0));
    }
}

/// One page of Volcengine's presets of a domain space, of which there are two.
fn page(number: usize) -> Value {
    let item = json!({"TaskId": format!("t-{number}"), "App": "live", "Stream": "s1"});
    json!({"ResponseMetadata": {"RequestId": "r"}, "Result": {"List": [item], "Pagination": {"TotalCount": 2}}})
}

#[test]
fn a_connection_that_is_let_go_while_idle_is_opened_again() {
    let server = Server::by(|number, _| Answer::Dropped(page(number)));
    let line = "api volcengine ListRelaySourceV4 Domain=a.example.com Size=1 --paginate --retries 0";
    let run = server.world("volcengine").run(line);
    // The end of a connection may be seen only when it is used again; then the read is told as broken, never as done.
    match run.code {
        0 => assert_eq!(run.stdout.lines().count(), 2, "{run}"),
        _ => assert!(run.code == 7 && run.stderr.contains("read the vendor's answer"), "{run}"),
    }
    let server = Server::by(|number, _| Answer::Dropped(page(number)));
    let run = server.world("volcengine").run(&line.replace("--retries 0", "--retries 2")).ok();
    assert_eq!(run.stdout.lines().count(), 2, "{run}");
}

#[test]
fn a_kept_connection_that_breaks_under_a_create_leaves_its_fate_unknown() {
    let detail = json!({"Response": {"RequestId": "r", "Error": {"Code": "ResourceNotFound.DomainNotExist",
        "Message": "no"}}});
    let server = Server::by(move |_, request| match request.action().as_str() {
        "AddLiveDomain" => Answer::Close,
        _ => Answer::Kept(detail.clone()),
    });
    let run = server.world("tencent").run("domain add a.example.com --type push -o json");
    let error = failed(run, "network", 7);
    assert_eq!(error["outcome"], "unknown", "{error}");
    let actions: Vec<String> = server.requests().iter().map(|request| request.action()).collect();
    assert_eq!(actions.iter().filter(|action| *action == "AddLiveDomain").count(), 1, "{actions:?}");
    assert!(actions.len() > 1, "a create alone kept no connection: {actions:?}");
}

#[cfg(unix)]
#[test]
fn a_second_interrupt_ends_what_the_first_cannot() {
    use std::io::Read;
    use std::process::{Command, Stdio};

    let text = "x".repeat(4 << 20);
    let server = Server::answering([Answer::json(json!({"Response": {"RequestId": "r-1", "Text": text}}))]);
    let world = server.world("tencent");
    let mut command = world.command(crate::harness::PROGRAM);
    command.args(READS[0].1.split(' ')).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    // Its first byte is there, and the rest is more than a pipe holds: from now on it waits for its reader.
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut [0; 1]).unwrap();
    let (began, id) = (Instant::now(), child.id().to_string());
    let code = loop {
        Command::new("kill").args(["-INT", &id]).status().unwrap();
        if let Some(status) = child.try_wait().unwrap() {
            break status.code();
        }
        assert!(began.elapsed() < Duration::from_secs(20), "interrupts do not end it");
    };
    assert_eq!(code, Some(130));
}
