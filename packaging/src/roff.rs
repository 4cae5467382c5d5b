//! Text in the language of manual pages.

/// A text without any meaning to the formatter: backslashes, hyphens, and dots and quotes where a line begins.
pub fn escaped(text: &str) -> String {
    let plain = text.replace('\\', "\\e").replace('-', "\\-");
    let line = |line: &str| match line.starts_with(['.', '\'']) {
        true => format!("\\&{line}"),
        false => line.to_owned(),
    };
    plain.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// A text as it stands, line by line.
pub fn literal(text: &str) -> String {
    format!(".nf\n{}\n.fi\n", escaped(text.trim_matches('\n')))
}

/// A text as a paragraph.
pub fn paragraph(text: &str) -> String {
    format!(".PP\n{}\n", escaped(text.trim()))
}

/// A term, and what it is.
pub fn item(term: &str, told: &str) -> String {
    let told = escaped(told.trim()).replace("\n\n", "\n.IP\n");
    format!(".TP\n\\fB{}\\fR\n{told}\n", escaped(term))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_a_request() {
        assert_eq!(escaped(".so /etc/passwd\n'x\n..\n\\fB--yes"), "\\&.so /etc/passwd\n\\&'x\n\\&..\n\\efB\\-\\-yes");
        assert_eq!(literal("\n  a -b\n"), ".nf\n  a \\-b\n.fi\n");
        assert_eq!(item("--x", "One.\n\n.two"), ".TP\n\\fB\\-\\-x\\fR\nOne.\n.IP\n\\&.two\n");
    }
}
