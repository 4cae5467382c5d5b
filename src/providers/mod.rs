//! What the vendors speak. Pure: no socket, no clock, no print.
//!
//! The same rooms in each vendor's house: `endpoint` (hosts and regions), `wire` (Call → Request),
//! `envelope` (Response → Reply, error codes → classes), and one file a portable noun.

pub mod action;
pub mod addresses;
mod aliyun;
pub mod callbacks;
pub mod catalog;
pub mod change;
pub mod codes;
pub mod events;
pub mod fate;
pub mod guard;
pub mod homes;
pub mod intent;
pub mod items;
pub mod keeps;
pub mod naming;
pub mod paging;
pub mod probe;
pub mod push_faults;
pub mod repeat;
pub mod results;
pub mod rotation;
pub mod rows;
#[cfg(test)]
pub(crate) mod script;
pub mod secrets;
pub mod series;
pub mod settle;
pub mod sts;
mod table;
mod tencent;
pub mod time_shift;
pub mod top;
pub mod validate;
mod volcengine;
pub mod walk;
pub mod wire;
pub mod words;

pub(crate) use aliyun::functions as domain_functions;

use crate::error::Error;
use crate::model::{
    AccessArgs, AccessVerb, Call, CallbackArgs, CallbackVerb, CertArgs, CertVerb, DomainArgs, DomainConfigArgs,
    DomainConfigVerb, DomainVerb, HlsKeyArgs, HlsKeyVerb, Reading, RecordArgs, RecordVerb, RelayArgs, RelayVerb, Reply,
    Request, Response, RotateArgs, RotateVerb, StatsArgs, StatsVerb, StreamArgs, StreamVerb, Support, TranscodeArgs,
    TranscodeVerb, UrlKeyArgs, UrlKeyVerb, Vendor,
};
use crate::sign::Scheme;

/// Where a call goes and how it will be signed: what the wire form depends on beside the call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target<'a> {
    /// `https`, or `http` for a loopback address.
    pub scheme: &'a str,
    /// Host with its port where it is not the scheme's own.
    pub host: &'a str,
    /// The API region, where one is chosen or needed.
    pub region: Option<&'a str>,
    /// The signature to come: Tencent's version 1 wants flattened parameters.
    pub signature: Scheme,
}

/// One vendor's house, as a row of its doors.
pub struct Provider {
    vendor: Vendor,
    default_region: Option<&'static str>,
    host: fn(Option<&str>) -> String,
    sts: sts::Sts,
    encode: fn(&Call, &Target<'_>) -> Result<Request, Error>,
    decode: fn(&str, &Response, Reading) -> Result<Reply, Error>,
    domain: fn(DomainVerb) -> Support<DomainArgs>,
    relay: fn(RelayVerb) -> Support<RelayArgs>,
    hls_key: fn(HlsKeyVerb) -> Support<HlsKeyArgs>,
    record: fn(RecordVerb) -> Support<RecordArgs>,
    transcode: fn(TranscodeVerb) -> Support<TranscodeArgs>,
    callback: fn(CallbackVerb) -> Support<CallbackArgs>,
    stream: fn(StreamVerb) -> Support<StreamArgs>,
    stats: fn(StatsVerb) -> Support<StatsArgs>,
    cert: fn(CertVerb) -> Support<CertArgs>,
    addresses: &'static addresses::Addresses,
    url_key: fn(UrlKeyVerb) -> Support<UrlKeyArgs>,
    rotation: fn(RotateVerb) -> Support<RotateArgs>,
    referer: fn(AccessVerb) -> Support<AccessArgs>,
    ip: fn(AccessVerb) -> Support<AccessArgs>,
    domain_config: fn(DomainConfigVerb) -> Support<DomainConfigArgs>,
}

impl Provider {
    /// Which vendor.
    pub fn vendor(&self) -> Vendor {
        self.vendor
    }

    /// The vendor's host for a region.
    pub fn endpoint(&self, region: Option<&str>) -> String {
        (self.host)(region)
    }

    /// The region used where none is chosen; `None` where the API has none.
    pub fn default_region(&self) -> Option<&'static str> {
        self.default_region
    }

    /// A call in the vendor's wire form, ready to be signed.
    ///
    /// # Errors
    /// Usage where a value cannot be written in the wire form.
    pub fn encode(&self, call: &Call, target: &Target<'_>) -> Result<Request, Error> {
        (self.encode)(call, target)
    }

    /// Takes a response out of its envelope.
    ///
    /// # Errors
    /// The vendor's refusal with class, code, message and request id; class `vendor` where the answer
    /// cannot be read. `outcome` is `refused` for a refusal and left empty where the answer is unreadable.
    pub fn decode(&self, action: &str, response: &Response, reading: Reading) -> Result<Reply, Error> {
        (self.decode)(action, response, reading)
    }

    /// The vendor's decision about a verb of `domain`.
    pub fn domain(&self, verb: DomainVerb) -> Support<DomainArgs> {
        (self.domain)(verb)
    }

    /// The vendor's decision about a verb of `relay`.
    pub fn relay(&self, verb: RelayVerb) -> Support<RelayArgs> {
        (self.relay)(verb)
    }

    /// The vendor's decision about a verb of `hls-key`.
    pub fn hls_key(&self, verb: HlsKeyVerb) -> Support<HlsKeyArgs> {
        (self.hls_key)(verb)
    }

    /// The vendor's decision about a verb of `record`.
    pub fn record(&self, verb: RecordVerb) -> Support<RecordArgs> {
        (self.record)(verb)
    }

    /// The vendor's decision about a verb of `transcode`.
    pub fn transcode(&self, verb: TranscodeVerb) -> Support<TranscodeArgs> {
        (self.transcode)(verb)
    }

    /// The vendor's decision about a verb of `callback`.
    pub fn callback(&self, verb: CallbackVerb) -> Support<CallbackArgs> {
        (self.callback)(verb)
    }

    /// The vendor's decision about a verb of `stream`.
    pub fn stream(&self, verb: StreamVerb) -> Support<StreamArgs> {
        (self.stream)(verb)
    }

    /// The vendor's decision about a verb of `stats`.
    pub fn stats(&self, verb: StatsVerb) -> Support<StatsArgs> {
        (self.stats)(verb)
    }

    /// The vendor's decision about a verb of `cert`.
    pub fn cert(&self, verb: CertVerb) -> Support<CertArgs> {
        (self.cert)(verb)
    }

    /// How the vendor writes and signs addresses of streams.
    pub fn addresses(&self) -> &'static addresses::Addresses {
        self.addresses
    }

    /// The vendor's decision about a verb of `auth push-key` and `auth play-key`.
    pub fn url_key(&self, verb: UrlKeyVerb) -> Support<UrlKeyArgs> {
        (self.url_key)(verb)
    }

    /// The vendor's decision about `auth rotate`.
    pub fn rotation(&self, verb: RotateVerb) -> Support<RotateArgs> {
        (self.rotation)(verb)
    }

    /// The vendor's decision about a verb of `auth referer`.
    pub fn referer(&self, verb: AccessVerb) -> Support<AccessArgs> {
        (self.referer)(verb)
    }

    /// The vendor's decision about a verb of `auth ip`.
    pub fn ip(&self, verb: AccessVerb) -> Support<AccessArgs> {
        (self.ip)(verb)
    }

    /// The vendor's decision about a verb of `domain config`.
    pub fn domain_config(&self, verb: DomainConfigVerb) -> Support<DomainConfigArgs> {
        (self.domain_config)(verb)
    }
}

/// The vendor's house.
pub fn provider(vendor: Vendor) -> &'static Provider {
    match vendor {
        Vendor::Tencent => &tencent::HOUSE,
        Vendor::Aliyun => &aliyun::HOUSE,
        Vendor::Volcengine => &volcengine::HOUSE,
    }
}
