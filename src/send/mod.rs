//! Signed → Response: the only socket, retries, the clock; and GETs of public addresses.

mod clock;
mod pace;
mod public;
mod resolve;
mod retry;
mod transport;
mod trust;

pub use clock::Clock;
pub use retry::{Attempt, Policy, Repeatable, Sender};
pub use transport::{NetworkFault, Options, Transport};
