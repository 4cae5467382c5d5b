//! Volcengine: `ResponseMetadata` with the error in it, and `Result` where there is one.

use serde_json::{Value, json};

use crate::model::Vendor;
use crate::providers::sts;
use crate::sandbox::answer::{HttpAnswer, Performed};

use super::Around;

/// Numbers of the gateway's codes, from the vendor's list of common errors.
const NUMBERS: &[(&str, u32)] = &[
    ("MissingParameter", 100_002),
    ("MissingAuthenticationToken", 100_003),
    ("MissingRequestInfo", 100_004),
    ("MissingSignature", 100_005),
    ("InvalidTimestamp", 100_006),
    ("ServiceNotFound", 100_007),
    ("InvalidActionOrVersion", 100_008),
    ("InvalidAccessKey", 100_009),
    ("SignatureDoesNotMatch", 100_010),
    ("LackPolicy", 100_012),
    ("AccessDenied", 100_013),
    ("InternalError", 100_014),
    ("FailToConnect", 100_015),
    ("InternalServiceTimeout", 100_016),
];

pub(super) fn wrap(around: &Around<'_>, performed: Performed) -> HttpAnswer {
    let mut metadata = json!({
        "RequestId": around.request_id,
        "Action": around.routed.action,
        "Version": around.routed.version,
        "Service": if around.routed.version == sts::version(Vendor::Volcengine) { "sts" } else { "live" },
        "Region": around.routed.region.as_deref().unwrap_or("cn-north-1"),
    });
    let (status, body) = match performed {
        Ok(members) => {
            let has_result = !members.is_empty() || around.action.is_some_and(|action| !action.response.is_empty());
            let mut body = json!({ "ResponseMetadata": metadata });
            if has_result {
                body["Result"] = Value::Object(members);
            }
            (200, body)
        }
        Err(refusal) => {
            let number = NUMBERS.iter().find(|(code, _)| *code == refusal.code).map_or(0, |(_, number)| *number);
            metadata["Error"] = json!({"CodeN": number, "Code": refusal.code, "Message": refusal.message});
            (refusal.status, json!({ "ResponseMetadata": metadata }))
        }
    };
    HttpAnswer::new(status, "application/json; charset=utf-8", body.to_string())
        .with("x-tt-logid", around.request_id.clone())
}
