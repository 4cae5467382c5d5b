//! Addresses of Tencent Cloud CSS. Sources: 267/32480 and 267/38393 (forms), 267/40102 (SRT), 267/31560 (signature).

use jiff::SignedDuration;
use serde_json::Value;

use crate::error::Error;
use crate::model::Vendor;
use crate::providers::addresses::{Addresses, Form, Protocol, StreamId, Wish, plain};
use crate::providers::{guard, rows};
use crate::sign::address::{Formula, Rule};

pub(super) static ADDRESSES: Addresses = Addresses {
    push: &[Form::new(Protocol::Rtmp, "rtmp"), Form::srt(9000), Form::new(Protocol::WebRtc, "webrtc")],
    play: &[
        Form::new(Protocol::Rtmp, "rtmp"),
        Form::new(Protocol::Flv, "https"),
        Form::new(Protocol::Hls, "https"),
        Form::new(Protocol::WebRtc, "webrtc"),
    ],
    lacks: "Tencent takes RTMP, SRT and WebRTC, and plays RTMP, FLV, HLS and WebRTC",
    stream_id: StreamId::Members { publish: false },
    pushes_by: None,
    rule,
};

/// One way for all domains; which hash is not told.
fn rule(raw: Option<&Value>, wish: Wish) -> Result<Rule, Error> {
    if let Some(scheme) = wish.scheme {
        let message = format!("signing an address: Tencent has no scheme {}", guard::scheme_word(scheme));
        return Err(Error::usage(message)
            .hint("leave `--scheme` out: Tencent has one way")
            .with(|details| details.vendor = Some(Vendor::Tencent)));
    }
    let told = raw.and_then(|raw| rows::number(raw, "AuthDelta")).and_then(|seconds| i64::try_from(seconds).ok());
    let valid = wish.valid.or(told.map(SignedDuration::from_secs));
    Ok(Rule { hash: wish.hash.unwrap_or_default(), valid, ..plain(Formula::TxSecret, wish) })
}
