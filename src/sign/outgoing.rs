//! A request on its way to be signed, seen as the server will see it.

use crate::error::Error;
use crate::model::{Header, Method, Request};
use crate::sign::{Distrust, Forms, Received, Signed, percent};

/// A request whose query and path are already text, as they will be sent.
pub(super) struct Outgoing {
    method: Method,
    origin: String,
    path: String,
    raw_query: String,
    headers: Vec<Header>,
    seen: Vec<Header>,
    body: Vec<u8>,
}

impl Outgoing {
    /// Encodes the request.
    ///
    /// # Errors
    /// Internal, where it already has one of the headers (without regard to case).
    pub(super) fn new(request: Request, own_headers: &[&str]) -> Result<Self, Error> {
        let own = |name: &str| own_headers.iter().any(|own| own.eq_ignore_ascii_case(name));
        if let Some((name, _)) = request.headers.iter().find(|(name, _)| own(name)) {
            return Err(taken(name));
        }
        let mut seen: Vec<Header> =
            request.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect();
        seen.push(("host".to_owned(), request.host.clone()));
        let path = percent::canonical_path(&request.path).unwrap_or(request.path);
        Ok(Outgoing {
            method: request.method,
            origin: format!("{}://{}", request.scheme, request.host),
            path,
            raw_query: percent::encode_pairs(request.query),
            headers: request.headers,
            seen,
            body: request.body,
        })
    }

    /// As the server will see it.
    pub(super) fn received(&self) -> Received<'_> {
        Received {
            method: self.method.name(),
            path: &self.path,
            raw_query: &self.raw_query,
            headers: &self.seen,
            body: &self.body,
        }
    }

    /// Refuses parameters that the scheme sets itself.
    pub(super) fn refuse_parameters(&self, own: &[&str]) -> Result<(), Error> {
        let parameters = self.received().parameters().map_err(unsignable)?;
        match parameters.iter().find(|(name, _)| own.contains(&name.as_str())) {
            Some((name, _)) => Err(taken(name)),
            None => Ok(()),
        }
    }

    /// One more header.
    pub(super) fn push_header(&mut self, name: &str, value: &str) {
        self.headers.push((name.to_owned(), value.to_owned()));
        self.seen.push((name.to_ascii_lowercase(), value.to_owned()));
    }

    /// One more parameter in the query.
    pub(super) fn push_query(&mut self, name: &str, value: &str) {
        if !self.raw_query.is_empty() {
            self.raw_query.push('&');
        }
        self.raw_query.push_str(&percent::encode_pairs([(name, value)]));
    }

    /// One more parameter in the form body.
    pub(super) fn push_form(&mut self, name: &str, value: &str) {
        if !self.body.is_empty() {
            self.body.push(b'&');
        }
        self.body.extend(percent::encode_pairs([(name, value)]).into_bytes());
    }

    /// HTTP method.
    pub(super) fn method(&self) -> Method {
        self.method
    }

    /// The names of all headers, `host` among them, for which `wanted` holds: sorted, joined with `;`.
    pub(super) fn signed_headers(&self, wanted: fn(&str) -> bool) -> String {
        let mut names: Vec<&str> =
            self.seen.iter().map(|(name, _)| name.as_str()).filter(|name| wanted(name)).collect();
        names.sort_unstable();
        names.dedup();
        names.join(";")
    }

    /// Ready to be sent.
    pub(super) fn signed(self, forms: Forms) -> Signed {
        let query = if self.raw_query.is_empty() { String::new() } else { format!("?{}", self.raw_query) };
        Signed {
            method: self.method,
            url: format!("{}{}{query}", self.origin, self.path),
            headers: self.headers,
            body: self.body,
            forms,
        }
    }
}

/// A request that a scheme cannot sign is a fault of ours: the wire form was another than the scheme's.
pub(super) fn unsignable(why: Distrust) -> Error {
    Error::internal(match why {
        Distrust::Missing(part) => format!("signing a request: it has no `{part}`"),
        Distrust::Malformed(part) => format!("signing a request: its `{part}` cannot be signed"),
        Distrust::Mismatch(_) => "signing a request: its signature does not match".to_owned(),
    })
}

fn taken(name: &str) -> Error {
    Error::internal(format!("signing a request: it already has `{name}`, which signing sets"))
}
