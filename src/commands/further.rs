//! What was given for options that grew from the facts: read into the parameters of one Action.

use crate::cli::Given;
use crate::commands::session::Session;
use crate::commands::values;
use crate::error::{Error, Result};
use crate::model::{Params, Vendor};
use crate::providers::action::foreign;
use crate::providers::{homes, items};

/// Reads what was named beside a portable command's own options; `None` where nothing was.
///
/// # Errors
/// Usage, with every value that is wrong, and every option that only other vendors have.
pub(super) fn read(
    session: &Session,
    vendor: Vendor,
    command: &str,
    given: &Given,
) -> Result<Option<(&'static str, Params)>> {
    if given.options.is_empty() {
        return Ok(None);
    }
    let doing = |faults| Err(Error::wrong_values(&format!("reading the options of `{command}`"), faults));
    let options = values::read(session, command, given)?;
    let Some(action) = homes::action_at(vendor, command) else {
        return doing(options.iter().map(|(option, _)| foreign(vendor, command, option)).collect());
    };
    let parsed = items::from_options(vendor, &action, &options, session.now);
    let mut faults = parsed.unreadable;
    faults.extend(parsed.unknown.iter().map(|option| foreign(vendor, command, option)));
    if !session.global.no_validate {
        faults.extend(parsed.untyped);
    }
    session.learn(&parsed.params);
    if faults.is_empty() { Ok(Some((action.name, parsed.params))) } else { doing(faults) }
}
