//! Tencent's certificates. Two are there from the start, as if the SSL certificate service held them; what is uploaded
//! joins them.

use serde_json::{Value, json};

use crate::model::Params;
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::families::tencent::beijing_z;
use crate::sandbox::families::tencent::domain::DOMAINS;
use crate::sandbox::families::tencent::templates::FIRST;
use crate::sandbox::house::{House, text};

const BINDINGS: &str = "cert_bindings";
const UPLOADED: &str = "certs";

/// How many bindings a page has when nothing is said.
const USUAL_PAGE: i64 = 50;

/// The certificates that are there from the start: number, id, name, the domains inside, end.
const HOSTED: &[(u64, &str, &str, &[&str], &str)] = &[
    (1, "sandboxA", "example.com until 2036", &["example.com", "*.example.com"], "2036-01-01T00:00:00Z"),
    (2, "sandboxB", "example.com until 2020", &["example.com", "*.example.com"], "2020-01-01T00:00:00Z"),
];

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("DescribeLiveCerts", Reads(list)),
    ("DescribeLiveCert", Reads(show)),
    ("DescribeLiveDomainCert", Reads(show_domain)),
    ("DescribeLiveDomainCertBindings", Reads(bindings)),
    ("ModifyLiveDomainCertBindings", Changes(bind)),
    ("UnBindLiveDomainCert", Changes(unbind)),
];

/// Forgets the certificate of a domain that is deleted.
pub(super) fn forget(house: &mut House, domain: &str) {
    house.remove(BINDINGS, &[("DomainName", json!(domain))]);
}

/// All certificates, in one form.
fn certificates(house: &House) -> Vec<Params> {
    let hosted = HOSTED.iter().map(|(id, cloud, name, domains, end)| {
        members(json!({
            "CertId": id, "CertName": name, "Description": "", "CreateTime": "2018-11-30T15:50:12Z", "CertType": 1,
            "CertExpireTime": end, "HttpsCrt": "", "CloudCertId": cloud, "CertDomains": domains,
        }))
    });
    hosted.chain(house.rows(UPLOADED).iter().cloned()).collect()
}

fn item(house: &House, certificate: &Params) -> Value {
    let mut item = certificate.clone();
    item.retain(|name, _| !matches!(name.as_str(), "CloudCertId" | "CertDomains"));
    let bound = house.rows(BINDINGS).iter().filter(|row| row.get("CertId") == certificate.get("CertId"));
    item.insert("DomainList".to_owned(), bound.map(|row| json!(text(row, "DomainName"))).collect());
    Value::Object(item)
}

fn list(_: &Asked<'_>, house: &House) -> Performed {
    let items: Vec<Value> = certificates(house).iter().map(|certificate| item(house, certificate)).collect();
    Ok(members(json!({ "CertInfoSet": items })))
}

fn show(asked: &Asked<'_>, house: &House) -> Performed {
    let certificate = by_id(house, asked.params.get("CertId")).ok_or_else(|| missing(asked))?;
    Ok(members(json!({ "CertInfo": item(house, &certificate) })))
}

fn by_id(house: &House, id: Option<&Value>) -> Option<Params> {
    certificates(house).into_iter().find(|certificate| certificate.get("CertId") == id)
}

fn show_domain(asked: &Asked<'_>, house: &House) -> Performed {
    let binding = house.find(BINDINGS, &asked.key(&[("DomainName", "DomainName")])).ok_or_else(|| missing(asked))?;
    let mut shown = by_id(house, binding.get("CertId")).ok_or_else(|| missing(asked))?;
    shown.insert("DomainName".to_owned(), json!(text(binding, "DomainName")));
    shown.insert("Status".to_owned(), binding.get("Status").cloned().unwrap_or_default());
    Ok(members(json!({ "DomainCertInfo": shown })))
}

fn bindings(asked: &Asked<'_>, house: &House) -> Performed {
    let wanted = |row: &&Params| {
        let name = text(row, "DomainName");
        name.contains(asked.text("DomainSearch")) && asked.given("DomainName").is_none_or(|wanted| wanted == name)
    };
    let mut items: Vec<Params> = house.rows(BINDINGS).iter().filter(wanted).map(|row| binding(house, row)).collect();
    let ends = |item: &Params| text(item, "CertExpireTime").to_owned();
    match asked.text("OrderBy") {
        "ExpireTimeAsc" => items.sort_by_key(ends),
        "ExpireTimeDesc" => items.sort_by_key(|item| std::cmp::Reverse(ends(item))),
        _ => {}
    }
    let total = items.len();
    let size = |name: &str, default: i64| usize::try_from(asked.number(name).unwrap_or(default)).unwrap_or(0);
    let page: Vec<Params> = items.into_iter().skip(size("Offset", 0)).take(size("Length", USUAL_PAGE)).collect();
    Ok(members(json!({ "LiveDomainCertBindings": page, "TotalNum": total })))
}

fn binding(house: &House, row: &Params) -> Params {
    let certificate = by_id(house, row.get("CertId")).unwrap_or_default();
    let of = |name: &str| certificate.get(name).cloned().unwrap_or_default();
    members(json!({
        "DomainName": text(row, "DomainName"),
        "CertificateAlias": of("CertName"),
        "CertType": of("CertType"),
        "Status": row.get("Status"),
        "CertExpireTime": of("CertExpireTime"),
        "CertId": of("CertId"),
        "CloudCertId": of("CloudCertId"),
        "UpdateTime": text(row, "_updated"),
    }))
}

/// Binds what can be bound; what cannot is told beside it, as the vendor does.
fn bind(asked: &Asked<'_>, house: &mut House) -> Performed {
    let certificate = chosen(asked, house)?;
    let (mut mismatched, mut errors) = (Vec::new(), Vec::new());
    let error = |domain: &str, code: &str, why: &str| json!({ "DomainName": domain, "Code": code, "Message": why });
    for info in asked.list("DomainInfos") {
        let domain = info.get("DomainName").and_then(Value::as_str).unwrap_or_default();
        let key = [("DomainName", json!(domain))];
        let switch = info.get("Status").and_then(Value::as_i64).filter(|status| *status >= 0);
        let before = house.find(BINDINGS, &key).cloned();
        let status = |before: Option<&Params>| before.and_then(|row| row.get("Status")).and_then(Value::as_i64);
        if house.find(DOMAINS, &[("Name", json!(domain)), ("Type", json!(1))]).is_none() {
            errors.push(error(domain, "ResourceNotFound.DomainNotExist", "The domain does not exist."));
        } else if certificate.as_ref().is_some_and(|certificate| !covers(certificate, domain)) {
            mismatched.push(domain);
        } else if let Some(id) = certificate.as_ref().or(before.as_ref()).and_then(|row| row.get("CertId")) {
            let status = switch.or(status(before.as_ref())).unwrap_or(0);
            let updated = beijing_z(asked.now);
            let row = json!({ "DomainName": domain, "CertId": id, "Status": status, "_updated": updated });
            house.put(BINDINGS, &key, members(row));
        } else {
            errors.push(error(domain, "ResourceNotFound.CrtDomainNotFound", "The domain has no certificate."));
        }
    }
    Ok(members(json!({ "MismatchedDomainNames": mismatched, "Errors": errors })))
}

/// The certificate that is to be bound; `None`: each domain keeps its own.
fn chosen(asked: &Asked<'_>, house: &mut House) -> Result<Option<Params>, Refusal> {
    if let Some(id) = asked.given("CloudCertId") {
        let found = certificates(house).into_iter().find(|certificate| certificate.get("CloudCertId") == Some(id));
        let found = found.ok_or_else(|| {
            asked.refuse_listed(&["FailedOperation.CertificateNotFound"], format!("There is no certificate {id}."))
        })?;
        let over = text(&found, "CertExpireTime").parse::<jiff::Timestamp>().is_ok_and(|end| end <= asked.now);
        if over {
            return Err(asked.refuse_listed(&["InvalidParameter.CrtDateOverdue"], "The certificate has expired."));
        }
        return Ok(Some(found));
    }
    match (asked.given("CertificatePublicKey"), asked.given("CertificatePrivateKey")) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Ok(Some(upload(asked, house))),
        _ => Err(asked.refuse_listed(&["InvalidParameter.CrtOrKeyNotExist"], "The certificate or its key is missing.")),
    }
}

/// Keeps a certificate that came along, never its key. The sandbox does not look inside: it fits every domain and
/// lasts a year.
fn upload(asked: &Asked<'_>, house: &mut House) -> Params {
    let id = FIRST + house.next_id();
    let year = jiff::SignedDuration::from_hours(365 * 24);
    let certificate = members(json!({
        "CertId": id,
        "CertName": asked.text("CertificateAlias"),
        "Description": "",
        "CreateTime": beijing_z(asked.now),
        "CertType": 0,
        "CertExpireTime": beijing_z(asked.now.saturating_add(year).unwrap_or(asked.now)),
        "HttpsCrt": asked.text("CertificatePublicKey"),
        "CloudCertId": "",
        "CertDomains": [],
    }));
    house.add(UPLOADED, certificate.clone());
    certificate
}

/// Whether a certificate is for a domain; one without names is for all.
fn covers(certificate: &Params, domain: &str) -> bool {
    let names = certificate.get("CertDomains").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let parent = domain.split_once('.').map_or("", |(_, parent)| parent);
    let fits = |name: &str| name == domain || name.strip_prefix("*.").is_some_and(|rest| rest == parent);
    names.is_empty() || names.iter().filter_map(Value::as_str).any(fits)
}

/// Only production certificates are kept: there is never a canary to unbind.
fn unbind(asked: &Asked<'_>, house: &mut House) -> Performed {
    let canary = asked.text("Type") == "gray";
    if canary || house.remove(BINDINGS, &asked.key(&[("DomainName", "DomainName")])) == 0 {
        return Err(missing(asked));
    }
    Ok(done())
}

fn missing(asked: &Asked<'_>) -> Refusal {
    asked.refuse_listed(&["ResourceNotFound.CrtDomainNotFound"], "There is no such certificate.")
}
