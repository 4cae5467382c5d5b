//! Volcengine's `sts`, version 2018-01-01. What it wants and answers is as in the official SDKs of 2026 (`volc-sdk-golang`:
//! `service/sts`; `volcengine-go-sdk`: `assume_role_oidc_provider`).

use serde_json::Value;

use crate::error::Error;
use crate::model::{Method, Params, Request, Role};
use crate::providers::Target;
use crate::providers::sts::{Sts, common_params, time_in_credentials};
use crate::providers::wire::{FORM, form, request, scalar};

const VERSION: &str = "2018-01-01";
const BY_KEYS: &str = "AssumeRole";

pub(super) const STS: Sts = Sts {
    hosts: ["open.volcengineapi.com", "sts.volcengineapi.com"],
    version: VERSION,
    actions: [BY_KEYS, "AssumeRoleWithOIDC"],
    params,
    encode,
    members: ["AccessKeyId", "SecretAccessKey", "SessionToken"],
    // The one Action says `ExpiredTime`, the other `Expiration`.
    expires_at: |result| time_in_credentials(result, &["ExpiredTime", "Expiration"]),
};

fn params(role: &Role, token: Option<&str>) -> Params {
    let mut params = common_params(role, "RoleTrn");
    if let Some(token) = token {
        params.insert("OIDCToken".to_owned(), Value::from(token));
    }
    params
}

/// What keys sign is a GET; a token travels in a form.
fn encode(action: &'static str, params: Params, target: &Target<'_>) -> Result<Request, Error> {
    let by_keys = action == BY_KEYS;
    let mut request = request(if by_keys { Method::Get } else { Method::Post }, target);
    request.query = vec![("Action".to_owned(), action.to_owned()), ("Version".to_owned(), VERSION.to_owned())];
    let pairs = params.iter().filter_map(|(name, value)| Some((name.clone(), scalar(value)?)));
    if by_keys {
        request.query.extend(pairs);
    } else {
        request.headers.push(("Content-Type".to_owned(), FORM.to_owned()));
        request.body = form(&pairs.collect::<Vec<_>>()).into_bytes();
    }
    Ok(request)
}
