//! `domain` on Tencent Cloud CSS.
//!
//! Kinds, states and areas are numbers there: `DomainType` and `Type` 0 push, 1 play; `Status` 0 disabled,
//! 1 enabled; `PlayType` 1 mainland, 2 global, 3 overseas, of playback domains only.

mod ownership;

use serde_json::Value;

use crate::error::{Class, Error, Result};
use crate::model::time::BEIJING;
use crate::model::{
    Answer, Area, Call, DomainArgs, DomainConfigArgs, DomainConfigVerb, DomainKind, DomainRow, DomainStatus,
    DomainVerb, Item, Road, Support, Vendor,
};
use crate::providers::intent::{Complaints, word};
use crate::providers::{change, rows, walk};

const VENDOR: Vendor = Vendor::Tencent;

pub(super) fn support(verb: DomainVerb) -> Support<DomainArgs> {
    match verb {
        DomainVerb::List => Support::Does(|road, args| Box::pin(list(road, args))),
        DomainVerb::Show => Support::Does(|road, args| Box::pin(show(road, args))),
        DomainVerb::Add => Support::Does(|road, args| Box::pin(add(road, args))),
        DomainVerb::Enable => Support::Does(|road, args| Box::pin(turn(road, args, DomainStatus::Enabled))),
        DomainVerb::Disable => Support::Does(|road, args| Box::pin(turn(road, args, DomainStatus::Disabled))),
        DomainVerb::Delete => Support::Does(|road, args| Box::pin(delete(road, args))),
        DomainVerb::Map | DomainVerb::Unmap => Support::Cannot {
            why: "Tencent's push and playback domains of an account work together without a mapping",
            instead: None,
        },
    }
}

pub(super) fn config(verb: DomainConfigVerb) -> Support<DomainConfigArgs> {
    match verb {
        DomainConfigVerb::Show | DomainConfigVerb::Set | DomainConfigVerb::Delete => Support::Cannot {
            why: "Tencent has an Action for each setting of a domain, and no list of functions",
            instead: Some("livectl auth referer set --domain DOMAIN"),
        },
    }
}

async fn list(road: &dyn Road, args: &DomainArgs) -> Result<Answer> {
    walk::emit_listing(road, list_call(args)?, |raw| Some(item(raw))).await
}

/// The listing with its filters. `PlayType` counts only beside `DomainType` 1.
fn list_call(args: &DomainArgs) -> Result<Call> {
    let status = args.status.map(|status| match status {
        DomainStatus::Disabled => Ok(0),
        DomainStatus::Enabled => Ok(1),
        other => Err(word(&other)),
    });
    let push_area = args.area.filter(|_| args.kind == Some(DomainKind::Push));
    foreign(args)
        .wrong("--status", status.clone().and_then(Result::err), "enabled or disabled on Tencent")
        .wrong("--area", push_area.map(|area| word(&area)), "none beside --type push: only playback domains have one")
        .refuse("listing domains", None)?;
    let kind = args.kind.or(args.area.map(|_| DomainKind::Play));
    Ok(Call::new(VENDOR, "DescribeLiveDomains")
        .with_some("DomainStatus", status.and_then(Result::ok))
        .with_some("DomainType", kind.map(kind_number))
        .with_some("PlayType", args.area.map(area_number)))
}

async fn show(road: &dyn Road, args: &DomainArgs) -> Result<Answer> {
    Ok(Answer::One(item(read(road, &args.name).await?)))
}

async fn add(road: &dyn Road, args: &DomainArgs) -> Result<Answer> {
    foreign(args).need("--type", args.kind.is_some()).refuse(
        &format!("adding the domain `{}`", args.name),
        args.kind.is_none().then_some("use `--type push` or `--type play`"),
    )?;
    let area = args.area.filter(|_| args.kind == Some(DomainKind::Play));
    if area != args.area {
        road.note("Tencent's push domains have no area: --area is not sent");
    }
    let call = Call::new(VENDOR, "AddLiveDomain")
        .with("DomainName", args.name.as_str())
        .with_some("DomainType", args.kind.map(kind_number))
        .with_some("PlayType", area.map(area_number))
        .with_some("VerifyOwnerType", args.verify_owner.as_deref());
    let wanted = DomainRow { kind: args.kind, area, ..rows::named_domain(VENDOR, &args.name) };
    let changes = rows::created(&rows::row(&wanted), &["name", "type", "area"]);
    match change::send(road, call.clone(), &args.name, &args.name, changes.clone()).await {
        Err(refusal) if ownership::is_unproven(&refusal) => ownership::prove(road, args, refusal, call, changes).await,
        answer => answer,
    }
}

async fn turn(road: &dyn Road, args: &DomainArgs, wanted: DomainStatus) -> Result<Answer> {
    let name = args.name.as_str();
    let before = DomainRow { name: name.to_owned(), ..row(&read(road, name).await?) };
    let action = if wanted == DomainStatus::Enabled { "EnableLiveDomain" } else { "ForbidLiveDomain" };
    change::turn(road, &before, wanted, Call::new(VENDOR, action).with("DomainName", name)).await
}

async fn delete(road: &dyn Road, args: &DomainArgs) -> Result<Answer> {
    let name = args.name.as_str();
    let before = match args.kind {
        Some(kind) => DomainRow { kind: Some(kind), ..rows::named_domain(VENDOR, name) },
        None => DomainRow { name: name.to_owned(), ..row(&read(road, name).await?) },
    };
    let Some(kind) = before.kind else {
        let message = format!("deleting the domain `{name}`: Tencent does not tell whether it is push or playback");
        return Err(Error::new(Class::Vendor, message).hint("say it yourself: `--type push` or `--type play`"));
    };
    road.confirm(&format!("delete the {}", rows::domain_title(&before)))?;
    let call = Call::new(VENDOR, "DeleteLiveDomain").with("DomainName", name).with("DomainType", kind_number(kind));
    let changes = rows::removed(&rows::row(&before), &["name", "type", "status", "area"]);
    change::send(road, call, name, name, changes).await
}

/// Reads one domain; an answer without it means that there is none.
async fn read(road: &dyn Road, name: &str) -> Result<Value> {
    let reply = road.read(Call::new(VENDOR, "DescribeLiveDomain").with("DomainName", name)).await?;
    match reply.result.get("DomainInfo") {
        Some(info) if info.is_object() => Ok(info.clone()),
        _ => Err(rows::no_domain(VENDOR, "DescribeLiveDomain", name)),
    }
}

fn item(raw: Value) -> Item {
    Item { row: rows::row(&row(&raw)), raw }
}

fn row(info: &Value) -> DomainRow {
    let kind = match rows::number(info, "Type") {
        Some(0) => Some(DomainKind::Push),
        Some(1) => Some(DomainKind::Play),
        _ => None,
    };
    let area = match rows::number(info, "PlayType") {
        Some(1) => Some(Area::Mainland),
        Some(2) => Some(Area::Global),
        Some(3) => Some(Area::Overseas),
        _ => None,
    };
    let status = match rows::number(info, "Status") {
        Some(0) => Some(DomainStatus::Disabled),
        Some(1) => Some(DomainStatus::Enabled),
        _ => None,
    };
    DomainRow {
        kind,
        status,
        status_detail: rows::text(info, "Status"),
        cname: rows::text(info, "TargetDomain"),
        cname_ok: rows::flag(info, "BCName"),
        area: area.filter(|_| kind != Some(DomainKind::Push)),
        created_at: rows::time(info, "CreateTime", BEIJING),
        ..rows::named_domain(VENDOR, &rows::text(info, "Name").unwrap_or_default())
    }
}

fn kind_number(kind: DomainKind) -> u8 {
    match kind {
        DomainKind::Push => 0,
        DomainKind::Play => 1,
    }
}

fn area_number(area: Area) -> u8 {
    match area {
        Area::Mainland => 1,
        Area::Global => 2,
        Area::Overseas => 3,
    }
}

/// Complains of options that only other vendors have.
fn foreign(args: &DomainArgs) -> Complaints {
    Complaints::none().foreign("--domain-region", args.domain_region.as_ref(), "Aliyun").foreign(
        "--vhost",
        args.vhost.as_ref(),
        "Volcengine",
    )
}

#[cfg(test)]
mod tests;
