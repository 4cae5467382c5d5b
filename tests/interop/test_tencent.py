"""Tencent's own SDK against the sandbox, with each of its signatures."""

import datetime
import json
import re

from tencentcloud.common import credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.live.v20180801 import live_client, models

from support import SandboxCase

REQUEST_ID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")


def utc(days):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


class TencentCase(SandboxCase):
    def client(self, signature="TC3-HMAC-SHA256", method="POST", key_id=None, secret=None, token=None, unsigned=False):
        pair = credential.Credential(key_id or self.sandbox.key_id, secret or self.sandbox.secret, token)
        http = HttpProfile(protocol="http", endpoint=self.sandbox.address, reqMethod=method, reqTimeout=10)
        profile = ClientProfile(signMethod=signature, httpProfile=http)
        profile.unsignedPayload = unsigned
        return live_client.LiveClient(pair, "ap-guangzhou", profile)

    def call(self, action, client=None, **params):
        request = getattr(models, action + "Request")()
        request.from_json_string(json.dumps(params))
        return getattr(client or self.client(), action)(request)

    def refused(self, code, action, client=None, **params):
        with self.assertRaises(TencentCloudSDKException) as caught:
            self.call(action, client, **params)
        self.assertEqual(caught.exception.get_code(), code, caught.exception)
        self.assertRegex(caught.exception.get_request_id(), REQUEST_ID)
        return caught.exception


class Domains(TencentCase):
    def test_a_domain_lives_and_livectl_sees_it(self):
        self.call("AddLiveDomain", DomainName="life.example.com", DomainType=1, PlayType=1)
        info = self.call("DescribeLiveDomain", DomainName="life.example.com").DomainInfo
        self.assertEqual((info.Type, info.Status, info.PlayType), (1, 1, 1))
        self.call("ModifyLivePlayDomain", DomainName="life.example.com", PlayType=2)
        self.call("ForbidLiveDomain", DomainName="life.example.com")
        rows = {row["name"]: row for row in self.livectl("tencent", "domain", "list")}
        row = rows["life.example.com"]
        self.assertEqual((row["type"], row["status"], row["area"]), ("play", "disabled", "global"))
        self.call("EnableLiveDomain", DomainName="life.example.com")
        self.call("DeleteLiveDomain", DomainName="life.example.com", DomainType=1)
        self.refused("ResourceNotFound.DomainNotExist", "DescribeLiveDomain", DomainName="life.example.com")

    def test_what_livectl_adds_the_sdk_lists_page_by_page(self):
        names = [f"page{n}.example.net" for n in range(5)]
        for name in names:
            self.livectl("tencent", "domain", "add", name, "--type", "push")
        seen, page = [], 0
        while True:
            page += 1
            answer = self.call("DescribeLiveDomains", DomainPrefix="page", PageNum=page, PageSize=10)
            seen += [domain.Name for domain in answer.DomainList]
            if len(seen) >= answer.AllCount:
                break
        self.assertEqual(sorted(seen), names)
        self.livectl("tencent", "domain", "delete", names[0])
        self.assertEqual(self.call("DescribeLiveDomains", DomainPrefix="page").AllCount, 4)

    def test_a_second_domain_of_that_name_is_refused(self):
        self.call("AddLiveDomain", DomainName="twice.example.com", DomainType=0)
        self.refused("InvalidParameter.DomainAlreadyExist", "AddLiveDomain", DomainName="twice.example.com", DomainType=0)


class Relays(TencentCase):
    def test_a_task_with_lists_objects_and_reserved_characters(self):
        comment = "直播 & 100% +\"'/?#=;~*\u00e9"
        task = self.call(
            "CreateLivePullStreamTask", SourceType="PullLivePushLive", Operator="sdk", Comment=comment,
            SourceUrls=["rtmp://origin.example.com/live/a?x=1&y=中"], DomainName="push.example.com", AppName="live",
            StreamName="s 1", StartTime=utc(0), EndTime=utc(2), CallbackEvents=["TaskStart", "TaskExit"],
            WatermarkList=[{"PictureUrl": "https://example.com/w.png", "XPosition": 10, "YPosition": 20,
                            "Width": 0, "Height": 0, "Location": 0}],
        ).TaskId
        found = self.call("DescribeLivePullStreamTasks", TaskId=task).TaskInfos[0]
        self.assertEqual((found.Comment, found.StreamName), (comment, "s 1"))
        self.assertEqual(found.SourceUrls, ["rtmp://origin.example.com/live/a?x=1&y=中"])
        self.assertEqual((found.WatermarkList[0].XPosition, found.CallbackEvents), (10, ["TaskStart", "TaskExit"]))
        rows = {row["id"]: row for row in self.livectl("tencent", "relay", "list", "--domain", "push.example.com")}
        self.assertEqual(rows[task]["sources"], ["rtmp://origin.example.com/live/a?x=1&y=中"])
        self.call("ModifyLivePullStreamTask", TaskId=task, Operator="sdk", Comment="changed")
        self.call("RestartLivePullStreamTask", TaskId=task, Operator="sdk")
        self.assertEqual(self.call("DescribeLivePullStreamTasks", TaskId=task).TaskInfos[0].Comment, "changed")
        self.call("DeleteLivePullStreamTask", TaskId=task, Operator="sdk")
        self.refused("InvalidParameter.TaskNotExist", "DeleteLivePullStreamTask", TaskId=task, Operator="sdk")

    def test_what_livectl_relays_the_sdk_lists(self):
        self.livectl("tencent", "relay", "add", "--domain", "push.example.org", "--app", "live", "--stream", "s9",
                     "--source", "rtmp://origin.example.com/live/s9", "--start", "now", "--end", "+2d")
        tasks = self.call("DescribeLivePullStreamTasks", PageNum=1, PageSize=20).TaskInfos
        self.assertIn("s9", [task.StreamName for task in tasks if task.DomainName == "push.example.org"])


class Templates(TencentCase):
    def test_a_transcode_template_lives(self):
        made = self.call("CreateLiveTranscodeTemplate", TemplateName="sdk720", VideoBitrate=1500, Vcodec="h264",
                         Width=1280, Height=720, Fps=25).TemplateId
        found = self.call("DescribeLiveTranscodeTemplate", TemplateId=made).Template
        self.assertEqual((found.TemplateName, found.VideoBitrate, found.Height), ("sdk720", 1500, 720))
        self.call("ModifyLiveTranscodeTemplate", TemplateId=made, VideoBitrate=1200)
        listed = self.call("DescribeLiveTranscodeTemplates").Templates
        self.assertEqual([t.VideoBitrate for t in listed if t.TemplateId == made], [1200])
        self.call("DeleteLiveTranscodeTemplate", TemplateId=made)
        self.assertNotIn(made, [t.TemplateId for t in self.call("DescribeLiveTranscodeTemplates").Templates])

    def test_templates_and_rules_are_seen_from_both_sides(self):
        self.livectl("tencent", "record", "add", "--domain", "push.both.com", "--app", "live", "--format", "mp4",
                     "--segment", "30m")
        [rule] = [r for r in self.call("DescribeLiveRecordRules").Rules if r.DomainName == "push.both.com"]
        template = self.call("DescribeLiveRecordTemplate", TemplateId=rule.TemplateId).Template
        self.assertEqual((rule.AppName, template.Mp4Param.Enable, template.Mp4Param.RecordInterval), ("live", 1, 1800))
        self.call("DeleteLiveRecordRule", DomainName="push.both.com", AppName="live", StreamName="")
        self.assertEqual(self.livectl("tencent", "record", "list", "--domain", "push.both.com"), [])

        made = self.call("CreateLiveTranscodeTemplate", TemplateName="both720", VideoBitrate=1500, Vcodec="h265",
                         Height=720).TemplateId
        self.call("CreateLiveTranscodeRule", DomainName="play.both.com", AppName="", StreamName="", TemplateId=made)
        [row] = self.livectl("tencent", "transcode", "list", "--domain", "play.both.com")
        self.assertEqual((row["id"], row["name"], row["app"], row["codec"], row["video_kbps"]),
                         (f"play.both.com//#{made}", "both720", None, "h265", 1500))

        made = self.call("CreateLiveCallbackTemplate", TemplateName="both", CallbackKey="k-1",
                         StreamBeginNotifyUrl="http://hooks.example.com/a?b=c").TemplateId
        self.call("CreateLiveCallbackRule", DomainName="push.both.com", AppName="live", TemplateId=made)
        [row] = self.livectl("tencent", "callback", "list", "--domain", "push.both.com")
        self.assertEqual((row["event"], row["url"], row["auth"]),
                         ("stream-begin", "http://hooks.example.com/a?b=c", True))
        self.livectl("tencent", "callback", "delete", row["id"])
        self.assertNotIn("push.both.com", [r.DomainName for r in self.call("DescribeLiveCallbackRules").Rules])

    def test_actions_answer_what_the_models_read(self):
        self.livectl("tencent", "domain", "add", "play.example.com", "--type", "play")
        reads = {
            "DescribeLiveCallbackTemplates": {}, "DescribeLiveRecordTemplates": {}, "DescribeLiveCallbackRules": {},
            "DescribeLiveWatermarks": {}, "DescribeLiveSnapshotTemplates": {}, "DescribeLiveRecordRules": {},
            "DescribeLiveTranscodeRules": {},
            "DescribeLiveStreamOnlineList": {"PageNum": 1, "PageSize": 10},
            "DescribeLivePlayAuthKey": {"DomainName": "play.example.com"},
            "DescribeStreamPlayInfoList": {"StartTime": "2018-12-10 20:00:00", "EndTime": "2018-12-10 20:01:00"},
        }
        for action, params in reads.items():
            with self.subTest(action):
                self.assertRegex(self.call(action, **params).RequestId, REQUEST_ID)
        rule = self.call("CreateLiveRecordTemplate", TemplateName="r", FlvParam={"Enable": 1, "RecordInterval": 1800},
                         HlsParam={"Enable": 0}, IsDelayLive=0)
        self.assertIsInstance(rule.TemplateId, int)


class Signatures(TencentCase):
    def test_every_signature_and_method(self):
        name = "s ñ+%&=*~"
        for signature in ("TC3-HMAC-SHA256", "HmacSHA1", "HmacSHA256"):
            for method in ("POST", "GET"):
                with self.subTest(signature=signature, method=method):
                    client = self.client(signature, method)
                    answer = self.call("DescribeLiveDomains", client, DomainPrefix=name, PageNum=1, PageSize=20)
                    self.assertEqual(answer.AllCount, 0)

    def test_nested_parameters_in_the_old_signatures_form(self):
        for at, (signature, method) in enumerate((("HmacSHA256", "POST"), ("HmacSHA1", "GET"))):
            task = self.call(
                "CreateLivePullStreamTask", self.client(signature, method), SourceType="PullLivePushLive",
                Operator="sdk", SourceUrls=["rtmp://o.example.com/a/1", "rtmp://o.example.com/a/2"][: at + 1],
                DomainName="p.example.com", AppName="live", StreamName=f"v1-{at}", StartTime=utc(0), EndTime=utc(1),
                WatermarkList=[{"PictureUrl": "https://example.com/w.png", "XPosition": 7, "YPosition": 0,
                                "Width": 0, "Height": 0, "Location": 0}],
            ).TaskId
            found = self.call("DescribeLivePullStreamTasks", TaskId=task).TaskInfos[0]
            self.assertEqual((len(found.SourceUrls), found.WatermarkList[0].XPosition), (at + 1, 7))

    def test_a_body_that_is_not_signed(self):
        client = self.client(unsigned=True)
        self.assertIsInstance(self.call("DescribeLiveDomains", client).AllCount, int)


class Refusals(TencentCase):
    faults = ("tencent:DescribeLiveWatermarks:throttle", "tencent:DescribeLiveCert:expired",
              "tencent:DescribeLiveCallbackRules:error")

    def test_credentials(self):
        for signature, method in (("TC3-HMAC-SHA256", "POST"), ("HmacSHA1", "GET"), ("HmacSHA256", "POST")):
            with self.subTest(signature):
                wrong = self.client(signature, method, secret="another")
                self.refused("AuthFailure.SignatureFailure", "DescribeLiveDomains", wrong)
                stranger = self.client(signature, method, key_id="AKIDnobody")
                self.refused("AuthFailure.SecretIdNotFound", "DescribeLiveDomains", stranger)
                stale = self.client(signature, method, token="an-old-token")
                self.refused("AuthFailure.TokenFailure", "DescribeLiveDomains", stale)
        self.refused("AuthFailure.TokenFailure", "DescribeLiveCert", CertId=1)

    def test_parameters(self):
        self.refused("MissingParameter", "AddLiveDomain", DomainName="a.example.com")
        self.refused("InvalidParameterValue", "AddLiveDomain", DomainName="a.example.com", DomainType=7)
        error = self.refused("InvalidParameter", "AddLiveDomain", DomainName="a.example.com", DomainType="push")
        self.assertIn("DomainType", error.get_message())
        self.refused("InvalidParameter.DomainFormatError", "AddLiveDomain", DomainName="no domain", DomainType=0)

    def test_unknown_things(self):
        with self.assertRaises(TencentCloudSDKException) as caught:
            self.client().call_json("DescribeNothing", {})
        self.assertEqual(caught.exception.get_code(), "InvalidAction")
        with self.assertRaises(TencentCloudSDKException) as caught:
            self.client().call_json("DescribeLiveDomains", {"Colour": "red"})
        self.assertEqual(caught.exception.get_code(), "UnknownParameter")

    def test_throttling_and_the_vendors_own_fault(self):
        self.refused("RequestLimitExceeded", "DescribeLiveWatermarks")
        self.refused("InternalError", "DescribeLiveCallbackRules")
