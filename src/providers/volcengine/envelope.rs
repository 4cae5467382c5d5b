//! Response → Reply for Volcengine Live.

use crate::error::Error;
use crate::model::{Reply, Response};

pub(super) fn decode(_action: &str, _response: &Response) -> Result<Reply, Error> {
    Err(Error::internal("not built yet"))
}
