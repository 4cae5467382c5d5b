//! Runs one command and tells what it used, as one JSON line on stderr.
//!
//! Small on purpose: Linux gives a child the peak memory of whoever started it as its own floor.

use std::process::{Command, ExitCode};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

fn main() -> ExitCode {
    let mut words = std::env::args_os().skip(1);
    let Some(program) = words.next() else { return ExitCode::from(2) };
    let began = Instant::now();
    let Ok(status) = Command::new(program).args(words).status() else { return ExitCode::from(127) };
    let wall = began.elapsed().as_micros();
    let Ok(used) = getrusage(UsageWho::RUSAGE_CHILDREN) else { return ExitCode::from(1) };
    let processor = used.user_time().num_microseconds() + used.system_time().num_microseconds();
    let told = serde_json::json!({
        "wall_microseconds": u64::try_from(wall).unwrap_or(u64::MAX),
        "processor_microseconds": processor,
        "peak_kib": used.max_rss(),
    });
    let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("\n{told}\n").as_bytes());
    ExitCode::from(u8::try_from(status.code().unwrap_or(1)).unwrap_or(1))
}
