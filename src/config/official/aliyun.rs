//! `aliyun`: `~/.aliyun/config.json`, one JSON for all profiles. Keys and modes as in aliyun-cli v3 (2026-07).

use serde_json::{Map, Value};

use super::super::environment::Environment;
use super::super::role::RoleKeys;
use super::super::source::{Found, Origin, Setting, network_mode, unusable};
use super::super::variables::disagree;
use super::{Section, json};
use crate::error::Error;
use crate::model::Vendor;

/// The variables that choose a profile, the first wins.
const PROFILE_VARIABLES: [&str; 3] = ["ALIBABACLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE", "ALICLOUD_PROFILE"];

pub(super) fn find(environment: &Environment, warnings: &mut Vec<String>) -> Result<Option<Found>, Error> {
    if environment.is_on("ALIBABA_CLOUD_IGNORE_PROFILE") {
        return Ok(None);
    }
    let variable = PROFILE_VARIABLES.into_iter().find(|name| environment.var(name).is_some());
    let path = match (environment.var("ALIBABA_CLOUD_CONFIG_FILE"), environment.home()) {
        (Some(path), _) => environment.expand(path),
        (None, Some(home)) => home.join(".aliyun/config.json"),
        (None, None) => return Ok(None),
    };
    let shown = environment.display(&path);
    let file = json(environment, &path)?;
    if file.is_none() && variable.is_none() {
        return Ok(None);
    }
    let file = file.unwrap_or_default();
    let chosen = variable.and_then(|name| environment.var(name));
    let current = file.get("current").and_then(Value::as_str).filter(|name| !name.is_empty());
    let name = chosen.or(current).unwrap_or("default");
    warn_of_variables(environment, warnings);
    let profiles = file.get("profiles").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let Some(values) = find_profile(profiles, name) else {
        let by = variable.map_or_else(|| "`current`".to_owned(), |variable| format!("`{variable}`"));
        return match chosen.or(current) {
            Some(_) => {
                Err(unusable(format!("reading credentials: {by} names profile {name}, which `{shown}` does not have")))
            }
            None => Ok(None),
        };
    };
    let section = Section { values, place: format!("profile {name} in {shown}"), environment };
    let Some(origin) = origin(&section, profiles, &mut vec![name])? else {
        return match variable {
            Some(_) => Err(unusable(format!("reading credentials: {} has no `access_key_id`", section.place))),
            None => Ok(None),
        };
    };
    let mut found = Found::new(Setting::new(Vendor::Aliyun, &section.place), origin);
    found.region = section.setting("region_id");
    Ok(Some(found))
}

/// Where the keys of a section are. `chain`: the profiles on the way here.
fn origin<'a>(section: &Section<'a>, profiles: &'a [Value], chain: &mut Vec<&'a str>) -> Result<Option<Origin>, Error> {
    let environment = section.environment;
    let mode = section.text("mode").unwrap_or_else(|| "AK".into());
    let keys = |token| section.keys("access_key_id", "access_key_secret", token).map(|keys| keys.map(Origin::Keys));
    match mode.to_ascii_lowercase().as_str() {
        "ak" => keys(None),
        "ststoken" => match section.text("sts_token") {
            Some(token) => keys(Some(token)),
            None => Err(unusable(format!("reading credentials: {} has no `sts_token`", section.place))),
        },
        "external" => {
            if environment.is_on("ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS") {
                return Err(unusable(format!(
                    "reading credentials: {} runs a program, which `ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS` forbids",
                    section.place
                )));
            }
            // Split at spaces, without quoting: so does the official tool.
            let command = section.text("process_command").unwrap_or_default();
            let command = command.split_whitespace().map(str::to_owned).collect();
            Ok(Some(Origin::Process { command, source: section.place.clone() }))
        }
        "ramrolearn" => Ok(Some(section.role(role(section), keys(section.text("sts_token"))?))),
        "chainableramrolearn" => {
            let base = source(section, profiles, chain)?;
            Ok(base.map(|base| section.role(role(section), Some(base))))
        }
        "oidc" => {
            let token_file = section.text("oidc_token_file").map(|path| environment.expand(&path));
            let provider = section.text("oidc_provider_arn");
            Ok(Some(section.role(RoleKeys { token_file, provider, external_id: None, ..role(section) }, None)))
        }
        _ => Err(network_mode(&section.place, &mode)),
    }
}

fn role(section: &Section<'_>) -> RoleKeys {
    let prefix = if section.values.get("enable_vpc") == Some(&Value::Bool(true)) { "sts-vpc" } else { "sts" };
    RoleKeys {
        name: section.text("ram_role_arn"),
        session_name: section.text("ram_session_name"),
        external_id: section.text("external_id"),
        policy: section.text("policy"),
        duration: section.seconds("expired_seconds"),
        sts_endpoint: section.text("sts_region").map(|region| format!("https://{prefix}.{region}.aliyuncs.com")),
        ..RoleKeys::default()
    }
}

/// The keys of the profile that a role names as its source.
fn source<'a>(section: &Section<'a>, profiles: &'a [Value], chain: &mut Vec<&'a str>) -> Result<Option<Origin>, Error> {
    let refused =
        |what: &str| Err(unusable(format!("reading credentials: the `source_profile` of {} {what}", section.place)));
    let Some(name) = section.values.get("source_profile").and_then(Value::as_str).filter(|name| !name.is_empty())
    else {
        return refused("is missing");
    };
    if chain.contains(&name) {
        return refused("goes round");
    }
    let Some(values) = find_profile(profiles, name) else { return refused("is not there") };
    chain.push(name);
    let place = section.place.split_once(" in ").map_or_else(String::new, |(_, file)| format!(" in {file}"));
    origin(
        &Section { values, place: format!("profile {name}{place}"), environment: section.environment },
        profiles,
        chain,
    )
}

/// The profile of a name.
fn find_profile<'a>(profiles: &'a [Value], name: &str) -> Option<&'a Map<String, Value>> {
    profiles.iter().find(|profile| profile.get("name").and_then(Value::as_str) == Some(name))?.as_object()
}

fn warn_of_variables(environment: &Environment, warnings: &mut Vec<String>) {
    let mut set = PROFILE_VARIABLES.into_iter().filter_map(|name| environment.var(name).map(|value| (name, value)));
    if let Some((used, value)) = set.next() {
        for (other, _) in set.filter(|(_, other)| *other != value) {
            warnings.push(disagree(&format!("environment {used}"), other));
        }
    }
}
