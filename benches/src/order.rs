//! Which functions ordinary commands run: what `build/link.rs` puts together.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::world::{Line, World};

/// What people type most, and what comes before every command. A read of each vendor goes as far as its signature.
const COMMANDS: [&str; 12] = [
    "--version",
    "--help",
    "domain enable --help",
    "transcode template create --help",
    "domain list",
    "domain list -o json",
    "domain list -o ndjson --columns name,status",
    "domain list -o csv --sort-by name",
    "api tencent DescribeLiveDomains",
    "api aliyun DescribeLiveUserDomains --dry-run --profile aliyun",
    "api volcengine ListDomainDetail PageNum=1 PageSize=10 --dry-run --profile volcengine",
    "config list",
];

/// Two accounts that sign and never send.
const FURTHER_PROFILES: &str = "
[profiles.aliyun]
vendor = \"aliyun\"
access_key_id = \"LTAIEXAMPLE\"
access_key_secret = \"a-made-up-secret-of-a-bench\"

[profiles.volcengine]
vendor = \"volcengine\"
access_key_id = \"AKLTEXAMPLE\"
access_key_secret = \"a-made-up-secret-of-a-bench\"
";

/// A name is told from others by its beginning; types of a generic function may go on for pages.
const LONGEST: usize = 110;

/// Runs the commands and writes the names of all functions that ran, a line each, without what changes from build to
/// build. How many there are.
///
/// # Errors
/// No valgrind, a program without names (build it with `CARGO_PROFILE_RELEASE_STRIP=false`), a command that ends badly.
pub fn write(world: &World, file: &Path) -> Result<usize> {
    let profiles = world.home().join(".config/livectl/config.toml");
    let text = std::fs::read_to_string(&profiles)? + FURTHER_PROFILES;
    std::fs::write(&profiles, text)?;
    let mut names = BTreeSet::new();
    let mut lines: Vec<Line> = COMMANDS.iter().map(|words| world.livectl(words)).collect();
    let tab = ["--", "livectl", "domain", ""].map(std::ffi::OsString::from);
    let words = std::iter::once(world.livectl.clone().into_os_string()).chain(tab);
    lines.push(Line::new("a Tab", words).with("COMPLETE", "bash").with("_CLAP_COMPLETE_INDEX", "2"));
    for line in &lines {
        names.extend(run(world, line)?);
    }
    if names.is_empty() {
        bail!("{} has no names: build it with `CARGO_PROFILE_RELEASE_STRIP=false`", world.livectl.display());
    }
    let text: String = names.iter().map(|name| format!("{name}\n")).collect();
    std::fs::write(file, text).with_context(|| format!("write {}", file.display()))?;
    Ok(names.len())
}

/// The names of the functions that one command runs.
fn run(world: &World, line: &Line) -> Result<BTreeSet<String>> {
    let profile = world.home().join("callgrind.out");
    let out = format!("--callgrind-out-file={}", profile.display());
    world.run_under(line, &["valgrind", "--tool=callgrind", "--demangle=no", &out])?;
    Ok(names(&std::fs::read_to_string(&profile)?))
}

/// The functions that a profile of callgrind names.
fn names(profile: &str) -> BTreeSet<String> {
    let named = |line: &str| {
        let name = line.strip_prefix("fn=").or_else(|| line.strip_prefix("cfn="))?.split_once(") ")?.1;
        lasting(name.split('\'').next()?)
    };
    profile.lines().filter_map(named).collect()
}

/// What of a mangled name stays from build to build: the path without the hash, or without the hashes of crates and the
/// references back that depend on their lengths. `None` for functions of C.
fn lasting(mangled: &str) -> Option<String> {
    if mangled.starts_with("_ZN") {
        let end = mangled.rfind("17h").filter(|at| mangled.get(at + 19..at + 20) == Some("E"))?;
        return mangled.get(..end.min(LONGEST)).map(str::to_owned);
    }
    if !mangled.starts_with("_R") {
        return None;
    }
    let mut kept = String::new();
    let mut rest = mangled;
    while let Some(first) = rest.chars().next() {
        let hashed = ["Cs", "B"].into_iter().find_map(|mark| {
            let (digits, behind) = rest.strip_prefix(mark)?.split_once('_')?;
            digits.chars().all(|digit| digit.is_ascii_alphanumeric()).then_some((mark, behind))
        });
        match hashed {
            Some((mark, behind)) => {
                kept.push_str(if mark == "Cs" { "Cs*_" } else { "*" });
                rest = behind;
            }
            None => {
                kept.push(first);
                rest = rest.get(first.len_utf8()..).unwrap_or_default();
            }
        }
    }
    kept.truncate(LONGEST);
    Some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_from_build_to_build_is_left_out() {
        assert_eq!(lasting("_ZN7livectl4send5retry3run17h0123456789abcdefE").unwrap(), "_ZN7livectl4send5retry3run");
        assert_eq!(
            lasting("_ZN7livectl4send5retry3run17h0123456789abcdefE.llvm.123").unwrap(),
            "_ZN7livectl4send5retry3run"
        );
        assert_eq!(lasting("_RNvMNtCsgEmfK2I1SDS_4core3str4trim").unwrap(), "_RNvMNtCs*_4core3str4trim");
        assert_eq!(lasting("_RNvXs2_NtB5_6Vec3newCs1_4core").unwrap(), "_RNvXs2_Nt*6Vec3newCs*_4core");
        assert_eq!(lasting("memcpy"), None);
    }

    #[test]
    fn functions_are_read_from_a_profile() {
        let profile = "fl=(1) ???\nfn=(12) _ZN3one3two17h0123456789abcdefE'2\n1 2\ncfn=(13) _ZN3one5three17h0123456789abcdefE\n\
                       fn=(12)\nfn=(14) main\n";
        let read: Vec<String> = names(profile).into_iter().collect();
        assert_eq!(read, ["_ZN3one3two", "_ZN3one5three"]);
    }
}
