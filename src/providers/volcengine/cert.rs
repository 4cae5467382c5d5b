//! `cert` on volcengine.

use crate::model::{CertArgs, CertVerb, Support};

pub(super) fn support(_verb: CertVerb) -> Support<CertArgs> {
    Support::Cannot { why: "not decided", instead: None }
}
