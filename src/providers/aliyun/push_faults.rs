//! `stats faults` on Aliyun: how many pushes met which status, minute by minute.

use jiff::tz::Offset;
use serde_json::Value;

use crate::error::Result;
use crate::model::time::to_row;
use crate::model::{Answer, Call, Road, StatsArgs, Vendor};
use crate::providers::intent::Complaints;
use crate::providers::push_faults::{self, PushFault, Told};
use crate::providers::rows;

/// What the statuses mean, in our words: the list at `Code` in the document of `DescribeLiveDomainPublishErrorCode`.
const MEANINGS: &[(&str, &str)] = &[
    ("3", "nothing came in time"),
    ("4", "could not be written on"),
    ("6", "could not be written on in time"),
    ("401", "a parameter of the push is wrong"),
    ("403", "the push is not allowed: its signature"),
    ("500", "an unknown fault of the vendor"),
    ("501", "the push failed"),
    ("502", "the signalling took too long"),
];

/// The status of a push that went well.
const WELL: &str = "200";

const TOLD: Told = Told {
    call: |domain, from, to| {
        Call::new(Vendor::Aliyun, "DescribeLiveDomainPublishErrorCode")
            .with_some("DomainName", domain)
            .with("StartTime", to_row(from))
            .with("EndTime", to_row(to))
    },
    read,
    most: None,
};

pub(super) async fn emit(road: &dyn Road, args: &StatsArgs) -> Result<Answer> {
    let named = !args.domains.is_empty();
    Complaints::none().need("--domain", named).refuse("reading the faults of pushes", None)?;
    push_faults::emit(road, args, &TOLD).await
}

/// The faults of one minute: each status but that of a push that went well.
fn read(raw: &Value) -> Result<Vec<PushFault>, String> {
    let at = rows::instant(raw, "TimeStamp", Offset::UTC).ok_or("the `TimeStamp` of a point is no time")?;
    let codes = match raw.get("CodeData") {
        None | Some(Value::Null) => &[],
        Some(codes) => codes.as_array().ok_or("the `CodeData` of a point is no list")?.as_slice(),
    };
    let mut faults = Vec::new();
    for code in codes {
        let status = rows::text(code, "Code").ok_or("a point has a count without its `Code`")?;
        let count = rows::number(code, "Count").ok_or("the `Count` of a code is no number")?;
        if status == WELL || count == 0 {
            continue;
        }
        let meaning = MEANINGS.iter().find(|(known, _)| *known == status).map(|(_, meaning)| *meaning);
        let reason = meaning.map_or(status.clone(), |meaning| format!("{status}: {meaning}"));
        faults.push(PushFault { at, domain: None, app: None, stream: None, reason: Some(reason), count });
    }
    Ok(faults)
}

#[cfg(test)]
mod tests;
