//! Aliyun's `Sts`, version 2015-04-01. What it wants and answers is as in the official SDKs of 2026 (`credentials-go`:
//! `ram_role_arn`, `oidc`).

use serde_json::Value;

use crate::error::Error;
use crate::model::{Method, Params, Proof, Request, Role};
use crate::providers::Target;
use crate::providers::sts::{Sts, common_params, time_in_credentials};
use crate::providers::wire::{FORM, form, request, scalar};

const HOST: &str = "sts.aliyuncs.com";
const VERSION: &str = "2015-04-01";

pub(super) const STS: Sts = Sts {
    hosts: [HOST, HOST],
    version: VERSION,
    actions: ["AssumeRole", "AssumeRoleWithOIDC"],
    params,
    encode,
    members: ["AccessKeyId", "AccessKeySecret", "SecurityToken"],
    expires_at: |result| time_in_credentials(result, &["Expiration"]),
};

fn params(role: &Role, token: Option<&str>) -> Params {
    let mut params = common_params(role, "RoleArn");
    if let (Proof::Token { provider, .. }, Some(token)) = (&role.proof, token) {
        params.insert("OIDCProviderArn".to_owned(), Value::from(provider.as_deref().unwrap_or_default()));
        params.insert("OIDCToken".to_owned(), Value::from(token));
    }
    params
}

/// A token may be 20,000 characters long: everything but the common parameters stands in the body.
fn encode(action: &'static str, params: Params, target: &Target<'_>) -> Result<Request, Error> {
    let mut request = request(Method::Post, target);
    request.query = [("Action", action), ("Version", VERSION), ("Format", "JSON")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
    let pairs: Vec<(String, String)> =
        params.iter().filter_map(|(name, value)| Some((name.clone(), scalar(value)?))).collect();
    request.headers.push(("Content-Type".to_owned(), FORM.to_owned()));
    request.body = form(&pairs).into_bytes();
    Ok(request)
}
