//! The table of one profile, value by value: types, spellings, the one way to credentials.

use std::path::PathBuf;

use toml::{Table, Value};

use super::keys::{self, KEYS};
use super::profile::Kind;
use super::role::{RoleKeys, check_life};
use crate::error::Error;
use crate::model::{Secret, time};

/// The values of a profile by our own names of the keys.
pub(super) struct Reader<'a> {
    name: &'a str,
    shown: &'a str,
    values: Vec<(&'static str, &'a Value)>,
    network: Option<String>,
    /// Unknown keys.
    pub warnings: Vec<String>,
}

impl<'a> Reader<'a> {
    /// The values of a table, by our own names.
    ///
    /// # Errors
    /// Usage: a key twice in two spellings.
    pub(super) fn of(name: &'a str, table: &'a Table, shown: &'a str) -> Result<Self, Error> {
        let mut reader = Reader { name, shown, values: Vec::new(), network: None, warnings: Vec::new() };
        reader.collect("", table)?;
        Ok(reader)
    }

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
        if !matches!(
            mode.to_ascii_lowercase().as_str(),
            "" | "ak" | "ststoken" | "default" | "ramrolearn" | "chainableramrolearn" | "oidc"
        ) {
            self.network = Some(mode.to_owned());
        }
    }

    pub(super) fn place(&self) -> String {
        format!("profile {} in {}", self.name, self.shown)
    }

    pub(super) fn wrong(&self, what: &str) -> Error {
        Error::usage(format!("reading {}: {what}", self.place()))
    }

    fn value(&self, name: &str) -> Option<&'a Value> {
        self.values.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
    }

    /// A text; an empty one counts as absent.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, Error> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
            Some(_) => Err(self.wrong(&format!("`{name}` is a text, in quotes"))),
        }
    }

    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, Error> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Boolean(flag)) => Ok(Some(*flag)),
            Some(_) => Err(self.wrong(&format!("`{name}` is `true` or `false`, without quotes"))),
        }
    }

    pub(super) fn list(&self, name: &str) -> Result<Option<Vec<String>>, Error> {
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

    pub(super) fn kind(&self) -> Result<Kind, Error> {
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
        if let Some(name) = self.text("source_profile")? {
            ways.push(("source_profile", Kind::Source(name)));
        }
        let role = self.role()?;
        if role.is_by_token() {
            ways.push(("oidc_token_file", Kind::Nothing));
        }
        if let Some(mode) = &self.network {
            return Ok(Kind::Network(mode.clone()));
        }
        let way = self.only(ways)?;
        match (role.is_empty(), way) {
            (true, Kind::Source(_)) => Err(self.wrong("`source_profile` wants `role_arn` beside it")),
            (true, way) => Ok(way),
            (false, way) => Ok(Kind::Role { keys: role, base: Box::new(way) }),
        }
    }

    fn role(&self) -> Result<RoleKeys, Error> {
        Ok(RoleKeys {
            name: self.text("role_arn")?,
            session_name: self.text("role_session_name")?,
            external_id: self.text("external_id")?,
            policy: self.text("role_policy")?,
            duration: self.duration("role_duration")?,
            sts_endpoint: self.text("sts_endpoint")?,
            provider: self.text("oidc_provider")?,
            token_file: self.text("oidc_token_file")?.map(PathBuf::from),
        })
    }

    /// How long credentials shall live, in seconds.
    fn duration(&self, name: &str) -> Result<Option<u32>, Error> {
        let seconds = match self.value(name) {
            None => return Ok(None),
            Some(Value::Integer(seconds)) => Ok(*seconds),
            Some(Value::String(text)) => time::parse_duration(text).map(|limit| limit.as_secs()),
            Some(_) => Err(String::new()),
        };
        let wrong = |what: String| self.wrong(&format!("`{name}` is {what}"));
        check_life(seconds.unwrap_or(0)).map(Some).map_err(wrong)
    }

    /// The only way to credentials.
    fn only(&self, mut ways: Vec<(&str, Kind)>) -> Result<Kind, Error> {
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
