//! Aliyun's time shift (section 8.1 of its reference): arguments on the HLS playback address, and a query on the
//! playback domain for what is kept. Neither is an Action; neither is signed.

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use crate::error::{Class, Error};
use crate::model::{Reading, Response, Vendor};
use crate::providers::rows;
use crate::providers::wire::answer::{Asked, text_of};
use crate::sign::percent;

/// How far back a domain goes at most.
pub const LONGEST_KEPT: SignedDuration = SignedDuration::from_hours(15 * 24);

/// How far back a domain goes unless it was set up otherwise.
pub const USUALLY_KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How an instant is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Form {
    /// Time since 1970.
    #[default]
    Unix,
    /// `YYYYMMDDhhmmss` in the zone.
    Human,
}

/// What a number counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Unit {
    /// Seconds.
    #[default]
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// Microseconds.
    Microseconds,
    /// Nanoseconds.
    Nanoseconds,
}

/// How times are written in an address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spelling {
    /// Unix time or calendar.
    pub form: Form,
    /// What a number counts; a calendar time is always in seconds.
    pub unit: Unit,
    /// Hours east of UTC, 0 to 9.
    pub zone: u8,
}

/// One time argument of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// Where playback starts.
    Start(Timestamp),
    /// Where it ends; the player sees a running stream until then.
    End(Timestamp),
    /// Where it ends; the player gets the whole, closed list at once.
    VodEnd(Timestamp),
    /// So long behind the present.
    Offset(SignedDuration),
}

/// The stream, as it is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// `http` or `https`.
    pub scheme: &'a str,
    /// The playback domain.
    pub domain: &'a str,
    /// The app.
    pub app: &'a str,
    /// The stream.
    pub stream: &'a str,
}

/// The HLS address that plays the stream shifted.
pub fn playback_url(place: &Place<'_>, points: &[Point], spelling: Spelling) -> String {
    let Place { scheme, domain, app, stream } = place;
    let (app, stream) = (percent::encode(app), percent::encode(stream));
    let times = points.iter().map(|point| format!("&{}", spelling.argument(*point)));
    format!("{scheme}://{domain}/{app}/{stream}.m3u8?lhs_start=1{}", times.collect::<String>())
}

impl Spelling {
    /// One argument: `lhs_{type}_{format}_{unit}_{zone}=…`.
    fn argument(self, point: Point) -> String {
        let (kind, instant) = match point {
            Point::Start(at) => ("start", at),
            Point::End(at) => ("end", at),
            Point::VodEnd(at) => ("vodend", at),
            Point::Offset(span) => return self.key_value("offset", "unix", self.unit, &self.unit.of_span(span)),
        };
        match self.form {
            Form::Unix => self.key_value(kind, "unix", self.unit, &self.unit.of_instant(instant)),
            Form::Human => {
                let zone = Offset::from_hours(i8::try_from(self.zone).unwrap_or_default()).unwrap_or(Offset::UTC);
                let text = zone.to_datetime(instant).strftime("%Y%m%d%H%M%S").to_string();
                self.key_value(kind, "human", Unit::Seconds, &text)
            }
        }
    }

    fn key_value(self, kind: &str, form: &str, unit: Unit, value: &str) -> String {
        format!("lhs_{kind}_{form}_{}_{}={value}", unit.name(), self.zone)
    }
}

impl Unit {
    const fn name(self) -> &'static str {
        match self {
            Unit::Seconds => "s",
            Unit::Milliseconds => "ms",
            Unit::Microseconds => "us",
            Unit::Nanoseconds => "ns",
        }
    }

    fn of_instant(self, at: Timestamp) -> String {
        match self {
            Unit::Seconds => at.as_second().to_string(),
            Unit::Milliseconds => at.as_millisecond().to_string(),
            Unit::Microseconds => at.as_microsecond().to_string(),
            Unit::Nanoseconds => at.as_nanosecond().to_string(),
        }
    }

    fn of_span(self, span: SignedDuration) -> String {
        match self {
            Unit::Seconds => span.as_secs().to_string(),
            Unit::Milliseconds => span.as_millis().to_string(),
            Unit::Microseconds => span.as_micros().to_string(),
            Unit::Nanoseconds => span.as_nanos().to_string(),
        }
    }
}

/// The query for what is kept of a stream, at `authority`: the playback domain, or what stands in for it. The
/// reference's example names the domain among the arguments too.
pub fn timeline_url(place: &Place<'_>, authority: &str, format: &str, since: Timestamp, until: Timestamp) -> String {
    let query = percent::encode_pairs([
        ("app", place.app),
        ("domain", place.domain),
        ("format", format),
        ("lhs_end_unix_s_0", &until.as_second().to_string()),
        ("lhs_start_unix_s_0", &since.as_second().to_string()),
        ("stream", place.stream),
    ]);
    format!("{}://{authority}/openapi/timeline/query?{query}", place.scheme)
}

/// What is kept of a stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    /// The domain's clock.
    pub current: Option<Timestamp>,
    /// What is kept, in the domain's order.
    pub slices: Vec<Slice>,
}

/// One piece without a gap.
#[derive(Debug, Clone, PartialEq)]
pub struct Slice {
    /// Its start.
    pub start: Timestamp,
    /// Its end.
    pub end: Timestamp,
    /// As the domain told it.
    pub raw: Map<String, Value>,
}

/// Reads the answer to the query for what is kept.
///
/// # Errors
/// Auth or not found, by the HTTP status; class `vendor` for a refusal in the answer and for what nobody can read.
pub fn read_timeline(response: &Response) -> Result<Timeline, Error> {
    let asked = Asked { vendor: Vendor::Aliyun, action: "timeline query", response, reading: Reading::Members };
    // The query is no Action.
    let own = |error: Error| error.with(|details| details.action = None);
    if let Some(error) = refused(&asked) {
        return Err(own(error));
    }
    let answer = asked.object().map_err(own)?;
    match text_of(&answer, "retCode") {
        Some(code) if code == "0" && asked.is_success() => {}
        Some(code) if code != "0" => return Err(own(told(&asked, &answer, code))),
        _ => return Err(own(asked.unreadable("an answer without success in it"))),
    }
    let unreadable = || own(asked.unreadable("the timeline is not where it belongs"));
    let content = answer.get("content").ok_or_else(unreadable)?;
    let items = match content.get("timeline") {
        Some(Value::Array(items)) => items.as_slice(),
        Some(Value::Null) => &[],
        _ => return Err(unreadable()),
    };
    let slices: Option<Vec<Slice>> = items.iter().map(slice).collect();
    Ok(Timeline { current: rows::instant(content, "current", Offset::UTC), slices: slices.ok_or_else(unreadable)? })
}

fn slice(item: &Value) -> Option<Slice> {
    let (start, end) = (rows::instant(item, "start", Offset::UTC)?, rows::instant(item, "end", Offset::UTC)?);
    (start <= end).then_some(Slice { start, end, raw: item.as_object()?.clone() })
}

fn refused(asked: &Asked<'_>) -> Option<Error> {
    let status = asked.response.status;
    let error = match status {
        401 | 403 => Error::new(Class::Auth, format!("timeline query: the playback domain refuses it (HTTP {status})"))
            .hint("a domain with URL authentication on wants `--auth-key @FILE`, with one of its keys"),
        404 => Error::new(Class::NotFound, "timeline query: the playback domain has no such query (HTTP 404)")
            .hint("check that `--domain` is the playback domain, and that time shift is open for it"),
        _ => return None,
    };
    Some(error.with(|details| {
        details.vendor = Some(asked.vendor);
        details.http_status = Some(status);
    }))
}

fn told(asked: &Asked<'_>, answer: &Map<String, Value>, code: String) -> Error {
    let said = text_of(answer, "description").unwrap_or_else(|| "no reason given".to_owned());
    let said: String = said.chars().take(200).collect();
    Error::new(Class::Vendor, format!("timeline query: the playback domain says: {said}")).with(|details| {
        details.vendor = Some(asked.vendor);
        details.code = Some(code);
        details.http_status = Some(asked.response.status);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    const PLACE: Place<'_> = Place { scheme: "http", domain: "xxx.com", app: "live", stream: "channel1" };

    #[test]
    fn the_arguments_are_written_as_the_reference_prints_them() {
        let spelling = |form, unit, zone| Spelling { form, unit, zone };
        for (point, spelling, printed) in [
            (
                Point::Start(at("2017-08-09T12:01:53Z")),
                spelling(Form::Unix, Unit::Seconds, 0),
                "lhs_start_unix_s_0=1502280113",
            ),
            (
                Point::Offset(SignedDuration::from_millis(1_502_308_959_375)),
                spelling(Form::Unix, Unit::Milliseconds, 8),
                "lhs_offset_unix_ms_8=1502308959375",
            ),
            (
                Point::End(at("2017-08-09T20:00:10+08:00")),
                spelling(Form::Human, Unit::Seconds, 8),
                "lhs_end_human_s_8=20170809200010",
            ),
        ] {
            assert_eq!(spelling.argument(point), printed);
        }
        let points = [Point::Start(at("2017-10-24T16:02:20+08:00")), Point::End(at("2017-10-24T16:04:20+08:00"))];
        assert_eq!(
            playback_url(&PLACE, &points, spelling(Form::Human, Unit::Seconds, 8)),
            "http://xxx.com/live/channel1.m3u8?lhs_start=1&lhs_start_human_s_8=20171024160220&lhs_end_human_s_8=20171024160420"
        );
    }

    #[test]
    fn every_unit_and_the_closed_list() {
        for (unit, instant, span) in [
            (Unit::Seconds, "s_0=1502280113", "s_0=7200"),
            (Unit::Milliseconds, "ms_0=1502280113250", "ms_0=7200000"),
            (Unit::Microseconds, "us_0=1502280113250000", "us_0=7200000000"),
            (Unit::Nanoseconds, "ns_0=1502280113250000000", "ns_0=7200000000000"),
        ] {
            let spelling = Spelling { unit, ..Spelling::default() };
            let end = spelling.argument(Point::VodEnd(at("2017-08-09T12:01:53.25Z")));
            assert_eq!(end, format!("lhs_vodend_unix_{instant}"));
            assert_eq!(
                spelling.argument(Point::Offset(SignedDuration::from_hours(2))),
                format!("lhs_offset_unix_{span}")
            );
        }
        // A span has no calendar form.
        let human = Spelling { form: Form::Human, unit: Unit::Seconds, zone: 8 };
        assert_eq!(human.argument(Point::Offset(SignedDuration::from_hours(2))), "lhs_offset_unix_s_8=7200");
    }

    #[test]
    fn names_cannot_break_out_of_an_address() {
        let place = Place { app: "a/../b", stream: "s 1?x=y#z\n直", ..PLACE };
        assert_eq!(
            playback_url(&place, &[], Spelling::default()),
            "http://xxx.com/a%2F..%2Fb/s%201%3Fx%3Dy%23z%0A%E7%9B%B4.m3u8?lhs_start=1"
        );
    }

    #[test]
    fn the_query_is_written_as_the_reference_prints_it() {
        let place = Place { scheme: "http", domain: "aaaa", app: "bbb", stream: "cc" };
        let url = timeline_url(&place, "$host", "ts", at("2017-12-15T10:37:35Z"), at("2017-12-15T10:37:50Z"));
        assert_eq!(
            url,
            "http://$host/openapi/timeline/query?app=bbb&domain=aaaa&format=ts&lhs_end_unix_s_0=1513334270&lhs_start_unix_s_0=1513334255&stream=cc"
        );
    }

    fn answer(status: u16, body: &str) -> Response {
        Response { status, headers: Vec::new(), body: body.as_bytes().to_vec() }
    }

    #[test]
    fn the_printed_answer_is_read() {
        let body = r#"{"retCode":0,"description":"success","content":{"current":1514269063,"timeline":[{"start":1514269054,"end":1514269058},{"start":1514269058,"end":1514269062}]}}"#;
        let timeline = read_timeline(&answer(200, body)).unwrap();
        assert_eq!(timeline.current, Some(at("2017-12-26T06:17:43Z")));
        let slices: Vec<(String, i64)> = timeline
            .slices
            .iter()
            .map(|slice| (slice.start.to_string(), slice.end.as_second() - slice.start.as_second()))
            .collect();
        assert_eq!(slices, [("2017-12-26T06:17:34Z".to_owned(), 4), ("2017-12-26T06:17:38Z".to_owned(), 4)]);
    }

    #[test]
    fn nothing_kept_is_an_empty_timeline() {
        for body in
            [r#"{"retCode":0,"content":{"timeline":[]}}"#, r#"{"retCode":"0","content":{"current":0,"timeline":null}}"#]
        {
            assert_eq!(read_timeline(&answer(200, body)), Ok(Timeline { current: None, slices: Vec::new() }), "{body}");
        }
    }

    #[test]
    fn refusals_and_what_nobody_can_read_have_their_class() {
        let kept = |item: &str| format!(r#"{{"retCode":0,"content":{{"timeline":[{item}]}}}}"#);
        for (status, body, class) in [
            (403, "", Class::Auth),
            (404, "<html>", Class::NotFound),
            (200, r#"{"retCode":5,"description":"no stream"}"#, Class::Vendor),
            (200, r#"{"description":"success"}"#, Class::Vendor),
            (200, r#"{"retCode":0}"#, Class::Vendor),
            (200, r#"{"retCode":0,"content":{"timeline":7}}"#, Class::Vendor),
            (200, &kept("7"), Class::Vendor),
            (200, &kept(r#"{"start":2,"end":1}"#), Class::Vendor),
            (200, &kept(r#"{"start":1514269054}"#), Class::Vendor),
            (500, r#"{"retCode":0,"content":{"timeline":[]}}"#, Class::Vendor),
            (200, "<html>", Class::Vendor),
            (429, "", Class::Throttled),
        ] {
            let error = read_timeline(&answer(status, body)).unwrap_err();
            assert_eq!((error.class(), error.details().action.as_deref()), (class, None), "{status} {body}");
        }
    }
}
