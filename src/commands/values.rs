//! Values of grown options that may stand elsewhere: secrets, and objects in JSON.

use crate::cli::Given;
use crate::commands::secret;
use crate::commands::session::Session;
use crate::error::Result;
use crate::providers::homes::{self, Takes};

/// The values of a command's options, those of secrets and objects from where they stand.
///
/// # Errors
/// Usage, naming the file that cannot be read.
pub(super) fn read(session: &Session, command: &str, given: &Given) -> Result<Vec<(String, Vec<String>)>> {
    let one = |option: &str, kind: Takes, value: &str| {
        let named = format!("--{option}");
        match kind {
            Takes::Secret => secret::of_option(session, &named, value).map(|secret| secret.expose().to_owned()),
            Takes::Json => secret::json(session, &named, value).map(|text| text.expose().to_owned()),
            Takes::Plain => Ok(value.to_owned()),
        }
    };
    let options = given.options.iter().map(|(option, values)| {
        let kind = homes::takes(command, option);
        let values = values.iter().map(|value| one(option, kind, value)).collect::<Result<Vec<String>>>()?;
        Ok((option.clone(), values))
    });
    options.collect()
}
