//! The body of an answer on its way: whole, broken off in its middle, or byte by byte.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame};
use tokio::time::Sleep;

use crate::sandbox::dispatch::Ending;

/// The connection is to be closed without an answer, or without the rest of one.
#[derive(Debug)]
pub(super) struct Closed;

impl std::fmt::Display for Closed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the sandbox closes the connection, as asked for")
    }
}

impl std::error::Error for Closed {}

/// A body that is sent.
pub(super) struct Sending {
    bytes: Bytes,
    then: Then,
    drip: Option<Drip>,
}

/// What comes after the bytes of a body.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    End,
    /// First the bytes are let go, else the connection would break before them.
    Flush,
    Break,
}

/// The pause between two bytes.
struct Drip {
    pause: Duration,
    next: Pin<Box<Sleep>>,
}

impl Sending {
    /// A body, and how it ends.
    pub(super) fn new(body: Vec<u8>, ending: Ending) -> Self {
        let mut bytes = Bytes::from(body);
        let mut then = Then::End;
        if ending == Ending::Half {
            bytes.truncate(bytes.len() / 2);
            then = Then::Flush;
        }
        let drip = match ending {
            Ending::Drip(pause) => Some(Drip { pause, next: Box::pin(tokio::time::sleep(pause)) }),
            _ => None,
        };
        Sending { bytes, then, drip }
    }
}

impl Body for Sending {
    type Data = Bytes;
    type Error = Closed;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Closed>>> {
        if self.bytes.is_empty() {
            return match self.then {
                Then::End => Poll::Ready(None),
                Then::Flush => {
                    self.then = Then::Break;
                    context.waker().wake_by_ref();
                    Poll::Pending
                }
                Then::Break => Poll::Ready(Some(Err(Closed))),
            };
        }
        let mut length = self.bytes.len();
        if let Some(drip) = &mut self.drip {
            std::task::ready!(drip.next.as_mut().poll(context));
            drip.next = Box::pin(tokio::time::sleep(drip.pause));
            length = 1;
        }
        Poll::Ready(Some(Ok(Frame::data(self.bytes.split_to(length)))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_empty() && self.then == Then::End
    }
}
