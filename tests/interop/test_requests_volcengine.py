"""What livectl sends to Volcengine, verified by the SDK's own signing functions."""

import hashlib
import json
import unittest

from volcengine.auth.MetaData import MetaData
from volcengine.auth.SignerV4 import SignerV4
from volcengine.base.Request import Request
from volcengine.util.Util import Util

from requests_cases import KEY_ID, SECRET, TOKEN, Verified

# The header names that the SDK's signing looks for; on the wire their case means nothing.
NAMES = {"content-type": "Content-Type", "host": "Host", "x-date": "X-Date", "x-security-token": "X-Security-Token"}


class Headers(Verified, unittest.TestCase):
    vendor = "volcengine"
    bulk = "CreateRelaySourceV4", "Stream", {"Domain": "a.com", "App": "live", "SrcAddrS": ["rtmp://a.com/live/a", "b"]}

    def verify(self, captured, action, params, token):
        headers = captured.headers
        query = dict(captured.query)
        self.assertEqual((query.pop("Action"), query.pop("Version")), (action, "2023-01-01"))
        if captured.body:
            self.assertEqual((json.loads(captured.body), query), (params, {}))
        else:
            self.assertEqual(query, {name: self.text(value) for name, value in params.items()})
        self.assertEqual(headers.get("x-security-token"), token)
        request = Request()
        request.method, request.path, request.body = captured.method, captured.path, captured.body
        request.query = dict(captured.query)
        request.headers = {NAMES[name]: value for name, value in headers.items() if name in NAMES}
        meta = MetaData()
        meta.algorithm, meta.date, meta.region, meta.service = "HMAC-SHA256", headers["x-date"][:8], "cn-north-1", "live"
        meta.credential_scope = "/".join([meta.date, meta.region, meta.service, "request"])
        hashed = SignerV4.hashed_canonical_request_v4(request, meta)
        key = SignerV4.get_signing_secret_key_v4(SECRET, meta.date, meta.region, meta.service)
        signature = Util.to_hex(Util.hmac_sha256(
            key, "\n".join([meta.algorithm, headers["x-date"], meta.credential_scope, hashed])))
        pair = type("Pair", (), {"ak": KEY_ID})
        self.assertEqual(headers["authorization"], SignerV4.build_auth_header_v4(signature, meta, pair))
        self.assertEqual(headers["x-content-sha256"], hashlib.sha256(captured.body).hexdigest())

    @staticmethod
    def text(value):
        return str(value).lower() if isinstance(value, bool) else str(value)

    def test_actions_of_the_current_sdk(self):
        """The reference documents few Actions; the sheet knows examples of more, and the parameters of all."""
        self.verify_all(self.facts.examples(documented=False))
        self.verify_all({name: self.flat(name) for name in self.facts.actions}, TOKEN)

    def flat(self, name):
        """Hostile values of an Action; of one that takes a query only what a query can hold."""
        params = self.facts.hostile(name)
        if self.facts.actions[name]["params_in"] == "query":
            return {name: value for name, value in params.items() if not isinstance(value, (list, dict))}
        return params
