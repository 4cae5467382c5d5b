//! The Actions whose effects the sandbox keeps: tables of (Action, function), one a vendor and family.
//!
//! To add a family: a file with its functions and a `pub(super) const TABLE`, and one line in [`FAMILIES`].

mod aliyun;
mod curves;
pub(in crate::sandbox) mod live;
mod rates;
mod tencent;
mod volcengine;

use jiff::Timestamp;

use crate::model::Vendor;
use crate::model::time::BEIJING;
use crate::sandbox::answer::Performed;
use crate::sandbox::asked::Asked;
use crate::sandbox::house::House;

/// What performs an Action. One that changes looks first and refuses before it changes.
#[derive(Clone, Copy)]
pub(super) enum Handler {
    /// Reads the house.
    Reads(fn(&Asked<'_>, &House) -> Performed),
    /// Changes the house.
    Changes(fn(&Asked<'_>, &mut House) -> Performed),
}

/// Actions and what performs them.
type Family = &'static [(&'static str, Handler)];

const FAMILIES: &[(Vendor, Family)] = &[
    (Vendor::Tencent, tencent::access::TABLE),
    (Vendor::Tencent, tencent::cert::TABLE),
    (Vendor::Tencent, tencent::delay::TABLE),
    (Vendor::Tencent, tencent::domain::TABLE),
    (Vendor::Tencent, tencent::mix::TABLE),
    (Vendor::Tencent, tencent::owner::TABLE),
    (Vendor::Tencent, tencent::relay::TABLE),
    (Vendor::Tencent, tencent::rules::TABLE),
    (Vendor::Tencent, tencent::stream::TABLE),
    (Vendor::Tencent, tencent::task::TABLE),
    (Vendor::Tencent, tencent::templates::TABLE),
    (Vendor::Tencent, tencent::watermark::TABLE),
    (Vendor::Tencent, curves::TENCENT),
    (Vendor::Aliyun, curves::ALIYUN),
    (Vendor::Volcengine, curves::VOLCENGINE),
    (Vendor::Aliyun, aliyun::domain::TABLE),
    (Vendor::Aliyun, aliyun::mapping::TABLE),
    (Vendor::Aliyun, aliyun::relay::TABLE),
    (Vendor::Aliyun, aliyun::transcode::TABLE),
    (Vendor::Aliyun, aliyun::configs::TABLE),
    (Vendor::Aliyun, aliyun::streams::TABLE),
    (Vendor::Aliyun, aliyun::functions::TABLE),
    (Vendor::Aliyun, aliyun::certificates::TABLE),
    (Vendor::Aliyun, aliyun::casters::TABLE),
    (Vendor::Aliyun, aliyun::caster_parts::TABLE),
    (Vendor::Aliyun, aliyun::caster_scenes::TABLE),
    (Vendor::Aliyun, aliyun::rooms::TABLE),
    (Vendor::Aliyun, aliyun::records::TABLE),
    (Vendor::Volcengine, volcengine::domain::TABLE),
    (Vendor::Volcengine, volcengine::relay::TABLE),
    (Vendor::Volcengine, volcengine::pull_to_push::TABLE),
    (Vendor::Volcengine, volcengine::hls_key::TABLE),
    (Vendor::Volcengine, volcengine::preset::TABLE),
    (Vendor::Volcengine, volcengine::setting::TABLE),
    (Vendor::Volcengine, volcengine::certificate::TABLE),
    (Vendor::Volcengine, volcengine::stream::TABLE),
    (Vendor::Volcengine, volcengine::address::TABLE),
    (Vendor::Volcengine, volcengine::pull_record::TABLE),
    (Vendor::Volcengine, volcengine::task::TABLE),
];

/// What performs an Action with state; `None`: nothing is kept for it.
pub(super) fn handler(vendor: Vendor, action: &str) -> Option<Handler> {
    let tables = FAMILIES.iter().filter(|(whose, _)| *whose == vendor);
    tables.flat_map(|(_, table)| table.iter()).find(|(name, _)| *name == action).map(|(_, handler)| *handler)
}

/// Whether a text looks like a domain name; a wildcard may begin with a dot or an asterisk.
fn is_domain(name: &str) -> bool {
    let name = name.strip_prefix("*.").or_else(|| name.strip_prefix('.')).unwrap_or(name);
    let label = |label: &str| {
        let inside = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        (1..=63).contains(&label.len()) && inside && !label.starts_with('-') && !label.ends_with('-')
    };
    name.len() <= 253 && name.contains('.') && name.split('.').all(label)
}

/// A time in Beijing, `YYYY-MM-DD hh:mm:ss`, as Tencent shows it.
fn beijing(time: Timestamp) -> String {
    BEIJING.to_datetime(time).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A time in Beijing with its offset, as Volcengine shows it.
fn beijing_offset(time: Timestamp) -> String {
    BEIJING.to_datetime(time).strftime("%Y-%m-%dT%H:%M:%S+08:00").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Effect;
    use crate::providers::catalog;

    #[test]
    fn every_row_is_an_action_and_only_reads_are_reads() {
        let mut seen = std::collections::HashSet::new();
        for (vendor, table) in FAMILIES {
            for (name, handler) in *table {
                let action = catalog::find(*vendor, name).unwrap_or_else(|| panic!("{vendor} has no {name}"));
                let reads = matches!(handler, Handler::Reads(_));
                assert_eq!(reads, action.effect_kind() == Effect::Read, "{name}");
                assert!(seen.insert((vendor, name)), "{name} stands twice");
            }
        }
    }

    #[test]
    fn domains_are_told_from_other_texts() {
        for name in ["a.example.com", ".example.com", "*.example.com", "xn--fiq.cn", "a_b.example.com"] {
            assert!(is_domain(name), "{name}");
        }
        for name in ["", "example", "a b.com", "-a.com", "a..com", "直播.com", "http://a.com"] {
            assert!(!is_domain(name), "{name}");
        }
    }
}
