//! Addresses of Volcengine Live. Sources: 6469/107759 (forms, type B), 6469/107533 (SRT), 6469/1274178 (type A; its hash
//! as in the VOD reference 4/1130370), 6469/1126826 (the setting of a domain).

use jiff::SignedDuration;
use serde_json::Value;

use crate::error::Error;
use crate::model::{KeyScope, UrlScheme, Vendor};
use crate::providers::addresses::{Addresses, Form, Protocol, StreamId, Wish, md5_only, plain, unknown_scheme};
use crate::providers::volcengine::auth::our_scheme;
use crate::providers::{guard, rows};
use crate::sign::address::{Formula, Rule};

pub(super) static ADDRESSES: Addresses = Addresses {
    push: &[Form::new(Protocol::Rtmp, "rtmp"), Form::srt(9000)],
    play: &[Form::new(Protocol::Rtmp, "rtmp"), Form::new(Protocol::Flv, "https"), Form::new(Protocol::Hls, "https")],
    lacks: "Volcengine takes RTMP and SRT, and plays RTMP, FLV and HLS; its RTM addresses are made by \
            `livectl stream url push` and `stream url play`",
    stream_id: StreamId::Members { publish: true },
    pushes_by: Some(Formula::VolcSecret),
    rule,
};

const INSTEAD: &str = "the vendor makes such addresses itself: `livectl stream url play`";

/// Type B where the setting is not known: it is the only one to push with.
fn rule(raw: Option<&Value>, wish: Wish) -> Result<Rule, Error> {
    md5_only(Vendor::Volcengine, wish)?;
    if wish.scope == Some(KeyScope::Push) && wish.scheme.is_some_and(|scheme| scheme != UrlScheme::B) {
        return Err(Error::usage("signing an address: Volcengine takes a push that is signed by scheme b only")
            .hint("leave `--scheme` out, or use `--scheme b`")
            .with(|details| details.vendor = Some(Vendor::Volcengine)));
    }
    let detail = raw.and_then(|raw| raw.pointer("/AuthDetailList/0"));
    let told = |name| detail.and_then(|detail| rows::text(detail, name));
    let scheme = match wish.scheme {
        Some(scheme) => guard::scheme_word(scheme),
        // The vendor's answers have `TypeB`, and `B`.
        None => {
            told("AuthType").map_or_else(|| guard::scheme_word(UrlScheme::B), |kind| our_scheme(&kind).to_lowercase())
        }
    };
    let formula = match scheme.as_str() {
        "a" => Formula::AuthKey,
        "b" => Formula::VolcSecret,
        _ => return Err(unknown_scheme(Vendor::Volcengine, &scheme, INSTEAD)),
    };
    if let Some(algorithm) = told("EncryptionAlgorithm").filter(|name| !name.eq_ignore_ascii_case("md5")) {
        return Err(unknown_scheme(Vendor::Volcengine, &format!("{scheme} with {algorithm}"), INSTEAD));
    }
    let number = |name| raw.and_then(|raw| rows::number(raw, name));
    let rule = plain(formula, wish);
    let renamed = |name: &str| {
        let field = detail.and_then(|detail| detail.get("AuthField")).and_then(|fields| rows::text(fields, name));
        field.filter(|field| !field.is_empty()).unwrap_or_else(|| name.to_owned())
    };
    let seconds = number("ValidDuration").and_then(|seconds| i64::try_from(seconds).ok());
    Ok(Rule {
        time_name: rule.time_name.as_deref().map(renamed),
        secret_name: renamed(&rule.secret_name),
        base: number("TimeStampBase").and_then(|base| u32::try_from(base).ok()).filter(is_base).unwrap_or(rule.base),
        valid: wish.valid.or(seconds.map(SignedDuration::from_secs)),
        ..rule
    })
}

fn is_base(base: &u32) -> bool {
    matches!(base, 2 | 8 | 10 | 16)
}
