//! How the release build is linked on Linux: what a command runs stands together, and what nobody reads is left out.
//!
//! The kernel maps 64 KiB around each page of a program that is used. Where the functions of a call stand scattered,
//! nearly the whole program is resident; together they are a third of it. `order.txt` has their names, as
//! `benches/run order` saw them run; a name that nothing has any more costs nothing.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// The one target whose linker (rust-lld) is known to read the layout.
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// The first C library that reads relative relocations in their short form: a 24th of the long one.
const SHORT_RELOCATIONS: (u32, u32) = (2, 36);

/// Tells cargo how to link the program.
pub fn arrange(order: &str, out: &Path) {
    println!("cargo:rerun-if-changed={order}");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|set| set == value);
    if !is("PROFILE", "release") || !is("TARGET", TARGET) || !is("HOST", TARGET) || chooses_linker() {
        return;
    }
    let names = fs::read_to_string(order).unwrap_or_else(|e| panic!("{order}: {e}"));
    let script = out.join("layout.ld");
    fs::write(&script, layout(&names)).unwrap_or_else(|e| panic!("{}: {e}", script.display()));
    println!("cargo:rustc-link-arg-bins=-Wl,-T,{}", script.display());
    // What is the same instruction for instruction stands once: half of it is what generic code became for several types.
    println!("cargo:rustc-link-arg-bins=-Wl,--icf=all");
    if libc_version().is_some_and(|version| version >= SHORT_RELOCATIONS) {
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
    // A library less to be found and bound at each start; std asks for the shared one only where this is missing.
    if let Some(folder) = folder_of("libgcc_eh.a") {
        println!("cargo:rustc-link-search=native={folder}");
        println!("cargo:rustc-link-lib=static:-bundle=gcc_eh");
    }
}

/// Whoever builds with another linker keeps its own layout.
fn chooses_linker() -> bool {
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    let chooses = |flag: &str| {
        let option = flag.strip_prefix("-C").unwrap_or(flag).trim_start();
        option.starts_with("link") && (option.starts_with("linker") || option.contains("-fuse-ld"))
    };
    env::var_os("RUSTC_LINKER").is_some() || flags.split('\u{1f}').any(chooses)
}

/// A linker script: first the functions that run, each by its name without the hash behind it, then ring's, which have
/// no sections of their own, then all others. Tables for unwinding are dropped: a panic aborts.
fn layout(names: &str) -> String {
    let globs: String = names.lines().map(|name| format!("      .text.*{name}*\n")).collect();
    format!(
        "SECTIONS\n{{\n  .text :\n  {{\n    *(\n{globs}    )\n    *libring-*:(.text .text.*)\n    *(.text .text.*)\n  }}\n  \
         /DISCARD/ : {{ *(.eh_frame) }}\n}}\nINSERT AFTER .init;\n"
    )
}

/// Major and minor number of the C library here.
fn libc_version() -> Option<(u32, u32)> {
    let told = Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok()?;
    let text = String::from_utf8(told.stdout).ok()?;
    let (major, minor) = text.trim().strip_prefix("glibc ")?.split_once('.')?;
    Some((major.parse().ok()?, minor.split('.').next()?.parse().ok()?))
}

/// Where the C compiler has a library.
fn folder_of(library: &str) -> Option<String> {
    let told = Command::new("cc").arg(format!("-print-file-name={library}")).output().ok()?;
    let path = String::from_utf8(told.stdout).ok()?;
    let folder = Path::new(path.trim()).parent().filter(|folder| folder.is_absolute())?;
    Some(folder.display().to_string())
}
