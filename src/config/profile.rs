//! One profile of the file, read and checked.

use std::fmt;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::account::Rules;
use super::endpoint::{check_endpoint, without_user};
use super::environment::Environment;
use super::keys::{self, Form, KEYS};
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
    /// A way that needs the network: its word.
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

/// The values of a profile by our own names of the keys.
struct Reader<'a> {
    name: &'a str,
    shown: &'a str,
    values: Vec<(&'static str, &'a Value)>,
    network: Option<String>,
    warnings: Vec<String>,
}

impl Profile {
    /// Reads a profile's table; `shown` is the file.
    ///
    /// # Errors
    /// Usage: a key twice in two spellings, a value of the wrong type, two ways to credentials at once, an
    /// unknown vendor, signature or trust, an endpoint that may not be. No value of the file is told.
    pub(super) fn parse(name: &str, table: &Table, shown: &str) -> Result<Self, Error> {
        let mut reader = Reader { name, shown, values: Vec::new(), network: None, warnings: Vec::new() };
        reader.collect("", table)?;
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
    ) -> Result<Found, Error> {
        let origin = match &self.kind {
            Kind::Process(command) => Origin::Process { command: command.clone(), source: place.to_owned() },
            Kind::Prefix(prefix) => Origin::Keys(variables::of_prefix(environment, prefix, place)?),
            Kind::Pair { id, secret, token } => Origin::Keys(self.pair(id, secret, token, place)?),
            Kind::Keyring => return Err(no_keyring(&self.name, place)),
            Kind::Network(mode) => return Err(network_mode(place, mode)),
            Kind::Nothing => {
                return Err(unusable(format!("reading credentials: {place} has none"))
                    .hint(format!("`livectl config set {} access_key_id=… access_key_secret=@FILE`", self.name))
                    .hint("`--sandbox` works without credentials"));
            }
        };
        if let Some(signature) = &self.signature {
            check_signature(vendor.value, signature)
                .map_err(|what| Error::usage(format!("reading {place}: {what}")))?;
        }
        let from_here = |text: Option<String>| text.map(|text| Setting::new(text, place));
        let folder = file.and_then(Path::parent);
        let beside = |path: String| -> PathBuf {
            let path = environment.expand(&path);
            folder.map_or(path.clone(), |folder| folder.join(&path))
        };
        Ok(Found {
            vendor,
            origin,
            region: from_here(self.region),
            endpoint: from_here(self.endpoint),
            signature: from_here(self.signature),
            ca_bundle: self.ca_bundle.map(|path| Setting::new(beside(path), place)),
            system_trust: self.system_trust.map(|trust| Setting::new(trust, place)),
            read_only: self.read_only.map(|read_only| Setting::new(read_only, place)),
            rules: self.rules,
            profile: Some(self.name),
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

fn no_keyring(name: &str, place: &str) -> Error {
    let command = match () {
        () if cfg!(target_os = "macos") => {
            format!(r#"["security", "find-generic-password", "-s", "livectl", "-a", "{name}", "-w"]"#)
        }
        () if cfg!(windows) => r#"["powershell", "-NoProfile", "-File", "livectl-keys.ps1"]"#.to_owned(),
        () => format!(r#"["secret-tool", "lookup", "service", "livectl", "account", "{name}"]"#),
    };
    unusable(format!("reading credentials: {place} asks for the keyring, which this build does not have"))
        .hint(format!("use the system's own tool instead: `credential_process = {command}`"))
        .hint(r#"what it prints is `{"Version":1,"AccessKeyId":"…","SecretAccessKey":"…"}`"#)
}

impl<'a> Reader<'a> {
    fn collect(&mut self, prefix: &str, table: &'a Table) -> Result<(), Error> {
        for (word, value) in table {
            let path = format!("{prefix}{word}");
            match (keys::find(&path), value) {
                (Some(key), _) if self.values.iter().any(|(name, _)| *name == key.name) => {
                    return Err(self.wrong(&format!("`{}` stands there twice, once as `{word}` or so", key.name)));
                }
                (Some(key), value) => self.values.push((key.name, value)),
                (None, Value::Table(rules)) if path == "rules" => self.collect("rules.", rules)?,
                (None, Value::String(mode)) if path == "mode" => self.mode(mode),
                // Official tools write every key of theirs, most of them empty.
                (None, Value::String(text)) if keys::needs_network(word) && text.is_empty() => {}
                (None, _) if keys::needs_network(word) => self.network = Some(word.clone()),
                (None, _) => {
                    let hint = keys::did_you_mean(&path, KEYS.iter().map(|key| key.name));
                    let hint = hint.map(|hint| format!(": {hint}")).unwrap_or_default();
                    self.warnings.push(format!("unknown key `{path}` in {}{hint}", self.place()));
                }
            }
        }
        Ok(())
    }

    fn mode(&mut self, mode: &str) {
        if !matches!(mode.to_ascii_lowercase().as_str(), "" | "ak" | "ststoken" | "default") {
            self.network = Some(mode.to_owned());
        }
    }

    fn place(&self) -> String {
        format!("profile {} in {}", self.name, self.shown)
    }

    fn wrong(&self, what: &str) -> Error {
        Error::usage(format!("reading {}: {what}", self.place()))
    }

    fn value(&self, name: &str) -> Option<&'a Value> {
        self.values.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
    }

    /// A text; an empty one counts as absent.
    fn text(&self, name: &str) -> Result<Option<String>, Error> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
            Some(_) => Err(self.wrong(&format!("`{name}` is a text, in quotes"))),
        }
    }

    fn flag(&self, name: &str) -> Result<Option<bool>, Error> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Boolean(flag)) => Ok(Some(*flag)),
            Some(_) => Err(self.wrong(&format!("`{name}` is `true` or `false`, without quotes"))),
        }
    }

    fn list(&self, name: &str) -> Result<Option<Vec<String>>, Error> {
        let wrong = || self.wrong(&format!("`{name}` is an array of texts: `[\"a\", \"b\"]`"));
        match self.value(name) {
            None => Ok(None),
            Some(Value::Array(items)) => items
                .iter()
                .map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong))
                .collect::<Result<_, _>>()
                .map(Some),
            Some(_) => Err(wrong()),
        }
    }

    fn kind(&self) -> Result<Kind, Error> {
        let secret = |name| self.text(name).map(|text| text.map(Secret::new));
        let (id, pair_secret) = (self.text("access_key_id")?, secret("access_key_secret")?);
        let token = secret("session_token")?;
        let mut ways = Vec::new();
        if id.is_some() || pair_secret.is_some() || token.is_some() {
            ways.push(("access_key_id", Kind::Pair { id, secret: pair_secret, token }));
        }
        if let Some(command) = self.list("credential_process")? {
            if command.first().is_none_or(String::is_empty) {
                return Err(self.wrong("`credential_process` names no program"));
            }
            ways.push(("credential_process", Kind::Process(command)));
        }
        if let Some(prefix) = self.text("env_prefix")? {
            if !is_variable_name(&prefix) {
                return Err(self.wrong("`env_prefix` is the beginning of a variable's name: letters, digits and `_`"));
            }
            ways.push(("env_prefix", Kind::Prefix(prefix)));
        }
        if self.flag("keyring")? == Some(true) {
            ways.push(("keyring", Kind::Keyring));
        }
        if let Some(mode) = &self.network {
            return Ok(Kind::Network(mode.clone()));
        }
        match ways.len() {
            0 => Ok(Kind::Nothing),
            1 => Ok(ways.remove(0).1),
            _ => {
                let names: Vec<_> = ways.iter().map(|(name, _)| format!("`{name}`")).collect();
                Err(self.wrong(&format!("only one way to credentials can be used, not {}", names.join(" and "))))
            }
        }
    }
}

/// Whether a text can be (the beginning of) a variable's name.
pub(super) fn is_variable_name(text: &str) -> bool {
    !text.starts_with(|c: char| c.is_ascii_digit()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// A value for a person's eyes: of a key id the end, of a command the program, of a secret or of a key
/// that nobody knows nothing.
pub(super) fn shown_value(form: Option<Form>, value: &Value) -> String {
    match (form, value) {
        (Some(Form::Id), Value::String(id)) => crate::model::masked_id(id),
        (Some(Form::Text), Value::String(text)) => without_user(text),
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
