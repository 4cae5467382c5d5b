//! `cert` on Volcengine Live: certificates, which go by the id of their chain.

use serde_json::Value;

use crate::error::{Class, Error};
use crate::model::time::BEIJING;
use crate::model::{Answer, Call, CertArgs, CertRow, CertVerb, Item, Road, Support, Vendor};
use crate::providers::intent::Complaints;
use crate::providers::{rows, walk};

const VENDOR: Vendor = Vendor::Volcengine;

pub(super) fn support(verb: CertVerb) -> Support<CertArgs> {
    match verb {
        CertVerb::List => Support::Does(|road, args| Box::pin(list(road, args))),
        CertVerb::Show => Support::Does(|road, args| Box::pin(show(road, args))),
    }
}

async fn list(road: &dyn Road, args: &CertArgs) -> Result<Answer, Error> {
    let call = Call::new(VENDOR, "ListCertV2").with_some("Domain", args.domain.as_deref());
    walk::emit_listing(road, call, |raw| Some(item(raw, ""))).await
}

async fn show(road: &dyn Road, args: &CertArgs) -> Result<Answer, Error> {
    let id = args.id.as_deref().unwrap_or_default();
    Complaints::none().need("ID", !id.is_empty()).refuse("showing a certificate", Some(WHICH_ID))?;
    let call = |param: &str| Call::new(VENDOR, "DescribeCertDetailSecretV2").with(param, id);
    let reply = match road.read(call("ChainID")).await {
        // A certificate has an id of its own beside that of its chain.
        Err(error) if is_unknown(&error) => road.read(call("CertID")).await.map_err(|_| error),
        found => found,
    };
    Ok(Answer::One(item(reply?.result, id)))
}

/// Whether the vendor knows no such id: another account's is forbidden.
fn is_unknown(error: &Error) -> bool {
    error.class() == Class::NotFound || error.details().code.as_deref() == Some("RequestForbidden")
}

const WHICH_ID: &str = "on Volcengine a certificate goes by its ChainID, the `id` of `livectl cert list`";

/// A certificate's row. `asked` is its id where the answer does not repeat it.
fn item(raw: Value, asked: &str) -> Item {
    let id = rows::text(&raw, "ChainID").or_else(|| rows::text(&raw, "CertID"));
    let domains = raw.get("CertDomainList").filter(|list| !list.is_null());
    let row = CertRow {
        vendor: VENDOR,
        profile: None,
        id: id.unwrap_or_else(|| asked.to_owned()),
        name: rows::text(&raw, "CertName"),
        domains: domains.map(|_| rows::texts(&raw, "CertDomainList")),
        issuer: None,
        not_after: rows::time(&raw, "NotAfter", BEIJING),
    };
    Item { row: rows::row(&row), raw }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::providers::script::Script;

    fn chain() -> Value {
        json!({"ChainID": "chain-1", "CertID": "cert-1", "CertName": "films", "CertDomainList": ["play.example.com"],
               "NotAfter": "2026-05-08T11:54:18+08:00", "Status": "OK"})
    }

    fn row() -> Value {
        json!({"vendor": "volcengine", "profile": null, "id": "chain-1", "name": "films",
               "domains": ["play.example.com"], "issuer": null, "not_after": "2026-05-08T03:54:18Z"})
    }

    #[test]
    fn certificates_are_listed_by_their_chains() {
        let script = Script::new(VENDOR).answers(
            "ListCertV2",
            json!({"Domain": "play.example.com", "PageNum": 1}),
            json!({"CertList": [chain(), {"CertID": "cert-2", "CertDomainList": null}], "Total": 2}),
        );
        let args = CertArgs { domain: Some("play.example.com".into()), ..CertArgs::default() };
        let rows = script.rows(list(&script, &args));
        assert_eq!(rows[0], row());
        assert_eq!((&rows[1]["id"], &rows[1]["domains"]), (&json!("cert-2"), &Value::Null));
    }

    #[test]
    fn one_is_shown_by_its_chain() {
        let mut answer = chain();
        answer["SSL"] = json!({"Chain": ["-----BEGIN CERTIFICATE-----"], "KeyType": "RSA"});
        let script = Script::new(VENDOR).answers("DescribeCertDetailSecretV2", json!({"ChainID": "chain-1"}), answer);
        let args = CertArgs { id: Some("chain-1".into()), ..CertArgs::default() };
        assert_eq!(script.rows(show(&script, &args))[0], row());

        let missing = || Error::new(Class::NotFound, "no such chain");
        let script = Script::new(VENDOR)
            .fails("DescribeCertDetailSecretV2", json!({"ChainID": "cert-1"}), missing())
            .answers("DescribeCertDetailSecretV2", json!({"CertID": "cert-1"}), chain());
        let own = CertArgs { id: Some("cert-1".into()), ..CertArgs::default() };
        assert_eq!(script.rows(show(&script, &own))[0], row());
        let script = Script::new(VENDOR)
            .fails("DescribeCertDetailSecretV2", json!({"ChainID": "cert-1"}), missing())
            .fails("DescribeCertDetailSecretV2", json!({"CertID": "cert-1"}), Error::new(Class::NotFound, "other"));
        assert_eq!(script.run(show(&script, &own)).unwrap_err().to_string(), "no such chain");

        let error = script.run(show(&script, &CertArgs::default())).unwrap_err();
        assert_eq!(error.details().faults[0].option, "ID");
    }
}
