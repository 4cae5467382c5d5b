"""Aliyun's two SDKs against the sandbox: the older one signs in the query, the newer one in headers."""

import datetime
import importlib
import json
import re

from alibabacloud_live20161101 import client as v3_client, models as v3_models
from alibabacloud_tea_openapi import models as v3_config, utils_models
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.auth.credentials import AccessKeyCredential, StsTokenCredential
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest
from darabonba.runtime import RuntimeOptions

from support import SandboxCase

REQUEST_ID = re.compile(r"^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$")


def utc(days):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


class Older:
    """aliyun-python-sdk-core and -live: RPC, HMAC-SHA1."""

    def client(self, key_id=None, secret=None, token=None):
        pair = (key_id or self.sandbox.key_id, secret or self.sandbox.secret)
        credential = StsTokenCredential(*pair, token) if token else AccessKeyCredential(*pair)
        return AcsClient(region_id="cn-shanghai", credential=credential, auto_retry=False, timeout=10)

    def call(self, action, client=None, **params):
        module = importlib.import_module(f"aliyunsdklive.request.v20161101.{action}Request")
        request = getattr(module, action + "Request")()
        for name, value in params.items():
            getattr(request, "set_" + name)(value)
        return self.send(request, client)

    def send(self, request, client=None):
        request.set_endpoint(self.sandbox.address)
        request.set_protocol_type("http")
        return json.loads((client or self.client()).do_action_with_exception(request))

    def call_unknown(self, action):
        request = CommonRequest(domain=self.sandbox.address, version="2016-11-01", action_name=action)
        return self.send(request)

    def refused(self, code, work, *args, **params):
        with self.assertRaises(ServerException) as caught:
            work(*args, **params)
        error = caught.exception
        self.assertEqual(error.get_error_code(), code, error)
        self.assertRegex(error.get_request_id(), REQUEST_ID)
        return error.get_http_status()


class Newer:
    """alibabacloud_live20161101: ACS3-HMAC-SHA256."""

    def client(self, key_id=None, secret=None, token=None):
        config = v3_config.Config(
            access_key_id=key_id or self.sandbox.key_id, access_key_secret=secret or self.sandbox.secret,
            security_token=token, endpoint=self.sandbox.address, protocol="http", region_id="cn-shanghai")
        return v3_client.Client(config)

    def call(self, action, client=None, **params):
        request = getattr(v3_models, action + "Request")().from_map(params)
        answer = getattr(client or self.client(), snake(action))(request)
        return answer.body.to_map()

    def call_unknown(self, action):
        params = utils_models.Params(action=action, version="2016-11-01", protocol="HTTP", pathname="/", method="POST",
                                     auth_type="AK", style="RPC", req_body_type="formData", body_type="json")
        return self.client().call_api(params, utils_models.OpenApiRequest(), RuntimeOptions())

    def refused(self, code, work, *args, **params):
        with self.assertRaises(Exception) as caught:
            work(*args, **params)
        error = caught.exception
        self.assertEqual(getattr(error, "code", None), code, error)
        data = error.data
        self.assertRegex(data.get("RequestId") or data.get("requestId") or "", REQUEST_ID)
        return error.status_code if hasattr(error, "status_code") else data["statusCode"]


class Life:
    def test_a_domain_lives_and_livectl_sees_it(self):
        self.call("AddLiveDomain", DomainName="push.example.com", LiveDomainType="liveEdge", Region="cn-shanghai")
        self.call("AddLiveDomain", DomainName="play.example.com", LiveDomainType="liveVideo", Region="cn-beijing",
                  Scope="domestic")
        detail = self.call("DescribeLiveDomainDetail", DomainName="play.example.com")["DomainDetail"]
        self.assertEqual((detail["LiveDomainType"], detail["Region"]), ("liveVideo", "cn-beijing"))
        self.call("AddLiveDomainMapping", PushDomain="push.example.com", PullDomain="play.example.com")
        models = self.call("DescribeLiveDomainMapping", DomainName="push.example.com")["LiveDomainModels"]
        self.assertIn("play.example.com", json.dumps(models))
        self.call("DeleteLiveDomainMapping", PushDomain="push.example.com", PullDomain="play.example.com")
        self.call("StopLiveDomain", DomainName="play.example.com")
        self.call("StartLiveDomain", DomainName="play.example.com")
        rows = {row["name"]: row for row in self.livectl("aliyun", "domain", "list")}
        self.assertEqual((rows["push.example.com"]["type"], rows["play.example.com"]["type"]), ("push", "play"))
        self.refused("DomainAlreadyExist", self.call, "AddLiveDomain", DomainName="push.example.com",
                     LiveDomainType="liveEdge", Region="cn-shanghai")
        self.call("DeleteLiveDomain", DomainName="push.example.com")
        status = self.refused("InvalidDomain.NotFound", self.call, "DeleteLiveDomain", DomainName="push.example.com")
        self.assertEqual(status, 404)

    def test_what_livectl_adds_the_sdk_lists_page_by_page(self):
        names = [f"page{n}.example.net" for n in range(3)]
        for name in names:
            self.livectl("aliyun", "domain", "add", name, "--type", "push")
        seen = []
        for page in (1, 2):
            answer = self.call("DescribeLiveUserDomains", DomainName="example.net", PageNumber=page, PageSize=2)
            self.assertEqual((answer["TotalCount"], answer["PageNumber"]), (3, page))
            seen += [domain["DomainName"] for domain in answer["Domains"]["PageData"]]
        self.assertEqual(sorted(seen), names)

    def test_a_relay_with_reserved_characters(self):
        stream = {"DomainName": "play.example.org", "AppName": "app 1", "StreamName": "流~*+%&='\"/é"}
        source = "rtmp://origin.example.com/live/a?x=1&y=中+%20;rtmp://b.example.com/live/a"
        self.call("AddLivePullStreamInfoConfig", **stream, SourceUrl=source, StartTime=utc(0), EndTime=utc(2))
        record = self.call("DescribeLivePullStreamConfig", DomainName="play.example.org")
        record = record["LiveAppRecordList"]["LiveAppRecord"][0]
        self.assertEqual((record["StreamName"], record["AppName"], record["SourceUrl"]),
                         (stream["StreamName"], "app 1", source))
        row = self.livectl("aliyun", "relay", "list", "--domain", "play.example.org")[0]
        self.assertEqual((row["stream"], row["app"], row["sources"]), (stream["StreamName"], "app 1", source.split(";")))
        self.call("UpdateLivePullStreamInfoConfig", **stream, SourceUrl="rtmp://c.example.com/l/a", StartTime=utc(0),
                  EndTime=utc(1))
        self.call("DeleteLivePullStreamInfoConfig", **stream)
        self.livectl("aliyun", "relay", "add", "--domain", "play.example.org", "--app", "live", "--stream", "mine",
                     "--source", "rtmp://origin.example.com/live/s", "--start", "now", "--end", "+1d")
        left = self.call("DescribeLivePullStreamConfig", DomainName="play.example.org")
        self.assertEqual([r["StreamName"] for r in left["LiveAppRecordList"]["LiveAppRecord"]], ["mine"])

    def test_a_transcode_template_lives(self):
        self.call("AddCustomLiveStreamTranscode", Domain="t.example.com", App="live", Template="sdk1", TemplateType="h264",
                  Height=720, Width=1280, FPS=25, VideoBitrate=1500)
        shown = self.call("DescribeLiveStreamTranscodeInfo", DomainTranscodeName="t.example.com")
        self.assertIn("sdk1", json.dumps(shown))
        self.call("DeleteLiveStreamTranscode", Domain="t.example.com", App="live", Template="sdk1")
        shown = self.call("DescribeLiveStreamTranscodeInfo", DomainTranscodeName="t.example.com")
        self.assertNotIn('"sdk1"', json.dumps(shown))

    def playback_domain(self, name):
        """What a domain has is kept beside it, so it must be there."""
        self.livectl("aliyun", "domain", "add", name, "--type", "play", "--if-not-exists")

    def test_lists_and_objects(self):
        self.playback_domain("a.com")
        for action, params in self.nested.items():
            with self.subTest(action):
                self.assertRegex(self.call(action, **params)["RequestId"], REQUEST_ID)

    def test_reads_of_what_is_not_set(self):
        self.playback_domain("a.com")
        for action, params in {
            "DescribeLiveRecordConfig": {"DomainName": "a.com"}, "DescribeLiveSnapshotConfig": {"DomainName": "a.com"},
            "DescribeLiveStreamsOnlineList": {"DomainName": "a.com"},
            "DescribeLiveCertificateList": {"DomainName": "a.com"},
            "DescribeLiveDomainConfigs": {"DomainName": "a.com", "FunctionNames": "aliauth"},
        }.items():
            with self.subTest(action):
                self.assertRegex(self.call(action, **params)["RequestId"], REQUEST_ID)

    def test_settings_of_a_domain_are_seen_from_both_sides(self):
        self.playback_domain("both.example.com")
        storage = "oss://bucket/rec?endpoint=oss-cn-shanghai.aliyuncs.com"
        self.livectl("aliyun", "record", "add", "--domain", "both.example.com", "--app", "live", "--format", "flv",
                     "--segment", "30m", "--storage", storage)
        listed = self.call("DescribeLiveRecordConfig", DomainName="both.example.com")
        [config] = listed["LiveAppRecordList"]["LiveAppRecord"]
        formats = config["RecordFormatList"]["RecordFormat"]
        self.assertEqual((config["AppName"], config["OssBucket"]), ("live", "bucket"))
        self.assertEqual([(one["Format"], one["CycleDuration"]) for one in formats], [("flv", 1800)])
        self.call("DeleteLiveAppRecordConfig", DomainName="both.example.com", AppName="live")
        self.assertEqual(self.livectl("aliyun", "record", "list", "--domain", "both.example.com"), [])

        self.call("AddCustomLiveStreamTranscode", Domain="both.example.com", App="live", Template="seen",
                  TemplateType="h264", Height=720, VideoBitrate=1500)
        [row] = self.livectl("aliyun", "transcode", "list", "--domain", "both.example.com")
        self.assertEqual((row["id"], row["codec"], row["height"], row["video_kbps"]),
                         ("both.example.com/live/#seen", "h264", 720, 1500))

        self.call("SetLiveStreamsNotifyUrlConfig", DomainName="both.example.com", NotifyUrl="http://hooks.example.com/a?b=c")
        rows = self.livectl("aliyun", "callback", "list", "--domain", "both.example.com")
        self.assertEqual({row["event"]: row["url"] for row in rows},
                         {event: "http://hooks.example.com/a?b=c" for event in ("stream-begin", "stream-end")})
        self.livectl("aliyun", "callback", "delete", "both.example.com//", "--event", "stream-begin,stream-end")
        self.assertNotIn("hooks", json.dumps(self.call("DescribeLiveStreamsNotifyUrlConfig", DomainName="both.example.com")))


class Refusals:
    faults = ("aliyun:DescribeLiveRecordConfig:throttle*forever", "aliyun:DescribeLiveSnapshotConfig:expired*forever",
              "aliyun:DescribeLiveCertificateList:error*forever")

    def test_credentials(self):
        listing = (self.call, "DescribeLiveUserDomains")
        self.refused("InvalidAccessKeyId.NotFound", *listing, client=self.client(key_id="LTAInobody"))
        self.refused("InvalidSecurityToken.Expired", *listing, client=self.client(token="an-old+token/="))
        # The older SDK compares the server's string to sign with its own: the same means that the secret is wrong.
        self.refused(self.wrong_secret, *listing, client=self.client(secret="another"))
        self.refused("InvalidSecurityToken.Expired", self.call, "DescribeLiveSnapshotConfig", DomainName="a.com")

    def test_parameters(self):
        self.refused("MissingParameter", self.call, "AddLiveDomain", DomainName="a.example.com", LiveDomainType="liveEdge")
        self.refused("MissingDomainName", self.call, "DeleteLiveDomain")
        status = self.refused("InvalidDomainName.Malformed", self.call, "AddLiveDomain", DomainName="no domain",
                              LiveDomainType="liveEdge", Region="cn-shanghai")
        self.assertEqual(status, 400)

    def test_unknown_actions(self):
        self.assertEqual(self.refused("InvalidAction.NotFound", self.call_unknown, "DescribeNothing"), 404)

    def test_throttling_and_the_vendors_own_fault(self):
        self.refused("Throttling.User", self.call, "DescribeLiveRecordConfig", DomainName="a.com")
        self.refused("InternalError", self.call, "DescribeLiveCertificateList", DomainName="a.com")


class OlderLife(Older, Life, SandboxCase):
    nested = {
        "AddLiveAppRecordConfig": {
            "DomainName": "a.com", "AppName": "live", "OssBucket": "b", "OssEndpoint": "oss-cn-shanghai.aliyuncs.com",
            "RecordFormats": [{"Format": "mp4", "CycleDuration": 3600,
                               "OssObjectPrefix": "record/{AppName}/{StreamName}/{EscapedStartTime}"}]},
        "BatchSetLiveDomainConfigs": {
            "DomainNames": "a.com", "Functions": '[{"functionName":"aliauth","functionArgs":[]}]'},
    }


class NewerLife(Newer, Life, SandboxCase):
    nested = {
        "AddLiveAppRecordConfig": {
            "DomainName": "a.com", "AppName": "live", "OssBucket": "b", "OssEndpoint": "oss-cn-shanghai.aliyuncs.com",
            "RecordFormat": [{"Format": "mp4", "CycleDuration": 3600,
                              "OssObjectPrefix": "record/{AppName}/{StreamName}/{EscapedStartTime}"}]},
        "BatchSetLiveDomainConfigs": {
            "DomainNames": "a.com", "Functions": '[{"functionName":"aliauth","functionArgs":[]}]'},
    }


class OlderRefusals(Older, Refusals, SandboxCase):
    wrong_secret = "InvalidAccessKeySecret"


class NewerRefusals(Newer, Refusals, SandboxCase):
    wrong_secret = "SignatureDoesNotMatch"
