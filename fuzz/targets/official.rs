//! The configuration of the vendors' own command lines, which are read in place.
//!
//! The input is every one of their files at once.

use std::fs;

use livectl::config::{Environment, Selection, resolve};
use livectl::error::Class;
use livectl::model::Vendor;

use crate::judge;

const FILES: [&str; 6] = [
    ".aliyun/config.json",
    ".tccli/default.credential",
    ".tccli/default.configure",
    ".volcengine/config.json",
    ".volc/credentials",
    ".volc/config",
];

/// Runs one input: it makes an account, or is refused, and is left as it is.
pub fn run(data: &[u8]) {
    let home = tempfile::tempdir().expect("a folder for temporary files");
    let files = FILES.map(|file| home.path().join(file));
    for file in &files {
        fs::create_dir_all(file.parent().expect("it is in a folder")).expect("a folder in it");
        fs::write(file, data).expect("a file in it");
    }
    // A program that prints credentials is run elsewhere.
    let variables = [("ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS", "true")];
    let environment = Environment::new(variables, Some(home.path().to_owned()));
    for vendor in Vendor::ALL {
        let selection = Selection { vendor: Some(vendor), ..Selection::default() };
        match resolve(&environment, &selection) {
            Ok(resolved) => {
                let accounts = resolved.accounts.iter();
                assert!(accounts.clone().all(|account| account.vendor == vendor && account.credentials.is_some()));
                for account in accounts {
                    let keys = account.credentials.as_ref().expect("as just seen");
                    let secret = keys.access_key_secret.expose();
                    assert!(!secret.is_empty() && !keys.access_key_id.is_empty(), "{account:?}");
                    assert!(secret.len() < 16 || !format!("{resolved:?}").contains(secret), "a secret is told");
                }
                resolved.warnings.iter().for_each(|warning| judge::warning(warning));
            }
            Err(error) => {
                judge::error(&error, data.len() + home.path().as_os_str().len());
                assert!(matches!(error.class(), Class::Usage | Class::Auth), "{error:?}");
            }
        }
    }
    assert!(files.iter().all(|file| fs::read(file).is_ok_and(|bytes| bytes == data)), "they are never written");
}
