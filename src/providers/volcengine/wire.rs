//! Call → Request for Volcengine Live.

use crate::error::Error;
use crate::model::{Call, Request};
use crate::providers::Target;

pub(super) fn encode(_call: &Call, _target: &Target<'_>) -> Result<Request, Error> {
    Err(Error::internal("not built yet"))
}
