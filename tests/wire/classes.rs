//! Codes to classes.

use livectl::error::Class;
use livectl::model::Vendor;
use livectl::providers::{catalog, codes};

#[test]
fn every_code_of_every_sheet_has_the_class_of_its_meaning() {
    let mut seen = 0;
    for vendor in Vendor::ALL {
        let listed = catalog::actions(vendor).flat_map(|action| action.errors).map(|code| (code, 200));
        let known = catalog::error_facts(vendor).map(|fact| (fact.code, fact.http.unwrap_or(400)));
        for (code, status) in listed.chain(known) {
            let fact = catalog::error_fact(vendor, code).unwrap_or_else(|| panic!("{vendor}: nothing about {code}"));
            let expected: &[Class] = match fact.class {
                "auth" | "denied" | "billing" => &[Class::Auth],
                // Where the account itself is what is `not found` or not supported.
                "not-found" => &[Class::NotFound, Class::Auth],
                "unsupported" => &[Class::Usage, Class::Auth],
                "conflict" => &[Class::Conflict],
                "throttle" | "quota" => &[Class::Throttled],
                "invalid" => &[Class::Usage],
                "server" => &[Class::Vendor],
                other => panic!("{code}: a class {other} that is new"),
            };
            let sense = codes::sense(vendor, code, status);
            assert!(expected.contains(&sense.class), "{vendor}: {code} is {:?}", sense.class);
            assert!(sense.retryable.is_some(), "{vendor}: {code}");
            assert!(!sense.already_exists || sense.class == Class::Conflict, "{code}");
            seen += 1;
        }
    }
    assert!(seen > 400, "{seen}");
}

/// The error table that the three Volcengine pages share: status, code, class, whether repeating may help.
#[test]
fn the_error_tables_of_the_volcengine_pages() {
    for (status, code, class, retryable) in [
        (200, "CommonErr", Class::Vendor, true),
        (400, "InvalidParam", Class::Usage, false),
        (400, "InvalidParam.BindError", Class::Usage, false),
        (400, "InvalidParam.Format", Class::Usage, false),
        (403, "RequestForbidden", Class::Auth, false),
        (403, "RequestForbidden.AccountIDNotAllow", Class::Auth, false),
        (403, "RequestForbidden.BillingStatus", Class::Auth, false),
        (404, "ResourceNotFound", Class::NotFound, false),
        (500, "InternalError", Class::Vendor, true),
        (500, "InternalError.DB", Class::Vendor, true),
        (502, "InternalServiceError", Class::Vendor, true),
        (502, "InternalServiceError.BadResponse", Class::Vendor, true),
        (504, "InternalServiceTimeout", Class::Vendor, true),
    ] {
        let sense = codes::sense(Vendor::Volcengine, code, status);
        assert_eq!((sense.class, sense.retryable), (class, Some(retryable)), "{code}");
    }
}

#[test]
fn codes_that_are_not_what_they_seem() {
    use Vendor::{Aliyun, Tencent, Volcengine};
    for (vendor, code, class, retryable, exists) in [
        (Tencent, "ResourceNotFound.StopService", Class::Auth, false, false),
        (Tencent, "ResourceNotFound.FreezeService", Class::Auth, false, false),
        (Tencent, "ResourceNotFound.ForbidService", Class::Auth, false, false),
        (Tencent, "ResourceNotFound.UserDisableService", Class::Auth, false, false),
        (Tencent, "ResourceNotFound.InvalidUser", Class::Auth, false, false),
        (Tencent, "ResourceNotFound.UserNotExist", Class::Auth, false, false),
        (Tencent, "InvalidParameter.TaskNotExist", Class::NotFound, false, false),
        (Tencent, "FailedOperation.NotFound", Class::NotFound, false, false),
        (Tencent, "InternalError.DomainNotExist", Class::NotFound, false, false),
        (Tencent, "InternalError.DomainAlreadyExist", Class::Conflict, false, true),
        (Tencent, "FailedOperation.RuleAlreadyExist", Class::Conflict, false, true),
        // Somebody has a parent of it; that is not the thing itself.
        (Tencent, "FailedOperation.ParentDomainAdded", Class::Conflict, false, false),
        (Tencent, "InternalError.ConfInUsed", Class::Conflict, false, false),
        (Tencent, "InternalError.NetworkError", Class::Vendor, true, false),
        (Tencent, "InternalError.ArgsNotMatch", Class::Usage, false, false),
        (Tencent, "RequestLimitExceeded.UinLimitExceeded", Class::Throttled, true, false),
        (Tencent, "FailedOperation.HostOutLimit", Class::Throttled, false, false),
        (Aliyun, "ServiceBusy", Class::Conflict, true, false),
        (Aliyun, "LockFail", Class::Conflict, true, false),
        (Aliyun, "OperationDenied", Class::Auth, false, false),
        (Aliyun, "DomainAlreadyExist", Class::Conflict, false, true),
        (Aliyun, "ServiceUnavailable", Class::Vendor, true, false),
        (Volcengine, "FlowLimitExceeded", Class::Throttled, true, false),
    ] {
        let sense = codes::sense(vendor, code, 400);
        assert_eq!((sense.class, sense.retryable, sense.already_exists), (class, Some(retryable), exists), "{code}");
    }
}

#[test]
fn codes_that_nobody_lists_inherit_or_follow_the_status() {
    use Vendor::{Aliyun, Tencent, Volcengine};
    for (vendor, code, status, class, retryable) in [
        (Tencent, "ResourceNotFound.SomethingNew", 200, Class::NotFound, Some(false)),
        // One prefix, many meanings: nobody knows whether to repeat.
        (Tencent, "InternalError.SomethingNew", 200, Class::Vendor, None),
        (Tencent, "AuthFailure.SomethingNew", 200, Class::Auth, Some(false)),
        (Aliyun, "Throttling.SomethingNew", 503, Class::Throttled, None),
        // A prefix that exists says `exists`, its unknown child does not.
        (Aliyun, "DomainAlreadyExist.Elsewhere", 400, Class::Conflict, Some(false)),
        (Aliyun, "Invalid.Unheard", 404, Class::NotFound, Some(false)),
        (Volcengine, "Unheard", 403, Class::Auth, Some(false)),
        (Volcengine, "Unheard", 429, Class::Throttled, Some(true)),
        (Volcengine, "Unheard", 500, Class::Vendor, None),
        (Volcengine, "", 200, Class::Vendor, None),
    ] {
        let sense = codes::sense(vendor, code, status);
        assert_eq!((sense.class, sense.retryable, sense.already_exists), (class, retryable, false), "{code}");
    }
}

#[test]
fn a_wrong_clock_is_recognised() {
    for (vendor, code) in [
        (Vendor::Tencent, "AuthFailure.SignatureExpire"),
        (Vendor::Aliyun, "InvalidTimeStamp.Expired"),
        (Vendor::Aliyun, "IllegalTimestamp"),
        (Vendor::Volcengine, "InvalidTimestamp"),
    ] {
        assert!(codes::is_clock_error(vendor, code), "{code}");
        assert_eq!(codes::sense(vendor, code, 400).class, Class::Auth);
    }
    assert!(!codes::is_clock_error(Vendor::Tencent, "AuthFailure.SignatureFailure"));
}
