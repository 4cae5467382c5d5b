//! Our vocabulary: vendors, calls, requests, replies, rows, credentials, times. No logic of a vendor.

mod call;
mod credentials;
mod domain;
mod hls_key;
mod relay;
mod road;
mod row;
mod secret;
mod support;
pub mod time;
mod vendor;

pub use call::{Call, Effect, Header, Method, Params, ParamsIn, Reply, Request, Response};
pub use credentials::{Credentials, masked_id};
pub use domain::{Area, DomainArgs, DomainKind, DomainRow, DomainStatus, DomainVerb};
pub use hls_key::{HlsKeyArgs, HlsKeyRow, HlsKeyScope, HlsKeyVerb};
pub use relay::{RelayArgs, RelayRow, RelaySelector, RelayStatus, RelayVerb, Window};
pub use road::{Answer, Item, Road};
pub use row::{Change, Changed, Columns, Row};
pub use secret::Secret;
pub use support::{Handler, Support};
pub use vendor::Vendor;
