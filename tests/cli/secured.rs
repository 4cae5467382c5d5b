//! A vendor behind TLS, and the proxies on the way to it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::harness::World;
use crate::server::SECRET;

/// A vendor whose certificate is signed by an authority of its own.
pub struct Secured {
    pub address: SocketAddr,
    authority: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Secured {
    /// A vendor with a certificate for these names, valid in these years.
    pub fn start(names: &[&str], years: (i32, i32)) -> Self {
        Secured::at("127.0.0.1:0", names, years).unwrap()
    }

    /// The same at an address, where the machine has it.
    pub fn at(address: &str, names: &[&str], years: (i32, i32)) -> std::io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        let address = listener.local_addr()?;
        let (authority, config) = certificate(names, years);
        let requests: Arc<Mutex<Vec<String>>> = Arc::default();
        let log = Arc::clone(&requests);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (config, log) = (Arc::clone(&config), Arc::clone(&log));
                std::thread::spawn(move || serve(stream, config, &log));
            }
        });
        Ok(Secured { address, authority, requests })
    }

    /// The heads of the requests so far.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// A machine whose account of Tencent is at that endpoint, and that has the authority in `roots.pem`.
    pub fn world(&self, endpoint: &str) -> World {
        let world = World::empty()
            .set("LIVECTL_VENDOR", "tencent")
            .set("LIVECTL_ACCESS_KEY_ID", "AKIDEXAMPLE")
            .set("LIVECTL_ACCESS_KEY_SECRET", SECRET)
            .set("LIVECTL_ENDPOINT", endpoint);
        world.write("roots.pem", &self.authority);
        world
    }
}

/// The PEM of an authority, and what serves with a certificate that it signed.
fn certificate(names: &[&str], (from, to): (i32, i32)) -> (String, Arc<rustls::ServerConfig>) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = params.self_signed(&key).unwrap().pem();
    let issuer = Issuer::new(params, key);
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    (params.not_before, params.not_after) = (date_time_ymd(from, 1, 1), date_time_ymd(to, 1, 1));
    let key = KeyPair::generate().unwrap();
    let chain = vec![params.signed_by(&key, &issuer).unwrap().der().clone()];
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    (authority, Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap()))
}

fn serve(stream: TcpStream, config: Arc<rustls::ServerConfig>, log: &Mutex<Vec<String>>) {
    let mut stream = rustls::StreamOwned::new(rustls::ServerConnection::new(config).unwrap(), stream);
    // Who does not trust us ends the handshake.
    let Some(head) = head(&mut stream) else { return };
    log.lock().unwrap().push(head);
    let body = r#"{"Response":{"RequestId":"r-1"}}"#;
    let length = body.len();
    let _ = write!(stream, "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}");
    stream.conn.send_close_notify();
    let _ = stream.flush();
}

/// The head of a request, byte by byte, so that nothing behind it is taken.
fn head(stream: &mut impl Read) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    String::from_utf8(head).ok()
}

/// What a proxy does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// HTTP CONNECT.
    Http,
    /// SOCKS 5.
    Socks,
    /// HTTP CONNECT that is refused with this status.
    Refusing(&'static str),
}

/// A proxy that lets a user with a password through, to one place wherever the way should go.
pub struct Gate {
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Gate {
    /// A proxy. `login`: `user:password`, or nothing where anybody may pass.
    pub fn start(kind: Kind, login: &'static str, to: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let log = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let log = Arc::clone(&log);
                std::thread::spawn(move || {
                    let passed = match kind {
                        Kind::Socks => socks(&stream, login, &log),
                        Kind::Http => connect(&stream, login, "", &log),
                        Kind::Refusing(status) => connect(&stream, login, status, &log),
                    };
                    passed.map(|()| join(stream, to))
                });
            }
        });
        Gate { address, seen }
    }

    /// Where connections should go, with the login that came along.
    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

fn connect(mut stream: &TcpStream, login: &str, refusal: &str, log: &Mutex<Vec<String>>) -> Option<()> {
    let head = head(&mut stream)?;
    let target = head.strip_prefix("CONNECT ")?.split(' ').next()?.to_owned();
    let named = |line: &'_ str| line.to_lowercase().starts_with("proxy-authorization: basic ");
    let given = head.lines().find(|line| named(line)).map_or("", |line| line.rsplit(' ').next().unwrap());
    log.lock().unwrap().push(format!("{target} {given}"));
    let answer = match refusal {
        "" if login.is_empty() || login == given => "200 Connection established",
        "" => "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"gate\"\r\nContent-Length: 0",
        refusal => refusal,
    };
    write!(stream, "HTTP/1.1 {answer}\r\n\r\n").ok()?;
    answer.starts_with("200").then_some(())
}

fn socks(mut stream: &TcpStream, login: &str, log: &Mutex<Vec<String>>) -> Option<()> {
    let reader = stream;
    let take = |length: usize| {
        let (mut from, mut bytes) = (reader, vec![0; length]);
        from.read_exact(&mut bytes).ok().map(|()| bytes)
    };
    let greeting = take(2)?;
    let methods = take(usize::from(greeting[1]))?;
    let method = if login.is_empty() { 0 } else { 2 };
    if !methods.contains(&method) {
        stream.write_all(&[5, 0xff]).ok()?;
        return None;
    }
    stream.write_all(&[5, method]).ok()?;
    let mut given = String::new();
    if method == 2 {
        let user = take(2)?;
        let user = take(usize::from(user[1]))?;
        let password = take(1)?;
        let password = take(usize::from(password[0]))?;
        given = format!("{}:{}", String::from_utf8(user).ok()?, String::from_utf8(password).ok()?);
        stream.write_all(&[1, u8::from(given != login)]).ok()?;
    }
    if given != login {
        log.lock().unwrap().push(format!("? {given}"));
        return None;
    }
    let wanted = take(4)?;
    let host = match wanted[3] {
        3 => {
            let length = take(1)?;
            String::from_utf8(take(usize::from(length[0]))?).ok()?
        }
        1 => take(4)?.iter().map(u8::to_string).collect::<Vec<_>>().join("."),
        _ => return None,
    };
    let port = take(2)?;
    log.lock().unwrap().push(format!("{host}:{} {given}", u16::from_be_bytes([port[0], port[1]])));
    stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).ok()
}

/// Hands bytes on, both ways, until one side ends.
fn join(client: TcpStream, to: SocketAddr) {
    let Ok(server) = TcpStream::connect(to) else { return };
    let copy = |mut from: TcpStream, mut to: TcpStream| {
        let _ = std::io::copy(&mut from, &mut to);
        let _ = to.shutdown(std::net::Shutdown::Write);
    };
    let (back, forth) = (server.try_clone().unwrap(), client.try_clone().unwrap());
    std::thread::spawn(move || copy(back, forth));
    copy(client, server);
}

/// A file that is there in every world of this module.
pub fn roots(world: &World) -> PathBuf {
    world.home().join("roots.pem")
}
