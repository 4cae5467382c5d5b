//! Volcengine HMAC-SHA256 with credential scope ("signature V4").

use jiff::Timestamp;

use crate::error::Error;
use crate::model::{Credentials, Request, Secret};
use crate::sign::digest::{self, Draft, Seal};
use crate::sign::outgoing::{Outgoing, unsignable};
use crate::sign::percent;
use crate::sign::received::{Authorization, time};
use crate::sign::{Claims, Distrust, Moment, Received, Scheme, Service, Signed};

const ALGORITHM: &str = "HMAC-SHA256";
const TERMINATOR: &str = "request";
const TIME_FORM: &str = "%Y%m%dT%H%M%SZ";
const DATE_FORM: &str = "%Y%m%d";

fn draft(
    received: &Received<'_>,
    signed_headers: &str,
    (at, region, service): (Timestamp, &str, Service),
    secret: &Secret,
) -> Result<Draft, Distrust> {
    let path = received.canonical_path()?;
    let query = percent::canonical_query(received.query()?);
    let canonical = received.canonical_request(&path, &query, signed_headers, header_value, received.body)?;
    let string_to_sign = format!(
        "{ALGORITHM}\n{}\n{}\n{}",
        at.strftime(TIME_FORM),
        scope(at, region, service),
        digest::sha256_hex(canonical.as_bytes())
    );
    let date = at.strftime(DATE_FORM).to_string();
    let key = digest::derived_key(secret.expose(), &[&date, region, service.name(), TERMINATOR]);
    Ok(Draft { canonical, string_to_sign, seal: Seal::Sha256Hex, key })
}

pub(super) fn sign(
    request: Request,
    service: Service,
    credentials: &Credentials,
    moment: &Moment<'_>,
) -> Result<Signed, Error> {
    if moment.region.is_empty() {
        return Err(unsignable(Distrust::Missing("region")));
    }
    let own = ["Authorization", "X-Date", "X-Content-Sha256", "X-Security-Token"];
    let mut outgoing = Outgoing::new(request, &own)?;
    outgoing.push_header("X-Date", &moment.at.strftime(TIME_FORM).to_string());
    let hash = digest::sha256_hex(outgoing.received().body);
    outgoing.push_header("X-Content-Sha256", &hash);
    if let Some(token) = &credentials.session_token {
        outgoing.push_header("X-Security-Token", token.expose());
    }
    let signed_headers = outgoing
        .signed_headers(|name| matches!(name, "content-type" | "content-md5" | "host") || name.starts_with("x-"));
    let secret = &credentials.access_key_secret;
    let draft = draft(&outgoing.received(), &signed_headers, (moment.at, moment.region, service), secret);
    let forms = draft.map_err(unsignable)?.forms();
    let authorization = format!(
        "{ALGORITHM} Credential={}/{}, SignedHeaders={signed_headers}, Signature={}",
        credentials.access_key_id,
        scope(moment.at, moment.region, service),
        forms.signature
    );
    outgoing.push_header("Authorization", &authorization);
    Ok(outgoing.signed(forms))
}

pub(super) fn claims(received: &Received<'_>) -> Result<Claims, Distrust> {
    let authorization = received.authorization(ALGORITHM)?;
    let date = received.filled_header("x-date").ok_or(Distrust::Missing("X-Date"))?;
    let at = time(&date, TIME_FORM).ok_or(Distrust::Malformed("X-Date"))?;
    let mut credential = authorization.credential.split('/');
    let parts = (credential.next(), credential.next(), credential.next());
    let (Some(access_key_id), Some(_), Some(region)) = parts else {
        return Err(Distrust::Malformed("Credential"));
    };
    let is_of =
        |service: &Service| authorization.credential == format!("{access_key_id}/{}", scope(at, region, *service));
    let service = Service::ALL.into_iter().find(is_of);
    if access_key_id.is_empty() || region.is_empty() || service.is_none() {
        return Err(Distrust::Malformed("Credential"));
    }
    Ok(Claims {
        scheme: Scheme::Volcengine,
        service,
        access_key_id: access_key_id.to_owned(),
        at,
        nonce: None,
        session_token: received.filled_header("x-security-token"),
        region: Some(region.to_owned()),
    })
}

pub(super) fn verify(claims: &Claims, received: &Received<'_>, credentials: &Credentials) -> Result<(), Distrust> {
    let Authorization { signed_headers, signature, .. } = received.authorization(ALGORITHM)?;
    if !signed_headers.split(';').any(|name| name == "host") {
        return Err(Distrust::Malformed("SignedHeaders"));
    }
    let region = claims.region.as_deref().unwrap_or_default();
    let service = claims.service.unwrap_or(Service::Live);
    draft(received, signed_headers, (claims.at, region, service), &credentials.access_key_secret)?.check(signature)
}

fn scope(at: Timestamp, region: &str, service: Service) -> String {
    format!("{}/{region}/{}/{TERMINATOR}", at.strftime(DATE_FORM), service.name())
}

/// The official SDKs cut the two well-known ports from the host before they sign it.
fn header_value(name: &str, value: &str) -> String {
    let bare = value.strip_suffix(":80").or_else(|| value.strip_suffix(":443"));
    bare.filter(|_| name == "host").unwrap_or(value).to_owned()
}
