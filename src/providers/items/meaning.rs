//! Enum values by their meaning: `push` for 0.

use crate::providers::catalog::Param;

/// The vendor's value for a word: the value itself, the value in another case, the meaning, or the meaning's
/// first word. Only a word that means one value counts; `None`: no value of the list.
pub(in crate::providers) fn value_of<'a>(param: &Param<'a>, word: &str) -> Option<&'a str> {
    if let Some(exact) = param.allowed.iter().find(|value| **value == word) {
        return Some(exact);
    }
    let values = || param.allowed.iter().copied().chain(param.meanings.iter().map(|(value, _)| *value));
    let meanings = || param.meanings.iter().copied();
    let wanted = words(word);
    if wanted.is_empty() {
        return None;
    }
    only(values().filter(|value| value.eq_ignore_ascii_case(word)))
        .or_else(|| only(meanings().filter(|(_, meaning)| words(meaning) == wanted).map(|(value, _)| value)))
        .or_else(|| {
            let first = |meaning: &str| words(meaning).split('-').next().map(str::to_owned);
            only(meanings().filter(|(_, meaning)| first(meaning).as_ref() == Some(&wanted)).map(|(value, _)| value))
        })
}

/// The allowed values for a message: `0 (push), 1 (playback)`.
pub fn list(param: &Param<'_>) -> String {
    let shown = param.allowed.iter().map(|value| {
        let meaning = param.meanings.iter().find(|(known, _)| known == value).map(|(_, meaning)| *meaning);
        match (meaning, *value) {
            (_, "") => "empty".to_owned(),
            (Some(meaning), value) if !meaning.eq_ignore_ascii_case(value) => format!("{value} ({meaning})"),
            (_, value) => value.to_owned(),
        }
    });
    shown.collect::<Vec<_>>().join(", ")
}

/// The words that may be typed for a parameter's values, each with what is told beside it: a value that says nothing
/// itself, such as `0`, by its meaning, where that is short.
pub fn words_for(param: &Param<'_>) -> Vec<(String, String)> {
    const SHORT: usize = 3;
    if param.kind == "boolean" {
        return ["true", "false"].map(|word| (word.to_owned(), String::new())).into();
    }
    let word_for = |value: &&str| {
        let meaning = param.meanings.iter().find(|(known, _)| known == value).map_or("", |(_, meaning)| *meaning);
        let ours = words(meaning);
        let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
        match is_number && ours.split('-').count() <= SHORT && value_of(param, &ours) == Some(*value) {
            true => (ours, (*value).to_owned()),
            false => ((*value).to_owned(), meaning.to_owned()),
        }
    };
    param.allowed.iter().filter(|value| !value.is_empty()).map(word_for).collect()
}

/// Lower-case words joined by hyphens, as they are typed on a command line.
fn words(text: &str) -> String {
    let lower = text.to_lowercase();
    let parts: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    parts.join("-")
}

/// The one value of an iterator; several different ones are none.
fn only<'a>(mut values: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let first = values.next()?;
    values.all(|other| other == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Vendor;
    use crate::providers::catalog;

    #[test]
    fn words_stand_for_values() {
        for (action, param, word, value) in [
            ("AddLiveDomain", "DomainType", "push", Some("0")),
            ("AddLiveDomain", "DomainType", "Playback", Some("1")),
            ("AddLiveDomain", "DomainType", "1", Some("1")),
            ("AddLiveDomain", "PlayType", "chinese-mainland", Some("1")),
            ("AddLiveDomain", "PlayType", "global", Some("2")),
            ("AddLiveDomain", "PlayType", "mainland", None),
            ("CreateLiveTranscodeTemplate", "Vcodec", "H264", Some("h264")),
            // Both meanings begin with the same word, so the word alone says nothing.
            ("ModifyLivePullStreamTask", "CallbackEvents", "task", None),
        ] {
            let action = catalog::find(Vendor::Tencent, action).unwrap();
            assert_eq!(value_of(action.param(param).unwrap(), word), value, "{param}={word}");
        }
    }

    #[test]
    fn a_value_is_proposed_by_a_word_that_means_it() {
        for (action, name) in [("AddLiveDomain", "PlayType"), ("CreateLiveTranscodeTemplate", "Vcodec")] {
            let action = catalog::find(Vendor::Tencent, action).unwrap();
            let param = action.param(name).unwrap();
            let proposed = words_for(param);
            assert_eq!(proposed.len(), param.allowed.len());
            for ((word, _), value) in proposed.iter().zip(&param.allowed) {
                assert_eq!(value_of(param, word), Some(*value));
            }
        }
        let action = catalog::find(Vendor::Tencent, "AddLiveDomain").unwrap();
        let kinds = words_for(action.param("DomainType").unwrap());
        assert_eq!(kinds, [("push", "0"), ("playback", "1")].map(|(word, told)| (word.to_owned(), told.to_owned())));
    }

    #[test]
    fn a_message_tells_values_and_meanings() {
        let action = catalog::find(Vendor::Tencent, "AddLiveDomain").unwrap();
        assert_eq!(list(action.param("DomainType").unwrap()), "0 (push), 1 (playback)");
    }
}
