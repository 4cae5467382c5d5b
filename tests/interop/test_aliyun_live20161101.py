"""Aliyun's newer SDK, alibabacloud-live20161101, against the sandbox: ACS3-HMAC-SHA256."""

import asyncio
import datetime
import hashlib
import http.client
import json
import re
import uuid
from urllib.parse import quote, urlencode

from alibabacloud_live20161101 import client, models
from alibabacloud_tea_openapi import exceptions, models as open_api, utils_models
from alibabacloud_tea_openapi.utils import Utils
from darabonba.runtime import RuntimeOptions

import aliyun_cases
from aliyun_cases import REQUEST_ID
from requests_cases import Facts
from support import counted

CLIENT = "alibabacloud-live20161101"
load_tests = counted(CLIENT)


def snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


# What the reference calls otherwise than the SDK; the sandbox answers by the reference, or by both names.
TWO_NAMES = {"TotalNum", "DomainLogDetails.DomainLogDetail.DomainName",
             "DomainLogDetails.DomainLogDetail.PageInfos.PageNumber"}


def lost(raw, read, path=""):
    """Where a model did not take, or changed, what was answered."""
    if isinstance(raw, dict) and isinstance(read, dict):
        paths = {f"{path}.{name}".lstrip("."): name for name in raw}
        return {place for place, name in paths.items() if name not in read}.union(
            *(lost(raw[name], read[name], place) for place, name in paths.items() if name in read))
    if isinstance(raw, list) and isinstance(read, list) and len(raw) == len(read):
        return set().union(*(lost(one, other, path) for one, other in zip(raw, read)))
    return set() if raw == read else {path}


class Sdk:
    client_name = CLIENT

    def client(self, key_id=None, secret=None, token=None, algorithm=None):
        return client.Client(open_api.Config(
            access_key_id=key_id or self.sandbox.key_id, access_key_secret=secret or self.sandbox.secret,
            security_token=token, endpoint=self.sandbox.address, protocol="http", region_id="cn-shanghai",
            signature_algorithm=algorithm))

    def call(self, action, params, **whose):
        maker = getattr(models, action + "Request", None)
        if maker is None:
            return self.call_without_model(action, **whose)
        response = getattr(self.client(**whose), snake(action))(maker().from_map(params))
        self.assertEqual(response.status_code, 200)
        self.assertRegex(response.body.request_id, REQUEST_ID)
        self.note(action)
        return response.body.to_map()

    def call_without_model(self, action, method="POST", style="RPC", body="formData", query=None, **whose):
        params = utils_models.Params(action=action, version="2016-11-01", protocol="HTTP", pathname="/", method=method,
                                     auth_type="AK", style=style, req_body_type=body, body_type="json")
        request = utils_models.OpenApiRequest(query=query or {})
        return self.client(**whose).call_api(params, request, RuntimeOptions())["body"]

    def told(self, error, expected, message=""):
        status, code = expected if isinstance(expected, tuple) else (error.status_code, expected)
        kind = exceptions.ClientException if status < 500 else exceptions.ServerException
        self.assertIs(type(error), kind)
        self.assertEqual((error.status_code, error.code), (status, code), error)
        self.assertRegex(error.request_id, REQUEST_ID)
        self.assertIn(message, error.message)
        self.assertTrue(error.data["Message"] and error.data["HostId"])

    def refused(self, expected, message, action, params, **whose):
        if expected is None:
            return self.call(action, params, **whose)
        with self.assertRaises(exceptions.AlibabaCloudException) as caught:
            self.call(action, params, **whose)
        return self.told(caught.exception, expected, message)


class Life(Sdk, aliyun_cases.Life):
    def test_get_and_post(self):
        for method in ("GET", "POST"):
            with self.subTest(method):
                answer = self.call_without_model("DescribeLiveUserDomains", method, query={"DomainName": "+ %&=~*'流😀"})
                self.assertEqual(answer["TotalCount"], 0)


    def test_calls_side_by_side(self):
        """Its asynchronous half, which has an HTTP client of its own."""
        names = [f"async{number}.example.com" for number in range(5)]

        async def add_all():
            service = self.client()
            return await asyncio.gather(*(
                service.add_live_domain_async(models.AddLiveDomainRequest(
                    domain_name=name, live_domain_type="liveVideo", region="cn-shanghai")) for name in names))

        answers = asyncio.run(add_all())
        self.assertEqual(len({answer.body.request_id for answer in answers}), 5)
        self.assertLessEqual(set(names), {row["name"] for row in self.livectl("domain", "list")})

        async def add_again():
            await self.client().add_live_domain_async(models.AddLiveDomainRequest(
                domain_name=names[0], live_domain_type="liveVideo", region="cn-shanghai"))

        with self.assertRaises(exceptions.AlibabaCloudException) as caught:
            asyncio.run(add_again())
        self.told(caught.exception, (400, "DomainAlreadyExist"), names[0])

    def test_every_documented_action_is_answered_or_refused_as_the_models_read_it(self):
        outcomes = []
        for action, params in Facts("aliyun").examples().items():
            maker = getattr(models, action + "Response", None)
            if maker is not None:
                with self.subTest(action):
                    try:
                        raw = self.call_without_model(action, query=Utils.query(params))
                        read = maker().from_map({"headers": {}, "statusCode": 200, "body": raw}).body.to_map()
                        self.assertEqual(sorted(lost(raw, read) - TWO_NAMES), [])
                        outcomes.append("answered")
                    except exceptions.AlibabaCloudException as error:
                        # Most examples speak of a domain or a caster that nobody made here.
                        self.told(error, error.code)
                        self.assertLess(error.status_code, 500)
                        outcomes.append("refused")
        self.assertGreater(outcomes.count("answered"), 40)


class DomainPages(Sdk, aliyun_cases.DomainPages):
    pass


class BothWays(Sdk, aliyun_cases.BothWays):
    pass


class Refused(Sdk, aliyun_cases.AliyunRefusals):
    REFUSALS = aliyun_cases.AliyunRefusals.REFUSALS + (
        ("secret", (400, "SignatureDoesNotMatch"), "signature", "DescribeLiveUserDomains", {}, {"secret": "another"}),
    )


class Signature(Sdk, aliyun_cases.AliyunCase):
    """Requests that the SDK's own function signs, and that are changed before they are sent."""

    def signed(self, query):
        now = datetime.datetime.now(datetime.timezone.utc)
        headers = {
            "host": self.sandbox.address, "x-acs-action": "DescribeLiveUserDomains", "x-acs-version": "2016-11-01",
            "x-acs-date": now.strftime("%Y-%m-%dT%H:%M:%SZ"), "x-acs-signature-nonce": uuid.uuid4().hex,
            "x-acs-content-sha256": hashlib.sha256(b"").hexdigest()}
        request = type("Unsigned", (), {"method": "POST", "pathname": "/", "query": query, "headers": headers})
        headers["Authorization"] = Utils.get_authorization(
            request, "ACS3-HMAC-SHA256", headers["x-acs-content-sha256"], self.sandbox.key_id, self.sandbox.secret)
        return headers

    def post(self, query, headers, body=b""):
        connection = http.client.HTTPConnection(self.sandbox.address, timeout=10)
        self.addCleanup(connection.close)
        connection.request("POST", "/?" + urlencode(query, quote_via=quote), body, headers)
        return json.loads(connection.getresponse().read()).get("Code")

    def test_our_own(self):
        self.check_own_schemes("rpc", "acs3")

    def test_only_what_was_signed_is_believed(self):
        query = {"DomainName": "a+b c&d=流😀~*'"}
        self.assertIsNone(self.post(query, self.signed(query)))
        changes = {
            "query": lambda query, headers: query.update(DomainName="other"),
            "more query": lambda query, headers: query.update(PageSize="1"),
            "action": lambda query, headers: headers.update({"x-acs-action": "DeleteLiveDomain"}),
            "hash": lambda query, headers: headers.update({"x-acs-content-sha256": "0" * 64}),
            "nonce": lambda query, headers: headers.update({"x-acs-signature-nonce": "another"}),
            "signature": lambda query, headers: headers.update(Authorization=headers["Authorization"][:-4] + "0000"),
        }
        for what, change in changes.items():
            with self.subTest(what):
                changed, headers = dict(query), self.signed(query)
                change(changed, headers)
                self.assertEqual(self.post(changed, headers), "SignatureDoesNotMatch")
        with self.subTest("body"):
            self.assertEqual(self.post(query, self.signed(query), b"DomainName=other"), "SignatureDoesNotMatch")

    def test_a_request_counts_once_and_for_a_while(self):
        headers = self.signed({})
        self.assertIsNone(self.post({}, headers))
        self.assertEqual(self.post({}, headers), "SignatureNonceUsed")
        without = self.signed({})
        without["Authorization"] = without["Authorization"].replace("x-acs-signature-nonce;", "")
        self.assertEqual(self.post({}, without), "IncompleteSignature")
