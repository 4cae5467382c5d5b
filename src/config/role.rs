//! Roles: what a profile, a variable or an official tool's file says about one, and the role made from it.

use std::path::PathBuf;

use super::account::Sourced;
use super::endpoint::check_endpoint;
use super::source::{Held, Origin, unusable};
use crate::error::Error;
use crate::model::{Proof, Role, Vendor};

/// What the session is called where nobody names it.
const SESSION: &str = "livectl";

/// The shortest and the longest life of credentials that the vendors' references know, in seconds.
const LIFE: [u32; 2] = [900, 43_200];

/// What a source says about a role.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RoleKeys {
    pub name: Option<String>,
    pub session_name: Option<String>,
    pub external_id: Option<String>,
    pub policy: Option<String>,
    pub duration: Option<u32>,
    pub sts_endpoint: Option<String>,
    pub provider: Option<String>,
    pub token_file: Option<PathBuf>,
}

/// A role with its place, and what assumes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Assumed {
    pub keys: RoleKeys,
    /// What signs; `None`: a token proves the right.
    pub base: Option<Origin>,
    /// `profile prod in ~/.config/livectl/config.toml`.
    pub place: String,
}

impl RoleKeys {
    /// Whether nothing is said about a role.
    pub(super) fn is_empty(&self) -> bool {
        *self == RoleKeys::default()
    }

    /// Whether a token proves the right.
    pub(super) fn is_by_token(&self) -> bool {
        self.token_file.is_some()
    }

    /// What cannot be for this vendor, each thing in words.
    fn faults(&self, vendor: Vendor) -> Vec<String> {
        let mut faults = Vec::new();
        match &self.name {
            None => faults.push("`role_arn` is missing".to_owned()),
            Some(name) => faults.extend(check_name(vendor, name).err()),
        }
        let named = |name: &String| name.len() <= 128 && name.bytes().all(is_of_session);
        if self.session_name.as_ref().is_some_and(|name| !named(name)) {
            faults.push("`role_session_name` is up to 128 letters, digits and `+=,.@_-`".to_owned());
        }
        let by_token = self.is_by_token();
        let has_provider = vendor != Vendor::Volcengine;
        match &self.provider {
            None if by_token && has_provider => faults.push("`oidc_provider` is missing".to_owned()),
            Some(_) if !by_token => faults.push("`oidc_provider` wants `oidc_token_file` beside it".to_owned()),
            Some(_) if !has_provider => faults.push(format!("`oidc_provider` is unknown to {vendor}")),
            _ => {}
        }
        if self.external_id.is_some() && (by_token || vendor == Vendor::Volcengine) {
            let who = if by_token { "a role by token" } else { vendor.name() };
            faults.push(format!("`external_id` is unknown to {who}"));
        }
        if self.policy.is_some() && by_token && vendor == Vendor::Tencent {
            faults.push(format!("`role_policy` is unknown to a role by token of {vendor}"));
        }
        faults
    }
}

/// Whether a role can be of a vendor.
///
/// # Errors
/// What is wrong with its name.
pub(super) fn check_name(vendor: Vendor, name: &str) -> Result<(), String> {
    let beginning = match vendor {
        Vendor::Tencent => "qcs::cam::",
        Vendor::Aliyun => "acs:ram::",
        Vendor::Volcengine => "trn:iam::",
    };
    match name.starts_with(beginning) && is_plain(name) {
        true => Ok(()),
        false => Err(format!("`role_arn` of {vendor} begins with `{beginning}`")),
    }
}

fn is_of_session(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte)
}

fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whether credentials can live so long.
///
/// # Errors
/// What is allowed.
pub(super) fn check_life(seconds: i64) -> Result<u32, String> {
    let [least, most] = LIFE;
    let fits = u32::try_from(seconds).ok().filter(|seconds| (least..=most).contains(seconds));
    fits.ok_or_else(|| "a time from `15m` to `12h`".to_owned())
}

impl Assumed {
    /// The role, with the keys that assume it.
    ///
    /// # Errors
    /// Auth: something is missing, or cannot be for this vendor; all of it is told.
    pub(super) fn role(&self, vendor: Vendor, base: Option<Held>) -> Result<Role, Error> {
        let keys = &self.keys;
        let faults = keys.faults(vendor);
        if !faults.is_empty() {
            let all = faults.join("; ");
            return Err(unusable(format!("reading the role of {}: {all}", self.place))
                .hint("a role wants `role_arn`, and keys that assume it or `oidc_token_file` with `oidc_provider`"));
        }
        if let Some(endpoint) = &keys.sts_endpoint {
            check_endpoint(endpoint)
                .map_err(|error| error.hint(format!("it is the `sts_endpoint` of {}", self.place)))?;
        }
        let proof = match (base, &keys.token_file) {
            (Some(Held::Keys(pair)), None) => Proof::Keys(pair.credentials()),
            (Some(Held::Role(role)), None) => Proof::Role(Box::new(role)),
            (_, Some(file)) => Proof::Token { provider: keys.provider.clone(), file: file.clone() },
            (None, None) => {
                return Err(unusable(format!("reading credentials: {} has a role and nothing to assume it with", self.place))
                    .hint("`access_key_id` and `access_key_secret`, `source_profile`, or `oidc_token_file` with `oidc_provider`"));
            }
        };
        Ok(Role {
            name: keys.name.clone().unwrap_or_default(),
            session_name: keys.session_name.clone().unwrap_or_else(|| SESSION.to_owned()),
            external_id: keys.external_id.clone(),
            policy: keys.policy.clone(),
            duration: keys.duration,
            sts_endpoint: keys.sts_endpoint.clone(),
            proof,
        })
    }

    /// The rows of `config show --effective`.
    pub(super) fn sources(&self, role: &Role) -> Vec<Sourced> {
        let file = match &role.proof {
            Proof::Token { file, .. } => Some(file.display().to_string()),
            Proof::Keys(_) | Proof::Role(_) => None,
        };
        let by = match &role.proof {
            Proof::Role(base) => Some(base.name.clone()),
            Proof::Keys(_) | Proof::Token { .. } => None,
        };
        let told = [
            ("role_arn", Some(role.name.clone())),
            ("role_session_name", Some(role.session_name.clone())),
            ("external_id", role.external_id.clone()),
            ("role_policy", role.policy.clone()),
            ("role_duration", role.duration.map(|seconds| format!("{seconds}s"))),
            ("oidc_provider", self.keys.provider.clone()),
            ("oidc_token_file", file),
            ("assumed_by", by),
            ("sts_endpoint", role.sts_endpoint.clone()),
        ];
        let source = |field| match field {
            "role_session_name" if self.keys.session_name.is_none() => "default".to_owned(),
            _ => self.place.clone(),
        };
        let row = |(field, value): (&'static str, Option<String>)| {
            value.map(|value| Sourced { field, value: Some(value), source: source(field) })
        };
        told.into_iter().filter_map(row).collect()
    }
}
