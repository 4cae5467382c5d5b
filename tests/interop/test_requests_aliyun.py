"""What livectl sends to Aliyun, verified by the signing functions of both SDKs, in both schemes."""

import hashlib
import json
import unittest

from alibabacloud_tea_openapi.utils import Utils
from aliyunsdkcore.auth.algorithm import sha_hmac1
from aliyunsdkcore.auth.composer import rpc_signature_composer

from requests_cases import KEY_ID, SECRET, Verified


class Query(Verified, unittest.TestCase):
    vendor, signature = "aliyun", "rpc"
    bulk = "AddLiveAppSnapshotConfig", "AppName", {
        "DomainName": "a.com", "TimeInterval": 10, "OssEndpoint": "e", "OssBucket": "b", "OverwriteOssObject": "{AppName}"}

    def verify(self, captured, action, params, token):
        pairs = captured.query + captured.form()
        names = [name for name, _ in pairs]
        self.assertEqual(len(names), len(set(names)), "a name came twice")
        pairs = dict(pairs)
        signature = pairs.pop("Signature")
        self.assertEqual((pairs["Action"], pairs["AccessKeyId"], pairs.get("SecurityToken")), (action, KEY_ID, token))
        self.parameters(params, pairs)
        compose = getattr(rpc_signature_composer, "__compose_string_to_sign")
        self.assertEqual(sha_hmac1.get_sign_string(compose(captured.method, pairs), SECRET + "&"), signature)
        self.assertEqual(Utils.get_rpcsignature(pairs, captured.method, SECRET), signature)

    def parameters(self, params, pairs):
        """The newer SDK flattens as the older one does; lists that one text joins stand in the facts as texts."""
        for name, value in params.items():
            if isinstance(value, (list, dict)):
                if name in pairs:
                    joined = {json.dumps(value, ensure_ascii=False, separators=(",", ":"))}
                    if isinstance(value, list):
                        joined |= {mark.join(map(self.text, value)) for mark in ",;"}
                    self.assertIn(pairs[name], joined)
                    continue
                flat = Utils.query({name: value})
                self.assertTrue(flat)
                self.assertEqual({key: self.text(one) for key, one in flat.items()}, {key: pairs.get(key) for key in flat})
            else:
                self.assertEqual(pairs.get(name), self.text(value), name)

    @staticmethod
    def text(value):
        return str(value).lower() if isinstance(value, bool) else str(value)

    def sendable(self, params):
        """`Version` is on the wire what the API is called, not what a parameter of two Actions means."""
        return {name: value for name, value in params.items() if name not in ("Version", "Format")}

    def sent(self, captured, name):
        return dict(captured.query + captured.form())[name]


class Headers(Query):
    signature = "acs3"

    def verify(self, captured, action, params, token):
        headers = dict(captured.headers)
        authorization = headers.pop("authorization")
        self.assertEqual((headers["x-acs-action"], headers.get("x-acs-security-token")), (action, token))
        self.parameters(params, dict(captured.query + captured.form()))
        payload = hashlib.sha256(captured.body).hexdigest()
        self.assertEqual(headers["x-acs-content-sha256"], payload)
        signed = authorization.split("SignedHeaders=")[1].split(",")[0].split(";")
        request = type("Received", (), {
            "method": captured.method, "pathname": captured.path, "query": dict(captured.query),
            "headers": {name: headers[name] for name in signed}})
        self.assertEqual(Utils.get_authorization(request, "ACS3-HMAC-SHA256", payload, KEY_ID, SECRET), authorization)

    def nonce(self, captured):
        return captured.headers["x-acs-signature-nonce"]
