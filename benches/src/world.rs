//! A user's machine for the programs that are measured: an empty home with one profile, and a vendor on loopback.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use tempfile::TempDir;

use crate::server::{Server, Trust};
use crate::vendor::Vendor;

/// A machine.
pub struct World {
    home: TempDir,
    /// The program to be measured.
    pub livectl: PathBuf,
    /// The authorities that everybody trusts.
    pub trust: Trust,
    /// The vendor.
    pub server: Server,
}

/// What one run of a command used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Used {
    /// From start to end.
    pub wall_microseconds: u64,
    /// Of the processor, the system's work for it included.
    pub processor_microseconds: u64,
    /// The largest resident memory.
    pub peak_kib: u64,
}

impl Used {
    /// The peak in MiB.
    #[allow(clippy::cast_precision_loss, reason = "a peak below 2^53 KiB")]
    pub fn peak_mib(self) -> f64 {
        self.peak_kib as f64 / 1024.0
    }
}

/// A command line that is measured.
#[derive(Debug, Clone)]
pub struct Line {
    /// What the tables call it.
    pub name: String,
    /// The program and its arguments.
    pub words: Vec<OsString>,
    /// Variables beside `PATH` and `HOME`.
    pub variables: Vec<(String, OsString)>,
}

impl Line {
    /// A command line under a name.
    pub fn new<W: Into<OsString>>(name: &str, words: impl IntoIterator<Item = W>) -> Self {
        Line { name: name.to_owned(), words: words.into_iter().map(Into::into).collect(), variables: Vec::new() }
    }

    /// The same with one more variable.
    pub fn with(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.variables.push((name.to_owned(), value.into()));
        self
    }
}

impl World {
    /// A machine with a vendor that refuses nothing.
    ///
    /// # Errors
    /// The disk's refusal, a server that does not start.
    pub fn new() -> Result<Self> {
        let home = TempDir::with_prefix("livectl-bench-")?;
        let trust = Trust::make(home.path())?;
        let server = Server::start(&trust, Vendor::new(None))?;
        let livectl = std::env::var_os("LIVECTL").context("LIVECTL names the program to be measured")?;
        let livectl = std::fs::canonicalize(&livectl).with_context(|| format!("find {}", livectl.display()))?;
        let world = World { home, livectl, trust, server };
        world.set_accounts(1)?;
        Ok(world)
    }

    /// A folder that ends with this.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Writes the profile file, with so many accounts of the vendor; the first is the default.
    ///
    /// # Errors
    /// The disk's refusal.
    pub fn set_accounts(&self, many: usize) -> Result<()> {
        let folder = self.home().join(".config/livectl");
        std::fs::create_dir_all(&folder)?;
        let (file, host, roots) = (folder.join("config.toml"), &self.server.host, self.trust.roots.display());
        let mut text = "default_profile = \"bench-0\"\n".to_owned();
        for number in 0..many {
            let _ = write!(
                text,
                "\n[profiles.bench-{number}]\nvendor = \"tencent\"\naccess_key_id = \"AKIDEXAMPLE{number}\"\n\
                 access_key_secret = \"{number}-a-made-up-secret-of-a-bench\"\nendpoint = \"https://{host}\"\n\
                 ca_bundle = \"{roots}\"\n"
            );
        }
        std::fs::write(&file, text)?;
        own(&folder, 0o700)?;
        own(&file, 0o600)
    }

    /// Writes a file below the home folder.
    ///
    /// # Errors
    /// The disk's refusal.
    pub fn write(&self, name: &str, text: &str) -> Result<PathBuf> {
        let file = self.home().join(name);
        std::fs::write(&file, text).with_context(|| format!("write {}", file.display()))?;
        Ok(file)
    }

    /// A command line of livectl, by the words behind the program's name.
    pub fn livectl(&self, words: &str) -> Line {
        let all = std::iter::once(self.livectl.clone().into_os_string());
        Line::new(&format!("livectl {words}"), all.chain(words.split_whitespace().map(OsString::from)))
    }

    /// A command, ready to start: in the home folder, without the variables of whoever measures.
    pub fn command(&self, line: &Line, before: &[&str]) -> Result<Command> {
        let mut words = before.iter().map(OsString::from).chain(line.words.iter().cloned());
        let mut command = Command::new(words.next().context("a command line has a program")?);
        command
            .args(words)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.home())
            .envs(line.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(self.home())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Ok(command)
    }

    /// Runs a command line under another program and hands over what came on stderr.
    ///
    /// # Errors
    /// What does not start, or ends badly.
    pub fn run_under(&self, line: &Line, before: &[&str]) -> Result<String> {
        let output = self.command(line, before)?.stderr(Stdio::piped()).output();
        let output = output.with_context(|| format!("start {} {:?}", before.join(" "), line.words))?;
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        if !output.status.success() {
            bail!("{}: {}\n{told}", line.name, output.status);
        }
        Ok(told)
    }

    /// Runs a command line and tells what it used.
    ///
    /// # Errors
    /// What does not start, or ends badly.
    pub fn used(&self, line: &Line) -> Result<Used> {
        let told = self.run_under(line, &[&beside("used")?])?;
        let last = told.trim_end().lines().last().unwrap_or_default();
        serde_json::from_str(last).with_context(|| format!("read what {} used: {last}", line.name))
    }
}

/// How many runs of a command line a peak is the median of: where the kernel puts the program changes which of its
/// pages come along.
const RUNS_OF_A_PEAK: usize = 21;

impl World {
    /// The peak of a command line in MiB: the median of some runs.
    ///
    /// # Errors
    /// As [`World::used`].
    pub fn peak_mib(&self, line: &Line) -> Result<f64> {
        let mut peaks =
            (0..RUNS_OF_A_PEAK).map(|_| self.used(line).map(Used::peak_mib)).collect::<Result<Vec<f64>>>()?;
        peaks.sort_by(f64::total_cmp);
        peaks.get(RUNS_OF_A_PEAK / 2).copied().context("measure a peak")
    }
}

/// Another program of this package.
///
/// # Errors
/// A program that does not know where it is.
pub fn beside(name: &str) -> Result<String> {
    let own = std::env::current_exe().context("find this program")?;
    Ok(own.with_file_name(name).display().to_string())
}

#[cfg(unix)]
fn own(path: &Path, mode: u32) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    Ok(std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))?)
}

#[cfg(not(unix))]
fn own(_: &Path, _: u32) -> Result<()> {
    bail!("callgrind and peak memory are measured on Unix only")
}
