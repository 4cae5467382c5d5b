//! Whether a request is believed: key, clock, signature, token, nonce, in the order and with the codes of the vendor.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::model::{Credentials, Vendor};
use crate::sandbox::Options;
use crate::sandbox::answer::Refusal;
use crate::sandbox::sts::Issued;
use crate::sign::{self, Claims, Distrust, Received, Scheme};

/// How long a nonce may not come back, in seconds.
const NONCE_SECONDS: i64 = 900;

/// How far a signer's clock may be off, in seconds.
const fn skew(vendor: Vendor) -> i64 {
    match vendor {
        Vendor::Tencent => 300,
        Vendor::Aliyun | Vendor::Volcengine => 900,
    }
}

/// The two halves of a signature check; tests put their own in.
#[derive(Clone, Copy)]
pub(super) struct Signatures {
    /// Reads what a request says about its signer.
    pub(super) claims: fn(Vendor, &Received<'_>) -> Result<Claims, Distrust>,
    /// Recomputes and compares the signature.
    pub(super) verify: fn(&Claims, &Received<'_>, &Credentials) -> Result<(), Distrust>,
}

impl Signatures {
    /// The real ones.
    pub(super) const REAL: Signatures = Signatures { claims: sign::claims, verify: sign::verify };
}

/// The nonces of the last minutes, with the time of each.
#[derive(Debug, Default)]
pub(super) struct Nonces(HashMap<(Vendor, String), i64>);

impl Nonces {
    /// Remembers a nonce; false when it is known already.
    fn remember(&mut self, vendor: Vendor, nonce: &str, now: Timestamp) -> bool {
        let now = now.as_second();
        self.0.retain(|_, seen| now.saturating_sub(*seen) < NONCE_SECONDS);
        self.0.insert((vendor, nonce.to_owned()), now).is_none()
    }
}

/// What is wrong with a request's credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Doubt {
    Missing(&'static str),
    Malformed(&'static str),
    UnknownKey(String),
    Clock,
    Mismatch(String),
    Token,
    Nonce,
}

/// Believes a request, or refuses it as the vendor does.
///
/// # Errors
/// The vendor's refusal.
pub(super) fn believe(
    vendor: Vendor,
    received: &Received<'_>,
    signatures: Signatures,
    options: &Options,
    memory: (&mut Nonces, &Issued),
    now: Timestamp,
) -> Result<Claims, Refusal> {
    examine(vendor, received, signatures, options, memory, now).map_err(|doubt| refusal(vendor, &doubt))
}

/// The refusal of a signature that is for another of the vendor's services.
pub(super) fn of_another_service(vendor: Vendor) -> Refusal {
    refusal(vendor, &Doubt::Malformed("Credential"))
}

fn examine(
    vendor: Vendor,
    received: &Received<'_>,
    signatures: Signatures,
    options: &Options,
    (nonces, issued): (&mut Nonces, &Issued),
    now: Timestamp,
) -> Result<Claims, Doubt> {
    let claims = (signatures.claims)(vendor, received).map_err(Doubt::from)?;
    let temporary = issued.find(vendor, &claims.access_key_id);
    if temporary.is_none() && claims.access_key_id != options.keys.access_key_id {
        return Err(Doubt::UnknownKey(claims.access_key_id));
    }
    if now.as_second().saturating_sub(claims.at.as_second()).abs() > skew(vendor) {
        return Err(Doubt::Clock);
    }
    let for_good = || Credentials {
        access_key_id: options.keys.access_key_id.clone(),
        access_key_secret: options.keys.access_key_secret.clone(),
        session_token: options.session_token.clone(),
    };
    let credentials = temporary.map_or_else(for_good, |issue| issue.credentials.clone());
    (signatures.verify)(&claims, received, &credentials).map_err(Doubt::from)?;
    let believed = credentials.session_token.as_ref().map(|token| token.expose());
    let told = claims.session_token.as_deref();
    if told.is_some_and(|token| Some(token) != believed)
        || temporary.is_some_and(|issue| told.is_none() || now >= issue.expires_at)
    {
        return Err(Doubt::Token);
    }
    let once = vendor == Vendor::Aliyun || matches!(claims.scheme, Scheme::TencentHmacSha1 | Scheme::TencentHmacSha256);
    if let Some(nonce) = claims.nonce.as_deref().filter(|_| once) {
        // Tencent's version 1 has short numbers for nonces: they are told apart by their second as well.
        let nonce = if vendor == Vendor::Tencent { format!("{nonce}@{}", claims.at) } else { nonce.to_owned() };
        if !nonces.remember(vendor, &nonce, now) {
            return Err(Doubt::Nonce);
        }
    }
    Ok(claims)
}

impl From<Distrust> for Doubt {
    fn from(distrust: Distrust) -> Self {
        match distrust {
            Distrust::Missing(part) => Doubt::Missing(part),
            Distrust::Malformed(part) => Doubt::Malformed(part),
            Distrust::Mismatch(string_to_sign) => Doubt::Mismatch(string_to_sign),
        }
    }
}

/// The refusal of an expired token, for a fault that was asked for.
pub(super) fn expired(vendor: Vendor) -> Refusal {
    refusal(vendor, &Doubt::Token)
}

fn refusal(vendor: Vendor, doubt: &Doubt) -> Refusal {
    let (code, message) = match vendor {
        Vendor::Tencent => tencent(doubt),
        Vendor::Aliyun => aliyun(doubt),
        Vendor::Volcengine => volcengine(doubt),
    };
    Refusal::new(vendor, code, message)
}

fn tencent(doubt: &Doubt) -> (&'static str, String) {
    match doubt {
        Doubt::Missing("Authorization") => {
            ("AuthFailure.InvalidAuthorization", "The header `Authorization` is missing.".to_owned())
        }
        Doubt::Missing(part) => ("MissingParameter", format!("The request is missing a required parameter `{part}`.")),
        Doubt::Malformed(part) => ("AuthFailure.InvalidAuthorization", format!("`{part}` is malformed.")),
        Doubt::UnknownKey(_) => (
            "AuthFailure.SecretIdNotFound",
            "The SecretId is not found; use the one that the sandbox printed.".to_owned(),
        ),
        Doubt::Clock => (
            "AuthFailure.SignatureExpire",
            "The signature has expired: the timestamp and the server time differ by more than five minutes.".to_owned(),
        ),
        Doubt::Mismatch(_) => {
            ("AuthFailure.SignatureFailure", "The provided credentials could not be validated.".to_owned())
        }
        Doubt::Token => ("AuthFailure.TokenFailure", "The token is wrong or has expired.".to_owned()),
        Doubt::Nonce => ("AuthFailure.SignatureFailure", "The nonce was used before.".to_owned()),
    }
}

fn aliyun(doubt: &Doubt) -> (&'static str, String) {
    match doubt {
        Doubt::Missing("Timestamp" | "x-acs-date") => {
            ("MissingParameter", "Timestamp is mandatory for this action.".to_owned())
        }
        Doubt::Malformed("Timestamp" | "x-acs-date") => {
            ("InvalidTimeStamp.Format", "Specified time stamp is malformed.".to_owned())
        }
        Doubt::Missing(part) => {
            ("IncompleteSignature", format!("The request signature does not conform: {part} is missing."))
        }
        Doubt::Malformed(part) => {
            ("IncompleteSignature", format!("The request signature does not conform: {part} is malformed."))
        }
        Doubt::UnknownKey(_) => ("InvalidAccessKeyId.NotFound", "Specified access key is not found.".to_owned()),
        Doubt::Clock => ("InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.".to_owned()),
        Doubt::Mismatch(string_to_sign) => (
            "SignatureDoesNotMatch",
            format!(
                "Specified signature is not matched with our calculation. server string to sign is:{string_to_sign}"
            ),
        ),
        Doubt::Token => ("InvalidSecurityToken.Expired", "Specified SecurityToken is expired.".to_owned()),
        Doubt::Nonce => ("SignatureNonceUsed", "Specified signature nonce was used already.".to_owned()),
    }
}

fn volcengine(doubt: &Doubt) -> (&'static str, String) {
    match doubt {
        Doubt::Missing("Authorization") => ("MissingAuthenticationToken", "The request is not signed.".to_owned()),
        Doubt::Missing("Signature") => ("MissingSignature", "The signature is missing.".to_owned()),
        Doubt::Missing("Credential") | Doubt::Malformed("Credential") => {
            ("InvalidCredential", "The credential is malformed.".to_owned())
        }
        Doubt::Missing(part) => ("MissingRequestInfo", format!("{part} is missing.")),
        Doubt::Malformed("X-Date") => ("InvalidTimestamp", "X-Date is malformed.".to_owned()),
        Doubt::Malformed(part) => ("InvalidAuthorization", format!("{part} is malformed.")),
        Doubt::UnknownKey(_) => ("InvalidAccessKey", "The access key does not exist.".to_owned()),
        Doubt::Clock => {
            ("InvalidTimestamp", "The signature expired or the clock is off by over 15 minutes.".to_owned())
        }
        Doubt::Mismatch(_) => {
            ("SignatureDoesNotMatch", "The calculated signature differs from the one of the request.".to_owned())
        }
        Doubt::Token => ("InvalidSecretToken", "The session token is wrong or has expired.".to_owned()),
        Doubt::Nonce => ("InvalidAuthorization", "The request came before.".to_owned()),
    }
}
