//! `record` on volcengine.

use crate::model::{RecordArgs, RecordVerb, Support};

pub(super) fn support(_verb: RecordVerb) -> Support<RecordArgs> {
    Support::Cannot { why: "not decided", instead: None }
}
