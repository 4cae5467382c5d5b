//! The version with the commit and its date, where a release is built from a checkout or a package that tells them.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// How much of a commit's hash is told.
const TOLD: usize = 10;

/// `0.1.0 (0123456789 2026-01-31)`; only the number where nobody knows more.
///
/// Only releases tell it: a debug build would be compiled anew for each commit.
pub fn told() -> String {
    let number = env::var("CARGO_PKG_VERSION").expect("cargo sets CARGO_PKG_VERSION");
    println!("cargo:rerun-if-env-changed=SOURCE_DATE_EPOCH");
    if env::var("PROFILE").as_deref() != Ok("release") {
        return number;
    }
    let (commit, committed) = from_checkout().or_else(from_package).unwrap_or_default();
    let date = env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.trim().parse().ok()).or(committed);
    let told = [commit.get(..TOLD).map(str::to_owned), date.map(day)];
    let told: Vec<String> = told.into_iter().flatten().collect();
    if told.is_empty() { number } else { format!("{number} ({})", told.join(" ")) }
}

/// The commit and the seconds of its date, of the checkout that this folder is the root of.
fn from_checkout() -> Option<(String, Option<i64>)> {
    let root = fs::canonicalize(git(&["rev-parse", "--show-toplevel"])?).ok()?;
    if root != fs::canonicalize(".").ok()? {
        return None;
    }
    // What is not there must not be watched: cargo would run the build again each time.
    let branch = git(&["symbolic-ref", "--quiet", "HEAD"]);
    for name in ["HEAD"].into_iter().chain(branch.as_deref()).chain(["packed-refs"]) {
        let file = git(&["rev-parse", "--git-path", name])?;
        if Path::new(&file).exists() {
            println!("cargo:rerun-if-changed={file}");
        }
    }
    let told = git(&["show", "--no-patch", "--format=%H %ct", "HEAD"])?;
    let (commit, seconds) = told.split_once(' ')?;
    Some((commit.to_owned(), seconds.parse().ok()))
}

/// The commit that a package was made from, as `cargo package` notes it.
fn from_package() -> Option<(String, Option<i64>)> {
    let noted: serde_json::Value = serde_json::from_slice(&fs::read(".cargo_vcs_info.json").ok()?).ok()?;
    Some((noted["git"]["sha1"].as_str()?.to_owned(), None))
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// The day in UTC that an instant is on, as `2026-01-31`: the usual arithmetic of the Gregorian calendar, in which years
/// begin in March and 400 of them have 146,097 days.
pub fn day(seconds: i64) -> String {
    let days = seconds.div_euclid(86_400) + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let (day, month) = (of_year - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    format!("{:04}-{month:02}-{day:02}", era * 400 + year + i64::from(month <= 2))
}
