//! Tencent's error codes, where the fact sheet's class is not the whole story.

use crate::providers::codes::{Kind, Lists};

pub(in crate::providers) static LISTS: Lists = Lists {
    overrides: &[
        // Named `not found`, but it is the account that may not: never success of a repeated delete.
        ("ResourceNotFound.InvalidUser", Kind::Permission),
        ("ResourceNotFound.UserNotFount", Kind::Permission),
        // Live or VOD is not activated, or was turned off by the account itself.
        ("ResourceNotFound.UserNotExist", Kind::Billing),
        ("ResourceNotFound.UserDisableService", Kind::Billing),
        ("ResourceNotFound.ForbidService", Kind::Billing),
        ("ResourceUnavailable.InvalidVodStatus", Kind::Billing),
        // The account is not of the kind that may use this product.
        ("InvalidParameter.NotAllowUseLVB", Kind::Permission),
        ("UnsupportedOperation.NotLVBCodeMode", Kind::Permission),
    ],
    exists: &[
        "FailedOperation.CertificateExists",
        "FailedOperation.DomainAdded",
        "FailedOperation.InputAlreadyExist",
        "FailedOperation.LayoutAlreadyExist",
        "FailedOperation.MarkPicAlreadyExist",
        "FailedOperation.MarkWordAlreadyExist",
        "FailedOperation.OutputAlreadyExist",
        "FailedOperation.RuleAlreadyExist",
        "InternalError.DomainAlreadyExist",
        "InternalError.ProcessorAlreadyExist",
        "InternalError.RuleAlreadyExist",
        "InvalidParameter.DomainAlreadyExist",
        "InvalidParameter.ProcessorAlreadyExist",
    ],
    // `InternalError.*` and `FailedOperation.*` hold permanent and passing faults side by side.
    transient: &[
        "FailedOperation.CallOtherSvrError",
        "FailedOperation.CallOtherSvrFailed",
        "FailedOperation.DatabaseNotAccessible",
        "FailedOperation.InvokeCdnApiFail",
        "FailedOperation.InvokeVideoApiFail",
        "FailedOperation.NetworkError",
        "FailedOperation.RelateServerNotAccessible",
        "InternalError",
        "InternalError.CallOtherSvrError",
        "InternalError.ConnectDbError",
        "InternalError.DBError",
        "InternalError.GetBizidError",
        "InternalError.GetConfigError",
        "InternalError.GetStreamInfoError",
        "InternalError.GetUpstreamInfoError",
        "InternalError.GetWatermarkError",
        "InternalError.NetworkError",
        "InternalError.QueryProIspPlayInfoError",
        "InternalError.QueryUploadInfoFailed",
        "InternalError.SystemError",
        "ServiceUnavailable",
    ],
    clock: &["AuthFailure.SignatureExpire"],
    hints: &[
        ("AuthFailure.TokenFailure", "the session token is wrong or has run out: get a new one"),
        ("FailedOperation.DomainNeedVerifyOwner", "prove first that the domain is yours: `AuthenticateDomainOwner`"),
        ("FailedOperation.DomainNeedRealName", "the account must pass the vendor's real-name check first"),
        ("FailedOperation.NoRealNameAuth", "the account must pass the vendor's real-name check first"),
        (
            "FailedOperation.DeleteDomainInLockedTime",
            "a domain with traffic in the last two days cannot be deleted: disable it now, delete it later",
        ),
        ("FailedOperation.ParentDomainAdded", "the parent domain is added already, perhaps in another account"),
        ("FailedOperation.SubDomainAdded", "a subdomain is added already, perhaps in another account"),
        ("InternalError.DomainNoRecord", "the domain needs an ICP filing"),
        ("ResourceNotFound.DomainNoRecord", "the domain needs an ICP filing"),
        ("UnsupportedRegion", "choose another `--region`"),
    ],
};
