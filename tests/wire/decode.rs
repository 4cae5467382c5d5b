//! Answers to replies, refusals and unreadable answers.

use livectl::error::{Class, Error, Outcome};
use livectl::model::{Reading, Reply, Response, Vendor};
use livectl::providers::{catalog, provider};
use proptest::prelude::{any, prop_assert, proptest};
use serde_json::{Value, json};

use super::response;

const JSON: &str = "application/json";

/// An answer as it is read whole. Read for its verdict only, it must come to the same, but where nobody can read it.
fn decoded(vendor: Vendor, action: &str, response: &Response) -> Result<Reply, Error> {
    let read = |reading| provider(vendor).decode(action, response, reading);
    let (whole, verdict) = (read(Reading::Members), read(Reading::Verdict));
    match &whole {
        Ok(reply) => {
            let verdict = verdict.unwrap();
            assert_eq!((verdict.request_id, verdict.body), (reply.request_id.clone(), reply.body.clone()), "{action}");
        }
        Err(error) if error.details().code.is_some() => assert_eq!(verdict.unwrap_err(), *error, "{action}"),
        Err(_) => {}
    }
    whole
}

fn refused(vendor: Vendor, action: &str, status: u16, body: &str) -> Error {
    decoded(vendor, action, &response(status, JSON, body)).unwrap_err()
}

#[test]
fn every_example_answer_is_read_and_kept_whole() {
    for vendor in Vendor::ALL {
        let mut read = 0;
        for action in catalog::action_names(vendor) {
            let Some(example) = catalog::example(vendor, action).filter(|example| !example.response.is_empty()) else {
                continue;
            };
            let reply = decoded(vendor, action, &response(200, JSON, example.response));
            let reply = reply.unwrap_or_else(|e| panic!("{action}: {e}"));
            assert_eq!(reply.body, example.response);
            let whole: Value = serde_json::from_str(example.response).unwrap();
            let expected = match vendor {
                Vendor::Tencent => whole["Response"].clone(),
                Vendor::Aliyun => whole.clone(),
                Vendor::Volcengine => whole["Result"].clone(),
            };
            assert_eq!(reply.result, expected, "{action}");
            assert!(reply.request_id.is_some(), "{action} has no request id");
            read += 1;
        }
        assert!(read >= 3, "{vendor}: {read} examples");
    }
}

#[test]
fn tencent_refuses_inside_a_good_status() {
    let body = r#"{"Response":{"Error":{"Code":"InvalidParameter.DomainAlreadyExist",
        "Message":"The domain already exists."},"RequestId":"ed93f3cb"}}"#;
    let error = refused(Vendor::Tencent, "AddLiveDomain", 200, body);
    let details = error.details();
    assert_eq!(error.to_string(), "AddLiveDomain: exists already: The domain already exists");
    assert_eq!(details.class, Class::Conflict);
    assert_eq!((details.vendor, details.action.as_deref()), (Some(Vendor::Tencent), Some("AddLiveDomain")));
    assert_eq!(details.code.as_deref(), Some("InvalidParameter.DomainAlreadyExist"));
    assert_eq!((details.request_id.as_deref(), details.http_status), (Some("ed93f3cb"), Some(200)));
    assert_eq!((details.retryable, details.already_exists), (Some(false), true));
    assert_eq!(details.outcome, Some(Outcome::Refused));
}

#[test]
fn volcengine_refuses_whatever_the_status_and_whatever_code_n() {
    for (status, code_n) in [(200, json!(0)), (200, json!(null)), (500, json!(100_014))] {
        let error = json!({"Code": "CommonErr", "CodeN": code_n, "Message": "x"});
        let body = json!({"ResponseMetadata": {"RequestId": "r", "Error": error}}).to_string();
        let error = refused(Vendor::Volcengine, "UpdateEncryptHLS", status, &body);
        let details = error.details();
        assert_eq!((details.class, details.code.as_deref()), (Class::Vendor, Some("CommonErr")));
        // A server's failure leaves open what happened.
        assert_eq!((details.retryable, details.outcome), (Some(true), None));
    }
    let body = r#"{"ResponseMetadata":{"RequestId":"r","Action":"X"}}"#;
    assert_eq!(refused(Vendor::Volcengine, "X", 503, body).class(), Class::Vendor);
}

#[test]
fn volcengine_may_refuse_once_more_inside_the_result() {
    let body = r#"{"ResponseMetadata":{"RequestId":"r"},"Result":{"Code":4001,"Message":"no such task"}}"#;
    let error = refused(Vendor::Volcengine, "DeleteCloudMixTask", 200, body);
    assert_eq!(error.details().code.as_deref(), Some("4001"));
    assert!(error.to_string().ends_with("no such task"), "{error}");
    for (action, code) in [("DeleteCloudMixTask", 0), ("DescribeEncryptHLS", 4001)] {
        let body = json!({"ResponseMetadata": {"RequestId": "r"}, "Result": {"Code": code}}).to_string();
        assert!(decoded(Vendor::Volcengine, action, &response(200, JSON, body)).is_ok(), "{action}");
    }
}

#[test]
fn volcengine_without_a_result_is_success() {
    // The answer on the reference page of UpdateEncryptHLS.
    let body = r#"{"ResponseMetadata":{"RequestId":"20230604110420","Action":"UpdateEncryptHLS",
        "Version":"2023-01-01","Service":"live","Region":"cn-north-1"}}"#;
    let reply = decoded(Vendor::Volcengine, "UpdateEncryptHLS", &response(200, JSON, body)).unwrap();
    assert_eq!((reply.result, reply.request_id.as_deref()), (Value::Null, Some("20230604110420")));
}

#[test]
fn aliyun_refuses_in_json_and_in_xml() {
    let json = r#"{"Code":"InvalidDomain.NotFound","HostId":"live.aliyuncs.com","Message":"gone","RequestId":"6EBD"}"#;
    let xml = "<?xml version='1.0' encoding='UTF-8'?><Error><RequestId>6EBD</RequestId>\
        <HostId>live.aliyuncs.com</HostId><Code>InvalidDomain.NotFound</Code><Message>gone</Message></Error>";
    let commented = xml.replace("Domain.Not", "Domain.<!-- an edge's -->Not");
    for body in [json, xml, &commented] {
        let error = refused(Vendor::Aliyun, "DescribeLiveDomainDetail", 404, body);
        let details = error.details();
        assert_eq!(error.to_string(), "DescribeLiveDomainDetail: not found: gone");
        assert_eq!((details.class, details.request_id.as_deref()), (Class::NotFound, Some("6EBD")));
        assert_eq!(details.outcome, Some(Outcome::Refused));
    }
}

#[test]
fn aliyun_xml_that_wants_to_hurt_is_not_parsed() {
    let bomb = "<!DOCTYPE e [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><Error><Code>&b;</Code></Error>".to_owned();
    let deep = "<Error>".repeat(5000) + "<Code>X</Code>" + &"</Error>".repeat(5000);
    let long = format!("<Error><Code>X</Code><Message>{}</Message></Error>", "m".repeat(70_000));
    let hidden = "<Error>".to_owned() + &"<a><![CDATA[</a>]]>".repeat(2500) + &"</a>".repeat(2500);
    let hidden = hidden + "<Code>X</Code></Error>";
    for body in [bomb, deep, long, hidden] {
        let error = refused(Vendor::Aliyun, "DescribeLiveDomainDetail", 400, &body);
        assert_eq!((error.class(), error.details().code.as_deref()), (Class::Vendor, None));
        assert!(error.to_string().contains("XML"), "{error}");
    }
}

#[test]
fn aliyun_actions_that_answer_with_a_code_are_believed() {
    let body = r#"{"Code":"OK","Message":"","RequestId":"r"}"#;
    let decode = |action: &str, body: &str| decoded(Vendor::Aliyun, action, &response(200, JSON, body));
    assert!(decode("DeleteLiveStreamRecordIndexFiles", body).is_ok());
    let error = decode("AddLiveDomain", r#"{"Code":"Throttling.User","Message":"slow","RequestId":"r"}"#).unwrap_err();
    assert_eq!((error.class(), error.details().retryable), (Class::Throttled, Some(true)));
}

#[test]
fn an_error_in_another_shape_is_no_success() {
    let tencent = r#"{"Response":{"Error":"boom","RequestId":"r"}}"#;
    let volcengine = r#"{"ResponseMetadata":{"RequestId":"r","Error":["boom"]},"Result":{}}"#;
    for (vendor, body) in [(Vendor::Tencent, tencent), (Vendor::Volcengine, volcengine)] {
        let error = refused(vendor, "DescribeX", 200, body);
        assert_eq!(error.class(), Class::Vendor);
        assert!(error.to_string().contains("the `Error` in the answer is no object"), "{error}");
    }
    let none = r#"{"Response":{"Error":null,"RequestId":"r"}}"#;
    assert!(decoded(Vendor::Tencent, "DescribeX", &response(200, JSON, none)).is_ok());
}

#[test]
fn what_nobody_can_read_is_told_as_what_it_is() {
    let deep = format!("{}{}", "[".repeat(300), "]".repeat(300));
    let page = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head></html>";
    let cases: [(u16, &str, &[u8], &str); 9] = [
        (
            502,
            "text/html",
            page.as_bytes(),
            "HTTP 502, a web page came in place of the vendor's answer: `502 Bad Gateway`",
        ),
        (200, "text/html", b"<body>Log in here", "a web page came in place of the vendor's answer: `Log in here`"),
        (200, JSON, b"", "the answer is empty"),
        (200, JSON, b" \n", "the answer is empty"),
        (
            200,
            JSON,
            br#"{"Response":{"Key":"secr"#,
            r#"JSON that is cut off after 24 bytes; it begins `{"Response":{"Key":"…`"#,
        ),
        (200, JSON, b"null", "the answer is `null` where a JSON object belongs"),
        (200, JSON, deep.as_bytes(), "JSON nested too deeply"),
        (200, "text/plain; charset=gbk", b"\xc4\xe3\xba\xc3", "not UTF-8 from byte 0 on (it says gbk)"),
        (
            503,
            "text/plain",
            b"upstream\x1b[31m busy",
            r"HTTP 503, the answer is not JSON (line 1, column 1); it begins `upstream\u{1b}[31m busy`",
        ),
    ];
    for vendor in Vendor::ALL {
        for (status, kind, body, cause) in cases {
            let error = decoded(vendor, "DescribeX", &response(status, kind, body)).unwrap_err();
            assert!(error.to_string().contains(cause), "{vendor}: {error}");
            let details = error.details();
            assert_eq!((details.class, details.http_status), (Class::Vendor, Some(status)));
            assert_eq!((details.outcome, details.retryable), (None, Some(status >= 500)));
            assert!(!error.to_string().contains("secr"));
        }
        let error = decoded(vendor, "DescribeX", &response(429, "text/plain", "slow down")).unwrap_err();
        assert_eq!((error.class(), error.details().retryable), (Class::Throttled, Some(true)));
        let error = decoded(vendor, "DescribeX", &response(302, "text/html", "")).unwrap_err();
        assert!(error.details().hints[0].contains("redirects"), "{error}");
    }
}

#[test]
fn numbers_keep_their_digits() {
    let body = r#"{"Response":{"Big":18446744073709551615,"Low":-9223372036854775808,"F":1.5,"RequestId":"r"}}"#;
    let reply = decoded(Vendor::Tencent, "DescribeX", &response(200, JSON, body)).unwrap();
    assert_eq!(reply.result["Big"].as_u64(), Some(u64::MAX));
    assert_eq!(reply.result["Low"].as_i64(), Some(i64::MIN));
    assert_eq!(reply.body, body);
}

#[test]
fn a_byte_order_mark_is_no_obstacle() {
    let body = "\u{feff}{\"RequestId\":\"r\"}";
    let reply = decoded(Vendor::Aliyun, "AddLiveDomain", &response(200, JSON, body)).unwrap();
    assert_eq!((reply.request_id.as_deref(), reply.body.as_str()), (Some("r"), body));
}

#[test]
fn a_signature_mismatch_does_not_print_the_request_again() {
    let body = r#"{"Code":"SignatureDoesNotMatch","RequestId":"r","Message":"Specified signature is not matched with our calculation. server string to sign is:POST&%2F&SSLPri%3DMIIE"}"#;
    let error = refused(Vendor::Aliyun, "SetLiveDomainCertificate", 400, body);
    assert_eq!(error.class(), Class::Auth);
    assert!(!format!("{error:?}").contains("MIIE"), "{error:?}");
}

proptest! {
    #[test]
    fn no_answer_brings_the_reader_down(body: Vec<u8>, tail: String, start in 0usize..5, status in any::<u16>()) {
        let start = ["", "<Error><Code>", "{\"Response\":{", "{\"ResponseMetadata\":{\"Error\":{", "{\"Code\":\""][start];
        let body = [start.as_bytes(), &body, tail.as_bytes()].concat();
        for vendor in Vendor::ALL {
            if let Err(error) = decoded(vendor, "DescribeX", &response(status, JSON, body.clone())) {
                prop_assert!(!error.to_string().chars().any(char::is_control), "{error}");
            }
        }
    }
}
