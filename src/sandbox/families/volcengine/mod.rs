//! Volcengine's families.

pub(super) mod address;
pub(super) mod certificate;
pub(super) mod domain;
pub(super) mod hls_key;
pub(super) mod preset;
mod preset_check;
pub(super) mod pull_record;
pub(super) mod pull_to_push;
pub(super) mod relay;
pub(super) mod setting;
mod shape;
mod space;
pub(super) mod stream;
pub(super) mod task;
