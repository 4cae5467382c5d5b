//! `cert` on Tencent Cloud CSS: the certificates that its domains use or may use.

use serde_json::Value;

use crate::error::{Class, Error, Result};
use crate::model::time::to_row;
use crate::model::{Answer, Call, CertArgs, CertRow, CertVerb, Item, Road, Support, Vendor};
use crate::providers::intent::Complaints;
use crate::providers::{rows, walk};

const VENDOR: Vendor = Vendor::Tencent;

pub(super) fn support(verb: CertVerb) -> Support<CertArgs> {
    match verb {
        CertVerb::List => Support::Does(|road, args| Box::pin(list(road, args))),
        CertVerb::Show => Support::Does(|road, args| Box::pin(show(road, args))),
    }
}

async fn list(road: &dyn Road, args: &CertArgs) -> Result<Answer> {
    let of_domain = |raw: &Value| {
        args.domain.as_ref().is_none_or(|domain| rows::texts(raw, "DomainList").iter().any(|one| one == domain))
    };
    let item = |raw: Value| of_domain(&raw).then(|| item(raw));
    walk::emit_listing(road, Call::new(VENDOR, "DescribeLiveCerts"), item).await
}

async fn show(road: &dyn Road, args: &CertArgs) -> Result<Answer> {
    let id = args.id.as_deref().unwrap_or_default();
    let doing = format!("reading the certificate `{id}`");
    let number = id.parse::<u64>();
    Complaints::none()
        .wrong("ID", number.is_err().then_some(id), "a certificate's id, a number")
        .refuse(&doing, None)?;
    let reply = road.read(Call::new(VENDOR, "DescribeLiveCert").with("CertId", number.unwrap_or_default())).await?;
    match reply.result.get("CertInfo") {
        Some(raw) if raw.is_object() => Ok(Answer::One(item(raw.clone()))),
        _ => Err(Error::new(Class::NotFound, format!("{doing}: it is not in this account"))),
    }
}

fn item(raw: Value) -> Item {
    let row = CertRow {
        vendor: VENDOR,
        profile: None,
        id: rows::text(&raw, "CertId").unwrap_or_default(),
        name: rows::text(&raw, "CertName"),
        domains: Some(rows::texts(&raw, "DomainList")),
        issuer: None,
        not_after: rows::beijing_digits(&raw, "CertExpireTime").map(to_row),
    };
    Item { row: rows::row(&row), raw }
}

#[cfg(test)]
mod tests;
