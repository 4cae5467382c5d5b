//! `auth` on Alibaba Cloud ApsaraVideo Live: functions of the domain's configs (`aliauth`, referer and IP lists).

mod lists;

use crate::error::Result;
use crate::model::{
    AccessArgs, AccessVerb, Answer, Road, RotateArgs, RotateVerb, Support, UrlKeyArgs, UrlKeyVerb, UrlScheme, Vendor,
};
use crate::providers::aliyun::configs::{self, Config};
use crate::providers::change;
use crate::providers::guard::{self, Keys};
use crate::providers::intent::Complaints;
use crate::providers::rotation;

const VENDOR: Vendor = Vendor::Aliyun;
const SIGNING: &str = "aliauth";
const OFF: &str = "no_auth";
const HINT: &str = "on Aliyun each domain has its own setting, push and playback domains alike: `livectl domain list`";

pub(super) fn url_key(verb: UrlKeyVerb) -> Support<UrlKeyArgs> {
    match verb {
        UrlKeyVerb::Show => Support::Does(|road, args| Box::pin(show(road, args))),
        UrlKeyVerb::Set => Support::Does(|road, args| Box::pin(set(road, args))),
    }
}

/// Two keys a domain: `auth_key1`, `auth_key2`.
pub(super) fn rotation(verb: RotateVerb) -> Support<RotateArgs> {
    match verb {
        RotateVerb::Rotate => Support::Does(|road, args| Box::pin(rotation::rotate(road, args, |_| None))),
    }
}

pub(super) fn referer(verb: AccessVerb) -> Support<AccessArgs> {
    match verb {
        AccessVerb::Show => Support::Does(|road, args| Box::pin(lists::REFERER.show(road, args))),
        AccessVerb::Set => Support::Does(|road, args| Box::pin(lists::REFERER.set(road, args))),
        AccessVerb::Delete => Support::Does(|road, args| Box::pin(lists::REFERER.delete(road, args))),
    }
}

pub(super) fn ip(verb: AccessVerb) -> Support<AccessArgs> {
    match verb {
        AccessVerb::Show => Support::Does(|road, args| Box::pin(lists::IP.show(road, args))),
        AccessVerb::Set => Support::Does(|road, args| Box::pin(lists::IP.set(road, args))),
        AccessVerb::Delete => Support::Does(|road, args| Box::pin(lists::IP.delete(road, args))),
    }
}

async fn show(road: &dyn Road, args: &UrlKeyArgs) -> Result<Answer> {
    guard::check_keys(args).refuse(&format!("reading the {} keys", args.scope.name()), Some(HINT))?;
    let domain = args.domain.as_deref().unwrap_or_default();
    let config = read(road, domain).await?;
    let raw = config.as_ref().map(|config| config.raw.clone()).unwrap_or_default();
    Ok(Answer::One(keys(config.as_ref()).item(VENDOR, args.scope, domain, raw)))
}

async fn set(road: &dyn Road, args: &UrlKeyArgs) -> Result<Answer> {
    let doing = format!("setting the {} keys", args.scope.name());
    guard::check_keys(args).refuse(&doing, Some(HINT))?;
    let domain = args.domain.as_deref().unwrap_or_default();
    let config = read(road, domain).await?;
    let before = keys(config.as_ref());
    let mut after = before.with(args);
    let on = after.enabled == Some(true);
    Complaints::none()
        .need("--key", !on || after.key.is_some())
        .wrong("--scheme", args.scheme.filter(|_| !on).map(guard::scheme_word), "--enable beside it: signing is off")
        .refuse(&doing, Some(HINT))?;
    after.scheme = match on {
        true => args.scheme.map(guard::scheme_word).or(after.scheme),
        false => None,
    };
    if on && after.scheme.is_none() {
        road.note("addresses are signed by scheme a: --scheme chooses b or c");
        after.scheme = Some(guard::scheme_word(UrlScheme::A));
    }
    let changes = before.changes(&after);
    if changes.is_empty() {
        return Ok(change::nothing(VENDOR, domain, ""));
    }
    if !on && args.enabled.is_none() {
        road.note("signing is off, and stays off: --enable turns it on");
    }
    let mut arguments = config.map(|config| config.arguments).unwrap_or_default();
    configs::put(&mut arguments, "auth_type", after.scheme.as_deref().map_or(OFF.to_owned(), vendor_scheme));
    let seconds = after.valid_seconds.map(|seconds| seconds.to_string());
    for (name, value) in [("auth_key1", &after.key), ("auth_key2", &after.backup_key), ("ali_auth_delta", &seconds)] {
        if let Some(value) = value {
            configs::put(&mut arguments, name, value.as_str());
        }
    }
    change::send(road, configs::set(domain, SIGNING, &arguments, None), domain, "", changes).await
}

async fn read(road: &dyn Road, domain: &str) -> Result<Option<Config>> {
    Ok(configs::read(road, domain, &[SIGNING]).await?.into_iter().next())
}

/// The signing as a config tells it; a domain without one does not sign.
fn keys(config: Option<&Config>) -> Keys {
    let Some(config) = config else { return Keys { enabled: Some(false), ..Keys::default() } };
    let text = |name| config.argument(name).filter(|value| !value.is_empty()).map(str::to_owned);
    let kind = text("auth_type");
    Keys {
        enabled: Some(kind.as_deref().is_some_and(|kind| kind != OFF)),
        key: text("auth_key1"),
        backup_key: text("auth_key2"),
        valid_seconds: text("ali_auth_delta").and_then(|seconds| seconds.parse().ok()),
        scheme: kind.filter(|kind| kind != OFF).map(|kind| our_scheme(&kind)),
    }
}

/// `a` of `type_a`; a kind that is not known stays as it is.
fn our_scheme(kind: &str) -> String {
    let known = guard::SCHEMES.iter().find(|(_, word)| kind.strip_prefix("type_") == Some(word));
    known.map_or_else(|| kind.to_owned(), |(_, word)| (*word).to_owned())
}

fn vendor_scheme(word: &str) -> String {
    let known = guard::SCHEMES.iter().any(|(_, known)| *known == word);
    if known { format!("type_{word}") } else { word.to_owned() }
}

/// Complains of options that only other vendors have.
fn check(args: &AccessArgs) -> Complaints {
    Complaints::none()
        .need("--domain", args.domain.is_some())
        .foreign("--app", args.app.as_ref(), "Volcengine")
        .foreign("--vhost", args.vhost.as_ref(), "Volcengine")
}

#[cfg(test)]
mod tests;
