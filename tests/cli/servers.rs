//! Servers for the program under test: the sandbox in a process of its own, and a [`Server`] that says whatever bytes a
//! test wants.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::harness::{PROGRAM, World};
pub use crate::server::Received as Seen;
use crate::server::{Answer, Server};

/// `livectl sandbox serve` in a child process, which ends with this.
pub struct Sandbox {
    child: Child,
    pub endpoint: String,
    pub key_id: String,
    pub secret: String,
    _world: World,
}

impl Sandbox {
    /// Starts one with an empty state and these further arguments.
    pub fn start(arguments: &[&str]) -> Self {
        let world = World::empty();
        let mut command = world.command(PROGRAM);
        command.args(["sandbox", "serve", "--listen", "127.0.0.1:0", "-o", "json"]).args(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut text = String::new();
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            text.push_str(&line.unwrap());
            if text.ends_with('}') {
                break;
            }
        }
        let said: Value = serde_json::from_str(&text).unwrap();
        let part = |name: &str| said[name].as_str().unwrap().to_owned();
        Sandbox {
            child,
            endpoint: part("endpoint"),
            key_id: part("access_key_id"),
            secret: part("access_key_secret"),
            _world: world,
        }
    }

    /// A profile of the sandbox's own keys.
    pub fn profile(&self, name: &str, vendor: &str) -> String {
        profile(name, vendor, &self.key_id, &self.secret, &self.endpoint)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One profile of the profile file.
pub fn profile(name: &str, vendor: &str, key_id: &str, secret: &str, endpoint: &str) -> String {
    format!(
        "[profiles.{name}]\nvendor = \"{vendor}\"\naccess_key_id = \"{key_id}\"\n\
         access_key_secret = \"{secret}\"\nendpoint = \"{endpoint}\"\n"
    )
}

/// A [`Server`] that gives each request the bytes that a function makes of it.
pub struct Canned {
    pub endpoint: String,
    server: Server,
}

impl Canned {
    /// Serves, one thread a connection, as long as the test runs.
    pub fn start(answer: impl Fn(&Seen) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let server = Server::by(move |_, request| Answer::Raw(answer(request)));
        Canned { endpoint: server.endpoint(), server }
    }

    /// A server on which every account of every vendor is empty.
    pub fn empty_accounts() -> Self {
        Canned::start(|seen| ok(empty_account(seen.vendor())))
    }

    /// A server that answers every request with this body.
    pub fn saying(body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        Canned::start(move |_| ok(&body))
    }

    /// The requests so far, which are forgotten.
    pub fn take(&self) -> Vec<Seen> {
        self.server.take()
    }

    /// The only request so far, which is forgotten.
    #[track_caller]
    pub fn only(&self) -> Seen {
        let mut seen = self.take();
        assert_eq!(seen.len(), 1, "{seen:?}");
        seen.remove(0)
    }
}

/// The answer of a vendor to a list of domains of which there are none.
pub fn empty_account(vendor: &str) -> &'static str {
    match vendor {
        "tencent" => r#"{"Response":{"AllCount":0,"DomainList":[],"RequestId":"r"}}"#,
        "aliyun" => r#"{"TotalCount":0,"PageNumber":1,"PageSize":50,"Domains":{"PageData":[]},"RequestId":"r"}"#,
        _ => r#"{"ResponseMetadata":{"RequestId":"r"},"Result":{"DomainList":[],"Total":0}}"#,
    }
}

/// HTTP 200 with a body of JSON.
pub fn ok(body: impl AsRef<[u8]>) -> Vec<u8> {
    answer("200 OK", body)
}

/// An answer with a status and a body of JSON.
pub fn answer(status: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut bytes = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// The pairs of a query or a form, decoded.
pub fn pairs(text: &str) -> Vec<(String, Value)> {
    let decoded = |text: &str| percent_decoded(&text.replace('+', " "));
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(key, value)| (decoded(key), Value::from(decoded(value)))).collect()
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.filter(|_| *first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// The members of a body: JSON, or a form.
pub fn body(text: &str) -> Vec<(String, Value)> {
    match serde_json::from_str(text) {
        Ok(Value::Object(members)) => members.into_iter().collect(),
        _ => pairs(text),
    }
}
