//! Call → Request for Volcengine Live: Action and Version in the query, parameters as JSON body or in the query.

use super::endpoint::VERSION;
use crate::error::Error;
use crate::model::{Call, Method, ParamsIn, Request};
use crate::providers::wire::{request, scalar, unwritable};
use crate::providers::{Target, catalog};

pub(super) fn encode(call: &Call, target: &Target<'_>) -> Result<Request, Error> {
    let action = catalog::find(call.vendor, &call.action);
    let method = action.as_ref().map_or(Method::Post, catalog::Action::http_method);
    let placement = action.as_ref().map_or(ParamsIn::Json, catalog::Action::placement);
    let mut request = request(method, target);
    request.query = vec![("Action".to_owned(), call.action.clone()), ("Version".to_owned(), VERSION.to_owned())];
    // `DescribeLicenseDRM` is a POST whose parameters travel in the query, with an empty body.
    if method == Method::Get || placement == ParamsIn::Query {
        for (name, value) in &call.params {
            let text = scalar(value).ok_or_else(|| unwritable(&call.action, name, "no single value"))?;
            request.query.push((name.clone(), text));
        }
        return Ok(request);
    }
    let takes_none = action.is_none_or(|action| action.params.is_empty());
    request.headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
    if !(takes_none && call.params.is_empty()) {
        request.body = serde_json::to_vec(&call.params)
            .map_err(|e| Error::internal(format!("{}: writing the parameters as JSON: {e}", call.action)))?;
    }
    Ok(request)
}
