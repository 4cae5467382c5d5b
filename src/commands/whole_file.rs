//! A file that is written whole or not at all, in the place of what was there.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use crate::error::{Error, Result};

/// Refuses a file that could not be written, before anything is asked for it. `what` it is, for the message: `the chart`.
///
/// # Errors
/// Usage: it is there and no file to be written, or its folder takes no new ones.
pub(super) fn check(file: &Path, what: &str) -> Result<()> {
    let place = place(file);
    // A separator at the end is no part of a path's name, and means a folder.
    let is_folder = file.as_os_str().as_encoded_bytes().ends_with(b"/");
    let writable = match fs::metadata(&place) {
        _ if is_folder => Err(io::Error::other("it names a folder")),
        Ok(found) if !found.is_file() => Err(io::Error::other("it is no regular file")),
        Ok(_) => fs::OpenOptions::new().write(true).open(&place).map(drop),
        Err(_) => beside(&place).map(drop),
    };
    writable.map_err(|error| {
        Error::usage(message(file, what, &error))
            .hint("name a file in a folder that is there and that you may write to")
    })
}

/// Writes a file, to the disk. One that was there is replaced and keeps its mode; until then it is as it was.
///
/// # Errors
/// Internal: the file's own.
pub(super) fn write(file: &Path, bytes: &[u8], what: &str) -> Result<()> {
    let place = place(file);
    let written = beside(&place).and_then(|mut fresh| {
        if let Ok(found) = fs::metadata(&place) {
            fresh.as_file().set_permissions(found.permissions())?;
        }
        fresh.write_all(bytes)?;
        fresh.as_file().sync_all()?;
        fresh.persist(&place).map(drop).map_err(|error| error.error)
    });
    written.map_err(|error| Error::internal(message(file, what, &error)))
}

/// What a link leads to; else the file itself.
fn place(file: &Path) -> PathBuf {
    fs::canonicalize(file).unwrap_or_else(|_| file.to_owned())
}

/// A new file in the same folder, which is gone when it is dropped.
fn beside(place: &Path) -> io::Result<NamedTempFile> {
    let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = Builder::new();
    // As any new file: what the user's mask leaves.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.prefix(".livectl.").tempfile_in(folder)
}

/// The system's words alone: those about the file beside have its name, which nobody knows.
fn message(file: &Path, what: &str, error: &io::Error) -> String {
    let text = error.to_string();
    let words = text.split_once(" at path ").map_or(text.as_str(), |(words, _)| words);
    format!("write {what} to `{}`: {words}", file.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = entries.collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.svg");
        for text in ["one", "two"] {
            check(&file, "the chart").unwrap();
            write(&file, text.as_bytes(), "the chart").unwrap();
            assert_eq!(fs::read_to_string(&file).unwrap(), text);
        }
        assert_eq!(names(folder.path()), ["a.svg"]);
    }

    #[test]
    fn what_cannot_be_written_is_told_before_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("text"), "x").unwrap();
        fs::create_dir(folder.path().join("d.svg")).unwrap();
        for (name, why) in [
            ("missing/a.svg", "No such file or directory"),
            ("text/a.svg", "Not a directory"),
            ("d.svg", "it is no regular file"),
        ] {
            let file = folder.path().join(name);
            let error = check(&file, "the chart").unwrap_err();
            let message = &error.details().message;
            assert!(message.starts_with(&format!("write the chart to `{}`: {why}", file.display())), "{message}");
            assert!(!message.contains(".livectl."), "{message}");
            assert!(write(&file, b"x", "the chart").is_err(), "{name}");
        }
        assert_eq!(names(folder.path()), ["d.svg", "text"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_one_and_the_mode_stays() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("a.svg"), folder.path().join("b.svg"));
        fs::write(&file, "one").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("a.svg", &link).unwrap();
        write(&link, b"two", "the chart").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "two");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    }
}
