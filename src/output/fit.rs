//! Display widths: shortening cells and columns so that a table fits a terminal.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns of the terminal that a text takes.
pub(super) fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// The text in at most `columns` columns (at least one), its end replaced by `…` where it is longer.
///
/// Never cuts inside what is seen as one character: a joined emoji, a flag, a letter with its marks.
pub(super) fn shorten(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let mut end = 0;
    for (position, character) in text.char_indices().filter(|(position, _)| *position > 0) {
        if !starts_anew(&text[..position], character) {
            continue;
        }
        if width(&text[..position]) >= columns {
            break;
        }
        end = position;
    }
    Cow::Owned(format!("{}…", &text[..end]))
}

/// Whether a character begins something of its own after the text before it (the common cases of Annex 29).
fn starts_anew(before: &str, character: char) -> bool {
    const JOINER: char = '\u{200d}';
    let regional = |c: &char| matches!(c, '\u{1f1e6}'..='\u{1f1ff}');
    let skin_tone = matches!(character, '\u{1f3fb}'..='\u{1f3ff}');
    let half_flag = regional(&character) && before.chars().rev().take_while(regional).count() % 2 == 1;
    let extends = UnicodeWidthChar::width(character) == Some(0);
    !(skin_tone || half_flag || extends || before.ends_with(JOINER))
}

/// Takes columns of the terminal from the widest columns of the table until the whole fits, but never below `floors`.
///
/// Where even the floors do not fit, the lines stay too long: a column is never dropped.
pub(super) fn narrow(widths: &mut [usize], floors: &[usize], available: usize) {
    let fits = |cap: usize, widths: &[usize]| -> usize {
        widths.iter().zip(floors).map(|(width, floor)| capped(*width, *floor, cap)).sum()
    };
    let widest = widths.iter().copied().max().unwrap_or(0);
    // The largest cap that fits, found by halving: `low` fits or is 0, `high` does not fit.
    let (mut low, mut high) = (0, widest + 1);
    while high - low > 1 {
        let cap = low.midpoint(high);
        if fits(cap, widths) <= available { low = cap } else { high = cap }
    }
    let mut spare = available.saturating_sub(fits(low, widths));
    for (width, floor) in widths.iter_mut().zip(floors) {
        let cap = capped(*width, *floor, low);
        let extra = usize::from(spare > 0 && cap < *width);
        spare -= extra;
        *width = cap + extra;
    }
}

fn capped(width: usize, floor: usize, cap: usize) -> usize {
    width.min(cap.max(floor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortening_respects_what_is_seen_as_one() {
        let table = [
            ("a.example.com", 20, "a.example.com"),
            ("a.example.com", 13, "a.example.com"),
            ("a.example.com", 12, "a.example.c…"),
            ("a.example.com", 1, "…"),
            ("直播域名", 8, "直播域名"),
            ("直播域名", 7, "直播域…"),
            ("直播域名", 6, "直播…"),
            ("직접 방송", 5, "직접…"),
            ("👨\u{200d}👩\u{200d}👧 family", 4, "👨\u{200d}👩\u{200d}👧 …"),
            ("👨\u{200d}👩\u{200d}👧 family", 2, "…"),
            ("🇨🇳🇰🇷🇫🇷", 5, "🇨🇳🇰🇷…"),
            ("🇨🇳🇰🇷🇫🇷", 4, "🇨🇳…"),
            ("👍🏽👍🏽", 3, "👍🏽…"),
            ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
            ("", 1, ""),
        ];
        for (text, columns, wanted) in table {
            let short = shorten(text, columns);
            assert_eq!(short, wanted, "{text} in {columns}");
            assert!(UnicodeWidthStr::width(&*short) <= columns);
        }
    }

    #[test]
    fn the_widest_columns_give_way() {
        type Case = (&'static [usize], &'static [usize], usize, &'static [usize]);
        let table: [Case; 6] = [
            (&[10, 10], &[4, 4], 20, &[10, 10]),
            (&[10, 40], &[4, 4], 30, &[10, 20]),
            (&[40, 10, 40], &[4, 4, 4], 31, &[11, 10, 10]),
            (&[40, 40], &[4, 4], 21, &[11, 10]),
            (&[40, 40], &[30, 4], 40, &[30, 10]),
            (&[40, 5], &[8, 5], 3, &[8, 5]),
        ];
        for (given, floors, available, wanted) in table {
            let mut widths = given.to_vec();
            narrow(&mut widths, floors, available);
            assert_eq!(widths, wanted, "{given:?} in {available}");
        }
    }
}
