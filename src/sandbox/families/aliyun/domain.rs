//! Aliyun's domains. A change settles after a while: until then the domain is `configuring`.

use serde_json::{Value, json};

use crate::model::{Params, time};
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::families::is_domain;
use crate::sandbox::house::{House, text};

use super::{certificates, functions};

pub(super) const DOMAINS: &str = "domains";

/// Largest page: the SDK's text says 50, the reference's own example asks for 100.
const LARGEST_PAGE: i64 = 100;

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("AddLiveDomain", Changes(add)),
    ("DescribeLiveUserDomains", Reads(list)),
    ("DescribeLiveDomainDetail", Reads(show)),
    ("StartLiveDomain", Changes(|asked, house| settle(asked, house, "online"))),
    ("StopLiveDomain", Changes(|asked, house| settle(asked, house, "offline"))),
    ("ModifyLiveDomainSchdmByProperty", Changes(set_scope)),
    ("DeleteLiveDomain", Changes(delete)),
];

fn add(asked: &Asked<'_>, house: &mut House) -> Performed {
    let name = asked.text("DomainName");
    if !is_domain(name) || name.starts_with('*') {
        return Err(asked.refuse("InvalidDomainName.Malformed", "The specified DomainName is malformed."));
    }
    let key = asked.key(&[("DomainName", "DomainName")]);
    if house.find(DOMAINS, &key).is_some_and(|row| is_gone(asked, row)) {
        house.remove(DOMAINS, &key);
    }
    if house.find(DOMAINS, &key).is_some() {
        return Err(asked.refuse("DomainAlreadyExist", format!("The domain {name} exists already.")));
    }
    for (param, allowed) in
        [("LiveDomainType", &["liveVideo", "liveEdge"][..]), ("Scope", &["domestic", "overseas", "global"])]
    {
        if asked.given(param).and_then(Value::as_str).is_some_and(|value| !allowed.contains(&value)) {
            return Err(
                asked.refuse("InvalidParameter", format!("The specified {param} is one of {}.", allowed.join(", ")))
            );
        }
    }
    let now = time::to_row(asked.now);
    house.add(
        DOMAINS,
        members(json!({
            "DomainName": name,
            "Cname": format!("{}.w.alikunlun.net", name.trim_start_matches('.')),
            "LiveDomainType": asked.text("LiveDomainType"),
            "GmtCreated": now,
            "GmtModified": now,
            "Region": asked.text("Region"),
            "Scope": asked.or("Scope", "domestic"),
            "Description": "",
            "ResourceGroupId": asked.text("ResourceGroupId"),
            "_status": if asked.fails() { "configure_failed" } else { "online" },
            "_settled_at": asked.settled_at(),
        })),
    );
    Ok(done())
}

/// The status that a domain shows now.
fn status(asked: &Asked<'_>, row: &Params) -> String {
    let settled_at = row.get("_settled_at").and_then(Value::as_i64).unwrap_or(0);
    let settled = asked.now.as_millisecond() >= settled_at;
    if settled { text(row, "_status").to_owned() } else { "configuring".to_owned() }
}

/// What list and detail both show of a row as it is.
const LISTED: [&str; 7] =
    ["DomainName", "Cname", "LiveDomainType", "GmtCreated", "GmtModified", "Description", "ResourceGroupId"];

fn pick(row: &Params, members: &[&str]) -> Params {
    members.iter().map(|member| ((*member).to_owned(), row.get(*member).cloned().unwrap_or_default())).collect()
}

fn show(asked: &Asked<'_>, house: &House) -> Performed {
    let row = house.find(DOMAINS, &asked.key(&[("DomainName", "DomainName")])).ok_or_else(|| missing(asked))?;
    if is_gone(asked, row) {
        return Err(missing(asked));
    }
    let mut detail = pick(row, &LISTED);
    detail.extend(pick(row, &["Region", "Scope"]));
    detail.insert("DomainStatus".to_owned(), json!(status(asked, row)));
    let certificate = certificates::used(house, asked.text("DomainName"));
    detail.insert("SSLProtocol".to_owned(), json!(if certificate.is_some() { "on" } else { "off" }));
    if let Some(certificate) = certificate {
        detail.extend(pick(certificate, &["CertName", "SSLPub"]));
    }
    Ok(members(json!({ "DomainDetail": detail })))
}

fn list(asked: &Asked<'_>, house: &House) -> Performed {
    if asked.number("PageSize").is_some_and(|size| !(1..=LARGEST_PAGE).contains(&size)) {
        return Err(asked.refuse("InvalidPageSize.Malformed", "The specified PageSize is from 1 to 100."));
    }
    let wanted = asked.text("DomainName").trim_start_matches('*');
    let named = |name: &str| match asked.text("DomainSearchType") {
        "pre_match" => name.starts_with(wanted),
        "suf_match" => name.ends_with(wanted),
        "full_match" => wanted.is_empty() || name == wanted,
        _ => name.contains(wanted),
    };
    let same = |param: &str, value: &str| asked.given(param).is_none_or(|wanted| wanted == value);
    let kept = house.rows(DOMAINS).iter().filter(|row| {
        !is_gone(asked, row)
            && named(text(row, "DomainName"))
            && same("DomainStatus", &status(asked, row))
            && same("LiveDomainType", text(row, "LiveDomainType"))
            && same("RegionName", text(row, "Region"))
            && same("ResourceGroupId", text(row, "ResourceGroupId"))
    });
    let item = |row: &Params| {
        let mut item = pick(row, &LISTED);
        item.insert("LiveDomainStatus".to_owned(), json!(status(asked, row)));
        item.insert("RegionName".to_owned(), json!(text(row, "Region")));
        Value::Object(item)
    };
    let page = asked.page(kept, item);
    Ok(members(json!({
        "Domains": {"PageData": page.items},
        "PageNumber": page.number,
        "PageSize": page.size,
        "TotalCount": page.total,
    })))
}

fn settle(asked: &Asked<'_>, house: &mut House, status: &str) -> Performed {
    change(asked, house, |row| {
        if row.get("_status") != Some(&json!(status)) {
            row.insert("_settled_at".to_owned(), json!(asked.settled_at()));
        }
        row.insert("_status".to_owned(), json!(if asked.fails() { "configure_failed" } else { status }));
    })
}

fn set_scope(asked: &Asked<'_>, house: &mut House) -> Performed {
    let property: Option<Value> = serde_json::from_str(asked.text("Property")).ok();
    let scope = property.as_ref().and_then(|property| property.get("region")).and_then(Value::as_str);
    let Some(scope) = scope.filter(|scope| matches!(*scope, "domestic" | "overseas" | "global")) else {
        let message = r#"The specified Property is like {"region":"domestic"}, or overseas, or global."#;
        return Err(asked.refuse("InvalidParameter.Malformed", message));
    };
    change(asked, house, |row| {
        row.insert("Scope".to_owned(), json!(scope));
    })
}

fn change(asked: &Asked<'_>, house: &mut House, work: impl FnOnce(&mut Params)) -> Performed {
    let key = asked.key(&[("DomainName", "DomainName")]);
    let row = house.find_mut(DOMAINS, &key).ok_or_else(|| missing(asked))?;
    work(row);
    row.insert("GmtModified".to_owned(), json!(time::to_row(asked.now)));
    Ok(done())
}

/// Whether a deletion that took a while is through.
fn is_gone(asked: &Asked<'_>, row: &Params) -> bool {
    row.get("_gone_at").and_then(Value::as_i64).is_some_and(|at| asked.now.as_millisecond() >= at)
}

fn delete(asked: &Asked<'_>, house: &mut House) -> Performed {
    if asked.settling.is_some() {
        return change(asked, house, |row| {
            row.insert("_gone_at".to_owned(), json!(asked.settled_at()));
            row.insert("_settled_at".to_owned(), json!(i64::MAX));
        });
    }
    if house.remove(DOMAINS, &asked.key(&[("DomainName", "DomainName")])) == 0 {
        return Err(missing(asked));
    }
    for member in ["Push", "Pull"] {
        house.remove(super::mapping::MAPPINGS, &asked.key(&[(member, "DomainName")]));
    }
    for table in [functions::FUNCTIONS, certificates::USES] {
        house.remove(table, &asked.key(&[("DomainName", "DomainName")]));
    }
    Ok(done())
}

fn missing(asked: &Asked<'_>) -> Refusal {
    asked.refuse("InvalidDomain.NotFound", format!("The domain {} does not exist.", asked.text("DomainName")))
}
