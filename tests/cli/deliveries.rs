//! `callback listen`, `send` and `verify`: what comes from the vendors, held against their keys.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::{Child, Stdio};

use serde_json::{Value, json};

use crate::assert_run;
use crate::harness::{PROGRAM, Run, World};
use crate::server::{Answer, Server};

/// MD5 of `testkey` and the first second of 2100, by another implementation.
const SIGN: &str = "f74206245abdbfcacfd12ec124b3da91";
const T: i64 = 4_102_444_800;
/// MD5 of `hooks.example.com|1519375990|yourkey`, by another implementation.
const ALIYUN_SIGN: &str = "bcd42aab75099fbd863a0aac9b9e282c";

/// A listener in a process of its own, which ends with this.
struct Listener {
    child: Child,
    address: String,
    stderr: BufReader<std::process::ChildStderr>,
    world: World,
}

impl Listener {
    fn start(options: &str) -> Listener {
        let world = World::empty();
        world.write("key.txt", "testkey\n");
        world.write("aliyun.txt", "yourkey");
        let mut command = world.command(PROGRAM);
        command.args(["callback", "listen", "--port", "0"]).args(options.split_whitespace());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        stderr.read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).unwrap_or_else(|| panic!("{line}"));
        let address = address.split([';', '/']).next().unwrap().to_owned();
        Listener { child, address, stderr, world }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What is answered to these bytes.
    fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        // Who is refused early reads no more.
        let _ = stream.write_all(bytes);
        let _ = stream.shutdown(Shutdown::Write);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn post(&self, path: &str, body: &str) -> String {
        let length = body.len();
        let head = format!("POST {path} HTTP/1.1\r\nHost: hooks.example.com\r\nContent-Length: {length}\r\n\r\n");
        self.raw(format!("{head}{body}").as_bytes())
    }

    fn status(answer: &str) -> &str {
        answer.split(' ').nth(1).unwrap_or_default()
    }

    /// Waits for its end: its rows, what else it said, its exit status.
    fn end(mut self) -> (Vec<Value>, String, i32) {
        let mut stdout = String::new();
        self.child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
        let mut stderr = String::new();
        self.stderr.read_to_string(&mut stderr).unwrap();
        let rows = stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        (rows, stderr, self.child.wait().unwrap().code().unwrap_or(-1))
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn push(sign: &str, t: impl Into<Value>) -> String {
    // The example of Tencent's document, with a signature of our own in place of its masked one.
    json!({
        "app": "test.domain.com", "appid": 12_345_678, "appname": "live", "channel_id": "test_stream", "errcode": 0,
        "errmsg": "ok", "event_time": 1_703_731_478, "event_type": 1, "height": 0, "idc_id": 34,
        "node": "42.81.194.37", "sequence": "2210464508206756938", "set_id": 2, "sign": sign,
        "stream_id": "test_stream", "stream_param": "stream_param=test", "t": t.into(), "user_ip": "1.1.1.1", "width": 0,
    })
    .to_string()
}

fn send(world: &World, url: &str, vendor: &str, more: &str) -> Run {
    world.run(&format!("callback send --url {url} --vendor {vendor} {more}"))
}

#[test]
fn every_event_of_every_vendor_is_sent_received_and_verified() {
    for (vendor, events) in [
        (
            "tencent",
            "stream-begin stream-end push-exception relay record record-status record-exception snapshot audit audio-audit",
        ),
        ("aliyun", "stream-begin stream-end record record-started record-on-demand audio-audit"),
        ("volcengine", "stream-begin stream-end record snapshot audit"),
    ] {
        let events: Vec<&str> = events.split(' ').collect();
        let listener = Listener::start(&format!("--key {vendor}=@key.txt --limit {}", events.len()));
        let place = "--event all --key @key.txt --domain push.example.com --app live --stream 流1 -o json";
        let sent = send(&listener.world, &listener.url("/live?yours=1"), vendor, place).ok().json();
        for row in sent.as_array().unwrap() {
            assert_eq!((&row["status"], &row["accepted"], &row["attempts"]), (&json!(200), &json!(true), &json!(1)));
        }
        let (rows, stderr, code) = listener.end();
        assert_eq!((code, stderr.as_str()), (0, ""));
        let came: Vec<&str> = rows.iter().map(|row| row["event"].as_str().unwrap()).collect();
        assert_eq!(came, events, "{vendor}");
        for row in rows {
            assert_eq!((&row["vendor"], &row["verified"]), (&json!(vendor), &json!(true)), "{row}");
            assert_eq!((&row["stream"], &row["path"]), (&json!("流1"), &json!("/live")), "{row}");
        }
    }
}

#[test]
fn a_vendors_printed_example_is_taken_and_answered_as_it_expects() {
    let listener = Listener::start(
        "--key tencent=@key.txt --key volcengine=@key.txt --key aliyun=@aliyun.txt --window 36500d --limit 5",
    );
    let taken = listener.post("/live", &push(SIGN, T));
    assert!(taken.starts_with("HTTP/1.1 200 OK\r\n") && taken.ends_with("\r\n\r\n{\"code\":0}"), "{taken}");
    // BytePlus prints the same with an empty signature.
    let body = json!({"code": 0, "message": "ok", "data": {
        "vhost": "push.example.com", "domain": "push.example.com", "app": "live", "stream": "stream-123456",
        "event_type": "push_start", "sign": SIGN, "t": T,
        "detail": {"time": 1_640_849_510, "time_ms": 1_640_849_510_029_i64, "transcoded": false}}});
    assert_eq!(Listener::status(&listener.post("/", &body.to_string())), "200");
    let signed = format!(
        "Host: hooks.example.com:80\r\nALI-LIVE-TIMESTAMP: 1519375990\r\nALI-LIVE-SIGNATURE: {ALIYUN_SIGN}\r\n\r\n"
    );
    let query = "/?action=publish&app=xc.cdnpe.com&appname=hello&id=world&ip=42.120.74.183&node=cdnvideocenter";
    assert_eq!(Listener::status(&listener.raw(format!("GET {query} HTTP/1.1\r\n{signed}").as_bytes())), "200");
    let question = "/?app=seq_all&domain=qt01.alivecdn.com&stream=ondemand8&vbitrate=2000&codec=h264";
    let asked = listener.raw(format!("GET {question} HTTP/1.1\r\n{signed}").as_bytes());
    assert!(asked.ends_with("\r\n\r\n{\"ApiVersion\":\"1.0\",\"NeedRecord\":false}"), "{asked}");
    let record = r#"{"domain":"qt01.alivecdn.com","app":"mp4flvtest_flv","stream":"callback_test","uri":"a.flv","duration":69.403,"start_time":1488985786,"stop_time":1488985840}"#;
    let head = format!("POST / HTTP/1.1\r\nContent-Length: {}\r\n{signed}{record}", record.len());
    assert_eq!(Listener::status(&listener.raw(head.as_bytes())), "200");
    let (rows, ..) = listener.end();
    let told: Vec<Value> = rows
        .iter()
        .map(|row| json!([row["vendor"], row["event"], row["domain"], row["app"], row["stream"], row["time"]]))
        .collect();
    assert_eq!(
        told,
        [
            json!(["tencent", "stream-begin", "test.domain.com", "live", "test_stream", "2023-12-28T02:44:38Z"]),
            json!(["volcengine", "stream-begin", "push.example.com", "live", "stream-123456", "2021-12-30T07:31:50Z"]),
            json!(["aliyun", "stream-begin", "xc.cdnpe.com", "hello", "world", null]),
            json!(["aliyun", "record-on-demand", "qt01.alivecdn.com", "seq_all", "ondemand8", null]),
            json!(["aliyun", "record", "qt01.alivecdn.com", "mp4flvtest_flv", "callback_test", null]),
        ]
    );
    assert!(rows.iter().all(|row| row["verified"] == true && row["reason"].is_null()), "{rows:?}");
    assert!(!format!("{rows:?}").contains(SIGN), "a signature is a secret: {rows:?}");
}

#[test]
fn a_flipped_byte_of_what_is_signed_is_refused() {
    let listener = Listener::start("--key @key.txt --show-refused --limit 37");
    for place in 0..SIGN.len() {
        let mut sign = SIGN.as_bytes().to_vec();
        sign[place] ^= 1;
        let answer = listener.post("/", &push(std::str::from_utf8(&sign).unwrap(), T));
        assert!(answer.starts_with("HTTP/1.1 403 ") && answer.ends_with("\r\n\r\nmismatch\n"), "{place}: {answer}");
    }
    for (sign, t, reason) in [
        (SIGN, json!(T + 1), "mismatch"),
        // Correct, and long ago: the vector of the references.
        ("74f3243857643bb52260665130d481dc", json!(1_757_066_192), "expired"),
        ("", json!(T), "unsigned"),
        (SIGN, json!(null), "unsigned"),
        (SIGN, json!("4102444800 "), "unreadable-time"),
    ] {
        let answer = listener.post("/", &push(sign, t));
        assert!(answer.starts_with("HTTP/1.1 403 ") && answer.ends_with(&format!("\n{reason}\n")), "{answer}");
    }
    let (rows, stderr, code) = listener.end();
    assert_eq!((rows.len(), code), (37, 0));
    assert!(rows.iter().all(|row| row["verified"] == false && row["reason"].is_string()), "{rows:?}");
    assert_eq!(stderr.lines().count(), 37, "{stderr}");
    assert!(stderr.lines().all(|line| line.starts_with("warning: refused POST / of 127.0.0.1:")), "{stderr}");
}

#[test]
fn hostile_requests_change_nothing_for_others() {
    let listener = Listener::start("--key @key.txt --path /live --limit 1");
    let deep = "[".repeat(200_000);
    let large = "x".repeat(300 * 1024);
    let many = (0..100).map(|n| format!("X-{n}: 1\r\n")).collect::<String>();
    for (bytes, status) in [
        (b"\x16\x03\x01\x02\x00\x01\x00".to_vec(), "400"),
        (b"GET /live HTTP/9.9\r\n\r\n".to_vec(), "400"),
        (format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(64 * 1024)).into_bytes(), "431"),
        (format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "a".repeat(64 * 1024)).into_bytes(), "431"),
        (format!("GET / HTTP/1.1\r\n{many}\r\n").into_bytes(), "431"),
        (b"POST /live HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n{".to_vec(), "413"),
        (b"POST /live HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".to_vec(), "400"),
        (b"BREW /live HTTP/1.1\r\nHost: a\r\n\r\n".to_vec(), "405"),
        (b"GET /other HTTP/1.1\r\nHost: a\r\n\r\n".to_vec(), "404"),
    ] {
        let answer = listener.raw(&bytes);
        assert_eq!(
            Listener::status(&answer),
            status,
            "{:?}: {answer}",
            String::from_utf8_lossy(&bytes[..bytes.len().min(60)])
        );
    }
    for (body, status) in [
        (large.as_str(), "413"),
        (&*format!("{{\"a\":{deep}"), "400"),
        ("[]", "400"),
        ("[{\"event_type\":1},{\"event_type\":1}]", "400"),
        ("\u{0}\u{1}", "400"),
        ("{\"event_type\":1}\n{\"event_type\":1}", "400"),
        ("{\"a\":1}", "400"),
        ("{\"event_type\":{\"a\":1},\"sign\":{},\"t\":[[]]}", "400"),
        ("{\"event_type\":1,\"sign\":[\"a\"],\"t\":{\"b\":1}}", "403"),
    ] {
        assert_eq!(Listener::status(&listener.post("/live", body)), status, "{}", &body[..body.len().min(60)]);
    }
    // One that sends nothing, and one that goes in the middle of its body.
    let silent = TcpStream::connect(&listener.address).unwrap();
    drop(
        TcpStream::connect(&listener.address).unwrap().write_all(b"POST /live HTTP/1.1\r\nContent-Length: 9\r\n\r\n{"),
    );
    assert_eq!(Listener::status(&listener.post("/live", &push(SIGN, T))), "200");
    drop(silent);
    let (rows, _, code) = listener.end();
    assert_eq!((rows.len(), code), (1, 0));
}

#[test]
fn without_a_key_nothing_is_verified_and_it_says_so() {
    let mut listener = Listener::start("--limit 1");
    let mut warning = String::new();
    listener.stderr.read_line(&mut warning).unwrap();
    assert_eq!(warning, "warning: without --key nothing is verified: anybody's callback is taken\n");
    assert_eq!(Listener::status(&listener.post("/", &push("", 0))), "200");
    let (rows, ..) = listener.end();
    assert_eq!((&rows[0]["verified"], &rows[0]["reason"]), (&json!(null), &json!(null)));
}

#[test]
fn what_is_forwarded_is_answered_by_whom_it_was_forwarded_to() {
    let yours =
        Server::answering([Answer::status(200, "text/plain", "kept"), Answer::status(503, "text/plain", "busy")]);
    let listener = Listener::start(&format!("--key @key.txt --limit 2 --forward {}/in?a=1", yours.endpoint()));
    assert_eq!(Listener::status(&listener.post("/live?b=2", &push("wrong", T))), "403");
    let taken = listener.post("/live?b=2", &push(SIGN, T));
    assert!(taken.starts_with("HTTP/1.1 200 ") && taken.ends_with("\r\n\r\nkept"), "{taken}");
    assert_eq!(Listener::status(&listener.post("/live", &push(SIGN, T))), "503");
    let (rows, ..) = listener.end();
    let forwarded: Vec<&Value> = rows.iter().map(|row| &row["forwarded"]).collect();
    assert_eq!(forwarded, [&json!(200), &json!(503)]);
    let requests = yours.take();
    assert_eq!(requests.len(), 2, "what is refused is not forwarded");
    assert_eq!(requests[0].text(), push(SIGN, T));
    assert_eq!((requests[0].query("a").as_deref(), requests[0].query("b").as_deref()), (Some("1"), Some("2")));
}

#[test]
fn what_cannot_be_forwarded_is_for_the_vendor_to_send_again() {
    let listener = Listener::start(&format!("--key @key.txt --limit 1 --forward {}", Server::gone().endpoint()));
    assert_eq!(Listener::status(&listener.post("/", &push(SIGN, T))), "502");
    let (rows, stderr, code) = listener.end();
    assert_eq!((&rows[0]["forwarded"], &rows[0]["reason"], code), (&json!(null), &json!("not-forwarded"), 0));
    assert!(stderr.starts_with("warning: forwarding failed: connect to 127.0.0.1:1"), "{stderr}");
}

#[test]
fn a_reader_that_goes_ends_it_quietly() {
    let mut listener = Listener::start("--key @key.txt");
    drop(listener.child.stdout.take());
    // What nobody could read is not taken: the vendor sends it again. Another test that starts a program at this moment
    // holds the pipe open until it has begun.
    let mut statuses = std::iter::repeat_with(|| Listener::status(&listener.post("/", &push(SIGN, T))).to_owned());
    assert_eq!(statuses.find(|status| status != "200").as_deref(), Some("503"));
    let mut stderr = String::new();
    listener.stderr.read_to_string(&mut stderr).unwrap();
    assert_eq!((listener.child.wait().unwrap().code(), stderr.as_str()), (Some(0), ""));
}

#[cfg(unix)]
#[test]
fn an_interrupt_is_its_end() {
    let listener = Listener::start("--key @key.txt");
    assert_eq!(Listener::status(&listener.post("/", &push(SIGN, T))), "200");
    let killed = std::process::Command::new("kill").args(["-INT", &listener.child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let (rows, stderr, code) = listener.end();
    assert_eq!((rows.len(), stderr.as_str(), code), (1, "", 0));
}

#[test]
fn what_prints_only_at_the_end_is_refused() {
    let world = World::empty();
    world.write("key.txt", "testkey");
    assert_run!(world.run("callback listen --port 0 --key @key.txt -o table").fails(2));
    assert_run!(world.run("callback listen --port 0 --key @key.txt --sort-by event").fails(2));
    assert_run!(world.run("callback listen --port 0 --key @missing.txt").fails(2));
    assert_run!(world.run("callback listen --port 0 --path live --forward ftp://a").fails(2));
    assert_run!(world.run("callback listen --port 0 --key @key.txt --limit 0").fails(2));
    assert_run!(world.run("callback listen --port 1 --bind 192.0.2.1 --key @key.txt").fails(2));
}

#[test]
fn what_was_stored_is_verified_later() {
    let listener = Listener::start("--key @key.txt --raw --reveal --limit 2");
    assert_eq!(Listener::status(&listener.post("/live", &push(SIGN, T))), "200");
    let sent = send(&listener.world, &listener.url("/a?x=1"), "aliyun", "--event stream-end --key @key.txt");
    assert_eq!(sent.code, 0, "{sent}");
    let world = World::empty();
    world.write("key.txt", "testkey");
    world.write("other.txt", "otherkey");
    let (rows, ..) = listener.end();
    let stored: String = rows.iter().map(|row| format!("{row}\n")).collect();
    assert_run!(
        world.run_with_input("callback verify --key @key.txt --columns vendor,event,app,verified", &stored).ok()
    );
    let refused = world.run_with_input("callback verify --key @other.txt -o ndjson", &stored);
    assert_eq!(refused.code, 1, "{refused}");
    assert_eq!(refused.stdout.matches("\"verified\":false,\"reason\":\"mismatch\"").count(), 2, "{refused}");
    let masked = stored.replace(SIGN, "***");
    let run = world.run_with_input("callback verify --key @key.txt -o ndjson", &masked);
    assert!(run.code == 1 && run.stderr.contains("--raw --reveal"), "{run}");
}

#[test]
fn a_stored_callback_is_verified_alone() {
    let world = World::empty();
    world.write("key.txt", "testkey");
    world.write("aliyun.txt", "yourkey");
    let old = push("74f3243857643bb52260665130d481dc", 1_757_066_192);
    let verify = |options: &str, input: &str| world.run_with_input(&format!("callback verify {options}"), input);
    assert_run!(verify("--key @key.txt -o json", &old).ok());
    assert_eq!(verify("--key @key.txt --at 2025-09-05T09:56:32Z", &old).code, 0);
    let late = verify("--key @key.txt --at 2025-09-05T09:56:33Z -o json", &old);
    assert_eq!((late.code, &late.json()["reason"]), (1, &json!("expired")));
    assert_eq!(verify("--key @key.txt", &old.replace("74f3", "74f4")).code, 1);
    let query = "/?action=publish&app=push.example.com&appname=live&id=s1";
    let words = |sign: &str| {
        let signature = format!("ALI-LIVE-SIGNATURE: {sign}");
        let time = "ALI-LIVE-TIMESTAMP: 1519375990";
        let host = ["--host", "hooks.example.com", "--key", "@aliyun.txt", "-o", "json"];
        world.run_words(&[&["callback", "verify", query, "--header", time, "--header", &signature], &host[..]].concat())
    };
    assert_eq!(words(ALIYUN_SIGN).ok().json()["verified"], true);
    assert_eq!(words(&ALIYUN_SIGN.replace("bcd4", "bcd5")).code, 1);
    assert_run!(verify("", &old).fails(2));
    assert_run!(verify("--key @key.txt --header nothing --at soon", &old).fails(2));
    assert_run!(verify("--key @key.txt", "{\"a\":1}").fails(2));
    assert_run!(verify("--key @key.txt", "[]").fails(2));
    assert_run!(verify("--key @key.txt", "{\"method\":\"GET\",\"target\":\"/\",\"headers\":{}}").fails(2));
}

#[test]
fn an_endpoint_that_does_not_take_it_is_tried_as_the_vendor_does() {
    for (vendor, event, attempts) in [
        ("tencent", "stream-begin", 13),
        ("tencent", "snapshot", 6),
        ("aliyun", "record", 6),
        ("volcengine", "record", 13),
    ] {
        let yours = Server::answering([Answer::status(500, "text/plain", "no")]);
        let retries = format!("--event {event} --vendor-retries --speed 100000 -o json -q");
        let run = send(&World::empty(), &yours.endpoint(), vendor, &retries);
        assert_eq!((run.code, yours.count()), (1, attempts), "{run}");
        let row = run.json();
        assert_eq!((&row["accepted"], &row["attempts"]), (&json!(false), &json!(attempts)));
    }
    let yours = Server::answering([Answer::bad_gateway(), Answer::status(200, "text/plain", "")]);
    let options = "--event record --vendor-retries --speed 100000 -o json";
    let run = send(&World::empty(), &yours.endpoint(), "aliyun", options).ok();
    assert_eq!(run.json()["attempts"], 2);
    assert!(run.stderr.contains("attempt 1 of record: HTTP 502; next in 0.00001 s"), "{run}");
    let once = Server::answering([Answer::status(204, "text/plain", "")]);
    assert_eq!(send(&World::empty(), &once.endpoint(), "aliyun", "--event record").code, 1);
    assert_eq!(once.count(), 1);
}

#[test]
fn a_callback_is_shown_before_it_is_sent() {
    let world = World::empty();
    world.write("key.txt", "testkey");
    let options = "--event stream-begin --key @key.txt --at 2026-01-01T00:00:00Z --expires 2100-01-01T00:00:00Z \
        --set errcode:=7 --set errmsg=kaputt --dry-run";
    let url = "http://hooks.example.com/live";
    assert_run!(send(&world, url, "tencent", options).ok());
    let revealed = send(&world, url, "tencent", &format!("{options} --reveal")).ok();
    assert_eq!((&revealed.json()["body"]["sign"], &revealed.json()["body"]["t"]), (&json!(SIGN), &json!(T)));
    world.write("aliyun.txt", "yourkey");
    let signed = "--event record --key @aliyun.txt --sent 2018-02-23T08:53:10Z --dry-run --reveal";
    let shown = send(&world, url, "aliyun", signed).ok();
    assert_eq!(shown.json()["headers"]["ALI-LIVE-SIGNATURE"], ALIYUN_SIGN);
}

#[test]
fn what_cannot_be_sent_is_told_at_once() {
    let world = World::empty();
    let wrong = "callback send --url hooks.example.com --event stream-begun --at soon --set x --vendor tencent";
    assert_run!(world.run(wrong).fails(2));
    assert_run!(world.run("callback send --url http://127.0.0.1:1 --event record").fails(2));
    assert_run!(world.run("callback send --url http://127.0.0.1:1 --event snapshot --vendor aliyun").fails(2));
    assert_run!(world.run("callback send --url http://127.0.0.1:1 --event record --vendor aliyun").fails(7));
    // A body of one's own is signed all the same.
    world.write("key.txt", "testkey");
    world.write("body.json", "{\"DomainName\":\"play.example.com\",\"AppName\":\"live\"}");
    let own = "--event snapshot --body @body.json --key @key.txt --expires 2100-01-01T00:00:00Z --dry-run --reveal";
    let shown = send(&world, "http://127.0.0.1:1", "tencent", &format!("{own} --set more=1")).ok();
    let body = json!({"DomainName": "play.example.com", "AppName": "live", "more": "1", "t": T, "sign": SIGN});
    assert_eq!(shown.json()["body"], body);
    // Also where there is a sample.
    let own = own.replace("snapshot", "stream-begin");
    assert_eq!(send(&world, "http://127.0.0.1:1", "tencent", &format!("{own} --set more=1")).ok().json()["body"], body);
}

#[test]
fn what_the_signature_makes_is_not_set_by_hand() {
    let world = World::empty();
    world.write("key.txt", "testkey");
    let line = "--event stream-begin --dry-run --reveal --set sign=x --set t:=1";
    assert_run!(send(&world, "http://127.0.0.1:1", "tencent", &format!("{line} --key @key.txt")).fails(2));
    let unsigned = send(&world, "http://127.0.0.1:1", "tencent", line).ok().json();
    assert_eq!((&unsigned["body"]["sign"], &unsigned["body"]["t"]), (&json!("x"), &json!(1)));
    send(&world, "http://127.0.0.1:1", "aliyun", &format!("{line} --key @key.txt")).ok();
}

#[test]
fn the_vendor_may_be_that_of_the_profile() {
    let world = World::empty();
    world.profiles(
        "[profiles.t]\nvendor = \"tencent\"\n[profiles.u]\nvendor = \"tencent\"\n[profiles.v]\nvendor = \"volcengine\"\n",
    );
    let line = "callback send --url http://127.0.0.1:1 --event stream-begin --dry-run";
    for (more, vendor) in [("-p v", "volcengine"), ("-p t,u", "tencent"), ("-p v --vendor aliyun", "aliyun")] {
        assert_eq!(world.run(&format!("{line} {more}")).ok().json()["vendor"], vendor, "{more}");
    }
    for more in ["-p t,v", "-p nobody", ""] {
        world.run(&format!("{line} {more}")).fails(2);
    }
}

#[test]
fn a_key_on_the_command_line_is_warned_of_and_never_shown() {
    let world = World::empty();
    let yours = Server::answering([Answer::status(500, "text/plain", "you sent s3cretkey0")]);
    let run = send(&world, &yours.endpoint(), "tencent", "--event record --key s3cretkey0 -vv");
    assert!(run.stderr.contains("--key was typed as an argument"), "{run}");
    assert!(!run.stderr.contains("s3cretkey0"), "{run}");
    let url = format!("{}/hook?token=s3cretkey0", yours.endpoint());
    let masked = send(&world, &url, "tencent", "--event record -o json");
    assert!(masked.json()["url"].as_str().unwrap().ends_with("token=***"), "{masked}");
}

#[test]
fn the_key_comes_from_the_account() {
    // Computed by another implementation of MD5, of `testkey0123456789ab` and the times below.
    for (vendor, domain, event, place, signature) in [
        ("tencent", "push.example.com", "stream-begin", "/body/sign", "374aa547f1288a7aa9038a8d1cfb0674"),
        ("aliyun", "play.example.com", "snapshot", "/headers/ALI-LIVE-SIGNATURE", "f3aeabf459a51d8f310607ed53971d47"),
        ("volcengine", "push.example.com", "stream-begin", "/body/sign", "374aa547f1288a7aa9038a8d1cfb0674"),
    ] {
        let world = World::sandbox(vendor);
        world.write("key.txt", "testkey0123456789ab");
        let kind = if domain.starts_with("push") { "push" } else { "play" };
        let _ = world.run(&format!("domain add {domain} --type {kind} --area mainland"));
        let app = if vendor == "aliyun" { "" } else { "--app live" };
        let set = format!(
            "callback set --domain {domain} {app} --event {event} --url http://a.example.com --key @key.txt --yes"
        );
        world.run(&set).ok();
        let times = "--expires 2100-01-01T00:00:00Z --sent 2018-02-23T08:53:10Z --dry-run --reveal";
        let body = if vendor == "aliyun" { "--body {\"DomainName\":\"a\"}" } else { "" };
        let send =
            format!("callback send --url http://hooks.example.com/ --key-of {domain} --event {event} {times} {body}");
        let shown = world.run(&send).ok();
        assert_eq!(shown.json().pointer(place), Some(&json!(signature)), "{shown}");
        let masked = world.run(&send.replace(" --reveal", "")).ok();
        assert!(!masked.to_string().contains("testkey0123456789ab"), "{masked}");
        let none =
            world.run("callback send --url http://a.example.com --event record --key-of other.example.com --dry-run");
        assert_eq!(none.code, 4, "{none}");
    }
}

/// How much memory a process holds now, in KiB.
#[cfg(target_os = "linux")]
fn held(child: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn good_and_hostile_requests_leave_memory_flat() {
    let mut listener = Listener::start("--key @key.txt --path /live");
    // Read as fast as they come: a full pipe would stop it. Of refusals a page is told, and the rest counted.
    let mut rows = listener.child.stdout.take().unwrap();
    let reading = std::thread::spawn(move || std::io::copy(&mut rows, &mut std::io::sink()).unwrap());
    let post = |body: &str| {
        let mut stream = TcpStream::connect(&listener.address).unwrap();
        let head = format!("POST /live HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n", body.len());
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        Listener::status(&answer).to_owned()
    };
    let (good, forged) = (push(SIGN, T), push("0", T));
    let (large, garbage) = ("x".repeat(200 * 1024), "[".repeat(4000));
    let round = |times: usize| {
        for _ in 0..times {
            assert_eq!(post(&good), "200");
            assert_eq!(post(&forged), "403");
            assert_eq!(post(&large), "400");
            assert_eq!(post(&garbage), "400");
        }
    };
    round(250);
    let before = held(&listener.child);
    round(500);
    let after = held(&listener.child);
    assert!(after < before + 1024, "{before} KiB before, {after} KiB after 2000 requests more");
    listener.child.kill().unwrap();
    listener.child.wait().unwrap();
    assert!(reading.join().unwrap() > 0);
}
