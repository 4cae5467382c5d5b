//! Aliyun ACS3-HMAC-SHA256 ("signature V3"): the newer scheme of the same API, with everything common in headers.

use zeroize::Zeroizing;

use crate::error::Error;
use crate::model::{Credentials, Request, Secret};
use crate::sign::aliyun_rpc::TIME_FORM;
use crate::sign::digest::{self, Draft, Seal};
use crate::sign::outgoing::{Outgoing, unsignable};
use crate::sign::percent;
use crate::sign::received::{Authorization, parameter, time};
use crate::sign::{Claims, Distrust, Moment, Received, Scheme, Signed};

pub(super) const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// Parameters of the RPC form that are headers here.
const MOVED: [(&str, &str); 2] = [("Action", "x-acs-action"), ("Version", "x-acs-version")];

fn draft(received: &Received<'_>, signed_headers: &str, secret: &Secret) -> Result<Draft, Distrust> {
    let path = received.canonical_path()?;
    let query = percent::canonical_query(received.query()?);
    let canonical =
        received.canonical_request(&path, &query, signed_headers, |_, value| value.to_owned(), received.body)?;
    let string_to_sign = format!("{ALGORITHM}\n{}", digest::sha256_hex(canonical.as_bytes()));
    let key = Zeroizing::new(secret.expose().as_bytes().to_vec());
    Ok(Draft { canonical, string_to_sign, seal: Seal::Sha256Hex, key })
}

pub(super) fn sign(mut request: Request, credentials: &Credentials, moment: &Moment<'_>) -> Result<Signed, Error> {
    move_to_headers(&mut request);
    let own = ["Authorization", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256", "x-acs-security-token"];
    let mut outgoing = Outgoing::new(request, &own)?;
    let hash = digest::sha256_hex(outgoing.received().body);
    outgoing.push_header("x-acs-date", &moment.at.strftime(TIME_FORM).to_string());
    outgoing.push_header("x-acs-signature-nonce", moment.nonce);
    outgoing.push_header("x-acs-content-sha256", &hash);
    if let Some(token) = &credentials.session_token {
        outgoing.push_header("x-acs-security-token", token.expose());
    }
    let signed_headers = outgoing.signed_headers(|_| true);
    let draft = draft(&outgoing.received(), &signed_headers, &credentials.access_key_secret);
    let forms = draft.map_err(unsignable)?.forms();
    let authorization = format!(
        "{ALGORITHM} Credential={},SignedHeaders={signed_headers},Signature={}",
        credentials.access_key_id, forms.signature
    );
    outgoing.push_header("Authorization", &authorization);
    Ok(outgoing.signed(forms))
}

/// A request in the RPC form becomes one of this scheme: only the place of its common parameters differs.
fn move_to_headers(request: &mut Request) {
    for (parameter, header) in MOVED {
        if let Some(place) = request.query.iter().position(|(name, _)| name == parameter) {
            let (_, value) = request.query.remove(place);
            request.headers.push((header.to_owned(), value));
        }
    }
}

pub(super) fn claims(received: &Received<'_>) -> Result<Claims, Distrust> {
    let authorization = received.authorization(ALGORITHM)?;
    let date = received.filled_header("x-acs-date").ok_or(Distrust::Missing("x-acs-date"))?;
    let nonce = received.filled_header("x-acs-signature-nonce").ok_or(Distrust::Missing("x-acs-signature-nonce"))?;
    Ok(Claims {
        scheme: Scheme::AliyunAcs3,
        service: None,
        access_key_id: authorization.credential.to_owned(),
        at: time(&date, TIME_FORM).ok_or(Distrust::Malformed("x-acs-date"))?,
        nonce: Some(nonce),
        session_token: received.filled_header("x-acs-security-token"),
        region: parameter(&received.query()?, "RegionId").ok(),
    })
}

pub(super) fn verify(received: &Received<'_>, credentials: &Credentials) -> Result<(), Distrust> {
    let Authorization { signed_headers, signature, .. } = received.authorization(ALGORITHM)?;
    let covered = |name: &str| signed_headers.split(';').any(|signed| signed == name);
    // The string to sign has no time and no nonce of its own: they count only as signed headers.
    let mut needed = received.headers.iter().filter(|(name, _)| name == "host" || name.starts_with("x-acs-"));
    if !needed.all(|(name, _)| covered(name)) {
        return Err(Distrust::Malformed("SignedHeaders"));
    }
    draft(received, signed_headers, &credentials.access_key_secret)?.check(signature)
}
