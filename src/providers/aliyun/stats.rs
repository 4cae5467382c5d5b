//! `stats` on Aliyun: bandwidth and traffic of playback domains over time, and who watches at one moment.

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use crate::error::Result;
use crate::model::time::to_row;
use crate::model::{Answer, Call, Road, StatsArgs, StatsVerb, Support, Vendor};
use crate::providers::aliyun::push_faults;
use crate::providers::intent::Complaints;
use crate::providers::series::{self, Point, Points};
use crate::providers::walk;

const VENDOR: Vendor = Vendor::Aliyun;

pub(super) fn support(verb: StatsVerb) -> Support<StatsArgs> {
    match verb {
        StatsVerb::Bandwidth => Support::Does(|road, args| {
            let ask = call("DescribeLiveDomainBpsData", args);
            Box::pin(series::emit(road, args, longest(args), StatsVerb::Bandwidth, ask, &BANDWIDTH))
        }),
        StatsVerb::Traffic => Support::Does(|road, args| {
            let ask = call("DescribeLiveDomainTrafficData", args);
            Box::pin(series::emit(road, args, longest(args), StatsVerb::Traffic, ask, &TRAFFIC))
        }),
        StatsVerb::Online => Support::Does(|road, args| Box::pin(online(road, args))),
        StatsVerb::Faults => Support::Does(|road, args| Box::pin(push_faults::emit(road, args))),
    }
}

const BANDWIDTH: Points<'static> = Points {
    path: &["BpsDataPerInterval", "DataModule"],
    time: "TimeStamp",
    zone: Offset::UTC,
    value: "BpsValue",
    factor: 1.0,
};

const TRAFFIC: Points<'static> =
    Points { path: &["TrafficDataPerInterval", "DataModule"], value: "TrafficValue", ..BANDWIDTH };

/// No longer than the vendor keeps to the width that is asked for: beyond, its points are wider.
fn longest(args: &StatsArgs) -> SignedDuration {
    if args.interval < SignedDuration::from_hours(1) {
        SignedDuration::from_hours(24)
    } else {
        SignedDuration::from_hours(7 * 24)
    }
}

fn call(action: &'static str, args: &StatsArgs) -> impl Fn(Option<&str>, Timestamp, Timestamp) -> Call {
    let width = args.interval.as_secs().to_string();
    move |domain, from, to| {
        Call::new(VENDOR, action)
            .with("StartTime", to_row(from))
            .with("EndTime", to_row(to))
            .with("Interval", width.clone())
            .with_some("DomainName", domain)
    }
}

/// Who watches each domain at the end of the time: the vendor tells no more of a whole domain.
async fn online(road: &dyn Road, args: &StatsArgs) -> Result<Answer> {
    Complaints::none().need("--domain", !args.domains.is_empty()).refuse("reading the viewers", None)?;
    road.note("Aliyun tells the viewers of a domain at one moment: that of --until");
    let fetch = async |domain: Option<&str>| {
        let call = Call::new(VENDOR, "DescribeLiveDomainOnlineUserNum")
            .with_some("DomainName", domain)
            .with("QueryTime", to_row(args.until));
        let action = call.action.clone();
        let reply = road.read(call).await?;
        let count = reply.result.get("UserCount").and_then(series::number);
        let point = count.and_then(|count| Point::new(args.until, count, reply.result.clone()));
        let point = point.ok_or_else(|| series::unreadable(VENDOR, &action, &reply, "its `UserCount` is no amount"))?;
        Ok(vec![point.item(VENDOR, domain, StatsVerb::Online)])
    };
    walk::emit_by_domain(road, &args.domains, fetch).await
}

#[cfg(test)]
mod tests;
