//! Our vocabulary: vendors, calls, requests, replies, rows, credentials, times. No logic of a vendor.

mod auth;
mod call;
mod callback;
mod cert;
mod credentials;
mod domain;
mod domain_config;
mod hls_key;
mod proxy;
mod record;
mod relay;
mod road;
mod role;
mod row;
mod secret;
mod selector;
mod stats;
mod storage;
mod stream;
mod support;
pub mod time;
mod transcode;
mod vendor;
mod verb;

pub use auth::{
    AccessArgs, AccessList, AccessVerb, IpRow, KeyScope, ListKind, RefererRow, RotateArgs, RotateVerb, UrlKeyArgs,
    UrlKeyRow, UrlKeyVerb, UrlScheme,
};
pub use call::{Call, Effect, Header, Method, Params, ParamsIn, Reading, Repeatable, Reply, Request, Response};
pub use callback::{CallbackArgs, CallbackEvent, CallbackRow, CallbackVerb};
pub use cert::{CertArgs, CertRow, CertVerb};
pub use credentials::{Credentials, masked_id, wrong_characters};
pub use domain::{Area, DomainArgs, DomainKind, DomainRow, DomainStatus, DomainVerb};
pub use domain_config::{DomainConfigArgs, DomainConfigRow, DomainConfigVerb};
pub use hls_key::{HlsKeyArgs, HlsKeyRow, HlsKeyScope, HlsKeyVerb};
pub use proxy::Proxy;
pub use record::{RecordArgs, RecordFormat, RecordRow, RecordVerb};
pub use relay::{RelayArgs, RelayRow, RelayStatus, RelayVerb, Window};
pub use road::{Answer, Item, Patience, Road, Watch};
pub use role::{Proof, Role};
pub use row::{Change, Changed, Columns, Row};
pub use secret::Secret;
pub use selector::Selector;
pub use stats::{PushFaultRow, StatsArgs, StatsRow, StatsVerb};
pub use storage::{Storage, StorageKind};
pub use stream::{StreamArgs, StreamRow, StreamState, StreamTopRow, StreamVerb};
pub use support::{Handler, Support};
pub use transcode::{TranscodeArgs, TranscodeRow, TranscodeVerb};
pub use vendor::Vendor;
