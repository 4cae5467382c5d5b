//! `stream top` on Alibaba Cloud ApsaraVideo Live: what is pushed now, and the rates of its push domain.
//!
//! `DescribeLiveDomainFrameRateAndBitRateData` takes the place of `DescribeLiveStreamsFrameRateAndBitRateData`, which
//! the vendor calls withdrawn. Its reference wants a push domain and a time five minutes ago, and writes the bit rate in
//! `Bps`: bytes a second, as its example shows (24.9 frames a second at 30693.96).

use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{Stream, VENDOR, check, live};
use crate::error::{Class, Error, Result};
use crate::model::time::to_row;
use crate::model::{Answer, Call, Road, StreamArgs, StreamTopRow};
use crate::providers::aliyun::playback;
use crate::providers::rows::{self, Place};
use crate::providers::{top, walk};

/// The latest time that the vendor has rates of.
const DELAY: SignedDuration = SignedDuration::from_mins(5);

/// Bits of a byte.
const BITS: f64 = 8.0;

pub(super) async fn top(road: &dyn Road, args: &StreamArgs) -> Result<Answer> {
    check(args).refuse("looking at the streams", None)?;
    let wanted = Place::of(&args.target)?;
    let mut pushes: Vec<Push> = pushed(road, &wanted).await?.into_iter().map(Push::of).collect();
    // Each playback domain of a push domain lists the same push.
    let mut seen = HashSet::new();
    pushes.retain(|push| seen.insert(push.published.selector()));
    let mut domains: Vec<String> = pushes.iter().filter_map(|push| push.published.domain.clone()).collect();
    domains.sort_unstable();
    domains.dedup();
    let at = top::instant(road).saturating_sub(DELAY).unwrap_or(Timestamp::MIN);
    let rates = walk::gather_each(road, &domains, "push domains", async |domain| rates(road, domain, at).await).await?;
    let mut rates: HashMap<String, Value> = rates.into_iter().collect();
    let joined = pushes.into_iter().map(|push| {
        let rate = rates.remove(&push.published.selector());
        push.joined(rate)
    });
    top::emit(road, joined.collect())
}

/// What is pushed to the domain that is named, else to any of the account.
async fn pushed(road: &dyn Road, wanted: &Place) -> Result<Vec<Stream>> {
    match &wanted.domain {
        Some(domain) => live(road, domain, wanted).await,
        None => {
            let domains = playback::domains(road).await?;
            walk::gather_each(road, &domains, "playback domains", async |domain| live(road, domain, wanted).await).await
        }
    }
}

/// The rates of all streams of a push domain, each by the selector of its stream.
async fn rates(road: &dyn Road, domain: &str, at: Timestamp) -> Result<Vec<(String, Value)>> {
    let call = Call::new(VENDOR, "DescribeLiveDomainFrameRateAndBitRateData")
        .with("DomainName", domain)
        .with("QueryTime", to_row(at));
    let reply = road.read(call).await?;
    let infos = reply.result.pointer("/FrameRateAndBitRateInfos/FrameRateAndBitRateInfo");
    let told = match infos {
        Some(Value::Array(told)) => told.clone(),
        None | Some(Value::Null) => Vec::new(),
        Some(_) => {
            let message = "reading the rates of the streams: `FrameRateAndBitRateInfo` is no list";
            return Err(Error::new(Class::Vendor, message));
        }
    };
    let read = |raw: Value| {
        let place = Place { domain: Some(domain.to_owned()), ..at_address(&rows::text(&raw, "StreamUrl")?) };
        Some((place.selector(), raw))
    };
    Ok(told.into_iter().filter_map(read).collect())
}

/// Where an address leads: `rtmp://push.example.com/live/s1?auth_key=…`.
fn at_address(url: &str) -> Place {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest);
    let place = Place::parse(path.split('?').next().unwrap_or(path)).without_tail();
    let host = place.domain.map(|host| host.split(':').next().unwrap_or_default().to_owned());
    Place { domain: host, ..place }
}

/// A push, by the domain that it goes to.
struct Push {
    stream: Stream,
    published: Place,
}

impl Push {
    fn of(stream: Stream) -> Self {
        // The member `PublishDomain` may hold the playback domain.
        let url = rows::text(&stream.raw, "PublishUrl").map(|url| at_address(&url));
        let domain = url.and_then(|place| place.domain).or_else(|| rows::text(&stream.raw, "PublishDomain"));
        let published = Place { domain: domain.or_else(|| stream.place.domain.clone()), ..stream.place.clone() };
        Push { stream, published }
    }

    fn joined(self, rate: Option<Value>) -> (StreamTopRow, Value) {
        let Stream { place, since, mut raw, .. } = self.stream;
        let told = rate.as_ref().unwrap_or(&Value::Null);
        let row = StreamTopRow {
            vendor: VENDOR,
            profile: None,
            domain: place.domain,
            app: place.app,
            stream: place.stream,
            frame_rate: top::frame_rate(told, "VideoFrameRate"),
            bit_rate: top::bit_rate(told, &["BitRate"], BITS),
            since,
            client_ip: rows::text(&raw, "ClientIp"),
        };
        if let (Value::Object(members), Some(rate)) = (&mut raw, rate) {
            members.insert("FrameRateAndBitRateInfo".to_owned(), rate);
        }
        (row, raw)
    }
}

#[cfg(test)]
mod tests;
