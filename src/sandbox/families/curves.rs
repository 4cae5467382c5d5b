//! Statistics over time, made up: an evening's curve, the same at every look, larger for some domains than for others.
//! What one vendor tells in bit/s another tells in Mbps, from the same curve.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::model::time::{BEIJING, to_row};
use crate::sandbox::answer::Performed;
use crate::sandbox::asked::{Asked, members};
use crate::sandbox::families::Handler::{self, Reads};
use crate::sandbox::families::{beijing, beijing_offset};
use crate::sandbox::house::House;

pub(super) const TENCENT: &[(&str, Handler)] = &[
    ("DescribeBillBandwidthAndFluxList", Reads(tencent_bill)),
    ("DescribeStreamPlayInfoList", Reads(tencent_minutes)),
];

pub(super) const ALIYUN: &[(&str, Handler)] = &[
    ("DescribeLiveDomainBpsData", Reads(aliyun_bandwidth)),
    ("DescribeLiveDomainTrafficData", Reads(aliyun_traffic)),
    ("DescribeLiveDomainOnlineUserNum", Reads(aliyun_viewers)),
];

pub(super) const VOLCENGINE: &[(&str, Handler)] = &[
    ("DescribeLiveMetricBandwidthData", Reads(volcengine_bandwidth)),
    ("DescribeLiveMetricTrafficData", Reads(volcengine_traffic)),
    ("DescribeLiveStreamSessionData", Reads(volcengine_viewers)),
];

/// No answer has more points.
const MOST_POINTS: usize = 10_000;

/// Bits a second that a domain plays at a moment.
fn bandwidth(domain: &str, at: Timestamp) -> u64 {
    let now = BEIJING.to_datetime(at);
    let minute = i64::from(now.hour()) * 60 + i64::from(now.minute());
    let from_nine = (minute - 21 * 60).abs();
    // 0 in the evening at nine, 720 in the morning.
    let away = u64::try_from(from_nine.min(1440 - from_nine)).unwrap_or(0);
    let height = 100 + (720 - away).pow(2) / 576;
    let seed = domain.bytes().fold(7_u64, |seed, byte| (seed * 31 + u64::from(byte)) % 10_007);
    let ripple = (u64::try_from(at.as_second() / 60).unwrap_or(0) * 7919 + seed) % 97;
    (200_000 + seed * 80) * height * (1000 + ripple) / 100
}

/// The points that a request asks for: their times, and the bandwidth there.
fn points(asked: &Asked<'_>, domain: &str, width: i64) -> Vec<(Timestamp, u64)> {
    let time = |name: &str| asked.text(name).parse::<Timestamp>().ok().or_else(|| in_beijing(asked.text(name)));
    let end = time("EndTime").unwrap_or(asked.now).min(asked.now);
    let begin = time("StartTime").unwrap_or(end - SignedDuration::from_hours(24));
    let first = begin.as_second() - begin.as_second().rem_euclid(width);
    let times = (0..).map_while(|number: i64| Timestamp::from_second(first + number * width).ok());
    let wanted = times.take_while(|at| *at < end).take(MOST_POINTS);
    wanted.map(|at| (at, bandwidth(domain, at))).collect()
}

/// `YYYY-MM-DD hh:mm:ss` of Tencent, which is Beijing's.
fn in_beijing(text: &str) -> Option<Timestamp> {
    let time: jiff::civil::DateTime = text.replace(' ', "T").parse().ok()?;
    BEIJING.to_timestamp(time).ok()
}

/// The first of several domains stands for them; without one, the account does.
fn domain_of(asked: &Asked<'_>, names: &[&str]) -> String {
    let named = |name: &&str| {
        let first = asked.list(name).first().and_then(Value::as_str);
        first.or_else(|| asked.given(name)?.as_str()).map(str::to_owned)
    };
    names.iter().find_map(named).unwrap_or_default()
}

fn mega(value: u64) -> f64 {
    // Made up, and far below what a double holds exactly.
    #[allow(clippy::cast_precision_loss, reason = "below 2^53")]
    let value = value as f64;
    value / 1e6
}

fn bytes(bandwidth: u64, width: i64) -> u64 {
    bandwidth * width.unsigned_abs() / 8
}

fn viewers(bandwidth: u64) -> u64 {
    bandwidth / 2_000_000
}

fn tencent_bill(asked: &Asked<'_>, _: &House) -> Performed {
    let width = asked.number("Granularity").unwrap_or(5) * 60;
    let points = points(asked, &domain_of(asked, &["PlayDomains"]), width);
    let told = points.iter().map(|(at, value)| {
        let time = beijing(*at);
        json!({"Time": time, "Bandwidth": mega(*value), "Flux": mega(bytes(*value, width)), "PeakTime": time})
    });
    let told: Vec<Value> = told.collect();
    let mut sorted: Vec<(u64, Timestamp)> = points.iter().map(|(at, value)| (*value, *at)).collect();
    sorted.sort_unstable_by(|one, other| other.cmp(one));
    let peak = sorted.first().copied().unwrap_or_default();
    let ninety_fifth = sorted.get(sorted.len() * 5 / 100).copied().unwrap_or_default();
    let sum: u64 = points.iter().map(|(_, value)| bytes(*value, width)).sum();
    Ok(members(json!({
        "PeakBandwidth": mega(peak.0), "PeakBandwidthTime": beijing(peak.1),
        "P95PeakBandwidth": mega(ninety_fifth.0), "P95PeakBandwidthTime": beijing(ninety_fifth.1),
        "SumFlux": mega(sum), "DataInfoList": told,
    })))
}

fn tencent_minutes(asked: &Asked<'_>, _: &House) -> Performed {
    let told = points(asked, &domain_of(asked, &["PlayDomain"]), 60).into_iter().map(|(at, value)| {
        json!({
            "Time": beijing(at), "Bandwidth": mega(value), "Flux": mega(bytes(value, 60)),
            "Request": viewers(value), "Online": viewers(value),
        })
    });
    Ok(members(json!({"DataInfoList": told.collect::<Vec<_>>()})))
}

fn aliyun(asked: &Asked<'_>, list: &str, names: [&str; 3], value_of: fn(u64, i64) -> u64) -> Performed {
    let domain = asked.text("DomainName").split(',').next().unwrap_or_default().to_owned();
    let width = asked.text("Interval").parse().unwrap_or(300);
    let told = points(asked, &domain, width).into_iter().map(|(at, bandwidth)| {
        let value = value_of(bandwidth, width).to_string();
        json!({"TimeStamp": to_row(at), names[0]: value, names[1]: "0", names[2]: value})
    });
    Ok(members(json!({
        "DomainName": asked.text("DomainName"), "DataInterval": width.to_string(),
        "StartTime": asked.text("StartTime"), "EndTime": asked.text("EndTime"),
        list: {"DataModule": told.collect::<Vec<_>>()},
    })))
}

fn aliyun_bandwidth(asked: &Asked<'_>, _: &House) -> Performed {
    aliyun(asked, "BpsDataPerInterval", ["BpsValue", "HttpBpsValue", "HttpsBpsValue"], |value, _| value)
}

fn aliyun_traffic(asked: &Asked<'_>, _: &House) -> Performed {
    aliyun(asked, "TrafficDataPerInterval", ["TrafficValue", "HttpTrafficValue", "HttpsTrafficValue"], bytes)
}

fn aliyun_viewers(asked: &Asked<'_>, _: &House) -> Performed {
    let at = asked.text("QueryTime").parse().unwrap_or(asked.now);
    let count = viewers(bandwidth(asked.text("DomainName"), at));
    Ok(members(json!({"UserCount": count, "StreamCount": 1, "OnlineUserInfo": {"LiveStreamOnlineUserNumInfo": []}})))
}

fn volcengine(asked: &Asked<'_>, list: &str, item: impl Fn(u64, i64) -> Value, more: Value) -> Performed {
    let width = asked.number("Aggregation").unwrap_or(300);
    let told = points(asked, &domain_of(asked, &["DomainList", "Domain"]), width).into_iter().map(|(at, value)| {
        let mut point = members(item(value, width));
        point.insert("TimeStamp".to_owned(), beijing_offset(at).into());
        Value::Object(point)
    });
    let mut answer = members(json!({
        "StartTime": asked.text("StartTime"), "EndTime": asked.text("EndTime"), "Aggregation": width,
        list: told.collect::<Vec<_>>(),
    }));
    answer.extend(members(more));
    Ok(answer)
}

fn volcengine_bandwidth(asked: &Asked<'_>, _: &House) -> Performed {
    let item = |value, _| json!({"DownBandwidth": mega(value), "UpBandwidth": 0.0});
    volcengine(asked, "BandwidthDataList", item, json!({"PeakDownBandwidth": 0.0, "PeakUpBandwidth": 0.0}))
}

fn volcengine_traffic(asked: &Asked<'_>, _: &House) -> Performed {
    let item = |value, width| json!({"DownTraffic": mega(bytes(value, width)) / 1e3, "UpTraffic": 0.0});
    volcengine(asked, "TrafficDataList", item, json!({"TotalDownTraffic": 0.0, "TotalUpTraffic": 0.0}))
}

fn volcengine_viewers(asked: &Asked<'_>, _: &House) -> Performed {
    let item = |value, _| json!({"OnlineUser": viewers(value), "Request": viewers(value)});
    volcengine(asked, "SessionDataList", item, json!({"PeakOnlineUser": 0, "TotalRequest": 0}))
}
