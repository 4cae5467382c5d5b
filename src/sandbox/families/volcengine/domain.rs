//! Volcengine's domains and their domain spaces (vhosts). Changes take effect at once.

use serde_json::{Value, json};

use crate::model::Params;
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::families::{beijing_offset, is_domain};
use crate::sandbox::house::{House, shown, text};
use crate::sandbox::later;

pub(super) const DOMAINS: &str = "domains";

/// States of a domain beside 0, in use, and 2, disabled.
const IN_REVIEW: u8 = 1;
const DELETED: u8 = 3;
const REJECTED: u8 = 4;

/// How many domains a domain space holds.
const MOST_IN_SPACE: usize = 10;

/// Second levels under which names are registered at the third.
const SECOND_LEVELS: [&str; 7] = ["com", "net", "org", "gov", "edu", "ac", "co"];

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("CreateDomain", Changes(create)),
    ("CreateDomainV2", Changes(create_in_space)),
    ("ListDomainDetail", Reads(list)),
    ("DescribeDomain", Reads(show)),
    ("EnableDomain", Changes(|asked, house| turn(asked, house, 0))),
    ("DisableDomain", Changes(|asked, house| turn(asked, house, 2))),
    ("UpdateDomainVhost", Changes(|asked, house| set(asked, house, "Vhost", asked.or("Vhost", "")))),
    ("DeleteDomain", Changes(delete)),
];

fn create(asked: &Asked<'_>, house: &mut House) -> Performed {
    let name = asked.text("Domain");
    check_new(asked, house, name)?;
    let region = asked.or("Region", "cn");
    let mut row = row(asked, name, asked.text("Type"), region, &registrable(name));
    later::takes(asked, &mut row, json!({"Status": IN_REVIEW}), json!({"Status": REJECTED}));
    house.add(DOMAINS, row);
    Ok(done())
}

fn create_in_space(asked: &Asked<'_>, house: &mut House) -> Performed {
    let space = asked.text("Vhost");
    let there = house.rows(DOMAINS).iter().filter(|row| text(row, "Vhost") == space).count();
    let new: Vec<&Params> = asked.list("Domains").iter().filter_map(Value::as_object).collect();
    if new.is_empty() || there + new.len() > MOST_IN_SPACE {
        return Err(invalid(asked, format!("a domain space holds 1 to {MOST_IN_SPACE} domains")));
    }
    for (at, domain) in new.iter().enumerate() {
        let name = text(domain, "DomainName");
        check_new(asked, house, name)?;
        if new.iter().take(at).any(|earlier| text(earlier, "DomainName") == name) {
            return Err(invalid(asked, format!("domain {name} is named twice")));
        }
    }
    let project = asked.or("ProjectName", "default");
    for domain in new {
        let region = domain.get("Region").cloned().unwrap_or_else(|| json!("cn"));
        let mut row = row(asked, text(domain, "DomainName"), text(domain, "Type"), region, space);
        row.insert("ProjectName".to_owned(), project.clone());
        row.insert("Tags".to_owned(), json!(asked.list("Tags")));
        later::takes(asked, &mut row, json!({"Status": IN_REVIEW}), json!({"Status": REJECTED}));
        house.add(DOMAINS, row);
    }
    Ok(done())
}

fn check_new(asked: &Asked<'_>, house: &House, name: &str) -> Result<(), Refusal> {
    if !is_domain(name) {
        return Err(asked.refuse("InvalidParam.Format", format!("domain {name} is malformed")));
    }
    match house.find(DOMAINS, &[("Domain", json!(name))]) {
        Some(_) => Err(invalid(asked, format!("domain {name} already exists"))),
        None => Ok(()),
    }
}

fn row(asked: &Asked<'_>, name: &str, kind: &str, region: Value, space: &str) -> Params {
    members(json!({
        "CNAME": format!("{name}.volccdn.example"),
        "CertDomain": "",
        "ChainID": "",
        "CnameCheck": 0,
        "CreateTime": beijing_offset(asked.now),
        "Domain": name,
        "DomainCheck": 1,
        "HTTP2": false,
        "ICPCheck": 1,
        "ProjectName": "default",
        "PushDomain": if kind == "push" { name } else { "" },
        "Region": region,
        "Status": 0,
        "Tags": [],
        "Type": kind,
        "Vhost": space,
    }))
}

/// The part of a domain that its owner registered: the space that Volcengine chooses when none is named.
fn registrable(name: &str) -> String {
    let labels: Vec<&str> = name.split('.').filter(|label| !label.is_empty()).collect();
    let second = labels.len().checked_sub(2).and_then(|at| labels.get(at)).copied().unwrap_or_default();
    let short_top = labels.last().is_some_and(|top| top.len() == 2);
    let keep = if short_top && SECOND_LEVELS.contains(&second) { 3 } else { 2 };
    labels.get(labels.len().saturating_sub(keep)..).unwrap_or_default().join(".")
}

/// The space of a domain, also of one that is not there.
pub(super) fn space_of(house: &House, name: &str) -> String {
    let row = house.find(DOMAINS, &[("Domain", json!(name))]);
    row.map_or_else(|| registrable(name), |row| text(row, "Vhost").to_owned())
}

fn list(asked: &Asked<'_>, house: &House) -> Performed {
    let in_list = |row: &Params, param: &str, member: &str| {
        let wanted = asked.list(param);
        wanted.is_empty() || row.get(member).is_some_and(|value| wanted.contains(value))
    };
    let filters = [
        ("DomainNameList", "Domain"),
        ("DomainRegionList", "Region"),
        ("DomainStatusList", "Status"),
        ("DomainTypeList", "Type"),
        ("VhostList", "Vhost"),
    ];
    let rows: Vec<_> = house.rows(DOMAINS).iter().map(|row| later::now(asked, row)).collect();
    let kept = rows.iter().map(AsRef::as_ref);
    let kept = kept.filter(|row: &&Params| filters.iter().all(|(param, member)| in_list(row, param, member)));
    let page = asked.page(kept, shown);
    Ok(members(json!({ "Total": page.total, "DomainList": page.items })))
}

fn show(asked: &Asked<'_>, house: &House) -> Performed {
    let wanted = asked.list("DomainList");
    let found: Vec<Value> = house
        .rows(DOMAINS)
        .iter()
        .filter(|row| row.get("Domain").is_some_and(|name| wanted.contains(name)))
        .map(|row| shown(&later::now(asked, row)))
        .collect();
    if found.is_empty() {
        return Err(asked.refuse("ResourceNotFound", "none of the domains exists"));
    }
    Ok(members(json!({ "DomainList": found })))
}

fn turn(asked: &Asked<'_>, house: &mut House, status: u8) -> Performed {
    let row = house.find_mut(DOMAINS, &asked.key(&[("Domain", "Domain")])).ok_or_else(|| missing(asked))?;
    let before = row.insert("Status".to_owned(), json!(status)).unwrap_or_default();
    later::takes(asked, row, json!({"Status": before}), json!({"Status": REJECTED}));
    Ok(done())
}

fn set(asked: &Asked<'_>, house: &mut House, member: &str, value: Value) -> Performed {
    let row = house.find_mut(DOMAINS, &asked.key(&[("Domain", "Domain")])).ok_or_else(|| missing(asked))?;
    row.insert(member.to_owned(), value);
    Ok(done())
}

fn delete(asked: &Asked<'_>, house: &mut House) -> Performed {
    if asked.settling.is_some() {
        // As the vendor does it: what was deleted is listed as that.
        return turn(asked, house, DELETED);
    }
    match house.remove(DOMAINS, &asked.key(&[("Domain", "Domain")])) {
        0 => Err(missing(asked)),
        _ => Ok(done()),
    }
}

fn invalid(asked: &Asked<'_>, message: String) -> Refusal {
    asked.refuse("InvalidParam", message)
}

fn missing(asked: &Asked<'_>) -> Refusal {
    asked.refuse("ResourceNotFound", format!("domain {} does not exist", asked.text("Domain")))
}

#[cfg(test)]
mod tests {
    use super::registrable;

    #[test]
    fn the_space_is_the_registered_part() {
        for (name, space) in [
            ("push.example.com", "example.com"),
            ("a.b.example.com", "example.com"),
            ("push.example.com.cn", "example.com.cn"),
            ("example.cn", "example.cn"),
        ] {
            assert_eq!(registrable(name), space);
        }
    }
}
