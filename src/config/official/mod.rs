//! The configuration of the vendors' own command lines, read in place and never written.

mod aliyun;
mod ini;
mod tencent;
mod volcengine;

use std::path::Path;

use serde_json::{Map, Value};

use super::bounded;
use super::endpoint::with_scheme;
use super::environment::Environment;
use super::file::cause;
use super::role::{Assumed, RoleKeys};
use super::source::{Found, Keys, Origin, Setting, unusable};
use crate::error::Error;
use crate::model::{Secret, Vendor};

/// What the official tool of a vendor would use, or nothing where it was never set up.
///
/// # Errors
/// Auth: it is set up in a way that cannot be used, or a file of it cannot be read.
pub(super) fn find(
    environment: &Environment,
    vendor: Vendor,
    warnings: &mut Vec<String>,
) -> Result<Option<Found>, Error> {
    match vendor {
        Vendor::Tencent => tencent::find(environment),
        Vendor::Aliyun => aliyun::find(environment, warnings),
        Vendor::Volcengine => volcengine::find(environment, warnings),
    }
    .map_err(|error| error.with(|details| details.vendor = Some(vendor)))
}

/// A JSON object of a file, which has no value that is told.
struct Section<'a> {
    values: &'a Map<String, Value>,
    /// `profile prod in ~/.aliyun/config.json`.
    place: String,
    environment: &'a Environment,
}

impl Section<'_> {
    /// A text; an empty one counts as absent, since the official tools write all of their keys.
    fn text(&self, name: &str) -> Option<String> {
        self.values.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    fn setting(&self, name: &str) -> Option<Setting<String>> {
        self.text(name).map(|text| Setting::new(text, &self.place))
    }

    fn endpoint(&self, name: &str) -> Option<Setting<String>> {
        self.text(name).map(|text| Setting::new(with_scheme(&text), &self.place))
    }

    /// A role of this section, and what assumes it.
    fn role(&self, keys: RoleKeys, base: Option<Origin>) -> Origin {
        Origin::Role(Box::new(Assumed { keys, base, place: self.place.clone() }))
    }

    /// A whole number of seconds; 0 counts as absent.
    fn seconds(&self, name: &str) -> Option<u32> {
        let seconds = self.values.get(name).and_then(Value::as_u64)?;
        u32::try_from(seconds).ok().filter(|seconds| *seconds > 0)
    }

    /// The key pair; `None` where neither half is there.
    fn keys(&self, id: &str, secret: &str, token: Option<String>) -> Result<Option<Keys>, Error> {
        pair(&self.place, (id, self.text(id)), (secret, self.text(secret)), token)
    }
}

fn pair(
    place: &str,
    (id_name, id): (&str, Option<String>),
    (secret_name, secret): (&str, Option<String>),
    token: Option<String>,
) -> Result<Option<Keys>, Error> {
    let missing = |name: &str| unusable(format!("reading credentials: {place} has no `{name}`"));
    match (id, secret) {
        (None, None) => Ok(None),
        (Some(_), None) => Err(missing(secret_name)),
        (None, Some(_)) => Err(missing(id_name)),
        (Some(id), Some(secret)) => Keys::new(
            Setting::new(id, place),
            Setting::new(Secret::new(secret), place),
            token.map(|token| Setting::new(Secret::new(token), place)),
        )
        .map(Some),
    }
}

/// A file's text, or nothing where there is no such file.
fn text(environment: &Environment, path: &Path) -> Result<Option<String>, Error> {
    use std::io::ErrorKind::{NotADirectory, NotFound};
    match bounded::text(path, bounded::LARGEST_FILE) {
        Ok(text) => Ok(Some(text.to_string())),
        Err(error) if matches!(error.kind(), NotFound | NotADirectory) => Ok(None),
        Err(error) => Err(unusable(format!("reading credentials: `{}`: {}", environment.display(path), cause(&error)))),
    }
}

/// A file's JSON object, or nothing where there is no such file. An error names the place, not the content.
fn json(environment: &Environment, path: &Path) -> Result<Option<Map<String, Value>>, Error> {
    let Some(text) = text(environment, path)? else { return Ok(None) };
    let shown = environment.display(path);
    match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
        Ok(Value::Object(object)) => Ok(Some(object)),
        Ok(_) => Err(unusable(format!("reading credentials: `{shown}` is no JSON object"))),
        Err(error) => {
            let place = format!("{shown}:{}:{}", error.line(), error.column());
            Err(unusable(format!("reading credentials: {place}: the file is no JSON")))
        }
    }
}
