//! Profiles and credentials. The only reader of the environment and of the home folder, and the only
//! writer of the profile file.
//!
//! [`resolve`] answers which account a run is for. Everything takes an [`Environment`], so that nothing
//! here depends on the process it runs in.

mod account;
mod bounded;
mod comments;
mod draft;
mod edit;
mod endpoint;
mod environment;
mod file;
mod import;
mod keyring;
mod keys;
mod offers;
mod official;
mod process;
mod profile;
mod proxy;
mod reader;
mod resolve;
mod role;
mod role_variables;
mod show;
mod source;
mod store;
#[cfg(test)]
mod tests;
mod variables;
mod written;

pub use account::{Account, KeyProgram, Resolved, Rules, Selection, Sourced, Unusable};
pub use draft::{check_new_name, draft};
pub use edit::{NewValue, Written, remove, set, use_profile};
pub use endpoint::check_endpoint;
pub use environment::Environment;
pub use import::import;
pub use offers::{Offer, Offers, offers};
pub use proxy::proxy_for;
pub use resolve::resolve;
pub use show::{KeyRow, ProfileSummary, check_value, is_secret_key, key_names, list, oddities, show};
