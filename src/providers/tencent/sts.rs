//! Tencent's `sts`, version 2018-08-13. What it wants and answers is as in the official SDKs of 2026
//! (`role_arn_provider`, `oidc_role_arn_provider`) and the reference (product 1150).

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::endpoint::DEFAULT_REGION;
use crate::error::Error;
use crate::model::{Method, Params, Proof, Request, Role};
use crate::providers::Target;
use crate::providers::sts::{Sts, common_params};
use crate::providers::wire::{form, request};

const HOST: &str = "sts.tencentcloudapi.com";
const VERSION: &str = "2018-08-13";

pub(super) const STS: Sts = Sts {
    hosts: [HOST, HOST],
    version: VERSION,
    actions: ["AssumeRole", "AssumeRoleWithWebIdentity"],
    params,
    encode,
    members: ["TmpSecretId", "TmpSecretKey", "Token"],
    expires_at,
};

fn params(role: &Role, token: Option<&str>) -> Params {
    let mut params = common_params(role, "RoleArn");
    if let Some(Value::String(policy)) = params.get_mut("Policy") {
        // The reference: the policy is percent-encoded within its parameter.
        *policy = form(&[(String::new(), std::mem::take(policy))]).split_off(1);
    }
    if let (Proof::Token { provider, .. }, Some(token)) = (&role.proof, token) {
        params.insert("ProviderId".to_owned(), Value::from(provider.as_deref().unwrap_or_default()));
        params.insert("WebIdentityToken".to_owned(), Value::from(token));
    }
    params
}

fn encode(action: &'static str, params: Params, target: &Target<'_>) -> Result<Request, Error> {
    let mut request = request(Method::Post, target);
    let region = target.region.or(DEFAULT_REGION).unwrap_or_default();
    let headers = [
        ("Content-Type", "application/json; charset=utf-8"),
        ("X-TC-Action", action),
        ("X-TC-Version", VERSION),
        ("X-TC-Region", region),
        ("X-TC-Language", "en-US"),
    ];
    request.headers.extend(headers.map(|(name, value)| (name.to_owned(), value.to_owned())));
    request.body = Value::Object(params).to_string().into_bytes();
    Ok(request)
}

fn expires_at(result: &Map<String, Value>) -> Option<Timestamp> {
    Timestamp::from_second(result.get("ExpiredTime")?.as_i64()?).ok()
}
