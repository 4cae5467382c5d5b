//! `cert` on Alibaba Cloud ApsaraVideo Live: certificates, which are addressed by their names.

use jiff::tz::Offset;
use serde_json::Value;

use crate::error::Result;
use crate::model::{Answer, Call, CertArgs, CertRow, CertVerb, Item, Road, Support, Vendor};
use crate::providers::intent::Complaints;
use crate::providers::paging::Pages;
use crate::providers::{rows, walk};

const VENDOR: Vendor = Vendor::Aliyun;

pub(super) fn support(verb: CertVerb) -> Support<CertArgs> {
    match verb {
        CertVerb::List => Support::Does(|road, args| Box::pin(list(road, args))),
        CertVerb::Show => Support::Does(|road, args| Box::pin(show(road, args))),
    }
}

async fn list(road: &dyn Road, args: &CertArgs) -> Result<Answer> {
    let call = listing().with_some("DomainName", args.domain.as_deref());
    walk::emit_listing(road, call, |raw| Some(Item { row: rows::row(&row(&raw)), raw })).await
}

fn listing() -> Call {
    Call::new(VENDOR, "DescribeLiveCertificateList")
}

async fn show(road: &dyn Road, args: &CertArgs) -> Result<Answer> {
    Complaints::none().need("ID", args.id.is_some()).refuse("showing a certificate", None)?;
    let name = args.id.as_deref().unwrap_or_default();
    let detail = road.read(Call::new(VENDOR, "DescribeLiveCertificateDetail").with("CertName", name)).await?.result;
    // The detail tells the text and no more: who issued it, and until when it lasts, stands in the list.
    let told = rows::text(&detail, "CertName").unwrap_or_else(|| name.to_owned());
    let all = Pages::all(listing(), road).await?;
    let listed = all.iter().find(|item| rows::text(item, "CertName").as_ref() == Some(&told));
    let row = CertRow { id: told.clone(), name: Some(told), ..row(listed.unwrap_or(&Value::Null)) };
    Ok(Answer::One(Item { row: rows::row(&row), raw: detail }))
}

fn row(item: &Value) -> CertRow {
    let name = rows::text(item, "CertName");
    CertRow {
        vendor: VENDOR,
        profile: None,
        id: name.clone().unwrap_or_default(),
        name,
        domains: rows::text(item, "Common").map(|domain| vec![domain]),
        issuer: rows::text(item, "Issuer"),
        not_after: rows::time(item, "LastTime", Offset::UTC),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::error::Class;
    use crate::providers::script::Script;

    fn certificates() -> Value {
        json!({"CertificateListModel": {"Count": 2, "CertList": {"Cert": [
            {"CertName": "a", "CertId": 7, "Fingerprint": "F", "Common": "play.example.com", "Issuer": "CA",
             "LastTime": 1_683_590_400},
            {"CertName": "b", "CertId": 0, "Fingerprint": "", "Common": "", "Issuer": "", "LastTime": 0},
        ]}}})
    }

    fn first() -> Value {
        json!({"vendor": "aliyun", "profile": null, "id": "a", "name": "a", "domains": ["play.example.com"],
               "issuer": "CA", "not_after": "2023-05-09T00:00:00Z"})
    }

    #[test]
    fn certificates_are_rows_and_what_is_not_told_is_null() {
        let script = Script::new(VENDOR).answers(
            "DescribeLiveCertificateList",
            json!({"DomainName": "play.example.com"}),
            certificates(),
        );
        let asked = CertArgs { domain: Some("play.example.com".into()), ..CertArgs::default() };
        let none = json!({"vendor": "aliyun", "profile": null, "id": "b", "name": "b", "domains": null,
                          "issuer": null, "not_after": null});
        assert_eq!(script.rows(list(&script, &asked)), json!([first(), none]));
    }

    #[test]
    fn one_is_shown_by_its_name() {
        let detail = json!({"CertName": "a", "CertId": 7, "Cert": "-----BEGIN CERTIFICATE-----"});
        let script = Script::new(VENDOR)
            .answers("DescribeLiveCertificateDetail", json!({"CertName": "a"}), detail)
            .answers("DescribeLiveCertificateList", json!({}), certificates());
        let asked = CertArgs { id: Some("a".into()), ..CertArgs::default() };
        assert_eq!(script.rows(show(&script, &asked)), json!([first()]));
        let script = Script::new(VENDOR);
        assert_eq!(script.run(show(&script, &CertArgs::default())).unwrap_err().class(), Class::Usage);
    }
}
