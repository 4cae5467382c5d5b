//! The three vendors, played locally: one server on loopback that speaks their wire protocols.
//!
//! Every request goes the same way: recognised ([`route`]), believed ([`auth`]), understood ([`parameters`]),
//! counted ([`throttle`]), performed ([`families`], else [`generic`]) on the state of one account ([`state`]),
//! and answered in the vendor's own envelope ([`envelope`]). [`dispatch`] holds that order.

mod answer;
mod asked;
mod auth;
mod body;
mod direct;
mod dispatch;
mod envelope;
mod families;
mod fault;
mod generic;
mod house;
mod later;
mod parameters;
mod publish;
mod random;
mod route;
mod server;
mod state;
mod sts;
#[cfg(test)]
mod tests;
mod throttle;
mod timeline;
mod wire;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::Error;
use crate::model::Secret;

pub use direct::Direct;
pub use fault::{FaultRule, parse_faults};
pub use publish::{Push, publish, unpublish};
pub use server::{Running, start};

/// The account that stands for "no profile was named": state of `--vendor V` without a profile is kept under it.
/// Any other text is an account of its own, by the exact name of the profile; the three vendors' states lie
/// side by side in one account.
pub const DEFAULT_ACCOUNT: &str = "sandbox";

/// What the message of a vendor's internal error holds where the state could not be written. Nothing was changed then.
pub const NOT_KEPT: &str = "writing the sandbox state `";

/// What to do about [`NOT_KEPT`].
pub const MAKE_ROOM: &str = "make room on the disk of that file, or name another file with `--sandbox-state FILE`";

/// The one key pair that the sandbox believes, for all three vendors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// The id; obviously no vendor's.
    pub access_key_id: String,
    /// The secret that belongs to it.
    pub access_key_secret: Secret,
}

impl Keys {
    /// The pair of a sandbox inside the program's own process. It opens nothing: the server is on loopback
    /// and holds no real thing.
    pub fn built_in() -> Self {
        Keys {
            access_key_id: "AKIDSANDBOX0000000000".to_owned(),
            access_key_secret: Secret::new("sandbox-secret-that-opens-nothing"),
        }
    }
}

/// How a sandbox is set up.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen: a loopback address, port 0 for any free one.
    pub listen: SocketAddr,
    /// Where state is kept between runs; `None`: in memory only.
    pub state_file: Option<PathBuf>,
    /// Whose state: the profile's name, or [`DEFAULT_ACCOUNT`].
    pub account: String,
    /// The key pair that is believed.
    pub keys: Keys,
    /// The one session token that is believed; every other one is refused.
    pub session_token: Option<Secret>,
    /// Faults that were asked for.
    pub faults: Vec<FaultRule>,
    /// Nobody listens: whoever connects is refused.
    pub offline: bool,
    /// Whether the documented rate limits are enforced.
    pub throttle: bool,
    /// How long an Aliyun domain is `configuring` after a change, where no fault says otherwise.
    pub settle: Duration,
    /// What time it is.
    pub clock: fn() -> jiff::Timestamp,
}

impl Options {
    /// A sandbox on any free loopback port, with the built-in keys, without faults, in memory.
    pub fn new(account: impl Into<String>) -> Self {
        Options {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            state_file: None,
            account: account.into(),
            keys: Keys::built_in(),
            session_token: None,
            faults: Vec::new(),
            offline: false,
            throttle: true,
            settle: Duration::from_secs(3),
            clock: jiff::Timestamp::now,
        }
    }
}

/// Where the sandbox keeps its state, in the platform's state folder for `livectl`.
pub fn default_state_file(state_dir: &Path) -> PathBuf {
    state_dir.join("sandbox.json")
}

/// Forgets the state of one account, or of all: the whole file, which need not be readable for that.
///
/// # Errors
/// A state file that cannot be locked, read (for one account) or removed.
pub fn reset(state_file: &Path, account: Option<&str>) -> Result<(), Error> {
    state::reset(state_file, account)
}
