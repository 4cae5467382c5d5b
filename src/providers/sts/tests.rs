use serde_json::json;

use super::*;
use crate::model::Method;

fn role(proof: Proof) -> Role {
    Role {
        name: "the:role/r".to_owned(),
        session_name: "s 1".to_owned(),
        external_id: Some("x".to_owned()),
        policy: Some(r#"{"Statement": []}"#.to_owned()),
        duration: Some(900),
        sts_endpoint: None,
        proof,
    }
}

fn keys() -> Proof {
    Proof::Keys(Credentials { access_key_id: "id".into(), access_key_secret: Secret::new("s"), session_token: None })
}

fn by_token() -> Role {
    let proof = Proof::Token { provider: Some("idp".to_owned()), file: "token".into() };
    Role { external_id: None, policy: None, ..role(proof) }
}

fn sent(vendor: Vendor, role: &Role, token: Option<&str>) -> Request {
    let target = Target { scheme: "https", host: host(vendor, role), region: None, signature: scheme(vendor) };
    request(vendor, role, token, &target).unwrap()
}

fn body(request: &Request) -> &str {
    std::str::from_utf8(&request.body).unwrap()
}

fn query(request: &Request) -> Vec<(&str, &str)> {
    request.query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[test]
fn keys_sign_for_a_role_in_each_vendors_own_form() {
    let tencent = sent(Vendor::Tencent, &role(keys()), None);
    assert_eq!((tencent.method, tencent.host.as_str()), (Method::Post, "sts.tencentcloudapi.com"));
    let header = |name: &str| tencent.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    assert_eq!(header("X-TC-Action"), Some("AssumeRole"));
    assert_eq!(header("X-TC-Version"), Some("2018-08-13"));
    assert_eq!(header("X-TC-Region"), Some("ap-guangzhou"));
    assert_eq!(
        serde_json::from_slice::<Value>(&tencent.body).unwrap(),
        json!({"RoleArn": "the:role/r", "RoleSessionName": "s 1", "DurationSeconds": 900, "ExternalId": "x",
            "Policy": "%7B%22Statement%22%3A%20%5B%5D%7D"})
    );
    let aliyun = sent(Vendor::Aliyun, &role(keys()), None);
    assert_eq!((aliyun.method, aliyun.host.as_str()), (Method::Post, "sts.aliyuncs.com"));
    assert_eq!(query(&aliyun), [("Action", "AssumeRole"), ("Version", "2015-04-01"), ("Format", "JSON")]);
    assert_eq!(
        body(&aliyun),
        "RoleArn=the%3Arole%2Fr&RoleSessionName=s%201&DurationSeconds=900&Policy=%7B%22Statement%22%3A%20%5B%5D%7D&ExternalId=x"
    );
    let volcengine = sent(Vendor::Volcengine, &Role { external_id: None, ..role(keys()) }, None);
    assert_eq!((volcengine.method, volcengine.host.as_str()), (Method::Get, "open.volcengineapi.com"));
    assert_eq!(
        query(&volcengine),
        [
            ("Action", "AssumeRole"),
            ("Version", "2018-01-01"),
            ("RoleTrn", "the:role/r"),
            ("RoleSessionName", "s 1"),
            ("DurationSeconds", "900"),
            ("Policy", r#"{"Statement": []}"#)
        ]
    );
    assert_eq!(body(&volcengine), "");
}

#[test]
fn a_token_proves_the_right_in_each_vendors_own_form() {
    let tencent = sent(Vendor::Tencent, &by_token(), Some("jwt"));
    assert_eq!(
        serde_json::from_slice::<Value>(&tencent.body).unwrap(),
        json!({"RoleArn": "the:role/r", "RoleSessionName": "s 1", "DurationSeconds": 900, "ProviderId": "idp",
            "WebIdentityToken": "jwt"})
    );
    let aliyun = sent(Vendor::Aliyun, &by_token(), Some("jwt"));
    assert_eq!(query(&aliyun)[0], ("Action", "AssumeRoleWithOIDC"));
    assert_eq!(
        body(&aliyun),
        "RoleArn=the%3Arole%2Fr&RoleSessionName=s%201&DurationSeconds=900&OIDCProviderArn=idp&OIDCToken=jwt"
    );
    let volcengine = sent(Vendor::Volcengine, &by_token(), Some("jwt"));
    assert_eq!((volcengine.method, volcengine.host.as_str()), (Method::Post, "sts.volcengineapi.com"));
    assert_eq!(query(&volcengine), [("Action", "AssumeRoleWithOIDC"), ("Version", "2018-01-01")]);
    assert_eq!(body(&volcengine), "RoleTrn=the%3Arole%2Fr&RoleSessionName=s%201&DurationSeconds=900&OIDCToken=jwt");
}

fn read(vendor: Vendor, result: Value) -> Result<Granted, Error> {
    granted(vendor, "AssumeRole", &Reply { result, request_id: Some("r-1".to_owned()), body: String::new() })
}

#[test]
fn what_was_granted_is_read() {
    // The answers of the references: Tencent's example, and the members of the SDKs' models.
    let tencent = json!({"ExpiredTime": 1_543_914_376, "Expiration": "2018-12-04T09:06:16Z", "Credentials":
        {"Token": "t", "TmpSecretId": "i", "TmpSecretKey": "k"}});
    let aliyun = json!({"Credentials": {"SecurityToken": "t", "Expiration": "2018-12-04T09:06:16Z",
        "AccessKeySecret": "k", "AccessKeyId": "i"}, "AssumedRoleUser": {}});
    let volcengine = |name: &str| {
        json!({"Credentials": {"CurrentTime": "2018-12-04T16:06:16+08:00", name: "2018-12-04T17:06:16+08:00",
            "AccessKeyId": "i", "SecretAccessKey": "k", "SessionToken": "t"}})
    };
    for (vendor, answer) in [
        (Vendor::Tencent, tencent),
        (Vendor::Aliyun, aliyun),
        (Vendor::Volcengine, volcengine("ExpiredTime")),
        (Vendor::Volcengine, volcengine("Expiration")),
    ] {
        let granted = read(vendor, answer).unwrap();
        assert_eq!(granted.expires_at.to_string(), "2018-12-04T09:06:16Z", "{vendor}");
        let Credentials { access_key_id, access_key_secret, session_token } = granted.credentials;
        let token = session_token.unwrap();
        assert_eq!((access_key_id.as_str(), access_key_secret.expose(), token.expose()), ("i", "k", "t"));
    }
}

#[test]
fn half_an_answer_is_told_without_what_is_in_it() {
    for (result, word) in [
        (json!({"RequestId": "x"}), "no `Credentials`"),
        (json!({"Credentials": {"AccessKeyId": "i", "AccessKeySecret": "hush"}}), "no `SecurityToken`"),
        (
            json!({"Credentials": {"AccessKeyId": "i", "AccessKeySecret": "hush", "SecurityToken": "t"}}),
            "no `Expiration`",
        ),
        (
            json!({"Credentials": {"AccessKeyId": "i\r\nX: hush", "AccessKeySecret": "k", "SecurityToken": "t"}}),
            "`AccessKeyId`",
        ),
        (
            json!({"Credentials": {"AccessKeyId": "i", "AccessKeySecret": "hush\u{0}", "SecurityToken": "t"}}),
            "a line break",
        ),
        (
            json!({"Credentials": {"AccessKeyId": "i", "AccessKeySecret": "k", "SecurityToken": "hush\u{e9}"}}),
            "not ASCII",
        ),
        (
            json!({"Credentials": {"AccessKeyId": "i", "AccessKeySecret": "hush", "SecurityToken": "t", "Expiration": "soon"}}),
            "`Expiration` of the answer is no time",
        ),
    ] {
        let error = read(Vendor::Aliyun, result).unwrap_err();
        assert_eq!(error.class(), Class::Vendor);
        assert!(error.to_string().contains(word) && !error.to_string().contains("hush"), "{error}");
    }
}
