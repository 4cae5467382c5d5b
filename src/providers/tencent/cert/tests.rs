use serde_json::json;

use super::*;
use crate::providers::script::Script;

/// The certificate of the reference's example.
fn certificate() -> Value {
    json!({"CertId": 1000, "CertName": "testName", "Description": "testDesc", "CreateTime": "2018-11-30T15:50:12Z",
           "CertType": 0, "CertExpireTime": "2018-12-30T15:50:12Z", "DomainList": ["5000.livepush.play.com"],
           "HttpsCrt": "xxx"})
}

fn row() -> Value {
    json!({"vendor": "tencent", "profile": null, "id": "1000", "name": "testName",
           "domains": ["5000.livepush.play.com"], "issuer": null, "not_after": "2018-12-30T07:50:12Z"})
}

#[test]
fn certificates_are_listed_by_domain() {
    for (domain, expected) in
        [(None, json!([row()])), (Some("5000.livepush.play.com"), json!([row()])), (Some("other"), json!([]))]
    {
        let script =
            Script::new(VENDOR).answers("DescribeLiveCerts", json!({}), json!({"CertInfoSet": [certificate()]}));
        let args = CertArgs { domain: domain.map(str::to_owned), ..CertArgs::default() };
        assert_eq!(script.rows(list(&script, &args)), expected);
    }
}

#[test]
fn one_certificate_is_shown_by_its_number() {
    let shown = |answer: Value| {
        Script::new(VENDOR).answers("DescribeLiveCert", json!({"CertId": 1000}), json!({ "CertInfo": answer }))
    };
    let args = |id: &str| CertArgs { id: Some(id.into()), ..CertArgs::default() };
    let script = shown(certificate());
    assert_eq!(script.rows(show(&script, &args("1000"))), json!([row()]));
    let script = shown(json!(null));
    assert_eq!(script.run(show(&script, &args("1000"))).unwrap_err().class(), Class::NotFound);
    assert_eq!(script.run(show(&script, &args("play.example.com"))).unwrap_err().class(), Class::Usage);
}
