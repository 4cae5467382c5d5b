//! Aliyun's error codes, where the fact sheet's class is not the whole story.

use crate::providers::codes::{Kind, Lists};

pub(in crate::providers) static LISTS: Lists = Lists {
    overrides: &[
        // Seen by the vendor's Terraform provider, on no page of the reference.
        ("LockFail", Kind::Busy),
        ("Rejected.Throttling", Kind::Throttle),
        ("FlowControlError", Kind::Throttle),
    ],
    exists: &["Certificate.Duplicated", "ConfigAlreadyExists", "DomainAlreadyExist"],
    transient: &[
        "CopyCaster.Timeout",
        "CreateCaster.Timeout",
        "InternalError",
        "LockFail",
        "ServiceBusy",
        "ServiceUnavailable",
    ],
    permanent: &["DeleteFailed", "DeleteFunctionFailed", "InvalidDomain.Configure_failed"],
    clock: &["IllegalTimestamp", "InvalidTimeStamp.Expired"],
    token: &["InvalidSecurityToken.Expired"],
    hints: &[
        ("CopyCaster.Timeout", "try again with the same `ClientToken`"),
        ("CreateCaster.Timeout", "try again with the same `ClientToken`"),
        ("InvalidDomain.Offline", "the domain is disabled: enable it first"),
        ("ServiceBusy", "the domain is being configured: wait until it is `online`"),
        ("LockFail", "another change is under way: try again in a moment"),
        ("InvalidSecurityToken.Expired", "the session token has run out: get a new one"),
    ],
    remedies: &[("InvalidDomain.Offline", "domain enable DOMAIN"), ("ServiceBusy", "wait domain DOMAIN --for enabled")],
};
