//! What must hold between the parameters of Volcengine's Actions.

use crate::providers::validate::relate::Row;
use crate::providers::validate::relate::Rule::{After, AtMost, EndsWith, Span, Together};

pub(in crate::providers) const ROWS: &[Row] = &[
    (
        // Neither of the two times: a permanent relay.
        &["CreateRelaySourceV4"],
        &[
            Together("StartTime", "EndTime"),
            After("StartTime", "EndTime"),
            Span("StartTime", "EndTime", 7 * 24),
            AtMost("SrcAddrS", 10),
        ],
    ),
    // The service appends `key_id=…` to it in the playlist.
    (&["UpdateEncryptHLS"], &[EndsWith("URL", &["?", "&"])]),
];
