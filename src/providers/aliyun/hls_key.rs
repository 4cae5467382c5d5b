//! `hls-key` on Alibaba Cloud ApsaraVideo Live.

use crate::model::{HlsKeyArgs, HlsKeyVerb, Support};

pub(super) fn support(_verb: HlsKeyVerb) -> Support<HlsKeyArgs> {
    Support::Cannot { why: "not built yet", instead: None }
}
