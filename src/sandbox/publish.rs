//! Streams that are live because somebody says so: nobody sends pictures to the sandbox.

use std::path::Path;

use jiff::Timestamp;

use crate::error::{Class, Error};
use crate::model::{Vendor, time};
use crate::sandbox::families::live::{self, Ban, End, StreamKey};
use crate::sandbox::house::House;
use crate::sandbox::state::Store;

/// One stream of one account.
#[derive(Debug, Clone, Copy)]
pub struct Push<'a> {
    /// Whose state: the profile's name, or [`DEFAULT_ACCOUNT`](crate::sandbox::DEFAULT_ACCOUNT).
    pub account: &'a str,
    /// At which vendor.
    pub vendor: Vendor,
    /// The domain it is pushed to.
    pub domain: &'a str,
    /// The application.
    pub app: &'a str,
    /// The stream's name.
    pub stream: &'a str,
}

impl Push<'_> {
    fn key(&self) -> StreamKey {
        StreamKey::new(self.domain, self.app, self.stream)
    }
}

/// Makes a stream live; says whether it was not before.
///
/// # Errors
/// A stream that is banned; a state file that cannot be read or written.
pub fn publish(state_file: &Path, push: &Push<'_>, now: Timestamp) -> Result<bool, Error> {
    let key = push.key();
    let begun = change(state_file, push, |house| {
        let before = live::live(house).any(|one| one.stream == key);
        live::publish(house, &key, now).map(|()| !before)
    })?;
    begun.map_err(|ban| refused(push, &ban))
}

/// Ends a push, by the pusher's will or as if its connection broke; says whether there was one.
///
/// # Errors
/// A state file that cannot be read or written.
pub fn unpublish(state_file: &Path, push: &Push<'_>, lost: bool, now: Timestamp) -> Result<bool, Error> {
    let end = if lost { End::Lost } else { End::Closed };
    let ended = change(state_file, push, |house| Ok(live::unpublish(house, &push.key(), end, now)))?;
    ended.map_err(|ban| refused(push, &ban))
}

fn change(
    state_file: &Path,
    push: &Push<'_>,
    work: impl FnOnce(&mut House) -> Result<bool, Box<Ban>>,
) -> Result<Result<bool, Box<Ban>>, Error> {
    let (store, note) = Store::open(state_file)?;
    if let Some(note) = note {
        return Err(Error::internal(format!("changing what is live: {note}"))
            .hint("name another file with `--sandbox-state FILE`"));
    }
    store.change(push.account, push.vendor, work)
}

fn refused(push: &Push<'_>, ban: &Ban) -> Error {
    let until = ban.until.map_or_else(String::new, |until| format!(" until {}", time::to_row(until)));
    let name = format!("{}/{}/{}", push.domain, push.app, push.stream);
    let action = match push.vendor {
        Vendor::Tencent | Vendor::Aliyun => "ResumeLiveStream",
        Vendor::Volcengine => "ResumeStream",
    };
    Error::new(Class::Conflict, format!("publishing `{name}`: the stream is forbidden{until}"))
        .hint(format!("lift the ban with `livectl --sandbox api {} {action}`", push.vendor.name()))
}
