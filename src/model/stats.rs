//! The noun `stats`: what was delivered, and to how many, over time.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::model::verb::verbs;
use crate::model::{Columns, Vendor};

verbs! {
    /// The verbs of `stats` that are the same on every vendor.
    StatsVerb { Bandwidth = "bandwidth", Traffic = "traffic", Online = "online", Faults = "faults" }
}

impl StatsVerb {
    /// The unit of its values, whatever the vendor answers in.
    pub const fn unit(self) -> &'static str {
        match self {
            StatsVerb::Bandwidth => "bit/s",
            StatsVerb::Traffic => "bytes",
            StatsVerb::Online => "viewers",
            StatsVerb::Faults => "pushes",
        }
    }
}

/// What the user asked of `stats`, whichever verb.
#[derive(Debug, Clone, PartialEq)]
pub struct StatsArgs {
    /// Play domains (of `faults` push domains), each with a series of its own; none: all of the account in one.
    pub domains: Vec<String>,
    /// From here on.
    pub since: Timestamp,
    /// Up to here, which is left out.
    pub until: Timestamp,
    /// The width of a point: five minutes or an hour.
    pub interval: SignedDuration,
    /// The instant of the run.
    pub now: Timestamp,
}

/// One point of one series.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StatsRow {
    /// Whose account.
    pub vendor: Vendor,
    /// The profile. Filled in by the command.
    pub profile: Option<String>,
    /// The domain; null: all of the account together.
    pub domain: Option<String>,
    /// Where the point begins, RFC 3339, UTC.
    pub time: String,
    /// `bandwidth`, `traffic` or `online`.
    pub metric: &'static str,
    /// The value, in `unit`.
    pub value: u64,
    /// `bit/s`, `bytes` or `viewers`.
    pub unit: &'static str,
}

impl StatsRow {
    /// The promised columns.
    pub const COLUMNS: Columns = &["vendor", "profile", "domain", "time", "metric", "value", "unit"];
}

/// Pushes that failed or broke off, at one time and for one reason.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PushFaultRow {
    /// Whose account.
    pub vendor: Vendor,
    /// The profile. Filled in by the command.
    pub profile: Option<String>,
    /// The push domain; null where the vendor does not tell it apart.
    pub domain: Option<String>,
    /// The app that was pushed to; null where the vendor counts only.
    pub app: Option<String>,
    /// The stream's name; null where the vendor counts only.
    pub stream: Option<String>,
    /// When the push ended, or where the minute of the count begins. RFC 3339, UTC.
    pub time: String,
    /// Why, in the vendor's words; null where it says nothing.
    pub reason: Option<String>,
    /// How many pushes.
    pub count: u64,
}

impl PushFaultRow {
    /// The promised columns.
    pub const COLUMNS: Columns = &["vendor", "profile", "domain", "app", "stream", "time", "reason", "count"];
}
