"""What livectl sends to Tencent, verified by the SDK's own signing functions, in each of the three schemes."""

import datetime
import json
import unittest

from tencentcloud.common import credential
from tencentcloud.common.http.request import RequestInternal
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.common.sign import Sign
from tencentcloud.live.v20180801 import live_client

from requests_cases import KEY_ID, SECRET, Verified


class Headers(Verified, unittest.TestCase):
    vendor, signature = "tencent", "tc3"
    bulk = "CreateLiveRecordTemplate", "Description", {"TemplateName": "a", "FlvParam": {"Enable": 1, "RecordInterval": 600}}

    def client(self, method="POST", sign="TC3-HMAC-SHA256"):
        http_profile = HttpProfile(protocol="http", endpoint=self.listener.address, reqMethod=method)
        profile = ClientProfile(signMethod=sign, httpProfile=http_profile)
        return live_client.LiveClient(credential.Credential(KEY_ID, SECRET), "", profile)

    def verify(self, captured, action, params, token):
        headers = captured.headers
        self.assertEqual(json.loads(captured.body), params)
        self.assertEqual((headers["x-tc-action"], headers.get("x-tc-token")), (action, token))
        date = datetime.datetime.fromtimestamp(int(headers["x-tc-timestamp"]), datetime.timezone.utc)
        date = date.strftime("%Y-%m-%d")
        request = RequestInternal(
            self.listener.address, captured.method, captured.path,
            {"Content-Type": headers["content-type"], "Host": headers["host"],
             "X-TC-Timestamp": headers["x-tc-timestamp"]}, captured.body)
        signature = self.client()._get_tc3_signature({}, request, date, "live", SECRET)
        self.assertEqual(headers["authorization"], f"TC3-HMAC-SHA256 Credential={KEY_ID}/{date}/live/tc3_request, "
                         f"SignedHeaders=content-type;host, Signature={signature}")


class Forms(Headers):
    signature, method_name = "hmac-sha1", "HmacSHA1"
    OWN = {"Action", "Version", "Language", "SecretId", "Timestamp", "Nonce", "SignatureMethod", "Token", "Region"}

    def verify(self, captured, action, params, token):
        received = captured.query + captured.form()
        pairs = dict(received)
        self.assertEqual(len(pairs), len(received), "a name came twice")
        signature = pairs.pop("Signature")
        client = self.client(captured.method, self.method_name)
        flat = client._fix_params(params)
        texts = {name: json.dumps(value) if isinstance(value, bool) else str(value) for name, value in flat.items()}
        self.assertEqual({name: value for name, value in pairs.items() if name not in self.OWN}, texts)
        self.assertEqual((pairs["Action"], pairs["SignatureMethod"], pairs.get("Token")), (action, self.method_name, token))
        self.assertEqual(Sign.sign(SECRET, client._format_sign_string(pairs), self.method_name), signature)

    def sendable(self, params):
        """A form has no way to say that a list or an object is empty, and names of its own."""
        return {name: value for name, value in params.items() if value not in ([], {}, None) and name not in self.OWN}

    def sent(self, captured, name):
        return dict(captured.form())[name]

    def nonce(self, captured):
        return dict(captured.form())["Nonce"]


class Forms256(Forms):
    signature, method_name = "hmac-sha256", "HmacSHA256"
