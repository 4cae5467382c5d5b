//! Cases from `tests/vectors`, and requests as a server receives them.

use livectl::model::{Credentials, Header, Method, Request, Secret};
use livectl::sign::{Claims, Distrust, Received, Signed, claims, detect_vendor, percent, verify};
use serde_json::Value;

/// One case.
pub struct Case(Value);

/// The cases of a list, from several files.
pub fn cases(files: &[&str], list: &str) -> Vec<Case> {
    let mut all = Vec::new();
    for file in files {
        let path = format!("{}/tests/vectors/{file}.json", env!("CARGO_MANIFEST_DIR"));
        let sheet: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        all.extend(sheet[list].as_array().unwrap().iter().cloned().map(Case));
    }
    assert!(!all.is_empty());
    all
}

impl Case {
    /// A text of the case; panics where it is none.
    pub fn text(&self, name: &str) -> &str {
        self.given(name).unwrap_or_else(|| panic!("{} has no text `{name}`", self.0["id"]))
    }

    /// A text that a case may lack.
    pub fn given(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// A number of the case.
    pub fn number(&self, name: &str) -> u64 {
        self.0[name].as_u64().unwrap()
    }

    /// A list of texts, empty where the case lacks it.
    pub fn list(&self, name: &str) -> Vec<&str> {
        self.0[name].as_array().map(|all| all.iter().map(|one| one.as_str().unwrap()).collect()).unwrap_or_default()
    }

    /// An object of texts as pairs, without some of its names.
    pub fn pairs_but(&self, name: &str, left_out: &[&str]) -> Vec<(String, String)> {
        let object = self.0[name].as_object().unwrap();
        let wanted = object.iter().filter(|(key, _)| !left_out.iter().any(|out| out.eq_ignore_ascii_case(key)));
        wanted.map(|(key, value)| (key.clone(), value.as_str().unwrap().to_owned())).collect()
    }

    pub fn method(&self) -> Method {
        match self.text("method") {
            "GET" => Method::Get,
            "POST" => Method::Post,
            other => panic!("method {other}"),
        }
    }

    /// A request to the case's host.
    pub fn request(&self, query: Vec<(String, String)>, headers: Vec<Header>, body: &str) -> Request {
        Request {
            method: self.method(),
            scheme: "https".to_owned(),
            host: self.text("host").to_owned(),
            path: self.text("path").to_owned(),
            query,
            headers,
            body: body.as_bytes().to_vec(),
        }
    }

    /// The request that the official SDK sent, with more headers than the case lists.
    pub fn sent(&self, raw_query: &str, body: &str, headers: Vec<Header>, more: &[(&str, &str)]) -> Sent {
        let mut headers: Vec<Header> = headers.into_iter().map(|(name, value)| (name.to_lowercase(), value)).collect();
        headers.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        if !headers.iter().any(|(name, _)| name == "host") {
            headers.push(("host".to_owned(), self.text("host").to_owned()));
        }
        Sent {
            method: self.text("method").to_owned(),
            path: self.text("path").to_owned(),
            raw_query: raw_query.to_owned(),
            headers,
            body: body.as_bytes().to_vec(),
        }
    }
}

pub fn credentials(id: &str, secret: &str, token: Option<&str>) -> Credentials {
    Credentials {
        access_key_id: id.to_owned(),
        access_key_secret: Secret::new(secret),
        session_token: token.map(Secret::new),
    }
}

/// A request on the server's side of the wire.
#[derive(Clone)]
pub struct Sent {
    pub method: String,
    pub path: String,
    pub raw_query: String,
    pub headers: Vec<Header>,
    pub body: Vec<u8>,
}

impl Sent {
    /// What arrives when this is sent.
    pub fn from_signed(signed: &Signed) -> Sent {
        let (_, rest) = signed.url().split_once("://").unwrap();
        let (host, rest) = rest.split_once('/').unwrap();
        let (path, raw_query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut headers: Vec<Header> =
            signed.headers().iter().map(|(name, value)| (name.to_lowercase(), value.clone())).collect();
        headers.insert(0, ("host".to_owned(), host.to_owned()));
        Sent {
            method: signed.method().name().to_owned(),
            path: format!("/{path}"),
            raw_query: raw_query.to_owned(),
            headers,
            body: signed.body().to_vec(),
        }
    }

    pub fn received(&self) -> Received<'_> {
        Received {
            method: &self.method,
            path: &self.path,
            raw_query: &self.raw_query,
            headers: &self.headers,
            body: &self.body,
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Query and form parameters, decoded.
    pub fn parameters(&self) -> Vec<(String, String)> {
        let mut pairs = percent::decode_pairs(&self.raw_query).unwrap();
        pairs.extend(percent::decode_pairs(std::str::from_utf8(&self.body).unwrap()).unwrap());
        pairs
    }

    /// What a server does: whose protocol, whose key, and is it theirs. A key id that is not the account's is
    /// `Missing("account")`.
    pub fn judge(&self, credentials: &Credentials) -> Result<Claims, Distrust> {
        let received = self.received();
        let vendor = detect_vendor(&received).ok_or(Distrust::Missing("vendor"))?;
        let claims = claims(vendor, &received)?;
        if claims.access_key_id != credentials.access_key_id {
            return Err(Distrust::Missing("account"));
        }
        verify(&claims, &received, credentials)?;
        Ok(claims)
    }
}
