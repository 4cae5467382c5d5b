//! What the sandbox decides, before and after it is put into a vendor's envelope.

use crate::model::{Header, Params, Vendor};
use crate::providers::catalog;

/// A refusal in the vendor's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The vendor's code.
    pub(super) code: String,
    /// HTTP status.
    pub(super) status: u16,
    /// What is wrong.
    pub(super) message: String,
}

impl Refusal {
    /// A refusal with the status that the sheets give the code, else the one usual for its class.
    pub(super) fn new(vendor: Vendor, code: &str, message: impl Into<String>) -> Self {
        let fact = catalog::error_fact(vendor, code);
        let status = match (vendor, &fact) {
            (Vendor::Tencent, _) => 200,
            (_, Some(fact)) => fact.http.unwrap_or_else(|| usual_status(code, fact.class)),
            (_, None) => 400,
        };
        Refusal { code: code.to_owned(), status, message: message.into() }
    }
}

fn usual_status(code: &str, class: &str) -> u16 {
    match class {
        _ if code.ends_with(".NotFound") => 404,
        "denied" | "billing" => 403,
        "not-found" => 404,
        "server" => 500,
        _ => 400,
    }
}

/// What performing an Action gives: the members of the vendor's result, or its refusal.
pub(super) type Performed = Result<Params, Refusal>;

/// A whole HTTP answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HttpAnswer {
    /// HTTP status.
    pub(super) status: u16,
    /// Headers, names in lower case; `Date` is among them.
    pub(super) headers: Vec<Header>,
    /// The body.
    pub(super) body: Vec<u8>,
}

impl HttpAnswer {
    /// An answer of one media type.
    pub(super) fn new(status: u16, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        HttpAnswer { status, headers: vec![("content-type".to_owned(), media_type.to_owned())], body: body.into() }
    }

    /// The same answer with one more header.
    pub(super) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}
