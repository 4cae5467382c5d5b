//! Volcengine's certificates and the domains that they are bound to. Private keys are never kept.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::model::Params;
use crate::model::time::to_row;
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::families::beijing;
use crate::sandbox::families::volcengine::domain::DOMAINS;
use crate::sandbox::families::volcengine::{shape, space};
use crate::sandbox::house::{House, text};

const CERTIFICATES: &str = "certificates";

/// How long a certificate is valid here, whatever its text says.
const VALID: SignedDuration = SignedDuration::from_hours(90 * 24);

/// A certificate is about to expire this long before its end.
const CLOSING: SignedDuration = SignedDuration::from_hours(30 * 24);

const CHAIN: [(&str, &str); 1] = [("ChainID", "ChainID")];

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("CreateCert", Changes(create)),
    ("ListCertV2", Reads(list)),
    ("DescribeCertDetailSecretV2", Reads(show)),
    ("BindCert", Changes(bind)),
    ("UnbindCert", Changes(unbind)),
    ("DeleteCert", Changes(delete)),
];

/// Adds a certificate; one that names a chain takes the place of that chain's certificate.
fn create(asked: &Asked<'_>, house: &mut House) -> Performed {
    let pem = |member: &str| {
        let value = asked.params.get("Rsa").and_then(|rsa| rsa.get(member)).and_then(Value::as_str);
        value.filter(|text| text.trim_start().starts_with("-----BEGIN ") && text.contains("-----END "))
    };
    let (Some(chain), Some(_)) = (pem("Pubkey"), pem("Prikey")) else {
        return Err(asked.refuse("InvalidParam.Format", "Rsa.Pubkey and Rsa.Prikey are texts in PEM"));
    };
    let old = match asked.given("ChainID") {
        Some(_) => Some(house.find(CERTIFICATES, &asked.key(&CHAIN)).ok_or_else(|| missing(asked))?.clone()),
        None => None,
    };
    let id = house.next_id();
    let kept = |member: &str, new: Value| old.as_ref().and_then(|old| old.get(member).cloned()).unwrap_or(new);
    let chain_id = kept("ChainID", json!(format!("chain-{id}")));
    let row = json!({
        "CertID": format!("cert-{id}"),
        "CertName": asked.given("CertName").cloned().unwrap_or_else(|| kept("CertName", json!(""))),
        "ChainID": chain_id,
        "ChainIDVolc": format!("volc-{id}"),
        "CreateTime": beijing(asked.now),
        "NotAfter": to_row(asked.now.saturating_add(VALID).unwrap_or(asked.now)),
        "NotBefore": to_row(asked.now),
        "ProjectName": asked.or("ProjectName", "default"),
        "_chain": chain,
    });
    house.put(CERTIFICATES, &[("ChainID", chain_id.clone())], members(row));
    Ok(members(json!({"ChainID": chain_id, "Domain": "", "UseWay": asked.text("UseWay")})))
}

/// The certificate with what changes by itself: its state and its domains.
fn whole(asked: &Asked<'_>, house: &House, row: &Params) -> Params {
    let mut whole = row.clone();
    whole.insert("Status".to_owned(), json!(if left(asked, row).is_negative() { "Expire" } else { "OK" }));
    whole.insert("CertDomainList".to_owned(), json!(domains(house, text(row, "ChainID"))));
    whole
}

fn left(asked: &Asked<'_>, row: &Params) -> SignedDuration {
    let end: Timestamp = text(row, "NotAfter").parse().unwrap_or(asked.now);
    end.duration_since(asked.now)
}

fn domains(house: &House, chain: &str) -> Vec<Value> {
    let bound = house.rows(DOMAINS).iter().filter(|row| !chain.is_empty() && text(row, "ChainID") == chain);
    bound.filter_map(|row| row.get("Domain").cloned()).collect()
}

fn list(asked: &Asked<'_>, house: &House) -> Performed {
    let (name, domain) = (asked.text("CertName"), asked.given("Domain"));
    let rows: Vec<Params> = house
        .rows(CERTIFICATES)
        .iter()
        .map(|row| whole(asked, house, row))
        .filter(|row| text(row, "CertName").contains(name))
        .filter(|row| {
            domain.is_none_or(|it| {
                row.get("CertDomainList").is_some_and(|all| json!(all).as_array().is_some_and(|all| all.contains(it)))
            })
        })
        .filter(|row| asked.given("ProjectName").is_none_or(|project| row.get("ProjectName") == Some(project)))
        .filter(|row| asked.params.get("Expiring") != Some(&json!(true)) || closes(asked, row))
        .filter(|row| asked.params.get("Available") != Some(&json!(true)) || text(row, "Status") == "OK")
        .collect();
    let count = |state: &dyn Fn(&&Params) -> bool| rows.iter().filter(state).count();
    let expired = count(&|row| text(row, "Status") == "Expire");
    let item = |row: &Params| shape::item(asked, "CertList", row);
    let paged = asked.given("PageNum").is_some() || asked.given("PageSize").is_some();
    let page = asked.page(rows.iter(), item);
    let items = if paged { page.items } else { rows.iter().map(item).collect() };
    Ok(members(json!({
        "CertList": items,
        "ExpirationInfo": {
            "ActiveNum": rows.len() - expired,
            "ClosingExpireNum": count(&|row| closes(asked, row)),
            "ExpireNum": expired,
        },
        "Total": page.total,
    })))
}

/// Whether a certificate is valid, but not for long.
fn closes(asked: &Asked<'_>, row: &Params) -> bool {
    let left = left(asked, row);
    !left.is_negative() && left <= CLOSING
}

fn show(asked: &Asked<'_>, house: &House) -> Performed {
    space::exactly_one(asked, "CertID", "ChainID")?;
    let key = space::given(asked, &["CertID", "ChainID"]);
    let row = house.find(CERTIFICATES, &key).ok_or_else(|| missing(asked))?;
    let mut kept = whole(asked, house, row);
    kept.insert("SSL".to_owned(), json!({"Chain": [text(row, "_chain")], "KeyType": "RSA"}));
    let told = asked.action.response.iter();
    Ok(told.filter_map(|field| Some((field.name.to_owned(), kept.get(field.name)?.clone()))).collect())
}

fn bind(asked: &Asked<'_>, house: &mut House) -> Performed {
    if house.find(CERTIFICATES, &asked.key(&CHAIN)).is_none() {
        return Err(missing(asked));
    }
    let row = domain(asked, house)?;
    row.insert("ChainID".to_owned(), asked.or("ChainID", ""));
    row.insert("CertDomain".to_owned(), asked.or("Domain", ""));
    row.insert("HTTP2".to_owned(), asked.or("HTTP2", false));
    Ok(done())
}

fn unbind(asked: &Asked<'_>, house: &mut House) -> Performed {
    let row = domain(asked, house)?;
    if text(row, "ChainID").is_empty() {
        return Err(asked.refuse("ResourceNotFound", "the domain has no certificate"));
    }
    for (member, none) in [("ChainID", json!("")), ("CertDomain", json!("")), ("HTTP2", json!(false))] {
        row.insert(member.to_owned(), none);
    }
    Ok(done())
}

fn domain<'h>(asked: &Asked<'_>, house: &'h mut House) -> Result<&'h mut Params, Refusal> {
    let missing = || asked.refuse("ResourceNotFound", format!("domain {} does not exist", asked.text("Domain")));
    house.find_mut(DOMAINS, &asked.key(&[("Domain", "Domain")])).ok_or_else(missing)
}

fn delete(asked: &Asked<'_>, house: &mut House) -> Performed {
    let bound = domains(house, asked.text("ChainID"));
    if !bound.is_empty() {
        return Err(asked.refuse("InvalidParam", format!("the certificate is bound to {}", json!(bound))));
    }
    match house.remove(CERTIFICATES, &asked.key(&CHAIN)) {
        0 => Err(missing(asked)),
        _ => Ok(done()),
    }
}

fn missing(asked: &Asked<'_>) -> Refusal {
    asked.refuse("ResourceNotFound", "there is no such certificate")
}
