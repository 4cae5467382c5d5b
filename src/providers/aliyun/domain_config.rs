//! `domain config` on Alibaba Cloud ApsaraVideo Live: the functions of a domain, checked against those it documents.

use serde_json::Value;

use crate::error::{Class, Error, Fault, Result};
use crate::model::{
    Answer, Call, Change, DomainConfigArgs, DomainConfigRow, DomainConfigVerb, Item, Road, Support, Vendor,
};
use crate::providers::aliyun::configs::{self, Arguments, Config};
use crate::providers::aliyun::domain;
use crate::providers::aliyun::functions::{self, FUNCTIONS, Function, Takes};
use crate::providers::intent::Complaints;
use crate::providers::paging::Pages;
use crate::providers::{change, rows, walk};

const VENDOR: Vendor = Vendor::Aliyun;

/// How like a known name must be that is proposed instead.
const ALIKE: f64 = 0.75;

pub(super) fn support(verb: DomainConfigVerb) -> Support<DomainConfigArgs> {
    match verb {
        DomainConfigVerb::Show => Support::Does(|road, args| Box::pin(show(road, args))),
        DomainConfigVerb::Set => Support::Does(|road, args| Box::pin(set(road, args))),
        DomainConfigVerb::Delete => Support::Does(|road, args| Box::pin(delete(road, args))),
    }
}

async fn show(road: &dyn Road, args: &DomainConfigArgs) -> Result<Answer> {
    let names: Vec<&str> = args.functions.iter().map(|name| vendor_name(name)).collect();
    let wanted = |config: &Config| names.is_empty() || names.contains(&config.function.as_str());
    let item = |domain: &str, raw: Value| Some(Config::of(&raw)).filter(&wanted).map(|config| row(domain, config));
    let listing = |domain: &str| configs::listing(domain, &names);
    let unknown: Vec<Fault> = args.functions.iter().filter_map(|name| unknown(name, |_| true)).collect();
    if !unknown.is_empty() {
        road.check(&listing(args.domain.as_deref().unwrap_or_default()), Vec::new(), unknown)?;
    }
    match &args.domain {
        Some(domain) => walk::emit_listing(road, listing(domain), |raw| item(domain, raw)).await,
        None => {
            let call = domain::listing(None);
            let domains = Pages::all(call, road).await?;
            let domains: Vec<String> = domains.iter().filter_map(|one| rows::text(one, "DomainName")).collect();
            walk::emit_listings(road, &domains, "domains", listing, item).await
        }
    }
}

async fn set(road: &dyn Road, args: &DomainConfigArgs) -> Result<Answer> {
    let doing = "setting a function of a domain";
    let domain = args.domain.as_deref().unwrap_or_default();
    let whole = road.further(configs::SET).is_some_and(|further| further.contains_key("Functions"));
    let function = args.functions.first();
    if whole {
        let beside = function.map(String::as_str).or(args.arguments.first().map(|(name, _)| name.as_str()));
        Complaints::none()
            .need("--domain", args.domain.is_some())
            .wrong("FUNCTION", beside, "FUNCTION or --functions, not both")
            .refuse(doing, None)?;
        let call = Call::new(VENDOR, configs::SET).with("DomainNames", domain);
        return change::send(road, call, domain, "", Vec::new()).await;
    }
    let several = args.domain.as_ref().filter(|domain| domain.contains(','));
    Complaints::none()
        .need("--domain", args.domain.is_some())
        .wrong("--domain", several, "one domain beside FUNCTION; `--functions JSON` sets several at once")
        .need_unless("FUNCTION", function.is_some(), "required, or --functions with JSON or @FILE")
        .need("NAME=VALUE", function.is_none() || !args.arguments.is_empty() || !args.odd.is_empty())
        .refuse(doing, None)?;
    let typed = function.map(String::as_str).unwrap_or_default();
    let (name, known) = (vendor_name(typed), functions::find(typed));
    let named = named(&args.arguments, known);
    let faults = unknown(typed, |function| function.sets).into_iter().chain(wrong(&named, known)).collect();
    let odd = args.odd.iter().map(|text| Fault {
        option: "NAME=VALUE".to_owned(),
        given: Some(text.clone()),
        allowed: "an argument's name, `=`, and its value".to_owned(),
    });
    road.check(&configs::set(domain, name, &named, args.id), odd.collect(), faults)?;

    let fresh = known.is_some_and(|function| function.many) && args.id.is_none();
    let before = if fresh { None } else { current(road, domain, name, args.id, doing).await? };
    let mut after = before.as_ref().map(|config| config.arguments.clone()).unwrap_or_default();
    merge(name, &mut after, &named);
    let changes = changes(name, before.as_ref(), &after);
    if change::unneeded(road, configs::SET, &changes) {
        return Ok(change::nothing(VENDOR, domain, name));
    }
    change::send(road, configs::set(domain, name, &after, args.id), domain, name, changes).await
}

async fn delete(road: &dyn Road, args: &DomainConfigArgs) -> Result<Answer> {
    let doing = "deleting functions of a domain";
    Complaints::none()
        .need("--domain", args.domain.is_some())
        .need("FUNCTION", !args.functions.is_empty())
        .refuse(doing, None)?;
    let domain = args.domain.as_deref().unwrap_or_default();
    let names: Vec<&str> = args.functions.iter().map(|name| vendor_name(name)).collect();
    let call = configs::delete(domain, &names.join(","));
    let faults = args.functions.iter().filter_map(|name| unknown(name, |function| function.deletes)).collect();
    road.check(&call, Vec::new(), faults)?;
    let mut removed = Vec::new();
    for domain in domain.split(',').map(str::trim) {
        removed.extend(standing(road, domain, &names).await?);
    }
    if removed.is_empty() {
        let message = format!("{doing}: `{domain}` has no {} set", names.join(", "));
        return Err(Error::new(Class::NotFound, message)
            .hint(format!("`livectl domain config show --domain {domain}` shows what is set"))
            .with(|details| details.vendor = Some(VENDOR)));
    }
    road.confirm(&format!("delete {} of {domain}, with all arguments", names.join(", ")))?;
    let gone = |config: &Config| {
        let one = |(name, value): &(String, String)| field(&config.function, name, Some(value.as_str()), None);
        config.arguments.iter().map(one).collect::<Vec<_>>()
    };
    let changes = removed.iter().flat_map(gone).collect();
    change::send(road, call, domain, &names.join(","), changes).await
}

/// The configs of functions that stand. All are read: Aliyun refuses to be asked for one that it does not list.
async fn standing(road: &dyn Road, domain: &str, names: &[&str]) -> Result<Vec<Config>> {
    let all = configs::read(road, domain, &[]).await?;
    Ok(all.into_iter().filter(|config| names.contains(&config.function.as_str())).collect())
}

/// The config that an update would replace.
async fn current(road: &dyn Road, domain: &str, name: &str, id: Option<u64>, doing: &str) -> Result<Option<Config>> {
    let found = standing(road, domain, &[name]).await?;
    let Some(id) = id.map(|id| id.to_string()) else { return Ok(found.into_iter().next()) };
    let message = format!("{doing}: `{domain}` has no config {id} of {name}");
    let config = found.into_iter().find(|config| config.id.as_deref() == Some(&id));
    config.map(Some).ok_or_else(|| {
        Error::new(Class::NotFound, message)
            .hint(format!("`livectl domain config show --domain {domain} {name}` shows the ids"))
            .with(|details| details.vendor = Some(VENDOR))
    })
}

/// The arguments under the vendor's names: `-` may stand for `_`.
fn named(arguments: &[(String, String)], function: Option<&Function>) -> Arguments {
    let known = |name: &str| {
        let plain = name.replace('-', "_");
        let mut names = function.into_iter().flat_map(|function| function.arguments).map(|(known, _)| *known);
        names.find(|known| known.eq_ignore_ascii_case(&plain)).map_or_else(|| name.to_owned(), str::to_owned)
    };
    arguments.iter().map(|(name, value)| (known(name), value.clone())).collect()
}

/// The arguments with those that were named; one that stands several times is replaced as a whole.
fn merge(function: &str, after: &mut Arguments, named: &[(String, String)]) {
    let repeated = |name: &str| (function, name) == functions::REPEATED;
    if named.iter().any(|(name, _)| repeated(name)) {
        after.retain(|(name, _)| !repeated(name));
    }
    for (name, value) in named {
        match repeated(name) {
            true => after.push((name.clone(), value.clone())),
            false => configs::put(after, name, value.as_str()),
        }
    }
}

fn changes(function: &str, before: Option<&Config>, after: &[(String, String)]) -> Vec<Change> {
    let old = |name: &str| before.and_then(|config| config.argument(name));
    let all = after.iter().map(|(name, value)| field(function, name, old(name), Some(value)));
    all.filter(|change| change.from != change.to).collect()
}

fn field(function: &str, name: &str, from: Option<&str>, to: Option<&str>) -> Change {
    Change::new(&format!("{function}.{name}"), from, to)
}

/// The vendor's name of a function that was named in whatever way.
fn vendor_name(name: &str) -> &str {
    functions::find(name).map_or(name, |function| function.name)
}

/// The complaint about a function that is not known, or not listed for what is done with it.
fn unknown(name: &str, listed: fn(&Function) -> bool) -> Option<Fault> {
    if name.is_empty() || functions::find(name).is_some_and(listed) {
        return None;
    }
    let all = FUNCTIONS.iter().filter(|function| listed(function));
    let likeness = |function: &&Function| {
        strsim::jaro_winkler(name, function.name).max(strsim::jaro_winkler(name, function.friendly))
    };
    let nearest = all.clone().max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    let nearest = nearest.filter(|function| likeness(function) >= ALIKE && functions::find(name).is_none());
    let names: Vec<String> = all.map(|function| format!("{} ({})", function.friendly, function.name)).collect();
    let meant = nearest.map(|function| format!("{} (did you mean that?), or ", function.friendly));
    let allowed = format!("{}one of {}", meant.unwrap_or_default(), names.join(", "));
    Some(Fault { option: "FUNCTION".to_owned(), given: Some(name.to_owned()), allowed })
}

/// The complaints about arguments: unknown, given twice, or of a wrong value.
fn wrong(named: &[(String, String)], function: Option<&Function>) -> Vec<Fault> {
    let Some(function) = function else { return Vec::new() };
    let mut faults = Vec::new();
    for (at, (name, value)) in named.iter().enumerate() {
        let mut complain = |given: Option<&str>, allowed: String| {
            faults.push(Fault { option: name.clone(), given: given.map(str::to_owned), allowed });
        };
        let Some((_, takes)) = function.arguments.iter().find(|(known, _)| known == name) else {
            let names: Vec<&str> = function.arguments.iter().map(|(known, _)| *known).collect();
            complain(None, format!("an argument of {}: {}", function.name, names.join(", ")));
            continue;
        };
        let before = named.iter().take(at).any(|(other, _)| other == name);
        if before && (function.name, name.as_str()) != functions::REPEATED {
            complain(None, "given once".to_owned());
        }
        match takes {
            Takes::OneOf(words) if !words.contains(&value.as_str()) => {
                complain(Some(value), format!("one of {}", words.join(", ")));
            }
            Takes::Number(least, most) if !value.parse().is_ok_and(|number| (*least..=*most).contains(&number)) => {
                let range = if *most == u64::MAX { format!("{least} or more") } else { format!("{least} to {most}") };
                complain(Some(value), format!("a whole number, {range}"));
            }
            _ => {}
        }
    }
    faults
}

fn row(domain: &str, config: Config) -> Item {
    let arguments = config.arguments.into_iter().fold(serde_json::Map::new(), |mut all, (name, value)| {
        match all.get_mut(&name) {
            Some(Value::String(known)) => *known = format!("{known},{value}"),
            _ => {
                all.insert(name, value.into());
            }
        }
        all
    });
    let row = DomainConfigRow {
        vendor: VENDOR,
        profile: None,
        domain: Some(domain.to_owned()),
        function: config.function,
        id: config.id,
        status: config.status,
        arguments,
    };
    Item { row: rows::row(&row), raw: config.raw }
}

#[cfg(test)]
mod tests;
