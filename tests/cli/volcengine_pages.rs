//! The three pages of Volcengine's reference that the project is built from: `CreateRelaySourceV4`,
//! `UpdateEncryptHLS` and `GetHLSEncryptDataKey`. Requests, answers and error tables are copied from them by hand.

use serde_json::{Value, json};

use crate::harness::{Run, World};
use crate::server::{Answer, Received, SECRET, Server};

const REQUEST_ID: &str = "20230604110420****100232280022D31";

/// The three commands by the Action they end in, as `api` calls and as portable commands.
const CALLS: [(&str, &str, &str); 3] = [
    (
        "CreateRelaySourceV4",
        "api volcengine CreateRelaySourceV4 App=live Stream=stream1 SrcAddrS=rtmp://live.example.com \
         Domain=live.push.com StartTime=1683518058 EndTime=1683777258",
        "relay add --domain live.push.com --app live --stream stream1 --source rtmp://live.example.com \
         --start 1683518058 --end 1683777258",
    ),
    (
        "UpdateEncryptHLS",
        "api volcengine UpdateEncryptHLS URL=http://example.kms.com/get_key? CycleTime=60 --yes",
        "hls-key set --key-url http://example.kms.com/get_key? --cycle 60 --yes",
    ),
    (
        "GetHLSEncryptDataKey",
        "api volcengine GetHLSEncryptDataKey KeyID=08e765a4da*****c4028755c3c",
        "hls-key get 08e765a4da*****c4028755c3c",
    ),
];

/// What all three pages' error tables have in common: HTTP status, code, the page's message, and what it means to
/// us: class and exit code.
const EVERYWHERE: [(u16, &str, &str, &str, i32); 11] = [
    (200, "CommonErr", "", "vendor", 8),
    (400, "InvalidParam", "", "usage", 2),
    (400, "InvalidParam.BindError", "Request parameter error, please check input data", "usage", 2),
    (403, "RequestForbidden", "", "auth", 3),
    (
        403,
        "RequestForbidden.AccountIDNotAllow",
        "this AccountID does not have permission to access the corresponding resource, please check the request \
         parameters",
        "auth",
        3,
    ),
    (
        403,
        "RequestForbidden.BillingStatus",
        "Billing status is not available for the AccountID, please activate the service or recharge.",
        "auth",
        3,
    ),
    (404, "ResourceNotFound", "", "not-found", 4),
    (500, "InternalError", "an internal error occurred, please contact the administrator.", "vendor", 8),
    (502, "InternalServiceError", "an internal error occurred, please contact the administrator.", "vendor", 8),
    (
        502,
        "InternalServiceError.BadResponse",
        "an internal error occurred, please contact the administrator.",
        "vendor",
        8,
    ),
    (504, "InternalServiceTimeout", "Internal Service is timeout. please contact the administrator.", "vendor", 8),
];

/// Rows that only some of the pages have.
const DATABASE: (u16, &str, &str, &str, i32) = (
    500,
    "InternalError.DB",
    "an internal error related to database occurred, please contact the administrator.",
    "vendor",
    8,
);
const FORMAT: (u16, &str, &str, &str, i32) = (400, "InvalidParam.Format", "URL format error", "usage", 2);

fn table(action: &str) -> Vec<(u16, &'static str, &'static str, &'static str, i32)> {
    let mut rows = EVERYWHERE.to_vec();
    rows.extend((action != "CreateRelaySourceV4").then_some(DATABASE));
    rows.extend((action == "UpdateEncryptHLS").then_some(FORMAT));
    rows
}

fn metadata(action: &str) -> Value {
    json!({"RequestId": REQUEST_ID, "Action": action, "Version": "2023-01-01", "Service": "live", "Region": "cn-north-1"})
}

/// The answer that the page of the Action shows; an Action that a portable command reads first finds nothing.
fn page(action: &str) -> Answer {
    let mut body = json!({"ResponseMetadata": metadata(action)});
    match action {
        "CreateRelaySourceV4" => body["Result"] = json!({"TaskId": "1612*******1"}),
        "GetHLSEncryptDataKey" => body["Result"] = json!({"DataKey": "2131dadfad23123asd"}),
        "ListRelaySourceV4" => body["Result"] = json!({"List": [], "Total": 0}),
        "DescribeEncryptHLS" => body["Result"] = json!({}),
        _ => {}
    }
    Answer::json(body)
}

/// A vendor that answers as the pages do.
fn vendor() -> (Server, World) {
    let server = Server::by(|_, request| page(&request.action()));
    let world = server.world("volcengine");
    (server, world)
}

/// The one request of that Action.
fn sent(server: &Server, action: &str) -> Received {
    let mut found: Vec<Received> = server.requests().into_iter().filter(|r| r.action() == action).collect();
    assert_eq!(found.len(), 1, "{action}: {:?}", server.requests());
    found.remove(0)
}

/// Signed for the account, the region and the service of the pages, without its secret.
fn assert_signed(request: &Received, server: &Server) {
    let authorization = request.header("authorization").unwrap();
    let date = request.header("x-date").unwrap();
    assert!(date.len() == 16 && date.ends_with('Z') && date.as_bytes()[8] == b'T', "{date}");
    let scope = format!("HMAC-SHA256 Credential=AKIDEXAMPLE/{}/cn-north-1/live/request, SignedHeaders=", &date[..8]);
    assert!(authorization.starts_with(&scope), "{authorization}");
    assert_eq!(request.header("host"), Some(server.host().as_str()));
    let whole = format!("{request:?}{}", String::from_utf8_lossy(&request.body));
    assert!(!whole.contains(SECRET));
}

fn assert_post(request: &Received, action: &str, body: &str) {
    assert_eq!(
        (request.method.as_str(), request.target.as_str()),
        ("POST", &*format!("/?Action={action}&Version=2023-01-01"))
    );
    assert_eq!(request.text(), body);
    assert_eq!(request.header("content-type"), Some("application/json"));
}

#[test]
fn create_relay_source_goes_out_as_its_page_shows() {
    // The page's example quotes the times; its table and the vendor's SDK have integers.
    let body = r#"{"App":"live","Stream":"stream1","SrcAddrS":["rtmp://live.example.com"],"Domain":"live.push.com","StartTime":1683518058,"EndTime":1683777258}"#;
    let (action, api, portable) = CALLS[0];
    for line in [api, portable] {
        let (server, world) = vendor();
        world.run(line).ok();
        let request = sent(&server, action);
        assert_post(&request, action, body);
        assert_signed(&request, &server);
    }
}

#[test]
fn a_permanent_relay_source_has_neither_time() {
    let body =
        r#"{"App":"live","Stream":"stream-123","SrcAddrS":["rtmp://live.example.com"],"Domain":"push.example.com"}"#;
    for line in [
        "api volcengine CreateRelaySourceV4 App=live Stream=stream-123 SrcAddrS=rtmp://live.example.com Domain=push.example.com",
        "relay add --domain push.example.com --app live --stream stream-123 --source rtmp://live.example.com --permanent",
    ] {
        let (server, world) = vendor();
        world.run(line).ok();
        assert_post(&sent(&server, "CreateRelaySourceV4"), "CreateRelaySourceV4", body);
    }
}

#[test]
fn update_encrypt_hls_goes_out_as_its_page_shows() {
    let (action, api, portable) = CALLS[1];
    for line in [api, portable] {
        let (server, world) = vendor();
        world.run(line).ok();
        let request = sent(&server, action);
        // The period is a text of digits.
        assert_post(&request, action, r#"{"URL":"http://example.kms.com/get_key?","CycleTime":"60"}"#);
        assert_signed(&request, &server);
    }
}

#[test]
fn get_hls_encrypt_data_key_goes_out_as_its_page_shows() {
    let (action, api, portable) = CALLS[2];
    for line in [api, portable] {
        let (server, world) = vendor();
        world.run(line).ok();
        let request = sent(&server, action);
        assert_eq!(request.method, "GET");
        // The page masks the id with stars; in a signed query they are written `%2A`.
        let target = "/?Action=GetHLSEncryptDataKey&Version=2023-01-01&KeyID=08e765a4da*****c4028755c3c";
        assert_eq!(request.target.replace("%2A", "*"), target);
        assert_eq!(request.text(), "");
        assert_signed(&request, &server);
    }
}

#[test]
fn the_answers_of_the_pages_are_understood() {
    let (_server, world) = vendor();
    for (action, api, _) in CALLS {
        let Answer::Http(_, _, body) = page(action) else { unreachable!() };
        let printed = world.run(api).ok().stdout;
        assert_eq!(printed.trim_end_matches('\n').as_bytes(), body, "{action}");
    }
    let added = world.run(&format!("{} -o json", CALLS[0].2)).ok().json();
    assert_eq!(added["changed"], true);
    assert_eq!(added["action"], "CreateRelaySourceV4");
    assert_eq!(added["request_id"], REQUEST_ID);
    assert_eq!(added["id"], "live.push.com/live/stream1");
    let set = world.run(&format!("{} -o json", CALLS[1].2)).ok().json();
    assert_eq!((&set["changed"], &set["request_id"]), (&json!(true), &json!(REQUEST_ID)));
    assert_eq!(world.run(CALLS[2].2).ok().stdout, "2131dadfad23123asd\n");
}

/// Every code of the pages' tables, in the way of one command line.
fn every_code(action: &'static str, line: &str) {
    for (status, code, said, class, exit) in table(action) {
        let server = Server::by(move |_, request| {
            if request.action() != action {
                return page(&request.action());
            }
            let mut metadata = metadata(action);
            metadata["Error"] = json!({"Code": code, "CodeN": 1, "Message": said});
            Answer::status(status, "application/json", json!({"ResponseMetadata": metadata}))
        });
        let run = server.world("volcengine").set("LIVECTL_RETRIES", "0").run(&format!("{line} -o json")).fails(exit);
        assert_understood(&run, action, (status, code, said, class));
        sent(&server, action);
    }
}

fn assert_understood(run: &Run, action: &str, (status, code, said, class): (u16, &str, &str, &str)) {
    let error = run.error();
    let shown = ["class", "code", "request_id", "vendor", "action"].map(|key| error[key].as_str().unwrap_or_default());
    assert_eq!(shown, [class, code, REQUEST_ID, "volcengine", action], "{run}");
    assert_eq!(error["http_status"], status, "{run}");
    let said = said.trim_end_matches('.');
    assert!(error["message"].as_str().unwrap().contains(said), "{run}");
    // A write that failed inside the vendor may have happened; everything else was refused.
    let outcome = match (class, action) {
        ("vendor", "GetHLSEncryptDataKey") => json!(null),
        ("vendor", _) => json!("unknown"),
        _ => json!("refused"),
    };
    assert_eq!(error["outcome"], outcome, "{run}");
    assert_eq!(error["retryable"], class == "vendor", "{run}");
    assert!(!run.stderr.contains(SECRET));
}

#[test]
fn every_code_of_the_error_tables_is_understood_by_api() {
    for (action, api, _) in CALLS {
        every_code(action, api);
    }
}

#[test]
fn every_code_of_the_error_tables_is_understood_by_the_portable_commands() {
    for (action, _, portable) in CALLS {
        every_code(action, portable);
    }
}
