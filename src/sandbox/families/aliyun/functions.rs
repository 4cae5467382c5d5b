//! Aliyun's functions of a domain: records of named arguments that the vendor knows. A change settles after a while.

use serde_json::{Value, json};

use crate::model::Params;
use crate::providers::domain_functions::{FUNCTIONS as KNOWN, Function, Takes};
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

/// A function by its name, if it may be used so.
fn known(asked: &Asked<'_>, name: &str, may: impl Fn(&Function) -> bool) -> Result<&'static Function, Refusal> {
    KNOWN.iter().find(|function| function.name == name && may(function)).ok_or_else(|| {
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
    let kind = known(asked, name, |function| function.sets)?;
    let given = function.get("functionArgs").and_then(Value::as_array);
    let given = given.ok_or_else(|| malformed(asked, "A function of the specified Functions has no functionArgs."))?;
    let arguments = given.iter().map(|argument| check_argument(asked, kind.arguments, argument));
    let id = function.get("configId").filter(|id| !id.is_null()).map(|id| json!(plain(id)));
    let Function { name, many, .. } = kind;
    Ok(Setting { name, several: *many, id, arguments: arguments.collect::<Result<_, _>>()? })
}

fn check_argument(asked: &Asked<'_>, known: &[(&str, Takes)], given: &Value) -> Result<Value, Refusal> {
    let member = |name: &str| given.get(name).map(plain).unwrap_or_default();
    let (name, value) = (member("argName"), member("argValue"));
    let Some((_, argument)) = known.iter().find(|(known, _)| *known == name) else {
        let message = format!("The specified argument {name} is not supported.");
        return Err(asked.refuse_listed(&["InvalidArgName.ValueNotSupported"], message));
    };
    let fits = match argument {
        Takes::Text => true,
        Takes::OneOf(allowed) => allowed.contains(&value.as_str()),
        Takes::Number(least, most) => value.parse::<u64>().is_ok_and(|number| (*least..=*most).contains(&number)),
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
        "_settled_at": asked.settled_at(),
        "_ends": if asked.fails() { "failed" } else { "success" },
    }));
    house.put(FUNCTIONS, &of("ConfigId", json!(id)), row);
    Ok(())
}

fn delete(asked: &Asked<'_>, house: &mut House) -> Performed {
    let domains = domains(asked, house, "DomainNames")?;
    let names: Vec<&str> = listed(asked, "FunctionNames").collect();
    for name in &names {
        known(asked, name, |function| function.deletes)?;
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
        known(asked, name, |function| function.deletes || function.many)?;
    }
    let rows = house.rows(FUNCTIONS).iter().filter(|row| {
        domains.iter().any(|domain| text(row, "DomainName") == domain)
            && (names.is_empty() || names.contains(&text(row, "FunctionName")))
    });
    let shown = rows.cloned().map(|mut row| {
        let settled_at = row.get("_settled_at").and_then(Value::as_i64).unwrap_or(0);
        let ends = row.get("_ends").and_then(Value::as_str).unwrap_or("success");
        let status = if asked.now.as_millisecond() >= settled_at { ends } else { "configuring" };
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
