//! The whole table: every name that sounds secret is decided, and no secret parameter or member of any Action is shown
//! by any way of showing it.

use std::collections::BTreeSet;
use std::sync::Mutex;

use jiff::Timestamp;
use livectl::model::{Params, Vendor};
use livectl::providers::catalog::{self, Action};
use livectl::providers::{homes, items, secrets};
use serde_json::{Map, Value, json};

use crate::every_action::parameters;
use crate::harness::World;
use crate::servers::{Canned, Seen, answer, body, ok, pairs, profile};
use crate::tree::grown_commands;

/// Whatever has one of these in it may be a secret.
const SOUNDS: &[&str] = &[
    "key",
    "secret",
    "token",
    "passw",
    "passphrase",
    "pwd",
    "sign",
    "auth",
    "sslpri",
    "prikey",
    "private",
    "credential",
    "cipher",
    "license",
];

/// The secrets of the three vendors: Volcengine's sheet lists its own under `sensitive_fields`; the others' are keys
/// that sign addresses or messages, private keys, and credentials of storages and accounts.
const SECRET: &[&str] = &[
    "APIKey",
    "AccessToken",
    "AppKey",
    "AppSign",
    "ApplicationSecretKey",
    "AuthBackKey",
    "AuthKey",
    "AuthKeyPrimary",
    "BackupAuthKey",
    "CallbackAuthKey",
    "CallbackKey",
    "CertificatePrivateKey",
    "CosSecretKey",
    "DataKey",
    "MasterAuthKey",
    "NotifyAuthKey",
    "Prikey",
    "PrivateKey",
    "PrivateKeyFile",
    "RefreshToken",
    "SSLPri",
    "SecretKey",
    "StreamSign",
    "TmpSecretKey",
    "Token",
    "UserToken",
    "auth_key1",
    "auth_key2",
];

/// What only sounds so: switches, ids, kinds, names of pictures and voices, words to be searched for, marks of paging,
/// public halves, and structures whose members are decided one by one. `Key` is a tag's.
const HARMLESS: &[&str] = &[
    "AccessTokenExpiredTime",
    "AuditNeedAuthentication",
    "AuthDelta",
    "AuthDetailList",
    "AuthEnable",
    "AuthField",
    "AuthList",
    "AuthStatus",
    "AuthType",
    "AuthorizedStatus",
    "AvatarKey",
    "CallbackReqAuth",
    "CertificatePublicKey",
    "ClientToken",
    "ClientTokenId",
    "CosSecretId",
    "EventCallbackNeedAuthentication",
    "HeaderKey",
    "Key",
    "KeyID",
    "KeyType",
    "KeyWord",
    "Keyword",
    "KeywordId",
    "KeywordIds",
    "Keywords",
    "KmsKeyExpireInterval",
    "KmsKeyID",
    "LivePrivateLineAvailGA",
    "LivePrivateLineAvailGAs",
    "NextPageToken",
    "NextToken",
    "NextpageToken",
    "NotifyReqAuth",
    "PayloadContentKey",
    "PictureKey",
    "PlayAuthKeyInfo",
    "PrivateKeyFileName",
    "Pubkey",
    "PushAuthKeyInfo",
    "RefererAuthConfig",
    "ReqAuth",
    "ScrollToken",
    "SuggestTimbreKey",
    "TagKey",
    "TimbreKey",
    "TmpSecretId",
    "ali_auth_delta",
    "auth_type",
    "hashkey_args",
    "key",
    "private_oss_auth",
];

/// Nowhere else; with signs that encodings change.
const SENTINEL: &str = "t3st/S3cret+=&x";

/// What every part of the facts calls a member of something.
fn names(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            let named = members.get("name").and_then(Value::as_str);
            // An Action has a name too, and no type.
            if let Some(name) = named.filter(|_| !members.contains_key("effect")) {
                found.insert(name.to_owned());
            }
            members.values().for_each(|member| names(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| names(item, found)),
        _ => {}
    }
}

/// The members of an example, also inside JSON texts.
fn members(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(inner) => {
            found.extend(inner.keys().cloned());
            inner.values().for_each(|member| members(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| members(item, found)),
        Value::String(text) if text.starts_with(['{', '[']) => {
            members(&serde_json::from_str(text).unwrap_or_default(), found);
        }
        _ => {}
    }
}

#[test]
fn every_name_that_sounds_secret_is_decided() {
    let mut found = BTreeSet::new();
    for vendor in Vendor::ALL {
        let file = format!("{}/src/providers/{}/facts.json", env!("CARGO_MANIFEST_DIR"), vendor.name());
        let sheet: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        for part in ["actions", "types", "sdk_extra_params", "domain_functions"] {
            names(&sheet[part], &mut found);
        }
        for action in sheet["actions"].as_array().unwrap() {
            members(&action["example_request"], &mut found);
            members(&action["example_response"], &mut found);
        }
    }
    assert!(found.len() > 2000, "{}", found.len());
    found.retain(|name| SOUNDS.iter().any(|sound| name.to_lowercase().contains(sound)));
    let undecided: Vec<&String> =
        found.iter().filter(|name| !SECRET.contains(&name.as_str()) && !HARMLESS.contains(&name.as_str())).collect();
    assert!(undecided.is_empty(), "{undecided:?}");
    for name in SECRET {
        assert!(secrets::is_secret_name(name) && found.contains(*name), "{name}");
    }
    for name in HARMLESS {
        assert!(!secrets::is_secret_name(name) && found.contains(*name), "{name}");
    }
}

/// A value of a kind with the sentinel in each secret member; `None`: there is none in it.
fn with_secrets(vendor: Vendor, name: &str, kind: &str, depth: u32) -> Option<Value> {
    if let Some(element) = items::element(kind) {
        return with_secrets(vendor, name, element, depth).map(|value| json!([value]));
    }
    if SECRET.contains(&name) {
        return Some(Value::from(SENTINEL));
    }
    let inner = kind.strip_prefix("object<").and_then(|rest| rest.strip_suffix('>')).unwrap_or(kind);
    let known = catalog::type_members(vendor, inner).filter(|_| depth < 8)?;
    let inside = known.iter().filter_map(|member| {
        Some((member.name.to_owned(), with_secrets(vendor, member.name, member.kind, depth + 1)?))
    });
    let inside: Map<String, Value> = inside.collect();
    (!inside.is_empty()).then_some(Value::Object(inside))
}

/// The parameters of an Action in which secrets stand.
fn secret_parameters(vendor: Vendor, action: &Action<'static>) -> Params {
    let found = action.params.iter().filter_map(|param| {
        let value = with_secrets(vendor, param.name, param.kind, 0);
        let functions = || {
            let args = json!([{"argName": "auth_key1", "argValue": SENTINEL}]);
            Value::from(json!([{"functionName": "aliauth", "functionArgs": args}]).to_string())
        };
        Some((param.name.to_owned(), value.or_else(|| (param.name == "Functions").then(functions))?))
    });
    found.collect()
}

/// The members of an Action's answer in which secrets stand.
fn secret_answer(vendor: Vendor, action: &Action<'static>) -> Map<String, Value> {
    let fields = action.response.iter();
    fields.filter_map(|one| Some((one.name.to_owned(), with_secrets(vendor, one.name, one.kind, 0)?))).collect()
}

/// Everything of a kind, once; several at a time.
fn each<T: Sync>(things: &[T], check: impl Fn(&T) -> Vec<String> + Sync) -> Vec<String> {
    let told = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for first in 0..4 {
            let (told, check) = (&told, &check);
            scope.spawn(move || {
                let found: Vec<String> = things.iter().skip(first).step_by(4).flat_map(check).collect();
                told.lock().unwrap().extend(found);
            });
        }
    });
    told.into_inner().unwrap()
}

fn world(vendor: Vendor, endpoint: &str) -> World {
    let world = World::empty().set("LIVECTL_PROFILE", "p").set("LIVECTL_RETRIES", "0");
    world.profiles(&profile("p", vendor.name(), "AKIDEXAMPLE", "an-account-key", endpoint));
    world
}

/// Whether a text has the sentinel, or enough of it, in any form.
fn leaks(text: &str) -> bool {
    ["t3st", "S3cret", "dDNzdC9TM2", "QzdC9TM2Ny", "0M3N0L1MzY3"].iter().any(|part| text.contains(part))
}

#[test]
fn no_secret_parameter_of_any_action_is_shown() {
    let echo = Canned::start(|seen| {
        let told = Value::from(format!("{}\n{}", seen.head, seen.text())).to_string();
        let error = format!(r#""Code":"InvalidParameter","Message":{told}"#);
        match seen.vendor() {
            "tencent" => ok(format!(r#"{{"Response":{{"RequestId":"r","Error":{{{error}}}}}}}"#)),
            "aliyun" => answer("400 Bad Request", format!(r#"{{"RequestId":"r",{error}}}"#)),
            _ => {
                answer("400 Bad Request", format!(r#"{{"ResponseMetadata":{{"RequestId":"r","Error":{{{error}}}}}}}"#))
            }
        }
    });
    let all = Vendor::ALL.into_iter().flat_map(|vendor| catalog::actions(vendor).map(move |action| (vendor, action)));
    let mut counted = 0;
    let concerned: Vec<_> = all
        .inspect(|_| counted += 1)
        .map(|(vendor, action)| (vendor, secret_parameters(vendor, &action), action))
        .filter(|(_, secret, _)| !secret.is_empty())
        .collect();
    assert_eq!(counted, 899);
    assert!(concerned.len() >= 24, "{}", concerned.len());
    let told = each(&concerned, |(vendor, secret, action)| {
        let world = world(*vendor, &echo.endpoint);
        let mut params = parameters(*vendor, action, Timestamp::now());
        params.extend(secret.clone());
        let input = Value::Object(params).to_string();
        let lines = ["--dry-run", "-vv", "--show-request -o json", "--no-validate -vv --dry-run", "--no-validate -vv"];
        let runs = lines.iter().map(|flags| {
            let line = format!("api {vendor} {} --input - --yes {flags}", action.name);
            world.run_with_input(&line, &input)
        });
        let leaking = runs.filter(|run| leaks(&run.stdout) || leaks(&run.stderr));
        leaking.map(|run| run.to_string()).collect()
    });
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn no_secret_member_of_any_answer_is_shown_in_rows() {
    let generous = Canned::start(|seen| {
        let vendor: Vendor = seen.vendor().parse().unwrap();
        let inner = catalog::find(vendor, &seen.action()).map(|action| secret_answer(vendor, &action));
        let mut inner = inner.unwrap_or_default();
        ok(match vendor {
            Vendor::Tencent => {
                inner.insert("RequestId".into(), "r".into());
                json!({ "Response": inner })
            }
            Vendor::Aliyun => {
                inner.insert("RequestId".into(), "r".into());
                Value::Object(inner)
            }
            Vendor::Volcengine => json!({"ResponseMetadata": {"RequestId": "r"}, "Result": inner}),
        }
        .to_string())
    });
    let all = Vendor::ALL.into_iter().flat_map(|vendor| catalog::actions(vendor).map(move |action| (vendor, action)));
    let concerned: Vec<_> = all.filter(|(vendor, action)| !secret_answer(*vendor, action).is_empty()).collect();
    assert!(concerned.len() >= 15, "{}", concerned.len());
    let told = each(&concerned, |(vendor, action)| {
        let world = world(*vendor, &generous.endpoint);
        let mut told = Vec::new();
        let input = Value::Object(parameters(*vendor, action, Timestamp::now())).to_string();
        let raw =
            world.run_with_input(&format!("api {vendor} {} --input - --yes --no-validate -vv", action.name), &input);
        // `api` prints the body that was asked for: that it holds the secret shows that this test looks for it.
        if !leaks(&raw.stdout) || leaks(&raw.stderr) {
            told.push(raw.to_string());
        }
        // `hls-key get` prints what was asked for.
        let Some(command) = homes::command(*vendor, action.name).filter(|_| action.name != "GetHLSEncryptDataKey")
        else {
            return told;
        };
        for flags in ["-o json -vv", "--raw -vv", "-o yaml", "-o csv", "-o table"] {
            let mut words: Vec<String> = command.split(' ').map(str::to_owned).collect();
            for (name, value) in parameters(*vendor, action, Timestamp::now()) {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                words.push(format!("{}={text}", homes::option(*vendor, action.name, &name)));
            }
            words.extend(
                ["--yes", "--no-validate"].iter().chain(&flags.split(' ').collect::<Vec<_>>()).map(|w| (*w).into()),
            );
            let run = world.run_words(&words.iter().map(String::as_str).collect::<Vec<_>>());
            if leaks(&run.stdout) || leaks(&run.stderr) {
                told.push(run.to_string());
            }
        }
        told
    });
    assert!(told.is_empty(), "{}", told.join("\n"));
}

/// Every text or list of texts that is a secret, with the Action that takes it.
fn secret_texts() -> Vec<(Vendor, Action<'static>, &'static str)> {
    let all = Vendor::ALL.into_iter().flat_map(|vendor| catalog::actions(vendor).map(move |action| (vendor, action)));
    let texts = all.flat_map(|(vendor, action)| {
        let secret = action.params.iter().filter(|param| SECRET.contains(&param.name) && param.kind == "string");
        let names: Vec<&'static str> = secret.map(|param| param.name).collect();
        names.into_iter().map(move |name| (vendor, action.clone(), name))
    });
    texts.collect()
}

/// Whether a request carries the sentinel as the value of a parameter.
fn carries(seen: &Seen, name: &str) -> bool {
    let query = seen.target.split_once('?').map_or("", |(_, query)| query);
    pairs(query).into_iter().chain(body(seen.text())).any(|(key, value)| key == name && value == SENTINEL)
}

#[test]
fn every_secret_is_taken_from_a_file_and_from_stdin_and_warned_of_when_typed() {
    let texts = secret_texts();
    assert!(texts.len() >= 20, "{}", texts.len());
    let told = each(&texts, |(vendor, action, name)| {
        let server = Canned::start(|seen| {
            ok(match seen.vendor() {
                "tencent" => r#"{"Response":{"RequestId":"r"}}"#,
                "aliyun" => r#"{"RequestId":"r"}"#,
                _ => r#"{"ResponseMetadata":{"RequestId":"r"},"Result":{}}"#,
            })
        });
        let world = world(*vendor, &server.endpoint);
        world.write("key.txt", &format!("{SENTINEL}\n"));
        let mut lines = vec![(format!("api {vendor} {}", action.name), format!("{name}="))];
        let command = homes::command(*vendor, action.name).filter(|command| grown_commands().contains(*command));
        let option = homes::option(*vendor, action.name, name);
        lines.extend(command.map(|command| (command.to_owned(), format!("{option}="))));
        let mut told = Vec::new();
        for (line, given) in lines {
            for (value, warned) in [("@key.txt", false), ("-", false), (SENTINEL, true)] {
                let words = format!("{line} {given}{value} --yes --no-validate");
                let run = world.run_with_input(&words, &format!("{SENTINEL}\r\n"));
                let seen = server.take();
                let sent = seen.iter().any(|seen| carries(seen, name));
                if run.code != 0 || !sent || run.stderr.contains("typed as an argument") != warned || leaks(&run.stderr)
                {
                    told.push(format!("sent: {sent}: {run}"));
                }
            }
        }
        told
    });
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn a_secret_inside_json_is_taken_from_a_file_and_warned_of_when_typed() {
    let server = Canned::saying(r#"{"ResponseMetadata":{"RequestId":"r"},"Result":{}}"#);
    let world = world(Vendor::Volcengine, &server.endpoint);
    let json = format!(r#"{{"Prikey":"{SENTINEL}","Pubkey":"p"}}"#);
    world.write("rsa.json", &json);
    world.write("key.pem", SENTINEL);
    for (words, warned) in [
        ("CreateCert Rsa:=@rsa.json".to_owned(), false),
        ("CreateCert Rsa:=-".to_owned(), false),
        ("CreateCert Rsa.Pubkey=p Rsa.Prikey=@key.pem".to_owned(), false),
        (format!("CreateCert Rsa:={json}"), true),
        (format!("CreateCert Rsa.Pubkey=p Rsa.Prikey={SENTINEL}"), true),
    ] {
        let run = world.run_with_input(&format!("api volcengine {words} --no-validate -vv"), &json).ok();
        assert_eq!(server.only().json()["Rsa"]["Prikey"], SENTINEL, "{run}");
        assert_eq!(run.stderr.contains("typed as an argument"), warned, "{run}");
        assert!(!leaks(&run.stderr), "{run}");
    }
    // What is no secret is what it says; a literal `@` of one is doubled.
    world.run("api volcengine DescribeAuth Domain=@rsa.json --no-validate").ok();
    let seen = server.only();
    let (_, query) = seen.target.split_once('?').unwrap();
    assert!(pairs(query).into_iter().chain(body(seen.text())).any(|(_, value)| value == "@rsa.json"), "{}", seen.head);
    let run = world.run("api volcengine UpdateCallback AuthKeyPrimary=@@at-first --no-validate").ok();
    assert_eq!(server.only().json()["AuthKeyPrimary"], "@at-first", "{run}");
    let run = world.run("api volcengine UpdateCallback AuthKeyPrimary=@missing.txt --no-validate").fails(2);
    assert!(run.stderr.contains("read AuthKeyPrimary from `missing.txt`"), "{run}");
}

#[test]
fn a_secret_in_a_file_of_items_was_not_typed() {
    let server = Canned::saying(r#"{"Response":{"RequestId":"r"}}"#);
    let world = world(Vendor::Tencent, &server.endpoint);
    world.write("items.csv", &format!("TemplateName,CallbackKey\na,{SENTINEL}\n"));
    world.write("key.txt", SENTINEL);
    world.write("files.csv", "TemplateName,CallbackKey\na,@key.txt\n");
    for file in ["items.csv", "files.csv"] {
        let line = format!("api tencent CreateLiveCallbackTemplate --from-file {file} --no-validate -vv -o json");
        let run = world.run(&line).ok();
        assert!(!run.stderr.contains("typed as an argument") && !leaks(&run.stderr) && !leaks(&run.stdout), "{run}");
        assert_eq!(server.only().json()["CallbackKey"], SENTINEL);
    }
}
