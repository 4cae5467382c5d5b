//! The socket: HTTP/1.1 on loopback, each request whole before it is looked at.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::error::Error;
use crate::model::Header;
use crate::sandbox::Options;
use crate::sandbox::answer::HttpAnswer;
use crate::sandbox::auth::Signatures;
use crate::sandbox::body::{Closed, Sending};
use crate::sandbox::dispatch::{Ending, Reaction, Shared, handle};
use crate::sandbox::state::Store;
use crate::sign::Received;

/// Largest body that is read.
const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// How long a client may take to send its headers, and again its body.
const PATIENCE: Duration = Duration::from_secs(30);

/// A sandbox that serves. It stops when this is dropped.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// What the user should know, for stderr.
    pub notes: Vec<String>,
    accepting: JoinHandle<()>,
}

impl Running {
    /// The address as `--endpoint` wants it.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serves until the server itself ends, which it does not by itself: for `sandbox serve`.
    pub async fn forever(mut self) {
        let _ = (&mut self.accepting).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Starts a sandbox: bound and serving when this returns.
///
/// # Errors
/// Usage for an address that is not loopback or cannot be bound; a damaged state file.
pub async fn start(options: Options) -> Result<Running, Error> {
    let listen = options.listen;
    if !listen.ip().is_loopback() {
        return Err(Error::usage(format!("starting the sandbox: `{listen}` is no loopback address"))
            .hint("use 127.0.0.1:PORT or [::1]:PORT"));
    }
    let (store, note) = match &options.state_file {
        Some(path) => Store::open(path)?,
        None => (Store::in_memory(), None),
    };
    let bound = TcpListener::bind(listen).await;
    let listener = bound.and_then(|listener| Ok((listener.local_addr()?, listener)));
    let (address, listener) = listener.map_err(|why| {
        Error::usage(format!("starting the sandbox: cannot listen on {listen}: {why}"))
            .hint("port 0 takes any free port")
    })?;
    let offline = options.offline;
    let shared = Arc::new(Shared::new(options, store, Signatures::REAL));
    let accepting = match offline {
        true => {
            drop(listener);
            tokio::spawn(std::future::pending())
        }
        false => tokio::spawn(accept(listener, shared)),
    };
    Ok(Running { address, notes: note.into_iter().collect(), accepting })
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => drop(tokio::spawn(serve(stream, Arc::clone(&shared)))),
            // Out of file handles, or a client that went away: others may still be served.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| answer(request, Arc::clone(&shared)));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .serve_connection(TokioIo::new(stream), service);
    // A connection that breaks is the client's business.
    let _ = connection.await;
}

async fn answer(request: Request<Incoming>, shared: Arc<Shared>) -> Result<Response<Sending>, Closed> {
    let (head, body) = request.into_parts();
    let headers: Vec<Header> = head
        .headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let read = tokio::time::timeout(PATIENCE, Limited::new(body, BODY_LIMIT).collect()).await;
    let body = match read {
        Ok(Ok(body)) => Some(body.to_bytes()),
        Ok(Err(why)) if why.is::<http_body_util::LengthLimitError>() => None,
        Ok(Err(_)) | Err(_) => return Err(Closed),
    };
    let received = Received {
        method: head.method.as_str(),
        path: head.uri.path(),
        raw_query: head.uri.query().unwrap_or_default(),
        headers: &headers,
        body: body.as_deref().unwrap_or_default(),
    };
    if body.is_none() {
        return Ok(response(shared.too_large(&received), Ending::Whole));
    }
    let Reaction { delay, answer, ending } = handle(&received, &shared);
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    match ending {
        Ending::Nothing => Err(Closed),
        // Ends when the client goes: then this is dropped.
        Ending::Never => std::future::pending().await,
        _ => Ok(response(answer, ending)),
    }
}

fn response(answer: HttpAnswer, ending: Ending) -> Response<Sending> {
    let length = answer.body.len();
    let mut response = Response::new(Sending::new(answer.body, ending));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in &answer.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response.headers_mut().insert(hyper::header::CONTENT_LENGTH, HeaderValue::from(length));
    response
}
