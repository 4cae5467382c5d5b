//! The security token service of each vendor: a role for temporary credentials. Pure, as all of `providers`.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::error::{Class, Error};
use crate::model::{Credentials, Params, Proof, Reply, Request, Role, Secret, Vendor, wrong_characters};
use crate::providers::{Target, provider};
use crate::sign::Scheme;

/// One vendor's service, as a row of its house.
pub(super) struct Sts {
    /// Hosts: of the Action that keys sign, and of the one that a token proves.
    pub(super) hosts: [&'static str; 2],
    /// The version of its API.
    pub(super) version: &'static str,
    /// The two Actions.
    pub(super) actions: [&'static str; 2],
    /// Its parameters for a role and, where one proves the right, a token.
    pub(super) params: fn(&Role, Option<&str>) -> Params,
    /// Action and parameters in the wire form.
    pub(super) encode: fn(&'static str, Params, &Target<'_>) -> Result<Request, Error>,
    /// The members of `Credentials`: id, secret, token.
    pub(super) members: [&'static str; 3],
    /// When they expire, of all that is in the answer.
    pub(super) expires_at: fn(&Map<String, Value>) -> Option<Timestamp>,
}

/// What the service gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// Temporary credentials, with their token.
    pub credentials: Credentials,
    /// When they expire, by the vendor's clock.
    pub expires_at: Timestamp,
}

/// 0: keys sign; 1: a token proves.
fn way(role: &Role) -> usize {
    usize::from(matches!(role.proof, Proof::Token { .. }))
}

/// The host that gives credentials for a role, unless the role names another.
pub fn host(vendor: Vendor, role: &Role) -> &'static str {
    provider(vendor).sts.hosts[way(role)]
}

/// The Action that gives credentials for a role.
pub fn action(vendor: Vendor, role: &Role) -> &'static str {
    provider(vendor).sts.actions[way(role)]
}

/// The Actions of a vendor's service that give credentials for a role.
pub fn actions(vendor: Vendor) -> [&'static str; 2] {
    provider(vendor).sts.actions
}

/// The version of a vendor's service.
pub fn version(vendor: Vendor) -> &'static str {
    provider(vendor).sts.version
}

/// The members of `Credentials` in an answer: id, secret, token.
pub fn members(vendor: Vendor) -> [&'static str; 3] {
    provider(vendor).sts.members
}

/// How the request is signed, where it is: by the vendor's own scheme, whatever the live calls are signed with.
pub const fn scheme(vendor: Vendor) -> Scheme {
    Scheme::default_of(vendor)
}

/// The request for credentials. `token`: what stands in the file of a role that a token proves the right to.
///
/// # Errors
/// Usage where a value cannot be written in the wire form.
pub fn request(vendor: Vendor, role: &Role, token: Option<&str>, target: &Target<'_>) -> Result<Request, Error> {
    let sts = &provider(vendor).sts;
    (sts.encode)(action(vendor, role), (sts.params)(role, token), target)
}

/// The credentials in an answer.
///
/// # Errors
/// Vendor: some of them are not there, or are none. None of them is told.
pub fn granted(vendor: Vendor, action: &str, reply: &Reply) -> Result<Granted, Error> {
    let sts = &provider(vendor).sts;
    let wrong = |what: String| {
        Error::new(Class::Vendor, format!("{action}: {what}")).with(|details| {
            details.vendor = Some(vendor);
            details.action = Some(action.to_owned());
            details.request_id = reply.request_id.clone();
        })
    };
    let unreadable = |name: &str| wrong(format!("the answer has no `{name}`"));
    let result = reply.result.as_object().ok_or_else(|| unreadable("Credentials"))?;
    let keys = result.get("Credentials").and_then(Value::as_object).ok_or_else(|| unreadable("Credentials"))?;
    let text = |name: &str| match keys.get(name).and_then(Value::as_str) {
        Some(text) if !text.is_empty() => match wrong_characters(text) {
            Some(what) => Err(wrong(format!("the `{name}` of the answer {what}"))),
            None => Ok(text),
        },
        _ => Err(unreadable(name)),
    };
    let no_end = || {
        let told =
            |name: &&str| [result, keys].iter().any(|object| object.get(*name).is_some_and(|end| !end.is_null()));
        match ["ExpiredTime", "Expiration"].iter().find(|name| told(name)) {
            Some(name) => wrong(format!("the `{name}` of the answer is no time")),
            None => unreadable("Expiration"),
        }
    };
    let [id, secret, token] = sts.members;
    Ok(Granted {
        credentials: Credentials {
            access_key_id: text(id)?.to_owned(),
            access_key_secret: Secret::new(text(secret)?),
            session_token: Some(Secret::new(text(token)?)),
        },
        expires_at: (sts.expires_at)(result).ok_or_else(no_end)?,
    })
}

/// A time among the credentials, under the first of the names that is there.
pub(super) fn time_in_credentials(result: &Map<String, Value>, names: &[&str]) -> Option<Timestamp> {
    let keys = result.get("Credentials")?;
    names.iter().find_map(|name| keys.get(*name)?.as_str()?.parse().ok())
}

/// What most services call a role's parameters, under the vendor's name for the role itself.
pub(super) fn common_params(role: &Role, name: &str) -> Params {
    let mut params = Params::new();
    let mut add = |name: &str, value: Value| params.insert(name.to_owned(), value);
    add(name, Value::from(role.name.as_str()));
    add("RoleSessionName", Value::from(role.session_name.as_str()));
    if let Some(seconds) = role.duration {
        add("DurationSeconds", Value::from(seconds));
    }
    if let Some(policy) = &role.policy {
        add("Policy", Value::from(policy.as_str()));
    }
    if let Some(id) = &role.external_id {
        add("ExternalId", Value::from(id.as_str()));
    }
    params
}

#[cfg(test)]
mod tests;
