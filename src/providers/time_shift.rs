//! Playing a running stream from an earlier moment by its address alone: who has it, and what the others have.

use crate::error::Error;
use crate::model::Vendor;
use crate::providers::homes;

pub use crate::providers::aliyun::time_shift::{
    Form, LONGEST_KEPT, Place, Point, Slice, Spelling, Timeline, USUALLY_KEPT, Unit, playback_url, read_timeline,
    timeline_url,
};
pub use crate::providers::aliyun::url_auth::authenticated;

/// Whose time shift is a matter of addresses.
pub const OFFERED_BY: Vendor = Vendor::Aliyun;

/// Refuses a vendor that has no such addresses, with what it has instead.
///
/// # Errors
/// Usage.
pub fn check(vendor: Vendor, verb: &str) -> Result<(), Error> {
    let (why, action) = match vendor {
        Vendor::Aliyun => return Ok(()),
        Vendor::Tencent => ("time shift is set up by templates there", "CreateLiveTimeShiftTemplate"),
        Vendor::Volcengine => ("time shift is set up by presets there", "CreateTimeShiftPresetV3"),
    };
    let command = homes::command(vendor, action).map_or_else(|| format!("api {vendor} {action}"), str::to_owned);
    Err(Error::usage(format!("timeshift {verb} on {vendor}: {why}"))
        .hint(format!("`timeshift {verb}` works on: {OFFERED_BY}"))
        .hint(format!("on {vendor}: `livectl {command}`"))
        .with(|details| details.vendor = Some(vendor)))
}
