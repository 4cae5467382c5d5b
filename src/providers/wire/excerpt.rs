//! A few words of an unreadable answer: safe for a terminal, short, and without the secrets it may hold.

/// How much of a body an error shows, in characters.
const LIMIT: usize = 200;

/// How much of a vendor's own message an error shows, in characters.
const MESSAGE_LIMIT: usize = 500;

/// Phrases that begin a copy of the signed request, parameters and all, in a vendor's message.
const SIGNED_COPIES: [&str; 5] =
    ["server string to sign", "string to sign", "stringtosign", "canonical request", "canonicalrequest"];

/// The beginning of a body. Texts inside JSON are masked, for a cut-off answer may hold a key; names stay.
pub(super) fn of_body(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(LIMIT * 4)]);
    let text = text.trim_start_matches('\u{feff}').trim();
    let shown = if text.starts_with(['{', '[', '"']) { mask_texts(text) } else { text.to_owned() };
    shorten(&shown, LIMIT)
}

/// A vendor's message on one line, without its full stop and without what it repeats of the signed request.
pub(super) fn of_message(message: &str) -> String {
    let lower = message.to_ascii_lowercase();
    let end = SIGNED_COPIES.iter().filter_map(|phrase| lower.find(phrase)).min().unwrap_or(message.len());
    let kept = message.get(..end).unwrap_or(message);
    let kept = kept.trim().trim_end_matches(['.', '。', ',', ':', ';']);
    shorten(kept, MESSAGE_LIMIT)
}

/// The title of a web page, or its first words.
pub(super) fn of_page(page: &str) -> String {
    let lower = page.to_ascii_lowercase();
    let title = lower.find("<title").and_then(|at| {
        let start = at + lower[at..].find('>')? + 1;
        let end = start + lower[start..].find('<')?;
        page.get(start..end)
    });
    let words = match title.map(str::trim) {
        Some(title) if !title.is_empty() => title.to_owned(),
        _ => without_tags(page),
    };
    shorten(&words.split_whitespace().collect::<Vec<_>>().join(" "), 80)
}

/// Control characters (and those that turn text around) written as escapes, and `…` for what is cut off.
pub(super) fn shorten(text: &str, limit: usize) -> String {
    let mut shown = String::new();
    for (at, c) in text.chars().enumerate() {
        if at == limit {
            shown.push('…');
            break;
        }
        if c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

fn without_tags(page: &str) -> String {
    let mut words = String::new();
    let mut inside = false;
    for c in page.chars().take(4096) {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                words.push(' ');
            }
            c if !inside => words.push(c),
            _ => {}
        }
    }
    words
}

/// Writes `"…"` for every JSON text that is not a member's name.
fn mask_texts(json: &str) -> String {
    let mut shown = String::new();
    let mut rest = json;
    while let Some(open) = rest.find('"') {
        shown.push_str(&rest[..open]);
        let inner = &rest[open + 1..];
        let Some(close) = closing_quote(inner) else {
            shown.push_str("\"…");
            return shown;
        };
        let (text, after) = (&inner[..close], &inner[close + 1..]);
        if after.trim_start().starts_with(':') {
            shown.push('"');
            shown.push_str(text);
            shown.push('"');
        } else {
            shown.push_str("\"…\"");
        }
        rest = after;
    }
    shown.push_str(rest);
    shown
}

fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_off_answer_keeps_its_secrets() {
        let body = br#"{"Result":{"DataKey":"2131da\"dfad","N":7,"List":["s3cret"],"Tail":"half a sec"#;
        assert_eq!(of_body(body), r#"{"Result":{"DataKey":"…","N":7,"List":["…"],"Tail":"…"#);
    }

    #[test]
    fn nothing_reaches_the_terminal_that_moves_it() {
        assert_eq!(of_body(b"oops\x1b[2J\r\nnext"), "oops\\u{1b}[2J\\r\\nnext");
        assert_eq!(shorten("a\u{202e}b", 10), "a\\u{202e}b");
        assert_eq!(of_body("x".repeat(300).as_bytes()).chars().count(), 201);
    }

    #[test]
    fn a_web_page_is_known_by_its_title() {
        assert_eq!(of_page("<html><head><TITLE>\n 502 Bad\tGateway </TITLE>"), "502 Bad Gateway");
        assert_eq!(of_page("<!doctype html><body><h1>Log in</h1> first"), "Log in first");
    }

    #[test]
    fn a_signature_complaint_does_not_repeat_the_request() {
        let said =
            "Specified signature is not matched with our calculation. server string to sign is:POST&%2F&SSLPri%3D";
        assert_eq!(of_message(said), "Specified signature is not matched with our calculation");
        assert_eq!(of_message("The domain exists.\n"), "The domain exists");
    }
}
