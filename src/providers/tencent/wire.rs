//! Call → Request for Tencent Cloud CSS.
//!
//! TC3 carries the parameters as a JSON body and everything else in headers. Signature version 1 carries both,
//! flattened and counted from 0, in one form.

use super::endpoint::{DEFAULT_REGION, VERSION};
use crate::error::Error;
use crate::model::{Call, Method, Request};
use crate::providers::wire::{FORM, flatten_all, form, request};
use crate::providers::{Target, catalog};
use crate::sign::Scheme;

/// Messages come in Chinese unless asked for; ours are English, so one error reads in one language.
const LANGUAGE: &str = "en-US";

pub(super) fn encode(call: &Call, target: &Target<'_>) -> Result<Request, Error> {
    match target.signature {
        Scheme::TencentHmacSha1 | Scheme::TencentHmacSha256 => version_1(call, target),
        _ => tc3(call, target),
    }
}

/// The region to send: the chosen one; the default only where the Action needs one and serves that region.
fn region<'a>(call: &Call, target: &Target<'a>) -> Option<&'a str> {
    let default = || {
        let action = catalog::known(call.vendor, &call.action)?;
        DEFAULT_REGION.filter(|region| action.regions.contains(region))
    };
    target.region.or_else(default)
}

fn tc3(call: &Call, target: &Target<'_>) -> Result<Request, Error> {
    let mut request = request(Method::Post, target);
    let mut header = |name: &str, value: &str| request.headers.push((name.to_owned(), value.to_owned()));
    header("Content-Type", "application/json; charset=utf-8");
    header("X-TC-Action", &call.action);
    header("X-TC-Version", VERSION);
    if let Some(region) = region(call, target) {
        header("X-TC-Region", region);
    }
    header("X-TC-Language", LANGUAGE);
    request.body = serde_json::to_vec(&call.params)
        .map_err(|e| Error::internal(format!("{}: writing the parameters as JSON: {e}", call.action)))?;
    Ok(request)
}

fn version_1(call: &Call, target: &Target<'_>) -> Result<Request, Error> {
    let mut request = request(Method::Post, target);
    let mut pairs = vec![("Action".to_owned(), call.action.clone()), ("Version".to_owned(), VERSION.to_owned())];
    pairs.extend(region(call, target).map(|region| ("Region".to_owned(), region.to_owned())));
    pairs.push(("Language".to_owned(), LANGUAGE.to_owned()));
    pairs.extend(flatten_all(call, &call.params, 0).map_err(|e| e.hint("signature = \"tc3\" can send it"))?);
    request.headers.push(("Content-Type".to_owned(), FORM.to_owned()));
    request.body = form(&pairs).into_bytes();
    Ok(request)
}
