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

/// Our word for a vendor's value of an option; `None`: no vendor calls a value so.
pub fn ours(option: &str, value: &str) -> Option<&'static str> {
    let known = WORDS.iter().find(|(of, theirs, _)| *of == option && theirs.eq_ignore_ascii_case(value));
    known.map(|(.., ours)| *ours)
}
