//! Servers on loopback for the program under test: the sandbox in a process of its own, and one that says
//! whatever a test wants and remembers what it was asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::harness::{PROGRAM, World};

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

/// One request as it came in.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// The request line and the headers.
    pub head: String,
    pub body: String,
}

impl Seen {
    fn read(stream: &mut TcpStream) -> Option<Self> {
        let mut reader = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head).ok()? == 0 {
                return None;
            }
        }
        let mut seen = Seen { head, body: String::new() };
        let length = seen.header("content-length").map_or(0, |text| text.parse().unwrap());
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        seen.body = String::from_utf8(body).unwrap();
        Some(seen)
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }

    /// A parameter of the query, as it was encoded.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let target = self.head.split_whitespace().nth(1)?;
        let pairs = target.split_once('?').map_or("", |(_, query)| query).split('&').chain(self.body.split('&'));
        pairs.filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// Which vendor's protocol it speaks.
    pub fn vendor(&self) -> &'static str {
        match self.header("authorization") {
            Some(text) if text.starts_with("TC3-HMAC-SHA256 ") => "tencent",
            Some(text) if text.starts_with("HMAC-SHA256 ") => "volcengine",
            _ => "aliyun",
        }
    }

    /// The key id that signed it.
    pub fn key_id(&self) -> &str {
        match self.header("authorization") {
            Some(text) => text.split_once("Credential=").unwrap().1.split('/').next().unwrap(),
            None => self.parameter("AccessKeyId").unwrap_or_default(),
        }
    }

    /// The session token that it carries.
    pub fn token(&self) -> Option<&str> {
        let header = self.header("x-tc-token").or_else(|| self.header("x-security-token"));
        header.or_else(|| self.parameter("SecurityToken"))
    }

    /// The region that it names.
    pub fn region(&self) -> Option<&str> {
        let scope = || self.header("authorization")?.split_once("Credential=")?.1.split('/').nth(2);
        match self.vendor() {
            "tencent" => self.header("x-tc-region"),
            "volcengine" => scope(),
            _ => self.parameter("RegionId"),
        }
    }
}

/// A server that gives each request the answer that a function makes of it, and remembers the requests.
pub struct Canned {
    pub endpoint: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Canned {
    /// Serves, one thread a connection, as long as the test runs.
    pub fn start(answer: impl Fn(&Seen) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (answer, memory) = (Arc::new(answer), Arc::clone(&seen));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (mut stream, answer, memory) = (stream.unwrap(), Arc::clone(&answer), Arc::clone(&memory));
                thread::spawn(move || {
                    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
                    let Some(request) = Seen::read(&mut stream) else { return };
                    memory.lock().unwrap().push(request.clone());
                    // A client that went away is what some tests are about.
                    let _ = stream.write_all(&answer(&request));
                });
            }
        });
        Canned { endpoint, seen }
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
        std::mem::take(&mut self.seen.lock().unwrap())
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
