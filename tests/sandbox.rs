//! The sandbox over a real socket: signed requests of every scheme, faults on the wire, state between servers.

#![allow(clippy::unwrap_used, reason = "a test may stop where it fails")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;

use livectl::model::{Credentials, Method, Request, Secret};
use livectl::sandbox::{Keys, Options, Running, parse_faults, reset, start};
use livectl::sign::{Moment, Scheme, sign};
use serde_json::{Value, json};

/// One request in a vendor's wire form, without signature.
struct Ask {
    method: Method,
    scheme: Scheme,
    query: Vec<(&'static str, &'static str)>,
    headers: Vec<(&'static str, &'static str)>,
    body: Vec<u8>,
}

fn tencent(action: &'static str, params: &Value) -> Ask {
    let headers = vec![
        ("Content-Type", "application/json; charset=utf-8"),
        ("X-TC-Action", action),
        ("X-TC-Version", "2018-08-01"),
        ("X-TC-Region", "ap-guangzhou"),
    ];
    let body = params.to_string().into_bytes();
    Ask { method: Method::Post, scheme: Scheme::Tc3, query: Vec::new(), headers, body }
}

fn tencent_v1(scheme: Scheme) -> Ask {
    let query = vec![("Action", "DescribeLiveDomains"), ("Version", "2018-08-01"), ("DomainPrefix", "a b+c*")];
    Ask { method: Method::Get, scheme, query, headers: Vec::new(), body: Vec::new() }
}

fn aliyun(scheme: Scheme, mut query: Vec<(&'static str, &'static str)>) -> Ask {
    query.extend([("Version", "2016-11-01"), ("Format", "JSON")]);
    Ask { method: Method::Post, scheme, query, headers: Vec::new(), body: Vec::new() }
}

fn volcengine(action: &'static str, params: &Value) -> Ask {
    let query = vec![("Action", action), ("Version", "2023-01-01")];
    let headers = vec![("Content-Type", "application/json")];
    let body = params.to_string().into_bytes();
    Ask { method: Method::Post, scheme: Scheme::Volcengine, query, headers, body }
}

fn credentials() -> Credentials {
    let keys = Keys::built_in();
    Credentials { access_key_id: keys.access_key_id, access_key_secret: keys.access_key_secret, session_token: None }
}

/// Signs and sends; the whole answer as it came.
fn send(address: SocketAddr, ask: &Ask, credentials: &Credentials, nonce: &str) -> String {
    let texts = |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let request = Request {
        method: ask.method,
        scheme: "http".to_owned(),
        host: address.to_string(),
        path: "/".to_owned(),
        query: texts(&ask.query),
        headers: texts(&ask.headers),
        body: ask.body.clone(),
    };
    let moment = Moment { at: jiff::Timestamp::now(), nonce, region: "cn-north-1" };
    let signed = sign(request, ask.scheme, credentials, &moment).unwrap();
    let target = signed.url().split_once(&address.to_string()).unwrap().1;
    let mut head = format!("{} {target} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n", signed.method().name());
    for (name, value) in signed.headers() {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("content-length: {}\r\n\r\n", signed.body().len()));
    exchange(address, &[head.as_bytes(), signed.body()].concat())
}

fn exchange(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    // A server that refuses early may close before all is written.
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn body(answer: &str) -> Value {
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap_or_else(|_| panic!("{answer}"))
}

/// Runs a client against a sandbox and stops it.
fn with_sandbox<T: Send + 'static>(options: Options, client: impl FnOnce(SocketAddr) -> T + Send + 'static) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let running: Running = start(options).await.unwrap();
        let address = running.address;
        tokio::task::spawn_blocking(move || client(address)).await.unwrap()
    })
}

fn kept(path: &Path) -> Options {
    let mut options = Options::new("prod");
    options.state_file = Some(path.to_owned());
    options
}

#[test]
fn every_scheme_is_believed_and_a_wrong_secret_is_not() {
    let list = || vec![("Action", "DescribeLiveUserDomains")];
    let asks = [
        (tencent("DescribeLiveDomains", &json!({})), "AuthFailure.SignatureFailure"),
        (tencent_v1(Scheme::TencentHmacSha1), "AuthFailure.SignatureFailure"),
        (tencent_v1(Scheme::TencentHmacSha256), "AuthFailure.SignatureFailure"),
        (aliyun(Scheme::AliyunRpc, list()), "SignatureDoesNotMatch"),
        (aliyun(Scheme::AliyunAcs3, list()), "SignatureDoesNotMatch"),
        (volcengine("DescribeEncryptHLS", &json!({})), "SignatureDoesNotMatch"),
    ];
    with_sandbox(Options::new("prod"), move |address| {
        for (at, (ask, refusal)) in asks.iter().enumerate() {
            let good = send(address, ask, &credentials(), &format!("1{at}"));
            assert!(good.starts_with("HTTP/1.1 200") && !good.contains("\"Code\""), "{good}");
            assert_eq!(good.to_lowercase().matches("\r\ndate: ").count(), 1, "{good}");
            let secret = Secret::new("another");
            let wrong = Credentials { access_key_secret: secret, ..credentials() };
            let bad = send(address, ask, &wrong, &format!("2{at}"));
            assert!(bad.contains(refusal), "{bad}");
            assert!(!bad.contains(Keys::built_in().access_key_secret.expose()), "{bad}");
            let stranger = Credentials { access_key_id: "AKIDsomeone".to_owned(), ..credentials() };
            let unknown = send(address, ask, &stranger, &format!("3{at}"));
            assert!(unknown.contains("NotFound") || unknown.contains("InvalidAccessKey"), "{unknown}");
        }
    });
}

#[test]
fn a_token_is_checked_with_each_vendor() {
    let mut options = Options::new("prod");
    options.session_token = Some(Secret::new("good-token"));
    with_sandbox(options, |address| {
        let asks = [
            (tencent("DescribeLiveDomains", &json!({})), "AuthFailure.TokenFailure"),
            (aliyun(Scheme::AliyunRpc, vec![("Action", "DescribeLiveUserDomains")]), "InvalidSecurityToken.Expired"),
            (volcengine("DescribeEncryptHLS", &json!({})), "InvalidSecretToken"),
        ];
        for (at, (ask, refusal)) in asks.iter().enumerate() {
            let with = |token: &str| Credentials { session_token: Some(Secret::new(token)), ..credentials() };
            let good = send(address, ask, &with("good-token"), &format!("1{at}"));
            assert!(good.starts_with("HTTP/1.1 200") && !good.contains("\"Code\""), "{good}");
            let bad = send(address, ask, &with("bad-token"), &format!("2{at}"));
            assert!(bad.contains(refusal) && !bad.contains("good-token"), "{bad}");
        }
    });
}

#[test]
fn state_survives_between_servers_and_is_kept_per_account() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state/sandbox.json");
    let add = tencent("AddLiveDomain", &json!({"DomainName": "a.example.com", "DomainType": 0}));
    let added = with_sandbox(kept(&path), move |address| send(address, &add, &credentials(), "1"));
    assert!(!body(&added)["Response"].as_object().unwrap().contains_key("Error"), "{added}");
    let count = |options: Options| {
        let list = tencent("DescribeLiveDomains", &json!({}));
        body(&with_sandbox(options, move |address| send(address, &list, &credentials(), "1")))["Response"]["AllCount"]
            .as_u64()
    };
    assert_eq!(count(kept(&path)), Some(1));
    let mut other = kept(&path);
    other.account = "other".to_owned();
    assert_eq!(count(other), Some(0));
    reset(&path, None).unwrap();
    assert_eq!(count(kept(&path)), Some(0));
}

#[test]
fn an_answer_is_dropped_or_cut_after_the_work_is_done() {
    let mut options = Options::new("prod");
    options.faults = vec![parse_faults("tencent:AddLiveDomain:drop,cut").unwrap()];
    with_sandbox(options, |address| {
        let add = |name: &str| tencent("AddLiveDomain", &json!({"DomainName": name, "DomainType": 0}));
        assert_eq!(send(address, &add("a.example.com"), &credentials(), "1"), "");
        let cut = send(address, &add("b.example.com"), &credentials(), "1");
        let promised =
            cut.to_lowercase().split_once("content-length: ").unwrap().1.split("\r\n").next().unwrap().parse();
        let (_, got) = cut.split_once("\r\n\r\n").unwrap();
        assert!(got.len() < promised.unwrap(), "{cut}");
        let list = send(address, &tencent("DescribeLiveDomains", &json!({})), &credentials(), "1");
        assert_eq!(body(&list)["Response"]["AllCount"], 2);
    });
}

#[test]
fn what_is_no_request_is_answered_calmly() {
    with_sandbox(Options::new("prod"), |address| {
        let plain = exchange(address, b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        assert!(plain.starts_with("HTTP/1.1 400") && plain.contains("sandbox"), "{plain}");
        let huge = format!(
            "POST / HTTP/1.1\r\nhost: x\r\nx-tc-action: AddLiveDomain\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            9 * 1024 * 1024
        );
        let answer = exchange(address, &[huge.as_bytes(), &vec![b' '; 9 * 1024 * 1024]].concat());
        // The rest of the body may break the connection before the answer is read; never is it performed.
        assert!(answer.is_empty() || answer.contains("RequestSizeLimitExceeded"), "{answer}");
        let _ = exchange(address, b"\x16\x03\x01\x02\x00 no HTTP at all \r\n\r\n");
        let again = send(address, &tencent("DescribeLiveDomains", &json!({})), &credentials(), "1");
        assert!(again.starts_with("HTTP/1.1 200"), "{again}");
    });
}

#[test]
fn only_loopback_is_listened_on_and_a_taken_port_is_told() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut options = Options::new("prod");
        options.listen = SocketAddr::from(([0, 0, 0, 0], 0));
        let error = start(options).await.unwrap_err();
        assert_eq!((error.class().exit_code(), error.to_string().contains("no loopback")), (2, true));
        let first = start(Options::new("prod")).await.unwrap();
        let mut options = Options::new("prod");
        options.listen = first.address;
        let error = start(options).await.unwrap_err();
        assert!(error.to_string().contains(&first.address.to_string()), "{error}");
    });
}
