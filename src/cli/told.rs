//! What the help of grown commands tells beside the facts: examples, and summaries in our own words.

use crate::model::Vendor;
use crate::providers::catalog::Action;
use crate::providers::homes;

/// The example lines of a command, as its help shows them.
pub(super) fn examples(path: &str) -> Option<String> {
    let lines: Vec<String> = homes::examples(path)
        .map(|(vendor, rest)| {
            let vendor = vendor.map(|vendor| format!(" --vendor {vendor}")).unwrap_or_default();
            let rest = if rest.is_empty() { String::new() } else { format!(" {rest}") };
            folded(&format!("livectl {path}{rest}{vendor}"))
        })
        .collect();
    let heading = if lines.len() == 1 { "Example:" } else { "Examples:" };
    (!lines.is_empty()).then(|| format!("{heading}\n{}", lines.join("\n")))
}

/// How wide an example line may be: what a narrow terminal shows whole.
const EXAMPLE_WIDTH: usize = 78;

/// A command line, folded before its options where it is long.
pub(super) fn folded(line: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for part in line.split(" --").enumerate().map(|(at, part)| match at {
        0 => format!("  {part}"),
        _ => format!("--{part}"),
    }) {
        match lines.last_mut() {
            Some(last) if last.chars().count() + part.chars().count() < EXAMPLE_WIDTH => {
                last.push(' ');
                last.push_str(part.trim_end());
            }
            Some(_) => lines.push(format!("    {}", part.trim_end())),
            None => lines.push(part.trim_end().to_owned()),
        }
    }
    lines.join(" \\\n")
}

/// A summary with the options and commands that we have for the parameters and Actions it names.
pub(super) fn in_our_words(vendor: Vendor, action: &Action<'static>, summary: &str) -> String {
    let ours = |word: &str| {
        // A word of one hump may be meant as a word.
        if word.chars().filter(char::is_ascii_uppercase).count() < 2 || !word.contains(|c: char| c.is_lowercase()) {
            return None;
        }
        match action.param(word) {
            Some(_) => Some(homes::argument(vendor, action.name, word)),
            None => homes::command(vendor, word).map(|command| format!("`{command}`")),
        }
    };
    let is_word = |c: char| c.is_ascii_alphanumeric();
    let mut told = String::new();
    let mut rest = summary;
    while let Some(start) = rest.find(is_word) {
        let (between, after) = rest.split_at(start);
        let (word, after) = after.split_at(after.find(|c| !is_word(c)).unwrap_or(after.len()));
        told.push_str(between);
        told.push_str(&ours(word).unwrap_or_else(|| word.to_owned()));
        rest = after;
    }
    told + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::catalog;

    #[test]
    fn parameters_and_actions_are_told_as_options_and_commands() {
        let action = catalog::find(Vendor::Tencent, "ModifyLiveDomainCertBindings").unwrap();
        for (summary, told) in [
            ("Text; ignored when CloudCertId is set", "Text; ignored when --cert-id is set"),
            ("ID from AddLiveWatermark", "ID from `watermark create`"),
            ("HTTPS of the Domain, an AppName", "HTTPS of the Domain, an AppName"),
        ] {
            assert_eq!(in_our_words(Vendor::Tencent, &action, summary), told);
        }
    }

    #[test]
    fn long_lines_are_folded_before_options() {
        let value = "x".repeat(60);
        let line = format!("livectl mix create --name {value} --id a");
        assert_eq!(folded(&line), format!("  livectl mix create \\\n    --name {value} --id a"));
        assert_eq!(folded("livectl mix list"), "  livectl mix list");
    }
}
