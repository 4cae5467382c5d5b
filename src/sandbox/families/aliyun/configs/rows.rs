//! The settings of a place, kind by kind.

use crate::sandbox::families::Handler::{Changes, Reads};

use super::{Family, PLAIN, RECORDS, add, delete, list, playback_delays, set, show, update};

const RECORD_VODS: &str = "record_vod_configs";
const WATERMARKS: &str = "watermarks";
const WATERMARK_RULES: &str = "watermark_rules";

const APP: &[&str] = &["DomainName", "AppName"];
const STREAM: &[&str] = &["DomainName", "AppName", "StreamName"];
const SHORT_STREAM: &[&str] = &["Domain", "App", "Stream"];

pub(super) const FAMILIES: &[Family] = &[
    Family {
        table: RECORDS,
        key: STREAM,
        beside: Some(RECORD_VODS),
        actions: &[
            ("AddLiveAppRecordConfig", Changes(add)),
            ("UpdateLiveAppRecordConfig", Changes(update)),
            ("DeleteLiveAppRecordConfig", Changes(delete)),
            ("DescribeLiveRecordConfig", Reads(list)),
        ],
        ..PLAIN
    },
    Family {
        table: RECORD_VODS,
        key: STREAM,
        beside: Some(RECORDS),
        actions: &[
            ("AddLiveRecordVodConfig", Changes(add)),
            ("UpdateLiveRecordVodConfig", Changes(update)),
            ("DeleteLiveRecordVodConfig", Changes(delete)),
            ("DescribeLiveRecordVodConfigs", Reads(list)),
        ],
        ..PLAIN
    },
    Family {
        table: "snapshot_configs",
        key: APP,
        actions: &[
            ("AddLiveAppSnapshotConfig", Changes(add)),
            ("UpdateLiveAppSnapshotConfig", Changes(update)),
            ("DeleteLiveAppSnapshotConfig", Changes(delete)),
            ("DescribeLiveSnapshotConfig", Reads(list)),
        ],
        ..PLAIN
    },
    Family {
        table: "porn_detection_configs",
        key: APP,
        actions: &[
            ("AddLiveSnapshotDetectPornConfig", Changes(add)),
            ("UpdateLiveSnapshotDetectPornConfig", Changes(update)),
            ("DeleteLiveSnapshotDetectPornConfig", Changes(delete)),
            ("DescribeLiveSnapshotDetectPornConfig", Reads(list)),
        ],
        ..PLAIN
    },
    Family {
        table: "record_callbacks",
        actions: &[
            ("AddLiveRecordNotifyConfig", Changes(add)),
            ("UpdateLiveRecordNotifyConfig", Changes(update)),
            ("DeleteLiveRecordNotifyConfig", Changes(delete)),
            ("DescribeLiveRecordNotifyConfig", Reads(list)),
        ],
        ..PLAIN
    },
    Family {
        table: "detection_callbacks",
        actions: &[
            ("AddLiveDetectNotifyConfig", Changes(add)),
            ("UpdateLiveDetectNotifyConfig", Changes(update)),
            ("DeleteLiveDetectNotifyConfig", Changes(delete)),
            ("DescribeLiveDetectNotifyConfig", Reads(list)),
        ],
        ..PLAIN
    },
    Family {
        table: "snapshot_callbacks",
        actions: &[
            ("AddLiveSnapshotNotifyConfig", Changes(add)),
            ("UpdateLiveSnapshotNotifyConfig", Changes(update)),
            ("DeleteLiveSnapshotNotifyConfig", Changes(delete)),
            ("DescribeLiveSnapshotNotifyConfig", Reads(show)),
        ],
        ..PLAIN
    },
    Family {
        table: "push_callbacks",
        actions: &[
            ("SetLiveStreamsNotifyUrlConfig", Changes(set)),
            ("DeleteLiveStreamsNotifyUrlConfig", Changes(delete)),
            ("DescribeLiveStreamsNotifyUrlConfig", Reads(list)),
        ],
        ..PLAIN
    },
    Family {
        table: "audio_audit_configs",
        key: STREAM,
        actions: &[
            ("AddLiveAudioAuditConfig", Changes(add)),
            ("UpdateLiveAudioAuditConfig", Changes(update)),
            ("DeleteLiveAudioAuditConfig", Changes(delete)),
            ("DescribeLiveAudioAuditConfig", Reads(list)),
        ],
        ..PLAIN
    },
    Family {
        table: "audio_audit_callbacks",
        actions: &[
            ("AddLiveAudioAuditNotifyConfig", Changes(add)),
            ("UpdateLiveAudioAuditNotifyConfig", Changes(update)),
            ("DeleteLiveAudioAuditNotifyConfig", Changes(delete)),
            ("DescribeLiveAudioAuditNotifyConfig", Reads(list)),
        ],
        ..PLAIN
    },
    Family {
        table: "delays",
        key: SHORT_STREAM,
        actions: &[
            ("CreateLiveDelayConfig", Changes(add)),
            ("UpdateLiveDelayConfig", Changes(update)),
            ("DeleteLiveDelayConfig", Changes(delete)),
            ("DescribeLiveDelayConfig", Reads(show)),
            ("ListLiveDelayConfig", Reads(list)),
        ],
        ..PLAIN
    },
    Family {
        table: "playback_delays",
        actions: &[
            ("SetLiveStreamDelayConfig", Changes(set)),
            ("DescribeLiveStreamDelayConfig", Reads(playback_delays)),
        ],
        ..PLAIN
    },
    Family {
        table: WATERMARKS,
        key: &[],
        id: Some("TemplateId"),
        users: Some(WATERMARK_RULES),
        actions: &[
            ("AddLiveStreamWatermark", Changes(add)),
            ("UpdateLiveStreamWatermark", Changes(update)),
            ("DeleteLiveStreamWatermark", Changes(delete)),
            ("DescribeLiveStreamWatermarks", Reads(list)),
        ],
        ..PLAIN
    },
    Family {
        table: WATERMARK_RULES,
        key: SHORT_STREAM,
        id: Some("RuleId"),
        names: Some((WATERMARKS, "TemplateId")),
        actions: &[
            ("AddLiveStreamWatermarkRule", Changes(add)),
            ("UpdateLiveStreamWatermarkRule", Changes(update)),
            ("DeleteLiveStreamWatermarkRule", Changes(delete)),
            ("DescribeLiveStreamWatermarkRules", Reads(list)),
        ],
        ..PLAIN
    },
    Family {
        table: "time_shifts",
        key: STREAM,
        actions: &[
            ("OpenLiveShift", Changes(add)),
            ("CloseLiveShift", Changes(delete)),
            ("DescribeLiveShiftConfigs", Reads(list)),
        ],
        ..PLAIN
    },
    Family {
        table: "lazy_pulls",
        key: APP,
        actions: &[
            ("SetLiveLazyPullStreamInfoConfig", Changes(set)),
            ("DeleteLiveLazyPullStreamInfoConfig", Changes(delete)),
            ("DescribeLiveLazyPullStreamConfig", Reads(list)),
        ],
        ..PLAIN
    },
    Family {
        table: "area_blocks",
        key: STREAM,
        actions: &[
            ("SetLiveStreamBlock", Changes(set)),
            ("DeleteLiveStreamBlock", Changes(delete)),
            ("DescribeStreamLocationBlock", Reads(list)),
        ],
        ..PLAIN
    },
];
