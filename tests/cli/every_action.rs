//! All 899 Actions, called in the sandbox over a real socket: with the reference's own example where there is a
//! valid one, else with the least that the facts require.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use livectl::error::{Class, Error};
use livectl::model::{Call, Credentials, Effect, Params, Reading, Reply, Vendor};
use livectl::providers::catalog::{self, Action, Param};
use livectl::providers::validate::{amended, validate};
use livectl::providers::{Target, provider};
use livectl::sandbox::{Keys, Options, start};
use livectl::send;
use livectl::sign::{Moment, Scheme, sign};
use serde_json::{Value, json};

/// What the sandbox, like the vendor, checks beyond the facts: Action and values in place of the least set's.
const OVERRIDES: &[(Vendor, &str, &str)] = &[
    (Vendor::Tencent, "DescribeLiveTranscodeDetailInfo", r#"{"DayTime": "TODAY"}"#),
    (Vendor::Tencent, "CreateLiveRecord", r#"{"Highlight": 1}"#),
    (Vendor::Aliyun, "AddCasterEpisodeGroup", r#"{"Item": [{"ItemName": "a1"}]}"#),
    (Vendor::Aliyun, "AddLivePullStreamInfoConfig", r#"{"SourceUrl": "rtmp://origin.example.com/live/s1"}"#),
    (Vendor::Aliyun, "UpdateLivePullStreamInfoConfig", r#"{"SourceUrl": "rtmp://origin.example.com/live/s1"}"#),
    (Vendor::Aliyun, "ModifyLiveDomainSchdmByProperty", r#"{"Property": "{\"region\":\"global\"}"}"#),
    (Vendor::Volcengine, "CreateDomain", r#"{"Domain": "push.example.com"}"#),
    (Vendor::Aliyun, "CreateLivePullToPush", r#"{"SourceUrls": ["rtmp://origin.example.com/live/s1"]}"#),
    (Vendor::Aliyun, "PutRecordStorageLifeCycle", r#"{"StreamIds": ["s1"]}"#),
    (
        Vendor::Volcengine,
        "CreateDomainV2",
        r#"{"Domains": [{"DomainName": "play.example.com", "Type": "push", "Region": "cn"}]}"#,
    ),
    (
        Vendor::Volcengine,
        "CreatePullToPushTask",
        r#"{"SrcAddr": "rtmp://a.example.com/live/s1", "DstAddr": "rtmp://b.example.com/live/s1"}"#,
    ),
    (
        Vendor::Volcengine,
        "UpdatePullToPushTask",
        r#"{"SrcAddr": "rtmp://a.example.com/live/s1", "DstAddr": "rtmp://b.example.com/live/s1"}"#,
    ),
    (
        Vendor::Volcengine,
        "CreateRecordPresetV2",
        r#"{"RecordPresetConfig": {"HlsParam": {"Enable": true, "TOSParam": {"Enable": true, "Bucket": "b1"}}}}"#,
    ),
    (Vendor::Volcengine, "CreateSnapshotAuditPreset", r#"{"Vhost": "example.com", "Bucket": "b1"}"#),
    (
        Vendor::Volcengine,
        "CreateSnapshotPresetV2",
        r#"{"SnapshotPresetConfig": {"JpgParam": {"Enable": true, "TOSParam": {"Enable": true, "Bucket": "b1"}}}}"#,
    ),
    (
        Vendor::Volcengine,
        "CreateWatermarkPresetV2",
        r#"{"PictureUrl": "https://example.com/w.png", "RelativeWidth": 0.2}"#,
    ),
    (Vendor::Volcengine, "DeleteCallback", r#"{"Vhost": "example.com"}"#),
    (Vendor::Volcengine, "DeleteReferer", r#"{"App": "live"}"#),
    (Vendor::Volcengine, "DeleteWatermarkPresetV2", r#"{"ID": 1}"#),
    (Vendor::Volcengine, "DescribeAuth", r#"{"Vhost": "example.com"}"#),
    (Vendor::Volcengine, "DescribeCallback", r#"{"Vhost": "example.com"}"#),
    (Vendor::Volcengine, "DescribeCertDetailSecretV2", r#"{"ChainID": "chain-1"}"#),
    (Vendor::Volcengine, "DescribeLiveStreamState", r#"{"Vhost": "example.com"}"#),
    (Vendor::Volcengine, "DescribeReferer", r#"{"Domain": "play.example.com"}"#),
    (Vendor::Volcengine, "ForbidStream", r#"{"Vhost": "example.com"}"#),
    (Vendor::Volcengine, "ResumeStream", r#"{"Vhost": "example.com"}"#),
    (Vendor::Volcengine, "UpdateCallback", r#"{"Vhost": "example.com"}"#),
    (Vendor::Volcengine, "UpdateReferer", r#"{"App": "live"}"#),
    (
        Vendor::Volcengine,
        "UpdateWatermarkPresetV2",
        r#"{"ID": 1, "PictureUrl": "https://example.com/w.png", "RelativeWidth": 0.2}"#,
    ),
];

/// The parameters to call an Action with.
pub fn parameters(vendor: Vendor, action: &Action<'static>, now: Timestamp) -> Params {
    let valid = |params: &Params| validate(vendor, action, params, region(action), now).faults;
    let example = catalog::example(vendor, action.name).and_then(|example| {
        let Ok(Value::Object(params)) = serde_json::from_str(example.request) else { return None };
        (!params.is_empty() && valid(&params).is_empty()).then_some(params)
    });
    let mut params = example.unwrap_or_else(|| required(vendor, action.name, &action.params, action, now, 0));
    for (_, _, values) in OVERRIDES.iter().filter(|(of, name, _)| *of == vendor && *name == action.name) {
        let today = now.strftime("%Y%m%d").to_string();
        params.extend(serde_json::from_str::<Params>(&values.replace("TODAY", &today)).unwrap());
    }
    params
}

/// Some Actions exist in some regions only.
fn region(action: &Action<'static>) -> Option<&'static str> {
    action.regions.first().copied()
}

fn required(
    vendor: Vendor,
    owner: &str,
    params: &[Param<'_>],
    action: &Action<'static>,
    now: Timestamp,
    depth: usize,
) -> Params {
    let asked =
        params.iter().map(|param| amended(vendor, owner, param)).filter(|param| param.required && param.name != "*");
    asked.map(|param| (param.name.to_owned(), plausible(vendor, &param, param.kind, action, now, depth))).collect()
}

/// A value of the kind, within what the facts allow.
fn plausible(
    vendor: Vendor,
    param: &Param<'_>,
    kind: &str,
    action: &Action<'static>,
    now: Timestamp,
    depth: usize,
) -> Value {
    let inside = |outer: &str| kind.strip_prefix(outer).and_then(|rest| rest.strip_suffix('>'));
    if let Some(element) = inside("array<") {
        return json!([plausible(vendor, param, element, action, now, depth)]);
    }
    let first = param.allowed.iter().find(|value| !value.is_empty()).copied();
    let least = param.min.unwrap_or(1.0).max(1.0).min(param.max.unwrap_or(f64::MAX));
    match kind {
        "integer" | "integer or digits" => match first {
            Some(value) => value.parse::<i64>().unwrap().into(),
            None if param.format.is_some_and(|format| format.starts_with("unix")) => {
                time(param, action, now).parse::<i64>().unwrap().into()
            }
            None => json!(least as i64),
        },
        "float" => first.map_or(json!(least), |value| value.parse::<f64>().unwrap().into()),
        "boolean" => json!(true),
        "any" => json!({}),
        "string" | "datetime" => text(param, first, least, action, now).into(),
        _ => {
            let name = inside("object<").unwrap_or(kind);
            let members = catalog::type_members(vendor, name).filter(|_| depth < 6).unwrap_or_default();
            Value::Object(required(vendor, &format!("@{name}"), &members, action, now, depth + 1))
        }
    }
}

fn text(param: &Param<'_>, first: Option<&str>, least: f64, action: &Action<'static>, now: Timestamp) -> String {
    if let Some(value) = first {
        return value.to_owned();
    }
    let text = match param.format {
        Some("url") => "https://example.com/live/s1.flv?".to_owned(),
        Some("json") => "[]".to_owned(),
        Some("ip") => "192.0.2.1".to_owned(),
        Some("integer-string") => (least as i64).to_string(),
        Some("data-url") => "data:image/png;base64,iVBORw0KGgo=".to_owned(),
        Some("pem") => "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n".to_owned(),
        Some("csv" | "bar-list" | "semicolon-list" | "query" | "repeat") | None => "a1".to_owned(),
        Some(_) => time(param, action, now),
    };
    let shortest = usize::try_from(param.min_length.unwrap_or(0)).unwrap();
    let longest = usize::try_from(param.max_length.unwrap_or(u32::MAX)).unwrap();
    let padded = format!("{text}{}", "x".repeat(shortest.saturating_sub(text.chars().count())));
    padded.chars().take(longest).collect()
}

/// A time that the Action can be about: past for what is read, to come for what is planned; ends after starts.
fn time(param: &Param<'_>, action: &Action<'static>, now: Timestamp) -> String {
    let hour = SignedDuration::from_hours(1);
    let base = if action.effect_kind() == Effect::Read { now - hour * 2 } else { now + hour };
    let ends = param.name.contains("End") || param.name.ends_with("To");
    let at = if ends { base + SignedDuration::from_mins(30) } else { base };
    let pattern = match param.format.unwrap_or_default() {
        "unix-milliseconds" => return at.as_millisecond().to_string(),
        "unix-seconds" => "%s",
        "date-time-cst" => "%Y-%m-%d %H:%M:%S",
        "date-cst" => "%Y-%m-%d",
        "yyyymmdd-cst" => "%Y%m%d",
        "iso8601-utc-minute" => "%Y-%m-%dT%H:%MZ",
        _ => "%Y-%m-%dT%H:%M:%SZ",
    };
    at.strftime(pattern).to_string()
}

struct Line {
    transport: send::Transport,
    host: String,
    credentials: Credentials,
}

impl Line {
    async fn call(&self, call: &Call, region: Option<&str>, number: usize) -> Result<Reply, Error> {
        let house = provider(call.vendor);
        let signature = Scheme::default_of(call.vendor);
        let request = house.encode(call, &Target { scheme: "http", host: &self.host, region, signature })?;
        let region = region.or(house.default_region()).unwrap_or_default();
        let moment = Moment { at: Timestamp::now(), nonce: &number.to_string(), region };
        let signed = sign(request, signature, &self.credentials, &moment)?;
        let response = self.transport.exchange(&signed).await.map_err(|fault| Error::internal(format!("{fault:?}")))?;
        house.decode(&call.action, &response, Reading::Members)
    }
}

#[test]
fn every_action_can_be_called_in_the_sandbox() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut options = Options::new("every-action");
        options.throttle = false;
        let sandbox = start(options).await.unwrap();
        let keys = Keys::built_in();
        let line = Line {
            transport: send::Transport::new(send::Options {
                timeout: Duration::from_secs(20),
                connect_timeout: Duration::from_secs(5),
                roots: Vec::new(),
                system_trust: false,
                proxy: None,
                user_agent: "livectl-test",
            }),
            host: sandbox.address.to_string(),
            credentials: Credentials {
                access_key_id: keys.access_key_id,
                access_key_secret: keys.access_key_secret,
                session_token: None,
            },
        };
        let (mut called, mut absent, mut wrong) = (0, Vec::new(), Vec::new());
        for vendor in Vendor::ALL {
            for action in catalog::actions(vendor) {
                called += 1;
                let params = parameters(vendor, &action, Timestamp::now());
                for fault in validate(vendor, &action, &params, region(&action), Timestamp::now()).faults {
                    wrong.push(format!("{vendor} {}: {fault:?} in {}", action.name, json!(params)));
                }
                let call = Call { vendor, action: action.name.to_owned(), params };
                match line.call(&call, region(&action), called).await {
                    Ok(reply) => assert!(reply.request_id.is_some(), "{vendor} {}", action.name),
                    // The sandbox keeps state for these, and the thing is not there.
                    Err(error) if error.class() == Class::NotFound => absent.push(action.name),
                    Err(error) if error.details().code.as_deref() == Some("InvalidPushDomain.Miss") => {
                        absent.push(action.name);
                    }
                    Err(error) => wrong.push(format!("{vendor} {}: {error} {:?}", action.name, error.details().code)),
                }
            }
        }
        assert_eq!((called, wrong.join("\n")), (899, String::new()));
        // Only Actions on things that the sandbox keeps can miss one; all the others just answer.
        assert!(absent.len() * 3 < called, "{absent:?}");
    });
}
