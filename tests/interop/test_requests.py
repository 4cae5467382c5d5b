"""What livectl sends, verified by the vendors' own signing functions: every documented Action with its example."""

import concurrent.futures
import datetime
import hashlib
import http.server
import json
import os
import tempfile
import threading
import unittest
from urllib.parse import parse_qsl, urlsplit

from alibabacloud_tea_openapi.utils import Utils as AliyunV3
from aliyunsdkcore.auth.algorithm import sha_hmac1
from aliyunsdkcore.auth.composer import rpc_signature_composer
from tencentcloud.common import credential
from tencentcloud.common.http.request import RequestInternal
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.common.sign import Sign
from tencentcloud.live.v20180801 import live_client
from volcengine.auth.MetaData import MetaData
from volcengine.auth.SignerV4 import SignerV4
from volcengine.base.Request import Request
from volcengine.util.Util import Util

from support import livectl

KEY_ID = "AKIDinterop0000000000"
SECRET = "made-up/secret+of=tests"
TOKEN = "made/up+token=="
FACTS = os.path.join(os.path.dirname(__file__), "..", "..", "src", "providers")

ANSWERS = {
    "tencent": {"Response": {"RequestId": "r"}},
    "aliyun": {"RequestId": "r"},
    "volcengine": {"ResponseMetadata": {"RequestId": "r"}, "Result": {}},
}

# Values that every layer between a parameter and a signature could get wrong.
AWKWARD = "é中 😀 a+b&c=d/e?f%20~*'\"\\#;,:@!()[]{}|\t\n"


class Captured:
    """One request as it came off the socket."""

    def __init__(self, handler):
        self.method = handler.command
        target = urlsplit(handler.path)
        self.path, self.raw_query = target.path, target.query
        self.query = parse_qsl(target.query, keep_blank_values=True, strict_parsing=bool(target.query))
        self.headers = {name.lower(): value for name, value in handler.headers.items()}
        self.body = handler.rfile.read(int(self.headers.get("content-length", 0)))

    def form(self):
        return parse_qsl(self.body.decode(), keep_blank_values=True, strict_parsing=bool(self.body))


class Listener:
    """A server that keeps what it gets, by the name of the Action, and says yes to all."""

    def __init__(self):
        self.seen = {}
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                captured = Captured(self)
                parameters = dict(captured.query + (captured.form() if b"Action=" in captured.body else []))
                headers = captured.headers
                action = headers.get("x-tc-action") or headers.get("x-acs-action") or parameters["Action"]
                listener.seen[action] = captured
                version = headers.get("x-tc-version") or headers.get("x-acs-version") or parameters["Version"]
                vendor = {"2018-08-01": "tencent", "2016-11-01": "aliyun", "2023-01-01": "volcengine"}[version]
                body = json.dumps(ANSWERS[vendor]).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def documented(vendor):
    """Actions with an example of their parameters; {} where the reference shows none."""
    with open(os.path.join(FACTS, vendor, "facts.json"), encoding="utf-8") as file:
        actions = json.load(file)["actions"]
    return {action["name"]: action["example_request"] for action in actions if action["documented"]}


class RequestCase(unittest.TestCase):
    signature = None

    @classmethod
    def setUpClass(cls):
        cls.listener = Listener()
        cls.addClassCleanup(cls.listener.stop)

    def send(self, vendor, examples, token=None):
        """Sends one request for each Action; what arrived, by Action."""
        words = []
        if self.signature:
            folder = self.enterContext(tempfile.TemporaryDirectory())
            config = os.path.join(folder, "config.toml")
            with open(config, "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
                file.write(f'[profiles.p]\nvendor = "{vendor}"\naccess_key_id = "{KEY_ID}"\n'
                           f'access_key_secret = "{SECRET}"\nsignature = "{self.signature}"\n'
                           + (f'session_token = "{token}"\n' if token else ""))
            words = ["--config", config, "-p", "p"]

        def one(action, params):
            given = [f"{name}:={json.dumps(value)}" for name, value in params.items()]
            livectl(f"http://{self.listener.address}", KEY_ID, SECRET, vendor, "api", vendor, action, *given,
                    "--no-validate", *words, token=token)
            return self.listener.seen[action]

        with concurrent.futures.ThreadPoolExecutor(max_workers=4) as pool:
            runs = {action: pool.submit(one, action, params) for action, params in examples.items()}
            return {action: run.result() for action, run in runs.items()}

    def verify_all(self, vendor, examples, token=None):
        for action, captured in self.send(vendor, examples, token).items():
            with self.subTest(action):
                self.verify(captured, action, examples[action], token)


class TencentHeaders(RequestCase):
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

    def test_every_documented_action(self):
        self.verify_all("tencent", documented("tencent"))

    def test_a_token_and_awkward_texts(self):
        self.verify_all("tencent", {"DescribeLiveDomains": {"DomainPrefix": AWKWARD}}, TOKEN)


class TencentForms(TencentHeaders):
    signature, method_name = "hmac-sha1", "HmacSHA1"

    def verify(self, captured, action, params, token):
        pairs = dict(captured.query + captured.form())
        signature = pairs.pop("Signature")
        client = self.client(captured.method, self.method_name)
        flat = client._fix_params(params)
        own = {"Action", "Version", "Language", "SecretId", "Timestamp", "Nonce", "SignatureMethod", "Token", "Region"}
        texts = {name: json.dumps(value) if isinstance(value, bool) else str(value) for name, value in flat.items()}
        self.assertEqual({name: value for name, value in pairs.items() if name not in own}, texts)
        self.assertEqual((pairs["SignatureMethod"], pairs.get("Token")), (self.method_name, token))
        self.assertEqual(Sign.sign(SECRET, client._format_sign_string(pairs), self.method_name), signature)

    def test_every_documented_action(self):
        # Its forms have no way to say that a list or an object is empty.
        examples = {a: p for a, p in documented("tencent").items() if not any(v in ([], {}, None) for v in p.values())}
        self.verify_all("tencent", dict(list(examples.items())[::4]))


class TencentForms256(TencentForms):
    signature, method_name = "hmac-sha256", "HmacSHA256"


class AliyunQuery(RequestCase):
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
        self.assertEqual(AliyunV3.get_rpcsignature(pairs, captured.method, SECRET), signature)

    def parameters(self, params, pairs):
        """The newer SDK flattens as the older one does; lists that one text joins stand in the facts as texts."""
        for name, value in params.items():
            if isinstance(value, (list, dict)):
                if name in pairs:
                    joined = {json.dumps(value, ensure_ascii=False, separators=(",", ":"))}
                    if isinstance(value, list):
                        joined |= {mark.join(map(str, value)) for mark in ",;"}
                    self.assertIn(pairs[name], joined)
                    continue
                flat = AliyunV3.query({name: value})
                self.assertTrue(flat)
                texts = {key: str(one).lower() if isinstance(one, bool) else str(one) for key, one in flat.items()}
                self.assertEqual(texts, {key: pairs.get(key) for key in texts})
            else:
                self.assertEqual(pairs.get(name), str(value).lower() if isinstance(value, bool) else str(value), name)

    def test_every_documented_action(self):
        self.verify_all("aliyun", documented("aliyun"))

    def test_a_token_and_awkward_texts(self):
        self.verify_all("aliyun", {"DescribeLiveUserDomains": {"DomainName": AWKWARD}}, TOKEN)
        self.verify_all("aliyun", {"AddLiveAppRecordConfig": {"DomainName": AWKWARD * 60}}, TOKEN)


class AliyunHeaders(AliyunQuery):
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
        self.assertEqual(AliyunV3.get_authorization(request, "ACS3-HMAC-SHA256", payload, KEY_ID, SECRET), authorization)

    def test_every_documented_action(self):
        self.verify_all("aliyun", dict(list(documented("aliyun").items())[::4]))


class Volcengine(RequestCase):
    # The header names that the SDK's signing looks for; on the wire their case means nothing.
    NAMES = {"content-type": "Content-Type", "host": "Host", "x-date": "X-Date", "x-security-token": "X-Security-Token"}

    def verify(self, captured, action, params, token):
        headers = captured.headers
        query = dict(captured.query)
        self.assertEqual((query.pop("Action"), query.pop("Version")), (action, "2023-01-01"))
        if captured.body:
            self.assertEqual((json.loads(captured.body), query), (params, {}))
        else:
            self.assertEqual(query, {name: str(value) for name, value in params.items()})
        self.assertEqual(headers.get("x-security-token"), token)
        request = Request()
        request.method, request.path, request.body = captured.method, captured.path, captured.body
        request.query = dict(captured.query)
        request.headers = {self.NAMES[name]: value for name, value in headers.items() if name in self.NAMES}
        meta = MetaData()
        meta.algorithm, meta.date, meta.region, meta.service = (
            "HMAC-SHA256", headers["x-date"][:8], "cn-north-1", "live")
        meta.credential_scope = "/".join([meta.date, meta.region, meta.service, "request"])
        hashed = SignerV4.hashed_canonical_request_v4(request, meta)
        key = SignerV4.get_signing_secret_key_v4(SECRET, meta.date, meta.region, meta.service)
        signature = Util.to_hex(Util.hmac_sha256(
            key, "\n".join([meta.algorithm, headers["x-date"], meta.credential_scope, hashed])))
        pair = type("Pair", (), {"ak": KEY_ID})
        self.assertEqual(headers["authorization"], SignerV4.build_auth_header_v4(signature, meta, pair))
        self.assertEqual(headers["x-content-sha256"], hashlib.sha256(captured.body).hexdigest())

    def test_every_documented_action(self):
        self.verify_all("volcengine", documented("volcengine"))

    def test_actions_of_the_current_sdk(self):
        with open(os.path.join(FACTS, "volcengine", "facts.json"), encoding="utf-8") as file:
            actions = json.load(file)["actions"]
        examples = {a["name"]: a["example_request"] for a in actions if a["example_request"]}
        self.verify_all("volcengine", examples)

    def test_a_token_and_awkward_texts(self):
        self.verify_all("volcengine", {
            "DescribeEncryptHLS": {}, "ListPullToPushTask": {"Title": AWKWARD},
            "CreateRelaySourceV4": {"Domain": AWKWARD, "SrcAddrS": [AWKWARD, "b"]}}, TOKEN)
