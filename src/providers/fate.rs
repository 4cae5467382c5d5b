//! What became of a create whose answer was lost: the reading Action that shows it, where one tells for certain.
//!
//! Only things whose identity the caller chose stand here: what has an id of the vendor's choosing, or may be there
//! twice, proves nothing. What is not found may still be on its way: that stays unknown. So does what is there under
//! the name with other values than the create asked for: it was there before.

use serde_json::Value;

use crate::model::{Call, Params, Vendor};
use crate::providers::catalog;
use crate::providers::wire::scalar;

/// How a create is looked up.
struct Lookup {
    vendor: Vendor,
    creates: &'static str,
    reads: &'static str,
    /// Parameters of the read, each with the parameter of the create that it takes its value from; `true`: in a list.
    asks: &'static [(&'static str, &'static str, bool)],
    /// Where the read's result has the thing, or the list of things.
    things: &'static str,
    /// Parameters of the create, each with the thing's member that has to be equal. Left out is empty.
    same: &'static [(&'static str, &'static str)],
    /// Further parameters of the create whose members in the thing have other names than they.
    renamed: &'static [(&'static str, &'static str)],
}

/// What a look tells of a create.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// There is no such thing.
    Absent,
    /// It is there as the create asked for it.
    Made,
    /// One of that name is there, and is another: how it differs, in words.
    Other(String),
}

const RULE: &[(&str, &str)] =
    &[("DomainName", "DomainName"), ("AppName", "AppName"), ("StreamName", "StreamName"), ("TemplateId", "TemplateId")];

const fn rule(creates: &'static str, reads: &'static str) -> Lookup {
    Lookup { vendor: Vendor::Tencent, creates, reads, asks: &[], things: "Rules", same: RULE, renamed: &[] }
}

const LOOKUPS: &[Lookup] = &[
    Lookup {
        vendor: Vendor::Tencent,
        creates: "AddLiveDomain",
        reads: "DescribeLiveDomain",
        asks: &[("DomainName", "DomainName", false)],
        things: "DomainInfo",
        same: &[("DomainName", "Name")],
        renamed: &[("DomainType", "Type")],
    },
    rule("CreateLiveCallbackRule", "DescribeLiveCallbackRules"),
    rule("CreateLiveRecordRule", "DescribeLiveRecordRules"),
    rule("CreateLiveSnapshotRule", "DescribeLiveSnapshotRules"),
    rule("CreateLiveTimeShiftRule", "DescribeLiveTimeShiftRules"),
    rule("CreateLiveTranscodeRule", "DescribeLiveTranscodeRules"),
    Lookup {
        vendor: Vendor::Aliyun,
        creates: "AddLiveDomain",
        reads: "DescribeLiveDomainDetail",
        asks: &[("DomainName", "DomainName", false)],
        things: "DomainDetail",
        same: &[("DomainName", "DomainName")],
        renamed: &[],
    },
    Lookup {
        vendor: Vendor::Aliyun,
        creates: "AddLiveStreamTranscode",
        reads: "DescribeLiveStreamTranscodeInfo",
        asks: &[("DomainTranscodeName", "Domain", false)],
        things: "DomainTranscodeList.DomainTranscodeInfo",
        same: &[("App", "TranscodeApp"), ("Template", "TranscodeTemplate")],
        renamed: &[],
    },
    Lookup {
        vendor: Vendor::Volcengine,
        creates: "CreateDomain",
        reads: "DescribeDomain",
        asks: &[("DomainList", "Domain", true)],
        things: "DomainList",
        same: &[("Domain", "Domain")],
        renamed: &[],
    },
];

fn lookup(call: &Call) -> Option<&'static Lookup> {
    LOOKUPS.iter().find(|row| row.vendor == call.vendor && row.creates == call.action)
}

/// The read that shows whether a create took effect, where there is one.
pub fn question(create: &Call) -> Option<Call> {
    let row = lookup(create)?;
    let mut params = Params::new();
    for (asked, given, listed) in row.asks {
        let value = create.params.get(*given)?.clone();
        params.insert((*asked).to_owned(), if *listed { Value::Array(vec![value]) } else { value });
    }
    Some(Call { vendor: create.vendor, action: row.reads.to_owned(), params })
}

/// What the read's result tells of what the create was to make.
pub fn fate(create: &Call, result: &Value) -> Fate {
    let Some(row) = lookup(create) else { return Fate::Absent };
    let found = row.things.split('.').try_fold(result, |value, name| value.get(name));
    let things: &[Value] = match found {
        Some(Value::Array(things)) => things,
        Some(thing @ Value::Object(_)) => std::slice::from_ref(thing),
        _ => &[],
    };
    let text = |value: Option<&Value>| value.and_then(scalar).unwrap_or_default();
    let named = |thing: &&Value| {
        row.same.iter().all(|(param, member)| text(create.params.get(*param)) == text(thing.get(*member)))
    };
    match things.iter().find(named).map(|thing| differences(row, create, thing)) {
        None => Fate::Absent,
        Some(differing) if differing.is_empty() => Fate::Made,
        Some(differing) => Fate::Other(differing.join(", ")),
    }
}

/// What a thing has otherwise than the create asked for it, as far as it tells.
fn differences(row: &Lookup, create: &Call, thing: &Value) -> Vec<String> {
    let differing = |(param, wanted): (&String, &Value)| {
        let renamed = row.renamed.iter().find(|(name, _)| name == param).map(|(_, member)| *member);
        let wanted = scalar(wanted)?;
        let there = thing.get(renamed.unwrap_or(param)).and_then(scalar).filter(|there| !there.is_empty())?;
        (there != wanted)
            .then(|| format!("{param} is {}, not {}", meant(create, param, there), meant(create, param, wanted)))
    };
    create.params.iter().filter_map(differing).collect()
}

/// A value with what it means, where the facts tell: `1 (playback)`.
fn meant(create: &Call, param: &str, value: String) -> String {
    let action = catalog::find(create.vendor, &create.action);
    let fact = action.as_ref().and_then(|action| action.param(param));
    let meaning =
        fact.and_then(|fact| fact.meanings.iter().find(|(known, _)| *known == value)).map(|(_, meaning)| *meaning);
    meaning.map_or(value.clone(), |meaning| format!("{value} ({meaning})"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{Effect, Repeatable};
    use crate::providers::repeat;

    fn create(vendor: Vendor, action: &str, params: Value) -> Call {
        Call { vendor, action: action.to_owned(), params: params.as_object().cloned().unwrap() }
    }

    #[test]
    fn rows_name_actions_and_parameters_that_the_facts_know() {
        for row in LOOKUPS {
            let creates = catalog::find(row.vendor, row.creates).unwrap_or_else(|| panic!("no {}", row.creates));
            let reads = catalog::find(row.vendor, row.reads).unwrap_or_else(|| panic!("no {}", row.reads));
            assert_eq!((creates.effect_kind(), reads.effect_kind()), (Effect::Create, Effect::Read));
            let first = row.things.split('.').next().unwrap();
            assert!(reads.response.iter().any(|field| field.name == first), "{} {first}", row.reads);
            for (asked, given, _) in row.asks {
                assert!(reads.param(asked).is_some() && creates.param(given).is_some(), "{} {asked}", row.creates);
            }
            // A rule without a stream is told of by a member that its create has no parameter for.
            let optional = |param: &str| row.same == RULE && param == "StreamName";
            for (param, _) in row.renamed {
                assert!(creates.param(param).is_some(), "{} {param}", row.creates);
            }
            for (param, _) in row.same {
                assert!(creates.param(param).is_some() || optional(param), "{} {param}", row.creates);
            }
            assert_eq!(repeat::repeatable(&create(row.vendor, row.creates, json!({}))), Repeatable::Never);
        }
    }

    #[test]
    fn a_domain_is_looked_up_by_its_name() {
        let add = create(Vendor::Volcengine, "CreateDomain", json!({"Domain": "a.example.com", "Type": "push"}));
        let read = question(&add).unwrap();
        assert_eq!(
            (read.action.as_str(), json!(read.params)),
            ("DescribeDomain", json!({"DomainList": ["a.example.com"]}))
        );
        let shown = |domains: Value| fate(&add, &json!({ "DomainList": domains }));
        assert_eq!(shown(json!([{"Domain": "a.example.com", "Status": 1}])), Fate::Made);
        assert_eq!(shown(json!([{"Domain": "b.example.com"}])), Fate::Absent);
        assert_eq!(shown(json!(null)), Fate::Absent);
        let add = create(Vendor::Tencent, "AddLiveDomain", json!({"DomainName": "a.example.com", "DomainType": 0}));
        assert_eq!(fate(&add, &json!({"DomainInfo": {"Name": "a.example.com", "Type": 0}})), Fate::Made);
        assert_eq!(fate(&add, &json!({})), Fate::Absent);
    }

    #[test]
    fn what_has_the_name_and_is_another_proves_nothing() {
        let add = create(
            Vendor::Tencent,
            "AddLiveDomain",
            json!({"DomainName": "a.example.com", "DomainType": 0, "PlayType": 2}),
        );
        let shown = |more: Value| {
            let mut domain = json!({"Name": "a.example.com"});
            domain.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
            fate(&add, &json!({ "DomainInfo": domain }))
        };
        assert_eq!(
            shown(json!({"Type": 1, "PlayType": 2})),
            Fate::Other("DomainType is 1 (playback), not 0 (push)".into())
        );
        // What is not told is no difference.
        assert_eq!(shown(json!({"Type": "0", "PlayType": null})), Fate::Made);
        let add = create(Vendor::Aliyun, "AddLiveDomain", json!({"DomainName": "a", "LiveDomainType": "liveEdge"}));
        let there = json!({"DomainDetail": {"DomainName": "a", "LiveDomainType": "liveVideo"}});
        assert!(matches!(fate(&add, &there), Fate::Other(text) if text.starts_with("LiveDomainType is liveVideo")));
    }

    #[test]
    fn a_rule_is_the_same_with_all_of_its_place_and_its_template() {
        let rule = json!({"DomainName": "p.example.com", "AppName": "live", "TemplateId": 7});
        let bind = create(Vendor::Tencent, "CreateLiveRecordRule", rule);
        let there = |rule: Value| fate(&bind, &json!({ "Rules": [rule] })) == Fate::Made;
        assert!(there(json!({"DomainName": "p.example.com", "AppName": "live", "StreamName": "", "TemplateId": 7})));
        assert!(!there(json!({"DomainName": "p.example.com", "AppName": "live", "StreamName": "s", "TemplateId": 7})));
        assert!(!there(json!({"DomainName": "p.example.com", "AppName": "live", "StreamName": "", "TemplateId": 8})));
    }

    #[test]
    fn what_may_be_there_twice_is_not_looked_up() {
        let make = create(Vendor::Tencent, "CreateLiveRecordTemplate", json!({"TemplateName": "t"}));
        assert_eq!(question(&make), None);
    }
}
