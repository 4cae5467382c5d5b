//! Aliyun RPC, HMAC-SHA1: query and form parameters are signed together, encoded, in the order of their names.

use zeroize::Zeroizing;

use crate::error::Error;
use crate::model::{Credentials, Request, Secret};
use crate::sign::digest::{Draft, Seal};
use crate::sign::outgoing::{Outgoing, unsignable};
use crate::sign::percent;
use crate::sign::received::{parameter, time};
use crate::sign::{Claims, Distrust, Moment, Received, Scheme, Signed};

/// The parameters that signing sets.
const OWN: [&str; 7] =
    ["AccessKeyId", "SignatureMethod", "SignatureVersion", "SignatureNonce", "Timestamp", "SecurityToken", "Signature"];
pub(super) const TIME_FORM: &str = "%Y-%m-%dT%H:%M:%SZ";
const METHOD: &str = "HMAC-SHA1";
const VERSION: &str = "1.0";

fn draft(received: &Received<'_>, secret: &Secret) -> Result<Draft, Distrust> {
    let mut pairs = received.parameters()?;
    pairs.retain(|(name, _)| name != "Signature");
    let canonical = percent::canonical_query(pairs);
    let path = percent::encode(received.canonical_path()?);
    let string_to_sign = format!("{}&{path}&{}", received.method, percent::encode(&canonical));
    let key = Zeroizing::new(format!("{}&", secret.expose()).into_bytes());
    Ok(Draft { canonical, string_to_sign, seal: Seal::Sha1Base64, key })
}

pub(super) fn sign(request: Request, credentials: &Credentials, moment: &Moment<'_>) -> Result<Signed, Error> {
    let mut outgoing = Outgoing::new(request, &["Authorization"])?;
    outgoing.refuse_parameters(&OWN)?;
    outgoing.push_query("AccessKeyId", &credentials.access_key_id);
    outgoing.push_query("SignatureMethod", METHOD);
    outgoing.push_query("SignatureVersion", VERSION);
    outgoing.push_query("SignatureNonce", moment.nonce);
    outgoing.push_query("Timestamp", &moment.at.strftime(TIME_FORM).to_string());
    if let Some(token) = &credentials.session_token {
        outgoing.push_query("SecurityToken", token.expose());
    }
    let draft = draft(&outgoing.received(), &credentials.access_key_secret);
    let forms = draft.map_err(unsignable)?.forms();
    outgoing.push_query("Signature", &forms.signature);
    Ok(outgoing.signed(forms))
}

pub(super) fn claims(received: &Received<'_>) -> Result<Claims, Distrust> {
    let pairs = received.parameters()?;
    let access_key_id = parameter(&pairs, "AccessKeyId")?;
    let timestamp = parameter(&pairs, "Timestamp")?;
    for (name, only) in [("SignatureMethod", METHOD), ("SignatureVersion", VERSION)] {
        if parameter(&pairs, name)? != only {
            return Err(Distrust::Malformed(name));
        }
    }
    let nonce = parameter(&pairs, "SignatureNonce")?;
    parameter(&pairs, "Signature")?;
    Ok(Claims {
        scheme: Scheme::AliyunRpc,
        service: None,
        access_key_id,
        at: time(&timestamp, TIME_FORM).ok_or(Distrust::Malformed("Timestamp"))?,
        nonce: Some(nonce),
        session_token: parameter(&pairs, "SecurityToken").ok(),
        region: parameter(&pairs, "RegionId").ok(),
    })
}

pub(super) fn verify(received: &Received<'_>, credentials: &Credentials) -> Result<(), Distrust> {
    let signature = parameter(&received.parameters()?, "Signature")?;
    draft(received, &credentials.access_key_secret)?.check(&signature)
}
