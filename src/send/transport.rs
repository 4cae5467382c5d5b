//! The only socket: one signed request (or a GET of a public address) out, one bounded response back.

use std::cell::OnceCell;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::error::{Class, Error};
use crate::model::{Method, Response};
use crate::send::{resolve::InlineResolver, trust};
use crate::sign::Signed;

/// A response is read up to this many bytes.
const LARGEST_BODY: usize = 64 << 20;

/// How to reach the vendor.
#[derive(Debug, Clone)]
pub struct Options {
    /// Time for one attempt, from connecting to the last byte.
    pub timeout: Duration,
    /// Time for connecting.
    pub connect_timeout: Duration,
    /// PEM files whose roots are trusted beside the embedded ones.
    pub roots: Vec<PathBuf>,
    /// The platform's own trust store instead of the embedded roots.
    pub system_trust: bool,
    /// No proxy: the endpoint is on this machine.
    pub loopback: bool,
    /// Name and version of this program.
    pub user_agent: &'static str,
}

/// Why no response came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NetworkFault {
    /// Never connected: nothing was sent. Address and cause.
    NotConnected(String),
    /// Connected, and no whole answer came in time.
    TimedOut(String),
    /// Connected, and the connection broke before the whole answer came.
    Broken(String),
    /// The answer is larger than we read.
    TooLarge,
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
        self.perform(request.body(signed.body().to_vec()), signed.url()).await
    }

    /// Fetches an address that everybody may fetch: never one of a vendor's API, which takes only what is signed.
    ///
    /// # Errors
    /// What broke, and whether anything was sent.
    pub(super) async fn get_public(&self, url: &str) -> Result<Response, NetworkFault> {
        let client = self.client().map_err(NetworkFault::Local)?;
        self.perform(client.get(url), url).await
    }

    async fn perform(&self, request: reqwest::RequestBuilder, url: &str) -> Result<Response, NetworkFault> {
        let mut response = request.send().await.map_err(|error| self.fault(&error, url))?;
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.fault(&error, url))? {
            if body.len() + chunk.len() > LARGEST_BODY {
                return Err(NetworkFault::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Response { status, headers, body })
    }

    fn client(&self) -> Result<&reqwest::Client, Error> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let options = &self.options;
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .timeout(options.timeout)
            .connect_timeout(options.connect_timeout)
            .http1_only()
            .user_agent(options.user_agent)
            .dns_resolver(Arc::new(InlineResolver));
        if options.system_trust {
            builder = trust::platform(builder, &options.roots)?;
        } else {
            builder = builder.tls_backend_preconfigured(trust::client_config(&options.roots)?);
        }
        if options.loopback {
            builder = builder.no_proxy();
        }
        let client = builder
            .build()
            .map_err(|error| Error::new(Class::Internal, format!("set up the HTTP client: {}", causes(&error))))?;
        Ok(self.client.get_or_init(|| client))
    }

    /// Sorts a client error by whether the request can have reached the vendor. URLs may carry a signature:
    /// they are cut out of every message.
    fn fault(&self, error: &reqwest::Error, url: &str) -> NetworkFault {
        let message = causes(error);
        if error.is_builder() || error.is_request() && message.contains("invalid header") {
            return NetworkFault::Local(Error::internal(format!("build the HTTP request: {message}")));
        }
        if error.is_connect() {
            return NetworkFault::NotConnected(format!("{}: {message}", authority(url)));
        }
        if error.is_timeout() {
            return NetworkFault::TimedOut(format!("no whole answer within {}s", self.options.timeout.as_secs_f64()));
        }
        NetworkFault::Broken(message)
    }
}

/// Host and port of a URL.
fn authority(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?']).next().unwrap_or_default()
}

/// The innermost causes of an error, without the URL that the outermost would print.
fn causes(error: &reqwest::Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let text = cause.to_string();
        // The client's own layer only repeats which step it was at.
        if !text.starts_with("client error (") && !parts.iter().any(|part| part.contains(&text)) {
            parts.push(text);
        }
        source = cause.source();
    }
    if parts.is_empty() {
        parts.push("the connection failed".to_owned());
    }
    parts.join(": ")
}
