//! As much of INI as the older SDKs' files need.

/// The value of a key in a section: `[section]`, `key = value` or `key: value`, comments with `#` or `;`.
/// Keys are compared without case; an empty value counts as absent.
pub(super) fn value(text: &str, section: &str, key: &str) -> Option<String> {
    let mut inside = false;
    for line in text.trim_start_matches('\u{feff}').lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            inside = name.trim() == section;
        } else if inside
            && !line.starts_with(['#', ';'])
            && let Some((name, value)) = line.split_once(['=', ':'])
            && name.trim().eq_ignore_ascii_case(key)
        {
            return Some(value.trim().to_owned()).filter(|value| !value.is_empty());
        }
    }
    None
}
