//! What the vendors' names are called here: options in kebab-case, columns in snake_case.

/// The words of a vendor's name, in lower case, with a separator between them: `DRMType` is `drm`, `type`; `KeyID` is
/// `key`, `id`.
fn words(name: &str, separator: char) -> String {
    let mut words = String::with_capacity(name.len() + 8);
    let mut letters = name.chars().peekable();
    let (mut before, mut ended) = (None, false);
    while let Some(letter) = letters.next() {
        if letter.is_alphanumeric() {
            let begins = letter.is_uppercase()
                && before.is_some_and(|before: char| {
                    !before.is_uppercase() || letters.peek().is_some_and(|after| after.is_lowercase())
                });
            if (begins || ended) && !words.is_empty() {
                words.push(separator);
            }
            words.extend(letter.to_lowercase());
        }
        ended = !letter.is_alphanumeric();
        before = Some(letter);
    }
    words
}

/// A name as an option or a command is written: `DomainName` is `domain-name`.
pub fn kebab(name: &str) -> String {
    words(name, '-')
}

/// A name as a column is written: `DomainName` is `domain_name`.
pub fn snake(name: &str) -> String {
    words(name, '_')
}

/// Parameters whose own name would be a global option, or reads badly.
const RENAMED: &[(&str, &str)] = &[
    ("DryRun", "check-only"),
    ("IDs", "ids"),
    ("Limit", "page-limit"),
    ("Profile", "codec-profile"),
    ("Region", "domain-region"),
    ("SortBy", "sort-key"),
    ("Version", "template-version"),
];

/// Parameters that have a friendlier name, the same on every vendor.
const FRIENDLY: &[(&str, &str)] = &[
    ("App", "app"),
    ("AppName", "app"),
    ("Domain", "domain"),
    ("DomainName", "domain"),
    ("EndTime", "end"),
    ("Page", "page-num"),
    ("PageNo", "page-num"),
    ("PageNumber", "page-num"),
    ("Size", "page-size"),
    ("StartTime", "start"),
    ("Stream", "stream"),
    ("StreamName", "stream"),
];

/// The option of a parameter by its own name, without dashes: kebab-case, renamed where that is a global option.
pub fn own_option(param: &str) -> String {
    let renamed = RENAMED.iter().find(|(name, _)| *name == param);
    renamed.map_or_else(|| kebab(param), |(_, option)| (*option).to_owned())
}

/// The friendlier name of a parameter's option, without dashes, where it has one.
pub fn friendly(param: &str) -> Option<&'static str> {
    FRIENDLY.iter().find(|(name, _)| *name == param).map(|(_, option)| *option)
}

/// The option of a parameter where its command says nothing else, without dashes: the friendlier name, else its own.
pub fn usual_option(param: &str) -> String {
    friendly(param).map_or_else(|| own_option(param), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_into_words() {
        for (name, expected) in [
            ("DomainName", "domain-name"),
            ("KeyID", "key-id"),
            ("DRMType", "drm-type"),
            ("SSLPri", "ssl-pri"),
            ("SeparatedTS", "separated-ts"),
            ("StartTimeUTC", "start-time-utc"),
            ("HTTP2", "http2"),
            ("InAppName1", "in-app-name1"),
            ("auth_key1", "auth-key1"),
            ("template_name", "template-name"),
            ("XOffset", "x-offset"),
            ("FPS", "fps"),
            ("CName", "c-name"),
        ] {
            assert_eq!(kebab(name), expected);
            assert_eq!(snake(name), expected.replace('-', "_"));
        }
    }

    #[test]
    fn options_have_the_names_that_users_expect() {
        assert_eq!((own_option("DomainName").as_str(), usual_option("DomainName").as_str()), ("domain-name", "domain"));
        assert_eq!(usual_option("Region"), "domain-region");
        assert_eq!(usual_option("TemplateId"), "template-id");
    }
}
