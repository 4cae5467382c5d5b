//! `domain` on Alibaba Cloud ApsaraVideo Live.
//!
//! `liveVideo` is a playback domain, `liveEdge` a push domain; the two are bound by a mapping. A wildcard
//! domain begins with a dot there, not with `*.`.

use std::borrow::Cow;

use jiff::tz::Offset;
use serde_json::Value;

use crate::error::{Class, Error, Result};
use crate::model::{
    Answer, Area, Call, Change, DomainArgs, DomainKind, DomainRow, DomainStatus, DomainVerb, Item, Road, Support,
    Vendor,
};
use crate::providers::intent::{Complaints, word};
use crate::providers::paging::Pages;
use crate::providers::{change, rows, walk};

const VENDOR: Vendor = Vendor::Aliyun;

pub(super) fn support(verb: DomainVerb) -> Support<DomainArgs> {
    match verb {
        DomainVerb::List => Support::Does(|road, args| Box::pin(list(road, args))),
        DomainVerb::Show => Support::Does(|road, args| Box::pin(show(road, args))),
        DomainVerb::Add => Support::Does(|road, args| Box::pin(add(road, args))),
        DomainVerb::Enable => Support::Does(|road, args| Box::pin(turn(road, args, DomainStatus::Enabled))),
        DomainVerb::Disable => Support::Does(|road, args| Box::pin(turn(road, args, DomainStatus::Disabled))),
        DomainVerb::Delete => Support::Does(|road, args| Box::pin(delete(road, args))),
        DomainVerb::Map => Support::Does(|road, args| Box::pin(map(road, args))),
        DomainVerb::Unmap => Support::Does(|road, args| Box::pin(unmap(road, args))),
    }
}

async fn list(road: &dyn Road, args: &DomainArgs) -> Result<Answer> {
    // The vendor filters by three states only; items may be in others.
    let item = |raw| {
        let row = row(&raw);
        let wanted = args.status.is_none_or(|status| row.status == Some(status));
        wanted.then(|| Item { row: rows::row(&row), raw })
    };
    walk::emit_listing(road, list_call(args)?, item).await
}

fn list_call(args: &DomainArgs) -> Result<Call> {
    foreign(args)
        .wrong("--area", args.area.map(|area| word(&area)), "none: Aliyun's list does not tell the area")
        .refuse("listing domains", Some("`livectl domain show NAME` tells the area of one domain"))?;
    let status = args.status.and_then(|status| match status {
        DomainStatus::Enabled => Some("online"),
        DomainStatus::Disabled => Some("offline"),
        DomainStatus::Configuring => Some("configuring"),
        DomainStatus::Checking | DomainStatus::Failed | DomainStatus::Blocked => None,
    });
    Ok(listing(args.kind).with_some("DomainStatus", status).with_some("RegionName", args.domain_region.as_deref()))
}

/// The list of the account's domains, of one kind or of both.
pub(super) fn listing(kind: Option<DomainKind>) -> Call {
    Call::new(VENDOR, "DescribeLiveUserDomains")
        .with_some("LiveDomainType", kind.map(kind_word))
        .with("PageSize", PAGE_SIZE)
}

/// Whether an item of that list is a push domain.
pub(super) fn is_push(item: &Value) -> bool {
    rows::text(item, "LiveDomainType").as_deref() == Some(kind_word(DomainKind::Push))
}

/// The largest page of `DescribeLiveUserDomains`, as the current SDK tells it.
const PAGE_SIZE: u64 = 50;

async fn show(road: &dyn Road, args: &DomainArgs) -> Result<Answer> {
    let raw = read(road, &vendor_name(&args.name)).await?;
    Ok(Answer::One(Item { row: rows::row(&row(&raw)), raw }))
}

async fn add(road: &dyn Road, args: &DomainArgs) -> Result<Answer> {
    foreign(args).need("--type", args.kind.is_some()).refuse(
        &format!("adding the domain `{}`", args.name),
        args.kind.is_none().then_some("use `--type push` or `--type play`"),
    )?;
    let name = vendor_name(&args.name);
    let region = args.domain_region.as_deref().unwrap_or_else(|| {
        let region = default_region(args.area);
        road.note(&format!("Aliyun's live centre for the domain is {region}: --domain-region chooses another"));
        region
    });
    let call = Call::new(VENDOR, "AddLiveDomain")
        .with("DomainName", name.as_ref())
        .with_some("LiveDomainType", args.kind.map(kind_word))
        .with("Region", region)
        .with_some("Scope", args.area.map(area_word));
    let wanted = DomainRow { kind: args.kind, area: args.area, ..rows::named_domain(VENDOR, &name) };
    let mut changes = rows::created(&rows::row(&wanted), &["name", "type", "area"]);
    changes.push(Change::new("domain_region", Value::Null, region));
    change::send(road, call, &name, &name, changes).await
}

/// The live centre where none is chosen. Without an area the vendor's own default is the mainland.
fn default_region(area: Option<Area>) -> &'static str {
    match area {
        None | Some(Area::Mainland) => "cn-shanghai",
        Some(Area::Overseas | Area::Global) => "ap-southeast-1",
    }
}

async fn turn(road: &dyn Road, args: &DomainArgs, wanted: DomainStatus) -> Result<Answer> {
    let name = vendor_name(&args.name);
    let before = DomainRow { name: name.to_string(), ..row(&read(road, &name).await?) };
    let action = if wanted == DomainStatus::Enabled { "StartLiveDomain" } else { "StopLiveDomain" };
    change::turn(road, &before, wanted, Call::new(VENDOR, action).with("DomainName", name.as_ref())).await
}

async fn delete(road: &dyn Road, args: &DomainArgs) -> Result<Answer> {
    let name = vendor_name(&args.name);
    let before = DomainRow { name: name.to_string(), ..row(&read(road, &name).await?) };
    road.confirm(&format!("delete the {} and all its settings", rows::domain_title(&before)))?;
    let call = Call::new(VENDOR, "DeleteLiveDomain").with("DomainName", name.as_ref());
    let changes = rows::removed(&rows::row(&before), &["name", "type", "status", "area"]);
    change::send(road, call, &name, &name, changes).await
}

async fn map(road: &dyn Road, args: &DomainArgs) -> Result<Answer> {
    let (push, play) = pair(args, "mapping domains")?;
    if mapped(road, &push).await?.iter().any(|domain| *domain == play) {
        return Ok(change::nothing(VENDOR, &push, &push));
    }
    let call = Call::new(VENDOR, "AddLiveDomainMapping").with("PushDomain", &*push).with("PullDomain", &*play);
    change::send(road, call, &push, &push, vec![Change::new("play", Value::Null, &*play)]).await
}

async fn unmap(road: &dyn Road, args: &DomainArgs) -> Result<Answer> {
    let doing = "unmapping domains";
    let (push, play) = pair(args, doing)?;
    if !mapped(road, &push).await?.iter().any(|domain| *domain == play) {
        let message = format!("{doing}: the push domain `{push}` is not mapped to `{play}`");
        return Err(Error::new(Class::NotFound, message)
            .hint(format!("`livectl api aliyun DescribeLiveDomainMapping DomainName={push}` tells its mappings"))
            .with(|details| details.vendor = Some(VENDOR)));
    }
    road.confirm(&format!("unmap the push domain {push} from the playback domain {play}"))?;
    let call = Call::new(VENDOR, "DeleteLiveDomainMapping").with("PushDomain", &*push).with("PullDomain", &*play);
    change::send(road, call, &push, &push, vec![Change::new("play", &*play, Value::Null)]).await
}

fn pair<'a>(args: &'a DomainArgs, doing: &str) -> Result<(Cow<'a, str>, Cow<'a, str>)> {
    let play = args.play.as_deref().unwrap_or_default();
    foreign(args)
        .need("PUSH", !args.name.is_empty())
        .need("PLAY", !play.is_empty())
        .refuse(doing, Some("name the push domain, then the playback domain"))?;
    Ok((vendor_name(&args.name), vendor_name(play)))
}

/// The domains that a domain is mapped to.
pub(super) async fn mapped(road: &dyn Road, domain: &str) -> Result<Vec<String>> {
    let call = Call::new(VENDOR, "DescribeLiveDomainMapping").with("DomainName", domain);
    Ok(Pages::all(call, road).await?.iter().filter_map(|domain| rows::text(domain, "DomainName")).collect())
}

async fn read(road: &dyn Road, name: &str) -> Result<Value> {
    let reply = road.read(Call::new(VENDOR, "DescribeLiveDomainDetail").with("DomainName", name)).await?;
    match reply.result.get("DomainDetail") {
        Some(detail) if detail.is_object() => Ok(detail.clone()),
        _ => Err(rows::no_domain(VENDOR, "DescribeLiveDomainDetail", name)),
    }
}

/// A row of a list item (`LiveDomainStatus`, no area) or of the detail of one domain (`DomainStatus`).
fn row(item: &Value) -> DomainRow {
    let detail = rows::text(item, "LiveDomainStatus").or_else(|| rows::text(item, "DomainStatus"));
    DomainRow {
        kind: match rows::text(item, "LiveDomainType").as_deref() {
            Some("liveVideo") => Some(DomainKind::Play),
            Some("liveEdge") => Some(DomainKind::Push),
            _ => None,
        },
        status: detail.as_deref().and_then(status),
        status_detail: detail,
        cname: rows::text(item, "Cname"),
        area: match rows::text(item, "Scope").as_deref() {
            Some("domestic") => Some(Area::Mainland),
            Some("overseas") => Some(Area::Overseas),
            Some("global") => Some(Area::Global),
            _ => None,
        },
        created_at: rows::time(item, "GmtCreated", Offset::UTC),
        ..rows::named_domain(VENDOR, &rows::text(item, "DomainName").unwrap_or_default())
    }
}

fn status(word: &str) -> Option<DomainStatus> {
    match word {
        "online" => Some(DomainStatus::Enabled),
        "offline" => Some(DomainStatus::Disabled),
        "configuring" => Some(DomainStatus::Configuring),
        "checking" => Some(DomainStatus::Checking),
        "configure_failed" | "check_failed" => Some(DomainStatus::Failed),
        _ => None,
    }
}

/// A wildcard domain as Aliyun writes it: `.example.com` for `*.example.com`.
fn vendor_name(name: &str) -> Cow<'_, str> {
    match name.strip_prefix("*.") {
        Some(rest) => Cow::Owned(format!(".{rest}")),
        None => Cow::Borrowed(name),
    }
}

fn kind_word(kind: DomainKind) -> &'static str {
    match kind {
        DomainKind::Push => "liveEdge",
        DomainKind::Play => "liveVideo",
    }
}

fn area_word(area: Area) -> &'static str {
    match area {
        Area::Mainland => "domestic",
        Area::Overseas => "overseas",
        Area::Global => "global",
    }
}

/// Complains of options that only other vendors have.
fn foreign(args: &DomainArgs) -> Complaints {
    Complaints::none().foreign("--vhost", args.vhost.as_ref(), "Volcengine").foreign(
        "--verify-owner",
        args.verify_owner.as_ref(),
        "Tencent",
    )
}

#[cfg(test)]
mod tests;
