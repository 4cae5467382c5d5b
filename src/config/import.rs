//! `config import`: the official tool's own configuration, made a profile of ours.

use super::account::Selection;
use super::edit::{NewValue, Written, set};
use super::environment::Environment;
use super::file::ProfileFile;
use super::official;
use super::role::RoleKeys;
use super::source::{Found, Origin, unusable};
use crate::error::{Class, Error, Outcome};
use crate::model::{Secret, Vendor};

/// Copies what the official tool of a vendor would use into a new profile: keys or the program that prints
/// them, region and endpoint. The official tool's files stay as they are.
///
/// # Errors
/// Conflict: there is such a profile already. Auth: the official tool is not set up, or in a way that cannot
/// be used. Otherwise as [`set`].
pub fn import(
    environment: &Environment,
    selection: &Selection,
    vendor: Vendor,
    profile: &str,
) -> Result<Written, Error> {
    let file = ProfileFile::load(environment, selection)?;
    if file.readable()?.names().any(|name| name == profile) {
        return Err(Error::new(
            Class::Conflict,
            format!("importing profile `{profile}`: `{}` has it already", file.shown),
        )
        .outcome(Outcome::NotSent)
        .hint(format!("choose another name, or `livectl config remove {profile}` first")));
    }
    let mut warnings = Vec::new();
    let Some(found) = official::find(environment, vendor, &mut warnings)? else {
        return Err(unusable(format!("importing profile `{profile}`: the official tool of {vendor} is not set up"))
            .hint(super::file::NEW_PROFILE));
    };
    let place = found.vendor.source.clone();
    let selection = Selection { vendor: Some(vendor), ..selection.clone() };
    let mut written = set(environment, &selection, profile, &entries(found)?)?;
    written.notes.append(&mut warnings);
    written.notes.push(format!("taken from {place}"));
    Ok(written)
}

/// The keys of a profile that has what was found.
///
/// # Errors
/// Auth: a role that another role assumes.
pub(super) fn entries(found: Found) -> Result<Vec<(String, NewValue)>, Error> {
    let mut entries = Vec::new();
    match found.origin {
        Origin::Role(assumed) => {
            match assumed.base {
                Some(Origin::Role(base)) => {
                    return Err(unusable(format!(
                        "importing {}: its role is assumed by the role of {}, which wants a profile of its own",
                        assumed.place, base.place
                    ))
                    .hint("import that one first, then `livectl config set NAME role_arn=… source_profile=…`"));
                }
                Some(base) => of_keys(base, &mut entries),
                None => {}
            }
            of_role(assumed.keys, &mut entries);
        }
        keys => of_keys(keys, &mut entries),
    }
    for (key, setting) in [("region", found.region), ("endpoint", found.endpoint)] {
        entries.extend(setting.map(|setting| (key.to_owned(), NewValue::Text(setting.value))));
    }
    Ok(entries)
}

fn of_keys(origin: Origin, entries: &mut Vec<(String, NewValue)>) {
    let mut add = |key: &str, value: NewValue| entries.push((key.to_owned(), value));
    match origin {
        Origin::Keys(keys) => {
            let credentials = keys.credentials();
            add("access_key_id", NewValue::Text(credentials.access_key_id));
            add("access_key_secret", NewValue::Secret(credentials.access_key_secret));
            if let Some(token) = credentials.session_token {
                add("session_token", NewValue::Secret(token));
            }
        }
        Origin::Process { command, .. } => {
            let command = serde_json::Value::from(command).to_string();
            add("credential_process", NewValue::Secret(Secret::new(command)));
        }
        // No official tool keeps anything there.
        Origin::Keyring { .. } | Origin::Role(_) => {}
    }
}

fn of_role(keys: RoleKeys, entries: &mut Vec<(String, NewValue)>) {
    let told = [
        ("role_arn", keys.name),
        ("role_session_name", keys.session_name),
        ("role_duration", keys.duration.map(|seconds| format!("{seconds}s"))),
        ("role_policy", keys.policy),
        ("external_id", keys.external_id),
        ("oidc_provider", keys.provider),
        ("oidc_token_file", keys.token_file.map(|path| path.display().to_string())),
        ("sts_endpoint", keys.sts_endpoint),
    ];
    for (key, value) in told {
        entries.extend(value.map(|value| (key.to_owned(), NewValue::Text(value))));
    }
}
