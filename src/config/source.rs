//! One source of credentials, taken whole, and the account made from it.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;

use super::account::{Account, KeyProgram, Rules, Selection, Sourced};
use super::endpoint::check_endpoint;
use super::environment::Environment;
use super::keyring;
use super::process;
use super::role::Assumed;
use crate::error::{Class, Error, Outcome};
use crate::model::{Credentials, Role, Secret, Vendor, masked_id, wrong_characters};

/// How long a credential process may take.
pub(super) const PROCESS_LIMIT: Duration = Duration::from_secs(60);

/// A value and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Setting<T> {
    pub value: T,
    pub source: String,
}

impl<T> Setting<T> {
    pub(super) fn new(value: T, source: impl Into<String>) -> Self {
        Setting { value, source: source.into() }
    }
}

/// One key pair with its token.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Keys {
    id: Setting<String>,
    secret: Setting<Secret>,
    token: Option<Setting<Secret>>,
    /// When they expire, where a program said so.
    pub(super) expires_at: Option<Timestamp>,
}

impl Keys {
    /// Checks that the parts can be keys at all: a stray space or line break is the commonest mistake.
    pub(super) fn new(
        id: Setting<String>,
        secret: Setting<Secret>,
        token: Option<Setting<Secret>>,
    ) -> Result<Self, Error> {
        check_characters("the key id", &id.value, &id.source)?;
        check_characters("the secret", secret.value.expose(), &secret.source)?;
        if let Some(token) = &token {
            check_characters("the session token", token.value.expose(), &token.source)?;
        }
        Ok(Keys { id, secret, token, expires_at: None })
    }

    /// Where the key id comes from.
    pub(super) fn id_source(&self) -> &str {
        &self.id.source
    }

    /// The pair itself.
    pub(super) fn credentials(&self) -> Credentials {
        Credentials {
            access_key_id: self.id.value.clone(),
            access_key_secret: self.secret.value.clone(),
            session_token: self.token.as_ref().map(|token| token.value.clone()),
        }
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({})", masked_id(&self.id.value))
    }
}

/// Refuses what no key of any vendor has in it.
pub(super) fn check_characters(what: &str, text: &str, source: &str) -> Result<(), Error> {
    match wrong_characters(text) {
        Some(wrong) => Err(unusable(format!("reading credentials: {what} of {source} {wrong}"))),
        None => Ok(()),
    }
}

/// An error of class auth: nothing was sent, since there is nothing to sign with.
pub(super) fn unusable(message: impl Into<String>) -> Error {
    Error::new(Class::Auth, message).outcome(Outcome::NotSent)
}

/// The refusal of a way to credentials that only the network can go.
pub(super) fn network_mode(source: &str, mode: &str) -> Error {
    unusable(format!("reading credentials: {source} asks for `{mode}`, which livectl does not do itself"))
        .hint(
            "let a program fetch the keys: `credential_process = [\"program\", \"argument\"]` in a profile of livectl",
        )
        .hint("or put temporary keys with their session token into the environment")
}

/// Where the keys of a source are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// Here.
    Keys(Keys),
    /// A program prints them; it runs only when the source is the one used.
    Process { command: Vec<String>, source: String },
    /// The operating system's secret store has them; it is asked only when the source is the one used.
    Keyring { profile: String, source: String },
    /// A role is assumed, once something is to be sent.
    Role(Box<Assumed>),
}

impl Origin {
    /// The source whose keys another program has, if that must be asked.
    fn asked_elsewhere(&self) -> Option<&str> {
        match self {
            Origin::Keys(_) => None,
            Origin::Process { source, .. } | Origin::Keyring { source, .. } => Some(source),
            Origin::Role(assumed) => assumed.base.as_ref()?.asked_elsewhere(),
        }
    }

    /// What there is to sign with. A program runs now.
    fn held(&self, vendor: Vendor, environment: &Environment) -> Result<Held, Error> {
        Ok(match self {
            Origin::Keys(keys) => Held::Keys(keys.clone()),
            Origin::Process { command, source } => {
                Held::Keys(process::run(command, source, environment.now(), PROCESS_LIMIT)?)
            }
            Origin::Keyring { profile, source } => Held::Keys(keyring::read(profile, source, environment.now())?),
            Origin::Role(assumed) => {
                let base = assumed.base.as_ref().map(|base| base.held(vendor, environment)).transpose()?;
                Held::Role(assumed.role(vendor, base)?)
            }
        })
    }
}

/// What a source comes to.
pub(super) enum Held {
    /// Keys.
    Keys(Keys),
    /// A role, with all that it takes to assume it.
    Role(Role),
}

/// One source, whole: nothing of it is mixed with another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub vendor: Setting<Vendor>,
    pub profile: Option<String>,
    pub origin: Origin,
    pub region: Option<Setting<String>>,
    pub endpoint: Option<Setting<String>>,
    pub signature: Option<Setting<String>>,
    pub ca_bundle: Option<Setting<PathBuf>>,
    pub system_trust: Option<Setting<bool>>,
    pub read_only: Option<Setting<bool>>,
    pub rules: Rules,
}

impl Found {
    /// A source that has nothing but keys.
    pub(super) fn new(vendor: Setting<Vendor>, origin: Origin) -> Self {
        Found {
            vendor,
            profile: None,
            origin,
            region: None,
            endpoint: None,
            signature: None,
            ca_bundle: None,
            system_trust: None,
            read_only: None,
            rules: Rules::default(),
        }
    }

    /// Where the key id comes from, for a warning.
    pub(super) fn keys_source(&self) -> &str {
        match &self.origin {
            Origin::Keys(keys) => keys.id_source(),
            Origin::Process { source, .. } | Origin::Keyring { source, .. } => source,
            Origin::Role(assumed) => &assumed.place,
        }
    }

    /// Where the keys come from that assume a role, through whichever roles.
    fn base_source(&self) -> &str {
        let mut origin = &self.origin;
        while let Origin::Role(assumed) = origin {
            match &assumed.base {
                Some(base) => origin = base,
                None => return &assumed.place,
            }
        }
        match origin {
            Origin::Keys(keys) => keys.id_source(),
            Origin::Process { source, .. } | Origin::Keyring { source, .. } => source,
            Origin::Role(assumed) => &assumed.place,
        }
    }

    /// The account: explicit options lie over the source, and a credential process runs now.
    pub(super) fn into_account(mut self, environment: &Environment, selection: &Selection) -> Result<Account, Error> {
        override_with(&mut self.region, selection.region.clone(), environment, "--region", "LIVECTL_REGION");
        override_with(&mut self.endpoint, selection.endpoint.clone(), environment, "--endpoint", "LIVECTL_ENDPOINT");
        override_with(
            &mut self.ca_bundle,
            selection.ca_bundle.clone(),
            environment,
            "--ca-bundle",
            "LIVECTL_CA_BUNDLE",
        );
        if self.ca_bundle.is_none() {
            override_with(&mut self.ca_bundle, None, environment, "", "SSL_CERT_FILE");
        }
        if let Some(endpoint) = &self.endpoint {
            check_endpoint(&endpoint.value)
                .map_err(|error| error.hint(format!("it comes from {}", endpoint.source)))?;
        }
        if let Some(source) = self.origin.asked_elsewhere().filter(|_| selection.files_only) {
            return Err(unusable(format!("reading credentials: {source} asks another program")));
        }
        let held = self.origin.held(self.vendor.value, environment)?;
        Ok(self.account(held))
    }

    fn account(self, held: Held) -> Account {
        let sources = self.sources(&held);
        let (credentials, role, expires_at) = match held {
            Held::Keys(keys) => (Some(keys.credentials()), None, keys.expires_at),
            Held::Role(role) => (None, Some(role), None),
        };
        let program = match self.origin {
            Origin::Process { command, source } => Some(KeyProgram { command, source, expires_at }),
            Origin::Keys(_) | Origin::Keyring { .. } | Origin::Role(_) => None,
        };
        let value = |setting: Option<Setting<String>>| setting.map(|setting| setting.value);
        Account {
            vendor: self.vendor.value,
            profile: self.profile,
            credentials,
            program,
            role,
            region: value(self.region),
            endpoint: value(self.endpoint),
            signature: value(self.signature),
            ca_bundle: self.ca_bundle.map(|path| path.value),
            system_trust: self.system_trust.is_some_and(|trust| trust.value),
            read_only: self.read_only.is_some_and(|read_only| read_only.value),
            rules: self.rules,
            sources,
        }
    }

    fn sources(&self, held: &Held) -> Vec<Sourced> {
        let mut sources = Vec::new();
        let mut add = |field, value: Option<(Option<String>, &str)>| {
            let (value, source) = value.unwrap_or((None, "default"));
            sources.push(Sourced { field, value, source: source.to_owned() });
        };
        let text = |setting: &Option<Setting<String>>| setting.clone().map(|setting| (setting.value, setting.source));
        let flag = |setting: &Option<Setting<bool>>| {
            setting.clone().map_or(("false".to_owned(), "default".to_owned()), |s| (s.value.to_string(), s.source))
        };
        add("vendor", Some((Some(self.vendor.value.to_string()), &self.vendor.source)));
        match held {
            Held::Keys(keys) => {
                let kind = if keys.token.is_some() { "session" } else { "static" };
                add("credentials", Some((Some(kind.into()), &keys.id.source)));
                add("access_key_id", Some((Some(masked_id(&keys.id.value)), &keys.id.source)));
                add("access_key_secret", Some((Some("***".into()), &keys.secret.source)));
                if let Some(token) = &keys.token {
                    add("session_token", Some((Some("***".into()), &token.source)));
                }
            }
            Held::Role(role) => {
                add("credentials", Some((Some(role.kind().into()), self.keys_source())));
                if let Some(keys) = role.keys() {
                    add("access_key_id", Some((Some(masked_id(&keys.access_key_id)), self.base_source())));
                }
                if let Origin::Role(assumed) = &self.origin {
                    sources.extend(assumed.sources(role));
                }
            }
        }
        let mut add = |field, value: Option<(Option<String>, &str)>| {
            let (value, source) = value.unwrap_or((None, "default"));
            sources.push(Sourced { field, value, source: source.to_owned() });
        };
        let path = self.ca_bundle.clone().map(|path| (path.value.display().to_string(), path.source));
        let texts = [text(&self.region), text(&self.endpoint), text(&self.signature), path];
        for (field, setting) in ["region", "endpoint", "signature", "ca_bundle"].into_iter().zip(&texts) {
            add(field, setting.as_ref().map(|(value, source)| (Some(value.clone()), source.as_str())));
        }
        let (value, source) = match &self.system_trust {
            Some(trust) => (if trust.value { "system" } else { "bundled" }, trust.source.as_str()),
            None => ("bundled", "default"),
        };
        add("trust", Some((Some(value.to_owned()), source)));
        let (value, source) = flag(&self.read_only);
        add("read_only", Some((Some(value), &source)));
        sources
    }
}

/// Lays an explicit option, or the variable that stands for it, over a value of the source.
fn override_with<T: for<'a> From<&'a str> + PartialEq>(
    setting: &mut Option<Setting<T>>,
    given: Option<T>,
    environment: &Environment,
    option: &str,
    variable: &str,
) {
    let from_variable = environment.var(variable).map(T::from);
    match (given, from_variable) {
        (Some(given), from_variable) if from_variable.as_ref() != Some(&given) => {
            *setting = Some(Setting::new(given, option));
        }
        (_, Some(value)) => *setting = Some(Setting::new(value, format!("environment {variable}"))),
        _ => {}
    }
}
