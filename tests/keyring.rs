//! The keyring, with the feature `keyring`: a bus of the test's own, on which the test plays the Secret Service.

#![cfg(all(feature = "keyring", target_os = "linux"))]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use dbus::arg::{RefArg, Variant};
use dbus::blocking::LocalConnection;
use dbus::channel::{Channel, Sender};
use dbus::message::MatchRule;
use dbus::{Message, Path};
use tempfile::TempDir;

const STORED: &str = r#"{"Version":1,"AccessKeyId":"AKIDofthekeyring1234","SecretAccessKey":"hush-keyring"}"#;

/// `dbus-daemon` with a configuration that lets everybody in.
struct Bus {
    daemon: Child,
    address: String,
    ends: Arc<AtomicBool>,
    _folder: TempDir,
}

impl Bus {
    fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let config = folder.path().join("bus.conf");
        let policy = "<policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/></policy>";
        let text = format!(
            "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" \
             \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n\
             <busconfig><type>session</type><listen>unix:dir={}</listen><auth>EXTERNAL</auth>{policy}</busconfig>",
            folder.path().display()
        );
        std::fs::write(&config, text).unwrap();
        let mut daemon = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--print-address=1"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the test wants dbus-daemon");
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Bus { daemon, address: address.trim().to_owned(), ends: Arc::default(), _folder: folder }
    }

    /// Plays a service that has an item for the profile `prod`, and one for `shut` that is locked.
    fn with_service(self) -> Self {
        let ends = Arc::clone(&self.ends);
        let (sender, ready) = std::sync::mpsc::channel();
        let address = self.address.clone();
        std::thread::spawn(move || {
            let mut channel = Channel::open_private(&address).unwrap();
            channel.register().unwrap();
            let bus = LocalConnection::from(channel);
            bus.request_name("org.freedesktop.secrets", false, true, false).unwrap();
            let answer = |message: Message, bus: &LocalConnection| {
                if let Some(reply) = reply(&message) {
                    bus.send(reply).unwrap();
                }
                true
            };
            dbus::channel::MatchingReceiver::start_receive(&bus, MatchRule::new_method_call(), Box::new(answer));
            sender.send(()).unwrap();
            while !ends.load(Ordering::Relaxed) {
                bus.process(Duration::from_millis(20)).unwrap();
            }
        });
        ready.recv().unwrap();
        self
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

fn reply(message: &Message) -> Option<Message> {
    let member = message.member()?.to_string();
    let path = |name: &str| Path::new(format!("/org/freedesktop/secrets/{name}")).unwrap();
    Some(match member.as_str() {
        "OpenSession" => {
            let (algorithm, _): (String, Variant<Box<dyn RefArg>>) = message.read2().unwrap();
            assert_eq!(algorithm, "plain");
            let none: Variant<Box<dyn RefArg>> = Variant(Box::new(String::new()));
            message.method_return().append2(none, path("session/s1"))
        }
        "SearchItems" => {
            let asked: HashMap<String, String> = message.read1().unwrap();
            assert_eq!(asked.get("service").map(String::as_str), Some("livectl"));
            let (open, locked) = match asked.get("account").map(String::as_str) {
                Some("prod") => (vec![path("collection/login/1")], Vec::new()),
                Some("shut") => (Vec::new(), vec![path("collection/login/2")]),
                _ => (Vec::new(), Vec::new()),
            };
            message.method_return().append2(open, locked)
        }
        "GetSecret" => {
            let session: Path<'_> = message.read1().unwrap();
            assert_eq!(session, path("session/s1"));
            let secret = (session.into_static(), Vec::<u8>::new(), STORED.as_bytes().to_vec(), "text/plain".to_owned());
            message.method_return().append1(secret)
        }
        _ => return None,
    })
}

fn run(bus: Option<&Bus>, line: &str) -> (i32, String) {
    let home = TempDir::new().unwrap();
    let file = home.path().join("config.toml");
    let profiles =
        ["prod", "shut", "new"].map(|name| format!("[profiles.{name}]\nvendor = \"tencent\"\nkeyring = true\n"));
    std::fs::write(&file, profiles.concat()).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_livectl"));
    command.env_clear().env("HOME", home.path()).env("LIVECTL_CONFIG", &file).args(line.split_whitespace());
    if let Some(bus) = bus {
        command.env("DBUS_SESSION_BUS_ADDRESS", &bus.address);
    }
    let Output { status, stdout, stderr } = command.output().unwrap();
    (status.code().unwrap(), String::from_utf8_lossy(&stdout).into_owned() + &String::from_utf8_lossy(&stderr))
}

#[test]
fn keys_come_from_the_secret_service() {
    let bus = Bus::start().with_service();
    let (code, told) = run(Some(&bus), "config show prod --effective");
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("***1234") && told.contains("keyring of profile prod"), "{told}");
    assert!(!told.contains("hush"), "{told}");
    for (profile, words) in
        [("new", "secret-tool store --label=livectl service livectl account new"), ("shut", "it is locked")]
    {
        let (code, told) = run(Some(&bus), &format!("-p {profile} domain list"));
        assert!(code == 3 && told.contains(words), "{code} {told}");
    }
}

#[test]
fn without_a_service_or_a_bus_it_says_so() {
    let bus = Bus::start();
    for bus in [Some(&bus), None] {
        let (code, told) = run(bus, "-p prod domain list");
        assert!(
            code == 3 && told.contains("reading the keyring") && told.contains("unlock the keyring"),
            "{code} {told}"
        );
    }
}
