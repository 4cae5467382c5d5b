//! The sender with many calls in flight: a wrong clock is seen by all, corrected once and told once; a date that is
//! nonsense spoils nobody else's.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use futures_util::future::LocalBoxFuture;
use jiff::{SignedDuration, Timestamp};
use livectl::error::Error;
use livectl::model::{Call, Credentials, Params, Reading, Repeatable, Reply, Response, Secret, Vendor};
use livectl::providers::{Target, codes, provider};
use livectl::send::{Attempt, Clock, Options, Pace, Policy, Sender, Transport};
use livectl::sign::{self, Moment, Scheme, Signed};
use serde_json::json;

use crate::server::{Answer, Received, Server};

/// One call of a test.
struct One<'a> {
    server: &'a str,
    notes: &'a RefCell<Vec<String>>,
    repeatable: Repeatable,
}

impl Attempt for One<'_> {
    fn sign(&self, at: Timestamp) -> Result<Signed, Error> {
        let call = Call { vendor: Vendor::Tencent, action: self.action().to_owned(), params: Params::new() };
        let target = Target { scheme: "http", host: self.server, region: None, signature: Scheme::Tc3 };
        let request = provider(Vendor::Tencent).encode(&call, &target)?;
        let (access_key_id, access_key_secret) = ("AKIDEXAMPLE".to_owned(), Secret::new("s"));
        let credentials = Credentials { access_key_id, access_key_secret, session_token: None };
        sign::sign(request, Scheme::Tc3, &credentials, &Moment { at, nonce: "1", region: "" })
    }

    fn decode(&self, response: &Response) -> Result<Reply, Error> {
        provider(Vendor::Tencent).decode(self.action(), response, Reading::Members)
    }

    fn blames_clock(&self, error: &Error) -> bool {
        error.details().code.as_deref().is_some_and(|code| codes::is_clock_error(Vendor::Tencent, code))
    }

    fn repeatable(&self) -> Repeatable {
        self.repeatable
    }

    fn action(&self) -> &'static str {
        "AddLiveDomain"
    }

    fn rate(&self) -> f64 {
        1000.0
    }

    fn sending(&self, _: u32, _: &Signed) {}

    fn received(&self, _: &Response) {}

    fn permit(&self) -> LocalBoxFuture<'_, Result<(), Error>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn note(&self, text: &str) {
        self.notes.borrow_mut().push(text.to_owned());
    }
}

/// A vendor whose clock is ahead of ours by this much, and that shows this date, or its own, where it refuses.
fn vendor(ahead: SignedDuration, shown: Option<&'static str>) -> Server {
    Server::by(move |_, request: &Received| {
        let signed: i64 = request.header("x-tc-timestamp").unwrap().parse().unwrap();
        let now = Timestamp::now() + ahead;
        if (now.as_second() - signed).abs() < 60 {
            return Answer::json(json!({"Response": {"RequestId": "r"}}));
        }
        let own = jiff::fmt::rfc2822::to_string(&now.to_zoned(jiff::tz::TimeZone::UTC)).unwrap();
        let error = json!({"Code": "AuthFailure.SignatureExpire", "Message": "no"});
        let body = json!({"Response": {"RequestId": "r", "Error": error}}).to_string();
        Answer::Http(200, vec![("date", shown.map_or(own, str::to_owned))], body.into_bytes())
    })
}

fn sender() -> Sender {
    sender_with(0, Duration::from_secs(20), Duration::from_secs(60))
}

fn sender_with(retries: u32, timeout: Duration, longest: Duration) -> Sender {
    let options = Options {
        timeout,
        connect_timeout: Duration::from_secs(5),
        roots: Vec::new(),
        system_trust: false,
        proxy: None,
        user_agent: "livectl/test",
    };
    let policy = Policy { retries, longest, first_wait: Duration::ZERO, random: || 0.0 };
    Sender::new(
        Rc::new(Transport::new(options)),
        Clock::new(Timestamp::now),
        policy,
        "a".to_owned(),
        Rc::new(Pace::default()),
    )
}

/// How many of so many calls at once succeeded, how many requests came, and what was noted.
fn at_once(server: &Server, sender: &Sender, calls: usize) -> (usize, usize, Vec<String>) {
    let (host, notes) = (server.host(), RefCell::default());
    let one = One { server: &host, notes: &notes, repeatable: Repeatable::Never };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let answers = runtime.block_on(futures_util::future::join_all((0..calls).map(|_| sender.perform(&one))));
    let done = answers.iter().filter(|answer| answer.is_ok()).count();
    (done, server.take().len(), notes.take())
}

#[test]
fn a_wrong_clock_is_corrected_for_all_that_are_in_flight_and_told_once() {
    let server = vendor(SignedDuration::from_hours(3), None);
    let sender = sender();
    let (done, requests, notes) = at_once(&server, &sender, 20);
    assert_eq!((done, notes.len()), (20, 1), "{notes:?}");
    assert!(notes[0].contains("clock is off by 10800 s") || notes[0].contains("by 10799 s"), "{notes:?}");
    // Each was sent at most once more.
    assert!(requests > 20 && requests <= 40, "{requests}");
}

#[test]
fn a_date_that_is_nonsense_corrects_nothing_for_good() {
    let dates =
        ["Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "now", "Mon, 21 Nov 2050 12:00:00 GMT"];
    for date in dates {
        let sender = sender();
        let (done, requests, _) = at_once(&vendor(SignedDuration::from_hours(3), Some(date)), &sender, 5);
        assert_eq!(done, 0, "{date}");
        assert!(requests <= 10, "{date}: {requests}");
        // A vendor whose clock is right is still spoken to with the right time.
        let (done, requests, notes) = at_once(&vendor(SignedDuration::ZERO, None), &sender, 5);
        assert_eq!((done, requests, notes), (5, 5, Vec::new()), "{date}");
    }
}

#[test]
fn attempts_that_add_up_end_with_the_time_of_the_call() {
    let throttled = json!({"Response": {"RequestId": "r", "Error": {"Code": "RequestLimitExceeded", "Message": "no"}}});
    let now = Answer::Http(200, vec![("retry-after", "0".to_owned())], throttled.to_string().into_bytes());
    let after = Answer::Http(200, vec![("retry-after", "1".to_owned())], throttled.to_string().into_bytes());
    // 100 more attempts would take 20 s and more, but those that are refused at once: they are limited by their number.
    for (answer, milliseconds, attempts) in
        [(Answer::Silence, 1500, 2..=8), (Answer::Drip, 1500, 2..=8), (after, 700, 1..=1), (now, 120_000, 101..=101)]
    {
        let server = Server::answering([answer.clone()]);
        let sender = sender_with(100, Duration::from_millis(200), Duration::from_millis(milliseconds));
        let (host, notes) = (server.host(), RefCell::default());
        let one = One { server: &host, notes: &notes, repeatable: Repeatable::Read };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let began = Instant::now();
        let error = runtime.block_on(sender.perform(&one)).unwrap_err();
        // The last attempt began within the time, and had its own.
        assert!(began.elapsed() < Duration::from_secs(15), "{answer:?}");
        let told = error.details().attempts.unwrap();
        assert!(attempts.contains(&told) && server.count() == told as usize, "{answer:?}: {told}, {}", server.count());
    }
}
