//! Every example of the README and of the first steps runs, in the sandbox; the Chinese README says the same.

use std::collections::BTreeSet;

use crate::harness::{PROGRAM, World};

/// The blocks of a Markdown text in a language, each with the line it begins at.
fn blocks_of(text: &str, language: &str) -> Vec<(usize, String)> {
    let open = format!("```{language}");
    let mut blocks = Vec::new();
    let mut current: Option<(usize, String)> = None;
    for (at, line) in text.lines().enumerate() {
        match (&mut current, line) {
            (None, line) if line == open => current = Some((at + 2, String::new())),
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
fn a_newcomers_first_steps_end_as_they_are_told() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/first-steps.md")).unwrap();
    // One machine, from the first line to the last.
    let world = World::empty();
    let mut script = String::new();
    let mut steps = Vec::new();
    for (line, block) in blocks_of(&text, "console") {
        for step in block.split("$ ").skip(1) {
            let (typed, told) = step.split_once('\n').unwrap();
            script.push_str(&format!("printf '\\n@@\\n'\n{{ {typed}\n}} 2>&1 || echo \"exit $?\"\n"));
            steps.push((line, typed.to_owned(), told.to_owned()));
        }
    }
    assert!(steps.len() >= 15, "the first steps lost their lines");
    let output = world.command("sh").args(["-c", &script]).output().unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let outputs: Vec<&str> = output.split("\n@@\n").skip(1).collect();
    assert_eq!(outputs.len(), steps.len());
    for (output, (line, typed, told)) in outputs.into_iter().zip(steps) {
        assert_eq!(masked(output), masked(&told), "docs/first-steps.md:{line}: {typed}");
    }
}

/// A transcript without what differs from run to run, and without spaces where lines end.
fn masked(text: &str) -> String {
    let mut told = String::new();
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    for word in lines.flat_map(|line| line.trim_end().split(' ').chain(["\n"])) {
        let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        let is_id = bare.len() == 36 && bare.matches('-').count() == 4 || bare.len() >= 30 && bare.starts_with("20");
        let is_time = bare.len() == 20 && bare.starts_with("20") && bare.ends_with('Z');
        told.push_str(if is_id || is_time { "…" } else { word });
        told.push(' ');
    }
    told.trim_end().to_owned()
}

#[test]
fn every_example_of_the_readme_works_as_written() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let blocks = blocks_of(&text, "sh");
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

/// The part of a text that belongs to one heading, as its structure.
#[derive(Debug, Default, PartialEq, Eq)]
struct Section {
    /// How deep its heading is.
    level: usize,
    /// Its blocks of code, whole.
    code: Vec<String>,
    /// What stands between backticks.
    spans: BTreeSet<String>,
    /// Where its links lead, those within the text less their names.
    links: Vec<String>,
    /// The cells of each row of its tables.
    rows: Vec<usize>,
    /// How many items its lists have.
    items: usize,
}

/// A text without what stands between two markers: measured figures are in one language.
fn without(text: &str, marker: &str) -> String {
    let (open, close) = (format!("<!-- {marker} -->"), format!("<!-- end of {marker} -->"));
    let (before, rest) = text.split_once(&open).unwrap();
    before.to_owned() + rest.split_once(&close).unwrap().1
}

/// The odd parts of a text between signs, such as what stands between backticks.
fn between<'a>(line: &'a str, sign: &'a str) -> impl Iterator<Item = &'a str> {
    line.split(sign).skip(1).step_by(2)
}

fn structure(text: &str) -> Vec<Section> {
    let mut sections = vec![Section::default()];
    let mut block: Option<String> = None;
    for line in without(text, "figures").lines() {
        let section = sections.last_mut().unwrap();
        if let Some(code) = &mut block {
            code.push_str(line);
            code.push('\n');
            if line == "```" {
                section.code.extend(block.take());
            }
        } else if line.starts_with("```") {
            block = Some(format!("{line}\n"));
        } else if line.starts_with('#') {
            sections.push(Section { level: line.chars().take_while(|c| *c == '#').count(), ..Section::default() });
        } else {
            section.spans.extend(between(line, "`").map(str::to_owned));
            let links = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
            section.links.extend(links.map(|to| if to.starts_with('#') { "#".to_owned() } else { to.to_owned() }));
            section.rows.extend(line.starts_with('|').then(|| line.matches('|').count()));
            section.items += usize::from(line.starts_with("- "));
        }
    }
    sections
}

#[test]
fn the_chinese_readme_has_the_same_structure() {
    let read = |name: &str| {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        std::fs::read_to_string(file).unwrap()
    };
    let (english, chinese) = (read("README.md"), read("README.zh-CN.md"));
    let (ours, theirs) = (structure(&english), structure(&chinese));
    let headings: Vec<&str> = english.lines().filter(|line| line.starts_with('#')).collect();
    assert_eq!(ours.len(), theirs.len(), "another number of headings");
    for (at, (mut ours, mut theirs)) in ours.into_iter().zip(theirs).enumerate() {
        // Each names the other.
        ours.links.retain(|to| !to.starts_with("README"));
        theirs.links.retain(|to| !to.starts_with("README"));
        assert_eq!(
            ours,
            theirs,
            "README.zh-CN.md, section {at}: the one below `{:?}`",
            headings.get(at.wrapping_sub(1))
        );
    }
    assert!(english.contains("](README.zh-CN.md)") && chinese.contains("](README.md)"));
    let words = chinese.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count();
    assert!(words > 2_000, "{words} Chinese characters");
}
