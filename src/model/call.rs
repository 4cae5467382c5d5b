//! A call in the vendor's words, and both directions of the wire.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::model::Vendor;

/// Parameters of a call by their wire names, in the order they were given.
pub type Params = Map<String, Value>;

/// One header: name and value.
pub type Header = (String, String);

/// What an Action does to the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// Changes nothing.
    Read,
    /// Makes a new thing.
    Create,
    /// Changes a thing.
    Update,
    /// Removes a thing.
    Delete,
    /// Starts, stops, forbids, resumes, and the like.
    Control,
}

impl Effect {
    /// The word shown in `api list`.
    pub const fn name(self) -> &'static str {
        match self {
            Effect::Read => "read",
            Effect::Create => "create",
            Effect::Update => "update",
            Effect::Delete => "delete",
            Effect::Control => "control",
        }
    }
}

/// Whether a call may be sent again after an attempt whose fate is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeatable {
    /// It changes nothing: always.
    Read,
    /// It leaves the same state however often it is performed.
    Write,
    /// It removes a thing: where the thing is gone at a second try, the first one has removed it.
    Removal,
    /// It must not happen twice.
    Never,
}

/// HTTP method of an Action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Method {
    /// Parameters in the query.
    #[serde(rename = "GET")]
    Get,
    /// Parameters where `ParamsIn` says.
    #[serde(rename = "POST")]
    Post,
}

impl Method {
    /// The method as it stands in the request line and in the string to sign.
    pub const fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
        }
    }
}

/// Where an Action's parameters travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ParamsIn {
    /// One JSON object as the body.
    Json,
    /// The query string.
    Query,
    /// A form body.
    Form,
}

/// One Action of one vendor with its parameters: nothing of the wire yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Whose Action it is.
    pub vendor: Vendor,
    /// The Action's own name.
    pub action: String,
    /// Its parameters, nested and typed as the fact sheet has them.
    pub params: Params,
}

impl Call {
    /// A call without parameters.
    pub fn new(vendor: Vendor, action: impl Into<String>) -> Self {
        Call { vendor, action: action.into(), params: Params::new() }
    }

    /// The same call with one more parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    /// The same call, with the parameter only where there is a value.
    #[must_use]
    pub fn with_some(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }
}

/// A request as the vendor's wire form wants it, not signed: no time, nonce or credential in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// HTTP method.
    pub method: Method,
    /// `https`, or `http` for a loopback address.
    pub scheme: String,
    /// Host with its port where it is not the scheme's own, as in the `Host` header.
    pub host: String,
    /// Always begins with `/`.
    pub path: String,
    /// Query parameters, decoded, in sending order.
    pub query: Vec<(String, String)>,
    /// Headers to send, `Host` not among them.
    pub headers: Vec<Header>,
    /// The body's exact bytes; empty where there is none.
    pub body: Vec<u8>,
}

/// What came back over HTTP, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<Header>,
    /// Body, decompressed.
    pub body: Vec<u8>,
}

impl Response {
    /// The first header of that (lower-case) name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// How much of an answer is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// All of its members.
    Members,
    /// Only what tells success from refusal, for a body that is printed as it came.
    Verdict,
}

/// A vendor's success, taken out of its envelope.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// The vendor's members: Tencent `Response`, Aliyun's whole object, Volcengine `Result`; an outline of them where only
    /// the verdict was read.
    pub result: Value,
    /// The vendor's id of the request.
    pub request_id: Option<String>,
    /// The body as it came, for `api`.
    pub body: String,
}
