//! What a machine has already, for a profile that is new: keys in variables, and the official tools' own files.

use super::account::Selection;
use super::edit::NewValue;
use super::environment::Environment;
use super::import::entries;
use super::source::{Found, Origin};
use super::{official, variables};
use crate::error::Error;
use crate::model::{Vendor, masked_id};

/// Credentials that were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Whose.
    pub vendor: Vendor,
    /// Where: `environment TENCENTCLOUD_SECRET_ID`, `profile default in ~/.tccli/default.credential`.
    pub place: String,
    /// What kind they are, and the end of a key id.
    pub what: String,
    /// The keys of a profile that is to have them.
    pub entries: Vec<(String, NewValue)>,
}

/// What was found, and what is there and cannot be used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offers {
    /// In the order of the sources.
    pub usable: Vec<Offer>,
    /// Why something cannot be used, in words.
    pub others: Vec<String>,
}

/// Looks for credentials of a vendor, or of all, where the official tools keep them. Nothing is changed, and no program
/// runs.
pub fn offers(environment: &Environment, selection: &Selection) -> Offers {
    let mut offers = Offers::default();
    let vendors = selection.vendor.map_or_else(|| Vendor::ALL.to_vec(), |vendor| vec![vendor]);
    for vendor in vendors {
        let mut warnings = Vec::new();
        let found = [
            variables::of_vendor(environment, vendor, selection.vendor.is_some(), &mut warnings),
            official::find(environment, vendor, &mut warnings),
        ];
        for found in found {
            match found.and_then(|found| found.map(offer).transpose()) {
                Ok(offer) => offers.usable.extend(offer),
                Err(error) => offers.others.push(error.to_string()),
            }
        }
    }
    offers
}

fn offer(found: Found) -> Result<Offer, Error> {
    let what = match &found.origin {
        Origin::Keys(keys) => {
            let credentials = keys.credentials();
            let kind = if credentials.session_token.is_some() { "temporary keys" } else { "keys" };
            format!("{kind} {}", masked_id(&credentials.access_key_id))
        }
        Origin::Process { .. } => "the program that prints them".to_owned(),
        Origin::Keyring { .. } => "the keyring".to_owned(),
        Origin::Role(assumed) => format!("the role {}", assumed.keys.name.as_deref().unwrap_or_default()),
    };
    Ok(Offer { vendor: found.vendor.value, place: found.keys_source().to_owned(), what, entries: entries(found)? })
}
