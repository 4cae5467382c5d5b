//! Tencent TC3-HMAC-SHA256 ("signature method v3" of the API reference).

use jiff::Timestamp;

use crate::error::Error;
use crate::model::{Credentials, Method, Request, Secret};
use crate::sign::digest::{self, Draft, Seal};
use crate::sign::outgoing::{Outgoing, unsignable};
use crate::sign::received::{Authorization, unix_seconds};
use crate::sign::{Claims, Distrust, Moment, Received, Scheme, Service, Signed};

const ALGORITHM: &str = "TC3-HMAC-SHA256";
const TERMINATOR: &str = "tc3_request";
/// The reference requires these two; the official SDKs sign no others.
const SIGNED_HEADERS: &str = "content-type;host";

/// Value of `X-TC-Content-SHA256` that leaves the body out of the signature, and stands in it instead: an option
/// of the official SDKs (`unsignedPayload`).
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// Drafts the signature of a request for the named headers, in their order.
///
/// # Errors
/// Malformed `SignedHeaders`, where one of them is not in the request.
pub fn draft(
    received: &Received<'_>,
    signed_headers: &str,
    at: Timestamp,
    service: &str,
    secret: &Secret,
) -> Result<Draft, Distrust> {
    let date = date(at);
    let unsigned = received.header("x-tc-content-sha256") == Some(UNSIGNED);
    let payload = if unsigned { UNSIGNED.as_bytes() } else { received.body };
    let (path, query) = (received.path, received.raw_query);
    let canonical =
        received.canonical_request(path, query, signed_headers, |_, value| value.to_lowercase(), payload)?;
    let string_to_sign = format!(
        "{ALGORITHM}\n{}\n{date}/{service}/{TERMINATOR}\n{}",
        at.as_second(),
        digest::sha256_hex(canonical.as_bytes())
    );
    let first = zeroize::Zeroizing::new(format!("TC3{}", secret.expose()));
    let key = digest::derived_key(&first, &[&date, service, TERMINATOR]);
    Ok(Draft { canonical, string_to_sign, seal: Seal::Sha256Hex, key })
}

pub(super) fn sign(
    request: Request,
    service: Service,
    credentials: &Credentials,
    moment: &Moment<'_>,
) -> Result<Signed, Error> {
    if request.method == Method::Post && !request.query.is_empty() {
        // The reference signs an empty query for every POST, so one that is there would not be covered.
        return Err(unsignable(Distrust::Malformed("query")));
    }
    let mut outgoing = Outgoing::new(request, &["Authorization", "X-TC-Timestamp", "X-TC-Token"])?;
    outgoing.push_header("X-TC-Timestamp", &moment.at.as_second().to_string());
    if let Some(token) = &credentials.session_token {
        outgoing.push_header("X-TC-Token", token.expose());
    }
    let draft = draft(&outgoing.received(), SIGNED_HEADERS, moment.at, service.name(), &credentials.access_key_secret);
    let forms = draft.map_err(unsignable)?.forms();
    let authorization = format!(
        "{ALGORITHM} Credential={}/{}/{}/{TERMINATOR}, SignedHeaders={SIGNED_HEADERS}, Signature={}",
        credentials.access_key_id,
        date(moment.at),
        service.name(),
        forms.signature
    );
    outgoing.push_header("Authorization", &authorization);
    Ok(outgoing.signed(forms))
}

pub(super) fn claims(received: &Received<'_>) -> Result<Claims, Distrust> {
    let authorization = received.authorization(ALGORITHM)?;
    let timestamp = received.filled_header("x-tc-timestamp").ok_or(Distrust::Missing("X-TC-Timestamp"))?;
    let at = unix_seconds(&timestamp).ok_or(Distrust::Malformed("X-TC-Timestamp"))?;
    let scope = |service: Service| format!("/{}/{}/{TERMINATOR}", date(at), service.name());
    let claimed = |service| Some((service, authorization.credential.strip_suffix(&scope(service))?));
    let (service, access_key_id) =
        Service::ALL.into_iter().find_map(claimed).ok_or(Distrust::Malformed("Credential"))?;
    Ok(Claims {
        scheme: Scheme::Tc3,
        service: Some(service),
        access_key_id: access_key_id.to_owned(),
        at,
        nonce: None,
        session_token: received.filled_header("x-tc-token"),
        region: received.filled_header("x-tc-region"),
    })
}

pub(super) fn verify(claims: &Claims, received: &Received<'_>, credentials: &Credentials) -> Result<(), Distrust> {
    let Authorization { signed_headers, signature, .. } = received.authorization(ALGORITHM)?;
    if !SIGNED_HEADERS.split(';').all(|needed| signed_headers.split(';').any(|name| name == needed)) {
        return Err(Distrust::Malformed("SignedHeaders"));
    }
    let service = claims.service.unwrap_or(Service::Live).name();
    draft(received, signed_headers, claims.at, service, &credentials.access_key_secret)?.check(signature)
}

fn date(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}
