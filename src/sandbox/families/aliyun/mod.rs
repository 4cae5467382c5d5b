//! Aliyun's families.

pub(super) mod domain;
pub(super) mod mapping;
pub(super) mod relay;
pub(super) mod transcode;
