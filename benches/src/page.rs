//! Marked parts of Markdown pages, written anew.

use std::path::Path;

use anyhow::{Context, Result, bail};

/// Puts a text between `<!-- NAME -->` and `<!-- end of NAME -->` of a page below the repository's root.
///
/// # Errors
/// A page without that part, the disk's refusal.
pub fn write(page: &str, name: &str, text: &str) -> Result<()> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(page);
    let before = std::fs::read_to_string(&file).with_context(|| format!("read {page}"))?;
    let Some(after) = replaced(&before, name, text) else { bail!("write {page}: it has no part `{name}`") };
    std::fs::write(&file, after).with_context(|| format!("write {page}"))
}

fn replaced(page: &str, name: &str, text: &str) -> Option<String> {
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
    let start = page.find(&open)? + open.len();
    let end = start + page.get(start..)?.find(&close)?;
    Some(format!("{}{}\n{}", page.get(..start)?, text.trim_end(), page.get(end..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_part_changes() {
        let page = "a\n<!-- x -->\nold\n<!-- end of x -->\nb\n<!-- y -->\n<!-- end of y -->\n";
        let expected = "a\n<!-- x -->\nnew\n<!-- end of x -->\nb\n<!-- y -->\n<!-- end of y -->\n";
        assert_eq!(replaced(page, "x", "new\n").as_deref(), Some(expected));
        assert_eq!(replaced(expected, "x", "new").as_deref(), Some(expected));
        assert_eq!(replaced(page, "z", "new"), None);
    }
}
