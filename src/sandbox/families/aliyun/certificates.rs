//! Aliyun's HTTPS certificates: uploaded by name, and used by domains. Private keys are looked at and not kept.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::model::{Params, time};
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::house::{House, text};
use crate::sandbox::random;

use super::domain::DOMAINS;
use super::shape;

const CERTIFICATES: &str = "certificates";
pub(super) const USES: &str = "certificate_uses";

/// How long an uploaded certificate is said to last: the sandbox does not read it.
const VALID: SignedDuration = SignedDuration::from_hours(365 * 24);

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("SetLiveDomainCertificate", Changes(set)),
    ("DescribeLiveCertificateList", Reads(list)),
    ("DescribeLiveCertificateDetail", Reads(show)),
    ("DescribeLiveDomainCertificateInfo", Reads(of_domain)),
    ("DescribeLiveHttpsDomainList", Reads(domains)),
];

fn set(asked: &Asked<'_>, house: &mut House) -> Performed {
    let domain = asked.text("DomainName");
    let found = house.find(DOMAINS, &asked.key(&[("DomainName", "DomainName")]));
    let Some(row) = found else {
        return Err(asked.refuse("InvalidDomain.NotFound", format!("The domain {domain} does not exist.")));
    };
    if text(row, "_status") == "offline" {
        return Err(asked.refuse("InvalidDomain.Offline", format!("The domain {domain} is offline.")));
    }
    let dry = asked.params.get("DryRun") == Some(&Value::Bool(true));
    let key = [("DomainName", json!(domain))];
    if asked.text("SSLProtocol") == "off" {
        if !dry {
            house.remove(USES, &key);
        }
        return Ok(done());
    }
    let kind = asked.given("CertType").and_then(Value::as_str).unwrap_or("upload");
    let certificate = if kind == "upload" { uploaded(asked, house)? } else { kept(asked, house)? };
    if dry {
        return Ok(done());
    }
    let name = json!(text(&certificate, "CertName"));
    let mut used = certificate.clone();
    used.extend(members(json!({
        "DomainName": domain,
        "CertDomainName": domain,
        "CertType": kind,
        "CertUpdateTime": time::to_row(asked.now),
        "SSLProtocol": "on",
        "Status": "success",
        "CertStatus": "success",
    })));
    house.put(CERTIFICATES, &[("CertName", name)], certificate);
    house.put(USES, &key, used);
    if let (Some(_), Some(row)) = (asked.settling, house.find_mut(DOMAINS, &key)) {
        row.insert("_settled_at".to_owned(), json!(asked.settled_at()));
        if asked.fails() {
            row.insert("_status".to_owned(), json!("configure_failed"));
        }
    }
    Ok(done())
}

/// The certificate that is sent along.
fn uploaded(asked: &Asked<'_>, house: &mut House) -> Result<Params, Refusal> {
    for (name, begin, code) in
        [("SSLPub", "CERTIFICATE-----", "Certificate.FormatError"), ("SSLPri", "PRIVATE KEY-----", "SSLPri.Malformed")]
    {
        if asked.given(name).is_none() {
            let message = format!("{name} is mandatory when SSLProtocol is on.");
            return Err(asked.refuse(&format!("{name}.MissingParameter"), message));
        }
        let given = asked.text(name);
        if !given.contains("-----BEGIN ") || !given.contains(begin) {
            return Err(asked.refuse(code, format!("The specified {name} is no PEM text of its kind.")));
        }
    }
    let name = match asked.text("CertName") {
        "" => format!("cert-{}", random::hex(6)),
        name => name.to_owned(),
    };
    let old = house.find(CERTIFICATES, &[("CertName", json!(name))]);
    let same = old.is_none_or(|old| text(old, "SSLPub") == asked.text("SSLPub"));
    if !same && !matches!(asked.text("ForceSet"), "1" | "true") {
        return Err(asked.refuse("Certificate.Duplicated", format!("Another certificate is called {name}.")));
    }
    let id = old.and_then(|old| old.get("CertId").cloned()).unwrap_or_else(|| json!(house.next_id()));
    let expires = asked.now.checked_add(VALID).unwrap_or(Timestamp::MAX);
    let domain = asked.text("DomainName").trim_start_matches('.');
    Ok(members(json!({
        "CertName": name,
        "CertId": id,
        "SSLPub": asked.text("SSLPub"),
        "Fingerprint": random::hex(20).to_uppercase(),
        "Common": domain,
        "CertCommonName": domain,
        "Issuer": "livectl sandbox",
        "CertOrg": "livectl sandbox",
        "LastTime": expires.as_second(),
        "CertStartTime": time::to_row(asked.now),
        "CertExpireTime": time::to_row(expires),
        "CertLife": "months",
    })))
}

/// A certificate that is there already, by its name.
fn kept(asked: &Asked<'_>, house: &House) -> Result<Params, Refusal> {
    let found = house.find(CERTIFICATES, &asked.key(&[("CertName", "CertName")]));
    found.cloned().ok_or_else(|| missing(asked))
}

fn list(asked: &Asked<'_>, house: &House) -> Performed {
    let domain = asked.text("DomainName");
    let used = |name: &str| {
        let uses = house.rows(USES).iter();
        uses.filter(|row| text(row, "DomainName") == domain).any(|row| text(row, "CertName") == name)
    };
    let rows = house.rows(CERTIFICATES).iter().filter(|row| domain.is_empty() || used(text(row, "CertName")));
    let items: Vec<Value> = rows.map(|row| shape::item(row, "DescribeLiveCertificateListCert")).collect();
    Ok(members(json!({ "CertificateListModel": {"Count": items.len(), "CertList": {"Cert": items}} })))
}

fn show(asked: &Asked<'_>, house: &House) -> Performed {
    let row = kept(asked, house)?;
    Ok(members(json!({ "CertName": row.get("CertName"), "CertId": row.get("CertId"), "Cert": row.get("SSLPub") })))
}

fn of_domain(asked: &Asked<'_>, house: &House) -> Performed {
    Ok(shape::answer(asked, house.rows(USES).iter().filter(|row| shape::asked_for(asked, row))))
}

fn domains(asked: &Asked<'_>, house: &House) -> Performed {
    let word = asked.text("Keyword");
    let found = |row: &&Params| text(row, "DomainName").contains(word) || text(row, "CertName").contains(word);
    Ok(shape::answer(asked, house.rows(USES).iter().filter(found)))
}

/// The certificate that a domain uses.
pub(super) fn used<'h>(house: &'h House, domain: &str) -> Option<&'h Params> {
    house.find(USES, &[("DomainName", json!(domain))])
}

fn missing(asked: &Asked<'_>) -> Refusal {
    let message = format!("The certificate {} does not exist.", asked.text("CertName"));
    asked.refuse_listed(&["Certificate.NotFind"], message)
}
