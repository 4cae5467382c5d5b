//! Aliyun: the members themselves with the request id; JSON where asked for, else XML.

use serde_json::{Value, json};

use crate::sandbox::answer::{HttpAnswer, Performed};

use super::{Around, xml};

pub(super) fn wrap(around: &Around<'_>, performed: Performed) -> HttpAnswer {
    let (status, root, members) = match performed {
        Ok(mut members) => {
            members.insert("RequestId".to_owned(), json!(around.request_id));
            (200, format!("{}Response", around.routed.action), Value::Object(members))
        }
        Err(refusal) => {
            let members = json!({
                "Code": refusal.code,
                "HostId": around.host,
                "Message": refusal.message,
                "RequestId": around.request_id,
            });
            (refusal.status, "Error".to_owned(), members)
        }
    };
    let answer = if around.wants_json {
        HttpAnswer::new(status, "application/json;charset=utf-8", members.to_string())
    } else {
        HttpAnswer::new(status, "text/xml;charset=utf-8", xml::document(&root, &members))
    };
    answer.with("x-acs-request-id", around.request_id.clone())
}
