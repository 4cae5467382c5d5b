//! `callback` on volcengine.

use crate::model::{CallbackArgs, CallbackVerb, Support};

pub(super) fn support(_verb: CallbackVerb) -> Support<CallbackArgs> {
    Support::Cannot { why: "not decided", instead: None }
}
