//! Who may embed the streams of a domain or app, and which addresses may use a domain.

use serde_json::{Map, Value, json};

use super::{VENDOR, vhost};
use crate::error::Result;
use crate::model::{AccessArgs, Answer, Call, ListKind, Road};
use crate::providers::guard::{self, Access};
use crate::providers::intent::Complaints;
use crate::providers::{change, rows};

const UPDATE_REFERER: &str = "UpdateReferer";
const UPDATE_IP: &str = "UpdateIPAccessRule";
const SITES: &str = "the list of embedding sites";
const ADDRESSES: &str = "the list of IP addresses";
const REFERER_HINT: &str = "on Volcengine the list belongs to a playback domain, or to an app with --app and --vhost";
const IP_HINT: &str = "on Volcengine the list belongs to a domain: `livectl domain list`";

/// The keyword of a rule, where none is set yet: the vendor's own default.
const KEYWORD: &str = "referer";

pub(super) async fn show_referer(road: &dyn Road, args: &AccessArgs) -> Result<Answer> {
    check_referer(args).refuse(&format!("reading {SITES}"), Some(REFERER_HINT))?;
    let raw = read_referer(road, args).await?;
    Ok(Answer::One(sites(&raw).referer(VENDOR, owner(args), raw)))
}

pub(super) async fn set_referer(road: &dyn Road, args: &AccessArgs) -> Result<Answer> {
    let doing = format!("setting {SITES}");
    let checked = guard::no_switch(check_referer(args), args, "auth referer");
    checked.foreign("--allow-empty", args.allow_empty, "Tencent and Aliyun").refuse(&doing, Some(REFERER_HINT))?;
    let raw = read_referer(road, args).await?;
    let before = sites(&raw);
    let after = before.with(args);
    let changes = before.changes(&after, "domains");
    if change::unneeded(road, UPDATE_REFERER, &changes) {
        return Ok(change::nothing(VENDOR, owner(args), ""));
    }
    let named = road.further(UPDATE_REFERER).is_some();
    Complaints::none()
        .need("--allow or --block", named || after.kind.is_some() && !after.entries.is_empty())
        .refuse(&doing, Some(REFERER_HINT))?;
    let call = placed(Call::new(VENDOR, UPDATE_REFERER), args, space(road, args, &raw).await?)
        .with("RefererInfoList", rules(&raw, &before, &after));
    change::send(road, call, owner(args), "", changes).await
}

pub(super) async fn delete_referer(road: &dyn Road, args: &AccessArgs) -> Result<Answer> {
    check_referer(args).refuse(&format!("deleting {SITES}"), Some(REFERER_HINT))?;
    let raw = read_referer(road, args).await?;
    let before = sites(&raw);
    if before.entries.is_empty() {
        return Err(guard::no_list(VENDOR, "DeleteReferer", SITES, owner(args)));
    }
    let call = placed(Call::new(VENDOR, "DeleteReferer"), args, space(road, args, &raw).await?);
    road.confirm(&format!("delete {SITES} of {}", owner(args)))?;
    change::send(road, call, owner(args), "", before.removed("domains")).await
}

fn check_referer(args: &AccessArgs) -> Complaints {
    let both = args.app.as_ref().filter(|_| args.domain.is_some());
    Complaints::none()
        .need_unless("--domain", args.domain.is_some() || args.app.is_some(), "required, or --app and --vhost")
        .need_unless(
            "--vhost",
            args.domain.is_some() || args.app.is_none() || args.vhost.is_some(),
            "required with --app",
        )
        .wrong("--app", both, "--app or --domain, not both")
}

/// What the list belongs to, for messages: the domain, or the app.
fn owner(args: &AccessArgs) -> &str {
    args.domain.as_deref().or(args.app.as_deref()).unwrap_or_default()
}

/// The rules of a domain or an app; null where there are none.
async fn read_referer(road: &dyn Road, args: &AccessArgs) -> Result<Value> {
    let call = Call::new(VENDOR, "DescribeReferer");
    let call = match (&args.domain, &args.app) {
        (Some(domain), _) => call.with("Domain", domain.as_str()),
        (None, app) => call.with_some("App", app.as_deref()).with_some("Vhost", args.vhost.as_deref()),
    };
    let reply = road.read(call).await?;
    let list = reply.result.get("RefererList").and_then(Value::as_array);
    let member = if args.domain.is_some() { "Domain" } else { "App" };
    let ours = |item: &&Value| rows::text(item, member).is_none_or(|other| other.eq_ignore_ascii_case(owner(args)));
    Ok(list.into_iter().flatten().find(ours).cloned().unwrap_or_default())
}

fn rule_list(raw: &Value) -> Vec<Value> {
    raw.get("RefererInfoList").and_then(Value::as_array).cloned().unwrap_or_default()
}

/// The sites of the rules; both kinds side by side are no one kind.
fn sites(raw: &Value) -> Access {
    let rules = rule_list(raw);
    let kinds: Vec<ListKind> = rules.iter().filter_map(kind).collect();
    let same = kinds.windows(2).all(|pair| pair[0] == pair[1]);
    Access {
        enabled: Some(!rules.is_empty()),
        kind: kinds.first().copied().filter(|_| same),
        allow_empty: None,
        entries: rules.iter().filter_map(|rule| rows::text(rule, "Value")).collect(),
    }
}

fn kind(rule: &Value) -> Option<ListKind> {
    match rows::text(rule, "Type")?.as_str() {
        "allow" => Some(ListKind::Allow),
        "deny" => Some(ListKind::Block),
        _ => None,
    }
}

const fn vendor_kind(kind: ListKind) -> &'static str {
    match kind {
        ListKind::Allow => "allow",
        ListKind::Block => "deny",
    }
}

/// The rules of a list: those that stood keep what else they say.
fn rules(raw: &Value, before: &Access, after: &Access) -> Vec<Value> {
    let known = rule_list(raw);
    if before == after {
        return known;
    }
    let kind = after.kind.map(vendor_kind).unwrap_or_default();
    let keyword = known.first().and_then(|rule| rows::text(rule, "Key")).unwrap_or_else(|| KEYWORD.to_owned());
    let same = |rule: &&Value, site: &str| {
        rows::text(rule, "Value").as_deref() == Some(site) && rows::text(rule, "Type").as_deref() == Some(kind)
    };
    let one = |site: &String| match known.iter().find(|rule| same(rule, site)) {
        Some(rule) => rule.clone(),
        None => json!({"Key": keyword, "Type": kind, "Value": site}),
    };
    after.entries.iter().map(one).collect()
}

/// The domain space: as named, as the rules tell it, else looked up.
async fn space(road: &dyn Road, args: &AccessArgs, raw: &Value) -> Result<String> {
    match rows::text(raw, "Vhost").filter(|_| args.vhost.is_none()) {
        Some(vhost) => Ok(vhost),
        None => vhost(road, args).await,
    }
}

fn placed(call: Call, args: &AccessArgs, vhost: String) -> Call {
    let call = call.with("Vhost", vhost);
    match (&args.domain, &args.app) {
        (Some(domain), _) => call.with("Domain", domain.as_str()),
        (None, app) => call.with_some("App", app.as_deref()),
    }
}

pub(super) async fn show_ip(road: &dyn Road, args: &AccessArgs) -> Result<Answer> {
    check_ip(args).refuse(&format!("reading {ADDRESSES}"), Some(IP_HINT))?;
    let (_, raw) = read_ip(road, args).await?;
    Ok(Answer::One(addresses(&raw).ip(VENDOR, owner(args), raw)))
}

pub(super) async fn set_ip(road: &dyn Road, args: &AccessArgs) -> Result<Answer> {
    let doing = format!("setting {ADDRESSES}");
    check_ip(args).refuse(&doing, Some(IP_HINT))?;
    let (vhost, raw) = read_ip(road, args).await?;
    let before = addresses(&raw);
    let after = before.with(args);
    let changes = before.changes(&after, "addresses");
    if change::unneeded(road, UPDATE_IP, &changes) {
        return Ok(change::nothing(VENDOR, owner(args), ""));
    }
    let named = road.further(UPDATE_IP).is_some();
    Complaints::none().need("--allow or --block", named || after.kind.is_some()).refuse(&doing, Some(IP_HINT))?;
    let call = Call::new(VENDOR, UPDATE_IP)
        .with("Domain", owner(args))
        .with("Vhost", vhost)
        .with("IPAccessRule", rule(&raw, &after));
    change::send(road, call, owner(args), "", changes).await
}

pub(super) async fn delete_ip(road: &dyn Road, args: &AccessArgs) -> Result<Answer> {
    check_ip(args).refuse(&format!("deleting {ADDRESSES}"), Some(IP_HINT))?;
    let (vhost, raw) = read_ip(road, args).await?;
    if raw.is_null() {
        return Err(guard::no_list(VENDOR, "DeleteIPAccessRule", ADDRESSES, owner(args)));
    }
    road.confirm(&format!("delete {ADDRESSES} of {}", owner(args)))?;
    let call = Call::new(VENDOR, "DeleteIPAccessRule").with("Domain", owner(args)).with("Vhost", vhost);
    change::send(road, call, owner(args), "", addresses(&raw).removed("addresses")).await
}

fn check_ip(args: &AccessArgs) -> Complaints {
    Complaints::none().need("--domain", args.domain.is_some())
}

/// The domain space, and the rule of the domain; null where there is none.
async fn read_ip(road: &dyn Road, args: &AccessArgs) -> Result<(String, Value)> {
    let vhost = vhost(road, args).await?;
    let domain = owner(args);
    let call = Call::new(VENDOR, "DescribeIPAccessRule").with("Domain", domain).with("Vhost", vhost.as_str());
    let reply = road.read(call).await?;
    let list = reply.result.get("AccessRuleLists").and_then(Value::as_array);
    let ours = |item: &&Value| rows::text(item, "Domain").is_none_or(|other| other.eq_ignore_ascii_case(domain));
    let rule = list.into_iter().flatten().find(ours).and_then(|item| item.get("IPAccessRule")).cloned();
    Ok((vhost, rule.unwrap_or_default()))
}

fn addresses(rule: &Value) -> Access {
    Access {
        enabled: Some(rows::flag(rule, "Enable").unwrap_or_default()),
        kind: kind(rule),
        allow_empty: None,
        entries: rows::texts(rule, "IPList"),
    }
}

/// The rule with another list or switch; what else it says stays.
fn rule(raw: &Value, after: &Access) -> Value {
    let mut members: Map<String, Value> = rows::row(raw);
    members.retain(|name, value| !value.is_null() && (name != "DenyHTTPStatusCode" || value.as_u64() > Some(0)));
    members.insert("Enable".to_owned(), after.enabled.unwrap_or_default().into());
    members.insert("IPList".to_owned(), after.entries.clone().into());
    members.insert("Type".to_owned(), after.kind.map(vendor_kind).unwrap_or_default().into());
    Value::Object(members)
}
