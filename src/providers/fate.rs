//! What became of a create whose answer was lost: the reading Action that shows it, where one tells for certain.
//!
//! Only things whose identity the caller chose stand here: what has an id of the vendor's choosing, or may be there
//! twice, proves nothing. What is not found may still be on its way: that stays unknown.

use serde_json::Value;

use crate::model::{Call, Params, Vendor};
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
}

const RULE: &[(&str, &str)] =
    &[("DomainName", "DomainName"), ("AppName", "AppName"), ("StreamName", "StreamName"), ("TemplateId", "TemplateId")];

const fn rule(creates: &'static str, reads: &'static str) -> Lookup {
    Lookup { vendor: Vendor::Tencent, creates, reads, asks: &[], things: "Rules", same: RULE }
}

const LOOKUPS: &[Lookup] = &[
    Lookup {
        vendor: Vendor::Tencent,
        creates: "AddLiveDomain",
        reads: "DescribeLiveDomain",
        asks: &[("DomainName", "DomainName", false)],
        things: "DomainInfo",
        same: &[("DomainName", "Name")],
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
    },
    Lookup {
        vendor: Vendor::Aliyun,
        creates: "AddLiveStreamTranscode",
        reads: "DescribeLiveStreamTranscodeInfo",
        asks: &[("DomainTranscodeName", "Domain", false)],
        things: "DomainTranscodeList.DomainTranscodeInfo",
        same: &[("App", "TranscodeApp"), ("Template", "TranscodeTemplate")],
    },
    Lookup {
        vendor: Vendor::Volcengine,
        creates: "CreateDomain",
        reads: "DescribeDomain",
        asks: &[("DomainList", "Domain", true)],
        things: "DomainList",
        same: &[("Domain", "Domain")],
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

/// Whether the read's result shows what the create was to make.
pub fn shows(create: &Call, result: &Value) -> bool {
    let Some(row) = lookup(create) else { return false };
    let found = row.things.split('.').try_fold(result, |value, name| value.get(name));
    let things: &[Value] = match found {
        Some(Value::Array(things)) => things,
        Some(thing @ Value::Object(_)) => std::slice::from_ref(thing),
        _ => &[],
    };
    let text = |value: Option<&Value>| value.and_then(scalar).unwrap_or_default();
    things
        .iter()
        .any(|thing| row.same.iter().all(|(param, member)| text(create.params.get(*param)) == text(thing.get(*member))))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{Effect, Repeatable};
    use crate::providers::{catalog, repeat};

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
        assert!(shows(&add, &json!({"DomainList": [{"Domain": "a.example.com", "Status": 1}]})));
        assert!(!shows(&add, &json!({"DomainList": [{"Domain": "b.example.com"}]})));
        assert!(!shows(&add, &json!({"DomainList": null})));
        let add = create(Vendor::Tencent, "AddLiveDomain", json!({"DomainName": "a.example.com", "DomainType": 0}));
        assert!(shows(&add, &json!({"DomainInfo": {"Name": "a.example.com", "Type": 0}})));
        assert!(!shows(&add, &json!({})));
    }

    #[test]
    fn a_rule_is_the_same_with_all_of_its_place_and_its_template() {
        let rule = json!({"DomainName": "p.example.com", "AppName": "live", "TemplateId": 7});
        let bind = create(Vendor::Tencent, "CreateLiveRecordRule", rule);
        let there = |rule: Value| shows(&bind, &json!({ "Rules": [rule] }));
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
