//! Roles in the variables of the official tools and SDKs: assumed with the keys that stand beside them, or by a token
//! that a cluster or a CI job was given.

use super::endpoint::with_scheme;
use super::environment::Environment;
use super::role::{Assumed, RoleKeys};
use super::source::{Origin, unusable};
use crate::error::Error;
use crate::model::Vendor;

/// The variables of one vendor; the spellings of each in the order in which the official tools prefer them.
struct Names {
    /// A role that keys assume.
    role: &'static [&'static str],
    session: &'static [&'static str],
    external_id: &'static [&'static str],
    /// A role that a token proves the right to.
    role_by_token: &'static [&'static str],
    session_by_token: &'static [&'static str],
    policy_by_token: &'static [&'static str],
    /// `None`: the vendor has none.
    provider: Option<&'static [&'static str]>,
    token_file: &'static [&'static str],
    sts_endpoint: &'static [&'static str],
}

/// tccli and the Go SDK: both variables of a role or none; all four of a cluster or none.
const TENCENT: Names = Names {
    role: &["TENCENTCLOUD_ROLE_ARN"],
    session: &["TENCENTCLOUD_ROLE_SESSION_NAME"],
    external_id: &[],
    role_by_token: &["TKE_ROLE_ARN"],
    session_by_token: &[],
    policy_by_token: &[],
    provider: Some(&["TKE_PROVIDER_ID"]),
    token_file: &["TKE_WEB_IDENTITY_TOKEN_FILE"],
    sts_endpoint: &[],
};

const ALIYUN: Names = Names {
    role: &["ALIBABA_CLOUD_ROLE_ARN", "ALIBABACLOUD_ROLE_ARN"],
    session: &["ALIBABA_CLOUD_ROLE_SESSION_NAME"],
    external_id: &["ALIBABA_CLOUD_EXTERNAL_ID"],
    role_by_token: &["ALIBABA_CLOUD_ROLE_ARN", "ALIBABACLOUD_ROLE_ARN"],
    session_by_token: &["ALIBABA_CLOUD_ROLE_SESSION_NAME"],
    policy_by_token: &[],
    provider: Some(&["ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "ALIBABACLOUD_OIDC_PROVIDER_ARN"]),
    token_file: &["ALIBABA_CLOUD_OIDC_TOKEN_FILE", "ALIBABACLOUD_OIDC_TOKEN_FILE"],
    sts_endpoint: &["ALIBABA_CLOUD_STS_ENDPOINT"],
};

const VOLCENGINE: Names = Names {
    role: &[],
    session: &[],
    external_id: &[],
    role_by_token: &["VOLCENGINE_OIDC_ROLE_TRN"],
    session_by_token: &["VOLCENGINE_OIDC_ROLE_SESSION_NAME"],
    policy_by_token: &["VOLCENGINE_OIDC_ROLE_POLICY"],
    provider: None,
    token_file: &["VOLCENGINE_OIDC_TOKEN_FILE"],
    sts_endpoint: &["VOLCENGINE_OIDC_STS_ENDPOINT"],
};

const fn names(vendor: Vendor) -> &'static Names {
    match vendor {
        Vendor::Tencent => &TENCENT,
        Vendor::Aliyun => &ALIYUN,
        Vendor::Volcengine => &VOLCENGINE,
    }
}

/// The first of the variables that is set: its name and value.
fn first<'a>(environment: &'a Environment, names: &[&'static str]) -> Option<(&'static str, &'a str)> {
    names.iter().find_map(|name| Some((*name, environment.var(name)?)))
}

fn value(environment: &Environment, names: &[&'static str]) -> Option<String> {
    first(environment, names).map(|(_, value)| value.to_owned())
}

/// The keys of the variables, behind the role that stands beside them. As the official tools have it: Tencent's wants
/// the session's name too; and a role that a token belongs to is not for keys.
pub(super) fn over_keys(environment: &Environment, vendor: Vendor, keys: Origin, warnings: &mut Vec<String>) -> Origin {
    let names = names(vendor);
    let Some((variable, name)) = first(environment, names.role) else { return keys };
    let session = value(environment, names.session);
    if vendor == Vendor::Tencent && session.is_none() {
        let session = names.session.first().copied().unwrap_or_default();
        warnings.push(format!("`{variable}` is not used: `{session}` is not set, and the official tools want both"));
        return keys;
    }
    if vendor == Vendor::Aliyun
        && let Some((token, _)) = first(environment, names.token_file)
    {
        warnings.push(format!("`{variable}` is not used: it belongs to `{token}`, and there are keys"));
        return keys;
    }
    let role = RoleKeys {
        name: Some(name.to_owned()),
        session_name: session,
        external_id: value(environment, names.external_id),
        sts_endpoint: value(environment, names.sts_endpoint).map(|host| with_scheme(&host)),
        ..RoleKeys::default()
    };
    Origin::Role(Box::new(Assumed { keys: role, base: Some(keys), place: format!("environment {variable}") }))
}

/// The role that a token proves the right to. The role alone says nothing: it may be meant for keys.
///
/// # Errors
/// Auth: the file of the token is named, and something else is not.
pub(super) fn by_token(environment: &Environment, vendor: Vendor) -> Result<Option<Origin>, Error> {
    let names = names(vendor);
    let Some((variable, file)) = first(environment, names.token_file) else { return Ok(None) };
    let wanted = [Some(names.role_by_token), names.provider];
    let missing: Vec<String> = wanted
        .into_iter()
        .flatten()
        .filter(|spellings| first(environment, spellings).is_none())
        .filter_map(|spellings| spellings.first().map(|name| format!("`{name}`")))
        .collect();
    if !missing.is_empty() {
        let missing = missing.join(" and ");
        return Err(unusable(format!("reading credentials: environment {variable} is set, but {missing} is not"))
            .hint(format!("set {missing} too, or unset `{variable}`"))
            .with(|details| details.vendor = Some(vendor)));
    }
    let role = RoleKeys {
        name: value(environment, names.role_by_token),
        session_name: value(environment, names.session_by_token),
        policy: value(environment, names.policy_by_token),
        provider: names.provider.and_then(|provider| value(environment, provider)),
        token_file: Some(environment.expand(file)),
        sts_endpoint: value(environment, names.sts_endpoint).map(|host| with_scheme(&host)),
        ..RoleKeys::default()
    };
    Ok(Some(Origin::Role(Box::new(Assumed { keys: role, base: None, place: format!("environment {variable}") }))))
}
