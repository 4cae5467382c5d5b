//! Credentials that a program prints.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::Value;
use zeroize::Zeroizing;

use super::source::{Keys, Setting, unusable};
use crate::error::Error;
use crate::model::Secret;

/// No answer of a credential program is longer.
const LONGEST_ANSWER: u64 = 1 << 20;

/// Runs a program and reads the keys from what it prints, in either of two forms:
/// `{"Version":1,"AccessKeyId","SecretAccessKey","SessionToken","Expiration"}`, or that of the `External`
/// mode of Aliyun's CLI, `{"mode","access_key_id","access_key_secret","sts_token"}`.
///
/// Its standard error is kept back; of a failure the last line is told. Its arguments are never told.
pub(super) fn run(command: &[String], source: &str, now: Timestamp, limit: Duration) -> Result<Keys, Error> {
    let Some((program, arguments)) = command.split_first() else {
        return Err(unusable(format!("running the credential process of {source}: it names no program")));
    };
    let failed = |what: String| unusable(format!("running the credential process `{program}` of {source}: {what}"));
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| failed(super::file::cause(&error)))?;
    let deadline = Instant::now() + limit;
    let answer = collect(child.stdout.take());
    let complaint = collect(child.stderr.take());
    let slow = |child: &mut Child| {
        // It may have ended by itself in between: then there is nothing left to kill.
        let _ = child.kill();
        let _ = child.wait();
        failed(format!("no answer within {} s", limit.as_secs_f32()))
    };
    let Ok(answer) = answer.recv_timeout(limit) else { return Err(slow(&mut child)) };
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(1)),
            Ok(None) => return Err(slow(&mut child)),
            Err(error) => return Err(failed(super::file::cause(&error))),
        }
    };
    if !status.success() {
        let complaint = complaint.recv_timeout(Duration::from_secs(1)).unwrap_or_default();
        let said = last_line(&complaint).map(|line| format!(": {line}")).unwrap_or_default();
        return Err(failed(format!("it ended with {status}{said}")));
    }
    keys(&answer, &format!("credential process of {source}"), now).map_err(|what| failed(what.to_string()))
}

fn collect(pipe: Option<impl Read + Send + 'static>) -> Receiver<Zeroizing<Vec<u8>>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut bytes = Zeroizing::new(Vec::new());
        if let Some(pipe) = pipe {
            // What was read before a fault is judged as it is: it will be no JSON then.
            let _ = pipe.take(LONGEST_ANSWER).read_to_end(&mut bytes);
        }
        // Nobody listens any more after the time limit.
        let _ = sender.send(bytes);
    });
    receiver
}

fn last_line(text: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(text);
    let line = text.lines().map(str::trim).rfind(|line| !line.is_empty())?;
    Some(line.chars().take(200).flat_map(|c| c.escape_debug()).collect())
}

/// The keys in an answer, of a program or of the keyring.
///
/// # Errors
/// What of it cannot be read; nothing of it is told.
pub(super) fn keys(answer: &[u8], source: &str, now: Timestamp) -> Result<Keys, Error> {
    let value = serde_json::from_slice::<Value>(answer).ok();
    let Some(Value::Object(answer)) = value else { return Err(unusable("its answer is no JSON object")) };
    let text = |name: &str| match answer.get(name) {
        Some(Value::String(text)) if !text.is_empty() => Some(text.clone()),
        _ => None,
    };
    let need = |name: &str| text(name).ok_or_else(|| unusable(format!("its answer has no text `{name}`")));
    let (id, secret, token) = if answer.contains_key("access_key_id") {
        match text("mode").unwrap_or_default().to_ascii_lowercase().as_str() {
            "ak" | "" => ("access_key_id", "access_key_secret", text("sts_token")),
            "ststoken" => ("access_key_id", "access_key_secret", Some(need("sts_token")?)),
            _ => return Err(unusable("its answer has another `mode` than `AK` and `StsToken`")),
        }
    } else {
        if answer.get("Version").is_some_and(|version| version != 1) {
            return Err(unusable("its answer has another `Version` than 1"));
        }
        ("AccessKeyId", "SecretAccessKey", text("SessionToken"))
    };
    if let Some(expiration) = text("Expiration") {
        let end: Timestamp =
            expiration.parse().map_err(|_| unusable("the `Expiration` of its answer is no RFC 3339 time"))?;
        if end <= now {
            return Err(unusable(format!("its keys expired at {end}")));
        }
    }
    Keys::new(
        Setting::new(need(id)?, source),
        Setting::new(Secret::new(need(secret)?), source),
        token.map(|token| Setting::new(Secret::new(token), source)),
    )
}
