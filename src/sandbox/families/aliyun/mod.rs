//! Aliyun's families.

pub(super) mod caster_parts;
pub(super) mod caster_scenes;
pub(super) mod casters;
pub(super) mod certificates;
pub(super) mod configs;
pub(super) mod domain;
pub(super) mod functions;
pub(super) mod mapping;
pub(super) mod records;
pub(super) mod relay;
pub(super) mod rooms;
mod shape;
pub(super) mod streams;
pub(super) mod transcode;
