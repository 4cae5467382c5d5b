//! `stats faults` on Volcengine Live: the pushes that ended, and why. Which of its reasons the pusher chose is written
//! nowhere, so that each is told.

use serde_json::Value;

use crate::model::time::{BEIJING, to_row};
use crate::model::{Call, Vendor};
use crate::providers::push_faults::{PushFault, Told};
use crate::providers::rows;

/// The most items of a page, by the vendor's document 6469/1229191; the facts know the usual 20 only.
const PAGE: u32 = 1000;

pub(super) const TOLD: Told = Told {
    call: |domain, from, to| {
        Call::new(Vendor::Volcengine, "DescribeLivePushStreamInfoData")
            .with("StartTime", to_row(from))
            .with("EndTime", to_row(to))
            .with("PageSize", PAGE)
            .with_some("DomainList", domain.map(|domain| vec![domain.to_owned()]))
    },
    read,
    most: None,
};

fn read(raw: &Value) -> Result<Vec<PushFault>, String> {
    if rows::text(raw, "EndTime").is_none() {
        return Ok(Vec::new());
    }
    let at = rows::instant(raw, "EndTime", BEIJING).ok_or("the `EndTime` of a push is no time")?;
    Ok(vec![PushFault {
        at,
        domain: None,
        app: rows::text(raw, "App"),
        stream: rows::text(raw, "Stream"),
        reason: rows::text(raw, "StreamBreakReason"),
        count: 1,
    }])
}

#[cfg(test)]
mod tests;
