//! `stats` on Tencent Cloud CSS: billable bandwidth and traffic, and viewers by the minute, of play domains; faults of pushes.

use jiff::{SignedDuration, Timestamp};

use crate::model::time::{BEIJING, to_row};
use crate::model::{Call, StatsArgs, StatsVerb, Support, Vendor};
use crate::providers::push_faults;
use crate::providers::series::{self, MEGA, Points};
use crate::providers::tencent::push_faults::TOLD;

const VENDOR: Vendor = Vendor::Tencent;

/// The last minutes cannot be asked for yet.
const NOT_YET: SignedDuration = SignedDuration::from_mins(4);

pub(super) fn support(verb: StatsVerb) -> Support<StatsArgs> {
    match verb {
        StatsVerb::Bandwidth => Support::Does(|road, args| {
            Box::pin(series::emit(road, args, longest(args), StatsVerb::Bandwidth, bill(args), &BANDWIDTH))
        }),
        StatsVerb::Traffic => Support::Does(|road, args| {
            Box::pin(series::emit(road, args, longest(args), StatsVerb::Traffic, bill(args), &TRAFFIC))
        }),
        StatsVerb::Online => Support::Does(|road, args| {
            Box::pin(async move {
                let until = args.until.min(args.now - NOT_YET);
                let args = StatsArgs { until, ..args.clone() };
                let day = SignedDuration::from_hours(24);
                series::emit(road, &args, day, StatsVerb::Online, minutes, &VIEWERS).await
            })
        }),
        StatsVerb::Faults => Support::Does(|road, args| Box::pin(push_faults::emit(road, args, &TOLD))),
    }
}

const BANDWIDTH: Points<'static> =
    Points { path: &["DataInfoList"], time: "Time", zone: BEIJING, value: "Bandwidth", factor: MEGA };

const TRAFFIC: Points<'static> = Points { value: "Flux", ..BANDWIDTH };

const VIEWERS: Points<'static> = Points { value: "Online", factor: 1.0, ..BANDWIDTH };

/// Points of five minutes are told of one day at once, those of an hour of a month.
fn longest(args: &StatsArgs) -> SignedDuration {
    if args.interval < SignedDuration::from_hours(1) {
        SignedDuration::from_hours(24)
    } else {
        SignedDuration::from_hours(30 * 24)
    }
}

fn bill(args: &StatsArgs) -> impl Fn(Option<&str>, Timestamp, Timestamp) -> Call {
    let granularity = args.interval.as_mins();
    move |domain, from, to| {
        Call::new(VENDOR, "DescribeBillBandwidthAndFluxList")
            .with("StartTime", to_row(from))
            .with("EndTime", to_row(to))
            .with("Granularity", granularity)
            .with_some("PlayDomains", domain.map(|domain| vec![domain.to_owned()]))
    }
}

fn minutes(domain: Option<&str>, from: Timestamp, to: Timestamp) -> Call {
    Call::new(VENDOR, "DescribeStreamPlayInfoList")
        .with("StartTime", to_row(from))
        .with("EndTime", to_row(to))
        .with_some("PlayDomain", domain)
}

#[cfg(test)]
mod tests;
