//! `stats faults` on Tencent Cloud CSS: the pushes that ended, and why.

use jiff::tz::Offset;
use serde_json::Value;

use crate::model::time::to_row;
use crate::model::{Call, Vendor};
use crate::providers::push_faults::{PushFault, Told};
use crate::providers::rows;

/// Ends that the pusher chose: those of the two examples of the reference, and the Chinese text of document 440/35256,
/// whose table has the reasons that a push is stopped for.
const CHOSEN: &[&str] =
    &["The client interrupted the stream", "The client actively interrupts the stream", "推流客户端主动断流"];

pub(super) const TOLD: Told = Told {
    call: |domain, from, to| {
        Call::new(Vendor::Tencent, "DescribeLiveStreamEventList")
            .with("StartTime", to_row(from))
            .with("EndTime", to_row(to))
            .with_some("DomainName", domain)
    },
    read,
    // The notes of the facts: no more than 10,000 rows a query.
    most: Some(("TotalNum", 10_000)),
};

fn read(raw: &Value) -> Result<Vec<PushFault>, String> {
    let reason = rows::text(raw, "StopReason");
    // A push that goes on has no end yet.
    if rows::text(raw, "StreamEndTime").is_none() || reason.as_deref().is_some_and(|reason| CHOSEN.contains(&reason)) {
        return Ok(Vec::new());
    }
    let at = rows::instant(raw, "StreamEndTime", Offset::UTC).ok_or("the `StreamEndTime` of an event is no time")?;
    Ok(vec![PushFault {
        at,
        domain: rows::text(raw, "DomainName"),
        app: rows::text(raw, "AppName"),
        stream: rows::text(raw, "StreamName"),
        reason,
        count: 1,
    }])
}

#[cfg(test)]
mod tests;
