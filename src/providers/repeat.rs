//! Which calls may be repeated after an attempt whose fate is not known: a fact of each Action, with its reason.
//!
//! Reads and deletes may. Updates may, but for the listed. Of the Actions that start, stop, forbid and the like only
//! the listed may: a message would arrive twice, a stream would be cut off again after it came back. Creates never may,
//! but where the caller's token lets the vendor recognise the second as the first.

use crate::model::{Call, Effect, Repeatable, Vendor};
use crate::providers::catalog;

/// An Action and why it stands in a table.
type Row = (Vendor, &'static str, &'static str);

/// Updates that are not the same thing when they are done twice.
const UPDATES_DONE_ONCE: &[Row] = &[
    (Vendor::Tencent, "InsertTaskTemporaryFiles", "the files would be queued twice"),
    (Vendor::Tencent, "ModifyLivePullStreamTask", "new files begin to play again at every call"),
    (Vendor::Tencent, "ModifyLiveAvatarScript", "a place in the order is relative to what is there"),
    (Vendor::Aliyun, "SetLiveDomainCertificate", "an uploaded name is refused the second time, as if nothing was set"),
    (Vendor::Aliyun, "CopyCasterSceneConfig", "the preview may have gone on: another picture would go on air"),
    (Vendor::Aliyun, "ModifyShowList", "a place in the list is relative to what is there"),
    (Vendor::Aliyun, "ModifyCasterEpisode", "an episode that has begun is refused, as if nothing was set"),
    (Vendor::Volcengine, "UpdateCarouselTask", "a new rule may begin its round again"),
];

/// Why a control Action may be repeated: it names the state to come, not a step towards it.
const SWITCH: &str = "it names the state to come: on or off, however often";
/// Why asking for a proof may be repeated.
const PROOF: &str = "it looks for a proof and changes nothing else";

/// Control Actions that may be repeated.
const CONTROLS_REPEATED: &[Row] = &[
    (Vendor::Tencent, "AuthenticateDomainOwner", PROOF),
    (Vendor::Tencent, "CloseSourceStream", SWITCH),
    (Vendor::Tencent, "EnableLiveDomain", SWITCH),
    (Vendor::Tencent, "EnableOptimalSwitching", SWITCH),
    (Vendor::Tencent, "ForbidLiveDomain", SWITCH),
    (Vendor::Tencent, "ForbidLiveStream", SWITCH),
    (Vendor::Tencent, "ResumeDelayLiveStream", SWITCH),
    (Vendor::Tencent, "ResumeLiveStream", SWITCH),
    (Vendor::Aliyun, "AddLiveMessageGroupBand", "the same users are muted, however often"),
    (Vendor::Aliyun, "AllowPushStream", SWITCH),
    (Vendor::Aliyun, "BanLiveMessageGroup", SWITCH),
    (Vendor::Aliyun, "CancelMuteAllGroupUser", SWITCH),
    (Vendor::Aliyun, "CancelMuteGroupUser", SWITCH),
    (Vendor::Aliyun, "DisableLiveRealtimeLogDelivery", SWITCH),
    (Vendor::Aliyun, "DynamicUpdateWaterMarkStreamRule", "it names the watermark to come"),
    (Vendor::Aliyun, "EnableLiveRealtimeLogDelivery", SWITCH),
    (Vendor::Aliyun, "ForbidPushStream", SWITCH),
    (Vendor::Aliyun, "ModifyLiveMessageAppDisable", SWITCH),
    (Vendor::Aliyun, "MuteAllGroupUser", SWITCH),
    (Vendor::Aliyun, "MuteGroupUser", SWITCH),
    (Vendor::Aliyun, "RemoveLiveMessageGroupBand", "the same users may speak, however often"),
    (Vendor::Aliyun, "ResumeLiveStream", SWITCH),
    (Vendor::Aliyun, "StartLiveDomain", SWITCH),
    (Vendor::Aliyun, "StopLiveDomain", SWITCH),
    (Vendor::Aliyun, "UnbanLiveMessageGroup", SWITCH),
    (Vendor::Aliyun, "VerifyLiveDomainOwner", PROOF),
    (Vendor::Volcengine, "DisableDomain", SWITCH),
    (Vendor::Volcengine, "EnableDomain", SWITCH),
    (Vendor::Volcengine, "EnableHTTPHeaderConfig", SWITCH),
    (Vendor::Volcengine, "ForbidStream", SWITCH),
    (Vendor::Volcengine, "ResumeStream", SWITCH),
];

/// The parameter by which Aliyun recognises a repeated create.
const TOKEN: &str = "ClientToken";

/// Whether a call may be repeated; one of an Action that nobody knows may not.
pub fn repeatable(call: &Call) -> Repeatable {
    let Some(action) = catalog::known(call.vendor, &call.action) else { return Repeatable::Never };
    let listed = |table: &[Row]| table.iter().any(|(vendor, name, _)| (*vendor, *name) == (call.vendor, action.name));
    let tokened = || {
        let given = call.params.get(TOKEN).and_then(|token| token.as_str()).is_some_and(|token| !token.is_empty());
        given && action.param(TOKEN).is_some()
    };
    match action.effect_kind() {
        Effect::Read => Repeatable::Read,
        Effect::Delete => Repeatable::Removal,
        Effect::Update if !listed(UPDATES_DONE_ONCE) => Repeatable::Write,
        Effect::Control if listed(CONTROLS_REPEATED) => Repeatable::Write,
        Effect::Create if tokened() => Repeatable::Write,
        Effect::Update | Effect::Control | Effect::Create => Repeatable::Never,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(vendor: Vendor, action: &str) -> Repeatable {
        repeatable(&Call { vendor, action: action.to_owned(), params: Default::default() })
    }

    #[test]
    fn each_row_names_an_action_of_its_kind_once() {
        let tables = [(UPDATES_DONE_ONCE, Effect::Update), (CONTROLS_REPEATED, Effect::Control)];
        let mut seen = std::collections::HashSet::new();
        for (table, effect) in tables {
            for (vendor, name, why) in table {
                let action = catalog::find(*vendor, name).unwrap_or_else(|| panic!("{vendor} has no {name}"));
                assert_eq!(action.effect_kind(), effect, "{name}");
                assert!(seen.insert((vendor, name)) && !why.is_empty(), "{name}");
            }
        }
    }

    #[test]
    fn a_call_is_repeated_by_what_it_does() {
        use Repeatable::{Never, Read, Removal, Write};
        use Vendor::{Aliyun, Tencent, Volcengine};
        for (vendor, action, expected) in [
            (Tencent, "DescribeLiveDomains", Read),
            (Tencent, "DeleteLiveDomain", Removal),
            (Tencent, "ModifyLiveRecordTemplate", Write),
            (Tencent, "AddLiveDomain", Never),
            (Tencent, "CreateLiveRecord", Never),
            (Tencent, "DropLiveStream", Never),
            (Tencent, "ForbidLiveStream", Write),
            (Tencent, "RestartLivePullStreamTask", Never),
            (Aliyun, "SendMessageToGroup", Never),
            (Aliyun, "KickLiveMessageGroupUser", Never),
            (Aliyun, "UpdateLiveStreamTranscode", Write),
            (Aliyun, "CopyCasterSceneConfig", Never),
            (Volcengine, "KillStream", Never),
            (Volcengine, "UpdateEncryptHLS", Write),
            (Volcengine, "RelaunchPullToPushTask", Never),
            (Volcengine, "NoSheetKnowsThis", Never),
        ] {
            assert_eq!(of(vendor, action), expected, "{action}");
        }
    }

    #[test]
    fn a_create_with_the_callers_token_is_recognised_by_the_vendor() {
        let with = |action: &str, token: &str| {
            let params = json!({ "ClientToken": token });
            let params = params.as_object().cloned().unwrap();
            repeatable(&Call { vendor: Vendor::Aliyun, action: action.to_owned(), params })
        };
        assert_eq!(with("CreateCaster", "t-1"), Repeatable::Write);
        assert_eq!(with("CreateCaster", ""), Repeatable::Never);
        assert_eq!(with("AddLiveDomain", "t-1"), Repeatable::Never);
    }
}
