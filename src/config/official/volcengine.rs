//! `ve`: `~/.volcengine/config.json`; the older Live SDKs: `~/.volc/credentials` (INI) and `~/.volc/config`.
//! Keys as in volcengine-cli (2026-08) and volc-sdk-golang.

use std::path::Path;

use serde_json::Value;

use super::super::environment::Environment;
use super::super::role::RoleKeys;
use super::super::source::{Found, Keys, Origin, Setting, network_mode, unusable};
use super::{Section, ini, json, pair, text};
use crate::error::Error;
use crate::model::Vendor;

pub(super) fn find(environment: &Environment, warnings: &mut Vec<String>) -> Result<Option<Found>, Error> {
    match of_cli(environment, warnings)? {
        Some(found) => Ok(Some(found)),
        None => match environment.home() {
            Some(home) => of_sdk(environment, &home.join(".volc")),
            None => Ok(None),
        },
    }
}

fn of_cli(environment: &Environment, warnings: &mut Vec<String>) -> Result<Option<Found>, Error> {
    let path = match (environment.var("VOLCENGINE_CLI_CONFIG_FILE"), environment.home()) {
        (Some(path), _) => environment.expand(path),
        (None, Some(home)) => home.join(".volcengine/config.json"),
        (None, None) => return Ok(None),
    };
    let shown = environment.display(&path);
    let variable =
        ["VOLCENGINE_PROFILE", "VOLCSTACK_PROFILE"].into_iter().find_map(|name| Some((name, environment.var(name)?)));
    let file = json(environment, &path)?;
    if file.is_none() && variable.is_none() {
        return Ok(None);
    }
    let file = file.unwrap_or_default();
    let current = file.get("current").and_then(Value::as_str).filter(|name| !name.is_empty());
    // In the official tool the file's own choice stands above the variable.
    let (by, name) = match (current, variable) {
        (Some(current), Some((variable, other))) if current != other => {
            warnings
                .push(format!("`{variable}` is not used: `current` in `{shown}` names profile {current}, as for `ve`"));
            ("current", current)
        }
        (Some(current), _) => ("current", current),
        (None, Some((variable, name))) => (variable, name),
        (None, None) => return Ok(None),
    };
    let values = file.get("profiles").and_then(|profiles| profiles.get(name));
    let Some(Value::Object(values)) = values else {
        return Err(unusable(format!(
            "reading credentials: `{by}` names profile {name}, which `{shown}` does not have"
        )));
    };
    let section = Section { values, place: format!("profile {name} in {shown}"), environment };
    let mut found = Found::new(Setting::new(Vendor::Volcengine, &section.place), origin(&section)?);
    found.region = section.setting("region");
    found.endpoint = section.endpoint("endpoint");
    Ok(Some(found))
}

fn origin(section: &Section<'_>) -> Result<Origin, Error> {
    let mode = section.text("mode").unwrap_or_default();
    let word = mode.to_ascii_lowercase();
    if !matches!(word.as_str(), "" | "ak" | "ramrolearn" | "oidc") {
        return Err(network_mode(&section.place, &mode));
    }
    let named = || {
        let (account, role) = (section.text("account-id")?, section.text("role-name")?);
        Some(format!("trn:iam::{account}:role/{role}"))
    };
    let role = RoleKeys { name: section.text("role-trn").or_else(named), ..RoleKeys::default() };
    if word == "oidc" {
        let token_file = section.text("oidc-token-file").map(|path| section.environment.expand(&path));
        return Ok(section.role(RoleKeys { token_file, ..role }, None));
    }
    let Some(keys) = section.keys("access-key", "secret-key", section.text("session-token"))? else {
        return Err(unusable(format!("reading credentials: {} has no `access-key`", section.place)));
    };
    Ok(match word.as_str() {
        "ramrolearn" => section.role(role, Some(Origin::Keys(keys))),
        _ => Origin::Keys(keys),
    })
}

/// The SDKs read the INI file first, and the JSON file only where that one is not there. The ML platform's
/// tool keeps its region in `config`, as INI.
fn of_sdk(environment: &Environment, folder: &Path) -> Result<Option<Found>, Error> {
    let (credentials, config) = (folder.join("credentials"), folder.join("config"));
    let config_text = text(environment, &config)?.unwrap_or_default();
    let is_json = config_text.trim_start().starts_with('{');
    let place_of = |path: &Path| environment.display(path);
    let keys: Option<Keys> = match text(environment, &credentials)? {
        Some(text) => {
            let value = |name| ini::value(&text, "default", name);
            let (id, secret) = ("access_key_id", "secret_access_key");
            let token = value("session_token");
            pair(&place_of(&credentials), (id, value(id)), (secret, value(secret)), token)?
        }
        None if is_json => {
            let values = json(environment, &config)?.unwrap_or_default();
            Section { values: &values, place: place_of(&config), environment }.keys("ak", "sk", None)?
        }
        None => None,
    };
    let Some(keys) = keys else { return Ok(None) };
    let vendor = Setting::new(Vendor::Volcengine, keys.id_source());
    let mut found = Found::new(vendor, Origin::Keys(keys));
    if !is_json {
        let region = ini::value(&config_text, "default", "region");
        found.region = region.map(|region| Setting::new(region, place_of(&config)));
    }
    Ok(Some(found))
}
