//! The only socket: one signed request (or a GET of a public address) out, one bounded response back.

use std::cell::OnceCell;
use std::path::PathBuf;
use std::time::Duration;

use crate::error::Error;
use crate::model::{Header, Method, Proxy, Response};
use crate::send::connect::{self, Refusal};
use crate::sign::Signed;

/// A response is read up to this many bytes.
const LARGEST_BODY: usize = 64 << 20;

/// How much of a public address is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// All of it, which is no more than so many bytes.
    Whole(usize),
    /// Its first bytes; what follows is not waited for.
    Beginning(usize),
}

/// How to reach the vendor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Time for one attempt, from connecting to the last byte.
    pub timeout: Duration,
    /// Time for connecting.
    pub connect_timeout: Duration,
    /// PEM files whose roots are trusted beside the embedded ones.
    pub roots: Vec<PathBuf>,
    /// The platform's own trust store instead of the embedded roots.
    pub system_trust: bool,
    /// The proxy to go through.
    pub proxy: Option<Proxy>,
    /// Name and version of this program.
    pub user_agent: &'static str,
}

/// What is handed to an address of the user's own.
#[derive(Clone, Copy)]
pub struct Parcel<'a> {
    /// The HTTP method.
    pub method: &'a str,
    /// The whole address.
    pub url: &'a str,
    /// Headers, `Host` not among them.
    pub headers: &'a [Header],
    /// The exact body.
    pub body: &'a [u8],
}

/// Why no response came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NetworkFault {
    /// Never connected: nothing was sent. Whose doing it is; address and cause.
    NotConnected(Refusal, String),
    /// Connected, and no whole answer came in time.
    TimedOut(String),
    /// Connected, and the connection broke before the whole answer came.
    Broken(String),
    /// What came is no HTTP.
    Unreadable(String),
    /// The answer is larger than we read: the most bytes.
    TooLarge(usize),
    /// This side could not even try.
    Local(Error),
}

/// The HTTP client, made when the first request is sent.
pub struct Transport {
    options: Options,
    client: OnceCell<reqwest::Client>,
}

impl Transport {
    /// A transport; nothing is opened yet.
    pub fn new(options: Options) -> Self {
        Transport { options, client: OnceCell::new() }
    }

    /// Whether it reaches the vendor in that way.
    pub fn is_for(&self, options: &Options) -> bool {
        self.options == *options
    }

    /// Sends one signed request and reads the whole response.
    ///
    /// # Errors
    /// What broke, and whether anything was sent.
    pub async fn exchange(&self, signed: &Signed) -> Result<Response, NetworkFault> {
        let client = self.client().map_err(NetworkFault::Local)?;
        let method = match signed.method() {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
        };
        let mut request = client.request(method, signed.url());
        for (name, value) in signed.headers() {
            request = request.header(name, value);
        }
        self.perform(request.body(signed.body().to_vec()), signed.url(), Bound::Whole(LARGEST_BODY)).await
    }

    /// Fetches an address that everybody may fetch: never one of a vendor's API, which takes only what is signed.
    ///
    /// # Errors
    /// What broke, and whether anything was sent.
    pub(super) async fn get_public(&self, url: &str, bound: Bound) -> Result<Response, NetworkFault> {
        let client = self.client().map_err(NetworkFault::Local)?;
        self.perform(client.get(url), url, bound).await
    }

    /// Hands something to an address of the user's own: never one of a vendor's API, which takes only what is signed.
    ///
    /// # Errors
    /// What broke, and whether anything was sent.
    pub(super) async fn deliver(&self, parcel: Parcel<'_>) -> Result<Response, NetworkFault> {
        let client = self.client().map_err(NetworkFault::Local)?;
        let method = reqwest::Method::from_bytes(parcel.method.as_bytes())
            .map_err(|_| NetworkFault::Local(Error::internal("deliver a callback: its method is no word")))?;
        let headers = parcel.headers.iter();
        let request = headers.fold(client.request(method, parcel.url), |all, (name, value)| all.header(name, value));
        self.perform(request.body(parcel.body.to_vec()), parcel.url, Bound::Whole(LARGEST_BODY)).await
    }

    async fn perform(
        &self,
        request: reqwest::RequestBuilder,
        url: &str,
        bound: Bound,
    ) -> Result<Response, NetworkFault> {
        let mut response = request.send().await.map_err(|error| self.fault(&error, url))?;
        let status = response.status().as_u16();
        if status == 407 {
            let why = "the proxy wants another user and password".to_owned();
            return Err(NetworkFault::NotConnected(Refusal::ProxyLogin, format!("{}: {why}", self.way(url))));
        }
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.fault(&error, url))? {
            match bound {
                Bound::Whole(most) if body.len() + chunk.len() > most => return Err(NetworkFault::TooLarge(most)),
                Bound::Whole(_) | Bound::Beginning(_) => body.extend_from_slice(&chunk),
            }
            if let Bound::Beginning(most) = bound
                && body.len() >= most
            {
                body.truncate(most);
                break;
            }
        }
        Ok(Response { status, headers, body })
    }

    fn client(&self) -> Result<&reqwest::Client, Error> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = connect::client(&self.options)?;
        Ok(self.client.get_or_init(|| client))
    }

    /// Sorts a client error by whether the request can have reached the vendor. URLs may carry a signature:
    /// they are cut out of every message.
    fn fault(&self, error: &reqwest::Error, url: &str) -> NetworkFault {
        let message = connect::causes(error);
        if error.is_builder() || error.is_request() && message.contains("invalid header") {
            return NetworkFault::Local(Error::internal(format!("build the HTTP request: {message}")));
        }
        if error.is_connect() {
            let (refusal, why) = connect::refusal(error, self.options.proxy.is_some());
            return NetworkFault::NotConnected(refusal, format!("{}: {why}", self.way(url)));
        }
        if error.is_timeout() {
            return NetworkFault::TimedOut(format!("no whole answer within {}s", self.options.timeout.as_secs_f64()));
        }
        let unreadable = connect::chain(error).find_map(|cause| cause.downcast_ref::<hyper::Error>());
        if unreadable.is_some_and(hyper::Error::is_parse)
            || error.is_decode() && !message.contains("body from connection")
        {
            return NetworkFault::Unreadable(message);
        }
        NetworkFault::Broken(message)
    }

    /// Where a connection goes, in words.
    fn way(&self, url: &str) -> String {
        match &self.options.proxy {
            Some(proxy) => format!("{} through the proxy {}", authority(url), proxy.authority),
            None => authority(url).to_owned(),
        }
    }
}

/// Host and port of a URL.
fn authority(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?']).next().unwrap_or_default()
}
