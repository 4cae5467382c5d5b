//! Where the ticks of a picture's axes stand: at round values and at round times.

use jiff::Timestamp;

/// Steps of the upright axis, at most.
const MOST_STEPS: u64 = 5;

/// Steps of the axis of time, at most.
const MOST_TIMES: i64 = 9;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;

/// The first Monday of the count of seconds.
const MONDAY: i64 = 4 * DAY;

/// Steps that people count in; behind them a week is doubled.
const STEPS: [i64; 13] = [
    MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    WEEK,
];

/// A tick of the axis of time, in UTC.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    /// When it is.
    pub(super) at: Timestamp,
    /// The time of the day; where a step is a day or more, the day.
    pub(super) label: String,
    /// The day or the year that begins there; the first tick always tells it.
    pub(super) below: Option<String>,
}

/// Round values from 0 on; the last is no lower than `highest` and above 0.
pub(super) fn levels(highest: u64) -> Vec<u64> {
    let highest = highest.max(1);
    let mut steps = (0..19).flat_map(|power| [1, 2, 5].map(|factor| factor * 10_u64.pow(power)));
    let step = steps.find(|step| highest.div_ceil(*step) <= MOST_STEPS).unwrap_or(highest);
    let mut levels: Vec<u64> = (0..=highest.div_ceil(step)).filter_map(|count| step.checked_mul(count)).collect();
    // The round value above the largest numbers is no number of 64 bits.
    if levels.last().is_none_or(|last| *last < highest) {
        levels.push(highest);
    }
    levels
}

/// Round times from `since` to `until`, both included.
pub(super) fn times(since: Timestamp, until: Timestamp) -> Vec<Tick> {
    let (since, until) = (since.as_second(), until.as_second());
    let weeks = std::iter::successors(Some(2 * WEEK), |step| step.checked_mul(2));
    let step = STEPS.into_iter().chain(weeks).find(|step| until.saturating_sub(since) / step < MOST_TIMES);
    let step = step.unwrap_or(WEEK);
    let begin = if step % WEEK == 0 { MONDAY } else { 0 };
    let mut at = since + (begin - since).rem_euclid(step);
    let mut ticks: Vec<Tick> = Vec::new();
    let mut told = String::new();
    while at <= until {
        let Ok(time) = Timestamp::from_second(at) else { break };
        let (form, of) = if step < DAY { ("%H:%M", "%Y-%m-%d") } else { ("%m-%d", "%Y") };
        let period = time.strftime(of).to_string();
        let below = (period != told).then(|| period.clone());
        told = period;
        ticks.push(Tick { at: time, label: time.strftime(form).to_string(), below });
        at += step;
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_round_and_reach_the_highest() {
        for (highest, expected) in [
            (0, vec![0, 1]),
            (1, vec![0, 1]),
            (3, vec![0, 1, 2, 3]),
            (5, vec![0, 1, 2, 3, 4, 5]),
            (6, vec![0, 2, 4, 6]),
            (42, vec![0, 10, 20, 30, 40, 50]),
            (100, vec![0, 20, 40, 60, 80, 100]),
            (101, vec![0, 50, 100, 150]),
            (6_660_000_000, vec![0, 2_000_000_000, 4_000_000_000, 6_000_000_000, 8_000_000_000]),
            (
                u64::MAX,
                vec![0, 5_000_000_000_000_000_000, 10_000_000_000_000_000_000, 15_000_000_000_000_000_000, u64::MAX],
            ),
        ] {
            assert_eq!(levels(highest), expected, "{highest}");
        }
    }

    #[test]
    fn times_are_round_and_name_the_day_or_the_year_once() {
        for (since, until, expected) in [
            ("2026-01-01T00:00:00Z", "2026-01-01T00:05:00Z", "00:00/2026-01-01 00:01 00:02 00:03 00:04 00:05"),
            (
                "2026-01-01T23:10:00Z",
                "2026-01-02T00:10:00Z",
                "23:10/2026-01-01 23:20 23:30 23:40 23:50 00:00/2026-01-02 00:10",
            ),
            (
                "2026-01-01T19:10:00Z",
                "2026-01-02T19:10:00Z",
                "21:00/2026-01-01 00:00/2026-01-02 03:00 06:00 09:00 12:00 15:00 18:00",
            ),
            (
                "2026-01-01T00:00:00Z",
                "2026-01-04T00:00:00Z",
                "00:00/2026-01-01 12:00 00:00/2026-01-02 12:00 00:00/2026-01-03 12:00 00:00/2026-01-04",
            ),
            ("2025-12-29T12:00:00Z", "2026-01-05T12:00:00Z", "12-30/2025 12-31 01-01/2026 01-02 01-03 01-04 01-05"),
            // 2026-01-05 is a Monday.
            ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "01-05/2026 01-12 01-19 01-26"),
        ] {
            let ticks = times(since.parse().unwrap(), until.parse().unwrap());
            let shown = ticks.iter().map(|tick| match &tick.below {
                Some(below) => format!("{}/{below}", tick.label),
                None => tick.label.clone(),
            });
            assert_eq!(shown.collect::<Vec<_>>().join(" "), expected, "{since} {until}");
        }
    }

    #[test]
    fn a_window_of_any_length_has_a_few_times() {
        for minutes in [5_i64, 7, 59, 61, 1439, 1441, 10_000, 100_000, 1_000_000, 10_000_000] {
            let since: Timestamp = "2026-01-01T00:05:00Z".parse().unwrap();
            let until = Timestamp::from_second(since.as_second() + minutes * 60).unwrap();
            let ticks = times(since, until);
            assert!((2..=10).contains(&ticks.len()), "{minutes}: {}", ticks.len());
            assert!(ticks.iter().all(|tick| tick.at >= since && tick.at <= until), "{minutes}");
        }
    }
}
