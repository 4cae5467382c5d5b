//! What the examples of the references need to pass through home commands, and where they cannot: each with its reason.

use livectl::model::Vendor;

/// Actions that their home command cannot be made to send as their example has it, and why.
pub const NOT_AS_WRITTEN: &[(Vendor, &str, &str)] = &[
    (Vendor::Volcengine, "CreateRelaySourceV4", "the example quotes the times that its own table has as numbers"),
    (Vendor::Volcengine, "DescribeDomain", "`domain show` reads the listing, which tells more"),
];

/// Values in place of an example's that a command by hand refuses, whatever is asked: Action, parameter, value.
pub const IN_ITS_PLACE: &[(Vendor, &str, &str, &str)] = &[
    (Vendor::Tencent, "ForbidLiveStream", "ResumeTime", "2099-01-01T00:00:00Z"),
    (Vendor::Tencent, "ModifyLivePushAuthKey", "BackupAuthKey", "backup2"),
    (Vendor::Volcengine, "DescribeCertDetailSecretV2", "ChainID", "a1"),
];

/// What commands that read first must find: whose Action is called, which one it reads, and the answer's result.
/// `NAME` stands for the parameter's value.
#[rustfmt::skip]
pub const READ_FIRST: &[(Vendor, &str, &str, &str)] = &[
    (Vendor::Tencent, "DeleteLivePullStreamTask", "DescribeLivePullStreamTasks", PULL_TASK),
    (Vendor::Tencent, "EnableLiveDomain", "DescribeLiveDomain", r#"{"DomainInfo": {"Name": "DomainName", "Type": 1, "Status": 0}}"#),
    (Vendor::Tencent, "ModifyLivePullStreamTask", "DescribeLivePullStreamTasks", PULL_TASK),
    (Vendor::Tencent, "ResumeLiveStream", "DescribeLiveStreamState", r#"{"StreamState": "forbid"}"#),
    (Vendor::Tencent, "RestartLivePullStreamTask", "DescribeLivePullStreamTasks", PULL_TASK),
    (Vendor::Aliyun, "BatchDeleteLiveDomainConfigs", "DescribeLiveDomainConfigs", r#"{"DomainConfigs": {"DomainConfig": [{"FunctionName": "referer_white_list_set"}, {"FunctionName": "https_force"}]}}"#),
    (Vendor::Aliyun, "DeleteLiveDomainMapping", "DescribeLiveDomainMapping", r#"{"LiveDomainModels": {"LiveDomainModel": [{"DomainName": "PullDomain", "Type": "play"}]}}"#),
    (Vendor::Aliyun, "DeleteLivePullStreamInfoConfig", "DescribeLivePullStreamConfig", PULL_CONFIG),
    (Vendor::Aliyun, "StartLiveDomain", "DescribeLiveDomainDetail", r#"{"DomainDetail": {"DomainName": "DomainName", "DomainStatus": "offline"}}"#),
    (Vendor::Aliyun, "UpdateLivePullStreamInfoConfig", "DescribeLivePullStreamConfig", PULL_CONFIG),
    (Vendor::Volcengine, "DeleteDomain", "ListDomainDetail", r#"{"Total": 1, "DomainList": [{"Domain": "Domain", "Type": "push", "Status": 0}]}"#),
    (Vendor::Volcengine, "DeleteIPAccessRule", "DescribeIPAccessRule", r#"{"AccessRuleLists": [{"Domain": "Domain", "Vhost": "Vhost", "IPAccessRule": {"Enable": true, "Type": "deny", "IpList": ["192.0.2.1"]}}]}"#),
    (Vendor::Volcengine, "DeleteReferer", "DescribeReferer", r#"{"RefererList": [{"App": "App", "Vhost": "Vhost", "RefererInfoList": [{"Key": "referer", "Type": "deny", "Value": "a.example.com", "Priority": 0}]}]}"#),
    (Vendor::Volcengine, "DeleteRelaySourceV4", "ListRelaySourceV4", RELAY),
    (Vendor::Volcengine, "DisableDomain", "ListDomainDetail", r#"{"Total": 1, "DomainList": [{"Domain": "Domain", "Type": "push", "Status": 0}]}"#),
    (Vendor::Volcengine, "EnableDomain", "ListDomainDetail", r#"{"Total": 1, "DomainList": [{"Domain": "Domain", "Type": "push", "Status": 2}]}"#),
    (Vendor::Volcengine, "ResumeStream", "DescribeForbiddenStreamInfoByPage", r#"{"RoughCount": 1, "StreamInfoList": [{"App": "App", "Stream": "Stream", "Vhost": "Vhost", "Status": true}]}"#),
    (Vendor::Volcengine, "ResumeStream", "DescribeLiveStreamState", r#"{"stream_state": "forbidden"}"#),
    (Vendor::Volcengine, "UnBindEncryptDRM", "ListBindEncryptDRM", r#"{"DRMBindingList": [{"Vhost": "Vhost", "App": "App", "DRMSystems": ["ClearKey"], "EncryptOriginStream": true}]}"#),
    (Vendor::Volcengine, "UpdateRelaySourceV4", "ListRelaySourceV4", RELAY),
];

const PULL_TASK: &str = r#"{"TotalNum": 1, "TaskInfos": [{"TaskId": "TaskId", "DomainName": "d.example.com", "AppName": "live",
    "StreamName": "s", "SourceType": "PullLivePushLive", "SourceUrls": ["rtmp://old.example.com/live/s"],
    "StartTime": "2020-04-20T00:30:00Z", "EndTime": "2020-04-25T00:30:00Z", "Status": "enable"}]}"#;

const PULL_CONFIG: &str = r#"{"LiveAppRecordList": {"LiveAppRecord": [{"DomainName": "DomainName", "AppName": "AppName",
    "StreamName": "StreamName", "SourceUrl": "rtmp://old.example.com/live/s", "StartTime": "2016-05-15T01:30:00Z",
    "EndTime": "2016-05-20T01:33:00Z"}]}}"#;

const RELAY: &str = r#"{"List": [{"App": "App", "Stream": "Stream", "SrcAddrS": ["rtmp://old.example.com/live/s"],
    "Domain": "Domain", "StartTime": 0, "EndTime": 0}], "Pagination": {"PageCur": 1, "PageTotal": 1, "TotalCount": 1}}"#;

/// What a home command adds to what was given: of which Action (`*`: of every), which parameter, and why.
pub const ADDED: &[(Vendor, &str, &str, &str)] =
    &[(Vendor::Tencent, "*", "Operator", "the contract has it default to `livectl`")];
