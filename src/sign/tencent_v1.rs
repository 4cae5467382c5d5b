//! Tencent signature version 1 (HmacSHA1, HmacSHA256): the parameters are signed, decoded, in the order of their names.

use std::fmt::Write as _;

use zeroize::Zeroizing;

use crate::error::Error;
use crate::model::{Credentials, Method, Request, Secret};
use crate::sign::digest::{Draft, Seal};
use crate::sign::outgoing::{Outgoing, unsignable};
use crate::sign::received::{parameter, unix_seconds};
use crate::sign::{Claims, Distrust, Moment, Received, Scheme, Signed};

/// The parameters that signing sets.
const OWN: [&str; 6] = ["SecretId", "Timestamp", "Nonce", "SignatureMethod", "Token", "Signature"];

fn draft(received: &Received<'_>, seal: Seal, secret: &Secret) -> Result<Draft, Distrust> {
    let mut pairs = received.parameters()?;
    pairs.retain(|(name, _)| name != "Signature");
    pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
    let host = received.header("host").ok_or(Distrust::Missing("Host"))?;
    let mut string_to_sign = format!("{}{host}{}?", received.method, received.path);
    for (index, (name, value)) in pairs.iter().enumerate() {
        let separator = if index == 0 { "" } else { "&" };
        // Writing to a String cannot fail.
        let _ = write!(string_to_sign, "{separator}{name}={value}");
    }
    let key = Zeroizing::new(secret.expose().as_bytes().to_vec());
    Ok(Draft { canonical: String::new(), string_to_sign, seal, key })
}

const fn seal_of(scheme: Scheme) -> Seal {
    match scheme {
        Scheme::TencentHmacSha256 => Seal::Sha256Base64,
        _ => Seal::Sha1Base64,
    }
}

pub(super) fn sign(
    request: Request,
    scheme: Scheme,
    credentials: &Credentials,
    moment: &Moment<'_>,
) -> Result<Signed, Error> {
    if !is_number(moment.nonce) {
        return Err(unsignable(Distrust::Malformed("Nonce")));
    }
    let mut outgoing = Outgoing::new(request, &["Authorization"])?;
    outgoing.refuse_parameters(&OWN)?;
    let push = match outgoing.method() {
        Method::Get => Outgoing::push_query,
        Method::Post => Outgoing::push_form,
    };
    let method = if scheme == Scheme::TencentHmacSha256 { "HmacSHA256" } else { "HmacSHA1" };
    push(&mut outgoing, "SecretId", &credentials.access_key_id);
    push(&mut outgoing, "Timestamp", &moment.at.as_second().to_string());
    push(&mut outgoing, "Nonce", moment.nonce);
    push(&mut outgoing, "SignatureMethod", method);
    if let Some(token) = &credentials.session_token {
        push(&mut outgoing, "Token", token.expose());
    }
    let draft = draft(&outgoing.received(), seal_of(scheme), &credentials.access_key_secret);
    let forms = draft.map_err(unsignable)?.forms();
    push(&mut outgoing, "Signature", &forms.signature);
    Ok(outgoing.signed(forms))
}

pub(super) fn claims(received: &Received<'_>) -> Result<Claims, Distrust> {
    let pairs = received.parameters()?;
    let access_key_id = parameter(&pairs, "SecretId")?;
    let timestamp = parameter(&pairs, "Timestamp")?;
    let nonce = parameter(&pairs, "Nonce")?;
    parameter(&pairs, "Signature")?;
    // The reference: anything but HmacSHA256 is verified as HmacSHA1.
    let scheme = match parameter(&pairs, "SignatureMethod").as_deref() {
        Ok("HmacSHA256") => Scheme::TencentHmacSha256,
        _ => Scheme::TencentHmacSha1,
    };
    Ok(Claims {
        scheme,
        service: None,
        access_key_id,
        at: unix_seconds(&timestamp).ok_or(Distrust::Malformed("Timestamp"))?,
        nonce: Some(is_number(&nonce).then_some(nonce).ok_or(Distrust::Malformed("Nonce"))?),
        session_token: parameter(&pairs, "Token").ok(),
        region: parameter(&pairs, "Region").ok(),
    })
}

pub(super) fn verify(claims: &Claims, received: &Received<'_>, credentials: &Credentials) -> Result<(), Distrust> {
    let signature = parameter(&received.parameters()?, "Signature")?;
    draft(received, seal_of(claims.scheme), &credentials.access_key_secret)?.check(&signature)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
