//! A vendor of our own on loopback: records what comes byte for byte, and answers what a test tells it to.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

use crate::harness::World;

/// One request as it came.
#[derive(Debug, Clone)]
pub struct Received {
    /// The request line and the headers, as they came.
    pub head: String,
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// What becomes of a request.
#[derive(Debug, Clone)]
pub enum Answer {
    /// An answer: status, more headers, body.
    Http(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// Half of the body that the headers promise, then the end.
    Half(Vec<u8>),
    /// The connection ends without a byte.
    Close,
    /// The connection breaks with a reset.
    Reset,
    /// Nothing ever comes.
    Silence,
    /// A byte now and then, for ever.
    Drip,
    /// These bytes, whatever they are, and the end.
    Raw(Vec<u8>),
    /// JSON with HTTP 200 on a connection that stays open.
    Kept(Value),
    /// The same on a connection that says it stays open, and is closed all the same.
    Dropped(Value),
}

/// A server; it lives as long as the test.
pub struct Server {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Answer {
    /// JSON with HTTP 200.
    pub fn json(body: impl ToString) -> Self {
        Answer::status(200, "application/json", body)
    }

    /// A body of a kind with a status.
    pub fn status(status: u16, kind: &str, body: impl ToString) -> Self {
        Answer::Http(status, vec![("content-type", kind.to_owned())], body.to_string().into_bytes())
    }

    /// The page of a proxy whose upstream is gone.
    pub fn bad_gateway() -> Self {
        let page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1>\
            </center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";
        Answer::status(502, "text/html", page)
    }
}

impl Server {
    /// Answers the requests in this order; the last answer stands for all that follow.
    pub fn answering(answers: impl Into<Vec<Answer>>) -> Self {
        let answers = answers.into();
        Server::by(move |number, _| answers[number.min(answers.len() - 1)].clone())
    }

    /// Answers each request, counted from 0, as the function says.
    pub fn by(answer: impl Fn(usize, &Received) -> Answer + Send + Sync + 'static) -> Self {
        let answer = Arc::new(answer);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&received);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, log) = (Arc::clone(&answer), Arc::clone(&log));
                std::thread::spawn(move || serve(stream, &*answer, &log));
            }
        });
        Server { address, received }
    }

    /// An address that nobody listens on: below those that the system gives away, so that no other test gets it.
    pub fn gone() -> Self {
        Server { address: SocketAddr::from(([127, 0, 0, 1], 1)), received: Arc::default() }
    }

    /// As `--endpoint` wants it.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Host and port.
    pub fn host(&self) -> String {
        self.address.to_string()
    }

    /// A machine whose account of that vendor is this server.
    pub fn world(&self, vendor: &str) -> World {
        World::empty()
            .set("LIVECTL_VENDOR", vendor)
            .set("LIVECTL_ACCESS_KEY_ID", "AKIDEXAMPLE")
            .set("LIVECTL_ACCESS_KEY_SECRET", SECRET)
            .set("LIVECTL_ENDPOINT", &self.endpoint())
    }

    /// Every request so far.
    pub fn requests(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// The requests so far, which are forgotten.
    pub fn take(&self) -> Vec<Received> {
        std::mem::take(&mut self.received.lock().unwrap())
    }

    /// How many requests came.
    pub fn count(&self) -> usize {
        self.received.lock().unwrap().len()
    }
}

/// The secret of the account; it must never be seen.
pub const SECRET: &str = "a-made-up-secret-of-a-test";

impl Received {
    /// The header of that name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The Action it names, in a header, in the query or in a form.
    pub fn action(&self) -> String {
        let named = self.header("x-tc-action").map(str::to_owned);
        named.or_else(|| self.query("Action")).or_else(|| value_in(self.text(), "Action")).unwrap_or_default()
    }

    /// A value of the query, as it is written there.
    pub fn query(&self, name: &str) -> Option<String> {
        value_in(self.target.split_once('?')?.1, name)
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// A value of the query or of a form, as it is written there.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let query = self.target.split_once('?').map_or("", |(_, query)| query);
        pair_in(query, name).or_else(|| pair_in(self.text(), name))
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

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}

fn value_in(pairs: &str, name: &str) -> Option<String> {
    pair_in(pairs, name).map(str::to_owned)
}

fn pair_in<'a>(pairs: &'a str, name: &str) -> Option<&'a str> {
    pairs.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
}

fn serve(mut stream: TcpStream, choose: &dyn Fn(usize, &Received) -> Answer, log: &Mutex<Vec<Received>>) {
    while serve_one(&mut stream, choose, log).is_some() {}
}

/// Serves one request; `None`: the connection is to end.
fn serve_one(
    stream: &mut TcpStream,
    choose: &dyn Fn(usize, &Received) -> Answer,
    log: &Mutex<Vec<Received>>,
) -> Option<()> {
    let (request, length) = read(stream)?;
    let number = {
        let mut log = log.lock().unwrap();
        log.push(request.clone());
        log.len() - 1
    };
    let answer = choose(number, &request);
    if !matches!(answer, Answer::Reset) {
        stream.read_exact(&mut vec![0; length]).unwrap();
    }
    match answer {
        Answer::Http(status, headers, body) => respond(stream, status, &headers, &body, body.len()),
        Answer::Half(body) => respond(stream, 200, &[], &body[..body.len() / 2], body.len()),
        // What was never read makes the system answer with a reset.
        Answer::Reset | Answer::Close => {}
        Answer::Silence => drop(stream.read(&mut [0; 1])),
        Answer::Drip => drip(stream),
        Answer::Raw(bytes) => {
            // The client may have gone: then there is nobody to tell.
            let _ = stream.write_all(&bytes);
        }
        Answer::Kept(body) => {
            let _ = stream.write_all(open_ended(&body).as_bytes());
            return Some(());
        }
        Answer::Dropped(body) => {
            let _ = stream.write_all(open_ended(&body).as_bytes());
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
    None
}

/// An answer that does not say that the connection ends with it.
fn open_ended(body: &Value) -> String {
    let body = body.to_string();
    format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

/// A byte every few milliseconds, until the client has gone.
fn drip(stream: &mut TcpStream) {
    stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    let mut sent = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n");
    while sent.is_ok() {
        // Waiting for what never comes is the pause; an end of the stream is the end.
        if stream.read(&mut [0; 1]).is_ok_and(|length| length == 0) {
            return;
        }
        sent = stream.write_all(b" ");
    }
}

/// Reads a request without taking it off the socket: the caller decides whether it is taken.
fn read(stream: &mut TcpStream) -> Option<(Received, usize)> {
    let mut seen = vec![0; 1 << 20];
    loop {
        let length = stream.peek(&mut seen).ok().filter(|length| *length > 0)?;
        if let Some(request) = parse(&seen[..length]) {
            return Some((request, length));
        }
        std::thread::yield_now();
    }
}

/// The request, once all of it has come.
fn parse(bytes: &[u8]) -> Option<Received> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).unwrap();
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let headers: Vec<(String, String)> = lines
        .map(|line| line.split_once(':').unwrap())
        .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
        .collect();
    let promised = headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, n)| n.parse().unwrap());
    let body = bytes[end + 4..].to_vec();
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    (body.len() >= promised).then(|| Received { head: format!("{head}\r\n\r\n"), method, target, headers, body })
}

fn respond(stream: &mut TcpStream, status: u16, headers: &[(&str, String)], body: &[u8], promised: usize) {
    let mut head = format!("HTTP/1.1 {status} Test\r\nconnection: close\r\ncontent-length: {promised}\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    // The client may have gone: then there is nobody to tell.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
    let _ = stream.shutdown(Shutdown::Write);
    let _ = stream.read(&mut [0; 1]);
}
