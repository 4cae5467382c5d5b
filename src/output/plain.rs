//! Text that came from elsewhere, made safe to show.

use std::borrow::Cow;
use std::fmt::Write;

/// Whether a character can move the cursor, speak to the terminal, reorder the text around it or hide itself.
///
/// C0, DEL, C1; the line and paragraph separators; the bidirectional marks, embeddings, overrides and isolates
/// (Unicode Standard Annex 9); and the invisible format characters that only serve to make two names look alike.
/// The zero-width joiner and non-joiner stay: emoji sequences and several scripts need them.
pub(super) fn is_hostile(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// The same text with every control and bidirectional character written as a visible escape: `\n`, `\u{1b}`.
///
/// The result stands on one line and is safe for a terminal. It is for eyes: a backslash stays as it is.
pub fn plain(text: &str) -> Cow<'_, str> {
    visible(text, &[])
}

/// As [`plain`], of a text that nobody needs any more.
pub(super) fn made_plain(text: String) -> String {
    match plain(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(safe) => safe,
    }
}

/// As [`plain`], but the characters in `kept` stay.
pub(super) fn visible<'a>(text: &'a str, kept: &[char]) -> Cow<'a, str> {
    let shown = |c: char| is_hostile(c) && !kept.contains(&c);
    // Most texts are names and numbers, and are seen to be harmless without a look at each character's class.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) || !text.contains(shown) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            c if !shown(c) => safe.push(c),
            '\n' => safe.push_str("\\n"),
            '\r' => safe.push_str("\\r"),
            '\t' => safe.push_str("\\t"),
            c => {
                let _ = write!(safe, "\\u{{{:x}}}", u32::from(c));
            }
        }
    }
    Cow::Owned(safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_characters_become_visible() {
        let table = [
            ("a.example.com", "a.example.com"),
            ("", ""),
            ("red\u{1b}[31m", "red\\u{1b}[31m"),
            ("\u{1b}]0;title\u{7}", "\\u{1b}]0;title\\u{7}"),
            ("a\0b", "a\\u{0}b"),
            ("two\nlines\r\n", "two\\nlines\\r\\n"),
            ("a\tb", "a\\tb"),
            ("\u{7f}", "\\u{7f}"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("moc.live\u{202e}", "moc.live\\u{202e}"),
            ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"),
            ("\u{200e}\u{200f}\u{61c}", "\\u{200e}\\u{200f}\\u{61c}"),
            ("a\u{2028}b\u{2029}c", "a\\u{2028}b\\u{2029}c"),
            ("pay\u{200b}pal\u{feff}", "pay\\u{200b}pal\\u{feff}"),
        ];
        for (given, shown) in table {
            assert_eq!(plain(given), shown, "{given:?}");
        }
    }

    #[test]
    fn scripts_and_emoji_stay_as_they_are() {
        for text in ["直播域名", "라이브", "👨\u{200d}👩\u{200d}👧", "🇨🇳", "e\u{301}", "می\u{200c}خواهم", "C:\\dir"]
        {
            assert!(matches!(plain(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn kept_characters_stay() {
        assert_eq!(visible("a\n\tb\u{1b}", &['\n', '\t']), "a\n\tb\\u{1b}");
    }
}
