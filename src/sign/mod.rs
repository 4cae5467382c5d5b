//! Signing: one file a scheme, `verify` beside each `sign`. Time and nonce are arguments, never read here.
//!
//! Only [`sign`] makes a [`Signed`], and only a [`Signed`] can be sent.

use crate::error::Error;
use crate::model::{Credentials, Header, Method, Request, Vendor};

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
}

/// What a signature depends on beside the request and the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment<'a> {
    /// Time of signing, whole seconds are used.
    pub at: jiff::Timestamp,
    /// Random text, new for every try. Tencent's version 1 wants decimal digits.
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

/// The intermediate forms of a signature, for tests and for `-vv`. Without secrets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forms {
    /// The canonical request (TC3, Volcengine) or canonicalized query (Aliyun RPC); empty for Tencent version 1.
    pub canonical: String,
    /// The string to sign.
    pub string_to_sign: String,
    /// The signature itself, hex or Base64 as the scheme has it.
    pub signature: String,
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
#[derive(Debug, Clone)]
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

/// What a received request says about its signer, before anything is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// The scheme it was signed with.
    pub scheme: Scheme,
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

/// Why a received request cannot be believed. The sandbox maps each to the vendor's own code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Distrust {
    /// A part that the scheme needs is not there: its name.
    Missing(&'static str),
    /// A part is there and cannot be read: its name.
    Malformed(&'static str),
    /// The signature is another than the key makes: the string to sign, as the server built it.
    Mismatch(String),
}

/// Signs a request.
///
/// # Errors
/// A request that already carries a signature, or that the scheme cannot sign, is an internal error.
pub fn sign(request: Request, scheme: Scheme, credentials: &Credentials, moment: &Moment<'_>) -> Result<Signed, Error> {
    let _ = (request, scheme, credentials, moment);
    Err(Error::internal("signing: not built yet"))
}

/// Reads what a received request says about its signer.
///
/// # Errors
/// What is missing or malformed.
pub fn claims(vendor: Vendor, received: &Received<'_>) -> Result<Claims, Distrust> {
    let _ = (vendor, received);
    Err(Distrust::Missing("Authorization"))
}

/// Recomputes the signature of a received request and compares it, in constant time.
///
/// # Errors
/// What is missing, malformed, or the mismatch.
pub fn verify(claims: &Claims, received: &Received<'_>, credentials: &Credentials) -> Result<(), Distrust> {
    let _ = (claims, received, credentials);
    Err(Distrust::Missing("Authorization"))
}
