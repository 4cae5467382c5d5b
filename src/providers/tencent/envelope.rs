//! Response → Reply for Tencent Cloud CSS: `{"Response": {…, "RequestId"}}`, errors inside HTTP 200.

use serde_json::Value;

use crate::error::Error;
use crate::model::{Reading, Reply, Response, Vendor};
use crate::providers::wire::answer::{Asked, Refusal, text_of};

pub(super) fn decode(action: &str, response: &Response, reading: Reading) -> Result<Reply, Error> {
    let asked = Asked { vendor: Vendor::Tencent, action, response, reading };
    let mut object = asked.object()?;
    let Some(result) = object.remove("Response") else {
        return Err(asked.unreadable("the answer has no `Response`"));
    };
    let Value::Object(members) = &result else {
        return Err(asked.unreadable("the `Response` in the answer is no object"));
    };
    let request_id = text_of(members, "RequestId");
    match members.get("Error") {
        None | Some(Value::Null) => {}
        Some(Value::Object(error)) => {
            let text = |name| text_of(error, name).unwrap_or_default();
            return Err(asked.refused(&Refusal { code: text("Code"), message: text("Message"), request_id }));
        }
        Some(_) => return Err(asked.unreadable("the `Error` in the answer is no object")),
    }
    if !asked.is_success() {
        return Err(asked.unreadable("an answer without an error in it"));
    }
    Ok(Reply { result, request_id, body: asked.text()?.to_owned() })
}
