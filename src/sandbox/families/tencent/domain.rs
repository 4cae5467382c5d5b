//! Tencent's domains: `AddLiveDomain` and its like. Changes take effect at once.

use serde_json::{Value, json};

use crate::model::Params;
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::families::tencent::{access, cert, owner};
use crate::sandbox::families::{beijing, is_domain};
use crate::sandbox::house::{House, shown, text};
use crate::sandbox::later;
use crate::sandbox::random;

pub(super) const DOMAINS: &str = "domains";

/// How many domains an account may have; told in lists, not enforced.
const MOST: usize = 100;

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("AddLiveDomain", Changes(add)),
    ("DescribeLiveDomains", Reads(list)),
    ("DescribeLiveDomain", Reads(show)),
    ("EnableLiveDomain", Changes(|asked, house| turn(asked, house, 1))),
    ("ForbidLiveDomain", Changes(|asked, house| turn(asked, house, 0))),
    ("ModifyLivePlayDomain", Changes(set_area)),
    ("DeleteLiveDomain", Changes(delete)),
];

fn add(asked: &Asked<'_>, house: &mut House) -> Performed {
    let name = asked.text("DomainName");
    if name.chars().count() > 253 {
        return Err(asked.refuse_listed(&["InvalidParameter.DomainTooLong"], "The domain name is too long."));
    }
    if !is_domain(name) {
        let message = format!("The domain name `{name}` is malformed.");
        return Err(asked.refuse_listed(&["InvalidParameter.DomainFormatError"], message));
    }
    if house.find(DOMAINS, &asked.key(&[("Name", "DomainName")])).is_some() {
        let message = format!("The domain `{name}` has been added already.");
        return Err(asked.refuse_listed(&["InvalidParameter.DomainAlreadyExist"], message));
    }
    owner::check(asked, house)?;
    let kind = asked.number("DomainType").unwrap_or(0);
    let family = if kind == 0 { "livepush" } else { "liveplay" };
    house.add(
        DOMAINS,
        members(json!({
            "Name": name,
            "Type": kind,
            "Status": 1,
            "CreateTime": beijing(asked.now),
            "BCName": 0,
            "TargetDomain": format!("{name}.{family}.myqcloud.com"),
            "PlayType": asked.or("PlayType", 1),
            "IsDelayLive": asked.or("IsDelayLive", 0),
            "CurrentCName": "",
            "RentTag": 0,
            "RentExpireTime": "0000-00-00 00:00:00",
            "IsMiniProgramLive": asked.or("IsMiniProgramLive", 0),
            "_push_key": random::hex(16),
        })),
    );
    Ok(done())
}

fn list(asked: &Asked<'_>, house: &House) -> Performed {
    let rows: Vec<_> = house.rows(DOMAINS).iter().map(|row| later::now(asked, row)).collect();
    let rows: Vec<&Params> = rows.iter().map(AsRef::as_ref).collect();
    let same = |row: &Params, member: &str, param: &str| {
        asked.params.get(param).is_none_or(|wanted| row.get(member) == Some(wanted))
    };
    let kept = rows.iter().copied().filter(|row| {
        same(row, "Status", "DomainStatus")
            && same(row, "Type", "DomainType")
            && same(row, "IsDelayLive", "IsDelayLive")
            && (asked.number("DomainType") != Some(1) || same(row, "PlayType", "PlayType"))
            && text(row, "Name").starts_with(asked.text("DomainPrefix"))
    });
    let page = asked.page(kept, shown);
    let in_area = |area: i64| {
        rows.iter()
            .filter(|row| row.get("Type") == Some(&json!(1)) && row.get("PlayType") == Some(&json!(area)))
            .count()
    };
    Ok(members(json!({
        "AllCount": page.total,
        "CreateLimitCount": MOST.saturating_sub(rows.len()),
        "PlayTypeCount": [in_area(1), in_area(2), in_area(3)],
        "DomainList": page.items,
    })))
}

fn show(asked: &Asked<'_>, house: &House) -> Performed {
    if asked.given("DomainName").is_none() {
        return Err(asked.refuse("MissingParameter", "The request is missing a required parameter `DomainName`."));
    }
    let row = house.find(DOMAINS, &asked.key(&[("Name", "DomainName")])).ok_or_else(|| missing(asked))?;
    Ok(members(json!({ "DomainInfo": shown(&later::now(asked, row)) })))
}

fn turn(asked: &Asked<'_>, house: &mut House, status: u8) -> Performed {
    let row = house.find_mut(DOMAINS, &asked.key(&[("Name", "DomainName")])).ok_or_else(|| missing(asked))?;
    let before = row.insert("Status".to_owned(), json!(status)).unwrap_or_default();
    later::takes(asked, row, json!({"Status": before}), json!({"Status": before}));
    Ok(done())
}

fn set(asked: &Asked<'_>, house: &mut House, member: &str, value: Value) -> Performed {
    let row = house.find_mut(DOMAINS, &asked.key(&[("Name", "DomainName")])).ok_or_else(|| missing(asked))?;
    row.insert(member.to_owned(), value);
    Ok(done())
}

fn set_area(asked: &Asked<'_>, house: &mut House) -> Performed {
    let row = house.find(DOMAINS, &asked.key(&[("Name", "DomainName")]));
    if row.is_none_or(|row| row.get("Type") != Some(&json!(1))) {
        return Err(missing(asked));
    }
    set(asked, house, "PlayType", asked.or("PlayType", 1))
}

fn delete(asked: &Asked<'_>, house: &mut House) -> Performed {
    match house.remove(DOMAINS, &asked.key(&[("Name", "DomainName"), ("Type", "DomainType")])) {
        0 => Err(missing(asked)),
        _ => {
            access::forget(house, asked.text("DomainName"));
            cert::forget(house, asked.text("DomainName"));
            Ok(done())
        }
    }
}

fn missing(asked: &Asked<'_>) -> Refusal {
    // `DomainNoRecord` is another thing: a domain without ICP filing.
    let codes = ["ResourceNotFound.DomainNotExist", "ResourceNotFound"];
    asked.refuse_listed(&codes, format!("The domain `{}` does not exist.", asked.text("DomainName")))
}
