//! The bodies of the fuzz targets (`fuzz/targets`) on the stable toolchain: over all their seeds, and over changes of
//! them that are the same in every run.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test may end that way, and so a finding is told")]

#[path = "../fuzz/targets/bulk.rs"]
mod bulk;
#[path = "../fuzz/targets/config.rs"]
mod config;
#[path = "../fuzz/targets/envelope.rs"]
mod envelope;
#[path = "../fuzz/targets/items.rs"]
mod items;
#[cfg(feature = "jq")]
#[path = "../fuzz/targets/jq.rs"]
mod jq;
#[path = "../fuzz/targets/judge.rs"]
mod judge;
#[path = "../fuzz/targets/official.rs"]
mod official;
#[path = "../fuzz/targets/sandbox.rs"]
mod sandbox;
#[path = "../fuzz/targets/xml.rs"]
mod xml;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Longest input, as `just fuzz` has it.
const LONGEST: usize = 16 * 1024;

/// The next number of a fixed sequence (Marsaglia's xorshift, 64 bits).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap()
    }

    fn below(&mut self, end: usize) -> usize {
        self.next() % end.max(1)
    }
}

/// Bytes that mean something to one of the readers.
const PIECES: [&[u8]; 24] = [
    b"\0",
    b"\xff",
    b"\xe4\xb8",
    b"\xef\xbb\xbf",
    b"\r\n",
    b"\x1b[2J",
    "\u{202e}".as_bytes(),
    b"\"",
    b"\\u0000",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b"<",
    b"&",
    b"=",
    b":",
    b"|",
    b".",
    b"-1",
    b"9223372036854775808",
    b"1e999",
    b"null",
];

/// One to four changes: bytes flipped, taken out, doubled, put in, or a part of another seed.
fn changed(seed: &[u8], other: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut data = seed.to_vec();
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(data.len() + 1);
        let end = (at + numbers.below(24)).min(data.len());
        match numbers.below(6) {
            0 if at < data.len() => data[at] ^= 1 << numbers.below(8),
            1 => drop(data.drain(at..end)),
            2 => data.splice(at..at, data[at..end].to_vec()).for_each(drop),
            3 => data.truncate(at),
            4 => {
                let from = numbers.below(other.len() + 1);
                let to = (from + numbers.below(64)).min(other.len());
                data.splice(at..end, other[from..to].iter().copied()).for_each(drop);
            }
            _ => data.splice(at..at, PIECES[numbers.below(PIECES.len())].iter().copied()).for_each(drop),
        }
    }
    data.truncate(LONGEST);
    data
}

/// Runs a target over its seeds and so many changes of each.
fn over_seeds(target: &str, changes: usize, run: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let seeds: Vec<Vec<u8>> = files.iter().map(|file| fs::read(file).unwrap()).collect();
    assert!(seeds.len() >= 20, "{target} has {} seeds", seeds.len());
    let told = |data: &[u8], seed: &Path| {
        let data = data.to_vec();
        catch_unwind(AssertUnwindSafe(|| run(&data)))
            .unwrap_or_else(|_| panic!("{target}: from {}: {:?}", seed.display(), String::from_utf8_lossy(&data)));
    };
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for (seed, file) in seeds.iter().zip(&files) {
        told(seed, file);
        for _ in 0..changes {
            let other = &seeds[numbers.below(seeds.len())];
            told(&changed(seed, other, &mut numbers), file);
        }
    }
}

#[test]
fn answers_of_the_vendors() {
    over_seeds("envelope", 40, envelope::run);
}

#[test]
fn errors_in_xml() {
    over_seeds("xml", 60, xml::run);
}

#[test]
fn profile_files() {
    over_seeds("config", 10, config::run);
}

#[test]
fn files_of_the_official_tools() {
    over_seeds("official", 10, official::run);
}

#[test]
fn files_of_items() {
    over_seeds("bulk", 15, bulk::run);
}

#[test]
fn items_of_api() {
    over_seeds("items", 25, items::run);
}

#[cfg(feature = "jq")]
#[test]
fn filters() {
    over_seeds("jq", 1, jq::run);
}

#[test]
fn requests_to_the_sandbox() {
    over_seeds("sandbox", 8, sandbox::run);
}
