//! Files that end: what a name leads to may be a device that never does.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use zeroize::Zeroizing;

/// No key and no token is longer, in bytes.
pub(super) const LARGEST_SECRET: u64 = 64 << 10;

/// No profile file and no file of an official tool is longer, in bytes.
pub(super) const LARGEST_FILE: u64 = 4 << 20;

/// All of a file, which has `most` bytes or fewer.
///
/// # Errors
/// The disk's refusal, and a file that has more.
pub(super) fn bytes(path: &Path, most: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > most {
        true => Err(io::Error::other(format!("it has more than {} KiB", most >> 10))),
        false => Ok(bytes),
    }
}

/// The same as text.
///
/// # Errors
/// As [`bytes`], and what is not UTF-8.
pub(super) fn text(path: &Path, most: u64) -> io::Result<Zeroizing<String>> {
    let bytes = bytes(path, most)?;
    std::str::from_utf8(&bytes).map(|text| Zeroizing::new(text.to_owned())).map_err(|_| ErrorKind::InvalidData.into())
}
