//! Tencent Cloud CSS.

pub(super) mod amendments;
pub(super) mod constraints;
mod domain;
mod endpoint;
mod envelope;
pub(super) mod errors;
mod hls_key;
mod relay;
mod wire;

use crate::error::Error;
use crate::model::{
    Call, DomainArgs, DomainVerb, HlsKeyArgs, HlsKeyVerb, RelayArgs, RelayVerb, Reply, Request, Response, Support,
    Vendor,
};
use crate::providers::{Provider, Target};

/// Tencent Cloud CSS.
pub(super) struct Tencent;

impl Provider for Tencent {
    fn vendor(&self) -> Vendor {
        Vendor::Tencent
    }

    fn endpoint(&self, region: Option<&str>) -> String {
        endpoint::host(region)
    }

    fn default_region(&self) -> Option<&'static str> {
        endpoint::DEFAULT_REGION
    }

    fn encode(&self, call: &Call, target: &Target<'_>) -> Result<Request, Error> {
        wire::encode(call, target)
    }

    fn decode(&self, action: &str, response: &Response) -> Result<Reply, Error> {
        envelope::decode(action, response)
    }

    fn domain(&self, verb: DomainVerb) -> Support<DomainArgs> {
        domain::support(verb)
    }

    fn relay(&self, verb: RelayVerb) -> Support<RelayArgs> {
        relay::support(verb)
    }

    fn hls_key(&self, verb: HlsKeyVerb) -> Support<HlsKeyArgs> {
        hls_key::support(verb)
    }
}
