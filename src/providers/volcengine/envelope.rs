//! Response → Reply for Volcengine Live: `{"ResponseMetadata": {"RequestId", "Error"?}, "Result"?}`.
//!
//! `ResponseMetadata.Error` means refusal whatever the HTTP status and whatever its `CodeN`. The cloud-mix,
//! speech and subtitle-config Actions put a further `Code` and `Message` inside `Result`.

use serde_json::{Map, Value};

use crate::error::Error;
use crate::model::{Reading, Reply, Response, Vendor};
use crate::providers::catalog;
use crate::providers::wire::answer::{Asked, Refusal, text_of};

pub(super) fn decode(action: &str, response: &Response, reading: Reading) -> Result<Reply, Error> {
    let asked = Asked { vendor: Vendor::Volcengine, action, response, reading };
    let mut object = asked.object()?;
    let Some(Value::Object(metadata)) = object.get("ResponseMetadata") else {
        return Err(asked.unreadable("the answer has no `ResponseMetadata`"));
    };
    let request_id = text_of(metadata, "RequestId");
    match metadata.get("Error") {
        None | Some(Value::Null) => {}
        Some(Value::Object(error)) => {
            let text = |name| text_of(error, name).unwrap_or_default();
            let code = text_of(error, "Code").unwrap_or_else(|| text("CodeN"));
            return Err(asked.refused(&Refusal { code, message: text("Message"), request_id }));
        }
        Some(_) => return Err(asked.unreadable("the `Error` in the answer is no object")),
    }
    if !asked.is_success() {
        return Err(asked.unreadable("an answer without an error in it"));
    }
    // Nothing to tell is an absent or a null `Result`.
    let result = object.remove("Result").unwrap_or(Value::Null);
    if let Some((code, message)) = result.as_object().and_then(|result| inner_refusal(action, result)) {
        return Err(asked.refused(&Refusal { code, message, request_id }));
    }
    Ok(Reply { result, request_id, body: asked.text()?.to_owned() })
}

/// The refusal inside `Result`, for the Actions whose result has a `Code`. 0 means success; 200 is taken for
/// success too, since no page says which of the two conventions these Actions follow.
fn inner_refusal(action: &str, result: &Map<String, Value>) -> Option<(String, String)> {
    let facts = catalog::find(Vendor::Volcengine, action)?;
    if !facts.response.iter().any(|field| field.name == "Code" && field.kind == "integer") {
        return None;
    }
    let code = text_of(result, "Code").filter(|code| code != "0" && code != "200")?;
    Some((code, text_of(result, "Message").unwrap_or_default()))
}
