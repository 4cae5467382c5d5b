//! What is sent again and what is not, and what is then known about it.

use serde_json::json;

use crate::answers::{CREATES, READS};
use crate::errors::failed;
use crate::harness::World;
use crate::server::{Answer, Server};

/// A good answer of each vendor, small.
pub fn fine(vendor: &str) -> Answer {
    Answer::json(match vendor {
        "tencent" => json!({"Response": {"RequestId": "r-1"}}),
        "aliyun" => json!({"RequestId": "r-1"}),
        _ => json!({"ResponseMetadata": {"RequestId": "r-1"}, "Result": {}}),
    })
}

/// The vendor's refusal of a request that comes too soon after others.
pub fn throttled(vendor: &str) -> Answer {
    match vendor {
        "tencent" => Answer::json(json!({"Response": {"RequestId": "r-0", "Error":
            {"Code": "RequestLimitExceeded", "Message": "Your current request times equals to `21` in a second."}}})),
        "aliyun" => Answer::status(
            400,
            "application/json",
            json!({"RequestId": "r-0", "Code": "Throttling.User", "Message": "Request was denied due to user flow control."}),
        ),
        _ => Answer::status(
            429,
            "application/json",
            json!({"ResponseMetadata": {"RequestId": "r-0", "Error":
                {"Code": "FlowLimitExceeded", "CodeN": 100_018, "Message": "Request flow over limit."}}}),
        ),
    }
}

/// The same answer, with the vendor's word that there is no need to wait.
pub fn hurried(answer: Answer) -> Answer {
    match answer {
        Answer::Http(status, mut headers, body) => {
            headers.push(("retry-after", "0".to_owned()));
            Answer::Http(status, headers, body)
        }
        other => other,
    }
}

#[test]
fn a_read_is_repeated_until_it_is_answered() {
    let mut cases: Vec<(&str, &str, Answer)> = READS
        .into_iter()
        .flat_map(|(vendor, line)| [(vendor, line, Answer::bad_gateway()), (vendor, line, throttled(vendor))])
        .collect();
    cases.extend([("tencent", READS[0].1, Answer::Close), ("aliyun", READS[1].1, Answer::Half(b"{}\n".to_vec()))]);
    for (vendor, line, bad) in cases {
        let server = Server::answering([hurried(bad.clone()), hurried(bad), fine(vendor)]);
        let run = server.world(vendor).run(&format!("{line} --retries 2")).ok();
        assert_eq!(server.count(), 3);
        let told = run.stderr.lines().filter(|line| line.starts_with("warning: attempt ")).count();
        assert_eq!(told, 2, "{run}");
    }
}

#[test]
fn the_number_of_tries_is_what_was_asked_for() {
    for (retries, expected) in [("0", 1), ("1", 2)] {
        let server = Server::answering([hurried(Answer::bad_gateway())]);
        let run = server.world("tencent").run(&format!("{} -o json --retries {retries}", READS[0].1));
        assert_eq!(failed(run, "vendor", 8)["attempts"], expected);
        assert_eq!(server.count(), expected);
    }
}

#[test]
fn a_throttled_create_had_no_effect_and_is_repeated() {
    for (vendor, line) in CREATES {
        let server = Server::answering([hurried(throttled(vendor)), hurried(throttled(vendor)), fine(vendor)]);
        server.world(vendor).run(&format!("{line} --retries 2")).ok();
        assert_eq!(server.count(), 3, "{vendor}");
        let server = Server::answering([hurried(throttled(vendor))]);
        let run = server.world(vendor).run(&format!("{line} --retries 1 -o json"));
        let error = failed(run, "throttled", 6);
        let known = ["attempts", "outcome", "retryable", "request_id"].map(|key| &error[key]);
        assert_eq!(known, [&json!(2), &json!("refused"), &json!(true), &json!("r-0")], "{error}");
        // No option of that name is there to be lowered.
        assert!(!error["hint"].as_str().unwrap().contains("--rate"), "{error}");
    }
}

#[test]
fn a_repeated_harmless_write_may_be_repeated() {
    let line = "api volcengine UpdateEncryptHLS URL=http://example.kms.com/get_key? CycleTime=60 --yes --retries 1";
    let server = Server::answering([hurried(Answer::bad_gateway()), fine("volcengine")]);
    server.world("volcengine").run(line).ok();
    let bodies: Vec<_> = server.requests().into_iter().map(|request| request.body).collect();
    assert_eq!((bodies.len(), &bodies[0]), (2, &bodies[1]));
}

#[test]
fn the_vendor_says_how_long_to_wait() {
    let server = Server::answering([hurried(throttled("volcengine")), fine("volcengine")]);
    let run = server.world("volcengine").run(&format!("{} --retries 1", READS[2].1)).ok();
    assert!(run.stderr.contains("next in 0.0 s"), "{run}");
}

/// What a vendor shows of the domain that `CREATES` adds.
fn shown(vendor: &str, name: &str) -> Answer {
    Answer::json(match vendor {
        "tencent" => json!({"Response": {"RequestId": "r-2", "DomainInfo": {"Name": name, "Type": 0, "Status": 1}}}),
        _ => json!({"RequestId": "r-2", "DomainDetail": {"DomainName": name, "DomainStatus": "configuring"}}),
    })
}

#[test]
fn a_create_whose_answer_was_lost_is_looked_up_and_never_sent_again() {
    for (name, outcome) in [("a.example.com", "applied"), ("another.example.com", "unknown")] {
        for (vendor, line) in &CREATES[..2] {
            let server = Server::answering([Answer::Close, shown(vendor, name)]);
            let error = failed(server.world(vendor).run(&format!("{line} -o json")), "network", 7);
            assert_eq!((&error["outcome"], &error["attempts"]), (&json!(outcome), &json!(1)), "{error}");
            let asked: Vec<String> = server.requests().iter().map(|request| request.action()).collect();
            let look = if *vendor == "tencent" { "DescribeLiveDomain" } else { "DescribeLiveDomainDetail" };
            assert_eq!(asked, ["AddLiveDomain", look]);
            let told = error["hint"].as_str().unwrap().contains("shows it as it was asked for");
            assert_eq!(told, outcome == "applied", "{error}");
        }
    }
}

#[test]
fn what_was_there_before_under_the_name_is_no_proof() {
    let world = World::sandbox("tencent");
    world.run("domain add pr.example.com --type play -q").ok();
    let lost = "domain add pr.example.com --type push -o json --retries 0 --fault tencent:AddLiveDomain:drop";
    let error = failed(world.run(lost), "network", 7);
    assert_eq!(error["outcome"], "unknown", "{error}");
    let hint = error["hint"].as_str().unwrap();
    let expected = "DescribeLiveDomain shows one of that name, and another: DomainType is 1 (playback), not 0 (push)";
    assert!(hint.contains(expected), "{error}");
    assert_eq!(world.run("domain show pr.example.com -o json").ok().json()["type"], "play");

    let run = world.run(&format!("{lost} --if-not-exists")).ok();
    assert_eq!(run.json()["changed"], false);
    assert!(
        run.stderr.contains("`pr.example.com` is there already, and is left as it is: type is play, not push"),
        "{run}"
    );
    // What the lost call made is there as it was asked for.
    let made =
        world.run(&lost.replace("pr.example.com", "new.example.com").replace("-o json", "-o json --if-not-exists"));
    assert_eq!((&made.json()["changed"], &made.json()["action"]), (&json!(true), &json!("AddLiveDomain")), "{made}");
}

/// A vendor's refusal because the thing is not there.
fn missing(vendor: &str) -> Answer {
    match vendor {
        "tencent" => Answer::json(json!({"Response": {"RequestId": "r-0", "Error":
            {"Code": "ResourceNotFound.DomainNotExist", "Message": "The domain does not exist."}}})),
        "aliyun" => Answer::status(
            404,
            "application/json",
            json!({"RequestId": "r-0", "Code": "InvalidDomain.NotFound", "Message": "The domain is not found."}),
        ),
        _ => Answer::status(
            404,
            "application/json",
            json!({"ResponseMetadata": {"RequestId": "r-0", "Error":
                {"Code": "ResourceNotFound", "CodeN": 100_007, "Message": "not found"}}}),
        ),
    }
}

#[test]
fn what_is_gone_when_a_lost_removal_is_repeated_was_removed_by_it() {
    for (vendor, line) in [
        ("tencent", "api tencent DeleteLiveDomain DomainName=a.example.com DomainType=0 --yes"),
        ("aliyun", "api aliyun DeleteLiveDomain DomainName=a.example.com --yes"),
        ("volcengine", "api volcengine DeleteDomain Domain=a.example.com --yes"),
    ] {
        let server = Server::answering([hurried(Answer::bad_gateway()), missing(vendor)]);
        let run = server.world(vendor).run(line).ok();
        assert!(run.stderr.contains("gone at attempt 2: one before it took effect"), "{run}");
        // At the first attempt, and after one that was refused, it was never there.
        for answers in [vec![missing(vendor)], vec![hurried(throttled(vendor)), missing(vendor)]] {
            let server = Server::answering(answers);
            let error = failed(server.world(vendor).run(&format!("{line} -o json")), "not-found", 4);
            assert_eq!(error["outcome"], "refused");
        }
    }
}

#[test]
fn a_message_and_a_kill_are_not_repeated() {
    for (vendor, line) in [
        ("tencent", "api tencent DropLiveStream DomainName=a.example.com AppName=live StreamName=s1 --yes"),
        ("aliyun", "api aliyun RestartCaster CasterId=c-1"),
        ("volcengine", "api volcengine KillStream App=live Stream=s1 Vhost=a.example.com --yes"),
    ] {
        let server = Server::answering([hurried(Answer::bad_gateway()), fine(vendor)]);
        let error = failed(server.world(vendor).run(&format!("{line} -o json")), "vendor", 8);
        assert_eq!((&error["outcome"], server.count()), (&json!("unknown"), 1), "{error}");
    }
}

#[test]
fn a_refusal_after_a_lost_attempt_does_not_say_that_nothing_happened() {
    let line = "api volcengine UpdateEncryptHLS URL=http://example.kms.com/get_key? CycleTime=60 --yes -o json";
    let denied = json!({"ResponseMetadata": {"RequestId": "r-0", "Error":
        {"Code": "RequestForbidden.AccountIDNotAllow", "CodeN": 100_006, "Message": "no"}}});
    let server = Server::answering([hurried(Answer::bad_gateway()), Answer::status(403, "application/json", denied)]);
    let error = failed(server.world("volcengine").run(line), "auth", 3);
    assert_eq!((&error["outcome"], &error["attempts"]), (&json!("unknown"), &json!(2)), "{error}");
}

#[test]
fn a_vendor_that_asks_for_too_long_a_wait_is_not_waited_for() {
    let Answer::Http(status, mut headers, body) = throttled("aliyun") else { panic!("an answer") };
    headers.push(("retry-after", "3600".to_owned()));
    let server = Server::answering([Answer::Http(status, headers, body)]);
    let error = failed(server.world("aliyun").run(&format!("{} -o json", READS[1].1)), "throttled", 6);
    assert!(error["hint"].as_str().unwrap().contains("the vendor asks to wait 3600 s"), "{error}");
    assert_eq!(server.count(), 1);
}
