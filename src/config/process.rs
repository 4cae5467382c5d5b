//! Credentials that a program prints.

use std::io::{ErrorKind, Read};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::Value;
use zeroize::Zeroizing;

use super::source::{Keys, Setting, unusable};
use crate::error::Error;
use crate::model::Secret;

/// No answer of a credential program is longer.
const LONGEST_ANSWER: u64 = 1 << 20;

/// How long the program's end may go unnoticed where what it prints does not end with it.
const LOOK: Duration = Duration::from_millis(10);

/// How long what a program printed may take to arrive once it has ended. One that leaves another behind, which keeps the
/// pipe open, is not waited for longer.
const REST: Duration = Duration::from_millis(200);

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
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            // The end of what it prints is mostly its own.
            Ok(None) if Instant::now() < deadline => {
                if answer.wait(LOOK) {
                    std::thread::sleep(Duration::from_millis(1));
                }
            }
            Ok(None) => {
                // It may have ended by itself in between: then there is nothing left to kill.
                let _ = child.kill();
                let _ = child.wait();
                return Err(failed(format!("no answer within {} s", limit.as_secs_f32())));
            }
            Err(error) => return Err(failed(super::file::cause(&error))),
        }
    };
    answer.wait(REST);
    if !status.success() {
        complaint.wait(REST);
        let said = last_line(&complaint.so_far()).map(|line| format!(": {line}")).unwrap_or_default();
        return Err(failed(format!("it ended with {status}{said}")));
    }
    keys(&answer.so_far(), &format!("credential process of {source}"), now).map_err(|what| failed(what.to_string()))
}

/// What a pipe gave so far.
struct Collected {
    bytes: Arc<Mutex<Zeroizing<Vec<u8>>>>,
    /// Closed at the end of the pipe.
    end: Receiver<()>,
}

impl Collected {
    /// Waits for the end of the pipe for so long; whether it came.
    fn wait(&self, limit: Duration) -> bool {
        self.end.recv_timeout(limit) == Err(RecvTimeoutError::Disconnected)
    }

    fn so_far(&self) -> Zeroizing<Vec<u8>> {
        self.bytes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn collect(pipe: Option<impl Read + Send + 'static>) -> Collected {
    let (sender, end) = channel::<()>();
    let bytes = Arc::<Mutex<Zeroizing<Vec<u8>>>>::default();
    let kept = Arc::clone(&bytes);
    std::thread::spawn(move || {
        let _open = sender;
        let mut pipe = pipe.map(|pipe| pipe.take(LONGEST_ANSWER));
        let mut part = Zeroizing::new([0; 8 << 10]);
        loop {
            match pipe.as_mut().map(|pipe| pipe.read(&mut *part)) {
                Some(Ok(count @ 1..)) => {
                    let read = part.get(..count).unwrap_or_default();
                    kept.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(read);
                }
                Some(Err(error)) if error.kind() == ErrorKind::Interrupted => {}
                // What was read before a fault is judged as it is: it will be no JSON then.
                _ => break,
            }
        }
    });
    Collected { bytes, end }
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
    let end = text("Expiration").map(|expiration| expiration.parse::<Timestamp>()).transpose();
    let expires_at = end.map_err(|_| unusable("the `Expiration` of its answer is no RFC 3339 time"))?;
    if let Some(end) = expires_at.filter(|end| *end <= now) {
        return Err(unusable(format!("its keys expired at {end}")));
    }
    let mut keys = Keys::new(
        Setting::new(need(id)?, source),
        Setting::new(Secret::new(need(secret)?), source),
        token.map(|token| Setting::new(Secret::new(token), source)),
    )?;
    keys.expires_at = expires_at;
    Ok(keys)
}
