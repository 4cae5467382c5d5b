//! Every example of the README runs, in the sandbox.

use crate::harness::{PROGRAM, World};

/// The shell blocks of a Markdown text, each with the line it begins at.
fn blocks(text: &str) -> Vec<(usize, String)> {
    let mut blocks = Vec::new();
    let mut current: Option<(usize, String)> = None;
    for (at, line) in text.lines().enumerate() {
        match (&mut current, line) {
            (None, "```sh") => current = Some((at + 2, String::new())),
            (Some(_), "```") => blocks.extend(current.take()),
            (Some((_, block)), line) => {
                block.push_str(line);
                block.push('\n');
            }
            (None, _) => {}
        }
    }
    blocks
}

#[test]
fn every_example_of_the_readme_works_as_written() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let blocks = blocks(&text);
    assert!(blocks.len() >= 10, "the README lost its examples");
    for (line, block) in blocks {
        if block.trim() == "cargo test" {
            continue;
        }
        let block = block.replace("cargo run --release --", PROGRAM);
        let world = World::empty().set("LIVECTL_SANDBOX", "1");
        let output = world.command("sh").args(["-euc", &block]).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "README.md:{line}: {block}{stderr}");
    }
}
