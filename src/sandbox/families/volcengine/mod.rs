//! Volcengine's families.

pub(super) mod domain;
pub(super) mod hls_key;
pub(super) mod pull_to_push;
pub(super) mod relay;
