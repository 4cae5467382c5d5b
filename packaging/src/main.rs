//! Writes livectl's manual pages into a folder: `livectl.1`, and `livectl-NOUN.1` for each noun with all its commands.

mod page;
mod roff;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Command;
use livectl::cli::{self, Part};

fn main() -> Result<()> {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let [folder] = arguments.as_slice() else { bail!("usage: livectl-packaging FOLDER") };
    write_pages(Path::new(folder)).map(|_| ())
}

/// Writes all pages; their files.
fn write_pages(folder: &Path) -> Result<Vec<PathBuf>> {
    fs::create_dir_all(folder).with_context(|| format!("make {}", folder.display()))?;
    let mut files = Vec::new();
    let mut write = |name: String, text: String| {
        let file = folder.join(name);
        fs::write(&file, text).with_context(|| format!("write {}", file.display()))?;
        files.push(file);
        anyhow::Ok(())
    };
    let root = built(&[])?;
    let nouns: Vec<String> = root.get_subcommands().map(|noun| noun.get_name().to_owned()).collect();
    write("livectl.1".to_owned(), page::of_program(&root))?;
    for noun in nouns.into_iter().filter(|noun| noun != "help") {
        let about = built(std::slice::from_ref(&noun))?;
        let commands = leaves(&about, vec![noun.clone()])?;
        write(format!("livectl-{noun}.1"), page::of_noun(&about, &commands))?;
    }
    Ok(files)
}

/// A command as its help shows it.
fn built(words: &[String]) -> Result<Command> {
    let line: Vec<OsString> =
        ["livectl"].into_iter().chain(words.iter().map(String::as_str)).chain(["--help"]).map(OsString::from).collect();
    // The branch of the root would show the version alone.
    let mut command = if words.is_empty() { cli::tree(Part::Whole) } else { cli::branch(&line) };
    command.build();
    for word in words {
        command = command.find_subcommand(word).cloned().with_context(|| format!("there is no `{word}`"))?;
    }
    Ok(command)
}

/// The commands below one, each with its words.
fn leaves(command: &Command, words: Vec<String>) -> Result<Vec<(String, Command)>> {
    if !command.has_subcommands() {
        return Ok(vec![(words.join(" "), command.clone())]);
    }
    let mut found = Vec::new();
    for name in command.get_subcommands().filter(|below| !below.is_hide_set()).map(Command::get_name) {
        let words: Vec<String> = words.iter().cloned().chain([name.to_owned()]).collect();
        found.extend(leaves(&built(&words)?, words)?);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn count(command: &Command) -> usize {
        let below: usize = command.get_subcommands().map(count).sum();
        if command.has_subcommands() { below } else { 1 }
    }

    #[test]
    fn every_command_and_option_is_in_a_page() {
        let folder = tempfile::TempDir::new().unwrap();
        let files = write_pages(folder.path()).unwrap();
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        let root = built(&[]).unwrap();
        assert_eq!(files.len(), root.get_subcommands().count());
        let mut commands = 0;
        for noun in root.get_subcommands().map(Command::get_name).filter(|noun| *noun != "help") {
            let page = read(&format!("livectl-{noun}.1"));
            for (path, command) in leaves(&built(&[noun.to_owned()]).unwrap(), vec![noun.to_owned()]).unwrap() {
                commands += 1;
                let (_, part) = page.split_once(&format!(".SS \"{path}\"\n")).unwrap_or_else(|| panic!("no {path}"));
                let part = part.split("\n.SS ").next().unwrap();
                assert!(part.contains("Example"), "{path}: {part}");
                let own = command.get_arguments().filter(|arg| arg.get_help_heading() != Some("Global options"));
                for option in
                    own.filter(|arg| !arg.is_hide_set()).filter_map(|arg| arg.get_long()).filter(|name| *name != "help")
                {
                    let name = roff::escaped(&format!("--{option}"));
                    assert!(part.contains(&name), "{path} {name}");
                }
            }
        }
        // The whole tree is another way to the same commands.
        let whole: usize = root.get_subcommands().filter(|noun| noun.get_name() != "help").map(count).sum();
        assert_eq!(commands, whole);
        let page = read("livectl.1");
        for words in ["livectl\\-domain", "\\-\\-output", "LIVECTL_PROFILE", ".SH EXIT STATUS", "130 interrupted"] {
            assert!(page.contains(words), "{words}");
        }
    }
}
