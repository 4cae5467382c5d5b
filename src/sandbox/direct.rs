//! The sandbox without its socket, for requests that no HTTP client would send.

use crate::model::Response;
use crate::sandbox::Options;
use crate::sandbox::auth::Signatures;
use crate::sandbox::dispatch::{Shared, handle};
use crate::sandbox::state::Store;
use crate::sign::Received;

/// A sandbox in memory that is asked directly: what the fuzz target and its test speak to.
pub struct Direct(Shared);

impl Direct {
    /// A sandbox without state. Where it would listen and keep state is not looked at.
    pub fn new(options: Options) -> Self {
        Direct(Shared::new(options, Store::in_memory(), Signatures::REAL))
    }

    /// Answers one request, whole and at once: faults that befall an answer on its way do not.
    pub fn answer(&self, received: &Received<'_>) -> Response {
        let answer = handle(received, &self.0).answer;
        Response { status: answer.status, headers: answer.headers, body: answer.body }
    }
}
