//! What others send to us: HTTP/1.1 on one address, each request whole before it is handed on, every bound fixed.
//!
//! A connection carries one request, so that nobody holds one open; what an attacker can make this side keep is
//! [`CONNECTIONS`] times the largest request.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::model::Header;

/// A body is read up to this many bytes.
pub const LARGEST_BODY: usize = 256 * 1024;

/// A request line and its headers together are read up to this many bytes.
const LARGEST_HEAD: usize = 16 * 1024;

/// So many headers a request may have.
const MOST_HEADERS: usize = 64;

/// So many connections are served at once; others wait for their turn.
const CONNECTIONS: usize = 128;

/// A head must be there within this: so long at most do those who send nothing keep a place from others.
const HEAD_PATIENCE: Duration = Duration::from_secs(5);

/// A body must be there within this.
const BODY_PATIENCE: Duration = Duration::from_secs(10);

/// No connection lasts longer, whatever it does.
const LONGEST_CONNECTION: Duration = Duration::from_secs(60);

/// How long the last answers may take to get out.
const LAST_MOMENT: Duration = Duration::from_secs(1);

/// One request, whole.
#[derive(Debug)]
pub struct Arrived {
    /// `GET`, `POST`, or whatever was sent.
    pub method: String,
    /// Path and query as they came.
    pub target: String,
    /// Headers, names in lower case. Bytes that are no UTF-8 are replaced.
    pub headers: Vec<Header>,
    /// The exact body.
    pub body: Vec<u8>,
    /// Who connected.
    pub from: SocketAddr,
    answer: oneshot::Sender<Answer>,
}

impl Arrived {
    /// Answers the request. Who has gone gets nothing.
    pub fn answer(self, answer: Answer) {
        let _ = self.answer.send(answer);
    }
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body: JSON, or a line of text.
    pub body: Vec<u8>,
}

/// A server that takes requests. It stops when this is dropped.
#[derive(Debug)]
pub struct Receiver {
    /// Where it listens.
    pub address: SocketAddr,
    arrivals: mpsc::Receiver<Arrived>,
    accepting: JoinHandle<()>,
    places: Arc<Semaphore>,
}

impl Receiver {
    /// The next request; `None` never comes while the server runs.
    pub async fn next(&mut self) -> Option<Arrived> {
        self.arrivals.recv().await
    }

    /// Takes nothing more, and gives what is on its way out a moment to get there.
    pub async fn close(mut self) {
        self.accepting.abort();
        self.arrivals.close();
        while self.arrivals.try_recv().is_ok() {}
        let all = u32::try_from(CONNECTIONS).unwrap_or(u32::MAX);
        let _ = tokio::time::timeout(LAST_MOMENT, self.places.acquire_many(all)).await;
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Starts to listen: bound and serving when this returns.
///
/// # Errors
/// The system's: the address is taken, or not this machine's.
pub async fn listen(address: SocketAddr) -> std::io::Result<Receiver> {
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    let (sender, arrivals) = mpsc::channel(1);
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let accepting = tokio::spawn(accept(listener, sender, Arc::clone(&places)));
    Ok(Receiver { address, arrivals, accepting, places })
}

async fn accept(listener: TcpListener, arrivals: mpsc::Sender<Arrived>, places: Arc<Semaphore>) {
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        match listener.accept().await {
            Ok((stream, from)) => {
                let served = serve(stream, from, arrivals.clone());
                drop(tokio::spawn(async move {
                    let _ = tokio::time::timeout(LONGEST_CONNECTION, served).await;
                    drop(place);
                }));
            }
            // Out of file handles, or a client that went away: others may still be served.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn serve(stream: TcpStream, from: SocketAddr, arrivals: mpsc::Sender<Arrived>) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| hand_on(request, from, arrivals.clone()));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_PATIENCE)
        .max_buf_size(LARGEST_HEAD)
        .max_headers(MOST_HEADERS)
        .keep_alive(false)
        .half_close(true)
        .serve_connection(TokioIo::new(stream), service);
    // A connection that breaks is the client's business.
    let _ = connection.await;
}

async fn hand_on(
    request: Request<Incoming>,
    from: SocketAddr,
    arrivals: mpsc::Sender<Arrived>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let too_large = || response(&Answer { status: 413, body: b"the body is too large\n".to_vec() });
    if body.size_hint().lower() > LARGEST_BODY as u64 {
        return Ok(too_large());
    }
    let read = tokio::time::timeout(BODY_PATIENCE, Limited::new(body, LARGEST_BODY).collect()).await;
    let body = match read {
        Ok(Ok(body)) => body.to_bytes().to_vec(),
        Ok(Err(why)) if why.is::<http_body_util::LengthLimitError>() => return Ok(too_large()),
        Ok(Err(_)) => return Ok(response(&Answer { status: 400, body: b"the body cannot be read\n".to_vec() })),
        Err(_) => return Ok(response(&Answer { status: 408, body: b"the body took too long\n".to_vec() })),
    };
    let headers = head
        .headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let target = head.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned();
    let (answer, answered) = oneshot::channel();
    let arrived = Arrived { method: head.method.to_string(), target, headers, body, from, answer };
    let unanswered = || Answer { status: 503, body: b"nobody takes it\n".to_vec() };
    if arrivals.send(arrived).await.is_err() {
        return Ok(response(&unanswered()));
    }
    Ok(response(&answered.await.unwrap_or_else(|_| unanswered())))
}

fn response(answer: &Answer) -> Response<Full<Bytes>> {
    let kind = if answer.body.starts_with(b"{") { "application/json" } else { "text/plain; charset=utf-8" };
    let mut response = Response::new(Full::new(Bytes::copy_from_slice(&answer.body)));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::time::Instant;

    use super::*;

    #[test]
    fn who_sends_no_head_keeps_its_place_for_five_seconds() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let receiver = listen((Ipv4Addr::LOCALHOST, 0).into()).await.unwrap();
            for begun in ["", "POST /live HTTP/1.1\r\nX: "] {
                let began = Instant::now();
                let mut silent = TcpStream::connect(receiver.address).await.unwrap();
                silent.write_all(begun.as_bytes()).await.unwrap();
                let mut answer = Vec::new();
                silent.read_to_end(&mut answer).await.unwrap();
                let seconds = began.elapsed().as_secs_f64();
                assert!((5.0..6.0).contains(&seconds), "{begun:?}: {seconds} s");
            }
        });
    }
}
