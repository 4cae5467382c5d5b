//! The date in the version: the calendar arithmetic of the build, against a library.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, dead_code, reason = "the build uses the rest")]

#[path = "../build/version.rs"]
mod version;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;

proptest! {
    #[test]
    fn a_day_is_that_of_the_calendar(seconds in 0_i64..253_402_300_799) {
        let day = Timestamp::from_second(seconds).unwrap().to_zoned(TimeZone::UTC).date().to_string();
        prop_assert_eq!(version::day(seconds), day);
    }
}

#[test]
fn the_ends_of_days_and_leap_years_are_right() {
    for (seconds, day) in [
        (0, "1970-01-01"),
        (86_399, "1970-01-01"),
        (951_782_400, "2000-02-29"),
        (951_868_800, "2000-03-01"),
        (1_767_225_599, "2025-12-31"),
        (4_107_542_400, "2100-03-01"),
    ] {
        assert_eq!(version::day(seconds), day);
    }
}
