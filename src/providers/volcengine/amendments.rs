//! Where Volcengine's reference and its SDKs differ, the wider of the two.

use crate::providers::validate::amend::{Amendment, Row};

pub(in crate::providers) const ROWS: &[Row] = &[
    // Integers in the table of the reference and in the SDK, quoted in its example.
    ("CreateRelaySourceV4", "StartTime", Amendment::DigitsToo),
    ("CreateRelaySourceV4", "EndTime", Amendment::DigitsToo),
];
