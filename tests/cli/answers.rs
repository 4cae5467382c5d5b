//! Whatever comes back: refusals in every envelope, answers that nobody can read, connections that break. Each
//! has its class, exit code, fate and true cause, and is repeated only where that is safe.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::assert_run;
use crate::errors::failed;
use crate::repeats::throttled;
use crate::server::{Answer, Server};

pub const READS: [(&str, &str); 3] = [
    ("tencent", "api tencent DescribeLiveDomains"),
    ("aliyun", "api aliyun DescribeLiveUserDomains"),
    ("volcengine", "api volcengine DescribeEncryptHLS"),
];

pub const CREATES: [(&str, &str); 3] = [
    ("tencent", "api tencent AddLiveDomain DomainName=a.example.com DomainType=push"),
    ("aliyun", "api aliyun AddLiveDomain DomainName=a.example.com LiveDomainType=liveVideo Region=cn-shanghai"),
    (
        "volcengine",
        "api volcengine CreateRelaySourceV4 App=live Stream=s1 Domain=push.example.com \
         SrcAddrS=rtmp://origin.example.com/live/s1",
    ),
];

/// Runs one call against one answer, without a second try, and says what its error was.
fn once(vendor: &str, line: &str, answer: Answer, class: &str, exit: i32) -> (Value, usize) {
    let server = Server::answering([answer]);
    let run = server.world(vendor).set("LIVECTL_RETRIES", "0").run(&format!("{line} -o json --timeout 20s"));
    let error = failed(run, class, exit);
    assert_eq!(error["vendor"], vendor);
    assert_eq!(error["action"], line.split(' ').nth(2).unwrap());
    (error, server.count())
}

#[test]
fn what_nobody_can_read_is_the_vendors_fault_and_told_by_its_cause() {
    let page = "<!DOCTYPE html><html><head><title>Sign in to the network</title></head><body>…</body></html>";
    let cases = [
        (Answer::status(200, "text/html", page), 200, "a web page came in place of the vendor's answer: `Sign in to"),
        (Answer::bad_gateway(), 502, "HTTP 502, a web page came in place of the vendor's answer: `502 Bad Gateway`"),
        (Answer::json(""), 200, "the answer is empty"),
        (Answer::status(503, "text/plain", ""), 503, "HTTP 503, the answer is empty"),
        (Answer::json(r#"{"Response": {"RequestId": "r-1", "Doma"#), 200, "JSON that is cut off after 39 bytes"),
        (Answer::json(r#"[{"RequestId": "r-1"}]"#), 200, "the answer is a list where a JSON object belongs"),
        (Answer::json("null"), 200, "the answer is `null` where a JSON object belongs"),
        (Answer::json("upstream connect error"), 200, "the answer is not JSON (line 1, column 1)"),
        (Answer::Http(200, Vec::new(), vec![0xff, 0xfe, 0x7b]), 200, "the answer is not UTF-8 from byte 0 on"),
        (Answer::status(200, "text/xml", "<?xml version=\"1.0\"?><Result/>"), 200, "XML where JSON was asked for"),
        (
            Answer::Http(302, vec![("location", "https://login.example.com/".to_owned())], b"Found".to_vec()),
            302,
            "HTTP 302, the answer is not JSON",
        ),
    ];
    for (answer, status, cause) in cases {
        for (vendor, line) in READS {
            let (error, requests) = once(vendor, line, answer.clone(), "vendor", 8);
            assert!(error["message"].as_str().unwrap().contains(cause), "{vendor}: {error}");
            let known = ["http_status", "code", "request_id", "outcome"].map(|key| &error[key]);
            assert_eq!(known, [&json!(status), &json!(null), &json!(null), &json!(null)], "{error}");
            assert_eq!((&error["retryable"], requests), (&json!(status >= 500), 1), "{error}");
        }
    }
}

#[test]
fn an_answer_without_its_envelope_is_not_taken_for_success() {
    for (vendor, line, body, cause) in [
        ("tencent", READS[0].1, "{}", "the answer has no `Response`"),
        ("tencent", READS[0].1, r#"{"Response": []}"#, "the `Response` in the answer is no object"),
        ("volcengine", READS[2].1, "{}", "the answer has no `ResponseMetadata`"),
    ] {
        let (error, _) = once(vendor, line, Answer::json(body), "vendor", 8);
        assert!(error["message"].as_str().unwrap().contains(cause), "{error}");
    }
}

#[test]
fn after_a_create_an_unreadable_answer_leaves_its_fate_unknown_and_nothing_is_repeated() {
    for (vendor, line) in CREATES {
        for (answer, class, exit) in [
            (Answer::bad_gateway(), "vendor", 8),
            (Answer::json(""), "vendor", 8),
            (Answer::json("{\"Respon"), "vendor", 8),
            (Answer::Half(b"{\"Response\": {\"RequestId\": \"r-1\"}}".to_vec()), "network", 7),
            (Answer::Close, "network", 7),
            (Answer::Reset, "network", 7),
        ] {
            let server = Server::answering([answer.clone()]);
            let error = failed(server.world(vendor).run(&format!("{line} -o json")), class, exit);
            assert_eq!((&error["outcome"], &error["attempts"]), (&json!("unknown"), &json!(1)), "{answer:?}: {error}");
            let creates = server.requests().iter().filter(|request| line.contains(&request.action())).count();
            assert_eq!(creates, 1, "{vendor}: {answer:?}");
            let hint = error["hint"].as_str().unwrap();
            assert!(hint.contains("` tells whether it took effect"), "{error}");
            assert!(!hint.contains("try again"), "{error}");
        }
    }
}

#[test]
fn the_command_that_tells_what_became_of_a_write_is_named() {
    for (vendor, line, tells) in [
        ("tencent", CREATES[0].1, "`livectl domain list --vendor tencent` tells"),
        ("aliyun", CREATES[1].1, "`livectl domain list --vendor aliyun` tells"),
        ("volcengine", CREATES[2].1, "`livectl relay list --vendor volcengine` tells"),
        (
            "tencent",
            "api tencent CreateLiveCallbackRule DomainName=a.example.com AppName=live TemplateId=1",
            "`livectl callback rule list --vendor tencent` tells",
        ),
    ] {
        let server = Server::answering([Answer::Close]);
        let error = failed(server.world(vendor).run(&format!("{line} -o json")), "network", 7);
        assert!(error["hint"].as_str().unwrap().contains(tells), "{error}");
    }
}

#[test]
fn a_connection_that_breaks_is_told_as_it_broke() {
    for (vendor, line) in READS {
        for (answer, cause) in [
            (Answer::Close, "read the vendor's answer: connection closed before message completed"),
            (Answer::Reset, "read the vendor's answer: "),
            (Answer::Half(b"{\"Response\": {}}".to_vec()), "read the vendor's answer: "),
        ] {
            let (error, requests) = once(vendor, line, answer, "network", 7);
            assert!(error["message"].as_str().unwrap().starts_with(cause), "{error}");
            assert_eq!((&error["outcome"], &error["retryable"], requests), (&json!(null), &json!(true), 1), "{error}");
        }
    }
}

#[test]
fn a_refused_connection_names_the_address_and_nothing_was_sent() {
    for (vendor, line) in READS.into_iter().chain(CREATES) {
        let server = Server::gone();
        let run = server.world(vendor).set("LIVECTL_RETRIES", "0").run(&format!("{line} -o json"));
        let error = failed(run, "network", 7);
        let message = error["message"].as_str().unwrap();
        assert!(message.starts_with(&format!("connect to {}: ", server.host())), "{message}");
        assert!(message.contains("refused") && !message.contains("client error"), "{message}");
        assert_eq!(error["outcome"], "not-sent");
    }
}

#[test]
fn an_answer_that_never_comes_ends_with_the_time_limit() {
    for (line, outcome) in [(READS[0].1, json!(null)), (CREATES[0].1, json!("unknown"))] {
        let server = Server::answering([Answer::Silence]);
        let began = Instant::now();
        let run = server.world("tencent").run(&format!("{line} -o json --timeout 200ms --retries 0"));
        assert!(began.elapsed() < Duration::from_secs(5));
        let error = failed(run, "network", 7);
        assert_eq!(error["message"], "wait for the vendor's answer: no whole answer within 0.2s");
        let asked = server.requests().iter().filter(|request| line.contains(&request.action())).count();
        assert_eq!((&error["outcome"], asked), (&outcome, 1));
    }
}

#[test]
fn a_refusal_inside_http_200_is_a_refusal() {
    let tencent = json!({"Response": {"RequestId": "r-2", "Error":
        {"Code": "InvalidParameter.DomainAlreadyExist", "Message": "The domain already exists."}}});
    let (error, _) = once("tencent", CREATES[0].1, Answer::json(tencent), "conflict", 5);
    assert_eq!(error["code"], "InvalidParameter.DomainAlreadyExist");
    assert_eq!((&error["request_id"], &error["http_status"]), (&json!("r-2"), &json!(200)));
    assert_eq!(error["outcome"], "refused");

    let volcengine =
        json!({"ResponseMetadata": {"RequestId": "r-3", "Error": {"Code": "CommonErr", "Message": "busy"}}});
    let (error, _) = once("volcengine", CREATES[2].1, Answer::json(volcengine), "vendor", 8);
    assert_eq!((&error["code"], &error["request_id"]), (&json!("CommonErr"), &json!("r-3")));
    assert_eq!((&error["outcome"], &error["retryable"]), (&json!("unknown"), &json!(true)));

    let aliyun = json!({"RequestId": "r-4", "Code": "InvalidDomain.NotFound", "Message": "The domain is not found."});
    let (error, _) = once("aliyun", READS[1].1, Answer::json(aliyun), "not-found", 4);
    assert_eq!((&error["code"], &error["request_id"]), (&json!("InvalidDomain.NotFound"), &json!("r-4")));
}

#[test]
fn a_refusal_inside_the_result_is_a_refusal() {
    let line = "api volcengine ListCloudMixTask";
    let answer = |code: i64| {
        Answer::json(json!({"ResponseMetadata": {"RequestId": "r-5"},
            "Result": {"Code": code, "Message": "the task is not running"}}))
    };
    let (error, _) = once("volcengine", &format!("{line} --no-validate"), answer(4001), "vendor", 8);
    assert_eq!((&error["code"], &error["request_id"]), (&json!("4001"), &json!("r-5")));
    assert!(error["message"].as_str().unwrap().contains("the task is not running"), "{error}");
    let server = Server::answering([answer(0)]);
    server.world("volcengine").run(&format!("{line} --no-validate")).ok();
}

#[test]
fn an_xml_error_of_aliyun_is_understood() {
    let xml = "<?xml version='1.0' encoding='UTF-8'?><Error><RequestId>7463B73D-35CC-4D19-A010-6B8D65D242EF</RequestId>\
        <HostId>live.aliyuncs.com</HostId><Code>InvalidDomain.NotFound</Code>\
        <Message>The domain provided does not exist in our records.</Message></Error>";
    let (error, _) = once("aliyun", READS[1].1, Answer::status(404, "text/xml", xml), "not-found", 4);
    assert_eq!(error["code"], "InvalidDomain.NotFound");
    assert_eq!(error["request_id"], "7463B73D-35CC-4D19-A010-6B8D65D242EF");
    assert_eq!((&error["http_status"], &error["outcome"]), (&json!(404), &json!("refused")));
    assert!(error["message"].as_str().unwrap().contains("The domain provided does not exist in our records"));
}

#[test]
fn a_hostile_answer_writes_nothing_to_the_terminal() {
    let body = json!({"Response": {"RequestId": "r\u{1b}[2J", "Error":
        {"Code": "FailedOperation\u{202e}", "Message": "x\r\u{1b}]0;owned\u{7}\nerror: fake"}}});
    let server = Server::answering([Answer::json(body)]);
    for format in ["table", "json"] {
        let run = server.world("tencent").run(&format!("{} -o {format} --retries 0", READS[0].1));
        assert_ne!(run.code, 0);
        assert!(!run.stderr.contains(['\u{1b}', '\u{7}', '\r', '\u{202e}']), "{run}");
        assert!(!run.stderr.lines().any(|line| line.starts_with("error: fake")), "{run}");
    }
}

#[test]
fn for_people() {
    let runs = |answer: Answer, line: &str| {
        let vendor = line.split(' ').nth(1).unwrap();
        Server::answering([answer]).world(vendor).set("LIVECTL_RETRIES", "0").run(line)
    };
    let refusal = json!({"Response": {"RequestId": "eac6b301-a322-493a-8e36-83b295459397", "Error":
        {"Code": "FailedOperation.DomainAdded", "Message": "The domain name has already been added."}}});
    assert_run!(runs(Answer::json(refusal), CREATES[0].1));
    assert_run!(runs(Answer::bad_gateway(), READS[1].1));
    assert_run!(runs(Answer::bad_gateway(), CREATES[2].1));
    assert_run!(runs(Answer::json("{\"ResponseMetadata\":{\"Req"), READS[2].1));
    assert_run!(runs(throttled("aliyun"), READS[1].1));
    assert_run!(Server::gone().world("tencent").set("LIVECTL_RETRIES", "0").run(READS[0].1));
}
