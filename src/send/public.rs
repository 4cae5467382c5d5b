//! What goes to others than a vendor's API, which only ever gets what is signed: GETs of what a playback domain tells
//! everybody, and callbacks handed to an address of the user's. The same socket and bounds.

use std::time::Duration;

use crate::error::Error;
use crate::model::{Repeatable, Response};
use crate::send::transport::Parcel;
use crate::send::verdict::{Failure, asked_wait, judge, worth_repeating};
use crate::send::{Bound, Sender};

impl Sender {
    /// Fetches a public address. A server that is busy is asked again; its last answer is handed over, whatever its
    /// status.
    ///
    /// # Errors
    /// The network's, with the number of attempts.
    pub async fn get_public(&self, url: &str, bound: Bound, note: &dyn Fn(&str)) -> Result<Response, Error> {
        let began = tokio::time::Instant::now();
        let mut number = 0;
        loop {
            number += 1;
            let last = number > self.policy.retries;
            let in_time = |wait: Duration| !last && began.elapsed().saturating_add(wait) <= self.policy.longest;
            let backoff = self.backoff(number);
            let (why, wait) = match self.transport.get_public(url, bound).await {
                Ok(response) => {
                    let wait = asked_wait(Some(&response), jiff::Timestamp::now()).unwrap_or(backoff);
                    if !is_busy(&response) || !in_time(wait) {
                        return Ok(response);
                    }
                    (format!("HTTP {}", response.status), wait)
                }
                Err(fault) => {
                    let Failure { error, sent, .. } = Failure::of_network(fault);
                    let worth = worth_repeating(&error, sent, Repeatable::Read);
                    let error = judge(error, sent, Repeatable::Read, number, false);
                    if !worth || !in_time(backoff) {
                        return Err(error);
                    }
                    (error.to_string(), backoff)
                }
            };
            note(&format!("attempt {number}: {why}; next in {:.1} s", wait.as_secs_f64()));
            tokio::time::sleep(wait).await;
        }
    }

    /// Hands something to an address of the user's, once; whatever is answered is handed over.
    ///
    /// # Errors
    /// The network's.
    pub async fn deliver(&self, parcel: Parcel<'_>) -> Result<Response, Error> {
        self.transport.deliver(parcel).await.map_err(|fault| Failure::of_network(fault).error)
    }
}

/// An address on the web.
#[derive(Clone, PartialEq, Eq)]
pub struct WebAddress {
    /// All of it, as it is sent.
    pub url: String,
    /// Its host, without a port.
    pub host: String,
    /// Plain HTTP to this machine.
    pub this_machine: bool,
}

impl WebAddress {
    /// Reads `http://…` or `https://…`; `None` for anything else.
    pub fn of(text: &str) -> Option<WebAddress> {
        let url = reqwest::Url::parse(text).ok()?;
        let host = url.host_str()?.to_owned();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let loopback = bare == "localhost" || bare.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
        let this_machine = match url.scheme() {
            "http" => loopback,
            "https" => false,
            _ => return None,
        };
        Some(WebAddress { url: url.into(), host, this_machine })
    }

    /// The address with further arguments behind it.
    pub fn with(&self, query: &str) -> String {
        let (before, fragment) = match self.url.split_once('#') {
            Some((before, fragment)) => (before, format!("#{fragment}")),
            None => (self.url.as_str(), String::new()),
        };
        let joint = match before.find('?') {
            _ if query.is_empty() => "",
            None => "?",
            Some(mark) if mark + 1 == before.len() || before.ends_with('&') => "",
            Some(_) => "&",
        };
        format!("{before}{joint}{query}{fragment}")
    }
}

fn is_busy(response: &Response) -> bool {
    response.status == 429 || response.status >= 500
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_web_is_an_address() {
        for (text, host, this_machine) in [
            ("http://127.0.0.1:8701/hook", "127.0.0.1", true),
            ("http://localhost", "localhost", true),
            ("http://[::1]:8701", "[::1]", true),
            ("http://hooks.example.com/live?x=1", "hooks.example.com", false),
            ("https://127.0.0.1/", "127.0.0.1", false),
        ] {
            let address = WebAddress::of(text).unwrap();
            assert_eq!((address.host.as_str(), address.this_machine), (host, this_machine), "{text}");
        }
        for text in ["", "hooks.example.com", "ftp://a", "file:///etc/passwd", "http://", "http:// a", "https://[::1"] {
            assert!(WebAddress::of(text).is_none(), "{text}");
        }
    }

    #[test]
    fn arguments_stand_behind_those_of_the_address() {
        for (text, expected) in [
            ("http://a.example.com/hook", "http://a.example.com/hook?b=1"),
            ("http://a.example.com/hook?", "http://a.example.com/hook?b=1"),
            ("http://a.example.com/hook?x=2", "http://a.example.com/hook?x=2&b=1"),
            ("http://a.example.com/hook?x=2#top", "http://a.example.com/hook?x=2&b=1#top"),
        ] {
            assert_eq!(WebAddress::of(text).unwrap().with("b=1"), expected);
        }
        assert_eq!(WebAddress::of("http://a.example.com/x").unwrap().with(""), "http://a.example.com/x");
    }
}
