//! Signing: one file a scheme, `verify` beside each `sign`. Time and nonce are arguments, never read here.
//!
//! Only [`sign`] makes a [`Signed`], and only a [`Signed`] can be sent.
//!
//! A scheme's file holds one draft of the signature, made from the request as a server sees it; `sign` finishes
//! the draft and `verify` compares with it. Since the two share it, their truth comes from outside: the cases in
//! `tests/vectors`.

pub mod address;
mod aliyun_acs3;
mod aliyun_rpc;
pub mod callback_expiry;
pub mod callback_host;
pub mod digest;
mod outgoing;
pub mod percent;
mod received;
pub mod tc3;
mod tencent_v1;
mod unsigned;
pub mod volcengine;

use std::fmt;

pub use received::detect_vendor;

use crate::error::Error;
use crate::model::{Credentials, Header, Method, Request, Vendor, masked_id};

/// Which of a vendor's services a request is for: it stands in the credential scope of TC3 and of Volcengine's scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// Live streaming.
    Live,
    /// The security token service, which gives temporary credentials.
    Sts,
}

impl Service {
    /// Every service that requests are signed for.
    pub const ALL: [Service; 2] = [Service::Live, Service::Sts];

    /// Its name in the scope, whatever the endpoint is called.
    pub const fn name(self) -> &'static str {
        match self {
            Service::Live => "live",
            Service::Sts => "sts",
        }
    }
}

/// A signature scheme of a vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Tencent TC3-HMAC-SHA256 (`tc3`): the default there.
    Tc3,
    /// Tencent signature version 1, HmacSHA1 (`hmac-sha1`).
    TencentHmacSha1,
    /// Tencent signature version 1, HmacSHA256 (`hmac-sha256`).
    TencentHmacSha256,
    /// Aliyun RPC, HMAC-SHA1 (`rpc`).
    AliyunRpc,
    /// Aliyun ACS3-HMAC-SHA256 (`acs3`).
    AliyunAcs3,
    /// Volcengine HMAC-SHA256 with credential scope.
    Volcengine,
}

impl Scheme {
    /// The vendor's default scheme.
    pub const fn default_of(vendor: Vendor) -> Scheme {
        match vendor {
            Vendor::Tencent => Scheme::Tc3,
            Vendor::Aliyun => Scheme::AliyunRpc,
            Vendor::Volcengine => Scheme::Volcengine,
        }
    }

    /// The vendor's scheme of that name, as the profile key `signature` has it. Volcengine has but one, without a name.
    pub fn named(vendor: Vendor, name: &str) -> Option<Scheme> {
        NAMED.iter().find(|(whose, known, _)| *whose == vendor && *known == name).map(|(_, _, scheme)| *scheme)
    }

    /// Its name, where the vendor has several.
    pub fn name(self) -> Option<&'static str> {
        NAMED.iter().find(|(_, _, scheme)| *scheme == self).map(|(_, name, _)| *name)
    }

    /// Whether a nonce is part of what is sent.
    pub const fn has_nonce(self) -> bool {
        match self {
            Scheme::Tc3 | Scheme::Volcengine => false,
            Scheme::TencentHmacSha1 | Scheme::TencentHmacSha256 | Scheme::AliyunRpc | Scheme::AliyunAcs3 => true,
        }
    }
}

/// The schemes of the vendors that have several, by the words of the profile key `signature`.
const NAMED: &[(Vendor, &str, Scheme)] = &[
    (Vendor::Tencent, "tc3", Scheme::Tc3),
    (Vendor::Tencent, "hmac-sha1", Scheme::TencentHmacSha1),
    (Vendor::Tencent, "hmac-sha256", Scheme::TencentHmacSha256),
    (Vendor::Aliyun, "rpc", Scheme::AliyunRpc),
    (Vendor::Aliyun, "acs3", Scheme::AliyunAcs3),
];

/// What a signature depends on beside the request and the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment<'a> {
    /// Time of signing, whole seconds are used.
    pub at: jiff::Timestamp,
    /// Random text, new for every try; empty where the scheme has none. Tencent's version 1 wants decimal digits.
    pub nonce: &'a str,
    /// Region of the credential scope (Volcengine); the others take it from the request.
    pub region: &'a str,
}

/// A request that is signed and ready to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Signed {
    method: Method,
    url: String,
    headers: Vec<Header>,
    body: Vec<u8>,
    forms: Forms,
}

impl fmt::Debug for Signed {
    /// Where it goes and how large it is. Values of query, headers and body stay out: keys, signature and token
    /// are among them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = self.url.split('?').next().unwrap_or_default();
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Signed")
            .field("method", &self.method)
            .field("address", &address)
            .field("headers", &names)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// The intermediate forms of a signature, for tests and for `-vv`. Never the secret key; but the texts hold
/// whatever the scheme signs, in Aliyun's and Volcengine's schemes and Tencent's version 1 the session token,
/// and each the signature: mask them before a person sees them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Forms {
    /// The canonical request (TC3, Volcengine) or canonicalized query (Aliyun RPC); empty for Tencent version 1.
    pub canonical: String,
    /// The string to sign.
    pub string_to_sign: String,
    /// The signature itself, hex or Base64 as the scheme has it.
    pub signature: String,
}

impl fmt::Debug for Forms {
    /// Nothing: a token or the signature is in each.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Forms").finish_non_exhaustive()
    }
}

impl Signed {
    /// HTTP method.
    pub fn method(&self) -> Method {
        self.method
    }
    /// The whole URL, encoded exactly as signed.
    pub fn url(&self) -> &str {
        &self.url
    }
    /// Headers to send (no `Host`: the URL has it).
    pub fn headers(&self) -> &[Header] {
        &self.headers
    }
    /// The exact body.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
    /// The intermediate forms.
    pub fn forms(&self) -> &Forms {
        &self.forms
    }
}

/// A request as a server received it, to be verified.
#[derive(Clone)]
pub struct Received<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// Path, encoded as it came.
    pub path: &'a str,
    /// Query string as it came, without `?`.
    pub raw_query: &'a str,
    /// Headers, names in lower case, `host` among them.
    pub headers: &'a [Header],
    /// The exact body.
    pub body: &'a [u8],
}

impl fmt::Debug for Received<'_> {
    /// What was asked of which path. Values of query, headers and body stay out, as with [`Signed`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Received")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("headers", &names)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// What a received request says about its signer, before anything is verified.
#[derive(Clone, PartialEq, Eq)]
pub struct Claims {
    /// The scheme it was signed with.
    pub scheme: Scheme,
    /// The service in its scope, where the scheme has one.
    pub service: Option<Service>,
    /// Whose key.
    pub access_key_id: String,
    /// When it says it was signed.
    pub at: jiff::Timestamp,
    /// Its nonce, where the scheme has one.
    pub nonce: Option<String>,
    /// Its session token, where it carries one.
    pub session_token: Option<String>,
    /// Region it names.
    pub region: Option<String>,
}

impl fmt::Debug for Claims {
    /// All but the token and the beginning of the key id.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claims")
            .field("scheme", &self.scheme)
            .field("service", &self.service)
            .field("access_key_id", &masked_id(&self.access_key_id))
            .field("at", &self.at)
            .field("nonce", &self.nonce)
            .field("session_token", &self.session_token.as_ref().map(|_| "***"))
            .field("region", &self.region)
            .finish()
    }
}

/// Why a received request cannot be believed. The sandbox maps each to the vendor's own code.
#[derive(Clone, PartialEq, Eq)]
pub enum Distrust {
    /// A part that the scheme needs is not there: its name.
    Missing(&'static str),
    /// A part is there and cannot be read: its name.
    Malformed(&'static str),
    /// The signature is another than the key makes: the string to sign, as the server built it.
    Mismatch(String),
}

impl fmt::Debug for Distrust {
    /// What is wrong; not the string to sign, in which a token may be.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Distrust::Missing(part) => write!(f, "Missing({part})"),
            Distrust::Malformed(part) => write!(f, "Malformed({part})"),
            Distrust::Mismatch(_) => f.write_str("Mismatch"),
        }
    }
}

/// Signs a request for the live service. What signing adds (time, nonce, key id, token, signature) must not be in it yet.
///
/// TC3 and Volcengine add headers; Tencent's version 1 adds to the query of a GET and to the form body of a POST;
/// Aliyun RPC adds to the query; ACS3 adds headers and moves `Action` and `Version` from the query to its own.
///
/// # Errors
/// A request that already carries a signature, or that the scheme cannot sign, is an internal error.
pub fn sign(request: Request, scheme: Scheme, credentials: &Credentials, moment: &Moment<'_>) -> Result<Signed, Error> {
    sign_for(Service::Live, request, scheme, credentials, moment)
}

/// Signs a request for one of the vendor's services.
///
/// # Errors
/// As [`sign`].
pub fn sign_for(
    service: Service,
    request: Request,
    scheme: Scheme,
    credentials: &Credentials,
    moment: &Moment<'_>,
) -> Result<Signed, Error> {
    match scheme {
        Scheme::Tc3 => tc3::sign(request, service, credentials, moment),
        Scheme::TencentHmacSha1 | Scheme::TencentHmacSha256 => tencent_v1::sign(request, scheme, credentials, moment),
        Scheme::AliyunRpc => aliyun_rpc::sign(request, credentials, moment),
        Scheme::AliyunAcs3 => aliyun_acs3::sign(request, credentials, moment),
        Scheme::Volcengine => volcengine::sign(request, service, credentials, moment),
    }
}

/// Makes a request ready to be sent that the vendor defines without a signature: one that proves itself by a token of
/// an identity provider. Tencent wants the time and the word `SKIP` in the place of the signature, Aliyun the time;
/// Volcengine nothing (the official SDKs of 2026).
///
/// # Errors
/// A request that already carries what this adds is an internal error.
pub fn unsigned(request: Request, vendor: Vendor, at: jiff::Timestamp) -> Result<Signed, Error> {
    unsigned::ready(request, vendor, at)
}

/// Reads what a received request says about its signer. The scheme is told from the request.
///
/// # Errors
/// What is missing or malformed, by the vendor's own name for it; `query`, `path` and `body` where these cannot be decoded.
pub fn claims(vendor: Vendor, received: &Received<'_>) -> Result<Claims, Distrust> {
    match vendor {
        Vendor::Tencent if signed_in_headers(received, "x-tc-") => tc3::claims(received),
        Vendor::Tencent => tencent_v1::claims(received),
        Vendor::Aliyun if signed_in_headers(received, "x-acs-") => aliyun_acs3::claims(received),
        Vendor::Aliyun => aliyun_rpc::claims(received),
        Vendor::Volcengine => volcengine::claims(received),
    }
}

/// Whether a request is signed, or meant to be, in its headers and not in its parameters.
fn signed_in_headers(received: &Received<'_>, prefix: &str) -> bool {
    let parameters = received.parameters().unwrap_or_default();
    received.header("authorization").is_some()
        || received.headers.iter().any(|(name, _)| name.starts_with(prefix))
            && !parameters.iter().any(|(name, _)| name == "Signature")
}

/// Recomputes the signature of a received request and compares it, in constant time.
///
/// Time, nonce and session token are the caller's to judge, from the claims: TC3 does not even sign the token.
///
/// # Errors
/// What is missing, malformed, or the mismatch.
pub fn verify(claims: &Claims, received: &Received<'_>, credentials: &Credentials) -> Result<(), Distrust> {
    match claims.scheme {
        Scheme::Tc3 => tc3::verify(claims, received, credentials),
        Scheme::TencentHmacSha1 | Scheme::TencentHmacSha256 => tencent_v1::verify(claims, received, credentials),
        Scheme::AliyunRpc => aliyun_rpc::verify(received, credentials),
        Scheme::AliyunAcs3 => aliyun_acs3::verify(received, credentials),
        Scheme::Volcengine => volcengine::verify(claims, received, credentials),
    }
}
