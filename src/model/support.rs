//! What a vendor can do, decided verb by verb.

use futures_util::future::LocalBoxFuture;

use crate::error::Error;
use crate::model::{Answer, Road};

/// A portable function: reads the intent, talks over the road, answers.
pub type Handler<A> = for<'a> fn(&'a dyn Road, &'a A) -> LocalBoxFuture<'a, Result<Answer, Error>>;

/// A vendor's decision about one portable verb. The support matrix is printed from it.
pub enum Support<A> {
    /// The vendor does it, by this function.
    Does(Handler<A>),
    /// The vendor has no such thing.
    Cannot {
        /// Why, in plain words: `Tencent encrypts per transcode template`.
        why: &'static str,
        /// The command that comes nearest, where there is one.
        instead: Option<&'static str>,
    },
}
