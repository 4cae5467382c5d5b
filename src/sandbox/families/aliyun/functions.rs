//! Aliyun's functions of a domain: records of named arguments that the vendor knows. A change settles after a while.

use serde_json::{Value, json};

use crate::model::Params;
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::house::{House, text};

use super::domain::DOMAINS;
use super::shape::{self, plain};

pub(super) const FUNCTIONS: &str = "domain_functions";

/// Where the numbers of records begin.
const FIRST_ID: u64 = 5_000_000;

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("BatchSetLiveDomainConfigs", Changes(set)),
    ("BatchDeleteLiveDomainConfigs", Changes(delete)),
    ("DescribeLiveDomainConfigs", Reads(list)),
    ("DeleteLiveSpecificConfig", Changes(delete_one)),
];

/// What an argument may be.
#[derive(Clone, Copy)]
enum Argument {
    /// Any text.
    Text,
    /// One of these.
    Of(&'static [&'static str]),
    /// A number in this range.
    From(i64, i64),
}

use Argument::{From, Of, Text};

const SWITCH: Argument = Of(&["on", "off"]);

/// What may be done with a function, and whether a domain may hold several records of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    /// Set, deleted and asked for.
    All,
    /// The same, with several records.
    Several,
    /// Only set.
    Set,
    /// Set and asked for, with several records.
    Kept,
    /// Deleted and asked for.
    Old,
}

type Known = (&'static str, Use, &'static [(&'static str, Argument)]);

const KNOWN: &[Known] = &[
    ("referer_white_list_set", Use::All, &[("refer_domain_allow_list", Text), ("allow_empty", SWITCH)]),
    ("referer_black_list_set", Use::All, &[("refer_domain_deny_list", Text), ("allow_empty", SWITCH)]),
    ("filetype_based_ttl_set", Use::Several, &[("ttl", Text), ("file_type", Text), ("weight", From(1, 199))]),
    ("path_based_ttl_set", Use::Several, &[("ttl", Text), ("path", Text), ("weight", From(1, 99))]),
    ("oss_auth", Use::All, &[("oss_bucket_id", Text)]),
    ("ip_black_list_set", Use::All, &[("ip_list", Text)]),
    ("ip_white_list_set", Use::All, &[("ip_list", Text)]),
    ("error_page", Use::All, &[("error_code", Text), ("rewrite_page", Text)]),
    ("set_req_host_header", Use::All, &[("domain_name", Text)]),
    ("set_hashkey_args", Use::All, &[("hashkey_args", Text), ("disable", SWITCH)]),
    (
        "aliauth",
        Use::All,
        &[
            ("auth_type", Of(&["no_auth", "type_a", "type_b", "type_c"])),
            ("auth_key1", Text),
            ("auth_key2", Text),
            ("ali_auth_delta", Text),
        ],
    ),
    ("set_resp_header", Use::All, &[("key", Text), ("value", Text)]),
    ("https_force", Use::All, &[("enable", SWITCH)]),
    ("http_force", Use::All, &[("enable", SWITCH)]),
    ("l2_oss_key", Use::Set, &[("private_oss_auth", SWITCH)]),
    ("green_manager", Use::Set, &[("enable", SWITCH)]),
    (
        "tmd_signature",
        Use::Kept,
        &[
            ("name", Text),
            ("path", Text),
            ("pathType", Of(&["0", "1"])),
            ("interval", From(10, i64::MAX)),
            ("count", Text),
            ("action", Of(&["0", "1"])),
            ("ttl", Text),
        ],
    ),
    ("cc_defense", Use::Old, &[("enable", SWITCH)]),
    ("tesla", Use::Old, &[("enable", SWITCH)]),
    ("video_seek", Use::Old, &[("enable", SWITCH)]),
    ("range", Use::Old, &[("enable", SWITCH)]),
    ("gzip", Use::Old, &[("enable", SWITCH)]),
    ("alilive", Use::Old, &[("notify_url", Text), ("enable", SWITCH)]),
    (
        "forward_scheme",
        Use::Old,
        &[
            ("enable", SWITCH),
            ("scheme_origin", Of(&["http", "https", "follow"])),
            ("scheme_origin_port", Of(&["80", "443", "80:443"])),
        ],
    ),
];

/// A function by its name, if it has one of these uses.
fn known(asked: &Asked<'_>, name: &str, uses: &[Use]) -> Result<&'static Known, Refusal> {
    let found = KNOWN.iter().find(|(known, allowed, _)| *known == name && uses.contains(allowed));
    found.ok_or_else(|| {
        let message = format!("The specified function {name} is not supported.");
        asked.refuse_listed(&["InvalidFunctionName.ValueNotSupported"], message)
    })
}

/// One record as it is asked for.
struct Setting {
    name: &'static str,
    several: bool,
    id: Option<Value>,
    arguments: Vec<Value>,
}

fn set(asked: &Asked<'_>, house: &mut House) -> Performed {
    let domains = domains(asked, house, "DomainNames")?;
    let functions = asked.list("Functions");
    if functions.is_empty() {
        return Err(malformed(asked, "The specified Functions is no list of functions."));
    }
    let settings: Vec<Setting> = functions.iter().map(|one| setting(asked, one)).collect::<Result<_, _>>()?;
    if asked.params.get("DryRun") == Some(&Value::Bool(true)) {
        return Ok(done());
    }
    for domain in &domains {
        for setting in &settings {
            put(asked, house, domain, setting)?;
        }
    }
    Ok(done())
}

fn malformed(asked: &Asked<'_>, message: &str) -> Refusal {
    asked.refuse_listed(&["InvalidFunctions.Malformed"], message)
}

fn setting(asked: &Asked<'_>, function: &Value) -> Result<Setting, Refusal> {
    let name = function.get("functionName").and_then(Value::as_str);
    let name = name.ok_or_else(|| malformed(asked, "A function of the specified Functions has no functionName."))?;
    let (name, usage, known) = known(asked, name, &[Use::All, Use::Several, Use::Set, Use::Kept])?;
    let given = function.get("functionArgs").and_then(Value::as_array);
    let given = given.ok_or_else(|| malformed(asked, "A function of the specified Functions has no functionArgs."))?;
    let arguments = given.iter().map(|argument| check_argument(asked, known, argument));
    let id = function.get("configId").filter(|id| !id.is_null()).map(|id| json!(plain(id)));
    let several = matches!(usage, Use::Several | Use::Kept);
    Ok(Setting { name, several, id, arguments: arguments.collect::<Result<_, _>>()? })
}

fn check_argument(asked: &Asked<'_>, known: &[(&str, Argument)], given: &Value) -> Result<Value, Refusal> {
    let member = |name: &str| given.get(name).map(plain).unwrap_or_default();
    let (name, value) = (member("argName"), member("argValue"));
    let Some((_, argument)) = known.iter().find(|(known, _)| *known == name) else {
        let message = format!("The specified argument {name} is not supported.");
        return Err(asked.refuse_listed(&["InvalidArgName.ValueNotSupported"], message));
    };
    let fits = match argument {
        Text => true,
        Of(allowed) => allowed.contains(&value.as_str()),
        From(least, most) => value.parse::<i64>().is_ok_and(|number| (*least..=*most).contains(&number)),
    };
    if fits {
        return Ok(json!({ "ArgName": name, "ArgValue": value }));
    }
    let message = format!("The specified value of the argument {name} is malformed.");
    Err(asked.refuse_listed(&["InvalidArgValue.Malformed"], message))
}

fn put(asked: &Asked<'_>, house: &mut House, domain: &str, setting: &Setting) -> Result<(), Refusal> {
    let of = |member, value| vec![("DomainName", json!(domain)), (member, value)];
    let old = match &setting.id {
        Some(id) => Some(of("ConfigId", id.clone())),
        None if setting.several => None,
        None => Some(of("FunctionName", json!(setting.name))),
    };
    let found = old.as_ref().and_then(|key| house.find(FUNCTIONS, key)).map(|row| text(row, "ConfigId").to_owned());
    if setting.id.is_some() && found.is_none() {
        return Err(missing(asked));
    }
    let id = found.unwrap_or_else(|| (FIRST_ID + house.next_id()).to_string());
    let row = members(json!({
        "DomainName": domain,
        "ConfigId": id,
        "FunctionName": setting.name,
        "FunctionArgs": setting.arguments,
        "_settled_at": asked.now.as_second() + asked.settle,
    }));
    house.put(FUNCTIONS, &of("ConfigId", json!(id)), row);
    Ok(())
}

fn delete(asked: &Asked<'_>, house: &mut House) -> Performed {
    let domains = domains(asked, house, "DomainNames")?;
    let names: Vec<&str> = listed(asked, "FunctionNames").collect();
    for name in &names {
        known(asked, name, &[Use::All, Use::Several, Use::Old])?;
    }
    for domain in &domains {
        for name in &names {
            house.remove(FUNCTIONS, &[("DomainName", json!(domain)), ("FunctionName", json!(name))]);
        }
    }
    Ok(done())
}

fn delete_one(asked: &Asked<'_>, house: &mut House) -> Performed {
    let mut removed = 0;
    for domain in domains(asked, house, "DomainName")? {
        removed += house.remove(FUNCTIONS, &[("DomainName", json!(domain)), ("ConfigId", asked.or("ConfigId", ""))]);
    }
    if removed == 0 { Err(missing(asked)) } else { Ok(done()) }
}

fn list(asked: &Asked<'_>, house: &House) -> Performed {
    let domains = domains(asked, house, "DomainName")?;
    let names: Vec<&str> = listed(asked, "FunctionNames").collect();
    for name in &names {
        known(asked, name, &[Use::All, Use::Several, Use::Kept, Use::Old])?;
    }
    let rows = house.rows(FUNCTIONS).iter().filter(|row| {
        domains.iter().any(|domain| text(row, "DomainName") == domain)
            && (names.is_empty() || names.contains(&text(row, "FunctionName")))
    });
    let shown = rows.cloned().map(|mut row| {
        let settled_at = row.get("_settled_at").and_then(Value::as_i64).unwrap_or(0);
        let status = if asked.now.as_second() >= settled_at { "success" } else { "configuring" };
        row.insert("Status".to_owned(), json!(status));
        row
    });
    let shown: Vec<Params> = shown.collect();
    Ok(shape::answer(asked, shown.iter()))
}

fn listed<'a>(asked: &'a Asked<'_>, name: &str) -> impl Iterator<Item = &'a str> {
    asked.text(name).split(',').map(str::trim).filter(|part| !part.is_empty())
}

/// The domains that a parameter names; all of them are there.
fn domains(asked: &Asked<'_>, house: &House, param: &str) -> Result<Vec<String>, Refusal> {
    let found = |name: &str| house.find(DOMAINS, &[("DomainName", json!(name))]).is_some();
    match listed(asked, param).find(|name| !found(name)) {
        Some(name) => Err(asked.refuse("InvalidDomain.NotFound", format!("The domain {name} does not exist."))),
        None => Ok(listed(asked, param).map(str::to_owned).collect()),
    }
}

fn missing(asked: &Asked<'_>) -> Refusal {
    asked.refuse_listed(&["InvalidConfig.NotFound"], "The specified record of the domain does not exist.")
}
