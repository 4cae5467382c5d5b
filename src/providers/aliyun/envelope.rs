//! Response → Reply for Alibaba Cloud ApsaraVideo Live: the members stand at the top; errors have `Code`,
//! `Message`, `RequestId` and `HostId`, as JSON, or as XML where the gateway did not read `Format`.

use roxmltree::Document;
use serde_json::{Map, Value};

use crate::error::Error;
use crate::model::{Reading, Reply, Response, Vendor};
use crate::providers::catalog;
use crate::providers::wire::answer::{Asked, Refusal, text_of};

/// No error document comes near these; beyond them nothing is parsed.
const XML_BYTES: usize = 64 * 1024;
const XML_TAGS: usize = 256;

pub(super) fn decode(action: &str, response: &Response, reading: Reading) -> Result<Reply, Error> {
    let asked = Asked { vendor: Vendor::Aliyun, action, response, reading };
    if let Some(refusal) = asked.text().ok().and_then(xml_refusal) {
        return Err(asked.refused(&refusal));
    }
    let object = asked.object()?;
    let request_id = text_of(&object, "RequestId").or_else(|| text_of(&object, "RequestID"));
    if !asked.is_success() || is_refusal(action, &object) {
        let Some(code) = text_of(&object, "Code") else {
            return Err(asked.unreadable("an answer without an error code"));
        };
        let message = text_of(&object, "Message").unwrap_or_default();
        return Err(asked.refused(&Refusal { code, message, request_id }));
    }
    Ok(Reply { result: Value::Object(object), request_id, body: asked.text()?.to_owned() })
}

/// A `Code` in an answer with a good status: an error, but for the few Actions that answer with one of their own.
fn is_refusal(action: &str, object: &Map<String, Value>) -> bool {
    let Some(Value::String(code)) = object.get("Code") else { return false };
    let answers_so =
        catalog::find(Vendor::Aliyun, action).is_some_and(|facts| facts.response.iter().any(|f| f.name == "Code"));
    !answers_so && !code.is_empty() && !matches!(code.as_str(), "0" | "200" | "OK" | "Success" | "success")
}

fn xml_refusal(text: &str) -> Option<Refusal> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    // Document types are refused by the parser itself, and with them every entity bomb.
    if !text.starts_with('<') || text.len() > XML_BYTES || text.matches('<').count() > XML_TAGS {
        return None;
    }
    let document = Document::parse(text).ok()?;
    let error = document.root_element();
    if error.tag_name().name() != "Error" {
        return None;
    }
    let member = |name: &str| {
        let element = error.children().find(|child| child.tag_name().name() == name)?;
        // A comment may stand in the middle of a text.
        let text: String = element.children().filter_map(|part| part.text().filter(|_| part.is_text())).collect();
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    Some(Refusal {
        code: member("Code")?,
        message: member("Message").unwrap_or_default(),
        request_id: member("RequestId"),
    })
}
