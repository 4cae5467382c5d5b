//! Changing the profile file: one at a time, whole or not at all, comments kept.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use toml_edit::DocumentMut;
use zeroize::Zeroizing;

use super::bounded;
use super::environment::Environment;
use super::file::{cause, parse};
use crate::error::Error;

/// How many symbolic links one may lead to the next.
const MOST_LINKS: usize = 16;

/// Reads the file, lets `edit` change it, and writes it back, all under a lock: two that change the file at
/// once wait for each other. Without a change nothing is written.
///
/// The new text replaces the file in one step, with mode 0600; a folder that is made has mode 0700. A symbolic
/// link stays one, and what it leads to is replaced.
///
/// # Errors
/// Usage: the file is no TOML, or no regular file. Internal: the disk's refusal, with path and cause.
pub(super) fn change<T>(
    environment: &Environment,
    path: &Path,
    edit: impl FnOnce(&mut DocumentMut) -> Result<T, Error>,
) -> Result<T, Error> {
    let path = follow(path);
    let shown = environment.display(&path);
    let fault = |error: io::Error| {
        Error::internal(format!("writing `{shown}`: {}", cause(&error)))
            .hint("`--config FILE` or `LIVECTL_CONFIG` name another file")
    };
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    make_folder(folder).map_err(fault)?;
    let _lock = lock(&path).map_err(fault)?;
    let text = match fs::metadata(&path) {
        Ok(meta) if !meta.is_file() => {
            return Err(Error::usage(format!("writing `{shown}`: it is no regular file")));
        }
        Ok(_) => bounded::bytes(&path, bounded::LARGEST_FILE).map_err(fault)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Zeroizing::default(),
        Err(error) => return Err(fault(error)),
    };
    // Parsed by the reader first, so that an error has its form and its place.
    parse(&text, &shown)?;
    let text = String::from_utf8_lossy(&text);
    let mut document: DocumentMut = text
        .trim_start_matches('\u{feff}')
        .parse()
        .map_err(|_| Error::usage(format!("reading `{shown}`: it is no TOML that can be changed")))?;
    let answer = edit(&mut document)?;
    let changed = document.to_string();
    if changed != text {
        replace(folder, &path, changed.as_bytes()).map_err(fault)?;
    }
    Ok(answer)
}

/// What a chain of symbolic links leads to, whether it is there or not.
fn follow(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(target) = fs::read_link(&path) else { break };
        path = path.parent().map_or_else(|| target.clone(), |folder| folder.join(&target));
    }
    path
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// An exclusive lock beside the file, held until it is dropped. The lock's own file stays: to remove it would
/// let two others hold two different ones.
fn lock(path: &Path) -> io::Result<File> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".lock");
    let mut options = File::options();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path.with_file_name(name))?;
    match file.lock() {
        // A file system without locks: better written without than not at all.
        Err(error) if error.kind() != io::ErrorKind::Unsupported => Err(error),
        _ => Ok(file),
    }
}

fn replace(folder: &Path, path: &Path, text: &[u8]) -> io::Result<()> {
    // Made with mode 0600 from the start.
    let mut file = tempfile::Builder::new().prefix(".config.").suffix(".tmp").tempfile_in(folder)?;
    file.write_all(text)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    // The name's own way to the disk: where the system refuses it, the file is in place all the same.
    #[cfg(unix)]
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}
