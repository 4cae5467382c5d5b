//! Tencent's kinds of templates and the rules that bind them: one shape, six rows.

use jiff::Timestamp;

use crate::sandbox::answer::Refusal;
use crate::sandbox::asked::Asked;
use crate::sandbox::families::{beijing, tencent};

/// One kind of template with its rules.
pub(super) struct Kind {
    /// The word in the names of its Actions.
    word: &'static str,
    /// The table of its templates.
    pub(super) templates: &'static str,
    /// The member that numbers a template.
    pub(super) id: &'static str,
    /// The type of a shown template.
    pub(super) item: &'static str,
    /// What the list is narrowed by: parameter and member. Left out, the sheet's default counts.
    pub(super) narrowed: Option<(&'static str, &'static str)>,
    /// The vendor's codes for a second template of one name; none where names may repeat.
    pub(super) name_taken: &'static [&'static str],
    /// What a template loses when a change does not name it again.
    pub(super) reset: &'static [&'static str],
    /// What holds between the parameters of a template.
    pub(super) check: fn(&Asked<'_>) -> Result<(), Refusal>,
    /// The table of its rules.
    pub(super) rules: &'static str,
    /// What names a rule.
    pub(super) place: &'static [&'static str],
    /// How a rule's times are written.
    pub(super) time: fn(Timestamp) -> String,
}

/// How many templates there may be of one kind.
pub(super) const MOST: usize = 50;

const PLACE: &[&str] = &["DomainName", "AppName", "StreamName"];

const PLAIN: Kind = Kind {
    word: "",
    templates: "",
    id: "TemplateId",
    item: "",
    narrowed: None,
    name_taken: &[],
    reset: &[],
    check: |_| Ok(()),
    rules: "",
    place: PLACE,
    time: beijing,
};

static KINDS: [Kind; 6] = [
    Kind {
        word: "Record",
        templates: "record_templates",
        item: "RecordTemplateInfo",
        narrowed: Some(("IsDelayLive", "IsDelayLive")),
        rules: "record_rules",
        ..PLAIN
    },
    Kind {
        word: "Snapshot",
        templates: "snapshot_templates",
        item: "SnapshotTemplateInfo",
        rules: "snapshot_rules",
        ..PLAIN
    },
    Kind {
        word: "Callback",
        templates: "callback_templates",
        item: "CallBackTemplateInfo",
        check: needs_url,
        rules: "callback_rules",
        place: &["DomainName", "AppName"],
        ..PLAIN
    },
    Kind {
        word: "TimeShift",
        templates: "time_shift_templates",
        item: "TimeShiftTemplate",
        rules: "time_shift_rules",
        ..PLAIN
    },
    Kind {
        word: "Transcode",
        templates: "transcode_templates",
        item: "TemplateInfo",
        narrowed: Some(("TemplateType", "IsAdaptiveBitRate")),
        name_taken: &["InvalidParameter.ProcessorAlreadyExist"],
        reset: &["DRMType", "DRMTracks"],
        check: tencent::transcode::check,
        rules: "transcode_rules",
        place: &["DomainName", "AppName", "StreamName", "TemplateId"],
        ..PLAIN
    },
    // Its templates are the watermarks, which have Actions of their own.
    Kind {
        word: "Watermark",
        templates: tencent::watermark::WATERMARKS,
        id: "WatermarkId",
        item: "WatermarkInfo",
        rules: tencent::watermark::RULES,
        time: super::beijing_z,
        ..PLAIN
    },
];

/// The kind that an Action is about.
pub(super) fn of(asked: &Asked<'_>) -> Result<&'static Kind, Refusal> {
    let unknown = || asked.refuse("InternalError", format!("{} is about no kind of template.", asked.action.name));
    KINDS.iter().find(|kind| asked.action.name.contains(kind.word)).ok_or_else(unknown)
}

/// A new callback template names at least one address.
fn needs_url(asked: &Asked<'_>) -> Result<(), Refusal> {
    let creates = asked.action.name.starts_with("Create");
    if creates && !asked.params.keys().any(|name| name.ends_with("NotifyUrl") && asked.given(name).is_some()) {
        return Err(asked.refuse("InvalidParameter", "A callback template needs at least one callback URL."));
    }
    Ok(())
}
