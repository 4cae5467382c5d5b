//! Checks parameters against the facts, before anything is sent.

use jiff::Timestamp;

use crate::error::Fault;
use crate::model::{Params, Vendor};
use crate::providers::catalog::Action;

/// What is wrong, and what is only doubtful.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Refused, each one told.
    pub faults: Vec<Fault>,
    /// Sent all the same, with these warnings.
    pub warnings: Vec<String>,
}

/// Checks every parameter and the constraints between them.
pub fn validate(vendor: Vendor, action: &Action<'_>, params: &Params, region: Option<&str>, now: Timestamp) -> Verdict {
    let _ = (vendor, action, params, region, now);
    Verdict::default()
}
