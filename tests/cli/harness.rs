//! Runs the program in a cleared environment and a folder of its own.

use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_livectl");

/// A user's machine: an empty home, and the variables a test sets.
pub struct World {
    home: TempDir,
    variables: Vec<(String, String)>,
}

/// What one run of the program left behind.
pub struct Run {
    pub command: String,
    pub stdout: String,
    pub stderr: String,
    pub code: i32,
}

impl World {
    /// A machine without any account.
    pub fn empty() -> Self {
        World { home: TempDir::new().unwrap(), variables: Vec::new() }
    }

    /// A machine on which every command runs in the sandbox, as one vendor.
    pub fn sandbox(vendor: &str) -> Self {
        World::empty().set("LIVECTL_SANDBOX", "1").set("LIVECTL_VENDOR", vendor)
    }

    /// The same machine with one more variable.
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The home folder.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Writes a file below the home folder, readable by its owner only.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let file = self.home().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, text).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(file.parent().unwrap(), std::fs::Permissions::from_mode(0o700)).unwrap();
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        file
    }

    /// Writes the profile file.
    pub fn profiles(&self, text: &str) -> PathBuf {
        self.write(".config/livectl/config.toml", text)
    }

    /// The program, ready to be started by hand.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let folder = Path::new(PROGRAM).parent().unwrap();
        let path = std::env::var("PATH").unwrap_or_default();
        command
            .env_clear()
            .env("PATH", format!("{}:{path}", folder.display()))
            .env("HOME", self.home())
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(self.home())
            .stdin(Stdio::null());
        command
    }

    /// Runs one command line, split at blanks (no quoting).
    pub fn run(&self, line: &str) -> Run {
        let words: Vec<&str> = line.split_whitespace().collect();
        self.run_words(&words)
    }

    /// Runs one command line, word by word.
    pub fn run_words(&self, words: &[&str]) -> Run {
        Run::of(words, &self.command(PROGRAM).args(words).output().unwrap())
    }

    /// Runs one command line with a text on stdin.
    pub fn run_with_input(&self, line: &str, input: &str) -> Run {
        let words: Vec<&str> = line.split_whitespace().collect();
        let mut command = self.command(PROGRAM);
        command.args(&words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // Who refuses the command line reads nothing.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        Run::of(&words, &child.wait_with_output().unwrap())
    }
}

impl Run {
    fn of(words: &[&str], output: &Output) -> Self {
        Run {
            command: words.join(" "),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            code: output.status.code().unwrap_or(-1),
        }
    }

    /// The run, which must have ended well.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{self}");
        self
    }

    /// The run, which must have ended with this exit code.
    #[track_caller]
    pub fn fails(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self}");
        assert_eq!(self.stdout, "", "a failure prints no data: {self}");
        self
    }

    /// The run, in which some of several must have failed; what the others gave is there.
    #[track_caller]
    pub fn fails_partly(self) -> Self {
        assert_eq!(self.code, 9, "{self}");
        self
    }

    /// stdout as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self}"))
    }

    /// The JSON error on the last line of stderr.
    #[track_caller]
    pub fn error(&self) -> Value {
        let line = self.stderr.lines().last().unwrap_or_default();
        let error: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {self}"));
        error["error"].clone()
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "$ livectl {}\n{}", self.command, self.stdout)?;
        if !self.stderr.is_empty() {
            write!(f, "--- stderr\n{}", self.stderr)?;
        }
        if self.code != 0 {
            writeln!(f, "--- exit {}", self.code)?;
        }
        Ok(())
    }
}

/// Compares a run with its snapshot, with what differs from run to run replaced by its name.
#[macro_export]
macro_rules! assert_run {
    ($run:expr) => {
        insta::with_settings!({filters => vec![
            (r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}", "<request-id>"),
            (r"\b20\d{12,}[0-9A-F]{6,}\b", "<request-id>"),
            (r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+08:00)", "<time>"),
            (r"127\.0\.0\.1:\d+", "<address>"),
            (r"/tmp/\.tmp[A-Za-z0-9]+", "<home>"),
        ]}, { insta::assert_snapshot!($run.to_string()) })
    };
}
