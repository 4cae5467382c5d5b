//! What must hold between the parameters of Aliyun's Actions, from the notes of the reference. Where the current
//! SDK allows less, the reference's wider limit stands.

use crate::providers::validate::relate::Row;
use crate::providers::validate::relate::Rule::{
    After, Future, NotBefore, OneOf, SameLength, Sides, Since, Span, Together, When, WhenWithout, Within,
};

const DAY: i64 = 24;

pub(in crate::providers) const ROWS: &[Row] = &[
    (
        &["AddLivePullStreamInfoConfig"],
        &[After("StartTime", "EndTime"), Span("StartTime", "EndTime", 7 * DAY), Future("EndTime")],
    ),
    (&["ForbidLiveStream"], &[Future("ResumeTime")]),
    (
        &["DescribeLiveStreamsControlHistory", "DescribeLiveStreamsOnlineList", "DescribeLiveStreamsPublishList"],
        &[NotBefore("StartTime", "EndTime"), Span("StartTime", "EndTime", 30 * DAY)],
    ),
    (
        &["DescribeLiveStreamsFrameRateAndBitRateData"],
        &[NotBefore("StartTime", "EndTime"), Span("StartTime", "EndTime", 7 * DAY)],
    ),
    (&["AddLiveAppRecordConfig"], &[After("StartTime", "EndTime"), Within("StartTime", 15), Within("EndTime", 15)]),
    (
        &["DescribeLiveStreamRecordContent", "CreateLiveStreamRecordIndexFiles", "DescribeLiveStreamRecordIndexFiles"],
        &[NotBefore("StartTime", "EndTime"), Span("StartTime", "EndTime", 4 * DAY)],
    ),
    (
        &["DescribeLiveStreamSnapshotInfo", "DescribeLiveStreamHistoryUserNum"],
        &[NotBefore("StartTime", "EndTime"), Span("StartTime", "EndTime", DAY)],
    ),
    (
        &["DescribeLiveDomainBpsData", "DescribeLiveDomainTrafficData", "DescribeLiveDomainRealTimeTrafficData"],
        &[Together("StartTime", "EndTime"), After("StartTime", "EndTime"), Since("StartTime", 90)],
    ),
    (
        &["DescribeLiveDomainRealTimeBpsData", "DescribeLiveDomainRealTimeHttpCodeData"],
        &[After("StartTime", "EndTime"), Span("StartTime", "EndTime", DAY), Since("StartTime", 7)],
    ),
    (
        &["DescribeLiveDomainRecordData", "DescribeLiveDomainSnapshotData", "DescribeLiveDomainTranscodeData"],
        &[After("StartTime", "EndTime"), Span("StartTime", "EndTime", 90 * DAY)],
    ),
    (
        &["DescribeLiveDomainLog"],
        &[Together("StartTime", "EndTime"), After("StartTime", "EndTime"), Span("StartTime", "EndTime", 366 * DAY)],
    ),
    (
        &["SetLiveDomainCertificate"],
        &[
            // A certificate that the vendor holds (`CertType`) comes without its texts.
            WhenWithout("SSLProtocol", "on", "SSLPub", "CertType"),
            WhenWithout("SSLProtocol", "on", "SSLPri", "CertType"),
        ],
    ),
    (&["AddLiveRecordVodConfig"], &[When("AutoCompose", "ON", "ComposeVodTranscodeGroupId")]),
    (&["AddCustomLiveStreamTranscode"], &[Sides("Height", "Width", 1920.0, 1080.0)]),
    (&["CreateCaster"], &[When("ChargeType", "PrePaid", "CasterTemplate")]),
    (
        &["AddCasterLayout", "ModifyCasterLayout"],
        &[SameLength("VideoLayer", "BlendList"), SameLength("AudioLayer", "MixList")],
    ),
    (&["UpdateCasterSceneAudio"], &[Together("AudioLayer", "MixList"), SameLength("AudioLayer", "MixList")]),
    (&["AddCasterVideoResource"], &[OneOf(&["LiveStreamUrl", "MaterialId", "VodUrl", "ImageId", "ImageUrl"])]),
    (
        &["AddCasterEpisode"],
        &[
            When("EpisodeType", "Resource", "ResourceId"),
            When("EpisodeType", "Component", "ComponentId"),
            After("StartTime", "EndTime"),
        ],
    ),
    (&["ModifyCasterEpisode"], &[After("StartTime", "EndTime")]),
];
