//! Aliyun's families.

pub(super) mod certificates;
pub(super) mod configs;
pub(super) mod domain;
pub(super) mod functions;
pub(super) mod mapping;
pub(super) mod relay;
mod shape;
pub(super) mod streams;
pub(super) mod transcode;
