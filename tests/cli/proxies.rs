//! The way to a vendor: proxies with a login, exceptions from them, certificates that hold and that do not, IPv6.

use std::io::Read;
use std::net::TcpListener;

use serde_json::{Value, json};

use crate::answers::{CREATES, READS};
use crate::errors::failed;
use crate::harness::{Run, World};
use crate::secured::{Gate, Kind, Secured, roots};
use crate::server::{Answer, Server};

const VENDOR: &str = "https://live.example.com";
const NOW: (i32, i32) = (2020, 2080);

/// `corp\me` with the password `p@ss:w%/d`, as a URL has it and as a proxy gets it.
const URL_LOGIN: &str = "corp%5Cme:p%40ss%3Aw%25%2Fd";
const LOGIN: &str = "corp\\me:p@ss:w%/d";
const BASIC: &str = "Y29ycFxtZTpwQHNzOnclL2Q=";

fn vendor() -> Secured {
    Secured::start(&["live.example.com"], NOW)
}

fn read(world: &World, more: &str) -> Run {
    world.run(&format!("{} -o json --ca-bundle roots.pem {more}", READS[0].1))
}

/// No word of the login, in whatever form, is told.
#[track_caller]
fn discreet(run: &Run) {
    for part in ["p@ss", "p%40ss", "corp", "Y29ycFxtZT", "cEBzc"] {
        assert!(!run.stdout.contains(part) && !run.stderr.contains(part), "`{part}`: {run}");
    }
}

#[test]
fn a_proxy_with_a_login_lets_through() {
    for (kind, scheme, login) in [(Kind::Http, "http", BASIC), (Kind::Socks, "socks5h", LOGIN)] {
        for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
            let vendor = vendor();
            let gate = Gate::start(kind, login, vendor.address);
            let address = format!("{scheme}://{URL_LOGIN}@{}", gate.address);
            let world = vendor.world(VENDOR).set(variable, &address).set("NO_PROXY", "example.org");
            let run = read(&world, "-vv");
            assert_eq!(run.code, 0, "{variable} {scheme}: {run}");
            discreet(&run);
            assert_eq!(gate.seen(), [format!("live.example.com:443 {login}")], "{variable}");
            let requests = vendor.requests();
            assert_eq!(requests.len(), 1);
            // What is for the proxy does not go to the vendor.
            assert!(!requests[0].to_lowercase().contains("proxy-authorization"), "{}", requests[0]);
        }
    }
}

#[test]
fn a_proxy_that_wants_another_login_is_asked_once() {
    for (kind, scheme, login) in [(Kind::Http, "http", BASIC), (Kind::Socks, "socks5h", LOGIN)] {
        let vendor = vendor();
        let gate = Gate::start(kind, login, vendor.address);
        for given in ["corp%5Cme:wrong-p%40ss@", ""] {
            let address = format!("{scheme}://{given}{}", gate.address);
            let world = vendor.world(VENDOR).set("HTTPS_PROXY", &address);
            let before = gate.seen().len();
            let run = read(&world, "-vv");
            discreet(&run);
            let error = failed(run, "network", 7);
            let told = format!(
                "connect to live.example.com through the proxy {}: the proxy wants another user and password",
                gate.address
            );
            assert_eq!(error["message"], told, "{given}");
            assert_eq!((&error["attempts"], &error["retryable"]), (&json!(1), &json!(false)), "{error}");
            assert_eq!(error["outcome"], "not-sent", "{error}");
            assert!(error["hint"].as_str().unwrap().contains("HTTPS_PROXY=http://USER:PASSWORD@"), "{error}");
            assert!(gate.seen().len() <= before + 1);
        }
        assert_eq!(vendor.requests().len(), 0);
    }
}

#[test]
fn a_proxy_that_refuses_or_is_not_there_is_named() {
    let vendor = vendor();
    let gate = Gate::start(Kind::Refusing("403 Forbidden"), "", vendor.address);
    let world = vendor.world(VENDOR).set("HTTPS_PROXY", &gate.address.to_string());
    let error = failed(read(&world, "--retries 0"), "network", 7);
    let told = format!("connect to live.example.com through the proxy {}: the proxy refuses", gate.address);
    assert!(error["message"].as_str().unwrap().starts_with(&told), "{error}");

    let gone = Server::gone();
    let world = vendor.world(VENDOR).set("HTTPS_PROXY", &format!("http://{URL_LOGIN}@{}", gone.host()));
    let run = read(&world, "--retries 0");
    discreet(&run);
    let error = failed(run, "network", 7);
    let told = format!("connect to live.example.com through the proxy {}: ", gone.host());
    assert!(error["message"].as_str().unwrap().starts_with(&told), "{error}");
}

#[test]
fn a_variable_that_names_no_proxy_stops_the_run() {
    let vendor = vendor();
    for address in ["htp://corp:p%40ss@proxy:1", "http://corp:p@ss@", "http://corp:p@ss@proxy:1/x"] {
        let run = read(&vendor.world(VENDOR).set("https_proxy", address), "-vv");
        discreet(&run);
        let error = failed(run, "usage", 2);
        assert!(error["message"].as_str().unwrap().starts_with("read the proxy from `https_proxy`: "), "{error}");
        assert_eq!(error["outcome"], "not-sent");
    }
}

#[test]
fn who_is_excepted_is_reached_directly() {
    let vendor = Secured::start(&["127.0.0.1"], NOW);
    let gate = Gate::start(Kind::Http, "", vendor.address);
    let at = |exceptions: &str, variable: &str| {
        let endpoint = format!("https://{}", vendor.address);
        vendor.world(&endpoint).set("HTTPS_PROXY", &gate.address.to_string()).set(variable, exceptions)
    };
    let port = vendor.address.port();
    for (exceptions, direct) in [
        ("*", true),
        ("127.0.0.0/8", true),
        ("a.example.com, 127.0.0.1", true),
        (&format!("127.0.0.1:{port}"), true),
        ("127.0.0.1:1", false),
        ("0.0.1", false),
        ("10.0.0.0/8", false),
        ("", false),
    ] {
        for variable in ["NO_PROXY", "no_proxy"] {
            let before = gate.seen().len();
            read(&at(exceptions, variable), "").ok();
            assert_eq!(gate.seen().len() == before, direct, "`{exceptions}`");
        }
    }
}

#[test]
fn this_machine_is_reached_without_a_proxy() {
    let server = Server::answering([Answer::json(json!({"Response": {"RequestId": "r-1"}}))]);
    for variable in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        server.world("tencent").set(variable, "http://127.0.0.1:1").run(READS[0].1).ok();
    }
}

#[test]
fn more_roots_are_trusted_where_they_are_named() {
    let vendor = Secured::start(&["127.0.0.1"], NOW);
    let endpoint = format!("https://{}", vendor.address);
    let world = vendor.world(&endpoint);
    world.run(&format!("{} --ca-bundle roots.pem", READS[0].1)).ok();
    let file = roots(&world).display().to_string();
    vendor.world(&endpoint).set("SSL_CERT_FILE", &file).run(READS[0].1).ok();
    vendor.world(&endpoint).set("LIVECTL_CA_BUNDLE", &file).run(READS[0].1).ok();
    for (name, text) in [("empty.pem", ""), ("none.pem", "no certificate"), ("missing.pem", "")] {
        if name != "missing.pem" {
            world.write(name, text);
        }
        let error = failed(world.run(&format!("{} -o json --ca-bundle {name}", READS[0].1)), "usage", 2);
        assert!(error["message"].as_str().unwrap().starts_with(&format!("read roots from `{name}`: ")), "{error}");
    }
}

#[test]
fn a_certificate_that_does_not_hold_is_told_by_its_cause_and_asked_once() {
    let trusted = "--ca-bundle roots.pem";
    for (names, years, bundle, told) in [
        ("127.0.0.1", NOW, "", "its certificate is signed by nobody whom livectl trusts"),
        ("127.0.0.1", (2020, 2021), trusted, "its certificate has expired, or this machine's clock is wrong"),
        ("127.0.0.1", (2079, 2080), trusted, "its certificate is not valid yet, or this machine's clock is wrong"),
        ("other.example.com", NOW, trusted, "its certificate is for another host"),
    ] {
        let vendor = Secured::start(&[names], years);
        let world = vendor.world(&format!("https://{}", vendor.address));
        let error = failed(world.run(&format!("{} -o json {bundle}", CREATES[0].1)), "network", 7);
        assert_eq!(error["message"], format!("connect to {}: {told}", vendor.address));
        assert_eq!((&error["attempts"], &error["outcome"]), (&json!(1), &json!("not-sent")), "{error}");
        assert!(error["hint"].as_str().unwrap().contains("--ca-bundle"), "{error}");
        assert_eq!(vendor.requests().len(), 0);
    }
}

#[test]
fn who_speaks_no_tls_gets_nothing() {
    let server = Server::answering([Answer::json("{}")]);
    let world = server.world("tencent").set("LIVECTL_ENDPOINT", &format!("https://{}", server.host()));
    let error = failed(world.run(&format!("{} -o json --retries 0", READS[0].1)), "network", 7);
    assert_eq!((&error["outcome"], server.count()), (&json!("not-sent"), 0), "{error}");
}

/// A port where somebody takes connections and says nothing.
fn silent() -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 1]);
            kept.push(stream);
        }
    });
    address
}

#[test]
fn what_was_never_connected_was_never_sent_however_short_the_time() {
    let world = vendor().world(&format!("https://{}", silent()));
    for times in ["--timeout 500ms", "--timeout 30s --connect-timeout 300ms", "--timeout 500ms --connect-timeout 500ms"]
    {
        let error = failed(world.run(&format!("{} -o json --retries 0 {times}", CREATES[0].1)), "network", 7);
        assert_eq!(error["outcome"], "not-sent", "{times}: {error}");
        assert!(error["message"].as_str().unwrap().starts_with("connect to 127.0.0.1:"), "{error}");
    }
    // A proxy that says nothing is no connection either.
    let world = vendor().world(VENDOR).set("HTTPS_PROXY", &silent().to_string());
    let error = failed(world.run(&format!("{} -o json --retries 0 --timeout 500ms", CREATES[0].1)), "network", 7);
    assert_eq!(error["outcome"], "not-sent", "{error}");
}

#[test]
fn an_address_of_ipv6_is_an_endpoint() {
    // Where the machine has no IPv6 there is nothing to show.
    let Ok(vendor) = Secured::at("[::1]:0", &["::1"], NOW) else { return };
    let world = vendor.world(&format!("https://{}", vendor.address));
    read(&world, "").ok();
    let head: Value = vendor.requests()[0].to_lowercase().into();
    assert!(head.as_str().unwrap().contains(&format!("host: {}\r\n", vendor.address)), "{head}");
    // Nor is it looked for behind a proxy where it is excepted from one.
    let gate = Gate::start(Kind::Http, "", vendor.address);
    let world = world.set("HTTPS_PROXY", &gate.address.to_string()).set("NO_PROXY", "::/64");
    read(&world, "").ok();
    assert!(gate.seen().is_empty());
}
