//! `transcode` on volcengine.

use crate::model::{Support, TranscodeArgs, TranscodeVerb};

pub(super) fn support(_verb: TranscodeVerb) -> Support<TranscodeArgs> {
    Support::Cannot { why: "not decided", instead: None }
}
