"""Tencent's own SDK, tencentcloud-sdk-python, against the sandbox, with each of its signatures."""

import json
import warnings

from tencentcloud.common import credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.live.v20180801 import errorcodes, live_client, models

import tencent_cases
from requests_cases import Facts
from support import TEXTS, counted
from tencent_cases import REQUEST_ID, WATERMARK

CLIENT = "tencentcloud-sdk-python"
load_tests = counted(CLIENT)

# The codes that the SDK lists for the service, and those that every service of the vendor has.
CODES = {code for name, code in vars(errorcodes).items() if name.isupper()} | Facts("tencent").common_codes


class Sdk:
    client_name = CLIENT

    def client(self, signature="TC3-HMAC-SHA256", method="POST", key_id=None, secret=None, token=None, unsigned=False):
        pair = credential.Credential(key_id or self.sandbox.key_id, secret or self.sandbox.secret, token)
        http = HttpProfile(protocol="http", endpoint=self.sandbox.address, reqMethod=method, reqTimeout=10)
        profile = ClientProfile(signMethod=signature, httpProfile=http)
        profile.unsignedPayload = unsigned
        return live_client.LiveClient(pair, "ap-guangzhou", profile)

    def call(self, action, params, **whose):
        """Through the typed models, both ways; what they have no name for goes as a plain call."""
        client = self.client(**whose)
        if not hasattr(client, action) or "Colour" in json.dumps(params):
            return client.call_json(action, params)["Response"]
        request = getattr(models, action + "Request")()
        with warnings.catch_warnings():
            # A member that the vendor's models do not have.
            warnings.filterwarnings("error", message=".* are useless")
            request.from_json_string(json.dumps(params))
            response = getattr(client, action)(request)
        self.assertRegex(response.RequestId, REQUEST_ID)
        self.note(action)
        return json.loads(response.to_json_string())

    def told(self, error, code, message=""):
        self.assertIsInstance(error, TencentCloudSDKException)
        self.assertEqual(error.get_code(), code, error)
        self.assertIn(code, CODES)
        self.assertRegex(error.get_request_id(), REQUEST_ID)
        self.assertTrue(error.get_message())
        self.assertIn(message, error.get_message())

    def refused(self, code, message, action, params, **whose):
        if code is None:
            return self.call(action, params, **whose)
        with self.assertRaises(TencentCloudSDKException) as caught:
            self.call(action, params, **whose)
        return self.told(caught.exception, code, message)


class Life(Sdk, tencent_cases.Life):
    def test_reads_fill_the_models(self):
        self.livectl("domain", "add", "play.example.com", "--type", "play")
        for action, params in {
            "DescribeLiveCallbackTemplates": {}, "DescribeLiveRecordTemplates": {}, "DescribeLiveCallbackRules": {},
            "DescribeLiveWatermarks": {}, "DescribeLiveSnapshotTemplates": {}, "DescribeLiveRecordRules": {},
            "DescribeLiveTranscodeRules": {}, "DescribeLiveStreamOnlineList": {"PageNum": 1, "PageSize": 10},
            "DescribeLivePlayAuthKey": {"DomainName": "play.example.com"},
            "DescribeStreamPlayInfoList": {"StartTime": "2018-12-10 20:00:00", "EndTime": "2018-12-10 20:01:00"},
        }.items():
            with self.subTest(action):
                self.call(action, params)


    def test_every_documented_action_is_answered_or_refused_as_the_models_read_it(self):
        outcomes = []
        for action, params in Facts("tencent").examples().items():
            if hasattr(models, action + "Request"):
                with self.subTest(action):
                    try:
                        self.call(action, params)
                        outcomes.append("answered")
                    except TencentCloudSDKException as error:
                        # Most examples speak of a domain or a template that nobody made here.
                        self.told(error, error.get_code())
                        self.assertNotIn(error.get_code(), ("InternalError", "UnknownParameter", "ServerNetworkError"))
                        outcomes.append("refused")
        self.assertGreater(outcomes.count("answered"), 50)


class DomainPages(Sdk, tencent_cases.DomainPages):
    pass


class BothWays(Sdk, tencent_cases.BothWays):
    pass


class Signatures(Sdk, tencent_cases.TencentCase):
    WAYS = tuple({"signature": signature, "method": method} for signature in ("TC3-HMAC-SHA256", "HmacSHA1", "HmacSHA256")
                 for method in ("POST", "GET"))

    def test_every_signature_and_method(self):
        for way in self.WAYS:
            for text in TEXTS:
                with self.subTest(**way, text=text):
                    answer = self.call("DescribeLiveDomains", {"DomainPrefix": text, "PageNum": 1, "PageSize": 20}, **way)
                    self.assertEqual(answer["AllCount"], 0)

    def test_lists_and_objects_in_every_form(self):
        for number, way in enumerate(self.WAYS):
            with self.subTest(**way):
                text = TEXTS[number]
                task = self.call("CreateLivePullStreamTask", {
                    "SourceType": "PullLivePushLive", "Operator": "client", "DomainName": "p.example.com", "AppName": "live",
                    "SourceUrls": ["rtmp://o.example.com/a/1", f"rtmp://o.example.com/{text}"], "StreamName": f"v{number}",
                    "StartTime": tencent_cases.utc(0), "EndTime": tencent_cases.utc(1), "Comment": text,
                    "WatermarkList": [WATERMARK, {**WATERMARK, "XPosition": 7}]}, **way)["TaskId"]
                [found] = self.tasks(TaskId=task)
                self.assertEqual((found["Comment"], found["SourceUrls"][1]), (text, f"rtmp://o.example.com/{text}"))
                self.assertEqual([mark["XPosition"] for mark in found["WatermarkList"]], [10, 7])

    def test_wrong_credentials_of_every_signature(self):
        for way in self.WAYS:
            for who, code in (({"secret": "another"}, "AuthFailure.SignatureFailure"),
                              ({"key_id": "AKIDnobody"}, "AuthFailure.SecretIdNotFound"),
                              ({"token": "an-old-token"}, "AuthFailure.TokenFailure")):
                with self.subTest(**way, **who):
                    self.refused(code, "", "DescribeLiveDomains", {}, **way, **who)

    def test_our_own(self):
        self.check_own_schemes("tc3", "hmac-sha1", "hmac-sha256")

    def test_a_body_that_is_not_signed(self):
        self.call("DescribeLiveDomains", {}, unsigned=True)
        self.refused("AuthFailure.SignatureFailure", "", "DescribeLiveDomains", {}, unsigned=True, secret="another")


class Refused(Sdk, tencent_cases.TencentRefusals):
    pass
