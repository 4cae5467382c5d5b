//! `domain` on Tencent Cloud CSS.

use crate::model::{DomainArgs, DomainVerb, Support};

pub(super) fn support(_verb: DomainVerb) -> Support<DomainArgs> {
    Support::Cannot { why: "not built yet", instead: None }
}
