//! `auth` on Tencent Cloud CSS: one Action reads, one changes, for push keys, play keys and referers each.

use serde_json::Value;

use crate::error::Result;
use crate::model::{
    AccessArgs, AccessVerb, Answer, Call, KeyScope, ListKind, Road, RotateArgs, RotateVerb, Support, UrlKeyArgs,
    UrlKeyVerb, Vendor,
};
use crate::providers::guard::{self, Access, Keys};
use crate::providers::intent::Complaints;
use crate::providers::{change, rotation, rows};

const VENDOR: Vendor = Vendor::Tencent;
const REFERER: &str = "ModifyLiveDomainReferer";
const UNCHECKED: &str = "RTMP and WebRTC players are not asked for a referer by Tencent";

pub(super) fn url_key(verb: UrlKeyVerb) -> Support<UrlKeyArgs> {
    match verb {
        UrlKeyVerb::Show => Support::Does(|road, args| Box::pin(show_keys(road, args))),
        UrlKeyVerb::Set => Support::Does(|road, args| Box::pin(set_keys(road, args))),
    }
}

/// A main and a backup key for pushing and for playing each: `BackupAuthKey`, `AuthBackKey`.
pub(super) fn rotation(verb: RotateVerb) -> Support<RotateArgs> {
    match verb {
        RotateVerb::Rotate => Support::Does(|road, args| Box::pin(rotation::rotate(road, args, |_| None))),
    }
}

pub(super) fn referer(verb: AccessVerb) -> Support<AccessArgs> {
    match verb {
        AccessVerb::Show => Support::Does(|road, args| Box::pin(show_referer(road, args))),
        AccessVerb::Set => Support::Does(|road, args| Box::pin(set_referer(road, args))),
        AccessVerb::Delete => Support::Cannot {
            why: "Tencent only turns the check off; the list stays for the next time",
            instead: Some("livectl auth referer set --domain DOMAIN --disable"),
        },
    }
}

pub(super) fn ip(verb: AccessVerb) -> Support<AccessArgs> {
    match verb {
        AccessVerb::Show | AccessVerb::Set | AccessVerb::Delete => {
            Support::Cannot { why: "Tencent's Actions of live know no lists of IP addresses", instead: None }
        }
    }
}

/// What the Actions and members of a scope are called.
struct Names {
    read: &'static str,
    member: &'static str,
    write: &'static str,
    key: &'static str,
    backup_key: &'static str,
}

const fn names(scope: KeyScope) -> Names {
    match scope {
        KeyScope::Push => Names {
            read: "DescribeLivePushAuthKey",
            member: "PushAuthKeyInfo",
            write: "ModifyLivePushAuthKey",
            key: "MasterAuthKey",
            backup_key: "BackupAuthKey",
        },
        KeyScope::Play => Names {
            read: "DescribeLivePlayAuthKey",
            member: "PlayAuthKeyInfo",
            write: "ModifyLivePlayAuthKey",
            key: "AuthKey",
            backup_key: "AuthBackKey",
        },
    }
}

async fn show_keys(road: &dyn Road, args: &UrlKeyArgs) -> Result<Answer> {
    guard::check_keys(args).refuse(&format!("reading the {} keys", args.scope.name()), Some(which(args.scope)))?;
    let (keys, raw) = read_keys(road, args).await?;
    Ok(Answer::One(keys.item(VENDOR, args.scope, args.domain.as_deref().unwrap_or_default(), raw)))
}

async fn set_keys(road: &dyn Road, args: &UrlKeyArgs) -> Result<Answer> {
    let names = names(args.scope);
    guard::check_keys(args)
        .foreign("--scheme", args.scheme.map(guard::scheme_word), "Aliyun and Volcengine")
        .refuse(&format!("setting the {} keys", args.scope.name()), Some(which(args.scope)))?;
    let domain = args.domain.as_deref().unwrap_or_default();
    let (before, _) = read_keys(road, args).await?;
    let after = before.with(args);
    let changes = before.changes(&after);
    if change::unneeded(road, names.write, &changes) {
        return Ok(change::nothing(VENDOR, domain, ""));
    }
    if after.enabled == Some(false) && args.enabled.is_none() {
        road.note("signing is off, and stays off: --enable turns it on");
    }
    after.note_moment(road);
    // Keys and switch stay as they are where they are left out; of the time that is told for play keys only.
    let call = Call::new(VENDOR, names.write)
        .with("DomainName", domain)
        .with_some("Enable", args.enabled.map(u8::from))
        .with_some(names.key, args.key.as_ref().map(|key| key.expose()))
        .with_some(names.backup_key, args.backup_key.as_ref().map(|key| key.expose()))
        .with_some("AuthDelta", after.valid_seconds);
    change::send(road, call, domain, "", changes).await
}

async fn read_keys(road: &dyn Road, args: &UrlKeyArgs) -> Result<(Keys, Value)> {
    let names = names(args.scope);
    let call = Call::new(VENDOR, names.read).with_some("DomainName", args.domain.as_deref());
    let raw = road.read(call).await?.result.get(names.member).cloned().unwrap_or_default();
    let keys = Keys {
        enabled: rows::flag(&raw, "Enable"),
        key: rows::text(&raw, names.key),
        backup_key: rows::text(&raw, names.backup_key),
        valid_seconds: rows::number(&raw, "AuthDelta"),
        scheme: None,
    };
    Ok((keys, raw))
}

const fn which(scope: KeyScope) -> &'static str {
    match scope {
        KeyScope::Push => "on Tencent push keys belong to a push domain: `livectl domain list --type push`",
        KeyScope::Play => "on Tencent play keys belong to a playback domain: `livectl domain list --type play`",
    }
}

async fn show_referer(road: &dyn Road, args: &AccessArgs) -> Result<Answer> {
    check(args).refuse("reading which sites may embed", Some(which(KeyScope::Play)))?;
    let domain = args.domain.as_deref().unwrap_or_default();
    let (access, raw) = read_referer(road, domain).await?;
    Ok(Answer::One(access.referer(VENDOR, domain, raw)))
}

async fn set_referer(road: &dyn Road, args: &AccessArgs) -> Result<Answer> {
    let doing = "setting which sites may embed";
    check(args).refuse(doing, Some(which(KeyScope::Play)))?;
    let domain = args.domain.as_deref().unwrap_or_default();
    let (before, _) = read_referer(road, domain).await?;
    let after = before.with(args);
    let changes = before.changes(&after, "domains");
    if change::unneeded(road, REFERER, &changes) {
        return Ok(change::nothing(VENDOR, domain, ""));
    }
    // The Action takes all five at once; what Tencent does not tell the user has to.
    let named = |param: &str| road.further(REFERER).is_some_and(|further| further.contains_key(param));
    let off = after.enabled == Some(false);
    let listed = after.kind.is_some() || named("Type");
    Complaints::none()
        .need("--enable", after.enabled.is_some())
        .need("--allow or --block", listed && (off || !after.entries.is_empty() || named("Rules")))
        .need("--allow-empty", after.allow_empty.is_some())
        .refuse(doing, Some("Tencent takes all settings of the referer check at once"))?;
    if !off {
        road.note(UNCHECKED);
    }
    let call = Call::new(VENDOR, REFERER)
        .with("DomainName", domain)
        .with_some("Enable", after.enabled.map(u8::from))
        .with_some("Type", after.kind.map(|kind| u8::from(kind == ListKind::Allow)))
        .with_some("AllowEmpty", after.allow_empty.map(u8::from))
        .with("Rules", after.entries.join(";"));
    change::send(road, call, domain, "", changes).await
}

async fn read_referer(road: &dyn Road, domain: &str) -> Result<(Access, Value)> {
    let call = Call::new(VENDOR, "DescribeLiveDomainReferer").with("DomainName", domain);
    let raw = road.read(call).await?.result.get("RefererAuthConfig").cloned().unwrap_or_default();
    let rules = rows::text(&raw, "Rules").unwrap_or_default();
    let entries = rules.split(';').map(str::trim).filter(|rule| !rule.is_empty()).map(str::to_owned).collect();
    let access = Access {
        enabled: rows::flag(&raw, "Enable"),
        kind: rows::flag(&raw, "Type").map(|allow| if allow { ListKind::Allow } else { ListKind::Block }),
        allow_empty: rows::flag(&raw, "AllowEmpty"),
        entries,
    };
    Ok((access, raw))
}

fn check(args: &AccessArgs) -> Complaints {
    Complaints::none()
        .need("--domain", args.domain.is_some())
        .foreign("--app", args.app.as_ref(), "Volcengine")
        .foreign("--vhost", args.vhost.as_ref(), "Volcengine")
}

#[cfg(test)]
mod tests;
