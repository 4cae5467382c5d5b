//! Volcengine's addresses to push to and to play from, signed where the domain's signing is on.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::model::{Params, Secret, Vendor};
use crate::providers::addresses::Wish;
use crate::providers::provider;
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, members};
use crate::sandbox::families::Handler::{self, Reads};
use crate::sandbox::families::volcengine::domain::DOMAINS;
use crate::sandbox::families::volcengine::setting::AUTH_SETTINGS;
use crate::sandbox::house::{House, text};
use crate::sign::address::{self, Formula, Rule};

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] =
    &[("GeneratePushURL", Reads(to_push)), ("GeneratePlayURL", Reads(to_play))];

/// The domain that is named, else every push domain of the space.
fn to_push(asked: &Asked<'_>, house: &House) -> Performed {
    let space = asked.text("Vhost");
    let domains: Vec<&str> = match asked.text("Domain") {
        "" => {
            let rows = house.rows(DOMAINS).iter();
            let push = rows.filter(|row| text(row, "Vhost") == space && text(row, "Type") == "push");
            push.map(|row| text(row, "Domain")).collect()
        }
        domain => vec![domain],
    };
    if domains.is_empty() {
        return Err(asked.refuse("ResourceNotFound", format!("domain space {space} has no push domain")));
    }
    let (app, stream) = (asked.text("App"), asked.text("Stream"));
    let (mut plain, mut details, mut srt, mut kind) = (Vec::new(), Vec::new(), Vec::new(), String::new());
    for domain in domains {
        let (query, signed) = signature(asked, house, domain, "push", stream)?;
        let key = format!("{stream}{query}");
        let server = format!("rtmp://{domain}/{app}");
        plain.push(format!("{server}/{key}"));
        details.push(json!({"DomainApp": server, "StreamSign": key, "URL": format!("{server}/{key}")}));
        let names = query.replacen('?', ",", 1).replace('&', ",");
        srt.push(format!("srt://{domain}:9000?streamid=#!::h={domain},r={app}/{stream},m=publish{names}"));
        kind = signed;
    }
    Ok(members(json!({
        "AuthType": kind,
        "PushURLList": plain,
        "PushURLListDetail": details,
        "RtmURLList": [],
        "RtmpOverSrtURLList": [],
        "TsOverSrtURLList": srt,
        "WebTransportURLList": [],
    })))
}

fn to_play(asked: &Asked<'_>, house: &House) -> Performed {
    let (domain, app) = (asked.text("Domain"), asked.text("App"));
    let suffix = match asked.text("Suffix") {
        suffix if suffix.is_empty() || suffix.starts_with('_') => suffix.to_owned(),
        suffix => format!("_{suffix}"),
    };
    let stream = format!("{}{suffix}", asked.text("Stream"));
    let (query, kind) = signature(asked, house, domain, "pull", &stream)?;
    let network = asked.or("Type", "fcdn");
    let forms = [("rtmp", "rtmp", ""), ("flv", "http", ".flv"), ("hls", "http", ".m3u8")];
    let urls = forms.map(|(protocol, scheme, end)| {
        json!({
            "CDN": network, "Protocol": protocol, "SubStreamURL": [], "Type": network,
            "URL": format!("{scheme}://{domain}/{app}/{stream}{end}{query}"),
        })
    });
    Ok(members(json!({ "AuthType": kind, "URLList": urls })))
}

/// The query that signs an address and the kind of signing; both are empty where the domain signs nothing.
fn signature(
    asked: &Asked<'_>,
    house: &House,
    domain: &str,
    scene: &str,
    stream: &str,
) -> Result<(String, String), Refusal> {
    let end = end(asked)?;
    let key = [("Domain", json!(domain)), ("SceneType", json!(scene)), ("AuthStatus", json!(true))];
    let Some(setting) = house.find(AUTH_SETTINGS, &key) else { return Ok(Default::default()) };
    let first = setting.get("AuthDetailList").and_then(|details| details.get(0)).and_then(Value::as_object);
    let kind = first.map(|detail: &Params| text(detail, "AuthType").to_owned()).unwrap_or_default();
    let secret = first.map(|detail| text(detail, "SecretKey")).unwrap_or_default();
    let rule = provider(Vendor::Volcengine).addresses().rule(Some(&Value::Object(setting.clone())), Wish::default());
    // Of a way of signing that has no public formula the answer has the form, and opens nothing.
    let rule = rule.unwrap_or_else(|_| Rule::new(Formula::VolcSecret));
    let path = format!("/{}/{stream}", asked.text("App"));
    let params = address::sign(&rule, &path, &Secret::new(secret), end);
    let pairs: Vec<String> = params.iter().map(|(name, value)| format!("{name}={value}")).collect();
    Ok((format!("?{}", pairs.join("&")), kind))
}

/// When the address stops working: 7 days from now where the request says nothing.
fn end(asked: &Asked<'_>) -> Result<Timestamp, Refusal> {
    let given = asked.text("ExpiredTime");
    if !given.is_empty() {
        return given.parse().map_err(|_| asked.refuse("InvalidParam.Format", "ExpiredTime is a time with an offset"));
    }
    let seconds = asked.number("ValidDuration").unwrap_or(604_800);
    asked
        .now
        .checked_add(SignedDuration::from_secs(seconds))
        .map_err(|_| asked.refuse("InvalidParam", "ValidDuration is out of range"))
}
