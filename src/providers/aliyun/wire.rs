//! Call → Request for Alibaba Cloud ApsaraVideo Live: RPC style, parameters flattened and counted from 1.

use serde_json::Value;

use super::endpoint::VERSION;
use crate::error::Error;
use crate::model::{Call, Method, ParamsIn, Request};
use crate::providers::wire::{FORM, Pairs, flatten, form, request, scalar, unwritable};
use crate::providers::{Target, catalog};

/// From this many bytes on a value travels in the body: gateways cut long request lines.
const LONG: usize = 2048;

pub(super) fn encode(call: &Call, target: &Target<'_>) -> Result<Request, Error> {
    let action = catalog::find(call.vendor, &call.action);
    let method = action.as_ref().map_or(Method::Post, catalog::Action::http_method);
    let placement = action.as_ref().map_or(ParamsIn::Query, catalog::Action::placement);
    let mut request = request(method, target);
    request.query = common(call, target);
    let mut pairs = Pairs::new();
    let mut in_body = placement == ParamsIn::Form;
    for (name, value) in &call.params {
        if request.query.iter().any(|(common, _)| common == name) {
            clash(&call.action, name, value, &request.query)?;
            continue;
        }
        let format = action.as_ref().and_then(|action| action.param(name)).and_then(|param| param.format);
        let text = one_text(value, format);
        // Certificates, private keys and long values keep out of the URL, which proxies and servers log.
        in_body |= method == Method::Post && (format == Some("pem") || text.as_ref().is_some_and(|t| t.len() >= LONG));
        match text {
            Some(text) => pairs.push((name.clone(), text)),
            None => {
                flatten(name, value, 1, &mut pairs).map_err(|(path, what)| unwritable(&call.action, &path, what))?
            }
        }
    }
    if in_body {
        request.headers.push(("Content-Type".to_owned(), FORM.to_owned()));
        request.body = form(&pairs).into_bytes();
    } else {
        request.query.extend(pairs);
    }
    Ok(request)
}

fn common(call: &Call, target: &Target<'_>) -> Pairs {
    let mut pairs = vec![
        ("Action".to_owned(), call.action.clone()),
        ("Version".to_owned(), VERSION.to_owned()),
        // Answers are XML unless asked otherwise.
        ("Format".to_owned(), "JSON".to_owned()),
    ];
    if let Some(region) = target.region.filter(|_| !call.params.contains_key("RegionId")) {
        pairs.push(("RegionId".to_owned(), region.to_owned()));
    }
    pairs
}

/// `AddCustomLiveStreamTranscode` lists a parameter `Version`: on the wire that name is the API version's.
fn clash(action: &str, name: &str, value: &Value, common: &[(String, String)]) -> Result<(), Error> {
    let fixed = common.iter().find(|(known, _)| known == name).map_or("", |(_, fixed)| fixed);
    if scalar(value).as_deref() == Some(fixed) {
        return Ok(());
    }
    Err(Error::usage(format!("{action}: `{name}` cannot be chosen: on the wire it is `{fixed}` in every request"))
        .hint(format!("leave `{name}` out")))
}

/// The one text of a value: scalars, lists that one parameter joins, and JSON inside a parameter.
fn one_text(value: &Value, format: Option<&str>) -> Option<String> {
    match (value, format) {
        (Value::Array(_) | Value::Object(_), Some("json")) => Some(value.to_string()),
        (Value::Array(items), Some("csv")) => joined(items, ","),
        (Value::Array(items), Some("semicolon-list")) => joined(items, ";"),
        _ => scalar(value),
    }
}

fn joined(items: &[Value], separator: &str) -> Option<String> {
    let texts: Option<Vec<String>> = items.iter().map(scalar).collect();
    texts.filter(|texts| !texts.is_empty()).map(|texts| texts.join(separator))
}
