//! Every fault × every kind of call × every vendor: how often the vendor is asked, how the program ends, and what it
//! says became of the request. The expected values are written by hand.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use crate::answers::{CREATES, READS};
use crate::repeats::{fine, hurried, throttled};
use crate::server::{Answer, Server};

const UPDATES: [(&str, &str); 3] = [
    ("tencent", "api tencent ModifyLiveCallbackTemplate TemplateId=1 Description=d"),
    ("aliyun", "api aliyun UpdateLiveSnapshotNotifyConfig DomainName=a.example.com NotifyUrl=https://n.example.com/"),
    ("volcengine", "api volcengine BindCert Domain=a.example.com ChainID=c-1"),
];

const DELETES: [(&str, &str); 3] = [
    ("tencent", "api tencent DeleteLiveDomain DomainName=a.example.com DomainType=0 --yes"),
    ("aliyun", "api aliyun DeleteLiveDomain DomainName=a.example.com --yes"),
    ("volcengine", "api volcengine DeleteDomain Domain=a.example.com --yes"),
];

const KINDS: [(&str, &[(&str, &str); 3]); 4] =
    [("read", &READS), ("create", &CREATES), ("update", &UPDATES), ("delete", &DELETES)];

/// Requests of the Action that the vendor sees, exit code, outcome.
type Expected = (usize, i32, Option<&'static str>);

/// One fault: what the vendor answers in turn (the last for ever; nothing at all: nobody listens), whether it may have
/// performed the request all the same, and what is expected of a read, a create, an update and a delete.
struct Fault {
    name: &'static str,
    answers: fn(&str) -> Vec<Answer>,
    performs: bool,
    expected: [Expected; 4],
}

const UNKNOWN: Option<&str> = Some("unknown");
const REFUSED: Option<&str> = Some("refused");
const NOT_SENT: Option<&str> = Some("not-sent");

/// Broken on the way: repeated where that does no harm.
const LOST: [Expected; 4] = [(3, 7, None), (1, 7, UNKNOWN), (3, 7, UNKNOWN), (3, 7, UNKNOWN)];
/// The vendor failed, and may not fail again.
const FAILED: [Expected; 4] = [(3, 8, None), (1, 8, UNKNOWN), (3, 8, UNKNOWN), (3, 8, UNKNOWN)];
/// The vendor failed, or nobody can read it, and that will stay.
const HOPELESS: [Expected; 4] = [(1, 8, None), (1, 8, UNKNOWN), (1, 8, UNKNOWN), (1, 8, UNKNOWN)];

const FAULTS: &[Fault] = &[
    Fault { name: "not connected", answers: |_| vec![], performs: false, expected: [(0, 7, NOT_SENT); 4] },
    Fault { name: "reset before the answer", answers: |_| vec![Answer::Reset], performs: true, expected: LOST },
    Fault {
        name: "reset in the middle of the answer",
        answers: |_| vec![Answer::Half(b"{\"Response\": {\"RequestId\": \"r-1\"}}".to_vec())],
        performs: true,
        expected: LOST,
    },
    Fault { name: "time-out", answers: |_| vec![Answer::Silence], performs: true, expected: LOST },
    Fault {
        name: "500",
        answers: |_| vec![Answer::status(500, "text/plain", "Internal Server Error")],
        performs: true,
        expected: FAILED,
    },
    Fault { name: "502 with a web page", answers: |_| vec![Answer::bad_gateway()], performs: true, expected: FAILED },
    Fault {
        name: "throttled twice",
        answers: |vendor| vec![throttled(vendor), throttled(vendor), fine(vendor)],
        performs: false,
        expected: [(3, 0, None); 4],
    },
    Fault {
        name: "throttled for ever",
        answers: |vendor| vec![throttled(vendor)],
        performs: false,
        expected: [(3, 6, REFUSED); 4],
    },
    Fault {
        name: "truncated JSON",
        answers: |_| vec![Answer::json("{\"Response\": {\"RequestId\": \"r-")],
        performs: true,
        expected: HOPELESS,
    },
    Fault {
        name: "an internal error that stays",
        answers: |vendor| {
            vec![match vendor {
                "tencent" => refusal(vendor, 200, "InternalError.UpdateDataError"),
                "aliyun" => refusal(vendor, 500, "InvalidDomain.Configure_failed"),
                _ => refusal(vendor, 200, "InternalError.NoSheetKnowsThis"),
            }]
        },
        performs: true,
        expected: HOPELESS,
    },
    Fault {
        name: "an internal error that passes",
        answers: |vendor| {
            vec![match vendor {
                "tencent" => refusal(vendor, 200, "InternalError.DBError"),
                "aliyun" => refusal(vendor, 500, "InternalError"),
                _ => refusal(vendor, 500, "InternalError.DB"),
            }]
        },
        performs: true,
        expected: FAILED,
    },
    Fault {
        name: "an internal error that nobody knows, with HTTP 500",
        answers: |vendor| vec![refusal(vendor, 500, "InternalError.NoSheetKnowsThis")],
        performs: true,
        expected: FAILED,
    },
    Fault {
        name: "wrong clock",
        answers: |vendor| {
            let code = match vendor {
                "tencent" => "AuthFailure.SignatureExpire",
                "aliyun" => "InvalidTimeStamp.Expired",
                _ => "InvalidTimestamp",
            };
            vec![in_an_hour(refusal(vendor, 400, code)), fine(vendor)]
        },
        performs: false,
        expected: [(2, 0, None); 4],
    },
    Fault {
        name: "expired token",
        answers: |vendor| {
            vec![match vendor {
                "tencent" => refusal(vendor, 200, "AuthFailure.TokenFailure"),
                "aliyun" => refusal(vendor, 403, "InvalidSecurityToken.Expired"),
                _ => refusal(vendor, 401, "InvalidSecretToken"),
            }]
        },
        performs: false,
        expected: [(1, 3, REFUSED); 4],
    },
];

/// A vendor's refusal in its envelope.
fn refusal(vendor: &str, status: u16, code: &str) -> Answer {
    let body = match vendor {
        "tencent" => json!({"Response": {"RequestId": "r-0", "Error": {"Code": code, "Message": "no"}}}),
        "aliyun" => json!({"RequestId": "r-0", "Code": code, "Message": "no"}),
        _ => json!({"ResponseMetadata": {"RequestId": "r-0", "Error": {"Code": code, "Message": "no"}}}),
    };
    Answer::status(status, "application/json", body)
}

/// The same answer from a vendor whose clock is an hour ahead of ours.
fn in_an_hour(answer: Answer) -> Answer {
    let Answer::Http(status, mut headers, body) = answer else { panic!("an answer") };
    let then = jiff::Timestamp::now() + Duration::from_secs(3600);
    let date = jiff::fmt::rfc2822::to_string(&then.to_zoned(jiff::tz::TimeZone::UTC)).unwrap();
    headers.push(("date", date));
    Answer::Http(status, headers, body)
}

/// What a run came to, in the terms of the table; or why it cannot be told in them.
fn observed(fault: &Fault, vendor: &str, line: &str) -> (usize, i32, Option<String>) {
    let answers: Vec<Answer> = (fault.answers)(vendor).into_iter().map(hurried).collect();
    let server = if answers.is_empty() { Server::gone() } else { Server::answering(answers) };
    let timeout = if fault.name == "time-out" { "800ms" } else { "30s" };
    let run = server.world(vendor).run(&format!("{line} -o json --retries 2 --timeout {timeout}"));
    let asked = server.requests().iter().filter(|request| line.contains(&format!(" {} ", request.action()))).count();
    // A read that has no parameters ends its line with the Action.
    let asked = asked + server.requests().iter().filter(|request| line.ends_with(&request.action())).count();
    let error = if run.code == 0 { Value::Null } else { run.error() };
    if run.code != 0 {
        let attempts = if fault.name == "not connected" { 3 } else { asked };
        assert_eq!(error["attempts"], attempts, "{}: {run}", fault.name);
    }
    (asked, run.code, error["outcome"].as_str().map(str::to_owned))
}

#[test]
fn every_fault_of_every_call_on_every_vendor() {
    let cells: Vec<_> = FAULTS
        .iter()
        .flat_map(|fault| KINDS.iter().enumerate().map(move |(at, (kind, calls))| (fault, at, kind, calls)))
        .flat_map(|(fault, at, kind, calls)| calls.iter().map(move |call| (fault, at, *kind, call)))
        .collect();
    assert_eq!(cells.len(), 14 * 4 * 3);
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                while let Some((fault, at, kind, (vendor, line))) = cells.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let (asked, exit, outcome) = observed(fault, vendor, line);
                    if (asked, exit, outcome.as_deref()) != fault.expected[*at] {
                        let seen = format!("{}, {kind} on {vendor}: {asked}, {exit}, {outcome:?}", fault.name);
                        wrong.lock().unwrap().push(seen);
                    }
                    // Whatever the table says: what may have been performed is no create that was sent twice.
                    assert!(*kind != "create" || !fault.performs || asked == 1, "{} on {vendor}", fault.name);
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
