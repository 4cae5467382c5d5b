//! Reading a request as a server got it.

use jiff::Timestamp;
use jiff::tz::Offset;

use crate::model::Vendor;
use crate::sign::{Distrust, Received, percent};

/// The three parts of an `Authorization` header of the header schemes.
pub(super) struct Authorization<'a> {
    /// Access key, and the scope where the scheme has one, joined with `/`.
    pub credential: &'a str,
    /// Names in lower case, joined with `;`, in the signer's order.
    pub signed_headers: &'a str,
    /// Lower-case hex.
    pub signature: &'a str,
}

impl Received<'_> {
    /// The first header of that (lower-case) name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The header, unless it is empty.
    pub(super) fn filled_header(&self, name: &str) -> Option<String> {
        self.header(name).map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned)
    }

    /// The query, decoded, in its order.
    ///
    /// # Errors
    /// Malformed, where it cannot be decoded.
    pub fn query(&self) -> Result<Vec<(String, String)>, Distrust> {
        percent::decode_pairs(self.raw_query).ok_or(Distrust::Malformed("query"))
    }

    /// Query and form body together, decoded: what the parameter schemes sign.
    ///
    /// # Errors
    /// Malformed, where one of them cannot be decoded, or the body is no form: it would not be signed.
    pub fn parameters(&self) -> Result<Vec<(String, String)>, Distrust> {
        let mut pairs = self.query()?;
        if !self.body.is_empty() {
            let content_type = self.header("content-type").unwrap_or(FORM).trim();
            if !content_type.to_ascii_lowercase().starts_with(FORM) {
                return Err(Distrust::Malformed("Content-Type"));
            }
            let body = std::str::from_utf8(self.body).ok().and_then(percent::decode_pairs);
            pairs.extend(body.ok_or(Distrust::Malformed("body"))?);
        }
        Ok(pairs)
    }

    /// Takes an `Authorization` header of the algorithm apart.
    pub(super) fn authorization(&self, algorithm: &str) -> Result<Authorization<'_>, Distrust> {
        let header = self.header("authorization").ok_or(Distrust::Missing("Authorization"))?;
        let parts = header.trim().strip_prefix(algorithm).and_then(|rest| rest.strip_prefix(' '));
        let parts = parts.ok_or(Distrust::Malformed("Authorization"))?;
        let part = |name: &'static str| {
            let mut values = parts.split(',').filter_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='));
            values.next().filter(|value| !value.is_empty()).ok_or(Distrust::Missing(name))
        };
        Ok(Authorization {
            credential: part("Credential")?,
            signed_headers: part("SignedHeaders")?,
            signature: part("Signature")?,
        })
    }

    /// The canonical request of the header schemes: method, path, query, header lines, their names, hash of the body.
    ///
    /// `value` brings one header's value into the scheme's form; `payload` is what is hashed as the body.
    ///
    /// # Errors
    /// Malformed, where a signed header is not there.
    pub(super) fn canonical_request(
        &self,
        path: &str,
        query: &str,
        signed_headers: &str,
        value: fn(name: &str, value: &str) -> String,
        payload: &[u8],
    ) -> Result<String, Distrust> {
        let mut lines = String::new();
        for name in signed_headers.split(';') {
            let mut before = [name, ":"].concat();
            for (_, text) in self.headers.iter().filter(|(key, _)| key == name) {
                lines.push_str(&before);
                lines.push_str(&value(name, text.trim()));
                ",".clone_into(&mut before);
            }
            if before != "," {
                return Err(Distrust::Malformed("SignedHeaders"));
            }
            lines.push('\n');
        }
        let hash = super::digest::sha256_hex(payload);
        Ok(format!("{}\n{path}\n{query}\n{lines}\n{signed_headers}\n{hash}", self.method))
    }

    /// The path in its canonical form.
    pub(super) fn canonical_path(&self) -> Result<String, Distrust> {
        percent::canonical_path(self.path).ok_or(Distrust::Malformed("path"))
    }
}

/// Content type of a form body.
pub(super) const FORM: &str = "application/x-www-form-urlencoded";

/// The parameter's first value, unless it is empty.
pub(super) fn parameter(pairs: &[(String, String)], name: &'static str) -> Result<String, Distrust> {
    let found = pairs.iter().find(|(key, value)| key == name && !value.is_empty());
    found.map(|(_, value)| value.clone()).ok_or(Distrust::Missing(name))
}

/// A time in exactly this form (of `strftime`), UTC.
pub(super) fn time(text: &str, form: &str) -> Option<Timestamp> {
    let time = jiff::civil::DateTime::strptime(form, text).ok()?;
    let time = Offset::UTC.to_timestamp(time).ok()?;
    // Parsing is lenient about leading zeros and blanks; vendors are not.
    (time.strftime(form).to_string() == text).then_some(time)
}

/// Whole seconds since 1970, digits only.
pub(super) fn unix_seconds(text: &str) -> Option<Timestamp> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten().and_then(|seconds| Timestamp::from_second(seconds).ok())
}

/// Whose wire protocol a request speaks, so that one port can serve three vendors. It need not be signed.
pub fn detect_vendor(received: &Received<'_>) -> Option<Vendor> {
    let pairs = received.parameters().or_else(|_| received.query()).unwrap_or_default();
    let authorization = received.header("authorization").unwrap_or_default();
    let has = |name: &str| pairs.iter().any(|(key, _)| key == name);
    let version = |value: &str| pairs.iter().any(|(key, text)| key == "Version" && text == value);
    if authorization.starts_with("TC3-")
        || received.header("x-tc-action").is_some()
        || version("2018-08-01")
        || version("2018-08-13")
        || has("SecretId")
    {
        Some(Vendor::Tencent)
    } else if authorization.starts_with("ACS3-")
        || received.headers.iter().any(|(name, _)| name.starts_with("x-acs-"))
        || version("2016-11-01")
        || version("2015-04-01")
        || has("Signature")
    {
        Some(Vendor::Aliyun)
    } else if authorization.starts_with("HMAC-SHA256 ")
        || received.header("x-date").is_some()
        || version("2023-01-01")
        || version("2018-01-01")
    {
        Some(Vendor::Volcengine)
    } else {
        None
    }
}
