//! Where Tencent's reference and its current SDK differ, the wider of the two.

use crate::providers::validate::amend::{Amendment, Row};

/// `fairplay` and its like, or an empty text: that resets the setting.
const EMPTY: Amendment = Amendment::Also(&[""]);

pub(in crate::providers) const ROWS: &[Row] = &[
    // 0 keeps the bitrate of the source.
    ("CreateLiveTranscodeTemplate", "VideoBitrate", Amendment::Min(0.0)),
    ("ModifyLiveTranscodeTemplate", "VideoBitrate", Amendment::Min(0.0)),
    ("CreateLiveTranscodeTemplate", "Gop", Amendment::Min(1.0)),
    ("ModifyLiveTranscodeTemplate", "Gop", Amendment::Min(1.0)),
    // Above 0.5 together with AudienceDrivenTranscode.
    ("CreateLiveTranscodeTemplate", "AdaptBitratePercent", Amendment::Max(0.9)),
    ("ModifyLiveTranscodeTemplate", "AdaptBitratePercent", Amendment::Max(0.9)),
    ("CreateLiveTranscodeTemplate", "DRMType", EMPTY),
    ("CreateLiveTranscodeTemplate", "DRMTracks", EMPTY),
    ("ModifyLiveTranscodeTemplate", "DRMType", EMPTY),
    ("ModifyLiveTranscodeTemplate", "DRMTracks", EMPTY),
    ("CreateLivePullStreamTask", "BackupSourceType", EMPTY),
    ("ModifyLivePullStreamTask", "BackupSourceType", EMPTY),
    // 16 bytes in the reference.
    ("AddLiveWatermark", "WatermarkName", Amendment::MaxLength(30)),
    ("UpdateLiveWatermark", "WatermarkName", Amendment::MaxLength(30)),
    // 7200 in the reference; 43200 for FLV and MP4 since.
    ("@RecordParam", "RecordInterval", Amendment::Max(43_200.0)),
    // Sticker pages.
    ("@CommonMixLayoutParams", "InputType", Amendment::Also(&["8"])),
    ("DescribeLiveStreamPushInfoList", "PageSize", Amendment::Max(100_000.0)),
    ("DescribeLiveStreamOnlineList", "PageSize", Amendment::Max(300_000.0)),
    // Beijing time in the reference, UTC in the SDK.
    ("DescribeProIspPlaySumInfoList", "StartTime", Amendment::Format("iso8601-utc|date-time-cst")),
    ("DescribeProIspPlaySumInfoList", "EndTime", Amendment::Format("iso8601-utc|date-time-cst")),
];
