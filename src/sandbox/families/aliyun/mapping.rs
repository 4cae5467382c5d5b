//! Aliyun's pairs of push and playback domains.

use serde_json::{Value, json};

use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::house::{House, text};

use super::domain::DOMAINS;

pub(super) const MAPPINGS: &str = "domain_mappings";

const KEY: [(&str, &str); 2] = [("Push", "PushDomain"), ("Pull", "PullDomain")];

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("AddLiveDomainMapping", Changes(add)),
    ("DeleteLiveDomainMapping", Changes(delete)),
    ("DescribeLiveDomainMapping", Reads(list)),
];

fn add(asked: &Asked<'_>, house: &mut House) -> Performed {
    check_domains(asked, house)?;
    let key = asked.key(&KEY);
    if house.find(MAPPINGS, &key).is_some() {
        return Err(asked.refuse("ConfigAlreadyExists", "The two domains are mapped already."));
    }
    house.add(MAPPINGS, key.into_iter().map(|(member, value)| (member.to_owned(), value)).collect());
    Ok(done())
}

fn delete(asked: &Asked<'_>, house: &mut House) -> Performed {
    check_domains(asked, house)?;
    match house.remove(MAPPINGS, &asked.key(&KEY)) {
        0 => Err(asked.refuse("InvalidConfig.NotFound", "The two domains are not mapped.")),
        _ => Ok(done()),
    }
}

/// Both domains are there, the push domain is `liveEdge`, the other `liveVideo`.
fn check_domains(asked: &Asked<'_>, house: &House) -> Result<(), Refusal> {
    for (param, kind, code) in
        [("PushDomain", "liveEdge", "InvalidPushDomain.Miss"), ("PullDomain", "liveVideo", "InvalidPullDomain.Miss")]
    {
        let Some(row) = house.find(DOMAINS, &asked.key(&[("DomainName", param)])) else {
            return Err(asked.refuse(code, format!("The {param} {} does not exist.", asked.text(param))));
        };
        if text(row, "LiveDomainType") != kind {
            return Err(asked.refuse("DomainType.Malformed", format!("The {param} is not of type {kind}.")));
        }
    }
    Ok(())
}

fn list(asked: &Asked<'_>, house: &House) -> Performed {
    let name = asked.text("DomainName");
    if house.find(DOMAINS, &asked.key(&[("DomainName", "DomainName")])).is_none() {
        return Err(asked.refuse("InvalidDomain.NotFound", format!("The domain {name} does not exist.")));
    }
    let others = house.rows(MAPPINGS).iter().filter_map(|row| {
        let (push, pull) = (text(row, "Push"), text(row, "Pull"));
        let (other, kind) = if push == name { (pull, "vhost") } else { (push, "push") };
        (push == name || pull == name).then(|| json!({"DomainName": other, "Type": kind}))
    });
    let others: Vec<Value> = others.collect();
    Ok(members(json!({ "LiveDomainModels": {"LiveDomainModel": others} })))
}
