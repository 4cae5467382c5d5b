//! The vendors' envelopes: a result or a refusal as the body that the vendor would send.

mod aliyun;
mod tencent;
mod volcengine;
mod xml;

use crate::model::Vendor;
use crate::providers::catalog::Action;
use crate::sandbox::answer::{HttpAnswer, Performed};
use crate::sandbox::route::Routed;

/// What an envelope needs to know beside the result.
pub(super) struct Around<'a> {
    /// What was asked.
    pub(super) routed: &'a Routed,
    /// The Action's facts, where it is known.
    pub(super) action: Option<&'a Action<'static>>,
    /// The request's new id.
    pub(super) request_id: String,
    /// The host that the client spoke to.
    pub(super) host: &'a str,
    /// Whether the client reads JSON (Aliyun answers XML otherwise).
    pub(super) wants_json: bool,
}

/// Wraps a result or a refusal.
pub(super) fn wrap(around: &Around<'_>, performed: Performed) -> HttpAnswer {
    match around.routed.vendor {
        Vendor::Tencent => tencent::wrap(around, performed),
        Vendor::Aliyun => aliyun::wrap(around, performed),
        Vendor::Volcengine => volcengine::wrap(around, performed),
    }
}
