//! Sheets of facts that are larger than the documented ones, or smaller, in a copy of the tree.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Map, Value};

const VENDORS: [&str; 3] = ["tencent", "aliyun", "volcengine"];

/// The Action that is looked up, and stays where the others go.
const KEPT: &str = "DescribeLiveDomains";

/// Makes each Action, its command and each type stand so many times in a copy of the tree, under names of their own.
/// What there is then.
///
/// # Errors
/// A tree without sheets.
pub fn multiply(tree: &Path, times: usize) -> Result<String> {
    let mut all = 0;
    for vendor in VENDORS {
        let folder = tree.join("src/providers");
        let sheet_file = folder.join(vendor).join("facts.json");
        let mut sheet = read(&sheet_file)?;
        let actions = sheet["actions"].as_array().context("a sheet has Actions")?;
        let copies = actions.iter().flat_map(|action| (0..times).map(move |number| copy_of(action, number)));
        let copies: Vec<Value> = copies.collect();
        all += copies.len();
        sheet["actions"] = Value::Array(copies);
        let types = sheet["types"].as_object().context("a sheet has types")?;
        let named = |name: &str, number| format!("{name}{}", suffix(number));
        let types: Map<String, Value> = types
            .iter()
            .flat_map(|(name, members)| (0..times).map(move |number| (named(name, number), members.clone())))
            .collect();
        sheet["types"] = Value::Object(types);
        std::fs::write(&sheet_file, sheet.to_string())?;
        let homes_file = folder.join("homes").join(format!("{vendor}.rs"));
        let homes = std::fs::read_to_string(&homes_file).with_context(|| format!("read {}", homes_file.display()))?;
        std::fs::write(&homes_file, multiplied_homes(&homes, times))?;
    }
    Ok(format!("{all} Actions"))
}

/// Leaves one Action in the copy of a sheet, and the others as they are.
///
/// # Errors
/// A tree without sheets.
pub fn leave_one(tree: &Path) -> Result<String> {
    let mut all = 0;
    for vendor in VENDORS {
        let file = tree.join("src/providers").join(vendor).join("facts.json");
        let mut sheet = read(&file)?;
        let actions = sheet["actions"].as_array_mut().context("a sheet has Actions")?;
        let position = actions.iter().position(|action| action["name"] == KEPT).unwrap_or_default();
        *actions = vec![actions.swap_remove(position)];
        all += actions.len();
        std::fs::write(&file, sheet.to_string())?;
    }
    Ok(format!("{all} Actions"))
}

fn read(file: &Path) -> Result<Value> {
    let text = std::fs::read_to_string(file).with_context(|| format!("read {}", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("read {}", file.display()))
}

/// The first copy is the thing itself.
fn suffix(number: usize) -> String {
    if number == 0 { String::new() } else { format!("X{number}") }
}

fn copy_of(action: &Value, number: usize) -> Value {
    let mut copy = action.clone();
    copy["name"] = format!("{}{}", action["name"].as_str().unwrap_or_default(), suffix(number)).into();
    copy
}

/// The rows of commands, each so many times: `("Action", "noun verb", …)`.
fn multiplied_homes(text: &str, times: usize) -> String {
    let mut out = String::with_capacity(text.len() * times);
    for line in text.lines() {
        out.push_str(line);
        out.push('\n');
        let Some((action, command, rest)) = row(line) else { continue };
        for number in 1..times {
            let suffix = suffix(number);
            out.push_str(&format!("    (\"{action}{suffix}\", \"{command}-{}\", {rest}\n", suffix.to_lowercase()));
        }
    }
    out
}

/// The Action, its command, and the rest of a row.
fn row(line: &str) -> Option<(&str, &str, &str)> {
    let (action, rest) = line.strip_prefix("    (\"")?.split_once("\", \"")?;
    let (command, rest) = rest.split_once("\", ")?;
    Some((action, command, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_commands_are_multiplied() {
        let text = "const ROWS: &[Home] = &[\n    (\"Add\", \"domain add\", &[(\"N\", \"NAME\")]),\n];\n";
        let expected = "const ROWS: &[Home] = &[\n    (\"Add\", \"domain add\", &[(\"N\", \"NAME\")]),\n    \
            (\"AddX1\", \"domain add-x1\", &[(\"N\", \"NAME\")]),\n];\n";
        assert_eq!(multiplied_homes(text, 2), expected);
    }
}
