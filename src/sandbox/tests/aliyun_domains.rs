//! Aliyun's streams, and functions, certificates and recordings of its domains.

use std::time::Duration;

use serde_json::{Value, json};

use super::{NOW, call, ok, pair, refused, sandbox, sandbox_with};
use crate::model::Vendor::Aliyun;
use crate::sandbox::dispatch::Shared;

/// `NOW` as the vendor writes it.
const BORN: &str = "2023-11-14T22:13:20Z";

fn add_domain(shared: &Shared, name: &str, kind: &str) {
    let params = json!({"DomainName": name, "LiveDomainType": kind, "Region": "cn-shanghai"});
    ok(shared, Aliyun, "AddLiveDomain", params);
}

#[test]
fn streams_are_live_until_forbidden() {
    let shared = sandbox();
    let stream = |name: &str| json!({"DomainName": "play.example.com", "AppName": "live", "StreamName": name, "LiveStreamType": "publisher"});
    for name in ["s1", "s2"] {
        let mut pull = stream(name);
        pull["SourceUrl"] = json!("rtmp://a.example.com/l/s");
        pull["StartTime"] = json!(BORN);
        pull["EndTime"] = json!("2023-11-15T22:13:20Z");
        ok(&shared, Aliyun, "AddLivePullStreamInfoConfig", pull);
    }
    let online = |more: Value| {
        let mut params = json!({"DomainName": "play.example.com"});
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        ok(&shared, Aliyun, "DescribeLiveStreamsOnlineList", params)
    };
    let all = online(json!({"PageSize": 1, "PageNum": 2}));
    assert_eq!((&all["TotalNum"], &all["TotalPage"]), (&json!(2), &json!(2)));
    let first = &all["OnlineInfo"]["LiveStreamOnlineInfo"][0];
    assert_eq!((&first["StreamName"], &first["PublishTime"]), (&json!("s2"), &json!(BORN)));
    assert_eq!(first["PublishUrl"], "rtmp://play.example.com/live/s2");
    assert_eq!(online(json!({"StreamName": "s", "QueryType": "strict"}))["TotalNum"], 0);
    assert_eq!(online(json!({"StreamName": "s", "AppName": "live"}))["TotalNum"], 2);

    let mut past = stream("s1");
    past["ResumeTime"] = json!("2023-11-14T22:13:19Z");
    assert_eq!(refused(&shared, Aliyun, "ForbidLiveStream", past), pair(400, "InvalidTime.Malformed"));
    ok(&shared, Aliyun, "ForbidLiveStream", stream("s1"));
    assert_eq!(online(json!({}))["OnlineInfo"]["LiveStreamOnlineInfo"][0]["StreamName"], "s2");
    let blocked = || ok(&shared, Aliyun, "DescribeLiveStreamsBlockList", json!({"DomainName": "play.example.com"}));
    assert_eq!(blocked()["StreamUrls"]["StreamUrl"], json!(["play.example.com/live/s1"]));
    let past = json!({"DomainName": "play.example.com", "StartTime": "2023-11-14T00:00:00Z", "EndTime": "2023-11-15T00:00:00Z"});
    let pushed = ok(&shared, Aliyun, "DescribeLiveStreamsPublishList", past.clone());
    let pushes = &pushed["PublishInfo"]["LiveStreamPublishInfo"];
    assert_eq!((&pushes[0]["StopTime"], pushes[1].get("StopTime")), (&json!(BORN), None));
    ok(&shared, Aliyun, "ResumeLiveStream", stream("s1"));
    assert_eq!((&blocked()["TotalNum"], &online(json!({}))["TotalNum"]), (&json!(0), &json!(2)));
    let history = ok(&shared, Aliyun, "DescribeLiveStreamsControlHistory", past);
    assert_eq!(
        history["ControlInfo"]["LiveStreamControlInfo"],
        json!([
            {"StreamName": "s1", "ClientIP": "127.0.0.1", "Action": "ForbidLiveStream", "TimeStamp": BORN},
            {"StreamName": "s1", "ClientIP": "127.0.0.1", "Action": "ResumeLiveStream", "TimeStamp": BORN},
        ])
    );
    let state = ok(&shared, Aliyun, "DescribeLiveStreamState", stream("s2"));
    assert_eq!(state["StreamState"], "online");
    assert_eq!(refused(&shared, Aliyun, "DescribeLiveStreamState", stream("s9")), pair(404, "InvalidStream.NotFound"));
}

#[test]
fn functions_of_domains_live() {
    let shared = sandbox_with(|options| options.settle = Duration::ZERO);
    let set = |functions: Value| json!({"DomainNames": "www.xxx.org.cn", "Functions": functions.to_string()});
    let host = json!([{"functionName": "set_req_host_header",
        "functionArgs": [{"argName": "domain_name", "argValue": "testscdn3.cdnpe.com"}]}]);
    let set_them = "BatchSetLiveDomainConfigs";
    assert_eq!(refused(&shared, Aliyun, set_them, set(host.clone())), pair(404, "InvalidDomain.NotFound"));
    add_domain(&shared, "www.xxx.org.cn", "liveVideo");
    for (function, argument, value, code) in [
        ("nope", "enable", "on", "InvalidFunctionName.ValueNotSupported"),
        ("gzip", "enable", "on", "InvalidFunctionName.ValueNotSupported"),
        ("https_force", "nope", "on", "InvalidArgName.ValueNotSupported"),
        ("https_force", "enable", "yes", "InvalidArgValue.Malformed"),
        ("path_based_ttl_set", "weight", "100", "InvalidArgValue.Malformed"),
    ] {
        let wrong = json!([{"functionName": function, "functionArgs": [{"argName": argument, "argValue": value}]}]);
        assert_eq!(refused(&shared, Aliyun, set_them, set(wrong)), pair(400, code), "{function}");
    }
    ok(&shared, Aliyun, set_them, set(host.clone()));
    ok(&shared, Aliyun, set_them, set(host));
    let ttl = |types: &str, id: Option<i64>| {
        let mut one = json!({"functionName": "filetype_based_ttl_set", "functionArgs": [
            {"argName": "file_type", "argValue": types}, {"argName": "ttl", "argValue": "13"}]});
        if let Some(id) = id {
            one["configId"] = json!(id);
        }
        set(json!([one]))
    };
    ok(&shared, Aliyun, set_them, ttl("txt", None));
    ok(&shared, Aliyun, set_them, ttl("jpg", None));
    let list = |names: &str| {
        let params = json!({"DomainName": "www.xxx.org.cn", "FunctionNames": names});
        ok(&shared, Aliyun, "DescribeLiveDomainConfigs", params)["DomainConfigs"]["DomainConfig"].clone()
    };
    assert_eq!(list("").as_array().unwrap().len(), 3, "one host header, two times to live");
    let kept = list("set_req_host_header");
    assert_eq!(
        kept[0]["FunctionArgs"],
        json!({"FunctionArg": [{"ArgName": "domain_name", "ArgValue": "testscdn3.cdnpe.com"}]})
    );
    assert_eq!((&kept[0]["Status"], kept[0]["ConfigId"].is_string()), (&json!("success"), true));
    let second = list("filetype_based_ttl_set")[1]["ConfigId"].as_str().unwrap().parse::<i64>().unwrap();
    ok(&shared, Aliyun, set_them, ttl("png", Some(second)));
    assert_eq!(list("filetype_based_ttl_set")[1]["FunctionArgs"]["FunctionArg"][0]["ArgValue"], "png");
    assert_eq!(refused(&shared, Aliyun, set_them, ttl("png", Some(7))), pair(404, "InvalidConfig.NotFound"));
    let one = json!({"DomainName": "www.xxx.org.cn", "ConfigId": second.to_string()});
    ok(&shared, Aliyun, "DeleteLiveSpecificConfig", one.clone());
    assert_eq!(refused(&shared, Aliyun, "DeleteLiveSpecificConfig", one), pair(404, "InvalidConfig.NotFound"));
    let all = json!({"DomainNames": "www.xxx.org.cn", "FunctionNames": "filetype_based_ttl_set,set_req_host_header"});
    ok(&shared, Aliyun, "BatchDeleteLiveDomainConfigs", all);
    assert_eq!(list(""), json!([]));
    let kept = json!({"DomainNames": "www.xxx.org.cn", "FunctionNames": "tmd_signature"});
    let why = refused(&shared, Aliyun, "BatchDeleteLiveDomainConfigs", kept);
    assert_eq!(why, pair(400, "InvalidFunctionName.ValueNotSupported"));
}

#[test]
fn certificates_of_domains_live() {
    let shared = sandbox();
    let (public, private) = (
        "-----BEGIN CERTIFICATE-----MIIB-----END CERTIFICATE-----",
        "-----BEGIN PRIVATE KEY-----X-----END PRIVATE KEY-----",
    );
    let mut set =
        json!({"DomainName": "test.com", "SSLProtocol": "on", "SSLPub": public, "SSLPri": private, "CertName": "c1"});
    let action = "SetLiveDomainCertificate";
    assert_eq!(refused(&shared, Aliyun, action, set.clone()), pair(404, "InvalidDomain.NotFound"));
    add_domain(&shared, "test.com", "liveVideo");
    let without = |name: &str| {
        let mut params = set.clone();
        params.as_object_mut().unwrap().shift_remove(name);
        refused(&shared, Aliyun, action, params)
    };
    assert_eq!(without("SSLPub"), pair(400, "SSLPub.MissingParameter"));
    assert_eq!(without("SSLPri"), pair(400, "SSLPri.MissingParameter"));
    let named =
        |name: &str| json!({"DomainName": "test.com", "SSLProtocol": "on", "CertType": "cas", "CertName": name});
    assert_eq!(refused(&shared, Aliyun, action, named("c1")).1, "Certificate.NotFind");
    ok(&shared, Aliyun, action, set.clone());
    let detail =
        || ok(&shared, Aliyun, "DescribeLiveDomainDetail", json!({"DomainName": "test.com"}))["DomainDetail"].clone();
    assert_eq!((&detail()["SSLProtocol"], &detail()["CertName"]), (&json!("on"), &json!("c1")));
    let listed = ok(&shared, Aliyun, "DescribeLiveCertificateList", json!({"DomainName": "test.com"}));
    let model = &listed["CertificateListModel"];
    assert_eq!((&model["Count"], &model["CertList"]["Cert"][0]["LastTime"]), (&json!(1), &json!(NOW + 365 * 86_400)));
    let shown = ok(&shared, Aliyun, "DescribeLiveCertificateDetail", json!({"CertName": "c1"}));
    assert_eq!(shown["Cert"], public);
    let over = ok(&shared, Aliyun, "DescribeLiveHttpsDomainList", json!({"Keyword": "test"}));
    let first = &over["CertInfos"]["CertInfo"][0];
    assert_eq!((&over["TotalCount"], &first["CertExpireTime"]), (&json!(1), &json!("2024-11-13T22:13:20Z")));
    assert!(!format!("{shown}{over}{}", detail()).contains("PRIVATE"));

    set["SSLPub"] = json!("-----BEGIN CERTIFICATE-----YYY-----END CERTIFICATE-----");
    assert_eq!(refused(&shared, Aliyun, action, set.clone()), pair(400, "Certificate.Duplicated"));
    set["ForceSet"] = json!("1");
    ok(&shared, Aliyun, action, set);
    ok(&shared, Aliyun, action, json!({"DomainName": "test.com", "SSLProtocol": "off"}));
    assert_eq!(detail()["SSLProtocol"], "off");
    ok(&shared, Aliyun, action, named("c1"));
    ok(&shared, Aliyun, "StopLiveDomain", json!({"DomainName": "test.com"}));
    assert_eq!(refused(&shared, Aliyun, action, named("c1")), pair(400, "InvalidDomain.Offline"));
}

#[test]
fn recordings_of_what_was_live() {
    let shared = sandbox();
    let stream = |more: Value| {
        let mut params = json!({"DomainName": "d.cn", "AppName": "live", "StreamName": "s1"});
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        params
    };
    let range = || stream(json!({"StartTime": "2023-11-14T22:00:00Z", "EndTime": "2023-11-14T23:00:00Z"}));
    let command = |word: &str| stream(json!({"Command": word}));
    let file = || {
        let mut params = range();
        params["OssBucket"] = json!("bucket");
        params["OssEndpoint"] = json!("oss-cn-hangzhou.aliyuncs.com");
        params["OssObject"] = json!("atestObject.m3u8");
        params
    };
    let create = "CreateLiveStreamRecordIndexFiles";
    assert_eq!(refused(&shared, Aliyun, create, file()), pair(404, "InvalidStream.NotFound"));
    assert_eq!(
        refused(&shared, Aliyun, "RealTimeRecordCommand", command("start")),
        pair(404, "InvalidStream.NotFound")
    );
    let window = json!({"SourceUrl": "rtmp://a.cn/l/s", "StartTime": BORN, "EndTime": "2023-11-15T22:13:20Z"});
    ok(&shared, Aliyun, "AddLivePullStreamInfoConfig", stream(window));
    assert_eq!(
        refused(&shared, Aliyun, "RealTimeRecordCommand", command("start")),
        pair(404, "InvalidConfig.NotFound")
    );
    let config = json!({"DomainName": "d.cn", "AppName": "live", "OssBucket": "b", "OssEndpoint": "e"});
    ok(&shared, Aliyun, "AddLiveAppRecordConfig", config);
    ok(&shared, Aliyun, "RealTimeRecordCommand", command("start"));
    assert_eq!(refused(&shared, Aliyun, "RealTimeRecordCommand", command("start")), pair(409, "TaskAlreadyStarted"));
    ok(&shared, Aliyun, "RealTimeRecordCommand", command("stop"));
    let content = ok(&shared, Aliyun, "DescribeLiveStreamRecordContent", range());
    let piece = &content["RecordContentInfoList"]["RecordContentInfo"][0];
    assert_eq!((&piece["OssBucket"], &piece["StartTime"]), (&json!("b"), &json!(BORN)));
    let made = ok(&shared, Aliyun, create, file())["RecordInfo"].clone();
    assert_eq!(made["RecordUrl"], "http://bucket.oss-cn-hangzhou.aliyuncs.com/atestObject.m3u8");
    let listed = ok(&shared, Aliyun, "DescribeLiveStreamRecordIndexFiles", range());
    assert_eq!(listed["RecordIndexInfoList"]["RecordIndexInfo"][0]["RecordId"], made["RecordId"]);
    let one = || stream(json!({"RecordId": made["RecordId"]}));
    let shown = ok(&shared, Aliyun, "DescribeLiveStreamRecordIndexFile", one());
    assert_eq!(shown["RecordIndexInfo"]["OssObject"], "atestObject.m3u8");
    let delete = stream(json!({"RecordId.1": made["RecordId"], "RemoveFile": "true"}));
    // Its answer has a member `Code` although it succeeds.
    let (status, deleted) = call(&shared, Aliyun, "DeleteLiveStreamRecordIndexFiles", delete);
    assert_eq!((status, &deleted["RecordDeleteInfoList"]["RecordDeleteInfo"][0]["Message"]), (200, &json!("success")));
    assert_eq!(
        refused(&shared, Aliyun, "DescribeLiveStreamRecordIndexFile", one()),
        pair(404, "InvalidConfig.NotFound")
    );
}
