//! Rate limits as the vendors keep them: calls of one Action in a sliding window.

use std::collections::{HashMap, VecDeque};

use jiff::Timestamp;

use crate::model::Vendor;
use crate::providers::catalog::Action;

/// Calls a second where a sheet states no limit.
const UNSTATED: f64 = 10.0;

/// The calls of the last window, by vendor and Action.
#[derive(Debug, Default)]
pub(super) struct Throttle(HashMap<(Vendor, &'static str), VecDeque<i64>>);

impl Throttle {
    /// Counts a call and says whether it is still within the limit. A refused call is not counted.
    pub(super) fn admit(&mut self, vendor: Vendor, action: &Action<'static>, now: Timestamp) -> bool {
        let rate = action.rate_limit_per_second.filter(|rate| *rate > 0.0).unwrap_or(UNSTATED);
        let (window, most) = window(rate);
        let now = now.as_millisecond();
        let calls = self.0.entry((vendor, action.name)).or_default();
        while calls.front().is_some_and(|first| now.saturating_sub(*first) >= window) {
            calls.pop_front();
        }
        let admitted = calls.len() < most;
        if admitted {
            calls.push_back(now);
        }
        admitted
    }
}

/// Length of the window in milliseconds and calls that fit in: a limit below one a second has a longer window.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rates are small positive numbers")]
fn window(rate: f64) -> (i64, usize) {
    if rate >= 1.0 { (1000, rate as usize) } else { ((1000.0 / rate).ceil() as i64, 1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::catalog;

    #[test]
    fn a_window_slides() {
        let action = catalog::find(Vendor::Volcengine, "UpdateEncryptHLS").unwrap();
        let mut throttle = Throttle::default();
        let at = |millis: i64| Timestamp::from_millisecond(1_700_000_000_000 + millis).unwrap();
        assert!(throttle.admit(Vendor::Volcengine, &action, at(0)));
        assert!(!throttle.admit(Vendor::Volcengine, &action, at(999)));
        assert!(throttle.admit(Vendor::Volcengine, &action, at(1000)));
        let unstated = catalog::find(Vendor::Aliyun, "AddLiveDomain").unwrap();
        let admitted = (0..12).filter(|_| throttle.admit(Vendor::Aliyun, &unstated, at(0))).count();
        assert_eq!(admitted, 10);
    }
}
