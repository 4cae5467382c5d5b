//! `auth` on Volcengine Live: keys of a domain by scene, sites by domain or app, addresses by domain.

mod lists;

use serde_json::{Map, Value, json};

use crate::error::{Class, Error, Result};
use crate::model::{
    AccessArgs, AccessVerb, Answer, Call, KeyScope, Road, RotateArgs, RotateVerb, Support, UrlKeyArgs, UrlKeyVerb,
    UrlScheme, Vendor,
};
use crate::providers::guard::{self, Keys};
use crate::providers::intent::Complaints;
use crate::providers::volcengine::domain;
use crate::providers::{change, rotation, rows};

const VENDOR: Vendor = Vendor::Volcengine;
const UPDATE: &str = "UpdateAuthKey";
const HINT: &str =
    "on Volcengine push keys belong to a push domain, play keys to a playback domain: `livectl domain list`";

/// The algorithm that the schemes a, b and c go with.
const ALGORITHM: &str = "md5";

pub(super) fn url_key(verb: UrlKeyVerb) -> Support<UrlKeyArgs> {
    match verb {
        UrlKeyVerb::Show => Support::Does(|road, args| Box::pin(show(road, args))),
        UrlKeyVerb::Set => Support::Does(|road, args| Box::pin(set(road, args))),
    }
}

/// A list of keys a domain and scene, of which the console shows a main and a second one.
pub(super) fn rotation(verb: RotateVerb) -> Support<RotateArgs> {
    match verb {
        RotateVerb::Rotate => Support::Does(|road, args| Box::pin(rotation::rotate(road, args, crowded))),
    }
}

pub(super) fn referer(verb: AccessVerb) -> Support<AccessArgs> {
    match verb {
        AccessVerb::Show => Support::Does(|road, args| Box::pin(lists::show_referer(road, args))),
        AccessVerb::Set => Support::Does(|road, args| Box::pin(lists::set_referer(road, args))),
        AccessVerb::Delete => Support::Does(|road, args| Box::pin(lists::delete_referer(road, args))),
    }
}

pub(super) fn ip(verb: AccessVerb) -> Support<AccessArgs> {
    match verb {
        AccessVerb::Show => Support::Does(|road, args| Box::pin(lists::show_ip(road, args))),
        AccessVerb::Set => Support::Does(|road, args| Box::pin(lists::set_ip(road, args))),
        AccessVerb::Delete => Support::Does(|road, args| Box::pin(lists::delete_ip(road, args))),
    }
}

async fn show(road: &dyn Road, args: &UrlKeyArgs) -> Result<Answer> {
    guard::check_keys(args).refuse(&format!("reading the {} keys", args.scope.name()), Some(HINT))?;
    let raw = read(road, args).await?;
    Ok(Answer::One(keys(&raw).item(VENDOR, args.scope, args.domain.as_deref().unwrap_or_default(), raw)))
}

async fn set(road: &dyn Road, args: &UrlKeyArgs) -> Result<Answer> {
    let doing = format!("setting the {} keys", args.scope.name());
    let other = args.scheme.filter(|scheme| args.scope == KeyScope::Push && *scheme != UrlScheme::B);
    guard::check_keys(args)
        .wrong("--scheme", other.map(guard::scheme_word), "b: the vendor takes no push that is signed another way")
        .refuse(&doing, Some(HINT))?;
    let domain = args.domain.as_deref().unwrap_or_default();
    let raw = read(road, args).await?;
    let before = keys(&raw);
    let mut after = before.with(args);
    let touched = after != before || args.scheme.is_some();
    Complaints::none().need("--key", !touched || after.key.is_some()).refuse(&doing, Some(HINT))?;
    after.scheme = args.scheme.map(guard::scheme_word).or(after.scheme);
    if touched && after.scheme.is_none() {
        after.scheme = Some(guard::scheme_word(match args.scope {
            KeyScope::Push => UrlScheme::B,
            KeyScope::Play => {
                road.note("addresses are signed by scheme a: --scheme chooses b or c");
                UrlScheme::A
            }
        }));
    }
    if args.scope == KeyScope::Push && matches!(after.scheme.as_deref(), Some("a" | "c")) {
        road.warn("the vendor takes a push that is signed by scheme b only, and the domain has another: `--scheme b`");
    }
    let changes = before.changes(&after);
    if changes.is_empty() {
        return Ok(change::nothing(VENDOR, domain, ""));
    }
    if after.enabled == Some(false) && args.enabled.is_none() {
        road.note("signing is off, and stays off: --enable turns it on");
    }
    after.note_moment(road);
    // The Action replaces all that is set, so all of it goes along.
    let base = rows::number(&raw, "TimeStampBase").filter(|base| *base > 0);
    let call = Call::new(VENDOR, UPDATE)
        .with("Domain", domain)
        .with("SceneType", scene(args.scope))
        .with("PushPullEnable", after.enabled.unwrap_or_default())
        .with_some("TimeStampBase", base)
        .with_some("ValidDuration", after.valid_seconds)
        .with("AuthDetailList", details(&raw, &before, &after));
    change::send(road, call, domain, "", changes).await
}

/// The setting of a domain in a scene; null where there is none.
async fn read(road: &dyn Road, args: &UrlKeyArgs) -> Result<Value> {
    let domain = args.domain.as_deref().unwrap_or_default();
    let call = Call::new(VENDOR, "DescribeAuth").with("SceneType", scene(args.scope)).with("Domain", domain);
    let reply = road.read(call).await?;
    let list = reply.result.get("AuthList").and_then(Value::as_array);
    let ours = |item: &&Value| rows::text(item, "Domain").is_none_or(|other| other.eq_ignore_ascii_case(domain));
    Ok(list.into_iter().flatten().find(ours).cloned().unwrap_or_default())
}

fn keys(raw: &Value) -> Keys {
    let detail = |at: usize| raw.pointer(&format!("/AuthDetailList/{at}"));
    Keys {
        enabled: Some(rows::flag(raw, "AuthStatus").unwrap_or_default()),
        key: detail(0).and_then(|detail| rows::text(detail, "SecretKey")),
        backup_key: detail(1).and_then(|detail| rows::text(detail, "SecretKey")),
        valid_seconds: rows::number(raw, "ValidDuration"),
        scheme: detail(0).and_then(|detail| rows::text(detail, "AuthType")).map(|kind| our_scheme(&kind)),
    }
}

/// Why a list of keys has no spare place: a second key that is signed with in another way, or a third one.
fn crowded(raw: &Value) -> Option<&'static str> {
    let details = raw.get("AuthDetailList").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let way = |detail: &Value| rows::text(detail, "AuthType").map(|kind| kind.to_ascii_lowercase());
    match details {
        [first, second] if way(first) != way(second) => {
            Some("its second key signs another way than its first: it is no spare place")
        }
        [_, _, _, ..] => Some("it has more than two keys: which one is the spare place is not known"),
        _ => None,
    }
}

/// The keys in the vendor's form: those that were read, with other secrets and another scheme where they changed.
fn details(raw: &Value, before: &Keys, after: &Keys) -> Vec<Value> {
    let known = raw.get("AuthDetailList").and_then(Value::as_array).cloned().unwrap_or_default();
    let first = known.first().cloned().unwrap_or_else(|| json!({}));
    let secrets = [&after.key, &after.backup_key].into_iter().flatten();
    let mut details: Vec<Value> = secrets
        .enumerate()
        .map(|(at, secret)| {
            let detail = known.get(at).unwrap_or(&first);
            let mut members: Map<String, Value> = rows::row(detail);
            members.retain(|_, value| !value.is_null());
            members.insert("SecretKey".to_owned(), secret.as_str().into());
            if before.scheme != after.scheme {
                let scheme = after.scheme.as_deref().map(vendor_scheme).unwrap_or_default();
                members.retain(|name, _| name == "SecretKey");
                members.insert("AuthType".to_owned(), scheme.into());
                members.insert("EncryptionAlgorithm".to_owned(), ALGORITHM.into());
            }
            Value::Object(members)
        })
        .collect();
    details.extend(known.into_iter().skip(2));
    details
}

const fn scene(scope: KeyScope) -> &'static str {
    match scope {
        KeyScope::Push => "push",
        KeyScope::Play => "pull",
    }
}

/// `a` of `TypeA`; another type stays as it is.
pub(super) fn our_scheme(kind: &str) -> String {
    let known = guard::SCHEMES.iter().find(|(_, word)| kind.eq_ignore_ascii_case(&format!("Type{word}")));
    known.map_or_else(|| kind.to_owned(), |(_, word)| (*word).to_owned())
}

fn vendor_scheme(word: &str) -> String {
    let known = guard::SCHEMES.iter().any(|(_, known)| *known == word);
    if known { format!("Type{}", word.to_ascii_uppercase()) } else { word.to_owned() }
}

/// The domain space that is named, or that the named domain is in.
async fn vhost(road: &dyn Road, args: &AccessArgs) -> Result<String> {
    if let Some(vhost) = &args.vhost {
        return Ok(vhost.clone());
    }
    let name = args.domain.as_deref().unwrap_or_default();
    rows::text(&domain::find(road, name).await?, "Vhost").ok_or_else(|| {
        let message = format!("looking up the domain space of `{name}`: the vendor's answer does not name it");
        Error::new(Class::Vendor, message).hint("name it with --vhost")
    })
}

#[cfg(test)]
mod tests;
