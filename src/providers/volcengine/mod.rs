//! Volcengine Live.

mod address;
pub(super) mod amendments;
mod auth;
mod callback;
pub(super) mod callbacks;
mod cert;
pub(super) mod constraints;
mod domain;
mod endpoint;
mod envelope;
pub(super) mod errors;
mod hls_key;
mod push_faults;
mod record;
mod relay;
mod space;
mod stats;
mod stream;
mod sts;
mod transcode;
mod wire;

use crate::model::Vendor;
use crate::providers::Provider;

pub(super) static HOUSE: Provider = Provider {
    vendor: Vendor::Volcengine,
    default_region: endpoint::DEFAULT_REGION,
    host: endpoint::host,
    sts: sts::STS,
    encode: wire::encode,
    decode: envelope::decode,
    domain: domain::support,
    relay: relay::support,
    hls_key: hls_key::support,
    record: record::support,
    transcode: transcode::support,
    callback: callback::support,
    stream: stream::support,
    stats: stats::support,
    cert: cert::support,
    addresses: &address::ADDRESSES,
    url_key: auth::url_key,
    rotation: auth::rotation,
    referer: auth::referer,
    ip: auth::ip,
    domain_config: domain::config,
};
