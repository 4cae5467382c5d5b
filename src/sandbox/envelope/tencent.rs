//! Tencent: everything inside `Response`, errors too, always HTTP 200.

use serde_json::{Value, json};

use crate::sandbox::answer::{HttpAnswer, Performed};

use super::Around;

pub(super) fn wrap(around: &Around<'_>, performed: Performed) -> HttpAnswer {
    let request_id = &around.request_id;
    let response = match performed {
        Ok(mut members) => {
            members.insert("RequestId".to_owned(), json!(request_id));
            Value::Object(members)
        }
        Err(refusal) => {
            json!({"Error": {"Code": refusal.code, "Message": refusal.message}, "RequestId": request_id})
        }
    };
    HttpAnswer::new(200, "application/json", json!({ "Response": response }).to_string())
}
