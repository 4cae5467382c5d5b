//! What the server says: a list of domains of any length, page by page, and the rate that Tencent would keep.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use hyper::body::Bytes;
use serde_json::Value;

/// As many domains as make an answer of about 3.1 kB.
pub const DOMAINS_OF_ONE_CALL: usize = 10;

/// What the vendor counts.
#[derive(Debug, Default)]
struct Counted {
    /// Requests of the last second.
    recent: VecDeque<Instant>,
    /// Requests that were let through, where a rate is kept.
    passed: Vec<Instant>,
    refused: usize,
    most_in_a_second: usize,
}

/// An account with so many domains, and perhaps a limit.
#[derive(Debug)]
pub struct Vendor {
    domains: AtomicUsize,
    limit: Option<usize>,
    counted: Mutex<Counted>,
}

/// What a limited vendor has seen.
#[derive(Debug, Clone)]
pub struct Seen {
    /// When each request came that was let through.
    pub passed: Vec<Instant>,
    /// How many were refused.
    pub refused: usize,
    /// The largest number within any one second, those refused included.
    pub most_in_a_second: usize,
}

impl Vendor {
    /// An account with an answer of about 3.1 kB. `limit`: so many requests within any one second; `None`: any number.
    pub fn new(limit: Option<usize>) -> Self {
        Vendor { domains: AtomicUsize::new(DOMAINS_OF_ONE_CALL), limit, counted: Mutex::default() }
    }

    /// From here on the account has so many domains.
    pub fn set_domains(&self, domains: usize) {
        self.domains.store(domains, Ordering::Relaxed);
    }

    /// What was counted so far.
    pub fn seen(&self) -> Seen {
        let counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        Seen { passed: counted.passed.clone(), refused: counted.refused, most_in_a_second: counted.most_in_a_second }
    }

    /// The answer to a request that comes now.
    pub(crate) fn answer(&self, action: &str, body: &[u8]) -> Bytes {
        if let Some(limit) = self.limit
            && !self.lets_pass(limit, Instant::now())
        {
            return Bytes::from_static(
                br#"{"Response":{"Error":{"Code":"RequestLimitExceeded","Message":"Too many requests in a second."},"RequestId":"5b4a6c1e-6f0d-4b5c-9a56-3a1f3f1d2c10"}}"#,
            );
        }
        match action {
            "DescribeLiveDomains" => {
                let asked: Value = serde_json::from_slice(body).unwrap_or_default();
                let number = |name: &str, usual| {
                    asked[name].as_u64().and_then(|number| usize::try_from(number).ok()).unwrap_or(usual)
                };
                page(self.domains.load(Ordering::Relaxed), number("PageNum", 1), number("PageSize", 10)).into()
            }
            _ => Bytes::from_static(br#"{"Response":{"RequestId":"5b4a6c1e-6f0d-4b5c-9a56-3a1f3f1d2c10"}}"#),
        }
    }

    /// Counts a request among those of the second before it. Whether the limit allows it.
    fn lets_pass(&self, limit: usize, now: Instant) -> bool {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        while counted.recent.front().is_some_and(|then| now.duration_since(*then) >= Duration::from_secs(1)) {
            counted.recent.pop_front();
        }
        counted.recent.push_back(now);
        counted.most_in_a_second = counted.most_in_a_second.max(counted.recent.len());
        let passes = counted.recent.len() <= limit;
        match passes {
            true => counted.passed.push(now),
            false => counted.refused += 1,
        }
        passes
    }
}

/// One page of so many domains; pages count from 1.
fn page(domains: usize, number: usize, size: usize) -> String {
    let first = number.saturating_sub(1).saturating_mul(size).min(domains);
    let last = first.saturating_add(size).min(domains);
    let mut text = String::with_capacity(200 + (last - first) * 320);
    let _ = write!(
        text,
        r#"{{"Response":{{"AllCount":{domains},"CreateLimitCount":100000,"PlayTypeCount":[1,2,3],"DomainList":["#
    );
    for index in first..last {
        let comma = if index == first { "" } else { "," };
        let _ = write!(
            text,
            r#"{comma}{{"Name":"play-{index:06}.live.example.com","Type":{},"Status":1,"CreateTime":"2026-08-29 10:00:00","BCName":0,"TargetDomain":"play-{index:06}.live.example.com.livecdn.example.net","PlayType":1,"IsDelayLive":0,"CurrentCName":"","RentTag":0,"RentExpireTime":"0000-00-00 00:00:00","IsMiniProgramLive":0}}"#,
            index % 2,
        );
    }
    text.push_str(r#"],"RequestId":"5b4a6c1e-6f0d-4b5c-9a56-3a1f3f1d2c10"}}"#);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_call_is_answered_with_about_3_kilobytes() {
        let body = Vendor::new(None).answer("DescribeLiveDomains", b"{}");
        assert!((2_900..3_400).contains(&body.len()), "{}", body.len());
        let read: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(read["Response"]["DomainList"].as_array().unwrap().len(), 10);
    }

    #[test]
    fn pages_end_with_the_domains() {
        for (domains, number, size, expected) in
            [(250, 1, 100, 100), (250, 3, 100, 50), (250, 4, 100, 0), (0, 1, 100, 0), (7, 0, 10, 7)]
        {
            let read: Value = serde_json::from_str(&page(domains, number, size)).unwrap();
            assert_eq!(read["Response"]["AllCount"], domains);
            assert_eq!(read["Response"]["DomainList"].as_array().unwrap().len(), expected, "{domains} {number} {size}");
        }
    }

    #[test]
    fn a_second_slides() {
        let vendor = Vendor::new(Some(2));
        let began = Instant::now();
        let at = |milliseconds| vendor.lets_pass(2, began + Duration::from_millis(milliseconds));
        assert_eq!([at(0), at(900), at(999), at(1000), at(1899), at(2000)], [true, true, false, false, false, true]);
        let seen = vendor.seen();
        assert_eq!((seen.passed.len(), seen.refused, seen.most_in_a_second), (3, 3, 4));
    }
}
