//! Tencent's families.

pub(super) mod access;
pub(super) mod cert;
pub(super) mod delay;
pub(super) mod domain;
mod kinds;
pub(super) mod mix;
pub(super) mod owner;
pub(super) mod relay;
pub(super) mod rules;
pub(super) mod stream;
pub(super) mod task;
pub(super) mod templates;
mod transcode;
pub(super) mod watermark;

use jiff::Timestamp;

use crate::model::time::BEIJING;

/// A time in Beijing that ends in `Z`, as Tencent writes some of its times.
fn beijing_z(time: Timestamp) -> String {
    BEIJING.to_datetime(time).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
