//! `stream` on volcengine.

use crate::model::{StreamArgs, StreamVerb, Support};

pub(super) fn support(_verb: StreamVerb) -> Support<StreamArgs> {
    Support::Cannot { why: "not decided", instead: None }
}
