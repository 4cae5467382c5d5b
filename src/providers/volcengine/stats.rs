//! `stats` on Volcengine Live: monitored bandwidth and traffic downstream, and viewers, of pull domains.

use jiff::{SignedDuration, Timestamp};

use crate::model::time::{BEIJING, to_row};
use crate::model::{Call, StatsArgs, StatsVerb, Support, Vendor};
use crate::providers::push_faults;
use crate::providers::series::{self, GIGA, MEGA, Points};
use crate::providers::volcengine::push_faults::TOLD;

const VENDOR: Vendor = Vendor::Volcengine;

/// Points of five minutes are told of 31 days at once.
const LONGEST: SignedDuration = SignedDuration::from_hours(31 * 24);

pub(super) fn support(verb: StatsVerb) -> Support<StatsArgs> {
    match verb {
        StatsVerb::Bandwidth => Support::Does(|road, args| {
            let ask = call("DescribeLiveMetricBandwidthData", args);
            Box::pin(series::emit(road, args, LONGEST, StatsVerb::Bandwidth, ask, &BANDWIDTH))
        }),
        StatsVerb::Traffic => Support::Does(|road, args| {
            let ask = call("DescribeLiveMetricTrafficData", args);
            Box::pin(series::emit(road, args, LONGEST, StatsVerb::Traffic, ask, &TRAFFIC))
        }),
        StatsVerb::Online => Support::Does(|road, args| {
            let ask = call("DescribeLiveStreamSessionData", args);
            Box::pin(series::emit(road, args, LONGEST, StatsVerb::Online, ask, &VIEWERS))
        }),
        StatsVerb::Faults => Support::Does(|road, args| Box::pin(push_faults::emit(road, args, &TOLD))),
    }
}

const BANDWIDTH: Points<'static> =
    Points { path: &["BandwidthDataList"], time: "TimeStamp", zone: BEIJING, value: "DownBandwidth", factor: MEGA };

/// The vendor says GB; that these are of 1000 as its megabits are is our reading.
const TRAFFIC: Points<'static> = Points { path: &["TrafficDataList"], value: "DownTraffic", factor: GIGA, ..BANDWIDTH };

const VIEWERS: Points<'static> = Points { path: &["SessionDataList"], value: "OnlineUser", factor: 1.0, ..BANDWIDTH };

fn call(action: &'static str, args: &StatsArgs) -> impl Fn(Option<&str>, Timestamp, Timestamp) -> Call {
    let width = args.interval.as_secs();
    move |domain, from, to| {
        Call::new(VENDOR, action)
            .with("StartTime", to_row(from))
            .with("EndTime", to_row(to))
            .with("Aggregation", width)
            .with_some("DomainList", domain.map(|domain| vec![domain.to_owned()]))
    }
}

#[cfg(test)]
mod tests;
