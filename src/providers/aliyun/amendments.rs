//! Where Aliyun's reference of 2019 and its current SDK differ, the wider of the two.

use crate::providers::validate::amend::{Amendment, Row};

use Amendment::{Also, Max, Open, Optional};

pub(in crate::providers) const ROWS: &[Row] = &[
    (
        "AddLiveDomain",
        "Region",
        Also(&["cn-shenzhen", "cn-qingdao", "eu-central-1", "ap-northeast-1", "ap-southeast-5"]),
    ),
    ("SetLiveStreamsNotifyUrlConfig", "NotifyUrl", Optional),
    ("AddCustomLiveStreamTranscode", "FPS", Optional),
    ("AddCustomLiveStreamTranscode", "FPS", Max(60.0)),
    ("AddCustomLiveStreamTranscode", "Height", Optional),
    ("AddCustomLiveStreamTranscode", "TemplateType", Also(&["h265", "h265-nbhd", "audio"])),
    ("AddCustomLiveStreamTranscode", "VideoBitrate", Optional),
    ("AddCustomLiveStreamTranscode", "Width", Optional),
    // Adding allows it, and an update sends back what was added.
    ("UpdateCustomLiveStreamTranscode", "AudioRate", Max(96_000.0)),
    ("AddLiveAppRecordConfig", "OnDemand", Also(&["7"])),
    ("@RecordFormat", "Format", Also(&["cmaf"])),
    // SliceDuration.
    ("@RecordFormat", "*", Open),
    ("RealTimeRecordCommand", "Command", Also(&["cancel_delay", "restart"])),
    ("DescribeLiveSnapshotDetectPornConfig", "Order", Also(&["Asc", "Desc"])),
    ("DescribeLiveDomainSnapshotData", "DomainName", Optional),
    ("CreateCaster", "NormType", Also(&["3", "4", "6"])),
    ("@CasterAudioLayer", "ValidChannel", Optional),
    ("@CasterAudioLayer", "VolumeRate", Optional),
    // Filter.
    ("@CasterAudioLayer", "*", Open),
    ("AddCasterVideoResource", "LocationId", Optional),
    // SourceLan, TargetLan and more; Color is gone.
    ("@CasterCaptionLayerContent", "*", Open),
    ("@CasterCaptionLayerContent", "Color", Optional),
    ("@CasterEpisode", "EndTime", Optional),
    ("@CasterEpisode", "EpisodeName", Optional),
    ("@CasterEpisode", "EpisodeType", Optional),
    ("@CasterEpisode", "StartTime", Optional),
    ("@CasterEpisodeItem", "ItemName", Optional),
    ("@CasterEpisodeItem", "VodUrl", Optional),
    ("@CasterEpisodeChange", "EpisodeId", Optional),
    // EpisodeType.
    ("@CasterEpisodeChange", "*", Open),
    ("SetCasterSceneConfig", "LayoutId", Optional),
    ("SetCasterSceneConfig", "ComponentId", Optional),
    ("SetCasterChannel", "ResourceId", Optional),
    // The SDK's text writes endpoint, ossBucket, videoFormat and interval.
    ("@CasterRecordConfig", "*", Open),
    ("@CasterRecordConfig", "OssBucket", Optional),
    ("@CasterRecordConfig", "OssEndpoint", Optional),
    ("@CasterRecordConfig", "VideoFormat", Optional),
    // The reference's own example leaves it out where the format has no slices.
    ("@CasterVideoFormat", "SliceOssObjectPrefix", Optional),
    ("AddLiveRecordVodConfig", "VodTranscodeGroupId", Optional),
];
