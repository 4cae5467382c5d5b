//! No secret is ever shown: every output of many runs is searched for the test's own secrets, in the forms they
//! travel in, against vendors that echo all they get.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};

use crate::harness::{Run, World};
use crate::servers::{Canned, Seen, answer, ok, profile};

/// The account's secret and session token, with every character that some encoding changes.
const KEY: &str = "t3stKEY+with/all=of%them~'x";
const TOKEN: &str = "t3stTOKEN+with/all=of%them&\"x";

/// Secrets that a vendor's data holds.
const DATA: [&str; 6] = [
    "t3stCallbackKey",
    "t3stAuthKeyPrimary",
    "t3stSecretKey/+=",
    "t3stauthkey1",
    "t3stDataKey00000",
    "-----BEGIN RSA PRIVATE KEY-----\nt3stPEMbody+/=\n-----END RSA PRIVATE KEY-----\n",
];

/// A secret in each form that it travels in.
fn forms(secret: &str) -> Vec<String> {
    let percent = encode(secret);
    let lower = percent.split('%').enumerate().map(|(at, part)| match at {
        0 => part.to_owned(),
        _ => format!("%{}{}", part[..2].to_lowercase(), &part[2..]),
    });
    vec![
        secret.to_owned(),
        serde_json::to_string(secret).unwrap().trim_matches('"').to_owned(),
        lower.collect(),
        encode(&percent),
        percent,
        STANDARD.encode(secret),
        STANDARD_NO_PAD.encode(secret),
        URL_SAFE.encode(secret),
    ]
}

/// Percent-encoding as RFC 3986 has it.
fn encode(text: &str) -> String {
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"-._~".contains(b);
    text.bytes().map(|b| if plain(&b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// Searches an output for every secret in every form, and for the heart of each, whatever stands around it.
#[track_caller]
fn clean(run: &Run) {
    let mut wanted: Vec<String> = [KEY, TOKEN].iter().chain(&DATA).flat_map(|secret| forms(secret)).collect();
    wanted.extend(["t3st".to_owned(), STANDARD_NO_PAD.encode("t3s")]);
    for (name, text) in [("stdout", &run.stdout), ("stderr", &run.stderr)] {
        for form in &wanted {
            assert!(!text.contains(form), "`{form}` is in {name}: {run}");
        }
    }
    assert!(![-1, 1, 101].contains(&run.code), "{run}");
}

/// The request itself, and the account's secrets in all forms: what a vendor can know.
fn everything(seen: &Seen) -> String {
    let secrets: Vec<String> = [KEY, TOKEN].into_iter().flat_map(forms).collect();
    format!("{}\n{}\n{}", seen.head, seen.text(), secrets.join(" "))
}

/// A vendor that refuses everything, and says all it knows.
fn talkative() -> Canned {
    Canned::start(|seen| {
        let told = serde_json::Value::from(everything(seen)).to_string();
        let code = r#""Code":"InvalidParameter""#;
        match seen.vendor() {
            "tencent" => ok(format!(r#"{{"Response":{{"Error":{{{code},"Message":{told}}},"RequestId":{told}}}}}"#)),
            "aliyun" => {
                answer("400 Bad Request", format!(r#"{{{code},"Message":{told},"RequestId":{told},"HostId":{told}}}"#))
            }
            _ => answer(
                "400 Bad Request",
                format!(r#"{{"ResponseMetadata":{{"RequestId":{told},"Error":{{{code},"Message":{told}}}}}}}"#),
            ),
        }
    })
}

/// A vendor whose only domain holds every kind of secret.
fn generous() -> Canned {
    Canned::start(|seen| {
        let [callback, primary, secret, auth, data, pem] = DATA.map(|text| serde_json::Value::from(text).to_string());
        let functions = serde_json::Value::from(format!(
            r#"[{{"functionName":"aliauth","functionArgs":[{{"argName":"auth_key1","argValue":{auth}}}]}}]"#
        ));
        let known = serde_json::Value::from(format!("{KEY} {TOKEN} {}", encode(KEY)));
        let item = format!(
            r#""CallbackKey":{callback},"AuthKeyPrimary":{primary},"SecretKey":{secret},"auth_key1":{auth},"DataKey":{data},
               "SSLPri":{pem},"Functions":{functions},"Nested":[{{"CallbackKey":{callback}}}],"Remark":{known},
               "Url":"rtmp://a.example.com/live/s?txSecret=t3st&txTime=5C271099""#
        );
        match seen.vendor() {
            "tencent" => ok(format!(
                r#"{{"Response":{{"AllCount":1,"DomainList":[{{"Name":"a.example.com","Type":0,"Status":1,{item}}}],"RequestId":"r"}}}}"#
            )),
            "aliyun" => ok(format!(
                r#"{{"TotalCount":1,"PageNumber":1,"PageSize":50,"Domains":{{"PageData":[{{"DomainName":"a.example.com","LiveDomainType":"liveEdge",{item}}}]}},"RequestId":"r"}}"#
            )),
            _ => ok(format!(
                r#"{{"ResponseMetadata":{{"RequestId":"r"}},"Result":{{"Total":1,"DomainList":[{{"Domain":"a.example.com","Type":"push",{item}}}]}}}}"#
            )),
        }
    })
}

/// A machine with one profile of temporary credentials at that server.
fn machine(vendor: &str, server: &Canned) -> World {
    let world = World::empty().set("LIVECTL_PROFILE", "p").set("LIVECTL_RETRIES", "0");
    let escaped = TOKEN.replace('"', "\\\"");
    world.profiles(
        &(profile("p", vendor, "AKIDz8krbsJ5yKBZQpn74WFk", KEY, &server.endpoint)
            + &format!("session_token = \"{escaped}\"\n")),
    );
    world
}

const FLAGS: [&str; 8] =
    ["", "-o json", "-vv", "--show-request -o yaml", "-v -o ndjson", "--dry-run", "-q -o csv", "--raw -vv"];

const COMMANDS: [&str; 13] = [
    "domain list",
    "domain show a.example.com",
    "domain add a.example.com --type push",
    "domain disable a.example.com --yes",
    "domain delete a.example.com --yes",
    "domain delete a.example.com",
    "relay list",
    "relay add --domain a.example.com --app live --stream s --source rtmp://o.example.com/live/s?txSecret=t3st --start now --end +1d",
    "hls-key show --domain a.example.com --app live --template 7",
    "hls-key set --domain a.example.com --app live --template 7 --cycle 1h --yes",
    "hls-key rotate --key-url https://kms.example.com/k?token=t3st --cycle 1h --yes",
    "config show --effective",
    "config show p",
];

fn run_all(vendor: &str) {
    for server in [talkative(), generous()] {
        let world = machine(vendor, &server);
        for flags in FLAGS {
            for command in COMMANDS {
                // What the command line itself says is known to who typed it.
                let mut run = world.run(&format!("{command} {flags}"));
                run.command.clear();
                clean(&run);
            }
        }
    }
}

#[test]
fn no_secret_is_shown_with_tencent() {
    run_all("tencent");
}

#[test]
fn no_secret_is_shown_with_aliyun() {
    run_all("aliyun");
}

#[test]
fn no_secret_is_shown_with_volcengine() {
    run_all("volcengine");
}

/// Calls whose own parameters are secrets.
fn secret_calls() -> Vec<(&'static str, Vec<String>)> {
    let [callback, primary, _, auth, _, pem] = DATA;
    let functions = format!(
        r#"Functions:=[{{"functionName":"aliauth","functionArgs":[{{"argName":"auth_key1","argValue":"{auth}"}}]}}]"#
    );
    vec![
        (
            "tencent",
            vec!["CreateLiveCallbackTemplate".into(), "TemplateName=n".into(), format!("CallbackKey={callback}")],
        ),
        (
            "tencent",
            vec![
                "CreateLiveCallbackTemplate".into(),
                "TemplateName=n".into(),
                format!("CallbackKey:=[\"{callback}\"]"),
            ],
        ),
        ("tencent", vec!["CreateLiveCallbackTemplate".into(), format!("CallbackKey={callback}"), "Nope=1".into()]),
        ("aliyun", vec!["BatchSetLiveDomainConfigs".into(), "DomainNames=a.example.com".into(), functions.clone()]),
        ("aliyun", vec!["BatchSetLiveDomainConfigs".into(), functions]),
        (
            "aliyun",
            vec![
                "SetLiveDomainCertificate".into(),
                "DomainName=a.example.com".into(),
                "SSLProtocol=on".into(),
                format!("SSLPri={pem}"),
            ],
        ),
        (
            "volcengine",
            vec![
                "UpdateCallback".into(),
                "MessageType=push".into(),
                r#"CallbackDetailList:=[{"URL":"http://a.example.com","CallbackField":""}]"#.into(),
                "AuthEnable:=true".into(),
                format!("AuthKeyPrimary={primary}"),
            ],
        ),
        (
            "volcengine",
            vec!["UpdateCallback".into(), format!("AuthKeyPrimary:={{\"a\":\"{primary}\"}}"), "Vhost:=[1]".into()],
        ),
    ]
}

#[test]
fn parameters_of_api_that_are_secrets_are_not_shown() {
    let server = talkative();
    for (vendor, words) in secret_calls() {
        let world = machine(vendor, &server);
        for flags in ["", "-o json", "-vv", "--show-request", "--dry-run", "--dry-run -o json"] {
            let line =
                ["api", vendor].into_iter().chain(words.iter().map(String::as_str)).chain(flags.split_whitespace());
            let mut run = world.run_words(&line.chain(["--yes"]).collect::<Vec<_>>());
            assert_ne!(run.code, 3, "{run}");
            run.command.clear();
            clean(&run);
        }
    }
}

#[test]
fn a_retry_tells_no_secret() {
    let server = Canned::start(|seen| {
        let told = serde_json::Value::from(everything(seen)).to_string();
        ok(format!(r#"{{"Response":{{"Error":{{"Code":"InternalError","Message":{told}}},"RequestId":"r"}}}}"#))
    });
    let run = machine("tencent", &server).run("domain list --retries 1 -vv");
    assert_eq!(server.take().len(), 2, "{run}");
    clean(&run);
}

#[test]
fn answers_that_nobody_can_read_tell_no_secret() {
    for (status, kind) in [("200 OK", "text/html"), ("502 Bad Gateway", "text/html"), ("200 OK", "text/xml")] {
        let server = Canned::start(move |seen| {
            let body = format!("<Error><Code>X</Code><Message>{}</Message></Error>", everything(seen));
            let text = String::from_utf8(answer(status, body)).unwrap();
            text.replace("application/json", kind).into_bytes()
        });
        for vendor in ["tencent", "aliyun", "volcengine"] {
            for flags in ["", "-vv", "-o json"] {
                clean(&machine(vendor, &server).run(&format!("domain list {flags}")));
            }
        }
    }
}

#[test]
fn reveal_shows_what_the_vendors_data_hold_and_no_key_of_the_account_elsewhere() {
    let server = generous();
    let world = machine("tencent", &server);
    let masked = world.run("domain list --raw").ok().json();
    assert_eq!(masked[0]["CallbackKey"], "***");
    assert_eq!(masked[0]["Nested"][0]["CallbackKey"], "***");
    assert_eq!(masked[0]["Url"], "rtmp://a.example.com/live/s?txSecret=***&txTime=5C271099");
    assert_eq!(masked[0]["Name"], "a.example.com");
    let shown = world.run("domain list --raw --reveal").ok();
    assert_eq!(shown.json()[0]["CallbackKey"], DATA[0]);
    assert_eq!(shown.json()[0]["SSLPri"], DATA[5]);
    clean(&Run { stdout: String::new(), ..shown });
    // `api` prints the body that was asked for.
    let body = world.run("api tencent DescribeLiveDomains -vv").ok();
    assert!(body.stdout.contains(DATA[0]));
    clean(&Run { stdout: String::new(), ..body });
}

#[test]
fn a_key_that_was_asked_for_is_on_stdout_only() {
    let server = Canned::start(|_| {
        ok(format!(r#"{{"ResponseMetadata":{{"RequestId":"r"}},"Result":{{"DataKey":"{}"}}}}"#, DATA[4]))
    });
    let world = machine("volcengine", &server);
    for flags in ["", "-vv", "--show-request", "-o json"] {
        let run = world.run(&format!("hls-key get 08e765a4da {flags}")).ok();
        assert!(run.stdout.contains(DATA[4]), "{run}");
        clean(&Run { stdout: String::new(), ..run });
    }
    let run = world.run("hls-key get 08e765a4da --out key.txt -vv").ok();
    clean(&run);
    let file = world.home().join("key.txt");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), DATA[4]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn wrong_places_for_a_secret_do_not_print_it() {
    let world = World::empty();
    world.profiles(&profile("p", "tencent", "AKID", KEY, "https://user:t3stpassword@live.example.com"));
    world.write("input.json", r#"{"CallbackKey": t3stCallbackKey}"#);
    for line in [
        "-p p domain list",
        "config show p",
        "config show --effective",
        "--endpoint https://user:t3stpassword@live.example.com --vendor tencent domain list",
        "config set q vendor=tencent endpoint=https://user:t3stpassword@live.example.com",
        "config set access_key_secret=t3stKEY vendor=tencent",
        "config set q vendor=tencent acess_key_secret=t3stKEY",
        "config set q vendor=tencent keyring=t3stKEY",
        "--vendor tencent api tencent CreateLiveCallbackTemplate --input input.json",
    ] {
        let mut run = world.run(line);
        run.command.clear();
        clean(&run);
    }
    for (id, secret) in [("AKID", "t3stKEY with a space"), ("AKID", "t3stKEY-ü")] {
        let world = World::empty().set("TENCENTCLOUD_SECRET_ID", id).set("TENCENTCLOUD_SECRET_KEY", secret);
        clean(&world.run("domain list").fails(3));
    }
}

#[test]
fn a_proxys_password_is_not_told() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let world = World::empty()
        .set("TENCENTCLOUD_SECRET_ID", "AKID")
        .set("TENCENTCLOUD_SECRET_KEY", KEY)
        .set("HTTPS_PROXY", &format!("http://user:t3stpassword@{closed}"));
    for flags in ["", "-vv", "-o json"] {
        clean(&world.run(&format!("domain list --retries 0 --endpoint https://live.example.com {flags}")).fails(7));
    }
}
