//! Addresses of Alibaba Cloud ApsaraVideo Live. Sources: 199339 (forms), "Signed ingest and streaming URLs" (type A).

use jiff::SignedDuration;
use serde_json::Value;

use crate::error::Error;
use crate::model::{UrlScheme, Vendor};
use crate::providers::addresses::{Addresses, Form, Protocol, StreamId, Wish, md5_only, plain, unknown_scheme};
use crate::providers::aliyun::configs::Config;
use crate::providers::guard;
use crate::sign::address::{Formula, Rule};

/// Aliyun calls its WebRTC `artc`.
pub(super) static ADDRESSES: Addresses = Addresses {
    push: &[Form::new(Protocol::Rtmp, "rtmp"), Form::srt(1105), Form::new(Protocol::WebRtc, "artc")],
    play: &[
        Form::new(Protocol::Rtmp, "rtmp"),
        Form::new(Protocol::Flv, "https"),
        Form::new(Protocol::Hls, "https"),
        Form::new(Protocol::WebRtc, "artc"),
    ],
    lacks: "Aliyun takes RTMP, SRT and ARTC, and plays RTMP, FLV, HLS and ARTC",
    stream_id: StreamId::Query,
    pushes_by: None,
    rule,
};

fn rule(raw: Option<&Value>, wish: Wish) -> Result<Rule, Error> {
    md5_only(Vendor::Aliyun, wish)?;
    let config = raw.map(Config::of);
    let told = |name| config.as_ref().and_then(|config| config.argument(name)).map(str::to_owned);
    let scheme = match wish.scheme {
        Some(scheme) => guard::scheme_word(scheme),
        None => told("auth_type").and_then(|kind| kind.strip_prefix("type_").map(str::to_owned)).unwrap_or_default(),
    };
    if !scheme.is_empty() && scheme != guard::scheme_word(UrlScheme::A) {
        let instead = "type A is the documented one: `livectl auth play-key set --domain DOMAIN --scheme a`";
        return Err(unknown_scheme(Vendor::Aliyun, &scheme, instead));
    }
    let seconds = told("ali_auth_delta").and_then(|seconds| seconds.parse().ok());
    let valid = wish.valid.or(seconds.map(SignedDuration::from_secs));
    Ok(Rule { valid, ..plain(Formula::AuthKey, wish) })
}
