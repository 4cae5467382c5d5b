//! What must hold between the parameters of Tencent's Actions, from the notes of the reference.

use crate::providers::validate::relate::Row;
use crate::providers::validate::relate::Rule::{
    After, AtMost, AtMostWhen, Even, Future, NotBefore, NotBoth, OneOf, PlaceIn, Since, Span, Together, When, Within,
};

const DAY: i64 = 24;
/// The reference speaks of months; the longest ones are meant.
const MONTH: i64 = 31 * DAY;
const QUARTER_DAYS: i64 = 93;

pub(in crate::providers) const ROWS: &[Row] = &[
    (
        &["CreateLivePullStreamTask", "ModifyLivePullStreamTask"],
        &[
            After("StartTime", "EndTime"),
            // 7 days in the reference, 30 in the SDK.
            Span("StartTime", "EndTime", 30 * DAY),
            Future("EndTime"),
            AtMost("SourceUrls", 30),
            AtMost("WatermarkList", 4),
            PlaceIn("FileIndex", "SourceUrls"),
        ],
    ),
    (
        &["CreateLivePullStreamTask"],
        &[
            AtMostWhen("SourceType", "PullLivePushLive", "SourceUrls", 1),
            // With a full target URL the three are sent empty.
            NotBoth("ToUrl", "DomainName"),
            NotBoth("ToUrl", "AppName"),
            NotBoth("ToUrl", "StreamName"),
            OneOf(&["DomainName", "ToUrl"]),
        ],
    ),
    (&["CreateLiveTranscodeTemplate", "ModifyLiveTranscodeTemplate"], &[Even("Width"), Even("Height")]),
    (
        &["CreateLiveTranscodeTemplate"],
        &[
            When("AiTransCode", "1", "Height"),
            When("AudienceDrivenTranscode", "1", "AdaptBitratePercent"),
            When("AudienceDrivenTranscode", "1", "AudienceThreshold"),
        ],
    ),
    (&["AddLiveWatermark"], &[NotBoth("Width", "Height")]),
    (&["ModifyLiveDomainCertBindings"], &[Together("CertificatePublicKey", "CertificatePrivateKey")]),
    (&["CreateCommonMixStream"], &[AtMost("InputStreamList", 16)]),
    (&["AddDelayLiveStream"], &[Future("ExpireTime"), Within("ExpireTime", 7)]),
    (&["ForbidLiveStream"], &[Future("ResumeTime"), Within("ResumeTime", 90)]),
    (
        &["CreateRecordTask", "CreateScreenshotTask"],
        &[
            After("StartTime", "EndTime"),
            Span("StartTime", "EndTime", DAY),
            Within("StartTime", 6),
            Future("EndTime"),
            Within("EndTime", 7),
        ],
    ),
    (
        &["DescribeRecordTask"],
        &[After("StartTime", "EndTime"), Span("StartTime", "EndTime", 7 * DAY), Since("StartTime", 90)],
    ),
    (
        &["DescribeTimeShiftRecordDetail", "DescribeTimeShiftStreamList"],
        &[NotBefore("StartTime", "EndTime"), Span("StartTime", "EndTime", DAY)],
    ),
    (&["CreateLiveRecord"], &[When("Highlight", "0", "StartTime"), After("StartTime", "EndTime")]),
    (
        &["CreateLiveCallbackTemplate"],
        &[OneOf(&[
            "StreamBeginNotifyUrl",
            "StreamEndNotifyUrl",
            "RecordNotifyUrl",
            "SnapshotNotifyUrl",
            "PornCensorshipNotifyUrl",
            "StreamMixNotifyUrl",
            "PushExceptionNotifyUrl",
            "RecordStatusNotifyUrl",
            "AudioAuditNotifyUrl",
            "RecordExceptionNotifyUrl",
        ])],
    ),
    (&["DescribeAllStreamPlayInfoList"], &[Since("QueryTime", 31)]),
    (&["DescribeStreamDayPlayInfoList"], &[Since("DayTime", QUARTER_DAYS)]),
    (
        &["DescribeLiveTranscodeDetailInfo"],
        &[
            OneOf(&["DayTime", "StartDayTime"]),
            Together("StartDayTime", "EndDayTime"),
            NotBefore("StartDayTime", "EndDayTime"),
            Since("DayTime", QUARTER_DAYS),
            Since("StartDayTime", QUARTER_DAYS),
        ],
    ),
    (
        // One month in the reference, three hours in the SDK.
        &["DescribeGroupProIspPlayInfoList", "DescribeUploadStreamNums"],
        &[NotBefore("StartTime", "EndTime"), Span("StartTime", "EndTime", MONTH), Since("StartTime", 31)],
    ),
    (
        &["DescribeHttpStatusInfoList"],
        &[NotBefore("StartTime", "EndTime"), Span("StartTime", "EndTime", DAY), Since("StartTime", QUARTER_DAYS)],
    ),
    (
        &["DescribePlayErrorCodeDetailInfoList", "DescribePlayErrorCodeSumInfoList", "DescribeProvinceIspPlayInfoList"],
        &[NotBefore("StartTime", "EndTime"), Span("StartTime", "EndTime", DAY), Since("StartTime", 1)],
    ),
    (&["DescribeProIspPlaySumInfoList"], &[NotBefore("StartTime", "EndTime"), Since("StartTime", 1)]),
    (
        &["DescribeStreamPlayInfoList"],
        &[NotBefore("StartTime", "EndTime"), Span("StartTime", "EndTime", DAY), Since("StartTime", 31)],
    ),
    (
        &["DescribeStreamPushInfoList"],
        &[NotBefore("StartTime", "EndTime"), Span("StartTime", "EndTime", 3), Since("StartTime", 7)],
    ),
    (
        &["DescribeTopClientIpSumInfoList", "DescribeVisitTopSumInfoList"],
        &[NotBefore("StartTime", "EndTime"), Span("StartTime", "EndTime", 4), Since("StartTime", 1)],
    ),
    (
        &["DescribeAreaBillBandwidthAndFluxList"],
        &[NotBefore("StartTime", "EndTime"), Span("StartTime", "EndTime", DAY)],
    ),
    (
        // The time shift bill: one month in the reference, one day in the SDK.
        &["DescribeDeliverBandwidthList", "DescribeLiveTimeShiftBillInfoList"],
        &[NotBefore("StartTime", "EndTime"), Span("StartTime", "EndTime", MONTH), Since("StartTime", QUARTER_DAYS)],
    ),
    (
        &["DescribeLiveTranscodeTotalInfo"],
        &[
            NotBefore("StartTime", "EndTime"),
            Span("StartTime", "EndTime", QUARTER_DAYS * DAY),
            Since("StartTime", QUARTER_DAYS),
        ],
    ),
    (
        &["DescribeScreenShotSheetNumList"],
        &[NotBefore("StartTime", "EndTime"), Span("StartTime", "EndTime", 186 * DAY), Since("EndTime", 366)],
    ),
    (
        &["DescribeTranscodeTaskNum"],
        &[NotBefore("StartTime", "EndTime"), Span("StartTime", "EndTime", DAY), Since("StartTime", 40)],
    ),
    (
        &["DescribeConcurrentRecordStreamNum"],
        &[NotBefore("StartTime", "EndTime"), Span("StartTime", "EndTime", MONTH), Since("StartTime", 186)],
    ),
    (
        &["DescribeBillBandwidthAndFluxList"],
        &[NotBefore("StartTime", "EndTime"), Span("StartTime", "EndTime", MONTH), Since("StartTime", 3 * 366)],
    ),
    (
        &["DescribeLiveStreamEventList", "DescribeLiveStreamPublishedList"],
        &[NotBefore("StartTime", "EndTime"), Span("StartTime", "EndTime", 30 * DAY), Since("StartTime", 60)],
    ),
];
