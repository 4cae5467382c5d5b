//! What is asked of `config`, and what it answers with.

use std::fmt;
use std::path::PathBuf;

use jiff::Timestamp;

use super::process;
use super::source::PROCESS_LIMIT;
use crate::error::Error;
use crate::model::{Credentials, Role, Vendor, masked_id};

/// What the command line (or the variables behind it) says about which account to use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// `--profile` or `LIVECTL_PROFILE`, split at its commas.
    pub profiles: Vec<String>,
    /// `--all-profiles`.
    pub all_profiles: bool,
    /// `--vendor`, or the vendor that `api VENDOR` names.
    pub vendor: Option<Vendor>,
    /// `LIVECTL_VENDOR`: counts only where no profile is named.
    pub env_vendor: Option<Vendor>,
    /// `--config`.
    pub config_file: Option<PathBuf>,
    /// `--region`.
    pub region: Option<String>,
    /// `--endpoint`.
    pub endpoint: Option<String>,
    /// `--ca-bundle`.
    pub ca_bundle: Option<PathBuf>,
    /// `--sandbox`: no credentials are read.
    pub sandbox: bool,
    /// Only what files and variables say counts: no other program is asked.
    pub files_only: bool,
    /// The command changes something, so it is for one account only.
    pub changing: bool,
    /// The profile file is to be written: one that is named may be missing still.
    pub new_file: bool,
}

/// Which commands a profile lets run: patterns of Actions or commands, as written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// Where there are any: all that may change something.
    pub allow: Vec<String>,
    /// Asked about first.
    pub confirm: Vec<String>,
    /// Refused.
    pub deny: Vec<String>,
}

/// One account, ready to be used.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Whose account.
    pub vendor: Vendor,
    /// The profile's name; `None` where the credentials come from no profile of ours.
    pub profile: Option<String>,
    /// What signs; `None` in the sandbox, and where a role is assumed first.
    pub credentials: Option<Credentials>,
    /// The program that printed the credentials, and prints others once these have expired.
    pub program: Option<KeyProgram>,
    /// The role whose temporary credentials sign.
    pub role: Option<Role>,
    /// The region chosen; `None`: the vendor's default.
    pub region: Option<String>,
    /// Another host than the vendor's, a URL that [`check_endpoint`](crate::config::check_endpoint) accepts.
    pub endpoint: Option<String>,
    /// The signature chosen, one of those the vendor has: `tc3`, `hmac-sha1`, `hmac-sha256`; `rpc`, `acs3`.
    pub signature: Option<String>,
    /// A file of more trusted roots.
    pub ca_bundle: Option<PathBuf>,
    /// The platform's trust store is used beside the bundled roots.
    pub system_trust: bool,
    /// Only commands that change nothing may run.
    pub read_only: bool,
    /// The profile's rules.
    pub rules: Rules,
    /// Where each value came from, for `config show --effective`.
    pub sources: Vec<Sourced>,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("vendor", &self.vendor)
            .field("profile", &self.profile)
            .field("credentials", &self.credentials.as_ref().map(|keys| masked_id(&keys.access_key_id)))
            .field("role", &self.role)
            .field("region", &self.region)
            .field("endpoint", &self.endpoint)
            .field("signature", &self.signature)
            .field("ca_bundle", &self.ca_bundle)
            .field("system_trust", &self.system_trust)
            .field("read_only", &self.read_only)
            .field("rules", &self.rules)
            .finish_non_exhaustive()
    }
}

/// A program that prints the keys of an account.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyProgram {
    /// The program and its arguments, which are never told.
    pub(super) command: Vec<String>,
    /// Where the program is named.
    pub(super) source: String,
    /// When the keys expire that it printed first; `None`: it did not say.
    pub expires_at: Option<Timestamp>,
}

impl KeyProgram {
    /// Runs the program again, and waits for its end. Answers with the keys, and when they expire, where it says so.
    ///
    /// # Errors
    /// Class `auth`: it cannot be run, fails, prints no keys, or takes too long.
    pub fn ask(&self, now: Timestamp) -> Result<(Credentials, Option<Timestamp>), Error> {
        let keys = process::run(&self.command, &self.source, now, PROCESS_LIMIT)?;
        Ok((keys.credentials(), keys.expires_at))
    }
}

impl fmt::Debug for KeyProgram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyProgram").field("program", &self.command.first()).finish_non_exhaustive()
    }
}

/// One value and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced {
    /// The key of the profile file: `access_key_id`, `region`, …
    pub field: &'static str,
    /// The value, secrets masked; `None` where nothing is set and the vendor's default applies.
    pub value: Option<String>,
    /// `environment TENCENTCLOUD_SECRET_ID`, `profile prod in ~/.config/livectl/config.toml`, `--region`, `default`.
    pub source: String,
}

/// A profile of `--all-profiles` that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unusable {
    /// The profile's name.
    pub profile: String,
    /// Why.
    pub error: Error,
}

/// The accounts of one run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resolved {
    /// In the order they were named; never empty.
    pub accounts: Vec<Account>,
    /// Profiles of `--all-profiles` that cannot be used, beside at least one that can. Always empty otherwise.
    pub failures: Vec<Unusable>,
    /// What the user should know, without secrets.
    pub warnings: Vec<String>,
}
