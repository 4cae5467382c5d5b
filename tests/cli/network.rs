//! What a network does beside breaking: it drips, keeps connections and lets them go, answers without end, sends
//! elsewhere; and a user who will not wait.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::answers::{CREATES, READS};
use crate::errors::failed;
use crate::harness::Run;
use crate::repeats::throttled;
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

/// An answer of these bytes to a read: the run, and how often it was asked.
fn answered(bytes: Vec<u8>, line: &str) -> (Run, usize) {
    let server = Server::answering([Answer::Raw(bytes)]);
    let run = server.world("tencent").run(&format!("{line} -o json --timeout 20s"));
    (run, server.count())
}

const GOOD: &str = r#"{"Response":{"RequestId":"r-1"}}"#;

#[test]
fn http_is_read_as_it_may_be_written() {
    let length = GOOD.len();
    let chunks =
        format!("{:x};x=y\r\n{}\r\n{:X}\r\n{}\r\n0\r\nX-Trailer: t\r\n\r\n", 9, &GOOD[..9], length - 9, &GOOD[9..]);
    for answer in [
        format!("HTTP/1.0 200 OK\r\n\r\n{GOOD}"),
        format!("HTTP/1.0 200 OK\r\nContent-Length: {length}\r\n\r\n{GOOD}"),
        format!("HTTP/1.1 200\r\nContent-Length: {length}\r\n\r\n{GOOD}"),
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}"),
        format!("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{GOOD}"),
        format!(
            "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{GOOD}"
        ),
        // What stands behind the promised length belongs to nobody.
        format!(
            "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{GOOD}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno"
        ),
    ] {
        let (run, count) = answered(answer.clone().into_bytes(), READS[0].1);
        assert_eq!((run.code, count), (0, 1), "{answer}: {run}");
        assert_eq!(run.json()["Response"]["RequestId"], "r-1");
    }
}

#[test]
fn what_is_no_http_is_told_once_and_what_breaks_off_is_asked_again() {
    let many = "X-Header: x\r\n".repeat(50_000);
    let long = format!("X-Header: {}\r\n", "x".repeat(2 << 20));
    for answer in [
        format!("HTTP/1.1 200 OK\r\n{many}"),
        format!("HTTP/1.1 200 OK\r\n{long}\r\n"),
        "SSH-2.0-OpenSSH_9.9\r\n".to_owned(),
        "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n".to_owned(),
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab".to_owned(),
        "HTTP/1.1 200 OK\r\nBad Header\u{1b}: x\r\n\r\n".to_owned(),
    ] {
        let start: String = answer.chars().take(60).collect();
        for (line, outcome) in [(READS[0].1, json!(null)), (CREATES[0].1, json!("unknown"))] {
            let (run, count) = answered(answer.clone().into_bytes(), line);
            let error = failed(run, "vendor", 8);
            let message = error["message"].as_str().unwrap();
            assert!(message.starts_with("read the vendor's answer: it is no HTTP: "), "{start}: {error}");
            assert!(message.len() < 300, "{start}: {error}");
            // After a create, one look for its twin is met with the same.
            assert_eq!((&error["outcome"], &error["attempts"]), (&outcome, &json!(1)), "{start}: {error}");
            assert!(count <= 2, "{start}: {count}");
        }
    }
    for answer in [
        format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{GOOD}", GOOD.len() + 1),
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{GOOD}\r\n", GOOD.len()),
        "HTTP/1.1 200 OK\r\nContent-Le".to_owned(),
    ] {
        let (run, count) = answered(answer.clone().into_bytes(), &format!("{} --retries 1", READS[0].1));
        let error = failed(run, "network", 7);
        assert!(error["message"].as_str().unwrap().starts_with("read the vendor's answer: "), "{answer}: {error}");
        assert_eq!((&error["attempts"], count), (&json!(2), 2), "{answer}: {error}");
    }
}

/// A body as gzip has it.
fn gzip(body: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn what_is_compressed_is_counted_as_it_is_unpacked() {
    let zipped = |body: Vec<u8>| {
        Answer::Http(
            200,
            vec![("content-encoding", "gzip".to_owned()), ("content-type", "application/json".into())],
            body,
        )
    };
    let server = Server::answering([zipped(gzip(GOOD.as_bytes()))]);
    let run = server.world("tencent").run(&format!("{} --jq .Response.RequestId", READS[0].1)).ok();
    assert_eq!(run.stdout, "r-1\n");
    // 200 MiB in less than one.
    let mut body = Vec::new();
    {
        use std::io::Write;
        let mut encoder = flate2::write::GzEncoder::new(&mut body, flate2::Compression::best());
        let blank = vec![b' '; 1 << 20];
        for _ in 0..200 {
            encoder.write_all(&blank).unwrap();
        }
        encoder.finish().unwrap();
    }
    assert!(body.len() < 1 << 20);
    let server = Server::answering([zipped(body)]);
    let error = failed(server.world("tencent").run(&format!("{} -o json", READS[0].1)), "vendor", 8);
    assert_eq!(error["message"], "read the vendor's answer: it is larger than 64 MiB");
    // What is no gzip, or only its beginning.
    let whole = gzip(GOOD.as_bytes());
    for body in [GOOD.as_bytes().to_vec(), whole[..whole.len() - 9].to_vec()] {
        let server = Server::answering([zipped(body)]);
        let run = server.world("tencent").run(&format!("{} -o json --retries 0", CREATES[0].1));
        let error = run.fails(8).error();
        assert_eq!(error["outcome"], "unknown", "{error}");
    }
}

#[test]
fn a_create_on_a_connection_that_was_just_let_go_is_sent_at_most_once() {
    let detail = json!({"Response": {"RequestId": "r", "Error": {"Code": "ResourceNotFound.DomainNotExist",
        "Message": "no"}}});
    let server = Server::by(move |_, request| match request.action().as_str() {
        "AddLiveDomain" => Answer::json(json!({"Response": {"RequestId": "r-2"}})),
        _ => Answer::Dropped(detail.clone()),
    });
    let run = server.world("tencent").run("domain add a.example.com --type push -o json");
    let creates = server.requests().iter().filter(|request| request.action() == "AddLiveDomain").count();
    // It is known to be closed: then a new one is opened. Or that shows only once something is on its way: then nobody
    // knows, whatever the vendor saw, and it is not repeated.
    match run.code {
        0 => assert_eq!((run.json()["changed"].clone(), creates), (json!(true), 1), "{run}"),
        _ => assert_eq!((run.error()["outcome"].clone(), creates), (json!("unknown"), 0), "{run}"),
    }
}

#[test]
fn no_wait_that_a_vendor_asks_for_ends_the_run_by_surprise() {
    for (name, value) in [
        ("retry-after", u64::MAX.to_string()),
        ("retry-after", "86400".to_owned()),
        ("retry-after", "Thu, 31 Dec 2099 23:59:59 GMT".to_owned()),
        ("x-acs-retry-after", u64::MAX.to_string()),
    ] {
        let Answer::Http(status, mut headers, body) = throttled("aliyun") else { panic!("an answer") };
        headers.push((name, value.clone()));
        let server = Server::answering([Answer::Http(status, headers, body)]);
        let began = Instant::now();
        let error = failed(server.world("aliyun").run(&format!("{} -o json", READS[1].1)), "throttled", 6);
        assert!(error["hint"].as_str().unwrap().contains("the vendor asks to wait"), "{value}: {error}");
        assert!(began.elapsed() < Duration::from_secs(20) && server.count() == 1, "{value}");
        // The same of what nobody signs.
        let Answer::Http(_, mut headers, body) = throttled("aliyun") else { panic!("an answer") };
        headers.push((name, value.clone()));
        let server = Server::answering([Answer::Http(503, headers, body)]);
        let line = "timeshift timeline --domain play.example.com --app live --stream s --since -1h --until now -o json";
        let run = server.world("aliyun").run(line);
        assert!(run.code > 1 && began.elapsed() < Duration::from_secs(20), "{value}: {run}");
        assert_eq!(server.count(), 1, "{value}: {run}");
    }
}
