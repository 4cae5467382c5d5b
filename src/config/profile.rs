//! One profile of the file, read and checked.

use std::fmt;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::account::Rules;
use super::endpoint::{check_endpoint, without_user};
use super::environment::Environment;
use super::keys::Form;
use super::reader::Reader;
use super::role::{Assumed, RoleKeys};
use super::source::{Found, Keys, Origin, Setting, network_mode, unusable};
use super::variables;
use crate::error::Error;
use crate::model::{Secret, Vendor};

/// How a profile comes to its credentials.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// Not at all: it is good for the sandbox only.
    Nothing,
    /// The pair stands in the file, perhaps only half of it.
    Pair { id: Option<String>, secret: Option<Secret>, token: Option<Secret> },
    /// A program prints them.
    Process(Vec<String>),
    /// They are in variables with this prefix.
    Prefix(String),
    /// The operating system's secret store.
    Keyring,
    /// Another profile has them.
    Source(String),
    /// A role, and what assumes it.
    Role { keys: RoleKeys, base: Box<Kind> },
    /// A way that livectl does not go: its word.
    Network(String),
}

impl Kind {
    /// The word of `config list`.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Kind::Nothing => "none",
            Kind::Pair { token: None, .. } => "static",
            Kind::Pair { .. } => "session",
            Kind::Process(_) => "credential_process",
            Kind::Prefix(_) => "env_prefix",
            Kind::Keyring => "keyring",
            Kind::Source(_) => "source_profile",
            Kind::Role { keys, .. } if keys.is_by_token() => "oidc",
            Kind::Role { .. } => "role",
            Kind::Network(_) => "unsupported",
        }
    }
}

/// One profile.
pub(super) struct Profile {
    pub name: String,
    pub kind: Kind,
    pub region: Option<String>,
    pub endpoint: Option<String>,
    pub signature: Option<String>,
    pub ca_bundle: Option<String>,
    pub system_trust: Option<bool>,
    pub read_only: Option<bool>,
    pub rules: Rules,
    /// Unknown keys.
    pub warnings: Vec<String>,
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profile").field("name", &self.name).field("kind", &self.kind.name()).finish_non_exhaustive()
    }
}

/// The signatures that a vendor lets one choose from.
pub(super) const fn signatures(vendor: Vendor) -> &'static [&'static str] {
    match vendor {
        Vendor::Tencent => &["tc3", "hmac-sha1", "hmac-sha256"],
        Vendor::Aliyun => &["rpc", "acs3"],
        Vendor::Volcengine => &[],
    }
}

impl Profile {
    /// Reads a profile's table; `shown` is the file.
    ///
    /// # Errors
    /// Usage: a key twice in two spellings, a value of the wrong type, two ways to credentials at once, an
    /// unknown vendor, signature or trust, an endpoint that may not be. No value of the file is told.
    pub(super) fn parse(name: &str, table: &Table, shown: &str) -> Result<Self, Error> {
        let reader = Reader::of(name, table, shown)?;
        let vendor = match reader.text("vendor")? {
            Some(text) => Some(text.parse::<Vendor>().map_err(|what| reader.wrong(&what))?),
            None => None,
        };
        let endpoint = reader.text("endpoint")?;
        if let Some(endpoint) = &endpoint {
            check_endpoint(endpoint).map_err(|error| error.hint(format!("it stands in {}", reader.place())))?;
        }
        let signature = reader.text("signature")?;
        if let (Some(vendor), Some(signature)) = (vendor, &signature) {
            check_signature(vendor, signature).map_err(|what| reader.wrong(&what))?;
        }
        let system_trust = match reader.text("trust")?.as_deref() {
            None => None,
            Some("system") => Some(true),
            Some("bundled") => Some(false),
            Some(_) => return Err(reader.wrong("`trust` is `system` or `bundled`")),
        };
        let rules = Rules {
            allow: reader.list("rules.allow")?.unwrap_or_default(),
            confirm: reader.list("rules.confirm")?.unwrap_or_default(),
            deny: reader.list("rules.deny")?.unwrap_or_default(),
        };
        Ok(Profile {
            name: name.to_owned(),
            kind: reader.kind()?,
            region: reader.text("region")?,
            endpoint,
            signature,
            ca_bundle: reader.text("ca_bundle")?,
            system_trust,
            read_only: reader.flag("read_only")?,
            rules,
            warnings: reader.warnings,
        })
    }

    /// The profile as a source of credentials for a vendor that has been checked against it.
    ///
    /// # Errors
    /// Auth: it has no usable credentials, with the true cause.
    pub(super) fn into_found(
        self,
        vendor: Setting<Vendor>,
        file: Option<&Path>,
        place: &str,
        environment: &Environment,
        of_profile: &mut dyn FnMut(&str) -> Result<Origin, Error>,
    ) -> Result<Found, Error> {
        let folder = file.and_then(Path::parent);
        let beside = |path: PathBuf| -> PathBuf {
            let path = environment.expand(&path.to_string_lossy());
            folder.map_or(path.clone(), |folder| folder.join(&path))
        };
        let reach = Reach { place, environment, beside: &beside };
        let origin = self.origin(&self.kind, &reach, of_profile)?;
        if let Some(signature) = &self.signature {
            check_signature(vendor.value, signature)
                .map_err(|what| Error::usage(format!("reading {place}: {what}")))?;
        }
        let from_here = |text: Option<String>| text.map(|text| Setting::new(text, place));
        Ok(Found {
            vendor,
            origin,
            region: from_here(self.region),
            endpoint: from_here(self.endpoint),
            signature: from_here(self.signature),
            ca_bundle: self.ca_bundle.map(|path| Setting::new(beside(path.into()), place)),
            system_trust: self.system_trust.map(|trust| Setting::new(trust, place)),
            read_only: self.read_only.map(|read_only| Setting::new(read_only, place)),
            rules: self.rules,
            profile: Some(self.name),
        })
    }

    fn origin(
        &self,
        kind: &Kind,
        reach: &Reach<'_>,
        of_profile: &mut dyn FnMut(&str) -> Result<Origin, Error>,
    ) -> Result<Origin, Error> {
        let Reach { place, environment, beside } = reach;
        Ok(match kind {
            Kind::Process(command) => Origin::Process { command: command.clone(), source: (*place).to_owned() },
            Kind::Prefix(prefix) => Origin::Keys(variables::of_prefix(environment, prefix, place)?),
            Kind::Pair { id, secret, token } => Origin::Keys(self.pair(id, secret, token, place)?),
            Kind::Keyring => Origin::Keyring { profile: self.name.clone(), source: (*place).to_owned() },
            Kind::Network(mode) => return Err(network_mode(place, mode)),
            Kind::Source(name) => of_profile(name)?,
            Kind::Role { keys, base } => {
                let mut keys = keys.clone();
                keys.token_file = keys.token_file.map(beside);
                let base = match **base {
                    Kind::Nothing => None,
                    ref base => Some(self.origin(base, reach, of_profile)?),
                };
                Origin::Role(Box::new(Assumed { keys, base, place: (*place).to_owned() }))
            }
            Kind::Nothing => {
                return Err(unusable(format!("reading credentials: {place} has none"))
                    .hint(format!("`livectl config set {} access_key_id=… access_key_secret=@FILE`", self.name))
                    .hint("`--sandbox` works without credentials"));
            }
        })
    }

    fn pair(
        &self,
        id: &Option<String>,
        secret: &Option<Secret>,
        token: &Option<Secret>,
        place: &str,
    ) -> Result<Keys, Error> {
        let need = |key: &str| {
            unusable(format!("reading credentials: {place} has no `{key}`"))
                .hint(format!("`livectl config set {} {key}=@FILE`", self.name))
        };
        Keys::new(
            Setting::new(id.clone().ok_or_else(|| need("access_key_id"))?, place),
            Setting::new(secret.clone().ok_or_else(|| need("access_key_secret"))?, place),
            token.clone().map(|token| Setting::new(token, place)),
        )
    }
}

/// Where a profile looks for what it points to.
struct Reach<'a> {
    place: &'a str,
    environment: &'a Environment,
    /// A path as written, seen from the profile file.
    beside: &'a dyn Fn(PathBuf) -> PathBuf,
}

/// Whether the vendor has such a signature to choose.
///
/// # Errors
/// A sentence with those it has.
pub(super) fn check_signature(vendor: Vendor, signature: &str) -> Result<(), String> {
    match signatures(vendor) {
        allowed if allowed.contains(&signature) => Ok(()),
        [] => Err(format!("`signature` cannot be chosen for {vendor}: leave it out")),
        allowed => Err(format!("`signature` of {vendor} is one of {}", allowed.join(", "))),
    }
}

/// A value for a person's eyes: of a key id the end, of a command the program, of a secret or of a key
/// that nobody knows nothing.
pub(super) fn shown_value(form: Option<Form>, value: &Value) -> String {
    match (form, value) {
        (Some(Form::Id), Value::String(id)) => crate::model::masked_id(id),
        (Some(Form::Text | Form::Duration), Value::String(text)) => without_user(text),
        (Some(Form::Duration), Value::Integer(seconds)) => format!("{seconds}s"),
        (Some(Form::Flag), Value::Boolean(flag)) => flag.to_string(),
        (Some(Form::List), Value::Array(items)) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","),
        (Some(Form::Command), Value::Array(items)) => match (items.first().and_then(Value::as_str), items.len()) {
            (Some(program), 1) => program.to_owned(),
            (Some(program), _) => format!("{program} ***"),
            _ => "***".to_owned(),
        },
        _ => "***".to_owned(),
    }
}
