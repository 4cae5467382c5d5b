"""Aliyun's older SDK, aliyun-python-sdk-core and -live, against the sandbox: RPC, HMAC-SHA1."""

import importlib
import json

from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.auth.credentials import AccessKeyCredential, StsTokenCredential
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest

import aliyun_cases
from aliyun_cases import REQUEST_ID
from support import counted

CLIENT = "aliyun-python-sdk-live"
load_tests = counted(CLIENT)

# Parameters that its generated classes call otherwise than the reference.
RENAMED = {"RecordFormat": "RecordFormats"}


class Sdk:
    client_name = CLIENT

    def call(self, action, params, key_id=None, secret=None, token=None, method=None):
        pair = (key_id or self.sandbox.key_id, secret or self.sandbox.secret)
        credential = StsTokenCredential(*pair, token) if token else AccessKeyCredential(*pair)
        client = AcsClient(region_id="cn-shanghai", credential=credential, auto_retry=False, timeout=10)
        request = self.request(action, params)
        request.set_endpoint(self.sandbox.address)
        request.set_protocol_type("http")
        if method:
            request.set_method(method)
        answer = json.loads(client.do_action_with_exception(request))
        self.assertRegex(answer["RequestId"], REQUEST_ID)
        self.note(action)
        return answer

    def request(self, action, params):
        try:
            module = importlib.import_module(f"aliyunsdklive.request.v20161101.{action}Request")
        except ModuleNotFoundError:
            return CommonRequest(domain=self.sandbox.address, version="2016-11-01", action_name=action)
        request = getattr(module, action + "Request")()
        for name, value in params.items():
            getattr(request, "set_" + RENAMED.get(name, name))(value)
        return request

    def told(self, error, expected, message=""):
        self.assertIsInstance(error, ServerException)
        status, code = expected if isinstance(expected, tuple) else (error.get_http_status(), expected)
        self.assertEqual((error.get_http_status(), error.get_error_code()), (status, code), error)
        self.assertRegex(error.get_request_id(), REQUEST_ID)
        self.assertTrue(error.get_error_msg())
        self.assertIn(message, error.get_error_msg())

    def refused(self, expected, message, action, params, **whose):
        if expected is None:
            return self.call(action, params, **whose)
        with self.assertRaises(ServerException) as caught:
            self.call(action, params, **whose)
        return self.told(caught.exception, expected, message)


class Life(Sdk, aliyun_cases.Life):
    def test_get_and_post(self):
        for method in ("GET", "POST"):
            with self.subTest(method):
                answer = self.call("DescribeLiveUserDomains", {"DomainName": "+ %&=~*'流😀"}, method=method)
                self.assertEqual(answer["TotalCount"], 0)


class DomainPages(Sdk, aliyun_cases.DomainPages):
    pass


class BothWays(Sdk, aliyun_cases.BothWays):
    pass


class Refused(Sdk, aliyun_cases.AliyunRefusals):
    # It compares the server's string to sign with its own: the same means that the secret is wrong.
    REFUSALS = aliyun_cases.AliyunRefusals.REFUSALS + (
        ("secret", (400, "InvalidAccessKeySecret"), "AccessKeySecret", "DescribeLiveUserDomains", {}, {"secret": "another"}),
    )
