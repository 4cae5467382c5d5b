//! What the vendors call the values of our own options, where those values mean the same on every vendor.

/// (Option, a vendor's value, our word).
const WORDS: &[(&str, &str, &str)] = &[
    // Tencent: DomainType, PlayType, DomainStatus.
    ("--type", "0", "push"),
    ("--type", "1", "play"),
    ("--area", "1", "mainland"),
    ("--area", "2", "global"),
    ("--area", "3", "overseas"),
    ("--status", "0", "disabled"),
    ("--status", "1", "enabled"),
    // Aliyun: LiveDomainType, Scope, DomainStatus.
    ("--type", "liveEdge", "push"),
    ("--type", "liveVideo", "play"),
    ("--area", "domestic", "mainland"),
    ("--status", "online", "enabled"),
    ("--status", "offline", "disabled"),
    // Volcengine: Type, Region.
    ("--type", "pull-flv", "play"),
    ("--area", "cn", "mainland"),
    ("--area", "cn-oversea", "overseas"),
    ("--area", "cn-global", "global"),
    // What else people type.
    ("--type", "playback", "play"),
    ("--type", "pull", "play"),
    ("--event", "push-begin", "stream-begin"),
    ("--event", "push-start", "stream-begin"),
    ("--event", "push-end", "stream-end"),
    ("--state", "online", "live"),
    ("--state", "banned", "forbidden"),
];

/// Those of the known names that look most like one, best first, at most three.
pub fn similar<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = name.to_lowercase();
    let mut scored: Vec<(f64, &str)> = known
        .map(|known| (strsim::jaro_winkler(&wanted, &known.to_lowercase()), known))
        .filter(|(score, _)| *score > 0.85)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.into_iter().take(3).map(|(_, known)| known).collect()
}

/// What is allowed, for a refusal: the known words, before them the one that was probably meant.
pub fn one_of(given: &str, known: &[&str]) -> String {
    format!("{}one of {}", meant(given, known.iter().copied()), known.join(", "))
}

/// The beginning of such a text: the known word that was probably meant; empty where none is like it.
pub fn meant<'a>(given: &str, known: impl Iterator<Item = &'a str>) -> String {
    similar(given, known).first().map(|meant| format!("{meant} (did you mean that?), or ")).unwrap_or_default()
}

/// Our word for a vendor's value of an option; `None`: no vendor calls a value so.
pub fn ours(option: &str, value: &str) -> Option<&'static str> {
    let known = WORDS.iter().find(|(of, theirs, _)| *of == option && theirs.eq_ignore_ascii_case(value));
    known.map(|(.., ours)| *ours)
}
