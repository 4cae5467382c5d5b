//! What stands in the program's memory: no secret after its use, and of a long list no more than of a short one.

use std::fs::File;
use std::io::{BufRead, BufReader, PipeWriter, Read, Write};
use std::os::unix::fs::FileExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::harness::{PROGRAM, World};
use crate::server::{Answer, Server};
use crate::servers::{answer, profile};

/// Made up of what occurs nowhere else, in the halves that a test is searched for.
const KEY: &str = "zq8KxWv2-account-key-Jm5TfRb1";
const TOKEN: &str = "zq8KxWv2-session-token-Jm5TfRb1";
const PARAMETER: &str = "zq8KxWv2-callback-key-Jm5TfRb1";

/// A pipe that takes nothing more: who writes into it waits.
fn full_pipe() -> (std::io::PipeReader, PipeWriter) {
    let (reader, mut writer) = std::io::pipe().unwrap();
    writer.write_all(&[b'\n'; 1 << 16]).unwrap();
    (reader, writer)
}

/// Waits until the program stands still in writing to that descriptor.
fn until_it_writes(child: &mut Child, descriptor: u32) {
    let (calls, wanted) = (format!("/proc/{}/syscall", child.id()), format!("{descriptor:#x}"));
    let began = Instant::now();
    loop {
        assert_eq!(child.try_wait().unwrap(), None, "it ended before it wrote");
        let call = std::fs::read_to_string(&calls).unwrap();
        if call.split(' ').nth(1) == Some(&wanted) {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(300), "it never writes: {call}");
        std::thread::yield_now();
    }
}

/// How often a text stands in the memory that the process can write to.
fn copies(child: &Child, text: &str) -> usize {
    let maps = std::fs::read_to_string(format!("/proc/{}/maps", child.id())).unwrap();
    let memory = File::open(format!("/proc/{}/mem", child.id())).unwrap();
    let writable = maps.lines().filter(|line| line.contains(" rw") && !line.contains("[v"));
    let found = writable.map(|line| {
        let (from, to) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let (from, to) = (u64::from_str_radix(from, 16).unwrap(), u64::from_str_radix(to, 16).unwrap());
        let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
        // The guard of a stack cannot be read.
        let length = memory.read_at(&mut bytes, from).unwrap_or(0);
        bytes[..length].windows(text.len()).filter(|window| *window == text.as_bytes()).count()
    });
    found.sum()
}

/// A secret in the forms that it travels in.
fn forms(secret: &str) -> [String; 2] {
    [secret.to_owned(), STANDARD.encode(secret)]
}

fn refused(vendor: &str) -> Answer {
    Answer::Raw(match vendor {
        "tencent" => {
            answer("200 OK", r#"{"Response":{"RequestId":"r","Error":{"Code":"AuthFailure","Message":"no"}}}"#)
        }
        "aliyun" => answer("403 Forbidden", r#"{"RequestId":"r","Code":"Forbidden.RAM","Message":"no"}"#),
        _ => answer(
            "403 Forbidden",
            r#"{"ResponseMetadata":{"RequestId":"r","Error":{"Code":"AccessDenied","Message":"no"}}}"#,
        ),
    })
}

/// The account's key from the profile file, a parameter's from a file and from stdin.
fn world(vendor: &str, server: &Server) -> World {
    let world = World::empty().set("LIVECTL_PROFILE", "p");
    let token = format!("session_token = \"{TOKEN}\"\n");
    world.profiles(&(profile("p", vendor, "AKIDEXAMPLE", KEY, &server.endpoint()) + &token));
    world.write("key.txt", &format!("{PARAMETER}\n"));
    world.write("input.json", &json!({"CallbackKey": PARAMETER, "TemplateName": "n"}).to_string());
    world
}

const LINES: [(&str, &str); 5] = [
    (
        "tencent",
        "callback set --domain push.example.com --app live --event stream-begin --url http://h.example.com/ --key @key.txt",
    ),
    ("tencent", "api tencent CreateLiveCallbackTemplate --input input.json --no-validate"),
    ("tencent", "api tencent CreateLiveCallbackTemplate TemplateName=n CallbackKey=@key.txt --no-validate"),
    (
        "aliyun",
        "api aliyun SetSnapshotCallbackAuth DomainName=a.example.com CallbackAuthKey=- CallbackReqAuth=yes --no-validate",
    ),
    (
        "volcengine",
        "api volcengine UpdateCallback MessageType=push AuthEnable:=true AuthKeyPrimary=@key.txt --no-validate",
    ),
];

#[test]
fn no_secret_is_left_in_memory_after_its_use() {
    for (vendor, line) in LINES {
        let server = Server::answering([refused(vendor)]);
        let world = world(vendor, &server);
        let (mut reader, writer) = full_pipe();
        let mut command = world.command(PROGRAM);
        command.args(line.split(' ')).stdin(File::open(world.home().join("key.txt")).unwrap());
        let mut child = command.stdout(Stdio::null()).stderr(writer).spawn().unwrap();
        drop(command);
        // All is done, and it tells the error to nobody who reads.
        until_it_writes(&mut child, 2);
        assert_eq!(copies(&child, "AKIDEXAMPLE-not-there"), 0);
        for secret in [KEY, TOKEN, PARAMETER] {
            for form in forms(secret) {
                assert_eq!(copies(&child, &form), 0, "`{form}` after `{line}`");
            }
        }
        let mut told = String::new();
        std::thread::scope(|scope| {
            scope.spawn(|| reader.read_to_string(&mut told));
            child.wait().unwrap();
        });
        assert!(told.contains("no"), "{line}: {told}");
        assert!(server.count() > 0, "{line}: {told}");
    }
}

#[test]
fn memory_is_searched_for_what_is_there() {
    let (_reader, writer) = full_pipe();
    let mut child = Command::new("sh").args(["-c", "x=zq8KxWv2-there; echo y"]).stdout(writer).spawn().unwrap();
    until_it_writes(&mut child, 1);
    let found = copies(&child, "zq8KxWv2-there");
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(found > 0);
}

/// A page of Volcengine's domains, as many as are asked for of so many in all.
fn page(asked: &Value, total: u64) -> Value {
    let (number, size) = (asked["PageNum"].as_u64().unwrap(), asked["PageSize"].as_u64().unwrap());
    let range = (number - 1) * size..(number * size).min(total);
    let domains: Vec<Value> = range
        .map(|at| {
            json!({"Domain": format!("push-{at}.example.com"), "Vhost": "vhost.example.com", "Type": "push",
                "Status": 0, "CNAME": format!("push-{at}.example.com.queniurtc.com"), "Region": "cn",
                "CreateTime": "2026-11-21T12:00:00Z", "CertDomain": "", "ChainID": "", "CertName": "",
                "PushDomain": "", "ICPSignal": 1})
        })
        .collect();
    json!({"ResponseMetadata": {"RequestId": "r"}, "Result": {"DomainList": domains, "Total": total}})
}

/// The most memory that a list of so many domains took, in KiB, and how many rows it printed.
fn peak(total: u64) -> (u64, usize) {
    let server = Server::by(move |_, request| Answer::Kept(page(&request.json(), total)));
    // What it notes at its end nobody reads: then it has done all, and is still there.
    let (mut reader, writer) = full_pipe();
    let world = server.world("volcengine");
    let mut command = world.command(PROGRAM);
    command.args("domain list -o ndjson --rate 100000 --wait".split(' ')).stdout(Stdio::piped()).stderr(writer);
    let mut child = command.spawn().unwrap();
    drop(command);
    let stdout = BufReader::new(child.stdout.take().unwrap());
    let rows = std::thread::spawn(move || stdout.lines().map(Result::unwrap).filter(|row| row.ends_with('}')).count());
    until_it_writes(&mut child, 2);
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let peak = peak.trim().trim_end_matches(" kB").parse().unwrap();
    let mut told = String::new();
    std::thread::scope(|scope| {
        scope.spawn(|| reader.read_to_string(&mut told));
        assert!(child.wait().unwrap().success());
    });
    assert_eq!(told.trim(), "note: nothing to wait for: what was asked is done");
    (peak, rows.join().unwrap())
}

#[test]
fn a_long_list_takes_no_more_memory_than_a_short_one() {
    let (short, rows) = peak(10_000);
    assert_eq!(rows, 10_000);
    let (long, rows) = peak(100_000);
    assert_eq!(rows, 100_000);
    assert!(long < 40 << 10, "100,000 rows took {long} KiB");
    assert!(long < short + (1 << 10), "10,000 rows took {short} KiB, 100,000 {long} KiB");
}
