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
    fn a_message_tells_values_and_meanings() {
        let action = catalog::find(Vendor::Tencent, "AddLiveDomain").unwrap();
        assert_eq!(list(action.param("DomainType").unwrap()), "0 (push), 1 (playback)");
    }
}
