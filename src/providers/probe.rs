//! One harmless call of each vendor: it shows whether credentials are accepted, and may read.

use serde_json::json;

use crate::model::{Call, Params, Vendor};

/// The first domain of an account, and no more than that.
pub fn probe(vendor: Vendor) -> Call {
    let (action, params) = match vendor {
        // The smallest page that the vendor has.
        Vendor::Tencent => ("DescribeLiveDomains", json!({"PageNum": 1, "PageSize": 10})),
        Vendor::Aliyun => ("DescribeLiveUserDomains", json!({"PageNumber": 1, "PageSize": 1})),
        Vendor::Volcengine => ("ListDomainDetail", json!({"PageNum": 1, "PageSize": 1})),
    };
    let params = match params {
        serde_json::Value::Object(params) => params,
        _ => Params::new(),
    };
    Call { vendor, action: action.to_owned(), params }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Repeatable;
    use crate::providers::{catalog, repeat, validate};

    #[test]
    fn it_only_reads_and_is_as_the_facts_want_it() {
        for vendor in Vendor::ALL {
            let call = probe(vendor);
            assert_eq!(repeat::repeatable(&call), Repeatable::Read, "{vendor}");
            let action = catalog::known(vendor, &call.action).unwrap();
            let now = "2026-05-01T12:00:00Z".parse().unwrap();
            let verdict = validate::validate(vendor, action, &call.params, None, now);
            assert_eq!(verdict.faults, [], "{vendor}");
        }
    }
}
