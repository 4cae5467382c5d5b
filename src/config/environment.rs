//! What the process gives: variables, home, standard folders, clock. All of `config` reads it from here.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

/// The variables and folders of a process, or those that a test makes up.
#[derive(Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    home: Option<PathBuf>,
    config_folder: Option<PathBuf>,
    state_folder: Option<PathBuf>,
    cache_folder: Option<PathBuf>,
    now: Option<Timestamp>,
}

impl Environment {
    /// The environment of this process. Nothing in it needs to exist: neither a home nor a folder.
    pub fn of_process() -> Self {
        let text = |part: std::ffi::OsString| part.to_string_lossy().into_owned();
        let folders = directories::ProjectDirs::from("", "", "livectl");
        Environment {
            variables: std::env::vars_os().map(|(name, value)| (text(name), text(value))).collect(),
            home: directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_owned()),
            config_folder: folders.as_ref().map(|dirs| dirs.config_dir().to_owned()),
            cache_folder: folders.as_ref().map(|dirs| dirs.cache_dir().to_owned()),
            state_folder: folders.map(|dirs| dirs.state_dir().unwrap_or(dirs.data_local_dir()).to_owned()),
            now: None,
        }
    }

    /// An environment of exactly these variables, with the standard folders of Linux below `home`.
    pub fn new<N: Into<String>, V: Into<String>>(
        variables: impl IntoIterator<Item = (N, V)>,
        home: Option<PathBuf>,
    ) -> Self {
        Environment {
            variables: variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect(),
            config_folder: home.as_ref().map(|home| home.join(".config/livectl")),
            state_folder: home.as_ref().map(|home| home.join(".local/state/livectl")),
            cache_folder: home.as_ref().map(|home| home.join(".cache/livectl")),
            home,
            now: None,
        }
    }

    /// The same environment at a fixed instant instead of the machine's clock.
    #[must_use]
    pub fn at(mut self, now: Timestamp) -> Self {
        self.now = Some(now);
        self
    }

    /// The value of a variable; an empty one counts as absent.
    pub fn var(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Whether there is a variable whose name begins so, whatever its letters' case: some systems do not tell them apart.
    pub fn names(&self, prefix: &str) -> bool {
        let begins = |name: &str| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        self.variables.keys().any(|name| begins(name))
    }

    /// The variables that are set to nothing, of those whose names begin so.
    pub fn blank(&self, prefix: &str) -> Vec<&str> {
        let blank = self.variables.iter().filter(|(name, value)| value.is_empty() && name.starts_with(prefix));
        blank.map(|(name, _)| name.as_str()).collect()
    }

    /// Whether a variable holds one of the words that mean yes: `1`, `true`, `yes`, `on`.
    pub fn is_on(&self, name: &str) -> bool {
        self.var(name).is_some_and(|value| matches!(value.to_ascii_lowercase().as_str(), "1" | "true" | "yes" | "on"))
    }

    /// The home folder, where there is one.
    pub fn home(&self) -> Option<&Path> {
        self.home.as_deref()
    }

    /// The profile file: `LIVECTL_CONFIG`, else `config.toml` in the platform's configuration folder.
    pub fn config_file(&self) -> Option<PathBuf> {
        match self.var("LIVECTL_CONFIG") {
            Some(path) => Some(self.expand(path)),
            None => self.config_folder.as_ref().map(|folder| folder.join("config.toml")),
        }
    }

    /// The platform's folder for state that may be lost, where there is one. It may not exist yet.
    pub fn state_dir(&self) -> Option<PathBuf> {
        self.state_folder.clone()
    }

    /// The platform's folder for what can be asked for again, where there is one. It may not exist yet.
    pub fn cache_dir(&self) -> Option<PathBuf> {
        self.cache_folder.clone()
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        self.now.unwrap_or_else(Timestamp::now)
    }

    /// A path as the user wrote it, with a leading `~/` made the home folder.
    pub fn expand(&self, path: &str) -> PathBuf {
        match (path.strip_prefix("~/"), &self.home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => PathBuf::from(path),
        }
    }

    /// A path for a person's eyes: the home folder is `~`.
    pub fn display(&self, path: &Path) -> String {
        match self.home.as_ref().and_then(|home| path.strip_prefix(home).ok()) {
            Some(rest) if !rest.as_os_str().is_empty() => format!("~/{}", rest.display()),
            _ => path.display().to_string(),
        }
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment")
            .field("variables", &self.variables.keys().collect::<Vec<_>>())
            .field("home", &self.home)
            .field("config_folder", &self.config_folder)
            .field("state_folder", &self.state_folder)
            .field("cache_folder", &self.cache_folder)
            .finish_non_exhaustive()
    }
}
