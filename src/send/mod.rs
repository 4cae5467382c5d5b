//! Signed → Response: the only socket, retries, the clock; and what goes to others than a vendor.

mod clock;
mod connect;
mod pace;
mod public;
mod resolve;
mod retry;
mod transport;
mod trust;
mod verdict;

pub use clock::Clock;
pub use connect::Refusal;
pub use pace::Pace;
pub use public::WebAddress;
pub use retry::{Attempt, Policy, Sender};
pub use transport::{Bound, NetworkFault, Options, Parcel, Transport};
