//! What holds between the parameters of Tencent's transcode templates, which hold the encryption of HLS
//! (`DRMType`, `DRMTracks`).

use serde_json::Value;

use crate::sandbox::answer::Refusal;
use crate::sandbox::asked::Asked;

/// Even sizes, and one encrypted video track at most.
pub(super) fn check(asked: &Asked<'_>) -> Result<(), Refusal> {
    let odd = ["Width", "Height"]
        .into_iter()
        .find(|name| asked.params.get(*name).and_then(Value::as_i64).is_some_and(|pixels| pixels % 2 != 0));
    if let Some(name) = odd {
        return Err(asked.refuse("InvalidParameter", format!("{name} is an even number.")));
    }
    let video = asked.text("DRMTracks").split('|').filter(|track| !matches!(*track, "" | "AUDIO")).count();
    if video > 1 {
        return Err(asked.refuse("InvalidParameter", "DRMTracks names one video track at most."));
    }
    Ok(())
}
