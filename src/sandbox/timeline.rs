//! The time-shift query of Aliyun's playback domains, as for a stream that has been live all the time. It is no
//! Action and nobody signs it, so it is answered before anything else is looked at.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::sandbox::answer::HttpAnswer;
use crate::sandbox::wire::Pairs;
use crate::sign::Received;

/// Length of a segment in seconds.
const SEGMENT: i64 = 4;

/// How far back the sandbox remembers, in seconds.
const KEPT: i64 = 7 * 86_400;

/// Whether the request is this query.
pub(super) fn is_asked(received: &Received<'_>) -> bool {
    received.method == "GET" && received.path == "/openapi/timeline/query"
}

/// Answers the query.
pub(super) fn answer(pairs: &Pairs, now: Timestamp) -> HttpAnswer {
    let body = match timeline(pairs, now.as_second()) {
        Ok(timeline) => {
            json!({"retCode": 0, "description": "success", "content": {"current": now.as_second(), "timeline": timeline}})
        }
        Err(missing) => json!({"retCode": 1, "description": format!("the argument {missing} is missing or wrong")}),
    };
    HttpAnswer::new(200, "application/json", body.to_string())
}

fn timeline(pairs: &Pairs, now: i64) -> Result<Vec<Value>, &'static str> {
    for name in ["app", "stream"] {
        pairs.get(name).filter(|value| !value.is_empty()).ok_or(name)?;
    }
    pairs.get("format").filter(|format| matches!(*format, "ts" | "flv")).ok_or("format")?;
    let time = |name: &'static str| pairs.get(name).and_then(|text| text.parse::<i64>().ok()).ok_or(name);
    let (start, end) = (time("lhs_start_unix_s_0")?, time("lhs_end_unix_s_0")?);
    let first = start.max(now - KEPT).div_euclid(SEGMENT) * SEGMENT;
    let starts = (0..).map(|number| first + number * SEGMENT).take_while(|at| *at < end && *at + SEGMENT <= now);
    Ok(starts.map(|at| json!({"start": at, "end": at + SEGMENT})).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(query: &str) -> Value {
        let received =
            Received { method: "GET", path: "/openapi/timeline/query", raw_query: query, headers: &[], body: &[] };
        assert!(is_asked(&received));
        let answer = answer(&Pairs::of(&received), Timestamp::from_second(1_514_269_063).unwrap());
        serde_json::from_slice(&answer.body).unwrap()
    }

    #[test]
    fn segments_reach_from_the_start_to_the_end_or_the_present() {
        let place = "app=bbb&domain=aaaa&format=ts&stream=cc";
        // The last segment is not finished at the present.
        let timeline =
            json!([{"start": 1_514_269_052, "end": 1_514_269_056}, {"start": 1_514_269_056, "end": 1_514_269_060}]);
        let answer = ask(&format!("{place}&lhs_start_unix_s_0=1514269054&lhs_end_unix_s_0=1514270000"));
        let content = json!({"current": 1_514_269_063, "timeline": timeline});
        assert_eq!(answer, json!({"retCode": 0, "description": "success", "content": content}));
        for (window, count) in [
            ("lhs_start_unix_s_0=1514269000&lhs_end_unix_s_0=1514269008", 2),
            ("lhs_start_unix_s_0=1514269008&lhs_end_unix_s_0=1514269000", 0),
            ("lhs_start_unix_s_0=1600000000&lhs_end_unix_s_0=1600000100", 0),
            ("lhs_start_unix_s_0=-9223372036854775808&lhs_end_unix_s_0=9223372036854775807", 7 * 86_400 / 4),
        ] {
            let answer = ask(&format!("{place}&{window}"));
            assert_eq!(answer["content"]["timeline"].as_array().map(Vec::len), Some(count), "{window}");
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        for (query, name) in [
            ("stream=cc&format=ts&lhs_start_unix_s_0=1&lhs_end_unix_s_0=2", "app"),
            ("app=b&stream=&format=ts&lhs_start_unix_s_0=1&lhs_end_unix_s_0=2", "stream"),
            ("app=b&stream=cc&format=mp4&lhs_start_unix_s_0=1&lhs_end_unix_s_0=2", "format"),
            ("app=b&stream=cc&format=ts&lhs_start_unix_s_0=x&lhs_end_unix_s_0=2", "lhs_start_unix_s_0"),
        ] {
            let answer = ask(query);
            assert_eq!((answer["retCode"].as_i64(), answer["content"].is_null()), (Some(1), true));
            assert_eq!(answer["description"], format!("the argument {name} is missing or wrong"));
        }
    }
}
