//! `relay` on Volcengine Live.

use crate::model::{RelayArgs, RelayVerb, Support};

pub(super) fn support(_verb: RelayVerb) -> Support<RelayArgs> {
    Support::Cannot { why: "not built yet", instead: None }
}
